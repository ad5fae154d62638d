import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// May this be done with this child, for this purpose, today?
@Suite struct `Checking a consent` {
    @Test(arguments: ConsentPurpose.allCases)
    func `CON-02, X-12: each purpose is no until it is asked for and allowed`(
        purpose: ConsentPurpose
    ) async throws {
        let family = try await Family.open()
        #expect(try !family.isAllowed(purpose))
        try family.asks(purpose)
        #expect(try !family.isAllowed(purpose))
        try family.asks(.images)
        try family.asks(.videoconference)
        try family.says(Family.mother, .consent, to: .images)
        try family.says(Family.mother, .consent, to: .videoconference)
        try family.says(Family.mother, .consent, to: purpose)
        #expect(try family.isAllowed(purpose))
        try family.asks(purpose, ["is_asked": false])
        #expect(try !family.isAllowed(purpose))
        #expect(try family.standing(purpose)["codes"] == ["not_asked"])
    }

    @Test func `CON-05: one child or a batch, no when unknown, refused, withdrawn or lapsed`()
        async throws
    {
        let family = try await Family.open()
        let machine = try family.register.machine(.consentsRead)
        let people = [family.child, UUID(), TestSchool.rosehip.pupil]
        let question: JSONValue = [
            "purposes": ["school_website", "press"],
            "person_ids": .array(people.map { .string($0.lowercased) }),
        ]
        func allowed() throws -> [JSONValue?] {
            let told = try machine.signedIn().post("/v1/consent-check", question)
            try #require(told.status == 200, "\(told.json)")
            #expect(
                told.data.map { $0["person_id"]?.text }
                    == people.flatMap { [$0.lowercased, $0.lowercased] })
            return told.data.map { $0["is_allowed"] }
        }
        let none: [JSONValue?] = .init(repeating: false, count: 6)
        #expect(try allowed() == none)
        try family.says(Family.mother, .consent)
        #expect(try allowed() == [true] + none.dropFirst())
        let one = try machine.signedIn().get(
            "/v1/consent-check?person_id=\(family.child)&purpose=school_website")
        #expect(one.json["is_allowed"] == true)
        #expect(
            one.keys == [
                "person_id", "school_id", "purpose", "as_of", "is_allowed", "identification",
            ])
        try family.register.database.setClock("2026-11-20T13:00:00Z")
        try family.says(Family.father, .refuse)
        #expect(try allowed() == none)
        try family.register.database.setClock("2026-11-20T14:00:00Z")
        try family.says(Family.father, .withdraw)
        #expect(try allowed() == none)
        try family.register.database.setClock("2026-11-21T12:00:00Z")
        try family.says(Family.father, .consent)
        try family.asks(.schoolWebsite, ["is_asked": true, "after_months": 6])
        #expect(try allowed() == [true] + none.dropFirst())
        #expect(try family.check()["until"] == "2027-05-20")
        try family.register.database.setClock("2027-05-21T12:00:00Z")
        #expect(try allowed() == none)
        #expect(try family.standing()["codes"] == ["lapsed"])
        #expect(try family.register.database.entries().allSatisfy { $0.kind != "consent_check" })
    }

    @Test func `a batch has a bound, and a wrong question names its faults`() async throws {
        let family = try await Family.open()
        let staff = family.register.as(.staff)
        let many = JSONValue.array((0..<501).map { _ in .string(UUID().lowercased) })
        let all = JSONValue.array(ConsentPurpose.allCases.map { .string($0.rawValue) })
        let question: JSONValue = ["purposes": all, "person_ids": many]
        #expect(
            try staff.post("/v1/consent-check", question).faults == ["/person_ids": "too_many"])
        #expect(
            try staff.get("/v1/consent-check?purpose=press,images").faults
                == ["purpose": "too_many", "person_id": "required"])
        #expect(try staff.post("/v1/consent-check", ["purposes": ["press"]]).status == 422)
        for role in [Role.governor, .technician, .chairOfGovernors, .trustViewer, .dpo] {
            let told = try family.register.as(role).get(
                "/v1/consent-check?person_id=\(family.child)&purpose=press")
            #expect(told.status == 403, "\(role)")
        }
        let narrow = try family.register.machine(.peopleRead).signedIn()
        #expect(
            try narrow.get("/v1/consent-check?person_id=\(family.child)&purpose=press").status
                == 403)
    }

    @Test(
        arguments: [
            (["each_school_year": true], "2027-08-31"),
            // Year 5 today: Year 7 from September 2028 on.
            (["each_key_stage": true], "2028-08-31"),
            (["lapses_on": "2027-01-04"], "2027-01-03"),
            (["after_months": 1, "each_key_stage": true], "2026-12-19"),
        ] as [([String: JSONValue], String)])
    func `a yes lapses as the school says, and a no never does`(
        rule: [String: JSONValue], last: String
    ) async throws {
        let family = try await Family.open()
        let said = rule.merging(["is_asked": true]) { $1 }
        try family.asks(
            .schoolWebsite, .object(JSONObject(said.map { .init($0.key, $0.value) })))
        try family.says(Family.mother, .consent)
        #expect(try family.check()["until"] == .string(last))
        #expect(try family.isAllowed(on: last))
        #expect(try !family.isAllowed(on: "2028-09-01"))
        try family.register.database.setClock("2026-11-20T13:00:00Z")
        try family.says(Family.father, .refuse)
        try family.register.database.setClock("2028-09-02T12:00:00Z")
        #expect(try family.standing()["codes"] == ["refused"])
    }

    @Test func `CON-08: no videoconference without it, nor without photographic permission`()
        async throws
    {
        let family = try await Family.open()
        try family.asks(.videoconference)
        try family.says(Family.mother, .consent, to: .videoconference)
        #expect(try !family.isAllowed(.videoconference))
        #expect(try family.standing(.videoconference)["codes"] == ["needs_another"])
        try family.says(Family.mother, .consent, to: .images)
        #expect(try family.isAllowed(.videoconference))
        try family.says(Family.father, .refuse, to: .images)
        #expect(try !family.isAllowed(.videoconference))
        try family.register.database.setClock("2026-11-21T12:00:00Z")
        try family.says(Family.father, .consent, to: .images)
        try family.says(Family.father, .refuse, to: .videoconference)
        #expect(try !family.isAllowed(.videoconference))
        #expect(try family.standing(.videoconference)["codes"] == ["refused"])
    }
}
