import FoundationEssentials
import JSON

@testable import OnlineSafety

private let keepers: Set<Role> = [.onlineSafetyCoordinator, .office]
private let leads: Set<Role> = [.dsl, .deputyDSL, .headteacher]
private let readers: Set<Role> = keepers.union(leads).union([.seniorLeader, .dpo])

extension Decision {
    /// As of other agreements: those who keep them enter what organisations sign, those who lead
    /// revoke it; by the link of one nobody with a session does anything.
    static let ofOrganisations: [String: Decision] = [
        "read_how_an_outside_organisation_stands": Decision(readers, within(readers)) {
            try $0.one("GET", "/v1/outside-organisations/{id}/standing", $0.organisation().entry)
        },
        "list_the_agreements_of_an_outside_organisation": Decision(readers, within(readers)) {
            let one = try $0.organisation()
            return try $0.list(
                "/v1/outside-organisations/\(one.entry)/agreements", has: one.agreement)
        },
        "put_an_agreement_before_an_outside_organisation": Decision(keepers, within(keepers)) {
            let one = try $0.organisation()
            return try $0.one(
                "POST", "/v1/outside-organisations/{id}/agreements", one.entry, [:],
                ["template_id": .string(one.template)])
        },
        "enter_the_signature_of_an_outside_organisation": Decision(keepers, within(keepers)) {
            try $0.one(
                "POST", "/v1/organisation-agreements/{id}/signature", $0.organisation().agreement,
                [:],
                [
                    "full_name": "Jo Larch", "job_title": "Leader", "kept_at": "Office",
                    "attestations": ["policy_read", "data_policy_read"],
                ])
        },
        "revoke_the_agreement_of_an_outside_organisation": Decision(
            keepers.union(leads), within(keepers.union(leads))
        ) {
            try $0.one(
                "POST", "/v1/organisation-agreements/{id}/revocation", $0.organisation().agreement,
                [:], ["reason": "So it is"])
        },
        "say_to_which_organisation_somebody_belongs": Decision(keepers, within(keepers)) {
            try $0.one(
                "POST", "/v1/people/{id}/organisation", $0.stand.school.pupil.lowercased, [:], [:])
        },
        "open_the_link_of_an_organisation": Decision([], [:]) {
            Sight(try $0.visitor.get("/v1/signing/organisation"))
        },
        "sign_for_an_organisation_by_its_link": Decision([], [:]) {
            Sight(
                try $0.visitor.post(
                    "/v1/signing/organisation/signature",
                    ["full_name": "Jo Larch", "job_title": "Leader"]))
        },
    ]
}

extension Asking {
    /// An organisation of the school to which the caller stands so, with an agreement to be signed.
    fileprivate func organisation() throws -> (entry: String, agreement: String, template: String) {
        let one = KeptOrganisation(at: stand.school)
        try scene.register.entry(
            of: "outside_organisation", at: stand.school, as: one.organisation)
        try scene.register.database.execute(one.kept.text() + one.issued)
        return (
            one.organisation.lowercased, one.agreement.lowercased, one.kept.template.lowercased
        )
    }
}
