import Testing

@testable import Postgres

@Suite struct `Listening` {
    @Test func `hears what is told, and says when it may have missed something`() async throws {
        let database = try TestDatabase()
        try await database.pool { pool in
            let heard = Heard()
            let listener = Notifications(
                pool.configuration, loop: pool.loop, listen: "listen rowan_listening",
                onLoss: { heard.losses += 1 }, received: { heard.words.append($0) })
            defer { listener.close() }
            for round in 1...2 {
                while !listener.isListening { await pool.pause(5) }
                try database.direct().run(
                    "select pg_notify('rowan_listening', \("round \(round)"))")
                while heard.words.count < round { await pool.pause(5) }
                try database.direct().run(
                    """
                    select pg_terminate_backend(pid) from pg_stat_activity
                    where query = 'listen rowan_listening' and pid <> pg_backend_pid()
                    """)
                while heard.losses < round { await pool.pause(5) }
            }
            #expect(heard.words == ["round 1", "round 2"])
        }
    }
}

private final class Heard {
    var words: [String] = []
    var losses = 0
}
