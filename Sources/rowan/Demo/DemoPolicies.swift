import FoundationEssentials
import Postgres

/// A policy of each school, and how far it has come: the steps of the usual chain, and whether it
/// was published, each so many days ago.
struct DemoPolicy {
    let id = UUID()
    let version = UUID()
    let round = UUID()
    let content: String
    let begunDaysAgo: Int
    let approvals: [(post: String, daysAgo: Int)]
    let publishedDaysAgo: Int?

    /// Made anew for each school: one in force, of which the year is nearly over, and one that the
    /// governors are to approve.
    static var all: [DemoPolicy] {
        [
            DemoPolicy(
                content: #"""
                    {"name": "Online safety policy", "owner_role": "dsl",
                        "authors": "The DSL and the computing lead",
                        "scope": "All who use the school's technology",
                        "sections": [{"heading": "Aims", "paragraphs": [
                            "That everybody here can use technology safely.",
                            "That whoever is worried knows whom to tell."]}],
                        "guidance": [{"code": "keeping_children_safe", "year": 2025}],
                        "linked": [{"name": "Child protection policy"}]}
                    """#, begunDaysAgo: 370,
                approvals: [("headteacher", 360), ("chair_of_governors", 350)],
                publishedDaysAgo: 345),
            DemoPolicy(
                content: #"""
                    {"name": "Phones and other devices", "owner_role": "headteacher",
                        "sections": [{"paragraphs": [
                            "Phones stay in bags, but in the staff room."]}]}
                    """#, begunDaysAgo: 12, approvals: [("headteacher", 4)],
                publishedDaysAgo: nil),
        ]
    }
}

extension Demo {
    /// Both policies, with what became of them, and who has read the one in force.
    func loadPolicies(in school: DemoSchool) throws {
        for policy in DemoPolicy.all {
            try write(policy, in: school, by: try become("deputy_dsl", of: school))
            for (place, approval) in policy.approvals.enumerated() {
                try act(
                    "approved", on: policy, place + 1, step: place + 1, as: approval.post,
                    daysAgo: approval.daysAgo, in: school)
            }
            guard let daysAgo = policy.publishedDaysAgo else { continue }
            try act(
                "published", on: policy, policy.approvals.count + 1, step: nil, as: "headteacher",
                daysAgo: daysAgo, in: school)
            try hand(policy, in: school, by: try become("deputy_dsl", of: school))
        }
    }

    private func write(_ policy: DemoPolicy, in school: DemoSchool, by author: String) throws {
        let (id, begun): (UUID, SQL) = (
            school.id, "rowan_now() - make_interval(days => \(policy.begunDaysAgo))"
        )
        try keep(
            "policy_made", "policy",
            """
            insert into policy (school_id, id, made_by_name, made_at)
            values (\(id), \(policy.id), \(author), \(begun))
            """)
        try keep(
            "policy_version_written", "policy_version", version: "written.number",
            """
            insert into policy_version (
                school_id, id, policy_id, number, content, written_by_name, written_at)
            values (
                \(id), \(policy.version), \(policy.id), 1, \(policy.content)::jsonb, \(author),
                \(begun))
            """)
        try keep(
            "policy_adoption_begun", "policy_round",
            """
            insert into policy_round (
                school_id, id, policy_id, version_id, number, kind, steps, begun_as,
                begun_by_name, begun_at)
            values (
                \(id), \(policy.round), \(policy.id), \(policy.version), 1, 'adoption',
                (select usual -> 'steps' from rule_kind where kind = 'policy'), 'deputy_dsl',
                \(author), \(begun))
            """)
    }

    private func act(
        _ act: String, on policy: DemoPolicy, _ place: Int, step: Int?, as post: String,
        daysAgo: Int, in school: DemoSchool
    ) throws {
        let author = try become(post, of: school)
        try keep(
            "policy_\(act)", "policy_act",
            """
            insert into policy_act (
                school_id, id, policy_id, round_id, place, act, step, on_day, done_as,
                done_by_name, done_at)
            values (
                \(school.id), \(UUID()), \(policy.id), \(policy.round), \(place)::integer, \(act),
                \(step)::integer, london_today() - \(daysAgo)::integer, \(post), \(author),
                rowan_now() - make_interval(days => \(daysAgo)))
            """)
    }

    /// What was done before the register, and who was given it: all who work there, of whom every
    /// third has not said that they have read it.
    private func hand(_ policy: DemoPolicy, in school: DemoSchool, by author: String) throws {
        try keep(
            "policy_past_entered", "policy_entry",
            """
            insert into policy_entry (
                school_id, id, policy_id, on_day, action, responsible, entered_by_name)
            values (
                \(school.id), \(UUID()), \(policy.id), london_today() - 720, 'Ratified',
                'School Development Committee', \(author))
            """)
        for (act, daysAgo) in [("given", 30), ("acknowledged", 20)] {
            try keep(
                "policy_\(act)", "policy_receipt",
                """
                insert into policy_receipt (
                    school_id, id, policy_id, version_id, person_id, act, on_day,
                    entered_by_name)
                select worker.school_id, gen_random_uuid(), \(policy.id), \(policy.version),
                    worker.id, \(act), london_today() - \(daysAgo)::integer, \(author)
                from (
                    select person.*, row_number() over (order by person.family_name) as turn
                    from person
                    where person.school_id = \(school.id)
                        and person.kind in ('teacher', 'support_staff')
                ) as worker
                where \(act)::text = 'given' or worker.turn % 3 <> 0
                """)
        }
    }
}
