import FoundationEssentials

/// What a mail says that brings a link to its owner: no name, no school, no post; only the link.
struct LinkLetter: Letters {
    let to: MailAddress
    let id: UUID
    let attempt: Int
    let purpose: String

    /// Whether somebody else asked for it, to help.
    let isHelped: Bool

    /// Made for this attempt; of no attempt before, and nowhere else than in this mail.
    let secret: Secret

    /// In words, by the clock of England.
    let until: String

    /// As a mail's `Date`, made where the clock is.
    let dated: String

    func bytes(from sender: MailSender) -> [UInt8] {
        let lines = [
            "From: Rowan <\(sender.address.text)>",
            "To: <\(to.text)>",
            "Subject: Rowan: a link for you",
            "Date: \(dated)",
            "Message-ID: <\(id.uuidString.lowercased()).\(attempt)@\(sender.address.host)>",
            "Auto-Submitted: auto-generated",
            "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=us-ascii",
            "Content-Transfer-Encoding: 7bit",
            "",
            said,
            "",
            "Link: \(sender.link)/\(purpose)#\(secret.string)",
            "",
            holding,
        ]
        return Array((lines.joined(separator: "\n") + "\n").utf8)
    }

    private var holding: String {
        ["signing", "organisation"].contains(purpose)
            ? "It opens until \(until), as often as you like. It is yours alone: give it to nobody."
            : "It counts once, until \(until). Give it to nobody: nobody will ask you for it."
    }

    private var said: String {
        switch (purpose, isHelped) {
        case ("signing", _):
            "The school asks you to read what is agreed about the use of its devices and the "
                + "internet, and to sign it. The link shows what waits for you."
        case ("organisation", _):
            "A school asks your organisation to read its agreement about the use of its devices "
                + "and the internet, and to sign it for the organisation. The link shows it."
        case ("invitation", _):
            "You are invited to your school's online-safety register. The link lets you choose a "
                + "password."
        case (_, true):
            "Your school asked for this link on your behalf. It lets you choose a new password."
        default:
            "Somebody asked for a new password by your address. If it was not you, do nothing: "
                + "your password stays as it is."
        }
    }
}
