import Postgres

extension Problem {
    /// What an error of PostgreSQL is to whoever asked: a broken rule in the area's words, one of
    /// our own functions' refusals (class RW), or that it must be asked again. `nil`: nobody
    /// foresaw it.
    init?(_ error: PostgresError, conflicts: [String: String]) {
        if let words = error.constraint.flatMap({ conflicts[$0] }) {
            self.init(.conflict, words)
            return
        }
        if error.outcomeUnknown {
            self.init(.outcomeUnknown)
            return
        }
        switch (error.sqlState, error.kind) {
        case ("RW401", _): self.init(.unauthorized)
        case ("RW403", _): self.init(.forbidden)
        case ("RW404", _): self.init(.notFound)
        case ("RW410", _):
            self.init(.notFound, "It was done when it was first asked, and is not open to you now.")
        case ("RW402", _):
            self.init(.busy, "Your posts have changed meanwhile; send it again.")
        case ("RW423", _): self.init(.stepUpRequired)
        case ("RW409", _): self.init(.requestInFlight)
        case ("RW422", _): self.init(.keyReused)
        case (_, .unavailable): self.init(.unavailable)
        case (_, .busy), (_, .timedOut): self.init(.busy)
        case (_, .conflict): self.init(.conflict, "Somebody else changed it at the same moment.")
        case (_, .invalidText): self.init(.validationFailed, "A value cannot be kept as text.")
        default: return nil
        }
    }
}
