import Postgres

extension Strand {
    /// Which rules were put before a child, who signed them, and where they refused.
    static let ofAgreements = Strand(
        kinds: [
            Kind("agreement_issued", "Rules were put before the child"),
            Kind("agreement_signed", "The child, or a parent, signed them"),
            Kind("agreement_refused", "They refused to sign"),
            Kind("agreement_withdrawn", "They take back that they signed"),
            Kind("agreement_revoked", "The school holds what was signed for void"),
        ]
    ) { child in
        """
        select issued.id, acted.kind, acted.day, null::timestamptz, acted.at,
            concat_ws('; ', template.name, acted.words), null::text[], acted.by, null::text,
            null::uuid, null::text, '/v1/agreements/' || issued.id
        from agreement as issued
        join agreement_template as template
            on template.school_id = issued.school_id and template.id = issued.template_id
        cross join lateral (
            select 'agreement_issued' as kind, issued.issued_on as day, issued.issued_at as at,
                null::text as words, issued.issued_by_name as by
            union all
            select 'agreement_signed', signature.signed_on, signature.entered_at,
                'as ' || signature.part, signature.full_name
            from agreement_signature as signature
            where signature.school_id = issued.school_id and signature.agreement_id = issued.id
            union all
            select 'agreement_' || ended.act, ended.ended_on, ended.ended_at, ended.reason,
                ended.ended_by_name
            from agreement_end as ended
            where ended.school_id = issued.school_id and ended.id = issued.id
        ) as acted
        where issued.school_id = \(child.school) and issued.person_id = \(child.id)
        """
    }
}
