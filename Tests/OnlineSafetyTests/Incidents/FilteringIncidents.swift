import JSON
import Testing

@testable import OnlineSafety

/// INC-45
@Suite struct `Filtering incidents` {
    /// Two incidents that differ in everything, of which each filter finds the first.
    @Test func `finds by everything that the record says`() async throws {
        let register = try await Register.open()
        let one = try Case(
            register, .child, ("channel", "parent"), ("locations", ["outside_school"]),
            ("social_media", ["Snapchat", "Roblox"]), ("occurred_on", "2026-11-16"))
        let pupil: JSONValue = ["person_id": Case.pupil, "group": "child", "parts": ["alleged"]]
        let other: JSONValue = ["name": "Robin", "group": "child", "parts": ["target"]]
        let found = Case.finding(
            ("types", ["grooming"]), ("risk_categories", ["contact"]), ("severity", "high"),
            ("legality", "suspected"), ("lead_id", Case.person(.deputyDSL)),
            ("people", [pupil, other]))
        #expect(try one.triage(found).status == 201)
        try one.complete()
        #expect(try one.post("closure", ["outcome": "Done"]).status == 201)
        let plain = try Case(register, .child, ("occurred_on", "2026-11-10"))
        #expect(try plain.triage().status == 201)
        let year = try register.as(.dsl).get("/v1/people/\(TestSchool.hawthorn.pupil)")[
            "year_group"]
        let (person, lead) = (TestSchool.hawthorn.pupil, TestSchool.hawthorn.person(.deputyDSL))
        for query in [
            "type=grooming", "risk_category=contact,commerce", "severity=high",
            "legality=suspected", "channel=parent", "location=outside_school", "platform=roblox",
            "status=closed", "closed_as=completed", "lead_id=\(lead)", "person_id=\(person)",
            "year_group=\(year ?? "")", "part=target", "part=alleged",
            "person_id=\(person)&part=alleged", "occurred_since=2026-11-15",
            "severity=high&legality=suspected&part=target&platform=SNAPCHAT&q=happened",
        ] {
            let told = try register.as(.dsl).get("/v1/incidents?\(query)")
            #expect(told.data.map { $0["id"]?.text } == [one.id], "\(query)")
        }
        for query in ["person_id=\(person)&part=target", "platform=rob", "closed_as=mistaken"] {
            #expect(try register.as(.dsl).get("/v1/incidents?\(query)").data == [], "\(query)")
        }
    }

    /// Before anybody is named in the record, those of the report are.
    @Test func `finds whom the report names until the record does`() async throws {
        let register = try await Register.open()
        let named: JSONValue = ["group": "child", "person_id": Case.pupil, "part": "target"]
        let one = try Case(register, .child, ("people", [named]))
        let path = "/v1/incidents?person_id=\(TestSchool.hawthorn.pupil)&part=target"
        #expect(try register.as(.dsl).get(path).data.map { $0["id"]?.text } == [one.id])
    }

    @Test func `says everything that is wrong`() async throws {
        let register = try await Register.open()
        let told = try register.as(.dsl).get(
            "/v1/incidents?risk_category=canary&severity=canary&legality=canary&channel=canary"
                + "&location=canary&platform=%20&closed_as=canary&lead_id=canary&person_id=canary"
                + "&year_group=\(String(repeating: "9", count: 21))&part=canary")
        #expect(
            told.faults == [
                "risk_category": "unknown_word", "severity": "unknown_word",
                "legality": "unknown_word", "channel": "unknown_word", "location": "unknown_word",
                "platform": "blank", "closed_as": "unknown_word", "lead_id": "uuid",
                "person_id": "uuid", "year_group": "too_long", "part": "unknown_word",
            ])
        #expect(!told.text.contains("canary"))
    }
}
