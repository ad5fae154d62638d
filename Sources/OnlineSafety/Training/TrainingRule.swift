import JSON
import OpenAPI
import Postgres

/// What training a school asks, from a day on (TRN-03).
struct TrainingRule: RuleContent, RuleSaid {
    let rules: Few<TrainingAsked, 20>

    static let kind = RuleKind(name: "training", deed: "training_rules_set", reachesBack: true)
    static let schemaName = "TrainingRule"
    static let words = "What training a school asks of whom, how often."
    static let columns: SQL = "rule.content -> 'rules' as rules"
    static let relation = Relation.rules(
        "training rules",
        "What is asked of whom in the schools in which the post is held (TRN-03).")
    static var example: TrainingRule { TrainingRule(rules: [.example]) }

    static let routes: [Route] = [
        .get(
            "/v1/schools/{school}/training-rules", "Read the training rules",
            """
            What training the school asks, and from which day on: of whom, what satisfies it, how \
            often. One that has said nothing asks what the policies do.
            """,
            for: [Role].ofASchool.admitted(relation), by(SchoolRule<TrainingRule>.read)),
        .put(
            "/v1/schools/{school}/training-rules", "Set the training rules",
            """
            What training is asked here from a day on, all of it at once: what is left out is \
            not asked any more. Whoever was never trained and was there before has their days from \
            then, unless the same was asked of them already. Requires If-Match.
            """,
            for: Training.rulers.admitted(relation), by(SchoolRule<TrainingRule>.set)),
    ]

    enum CodingKeys: String, FieldWords {
        case rules

        var words: String { "What is asked; what is left out is not." }
    }

    var faults: [JSONFault] {
        let codes = rules.elements.map(\.code.string)
        return rules.elements.indices.flatMap { place in
            (codes[..<place].contains(codes[place])
                ? [TrainingRule.fault("/rules/\(place)/code", "repeated")] : [])
                + rules.elements[place].faults(at: "/rules/\(place)")
        }
    }

    static func fault(_ pointer: String, _ code: String) -> JSONFault {
        JSONFault(pointer: pointer, code: code, detail: faults[code] ?? "Not as things stand")
    }

    static let faults = [
        "of_nobody": "Say of which kinds of persons it is asked, or of which posts",
        "satisfied_by_nothing": "Say which kinds of training satisfy it",
        "not_trained_here": "Pupils and parents are not trained so; parents may hold posts",
        "of_no_post": "It is needed for a post only where it is asked of one",
    ]
}

/// A training that is asked: of whom, what satisfies it, how often.
struct TrainingAsked: Codable, Exemplary {
    let code: ClauseCode
    let label: Text<200>
    let satisfiedBy: Few<TrainingKind, 13>
    let kinds: Few<PersonKind, 15>?
    let posts: Few<Role, 15>?
    let everyMonths: WholeNumber<1, 120>?
    let withinDays: WholeNumber<0, 365>
    let warnDays: WholeNumber<0, 180>
    let neededFor: Few<Access, 9>?
    let isNeededForPost: Bool?

    static var example: TrainingAsked {
        TrainingAsked(
            code: "staff_update", label: "Online safety update", satisfiedBy: [.annualUpdate],
            kinds: [.teacher, .supportStaff], posts: [.dsl], everyMonths: .example,
            withinDays: .example, warnDays: .example, neededFor: [.learningPlatform],
            isNeededForPost: false)
    }

    enum CodingKeys: String, FieldWords {
        case code, label, kinds, posts
        case satisfiedBy = "satisfied_by"
        case everyMonths = "every_months"
        case withinDays = "within_days"
        case warnDays = "warn_days"
        case neededFor = "needed_for"
        case isNeededForPost = "is_needed_for_post"

        var words: String {
            switch self {
            case .code: "The school's own code for it, which stays when its label changes."
            case .label: "What the school calls it."
            case .satisfiedBy: "Any training of these kinds satisfies it."
            case .kinds: "Of whom it is asked, by what they are to the school."
            case .posts: "Of whom it is asked, by the post that they hold."
            case .everyMonths: "After how many months it is due again; once, when not given."
            case .withinDays:
                "Within how many days, of whoever was never so trained: of beginning, of being "
                    + "appointed, or of being asked."
            case .warnDays: "For how many days before it is due it is told as due."
            case .neededFor:
                "What nobody has without it: a reason at the gate (`training_wanting`)."
            case .isNeededForPost:
                "Whether nobody is appointed to one of the posts without it (TRN-11)."
            }
        }
    }

    fileprivate func faults(at pointer: String) -> [JSONFault] {
        var faults: [JSONFault] = []
        let kinds = kinds?.elements ?? []
        let posts = posts?.elements ?? []
        if kinds.isEmpty, posts.isEmpty {
            faults.append(TrainingRule.fault("\(pointer)/kinds", "of_nobody"))
        }
        if satisfiedBy.elements.isEmpty {
            faults.append(TrainingRule.fault("\(pointer)/satisfied_by", "satisfied_by_nothing"))
        }
        if isNeededForPost == true, posts.isEmpty {
            faults.append(TrainingRule.fault("\(pointer)/is_needed_for_post", "of_no_post"))
        }
        return faults
            + kinds.enumerated().filter { Inductions.never.contains($0.element) }.map {
                TrainingRule.fault("\(pointer)/kinds/\($0.offset)", "not_trained_here")
            }
    }
}
