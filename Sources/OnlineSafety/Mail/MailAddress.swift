/// An address to which mail can be sent, or from which it comes: a plain one, of which no character
/// means anything to a header, a shell or a mail program. As `is_mail_address` in the migrations.
package struct MailAddress: Sendable {
    let text: String

    /// At most 254 characters: a local part of letters, digits, `_ + ' -` and single dots, an `@`,
    /// and a host's name. `nil` for every other.
    package init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        guard text.utf8.count <= 254, parts.count == 2, Self.isLocal(parts[0]),
            Self.isHost(parts[1])
        else { return nil }
        self.text = text
    }

    var host: Substring { text.drop { $0 != "@" }.dropFirst() }

    private static func isLocal(_ part: Substring.UTF8View) -> Bool {
        part.first != UInt8(ascii: "-")
            && part.first != UInt8(ascii: "+")
            && part.first != UInt8(ascii: "'")
            && areWords(part) { isLetterOrDigit($0) || "_+'-".utf8.contains($0) }
    }

    private static func isHost(_ part: Substring.UTF8View) -> Bool {
        let hyphen = UInt8(ascii: "-")
        return areWords(part) { isLetterOrDigit($0) || $0 == hyphen }
            && part.split(separator: UInt8(ascii: ".")).allSatisfy {
                $0.first != hyphen && $0.last != hyphen
            }
    }

    /// Whether there are words of such characters, with a dot between each and the next.
    private static func areWords(
        _ part: Substring.UTF8View, of isAllowed: (UInt8) -> Bool
    ) -> Bool {
        part.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            .allSatisfy { !$0.isEmpty && $0.allSatisfy(isAllowed) }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (97...122).contains(byte)
    }
}
