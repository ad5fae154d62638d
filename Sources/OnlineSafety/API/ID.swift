import Bytes
import Crypto
import FoundationEssentials
import Glibc
import HTTP
import JSON
import OpenAPI
import Postgres

/// The identity of one `Subject`, which cannot be mistaken for the identity of anything else: a
/// UUID, of version 7 when it is made here (RFC 9562, 5.7), so that new rows lie side by side.
struct ID<Subject>: Hashable, Codable, Sendable, SQLValue, SchemaProviding, Exemplary {
    let uuid: UUID

    init(_ uuid: UUID) { self.uuid = uuid }

    init() { uuid = .version7() }

    /// Without any source of chance: for the database's own rows and for examples.
    init(_ text: StaticString) {
        uuid = UUID(uuidString: text.description) ?? UUID(uuid: UUID.zero)
    }

    init?(text: String) {
        var text = text
        guard let uuid = text.withUTF8({ UUID(text: UnsafeRawBufferPointer($0)) }) else {
            return nil
        }
        self.uuid = uuid
    }

    init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let id = ID(text: text) else {
            throw JSONFault(code: "uuid", detail: "Give a UUID")
        }
        self = id
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(string)
    }

    var string: String { uuid.uuidString.lowercased() }

    func bind(to parameters: inout Parameters) { uuid.bind(to: &parameters) }

    static func bind(_ values: [ID], to parameters: inout Parameters) {
        // A key path of a generic type is looked up anew each time, for two microseconds.
        parameters.append(uuids: values.lazy.map { $0.uuid })
    }

    static var schema: Schema { .text(format: "uuid") }
    static var example: ID { ID("0199b5f6-1c3e-7c45-9a3b-3d7f0c1e2a44") }
}

extension ID: Argument {
    static func describe(_ operation: inout OperationWords) { operation.takesPathValue() }

    /// The next `{…}` of the path. What is not an identity identifies nothing.
    static func take(from call: inout Call) throws -> ID {
        guard let text = call.pathValues.next(), let uuid = UUID(text: text) else {
            throw Problem(.notFound)
        }
        return ID(uuid)
    }
}

extension UUID {
    static let zero: uuid_t = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)

    /// 48 bits of milliseconds, then chance.
    static func version7() -> UUID {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        let milliseconds = UInt64(time.tv_sec) * 1000 + UInt64(time.tv_nsec) / 1_000_000
        var bytes = zero
        withUnsafeMutableBytes(of: &bytes) { bytes in
            Random.fill(bytes)
            for index in 0..<6 {
                bytes[index] = UInt8(truncatingIfNeeded: milliseconds >> (40 - 8 * UInt64(index)))
            }
            bytes[6] = 0x70 | bytes[6] & 0x0F
            bytes[8] = 0x80 | bytes[8] & 0x3F
        }
        return UUID(uuid: bytes)
    }

    /// `UUID(uuidString:)` takes a microsecond; this reads the bytes where they are.
    init?(text: UnsafeRawBufferPointer) {
        guard text.count == 36 else { return nil }
        var bytes = Self.zero
        let isValid = withUnsafeMutableBytes(of: &bytes) { bytes in
            var read = 0
            for index in 0..<16 {
                if index == 4 || index == 6 || index == 8 || index == 10 {
                    guard text[read] == UInt8(ascii: "-") else { return false }
                    read += 1
                }
                guard let high = hexValue(text[read]), let low = hexValue(text[read + 1]) else {
                    return false
                }
                bytes[index] = high << 4 | low
                read += 2
            }
            return true
        }
        guard isValid else { return nil }
        self.init(uuid: bytes)
    }
}

@inline(__always)
private func hexValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 48...57: byte - 48
    case 97...102: byte - 87
    case 65...70: byte - 55
    default: nil
    }
}
