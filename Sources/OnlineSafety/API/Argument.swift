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
