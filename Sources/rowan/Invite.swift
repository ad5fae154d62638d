import FoundationEssentials
import OnlineSafety
import Postgres

/// Lets the first person of a school or a trust in: the operator's way, before there is anybody who
/// could invite. Reads what to do from standard input.
struct Invite {
    private let url: String
    private let link: String
    private let byMail: Bool

    init(_ environment: Environment) throws {
        url = try environment.safeDatabaseURL("ROWAN_MAINTENANCE_DATABASE_URL")
        link = environment["ROWAN_PUBLIC_URL"] ?? ""
        byMail = environment["ROWAN_MAIL_FROM"]?.isEmpty == false
    }

    func run() throws {
        var lines: [String] = []
        while lines.count < 20, let line = readLine() { lines.append(line) }
        let invitation = try FirstInvitation(lines: lines.joined(separator: "\n"))
        let connection = try DirectConnection(url)
        guard let secret = try invitation.apply(on: connection, byMail: byMail) else {
            return print("Invited: the worker sends the link, which holds for seven days")
        }
        print("Give this link to whoever is invited, and to nobody else. It is shown this once,")
        print("counts once, and holds for seven days:")
        print("\(link)/invitation#\(secret)")
    }
}
