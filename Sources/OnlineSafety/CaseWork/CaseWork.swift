import JSON
import Postgres

/// The work on an incident, as it is put down: investigated, decided, sanctioned, supported, looked
/// back upon (INC-26 to INC-41, INC-48 to INC-50).
enum CaseWork {
    static let area = Area(
        name: "Case work",
        words: "What is done about an incident: each piece of the work, put down as it is done.",
        routes: kinds.flatMap { routes(of: $0) } + [Acting.route],
        conflicts: [
            "incident_part_is_changed_once_at_a_time": "Somebody else changed it just now."
        ],
        faults: [
            "is_its_subject": "Nobody investigates what is about themselves",
            "not_about_images": "It is put down of a case of sexting or child abuse images alone",
            "not_cleared":
                "A DSL puts down first that no agency needs it and nobody is endangered",
            "not_on_the_roster": "Somebody of the roster is wanted here",
            "must_be_true": "It is put down once it is so",
            "unknown_device": "Name a device of the school's",
        ],
        vocabularies: [
            Vocabulary("decision_matters", DecisionMatter.self),
            Vocabulary("decision_outcomes", DecisionOutcome.self),
            Vocabulary("mediations", Mediation.self),
            Vocabulary("meeting_points", MeetingPoint.self),
            Vocabulary("prohibited_behaviours", Behaviour.self),
            Vocabulary("protected_characteristics", Characteristic.self),
            Vocabulary("sanction_kinds", SanctionKind.self),
            Vocabulary("support_kinds", SupportKind.self),
            Vocabulary("device_deeds", DeviceDeed.self),
            Vocabulary("search_authorities", SearchAuthority.self),
            Vocabulary("lesson_kinds", LessonKind.self),
        ],
        deeds: ["part_written", "part_corrected", "part_withdrawn"],
        rulesOfIncidents: IncidentRules(
            function: "work_stands_against",
            words: [
                "support_missing":
                    "Put down what was done for this child; that nothing was wanted, too",
                "sanction_missing":
                    "Put down what followed for this child; that nothing follows, too",
                "debrief_missing": "It was investigated: look back upon it before it is closed",
                "police_undecided":
                    "A prohibited behaviour obliges a decision whether the police are involved",
                "image_unsecured":
                    "An indecent image was printed or passed on, or is held by somebody whom the "
                    + "police did not direct",
            ]),
        toDo: [debriefs],
        duties: [
            DutyKind(
                kind: "debrief_to_hold",
                words: "What was investigated is to be looked back upon",
                link: "/v1/incidents/{record}/debriefs")
        ],
        chronology: [.ofParts(kinds.map { Strand.Part($0.part) })],
        reasonsAtTheGate: GateReasons(
            function: "sanctions_at_the_gate",
            words: [
                GateReason(
                    code: "access_withdrawn",
                    words: "Access was withdrawn for a time",
                    opening: "Waiting until the time is over, or asking the school",
                    told: [.dsl, .deputyDSL, .headteacher], hasGrace: false,
                    isForTheSchool: false)
            ]))

    private static let debriefs = ToDo.duties(
        "debrief_to_hold", "An incident that was investigated, and is to be looked back upon",
        of: ["debrief_to_hold"], for: .incidentReaders, onceAsked: true
    ) { _ in "select * from case_duty" }

    /// Every kind of part, in the order of the contract.
    static let kinds: [any CasePartKind.Type] = [
        Investigation.self, InvestigationFindings.self, CaseMeeting.self,
        ProhibitedBehaviour.self, Discrimination.self, CaseDecision.self, RiskAssessment.self,
        Sanction.self, Support.self, LearnersVoice.self, DeviceAction.self, ImageViewing.self,
        DeletionClearance.self, ImageDeletion.self, HeadteacherInformed.self, LegalAdvice.self,
        ExternalCase.self, Debrief.self, Lesson.self,
    ]

    private static func routes<Kind: CasePartKind>(of _: Kind.Type) -> [Route] {
        KeepingParts<Kind>.routes
    }
}
