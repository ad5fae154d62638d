import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety
@testable import Postgres

/// A pupil of whom markers are said.
struct Marked {
    let register: Register
    let school: TestSchool

    init(_ register: Register, _ school: TestSchool = .hawthorn) {
        (self.register, self.school) = (register, school)
    }

    var person: String { "/v1/people/\(school.pupil.uuidString.lowercased())" }
    var path: String { "\(person)/vulnerability-markers" }

    func mark(
        _ kind: VulnerabilityMarker.Kind, _ note: JSONValue = "A note", as role: Role = .dsl
    ) throws -> Reading {
        let body: JSONValue = ["kind": .string(kind.rawValue), "note": note]
        return try register.as(role, at: school).post(path, body)
    }

    func end(
        _ marker: String, _ reason: JSONValue = "It is over", as role: Role = .dsl
    ) throws -> Reading {
        try register.as(role, at: school).post("\(path)/\(marker)/ending", ["reason": reason])
    }

    func read(as role: Role = .dsl) throws -> Reading {
        try register.as(role, at: school).get(path)
    }

    /// Tells of one as the MIS.
    func tell(
        _ kind: VulnerabilityMarker.Kind, since day: String = "2020-09-01", as client: Visitor
    ) throws -> Reading {
        try client.put("\(path)/\(kind.rawValue)", ["from_on": .string(day)])
    }
}

/// ORG-15: those who lead safeguarding hold in what way a pupil is vulnerable.
@Suite struct `Marking a pupil` {
    private static let said: Set<String> = [
        "id", "school_id", "person_id", "kind", "from_on", "note", "recorded_by", "is_by_client",
        "recorded_at",
    ]

    @Test func `a DSL records each of the markers and ends it, the headteacher reads (ORG-15)`()
        async throws
    {
        let pupil = Marked(try await Register.open())
        for kind in VulnerabilityMarker.Kind.allCases {
            let body: JSONValue = [
                "kind": .string(kind.rawValue), "from_on": "2020-09-01", "note": "An order",
            ]
            let made = try pupil.register.as(.dsl).post(pupil.path, body)
            #expect(made.status == 201 && made.keys == Self.said, "\(kind)")
            #expect(made["kind"] == kind.rawValue && made["from_on"] == "2020-09-01")
            #expect(made["recorded_by"] == Role.dsl.label && made.json["is_by_client"] == false)
            for role in [Role.dsl, .deputyDSL, .headteacher] {
                #expect(try pupil.read(as: role).data.first == made.json, "\(kind) \(role)")
            }
            let ended = try pupil.end(made.id, "The order was lifted", as: .deputyDSL)
            #expect(ended.status == 201)
            #expect(ended.keys == Self.said.union(["ended_at", "ended_by", "reason"]))
            #expect(ended["ended_by"] == Role.deputyDSL.label)
            #expect(try pupil.end(made.id).code == "conflict")
        }
        // They stay, and each can be said anew.
        let count = VulnerabilityMarker.Kind.allCases.count
        #expect(try pupil.read().data.count == count)
        #expect(try pupil.mark(.send).status == 201)
        #expect(try pupil.read().data[0]["ended_at"] == nil)
        #expect(try pupil.read().data.count == count + 1)
        #expect(try pupil.mark(.send, as: .deputyDSL).code == "conflict")
    }

