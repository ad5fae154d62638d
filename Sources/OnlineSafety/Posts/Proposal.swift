import JSON
import OpenAPI
import Postgres

/// A change that waits for a second person, because it alters who receives a report about its
/// author.
struct Proposal: Resource {
    static let isTagged = false

    let id: ID<Proposal>
    let schoolID: ID<School>
    let kind: Kind
    let setting: String?
    let value: JSONValue?
    let role: Role?
    let personID: ID<Person>?
    let who: String?
    let postID: ID<Post>?
    let fromOn: Day?
    let untilOn: Day?
    let proposedBy: String
    let proposedAt: Instant
    let expiresAt: Instant
    let status: Status
    let decidedBy: String?
    let decidedAt: Instant?

    static let words = "A change that waits for a second person, or that was decided."
    static var example: Proposal {
        Proposal(
            id: .example, schoolID: .example, kind: .ending, setting: nil, value: nil,
            role: .chairOfGovernors, personID: .example, who: "Nadia Rahman", postID: .example,
            fromOn: nil, untilOn: .example, proposedBy: "Maya Lewis", proposedAt: .example,
            expiresAt: .example, status: .waiting, decidedBy: nil, decidedAt: nil)
    }

    /// What is proposed.
    enum Kind: String, Words {
        case setting
        case appointment
        case ending
        case leaving

        var label: String {
            switch self {
            case .setting: "A setting"
            case .appointment: "An appointment"
            case .ending: "The end of a post"
            case .leaving: "That somebody leaves"
            }
        }
    }

    /// How it stands.
    enum Status: String, Words {
        case waiting
        case confirmed
        case refused
        case withdrawn
        case expired

        var label: String {
            switch self {
            case .waiting: "It waits for a second person"
            case .confirmed: "Confirmed, and made"
            case .refused: "Refused"
            case .withdrawn: "Withdrawn by its author"
            case .expired: "Nobody decided it in time"
            }
        }
    }

    enum CodingKeys: String, FieldWords {
        case id, kind, setting, value, role, who, status
        case schoolID = "school_id"
        case personID = "person_id"
        case postID = "post_id"
        case fromOn = "from_on"
        case untilOn = "until_on"
        case proposedBy = "proposed_by"
        case proposedAt = "proposed_at"
        case expiresAt = "expires_at"
        case decidedBy = "decided_by"
        case decidedAt = "decided_at"

        var words: String {
            switch self {
            case .id: "The proposal."
            case .kind: "What is proposed."
            case .setting: "The setting."
            case .value: "Its value."
            case .role: "The role of the post."
            case .who: "Whose post it is."
            case .status: "How it stands."
            case .schoolID: "The school."
            case .personID: "The person."
            case .postID: "The post that is to end."
            case .fromOn: "From when."
            case .untilOn: "Until when."
            case .proposedBy: "Who proposed it."
            case .proposedAt: "When."
            case .expiresAt: "Until when it can be decided."
            case .decidedBy: "Who decided it."
            case .decidedAt: "When."
            }
        }
    }
}

/// A change to be proposed: one of these.
struct ProposedChange: Body {
    let setting: ProposedSetting?
    let appointment: Appointment?
    let ending: ProposedEnding?
    let leaving: ProposedLeaving?

    static let words = "A change to be proposed: exactly one of these."
    static var example: ProposedChange {
        ProposedChange(
            setting: nil,
            appointment: Appointment(
                personID: .example, role: Appointment.SchoolRole("deputy_dsl") ?? .office,
                fromOn: nil, untilOn: nil, telephone: nil, endsAt: nil),
            ending: nil, leaving: nil)
    }

    struct ProposedSetting: Codable {
        let name: Text<100>
        let value: JSONValue
        let effectiveOn: Day?
    }

    struct ProposedEnding: Codable {
        let postID: ID<Post>
        let untilOn: Day?
    }

    struct ProposedLeaving: Codable {
        let personID: ID<Person>
        let leftOn: Day?
    }

    var faults: [JSONFault] {
        let given = [setting != nil, appointment != nil, ending != nil, leaving != nil]
        let own = (appointment?.faults ?? []).map {
            JSONFault(pointer: "/appointment\($0.pointer)", code: $0.code, detail: $0.detail)
        }
        guard given.filter(\.self).count != 1 else { return own }
        return [JSONFault(pointer: "", code: "exactly_one", detail: "Propose exactly one change")]
    }

    enum CodingKeys: String, FieldWords {
        case setting, appointment, ending, leaving

        var words: String {
            switch self {
            case .setting: "A setting, as it would be set."
            case .appointment: "An appointment, as it would be made."
            case .ending: "A post that would end."
            case .leaving: "Somebody who would leave."
            }
        }
    }
}

extension ProposedChange.ProposedSetting {
    enum CodingKeys: String, FieldWords {
        case name, value
        case effectiveOn = "effective_on"

        var words: String {
            switch self {
            case .name: "The name of the setting."
            case .value: "The value."
            case .effectiveOn: "From which day; today when not given."
            }
        }
    }
}

extension ProposedChange.ProposedEnding {
    enum CodingKeys: String, FieldWords {
        case postID = "post_id"
        case untilOn = "until_on"

        var words: String {
            switch self {
            case .postID: "The post."
            case .untilOn: "The last day; yesterday when not given."
            }
        }
    }
}

extension ProposedChange.ProposedLeaving {
    enum CodingKeys: String, FieldWords {
        case personID = "person_id"
        case leftOn = "left_on"

        var words: String {
            switch self {
            case .personID: "The person."
            case .leftOn: "Their last day; yesterday when not given."
            }
        }
    }
}
