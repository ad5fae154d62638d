import OpenAPI

/// Which records to list, off the query. A filter names its parameters for the contract and takes
/// them one by one; what is wrong it notes with the reader.
protocol Filter: Argument {
    static var parameters: [Parameter] { get }
    init(_ query: inout QueryReader)
}

extension Filter {
    static func take(from call: inout Call) throws -> Self { Self(&call.query) }

    static func describe(_ operation: inout OperationWords) {
        operation.parameters += parameters
    }
}

extension QueryReader {
    /// One word of a closed list, or several separated by commas; `nil` when not given.
    mutating func words<Word: Words>(_ name: String, _: Word.Type) -> [Word]? {
        choices(name, Word.allCases.map(\.rawValue))?.compactMap(Word.init)
    }

    /// The same of a list that is put together when the program starts.
    mutating func choices(_ name: String, _ choices: [String]) -> [String]? {
        guard let text = take(name) else { return nil }
        let words = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard words.allSatisfy(choices.contains) else {
            let all = choices.joined(separator: ", ")
            note(name, "unknown_word", "Give one or more, separated by commas, of: \(all)")
            return nil
        }
        return words
    }

    /// One word of a closed list, and no more; `nil` when not given.
    mutating func word<Word: Words>(_ name: String, _: Word.Type) -> Word? {
        let words = words(name, Word.self)
        if (words?.count ?? 0) > 1 { note(name, "repeated", "Give one word") }
        return words?.first
    }

    mutating func id<Subject>(_ name: String, of _: Subject.Type) -> ID<Subject>? {
        guard let text = take(name) else { return nil }
        let id = ID<Subject>(text: text)
        if id == nil { note(name, "uuid", "Give a UUID") }
        return id
    }

    mutating func flag(_ name: String) -> Bool? {
        switch take(name) {
        case nil: return nil
        case "true": return true
        case "false": return false
        default:
            note(name, "boolean", "Give true or false")
            return nil
        }
    }

    /// An instant with an offset (RFC 3339), in its canonical form.
    mutating func instant(_ name: String) -> Instant? {
        guard let text = take(name) else { return nil }
        guard let instant = Instant(text) else {
            note(name, "offset_required", "Give a time zone, e.g. 2026-11-20T09:30:00Z")
            return nil
        }
        return instant
    }

    mutating func day(_ name: String) -> Day? {
        guard let text = take(name) else { return nil }
        guard let day = Day(text) else {
            note(name, "date", "Give a date, e.g. 2026-11-20")
            return nil
        }
        return day
    }
}
