import JSON
import Testing

@testable import OnlineSafety
@testable import Postgres

/// Posts and sessions end with the last day; the person and what they did stay.
@Suite struct `Leaving a school` {
    private let school = TestSchool.hawthorn

    private func path(_ role: Role) -> String { "/v1/people/\(school.person(role))/leaving" }

    @Test func `ends all posts and sessions at once, and keeps what was`() async throws {
        let register = try await Register.open()
        let (head, office) = (register.as(.headteacher), register.as(.office))
        let told = try office.report("Seen by the office")
        #expect(try office.get("/v1/me").status == 200)
        let left = try head.post(path(.office), ["reminded_on": "2026-11-20"])
        #expect(left.status == 201)
        #expect(left["reminded_by"] == "Headteacher")
        #expect(try office.get("/v1/me").status == 401)
        let history = try head.get("/v1/schools/\(school.id)/posts/history").data
        #expect(history.contains { $0["role"]?.text == "office" && $0["until_on"] != nil })
        #expect(try head.get("/v1/people/\(school.person(.office))").status == 200)
        let incident = try head.get("/v1/incidents/\(told.id)")
        #expect(incident.json["reports"]?[0]?["reporter_name"]?.text == "School office")
        let list = try head.get("/v1/schools/\(school.id)/leavers").data
        #expect(list.map { $0["who"]?.text } == ["The School office"])
    }

    /// The worker ends the sessions when the day is over; the posts are over by themselves.
    @Test func `on a day to come holds from the day after`() async throws {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T12:00:00Z")
        let office = register.as(.office)
        let told = try register.as(.headteacher).post(path(.office), ["left_on": "2026-11-27"])
        #expect(told.status == 201)
        try register.database.setClock("2026-11-27T23:59:00Z")
        try sweep(register)
        #expect(try office.get("/v1/posts").status == 200)
        try register.database.setClock("2026-11-28T00:00:00Z")
        #expect(try office.get("/v1/posts").status == 403)
        #expect(try office.get("/v1/me").status == 200)
        try sweep(register)
        #expect(try office.get("/v1/me").status == 401)
    }

    private func sweep(_ register: Register) throws {
        _ = try DirectConnection(register.database.workerURL).run(
            "select end_sessions_of_leavers() as ended")
    }

    /// ORG-05
    @Test func `waits for a successor of the last who answers`() async throws {
        let register = try await Register.open()
        try register.vacate(.deputyDSL)
        let told = try register.as(.headteacher).post(path(.dsl), [:])
        #expect(told.codes.contains("last_dsl"))
        #expect(try register.as(.dsl).get("/v1/me").status == 200)
    }

    @Test func `is on record with its reminder, also when that is given later`() async throws {
        let register = try await Register.open()
        let reminder = "/v1/people/\(school.person(.office))/exit-reminder"
        let administrator = register.as(.schoolAdministrator)
        #expect(try administrator.post(reminder, [:]).status == 404)
        let early = try register.as(.headteacher).post(
            path(.office), ["left_on": "2020-01-01", "reminded_on": "2126-11-19"])
        #expect(
            early.faults == ["/left_on": "out_of_range", "/reminded_on": "in_the_future"])
        _ = try register.as(.headteacher).post(path(.office), [:])
        let ahead: JSONValue = ["reminded_on": "2126-11-19"]
        #expect(
            try administrator.post(reminder, ahead).faults == ["/reminded_on": "in_the_future"])
        let told = try administrator.post(reminder, ["reminded_on": "2026-11-19"])
        #expect(told["reminded_on"] == "2026-11-19")
        #expect(told["reminded_by"] == "School administrator")
        let deeds = try register.database.entries().map(\.deed)
        #expect(deeds.contains("left") && deeds.contains("exit_reminder_given"))
    }

    /// Or whoever accepts would have come back without anybody's deed.
    @Test(arguments: [false, true])
    func `revokes what they are invited to, by hand or by a roster`(isByRoster: Bool) async throws {
        let register = try await Register.open()
        let head = register.as(.headteacher)
        let (leaver, other) = (try register.newcomer(), try register.newcomer())
        let email = "nadia@new.example"
        let invited = try head.invite(leaver, email, to: "senior_leader")
        #expect(try head.invite(other, "other@new.example").status == 201)
        let links = try register.links()
        let link = try #require(links.first { $0.address == email })
        if isByRoster {
            try register.database.execute(
                "update person set external_id = 'T1' where id = '\(leaver)'")
            let told = try register.as(.office).roster([
                row("T1", "teacher", "Nadia", "Newcomer", [("left_on", "2026-01-09")])
            ])
            #expect(told.number("leavers") == 1)
        } else {
            #expect(try head.post("/v1/people/\(leaver)/leaving", [:]).status == 201)
        }
        let listed = try head.get("/v1/invitations").data
        let own = try #require(listed.first { $0["id"]?.text == invited.id })
        #expect(own["status"]?.text == "revoked")
        #expect(listed.filter { $0["status"]?.text == "waiting" }.count == 1)
        let password = "four lanterns under the bridge"
        #expect(try register.accept(link.secret, password).status == 404)
        #expect(
            try head.post("/v1/invitations/\(invited.id)/mail").codes == ["revoked_already"])
        let leavers = try head.get("/v1/schools/\(school.id)/leavers").data
        #expect(leavers.count == 1 && leavers.first?["returned_on"] == nil)
        #expect(try register.database.entries().map(\.deed).contains("invitation_revoked"))
        let kept = try #require(links.first { $0.address != email })
        #expect(try register.accept(kept.secret, password).status == 204)
    }
}
