import Crypto

/// The keys of the audit's checkpoints, as `openssl genpkey -algorithm ed25519` and `openssl pkey
/// -pubout` write them: the first private one signs, all are accepted, so that what an older one
/// signed stays good. Whoever only verifies has public ones and no other.
package struct CheckpointKeys: Sendable {
    private let signing: (seed: [UInt8], publicKey: [UInt8])?
    private let accepted: [[UInt8]]

    /// `nil` where a block is not an Ed25519 key (RFC 8410), or there is none.
    package init?(pem text: String) {
        var signing: (seed: [UInt8], publicKey: [UInt8])?
        var accepted: [[UInt8]] = []
        for block in text.split(separator: "-----BEGIN ") {
            let lines = block.split(whereSeparator: \.isNewline).map(String.init)
            guard lines.count >= 3, let last = lines.last,
                let bytes = Base64.padded(lines[1..<(lines.count - 1)].joined())
            else { return nil }
            switch (lines[0], last) {
            case ("PRIVATE KEY-----", "-----END PRIVATE KEY-----"):
                guard let seed = Self.key(in: bytes, after: Self.privateHead),
                    let publicKey = Ed25519.publicKey(of: seed)
                else { return nil }
                signing = signing ?? (seed, publicKey)
                accepted.append(publicKey)
            case ("PUBLIC KEY-----", "-----END PUBLIC KEY-----"):
                guard let key = Self.key(in: bytes, after: Self.publicHead) else { return nil }
                accepted.append(key)
            default: return nil
            }
        }
        guard !accepted.isEmpty else { return nil }
        (self.signing, self.accepted) = (signing, accepted)
    }

    /// A fresh private key, as `openssl genpkey -algorithm ed25519` would write it.
    package static func newPrivateKey() -> String {
        let text = Base64.padded(privateHead + Random.bytes(Ed25519.keyCount))
        return "-----BEGIN PRIVATE KEY-----\n\(text)\n-----END PRIVATE KEY-----\n"
    }

    package var canSign: Bool { signing != nil }

    /// What comes before the 32 bytes of the key, in DER.
    private static let privateHead: [UInt8] = [
        0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04,
        0x20,
    ]
    private static let publicHead: [UInt8] = [
        0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00,
    ]

    private static func key(in bytes: [UInt8], after head: [UInt8]) -> [UInt8]? {
        guard bytes.count == head.count + Ed25519.keyCount, bytes.starts(with: head) else {
            return nil
        }
        return Array(bytes[head.count...])
    }
}

// MARK: - Signed notes

/// A signed note (C2SP, signed-note): lines of text, an empty line, and a line with the name and
/// the number of the key and the signature of the lines before.
extension CheckpointKeys {
    static let name = "rowan-audit"

    /// The note; `nil` where there is no key to sign with.
    func signed(_ text: String) -> String? {
        guard let signing,
            let signature = Ed25519.sign(Array(text.utf8), seed: signing.seed)
        else { return nil }
        let code = Base64.padded(Self.number(of: signing.publicKey) + signature)
        return "\(text)\n\u{2014} \(Self.name) \(code)\n"
    }

    /// The text of a note that one of these keys signed; `nil` for any other.
    func text(of note: String) -> String? {
        guard let gap = note.ranges(of: "\n\n").last else { return nil }
        let text = note[..<note.index(after: gap.lowerBound)]
        let message = Array(text.utf8)
        for line in note[gap.upperBound...].split(separator: "\n") {
            let words = line.split(separator: " ", omittingEmptySubsequences: false)
            guard words.count == 3, words[0] == "\u{2014}", words[1] == Self.name,
                let code = Base64.padded(String(words[2])),
                code.count == 4 + Ed25519.signatureCount
            else { continue }
            let isOurs = accepted.contains { key in
                Self.number(of: key) == Array(code[..<4])
                    && Ed25519.isValid(Array(code[4...]), for: message, publicKey: key)
            }
            if isOurs { return String(text) }
        }
        return nil
    }

    /// The first bytes of a digest of the key's name, its kind (1, Ed25519) and the key.
    private static func number(of publicKey: [UInt8]) -> [UInt8] {
        Array(SHA256.hash(Array("\(name)\n".utf8) + [1] + publicKey).bytes.prefix(4))
    }
}

extension Base64 {
    /// Base64 as PEM and signed notes have it: padded to a multiple of four characters.
    static func padded(_ bytes: [UInt8]) -> String {
        let text = standard.encode(bytes)
        return text + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
    }

    static func padded(_ text: String) -> [UInt8]? {
        let bare = text.utf8.prefix { $0 != UInt8(ascii: "=") }
        guard let bytes = standard.decode(bare), padded(bytes) == text else { return nil }
        return bytes
    }
}
