import Crypto
import JSON
import Postgres

/// Setting up a second factor, and giving its code.
enum SecondFactors {
    static let routes: [Route] = [
        .post(
            "/v1/session/code", "Give my code",
            """
            The second step of a log-in that has `code` outstanding: the code that my device shows \
            now, or a recovery code. Each is taken once. The fifth wrong one ends the session.
            """,
            for: [Role].everyone.admitted(.self), by(giveCode)
        ).answeringOnce().evenWhile(.code).takingBodies(upTo: 4 << 10),
        .post(
            "/v1/me/second-factor", "Begin a second factor",
            """
            Makes a secret for my authenticator program, shown this once. It counts from its first \
            code on (`/confirmation`), which this session must send within the hour; until then \
            what was set up before does. Asks for a fresh proof: by a code of the one before, or \
            a recovery code, where there is one.
            """,
            for: [Role].everyone.admitted(.self), by(begin)
        ).answeringOnce().evenWhile(.secondFactor).afterStepUp().takingBodies(upTo: 1 << 10),
        .post(
            "/v1/me/second-factor/confirmation", "Confirm a second factor",
            """
            With the first code that my device shows. Answers with ten recovery codes, shown this \
            once: each opens one log-in when the device is lost. All my other sessions end, and a \
            notice tells me of it.
            """,
            for: [Role].everyone.admitted(.self), by(confirm)
        ).answeringOnce().evenWhile(.secondFactor).takingBodies(upTo: 4 << 10),
        .post(
            "/v1/me/second-factor/recovery-codes", "Make recovery codes",
            """
            Ten new ones, shown this once; the old ones are dead, all my other sessions end, and a \
            notice tells me of it. Asks for a fresh proof by a code, or a recovery code.
            """,
            for: [Role].everyone.admitted(.self), by(makeRecoveryCodes)
        ).answeringOnce().afterStepUp().takingBodies(upTo: 1 << 10),
        .delete(
            "/v1/me/second-factor", "Remove my second factor",
            """
            With its recovery codes; where my school asks for one it can only be replaced. All my \
            other sessions end, and a notice tells me of it. Asks for a fresh proof by a code, or \
            a recovery code.
            """,
            for: [Role].everyone.admitted(.self), by(remove)
        ).afterStepUp(),
    ]

    static func giveCode(
        _ given: CodeGiven, for caller: Caller, with parts: LogInParts, in tx: Transaction
    ) async throws -> Done {
        guard caller.outstanding.contains(.code) else {
            throw Problem(.conflict, "This session does not wait for a code.")
        }
        let email = try await Proof.check(code: given.code.string, of: caller, parts, in: tx)
        tx.add("select code_was_given()")
        record("code_given", caller, in: tx)
        // Only now is it certain that the log-in was the owner's.
        Guesses(name: email, from: parts.network, device: nil, parts.service)
            .forgive(["name_here"], in: tx)
        return Done()
    }

    static func begin(
        for caller: Caller, with parts: LogInParts, in tx: Transaction
    ) async throws -> Shown<SecondFactorBegun> {
        let secret = Random.bytes(20)
        let sealed = SecondFactor.seal(secret, of: caller.account, parts.service.keys)
        let known = try await tx.run("select email from second_factor_of_the_caller()")
        tx.add("select begin_second_factor(\(sealed))")
        record("second_factor_begun", caller, in: tx)
        return Shown(
            .created, SecondFactorBegun(secret: secret, email: known.text(0, "email") ?? ""))
    }

    static func confirm(
        _ given: CodeGiven, for caller: Caller, with parts: LogInParts, in tx: Transaction
    ) async throws -> Shown<RecoveryCodes> {
        let known = try await tx.run("select * from second_factor_of_the_caller()")
        guard let begun = known.bytes(0, "begun") else { throw notBegun }
        guard
            let step = SecondFactor.begun(
                given.code.string, of: caller.account, known, parts.service.keys)
        else {
            throw Problem([
                JSONFault(
                    pointer: "/code", code: "wrong_code",
                    detail: "Give the code that the device shows now, and set its clock right")
            ])
        }
        let codes = SecondFactor.recoveryCodes()
        let done = try await tx.run(
            "select set_up_second_factor(\(begun), \(step), \(codes.hashes)) as is_set_up")
        guard done.bool(0, "is_set_up") == true else { throw notBegun }
        record("second_factor_set_up", caller, in: tx)
        return Shown(.created, RecoveryCodes(codes: codes.shown))
    }

    static func makeRecoveryCodes(
        for caller: Caller, in tx: Transaction
    ) async throws -> Shown<RecoveryCodes> {
        let known = try await tx.run("select sealed from second_factor_of_the_caller()")
        guard known.bytes(0, "sealed") != nil else {
            throw Problem(.conflict, "Set up a second factor first.")
        }
        let codes = SecondFactor.recoveryCodes()
        tx.add("select replace_recovery_codes(\(codes.hashes))")
        record("recovery_codes_made", caller, in: tx)
        return Shown(.created, RecoveryCodes(codes: codes.shown))
    }

    static func remove(for caller: Caller, in tx: Transaction) async throws -> Done {
        let known = try await tx.run("select is_needed from second_factor_of_the_caller()")
        guard known.bool(0, "is_needed") == false else {
            throw Problem(.conflict, "Your school asks for a second factor: replace it instead.")
        }
        tx.add("select remove_second_factor()")
        record("second_factor_removed", caller, in: tx)
        return Done()
    }

    private static var notBegun: Problem {
        Problem(.conflict, "Begin a second factor first, in this session.")
    }

    private static func record(_ deed: String, _ caller: Caller, in tx: Transaction) {
        Audit.record(
            deed, "account", caller.account.uuid, account: caller.account.uuid, request: nil, in: tx
        )
    }
}
