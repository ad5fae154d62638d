import JSON
import Testing

@testable import OnlineSafety

/// Several people at one record in the same moment: one after the other, and nobody's work is lost.
@Suite struct `Working at once` {
    @Test func `only one of several changes of the same version is taken`() async throws {
        let one = try Case(await Register.open())
        let etag = try #require(try one.read()["etag"])
        let told = try one.atOnce(8) { number in
            ("PATCH", "", ["summary": .string("Words \(number)")], ["If-Match": etag])
        }
        #expect(told.filter { $0.status == 200 }.count == 1)
        #expect(told.filter { $0.status == 412 }.count == 7)
        #expect(try one.register.database.number("select count(*) from incident_version") == 1)
    }

    @Test func `only one of several closures is taken, and one of several reopenings`()
        async throws
    {
        let one = try Case(await Register.open())
        #expect(try one.triage().status == 201)
        try one.complete()
        let closed = try one.atOnce(6) { _ in ("POST", "/closure", ["outcome": "Done"], [:]) }
        #expect(closed.filter { $0.status == 201 }.count == 1)
        #expect(closed.filter { $0.status == 409 }.count == 5)
        let why = try JSON.value(of: Reopening.example)
        let opened = try one.atOnce(6) { _ in ("POST", "/reopening", why, [:]) }
        #expect(opened.filter { $0.status == 201 }.count == 1)
        #expect(opened.filter { $0.status == 409 }.count == 5)
        let moves = try one.register.database.number(
            "select count(*) from incident_move where act = 'reopening'")
        #expect(moves == 1)
    }

    @Test func `who writes while another closes is told, and nothing is half done`() async throws {
        let one = try Case(await Register.open())
        #expect(try one.triage().status == 201)
        try one.complete()
        let told = try one.atOnce(6) { number in
            number == 3
                ? ("POST", "/closure", ["outcome": "Done"], [:])
                : (
                    "PUT", "/action-lines/other_actions", ["answer": "not_needed"],
                    ["If-Match": "*"]
                )
        }
        #expect(told[3].status == 201)
        #expect(told.allSatisfy { [200, 201, 409].contains($0.status) })
    }
}

/// The subject rule, wherever an incident goes.
@Suite struct `A subject` {
    private static func alleged(_ role: Role) -> JSONValue {
        ["person_id": Case.person(role), "group": "staff", "parts": ["alleged"]]
    }

    @Test func `is named by those in charge alone, and a mistake is taken back`() async throws {
        let one = try Case(await Register.open(), .child, ("is_child_at_risk", true))
        let refused = try one.post("people", Self.alleged(.dsl), as: .headteacher)
        #expect(refused.json["errors"]?.codes == ["not_in_charge"])
        let told = try one.post("people", Self.alleged(.headteacher), as: .dsl)
        #expect(told.status == 201)
        #expect(try one.read(as: .headteacher).status == 404)
        let chair = one.register.as(.chairOfGovernors)
        #expect(try chair.get(one.path).status == 200)
        let own = try chair.get("\(one.path)/people").data.first?["id"]?.text ?? ""
        let gone = try chair.ask("DELETE", "\(one.path)/people/\(own)", ["If-Match": "\"1\""])
        #expect(gone.status == 204)
        #expect(try one.read(as: .headteacher).status == 200)
        #expect(try one.read(as: .dsl).status == 200)
    }

    @Test func `loses the notice too, gets no mail of it, and answers for nobody`() async throws {
        let one = try Case(await Register.open(), .child, ("types", ["grooming"]))
        let coordinator = one.register.as(.onlineSafetyCoordinator)
        let notice = try #require(try coordinator.get("/v1/notices").data.first?["id"]?.text)
        #expect(try one.post("people", Self.alleged(.onlineSafetyCoordinator)).status == 201)
        #expect(try coordinator.get("/v1/notices").data.isEmpty)
        #expect(try coordinator.post("/v1/notices/\(notice)/acknowledgement").status == 404)
        let addresses = try one.register.database.owner().run(
            "select address from lease_mail(100, interval '1 minute')")
        let mails = (0..<addresses.count).compactMap { addresses.text($0, "address") }
        #expect(!mails.contains(TestSchool.hawthorn.email(.onlineSafetyCoordinator)))
        #expect(!mails.isEmpty)
    }

