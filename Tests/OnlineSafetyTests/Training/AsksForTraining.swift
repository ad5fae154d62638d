import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// What the tests of training have in common: Hawthorn, which the register has known since
/// September 2026, and what it asks there and records.
protocol AsksForTraining {}

extension AsksForTraining {
    func opened() async throws -> Register {
        let register = try await Register.open()
        try register.database.execute(
            """
            update school set created_at = '2026-09-01T08:00:00Z';
            update person set created_at = '2026-09-01T08:00:00Z';
            update seat set from_on = '2026-09-01'
            """)
        try register.database.setClock("2026-11-20T12:00:00Z")
        return register
    }

    func train(
        _ register: Register, _ people: [String], _ more: [String: JSONValue] = [:]
    ) throws -> Reading {
        let usual: [String: JSONValue] = [
            "kind": "annual_update", "name": "What is new this year", "provider": "The DSL",
            "topics": ["content", "contact", "conduct", "reporting"],
            "happened_on": "2026-11-02", "attended_ids": .array(people.map { .string($0) }),
        ]
        return try register.as(.office).post(
            "/v1/training-records", object(usual.merging(more) { $1 }))
    }

    func standing(
        _ register: Register, _ person: String, _ rule: String = "staff_update"
    ) throws -> JSONValue {
        let told = try register.as(.dsl).get("/v1/training?person_id=\(person)&rule=\(rule)")
        return try #require(told.data.first, "\(told.json)")
    }

    func rule(_ code: String, _ more: [String: JSONValue] = [:]) -> JSONValue {
        var rule: [String: JSONValue] = [
            "code": .string(code), "label": "What is asked", "satisfied_by": ["annual_update"],
            "every_months": 12, "within_days": 30, "warn_days": 30,
        ]
        if more["kinds"] == nil, more["posts"] == nil {
            rule["kinds"] = ["teacher", "support_staff"]
        }
        return object(rule.merging(more) { $1 })
    }

    func object(_ members: [String: JSONValue]) -> JSONValue {
        .object(JSONObject(members.map { .init($0.key, $0.value) }))
    }

    func ask(
        _ register: Register, _ rules: [JSONValue], from day: String = "2026-11-20"
    ) throws -> Reading {
        try register.as(.dsl).ask(
            "PUT", "/v1/schools/\(TestSchool.hawthorn.id)/training-rules", ["If-Match": "*"],
            ["rules": .array(rules), "from_on": .string(day)])
    }
}
