import Bytes
import JSON
import Testing

@Suite struct EncodingTests {
    struct Everything: Codable, Equatable {
        var zebra = "a\"\\\n\u{1}é/"
        var apple = -7
        var maybe: Int?
        var list = [1.5, -0.25, 1e300]
        var inner = Inner()
        var empty: [Int] = []
        var flags = [true, false]
        var kind = Kind.bullying
        var nothing = Nothing()

        struct Inner: Codable, Equatable { var deep = [[1], []] }
        struct Nothing: Codable, Equatable {}
    }

    @Test func `members stand in the order in which they are encoded`() throws {
        #expect(
            try text(of: Everything())
                == #"{"zebra":"a\"\\\n\u0001é/","apple":-7,"list":[1.5,-0.25,1e+300],"#
                + #""inner":{"deep":[[1],[]]},"empty":[],"flags":[true,false],"#
                + #""kind":"bullying","nothing":{}}"#)
    }

    @Test func `the pretty form has a line for each member`() throws {
        let value: JSONValue = ["a": [1, ["b": nil]], "c": [:], "d": []]
        #expect(
            try text(of: value, layout: .pretty) == """
                {
                  "a": [
                    1,
                    {
                      "b": null
                    }
                  ],
                  "c": {},
                  "d": []
                }
                """)
    }

    @Test func `what was written is read back as the same value`() throws {
        let everything = Everything()
        for layout in [JSONLayout.compact, .pretty] {
            let value = try parse(try JSON.bytes(of: everything, layout: layout))
            #expect(try JSON.decode(Everything.self, from: value) == everything)
        }
    }

    @Test func `a number that is not finite is refused`() {
        for double in [Double.infinity, -.infinity, .nan] {
            #expect(throws: EncodingError.self) { try JSON.bytes(of: [double]) }
        }
    }

    @Test func `the value follows what is in the buffer`() throws {
        var buffer = ByteBuffer()
        buffer.append("data: " as StaticString)
        try JSON.encode([1, 2], into: &buffer)
        #expect(String(decoding: buffer.bytes, as: UTF8.self) == "data: [1,2]")
    }

    @Test func `containers in containers close in turn`() throws {
        struct Manual: Encodable {
            enum Key: CodingKey { case a, b, c }
            func encode(to encoder: any Encoder) throws {
                var outer = encoder.container(keyedBy: Key.self)
                var inner = outer.nestedContainer(keyedBy: Key.self, forKey: .a)
                try inner.encode(1, forKey: .b)
                var list = inner.nestedUnkeyedContainer(forKey: .c)
                try list.encode(2)
                var more = list.nestedUnkeyedContainer()
                try more.encode(3)
                try outer.encodeNil(forKey: .b)
                var again = encoder.container(keyedBy: Key.self)
                try again.encode([Int?](arrayLiteral: 4, nil), forKey: .c)
            }
        }
        #expect(try text(of: Manual()) == #"{"a":{"b":1,"c":[2,[3]]},"b":null,"c":[4,null]}"#)
    }

    @Test(arguments: [
        (0, "2000-01-01T00:00:00.000Z"), (123_456, "2000-01-01T00:00:00.123Z"),
        (-1, "1999-12-31T23:59:59.999Z"), (825_670_800_007_000, "2026-03-01T09:00:00.007Z"),
        (5_097_599_999_000, "2000-02-28T23:59:59.999Z"),
        (5_097_600_000_000, "2000-02-29T00:00:00.000Z"),
        (-62_125_747_200_000_000, "0031-04-25T00:00:00.000Z"),
    ])
    func `a moment has milliseconds and Z`(_ microseconds: Int64, _ text: String) {
        var buffer = ByteBuffer()
        buffer.append(moment: microseconds)
        #expect(String(decoding: buffer.bytes, as: UTF8.self) == text)
    }

    @Test func `a UUID is written from its bytes`() {
        var buffer = ByteBuffer()
        let bytes = (0..<16).map { UInt8($0 * 17) }
        bytes.withUnsafeBytes { bytes in
            if let base = bytes.baseAddress { buffer.append(uuid: base) }
        }
        #expect(
            String(decoding: buffer.bytes, as: UTF8.self) == "00112233-4455-6677-8899-aabbccddeeff")
    }
}
