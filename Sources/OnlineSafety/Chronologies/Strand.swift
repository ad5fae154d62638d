import JSON
import Postgres

/// What an area knows of a child, dated: its strand of the child's chronology. An area lists its
/// own (`Area.chronology`), and nothing else changes.
struct Strand: Sendable {
    /// What its entries are called, and what each means.
    let kinds: [Kind]

    /// The statement that finds its entries of a child, in the order of `columns`. It may join
    /// `involved`: the incidents that the child is involved in and that are open to the caller
    /// (`incident_id`, `reference`, `parts`, and their `places` in the record).
    let rows: @Sendable (Child) -> SQL

    struct Kind: Sendable {
        let kind: String
        let words: String

        init(_ kind: String, _ words: String) { (self.kind, self.words) = (kind, words) }
    }

    /// Whose chronology it is.
    struct Child: Sendable {
        let id: ID<Person>
        let school: ID<School>
    }

    /// What a strand finds: what is not known is null, and `href` is where it is read.
    static let columns: SQL = """
        id, kind, happened_on, happened_at, recorded_at, words, parts, by, role, incident_id,
        reference, href
        """

    /// No entry, with the types of all columns.
    static let none: SQL = """
        select null::text as source, null::uuid as id, null::text as kind,
            null::date as happened_on, null::timestamptz as happened_at,
            null::timestamptz as recorded_at, null::text as words, null::text[] as parts,
            null::text as by, null::text as role, null::uuid as incident_id,
            null::text as reference, null::text as href
        where false
        """
}

extension Strand {
    /// What is put down of the work on an incident, in some kinds of parts: what names the child,
    /// and what names nobody, and so is of the incident as a whole.
    static func ofParts(_ parts: [Part]) -> Strand {
        let words = json(parts) { .array($0.fields.map(JSONValue.string)) }
        let whose = json(parts) { .array($0.whose.map(JSONValue.string)) }
        let paths = json(parts) { .string($0.path) }
        return Strand(kinds: parts.map { Kind($0.kind, $0.words) }) { child in
            """
            select part.id, part._kind, london_day(part._happened_at), part._happened_at,
                part.recorded_at, words_of(part._content, \(words)::jsonb -> part._kind),
                null::text[], part.recorded_by, part.recorded_by_role, part._incident_id,
                involved.reference,
                '/v1/incidents/' || part._incident_id || '/' || (\(paths)::jsonb ->> part._kind)
            from involved
            join incident_part_shown as part
                on part.school_id = \(child.school) and part._incident_id = involved.incident_id
            where part._kind = any(\(parts.map(\.kind))) and not exists (
                select from jsonb_array_elements_text(\(whose)::jsonb -> part._kind) as whose (name)
                where part._content ? whose.name
                    and not (part._content -> whose.name) ?| involved.places)
            """
        }
    }

    /// A kind of part: which of its fields are its words, and which name whom it concerns.
    struct Part: Sendable {
        let kind: String
        let words: String
        let path: String
        let fields: [String]
        var whose: [String] = []
    }

    /// By kind, as the database takes it.
    private static func json(_ parts: [Part], _ value: (Part) -> JSONValue) -> String {
        JSON.string(of: JSONValue.object(JSONObject(parts.map { .init($0.kind, value($0)) })))
    }
}

extension Strand.Part {
    init(_ part: CasePart) {
        let named = part.fields.filter {
            if case .involved? = $0.reference { true } else { false }
        }
        self.init(
            kind: part.kind.description, words: part.anyOne.capitalisedFirst, path: part.path,
            fields: part.fields.filter(\.isWords).map(\.key.stringValue),
            whose: named.map(\.key.stringValue))
    }
}
