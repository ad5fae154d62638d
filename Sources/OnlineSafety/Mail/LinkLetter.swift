import FoundationEssentials

/// What a mail says that brings a link to its owner: no name and no post; and no school, but to
/// whoever is to sign for one, who would else not know whose link it is.
struct LinkLetter: Letters {
    let to: MailAddress
    let id: UUID
    let attempt: Int
    let purpose: String

    /// Whether somebody else asked for it, to help.
    let isHelped: Bool

    /// The school for which something is to be signed, as it calls itself.
    let school: String?

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
            "Content-Type: text/plain; charset=\(isPlain ? "us-ascii" : "utf-8")",
            "Content-Transfer-Encoding: \(isPlain ? "7bit" : "8bit")",
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

    private var isPlain: Bool { said.utf8.allSatisfy { $0 < 128 } }

    /// In one line, whatever the row says.
    private var named: String? {
        school.map { String($0.filter { !$0.isNewline && $0 != "\0" }.prefix(200)) }
    }

    private var said: String {
        switch (purpose, isHelped) {
        case ("signing", _):
            (named ?? "The school")
                + " asks you to read what is agreed about the use of its devices and the "
                + "internet, and to sign it. The link shows what waits for you."
        case ("organisation", _):
            (named ?? "A school")
                + " asks your organisation to read its agreement about the use of its devices "
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
