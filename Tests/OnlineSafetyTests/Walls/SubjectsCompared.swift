import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety
@testable import Postgres

/// Nobody learns that there is a record about them: not by an id, a number, a gap, an order, a
/// header, and not by what others did with it.
@Suite struct `Whoever a record is about` {
    /// ORG-06, INC-18
    @Test(arguments: Role.allCases.filter(\.isOfASchool))
    func `is answered everything, byte for byte, as if there were none`(role: Role) async throws {
        async let one = StoryOfASubject(role, isThere: true).transcript()
        async let other = StoryOfASubject(role, isThere: false).transcript()
        let (there, absent) = try await (one, other)
        #expect(there.answers.count == absent.answers.count)
        let pairs = zip(there.answers, absent.answers)
        // Numbers that are given in order: what follows the first difference tells no more.
        if let (told, expected) = pairs.first(where: { $0 != $1 }) {
            Issue.record("\(Self.difference(told, expected))")
        }
    }

    /// The address, and the lines of the one answer that the other has not, numbers apart.
    private static func difference(
        _ told: (path: String, text: String), _ expected: (path: String, text: String)
    ) -> String {
        func lines(_ text: String) -> [String: Int] {
            text.replacing(#/#\d+/#, with: "#").split(separator: "\n")
                .reduce(into: [:]) { $0[String($1), default: 0] += 1 }
        }
        func more(_ one: [String: Int], _ other: [String: Int]) -> String {
            one.filter { $0.value > other[$0.key] ?? 0 }.keys.sorted().prefix(3)
                .joined(separator: "\n      ")
        }
        let (one, other) = (lines(told.text), lines(expected.text))
        return "\(told.path)\n  told: \(more(one, other))\n  else: \(more(other, one))"
    }
}

/// A morning at a school in which, or in which not, somebody reports something about somebody else,
/// and others work on it; all other things happen in both, at the same moments.
private final class StoryOfASubject {
    private let subject: Role
    private let isThere: Bool
    private let register: Register
    private let clock: DirectConnection
    private var seconds = 0
    private var common: [String] = []
    private var hidden: [String] = []

    /// Of those that are about the subject.
    private var references: [String] = []

    init(_ subject: Role, isThere: Bool) async throws {
        (self.subject, self.isThere) = (subject, isThere)
        register = try await Register.open()
        clock = try register.database.owner()
    }

    /// Some seconds after what was before: so what happens has an order.
    private func next(_ more: Int = 5) throws {
        seconds += more
        try clock.execute(
            script: """
                create or replace function rowan_now() returns timestamptz language sql stable
                parallel safe return '2026-11-20T09:00:00Z'::timestamptz
                    + interval '1 second' * \(seconds)
                """)
    }

    private func act(_ role: Role, _ act: (Visitor) throws -> Reading) throws -> Reading {
        try next()
        return try act(register.as(role))
    }

    /// What happens only where there is something about them.
    private func actIfThere(_ role: Role, _ act: (Visitor) throws -> Reading) throws {
        try next()
        if isThere { _ = try act(register.as(role)) }
    }

    private var reporter: Role { subject == .staff ? .office : .staff }
    private var other: Role { subject == .technician ? .dpo : .technician }
    private var handler: Role { subject == .dsl ? .deputyDSL : .dsl }

    private static let readers: [Role] = [
        .dsl, .deputyDSL, .headteacher, .chairOfGovernors, .onlineSafetyCoordinator, .seniorLeader,
        .linkGovernor, .dpo,
    ]

    private var others: [Role] { Self.readers.filter { $0 != subject } }

    func transcript() throws -> Transcript {
        try reports()
        try work()
        // So that what nobody has answered climbs.
        try next(3600)
        try work()
        var transcript = Transcript()
        let paths = paths()
        for path in paths + paths.filter({ $0.contains("/audit") || $0 == "/v1/me" }) {
            guard try ask(path, &transcript) == 200, canVary(path) else { continue }
            for form in ["?format=csv", "?limit=1", "?include_total=true", "?q=canary"] {
                _ = try ask(path + form, &transcript)
            }
        }
        return transcript
    }

    private func ask(_ path: String, _ transcript: inout Transcript) throws -> Int {
        try next()
        let told = try register.as(subject).get(path)
        transcript.note(path, told)
        return told.status
    }

    /// A list, which is also told as a table, a page and a search.
    private func canVary(_ path: String) -> Bool {
        !(path.contains("?") || path.hasSuffix(Scene.missing) || Transcript.isOfMoments(path)
            || (common + hidden).contains { path.hasSuffix($0) })
    }

    // MARK: - What happens

    private func reports() throws {
        common.append(try act(reporter) { try $0.report("A first one") }.id)
        try report("canary of an adult", .staff)
        common.append(
            try act(reporter) { try $0.report("At risk", .child, ("is_child_at_risk", true)) }.id)
        try report("canary of a child", .child, ("is_child_at_risk", true))
        try report("canary of nobody knows whom", .unsure)
        let concern: Concern? =
            switch subject {
            case .headteacher: .headteacher
            case .dsl: .dsl
            case .deputyDSL: .deputyDSL
            case .chairOfGovernors, .governor, .linkGovernor: .governor
            default: nil
            }
        if let concern { try report("canary of a post", concern) }
        common.append(
            try act(reporter) {
                try $0.report("Of another", .staff, ("people", [Scene.alleged(other)]))
            }.id)
        common.append(try act(reporter) { try $0.report("A last one") }.id)
        try complaints()
    }

