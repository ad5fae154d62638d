import OnlineSafety

/// The service's keys, made at the first start: what it signed must still be good after the next.
enum KeyFile {
    static let path = ".rowan/keys"

    static func makeWhereMissing() throws {
        if !Files.exists(path) { try Files.write(KeyRing.newLine(id: 1), to: path) }
    }
}

/// Where the worker keeps the audit's checkpoints, and the key that signs them: outside the
/// database, though on the same machine.
enum CheckpointFiles {
    private static let (folder, key) = (".rowan/checkpoints", ".rowan/checkpoint_key")

    static let environment = [
        "ROWAN_CHECKPOINTS": folder, "ROWAN_CHECKPOINT_KEY_FILE": key,
    ]

    /// The same, as a shell has it.
    static var assignments: String {
        environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            .joined(separator: " ")
    }

    static func makeWhereMissing() throws {
        try Files.makeFolder(folder, mode: 0o700)
        if !Files.exists(key) { try Files.write(CheckpointKeys.newPrivateKey(), to: key) }
    }
}
