import Testing

@testable import OnlineSafety

/// What the service hands out signed is known again, where it belongs and nowhere else.
@Suite struct `Signing` {
    private let keys = KeyRing([(1, [UInt8](repeating: 7, count: 32))])

    @Test func `binds a text to its place, however the two are cut`() {
        let place = Array("a list\u{0}of".utf8)
        let text = Array("incidents\u{0}here".utf8)
        let signature = keys.sign(text, bound: place)
        #expect(keys.verified(signature + text, bound: place) == text)
        #expect(keys.verified(signature + text, bound: []) == nil)
        let whole = place + [0] + text
        for index in whole.indices where whole[index] == 0 && index != place.count {
            let (other, rest) = (Array(whole[..<index]), Array(whole[(index + 1)...]))
            #expect(keys.verified(signature + rest, bound: other) == nil)
        }
    }
}
