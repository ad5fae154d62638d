import JSON
import OpenAPI
import Postgres

/// What may be done with a pupil today, of all that the school asks for (CON-07).
struct PermissionLine: Resource {
    let personID: ID<Person>
    let schoolID: ID<School>
    let givenName: String
    let familyName: String
    let yearGroup: String?
    let className: String?
    let allowed: [ConsentPurpose]
    let notAllowed: [ConsentPurpose]
    let scopes: [String]?
    let identification: IdentificationRule

    static let isTagged = false
    static let words = "What may be done with a pupil today, of all that the school asks for."
    static var example: PermissionLine {
        PermissionLine(
            personID: .example, schoolID: .example, givenName: "Robin", familyName: "Ash",
            yearGroup: "5", className: "5B", allowed: [.images, .schoolWebsite],
            notAllowed: [.press], scopes: ["school_website: In groups only"],
            identification: .noNamesInGroups)
    }

    enum CodingKeys: String, FieldWords {
        case allowed, scopes, identification
        case personID = "person_id"
        case schoolID = "school_id"
        case givenName = "given_name"
        case familyName = "family_name"
        case yearGroup = "year_group"
        case className = "class_name"
        case notAllowed = "not_allowed"

        var words: String {
            switch self {
            case .personID: "The pupil."
            case .schoolID: "The school."
            case .givenName: "Their given name."
            case .familyName: "Their family name."
            case .yearGroup: "Their year group."
            case .className: "Their class."
            case .allowed: "What may be done."
            case .notAllowed: "What may not, for whatever reason."
            case .scopes: "How far it goes, where it has bounds: the purpose, and their words."
            case .identification:
                "How pupils may be known in what is allowed, as the school has set it (CON-12)."
            }
        }
    }
}

/// Somebody from whom, or of whom, an answer is still wanted (CON-03).
struct SoughtConsent: Resource {
    let personID: ID<Person>
    let schoolID: ID<School>
    let kind: PersonKind
    let givenName: String
    let familyName: String
    let yearGroup: String?
    let className: String?
    let joinedOn: Day?
    let noAnswer: [ConsentPurpose]
    let lapsed: [ConsentPurpose]

    static let isTagged = false
    static let words = "Somebody of whom an answer is still wanted, today."
    static var example: SoughtConsent {
        SoughtConsent(
            personID: .example, schoolID: .example, kind: .pupil, givenName: "Robin",
            familyName: "Ash", yearGroup: "5", className: "5B", joinedOn: .example,
            noAnswer: [.press], lapsed: [.schoolWebsite])
    }

    enum CodingKeys: String, FieldWords {
        case kind, lapsed
        case personID = "person_id"
        case schoolID = "school_id"
        case givenName = "given_name"
        case familyName = "family_name"
        case yearGroup = "year_group"
        case className = "class_name"
        case joinedOn = "joined_on"
        case noAnswer = "no_answer"

        var words: String {
            switch self {
            case .personID: "Who."
            case .schoolID: "The school."
            case .kind: "What they are to the school."
            case .givenName: "Their given name."
            case .familyName: "Their family name."
            case .yearGroup: "A pupil's year group."
            case .className: "A pupil's class."
            case .joinedOn: "The day on which they join, or joined."
            case .noAnswer: "What nobody has answered whose answer counts."
            case .lapsed: "What was allowed, and must be asked for anew."
            }
        }
    }
}

/// Of whom.
struct ConsentListFilter: Filter {
    let school: ID<School>?
    let className: String?
    let yearGroup: YearGroup?
    let purposes: [ConsentPurpose]?
    let kinds: [PersonKind]

    init(_ query: inout QueryReader) {
        school = query.id("school_id", of: School.self)
        className = query.text("class_name", upTo: 50)
        purposes = query.words("purpose", ConsentPurpose.self)
        kinds = query.words("kind", PersonKind.self) ?? [.pupil]
        let year = query.text("year_group", upTo: 40)
        yearGroup = year.flatMap(YearGroup.init)
        if year != nil, yearGroup == nil {
            query.note("year_group", YearGroup.fault.code, YearGroup.fault.detail)
        }
    }

    static let parameters: [Parameter] = [
        .query("school_id", "Only of this school.", .id, nil),
        .query("class_name", "Only of this class.", .text(minLength: 1, maxLength: 50), "5B"),
        .query(
            "year_group", "Only of this year group, as `4`, `Year 4` or `R`.", YearGroup.schema,
            "5"),
        .words("purpose", "Only of these purposes.", ConsentPurpose.self),
        .words("kind", "Of persons of these kinds: of pupils when not given.", PersonKind.self),
    ]

    /// Who has not left.
    var sql: SQL {
        """
        (\(school)::uuid is null or person.school_id = \(school))
        and (\(className)::text is null or person.class_name = \(className))
        and (\(yearGroup)::text is null or person.year_group = \(yearGroup))
        and person.kind = any(\(kinds)::text[])
        and coalesce(person.left_on >= london_today(), true)
        """
    }
}
