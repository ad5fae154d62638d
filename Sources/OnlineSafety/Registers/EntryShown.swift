import JSON
import OpenAPI
import Postgres

/// An entry of a register, as it stands.
struct EntryShown<Kind: RegisterKind>: Resource {
    private let shown: EntryMembers

    static var schemaName: String { Kind.register.schemaName }
    static var words: String { Kind.register.words }
    static var address: StaticString? { Kind.register.address }
    static var example: EntryShown {
        EntryShown(shown: EntryMembers(exampleOf: members))
    }

    private init(shown: EntryMembers) { self.shown = shown }

    init(from decoder: any Decoder) throws {
        shown = try EntryMembers(Self.members, from: decoder)
    }

    func encode(to encoder: any Encoder) throws { try shown.encode(to: encoder) }

    private static var members: [EntryMember] {
        [
            .needed("id", "The entry.", ID<EntryShown>.self),
            .needed("school_id", "The school.", ID<School>.self),
        ] + Kind.register.members + [
            .needed("is_withdrawn", "Whether it ought not to be there.", Bool.self),
            .maybe("reason", "Why it was last changed or withdrawn.", Text<1000>.self),
            .maybe(
                "recorded_by", "Who recorded it; not told to temporary staff.", String.self),
            .needed("recorded_at", "When.", Instant.self),
            .maybe(
                "changed_by", "Who changed it last; not told to temporary staff.", String.self),
            .maybe("changed_at", "When.", Instant.self),
            .needed("etag", "Its version, to be sent as If-Match.", String.self, as: "\"1\""),
        ]
    }

    /// The entries of the kind, with their fields as columns.
    static var rows: SQL {
        """
        (
            select entry.id, entry.school_id, \(Kind.register.columns), entry.is_withdrawn,
                entry.reason, entry.recorded_by, entry.recorded_at, entry.changed_by,
                entry.changed_at, entry.etag, entry._version, entry._content, entry._from_on,
                entry._until_on, entry._people
            from register_entry_shown as entry
            where entry._kind = \(Kind.register.kind.description)
        )
        """
    }
}

/// What an entry said at one version, and who wrote it.
struct EntryVersion<Kind: RegisterKind>: Resource {
    private let shown: EntryMembers

    static var isTagged: Bool { false }
    static var schemaName: String { "\(Kind.register.schemaName)Version" }
    static var words: String { "What \(Kind.register.anyOne) said at one version." }
    static var example: EntryVersion {
        EntryVersion(shown: EntryMembers(exampleOf: members))
    }

    private init(shown: EntryMembers) { self.shown = shown }

    init(from decoder: any Decoder) throws {
        shown = try EntryMembers(Self.members, from: decoder)
    }

    func encode(to encoder: any Encoder) throws { try shown.encode(to: encoder) }

    private static var members: [EntryMember] {
        [
            .needed("id", "The entry.", ID<EntryVersion>.self),
            .needed("school_id", "The school.", ID<School>.self),
            .needed("version", "Its number, from 1.", Int.self, as: 1),
            .needed("act", "What was done.", EntryAct.self),
        ] + Kind.register.members + [
            .maybe("reason", "Why.", Text<1000>.self),
            .needed("written_by", "Who wrote it.", String.self, as: "Grace Okafor"),
            .needed("written_at", "When.", Instant.self),
        ]
    }

    static var rows: SQL {
        """
        (
            select entry.id, entry.school_id, entry.version, entry.act, \(Kind.register.columns),
                entry.reason, entry.written_by, entry.written_at
            from register_version_shown as entry
            where entry._kind = \(Kind.register.kind.description)
        )
        """
    }
}

/// What was done to an entry.
enum EntryAct: String, Words {
    case recorded
    case corrected
    case withdrawn

    var label: String {
        switch self {
        case .recorded: "Recorded"
        case .corrected: "Corrected, or ended"
        case .withdrawn: "Withdrawn"
        }
    }
}

extension SmallRegister {
    /// Its days and its fields, of a row that is named `entry`.
    fileprivate var columns: SQL {
        let days: SQL =
            switch time {
            case .inForce: "entry._from_on as from_on, entry._until_on as until_on"
            case .happened: "entry._from_on as happened_on"
            }
        return ([days] + fields.map(\.columns) + computed.map(\.column)).joined(separator: ", ")
    }

    /// The same as members of what is shown.
    fileprivate var members: [EntryMember] {
        let days: [EntryMember] =
            switch time {
            case .inForce:
                [
                    .needed("from_on", "The first day.", Day.self),
                    .maybe("until_on", "The last day; absent while it goes on.", Day.self),
                ]
            case .happened: [.needed("happened_on", "The day.", Day.self)]
            }
        return days + fields.flatMap(\.members)
            + computed.map(\.member)
    }
}
