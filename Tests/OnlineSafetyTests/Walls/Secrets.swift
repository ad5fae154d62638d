import JSON
import Testing

@testable import OnlineSafety

/// What must never reach somebody of another school: its id, its name, what is told there.
enum Secrets {
    /// The marks of every school that the caller has nothing to do with.
    static func foreign(to role: Role, at school: TestSchool) -> [String] {
        TestSchool.all
            .filter { $0.id != school.id && (role.isOfASchool || $0.trust != school.trust) }
            .flatMap { other in
                [other.id.uuidString.lowercased(), other.name, other.name.lowercased()]
            }
    }

    /// The first foreign mark in an answer.
    static func leak(_ answer: Reading, to role: Role, at school: TestSchool) -> String? {
        let text = answer.text
        return foreign(to: role, at: school).first { text.contains($0) }
    }

    /// A scene in which every school has a row in every table, and an error is never far.
    static func scene(areas: [Area], walls: Walls = []) async throws -> Scene {
        let register = try await Register.open(walls: walls, areas: OnlineSafety.areas + areas) {
            $0.intakeLimits = Scene.limits
            $0.signingLimits = Scene.signingLimits
            $0.publicLimits = Scene.publicLimits
        }
        let scene = try Scene(register)
        for school in TestSchool.all {
            try fill(school, in: register)
        }
        return scene
    }

    /// A key, an acknowledgement and a setting, beside what the scene has.
    private static func fill(_ school: TestSchool, in register: Register) throws {
        let dsl = register.as(.dsl, at: school)
        let told = try dsl.post(
            "/v1/incidents", report("\(Scene.secret) of \(school.name)"),
            ["Idempotency-Key": "same-everywhere"])
        #expect(told.status == 201)
        let notice = try #require(try dsl.get("/v1/notices").data.first?["id"]?.text)
        #expect(try dsl.post("/v1/notices/\(notice)/acknowledgement").status == 201)
        let set = try register.as(.headteacher, at: school).put(
            "/v1/schools/\(school.id)/settings/incident-recipients", ["value": ["dsl"]],
            ["If-Match": "\"0\""])
        #expect(set.status == 200)
        try describe(school, in: register)
        try register.database.execute(
            """
            insert into monitoring_notice (school_id, version, words, published_by)
            values ('\(school.id)', 1, 'Of \(school.name)', '\(school.account(.headteacher))');
            insert into suspected_attack (school_id, account_id, reference, failures)
            values ('\(school.id)', '\(school.account(.dsl))', 'OF \(school.name)', 10)
            """)
        for kind in RegisterRoutes.all.keys {
            try register.entry(of: kind, at: school, saying: ["name": .string(school.name)])
        }
        try mark(at: school, in: register)
        try register.keepRemoval(of: school.pupil, at: school)
        try work(on: told.id, at: school, in: register)
    }

    /// A marker that stands, and one that has ended.
    private static func mark(at school: TestSchool, in register: Register) throws {
        let pupil = Marked(register, school)
        let note = JSONValue.string("\(Scene.secret) of \(school.name)")
        #expect(try pupil.mark(.atRiskImages, note).status == 201)
        let other = try pupil.mark(.eal, note).id
        #expect(try pupil.end(other, note).status == 201)
    }

    /// A description and a calendar.
    private static func describe(_ school: TestSchool, in register: Register) throws {
        let head = register.as(.headteacher, at: school)
        let (path, whatever) = ("/v1/schools/\(school.id)", ["If-Match": "*"])
        let name = JSONValue.string(school.name)
        for (part, body) in [
            ("", ["name": name, "year_groups": [["year": "5", "name": name]]]),
            (
                "/calendar/2026",
                [
                    "terms": [
                        ["name": name, "starts_on": "2026-09-02", "ends_on": "2026-12-18"]
                    ],
                    "closed_days": [["closed_on": "2026-11-20", "kind": "inset", "words": name]],
                ]
            ),
            ("/school-day", try JSON.value(of: SchoolDay.Choice.example)),
        ] as [(String, JSONValue)] {
            #expect(try head.put(path + part, body, whatever).status == 200, "\(part)")
        }
        let coordinator = JSONValue.string(
            school.person(.onlineSafetyCoordinator).uuidString)
        let chair = JSONValue.string(school.seat(.chairOfGovernors).uuidString)
        let spare = try register.spare(.governor, at: school)
        let ladder = JSONValue.array(
            [Role].incidentReaders.map { .string(school.seat($0).uuidString) })
        for (address, body) in [
            ("\(path)/delegations", ["person_id": coordinator, "words": name]),
            ("\(path)/proposals", ["ending": ["post_id": chair]]),
            ("/v1/people/\(spare.person)/leaving", [:]), ("\(path)/allegation-readiness", [:]),
            ("\(path)/access-reviews", ["kept": ladder, "words": name]),
        ] as [(String, JSONValue)] {
            #expect(try head.post(address, body).status == 201, "\(address)")
        }
    }

