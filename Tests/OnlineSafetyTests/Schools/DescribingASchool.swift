import JSON
import Testing

@testable import OnlineSafety

/// What a school is known by, and which year groups it has.
@Suite struct `Describing a school` {
    private let path = "/v1/schools/\(TestSchool.hawthorn.id)"

    /// ORG-03
    @Test func `says its phases by its year groups, under the school's own names`() async throws {
        let register = try await Register.open()
        let head = register.as(.headteacher)
        let before = try #require(try head.get(path).header("etag"))
        let set = try head.put(
            path,
            [
                "name": "Hawthorn", "urn": "123456", "laestab": "933/2001", "ukprn": "10012345",
                "year_groups": [
                    ["year": "6", "name": "Later Years"], ["year": "pre_school"], ["year": "n1"],
                    ["year": "r"], ["year": "1"], ["year": "3", "name": "Later Years"],
                ],
            ], ["If-Match": before])
        #expect(set.status == 200)
        #expect(set["laestab"] == "9332001")
        #expect(set.json["phases"] == ["eyfs", "key_stage_1", "key_stage_2"])
        guard case .array(let groups)? = set.json["year_groups"] else {
            Issue.record("no year groups")
            return
        }
        #expect(groups.compactMap { $0["year"]?.text } == ["pre_school", "n1", "r", "1", "3", "6"])
        #expect(groups[5]["name"]?.text == "Later Years")
        let body: JSONValue = ["name": "Hawthorn", "year_groups": []]
        #expect(try head.put(path, body, ["If-Match": before]).status == 412)
        #expect(try head.put(path, body).status == 428)
        #expect(try register.as(.staff).get(path)["urn"] == "123456")
        #expect(try register.as(.trustViewer).get(path).json["phases"] == set.json["phases"])
        #expect(try register.database.number("select count(*) from school_version") == 1)
    }

    @Test(arguments: [
        ("urn", "12345", "urn"), ("urn", "1234567", "urn"), ("urn", "012345", "urn"),
        ("urn", "12345x", "urn"), ("laestab", "933200", "laestab"),
        ("laestab", "200/2001", "laestab"), ("laestab", "933-2001", "laestab"),
        ("laestab", "9330001", "laestab"), ("laestab", "٩٣٣٢٠٠١", "laestab"),
        ("ukprn", "20012345", "ukprn"), ("ukprn", "1001234", "ukprn"),
    ])
    func `takes no identifier that cannot be one`(
        field: String, value: String, code: String
    ) async throws {
        let register = try await Register.open()
        let told = try register.as(.schoolAdministrator).put(
            path,
            .object(
                JSONObject([
                    .init("name", "Hawthorn"), .init("year_groups", []),
                    .init(field, .string(value)),
                ])), ["If-Match": "*"])
        #expect(told.faults == ["/\(field)": code])
    }

    private func describe(
        _ school: TestSchool, _ field: String, _ value: String, _ register: Register
    ) throws -> Reading {
        try register.as(.headteacher, at: school).put(
            "/v1/schools/\(school.id)",
            .object(
                JSONObject([
                    .init("name", .string(school.name)), .init("year_groups", []),
                    .init(field, .string(value)),
                ])), ["If-Match": "*"])
    }

    /// Of a school elsewhere nothing is told, and its number is not kept from it.
    @Test(arguments: [("urn", "123456"), ("laestab", "9332001"), ("ukprn", "10012345")])
    func `takes no identifier that another school of its trust has`(
        field: String, value: String
    ) async throws {
        let register = try await Register.open()
        for (school, status) in [(TestSchool.hawthorn, 200), (.rosehip, 409), (.lighthouse, 200)] {
            let told = try describe(school, field, value, register)
            #expect(told.status == status, "\(school.name)")
            if status == 409 { #expect(told["detail"]?.contains("of the trust") == true) }
        }
        #expect(try describe(.hawthorn, field, value, register).status == 200)
    }

    @Test func `at the same moment as another, takes it once`() async throws {
        let register = try await Register.open()
        let answers = try await atOnce(2) { number in
            try describe([.hawthorn, .rosehip][number], "urn", "123456", register).status
        }
        #expect(answers.sorted() == [200, 409])
    }

    @Test func `names a year once`() async throws {
        let register = try await Register.open()
        let told = try register.as(.headteacher).put(
            path,
            ["name": "Hawthorn", "year_groups": [["year": "1"], ["year": "1"], ["year": "14"]]],
            ["If-Match": "*"])
        #expect(told.faults == ["/year_groups/2/year": "unknown_word"])
        let twice = try register.as(.headteacher).put(
            path, ["name": "Hawthorn", "year_groups": [["year": "1"], ["year": "1"]]],
            ["If-Match": "*"])
        #expect(twice.faults == ["/year_groups/1/year": "repeated"])
    }
}
