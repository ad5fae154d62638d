import Crypto
import FoundationEssentials
import JSON

@testable import OnlineSafety

/// An agreement of an outside organisation as it is in the database, with all that it stands on.
struct KeptOrganisation {
    let kept: KeptAgreement
    let organisation: UUID
    let agreement: UUID

    init(at school: TestSchool = .hawthorn, as id: UUID? = nil, of text: KeptAgreement? = nil) {
        kept = text ?? KeptAgreement(at: school, as: id)
        (organisation, agreement) = (id ?? UUID(), id ?? UUID())
    }

    /// That a version was put before it.
    var issued: String {
        let by = "'\(kept.school.account(.office))', 'School office'"
        return """
            insert into agreement_copy (school_id, hash, words)
            values ('\(kept.school.id)', sha256('Rules'), 'Rules') on conflict do nothing;
            insert into organisation_agreement (
                school_id, id, organisation_id, template_id, version_id, copy_hash, due_on,
                issued_by, issued_by_name)
            values (
                '\(kept.school.id)', '\(agreement)', '\(organisation)', '\(kept.template)',
                '\(kept.version)', sha256('Rules'), london_today(), \(by));
            """
    }
}

extension Register {
    /// Whoever represents an organisation, with a live link, to sign what the contract's examples
    /// name.
    func representativeOfTheExample() throws -> Visitor {
        let (secret, link) = (Secret(of: "link"), UUID())
        let example = ID<OrganisationAgreement>.example.uuid
        // Of a text of its own: another's may stand on that of the examples.
        let one = KeptOrganisation(as: example, of: KeptAgreement())
        try entry(of: "outside_organisation", as: example)
        try database.execute(
            one.kept.text() + one.issued
                + """
                insert into sign_in_link (id, purpose, address, lasts_until, secret_hash)
                values ('\(link)', 'organisation', 'club@larch.example',
                    rowan_now() + interval '1 day', '\\x\(Hex.encode(secret.hash))');
                insert into organisation_link (school_id, id, agreement_id, link_id)
                values ('\(TestSchool.hawthorn.id)', gen_random_uuid(), '\(example)',
                    '\(link)');
                """)
        return visitor(token: secret.string)
    }

    /// What an operation on the agreements of organisations needs, besides its text.
    func keepOrganisation(for operation: String) throws {
        let needing = [
            "enter_the_signature_of_an_outside_organisation",
            "revoke_the_agreement_of_an_outside_organisation",
            "list_the_agreements_of_an_outside_organisation",
        ]
        guard needing.contains(operation) else { return }
        let example = ID<OrganisationAgreement>.example.uuid
        if !operation.hasPrefix("list") { try entry(of: "outside_organisation", as: example) }
        try database.execute(KeptOrganisation(as: example).issued)
    }
}
