import JSON
import OpenAPI
import Postgres

/// Somebody who was invited to a post. The secret by which they accept goes to them by mail, and to
/// nobody else.
struct Invitation: Resource {
    static let isTagged = false

    let id: ID<Invitation>
    let schoolID: ID<School>?
    let trustID: ID<Trust>?
    let personID: ID<Person>?
    let who: String
    let email: String
    let role: Role
    let fromOn: Day?
    let untilOn: Day?
    let endsAt: Instant?
    let invitedBy: String
    let invitedAt: Instant
    let lastsUntil: Instant
    let mail: MailState?
    let status: Status
    let outcome: Outcome?
    let decidedAt: Instant?

    static let words = "Somebody who was invited to a post, and what became of it."
    static var example: Invitation {
        Invitation(
            id: .example, schoolID: .example, trustID: nil, personID: .example, who: "Amina Yusuf",
            email: "amina.yusuf@hawthorn.example", role: .staff, fromOn: .example, untilOn: nil,
            endsAt: nil, invitedBy: "Maya Lewis", invitedAt: .example, lastsUntil: .example,
            mail: .sent, status: .waiting, outcome: nil, decidedAt: nil)
    }

    /// How it stands.
    enum Status: String, Words {
        case waiting, accepted, revoked, expired

        var label: String {
            switch self {
            case .waiting: "It waits for whoever was invited"
            case .accepted: "Accepted"
            case .revoked: "Revoked: its link is dead"
            case .expired: "Nobody accepted it in time"
            }
        }
    }

    /// What came of one that was accepted.
    enum Outcome: String, Words {
        case appointed, proposed
        case accountOnly = "account_only"

        var label: String {
            switch self {
            case .appointed: "They hold the post"
            case .proposed: "They have an account, and the post waits for a second person"
            case .accountOnly: "They have an account; as things stood, the post was not given"
            }
        }
    }

    enum CodingKeys: String, FieldWords {
        case id, who, email, role, mail, status, outcome
        case schoolID = "school_id"
        case trustID = "trust_id"
        case personID = "person_id"
        case fromOn = "from_on"
        case untilOn = "until_on"
        case endsAt = "ends_at"
        case invitedBy = "invited_by"
        case invitedAt = "invited_at"
        case lastsUntil = "lasts_until"
        case decidedAt = "decided_at"

        var words: String {
            switch self {
            case .id: "The invitation."
            case .schoolID: "The school, of a post there."
            case .trustID: "The trust, of a post there."
            case .personID: "The person of the school's roster."
            case .who: "Who was invited."
            case .email: "Where the mail goes."
            case .role: "To which post."
            case .fromOn: "The first day of the post; the day of acceptance, if that is later."
            case .untilOn: "Its last day; absent for no end."
            case .endsAt: "The moment of that day at which the post is over, of temporary staff."
            case .invitedBy: "Who invited them."
            case .invitedAt: "When, or when it was sent again."
            case .lastsUntil: "Until when the link holds."
            case .mail: "What became of the mail; absent when its link is over for a day."
            case .status: "How it stands."
            case .outcome: "What came of one that was accepted."
            case .decidedAt: "When it was accepted or revoked."
            }
        }
    }
}

extension Invitation {
    /// Whom a school invites.
    struct Wanted: Body {
        let email: Text<254>
        let post: Appointment
        let days: Int?

        static let words = "Whom of the roster to invite, by which address, to which post."
        static var example: Wanted {
            Wanted(email: "amina.yusuf@hawthorn.example", post: .example, days: nil)
        }

        enum CodingKeys: String, FieldWords {
            case email, post, days

            var words: String {
                switch self {
                case .email: "Their own address, which no two people share (USR-10)."
                case .post: "The post that they shall hold when they accept."
                case .days: "For how many days the link holds, from 1 to 14; 7 when not given."
                }
            }
        }

        static func cleanse(_ value: JSONValue) -> (JSONValue, [SetAside]) { LogIn.cleanse(value) }

        var faults: [JSONFault] {
            Invitation.faults(email, days)
                + post.faults.map {
                    JSONFault(pointer: "/post\($0.pointer)", code: $0.code, detail: $0.detail)
                }
        }
    }

    /// Whom a trust invites.
    struct WantedByTrust: Body {
        let email: Text<254>
        let name: Text<200>
        let role: TrustRole
        let untilOn: Day?
        let days: Int?

        static let words = "Whom to invite, by which address, to which post of the trust."
        static var example: WantedByTrust {
            WantedByTrust(
                email: "omar.reid@hedgerow.example", name: "Omar Reid", role: .example,
                untilOn: nil, days: nil)
        }

        enum CodingKeys: String, FieldWords {
            case email, name, role, days
            case untilOn = "until_on"

            var words: String {
                switch self {
                case .email: "Their own address, which no two people share (USR-10)."
                case .name: "Their name."
                case .role: "The post that they shall hold when they accept."
                case .untilOn: "The last day of the post; no end when not given."
                case .days: "For how many days the link holds, from 1 to 14; 7 when not given."
                }
            }
        }

        static func cleanse(_ value: JSONValue) -> (JSONValue, [SetAside]) { LogIn.cleanse(value) }

        var faults: [JSONFault] { Invitation.faults(email, days) }
    }

    /// The roles of a trust.
    struct TrustRole: TextScalar {
        let string: String

        init?(_ text: String) {
            guard let role = Role(rawValue: text), !role.isOfASchool else { return nil }
            string = text
        }

        private static let words = Role.allCases.filter { !$0.isOfASchool }.map(\.rawValue)
        static let fault = JSONFault.unknownWord(words)
        static let schema = Schema.text(choices: words)
        static let exampleText: StaticString = "trust_viewer"
    }

    fileprivate static func faults(_ email: Text<254>, _ days: Int?) -> [JSONFault] {
        var faults: [JSONFault] = []
        if MailAddress(email.string.lowercased()) == nil {
            faults.append(
                JSONFault(
                    pointer: "/email", code: "not_an_address",
                    detail: "Give a plain e-mail address, such as name@school.example"))
        }
        if !(1...14).contains(days ?? 7) {
            faults.append(
                JSONFault(pointer: "/days", code: "out_of_range", detail: "From 1 to 14"))
        }
        return faults
    }
}
