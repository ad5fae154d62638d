import EventLoop
import HTTP
import Postgres

/// A request on its way to a handler. Like everything in it, it stays on its loop, and its slices
/// of the request are valid until it has been answered.
struct Call {
    let request: Request
    let connection: HTTP.Connection
    let requestID: RequestID
    let route: Route
    private(set) var transaction: Transaction
    let service: ServiceParts

    /// `nil` on the few routes that admit the whole world.
    let admitted: Reach?

    /// Whoever came with an intake key, where the route asks for one.
    let intake: IntakeCaller?

    /// Whoever came with a signing link, where the route asks for one.
    let signer: LinkSigner?

    /// What is left to a machine's client.
    let limit: RateLimit?
    var pathValues: PathValues
    var query: QueryReader

    /// The caller's own key for this write, when they sent one.
    var key: IdempotencyKey?

    /// What is asked for is on record, though the route as such is not.
    mutating func write() {
        if transaction.access == .reading { transaction = transaction.writing() }
    }

    var reach: Reach {
        get throws(Problem) {
            guard let admitted else { throw Problem(.unauthorized) }
            return admitted
        }
    }
}

/// What handlers may need beside the request: parts of the service that outlive it.
struct ServiceParts {
    let keys: KeyRing
    let passwords: PasswordThreads
    let misuse: Misuse
    let guesses: GuessGate
    let sessionLength: SessionLength
    let proxies: Proxies
    let clientLimits: ClientLimits
    let publicLimits: PublicLimits
    let signingLimits: SigningLimits
    let loop: EventLoop
    let origins: Origins
    let exports: ExportBounds

    /// The schools of which a file is being read.
    let imports: Places<ID<School>>
    let followers: Followers
}
