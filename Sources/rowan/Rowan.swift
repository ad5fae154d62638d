import Foundation

/// `rowan serve | migrate | demo | local | openapi | access | audit verify | healthcheck`.
@main
struct Rowan {
    static func main() async {
        signal(SIGPIPE, SIG_IGN)
        do {
            try await run(Array(CommandLine.arguments.dropFirst()))
        } catch {
            FileHandle.standardError.write(Data("rowan: \(error)\n".utf8))
            exit(1)
        }
    }

    private static func run(_ words: [String]) async throws {
        switch words.first {
        case "serve": try await Serve(Environment()).run()
        case "migrate": try Migrate(Environment()).run()
        case "local": exit(Local.run(Array(words.dropFirst())))
        case "demo": try Demo(Environment(), Array(words.dropFirst())).run()
        case "openapi": Documents.printContract()
        case "access": Documents.printAccess()
        case "audit" where words.dropFirst().first == "verify":
            try AuditVerification(Environment()).run()
        case "healthcheck": try Healthcheck(Environment()).run()
        default: throw Misuse()
        }
    }
}

/// What the program can be asked to do, for somebody who asked for something else.
private struct Misuse: Error, CustomStringConvertible {
    let description = """
        say what to do:
          serve          answer requests (DATABASE_URL, ROWAN_KEYS_FILE)
          migrate        bring the database up to date (ROWAN_OWNER_DATABASE_URL)
          demo           load the demonstration into an empty database
          local          all of these, with a private PostgreSQL
          openapi        print the contract
          access         print who may do what
          audit verify   check every chain of the audit (ROWAN_MAINTENANCE_DATABASE_URL)
          healthcheck    ask a running service whether it is ready
        """
}
