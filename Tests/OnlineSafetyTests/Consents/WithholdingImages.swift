import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// What the school knows of a child goes before whatever the parents say, and tells nobody why.
@Suite struct `Withholding images` {
    private func allowing() async throws -> (Family, Marked) {
        let family = try await Family.open()
        for purpose in ConsentPurpose.allCases {
            try family.asks(purpose)
            try family.says(Family.mother, .consent, to: purpose)
            #expect(try family.isAllowed(purpose), "\(purpose)")
        }
        return (family, Marked(family.register))
    }

    @Test func `CON-06: at risk, nothing leaves the school, whatever the parents say`()
        async throws
    {
        let (family, pupil) = try await allowing()
        let inside: Set<ConsentPurpose> = [.images, .pupilEmail, .onlineService]
        let marker = try pupil.mark(.atRiskImages).id
        for purpose in ConsentPurpose.allCases {
            #expect(try family.isAllowed(purpose) == inside.contains(purpose), "\(purpose)")
        }
        #expect(try pupil.end(marker).status == 201)
        #expect(try family.isAllowed(.press))
        // Of every vulnerable child photographs stay off the platform, unless the school says not.
        #expect(try pupil.mark(.traumaOrLoss).status == 201)
        for purpose in ConsentPurpose.allCases {
            #expect(try family.isAllowed(purpose) == (purpose != .learningPlatform), "\(purpose)")
        }
        let off = try family.register.as(.headteacher).put(
            "/v1/schools/\(family.school.id)/settings/vulnerable-off-platform",
            ["value": false], ["If-Match": "*"])
        #expect(off.status == 200, "\(off.json)")
        #expect(try family.isAllowed(.learningPlatform))
    }

    @Test func `X-10: why, those know who read markers and have just shown who they are`()
        async throws
    {
        let (family, pupil) = try await allowing()
        #expect(try pupil.mark(.atRiskImages).status == 201)
        #expect(try pupil.mark(.send).status == 201)
        for role in [Role.dsl, .deputyDSL, .headteacher] {
            let visitor = family.register.as(role)
            #expect(try family.standing(.press, to: visitor)["codes"] == ["at_risk"], "\(role)")
            #expect(
                try family.standing(.learningPlatform, to: visitor)["codes"]
                    == ["at_risk", "vulnerable"])
        }
        let later = try family.register.session(of: .dsl)
        #expect(try family.standing(.press, to: later)["codes"] == ["withheld"])
        for role in [Role.office, .onlineSafetyCoordinator, .seniorLeader] {
            let visitor = family.register.as(role)
            let all = try visitor.get("/v1/people/\(family.child)/consents")
            #expect(!all.text.contains("at_risk") && !all.text.contains("vulnerable"), "\(role)")
            #expect(try family.standing(.press, to: visitor)["codes"] == ["withheld"])
        }
        // Where a parent says no as well, that is all they are told.
        try family.register.database.setClock("2026-11-20T13:00:00Z")
        try family.says(Family.father, .refuse, to: .press)
        #expect(try family.standing(.press)["codes"] == ["refused"])
    }

    /// Section 25: whoever protects data has no part in a marker, nor in what follows from it.
    @Test func `X-10: the DPO is told the same, whatever marker there is`() async throws {
        let (family, pupil) = try await allowing()
        let officer = family.register.as(.dpo)
        func told() throws -> [String] {
            try [
                "/v1/people/\(family.child)/consents", "/v1/consents?person_id=\(family.child)",
                "/v1/gate?for=videoconference&person_id=\(family.child)", "/v1/image-removals",
            ].map { path in
                let answer = try officer.get(path)
                try #require(answer.status == 200, "\(path)")
                return answer.text
            }
        }
        let before = try told()
        #expect(try pupil.mark(.atRiskImages).status == 201)
        #expect(try pupil.mark(.send).status == 201)
        #expect(try told() == before)
        #expect(try family.standing(.press, to: officer)["is_allowed"] == true)
        #expect(try family.standing(.press)["is_allowed"] == false)
    }

    @Test func `the answer at risk is byte for byte that of a refusal`() async throws {
        let (family, pupil) = try await allowing()
        let machine = try family.register.machine(.consentsRead)
        func told() throws -> [String] {
            [
                try machine.signedIn().get(path).text,
                try family.register.as(.staff).get(path).text,
            ]
        }
        let path = "/v1/consent-check?person_id=\(family.child)&purpose=press"
        let marker = try pupil.mark(.atRiskImages).id
        let withheld = try told()
        #expect(withheld.allSatisfy { $0.contains("\"is_allowed\":false") })
        #expect(try pupil.end(marker).status == 201)
        try family.register.database.setClock("2026-11-20T13:00:00Z")
        try family.says(Family.father, .refuse, to: .press)
        #expect(try told() == withheld)
    }

    /// the effect follows from a parent's no as well, so that it tells of no marker.
    @Test func `that nothing goes online follows from the answers, too`() async throws {
        let family = try await Family.open()
        let staff = family.register.as(.staff)
        func effects() throws -> JSONValue? {
            try staff.get("/v1/people/\(family.child)").json["effects"]
        }
        #expect(try effects() == nil)
        try family.says(Family.mother, .refuse, to: .schoolWebsite)
        let refused = try staff.get("/v1/people/\(family.child)").text
        #expect(try effects() == ["no_image_online"])
        try family.says(Family.mother, .consent, to: .socialMedia)
        #expect(try effects() == nil)
        try family.says(Family.father, .withdraw, to: .socialMedia)
        #expect(try effects() == ["no_image_online"])
        let pupil = Marked(family.register)
        let marker = try pupil.mark(.atRiskImages).id
        #expect(try staff.get("/v1/people/\(family.child)").text == refused)
        #expect(try pupil.end(marker).status == 201)
        #expect(try effects() == ["no_image_online"])
        // Whoever said no is a parent no more: the roster says so.
        try family.register.database.execute(
            """
            update parent_link set until_on = '2026-11-20'
            where parent_id in ('\(Family.mother)', '\(Family.father)')
            """)
        #expect(try effects() == nil)
    }
}
