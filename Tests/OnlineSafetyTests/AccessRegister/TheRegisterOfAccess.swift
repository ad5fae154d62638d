import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// Who has access to what, and had it.
@Suite struct `The register of access` {
    private let school = TestSchool.hawthorn

    @Test func `ACC-01: it says who, which system, level, from, to and granted by`() async throws {
        let access = try await AccessAtWork.open()
        let system = try access.system()
        let id = try access.give(
            system, to: school.person(.staff),
            ["level": "Class pages", "from_on": "2026-11-18", "until_on": "2027-07-21"])
        let line = try #require(try access.list().first)
        #expect(line["who"] == "The Member of staff" && line["system"] == "Purple Mash")
        #expect(line["level"] == "Class pages" && line["granted_by"] == "Headteacher")
        #expect(line["from_on"] == "2026-11-18" && line["until_on"] == "2027-07-21")
        #expect(line["state"] == "active" && line["requested_by"] == "School office")
        #expect(try access.read(id).json.acts == ["approved", "activated"])
        // Nothing that is a password has a place in it.
        let told = try access.register.as(.office).post(
            "/v1/access-grants",
            [
                "system_id": .string(system), "person_id": .string(school.pupil.lowercased),
                "password": "hunter2",
            ])
        #expect(told.faults == ["/password": "unknown_field"])
    }

    @Test func `ACC-22: it is exported by system, person and date, on record`() async throws {
        let access = try await AccessAtWork.open()
        let (mash, mail) = (try access.system(), try access.system("Outlook", .staffEmail))
        let (one, two) = (school.person(.staff), school.person(.dsl))
        let first = try access.give(mash, to: one)
        _ = try access.give(mail, to: one)
        try access.at("2026-11-23T12:00:00Z")
        _ = try access.give(mash, to: two)
        try access.at("2026-11-25T12:00:00Z")
        _ = try access.act("revocation", on: first, by: .headteacher, ["reason": "No more"])
        func lines(_ query: String) throws -> Int { try access.list(query).count }
        #expect(try lines("system_id=\(mash)") == 2 && lines("person_id=\(one)") == 2)
        #expect(try lines("system_kind=staff_email") == 1 && lines("state=active") == 2)
        #expect(try lines("on=2026-11-19") == 0)
        #expect(try lines("on=2026-11-20&state=active") == 2)
        #expect(try lines("on=2026-11-24&state=active&system_id=\(mash)") == 2)
        #expect(try lines("on=2026-11-25&state=active&system_id=\(mash)") == 1)
        #expect(try lines("on=2026-11-25&state=revoked") == 1)
        let before = try access.register.database.entries().count { $0.deed == "exported" }
        let csv = try access.register.as(.dpo).get(
            "/v1/access-grants?format=csv&system_id=\(mash)&on=2026-11-24")
        #expect(csv.status == 200 && csv.text.split(separator: "\r\n").count == 3)
        #expect(csv.text.contains("The Member of staff") && csv.text.contains("Purple Mash"))
        let entries = try access.register.database.entries().filter { $0.deed == "exported" }
        #expect(entries.count == before + 1 && entries.last?.kind == "access_grant")
    }

    @Test func `everybody sees their own, and those who answer for access all`() async throws {
        let access = try await AccessAtWork.open()
        let system = try access.system()
        let mine = try access.give(system, to: school.person(.staff))
        let others = try access.give(system, to: school.person(.governor))
        for role in AccessRegister.readers {
            #expect(try access.list(as: role).count == 2, "\(role)")
        }
        #expect(try access.list(as: .staff).map { $0["id"]?.text } == [mine])
        #expect(try access.list(as: .governor).map { $0["id"]?.text } == [others])
        #expect(try access.list(as: .linkGovernor).isEmpty)
        #expect(try access.read(others, as: .staff).status == 404)
        for role in [Role.trustViewer, .temporaryStaff] {
            let told = try access.register.as(role).get("/v1/access-grants")
            #expect(told.status == 403, "\(role)")
        }
        let elsewhere = access.register.as(.headteacher, at: .rosehip)
        #expect(try elsewhere.get("/v1/access-grants").data.isEmpty)
        #expect(try elsewhere.get("/v1/access-systems").data.isEmpty)
        // With a post of either sort each is told once.
        try access.register.seat(.office, for: .staff)
        #expect(try access.list(as: .staff).count == 2)
        #expect(try access.read(mine, as: .staff)["id"] == mine)
    }

    @Test(arguments: ["suspension", "revocation", "nothing"])
    func `a machine's client reads who has what, by ids, and never why`(
        act: String
    ) async throws {
        let access = try await AccessAtWork.open()
        let system = try access.system()
        let person = act == "nothing" ? school.person(.staff) : school.pupil
        let id = try access.give(
            system, to: person, ["why": "canary", "level": "canary for dyslexia"])
        try access.at("2026-11-21T12:00:00Z")
        if act != "nothing" {
            let done = try access.act(act, on: id, by: .headteacher, ["reason": "canary"])
            #expect(done.status == 201)
        }
        let client = try access.register.machine(.accessRead, .peopleRead).signedIn()
        let told = try client.get("/v1/access-grants?on=2026-11-21")
        #expect(told.data.map { $0["state"] } == [act == "nothing" ? "active" : "inactive"])
        #expect((told.data[0]["since"] == nil) == (act != "nothing"))
        #expect(told.data[0]["person_id"]?.text == person.lowercased)
        for name in ["why", "level", "requested_by", "granted_by", "missing"] {
            #expect(told.data[0][name] == nil, "\(name)")
        }
        #expect(!told.text.contains("canary"))
        let (all, states) = (told.text, ["suspended", "revoked"])
        #expect(states.allSatisfy { !all.contains($0) })
        #expect(try client.get("/v1/access-grants?state=suspended,revoked").data.isEmpty)
        let csv = try client.get("/v1/access-grants?format=csv").text
        #expect(!csv.contains("canary") && states.allSatisfy { !csv.contains($0) })
    }

