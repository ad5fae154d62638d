import Crypto
import JSON
import OpenAPI
import Postgres

/// A fresh proof of who is there, for what must not be opened by whoever finds a screen unlocked
/// (SEC-06). It counts for one session and a short time; the database keeps until when.
///
/// What needs it: a route (`Route.afterStepUp`), a transaction (`StepUp.required`), or a row, by a
/// policy that asks `(select caller_stepped_up())`.
enum StepUp {
    /// Refuses the transaction with 403 `step_up_required` where there is none. Goes out with the
    /// statements that follow.
    static func required(in tx: Transaction) { tx.add("select require_step_up()") }

    static func stepUp(
        _ proof: Proof, for caller: Caller, with parts: LogInParts, in tx: Transaction
    ) async throws -> Shown<SteppedUp> {
        try await proof.check(of: caller, parts, in: tx)
        Audit.record(
            "stepped_up", "session", caller.session.uuid, account: caller.account.uuid,
            request: nil, in: tx)
        let stepped = try await tx.run("select instant(step_up()) as until")
        guard let until = stepped.text(0, "until").flatMap(Instant.init) else {
            throw Problem(.failed)
        }
        return Shown(.created, SteppedUp(until: until))
    }
}

/// Until when a fresh proof counts.
struct SteppedUp: Resource {
    static let isTagged = false

    let until: Instant

    static let words = "Until when a fresh proof counts, for this session."
    static var example: SteppedUp { SteppedUp(until: .example) }

    enum CodingKeys: String, FieldWords {
        case until

        var words: String {
            switch self {
            case .until: "Until then what asks for a fresh proof is open."
            }
        }
    }
}

/// That it is still the same person.
struct Proof: Body {
    let password: Text<1024>

    static let words = "My password."
    static var example: Proof { Proof(password: "a long password of her own") }

    enum CodingKeys: String, FieldWords {
        case password

        var words: String {
            switch self {
            case .password: "My password. It is never stored, logged or shown."
            }
        }
    }
}

extension Proof {
    /// Throws 401 `credentials_invalid` where it is wrong, which is on record, and 429 after too
    /// many that were: whoever found a session open must not find out the password by it.
    func check(of caller: Caller, _ parts: LogInParts, in tx: Transaction) async throws {
        try await Self.check(password.string, of: caller, parts, in: tx)
    }

    static func check(
        _ password: String, of caller: Caller, _ parts: LogInParts, in tx: Transaction
    ) async throws {
        let guesses = Guesses(
            proofOf: caller.account, from: Array(parts.network.utf8), parts.service)
        _ = try await guesses.count(
            "select try_proof(\(guesses.counts.kinds), \(guesses.counts.subjects)) as waits", in: tx
        )
        let stored = try await tx.credentialsOfTheCaller()
        let isRight: Bool
        do throws(Problem) {
            isRight = try await parts.service.passwords.verify(
                password, against: stored, isKnown: true)
        } catch {
            try await guesses.takeBack(in: tx)
            throw error
        }
        guard isRight else {
            Audit.record(
                "step_up_failed", "account", caller.account.uuid, account: caller.account.uuid,
                request: nil, in: tx)
            try await tx.commit()
            throw Problem(.credentialsInvalid)
        }
        guesses.forgive(["code"], in: tx)
    }
}

extension Transaction {
    /// Asked in the caller's context, in a transaction that is over when it returns: none is held
    /// while a password is checked.
    fileprivate func credentialsOfTheCaller() async throws -> String? {
        let other = another()
        let found = try await other.run("select password_hash from credentials_of_the_caller()")
        try await other.commit()
        return found.text(0, "password_hash")
    }
}
