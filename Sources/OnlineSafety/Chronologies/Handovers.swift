import JSON
import Postgres

/// Handing the chronology of a child to the DSL of the school to which they go.
enum Handovers {
    static let routes: [Route] = [
        .post(
            path, "Hand over the chronology of a child",
            """
            By a DSL, to the DSL of the school to which the child goes: the answer is the \
            chronology itself, to be sent by a secure way, apart from the main file. To whom and \
            why is on record, and stands in the chronology from then on. The names of other \
            children are withheld, and how many says `withheld_number`, unless the form for use \
            within the school is asked for. What is handed over is kept nowhere: asking again is \
            another handing over. While an agency must advise first on one of its incidents \
            nothing goes to another school (INC-38). It holds what is open to whoever hands it \
            over: of what is restricted to others nothing is in it, and nothing tells that there \
            is any. More than 5,000 entries are refused: give a period.
            """,
            for: ChildChronology.writers.admitted(.ownPupils), by(handOver)
        ).afterStepUp().answeringOnce(),
        .get(
            path, "List handovers of the chronology of a child",
            "To whom it was handed, when and why, the latest first; not what it said.",
            for: ChildChronology.readers.admitted(.ownPupils), onRecord: true, by(list)
        ).afterStepUp(),
    ]

    private static let path = "\(ChildChronology.path)/handovers"
    private static let most = 5000

    /// That it was handed over is part of the story.
    static let strand = Strand(
        kinds: [.init("chronology_handed_over", "The chronology was handed to another school")]
    ) { child in
        """
        select handover.id, 'chronology_handed_over', london_day(handover.handed_at),
            handover.handed_at, handover.handed_at,
            concat_ws('; ', handover.to_school, handover.to_name, handover.reason), null::text[],
            handover.handed_by_name, null::text, null::uuid, null::text,
            \("/v1/people/\(child.id)/chronology/handovers")::text
        from chronology_handover as handover
        where handover.school_id = \(child.school) and handover.person_id = \(child.id)
        """
    }

    static func list(
        of person: ID<Person>, within reach: Reach, in tx: Transaction
    ) async throws -> Listed<ChronologyHandover> {
        let child = try await ChildChronology.opened(person, reach, in: tx)
        return tx.listed(
            """
            select * from chronology_handover_shown as handover
            where handover.school_id = \(child.school) and handover.person_id = \(child.id)
            order by handover.handed_at desc, handover.id
            limit 200
            """)
    }

    static func handOver(
        of person: ID<Person>, _ said: ChronologyHandover.Said, within reach: Reach,
        in tx: Transaction
    ) async throws -> Created<ChronologyHandover> {
        let child = try await ChildChronology.opened(person, reach, in: tx)
        let entries: SQL = """
            select entry.* from (\(ChildChronology.story(of: child))) as entry
            where (\(said.fromOn)::date is null or entry.happened_on >= \(said.fromOn)::date)
                and (\(said.untilOn)::date is null or entry.happened_on <= \(said.untilOn)::date)
            """
        let found = try await tx.run(
            """
            select count(*) as number, coalesce(
                bool_or(is_held(\(child.school), entry.incident_id, rowan_now())), false) as is_held
            from (\(entries) limit \(most + 1)) as entry
            """)
        guard found.int(0, "number") ?? 0 <= most else { throw Problem(.exportTooLarge) }
        if said.form != .internal, found.bool(0, "is_held") == true {
            throw Problem(conflicts: [
                Fault(
                    pointer: "", code: "under_agency_hold",
                    detail: "An agency must advise first what another school is told")
            ])
        }
        let id = ID<ChronologyHandover>()
        return Created(tx.stored(document(id, of: child, entries, said, by: reach.caller)))
    }

    /// What is handed over, with its reading and the handing over on record.
    private static func document(
        _ id: ID<ChronologyHandover>, of child: Strand.Child, _ entries: SQL,
        _ said: ChronologyHandover.Said, by caller: Caller
    ) -> SQL {
        let form = said.form ?? .withheld
        return """
            with \(withheld(entries, of: child, form)), recorded as (
                insert into event (
                    organisation_id, chain, deed, record_kind, record_ids, request_id)
                select \(child.school), 'reads', 'exported', 'chronology',
                    array_agg(\(ChildChronology.whatIsShown)), ''
                from entry
                having count(*) > 0
            ), written as (
                insert into chronology_handover (
                    school_id, id, person_id, to_school, to_name, reason, form, from_on, until_on,
                    entries, withheld, handed_by_name)
                select \(child.school), \(id), \(child.id), \(said.toSchool), \(said.toName),
                    \(said.reason), \(form), \(said.fromOn)::date, \(said.untilOn)::date,
                    (select count(*) from entry), coalesce(cardinality(other.names), 0),
                    \(caller.name)
                from other
                returning *
            ), noted as (
                \(Audit.entry(
                    "chronology_handed_over", "chronology_handover", of: "written.school_id",
                    id: "written.id",
                    digest: "digest_of(written.salt, to_jsonb(written) - 'salt')",
                    from: "written"))
            )
            select written.id, written.school_id, written.person_id, child.name as who,
                written.to_school, written.to_name, written.reason, written.form,
                written.from_on, written.until_on, written.entries as entries_number,
                written.withheld as withheld_number, written.handed_by_name as handed_by,
                written.handed_at, (
                    select coalesce(
                        jsonb_agg(
                            shown_part(to_jsonb(shown)) order by shown._order, shown.id), '[]')
                    from shown
                ) as entries
            from written cross join child
            """
    }

    /// The entries as they are `shown`: without the names of other children (`other`), unless the
    /// form is that for use within the school.
    private static func withheld(
        _ entries: SQL, of child: Strand.Child, _ form: ChronologyHandover.Form
    ) -> SQL {
        """
        entry as materialized (\(entries)
        ), child as (
            select person.given_name || ' ' || person.family_name as name from person
            where person.school_id = \(child.school) and person.id = \(child.id)
        ), other as materialized (
            select array_agg(known.name order by known.name) as names
            from (
                select array_agg(distinct entry.incident_id) as incidents,
                    string_agg(concat_ws(' ', entry.words, entry.by), ' ') as words
                from entry
            ) as whole
            cross join lateral other_children(
                \(child.school), \(child.id), whole.incidents, whole.words) as known (name)
            cross join child
            where \(form) = 'withheld'
                and without_children(whole.words, array[known.name], child.name) <> whole.words
        ), shown as materialized (
            select entry.id, entry.school_id, entry.school, entry.person_id, entry.source,
                entry.kind, entry.happened_on, entry.happened_at, entry.recorded_at,
                without_children(entry.words, coalesce(other.names, '{}'), child.name) as words,
                entry.parts,
                without_children(entry.by, coalesce(other.names, '{}'), child.name) as by,
                entry.role, entry.incident_id, entry.reference, entry.href, entry._order
            from entry cross join other cross join child
        )
        """
    }
}
