import FoundationEssentials

/// What `rowan local` was told, by its arguments and its environment.
struct LocalSettings {
    static let usage = """
        rowan local [--without-demo]

        Runs Rowan on this machine, for one to try it: with a PostgreSQL of its own in .rowan, or,
        where DATABASE_URL is set, with that database.
        """

    let environment: [String: String]
    let port: UInt16
    let adminPort: UInt16
    let isDemoWanted: Bool
    let databaseURL: String?

    init(_ arguments: [String]) throws {
        guard arguments.allSatisfy({ $0 == "--without-demo" }) else {
            throw LocalError(Self.usage)
        }
        let environment = ProcessInfo.processInfo.environment
        isDemoWanted = arguments.isEmpty
        port = try Self.port("ROWAN_PORT", or: 8080, environment)
        adminPort = try Self.port("ROWAN_ADMIN_PORT", or: 8081, environment)
        databaseURL = environment["DATABASE_URL"].flatMap { $0.isEmpty ? nil : $0 }
        guard port != adminPort else {
            throw LocalError("ROWAN_PORT and ROWAN_ADMIN_PORT are both \(port)")
        }
        if databaseURL != nil, environment["ROWAN_OWNER_DATABASE_URL"] == nil {
            throw LocalError(
                """
                DATABASE_URL is set, so Rowan uses that database and makes none of its own. To \
                prepare it, set ROWAN_OWNER_DATABASE_URL too: the same database as a user who may \
                make tables and roles. Or unset DATABASE_URL.
                """)
        }
        self.environment = environment
    }

    var baseURL: String { "http://127.0.0.1:\(port)" }
    var adminURL: String { "http://127.0.0.1:\(adminPort)" }

    private static func port(
        _ name: String, or usual: UInt16, _ environment: [String: String]
    ) throws -> UInt16 {
        guard let text = environment[name] else { return usual }
        guard let port = UInt16(text), port > 0 else {
            throw LocalError("\(name) is not a port from 1 to 65535: \(text)")
        }
        return port
    }
}
