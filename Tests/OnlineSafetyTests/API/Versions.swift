import JSON
import Testing

@testable import OnlineSafety

/// API-05: what was read is not overwritten unseen, and what is known is not sent again.
@Suite struct `Versions` {
    private let path = "/v1/schools/\(TestSchool.hawthorn.id)/settings/incident-recipients"
    private let choice: JSONValue = ["value": ["dsl", "headteacher"]]

    @Test func `a setting is changed only from the version that stands`() async throws {
        let register = try await Register.open()
        let head = register.as(.headteacher)
        let without = try head.put(path, choice)
        #expect(without.status == 428)
        #expect(without.code == "precondition_required")
        let read = try head.get(path)
        let etag = try #require(read.header("etag"))
        #expect(read["etag"] == etag)
        let changed = try head.put(path, choice, ["If-Match": etag])
        #expect(changed.status == 200)
        let now = try #require(changed.header("etag"))
        #expect(now != etag)
        let stale = try head.put(path, ["value": ["dsl"]], ["If-Match": etag])
        #expect(stale.status == 412)
        #expect(stale.code == "precondition_failed")
        #expect(try head.get(path).json["value"] == ["dsl", "headteacher"])
        #expect(try head.put(path, choice, ["If-Match": now]).status == 200)
    }

    @Test(arguments: ["\"1\"x", "W/\"0\"", "0", "\"\""])
    func `no other version is taken for it`(etag: String) async throws {
        let register = try await Register.open()
        let told = try register.as(.headteacher).put(path, choice, ["If-Match": etag])
        #expect(told.status == 412)
    }

    /// RFC 9110, 13.1.1
    @Test(arguments: [
        ("\"7\", \"0\"", 200), ("\"0\",\"7\"", 200), ("\"7\" , W/\"0\"", 412), ("\"7\",\"8\"", 412),
    ])
    func `of several versions any will do`(etags: String, status: Int) async throws {
        let register = try await Register.open()
        let told = try register.as(.headteacher).put(path, choice, ["If-Match": etags])
        #expect(told.status == status)
    }

    @Test func `what is known is not sent again`() async throws {
        let register = try await Register.open()
        let incident = try register.as(.staff).report()
        let person = "/v1/people/\(TestSchool.hawthorn.pupil)"
        for path in ["/v1/incidents/\(incident.id)", path, person] {
            let read = try register.as(.dsl).get(path)
            let etag = try #require(read.header("etag"))
            for known in [etag, "W/\(etag)", "\"other\", \(etag)", "*"] {
                let again = try register.as(.dsl).get(path, ["If-None-Match": known])
                #expect(again.status == 304, "\(path) \(known)")
                #expect(again.body.isEmpty)
                #expect(again.header("etag") == etag)
                #expect(again.header("x-request-id") != nil)
            }
            let other = try register.as(.dsl).get(path, ["If-None-Match": "\"other\""])
            #expect(other.status == 200 && other.body == read.body)
        }
    }

    /// The reporter's receipt has versions of its own: what its readers do not see is not in them.
    @Test func `a receipt has another version once it was seen`() async throws {
        let register = try await Register.open()
        let told = try register.as(.staff).report()
        let before = try register.as(.staff).get("/v1/incidents/\(told.id)").header("etag")
        #expect(before == told.header("etag"))
        let notice = try #require(try register.as(.dsl).get("/v1/notices").data[0]["id"]?.text)
        _ = try register.as(.dsl).post("/v1/notices/\(notice)/acknowledgement")
        let after = try register.as(.staff).get(
            "/v1/incidents/\(told.id)", ["If-None-Match": #require(before)])
        #expect(after.status == 200)
        #expect(after.header("etag") != before)
    }
}
