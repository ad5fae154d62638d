import JSON
import Testing

@testable import OnlineSafety

/// AUD-03 and section 25: who may know of which entries of the audit.
@Suite struct `Reading the audit` {
    @Test func `the headteacher sees what was done at the school, and who looked`() async throws {
        let register = try await Register.open()
        let one = try Case(register)
        _ = try one.read(as: .dsl)
        let head = register.as(.headteacher)
        let done = try head.get("/v1/audit").data
        #expect(done.contains { $0["deed"]?.text == "reported" && $0["by"] != nil })
        let read = try head.get("/v1/audit?chain=reads&record_id=\(one.id)").data
        #expect(read.map { $0["deed"]?.text } == ["opened"])
        #expect(read.first?["by"]?.text == "The \(Role.dsl.label)")
        #expect(read.first?["roles"]?[0] == "dsl")
        // That they looked at it is on record in its turn.
        let again = try head.get("/v1/audit?chain=reads&deed=listed").data
        #expect(again.contains { $0["record_kind"]?.text == "audit" })
    }

    /// INC-18: of what is about the headteacher the chair sees the entries, and the headteacher
    /// none: neither of the record nor of its parts and notices.
    @Test func `of what is about the headteacher the chair alone`() async throws {
        let register = try await Register.open()
        let one = try Case(register, .headteacher)
        let chair = register.as(.chairOfGovernors)
        _ = try one.read(as: .chairOfGovernors)
        #expect(try one.post("evidence", evidence, as: .chairOfGovernors).status == 201)
        let notice = try #require(try chair.get("/v1/notices").data.first?["id"]?.text)
        #expect(try chair.post("/v1/notices/\(notice)/acknowledgement").status == 201)
        for chain in ["changes", "reads"] {
            for role in [Role.headteacher, .dsl, .deputyDSL] {
                let told = try register.as(role).get("/v1/audit?chain=\(chain)").data
                #expect(
                    told.allSatisfy { $0["deed"]?.text == "listed" }, "\(chain) as \(role)")
            }
        }
        let deeds = Set(try chair.get("/v1/audit").data.compactMap { $0["deed"]?.text })
        #expect(deeds.isSuperset(of: ["reported", "evidence_described", "acknowledged"]))
        // And what the headteacher does.
        _ = try Case(register, .child, as: .headteacher)
        let heads = try chair.get("/v1/audit").data.filter {
            $0["by"]?.text == "The \(Role.headteacher.label)"
        }
        #expect(!heads.isEmpty)
    }

    /// A refusal knows only the ids that were asked for, and keeps to the same rule.
    @Test func `of what was refused about the headteacher's record the headteacher sees nothing`()
        async throws
    {
        let register = try await Register.open()
        let one = try Case(register, .headteacher)
        let chair = register.as(.chairOfGovernors)
        let described = try one.post("evidence", evidence, as: .chairOfGovernors)
        #expect(try register.as(.dsl).get(one.path).status == 404)
        let path = "\(one.path)/people/\(described.id)"
        #expect(try chair.ask("DELETE", path, ["If-Match": "*"], nil).status == 404)
        for record in [one.id, described.id] {
            let asked = "/v1/audit?chain=refusals&record_id=\(record)"
            #expect(try register.as(.headteacher).get(asked).data.isEmpty)
            #expect(try !chair.get(asked).data.isEmpty)
        }
        let all = try register.as(.headteacher).get("/v1/audit?chain=refusals").data
        #expect(all.allSatisfy { $0["record_ids"]?[0]?.text != one.id })
    }

    /// AUD-03: also of how they signed in, and of who tried to in their name.
    @Test func `everybody sees how they signed in, and the headteacher how all did`() async throws {
        let register = try await Register.open()
        for password in ["not-it-at-all-never", TestSchool.password] {
            _ = try register.nobody.post(
                "/v1/sessions",
                [
                    "email": .string(TestSchool.hawthorn.email(.office)),
                    "password": .string(password),
                ])
        }
        for role in [Role.office, .headteacher] {
            let deeds = try register.as(role).get("/v1/audit").data.compactMap { $0["deed"]?.text }
            #expect(deeds.contains("log_in_failed"), "\(role)")
            #expect(deeds.contains("logged_in"), "\(role)")
        }
        for other in [register.as(.dsl), register.as(.headteacher, at: .rosehip)] {
            let deeds = try other.get("/v1/audit").data.compactMap { $0["deed"]?.text }
            #expect(!deeds.contains("log_in_failed") && !deeds.contains("logged_in"))
        }
    }

    /// A page costs what it shows, however much there is that its reader may not know.
    @Test func `a year of lists does not make anybody wait`() async throws {
        let register = try await Register.open()
        let school = TestSchool.hawthorn
        for _ in 0..<20 { _ = try Case(register) }
        try register.database.execute(
            """
            insert into event (
                organisation_id, chain, account_id, deed, record_kind, record_ids, request_id)
            select '\(school.id)', 'reads', '\(school.account(.headteacher))', 'listed', 'incident',
                (select array_agg(id) from incident), ''
            from generate_series(1, 3000)
            """)
        for role in [Role.staff, .onlineSafetyCoordinator, .dsl, .headteacher, .dpo] {
            let begun = ContinuousClock.now
            let told = try register.as(role).get("/v1/audit?chain=reads&limit=50")
            #expect(told.status == 200)
            #expect(ContinuousClock.now - begun < .seconds(1), "\(role)")
        }
    }

    /// Whatever is part of an incident is known as such, or its entries would be anybody's. Why
    /// somebody's access was taken is none: every such act has a reason, whether or not an incident
    /// is named in it, and the entry is that of the act, which whom it concerns sees anyhow.
    @Test func `every part of an incident is known by its id`() async throws {
        let register = try await Register.open()
        let found = try register.database.owner().run(
            """
            select kept.table_name::text as name from information_schema.tables as kept
            where kept.table_schema = 'public' and kept.table_type = 'BASE TABLE'
                and 3 = (
                    select count(*) from information_schema.columns as field
                    where field.table_schema = 'public' and field.table_name = kept.table_name
                        and field.column_name in ('school_id', 'incident_id', 'id'))
                and kept.table_name <> 'access_reason'
                and position(
                    'from ' || kept.table_name || E'\\n'
                    in pg_get_functiondef('incidents_among'::regproc)) = 0
            """)
        #expect((0..<found.count).compactMap { found.text($0, "name") } == [])
    }

    private var evidence: JSONValue { (try? JSON.value(of: Evidence.Described.example)) ?? .null }

    @Test func `staff see their own deeds, and nobody else's`() async throws {
        let register = try await Register.open()
        let one = try Case(register)
        _ = try Case(register, .child, as: .office)
        let told = try register.as(.staff).get("/v1/audit").data
        #expect(told.map { $0["record_ids"]?[0]?.text } == [one.id])
    }

    @Test func `the data protection officer sees who looked, and not what was done`() async throws {
        let register = try await Register.open()
        let one = try Case(register)
        _ = try one.read(as: .dsl)
        let officer = register.as(.dpo)
        #expect(try officer.get("/v1/audit?chain=changes").data.isEmpty)
        let read = try officer.get("/v1/audit?chain=reads&record_id=\(one.id)").data
        #expect(read.map { $0["deed"]?.text } == ["opened"])
        #expect(try officer.get(one.path).status == 403)
    }

    @Test func `a DSL sees what is of incidents, of their own school`() async throws {
        let register = try await Register.open()
        let one = try Case(register)
        _ = try one.read(as: .headteacher)
        let told = try register.as(.dsl).get("/v1/audit?chain=reads").data
        #expect(told.contains { $0["record_ids"]?[0]?.text == one.id })
        let elsewhere = register.as(.dsl, at: .rosehip)
        #expect(try elsewhere.get("/v1/audit?chain=changes").data.isEmpty)
    }

    /// What is restricted to people by name is nothing to the others here either.
    @Test func `a record that is open to others by name has no entries`() async throws {
        let one = try Case(await Register.open())
        #expect(try one.restrict(to: [.deputyDSL], as: .deputyDSL).status == 201)
        for role in [Role.headteacher, .dsl] {
            for chain in ["changes", "reads"] {
                let told = try one.register.as(role).get("/v1/audit?chain=\(chain)")
                #expect(!told.text.contains(one.id))
            }
        }
    }
}

