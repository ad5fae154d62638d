import JSON
import Testing

@testable import OnlineSafety

/// A school sets who is told first.
@Suite struct `Setting who is told` {
    private let address = "/v1/schools/\(TestSchool.hawthorn.id)/settings/incident-recipients"

    @Test func `keeps who set it, since when, and what was before`() async throws {
        let register = try await Register.open()
        let head = register.as(.headteacher)
        let usual = try head.get(address)
        #expect(usual.json["value"] == ["dsl", "deputy_dsl", "online_safety_coordinator"])
        let etag = try #require(usual.header("etag"))
        let set = try head.put(address, ["value": ["dsl"]], ["If-Match": etag])
        #expect(set.status == 200)
        #expect(set.json["value"] == ["dsl"])
        #expect(try head.put(address, ["value": ["dsl"]], ["If-Match": etag]).status == 412)
        #expect(try head.put(address, ["value": ["dsl"]]).status == 428)
        let next = try #require(set.header("etag"))
        _ = try head.put(address, ["value": ["headteacher"]], ["If-Match": next])
        let history = try register.database.number(
            """
            select count(*) from setting
            where set_by = \(TestSchool.hawthorn.account(.headteacher)) and version in (1, 2)
            """)
        #expect(history == 2)
    }

    @Test func `refuses what would leave nobody to be told`() async throws {
        let register = try await Register.open()
        try register.vacate(.seniorLeader)
        let head = register.as(.headteacher)
        for posts in [[], ["senior_leader"]] as [JSONValue] {
            let refused = try head.put(address, ["value": posts], ["If-Match": "\"0\""])
            #expect(refused.status == 409)
        }
        let unknown = try head.put(
            address, ["value": ["dsl", "governor"]], ["If-Match": "\"0\""])
        #expect(unknown.faults == ["/value/1": "unknown_word"])
        #expect(try register.database.number("select count(*) from setting") == 0)
    }

    @Test func `is the headteacher's to set, and not another school's to see`() async throws {
        let register = try await Register.open()
        let body: JSONValue = ["value": ["dsl"]]
        for role in Role.allCases where role != .headteacher {
            let answer = try register.as(role).put(address, body, ["If-Match": "\"0\""])
            #expect(answer.status == 403)
        }
        let foreign = register.as(.headteacher, at: .rosehip)
        #expect(try foreign.put(address, body, ["If-Match": "\"0\""]).status == 404)
        #expect(try foreign.get(address).status == 404)
    }
}
