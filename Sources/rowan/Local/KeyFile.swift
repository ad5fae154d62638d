import OnlineSafety

/// The service's keys, made at the first start: what it signed must still be good after the next.
enum KeyFile {
    static let path = ".rowan/keys"

    static func makeWhereMissing() throws {
        if !Files.exists(path) { try Files.write(KeyRing.newLine(id: 1), to: path) }
    }
}
