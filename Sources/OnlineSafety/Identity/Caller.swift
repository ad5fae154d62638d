import Crypto
import Postgres

/// On whose behalf a request is made. An account, with the seats that it holds today: pairs of
/// organisation and role, so that a post in one school opens nothing in another. Or a machine's
/// client, with the scopes of its token and the schools that it reads today, and no seats.
struct Caller: Sendable {
    /// Of a client an id that no account has, its own: what is an account's is never its.
    let account: ID<Account>

    /// Of a client the id of its token.
    let session: ID<Session>
    let name: String
    let seats: [Seat]

    /// What the session must do before anything else, the first thing first; it has no seats then.
    let outstanding: [Outstanding]

    /// The seats, or the scopes, as the database wrote them, by which it knows whether they still
    /// are as they were.
    let seatsText: String

    /// Set of a client: what it may read, and in which schools.
    var scopes: [Scope: [ID<School>]]?

    /// Set by tests only, to show that each wall holds by itself.
    var opensFirstWall = false
    var opensSecondWall = false

    struct Seat: Sendable, Hashable {
        /// The school; for a role of a trust, the trust, which is the key of no school's row.
        let school: ID<School>
        let role: Role
    }

    func holds(_ role: Role, in school: ID<School>) -> Bool {
        seats.contains(Seat(school: school, role: role))
    }

    /// The schools in which the caller holds any seat, each once.
    var schools: [ID<School>] {
        seats.reduce(into: []) { schools, seat in
            if seat.role.isOfASchool, !schools.contains(seat.school) {
                schools.append(seat.school)
            }
        }
    }
}

extension Caller: Argument {
    static func take(from call: inout Call) throws -> Caller { try call.reach.caller }
}

enum Account {}
enum Session {}
enum Trust {}
