import JSON
import OpenAPI

/// Somebody whom the MIS does not know, as the office adds them: a visitor, a volunteer, a
/// contractor.
struct PersonSaid: Body {
    let schoolID: ID<School>
    let kind: PersonKind
    let givenName: Text<100>
    let familyName: Text<100>
    let yearGroup: YearGroup?
    let className: Text<50>?
    let upn: UPN?
    let dateOfBirth: Day?
    let email: RosterAddress?
    let joinedOn: Day?
    let leftOn: Day?

    static let words = "Somebody whom the MIS does not know."
    static var example: PersonSaid {
        PersonSaid(
            schoolID: ID("00000000-0000-7000-8000-000000000065"), kind: .volunteer,
            givenName: "Sam", familyName: "Elm", yearGroup: nil, className: nil, upn: nil,
            dateOfBirth: nil, email: .example, joinedOn: .example, leftOn: nil)
    }

    enum CodingKeys: String, FieldWords {
        case kind, upn, email
        case schoolID = "school_id"
        case givenName = "given_name"
        case familyName = "family_name"
        case yearGroup = "year_group"
        case className = "class_name"
        case dateOfBirth = "date_of_birth"
        case joinedOn = "joined_on"
        case leftOn = "left_on"

        var words: String {
            switch self {
            case .schoolID: "The school on whose roster they are to be."
            case .upn: "A pupil's unique pupil number, whose check letter must match."
            default: RosterRow.CodingKeys(rawValue: rawValue)?.words ?? ""
            }
        }
    }
}

/// A change of somebody whom the school itself keeps: a JSON merge patch.
struct PersonChange: Body {
    let kind: Change<PersonKind>
    let givenName: Change<Text<100>>
    let familyName: Change<Text<100>>
    let externalID: Patch<ExternalID>
    let yearGroup: Patch<YearGroup>
    let className: Patch<Text<50>>
    let upn: Patch<UPN>
    let dateOfBirth: Patch<Day>
    let email: Patch<RosterAddress>
    let joinedOn: Patch<Day>
    let leftOn: Patch<Day>

    static let words = "What is to be known of somebody instead."
    static var example: PersonChange {
        PersonChange(
            kind: .absent, givenName: .absent, familyName: .value("Elm"), externalID: .absent,
            yearGroup: .absent, className: .absent, upn: .absent, dateOfBirth: .absent,
            email: .value(.example), joinedOn: .absent, leftOn: .absent)
    }

    enum CodingKeys: String, FieldWords {
        case kind, upn, email
        case externalID = "external_id"
        case givenName = "given_name"
        case familyName = "family_name"
        case yearGroup = "year_group"
        case className = "class_name"
        case dateOfBirth = "date_of_birth"
        case joinedOn = "joined_on"
        case leftOn = "left_on"

        var words: String {
            switch self {
            case .upn: "A pupil's unique pupil number, whose check letter must match."
            case .externalID: "What the MIS calls them, which keeps them from then on."
            case .leftOn: "Their last day. Who holds a post leaves by `/leaving`."
            default: RosterRow.CodingKeys(rawValue: rawValue)?.words ?? ""
            }
        }
    }
}
