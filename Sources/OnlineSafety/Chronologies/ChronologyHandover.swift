import JSON
import OpenAPI

/// That the chronology of a child was handed to another school's DSL; in the answer that hands it
/// over, with its entries.
struct ChronologyHandover: Resource {
    let id: ID<ChronologyHandover>
    let schoolID: ID<School>
    let personID: ID<Person>
    let who: String
    let toSchool: String
    let toName: String
    let reason: String
    let form: Form
    let fromOn: Day?
    let untilOn: Day?
    let entriesNumber: Int
    let withheldNumber: Int
    let handedBy: String
    let handedAt: Instant
    let entries: [ChildEntry]?

    static let isTagged = false
    static let words = "That the chronology of a child was handed to another school's DSL."
    static var example: ChronologyHandover {
        ChronologyHandover(
            id: .example, schoolID: .example, personID: .example, who: "Robin Ash",
            toSchool: "Rosehip High, URN 123456", toName: "Amina Yusuf, DSL",
            reason: "Robin begins there on Monday", form: .withheld, fromOn: nil, untilOn: nil,
            entriesNumber: 14, withheldNumber: 2, handedBy: "Grace Okafor", handedAt: .example,
            entries: nil)
    }

    enum CodingKeys: String, FieldWords {
        case id, who, reason, form, entries
        case schoolID = "school_id"
        case personID = "person_id"
        case toSchool = "to_school"
        case toName = "to_name"
        case fromOn = "from_on"
        case untilOn = "until_on"
        case entriesNumber = "entries_number"
        case withheldNumber = "withheld_number"
        case handedBy = "handed_by"
        case handedAt = "handed_at"

        var words: String {
            switch self {
            case .id: "The handing over."
            case .schoolID: "The school that handed it over."
            case .personID: "The child."
            case .who: "Their name."
            case .toSchool: "To which school."
            case .toName: "To whom there."
            case .reason: "Why."
            case .form: "Whether other children's names stand in it."
            case .fromOn: "From which day on it tells; absent where from the first."
            case .untilOn: "Until which day; absent where until that on which it was handed over."
            case .entriesNumber: "How many entries it had."
            case .withheldNumber: "How many other children's names are withheld in it."
            case .handedBy: "Who handed it over."
            case .handedAt: "When."
            case .entries: "Its entries, in the answer that hands it over and in no other."
            }
        }
    }

    /// Whether other children's names stand in it.
    enum Form: String, Words {
        case withheld
        case `internal`

        var label: String {
            switch self {
            case .withheld: "The names of other children are withheld"
            case .internal: "With all names: for use within the school"
            }
        }
    }

    /// A chronology to be handed over.
    struct Said: Body {
        let toSchool: Text<200>
        let toName: Text<200>
        let reason: Text<1000>
        let form: Form?
        let fromOn: Day?
        let untilOn: Day?

        static let schemaName = "ChronologyHandoverSaid"
        static let words = "A chronology to be handed over: to whom, and why."
        static var example: Said {
            Said(
                toSchool: "Rosehip High, URN 123456", toName: "Amina Yusuf, DSL",
                reason: "Robin begins there on Monday", form: .withheld, fromOn: nil, untilOn: nil)
        }

        var faults: [JSONFault] { EntryDays(fromOn?.string, untilOn?.string).faults }

        enum CodingKeys: String, FieldWords {
            case reason, form
            case toSchool = "to_school"
            case toName = "to_name"
            case fromOn = "from_on"
            case untilOn = "until_on"

            var words: String {
                switch self {
                case .form:
                    "`withheld` unless it is said: other children's names are taken out of its "
                        + "words. What tells of them without a name stays: read it before it goes."
                default: ChronologyHandover.CodingKeys(rawValue: rawValue)?.words ?? ""
                }
            }
        }
    }
}
