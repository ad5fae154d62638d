import HTTP

/// The value of a `Content-Type`.
struct MediaType {
    private let name: String

    /// In what encoding its text is, in small letters; `nil` where it does not say.
    let charset: String?

    init(_ header: UnsafeRawBufferPointer) {
        let parts = header.prefix(200).split(separator: UInt8(ascii: ";")).map(Self.plain)
        name = parts.first ?? ""
        charset = parts.dropFirst().first { $0.hasPrefix("charset=") }
            .map { $0.dropFirst(8).filter { $0 != "\"" } }
    }

    private static func plain(_ bytes: Slice<UnsafeRawBufferPointer>) -> String {
        bytes.map { (65...90).contains($0) ? $0 | 0x20 : $0 }
            .reduce(into: "") { $0.unicodeScalars.append(Unicode.Scalar($1)) }
            .filter { $0 != " " && $0 != "\t" }
    }

    func isOf(_ type: String) -> Bool { name == type }

    var isForm: Bool { name == "application/x-www-form-urlencoded" }
    var isJSON: Bool { name == "application/json" || name == "application/merge-patch+json" }
}

/// What a client takes, by its `Accept` (RFC 9110, 12.5.1).
struct Accepted {
    /// A range of types, such as `text/*`, and its weight in thousandths.
    private let ranges: [(name: String, weight: Int)]

    init(_ header: UnsafeRawBufferPointer) {
        ranges = String(decoding: header, as: UTF8.self).lowercased().split(separator: ",").map {
            let parts = $0.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" } }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.map(Self.thousandths)
            return (parts.first ?? "", weight ?? 1000)
        }
    }

    /// The weight of a type: that of the range which names it most closely; nought where none does.
    func weight(of type: String) -> Int {
        let group = type.prefix { $0 != "/" }
        let names = [type, "\(group)/*", "*/*"]
        return names.lazy.compactMap { name in ranges.first { $0.name == name }?.weight }.first ?? 0
    }

    /// Whether a type is asked for by its own name, and not refused.
    func isNamed(_ type: String) -> Bool { ranges.contains { $0.name == type && $0.weight > 0 } }

    /// `q=0.25`; what is no number weighs all.
    private static func thousandths(_ parameter: String) -> Int {
        let digits = parameter.dropFirst(2)
        guard digits.utf8.count <= 5, let weight = Double(digits), (0...1).contains(weight) else {
            return 1000
        }
        return Int(weight * 1000)
    }
}

extension Call {
    /// That of these types which the client would rather have; of those that weigh the same the
    /// first. 406 when it takes none. Who would take a problem takes JSON.
    func preferred(of types: [String]) throws(Problem) -> String {
        guard let header = request["accept"] else { return types[0] }
        let accepted = Accepted(header)
        let weights = types.map { type in
            let isJSON = type == "application/json"
            let asProblem = isJSON ? accepted.weight(of: "application/problem+json") : 0
            return max(accepted.weight(of: type), asProblem)
        }
        guard let best = weights.max(), best > 0, let index = weights.firstIndex(of: best) else {
            throw Problem(.notAcceptable, "Ask with Accept: \(types.joined(separator: ", ")).")
        }
        return types[index]
    }
}
