/// Connections of a loop in the order in which they began something that others wait for. Who has
/// taken longest is known at no cost. A connection is in one line at most.
final class WaitingLine {
    private(set) var first: Connection?
    private var last: Connection?

    /// Lines up at the end, from wherever it was, in this line or another.
    func enter(_ connection: Connection) {
        connection.line?.leave(connection)
        connection.line = self
        connection.before = last
        if let last { last.behind = connection } else { first = connection }
        last = connection
    }

    /// Steps out; does nothing for who is not in the line.
    func leave(_ connection: Connection) {
        guard connection.line === self else { return }
        let (before, behind) = (connection.before, connection.behind)
        if let before { before.behind = behind } else { first = behind }
        if let behind { behind.before = before } else { last = before }
        (connection.line, connection.before, connection.behind) = (nil, nil, nil)
    }
}
