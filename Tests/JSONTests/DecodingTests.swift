import JSON
import Testing

@Suite struct DecodingTests {
    @Test func `a value becomes a type`() throws {
        let report = try decode(
            #"{"what":"Shouting","count":2,"is_open":true,"weight":1.5,"#
                + #""kind":"bullying","people":[{"name":"Ada","age":12}],"place":{"room":"B2"}}"#)
        #expect(report.what == "Shouting")
        #expect(report.kind == .bullying)
        #expect(report.people == [Person(name: "Ada", age: 12)])
        #expect(report.place?.room.text == "B2")
        #expect(report.note == nil)
    }

    @Test func `every fault is reported at once, with its place`() throws {
        let faults = try faults(
            Report.self,
            #"{"what":3,"count":1.0,"is_open":null,"weight":"1","kind":"theft","#
                + #""people":[{"name":"Ada","age":"x"},7,{"age":1},null],"#
                + #""place":{"room":"","a/b~c":1},"note":false,"more":1}"#)
        #expect(
            faults.map { "\($0.pointer) \($0.code)" } == [
                "/what wrong_type", "/count wrong_type", "/is_open null_not_allowed",
                "/weight wrong_type", "/kind unknown_word", "/people/0/age wrong_type",
                "/people/1 wrong_type", "/people/2/name required", "/people/3 null_not_allowed",
                "/place/room blank", "/place/a~1b~0c unknown_field", "/note wrong_type",
                "/more unknown_field",
            ])
    }

    @Test func `a missing part is one fault, not one for each of its fields`() throws {
        #expect(
            try faults(Nested.self, "{}").map { "\($0.pointer) \($0.code)" } == [
                "/person required", "/room required", "/kind required", "/all required",
            ])
    }

    @Test func `the detail says what is wanted`() throws {
        let wanted = try faults(
            Report.self,
            #"{"what":3,"count":"","is_open":1,"weight":"","kind":"x","people":{},"place":[]}"#)
        #expect(
            wanted.map(\.detail) == [
                "Give text", "Give a whole number", "Give true or false", "Give a number",
                "Give one of: bullying, filtering", "Give a list", "Give an object",
            ])
    }

    @Test func `the bad value is never repeated`() throws {
        let secret = "4c1f"
        let faults = try faults(
            Report.self,
            #"{"what":["4c1f"],"count":"4c1f","is_open":"4c1f","weight":"4c1f","kind":"4c1f","#
                + #""people":["4c1f"],"place":{"room":["4c1f"]}}"#)
        #expect(faults.count == 7)
        #expect(!faults.contains { $0.detail.contains(secret) || $0.pointer.contains(secret) })
    }

    @Test func `a number that does not fit is the field's fault`() throws {
        let faults = try faults(Person.self, #"{"name":"","age":99999999999999999999}"#)
        #expect(faults.map(\.pointer) == ["/age"])
        #expect(faults.map(\.code) == ["out_of_range"])
        #expect(try codes(UInt8.self, "256") == ["out_of_range"])
        #expect(try codes(UInt.self, "-1") == ["out_of_range"])
        #expect(try codes(Double.self, "1e999") == ["out_of_range"])
        #expect(try codes(Float.self, "1e99") == ["out_of_range"])
    }

    @Test func `a fault of the whole has an empty pointer`() throws {
        #expect(try faults(Report.self, "[]").map(\.pointer) == [""])
        #expect(try faults(Report.self, "null").map(\.code) == ["null_not_allowed"])
        #expect(try faults([Int].self, "[1,\"\"]").map(\.pointer) == ["/1"])
    }

    @Test func `at most a hundred faults are kept`() throws {
        let list = "[" + Array(repeating: "\"\"", count: 500).joined(separator: ",") + "]"
        #expect(try faults([Int].self, list).count == JSONFaults.limit)
    }

    @Test func `a type may add faults of its own, about its parts`() throws {
        let faults = try faults([Span].self, #"[{"from":3,"to":2},{"from":1,"to":2}]"#)
        #expect(faults.map { "\($0.pointer) \($0.code)" } == ["/0/to before_from"])
    }

    @Test func `a type without an example takes its parent along`()
        throws
    {
        let faults = try faults([Stubborn].self, #"[{"a":1,"b":1}]"#)
        #expect(faults.map(\.pointer) == ["/0/a", "/0/b"])
    }

    @Test func `optionals and lists of optionals take null`() throws {
        #expect(try JSON.decode([Int?].self, from: [1, nil]) == [1, nil])
        #expect(try JSON.decode(Int?.self, from: nil) == nil)
        #expect(try JSON.decode([String: Int].self, from: ["a": 1]) == ["a": 1])
        #expect(try faults([String: Int].self, #"{"a":"","b":null}"#).count == 2)
    }

    @Test func `any JSON can be asked for as it stands`() throws {
        let value: JSONValue = ["a": [1, nil, "x"]]
        #expect(try JSON.decode(JSONValue.self, from: value) == value)
        #expect(try JSON.decode([String: JSONValue].self, from: value)["a"] == [1, nil, "x"])
    }

    private func codes<Value: Decodable>(_ type: Value.Type, _ text: String) throws -> [String] {
        try faults(type, text).map(\.code)
    }

    private func decode(_ text: String) throws -> Report {
        try JSON.decode(Report.self, from: try parse(text))
    }
}
