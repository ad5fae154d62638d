import Crypto
import FoundationEssentials

/// What the heads of the audit's chains were at a moment: in few lines, so that they can be kept
/// where nobody who may alter the database can alter them.
struct Checkpoint: Sendable {
    /// One chain, of one organisation.
    struct Chain: Hashable, Comparable, Sendable, CustomStringConvertible {
        let organisation: UUID
        let name: String

        var description: String { "\(organisation) \(name)" }

        static func < (one: Chain, other: Chain) -> Bool {
            (one.organisation.uuidString, one.name) < (other.organisation.uuidString, other.name)
        }
    }

    /// How far a chain had come: its last entry, whose hash covers all before.
    struct Head: Equatable, Sendable {
        let number: Int
        let hash: [UInt8]
    }

    /// Their place in the row of checkpoints, from 1.
    let number: Int

    /// As the database wrote it.
    let at: String

    /// The digest of the checkpoint before; of the first, none.
    let previous: [UInt8]?

    /// Whether all heads are here, and not only those that have moved since the one before.
    let isFull: Bool
    let heads: [Chain: Head]

    private static let form = "rowan audit checkpoint 1"

    var text: String {
        var lines = [
            Self.form, "number \(number)", "at \(at)",
            "previous \(previous.map { Base64.padded($0) } ?? "none")",
            "heads \(isFull ? "all" : "changed")",
        ]
        for (chain, head) in heads.sorted(by: { $0.key < $1.key }) {
            let organisation = chain.organisation.uuidString.lowercased()
            lines.append(
                "\(organisation) \(chain.name) \(head.number) \(Base64.padded(head.hash))")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    init(
        number: Int, at: String, previous: [UInt8]?, isFull: Bool, heads: [Chain: Head]
    ) {
        (self.number, self.at, self.previous) = (number, at, previous)
        (self.isFull, self.heads) = (isFull, heads)
    }

    /// `nil` unless the text is one that `text` could have written.
    init?(text: String) {
        let lines = text.split(separator: "\n").map { $0.split(separator: " ") }
        guard lines.count >= 5, lines[0].joined(separator: " ") == Self.form,
            let number = Self.value("number", lines[1]).flatMap({ Int($0) }),
            let at = Self.value("at", lines[2]), let before = Self.value("previous", lines[3]),
            let kind = Self.value("heads", lines[4]), kind == "all" || kind == "changed"
        else { return nil }
        let previous = before == "none" ? nil : Base64.padded(String(before))
        var heads: [Chain: Head] = [:]
        for words in lines[5...] {
            guard words.count == 4, let organisation = UUID(uuidString: String(words[0])),
                let last = Int(words[2]), let hash = Base64.padded(String(words[3]))
            else { return nil }
            heads[Chain(organisation: organisation, name: String(words[1]))] =
                Head(number: last, hash: hash)
        }
        self.init(
            number: number, at: String(at), previous: previous, isFull: kind == "all",
            heads: heads)
        guard self.text.utf8.elementsEqual(text.utf8) else { return nil }
    }

    private static func value(_ name: String, _ words: [Substring]) -> Substring? {
        words.count == 2 && words[0] == name ? words[1] : nil
    }
}