    /// Of them, of nobody, and of another: each put down by the office or the headteacher.
    private func complaints() throws {
        let taker: Role = subject == .office ? .headteacher : .office
        // Each of a day of its own, which is the order of what is due.
        for (day, matter, about) in [
            (16, ComplaintMatter.other, nil), (17, .staff, subject),
            (18, .childProtection, subject), (19, .staff, other),
        ] {
            let named: [(String, JSONValue)] =
                about.map { [("about", [["person_id": Case.person($0)]])] } ?? []
            let body = ComplaintsAtWork.said(
                matter, named + [("received_on", .string("2026-11-\(day)"))])
            guard about == subject else {
                _ = try act(taker) { try $0.post("/v1/complaints", body) }
                continue
            }
            try next()
            guard isThere else { continue }
            let told = try register.as(taker).post("/v1/complaints", body)
            #expect(told.status == 201)
            hidden.append(told.id)
            references.append(told["reference"] ?? "")
        }
    }

    /// By somebody else, who names them.
    private func report(
        _ words: String, _ concerns: Concern, _ more: (String, JSONValue)...
    ) throws {
        try next()
        guard isThere else { return }
        let body = OnlineSafetyTests.report(
            words, concerns, more + [("people", [Scene.alleged(subject)])])
        let told = try register.as(reporter).post("/v1/incidents", body)
        hidden.append(told.id)
        references.append(told["reference"] ?? "")
    }

    /// What others do in the time after: an hour passes, so that what nobody answered climbs.
    private func work() throws {
        for role in others {
            for path in [
                "/v1/incidents", "/v1/incidents?format=csv", "/v1/incident-log", "/v1/complaints",
            ] {
                _ = try act(role) { try $0.get(path) }
            }
            // A few of them: whoever is refused twenty times in a day looks like misuse.
            for number in 0..<2 {
                for part in ["", "/chronology"] {
                    try actIfThere(role) { visitor in
                        let path = "/v1/incidents/\(hidden[number])\(part)"
                        return try part.isEmpty
                            ? visitor.get(path)
                            : visitor.post(path, ["kind": "conversation", "words": "canary"])
                    }
                }
            }
        }
        _ = try act(handler) {
            try $0.post("/v1/incidents/\(common[0])/triage", Case.finding())
        }
        try actIfThere(handler) {
            try $0.post("/v1/incidents/\(hidden[0])/triage", Case.finding())
        }
        for role in others { try acknowledge(role) }
        for role in others { _ = try act(role) { try $0.get("/v1/audit?chain=reads") } }
    }

    /// All that somebody was told: what there is in both at moments of their own, the rest between.
    private func acknowledge(_ role: Role) throws {
        let visitor = register.as(role)
        let waiting = try act(role) { try $0.get("/v1/notices?sort=created_at") }.data
            .filter { $0["acknowledged_at"] == nil }
        for notice in waiting {
            if !references.contains(notice["reference"]?.text ?? "") { try next() }
            let id = notice["id"]?.text ?? ""
            #expect(try visitor.post("/v1/notices/\(id)/acknowledgement").status < 300)
        }
    }

    // MARK: - What the subject asks

    /// All that a GET of the contract may tell them.
    private func paths() -> [String] {
        let routes = areas.flatMap(\.routes).filter { route in
            route.method == .get
                && route.admissions?.contains { $0.role == subject || $0.relation == .self }
                    != false
        }
        let school = TestSchool.hawthorn
        let incidents = common + [hidden.first ?? "0199b5f6-0000-7000-8000-0000000000ff"]
        let places: [(String, [String])] = [
            ("{incident}", incidents), ("{school}", [school.id.uuidString.lowercased()]),
            (
                "{person}",
                [school.person(subject), school.pupil].map { $0.uuidString.lowercased() }
            ),
            ("{trust}", [school.trust.uuidString.lowercased()]),
            ("{setting}", ["incident-recipients"]), ("{year}", ["2026"]),
        ]
        var paths = routes.map(\.path).filter { $0 != "/v1/openapi.json" }
        for (name, values) in places {
            paths = paths.flatMap { path in
                path.contains(name) ? values.map { path.replacing(name, with: $0) } : [path]
            }
        }
        paths = paths.map { $0.replacing(#/\{[a-z_]+\}/#, with: Scene.missing) }
        let own = school.person(subject).uuidString.lowercased()
        return paths + [
            "/v1/audit?chain=reads", "/v1/audit?chain=refusals", "/v1/audit?by=\(own)",
            "/v1/audit?record_id=\(incidents.last ?? "")",
            "/v1/audit?chain=reads&record_id=\(incidents.last ?? "")",
            "/v1/audit?chain=refusals&record_id=\(incidents.last ?? "")",
            "/v1/incidents?mine=true", "/v1/incidents?sort=reported_at",
            "/v1/notices?sort=created_at",
        ]
    }
}
