import Bytes
import Glibc

/// The `Date` field (RFC 9110, 6.6.1), made once a second. One for each loop.
final class Clock {
    private var second = 0
    private var line: [UInt8] = []

    func appendDate(to output: inout ByteBuffer) {
        let now = time(nil)
        if now != second { (second, line) = (now, Self.line(now)) }
        line.withUnsafeBytes { output.append($0) }
    }

    private static func line(_ now: time_t) -> [UInt8] {
        var (now, parts) = (now, tm())
        gmtime_r(&now, &parts)
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { text in
            let count = strftime(
                text.baseAddress!, 64, "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", &parts)
            return text.prefix(count).map { UInt8(bitPattern: $0) }
        }
    }
}