/// Who looked at a record.
@Suite struct `Readings of an incident` {
    @Test func `name each who listed, opened or exported it`() async throws {
        let register = try await Register.open()
        let one = try Case(register)
        _ = try one.read(as: .headteacher)
        _ = try register.as(.onlineSafetyCoordinator).get("/v1/incidents")
        _ = try register.as(.deputyDSL).get("/v1/incidents?format=csv")
        let told = try register.as(.dsl).get("\(one.path)/readings?sort=at").data
        #expect(told.prefix(3).map { $0["deed"]?.text } == ["opened", "listed", "exported"])
        #expect(told.first?["by"]?.text == "The \(Role.headteacher.label)")
        #expect(try one.read(as: .onlineSafetyCoordinator, "/readings").status == 403)
    }

    @Test func `are missing with the record`() async throws {
        let one = try Case(await Register.open(), .headteacher)
        for role in [Role.headteacher, .dsl] {
            #expect(try one.read(as: role, "/readings").status == 404)
        }
    }
}

/// AUD-04: who tries doors is seen.
@Suite struct `A refusal` {
    @Test func `is on record, with what was asked and by whom`() async throws {
        let register = try await Register.open()
        let one = try Case(register, .headteacher)
        #expect(try register.as(.technician).get(one.path).status == 403)
        #expect(try register.as(.dsl).get(one.path).status == 404)
        let entries = try register.database.entries().filter { $0.chain == "refusals" }
        #expect(entries.map(\.deed) == ["refused", "refused"])
        #expect(entries.map(\.account) == [.technician, .dsl].map(TestSchool.hawthorn.account))
        #expect(entries.allSatisfy { $0.records.map { $0.uuidString.lowercased() } == [one.id] })
        let report = try AuditChains.verify(.init(register.database.maintenanceURL))
        #expect(report.faults == [])
    }

