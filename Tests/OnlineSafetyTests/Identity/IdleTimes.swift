import JSON
import Testing

@testable import OnlineSafety
@testable import Postgres

/// After how long without use a session ends is for each school to say, of each audience; and what
/// it says holds from that moment.
@Suite struct `The idle time` {
    private let trust = "/v1/trusts/\(TestSchool.hedgerow)/settings"

    private func open(_ moment: String = "2026-11-20T09:00:00Z") async throws -> Register {
        let register = try await Register.open {
            $0.sessionLength = SessionLength(seconds: 100 * 3600) ?? .none
        }
        try register.database.setClock(moment)
        return register
    }

    /// After how many minutes a session that begins now would end.
    private func minutes(_ role: Role, _ register: Register) throws -> Int {
        let opened = try register.logIn(TestSchool.hawthorn.email(role))
        return try register.database.number(
            """
            select extract(epoch from \(opened["idle_ends_at"])::text::timestamptz - rowan_now())
                / 60
            """)
    }

    /// SEC-05: to begin with, and as the school sets it.
    @Test func `is of all who work there, of those who open records, and of temporary staff`()
        async throws
    {
        let register = try await open()
        func all() throws -> [Int] {
            try [.staff, .governor, .trustViewer, .dsl, .chairOfGovernors, .temporaryStaff].map {
                try minutes($0, register)
            }
        }
        #expect(try all() == [60, 60, 60, 30, 30, 15])
        let head = register.as(.headteacher)
        for (name, value, minutes) in [
            ("idle-minutes", 90, [90, 90, 60, 30, 30, 15]),
            ("idle-minutes-record-readers", 10, [90, 90, 60, 10, 10, 15]),
            ("idle-minutes-temporary-staff", 240, [90, 90, 60, 10, 10, 90]),
            ("idle-minutes", 5, [5, 5, 60, 5, 5, 5]),
        ] as [(String, Int, [Int])] {
            let told = try head.put(
                "/v1/schools/\(TestSchool.hawthorn.id)/settings/\(name)",
                ["value": .number(JSONNumber(value))], ["If-Match": "*"])
            #expect(told.status == 200)
            #expect(try all() == minutes, "\(name)")
        }
    }

    /// SEC-05: who works in several is held to the least of what each says of them.
    @Test func `is the least of all that applies, in all schools`() async throws {
        let register = try await open()
        try register.set("idle_minutes_record_readers", "20", at: .lighthouse)
        try register.set("idle_minutes", "40", at: .lighthouse)
        #expect(try minutes(.staff, register) == 60)
        try register.seat(.governor, for: .staff, at: .lighthouse)
        #expect(try minutes(.staff, register) == 40)
        try register.seat(.deputyDSL, for: .office, at: .lighthouse)
        #expect(try minutes(.office, register) == 20)
        let floor = try register.as(.trustAdministrator).put(
            "\(trust)/idle-minutes-record-readers", ["floor": 10], ["If-Match": "*"])
        #expect(floor.status == 200)
        #expect(try [.dsl, .office, .staff].map { try minutes($0, register) } == [10, 20, 40])
    }

    /// SEC-05: by a school, by its trust, and by a post that opens more.
    @Test(arguments: ["school", "trust", "post"])
    func `reaches who is signed in at once, on every copy`(by whom: String) async throws {
        let register = try await open()
        let copy = try await register.secondCopy()
        let opened = try register.logIn(TestSchool.hawthorn.email(.staff))
        let token = try #require(opened["token"])
        #expect(opened["idle_ends_at"] == "2026-11-20T10:00:00.000Z")
        try register.database.setClock("2026-11-20T09:40:00Z")
        switch whom {
        case "school": try register.set("idle_minutes", "40")
        case "trust":
            let told = try register.as(.trustAdministrator).put(
                "\(trust)/idle-minutes", ["floor": 40], ["If-Match": "*"])
            #expect(told.status == 200)
        default:
            let told = try register.as(.headteacher).post(
                "/v1/schools/\(TestSchool.hawthorn.id)/posts",
                [
                    "person_id": .string(TestSchool.hawthorn.person(.staff).uuidString),
                    "role": "senior_leader",
                ])
            #expect(told.status == 201)
        }
        for one in [register, copy] {
            #expect(try one.visitor(token: token).get("/v1/me").status == 401)
        }
        // What is over is over, whatever is said later.
        try register.set("idle_minutes", "480")
        try register.set("idle_minutes_record_readers", "480")
        #expect(try copy.visitor(token: token).get("/v1/me").status == 401)
    }

    /// SEC-05: what was said yesterday of today.
    @Test(arguments: [("2026-11-20T23:59:59.999Z", 200), ("2026-11-21T00:00:00Z", 401)])
    func `that was planned holds from the first moment of its day`(
        moment: String, status: Int
    ) async throws {
        let register = try await open("2026-11-20T23:30:00Z")
        let visitor = try register.visitor(
            token: #require(try register.logIn(TestSchool.hawthorn.email(.staff))["token"]))
        let told = try register.as(.headteacher).put(
            "/v1/schools/\(TestSchool.hawthorn.id)/settings/idle-minutes",
            ["value": 20, "effective_on": "2026-11-21"], ["If-Match": "*"])
        #expect(told.status == 200)
        try register.database.setClock(moment)
        #expect(try visitor.get("/v1/me").status == status)
    }
}
