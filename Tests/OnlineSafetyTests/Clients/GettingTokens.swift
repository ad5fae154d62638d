import Crypto
import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// `POST /v1/oauth/token` as RFC 6749 has it.
@Suite struct `Getting an access token` {
    private static func basic(_ id: String, _ secret: String) -> String {
        var text = Base64.standard.encode(Array("\(id):\(secret)".utf8))
        while text.utf8.count % 4 != 0 { text += "=" }
        return "Basic \(text)"
    }

    @Test func `by Basic or in the form, for some scopes or all`() async throws {
        let register = try await Register.open()
        let machine = try register.machine(.schoolsRead, .peopleRead)
        let (id, grant) = (machine.id.uuidString.lowercased(), "grant_type=client_credentials")
        let byBasic = try machine.ask(grant, basic: Self.basic(id, machine.secret))
        let form = "\(grant)&client_id=\(id)&client_secret=\(machine.secret)"
        let inForm = try machine.ask(
            form + "&scope=people.read&unknown=ignored",
            type: "application/x-www-form-urlencoded; charset=UTF-8")
        for (told, scope) in [(byBasic, "schools.read people.read"), (inForm, "people.read")] {
            #expect(told.status == 200)
            #expect(told["scope"] == scope && told["token_type"] == "Bearer")
            #expect(told.header("cache-control") == "no-store")
            #expect(told.header("pragma") == "no-cache")
        }
        let narrow = register.visitor(token: try #require(inForm["access_token"]))
        #expect(try narrow.get("/v1/people").data.count > 0)
        let refused = try narrow.get("/v1/schools")
        #expect(refused.status == 403)
        #expect(
            refused.header("www-authenticate")
                == "Bearer realm=\"rowan\", error=\"insufficient_scope\", scope=\"schools.read\"")
        let whole = register.visitor(token: try #require(byBasic["access_token"]))
        #expect(try whole.get("/v1/schools").data.count == 1)
        let dead = try register.visitor(token: "rwn_access_none").get("/v1/schools")
        #expect(dead.status == 401)
        #expect(
            dead.header("www-authenticate") == "Bearer realm=\"rowan\", error=\"invalid_token\"")
    }

    @Test func `what is wrong is told in OAuth's own words`() async throws {
        let register = try await Register.open()
        let machine = try register.machine(.schoolsRead)
        let (id, secret) = (machine.id.uuidString.lowercased(), machine.secret)
        let (grant, good) = (
            "grant_type=client_credentials", "client_id=\(id)&client_secret=\(secret)"
        )
        let cases: [(form: String, basic: String?, status: Int, error: String)] = [
            (good, nil, 400, "invalid_request"),
            ("grant_type=&\(good)", nil, 400, "invalid_request"),
            ("\(grant)&\(grant)&\(good)", nil, 400, "invalid_request"),
            ("\(grant)&client_id=%zz", nil, 400, "invalid_request"),
            ("\(grant)&\(good)", Self.basic(id, secret), 400, "invalid_request"),
            ("grant_type=password&\(good)", nil, 400, "unsupported_grant_type"),
            ("\(grant)&\(good)&scope=people.read", nil, 400, "invalid_scope"),
            ("\(grant)&\(good)&scope=everything", nil, 400, "invalid_scope"),
            ("\(grant)&client_id=\(id)&client_secret=no&scope=all", nil, 401, "invalid_client"),
            (grant, nil, 401, "invalid_client"),
            ("\(grant)&client_id=\(id)&client_secret=wrong", nil, 401, "invalid_client"),
            ("\(grant)&client_id=nobody&client_secret=\(secret)", nil, 401, "invalid_client"),
            (grant, Self.basic(Scene.missing, secret), 401, "invalid_client"),
            (grant, "Basic !!", 401, "invalid_client"),
        ]
        for (form, basic, status, error) in cases {
            let told = try machine.ask(form, basic: basic)
            #expect(told.status == status && told["error"] == error, "\(error): \(told.text)")
            #expect(told.keys == ["error", "error_description"])
            #expect(told.header("content-type") == "application/json")
            let isChallenged = told.header("www-authenticate") == "Basic realm=\"rowan\""
            #expect(isChallenged == (status == 401))
            #expect(!told.text.contains(secret))
        }
        #expect(try machine.ask("{}", type: "application/json").status == 415)
    }

    /// Which client got one, and who did not.
    @Test func `is on record, and so is a refusal`() async throws {
        let register = try await Register.open()
        let machine = try register.machine(.schoolsRead)
        let grant = "grant_type=client_credentials"
        let id = machine.id.uuidString
        _ = try machine.ask(grant, basic: Self.basic(id, machine.secret))
        _ = try machine.ask(grant, basic: Self.basic(id, "wrong"))
        let issued = try register.database.number(
            """
            select count(*) from event
            where deed = 'client_token_issued' and client_id = \(machine.id)
                and organisation_id = \(machine.organisation) and account_id is null
            """)
        let refused = try register.database.number(
            """
            select count(*) from event
            where deed = 'client_refused' and record_ids = array[\(machine.id)::uuid]
                and organisation_id = service_organisation() and client_id is null
            """)
        #expect(issued == 1 && refused == 1)
    }

    /// Of each client, whatever its tokens; the others go on.
    @Test func `more than is let through is told when to ask again`() async throws {
        let register = try await Register.open {
            $0.clientLimits = ClientLimits(burst: 3, milliseconds: 60_000)
        }
        let machine = try register.machine(.schoolsRead)
        let visitors = [try machine.signedIn(), try machine.signedIn()]
        for turn in 0..<3 {
            let told = try visitors[turn % 2].get("/v1/schools")
            #expect(told.header("ratelimit") == "\"requests\";r=\(2 - turn);t=60")
            #expect(told.status == 200)
        }
        let late = try visitors[0].get("/v1/schools")
        #expect(late.status == 429 && late.code == "too_many_requests")
        let wait = Int(late.header("retry-after") ?? "") ?? 0
        #expect((1...60).contains(wait))
        #expect(try register.machine(.schoolsRead).signedIn().get("/v1/schools").status == 200)
        #expect(try register.as(.dsl).get("/v1/schools").status == 200)
    }

    @Test func `a wrong secret is slowed where it comes from`() async throws {
        let register = try await Register.open { $0.clientLimits = ClientLimits(burst: 3) }
        let machine = try register.machine(.schoolsRead)
        let wrong = Self.basic(machine.id.uuidString, "wrong")
        for _ in 0..<3 {
            #expect(try machine.ask("grant_type=client_credentials", basic: wrong).status == 401)
        }
        let slowed = try machine.ask("grant_type=client_credentials", basic: wrong)
        #expect(slowed.status == 429 && slowed.header("retry-after") != nil)
    }
}
