import JSON
import Postgres

/// An agreement taken in hand, to be signed or ended; its school is held, so that nobody does
/// either meanwhile.
struct OpenedAgreement {
    let id: ID<Agreement>
    let school: ID<School>
    let person: ID<Person>
    let state: AgreementState
    let isCallers: Bool
    private let form: AgreementForm
    private let signers: Signers
    private let fields: Set<SignatureField>
    private let attestations: [AgreementText.Attestation]

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
            isCallers: found.bool(0, "is_callers") == true, form: text.form,
            signers: text.signers ?? .oneself, fields: Set(text.fields?.elements ?? []),
            attestations: text.attestations?.elements ?? [])
    }

    /// The signature with all that goes without saying; throws every fault of it.
    func completed(
        _ said: SignatureSaid, by reach: Reach, in tx: Transaction
    ) async throws -> CompletedSignature {
        let part = said.part ?? signers.parts[0]
        let signer = said.signerID ?? (part == .parent ? nil : person)
        let how = said.how ?? (form == .delivery ? .delivery : isCallers ? .session : .paper)
        if how == .session, !isCallers { throw Problem(.forbidden, "Nobody signs for another.") }
        guard how == .session || reach.keeps(at: school) else { throw Problem(.forbidden) }
        let found = try await tx.run(
            """
            select coalesce(\(said.signedOn)::date <= london_today(), true) as is_past,
                coalesce(is_parent_of(\(school), \(signer)::uuid, \(person)), false) as is_parent
            """)
        var faults = faults(of: said, part, how)
        if found.bool(0, "is_past") != true {
            faults.append(
                JSONFault(
                    pointer: "/signed_on", code: "in_the_future",
                    detail: "Give today or a day before"))
        }
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
        guard faults.isEmpty else { throw Problem(faults) }
        return CompletedSignature(part: part, signer: signer ?? person, how: how)
    }

    private func faults(
        of said: SignatureSaid, _ part: AgreementPart, _ how: Signing
    ) -> [JSONFault] {
        var faults: [JSONFault] = []
        func note(_ pointer: String, _ code: String, _ detail: String) {
            faults.append(JSONFault(pointer: pointer, code: code, detail: detail))
        }
        if !signers.parts.contains(part) {
            note("/part", "does_not_sign", "Nobody signs this so")
        }
        if how == .link || (how == .delivery) != (form == .delivery) {
            note("/how", "not_so", "It is not signed in this way")
        }
        if how == .paper, said.keptAt == nil {
            note("/kept_at", "required", "Say where the paper lies")
        }
        if fields.contains(.jobTitle), part == .oneself, said.jobTitle == nil {
            note("/job_title", "required", "This agreement asks for the job title")
        }
        if fields.contains(.className), part == .pupil, said.className == nil {
            note("/class_name", "required", "This agreement asks for the class")
        }
        let asked = attestations.filter { $0.by == nil || $0.by == part }.map(\.code)
        let given = said.attestations?.elements ?? []
        for code in asked where !given.contains(code) {
            note("/attestations", "unconfirmed", "Confirm \(code.string)")
        }
        for (place, code) in given.enumerated() where !asked.contains(code) {
            note("/attestations/\(place)", "unasked", "This is not asked of this signer")
        }
        return faults
    }
}

/// What goes without saying of a signature.
struct CompletedSignature {
    let part: AgreementPart
    let signer: ID<Person>
    let how: Signing
}
