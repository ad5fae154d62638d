import JSON
import Postgres
import Testing

@testable import OnlineSafety

/// ORG-10: school days as the calendar has them, compared with an independent reckoning.
@Suite struct `School days` {
    private let school = TestSchool.hawthorn.id
    private let path = "/v1/schools/\(TestSchool.hawthorn.id)"

    /// Two years by chance: terms with gaps, closed days, and of the third nothing.
    struct Chance {
        var terms: [Int: [ClosedRange<PlainDay>]] = [:]
        var closed: Set<PlainDay> = []
        var weekdays: Set<Int> = [1, 2, 3, 4, 5]
        private var source: SystemSeed

        init(seed: UInt64) {
            source = SystemSeed(seed)
            if source.below(3) == 0 { weekdays = [1, 2, 4, 6] }
            for year in 2025...2026 {
                var day = PlainDay(year, 9, 1) + source.below(10)
                let end = PlainDay(year + 1, 8, 31)
                while true {
                    let last = day + source.below(70)
                    guard last < end else { break }
                    terms[year, default: []].append(day...last)
                    for _ in 0..<source.below(6) {
                        closed.insert(day + source.below(last.number - day.number + 1))
                    }
                    day = last + 1 + source.below(30)
                }
            }
        }

        mutating func below(_ bound: Int) -> Int { source.below(bound) }

        func isSchoolDay(_ day: PlainDay) -> Bool {
            let text = day.description
            let year = (Int(text.prefix(4)) ?? 0) - (text.dropFirst(5) < "09-01" ? 1 : 0)
            let isInTerm = terms[year].map { $0.contains { $0.contains(day) } } ?? true
            return weekdays.contains(day.weekday) && isInTerm && !closed.contains(day)
        }

        func body(of year: Int) -> JSONValue {
            let terms = terms[year] ?? []
            return [
                "terms": .array(
                    terms.map {
                        [
                            "name": "Term", "starts_on": .string("\($0.lowerBound)"),
                            "ends_on": .string("\($0.upperBound)"),
                        ]
                    }),
                "closed_days": .array(
                    closed.filter { day in terms.contains { $0.contains(day) } }.map {
                        ["closed_on": .string("\($0)"), "kind": "closure"]
                    }),
            ]
        }
    }

    private func register(_ chance: Chance) async throws -> Register {
        let register = try await Register.open()
        try register.database.setClock("2025-09-01T00:00:00Z")
        let office = register.as(.office)
        for year in 2025...2026 {
            let set = try office.put(
                "\(path)/calendar/\(year)", chance.body(of: year), ["If-Match": "*"])
            #expect(set.status == 200)
        }
        let day = try office.put(
            "\(path)/school-day",
            [
                "weekdays": .array(chance.weekdays.sorted().map { .number(JSONNumber($0)) }),
                "opens": "08:50", "closes": "15:20",
                "pauses": [
                    ["kind": "break", "from": "10:30", "until": "10:45"],
                    ["kind": "lunch", "from": "12:00", "until": "13:00"],
                ],
            ], ["If-Match": "\"0\""])
        #expect(day.status == 200)
        return register
    }

    /// ORG-10
    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `are those of the calendar, whatever it is`(seed: UInt64) async throws {
        var chance = Chance(seed: seed)
        let register = try await register(chance)
        let database = try register.database.owner()
        let (first, count) = (PlainDay(2025, 9, 1), 3 * 365 + 200)
        let found = try database.run(
            """
            select array(
                select (date '2025-09-01' + ahead)::text
                from generate_series(0, \(count) - 1) as ahead
                where is_school_day(\(school), date '2025-09-01' + ahead)) as days
            """)
        let days = (0..<count).map { first + $0 }.filter(chance.isSchoolDay)
        #expect(found.texts(0, "days") == days.map(\.description))
        for _ in 0..<60 {
            let (from, number) = (first + chance.below(700), chance.below(300) - 100)
            guard let wanted = Self.add(number, to: from, chance) else { continue }
            let told = try database.run(
                """
                select add_school_days(\(school), \(from.description)::text::date, \(number))::text
                    as day
                """)
            #expect(told.text(0, "day") == wanted.description, "\(from) and \(number)")
            let until = from + chance.below(500)
            let between = days.filter { from < $0 && $0 <= until }.count
            let counted = try database.run(
                """
                select school_days_between(
                    \(school), \(from.description)::text::date, \(until.description)::text::date)
                    as days
                """)
            #expect(counted.int(0, "days") == between)
        }
    }

    /// `nil` before the first day that was reckoned.
    private static func add(_ number: Int, to day: PlainDay, _ chance: Chance) -> PlainDay? {
        var day = number == 0 ? day + -1 : day
        for _ in 0..<max(1, abs(number)) {
            repeat { day = day + (number < 0 ? -1 : 1) } while !chance.isSchoolDay(day)
            guard day >= PlainDay(2025, 9, 1) else { return nil }
        }
        return day
    }

    /// ORG-10: in summer and in winter, to the minute.
    @Test func `have their times by the clock of London`() async throws {
        var chance = Chance(seed: 5)
        let register = try await register(chance)
        let database = try register.database.owner()
        let edges = [
            (8, 50, "lessons"), (10, 30, "break"), (10, 45, "lessons"), (12, 0, "lunch"),
            (13, 0, "lessons"), (15, 20, "after"), (24, 0, ""),
        ]
        for _ in 0..<400 {
            let (day, minute) = (PlainDay(2026, 3, 20) + chance.below(240), chance.below(1440))
            let local = minute + (day.isSummer(atMinute: minute) ? 60 : 0)
            let ofDay = local >= 1440 ? day + 1 : day
            let wanted =
                chance.isSchoolDay(ofDay)
                ? edges.last { $0.0 * 60 + $0.1 <= local % 1440 }?.2 ?? "before" : "closed"
            let at = "\(day)T\(PlainDay.two(minute / 60)):\(PlainDay.two(minute % 60)):00Z"
            let told = try database.run(
                "select school_time(\(school), \(at)::text::timestamptz) as what")
            #expect(told.text(0, "what") == wanted, "\(at)")
        }
        let other = try database.run(
            "select school_time(\(TestSchool.rosehip.id), '2026-11-20T10:00Z') as what")
        #expect(other.text(0, "what") == "unknown")
    }

    @Test func `are counted within bounds`() async throws {
        let register = try await Register.open()
        let database = try register.database.owner()
        for call in [
            "select add_school_days(\(school), '2026-11-20', 401) as x",
            "select add_school_days(\(school), '2026-11-20', -401) as x",
            "select school_days_between(\(school), '2026-11-20', '2046-11-20') as x",
        ] as [SQL] {
            let refused = #expect(throws: PostgresError.self) { try database.run(call) }
            #expect(refused?.sqlState == "22003")
        }
    }
}

/// Chance that comes again.
struct SystemSeed {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func below(_ bound: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(truncatingIfNeeded: state >> 33) % bound
    }
}
