import Postgres

/// What people agree to: the texts, to whom each is put, and who agreed to what.
enum Agreements {
    static let area = Area(
        name: "Agreements",
        words: "The rules to which people agree, and who agreed to them.",
        routes: AgreementTemplates.routes + AgreementVersions.routes + SigningAgreements.routes
            + ListingAgreements.routes + Campaigns.routes + SigningLinks.routes
            + SigningByLink.routes + PaperReturns.routes + CheckingAgreements.routes,
        conflicts: [
            "agreement_template_name_is_unique": "The school has a template of this name.",
            "agreement_version_has_a_number": "Somebody else drafted one just now.",
            "agreement_draft_is_written_once_at_a_time": "Somebody else wrote at it just now.",
            "agreement_version_is_decided_once": "Somebody else decided this just now.",
            "agreement_audience_is_set_once_at_a_time": "Somebody else set this just now.",
            "agreement_is_issued_once_at_a_time": "Somebody else issued it just now.",
            "agreement_is_signed_once_by_each": "This signer has signed it already.",
            "agreement_ends_once": "Somebody else ended it just now.",
        ],
        faults: SigningLinks.words.merging(Campaigns.words) { $1 }
            .merging(OpenedAgreement.words) { $1 },
        vocabularies: [
            Vocabulary("agreement_forms", AgreementForm.self),
            Vocabulary("signers", Signers.self),
            Vocabulary("agreement_parts", AgreementPart.self),
            Vocabulary("signature_fields", SignatureField.self),
            Vocabulary("agreement_variants", VariantKind.self),
            Vocabulary("agreement_version_states", AgreementVersionState.self),
            Vocabulary("agreement_states", AgreementState.self),
            Vocabulary("signings", Signing.self),
            Vocabulary("signing_link_statuses", SigningLink.Status.self),
            Vocabulary("signing_link_endings", SigningLink.Ending.self),
        ],
        deeds: [
            "agreement_template_made", "agreement_audience_set", "agreement_drafted",
            "agreement_rewritten", "agreement_approved", "agreement_published",
            "agreement_withdrawn", "agreement_issued", "agreement_signed", "agreement_refused",
            "agreement_signature_withdrawn", "agreement_revoked", "agreement_campaign_run",
            "signing_link_sent", "signing_link_revoked", "signing_link_asked",
            "agreement_campaign_reminded", "agreement_reminded",
        ],
        unlikeTheirEntries: ["select school_id, id from agreement_unlike_its_entry"],
        settings: settings + Issuing.settings + reasonsAtTheGate.words.flatMap(\.settings),
        toDo: [toSign, Issuing.toDo],
        duties: [
            DutyKind(
                kind: "agreement_to_sign", words: "An agreement is to be signed, or again",
                link: "/v1/agreements?school_id={school}&person_id={person}")
        ],
        chronology: [.ofAgreements],
        reasonsAtTheGate: reasonsAtTheGate,
        holds: [.agreements])

    /// Those who write the rules (section 25).
    static let writers: [Role] = [.onlineSafetyCoordinator, .dsl, .deputyDSL, .headteacher]

    /// Everybody of a school may know what is in force.
    static let readers = [Role].ofASchool.filter { !writers.contains($0) }

    /// Those who may know who agreed to what; everybody else knows their own.
    static let keepers: [Role] = [.onlineSafetyCoordinator, .office]
    static let overseers: [Role] = [
        .dsl, .deputyDSL, .headteacher, .seniorLeader, .dpo,
    ]
    static let admitted =
        (keepers + overseers).admitted(.agreementsOfSchool)
        + [Role].ofASchool.filter { !(keepers + overseers).contains($0) }.admitted(.ownAgreements)

    /// What the caller themselves has still to sign.
    private static let toSign = ToDo(
        kind: "agreement_to_sign", words: "An agreement that I have still to sign",
        roles: .ofASchool, link: "/v1/agreements?school_id={school}&person_id={me}"
    ) { caller, schools in
        """
        select person.school_id, standing.due_on
        from person
        cross join lateral agreements_on(
            person.school_id, array[person.id], london_today()) as standing
        where person.account_id = \(caller.account) and person.school_id = any(\(schools))
            and is_still_to_sign(
                person.school_id, person.id, standing.agreement_id, standing.state, standing.rules)
        order by standing.due_on
        """
    }

