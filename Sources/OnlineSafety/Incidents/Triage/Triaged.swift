import JSON
import OpenAPI

/// What came of a triage: where the incident stands, and who was told besides.
struct Triaged: Resource {
    let id: ID<Incident>
    let schoolID: ID<School>
    let status: IncidentStatus
    let told: [Reported.Contact]
    let isOpenToMe: Bool
    let etag: String?

    static let words = "Where an incident stands after triage, and who was told besides."
    static var example: Triaged {
        Triaged(
            id: .example, schoolID: .example, status: .triaged,
            told: [
                Reported.Contact(
                    who: "Priya Shah", post: .deputyDSL, telephone: "01632 960102", when: nil)
            ],
            isOpenToMe: true, etag: "\"3\"")
    }

    enum CodingKeys: String, FieldWords {
        case id, status, told, etag
        case schoolID = "school_id"
        case isOpenToMe = "is_open_to_me"

        var words: String {
            switch self {
            case .id: "The incident."
            case .schoolID: "The school."
            case .status: "Where it stands now."
            case .told: "Who has a notice of it that had none before."
            case .isOpenToMe:
                "Whether it is still open to me: what was found may be for other posts than mine."
            case .etag: "Its version, as in the ETag header; absent where it is not open to me."
            }
        }
    }
}
