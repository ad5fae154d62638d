import JSON
import Postgres

/// The procedures of a school.
enum OwnProcedures {
    static let routes: [Route] = [
        .get(
            "/v1/schools/{school}/procedures", "List the procedures of a school",
            """
            What is done here of which kind of incident: the usual of the policies, written for \
            England, or the school's own steps and references, with the usual ones beside them.
            """,
            for: [Role].ofASchool.admitted(.ownProcedures), by(list)),
        .get(
            "/v1/schools/{school}/procedures/{procedure}", "Read a procedure of a school",
            "Its steps in order, who takes each, within what time, and what must be on record.",
            for: [Role].ofASchool.admitted(.ownProcedures), by(read)),
        .put(
            "/v1/schools/{school}/procedures/{procedure}", "Set a procedure of a school",
            """
            The school's own steps or references, from a day on; what is attached already stays as \
            it was. It can be made shorter or set aside, but for the steps by which somebody \
            outside the school learns of it. Requires If-Match.
            """,
            for: Procedures.rulers.admitted(.ownProcedures), by(set)
        ).takingBodies(upTo: 512 << 10),
    ]

    static let kind = RuleKind(name: "procedure", deed: "procedure_set")

    static func list(
        of school: ID<School>, _ asked: RulesOn, within reach: Reach, in tx: Transaction
    ) -> Listed<SchoolProcedure> {
        tx.listed(rows(of: school, on: asked.day, reach))
    }

    static func read(
        of school: ID<School>, _ code: ProcedureCode, _ asked: RulesOn, within reach: Reach,
        in tx: Transaction
    ) -> Stored<SchoolProcedure> {
        tx.stored(rows(of: school, code, on: asked.day, reach))
    }

    static func set(
        of school: ID<School>, _ code: ProcedureCode, to said: SchoolProcedure.Said,
        ifMatch: IfMatch, within reach: Reach, in tx: Transaction
    ) async throws -> Stored<SchoolProcedure> {
        let (now, version) = try await kind.next(
            after: rows(of: school, code, on: nil, reach), ifMatch, from: said.fromOn, in: tx)
        var kept = now.text(0, "_kept_steps") ?? "[]"
        let steps = try JSON.decode(
            [ProcedureStep].self,
            from: kept.withUTF8 { try JSON.parse(UnsafeRawBufferPointer($0)) })
        let naming = try await PlacedText.faults(of: said.texts, at: school, in: tx)
        try said.judge(besides: said.faults(keeping: steps) + naming)
        kind.write(
            SchoolProcedure.Kept(
                isUsed: said.isUsed, steps: said.steps, references: said.references),
            of: code.string, version, from: said.fromOn, at: school, by: reach.caller, in: tx)
        return tx.stored(rows(of: school, code, on: said.fromOn, reach))
    }

    private static func rows(
        of school: ID<School>, _ code: ProcedureCode? = nil, on day: Day?, _ reach: Reach
    ) -> SQL {
        """
        select procedure.school_id, known.code, known.title, known.source, known.jurisdiction,
            known.version, known.is_own, known.is_used, known.content -> 'steps' as steps,
            known.content -> 'references' as "references", known.content -> 'led_by' as led_by,
            known.content -> 'with' as "with",
            (known.content ->> 'is_of_imagery')::boolean as is_of_imagery, known.usual_version,
            case when known.is_own then known.usual -> 'steps' end as usual_steps, known.from_on,
            known.set_by_name as set_by, known.set_at, '"' || latest.version || '"' as etag,
            latest.version as _version,
            jsonb_path_query_array(
                known.usual, '$.steps[*] ? (@.is_kept == true)')::text as _kept_steps,
            known.place as _place
        from (select school.id as school_id from school) as procedure
        cross join lateral procedures_on(
            procedure.school_id, coalesce(\(day)::date, london_today())) as known
        cross join lateral (
            select coalesce(max(rule.version), 0) as version from school_rule as rule
            where rule.school_id = procedure.school_id and rule.kind = 'procedure'
                and rule.subject = known.code
        ) as latest
        where procedure.school_id = \(school) and \(reach.sql(.ownProcedures))
            and (\(code)::text is null or known.code = \(code))
        order by known.place
        """
    }
}

extension SchoolProcedure.Said {
    /// What it leaves out that a school keeps, or weakens of it.
    fileprivate func faults(keeping kept: [ProcedureStep]) -> [JSONFault] {
        guard !kept.isEmpty else { return [] }
        var faults: [JSONFault] = []
        if isUsed == false {
            faults.append(
                JSONFault(
                    pointer: "/is_used", code: "procedure_is_kept",
                    detail: "It may be made shorter, and not set aside"))
        }
        guard let steps = steps?.elements else { return faults }
        return faults
            + kept.compactMap { step in
                let place = steps.firstIndex { $0.code == step.code }
                guard let place, steps[place].asksNoLess(than: step) else {
                    return JSONFault(
                        pointer: place.map { "/steps/\($0)" } ?? "/steps", code: "step_is_kept",
                        detail: "The step \(step.code.string) stays, and asks for no less")
                }
                return nil
            }
    }

    /// What others read who may know nobody's name.
    fileprivate var texts: [PlacedText] {
        let steps = (steps?.elements ?? []).enumerated().flatMap { place, step in
            [
                ("words", step.words.string), ("question", step.question?.string),
                ("record", step.record?.string),
            ].compactMap { key, text in
                text.map { PlacedText("/steps/\(place)/\(key)", $0) }
            }
        }
        let titles = (references?.elements ?? []).enumerated().map { place, one in
            PlacedText("/references/\(place)/title", one.title.string)
        }
        return steps + titles
    }
}

extension ProcedureStep {
    /// Whether nothing that a kept step demands is missing here: it may be wanted always where it
    /// was wanted on a condition, and sooner, and without waiting for another step; and not the
    /// other way round. Nor may it go to somebody else, or be asked about something else.
    fileprivate func asksNoLess(than kept: ProcedureStep) -> Bool {
        let isAsSoon =
            within.map { own in kept.within.map { own.minutes <= $0.minutes } ?? true } ?? false
        return (need == .mandatory || need == kept.need && question == kept.question)
            && isKept == true && actor == kept.actor
            && (after == nil || after == kept.after)
            && JSON.string(of: asksFor) == JSON.string(of: kept.asksFor)
            && (kept.requiredBy == nil || need == .mandatory
                || JSON.string(of: requiredBy) == JSON.string(of: kept.requiredBy))
            && isAsSoon
    }
}
