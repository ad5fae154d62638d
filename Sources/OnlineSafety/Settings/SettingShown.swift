import JSON
import OpenAPI
import Postgres

/// A setting as it holds in a school today, and why: whose value it is, since when and by whom.
struct SettingShown: Resource {
    let schoolID: ID<School>
    let name: String
    let label: String
    let words: String
    let kind: String
    let choices: [String]?
    let minimum: Int?
    let maximum: Int?
    let unit: String?
    let stronger: Setting.Stronger?
    let value: JSONValue
    let source: Source
    let organisationID: ID<School>?
    let effectiveOn: Day?
    let setAt: Instant?
    let setBy: String?
    let own: JSONValue?
    let floor: JSONValue?
    let usual: JSONValue
    let previous: Earlier?
    let planned: [Planned]?
    let etag: String

    static let schemaName = "Setting"
    static let words = "A setting as it holds in a school today, and why."
    static var example: SettingShown {
        SettingShown(
            schoolID: .example, name: "acknowledgement_minutes", label: "Acknowledgement time",
            words: "Within how many minutes somebody acknowledges what is urgent.",
            kind: "number", choices: nil, minimum: 5, maximum: 1440, unit: "minutes",
            stronger: .less, value: 20, source: .school, organisationID: .example,
            effectiveOn: .example, setAt: .example, setBy: "Maya Lewis", own: 20, floor: 30,
            usual: 30, previous: Earlier(value: 30, effectiveOn: .example),
            planned: [Planned(value: 15, effectiveOn: .example, setBy: "Maya Lewis")],
            etag: "\"2.0a1b2c3d\"")
    }

    /// Whose value it is that holds.
    enum Source: String, Words {
        case school
        case trustDefault = "trust_default"
        case trustFloor = "trust_floor"
        case productDefault = "product_default"

        var label: String {
            switch self {
            case .school: "The school has set it"
            case .trustDefault: "What its trust says, where the school sets nothing"
            case .trustFloor: "The floor of its trust, below which the school would be"
            case .productDefault: "The usual value: nobody has set it"
            }
        }
    }

    /// What held before.
    struct Earlier: Codable {
        let value: JSONValue
        let effectiveOn: Day
    }

    /// What will hold from a later day.
    struct Planned: Codable {
        let value: JSONValue
        let effectiveOn: Day
        let setBy: String
    }

    enum CodingKeys: String, FieldWords {
        case name, label, words, kind, choices, minimum, maximum, unit, stronger, value, source
        case own, floor, usual, previous, planned, etag
        case schoolID = "school_id"
        case organisationID = "organisation_id"
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
            case .stronger: "How two values compare, where a trust may set a floor."
            case .value: "The value that holds today."
            case .source: "Whose value it is."
            case .own: "What the school itself has set for today."
            case .floor: "Below what its trust lets no school go."
            case .usual: "The value where nobody has set one."
            case .previous: "What the school had set before that."
            case .planned: "What the school has set for later days."
            case .etag: "Its version, to be sent as If-Match."
            case .schoolID: "The school."
            case .organisationID: "The school or the trust whose value it is."
            case .effectiveOn: "From which day it holds; absent while the usual value does."
            case .setAt: "When it was set."
            case .setBy: "Who set it."
            }
        }
    }
}

extension SettingShown.Earlier {
    enum CodingKeys: String, FieldWords {
        case value
        case effectiveOn = "effective_on"

        var words: String {
            switch self {
            case .value: "The value."
            case .effectiveOn: "From which day it held."
            }
        }
    }
}

extension SettingShown.Planned {
    enum CodingKeys: String, FieldWords {
        case value
        case effectiveOn = "effective_on"
        case setBy = "set_by"

        var words: String {
            switch self {
            case .value: "The value."
            case .effectiveOn: "From which day it will hold."
            case .setBy: "Who set it."
            }
        }
    }
}

/// What a school sets.
struct SettingChoice: Body {
    let value: JSONValue
    let effectiveOn: Day?

    static let words = "The value to set, and from which day."
    static var example: SettingChoice {
        SettingChoice(value: ["dsl", "deputy_dsl"], effectiveOn: nil)
    }

    enum CodingKeys: String, FieldWords {
        case value
        case effectiveOn = "effective_on"

        var words: String {
            switch self {
            case .value: "The value, of the setting's own kind."
            case .effectiveOn: "From which day, today or within two years; today when not given."
            }
        }
    }
}

/// A value that a setting has, or had.
struct SettingVersion: Resource {
    static let isTagged = false

    let schoolID: ID<School>
    let name: String
    let version: Int
    let value: JSONValue
    let effectiveOn: Day
    let setBy: String
    let setAt: Instant

    static let words = "A value that a setting has, had, or will have."
    static var example: SettingVersion {
        SettingVersion(
            schoolID: .example, name: "incident_recipients", version: 1,
            value: ["dsl", "deputy_dsl"], effectiveOn: .example, setBy: "Maya Lewis",
            setAt: .example)
    }

    enum CodingKeys: String, FieldWords {
        case name, version, value
        case schoolID = "school_id"
        case effectiveOn = "effective_on"
        case setBy = "set_by"
        case setAt = "set_at"

        var words: String {
            switch self {
            case .name: "The name of the setting."
            case .version: "Its number: the later of two counts, where both are for one day."
            case .value: "The value."
            case .schoolID: "The school."
            case .effectiveOn: "From which day."
            case .setBy: "Who set it."
            case .setAt: "When."
            }
        }
    }
}
