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
        for role in Grants.readers {
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
    }

    @Test func `a machine's client reads who has what, by ids, and never why`() async throws {
        let access = try await AccessAtWork.open()
        let system = try access.system()
        let id = try access.give(system, to: school.person(.staff))
        _ = try access.act("suspension", on: id, by: .dsl, ["reason": "canary"])
        let client = try access.register.machine(.accessRead).signedIn()
        let told = try client.get("/v1/access-grants?on=2026-11-20")
        #expect(told.data.map { $0["state"] } == ["suspended"])
        #expect(told.data[0]["person_id"]?.text == school.person(.staff).lowercased)
        #expect(told.data[0]["who"] == nil && !told.text.contains("canary"))
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
