/// A statement that one connection has prepared.
final class Statement {
    /// Ended by a zero.
    let name: [CChar]
    let shape: Shape

    /// Settled at the first result: what a prepared statement returns never changes.
    var layout: RowLayout?

    /// Why it could not be prepared.
    var failure: PostgresError?

    init(name: String, shape: Shape) {
        self.name = name.utf8.map { CChar(bitPattern: $0) } + [0]
        self.shape = shape
    }
}

/// What goes to the server, and what it then still has to answer.
enum Owed {
    case preparation(Statement, for: Batch)
    case answer(Answer, SQL, Statement?, Batch)

    case preparationSync(Batch)
    case sync(Batch)

    var batch: Batch {
        switch self {
        case .preparation(_, let batch), .answer(_, _, _, let batch): batch
        case .preparationSync(let batch), .sync(let batch): batch
        }
    }
}
