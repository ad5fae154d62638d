import JSON
import OpenAPI
import Postgres

/// The post that somebody holds in a school, or in a trust (USR-02).
package enum Role: String, Words {
    case staff
    case temporaryStaff = "temporary_staff"
    case onlineSafetyCoordinator = "online_safety_coordinator"
    case dsl
    case deputyDSL = "deputy_dsl"
    case headteacher
    case seniorLeader = "senior_leader"
    case office
    case dpo
    case governor
    case linkGovernor = "link_governor"
    case chairOfGovernors = "chair_of_governors"
    case technician
    case schoolAdministrator = "school_administrator"
    case trustViewer = "trust_viewer"
    case trustAdministrator = "trust_administrator"

    package var label: String {
        switch self {
        case .staff: "Member of staff"
        case .temporaryStaff: "Temporary staff, as on supply"
        case .onlineSafetyCoordinator: "Online safety coordinator"
        case .dsl: "Designated safeguarding lead"
        case .deputyDSL: "Deputy designated safeguarding lead"
        case .headteacher: "Headteacher"
        case .seniorLeader: "Senior leader"
        case .office: "School office"
        case .dpo: "Data protection officer"
        case .governor: "Governor"
        case .linkGovernor: "Link governor"
        case .chairOfGovernors: "Chair of governors"
        case .technician: "Technician"
        case .schoolAdministrator: "School administrator"
        case .trustViewer: "Trust viewer"
        case .trustAdministrator: "Trust administrator"
        }
    }
}

extension Role {
    /// Held in a school; the others in a trust.
    package var isOfASchool: Bool { self != .trustViewer && self != .trustAdministrator }
}

extension [Role] {
    /// For what is an account's own; all else names whom it is open to.
    static let everyone = Role.allCases

    /// All but temporary staff. No other list here has them: a route that is open to them says so,
    /// and so does a policy, since in the database they have no seat (SEC-08).
    static let permanent = everyone.filter { $0 != .temporaryStaff }

    /// Those who work in a school and know its roster (section 25 of the matrix).
    static let employed: [Role] = [
        .staff, .onlineSafetyCoordinator, .dsl, .deputyDSL, .headteacher, .seniorLeader, .office,
        .technician, .schoolAdministrator,
    ]

    /// Those who may report: all who work in a school, be it for a day (INC-01, SEC-08).
    static let reporters = employed + [.temporaryStaff]

    /// Those of them who see what became of their own reports (INC-14); to a technician incidents
    /// are tasks.
    static let receiptReaders = reporters.filter { $0 != .technician }

    /// Those to whom an incident may be open (section 25 of the matrix): the chair when it is about
    /// the headteacher, a senior leader when the school has reports sent to them.
    static let incidentReaders: [Role] = [
        .onlineSafetyCoordinator, .dsl, .deputyDSL, .headteacher, .seniorLeader, .chairOfGovernors,
    ]

    /// The posts in which somebody may act on an incident, the first that they hold before the
    /// others.
    static let actors: [Role] = [
        .dsl, .deputyDSL, .headteacher, .chairOfGovernors, .onlineSafetyCoordinator, .seniorLeader,
    ]

    /// All who hold a post in a school that is more than temporary.
    static let ofASchool = permanent.filter(\.isOfASchool)

    /// Those who may know how a school has set things (section 25 of the matrix).
    static let settingReaders: [Role] = [
        .onlineSafetyCoordinator, .dsl, .deputyDSL, .headteacher, .seniorLeader, .office, .dpo,
        .technician,
    ]
}
