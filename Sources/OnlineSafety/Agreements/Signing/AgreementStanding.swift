import JSON
import OpenAPI
import Postgres

/// What is put to somebody, and how it stands today, whether or not anything was issued (AGR-20).
struct AgreementStanding: Resource {
    let id: ID<Agreement>?
    let schoolID: ID<School>
    let personID: ID<Person>
    let givenName: String
    let familyName: String
    let kind: PersonKind
    let yearGroup: String?
    let className: String?
    let templateID: ID<AgreementTemplate>
    let template: String
    let versionID: ID<AgreementVersion>
    let state: AgreementState
    let since: Day
    let dueOn: Day
    let isOverdue: Bool
    let isCurrent: Bool
    let currentUntil: Day?
    let signedOn: Day?

    static let isTagged = false
    static let words = "What is put to somebody, and how it stands today."
    static var example: AgreementStanding {
        AgreementStanding(
            id: .example, schoolID: .example, personID: .example, givenName: "Robin",
            familyName: "Ash", kind: .pupil, yearGroup: "5", className: "5B",
            templateID: .example, template: "Pupils, Key Stage 2", versionID: .example,
            state: .partSigned, since: .example, dueOn: .example, isOverdue: false,
            isCurrent: false, currentUntil: nil, signedOn: nil)
    }

    enum CodingKeys: String, FieldWords {
        case id, kind, template, state, since
        case schoolID = "school_id"
        case personID = "person_id"
        case givenName = "given_name"
        case familyName = "family_name"
        case yearGroup = "year_group"
        case className = "class_name"
        case templateID = "template_id"
        case versionID = "version_id"
        case dueOn = "due_on"
        case isOverdue = "is_overdue"
        case isCurrent = "is_current"
        case currentUntil = "current_until"
        case signedOn = "signed_on"

        var words: String {
            switch self {
            case .id: "The agreement, once the version in force was issued."
            case .schoolID: "The school."
            case .personID: "To whom it is put."
            case .givenName: "Their given name."
            case .familyName: "Their family name."
            case .kind: "What they are to the school."
            case .yearGroup: "A pupil's year group."
            case .className: "A pupil's class."
            case .templateID: "The template."
            case .template: "What the school calls it."
            case .versionID: "The version in force."
            case .state: "Where it stands."
            case .since: "Since when it is owed."
            case .dueOn: "By when it is, or was, to be signed."
            case .isOverdue: "Whether that has passed and nothing holds."
            case .isCurrent: "Whether it holds today, so that what hangs on it is open."
            case .currentUntil: "The last day on which it will hold, as far as is known."
            case .signedOn: "On which day the last who must had signed."
            }
        }
    }
}

/// Which of them to list.
struct StandingFilter: Filter {
    let school: ID<School>?
    let person: ID<Person>?
    let template: ID<AgreementTemplate>?
    let states: [AgreementState]?
    let kinds: [PersonKind]?
    let className: String?
    let yearGroup: String?
    let isOverdue: Bool?
    let isCurrent: Bool?
    let lapsesBy: Day?

    init(_ query: inout QueryReader) {
        school = query.id("school_id", of: School.self)
        person = query.id("person_id", of: Person.self)
        template = query.id("template_id", of: AgreementTemplate.self)
        states = query.words("state", AgreementState.self)
        kinds = query.words("kind", PersonKind.self)
        className = query.text("class_name", upTo: 60)
        yearGroup = query.text("year_group", upTo: 20)
        isOverdue = query.flag("is_overdue")
        isCurrent = query.flag("is_current")
        lapsesBy = query.day("lapses_by")
    }

    static let parameters: [Parameter] = [
        .query("school_id", "Only of this school.", .id, nil),
        .query("person_id", "Only what is put to this person.", .id, nil),
        .query("template_id", "Only of this template.", .id, nil),
        .words("state", "Only those that stand so.", AgreementState.self),
        .words("kind", "Only of persons of these kinds.", PersonKind.self),
        .query(
            "class_name", "Only of this class.", .text(minLength: 1, maxLength: 60), "5B"),
        .query(
            "year_group", "Only of this year group.", .text(minLength: 1, maxLength: 20), "5"),
        .query("is_overdue", "Only what is overdue, or is not.", .boolean, true),
        .query("is_current", "Only what holds today, or does not.", .boolean, false),
        .query(
            "lapses_by", "Only what holds today, and as far as is known not on this day any more.",
            .text(format: "date"), "2027-09-01"),
    ]

    var sql: SQL {
        """
        (\(school)::uuid is null or standing.school_id = \(school))
        and (\(person)::uuid is null or standing.person_id = \(person))
        and (\(template)::uuid is null or standing.template_id = \(template))
        and (\(states)::text[] is null or standing.state = any(\(states)))
        and (\(kinds)::text[] is null or standing.kind = any(\(kinds)))
        and (\(className)::text is null or standing.class_name = \(className))
        and (\(yearGroup)::text is null or standing.year_group = \(yearGroup))
        and (\(isOverdue)::boolean is null or standing.is_overdue = \(isOverdue))
        and (\(isCurrent)::boolean is null or standing.is_current = \(isCurrent))
        and (\(lapsesBy)::date is null
            or standing.is_current and standing.current_until < \(lapsesBy)::date)
        """
    }
}

/// The orders in which they can be listed.
enum StandingOrder: String, SortOrder {
    case name

    var sql: SQL {
        "standing.family_name, standing.given_name, standing.person_id, standing.template_id"
    }

    /// No name, because a cursor travels in addresses: the person says where they stand.
    var key: SQL { "standing.template_id::text" }

    func isAfter(_ key: String, _ id: String) -> SQL {
        """
        (standing.family_name, standing.given_name, standing.person_id, standing.template_id) > (
            select last.family_name, last.given_name, last.id, \(key)::uuid
            from person_listed as last where last.id = \(id)::uuid)
        """
    }
}
