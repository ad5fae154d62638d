// RFC 8259, section 7. Text comes out byte for byte as it was meant: nothing is normalised.

extension JSONParser {
    /// The string whose opening quote is next.
    mutating func string() throws(JSONSyntaxError) -> String {
        let start = position
        position += 1
        let plain = takePlain()
        if take("\"") {
            return try checked(String(validating: plain, as: UTF8.self), at: start)
        }
        var text = Array(plain)
        while !take("\"") {
            if take("\\") { try escape(into: &text) } else { try checkControl() }
            text.append(contentsOf: takePlain())
        }
        return try checked(String(validating: text, as: UTF8.self), at: start)
    }

    /// What stands before the next quote, backslash or control: eight bytes a step.
    private mutating func takePlain() -> UnsafeBufferPointer<UInt8> {
        let start = position
        while bytes.count - position >= 8,
            !needsEscape(bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
        {
            position += 8
        }
        while position < bytes.count, !needsEscape(bytes[position]) { position += 1 }
        let plain = UnsafeRawBufferPointer(rebasing: bytes[start..<position])
        return plain.assumingMemoryBound(to: UInt8.self)
    }

    private func checkControl() throws(JSONSyntaxError) {
        guard position < bytes.count else { throw fault(.syntax, "The text ends in a string") }
        throw fault(.syntax, "A control character in a string must be escaped")
    }

    private func checked(_ text: String?, at start: Int) throws(JSONSyntaxError) -> String {
        guard let text else { throw fault(.invalidUTF8, "This text is not UTF-8", at: start) }
        return text
    }

    /// What follows a backslash.
    private mutating func escape(into text: inout [UInt8]) throws(JSONSyntaxError) {
        let start = position - 1
        let byte: UInt8
        switch next {
        case "\""?: byte = 0x22
        case "\\"?: byte = 0x5C
        case "/"?: byte = 0x2F
        case "b"?: byte = 0x08
        case "f"?: byte = 0x0C
        case "n"?: byte = 0x0A
        case "r"?: byte = 0x0D
        case "t"?: byte = 0x09
        case "u"?: return text.append(contentsOf: try codePoint(from: start).utf8)
        default: throw fault(.syntax, "This is no escape", at: start)
        }
        position += 1
        text.append(byte)
    }

    /// The character of a `\u` escape, or of two that are a pair of surrogates.
    private mutating func codePoint(from start: Int) throws(JSONSyntaxError) -> Unicode.Scalar {
        var pair = [try codeUnit()]
        let end = position
        if UTF16.isLeadSurrogate(pair[0]), take("\\"), next == "u" {
            pair.append(try codeUnit())
        }
        guard let text = String(validating: pair, as: UTF16.self),
            let scalar = text.unicodeScalars.first
        else {
            position = end
            return try mend(.loneSurrogate, "This is one half of a pair of surrogates", at: start)
        }
        return scalar == "\0" ? try mend(.nul, "U+0000 is not allowed", at: start) : scalar
    }

    /// What stands for a character that cannot be taken, where this is mended; thrown elsewhere.
    private mutating func mend(
        _ code: JSONSyntaxError.Code, _ detail: String, at start: Int
    ) throws(JSONSyntaxError) -> Unicode.Scalar {
        guard mends else { throw fault(code, detail, at: start) }
        let fault = JSONFault(pointer: place.pointer, code: code.rawValue, detail: detail)
        if mended.last != fault, mended.count < JSONFaults.limit { mended.append(fault) }
        return "\u{FFFD}"
    }

    /// Four hexadecimal digits after the `u` that is next.
    private mutating func codeUnit() throws(JSONSyntaxError) -> UInt16 {
        position += 1
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let next, let digit = Self.digit(next) else {
                throw fault(.syntax, "Four hexadecimal digits are expected here")
            }
            unit = unit << 4 | digit
            position += 1
        }
        return unit
    }

    private static func digit(_ scalar: Unicode.Scalar) -> UInt16? {
        switch scalar {
        case "0"..."9": UInt16(scalar.value - 0x30)
        case "a"..."f": UInt16(scalar.value - 0x57)
        case "A"..."F": UInt16(scalar.value - 0x37)
        default: nil
        }
    }
}
