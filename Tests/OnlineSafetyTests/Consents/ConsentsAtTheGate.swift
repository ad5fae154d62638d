import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// What a pupil has only when it is allowed.
@Suite struct `Consents at the gate` {
    private func ask(
        _ family: Family, _ access: String = "email", as role: Role = .office, on day: String = ""
    ) throws -> JSONValue {
        let asOf = day.isEmpty ? "" : "&as_of=\(day)"
        let told = try family.register.as(role).get(
            "/v1/gate?person_id=\(family.child)&for=\(access)\(asOf)")
        try #require(told.status == 200, "\(told.json)")
        return told.json
    }

    @Test(arguments: [("email", ConsentPurpose.pupilEmail), ("online_service", .onlineService)])
    func `ACC-10: no account of a pupil's without a parent's permission, where the school says so`(
        access: String, purpose: ConsentPurpose
    ) async throws {
        let family = try await Family.open()
        #expect(try ask(family, access)["is_allowed"] == true)
        try family.asks(purpose)
        let shut = try ask(family, access)
        #expect(shut["is_allowed"] == false)
        #expect(shut["reasons"]?[0]?["code"] == "consent_missing")
        #expect(shut["reasons"]?[0]?["purpose"] == .string(purpose.rawValue))
        #expect(shut["reasons"]?[0]?["since"] == "2026-11-20")
        // Whoever only must obey it is not told what a parent has said.
        let staff = try ask(family, access, as: .staff)
        #expect(staff["is_allowed"] == false)
        #expect(staff["reasons"]?[0]?["code"] == "ask_the_school")
        #expect(
            staff["reasons"] == [
                [
                    "code": "ask_the_school", "detail": "The school will say why",
                    "is_shut": true,
                ]
            ])
        try family.says(Family.mother, .consent, to: purpose)
        #expect(try ask(family, access)["is_allowed"] == true)
        try family.says(Family.father, .refuse, to: purpose)
        #expect(try ask(family, access)["reasons"]?[0]?["code"] == "consent_refused")
        #expect(try ask(family, access, as: .staff) == staff)
        #expect(try ask(family, "device")["is_allowed"] == true)
    }

    @Test func `a school only advises, gives grace, or lets it off`() async throws {
        let family = try await Family.open()
        try family.asks(.pupilEmail)
        try family.set("gate-consent-missing-days", 10)
        #expect(try ask(family)["until"] == "2026-11-29")
        #expect(try ask(family, on: "2026-11-30")["is_allowed"] == false)
        try family.set("gate-consent-missing", "advise")
        let advised = try ask(family, on: "2027-06-01")
        #expect(advised["is_allowed"] == true && advised["reasons"]?[0]?["is_shut"] == false)
        try family.set("gate-consent-missing", "off")
        #expect(try ask(family)["reasons"] == [])
    }

    /// Whose parents allow a videoconference, at a school that lets everything off that it may.
    private func allowing() async throws -> Family {
        let family = try await Family.open()
        try family.asks(.videoconference)
        for purpose in [ConsentPurpose.images, .videoconference] {
            try family.says(Family.mother, .consent, to: purpose)
        }
        try family.set("gate-consent-missing", "advise")
        try family.set("gate-consent-refused", "off")
        return family
    }

    @Test(arguments: ["refused", "no_answer", "allowed"])
    func `CON-06: at risk, a videoconference is shut, whatever the school makes of consents`(
        standing: String
    ) async throws {
        let family = try await allowing()
        #expect(try ask(family, "videoconference")["is_allowed"] == true)
        #expect(try Marked(family.register).mark(.atRiskImages).status == 201)
        switch standing {
        case "refused": try family.says(Family.father, .refuse, to: .videoconference)
        case "no_answer":
            try family.register.database.execute(
                "update parent_link set no_contact = true where parent_id = '\(Family.mother)'")
        default: break
        }
        for role in [Role.office, .headteacher, .staff, .technician] {
            let shut = try ask(family, "videoconference", as: role)
            #expect(shut["is_allowed"] == false, "\(role)")
            #expect(shut["reasons"]?[0]?["is_shut"] == true, "\(role)")
        }
    }

    @Test func `CON-08: as the check says, also where the school asks nothing`() async throws {
        let family = try await Family.open()
        #expect(try !family.isAllowed(.videoconference))
        #expect(try ask(family, "videoconference")["is_allowed"] == false)
        try family.asks(.videoconference)
        try family.says(Family.mother, .consent, to: .videoconference)
        #expect(try ask(family, "videoconference")["is_allowed"] == false)
        try family.says(Family.mother, .consent, to: .images)
        try family.asks(.images, ["is_asked": true, "after_months": 6])
        #expect(try ask(family, "videoconference")["until"] == "2027-05-19")
    }

    /// neither the reason nor what the school has set tells of a marker.
    @Test func `the gate's answer at risk is byte for byte that of a refusal`() async throws {
        let family = try await allowing()
        let machine = try family.register.machine(.gateRead)
        let path = "/v1/gate?person_id=\(family.child)&for=videoconference"
        func told() throws -> [String] {
            try [
                Role.staff, .technician, .office, .onlineSafetyCoordinator, .seniorLeader, .dpo,
                .schoolAdministrator, .dsl, .headteacher,
            ].map { try family.register.as($0).get(path).text }
                + [machine.signedIn().get(path).text]
        }
        let marker = try Marked(family.register).mark(.atRiskImages).id
        let withheld = try told()
        #expect(withheld.allSatisfy { $0.contains("\"is_allowed\":false") })
        #expect(withheld.allSatisfy { !$0.contains("withheld") })
        #expect(try Marked(family.register).end(marker).status == 201)
        try family.says(Family.father, .refuse, to: .videoconference)
        #expect(try told() == withheld)
        let office = try ask(family, "videoconference")["reasons"]?[0]
        #expect(office?["code"] == "videoconference_not_allowed")
        let staff = try ask(family, "videoconference", as: .staff)["reasons"]?[0]
        #expect(staff?["code"] == "ask_the_school")
        let names = try family.register.as(.headteacher).get(
            "/v1/schools/\(family.school.id)/settings"
        ).data.compactMap { $0["name"]?.text }
        #expect(names.contains("gate_consent_missing"))
        #expect(!names.contains("gate_videoconference_not_allowed"))
    }
}
