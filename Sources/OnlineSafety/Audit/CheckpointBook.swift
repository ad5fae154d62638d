import Crypto
import FoundationEssentials
import Glibc

/// The checkpoints that were kept: a folder outside the database with a file for each, named by its
/// number, that is written once. Each holds the digest of the one before, so that none can be taken
/// out of their row, or put into it, unseen.
package struct CheckpointBook: Sendable {
    let folder: String
    let keys: CheckpointKeys

    /// One in so many says all heads again, so that those before it may be put away.
    static let fullEach = 500

    /// A file is never larger, nor read further.
    static let mostBytes = 64 << 20

    package init(folder: String, keys: CheckpointKeys) {
        (self.folder, self.keys) = (folder, keys)
    }

    package var canWrite: Bool { keys.canSign }

    /// The numbers of all that are here, in their order.
    func numbers() throws -> [Int] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        return names.compactMap(Self.number).sorted()
    }

    /// A file as it stands, and what it says where it is genuine.
    func file(_ number: Int) -> (bytes: [UInt8], checkpoint: Checkpoint?) {
        guard let bytes = Self.read("\(folder)/\(Self.name(number))"),
            let note = String(validating: bytes, as: UTF8.self)
        else { return ([], nil) }
        let checkpoint = keys.text(of: note).flatMap { Checkpoint(text: $0) }
        return (bytes, checkpoint?.number == number ? checkpoint : nil)
    }

    /// Writes a file that nobody has written yet; `false` where somebody has. When this returns it
    /// is on the disk, whole.
    func write(_ checkpoint: Checkpoint) throws -> Bool {
        guard let note = keys.signed(checkpoint.text) else {
            throw CheckpointFault("there is no private key to sign checkpoints with")
        }
        let last = "\(folder)/\(Self.name(checkpoint.number))"
        let first = "\(folder)/.\(UUID().uuidString)"
        try Self.write(Array(note.utf8), to: first)
        defer { unlink(first) }
        guard link(first, last) == 0 else {
            guard errno == EEXIST else { throw CheckpointFault("cannot be kept", errno) }
            return false
        }
        let place = open(folder, O_RDONLY | O_CLOEXEC)
        guard place >= 0 else { throw CheckpointFault("the folder cannot be opened", errno) }
        defer { close(place) }
        guard fsync(place) == 0 else { throw CheckpointFault("cannot be kept", errno) }
        return true
    }

    static func name(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 8 - digits.utf8.count)) + digits + ".checkpoint"
    }

    private static func number(of name: String) -> Int? {
        guard name.hasSuffix(".checkpoint"), let number = Int(name.dropLast(11)),
            self.name(number) == name
        else { return nil }
        return number
    }

    private static func write(_ bytes: [UInt8], to path: String) throws {
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o440)
        guard file >= 0 else { throw CheckpointFault("cannot be written", errno) }
        defer { close(file) }
        guard bytes.count <= mostBytes, Glibc.write(file, bytes, bytes.count) == bytes.count,
            fsync(file) == 0
        else { throw CheckpointFault("cannot be written", errno) }
    }

    private static func read(_ path: String) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count <= mostBytes {
            let count = Glibc.read(file, &piece, piece.count)
            if count == 0 { return bytes }
            guard count > 0 else { return nil }
            bytes += piece[..<count]
        }
        return nil
    }
}

/// Why no checkpoint was kept, in words that name no record.
package struct CheckpointFault: Error, CustomStringConvertible {
    package let description: String

    init(_ words: String, _ number: Int32? = nil) {
        let reason = number.map { ": " + String(cString: strerror($0)) } ?? ""
        description = "checkpoint: \(words)\(reason)"
    }
}
