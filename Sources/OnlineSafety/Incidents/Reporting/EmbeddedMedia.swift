import JSON

/// Cuts embedded files out of text (INC-06, X-01): what follows `…;base64,`, and any run of base64
/// or hexadecimal digits too long to be a hash or a link. A pasted address, a hash, an emoji, a
/// long cry or a row of dashes stays.
enum EmbeddedMedia {
    /// Stands where something was cut out.
    static let mark = "[an embedded file was cut out here]"

    /// From this many characters on, a run is taken for a file: longer than a SHA-512 in
    /// hexadecimal.
    private static let longRun = 200

    /// A web address up to this length stays whole.
    private static let longAddress = 2048

    /// Cuts in every text of a body; what was cut is named, never repeated.
    static func cut(from value: JSONValue, at pointer: String = "") -> (JSONValue, [SetAside]) {
        switch value {
        case .string(let text):
            guard let rest = cut(from: text) else { return (value, []) }
            return (.string(rest), [warning(pointer)])
        case .array(let elements):
            let parts = elements.enumerated().map { cut(from: $1, at: "\(pointer)/\($0)") }
            return (.array(parts.map(\.0)), parts.flatMap(\.1))
        case .object(let object):
            let parts = zip(names(of: object), object.members).map { name, member in
                (name, cut(from: member.value, at: "\(pointer)/\(name)"))
            }
            let members = parts.map { JSONObject.Member($0, $1.0) }
            return (.object(JSONObject(members)), parts.flatMap { $1.1 })
        default: return (value, [])
        }
    }

    /// The names of an object without the files in them. They are numbered where they would then be
    /// alike, because no two may be.
    private static func names(of object: JSONObject) -> [String] {
        let cuts = object.members.map { cut(from: $0.name) }
        guard cuts.contains(where: { $0 != nil }) else { return object.members.map(\.name) }
        var (taken, number) = (Set(object.members.map { Array($0.name.utf8) }), 1)
        return zip(cuts, object.members).map { rest, member in
            guard let rest else { return member.name }
            var name = rest
            while !taken.insert(Array(name.utf8)).inserted {
                number += 1
                name = "\(rest) \(number)"
            }
            return name
        }
    }

    private static func warning(_ pointer: String) -> SetAside {
        SetAside(
            pointer: pointer, code: "embedded_media_removed",
            detail: "A picture or file was pasted here and has been cut out: none is held here. "
                + "Do not send it to anybody; say in words who holds it, and ask the DSL.",
            value: nil)
    }

    /// The text without its embedded files; `nil` when there is none.
    static func cut(from text: String) -> String? {
        guard text.utf8.count >= 24 else { return nil }
        let bytes = Array(text.utf8)
        var (result, position, start) = ([UInt8](), 0, 0)
        while position < bytes.count {
            if let file = file(in: bytes, at: position, notBefore: start) {
                result += bytes[start..<file.lowerBound]
                result += Array(mark.utf8)
                (position, start) = (file.upperBound, file.upperBound)
            } else {
                position = endOfRun(bytes, position)
            }
        }
        guard start > 0 else { return nil }
        return String(decoding: result + bytes[start...], as: UTF8.self)
    }

    /// The embedded file that begins at a run, if one does.
    private static func file(
        in bytes: [UInt8], at position: Int, notBefore start: Int
    ) -> Range<Int>? {
        if let marked = marked(in: bytes, at: position, notBefore: start) { return marked }
        if let address = dataAddress(in: bytes, at: position) { return address }
        guard isDigit(bytes[position]) else { return nil }
        let end = endOfWrappedRun(bytes, position)
        guard end - position >= longRun, isVaried(bytes[position..<end]) else { return nil }
        let token = tokenStart(bytes, position, notBefore: start)
        let isAddress = contains(bytes[token..<position], "://")
        return isAddress && end - token <= longAddress ? nil : position..<end
    }

    /// `data:image/png;base64,…`, from the beginning of its media type to the end of its digits.
    private static func marked(
        in bytes: [UInt8], at position: Int, notBefore start: Int
    ) -> Range<Int>? {
        guard bytes[position] == sign[0], isThere(sign, in: bytes, at: position) else { return nil }
        let first = position + sign.count
        let end = endOfWrappedRun(bytes, first)
        guard end - first >= 16 else { return nil }
        return typeStart(bytes, position, notBefore: start)..<end
    }
}

