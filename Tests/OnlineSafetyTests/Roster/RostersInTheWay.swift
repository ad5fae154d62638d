import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety
@testable import Postgres

/// What happens beside a batch, and to it, while it is read and applied.
@Suite struct `What comes between a roster` {
    private let school = TestSchool.hawthorn
    private static let heads = "id,kind,forename,surname\n"

    /// Begins to send, and does not wait for the answer.
    private func send(
        _ method: String, _ path: String, _ type: String, _ text: String, more: Int = 0,
        _ headers: String = "", by visitor: Visitor
    ) throws -> ClientSocket {
        let socket = try ClientSocket(port: visitor.port)
        try socket.send(
            Array(
                ("\(method) \(path) HTTP/1.1\r\nHost: localhost\r\nContent-Type: \(type)\r\n"
                    + "Authorization: Bearer \(visitor.token ?? "")\r\nConnection: close\r\n"
                    + "\(headers)Content-Length: \(text.utf8.count + more)\r\n\r\n\(text)").utf8))
        return socket
    }

    private func send(_ rows: [JSONValue], by visitor: Visitor) throws -> ClientSocket {
        try send(
            "POST", Visitor.path, "application/json",
            JSON.string(of: ["rows": .array(rows)] as JSONValue), by: visitor)
    }

    /// How many wait for somebody else.
    private func waiting(_ register: Register) throws -> Int {
        try register.database.number(
            """
            select count(*) from pg_stat_activity
            where datname = current_database() and wait_event_type = 'Lock'
            """)
    }

    /// A crash empties what is not written ahead, and nobody of it has left.
    @Test(arguments: ["roster_row", "roster_fault"])
    func `rows that were lost are sent again`(table: String) async throws {
        let register = try await Register.open()
        let office = register.as(.office)
        let first = "X,elf,Kim,Oak\n" + (0..<3_000).map { "P\($0),pupil,Kim,Oak\n" }.joined()
        let rest = (3_000..<5_000).map { "P\($0),pupil,Kim,Oak\n" }.joined()
        let socket = try send(
            "POST", "\(Visitor.path)?partial=true", "text/csv", Self.heads + first,
            more: rest.utf8.count, by: office)
        #expect(
            try await eventually(within: 20) {
                try register.database.number("select count(*) from roster_row") > 0
            })
        try register.database.execute("truncate \(table)")
        try socket.send(Array(rest.utf8))
        let told = try Reading(socket.readToEnd())
        #expect(told.status == 503 && told.code == "unavailable", "\(told.text)")
        let traces = try register.database.number(
            """
            (select count(*) from roster_row) + (select count(*) from roster_fault)
                + (select count(*) from roster_batch)
            """)
        #expect(traces == 0)
        #expect(try office.known("P4000") == nil)
        let again = try office.file(Self.heads + first + rest, "?partial=true")
        #expect(again.status == 207 && again.number("added") == 5_000)
    }

    @Test func `a file that fails leaves no rows behind`() async throws {
        let register = try await Register.open()
        try register.database.execute(
            """
            create function fails() returns trigger language plpgsql as $$
            begin raise exception 'a deadlock' using errcode = '40P01'; end $$;
            create trigger fails before insert on person for each row execute function fails()
            """)
        let told = try register.as(.office).file(Self.heads + "P1,pupil,Kim,Oak\n")
        #expect(told.status == 409, "\(told.text)")
        #expect(try register.database.number("select count(*) from roster_row") == 0)
    }

    /// Somebody else holds a pupil and is about to put something on record.
    @Test func `a batch holds whom it alters before it puts anything on record`() async throws {
        let register = try await Register.open()
        let office = register.as(.office)
        _ = try office.roster([row("P1")])
        try register.database.execute(
            "update person set external_id = 'T1' where id = '\(school.person(.staff))'")
        let other = try register.database.owner()
        try other.execute(script: "begin")
        _ = try other.run("select from person where external_id = 'P1' for no key update")
        let socket = try send(
            [
                row("P1", "pupil", "Kim", "Elm"),
                row("T1", "teacher", "Kim", "Oak", [("left_on", "2026-11-01")]),
            ], by: office)
        #expect(try await eventually(within: 20) { try waiting(register) > 0 })
        #expect(throws: Never.self) {
            _ = try other.run(
                """
                select from event_head
                where organisation_id = \(school.id) and chain = 'changes' for update nowait
                """)
        }
        try other.execute(script: "rollback")
        let told = try Reading(socket.readToEnd())
        #expect(told.status == 201 && told.number("leavers") == 1, "\(told.text)")
    }

    @Test func `an id that a batch is just giving is somebody's`() async throws {
        let register = try await Register.open()
        let office = register.as(.office)
        _ = try office.roster([row("P1")])
        let etag = try #require(try office.get("/v1/people/\(school.pupil)").header("etag"))
        let other = try register.database.owner()
        try other.execute(script: "begin")
        _ = try other.run("select from person where external_id = 'P1' for no key update")
        let batch = try send([row("P1", "pupil", "Kim", "Elm"), row("P9")], by: office)
        #expect(try await eventually(within: 20) { try waiting(register) == 1 })
        let edit = try send(
            "PATCH", "/v1/people/\(school.pupil)", "application/merge-patch+json",
            #"{"external_id": "P9"}"#, "If-Match: \(etag)\r\n", by: office)
        _ = try await eventually(within: 3) { try waiting(register) == 2 }
        try other.execute(script: "rollback")
        let applied = try Reading(batch.readToEnd())
        #expect(applied.status == 201, "\(applied.text)")
        let told = try Reading(edit.readToEnd())
        #expect(told.status == 409, "\(told.text)")
        #expect(try office.known("P9")?["given_name"] == "Kim")
    }
}
