/// Whom a report concerns. It decides who is told, before anybody reads the description.
enum Concern: String, Words {
    case child
    case staff
    case headteacher
    case dsl
    case deputyDSL = "deputy_dsl"
    case governor
    case unsure

    var label: String {
        switch self {
        case .child: "A child, or several"
        case .staff: "Another member of staff, a volunteer or another adult at the school"
        case .headteacher: "The headteacher"
        case .dsl: "The designated safeguarding lead"
        case .deputyDSL: "A deputy designated safeguarding lead"
        case .governor: "A governor"
        case .unsure: "I am not sure, or would rather not say"
        }
    }
}

/// What a report is about (INC-09 to INC-13): beside whom it concerns, it decides who is told.
enum Matter: String, Words {
    case event
    case pattern
    case communication
    case visitorBreach = "visitor_breach"
    case allegation
    case whistleblowing
    case outsideSchool = "outside_school"

    var label: String {
        switch self {
        case .event: "Something that happened"
        case .pattern: "A pattern that is worrying, rather than one event"
        case .communication: "An offensive or suspect message, e-mail or attachment"
        case .visitorBreach: "A visitor or contractor broke the rules for phones or devices"
        case .allegation: "Confidential: an allegation against an adult"
        case .whistleblowing: "Confidential: whistleblowing, known by name to the receiver alone"
        case .outsideSchool: "Unsafe use outside school"
        }
    }

    /// What it is about is an adult's conduct, and cannot wait.
    var isConfidential: Bool { self == .allegation || self == .whistleblowing }
}

/// What happened, by the tick-boxes of source 001's Appendix I (matrix, appendix 2).
enum IncidentType: String, Words {
    case ageInappropriate = "age_inappropriate"
    case chainThreatening = "chain_threatening"
    case cyberbullying
    case hate
    case sextingIIOC = "sexting_iioc"
    case grooming
    case pornographic
    case violent
    case accountImpersonation = "account_impersonation"
    case accountMisuse = "account_misuse"
    case imagesNoPermission = "images_no_permission"
    case disrepute
    case gambling
    case bypassSecurity = "bypass_security"
    case hackingViruses = "hacking_viruses"
    case terrorist
    case drugBomb = "drug_bomb"
    case copyright
    case auaBreachOther = "aua_breach_other"
    case other

    var label: String {
        switch self {
        case .ageInappropriate: "Accessing age-inappropriate websites, apps or social media"
        case .chainThreatening: "Forwarding chain messages or threatening material"
        case .cyberbullying: "Online bullying or harassment"
        case .hate: "Racist, sexist, homophobic, religious or other hate material"
        case .sextingIIOC: "Sexting or child abuse images"
        case .grooming: "Grooming"
        case .pornographic: "Accessing, sharing or creating pornographic images or media"
        case .violent: "Accessing, sharing or creating violent images or media"
        case .accountImpersonation: "Creating an account in someone else's name"
        case .accountMisuse: "Using someone else's account without permission"
        case .imagesNoPermission: "Posting images without everybody's permission"
        case .disrepute: "Posting what brings a person or the school into disrepute"
        case .gambling: "Online gambling"
        case .bypassSecurity: "Deliberately bypassing security"
        case .hackingViruses: "Hacking or spreading viruses"
        case .terrorist: "Accessing or sharing terrorist material"
        case .drugBomb: "Material about making drugs or bombs"
        case .copyright: "Breaching copyright"
        case .auaBreachOther: "Another breach of the acceptable use agreement"
        case .other: "Something else, which the record specifies"
        }
    }

    /// Those that cannot wait, whatever else the report says.
    var isGrave: Bool { [.sextingIIOC, .grooming, .terrorist].contains(self) }
}

/// How the concern arrived (INC-07).
enum Channel: String, Words {
    case form
    case verbal
    case reportTool = "report_tool"
    case filterAlert = "filter_alert"
    case monitoringCheck = "monitoring_check"
    case parent
    case otherSetting = "other_setting"
    case expressionOfConcern = "expression_of_concern"
    case intake

    var label: String {
        switch self {
        case .form: "By this form"
        case .verbal: "Told to a member of staff"
        case .reportTool: "By the report button on a pupil's device"
        case .filterAlert: "By an alert of the filter"
        case .monitoringCheck: "In a check of monitoring"
        case .parent: "By a parent or carer"
        case .otherSetting: "By another school or setting"
        case .expressionOfConcern: "On an Expression of Concern form"
        case .intake: "By intake, from somebody without an account"
        }
    }
}

/// Where it took place; both may be given (INC-02).
enum Location: String, Words {
    case insideSchool = "inside_school"
    case outsideSchool = "outside_school"

    var label: String {
        switch self {
        case .insideSchool: "Inside school"
        case .outsideSchool: "Outside school"
        }
    }
}

/// Whether it was meant (INC-08).
enum Intent: String, Words {
    case accidental
    case deliberate
    case attempted
    case unknown

    var label: String {
        switch self {
        case .accidental: "By accident"
        case .deliberate: "On purpose"
        case .attempted: "Tried, but did not succeed"
        case .unknown: "Not known"
        }
    }
}

/// The four groups of the reporting form (INC-03).
enum PersonGroup: String, Words {
    case child
    case staff
    case parent
    case other

    var label: String {
        switch self {
        case .child: "Child or young person"
        case .staff: "Member of staff"
        case .parent: "Parent or carer"
        case .other: "Somebody else"
        }
    }
}

/// A person's part in what happened; the same person may have several (INC-25).
enum Part: String, Words {
    case target
    case alleged
    case witness
    case other

    var label: String {
        switch self {
        case .target: "It happened to them"
        case .alleged: "They are said to have done it"
        case .witness: "They saw it or heard of it"
        case .other: "Another part"
        }
    }
}

/// Where a record, or a reporter's receipt for it, stands.
enum IncidentStatus: String, Words {
    case reported
    case triaged
    case loggedOnly = "logged_only"
    case investigating
    case acting
    case debrief
    case closed
    case received
    case seen
    case recorded
    case actedOn = "acted_on"
    case passedOn = "passed_on"

    /// Where a record can stand; the others are how far a receipt has come.
    static let ofARecord: [IncidentStatus] = ofWork + [.closed]

    /// That something is not done while a record stands so, by the codes of faults.
    static let standsAgainst = Dictionary(
        uniqueKeysWithValues: ofARecord.map { status in
            ("not_while_\(status.rawValue)", "Not while the incident stands so: \(status.label)")
        })

    /// While it is worked on.
    static let ofWork: [IncidentStatus] = [
        .reported, .triaged, .loggedOnly, .investigating, .acting, .debrief,
    ]

    var label: String {
        switch self {
        case .reported: "Reported, and not yet assessed"
        case .triaged: "Assessed; somebody leads it"
        case .loggedOnly: "Logged; nothing more is needed"
        case .investigating: "Being investigated"
        case .acting: "Being acted on"
        case .debrief: "Done, and looked back upon"
        case .closed: "Closed"
        case .received: "Received; nobody has acknowledged it yet"
        case .seen: "Seen by somebody whom it was sent to"
        case .recorded: "Assessed and put on record"
        case .actedOn: "Acted on"
        case .passedOn: "Passed on to those outside who must know"
        }
    }
}

/// How soon somebody must look.
enum Urgency: String, Words {
    case urgent
    case normal

    var label: String {
        switch self {
        case .urgent: "At once"
        case .normal: "As soon as possible"
        }
    }
}
