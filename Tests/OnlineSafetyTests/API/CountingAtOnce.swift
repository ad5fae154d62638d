import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety
@testable import Postgres

/// What is counted is counted and taken in one step: those who ask at the same moment get no more
/// than those who ask in turn.
@Suite struct `Twenty at once` {
    private let grant = "grant_type=client_credentials"

    private func open(
        _ configure: (inout ServiceConfiguration) -> Void = { _ in }
    ) async throws -> Register {
        try await Register.open {
            $0.pool.exclusive = 20
            configure(&$0)
        }
    }

    private func statuses(_ answers: [Reading]) -> [Int: Int] {
        answers.reduce(into: [:]) { $0[$1.status, default: 0] += 1 }
    }

    /// API-08
    @Test func `get as many access tokens as a client may have`() async throws {
        let register = try await open { $0.clientLimits = ClientLimits(burst: 20) }
        let machine = try register.machine(.schoolsRead)
        let form = "\(grant)&client_id=\(machine.id)&client_secret=\(machine.secret)"
        let answers = try await atOnce(20) { _ in try machine.ask(form) }
        #expect(statuses(answers) == [200: 5, 429: 15])
        #expect(
            try register.database.number("select count(*) from client_token") == 5)
    }

    /// API-08
    @Test func `guess as many secrets as an address may`() async throws {
        let register = try await open { $0.clientLimits = ClientLimits(burst: 5) }
        let machine = try register.machine(.schoolsRead)
        let form = "\(grant)&client_id=\(machine.id)&client_secret="
        let answers = try await atOnce(20) { try machine.ask(form + "wrong\($0)") }
        #expect(statuses(answers) == [401: 5, 429: 15])
    }

    @Test(arguments: [Role.headteacher, .trustAdministrator])
    func `make as many clients as may live`(role: Role) async throws {
        let register = try await open()
        let organisation = role.isOfASchool ? TestSchool.hawthorn.id : TestSchool.hedgerow
        _ = try register.database.owner().run(
            """
            insert into client (
                organisation_id, id, is_of_trust, name, purpose, scopes, made_by, ends_at)
            select \(organisation), gen_random_uuid(), \(!role.isOfASchool), 'MIS', 'Tests',
                '{schools.read}', \(TestSchool.hawthorn.account(role)),
                rowan_now() + interval '1 month'
            from generate_series(1, 45)
            """)
        let keeper = register.as(role)
        let kind = role.isOfASchool ? "school_id" : "trust_id"
        let wanted: JSONValue = .object(
            JSONObject([
                .init(kind, .string(organisation.uuidString)),
                .init("name", "Another"), .init("purpose", "Tests"),
                .init("scopes", ["schools.read"]), .init("ends_on", .string(Decision.soon)),
            ]))
        let answers = try await atOnce(20) { _ in try keeper.post("/v1/clients", wanted) }
        #expect(statuses(answers) == [201: 5, 409: 15])
    }

    /// INC-47
    @Test func `break the glass as often as one may in a day`() async throws {
        let register = try await open()
        let references = try (0..<20).map { number in
            try #require(
                register.as(.staff).report("\(number)", .child, ("is_child_at_risk", true))[
                    "reference"])
        }
        let coordinator = register.as(.onlineSafetyCoordinator)
        @Sendable func breakGlass(_ number: Int) throws -> Reading {
            try coordinator.post(
                "/v1/break-glass",
                ["reference": .string(references[number]), "words": "Nobody can be reached"])
        }
        #expect(try breakGlass(0).status == 201)
        try register.database.execute(
            """
            insert into broken_glass (school_id, incident_id, id, words, until_at, account_id, role)
            select school_id, incident_id, gen_random_uuid(), words, until_at, account_id, role
            from broken_glass, generate_series(1, 14)
            """)
        let answers = try await atOnce(19) { try breakGlass($0 + 1) }
        #expect(statuses(answers) == [201: 5, 409: 14])
        #expect(try register.database.number("select count(*) from broken_glass") == 20)
    }
}
