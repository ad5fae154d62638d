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
        func set(_ name: String, _ value: JSONValue) throws {
            let told = try family.register.as(.headteacher).put(
                "/v1/schools/\(family.school.id)/settings/\(name)", ["value": value],
                ["If-Match": "*"])
            try #require(told.status == 200, "\(told.json)")
        }
        try set("gate-consent-missing-days", 10)
        #expect(try ask(family)["until"] == "2026-11-29")
        #expect(try ask(family, on: "2026-11-30")["is_allowed"] == false)
        try set("gate-consent-missing", "advise")
        let advised = try ask(family, on: "2027-06-01")
        #expect(advised["is_allowed"] == true && advised["reasons"]?[0]?["is_shut"] == false)
        try set("gate-consent-missing", "off")
        #expect(try ask(family)["reasons"] == [])
    }

    @Test func `at risk, a videoconference stays shut, and nobody learns why`() async throws {
        let family = try await Family.open()
        try family.asks(.videoconference)
        for purpose in [ConsentPurpose.images, .videoconference] {
            try family.says(Family.mother, .consent, to: purpose)
        }
        #expect(try ask(family, "videoconference")["is_allowed"] == true)
        #expect(try Marked(family.register).mark(.atRiskImages).status == 201)
        for role in [Role.office, .headteacher, .staff] {
            let shut = try ask(family, "videoconference", as: role)
            #expect(shut["is_allowed"] == false)
            let code = shut["reasons"]?[0]?["code"]
            #expect(code == (role == .staff ? "ask_the_school" : "consent_withheld"), "\(role)")
        }
        let names = try family.register.as(.headteacher).get(
            "/v1/schools/\(family.school.id)/settings"
        ).data.compactMap { $0["name"]?.text }
        #expect(names.contains("gate_consent_missing"))
        #expect(!names.contains("gate_consent_withheld"))
    }
}
