import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// X-10: what follows from a marker is told to those who must obey it, and the reason is not.
@Suite struct `Telling what follows` {
    private static let readers: Set<Role> = [.dsl, .deputyDSL, .headteacher]

    @Test(arguments: Role.allCases)
    func `that no image goes online is told to who works with pupils, and only while it is so`(
        role: Role
    ) async throws {
        let pupil = Marked(try await Register.open())
        let visitor = pupil.register.as(role)
        guard Scene.reporters.contains(role), role != .temporaryStaff else {
            #expect(try visitor.get(pupil.person).status == 403)
            return
        }
        let before = try visitor.get(pupil.person)
        #expect(!before.keys.contains("effects"))
        let marker = try pupil.mark(.atRiskImages).id
        let known = ["If-None-Match": try #require(before.header("etag"))]
        let after = try visitor.get(pupil.person, known)
        guard Role.toldWhatFollows.contains(role) else {
            #expect(after.status == 304)
            #expect(try visitor.get(pupil.person).body == before.body)
            return
        }
        #expect(after.status == 200 && after.json["effects"] == ["no_image_online"])
        #expect(after.keys == before.keys.union(["effects"]))
        let listed = try visitor.get("/v1/people").data
        #expect(listed.filter { $0["effects"] != nil } == [after.json])
        let table = try visitor.get("/v1/people?format=csv").text
        #expect(table.split(separator: "\r\n").count { $0.contains("no_image_online") } == 1)
        // It stays while any reason stands, and goes with the last.
        #expect(try pupil.mark(.childInCare).status == 201)
        #expect(try visitor.get(pupil.person).body == after.body)
        #expect(try pupil.end(marker).status == 201)
        let gone = try visitor.get(pupil.person)
        #expect(gone.body == before.body && gone.header("etag") == before.header("etag"))
    }

    /// What every reading shows somebody, byte for byte, but for what each answer has of its own.
    private func everything(
        _ scene: Scene, _ who: [(name: String, role: Role, visitor: Visitor)]
    ) throws -> [String: String] {
        var shown: [String: String] = [:]
        for (name, role, visitor) in who {
            for route in areas.flatMap(\.routes)
            where route.method == .get && route.credential == .session {
                guard route.path != "/v1/notices/stream" else { continue }
                var status = 200
                for form in ["", "?format=csv"] where status == 200 {
                    let path = scene.address(of: route, for: role) + form
                    let told = try visitor.get(path)
                    status = told.status
                    let own = told.header("x-request-id") ?? ""
                    let headers = told.headers.filter {
                        !["date", "x-request-id", "ratelimit"].contains($0.name)
                    }.map { "\($0.name): \($0.value)" }
                    shown["\(name) \(path)"] =
                        "\(told.status) \(headers) \(told.text.replacing(own, with: ""))"
                }
            }
        }
        return shown
    }

    private func differences(_ one: [String: String], _ other: [String: String]) -> Set<String> {
        Set(other.filter { one[$0.key] != $0.value }.keys)
    }

    /// Neither a field, nor an ETag, nor the order of a list, nor an entry of the audit.
    @Test func `nobody else sees any difference, whatever they read (X-10)`() async throws {
        let scene = try await Scene(
            Register.open {
                $0.clientLimits = ClientLimits(burst: 1_000_000)
                $0.publicLimits = PublicLimits(burst: 1_000_000)
            })
        let (register, pupil) = (scene.register, Marked(scene.register))
        try register.database.setClock("2026-11-20T09:00:00Z")
        let machine = try register.machine(
            .schoolsRead, .peopleRead, .incidentFiguresRead, .vulnerabilityMarkersWrite
        ).signedIn()
        let who =
            Role.allCases.filter { !Self.readers.contains($0) }
            .map { (name: $0.rawValue, role: $0, visitor: register.as($0)) }
            + [(name: "machine", role: .staff, visitor: machine)]
        // When they were last used is put down beside the requests: it moves no more.
        try register.database.execute(
            """
            update client set last_used_at = rowan_now();
            update session set used_at = rowan_now()
            """)
        // Whoever is refused often is told of, once: that must have been before.
        var before = try everything(scene, who)
        for _ in 0..<4 {
            let again = try everything(scene, who)
            defer { before = again }
            if differences(before, again).isEmpty { break }
        }
        #expect(before.count > 1000)

        _ = try pupil.end(try pupil.mark(.send, "canary").id)
        for kind in [VulnerabilityMarker.Kind.childInCare, .mentalHealth, .traumaOrLoss] {
            #expect(try pupil.mark(kind, "canary").status == 201)
        }
        #expect(try pupil.tell(.eal, as: machine).status == 204)
        #expect(try pupil.read().data.count == 5)
        let after = try everything(scene, who)
        #expect(differences(before, after) == [])

        #expect(try pupil.tell(.atRiskImages, as: machine).status == 204)
        let told = try differences(after, everything(scene, who))
        let roster = Role.toldWhatFollows.subtracting(Self.readers).flatMap { role in
            let one = "/v1/people/\(scene.person(role, .ownSchool))"
            return ["/v1/people", "/v1/people?format=csv", one].map { "\(role.rawValue) \($0)" }
        }
        #expect(told == Set(roster))
    }
}

extension Role {
    /// Section 25: not technicians, nor who only looks after accounts.
    static let toldWhatFollows: Set<Role> = [
        .staff, .onlineSafetyCoordinator, .dsl, .deputyDSL, .headteacher, .seniorLeader, .office,
    ]
}
