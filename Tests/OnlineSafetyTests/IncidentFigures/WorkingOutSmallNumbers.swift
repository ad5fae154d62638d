import JSON
import Postgres
import Testing

@testable import OnlineSafety

/// Somebody who has all figures of a school, and tries to work out those that are suppressed.
@Suite struct `Working out small numbers` {
    private struct Cell: Hashable {
        let starts: String
        let ends: String
        let period: String
        let measure: String
        let word: String
    }

    /// Nearly all that happened in two months was of one type. None of a month
    /// can exceed its incidents, so that of a type nothing is told of less than a year.
    @Test func `does not follow from what the number of all incidents bounds`() async throws {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T09:00:00Z")
        for (month, type, number) in [
            ("09", "cyberbullying", 20), ("10", "cyberbullying", 4), ("10", "hate", 1),
        ] {
            try register.database.execute(
                """
                insert into incident (
                    school_id, id, reference, concerns, urgency, treated_as, readers, occurred_on,
                    types)
                select '\(TestSchool.hawthorn.id)', id, id::text, 'child', 'normal', 'child',
                    '{dsl}', '2024-\(month)-05', '{\(type)}'
                from (select gen_random_uuid() as id from generate_series(1, \(number))) as made
                """)
        }
        let told = try pull(register.as(.trustViewer))
        #expect(told.contains { $0.key.word == "cyberbullying" && $0.value == 24 })
        let words = told.keys.filter { !$0.word.isEmpty }
        #expect(words.allSatisfy { $0.period == "academic_year" })
    }

    /// In ten years of all sizes, none of the small numbers follows from what is told.
    @Test(arguments: [1, 2, 3]) func `leads nowhere`(seed: Int) async throws {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T09:00:00Z")
        try happen(seed, in: register)
        let truth = try self.truth(in: register)
        let told = try pull(register.as(.trustViewer))
        #expect(told.count == truth.count && told.values.contains { $0 ?? 0 > 0 })
        for (cell, count) in told {
            if let count {
                #expect(count == truth[cell] && !(1...4).contains(count), "\(cell)")
            }
        }
        let known = Self.workOut(told)
        let found = known.filter { cell, range in
            told[cell] == .some(nil) && (1...4).contains(truth[cell] ?? 0)
                && range.lowerBound == range.upperBound
        }
        #expect(found.isEmpty, "\(found.first.map { "\($0)" } ?? "")")
        #expect(truth.values.contains { (1...4).contains($0) })
    }

    /// From few a year to many; some of a type only, some of several.
    private func happen(_ seed: Int, in register: Register) throws {
        try register.database.execute(
            """
            select setseed(0.\(seed));
            insert into incident (
                school_id, id, reference, concerns, urgency, treated_as, readers, occurred_on,
                types, status, risk_categories)
            select '\(TestSchool.hawthorn.id)', id, id::text, 'child', 'normal', 'child', '{dsl}',
                make_date(2017 + year, 9, 1) + least((random() * random() * 420)::integer, 364),
                case when random() < 0.7 then array['cyberbullying']
                    when random() < 0.5 then array['hate', 'gambling'] else '{}' end,
                (array['reported', 'triaged', 'closed', 'closed'])[1 + (random() * 3)::integer],
                case when random() < 0.8 then array['conduct'] else array['contact'] end
            from (
                select gen_random_uuid() as id, year
                from generate_series(0, 8) as year,
                    generate_series(1, (array[3, 5, 6, 8, 11, 16, 30, 80, 300])[year + 1])
            ) as made
            """)
    }

    /// Every figure as it is.
    private func truth(in register: Register) throws -> [Cell: Int] {
        let found = try register.database.owner().run(
            """
            select starts_on::text as starts, ends_on::text as ends, period, measure,
                coalesce(word, '') as word, count(incident.id)::integer as number
            from (\(Self.cells)) as cell
            left join incident on school_id = \(TestSchool.hawthorn.id)
                and logged_on between starts_on and ends_on
                and case measure when 'incidents' then true when 'allegations' then false
                    when 'status' then status = word
                    when 'type' then word = any(types) else word = any(risk_categories) end
            group by 1, 2, 3, 4, 5
            """)
        return (0..<found.count).reduce(into: [:]) { truth, row in
            let texts = ["starts", "ends", "period", "measure", "word"].map {
                found.text(row, $0) ?? ""
            }
            let cell = Cell(
                starts: texts[0], ends: texts[1], period: texts[2], measure: texts[3],
                word: texts[4])
            truth[cell] = found.int(row, "number")
        }
    }

