import JSON
import Testing

@testable import OnlineSafety

/// 24.1 of the matrix, as far as an incident's plain life goes.
@Suite struct `Closing an incident` {
    @Test func `names everything that is missing, before and when it is tried`() async throws {
        let one = try Case(
            await Register.open(), .child,
            ("people", [["group": "child", "name": "Robin Ash", "part": "target"]]))
        #expect(try one.triage().status == 201)
        let child = try one.register.as(.dsl).get("\(one.path)/people").data[0]["id"]?.text ?? ""
        let preview = try one.register.as(.dsl).get("\(one.path)/closure")
        #expect(preview.json["is_closed"] == false)
        let refused = try one.post("closure", ["outcome": "All is well"])
        #expect(refused.status == 409)
        var expected = ["/summary": "summary_missing", "/people/\(child)": "parents_undecided"]
        for line in ActionLine.Line.allCases {
            expected["/action_lines/\(line.rawValue)"] = "line_pending"
        }
        #expect(refused.faults == expected)
        guard case .array(let unmet)? = preview.json["unmet"] else { throw Missing() }
        #expect(Set(unmet.compactMap { $0["pointer"]?.text }) == Set(expected.keys))
        _ = try one.answer(.policyReviewed, ["answer": "pending"])
        try one.post(
            "parents-decisions",
            ["child_id": .string(child), "decision": "not_yet", "reason": "Away"])
        #expect(try one.post("closure", ["outcome": "All is well"]).faults == expected)
    }

    private struct Missing: Error {}

    @Test func `closes what is complete, and nothing is written in it any more`() async throws {
        let one = try Case(await Register.open())
        #expect(try one.triage().status == 201)
        try one.complete()
        let told = try one.post("closure", ["outcome": "Both were talked with"])
        #expect(told.status == 201)
        #expect(told.json["is_closed"] == true && told.json["unmet"] == [])
        let read = try one.read()
        #expect(read["status"] == "closed")
        #expect(read["outcome"] == "Both were talked with")
        #expect(read["closed_by_role"] == "dsl")
        for refused in [
            try one.patch(["summary": "x"], read["etag"]),
            try one.answer(.otherActions, ["answer": "pending"], ifMatch: "\"1\""),
            try one.post("evidence", JSON.value(of: Evidence.Described.example)),
            try one.triage(), try one.post("closure", ["outcome": "Again"]),
        ] {
            #expect(refused.status == 409)
            #expect(refused.json["errors"]?.codes == ["not_while_closed"])
        }
    }

    @Test func `opens it again with a reason`() async throws {
        let one = try Case(await Register.open())
        let why: JSONValue = ["reason": "recurrence", "words": "It happened again"]
        #expect(try one.post("reopening", why).json["errors"]?.codes == ["not_while_reported"])
        #expect(try one.triage().status == 201)
        try one.complete()
        #expect(try one.post("closure", ["outcome": "Done"]).status == 201)
        #expect(try one.post("reopening", ["reason": "boredom"]).faults.count == 2)
        #expect(try one.post("reopening", why).status == 201)
        let read = try one.read()
        #expect(read["status"] == "acting" && read["closed_as"] == nil)
        #expect(try one.post("closure", ["outcome": "Done for good"]).status == 201)
        let kinds = try one.register.as(.dsl).get("\(one.path)/chronology?limit=1000").data
            .compactMap { $0["kind"]?.text }
        #expect(kinds.filter { $0 == "closure" }.count == 2)
        #expect(kinds.contains("reopening"))
    }

    /// INC-43: a mistaken entry is closed as such, and stays.
    @Test func `closes a mistake as a mistake, and keeps it`() async throws {
        let one = try Case(await Register.open())
        let told = try one.post("closure", ["kind": "mistaken", "outcome": "It was a lesson"])
        #expect(told.status == 201)
        #expect(try one.read()["closed_as"] == "mistaken")
        #expect(try one.read()["description"] == "Something happened")
    }

    /// Many reports can belong to one incident, each with its own receipt.
    @Test func `reads a duplicate's reports with the one that was reported first`() async throws {
        let register = try await Register.open()
        let one = try Case(register)
        let second = try register.as(.office).report("I saw it as well")
        let other = "/v1/incidents/\(second.id)"
        let dsl = register.as(.dsl)
        let unnamed = try dsl.post("\(other)/closure", ["kind": "duplicate", "outcome": "Same"])
        #expect(unnamed.faults == ["/duplicate_of": "required"])
        let told = try dsl.post(
            "\(other)/closure",
            ["kind": "duplicate", "outcome": "Same", "duplicate_of": .string(one.id)])
        #expect(told.status == 201)
        let words = try one.read().json["reports"]
        #expect(words?[0]?["description"]?.text == "Something happened")
        #expect(words?[1]?["description"]?.text == "I saw it as well")
        #expect(try register.as(.office).get(other)["status"] == "acted_on")
        _ = try one.answer(.reportedToPoliceOrCEOP, ["answer": "done"])
        #expect(try register.as(.office).get(other)["status"] == "passed_on")
        #expect(try register.as(.staff).get(one.path)["status"] == "passed_on")
    }

    /// What is urgent does not go where nobody looks: triage that one first.
    @Test func `is no duplicate of what is less urgent, and was not triaged`() async throws {
        let register = try await Register.open()
        let plain = try Case(register)
        let grave = try Case(register, .child, ("is_child_at_risk", true))
        func close() throws -> Reading {
            try grave.post(
                "closure",
                ["kind": "duplicate", "outcome": "Same", "duplicate_of": .string(plain.id)])
        }
        #expect(try close().faults == ["/duplicate_of": "less_grave"])
        #expect(try plain.triage(Case.finding(("is_child_at_risk", true))).status == 201)
        let told = try close()
        #expect(told.status == 201, "\(told.json)")
    }

