import JSON
import Postgres

/// An agreement taken in hand, to be signed or ended; its school is held, so that nobody does
/// either meanwhile.
struct OpenedAgreement {
    let id: ID<Agreement>
    let school: ID<School>
    let person: ID<Person>
    let state: AgreementState
    let isCurrent: Bool
    let isCallers: Bool
    private let terms: AgreementTerms

    static let words = [
        "before_the_version": "Nobody signed it before it was published, or its paper was in use"
    ]

    static func open(
        _ id: ID<Agreement>, _ reach: Reach, in tx: Transaction
    ) async throws -> OpenedAgreement {
        tx.add(
            """
            select hold_school(agreement.school_id) from agreement
            where agreement.id = \(id) and \(reach.agreements)
            """)
        let found = try await tx.run(
            """
            select agreement.school_id, agreement.person_id, agreement.state,
                agreement.is_current,
                agreement._content::text as content,
                caller_is(agreement.school_id, agreement.person_id) as is_callers
            from agreement_shown as agreement
            where agreement.id = \(id) and \(reach.agreements)
            """)
        guard let school = found.uuid(0, "school_id"), let person = found.uuid(0, "person_id"),
            let state = found.text(0, "state").flatMap(AgreementState.init),
            let text = found.text(0, "content").flatMap(AgreementText.init(kept:))
        else { throw Problem(.notFound) }
        return OpenedAgreement(
            id: id, school: ID(school), person: ID(person), state: state,
            isCurrent: found.bool(0, "is_current") == true,
            isCallers: found.bool(0, "is_callers") == true, terms: AgreementTerms(text))
    }

    /// The signature with all that goes without saying; throws every fault of it.
    func completed(
        _ said: SignatureSaid, by reach: Reach, in tx: Transaction
    ) async throws -> CompletedSignature {
        let part = said.part ?? terms.signers.parts[0]
        let signer = said.signerID ?? (part == .parent ? nil : person)
        let how = said.how ?? (terms.form == .delivery ? .delivery : isCallers ? .session : .paper)
        if how == .session, !isCallers { throw Problem(.forbidden, "Nobody signs for another.") }
        guard how == .session || reach.keeps(at: school) else { throw Problem(.forbidden) }
        let found = try await tx.run(
            """
            select coalesce(\(said.signedOn)::date <= london_today(), true) as is_past,
                coalesce(\(said.signedOn)::date >= (
                    select least(
                        version.effective_on, version.paper_from_on,
                        london_day(version.published_at))
                    from agreement as put
                    join agreement_version_shown as version
                        on version.school_id = put.school_id and version.id = put.version_id
                    where put.school_id = \(school) and put.id = \(id)
                ), true) as is_of_version,
                coalesce(is_parent_of(\(school), \(signer)::uuid, \(person)), false) as is_parent,
                exists (
                    select from agreement_signature as signature
                    where signature.school_id = \(school) and signature.agreement_id = \(id)
                        and signature.part = \(part) and signature.signer_id = \(signer)
                ) as has_signed
            """)
        var faults = faults(of: said, part, how) + faults(ofDay: said.signedOn, how, found)
        let isSigner =
            part == .parent ? found.bool(0, "is_parent") == true : signer == person
        if !isSigner {
            faults.append(
                JSONFault(
                    pointer: "/signer_id",
                    code: said.signerID == nil ? "required" : "may_not_sign",
                    detail: part == .parent
                        ? "Name a parent or carer of the child who may be in touch"
                        : "It is signed by the person before whom it was put"))
        }
        if found.bool(0, "has_signed") == true {
            throw Problem(.conflict, "This signer has signed it already.")
        }
        guard faults.isEmpty else { throw Problem(faults) }
        return CompletedSignature(part: part, signer: signer ?? person, how: how)
    }

    /// What is wrong with the day on which it was signed.
    private func faults(ofDay day: Day?, _ how: Signing, _ found: Answer) -> [JSONFault] {
        func fault(_ code: String, _ detail: String) -> JSONFault {
            JSONFault(pointer: "/signed_on", code: code, detail: detail)
        }
        var faults: [JSONFault] = []
        if found.bool(0, "is_past") != true {
            faults.append(fault("in_the_future", "Give today or a day before"))
        }
        if day != nil, how != .paper {
            faults.append(
                fault("not_wanted", "Only paper has a day of its own; all else is signed today"))
        } else if found.bool(0, "is_of_version") != true {
            faults.append(
                fault("before_the_version", Self.words["before_the_version"] ?? ""))
        }
        return faults
    }

    private func faults(
        of said: SignatureSaid, _ part: AgreementPart, _ how: Signing
    ) -> [JSONFault] {
        var faults: [JSONFault] = []
        if !terms.signers.parts.contains(part) {
            faults.append(
                JSONFault(pointer: "/part", code: "does_not_sign", detail: "Nobody signs this so"))
        }
        if how == .link || terms.form == .information
            || (how == .delivery) != (terms.form == .delivery)
        {
            faults.append(
                JSONFault(pointer: "/how", code: "not_so", detail: "It is not signed in this way"))
        }
        if how == .paper, said.keptAt == nil {
            faults.append(
                JSONFault(
                    pointer: "/kept_at", code: "required", detail: "Say where the paper lies"))
        }
        return faults
            + terms.faults(
                of: part, jobTitle: said.jobTitle, className: said.className,
                attestations: said.attestations)
    }
}

/// What goes without saying of a signature.
struct CompletedSignature {
    let part: AgreementPart
    let signer: ID<Person>
    let how: Signing
}
