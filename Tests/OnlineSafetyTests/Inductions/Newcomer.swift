import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// A teacher of Hawthorn who began on 2 November 2026; all others have been there for years, and
/// the register since September.
struct Newcomer {
    let register: Register
    let school = TestSchool.hawthorn
    var person: UUID { school.person(.staff) }
    var path: String { "/v1/inductions/\(person.lowercased)" }

    static func open(at instant: String = "2026-11-20T12:00:00Z") async throws -> Newcomer {
        let newcomer = Newcomer(register: try await Register.open())
        try newcomer.register.database.execute(
            """
            update school set created_at = '2026-09-01T08:00:00Z';
            update person set created_at = '2026-09-01T08:00:00Z';
            update person set joined_on = '2026-11-02' where id = '\(newcomer.person)'
            """)
        try newcomer.register.database.setClock(instant)
        return newcomer
    }

    func list(_ query: String = "", by role: Role = .office) throws -> [JSONValue] {
        let told = try register.as(role).get("/v1/inductions?\(query)")
        try #require(told.status == 200, "\(told.json)")
        return told.data
    }

    /// The steps that somebody is to see to.
    func duties(by role: Role = .office) throws -> [JSONValue] {
        let told = try register.as(role).get("/v1/duties?kind=induction_step&limit=1000")
        try #require(told.status == 200, "\(told.json)")
        return told.data
    }

    func read(by role: Role = .office) throws -> JSONValue {
        let told = try register.as(role).get(path)
        try #require(told.status == 200, "\(told.json)")
        return told.json
    }

    /// A step as it stands.
    func step(_ step: InductionStep, by role: Role = .office) throws -> JSONValue? {
        try read(by: role).list("steps").first { $0["step"]?.text == step.rawValue }
    }

    @discardableResult
    func tell(
        _ steps: [InductionStep], on day: String? = nil, by role: Role = .office,
        _ more: [String: JSONValue] = [:]
    ) throws -> Reading {
        var body: JSONValue = ["steps": .array(steps.map { .string($0.rawValue) })]
        if let day { body = body.with("done_on", .string(day)) }
        for (name, value) in more { body = body.with(name, value) }
        return try register.as(role).post("\(path)/steps", body)
    }

    func correct(
        _ step: InductionStep, on day: String? = nil, _ reason: String = "Somebody else's",
        by role: Role = .office
    ) throws -> Reading {
        var body: JSONValue = ["step": .string(step.rawValue), "reason": .string(reason)]
        if let day { body = body.with("done_on", .string(day)) }
        return try register.as(role).post("\(path)/corrections", body)
    }

    /// What they say of images of themselves.
    func answers(_ answer: ConsentWord) throws {
        let said = try register.as(.staff).post(
            "/v1/consents",
            [
                "person_id": .string(person.lowercased),
                "answers": [["purpose": "images", "answer": .string(answer.rawValue)]],
            ])
        try #require(said.status == 201, "\(said.json)")
    }

    /// They sign what a template puts to them.
    func signs(_ template: String) throws {
        let id = try register.issue(template, to: person.lowercased, by: .staff)
        let signed = try register.as(.staff).post(
            "/v1/agreements/\(id)/signatures", signature())
        try #require(signed.status == 201, "\(signed.json)")
    }

    /// What the school asks from a day on.
    @discardableResult
    func asks(
        from day: String, _ steps: [(InductionStep, [PersonKind])], by role: Role = .headteacher
    ) throws -> Reading {
        try register.as(role).put(
            "/v1/schools/\(school.id)/induction-rules",
            [
                "from_on": .string(day),
                "steps": .array(
                    steps.map { step, kinds in
                        [
                            "step": .string(step.rawValue), "due_days": 7,
                            "kinds": .array(kinds.map { .string($0.rawValue) }),
                        ]
                    }),
            ], ["If-Match": "*"])
    }
}

extension JSONValue {
    /// The elements of a member that is a list.
    func list(_ name: String) -> [JSONValue] {
        guard case .array(let elements)? = self[name] else { return [] }
        return elements
    }
}
