import JSON
import OpenAPI

/// What evidence there is, and who holds it; never the thing itself (INC-33, X-01).
struct Evidence: Resource {
    let id: ID<Evidence>
    let schoolID: ID<School>
    let kind: Kind
    let description: String
    let holder: String
    let place: String?
    let securedAt: Instant?
    let wasForwarded: Bool
    let isIndecentImage: Bool
    let wasPrinted: Bool
    let isHeldForPolice: Bool
    let etag: String

    static let words = "A piece of evidence, described: what it is, who holds it and where."
    static var example: Evidence {
        Evidence(
            id: .example, schoolID: .example, kind: .device,
            description: "The family's tablet, switched off", holder: "Grace Okafor",
            place: "The DSL's safe", securedAt: .example, wasForwarded: false,
            isIndecentImage: false, wasPrinted: false, isHeldForPolice: false, etag: "\"1\"")
    }

    enum Kind: String, Words {
        case device
        case messages
        case account
        case webAddress = "web_address"
        case screenshot
        case paper
        case log
        case recollection
        case other

        var label: String {
            switch self {
            case .device: "A device"
            case .messages: "Messages, where they are"
            case .account: "An account or a profile"
            case .webAddress: "An address, described and not written out where it is illegal"
            case .screenshot: "A screenshot that somebody holds"
            case .paper: "Paper: a print, a note, a form"
            case .log: "A log of the filter or of monitoring"
            case .recollection: "What somebody saw or heard"
            case .other: "Something else"
            }
        }
    }

    enum CodingKeys: String, FieldWords {
        case id, kind, description, holder, place, etag
        case schoolID = "school_id"
        case securedAt = "secured_at"
        case wasForwarded = "was_forwarded"
        case isIndecentImage = "is_indecent_image"
        case wasPrinted = "was_printed"
        case isHeldForPolice = "is_held_for_police"

        var words: String {
            switch self {
            case .id: "The piece of evidence."
            case .schoolID: "The school."
            case .kind: "What kind of thing it is."
            case .description: "What it is, in words."
            case .holder: "Who holds it."
            case .place: "Where it is kept."
            case .securedAt: "When it was secured."
            case .wasForwarded:
                "Whether it was forwarded or copied to anybody, which it should not have been."
            case .isIndecentImage:
                "Whether it is, or bears, an indecent image: then it is nobody's to hold but whose "
                    + "the police directed, and the incident is not closed before that is so "
                    + "(INC-34)."
            case .wasPrinted: "Of such an image: whether it was printed, a concern of its own."
            case .isHeldForPolice:
                "Of such an image: whether who holds it does as the police directed."
            case .etag: "Its version, to be sent as If-Match."
            }
        }
    }

    /// Evidence to be described.
    struct Described: RecordBody {
        let kind: Kind
        let description: Text<10_000>
        let holder: Text<200>
        let place: Text<500>?
        let securedAt: Instant?
        let wasForwarded: Bool
        let isIndecentImage: Bool?
        let wasPrinted: Bool?
        let isHeldForPolice: Bool?

        static let words = "Evidence, described; it stays with whoever holds it."
        static var example: Described {
            Described(
                kind: .device, description: "The family's tablet, switched off",
                holder: "Grace Okafor", place: "The DSL's safe", securedAt: .example,
                wasForwarded: false, isIndecentImage: nil, wasPrinted: nil, isHeldForPolice: nil)
        }

        enum CodingKeys: String, FieldWords {
            case kind, description, holder, place
            case securedAt = "secured_at"
            case wasForwarded = "was_forwarded"
            case isIndecentImage = "is_indecent_image"
            case wasPrinted = "was_printed"
            case isHeldForPolice = "is_held_for_police"

            var words: String { Evidence.CodingKeys(rawValue: rawValue)?.words ?? "" }
        }
    }
}
