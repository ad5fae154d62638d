import FoundationEssentials
import JSON

@testable import OnlineSafety
@testable import Postgres

/// A link that waits to be sent, as the worker takes it in hand.
struct WaitingLink: Sendable {
    let id: UUID
    let attempt: Int
    let address: String
    let purpose: String
    let isHelped: Bool
    let secret: String
}

extension Register {
    /// The links that wait, with the secrets that the worker makes for them.
    func links() throws -> [WaitingLink] {
        let worker = try DirectConnection(database.workerURL)
        let found = try worker.run("select * from lease_links(100, interval '2 minutes')")
        return try (0..<found.count).compactMap { row in
            guard let id = found.uuid(row, "link_id"), let attempt = found.int(row, "attempt"),
                let address = found.text(row, "address")
            else { return nil }
            let secret = OnlineSafety.Secret(of: "link")
            _ = try worker.run("select link_has_secret(\(id), \(attempt), \(secret.hash))")
            _ = try worker.run("select link_was_sent(\(id), \(attempt))")
            return WaitingLink(
                id: id, attempt: attempt, address: address,
                purpose: found.text(row, "purpose") ?? "",
                isHelped: found.bool(row, "is_helped") == true, secret: secret.string)
        }
    }

    /// Somebody new on a roster, who has no account.
    func newcomer(at school: TestSchool = .hawthorn, kind: String = "teacher") throws -> String {
        let id = UUID()
        try database.owner().run(
            """
            insert into person (school_id, id, kind, given_name, family_name)
            values (\(school.id), \(id), \(kind), 'Nadia', 'Newcomer')
            """)
        return id.uuidString.lowercased()
    }

    /// Opens a link with a password, and a code.
    func accept(
        _ secret: String, _ password: String, _ what: String = "invitations",
        code: String? = nil
    ) throws -> Reading {
        let answer = JSONObject(
            [.init("token", .string(secret)), .init("password", .string(password))]
                + (code.map { [.init("code", .string($0))] } ?? []))
        return try nobody.post("/v1/\(what)/acceptance", .object(answer))
    }
}

extension Visitor {
    /// Invites somebody of the roster.
    func invite(
        _ person: String, _ email: String, to role: String = "staff",
        at school: TestSchool = .hawthorn, _ more: (String, JSONValue)...
    ) throws -> Reading {
        let post = JSONObject(
            [.init("person_id", .string(person)), .init("role", .string(role))]
                + more.map { .init($0.0, $0.1) })
        return try self.post(
            "/v1/schools/\(school.id)/invitations",
            ["email": .string(email), "post": .object(post)])
    }
}
