import Foundation
import Testing

@testable import OnlineSafety

/// The files for containers and the program know each other. (That the containers run is tried
/// where there is an engine: see Operations.)
@Suite struct `Containers` {
    private func text(_ path: String) throws -> String {
        String(decoding: try committed(path), as: UTF8.self)
    }

    /// The lines of one service, between its name and the next.
    private func service(_ name: String) throws -> String {
        let lines = try text("docker-compose.yml").split(
            separator: "\n", omittingEmptySubsequences: false)
        let start = try #require(lines.firstIndex(of: "  \(name):"))
        let rest = lines[(start + 1)...].prefix { $0.hasPrefix("    ") || $0.isEmpty }
        return rest.joined(separator: "\n")
    }

    @Test func `every name in them is known to the program`() throws {
        let names = try ["Dockerfile", "docker-compose.yml"].flatMap { file in
            try text(file).matches(of: #/\b(ROWAN_[A-Z_]+|DATABASE_URL[A-Z_]*)\b/#)
                .map { String($0.1) }
        }
        #expect(names.count > 10)
        // For compose itself, and for Scripts/secrets.
        let own: Set = ["ROWAN_HTTPS_PORT"]
        let asked = Dictionary(
            uniqueKeysWithValues: Set(names).subtracting(own).map { ($0, "/nowhere") })
        #expect(try Command(["serve"], asked).printed.contains("not known") == false)
        #expect(try Command(["serve"], ["ROWAN_CANARY": ""]).printed.contains("not known"))
    }

    @Test(arguments: [
        ("migrate", "migrate", ""), ("service", "serve", "\"healthcheck\"]"),
        ("worker", "worker", "\"healthcheck\", \"worker\"]"),
    ])
    func `each runs a command that there is, and is asked for its health`(
        name: String, command: String, health: String
    ) throws {
        let lines = try service(name)
        #expect(lines.contains("command: [\"\(command)\"]"))
        #expect(try Command(["help"], [:]).printed.contains("\n  \(command) "))
        guard !health.isEmpty else { return }
        #expect(lines.contains("test: [\"CMD\", \"/usr/local/bin/rowan\", \(health)"))
        #expect(lines.contains("restart: unless-stopped"))
    }

    @Test func `each program has its own credentials, and no other's`() throws {
        for (name, secrets) in [
            ("migrate", "[owner_url]"), ("service", "[service_url, keys]"),
            ("worker", "[worker_url, relay, checkpoint_key]"),
            ("proxy", "[tls_certificate, tls_key]"),
            ("database", "[owner_password]"),
        ] { #expect(try service(name).contains("    secrets: \(secrets)\n"), "\(name)") }
    }

    @Test func `nobody is root, writes to the image, or gains rights`() throws {
        let compose = try text("docker-compose.yml")
        let shared = compose.split(separator: "\nservices:")[0]
        for name in ["database", "migrate", "roles", "service", "worker", "proxy"] {
            let own = try service(name)
            let lines = own.contains("<<: *rowan") ? own + shared : own
            for rule in ["read_only: true", "cap_drop: [ALL]", "no-new-privileges:true"] {
                #expect(lines.contains(rule), "\(name): \(rule)")
            }
        }
        #expect(try text("Dockerfile").contains("\nUSER 10001:10001\n"))
        for name in ["roles", "proxy"] { #expect(try service(name).contains("user: \"10001:")) }
    }

    /// No password is in the files, and `Scripts/secrets` makes what they ask for.
    @Test func `every secret is a file, made by chance, that only its reader can read`() throws {
        let compose = try text("docker-compose.yml")
        let wanted = compose.matches(of: #/file: \.\/secrets\/(\w+)/#).map { String($0.1) }
        #expect(wanted.count == 11)
        let folders = try (0..<2).map { _ in try ScratchFolder() }
        for folder in folders {
            let run = try ChildProcess(
                ["/bin/sh", root + "/Scripts/secrets"],
                environment: ["ROWAN_SECRETS": folder.path, "PATH": "/usr/bin:/bin"],
                output: folder.path + "/../\(UUID().uuidString)")
            defer { try? FileManager.default.removeItem(atPath: run.output) }
            #expect(run.wait() == 0)
        }
        for name in wanted where name != "relay" {
            let made = folders.map { FileManager.default.contents(atPath: "\($0.path)/\(name)") }
            #expect(made[0] != nil && made[0] != made[1], "\(name)")
            let mode =
                try FileManager.default.attributesOfItem(
                    atPath: "\(folders[0].path)/\(name)")[.posixPermissions] as? Int
            #expect(mode == 0o600 || name == "owner_password", "\(name)")
        }
        let signing = FileManager.default.contents(atPath: "\(folders[0].path)/checkpoint_key")
        let pem = String(decoding: signing ?? Data(), as: UTF8.self)
        #expect(CheckpointKeys(pem: pem)?.canSign == true)
        let keys = FileManager.default.contents(atPath: "\(folders[0].path)/keys") ?? Data()
        #expect(KeyRing(file: String(decoding: keys, as: UTF8.self)) != nil)
    }

    @Test func `the proxy passes to where the service answers, as much as it takes`() throws {
        let proxy = try text("Docker/nginx.conf")
        #expect(proxy.contains("set $service service:8080;"))
        #expect(try service("service").contains("ROWAN_PORT: \"8080\""))
        #expect(try service("proxy").contains(":8443\"]") && proxy.contains("listen 8443 ssl"))
        #expect(proxy.contains("client_max_body_size 8m;"))
        let largest = areas.flatMap(\.routes).map(\.bodyLimit).max()
        #expect(largest == 8 << 20)
        // A roster's file is passed on as it comes.
        #expect(proxy.contains("client_max_body_size 64m;"))
        #expect(proxy.contains("proxy_request_buffering off;"))
        #expect(areas.flatMap(\.routes).compactMap(\.fileLimit).max() == 64 << 20)
    }

    private var root: String {
        "/" + #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
    }
}
