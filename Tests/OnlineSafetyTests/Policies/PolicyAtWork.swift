import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// Hawthorn on 20 November 2026, with its policy.
struct PolicyAtWork {
    let register: Register
    let school = TestSchool.hawthorn

    /// What its first version says.
    static let text: JSONValue = [
        "name": "Online safety policy", "owner_role": "dsl", "authors": "DSL and computing lead",
        "template": "The county's model policy", "scope": "All who use the school's technology",
        "sections": [["heading": "Aims", "paragraphs": ["That everybody is safe online."]]],
        "appendices": [["name": "Rules", "link": "https://hawthorn.example/rules"]],
        "guidance": [["code": "keeping_children_safe", "year": 2025]],
        "linked": [["name": "Child protection policy"]],
    ]

    /// The same by a name that no other has.
    static var another: JSONValue {
        text(with: "name", .string("Policy \(UUID().uuidString.prefix(8))"))
    }

    /// The same, but for this.
    static func text(with name: String, _ value: JSONValue) -> JSONValue {
        guard case .object(let object) = text else { return text }
        return .object(
            JSONObject(object.members.filter { $0.name != name } + [.init(name, value)]))
    }

    static func open(at instant: String = "2026-11-20T12:00:00Z") async throws -> PolicyAtWork {
        let work = PolicyAtWork(register: try await Register.open())
        try work.moveClock(to: instant)
        return work
    }

    func moveClock(to instant: String) throws {
        try register.database.setClock(instant.count == 10 ? "\(instant)T12:00:00Z" : instant)
    }

    @discardableResult
    func rules(
        _ steps: JSONValue, by role: Role = .headteacher, _ more: [(String, JSONValue)] = []
    ) throws -> Reading {
        var body: JSONValue = ["months": 12, "steps": steps]
        for (name, value) in more { body = body.with(name, value) }
        return try register.as(role).put(
            "/v1/schools/\(school.id)/policy-rules", body, ["If-Match": "*"])
    }

    func write(_ text: JSONValue = PolicyAtWork.text, by role: Role = .dsl) throws -> Reading {
        try register.as(role).post("/v1/policies", ["text": text])
    }

    @discardableResult
    func act(
        _ act: PolicyAct, on id: String, by role: Role, _ more: [(String, JSONValue)] = []
    ) throws -> Reading {
        var body: JSONValue = ["act": .string(act.rawValue)]
        for (name, value) in more { body = body.with(name, value) }
        return try register.as(role).post("/v1/policies/\(id)/acts", body)
    }

    func read(_ id: String, by role: Role = .dsl) throws -> JSONValue {
        let told = try register.as(role).get("/v1/policies/\(id)")
        try #require(told.status == 200, "\(told.json)")
        return told.json
    }

    /// One in force by the usual chain, since today.
    func inForce() throws -> String {
        let id = try write().id
        try act(.approved, on: id, by: .headteacher)
        try act(.approved, on: id, by: .chairOfGovernors)
        let told = try act(.published, on: id, by: .headteacher)
        try #require(told["state"] == "in_force", "\(told.json)")
        return id
    }
}
