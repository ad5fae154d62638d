import Postgres

/// What, in one area, may stand against somebody's having something (ACC-04).
struct GateReasons: Sendable {
    /// The function of the database that finds it, given the school, the persons, the access and
    /// the day: a row for each thing, with its `code` and `since` when it stands against it; of
    /// what is in order no code, and `until` when that holds. It answers of nobody but those of
    /// `gate_asked`. It is said to find ten rows: were they a thousand, as PostgreSQL reckons where
    /// nothing is said, all areas' together would look so many that it cares no more how they are
    /// joined.
    let function: SQL

    /// What each code means, by codes that never change their meaning.
    let words: [GateReason]

    /// What every area has to say.
    static var all: [GateReason] { areas.compactMap(\.reasonsAtTheGate).flatMap(\.words) }

    /// All rows of all areas, for the school, the persons and the access of `asked`.
    static func found(on day: SQL) -> SQL {
        areas.compactMap(\.reasonsAtTheGate?.function).map { function in
            """
            select * from \(function)(asked.school_id, asked.people, asked.to_have, \(day))
            """ as SQL
        }.joined(separator: " union all ")
    }
}

/// A reason that may stand against an access.
struct GateReason: Sendable {
    let code: String

    /// What it means, in a sentence.
    let words: String

    /// What would open the gate, in a sentence.
    let opening: String

    /// Who is told of it, besides whom it concerns; everybody who may ask, where it is nobody's
    /// secret.
    var told: [Role]?

    /// As which reason, by its code, the others are told of it: neither since when it is so nor by
    /// which record. Without one they learn that the school must be asked, and no more.
    var toldAs: String?

    /// Whether a school may give days of grace.
    var hasGrace = true

    /// Whether a school decides what it makes of it; where not, it always shuts.
    var isForTheSchool = true

    /// What they learn who are told of a reason as of no other.
    static let silent = GateReason(
        code: "ask_the_school", words: "The school will say why", opening: "")

    /// What they learn who are not told of it.
    var seenByOthers: GateReason {
        toldAs.flatMap { code in GateReasons.all.first { $0.code == code } } ?? .silent
    }

    /// What a school makes of it.
    var settings: [Setting] {
        let mode = Setting(
            "gate_\(code)", "At the gate: \(words.lowercased())",
            "Whether this shuts the gate, is only told, or is left out.",
            .word(GateMode.allCases.map(\.rawValue)), usual: .string(GateMode.enforce.rawValue),
            stronger: .later)
        let days = Setting(
            "gate_\(code)_days", "Grace at the gate: \(words.lowercased())",
            "For how many days this is only told before it shuts the gate.",
            .number(0...90, of: "days"), usual: 0, stronger: .less)
        return hasGrace ? [mode, days] : [mode]
    }
}

/// What a school makes of a reason at the gate.
enum GateMode: String, Words {
    case off
    case advise
    case enforce

    var label: String {
        switch self {
        case .off: "Left out"
        case .advise: "Told, and in nobody's way"
        case .enforce: "Shuts the gate"
        }
    }
}
