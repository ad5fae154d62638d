@testable import OnlineSafety

/// Days reckoned without PostgreSQL and without Foundation, to compare with.
struct PlainDay: Hashable, Comparable, CustomStringConvertible {
    /// Since 1 January 1970.
    let number: Int

    init(_ number: Int) { self.number = number }

    /// After Howard Hinnant's `days_from_civil`.
    init(_ year: Int, _ month: Int, _ day: Int) {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let ofEra = shifted - era * 400
        let ofYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        number = era * 146_097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - 719_468
    }

    /// Monday is 1.
    var weekday: Int { (number + 3) % 7 + 1 }

    var description: String {
        let shifted = number + 719_468
        let era = shifted / 146_097
        let ofEra = shifted - era * 146_097
        let year = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * year + year / 4 - year / 100)
        let index = (5 * ofYear + 2) / 153
        let (day, month) = (ofYear - (153 * index + 2) / 5 + 1, index < 10 ? index + 3 : index - 9)
        return "\(year + era * 400 + (month <= 2 ? 1 : 0))-\(Self.two(month))-\(Self.two(day))"
    }

    static func < (one: PlainDay, other: PlainDay) -> Bool { one.number < other.number }
    static func + (day: PlainDay, days: Int) -> PlainDay { PlainDay(day.number + days) }
    static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    /// Whether the clocks of London are an hour ahead at this minute of the day, in UTC: from the
    /// last Sunday of March to that of October, at 01:00 (the Summer Time Act 1972 and its order).
    func isSummer(atMinute minute: Int) -> Bool {
        guard let year = Int(description.prefix(4)) else { return false }
        func lastSunday(_ month: Int) -> PlainDay {
            let last = PlainDay(year, month, 31)
            return last + -(last.weekday % 7)
        }
        let moment = number * 1440 + minute
        return lastSunday(3).number * 1440 + 60 <= moment
            && moment < lastSunday(10).number * 1440 + 60
    }
}
