import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// Rows of the MIS, as JSON.
@Suite struct `Applying a roster batch` {
    private let school = TestSchool.hawthorn

    /// API-02
    @Test func `adds and changes by external id, and the same again alters nothing`() async throws {
        let register = try await Register.open()
        let office = register.as(.office)
        let rows = [
            row("P1", "pupil", "Kim", "Oak", [("year_group", "Year 4"), ("class_name", "4A")]),
            row("P2", "pupil", "Lou", "Elm", [("year_group", "Reception")]),
        ]
        let first = try office.roster(rows)
        #expect(first.status == 201 && first.number("added") == 2)
        let address = try #require(first.header("location"))
        #expect(try office.get(address).number("added") == 2)
        let kim = try #require(try office.known("P1"))
        #expect(kim["year_group"]?.text == "4" && kim["class_name"]?.text == "4A")
        let again = try office.roster(rows)
        #expect(again.number("unchanged") == 2 && again.number("changed") == 0)
        #expect(try office.known("P1")?["etag"] == kim["etag"])
        let moved = try office.roster([
            row("P1", "pupil", "Kim", "Oak", [("class_name", "5B"), ("year_group", .null)])
        ])
        #expect(moved.number("changed") == 1)
        let after = try #require(try office.known("P1"))
        #expect(after["class_name"]?.text == "5B" && after["year_group"] == nil)
        #expect(after["id"] == kim["id"] && after["etag"] != kim["etag"])
        #expect(try office.known("P2")?["year_group"]?.text == "r")
        let was = try register.database.owner().run(
            """
            select class_name from person_version
            where person_id = \(kim["id"]?.text)::text::uuid
            """)
        #expect(was.count == 1 && was.text(0, "class_name") == "4A")
    }

    /// API-02: what the school itself keeps stays, whatever the MIS says.
    @Test func `touches nothing that the school itself keeps`() async throws {
        let register = try await Register.open()
        let told = try register.as(.staff).report("Something", .child)
        try register.database.execute(
            "update person set external_id = 'T1' where id = '\(school.person(.staff))'")
        let before = try state(register)
        let sent = try register.as(.office).roster([
            row("T1", "support_staff", "Anna", "Reed"), row("P1"),
        ])
        #expect(sent.number("changed") == 1 && sent.number("added") == 1)
        #expect(try state(register) == before)
        #expect(try register.as(.staff).get("/v1/incidents/\(told.id)").status == 200)
        #expect(try register.as(.staff).known("T1")?["given_name"]?.text == "Anna")
    }

    /// Accounts, posts, sessions, incidents, and the persons without an id of the MIS.
    private func state(_ register: Register) throws -> String? {
        try register.database.owner().run(
            """
            select md5(concat(
                (select string_agg(seat::text, '' order by id) from seat),
                (select string_agg(id::text || account_id, '' order by id) from person
                    where external_id is null or account_id is not null),
                (select string_agg(account::text, '' order by id) from account),
                (select string_agg(incident::text, '' order by id) from incident),
                (select count(*) from session where ended_at is null))) as state
            """
        ).text(0, "state")
    }

    @Test func `a dry run tells the same and does nothing`() async throws {
        let register = try await Register.open()
        let office = register.as(.office)
        let tried = try office.roster([row("P1"), row("P2")], "?dry_run=true&mode=full")
        #expect(tried.status == 200 && tried["outcome"] == "tried")
        #expect(tried.number("added") == 2 && tried["id"] == nil)
        #expect(try office.known("P1") == nil)
        #expect(try office.get(Visitor.path).data.isEmpty)
        let faulty = try office.roster([row("P1"), row("", "elf")], "?dry_run=true")
        #expect(faulty.status == 200 && faulty["outcome"] == "refused")
        #expect(faulty.issues == ["2 external_id", "2 unknown_word"])
    }

