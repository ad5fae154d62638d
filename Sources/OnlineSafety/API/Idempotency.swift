import Bytes
import Crypto
import FoundationEssentials
import HTTP
import JSON
import Postgres

/// The caller's own name for one write, by which a retry is known (`Idempotency-Key`): 1 to 255
/// visible ASCII characters, scoped to the account or the client, kept for thirty days.
struct IdempotencyKey {
    private let key: String
    private let fingerprint: [UInt8]

    /// Many people share an intake key: theirs is found by all that they sent, and by nothing less,
    /// so that none is refused, or answered, because of somebody else.
    private let isShared: Bool

    /// `nil` when none was sent.
    init?(_ request: Request, to route: Route) throws(Problem) {
        isShared = route.credential == .intakeKey
        guard let value = request["idempotency-key"] else { return nil }
        guard (1...255).contains(value.count), value.allSatisfy({ (0x21...0x7E).contains($0) })
        else {
            throw Problem(parameters: [
                Fault(
                    parameter: "Idempotency-Key", code: "key",
                    detail: "1 to 255 visible ASCII characters")
            ])
        }
        key = String(decoding: value, as: UTF8.self)
        var hash = SHA256()
        hash.update(Array(request.method.rawValue.utf8))
        if isShared { hash.update(Array(value)) }
        for part in [request.path, request.query, request.body] {
            hash.update([0])
            hash.update(part.bindMemory(to: UInt8.self).span)
        }
        fingerprint = hash.finish().bytes
    }

    /// Takes the key for this transaction; what was answered before, if it was. Of an incident only
    /// where that is still open to the caller: the answer may hold what it says.
    func claim(
        opening incident: UUID?, in transaction: Transaction
    ) async throws(PostgresError) -> KeptAnswer? {
        let answer = try await transaction.run(
            isShared
                ? "select * from claim_intake_answer(\(fingerprint))"
                : "select * from claim_key(\(key), \(fingerprint), \(incident))")
        return answer.bool(0, "is_claimed") == true ? nil : KeptAnswer(answer)
    }

    /// Keeps the answer with the deed.
    func keep(_ answer: KeptAnswer, in transaction: Transaction) {
        guard !isShared else {
            transaction.add(
                """
                select keep_intake_answer(
                    \(fingerprint), \(answer.status.code), \(answer.headerLines), \(answer.body))
                """)
            return
        }
        transaction.add(
            """
            update idempotency
            set status = \(answer.status.code), headers = \(answer.headerLines),
                body = \(answer.body)
            where caller_id = coalesce(caller_account(), caller_client()) and key = \(key)
            """)
    }
}

/// An answer as it was first given.
struct KeptAnswer {
    let status: Status
    let headers: [Header]
    let body: [UInt8]

    init<Output: Reply>(_ reply: Output, _ call: Call) {
        status = reply.status
        headers = reply.headers(call)
        var output = ByteBuffer()
        if reply.type != nil { reply.write(to: &output, call) }
        body = Array(output.bytes)
    }

    init(_ answer: Answer) {
        let statuses: [Status] = [.ok, .created, .accepted, .noContent, .multiStatus]
        let code = answer.int(0, "status")
        status = statuses.first { $0.code == code } ?? .failed
        headers = (answer.text(0, "headers") ?? "").split(separator: "\n").compactMap { line in
            guard let colon = line.firstRange(of: ": "),
                let name = Header.Name(rawValue: String(line[..<colon.lowerBound]))
            else { return nil }
            return Header(name: name, value: String(line[colon.upperBound...]))
        }
        body = answer.bytes(0, "body") ?? []
    }

    var headerLines: String {
        headers.map { "\($0.name.rawValue): \($0.value)" }.joined(separator: "\n")
    }
}

extension Call {
    /// Gives the same answer again.
    func replay(_ kept: KeptAnswer) -> Outcome {
        connection.respond(
            kept.status, type: kept.body.isEmpty ? nil : "application/json",
            headers: { headers in
                addCommonHeaders(&headers)
                headers.add("Idempotency-Replayed", "true")
                for header in kept.headers { headers.add(header) }
            },
            body: { output in kept.body.withUnsafeBytes { output.append($0) } })
        return Outcome(status: kept.status)
    }
}
