import JSON
import Testing

@testable import OnlineSafety

/// INC-24, RPT-05: the log of source 001's Appendix K, made of the records.
@Suite struct `Keeping the log` {
    private static let path = "/v1/incident-log"

    private static let robin: JSONValue = [
        "group": "child", "name": "Robin Ash", "part": "target", "detail": "Year 5",
    ]

    /// An incident that is triaged, acted on and closed.
    private func closed(_ register: Register) throws -> Case {
        let one = try Case(
            register, .child, ("occurred_on", "2026-11-16"), ("occurred_time", "10:35"),
            ("people", [Self.robin, ["group": "child", "name": "Ali Birch", "part": "alleged"]]),
            ("evidence", "She has the messages"))
        #expect(try one.triage().status == 201)
        #expect(try one.post("evidence", JSON.value(of: Evidence.Described.example)).status == 201)
        try one.complete()
        let told: JSONValue = ["answer": "done", "words": "The mother of Robin"]
        #expect(try one.answer(.parentsInformed, told, ifMatch: "\"1\"").status == 200)
        #expect(try one.post("closure", ["outcome": "Robin was talked with"]).status == 201)
        return one
    }

    private func line(of one: Case, as role: Role = .dsl, _ more: String = "") throws -> JSONValue?
    {
        try one.register.as(role).get(Self.path + more).data.first { $0["id"]?.text == one.id }
    }

    /// Also where it is one of itself, and to whoever has not shown afresh who they are.
    @Test(arguments: [Concern.staff, .unsure])
    func `says of what is restricted that it is, and no more before a fresh proof`(
        concerns: Concern
    ) async throws {
        let register = try await Register.open()
        let told = try register.as(.staff).report("A canary", concerns)
        let reader = concerns == .unsure ? Role.deputyDSL : .dsl
        let listed = try register.session(of: reader).get(Self.path)
        let line = try #require(listed.data.first { $0["id"]?.text == told.id })
        #expect(line["is_restricted"] == true && !listed.text.contains("canary"))
        let known = try register.as(reader).get(Self.path)
        #expect(known.data.first?["is_restricted"] == true && known.text.contains("canary"))
    }

