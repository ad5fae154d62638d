import Testing

/// What somebody does to the audit past every grant and trigger, and what is found of it.
struct Damage: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let script: String
    let found: String

    init(_ words: String, _ script: String, finds found: String) {
        (testDescription, self.script, self.found) = (words, script, found)
    }
}
