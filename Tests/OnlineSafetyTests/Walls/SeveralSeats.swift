import JSON
import Testing

@testable import OnlineSafety

/// One account may hold posts in several schools; what one of them opens, it opens there only.
@Suite struct `Posts in two schools` {
    /// ORG-02: lead of safeguarding at Hawthorn, governor at Lighthouse.
    @Test func `the incidents of the first are read, and those of the second are not`() async throws
    {
        let register = try await Register.open()
        try register.seat(.governor, for: .dsl, at: .lighthouse)
        let here = try register.as(.staff).report("canary")
        let there = try register.as(.staff, at: .lighthouse).report("canary")
        let both = register.as(.dsl)
        #expect(try both.get("/v1/incidents/\(here.id)").status == 200)
        #expect(try both.get("/v1/incidents/\(there.id)").status == 404)
        let listed = try both.get("/v1/incidents").data.compactMap { $0["id"]?.text }
        #expect(listed == [here.id])
        let lighthouse = TestSchool.lighthouse.id.uuidString
        #expect(try both.get("/v1/incidents?school_id=\(lighthouse)").data == [])
        #expect(try both.get("/v1/people?school_id=\(lighthouse)").data == [])
        let settings = "/v1/schools/\(lighthouse)/settings/incident-recipients"
        #expect(try both.get(settings).status == 404)
        #expect(try both.get("/v1/schools/\(lighthouse)").status == 200)
        #expect(try both.get("/v1/posts?school_id=\(lighthouse)").data.isEmpty == false)
    }

    /// ORG-02: staff at Rosehip see there no more than the receipts of what they reported.
    @Test func `staff in the second see receipts there, and whole records in the first`()
        async throws
    {
        let register = try await Register.open()
        try register.seat(.staff, for: .dsl, at: .rosehip)
        let there = try register.as(.staff, at: .rosehip).report("canary")
        let both = register.as(.dsl)
        #expect(try both.get("/v1/incidents/\(there.id)").status == 404)
        let own = try both.report(
            "canary", .child, ("school_id", .string(TestSchool.rosehip.id.uuidString)))
        let receipt = try both.get("/v1/incidents/\(own.id)")
        #expect(receipt.status == 200)
        #expect(receipt.json["reports"] == nil && receipt.json["concerns"] == nil)
        #expect(try both.get("/v1/incidents").data == [])
        #expect(try both.get("/v1/incidents?mine=true").data.count == 1)
    }

    /// ORG-06: what is alleged of somebody in one school is hidden from them by their account, in
    /// whichever post they come.
    @Test func `a subject with two posts finds it by neither`() async throws {
        let register = try await Register.open()
        try register.seat(.headteacher, for: .office)
        let told = try register.as(.staff).report(
            "canary", .staff, ("people", [Scene.alleged(.office)]))
        #expect(try register.as(.chairOfGovernors).get("/v1/incidents/\(told.id)").status == 200)
        #expect(try register.as(.office).get("/v1/incidents/\(told.id)").status == 404)
        #expect(try register.as(.office).get("/v1/notices").data == [])
    }
}
