import JSON
import OpenAPI
import Postgres

/// May this person have this access today, until when, and if not, exactly why not and what would
/// open it (AGR-12, AGR-13, AGR-21, ACC-04).
enum Gate {
    static let area = Area(
        name: "Gate",
        words: "Whether somebody may have something today, and if not, why not.",
        routes: [
            .get(
                "/v1/gate", "Ask the gate",
                """
                About one person. Everybody of the staff may ask about a pupil and about \
                themselves; those who answer for access about everybody. A reason that is not the \
                asker's to know is told as `ask_the_school`.
                """,
                for: admitted, by(ask)
            ).openTo(.gateRead, .peopleAtTheGate),
            .query(
                "/v1/gate", "Ask the gate about many",
                "About up to 2,000 persons in one call, each as by itself; nothing changes.",
                for: admitted, by(askMany)
            ).takingBodies(upTo: 128 << 10).openTo(.gateRead, .peopleAtTheGate),
        ],
        vocabularies: [
            Vocabulary("accesses", Access.self), Vocabulary("gate_modes", GateMode.self),
        ],
        reasonsAtTheGate: GateReasons(
            function: "roster_at_the_gate",
            words: [
                GateReason(
                    code: "not_on_roll", words: "Not at the school on that day",
                    opening: "Correct the roster, if that is wrong")
            ]))

    private static let admitted =
        [Role].employed.admitted(.peopleAtTheGate)
        + [Role.dpo].admitted(.peopleAtTheGate)

    static func ask(
        _ question: GateQuestion, within reach: Reach, in tx: Transaction
    ) -> Stored<GateAnswer> {
        tx.stored(answers([question.person], question.access, question.asOf, reach))
    }

    static func askMany(
        _ question: GateAnswer.Question, within reach: Reach, in tx: Transaction
    ) -> Listed<GateAnswer> {
        tx.listed(answers(question.personIDs.elements, question.access, question.asOf, reach))
    }

    /// An answer for each person, in the order in which they were named: all that the areas find is
    /// judged by what the school makes of it.
    private static func answers(
        _ people: [ID<Person>], _ access: Access, _ asOf: Day?, _ reach: Reach
    ) -> SQL {
        let day: SQL = "coalesce(\(asOf)::date, london_today())"
        return """
            with asked as materialized (
                select own.school_id, array_agg(asked.person_id) as people
                from unnest(\(reach.schools(.peopleAtTheGate))::uuid[]) as own (school_id)
                cross join lateral gate_asked(own.school_id, \(people)::uuid[]) as asked
                group by own.school_id
            ), \(judging(access, on: day)), answered as (
                select judged.person_id,
                    bool_or(coalesce(judged.shuts_on <= \(day), false)) as is_shut,
                    min(case when judged.code is null then judged.until
                        when judged.shuts_on > \(day) then judged.shuts_on - 1 end) as until,
                    jsonb_agg(\(reason(on: day)) order by judged.code, judged.since)
                        filter (where judged.code is not null) as reasons
                from judged \(knowing)
                group by judged.person_id
            )
            select person.id as person_id, whose.school_id, \(access) as "for", \(day) as as_of,
                whose.school_id is not null and not coalesce(answered.is_shut, false)
                    as is_allowed,
                case when not coalesce(answered.is_shut, true) then answered.until end as until,
                case when whose.school_id is null then \(unknown)::jsonb
                    else coalesce(answered.reasons, '[]') end as reasons
            from unnest(\(people)::uuid[]) with ordinality as person (id, place)
            left join asked as whose on person.id = any(whose.people)
            left join answered on answered.person_id = person.id
            order by person.place
            """
    }

