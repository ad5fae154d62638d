import JSON
import OpenAPI
import Postgres

/// What a school's registers lack, worked out of what they say (ORG-16, USR-06 to USR-09, CMP-05).
struct RegisterGap: Resource {
    static let isTagged = false

    let schoolID: ID<School>
    let kind: Kind
    let personID: ID<Person>?
    let who: String?
    let entryID: ID<RegisterEntry>?
    let system: MonitoringSystem?
    let group: ToldGroup?

    static let words = "Something that a school's registers lack."
    static var example: RegisterGap {
        RegisterGap(
            schoolID: .example, kind: .monitorWithoutSupervisor, personID: .example,
            who: "Sam Taylor", entryID: nil, system: nil, group: nil)
    }

    enum Kind: String, Words {
        case monitorWithoutSupervisor = "monitor_without_supervisor"
        case filteringIsNobodys = "filtering_is_nobodys"
        case filteringRestsOnOne = "filtering_rests_on_one"
        case leadWithoutAccess = "lead_without_access"
        case leadWithoutTechnicalSupport = "lead_without_technical_support"
        case leadWithoutAllowance = "lead_without_allowance"
        case shortfallUnanswered = "shortfall_unanswered"
        case groupNotTold = "group_not_told"
        case complaintsProcedureNotTold = "complaints_procedure_not_told"
        case consequencesNotTold = "consequences_not_told"
        case whistleblowingNotTold = "whistleblowing_not_told"

        var label: String {
            switch self {
            case .monitorWithoutSupervisor:
                "Somebody who monitors, or runs filtering, has no supervisor"
            case .filteringIsNobodys: "Nobody is named who runs filtering"
            case .filteringRestsOnOne: "Filtering is left to one person, or to one side"
            case .leadWithoutAccess: "The DSL or a deputy has no access to a system"
            case .leadWithoutTechnicalSupport:
                "The DSL or a deputy has no technical support with a system"
            case .leadWithoutAllowance:
                "No time and resources are recorded for the DSL or a deputy"
            case .shortfallUnanswered: "A shortfall was raised and is not answered"
            case .groupNotTold: "A group has not been told how to report"
            case .complaintsProcedureNotTold:
                "A group has not been told of the complaints procedure"
            case .consequencesNotTold:
                "A group has not been told of consequences and sanctions for misuse"
            case .whistleblowingNotTold: "Staff have not been told of whistleblowing"
            }
        }
    }

    enum CodingKeys: String, FieldWords {
        case kind, who, system, group
        case schoolID = "school_id"
        case personID = "person_id"
        case entryID = "entry_id"

        var words: String {
            switch self {
            case .kind: "What is lacking."
            case .who: "The name of whom it is about."
            case .system: "The system of which it is lacking."
            case .group: "The group that has not been told."
            case .schoolID: "The school."
            case .personID: "Whom it is about."
            case .entryID: "The entry of which it is lacking."
            }
        }
    }

    static let readers: [Role] = [
        .onlineSafetyCoordinator, .dsl, .deputyDSL, .headteacher, .seniorLeader, .linkGovernor,
        .chairOfGovernors,
    ]

    static let route: Route = .get(
        "/v1/schools/{school}/register-gaps", "List the gaps of the registers",
        "What is lacking today; the first thousand.", for: readers.admitted(.ownRegister),
        by(list))

    static func list(
        of school: ID<School>, within reach: Reach, in tx: Transaction
    ) -> Listed<RegisterGap> {
        tx.listed(
            """
            select entry.* from register_gap as entry
            where entry.school_id = \(school) and \(reach.sql(.ownRegister))
            order by entry.kind, entry.who, entry.system, entry."group", entry.entry_id
            limit 1000
            """)
    }
}
