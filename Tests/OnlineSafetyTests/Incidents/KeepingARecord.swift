import JSON
import Testing

@testable import OnlineSafety

/// INC-21, INC-22, INC-33, INC-43, INC-44
@Suite struct `Keeping a record` {
    /// INC-21, INC-43
    @Test func `changes what the record says and keeps what was there before`() async throws {
        let one = try Case(await Register.open())
        let before = try one.read()
        #expect(before["description"] == "Something happened")
        #expect(try one.patch(["description": "x"], nil).status == 428)
        #expect(try one.patch(["description": "x"], "\"9\"").status == 412)
        let told = try one.patch(
            ["description": "It was in the library", "occurred_on": "2026-11-19"], before["etag"])
        #expect(told.status == 200)
        #expect(told["etag"] == "\"2\"")
        #expect(told["description"] == "It was in the library")
        #expect(told.json["reports"]?[0]?["description"]?.text == "Something happened")
        let emptied = try one.patch(["occurred_on": nil], told["etag"])
        #expect(emptied.json["occurred_on"] == nil)
        #expect(try one.patch(["description": nil], emptied["etag"]).status == 422)
        let versions = try one.register.as(.dsl).get("\(one.path)/versions").data
        #expect(versions.map { $0["content"]?["occurred_on"]?.text } == ["2026-11-19", nil])
        #expect(versions[0]["content"]?["description"]?.text == "It was in the library")
        #expect(versions[0]["written_by"]?.text == "The Designated safeguarding lead")
        #expect(try one.register.as(.dsl).ask("DELETE", one.path).status == 405)
    }

    /// INC-43: nobody alters or removes what was written, not even past the handlers.
    @Test(
        arguments: [
            "incident_version", "involvement", "action_answer", "parents_decision", "evidence",
            "agreement_breach", "incident_entry", "incident_link", "incident_move", "closure",
            "reopening", "agency_hold", "agency_hold_release", "incident_part",
        ])
    func `lets the service alter or remove nothing of`(table: String) async throws {
        let database = try await Register.open().database
        for deed in ["delete", "truncate"] {
            let may = try database.owner().run(
                "select has_table_privilege('rowan_service', \(table), \(deed)) as may")
            #expect(may.bool(0, "may") == false, "\(deed) \(table)")
        }
        let may = try database.owner().run(
            "select has_any_column_privilege('rowan_service', \(table), 'update') as may")
        #expect(may.bool(0, "may") == false, "update \(table)")
    }

    /// INC-23
    @Test func `keeps names out of the summary`() async throws {
        let one = try Case(
            await Register.open(), .child,
            ("people", [["group": "child", "name": "Robin Ash", "part": "target"]]))
        #expect(try one.triage().status == 201)
        let etag = try one.read()["etag"]
        for words in ["We talked with Robin.", "robin ash of hawthorn was rude", "Ash, year 5"] {
            let told = try one.patch(["summary": .string(words)], etag)
            #expect(told.faults == ["/summary": "names_a_person"], "\(words)")
            #expect(!told.text.contains("Ash"))
        }
        let told = try one.patch(["summary": "A pupil was called names; ashes of a quarrel."], etag)
        #expect(told.status == 200)
        #expect(told["summary"] == "A pupil was called names; ashes of a quarrel.")
    }

    /// INC-22
    @Test func `holds the nine action lines, each with its answer, words, who and when`()
        async throws
    {
        let one = try Case(await Register.open())
        #expect(try one.triage().status == 201)
        let lines = try one.register.as(.dsl).get("\(one.path)/action-lines").data
        #expect(lines.map { $0["line"]?.text } == ActionLine.Line.allCases.map(\.rawValue))
        #expect(lines.allSatisfy { $0["answer"]?.text == "pending" })
        let unspecified = try one.answer(.adviceSought, ["answer": "done"])
        #expect(unspecified.faults == ["/words": "required"])
        let told = try one.answer(
            .adviceSought, ["answer": "done", "words": "The helpline", "done_on": "2026-11-19"])
        #expect(told.status == 200)
        #expect(told["words"] == "The helpline")
        #expect(told["done_on"] == "2026-11-19")
        #expect(told["done_by"] == "Designated safeguarding lead")
        #expect(told["answered_by_role"] == "dsl")
        #expect(told["answered_at"] != nil)
        // Two at once: the second is told to read first.
        #expect(try one.answer(.adviceSought, ["answer": "pending"]).status == 412)
        let later = try one.answer(.adviceSought, ["answer": "pending"], ifMatch: "\"1\"")
        #expect(later["answer"] == "pending")
        #expect(try one.answer(.parentsInformed, ["answer": "not_needed"]).status == 200)
    }

