import FoundationEssentials
import JSON

@testable import OnlineSafety

private let atSchool = Set(Role.allCases.filter(\.isOfASchool)).subtracting([.temporaryStaff])
private let overseers: Set<Role> = [
    .onlineSafetyCoordinator, .dsl, .deputyDSL, .headteacher, .seniorLeader, .office,
]

extension Decision {
    /// Those who lead know what is due in their school; everybody what they have to do.
    /// Figures, without names, are for whoever views a trust too.
    static let ofDuties: [String: Decision] = [
        "list_duties": Decision(
            atSchool,
            [
                .own: atSchool, .aboutOneself: atSchool, .ownSchool: overseers, .sameTrust: [],
                .foreign: [],
            ]
        ) { asking in
            let isOneself = asking.stand == .own || asking.stand == .aboutOneself
            let person =
                isOneself && asking.role.isOfASchool
                ? TestSchool.hawthorn.person(asking.role)
                : asking.stand.school.person(asking.role == .dsl ? .office : .dsl)
            try asking.scene.register.trainsEverybody()
            let told = try asking.visitor.get("/v1/duties?person_id=\(person)&limit=1")
            return told.status == 200 && told.data.isEmpty ? .hidden : Sight(told)
        },
        "list_my_calendar_links": anything(everyone) {
            Sight(try $0.visitor.get("/v1/me/calendar-links"))
        },
        "make_a_calendar_link": anything(everyone) { asking in
            let told = try asking.visitor.post("/v1/me/calendar-links", [:])
            return told.status == 422 ? .shown : Sight(told)
        },
        "end_a_calendar_link": Decision(
            everyone,
            [
                .own: everyone, .aboutOneself: everyone, .ownSchool: [], .sameTrust: [],
                .foreign: [],
            ]
        ) { asking in
            try asking.one("DELETE", "/v1/me/calendar-links/{id}", asking.calendarLink())
        },
        // Who has no address finds nothing; who has one needs no post.
        "read_a_calendar_of_duties": anything(nil) { asking in
            let told = try asking.visitor.get("/v1/calendar/rwn_calendar_none.ics")
            return told.status == 404 ? .shown : Sight(told)
        },
        "list_summary_figures": Decision(
            overseers.union([.trustViewer]),
            within(overseers.union([.trustViewer]), trust: [.trustViewer])
        ) { asking in
            try asking.scene.register.countDuties(of: asking.stand.school)
            let told = try asking.visitor.get(
                "/v1/summary-figures?limit=1&school_id=\(asking.school)")
            return told.status == 200 && told.data.isEmpty ? .hidden : Sight(told)
        },
        "list_duty_figures": Decision(
            overseers.union([.trustViewer]),
            within(overseers.union([.trustViewer]), trust: [.trustViewer])
        ) { asking in
            try asking.scene.register.countDuties(of: asking.stand.school)
            let told = try asking.visitor.get(
                "/v1/duty-figures?limit=1&school_id=\(asking.school)")
            return told.status == 200 && told.data.isEmpty ? .hidden : Sight(told)
        },
    ]
}

extension Asking {
    /// A calendar link of the caller's own, or of somebody else of a school.
    fileprivate func calendarLink() throws -> String {
        let isOneself = stand == .own || stand == .aboutOneself
        let another: Role = role == .headteacher ? .office : .headteacher
        let account = stand.school.account(isOneself ? role : another)
        let id = UUID().uuidString.lowercased()
        try scene.register.database.execute(
            """
            insert into calendar_link (id, account_id, secret_hash, label)
            values ('\(id)', '\(account)', '\(id)', 'My telephone')
            """)
        return id
    }
}

extension Register {
    /// Lets training be due of everybody: nobody has had any.
    func trainsEverybody() throws {
        try database.execute(
            "update school set created_at = rowan_now() - interval '200 days'")
    }

    /// Lets there be a figure of a school.
    func countDuties(of school: TestSchool) throws {
        try database.execute(
            """
            insert into duty_figure (school_id, kind, open, due, overdue)
            values ('\(school.id)', 'training_due', 1, 0, 1) on conflict do nothing;
            insert into summary_figure (school_id, id, measure, name, kind, asked)
            values ('\(school.id)', '\(school.id)', 'consent', 'press', 'pupil', 20)
            on conflict do nothing;
            insert into duty_figures_counted (school_id, number, counted_at)
            values ('\(school.id)', 0, rowan_now()) on conflict do nothing
            """)
    }
}
