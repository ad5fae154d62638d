import EventLoop
import HTTP
import Postgres

/// What answers on the admin port: health and figures, for the operator's network only.
package final class AdminAPI {
    private let health: Health
    private let measures: Measures
    private let log: Log
    private let refusing: Refusing

    package init(_ configuration: ServiceConfiguration, on loop: EventLoop) {
        var pool = configuration.pool
        (pool.shared, pool.exclusive, pool.spare) = (1, 1, 1)
        health = Health(
            pool: Pool(pool, loop: loop), loop: loop, state: configuration.state)
        measures = configuration.measures
        log = configuration.log
        refusing = Refusing(
            log: log, measures: measures.shard(for: []), origins: Origins(configuration.origins))
    }

    /// What a worker serves with it. Nothing that is asked here has a body.
    package var httpService: HTTP.Service {
        HTTP.Service(bodyLimit: { _ in .whole(upTo: Route.littleBody) }, refuse: refusing.answer) {
            await self.answer($0, on: $1)
        }
    }

    func answer(_ request: Request, on connection: HTTP.Connection) async {
        if await health.answers(request, on: connection) { return }
        guard request.path == "/metrics", request.method == .get || request.method == .head else {
            let problem = Problem(.notFound)
            return connection.respond(
                .notFound, type: "application/problem+json",
                body: { problem.write(to: &$0, about: request, nil, requestID: "-") })
        }
        connection.respond(
            .ok, type: "text/plain; version=0.0.4; charset=utf-8",
            body: { output in
                measures.write(to: &output)
                log.writeMeasure(to: &output)
            })
    }
}
