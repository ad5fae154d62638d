import EventLoop
import HTTP
import Postgres

/// On whose behalf something is read or signed by a link: whoever has it. It opens this door and no
/// other, and who they are the database knows alone.
struct LinkSigner: Argument {
    static func take(from call: inout Call) throws -> LinkSigner {
        guard let signer = call.signer else { throw Problem(.unauthorized) }
        return signer
    }
}

/// Lets in whoever presents a live signing link, within the limits. It is looked up at every
/// request, so that one which has ended is like one that never was. One for each loop.
final class SigningDoor {
    private let pool: Pool
    private let loop: EventLoop
    private let limits: SigningLimits

    init(pool: Pool, loop: EventLoop, limits: SigningLimits) {
        (self.pool, self.loop, self.limits) = (pool, loop, limits)
    }

    func admit(
        _ token: BearerToken, from peer: PeerAddress, deadline: Int
    ) async throws -> LinkSigner {
        try limits.check(token, at: loop.now)
        let transaction = Transaction(
            .reading, in: pool, context: nil, deadline: deadline, priority: .ordinary)
        let known = try await transaction.run(
            "select * from identify_signing_link(\(token.hash))")
        guard known.uuid(0, "id") != nil else {
            throw limits.refusal(ofAWrongLinkFrom: peer.network, at: loop.now)
        }
        try limits.count(token, at: loop.now)
        return LinkSigner()
    }
}

/// Somebody who asks for a fresh link, without a credential: so often from one address, and no
/// more.
struct AskingForALink: Argument {
    let requestID: String

    static func take(from call: inout Call) throws -> AskingForALink {
        let address = call.service.proxies.client(
            of: call.request, from: call.connection.peerAddress)
        try call.service.signingLimits.countAsking(from: address.network, at: call.service.loop.now)
        return AskingForALink(requestID: call.requestID.string)
    }

    static func describe(_ operation: inout OperationWords) {
        operation.refuses(.tooManyRequests)
    }
}
