import JSON
import OpenAPI
import Postgres

/// When a school begins and ends its day, with its pauses (ORG-10).
struct SchoolDay: Resource {
    let schoolID: ID<School>
    let weekdays: [Int]?
    let opens: TimeOfDay?
    let closes: TimeOfDay?
    let pauses: [Pause]?
    let effectiveOn: Day?
    let changesOn: Day?
    let setBy: String?
    let setAt: Instant?
    let etag: String

    static let words = "When a school begins and ends its day, with its pauses."
    static var example: SchoolDay {
        SchoolDay(
            schoolID: .example, weekdays: [1, 2, 3, 4, 5], opens: Choice.example.opens,
            closes: Choice.example.closes, pauses: Choice.example.pauses.elements,
            effectiveOn: .example, changesOn: nil, setBy: "Priya Shah", setAt: .example,
            etag: "\"1.1\"")
    }

    struct Pause: Codable {
        let kind: PauseKind
        let from: TimeOfDay
        let until: TimeOfDay
    }

    enum CodingKeys: String, FieldWords {
        case weekdays, opens, closes, pauses, etag
        case schoolID = "school_id"
        case effectiveOn = "effective_on"
        case changesOn = "changes_on"
        case setBy = "set_by"
        case setAt = "set_at"

        var words: String {
            switch self {
            case .weekdays: "On which days of the week; Monday is 1."
            case .opens: "When the day begins, in London."
            case .closes: "When it ends."
            case .pauses: "Breaks and lunch."
            case .etag: "Its version, to be sent as If-Match."
            case .schoolID: "The school."
            case .effectiveOn: "From which day; absent while the school has said nothing."
            case .changesOn: "When it changes next, as is planned."
            case .setBy: "Who set it."
            case .setAt: "When it was set."
            }
        }
    }

    /// A day as the school says it.
    struct Choice: Body {
        let weekdays: Few<Weekday, 7>
        let opens: TimeOfDay
        let closes: TimeOfDay
        let pauses: Few<Pause, 12>
        let effectiveOn: Day?

        static let words = "When the school day begins and ends, from which day."
        static var example: Choice {
            Choice(
                weekdays: Few((1...5).map(Weekday.init(number:))),
                opens: TimeOfDay("08:50") ?? .example, closes: TimeOfDay("15:20") ?? .example,
                pauses: [
                    Pause(
                        kind: .lunch, from: TimeOfDay("12:00") ?? .example,
                        until: TimeOfDay("13:00") ?? .example)
                ], effectiveOn: nil)
        }

        var faults: [JSONFault] {
            var faults: [JSONFault] = []
            if weekdays.elements.isEmpty {
                faults.append(
                    JSONFault(
                        pointer: "/weekdays", code: "required", detail: "Name at least one day"))
            }
            if closes.string <= opens.string {
                faults.append(
                    JSONFault(
                        pointer: "/closes", code: "before_its_start",
                        detail: "The day ends after it begins"))
            }
            return faults + faultsOfPauses
        }

        private var faultsOfPauses: [JSONFault] {
            pauses.elements.indices.compactMap { place in
                let pause = pauses.elements[place]
                let start = place == 0 ? opens : pauses.elements[place - 1].until
                let isInOrder =
                    start.string <= pause.from.string && pause.from.string < pause.until.string
                    && pause.until.string <= closes.string
                return isInOrder
                    ? nil
                    : JSONFault(
                        pointer: "/pauses/\(place)", code: "out_of_order",
                        detail: "Pauses lie within the day, one after the other")
            }
        }

        enum CodingKeys: String, FieldWords {
            case weekdays, opens, closes, pauses
            case effectiveOn = "effective_on"

            var words: String {
                switch self {
                case .weekdays: "On which days of the week; Monday is 1."
                case .opens: "When the day begins, in London."
                case .closes: "When it ends."
                case .pauses: "Breaks and lunch, in their order."
                case .effectiveOn:
                    "From which day, today or within two years; today when not given."
                }
            }
        }
    }
}

extension SchoolDay.Pause {
    enum CodingKeys: String, FieldWords {
        case kind, from, until

        var words: String {
            switch self {
            case .kind: "What it is."
            case .from: "When it begins."
            case .until: "When it is over."
            }
        }
    }
}

/// A pause of the school day.
enum PauseKind: String, Words {
    case `break`
    case lunch

    var label: String { self == .break ? "Break" : "Lunch" }
}

/// A day of the week: Monday is 1, Sunday 7 (ISO 8601).
struct Weekday: Codable, Hashable, SchemaProviding, Exemplary {
    let number: Int

    init(number: Int) { self.number = number }

    init(from decoder: any Decoder) throws {
        number = try decoder.singleValueContainer().decode(Int.self)
        guard (1...7).contains(number) else {
            throw JSONFault(code: "out_of_range", detail: "From 1, Monday, to 7, Sunday")
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(number)
    }

    static var schema: Schema { .integer(minimum: 1, maximum: 7) }
    static var example: Weekday { Weekday(number: 1) }
}

/// A day, and whether it is one of school.
struct DayShown: Resource {
    static let isTagged = false

    let schoolID: ID<School>
    let on: Day
    let isSchoolDay: Bool
    let term: String?
    let closedBy: ClosedDayKind?

    static let schemaName = "CalendarDay"
    static let words = "A day, and whether a school is open to its pupils on it."
    static var example: DayShown {
        DayShown(
            schoolID: .example, on: .example, isSchoolDay: false, term: "Autumn", closedBy: .inset)
    }

    enum CodingKeys: String, FieldWords {
        case on, term
        case schoolID = "school_id"
        case isSchoolDay = "is_school_day"
        case closedBy = "closed_by"

        var words: String {
            switch self {
            case .on: "The day."
            case .term: "The term in which it lies."
            case .schoolID: "The school."
            case .isSchoolDay:
                "Whether pupils are at school; in a year of which the school has said nothing, "
                    + "every working day."
            case .closedBy: "Why it is closed within a term."
            }
        }
    }
}
