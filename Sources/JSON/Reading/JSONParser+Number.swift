// RFC 8259, section 6: [ minus ] int [ frac ] [ exp ].

extension JSONParser {
    mutating func number() throws(JSONSyntaxError) -> JSONNumber {
        let start = position
        _ = take("-")
        if !take("0") { try digits() }
        if take(".") { try digits() }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            try digits()
        }
        guard position - start <= limits.numberLength else {
            let detail = "A number has at most \(limits.numberLength) characters"
            throw fault(.numberTooLong, detail, at: start)
        }
        return JSONNumber(parsed: String(decoding: bytes[start..<position], as: UTF8.self))
    }

    private mutating func digits() throws(JSONSyntaxError) {
        let start = position
        while let next, "0"..."9" ~= next { position += 1 }
        guard position > start else { throw fault(.syntax, "A digit is expected here") }
    }
}
