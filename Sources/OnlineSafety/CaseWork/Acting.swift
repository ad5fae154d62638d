import JSON
import OpenAPI
import Postgres

/// Acting on an incident without an investigation.
enum Acting {
    static let route = Route.post(
        "/v1/incidents/{incident}/acting", "Act on an incident",
        "What happened is clear, and nobody investigates it: from now on it is acted on.",
        for: Record.readers, by(act))

    static func act(
        on id: ID<Incident>, _ said: Said, ifUnchanged: IfUnchanged, within reach: Reach,
        in tx: Transaction
    ) async throws -> Created<Closure> {
        let incident = try await OpenedIncident.open(
            id, for: .acting, ifUnchanged, within: reach, in: tx)
        incident.move(by: .acting, said.words?.string, in: tx)
        incident.receipts(moveOnTo: .actedOn, in: tx)
        return Created(tx.stored(Closing.shown(id, in: incident.school)))
    }

    /// Why nobody investigates.
    struct Said: RecordBody {
        let words: Text<10_000>?

        static let schemaName = "ActingSaid"
        static let words = "Why an incident is acted on without an investigation."
        static var example: Said { Said(words: "Both pupils said at once what they had done") }

        enum CodingKeys: String, FieldWords {
            case words

            var words: String { "Why nobody investigates." }
        }
    }
}
