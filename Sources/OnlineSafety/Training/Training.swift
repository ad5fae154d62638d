import Postgres

/// Who was trained in what, who is due, and what a school asks (TRN-01 to TRN-11).
enum Training {
    static let area = Area(
        name: "Training",
        words: "What training a school asks of whom and how often, and who is due.",
        routes: ListingTraining.routes + TrainingRule.routes,
        conflicts: [
            "post_is_held_by_the_trained":
                "The school asks for training first that they do not have, or that has run out."
        ],
        faults: TrainingRule.faults,
        vocabularies: [
            Vocabulary("training_kinds", TrainingKind.self),
            Vocabulary("training_topics", TrainingTopic.self),
            Vocabulary("training_states", TrainingState.self),
        ],
        deeds: ["training_rules_set"],
        settings: reasonsAtTheGate.words.flatMap(\.settings),
        toDo: [ListingTraining.toDo],
        duties: [
            DutyKind(
                kind: "training_due", words: "Somebody is to be trained, or trained again",
                link: "/v1/training?school_id={school}&person_id={person}")
        ],
        reasonsAtTheGate: reasonsAtTheGate,
        holds: [.training])

    private static let reasonsAtTheGate = GateReasons(
        function: "training_at_the_gate",
        words: [
            GateReason(
                code: "training_wanting",
                words: "Training that the school asks for it is wanting, or has run out",
                opening: "Being trained, and that being recorded", told: readers)
        ])

    /// Those who may know how everybody of a school is trained; everybody else knows their own.
    static let readers: [Role] = [
        .onlineSafetyCoordinator, .dsl, .deputyDSL, .headteacher, .seniorLeader, .office, .dpo,
        .schoolAdministrator,
    ]

    /// Those who say what is asked.
    static let rulers: [Role] = [.headteacher, .dsl, .deputyDSL, .schoolAdministrator]
}

extension Relation {
    static let trainingOfSchool = Relation(
        "own school's training",
        "Of the adults of the schools in which the post is held (TRN-08)."
    ) { _, schools in "training.school_id = any(\(schools))" }

    static let ownTraining = Relation(
        "own training", "The caller's own training (section 25)."
    ) { _, schools in
        """
        (
            training.school_id = any(\(schools))
            and caller_is(training.school_id, training.person_id))
        """
    }
}
