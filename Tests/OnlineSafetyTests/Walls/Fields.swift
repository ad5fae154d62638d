import JSON
import Testing

@testable import OnlineSafety

/// Which fields each role is shown: no more than these, and each of them where there is something
/// to show.
@Suite struct `Fields of each role` {
    private static let receipt: Set<String> = [
        "id", "school_id", "reference", "status", "reported_at", "etag", "seen_at", "seen_by_role",
    ]
    private static let listed: Set<String> = [
        "id", "school_id", "reference", "status", "reported_at", "etag", "concerns",
        "matter", "is_child_at_risk", "restricted_as", "urgency", "types", "occurred_on",
        "occurred_time",
        "occurred_until",
        "is_approximate", "known_at", "delay_days", "delay_minutes", "academic_year", "channel",
        "locations", "social_media", "intent", "risk_categories",
    ]
    private static let opened = listed.union([
        "reports", "other_breach", "occurred_note", "location_detail", "description",
        "allowed_actions",
    ])
    private static let told: Set<String> = [
        "id", "reporter_name", "signed_name", "completed_on", "spoken_for", "channel", "locations",
        "location_detail", "occurred_on", "occurred_time", "occurred_until", "occurred_note",
        "is_approximate", "known_at", "reported_at", "concerns", "matter", "is_child_at_risk",
        "types",
        "other_breach", "intent", "description", "social_media", "evidence", "people", "set_aside",
    ]
    /// Of a child who may be at risk (section 25).
    private static let readers: [Role] = [.dsl, .deputyDSL, .headteacher]

    /// A report of which every field is filled, seen by the DSL.
    private func full(_ register: Register, by role: Role) throws -> Reading {
        let reported = try register.as(role).post(
            "/v1/incidents",
            [
                "concerns": "child", "description": "canary", "is_child_at_risk": true,
                "types": ["cyberbullying"], "other_breach": "canary", "intent": "unknown",
                "channel": "verbal", "locations": ["inside_school"], "location_detail": "canary",
                "occurred_on": "2026-11-16", "occurred_time": "09:00",
                "occurred_until": "2026-11-17", "occurred_note": "canary", "is_approximate": true,
                "known_at": "2026-11-18T09:00:00Z",
                "people": [["group": "child", "name": "canary"]],
                "social_media": ["canary"], "evidence": "canary", "spoken_for": "canary",
                "signed_name": "canary", "completed_on": "2026-11-18",
            ])
        let notice = try register.as(.dsl).get("/v1/notices").data.first?["id"]?.text ?? ""
        #expect(try register.as(.dsl).post("/v1/notices/\(notice)/acknowledgement").status == 201)
        return reported
    }

    /// INC-14: its reporter sees that it was recorded, seen and by which post; nothing more.
    @Test(arguments: [Role.staff, .office, .seniorLeader, .schoolAdministrator])
    func `staff see of their own report its receipt`(role: Role) async throws {
        let register = try await Register.open()
        let reported = try full(register, by: role)
        let (path, visitor) = ("/v1/incidents/\(reported.id)", register.as(role))
        #expect(try visitor.get(path).keys == Self.receipt)
        let list = try visitor.get("/v1/incidents?mine=true")
        #expect(list.data.map(keys) == [Self.receipt])
        let csv = try visitor.get("/v1/incidents?mine=true&format=csv").text
        let later: Set = ["recorded_at", "acted_on_at", "passed_on_at"]
        #expect(Set(header(csv)) == Self.receipt.union(later))
        for text in [try visitor.get(path).text, list.text, csv] {
            #expect(!text.contains("canary"))
        }
        #expect(try visitor.get(path)["seen_by_role"] == "dsl")
    }

    @Test(arguments: readers)
    func `whom an incident is open to sees all of it, and nothing of the machinery`(
        role: Role
    ) async throws {
        let register = try await Register.open()
        let reported = try full(register, by: .staff)
        let visitor = register.as(role)
        let read = try visitor.get("/v1/incidents/\(reported.id)")
        #expect(read.keys == Self.opened)
        #expect(try keys(#require(read.json["reports"]?[0])) == Self.told)
        #expect(try visitor.get("/v1/incidents").data.map(keys) == [Self.listed])
        let csv = try visitor.get("/v1/incidents?format=csv").text
        #expect(Set(header(csv)) == Self.listed.union(["severity", "legality", "lead_id"]))
    }

