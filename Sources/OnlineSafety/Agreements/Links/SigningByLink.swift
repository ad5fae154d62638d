import JSON
import Postgres

/// What whoever has a signing link may do: read what was put before them, sign it, refuse it. What
/// they are asked about their children is answered by `AnsweringByLink`.
enum SigningByLink {
    static let routes: [Route] = [
        .get(
            "/v1/signing", "Open a signing link",
            """
            By its owner: `Authorization: Bearer rwn_link_…`, which stands behind the # of the \
            mail's link. To open it changes nothing, however often. A link that has ended, was \
            revoked or never was is 401.
            """,
            for: [], by(open)
        ).bySigningLink(),
        .get(
            "/v1/signing/agreements/{agreement}/copy", "Read a copy by a link",
            "The exact words, as long as the link holds, with their SHA-256 (AGR-19).",
            for: [], by(copy)
        ).bySigningLink(),
        .post(
            "/v1/signing/agreements/{agreement}/signature", "Sign by a link",
            """
            With the name in full and each confirmation that is asked for. What was signed already \
            by this signer, or holds no more, is 409: asking again signs nothing twice.
            """,
            for: [], by(sign)
        ).bySigningLink().takingBodies(upTo: 16 << 10),
        .post(
            "/v1/signing/agreements/{agreement}/refusal", "Refuse by a link",
            "That the signer will not sign, with the reason; what hangs on it stays shut.",
            for: [], by(refuse)
        ).bySigningLink().takingBodies(upTo: 16 << 10),
        .post(
            "/v1/signing/links", "Ask for a signing link",
            """
            Sends a fresh link to that address, if somebody who signs is known by it; the answer \
            is the same if nobody is. Each person of each school has a link of their own. To one \
            person one mail goes in ten minutes, however often it is asked for.
            """,
            for: nil, by(ask)
        ).takingBodies(upTo: 4 << 10),
    ]

    static func open(_: LinkSigner, in tx: Transaction) -> Stored<OpenedLink> {
        tx.stored("select * from opened_by_link()")
    }

    static func copy(
        of id: ID<Agreement>, _: LinkSigner, in tx: Transaction
    ) -> Stored<LinkCopy> {
        tx.stored("select * from copy_by_link(\(id))")
    }

    static func sign(
        _ id: ID<Agreement>, _ said: LinkSignatureSaid, _: LinkSigner, in tx: Transaction
    ) async throws -> Created<LinkCopy> {
        let (terms, part) = try await opened(id, toSign: true, in: tx)
        let faults = terms.faults(
            of: part, jobTitle: said.jobTitle, className: said.className,
            attestations: said.attestations)
        guard faults.isEmpty else { throw Problem(faults) }
        tx.add(
            """
            select sign_by_link(
                \(id), \(ID<Signature>()), \(said.fullName), \(said.jobTitle), \(said.className),
                \((said.attestations?.elements ?? []).map(\.string)))
            """)
        return Created(tx.stored("select * from copy_by_link(\(id))"))
    }

    static func refuse(
        _ id: ID<Agreement>, _ said: Agreement.Ending, _: LinkSigner, in tx: Transaction
    ) async throws -> Created<LinkCopy> {
        _ = try await opened(id, toSign: false, in: tx)
        tx.add("select refuse_by_link(\(id), \(said.reason))")
        return Created(tx.stored("select * from copy_by_link(\(id))"))
    }

    static func ask(
        _ wanted: SigningLinkAsk, _ asking: AskingForALink, in tx: Transaction
    ) async throws -> Done {
        let told = try await tx.run(
            """
            select ask_for_signing_link(
                \(wanted.email), \(ID<SigningLinkAsk>()), \(asking.requestID)) as is_taken
            """)
        guard told.bool(0, "is_taken") == true else { throw Problem(.busy) }
        return Done()
    }

    /// The agreement taken in hand, to be signed or refused: what it asks for, and as what. Throws
    /// 409 in words where it is too late for that.
    private static func opened(
        _ id: ID<Agreement>, toSign: Bool, in tx: Transaction
    ) async throws -> (AgreementTerms, AgreementPart) {
        let found = try await tx.run("select * from open_by_link(\(id))")
        guard let state = found.text(0, "state").flatMap(AgreementState.init),
            let text = found.text(0, "content").flatMap(AgreementText.init(kept:))
        else { throw Problem(.notFound) }
        guard let part = found.text(0, "part").flatMap(AgreementPart.init) else {
            throw Problem(.conflict, "This is not yours to sign.")
        }
        if found.bool(0, "has_signed") == true {
            throw Problem(.conflict, "You have signed this already.")
        }
        guard found.bool(0, "may_sign") == true, toSign || state != .signed else {
            throw Problem(.conflict, tooLate(state))
        }
        return (AgreementTerms(text), part)
    }

    private static func tooLate(_ state: AgreementState) -> String {
        switch state {
        case .superseded:
            "A newer version has taken its place: sign that, once the school has put it before you."
        case .signed: "It is signed by all who must."
        default: "It holds no more: the school must issue it anew."
        }
    }
}
