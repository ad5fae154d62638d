import EventLoop
import FoundationEssentials
import HTTP
import Postgres

/// How many answers that go on there may be at once in one copy of the service, and how often they
/// are looked after.
package struct FollowingBounds: Sendable {
    /// Beyond: 503. Each account can have four.
    let places = Places<ID<Account>>(1000, each: 4)

    /// How long nothing is said; then a comment is, and the caller's seats are checked again.
    package var beat = 15_000

    /// How often the database is asked, once for all who follow on a loop.
    package var poll = 1000

    /// How long a question may take.
    package var milliseconds = 5000
}

/// Somebody who follows what is new.
final class Follower {
    let stream: BodyStream
    fileprivate let account: UUID
    fileprivate let session: UUID
    fileprivate let schools: [ID<School>]
    fileprivate var hasNews = false
    fileprivate var beatAt: Int

    fileprivate init(_ caller: Caller, _ stream: BodyStream, beatAt: Int) {
        (account, session) = (caller.account.uuid, caller.session.uuid)
        (schools, self.stream, self.beatAt) = (caller.schools, stream, beatAt)
    }
}

/// All who follow on one loop. The database is asked once a second for all of them, by whoever is
/// first to see that it is time; those who must look are woken.
final class Followers {
    let bounds: FollowingBounds
    private let pool: Pool
    private let loop: EventLoop
    private var all: [Follower] = []
    private var pollAt = 0

    /// Until where all who are here have looked.
    private var since: String?

    init(_ bounds: FollowingBounds, pool: Pool, loop: EventLoop) {
        (self.bounds, self.pool, self.loop) = (bounds, pool, loop)
    }

    func add(_ caller: Caller, _ stream: BodyStream) -> Follower {
        let follower = Follower(caller, stream, beatAt: loop.now + bounds.beat)
        all.append(follower)
        return follower
    }

    func remove(_ follower: Follower) {
        all.removeAll { $0 === follower }
        if all.isEmpty { since = nil }
    }

    /// Waits until there may be something for a follower, or until it is time to say something.
    func wait(for follower: Follower) async throws {
        while !follower.hasNews {
            let next = min(pollAt, follower.beatAt)
            _ = try await follower.stream.rest(upTo: max(1, next - loop.now))
            if loop.now >= pollAt { await poll() }
            if loop.now >= follower.beatAt {
                follower.beatAt = loop.now + bounds.beat
                try await follower.stream.write { $0.append(": beat\n\n") }
                break
            }
        }
        follower.hasNews = false
    }

    /// A database that does not answer is asked again a second later.
    private func poll() async {
        pollAt = loop.now + bounds.poll
        let asked = all
        let schools = Set(asked.flatMap { $0.schools.map(\.uuid) }).map { ID<School>($0) }
        let tx = Transaction(.reading, in: pool, deadline: loop.now + bounds.milliseconds)
        do throws(PostgresError) {
            let found = try await Climbing.upToDate(in: schools, tx) {
                tx.add(
                    """
                    select places, written_until::text as written_until
                    from followers_to_wake(
                        \(asked.map(\.account)), \(asked.map(\.session)),
                        \(since ?? "0")::text::xid8)
                    """)
            }
            try await tx.commit()
            since = found.text(0, "written_until")
            for place in found.ints(0, "places") ?? [] { wake(asked[place - 1]) }
        } catch {}
    }

    private func wake(_ follower: Follower) {
        follower.hasNews = true
        follower.stream.nudge()
    }
}
