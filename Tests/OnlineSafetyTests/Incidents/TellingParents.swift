import JSON
import Testing

@testable import OnlineSafety

/// INC-32: of every child it is decided whether the parents are told, and where the school says
/// so they must be.
@Suite struct `Telling parents` {
    /// An incident with everything answered, but that parents are not to be told.
    private func untold(
        _ register: Register, reported more: (String, JSONValue)..., finding: JSONValue
    ) throws -> Case {
        let body = report("Something happened", .child, more)
        let one = Case(of: try register.as(.staff).post("/v1/incidents", body).id, register)
        #expect(try one.triage(finding).status == 201)
        try one.complete()
        let told = try register.as(.dsl).get("\(one.path)/parents-decisions").data[0]
        let decided = try one.post(
            "parents-decisions",
            [
                "child_id": told["child_id"] ?? .null, "decision": "not_to_be",
                "reason": "He is away with his school's team", "supersedes": told["id"] ?? .null,
            ])
        #expect(decided.status == 201)
        return one
    }

    private func closing(_ one: Case) throws -> [String] {
        try one.post("closure", ["outcome": "Talked with"]).json["errors"]?.codes ?? []
    }

    @Test func `of a filtering breach, and of use outside school`() async throws {
        let register = try await Register.open()
        let breach = try untold(register, finding: Case.finding(("is_filtering_breach", true)))
        #expect(try breach.read().json["is_filtering_breach"] == true)
        #expect(try closing(breach) == ["parents_not_told"])
        let outside = try untold(
            register, reported: ("matter", "outside_school"), finding: Case.finding())
        #expect(try closing(outside) == ["parents_not_told"])
        let told = try register.as(.dsl).get("\(outside.path)/parents-decisions").data
        let standing = told.first { $0["is_current"] == true }
        try outside.post(
            "parents-decisions",
            Case.informed(standing?["child_id"] ?? .null)
                .with("supersedes", standing?["id"] ?? .null))
        #expect(try outside.post("closure", ["outcome": "Talked with"]).status == 201)
    }

    @Test func `not where telling them might harm, nor where the school does not ask it`()
        async throws
    {
        let register = try await Register.open()
        let ordinary = try untold(register, finding: Case.finding())
        #expect(try ordinary.post("closure", ["outcome": "Talked with"]).status == 201)
        let atRisk = try untold(
            register,
            finding: Case.finding(("is_filtering_breach", true), ("is_child_at_risk", true)))
        try atRisk.contact("social_care")
        #expect(try atRisk.post("closure", ["outcome": "Passed on"]).status == 201)
        let breach = try untold(register, finding: Case.finding(("is_filtering_breach", true)))
        let settings = "/v1/schools/\(TestSchool.hawthorn.id)/settings/"
        let changed = try register.as(.headteacher).put(
            settings + "parents-told-of-filtering-breaches", ["value": false], ["If-Match": "*"])
        #expect(changed.status < 300)
        #expect(try breach.post("closure", ["outcome": "Talked with"]).status == 201)
    }
}
