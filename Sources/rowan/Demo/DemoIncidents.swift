import Crypto
import FoundationEssentials
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
    /// Files it as a member of staff would have, in the past: by the same function as the service.
    func load(_ told: DemoIncident, in school: DemoSchool) throws {
        let incident = UUID()
        _ = try connection.run("select * from \(filing(told, incident, school))")
        guard told.isSeen else { return }
        _ = try connection.run(
            """
            insert into notice_acknowledgement (school_id, notice_id, account_id, acknowledged_at)
            select school_id, id, account_id, created_at + interval '17 minutes'
            from notice where school_id = \(school.id) and incident_id = \(incident)
            """)
        _ = try connection.run(
            """
            update receipt
            set status = 'seen', seen_at = reported_at + interval '17 minutes', version = 2,
                seen_by_role = (
                    select min(role) from notice
                    where notice.school_id = receipt.school_id
                        and notice.incident_id = receipt.incident_id)
            where school_id = \(school.id) and incident_id = \(incident)
            """)
    }

    private func filing(_ told: DemoIncident, _ incident: UUID, _ school: DemoSchool) -> SQL {
        let at: SQL = "(rowan_now() - make_interval(days => \(told.daysAgo)))"
        let isUrgent = told.isChildAtRisk || told.concerns != "child"
        return """
            file_report(
                jsonb_populate_record(
                    null::report,
                    jsonb_build_object(
                        'school_id', \(school.id)::uuid, 'incident_id', \(incident)::uuid,
                        'id', gen_random_uuid(), 'reported_at', \(at),
                        'reporter_name', (
                            select who from post
                            where school_id = \(school.id) and _account_id = caller_account()),
                        'completed_on', \(at)::date, 'occurred_on', \(at)::date,
                        'known_at', \(at) - interval '40 minutes',
                        'channel', \(told.channel)::text, 'concerns', \(told.concerns)::text,
                        'is_child_at_risk', \(told.isChildAtRisk)::boolean,
                        'types', \(told.types)::text[], 'intent', \(told.intent)::text,
                        'description', \(told.description)::text, 'is_approximate', false,
                        'locations', '{}'::text[], 'social_media', '{}'::text[],
                        'people', '[]'::jsonb, 'set_aside', '[]'::jsonb,
                        'salt', \(Random.bytes(16))::bytea)),
                \(Reference()), \(isUrgent ? "urgent" : "normal"))
            """
    }
}
