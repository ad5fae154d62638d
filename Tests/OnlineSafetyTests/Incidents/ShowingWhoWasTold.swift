import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety
@testable import Postgres

/// Whoever may read an incident sees who was told of it, when they answered, and whether the mail
/// went.
@Suite struct `Showing who was told` {
    @Test func `names each with their post, and when they acknowledged`() async throws {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T13:30:00Z")
        let one = try Case(register, .child, ("is_child_at_risk", true))
        try register.database.setClock("2026-11-20T13:40:00Z")
        let own = try #require(try register.as(.dsl).get("/v1/notices").data.first?["id"]?.text)
        #expect(try register.as(.dsl).post("/v1/notices/\(own)/acknowledgement").status == 201)
        let told = try one.told(as: .deputyDSL)
        #expect(Set(told.data.map { $0["role"]?.text }) == ["deputy_dsl", "dsl", coordinator])
        let kinds = Dictionary(grouping: told.data) { $0["kind"]?.text ?? "" }
        #expect(kinds["incident_reported"]?.count == 2)
        #expect(kinds["restricted_reported"]?.map { $0["role"]?.text } == [coordinator])
        #expect(told.data.allSatisfy { $0["sent_at"]?.text == "2026-11-20T13:30:00.000Z" })
        let answered = told.data.filter { $0["acknowledged_at"] != nil }
        #expect(answered.map { $0["id"]?.text } == [own])
        #expect(answered.first?["acknowledged_at"]?.text == "2026-11-20T13:40:00.000Z")
        #expect(answered.first?["name"]?.text == "The \(Role.dsl.label)")
    }

    private let coordinator = Role.onlineSafetyCoordinator.rawValue

    /// NOT-02: no address reaches whoever reads it.
    @Test func `says of each mail whether it waits, went or was given up, and never where to`()
        async throws
    {
        let register = try await Register.open()
        try register.database.execute(
            "update account set email = 'no address' where id = '\(account(.deputyDSL))'")
        let one = try Case(register)
        let before = ["dsl": "waiting", coordinator: "waiting", "deputy_dsl": "none"]
        #expect(try one.mails() == before)
        let worker = try DirectConnection(register.database.workerURL)
        let leased = try worker.run("select * from lease_mail(10, interval '1 minute')")
        for row in 0..<leased.count {
            let notice = try #require(leased.uuid(row, "notice_id"))
            let outcome: SQL =
                leased.text(row, "address") == TestSchool.hawthorn.email(.dsl)
                ? "mail_was_sent(\(TestSchool.hawthorn.id), \(notice))"
                : "mail_has_failed(\(TestSchool.hawthorn.id), \(notice), 1, 'no_address')"
            try worker.run("select \(outcome)")
        }
        let after = ["dsl": "sent", coordinator: "failed", "deputy_dsl": "none"]
        #expect(try one.mails() == after)
        let told = try one.told(as: .dsl)
        for notice in told.data {
            #expect((notice["mailed_at"] != nil) == (notice["mail"]?.text == "sent"))
        }
        for secret in ["@", "no address", ".example"] { #expect(!told.text.contains(secret)) }
    }

    @Test func `goes on with those to whom it climbs, and with the office that was warned`()
        async throws
    {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T13:30:00Z")
        let one = try Case(
            register, .child, ("is_child_at_risk", true), ("matter", "communication"))
        try register.database.setClock("2026-11-20T15:00:00Z")
        _ = try register.as(.headteacher).get("/v1/notices")
        let told = try one.told(as: .dsl).data
        let kinds = Dictionary(grouping: told) { $0["kind"]?.text ?? "" }
        #expect(kinds["communication_reported"]?.map { $0["role"]?.text } == ["office"])
        #expect(kinds["notice_unanswered"]?.isEmpty == false)
        let first = try register.as(.dsl).get("\(one.path)/notices?limit=1&sort=-sent_at")
        #expect(first.data.first?["id"] == told.last?["id"])
        let cursor = try #require(first["next_cursor"])
        let rest = try register.as(.dsl).get(
            "\(one.path)/notices?limit=100&sort=-sent_at&cursor=\(cursor)")
        #expect(rest.data == Array(told.reversed().dropFirst()))
    }

    @Test func `is for those who may read the incident, and on record`() async throws {
        let one = try Case(await Register.open(), .staff)
        for role in [Role.onlineSafetyCoordinator, .seniorLeader, .chairOfGovernors] {
            #expect(try one.told(as: role).status == 404, "\(role)")
        }
        #expect(try one.told(as: .staff).status == 403)
        let before = try one.register.database.entries().filter { $0.chain == "reads" }.count
        #expect(try one.told(as: .headteacher).data.count == 1)
        let entries = try one.register.database.entries().filter { $0.chain == "reads" }
        #expect(entries.count == before + 1)
        let incident = try #require(UUID(uuidString: one.id))
        #expect(entries.last?.deed == "opened" && entries.last?.records == [incident])
        #expect(entries.last?.account == account(.headteacher))
    }

    private func account(_ role: Role) -> UUID { TestSchool.hawthorn.account(role) }
}

extension Case {
    fileprivate func told(as role: Role) throws -> Reading { try read(as: role, "/notices") }

    /// What became of each mail, by the post for which it was sent.
    fileprivate func mails() throws -> [String: String] {
        try told(as: .dsl).data.reduce(into: [:]) { mails, notice in
            mails[notice["role"]?.text ?? ""] = notice["mail"]?.text ?? "none"
        }
    }
}
