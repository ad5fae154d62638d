import JSON
import OpenAPI
import Postgres

/// How a school holds its policies: by which chain they are approved, how often each is reviewed,
/// and, where it has no separate one, which hold online safety (S-01, S-02, REV-20).
struct PolicyRule: Resource {
    let schoolID: ID<School>
    let months: Int
    let noticeDays: Int
    let acknowledgeDays: Int
    let steps: [PolicyStep]
    let heldIn: [LinkedPolicy]?
    let reporting: String?
    let setBy: String?
    let setAt: Instant?
    let etag: String

    static let words = "How a school approves and reviews its policies."
    static var example: PolicyRule {
        PolicyRule(
            schoolID: .example, months: 12, noticeDays: 28, acknowledgeDays: 14,
            steps: [.example], heldIn: nil, reporting: nil, setBy: "Maya Lewis", setAt: .example,
            etag: "\"1\"")
    }

    enum CodingKeys: String, FieldWords {
        case months, steps, reporting, etag
        case schoolID = "school_id"
        case noticeDays = "notice_days"
        case acknowledgeDays = "acknowledge_days"
        case heldIn = "held_in"
        case setBy = "set_by"
        case setAt = "set_at"

        var words: String {
            switch self {
            case .schoolID: "The school."
            case .months: "Each is reviewed every so many months, at least."
            case .noticeDays: "So many days before that its review is due."
            case .acknowledgeDays: "Within so many days of being given it is acknowledged."
            case .steps: "The chain of approval, in its order: no step is skipped."
            case .heldIn:
                "Where the school has no separate online safety policy: those that hold it."
            case .reporting: "Where it is said how to report, in that case."
            case .setBy: "Who set it; absent where the usual holds."
            case .setAt: "When."
            case .etag: "Its version, to be sent as If-Match."
            }
        }
    }

    /// All of it, as somebody sets it.
    struct Said: Body {
        let months: WholeNumber<1, 36>
        let noticeDays: WholeNumber<0, 180>?
        let acknowledgeDays: WholeNumber<0, 180>?
        let steps: Few<PolicyStep, 10>
        let heldIn: Few<LinkedPolicy, 10>?
        let reporting: Text<500>?

        static let schemaName = "PolicyRuleSaid"
        static let words = "How a school approves and reviews its policies, all of it at once."
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

        var kept: Kept {
            Kept(
                months: months.number, noticeDays: noticeDays?.number ?? 28,
                acknowledgeDays: acknowledgeDays?.number ?? 14,
                steps: steps.elements.map(\.completed),
                heldIn: heldIn?.elements.isEmpty == false ? heldIn : nil, reporting: reporting)
        }
    }

    /// As it is kept: with all that goes without saying.
    struct Kept: Encodable {
        let months: Int
        let noticeDays: Int
        let acknowledgeDays: Int
        let steps: [PolicyStep]
        let heldIn: Few<LinkedPolicy, 10>?
        let reporting: Text<500>?

        enum CodingKeys: String, CodingKey {
            case months, steps, reporting
            case noticeDays = "notice_days"
            case acknowledgeDays = "acknowledge_days"
            case heldIn = "held_in"
        }
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

/// What each school says of its policies.
enum PolicyRules {
    static let routes: [Route] = [
        .get(
            "/v1/schools/{school}/policy-rules", "Read the policy rules",
            "The chain of approval and the period of review; the usual where nothing was set.",
            for: [Role].ofASchool.admitted(.policyRulesOfSchool), by(read)),
        .put(
            "/v1/schools/{school}/policy-rules", "Set the policy rules",
            """
            From now on; what is on its way through the chain goes on as it began. Requires \
            If-Match.
            """,
            for: Reviews.rulers.admitted(.policyRulesOfSchool), by(set)),
    ]

    static func read(
        of school: ID<School>, within reach: Reach, in tx: Transaction
    ) -> Stored<PolicyRule> {
        tx.stored(one(school, reach))
    }

    static func set(
        of school: ID<School>, to said: PolicyRule.Said, ifMatch: IfMatch, within reach: Reach,
        in tx: Transaction
    ) async throws -> Stored<PolicyRule> {
        let now = try await tx.run(one(school, reach))
        guard let etag = now.text(0, "etag"), let version = now.int(0, "_version") else {
            throw Problem(.notFound)
        }
        try ifMatch.check(etag)
        let faults = try await PlacedText.faults(of: said.texts, at: school, in: tx)
        guard faults.isEmpty else { throw Problem(faults) }
        tx.add(
            Audit.written(
                "policy_rules_set", "policy_rule",
                """
                insert into policy_rule (school_id, id, version, rule, set_by_name)
                values (
                    \(school), \(ID<PolicyRule>()), \(version + 1),
                    \(JSON.string(of: said.kept))::jsonb, \(reach.caller.name))
                """))
        return tx.stored(one(school, reach))
    }

    private static func one(_ school: ID<School>, _ reach: Reach) -> SQL {
        """
        select rule.* from policy_rule_shown as rule
        where rule.school_id = \(school) and \(reach.sql(.policyRulesOfSchool))
        """
    }
}

extension Relation {
    static let policyRulesOfSchool = Relation(
        "own school's policy rules",
        "How policies are approved in the schools in which the post is held (section 25)."
    ) { _, schools in "rule.school_id = any(\(schools))" }
}
