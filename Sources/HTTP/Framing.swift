/// What the fields of a head say about the message itself: where it ends, and what follows it.
struct Framing {
    private(set) var length: Int?
    private(set) var isChunked = false
    private(set) var expectsContinue = false
    private(set) var isLast = false
    private var hosts = 0
    private var credentials = 0

    /// Takes note of a field, if it is one that matters here.
    mutating func take(
        _ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer
    ) throws(Fault) {
        switch name.count {
        case 4 where name.isLike("host"): try takeHost(value)
        case 6 where name.isLike("expect"): try takeExpectation(value)
        case 10 where name.isLike("connection"): takeOptions(value)
        case 13 where name.isLike("authorization"): try takeCredentials()
        case 14 where name.isLike("content-length"): try takeLength(value)
        case 17 where name.isLike("transfer-encoding"): try takeCoding(value)
        default: break
        }
    }

    /// Judges all fields together. HTTP/1.0 may lack a Host, must not have a coding, knows no
    /// expectations, and keeps no connection here (RFC 9112, 3.2 and 6.1; RFC 9110, 10.1.1).
    mutating func finish(isOldVersion: Bool) throws(Fault) {
        if isOldVersion {
            guard !isChunked else { throw .codingInOldVersion }
            (isLast, expectsContinue) = (true, false)
        } else if hosts == 0 {
            throw .hostCount
        }
        guard !isChunked || length == nil else { throw .codingAndLength }
    }

    private mutating func takeHost(_ value: UnsafeRawBufferPointer) throws(Fault) {
        hosts += 1
        guard hosts == 1 else { throw .hostCount }
        guard Authority.isValid(value) else { throw .host }
    }

    /// Once: what stands in between may have looked at another than what is behind (RFC 9110, 5.3).
    private mutating func takeCredentials() throws(Fault) {
        credentials += 1
        guard credentials == 1 else { throw .credentialsTwice }
    }

    private mutating func takeExpectation(_ value: UnsafeRawBufferPointer) throws(Fault) {
        guard value.isLike("100-continue") else { throw .expectation }
        expectsContinue = true
    }

    /// Once, in digits: a list of equal numbers is allowed to be refused (RFC 9112, 6.3).
    private mutating func takeLength(_ value: UnsafeRawBufferPointer) throws(Fault) {
        guard length == nil else { throw .lengthTwice }
        guard let number = value.decimal else { throw .length }
        length = number
    }

    /// A body whose last coding is not chunked has no end that can be known (RFC 9112, 6.3).
    private mutating func takeCoding(_ value: UnsafeRawBufferPointer) throws(Fault) {
        guard !isChunked else { throw .codingTwice }
        guard !value.isLike("chunked") else { return isChunked = true }
        let codings = Array(ListElements(of: value))
        guard codings.last?.isLike("chunked") == true,
            codings.filter({ $0.isLike("chunked") }).count == 1,
            codings.allSatisfy({ $0.first.map(ByteSet.token.contains) == true })
        else { throw .coding }
        throw .codingUnknown
    }

    private mutating func takeOptions(_ value: UnsafeRawBufferPointer) {
        if ListElements(of: value).contains(where: { $0.isLike("close") }) { isLast = true }
    }
}
