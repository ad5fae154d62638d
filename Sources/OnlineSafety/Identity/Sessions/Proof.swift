import Crypto
import JSON
import OpenAPI
import Postgres

/// That it is still the same person: their password, or a code of their second factor.
struct Proof: Body {
    let password: Text<1024>?
    let code: Text<40>?

    static let words = "My password; where a second factor is set up, its code."
    static var example: Proof { Proof(password: "a long password of her own", code: nil) }

    enum CodingKeys: String, FieldWords {
        case password, code

        var words: String {
            switch self {
            case .password:
                "My password, where no second factor is set up. It is never stored, logged or "
                    + "shown."
            case .code: "A code of my second factor that was not used before, or a recovery code."
            }
        }
    }

    var faults: [JSONFault] {
        guard (password == nil) == (code == nil) else { return [] }
        return [
            JSONFault(
                pointer: "", code: "one_of", detail: "Give either the password or a code")
        ]
    }
}

extension Proof {
    /// What it is, as the session remembers it.
    var kind: String { code == nil ? "password" : "code" }

    /// Throws 422 where a second factor is set up and this is a password: whoever has stolen one
    /// must not take the factor from its owner with it.
    func isEnough(in tx: Transaction) async throws {
        guard code == nil else { return }
        // In a transaction that is over: none is held while a password is checked.
        let other = tx.another()
        let known = try await other.run("select sealed from second_factor_of_the_caller()")
        try await other.commit()
        guard known.bytes(0, "sealed") != nil else { return }
        throw Self.codeNeeded
    }

    static var codeNeeded: Problem {
        Problem([
            JSONFault(
                pointer: "/code", code: "code_needed",
                detail: "A second factor is set up: give its code, or a recovery code")
        ])
    }

    /// Throws 401 `credentials_invalid` where it is wrong, which is on record, and the fifth ends
    /// the session: whoever found one open must not find out the password by it, and whatever they
    /// try, the owner's other sessions wait for none of it.
    func check(of caller: Caller, _ parts: LogInParts, in tx: Transaction) async throws {
        if let password {
            _ = try await Self.check(password: password.string, of: caller, parts, in: tx)
        } else if let code {
            _ = try await Self.check(code: code.string, of: caller, parts, in: tx)
        }
    }

    /// What is known of the caller's password, where this is it.
    static func check(
        password: String, of caller: Caller, _ parts: LogInParts, in tx: Transaction
    ) async throws -> Answer {
        let guesses = try await count(caller, parts, in: tx)
        // In a transaction that is over: none is held while a password is checked.
        let other = tx.another()
        let known = try await other.run("select * from password_of_the_caller()")
        try await other.commit()
        let isRight: Bool
        do throws(Problem) {
            isRight = try await parts.service.passwords.verify(
                password, against: known.text(0, "password_hash"), isKnown: true)
        } catch {
            _ = try await tx.inAnother(was("untold", guesses))
            throw error
        }
        guard isRight else { try await refuse(caller, "step_up_failed", guesses, in: tx) }
        tx.add(was("right", guesses))
        return known
    }

    /// The caller's e-mail address, where this is a code of theirs that was not used before.
    static func check(
        code: String, of caller: Caller, _ parts: LogInParts, in tx: Transaction
    ) async throws -> String {
        let guesses = try await count(caller, parts, in: tx)
        let known = try await tx.run("select * from second_factor_of_the_caller()")
        guard try await SecondFactor.take(code, of: caller.account, known, parts, in: tx) else {
            try await refuse(caller, "code_failed", guesses, in: tx)
        }
        tx.add(was("right", guesses))
        return known.text(0, "email") ?? ""
    }

    private static func count(
        _ caller: Caller, _ parts: LogInParts, in tx: Transaction
    ) async throws -> Guesses {
        let guesses = Guesses(proofBy: caller, from: parts.network, parts.service)
        _ = try await guesses.count(
            "select try_proof(\(guesses.counts.subjects[0])) as waits", asCaller: true, in: tx)
        return guesses
    }

    /// What became of it: `right`, `wrong` or `untold`.
    private static func was(_ outcome: String, _ guesses: Guesses) -> SQL {
        "select proof_was(\(outcome), \(guesses.counts.subjects[0]))"
    }

    private static func refuse(
        _ caller: Caller, _ deed: String, _ guesses: Guesses, in tx: Transaction
    ) async throws -> Never {
        tx.add(was("wrong", guesses))
        Audit.record(
            deed, "account", caller.account.uuid, account: caller.account.uuid, request: nil, in: tx
        )
        try await tx.commit()
        throw Problem(.credentialsInvalid, "That is not right.")
    }
}
