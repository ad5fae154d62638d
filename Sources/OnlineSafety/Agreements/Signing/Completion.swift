import JSON
import OpenAPI
import Postgres

/// How far a template is signed in a group (AGR-20).
struct Completion: Resource {
    let schoolID: ID<School>
    let templateID: ID<AgreementTemplate>
    let template: String
    let group: String?
    let putTo: Int
    let current: Int
    let outstanding: Int
    let overdue: Int
    let rate: Int

    static let isTagged = false
    static let words = "How far a template is signed, in a group."
    static var example: Completion {
        Completion(
            schoolID: .example, templateID: .example, template: "Pupils, Key Stage 2",
            group: "5B", putTo: 30, current: 26, outstanding: 4, overdue: 1,
            rate: 86)
    }

    enum CodingKeys: String, FieldWords {
        case template, group, current, outstanding, overdue, rate
        case schoolID = "school_id"
        case templateID = "template_id"
        case putTo = "put_to"

        var words: String {
            switch self {
            case .schoolID: "The school."
            case .templateID: "The template."
            case .template: "What the school calls it."
            case .group: "The group; absent of those who are in none."
            case .putTo: "To how many it is put."
            case .current: "Of how many it holds today."
            case .outstanding: "Of how many it does not."
            case .overdue: "Of how many of those it is overdue."
            case .rate: "Of how many in a hundred it holds, rounded down."
            }
        }
    }
}

/// Of which school, and in which groups.
struct CompletionFilter: Filter {
    let school: ID<School>?
    let by: Group

    /// By what people are put together.
    enum Group: String, Words {
        case template
        case className = "class_name"
        case yearGroup = "year_group"
        case kind

        var label: String {
            switch self {
            case .template: "All to whom it is put"
            case .className: "Class"
            case .yearGroup: "Year group"
            case .kind: "Kind of person"
            }
        }

        var sql: SQL {
            switch self {
            case .template: "null::text"
            case .className: "standing.class_name"
            case .yearGroup: "standing.year_group"
            case .kind: "standing.kind"
            }
        }
    }

    init(_ query: inout QueryReader) {
        school = query.id("school_id", of: School.self)
        by = query.word("by", Group.self) ?? .template
    }

    static let parameters: [Parameter] = [
        .query("school_id", "Only of this school.", .id, nil),
        .query(
            "by", "By what people are put together.",
            .text(choices: Group.allCases.map(\.rawValue)), "class_name"),
    ]
}
