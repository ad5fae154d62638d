import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety
@testable import Postgres

/// Whoever comes for a day reports, reads what all must know, and nothing that is personal.
@Suite struct `Temporary staff` {
    private let school = TestSchool.hawthorn
    private let path = "/v1/schools/\(TestSchool.hawthorn.id)/posts"
    private let dayEnds = JSONValue.string("2026-11-20T15:45:00Z")

    private func open() async throws -> Register {
        let register = try await Register.open {
            $0.sessionLength = SessionLength(seconds: 100 * 3600) ?? .none
        }
        try register.database.setClock("2026-11-20T08:30:00Z")
        return register
    }

    private func appoint(
        _ person: String, _ more: (String, JSONValue)..., as author: Role = .schoolAdministrator,
        in register: Register
    ) throws -> Reading {
        let members =
            [
                JSONObject.Member("person_id", .string(person)),
                JSONObject.Member("role", "temporary_staff"),
            ] + more.map { JSONObject.Member($0.0, $0.1) }
        return try register.as(author).post(path, .object(JSONObject(members)))
    }

    /// Somebody who came in the morning, by an invitation, and stays until 15:45.
    private func comer(_ register: Register, password: String) throws -> Visitor {
        let email = "nadia@supply.example"
        let invited = try register.as(.schoolAdministrator).invite(
            register.newcomer(kind: "supply"), email, to: "temporary_staff", ("ends_at", dayEnds))
        #expect(invited.status == 201)
        // No link outlasts the post.
        #expect(invited["lasts_until"] == "2026-11-20T15:45:00.000Z")
        let secret = try #require(try register.links().first).secret
        #expect(try register.accept(secret, password).status == 204)
        let opened = try register.logIn(email, password)
        return register.visitor(token: try #require(opened["token"]))
    }

    /// SEC-08, SEC-14: whatever is added is closed to them until it names them.
    @Test func `are admitted to what is their own, to reporting and to the designated areas`()
        async throws
    {
        let named = areas.flatMap(\.routes).filter { route in
            route.admissions?.contains {
                $0.role == .temporaryStaff && $0.relation != .self
            } == true
        }
        #expect(
            Set(named.map(\.operationID)) == [
                "report_an_incident", "list_incidents", "read_an_incident",
                "put_down_a_call_for_help", "list_designated_areas", "read_a_designated_area",
            ])
        let register = try await open()
        let may = try #require(try register.as(.temporaryStaff).get("/v1/me").json["may"])
        for closed in ["list_people", "list_posts", "list_notices", "read_the_incident_log"] {
            #expect(!JSON.string(of: may).contains("\"\(closed)\""), "\(closed)")
        }
    }

