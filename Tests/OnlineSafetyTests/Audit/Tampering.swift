import JSON
import Testing

@testable import OnlineSafety
@testable import Postgres

/// Whoever gets at the tables themselves, past every grant and trigger, is found out (AUD-07).
@Suite struct `Tampering with the audit` {
    private static let alterations = [
        "at = at + interval '1 ms'", "account_id = gen_random_uuid()", "account_id = null",
        "roles = '{dsl}'", "deed = 'opened'",
        "session_id = null", "client_id = gen_random_uuid()", "form = 2", "record_kind = 'notice'",
        "record_ids = array[gen_random_uuid()]", "record_ids = '{}'", "version = 2",
        "version = null", "request_id = 'another-one'", "digest = sha256('')", "digest = null",
        "hash = sha256('')", "chain = 'reads', number = 1",
    ].map { alteration in
        Damage(
            "altered: \(alteration)", "update event set \(alteration) where number = 3",
            finds: "changes: entry \(alteration.hasPrefix("chain") ? 4 : 3) is not genuine")
    }

    private static let deeds = [
        Damage("the first removed", "delete from event where number = 1", finds: "entry 2"),
        Damage("one removed", "delete from event where number = 3", finds: "entry 4"),
        Damage("the last removed", "delete from event where number = 6", finds: "ends at 5"),
        Damage("all removed", "delete from event", finds: "ends at 0"),
        Damage(
            "one removed, the rest moved up",
            """
            delete from event where number = 3;
            update event set number = number - 1 where number > 3
            """, finds: "entry 3 is not genuine"),
        Damage(
            "two swapped",
            """
            update event set number = 100 where number = 3;
            update event set number = 3 where number = 4;
            update event set number = 4 where number = 100
            """, finds: "entry 3 is not genuine"),
        Damage(
            "one inserted",
            """
            update event set number = number + 100 where number >= 3;
            insert into event select organisation_id, chain, 3, at, form, account_id, session_id,
                client_id, roles, deed, record_kind, record_ids, version, request_id, digest, hash
            from event where number = 2;
            update event set number = number - 99 where number > 100
            """, finds: "entry 3 is not genuine"),
        Damage(
            "one added at the end, with a hash that fits",
            """
            insert into event select organisation_id, chain, 7, at, form, account_id, session_id,
                client_id, roles, deed, record_kind, record_ids, version, request_id, digest, ''
            from event where number = 6;
            update event set hash = sha256(
                (select hash from event where number = 6) || event_bytes(event))
            where number = 7
            """, finds: "ends at 7, its head says 6"),
        Damage("its head altered", "update event_head set number = 5", finds: "its head says 5"),
        Damage(
            "its head's hash altered", "update event_head set hash = sha256('')",
            finds: "changes: its head has another hash than entry 6"),
        Damage("its head removed", "delete from event_head", finds: "changes: has no head"),
    ]

    @Test(arguments: alterations + deeds)
    func `is found, and the first bad entry is named (AUD-07)`(damage: Damage) async throws {
        let register = try await Register.open()
        for _ in 0..<6 { _ = try register.as(.staff).report() }
        let owner = try register.database.owner()
        let before = try AuditChains.verify(owner)
        #expect((before.entries, before.chains, before.faults) == (6, 1, []))
        try owner.execute(script: "set session_replication_role = replica; \(damage.script)")
        let report = try AuditChains.verify(DirectConnection(register.database.maintenanceURL))
        let first = try #require(report.faults.first)
        #expect(first.contains(damage.found), "\(first)")
        #expect(first.contains("\(TestSchool.hawthorn.id)"))
    }
}

/// The text that an entry covers lies elsewhere, and is found out there (AUD-07).
@Suite struct `Tampering with what the audit covers` {
    @Test(arguments: [
        "description = 'Nothing happened'", "reporter_name = 'Somebody else'",
        "people = '[]'", "reported_at = reported_at - interval '1 day'", "salt = '\\x00'",
    ])
    func `is found, and the record is named`(alteration: String) async throws {
        let register = try await Register.open()
        _ = try register.as(.staff).post(
            "/v1/incidents", JSON.value(of: OnlineSafety.Report.example))
        let owner = try register.database.owner()
        #expect(try AuditChains.verify(owner).faults == [])
        try owner.execute(script: "update report set \(alteration)")
        let report = try AuditChains.verify(DirectConnection(register.database.maintenanceURL))
        #expect(report.faults.count == 1)
        #expect(report.faults[0].hasSuffix("does not say what its entry covers"))
    }
}

/// Nobody alters the audit through the database, whatever role they have (AUD-07).
@Suite struct `Altering the audit` {
    private static let statements = [
        "update event set deed = 'nothing'", "delete from event", "truncate event",
        "update event_head set number = 0", "delete from event_head", "truncate event_head",
        "alter table event disable trigger all", "drop table event",
        "insert into event_head values (gen_random_uuid(), 'reads', 7, '')",
    ]

    @Test(arguments: statements)
    func `is refused to the service and to maintenance (AUD-07)`(statement: String) async throws {
        let register = try await Register.open()
        _ = try register.as(.staff).report()
        for url in [register.database.serviceURL, register.database.maintenanceURL] {
            let connection = try DirectConnection(url)
            let context = "select set_config('rowan.seats', '\(Self.seats)', false)"
            try connection.execute(script: context)
            let error = #expect(throws: PostgresError.self) {
                try connection.execute(script: statement)
            }
            #expect(error?.sqlState == "42501" || error?.sqlState == "RW403")
        }
        #expect(try register.database.entries().map(\.deed) == ["reported"])
        #expect(try AuditChains.verify(register.database.owner()).faults == [])
    }

    /// Even to the tables' owner, as long as the triggers stand.
    @Test(arguments: ["update event set deed = 'x'", "delete from event", "truncate event"])
    func `is refused to a superuser`(statement: String) async throws {
        let register = try await Register.open()
        _ = try register.as(.staff).report()
        let error = #expect(throws: PostgresError.self) {
            try register.database.execute(statement)
        }
        #expect(error?.sqlState == "RW403")
    }

    private static let seats = #"{"\#(TestSchool.hawthorn.id)": ["dsl", "school_administrator"]}"#
}
