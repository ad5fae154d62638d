import JSON
import OpenAPI

/// That two incidents belong together (INC-40), seen from one of them.
struct Link: Resource {
    let id: ID<Link>
    let schoolID: ID<School>
    let otherIncidentID: ID<Incident>?
    let otherSetting: String?
    let otherReference: String?
    let relation: Relation
    let words: String?
    let linkedAt: Instant
    let linkedBy: String?

    static let isTagged = false
    static let words = "That two incidents belong together."
    static var example: Link {
        Link(
            id: .example, schoolID: .example, otherIncidentID: .example, otherSetting: nil,
            otherReference: "2M7X-K3QF", relation: .recurrence, words: nil, linkedAt: .example,
            linkedBy: "Grace Okafor")
    }

    enum Relation: String, Words {
        case recurrence
        case retaliation
        case sameMaterial = "same_material"
        case samePeople = "same_people"
        case otherSetting = "other_setting"

        var label: String {
            switch self {
            case .recurrence: "It happened again"
            case .retaliation: "It was done in return"
            case .sameMaterial: "The same material"
            case .samePeople: "The same people"
            case .otherSetting: "The same case, reported by another setting"
            }
        }
    }

    enum CodingKeys: String, FieldWords {
        case id, relation, words
        case schoolID = "school_id"
        case otherIncidentID = "other_incident_id"
        case otherSetting = "other_setting"
        case otherReference = "other_reference"
        case linkedAt = "linked_at"
        case linkedBy = "linked_by"

        var words: String {
            switch self {
            case .id: "The link."
            case .schoolID: "The school."
            case .otherIncidentID:
                "The other incident, which must be open to me as well; none of another setting's "
                    + "case."
            case .otherSetting:
                "Another setting whose case it is, which is not in this register; with the "
                    + "relation `other_setting` only."
            case .otherReference: "The other case's reference."
            case .relation: "How they belong together."
            case .words: "What is to be said of it."
            case .linkedAt: "When they were linked."
            case .linkedBy: "Who linked them."
            }
        }
    }

    /// A link to be made.
    struct Made: RecordBody {
        let otherIncidentID: ID<Incident>?
        let otherSetting: Text<200>?
        let otherReference: Text<80>?
        let relation: Relation
        let words: Text<2000>?

        static let words = "The other incident, and how they belong together."
        static var example: Made {
            Made(
                otherIncidentID: .example, otherSetting: nil, otherReference: nil,
                relation: .recurrence, words: nil)
        }

        var faults: [JSONFault] {
            func fault(_ key: CodingKeys, _ code: String, _ detail: String) -> JSONFault {
                JSONFault(pointer: "/\(key.rawValue)", code: code, detail: detail)
            }
            switch (otherIncidentID, otherSetting) {
            case (nil, nil):
                return [
                    fault(
                        .otherIncidentID, "required",
                        "Name the other incident, or the setting whose case it is")
                ]
            case (.some, .some):
                return [
                    fault(.otherSetting, "not_allowed", "A link leads to one case: leave one out")
                ]
            case (.some, nil):
                return otherReference == nil
                    ? []
                    : [fault(.otherReference, "not_allowed", "An incident here has its own")]
            case (nil, .some):
                return relation == .otherSetting
                    ? []
                    : [
                        fault(
                            .relation, "not_allowed",
                            "Another setting's case is linked as `other_setting`")
                    ]
            }
        }

        enum CodingKeys: String, FieldWords {
            case relation, words
            case otherIncidentID = "other_incident_id"
            case otherSetting = "other_setting"
            case otherReference = "other_reference"

            var words: String { Link.CodingKeys(rawValue: rawValue)?.words ?? "" }
        }
    }
}
