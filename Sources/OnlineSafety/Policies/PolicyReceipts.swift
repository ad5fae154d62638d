import JSON
import OpenAPI
import Postgres

/// Who was given the version in force of a policy, and who acknowledged it (REV-09).
struct PolicyReceipt: Resource {
    let id: ID<Person>
    let personID: ID<Person>
    let schoolID: ID<School>
    let policyID: ID<Policy>
    let version: Int
    let who: String
    let kind: PersonKind
    let givenOn: Day?
    let acknowledgedOn: Day?
    let dueOn: Day?
    let isByThemselves: Bool?

    static let isTagged = false
    static let words = "That somebody was given a policy, and whether they acknowledged it."
    static var example: PolicyReceipt {
        PolicyReceipt(
            id: .example, personID: .example, schoolID: .example, policyID: .example, version: 2,
            who: "Grace Okafor", kind: .teacher, givenOn: .example, acknowledgedOn: .example,
            dueOn: .example, isByThemselves: true)
    }

    enum CodingKeys: String, FieldWords {
        case id, version, who, kind
        case personID = "person_id"
        case schoolID = "school_id"
        case policyID = "policy_id"
        case givenOn = "given_on"
        case acknowledgedOn = "acknowledged_on"
        case dueOn = "due_on"
        case isByThemselves = "is_by_themselves"

        var words: String {
            switch self {
            case .id: "The person: the receipt of a policy has their id."
            case .personID: "The person."
            case .schoolID: "The school."
            case .policyID: "The policy."
            case .version: "The version in force."
            case .who: "Their name."
            case .kind: "What they are to the school."
            case .givenOn: "When it was given to them; absent of those to whom it was not."
            case .acknowledgedOn: "When they acknowledged it as read and understood."
            case .dueOn: "By when they are to."
            case .isByThemselves: "Whether they did it here, and nobody entered it for them."
            }
        }
    }

    /// That it was given to some, or acknowledged.
    struct Said: Body {
        let act: PolicyReceiptAct
        let personIDs: Few<ID<Person>, 200>?
        let on: Day?

        static let schemaName = "PolicyReceiptSaid"
        static let words = "That the version in force was given to some, or acknowledged."
        static var example: Said {
            Said(act: .acknowledged, personIDs: nil, on: nil)
        }

        enum CodingKeys: String, FieldWords {
            case act, on
            case personIDs = "person_ids"

            var words: String {
                switch self {
                case .act: "Which."
                case .personIDs:
                    "To whom or by whom, of the adults of the school; oneself, when not given. For "
                        + "others by those who prepare policies."
                case .on:
                    "When, of an acknowledgement since the version was approved; today when not "
                        + "given."
                }
            }
        }

        var faults: [JSONFault] {
            personIDs?.elements.isEmpty == true
                ? [JSONFault(pointer: "/person_ids", code: "empty", detail: "Name somebody")] : []
        }
    }
}

/// Giving policies to people, and their acknowledgement.
enum PolicyReceipts {
    static let routes: [Route] = [
        .get(
            "/v1/policies/{policy}/receipts", "List the receipts of a policy",
            """
            To whom the version in force was given, and who acknowledged it; or who has not, and \
            with `is_given=false` which adults of the school have not been given it. Everybody \
            else but those who prepare policies finds their own.
            """,
            for: admitted, by(list)
        ).recordingTables(),
        .post(
            "/v1/policies/{policy}/receipts", "Record receipts of a policy",
            """
            One's own acknowledgement, as read and understood; for others, that it was given to \
            them or that they acknowledged it on paper. What is recorded already stays.
            """,
            for: Policies.admitted, by(record)),
    ]

    private static let keepers = Policies.writers + [.seniorLeader, .dpo]

    private static let admitted =
        keepers.admitted(.receiptsOfSchool)
        + [Role].ofASchool.filter { !keepers.contains($0) }.admitted(.ownReceipts)

    /// What somebody is to read and acknowledge.
    static let toDo = ToDo(
        kind: "policy_to_acknowledge", words: "A policy to be read and acknowledged",
        roles: .ofASchool,
        link: "/v1/duties?school_id={school}&kind=policy_to_acknowledge&is_mine=true"
    ) { _, schools in
        """
        select receipt.school_id, receipt.due_on
        from policy_receipt_shown as receipt
        where receipt.school_id = any(\(schools)) and receipt._is_own
            and receipt.given_on is not null and receipt.acknowledged_on is null
        order by receipt.due_on
        """
    }

    static func list(
        of id: ID<Policy>, _ filter: ReceiptFilter, _ page: PageRequest<ReceiptOrder>,
        within reach: Reach, in tx: Transaction
    ) -> Page<PolicyReceipt> {
        tx.page(page, onRecord: page.asTable("policy_receipt")) { page in
            """
            select receipt.*, receipt.id as _id, \(page.order.key) as _key
            from policy_receipt_shown as receipt
            where receipt.policy_id = \(id)
                and (\(reach.sql(.receiptsOfSchool)) or \(reach.sql(.ownReceipts)))
                and \(filter.sql) and \(page.after)
            order by \(page.order.sql)
            limit \(page.limit + 1)
            """
        }
    }

