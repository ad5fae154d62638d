import JSON
import OpenAPI
import Postgres

/// What is done with a policy document on its way: the steps of its chain, its publication, its
/// review (24.5).
enum ActingOnPolicies {
    static let route: Route = .post(
        "/v1/policies/{policy}/acts", "Act on a policy",
        """
        The next step of the chain is taken by a post that it names, none before its turn and none \
        by who may not. What all have approved is published by the headteacher or those who lead \
        online safety, who also put what is in force under review; it is then confirmed by the \
        chain as it is, or a new version is written.
        """,
        for: Policies.approvers.admitted(.policiesOfSchool), by(act))

    static func act(
        on id: ID<Policy>, _ said: PolicyActSaid, within reach: Reach, in tx: Transaction
    ) async throws -> Created<Policy> {
        let policy = try await OpenedPolicy.open(id, for: said, reach, in: tx)
        try await policy.check(said, in: tx)
        try policy.checkState()
        policy.write(said, by: reach.caller, in: tx)
        return Created(tx.stored(ListingPolicies.one(id, reach)))
    }

    /// Puts what is in force under review because of a review out of its cycle, unless it is on
    /// its way already.
    static func putUnderReview(
        _ policy: ID<Policy>, at school: ID<School>, because review: ID<Review>, _ words: String,
        by caller: Caller, in tx: Transaction
    ) {
        PolicyRound.begin(
            .confirmation,
            of: """
                select policy.school_id, policy.id, policy._version_id from policy_shown as policy
                where policy.school_id = \(school) and policy.id = \(policy)
                    and policy._version_id is not null and not policy._is_open
                """, because: words, review, by: caller, in: tx)
    }
}

/// Something that is done with a policy document.
struct PolicyActSaid: ActBody {
    let act: PolicyAct
    let version: Int?
    let on: Day?
    let link: HTTPSLink?
    let words: Text<1000>?

    static let words = "What is done with a policy document."
    static var example: PolicyActSaid {
        PolicyActSaid(act: .approved, version: nil, on: nil, link: nil, words: "Minute 7")
    }

    enum CodingKeys: String, FieldWords {
        case act, version, on, link, words

        var words: String {
            switch self {
            case .act: PolicyAct.words("What is done.")
            case .version:
                "The version that was read (`way_version`): 409 "
                    + "where another is on its way by now. Send it, so that nobody approves what "
                    + "they have not seen."
            case .on:
                "The date of a step, or from when it is in force; today when not given."
            case .link: "Where it is read."
            case .words: "What goes with a step, such as the minute; why it is put under review."
            }
        }
    }
}

/// A policy taken in hand; its school is held, so that nobody does anything else with it meanwhile.
private struct OpenedPolicy {
    let id: ID<Policy>
    let school: ID<School>
    private let round: ID<PolicyRound>
    private let post: String
    private let against: [Fault]

    /// Throws where it is not there for the caller, or is not theirs to do this with.
    static func open(
        _ id: ID<Policy>, for said: PolicyActSaid, _ reach: Reach, in tx: Transaction
    ) async throws -> OpenedPolicy {
        let act = said.act
        tx.add(
            """
            select hold_school(policy.school_id) from policy
            where policy.id = \(id) and \(reach.sql(.policiesOfSchool))
            """)
        let found = try await tx.run(
            """
            select policy.school_id, policy.state, policy._round_id as round_id,
                policy._is_open as is_open,
                policy._is_approved as is_approved, policy._version_id is not null as is_held,
                policy._way_version <> \(said.version)::integer as is_another,
                case when \(act)::text = 'approved'
                    then post_for_a_step(policy.school_id, policy._round_id)
                    else post_that_leads(policy.school_id) end as post,
                \(act)::text = any(acts_open_on_a_policy(
                    policy.school_id, policy._round_id, policy._way, policy._is_open,
                    policy._is_approved, policy._version_id is not null)) as may
            from policy_shown as policy
            where policy.id = \(id) and \(reach.sql(.policiesOfSchool))
            """)
        guard let school = found.uuid(0, "school_id"), let round = found.uuid(0, "round_id") else {
            throw Problem(.notFound)
        }
        let standing = Standing(found)
        // Whose step it would be nobody can say where there is none to take.
        if act == .approved, !standing.awaitsStep {
            throw Problem(conflicts: [PolicyFault.stands("nothing_to_approve")])
        }
        guard let post = found.text(0, "post") else {
            throw Problem(
                .forbidden,
                "The chain of the school names other posts for this, and nobody takes two steps.")
        }
        return OpenedPolicy(
            id: id, school: ID(school), round: ID(round), post: post,
            against: standing.against(act))
    }

    /// How it stands, as far as something may stand against an act.
    private struct Standing {
        let state: PolicyState
        let isOpen: Bool
        let isApproved: Bool
        let isHeld: Bool
        let may: Bool
        let isAnother: Bool

