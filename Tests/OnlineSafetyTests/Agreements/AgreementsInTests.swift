import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// The text of an agreement, as a school would write it, with whatever a test says otherwise.
func agreementText(_ said: [String: JSONValue] = [:]) -> JSONValue {
    let usual: [String: JSONValue] = [
        "title": "Acceptable use", "policy": "Online safety policy, January 2026",
        "form": "signature",
        "attestations": [
            ["code": "policy_read", "words": "I have read the policy."],
            ["code": "data_policy_read", "words": "I have read the data protection policy."],
        ],
        "headings": [
            [
                "code": "use", "words": "How I use it",
                "clauses": [
                    ["code": "use.own", "words": "At {{school}} I use my own log-in."],
                    ["code": "use.ask", "words": "I ask {{dsl}} when I am not sure."],
                ],
            ]
        ],
    ]
    let all = usual.merging(said) { $1 }.filter { $0.value != .null }
    return .object(
        JSONObject(all.sorted { $0.key < $1.key }.map { JSONObject.Member($0.key, $0.value) }))
}

extension Register {
    /// Makes a template, and puts it to somebody from today on.
    func template(
        _ name: String, for audience: JSONValue, at school: TestSchool = .hawthorn
    ) throws -> String {
        let coordinator = self.as(.onlineSafetyCoordinator, at: school)
        let made = try coordinator.post("/v1/agreement-templates", ["name": .string(name)])
        try #require(made.status == 201, "\(made.json)")
        let set = try coordinator.put(
            "/v1/agreement-templates/\(made.id)/audience", ["entries": audience],
            ["If-Match": "*"])
        try #require(set.status == 200, "\(set.json)")
        return made.id
    }

    /// Drafts a version, has it approved, and publishes it; its id.
    func publish(
        _ text: JSONValue, of template: String, from day: String? = nil,
        onPaperFrom paper: String? = nil, at school: TestSchool = .hawthorn
    ) throws -> String {
        let draft = try self.as(.onlineSafetyCoordinator, at: school).post(
            "/v1/agreement-templates/\(template)/versions", text)
        try #require(draft.status == 201, "\(draft.json)")
        let head = self.as(.headteacher, at: school)
        let approved = try head.post("/v1/agreement-versions/\(draft.id)/approval")
        try #require(approved.status == 201, "\(approved.json)")
        let published = try head.post(
            "/v1/agreement-versions/\(draft.id)/publication",
            [
                "effective_on": day.map { .string($0) } ?? .null,
                "paper_from_on": paper.map { .string($0) } ?? .null,
            ])
        try #require(published.status == 201, "\(published.json)")
        return draft.id
    }
}

extension TestSchool {
    static let parent = "00000000-0000-7000-8000-0000000e0001"
    static let estranged = "00000000-0000-7000-8000-0000000e0002"
}

extension Register {
    /// Gives the pupil of Hawthorn a class, a parent, and another who may not be in touch.
    func addParents() throws {
        let school = TestSchool.hawthorn
        try database.execute(
            """
            update person set class_name = '5B' where id = '\(school.pupil)';
            insert into person (school_id, id, kind, given_name, family_name) values
                ('\(school.id)', '\(TestSchool.parent)', 'parent', 'Ines', 'Ash'),
                ('\(school.id)', '\(TestSchool.estranged)', 'parent', 'Paul', 'Moss');
            insert into parent_link (
                school_id, id, parent_id, child_id, has_responsibility, no_contact, from_on)
            values
                ('\(school.id)', gen_random_uuid(), '\(TestSchool.parent)', '\(school.pupil)',
                    true, false, '2020-01-01'),
                ('\(school.id)', gen_random_uuid(), '\(TestSchool.estranged)', '\(school.pupil)',
                    true, true, '2020-01-01');
            """)
    }

    /// Issues a template to somebody; the agreement's id.
    func issue(
        _ template: String, to person: String, by role: Role = .office,
        _ more: [String: JSONValue] = [:]
    ) throws -> String {
        let said: [String: JSONValue] = [
            "person_id": .string(person), "template_id": .string(template),
        ]
        let issued = try self.as(role).post(
            "/v1/agreements",
            .object(JSONObject(said.merging(more) { $1 }.map { .init($0.key, $0.value) })))
        try #require(issued.status == 201, "\(issued.json)")
        return issued.id
    }
}

/// What an adult writes.
func signature(_ said: [String: JSONValue] = [:]) -> JSONValue {
    let usual: [String: JSONValue] = [
        "full_name": "Grace Okafor", "attestations": ["policy_read", "data_policy_read"],
    ]
    return .object(
        JSONObject(
            usual.merging(said) { $1 }.filter { $0.value != .null }.map { .init($0.key, $0.value) })
    )
}

extension UUID {
    /// As JSON has it.
    var lowercased: String { uuidString.lowercased() }
}
