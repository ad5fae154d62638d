import JSON
import OpenAPI
import Postgres

/// A day in England, as `2026-11-20`: a real date from 1900 to 2199. It stays text: arithmetic with
/// days is PostgreSQL's, which knows London.
struct Day: Hashable, Sendable {
    let string: String

    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 10, bytes[4] == dash, bytes[7] == dash,
            let year = number(bytes[0..<4]), let month = number(bytes[5..<7]),
            let day = number(bytes[8..<10]),
            (1900...2199).contains(year), (1...12).contains(month),
            (1...length(ofMonth: month, year)).contains(day)
        else { return nil }
        string = text
    }
}

/// A time of day in England, to the minute, as `14:07`.
struct TimeOfDay: Hashable, Sendable {
    let string: String

    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 5, bytes[2] == UInt8(ascii: ":"), let hour = number(bytes[0..<2]),
            let minute = number(bytes[3..<5]), hour < 24, minute < 60
        else { return nil }
        string = text
    }
}

/// An instant with its offset from UTC (RFC 3339), as `2026-11-20T09:30:00Z`: without an offset it
/// would be a guess, and is refused.
struct Instant: Hashable, Sendable {
    let string: String

    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard (20...40).contains(bytes.count), bytes[10] | 0x20 == UInt8(ascii: "t"),
            Day(String(decoding: bytes[0..<10], as: UTF8.self)) != nil,
            TimeOfDay(String(decoding: bytes[11..<16], as: UTF8.self)) != nil,
            bytes[16] == UInt8(ascii: ":"), let second = number(bytes[17..<19]), second < 60
        else { return nil }
        var rest = bytes[19...]
        if rest.first == UInt8(ascii: ".") {
            let digits = rest.dropFirst().prefix { (48...57).contains($0) }
            guard !digits.isEmpty else { return nil }
            rest = rest.dropFirst(1 + digits.count)
        }
        guard isOffset(rest) else { return nil }
        string = text
    }
}

extension Day: TextScalar {
    static let fault = JSONFault(
        code: "date", detail: "Give a date from 1900 to 2199, e.g. 2026-11-20")
    static let schema = Schema.text(format: "date")
    static let exampleText: StaticString = "2026-11-20"
}

extension TimeOfDay: TextScalar {
    static let fault = JSONFault(code: "time", detail: "Give a time of day, e.g. 14:07")
    static let schema = Schema.text(pattern: "^([01][0-9]|2[0-3]):[0-5][0-9]$")
    static let exampleText: StaticString = "14:07"
}

extension Instant: TextScalar {
    static let fault = JSONFault(
        code: "offset_required",
        detail: "Give a time with its zone, from 1900 to 2199, e.g. 2026-11-20T09:30:00Z")
    static let schema = Schema.text(format: "date-time")
    static let exampleText: StaticString = "2026-11-20T09:30:00Z"
}

private let dash = UInt8(ascii: "-")

private func number(_ digits: ArraySlice<UInt8>) -> Int? {
    guard digits.allSatisfy({ (48...57).contains($0) }) else { return nil }
    return digits.reduce(0) { $0 * 10 + Int($1 - 48) }
}

private func length(ofMonth month: Int, _ year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
}

/// `Z`, or `+01:00`.
private func isOffset(_ bytes: ArraySlice<UInt8>) -> Bool {
    let bytes = Array(bytes)
    if bytes.count == 1 { return bytes[0] | 0x20 == UInt8(ascii: "z") }
    guard bytes.count == 6, bytes[0] == UInt8(ascii: "+") || bytes[0] == dash else { return false }
    // No place on Earth is further from UTC than fourteen hours, and PostgreSQL takes no more.
    return TimeOfDay(String(decoding: bytes[1...], as: UTF8.self)).map { $0.string <= "14:00" }
        ?? false
}
