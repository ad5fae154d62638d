import EventLoop

/// Makes the connections of one pool, and knows whether the database is there.
///
/// Once connecting has failed the database is away, and nobody need ask it anything: `onRetry` is
/// called now and then, less and less often and never at the same moments as others.
final class Dialler {
    private let configuration: PoolConfiguration
    private let loop: EventLoop
    private var dials: [Dial] = []
    private var failures = 0
    private var retry: Timer?
    private(set) var isClosed = false

    /// Why there is no database, if there is none.
    private(set) var reason: PostgresError?

    var onRetry: () -> Void = {}

    init(_ configuration: PoolConfiguration, _ loop: EventLoop) {
        self.configuration = configuration
        self.loop = loop
    }

    /// Connects. `onLoss` hears when what was connected is lost later.
    func connect(
        readsOnly: Bool, onLoss: @escaping (Connection) -> Void,
        _ done: @escaping (Connection?) -> Void
    ) {
        dial(readsOnly: readsOnly) { [self] outcome in
            switch outcome {
            case .success(let pg):
                suppose()
                let count = configuration.preparedStatements
                done(Connection(pg, loop: loop, preparesAtMost: count, onLoss: onLoss))
            case .failure(let error):
                fail(error)
                done(nil)
            }
        }
    }

    /// From now on the database counts as there.
    func suppose() {
        retry?.cancel()
        (retry, reason, failures) = (nil, nil, 0)
    }

    func close() {
        isClosed = true
        for dial in dials { dial.cancel() }
        retry?.cancel()
        reason = .closed
        onRetry = {}
    }

    private func dial(readsOnly: Bool, _ done: @escaping (Dial.Outcome) -> Void) {
        do throws(PostgresError) {
            let string = try ConnectionString(configuration, readsOnly: readsOnly)
            let patience = configuration.connectMilliseconds
            var dial: Dial?
            dial = Dial(string, loop: loop, milliseconds: patience) { [self] outcome in
                dials.removeAll { $0 === dial }
                done(outcome)
            }
            if let dial { dials.append(dial) }
        } catch {
            loop.after(0) { done(.failure(error)) }
        }
    }

    private func fail(_ error: PostgresError) {
        guard !isClosed else { return }
        reason = error
        guard retry == nil else { return }
        let longest = min(1000, 25 << min(failures, 6))
        failures += 1
        retry = loop.after(.random(in: longest / 2...longest)) { [self] in
            retry = nil
            onRetry()
        }
    }
}
