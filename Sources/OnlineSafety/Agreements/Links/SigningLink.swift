import JSON
import OpenAPI

/// A link by which somebody without a log-in signs what was put before them or their children
/// (AGR-07, section 25). Its secret is in one mail and nowhere else.
struct SigningLink: Resource {
    let id: ID<SigningLink>
    let schoolID: ID<School>
    let personID: ID<Person>
    let who: String
    let sentBy: String?
    let sentAt: Instant
    let lastsUntil: Instant
    let mail: MailState?
    let status: Status
    let endedBecause: Ending?
    let endedBy: String?
    let endedAt: Instant?

    static let isTagged = false
    static let words = "A link by which somebody without a log-in signs; never its secret."
    static var example: SigningLink {
        SigningLink(
            id: .example, schoolID: .example, personID: .example, who: "Ines Ash",
            sentBy: "Sam Reed", sentAt: .example, lastsUntil: .example, mail: .sent,
            status: .live, endedBecause: nil, endedBy: nil, endedAt: nil)
    }

    enum CodingKeys: String, FieldWords {
        case id, who, mail, status
        case schoolID = "school_id"
        case personID = "person_id"
        case sentBy = "sent_by"
        case sentAt = "sent_at"
        case lastsUntil = "lasts_until"
        case endedBecause = "ended_because"
        case endedBy = "ended_by"
        case endedAt = "ended_at"

        var words: String {
            switch self {
            case .id: "The link."
            case .schoolID: "The school."
            case .personID: "Whose it is."
            case .who: "Their name."
            case .sentBy: "Who of the school sent it; absent where they asked for it."
            case .sentAt: "When it was made."
            case .lastsUntil: "Until when it holds."
            case .mail: "What became of the mail; absent when its link is over for a day."
            case .status: "How it stands."
            case .endedBecause: "Why it ended before that."
            case .endedBy: "Who revoked it."
            case .endedAt: "When."
            }
        }
    }

    /// How a link stands.
    enum Status: String, Words {
        case live, expired, ended

        var label: String {
            switch self {
            case .live: "Opens"
            case .expired: "Has become too old"
            case .ended: "Was ended"
            }
        }
    }

    /// Why a link ended before its time.
    enum Ending: String, Words {
        case revoked
        case addressChanged = "address_changed"
        case left
        case noLongerAParent = "no_longer_a_parent"
        case newer

        var label: String {
            switch self {
            case .revoked: "The school revoked it"
            case .addressChanged: "Its owner has another address"
            case .left: "Its owner has left"
            case .noLongerAParent: "Its owner may not sign for a child any more"
            case .newer: "Five newer ones were sent"
            }
        }
    }

    /// To whom to send one.
    struct Wanted: Body {
        let personID: ID<Person>

        static let words = "To whom to send a link: a parent, a pupil, or a visitor."
        static var example: Wanted { Wanted(personID: .example) }

        enum CodingKeys: String, FieldWords {
            case personID = "person_id"

            var words: String { "A person of the roster, with a mail address there." }
        }
    }
}

/// Who asks for a fresh link.
struct SigningLinkAsk: Body {
    let email: Text<254>

    static let words = "By which address somebody asks for a fresh link."
    static var example: SigningLinkAsk { SigningLinkAsk(email: "ines.ash@home.example") }

    enum CodingKeys: String, FieldWords {
        case email

        var words: String { "The address that the school has of them." }
    }

    static func cleanse(_ value: JSONValue) -> (JSONValue, [SetAside]) { LogIn.cleanse(value) }
}
