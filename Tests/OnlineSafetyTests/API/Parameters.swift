import JSON
import Testing

@testable import OnlineSafety

/// A parameter that is not understood is refused: a typing error must not return everything.
@Suite struct `Parameters` {
    @Test func `one that is unknown is named, wherever it is sent`() async throws {
        let scene = try await Scene.open()
        for route in areas.flatMap(\.routes) where route.method == .get {
            let address = scene.address(of: route, for: .dsl)
            let asker = try scene.visitor(for: route, or: .dsl)
            let told = try asker.get("\(address)?shcool_id=canary")
            #expect(told.status == 400, "\(address)")
            #expect(told.code == "invalid_parameter", "\(address)")
            let others = told.faults.filter { $0.value != "required" }
            #expect(others == ["shcool_id": "unknown_parameter"], "\(address)")
            #expect(!told.text.contains("canary"), "\(address)")
        }
    }

    /// API-06
    @Test func `all that is wrong is told at once, and no value is repeated`() async throws {
        let register = try await Register.open()
        let told = try register.as(.dsl).get(
            "/v1/incidents?status=canary&limit=canary&school_id=canary&reported_since=2026-11-20"
                + "T09:30:00&occurred_before=canary&mine=canary&sort=canary&format=canary"
                + "&csv_for=canary&canine=canary&type=grooming,canary")
        #expect(told.status == 400)
        #expect(
            told.faults == [
                "status": "unknown_word", "limit": "whole_number", "school_id": "uuid",
                "reported_since": "offset_required", "occurred_before": "date", "mine": "boolean",
                "sort": "unknown_word", "format": "unknown_word", "csv_for": "unknown_word",
                "canine": "unknown_parameter", "type": "unknown_word",
            ])
        #expect(!told.text.contains("canary") && !told.text.contains("09:30:00\""))
    }

    @Test func `one that is given twice, or not in UTF-8, is refused`() async throws {
        let register = try await Register.open()
        let twice = try register.as(.dsl).get("/v1/incidents?urgency=normal&urgency=urgent")
        #expect(twice.faults == ["urgency": "repeated"])
        for query in ["q=%FF", "q=%00", "%C3=1"] {
            #expect(try register.as(.dsl).get("/v1/people?\(query)").status == 400)
        }
    }

    @Test func `a writing takes none either`() async throws {
        let register = try await Register.open()
        let told = try register.as(.staff).post("/v1/incidents?dry_run=true", report())
        #expect(told.faults == ["dry_run": "unknown_parameter"])
        #expect(try register.database.number("select count(*) from incident") == 0)
    }
}
