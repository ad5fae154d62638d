import JSON

extension Setting {
    /// A value as it is kept: of its kind, a list of posts in the order in which they are declared.
    /// Throws every fault, each with its place below `pointer`.
    func read(_ value: JSONValue, at pointer: String) throws(Problem) -> JSONValue {
        let faults = kind.faults(of: value)
        guard faults.isEmpty else {
            throw Problem(
                faults.map {
                    JSONFault(pointer: pointer + $0.pointer, code: $0.code, detail: $0.detail)
                })
        }
        guard case .posts(let choices) = kind, case .array(let posts) = value else { return value }
        return .array(choices.map { .string($0.rawValue) }.filter(posts.contains))
    }
}

extension Setting.Kind {
    /// What it is called in the contract.
    var name: String {
        switch self {
        case .flag: "flag"
        case .number: "number"
        case .posts: "posts"
        case .word: "word"
        }
    }

    /// The words of which a value is made; none of a number or a flag.
    var choices: [String] {
        switch self {
        case .flag, .number: []
        case .posts(let roles): roles.map(\.rawValue)
        case .word(let words): words
        }
    }

    fileprivate func faults(of value: JSONValue) -> [JSONFault] {
        switch (self, value) {
        case (.flag, .bool): []
        case (.flag, _): [.wrongType("true or false")]
        case (.number(let bounds, let unit), .number(let number)):
            number.integer(Int.self).map(bounds.contains) == true
                ? [] : [.outside(bounds, of: unit)]
        case (.number, _): [.wrongType("a whole number")]
        case (.posts, .array(let posts)):
            posts.enumerated().flatMap { place, post in faults(ofWord: post, at: "/\(place)") }
        case (.posts, _): [.wrongType("a list of posts")]
        case (.word, let word): faults(ofWord: word, at: "")
        }
    }

    private func faults(ofWord value: JSONValue, at pointer: String) -> [JSONFault] {
        let fault: JSONFault
        if case .string(let word) = value {
            if choices.contains(word) { return [] }
            fault = .unknownWord(choices)
        } else {
            fault = .wrongType("a word")
        }
        return [JSONFault(pointer: pointer, code: fault.code, detail: fault.detail)]
    }
}

extension JSONFault {
    fileprivate static func outside(_ bounds: ClosedRange<Int>, of unit: String) -> JSONFault {
        JSONFault(
            code: "out_of_range",
            detail: "From \(bounds.lowerBound) to \(bounds.upperBound) \(unit)")
    }
}
