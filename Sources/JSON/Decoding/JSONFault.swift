/// One thing wrong with a value, for whoever sent it.
///
/// A scalar's `init(from:)` throws one with an empty pointer; the decoder fills in where it was.
/// The detail says what is wanted and never repeats what was given.
package struct JSONFault: Error, Hashable, Sendable {
    /// Where, as a JSON Pointer (RFC 6901).
    package let pointer: String
    /// What is wrong, as a word that never changes its meaning.
    package let code: String
    /// What is wanted, in a sentence for people.
    package let detail: String

    package init(pointer: String = "", code: String, detail: String) {
        (self.pointer, self.code, self.detail) = (pointer, code, detail)
    }

    /// The value has the wrong JSON type; `wanted` finishes the sentence "Give …".
    package static func wrongType(_ wanted: String) -> JSONFault {
        JSONFault(code: "wrong_type", detail: "Give \(wanted)")
    }

    /// A number that its field cannot hold.
    package static let outOfRange = JSONFault(
        code: "out_of_range", detail: "This number is too large or too small")

    /// A word that is not on a closed list.
    package static func unknownWord(_ words: [String]) -> JSONFault {
        JSONFault(
            code: "unknown_word", detail: "Give one of: \(words.joined(separator: ", "))")
    }

    static let required = JSONFault(code: "required", detail: "This field is required")
    static let null = JSONFault(
        code: "null_not_allowed", detail: "Give a value; null is not allowed")
    static let unknownField = JSONFault(code: "unknown_field", detail: "There is no such field")
    static let invalid = JSONFault(code: "invalid_value", detail: "This value is not allowed")
}

/// Every fault of one value, in the order in which its type asked for its fields.
package struct JSONFaults: Error, Hashable, Sendable {
    /// How many are kept; whoever has more will ask again.
    package static let limit = 100

    package let faults: [JSONFault]

    package init(faults: [JSONFault]) { self.faults = faults }
}
