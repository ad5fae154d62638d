import Foundation

@testable import OnlineSafety
@testable import Postgres

/// A folder of checkpoints and the key that signs them, made as an operator makes it.
struct KeptCheckpoints {
    let keyFile: String
    let path: String

    init() throws {
        let folder = try ScratchFolder()
        try Self.openssl("genpkey -algorithm ed25519 -out \(folder.path)/key", folder)
        path = folder.path + "/kept"
        keyFile = folder.path + "/key"
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: false)
        self.made = folder
    }

    private let made: ScratchFolder

    var environment: [String: String] {
        ["ROWAN_CHECKPOINTS": path, "ROWAN_CHECKPOINT_KEY_FILE": keyFile]
    }

    var pem: String { (try? String(contentsOfFile: keyFile, encoding: .utf8)) ?? "" }

    func book(_ pem: String? = nil) throws -> CheckpointBook {
        guard let keys = CheckpointKeys(pem: pem ?? self.pem) else { throw NotMade() }
        return CheckpointBook(folder: path, keys: keys)
    }

    func add(from database: TestDatabase, times: Int = 1) throws {
        let connection = try DirectConnection(database.workerURL)
        for _ in 0..<times { try Checkpoints.add(to: book(), from: connection) }
    }

    /// What a verification finds, with the keys that are given.
    func faults(_ database: TestDatabase, _ pem: String? = nil) throws -> [String] {
        try AuditChains.verify(DirectConnection(database.maintenanceURL), against: book(pem)).faults
    }

    func file(_ number: Int) -> String { "\(path)/\(CheckpointBook.name(number))" }

    func note(_ number: Int) throws -> String {
        try String(contentsOfFile: file(number), encoding: .utf8)
    }

    /// As somebody who may write there.
    func write(_ note: String, as number: Int) throws {
        try? FileManager.default.removeItem(atPath: file(number))
        try Data(note.utf8).write(to: URL(fileURLWithPath: file(number)))
    }

    var names: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    }

    /// A program that nobody here wrote.
    @discardableResult
    static func openssl(_ words: String, _ folder: ScratchFolder) throws -> (Int32, String) {
        let child = try ChildProcess(
            ["/usr/bin/openssl"] + words.split(separator: " ").map(String.init),
            output: folder.path + "/said")
        return (child.wait(), child.printed)
    }

    struct NotMade: Error {}
}
