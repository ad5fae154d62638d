import FoundationEssentials
import OnlineSafety
import Postgres

/// Adds one checkpoint of the audit's heads to those that are kept outside the database.
struct AuditCheckpoint {
    private let url: String
    private let book: CheckpointBook

    init(_ environment: Environment) throws {
        url = try environment.safeDatabaseURL("ROWAN_MAINTENANCE_DATABASE_URL")
        guard let book = try environment.checkpoints(), book.canWrite else {
            throw Misconfiguration(
                "ROWAN_CHECKPOINTS and ROWAN_CHECKPOINT_KEY: a folder, and a private key")
        }
        self.book = book
    }

    func run() throws {
        let number = try Checkpoints.add(to: book, from: DirectConnection(url))
        print("Checkpoint \(number)")
    }
}

extension Environment {
    /// `nil` where no folder is named. A folder without a key is an error: nothing in it could be
    /// told from a forgery.
    func checkpoints() throws -> CheckpointBook? {
        guard let folder = self["ROWAN_CHECKPOINTS"], !folder.isEmpty else { return nil }
        guard let keys = CheckpointKeys(pem: try required("ROWAN_CHECKPOINT_KEY")) else {
            throw Misconfiguration("ROWAN_CHECKPOINT_KEY: Ed25519 keys as openssl writes them")
        }
        var isFolder = false
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder
        else { throw Misconfiguration("ROWAN_CHECKPOINTS: a folder that is there") }
        return CheckpointBook(folder: folder, keys: keys)
    }
}
