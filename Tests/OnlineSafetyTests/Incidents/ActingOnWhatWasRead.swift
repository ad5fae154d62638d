import JSON
import Testing

@testable import OnlineSafety

/// API-05, INC-42, INC-43: what is done, is done to what was read, and for the reasons that were
/// shown.
@Suite struct `Acting on what was read` {
    @Test func `an act on an incident that has changed is refused, where the version is sent`()
        async throws
    {
        let one = try Case(await Register.open())
        let stale = try #require(try one.read().header("etag"))
        #expect(try one.patch(["intent": "deliberate"], stale).status == 200)
        let dsl = one.register.as(.dsl)
        let bodies: [(String, JSONValue)] = try [
            ("triage", Case.finding()), ("logging", JSON.value(of: Logged.example)),
            ("closure", ["kind": "mistaken", "outcome": "It was a lesson"]),
            ("reopening", ["reason": "recurrence", "words": "Again"]),
            ("people", ["name": "Ali", "group": "child", "parts": ["witness"]]),
            ("evidence", JSON.value(of: Evidence.Described.example)),
            ("chronology", JSON.value(of: ChronologyEntry.Made.example)),
        ]
        for (part, body) in bodies {
            let told = try dsl.post("\(one.path)/\(part)", body, ["If-Match": stale])
            #expect(told.status == 412, "\(part)")
        }
        let now = try #require(try one.read().header("etag"))
        for etag in [now, "\"0\", \(now)", "*"] {
            let told = try dsl.post("\(one.path)/triage", Case.finding(), ["If-Match": etag])
            #expect(told.status == (etag == "*" || etag == now ? 201 : 412), "\(etag)")
        }
        #expect(try one.triage().status == 201)
    }

    /// The preview, the act itself and what I may do agree.
    @Test func `what stands against closing is the same wherever it is said`() async throws {
        let one = try Case(await Register.open())
        let preview = try one.read(as: .dsl, "/closure").json["unmet"]
        guard case .array(let actions)? = try one.read().json["allowed_actions"] else { return }
        let action = actions.first { $0["action"]?.text == "closure" }
        let refused = try one.post("closure", ["outcome": "All is well"])
        #expect(refused.status == 409)
        let codes = refused.json["errors"]?.codes ?? []
        #expect(codes.first == "not_while_reported" && codes.count > 10)
        #expect(preview?.codes == codes && action?["unmet"]?.codes == codes)
    }

    /// Nobody closes by themself, and at once, as a mistake what may be grave.
    @Test(
        arguments: [
            ("is_child_at_risk", true), ("types", ["grooming"]), ("types", "gossip"),
        ] as [(String, JSONValue)])
    func `what may be grave is triaged before it is a mistake`(
        field: String, value: JSONValue
    ) async throws {
        let one = try Case(await Register.open(), .child, (field, value))
        let told = try one.post("closure", ["kind": "mistaken", "outcome": "A lesson"])
        #expect(told.status == 409 && told.faults == ["/kind": "triage_first"])
        let first = try Case(one.register, .child, (field, value))
        let duplicate = try one.post(
            "closure",
            ["kind": "duplicate", "outcome": "Same", "duplicate_of": .string(first.id)])
        #expect(duplicate.status == 201)
        let adult = try Case(one.register, .staff)
        let mistaken: JSONValue = ["kind": "mistaken", "outcome": "A lesson"]
        #expect(try adult.post("closure", mistaken, as: .headteacher).status == 409)
    }

    /// INC-14: as soon as somebody has seen the one that is kept, the reporters of both know.
    @Test(arguments: [true, false])
    func `a duplicate's receipt is seen with the one that is kept`(isFirst: Bool) async throws {
        let register = try await Register.open()
        let one = try Case(register)
        let second = try register.as(.office).report("I saw it as well")
        func close() throws {
            let told = try register.as(.dsl).post(
                "/v1/incidents/\(second.id)/closure",
                ["kind": "duplicate", "outcome": "Same", "duplicate_of": .string(one.id)])
            #expect(told.status == 201)
        }
        if isFirst { try close() }
        let notices = try register.as(.dsl).get("/v1/notices").data
        let kept = notices.first { $0["link"]?.text?.hasSuffix(one.id) == true }
        let id = try #require(kept?["id"]?.text)
        #expect(try register.as(.dsl).post("/v1/notices/\(id)/acknowledgement").status == 201)
        if !isFirst { try close() }
        let receipt = try register.as(.office).get("/v1/incidents/\(second.id)")
        #expect(receipt["seen_at"] != nil && receipt["seen_by_role"] == "dsl")
    }

    @Test func `days that have not come are refused in a record`() async throws {
        let one = try Case(await Register.open(), .child, ("occurred_on", "2026-11-16"))
        try one.register.database.setClock("2026-11-20T12:00:00Z")
        let etag = try one.read().header("etag")
        let ahead = try one.patch(
            [
                "occurred_on": "2026-12-01", "occurred_until": "2026-12-02",
                "known_at": "2026-12-01T09:00:00Z",
            ], etag)
        #expect(
            ahead.faults == [
                "/occurred_on": "in_the_future", "/occurred_until": "in_the_future",
                "/known_at": "in_the_future",
            ])
        let reversed = try one.patch(["occurred_until": "2026-11-15"], etag)
        #expect(reversed.faults == ["/occurred_until": "ends_before_it_begins"])
        #expect(try one.patch(["occurred_until": "2026-11-17"], etag).status == 200)
        let now = try one.read().header("etag")
        let later = try one.patch(["occurred_on": "2026-11-18"], now)
        #expect(later.faults == ["/occurred_on": "ends_before_it_begins"])
        let line = try one.answer(
            .policyReviewed, ["answer": "done", "done_on": "2026-11-21"])
        #expect(line.faults == ["/done_on": "in_the_future"])
    }

    /// INC-25
    @Test func `a known person has one place in a record, with all their parts`() async throws {
        let one = try Case(await Register.open())
        let pupil: JSONValue = [
            "person_id": Case.pupil, "group": "child", "parts": ["target", "target", "witness"],
        ]
        let twice = try one.triage(
            Case.finding(("people", [pupil, pupil]), ("types", ["hate", "hate"])))
        #expect(twice.faults == ["/people/1/person_id": "named_twice"])
        let once = Case.finding(("people", [pupil]), ("types", ["hate", "gambling", "hate"]))
        #expect(try one.triage(once).status == 201)
        #expect(try one.read().json["types"] == ["hate", "gambling"])
        let people = try one.read(as: .dsl, "/people").data
        #expect(people.first?["parts"] == ["target", "witness"])
        #expect(try one.post("people", pupil).faults == ["/person_id": "named_twice"])
        let other: JSONValue = ["name": "Ali", "group": "child", "parts": ["witness"]]
        let named = try one.post("people", other)
        let same = try one.register.as(.dsl).put(
            "\(one.path)/people/\(named.id)", pupil, ["If-Match": "\"1\""])
        #expect(same.faults == ["/person_id": "named_twice"])
    }
}