    /// SEC-08: the third wall alone is closed to them as well, whatever a handler forgets to ask.
    @Test func `find nothing behind the routes but what is their own`() async throws {
        let scene = try await Secrets.scene(areas: [Careless.area])
        let visitor = scene.register.as(.temporaryStaff)
        #expect(try visitor.report("canary", .child).status == 201)
        var found: Set<String> = []
        for (name, _) in Careless.selects {
            let rows = try visitor.get("/careless/\(name)").rows
            if !rows.isEmpty { found.insert(name) }
        }
        #expect(
            found == [
                "receipt", "receipt_shown", "incident_subject", "seat", "register_entry",
                "register_entry_shown", "register_version_shown", "register_in_force",
            ])
        let own = school.account(.temporaryStaff).uuidString.lowercased()
        for name in ["receipt", "incident_subject", "seat"] {
            let rows = try visitor.get("/careless/\(name)").rows
            #expect(rows.allSatisfy { $0["account_id"]?.text == own }, "\(name)")
        }
        let kinds = try visitor.get("/careless/register_entry").rows.map { $0["kind"]?.text }
        #expect(Set(kinds) == ["designated_area"])
        let seats = try visitor.get("/careless/seat").rows.map { $0["role"]?.text }
        #expect(seats == ["temporary_staff"])
    }

    /// SEC-08: on every copy, to the moment; neither a log-in nor a key that was used opens it
    /// again.
    @Test func `are over at the moment that was said, with the very next request`() async throws {
        let register = try await open()
        for audience in ["", "_temporary_staff"] {
            try register.set("idle_minutes\(audience)", "480")
        }
        let copy = try await register.secondCopy()
        let password = "four lanterns under the bridge"
        let here = try comer(register, password: password)
        let there = copy.visitor(token: try #require(here.token))
        let (said, key) = (report("A pupil showed me a message"), ["Idempotency-Key": "one"])
        let told = try here.post("/v1/incidents", said, key)
        #expect(told.status == 201)
        let entry = try #require(try register.database.entries().last { $0.deed == "reported" })
        #expect(entry.roles == ["temporary_staff"])
        let reading = "/v1/incidents/\(told.id)"
        #expect(try there.get(reading)["status"] == "received")
        try register.database.setClock("2026-11-20T15:44:59.999Z")
        #expect(try here.post("/v1/incidents", said, key).status == 201)
        #expect(try there.get("/v1/incidents").data.count == 1)
        try register.database.setClock("2026-11-20T15:45:00Z")
        for visitor in [here, there] {
            for path in ["/v1/incidents", reading, "/v1/designated-areas"] {
                #expect(try visitor.get(path).status == 403, "\(path)")
            }
            #expect(try visitor.post("/v1/incidents", said, key).status == 403)
            #expect(try visitor.get("/v1/me").json["posts"] == [])
        }
        let late = try register.logIn("nadia@supply.example", password)
        let after = register.visitor(token: try #require(late["token"]))
        #expect(try after.report().status == 403)
    }

    /// S-27
    @Test func `are appointed by headteacher or administrator, for a time that is bounded`()
        async throws
    {
        let register = try await open()
        let person = try register.spare(.governor).person
        for role in Role.allCases {
            let told = try appoint(person, ("ends_at", dayEnds), as: role, in: register)
            let isTheirs = [.headteacher, .schoolAdministrator].contains(role)
            #expect((told.status == 403) == !isTheirs, "\(role)")
        }
        let other = try register.spare(.governor).person
        let said = JSONValue.string("2026-11-20T15:45:00Z")
        let setting = "/v1/schools/\(school.id)/settings/temporary-post-days"
        _ = try register.as(.headteacher).put(setting, ["value": 7], ["If-Match": "*"])
        for (more, faults) in [
            ([], ["/ends_at": "required"]),
            ([("ends_at", said), ("until_on", "2026-11-20")], ["/until_on": "not_allowed"]),
            ([("ends_at", "2026-11-20T08:30:00Z")], ["/ends_at": "before_its_start"]),
            (
                [("ends_at", said), ("from_on", "2026-11-21")], ["/ends_at": "before_its_start"]
            ),
            ([("ends_at", "2026-11-27T00:00:00Z")], ["/ends_at": "too_long"]),
            ([("ends_at", "2026-11-26T23:59:59Z")], [:]),
        ] as [([(String, JSONValue)], [String: String])] {
            let members = more.map { JSONObject.Member($0.0, $0.1) }
            var body = JSONObject(members)
            body["person_id"] = .string(other)
            body["role"] = "temporary_staff"
            let told = try register.as(.schoolAdministrator).post(path, .object(body))
            #expect(told.faults == faults)
            #expect(told.status == (faults.isEmpty ? 201 : 422))
        }
        let staff = try register.as(.headteacher).post(
            path, ["person_id": .string(person), "role": "staff", "ends_at": said])
        #expect(staff.faults == ["/ends_at": "not_allowed"])
        let others = try register.as(.schoolAdministrator).post(
            path, ["person_id": .string(person), "role": "staff"])
        #expect(others.status == 403)
        let office = "/v1/posts/\(school.seat(.office))/ending"
        #expect(try register.as(.schoolAdministrator).post(office, [:]).status == 403)
    }

    @Test func `are ended at once, only ever sooner, and come again on the same day`() async throws
    {
        let register = try await open()
        let person = try register.spare(.governor).person
        let first = try appoint(person, ("ends_at", dayEnds), in: register)
        #expect(first.status == 201)
        #expect(first["ends_at"] == "2026-11-20T15:45:00.000Z")
        #expect(try appoint(person, ("ends_at", dayEnds), in: register).codes == ["held_already"])
        let administrator = register.as(.schoolAdministrator)
        let ending = "/v1/posts/\(first.id)/ending"
        for day in ["2026-11-20", "2026-11-21"] {
            let told = try administrator.post(ending, ["until_on": .string(day)])
            #expect(told.codes == ["ends_before"], "\(day)")
        }
        try register.database.setClock("2026-11-20T11:00:00Z")
        let ended = try administrator.post(ending, [:])
        #expect(ended["ends_at"] == "2026-11-20T11:00:00.000Z")
        #expect(ended["until_on"] == "2026-11-20")
        #expect(try administrator.post(ending, [:]).codes == ["ended_already"])
        let second = try appoint(person, ("ends_at", dayEnds), in: register)
        #expect(second.status == 201)
        try register.database.setClock("2026-11-20T15:45:00Z")
        #expect(try administrator.post("/v1/posts/\(second.id)/ending", [:]).status == 409)
        let third = try appoint(person, ("ends_at", "2026-11-24T15:45:00Z"), in: register)
        #expect(third.status == 201)
        let shorter = try administrator.post(
            "/v1/posts/\(third.id)/ending", ["until_on": "2026-11-22"])
        #expect(shorter["ends_at"] == "2026-11-23T00:00:00.000Z")
    }

    @Test func `are invited to no post that is over`() async throws {
        let register = try await open()
        let administrator = register.as(.schoolAdministrator)
        let invited = try administrator.invite(
            register.newcomer(), "late@supply.example", to: "temporary_staff",
            ("ends_at", dayEnds))
        let secret = try #require(try register.links().first).secret
        try register.database.setClock("2026-11-20T15:45:00Z")
        #expect(try register.accept(secret, "four lanterns under the bridge").status == 404)
        let again = try administrator.post("/v1/invitations/\(invited.id)/mail")
        #expect(again.codes == ["ended_already"])
        #expect(try register.as(.dsl).get(path).data.allSatisfy { $0["who"] != "Nadia Newcomer" })
    }

    /// ORG-05: nobody is told of a report because they came for a day, and a report about them is
    /// one about an adult of the school.
    @Test func `take no reports, and see none that is about them`() async throws {
        let register = try await open()
        let told = try register.as(.staff).report(
            "canary", .child, ("people", [Scene.alleged(.temporaryStaff)]))
        #expect(told.status == 201)
        #expect(try register.as(.headteacher).get("/v1/incidents/\(told.id)").status == 200)
        #expect(try register.as(.temporaryStaff).get("/v1/incidents/\(told.id)").status == 404)
        let recipients = try register.as(.headteacher).get(
            "/v1/schools/\(school.id)/report-recipients?concerns=child")
        #expect(recipients.data.allSatisfy { $0["post"] != "temporary_staff" })
        let setting = "/v1/schools/\(school.id)/settings/incident-recipients"
        let named = try register.as(.headteacher).put(
            setting, ["value": ["temporary_staff"]], ["If-Match": "*"])
        #expect(named.status == 422)
    }

    /// They find nobody on the roster, and whoever they name by an id is passed over all the same.
    @Test(arguments: [Role.headteacher, .dsl])
    func `tell nobody of themselves`(role: Role) async throws {
        let register = try await open()
        let told = try register.as(.temporaryStaff).report(
            "canary", .child, ("people", [Scene.alleged(role)]))
        #expect((told.json["warnings"] ?? []).codes == ["unknown_person"])
        #expect(try !register.notified(told).contains(role))
        #expect(try register.as(role).get("/v1/incidents/\(told.id)").status == 404)
        #expect(try !register.notified(told).isEmpty)
    }

    /// What is theirs is refused on record, at the school, like anybody's.
    @Test func `are refused on record`() async throws {
        let register = try await open()
        #expect(try register.as(.temporaryStaff).get("/v1/people").status == 403)
        let entry = try #require(try register.database.entries().last { $0.deed == "refused" })
        #expect(entry.organisation == school.id)
        #expect(entry.roles == ["temporary_staff"])
    }

    @Test func `read of a designated area what holds there, and not who wrote it`() async throws {
        let register = try await open()
        let recorded = try register.as(.office).post(
            "/v1/designated-areas",
            ["name": "Staff room", "allows_personal_devices": true, "has_network": true])
        #expect(recorded.status == 201)
        #expect(recorded["recorded_by"] == "School office")
        let entry = "/v1/designated-areas/\(recorded.id)"
        let visitor = register.as(.temporaryStaff)
        let shown = try visitor.get(entry)
        #expect(shown["name"] == "Staff room")
        #expect(shown["recorded_by"] == nil && !shown.text.contains("School office"))
        #expect(try visitor.get("/v1/designated-areas?format=csv").status == 200)
        #expect(try visitor.get("\(entry)/versions").status == 403)
        #expect(try visitor.get("/v1/committees").status == 403)
        #expect(try visitor.post("/v1/designated-areas", ["name": "Mine"]).status == 403)
        let channels = try visitor.get("/v1/schools/\(school.id)/reporting-channels")
        #expect(channels.status == 200)
    }
}
