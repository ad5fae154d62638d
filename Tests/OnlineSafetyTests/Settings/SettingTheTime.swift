import JSON
import Testing

@testable import OnlineSafety

/// NOT-03: a school sets how long it waits for an acknowledgement.
@Suite struct `Setting the acknowledgement time` {
    private let address = "/v1/schools/\(TestSchool.hawthorn.id)/settings/acknowledgement-minutes"

    @Test func `keeps who set it, since when, and what was before`() async throws {
        let register = try await Register.open()
        let head = register.as(.headteacher)
        let usual = try head.get(address)
        #expect(usual.json["value"] == 30)
        let etag = try #require(usual.header("etag"))
        let set = try head.put(address, ["value": 5], ["If-Match": etag])
        #expect(set.status == 200)
        #expect(set.json["value"] == 5)
        #expect(try head.put(address, ["value": 6], ["If-Match": etag]).status == 412)
        #expect(try head.put(address, ["value": 6]).status == 428)
        #expect(try register.as(.deputyDSL).get(address).json["value"] == 5)
        let others = "/v1/schools/\(TestSchool.rosehip.id)/settings/acknowledgement-minutes"
        #expect(try register.as(.dsl, at: .rosehip).get(others).json["value"] == 30)
        #expect(try register.database.number("select count(*) from setting") == 1)
    }

    @Test(arguments: [0, 4, 1441, -30] as [JSONValue])
    func `takes from five minutes to a day`(minutes: JSONValue) async throws {
        let register = try await Register.open()
        let refused = try register.as(.headteacher).put(
            address, ["value": minutes], ["If-Match": "*"])
        #expect(refused.faults == ["/value": "out_of_range"])
        for bound in [5, 1440] as [JSONValue] {
            let set = try register.as(.headteacher).put(
                address, ["value": bound], ["If-Match": "*"])
            #expect(set.json["value"] == bound)
        }
    }

    @Test func `holds at once for what waits already`() async throws {
        let register = try await Register.open()
        try register.clock("13:00")
        _ = try register.as(.staff).reportRisk()
        try register.clock("13:10")
        let head = register.as(.headteacher)
        #expect(try head.get("/v1/notices").data.isEmpty)
        _ = try head.put(address, ["value": 11], ["If-Match": "*"])
        #expect(try head.get("/v1/notices").data.isEmpty)
        _ = try head.put(address, ["value": 10], ["If-Match": "*"])
        #expect(try head.get("/v1/notices").data.count == 1)
    }
}
