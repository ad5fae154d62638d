import FoundationEssentials
import JSON
import Postgres
import Testing

@testable import OnlineSafety

/// Hawthorn, which the register has known since September 2026.
struct ReviewsAtWork {
    let register: Register
    let school = TestSchool.hawthorn

    static func open(at instant: String = "2026-11-20T12:00:00Z") async throws -> ReviewsAtWork {
        let work = ReviewsAtWork(register: try await Register.open())
        try work.register.database.execute("update school set created_at = '2026-09-01T08:00:00Z'")
        try work.register.database.setClock(instant)
        return work
    }

    func moveClock(to day: String) throws {
        try register.database.setClock("\(day)T12:00:00Z")
    }

    /// What the school says of a kind.
    func rule(_ kind: ReviewKind, by role: Role = .dsl) throws -> JSONValue {
        let told = try register.as(role).get("/v1/schools/\(school.id)/review-rules")
        try #require(told.status == 200, "\(told.json)")
        return try #require(told.data.first { $0["kind"]?.text == kind.rawValue })
    }

    @discardableResult
    func set(
        _ kind: ReviewKind, _ rule: [(String, JSONValue)], by role: Role = .headteacher,
        version: String = "*"
    ) throws -> Reading {
        try register.as(role).put(
            "/v1/schools/\(school.id)/review-rules/\(kind.rawValue)", object(rule),
            ["If-Match": version])
    }

    @discardableResult
    func plan(
        _ kind: ReviewKind, _ said: [(String, JSONValue)] = [], by role: Role = .dsl
    ) throws -> Reading {
        try register.as(role).post(
            "/v1/reviews", object([("kind", .string(kind.rawValue))] + said))
    }

    @discardableResult
    func act(
        _ act: ReviewAct, on id: String, by role: Role = .dsl, _ more: [(String, JSONValue)] = []
    ) throws -> Reading {
        try register.as(role).post(
            "/v1/reviews/\(id)/acts", object([("act", .string(act.rawValue))] + more))
    }

    func complete(
        _ id: String, by role: Role = .dsl, on day: String? = nil, _ record: JSONValue,
        _ more: [(String, JSONValue)] = []
    ) throws -> Reading {
        let held: [(String, JSONValue)] = day.map { [("held_on", .string($0))] } ?? []
        return try act(.completed, on: id, by: role, [("record", record)] + held + more)
    }

    func read(_ id: String, by role: Role = .dsl) throws -> JSONValue {
        let told = try register.as(role).get("/v1/reviews/\(id)")
        try #require(told.status == 200, "\(told.json)")
        return told.json
    }

    func list(_ query: String = "", by role: Role = .dsl) throws -> [JSONValue] {
        let told = try register.as(role).get("/v1/reviews?\(query)")
        try #require(told.status == 200, "\(told.json)")
        return told.data
    }

    /// What is due by a view of duties: kind, what it is about, when, by whom.
    func duties(of area: String) throws -> [String] {
        let view: SQL =
            switch area {
            case "action": "action_duty"
            case "policy": "policy_duty"
            default: "review_duty"
            }
        let answer = try register.database.owner().run(
            """
            select string_agg(
                concat_ws(' ', duty.kind, duty.source, duty.due_on, duty.since,
                    array_to_string(duty.roles, ',')), E'\\n'
                order by duty.due_on, duty.source, duty.kind) as duties
            from \(view) as duty
            where duty.school_id = \(school.id)
            """)
        return (answer.text(0, "duties") ?? "").split(separator: "\n").map(String.init)
    }

    func object(_ members: [(String, JSONValue)]) -> JSONValue {
        .object(JSONObject(members.map { .init($0.0, $0.1) }))
    }
}
