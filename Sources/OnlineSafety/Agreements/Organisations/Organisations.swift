import JSON
import Postgres

/// The agreements of outside organisations: each signs as an organisation, by whoever represents
/// it, and its people for themselves (AGR-15, ORG-11).
enum Organisations {
    static let area = Area(
        name: "Organisations",
        words: "Outside organisations, and the school's agreement that each signs as one.",
        routes: routes + SigningForOrganisations.routes,
        conflicts: [
            "organisation_of_a_person_is_said_once_at_a_time": "Somebody else said so just now.",
            "organisation_signs_once": "It is signed already.",
            "agreement_of_an_organisation_ends_once": "It was revoked already.",
        ],
        faults: ["unknown_organisation": "It is not in the school's register today"],
        deeds: [
            "organisation_of_a_person_said", "organisation_agreement_issued",
            "organisation_link_sent", "organisation_signed", "organisation_agreement_revoked",
        ],
        unlikeTheirEntries: ["select school_id, id from organisation_unlike_its_entry"],
        settings: reasonsAtTheGate.words.flatMap(\.settings),
        reasonsAtTheGate: reasonsAtTheGate)

    private static let reasonsAtTheGate = GateReasons(
        function: "organisations_at_the_gate",
        words: [
            GateReason(
                code: "organisation_unsigned",
                words:
                    "The person's organisation must sign, and nothing that it signed holds, or it "
                    + "is not there any more",
                opening:
                    "Have its representative sign the school's agreement, or say to which "
                    + "organisation they belong")
        ])

    private static let readers = (Agreements.keepers + Agreements.overseers)
        .admitted(.agreementsOfSchool)
    private static let keepers = Agreements.keepers.admitted(.agreementsOfSchool)

    private static let routes: [Route] = [
        .get(
            "/v1/outside-organisations/{entry}/standing",
            "Read how an outside organisation stands",
            """
            Whether it must sign the school's agreement, because it has access to the school's \
            network or equipment or is there in school time or with pupils; whether what it signed \
            holds; and who belongs to it.
            """,
            for: readers, by(standing)),
        .get(
            "/v1/outside-organisations/{entry}/agreements",
            "List the agreements of an outside organisation",
            "All that were ever put before it, the newest first; at most two hundred.",
            for: readers, by(list)),
        .post(
            "/v1/outside-organisations/{entry}/agreements",
            "Put an agreement before an outside organisation",
            """
            The version in force. Where an address is given a link goes there, which opens this \
            agreement and nothing else. What one of them holds is enough for the organisation.
            """,
            for: keepers, by(issue)
        ).takingBodies(upTo: 4 << 10),
        .post(
            "/v1/organisation-agreements/{agreement}/signature",
            "Enter the signature of an outside organisation",
            "What its representative signed on paper, and where that lies.",
            for: keepers, by(enter)
        ).takingBodies(upTo: 16 << 10),
        .post(
            "/v1/organisation-agreements/{agreement}/revocation",
            "Revoke the agreement of an outside organisation",
            "That it holds no more, with the reason; what hangs on it shuts at once.",
            for: (Agreements.keepers + [.headteacher, .dsl, .deputyDSL])
                .admitted(.agreementsOfSchool),
            by(revoke)
        ).takingBodies(upTo: 8 << 10),
        .post(
            "/v1/people/{person}/organisation", "Say to which organisation somebody belongs",
            "From today on; without one they belong to none.", for: keepers, by(say)
        ).takingBodies(upTo: 1 << 10),
    ]

    static func list(
        of id: ID<RegisterEntry>, within reach: Reach, in tx: Transaction
    ) -> Listed<OrganisationAgreement> {
        tx.listed(
            """
            select agreement.* from organisation_agreement_shown as agreement
            where agreement.organisation_id = \(id) and \(reach.sql(.agreementsOfSchool))
            order by agreement.issued_on desc, agreement.id
            limit 200
            """)
    }

    static func issue(
        to id: ID<RegisterEntry>, _ said: OrganisationAgreement.Issue, within reach: Reach,
        in tx: Transaction
    ) async throws -> Created<OrganisationAgreement> {
        let school = try await school(of: id, reach, in: tx)
        tx.add("select hold_school(\(school))")
        let found = try await tx.run(
            """
            select version.id as version_id, version._content::text as content,
                coalesce(\(said.dueOn)::date >= london_today(), true) as is_in_time
            from agreement_template_shown as template
            join agreement_version_shown as version
                on version.school_id = template.school_id and version.id = template.version_id
            where template.school_id = \(school) and template.id = \(said.templateID)
            """)
        guard let version = found.uuid(0, "version_id"),
            let text = found.text(0, "content").flatMap(AgreementText.init(kept:))
        else {
            throw Problem([
                JSONFault(
                    pointer: "/template_id", code: "unknown_template",
                    detail: "Name a template of the school of which a version is in force")
            ])
        }
        guard found.bool(0, "is_in_time") == true else {
            throw Problem([
                JSONFault(
                    pointer: "/due_on", code: "in_the_past", detail: "Give today or a later day")
            ])
        }
        let terms = AgreementTerms(text)
        guard terms.signers == .oneself, [.signature, .agreement].contains(terms.form) else {
            throw Problem(.conflict, "Nobody can sign this for an organisation.")
        }
        let agreement = ID<OrganisationAgreement>()
        let words: SQL = "agreement_words(\(school), \(version), null, null)"
        tx.add(
            """
            insert into agreement_copy (school_id, hash, words)
            select \(school), sha256(convert_to(words, 'UTF8')), words from \(words) as words
            on conflict do nothing
            """)
        tx.add(
            Audit.written(
                "organisation_agreement_issued", "organisation_agreement", version: "null",
                """
                insert into organisation_agreement (
                    school_id, id, organisation_id, template_id, version_id, copy_hash, due_on,
                    issued_by_name)
                select \(school), \(agreement), \(id), \(said.templateID), \(version),
                    sha256(convert_to(words, 'UTF8')),
                    coalesce(\(said.dueOn)::date, london_today() + \(text.dueDays ?? 0)::integer),
                    \(reach.caller.name)
                from \(words) as words
                """))
        if let email = said.email {
            tx.add("select send_organisation_link(\(school), \(agreement), \(email.string))")
        }
        return Created(tx.stored(one(agreement, reach)))
    }

