/// The connections of a loop that have no whole request, in the order in which they began to wait
/// for one or to send it. Who has kept the server waiting longest is known at no cost.
final class WaitingLine {
    private(set) var first: Connection?
    private var last: Connection?

    /// Lines up at the end, from wherever it was.
    func enter(_ connection: Connection) {
        leave(connection)
        connection.before = last
        if let last { last.behind = connection } else { first = connection }
        last = connection
    }

    /// Steps out; does nothing for who is not in the line.
    func leave(_ connection: Connection) {
        guard connection === first || connection.before != nil else { return }
        let (before, behind) = (connection.before, connection.behind)
        if let before { before.behind = behind } else { first = behind }
        if let behind { behind.before = before } else { last = before }
        (connection.before, connection.behind) = (nil, nil)
    }
}
