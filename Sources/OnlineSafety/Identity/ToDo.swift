import JSON
import OpenAPI
import Postgres

/// A kind of thing that waits until somebody does it. Each area says which it has (`Area.toDo`),
/// and `GET /v1/me` tells everybody of theirs, so that a front end needs no copy of the rules
/// (USR-16).
struct ToDo: Sendable {
    /// What is to be done, by a word that never changes its meaning.
    let kind: String

    /// The same, as one says it.
    let words: String

    /// Whom it can wait for: of others' posts nothing is asked.
    let roles: [Role]

    /// Where it is found, just what is counted; `{school}` stands for the school, `{me}` for who
    /// one is among its people, `{soon}` for the day in a week.
    let link: String

    /// The rows that wait: `school_id`, and `due_on`, where it is due on a day. Asked for somebody
    /// with one of the `roles` in these schools.
    let found: @Sendable (_ caller: Caller, _ schools: [ID<School>]) -> SQL

    /// At most so many are counted.
    private static let most = 100

    /// What waits for somebody, of every area and school, as one array; what is due first, first.
    static func all(of caller: Caller) -> SQL {
        let parts = areas.flatMap(\.toDo).compactMap { $0.counted(for: caller) }
        guard !parts.isEmpty else { return "'[]'::jsonb" }
        return """
            (
                select coalesce(jsonb_agg(
                    jsonb_strip_nulls(to_jsonb(to_do))
                    order by to_do.due_on nulls last, to_do.kind, to_do.school_id), '[]')
                from (\(parts.joined(separator: " union all "))) as to_do
            )
            """
    }

    private func counted(for caller: Caller) -> SQL? {
        let schools = caller.schools.filter { school in
            roles.contains { caller.holds($0, in: school) }
        }
        guard !schools.isEmpty else { return nil }
        return """
            select \(kind)::text as kind, one.school_id, count(*)::integer as number,
                min(one.due_on) as due_on,
                coalesce(min(one.due_on) < london_today(), false) as is_overdue,
                replace(
                    replace(
                        replace(\(link), '{school}', one.school_id::text),
                        '{me}', coalesce(min(me.id::text), '')),
                    '{soon}', (london_today() + 7)::text) as link
            from (
                \(found(caller, schools)) limit \(Self.most)
            ) as one
            left join person as me
                on me.school_id = one.school_id and me.account_id = \(caller.account)
            group by one.school_id
            """
    }
}

extension ToDo {
    /// Duties of these kinds, from the function or view that tells them: the caller's own, and
    /// those of the posts that they hold, once they are asked, or where they are due within a week.
    static func duties(
        _ kind: String, _ words: String, of kinds: [String], for roles: [Role],
        onceAsked: Bool = false, from source: @escaping @Sendable (_ schools: [ID<School>]) -> SQL
    ) -> ToDo {
        let when = onceAsked ? "is_asked=true" : "until={soon}"
        return ToDo(
            kind: kind, words: words, roles: roles,
            link: "/v1/duties?school_id={school}&kind=\(kinds.joined(separator: ","))"
                + "&is_mine=true&\(when)"
        ) { _, schools in
            """
            select duty.school_id, duty.due_on
            from (\(source(schools))) as duty
            where duty.school_id = any(\(schools)) and duty.kind = any(\(kinds))
                and \(onceAsked ? DutyFilter.isAsked : "duty.due_on <= london_today() + 7")
                and \(DutyFilter.isMine)
            order by duty.due_on
            """
        }
    }
}

extension Me {
    /// What waits for me.
    struct Task: Codable, Exemplary {
        let kind: String
        let schoolID: ID<School>
        let number: Int
        let dueOn: Day?
        let isOverdue: Bool
        let link: String

        static var example: Task {
            Task(
                kind: "agreement_to_sign", schoolID: .example, number: 1, dueOn: .example,
                isOverdue: false,
                link: "/v1/agreements?person_id=\(ID<Person>.example)")
        }

        enum CodingKeys: String, FieldWords {
            case kind, number, link
            case schoolID = "school_id"
            case dueOn = "due_on"
            case isOverdue = "is_overdue"

            var words: String {
                switch self {
                case .kind: "What is to be done, one of the vocabulary `to_do`."
                case .schoolID: "The school."
                case .number: "How many such things there are; 100 where there are more."
                case .dueOn: "By when the first of them is due; absent where it has no day."
                case .isOverdue: "Whether that has passed."
                case .link: "Where it is found, and done."
                }
            }
        }
    }
}
