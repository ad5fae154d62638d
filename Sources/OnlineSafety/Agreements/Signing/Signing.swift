import JSON
import Postgres

/// Putting an agreement before somebody, and signing it (24.3).
enum SigningAgreements {
    static let routes: [Route] = [
        .post(
            "/v1/agreements", "Issue an agreement",
            """
            The version in force, with the names filled in: what is signed is this text and no \
            other. By the coordinator and the office for anybody, by everybody for themselves. \
            What was refused or withdrawn the school issues anew; what was revoked the \
            headteacher or a DSL.
            """,
            for: Agreements.admitted, by(issue)),
        .get(
            "/v1/agreements/{agreement}", "Read an agreement", "With its signatures.",
            for: Agreements.admitted, by(read)),
        .get(
            "/v1/agreements/{agreement}/copy", "Read the copy of an agreement",
            """
            The exact words that were signed, at any later time, with their SHA-256 (AGR-19).
            """,
            for: Agreements.admitted, by(copy)),
        .post(
            "/v1/agreements/{agreement}/signatures", "Sign an agreement",
            """
            For oneself; or as the coordinator or the office what somebody signed on paper, or \
            before them. Where a pupil and a parent sign, each half is dated apart.
            """,
            for: Agreements.admitted, by(sign)),
        .post(
            "/v1/agreements/{agreement}/refusal", "Refuse an agreement",
            "That somebody will not sign, with the reason; what hangs on it stays shut.",
            for: Agreements.admitted, by(refuse)),
        .post(
            "/v1/agreements/{agreement}/withdrawal", "Withdraw a signature",
            "That a signer no longer agrees; what hangs on it shuts at once.",
            for: Agreements.admitted, by(withdraw)),
        .post(
            "/v1/agreements/{agreement}/revocation", "Revoke an agreement",
            "By the headteacher or a DSL, for a breach; what hangs on it shuts at once.",
            for: [Role.headteacher, .dsl, .deputyDSL].admitted(.agreementsOfSchool), by(revoke)),
    ]

    static func issue(
        _ said: Agreement.Issue, within reach: Reach, in tx: Transaction
    ) async throws -> Created<Agreement> {
        let id = try await issued(said, within: reach, in: tx)
        return Created(tx.stored(one(id, reach)))
    }

    /// The agreement, once the version in force was put before somebody.
    static func issued(
        _ said: Agreement.Issue, within reach: Reach, in tx: Transaction
    ) async throws -> ID<Agreement> {
        let id = ID<Agreement>()
        let found = try await tx.run(
            """
            select person.school_id, caller_is(person.school_id, person.id) as is_callers
            from person where person.id = \(said.personID)
            """)
        guard let uuid = found.uuid(0, "school_id") else { throw Problem(.notFound) }
        let school = ID<School>(uuid)
        guard
            found.bool(0, "is_callers") == true || reach.keeps(at: school)
                || reach.mayRevoke(at: school)
        else {
            throw Problem(.notFound)
        }
        tx.add("select hold_school(\(school))")
        let standing = try await Standing.of(said, at: school, in: tx)
        guard
            found.bool(0, "is_callers") == true || reach.keeps(at: school)
                || standing.state == .revoked
        else { throw Problem(.notFound) }
        try standing.check(said, by: reach, at: school)
        tx.add(
            """
            insert into agreement_copy (school_id, hash, words)
            select \(school), sha256(convert_to(words, 'UTF8')), words
            from agreement_words(
                \(school), \(standing.version), \(said.personID), \(said.variant)) as words
            on conflict do nothing
            """)
        tx.add(
            Audit.written(
                "agreement_issued", "agreement", version: "null",
                """
                insert into agreement (
                    school_id, id, person_id, template_id, version_id, place, copy_hash, due_on,
                    issued_by_name)
                select \(school), \(id), \(said.personID), \(said.templateID),
                    \(standing.version), (
                        select coalesce(max(before.place), 0) + 1 from agreement as before
                        where before.school_id = \(school)
                            and before.person_id = \(said.personID)
                            and before.version_id = \(standing.version)
                    ), sha256(convert_to(words, 'UTF8')),
                    coalesce(\(said.dueOn)::date, london_today() + \(standing.dueDays)::integer),
                    \(reach.caller.name)
                from agreement_words(
                    \(school), \(standing.version), \(said.personID), \(said.variant)) as words
                """))
        return id
    }

