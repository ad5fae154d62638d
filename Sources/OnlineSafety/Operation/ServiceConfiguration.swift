import EventLoop
import HTTP
import Postgres

/// What an operator decides about one copy of the service.
package struct ServiceConfiguration: Sendable {
    package var pool: PoolConfiguration
    package var keys: KeyRing
    package var sessionLength: SessionLength

    /// The web front ends whose pages may call from a browser, as `https://name[:port]`.
    package var origins: [String] = []

    /// How long an answer may take, once all of the request has come.
    package var requestMilliseconds = 10_000

    /// Of whole lists that are asked for as tables.
    package var exports = ExportBounds()

    /// How many files are read at once, of a school one: each holds some memory and, at its end,
    /// the database for a while. Beyond: 503.
    let imports = Places<ID<School>>(4, each: 1)
    package var following = FollowingBounds()

    /// Who may say where a request comes from.
    package var proxies = Proxies.none

    /// Whether what comes unencrypted from elsewhere is answered all the same (SEC-11).
    package var acceptsPlainHTTP = false

    /// Of what people report who have no account.
    package var intakeLimits = IntakeLimits()

    /// Of those who sign by links.
    package var signingLimits = SigningLimits()

    /// Of people who are logged in.
    package var accountLimits = AccountLimits()

    /// Of machine clients.
    package var clientLimits = ClientLimits()

    /// Of what anybody may read without log-in.
    package var publicLimits = PublicLimits()

    package let passwords = PasswordThreads()
    package let guesses = GuessGate()
    package let misuse = Misuse()
    package let measures = Measures()
    package let state = ServiceState()
    package var log = Log(to: .standardOutput)

    /// For tests, which show that each of the other walls holds by itself.
    package var walls: Walls = []

    /// Of a process that answers nobody: the worker.
    package init(pool: PoolConfiguration) {
        self.init(pool: pool, keys: KeyRing([]), sessionLength: .none)
    }

    package init(pool: PoolConfiguration, keys: KeyRing, sessionLength: SessionLength) {
        self.pool = pool
        self.keys = keys
        self.sessionLength = sessionLength
    }
}

/// Walls that a test has opened: the roles of the routes, the predicates of the SQL. (The third,
/// row-level security, is opened in the test's own database.)
package struct Walls: OptionSet, Sendable {
    package let rawValue: Int
    package init(rawValue: Int) { self.rawValue = rawValue }

    package static let firstOpen = Walls(rawValue: 1)
    package static let secondOpen = Walls(rawValue: 2)
}