    private static let reasonsAtTheGate = GateReasons(
        function: "agreements_at_the_gate",
        words: [
            GateReason(
                code: "agreement_unsigned", words: "An agreement is not signed",
                opening: "Have it issued, and sign it", told: keepers + overseers,
                toldAs: "agreement_unsigned"),
            GateReason(
                code: "agreement_lapsed",
                words: "What was signed has expired, or a new version is in force",
                opening: "Sign the version in force"),
            GateReason(
                code: "agreement_wanting",
                words: "The school puts no agreement about the internet to people of this kind",
                opening: "Put one to them: whoever is not employed signs before using it"),
            GateReason(
                code: "agreement_refused",
                words: "An agreement was refused, withdrawn or revoked",
                opening: "The school must issue it anew", told: keepers + overseers,
                toldAs: "agreement_unsigned", hasGrace: false),
        ])

    private static let settings = [
        Setting(
            "agreement_grace_days", "Grace for a new version",
            """
            For how many days what was signed before still holds when a new version is in force \
            (24.3).
            """,
            .number(0...90, of: "days"), usual: 14, stronger: .less),
        Setting(
            "agreement_contact", "Whom to ask about an agreement",
            "Who is named where an agreement says whom to ask what it means (AGR-05).",
            .posts([.onlineSafetyCoordinator, .dsl, .deputyDSL, .headteacher, .office]),
            usual: ["online_safety_coordinator"], stronger: nil),
        Setting(
            "signing_link_days", "How long a signing link holds",
            "For how many days a link opens by which a parent or a pupil signs (AGR-07).",
            .number(1...90, of: "days"), usual: 30, stronger: .less),
        Setting(
            "agreement_reminder_days", "When those are reminded who have not signed",
            """
            So many days before what was put before people is due those are told who have not \
            signed, and again the day after it was (AGR-22, NOT-05); 0: only when somebody \
            reminds them.
            """,
            .number(0...30, of: "days"), usual: 3, stronger: .more),
        Setting(
            "parents_sign_alone", "Where a parent's signature suffices",
            """
            Up to which phase a parent signs for the child, where the rules ask for both: for the \
            youngest that is usual.
            """,
            .word(["key_stage_2", "key_stage_1", "eyfs", "nobody"]), usual: "nobody",
            stronger: .later),
    ]
}

extension Relation {
    static let ownAgreementTexts = Relation(
        "own school's agreement texts",
        "Templates and versions of the schools in which the post is held, drafts too (section 25)."
    ) { _, schools in "text.school_id = any(\(schools))" }

    static let publishedAgreementTexts = Relation(
        "own school's published agreements",
        "What was published in the schools in which the post is held (section 25)."
    ) { _, schools in "(text.school_id = any(\(schools)) and text.effective_on is not null)" }
}

extension Relation {
    static let agreementsOfSchool = Relation(
        "own school's agreements",
        "Who agreed to what in the schools in which the post is held (section 25)."
    ) { _, schools in "agreement.school_id = any(\(schools))" }

    static let ownAgreements = Relation(
        "own agreements", "What was put before the caller (section 25)."
    ) { _, schools in
        """
        (
            agreement.school_id = any(\(schools))
            and caller_is(agreement.school_id, agreement.person_id))
        """
    }
}

extension Reach {
    /// The agreements that the caller may read.
    var agreements: SQL {
        "(\(sql(.agreementsOfSchool)) or \(sql(.ownAgreements)))"
    }

    /// Whether the caller puts agreements before others, and enters what they signed.
    func keeps(at school: ID<School>) -> Bool {
        caller.seats.contains { $0.school == school && Agreements.keepers.contains($0.role) }
    }

    /// Whether the caller revokes agreements, and says that somebody may sign again.
    func mayRevoke(at school: ID<School>) -> Bool {
        caller.seats.contains {
            $0.school == school && [.headteacher, .dsl, .deputyDSL].contains($0.role)
        }
    }

    /// The texts that the caller may read.
    var agreementTexts: SQL {
        "(\(sql(.ownAgreementTexts)) or \(sql(.publishedAgreementTexts)))"
    }
}
