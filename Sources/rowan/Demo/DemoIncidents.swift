import Crypto
import Foundation
import OnlineSafety
import Postgres

/// One of the term's incidents, told as often as there are schools.
struct DemoIncident {
    let daysAgo: Int
    let concerns: String
    let isChildAtRisk: Bool
    let types: [String]
    let intent: String
    let channel: String
    let description: String
    let isSeen: Bool

    /// A term, the newest last.
    static let term: [DemoIncident] = [
        DemoIncident(
            daysAgo: 74, concerns: "child", isChildAtRisk: false, types: ["age_inappropriate"],
            intent: "accidental", channel: "filter_alert",
            description: "A search for otters in a science lesson led to a video site with violent "
                + "clips. The screen was turned off at once.", isSeen: true),
        DemoIncident(
            daysAgo: 66, concerns: "child", isChildAtRisk: false, types: ["cyberbullying"],
            intent: "deliberate", channel: "parent",
            description: "A parent showed me a group chat in which three children call her son "
                + "names and dare each other to leave him out of games.", isSeen: true),
        DemoIncident(
            daysAgo: 58, concerns: "child", isChildAtRisk: false, types: ["account_misuse"],
            intent: "deliberate", channel: "verbal",
            description: "Two pupils know a classmate's password for the reading platform and "
                + "changed her avatar.", isSeen: true),
        DemoIncident(
            daysAgo: 51, concerns: "staff", isChildAtRisk: false, types: ["aua_breach_other"],
            intent: "unknown", channel: "expression_of_concern",
            description: "A member of staff photographed the class with a personal phone on the "
                + "woodland walk.", isSeen: true),
        DemoIncident(
            daysAgo: 43, concerns: "child", isChildAtRisk: true, types: ["grooming"],
            intent: "unknown", channel: "report_tool",
            description: "A pupil pressed the report button: somebody in a game offers coins for "
                + "the name of her school and a picture in uniform.", isSeen: true),
        DemoIncident(
            daysAgo: 36, concerns: "child", isChildAtRisk: false, types: ["hate"],
            intent: "deliberate", channel: "verbal",
            description: "A racist rhyme from a video was sung at a new pupil at lunch.",
            isSeen: true),
        DemoIncident(
            daysAgo: 29, concerns: "headteacher", isChildAtRisk: false, types: ["disrepute"],
            intent: "unknown", channel: "form",
            description: "The headteacher's public profile jokes about a family of the school.",
            isSeen: false),
        DemoIncident(
            daysAgo: 22, concerns: "child", isChildAtRisk: false, types: ["images_no_permission"],
            intent: "accidental", channel: "parent",
            description: "A photograph of the harvest assembly on a parent's page shows a child "
                + "who must not be online.", isSeen: true),
        DemoIncident(
            daysAgo: 15, concerns: "child", isChildAtRisk: false, types: ["bypass_security"],
            intent: "attempted", channel: "monitoring_check",
            description: "Somebody tried to install a proxy on a library tablet.", isSeen: true),
        DemoIncident(
            daysAgo: 8, concerns: "unsure", isChildAtRisk: false, types: [],
            intent: "unknown", channel: "verbal",
            description: "A child says that a grown-up at school writes to her in a game. She will "
                + "not say who.", isSeen: false),
        DemoIncident(
            daysAgo: 3, concerns: "child", isChildAtRisk: true, types: ["sexting_iioc"],
            intent: "unknown", channel: "verbal",
            description: "A pupil of Year 6 told a friend that she was asked for a picture and "
                + "sent one. I did not look at any device.", isSeen: false),
        DemoIncident(
            daysAgo: 1, concerns: "child", isChildAtRisk: false, types: ["chain_threatening"],
            intent: "unknown", channel: "form",
            description: "A chain message says that who does not send it on will be visited at "
                + "night. Several children are frightened.", isSeen: false),
    ]
}

