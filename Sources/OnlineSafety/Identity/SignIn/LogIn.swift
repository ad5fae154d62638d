import JSON
import OpenAPI
import Postgres

/// An e-mail address and a password.
struct LogIn: Body {
    let email: Text<254>
    let password: Text<1024>
    let deviceToken: Text<200>?

    static let words = "An e-mail address and a password."
    static var example: LogIn {
        LogIn(
            email: "amina.yusuf@hawthorn.example", password: "a long password of her own",
            deviceToken: nil)
    }

    /// A keyboard that completes an address puts a space after it.
    static func cleanse(_ value: JSONValue) -> (JSONValue, [SetAside]) {
        guard case .object(var object) = value, let email = object["email"]?.text else {
            return (value, [])
        }
        let scalars = email.unicodeScalars.drop(while: \.properties.isWhitespace).reversed()
        object["email"] = .string(
            String(
                String.UnicodeScalarView(
                    scalars.drop(while: \.properties.isWhitespace).reversed())))
        return (.object(object), [])
    }

    enum CodingKeys: String, FieldWords {
        case email, password
        case deviceToken = "device_token"

        var words: String {
            switch self {
            case .email:
                "The e-mail address of the account; neither capitals nor spaces around it matter."
            case .password: "The password. It is never stored, logged or shown."
            case .deviceToken:
                "What the last log-in on this device gave: with it nobody else's failed tries keep "
                    + "the owner out."
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
    let idleEndsAt: Instant
    let outstanding: [Outstanding]
    let deviceToken: String
    let accountID: ID<Account>
    let name: String

    static let words = "A session that was just opened. Its token is shown this once."
    static var example: SessionOpened {
        SessionOpened(
            id: .example, token: "rwn_session_5f0c2a9be1d47c38_q9Zk…", endsAt: .example,
            idleEndsAt: .example, outstanding: [], deviceToken: "rwn_device_0b1f6c22d9e84a75_Vt3m…",
            accountID: .example, name: "Amina Yusuf")
    }

    enum CodingKeys: String, FieldWords {
        case id, token, name, outstanding
        case endsAt = "ends_at"
        case idleEndsAt = "idle_ends_at"
        case deviceToken = "device_token"
        case accountID = "account_id"

        var words: String {
            switch self {
            case .id: "The session."
            case .token: "The secret to send as `Authorization: Bearer …`."
            case .name: "Whose session it is."
            case .endsAt: "When it ends by itself, however much it is used."
            case .idleEndsAt: "When it ends if it is not used; every request moves this on."
            case .outstanding:
                "What the session must do before anything else, in this order; empty for most."
            case .deviceToken:
                "To be kept on this device, and sent with its next log-in. It opens nothing."
            case .accountID: "The account that logged in."
            }
        }
    }
}

/// What logging in needs beside what was sent.
struct LogInParts: Argument {
    let service: ServiceParts

    /// Where the request comes from: an address, or of IPv6 the network of 64 bits.
    let network: String
    let requestID: String

    static func take(from call: inout Call) throws -> LogInParts {
        let client = call.service.proxies.client(
            of: call.request, from: call.connection.peerAddress)
        return LogInParts(
            service: call.service, network: client.network.description,
            requestID: call.requestID.string)
    }

    static func describe(_ operation: inout OperationWords) {
        operation.refuses(.credentialsInvalid, .tooManyRequests)
    }
}
