import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// The pupil of Hawthorn, with two parents who may answer and two who may not.
struct Family {
    static let mother = "00000000-0000-7000-8000-0000000e0011"
    static let father = "00000000-0000-7000-8000-0000000e0012"

    /// Barred from contact, though with parental responsibility.
    static let barred = "00000000-0000-7000-8000-0000000e0013"

    /// Without parental responsibility.
    static let grandmother = "00000000-0000-7000-8000-0000000e0014"

    let register: Register
    let school = TestSchool.hawthorn
    var child: UUID { school.pupil }

    static func open() async throws -> Family {
        let family = Family(register: try await Register.open())
        try family.register.database.setClock("2026-11-20T12:00:00Z")
        let (school, child) = (family.school.id, family.child)
        try family.register.database.execute(
            """
            update person set class_name = '5B' where id = '\(child)';
            insert into person (school_id, id, kind, given_name, family_name) values
                ('\(school)', '\(mother)', 'parent', 'Amira', 'Ash'),
                ('\(school)', '\(father)', 'parent', 'Tom', 'Ash'),
                ('\(school)', '\(barred)', 'parent', 'Paul', 'Moss'),
                ('\(school)', '\(grandmother)', 'parent', 'Ada', 'Ash');
            insert into parent_link (
                school_id, id, parent_id, child_id, has_responsibility, no_contact, from_on)
            select '\(school)', gen_random_uuid(), id::uuid, '\(child)', responsible, barred,
                '2020-01-01'
            from (values
                ('\(mother)', true, false), ('\(father)', true, false),
                ('\(barred)', true, true), ('\(grandmother)', false, false)
            ) as known (id, responsible, barred)
            """)
        return family
    }

    /// What a parent says of one purpose, on a form of today that the office enters.
    @discardableResult
    func says(
        _ parent: String, _ answer: ConsentWord, to purpose: ConsentPurpose = .schoolWebsite,
        by role: Role = .office, _ more: [String: JSONValue] = [:]
    ) throws -> Reading {
        let form: [String: JSONValue] = [
            "person_id": .string(child.lowercased), "given_by_id": .string(parent),
            "kept_at": "Blue folder", "given_on": .string(try today()),
            "answers": [
                ["purpose": .string(purpose.rawValue), "answer": .string(answer.rawValue)]
            ],
        ]
        return try register.as(role).post(
            "/v1/consents",
            .object(
                JSONObject(
                    form.merging(more) { $1 }.filter { $0.value != .null }
                        .map { .init($0.key, $0.value) })))
    }

    private func today() throws -> String {
        let found = try register.database.owner().run("select london_today()::text as day")
        return try #require(found.text(0, "day"))
    }

    /// What a school makes of something, or its deadline.
    func set(_ name: String, _ value: JSONValue) throws {
        let told = try register.as(.headteacher).put(
            "/v1/schools/\(school.id)/settings/\(name)", ["value": value], ["If-Match": "*"])
        try #require(told.status == 200, "\(told.json)")
    }

    /// What the check answers staff.
    func check(
        _ purpose: ConsentPurpose = .schoolWebsite, by role: Role = .staff, on day: String? = nil,
        about person: UUID? = nil
    ) throws -> JSONValue {
        let asOf = day.map { "&as_of=\($0)" } ?? ""
        let told = try register.as(role).get(
            "/v1/consent-check?person_id=\(person ?? child)&purpose=\(purpose.rawValue)\(asOf)")
        try #require(told.status == 200, "\(told.json)")
        return told.json
    }

    func isAllowed(
        _ purpose: ConsentPurpose = .schoolWebsite, on day: String? = nil
    ) throws -> Bool { try check(purpose, on: day)["is_allowed"] == true }

    /// How a purpose stands, as somebody is told.
    func standing(
        _ purpose: ConsentPurpose = .schoolWebsite, to visitor: Visitor? = nil
    ) throws -> JSONValue {
        let told = try (visitor ?? register.as(.office)).get("/v1/people/\(child)/consents")
        try #require(told.status == 200, "\(told.json)")
        return try #require(
            told.data.first { $0["purpose"] == .string(purpose.rawValue) })
    }

    /// Sets what the school asks for.
    func asks(_ purpose: ConsentPurpose, _ rule: JSONValue = ["is_asked": true]) throws {
        let set = try register.as(.headteacher).put(
            "/v1/schools/\(school.id)/consent-rules/\(purpose.rawValue)", rule, ["If-Match": "*"])
        try #require(set.status == 200, "\(set.json)")
    }
}
