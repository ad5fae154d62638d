import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// Hawthorn on 20 November 2026, where somebody complains.
struct ComplaintsAtWork {
    let register: Register
    let school = TestSchool.hawthorn

    static func open() async throws -> ComplaintsAtWork {
        let work = ComplaintsAtWork(register: try await Register.open())
        try work.register.database.setClock("2026-11-20T12:00:00Z")
        return work
    }

    /// What a parent says in the office, but for this.
    static func said(
        _ matter: ComplaintMatter, _ more: [(String, JSONValue)] = []
    ) -> JSONValue {
        let usual: JSONValue = [
            "matter": .string(matter.rawValue), "subject": "Games in lessons",
            "words": "My son plays in every lesson", "received_on": "2026-11-19",
            "received_by": "telephone",
            "complainant": ["kind": "parent", "name": "Jo Ash", "relation": "Robin's mother"],
        ]
        guard case .object(var said) = usual else { return usual }
        for (name, value) in more { said[name] = value }
        return .object(said)
    }

    /// Whom one is about, by the post that they hold.
    static func about(_ role: Role) -> (String, JSONValue) {
        ("about", [["person_id": Case.person(role)]])
    }

    func take(
        _ matter: ComplaintMatter, by role: Role = .office, _ more: (String, JSONValue)...
    ) throws -> String {
        let told = try register.as(role).post("/v1/complaints", Self.said(matter, more))
        try #require(told.status == 201, "\(told.text)")
        return told.id
    }

    @discardableResult
    func act(
        _ act: ComplaintAct, on id: String, by role: Role, _ more: (String, JSONValue)...
    ) throws -> Reading {
        let first: JSONValue = ["act": .string(act.rawValue)]
        let body = more.reduce(first) { $0.with($1.0, $1.1) }
        return try register.as(role).post("/v1/complaints/\(id)/acts", body)
    }

    func read(_ id: String, by role: Role) throws -> Reading {
        try register.as(role).get("/v1/complaints/\(id)")
    }

    /// The posts that read it whole, and act on it.
    func handlers(of id: String) throws -> Set<Role> {
        try Set(Role.allCases.filter { try read(id, by: $0).json["handler"] != nil })
    }

    /// The posts that have a notice of a complaint.
    func told() throws -> Set<Role> {
        try Set(
            Role.allCases.filter { role in
                try register.as(role).get("/v1/notices").data.contains {
                    $0["kind"] == "complaint_routed"
                }
            })
    }
}
