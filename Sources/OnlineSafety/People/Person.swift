import JSON
import OpenAPI

/// Somebody on a school's roster: a pupil, a parent, a member of staff or another.
struct Person: Resource {
    let id: ID<Person>
    let schoolID: ID<School>
    let kind: PersonKind
    let givenName: String
    let familyName: String
    let yearGroup: String?
    let className: String?
    let externalID: String?
    let joinedOn: Day?
    let leftOn: Day?
    let upn: String?
    let dateOfBirth: Day?
    let email: String?
    let etag: String
    let effects: [Effect]?

    static let words = "Somebody on a school's roster."
    static var example: Person {
        Person(
            id: .example, schoolID: .example, kind: .pupil, givenName: "Robin",
            familyName: "Ash", yearGroup: "5", className: "5B", externalID: "SIMS-004211",
            joinedOn: .example, leftOn: nil, upn: nil, dateOfBirth: nil, email: nil,
            etag: "\"1.no_image_online\"", effects: [.noImageOnline])
    }

    enum CodingKeys: String, FieldWords {
        case id, kind, etag, upn, email, effects
        case className = "class_name"
        case externalID = "external_id"
        case joinedOn = "joined_on"
        case leftOn = "left_on"
        case dateOfBirth = "date_of_birth"
        case schoolID = "school_id"
        case givenName = "given_name"
        case familyName = "family_name"
        case yearGroup = "year_group"

        var words: String {
            switch self {
            case .id: "The person."
            case .kind: "What they are to the school."
            case .etag: "Its version, as in the ETag header."
            case .schoolID: "The school on whose roster they are."
            case .givenName: "The given name."
            case .familyName: "The family name."
            case .yearGroup: "A pupil's year group."
            case .className: "A pupil's class or registration group."
            case .externalID:
                "What the MIS calls them; absent of whom the school itself keeps."
            case .joinedOn: "The day on which they join, or joined."
            case .leftOn: "Their last day, past or to come."
            case .upn:
                "A pupil's unique pupil number; of one person, for the office and those who lead "
                    + "safeguarding."
            case .dateOfBirth: "The date of birth; for the same."
            case .email: "Where they are written to; for the same."
            case .effects:
                "What is not to be done, for whatever reason; absent where there is nothing, and "
                    + "for technicians, administrators and machines."
            }
        }
    }
}

extension Person {
    /// What follows for somebody, whatever the reason, which it never tells: a marker today,
    /// one day also what a parent has answered.
    enum Effect: String, Words {
        case noImageOnline = "no_image_online"

        var label: String {
            switch self {
            case .noImageOnline: "No image of them is put online"
            }
        }
    }
}

/// What somebody is to a school (USR-01): it decides which agreement, training and access apply.
enum PersonKind: String, Words {
    case pupil
    case parent
    case teacher
    case supportStaff = "support_staff"
    case governor
    case studentTeacher = "student_teacher"
    case peripatetic
    case supply
    case visitor
    case regularVisitor = "regular_visitor"
    case volunteer
    case parentHelper = "parent_helper"
    case contractor
    case communityUser = "community_user"
    case outsourcedICT = "outsourced_ict"

    var label: String {
        switch self {
        case .pupil: "Pupil"
        case .parent: "Parent or carer"
        case .teacher: "Teacher"
        case .supportStaff: "Support staff or teaching assistant"
        case .governor: "Governor"
        case .studentTeacher: "Student teacher"
        case .peripatetic: "Peripatetic teacher or coach"
        case .supply: "Supply or temporary staff"
        case .visitor: "Visitor"
        case .regularVisitor: "Regular visitor"
        case .volunteer: "Volunteer"
        case .parentHelper: "Parent or carer who helps"
        case .contractor: "Contractor"
        case .communityUser: "Community user or member of an outside organisation"
        case .outsourcedICT: "Outsourced ICT support"
        }
    }

    /// Whether they are here for a time only, and so is what they log in with (ACC-06).
    var isTemporary: Bool { self == .supply }
}
