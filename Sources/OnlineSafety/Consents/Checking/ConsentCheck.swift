import JSON
import OpenAPI

/// Whether something may be done with somebody on a day. It is no unless it is yes.
struct ConsentCheck: Resource {
    let personID: ID<Person>
    let schoolID: ID<School>?
    let purpose: ConsentPurpose
    let asOf: Day
    let isAllowed: Bool
    let until: Day?
    let scope: String?
    let identification: IdentificationRule?

    static let isTagged = false
    static let words = "Whether something may be done with somebody on a day."
    static var example: ConsentCheck {
        ConsentCheck(
            personID: .example, schoolID: .example, purpose: .schoolWebsite, asOf: .example,
            isAllowed: true, until: nil, scope: "In groups only",
            identification: .noNamesInGroups)
    }

    enum CodingKeys: String, FieldWords {
        case purpose, until, scope, identification
        case personID = "person_id"
        case schoolID = "school_id"
        case asOf = "as_of"
        case isAllowed = "is_allowed"

        var words: String {
            switch self {
            case .personID: "Who."
            case .schoolID: "At which school; absent of somebody unknown."
            case .purpose: "For what."
            case .asOf: "On which day."
            case .isAllowed:
                "Whether they may. No, unless somebody whose answer counts says yes and none of "
                    + "them says anything else; and no, where the school withholds it."
            case .until: "The last day on which it will be allowed, as far as is known."
            case .scope: "How far it goes, in the words of those who allowed it."
            case .identification:
                "Where it is of images, how pupils may be known in them, as the school has set it "
                    + "for that day (CON-12)."
            }
        }
    }

    /// Of many persons, and several purposes.
    struct Question: Body {
        let purposes: Few<ConsentPurpose, 13>
        let asOf: Day?
        let personIDs: Few<ID<Person>, 2000>

        static let schemaName = "ConsentQuestion"
        static let words = "May this be done with these persons?"
        static var example: Question {
            Question(purposes: [.schoolWebsite], asOf: nil, personIDs: [.example])
        }

        enum CodingKeys: String, FieldWords {
            case purposes
            case asOf = "as_of"
            case personIDs = "person_ids"

            var words: String {
                switch self {
                case .purposes: "For what: an answer for each person and each of these."
                case .asOf: "On which day; today when not given."
                case .personIDs: "Who; each is answered once."
                }
            }
        }

        var faults: [JSONFault] {
            guard purposes.elements.count * personIDs.elements.count > 6000 else { return [] }
            return [
                JSONFault(
                    pointer: "/person_ids", code: "too_many",
                    detail: "At most 6,000 answers at once: persons times purposes")
            ]
        }
    }
}

/// May this be done with this person?
struct ConsentQuestion: Filter {
    let person: ID<Person>
    let purpose: ConsentPurpose
    let asOf: Day?

    init(_ query: inout QueryReader) {
        person = query.id("person_id", of: Person.self) ?? .example
        let purposes = query.words("purpose", ConsentPurpose.self)
        purpose = purposes?.first ?? .images
        asOf = query.day("as_of")
        for name in ["person_id", "purpose"] where query.value(of: name) == nil {
            query.note(name, "required", "Give this, too")
        }
        if purposes.map({ $0.count > 1 }) == true {
            query.note("purpose", "too_many", "Give one; several are asked by POST")
        }
    }

    static let parameters: [Parameter] = [
        Parameter(
            "person_id", in: .query, "Who.", schema: .id, isRequired: true,
            example: .string(ID<Person>.example.string)),
        Parameter(
            "purpose", in: .query, "For what.", schema: ConsentPurpose.schema, isRequired: true,
            example: "school_website"),
        .query(
            "as_of", "On which day; today when not given.", .text(format: "date"), "2026-11-20"),
    ]
}
