import JSON
import Testing

@testable import OnlineSafety

/// API-07: a front end keeps no list of its own: whatever word a record may hold, a vocabulary has
/// it, with its label; and whatever a school has set is told to those who work by it.
@Suite struct `Closed lists` {
    /// What is no list of the field's: how the protocol itself answers.
    private static let ofTheProtocol: Set = ["Problem.code", "TokenRequest.grant_type"]

    @Test func `every word that the contract names is in a vocabulary, with a label (API-07)`()
        async throws
    {
        let register = try await Register.open()
        let told = try register.nobody.get("/v1/vocabularies")
        guard case .object(let lists) = told.json else { return #expect(Bool(false)) }
        let vocabularies = lists.members.map { list in
            Set(list.value.elements.compactMap { $0["code"]?.text })
        }
        for list in lists.members {
            for entry in list.value.elements {
                #expect(entry["label"]?.text?.isEmpty == false, "\(list.name)")
            }
        }
        let contract = try register.nobody.get("/v1/openapi.json").json
        var seen = 0
        guard case .object(let schemas)? = contract["components"]?["schemas"] else {
            return #expect(Bool(false))
        }
        for schema in schemas.members {
            guard case .object(let properties)? = schema.value["properties"] else { continue }
            for property in properties.members {
                let name = "\(schema.name).\(property.name)"
                guard !Self.ofTheProtocol.contains(name) else { continue }
                for words in property.value.choices {
                    seen += 1
                    #expect(
                        vocabularies.contains { $0.isSuperset(of: words) },
                        "\(name) is in no vocabulary: \(words.sorted())")
                }
            }
        }
        #expect(seen > 60)
        #expect(Set(lists.members.map(\.name)).count == lists.members.count)
    }

    @Test func `whoever has the contract of today is not sent it again`() async throws {
        let register = try await Register.open()
        for address in ["/v1/openapi.json", "/v1/vocabularies"] {
            let whole = try register.nobody.get(address)
            let etag = try #require(whole.header("etag"))
            let again = try register.nobody.get(address, ["If-None-Match": etag])
            #expect(again.status == 304 && again.text.isEmpty, "\(address)")
            let other = try register.nobody.get(address, ["If-None-Match": "\"0\""])
            #expect(other.status == 200 && other.text == whole.text, "\(address)")
        }
    }

    /// Every setting that there is, as it holds for the caller's school.
    @Test func `what the caller's school has set is had whole, and each by its name (API-07)`()
        async throws
    {
        let register = try await Register.open()
        let school = "/v1/schools/\(TestSchool.hawthorn.id)/settings"
        let set = try register.as(.headteacher).put(
            "\(school)/acknowledgement-minutes", ["value": 45], ["If-Match": "\"0\""])
        #expect(set.status == 200)
        let all = Set(areas.flatMap(\.settings).map(\.name))
        for role in [Role.dsl, .onlineSafetyCoordinator, .technician, .office] {
            let listed = try register.as(role).get(school).data
            let names = listed.compactMap { $0["name"]?.text }
            #expect(Set(names) == all && names.count == all.count, "\(role)")
            for setting in listed {
                let name = (setting["name"]?.text ?? "").replacing("_", with: "-")
                let one = try register.as(role).get("\(school)/\(name)")
                #expect(one.json["value"] == setting["value"], "\(role)")
            }
            let own = listed.first { $0["name"]?.text == "acknowledgement_minutes" }
            #expect(own?["value"] == 45 && own?["source"]?.text == "school")
        }
    }
}

extension JSONValue {
    fileprivate var elements: [JSONValue] {
        guard case .array(let elements) = self else { return [] }
        return elements
    }

    /// The closed lists in a schema, at whatever depth; null is no word.
    fileprivate var choices: [Set<String>] {
        switch self {
        case .array(let elements): return elements.flatMap(\.choices)
        case .object(let object):
            return object.members.flatMap { member in
                guard member.name == "enum" else { return member.value.choices }
                return [Set(member.value.elements.compactMap(\.text))]
            }
        default: return []
        }
    }
}
