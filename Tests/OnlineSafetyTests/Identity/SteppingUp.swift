import JSON
import Testing

@testable import OnlineSafety
@testable import Postgres

/// A fresh proof of who is there, for a short time (SEC-06).
@Suite struct `Stepping up` {
    /// What an area may ask for: a route, a statement and a row.
    private static let confidential = Area(
        name: "Confidential", words: "For tests.",
        routes: [
            .get(
                "/confidential/route", "Read", "For tests.",
                for: [Role].everyone.admitted(.self), by(read)
            ).afterStepUp(),
            .post(
                "/confidential/write", "Write", "For tests.",
                for: [Role].everyone.admitted(.self), by(write)
            ).afterStepUp(),
            .get(
                "/confidential/statement", "Read", "For tests.",
                for: [Role].everyone.admitted(.self), by(readStatement)),
            .get(
                "/confidential/row", "Read", "For tests.",
                for: [Role].everyone.admitted(.self), by(readRow)),
        ])

    private static func read(in tx: Transaction) -> Listed<Incident> {
        tx.listed("select 1 as one")
    }

    private static func write(in tx: Transaction) -> Done {
        tx.add("select set_config('rowan.written', 'yes', true)")
        return Done()
    }

    private static func readStatement(in tx: Transaction) -> Listed<Incident> {
        StepUp.required(in: tx)
        return tx.listed("select 1 as one")
    }

    private static func readRow(in tx: Transaction) -> Listed<Incident> {
        tx.listed("select 1 as one where (select caller_stepped_up())")
    }

    private func open() async throws -> Register {
        let register = try await Register.open(areas: areas + [Self.confidential])
        try register.database.setClock("2026-11-20T09:00:00Z")
        return register
    }

    private let path = "/v1/session/step-up"
    private let right: JSONValue = ["password": .string(TestSchool.password)]

    @Test func `opens what asks for it, for as long as the school says, and for one session`()
        async throws
    {
        let register = try await open()
        try register.set("step_up_minutes", "10")
        let opened = try register.logIn(TestSchool.hawthorn.email(.dsl))
        let dsl = register.visitor(token: try #require(opened["token"]))
        for address in ["/confidential/route", "/confidential/statement"] {
            let refused = try dsl.get(address)
            #expect((refused.status, refused.code) == (403, "step_up_required"))
        }
        #expect(try dsl.post("/confidential/write").code == "step_up_required")
        #expect(try dsl.get("/confidential/row").data.isEmpty)
        let stepped = try dsl.post(path, right)
        #expect(stepped.status == 201)
        #expect(stepped["until"] == "2026-11-20T09:10:00.000Z")
        #expect(try dsl.get("/v1/me").json["session"]?["stepped_up_until"] == stepped.json["until"])
        for moment in ["2026-11-20T09:00:00Z", "2026-11-20T09:09:59.999Z"] {
            try register.database.setClock(moment)
            for address in ["/confidential/route", "/confidential/statement", "/confidential/row"] {
                #expect(try dsl.get(address).data.count == 1, "\(address) \(moment)")
            }
            #expect(try dsl.post("/confidential/write").status == 204)
            // Another session of the same person is another place.
            let other = try register.session(of: .dsl)
            #expect(try other.get("/confidential/route").status == 403)
        }
        try register.database.setClock("2026-11-20T09:10:00Z")
        for address in ["/confidential/route", "/confidential/statement"] {
            #expect(try dsl.get(address).code == "step_up_required")
        }
        #expect(try dsl.get("/confidential/row").data.isEmpty)
        #expect(try dsl.get("/v1/me").json["session"]?["stepped_up_until"] == nil)
    }

    @Test func `ends its session with the fifth wrong password, and is put on record`()
        async throws
    {
        let register = try await open()
        let (dsl, owner) = (
            try register.session(of: .dsl), try register.session(of: .dsl)
        )
        for _ in 0..<5 {
            let refused = try dsl.post(path, ["password": "not the password"])
            #expect((refused.status, refused.code) == (401, "credentials_invalid"))
        }
        for attempt in [try dsl.post(path, right), try dsl.get("/v1/incidents")] {
            #expect((attempt.status, attempt.code) == (401, "unauthorized"))
        }
        // The owner's other session, at the same address, waits for none of it.
        #expect(try owner.post(path, right).status == 201)
        let entries = try register.database.entries()
        #expect(entries.count { $0.deed == "step_up_failed" } == 5)
        #expect(entries.count { $0.deed == "stepped_up" } == 1)
    }

    @Test func `forgets four wrong ones with a right one`() async throws {
        let register = try await open()
        let dsl = try register.session(of: .dsl)
        for _ in 0..<2 {
            for _ in 0..<4 { #expect(try dsl.post(path, ["password": "wrong"]).status == 401) }
            #expect(try dsl.post(path, right).status == 201)
        }
    }

    @Test func `given wrong by many at once, is tried five times`() async throws {
        let register = try await open()
        let dsl = try register.session(of: .dsl)
        let wrong: JSONValue = ["password": "not the password"]
        _ = try await atOnce(12) { _ in try dsl.post(path, wrong).status }
        #expect(
            try register.database.entries().count { $0.deed == "step_up_failed" } <= 5)
        #expect(try dsl.get("/v1/incidents").status == 401)
    }
}

/// What needs a fresh proof beside the incidents that are confidential: whatever gives access, or
/// alters who is told, why a pupil is vulnerable, all that is known of a child, who blew the
/// whistle. To take a credential away needs none.
@Suite struct `What asks for a fresh proof` {
    private static let routes = areas.flatMap(\.routes).filter(\.needsStepUp)

