import JSON
import Postgres

extension Strand {
    /// The entries that name a child, of all registers whose entries may: what was taken from them,
    /// what they were recorded in.
    static var ofRegisters: Strand {
        let named = Registers.kinds.map { $0.register }.filter(\.namesAnybody)
        let kinds = named.map(\.kind.description)
        let words = JSON.string(
            of: JSONValue.object(
                JSONObject(named.map { .init($0.kind.description, $0.namesOfWords) })))
        return Strand(
            kinds: named.map { Kind($0.kind.description, $0.anyOne.capitalisedFirst) }
        ) { child in
            """
            select entry.id, entry._kind, entry._from_on, null::timestamptz, entry.recorded_at,
                words_of(entry._content, \(words)::jsonb -> entry._kind), null::text[],
                entry.recorded_by, null::text, null::uuid, null::text,
                '/v1/' || replace(entry._kind, '_', '-') || 's/' || entry.id
            from register_entry_shown as entry
            where entry.school_id = \(child.school) and entry._kind = any(\(kinds))
                and \(child.id) = any (entry._people) and not entry.is_withdrawn
            """
        }
    }
}

extension SmallRegister {
    /// Whether its entries may name a pupil.
    fileprivate var namesAnybody: Bool {
        fields.contains { field in
            if case .anybody? = field.reference { true } else { false }
        }
    }

    /// The fields that say something in words.
    fileprivate var namesOfWords: JSONValue {
        .array(fields.filter(\.isWords).map { .string($0.key.stringValue) })
    }
}
