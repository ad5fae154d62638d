import JSON
import Postgres

/// That it is investigated, and by whom (INC-28).
enum Investigation: CasePartKind {
    static let part = CasePart(
        kind: "investigation", path: "investigations",
        words: """
            That an incident is investigated, and by whom: a senior member of staff, and nobody \
            whom it is about (INC-28). From then on it stands as being investigated.
            """,
        isFinal: true, act: .investigation,
        fields: [
            .person("investigator", "Who investigates it.", needed: true, holding: .investigators),
            .prose("words", "What is to be found out.", as: "Who made the account, and when"),
        ],
        standsAgainst: { said, incident, tx in
            let found = try await tx.run(
                """
                select from person_listed as investigator
                where investigator.school_id = \(incident.school)
                    and investigator.id = \(said.text("investigator_id"))::text::uuid
                    and (
                        is_subject(\(incident.school), \(incident.id), investigator._account_id)
                        or exists (
                            select from involvement_shown as involved
                            where involved.school_id = investigator.school_id
                                and involved._incident_id = \(incident.id)
                                and involved.person_id = investigator.id
                                and 'alleged' = any (involved.parts)))
                """)
            guard !found.isEmpty else { return [] }
            return [
                Fault(
                    pointer: "/investigator_id", code: "is_its_subject",
                    detail: "Nobody investigates what is about themselves")
            ]
        })
}

/// What an investigation found (INC-28).
enum InvestigationFindings: CasePartKind {
    static let part = CasePart(
        kind: "findings", path: "findings",
        called: "the findings",
        words: """
            What an investigation found, by which facts, and whether mediation is a way (INC-28). \
            From then on it is acted on.
            """,
        isFinal: true, act: .finding,
        fields: [
            .prose(
                "facts", "Which facts were reviewed.", needed: true,
                as: "The messages as the phone's owner showed them; the filter's log of the day"),
            .prose(
                "words", "What was found.", needed: true,
                as: "Two pupils made the account together, as a joke that went too far"),
            .word(
                "mediation", Mediation.self, "Whether mediation is a way.", needed: true),
        ])
}

/// Whether mediation is a way.
enum Mediation: String, Words {
    case notApt = "not_apt"
    case offered
    case agreed
    case declined

    var label: String {
        switch self {
        case .notApt: "It is no way here"
        case .offered: "It was offered"
        case .agreed: "It was agreed to"
        case .declined: "It was declined"
        }
    }
}

/// A meeting because of an incident, with what it covered (INC-28, CMP-06, PRC-06).
enum CaseMeeting: CasePartKind {
    static let part = CasePart(
        kind: "case_meeting", path: "meetings",
        words: """
            A meeting because of an incident: with whom, what it covered, and what came of it \
            (INC-28). Of negative comments the form wants five points to be covered (PRC-06), and \
            a second meeting where they go on (PRC-07).
            """,
        fields: [
            .moment("happened_at", "When it was held.", needed: true),
            .line("with", "With whom.", needed: true, as: "Both parents, and the head of Year 5"),
            .words("covered", MeetingPoint.self, "Which points were covered."),
            .prose(
                "words", "What was said, and what was agreed.", needed: true,
                as: "They take the post down today, and come to us first from now on"),
        ])
}

/// What a meeting about negative comments covers (PRC-06).
enum MeetingPoint: String, Words {
    case seriousness
    case removal
    case grievance
    case nextSteps = "next_steps"
    case complaintsProcedure = "complaints_procedure"

    var label: String {
        switch self {
        case .seriousness: "How serious it is, and what it did"
        case .removal: "That it be removed"
        case .grievance: "What grievance lies behind it"
        case .nextSteps: "What both sides do next"
        case .complaintsProcedure: "By which procedure to complain"
        }
    }
}

