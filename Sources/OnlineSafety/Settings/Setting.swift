import JSON

/// Something on which schools differ, and which each sets for itself (ORG-09; section 23 of the
/// matrix). The area that uses it declares it, and lists it in its value; the database knows its
/// usual value and how two values compare (`setting_default`), and a test holds the two together.
///
/// What holds now, an area asks by `setting_now(school, 'name')` in SQL.
struct Setting: Sendable {
    /// As in JSON and in the database; in addresses with hyphens.
    let name: String

    /// What a person reads for it.
    let label: String

    /// What it decides, in one sentence, with where it comes from.
    let words: String
    let kind: Kind

    /// The value where nobody has set one.
    let usual: JSONValue

    /// Which of two values is the stronger; `nil` where none is, and there can be no floor.
    let stronger: Stronger?

    init(
        _ name: String, _ label: String, _ words: String, _ kind: Kind, usual: JSONValue,
        stronger: Stronger?
    ) {
        (self.name, self.label, self.words) = (name, label, words)
        (self.kind, self.usual, self.stronger) = (kind, usual, stronger)
    }

    /// What a value may be.
    enum Kind: Sendable {
        case flag

        /// A whole number from one bound to the other, of so many of something.
        case number(ClosedRange<Int>, of: String)

        /// Posts, each once, of those that may be named.
        case posts([Role])

        /// One word of a closed list, which stands from the weakest to the strongest.
        case word([String])
    }

    /// How a value is held to a trust's floor.
    enum Stronger: String, Words {
        case less
        case more
        case lessButNotNone = "less_but_not_none"
        case `true`
        case `false`
        case allOf = "all_of"
        case later

        var label: String {
            switch self {
            case .less: "The smaller number is the stronger"
            case .more: "The greater number is the stronger"
            case .lessButNotNone:
                "The smaller number is the stronger; 0, which is never, the weakest"
            case .true: "Yes is stronger than no"
            case .false: "No is stronger than yes"
            case .allOf: "A list is as strong as a floor when it holds all of it"
            case .later: "The later word of the list is the stronger"
            }
        }
    }

    /// All that there are, in the order of the areas that use them.
    static let all = areas.flatMap(\.settings)
}

extension Setting: Argument {
    /// The next `{…}` of the path. What nobody has declared is not there.
    static func take(from call: inout Call) throws -> Setting {
        guard let text = call.pathValues.next() else { throw Problem(.notFound) }
        let address = String(decoding: text, as: UTF8.self)
        guard let setting = all.first(where: { $0.address == address }) else {
            throw Problem(.notFound)
        }
        return setting
    }

    static func describe(_ operation: inout OperationWords) {
        operation.takesPathValue(
            .text(choices: all.map(\.address)), example: all[0].address)
    }

    /// As it stands in a path: `incident-recipients`.
    var address: String { name.replacing("_", with: "-") }
}
