import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// Section 25: the MIS tells of markers and never reads them, by whatever way.
@Suite struct `Telling of markers` {
    private func open(
        _ now: String = "2026-11-20T09:00:00Z"
    ) async throws -> (pupil: Marked, client: Visitor) {
        let register = try await Register.open {
            $0.clientLimits = ClientLimits(burst: 1_000_000)
        }
        try register.database.setClock(now)
        let client = try register.machine(.peopleRead, .vulnerabilityMarkersWrite).signedIn()
        return (Marked(register), client)
    }

    /// All of an answer but what each has of its own.
    private func likeness(_ told: Reading) -> [String] {
        ["\(told.status)", told.text]
            + told.headers.filter { !["date", "x-request-id", "ratelimit"].contains($0.name) }
            .map { "\($0.name): \($0.value)" }
    }

    @Test func `the answer is the same, whatever is on record (ORG-15)`() async throws {
        let (pupil, client) = try await open()
        let first = try pupil.tell(.send, as: client)
        #expect(first.status == 204 && first.body.isEmpty && first.header("etag") == nil)
        var answers = [first, try pupil.tell(.send, as: client)]
        // Ended by a DSL, recorded by one, and both.
        let marker = try #require(try pupil.read().data[0]["id"]?.text)
        _ = try pupil.end(marker)
        answers.append(try pupil.tell(.send, as: client))
        answers.append(try pupil.tell(.send, since: "2026-11-20", as: client))
        let other = try pupil.mark(.atRiskImages).id
        answers.append(try pupil.tell(.atRiskImages, as: client))
        _ = try pupil.end(other)
        answers.append(try pupil.tell(.atRiskImages, as: client))
        // A key and a version are no way to ask, either.
        for headers in [["Idempotency-Key": "one"], ["If-Match": "\"1\""], ["If-None-Match": "*"]] {
            for day in ["2026-09-01", "2026-10-01"] {
                answers.append(
                    try client.ask("PUT", "\(pupil.path)/eal", headers, ["from_on": .string(day)]))
            }
        }
        #expect(Set(answers.map(likeness)).count == 1)
        #expect(try pupil.register.database.number("select count(*) from idempotency") == 0)
    }

    /// The same rows and one entry, so that the time which it takes tells nothing.
    @Test func `the same is written, whatever is on record`() async throws {
        let (pupil, client) = try await open()
        func entries() throws -> Int {
            try pupil.register.database.entries().count { $0.deed == "marker_told" }
        }
        for number in 1...4 {
            switch number {
            case 3: _ = try pupil.end(try #require(try pupil.read().data[0]["id"]?.text))
            case 4: #expect(try pupil.mark(.send).status == 201)
            default: break
            }
            #expect(try pupil.tell(.send, as: client).status == 204)
            #expect(try entries() == number)
        }
    }

    @Test func `what a DSL ended is not opened again but by what is new`() async throws {
        let (pupil, client) = try await open("2026-11-20T23:30:00Z")
        #expect(try pupil.tell(.childInCare, since: "2026-09-01", as: client).status == 204)
        let told = try #require(try pupil.read().data.first)
        #expect(told["is_by_client"] == true && told["recorded_by"] == "OF Hawthorn")
        #expect(told["from_on"] == "2026-09-01" && told["note"] == nil)
        _ = try pupil.end(told["id"]?.text ?? "")
        try pupil.register.database.setClock("2026-11-21T00:10:00Z")
        for day in ["2026-09-01", "2026-11-20"] {
            #expect(try pupil.tell(.childInCare, since: day, as: client).status == 204)
        }
        let ended = try #require(try pupil.read().data.first)
        #expect(ended["ended_at"] != nil && ended["told_at"] == "2026-11-21T00:10:00.000Z")
        #expect(try pupil.read().data.count == 1)
        #expect(try pupil.tell(.childInCare, since: "2026-11-21", as: client).status == 204)
        let both = try pupil.read().data
        #expect(both.count == 2 && both[0]["ended_at"] == nil)
        #expect(both[0]["from_on"] == "2026-11-21")
        #expect(try AuditChains.verify(pupil.register.database.owner()).faults == [])
    }

    @Test func `what stands is only told again, whoever said it`() async throws {
        let (pupil, client) = try await open()
        #expect(try pupil.mark(.eal, "Speaks Polish at home").status == 201)
        #expect(try pupil.tell(.eal, as: client).status == 204)
        let kept = try pupil.read().data
        #expect(kept.count == 1 && kept[0]["note"] == "Speaks Polish at home")
        #expect(kept[0]["is_by_client"] == false && kept[0]["told_at"] != nil)
    }

    @Test func `a client tells of its school's pupils, of days that have come, and reads nothing`()
        async throws
    {
        let (pupil, client) = try await open()
        let ahead = try pupil.tell(.eal, since: "2026-11-21", as: client)
        #expect(ahead.faults == ["/from_on": "in_the_future"])
        let faulty = try client.put("\(pupil.path)/eal", ["note": "A story"])
        #expect(faulty.faults == ["/from_on": "required", "/note": "unknown_field"])
        #expect(try client.put("\(pupil.path)/naughty", ["from_on": "2026-09-01"]).status == 404)
        #expect(try Marked(pupil.register, .rosehip).tell(.eal, as: client).status == 404)
        #expect(try client.get(pupil.path).code == "forbidden")
        #expect(try client.post(pupil.path, ["kind": "eal"]).code == "forbidden")
        let reader = try pupil.register.machine(.peopleRead).signedIn()
        #expect(try pupil.tell(.eal, as: reader).status == 403)
        for role in Role.allCases {
            #expect(try pupil.tell(.eal, as: pupil.register.as(role)).status == 403)
        }
        #expect(try pupil.read().data.isEmpty)
    }

    /// A trust has nothing personal, in either direction.
    @Test func `no client of a trust tells of markers`() async throws {
        let register = try await Register.open()
        let wanted: JSONValue = [
            "trust_id": .string(TestSchool.hedgerow.uuidString), "name": "MIS",
            "purpose": "Markers", "scopes": ["vulnerability-markers.write"],
            "ends_on": .string(Decision.soon),
        ]
        let refused = try register.as(.trustAdministrator).post("/v1/clients", wanted)
        #expect(refused.faults == ["/scopes/0": "not_for_trusts"])
    }
}
