import JSON
import Testing

@testable import OnlineSafety

/// API-09: health and readiness, and nothing else with them.
@Suite struct `Being well` {
    @Test func `it lives, and is ready, without a log-in`() async throws {
        let register = try await Register.open()
        let live = try register.nobody.get("/livez")
        #expect(live.status == 200)
        #expect(live.text == "{\"live\":true}")
        let ready = try register.nobody.get("/readyz")
        #expect(ready.status == 200)
        #expect(ready.text == "{\"ready\":true}")
        #expect(try register.nobody.ask("HEAD", "/readyz").status == 200)
        #expect(try register.nobody.get("/metrics").status == 404)
    }

    @Test func `it is not ready while it is leaving, and still lives`() async throws {
        let register = try await Register.open()
        register.configuration.state.drain()
        let ready = try register.nobody.get("/readyz")
        #expect(ready.status == 503)
        #expect(ready.text == "{\"ready\":false,\"reason\":\"draining\"}")
        #expect(ready.header("retry-after") != nil)
        #expect(try register.nobody.get("/livez").status == 200)
    }

    @Test func `it is not ready with a schema that it does not know`() async throws {
        let register = try await Register.open()
        try register.database.execute("delete from schema_migration where number > 5")
        let ready = try register.nobody.get("/readyz")
        #expect(ready.status == 503)
        #expect(ready.text == "{\"ready\":false,\"reason\":\"schema\"}")
    }

    @Test func `it is not ready without its database, and says no more of it`() async throws {
        let register = try await Register.open()
        try register.database.execute("revoke select on schema_migration from rowan_service")
        let ready = try register.nobody.get("/readyz")
        #expect(ready.status == 503)
        #expect(ready.text == "{\"ready\":false,\"reason\":\"database\"}")
    }
}