    /// RPT-05: with names the whole line; without, no name, no reference, no free word; of a
    /// restricted incident the day and no more.
    @Test func `the log shows each who may read it just these fields`() async throws {
        let register = try await Register.open()
        let ordinary = try Case(register)
        let restricted = try Case(register)
        #expect(try ordinary.triage().status == 201)
        let grave = Case.finding(("is_child_at_risk", true))
        #expect(try restricted.triage(as: .dsl, grave).status == 201)
        for one in [ordinary, restricted] { try one.complete() }
        #expect(try ordinary.post("closure", ["outcome": "Done"]).status == 201)
        let line: Set = [
            "date_and_time", "people", "nature", "outcome", "details", "status", "closed_as",
            "is_restricted", "id", "school_id",
        ]
        let stub: Set = ["date_and_time", "is_restricted", "id", "school_id"]
        let named = line.union(["reference"])
        let withNames = Self.readers.map { ($0, [named, named.subtracting(["closed_as"])]) }
        for (role, shown) in withNames + [
            (.onlineSafetyCoordinator, [named]), (.seniorLeader, [line, stub]),
            (.linkGovernor, [line]),
        ] {
            let told = try register.as(role).get("/v1/incident-log?sort=date").data.map(keys)
            #expect(Set(told) == Set(shown), "\(role)")
            #expect(told.count == shown.count, "\(role)")
        }
    }

    /// neither names nor narrative, wherever they ask.
    @Test(arguments: [Role.governor, .linkGovernor, .trustViewer, .technician, .dpo])
    func `governors, trust viewers, technicians and the DPO meet no child and no story`(
        role: Role
    ) async throws {
        let scene = try await Scene.open()
        for route in areas.flatMap(\.routes) where route.method == .get {
            let told = try scene.register.as(role).get(scene.address(of: route, for: role))
            #expect(!told.text.contains(Scene.secret), "\(route.path)")
            let isNamed = told.text.contains("Ash of") && role != .technician
            #expect(!isNamed, "\(route.path)")
        }
    }

    /// NOT-02 asks it of notices; whoever gets one is shown just this.
    @Test(arguments: [Role.dsl, .deputyDSL, .onlineSafetyCoordinator])
    func `a notice tells a reference, a kind, an urgency and a link`(role: Role) async throws {
        let register = try await Register.open()
        _ = try full(register, by: .staff)
        let notices = try register.as(role).get("/v1/notices")
        let link: Set = role == .onlineSafetyCoordinator ? [] : ["link"]
        let fields = link.union([
            "id", "school_id", "kind", "urgency", "reference", "role", "created_at", "mail", "etag",
        ])
        for notice in notices.data {
            #expect(keys(notice).subtracting(["acknowledged_at"]) == fields)
        }
        #expect(!notices.data.isEmpty && !notices.text.contains("canary"))
    }

    @Test(arguments: Role.allCases)
    func `everybody is shown these fields of schools, posts, persons and themselves`(
        role: Role
    ) async throws {
        let register = try await Register.open()
        let visitor = register.as(role)
        func all(_ path: String) throws -> Set<String> {
            try visitor.get(path).data.map(keys).reduce([]) { $0.union($1) }
        }
        #expect(
            try visitor.get("/v1/me").keys == [
                "id", "name", "posts", "may", "waiting", "to_do", "session", "password",
                "second_factor",
            ])
        let isTemporary = role == .temporaryStaff
        #expect(
            try all("/v1/schools") == (isTemporary ? [] : ["id", "name", "organisations", "etag"]))
        let posts = try all("/v1/posts")
        #expect(
            posts
                == (!role.isOfASchool || isTemporary
                    ? []
                    : [
                        "id", "school_id", "role", "who", "telephone", "from_on", "until_on",
                        "ends_at",
                    ]))
        let persons = try all("/v1/people")
        #expect(
            persons
                == (Scene.reporters.contains(role) && !isTemporary
                    ? [
                        "id", "school_id", "kind", "given_name", "family_name", "year_group",
                        "etag",
                    ]
                    : []))
    }

    private func keys(_ value: JSONValue) -> Set<String> {
        guard case .object(let object) = value else { return [] }
        return Set(object.members.map(\.name))
    }

    private func header(_ csv: String) -> [String] {
        csv.prefix { $0 != "\r\n" }.split(separator: ",").map(String.init)
    }
}
