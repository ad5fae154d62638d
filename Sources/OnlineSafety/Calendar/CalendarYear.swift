import JSON
import OpenAPI
import Postgres

/// An academic year of a school: its terms, and the days in them on which it is closed (ORG-10).
struct CalendarYear: Resource {
    let schoolID: ID<School>
    let beginsIn: Int
    let academicYear: String
    let terms: [Term]
    let closedDays: [ClosedDay]
    let setBy: String?
    let setAt: Instant?
    let etag: String

    static let words =
        "An academic year of a school: its terms, and the days on which it is closed."
    static var example: CalendarYear {
        CalendarYear(
            schoolID: .example, beginsIn: 2026, academicYear: "2026/27",
            terms: Choice.example.terms.elements, closedDays: Choice.example.closedDays.elements,
            setBy: "Priya Shah", setAt: .example, etag: "\"1\"")
    }

    struct Term: Codable {
        let name: Text<100>
        let startsOn: Day
        let endsOn: Day
    }

    struct ClosedDay: Codable {
        let closedOn: Day
        let kind: ClosedDayKind
        let words: Text<200>?
    }

    enum CodingKeys: String, FieldWords {
        case terms, etag
        case schoolID = "school_id"
        case beginsIn = "begins_in"
        case academicYear = "academic_year"
        case closedDays = "closed_days"
        case setBy = "set_by"
        case setAt = "set_at"

        var words: String {
            switch self {
            case .terms: "Its terms, in their order; none while the school has said nothing."
            case .etag: "Its version, to be sent as If-Match."
            case .schoolID: "The school."
            case .beginsIn: "In which September it begins."
            case .academicYear: "The academic year, as 2026/27."
            case .closedDays: "The days within its terms on which the school is closed to pupils."
            case .setBy: "Who set it."
            case .setAt: "When it was set."
            }
        }
    }

    /// A year as the school says it.
    struct Choice: Body {
        let terms: Few<Term, 12>
        let closedDays: Few<ClosedDay, 150>

        static let words =
            "The terms of an academic year, and the days on which the school is closed."
        static var example: Choice {
            Choice(
                terms: [
                    Term(
                        name: "Autumn", startsOn: Day("2026-09-02") ?? .example,
                        endsOn: Day("2026-12-18") ?? .example)
                ],
                closedDays: [
                    ClosedDay(
                        closedOn: Day("2026-11-20") ?? .example, kind: .inset,
                        words: "Safeguarding training")
                ])
        }

        var faults: [JSONFault] { faultsOfTerms + faultsOfClosedDays }

        enum CodingKeys: String, FieldWords {
            case terms
            case closedDays = "closed_days"

            var words: String {
                switch self {
                case .terms: "The terms, in their order; no two may overlap."
                case .closedDays: "Days within the terms, each once."
                }
            }
        }
    }
}

extension CalendarYear.Choice {
    private var faultsOfTerms: [JSONFault] {
        terms.elements.indices.compactMap { place in
            let (term, pointer) = (terms.elements[place], "/terms/\(place)")
            if term.endsOn.string < term.startsOn.string {
                return JSONFault(
                    pointer: "\(pointer)/ends_on", code: "before_its_start",
                    detail: "A term ends after it starts")
            }
            if place > 0, term.startsOn.string <= terms.elements[place - 1].endsOn.string {
                return JSONFault(
                    pointer: "\(pointer)/starts_on", code: "overlaps",
                    detail: "A term starts after the one before has ended")
            }
            return nil
        }
    }

    private var faultsOfClosedDays: [JSONFault] {
        closedDays.elements.indices.compactMap { place in
            let (day, pointer) = (closedDays.elements[place].closedOn, "/closed_days/\(place)")
            if closedDays.elements[..<place].contains(where: { $0.closedOn == day }) {
                return JSONFault(
                    pointer: "\(pointer)/closed_on", code: "repeated",
                    detail: "Name each day once")
            }
            let isInTerm = terms.elements.contains {
                $0.startsOn.string <= day.string && day.string <= $0.endsOn.string
            }
            return isInTerm
                ? nil
                : JSONFault(
                    pointer: "\(pointer)/closed_on", code: "outside_term",
                    detail: "Name days within the terms; outside them the school is closed anyhow")
        }
    }

    /// What does not lie in the academic year that begins in this one.
    func faults(outside year: AcademicYear) -> [JSONFault] {
        terms.elements.enumerated().flatMap { place, term in
            [("starts_on", term.startsOn), ("ends_on", term.endsOn)]
                .filter { !year.contains($0.1) }.map { field, _ in
                    JSONFault(
                        pointer: "/terms/\(place)/\(field)", code: "outside_the_year",
                        detail: "An academic year is from 1 September to 31 August")
                }
        }
    }
}

extension CalendarYear.Term {
    enum CodingKeys: String, FieldWords {
        case name
        case startsOn = "starts_on"
        case endsOn = "ends_on"

        var words: String {
            switch self {
            case .name: "Its name."
            case .startsOn: "Its first day."
            case .endsOn: "Its last day."
            }
        }
    }
}

extension CalendarYear.ClosedDay {
    enum CodingKeys: String, FieldWords {
        case kind, words
        case closedOn = "closed_on"

        var words: String {
            switch self {
            case .kind: "Why it is closed."
            case .words: "More of it, in a few words."
            case .closedOn: "The day."
            }
        }
    }
}

/// Why a school is closed to its pupils on a day within a term.
enum ClosedDayKind: String, Words {
    case inset
    case halfTerm = "half_term"
    case bankHoliday = "bank_holiday"
    case closure
    case other

    var label: String {
        switch self {
        case .inset: "Training of the staff (INSET)"
        case .halfTerm: "Half-term"
        case .bankHoliday: "Bank holiday"
        case .closure: "Closure, such as for snow"
        case .other: "Other"
        }
    }
}

/// An academic year, by the year in whose September it begins: 2000 to 2198.
struct AcademicYear: Argument {
    let beginsIn: Int

    func contains(_ day: Day) -> Bool {
        (("\(beginsIn)-09-01")...("\(beginsIn + 1)-08-31")).contains(day.string)
    }

    static func take(from call: inout Call) throws -> AcademicYear {
        guard let text = call.pathValues.next(), text.count == 4,
            text.allSatisfy({ (48...57).contains($0) })
        else { throw Problem(.notFound) }
        let number = text.reduce(0) { $0 * 10 + Int($1 - 48) }
        guard (2000...2198).contains(number) else { throw Problem(.notFound) }
        return AcademicYear(beginsIn: number)
    }

    static func describe(_ operation: inout OperationWords) {
        operation.takesPathValue(.integer(minimum: 2000, maximum: 2198), example: "2026")
    }
}