    /// Something in every part of a record.
    private static func work(
        on incident: String, at school: TestSchool, in register: Register
    ) throws {
        let (dsl, path) = (register.as(.dsl, at: school), "/v1/incidents/\(incident)")
        let lead = JSONValue.string(school.person(.dsl).uuidString)
        let child: JSONValue = [
            "group": "child", "parts": ["target"], "name": .string("Child of \(school.name)"),
        ]
        let found = Case.finding(("lead_id", lead), ("people", [child]))
        #expect(try dsl.post("\(path)/triage", found).status == 201)
        let words = JSONValue.string("\(Scene.secret) of \(school.name)")
        let named = try #require(try dsl.get("\(path)/people").data.first?["id"])
        let other = try dsl.report("\(Scene.secret) of \(school.name)").id
        let parts: [(String, JSONValue)] = [
            ("parents-decisions", Case.informed(named).with("who_was_told", words)),
            (
                "evidence",
                [
                    "kind": "paper", "description": words, "holder": "The office",
                    "was_forwarded": false,
                ]
            ),
            ("external-cases", ["system": "CPOMS", "reference": "1", "words": words]),
            (
                "chronology",
                ["kind": "meeting", "happened_at": "2026-11-20T09:00:00Z", "words": words]
            ),
            (
                "links",
                [
                    "other_incident_id": .string(other), "relation": "recurrence", "words": words,
                ]
            ),
        ]
        for (part, body) in parts {
            #expect(try dsl.post("\(path)/\(part)", body).status == 201, "\(part)")
        }
        let rules = KeptAgreement(at: school)
        try register.database.execute(
            rules.text(agreementText(["signers": "pupil", "attestations": .null]), for: "pupil"))
        let pupil = JSONValue.string(school.pupil.uuidString)
        for (part, body) in [
            ("people", ["person_id": pupil, "group": "child", "parts": ["other"]]),
            (
                "breaches",
                [
                    "person_id": pupil, "template_id": .string(rules.template.uuidString),
                    "words": words,
                ]
            ),
        ] as [(String, JSONValue)] {
            #expect(try dsl.post("\(path)/\(part)", body).status == 201, "\(part)")
        }
        let line = try dsl.put(
            "\(path)/action-lines/other_actions", ["answer": "done", "words": words],
            ["If-Match": "*"])
        #expect(line.status == 200)
        let closing: JSONValue = ["kind": "mistaken", "outcome": words]
        #expect(try dsl.post("/v1/incidents/\(other)/closure", closing).status == 201)
        let why: JSONValue = ["reason": "closed_in_error", "words": words]
        #expect(try dsl.post("/v1/incidents/\(other)/reopening", why).status == 201)
        #expect(try dsl.post("/v1/incidents/\(other)/closure", ["outcome": "x"]).status == 409)
    }
}

extension Register {
    /// Takes the third wall down, as only the owner of the database can.
    func dropRowLevelSecurity() throws {
        try database.execute(
            """
            do $$ declare it record; begin
                for it in select oid::regclass as name from pg_class where relrowsecurity loop
                    execute format('alter table %s disable row level security', it.name);
                end loop;
            end $$
            """)
    }

    /// Asks everything at once: all requests are sent before the first answer is read, so that they
    /// meet on the one connection that this service shares among readings.
    func atOnce(
        _ questions: [(visitor: Visitor, method: String, path: String)], body: String = "",
        ifMatch: String = "*"
    ) throws -> [Reading] {
        let sockets = try questions.map { question in
            let socket = try ClientSocket(port: port)
            let head = """
                \(question.method) \(question.path) HTTP/1.1\r
                Host: localhost\r
                Connection: close\r
                Content-Type: application/json\r
                Content-Length: \(body.utf8.count)\r
                If-Match: \(ifMatch)\r
                Authorization: Bearer \(question.visitor.token ?? "")\r
                \r

                """
            try socket.send(Array((head + body).utf8))
            return socket
        }
        return try sockets.map { try Reading($0.readToEnd()) }
    }
}
