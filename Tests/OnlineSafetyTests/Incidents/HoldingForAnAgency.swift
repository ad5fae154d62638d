import JSON
import Testing

@testable import OnlineSafety

/// NOT-04: neither whom a case is about nor whoever an agency wants kept in the dark is told.
@Suite struct `Holding for an agency` {
    private func held(_ register: Register) throws -> (case: Case, child: JSONValue, hold: String) {
        let one = try Case(
            register, .child, ("people", [["group": "child", "name": "Robin", "part": "target"]]))
        #expect(try one.triage().status == 201)
        let child = try register.as(.dsl).get("\(one.path)/people").data[0]["id"] ?? .null
        let put = try one.post("agency-holds", JSON.value(of: AgencyHold.Put.example))
        #expect(put.status == 201 && put["held_by_role"] == "dsl")
        return (one, child, put.id)
    }

    private func informed(_ child: JSONValue, at instant: String) -> JSONValue {
        Case.informed(child).without(["informed_at"]).with("informed_at", .string(instant))
    }

    private func now(_ register: Register) throws -> String {
        let found = try register.database.owner().run(
            """
            select to_char(rowan_now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as now
            """)
        return found.text(0, "now") ?? ""
    }

    @Test func `keeps parents from being told until there is advice`() async throws {
        let register = try await Register.open()
        let (one, child, hold) = try held(register)
        let moment = try now(register)
        let refused = try one.post("parents-decisions", informed(child, at: moment))
        #expect(refused.status == 409 && refused.faults == ["/decision": "under_agency_hold"])
        // What was done before the agency was asked is put down as it was.
        let before = try one.post("parents-decisions", Case.informed(child))
        #expect(before.status == 201)
        #expect(
            try one.post("closure", ["outcome": "Done"]).faults["/agency_holds/\(hold)"]
                == "under_agency_hold")
        let advice: JSONValue = ["advice": "They may be told"]
        let coordinator = try one.post(
            "agency-holds/\(hold)/release", advice, as: .onlineSafetyCoordinator)
        #expect(coordinator.json["errors"]?.codes == ["not_in_charge"])
        let released = try one.post("agency-holds/\(hold)/release", advice, as: .deputyDSL)
        #expect(released.status == 201 && released["advice"] == "They may be told")
        #expect(released["released_by_role"] == "deputy_dsl")
        #expect(
            try one.post("agency-holds/\(hold)/release", advice).faults == [
                "/agency_holds": "nothing_held"
            ])
        let told = try one.post(
            "parents-decisions", informed(child, at: moment).with("supersedes", .string(before.id)))
        #expect(told.status == 201)
        let shown = try one.read(as: .dsl, "?include=agency_holds").json["agency_holds"]?[0]
        #expect(shown?["agency"] == "police" && shown?["released_at"] != nil)
        let kinds = try register.as(.dsl).get("\(one.path)/chronology?limit=1000").data
            .compactMap { $0["kind"]?.text }
        #expect(kinds.contains("hold") && kinds.contains("release"))
    }

    /// The database asks as well, past the handler.
    @Test func `stands in the database`() async throws {
        let register = try await Register.open()
        let (one, _, _) = try held(register)
        let found = try register.database.owner().run(
            """
            select is_held(school_id, id, rowan_now()) as now,
                is_held(school_id, id, rowan_now() - interval '1 hour') as before
            from incident where id = \(one.id)::text::uuid
            """)
        #expect(found.bool(0, "now") == true && found.bool(0, "before") == false)
    }

    @Test func `logs nothing as told while it stands`() async throws {
        let register = try await Register.open()
        let one = try Case(
            register, .child, ("intent", "accidental"),
            ("people", [["group": "child", "name": "Robin", "part": "target"]]))
        try one.post("agency-holds", JSON.value(of: AgencyHold.Put.example))
        let moment = try now(register)
        let told = try one.post(
            "logging",
            try JSON.value(of: Logged.example).without(["parents"]).with(
                "parents",
                [
                    "decision": "informed", "informed_at": .string(moment), "informed_by": "Ben",
                    "channel": "telephone", "about": "The picture",
                ]))
        #expect(told.faults == ["/parents/decision": "under_agency_hold"])
    }

    @Test func `whoever is alleged has no notice of it`() async throws {
        let register = try await Register.open()
        let body = report(
            "Something happened", .child,
            [
                (
                    "people",
                    [["group": "staff", "part": "alleged", "person_id": Case.person(.deputyDSL)]]
                )
            ])
        let one = Case(of: try register.as(.staff).post("/v1/incidents", body).id, register)
        try one.post("agency-holds", JSON.value(of: AgencyHold.Put.example), as: .headteacher)
        #expect(try register.as(.deputyDSL).get("/v1/notices").data.isEmpty)
        #expect(try !register.as(.headteacher).get("/v1/notices").data.isEmpty)
    }
}
