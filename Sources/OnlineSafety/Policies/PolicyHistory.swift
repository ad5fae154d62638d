import JSON
import OpenAPI

/// A step of a chain, and by whom it was taken.
struct PolicyStepTaken: Codable, Exemplary {
    let name: String
    let roles: [Role]
    let committee: String?
    let signatures: [Role]
    let isDone: Bool
    let approvals: [PolicyApproval]?

    static var example: PolicyStepTaken {
        PolicyStepTaken(
            name: "Ratified", roles: [.chairOfGovernors], committee: nil, signatures: [],
            isDone: true, approvals: [.example])
    }

    enum CodingKeys: String, FieldWords {
        case name, roles, committee, signatures, approvals
        case isDone = "is_done"

        var words: String {
            switch self {
            case .name: "What it is called."
            case .roles: "The posts of which one takes it."
            case .committee: "The committee that decides."
            case .signatures: "The posts of which each signs."
            case .isDone: "Whether it was taken."
            case .approvals: "By whom and when."
            }
        }
    }
}

/// That somebody took or signed a step.
struct PolicyApproval: Codable, Exemplary {
    let doneAs: Role
    let on: Day
    let words: String?
    let doneBy: String?
    let doneAt: Instant

    static var example: PolicyApproval {
        PolicyApproval(
            doneAs: .chairOfGovernors, on: .example, words: "Minute 7", doneBy: "Tom Price",
            doneAt: .example)
    }

    enum CodingKeys: String, FieldWords {
        case on, words
        case doneAs = "done_as"
        case doneBy = "done_by"
        case doneAt = "done_at"

        var words: String {
            switch self {
            case .doneAs: "In which post."
            case .on: "The date of it."
            case .words: "What goes with it, such as the minute."
            case .doneBy: "By whom; for a governor, only where it was themselves."
            case .doneAt: "When that was told."
            }
        }
    }
}

/// A line of a policy's history.
struct PolicyPast: Codable, Exemplary {
    let on: Day
    let action: String
    let responsible: String?
    let version: Int?
    let isByHand: Bool

    static var example: PolicyPast {
        PolicyPast(
            on: .example, action: "Ratified", responsible: "Standards and Improvement Committee",
            version: 2, isByHand: false)
    }

    enum CodingKeys: String, FieldWords {
        case on, action, responsible, version
        case isByHand = "is_by_hand"

        var words: String {
            switch self {
            case .on: "When."
            case .action: "What was done."
            case .responsible: "By which post or committee."
            case .version: "With which version."
            case .isByHand: "Whether somebody entered it, of what the register did not know."
            }
        }
    }

    /// What was done before the register knew it.
    struct Said: Body {
        let on: Day
        let action: Text<200>
        let responsible: Text<200>

        static let schemaName = "PolicyPastSaid"
        static let words = "What was done with a policy before the register knew it."
        static var example: Said {
            Said(
                on: .example, action: "Ratified",
                responsible: "Standards and Improvement Committee")
        }

        enum CodingKeys: String, FieldWords {
            case on, action, responsible

            var words: String {
                switch self {
                case .on: "When."
                case .action: "What was done: updated, reviewed, ratified."
                case .responsible: "By which post or committee; nobody's name belongs in it."
                }
            }
        }
    }
}

/// A version of a policy.
struct PolicyVersion: Resource {
    let id: ID<PolicyVersion>
    let schoolID: ID<School>
    let policyID: ID<Policy>
    let number: Int
    let state: PolicyVersionState
    let inForceFrom: Day?
    let text: PolicyText
    let writtenBy: String?
    let writtenAt: Instant

    static let isTagged = false
    static let words = "A version of a policy: none is ever altered."
    static var example: PolicyVersion {
        PolicyVersion(
            id: .example, schoolID: .example, policyID: .example, number: 1, state: .inForce,
            inForceFrom: .example, text: .example, writtenBy: "Amina Yusuf", writtenAt: .example)
    }

    enum CodingKeys: String, FieldWords {
        case id, number, state, text
        case schoolID = "school_id"
        case policyID = "policy_id"
        case inForceFrom = "in_force_from"
        case writtenBy = "written_by"
        case writtenAt = "written_at"

        var words: String {
            switch self {
            case .id: "The version."
            case .schoolID: "The school."
            case .policyID: "Of which policy."
            case .number: "Its number, from 1."
            case .state: "What became of it."
            case .inForceFrom: "From when it was in force, or will be."
            case .text: "What it says."
            case .writtenBy: "Who wrote it down; for a governor, only where it was themselves."
            case .writtenAt: "When."
            }
        }
    }
}