    static func read(
        _ id: ID<Agreement>, within reach: Reach, in tx: Transaction
    ) -> Stored<Agreement> {
        tx.stored(one(id, reach))
    }

    static func copy(
        of id: ID<Agreement>, within reach: Reach, in tx: Transaction
    ) -> Stored<AgreementCopy> {
        tx.stored(
            """
            select agreement.id, agreement.school_id, agreement.title, agreement.number,
                copy.words, encode(copy.hash, 'hex') as sha256, agreement.issued_on,
                agreement.signatures
            from agreement_shown as agreement
            join agreement_copy as copy
                on copy.school_id = agreement.school_id and copy.hash = agreement._copy_hash
            where agreement.id = \(id) and \(reach.agreements)
            """)
    }

    static func sign(
        _ id: ID<Agreement>, _ said: SignatureSaid, within reach: Reach, in tx: Transaction
    ) async throws -> Created<Agreement> {
        try await signed(id, said, within: reach, in: tx)
        return Created(tx.stored(one(id, reach)))
    }

    /// Puts a signature on record, once it is complete.
    static func signed(
        _ id: ID<Agreement>, _ said: SignatureSaid, within reach: Reach, in tx: Transaction
    ) async throws {
        let agreement = try await OpenedAgreement.open(id, reach, in: tx)
        guard [.issued, .partSigned, .signed].contains(agreement.state) else {
            throw Problem(.conflict, "It holds no more: issue it anew.")
        }
        let signature = try await agreement.completed(said, by: reach, in: tx)
        // What is whole already another parent may sign as well (AGR-09), and nobody else.
        guard agreement.state != .signed || signature.part == .parent else {
            throw Problem(.conflict, "It is signed already.")
        }
        tx.add(
            Audit.written(
                "agreement_signed", "agreement_signature", version: "null",
                """
                insert into agreement_signature (
                    school_id, id, agreement_id, part, signer_id, full_name, job_title,
                    class_name, attestations, signed_on, how, kept_at, exceptions,
                    entered_by_name)
                values (
                    \(agreement.school), \(ID<Signature>()), \(id), \(signature.part),
                    \(signature.signer), \(said.fullName), \(said.jobTitle), \(said.className),
                    \((said.attestations?.elements ?? []).map(\.string)),
                    coalesce(\(said.signedOn)::date, london_today()), \(signature.how),
                    \(said.keptAt), \(said.exceptions), \(reach.caller.name))
                """))
    }

    static func refuse(
        _ id: ID<Agreement>, _ said: Agreement.Ending, within reach: Reach, in tx: Transaction
    ) async throws -> Created<Agreement> {
        let agreement = try await OpenedAgreement.open(id, reach, in: tx)
        guard agreement.isCallers || reach.keeps(at: agreement.school) else {
            throw Problem(.forbidden)
        }
        return try end(
            agreement, "refused", "agreement_refused", said, [.issued, .partSigned], reach, tx)
    }

    static func withdraw(
        _ id: ID<Agreement>, _ said: Agreement.Ending, within reach: Reach, in tx: Transaction
    ) async throws -> Created<Agreement> {
        let agreement = try await OpenedAgreement.open(id, reach, in: tx)
        guard agreement.isCallers || reach.keeps(at: agreement.school) else {
            throw Problem(.forbidden)
        }
        return try end(
            agreement, "withdrawn", "agreement_signature_withdrawn", said, whatWasSigned(agreement),
            reach, tx)
    }

    static func revoke(
        _ id: ID<Agreement>, _ said: Agreement.Ending, within reach: Reach, in tx: Transaction
    ) async throws -> Created<Agreement> {
        let agreement = try await OpenedAgreement.open(id, reach, in: tx)
        return try end(
            agreement, "revoked", "agreement_revoked", said, whatWasSigned(agreement), reach, tx)
    }

