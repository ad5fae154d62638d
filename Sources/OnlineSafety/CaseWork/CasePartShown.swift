import JSON
import OpenAPI
import Postgres

/// A part of the work on an incident, as it stands.
struct CasePartShown<Kind: CasePartKind>: Resource {
    private let shown: EntryMembers

    static var isTagged: Bool { !Kind.part.isFinal }
    static var schemaName: String { Kind.part.schemaName }
    static var words: String { Kind.part.words }
    static var example: CasePartShown { CasePartShown(shown: EntryMembers(exampleOf: members)) }

    private init(shown: EntryMembers) { self.shown = shown }

    init(from decoder: any Decoder) throws {
        shown = try EntryMembers(Self.members, from: decoder)
    }

    func encode(to encoder: any Encoder) throws { try shown.encode(to: encoder) }

    private static var members: [EntryMember] {
        let own: [EntryMember] = [
            .needed("id", "This part of the record.", ID<CasePartShown>.self),
            .needed("school_id", "The school.", ID<School>.self),
        ]
        let written: [EntryMember] = [
            .maybe("recorded_by", "Who put it down.", String.self),
            .needed("recorded_by_role", "In which post.", Role.self),
            .needed("recorded_at", "When.", Instant.self),
        ]
        let changed: [EntryMember] = [
            .maybe("changed_by", "Who corrected it last.", String.self),
            .maybe("changed_at", "When.", Instant.self),
            .needed("etag", "Its version, to be sent as If-Match.", String.self, as: "\"1\""),
        ]
        return own + Kind.part.fields.flatMap(\.members) + Kind.part.computed.map(\.member)
            + written + (Kind.part.isFinal ? [] : changed)
    }

    /// The parts of the kind, with their fields as columns.
    static var rows: SQL {
        let own = (Kind.part.fields.map(\.columns) + Kind.part.computed.map(\.column))
            .joined(separator: ", ")
        let changed: SQL =
            Kind.part.isFinal ? "" : "entry.changed_by, entry.changed_at, entry.etag, "
        return """
            (
                select entry.id, entry.school_id, \(own), entry.recorded_by,
                    entry.recorded_by_role, entry.recorded_at, \(changed)entry._incident_id
                from incident_part_shown as entry
                where entry._kind = \(Kind.part.kind.description)
            )
            """
    }
}

/// A part of the work on an incident, as somebody says it.
struct CasePartSaid<Kind: CasePartKind>: RecordBody {
    let content: EntryContent

    static var schemaName: String { "\(Kind.part.schemaName)Said" }
    static var words: String { "\(Kind.part.anyOne.capitalisedFirst), as somebody says it." }
    static var example: CasePartSaid {
        CasePartSaid(
            content: EntryContent(
                Dictionary(
                    Kind.part.fields.map { ($0.key.stringValue, $0.example) },
                    uniquingKeysWith: { $1 })))
    }

    private init(content: EntryContent) { self.content = content }

    init(from decoder: any Decoder) throws {
        let told = try decoder.container(keyedBy: EntryKey.self)
        var values: [String: JSONValue] = [:]
        for field in Kind.part.fields { values[field.key.stringValue] = try field.told(told) }
        content = EntryContent(values)
    }

    func encode(to encoder: any Encoder) throws {
        var said = encoder.container(keyedBy: EntryKey.self)
        for field in Kind.part.fields {
            try said.encodeIfPresent(content.values[field.key.stringValue], forKey: field.key)
        }
    }

    var faults: [JSONFault] { Kind.part.faults(content) }
}