    /// Section 25: nobody sees a record of which they are the subject.
    @Test func `whoever reported it and turns out to be its subject learns no more of it`()
        async throws
    {
        let register = try await Register.open()
        let one = try Case(register)
        #expect(try register.as(.staff).get(one.path)["status"] == "received")
        let found = Case.finding(
            ("concerns", "staff"), ("lead_id", Case.person(.headteacher)),
            (
                "people",
                [
                    ["person_id": Case.person(.staff), "group": "staff", "parts": ["alleged"]]
                ]
            ))
        #expect(try one.triage(as: .headteacher, found).status == 201)
        try one.contact("lado", "email", as: .headteacher)
        let after = try register.as(.staff).get(one.path)
        #expect(after.status == 200 && after["status"] == "received")
        for field in ["recorded_at", "acted_on_at", "passed_on_at"] {
            #expect(after[field] == nil, "\(field)")
        }
    }

    @Test func `logs an accidental search in one act`() async throws {
        let one = try Case(
            await Register.open(), .child,
            ("intent", "accidental"),
            ("people", [["group": "child", "name": "Robin Ash", "part": "target"]]))
        let example = try JSON.value(of: Logged.example)
        #expect(
            try one.post("logging", example.without(["parents"])).faults == ["/parents": "required"]
        )
        #expect(try one.read()["status"] == "reported")
        let told = try one.post("logging", example, as: .onlineSafetyCoordinator)
        #expect(told.status == 201)
        #expect(told.json["unmet"] == [])
        let lines = try one.register.as(.dsl).get("\(one.path)/action-lines").data
        #expect(lines.filter { $0["answer"]?.text == "not_needed" }.count == 7)
        #expect(lines[5]["answer"]?.text == "done")
        #expect(lines[7]["words"]?.text == "The address was sent to be blocked.")
        #expect(try one.read()["status"] == "logged_only")
        #expect(try one.post("closure", ["outcome": "Blocked"]).status == 201)
    }

    @Test func `does not log away what harmed somebody`() async throws {
        let register = try await Register.open()
        let one = try Case(
            register, .child, ("is_child_at_risk", true), ("intent", "deliberate"),
            ("people", [["group": "child", "name": "Robin", "part": "alleged"]]))
        let example = try JSON.value(of: Logged.example)
        let told = try one.post("logging", example)
        #expect(told.status == 409)
        #expect(
            told.faults == [
                "/is_child_at_risk": "child_at_risk", "/intent": "deliberate",
                "/people": "somebody_alleged",
            ])
        let other = try Case(register, .staff)
        let adult = try other.post("logging", example, as: .headteacher)
        #expect(adult.json["errors"]?.codes == ["concerns_an_adult"])
    }

    /// Who decides of which kind, and that a reader who does not is told so.
    @Test(
        arguments: [
            (Concern.child, false, [Role.dsl, .deputyDSL, .headteacher, .onlineSafetyCoordinator]),
            (.child, true, [.dsl, .deputyDSL]), (.staff, false, [.headteacher]),
            (.headteacher, false, [.chairOfGovernors]), (.dsl, false, [.headteacher]),
            (.deputyDSL, false, [.dsl, .headteacher]), (.governor, false, [.dsl, .headteacher]),
            (.unsure, false, [.deputyDSL, .chairOfGovernors]),
        ])
    func `is for those in charge`(
        concerns: Concern, isAtRisk: Bool, inCharge: [Role]
    ) async throws {
        let one = try Case(
            await Register.open(), concerns, ("is_child_at_risk", .bool(isAtRisk)))
        var deciding: [Role] = []
        for role in [Role].incidentReaders {
            let actions = try one.read(as: role).json["allowed_actions"]
            guard case .array(let actions)? = actions else { continue }
            let triage = actions.first { $0["action"]?.text == "triage" }
            if triage?["is_allowed"] == true { deciding.append(role) }
        }
        #expect(Set(deciding) == Set(inCharge))
    }

    @Test func `says what I may do now, and what stands against the rest`() async throws {
        let one = try Case(await Register.open())
        func actions(_ role: Role) throws -> [String: [String]] {
            guard case .array(let all)? = try one.read(as: role).json["allowed_actions"] else {
                return [:]
            }
            return all.reduce(into: [:]) { actions, action in
                actions[action["action"]?.text ?? ""] = action["unmet"]?.codes
            }
        }
        let first = try actions(.dsl)
        #expect(first["triage"] == [] && first["logging"] == [] && first["recording"] == [])
        #expect(first["dismissal"] == [])
        #expect(first["closure"]?.first == "not_while_reported")
        #expect(first["reopening"] == ["not_while_reported"])
        #expect(first["restriction"] == [] && first["lifting"] == ["not_restricted"])
        #expect(try one.triage(Case.finding(("is_child_at_risk", true))).status == 201)
        #expect(try actions(.headteacher)["triage"] == ["not_in_charge"])
        #expect(try actions(.dsl)["closure"]?.count == 12)
        try one.complete()
        // AGY-04: of a child at risk it is decided whether it is referred, also when it is not.
        #expect(try actions(.dsl)["closure"] == ["referral_undecided"])
        let decision: JSONValue = [
            "about": "referral", "outcome": "no", "words": "Below the threshold",
            "thresholds": "The partnership's, level 3",
        ]
        #expect(try one.post("decisions", decision).status == 201)
        #expect(try actions(.dsl)["closure"] == [])
        #expect(try one.post("closure", ["outcome": "Done"]).status == 201)
        let last = try actions(.dsl)
        #expect(last["reopening"] == [] && last["recording"] == ["not_while_closed"])
    }
}