    /// INC-24
    @Test func `has the five columns of each incident, from its record`() async throws {
        let one = try closed(await Register.open())
        let line = try #require(try line(of: one))
        #expect(line["date_and_time"] == "2026-11-16 10:35")
        #expect(line["people"] == ["Robin Ash (T)", "Ali Birch (O)"])
        #expect(line["nature"] == ["gambling", "conduct"])
        #expect(
            line["details"]?.text == """
                Something happened
                Evidence: She has the messages
                Evidence: The family's tablet, switched off, Grace Okafor, The DSL's safe
                """)
        #expect(
            line["outcome"] == [
                "completed: Robin was talked with", "parents_informed: The mother of Robin",
            ])
        #expect(line["status"] == "closed" && line["closed_as"] == "completed")
        // It is never a second entry: what changes in the record changes in its line.
        let why: JSONValue = ["reason": "new_evidence", "words": "More was found"]
        #expect(try one.post("reopening", why).status == 201)
        _ = try one.patch(
            ["description": "It was worse", "occurred_on": "2026-11-15", "is_approximate": true],
            one.read()["etag"])
        let later = try #require(try self.line(of: one))
        #expect(later["details"]?.text?.hasPrefix("It was worse\n") == true)
        #expect(later["date_and_time"] == "about 2026-11-15 10:35")
        #expect(later["outcome"] == ["parents_informed: The mother of Robin"])
        #expect(later["status"] == "acting" && later["closed_as"] == nil)
        for method in ["POST", "PUT", "PATCH", "DELETE"] {
            #expect(try one.register.as(.dsl).ask(method, Self.path).status == 405)
        }
    }

    /// INC-24: all of them, each marked as what it is.
    @Test func `leaves none out`() async throws {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T23:30:00Z")
        let reported = try Case(register, .child, ("people", [Self.robin]))
        let logged = try Case(register)
        #expect(try logged.post("logging", JSON.value(of: Logged.example)).status == 201)
        let mistaken = try Case(register)
        #expect(
            try mistaken.post("closure", ["kind": "mistaken", "outcome": "A lesson"]).status == 201)
        let duplicate = try Case(register)
        let same: JSONValue = [
            "kind": "duplicate", "outcome": "Same", "duplicate_of": .string(reported.id),
        ]
        #expect(try duplicate.post("closure", same).status == 201)
        let first = try #require(try line(of: reported))
        #expect(first["people"] == ["Robin Ash (T)"])
        #expect(first["status"] == "reported")
        #expect(first["date_and_time"] == "2026-11-20 23:30")
        #expect(try line(of: logged)?["status"] == "logged_only")
        #expect(try line(of: mistaken)?["closed_as"] == "mistaken")
        #expect(try line(of: duplicate)?["closed_as"] == "duplicate")
        let marked = try register.as(.dsl).get("\(Self.path)?closed_as=mistaken,duplicate").data
        #expect(Set(marked.map { $0["id"]?.text }) == [mistaken.id, duplicate.id])
    }

    /// INC-24, INC-25: with names for those to whom the incident is open, and nobody else.
    @Test func `shows with names what is open to the post, and never what is about oneself`()
        async throws
    {
        let register = try await Register.open()
        let (ordinary, adult) = (try Case(register), try Case(register, .staff))
        let about = try Case(register, .child, ("people", [Scene.alleged(.headteacher)]))
        for (role, seen) in [
            (Role.dsl, [ordinary.id, adult.id]), (.headteacher, [ordinary.id, adult.id]),
            (.onlineSafetyCoordinator, [ordinary.id]),
        ] {
            let found = Set(try register.as(role).get(Self.path).data.map { $0["id"]?.text ?? "" })
            #expect(found.isSuperset(of: seen), "\(role)")
            #expect(found.contains(adult.id) == seen.contains(adult.id), "\(role)")
            #expect(!found.contains(about.id), "\(role)")
        }
        for role in [Role.staff, .office, .technician, .governor, .chairOfGovernors, .trustViewer] {
            #expect(try register.as(role).get(Self.path).status == 403, "\(role)")
        }
    }

    /// RPT-05
    @Test func `is printed as a table, whole or page by page`() async throws {
        let register = try await Register.open()
        let one = try closed(register)
        for day in 1...5 {
            _ = try Case(register, .child, ("occurred_on", .string("2026-11-0\(day)")))
        }
        let dsl = register.as(.dsl)
        let table = try dsl.get("\(Self.path)?format=csv").text
        #expect(table.hasPrefix("date_and_time,people,nature,details,outcome,reference,status,"))
        #expect(table.contains("\r\n2026-11-16 10:35,Robin Ash (T);Ali Birch (O),gambling;"))
        #expect(table.contains("completed: Robin was talked with;parents_informed: The mother"))
        let all = try dsl.get(Self.path).data.compactMap { $0["id"]?.text }
        #expect(all.count == 6 && all.first == one.id)
        for sort in ["-date", "date"] {
            var (found, next) = ([String](), Optional("\(Self.path)?limit=2&sort=\(sort)"))
            while let path = next {
                let page = try dsl.get(path)
                #expect(page.status == 200)
                found += page.data.compactMap { $0["id"]?.text }
                next = page.header("link").map { String($0.dropFirst().prefix { $0 != ">" }) }
            }
            #expect(found == (sort == "date" ? all.reversed() : all))
        }
        let some = try dsl.get("\(Self.path)?since=2026-11-02&before=2026-11-05").data
        #expect(some.count == 3)
        let typed = try dsl.get("\(Self.path)?type=gambling&risk_category=conduct").data
        #expect(typed.map { $0["id"]?.text } == [one.id])
        #expect(try dsl.get("\(Self.path)?q=Robin").faults == ["q": "unknown_parameter"])
    }

    /// RPT-05: whoever read it, or took it away, is on record with every incident shown.
    @Test(arguments: [Role.dsl, .linkGovernor])
    func `is on record when it is read or exported`(role: Role) async throws {
        let register = try await Register.open()
        let one = try closed(register)
        for (form, deed) in [("", "listed"), ("?format=csv", "exported")] {
            #expect(try register.as(role).get(Self.path + form).status == 200)
            let last = try #require(
                try register.database.entries().last { $0.kind == "incident_log" })
            #expect(last.deed == deed && last.chain == "reads")
            #expect(last.account == TestSchool.hawthorn.account(role))
            #expect(last.records.map { $0.uuidString.lowercased() } == [one.id])
        }
    }
}