    @Test func `of a duplicate is one of what is kept`() async throws {
        let register = try await Register.open()
        let one = try Case(register, .child, ("types", ["grooming"]))
        let other = try Case(
            register, .child,
            (
                "people",
                [
                    [
                        "group": "staff", "part": "alleged",
                        "person_id": Case.person(.onlineSafetyCoordinator),
                    ]
                ]
            ))
        #expect(try one.read(as: .onlineSafetyCoordinator).status == 200)
        let duplicate: JSONValue = [
            "kind": "duplicate", "outcome": "The same", "duplicate_of": .string(one.id),
        ]
        #expect(try other.post("closure", duplicate, as: .headteacher).status == 201)
        #expect(try one.read(as: .onlineSafetyCoordinator).status == 404)
        // And there are no chains of them.
        let third = try Case(register)
        let closed = try third.post(
            "closure", duplicate.without(["duplicate_of"]).with("duplicate_of", .string(other.id)),
            as: .headteacher)
        #expect(closed.json["errors"]?.codes.contains("closed") == true)
        let kept = try one.post(
            "closure", duplicate.without(["duplicate_of"]).with("duplicate_of", .string(third.id)),
            as: .headteacher)
        #expect(kept.json["errors"]?.codes.contains("has_duplicates") == true)
    }
}

/// What could be gone around, and cannot.
@Suite struct `No way around` {
    @Test func `what is triaged after it was logged has its lines to answer`() async throws {
        let one = try Case(await Register.open(), .child, ("intent", "accidental"))
        #expect(try one.post("logging", JSON.value(of: Logged.example)).status == 201)
        #expect(try one.triage(Case.finding(("severity", "high"))).status == 201)
        let told = try one.post("closure", ["outcome": "Done"])
        #expect(told.json["errors"]?.codes.filter { $0 == "line_pending" }.count == 7)
        let again = try one.post("logging", JSON.value(of: Logged.example))
        #expect(again.json["errors"]?.codes == ["found_grave"])
    }

    @Test func `what was dismissed is reopened to be triaged`() async throws {
        let one = try Case(await Register.open())
        let closing: JSONValue = ["kind": "mistaken", "outcome": "A lesson"]
        #expect(try one.post("closure", closing).status == 201)
        #expect(try one.post("reopening", JSON.value(of: Reopening.example)).status == 201)
        #expect(try one.read()["status"] == "reported")
        #expect(try one.triage().status == 201)
        #expect(try one.post("closure", closing).json["errors"]?.codes == ["not_while_triaged"])
    }

    @Test func `nobody whom the report named is forgotten, and triage twice doubles nobody`()
        async throws
    {
        let one = try Case(
            await Register.open(), .child,
            ("people", [["group": "child", "name": "Robin Ash", "part": "target"]]))
        let found = Case.finding(
            ("people", [["name": "A cousin", "group": "other", "parts": ["witness"]]]))
        for _ in 0..<2 { #expect(try one.triage(found).status == 201) }
        let people = try one.register.as(.dsl).get("\(one.path)/people").data
        #expect(Set(people.compactMap { $0["name"]?.text }) == ["Robin Ash", "A cousin"])
        #expect(people.count == 2)
    }

    @Test func `a child whom it concerns is named before it is closed`() async throws {
        let one = try Case(await Register.open())
        #expect(try one.triage().status == 201)
        let told = try one.post("closure", ["outcome": "Done"])
        #expect(told.faults["/people"] == "child_unnamed")
    }

    @Test func `a governor leads nothing of a child`() async throws {
        let one = try Case(await Register.open())
        let told = try one.triage(Case.finding(("lead_id", Case.person(.chairOfGovernors))))
        #expect(told.faults == ["/lead_id": "cannot_lead"])
    }

    /// It waits for the answer of those whose business it has become.
    @Test func `what triage sends to other posts waits for their answer`() async throws {
        let one = try Case(await Register.open(), .child, ("is_child_at_risk", true))
        let found = Case.finding(
            ("concerns", "headteacher"), ("is_child_at_risk", true),
            ("lead_id", Case.person(.chairOfGovernors)))
        #expect(try one.triage(found).status == 201)
        #expect(try one.register.database.number("select count(*) from unanswered") == 1)
    }
}

extension Case {
    /// Asks several things of it at the same moment; the answers in the order of the questions.
    fileprivate func atOnce(
        _ count: Int,
        _ question: (Int) throws -> (String, String, JSONValue, [String: String])
    ) throws -> [Reading] {
        let token = TestSchool.hawthorn.token(.dsl)
        let sockets = try (0..<count).map { number in
            let (method, part, body, headers) = try question(number)
            let text = JSON.string(of: body)
            var head =
                "\(method) \(path)\(part) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            head += "Authorization: Bearer \(token)\r\nContent-Type: application/json\r\n"
            for (name, value) in headers { head += "\(name): \(value)\r\n" }
            let socket = try ClientSocket(port: register.port)
            try socket.send(Array("\(head)Content-Length: \(text.utf8.count)\r\n\r\n\(text)".utf8))
            return socket
        }
        return try sockets.map { try Reading($0.readToEnd()) }
    }
}
