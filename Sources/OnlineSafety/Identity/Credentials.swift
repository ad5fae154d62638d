import Crypto
import EventLoop
import FoundationEssentials
import HTTP
import Postgres

/// The token of a request's `Authorization: Bearer …`, of which only the hash is ever used.
struct BearerToken: Hashable {
    let hash: [UInt8]

    /// `nil` when there is none, or something that was never a token.
    init?(_ request: Request) {
        guard let header = request["authorization"], (8...512).contains(header.count),
            header.prefix(7).elementsEqual("Bearer ".utf8, by: Self.alike)
        else { return nil }
        hash = SHA256.hash(Array(header.dropFirst(7))).bytes
    }

    init(_ token: String) {
        hash = SHA256.hash(token).bytes
    }

    private static func alike(_ byte: UInt8, _ letter: UInt8) -> Bool {
        byte | 0x20 == letter | 0x20
    }
}

/// Finds whom a token stands for. What is found is remembered, so that most requests need no
/// round trip for it; that it still holds is checked by the transaction's context in every request,
/// so that remembering can never let an ended session in. One for each loop.
final class Credentials {
    private let pool: Pool
    private let loop: EventLoop
    private let uses: SessionUses
    private var known: [BearerToken: Caller] = [:]

    /// More are not remembered: the memory starts afresh.
    private static let capacity = 20_000

    init(pool: Pool, loop: EventLoop, uses: SessionUses) {
        (self.pool, self.loop, self.uses) = (pool, loop, uses)
    }

    /// That a request was admitted by it.
    func wasUsed(_ token: BearerToken) { uses.note(token, at: loop.now) }

    /// As remembered, or, when `isFresh`, as the database has it now.
    func caller(
        of token: BearerToken, isFresh: Bool = false, deadline: Int
    ) async throws -> Caller {
        if !isFresh, let caller = known[token] { return caller }
        known[token] = nil
        let transaction = Transaction(
            .reading, in: pool, context: nil, deadline: deadline, priority: .ordinary)
        let answer = try await transaction.run("select * from identify(\(token.hash))")
        guard let caller = Caller(answer) else { throw Problem(.unauthorized) }
        if known.count >= Self.capacity { known.removeAll(keepingCapacity: true) }
        known[token] = caller
        return caller
    }

    func forget(_ request: Request) {
        if let token = BearerToken(request) { known[token] = nil }
    }
}

extension Caller {
    /// From a row of `identify`; `nil` when there is none.
    fileprivate init?(_ answer: Answer) {
        guard answer.count == 1, let account = answer.uuid(0, "account_id"),
            let session = answer.uuid(0, "session_id"), let name = answer.text(0, "name"),
            let seats = answer.text(0, "seats")
        else { return nil }
        let (held, outstanding) = Self.seats(seats)
        self.init(
            account: ID(account), session: ID(session), name: name, seats: held,
            outstanding: outstanding, seatsText: seats)
    }
}