/// Something done that the school's policy prohibits by name (INC-27, appendix 3 of the matrix).
enum ProhibitedBehaviour: CasePartKind {
    static let part = CasePart(
        kind: "prohibited_behaviour", path: "prohibited-behaviours",
        words: """
            Which behaviours that the policy prohibits by name were found. Each obliges a decision \
            whether the police are involved (INC-27).
            """,
        fields: [
            .words("behaviours", Behaviour.self, "Which.", needed: true),
            .prose("words", "By what it is so.", as: "The chat calls for others to join in"),
        ])
}

/// The catalogue of prohibited behaviours (appendix 3 of the matrix).
enum Behaviour: String, Words {
    case imagesOfChildren = "images_of_children"
    case imagesOfVulnerableAdults = "images_of_vulnerable_adults"
    case obscenePublications = "obscene_publications"
    case promotingDiscrimination = "promoting_discrimination"
    case promotingHatred = "promoting_hatred"
    case promotingIllegalActs = "promoting_illegal_acts"
    case disrepute
    case revealingConfidences = "revealing_confidences"
    case interferingWithNetwork = "interfering_with_network"
    case unsolicitedCommerce = "unsolicited_commerce"
    case privateBusiness = "private_business"
    case threatening
    case interferingWithAccounts = "interfering_with_accounts"
    case prohibitedSoftware = "prohibited_software"
    case defamatory
    case breachOfLaw = "breach_of_law"
    case photographsOnSites = "photographs_on_sites"

    var label: String {
        switch self {
        case .imagesOfChildren: "Indecent images of children, real or drawn"
        case .imagesOfVulnerableAdults: "Indecent images of vulnerable adults"
        case .obscenePublications: "Adult material against the Obscene Publications Act"
        case .promotingDiscrimination: "Promoting discrimination"
        case .promotingHatred: "Promoting hatred"
        case .promotingIllegalActs: "Promoting illegal acts: abuse, violence, bombs, drugs, piracy"
        case .disrepute: "Material that brings the school or a person into disrepute"
        case .revealingConfidences: "Revealing what is confidential or somebody's own"
        case .interferingWithNetwork: "Interfering with the connection, or spreading viruses"
        case .unsolicitedCommerce: "Unsolicited commercial matter"
        case .privateBusiness: "A private business on the school's equipment or network"
        case .threatening: "Intimidating, threatening or causing harm"
        case .interferingWithAccounts: "Interfering with others' accounts"
        case .prohibitedSoftware: "Prohibited software or hardware"
        case .defamatory: "Defamatory, discriminatory, offensive or harassing content"
        case .breachOfLaw: "Breach of data protection, confidentiality or copyright"
        case .photographsOnSites: "Photographs related to the school on any site"
        }
    }
}

/// That hatred or discrimination was in it, and of which kind (INC-26).
enum Discrimination: CasePartKind {
    static let part = CasePart(
        kind: "discrimination", path: "discriminations",
        called: "discrimination",
        words:
            "Which protected characteristics a hateful or discriminating incident was against "
            + "(INC-26).",
        fields: [
            .words("against", Characteristic.self, "Against which.", needed: true),
            .prose("words", "By what it is so.", as: "The name that was used in the chat"),
        ])
}

/// The protected characteristics that source 001 lists, and disability, which the law adds.
enum Characteristic: String, Words {
    case genderReassignment = "gender_reassignment"
    case sex
    case pregnancyAndMaternity = "pregnancy_and_maternity"
    case race
    case religion
    case sexualOrientation = "sexual_orientation"
    case age
    case maritalStatus = "marital_status"
    case disability

    var label: String {
        switch self {
        case .genderReassignment: "Gender identity and reassignment"
        case .sex: "Gender or sex"
        case .pregnancyAndMaternity: "Pregnancy and maternity"
        case .race: "Race"
        case .religion: "Religion or belief"
        case .sexualOrientation: "Sexual orientation"
        case .age: "Age"
        case .maritalStatus: "Marital status or civil partnership"
        case .disability: "Disability"
        }
    }
}

extension [Role] {
    /// The senior members of staff who investigate.
    static let investigators: [Role] = [
        .seniorLeader, .headteacher, .dsl, .deputyDSL, .onlineSafetyCoordinator,
        .chairOfGovernors,
    ]
}
