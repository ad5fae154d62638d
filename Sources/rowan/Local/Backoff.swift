/// How long to wait before something is started again: not at all, unless it keeps ending.
struct Backoff {
    private var last = Int.min / 2
    private var pause = 0

    /// Whether it may be started now; the answer "yes" counts as a start. A minute without one
    /// forgives what was before.
    var isOver: Bool {
        mutating get {
            let now = Clock.milliseconds
            let since = now - last
            guard since >= pause else { return false }
            pause = since > 60_000 ? 250 : min(pause * 2, 30_000)
            last = now
            return true
        }
    }
}