    /// Nothing of a batch is kept when one row is faulty, and all that is wrong is told; the values
    /// are not.
    @Test func `one faulty row refuses all, unless good ones are to be kept`() async throws {
        let register = try await Register.open()
        let office = register.as(.office)
        let rows: [JSONValue] = [
            row("P1"),
            row("P2", "pupil", " ", "Oak", [("year_group", "Year 77"), ("shoe_size", 4)]),
            row("P3", "pupil", "Kim", "Oak", [("date_of_birth", "2016-02-30")]),
            row("P4", "pupil", "Kim", "Oak", [("parents", [["external_id": "Nobody"]])]),
            row("P5", "pupil", "One", "Oak"), row("P5", "pupil", "Other", "Oak"),
            row("P6"), row("P6"),
            row(
                "P7", "pupil", "Kim", "Oak",
                [("joined_on", "2026-09-01"), ("left_on", "2026-08-01")]),
        ]
        let refused = try office.roster(rows)
        #expect(refused.status == 422 && !refused.text.contains("Nobody"))
        #expect(
            refused.faults == [
                "/rows/1/given_name": "blank", "/rows/1/year_group": "unknown_year_group",
                "/rows/1/shoe_size": "unknown_field", "/rows/2/date_of_birth": "date",
                "/rows/3/parents": "unknown_parent",
                "/rows/4/external_id": "duplicate_external_id",
                "/rows/5/external_id": "duplicate_external_id",
                "/rows/8/left_on": "left_before_joining",
            ])
        #expect(try office.known("P1") == nil)
        let partial = try office.roster(rows, "?partial=true")
        #expect(partial.status == 207 && partial.number("added") == 2)
        #expect(partial.number("refused") == 6)
        #expect(try office.known("P1") != nil && office.known("P6") != nil)
        #expect(try office.known("P5") == nil)
    }

    @Test func `a UPN is a warning here, and a fault of a single write`() async throws {
        let register = try await Register.open()
        let office = register.as(.office)
        let sent = try office.roster([
            row("P1", "pupil", "Kim", "Oak", [("upn", "B801200005001")]),
            row("P2", "pupil", "Lou", "Oak", [("upn", "A801200005001")]),
            row("P3", "pupil", "Max", "Oak", [("upn", "B801200005001")]),
        ])
        #expect(sent.status == 201)
        #expect(sent.issues == ["1 upn_twice", "2 upn_check_letter", "3 upn_twice"])
        for (upn, fault) in [("B801200005001", nil), ("A801200005001", "upn_check_letter")] {
            let told = try office.post(
                "/v1/people",
                [
                    "school_id": .string(school.id.uuidString), "kind": "pupil",
                    "given_name": "Kim", "family_name": "Oak", "upn": .string(upn),
                ])
            #expect(told.faults["/upn"] == fault)
        }
    }

    /// ORG-14
    @Test func `carries parents, who has responsibility and whom contact is barred`() async throws {
        let register = try await Register.open()
        let office = register.as(.office)
        func send(_ parents: JSONValue) throws -> Reading {
            try office.roster([
                row("C1", "parent", "Amira", "Oak", [("email", "Amira@Example.org")]),
                row("C2", "parent", "Ben", "Oak"),
                row("P1", "pupil", "Kim", "Oak", [("parents", parents)]),
            ])
        }
        let both: JSONValue = [
            ["external_id": "C1", "relationship": "Mother", "has_responsibility": true],
            ["external_id": "C2", "no_contact": true],
        ]
        #expect(try send(both).number("links_added") == 2)
        #expect(try send(both).number("links_changed") == 0)
        let child = try #require(try office.known("P1")?["id"]?.text)
        let links = try register.as(.dsl).get("/v1/people/\(child)/links").data
        #expect(links.count == 2)
        let ben = try #require(links.first { $0["parent"]?.text == "Ben Oak" })
        #expect(ben["no_contact"] == .bool(true) && ben["has_responsibility"] == .bool(false))
        #expect(try register.as(.staff).get("/v1/people/\(child)/links").status == 403)
        let one = try send([["external_id": "C1", "has_responsibility": false]])
        #expect(one.number("links_changed") == 1 && one.number("links_ended") == 1)
        let mother = try #require(try office.known("C1")?["id"]?.text)
        let hers = try office.get("/v1/people/\(mother)/links").data
        #expect(
            hers.filter { $0["until_on"] == nil }.map { $0["relationship"]?.text } == ["Mother"])
        #expect(try office.get("/v1/people/\(mother)")["email"] == "amira@example.org")
        #expect(try register.as(.staff).get("/v1/people/\(mother)")["email"] == nil)
    }

    /// SEC-13: by the scope alone; and the entry names the client.
    @Test func `a machine may write the roster of its school`() async throws {
        let register = try await Register.open()
        let machine = try register.machine(.rosterWrite)
        let sent = try machine.signedIn().roster([row("P1")])
        #expect(sent.status == 201 && sent.json["is_by_client"] == .bool(true))
        let other = try register.machine(.rosterWrite, of: .rosehip).signedIn()
        #expect(try other.roster([row("P2")]).status == 404)
        #expect(try register.machine(.peopleRead).signedIn().roster([]).status == 403)
        let entries = try register.database.number(
            """
            select count(*) from event
            where deed = 'roster_applied' and client_id = \(machine.id)
                and record_ids = array[\(sent.id)::text::uuid]
            """)
        #expect(entries == 1)
    }

    @Test func `a machine's batch that is sent again is the same one`() async throws {
        let register = try await Register.open()
        let machine = try register.machine(.rosterWrite).signedIn()
        func send(_ name: String) throws -> Reading {
            try machine.post(
                Visitor.path, ["rows": [row("P1", "pupil", name, "Oak")]],
                ["Idempotency-Key": "the-batch"])
        }
        let first = try send("Kim")
        #expect(first.status == 201, "\(first.json)")
        let again = try send("Kim")
        #expect(again.text == first.text && again.header("idempotency-replayed") == "true")
        #expect(try send("Kit").code == "key_reused")
        // Another client's key of the same name is another key.
        let other = try register.machine(.rosterWrite).signedIn()
        let theirs = try other.post(
            Visitor.path, ["rows": [row("P2")]], ["Idempotency-Key": "the-batch"])
        #expect(theirs.status == 201 && theirs.id != first.id)
        #expect(try register.database.number("select count(*) from roster_batch") == 2)
    }

    @Test func `its entry covers what it made, for as long as that lies there`() async throws {
        let register = try await Register.open()
        let office = register.as(.office)
        _ = try office.roster([row("P1", "pupil", "Kim", "Oak", [("class_name", "4A")])])
        _ = try office.roster([row("P1", "pupil", "Kim", "Oak", [("class_name", "4B")])])
        let unlike: String = "select count(*) from roster_unlike_its_entry"
        func faults() throws -> Int? {
            try register.database.owner().run(
                "select count(*)::integer as number from roster_unlike_its_entry"
            ).int(0, "number")
        }
        #expect(try faults() == 0, "\(unlike)")
        try register.database.execute("update person_version set class_name = '9Z'")
        #expect(try faults() == 1)
    }
}
