import JSON
import Postgres

/// A kind of thing that is put down of the work on an incident: a sanction, a referral, a debrief.
/// To add one is to write such a value in `Kinds`, to name it in `CaseWork.kinds`, and to give the
/// database who writes and reads it (`incident_part_kind`); its routes, its schemas and its checks
/// are made of it.
struct CasePart: Sendable {
    /// What one is called in the database and the audit: `device_action`.
    let kind: StaticString

    /// Where those of an incident are read, after its own address: `device-actions`.
    let path: String

    /// How one is called, where that is not its kind with `a` before it: `the findings`.
    var called: String?

    /// What it says, in one sentence with the row that asks for it.
    let words: String

    /// Who puts it down, among those to whom the incident is open; nothing for all of them.
    var writers: [Role] = []

    /// Who reads it, among the same; nothing for all of them.
    var readers: [Role] = []

    /// It stays as it was put down: what changes is put down anew.
    var isFinal = false

    /// What is done with the incident by putting it down.
    var act = Act.recording

    /// How many a record has at most.
    var most = 200

    /// In the order in which they are shown.
    let fields: [RegisterField]

    /// What is worked out of it, and never typed in.
    var computed: [Computed] = []

    /// What is wrong with its fields together, each of which is right by itself.
    var faults: @Sendable (EntryContent) -> [JSONFault] = { _ in [] }

    /// What stands against it in this incident (409).
    var standsAgainst:
        @Sendable (EntryContent, OpenedIncident, Transaction) async throws -> [Fault] =
            { _, _, _ in [] }

    /// What else is written when it is put down.
    var effects:
        @Sendable (EntryContent, OpenedIncident, Caller, Transaction) async throws -> Void =
            { _, _, _, _ in }

    /// How far its reporters learn that the incident has come.
    var receipts: @Sendable (EntryContent) -> IncidentStatus? = { _ in .actedOn }

    /// Something worked out of what it says.
    struct Computed: Sendable {
        let member: EntryMember
        let column: SQL

        /// Whether a condition on `entry._content` is met.
        static func yesOrNo(
            _ name: StaticString, _ words: String, where condition: SQL
        ) -> Computed {
            Computed(
                member: .needed(name.description, words, Bool.self),
                column: "coalesce(\(condition), false) as \(SQL(stringLiteral: name))")
        }

        /// A word of a closed list, by an expression over `entry._content`.
        static func word<Word: Words>(
            _ name: StaticString, _: Word.Type, _ words: String, from expression: SQL
        ) -> Computed {
            Computed(
                member: .needed(name.description, words, Word.self),
                column: "(\(expression)) as \(SQL(stringLiteral: name))")
        }
    }
}

/// A kind of part, as a type: so that bodies and answers of one kind are types too, which the
/// contract is read off.
protocol CasePartKind: SendableMetatype {
    static var part: CasePart { get }
}

extension CasePart {
    /// `/v1/incidents/{incident}/device-actions`
    var address: String { "/v1/incidents/{incident}/\(path)" }

    /// `device actions`
    var many: String { path.replacing("-", with: " ") }

    /// `device action`
    var one: String { kind.description.replacing("_", with: " ") }

    /// `a device action`
    var anyOne: String { called ?? ("aeiou".contains(one.first ?? "x") ? "an " : "a ") + one }

    /// `DeviceAction`
    var schemaName: String {
        one.split(separator: " ").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }
}
