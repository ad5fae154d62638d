import FoundationEssentials
import JSON

@testable import OnlineSafety

private let school = TestSchool.hawthorn

/// A row of a batch, with what is said of it besides.
func row(
    _ id: String, _ kind: String = "pupil", _ given: String = "Kim", _ family: String = "Oak",
    _ more: [(String, JSONValue)] = []
) -> JSONValue {
    .object(
        JSONObject(
            [
                .init("external_id", .string(id)), .init("kind", .string(kind)),
                .init("given_name", .string(given)), .init("family_name", .string(family)),
            ] + more.map { .init($0.0, $0.1) }))
}

extension Visitor {
    /// Sends rows as JSON.
    func roster(_ rows: [JSONValue], _ query: String = "") throws -> Reading {
        try post("\(Self.path)\(query)", ["rows": .array(rows)])
    }

    /// Sends a file.
    func file(
        _ bytes: [UInt8], as type: String = "text/csv", _ query: String = ""
    ) throws -> Reading {
        var headers = ["Content-Type": type]
        if let token { headers["Authorization"] = "Bearer \(token)" }
        return try raw("POST", "\(Self.path)\(query)", headers, bytes)
    }

    func file(
        _ text: String, as type: String = "text/csv", _ query: String = ""
    ) throws -> Reading { try file(Array(text.utf8), as: type, query) }

    static var path: String { "/v1/schools/\(school.id)/roster-batches" }

    /// Whoever the MIS calls this, as they are shown.
    func known(_ id: String, left: Bool = false) throws -> JSONValue? {
        try get("/v1/people?school_id=\(school.id)&external_id=\(id)&left=\(left)").data.first
    }
}

extension Reading {
    /// A number of the answer.
    func number(_ name: String) -> Int? {
        guard case .number(let number)? = json[name] else { return nil }
        return number.integer()
    }

    /// What was wrong with rows: `17 upn_check_letter`.
    var issues: Set<String> {
        guard case .array(let issues)? = json["issues"] else { return [] }
        return Set(
            issues.map { issue in
                guard case .number(let row)? = issue["row"] else {
                    return issue["code"]?.text ?? ""
                }
                return "\(row.text) \(issue["code"]?.text ?? "")"
            })
    }
}
