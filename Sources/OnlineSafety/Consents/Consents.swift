import Postgres

/// What parents have said may be done with their children, and adults with themselves; and what may
/// be done today (CON-01 to CON-08).
enum Consents {
    static let area = Area(
        name: "Consents",
        words: "Who said what may be done with whom; and what may be done today.",
        routes: CheckingConsents.routes + RecordingConsents.routes + RecordingConsents.batches
            + AnsweringByLink.routes + ListingConsents.routes + ImageRemovals.routes
            + ConsentRule.routes,
        conflicts: [
            "consent_is_corrected_once": "It has been corrected already: correct that.",
            "image_removal_is_completed_once": "It is done already.",
        ],
        faults: ConsentFault.words.merging(ImageRemovals.words) { $1 },
        vocabularies: [
            Vocabulary("consent_purposes", ConsentPurpose.self),
            Vocabulary("consent_answers", ConsentWord.self),
            Vocabulary("consent_ways", ConsentWay.self),
            Vocabulary("consent_codes", ConsentCode.self),
            Vocabulary("identification_rules", IdentificationRule.self),
            Vocabulary("image_removal_outcomes", ImageRemoval.Outcome.self),
        ],
        deeds: [
            "consent_recorded", "consent_corrected", "consent_rule_set", "image_removal_opened",
            "image_removal_completed",
        ],
        unlikeTheirEntries: ["select school_id, id from consent_unlike_its_entry"],
        settings: settings + reasonsAtTheGate.words.filter(\.isForTheSchool).flatMap(\.settings),
        toDo: [ImageRemovals.toDo],
        duties: [
            DutyKind(
                kind: "consent_to_seek",
                words: "Nobody was asked yet what may be done with a pupil",
                link: "/v1/consents-sought?school_id={school}"),
            DutyKind(
                kind: "image_removal", words: "Images of somebody are to be removed",
                link: "/v1/image-removals?school_id={school}&is_open=true"),
        ],
        chronology: [.ofConsents],
        reasonsAtTheGate: reasonsAtTheGate,
        holds: [.consents])

    /// Those who enter what was answered (section 25).
    static let keepers: [Role] = [.dsl, .deputyDSL, .office]

    /// Those who may know what was answered, and why not; everybody else knows their own.
    static let readers: [Role] =
        keepers + [.onlineSafetyCoordinator, .headteacher, .seniorLeader, .dpo]

    /// Those of them who must obey the answer. Whoever protects data reads what was answered; what
    /// may be done would tell them beside it of a marker (section 25).
    static let obeyers = readers.filter { $0 != .dpo }

    /// All who must obey the answer.
    static let askers: [Role] = obeyers + [.staff]

    static let readingAdmitted = admitted(readers)
    static let keepingAdmitted = admitted(keepers)

    private static func admitted(_ roles: [Role]) -> [Admission] {
        roles.admitted(.consentsOfSchool)
            + [Role].ofASchool.filter { !roles.contains($0) }.admitted(.ownConsents)
    }

    private static let reasonsAtTheGate = GateReasons(
        function: "consents_at_the_gate",
        words: [
            GateReason(
                code: "consent_missing",
                words: "A consent that the school asks for is not given, or has lapsed",
                opening: "Ask those with parental responsibility", told: readers),
            GateReason(
                code: "consent_refused", words: "A consent was refused or withdrawn",
                opening: "Only those who said so can say otherwise", told: readers,
                hasGrace: false),
            GateReason(
                code: "videoconference_not_allowed",
                words: "A consent for it, or for images, is not there, or the school withholds it",
                opening: "Read their consents, and ask those who said so, or who lead safeguarding",
                told: obeyers, hasGrace: false, isForTheSchool: false),
            GateReason(
                code: "not_approved_for_images",
                words: "They are not among those approved to reach stored images of pupils",
                opening: "Have a DSL or the headteacher approve them", hasGrace: false,
                isForTheSchool: false),
        ])

    private static let settings = [
        Setting(
            "vulnerable_off_platform", "Vulnerable children and the learning platform",
            """
            Whether photographs of every child who has a vulnerability marker stay off the \
            learning platform, whatever the parents say (CON-06).
            """,
            .flag, usual: true, stronger: .true),
        Setting(
            "image_removal_days", "Time to remove images",
            """
            Within how many days images are removed that are allowed no more (CON-10).
            """,
            .number(0...90, of: "days"), usual: 5, stronger: .less),
        Setting(
            "identification_in_images", "How pupils may be known in images",
            """
            As staff judge; never by name; never by name, and in groups rather than full face; \
            or so that nobody is easily known (CON-12).
            """,
            .word(IdentificationRule.allCases.map(\.rawValue)),
            usual: "no_names_in_groups", stronger: .later),
        Setting(
            "pupils_upload_photographs", "Pupils' photographs on the learning platform",
            "Whether pupils may upload photographs: freely, with permission, or not (CON-14).",
            .word(["yes", "with_permission", "no"]), usual: "no", stronger: .later),
    ]
}

extension Relation {
    static let consentsOfSchool = Relation(
        "own school's consents",
        "What was answered about persons of the schools in which the post is held (section 25)."
    ) { _, schools in "consent.school_id = any(\(schools))" }

    static let ownConsents = Relation(
        "own consents", "What the caller has answered about themselves (CON-11)."
    ) { _, schools in
        """
        (
            consent.school_id = any(\(schools))
            and caller_is(consent.school_id, consent.person_id))
        """
    }

    static let consentAnswers = Relation(
        "own school's consent answers",
        "Whether something may be done with persons of the schools in which the post is held, "
            + "and never why not (section 25)."
    ) { _, schools in "person.school_id = any(\(schools))" }
}

extension Reach {
    /// What was answered that the caller may read, or correct.
    var consents: SQL { "(\(sql(.consentsOfSchool)) or \(sql(.ownConsents)))" }

    /// The school of somebody about whom the caller may ask here; `nil` where there is nobody.
    func school(
        of person: ID<Person>, in tx: Transaction
    ) async throws -> (id: ID<School>, isCallers: Bool)? {
        let found = try await tx.run(
            """
            select consent.school_id, caller_is(consent.school_id, consent.person_id) as is_callers
            from (select person.school_id, person.id as person_id from person) as consent
            where consent.person_id = \(person) and \(consents)
            """)
        return found.uuid(0, "school_id").map {
            (id: ID($0), isCallers: found.bool(0, "is_callers") == true)
        }
    }
}
