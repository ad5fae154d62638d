import JSON
import Testing

@testable import OnlineSafety
@testable import Postgres

/// That use is monitored is acknowledged once per version, before anything else (SEC-12).
@Suite struct `The monitoring notice` {
    private let path = "/v1/schools/\(TestSchool.hawthorn.id)/monitoring-notice"

    private func acknowledge(
        _ visitor: Visitor, _ version: Int, of school: TestSchool = .hawthorn
    ) throws -> Int {
        try visitor.post(
            "/v1/monitoring-notice/acknowledgement",
            [
                "school_id": .string(school.id.uuidString), "version": .number(JSONNumber(version)),
            ]
        ).status
    }

    /// SEC-12: before first use, also by who is appointed while they are signed in.
    @Test func `is asked of whoever comes to the school with a session of before`() async throws {
        let register = try await Register.open()
        let lighthouse = "/v1/schools/\(TestSchool.lighthouse.id)/monitoring-notice"
        let published = try register.as(.headteacher, at: .lighthouse).post(
            lighthouse, ["words": "Use is monitored, logged and traced to the individual."])
        #expect(published.status == 201)
        let office = register.as(.office)
        #expect(try office.get("/v1/notices").status == 200)
        try register.seat(.staff, for: .office, at: .lighthouse)
        #expect(try office.get("/v1/notices").status == 403)
        #expect(try office.get("/v1/monitoring-notice").data.count == 1)
        let acknowledged = try office.post(
            "/v1/monitoring-notice/acknowledgement",
            ["school_id": .string(TestSchool.lighthouse.id.uuidString), "version": 1])
        #expect(acknowledged.status < 300)
        #expect(try office.get("/v1/notices").status == 200)
    }

    /// SEC-04, SEC-12: a post and a setting that begin tomorrow ask when they begin, of whoever is
    /// signed in across midnight, too.
    @Test func `is asked when a post begins that was given before`() async throws {
        let register = try await Register.open {
            $0.sessionLength = SessionLength(seconds: 100 * 3600) ?? .none
        }
        try register.database.setClock("2026-11-20T23:30:00Z")
        let copy = try await register.secondCopy()
        let lighthouse = "/v1/schools/\(TestSchool.lighthouse.id)"
        let head = register.as(.headteacher, at: .lighthouse)
        #expect(
            try head.post("\(lighthouse)/monitoring-notice", ["words": "Logged."]).status == 201)
        try register.seat(.staff, for: .office, at: .lighthouse)
        try register.database.execute(
            """
            update seat set from_on = '2026-11-21'
            where school_id = '\(TestSchool.lighthouse.id)'
                and account_id = '\(TestSchool.hawthorn.account(.office))';
            update session set outstanding = '{}'
            """)
        let token = try #require(try register.logIn(TestSchool.hawthorn.email(.office))["token"])
        let (here, there) = (register.visitor(token: token), copy.visitor(token: token))
        try register.database.setClock("2026-11-20T23:59:59.999Z")
        for visitor in [here, there] { #expect(try visitor.get("/v1/notices").status == 200) }
        try register.database.setClock("2026-11-21T00:00:00Z")
        for visitor in [here, there] {
            #expect(try visitor.get("/v1/notices").code == "monitoring_notice_unacknowledged")
            let session = try visitor.get("/v1/me").json["session"]
            #expect(session?["outstanding"] == ["monitoring_notice"])
        }
        #expect(try acknowledge(here, 1, of: .lighthouse) == 204)
        #expect(try there.get("/v1/notices").status == 200)
    }

    @Test func `stands before everything else, once per version, on every copy (SEC-12)`()
        async throws
    {
        let register = try await Register.open()
        let copy = try await register.secondCopy()
        let (head, staff) = (register.as(.headteacher), copy.as(.staff))
        #expect(try staff.get("/v1/incidents?mine=true").status == 200)
        #expect(try staff.get("/v1/monitoring-notice").data.isEmpty)
        for version in 1...2 {
            let published = try head.post(path, ["words": "You are logged, by name."])
            #expect(published.status == 201)
            #expect(published.json["version"] == .number(JSONNumber(version)))
            for visitor in [staff, head, register.as(.governor)] {
                for path in ["/v1/schools", "/v1/notices", "/v1/me/sessions"] {
                    let refused = try visitor.get(path)
                    #expect(refused.status == 403)
                    #expect(refused.code == "monitoring_notice_unacknowledged")
                }
                #expect(try visitor.report().code == "monitoring_notice_unacknowledged")
            }
            #expect(
                try staff.get("/v1/me").json["session"]?["outstanding"] == ["monitoring_notice"])
            let shown = try staff.get("/v1/monitoring-notice").data
            #expect(shown.map { $0["words"]?.text } == ["You are logged, by name."])
            #expect(shown.first?["acknowledged_at"] == nil)
            #expect(try acknowledge(staff, version + 1) == 409)
            #expect(try acknowledge(staff, version, of: .rosehip) == 409)
            #expect(try acknowledge(staff, version) == 204)
            #expect(try staff.get("/v1/incidents?mine=true").status == 200)
            #expect(try acknowledge(head, version) == 204)
            #expect(try staff.get("/v1/monitoring-notice").data[0]["acknowledged_at"] != nil)
            #expect(try register.as(.governor).get("/v1/schools").status == 403)
            // A later log-in is asked no more; one of somebody who has not is.
            let again = try register.logIn(TestSchool.hawthorn.email(.staff))
            #expect(again.json["outstanding"] == [])
            let new = try register.logIn(TestSchool.hawthorn.email(.office))
            #expect(new.json["outstanding"] == ["monitoring_notice"])
        }
        #expect(try register.as(.staff, at: .rosehip).get("/v1/schools").status == 200)
        let entries = try register.database.entries()
        #expect(entries.count { $0.deed == "monitoring_notice_published" } == 2)
        #expect(entries.count { $0.deed == "monitoring_notice_acknowledged" } == 4)
    }
}
