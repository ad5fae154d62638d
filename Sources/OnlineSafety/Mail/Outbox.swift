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
        let subject: Subject
        let attempt: Int

        /// `nil` where the address is none.
        let letter: (any Letters)?
    }

    /// What a mail brings.
    enum Subject: Sendable {
        case notice(UUID, school: UUID)
        case link(UUID)
    }

    /// How the attempt went: `sent`, or what the database calls the fault, and the status with
    /// which the mail program ended.
    struct Outcome: Sendable {
        let word: String
        var status: Int32?

        var isSent: Bool { word == "sent" }
    }

    /// Takes up to `most` in hand: links first, since somebody waits for each.
    static func take(_ most: Int, in tx: Transaction) async throws(PostgresError) -> [Item] {
        let links = try await tx.run(
            "select * from lease_links(\(most), \(lease)::text::interval)")
        let items = (0..<links.count).compactMap { Item(link: links, $0, in: tx) }
        guard items.isEmpty else {
            try await tx.commit()
            return items
        }
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
        switch (item.subject, outcome.isSent) {
        case (.notice(let notice, let school), true):
            tx.add("select mail_was_sent(\(school), \(notice))")
        case (.notice(let notice, let school), false):
            tx.add(
                "select mail_has_failed(\(school), \(notice), \(item.attempt), \(outcome.word))")
        case (.link(let link), true):
            tx.add("select link_was_sent(\(link), \(item.attempt))")
        case (.link(let link), false):
            tx.add("select link_has_failed(\(link), \(item.attempt), \(outcome.word))")
        }
        try await tx.commit()
    }
}

extension Outbox.Item {
    init?(_ row: Answer, _ index: Int) {
        guard let school = row.uuid(index, "school_id"), let notice = row.uuid(index, "notice_id"),
            let attempt = row.int(index, "attempt")
        else { return nil }
        (subject, self.attempt) = (.notice(notice, school: school), attempt)
        letter = row.text(index, "address").flatMap(MailAddress.init).map { address in
            Letter(
                to: address, notice: notice, kind: row.text(index, "kind") ?? "",
                urgency: Self.word(row.text(index, "urgency")),
                reference: Self.word(row.text(index, "reference")),
                incident: row.uuid(index, "incident_id"), dated: row.text(index, "dated") ?? "")
        }
    }

    /// The secret is made here, now; the database learns its hash before the mail goes.
    init?(link row: Answer, _ index: Int, in tx: Transaction) {
        guard let id = row.uuid(index, "link_id"), let attempt = row.int(index, "attempt") else {
            return nil
        }
        let secret = Secret(of: "link")
        tx.add("select link_has_secret(\(id), \(attempt), \(secret.hash))")
        (subject, self.attempt) = (.link(id), attempt)
        letter = row.text(index, "address").flatMap(MailAddress.init).map { address in
            LinkLetter(
                to: address, id: id, attempt: attempt,
                purpose: Self.word(row.text(index, "purpose")),
                isHelped: row.bool(index, "is_helped") == true,
                school: row.text(index, "school"), secret: secret,
                until: row.text(index, "until") ?? "", dated: row.text(index, "dated") ?? "")
        }
    }

    /// What stands in a header is one word, whatever the row says.
    private static func word(_ text: String?) -> String {
        (text ?? "").filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
    }
}
