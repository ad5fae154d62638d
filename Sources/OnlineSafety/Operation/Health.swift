import EventLoop
import HTTP
import Postgres

/// `/livez`: the process answers. `/readyz`: it should be sent requests, because the database
/// answers, has the schema that this program knows, and the process is not draining; the worker's,
/// because it sweeps. Neither tells anything else (API-09).
package final class Health {
    /// The newest migration that this program knows.
    package static let schema = 47

    private let pool: Pool
    private let loop: EventLoop
    private let state: ServiceState

    /// How long a database may take before the service says that it is not ready: with the grace
    /// that an answer has on its way, less than the second after which a probe loses patience.
    private static let patience = 600

    init(pool: Pool, loop: EventLoop, state: ServiceState) {
        self.pool = pool
        self.loop = loop
        self.state = state
    }

    /// Answers when the request is one of the two; `false` when it is for somebody else.
    func answers(_ request: Request, on connection: HTTP.Connection) async -> Bool {
        guard request.method == .get || request.method == .head else { return false }
        if request.path == "/livez" {
            connection.respond(
                .ok, type: "application/json", body: { $0.append("{\"live\":true}") })
            return true
        }
        guard request.path == "/readyz" else { return false }
        let reason = await unreadiness()
        connection.respond(
            reason == nil ? .ok : .unavailable, type: "application/json",
            headers: { if reason != nil { $0.add("Retry-After", 1) } },
            body: { output in
                output.append("{\"ready\":")
                output.append(reason == nil ? "true" : "false")
                if let reason {
                    output.append(",\"reason\":\"")
                    output.append(reason)
                    output.append("\"")
                }
                output.append("}")
            })
        return true
    }

    private func unreadiness() async -> StaticString? {
        if state.isDraining { return "draining" }
        if state.isStuck(at: loop.now) { return "stuck" }
        let transaction = Transaction(
            .reading, in: pool, deadline: loop.now + Self.patience, priority: .spare)
        do throws(PostgresError) {
            let answer = try await transaction.run(
                """
                select coalesce(max(number), 0)::integer as number,
                    (select schema from oldest_program) as oldest
                from schema_migration
                """)
            try await transaction.commit()
            let isNewEnough = answer.int(0, "number") ?? 0 >= Self.schema
            return isNewEnough && answer.int(0, "oldest") ?? 0 <= Self.schema ? nil : "schema"
        } catch {
            return "database"
        }
    }
}
