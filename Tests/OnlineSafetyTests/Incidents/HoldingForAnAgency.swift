import JSON
import Testing

@testable import OnlineSafety
@testable import Postgres

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

    @Test func `stands however it would be closed`() async throws {
        let register = try await Register.open()
        let (one, other) = (try Case(register), try Case(register))
        let hold = try one.post("agency-holds", JSON.value(of: AgencyHold.Put.example)).id
        for kind in ["mistaken", "duplicate"] {
            let body: JSONValue =
                kind == "mistaken"
                ? ["kind": "mistaken", "outcome": "A lesson"]
                : ["kind": "duplicate", "outcome": "Same", "duplicate_of": .string(other.id)]
            let refused = try one.post("closure", body)
            #expect(refused.faults == ["/agency_holds/\(hold)": "under_agency_hold"], "\(kind)")
        }
    }

    /// The database asks as well, where no handler stands before it.
    @Test func `stands in the database`() async throws {
        let (one, child, hold) = try held(await Register.open())
        let told = """
            insert into parents_decision (
                school_id, incident_id, id, child_id, decision, reason, informed_at, informed_by,
                channel, about, role)
            select school_id, id, gen_random_uuid(), '\(child.text ?? "")', decision, 'Away', at,
                'The DSL', 'telephone', 'The chat', 'dsl'
            from incident cross join (values %) as said (decision, at)
            where id = '\(one.id)'
            """
        let release = """
            insert into agency_hold_release (school_id, incident_id, id, advice, role)
            values ('\(TestSchool.hawthorn.id)', '\(one.id)', '\(hold)', 'Go on', '%')
            """
        func does(_ deed: String, _ value: String, as role: Role) -> Bool {
            (try? one.withoutAHandler(deed.replacing("%", with: value), as: role)) != nil
        }
        #expect(!does(told, "('informed', rowan_now())", as: .dsl))
        #expect(does(told, "('not_yet', null::timestamptz)", as: .dsl))
        let coordinator = Role.onlineSafetyCoordinator
        #expect(!does(release, coordinator.rawValue, as: coordinator))
        #expect(does(release, "dsl", as: .dsl))
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

extension Case {
    /// A statement of the service's role, in the context of somebody's post.
    fileprivate func withoutAHandler(_ script: String, as role: Role) throws {
        let seats = """
            {"\(TestSchool.hawthorn.id.uuidString.lowercased())": ["\(role.rawValue)"]}
            """
        try DirectConnection(register.database.serviceURL).execute(
            script: """
                begin;
                select set_config('rowan.account', '\(TestSchool.hawthorn.account(role))', true),
                    set_config('rowan.seats', '\(seats)', true);
                \(script);
                commit
                """)
    }
}
