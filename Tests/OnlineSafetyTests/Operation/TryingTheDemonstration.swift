import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety
@testable import Postgres

/// Whoever tries Rowan finds something in every list that agreements and consents have.
@Suite struct `The demonstration` {
    /// A session of somebody who is in it.
    private func session(of email: String, on register: Register) throws -> Visitor {
        let token = "rwn_session_\(email)"
        try register.database.owner().run(
            """
            insert into session (token_hash, id, account_id, ends_at, stepped_up_until)
            select \(BearerToken(token).hash), \(UUID()), id, rowan_now() + interval '1 hour',
                rowan_now() + interval '1 hour'
            from account where email = \(email)
            """)
        return register.visitor(token: token)
    }

    @Test func `shows agreements, campaigns, consents and what waits, in every school`()
        async throws
    {
        let database = try TestDatabase(isPeopled: false)
        let run = try Command(["demo"], ["ROWAN_OWNER_DATABASE_URL": database.ownerURL])
        #expect(run.status == 0 && run.printed.contains("Loaded 3 schools"), "\(run.printed)")
        let register = try await Register.open(on: database)
        let deputies = [
            "tom.whitfield@hawthorn.example", "joanna.kowalska@rosehip.example",
            "lucy.hartley@bramble.example",
        ]
        for email in deputies {
            let deputy = try session(of: email, on: register)
            func list(_ path: String) throws -> [JSONValue] {
                let told = try deputy.get(path)
                try #require(told.status == 200, "\(path) \(told.json)")
                return told.data
            }
            let agreements = try list("/v1/agreements?limit=1000")
            let states = Set(agreements.compactMap { $0["state"]?.text })
            #expect(states == ["signed", "issued"], "\(email)")
            #expect(try !list("/v1/agreements?is_overdue=true").isEmpty, "\(email)")
            let signed = agreements.filter { $0["state"] == "signed" }
            #expect(signed.count * 2 > agreements.count, "\(email)")
            #expect(try list("/v1/agreement-templates").count == 4, "\(email)")
            #expect(try list("/v1/agreement-campaigns").count == 4, "\(email)")
            #expect(try list("/v1/consents").count == 4, "\(email)")
            #expect(try list("/v1/image-removals").count == 1, "\(email)")
            let inductions = try list("/v1/inductions?is_complete=false")
            #expect(inductions.map { $0["kind"] } == ["peripatetic", "volunteer"], "\(email)")
            #expect(try !list("/v1/consents-sought").isEmpty, "\(email)")
            let permitted = try list("/v1/permission-list?limit=1000")
            #expect(permitted.contains { $0["allowed"] != [] }, "\(email)")
            #expect(permitted.contains { $0["allowed"] == [] }, "\(email)")
            let waits = try deputy.get("/v1/me").json["to_do"]
            #expect(JSON.string(of: waits ?? .null).contains("image_removal"), "\(email)")
        }
        #expect(try database.number("select count(*) from agreement_unlike_its_entry") == 0)
        #expect(try database.number("select count(*) from consent_unlike_its_entry") == 0)
        #expect(try database.number("select count(*) from induction_unlike_its_entry") == 0)
    }
}
