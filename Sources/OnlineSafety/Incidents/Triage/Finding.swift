import JSON
import OpenAPI

/// What somebody in charge found a report to be (INC-20, INC-25).
struct Finding: RecordBody {
    let types: Few<IncidentType, 20>
    let otherType: Text<500>?
    let otherBreach: Text<2000>?
    let riskCategories: Few<RiskCategory, 4>
    let heads: Few<SafetyHead, 5>?
    let severity: Severity
    let isChildAtRisk: Bool
    let legality: Legality
    let concerns: Concern
    let leadID: ID<Person>
    let people: Few<Involvement.Named, 100>?
    let isRepeated: Bool?
    let isIntentional: Bool?
    let hasImbalanceOfPower: Bool?
    let isFilteringBreach: Bool?
    let procedures: Few<ProcedureCode, 10>?
    let words: Text<10_000>?

    static let words = "What the report was found to be, and who leads from here."
    static var example: Finding {
        Finding(
            types: [.grooming], otherType: nil, otherBreach: nil, riskCategories: [.contact],
            heads: [.grooming], severity: .high, isChildAtRisk: true, legality: .suspected,
            concerns: .child, leadID: .example, people: [.example], isRepeated: nil,
            isIntentional: nil, hasImbalanceOfPower: nil, isFilteringBreach: nil,
            procedures: ["beyond_the_school"],
            words: "Told by the child herself.")
    }

    var faults: [JSONFault] {
        var faults: [JSONFault] = []
        func require(_ pointer: String, _ code: String, _ detail: String, if isWrong: Bool) {
            guard isWrong else { return }
            faults.append(JSONFault(pointer: pointer, code: code, detail: detail))
        }
        require("/types", "required", "Name at least one type", if: types.elements.isEmpty)
        require(
            "/other_type", "required", "Specify what else it was",
            if: types.elements.contains(.other) && otherType == nil)
        require(
            "/other_breach", "required", "Say which rule was broken",
            if: types.elements.contains(.auaBreachOther) && otherBreach == nil)
        require(
            "/risk_categories", "required", "Name at least one head of risk",
            if: riskCategories.elements.isEmpty)
        require(
            "/concerns", "undecided", "Say whom it concerns: it is sent on by this",
            if: concerns == .unsure)
        return faults
            + (people?.elements ?? []).enumerated().flatMap { index, person in
                person.faults(at: "/people/\(index)") + repeated(index)
            }
    }

    /// Of one person all parts are said at once.
    private func repeated(_ index: Int) -> [JSONFault] {
        let named = people?.elements ?? []
        guard let id = named[index].personID, named[..<index].contains(where: { $0.personID == id })
        else { return [] }
        return [.namedTwice(at: "/people/\(index)/person_id")]
    }

    enum CodingKeys: String, FieldWords {
        case types, heads, severity, legality, concerns, people, procedures, words
        case otherType = "other_type"
        case otherBreach = "other_breach"
        case riskCategories = "risk_categories"
        case isChildAtRisk = "is_child_at_risk"
        case leadID = "lead_id"
        case isRepeated = "is_repeated"
        case isIntentional = "is_intentional"
        case hasImbalanceOfPower = "has_imbalance_of_power"
        case isFilteringBreach = "is_filtering_breach"

        var words: String {
            switch self {
            case .types: "What kind of thing it was; at least one."
            case .heads: "The five heads of source 000, where the school uses them."
            case .severity: "How grave it was found to be."
            case .legality: "Whether something unlawful is suspected."
            case .concerns:
                "Whom it does concern, which must be settled now: it is opened to the posts of "
                    + "that kind, and hidden from whom it concerns."
            case .people:
                "Who was involved, with their parts; those whom the report named are taken over "
                    + "besides. A person who is `alleged` does not see the record any more."
            case .procedures:
                "Which procedures belong to it besides those that its types bring with them. Of a "
                    + "type that stands for several (`choose` in the school's map of procedures) "
                    + "at least one is said here, unless it is attached already."
            case .words: "Why it was found so."
            case .otherType: "What else it was, with the type `other`."
            case .otherBreach: "Which rule was broken, with the type `aua_breach_other`."
            case .riskCategories: "Under which heads of risk it falls; at least one."
            case .isChildAtRisk:
                "Whether a child is at risk of harm. From then on a DSL decides what becomes of it."
            case .leadID:
                "Who leads: a person of the roster who holds one of the posts to which such an "
                    + "incident is open or, of a child or of staff, a senior leader. They may open "
                    + "it from now on."
            case .isRepeated: "Of bullying: whether it was repeated."
            case .isIntentional: "Of bullying: whether it was meant to hurt."
            case .hasImbalanceOfPower: "Of bullying: whether one side had power over the other."
            case .isFilteringBreach:
                "Whether it came through the school's filtering, which should have held it back."
            }
        }
    }
}
