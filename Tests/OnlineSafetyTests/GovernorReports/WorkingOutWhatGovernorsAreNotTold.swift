import JSON
import Testing

@testable import OnlineSafety

/// Whoever reads a report cannot work out what is withheld, even if they know how it is decided.
@Suite struct `Working out what governors are not told` {
    private static let sizes = [0, 0, 1, 1, 2, 3, 4, 5, 5, 6, 8]
    private static let types = Array(IncidentType.allCases.prefix(4)).map(\.rawValue)

    /// Of incidents that have one type each, as most do: then the figures add up to all.
    @Test func `of every withheld figure there are two readings at least`() async throws {
        let register = try await Register.ofGovernors()
        try register.database.setClock("2028-12-01T09:00:00Z")
        var seed = 7
        for month in 0..<24 {
            let counts = Self.types.map { _ in
                seed = (seed &* 1_103_515_245 &+ 12345) & 0x7fff_ffff
                return Self.sizes[(seed >> 16) % Self.sizes.count]
            }
            let (year, name) = (2026 + (8 + month) / 12, 1 + (8 + month) % 12)
            let start = "\(year)-\(name < 10 ? "0" : "")\(name)"
            for (type, number) in zip(Self.types, counts) {
                try register.happen(number, on: "\(start)-05", "{\(type)}")
            }
            let report = try register.issueReport(until: "\(start)-28")
            #expect(report.status == 201, "\(report.json)")
            let total = counts.reduce(0, +)
            let told = Self.types.map { report.count("type", $0) }
            let outcomes = report.json.list("cells").filter { $0["measure"] == "outcome" }
            #expect(Set(outcomes.map { $0["state"]?.text }).count == 1)
            guard !(1...4).contains(total) else { continue }
            let readings = Self.readings(told, total)
            #expect(readings.contains(counts), "\(counts) \(told)")
            for place in counts.indices where (1...4).contains(counts[place]) {
                #expect(Set(readings.map { $0[place] }).count > 1, "\(counts) \(told)")
            }
        }
    }

    /// All ways to fill what is withheld that add up, and would have been told just so.
    private static func readings(_ told: [Int?], _ total: Int) -> [[Int]] {
        var found: [[Int]] = [[]]
        for cell in told {
            found = found.flatMap { start in
                (cell.map { $0...$0 } ?? 0...total).map { start + [$0] }
            }
        }
        return found.filter { $0.reduce(0, +) == total && Self.told($0) == told }
    }

    /// The rule, once more.
    private static func told(_ counts: [Int]) -> [Int?] {
        let small = counts.filter { (1...4).contains($0) }
        guard !small.isEmpty else { return counts }
        let other = counts.firstIndex { $0 > 4 }
        let sum = small.reduce(0, +)
        let isPlain =
            sum == small.count && other.map { counts[$0] == 5 } ?? true
            || sum == 4 * small.count && other == nil
        return counts.indices.map { place in
            isPlain || place == other || (1...4).contains(counts[place]) ? nil : counts[place]
        }
    }
}
