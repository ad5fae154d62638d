import Testing

@testable import OnlineSafety

/// `Docs/Access.md` is what people rely on: what it says is what was decided.
@Suite struct `The access table` {
    /// SEC-14
    @Test func `names for every operation just those who are admitted`() throws {
        let lines = String(decoding: try committed("Docs/Access.md"), as: UTF8.self)
            .split(separator: "\n").filter { $0.contains("<br>`") }
        for route in areas.flatMap(\.routes) {
            let place = "`\(route.method.rawValue) \(route.path)`"
            let own = lines.filter { $0.contains("<br>\(place) |") }
            try #require(!own.isEmpty, "\(place) is not in the table")
            let decision = try #require(Decision.all[route.operationID])
            let named = own.map { String($0.split(separator: "|")[1]) }
            #expect(Self.roles(named) == decision.admitted, "\(place)")
        }
    }

    /// `nil` for anybody.
    private static func roles(_ cells: [String]) -> Set<Role>? {
        if cells == [" anybody "] { return nil }
        if cells.contains(" everybody ") { return Set(Role.allCases) }
        return Set(
            cells.flatMap { $0.split(separator: ",") }.compactMap { name in
                Role(rawValue: name.filter { $0 != "`" && $0 != " " })
            })
    }
}
