/// The record of processing, of every area in the order of the contract.
extension Processing {
    static let incidents = Processing(
        code: "incidents", name: "Incidents",
        tables: [
            "action_answer", "agency_hold", "agency_hold_release", "agreement_breach",
            "broken_glass", "closure", "evidence", "incident", "incident_access",
            "incident_entry", "incident_link", "incident_move", "incident_subject",
            "incident_part", "incident_version", "incident_words", "involvement",
            "parents_decision", "receipt", "reopening", "report", "restriction", "unanswered",
        ],
        whose: [.pupils, .parents, .staff, .governors, .visitors, .others],
        data: "What happened online, to whom and by whom, what was decided and done about it.",
        purpose: "To keep children safe, and to show what was done.",
        basis: .legalObligation, special: .safeguarding,
        minimised: """
            Open to those posts only that need it, never to its subject; no picture, recording or \
            file is taken; figures leave without names and without small numbers.
            """)

    static let complaints = Processing(
        code: "complaints", name: "Complaints",
        tables: ["complaint", "complaint_act", "complaint_reporter", "complaint_subject"],
        whose: [.pupils, .parents, .staff, .governors, .visitors, .others],
        data: "Who complained of whom or what, what was done about it, and what came of it.",
        purpose: "That who complains is answered, and what is wrong is put right.",
        basis: .publicTask, special: .safeguarding,
        minimised: """
            Open to the post that has it, to the headteacher and, of child protection, to DSLs; \
            never to whom it is about. Who blew the whistle is sealed, for the receiver alone.
            """)

    static let intake = Processing(
        code: "intake", name: "Reports without an account",
        tables: ["intake_answer", "intake_key"], whose: [.callers],
        data: "The answer that a report got, for whoever sends it twice.",
        purpose: "That a report is filed once.", basis: .publicTask,
        minimised: "Who reported is held only where they said so, in the report.")

    static let notices = Processing(
        code: "notices", name: "Notices and their mail",
        tables: ["mail", "notice", "notice_acknowledgement"], whose: [.callers],
        data: "To whom it was said that there is something to look at, and when they answered.",
        purpose: "That nobody can say they were not told.", basis: .legalObligation,
        minimised: "A notice has a reference and a link: no name, and nothing of what happened.")

    static let people = Processing(
        code: "people", name: "People",
        tables: ["parent_link", "person", "person_edit", "person_version"],
        whose: [.pupils, .parents, .staff, .governors, .visitors],
        data: """
            Name, kind, class and year group, day of birth and number of a pupil, whose parent \
            somebody is and whether they may be in touch; mail address of a parent.
            """,
        purpose: "That what is recorded is recorded of the right person.", basis: .publicTask,
        minimised: "Of what an MIS holds only what the register uses; columns beyond are not read.")

    static let markers = Processing(
        code: "vulnerability_markers", name: "Vulnerability markers",
        tables: ["person_effect", "vulnerability_marker", "vulnerability_marker_end"],
        whose: [.pupils],
        data: "In what way a pupil is vulnerable, from when to when.",
        purpose: "That a child at risk is not shown online, and is supervised as they need.",
        basis: .publicTask, special: .safeguarding,
        minimised: "Staff are told what follows, and not why; no program reads a marker back.")

    static let chronologies = Processing(
        code: "chronologies", name: "Chronologies of children",
        tables: ["chronology_handover"],
        workedOutOf: [
            "incident", "incident_part", "agreement", "consent", "device_act", "register_entry",
            "vulnerability_marker", "person_version",
        ],
        whose: [.pupils],
        data: """
            All that is known of a pupil in one story, and to which school's DSL it was handed, \
            when and why.
            """,
        purpose: "That those who keep a child safe see the whole, also at the next school.",
        basis: .legalObligation, special: .safeguarding,
        minimised: """
            Only those who lead safeguarding and the headteacher put it together; what leaves the \
            school has no other child's name, and is kept nowhere.
            """)

