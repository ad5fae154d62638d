import JSON
import OpenAPI
import Postgres

/// What a school asks of whoever begins from a day on.
struct InductionRule: RuleContent, RuleSaid {
    let steps: Few<InductionAsked, 5>

    static let kind = RuleKind(
        name: "induction", deed: "induction_rules_set", reachesBack: true)
    static let schemaName = "InductionRule"
    static let words = "What a school asks of whoever begins from a day on."
    static let columns: SQL = "rule.content -> 'steps' as steps"
    static let relation = Relation.rules(
        "induction rules",
        "What is asked of new adults in the schools in which the post is held (USR-14).")
    static var example: InductionRule { InductionRule(steps: [.example]) }

    static let routes: [Route] = [
        .get(
            "/v1/schools/{school}/induction-rules", "Read the induction rules",
            """
            What is asked of whoever begins today: which steps, of whom, by when. A school that \
            has set nothing asks what the policies do.
            """,
            for: [Role].ofASchool.admitted(relation), by(SchoolRule<InductionRule>.read)),
        .put(
            "/v1/schools/{school}/induction-rules", "Set the induction rules",
            """
            From which day on new adults are inducted here, and how: a step that is left out is \
            not asked. Whoever began before that day is asked what was set before, or nothing. \
            Requires If-Match.
            """,
            for: Inductions.rulers.admitted(relation), by(SchoolRule<InductionRule>.set)),
    ]

    enum CodingKeys: String, FieldWords {
        case steps

        var words: String { "What is asked, in this order; what is left out is not." }
    }

    var faults: [JSONFault] {
        let names = steps.elements.map(\.step)
        return steps.elements.indices.flatMap { place in
            (names[..<place].contains(names[place])
                ? [
                    JSONFault(
                        pointer: "/steps/\(place)/step", code: "repeated",
                        detail: "Say one thing of each step")
                ] : [])
                + steps.elements[place].faults(at: "/steps/\(place)")
        }
    }
}

/// A step that is asked, of whom, and by when.
struct InductionAsked: Codable, Exemplary {
    let step: InductionStep
    let kinds: Few<PersonKind, 15>
    let dueDays: WholeNumber<0, 365>
    let words: Text<200>?

    static var example: InductionAsked {
        InductionAsked(
            step: .trainingDone, kinds: [.teacher, .supportStaff, .volunteer],
            dueDays: .example, words: "Safeguarding induction, part 2")
    }

    enum CodingKeys: String, FieldWords {
        case step, kinds, words
        case dueDays = "due_days"

        var words: String {
            switch self {
            case .step: "The step."
            case .kinds: "Of whom it is asked, by what they are to the school."
            case .dueDays:
                "Within how many days of beginning; 0 where it is due before they meet pupils."
            case .words: "What the school calls it, where it has words of its own."
            }
        }
    }

    fileprivate func faults(at pointer: String) -> [JSONFault] {
        guard !kinds.elements.isEmpty else {
            return [
                JSONFault(
                    pointer: "\(pointer)/kinds", code: "empty", detail: "Say of whom it is asked")
            ]
        }
        return kinds.elements.enumerated()
            .filter { Inductions.never.contains($0.element) }
            .map {
                JSONFault(
                    pointer: "\(pointer)/kinds/\($0.offset)", code: "not_inducted",
                    detail: "Pupils and parents are not inducted")
            }
    }
}
