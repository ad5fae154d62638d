import HTTP

extension Problem {
    /// What a refusal says of the credential that is wanted (RFC 6750, 3; RFC 7617). Basic is named
    /// only where a spreadsheet may use it, and not to whoever came with a token: a browser would
    /// ask its user for a password.
    func challenges(to request: Request, of route: Route?) -> [String] {
        guard code.status == .unauthorized else { return challenges }
        let header = request["authorization"]
        // The scheme's name may be written either way (RFC 9110, 11.1).
        let isBearer =
            header.map { $0.prefix(7).map { $0 | 0x20 }.elementsEqual("bearer ".utf8) } == true
        guard !isBearer else { return ["Bearer realm=\"rowan\", error=\"invalid_token\""] }
        let basic = route?.takesBasic == true ? ["Basic realm=\"rowan\", charset=\"UTF-8\""] : []
        return ["Bearer realm=\"rowan\""] + basic
    }
}