    static let roster = Processing(
        code: "roster", name: "Batches of a roster",
        tables: [
            "roster_batch", "roster_change", "roster_fault", "roster_kept", "roster_link",
            "roster_link_change", "roster_row",
        ],
        whose: [.pupils, .parents, .staff, .governors, .visitors],
        data: "The rows of a file while it is read, and a digest of each until the next file; and "
            + "that it was, by whom, with what faults.",
        purpose: "To take a roster wholly or not at all.", basis: .publicTask,
        minimised: "The rows go when the file was applied, and within an hour where it broke off.")

    static let schools = Processing(
        code: "schools", name: "Schools and their settings",
        tables: [
            "calendar_version", "school", "school_day_version", "school_rule", "school_version",
            "setting", "trust", "trust_setting",
        ],
        whose: [.callers],
        data: "Who changed what a school or a trust says of itself, and when.",
        purpose: "That a change of the rules has an author.", basis: .publicTask,
        minimised: "The name of the author, and nothing else of them.")

    static let posts = Processing(
        code: "posts", name: "Posts",
        tables: [
            "access_review", "delegation", "leaving", "procedure_known", "proposal", "seat",
            "trust_seat",
        ],
        whose: [.staff, .governors],
        data: "Who holds, held or will hold which post, left when, and was reminded of what.",
        purpose: "That records are open to the right posts, and to nobody who has left.",
        basis: .legalObligation, minimised: "No reason why somebody left is asked.")

    static let signIn = Processing(
        code: "sign_in", name: "Accounts and sessions",
        tables: [
            "account", "calendar_link", "guess_count", "idempotency", "invitation",
            "monitoring_acknowledgement", "monitoring_notice", "recovery_code", "second_factor",
            "session", "sign_in_link", "suspected_attack",
        ],
        whose: [.callers],
        data: "Name, mail address, when and from which network address somebody logged in.",
        purpose: "That nobody opens the register but those whose post it is.",
        basis: .publicTask,
        minimised: """
            No password, code or link can be read back; a network address goes 90 days after the \
            session has ended.
            """)

    static let registers = Processing(
        code: "registers", name: "Small registers",
        tables: ["register_entry"], whose: [.pupils, .parents, .staff, .governors, .visitors],
        data: """
            Dated entries: who checked, approved, supervised or published what; who took part in a \
            videoconference that was recorded; and what became of a breach of personal data.
            """,
        purpose: "To show that what was promised was done.", basis: .publicTask,
        minimised: """
            Pupils are named in them only as having been recorded; a name in a text for the public \
            is refused.
            """)

    static let agreements = Processing(
        code: "agreements", name: "Agreements",
        tables: [
            "agreement", "agreement_audience", "agreement_campaign",
            "agreement_campaign_reminder", "agreement_clock", "agreement_copy",
            "agreement_decision", "agreement_end", "agreement_lapse_notice",
            "agreement_reminder", "agreement_signature",
            "agreement_template", "agreement_version", "organisation_agreement",
            "organisation_agreement_end", "organisation_link", "organisation_member",
            "organisation_signature", "signing_ask", "signing_link",
        ],
        whose: [.pupils, .parents, .staff, .governors, .visitors],
        data: "Which rules were put before somebody, and whether and when they signed them.",
        purpose: "To show who agreed to what, and to open what hangs on it.", basis: .publicTask,
        minimised: """
            The signature is the name as typed; of a paper it is held where it lies. A link tells \
            nothing of itself and is kept as a digest.
            """)

    static let consents = Processing(
        code: "consents", name: "Consents",
        tables: ["consent", "image_removal", "image_removal_end"],
        whose: [.pupils, .parents, .staff, .governors, .visitors],
        data: "What somebody said may be done with them, or with their child, and when.",
        purpose: "That it is done only while the answer is yes.", basis: .consent,
        minimised: "Whoever asks is answered yes or no; why not is for those who keep the answers.")

