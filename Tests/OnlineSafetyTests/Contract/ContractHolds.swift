import Crypto
import JSON
import Testing

@testable import OnlineSafety

/// What the contract says of bodies and answers is what the service takes and gives.
@Suite struct `The contract holds` {
    static let routes = areas.flatMap(\.routes)

    @Test(arguments: routes.map(\.operationID))
    func `every operation has words, and an answer that is declared`(id: String) throws {
        let route = try #require(Self.routes.first { $0.operationID == id })
        let words = route.contractWords
        #expect(words.fault == nil)
        #expect(!route.summary.isEmpty && !route.words.isEmpty)
        let response = try #require(words.response)
        #expect(!response.description.isEmpty)
        if let example = response.example { try route.decode(example) }
        for parameter in words.parameters { #expect(!parameter.description.isEmpty) }
        if let body = words.body {
            #expect(body.description?.isEmpty == false)
            #expect(body.example != nil)
        }
    }

    @Test func `every example of an answer is of its type`() throws {
        for type in DeclaredType.all.values { try type.decode(type.example()) }
    }

    /// As somebody whom the route admits, against the register as it stands at first.
    @Test(arguments: routes.filter { $0.contractWords.body != nil }.map(\.operationID))
    func `the example of every body is taken`(id: String) async throws {
        let route = try #require(Self.routes.first { $0.operationID == id })
        let register = try await Register.open()
        try giveAccount(to: .example, in: register)
        let role = Role.allCases.first { role in
            route.admissions?.contains { $0.role == role } == true
        }
        let visitor = role.map { register.as($0) } ?? register.nobody
        let told = try visitor.ask(
            route.method.rawValue,
            route.path.replacing("{school}", with: TestSchool.hawthorn.id.uuidString),
            route.contractWords.requiresVersion ? ["If-Match": "\"0\""] : [:],
            route.contractWords.body?.example)
        #expect((200..<300).contains(told.status))
        #expect(told.json["warnings"] ?? [] == [])
        try route.decode(told.json)
    }

    /// As somebody whom the route admits, where there is something to be read.
    @Test(
        arguments: routes.filter { $0.method == .get && !$0.path.contains("{") }.map(\.operationID))
    func `what is read is of the type that is declared`(id: String) async throws {
        let route = try #require(Self.routes.first { $0.operationID == id })
        let register = try await Register.open()
        #expect(try register.as(.staff).report().status == 201)
        for role in [Role.dsl, .staff] {
            let told = try register.as(role).get(route.path)
            #expect(told.status == 200)
            try route.decode(told.json)
        }
    }

    /// The log-in of the contract's example belongs to somebody here.
    private func giveAccount(to logIn: LogIn, in register: Register) throws {
        let hash = Scrypt.hash(password: logIn.password.string)
        _ = try register.database.owner().run(
            """
            insert into account (id, name, email, password_hash)
            values (gen_random_uuid(), 'Amina Yusuf', \(logIn.email.string), \(hash))
            """)
    }

    @Test func `what must be of one version says so by If-Match`() {
        for route in Self.routes where [.put, .patch, .delete].contains(route.method) {
            let isSession = route.path.hasPrefix("/v1/sessions")
            #expect(route.contractWords.requiresVersion != isSession, "\(route.path)")
        }
    }
}
