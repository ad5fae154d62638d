import Bytes

extension ByteBuffer {
    /// Appends a moment, in microseconds since 2000-01-01 UTC, as `2026-03-01T09:00:00.123Z`.
    ///
    /// Always three digits of milliseconds, rounded down (RFC 3339, section 5.6), so that text
    /// sorts as time does. Years 0000 to 9999.
    package mutating func append(moment: Int64) {
        let (allSeconds, fraction) = Int(moment).dividedDown(by: 1_000_000)
        let (days, seconds) = allSeconds.dividedDown(by: 86_400)
        append(day: days)
        append(UInt8(ascii: "T"))
        append(twoDigits: seconds / 3600)
        append(UInt8(ascii: ":"))
        append(twoDigits: seconds / 60 % 60)
        append(UInt8(ascii: ":"))
        append(twoDigits: seconds % 60)
        append(UInt8(ascii: "."))
        append(UInt8(truncatingIfNeeded: fraction / 100_000) + 48)
        append(twoDigits: fraction / 1000 % 100)
        append(UInt8(ascii: "Z"))
    }

    /// Appends a day, counted from 2000-01-01, as `2026-03-01` (Hinnant's days-to-civil).
    ///
    /// Years 0000 to 9999.
    package mutating func append(day: Int) {
        let (era, dayOfEra) = (day + 730_425).dividedDown(by: 146_097)
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let isNextYear = month >= 10
        let year = yearOfEra + era * 400 + (isNextYear ? 1 : 0)
        append(twoDigits: year / 100)
        append(twoDigits: year % 100)
        append(UInt8(ascii: "-"))
        append(twoDigits: isNextYear ? month - 9 : month + 3)
        append(UInt8(ascii: "-"))
        append(twoDigits: dayOfYear - (153 * month + 2) / 5 + 1)
    }

    @inline(__always)
    private mutating func append(twoDigits value: Int) {
        fill(upTo: 2) { target in
            target.storeBytes(of: UInt8(truncatingIfNeeded: value / 10) &+ 48, as: UInt8.self)
            target.storeBytes(
                of: UInt8(truncatingIfNeeded: value % 10) &+ 48, toByteOffset: 1, as: UInt8.self)
            return 2
        }
    }
}

extension Int {
    fileprivate func dividedDown(by divisor: Int) -> (quotient: Int, remainder: Int) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
