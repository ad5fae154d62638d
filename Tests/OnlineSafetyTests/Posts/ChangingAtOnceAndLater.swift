import JSON
import Testing

@testable import OnlineSafety

/// What was true when a change was asked for, or proposed, is asked again when it is made; and what
/// a change does on a later day is looked at as well as what it does today (ORG-05, ORG-06).
@Suite struct `A change of posts` {
    private let school = TestSchool.hawthorn
    private let path = "/v1/schools/\(TestSchool.hawthorn.id)"

    private func open() async throws -> Register {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T12:00:00Z")
        return register
    }

    private func person(_ role: Role) -> JSONValue { .string(school.person(role).uuidString) }

    private func confirmed(_ change: JSONValue, in register: Register) throws -> Reading {
        let proposal = try register.as(.headteacher).post("\(path)/proposals", change)
        #expect(proposal.status == 201)
        return try register.as(.chairOfGovernors).post(
            "/v1/proposals/\(proposal.id)/confirmation")
    }

    @Test(arguments: [Role.technician, .governor, .staff, .seniorLeader])
    func `made by many at once is made once`(role: Role) async throws {
        let register = try await open()
        let head = register.as(.headteacher)
        let body = JSON.string(of: [
            "person_id": person(.office), "role": .string(role.rawValue),
        ])
        let answers = try register.atOnce(
            (0..<6).map { _ in (head, "POST", "\(path)/posts") }, body: body)
        #expect(answers.map(\.status).sorted() == [201, 409, 409, 409, 409, 409])
        #expect(answers.filter { $0.status == 409 }.allSatisfy { $0.codes == ["held_already"] })
        #expect(
            try register.database.number(
                """
                select count(*) from seat
                where account_id = \(school.account(.office)) and role = \(role)
                """) == 1)
    }

    @Test func `confirmed after somebody has left gives them nothing back`() async throws {
        let register = try await open()
        let (head, chair) = (register.as(.headteacher), register.as(.chairOfGovernors))
        let later = try head.post(
            "\(path)/proposals",
            [
                "ending": [
                    "post_id": .string(school.seat(.deputyDSL).uuidString),
                    "until_on": "2026-12-20",
                ]
            ])
        let appointed = try head.post(
            "\(path)/proposals",
            ["appointment": ["person_id": person(.deputyDSL), "role": "chair_of_governors"]])
        #expect([later.status, appointed.status] == [201, 201])
        let left = try confirmed(["leaving": ["person_id": person(.deputyDSL)]], in: register)
        #expect(left["status"] == "confirmed")
        let told = try chair.post("/v1/proposals/\(later.id)/confirmation")
        #expect(told.codes == ["ended_already"])
        let again = try chair.post("/v1/proposals/\(appointed.id)/confirmation")
        #expect(again.codes == ["changed_meanwhile"])
        let token = try #require(try register.logIn(school.email(.deputyDSL))["token"])
        #expect(try register.visitor(token: token).get("/v1/incidents").status == 403)
    }

    @Test func `proposed twice appoints once`() async throws {
        let register = try await open()
        let (head, chair) = (register.as(.headteacher), register.as(.chairOfGovernors))
        let change: JSONValue = [
            "appointment": ["person_id": person(.office), "role": "chair_of_governors"]
        ]
        let proposals = try (0..<2).map { _ in try head.post("\(path)/proposals", change) }
        let told = try proposals.map { try chair.post("/v1/proposals/\($0.id)/confirmation") }
        #expect(told.map(\.status) == [201, 409])
        #expect(told[1].codes == ["held_already"])
    }

    /// A headteacher takes the next chair away before they begin, and nobody is left to be told.
    @Test func `of a day to come needs a second person for what it alters then`() async throws {
        let register = try await open()
        let next = try confirmed(
            [
                "appointment": [
                    "person_id": person(.office), "role": "chair_of_governors",
                    "from_on": "2026-11-22",
                ]
            ], in: register)
        #expect(next.status == 201)
        let ended = try confirmed(
            [
                "ending": [
                    "post_id": .string(school.seat(.chairOfGovernors).uuidString),
                    "until_on": "2026-11-21",
                ]
            ], in: register)
        #expect(ended.status == 201)
        let head = register.as(.headteacher)
        let history = try head.get("\(path)/posts/history").data
        let successor = try #require(history.first { $0["from_on"] == "2026-11-22" }?["id"]?.text)
        let told = try head.post("/v1/posts/\(successor)/ending", [:])
        #expect(told.codes == ["second_person_needed"])
        try register.database.setClock("2026-11-22T12:00:00Z")
        let asked = try head.get("/v1/schools/\(school.id)/posts").data
        #expect(asked.contains { $0["role"] == "chair_of_governors" })
    }

    /// What is refused while a change is tried is refused, and is not the end of the trial: or
    /// nothing would stand against it.
    @Test func `is refused where its trial is`() async throws {
        let register = try await open()
        try register.database.execute(
            """
            create function refuses() returns trigger language plpgsql as $$
            begin raise exception 'not for this caller' using errcode = 'RW403'; end $$;
            create trigger refuses before update of from_on on seat
            for each row execute function refuses()
            """)
        let told = try register.as(.headteacher).post(
            "\(path)/posts",
            ["person_id": person(.office), "role": "technician", "from_on": "2026-11-25"])
        #expect(told.status == 403, "\(told.text)")
    }

    @Test func `leaves somebody who could be told of the headteacher`() async throws {
        let register = try await open()
        for role in [Role.dsl, .deputyDSL, .seniorLeader, .onlineSafetyCoordinator] {
            try register.vacate(role)
        }
        let told = try register.as(.chairOfGovernors).post(
            "/v1/posts/\(school.seat(.chairOfGovernors))/ending", ["until_on": "2026-12-01"])
        #expect(told.status == 409)
        #expect(told.codes.contains("last_of_the_head"))
    }

    @Test func `by an ending only shortens, and begins no earlier than today`() async throws {
        let register = try await open()
        let head = register.as(.headteacher)
        let bounded: JSONValue = [
            "person_id": person(.office), "role": "technician", "until_on": "2026-11-26",
        ]
        let post = try head.post("\(path)/posts", bounded)
        #expect(post.status == 201)
        for day in ["2028-07-13", "2026-11-26"] {
            let told = try head.post("/v1/posts/\(post.id)/ending", ["until_on": .string(day)])
            #expect(told.codes == ["ends_before"], "\(day)")
        }
        let sooner = try head.post("/v1/posts/\(post.id)/ending", ["until_on": "2026-11-24"])
        #expect(sooner["until_on"] == "2026-11-24")
        let backdated = try head.post(
            "\(path)/posts",
            ["person_id": person(.office), "role": "governor", "from_on": "2026-11-19"])
        #expect(backdated.faults == ["/from_on": "out_of_range"])
    }

    /// USR-11
    @Test func `that appoints a leaver ends their leaving, and says so`() async throws {
        let register = try await open()
        let head = register.as(.headteacher)
        let leaving = "/v1/people/\(school.person(.office))/leaving"
        #expect(try head.post(leaving, [:]).status == 201)
        #expect(try head.post(leaving, [:]).codes == ["left_already"])
        let told = try head.post(
            "\(path)/posts", ["person_id": person(.office), "role": "office"])
        #expect(told.status == 201)
        let leavers = try head.get("\(path)/leavers").data
        #expect(leavers.map { $0["returned_on"]?.text } == ["2026-11-20"])
        #expect(try head.post(leaving, [:]).status == 201)
    }
}
