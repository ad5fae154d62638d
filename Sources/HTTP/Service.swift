/// Answers a request on its connection. Not Sendable: it belongs to one loop with all it holds.
package typealias Handler = (Request, Connection) async -> Void

/// How the body of a request is taken. It is asked as soon as the head is whole: what is longer is
/// refused (413) before it is read.
package typealias BodyLimit = (Request) -> BodyIntake

/// How a body is taken, and how many bytes it may have at most when decoded.
package enum BodyIntake {
    /// The request is handed over when all of it has come.
    case whole(upTo: Int)

    /// The request is handed over with its head; its handler takes the body as it comes
    /// (`Connection.incoming`). It is the last request of its connection.
    case streamed(upTo: Int)
}

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
