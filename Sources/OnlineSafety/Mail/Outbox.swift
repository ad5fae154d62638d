import EventLoop
import FoundationEssentials
import Postgres

/// Delivers the mail that waits in the database, a few at a time: taken in hand for a while, handed
/// to the host's mail program, and put down as sent or as failed. Several copies of the worker
/// share the work; a copy that is killed lets go of what it had when the while is over.
package struct Outbox: Sendable {
    let sender: MailSender
    let program: Sendmail

    package init(sender: MailSender, program: Sendmail) {
        (self.sender, self.program) = (sender, program)
    }

    /// Longer than the mail program may take.
    static let lease = "2 minutes"

    /// One mail, in hand.
    struct Item: Sendable {
        let school: UUID
        let notice: UUID
        let attempt: Int

        /// `nil` where the address is none.
        let letter: Letter?
    }

    /// How the attempt went: `sent`, or what the database calls the fault, and the status with
    /// which the mail program ended.
    struct Outcome: Sendable {
        let word: String
        var status: Int32?

        var isSent: Bool { word == "sent" }
    }

    /// Takes up to `most` in hand.
    static func take(_ most: Int, in tx: Transaction) async throws(PostgresError) -> [Item] {
        let taken = try await tx.run("select * from lease_mail(\(most), \(lease)::text::interval)")
        try await tx.commit()
        return (0..<taken.count).compactMap { Item(taken, $0) }
    }

    func deliver(_ item: Item) async -> Outcome {
        guard let letter = item.letter else { return Outcome(word: "no_address") }
        switch await program.send(letter.bytes(from: sender)) {
        case .sent: return Outcome(word: "sent")
        case .notStarted: return Outcome(word: "not_started")
        case .timedOut: return Outcome(word: "timed_out")
        case .refused(let status): return Outcome(word: "refused", status: status)
        }
    }

    static func note(
        _ outcome: Outcome, of item: Item, in tx: Transaction
    ) async throws(PostgresError) {
        if outcome.isSent {
            tx.add("select mail_was_sent(\(item.school), \(item.notice))")
        } else {
            tx.add(
                """
                select mail_has_failed(
                    \(item.school), \(item.notice), \(item.attempt), \(outcome.word))
                """)
        }
        try await tx.commit()
    }
}

extension Outbox.Item {
    init?(_ row: Answer, _ index: Int) {
        guard let school = row.uuid(index, "school_id"), let notice = row.uuid(index, "notice_id"),
            let attempt = row.int(index, "attempt")
        else { return nil }
        (self.school, self.notice, self.attempt) = (school, notice, attempt)
        letter = row.text(index, "address").flatMap(MailAddress.init).map { address in
            Letter(
                to: address, notice: notice, kind: row.text(index, "kind") ?? "",
                urgency: Self.word(row.text(index, "urgency")),
                reference: Self.word(row.text(index, "reference")),
                incident: row.uuid(index, "incident_id"), dated: row.text(index, "dated") ?? "")
        }
    }

    /// What stands in a header is one word, whatever the row says.
    private static func word(_ text: String?) -> String {
        (text ?? "").filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
    }
}
