import JSON
import Testing

@testable import OnlineSafety

/// API-01: what the service really answers fits the type that the contract was read off.
@Suite struct `Live replies` {
    @Test func `of every reading fit their declared types`() async throws {
        let register = try await Register.open()
        let told = try register.as(.staff).post("/v1/incidents", JSON.value(of: Report.example))
        #expect(told.status == 201)
        try decode(Reported.self, told.json)
        let (dsl, staff) = (register.as(.dsl), register.as(.staff))
        try decode(Incident.self, dsl.get("/v1/incidents/\(told.id)").json)
        try decode(Incident.self, staff.get("/v1/incidents/\(told.id)").json)
        try decodeAll(Incident.self, dsl.get("/v1/incidents"))
        try decodeAll(Incident.self, staff.get("/v1/incidents"))
        let notices = try dsl.get("/v1/notices")
        try decodeAll(Notice.self, notices)
        let notice = try #require(notices.data.first?["id"]?.text)
        try decode(Notice.self, dsl.post("/v1/notices/\(notice)/acknowledgement").json)
        try decodeAll(Notice.self, dsl.get("/v1/notices"))
        try decode(Me.self, dsl.get("/v1/me").json)
        try decode(Me.self, register.as(.trustViewer).get("/v1/me").json)
    }

    @Test func `of the roster and the schools fit theirs`() async throws {
        let register = try await Register.open()
        let head = register.as(.headteacher)
        let school = "/v1/schools/\(TestSchool.hawthorn.id)"
        try decodeAll(Person.self, head.get("/v1/people"))
        try decode(Person.self, head.get("/v1/people/\(TestSchool.hawthorn.pupil)").json)
        try decodeAll(School.self, head.get("/v1/schools"))
        try decode(School.self, head.get(school).json)
        try decodeAll(Post.self, head.get("/v1/posts"))
        let setting = "\(school)/settings/incident-recipients"
        try decode(SettingShown.self, head.get(setting).json)
        try decodeAll(SettingShown.self, head.get("\(school)/settings"))
        let choice = try JSON.value(of: SettingChoice.example)
        let set = try head.put(setting, choice, ["If-Match": "\"0\""])
        try decode(SettingShown.self, set.json)
        try decodeAll(SettingVersion.self, head.get("\(setting)/history"))
        let trust = "/v1/trusts/\(TestSchool.hedgerow)/settings"
        try decodeAll(TrustSetting.self, register.as(.trustViewer).get(trust))
    }

    /// Any fault would be thrown: a field that is missing, unknown or of another kind.
    private func decode<Value: Decodable>(_ type: Value.Type, _ value: JSONValue) throws {
        _ = try JSON.decode(type, from: value)
    }

    private func decodeAll<Value: Decodable>(_ type: Value.Type, _ list: Reading) throws {
        #expect(!list.data.isEmpty)
        for record in list.data { try decode(type, record) }
    }
}