    @Test func `a machine's client has no more than its scope`() async throws {
        let access = try await AccessAtWork.open()
        let system = try access.system()
        let id = try access.give(system, to: school.person(.staff))
        let client = try access.register.machine(.accessRead).signedIn()
        let told = try client.get("/v1/access-grants?on=2026-11-20")
        #expect(told.data.count == 1 && told.data[0]["who"] == nil)
        #expect(try client.get("/v1/access-systems").data.count == 1)
        #expect(try client.get("/v1/access-grants/\(id)").status == 403)
        #expect(try client.post("/v1/access-grants", [:]).status == 403)
        let left = try access.register.as(.headteacher).post(
            "/v1/people/\(school.person(.staff))/leaving", ["left_on": "2026-11-19"])
        #expect(left.status == 201)
        #expect(try client.get("/v1/access-grants").data.map { $0["state"] } == ["ended"])
        let narrow = try access.register.machine(.gateRead).signedIn()
        #expect(try narrow.get("/v1/access-grants").status == 403)
    }

    @Test func `of a day that is past it says what they were, and which rules held`() async throws {
        let access = try await AccessAtWork.open()
        let levels: (String) -> [String: JSONValue] = { level in
            ["levels": [["phase": "key_stage_2", "level": .string(level)]]]
        }
        let office = access.register.as(.office)
        let pupil: (String, String) -> JSONValue = { year, className in
            row(
                "P1", "pupil", "Kim", "Oak",
                [("year_group", .string(year)), ("class_name", .string(className))])
        }
        _ = try office.roster([pupil("3", "3A")])
        let person = try #require(
            office.get("/v1/people?external_id=P1").data.first?["id"]?.text.flatMap(UUID.init))
        let system = try access.system("Mash", .learningPlatform, levels("directly_supervised"))
        let id = try access.give(system, to: person)
        try access.at("2026-11-23T12:00:00Z")
        _ = try office.roster([pupil("4", "4B")])
        let set = try access.register.as(.headteacher).put(
            "/v1/access-systems/\(system)", AccessAtWork.rules(levels("supervised")),
            ["If-Match": "*"])
        #expect(set.status == 200)
        let (then, now) = (
            try #require(try access.list("on=2026-11-22").first),
            try #require(try access.list("on=2026-11-23").first)
        )
        #expect(then["class_name"] == "3A" && then["pupil_level"] == "directly_supervised")
        #expect(now["class_name"] == "4B" && now["pupil_level"] == "supervised")
        #expect(try access.read(id)["class_name"] == "4B")
    }

    @Test func `it is read page by page`() async throws {
        let access = try await AccessAtWork.open()
        let system = try access.system()
        for role in [Role.staff, .dsl, .office, .dpo, .governor] {
            try access.register.keepAccess(
                to: system, for: school.person(role), after: [.approved, .activated])
        }
        var (cursor, seen): (String?, [String]) = (nil, [])
        for _ in 0..<6 {
            let place = cursor.map { "&cursor=\($0)" } ?? ""
            let page = try access.register.as(.office).get("/v1/access-grants?limit=2\(place)")
            seen += page.data.compactMap { $0["id"]?.text }
            cursor = page["next_cursor"]
            if cursor == nil { break }
        }
        #expect(seen.count == 5 && Set(seen).count == 5)
    }

    @Test func `what waits for approval is told to whoever may approve it`() async throws {
        let access = try await AccessAtWork.open()
        let system = try access.system("S", .other, ["approvers": ["headteacher", "dsl"]])
        let asked = try access.ask(system, for: school.person(.dsl), by: .dsl)
        #expect(try access.waiting(for: .headteacher)["access_to_approve"] == 1)
        #expect(try access.waiting(for: .dsl)["access_to_approve"] == nil)
        #expect(try access.waiting(for: .seniorLeader)["access_to_approve"] == nil)
        _ = try access.act("approval", on: asked.id, by: .headteacher)
        #expect(try access.waiting(for: .headteacher)["access_to_approve"] == nil)
    }

    @Test func `what was written is what the audit covers`() async throws {
        let access = try await AccessAtWork.open()
        let id = try access.give(access.system(), to: school.person(.staff))
        _ = try access.act("suspension", on: id, by: .dsl, ["reason": "x"])
        let unlike: () throws -> Int = {
            try access.register.database.number("select count(*) from access_unlike_its_entry")
        }
        #expect(try unlike() == 0)
        try access.register.database.execute(
            """
            update access_reason set reason = 'y';
            update access_grant set level = 'everything';
            update access_act set done_by_name = 'Nobody' where act = 'approved'
            """)
        #expect(try unlike() == 3)
    }
}
