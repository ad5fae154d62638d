import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// Hawthorn on 20 November 2026, with systems to which it gives access.
struct AccessAtWork {
    let register: Register
    let school = TestSchool.hawthorn

    static func open() async throws -> AccessAtWork {
        let access = AccessAtWork(register: try await Register.open())
        try access.at("2026-11-20T12:00:00Z")
        return access
    }

    func at(_ moment: String) throws { try register.database.setClock(moment) }

    /// Adds a system, with these rules besides what is usual; its id.
    @discardableResult
    func system(
        _ name: String = "Purple Mash", _ kind: AccessSystemKind = .learningPlatform,
        _ rules: [String: JSONValue] = [:]
    ) throws -> String {
        let added = try adding(name, kind, rules)
        try #require(added.status == 201, "\(added.json)")
        return added.id
    }

    func adding(
        _ name: String, _ kind: AccessSystemKind, _ rules: [String: JSONValue],
        by role: Role = .headteacher
    ) throws -> Reading {
        try register.as(role).post(
            "/v1/access-systems",
            [
                "name": .string(name), "kind": .string(kind.rawValue),
                "rules": Self.rules(rules),
            ])
    }

    static func rules(_ said: [String: JSONValue]) -> JSONValue {
        let usual: [String: JSONValue] = [
            "opens": "learning_platform", "kinds": ["pupil", "teacher", "supply"],
        ]
        return .of(usual.merging(said) { $1 })
    }

    func ask(
        _ system: String, for person: UUID, by role: Role = .office,
        _ more: [String: JSONValue] = [:]
    ) throws -> Reading {
        let said: [String: JSONValue] = [
            "system_id": .string(system), "person_id": .string(person.lowercased),
            "why": "She takes over 2B",
        ]
        return try register.as(role).post(
            "/v1/access-grants", .of(said.merging(more) { $1 }))
    }

    /// Does something with somebody's access.
    func act(
        _ act: String, on access: String, by role: Role, _ body: JSONValue? = nil
    ) throws -> Reading {
        try register.as(role).post("/v1/access-grants/\(access)/\(act)", body)
    }

    /// Asks, approves and gives; its id.
    func give(
        _ system: String, to person: UUID, _ more: [String: JSONValue] = [:]
    ) throws -> String {
        let asked = try ask(system, for: person, more)
        try #require(asked.status == 201, "\(asked.json)")
        let approved = try act("approval", on: asked.id, by: .headteacher)
        try #require(approved.status == 201, "\(approved.json)")
        let given = try act("activation", on: asked.id, by: .technician)
        try #require(given.status == 201, "\(given.json)")
        return asked.id
    }

    func read(_ access: String, as role: Role = .office) throws -> Reading {
        try register.as(role).get("/v1/access-grants/\(access)")
    }

    func state(_ access: String) throws -> String? { try read(access)["state"] }

    func list(_ query: String = "", as role: Role = .office) throws -> [JSONValue] {
        let told = try register.as(role).get("/v1/access-grants?\(query)")
        try #require(told.status == 200, "\(told.json)")
        return told.data
    }

    func tasks(_ query: String = "") throws -> [JSONValue] {
        let told = try register.as(.technician).get("/v1/access-tasks?\(query)")
        try #require(told.status == 200, "\(told.json)")
        return told.data
    }

    func complete(
        _ task: JSONValue, _ body: JSONValue = [:], by role: Role = .technician
    ) throws -> Reading {
        try register.as(role).post(
            "/v1/access-tasks/\(task["id"]?.text ?? "")/completion", body)
    }

    func sets(_ name: String, to value: JSONValue) throws {
        let set = try register.as(.headteacher).put(
            "/v1/schools/\(school.id)/settings/\(name)", ["value": value], ["If-Match": "*"])
        try #require(set.status == 200, "\(set.json)")
    }

    /// What waits for somebody, by kind.
    func waiting(for role: Role) throws -> [String: JSONValue] {
        guard case .array(let tasks)? = try register.as(role).get("/v1/me").json["to_do"] else {
            return [:]
        }
        return tasks.reduce(into: [:]) { $0[$1["kind"]?.text ?? ""] = $1["number"] }
    }

    /// An adult of the school who has no account.
    func adult(_ kind: String) throws -> UUID {
        let id = UUID()
        _ = try register.database.owner().run(
            """
            insert into person (school_id, id, kind, given_name, family_name)
            values (\(school.id), \(id), \(kind), 'Priya', 'Nair')
            """)
        return id
    }

    /// Another pupil of the school.
    func pupil(_ name: String, year: String, class className: String? = nil) throws -> UUID {
        let id = UUID()
        _ = try register.database.owner().run(
            """
            insert into person (
                school_id, id, kind, given_name, family_name, year_group, class_name)
            values (\(school.id), \(id), 'pupil', \(name), 'Oak', \(year), \(className))
            """)
        return id
    }
}

extension JSONValue {
    static func of(_ members: [String: JSONValue]) -> JSONValue {
        .object(
            JSONObject(
                members.filter { $0.value != .null }.sorted { $0.key < $1.key }
                    .map { .init($0.key, $0.value) }))
    }

    /// What became of it, in order.
    var acts: [String?] {
        guard case .array(let acts)? = self["acts"] else { return [] }
        return acts.map { $0["act"]?.text }
    }
}
