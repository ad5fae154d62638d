import JSON
import Postgres

/// Which procedures a school has for which types of incident.
enum ProcedureMaps {
    static let routes: [Route] = [
        .get(
            "/v1/schools/{school}/procedure-map", "Read the map of procedures",
            """
            What triage attaches of which type of incident, what it must choose from, and what may \
            belong to it besides. Several may belong to one incident.
            """,
            for: [Role].ofASchool.admitted(.ownProcedures), by(read)),
        .put(
            "/v1/schools/{school}/procedure-map", "Set the map of procedures",
            """
            Where the school differs from the usual, from a day on. A procedure by which somebody \
            outside the school learns of it stays with its type. Requires If-Match.
            """,
            for: Procedures.rulers.admitted(.ownProcedures), by(set)),
    ]

    static let kind = RuleKind(name: "procedure_map", deed: "procedure_map_set")

    static func read(
        of school: ID<School>, _ asked: RulesOn, within reach: Reach, in tx: Transaction
    ) -> Stored<ProcedureMap> {
        tx.stored(one(school, on: asked.day, reach))
    }

    static func set(
        of school: ID<School>, to said: ProcedureMap.Said, ifMatch: IfMatch, within reach: Reach,
        in tx: Transaction
    ) async throws -> Stored<ProcedureMap> {
        let (_, version) = try await kind.next(
            after: one(school, on: nil, reach), ifMatch, from: said.fromOn, in: tx)
        try await said.judge(besides: faults(of: said.types.elements, at: school, tx))
        kind.write(
            ["types": said.types.elements.map(\.kept)], version, from: said.fromOn, at: school,
            by: reach.caller, in: tx)
        return tx.stored(one(school, on: said.fromOn, reach))
    }

    /// Procedures that there are not, and types that would lose one by which somebody outside the
    /// school learns of it.
    private static func faults(
        of types: [MappedType.Said], at school: ID<School>, _ tx: Transaction
    ) async throws -> [JSONFault] {
        let found = try await tx.run(
            """
            select array(select distinct code from usual_procedure)::text[] as known,
                array(
                    select usual.type || ' ' || wanted.code from usual_procedure_map as usual
                    cross join lateral unnest(usual.attached || usual.choose) as wanted (code)
                    join usual_procedure as named on named.code = wanted.code
                    where jsonb_path_exists(named.content, '$.steps[*] ? (@.is_kept == true)')
                )::text[] as kept
            """)
        let known = Set(found.texts(0, "known") ?? [])
        let kept = found.texts(0, "kept") ?? []
        return types.enumerated().flatMap { place, said in
            let unknown = said.named.filter { !known.contains($0.code.string) }.map {
                JSONFault(
                    pointer: "/types/\(place)/\($0.pointer)", code: "unknown_procedure",
                    detail: "The school has no such procedure")
            }
            let stays = Set((said.kept.attached + said.kept.choose).map(\.string))
            let lost = kept.compactMap { pair -> String? in
                let words = pair.split(separator: " ")
                guard words.count == 2, words[0] == said.type.rawValue else { return nil }
                return stays.contains(String(words[1])) ? nil : String(words[1])
            }
            return unknown
                + lost.map { code in
                    JSONFault(
                        pointer: "/types/\(place)", code: "procedure_is_kept",
                        detail: "The procedure \(code) stays with this type")
                }
        }
    }

    private static func one(_ school: ID<School>, on day: Day?, _ reach: Reach) -> SQL {
        """
        select procedure.school_id, (
                select jsonb_agg(
                    to_jsonb(map)
                    order by array_position(\(IncidentType.allCases)::text[], map.type))
                from procedure_map_on(
                    procedure.school_id, coalesce(\(day)::date, london_today())) as map
            ) as types, said.from_on, said.set_by_name as set_by, said.set_at,
            '"' || latest.version || '"' as etag, latest.version as _version
        from (select school.id as school_id from school) as procedure
        left join lateral rule_said_on(
            procedure.school_id, 'procedure_map', '', coalesce(\(day)::date, london_today())
        ) as said on true
        cross join lateral (
            select coalesce(max(rule.version), 0) as version from school_rule as rule
            where rule.school_id = procedure.school_id and rule.kind = 'procedure_map'
        ) as latest
        where procedure.school_id = \(school) and \(reach.sql(.ownProcedures))
        """
    }
}