    static let inductions = Processing(
        code: "inductions", name: "Inductions",
        tables: ["induction_act"],
        whose: [.staff, .governors, .visitors],
        data: "What was done with somebody who was new, on which day, and who says so.",
        purpose: "To show that whoever works with pupils knew the rules from the start.",
        basis: .publicTask,
        minimised: """
            What was signed or answered is not written down again; how somebody did in a training \
            is not asked.
            """)

    static let training = Processing(
        code: "training", name: "Training",
        tables: [], workedOutOf: ["register_entry"],
        whose: [.staff, .governors, .visitors],
        data: """
            Who is due for which training; the records of it are a register, see there.
            """,
        purpose: "To show that whoever works with pupils is trained, and when it is due again.",
        basis: .publicTask,
        minimised: "How somebody did in a training is not asked.")

    static let governorReports = Processing(
        code: "governor_reports", name: "Reports to governors",
        tables: ["governor_report"],
        whose: [.governors, .staff],
        data: "How many incidents of a kind there were, and who was to receive that.",
        purpose: "To let governors know how safe pupils are online, without knowing who.",
        basis: .publicTask,
        minimised: "No name of anybody on roll; small numbers are suppressed, for ever.")

    static let access = Processing(
        code: "access", name: "Access to systems",
        tables: [
            "access_act", "access_grant", "access_reason", "access_system", "access_system_rule",
        ],
        whose: [.pupils, .parents, .staff, .governors, .visitors],
        data: """
            To which systems somebody has or had access, how far, at whose word, and why it was \
            suspended or ended.
            """,
        purpose: "To show who was given access, and to close an account that is not needed.",
        basis: .publicTask,
        minimised: """
            No password and no name of an account is held; why access was suspended is for those \
            who lead.
            """)

    static let reviews = Processing(
        code: "reviews", name: "Reviews and actions",
        tables: [
            "planned_action", "planned_action_act", "review", "review_act",
        ],
        whose: [.staff, .governors],
        data: "What was reviewed, who was there and what was found, and who is to do what.",
        purpose: "To show that what was promised is looked at, and that findings are acted on.",
        basis: .publicTask,
        minimised: """
            No text names anybody of the roster; governors learn posts, and no name but their own.
            """)

    static let devices = Processing(
        code: "devices", name: "Devices",
        tables: ["device", "device_act", "device_hold_act"],
        whose: [.pupils, .parents, .staff, .governors, .visitors],
        data: """
            Who has or had which device of the school's, whose own device was permitted or \
            refused, and what became of each.
            """,
        purpose: "To know where devices and the data on them are, and which may be used where.",
        basis: .publicTask,
        minimised: """
            No key, password or content of a device is held; why one is kept as evidence is for \
            the DSLs and the headteacher, and never for whose it is.
            """)

    static let policies = Processing(
        code: "policies", name: "Policy documents",
        tables: [
            "policy", "policy_act", "policy_entry", "policy_receipt", "policy_round",
            "policy_version",
        ],
        whose: [.staff, .governors, .visitors],
        data: "What policies say, who wrote and approved them, who was given and read them.",
        purpose: "That everybody knows the rules, and that those who answer for them agreed.",
        basis: .publicTask,
        minimised: "A policy names posts and nobody; who acknowledged it is for the office.")

    static let audit = Processing(
        code: "audit", name: "The audit", tables: ["event"], whose: [.callers],
        data: "Who changed, read or was refused what, in which post, and when.",
        purpose: "That every deed has an author, and every reading is known.",
        basis: .legalObligation,
        minimised: "An entry names records by their ids and holds nothing of their text.")

    static let clients = Processing(
        code: "clients", name: "Programs that ask",
        tables: ["client", "client_secret", "client_token"], whose: [.callers],
        data: "Who registered a program, and when it last asked.",
        purpose: "That each program has an owner who answers for it.", basis: .publicTask,
        minimised: "Of a secret or a token a digest is held.")
}
