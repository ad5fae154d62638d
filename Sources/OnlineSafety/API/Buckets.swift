import HTTP

/// Token buckets, one for each of something that is limited: each holds `size` at first and gets
/// one back after every `interval`. No more than `room` are remembered, those only that are not
/// full; should there be so many, whoever comes besides shares one.
struct Buckets<Name: Hashable & Sendable>: Sendable {
    /// How many may be taken at once.
    let size: Int

    /// Milliseconds after which one more may be.
    let interval: Int
    private let room: Int

    /// When each is full again. A bucket that is full need not be remembered.
    private var fullAt: [Name: Int] = [:]
    private var crowdFullAt = 0
    private var sweptAt = Int.min

    init(size: Int, interval: Int, room: Int) {
        (self.size, self.interval, self.room) = (size, interval, room)
    }

    /// How many are left.
    func left(of name: Name, at now: Int) -> Int {
        let missing = max(fullAt[name] ?? 0, now) - now
        return size - (missing + interval - 1) / interval
    }

    /// Milliseconds until there is one, if one is wanted now.
    func wait(for name: Name, at now: Int) -> Int {
        max(0, max(fullAt[name] ?? 0, now) - now - (size - 1) * interval)
    }

    /// Takes one; `false`, and nothing, where none is left.
    mutating func take(_ name: Name, at now: Int) -> Bool {
        makeRoom(at: now)
        let known = fullAt[name]
        guard known != nil || fullAt.count < room else { return takeFromCrowd(at: now) }
        let full = max(known ?? 0, now)
        guard full - now <= (size - 1) * interval else { return false }
        fullAt[name] = full + interval
        return true
    }

    /// Gives one back that was taken for what then did not happen. (What the crowd shares comes
    /// back by itself.)
    mutating func giveBack(_ name: Name) {
        if let full = fullAt[name] { fullAt[name] = full - interval }
    }

    private mutating func takeFromCrowd(at now: Int) -> Bool {
        guard max(crowdFullAt, now) - now <= (size - 1) * interval else { return false }
        crowdFullAt = max(crowdFullAt, now) + interval
        return true
    }

    /// Forgets those that are full; once a second at most, as it looks at all of them.
    private mutating func makeRoom(at now: Int) {
        guard fullAt.count >= room, sweptAt <= now - 1000 else { return }
        sweptAt = now
        fullAt = fullAt.filter { $0.value > now }
    }
}

/// What a client may know of its own limit (`RateLimit` and `RateLimit-Policy`, as the IETF's draft
/// on rate limit fields has them).
struct RateLimit: Sendable {
    /// So many in so many seconds.
    let quota: Int
    let window: Int
    let left: Int

    /// Seconds until there is one more.
    let renewal: Int

    /// What is limited.
    var name = "reports"

    var policy: String { "\"\(name)\";q=\(quota);w=\(window)" }
    var state: String { "\"\(name)\";r=\(left);t=\(renewal)" }
}

extension HeaderWriter {
    mutating func add(_ limit: RateLimit) {
        add("RateLimit-Policy", limit.policy)
        add("RateLimit", limit.state)
    }
}
