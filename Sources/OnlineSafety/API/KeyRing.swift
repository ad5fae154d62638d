import Crypto
import FoundationEssentials

/// The keys with which the service signs what it hands out: the first signs, all are accepted, so
/// that a new key can be put first while what the old one signed still lives.
package struct KeyRing: Sendable {
    private let keys: [(id: UInt8, secret: [UInt8])]

    package init(_ keys: [(id: UInt8, secret: [UInt8])]) { self.keys = keys }

    /// Reads a file of lines `<number 0–255> <64 hexadecimal digits>`; `nil` when a line is not so,
    /// when there is none, or when a number occurs twice.
    package init?(file text: String) {
        var keys: [(id: UInt8, secret: [UInt8])] = []
        for line in text.split(whereSeparator: \.isNewline) {
            let parts = line.split(separator: " ")
            guard parts.count == 2, let id = UInt8(parts[0]),
                let secret = Hex.decode(String(parts[1])), secret.count == 32,
                !keys.contains(where: { $0.id == id })
            else { return nil }
            keys.append((id, secret))
        }
        guard !keys.isEmpty else { return nil }
        self.keys = keys
    }

    /// A fresh line for such a file.
    package static func newLine(id: UInt8) -> String {
        "\(id) \(Hex.encode(Random.bytes(32)))\n"
    }

    /// The key's number and an authentication code of 16 bytes over `text` and what it is bound to.
    func sign(_ text: [UInt8], bound: [UInt8]) -> [UInt8] {
        let (id, secret) = keys[0]
        return [id] + Self.code(text, bound, secret)
    }

    /// The text behind a genuine signature; `nil` for any other.
    func verified(_ signed: [UInt8], bound: [UInt8]) -> [UInt8]? {
        guard signed.count >= 17, let key = keys.first(where: { $0.id == signed[0] }) else {
            return nil
        }
        let text = Array(signed[17...])
        let isGenuine = constantTimeEqual(
            Array(signed[1..<17]), Self.code(text, bound, key.secret))
        return isGenuine ? text : nil
    }

    /// Seals a text with the first key, bound to where it belongs: the key's number, then what
    /// `Sealing` makes.
    func seal(_ text: [UInt8], bound: [UInt8]) -> [UInt8] {
        [keys[0].id]
            + Sealing.seal(text, bound: bound, key: Self.sealing(with: keys[0].secret))
    }

    /// The text that was sealed with any key of the ring; `nil` where it was altered or belongs
    /// elsewhere.
    func unsealed(_ sealed: [UInt8], bound: [UInt8]) -> [UInt8]? {
        guard let key = keys.first(where: { $0.id == sealed.first }) else { return nil }
        return Sealing.open(
            Array(sealed.dropFirst()), bound: bound, key: Self.sealing(with: key.secret))
    }

    /// Whether it was sealed with an older key, and should be sealed anew when it is at hand.
    func needsResealing(_ sealed: [UInt8]) -> Bool { sealed.first != keys[0].id }

    /// No key does two things.
    private static func sealing(with secret: [UInt8]) -> [UInt8] {
        HMACSHA256.authenticate(Array("sealing".utf8), key: secret).bytes
    }

    /// A digest that nobody can make, or try, without the key; 16 bytes. Another key first makes
    /// others of them.
    func digest(of text: [UInt8], for purpose: StaticString) -> [UInt8] {
        let own = HMACSHA256.authenticate(Array(purpose.description.utf8), key: keys[0].secret)
        return Array(HMACSHA256.authenticate(text, key: own.bytes).bytes.prefix(16))
    }

    /// The digest of what it is bound to has one length, so that no other split of the bytes into
    /// that and the text is signed with it.
    private static func code(_ text: [UInt8], _ bound: [UInt8], _ secret: [UInt8]) -> [UInt8] {
        let message = SHA256.hash(bound).bytes + text
        return Array(HMACSHA256.authenticate(message, key: secret).bytes.prefix(16))
    }
}
