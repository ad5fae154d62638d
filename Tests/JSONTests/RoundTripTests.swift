import JSON
import Testing

@Suite struct RoundTripTests {
    @Test(arguments: UInt64(1)...300)
    func `any value is read back as it was written`(_ seed: UInt64) throws {
        var random = Random(state: seed)
        let value = random.value(depth: 6)
        #expect(try parse(try JSON.bytes(of: value)) == value)
        #expect(try parse(try JSON.bytes(of: value, layout: .pretty)) == value)
        #expect(try JSON.decode(JSONValue.self, from: value) == value)
    }

    @Test(arguments: UInt64(1)...300)
    func `damaged bytes are refused or read, and never end the process`(_ seed: UInt64) throws {
        var random = Random(state: seed)
        var bytes = try JSON.bytes(of: random.value(depth: 5))
        for _ in 0..<20 {
            bytes[Int.random(in: bytes.indices, using: &random)] = .random(
                in: 0...255, using: &random)
            _ = try? parse(bytes)
            _ = try? parse(Array(bytes.prefix(.random(in: 0...bytes.count, using: &random))))
        }
    }
}

/// SplitMix64: the same values for the same seed, everywhere.
private struct Random: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func value(depth: Int) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 7 : 5), using: &self) {
        case 0: .null
        case 1: .bool(.random(using: &self))
        case 2: .number(JSONNumber(Int(truncatingIfNeeded: next())))
        case 3: JSONNumber(Double(bitPattern: next())).map { .number($0) } ?? .null
        case 4: .string(text())
        case 5:
            .array((0..<Int.random(in: 0...5, using: &self)).map { _ in value(depth: depth - 1) })
        default: object(depth: depth - 1)
        }
    }

    private mutating func object(depth: Int) -> JSONValue {
        var object = JSONObject()
        for _ in 0..<Int.random(in: 0...20, using: &self) {
            object[text()] = value(depth: depth / 2)
        }
        return .object(object)
    }

    private mutating func text() -> String {
        var text = ""
        for _ in 0..<Int.random(in: 0...20, using: &self) {
            let bound: UInt32 =
                [0x23, 0x7F, 0x7FF, 0xFFFF, 0x10FFFF].randomElement(using: &self) ?? 1
            if let scalar = Unicode.Scalar(.random(in: 1...bound, using: &self)) {
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
