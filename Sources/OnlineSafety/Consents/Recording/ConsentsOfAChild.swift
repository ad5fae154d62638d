import Postgres

extension Strand {
    /// What was said may be done with a child, and what not, or no more: an entry for each.
    static let ofConsents = Strand(
        kinds: [
            Kind("consent_given", "A parent said yes to something"),
            Kind("consent_refused", "A parent said no to something"),
            Kind("consent_withdrawn", "A parent said no more to something"),
            Kind("consent_struck_out", "What was entered by mistake counts no more"),
        ]
    ) { child in
        """
        select consent.id, said.kind, consent.given_on, null::timestamptz, consent.entered_at,
            concat_ws('; ', said.purposes, consent.reason), null::text[], consent.given_by,
            null::text, null::uuid, null::text, '/v1/consents/' || consent.id
        from consent_shown as consent
        cross join lateral (
            select case answer.word
                    when 'consent' then 'consent_given'
                    when 'refuse' then 'consent_refused'
                    else 'consent_withdrawn' end as kind,
                string_agg(
                    concat_ws(': ', replace(answer.purpose, '_', ' '), answer.scope), ', '
                    order by answer.purpose) as purposes
            from jsonb_to_recordset(consent.answers) as told (
                purpose text, answer text, scope text)
            cross join lateral (
                select told.purpose, told.answer as word, told.scope
            ) as answer
            group by 1
            union all
            select 'consent_struck_out', null
            where jsonb_array_length(consent.answers) = 0
        ) as said
        where consent.school_id = \(child.school) and consent.person_id = \(child.id)
        """
    }
}
