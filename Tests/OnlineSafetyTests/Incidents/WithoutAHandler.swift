import JSON
import Testing

@testable import OnlineSafety
@testable import Postgres

/// What the service's role may do with a record when no handler stands before it: the third wall.
@Suite struct `Without a handler` {
    /// As the headteacher, to whom a child at risk is open, and who is not in charge.
    private static let deeds = [
        """
        insert into closure (school_id, incident_id, number, kind, outcome, role)
        select school_id, id, 1, 'mistaken', 'x', 'headteacher' from incident
        """,
        """
        select move_incident(
            school_id, id, 'closure', 'closed', null, 'headteacher')
        from incident
        """,
        "select send_incident_on(school_id, id, 'headteacher') from incident",
        """
        select amend_incident(
            school_id, id, '{"is_child_at_risk": false}', 'headteacher')
        from incident
        """,
        "update incident set is_child_at_risk = false",
        """
        insert into incident_version (school_id, incident_id, version, content, role)
        select school_id, id, 77, '{}', 'headteacher' from incident
        """,
        """
        insert into incident_entry (school_id, incident_id, id, kind, happened_at, words, role)
        select school_id, id, gen_random_uuid(), 'action', rowan_now(), 'x', 'dsl'
        from incident
        """,
    ]

    @Test(arguments: deeds)
    func `who is not in charge is refused by the database too`(deed: String) async throws {
        let one = try Case(await Register.open(), .child, ("is_child_at_risk", true))
        let account = TestSchool.hawthorn.account(.headteacher)
        let seats = """
            {"\(TestSchool.hawthorn.id.uuidString.lowercased())": ["headteacher"]}
            """
        let service = try DirectConnection(one.register.database.serviceURL)
        try service.execute(
            script: """
                begin;
                select set_config('rowan.account', '\(account)', true),
                    set_config('rowan.seats', '\(seats)', true)
                """)
        #expect(throws: (any Error).self) { try service.execute(script: deed) }
        let before = try one.read()
        #expect(before["status"] == "reported" && before.json["is_child_at_risk"] == true)
    }
}
