import Postgres

/// Reviews of every kind, from the rule by which they are held to their signature, and the actions
/// that follow from what they find (REV-05, REV-10 to REV-19).
enum Reviews {
    static let area = Area(
        name: "Reviews",
        words: "Which reviews are held, what they found, and what is done because of it.",
        routes: ReviewRules.routes + ListingReviews.routes + [ActingOnReviews.route]
            + PlannedActions.routes,
        conflicts: [
            "review_is_acted_on_once_at_a_time": "Somebody else did something with it just now.",
            "review_is_signed_by_somebody_else": "Nobody signs what they completed themselves.",
            "review_is_joined_once_as_each": "Somebody else has signed it so already.",
            "review_is_joined_by_two": "Nobody signs it as both: it is held by two.",
            "review_is_done_with_once": "It is completed, signed or cancelled already.",
            "action_is_acted_on_once_at_a_time": "Somebody else did something with it just now.",
        ],
        faults: ReviewFault.words,
        vocabularies: [
            Vocabulary("review_kinds", ReviewKind.self),
            Vocabulary("review_periods", ReviewPeriod.self),
            Vocabulary("review_parties", ReviewParty.self),
            Vocabulary("review_triggers", ReviewTrigger.self),
            Vocabulary("review_states", ReviewState.self),
            Vocabulary("review_acts", acts: ReviewAct.self),
            Vocabulary("review_parts", ReviewPart.self),
            Vocabulary("action_states", ActionState.self),
            Vocabulary("planned_action_acts", acts: PlannedActionAct.self),
        ],
        deeds: ["review_rule_set", "review_planned"]
            + ReviewAct.allCases.map(\.deed.description) + ["action_planned"]
            + PlannedActionAct.allCases.map(\.deed.description),
        unlikeTheirEntries: ["select school_id, id from review_unlike_its_entry"],
        toDo: [reviewsToHold, reviewsToPlan, reviewsToJoin, PlannedActions.toDo],
        duties: [
            DutyKind(
                kind: "review_due", words: "A review is to be held", link: "/v1/reviews/{record}"),
            DutyKind(
                kind: "review_to_plan", words: "A review that is held here is not planned",
                link: "/v1/schools/{school}/review-rules"),
            DutyKind(
                kind: "review_to_join", words: "A review that was held together is to be signed",
                link: "/v1/reviews/{record}"),
            DutyKind(
                kind: "review_to_sign", words: "A review that was held is to be signed",
                link: "/v1/reviews/{record}"),
            DutyKind(
                kind: "action_due", words: "An action of the action plan is to be done",
                link: "/v1/actions/{record}"),
        ],
        holds: [.reviews])

    /// The posts that a rule may name, to hold a review or to sign it (section 25).
    static let holders: [Role] = [
        .onlineSafetyCoordinator, .dsl, .deputyDSL, .headteacher, .seniorLeader, .office,
        .governor, .linkGovernor, .chairOfGovernors, .technician,
    ]

    /// Those who know of all reviews and actions of a school; all others know their own actions.
    static let readers = holders + [.dpo]

    /// A member of staff who is named as the computing lead knows of what they hold with another.
    static let parties = [Role.staff].admitted(.reviewsHeldTogether)

    /// Those who lead online safety plan any review; the others what their post holds.
    static let planners = holders

    /// Those who plan actions.
    static let leaders: [Role] = [.onlineSafetyCoordinator, .dsl, .deputyDSL, .headteacher]

    /// Those who say which reviews are held, and how.
    static let rulers: [Role] = [.headteacher, .dsl, .deputyDSL]

    /// What is due, for the posts that hold or sign it; and what is held here and not planned.
    private static let reviewsToHold = ToDo.duties(
        "review", "A review that is due, or is to be signed", of: ["review_due", "review_to_sign"],
        for: holders, onceAsked: true
    ) { _ in "select * from review_duty" }

    private static let reviewsToJoin = ToDo.duties(
        "review_to_join", "A review that was held together, and is to be signed",
        of: ["review_to_join"], for: holders + [.staff], onceAsked: true
    ) { _ in "select * from review_duty" }

    private static let reviewsToPlan = ToDo.duties(
        "review_to_plan", "A review that is held here, and not planned", of: ["review_to_plan"],
        for: holders, onceAsked: true
    ) { _ in "select * from review_duty" }
}

extension Relation {
    static let reviewsOfSchool = Relation(
        "own school's reviews",
        "What is reviewed in the schools in which the post is held (section 25)."
    ) { _, schools in "review.school_id = any(\(schools))" }

    static let reviewsHeldTogether = Relation(
        "reviews held together",
        "What the caller holds together with another, as the computing lead does (REV-12)."
    ) { _, schools in
        """
        (
            review.school_id = any(\(schools))
            and review.school_id || ' ' || review.kind = any(
                (select reviews_held_together())::text[]))
        """
    }
}

extension Reach {
    /// The reviews that the caller may know of.
    var reviews: SQL { sql(.reviewsOfSchool, or: .reviewsHeldTogether) }
}
