import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety
@testable import Postgres

/// Breaches of personal data, and their 72 hours.
@Suite struct `Breaches of personal data` {
    private let path = "/v1/data-breaches"

    /// Half past four on a Friday: 72 hours end on Monday, at the same hour.
    private func opened(_ moment: String = "2026-11-20T16:30:00Z") async throws -> Register {
        let register = try await Register.open()
        try register.database.setClock(moment)
        return register
    }

    private func breach(
        _ register: Register, as role: Role = .staff, _ more: [String: JSONValue] = [:]
    ) throws -> Reading {
        let said: [String: JSONValue] = [
            "known_at": "2026-11-20T16:00:00Z",
            "words": "The trip list of Year 5 went to the wrong parent",
        ]
        return try register.as(role).post(path, .of(said.merging(more) { $1 }))
    }

    private func correct(
        _ breach: Reading, _ register: Register, _ said: JSONValue, as role: Role = .dpo
    ) throws -> Reading {
        try register.as(role).ask(
            "PATCH", "\(path)/\(breach.id)", ["If-Match": "*"], said)
    }

    private func duties(_ register: Register, _ role: Role) throws -> [JSONValue] {
        try register.as(role).get("/v1/duties?kind=breach_to_report,breach_to_tell").data
    }

    /// AUD-06: awareness starts the clock, in hours.
    @Test func `are put down by whoever notices, and due within 72 hours, weekend or not`()
        async throws
    {
        let register = try await opened()
        let noticed = try breach(register)
        #expect(noticed.status == 201, "\(noticed.json)")
        #expect(noticed["report_by"] == "2026-11-23T16:00:00.000Z")
        #expect(noticed.json["is_overdue"] == false)
        // Whoever put it down reads their own; other staff none.
        #expect(try register.as(.staff).get("\(path)/\(noticed.id)").status == 200)
        #expect(try register.as(.technician).get("\(path)/\(noticed.id)").status == 404)
        #expect(try correct(noticed, register, ["risk": "high"], as: .staff).status == 403)
        for role in [Role.dpo, .headteacher] {
            let due = try #require(try duties(register, role).first)
            #expect(due["kind"] == "breach_to_report" && due["due_on"] == "2026-11-23")
            #expect(due["record_id"]?.text == noticed.id && due["state"] == "upcoming")
            #expect(due["link"]?.text == "\(path)/\(noticed.id)")
        }
        let waiting = try register.as(.dpo).get("/v1/me").json["to_do"]?.asList ?? []
        #expect(waiting.contains { $0["kind"] == "data_breach_to_answer" && $0["number"] == 1 })
        // Those who oversee duties and read no breaches are told of none.
        for role in [Role.office, .seniorLeader, .onlineSafetyCoordinator, .governor] {
            #expect(try duties(register, role) == [], "\(role)")
        }
        try register.database.setClock("2026-11-23T15:59:00Z")
        #expect(
            try register.as(.dpo).get("\(path)/\(noticed.id)").json["is_overdue"] == false)
        try register.database.setClock("2026-11-23T16:01:00Z")
        #expect(try register.as(.dpo).get("\(path)/\(noticed.id)").json["is_overdue"] == true)
        try register.database.setClock("2026-11-24T00:01:00Z")
        #expect(try duties(register, .dpo).first?["state"] == "overdue")
    }

    @Test func `are reported, or are not because a risk is unlikely, and for a reason`()
        async throws
    {
        let register = try await opened()
        let one = try breach(register)
        #expect(
            try correct(one, register, ["unreported_because": "It is nothing"]).faults
                == ["/unreported_because": "must_be_reported"])
        #expect(
            try correct(
                one, register, ["risk": "risk", "unreported_because": "It is nothing"]
            ).faults
                == [
                    "/risk_because": "required", "/unreported_because": "must_be_reported",
                ])
        let decided = try correct(
            one, register,
            [
                "risk": "unlikely", "risk_because": "She deleted it unread",
                "unreported_because": "A risk is unlikely",
            ])
        #expect(decided.status == 200, "\(decided.json)")
        #expect(try duties(register, .dpo) == [])
        // What was said stays, with who said it.
        let versions = try register.as(.dpo).get("\(path)/\(one.id)/versions").data
        #expect(versions.map { $0["version"] } == [2, 1] && versions[1]["risk"] == nil)

        // Found to be worse than it was thought, it is due again, and the people are to be told.
        _ = try correct(
            one, register,
            ["risk": "high", "risk_because": "It was read", "unreported_because": nil])
        let due = try duties(register, .dpo)
        #expect(Set(due.map { $0["kind"]?.text }) == ["breach_to_report", "breach_to_tell"])
        try register.database.setClock("2026-11-24T09:30:00Z")
        let late = try correct(
            one, register, ["reported_at": "2026-11-24T09:00:00Z", "reference": "IC-1"])
        #expect(late.faults == ["/unreported_because": "required"])
        let early = try correct(
            one, register, ["reported_at": "2026-11-01T09:00:00Z", "reference": "IC-1"])
        #expect(early.faults == ["/reported_at": "before_its_start"])
        let ahead = try correct(one, register, ["people_told_at": "2026-11-25T09:00:00Z"])
        #expect(ahead.faults == ["/people_told_at": "in_the_future"])
        let told = try correct(
            one, register,
            [
                "reported_at": "2026-11-24T09:00:00Z", "reference": "IC-1",
                "unreported_because": "It was first thought to be unread",
                "people_told_at": "2026-11-24T09:10:00Z",
            ])
        #expect(told.status == 200, "\(told.json)")
        #expect(try duties(register, .headteacher) == [])
        #expect(try register.as(.dpo).get("\(path)?risk=high").data.count == 1)
    }

    /// A breach that came of an incident: shown to whom the register is open, and never to whom the
    /// incident is about; the incident itself to those to whom that is open.
    @Test func `that came of an incident are hidden from whom it is about`() async throws {
        let register = try await opened()
        let about = try Case(
            register, .staff, ("people", [Scene.alleged(.headteacher)]))
        let other = try Case(register)
        let unknown = try breach(
            register, as: .dsl, ["incident_id": .string(about.id)])
        #expect(unknown.faults == ["/incident_id": "unknown_incident"])
        let own = try breach(register, as: .dsl, ["incident_id": .string(other.id)])
        #expect(own["incident_id"] == other.id)
        #expect(try register.as(.dpo).get("\(path)/\(own.id)")["incident_id"] == nil)
        #expect(try register.as(.dpo).get("\(path)/\(own.id)")["words"] != nil)
        try register.database.execute(
            """
            insert into register_entry
            select (one.later).* from (
                select jsonb_populate_record(entry, jsonb_build_object(
                    'version', 2, 'content',
                    entry.content || '{"incident_id": "\(about.id)"}')) as later
                from register_entry as entry where entry.id = '\(own.id)'
            ) as one
            """)
        #expect(try register.as(.headteacher).get("\(path)/\(own.id)").status == 404)
        #expect(try register.as(.headteacher).get("\(path)/\(own.id)/versions").data == [])
        #expect(try register.as(.headteacher).get(path).data == [])
        #expect(try duties(register, .headteacher) == [])
        #expect(try duties(register, .dpo).count == 1)
        #expect(try register.as(.dsl).get("\(path)/\(own.id)")["incident_id"] == nil)
        // Nor do the reminders tell.
        try register.database.setClock("2026-11-21T09:00:00Z")
        _ = try register.database.number("select count(*) from (select remind_of_duties()) as one")
        for _ in TestSchool.all {
            _ = try register.database.number(
                "select count(*) from (select remind_of_duties()) as one")
        }
        func reminded(_ role: Role) throws -> Int {
            try register.database.number(
                """
                select count(*) from notice
                where account_id = \(TestSchool.hawthorn.account(role)) and kind like 'duties%'
                """)
        }
        #expect(try reminded(.dpo) == 1)
    }
}
