/// In what the text of a table is written.
enum TextEncoding: Sendable {
    case utf8, windows1252

    /// Not said: what is no UTF-8 is taken for Windows-1252, a field at a time. Text that means
    /// something in that is hardly ever UTF-8 by chance.
    case unknown
}

extension TextEncoding {
    /// The text of a field, without spaces around it; `nil` where it is none.
    func text(of bytes: ArraySlice<UInt8>) -> String? {
        let trimmed = Self.trim(bytes)
        if self != .windows1252, let text = String(validating: trimmed, as: UTF8.self) {
            return text
        }
        return self == .utf8 ? nil : Self.windows1252(trimmed)
    }

    private static func trim(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var bytes = bytes
        while let first = bytes.first, first == 0x20 || first == 0x09 { bytes.removeFirst() }
        while let last = bytes.last, last == 0x20 || last == 0x09 { bytes.removeLast() }
        return bytes
    }

    private static func windows1252(_ bytes: ArraySlice<UInt8>) -> String? {
        var text = ""
        for byte in bytes {
            let scalar = (0x80..<0xA0).contains(byte) ? high[Int(byte) - 0x80] : UInt32(byte)
            guard scalar != 0, let known = Unicode.Scalar(scalar) else { return nil }
            text.unicodeScalars.append(known)
        }
        return text
    }

    /// What Windows-1252 has from 0x80 to 0x9F; nought where it has nothing.
    private static let high: [UInt32] = [
        0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039,
        0x0152, 0, 0x017D, 0, 0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC,
        0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178,
    ]
}

/// What people write in the cells of a table.
enum Cell {
    /// `2016-03-09`, `09/03/2016`, `9/3/2016`, `09-03-2016`, `09.03.2016`, each perhaps with a time
    /// of day behind it, which is left out. The day stands first: this is England.
    static func day(_ text: String) -> String? {
        let date = text.prefix { $0 != " " && $0 != "T" }
        if let day = Day(String(date)) { return day.string }
        let parts = date.split(omittingEmptySubsequences: false) { "/-.".contains($0) }
        guard parts.count == 3, parts[2].utf8.count == 4,
            parts[0...1].allSatisfy({ (1...2).contains($0.utf8.count) })
        else { return nil }
        let padded = parts[0...1].map { $0.utf8.count == 1 ? "0\($0)" : String($0) }
        return Day("\(parts[2])-\(padded[1])-\(padded[0])")?.string
    }

    /// `Yes`, `y`, `true`, `1`, `x`; `No`, `n`, `false`, `0`.
    static func flag(_ text: String) -> Bool? {
        switch text.lowercased() {
        case "yes", "y", "true", "t", "1", "x": true
        case "no", "n", "false", "f", "0", "-": false
        default: nil
        }
    }

    /// A word of the list of kinds, or what is printed for it.
    static func kind(_ text: String) -> PersonKind? { kinds[text.lowercased()] }

    private static let kinds: [String: PersonKind] = {
        var kinds: [String: PersonKind] = [
            "student": .pupil, "child": .pupil, "contact": .parent, "carer": .parent,
            "guardian": .parent, "teaching staff": .teacher, "ta": .supportStaff,
            "teaching assistant": .supportStaff, "staff": .supportStaff,
            "non-teaching staff": .supportStaff, "support": .supportStaff,
        ]
        for kind in PersonKind.allCases {
            kinds[kind.rawValue] = kind
            kinds[kind.rawValue.replacing("_", with: " ")] = kind
            kinds[kind.label.lowercased()] = kind
        }
        return kinds
    }()
}
