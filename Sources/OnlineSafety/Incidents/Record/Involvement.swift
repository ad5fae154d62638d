import JSON
import OpenAPI

/// Somebody involved in an incident, as its record has them (INC-25).
struct Involvement: Resource {
    let id: ID<Involvement>
    let schoolID: ID<School>
    let personID: ID<Person>?
    let name: String
    let group: PersonGroup
    let detail: String?
    let yearGroup: String?
    let parts: [RecordedPart]
    let etag: String

    static let words = "Somebody involved in an incident, with every part they had in it."
    static var example: Involvement {
        Involvement(
            id: .example, schoolID: .example, personID: .example, name: "Robin Ash", group: .child,
            detail: nil, yearGroup: "5", parts: [.target], etag: "\"1\"")
    }

    enum CodingKeys: String, FieldWords {
        case id, name, group, detail, parts, etag
        case schoolID = "school_id"
        case personID = "person_id"
        case yearGroup = "year_group"

        var words: String {
            switch self {
            case .id: "This person's place in the record."
            case .schoolID: "The school."
            case .personID: "The person on the school's roster, when they are known there."
            case .name: "The name."
            case .group: "Child, staff, parent or other."
            case .detail: "Class, job, or who they are when the group is `other`."
            case .yearGroup: "A pupil's year group when it was written."
            case .parts: "Every part they had in it."
            case .etag: "Its version, to be sent as If-Match."
            }
        }
    }

    /// Somebody to be named in the record.
    struct Named: RecordBody {
        let personID: ID<Person>?
        let name: Text<200>?
        let group: PersonGroup
        let detail: Text<500>?
        let parts: Few<RecordedPart, 5>

        static let words = "Somebody involved: a person of the roster, or a name."
        static var example: Named {
            Named(personID: nil, name: "Robin Ash", group: .child, detail: nil, parts: [.target])
        }

        var faults: [JSONFault] { faults(at: "") }

        func faults(at pointer: String) -> [JSONFault] {
            var faults: [JSONFault] = []
            if personID == nil, name == nil {
                faults.append(
                    JSONFault(
                        pointer: "\(pointer)/name", code: "required",
                        detail: "Give a name, or the person's id on the roster"))
            }
            if parts.elements.isEmpty {
                faults.append(
                    JSONFault(
                        pointer: "\(pointer)/parts", code: "required",
                        detail: "Name at least one part"))
            }
            return faults
        }

        enum CodingKeys: String, FieldWords {
            case name, group, detail, parts
            case personID = "person_id"

            var words: String {
                switch self {
                case .name: "The name, of somebody who is not on the roster."
                default: Involvement.CodingKeys(rawValue: rawValue)?.words ?? ""
                }
            }
        }
    }
}
