import Crypto
import FoundationEssentials
import JSON
import OpenAPI
import Postgres

/// A new secret of 256 bits that stands for something, such as a session; only its hash is stored.
struct Secret {
    let string: String

    init(of kind: StaticString) {
        let bytes = Random.bytes(40)
        string =
            "rwn_\(kind)_\(Hex.encode(Array(bytes[..<8])))_"
            + Base64.url.encode(Array(bytes[8...]))
    }

    var hash: [UInt8] { BearerToken(string).hash }
}

/// How long a session lasts at most.
package struct SessionLength: Sendable {
    let seconds: Int

    /// Where nobody logs in.
    static let none = SessionLength()

    private init() { seconds = 0 }

    /// From a minute to a week.
    package init?(seconds: Int) {
        guard (60...604_800).contains(seconds) else { return nil }
        self.seconds = seconds
    }

    var interval: String { "\(seconds) seconds" }
}

/// An e-mail address and a password.
struct LogIn: Body {
    let email: Text<254>
    let password: Text<1024>

    static let words = "An e-mail address and a password."
    static var example: LogIn {
        LogIn(email: "amina.yusuf@hawthorn.example", password: "a long password of her own")
    }

    enum CodingKeys: String, FieldWords {
        case email, password

        var words: String {
            switch self {
            case .email: "The e-mail address of the account; capitals do not matter."
            case .password: "The password. It is never stored, logged or shown."
            }
        }
    }
}

/// A session that was just opened. The token is shown this once.
struct SessionOpened: Resource {
    static let isTagged = false

    let id: ID<Session>
    let token: String
    let endsAt: Instant
    let accountID: ID<Account>
    let name: String

    static let words = "A session that was just opened. Its token is shown this once."
    static var example: SessionOpened {
        SessionOpened(
            id: .example, token: "rwn_session_5f0c2a9be1d47c38_q9Zk…", endsAt: .example,
            accountID: .example, name: "Amina Yusuf")
    }

    enum CodingKeys: String, FieldWords {
        case id, token, name
        case endsAt = "ends_at"
        case accountID = "account_id"

        var words: String {
            switch self {
            case .id: "The session."
            case .token: "The secret to send as `Authorization: Bearer …`."
            case .name: "Whose session it is."
            case .endsAt: "When it ends by itself."
            case .accountID: "The account that logged in."
            }
        }
    }
}

/// The hash of the token with which this very request was made.
struct PresentedToken: Argument {
    let hash: [UInt8]

    static func take(from call: inout Call) throws -> PresentedToken {
        guard let token = BearerToken(call.request) else { throw Problem(.unauthorized) }
        return PresentedToken(hash: token.hash)
    }
}

/// What logging in needs beside what was sent.
struct LogInParts: Argument {
    let passwords: PasswordThreads
    let length: SessionLength
    let requestID: String

    static func take(from call: inout Call) throws -> LogInParts {
        LogInParts(
            passwords: call.service.passwords, length: call.service.sessionLength,
            requestID: call.requestID.string)
    }
}
