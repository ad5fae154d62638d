import JSON

/// What a version asks of whoever signs it.
struct AgreementTerms {
    let form: AgreementForm
    let signers: Signers
    private let fields: Set<SignatureField>
    private let attestations: [AgreementText.Attestation]

    init(_ text: AgreementText) {
        form = text.form
        signers = text.signers ?? .oneself
        fields = Set(text.fields?.elements ?? [])
        attestations = text.attestations?.elements ?? []
    }

    /// Every fault of what somebody writes and confirms who signs as that.
    func faults(
        of part: AgreementPart, jobTitle: Text<200>?, className: Text<60>?,
        attestations given: Few<ClauseCode, 20>?
    ) -> [JSONFault] {
        var faults: [JSONFault] = []
        func note(_ pointer: String, _ code: String, _ detail: String) {
            faults.append(JSONFault(pointer: pointer, code: code, detail: detail))
        }
        if fields.contains(.jobTitle), part == .oneself, jobTitle == nil {
            note("/job_title", "required", "This agreement asks for the job title")
        }
        if fields.contains(.className), part == .pupil, className == nil {
            note("/class_name", "required", "This agreement asks for the class")
        }
        let asked = attestations.filter { $0.by == nil || $0.by == part }.map(\.code)
        let given = given?.elements ?? []
        for code in asked where !given.contains(code) {
            note("/attestations", "unconfirmed", "Confirm \(code.string)")
        }
        for (place, code) in given.enumerated() where !asked.contains(code) {
            note("/attestations/\(place)", "unasked", "This is not asked of this signer")
        }
        return faults
    }
}
