import Foundation
import JSON
import Testing

@testable import OnlineSafety
@testable import Postgres

/// A table without `limit` is the whole list, read page by page as the client takes it.
@Suite struct `A whole table` {
    private func register(
        of count: Int, _ configure: (inout ServiceConfiguration) -> Void = { _ in }
    ) async throws -> Register {
        let register = try await Register.open(configure)
        try register.database.fill(incidents: count)
        return register
    }

    private func lines(_ reading: Reading) -> [Substring] { reading.text.split(separator: "\r\n") }

    @Test(arguments: [0, 1, 499, 500, 501, 1000, 1001, 1234])
    func `has every row once, in order, whatever the pages`(count: Int) async throws {
        let register = try await register(of: count)
        let table = try register.as(.dsl).get("/v1/incidents?format=csv&sort=reported_at")
        #expect(table.status == 200 && table.header("content-length") == nil)
        #expect(table.header("link") == nil)
        let lines = lines(table)
        #expect(lines.count == count + 1)
        let references = lines.dropFirst().compactMap { line in
            line.split(separator: ",", omittingEmptySubsequences: false)
                .first { $0.hasPrefix("R-") }.map(String.init)
        }
        #expect(references == (0..<count).reversed().map { "R-\($0 + 1)" })
        let recorded = try register.database.recordedExports()
        #expect(recorded.ids == count && recorded.entries == (count + 499) / 500)
    }

    @Test func `is refused beyond its bound, before anything is shown: n - 1, n, n + 1`()
        async throws
    {
        for (count, status) in [(999, 200), (1000, 200), (1001, 422)] {
            let register = try await register(of: count) { $0.exports.rows = 1000 }
            let table = try register.as(.dsl).get("/v1/incidents?format=csv")
            #expect(table.status == status)
            if status == 200 {
                #expect(lines(table).count == count + 1)
            } else {
                #expect(table.code == "export_too_large")
                #expect(try register.database.recordedExports().ids == 0)
                let page = try register.as(.dsl).get("/v1/incidents?format=csv&limit=1000")
                #expect(page.status == 200 && page.header("link") != nil)
            }
        }
    }

    @Test func `of a slow reader holds no transaction, and only what is shown is on record`()
        async throws
    {
        let register = try await register(of: 10_000)
        let reader = try SlowReader(register, .dsl)
        try await Task.sleep(for: .milliseconds(300))
        let busy = try register.database.owner().run(
            """
            select count(*) as count from pg_stat_activity
            where datname = current_database() and state <> 'idle' and pid <> pg_backend_pid()
            """)
        #expect(busy.int(0, "count") == 0)
        let recorded = try register.database.recordedExports()
        #expect((500..<5000).contains(recorded.ids))
        #expect(try register.as(.staff).report().status == 201)
        let table = try reader.rest()
        #expect(lines(table).count == 10_001)
        #expect(try register.database.recordedExports().ids == 10_000)
    }

    @Test func `is cut where its reader may read no more`() async throws {
        let register = try await register(of: 10_000)
        let reader = try SlowReader(register, .dsl)
        try register.database.execute("delete from session")
        #expect(throws: Reading.Cut.self) { try reader.rest() }
        #expect(try register.database.recordedExports().ids < 5000)
    }

    @Test func `is had twice at once by an account, and not a third time`() async throws {
        let register = try await register(of: 10_000)
        var readers = try [SlowReader(register, .dsl), SlowReader(register, .dsl)]
        let third = try register.as(.dsl).get("/v1/incidents?format=csv")
        #expect(third.status == 503 && third.code == "busy")
        #expect(third.header("retry-after") != nil)
        #expect(try register.as(.headteacher).get("/v1/incidents?format=csv").status == 200)
        #expect(try register.as(.dsl).get("/v1/incidents").status == 200)
        readers.removeLast()
        let isFree = try await eventually {
            try register.as(.dsl).get("/v1/incidents?format=csv").status == 200
        }
        #expect(isFree)
    }

    @Test func `is not produced for HEAD`() async throws {
        let register = try await register(of: 1)
        let socket = try ClientSocket(port: register.port)
        let token = TestSchool.hawthorn.token(.dsl)
        try socket.send(
            Array(
                """
                HEAD /v1/incidents?format=csv HTTP/1.1\r\nHost: localhost\r\n\
                Authorization: Bearer \(token)\r\nConnection: close\r\n\r\n
                """.utf8))
        let head = String(decoding: try socket.readToEnd(), as: UTF8.self)
        #expect(head.hasPrefix("HTTP/1.1 200") && head.hasSuffix("\r\n\r\n"))
    }
}

/// However long a table is, and however slowly it is taken, the service needs little memory.
@Suite struct `The memory of a table` {
    @Test func `stays flat`() async throws {
        let database = try TestDatabase()
        try database.fill(incidents: 20_000, each: 400)
        let service = try RunningService(database.serviceURL)
        #expect(try await service.isReady())
        let dsl = service.as(.dsl)
        for _ in 0..<3 {
            let some = try dsl.get("/v1/incidents?format=csv&limit=1000")
            #expect(some.status == 200)
        }
        let before = try peak(of: service)
        let reader = try SlowReader(port: service.port, .dsl)
        // Long enough for all of it to be read, if nobody waited for the reader.
        try await Task.sleep(for: .milliseconds(2500))
        let table = try reader.rest()
        #expect(table.body.count > 8_000_000)
        #expect(try peak(of: service) - before < 4_000)
    }

    /// The most memory that it has had so far, in kB.
    private func peak(of service: RunningService) throws -> Int {
        // setpriv became the program itself.
        let status = try String(
            contentsOfFile: "/proc/\(service.child.id)/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
        return try #require(Int(line.split(separator: " ").dropLast().last ?? ""))
    }
}

/// Somebody who has asked for the whole table, and has read only the beginning of it.
private final class SlowReader {
    private let socket: ClientSocket
    private var bytes: [UInt8]

    convenience init(_ register: Register, _ role: Role) throws {
        try self.init(port: register.port, role)
    }

    init(port: UInt16, _ role: Role) throws {
        socket = try ClientSocket(port: port, receiving: 10_000)
        let token = TestSchool.hawthorn.token(role)
        let head = """
            GET /v1/incidents?format=csv HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
            Authorization: Bearer \(token)\r\n\r\n
            """
        try socket.send(Array(head.utf8))
        bytes = try socket.read()
    }

    func rest() throws -> Reading { try Reading(bytes + socket.readToEnd()) }
}

extension TestDatabase {
    /// With references from `R-1`, the newest, on; `each` characters long or more.
    fileprivate func fill(incidents count: Int, each length: Int = 0) throws {
        try execute(
            """
            insert into incident (
                school_id, id, reference, concerns, urgency, treated_as, readers, reported_at)
            select '\(TestSchool.hawthorn.id)', gen_random_uuid(),
                'R-' || number || repeat('x', \(length)), 'child', 'normal', 'child',
                '{dsl,headteacher}', rowan_now() - number * interval '1 minute'
            from generate_series(1, \(count)) as number
            """)
    }

    /// How many records were put on record as exported, in how many entries.
    fileprivate func recordedExports() throws -> (ids: Int, entries: Int) {
        let found = try owner().run(
            """
            select coalesce(sum(cardinality(record_ids)), 0)::integer as ids,
                count(*)::integer as entries
            from event where deed = 'exported'
            """)
        return (found.int(0, "ids") ?? 0, found.int(0, "entries") ?? 0)
    }
}
