import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety
@testable import Postgres

/// Whose last day the roster tells before they hold a post, or takes back.
@Suite struct `Last days of a roster` {
    private let school = TestSchool.hawthorn

    private func opened() async throws -> Register {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T12:00:00Z")
        return register
    }

    private func teacher(leaving day: String?) -> JSONValue {
        row("T1", "teacher", "Kim", "Oak", [("left_on", day.map { .string($0) } ?? .null)])
    }

    /// ORG-05
    @Test(arguments: ["2026-12-31", "2026-11-02"])
    func `whose last day is taken back keeps a post that never ended`(day: String) async throws {
        let register = try await opened()
        try register.vacate(.deputyDSL)
        try register.database.execute(
            """
            update person
            set external_id = 'T1', given_name = 'Kim', family_name = 'Oak', left_on = '\(day)'
            where id = '\(school.person(.dsl))'
            """)
        let told = try register.as(.office).roster([teacher(leaving: nil)])
        #expect(told.number("returned") == 1, "\(told.text)")
        #expect(try register.as(.office).known("T1")?["left_on"] == nil)
        let held = try register.database.owner().run(
            "select until_on::text as day from seat where id = \(school.seat(.dsl))")
        #expect(held.text(0, "day") == nil)
        #expect(try register.as(.dsl).get("/v1/people").status == 200)
        #expect(try !register.database.entries().map(\.deed).contains("left"))
    }

    /// USR-11: however the roster came to know of it, before there was a post.
    @Test(arguments: ["a batch", "by hand", "by hand later", "of a parent"])
    func `USR-11: who is known to leave is appointed until then, and is out the day after`(
        way: String
    ) async throws {
        let register = try await opened()
        let (office, head) = (register.as(.office), register.as(.headteacher))
        let person = try leaver(way, office)
        #expect(try head.invite(person, email).status == 201)
        let link = try #require(register.links().first)
        #expect(try register.accept(link.secret, password).status == 204)
        let asked: JSONValue = [
            "person_id": .string(person), "role": "governor", "until_on": "2028-08-31",
        ]
        let more = try head.post("/v1/schools/\(school.id)/posts", asked)
        #expect(more.status == 201 && more["until_on"] == "2026-12-31", "\(more.json)")
        let posts = try head.get("/v1/schools/\(school.id)/posts/history").data
            .filter { $0["person_id"]?.text == person }
        #expect(posts.count == 2 && posts.allSatisfy { $0["until_on"] == "2026-12-31" })
        try register.database.setClock("2026-12-31T23:59:00Z")
        let kim = try register.visitor(token: #require(register.logIn(email, password)["token"]))
        try sweep(register)
        #expect(try kim.get("/v1/people").status == 200)
        try register.database.setClock("2027-01-01T00:00:00Z")
        #expect(try kim.get("/v1/people").status == 403)
        try sweep(register)
        #expect(try kim.get("/v1/me").status == 401)
        let leavers = try head.get("/v1/schools/\(school.id)/leavers").data
        #expect(leavers.map { $0["person_id"]?.text } == [person])
        #expect(leavers[0]["left_on"] == "2026-12-31" && leavers[0]["returned_on"] == nil)
        let reminded = try head.post(
            "/v1/people/\(person)/exit-reminder", ["reminded_on": "2026-12-31"])
        #expect(reminded["reminded_on"] == "2026-12-31")
        // Who is appointed after that has come back.
        let again = try head.post(
            "/v1/schools/\(school.id)/posts",
            ["person_id": .string(person), "role": "staff"])
        #expect(again.status == 201 && again["until_on"] == nil)
        #expect(try office.get("/v1/people/\(person)")["left_on"] == nil)
    }

    @Test func `a last day that is put off, or taken back, by hand is that of the leaving too`()
        async throws
    {
        let register = try await opened()
        let (office, head) = (register.as(.office), register.as(.headteacher))
        let person = try leaver("by hand", office)
        func change(_ day: JSONValue) throws {
            let told = try office.ask(
                "PATCH", "/v1/people/\(person)", ["If-Match": "*"], ["left_on": day])
            #expect(told.status == 200, "\(told.json)")
        }
        func leavers() throws -> [String] {
            try head.get("/v1/schools/\(school.id)/leavers").data.map {
                "\($0["left_on"]?.text ?? "") \($0["returned_on"]?.text ?? "")"
            }
        }
        #expect(try leavers() == ["2026-12-31 "])
        try change("2027-01-29")
        #expect(try leavers() == ["2027-01-29 "])
        try change(.null)
        #expect(try leavers() == ["2027-01-29 2027-01-30"])
        #expect(try office.get("/v1/people/\(person)")["left_on"] == nil)
        try change("2027-03-05")
        #expect(try leavers() == ["2027-03-05 ", "2027-01-29 2027-01-30"])
    }

    @Test func `who left before the register knew them is no leaver of its own`() async throws {
        let register = try await opened()
        let told = try register.as(.office).roster([
            teacher(leaving: "2019-07-19"),
            row("P1", "pupil", "Kim", "Oak", [("left_on", "2026-12-18")]),
        ])
        #expect(told.number("added") == 2, "\(told.text)")
        let leavers = try register.as(.headteacher).get("/v1/schools/\(school.id)/leavers").data
        #expect(leavers == [])
    }

    private let email = "kim@new.example"
    private let password = "four lanterns under the bridge"

    /// Somebody whose last day is the last of the year.
    private func leaver(_ way: String, _ office: Visitor) throws -> String {
        let day = "2026-12-31"
        let kind = way == "of a parent" ? "parent" : "teacher"
        if way == "a batch" || kind == "parent" {
            let told = try office.roster([
                row("T1", kind, "Kim", "Oak", [("left_on", .string(day))])
            ])
            #expect(told.number("added") == 1, "\(told.text)")
            return try #require(office.known("T1")?["id"]?.text)
        }
        let said: JSONValue = [
            "school_id": .string(school.id.lowercased), "kind": .string(kind),
            "given_name": "Kim", "family_name": "Oak",
        ]
        let isLater = way == "by hand later"
        let made = try office.post(
            "/v1/people", isLater ? said : said.with("left_on", .string(day)))
        #expect(made.status == 201, "\(made.json)")
        if isLater {
            let told = try office.ask(
                "PATCH", "/v1/people/\(made.id)", ["If-Match": "*"], ["left_on": .string(day)])
            #expect(told.status == 200, "\(told.json)")
        }
        return made.id
    }

    private func sweep(_ register: Register) throws {
        _ = try DirectConnection(register.database.workerURL).run(
            "select end_sessions_of_leavers() as ended")
    }
}
