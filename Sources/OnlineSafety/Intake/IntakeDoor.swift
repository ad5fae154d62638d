import EventLoop
import FoundationEssentials
import HTTP
import Postgres

/// On whose behalf a report comes by intake: whoever has the school's key. It opens this door and
/// no other.
struct IntakeCaller: Argument {
    let school: ID<School>

    /// Whether the school takes reports that nobody puts a name to (S-61).
    let takesAnonymous: Bool

    /// Whether its temporary staff report so, as by a guest's log-in (S-27).
    let takesGuests: Bool

    /// What is left to whoever asked.
    let limit: RateLimit

    static func take(from call: inout Call) throws -> IntakeCaller {
        guard let intake = call.intake else { throw Problem(.unauthorized) }
        return intake
    }
}

/// Lets in whoever presents a live key, within the limits. A key is looked up at every report, so
/// that one which was revoked is like one that never was. One for each loop.
final class IntakeDoor {
    private let pool: Pool
    private let loop: EventLoop
    private let limits: IntakeLimits

    init(pool: Pool, loop: EventLoop, limits: IntakeLimits) {
        (self.pool, self.loop, self.limits) = (pool, loop, limits)
    }

    func admit(
        _ token: BearerToken, from peer: PeerAddress, deadline: Int
    ) async throws -> IntakeCaller {
        try limits.check(token, from: peer.network, at: loop.now)
        let transaction = Transaction(
            .reading, in: pool, context: nil, deadline: deadline, priority: .ordinary)
        let known = try await transaction.run(
            "select * from identify_intake(\(token.hash))")
        guard let school = known.uuid(0, "school_id") else {
            throw limits.refusal(ofAWrongKeyFrom: peer.network, at: loop.now)
        }
        return IntakeCaller(
            school: ID(school), takesAnonymous: known.bool(0, "takes_anonymous") == true,
            takesGuests: known.bool(0, "takes_guests") == true,
            limit: try limits.count(token, from: peer.network, at: loop.now))
    }
}
