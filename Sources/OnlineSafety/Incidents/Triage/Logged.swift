import JSON
import OpenAPI

/// An event of which nothing more is needed than its being on record: an accidental search, say
/// (24.1 of the matrix, `logged_only`; source 001's Appendix A).
struct Logged: RecordBody {
    let types: Few<IncidentType, 20>
    let otherType: Text<500>?
    let otherBreach: Text<2000>?
    let riskCategories: Few<RiskCategory, 4>?
    let isFilteringBreach: Bool?
    let summary: Text<20_000>
    let lines: Few<AnsweredLine, 9>?
    let parents: ParentsTold?
    let words: Text<10_000>?

    static let words = "What is to be logged, in one act."
    static var example: Logged {
        Logged(
            types: [.ageInappropriate], otherType: nil, otherBreach: nil,
            riskCategories: [.content], isFilteringBreach: true,
            summary: "A search for a topic of the lesson showed an unsuitable picture.",
            lines: [.example], parents: .example, words: nil)
    }

    var faults: [JSONFault] {
        var faults: [JSONFault] = []
        if types.elements.isEmpty {
            faults.append(
                JSONFault(
                    pointer: "/types", code: "required", detail: "Name at least one type"))
        }
        let lines = (lines?.elements ?? []).map(\.line)
        if Set(lines).count < lines.count {
            faults.append(
                JSONFault(pointer: "/lines", code: "repeated", detail: "Answer each line once"))
        }
        if types.elements.contains(where: \.isGrave) {
            faults.append(
                JSONFault(
                    pointer: "/types", code: "grave",
                    detail: "What is of a grave kind is triaged, not only logged"))
        }
        for (index, line) in (self.lines?.elements ?? []).enumerated() {
            faults += line.faults(at: "/lines/\(index)")
        }
        return faults + (parents?.faults ?? [])
    }

    enum CodingKeys: String, FieldWords {
        case types, summary, lines, parents, words
        case otherType = "other_type"
        case otherBreach = "other_breach"
        case riskCategories = "risk_categories"
        case isFilteringBreach = "is_filtering_breach"

        var words: String {
            switch self {
            case .types: "What kind of thing it was; at least one."
            case .summary:
                "A brief summary of event and outcome for monitoring, which names nobody."
            case .lines:
                "Answers to action lines; all the others are answered `not_needed` together."
            case .parents:
                "How the parents were told of every child who was involved, or why they are not "
                    + "to be; required where a child was."
            case .words: "Why nothing more is needed."
            default: Finding.CodingKeys(rawValue: rawValue)?.words ?? ""
            }
        }
    }

    /// An answer to one line.
    struct AnsweredLine: Codable, Exemplary {
        let line: ActionLine.Line
        let answer: ActionLine.Answer
        let words: Text<10_000>?

        fileprivate func faults(at pointer: String) -> [JSONFault] {
            if answer == .pending {
                return [
                    JSONFault(
                        pointer: "\(pointer)/answer", code: "undecided",
                        detail: "Done, or not needed: nothing more is to come")
                ]
            }
            guard answer == .done, line.isSpecified, words == nil else { return [] }
            return [
                JSONFault(
                    pointer: "\(pointer)/words", code: "required",
                    detail: "The form asks to specify")
            ]
        }

        static var example: AnsweredLine {
            AnsweredLine(
                line: .otherActions, answer: .done, words: "The address was sent to be blocked.")
        }

        enum CodingKeys: String, FieldWords {
            case line, answer, words

            var words: String { ActionLine.CodingKeys(rawValue: rawValue)?.words ?? "" }
        }
    }

    /// The same for the parents of every child involved.
    struct ParentsTold: Codable, Exemplary {
        let decision: ParentsDecision.Decision
        let reason: Text<2000>?
        let informedAt: Instant?
        let informedBy: Text<200>?
        let channel: ParentsDecision.ContactChannel?
        let about: Text<500>?

        static var example: ParentsTold {
            ParentsTold(
                decision: .informed, reason: nil, informedAt: .example, informedBy: "Amina Yusuf",
                channel: .telephone, about: "What was on the screen")
        }

        fileprivate var faults: [JSONFault] {
            if decision == .notYet {
                return [
                    JSONFault(
                        pointer: "/parents/decision", code: "undecided",
                        detail: "Decide: informed, or not to be")
                ]
            }
            return made(of: .example).faults.map { fault in
                JSONFault(
                    pointer: "/parents\(fault.pointer)", code: fault.code, detail: fault.detail)
            }
        }

        func made(
            of child: ID<Involvement>, insteadOf standing: ID<ParentsDecision>? = nil
        ) -> ParentsDecision.Made {
            ParentsDecision.Made(
                childID: child, decision: decision, reason: reason, informedAt: informedAt,
                informedBy: informedBy, whoWasTold: nil, channel: channel, about: about,
                acknowledgedOn: nil, supersedes: standing)
        }

        enum CodingKeys: String, FieldWords {
            case decision, reason, channel, about
            case informedAt = "informed_at"
            case informedBy = "informed_by"

            var words: String { ParentsDecision.CodingKeys(rawValue: rawValue)?.words ?? "" }
        }
    }
}
