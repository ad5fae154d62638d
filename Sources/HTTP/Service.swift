/// Answers a request on its connection. Not Sendable: it belongs to one loop with all it holds.
package typealias Handler = (Request, Connection) async -> Void

/// The most bytes that the body of such a request may have, when decoded. It is asked as soon as
/// the head is whole: what is longer is refused (413) before it is read. The path is as in
/// `Request`.
package typealias BodyLimit = (_ method: Method, _ path: UnsafeRawBufferPointer) -> Int

/// Answers what the HTTP layer refuses, with the status of its fault; the connection closes then.
package typealias Refusal = (Refused, Connection) -> Void

/// What answers on a port. Like its functions it belongs to one loop.
package struct Service {
    let bodyLimit: BodyLimit?
    let refuse: Refusal
    let answer: Handler

    /// Without a `bodyLimit` that of the `Limits` holds for all requests.
    package init(
        bodyLimit: BodyLimit? = nil, refuse: @escaping Refusal, answer: @escaping Handler
    ) {
        self.bodyLimit = bodyLimit
        self.refuse = refuse
        self.answer = answer
    }
}
