import Testing

@testable import OnlineSafety
@testable import Postgres

/// What monitors and load balancers are told (API-09).
@Suite struct `Health and figures` {
    @Test func `count by route template and status, and by nothing else`() async throws {
        let database = try TestDatabase()
        let service = try RunningService(database.serviceURL)
        #expect(try await service.isReady())
        let told = try service.as(.staff).report()
        _ = try service.as(.dsl).get("/v1/incidents/\(told.id)?x=1")
        _ = try service.as(.dsl).get("/v1/incidents/\(told.id)")
        _ = try service.as(.dsl).get("/wp-admin/\(told.id)")
        let metrics = try service.admin.get("/metrics").text
        for total in ["log_lines_dropped", "accounts_slowed"] {
            #expect(metrics.contains("\nrowan_\(total)_total 0\n"), "\(total)")
        }
        let lines = metrics.split(separator: "\n")
            .filter { !$0.hasPrefix("# ") && !$0.contains("_total ") }
        #expect(lines.count > 20)
        let known = Set(areas.flatMap(\.routes).map(\.path) + ["none"])
        for line in lines {
            let parts = line.wholeMatch(
                of: #/rowan_\w+\{route="([^"]*)",status="\d{3}"(,le="[^"]*")?\} [\d.]+/#)
            #expect(try known.contains(String(#require(parts).1)), "\(line)")
        }
        let count = "rowan_request_seconds_count{route=\"/v1/incidents/{incident}\",status="
        for status in [200, 400] { #expect(metrics.contains("\(count)\"\(status)\"} 1\n")) }
        #expect(metrics.contains("count{route=\"none\",status=\"404\"} 1\n"))
        #expect(try Visitor(port: service.port, token: nil).get("/metrics").status == 404)
    }

    @Test func `say ready only with the schema that the program knows (API-09)`() async throws {
        let register = try await Register.open()
        let ready = try register.nobody.get("/readyz")
        #expect((ready.status, ready.text) == (200, #"{"ready":true}"#))
        let alive = try register.nobody.get("/livez")
        #expect((alive.status, alive.text) == (200, #"{"live":true}"#))
        try register.database.execute(
            "delete from schema_migration where number = \(Health.schema)")
        let older = try register.nobody.get("/readyz")
        #expect((older.status, older.text) == (503, #"{"ready":false,"reason":"schema"}"#))
    }
}
