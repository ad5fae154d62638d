import JSON
import OpenAPI

/// Whether what is put to somebody holds on a day, by which version, and until when (AGR-21).
struct AgreementCheck: Resource {
    let personID: ID<Person>
    let schoolID: ID<School>
    let templateID: ID<AgreementTemplate>
    let template: String
    let versionID: ID<AgreementVersion>
    let number: Int
    let asOf: Day
    let isCurrent: Bool
    let until: Day?

    static let isTagged = false
    static let words = "Whether what is put to somebody holds on a day, and never why not."
    static var example: AgreementCheck {
        AgreementCheck(
            personID: .example, schoolID: .example, templateID: .example,
            template: "Pupils, Key Stage 2", versionID: .example, number: 2, asOf: .example,
            isCurrent: true, until: .example)
    }

    enum CodingKeys: String, FieldWords {
        case template, number, until
        case personID = "person_id"
        case schoolID = "school_id"
        case templateID = "template_id"
        case versionID = "version_id"
        case asOf = "as_of"
        case isCurrent = "is_current"

        var words: String {
            switch self {
            case .personID: "Who."
            case .schoolID: "At which school."
            case .templateID: "The template that is put to them."
            case .template: "What the school calls it."
            case .versionID: "The version by which it holds; else the one in force."
            case .number: "Its number."
            case .asOf: "On which day."
            case .isCurrent: "Whether it holds."
            case .until: "The last day on which it will, as far as is known."
            }
        }
    }

    /// Of many persons.
    struct Question: Body {
        let asOf: Day?
        let personIDs: Few<ID<Person>, 500>

        static let schemaName = "AgreementQuestion"
        static let words = "Are the agreements of these persons current?"
        static var example: Question { Question(asOf: nil, personIDs: [.example]) }

        enum CodingKeys: String, FieldWords {
            case asOf = "as_of"
            case personIDs = "person_ids"

            var words: String {
                switch self {
                case .asOf: "On which day; today when not given."
                case .personIDs: "Who."
                }
            }
        }
    }
}

/// Are the agreements of this person current?
struct AgreementQuestion: Filter {
    let person: ID<Person>
    let asOf: Day?

    init(_ query: inout QueryReader) {
        person = query.id("person_id", of: Person.self) ?? .example
        asOf = query.day("as_of")
        if query.value(of: "person_id") == nil {
            query.note("person_id", "required", "Give this, too")
        }
    }

    static let parameters: [Parameter] = [
        Parameter(
            "person_id", in: .query, "Who.", schema: .id, isRequired: true,
            example: .string(ID<Person>.example.string)),
        .query(
            "as_of", "On which day; today when not given.", .text(format: "date"), "2026-11-20"),
    ]
}
