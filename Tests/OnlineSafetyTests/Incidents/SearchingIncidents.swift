import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// INC-45: within what the caller may see, and no further.
@Suite struct `Searching incidents` {
    /// The incidents that somebody finds, as the query is written in an address.
    private func found(
        _ query: String, in register: Register, as role: Role = .dsl,
        at school: TestSchool = .hawthorn
    ) throws -> Set<String> {
        let escaped = query.utf8.map { byte in
            (48...57).contains(byte) || (97...122).contains(byte) || (65...90).contains(byte)
                ? String(UnicodeScalar(byte)) : "%" + String(256 + Int(byte), radix: 16).dropFirst()
        }.joined()
        let told = try register.as(role, at: school).get("/v1/incidents?limit=1000&q=\(escaped)")
        #expect(told.status == 200, "\(query)")
        return Set(told.data.compactMap { $0["id"]?.text })
    }

    @Test func `finds words wherever they are written`() async throws {
        let register = try await Register.open()
        let one = try Case(
            register, .child, ("evidence", "A jotter with drawings"),
            ("social_media", ["Snapchat"]),
            ("people", [["group": "child", "name": "Zoë O'Brien", "part": "target"]]),
            ("location_detail", "Behind the bicycle shed"))
        _ = try Case(register)
        #expect(try one.triage().status == 201)
        _ = try one.patch(["description": "Unkind rumours were posted"], one.read()["etag"])
        let will: JSONValue = ["name": "Will Maybury", "group": "child", "parts": ["witness"]]
        #expect(try one.post("people", will).status == 201)
        #expect(try one.post("evidence", JSON.value(of: Evidence.Described.example)).status == 201)
        let reference = try #require(try one.read()["reference"])
        let reporter = try #require(try one.read().json["reports"]?[0]?["reporter_name"]?.text)
        for words in [
            "jotter", "drawing", "bicycles", "rumour posting", "RUMOURS", "snapchat", "zoe",
            "Zoë", "zoe o'brien", "\"O’Brien\"", "obrien or jotter", "Will", "may", "mayb",
            "safe Grace", "tablet -pony", "\"unkind rumours\"", reference, reference.lowercased(),
            reference.replacing("-", with: ""),
            reference.lowercased().replacing("-", with: " "),
            reference.lowercased().replacing("-", with: ""), reporter,
        ] {
            #expect(try found(words, in: register).contains(one.id), "\(words)")
        }
        for words in [
            "pony", "jotter pony", "\"rumours unkind\"", "jotter -rumours", "aybury", "zo",
        ] {
            #expect(try !found(words, in: register).contains(one.id), "\(words)")
        }
    }

    @Test func `follows every change of the record`() async throws {
        let register = try await Register.open()
        let one = try Case(register)
        #expect(try one.triage().status == 201)
        let child = try one.post(
            "people", ["person_id": Case.pupil, "group": "child", "parts": ["target"]])
        #expect(try found("ash", in: register) == [one.id])
        try register.database.execute(
            "update person set family_name = 'Rowanberry' where id = '\(TestSchool.hawthorn.pupil)'"
        )
        #expect(try found("rowanberry", in: register) == [one.id])
        let path = "\(one.path)/people/\(child.id)"
        let withdrawn = try register.as(.dsl).ask("DELETE", path, ["If-Match": "\"1\""])
        #expect(withdrawn.status == 204)
        #expect(try found("rowanberry", in: register) == [])
        try one.complete()
        #expect(try one.post("closure", ["outcome": "Apologies were exchanged"]).status == 201)
        #expect(try found("apology", in: register) == [one.id])
        // What is erased from its source is erased here.
        try register.database.execute("update report set description = 'Erased'")
        #expect(try found("happened", in: register) == [one.id])
        try register.database.execute(
            "update incident_version set content = content - 'description'")
        #expect(try found("happened", in: register) == [])
        #expect(try found("erased", in: register) == [one.id])
    }

    /// ORG-02, ORG-06
    @Test func `finds nothing that is not open to the caller`() async throws {
        let scene = try await Scene.open()
        for role in Role.allCases {
            let told = try scene.register.as(role).get("/v1/incidents?limit=1000&q=canary")
            guard told.status == 200 else { continue }
            let ids = Set(told.data.compactMap { $0["id"]?.text })
            let all = try scene.register.as(role).get("/v1/incidents?limit=1000").data
            #expect(ids == Set(all.compactMap { $0["id"]?.text }), "\(role)")
            for stand in [Stand.aboutOneself, .sameTrust, .foreign] {
                #expect(!ids.contains(scene.incident(role, stand)), "\(role) \(stand)")
            }
        }
    }

