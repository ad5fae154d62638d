import Foundation
import Glibc
import OnlineSafety
import Synchronization

/// The program itself, `rowan serve`, as an operator runs it: a process of its own, on ports of its
/// own, that can be killed.
final class RunningService: Sendable {
    let port: UInt16
    let adminPort: UInt16
    let folder: ScratchFolder
    private let environment: [String: String]
    private let wrapper: [String]
    private let process: Mutex<ChildProcess>

    /// `more` is added to the environment. With `descriptors` it can open so many files.
    init(
        _ databaseURL: String, _ more: [String: String] = [:], descriptors: Int? = nil
    ) throws {
        (port, adminPort) = (try Self.freePort(), try Self.freePort())
        folder = try ScratchFolder()
        environment = try Self.environment(databaseURL, folder).merging(
            ["ROWAN_PORT": "\(port)", "ROWAN_ADMIN_PORT": "\(adminPort)"].merging(more) { $1 }
        ) { $1 }
        wrapper = descriptors.map { ["/usr/bin/prlimit", "--nofile=\($0)"] } ?? []
        process = Mutex(try Self.start(environment, folder, within: wrapper))
    }

    /// What every `rowan serve` needs; without a URL, its place is told in another way.
    static func environment(
        _ databaseURL: String, _ folder: ScratchFolder
    ) throws -> [String: String] {
        let keys = try folder.write("keys", KeyRing.newLine(id: 1), mode: 0o600)
        let usual = [
            "ROWAN_KEYS_FILE": keys, "ROWAN_LOOPS": "2", "ROWAN_ACCOUNT_REQUESTS": "60000",
        ]
        return databaseURL.isEmpty ? usual : usual.merging(["DATABASE_URL": databaseURL]) { $1 }
    }

    static func start(
        _ environment: [String: String], _ folder: ScratchFolder, _ words: [String] = ["serve"],
        within wrapper: [String] = []
    ) throws -> ChildProcess {
        try ChildProcess(
            wrapper + [program] + words, environment: environment, output: folder.path + "/log")
    }

    /// The program that was built beside these tests.
    static let program: String = {
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        return URL(fileURLWithPath: tests ?? "").deletingLastPathComponent().path + "/rowan"
    }()

    static func freePort() throws -> UInt16 {
        let probe = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(probe) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let found = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(probe, $0, length) == 0 && getsockname(probe, $0, &length) == 0
            }
        }
        guard found else { throw ClientSocket.Lost(errno: errno) }
        return address.sin_port.bigEndian
    }

    var child: ChildProcess { process.withLock { $0 } }
    var log: String { child.printed }

    /// The log with all that was asked before: it is written a moment after the answers.
    func logSoFar() async throws -> String {
        let name = "last_\(UInt64.random(in: 0...UInt64.max))"
        _ = try Visitor(port: port, token: nil).get("/nowhere", ["X-Request-Id": name])
        var log = ""
        _ = try await eventually {
            log = self.log
            return log.contains(name) && log.hasSuffix("\n")
        }
        return log
    }

    /// As by `kill -9`, and a supervisor that starts it anew.
    func killAndRestart() throws {
        try process.withLock { child in
            child.signal(SIGKILL)
            child.wait()
            child = try Self.start(environment, folder, within: wrapper)
        }
    }

    /// Waits until it says of itself that it is ready.
    func isReady(within seconds: Double = 10) async throws -> Bool {
        try await eventually(within: seconds) { (try? self.readiness()) == 200 }
    }

    func readiness() throws -> Int { try admin.get("/readyz").status }

    var admin: Visitor { Visitor(port: adminPort, token: nil) }

    func `as`(_ role: Role, at school: TestSchool = .hawthorn) -> Visitor {
        Visitor(port: port, token: school.token(role))
    }
}

/// A folder that goes when the test does; in memory where that can be.
final class ScratchFolder: Sendable {
    let path: String

    init() throws {
        let root = FileManager.default.fileExists(atPath: "/dev/shm") ? "/dev/shm" : "/tmp"
        path = "\(root)/rowan-test-\(UUID().uuidString.prefix(8).lowercased())"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    @discardableResult
    func write(_ name: String, _ text: String, mode: Int) throws -> String {
        let file = "\(path)/\(name)"
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
        return file
    }
}
