import JSON
import Testing

@testable import OnlineSafety

/// What a school lives through with one report, told through the API, with the refusals that its
/// people meet on the way: from a lunchtime at Hawthorn to the log.
@Suite struct `A story of one school` {
    /// INC-14
    @Test func `from what a pupil says at lunch to the closed record`() async throws {
        let register = try await Register.open()
        let (assistant, coordinator) = (register.as(.staff), register.as(.onlineSafetyCoordinator))
        let (dsl, head) = (register.as(.dsl), register.as(.headteacher))

        // A teaching assistant writes down what a pupil told her, and is told who knows it now.
        let told = try assistant.report(
            "Robin says a stranger in a game asks for photographs", .child,
            ("types", ["grooming"]), ("is_child_at_risk", true), ("channel", "verbal"),
            ("spoken_for", "Robin Ash"), ("evidence", "The chat is on the tablet at home"),
            ("people", [["group": "child", "name": "Robin Ash", "part": "target"]]))
        #expect(told.status == 201)
        let path = "/v1/incidents/\(told.id)"
        #expect(try assistant.get(path)["status"] == "received")

        // She cannot look into it, nor can the technician, nor anybody of the next school.
        #expect(try assistant.get("\(path)/people").status == 403)
        #expect(try register.as(.technician).get(path).status == 403)
        #expect(try register.as(.dsl, at: .rosehip).get(path).status == 404)

        // The DSL sees the notice and takes it up; the assistant sees that she did.
        let notice = try #require(try dsl.get("/v1/notices").data.first?["id"]?.text)
        #expect(try dsl.post("/v1/notices/\(notice)/acknowledgement").status == 201)
        #expect(try assistant.get(path)["seen_by_role"] == "dsl")

        // The coordinator has word of it, and no more; this is nothing that is only logged.
        let logged = try JSON.value(of: Logged.example)
        let word = try #require(try coordinator.get("/v1/notices").data.first)
        #expect(word["kind"]?.text == "restricted_reported" && word["link"] == nil)
        #expect(try coordinator.post("\(path)/logging", logged).status == 404)
        #expect(
            try dsl.post("\(path)/logging", logged).json["errors"]?.codes
                == ["child_at_risk", "grave"])

        // Triage: grooming, contact, a crime is suspected; the DSL leads.
        let finding = Case.finding(
            ("types", ["grooming"]), ("risk_categories", ["contact"]), ("severity", "high"),
            ("is_child_at_risk", true), ("legality", "suspected"))
        #expect(try dsl.post("\(path)/triage", finding).status == 201)
        #expect(try assistant.get(path)["status"] == "recorded")
        #expect(try head.post("\(path)/triage", finding).code == "conflict")

        // She seeks advice, tells the police, describes the evidence, and waits with the parents.
        let child = try #require(try dsl.get("\(path)/people").data.first?["id"])
        let wait = try dsl.post(
            "\(path)/parents-decisions",
            ["child_id": child, "decision": "not_yet", "reason": "The police ask for an hour"])
        #expect(wait.status == 201)
        try answer(dsl, path, .adviceSought, ["answer": "done", "words": "The local authority"])
        try answer(dsl, path, .reportedToPoliceOrCEOP, ["answer": "done", "words": "Ref. 77"])
        #expect(try assistant.get(path)["status"] == "passed_on")
        let evidence = try JSON.value(of: Evidence.Described.example)
        #expect(try dsl.post("\(path)/evidence", evidence).status == 201)

        // The headteacher reads along, and cannot close what is for the DSL.
        let early = try head.post("\(path)/closure", ["outcome": "Dealt with"])
        #expect(early.json["errors"]?.codes.last == "not_in_charge")

        // An hour later the mother is told.
        let informed = Case.informed(child).with("supersedes", .string(wait.id))
        #expect(try dsl.post("\(path)/parents-decisions", informed).status == 201)
        try await close(Case(of: told.id, register), dsl, path)

        // The reporter still sees a status and no more; the story is whole, and the chain holds.
        #expect(try assistant.get(path).json["reports"] == nil)
        let story = try dsl.get("\(path)/chronology?limit=1000").data
        #expect(story.count > 20)
        let reads = try register.database.number(
            """
            select count(*) from event
            where chain = 'reads' and \(told.id)::uuid = any(record_ids)
            """)
        #expect(reads >= 10)
    }

    private func answer(
        _ dsl: Visitor, _ path: String, _ line: ActionLine.Line, _ body: JSONValue
    ) throws {
        let told = try dsl.put(
            "\(path)/action-lines/\(line.rawValue)", body, ["If-Match": "\"0\""])
        #expect(told.status == 200)
    }

    /// Everything that was missing is named, done, and then it closes.
    private func close(_ one: Case, _ dsl: Visitor, _ path: String) async throws {
        let missing = try dsl.post("\(path)/closure", ["outcome": "The account was closed"])
        #expect(missing.status == 409)
        #expect(missing.faults.filter { !$0.key.hasPrefix("/procedures") }.count == 9)
        // Of a child at risk it is put down to whom it was referred.
        #expect(missing.faults["/decisions"] == "referral_undecided")
        try one.contact("police", "101")
        for attached in try one.procedures() { try attached.settleTheRest() }
        for case let (place, "line_pending") in missing.faults {
            let line = try #require(ActionLine.Line(rawValue: String(place.dropFirst(14))))
            try answer(dsl, path, line, ["answer": "not_needed"])
        }
        let named = try dsl.ask(
            "PATCH", path, ["If-Match": dsl.get(path)["etag"] ?? ""],
            ["summary": "Robin was asked for photographs"])
        #expect(named.faults == ["/summary": "names_a_person"])
        let summed = try dsl.ask(
            "PATCH", path, ["If-Match": dsl.get(path)["etag"] ?? ""],
            ["summary": "A stranger asked a pupil for photographs; the police were told."])
        #expect(summed.status == 200)
        let closed = try dsl.post("\(path)/closure", ["outcome": "The account was closed"])
        #expect(closed.status == 201)
        #expect(try dsl.get(path)["status"] == "closed")
    }

    /// ORG-06: a report about the headteacher, which the headteacher must never meet.
    @Test func `a worry about the headteacher goes to the chair, and only there`() async throws {
        let register = try await Register.open()
        let (assistant, head) = (register.as(.staff), register.as(.headteacher))
        let told = try assistant.report("The head keeps photographs on a phone", .headteacher)
        let path = "/v1/incidents/\(told.id)"
        let chair = register.as(.chairOfGovernors)
        #expect(try chair.get(path).status == 200)
        let lead = Case.finding(
            ("concerns", "headteacher"), ("lead_id", Case.person(.chairOfGovernors)),
            (
                "people",
                [
                    [
                        "person_id": Case.person(.headteacher), "group": "staff",
                        "parts": ["alleged"],
                    ]
                ]
            ))
        #expect(try chair.post("\(path)/triage", lead).status == 201)
        for address in [
            path, "\(path)/people", "\(path)/closure", "\(path)/chronology", "\(path)/versions",
            "\(path)/action-lines",
        ] {
            #expect(try head.get(address).status == 404, "\(address)")
            #expect(try register.as(.dsl).get(address).status == 404, "\(address)")
        }
        #expect(!(try head.get("/v1/incidents").text.contains(told.id)))
        #expect(!(try head.get("/v1/notices").text.contains(told.id)))
        #expect(try head.post("\(path)/closure", ["outcome": "Nothing in it"]).status == 404)
        #expect(try chair.post("\(path)/closure", ["outcome": "x"]).status == 409)
    }
}
