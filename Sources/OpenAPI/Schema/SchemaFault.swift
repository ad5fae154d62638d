/// Why a type has no schema: a mistake of whoever wrote the type, met when the contract is made.
package struct SchemaFault: Error, Hashable, Sendable, CustomStringConvertible {
    package let type: String
    package let reason: String

    package var description: String { "\(type): \(reason)" }
}
