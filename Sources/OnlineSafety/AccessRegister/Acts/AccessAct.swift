import JSON
import OpenAPI

/// What is done with somebody's access (24.7, ACC-14).
enum AccessAct: String, Words {
    case approved
    case refused
    case withdrawn
    case activated
    case suspended
    case reinstated
    case frozen
    case deleted
    case revoked
    case placed

    var label: String {
        switch self {
        case .approved: "Approved"
        case .refused: "Refused"
        case .withdrawn: "The request was withdrawn"
        case .activated: "Given"
        case .suspended: "Suspended"
        case .reinstated: "Reinstated"
        case .frozen: "The account was frozen"
        case .deleted: "The account was deleted"
        case .revoked: "Revoked"
        case .placed: "The account was put in another class"
        }
    }

    /// What the audit calls it.
    var deed: StaticString {
        switch self {
        case .approved: "access_approved"
        case .refused: "access_refused"
        case .withdrawn: "access_withdrawn"
        case .activated: "access_activated"
        case .suspended: "access_suspended"
        case .reinstated: "access_reinstated"
        case .frozen: "access_frozen"
        case .deleted: "access_deleted"
        case .revoked: "access_revoked"
        case .placed: "access_placed"
        }
    }

    /// Where it must stand for this to be done, by what was done before and by the day: what the
    /// gate shuts of itself may be suspended as well.
    ///
    /// As 24.7 has it, and besides: what was asked for may be refused, and withdrawn until it is
    /// given; the account of a leaver, or of whom time is over, is closed when it is over by itself
    /// (`expired`, `ended`); and what is suspended may be revoked, so that nobody must let it be
    /// used again before it is taken for good.
    var states: [AccessState] {
        switch self {
        case .approved, .refused: [.requested]
        case .withdrawn: [.requested, .approved]
        case .activated: [.approved]
        case .suspended: [.active]
        case .reinstated: [.suspended]
        case .frozen: [.active, .suspended, .expired, .ended]
        case .deleted: [.active, .suspended, .expired, .ended, .frozen]
        case .revoked: [.active, .suspended]
        case .placed: [.active, .suspended]
        }
    }

    /// Whether it makes use of an account possible, and so asks the gate.
    var opens: Bool { self == .activated || self == .reinstated }

    /// Whether the account is closed with it, which is for a leaver or whoever may not have it.
    var closes: Bool { self == .frozen || self == .deleted }

    /// Whether its reason may be somebody's story.
    var isConfidential: Bool { [.suspended, .reinstated, .revoked].contains(self) }
}

/// Something that was done with somebody's access.
struct AccessActDone: Codable, Exemplary {
    let act: AccessAct
    let fromOn: Day
    let untilOn: Day?
    let className: String?
    let doneBy: String
    let doneAt: Instant
    let reason: String?
    let incidentID: ID<Incident>?
    let agreementID: ID<Agreement>?

    static var example: AccessActDone {
        AccessActDone(
            act: .activated, fromOn: .example, untilOn: nil, className: "2B",
            doneBy: "Technician", doneAt: .example, reason: nil, incidentID: nil,
            agreementID: nil)
    }

    enum CodingKeys: String, FieldWords {
        case act, reason
        case fromOn = "from_on"
        case untilOn = "until_on"
        case className = "class_name"
        case doneBy = "done_by"
        case doneAt = "done_at"
        case incidentID = "incident_id"
        case agreementID = "agreement_id"

        var words: String {
            switch self {
            case .act: "What."
            case .fromOn: "From which day it holds."
            case .untilOn: "Of a suspension its last day, where it ends by itself."
            case .className: "In which class the account was put."
            case .doneBy: "Who did it."
            case .doneAt: "When."
            case .reason:
                "Why; of what was suspended, reinstated or revoked only for those who lead, and "
                    + "not for whom it concerns."
            case .incidentID: "The incident, for those to whom it is open."
            case .agreementID: "The agreement."
            }
        }
    }
}

/// Why something is done, and what it goes back to.
struct AccessReason: Body {
    let reason: Text<1000>
    let incidentID: ID<Incident>?
    let agreementID: ID<Agreement>?

    static let words = "Why something is done with somebody's access, and what it goes back to."
    static var example: AccessReason {
        AccessReason(reason: "As agreed with the DSL", incidentID: nil, agreementID: nil)
    }

    enum CodingKeys: String, FieldWords {
        case reason
        case incidentID = "incident_id"
        case agreementID = "agreement_id"

        var words: String {
            switch self {
            case .reason: "Why; the name of no child belongs in it."
            case .incidentID: "The incident that it goes back to, one that is open to the caller."
            case .agreementID: "The person's agreement that lapsed or was broken."
            }
        }
    }

    /// A reason for a time.
    struct Suspension: Body {
        let reason: Text<1000>
        let untilOn: Day?
        let incidentID: ID<Incident>?
        let agreementID: ID<Agreement>?

        static let schemaName = "AccessSuspension"
        static let words = "Why somebody's access is suspended, and until when."
        static var example: Suspension {
            Suspension(
                reason: "Loss of access for a time", untilOn: nil, incidentID: nil,
                agreementID: nil)
        }

        enum CodingKeys: String, FieldWords {
            case reason
            case untilOn = "until_on"
            case incidentID = "incident_id"
            case agreementID = "agreement_id"

            var words: String {
                switch self {
                case .untilOn: "The last day of it; until it is reinstated, when not given."
                case .reason: AccessReason.CodingKeys.reason.words
                case .incidentID: AccessReason.CodingKeys.incidentID.words
                case .agreementID: AccessReason.CodingKeys.agreementID.words
                }
            }
        }
    }
}
