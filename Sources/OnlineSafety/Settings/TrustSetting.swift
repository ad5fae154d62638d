import JSON
import OpenAPI
import Postgres

/// What a trust says of a setting for its schools.
struct TrustSetting: Resource {
    let trustID: ID<Trust>
    let name: String
    let label: String
    let words: String
    let kind: String
    let choices: [String]?
    let minimum: Int?
    let maximum: Int?
    let unit: String?
    let stronger: Setting.Stronger?
    let value: JSONValue?
    let floor: JSONValue?
    let effectiveOn: Day?
    let setAt: Instant?
    let setBy: String?
    let usual: JSONValue
    let planned: [Planned]?
    let etag: String

    static let words = "What a trust says of a setting for its schools."
    static var example: TrustSetting {
        TrustSetting(
            trustID: .example, name: "acknowledgement_minutes", label: "Acknowledgement time",
            words: "Within how many minutes somebody acknowledges what is urgent.",
            kind: "number", choices: nil, minimum: 5, maximum: 1440, unit: "minutes",
            stronger: .less, value: 20, floor: 60, effectiveOn: .example, setAt: .example,
            setBy: "Tom Reed", usual: 30,
            planned: [Planned(value: 15, floor: 30, effectiveOn: .example, setBy: "Tom Reed")],
            etag: "\"1.0a1b2c3d\"")
    }

    /// What it will say from a later day.
    struct Planned: Codable {
        let value: JSONValue?
        let floor: JSONValue?
        let effectiveOn: Day
        let setBy: String
    }

    enum CodingKeys: String, FieldWords {
        case name, label, words, kind, choices, minimum, maximum, unit, stronger, value, floor
        case usual, planned, etag
        case trustID = "trust_id"
        case effectiveOn = "effective_on"
        case setAt = "set_at"
        case setBy = "set_by"

        var words: String {
            switch self {
            case .name: "Its name."
            case .label: "What a person reads for it."
            case .words: "What it decides."
            case .kind: "What a value is: `flag`, `number`, `posts` or `word`."
            case .choices: "The words that a value is made of."
            case .minimum: "The least number."
            case .maximum: "The greatest number."
            case .unit: "What is counted."
            case .stronger: "How two values compare; absent where there can be no floor."
            case .value: "The value of a school that sets none."
            case .floor: "Below what no school goes."
            case .usual: "The value where nobody has set one."
            case .planned: "What it will say from later days."
            case .etag: "Its version, to be sent as If-Match."
            case .trustID: "The trust."
            case .effectiveOn: "Since which day."
            case .setAt: "When it was set."
            case .setBy: "Who set it."
            }
        }
    }

    /// What the trust sets.
    struct Choice: Body {
        let value: JSONValue?
        let floor: JSONValue?
        let effectiveOn: Day?

        static let words = "What to say of a setting, and from which day."
        static var example: Choice {
            Choice(value: nil, floor: ["dsl"], effectiveOn: nil)
        }

        enum CodingKeys: String, FieldWords {
            case value, floor
            case effectiveOn = "effective_on"

            var words: String {
                switch self {
                case .value: "The value of a school that sets none; none when not given."
                case .floor: "Below what no school goes; none when not given."
                case .effectiveOn:
                    "From which day, today or within two years; today when not given."
                }
            }
        }
    }
}

extension TrustSetting.Planned {
    enum CodingKeys: String, FieldWords {
        case value, floor
        case effectiveOn = "effective_on"
        case setBy = "set_by"

        var words: String {
            switch self {
            case .value: "The value of a school that sets none."
            case .floor: "Below what no school goes."
            case .effectiveOn: "From which day."
            case .setBy: "Who set it."
            }
        }
    }
}
