import JSON
import OpenAPI

/// What a school asks of whoever begins from a day on.
struct InductionRule: Resource {
    let schoolID: ID<School>
    let fromOn: Day
    let steps: [InductionAsked]
    let setBy: String?
    let setAt: Instant?
    let etag: String

    static let words = "What a school asks of whoever begins from a day on."
    static var example: InductionRule {
        InductionRule(
            schoolID: .example, fromOn: .example, steps: [.example], setBy: "Maya Lewis",
            setAt: .example, etag: "\"1\"")
    }

    enum CodingKeys: String, FieldWords {
        case steps, etag
        case schoolID = "school_id"
        case fromOn = "from_on"
        case setBy = "set_by"
        case setAt = "set_at"

        var words: String {
            switch self {
            case .schoolID: "The school."
            case .fromOn:
                "Of whoever begins on this day or later; where a school has set nothing, since "
                    + "the register has known it."
            case .steps: "What is asked of them, in this order."
            case .setBy: "Who set it; absent where nobody has."
            case .setAt: "When."
            case .etag: "Its version, to be sent as If-Match."
            }
        }
    }

    /// All of it, as somebody sets it.
    struct Said: Body {
        let fromOn: Day
        let steps: Few<InductionAsked, 5>

        static let schemaName = "InductionRuleSaid"
        static let words = "What a school asks of whoever begins from a day on, all of it at once."
        static var example: Said { Said(fromOn: .example, steps: [.example]) }

        enum CodingKeys: String, FieldWords {
            case steps
            case fromOn = "from_on"

            var words: String {
                switch self {
                case .fromOn:
                    "Of whoever begins on this day or later. Of those before, what was set before "
                        + "holds; before all that was ever set, nothing is asked."
                case .steps:
                    "What is asked, in the order in which it is shown; what is left out is not."
                }
            }
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