    /// SEC-06: what is restricted is not left out unseen.
    @Test(arguments: [Role.dsl, .deputyDSL, .headteacher, .chairOfGovernors])
    func `asks whoever may open what is restricted for a fresh proof`(role: Role) async throws {
        let register = try await Register.open()
        let one = try Case(register, .child, ("is_child_at_risk", true))
        let child: JSONValue = ["person_id": Case.pupil, "group": "child", "parts": ["target"]]
        #expect(try one.post("people", child).status == 201)
        let (stale, fresh) = (try register.session(of: role), register.as(role))
        for query in [
            "q=happened", "person_id=\(TestSchool.hawthorn.pupil)", "year_group=5", "part=target",
            "closed_as=completed",
        ] {
            let told = try stale.get("/v1/incidents?\(query)")
            #expect((told.status, told.code) == (403, "step_up_required"), "\(query)")
            #expect(try fresh.get("/v1/incidents?\(query)").status == 200, "\(query)")
        }
        if role == .dsl {
            #expect(try fresh.get("/v1/incidents?q=happened").data.count == 1)
        }
        // What the list shows anyway can be asked for as before.
        for query in ["", "?urgency=urgent", "?is_child_at_risk=true"] {
            #expect(try stale.get("/v1/incidents\(query)").status == 200, "\(query)")
        }
        let coordinator = try register.session(of: .onlineSafetyCoordinator)
        #expect(try coordinator.get("/v1/incidents?q=happened").status == 200)
    }

    /// Nor for those who are named in it, whatever their post.
    @Test func `asks whoever a restricted one names for a fresh proof`() async throws {
        let one = try Case(await Register.open())
        let leader = try one.register.session(of: .seniorLeader)
        #expect(try leader.get("/v1/incidents?q=happened").status == 200)
        #expect(try one.restrict(to: [.deputyDSL, .seniorLeader], as: .deputyDSL).status == 201)
        #expect(try leader.get("/v1/incidents?q=happened").code == "step_up_required")
        #expect(
            try one.register.as(.seniorLeader).get("/v1/incidents?q=happened").data.count == 1)
    }

    /// By a search, too, nobody learns who it was.
    @Test func `does not find who blew the whistle`() async throws {
        let register = try await Register.open()
        let one = try Case(register, .child, ("matter", "whistleblowing"), ("signed_name", "Wren"))
        #expect(try found("happened", in: register, as: .headteacher) == [one.id])
        #expect(try found("Wren", in: register, as: .headteacher) == [])
    }

    @Test func `looks in nobody's receipts`() async throws {
        let register = try await Register.open()
        _ = try register.as(.staff).report("canary")
        for (role, path) in [(Role.staff, "q=canary"), (.dsl, "mine=true&q=canary&part=target")] {
            let told = try register.as(role).get("/v1/incidents?\(path)")
            #expect(told.status == 400)
            #expect(told.faults["q"] == "not_on_receipts")
            #expect(!told.text.contains("canary"))
        }
    }

    @Test func `wants a word, and not a novel`() async throws {
        let register = try await Register.open()
        let dsl = register.as(.dsl)
        for (query, code) in [
            ("", "blank"), ("%20", "blank"), ("-", "blank"), ("%22%22", "blank"),
            (String(repeating: "a", count: 201), "too_long"),
        ] {
            #expect(try dsl.get("/v1/incidents?q=\(query)").faults == ["q": code], "\(query)")
        }
        for query in ["a%26%7C!()%3A*%3C-%3E", "%27%3B--x", "%5Cx", "or", "%F0%9F%98%80a"] {
            #expect(try dsl.get("/v1/incidents?q=\(query)").status == 200, "\(query)")
        }
    }

    @Test func `goes on page by page, the newest first, with the other filters`() async throws {
        let register = try await Register.open()
        for number in 0..<7 {
            _ = try register.as(.staff).report(
                "A wombat, number \(number)", .child, ("is_child_at_risk", .bool(number % 2 == 0)))
        }
        _ = try register.as(.staff).report("A badger")
        let dsl = register.as(.dsl)
        let all = try dsl.get("/v1/incidents?q=wombat").data.compactMap { $0["id"]?.text }
        #expect(all.count == 7)
        var (ids, next) = ([String](), Optional("/v1/incidents?q=wombat&limit=3"))
        while let path = next {
            let page = try dsl.get(path)
            ids += page.data.compactMap { $0["id"]?.text }
            next = page.header("link").map { String($0.dropFirst().prefix { $0 != ">" }) }
        }
        #expect(ids == all)
        #expect(try dsl.get("/v1/incidents?q=wombat&is_child_at_risk=true").data.count == 4)
        let elsewhere = TestSchool.lighthouse.id.uuidString
        #expect(try dsl.get("/v1/incidents?q=wombat&school_id=\(elsewhere)").data == [])
        #expect(try dsl.get("/v1/incidents?q=wombat&format=csv").text.contains(all[6]))
    }

    /// A report never bounces, however long and strange it is.
    @Test func `takes the longest report, and looks through its beginning`() async throws {
        let register = try await Register.open()
        let strange = (0..<70_000).map { number in
            String(UnicodeScalar(0x20000 + number % 40_000) ?? "x") + (number % 3 == 0 ? " " : "")
        }.joined()
        let told = try register.as(.staff).report("wombat \(strange)")
        #expect(told.status == 201)
        let long = String(repeating: "a", count: 50_000)
        let second = try register.as(.staff).report("wombat \(long) \(long)")
        #expect(second.status == 201)
        #expect(try found("wombat", in: register) == [told.id, second.id])
    }
}
