import EventLoop
import HTTP
import JSON
import OpenAPI
import Postgres

/// What a client sends for a token (RFC 6749, 4.4.2): a form, with the client's id and secret in it
/// or in `Authorization: Basic`.
struct TokenRequest: Argument {
    /// What to look up; or why there is nothing to look up.
    let asked: Result<Asked, TokenFault>
    let network: PeerAddress
    let limits: ClientLimits
    let now: Int
    let requestID: String

    struct Asked {
        let client: ID<Client>
        let secret: BearerToken
        let scopes: [String]?
    }

    static func take(from call: inout Call) throws -> TokenRequest {
        guard let type = call.request["content-type"], MediaType(type).isForm,
            call.request["content-encoding"] == nil
        else { throw Problem(.unsupportedMediaType, "Send application/x-www-form-urlencoded.") }
        let header = call.request["authorization"]
        let peer = call.service.proxies.client(
            of: call.request, from: call.connection.peerAddress)
        return TokenRequest(
            asked: Result { () throws(TokenFault) in
                try read(QueryReader(call.request.body), header)
            },
            network: peer.network, limits: call.service.clientLimits, now: call.service.loop.now,
            requestID: call.requestID.string)
    }

    /// Parameters that are not known are ignored, as section 3.2 has it; none may come twice, and
    /// one that is empty was not sent.
    private static func read(
        _ form: QueryReader, _ header: UnsafeRawBufferPointer?
    ) throws(TokenFault) -> Asked {
        guard form.faults.isEmpty else { throw .invalidRequest }
        func value(_ name: String) -> String? {
            form.value(of: name).flatMap { $0.isEmpty ? nil : $0 }
        }
        guard let grant = value("grant_type") else { throw .invalidRequest }
        guard grant == "client_credentials" else { throw .unsupportedGrantType }
        let (id, secret) = try credentials(header, value("client_id"), value("client_secret"))
        let scopes = value("scope")?.split(separator: " ").map(String.init)
            .reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        guard let client = ID<Client>(text: id) else { throw .invalidClient }
        return Asked(client: client, secret: BearerToken(secret), scopes: scopes)
    }

    /// In one way or the other, never in both (section 2.3). In Basic both are form-encoded first
    /// (section 2.3.1).
    private static func credentials(
        _ header: UnsafeRawBufferPointer?, _ id: String?, _ secret: String?
    ) throws(TokenFault) -> (String, String) {
        guard let header else {
            guard let id, let secret else { throw .invalidClient }
            return (id, secret)
        }
        guard let basic = BasicCredentials(header),
            let name = formDecoded(Array(basic.name.utf8)),
            let password = formDecoded(Array(basic.password.utf8))
        else { throw .invalidClient }
        guard secret == nil, id == nil || id == name else { throw .invalidRequest }
        return (name, password)
    }

    static func describe(_ operation: inout OperationWords) {
        operation.takesForm(
            Schema.Object(
                name: "TokenRequest", words: "A question for an access token (RFC 6749, 4.4.2).",
                properties: [
                    .init(
                        name: "grant_type",
                        schema: .text(choices: ["client_credentials"])
                            .described("`client_credentials`."), isRequired: true),
                    .init(
                        name: "scope",
                        schema: .text().described(
                            "Some of the client's scopes, separated by spaces; all when left out."),
                        isRequired: false),
                    .init(
                        name: "client_id",
                        schema: .text().described("The client, unless it comes by Basic."),
                        isRequired: false),
                    .init(
                        name: "client_secret",
                        schema: .text().described("Its secret, unless it comes by Basic."),
                        isRequired: false),
                ]),
            example: ["grant_type": "client_credentials", "scope": "schools.read"])
        operation.refuses(.unsupportedMediaType, .tooManyRequests)
    }
}
