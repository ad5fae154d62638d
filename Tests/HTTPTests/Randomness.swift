import Bytes
import Testing

@testable import HTTP

/// The same numbers at every run (SplitMix64).
private struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}

@Suite("Damaged requests")
struct Randomness {
    /// What comes of bytes that arrive in pieces: a fault, a body, or nothing yet.
    private func outcome(of pieces: [ArraySlice<UInt8>]) -> String {
        var parser = RequestParser()
        var input = ByteBuffer()
        let table = FieldTable(capacity: 5)
        var limits = Limits()
        (limits.head, limits.target, limits.trailers) = (150, 30, 12)
        do throws(Fault) {
            for piece in pieces {
                piece.withUnsafeBytes { input.append($0) }
                var progress = try parser.advance(over: &input, within: limits, into: table)
                if progress == .head {
                    try parser.limitBody(to: 20)
                    progress = try parser.advance(over: &input, within: limits, into: table)
                }
                guard progress == .request else { continue }
                let request = Request(parser, of: input.bytes, table: table, at: 0)
                return [request.path, request.query, request.body]
                    .map { String(decoding: $0, as: UTF8.self) }.joined(separator: "|")
            }
        } catch {
            return "\(error)"
        }
        return "incomplete"
    }

    private func damaged(_ text: String, by random: inout Seeded) -> [UInt8] {
        var bytes = Array(text.utf8)
        for _ in 0..<Int.random(in: 0...3, using: &random) {
            let place = Int.random(in: bytes.indices, using: &random)
            switch Int.random(in: 0...3, using: &random) {
            case 0: bytes.remove(at: place)
            case 1: bytes.insert(bytes.randomElement(using: &random) ?? 0, at: place)
            case 2: bytes[place] = "\r\n\t :;,%?/\0\u{7F}".utf8.randomElement(using: &random) ?? 0
            default: bytes[place] = UInt8.random(in: 0...255, using: &random)
            }
        }
        return bytes
    }

    private func cut(_ bytes: [UInt8], by random: inout Seeded) -> [ArraySlice<UInt8>] {
        var (pieces, rest) = ([ArraySlice<UInt8>](), bytes[...])
        while !rest.isEmpty {
            let length = Int.random(in: 1...min(20, rest.count), using: &random)
            pieces.append(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        return pieces
    }

    @Test func `Damage is met with the same answer, however it is cut, and with no crash`() {
        let requests = [
            "GET /a%20b?c=%C3%A9 HTTP/1.1\r\nHost: [::1]:80\r\nA: b, \tc\r\n\r\n",
            "POST http://a:8/b HTTP/1.1\r\nhost: a\r\nContent-Length: 12\r\n\r\nhello\r\nthere",
            "PUT /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "3;a=\"b\";c\r\nabc\r\nA\r\n0123456789\r\n0\r\nA: b\r\n\r\n",
        ]
        var (random, seen) = (Seeded(state: 42), Set<String>())
        for round in 0..<15_000 {
            let bytes = damaged(requests[round % requests.count], by: &random)
            let whole = outcome(of: [bytes[...]])
            seen.insert(whole)
            #expect(outcome(of: cut(bytes, by: &random)) == whole)
        }
        #expect(seen.count > 100)
    }
}
