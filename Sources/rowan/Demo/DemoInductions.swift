import FoundationEssentials
import Postgres

/// Somebody who is new at every school, and what was done with them so far.
struct DemoNewcomer {
    let given: String
    let family: String
    let kind: String
    let daysAgo: Int
    let done: [String]

    static let all = [
        DemoNewcomer(
            given: "Rosa", family: "Fenn", kind: "volunteer", daysAgo: 20,
            done: ["policy_given", "training_done"]),
        DemoNewcomer(
            given: "Idris", family: "Cole", kind: "peripatetic", daysAgo: 3,
            done: ["policy_given", "policy_explained"]),
    ]
}

extension Demo {
    /// Who has begun since the school inducts here, a quarter of a year ago.
    func loadInductions(in school: DemoSchool, by author: String) throws {
        try keep(
            "induction_rules_set", "school_rule",
            """
            insert into school_rule (
                school_id, kind, version, id, from_on, content, set_by_name)
            select \(school.id), kind, 1, \(UUID()), london_today() - 90, usual, \(author)
            from rule_kind
            where kind = 'induction'
            """)
        for newcomer in DemoNewcomer.all {
            let person = UUID()
            _ = try connection.run(
                """
                insert into person (school_id, id, kind, given_name, family_name, joined_on)
                values (
                    \(school.id), \(person), \(newcomer.kind), \(newcomer.given),
                    \(newcomer.family), london_today() - \(newcomer.daysAgo)::integer)
                """)
            for step in newcomer.done {
                try keep(
                    "induction_step_told", "induction_act",
                    """
                    insert into induction_act (
                        school_id, id, person_id, step, place, outcome, done_on, told_by_name)
                    values (
                        \(school.id), \(UUID()), \(person), \(step), 1, 'done',
                        london_today() - \(newcomer.daysAgo)::integer, \(author))
                    """)
            }
        }
    }
}
