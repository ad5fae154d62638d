import HTTP
import Postgres

/// Something a handler can ask for, by having a parameter of its type.
///
/// A handler that reads an incident is `(ID<Incident>, Reach, Transaction) -> …`: the path gives
/// the first argument, the credential the second, the route the third. What the argument is in the
/// contract, its type says too.
protocol Argument: SendableMetatype {
    static func take(from call: inout Call) throws -> Self
    static func describe(_ operation: inout OperationWords)
}

extension Argument {
    /// Most arguments are nothing that a client sends.
    static func describe(_ operation: inout OperationWords) {}
}

extension Transaction: Argument {
    static func take(from call: inout Call) throws -> Transaction { call.transaction }
}

extension Argument where Self: Words {
    /// The next `{…}` of the path, as a word of a closed list. Another word names nothing.
    static func take(from call: inout Call) throws -> Self {
        guard let text = call.pathValues.next(),
            let word = Self(rawValue: String(decoding: text, as: UTF8.self))
        else { throw Problem(.notFound) }
        return word
    }

    static func describe(_ operation: inout OperationWords) {
        operation.takesPathValue(schema, example: allCases[0].rawValue)
    }
}
