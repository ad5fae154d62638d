import JSON
import OpenAPI

/// A body of which the records know what else is wrong: whoever takes it in hand asks them, and
/// then tells all faults together.
protocol JudgedBody: Body {
    /// What is wrong with its fields together, as far as they tell themselves.
    var ownFaults: [JSONFault] { get }
}

extension JudgedBody {
    var faults: [JSONFault] { [] }

    /// Throws these and its own, all of them.
    func judge(besides faults: [JSONFault]) throws(Problem) {
        let all = ownFaults + faults
        guard all.isEmpty else { throw Problem(all) }
    }
}

/// A closed list of what is done with something, each act with the fields that belong to it: the
/// contract and the vocabularies tell them, and a body is judged by the same.
protocol ActWords: Words {
    associatedtype Field: FieldWords & RawRepresentable<String>

    var fields: ActFields<Field> { get }
}

/// The fields that an act needs, and those that it takes besides; no other goes with it.
struct ActFields<Field> {
    var needed: [Field] = []
    var taken: [Field] = []
}

extension ActWords {
    /// What the contract says of the field that names the act.
    static func words(_ sentence: String) -> String {
        let acts = allCases.map { act in
            let parts = [("needs", act.fields.needed), ("takes", act.fields.taken)]
                .filter { !$0.1.isEmpty }
                .map { verb, fields in
                    "\(verb) " + fields.map { "`\($0.rawValue)`" }.joined(separator: ", ")
                }
            return "\n- `\(act.rawValue)` "
                + (parts.isEmpty ? "alone" : parts.joined(separator: "; "))
        }
        return "\(sentence) Each act has its own fields:\n" + acts.joined()
    }
}

/// A body that says what is done, with what belongs to that.
protocol ActBody: JudgedBody {
    associatedtype Act: ActWords

    var act: Act { get }

    /// What does not go together, beside what the act needs and takes.
    var togetherFaults: [JSONFault] { get }
}

extension ActBody {
    var togetherFaults: [JSONFault] { [] }

    /// What is missing, and what goes with other acts only; then what does not go together.
    var ownFaults: [JSONFault] {
        let fields = act.fields
        let given = given.map(\.name).filter { $0 != "act" }
        let missing = fields.needed.map(\.rawValue).filter { !given.contains($0) }
        let known = (fields.needed + fields.taken).map(\.rawValue)
        let unwanted = given.filter { !known.contains($0) }
        return missing.map {
            JSONFault(pointer: "/\($0)", code: "required", detail: "This act needs it")
        }
            + unwanted.map {
                JSONFault(
                    pointer: "/\($0)", code: "not_wanted", detail: "It goes with another act")
            } + togetherFaults
    }

    /// What was sent, by its names.
    var given: [JSONObject.Member] {
        guard case .object(let object)? = try? JSON.value(of: self) else { return [] }
        return object.members
    }
}

extension Fault {
    /// That something does not stand so that this can be done: where it stands, and where it must.
    static func wrongState<State: Words>(_ state: State, needs: [State]) -> Fault {
        let names = needs.map { "`\($0.rawValue)`" }
        let last = names.last ?? "nothing"
        let wanted =
            names.count < 2 ? last : names.dropLast().joined(separator: ", ") + " or \(last)"
        return Fault(
            pointer: "", code: "wrong_state",
            detail: "It stands as `\(state.rawValue)`, and must stand as \(wanted)")
    }
}
