import Synchronization

/// What stands before the database, for one copy of the service, so that guessing at a gallop costs
/// little: whoever was told to wait is told so again without being counted for a second, and at
/// most so many are being counted at once.
///
/// An attack gets, in this order: 429 from here, 503 where too many ask at once, 429 from the
/// counts that all copies share, 503 where all who may hash wait already. Only what is left costs a
/// hash, and of those there are two at a time.
package final class GuessGate: Sendable {
    private struct State {
        /// Until when whoever asks so is refused, by the loop's clock, and the seconds they are
        /// told.
        var refused: [[UInt8]: (until: Int, seconds: Int)] = [:]
        var asking = 0
    }

    private let state = Mutex(State())
    private static let most = 16
    private static let room = 10_000

    /// How long an answer of the counts is repeated. Short: they move on, in all copies.
    private static let memory = 1000

    package init() {}

    /// Lets in one who is to be counted; they must `leave`.
    func enter(_ name: [UInt8], at now: Int) throws(Problem) {
        try state.withLock { state throws(Problem) in
            if let known = state.refused[name], known.until > now {
                throw Self.wait(known.seconds)
            }
            guard state.asking < Self.most else { throw Self.busy }
            state.asking += 1
        }
    }

    func leave() { state.withLock { $0.asking -= 1 } }

    /// The counts said that this one must wait for so many seconds.
    func refusal(of name: [UInt8], for seconds: Int, at now: Int) -> Problem {
        state.withLock { state in
            if state.refused.count >= Self.room {
                state.refused = state.refused.filter { $0.value.until > now }
            }
            if state.refused.count < Self.room {
                state.refused[name] = (now + min(seconds * 1000, Self.memory), seconds)
            }
        }
        return Self.wait(seconds)
    }

    private static func wait(_ seconds: Int) -> Problem {
        var problem = Problem(
            .tooManyRequests, "Too many tries have failed. Wait for the time of Retry-After.")
        problem.retryAfter = seconds
        return problem
    }

    private static var busy: Problem {
        var problem = Problem(.busy, "Too many log-ins at once.")
        problem.retryAfter = 2
        return problem
    }
}
