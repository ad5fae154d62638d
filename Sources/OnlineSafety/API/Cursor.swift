import Crypto
import FoundationEssentials

/// Where the next page of a list begins. Opaque and authenticated, and bound to the list, its
/// filters, its order and the account that got it: anywhere else it is refused.
enum Cursor {
    /// The place of the last row that was shown.
    struct Position: Sendable {
        let key: String
        let id: String
    }

    /// What a cursor belongs to.
    struct Binding: Sendable {
        private let account: String
        private let path: String
        private let query: [(name: String, value: String)]

        init(_ call: Call) throws(Problem) {
            account = try call.reach.caller.account.string
            path = String(decoding: call.request.path, as: UTF8.self)
            query = call.query.pairs(without: ["cursor", "limit"])
        }

        fileprivate var bytes: [UInt8] {
            let pairs = query.map { "\($0.name)=\($0.value)" }
            return Array(([account, path] + pairs).joined(separator: "\n").utf8)
        }

        /// The address of the next page.
        func address(cursor: String, limit: Int) -> String {
            let pairs = query + [("limit", String(limit)), ("cursor", cursor)]
            return path + "?"
                + pairs.map { "\($0.name)=\(percentEncoded($0.value))" }.joined(separator: "&")
        }
    }

    static func seal(_ position: Position, _ binding: Binding, _ keys: KeyRing) -> String {
        let text = Array("\(position.id)\(position.key)".utf8)
        return Base64.url.encode(keys.sign(text, bound: binding.bytes) + text)
    }

    static func open(
        _ cursor: String, _ binding: Binding, _ keys: KeyRing
    ) throws(Problem) -> Position {
        guard cursor.utf8.count <= 1024, let bytes = Base64.url.decode(cursor),
            let text = keys.verified(bytes, bound: binding.bytes),
            text.count >= 36, let key = String(validating: text[36...], as: UTF8.self),
            let id = String(validating: text[..<36], as: UTF8.self)
        else { throw Problem(.invalidCursor) }
        return Position(key: key, id: id)
    }
}

private func percentEncoded(_ text: String) -> String {
    text.utf8.reduce(into: "") { result, byte in
        switch byte {
        case 48...57, 65...90, 97...122, UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
            UInt8(ascii: "~"), UInt8(ascii: ","), UInt8(ascii: ":"):
            result.unicodeScalars.append(Unicode.Scalar(byte))
        default: result += "%" + Hex.encode([byte]).uppercased()
        }
    }
}
