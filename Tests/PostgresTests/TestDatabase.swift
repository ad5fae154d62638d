import EventLoop
import Foundation
import Testing

@testable import Postgres

/// A schema of its own, in the scratch cluster that the environment names.
final class TestDatabase: Sendable {
    let schema = "t" + UUID().uuidString.replacing("-", with: "").lowercased()

    /// Everything through it happens in the schema.
    let url: String

    /// With tables that `script` makes.
    init(_ script: String = "") throws {
        let cluster = try Self.cluster
        let option = "-csearch_path%3D\(schema)"
        url =
            cluster.contains("://")
            ? cluster + (cluster.contains("?") ? "&" : "?") + "options=\(option)"
            : cluster + " options='\(option.replacing("%3D", with: "="))'"
        let connection = try DirectConnection(cluster)
        try connection.execute(
            script: "create schema \(schema); set search_path = \(schema); \(script)")
    }

    deinit {
        _ = try? direct().execute(script: "drop schema \(schema) cascade")
    }

    static var cluster: String {
        get throws {
            let name = "ROWAN_TEST_DATABASE_URL"
            return try #require(
                ProcessInfo.processInfo.environment[name],
                "Set \(name) to the connection string of a superuser of a scratch cluster.")
        }
    }

    func direct() throws -> DirectConnection { try DirectConnection(url) }

    /// Does something with a pool, on a loop of its own.
    @discardableResult
    func pool<Result: Sendable>(
        _ configure: (inout PoolConfiguration) -> Void = { _ in },
        _ work: @Sendable (Pool) async throws -> Result
    ) async throws -> Result {
        let desk = desk(configure)
        do {
            let result = try await desk.work(work)
            await desk.close()
            return result
        } catch {
            await desk.close()
            throw error
        }
    }

    /// For work that goes on side by side.
    func desk(_ configure: (inout PoolConfiguration) -> Void = { _ in }) -> Desk {
        var configuration = PoolConfiguration(url: url)
        configure(&configuration)
        return Desk(configuration)
    }
}

/// Where a test does what belongs to a loop: a pool, and as many pieces of work as it likes.
actor Desk {
    private nonisolated let loop = EventLoop()
    private let configuration: PoolConfiguration
    private lazy var pool = Pool(configuration, loop: loop)

    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    init(_ configuration: PoolConfiguration) {
        self.configuration = configuration
    }

    func close() {
        pool.close()
        loop.stop()
    }

    func work<Result: Sendable>(_ work: (Pool) async throws -> Result) async rethrows -> Result {
        try await work(pool)
    }
}

extension Pool {
    func reading(
        _ context: SQL? = nil, within milliseconds: Int = 5000, priority: Priority = .ordinary
    ) -> Transaction {
        Transaction(
            .reading, in: self, context: context, deadline: loop.now + milliseconds,
            priority: priority)
    }

    func writing(
        _ context: SQL? = nil, within milliseconds: Int = 5000, priority: Priority = .ordinary
    ) -> Transaction {
        Transaction(
            .writing, in: self, context: context, deadline: loop.now + milliseconds,
            priority: priority)
    }

    /// One statement, by itself.
    @discardableResult
    func read(_ sql: SQL) async throws -> Answer { try await reading().run(sql) }

    /// One statement, committed.
    @discardableResult
    func write(_ sql: SQL) async throws -> Answer {
        let transaction = writing()
        let answer = transaction.add(sql)
        try await transaction.commit()
        return answer
    }

    /// Lets the loop go on for a while.
    func pause(_ milliseconds: Int) async {
        await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
            loop.after(milliseconds) { continuation.resume() }
        }
    }
}

/// The kind of the error that `work` ends with.
func kind(_ work: () async throws -> Void) async -> PostgresError.Kind? {
    do {
        try await work()
        return nil
    } catch {
        return (error as? PostgresError)?.kind
    }
}
