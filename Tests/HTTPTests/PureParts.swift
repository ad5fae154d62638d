import Bytes
import Testing

@testable import HTTP

@Suite("Parts that need no socket")
struct PureParts {
    private func characters(of set: ByteSet) -> String {
        String(decoding: (UInt8.min...UInt8.max).filter(set.contains), as: UTF8.self)
    }

    private let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

    @Test func `The sets hold what the grammars say`() {
        let common = letters + "0123456789-._~"
        #expect(Set(characters(of: .token)) == Set(letters + "0123456789!#$%&'*+-.^_`|~"))
        #expect(Set(characters(of: .registeredName)) == Set(common + "!$&'()*+,;="))
        #expect(Set(characters(of: .path)) == Set(common + "!$&'()*+,;=:@/"))
        #expect(Set(characters(of: .query)) == Set(common + "!$&'()*+,;=:@/?"))
    }

    /// What is empty has an address, and a buffer that holds nothing has none.
    @Test func `Nothing is added to nothing`() {
        var buffer = ByteBuffer()
        for text in ["", String("x".dropFirst())] { buffer.append(text) }
        let bytes: [UInt8] = [1]
        bytes.withUnsafeBytes { buffer.append(UnsafeRawBufferPointer(rebasing: $0.prefix(0))) }
        #expect(buffer.bytes.isEmpty)
    }

    @Test func `The first control character is found wherever it is`() {
        for length in 0..<40 {
            for place in 0..<length {
                for control: UInt8 in [0x00, 0x09, 0x0A, 0x0D, 0x1F, 0x7F] {
                    var bytes = [UInt8](repeating: 0xFF, count: length)
                    bytes[place] = control
                    if place + 1 < length { bytes[place + 1] = 0x20 }
                    bytes.withUnsafeBytes { #expect($0.firstControl(in: 0..<length) == place) }
                }
            }
            let clean = (0..<length).map { UInt8(0x20 + $0) }
            clean.withUnsafeBytes { #expect($0.firstControl(in: 0..<length) == nil) }
        }
    }

    @Test func `Lines are found by one look at each byte`() throws {
        var scanner = LineScanner()
        let bytes = Array(String(repeating: "a", count: 1 << 16).utf8)
        let time = try ContinuousClock().measure {
            for count in bytes.indices {
                let line = try bytes.withUnsafeBytes {
                    try scanner.next(
                        in: UnsafeRawBufferPointer(rebasing: $0[..<count]), upTo: .max,
                        orElse: .headTooLarge)
                }
                #expect(line == nil)
            }
        }
        #expect(time < .seconds(2))
    }

    @Test func `Each fault has a status of its kind, a code and a sentence`() {
        for fault in Fault.allCases {
            #expect((400...505).contains(fault.status.code))
            #expect(fault.detail.description.hasSuffix("."))
            #expect(fault.code.description.allSatisfy { $0.isLowercase || $0 == "_" })
        }
    }

    @Test func `Small chunks with long extensions do not fill the memory`() throws {
        var input = ByteBuffer()
        var body = ChunkedBody(at: 0, upTo: 1 << 20)
        var limits = Limits()
        limits.chunkExtensions = 1 << 20
        for _ in 0..<1_000 {
            input.append("1;\(String(repeating: "a", count: 200))\r\nb\r\n")
            try #expect(!body.advance(over: &input, within: limits))
        }
        #expect(body.count == 1_000)
        #expect(input.count < 1_300)
    }
}