    static func record(
        of id: ID<Policy>, _ said: PolicyReceipt.Said, within reach: Reach, in tx: Transaction
    ) async throws -> Created<Policy> {
        let found = try await tx.run(
            """
            select policy.school_id, policy._version_id as version_id,
                caller_writes_policies(policy.school_id) as writes, (
                    select person.id from person
                    where person.school_id = policy.school_id
                        and person.account_id = caller_account()
                ) as person_id, \(said.on)::date > london_today() as is_ahead,
                \(said.on)::date < least(policy.approved_on, policy.in_force_from) as is_early,
                hold_school(policy.school_id)
            from policy_shown as policy
            where policy.id = \(id) and \(reach.policies)
            """)
        guard let uuid = found.uuid(0, "school_id") else { throw Problem(.notFound) }
        let (school, own) = (ID<School>(uuid), found.uuid(0, "person_id").map { ID<Person>($0) })
        let people = said.personIDs?.elements ?? own.map { [$0] } ?? []
        guard found.bool(0, "writes") == true || said.act == .acknowledged && people == [own] else {
            throw Problem(.forbidden, "For others by those who prepare policies.")
        }
        guard let version = found.uuid(0, "version_id") else {
            throw Problem(conflicts: [PolicyFault.stands("not_in_force")])
        }
        var faults = try await PlacedText.unknown(
            people.enumerated().map { ("/person_ids/\($0.offset)", $0.element) }, at: school,
            in: tx)
        if found.bool(0, "is_ahead") == true {
            faults.append(PolicyFault.fault("/on", "in_the_future"))
        }
        if said.act == .acknowledged, found.bool(0, "is_early") == true {
            faults.append(PolicyFault.fault("/on", "before_it_was_approved"))
        }
        guard faults.isEmpty else { throw Problem(faults) }
        // Whoever acknowledges it was given it.
        for act in said.act == .given ? [said.act] : PolicyReceiptAct.allCases {
            write(act, of: id, ID(version), to: people, said.on, at: school, reach.caller, in: tx)
        }
        return Created(tx.stored(ListingPolicies.one(id, reach)))
    }

    private static func write(
        _ act: PolicyReceiptAct, of id: ID<Policy>, _ version: ID<PolicyVersion>,
        to people: [ID<Person>], _ day: Day?, at school: ID<School>, _ caller: Caller,
        in tx: Transaction
    ) {
        tx.add(
            Audit.written(
                act == .given ? "policy_given" : "policy_acknowledged", "policy_receipt",
                version: "null",
                """
                insert into policy_receipt (
                    school_id, id, policy_id, version_id, person_id, act, on_day, entered_by_name)
                select distinct on (said.person_id) \(school)::uuid, said.id, \(id)::uuid,
                    \(version)::uuid, said.person_id, \(act)::text,
                    coalesce(\(day)::date, london_today()), \(caller.name)
                from unnest(
                    \(people.map { _ in ID<PolicyReceipt>() })::uuid[], \(people)::uuid[])
                    as said (id, person_id)
                where not exists (
                    select from policy_receipt as before
                    where before.school_id = \(school) and before.version_id = \(version)
                        and before.person_id = said.person_id and before.act = \(act))
                """))
    }
}

extension Relation {
    static let receiptsOfSchool = Relation(
        "own school's receipts of policies",
        "Who was given policies in the schools in which the post is held (REV-09)."
    ) { _, schools in "receipt.school_id = any(\(schools))" }

    static let ownReceipts = Relation(
        "own receipts of policies", "Which policies the caller was given (REV-09)."
    ) { _, schools in "(receipt.school_id = any(\(schools)) and receipt._is_own)" }
}

/// Which receipts to list.
struct ReceiptFilter: Filter {
    let isAcknowledged: Bool?
    let isGiven: Bool

    init(_ query: inout QueryReader) {
        isAcknowledged = query.flag("is_acknowledged")
        isGiven = query.flag("is_given") ?? true
    }

    static let parameters: [Parameter] = [
        .query(
            "is_acknowledged", "Only of those who acknowledged it, or have not.", .boolean, false),
        .query(
            "is_given", "`false` for those to whom it was not given, instead of those to whom.",
            .boolean, false),
    ]

    var sql: SQL {
        """
        (\(isAcknowledged)::boolean is null
            or (receipt.acknowledged_on is not null) = \(isAcknowledged))
        and (receipt.given_on is not null) = \(isGiven)
        """
    }
}

/// The order in which they can be listed.
enum ReceiptOrder: String, SortOrder {
    case who

    var sql: SQL { "receipt.who, receipt.id" }
    var key: SQL { "receipt.who" }

    func isAfter(_ key: String, _ id: String) -> SQL {
        "(receipt.who, receipt.id) > (\(key), \(id)::uuid)"
    }
}
