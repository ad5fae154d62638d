import Glibc
import OnlineSafety

/// The program. Its exit status is 0, 1 when what was asked could not be done, or 64 when it was
/// not understood (sysexits.h).
@main
struct Rowan {
    static func main() async {
        signal(SIGPIPE, SIG_IGN)
        Memory.keepOutOfCrashes()
        do {
            try await run(Array(CommandLine.arguments.dropFirst()))
        } catch let misuse as Misuse {
            Console.complain("rowan: \(misuse)")
            exit(64)
        } catch {
            Console.complain("rowan: \(error)")
            exit(1)
        }
    }

    private static func run(_ words: [String]) async throws {
        switch (words.first, Array(words.dropFirst())) {
        case ("local", let rest): exit(Local.run(rest))
        case ("demo", let rest): try Demo(Environment(), rest).run()
        case ("audit", ["checkpoint"]): try AuditCheckpoint(Environment()).run()
        case ("audit", ["verify"]): try AuditVerification(Environment()).run()
        case ("invite", []): try Invite(Environment()).run()
        case ("import", let rest): try Import(Environment(), rest).run()
        case ("serve", []): try await Serve(Environment()).run()
        case ("worker", []): try await Work(Environment()).run()
        case ("migrate", []): try Migrate(Environment()).run()
        case ("openapi", []): try Documents.printContract()
        case ("access", []): try Documents.printAccess()
        case ("healthcheck", []): try Healthcheck(Environment(), ofWorker: false).run()
        case ("healthcheck", ["worker"]): try Healthcheck(Environment(), ofWorker: true).run()
        case ("help", []), ("--help", []), ("-h", []): try StandardOutput.write(usage + "\n")
        case ("--version", []), ("version", []): try StandardOutput.write(version + "\n")
        default: throw Misuse()
        }
    }

    fileprivate static let usage = """
        say what to do:
          serve          answer requests (DATABASE_URL, ROWAN_KEYS_FILE)
          worker         let notices climb and send mail (ROWAN_WORKER_DATABASE_URL)
          migrate        bring the database up to date (ROWAN_OWNER_DATABASE_URL)
          invite         let the first person of a school in (ROWAN_MAINTENANCE_DATABASE_URL)
          import FILE --school URN|ID [--full] [--partial] [--dry-run] [--kind KIND]
                         [--confirm-leavers N] [--confirm-links-ended N]
                         read a roster, CSV or NDJSON (ROWAN_MAINTENANCE_DATABASE_URL)
          demo           load the demonstration into an empty database
          local          all of these, with a private PostgreSQL
          openapi        print the contract
          access         print who may do what
          audit verify   check every chain of the audit (ROWAN_MAINTENANCE_DATABASE_URL), and
                         against the checkpoints (ROWAN_CHECKPOINTS, ROWAN_CHECKPOINT_KEY_FILE)
          audit checkpoint
                         add a checkpoint, as the worker does each hour
          healthcheck    ask a running service whether it is ready; or `healthcheck worker`
          help           print this
          version        print what the contract and the database's schema are here
        """

    private static let version = "rowan: contract \(Contract.version), schema \(Health.schema)"
}

/// It was asked for something that it cannot do.
struct Misuse: Error, CustomStringConvertible {
    let description = Rowan.usage
}