    /// A missing record leaves the same entry as one that is hidden.
    @Test func `of what is not there is like one of what is hidden`() async throws {
        let register = try await Register.open()
        #expect(try register.as(.dsl).get("/v1/incidents/\(Scene.missing)").status == 404)
        let entries = try register.database.entries().filter { $0.chain == "refusals" }
        #expect(entries.map { $0.records.map { $0.uuidString.lowercased() } } == [[Scene.missing]])
    }

    /// AUD-08: of whoever works in two schools it is put down where the record is.
    @Test func `is on record at the school that has what was asked for`() async throws {
        let register = try await Register.open()
        try register.seat(.staff, for: .office, at: .lighthouse)
        let there = try register.as(.staff, at: .lighthouse).report("canary")
        #expect(try register.as(.office).get("/v1/incidents/\(there.id)").status == 404)
        for (school, count) in [(TestSchool.hawthorn, 0), (.lighthouse, 1)] {
            let told = try register.as(.headteacher, at: school).get(
                "/v1/audit?chain=refusals&record_id=\(there.id)")
            #expect(told.data.count == count, "\(school.name)")
        }
    }

    @Test func `the twentieth of a day is told to technician and headteacher, once`()
        async throws
    {
        let register = try await Register.open()
        for _ in 0..<25 { _ = try register.as(.staff).get("/v1/incidents/\(Scene.missing)") }
        for role in [Role.technician, .headteacher] {
            let told = try register.as(role).get("/v1/notices").data
            #expect(told.map { $0["kind"]?.text } == ["misuse_suspected"])
        }
    }

    @Test func `of the headteacher is told to the chair`() async throws {
        let register = try await Register.open()
        for _ in 0..<20 { _ = try register.as(.headteacher).get("/v1/incidents/\(Scene.missing)") }
        #expect(try register.as(.headteacher).get("/v1/notices").data.isEmpty)
        let told = try register.as(.chairOfGovernors).get("/v1/notices").data
        #expect(told.map { $0["kind"]?.text } == ["misuse_suspected"])
    }

    @Test func `fills the record no faster than one a minute, after sixty`() async throws {
        let register = try await Register.open()
        for _ in 0..<70 { _ = try register.as(.staff).get("/v1/incidents/\(Scene.missing)") }
        let refused = try register.database.number(
            "select count(*) from event where chain = 'refusals'")
        #expect(refused == 60)
    }
}
