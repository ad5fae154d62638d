import Postgres

/// What is done with each new adult before and after they begin, and when (USR-14).
enum Inductions {
    static let area = Area(
        name: "Inductions",
        words: "What is done with each new adult, when, and what is outstanding.",
        routes: ListingInductions.routes + TellingOfInductions.routes + InductionRule.routes,
        conflicts: [
            "induction_step_is_told_of_once_at_a_time": "Somebody else told of this just now."
        ],
        faults: InductionFault.words,
        vocabularies: [
            Vocabulary("induction_steps", InductionStep.self),
            Vocabulary("induction_outcomes", InductionOutcome.self),
            Vocabulary("induction_sources", InductionSource.self),
        ],
        deeds: ["induction_rules_set", "induction_step_told", "induction_step_corrected"],
        unlikeTheirEntries: ["select school_id, id from induction_unlike_its_entry"],
        toDo: [ListingInductions.toDo],
        duties: [
            DutyKind(
                kind: "induction_step", words: "A new adult is to be inducted: one step of it",
                link: "/v1/inductions?school_id={school}&person_id={person}")
        ],
        holds: [.inductions])

    /// Those who see to it that somebody is inducted, and say what was done.
    static let keepers: [Role] = [
        .office, .schoolAdministrator, .headteacher, .dsl, .deputyDSL,
    ]

    /// Those who say what is asked.
    static let rulers = keepers.filter { $0 != .office }

    static let admitted =
        keepers.admitted(.inductionsOfSchool)
        + [Role].ofASchool.filter { !keepers.contains($0) }.admitted(.ownInduction)

    /// Who is never inducted.
    static let never: [PersonKind] = [.pupil, .parent]
}

extension Relation {
    static let inductionsOfSchool = Relation(
        "own school's inductions",
        "Of the adults of the schools in which the post is held (USR-14)."
    ) { _, schools in "induction.school_id = any(\(schools))" }

    static let ownInduction = Relation(
        "own induction", "The caller's own induction (USR-14)."
    ) { _, schools in
        """
        (
            induction.school_id = any(\(schools))
            and caller_is(induction.school_id, induction.person_id))
        """
    }
}

extension Reach {
    /// The inductions that the caller may know of.
    var inductions: SQL { "(\(sql(.inductionsOfSchool)) or \(sql(.ownInduction)))" }

    /// The schools where they know of any.
    var schoolsOfInductions: [ID<School>] { schools(.inductionsOfSchool, or: .ownInduction) }
}
