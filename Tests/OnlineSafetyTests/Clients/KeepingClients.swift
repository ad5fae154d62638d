import Crypto
import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// Who makes clients, and how their secrets and they themselves come to an end.
@Suite struct `Keeping clients` {
    private static let grant = "grant_type=client_credentials"

    private func wanted(_ more: (String, JSONValue)...) -> JSONValue {
        let usual: [(String, JSONValue)] = [
            ("school_id", .string(TestSchool.hawthorn.id.uuidString)), ("name", "MIS"),
            ("purpose", "The roster"), ("scopes", ["people.read", "schools.read"]),
            ("ends_on", .string(Decision.soon)),
        ]
        let given = more.map(\.0)
        let members = usual.filter { !given.contains($0.0) } + more.filter { $0.1 != .null }
        return .object(JSONObject(members.map { .init($0.0, $0.1) }))
    }

    private func token(_ register: Register, _ made: Reading) throws -> Reading {
        let form = "\(Self.grant)&client_id=\(made.id)&client_secret=\(made["client_secret"] ?? "")"
        return try register.nobody.raw(
            "POST", "/v1/oauth/token", ["Content-Type": "application/x-www-form-urlencoded"],
            Array(form.utf8))
    }

    private func signIn(_ register: Register, _ made: Reading) throws -> Visitor {
        register.visitor(token: try #require(try token(register, made)["access_token"]))
    }

    @Test
    func `one is made, works, is listed with its last use, and is revoked everywhere at once`()
        async throws
    {
        let register = try await Register.open()
        let (head, copy) = (register.as(.headteacher), try await register.secondCopy())
        let made = try head.post("/v1/clients", wanted())
        #expect(made.status == 201 && made.keys == ["id", "secret_id", "client_secret"])
        let client = try signIn(register, made)
        let there = Visitor(port: copy.port, token: client.token)
        #expect(try client.get("/v1/people").data.count == there.get("/v1/people").data.count)
        let listed = try #require(try head.get("/v1/clients").data.first)
        #expect(listed["name"] == "MIS" && listed["last_used_at"] != nil)
        #expect(listed["secrets"]?[0]?["last_used_at"] != nil)
        #expect(try !head.get("/v1/clients").text.contains("rwn_"))
        for _ in 0..<2 {
            let revoked = try head.post("/v1/clients/\(made.id)/revocation")
            #expect(revoked.status == 201 && revoked["revoked_at"] != nil)
        }
        #expect(try there.get("/v1/people").status == 401)
        #expect(try client.get("/v1/people").status == 401)
        #expect(try token(register, made)["error"] == "invalid_client")
        let account = TestSchool.hawthorn.account(.headteacher)
        for deed in ["client_made", "client_revoked"] {
            let entries = try register.database.number(
                """
                select count(*) from event
                where deed = \(deed) and account_id = \(account)
                    and organisation_id = \(TestSchool.hawthorn.id)
                    and record_ids = array[\(made.id)::text::uuid]
                """)
            #expect(entries == 1)
        }
    }

    @Test func `secrets take over from one another, and the old one ends when it is said to`()
        async throws
    {
        let register = try await Register.open()
        let head = register.as(.headteacher)
        try register.database.setClock("2026-11-20T09:00:00Z")
        try register.database.execute("update session set idle_ends_at = null")
        let made = try head.post("/v1/clients", wanted(("ends_on", "2027-11-20")))
        let old = try signIn(register, made)
        let secrets = "/v1/clients/\(made.id)/secrets"
        let late: JSONValue = ["old_ends_at": "2027-01-20T10:00:00Z"]
        #expect(try head.post(secrets, late).faults == ["/old_ends_at": "out_of_range"])
        let new = try head.post(secrets, ["old_ends_at": "2026-11-20T10:00:00Z"])
        #expect(new.status == 201)
        #expect(try head.post(secrets, ["old_ends_at": "2026-11-20T10:00:00Z"]).status == 409)
        let young = try signIn(register, new)
        #expect(try old.get("/v1/people").status == 200)
        #expect(try token(register, made).status == 200)
        try register.database.setClock("2026-11-20T10:00:00Z")
        #expect(try token(register, made)["error"] == "invalid_client")
        #expect(try old.get("/v1/people").status == 401)
        // The new one's access token has ended by itself, and another is got.
        #expect(try young.get("/v1/people").status == 401)
        #expect(try signIn(register, new).get("/v1/people").status == 200)
        try register.database.setClock("2027-11-20T23:59:59Z")
        #expect(try token(register, new).status == 200)
        try register.database.setClock("2027-11-21T00:00:00Z")
        #expect(try token(register, new)["error"] == "invalid_client")
    }

    @Test func `every fault of a client that is wanted is named`() async throws {
        let register = try await Register.open()
        let (head, trust) = (register.as(.headteacher), register.as(.trustAdministrator))
        let own = JSONValue.string(TestSchool.hedgerow.uuidString)
        let lighthouse = JSONValue.string(TestSchool.lighthouse.id.uuidString)
        func faults(_ visitor: Visitor, _ more: (String, JSONValue)...) throws -> [String: String] {
            let usual: [(String, JSONValue)] = more
            let given = usual.map(\.0)
            let whole = wanted()
            guard case .object(let object) = whole else { return [:] }
            let rest = object.members.filter { !given.contains($0.name) }
            let members = rest + usual.filter { $0.1 != .null }.map { .init($0.0, $0.1) }
            return try visitor.post("/v1/clients", .object(JSONObject(members))).faults
        }
        #expect(try faults(head, ("school_id", .null)) == ["/school_id": "one_organisation"])
        #expect(try faults(head, ("trust_id", own)) != [:])
        #expect(try faults(head, ("scopes", [])) == ["/scopes": "empty"])
        #expect(try faults(head, ("scopes", ["all"])) == ["/scopes/0": "unknown_word"])
        #expect(try faults(head, ("ends_on", "2020-01-01")) == ["/ends_on": "out_of_range"])
        #expect(try faults(head, ("ends_on", "2199-01-01")) == ["/ends_on": "out_of_range"])
        #expect(try faults(head, ("school_id", lighthouse)) == ["/school_id": "unknown_school"])
        #expect(
            try faults(trust, ("school_id", .null), ("trust_id", own))
                == ["/scopes/0": "not_for_trusts"])
        #expect(
            try faults(
                trust, ("school_id", .null), ("trust_id", own), ("scopes", ["schools.read"]),
                ("school_ids", [lighthouse])) == ["/school_ids": "unknown_school"])
    }

    /// A school that leaves the trust is out of its clients' reach with the next request.
    @Test func `a trust's client reads the schools that it was given, while they belong to it`()
        async throws
    {
        let register = try await Register.open()
        let trust = register.as(.trustAdministrator)
        let (own, rosehip) = (
            JSONValue.string(TestSchool.hedgerow.uuidString), TestSchool.rosehip.id
        )
        func client(_ schools: JSONValue) throws -> Visitor {
            let body = wanted(
                ("school_id", .null), ("trust_id", own), ("scopes", ["schools.read"]),
                ("school_ids", schools))
            return try signIn(register, trust.post("/v1/clients", body))
        }
        let (all, one) = (try client(.null), try client([.string(rosehip.uuidString)]))
        #expect(try all.get("/v1/schools").data.count == 2)
        #expect(try one.get("/v1/schools").data.map { $0["name"]?.text } == ["Rosehip"])
        try register.database.execute(
            """
            update membership set until_on = london_today() - 1 where school_id = '\(rosehip)'
            """)
        #expect(try all.get("/v1/schools").data.map { $0["name"]?.text } == ["Hawthorn"])
        #expect(try one.get("/v1/schools").data.isEmpty)
        #expect(try one.get("/v1/schools/\(rosehip)").status == 404)
    }

    /// The roster goes on by cursor for a client as for people; a page is bound to its client.
    @Test func `a roster is read page by page`() async throws {
        let register = try await Register.open()
        let client = try register.machine(.peopleRead).signedIn()
        let (all, first) = (
            try client.get("/v1/people").data, try client.get("/v1/people?limit=3")
        )
        let cursor = try #require(first["next_cursor"])
        let rest = try client.get("/v1/people?cursor=\(cursor)").data
        #expect(first.data + rest == all)
        #expect(all.count == 15)
        let other = try register.machine(.peopleRead).signedIn()
        #expect(try other.get("/v1/people?cursor=\(cursor)").code == "invalid_cursor")
    }
}
