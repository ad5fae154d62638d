/// A type whose null means something; null is a fault for every other.
package protocol NullAccepting {}

extension Optional: NullAccepting {}

/// A type whose absence means something; a missing member is a fault for every other.
package protocol Omissible {
    /// What stands for a member that is not there.
    static var absent: Self { get }
    var isAbsent: Bool { get }
}

/// A field of a JSON merge patch (RFC 7396): leave it, empty it, or set it.
package enum Patch<Value> {
    case absent
    case null
    case value(Value)
}

/// A field of a JSON merge patch (RFC 7396) that cannot be emptied: leave it or set it.
package enum Change<Value> {
    case absent
    case value(Value)
}

extension Patch: Sendable where Value: Sendable {}
extension Patch: Equatable where Value: Equatable {}
extension Patch: Hashable where Value: Hashable {}
extension Change: Sendable where Value: Sendable {}
extension Change: Equatable where Value: Equatable {}
extension Change: Hashable where Value: Hashable {}

extension Patch: Omissible, NullAccepting {
    package var isAbsent: Bool {
        if case .absent = self { true } else { false }
    }
}

extension Patch {
    /// What it is set to, if it is.
    package var value: Value? {
        if case .value(let value) = self { value } else { nil }
    }
}

extension Change: Omissible {
    package var isAbsent: Bool {
        if case .absent = self { true } else { false }
    }
}

extension Patch: Decodable where Value: Decodable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        self = container.decodeNil() ? .null : .value(try container.decode(Value.self))
    }
}

extension Change: Decodable where Value: Decodable {
    package init(from decoder: any Decoder) throws {
        self = .value(try decoder.singleValueContainer().decode(Value.self))
    }
}

extension Patch: Encodable where Value: Encodable {
    /// Absence is the keyed container's: JSON's own leaves the member out.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if case .value(let value) = self {
            try container.encode(value)
        } else {
            try container.encodeNil()
        }
    }
}

extension Change: Encodable where Value: Encodable {
    /// Absence is the keyed container's: JSON's own leaves the member out.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if case .value(let value) = self {
            try container.encode(value)
        } else {
            try container.encodeNil()
        }
    }
}