    private static let cells: SQL = """
        select period, starts_on,
            (starts_on + make_interval(months => months))::date - 1 as ends_on, known.measure,
            known.word
        from generate_series(2017, 2026) as year
        cross join (
            select 'academic_year' as period, 0 as first, 12 as months
            union all select 'term', n * 4, 4 from generate_series(0, 2) as n
            union all select 'month', n, 1 from generate_series(0, 11) as n
        ) as part
        cross join lateral (
            select (make_date(year, 9, 1) + make_interval(months => first))::date as starts_on
        ) as begun
        join unnest(\(counted.map(\.0))::text[], \(counted.map(\.1))::text[])
            as known (measure, word)
            on period = 'academic_year' or known.measure = 'incidents'
        """

    private static let counted = IncidentFigure.Measure.allCases.flatMap { measure in
        measure.counted.map { (measure.rawValue, $0) }
    }

    private func pull(_ visitor: Visitor) throws -> [Cell: Int?] {
        var (told, path) = ([Cell: Int?](), "/v1/incident-figures?limit=1000&school_id=")
        path += TestSchool.hawthorn.id.uuidString
        for _ in 0..<20 {
            let page = try visitor.get(path)
            for figure in page.data {
                func text(_ name: String) -> String { figure[name]?.text ?? "" }
                let cell = Cell(
                    starts: text("starts_on"), ends: text("ends_on"), period: text("period"),
                    measure: text("measure"), word: text("word"))
                guard case .number(let count)? = figure["count"] else {
                    told[cell] = .some(nil)
                    continue
                }
                told[cell] = Int(count.text)
            }
            guard let link = page.header("link") else { break }
            path = String(link.dropFirst().prefix { $0 != ">" })
        }
        return told
    }

    /// What each may be, narrowed by every sum until nothing follows any more. It is known as well
    /// that beside a part that is told to be zero, one that is suppressed is not.
    private static func workOut(_ told: [Cell: Int?]) -> [Cell: ClosedRange<Int>] {
        var known = told.mapValues { $0.map { $0...$0 } ?? 0...10_000 }
        let sums = self.sums(of: told)
        for sum in sums where told[sum.whole] != .some(nil) && sum.whole.measure != "status" {
            let isOfAll = sum.parts.contains { $0.measure == "status" }
            let hidden = sum.parts.filter { told[$0] == .some(nil) }
            let isTold = hidden.allSatisfy { part in
                told[
                    Cell(
                        starts: part.starts, ends: part.ends, period: part.period,
                        measure: "incidents", word: "")] != .some(nil)
                    || part.measure == "incidents"
            }
            guard !isOfAll, isTold else { continue }
            for part in hidden { known[part] = 1...10_000 }
        }
        for _ in 0..<50 {
            for sum in sums { narrow(sum, &known) }
        }
        return known
    }

    private static func narrow(
        _ sum: (whole: Cell, parts: [Cell]), _ known: inout [Cell: ClosedRange<Int>]
    ) {
        let parts = sum.parts.map { known[$0] ?? 0...0 }
        let (low, high) = (
            parts.map(\.lowerBound).reduce(0, +), parts.map(\.upperBound).reduce(0, +)
        )
        let whole = known[sum.whole] ?? 0...0
        known[sum.whole] = max(whole.lowerBound, low)...min(whole.upperBound, high)
        for (part, range) in zip(sum.parts, parts) {
            let least = whole.lowerBound - (high - range.upperBound)
            let most = whole.upperBound - (low - range.lowerBound)
            known[part] = max(range.lowerBound, least)...min(range.upperBound, most)
        }
    }

    /// A year is its terms, a term its months; all incidents of a period are those of each state.
    private static func sums(of told: [Cell: Int?]) -> [(whole: Cell, parts: [Cell])] {
        let within = ["academic_year": "term", "term": "month"]
        let families = Dictionary(grouping: told.keys) { "\($0.period) \($0.measure) \($0.word)" }
        return told.keys.flatMap { whole -> [(whole: Cell, parts: [Cell])] in
            let inTime = within[whole.period].map { period in
                families["\(period) \(whole.measure) \(whole.word)", default: []].filter {
                    $0.starts >= whole.starts && $0.ends <= whole.ends
                }
            }
            let states: [Cell]? =
                whole.measure != "incidents"
                ? nil
                : IncidentFigure.Measure.status.counted.map { word in
                    Cell(
                        starts: whole.starts, ends: whole.ends, period: whole.period,
                        measure: "status", word: word)
                }
            // Of a term or a month nothing is told but the number of all incidents.
            return [inTime, states].compactMap(\.self)
                .filter { !$0.isEmpty && $0.allSatisfy { told.keys.contains($0) } }
                .map { (whole, $0) }
        }
    }
}
