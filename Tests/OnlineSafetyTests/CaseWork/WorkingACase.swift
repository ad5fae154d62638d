import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// INC-26 to INC-29, INC-31, INC-39, INC-41, INC-48 to INC-50
@Suite struct `Working a case` {
    static let now: JSONValue = "2026-11-20T09:30:00Z"

    /// One of a child who did something to another: the places of both in the record.
    private static func opened(_ types: JSONValue = ["cyberbullying"]) async throws -> (
        one: Case, target: JSONValue, alleged: JSONValue
    ) {
        let one = try Case(
            await Register.open(), .child,
            (
                "people",
                [
                    ["group": "child", "person_id": Case.pupil, "part": "target"],
                    ["group": "child", "name": "Sam Birch", "part": "alleged"],
                ]
            ))
        #expect(try one.triage(Case.finding(("types", types))).status == 201)
        let people = try one.register.as(.dsl).get("\(one.path)/people").data
        let ids = ["target", "alleged"].map { part in
            people.first { $0["parts"]?[0]?.text == part }?["id"] ?? .null
        }
        return (one, ids[0], ids[1])
    }

    /// INC-28, INC-41
    @Test func `is investigated, acted on, looked back upon and closed, in that order`()
        async throws
    {
        let (one, _, alleged) = try await Self.opened()
        let debrief = CasePartSaid<Debrief>.json
        #expect(
            try one.post("debriefs", debrief).json["errors"]?.codes.contains("not_while_triaged")
                == true)
        #expect(
            try one.post("findings", CasePartSaid<InvestigationFindings>.json)
                .json["errors"]?.codes == ["not_while_triaged"])
        let stranger = try one.post("investigations", ["investigator_id": Case.person(.staff)])
        #expect(stranger.faults == ["/investigator_id": "not_in_such_a_post"])
        let begun = try one.post(
            "investigations", ["investigator_id": Case.person(.seniorLeader)])
        #expect(begun.status == 201)
        #expect(begun["investigator"] == "The Senior leader")
        #expect(try one.read()["status"] == "investigating")
        #expect(
            try one.post("closure", ["outcome": "Done"]).json["errors"]?.codes
                .contains("not_while_investigating") == true)
        let found = try one.post("findings", CasePartSaid<InvestigationFindings>.json)
        #expect(found.status == 201 && found["mediation"] == "not_apt")
        #expect(try one.read()["status"] == "acting")
        // All nine lines, and what was done for both, come first.
        let early = try one.post("debriefs", debrief)
        #expect(early.status == 409)
        #expect(early.json["errors"]?.codes.filter { $0 == "support_missing" }.count == 2)
        #expect(early.json["errors"]?.codes.filter { $0 == "sanction_missing" }.count == 1)
        #expect(early.json["errors"]?.codes.filter { $0 == "line_pending" }.count == 9)
        try one.complete()
        let sanction = try one.post(
            "sanctions",
            ["of_id": alleged, "what": "warning", "policy": "Behaviour policy, section 9"])
        #expect(sanction.status == 201 && sanction["of"] == "Sam Birch")
        #expect(
            try one.post("closure", ["outcome": "Done"]).faults == ["/debriefs": "debrief_missing"])
        #expect(try one.post("debriefs", debrief).status == 201)
        #expect(try one.read()["status"] == "debrief")
        let lesson = try one.post(
            "lessons",
            [
                "what": "curriculum", "words": "Nobody knew the button",
                "task": "A lesson on the report button", "owner_id": Case.person(.staff),
                "due_on": "2027-01-15",
            ])
        #expect(lesson.status == 201)
        let actions = try one.register.as(.dsl).get("/v1/actions").data
        #expect(actions.map { $0["words"]?.text } == ["A lesson on the report button"])
        #expect(actions.first?["incident_id"]?.text == one.id)
        let named = try one.post(
            "lessons",
            [
                "what": "training", "words": "x", "task": "Tell Robin Hawthorn-Ash",
                "owner_id": Case.person(.staff), "due_on": "2020-01-15",
            ])
        #expect(named.faults["/due_on"] != nil)
        #expect(try one.post("closure", ["outcome": "Done"]).status == 201)
        #expect(try one.post("lessons", [:]).status == 422)
        let kinds = try one.register.as(.dsl).get("\(one.path)/chronology?limit=1000").data
            .compactMap { $0["kind"]?.text }
        for kind in ["investigation", "findings", "sanction", "support", "debrief", "lesson"] {
            #expect(kinds.contains(kind), "\(kind) in the chronology")
        }
    }

    /// INC-27: a prohibited behaviour obliges a decision whether the police are involved.
    @Test func `is not closed before it is decided whether the police are involved`()
        async throws
    {
        let (one, _, _) = try await Self.opened()
        try one.complete()
        let put = try one.post(
            "prohibited-behaviours", ["behaviours": ["threatening", "promoting_hatred"]])
        #expect(put.status == 201)
        let pointer = "/prohibited_behaviours/\(put.id)"
        #expect(
            try one.post("closure", ["outcome": "Done"]).faults == [pointer: "police_undecided"])
        func decide(_ outcome: JSONValue) throws -> Reading {
            try one.post(
                "decisions", ["about": "police", "outcome": outcome, "words": "One message"])
        }
        #expect(try decide("not_yet").status == 201)
        #expect(
            try one.post("closure", ["outcome": "Done"]).faults == [pointer: "police_undecided"])
        #expect(try decide("no").status == 201)
        let decisions = try one.register.as(.dsl).get("\(one.path)/decisions").data
        #expect(decisions.map { $0["is_current"] } == [false, true])
        #expect(try one.post("closure", ["outcome": "Done"]).status == 201)
    }

    /// Decisions are the DSL's, the headteacher's or the chair's; a referral is decided against
    /// the local thresholds; what was decided is never edited.
    @Test func `keeps decisions with their reasons, and for whom they are`() async throws {
        let (one, _, _) = try await Self.opened()
        let refer: JSONValue = ["about": "referral", "outcome": "no", "words": "Level 1"]
        #expect(try one.post("decisions", refer).faults == ["/thresholds": "required"])
        #expect(
            try one.post("decisions", ["about": "police", "outcome": "no"]).faults
                == ["/words": "required"])
        let decision = CasePartSaid<CaseDecision>.json
        #expect(
            try one.post("decisions", decision, as: .onlineSafetyCoordinator).status == 403)
        let put = try one.post("decisions", decision, as: .headteacher)
        #expect(put.status == 201)
        let path = "\(one.path)/decisions/\(put.id)"
        #expect(
            try one.register.as(.dsl).put(path, decision, ["If-Match": "*"]).status == 404)
    }

    /// INC-26, INC-31, INC-39, INC-48, INC-49, INC-50
    @Test func `holds each piece of the work as it was put down`() async throws {
        let (one, target, _) = try await Self.opened(["hate"])
        let parts: [(String, JSONValue)] = [
            ("discriminations", ["against": ["race", "religion"], "words": "The name"]),
            ("support", Case.support(for: target)),
            ("external-cases", ["system": "CPOMS", "reference": "HW-1"]),
            (
                "learners-voices",
                [
                    "child_id": target, "was_involved": true, "reported_themselves": true,
                    "words": "By the CEOP button, with the DSL",
                ]
            ),
            (
                "legal-advice",
                [
                    "happened_at": Self.now, "sought_from": "The trust",
                    "words": "Harm to the school",
                ]
            ),
            ("headteacher-informed", ["happened_at": Self.now, "informed_by": "The DSL"]),
        ]
        for (path, body) in parts {
            let put = try one.post(path, body)
            #expect(put.status == 201, "\(path)")
            let listed = try one.register.as(.dsl).get("\(one.path)/\(path)").data
            #expect(listed.count == 1 && listed[0]["recorded_by_role"]?.text == "dsl", "\(path)")
        }
        // What is corrected keeps what was there before; what was wrong is withdrawn.
        let put = try one.register.as(.dsl).get("\(one.path)/external-cases").data[0]
        let path = "\(one.path)/external-cases/\(put["id"]?.text ?? "")"
        let better: JSONValue = ["system": "My Concern", "reference": "HW-2"]
        #expect(try one.register.as(.dsl).put(path, better).status == 428)
        let corrected = try one.register.as(.dsl).put(path, better, ["If-Match": "\"1\""])
        #expect(corrected["reference"] == "HW-2" && corrected["etag"] == "\"2\"")
        #expect(try one.register.as(.dsl).ask("DELETE", path, ["If-Match": "\"1\""]).status == 412)
        #expect(try one.register.as(.dsl).ask("DELETE", path, ["If-Match": "\"2\""]).status == 204)
        #expect(try one.register.as(.dsl).get("\(one.path)/external-cases").data.isEmpty)
        let kinds = try one.register.as(.dsl).get("\(one.path)/chronology?limit=1000").data
            .compactMap { $0["kind"]?.text }
        #expect(kinds.filter { ["part_corrected", "part_withdrawn"].contains($0) }.count == 2)
        // Somebody else's incident is nobody's to name people of.
        let stranger = try one.post("support", Case.support(for: .string(one.id)))
        #expect(stranger.faults == ["/for_id": "unknown_person"])
        let ahead = try one.post(
            "headteacher-informed", ["happened_at": "2199-01-01T00:00:00Z", "informed_by": "x"])
        #expect(ahead.faults == ["/happened_at": "in_the_future"])
        // No picture in any of it.
        let picture = try one.post(
            "external-cases",
            ["system": "x", "reference": "y", "words": "data:image/png;base64,iVBORw0KGgoAAAA="])
        #expect(picture.status == 422)
    }

    @Test func `the database knows who reads and writes each kind as the routes do`()
        async throws
    {
        let database = try await Register.open().database
        let found = try database.owner().run(
            """
            select kind || ' read by ' || array_to_string(readers, ',') || ' written by '
                || array_to_string(writers, ',') || case when is_final then ' once' else '' end
                as line
            from incident_part_kind
            """)
        let known = Set((0..<found.count).compactMap { found.text($0, "line") })
        func list(_ roles: [Role]) -> String {
            Role.allCases.filter(roles.contains).map(\.rawValue).joined(separator: ",")
        }
        let told = Set(
            (CaseWork.kinds + [Referral.self]).map { kind in
                "\(kind.part.kind) read by \(list(kind.part.readers)) written by "
                    + list(kind.part.writers) + (kind.part.isFinal ? " once" : "")
            })
        let leads = "illegal_address read by dsl,deputy_dsl written by dsl,deputy_dsl once"
        let ofProcedures = ["procedure", "procedure_step"].map { "\($0) read by  written by " }
        #expect(known == told.union([leads]).union(ofProcedures))
    }
}
