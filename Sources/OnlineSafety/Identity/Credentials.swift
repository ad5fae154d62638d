import Crypto
import EventLoop
import FoundationEssentials
import HTTP
import Postgres

/// The token of a request's `Authorization: Bearer …`, of which only the hash is ever used; or that
/// of a report, which may come as the password of `Basic` with its client's id as the name.
struct BearerToken: Hashable {
    let hash: [UInt8]

    /// Whether it says of itself that it is a client's. What it is, the database knows.
    let isOfAClient: Bool

    /// The client whose it must be, where it came as a password.
    let user: UUID?

    /// `nil` when there is none, or something that was never a token.
    init?(_ request: Request) {
        guard let header = request["authorization"], (8...512).contains(header.count) else {
            return nil
        }
        if header.prefix(7).elementsEqual("Bearer ".utf8, by: alike) {
            self.init(bytes: Array(header.dropFirst(7)), user: nil)
        } else if let basic = BasicCredentials(header), let user = UUID(uuidString: basic.name),
            basic.password.hasPrefix("rwn_report_")
        {
            self.init(bytes: Array(basic.password.utf8), user: user)
        } else {
            return nil
        }
    }

    init(_ token: String) { self.init(bytes: Array(token.utf8), user: nil) }

    private init(bytes: [UInt8], user: UUID?) {
        hash = SHA256.hash(bytes).bytes
        isOfAClient =
            bytes.starts(with: "rwn_access_".utf8) || bytes.starts(with: "rwn_report_".utf8)
        self.user = user
    }
}

/// The name and the password of `Authorization: Basic …` (RFC 7617).
struct BasicCredentials {
    let name: String
    let password: String

    /// `nil` for another scheme, and for what is not UTF-8 with a colon in Base64.
    init?(_ header: UnsafeRawBufferPointer) {
        guard header.prefix(6).elementsEqual("Basic ".utf8, by: alike) else { return nil }
        var encoded = header.dropFirst(6)
        let isPadded = encoded.count % 4 == 0
        while isPadded, encoded.last == UInt8(ascii: "="), encoded.count % 4 != 2 {
            encoded = encoded.dropLast()
        }
        guard let bytes = Base64.standard.decode(Array(encoded)),
            let colon = bytes.firstIndex(of: UInt8(ascii: ":")),
            let name = String(validating: bytes[..<colon], as: UTF8.self),
            let password = String(validating: bytes[(colon + 1)...], as: UTF8.self)
        else { return nil }
        (self.name, self.password) = (name, password)
    }
}

/// Schemes are the same in capitals and small letters.
private func alike(_ byte: UInt8, _ letter: UInt8) -> Bool {
    byte | 0x20 == letter | 0x20
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
        let caller =
            token.isOfAClient
            ? Caller(
                ofClient: try await transaction.run(
                    "select * from identify_client(\(token.hash))"))
            : Caller(try await transaction.run("select * from identify(\(token.hash))"))
        guard let caller, token.user == nil || token.user == caller.account.uuid else {
            throw Problem(.unauthorized)
        }
        if known.count >= Self.capacity { known.removeAll(keepingCapacity: true) }
        known[token] = caller
        return caller
    }

    func forget(_ request: Request) {
        if let token = BearerToken(request) { known[token] = nil }
    }
}

extension Caller {
    /// From a row of `identify_client`; `nil` when there is none.
    fileprivate init?(ofClient answer: Answer) {
        guard answer.count == 1, let client = answer.uuid(0, "client_id"),
            let token = answer.uuid(0, "token_id"), let name = answer.text(0, "name"),
            let scopes = answer.text(0, "scopes")
        else { return nil }
        self.init(
            account: ID(client), session: ID(token), name: name, seats: [], outstanding: [],
            seatsText: scopes, scopes: Self.scopes(scopes))
    }

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
