/// A request as it lies in the connection's input, valid until it has been answered: the connection
/// reads no further while a handler runs.
package struct Request {
    package let method: Method

    /// Still escaped, but of allowed characters and escapes only: these are UTF-8, and none of them
    /// is a slash, a backslash or NUL. `*` only for OPTIONS.
    package let path: UnsafeRawBufferPointer

    /// What follows the `?`, escaped likewise; empty when there is nothing.
    package let query: UnsafeRawBufferPointer

    /// Decoded, whether it came in chunks or by length.
    package let body: UnsafeRawBufferPointer

    /// Whether the client may send another request on this connection.
    package let keepsAlive: Bool

    /// The loop's clock when the head began to arrive: deadlines travel from here.
    package let receivedAt: Int

    private let bytes: UnsafeRawBufferPointer
    private let fields: UnsafeBufferPointer<FieldTable.Field>

    init(
        _ parser: RequestParser, of bytes: UnsafeRawBufferPointer, table: FieldTable, at now: Int,
        hasBody: Bool = true
    ) {
        method = parser.head.method ?? .get
        query = bytes.slice(parser.head.target.query)
        path = Self.path(of: parser.head, in: bytes)
        body = bytes.slice(hasBody ? parser.body : 0..<0)
        keepsAlive = !parser.head.framing.isLast
        receivedAt = now
        self.bytes = bytes
        fields = table.fields
    }

    /// A whole address without a path means the root, or with OPTIONS the server (RFC 9112, 3.2.4).
    static func path(
        of head: RequestHead, in bytes: UnsafeRawBufferPointer
    ) -> UnsafeRawBufferPointer {
        guard head.target.path.isEmpty else { return bytes.slice(head.target.path) }
        let path: StaticString = head.method == .options && head.target.query.isEmpty ? "*" : "/"
        return UnsafeRawBufferPointer(start: path.utf8Start, count: 1)
    }
}

// MARK: - Fields

extension Request {
    /// The value of the first field of this name, without blanks around it.
    /// The name is given in lower case, and made of letters, digits and hyphens.
    package subscript(name: StaticString) -> UnsafeRawBufferPointer? {
        for field in fields where bytes.slice(field.name).isLike(name) {
            return bytes.slice(field.value)
        }
        return nil
    }

    /// How many fields of this name there are: of most there must not be two.
    package func headerCount(_ name: StaticString) -> Int {
        var count = 0
        for field in fields where bytes.slice(field.name).isLike(name) { count += 1 }
        return count
    }
}
