import Postgres

/// The policy documents of a school: their versions, the school's own chain of approval, their
/// reviews, who reads and acknowledges them (REV-01 to REV-04, REV-06, REV-08, REV-09, REV-20).
enum Policies {
    static let area = Area(
        name: "Policies",
        words: "Policy documents, the chain by which they are approved, and who knows them.",
        routes: ListingPolicies.routes + [ActingOnPolicies.route] + PolicyReceipts.routes
            + PolicyRule.routes + PublishedPolicies.routes,
        conflicts: [
            "policy_version_is_written_once_at_a_time": "Somebody else wrote one just now.",
            "policy_round_is_begun_once_at_a_time": "Somebody else began something just now.",
            "policy_is_acted_on_once_at_a_time": "Somebody else did something with it just now.",
            "policy_is_published_once": "It is published already.",
            "policy_is_signed_by_different_people":
                "Nobody signs for two posts, nor takes two steps.",
            "policy_is_received_once": "Somebody else recorded this just now.",
        ],
        faults: PolicyFault.words,
        vocabularies: [
            Vocabulary("policy_states", PolicyState.self),
            Vocabulary("policy_version_states", PolicyVersionState.self),
            Vocabulary("policy_ways", PolicyWay.self),
            Vocabulary("policy_acts", acts: PolicyAct.self),
            Vocabulary("policy_receipt_acts", PolicyReceiptAct.self),
        ],
        deeds: [
            "policy_rules_set", "policy_made", "policy_version_written", "policy_adoption_begun",
            "policy_put_under_review", "policy_approved", "policy_published",
            "policy_past_entered", "policy_given", "policy_acknowledged",
        ],
        unlikeTheirEntries: ["select school_id, id from policy_unlike_its_entry"],
        toDo: [PolicyReceipts.toDo, toApprove],
        duties: [
            DutyKind(
                kind: "policy_review_due", words: "A policy is to be reviewed",
                link: "/v1/policies/{record}"),
            DutyKind(
                kind: "policy_to_acknowledge", words: "A policy is to be read and acknowledged",
                link: "/v1/policies/{record}"),
        ],
        holds: [.policies])

    /// Those who prepare policies (24.5, section 25).
    static let writers: [Role] = [
        .onlineSafetyCoordinator, .dsl, .deputyDSL, .headteacher, .office,
    ]

    /// The posts that a chain may name.
    static let approvers =
        writers + [.seniorLeader, .governor, .linkGovernor, .chairOfGovernors]

    /// Those who know of policies before they are in force; all others of the school of those that
    /// are.
    static let draftReaders = approvers + [.dpo, .technician]

    static let admitted =
        draftReaders.admitted(.policiesOfSchool)
        + [Role].ofASchool.filter { !draftReaders.contains($0) }.admitted(.policiesInForce)

    /// What waits for somebody's step.
    private static let toApprove = ToDo(
        kind: "policy_to_approve", words: "A policy that is to be approved", roles: approvers,
        link: "/v1/policies?school_id={school}&awaits_me=true"
    ) { _, schools in
        """
        select policy.school_id, null::date as due_on
        from policy_shown as policy
        where policy.school_id = any(\(schools)) and \(awaitsMe)
        """
    }

    /// Whether the next step of its chain is the caller's to take.
    static let awaitsMe: SQL = """
        (policy._is_open and not policy._is_approved
            and post_for_a_step(policy.school_id, policy._round_id) is not null)
        """
}

extension Relation {
    static let policiesOfSchool = Relation(
        "own school's policies",
        "The policies of the schools in which the post is held, drafts too (section 25)."
    ) { _, schools in "policy.school_id = any(\(schools))" }

    static let policiesInForce = Relation(
        "own school's policies in force",
        "The policies that are in force in the schools in which the post is held (section 25)."
    ) { _, schools in
        "(policy.school_id = any(\(schools)) and policy._version_id is not null)"
    }
}

extension Reach {
    /// The policies that the caller may know of.
    var policies: SQL { "(\(sql(.policiesOfSchool)) or \(sql(.policiesInForce)))" }
}
