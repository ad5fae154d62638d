import EventLoop
import FoundationEssentials
import HTTP
import JSON

@testable import OnlineSafety
@testable import Postgres

/// The register as a test uses it: the service in this process on a port of its own, with a
/// database of its own in which three schools are peopled.
final class Register: Sendable {
    let database: TestDatabase
    let port: UInt16
    let configuration: ServiceConfiguration
    private let worker: Worker
    private let loop: EventLoop

    static func open(
        walls: Walls = [], areas: [Area] = areas,
        _ configure: (inout ServiceConfiguration) -> Void = { _ in }
    ) async throws -> Register {
        let database = try TestDatabase()
        return try await Register(database, walls, areas, configure)
    }

    /// The service on a database that something else has filled.
    static func open(on database: TestDatabase) async throws -> Register {
        try await Register(database, [], areas) { _ in }
    }

    /// Another copy of the service on the same database, as behind a load balancer.
    func secondCopy(
        _ configure: (inout ServiceConfiguration) -> Void = { _ in }
    ) async throws -> Register { try await Register(database, [], areas, configure) }

    private init(
        _ database: TestDatabase, _ walls: Walls, _ areas: [Area],
        _ configure: (inout ServiceConfiguration) -> Void
    ) async throws {
        var pool = PoolConfiguration(url: database.serviceURL)
        (pool.shared, pool.exclusive, pool.spare) = (1, 4, 1)
        var configuration = ServiceConfiguration(
            pool: pool, keys: KeyRing([(1, [UInt8](repeating: 7, count: 32))]),
            sessionLength: SessionLength(seconds: 3600)!)
        configuration.log = Log(to: .nowhere)
        // Tests ask more than people do.
        configuration.accountLimits = AccountLimits(perMinute: 60_000)
        configuration.walls = walls
        configuration.following.beat = 50
        configure(&configuration)
        let loop = EventLoop()
        let worker = Worker(loop: loop, limits: Limits())
        let final = configuration
        port = try await worker.serve(address: "127.0.0.1", port: 0) { loop in
            API(final, areas, on: loop).httpService
        }
        (self.database, self.configuration, self.worker, self.loop) =
            (database, final, worker, loop)
    }

    deinit { loop.stop() }

    /// Whoever holds a role in a school.
    func `as`(_ role: Role, at school: TestSchool = .hawthorn) -> Visitor {
        Visitor(port: port, token: school.token(role))
    }

    /// Somebody without a credential.
    var nobody: Visitor { Visitor(port: port, token: nil) }

    func visitor(token: String) -> Visitor { Visitor(port: port, token: token) }
}

/// What the least of reports says.
func report(
    _ description: String = "Something happened", _ concerns: Concern = .child,
    _ more: [(String, JSONValue)] = []
) -> JSONValue {
    .object(
        JSONObject(
            [
                .init("description", .string(description)),
                .init("concerns", .string(concerns.rawValue)),
            ] + more.map { .init($0.0, $0.1) }))
}
