import JSON
import Postgres

extension Finding {
    /// What triage says of procedures and cannot be: those that the school has not, types that
    /// nobody has said the procedure of, and a lead whom a procedure does not want.
    func procedureFaults(
        in incident: OpenedIncident, _ tx: Transaction
    ) async throws -> [JSONFault] {
        let chosen = procedures?.elements ?? []
        let unknown = try await incident.unknown(
            chosen.enumerated().map { ("/procedures/\($0.offset)", $0.element) }, tx)
        let found = try await tx.run(
            """
            select
                array_agg(undecided.type) as undecided, array_agg(undecided.choices) as choices,
                exists (
                    select from procedures_to_attach(
                        \(incident.school), \(incident.id), \(types.elements)::text[],
                        \(chosen)::text[]) as wanted (code)
                    join procedures_on(\(incident.school), london_today()) as known
                        on known.code = wanted.code
                    where not leads_a_procedure(
                        \(incident.school), \(leadID), known.content -> 'led_by', \(concerns),
                        \(isChildAtRisk))
                ) as wants_another_lead
            from (
                select map.type, (
                    select string_agg(choice.code, ', ')
                    from unnest(map.choose) as choice (code)
                    where procedure_is_used(\(incident.school), choice.code, london_today())
                ) as choices
                from types_without_procedure(
                    \(incident.school), \(incident.id), \(types.elements)::text[],
                    \(chosen)::text[]) as without (type)
                join procedure_map_on(\(incident.school), london_today()) as map
                    on map.type = without.type
            ) as undecided
            """)
        let choices = Dictionary(
            uniqueKeysWithValues: zip(
                found.texts(0, "undecided") ?? [], found.texts(0, "choices") ?? []))
        let ofTypes = types.elements.enumerated().compactMap { place, type in
            choices[type.rawValue].map { choices in
                JSONFault(
                    pointer: "/types/\(place)", code: "procedure_undecided",
                    detail: "This type stands for several: say in `procedures` which of \(choices)")
            }
        }
        guard found.bool(0, "wants_another_lead") == true else { return unknown + ofTypes }
        return unknown + ofTypes + [
            JSONFault(
                pointer: "/lead_id", code: "leads_no_such_procedure",
                detail: "Name somebody in a post that leads such a procedure (`led_by`)")
        ]
    }
}
