import Foundation
import JSON
import Testing

@testable import OnlineSafety
@testable import Postgres

/// Secrets, names and what was told are planted everywhere, and looked for where they must not be.
@Suite struct `Telling nothing` {
    private static let canaries = [
        "Canary-Description", "Canary-Person", "Canary-Reporter", "Canary-Password",
        "Canary-Query", "canary.email", "Canary-Body", "Canary-Agent",
        "Canary-Evidence", "Canary-Old", "Canary-New", "Canary-Code", "Canary-Device",
        "rwn_device", "rwn_session_Canary", "Canary-Cookie", "Canary-Key", "rwn_session",
        TestSchool.password, "scrypt",
    ]

    @Test func `appears in no log line, no metric and no refusal (SEC-03)`() async throws {
        let database = try TestDatabase()
        try database.execute(
            """
            update account set name = 'Canary-Reporter';
            alter table report add constraint breaks check (evidence <> 'Canary-Evidence')
            """)
        let service = try RunningService(database.serviceURL)
        #expect(try await service.isReady())
        let refusals = try `ask everything`(service)
        #expect(
            refusals.map(\.status).sorted() == [
                400, 400, 401, 401, 401, 401, 404, 404, 415, 422, 500,
            ])
        for refusal in refusals { `expect no canary`(in: refusal.text, "a refusal") }
        let log = try await service.logSoFar()
        `expect no canary`(in: log, "the log")
        #expect(log.contains("\"event\":\"failure\""))
        let metrics = try service.admin.get("/metrics").text
        `expect no canary`(in: metrics, "the metrics")
        let id = try #require(try database.owner().run("select id from incident").uuid(0, "id"))
        for text in [metrics, log] {
            #expect(!text.contains("Canary-Path"))
            #expect(!text.contains(id.uuidString.lowercased()))
            #expect(!text.lowercased().contains("hawthorn"))
        }
    }

    /// Of two reports that are taken, of log-ins that are, and of all kinds of refusals.
    private func `ask everything`(_ service: RunningService) throws -> [Reading] {
        let (staff, dsl) = (service.as(.staff), service.as(.dsl))
        let agent = ["User-Agent": "Canary-Agent", "Cookie": "a=Canary-Cookie"]
        let told = try staff.post(
            "/v1/incidents",
            report(
                "Canary-Description", .child,
                [("people", [["group": "child", "name": "Canary-Person"]])]),
            agent.merging(["Idempotency-Key": "Canary-Key"]) { $1 })
        #expect(told.status == 201)
        #expect(try dsl.get("/v1/incidents/\(told.id)").text.contains("Canary-Person"))
        let nobody = Visitor(port: service.port, token: nil)
        let login: JSONValue = [
            "email": .string(TestSchool.hawthorn.email(.dsl)),
            "password": .string(TestSchool.password),
        ]
        #expect(try nobody.post("/v1/sessions", login).status == 201)
        return [
            try nobody.post(
                "/v1/sessions",
                [
                    "email": "canary.email@hawthorn.example", "password": "Canary-Password",
                    "device_token": "Canary-Device",
                ]),
            try dsl.put(
                "/v1/me/password", ["old_password": "Canary-Old", "new_password": "Canary-New"]),
            try dsl.post("/v1/session/step-up", ["code": "Canary-Code"]),
            try Visitor(port: service.port, token: "rwn_session_Canary").get("/v1/me"),
            try dsl.get("/v1/incidents?q=Canary-Query&mood=Canary-Query"),
            try dsl.get("/v1/people/Canary-Path"), try dsl.get("/Canary-Path"),
            try staff.raw("POST", "/v1/incidents", headers(of: staff), Array("{Canary-Body".utf8)),
            try staff.ask(
                "POST", "/v1/incidents", ["Content-Type": "text/plain"], "Canary-Body"),
            try staff.post("/v1/sessions", ["email": "x", "pass": "Canary-Password"]),
            try staff.report("Canary-Description", .child, ("evidence", "Canary-Evidence")),
        ]
    }

    private func headers(of visitor: Visitor) -> [String: String] {
        ["Authorization": "Bearer \(visitor.token ?? "")", "Content-Type": "application/json"]
    }

    private func `expect no canary`(in text: String, _ place: Comment) {
        #expect(!text.isEmpty)
        for canary in Self.canaries { #expect(!text.contains(canary), place) }
    }

    @Test func `lies neither in the arguments of the process nor in its environment`()
        async throws
    {
        let database = try TestDatabase()
        let folder = try ScratchFolder()
        let url = try folder.write("url", database.serviceURL + " password=Canary", mode: 0o600)
        let service = try RunningService("", ["DATABASE_URL_FILE": url])
        #expect(try await service.isReady())
        let keys = try String(contentsOfFile: service.folder.path + "/keys", encoding: .utf8)
        let secret = try #require(keys.split(separator: " ").last).prefix(64)
        for place in ["cmdline", "environ"] {
            let bytes = FileManager.default.contents(atPath: "/proc/\(service.child.id)/\(place)")
            let text = String(decoding: try #require(bytes), as: UTF8.self)
            #expect(!text.isEmpty)
            #expect(!text.contains("Canary") && !text.contains(secret))
        }
        let log = try await service.logSoFar()
        #expect(!log.contains("Canary") && !log.contains(secret))
    }

    /// What libpq says of a string that it cannot read may be the password itself.
    @Test(arguments: [
        "postgresql://rowan:Canary%zz@localhost/rowan", "host=localhost password='Canary",
        "host=localhost password=a Canary", "postgresql://rowan:Canary/secret@localhost/rowan",
        "postgresql://rowan:secret@Canary@localhost/rowan",
    ])
    func `is not repeated from a connection string that cannot be read`(url: String) throws {
        let folder = try ScratchFolder()
        let run = try Command(["serve"], RunningService.environment(url, folder))
        #expect(run.status == 1)
        #expect(!run.printed.contains("Canary"), "\(run.printed)")
        #expect(run.printed.contains("connection string"))
    }
}
