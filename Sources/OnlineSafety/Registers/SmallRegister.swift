import JSON
import Postgres

/// A small register: dated entries of one kind, with few rules. To add one is to write such a value
/// in `Kinds`, to name it in `Registers.kinds`, and to give the database who reads and writes it
/// (`register_kind`); its routes, its schemas and its checks are made of it.
struct SmallRegister: Sendable {
    /// What one entry is called in the database and the audit: `outside_service`.
    let kind: StaticString

    /// Where its entries are read: `/v1/outside-services/`; an id follows.
    let address: StaticString

    /// What it holds, in one sentence with the row that asks for it.
    let words: String

    let time: Time
    let readers: [Role]
    let writers: [Role]

    /// Those who record one, and read of all only what they recorded themselves.
    var recorders: [Role] = []

    /// In the order in which they are shown.
    let fields: [RegisterField]

    /// What is worked out of an entry, and never typed in.
    var computed: [Computed] = []

    /// It is read without log-in, or by who may know nobody's name: no text of it may name anybody
    /// of the roster.
    var namesNobody = false

    /// The last entry in force is not ended or withdrawn before there is another.
    var needsSuccessor = false

    /// It is put down before it begins, and never afterwards.
    var isAhead = false

    /// What is wrong with its fields together, each of which is right by itself.
    var faults: @Sendable (EntryContent) -> [JSONFault] = { _ in [] }

    /// The rules of the school that stand against an entry as a whole (409).
    var standsAgainst: @Sendable (EntryContent) -> [Fault] = { _ in [] }

    enum Time: Sendable {
        /// A list of what is in force: from a day, until it is ended.
        case inForce

        /// Something that happened, on one day.
        case happened
    }

    /// Something worked out of an entry.
    struct Computed: Sendable {
        let member: EntryMember
        let column: SQL

        /// Yes or no, by a condition on `entry._content`.
        init(_ name: StaticString, _ words: String, where condition: SQL) {
            member = .needed(name.description, words, Bool.self)
            column = "coalesce(\(condition), false) as \(SQL(stringLiteral: name))"
        }

        private init(member: EntryMember, column: SQL) {
            (self.member, self.column) = (member, column)
        }

        /// A moment, by an expression over `entry._content`.
        static func instant(
            _ name: StaticString, _ words: String, _ expression: SQL
        ) -> Computed {
            Computed(
                member: .needed(name.description, words, Instant.self),
                column: "(\(expression)) as \(SQL(stringLiteral: name))")
        }
    }
}

/// An entry of a register, as its id names it.
enum RegisterEntry {}

/// A kind of entry, as a type: so that bodies, answers and filters of one kind are types too, which
/// the contract is read off.
protocol RegisterKind: SendableMetatype {
    static var register: SmallRegister { get }
}

extension SmallRegister {
    /// `/v1/outside-services`
    var path: String { String(address.description.dropLast()) }

    /// `outside services`
    var many: String { String(path.dropFirst(4)).replacing("-", with: " ") }

    /// `outside service`
    var one: String { kind.description.replacing("_", with: " ") }

    /// `an outside service`
    var anyOne: String { ("aeiou".contains(one.first ?? "x") ? "an " : "a ") + one }

    /// `OutsideService`
    var schemaName: String {
        one.split(separator: " ").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }
}
