import JSON
import OpenAPI
import Postgres

/// How a school holds its policies: by which chain they are approved, how often each is reviewed,
/// and, where it has no separate one, which hold online safety (S-01, S-02, REV-20).
struct PolicyRule: RuleContent {
    let months: Int
    let noticeDays: Int
    let acknowledgeDays: Int
    let steps: [PolicyStep]
    let heldIn: [LinkedPolicy]?
    let reporting: String?

    static let kind = RuleKind(name: "policy", deed: "policy_rules_set")
    static let schemaName = "PolicyRule"
    static let words = "How a school approves and reviews its policies."
    static let columns: SQL = """
        rule.content -> 'months' as months, rule.content -> 'notice_days' as notice_days,
        rule.content -> 'acknowledge_days' as acknowledge_days, rule.content -> 'steps' as steps,
        rule.content -> 'held_in' as held_in, rule.content -> 'reporting' as reporting
        """
    static let relation = Relation.rules(
        "policy rules",
        "How policies are approved in the schools in which the post is held (section 25).")
    static var example: PolicyRule {
        PolicyRule(
            months: 12, noticeDays: 28, acknowledgeDays: 14, steps: [.example], heldIn: nil,
            reporting: nil)
    }

    static let routes: [Route] = [
        .get(
            "/v1/schools/{school}/policy-rules", "Read the policy rules",
            "The chain of approval and the period of review; the usual where nothing was set.",
            for: [Role].ofASchool.admitted(relation), by(SchoolRule<PolicyRule>.read)),
        .put(
            "/v1/schools/{school}/policy-rules", "Set the policy rules",
            """
            From a day on; what is on its way through the chain goes on as it began. Requires \
            If-Match.
            """,
            for: Reviews.rulers.admitted(relation), by(SchoolRule<PolicyRule>.set)),
    ]

    enum CodingKeys: String, FieldWords {
        case months, steps, reporting
        case noticeDays = "notice_days"
        case acknowledgeDays = "acknowledge_days"
        case heldIn = "held_in"

        var words: String {
            switch self {
            case .months: "Each is reviewed every so many months, at least."
            case .noticeDays: "So many days before that its review is due."
            case .acknowledgeDays: "Within so many days of being given it is acknowledged."
            case .steps: "The chain of approval, in its order: no step is skipped."
            case .heldIn:
                "Where the school has no separate online safety policy: those that hold it."
            case .reporting: "Where it is said how to report, in that case."
            }
        }
    }

    /// As somebody sets it.
    struct Said: RuleSaid {
        let months: WholeNumber<1, 36>
        let noticeDays: WholeNumber<0, 180>?
        let acknowledgeDays: WholeNumber<0, 180>?
        let steps: Few<PolicyStep, 10>
        let heldIn: Few<LinkedPolicy, 10>?
        let reporting: Text<500>?

        static var example: Said {
            Said(
                months: .example, noticeDays: nil, acknowledgeDays: nil, steps: [.example],
                heldIn: [.example], reporting: "In the staff handbook, on the last page")
        }

        enum CodingKeys: String, FieldWords {
            case months, steps, reporting
            case noticeDays = "notice_days"
            case acknowledgeDays = "acknowledge_days"
            case heldIn = "held_in"

            var words: String {
                switch self {
                case .months: PolicyRule.CodingKeys.months.words
                case .noticeDays: "So many days before that its review is due; 28 when not given."
                case .acknowledgeDays:
                    "Within so many days of being given it is acknowledged; 14 when not given."
                case .steps: "The chain of approval, in its order; at least one step."
                case .heldIn: PolicyRule.CodingKeys.heldIn.words
                case .reporting: "Where it is said how to report; needed with `held_in`."
                }
            }
        }

        var faults: [JSONFault] {
            var faults = steps.elements.enumerated().flatMap {
                $0.element.faults(at: "/steps/\($0.offset)")
            }
            if steps.elements.isEmpty {
                faults.append(
                    JSONFault(
                        pointer: "/steps", code: "empty", detail: "Somebody must approve it"))
            }
            if (heldIn?.elements.isEmpty ?? true) != (reporting == nil) {
                faults.append(
                    JSONFault(
                        pointer: reporting == nil ? "/reporting" : "/held_in", code: "required",
                        detail: "Name the policies, and where it is said how to report"))
            }
            return faults
        }

        /// What anybody reads of it.
        var texts: [PlacedText] {
            (heldIn?.elements ?? []).enumerated().map {
                PlacedText("/held_in/\($0.offset)/name", $0.element.name.string)
            } + (reporting.map { [PlacedText("/reporting", $0.string)] } ?? [])
        }
    }
}

extension PolicyRule {
    /// With all that goes without saying.
    init(_ said: Said) {
        self.init(
            months: said.months.number, noticeDays: said.noticeDays?.number ?? 28,
            acknowledgeDays: said.acknowledgeDays?.number ?? 14,
            steps: said.steps.elements.map(\.completed),
            heldIn: said.heldIn.flatMap { $0.elements.isEmpty ? nil : $0.elements },
            reporting: said.reporting?.string)
    }
}

/// A step of a chain of approval.
struct PolicyStep: Codable, Exemplary {
    let name: Text<100>
    let roles: Few<Role, 9>
    let committee: Text<100>?
    let signatures: Few<Role, 3>?

    static var example: PolicyStep {
        PolicyStep(
            name: "Ratified", roles: [.chairOfGovernors, .office],
            committee: "Standards and Improvement Committee", signatures: [])
    }

    enum CodingKeys: String, FieldWords {
        case name, roles, committee, signatures

        var words: String {
            switch self {
            case .name: "What it is called, as `Agreed`, `Adopted`, `Ratified`."
            case .roles: "The posts of which one takes it, or records that the committee did."
            case .committee: "The committee that decides, where it is one."
            case .signatures:
                "The posts of which each signs with the date, by different people; where there "
                    + "are any, `roles` may be empty."
            }
        }
    }

    /// With all that goes without saying.
    var completed: PolicyStep {
        PolicyStep(name: name, roles: roles, committee: committee, signatures: signatures ?? [])
    }

    fileprivate func faults(at pointer: String) -> [JSONFault] {
        var faults: [JSONFault] = []
        let signing = signatures?.elements ?? []
        if roles.elements.isEmpty, signing.isEmpty {
            faults.append(
                JSONFault(pointer: "\(pointer)/roles", code: "required", detail: "Name a post"))
        }
        for (name, list) in [("roles", roles.elements), ("signatures", signing)] {
            for (place, role) in list.enumerated() where !Policies.approvers.contains(role) {
                faults.append(
                    JSONFault(
                        pointer: "\(pointer)/\(name)/\(place)", code: "may_not_approve",
                        detail: "No such post approves policies"))
            }
        }
        return faults
    }
}
