/// A set of ASCII characters as 128 bits, written out so that nothing is made at run time.
struct ByteSet {
    fileprivate let low: UInt64
    fileprivate let high: UInt64

    @inline(__always)
    func contains(_ byte: UInt8) -> Bool {
        byte < 128 && (byte < 64 ? low : high) >> UInt64(byte & 63) & 1 == 1
    }
}

extension ByteSet {
    /// Names of methods, fields and codings (RFC 9110, 5.6.2).
    static var token: ByteSet {
        ByteSet(low: 0x03FF_6CFA_0000_0000, high: 0x57FF_FFFF_C7FF_FFFE)
    }

    /// Characters of a path: `pchar` and the slash (RFC 3986, 3.3), the escapes apart.
    static var path: ByteSet {
        ByteSet(low: 0x2FFF_FFD2_0000_0000, high: 0x47FF_FFFE_87FF_FFFF)
    }

    /// Characters of a query (RFC 3986, 3.4), the escapes apart.
    static var query: ByteSet {
        ByteSet(low: 0xAFFF_FFD2_0000_0000, high: 0x47FF_FFFE_87FF_FFFF)
    }

    /// Characters of a registered name or IPv4 address (RFC 3986, 3.2.2), the escapes apart.
    static var registeredName: ByteSet {
        ByteSet(low: 0x2BFF_7FD2_0000_0000, high: 0x47FF_FFFE_87FF_FFFE)
    }
}
