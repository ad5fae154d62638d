import HTTP
import Testing

@testable import OnlineSafety

/// What comes over a network comes by TLS, which a declared proxy ends, or is not answered.
@Suite struct `Coming by TLS` {
    private let path = "/v1/me"

    @Test func `from this machine anybody is answered`() async throws {
        let register = try await Register.open()
        #expect(try register.as(.dsl).get(path).status == 200)
        // Nobody's word is taken for it: whoever is no proxy says nothing by this.
        let told = try register.as(.dsl).get(path, ["X-Forwarded-Proto": "http"])
        #expect(told.status == 200)
    }

    @Test(arguments: ["http", "HTTP", "https, http", "ftp", "", "httpsx"])
    func `a proxy that was spoken to without TLS is refused`(scheme: String) async throws {
        let register = try await Register.open { $0.proxies = Proxies("127.0.0.1") ?? .none }
        for method in ["GET", "OPTIONS"] {
            let told = try register.as(.dsl).ask(method, path, ["X-Forwarded-Proto": scheme])
            #expect((told.status, told.code) == (403, "encryption_required"))
        }
        let login = try register.nobody.ask(
            "POST", "/v1/sessions", ["X-Forwarded-Proto": scheme],
            ["email": "amina@x.example", "password": "Canary"])
        #expect(login.code == "encryption_required" && !login.text.contains("Canary"))
        #expect(try register.database.entries().isEmpty)
        let health = try register.nobody.get("/livez", ["X-Forwarded-Proto": scheme])
        #expect(health.status == 200)
    }

    @Test(arguments: ["https", "HTTPS", "http, https"])
    func `a proxy that ended TLS is answered`(scheme: String) async throws {
        let register = try await Register.open { $0.proxies = Proxies("127.0.0.1") ?? .none }
        #expect(try register.as(.dsl).get(path, ["X-Forwarded-Proto": scheme]).status == 200)
        #expect(try register.as(.dsl).get(path).status == 200)
    }

    @Test func `the operator may say that a private network is enough`() async throws {
        let register = try await Register.open {
            $0.proxies = Proxies("127.0.0.1") ?? .none
            $0.acceptsPlainHTTP = true
        }
        #expect(try register.as(.dsl).get(path, ["X-Forwarded-Proto": "http"]).status == 200)
    }

    /// By address, where nothing says how it came.
    @Test(arguments: [
        ("127.0.0.1", true), ("127.9.9.9", true), ("::1", true), ("::ffff:127.0.0.1", true),
        ("192.0.2.7", false), ("10.0.0.1", false), ("::2", false), ("2001:db8::1", false),
        ("128.0.0.1", false), ("0.0.0.0", false),
    ])
    func `only this machine is believed without a proxy`(text: String, isLoopback: Bool) throws {
        #expect(try #require(PeerAddress(text)).isLoopback == isLoopback)
    }

    @Test(arguments: ["0.0.0.0", "::", "192.0.2.7"])
    func `a service for others without a proxy does not start`(address: String) throws {
        let folder = try ScratchFolder()
        let usual = try RunningService.environment("host=/nowhere", folder)
        func said(_ more: [String: String]) throws -> String {
            let run = try Command(
                ["serve"], usual.merging(["ROWAN_ADDRESS": address]) { $1 }.merging(more) { $1 })
            #expect(run.status == 1)
            return run.printed
        }
        let words = "must come by a proxy that ends TLS"
        #expect(try said([:]).contains(words))
        #expect(try said(["ROWAN_PLAIN_HTTP": "yes"]).contains("accepted, or not set"))
        #expect(try !said(["ROWAN_PLAIN_HTTP": "accepted", "ROWAN_LOG": "x"]).contains(words))
        #expect(try !said(["ROWAN_PROXIES": "192.0.2.1", "ROWAN_LOG": "x"]).contains(words))
    }

    @Test func `what leaves as a table says that it is confidential, and not encrypted`()
        async throws
    {
        let register = try await Register.open()
        _ = try register.as(.staff).report()
        for path in ["/v1/people", "/v1/incidents", "/v1/audit", "/v1/incident-log"] {
            let name = path.split(separator: "/").last ?? ""
            for form in ["?format=csv", "?format=csv&limit=1"] {
                let told = try register.as(.dsl).get(path + form)
                #expect(
                    told.header("content-disposition")
                        == "attachment; filename=\"\(name)-confidential-not-encrypted.csv\"")
            }
            #expect(try register.as(.dsl).get(path).header("content-disposition") == nil)
        }
    }
}
