import JSON

@testable import OnlineSafety

/// One incident at Hawthorn, as somebody there works on it.
struct Case {
    let register: Register
    let id: String

    var path: String { "/v1/incidents/\(id)" }

    /// A report by a member of staff.
    init(
        _ register: Register, _ concerns: Concern = .child, as reporter: Role = .staff,
        _ more: (String, JSONValue)...
    ) throws {
        self.register = register
        let body = report("Something happened", concerns, more)
        id = try register.as(reporter).post("/v1/incidents", body).id
    }

    /// One that somebody reported already.
    init(of id: String, _ register: Register) {
        (self.register, self.id) = (register, id)
    }

    /// What triage says when nothing more is said: an ordinary matter of a child to which no
    /// procedure belongs, led by the DSL.
    static func finding(_ more: (String, JSONValue)...) -> JSONValue {
        let usual: [(String, JSONValue)] = [
            ("types", ["gambling"]), ("risk_categories", ["conduct"]), ("severity", "low"),
            ("is_child_at_risk", false), ("legality", "no"), ("concerns", "child"),
            ("lead_id", person(.dsl)),
        ]
        let given = more.map(\.0)
        let members = usual.filter { !given.contains($0.0) } + more.filter { $0.1 != .null }
        let found = JSONValue.object(JSONObject(members.map { .init($0.0, $0.1) }))
        guard case .array(let types)? = found["types"], !given.contains("procedures") else {
            return found
        }
        let chosen = types.compactMap { procedure[$0.text ?? ""] }
        guard !chosen.isEmpty else { return found }
        return found.with("procedures", .array(chosen.map(JSONValue.string)))
    }

    /// What triage chooses of a type that stands for several procedures, when nothing is said.
    private static let procedure = [
        "cyberbullying": "cyberbullying", "sexting_iioc": "youth_produced_imagery",
        "terrorist": "radicalisation_child", "age_inappropriate": "unsuitable_site",
    ]

    /// Somebody of Hawthorn, by the post that they hold.
    static func person(_ role: Role) -> JSONValue {
        .string(TestSchool.hawthorn.person(role).uuidString.lowercased())
    }

    /// The pupil of Hawthorn.
    static let pupil = JSONValue.string(TestSchool.hawthorn.pupil.uuidString.lowercased())

    func read(as role: Role = .dsl, _ more: String = "") throws -> Reading {
        try register.as(role).get(path + more)
    }

    @discardableResult
    func post(
        _ part: String, _ body: JSONValue, as role: Role = .dsl
    ) throws -> Reading { try register.as(role).post("\(path)/\(part)", body) }

    func triage(
        as role: Role = .dsl, _ finding: JSONValue = finding()
    ) throws -> Reading {
        try post("triage", finding, as: role)
    }

    func patch(
        _ body: JSONValue, _ etag: String?, as role: Role = .dsl
    ) throws -> Reading {
        try register.as(role).ask(
            "PATCH", path, etag.map { ["If-Match": $0] } ?? [:], body)
    }

    func answer(
        _ line: ActionLine.Line, _ body: JSONValue, ifMatch: String = "\"0\"", as role: Role = .dsl
    ) throws -> Reading {
        try register.as(role).put(
            "\(path)/action-lines/\(line.rawValue)", body, ["If-Match": ifMatch])
    }

    /// Answers all nine lines, writes the summary, names a child where none is, decides about every
    /// child's parents, and leaves no step of a procedure open.
    func complete(as role: Role = .dsl) throws {
        let people = try register.as(role).get("\(path)/people").data
        if !people.contains(where: { $0["group"]?.text == "child" }) {
            try post(
                "people", ["person_id": Self.pupil, "group": "child", "parts": ["target"]],
                as: role)
        }
        for line in ActionLine.Line.allCases {
            _ = try answer(line, ["answer": "not_needed"], as: role)
        }
        for attached in try procedures(as: role) { try attached.settleTheRest(as: role) }
        _ = try patch(["summary": "Looked into; all is well."], read(as: role)["etag"], as: role)
        for child in try register.as(role).get("\(path)/people").data
        where child["group"]?.text == "child" {
            try post("parents-decisions", Self.informed(child["id"] ?? .null), as: role)
            try post("support", Self.support(for: child["id"] ?? .null), as: role)
        }
    }

    static func support(for child: JSONValue) -> JSONValue {
        ["for_id": child, "what": ["reassurance"], "given_by": "Her class teacher"]
    }

    static func informed(_ child: JSONValue) -> JSONValue {
        [
            "child_id": child, "decision": "informed", "informed_at": "2026-11-20T09:30:00Z",
            "informed_by": "The DSL", "channel": "telephone", "about": "What was said in the chat",
        ]
    }
}

extension CasePartSaid {
    /// The example of the contract.
    static var json: JSONValue { (try? JSON.value(of: example)) ?? .null }
}

extension JSONValue {
    /// The codes of a list of faults or of rules that are not met.
    var codes: [String] {
        guard case .array(let elements) = self else { return [] }
        return elements.compactMap { $0["code"]?.text }
    }
}
