/// Where the fields of a head lie. One is lent to a connection from the first byte of a request to
/// its answer, so that looking a field up costs no second reading of the head.
final class FieldTable {
    /// Offsets from the start of the request: the buffer may move while the head arrives.
    struct Field {
        let name: Range<Int>
        let value: Range<Int>
    }

    private let base: UnsafeMutablePointer<Field>
    private let capacity: Int
    private var count = 0

    init(capacity: Int) {
        self.capacity = capacity
        base = .allocate(capacity: capacity)
    }

    deinit { base.deallocate() }

    var fields: UnsafeBufferPointer<Field> { UnsafeBufferPointer(start: base, count: count) }

    /// Adds a field unless there are too many.
    func append(_ field: Field) throws(Fault) {
        guard count < capacity else { throw .tooManyFields }
        base[count] = field
        count += 1
    }

    func removeAll() { count = 0 }
}
