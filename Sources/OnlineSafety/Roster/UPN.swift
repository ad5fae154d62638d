import JSON
import OpenAPI
import Postgres

/// A unique pupil number as a person types it: thirteen characters, of which the first checks the
/// others (UPN guide of the Department for Education). In an import a wrong one is a warning.
struct UPN: TextScalar, Hashable {
    let string: String

    /// Refuses what `fault(of:)` finds wrong by a fault of its own.
    init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        switch Self.fault(of: text) {
        case nil: string = text
        case .form?: throw Self.fault
        case .checkLetter?:
            throw JSONFault(
                code: "upn_check_letter", detail: "The check letter does not match the others")
        }
    }

    init?(_ text: String) {
        guard Self.fault(of: text) == nil else { return nil }
        string = text
    }

    /// What can be wrong with one.
    enum Wrong: String {
        case form = "upn_form"
        case checkLetter = "upn_check_letter"
    }

    /// What is wrong with a text as a UPN: a letter, and eleven digits, and a digit or, in a
    /// temporary one, a letter; the first letter by the sum of the others, each times its place,
    /// modulo 23.
    static func fault(of text: String) -> Wrong? {
        let bytes = Array(text.utf8)
        guard bytes.count == 13, letters.contains(bytes[0]),
            bytes[1..<12].allSatisfy({ (48...57).contains($0) }),
            let last = (48...57).contains(bytes[12])
                ? Int(bytes[12] - 48) : letters.firstIndex(of: bytes[12])
        else { return .form }
        let sum = (1..<12).reduce(13 * last) { $0 + Int(bytes[$1] - 48) * ($1 + 1) }
        return letters[sum % 23] == bytes[0] ? nil : .checkLetter
    }

    private static let letters = Array("ABCDEFGHJKLMNPQRTUVWXYZ".utf8)

    static let fault = JSONFault(
        code: "upn_form", detail: "Give a letter and twelve digits, e.g. B801200005001")
    static let schema = Schema.text(pattern: "^[A-HJ-NP-RT-Z][0-9]{11}[0-9A-HJ-NP-RT-Z]$")
    static let exampleText: StaticString = "B801200005001"
}

/// An e-mail address of somebody on the roster, in small letters.
struct RosterAddress: TextScalar, Hashable {
    let string: String

    init?(_ text: String) {
        guard let address = MailAddress(text.lowercased()) else { return nil }
        string = address.text
    }

    static let fault = JSONFault(
        code: "email_address", detail: "Give a plain e-mail address, e.g. rowan.ash@example.org")
    static let schema = Schema.text(format: "email", maxLength: 254)
    static let exampleText: StaticString = "rowan.ash@example.org"
}

/// What the MIS calls somebody: 1 to 100 visible characters, spaces within.
struct ExternalID: TextScalar, Hashable {
    let string: String

    init?(_ text: String) {
        guard (1...100).contains(text.utf8.count), text.utf8.first != 0x20,
            text.utf8.last != 0x20, text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
        else { return nil }
        string = text
    }

    static let fault = JSONFault(
        code: "external_id", detail: "Give 1 to 100 visible characters")
    static let schema = Schema.text(minLength: 1, maxLength: 100)
    static let exampleText: StaticString = "SIMS-004211"
}
