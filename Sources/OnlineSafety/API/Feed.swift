import Bytes
import HTTP
import OpenAPI
import Postgres

/// An answer that goes on: what is new, one event after the other, as it comes (the server-sent
/// events of HTML). Each has an id; who comes back with the last as `Last-Event-ID` misses nothing.
struct Feed<Value: Resource>: Reply {
    /// What the events are called.
    let event: StaticString
    let from: LastEvent

    /// The next rows after a place, a bounded number, with their own in `_written_by` (text) and
    /// `_number`.
    let rows: (LastEvent.Place, Transaction) -> Answer

    func write(to output: inout ByteBuffer, _ call: Call) {}

    func follow(_ call: Call) async throws -> Outcome? { try await call.send(self) }

    static func describe(_ operation: inout OperationWords) {
        operation.answersEvents(
            """
            Events with an `id` and, as `data`, a record like those of the list; now and then a \
            comment. An event `reset` says that the place is not known any more: read the list.
            """)
    }
}

/// Where a client left off: the `Last-Event-ID` of the last event that it has.
struct LastEvent: Argument {
    /// A transaction's id, and a number of what it wrote.
    struct Place {
        let writtenBy: String
        let number: Int

        var text: String { "\(writtenBy).\(number)" }
    }

    /// `nil`: from now on.
    let place: Place?

    /// Throws 400 for what no event's id can be.
    static func take(from call: inout Call) throws -> LastEvent {
        guard let header = call.request["last-event-id"], !header.isEmpty else {
            return LastEvent(place: nil)
        }
        let parts = String(decoding: header, as: UTF8.self)
            .split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy(Self.isNumber), let number = Int(parts[1]) else {
            throw Problem(parameters: [
                Fault(
                    parameter: "Last-Event-ID", code: "event_id",
                    detail: "Give the id of the last event that you have")
            ])
        }
        return LastEvent(place: Place(writtenBy: String(parts[0]), number: number))
    }

    private static func isNumber(_ text: Substring) -> Bool {
        (1...18).contains(text.utf8.count) && text.utf8.allSatisfy { (48...57).contains($0) }
    }

    static func describe(_ operation: inout OperationWords) {
        operation.parameters.append(
            Parameter(
                "Last-Event-ID", in: .header,
                "The id of the last event that you have, to go on after it.", schema: .text(),
                isRequired: false, example: "7312.41"))
    }
}

extension Call {
    /// Ends the transaction, and sends what is new for as long as the client stays, the session
    /// lives and the seats are what they were. 406 where events are not asked for by name: who does
    /// not know what they are would wait for the end of the answer.
    fileprivate func send<Value>(_ feed: Feed<Value>) async throws -> Outcome {
        let events = "text/event-stream"
        guard let accept = request["accept"], Accepted(accept).isNamed(events) else {
            throw Problem(.notAcceptable, "Ask with Accept: \(events).")
        }
        let caller = try reach.caller
        let followers = service.followers
        guard followers.bounds.places.take(for: caller.account) else {
            throw Problem(.busy, "Too many follow already; close what is not looked at.")
        }
        defer { followers.bounds.places.giveBack(of: caller.account) }
        let (start, isKnown) = try await feed.start(in: transaction)
        try await transaction.commit()
        try await connection.stream(
            .ok, type: "text/event-stream; charset=utf-8", isEndless: true,
            headers: { addCommonHeaders(&$0) }
        ) { stream in
            let follower = followers.add(caller, stream)
            defer { followers.remove(follower) }
            try await stream.write { output in
                output.append("retry: 2000\n")
                if !isKnown { output.append("event: reset\ndata: {}\n") }
                output.append("id: \(start.text)\n\n")
            }
            try await feed.follow(from: start, follower, followers) {
                transaction.another(within: followers.bounds.milliseconds)
            }
        }
        return Outcome(status: .ok)
    }
}

extension Feed {
    /// Where to begin, and whether the place that the client names is one of this database's: after
    /// a restore it may lie in what is not there any more.
    fileprivate func start(in tx: Transaction) async throws -> (LastEvent.Place, isKnown: Bool) {
        let found = try await tx.run(
            """
            select pg_snapshot_xmin(pg_current_snapshot())::text as now,
                coalesce(
                    \(from.place?.writtenBy)::text::xid8
                        <= pg_snapshot_xmax(pg_current_snapshot()), true) as is_known
            """)
        let now = LastEvent.Place(writtenBy: found.text(0, "now") ?? "0", number: 0)
        let isKnown = found.bool(0, "is_known") == true
        return (isKnown ? from.place ?? now : now, isKnown)
    }

    /// Sends what is new, whenever there may be something; ends when the caller is not any more who
    /// they were. A database that is away is waited for.
    fileprivate func follow(
        from start: LastEvent.Place, _ follower: Follower, _ followers: Followers,
        in transaction: () -> Transaction
    ) async throws {
        var place = start
        while true {
            do {
                while let next = try await send(after: place, to: follower.stream, transaction()) {
                    place = next
                }
            } catch let error as PostgresError {
                guard error.isPassing else { return }
            }
            try await followers.wait(for: follower)
        }
    }

    /// Sends one page; the place of its last row, if there may be more.
    private func send(
        after place: LastEvent.Place, to stream: BodyStream, _ tx: Transaction
    ) async throws -> LastEvent.Place? {
        let answer = rows(place, tx)
        try await tx.commit()
        var last: LastEvent.Place?
        for row in 0..<answer.count {
            let own = LastEvent.Place(
                writtenBy: answer.text(row, "_written_by") ?? "0",
                number: answer.int(row, "_number") ?? 0)
            try await stream.write { output in
                output.append("id: \(own.text)\nevent: \(event)\ndata: ")
                answer.appendJSON(row: row, omittingNulls: true, to: &output)
                output.append("\n\n")
            }
            last = own
        }
        return last
    }
}

extension PostgresError {
    fileprivate var isPassing: Bool {
        kind == .unavailable || kind == .busy || kind == .timedOut || kind == .conflict
    }
}
