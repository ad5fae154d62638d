import FoundationEssentials
import JSON
import Postgres
import Testing

@testable import OnlineSafety

/// USR-13: a key opens one door of one school, as long as the school likes.
@Suite struct `Intake keys` {
    private let address = "/v1/schools/\(TestSchool.hawthorn.id)/intake-keys"

    @Test func `are made with a label, shown once, used, revoked, and all of it is on record`()
        async throws
    {
        let register = try await Register.open()
        let head = register.as(.headteacher)
        let made = try head.post(address, ["label": "Web site"], ["Idempotency-Key": "k"])
        #expect(made.status == 201)
        let secret = try #require(made["key"])
        #expect(secret.hasPrefix("rwn_intake_"))
        #expect(try register.database.places(of: secret) == [])
        let listed = try head.get(address)
        #expect(!listed.text.contains("rwn_"))
        #expect(listed.data.first?["label"]?.text == "Web site")
        #expect(listed.data.first?["last_used_at"] == nil)
        #expect(try register.visitor(token: secret).tell().status == 201)
        #expect(try head.get(address).data.first?["last_used_at"]?.text != nil)
        for _ in 0..<2 {
            let revoked = try head.post("\(address)/\(made.id)/revocation")
            #expect(revoked.status == 201 && revoked["revoked_at"] != nil)
        }
        #expect(try register.visitor(token: secret).tell().status == 401)
        #expect(try head.get(address).data.first?["revoked_at"] != nil)
        let deeds = try register.database.entries().filter { $0.kind == "intake_key" }
        #expect(deeds.map(\.deed) == ["intake_key_made", "intake_key_revoked"])
        let account = TestSchool.hawthorn.account(.headteacher)
        #expect(deeds.allSatisfy { $0.account == account })
    }

    @Test func `take over from one another, each living and dying by itself`() async throws {
        let register = try await Register.open()
        let (old, new) = (try register.intakeKey(), try register.intakeKey())
        #expect(try old.visitor.tell().status == 201 && new.visitor.tell().status == 201)
        let head = register.as(.headteacher)
        #expect(try head.post("\(address)/\(old.id)/revocation").status == 201)
        #expect(try old.visitor.tell().status == 401)
        #expect(try new.visitor.tell().status == 201)
    }

    @Test func `are at most twenty`() async throws {
        let register = try await Register.open()
        for _ in 0..<19 { _ = try register.intakeKey() }
        let head = register.as(.headteacher)
        #expect(try head.post(address, ["label": "Twentieth"]).status == 201)
        #expect(try head.post(address, ["label": "One too many"]).status == 409)
    }

    @Test func `are at most twenty, however many are made at once`() async throws {
        let register = try await Register.open()
        for _ in 0..<18 { _ = try register.intakeKey() }
        let told = try await atOnce(8) { number in
            try register.as(.headteacher).post(address, ["label": .string("Key \(number)")])
        }
        #expect(told.count { $0.status == 201 } == 2)
        #expect(told.count { $0.status == 409 } == 6)
    }

    @Test func `that are wrong, revoked or of another kind are answered alike`() async throws {
        let register = try await Register.open()
        let (revoked, id) = try register.intakeKey()
        _ = try register.as(.headteacher).post("\(address)/\(id)/revocation")
        let answers = try [
            revoked, register.visitor(token: Secret(of: "intake").string),
            register.as(.headteacher),
        ].map { visitor in try visitor.tell("canary", .child, key: "same") }
        let first = answers[0]
        for answer in answers {
            #expect(answer.status == 401)
            #expect(answer.likeness == first.likeness)
        }
        #expect(try register.nobody.tell("canary", .child, key: "same").status == 401)
        #expect(try register.database.number("select count(*) from incident") == 0)
    }

    /// SEC-14: a key is a credential for one operation and for no other.
    @Test func `open nothing else`() async throws {
        let scene = try await Scene.open()
        let guest = try scene.register.guest()
        for route in Access.routes where route.operationID != "report_without_an_account" {
            let decision = try #require(Decision.all[route.operationID])
            let sight = try decision.ask(
                Asking(scene: scene, visitor: guest, role: .dsl, stand: .own))
            let expected: Sight = decision.admitted == nil ? .shown : .unknownCaller
            #expect(sight == expected, "\(route.operationID)")
        }
    }

    /// SEC-14: whatever a handler forgot to ask, in the context of a key there is nothing to see.
    @Test func `show nothing at all, even to a careless handler`() async throws {
        let area = Area(
            name: "Careless", words: "For tests.",
            routes: Careless.selects.map { name, sql in
                let select = { @Sendable (caller: IntakeCaller, tx: Transaction) in
                    tx.listed(sql) as Listed<Incident>
                }
                return .post("/guest/\(name)", "Read", "For tests.", for: [], by(select))
                    .byIntakeKey()
            })
        let register = try await Secrets.scene(areas: [area]).register
        let guest = try register.guest()
        #expect(try guest.tell("canary", .child, key: "k").status == 201)
        for (name, _) in Careless.selects {
            let told = try register.guest().post("/guest/\(name)")
            #expect(told.status == 201 || told.status == 200, "\(name)")
            #expect(told.data.isEmpty, "\(name)")
        }
    }

    /// SEC-14: nor once it has reported, when the routing has looked at all the posts.
    @Test func `show nothing after the report either`() async throws {
        let area = Area(
            name: "Careless", words: "For tests.",
            routes: [
                .post("/guest/afterwards", "Report", "For tests.", for: [], by(Self.look))
                    .byIntakeKey()
            ])
        let register = try await Register.open(areas: OnlineSafety.areas + [area])
        let told = try register.guest().post(
            "/guest/afterwards", report("A worry", .child, [("reporter_name", "Mina")]))
        #expect(told.status == 200 && told.data.isEmpty)
        #expect(try register.database.number("select count(*) from incident") == 1)
    }

    nonisolated(nonsending) private static func look(
        after told: IntakeReport, by caller: IntakeCaller, in tx: Transaction
    ) async throws -> Listed<Incident> {
        _ = try await Intake.report(told, by: caller, in: tx)
        return tx.listed(
            """
            select id::text from person union all select id::text from seat
            union all select id::text from incident union all select id::text from notice
            """)
    }

    /// What is asked again is done once, and nobody's report bounces because of somebody else's.
    @Test func `do nothing twice, and keep those apart who chose the same name`() async throws {
        let register = try await Register.open()
        let guest = try register.guest()
        let first = try guest.tell("A worry", .child, key: "report-1")
        let again = try guest.tell("A worry", .child, key: "report-1")
        #expect(again.status == 201 && again.body == first.body)
        #expect(again.header("idempotency-replayed") == "true")
        let other = try guest.tell("Another worry", .child, key: "report-1")
        #expect(other.status == 201 && other["reference"] != first["reference"])
        let elsewhere = try register.guest().tell("A worry", .child, key: "report-1")
        #expect(elsewhere["reference"] != first["reference"])
        #expect(try register.database.number("select count(*) from incident") == 3)
    }
}

extension Reading {
    /// All of the answer but what must differ: the time and the request's own id.
    fileprivate var likeness: [String] {
        let own = header("x-request-id") ?? ""
        let kept = headers.filter { !["date", "x-request-id"].contains($0.name) }
        return ["\(status)", text.replacing(own, with: "R")]
            + kept.map { "\($0.name): \($0.value)" }
    }
}
