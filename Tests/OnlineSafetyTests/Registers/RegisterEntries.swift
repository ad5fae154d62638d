import FoundationEssentials
import JSON

@testable import OnlineSafety

/// The registers, by their kinds.
enum RegisterRoutes {
    static let all: [String: SmallRegister] = Dictionary(
        uniqueKeysWithValues: Registers.kinds.map { ($0.register.kind.description, $0.register) })
}

extension SmallRegister {
    /// What the contract shows of an entry that is told.
    var example: JSONValue {
        .object(JSONObject(fields.map { .init($0.key.stringValue, $0.example) }))
    }
}

extension Register {
    /// A new entry of a kind that says what the contract's example says, as it is in the database.
    @discardableResult
    func entry(
        of kind: String, at school: TestSchool = .hawthorn, as id: UUID = UUID(),
        saying content: JSONValue? = nil
    ) throws -> String {
        let content = content ?? RegisterRoutes.all[kind]?.example ?? [:]
        try database.owner().run(
            """
            insert into register_entry (
                school_id, id, kind, version, act, content, from_on, written_by, written_by_name)
            values (
                \(school.id), \(id), \(kind), 1, 'recorded', \(JSON.string(of: content))::jsonb,
                '2026-01-01', \(school.account(.headteacher)), 'Headteacher')
            """)
        return id.uuidString.lowercased()
    }
}
