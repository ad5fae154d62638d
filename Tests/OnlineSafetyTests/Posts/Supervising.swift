import JSON
import Testing

@testable import OnlineSafety

/// Who may see safeguarding records is reviewed, and leaders say that they know what to do.
@Suite struct `Supervising` {
    private let school = TestSchool.hawthorn
    private let path = "/v1/schools/\(TestSchool.hawthorn.id)"

    private func posts(_ roles: [Role]) -> JSONValue {
        .array(roles.map { .string(school.seat($0).uuidString) })
    }

    /// USR-12: reviewer, date, and what was kept or removed.
    @Test func `a review decides on every post that opens incidents`() async throws {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T12:00:00Z")
        let head = register.as(.headteacher)
        let all = [Role].incidentReaders
        let few = try head.post(
            "\(path)/access-reviews", ["kept": posts(Array(all.dropLast()) + [.office])])
        #expect(few.faults == ["/kept": "undecided", "/kept/5": "unknown_post"])
        let first = try head.post(
            "\(path)/access-reviews", ["kept": posts(all), "words": "All still need it"])
        #expect(first.status == 201)
        #expect(first["reviewed_by"] == "Headteacher")
        #expect(first["reviewed_at"] == "2026-11-20T12:00:00.000Z")
        #expect(first.json["removed"] == [])
        let leader = "/v1/posts/\(school.seat(.seniorLeader))/ending"
        #expect(try head.post(leader, [:]).status == 201)
        let second = try register.as(.chairOfGovernors).post(
            "\(path)/access-reviews", ["kept": posts(all.filter { $0 != .seniorLeader })])
        #expect(second.json["removed"]?[0]?["role"] == "senior_leader")
        #expect(second.json["removed"]?[1] == nil)
        let list = try register.as(.dsl).get("\(path)/access-reviews").data
        #expect(list.count == 2)
    }

    /// USR-05: the headteacher and one more, each for a year.
    @Test func `a school is ready when the headteacher and one more know the procedure`()
        async throws
    {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T12:00:00Z")
        let readiness = "\(path)/allegation-readiness"
        let (head, leader) = (register.as(.headteacher), register.as(.seniorLeader))
        #expect(try head.get(readiness).json["is_enough"] == false)
        #expect(try leader.post(readiness).json["is_enough"] == false)
        #expect(try head.post(readiness).json["is_enough"] == true)
        let told = try register.as(.dsl).get(readiness)
        #expect(told.json["leaders"]?[0]?["role"] == "headteacher")
        #expect(told.json["leaders"]?[1]?["known_at"] == "2026-11-20T12:00:00.000Z")
        try register.database.setClock("2027-11-20T12:00:00Z")
        #expect(try head.get(readiness).json["is_enough"] == false)
        #expect(try head.post(readiness).json["is_enough"] == false)
        #expect(try leader.post(readiness).json["is_enough"] == true)
        try register.vacate(.seniorLeader)
        #expect(try head.get(readiness).json["is_enough"] == false)
    }
}
