import JSON
import Postgres

/// Making templates, and saying to whom each is put.
enum AgreementTemplates {
    static let routes: [Route] = [
        .get(
            "/v1/agreement-templates", "List agreement templates",
            "With the version in force, and to whom each is put.",
            for: admitted, by(list)
        ).openTo(.agreementsRead, .publishedAgreementTexts),
        .post(
            "/v1/agreement-templates", "Make an agreement template",
            "Its first version is drafted next, and then it is said to whom it is put.",
            for: Agreements.writers.admitted(.ownAgreementTexts), by(make)),
        .get(
            "/v1/agreement-templates/{template}", "Read an agreement template", "One of them.",
            for: admitted, by(read)
        ).openTo(.agreementsRead, .publishedAgreementTexts),
        .put(
            "/v1/agreement-templates/{template}/audience", "Set the audience of a template",
            """
            To whom it is put from a day on; an empty list switches it off, and the gate no longer \
            asks for it (AGR-26). What was set before is kept. Requires If-Match.
            """,
            for: Agreements.writers.admitted(.ownAgreementTexts), by(setAudience)),
    ]

    private static let admitted =
        Agreements.writers.admitted(.ownAgreementTexts)
        + Agreements.readers.admitted(.publishedAgreementTexts)

    static func list(
        _ filter: OfSchool, within reach: Reach, in tx: Transaction
    ) -> Listed<AgreementTemplate> {
        tx.listed(
            """
            \(shown(reach))
                and (\(filter.school)::uuid is null or text.school_id = \(filter.school))
            order by text.name, text.id
            limit 1000
            """)
    }

    static func make(
        _ said: AgreementTemplate.Made, within reach: Reach, in tx: Transaction
    ) throws -> Created<AgreementTemplate> {
        let school = try reach.school(said.schoolID, .ownAgreementTexts)
        let id = ID<AgreementTemplate>()
        tx.add(
            Audit.written(
                "agreement_template_made", "agreement_template", version: "null",
                """
                insert into agreement_template (school_id, id, name, made_by_name)
                values (\(school), \(id), \(said.name), \(reach.caller.name))
                """))
        return Created(tx.stored(one(id, reach)))
    }

    static func read(
        _ id: ID<AgreementTemplate>, within reach: Reach, in tx: Transaction
    ) -> Stored<AgreementTemplate> {
        tx.stored(one(id, reach))
    }

    static func setAudience(
        of id: ID<AgreementTemplate>, to choice: AudienceChoice, ifMatch: IfMatch,
        within reach: Reach, in tx: Transaction
    ) async throws -> Stored<AgreementTemplate> {
        let from: SQL = "coalesce(\(choice.fromOn)::date, london_today())"
        let now = try await tx.run(
            """
            select template.*, \(from) between london_today() and london_today() + 731
                and \(from) >= coalesce(template.audience_from_on, \(from)) as is_in_time
            from (\(one(id, reach))) as template
            """)
        guard let etag = now.text(0, "etag"), let version = now.int(0, "_version"),
            let school = now.uuid(0, "school_id")
        else { throw Problem(.notFound) }
        try ifMatch.check(etag)
        guard now.bool(0, "is_in_time") == true else {
            throw Problem([
                JSONFault(
                    pointer: "/from_on", code: "out_of_range",
                    detail: "From today, or from when it was set last, to two years ahead")
            ])
        }
        tx.add(
            Audit.written(
                "agreement_audience_set", "agreement_template",
                """
                insert into agreement_audience (
                    school_id, id, version, from_on, entries, set_by_name)
                values (
                    \(school), \(id), \(version + 1), \(from),
                    \(JSON.string(of: choice.entries))::jsonb, \(reach.caller.name))
                """))
        return tx.stored(one(id, reach))
    }

    private static func shown(_ reach: Reach) -> SQL {
        let mayWrite: SQL = "\(reach.schools(.ownAgreementTexts))"
        return """
            select text.id, text.school_id, text.name, text.version_id, text.number, text.title,
                text.effective_on,
                case when text.school_id = any(\(mayWrite)) then text.draft_id end as draft_id,
                text.audience, text.audience_from_on, text.etag, text._version
            from agreement_template_shown as text
            where \(reach.agreementTexts)
            """
    }

    private static func one(_ id: ID<AgreementTemplate>, _ reach: Reach) -> SQL {
        "\(shown(reach)) and text.id = \(id)"
    }
}