    /// The states in which a signature can be taken from it: also while it holds in the grace of a
    /// newer version.
    private static func whatWasSigned(_ agreement: OpenedAgreement) -> [AgreementState] {
        [.partSigned, .signed] + (agreement.isCurrent ? [.superseded] : [])
    }

    private static func end(
        _ agreement: OpenedAgreement, _ act: String, _ deed: StaticString,
        _ said: Agreement.Ending, _ states: [AgreementState], _ reach: Reach, _ tx: Transaction
    ) throws -> Created<Agreement> {
        guard states.contains(agreement.state) else {
            throw Problem(.conflict, "It does not stand so that this could be put down.")
        }
        tx.add(
            Audit.written(
                deed, "agreement", version: "null",
                """
                insert into agreement_end (school_id, id, act, reason, ended_by_name)
                values (
                    \(agreement.school), \(agreement.id), \(act), \(said.reason),
                    \(reach.caller.name))
                """))
        return Created(tx.stored(one(agreement.id, reach)))
    }

    private static func one(_ id: ID<Agreement>, _ reach: Reach) -> SQL {
        """
        select agreement.* from agreement_shown as agreement
        where agreement.id = \(id) and \(reach.agreements)
        """
    }
}

/// How a template stands with somebody today, before it is issued.
private struct Standing {
    let version: ID<AgreementVersion>
    let dueDays: Int
    let state: AgreementState
    private let isDueInTime: Bool
    private let variants: [String]

    static func of(
        _ said: Agreement.Issue, at school: ID<School>, in tx: Transaction
    ) async throws -> Standing {
        let found = try await tx.run(
            """
            select standing.version_id, standing.state,
                coalesce(
                    \(said.dueOn)::date between london_today() and london_today() + 731, true)
                    as is_due_in_time,
                coalesce((standing.rules ->> 'due_days')::integer, 0) as due_days, array(
                    select variant ->> 'code'
                    from agreement_version_shown as version
                    cross join jsonb_array_elements(version._content -> 'variants') as variant
                    where version.school_id = \(school) and version.id = standing.version_id
                ) as variants
            from agreements_on(\(school), array[\(said.personID)]::uuid[], london_today())
                as standing
            where standing.template_id = \(said.templateID)
            """)
        guard let version = found.uuid(0, "version_id"),
            let state = found.text(0, "state").flatMap(AgreementState.init)
        else {
            throw Problem(.conflict, "No version in force of this template is put to this person.")
        }
        return Standing(
            version: ID(version), dueDays: found.int(0, "due_days") ?? 0, state: state,
            isDueInTime: found.bool(0, "is_due_in_time") == true,
            variants: found.texts(0, "variants") ?? [])
    }

    /// Throws where it was issued already, is wanted in words that there are not or by a day that
    /// makes no sense; and where it ended, and another must issue it anew (24.3).
    func check(_ said: Agreement.Issue, by reach: Reach, at school: ID<School>) throws(Problem) {
        var faults: [JSONFault] = []
        if let variant = said.variant, !variants.contains(variant.string) {
            faults.append(
                JSONFault(
                    pointer: "/variant", code: "unknown_variant",
                    detail: "Give the code of one of the version's variants"))
        }
        if !isDueInTime {
            faults.append(
                JSONFault(
                    pointer: "/due_on", code: "out_of_range",
                    detail: "Give today, or a day within two years"))
        }
        guard faults.isEmpty else { throw Problem(faults) }
        if state == .revoked, !reach.mayRevoke(at: school) {
            throw Problem(.forbidden, "It was revoked: the headteacher or a DSL issues it anew.")
        }
        if [.refused, .withdrawn].contains(state),
            !reach.keeps(at: school), !reach.mayRevoke(at: school)
        {
            throw Problem(.forbidden, "It was refused or withdrawn: the school issues it anew.")
        }
        guard ![.issued, .partSigned, .signed].contains(state) else {
            throw Problem(.conflict, "It was issued already, and waits or holds.")
        }
    }
}
