import Crypto
import EventLoop
import HTTP
import Postgres

/// Counts tries to sign in, so that guessing is slow (SEC-10) and nobody can use that to shut the
/// owner out.
///
/// Counted are, in the database and so for all copies: an account's name from one network (slow
/// after 5 failures, up to an hour), the name from all networks (after 20, up to a quarter of an
/// hour), a network whatever the names (after 100, up to a minute, because a whole school may be
/// behind it), and a known device (after 10, up to a quarter of an hour). A day without a try
/// forgets.
///
/// The owner is known by two things. By the **device**: a token that each log-in hands out, to be
/// sent with the next one; whoever has one that was signed in with is held to the device's own
/// count alone. That is what keeps a teacher's log-in open while a pupil guesses from the same
/// school, where the network tells nothing. And by the **network**, for those who have no token:
/// from one that was signed in from within 90 days, nothing that happens elsewhere counts.
/// A device's cookie alone would shut out whoever logs in afresh, a network alone would let in
/// whoever sits beside the owner.
///
/// A name is counted whether an account has it or not, and by a keyed digest: what people type
/// there may be a password.
struct Guesses {
    let counts: Counts

    /// Who tries, to the gate.
    private let name: [UInt8]
    private let gate: GuessGate
    private let loop: EventLoop

    /// What is counted for one try.
    struct Counts: Sendable {
        let kinds: [String]
        let subjects: [[UInt8]]
    }

    /// Of a log-in, by the name that was typed.
    init(name: String, from network: String, device: [UInt8]?, _ service: ServiceParts) {
        let name = Array(name.lowercased().utf8)
        let here = name + [0] + Array(network.utf8)
        self.init(
            [
                ("name_here", here), ("name", name), ("network", Array(network.utf8)),
                ("device", device.map { name + [0] + $0 }),
            ], by: nil, service)
    }

    /// Of a proof by somebody who has a session already: to the gate that alone, since none of the
    /// owner's others waits for it; and where they are, for what is counted besides.
    init(proofBy caller: Caller, from network: String, _ service: ServiceParts) {
        let here = Array(caller.account.string.utf8) + [0] + Array(network.utf8)
        self.init([("code", here)], by: caller.session, service)
    }

    /// Of somebody who asks for a link to a new password, by the name that was typed.
    init(recoveryOf name: String, from network: String, _ service: ServiceParts) {
        let name = Array(name.lowercased().utf8)
        self.init(
            [("recovery_network", Array(network.utf8)), ("recovery", name)], by: nil, service)
    }

    /// Of a proof that an account is theirs by somebody who opened a link and has no session.
    init(invitedAs account: ID<Account>, from network: String, _ service: ServiceParts) {
        let here = Array(account.string.utf8) + [0] + Array(network.utf8)
        self.init([("code", here)], by: nil, service)
    }

    /// Of a link that is presented.
    init(linksFrom network: String, _ service: ServiceParts) {
        self.init([("recovery_network", Array(network.utf8))], by: nil, service)
    }

    /// What stands against an account's owner when they log in.
    init(ownerOf name: String, from network: String, _ service: ServiceParts) {
        let name = Array(name.lowercased().utf8)
        let here = name + [0] + Array(network.utf8)
        self.init([("name_here", here), ("name", name)], by: nil, service)
    }

    private init(
        _ counted: [(kind: String, what: [UInt8]?)], by session: ID<Session>?,
        _ service: ServiceParts
    ) {
        let known = counted.compactMap { kind, what in what.map { (kind, $0) } }
        counts = Counts(
            kinds: known.map(\.0),
            subjects: known.map { service.keys.digest(of: $0.1, for: "guesses") })
        name = session.map { Array($0.string.utf8) } ?? counts.subjects.flatMap(\.self)
        (gate, loop) = (service.guesses, service.loop)
    }

    /// Asks the database, which counts the try and says in the column `waits` how many seconds are
    /// to be waited. Throws 429 where there are any, 503 where too many ask at once. Nothing is
    /// held when it returns; `asCaller`, the database knows whose session it is.
    func count(
        _ sql: SQL, asCaller: Bool = false, in tx: Transaction
    ) async throws -> Answer {
        try gate.enter(name, at: loop.now)
        defer { gate.leave() }
        let found =
            if asCaller { try await tx.inAnother(sql) } else { try await tx.apart(sql, .writing) }
        let seconds = found.int(0, "waits") ?? 0
        guard seconds == 0 else {
            throw gate.refusal(of: name, for: seconds, at: loop.now)
        }
        return found
    }

    /// That it did not fail: with the names of those counts that are the owner's alone.
    func forgive(_ owned: [String] = [], in tx: Transaction) {
        tx.add("select forgive_guess(\(counts.kinds), \(counts.subjects), \(owned))")
    }

    /// That it was not tried at all, because nobody could look: apart, since this one is over.
    func takeBack(in tx: Transaction) async throws {
        _ = try await tx.apart(
            "select forgive_guess(\(counts.kinds), \(counts.subjects), \([String]()))", .writing)
    }
}
