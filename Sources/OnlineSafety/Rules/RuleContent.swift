import JSON
import OpenAPI
import Postgres

/// What each school says of something in versions, each from a day on, as a type: what a rule holds
/// and shows. An area that has such rules writes this type, two routes whose handlers are
/// `SchoolRule<…>.read` and `.set`, and a line of `rule_kind` in its migration, which says who sets
/// it and what holds where a school has set nothing.
protocol RuleContent: Codable, Exemplary, SendableMetatype {
    /// As somebody says it, where that may leave out what goes without saying.
    associatedtype Said: RuleSaid = Self

    /// Of what a school has one rule each.
    associatedtype Subject: RuleSubject = WholeSchool

    init(_ said: Said)

    static var kind: RuleKind { get }

    /// What the contract calls a rule: `InductionRule`; as it is said, `InductionRuleSaid`.
    static var schemaName: String { get }

    /// What a rule is, in one sentence.
    static var words: String { get }

    /// Its fields, made of `rule.content`; before them the subject, where there is one.
    static var columns: SQL { get }

    /// Whose rules the callers of the two routes may know, of a row that is named `rule`.
    static var relation: Relation { get }

    /// Whether anything holds where a school has set nothing.
    static var hasUsual: Bool { get }
}

extension RuleContent {
    static var hasUsual: Bool { true }
}

extension RuleContent where Said == Self {
    init(_ said: Self) { self = said }
}

/// A rule as somebody says it.
protocol RuleSaid: Codable, Exemplary {
    /// What is wrong with its fields together, each of which is right by itself.
    var faults: [JSONFault] { get }

    /// Its texts that may name nobody of the roster.
    var texts: [PlacedText] { get }
}

extension RuleSaid {
    var faults: [JSONFault] { [] }
    var texts: [PlacedText] { [] }
}

/// Of what a school has one rule each: a word of a closed list, which the path names.
protocol RuleSubject: Argument, Codable, Exemplary {
    /// The field in which it is shown.
    static var key: EntryKey? { get }

    /// As the database knows it.
    var rawValue: String { get }
}

/// Nothing less than the school.
struct WholeSchool: RuleSubject {
    static let key: EntryKey? = nil
    static let example = WholeSchool()
    var rawValue: String { "" }

    static func take(from call: inout Call) -> WholeSchool { WholeSchool() }
}

/// On which day rules are asked for.
struct RulesOn: Filter {
    let day: Day?

    init(_ query: inout QueryReader) { day = query.day("on") }

    static let parameters: [Parameter] = [
        .query(
            "on", "As they hold on this day; today when not given.", .text(format: "date"),
            "2026-11-20")
    ]
}

extension Relation {
    /// The rules of the schools in which the post is held.
    static func rules(_ name: String, _ words: String) -> Relation {
        Relation("own school's \(name)", words) { _, schools in
            "rule.school_id = any(\(schools))"
        }
    }
}
