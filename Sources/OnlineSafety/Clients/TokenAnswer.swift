import Bytes
import HTTP
import JSON
import OpenAPI

/// Why there is no token, by its code in RFC 6749, 5.2.
enum TokenFault: String, Error, CaseIterable {
    case invalidRequest = "invalid_request"
    case invalidClient = "invalid_client"
    case invalidScope = "invalid_scope"
    case unsupportedGrantType = "unsupported_grant_type"

    var words: String {
        switch self {
        case .invalidRequest:
            "Send grant_type, and the client once: each parameter once, and by Basic or in the form"
        case .invalidClient: "No live client has this id and this secret"
        case .invalidScope: "The client has not all of these scopes"
        case .unsupportedGrantType: "Only client_credentials is granted here"
        }
    }
}

/// The answer of `POST /v1/oauth/token`: a token, or a fault in OAuth's own form.
struct TokenAnswer: Reply {
    enum Outcome {
        case issued(AccessToken)
        case refused(TokenFault)
    }

    let outcome: Outcome

    var status: Status {
        switch outcome {
        case .issued: .ok
        case .refused(.invalidClient): .unauthorized
        case .refused: .badRequest
        }
    }

    func headers(_ call: Call) -> [Header] {
        var headers = [Header(name: .pragma, value: "no-cache")]
        // Of every 401, however the secret came (RFC 9110, 15.5.2).
        if status == .unauthorized {
            headers.append(Header(name: .challenge, value: "Basic realm=\"rowan\""))
        }
        return headers
    }

    func write(to output: inout ByteBuffer, _ call: Call) {
        switch outcome {
        case .issued(let token): output.append(JSON.string(of: token))
        case .refused(let fault): output.append(JSON.string(of: TokenRefusal(fault)))
        }
    }

    static func describe(_ operation: inout OperationWords) {
        operation.answers(.ok, AccessToken.self)
        for status in [Status.badRequest, .unauthorized] {
            operation.answersToo(status, TokenRefusal.self)
        }
    }
}

/// An access token, shown this once.
struct AccessToken: Resource {
    static let isTagged = false

    let accessToken: String
    let tokenType: String
    let expiresIn: Int
    let scope: String

    static let words = "An access token (RFC 6749, 5.1). It is shown this once."
    static var example: AccessToken {
        AccessToken(
            accessToken: "rwn_access_5f0c2a9be1d47c38_q9Zk…", tokenType: "Bearer",
            expiresIn: 3600, scope: "schools.read incident-figures.read")
    }

    enum CodingKeys: String, FieldWords {
        case scope
        case accessToken = "access_token"
        case tokenType = "token_type"
        case expiresIn = "expires_in"

        var words: String {
            switch self {
            case .accessToken: "The secret to send as `Authorization: Bearer …`."
            case .tokenType: "`Bearer`."
            case .expiresIn: "Seconds until it ends."
            case .scope: "What it opens: scopes, separated by spaces."
            }
        }
    }
}

/// A refusal in OAuth's own form, which its libraries understand.
struct TokenRefusal: Resource {
    static let isTagged = false

    let error: String
    let errorDescription: String

    init(_ fault: TokenFault) {
        (error, errorDescription) = (fault.rawValue, fault.words)
    }

    static let words = "Why there is no token (RFC 6749, 5.2)."
    static var example: TokenRefusal { TokenRefusal(.invalidClient) }

    enum CodingKeys: String, FieldWords {
        case error
        case errorDescription = "error_description"

        var words: String {
            switch self {
            case .error:
                TokenFault.allCases.map { "`\($0.rawValue)`: \($0.words)." }
                    .joined(separator: " ")
            case .errorDescription: "The same in words."
            }
        }
    }
}
