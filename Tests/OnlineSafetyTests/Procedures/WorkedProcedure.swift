import JSON
import Testing

@testable import OnlineSafety
@testable import Postgres

/// A procedure that is attached to an incident, as somebody works through it.
struct WorkedProcedure {
    let one: Case
    let id: String
    let code: String

    struct NoSuchStep: Error { let code: String }

    var path: String { "\(one.path)/procedures/\(id)" }

    /// Its steps as they stand, by their codes.
    func steps(as role: Role = .dsl) throws -> [String: JSONValue] {
        let told = try one.register.as(role).get(path)
        guard case .array(let steps)? = told.json["steps"] else { return [:] }
        return Dictionary(uniqueKeysWithValues: steps.map { ($0["code"]?.text ?? "", $0) })
    }

    func step(_ code: String, as role: Role = .dsl) throws -> JSONValue {
        guard let step = try steps(as: role)[code] else { throw NoSuchStep(code: code) }
        return step
    }

    /// What is said to a step, in the version that stands or another.
    @discardableResult
    func answer(
        _ step: String, _ answer: StepAnswer, _ words: String? = nil, as role: Role = .dsl,
        etag: String? = nil, _ more: (String, JSONValue)...
    ) throws -> Reading {
        let known = try etag ?? self.step(step)["etag"]?.text ?? ""
        let said: [(String, JSONValue)] =
            [("answer", .string(answer.rawValue))] + (words.map { [("words", .string($0))] } ?? [])
        return try one.register.as(role).put(
            "\(path)/steps/\(step)",
            .object(JSONObject((said + more).map { .init($0.0, $0.1) })), ["If-Match": known])
    }

    /// Takes steps that ask for nothing but words.
    func take(_ codes: String..., as role: Role = .dsl) throws {
        for code in codes {
            let told = try answer(code, .done, "It was done on the day", as: role)
            #expect(told.status == 200, "\(code): \(told.json)")
        }
    }

    /// Steps of which the question is answered with no.
    func leaveOut(_ codes: String...) throws {
        for code in codes {
            let told = try answer(code, .doesNotApply, "Nothing points to it")
            #expect(told.status == 200, "\(code): \(told.json)")
        }
    }

    /// Whatever is still open or undecided: waived, or answered with no.
    func settleTheRest(as role: Role = .dsl) throws {
        for (code, step) in try steps(as: role) {
            let etag = step["etag"]?.text
            switch (step["state"]?.text, step["need"]?.text) {
            case ("undecided", "question"): try answer(code, .no, as: role, etag: etag)
            case ("undecided", _):
                try answer(code, .doesNotApply, "Nothing points to it", as: role, etag: etag)
            case ("open", _): try answer(code, .waived, "It is done already", as: role, etag: etag)
            default: continue
            }
        }
    }

    /// Where each step stands that is not settled.
    func unsettled() throws -> [String: String] {
        try steps().compactMapValues { $0["state"]?.text }
            .filter { $0.value == "open" || $0.value == "undecided" }
    }
}

extension Case {
    /// The procedures that are attached.
    func procedures(as role: Role = .dsl) throws -> [WorkedProcedure] {
        try register.as(role).get("\(path)/procedures").data.map {
            WorkedProcedure(
                one: self, id: $0["id"]?.text ?? "", code: $0["code"]?.text ?? "")
        }
    }

    func procedure(_ code: String, as role: Role = .dsl) throws -> WorkedProcedure {
        try #require(try procedures(as: role).first { $0.code == code }, "\(code)")
    }

    /// A report of some types about Robin, who is its target, triaged so.
    static func triaged(
        _ register: Register, _ types: [IncidentType], _ procedures: [String] = [],
        _ more: (String, JSONValue)...
    ) throws -> Case {
        let one = try Case(
            register, .child, ("people", [["group": "child", "name": "Robin", "part": "target"]]))
        let usual: [(String, JSONValue)] = [
            ("types", .array(types.map { .string($0.rawValue) })),
            ("procedures", .array(procedures.map(JSONValue.string))),
        ]
        let found = (usual + more).reduce(finding()) { found, one in
            found.without([one.0]).with(one.0, one.1)
        }
        let told = try one.triage(found)
        #expect(told.status == 201, "\(told.json)")
        return one
    }

    /// What closing is told that is about procedures, by place.
    func againstClosing(as role: Role = .dsl) throws -> [String: String] {
        try post("closure", ["outcome": "All is well"], as: role).faults
            .filter { $0.key.hasPrefix("/procedures") || $0.key.hasPrefix("/types") }
    }

    /// The parents of everybody involved are told.
    func tellParents() throws {
        for child in try register.as(.dsl).get("\(path)/people").data
        where child["group"]?.text == "child" {
            let told = try post("parents-decisions", Self.informed(child["id"] ?? .null))
            #expect(told.status == 201, "\(told.json)")
        }
    }

    func describeEvidence() throws {
        let told = try post("evidence", JSON.value(of: Evidence.Described.example))
        #expect(told.status == 201, "\(told.json)")
    }
}
