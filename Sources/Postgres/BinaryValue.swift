import CLibpq
import FoundationEssentials

/// One value in PostgreSQL's binary form.
extension UnsafeRawBufferPointer {
    @inline(__always)
    func bigEndian<Number: FixedWidthInteger & BitwiseCopyable>(
        _: Number.Type, at offset: Int = 0
    ) -> Number {
        Number(bigEndian: loadUnaligned(fromByteOffset: offset, as: Number.self))
    }

    var text: String { String(decoding: self, as: UTF8.self) }

    var uuid: UUID? { count == 16 ? UUID(uuid: loadUnaligned(as: uuid_t.self)) : nil }

    /// An integer of two, four or eight bytes.
    var integer: Int {
        switch count {
        case 2: Int(bigEndian(Int16.self))
        case 4: Int(bigEndian(Int32.self))
        default: Int(bigEndian(Int64.self))
        }
    }

    /// The elements of an array, of any number of dimensions, one after another.
    var elements: [UnsafeRawBufferPointer?] {
        var elements: [UnsafeRawBufferPointer?] = []
        forEachElement { elements.append($0) }
        return elements
    }

    /// The type of an array's elements.
    var elementType: BinaryType { BinaryType(bigEndian(Oid.self, at: 8)) }

    /// A header of twelve bytes, eight for each dimension, then length and bytes of each element.
    func forEachElement(_ body: (UnsafeRawBufferPointer?) -> Void) {
        var position = 12 + 8 * Int(bigEndian(Int32.self))
        while position < count {
            let length = Int(bigEndian(Int32.self, at: position))
            position += 4
            body(length < 0 ? nil : .init(rebasing: self[position..<position + length]))
            position += Swift.max(0, length)
        }
    }
}
