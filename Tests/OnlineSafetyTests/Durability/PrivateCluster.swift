import Foundation
import Glibc
import Testing

@testable import Postgres

/// A PostgreSQL of a test's own, which may be killed: migrated and peopled, with everything on that
/// makes a commit safe.
final class PrivateCluster: Sendable {
    let folder: ScratchFolder
    private let bin: String

    struct Refused: Error { let what: String, log: String }

    init() async throws {
        (folder, bin) = (try ScratchFolder(), try Self.programs())
        try chownToServer()
        let made = try ChildProcess(
            Self.asServer + [
                bin + "/initdb", "--pgdata=\(folder.path)/data", "--username=postgres",
                "--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums", "--auth-local=trust",
                "--auth-host=reject", "--no-sync", "--no-instructions",
            ], output: folder.path + "/initdb.log")
        guard made.wait() == 0 else { throw Refused(what: "initdb", log: made.printed) }
    }

    func url(_ user: String) -> String { "host=\(folder.path) dbname=postgres user=\(user)" }

    /// Starts it with these settings, each `name=value`. After a kill its children may take a
    /// moment to notice; until then it refuses.
    func start(_ settings: [String] = []) async throws -> ChildProcess {
        let settings = settings.flatMap { ["-c", $0] }
        for _ in 0..<100 {
            let server = try ChildProcess(
                Self.asServer + [
                    bin + "/postgres", "-D", folder.path + "/data", "-k", folder.path,
                    "-c", "listen_addresses=", "-c", "timezone=UTC", "-c", "shared_buffers=32MB",
                    "-c", "dynamic_shared_memory_type=mmap",
                ] + settings, output: folder.path + "/log", lastSignal: SIGQUIT)
            let answers = try await eventually(within: 10) {
                !server.isRunning || (try? DirectConnection(self.url("postgres"))) != nil
            }
            if answers, server.isRunning { return server }
            try await Task.sleep(for: .milliseconds(50))
        }
        let log = try? String(contentsOfFile: folder.path + "/log", encoding: .utf8)
        throw Refused(what: "postgres", log: log ?? "")
    }

    /// The tables, and the people of the three schools.
    func people() throws {
        let migrations = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        _ = try Migrator(folder: "/\(migrations)/Migrations").apply(to: url("postgres"))
        try TestSchool.people(on: DirectConnection(url("postgres")))
    }

    private static func programs() throws -> String {
        let root = "/usr/lib/postgresql"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        let newest = versions.compactMap(Int.init).max()
        return try "\(root)/\(#require(newest, "there is no PostgreSQL in \(root)"))/bin"
    }

    /// PostgreSQL refuses to run as root.
    private static var asServer: [String] {
        guard getuid() == 0 else { return [] }
        return ["/usr/bin/setpriv", "--reuid", user, "--regid", user, "--init-groups"]
    }

    private static let user = getpwnam("postgres") == nil ? "nobody" : "postgres"

    private func chownToServer() throws {
        guard getuid() == 0, let user = getpwnam(Self.user) else { return }
        guard chown(folder.path, user.pointee.pw_uid, user.pointee.pw_gid) == 0 else {
            throw Refused(what: "chown", log: "\(errno)")
        }
    }
}
