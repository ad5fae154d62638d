import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// INC-29
@Suite struct `Withdrawing access` {
    @Test func `shuts the gate for its time, and says why to few`() async throws {
        let one = try Case(await Register.open())
        #expect(try one.triage().status == 201)
        let child = try one.post(
            "people", ["person_id": Case.pupil, "group": "child", "parts": ["alleged"]])
        #expect(child.status == 201)
        let unnamed = try one.post(
            "people", ["name": "Sam Birch", "group": "child", "parts": ["alleged"]])
        func sanction(_ of: String, _ more: JSONValue = [:]) -> JSONValue {
            [
                "of_id": .string(of), "what": "access_withdrawn", "policy": "Behaviour, 9",
                "from": ["network"], "from_on": "2026-11-23", "until_on": "2026-12-04",
            ]
        }
        let incomplete: JSONValue = [
            "of_id": .string(child.id), "what": "access_withdrawn", "policy": "Behaviour, 9",
        ]
        #expect(
            try one.post("sanctions", incomplete).faults
                == ["/from": "required", "/from_on": "required"])
        #expect(
            try one.post("sanctions", sanction(unnamed.id)).json["errors"]?.codes
                == ["not_on_the_roster"])
        #expect(try one.post("sanctions", sanction(child.id), as: .staff).status == 403)
        func codes(_ role: Role, on day: String, _ access: String = "network") throws -> [String] {
            let told = try one.register.as(role).get(
                "/v1/gate?person_id=\(Case.pupil.text ?? "")&for=\(access)&as_of=\(day)")
            #expect(told.status == 200)
            return told.json["reasons"]?.codes ?? []
        }
        #expect(try !codes(.dsl, on: "2026-11-24").contains("access_withdrawn"))
        let put = try one.post("sanctions", sanction(child.id))
        #expect(put.status == 201)
        #expect(try codes(.dsl, on: "2026-11-24").contains("access_withdrawn"))
        #expect(try !codes(.dsl, on: "2026-11-22").contains("access_withdrawn"))
        #expect(try !codes(.dsl, on: "2026-12-05").contains("access_withdrawn"))
        #expect(try !codes(.dsl, on: "2026-11-24", "device").contains("access_withdrawn"))
        // Others learn that the school must be asked, and no more.
        let seen = try codes(.technician, on: "2026-11-24")
        #expect(!seen.contains("access_withdrawn") && seen.contains("ask_the_school"))
        let withdrawn = try one.register.as(.dsl).ask(
            "DELETE", "\(one.path)/sanctions/\(put.id)", ["If-Match": "\"1\""])
        #expect(withdrawn.status == 204)
        #expect(try !codes(.dsl, on: "2026-11-24").contains("access_withdrawn"))
    }

    /// Section 25: of whom the incident is kept, they learn no more than any other.
    @Test func `says why to none from whom the incident is kept`() async throws {
        let register = try await Register.open()
        let one = try Case(register, .headteacher)
        let triaged = try one.triage(
            as: .chairOfGovernors,
            Case.finding(
                ("concerns", "headteacher"), ("lead_id", Case.person(.chairOfGovernors))))
        #expect(triaged.status == 201, "\(triaged.json)")
        let head = try one.post(
            "people",
            ["person_id": Case.person(.headteacher), "group": "staff", "parts": ["alleged"]],
            as: .chairOfGovernors)
        #expect(head.status == 201, "\(head.json)")
        let put = try one.post(
            "sanctions",
            [
                "of_id": .string(head.id), "what": "access_withdrawn", "policy": "Disciplinary",
                "from": ["network"], "from_on": "2026-11-20",
            ], as: .chairOfGovernors)
        #expect(put.status == 201, "\(put.json)")
        let gate = "/v1/gate?person_id=\(Case.person(.headteacher).text ?? "")&for=network"
        let seen = try register.as(.dsl).get("\(gate)&as_of=2026-11-24")
        #expect(seen.json["is_allowed"] == false)
        #expect(seen.json["reasons"]?.codes.contains("ask_the_school") == true)
        #expect(!seen.text.contains("access_withdrawn") && !seen.text.contains("2026-11-20"))
    }

    /// What the child was given is suspended with it, and theirs again the day after.
    ///
    /// INC-30
    @Test func `suspends what was given, from the first day to the last`() async throws {
        let access = try await AccessAtWork.open()
        let pupil = access.school.pupil
        let wireless = try access.give(
            access.system("Wireless", .wireless, ["opens": "network"]), to: pupil)
        let platform = try access.give(access.system(), to: pupil)
        let one = try Case(access.register)
        #expect(try one.triage().status == 201)
        let child = try one.post(
            "people", ["person_id": Case.pupil, "group": "child", "parts": ["alleged"]])
        let put = try one.post(
            "sanctions",
            [
                "of_id": .string(child.id), "what": "access_withdrawn", "policy": "Behaviour, 9",
                "from": ["network"], "from_on": "2026-11-23", "until_on": "2026-12-04",
            ])
        #expect(put.status == 201)
        for (moment, state) in [
            ("2026-11-22T23:59:59Z", "active"), ("2026-11-23T00:00:00Z", "suspended"),
            ("2026-12-04T23:59:59Z", "suspended"), ("2026-12-05T00:00:00Z", "active"),
        ] {
            try access.at(moment)
            #expect(try access.state(wireless) == state, "\(moment)")
            #expect(try access.state(platform) == "active", "\(moment)")
        }
        // Neither they nor other systems learn of the sanction.
        try access.at("2026-11-24T09:00:00Z")
        let client = try access.register.machine(.accessRead).signedIn()
        let told = try client.get("/v1/access-grants?state=inactive").data
        #expect(told.map { $0["id"] } == [.string(wireless)])
        #expect(told.first?["missing"] == nil)
        #expect(!"\(try access.read(wireless, as: .technician).json)".contains("withdrawn"))
    }
}
