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
                asker's to know is told as `ask_the_school`, and that an agreement was refused, \
                withdrawn or revoked as that it is not signed. A videoconference is shut to each \
                pupil to whom `consent-check` does not allow it, for one reason, whatever the \
                school makes of consents: so the gate tells of no marker. Who reads the answers \
                and must obey the effect can tell beside them that the school withholds \
                something, and never why. Stored images of pupils are open to nobody but those \
                whom the register `image-approvals` has on that day. On another day it goes by \
                what was signed and allowed by then, and by the persons as the roster has them \
                today; on a day that is over what was put to them to be signed goes by what they \
                were then.
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

    /// Whoever may ask what somebody may have.
    static let admitted =
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
            with whose as materialized (
                select own.school_id, asked.person_id
                from unnest(\(reach.schools(.peopleAtTheGate))::uuid[]) as own (school_id)
                cross join lateral gate_asked(own.school_id, \(people)::uuid[]) as asked
            ), asked as materialized (
                select whose.school_id, \(access)::text as to_have,
                    array_agg(whose.person_id) as people
                from whose
                group by whose.school_id
            ), \(judging(on: day)), answered as materialized (
                select judged.person_id,
                    bool_or(coalesce(judged.shuts_on <= \(day), false)) as is_shut,
                    min(case when judged.code is null then judged.until
                        when judged.shuts_on > \(day) then judged.shuts_on - 1 end) as until,
                    jsonb_agg(told.reason order by \(order))
                        filter (where judged.code is not null) as reasons
                from judged \(telling(on: day))
                group by judged.person_id
            )
            select person.id as person_id, whose.school_id, \(access) as "for", \(day) as as_of,
                whose.school_id is not null and not coalesce(answered.is_shut, false)
                    as is_allowed,
                case when not coalesce(answered.is_shut, true) then answered.until end as until,
                case when whose.school_id is null then \(unknown)::jsonb
                    else coalesce(answered.reasons, '[]') end as reasons
            from unnest(\(people)::uuid[]) with ordinality as person (id, place)
            left join whose on whose.person_id = person.id
            left join answered on answered.person_id = person.id
            order by person.place
            """
    }

    /// All that the areas find against those of `asked`, what their school makes of each, and
    /// whether the caller is told of it, as `judged`.
    private static func judging(on day: SQL) -> SQL {
        let (known, others) = (GateReasons.all, GateReasons.all.map(\.seenByOthers))
        return """
            found as materialized (
                select asked.school_id, asked.to_have, reason.*
                from asked cross join lateral (\(GateReasons.found(on: day))) as reason
            ), made as materialized (
                select arisen.school_id, arisen.code, made.mode, made.days, known.words,
                    known.opening, known.others_words, known.others_opening,
                    coalesce(known.others_code, \(GateReason.silent.code)) as others_code,
                    coalesce(
                        known.roles = '' or caller_holds(
                            arisen.school_id, string_to_array(known.roles, ',')), false)
                        as is_told
                from (select distinct school_id, code from found where code is not null) as arisen
                cross join lateral gate_mode(arisen.school_id, arisen.code, \(day)) as made
                left join unnest(
                    \(known.map(\.code))::text[], \(known.map(\.words))::text[],
                    \(known.map(\.opening))::text[], \(known.map(\.roles))::text[],
                    \(others.map(\.code))::text[], \(others.map(\.words))::text[],
                    \(others.map(\.opening))::text[]
                ) as known (
                    code, words, opening, roles, others_code, others_words, others_opening
                ) on known.code = arisen.code
            ), judged as materialized (
                select found.*, made.mode, made.words, made.opening, made.others_code,
                    made.others_words, made.others_opening,
                    made.is_told or found.person_id = any(array(
                        select person.id from person where person.account_id = caller_account()
                    )) as is_told,
                    case when made.mode = 'enforce' then found.since + made.days end as shuts_on
                from found left join made using (school_id, code)
                where made.mode is distinct from 'off'
            )
            """
    }

    /// What shuts the gate for a person today, each with `code`, `detail` and `opening` as the
    /// caller may know it. For areas that let nobody past it: to a caller who may not ask about
    /// them it is shut. Of one reason, `but`, it says nothing.
    static func shut(
        for person: ID<Person>, to access: Access, at school: ID<School>, but code: String = ""
    ) -> SQL {
        """
        with asked as materialized (
            select \(school)::uuid as school_id, \(access)::text as to_have,
                array[\(person)]::uuid[] as people
        ), \(judging(on: "london_today()"))
        (
            select told.reason ->> 'code' as code, told.reason ->> 'detail' as detail,
                told.reason ->> 'opening' as opening
            from judged \(telling(on: "london_today()"))
            where judged.code <> \(code) and judged.shuts_on <= london_today()
            order by \(order)
        )
        union all
        select \(GateReason.silent.code)::text, \(GateReason.silent.words)::text, null
        where not exists (select from gate_asked(\(school), array[\(person)]::uuid[]))
        """
    }

    /// What shuts the gate on a day for many, of whom `asked` says what they would have
    /// (`school_id`, `to_have`, `people`), as `shut`: the `codes` for each of them for whom it is
    /// shut, as the caller may know them. Of one reason, `but`, it says nothing. To a caller who
    /// may not ask about somebody it is shut.
    static func shutting(on day: SQL, but code: String) -> SQL {
        """
        \(judging(on: day)), shut as materialized (
            select judged.school_id, judged.to_have, judged.person_id,
                array_agg(distinct told.reason ->> 'code') as codes
            from judged \(telling(on: day))
            where judged.code <> \(code) and judged.shuts_on <= \(day)
            group by judged.school_id, judged.to_have, judged.person_id
            union all
            select asked.school_id, asked.to_have, unasked.person_id,
                array[\(GateReason.silent.code)::text]
            from asked
            cross join lateral (
                select unnest(asked.people) as person_id
                except
                select known.person_id from gate_asked(asked.school_id, asked.people) as known
            ) as unasked
        )
        """
    }

    /// Each row of `judged` as it is `told` to the caller, who may not know of all: what the others
    /// learn of it says neither since when it is so nor by which record.
    private static func telling(on day: SQL) -> SQL {
        """
        cross join lateral (
            select coalesce(judged.shuts_on <= \(day), false) as is_shut
        ) as now
        cross join lateral (
            select case
                when judged.is_told and judged.words is not null
                then coalesce(judged.about, '{}') || jsonb_build_object(
                    'code', judged.code, 'detail', judged.words, 'opening', judged.opening,
                    'since', judged.since, 'shuts_on', judged.shuts_on, 'is_shut', now.is_shut)
                when judged.others_code = \(GateReason.silent.code)
                then jsonb_build_object(
                    'code', judged.others_code, 'detail', \(GateReason.silent.words)::text,
                    'is_shut', now.is_shut)
                else judged.about - 'agreement_id' || jsonb_build_object(
                    'code', judged.others_code, 'detail', judged.others_words,
                    'opening', judged.others_opening, 'is_shut', now.is_shut,
                    'shuts_on', case when not now.is_shut then judged.shuts_on end)
            end as content
        ) as reason
        cross join lateral (select jsonb_strip_nulls(reason.content) as reason) as told
        """
    }

    /// By what is told of them, so that not even their order tells more.
    private static var order: SQL {
        "told.reason ->> 'code', told.reason ->> 'since', told.reason::text"
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
