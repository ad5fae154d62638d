import JSON
import OpenAPI
import Postgres

/// A school, on its own or within a trust, a federation or a local authority (ORG-01), with its
/// year groups and phases (ORG-03).
struct School: Resource {
    let id: ID<School>
    let name: String
    let urn: String?
    let laestab: String?
    let ukprn: String?
    let organisations: [Organisation]?
    let phases: [Phase]?
    let yearGroups: [YearGroup]?
    let etag: String

    static let words = "A school, on its own or within a trust, a federation or a local authority."
    static var example: School {
        School(
            id: .example, name: "Hawthorn Infant School", urn: "900001", laestab: "9332001",
            ukprn: "10012345",
            organisations: [
                Organisation(
                    id: .example, name: "Hedgerow Learning Trust", kind: .trust,
                    fromOn: .example)
            ],
            phases: [.eyfs], yearGroups: [YearGroup(year: .reception, name: nil, phase: .eyfs)],
            etag: "\"1\"")
    }

    /// What a school belongs to, since when.
    struct Organisation: Codable {
        let id: ID<Trust>
        let name: String
        let kind: OrganisationKind
        let fromOn: Day
    }

    /// A year group of the school.
    struct YearGroup: Codable {
        let year: Year
        let name: String?
        let phase: Phase
    }

    enum CodingKeys: String, FieldWords {
        case id, name, urn, laestab, ukprn, organisations, phases, etag
        case yearGroups = "year_groups"

        var words: String {
            switch self {
            case .id: "The school."
            case .name: "Its name."
            case .urn: "Its unique reference number, of six digits."
            case .laestab: "Its DfE number: three digits of the local authority, four of its own."
            case .ukprn: "Its number in the UK Register of Learning Providers, of eight digits."
            case .organisations: "What it belongs to today."
            case .phases: "The phases of its year groups."
            case .yearGroups: "Its year groups, from the youngest to the oldest."
            case .etag: "Its version, to be sent as If-Match."
            }
        }
    }
}

extension School.Organisation {
    enum CodingKeys: String, FieldWords {
        case id, name, kind
        case fromOn = "from_on"

        var words: String {
            switch self {
            case .id: "The organisation."
            case .name: "Its name."
            case .kind: "What it is."
            case .fromOn: "Since when the school belongs to it."
            }
        }
    }
}

extension School.YearGroup {
    enum CodingKeys: String, FieldWords {
        case year, name, phase

        var words: String {
            switch self {
            case .year: "The year."
            case .name: "What the school calls it."
            case .phase: "The phase to which it belongs."
            }
        }
    }
}

/// What stands over schools (ORG-01).
enum OrganisationKind: String, Words {
    case trust
    case federation
    case localAuthority = "local_authority"

    var label: String {
        switch self {
        case .trust: "Academy trust"
        case .federation: "Federation"
        case .localAuthority: "Local authority"
        }
    }
}
