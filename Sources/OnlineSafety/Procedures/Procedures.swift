import Postgres

/// What a school does of which kind of incident, step by step: as data, the usual of the policies
/// and a school's own beside it (PRC-01 to PRC-28).
enum Procedures {
    static let area = Area(
        name: "Procedures",
        words:
            "What is done of which kind of incident, step by step: attached at triage, ticked off "
            + "in time.",
        routes: OwnProcedures.routes + ProcedureMaps.routes + Attaching.routes
            + AnsweringSteps.routes,
        faults: faults,
        vocabularies: [
            Vocabulary("step_actors", StepActor.self), Vocabulary("step_needs", StepNeed.self),
            Vocabulary("step_answers", StepAnswer.self), Vocabulary("step_states", StepState.self),
            Vocabulary("step_time_units", StepTimeUnit.self),
            Vocabulary("step_tellings", StepTelling.self),
            Vocabulary("jurisdictions", Jurisdiction.self),
        ],
        deeds: [
            "procedure_set", "procedure_map_set", "procedure_attached", "procedure_detached",
            "step_answered",
        ],
        settings: [imagery],
        rulesOfIncidents: .ofProcedures,
        duties: [
            DutyKind(
                kind: "step_due", words: "A step of a procedure of an incident is to be taken",
                link: "/v1/incidents/{record}/procedures")
        ],
        chronology: [
            .ofParts([
                Strand.Part(
                    kind: "procedure", words: "A procedure was attached", path: "procedures",
                    fields: ["title"]),
                Strand.Part(
                    kind: "procedure_step", words: "A step of a procedure", path: "procedures",
                    fields: ["step", "answer", "words", "done_by"]),
            ])
        ])

    /// Those who set what their school does.
    static let rulers: [Role] = [.onlineSafetyCoordinator, .dsl, .deputyDSL, .headteacher]

    /// The parts of a record that a step may ask for.
    static let parts = Set(
        ["evidence", "parents_decision"]
            + (CaseWork.kinds + [Referral.self]).map { $0.part.kind.description })

    private static let imagery = Setting(
        "imagery_is_always_grave", "Images of a child are always grave",
        """
        Whether every sexual image that relates to a pupil is of the gravest kind, as at schools \
        with very young pupils (PRC-10; source 004).
        """, .flag, usual: false, stronger: .true)

    private static let faults = [
        "unknown_procedure": "The school has no such procedure",
        "procedure_not_used": "The school does not use this procedure",
        "procedure_is_kept":
            "Somebody outside the school learns by this procedure: it may be made shorter, and not "
            + "left out",
        "step_is_kept":
            "Somebody outside the school learns by this step: it stays, and asks for no less",
        "unknown_step": "The procedure has no such step before it",
        "unknown_part": "A record has no such part",
        "attached_already": "It is attached already",
        "step_was_taken": "A step of it was answered: it stays attached",
        "not_of_this_step": "This is no answer to such a step",
        "step_is_required": "The answer to a question has made it a step that has to be taken",
        "for_another_post": "Only somebody in the post that the step names ticks it off",
        "earlier_step_first": "It comes after another step, which is not settled yet",
        "record_lacks": "The record does not hold yet what the step asks for",
        "leads_no_such_procedure": "The procedure wants somebody in another post to lead",
    ]
}

extension Relation {
    static let ownProcedures = Relation(
        "own school's procedures",
        "What is done of which kind of incident in the schools in which the post is held "
            + "(section 25)."
    ) { _, schools in "procedure.school_id = any(\(schools))" }
}

extension IncidentRules {
    /// Those of the procedures that are attached, or ought to be.
    static let ofProcedures = IncidentRules(
        function: "procedures_stand_against",
        words: [
            "step_open": "Take this step, or have it waived with a reason",
            "step_undecided": "Answer the question of this step: whether it has to be taken",
            "referral_unanswered":
                "Answer this question: without a referral, all that may ask for one are answered",
            "procedure_missing":
                "The type of the incident asks for this procedure: attach it, or another type is "
                + "the right one",
            "procedure_undecided":
                "This type does not say which procedure it is: say so, or attach it",
        ])
}
