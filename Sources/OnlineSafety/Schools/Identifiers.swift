import JSON
import OpenAPI
import Postgres

/// The unique reference number that GIAS gives a school: six digits, of which the first is not 0.
/// It has no check digit.
struct URN: TextScalar {
    let string: String

    init?(_ text: String) {
        guard text.isNumber(ofDigits: 6, from: "1", to: "9") else { return nil }
        string = text
    }

    static let fault = JSONFault(code: "urn", detail: "A URN is six digits, e.g. 123456")
    static let schema = Schema.text(pattern: "^[1-9][0-9]{5}$")
    static let exampleText: StaticString = "900001"
}

/// The DfE number of a school: the three digits of its local authority, which begin at 201, and
/// four of its own, which begin at 1000 (GIAS). Taken as `933/2001` too, and kept without the
/// stroke. It has no check digit.
struct LAESTAB: TextScalar {
    let string: String

    init?(_ text: String) {
        var digits = Array(text.utf8)
        if digits.count == 8, digits[3] == UInt8(ascii: "/") { digits.remove(at: 3) }
        let number = String(decoding: digits, as: UTF8.self)
        guard number.isNumber(ofDigits: 7, from: "2", to: "9"), number.prefix(3) > "200",
            digits[3] != UInt8(ascii: "0")
        else { return nil }
        string = number
    }

    static let fault = JSONFault(
        code: "laestab",
        detail: "A DfE number is the authority's three digits and the school's four, e.g. 933/2001")
    static let schema = Schema.text(pattern: "^[2-9][0-9]{2}/?[1-9][0-9]{3}$")
    static let exampleText: StaticString = "9332001"
}

/// The number of a school in the UK Register of Learning Providers: eight digits, of which the
/// first is 1. It has no check digit.
struct UKPRN: TextScalar {
    let string: String

    init?(_ text: String) {
        guard text.isNumber(ofDigits: 8, from: "1", to: "1") else { return nil }
        string = text
    }

    static let fault = JSONFault(
        code: "ukprn", detail: "A UKPRN is eight digits that begin with 1, e.g. 10012345")
    static let schema = Schema.text(pattern: "^1[0-9]{7}$")
    static let exampleText: StaticString = "10012345"
}

extension String {
    /// Whether it is so many ASCII digits, the first of them between two.
    fileprivate func isNumber(
        ofDigits count: Int, from first: Unicode.Scalar, to last: Unicode.Scalar
    ) -> Bool {
        let digits = Array(utf8)
        return digits.count == count && digits.allSatisfy { (48...57).contains($0) }
            && (UInt8(ascii: first)...UInt8(ascii: last)).contains(digits[0])
    }
}

/// What a school is known by, said anew.
struct SchoolDescription: Body {
    let name: Text<200>
    let urn: URN?
    let laestab: LAESTAB?
    let ukprn: UKPRN?
    let yearGroups: Few<YearGroup, 17>

    static let words = "What a school is known by, and which year groups it has."
    static var example: SchoolDescription {
        SchoolDescription(
            name: "Hawthorn Infant School", urn: .example, laestab: .example, ukprn: .example,
            yearGroups: [YearGroup(year: .reception, name: "Acorns")])
    }

    struct YearGroup: Codable {
        let year: Year
        let name: Text<100>?
    }

    var faults: [JSONFault] {
        yearGroups.elements.indices.filter { place in
            let year = yearGroups.elements[place].year
            return yearGroups.elements[..<place].contains { $0.year == year }
        }.map {
            JSONFault(
                pointer: "/year_groups/\($0)/year", code: "repeated", detail: "Name each year once")
        }
    }

    enum CodingKeys: String, FieldWords {
        case name, urn, laestab, ukprn
        case yearGroups = "year_groups"

        var words: String {
            switch self {
            case .name: "Its name."
            case .urn: "Its unique reference number, of six digits."
            case .laestab: "Its DfE number, such as 933/2001."
            case .ukprn: "Its number in the UK Register of Learning Providers."
            case .yearGroups: "All its year groups."
            }
        }
    }
}

extension SchoolDescription.YearGroup {
    enum CodingKeys: String, FieldWords {
        case year, name

        var words: String {
            switch self {
            case .year: "The year."
            case .name: "What the school calls it, such as Later Years."
            }
        }
    }
}