    /// INC-14: the reporter learns that it was acted on and passed on, and nothing else.
    @Test func `tells the reporter how far it has come`() async throws {
        let one = try Case(await Register.open())
        let reporter = one.register.as(.staff)
        #expect(try reporter.get(one.path)["status"] == "received")
        #expect(try one.triage().status == 201)
        #expect(try reporter.get(one.path)["status"] == "recorded")
        _ = try one.answer(.reportedToNetwork, ["answer": "done"])
        #expect(try reporter.get(one.path)["status"] == "acted_on")
        _ = try one.answer(.reportedToPoliceOrCEOP, ["answer": "done"])
        let receipt = try reporter.get(one.path)
        #expect(receipt["status"] == "passed_on")
        #expect(
            receipt.keys == [
                "id", "school_id", "reference", "status", "reported_at", "recorded_at",
                "acted_on_at", "passed_on_at", "etag",
            ])
        _ = try one.answer(.widerCommunity, ["answer": "done"])
        #expect(try reporter.get(one.path)["etag"] == receipt["etag"])
    }

    /// INC-43
    @Test func `names those involved, corrects them, and withdraws a mistake`() async throws {
        let one = try Case(await Register.open())
        let dsl = one.register.as(.dsl)
        let told = try one.post(
            "people", ["person_id": Case.pupil, "group": "child", "parts": ["target", "witness"]])
        #expect(told.status == 201)
        #expect(told.json["parts"] == ["target", "witness"])
        let path = "\(one.path)/people/\(told.id)"
        let corrected = try dsl.put(
            path, ["person_id": Case.pupil, "group": "child", "parts": ["witness"]],
            ["If-Match": "\"1\""])
        #expect(corrected.json["parts"] == ["witness"])
        #expect(try dsl.ask("DELETE", path, ["If-Match": "\"1\""]).status == 412)
        #expect(try dsl.ask("DELETE", path, ["If-Match": "\"2\""]).status == 204)
        #expect(try dsl.get("\(one.path)/people").data.isEmpty)
        #expect(try one.register.database.number("select count(*) from involvement") == 3)
    }

    /// From the moment that somebody is named so, they see it no more.
    @Test func `hides the record from whoever is named as alleged`() async throws {
        let one = try Case(await Register.open())
        let told = try one.post(
            "people",
            [
                "person_id": Case.person(.onlineSafetyCoordinator), "group": "staff",
                "parts": ["alleged"],
            ], as: .onlineSafetyCoordinator)
        #expect(told.status == 201)
        #expect(try one.read(as: .onlineSafetyCoordinator).status == 404)
        let list = try one.register.as(.onlineSafetyCoordinator).get("/v1/incidents").data
        #expect(!list.contains { $0["id"]?.text == one.id })
        #expect(try one.read(as: .headteacher).status == 200)
    }

    /// NOT-06
    @Test func `records the decision about the parents of each child`() async throws {
        let one = try Case(await Register.open())
        let child = try one.post(
            "people", ["person_id": Case.pupil, "group": "child", "parts": ["target"]])
        let bare = try one.post(
            "parents-decisions", ["child_id": .string(child.id), "decision": "informed"])
        #expect(
            bare.faults == [
                "/informed_at": "required", "/informed_by": "required", "/channel": "required",
                "/about": "required",
            ])
        let ahead = try one.post(
            "parents-decisions",
            Case.informed(.string(child.id)).without(["informed_at"])
                .with("informed_at", "2199-01-01T09:00:00Z"))
        #expect(ahead.faults == ["/informed_at": "in_the_future"])
        let notYet = try one.post(
            "parents-decisions",
            ["child_id": .string(child.id), "decision": "not_yet", "reason": "At the weekend"])
        #expect(notYet.status == 201)
        let unseen = try one.post("parents-decisions", Case.informed(.string(child.id)))
        #expect(unseen.status == 409)
        #expect(unseen.json["errors"]?.codes == ["another_decision_stands"])
        let informed = try one.post(
            "parents-decisions",
            Case.informed(.string(child.id)).with("supersedes", .string(notYet.id))
                .with("acknowledged_on", "2026-11-20").with("who_was_told", "Mrs Ash"))
        #expect(informed.status == 201)
        #expect(informed["channel"] == "telephone")
        #expect(informed["acknowledged_on"] == "2026-11-20")
        let all = try one.register.as(.dsl).get("\(one.path)/parents-decisions").data
        #expect(all.map { $0["is_current"] } == [false, true])
    }

    /// That they are not to be told is a DSL's reason.
    @Test func `leaves it to a DSL that parents are not to be told`() async throws {
        let one = try Case(await Register.open())
        let child = try one.post(
            "people", ["person_id": Case.pupil, "group": "child", "parts": ["target"]])
        let decision: JSONValue = [
            "child_id": .string(child.id), "decision": "not_to_be", "reason": "It would endanger",
        ]
        let refused = try one.post(
            "parents-decisions", decision, as: .onlineSafetyCoordinator)
        #expect(refused.json["errors"]?.codes == ["not_in_charge"])
        #expect(try one.post("parents-decisions", decision, as: .deputyDSL).status == 201)
        let adult = try one.post(
            "people", ["name": "Mr Hall", "group": "other", "parts": ["other"]])
        let told = try one.post("parents-decisions", Case.informed(.string(adult.id)))
        #expect(told.faults == ["/child_id": "unknown_child"])
    }

    /// INC-33, X-01
    @Test func `describes evidence and never holds it`() async throws {
        let one = try Case(await Register.open())
        let told = try one.post("evidence", JSON.value(of: Evidence.Described.example))
        #expect(told.status == 201)
        #expect(told["holder"] == "Grace Okafor")
        #expect(told.json["was_forwarded"] == false)
        let picture = "data:image/jpeg;base64," + String(repeating: "abcdEFGH1234", count: 20)
        let refused = try one.post(
            "evidence",
            [
                "kind": "screenshot", "description": .string(picture), "holder": "The office",
                "was_forwarded": false,
            ])
        #expect(refused.faults == ["/description": "embedded_media_removed"])
        #expect(try one.post("evidence", ["kind": "device"]).faults.count == 3)
    }

    @Test func `links incidents that belong together, from both sides`() async throws {
        let register = try await Register.open()
        let (one, other) = (try Case(register), try Case(register))
        let link: JSONValue = [
            "other_incident_id": .string(other.id), "relation": "retaliation", "words": "Next day",
        ]
        #expect(try one.post("links", link).status == 201)
        let again = try one.post("links", link)
        #expect(again.status == 409)
        let seen = try register.as(.dsl).get("\(other.path)/links").data
        #expect(seen.map { $0["other_incident_id"]?.text } == [one.id])
        let hidden = try Case(register, .dsl)
        let refused = try one.post(
            "links", ["other_incident_id": .string(hidden.id), "relation": "recurrence"])
        #expect(refused.faults == ["/other_incident_id": "unknown_incident"])
    }

    /// INC-44
    @Test func `tells the story in the order in which it happened`() async throws {
        let one = try Case(await Register.open())
        let notice = try one.register.as(.dsl).get("/v1/notices").data.first?["id"]?.text ?? ""
        _ = try one.register.as(.dsl).post("/v1/notices/\(notice)/acknowledgement")
        #expect(try one.triage().status == 201)
        _ = try one.answer(.reportedToNetwork, ["answer": "done", "words": "Removed"])
        _ = try one.post("evidence", JSON.value(of: Evidence.Described.example))
        let entry: JSONValue = [
            "kind": "conversation", "happened_at": "2020-01-01T10:00:00Z", "words": "Years before",
        ]
        #expect(try one.post("chronology", entry).status == 201)
        let story = try one.register.as(.dsl).get("\(one.path)/chronology").data
        let kinds = story.map { $0["kind"]?.text ?? "" }
        #expect(kinds.first == "conversation")
        #expect(kinds.dropFirst().prefix(2) == ["reported", "told"])
        #expect(story.allSatisfy { $0["by"]?.text?.isEmpty == false })
        #expect(
            Set(kinds) == [
                "conversation", "reported", "told", "acknowledged", "written", "triage",
                "line_answered",
                "evidence_described",
            ])
        let page = try one.register.as(.dsl).get("\(one.path)/chronology?limit=2")
        let cursor = try #require(page["next_cursor"])
        let next = try one.register.as(.dsl).get(
            "\(one.path)/chronology?limit=100&cursor=\(cursor)")
        #expect(next.data.count == story.count - 2)
    }

    /// A whole case in one call, whose version covers the parts that are shown.
    @Test func `shows a whole case in one call`() async throws {
        let one = try Case(await Register.open())
        #expect(try one.triage().status == 201)
        let all = "?include=people,action_lines,parents_decisions,evidence,links"
        let whole = try one.read(as: .dsl, all)
        #expect(whole.status == 200)
        #expect(whole.json["people"] == [] && whole.json["links"] == [])
        let etag = try #require(whole.header("etag"))
        let known = ["If-None-Match": etag]
        #expect(try one.register.as(.dsl).get(one.path + all, known).status == 304)
        _ = try one.answer(.reportedToNetwork, ["answer": "done"])
        #expect(try one.register.as(.dsl).get(one.path + all, known).status == 200)
        #expect(try one.patch(["intent": "unknown"], etag).status == 200)
        #expect(try one.read(as: .dsl, "?include=names").status == 400)
    }
}
