import Bytes

// JSON written as bytes, straight into the buffer that is sent.

extension ByteBuffer {
    /// Appends a JSON string of UTF-8 text: eight bytes a step while nothing needs an escape.
    ///
    /// Escapes what RFC 8259, section 7 demands and no more; the text is taken to be UTF-8.
    package mutating func appendJSON(text: UnsafeRawBufferPointer) {
        fill(upTo: text.count * 6 + 2) { target in
            var (read, write) = (0, 1)
            target.storeBytes(of: quote, as: UInt8.self)
            while read < text.count {
                if text.count - read >= 8 {
                    let word = text.loadUnaligned(fromByteOffset: read, as: UInt64.self)
                    if !needsEscape(word) {
                        target.storeBytes(of: word, toByteOffset: write, as: UInt64.self)
                        (read, write) = (read + 8, write + 8)
                        continue
                    }
                }
                for _ in 0..<min(8, text.count - read) {
                    write += escape(text[read], into: target + write)
                    read += 1
                }
            }
            target.storeBytes(of: quote, toByteOffset: write, as: UInt8.self)
            return write + 1
        }
    }

    /// Appends a JSON string, quotes included (RFC 8259, section 7).
    package mutating func appendJSON(_ text: String) {
        var text = text
        text.withUTF8 { appendJSON(text: UnsafeRawBufferPointer($0)) }
    }

    /// Appends a UUID from its sixteen bytes, without quotes.
    package mutating func append(uuid: UnsafeRawPointer) {
        fill(upTo: 36) { target in
            var write = 0
            for index in 0..<16 {
                if index == 4 || index == 6 || index == 8 || index == 10 {
                    target.storeBytes(of: UInt8(ascii: "-"), toByteOffset: write, as: UInt8.self)
                    write += 1
                }
                let byte = uuid.load(fromByteOffset: index, as: UInt8.self)
                target.storeBytes(of: hex(byte >> 4), toByteOffset: write, as: UInt8.self)
                target.storeBytes(of: hex(byte & 15), toByteOffset: write + 1, as: UInt8.self)
                write += 2
            }
            return write
        }
    }
}

private let quote = UInt8(ascii: "\"")

/// Whether one of eight bytes is a control, a quote or a backslash. (A SIMD mask is slower.)
@inline(__always)
func needsEscape(_ word: UInt64) -> Bool {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let quotes = word ^ (ones &* 0x22)
    let backslashes = word ^ (ones &* 0x5C)
    let found =
        (word &- (ones &* 0x20)) & ~word
        | (quotes &- ones) & ~quotes
        | (backslashes &- ones) & ~backslashes
    return found & (ones &* 0x80) != 0
}

@inline(__always)
func needsEscape(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == quote || byte == UInt8(ascii: "\\")
}

@inline(__always)
private func escape(_ byte: UInt8, into target: UnsafeMutableRawPointer) -> Int {
    if !needsEscape(byte) {
        target.storeBytes(of: byte, as: UInt8.self)
        return 1
    }
    target.storeBytes(of: UInt8(ascii: "\\"), as: UInt8.self)
    let short: UInt8? =
        switch byte {
        case quote, UInt8(ascii: "\\"): byte
        case 0x0A: UInt8(ascii: "n")
        case 0x0D: UInt8(ascii: "r")
        case 0x09: UInt8(ascii: "t")
        default: nil
        }
    if let short {
        target.storeBytes(of: short, toByteOffset: 1, as: UInt8.self)
        return 2
    }
    target.storeBytes(of: UInt8(ascii: "u"), toByteOffset: 1, as: UInt8.self)
    target.storeBytes(of: UInt8(ascii: "0"), toByteOffset: 2, as: UInt8.self)
    target.storeBytes(of: UInt8(ascii: "0"), toByteOffset: 3, as: UInt8.self)
    target.storeBytes(of: hex(byte >> 4), toByteOffset: 4, as: UInt8.self)
    target.storeBytes(of: hex(byte & 15), toByteOffset: 5, as: UInt8.self)
    return 6
}

@inline(__always)
private func hex(_ digit: UInt8) -> UInt8 { digit < 10 ? 48 + digit : 87 + digit }
