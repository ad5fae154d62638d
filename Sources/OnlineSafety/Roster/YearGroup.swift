import JSON
import OpenAPI
import Postgres

/// A pupil's year group as people and their MIS write it: `4`, `Year 4`, `Y4`, `R`, `Reception`,
/// `N2`, `Nursery 2`. It is kept as the word of the closed list `years`.
struct YearGroup: TextScalar, Hashable {
    let string: String

    init?(_ text: String) {
        guard let year = Self.spoken[Self.plain(text)] else { return nil }
        string = year.rawValue
    }

    static let fault = JSONFault(
        code: "unknown_year_group", detail: "Give a year group, e.g. 4, Year 4, R or N2")
    static let schema = Schema.text(minLength: 1, maxLength: 40)
    static let exampleText: StaticString = "4"

    /// In small letters, with nothing but letters and digits, and numbers without leading noughts.
    private static func plain(_ text: String) -> String {
        var plain = ""
        for scalar in text.unicodeScalars {
            guard plain.utf8.count <= 40 else { return "" }
            switch scalar {
            case "A"..."Z": plain.unicodeScalars.append(Unicode.Scalar(scalar.value | 0x20)!)
            case "0" where plain.unicodeScalars.last.map { !("0"..."9").contains($0) } ?? true:
                continue
            case "a"..."z", "0"..."9": plain.unicodeScalars.append(scalar)
            case " ", "-", "_", ".": continue
            default: return ""
            }
        }
        return plain
    }

    private static let spoken: [String: Year] = {
        var words: [String: Year] = [
            "prek": .preSchool, "preschool": .preSchool, "nursery": .nurseryTwo,
            "nursery1": .nurseryOne, "nursery2": .nurseryTwo, "reception": .reception,
            "yearr": .reception, "yr": .reception, "rec": .reception, "fs2": .reception,
            "fs1": .nurseryTwo,
        ]
        for year in Year.allCases {
            let plain = year.rawValue.filter { $0 != "_" }
            for word in [plain, "year\(plain)", "y\(plain)", "yr\(plain)"] { words[word] = year }
        }
        return words
    }()
}
