import JSON
import Postgres
import Testing

@testable import OnlineSafety

/// An entry is recorded, corrected, ended or withdrawn, and never erased.
@Suite struct `Keeping registers` {
    private let path = "/v1/outside-services"
    private let service: JSONValue = [
        "kind": "filtering", "name": "Securely", "provider": "Capital Bytes Ltd",
    ]

    @Test func `an entry is recorded, corrected and withdrawn, and every version stays`()
        async throws
    {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T12:00:00Z")
        let office = register.as(.office)
        let told = try office.post(path, service)
        #expect(told.status == 201)
        #expect(told.header("location") == "\(path)/\(told.id)")
        #expect(told["from_on"] == "2026-11-20")
        #expect(told["recorded_by"] == "School office")
        #expect(told["recorded_at"] == "2026-11-20T12:00:00.000Z")
        #expect(!told.keys.contains("until_on") && !told.keys.contains("changed_by"))
        let one = "\(path)/\(told.id)"
        let etag = try #require(told.header("etag"))
        let changes: JSONValue = ["provider": "ESafety4schools", "reason": "It was renamed"]
        #expect(try office.ask("PATCH", one, [:], changes).status == 428)
        let corrected = try register.as(.headteacher).ask(
            "PATCH", one, ["If-Match": etag], changes)
        #expect(corrected.status == 200)
        #expect(corrected["name"] == "Securely" && corrected["provider"] == "ESafety4schools")
        #expect(corrected["changed_by"] == "Headteacher")
        #expect(try office.ask("PATCH", one, ["If-Match": etag], changes).status == 412)
        let ended = try office.ask(
            "PATCH", one, ["If-Match": "\"2\""], ["until_on": "2026-11-30"])
        #expect(ended["until_on"] == "2026-11-30")
        let gone = try office.post("\(one)/withdrawal", ["reason": "Of another school"])
        #expect(gone.status == 201 && gone.json["is_withdrawn"] == true)
        #expect(try office.post("\(one)/withdrawal", ["reason": "Again"]).status == 409)
        #expect(try office.ask("PATCH", one, ["If-Match": "*"], changes).status == 409)
        #expect(try office.get(path).data.isEmpty)
        #expect(try office.get("\(path)?is_withdrawn=true").data.count == 1)
        let versions = try register.as(.dsl).get("\(one)/versions").data
        #expect(
            versions.map { $0["act"]?.text } == ["withdrawn", "corrected", "corrected", "recorded"])
        #expect(versions[3]["provider"] == "Capital Bytes Ltd")
        #expect(versions[2]["reason"] == "It was renamed")
        #expect(versions[0]["reason"] == "Of another school")
    }

    /// Each is an entry of the audit, which covers what was said.
    @Test func `every change is on record, and what is altered behind its back is found`()
        async throws
    {
        let register = try await Register.open()
        let office = register.as(.office)
        let told = try office.post(path, service)
        _ = try office.ask(
            "PATCH", "\(path)/\(told.id)", ["If-Match": "*"], ["name": "Securely 2"])
        _ = try office.post("\(path)/\(told.id)/withdrawal", ["reason": "Twice"])
        let entries = try register.database.entries().filter { $0.kind == "outside_service" }
        #expect(
            entries.map(\.deed) == ["entry_recorded", "entry_corrected", "entry_withdrawn"])
        #expect(entries.allSatisfy { $0.account == TestSchool.hawthorn.account(.office) })
        let unlike: SQL = "select count(*) from register_unlike_its_entry"
        #expect(try register.database.number(unlike) == 0)
        try register.database.execute(
            """
            update register_entry set content = content || '{"name": "Other"}' where version = 1
            """)
        #expect(try register.database.number(unlike) == 1)
    }

    @Test func `every fault is named at once, and what is unknown is refused`() async throws {
        let register = try await Register.open()
        let told = try register.as(.office).post(
            path,
            [
                "kind": "toaster", "name": " ", "provider": 7, "colour": "red",
                "from_on": "2026-02-30", "school_id": "x",
            ])
        #expect(
            told.faults == [
                "/kind": "unknown_word", "/name": "blank", "/provider": "wrong_type",
                "/colour": "unknown_field", "/from_on": "date", "/school_id": "uuid",
            ])
        #expect(!told.text.contains("toaster"))
        let none = try register.as(.office).post(path, [:])
        #expect(
            none.faults == [
                "/kind": "required", "/name": "required", "/provider": "required",
            ])
        let backwards = try register.as(.office).post(
            path, service.with("from_on", "2026-11-20").with("until_on", "2026-11-19"))
        #expect(backwards.faults == ["/until_on": "ends_before_it_begins"])
        let kept = try register.as(.office).post(path, service)
        let emptied = try register.as(.office).ask(
            "PATCH", "\(path)/\(kept.id)", ["If-Match": "*"], ["name": nil, "is_withdrawn": true])
        #expect(
            emptied.faults == ["/name": "null_not_allowed", "/is_withdrawn": "unknown_field"])
    }

    @Test func `the same request with the same key is one entry`() async throws {
        let register = try await Register.open()
        let key = ["Idempotency-Key": "once"]
        let first = try register.as(.office).post(path, service, key)
        let again = try register.as(.office).post(path, service, key)
        #expect(again.id == first.id && again.header("idempotency-replayed") == "true")
        #expect(try register.database.number("select count(*) from register_entry") == 1)
    }

    @Test func `a list is found by its words, people and days, page by page, and as a table`()
        async throws
    {
        let register = try await Register.open()
        let (office, school) = (register.as(.office), TestSchool.hawthorn)
        for (name, from, until) in [
            ("One", "2026-01-01", "2026-03-31"), ("Two", "2026-02-01", nil),
            ("Three", "2026-06-01", nil),
        ] as [(JSONValue, JSONValue, JSONValue?)] {
            let body: JSONValue = [
                "kind": "filtering", "provider": "Somebody Ltd", "name": name, "from_on": from,
                "until_on": until ?? nil,
            ]
            #expect(try office.post(path, body).status == 201)
        }
        func names(_ query: String) throws -> [String] {
            try office.get("\(path)?\(query)").data.compactMap { $0["name"]?.text }
        }
        #expect(try names("sort=date") == ["One", "Two", "Three"])
        #expect(try names("on=2026-03-31") == ["Two", "One"])
        #expect(try names("on=2026-04-01") == ["Two"])
        #expect(try names("until=2026-05-31&from=2026-04-01") == ["Two"])
        #expect(try names("kind=mis,internet") == [])
        #expect(try names("kind=filtering,internet").count == 3)
        #expect(try office.get("\(path)?kind=toaster").faults == ["kind": "unknown_word"])
        #expect(try office.get("\(path)?person_id=x").faults == ["person_id": "unknown_parameter"])
        let page = try office.get("\(path)?limit=2")
        let cursor = try #require(page["next_cursor"])
        #expect(try names("limit=2&cursor=\(cursor)") == ["One"])
        let lines = try office.get("\(path)?format=csv").text.split(separator: "\r\n")
        #expect(lines.count == 4)
        #expect(lines[0].hasPrefix("id,school_id,from_on,until_on,kind,name,provider,contact"))
        let meetings = "/v1/supervision-meetings"
        let (dsl, technician) = (school.person(.dsl), school.person(.technician))
        let met: JSONValue = [
            "kind": "support", "person_id": .string("\(technician)"),
            "supervisor_id": .string("\(dsl)"), "happened_on": "2026-10-01",
        ]
        #expect(try register.as(.dsl).post(meetings, met).status == 201)
        for (person, count) in [(technician, 1), (dsl, 1), (school.person(.office), 0)] {
            let found = try register.as(.headteacher).get("\(meetings)?person_id=\(person)")
            #expect(found.data.count == count)
        }
        #expect(
            try register.as(.dsl).get("\(meetings)?on=2026-10-01").faults == [
                "on": "unknown_parameter"
            ])
    }

    /// ORG-02
    @Test func `whom and what an entry names is of the same school`() async throws {
        let register = try await Register.open()
        let (own, other) = (TestSchool.hawthorn, TestSchool.rosehip)
        let told = try register.as(.dsl).post(
            "/v1/supervisors",
            [
                "person_id": .string("\(other.person(.technician))"),
                "supervisor_id": .string("\(own.pupil)"),
            ])
        #expect(
            told.faults == [
                "/person_id": "unknown_person", "/supervisor_id": "unknown_person",
            ])
        let elsewhere = try register.entry(of: "committee", at: other)
        let raised = try register.as(.dsl).post(
            "/v1/shortfalls",
            [
                "person_id": .string("\(own.person(.dsl))"), "committee_id": .string(elsewhere),
                "words": "Too little", "happened_on": "2199-01-01",
            ])
        #expect(
            raised.faults == [
                "/committee_id": "unknown_entry", "/happened_on": "in_the_future",
            ])
    }

    @Test func `the database knows who reads and writes each kind as the routes do`() throws {
        let database = try TestDatabase()
        defer { withExtendedLifetime(database) {} }
        let found = try database.owner().run(
            """
            select kind || ' read by ' || array_to_string(readers, ',') || ' written by '
                || array_to_string(writers, ',') || ' recorded by '
                || array_to_string(recorders, ',') as line
            from register_kind
            """)
        let known = Set((0..<found.count).compactMap { found.text($0, "line") })
        func list(_ roles: [Role]) -> String {
            Role.allCases.filter(roles.contains).map(\.rawValue).joined(separator: ",")
        }
        for register in RegisterRoutes.all.values {
            let line =
                "\(register.kind) read by \(list(register.readers)) "
                + "written by \(list(register.writers)) recorded by \(list(register.recorders))"
            #expect(known.contains(line), "a line of register_kind")
            #expect(Set(register.writers).isSubset(of: register.readers))
            let path = register.kind.description.replacing("_", with: "-")
            #expect(register.path.hasPrefix("/v1/\(path.dropLast())"))
        }
        #expect(known.count == RegisterRoutes.all.count)
    }
}
