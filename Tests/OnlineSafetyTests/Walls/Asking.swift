import JSON
import Testing

@testable import OnlineSafety

/// What somebody is shown of what they asked for.
enum Sight: Hashable, Sendable {
    case shown

    /// 404, or not in the list: as if it were not there.
    case hidden

    /// 403
    case refused

    /// 401
    case unknownCaller
    case other(Int)

    init(_ answer: Reading) { self.init(answer.status) }

    init(_ status: Int) {
        self =
            switch status {
            case 200..<300: .shown
            case 401: .unknownCaller
            case 403: .refused
            case 404: .hidden
            default: .other(status)
            }
    }
}

/// Somebody who asks for a record to which they stand in some way.
struct Asking: Sendable {
    let scene: Scene
    let visitor: Visitor
    let role: Role
    let stand: Stand

    /// Whether it is a machine's client that asks, and no role.
    var isOfAClient = false

    /// Asks for one record. When it is hidden, the answer must be that to an id which nothing has.
    func one(
        _ method: String, _ path: String, _ id: String, _ headers: [String: String] = [:],
        _ body: JSONValue? = nil
    ) throws -> Sight {
        let told = try visitor.ask(
            method, path.replacing("{id}", with: id), headers, body)
        if told.status == 404 {
            let missing = try visitor.ask(
                method, path.replacing("{id}", with: Scene.missing), headers, body)
            let isAlike = told.likeness(id: id) == missing.likeness(id: Scene.missing)
            #expect(isAlike, "\(method) \(path) tells a hidden record from a missing one")
        }
        return Sight(told)
    }

    /// Looks for one record in lists; in any will do.
    func list(_ paths: String..., has id: String) throws -> Sight {
        let answers = try paths.map { try visitor.get($0) }
        guard answers.allSatisfy({ $0.status == 200 }) else { return Sight(answers[0]) }
        let isThere = answers.flatMap(\.data).contains { $0["id"]?.text == id }
        return isThere ? .shown : .hidden
    }
}

extension Reading {
    /// All of the answer but what must differ: the time, the request's own id and the record's.
    fileprivate func likeness(id: String) -> [String] {
        let own = header("x-request-id") ?? ""
        let kept = headers.filter { !["date", "x-request-id"].contains($0.name) }
        return ["\(status)", text.replacing(own, with: "R").replacing(id, with: "I")]
            + kept.map { "\($0.name): \($0.value)" }
    }
}