private let sign = Array(";base64,".utf8)
private let scheme = Array("data:".utf8)
private let drawing = (begin: Array("<svg".utf8), end: Array("</svg>".utf8))

/// Whether these bytes stand at a place, in any case.
private func isThere(_ text: [UInt8], in bytes: [UInt8], at position: Int) -> Bool {
    guard bytes.count - position >= text.count else { return false }
    for index in text.indices {
        let byte = bytes[position + index]
        guard byte == text[index] || byte | 0x20 == text[index] else { return false }
    }
    return true
}

/// `data:image/svg+xml;utf8,<svg…` and the like (RFC 2397): to the end of the drawing or, of
/// anything else, of the word. A mention of the scheme without a type and sixteen bytes behind it
/// is none.
private func dataAddress(in bytes: [UInt8], at position: Int) -> Range<Int>? {
    guard bytes[position] | 0x20 == scheme[0], isThere(scheme, in: bytes, at: position) else {
        return nil
    }
    let type = bytes[(position + scheme.count)...].prefix(200).prefix { $0 != UInt8(ascii: ",") }
    guard type.contains(UInt8(ascii: "/")), !type.contains(where: isSpace),
        type.endIndex < bytes.count, bytes[type.endIndex] == UInt8(ascii: ","),
        !contains(type, ";base64")
    else { return nil }
    let content = type.endIndex + 1
    var end = content
    if isThere(drawing.begin, in: bytes, at: content) {
        while end < bytes.count, !isThere(drawing.end, in: bytes, at: end) { end += 1 }
        return position..<min(bytes.count, end + drawing.end.count)
    }
    while end < bytes.count, !isSpace(bytes[end]) { end += 1 }
    return end - content >= 16 ? position..<end : nil
}

// MARK: - Runs

/// A digit of base64, of base64url or of hexadecimal; `%` as it is escaped within addresses.
private func isDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case 48...57, 65...90, 97...122, UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="),
        UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "%"):
        true
    default: false
    }
}

private func isSpace(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 || byte == 10 || byte == 13 }

/// The end of the digits at `position`; at least one byte on.
private func endOfRun(_ bytes: [UInt8], _ position: Int) -> Int {
    var end = position
    while end < bytes.count, isDigit(bytes[end]) { end += 1 }
    return max(end, position + 1)
}

/// The end of digits that are broken into lines or pieces of forty and more, as mail breaks them.
private func endOfWrappedRun(_ bytes: [UInt8], _ position: Int) -> Int {
    var end = position
    while end < bytes.count, isDigit(bytes[end]) { end += 1 }
    guard end - position >= 40 || position == end else { return end }
    while true {
        var next = end
        while next < bytes.count, isSpace(bytes[next]), next - end < 4 { next += 1 }
        guard next > end, next < bytes.count, isDigit(bytes[next]) else { return end }
        let piece = endOfRun(bytes, next)
        guard piece - next >= 40 || bytes[piece - 1] == UInt8(ascii: "=") else { return end }
        end = piece
    }
}

/// Ten different digits or more: a cry of two hundred letters, or a row of dashes, is not a file.
private func isVaried(_ run: ArraySlice<UInt8>) -> Bool {
    Set(run.prefix(4096)).count >= 10
}

private func tokenStart(_ bytes: [UInt8], _ position: Int, notBefore start: Int) -> Int {
    var index = position
    while index > start, !isSpace(bytes[index - 1]) { index -= 1 }
    return index
}

/// The beginning of `data:image/svg+xml;charset=utf-8` before `;base64,`.
private func typeStart(_ bytes: [UInt8], _ position: Int, notBefore start: Int) -> Int {
    var index = position
    while index > start, position - index < 200 {
        switch bytes[index - 1] {
        case 48...58, 65...90, 97...122, UInt8(ascii: "/"), UInt8(ascii: "+"), UInt8(ascii: "."),
            UInt8(ascii: "-"), UInt8(ascii: ";"), UInt8(ascii: "="):
            index -= 1
        default: return index
        }
    }
    return index
}

private func contains(_ bytes: ArraySlice<UInt8>, _ text: StaticString) -> Bool {
    let pattern = Array(text.description.utf8)
    return bytes.indices.contains { bytes[$0...].starts(with: pattern) }
}