    /// All that the areas find against those of `asked`, and what their school makes of each, as
    /// `judged`.
    private static func judging(_ access: Access, on day: SQL) -> SQL {
        """
        found as materialized (
            select asked.school_id, reason.*
            from asked cross join lateral (\(GateReasons.found(access, on: day))) as reason
        ), made as (
            select arisen.school_id, arisen.code, made.mode, made.days
            from (select distinct school_id, code from found where code is not null) as arisen
            cross join lateral gate_mode(arisen.school_id, arisen.code, \(day)) as made
        ), judged as (
            select found.*, made.mode,
                case when made.mode = 'enforce' then found.since + made.days end as shuts_on
            from found left join made using (school_id, code)
            where made.mode is distinct from 'off'
        )
        """
    }

    /// The words for each row of `judged`, and who is told of it.
    private static var knowing: SQL {
        let known = GateReasons.all
        return """
            left join unnest(
                \(known.map(\.code))::text[], \(known.map(\.words))::text[],
                \(known.map(\.opening))::text[], \(known.map(\.roles))::text[]
            ) as known (code, words, opening, roles) on known.code = judged.code
            """
    }

    /// What shuts the gate for a person today, each with `code`, `detail` and `opening` as the
    /// caller may know it. For areas that let nobody past it; it finds nothing for a caller who may
    /// not ask.
    static func shut(
        for person: ID<Person>, to access: Access, at school: ID<School>
    ) -> SQL {
        """
        with asked as materialized (
            select \(school)::uuid as school_id, array[\(person)]::uuid[] as people
        ), \(judging(access, on: "london_today()"))
        select told.reason ->> 'code' as code, told.reason ->> 'detail' as detail,
            told.reason ->> 'opening' as opening
        from judged \(knowing)
        cross join lateral (select \(reason(on: "london_today()")) as reason) as told
        where judged.code is not null and judged.shuts_on <= london_today()
        order by judged.code, judged.since
        """
    }

    /// A row of `judged` as it is told to the caller, who may not know of all.
    private static func reason(on day: SQL) -> SQL {
        """
        case
            when known.roles = '' or caller_holds(
                judged.school_id, string_to_array(known.roles, ',')) then
                jsonb_strip_nulls(coalesce(judged.about, '{}') || jsonb_build_object(
                    'code', judged.code, 'detail', known.words, 'opening', known.opening,
                    'since', judged.since, 'shuts_on', judged.shuts_on,
                    'is_shut', coalesce(judged.shuts_on <= \(day), false)))
            else jsonb_build_object(
                'code', 'ask_the_school', 'detail', 'The school will say why',
                'is_shut', coalesce(judged.shuts_on <= \(day), false))
        end
        """
    }

    private static let unknown = JSON.string(
        of: JSONValue.array([
            [
                "code": "unknown_person",
                "detail": "There is nobody of this id about whom you may ask", "is_shut": true,
            ]
        ]))
}

/// Who would have what, and when.
struct GateQuestion: Filter {
    let person: ID<Person>
    let access: Access
    let asOf: Day?

    init(_ query: inout QueryReader) {
        person = query.id("person_id", of: Person.self) ?? .example
        access = query.word("for", Access.self) ?? .device
        asOf = query.day("as_of")
        for name in ["person_id", "for"] where query.value(of: name) == nil {
            query.note(name, "required", "Give this, too")
        }
    }

    static let parameters: [Parameter] = [
        Parameter(
            "person_id", in: .query, "Who.", schema: .id, isRequired: true,
            example: .string(ID<Person>.example.string)),
        Parameter(
            "for", in: .query, "What they would have.", schema: Access.schema, isRequired: true,
            example: "device"),
        .query(
            "as_of", "On which day; today when not given.", .text(format: "date"), "2026-11-20"),
    ]
}

extension GateReason {
    /// Who is told, as the statement takes it; empty for everybody.
    fileprivate var roles: String { (told ?? []).map(\.rawValue).joined(separator: ",") }
}

extension Relation {
    static let peopleAtTheGate = Relation(
        "people at the gate",
        "Persons of the schools in which the post is held: for staff pupils and themselves, for "
            + "those who answer for access everybody (section 25)."
    ) { _, schools in "person.school_id = any(\(schools))" }
}
