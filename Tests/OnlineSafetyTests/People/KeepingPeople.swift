import FoundationEssentials
import JSON
import Postgres
import Testing

@testable import OnlineSafety

/// Persons whom the MIS does not know.
@Suite struct `Keeping people by hand` {
    private let school = TestSchool.hawthorn

    private func visitor(_ more: (String, JSONValue)...) -> JSONValue {
        .object(
            JSONObject(
                [
                    .init("school_id", .string(school.id.uuidString)),
                    .init("kind", "visitor"), .init("given_name", "Sam"),
                    .init("family_name", "Elm"),
                ] + more.map { .init($0.0, $0.1) }))
    }

    /// USR-01
    @Test(arguments: PersonKind.allCases)
    func `somebody of every kind is added and shown`(kind: PersonKind) async throws {
        let register = try await Register.open()
        let body = visitor().without(["kind"]).with("kind", .string(kind.rawValue))
        let made = try register.as(.office).post("/v1/people", body)
        #expect(made.status == 201)
        let shown = try register.as(.staff).get("/v1/people/\(made.id)")
        #expect(shown["kind"] == kind.rawValue && shown["external_id"] == nil)
    }

    @Test func `is changed by its version, and what it was is kept and covered`() async throws {
        let register = try await Register.open()
        let office = register.as(.office)
        let made = try office.post("/v1/people", visitor(("email", "sam@example.org")))
        let path = "/v1/people/\(made.id)"
        let etag = try #require(made.header("etag"))
        let changed = try office.ask(
            "PATCH", path, ["If-Match": etag], ["family_name": "Ash", "email": .null])
        #expect(changed.status == 200 && changed["family_name"] == "Ash")
        #expect(changed["email"] == nil)
        let late = try office.ask("PATCH", path, ["If-Match": etag], ["family_name": "Oak"])
        #expect(late.status == 412)
        #expect(try register.as(.dsl).ask("PATCH", path, ["If-Match": "*"], [:]).status == 403)
        let deeds = try register.database.entries().map(\.deed)
        #expect(deeds.contains("person_added") && deeds.contains("person_changed"))
        let faults: SQL = "select count(*) from roster_unlike_its_entry"
        #expect(try register.database.number(faults) == 0)
        try register.database.execute(
            "update person_version set family_name = 'Yew' where person_id = '\(made.id)'")
        #expect(try register.database.number(faults) == 1)
    }

    @Test func `a batch leaves them alone, and keeps them once they have its id`() async throws {
        let register = try await Register.open()
        let office = register.as(.office)
        let made = try office.post("/v1/people", visitor())
        _ = try office.roster([row("V1", "contractor", "Jo", "Yew")], "?mode=full")
        #expect(try office.get("/v1/people/\(made.id)")["left_on"] == nil)
        let path = "/v1/people/\(made.id)"
        let taken = try office.ask("PATCH", path, ["If-Match": "*"], ["external_id": "V1"])
        #expect(taken.status == 409)
        let linked = try office.ask("PATCH", path, ["If-Match": "*"], ["external_id": "V2"])
        #expect(linked.status == 200)
        let told = try office.roster([row("V2", "contractor", "Sam", "Elm-Ash")])
        #expect(told.number("changed") == 1)
        let refused = try office.ask("PATCH", path, ["If-Match": "*"], ["family_name": "Oak"])
        #expect(refused.status == 409 && refused.faults == ["": "kept_by_the_mis"])
    }

    @Test func `who holds a post leaves by their own way`() async throws {
        let register = try await Register.open()
        let path = "/v1/people/\(school.person(.staff))"
        let told = try register.as(.office).ask(
            "PATCH", path, ["If-Match": "*"], ["left_on": "2026-01-01"])
        #expect(told.status == 409 && told.faults == ["/left_on": "holds_a_post"])
        let wrong = try register.as(.office).post(
            "/v1/people", visitor(("joined_on", "2026-02-01"), ("left_on", "2026-01-01")))
        #expect(wrong.status == 409)
        // So does whoever is invited to one: their link must not outlive it.
        let newcomer = try register.newcomer()
        let invited = try register.as(.headteacher).invite(newcomer, "nadia@new.example")
        let waiting = try register.as(.office).ask(
            "PATCH", "/v1/people/\(newcomer)", ["If-Match": "*"], ["left_on": "2026-01-01"])
        #expect(waiting.faults == ["/left_on": "holds_a_post"])
        let revoked = try register.as(.headteacher).post("/v1/invitations/\(invited.id)/revocation")
        #expect(revoked.status == 201)
        let gone = try register.as(.office).ask(
            "PATCH", "/v1/people/\(newcomer)", ["If-Match": "*"], ["left_on": "2026-01-01"])
        #expect(gone.status == 200, "\(gone.json)")
    }

    /// ORG-14
    @Test func `classes are those of today's pupils`() async throws {
        let register = try await Register.open()
        let office = register.as(.office)
        func pupil(_ id: String, _ more: [(String, JSONValue)]) -> JSONValue {
            row(id, "pupil", "Kim", "Oak", [("class_name", "4A"), ("year_group", "4")] + more)
        }
        _ = try office.roster([
            pupil("P1", []), pupil("P2", []), pupil("P3", [("left_on", "2020-07-20")]),
        ])
        let classes = try register.as(.staff).get("/v1/classes?school_id=\(school.id)").data
        #expect(classes.map { $0["name"]?.text } == ["4A"])
        #expect(classes.first?["pupils"] == 2 && classes.first?["year_groups"] == ["4"])
        let there = try register.as(.staff).get("/v1/people?class=4A&year_group=Year%204")
        #expect(there.data.count == 2)
        let gone = try register.as(.staff).get("/v1/people?class=4A&left=true")
        #expect(gone.data.count == 1)
    }

    /// Both have begun before the first is done.
    @Test func `of two changes by the same version one is made, and the other is told`()
        async throws
    {
        let register = try await Register.open()
        let made = try register.as(.office).post("/v1/people", visitor())
        let path = "/v1/people/\(made.id)"
        let etag = try #require(made.header("etag"))
        let another = try register.database.owner()
        try another.execute(
            script: "begin; select from school where id = '\(school.id)' for no key update")
        async let told = apart {
            try register.atOnce(
                [Role.office, .headteacher].map { (register.as($0), "PATCH", path) },
                body: #"{"family_name":"Ash"}"#, ifMatch: etag)
        }
        #expect(try await eventually { try register.database.waits() == 2 })
        try another.execute(script: "rollback")
        #expect(try await told.map(\.status).sorted() == [200, 412])
    }
}
