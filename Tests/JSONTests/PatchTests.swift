import JSON
import Testing

@Suite struct PatchTests {
    struct Form: Codable, Equatable {
        var note: Patch<String>
        var title: Change<String>
    }

    @Test(arguments: [
        (#"{}"#, Form(note: .absent, title: .absent)),
        (#"{"note":null}"#, Form(note: .null, title: .absent)),
        (#"{"note":"a","title":"b"}"#, Form(note: .value("a"), title: .value("b"))),
    ])
    func `a field is left, emptied or set, and written as it was read`(
        _ json: String, _ form: Form
    ) throws {
        #expect(try JSON.decode(Form.self, from: try parse(json)) == form)
        #expect(try text(of: form) == json)
    }

    @Test func `a field that cannot be emptied refuses null`() throws {
        let faults = try faults(Form.self, #"{"note":1,"title":null}"#)
        #expect(faults.map(\.pointer) == ["/note", "/title"])
        #expect(faults.map(\.code) == ["wrong_type", "null_not_allowed"])
    }

    @Test func `the rules of what it holds apply`() throws {
        struct Form: Decodable { let person: Patch<Person> }
        let faults = try faults(Form.self, #"{"person":{"name":1,"years":2}}"#)
        #expect(
            faults.map { "\($0.pointer) \($0.code)" } == [
                "/person/name wrong_type", "/person/age required", "/person/years unknown_field",
            ])
    }
}
