import JSON
import Postgres

/// What whoever has the link of an organisation may do: read the one agreement that it opens, and
/// sign it.
enum SigningForOrganisations {
    static let routes: [Route] = [
        .get(
            "/v1/signing/organisation", "Open the link of an organisation",
            """
            By whoever has it: `Authorization: Bearer rwn_link_…`, which stands behind the # of \
            the mail's link. It shows the one agreement for which it was sent, word for word; \
            somebody's own signing link is 403 here, and this one there.
            """,
            for: [], by(open)
        ).bySigningLink(),
        .post(
            "/v1/signing/organisation/signature", "Sign for an organisation by its link",
            """
            With the name in full, as what one signs for it, and each confirmation that is asked \
            for. What is signed already or holds no more is 409.
            """,
            for: [], by(sign)
        ).bySigningLink().takingBodies(upTo: 16 << 10),
    ]

    static func open(_: LinkSigner, in tx: Transaction) -> Stored<OrganisationOpened> {
        tx.stored("select * from opened_for_organisation()")
    }

    static func sign(
        _ said: OrganisationAgreement.ByLink, _: LinkSigner, in tx: Transaction
    ) async throws -> Created<OrganisationOpened> {
        let found = try await tx.run(
            "select state, _content::text as content from opened_for_organisation()")
        guard let state = found.text(0, "state").flatMap(AgreementState.init),
            let text = found.text(0, "content").flatMap(AgreementText.init(kept:))
        else { throw Problem(.notFound) }
        guard state == .issued else {
            throw Problem(.conflict, "It is signed, or holds no more: ask the school.")
        }
        let faults = AgreementTerms(text).faults(
            of: .oneself, jobTitle: said.jobTitle, className: nil, attestations: said.attestations)
        guard faults.isEmpty else { throw Problem(faults) }
        tx.add(
            """
            select sign_for_organisation(
                \(said.fullName), \(said.jobTitle),
                \((said.attestations?.elements ?? []).map(\.string)))
            """)
        return Created(tx.stored("select * from opened_for_organisation()"))
    }
}
