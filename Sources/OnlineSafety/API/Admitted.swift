import Postgres

/// Whom the route admits, with the credential that says so.
enum Admitted {
    case caller(BearerToken, Reach, RateLimit?)
    case intake(BearerToken, IntakeCaller)
    case signer(BearerToken, LinkSigner)

    var reach: Reach? {
        guard case .caller(_, let reach, _) = self else { return nil }
        return reach
    }

    /// What is left to a machine's client.
    var limit: RateLimit? {
        guard case .caller(_, _, let limit) = self else { return nil }
        return limit
    }

    var intake: IntakeCaller? {
        guard case .intake(_, let intake) = self else { return nil }
        return intake
    }

    var signer: LinkSigner? {
        guard case .signer(_, let signer) = self else { return nil }
        return signer
    }

    /// The statement with which every transaction of theirs begins.
    func context(_ id: RequestID) -> SQL {
        switch self {
        case .caller(let token, let reach, _): Self.context(token, reach.caller, id)
        case .intake(let token, _):
            "select enter_intake(\(token.hash), \(id.string))"
        case .signer(let token, _):
            "select enter_signing_link(\(token.hash), \(id.string))"
        }
    }

    /// That of a session, or of a machine's client.
    static func context(_ token: BearerToken, _ caller: Caller, _ id: RequestID) -> SQL {
        token.isOfAClient
            ? "select enter_client(\(token.hash), \(caller.seatsText), \(id.string))"
            : "select enter(\(token.hash), \(caller.seatsText), \(id.string))"
    }
}
