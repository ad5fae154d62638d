import HTTP

/// The codes of the problems that the HTTP layer answers by itself.
enum HTTPCodes {
    static let all = HTTP.Fault.allCases.map(\.code.description)
        .reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        .filter { Problem.Code(rawValue: $0) == nil }
}
