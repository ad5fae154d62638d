import Postgres

/// Access tokens by client credentials (RFC 6749, 4.4).
enum ClientTokens {
    static let route: Route = .post(
        "/v1/oauth/token", "Get an access token",
        """
        By a client, with its id and secret in the form or by Basic: OAuth 2.0 client credentials \
        (RFC 6749, 4.4). A form, as the standard has it, and refusals in its own words. The token \
        lives for an hour at most; it is sent as `Authorization: Bearer …`. Limited by client, and \
        what is refused by address.
        """,
        for: nil, by(issue)
    ).takingBodies(upTo: 4 << 10)

    static func issue(_ request: TokenRequest, in tx: Transaction) async throws -> TokenAnswer {
        func answer(_ outcome: TokenAnswer.Outcome) -> TokenAnswer {
            TokenAnswer(outcome: outcome)
        }
        let asked: TokenRequest.Asked
        switch request.asked {
        case .success(let good): asked = good
        case .failure(let fault): return answer(.refused(fault))
        }
        try request.limits.admitToken(for: asked.client, from: request.network, at: request.now)
        let secret = Secret(of: "access")
        let found: Answer
        do throws(PostgresError) {
            found = try await tx.run(
                """
                select outcome, array_to_string(scopes, ' ') as scope, seconds
                from issue_client_token(
                    \(asked.client), \(asked.secret.hash), \(secret.hash), \(ID<AccessToken>()),
                    \(asked.scopes)::text[], \(request.requestID))
                """)
        } catch {
            request.limits.forgetToken(from: request.network)
            throw error
        }
        if let fault = TokenFault(rawValue: found.text(0, "outcome") ?? "") {
            return answer(.refused(fault))
        }
        try request.limits.grantToken(to: asked.client, from: request.network, at: request.now)
        return answer(
            .issued(
                AccessToken(
                    accessToken: secret.string, tokenType: "Bearer",
                    expiresIn: found.int(0, "seconds") ?? 0, scope: found.text(0, "scope") ?? "")))
    }
}