    @Test func `what cannot be so is refused with every fault`() async throws {
        let pupil = Marked(try await Register.open())
        let dsl = pupil.register.as(.dsl)
        let faulty = try dsl.post(pupil.path, ["kind": "naughty", "from_on": "soon", "note": " "])
        #expect(
            faulty.faults == ["/kind": "unknown_word", "/from_on": "date", "/note": "blank"])
        let ahead = try dsl.post(pupil.path, ["kind": "eal", "from_on": "2199-01-01"])
        #expect(ahead.status == 422 && ahead.faults == ["/from_on": "in_the_future"])
        let teacher = "/v1/people/\(TestSchool.hawthorn.person(.staff))/vulnerability-markers"
        #expect(try dsl.post(teacher, ["kind": "eal"]).status == 404)
        #expect(try dsl.get(teacher).status == 404)
        let own = try pupil.mark(.eal).id
        let other = Marked(pupil.register, .rosehip)
        #expect(try dsl.post("\(other.path)/\(own)/ending", ["reason": "Mine"]).status == 404)
        #expect(try other.end(own).status == 404)
    }

    /// Two at the same moment: one of them is told that it stands, or has ended, already.
    @Test func `one of a kind stands, and each ends once, however many ask at once`() async throws {
        let pupil = Marked(try await Register.open())
        let dsl = pupil.register.as(.dsl)
        let said = try pupil.register.atOnce(
            Array(repeating: (dsl, "POST", pupil.path), count: 4), body: "{\"kind\":\"send\"}")
        #expect(said.map(\.status).sorted() == [201, 409, 409, 409])
        let one = try #require(said.first { $0.status == 201 }?.id)
        let ended = try pupil.register.atOnce(
            Array(repeating: (dsl, "POST", "\(pupil.path)/\(one)/ending"), count: 4),
            body: "{\"reason\":\"Over\"}")
        #expect(ended.map(\.status).sorted() == [201, 409, 409, 409])
    }

    @Test func `opens to a fresh proof only`() async throws {
        let pupil = Marked(try await Register.open())
        let marker = try pupil.mark(.traumaOrLoss).id
        for role in [Role.dsl, .deputyDSL, .headteacher] {
            let visitor = try pupil.register.session(of: role)
            #expect(try visitor.get(pupil.path).code == "step_up_required")
            guard role != .headteacher else { continue }
            let body: JSONValue = ["kind": "eal"]
            #expect(try visitor.post(pupil.path, body).code == "step_up_required")
            let ending = "\(pupil.path)/\(marker)/ending"
            #expect(try visitor.post(ending, ["reason": "x"]).code == "step_up_required")
        }
        #expect(try pupil.read().data.count == 1)
    }

    /// Who looked, also where there is nothing, and what was done, covered by its digest.
    @Test func `each reading and each change is on record`() async throws {
        let pupil = Marked(try await Register.open())
        #expect(try pupil.read(as: .headteacher).data.isEmpty)
        let made = try pupil.mark(.mentalHealth, "Sees a counsellor").id
        let marker = try #require(UUID(uuidString: made))
        _ = try pupil.end(made)
        let entries = try pupil.register.database.entries().filter {
            $0.kind == "vulnerability_marker"
        }
        let child = TestSchool.hawthorn.pupil
        #expect(entries.map(\.deed) == ["marker_recorded", "marker_ended", "listed"])
        #expect(
            entries.map(\.records) == [[marker], [marker], [child]])
        #expect(entries.map { $0.digest != nil } == [true, true, false])
        let owner = try pupil.register.database.owner()
        #expect(try AuditChains.verify(owner).faults == [])
        for change in [
            "vulnerability_marker set note = 'Nothing'", "vulnerability_marker set kind = 'eal'",
            "vulnerability_marker_end set reason = 'Nothing'",
        ] {
            try owner.execute(script: "update \(change)")
            let maintenance = try DirectConnection(pupil.register.database.maintenanceURL)
            let faults = try AuditChains.verify(maintenance).faults
            #expect(faults.contains { $0.contains("\(marker)") }, "\(change)")
        }
    }

    /// To those who may read markers, and to nobody else: not to the DPO, who is told of all other
    /// reads, nor the chair, who is told what the headteacher did, nor whoever was a DSL.
    @Test func `that somebody looked is told to those who may look`() async throws {
        let register = try await Register.open()
        let pupil = Marked(register)
        _ = try pupil.mark(.childInCare)
        for role in [Role.deputyDSL, .headteacher] { _ = try pupil.read(as: role) }
        func entries(as role: Role) throws -> Int {
            try ["changes", "reads"].map { chain in
                try register.as(role).get("/v1/audit?chain=\(chain)").data.count {
                    $0["record_kind"] == "vulnerability_marker"
                }
            }.reduce(0, +)
        }
        for role in Role.allCases where role.isOfASchool {
            let isReader = [Role.dsl, .deputyDSL, .headteacher].contains(role)
            #expect(try entries(as: role) == (isReader ? 3 : 0), "\(role)")
        }
        try register.database.execute(
            """
            update seat set role = 'office' where id = '\(TestSchool.hawthorn.seat(.dsl))'
            """)
        #expect(try entries(as: .dsl) == 0)
    }

    /// The third wall alone.
    @Test func `the database shows a marker to nobody else, whatever a handler asks`()
        async throws
    {
        let register = try await Register.open(areas: areas + [Careless.area])
        let pupil = Marked(register)
        _ = try pupil.end(try pupil.mark(.send).id)
        #expect(try pupil.mark(.atRiskImages).status == 201)
        let machine = try register.machine(.peopleRead, .vulnerabilityMarkersWrite).signedIn()
        _ = try pupil.tell(.atRiskImages, as: machine)
        let tables = [
            "vulnerability_marker", "vulnerability_marker_end", "vulnerability_marker_shown",
        ]
        for role in Role.allCases {
            let isReader = [Role.dsl, .deputyDSL, .headteacher].contains(role)
            for table in tables {
                let told = try register.as(role).get("/careless/\(table)")
                #expect(told.rows.isEmpty == !isReader, "\(table) as \(role)")
                let idle = try register.session(of: role).get("/careless/\(table)")
                #expect(idle.status == 200 && idle.rows.isEmpty, "\(table) as \(role)")
            }
            let effects = try register.as(role).get("/careless/person_effect").rows
            #expect(effects.isEmpty == !Role.toldWhatFollows.contains(role), "\(role)")
        }
    }
}
