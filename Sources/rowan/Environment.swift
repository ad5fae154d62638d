import FoundationEssentials
import Glibc
import OnlineSafety
import Postgres

/// What the operator configured, from the environment. A name that begins with `ROWAN_` and is not
/// known is an error: a typing error must not go unnoticed. Each secret can also be given as the
/// path of a file, `NAME_FILE`.
struct Environment {
    private let values: [String: String]

    /// Names, and what they mean, as `Docs/Operations.md` lists them.
    static let names: [(name: String, words: String)] = [
        ("ROWAN_OWNER_DATABASE_URL", "who migrates: may create roles, owns the tables"),
        (
            "ROWAN_MAINTENANCE_DATABASE_URL",
            "who verifies and restores: member of rowan_maintenance"
        ),
        ("ROWAN_WORKER_DATABASE_URL", "who does what is done when nobody asks: rowan_worker"),
        (
            "ROWAN_DATABASE_NETWORK",
            "private: a database on another host may be reached without sslmode=verify-full"
        ),
        ("ROWAN_ADDRESS", "where to answer; 127.0.0.1"),
        ("ROWAN_PORT", "8080"),
        ("ROWAN_ADMIN_ADDRESS", "where to tell of health and figures; 127.0.0.1"),
        ("ROWAN_ADMIN_PORT", "8081"),
        ("ROWAN_WORKER_ADDRESS", "where the worker tells of health and figures; 127.0.0.1"),
        ("ROWAN_WORKER_PORT", "8082"),
        ("ROWAN_MAIL_FROM", "the address that mail comes from; without it none is sent"),
        ("ROWAN_PUBLIC_URL", "the web front end, where the links in mails lead"),
        ("ROWAN_SENDMAIL", "the host's mail program; /usr/sbin/sendmail"),
        ("ROWAN_MAIL_SECONDS", "how long it may take for one mail; 30"),
        ("ROWAN_LOOPS", "threads that answer; one for each core"),
        ("ROWAN_KEYS", "the key ring: lines of a number and 64 hexadecimal digits"),
        ("ROWAN_ACCOUNT_REQUESTS", "how many requests an account may make in a minute; 1200"),
        ("ROWAN_SESSION_HOURS", "how long a log-in lasts at most; 10"),
        ("ROWAN_CHECKPOINTS", "the folder where the audit's checkpoints are kept; none"),
        ("ROWAN_CHECKPOINT_KEY", "who signs them: Ed25519 keys as openssl writes them"),
        ("ROWAN_ORIGINS", "origins of web front ends, separated by spaces"),
        (
            "ROWAN_PROXIES",
            "reverse proxies whose X-Forwarded-For counts: addresses, or any; none"
        ),
        ("ROWAN_PLAIN_HTTP", "accepted: also unencrypted from other hosts that are no proxies"),
        ("ROWAN_CONNECTIONS", "database connections of each loop for writing; 8"),
        ("ROWAN_DRAIN_SECONDS", "how long to finish what is under way when told to stop; 20"),
        ("ROWAN_LOG", "requests or off"),
        ("ROWAN_MIGRATIONS", "the folder of the migrations; Migrations"),
    ]

    init(_ environment: [String: String] = ProcessInfo.processInfo.environment) throws {
        let known = Set(Self.names.flatMap { [$0.name, $0.name + "_FILE"] })
        let unknown = environment.keys.filter {
            $0.hasPrefix("ROWAN_") && !$0.hasPrefix("ROWAN_TEST_") && !known.contains($0)
        }
        guard unknown.isEmpty else {
            throw Misconfiguration("not known: \(unknown.sorted().joined(separator: ", "))")
        }
        values = try environment.reduce(into: [:]) { values, entry in
            guard entry.key.hasSuffix("_FILE") else {
                if values[entry.key] == nil { values[entry.key] = entry.value }
                return
            }
            let name = String(entry.key.dropLast(5))
            guard known.contains(entry.key) || entry.key == "DATABASE_URL_FILE" else { return }
            values[name] = try Self.secret(in: entry.value, for: entry.key)
        }
    }

    /// A secret that others can read is none: the file must be its owner's alone.
    private static func secret(in path: String, for name: String) throws -> String {
        // A link is as safe as what it leads to: orchestrators mount secrets behind links.
        var status = stat()
        guard stat(path, &status) == 0,
            let text = try? String(contentsOfFile: path, encoding: .utf8)
        else { throw Misconfiguration("\(name): cannot be read") }
        guard status.st_mode & 0o007 == 0 else {
            throw Misconfiguration("\(name): everybody can read it; chmod 600")
        }
        let words = text.drop(while: \.isWhitespace)
        guard let last = words.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(words[...last])
    }

    subscript(name: String) -> String? { values[name] }

    func required(_ name: String) throws -> String {
        guard let value = values[name] else { throw Misconfiguration("\(name) is not set") }
        return value
    }

    func number(_ name: String, in range: ClosedRange<Int>, or usual: Int) throws -> Int {
        guard let text = values[name] else { return usual }
        guard let number = Int(text), range.contains(number) else {
            throw Misconfiguration(
                "\(name): a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// Where the service finds its database; libpq's own `PG*` variables say what it does not.
    var databaseURL: String { values["DATABASE_URL"] ?? "" }

    /// The same, once it is certain that it may be used.
    func safeDatabaseURL() throws -> String {
        try checkPlace(databaseURL, "DATABASE_URL")
        return databaseURL
    }

    /// The database as somebody else than the service.
    func safeDatabaseURL(_ name: String) throws -> String {
        let url = try required(name)
        try checkPlace(url, name)
        return url
    }

    /// Passwords and stories go there: nobody on the way may read along, or pretend to be it.
    private func checkPlace(_ url: String, _ name: String) throws {
        switch values["ROWAN_DATABASE_NETWORK"] {
        case nil:
            guard try !DatabasePlace(url).isSafe else { return }
            throw Misconfiguration(
                """
                \(name): a database on another host is only used with sslmode=verify-full; where \
                the network between is private, set ROWAN_DATABASE_NETWORK=private
                """)
        case "private": return
        default: throw Misconfiguration("ROWAN_DATABASE_NETWORK: private, or not set")
        }
    }

    func keys() throws -> KeyRing {
        guard let keys = KeyRing(file: try required("ROWAN_KEYS")) else {
            throw Misconfiguration(
                "ROWAN_KEYS: lines of a number from 0 to 255 and 64 hexadecimal digits")
        }
        return keys
    }
}

/// Something in the configuration that is wrong, in words.
struct Misconfiguration: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
