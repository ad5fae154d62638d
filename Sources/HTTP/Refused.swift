/// A request, or a connection, that the HTTP layer refuses. The service answers it.
package struct Refused {
    package let fault: Fault

    /// As far as it is known: its line, and the fields that came before the fault; never its body.
    /// `nil` where no valid line has come.
    package let request: Request?

    /// Since its first byte, or that of the connection.
    package let milliseconds: Int

    /// What to ask the client to wait, in seconds, where it will pass by itself.
    package let retryAfter: Int?

    init(_ fault: Fault, of connection: Connection) {
        self.fault = fault
        request = connection.requestSoFar
        milliseconds = connection.loop.now - connection.receivedAt
        retryAfter = fault.isPassing ? connection.local.limits.retryAfter : nil
    }
}

extension Connection {
    /// Where a body was cut short, its head went with it.
    fileprivate var requestSoFar: Request? {
        guard parser.head.method != nil, !input.isEmpty, let table else { return nil }
        return Request(parser, of: input.bytes, table: table, at: receivedAt, hasBody: false)
    }
}