    static func enter(
        for id: ID<OrganisationAgreement>, _ said: OrganisationAgreement.OnPaper,
        within reach: Reach, in tx: Transaction
    ) async throws -> Created<OrganisationAgreement> {
        let (school, state, terms) = try await taken(id, reach, in: tx)
        guard state == .issued else {
            throw Problem(.conflict, "It is signed, or holds no more: issue it anew.")
        }
        let found = try await tx.run(
            "select coalesce(\(said.signedOn)::date <= london_today(), true) as is_past")
        var faults = terms.faults(
            of: .oneself, jobTitle: said.jobTitle, className: nil, attestations: said.attestations)
        if found.bool(0, "is_past") != true {
            faults.append(
                JSONFault(
                    pointer: "/signed_on", code: "in_the_future",
                    detail: "Give today or a day before"))
        }
        guard faults.isEmpty else { throw Problem(faults) }
        tx.add(
            Audit.written(
                "organisation_signed", "organisation_agreement", version: "null",
                """
                insert into organisation_signature (
                    school_id, id, full_name, job_title, attestations, signed_on, how, kept_at,
                    entered_by_name)
                values (
                    \(school), \(id), \(said.fullName), \(said.jobTitle),
                    \((said.attestations?.elements ?? []).map(\.string)),
                    coalesce(\(said.signedOn)::date, london_today()), 'paper', \(said.keptAt),
                    \(reach.caller.name))
                """))
        return Created(tx.stored(one(id, reach)))
    }

    static func revoke(
        _ id: ID<OrganisationAgreement>, _ said: Agreement.Ending, within reach: Reach,
        in tx: Transaction
    ) async throws -> Created<OrganisationAgreement> {
        let (school, state, _) = try await taken(id, reach, in: tx)
        guard state != .revoked else { throw Problem(.conflict, "It was revoked already.") }
        tx.add(
            Audit.written(
                "organisation_agreement_revoked", "organisation_agreement", version: "null",
                """
                insert into organisation_agreement_end (school_id, id, reason, ended_by_name)
                values (\(school), \(id), \(said.reason), \(reach.caller.name))
                """))
        return Created(tx.stored(one(id, reach)))
    }
}

extension Organisations {
    /// The school in whose register the organisation is today.
    private static func school(
        of id: ID<RegisterEntry>, _ reach: Reach, in tx: Transaction
    ) async throws -> ID<School> {
        let found = try await tx.run(
            """
            select own.school_id
            from unnest(\(reach.schools(.agreementsOfSchool))::uuid[]) as own (school_id)
            cross join lateral organisations_on(
                own.school_id, array[\(id)]::uuid[], london_today()) as told
            """)
        guard let school = found.uuid(0, "school_id") else { throw Problem(.notFound) }
        return ID(school)
    }

    /// An agreement taken in hand, with its school held.
    private static func taken(
        _ id: ID<OrganisationAgreement>, _ reach: Reach, in tx: Transaction
    ) async throws -> (ID<School>, AgreementState, AgreementTerms) {
        tx.add(
            """
            select hold_school(agreement.school_id) from organisation_agreement as agreement
            where agreement.id = \(id) and \(reach.sql(.agreementsOfSchool))
            """)
        let found = try await tx.run(
            """
            select agreement.school_id, agreement.state, agreement._content::text as content
            from organisation_agreement_shown as agreement
            where agreement.id = \(id) and \(reach.sql(.agreementsOfSchool))
            """)
        guard let school = found.uuid(0, "school_id"),
            let state = found.text(0, "state").flatMap(AgreementState.init),
            let text = found.text(0, "content").flatMap(AgreementText.init(kept:))
        else { throw Problem(.notFound) }
        return (ID(school), state, AgreementTerms(text))
    }

    private static func one(_ id: ID<OrganisationAgreement>, _ reach: Reach) -> SQL {
        """
        select agreement.* from organisation_agreement_shown as agreement
        where agreement.id = \(id) and \(reach.sql(.agreementsOfSchool))
        """
    }
}
