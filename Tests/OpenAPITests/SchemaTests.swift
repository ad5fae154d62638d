import JSON
import OpenAPI
import Testing

@Suite struct SchemaTests {
    @Test func `fields stand in their order, and only optional ones may be missing`() throws {
        let visit = try object(Visit.self)
        #expect(visit.name == "Visit")
        #expect(
            visit.properties.map(\.name) == [
                "id", "title", "note", "mood", "last_mood", "count", "weight", "is_open", "rooms",
                "words", "host", "guest", "extras", "anything",
            ])
        #expect(
            visit.properties.filter { !$0.isRequired }.map(\.name)
                == ["note", "last_mood", "weight", "words", "guest"])
    }

    @Test func `optional fields may be null, and no other`() throws {
        let nullable = try object(Visit.self).properties.filter(\.schema.isNullable)
        #expect(nullable.map(\.name) == ["note", "last_mood", "weight", "words", "guest"])
    }

    @Test func `every kind of field has its shape and its words`() throws {
        #expect(try field("title") == .string().described("The title."))
        #expect(
            try field("id")
                == .string(.init(format: "uuid")).described("The id.").shown(by: "0190"))
        #expect(
            try field("note")
                == .string(.init(minLength: 1, maxLength: 9)).described("The note.")
                .shown(by: "Hall").orNull)
        #expect(
            try field("mood") == .string(.init(choices: ["merry", "sad"])).described("The mood."))
        #expect(try field("count") == .integer().described("The count."))
        #expect(try field("weight") == .number.described("The weight.").orNull)
        #expect(try field("is_open") == .boolean.described("The is_open."))
        #expect(try field("words") == .list(of: .string()).described("The words.").orNull)
        #expect(try field("extras") == .map(of: .integer()).described("The extras."))
        #expect(try field("anything") == .anything.described("The anything."))
    }

    @Test func `objects in objects and lists are read as well`() throws {
        let room = try Schema.of(Visit.Room.self)
        #expect(try field("host") == room.described("The host."))
        #expect(try field("rooms") == .list(of: room).described("The rooms."))
    }

    @Test func `a patch may leave out everything and empty some`() throws {
        let patch = try object(VisitPatch.self)
        #expect(patch.words == "What may be altered.")
        #expect(patch.properties.map(\.isRequired) == [false, false])
        #expect(patch.properties.map(\.schema.isNullable) == [false, true])
    }

    @Test func `a schema is named after its type`() throws {
        #expect(try object(Visit.Room.self).name == "VisitRoom")
        #expect(try object(Page<Visit.Room>.self).name == "VisitRoomPage")
        #expect(try object(VisitPatch.self).name == "VisitPatch")
        #expect(try object(Inner.self).name == "SchemaTestsInner")
    }

    @Test func `scalars and lists have schemas of their own`() throws {
        #expect(try Schema.of(Int.self) == .integer())
        #expect(try Schema.of(UInt8.self) == .integer(minimum: 0))
        #expect(
            try Schema.of([Mood?].self)
                == .list(of: .string(.init(choices: ["merry", "sad"])).orNull))
    }

    @Test func `a field without words is refused, with the name of its type`() throws {
        let fault = #expect(throws: SchemaFault.self) { try Schema.of(Wordless.self) }
        #expect(fault?.type == "OpenAPITests.Wordless")
        #expect(throws: SchemaFault.self) { try Schema.of([Page<Wordless>].self) }
    }

    @Test func `a scalar that refuses an empty example is refused, with its name`() throws {
        struct Code: Decodable {
            init(from decoder: any Decoder) throws { throw JSONFault(code: "no", detail: "No") }
        }
        let fault = #expect(throws: SchemaFault.self) { try Schema.of([Code].self) }
        #expect(fault?.type.hasSuffix("Code") == true)
    }

    @Test func `a type that contains itself is refused`() throws {
        let fault = #expect(throws: SchemaFault.self) { try Schema.of(Tree.self) }
        #expect(fault?.reason == "it contains itself")
    }

    private struct Inner: Codable {
        let name: String
        enum CodingKeys: String, FieldWords {
            case name
            var words: String { "The name." }
        }
    }

    private struct NoObject: Error {}

    private func object<Value: Decodable>(_ type: Value.Type) throws -> Schema.Object {
        guard case .object(let object) = try Schema.of(type).shape else { throw NoObject() }
        return object
    }

    private func field(_ name: String) throws -> Schema? {
        try object(Visit.self).properties.first { $0.name == name }?.schema
    }
}
