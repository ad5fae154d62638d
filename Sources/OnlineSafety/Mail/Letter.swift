import FoundationEssentials

/// A mail that can be written: ASCII, in lines that end as the host's do.
protocol Letters: Sendable {
    func bytes(from sender: MailSender) -> [UInt8]
}

/// What a mail says: that there is a notice, its kind, urgency, reference and link; no name, and
/// nothing of what was told (NOT-02).
struct Letter: Letters {
    let to: MailAddress
    let notice: UUID
    let kind: String
    let urgency: String
    let reference: String
    let incident: UUID?

    /// As a mail's `Date`, made where the clock is.
    let dated: String

    /// The bytes for `sendmail -t`, the same for every attempt. Its `Message-ID` is made of the
    /// notice's id, so that a mail which arrives twice can be known.
    func bytes(from sender: MailSender) -> [UInt8] {
        let kind = NoticeKind(rawValue: kind)?.label ?? "There is a notice"
        let link = incident.map { sender.link + "/incidents/" + $0.uuidString.lowercased() }
        let lines = [
            "From: Rowan <\(sender.address.text)>",
            "To: <\(to.text)>",
            "Subject: Rowan: \(urgency), \(reference)",
            "Date: \(dated)",
            "Message-ID: <\(notice.uuidString.lowercased())@\(sender.address.host)>",
            "Auto-Submitted: auto-generated",
            "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=us-ascii",
            "Content-Transfer-Encoding: 7bit",
            "",
            "\(kind).",
            "",
            "Urgency: \(urgency)",
            "Reference: \(reference)",
            "Link: \(link ?? sender.link)",
        ]
        return Array((lines.joined(separator: "\n") + "\n").utf8)
    }
}

/// Who mail comes from, and where its links lead.
package struct MailSender: Sendable {
    let address: MailAddress
    let link: String

    /// `link` is the address of the web front end: `https://` or `http://`, at most 200
    /// characters of those that an address may have, without a slash at the end.
    package init?(address: MailAddress, link: String) {
        let marks = "-._~:/[]@!$&()*+,;=%".utf8
        guard link.hasPrefix("https://") || link.hasPrefix("http://"), link.utf8.count <= 200,
            link.utf8.allSatisfy({
                (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0)
                    || marks.contains($0)
            })
        else { return nil }
        self.address = address
        self.link = link.hasSuffix("/") ? String(link.dropLast()) : link
    }
}
