import Postgres

/// To which systems a school gives access; who was given it, at whose word, from when to when; and
/// what a technician has to do because of it (ACC-01 to ACC-09, ACC-14, ACC-22).
enum AccessRegister {
    static let area = Area(
        name: "Access register",
        words: "Who was given access to what, at whose word, and what is to be done about it.",
        routes: AccessSystems.routes + AccessGrants.routes + ActingOnAccess.routes
            + AccessTasks.routes,
        conflicts: [
            "access_system_name_is_unique": "The school has a system of this name.",
            "access_system_is_set_once_at_a_time": "Somebody else set its rules just now.",
            "access_grant_is_acted_on_once_at_a_time": "Somebody else decided this just now.",
            "access_task_is_completed_once": "Somebody else completed this just now.",
        ],
        faults: MissingAccess.words,
        vocabularies: [
            Vocabulary("access_system_kinds", AccessSystemKind.self),
            Vocabulary("pupil_accounts", PupilAccounts.self),
            Vocabulary("pupil_levels", PupilLevel.self),
            Vocabulary("accounts_of_leavers", AccountOfALeaver.self),
            Vocabulary("access_states", AccessState.self),
            Vocabulary("access_acts", AccessAct.self),
            Vocabulary("access_tasks", AccessTaskKind.self),
            Vocabulary("access_closings", AccessClosing.self),
            Vocabulary("access_task_outcomes", AccessTaskOutcome.self),
        ],
        deeds: ["access_system_added", "access_rules_set", "access_requested"]
            + AccessAct.allCases.map(\.deed.description) + ["access_reason_given"],
        unlikeTheirEntries: ["select school_id, id from access_unlike_its_entry"],
        settings: [pupilAccounts],
        toDo: [AccessTasks.toDo, AccessGrants.toApprove],
        duties: [
            DutyKind(
                kind: "access_task", words: "An account is to be given, moved or closed",
                link: "/v1/access-tasks?school_id={school}")
        ],
        reasonsAtTheGate: GateReasons(
            function: "access_at_the_gate",
            words: [
                GateReason(
                    code: suspension, words: "Access to it is suspended",
                    opening: "Those who suspend access can reinstate it",
                    told: suspenders + [.seniorLeader], hasGrace: false, isForTheSchool: false)
            ]),
        holds: [.access])

    /// What stands at the gate against whoever has what they would have suspended.
    static let suspension = "access_suspended"

    /// Those who look after accounts: they ask for others, and give.
    static let keepers: [Role] = [.office, .technician, .schoolAdministrator]

    /// Those of them who have the accounts themselves in hand: they freeze and delete (24.7).
    static let closers: [Role] = [.technician, .schoolAdministrator]

    /// Those who set the rules, and may end any access (24.7).
    static let rulers: [Role] = [.headteacher, .seniorLeader]

    /// Those who may suspend, and let it be used again (24.7).
    static let suspenders: [Role] = [.headteacher, .dsl, .deputyDSL]

    /// Those whom a school may have approve.
    static let approvers: [Role] = [
        .headteacher, .seniorLeader, .dsl, .deputyDSL, .onlineSafetyCoordinator, .office,
    ]

    /// Those who may know who has access to what; everybody else knows their own (section 25).
    static let readers: [Role] = [
        .onlineSafetyCoordinator, .dsl, .deputyDSL, .headteacher, .seniorLeader, .office, .dpo,
        .technician, .schoolAdministrator,
    ]

    static let admitted =
        readers.admitted(.accessOfSchool)
        + [Role].ofASchool.filter { !readers.contains($0) }.admitted(.ownAccess)

    private static let pupilAccounts = Setting(
        "pupil_accounts", "Accounts of pupils",
        """
        Whether pupils have accounts of their own: one on each platform, some, only such as the \
        school approves, or none. A system may be stricter (ACC-07, S-25).
        """,
        .word(PupilAccounts.allCases.map(\.rawValue)), usual: "some", stronger: .later)
}

extension Relation {
    static let accessOfSchool = Relation(
        "own school's access",
        "Who has access to what in the schools in which the post is held (section 25)."
    ) { _, schools in "access.school_id = any(\(schools))" }

    static let ownAccess = Relation(
        "own access", "The caller's own access (section 25)."
    ) { _, schools in
        """
        (
            access.school_id = any(\(schools))
            and caller_is(access.school_id, access.person_id))
        """
    }
}

extension Reach {
    /// The access that the caller may know of.
    var access: SQL { "(\(sql(.accessOfSchool)) or \(sql(.ownAccess)))" }

    /// The schools where they know of any.
    var schoolsOfAccess: [ID<School>] { schools(.accessOfSchool, or: .ownAccess) }
}