extension Demo {
    /// The same statements as a report's own, with a time in the past.
    func load(_ told: DemoIncident, in school: DemoSchool) throws {
        let loading = Loading(told, school)
        for statement in loading.statements { _ = try connection.run(statement) }
    }
}

/// A report of the demonstration on its way into the register.
private struct Loading {
    private let told: DemoIncident
    private let school: DemoSchool
    private let incident = UUID()
    private let report = UUID()
    private let reference = Reference()

    init(_ told: DemoIncident, _ school: DemoSchool) {
        self.told = told
        self.school = school
    }

    private var at: SQL { "(rowan_now() - make_interval(days => \(told.daysAgo)))" }

    private var urgency: String {
        let isGrave = !Set(told.types).isDisjoint(with: ["grooming", "sexting_iioc", "terrorist"])
        return told.isChildAtRisk || told.concerns != "child" || isGrave ? "urgent" : "normal"
    }

    private var recipients: SQL {
        """
        recipients_of_a_report(\(school.id), \(told.concerns), \(told.isChildAtRisk), '{}'::uuid[])
        """
    }

    var statements: [SQL] {
        [openRecord, nameSubjects, keepWhatWasTold, notify, acknowledge, giveReceipt]
    }

    private var openRecord: SQL {
        """
        insert into incident (
            school_id, id, reference, concerns, is_child_at_risk, urgency, types, occurred_on,
            known_at, reported_at, readers)
        select
            \(school.id), \(incident), \(reference), \(told.concerns), \(told.isChildAtRisk),
            \(urgency), \(told.types), \(at)::date, \(at) - interval '40 minutes', \(at),
            posts_that_may_read(
                \(told.concerns), \(told.isChildAtRisk),
                array(select role from \(recipients) as recipient))
        """
    }

    private var nameSubjects: SQL {
        """
        insert into incident_subject (school_id, incident_id, account_id, basis)
        select \(school.id), \(incident), account_id, basis
        from subjects_of_a_report(\(school.id), \(told.concerns), '{}'::uuid[])
        """
    }

    private var keepWhatWasTold: SQL {
        """
        insert into report (
            school_id, incident_id, id, reported_by, reporter_name, completed_on, channel,
            occurred_on, known_at, reported_at, concerns, is_child_at_risk, types, intent,
            description, salt)
        select
            \(school.id), \(incident), \(report), _account_id, who, \(at)::date, \(told.channel),
            \(at)::date, \(at) - interval '40 minutes', \(at), \(told.concerns),
            \(told.isChildAtRisk), \(told.types), \(told.intent), \(told.description),
            \(Random.bytes(16))
        from post where school_id = \(school.id) and role = 'staff' order by who limit 1
        """
    }

    private var notify: SQL {
        """
        insert into notice (
            school_id, account_id, role, kind, urgency, reference, incident_id, created_at)
        select
            \(school.id), account_id, role, 'incident_reported', \(urgency), \(reference),
            \(incident), \(at)
        from \(recipients) as recipient
        """
    }

    private var acknowledge: SQL {
        """
        insert into notice_acknowledgement (school_id, notice_id, account_id, acknowledged_at)
        select school_id, id, account_id, created_at + interval '17 minutes'
        from notice where \(told.isSeen) and school_id = \(school.id) and incident_id = \(incident)
        """
    }

    private var giveReceipt: SQL {
        """
        insert into receipt (
            school_id, incident_id, report_id, account_id, reference, status, reported_at, seen_at,
            seen_by_role)
        select
            \(school.id), \(incident), \(report), reported_by, \(reference),
            case when \(told.isSeen) then 'seen' else 'received' end, \(at),
            case when \(told.isSeen) then \(at) + interval '17 minutes' end,
            case when \(told.isSeen) then (select min(role) from \(recipients) as recipient) end
        from report where school_id = \(school.id) and id = \(report)
        """
    }
}
