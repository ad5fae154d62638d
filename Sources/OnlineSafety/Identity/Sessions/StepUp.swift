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
        try await proof.isEnough(in: tx)
        try await proof.check(of: caller, parts, in: tx)
        Audit.record(
            "stepped_up", "session", caller.session.uuid, account: caller.account.uuid,
            request: nil, in: tx)
        let stepped = try await tx.run("select instant(step_up(\(proof.kind))) as until")
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
