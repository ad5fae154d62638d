import FoundationEssentials

/// What `rowan local` was told, by its arguments and its environment.
struct LocalSettings {
    static let usage = """
        rowan local [--without-demo]

        Runs Rowan on this machine, for one to try it: with a PostgreSQL of its own in .rowan, or,
        where DATABASE_URL is set, with that database.
        """

    let port: UInt16
    let adminPort: UInt16
    /// 0, for any, unless somebody wants to ask the worker: nobody else here does.
    let workerPort: UInt16
    let address: String
    let adminAddress: String
    /// How long the service may take to finish what it has begun.
    let drainSeconds: Int
    let isDemoWanted: Bool
    let hasOwnDatabase: Bool
    let hasKeys: Bool

    init(_ arguments: [String], _ environment: Environment) throws {
        guard arguments.allSatisfy({ $0 == "--without-demo" }) else {
            throw LocalError(Self.usage)
        }
        isDemoWanted = arguments.isEmpty
        let ports = 1...65_535
        port = UInt16(try environment.number("ROWAN_PORT", in: ports, or: 8080))
        adminPort = UInt16(try environment.number("ROWAN_ADMIN_PORT", in: ports, or: 8081))
        workerPort = UInt16(try environment.number("ROWAN_WORKER_PORT", in: 0...65_535, or: 0))
        address = environment["ROWAN_ADDRESS"] ?? "127.0.0.1"
        adminAddress = environment["ROWAN_ADMIN_ADDRESS"] ?? "127.0.0.1"
        drainSeconds = try environment.number("ROWAN_DRAIN_SECONDS", in: 0...3600, or: 9)
        hasOwnDatabase = environment.databaseURL.isEmpty
        hasKeys = environment["ROWAN_KEYS"] != nil
        guard Set([port, adminPort, workerPort]).count == 3 else {
            throw LocalError("ROWAN_PORT, ROWAN_ADMIN_PORT or ROWAN_WORKER_PORT are the same")
        }
        // What the worker would refuse, again and again, is told before anything starts.
        _ = try environment.outbox()
        guard hasOwnDatabase || environment["ROWAN_OWNER_DATABASE_URL"] != nil else {
            throw LocalError(
                """
                DATABASE_URL is set, so Rowan uses that database and makes none of its own. To \
                prepare it, set ROWAN_OWNER_DATABASE_URL too: the same database as a user who may \
                make tables and roles. Or unset DATABASE_URL.
                """)
        }
    }

    var baseURL: String { "http://\(Self.reachable(address)):\(port)" }
    var adminURL: String { "http://\(Self.reachable(adminAddress)):\(adminPort)" }

    /// As it stands in a URL; "all addresses" is none that one can call.
    private static func reachable(_ address: String) -> String {
        switch address {
        case "0.0.0.0": "127.0.0.1"
        case "::": "[::1]"
        default: address.contains(":") ? "[\(address)]" : address
        }
    }
}