    @Test func `is what gives access, alters who is told or says why a pupil is vulnerable`() {
        #expect(
            Self.routes.map(\.operationID).sorted() == [
                "add_an_access_system",
                "appoint_somebody", "begin_a_second_factor", "break_the_glass",
                "confirm_a_proposal", "confirm_the_secrets_of_a_client", "end_a_post",
                "end_a_post_of_a_trust", "end_a_vulnerability_marker",
                "hand_over_the_chronology_of_a_child", "invite_somebody",
                "invite_somebody_to_a_trust", "lift_a_restriction",
                "list_handovers_of_the_chronology_of_a_child",
                "list_the_vulnerability_markers_of_a_pupil", "make_a_client",
                "make_a_client_secret", "make_a_reporting_token", "make_an_intake_key",
                "make_recovery_codes", "propose_a_change", "read_the_chronology_of_a_child",
                "read_who_blew_the_whistle", "record_a_vulnerability_marker",
                "record_that_somebody_leaves",
                "remove_my_second_factor", "reset_the_second_factor_of_somebody",
                "restrict_an_incident", "send_an_invitation_again", "set_a_setting",
                "set_a_trust_setting", "set_the_rules_of_an_access_system",
            ])
    }

    @Test(arguments: routes.map(\.operationID))
    func `asks for it before anything else is looked at`(id: String) async throws {
        let route = try #require(Self.routes.first { $0.operationID == id })
        let role = try #require(route.admissions?.first?.role)
        let register = try await Register.open()
        let path = route.path.split(separator: "/").map {
            $0.first == "{" ? Scene.missing : String($0)
        }.joined(separator: "/")
        let told = try register.session(of: role).ask(route.method.rawValue, "/" + path)
        #expect((told.status, told.code) == (403, "step_up_required"))
    }
}

extension Register {
    /// What a school sets, from today, as its headteacher.
    func set(_ setting: String, _ value: String, at school: TestSchool = .hawthorn) throws {
        try database.execute(
            """
            insert into setting (
                school_id, name, version, value, effective_on, set_by, set_by_name)
            select '\(school.id)', '\(setting)', 1 + count(*), '\(value)', london_today(),
                '\(school.account(.headteacher))', 'The Headteacher'
            from setting where school_id = '\(school.id)' and name = '\(setting)'
            """)
    }
}
