import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety
@testable import Postgres

/// The pupil of Hawthorn, of whom the school has come to know several things.
struct KnownChild {
    let family: Family
    var register: Register { family.register }

    static let path = "/v1/people/\(TestSchool.hawthorn.pupil.lowercased)/chronology"

    static func open() async throws -> KnownChild { KnownChild(family: try await Family.open()) }

    func story(_ query: String = "", as role: Role = .dsl) throws -> [JSONValue] {
        let told = try read(query, as: role)
        try #require(told.status == 200, "\(told.json)")
        return told.data
    }

    func read(_ query: String = "", as role: Role = .dsl) throws -> Reading {
        try register.as(role).get(Self.path + query)
    }

    func kinds(_ query: String = "", as role: Role = .dsl) throws -> Set<String> {
        Set(try story(query, as: role).compactMap { $0["kind"]?.text })
    }

    /// An incident that happened to the child, of which somebody else is said to have done it.
    func incident(
        _ words: String = "Sam Birch wrote it in the chat", _ more: (String, JSONValue)...
    ) throws -> Case {
        let people: JSONValue = [
            ["group": "child", "person_id": Case.pupil, "part": "target"],
            ["group": "child", "name": "Sam Birch", "part": "alleged"],
        ]
        let body = report(words, .child, [("people", people)] + more)
        return Case(of: try register.as(.staff).post("/v1/incidents", body).id, register)
    }

    /// The places of both in its record.
    func places(in one: Case) throws -> (child: JSONValue, other: JSONValue) {
        let people = try register.as(.dsl).get("\(one.path)/people").data
        func place(_ part: String) -> JSONValue {
            people.first { $0["parts"]?[0]?.text == part }?["id"] ?? .null
        }
        return (place("target"), place("alleged"))
    }

    func handOver(
        _ more: [String: JSONValue] = [:], as role: Role = .dsl
    ) throws -> Reading {
        let said: [String: JSONValue] = [
            "to_school": "Rosehip High", "to_name": "Amina Yusuf, DSL",
            "reason": "Robin begins there on Monday",
        ]
        return try register.as(role).post(
            "\(Self.path)/handovers", .of(said.merging(more) { $1 }))
    }
}

extension JSONValue {
    /// The elements of a list.
    var asList: [JSONValue] {
        guard case .array(let elements) = self else { return [] }
        return elements
    }
}
