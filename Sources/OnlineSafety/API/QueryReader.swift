import HTTP

/// The parameters of a request's query, each taken by name. What is wrong is noted and all of it is
/// answered at once; a parameter that nobody took is unknown, and a fault (`API` convention).
struct QueryReader {
    private var values: [(name: String, value: String)] = []
    private(set) var faults: [Fault] = []
    private var taken: Set<String> = []

    init(_ query: UnsafeRawBufferPointer) {
        guard !query.isEmpty else { return }
        for pair in query.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: true) {
            let parts = pair.split(
                separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = formDecoded(Array(parts[0])),
                let value = formDecoded(parts.count > 1 ? Array(parts[1]) : [])
            else {
                note("", "encoding", "Percent-encode it as UTF-8")
                continue
            }
            if values.contains(where: { $0.name == name }) {
                note(name, "repeated", "Give it once; separate several values by commas")
            }
            values.append((name, value))
        }
    }

    var isEmpty: Bool { values.isEmpty }

    /// All pairs but those named, in the order of their names: what a cursor is bound to.
    func pairs(without names: [String]) -> [(name: String, value: String)] {
        values.filter { !names.contains($0.name) }.sorted { $0.name < $1.name }
    }

    mutating func take(_ name: String) -> String? {
        taken.insert(name)
        return values.first { $0.name == name }?.value
    }

    /// Whether a parameter is there, without taking it.
    func value(of name: String) -> String? { values.first { $0.name == name }?.value }

    mutating func note(_ name: String, _ code: String, _ detail: String) {
        faults.append(Fault(parameter: name, code: code, detail: detail))
    }

    /// Throws when anything was wrong, or was not asked for.
    mutating func finish() throws(Problem) {
        for (name, _) in values where !taken.contains(name) {
            note(name, "unknown_parameter", "This address knows no such parameter")
        }
        guard faults.isEmpty else { throw Problem(parameters: faults) }
    }
}

/// `a%20b` and `a+b` as `a b`; `nil` when it is not UTF-8 or an escape is broken.
func formDecoded(_ bytes: [UInt8]) -> String? {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
        switch bytes[index] {
        case UInt8(ascii: "+"): result.append(0x20)
        case UInt8(ascii: "%"):
            guard index + 2 < bytes.count, let high = hexDigit(bytes[index + 1]),
                let low = hexDigit(bytes[index + 2])
            else { return nil }
            result.append(high << 4 | low)
            index += 2
        default: result.append(bytes[index])
        }
        index += 1
    }
    return result.contains(0) ? nil : String(validating: result, as: UTF8.self)
}

private func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 48...57: byte - 48
    case 65...70: byte - 55
    case 97...102: byte - 87
    default: nil
    }
}