        init(_ found: Answer) {
            state = found.text(0, "state").flatMap(PolicyState.init) ?? .draft
            isOpen = found.bool(0, "is_open") == true
            isApproved = found.bool(0, "is_approved") == true
            isHeld = found.bool(0, "is_held") == true
            may = found.bool(0, "may") == true
            isAnother = found.bool(0, "is_another") == true
        }

        var awaitsStep: Bool { isOpen && !isApproved }

        func against(_ act: PolicyAct) -> [Fault] {
            let other = isAnother ? [PolicyFault.stands("another_version")] : []
            guard !may else { return other }
            switch act {
            case .published where awaitsStep: return [PolicyFault.stands("not_approved")] + other
            case .underReview where !isHeld: return [PolicyFault.stands("not_in_force")]
            default: return [.wrongState(state, needs: act.states)]
            }
        }
    }

    /// Throws all that stands against it.
    func checkState() throws(Problem) {
        guard against.isEmpty else { throw Problem(conflicts: against) }
    }

    /// Throws every fault of what is said. What was approved years ago is put down as it was.
    func check(_ said: PolicyActSaid, in tx: Transaction) async throws {
        var faults = try await PlacedText.faults(
            of: said.words.map { [PlacedText("/words", $0.string)] } ?? [], at: school, in: tx)
        let found = try await tx.run(
            """
            select \(said.on)::date > london_today()
                    + case when \(said.act)::text = 'published' then 366 else 0 end as is_ahead,
                \(said.on)::date < london_today() - 3660 as is_long_ago,
                \(said.on)::date < (
                    select max(before.on_day) from policy_act as before
                    where before.school_id = \(school) and before.round_id = \(round)
                        and (\(said.act)::text = 'published' or before.step <= (
                            select round.steps_done from policy_round_shown as round
                            where round.school_id = \(school) and round.id = \(round)))
                ) as is_before_the_last
            """)
        if found.bool(0, "is_ahead") == true {
            faults.append(
                PolicyFault.fault("/on", said.act == .published ? "out_of_range" : "in_the_future"))
        }
        if found.bool(0, "is_long_ago") == true {
            faults.append(PolicyFault.fault("/on", "out_of_range"))
        }
        if found.bool(0, "is_before_the_last") == true {
            faults.append(PolicyFault.fault("/on", "before_its_turn"))
        }
        try said.judge(besides: faults)
    }

    func write(_ said: PolicyActSaid, by caller: Caller, in tx: Transaction) {
        guard said.act != .underReview else {
            return PolicyRound.begin(
                .confirmation,
                of: """
                    select policy.school_id, policy.id, policy._version_id
                    from policy_shown as policy
                    where policy.school_id = \(school) and policy.id = \(id)
                    """, because: said.words?.string, by: caller, in: tx)
        }
        tx.add(
            Audit.written(
                said.act == .approved ? "policy_approved" : "policy_published", "policy_act",
                version: "null",
                """
                insert into policy_act (
                    school_id, id, policy_id, round_id, place, act, step, on_day, link, words,
                    done_as, done_by_name)
                select \(school), \(ID<PolicyAct>()), \(id), round.id, (
                        select coalesce(max(before.place), 0) + 1 from policy_act as before
                        where before.school_id = \(school) and before.round_id = round.id
                    ), \(said.act),
                    case when \(said.act)::text = 'approved' then round.steps_done + 1 end,
                    coalesce(\(said.on)::date, london_today()), \(said.link), \(said.words),
                    \(post), \(caller.name)
                from policy_round_shown as round
                where round.school_id = \(school) and round.id = \(round)
                """))
    }
}

/// What stands against something with a policy, for people.
enum PolicyFault {
    static func fault(_ pointer: String, _ code: String) -> JSONFault {
        JSONFault(pointer: pointer, code: code, detail: words[code] ?? "Not as things stand")
    }

    static func stands(_ code: String, at pointer: String = "") -> Fault {
        Fault(pointer: pointer, code: code, detail: words[code] ?? "Not as things stand")
    }

    static let words = [
        "another_version": "Another version is on its way by now: read it first",
        "before_it_was_approved": "The version in force was not yet approved on that day",
        "before_its_turn": "The step before it was taken on a later day",
        "https_link": "It is no link that begins with https://",
        "in_the_future": "It has not happened yet",
        "name_taken": "Another policy of the school is called so",
        "no_owner": "Policies are owned by posts of the school",
        "not_approved": "A step of the chain is still to be taken",
        "not_in_force": "No version of it is in force",
        "nothing_to_approve": "Nothing of it is on its way through the chain",
        "out_of_range": "Ten years back at most, and a year ahead for a publication",
        "unknown_policy": "Name a policy of the school that is in force",
    ]
}
