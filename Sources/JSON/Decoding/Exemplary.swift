import FoundationEssentials

/// A type that has an example: to carry on with after a fault, and to show in the contract.
package protocol Exemplary {
    /// A value that the type's own rules admit.
    static var example: Self { get }
}

extension UUID: Exemplary {
    package static var example: UUID {
        UUID(uuid: (1, 0x8F, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, 1))
    }
}

extension JSONValue: Exemplary {
    package static var example: JSONValue { .null }
}

/// The words of an enum that is a closed list of them.
package enum WordList {
    /// The raw values of an enum of text that lists its cases; nil for any other type.
    package static func words(of type: Any.Type) -> [String]? {
        guard let list = type as? any CaseIterable.Type else { return nil }
        let cases = values(of: list)
        let words = cases.compactMap { ($0 as? any RawRepresentable<String>)?.rawValue }
        return words.isEmpty || words.count < cases.count ? nil : words
    }

    static func fault(of type: Any.Type) -> JSONFault? {
        words(of: type).map(JSONFault.unknownWord)
    }

    static func values<List: CaseIterable>(of list: List.Type) -> [Any] { Array(list.allCases) }
}
