import FoundationEssentials
import JSON

/// What an entry says, by the names of its fields; what is not there is not said.
struct EntryContent: Sendable {
    private(set) var values: [String: JSONValue] = [:]

    init(_ values: [String: JSONValue] = [:]) { self.values = values }

    /// As the database keeps it.
    init(text: String) {
        var text = text
        let value = text.withUTF8 { try? JSON.parse(UnsafeRawBufferPointer($0)) }
        guard case .object(let object)? = value else { return }
        for member in object.members { values[member.name] = member.value }
    }

    /// With these changes; null empties a field.
    func changed(by changes: [String: JSONValue]) -> EntryContent {
        EntryContent(values.merging(changes) { $1 }.filter { $0.value != .null })
    }

    func text(_ name: String) -> String? { values[name]?.text }
    func isTrue(_ name: String) -> Bool { values[name] == .bool(true) }
    func has(_ name: String) -> Bool { values[name] != nil }

    /// A whole number, or nothing where none is said.
    func number(_ name: String) -> Int {
        guard case .number(let number)? = values[name] else { return 0 }
        return number.integer(Int.self) ?? 0
    }

    /// The texts of a list; of a single value, that one.
    func texts(_ name: String) -> [String] {
        switch values[name] {
        case .array(let elements)?: elements.compactMap(\.text)
        case .string(let text)?: [text]
        default: []
        }
    }

    /// JSON, in the order of the names, so that the same says the same.
    var json: String {
        let members = values.sorted { $0.key < $1.key }
        return JSON.string(
            of: JSONValue.object(JSONObject(members.map { .init($0.key, $0.value) })))
    }

    /// The persons that it names, each once.
    func people(of fields: [RegisterField]) -> [UUID] {
        let named = fields.flatMap { field in
            field.namesPeople ? texts(field.key.stringValue) : []
        }
        return Set(named).sorted().compactMap(UUID.init(uuidString:))
    }
}
