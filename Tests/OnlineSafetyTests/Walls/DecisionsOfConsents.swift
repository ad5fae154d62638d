import FoundationEssentials
import JSON
import Postgres

@testable import OnlineSafety

private let atSchool = Set(Role.allCases.filter(\.isOfASchool)).subtracting([.temporaryStaff])
private let keepers: Set<Role> = [.dsl, .deputyDSL, .office]
private let readers: Set<Role> = keepers.union([
    .onlineSafetyCoordinator, .headteacher, .seniorLeader, .dpo,
])
private let removers: Set<Role> = readers.subtracting([.dpo])
private let askers: Set<Role> = removers.union([.staff])
private let rulers: Set<Role> = [.headteacher, .dsl, .deputyDSL]

extension Decision {
    /// Section 25: a DSL and the office write; those who lead, oversee and protect data read;
    /// whoever works with pupils has the answer; everybody of the school answers for themselves.
    static let ofConsents: [String: Decision] = [
        "check_a_consent": Decision(askers, within(askers)) { asking in
            let told = try asking.visitor.get(
                "/v1/consent-check?purpose=press&person_id=\(asking.whose.lowercased)")
            return told.status == 200 && !told.keys.contains("school_id") ? .hidden : Sight(told)
        },
        "check_the_consents_of_many": Decision(askers, within(askers)) { asking in
            let told = try asking.visitor.post(
                "/v1/consent-check",
                ["purposes": ["press"], "person_ids": [.string(asking.whose.lowercased)]])
            return told.status == 200 && told.data[0]["school_id"] == nil ? .hidden : Sight(told)
        },
        "read_the_consents_of_a_person": Decision(atSchool, ofOneself(readers)) {
            try $0.one("GET", "/v1/people/{id}/consents", $0.whose.lowercased)
        },
        "record_a_consent": Decision(atSchool, ofOneself(keepers)) { asking in
            let isOneself = asking.stand == .own || asking.stand == .aboutOneself
            let form: JSONValue = [
                "person_id": .string(asking.whose.lowercased), "kept_at": "Office",
                "given_on": "2026-01-05",
                "answers": [["purpose": "press", "answer": "refuse"]],
                "how": isOneself ? "session" : "paper",
            ]
            let told = try asking.visitor.post("/v1/consents", form)
            return told.faults == ["/person_id": "unknown_person"] ? .hidden : Sight(told)
        },
        "list_consents": Decision(atSchool, ofOneself(readers)) {
            try $0.list("/v1/consents?limit=1000", has: $0.consent())
        },
        "read_a_consent": Decision(atSchool, ofOneself(readers)) {
            try $0.one("GET", "/v1/consents/{id}", $0.consent())
        },
        "correct_a_consent": Decision(keepers, within(keepers)) {
            try $0.one(
                "POST", "/v1/consents/{id}/correction", $0.consent(), [:],
                ["reason": "Another's"])
        },
        "record_a_batch_of_consents": Decision(keepers, within(keepers)) { asking in
            let told = try asking.visitor.post(
                "/v1/consent-batches",
                ["school_id": .string(asking.school), "consents": []])
            return told.faults == ["/school_id": "unknown_school"] ? .hidden : Sight(told)
        },
        "read_the_permission_list": Decision(askers, within(askers)) { asking in
            let told = try asking.visitor.get("/v1/permission-list?limit=1000")
            guard told.status == 200 else { return Sight(told) }
            let isThere = told.data.contains { $0["school_id"]?.text == asking.school }
            return isThere ? .shown : .hidden
        },
        "list_consents_sought": Decision(removers, within(removers)) { asking in
            let told = try asking.visitor.get("/v1/consents-sought?limit=1000")
            guard told.status == 200 else { return Sight(told) }
            let isThere = told.data.contains { $0["school_id"]?.text == asking.school }
            return isThere ? .shown : .hidden
        },
        "list_image_removals": Decision(readers, within(readers)) {
            try $0.list("/v1/image-removals?limit=1000", has: $0.removal())
        },
        "complete_an_image_removal": Decision(removers, within(removers)) {
            try $0.one(
                "POST", "/v1/image-removals/{id}/completion", $0.removal(), [:],
                ["outcome": "removed"])
        },
        "list_consent_rules": Decision(atSchool, within(atSchool)) { asking in
            let told = try asking.visitor.get("/v1/consent-rules")
            guard told.status == 200 else { return Sight(told) }
            let isThere = told.data.contains { $0["school_id"]?.text == asking.school }
            return isThere ? .shown : .hidden
        },
        "set_a_consent_rule": Decision(rulers, within(rulers)) {
            try $0.one(
                "PUT", "/v1/schools/{id}/consent-rules/press", $0.school, ["If-Match": "*"],
                ["is_asked": true])
        },
    ]

    /// One's own; and of one's school those.
    private static func ofOneself(_ roles: Set<Role>) -> [Stand: Set<Role>] {
        [
            .own: atSchool, .aboutOneself: atSchool, .ownSchool: roles, .sameTrust: [],
            .foreign: [],
        ]
    }
}

extension Asking {
    /// About whom: the caller, or somebody else.
    fileprivate var whose: UUID {
        let isOneself = stand == .own || stand == .aboutOneself
        if isOneself, role.isOfASchool { return TestSchool.hawthorn.person(role) }
        return stand.school.person(role == .dsl ? .office : .dsl)
    }

    /// What they have said.
    fileprivate func consent() throws -> String {
        try scene.register.keepConsent(about: whose, at: stand.school)
    }

    /// What is to be removed of them.
    fileprivate func removal() throws -> String {
        try scene.register.keepRemoval(of: whose, at: stand.school)
    }
}

extension Register {
    /// That images are to be removed, as it is in the database.
    @discardableResult
    func keepRemoval(
        of person: UUID = TestSchool.hawthorn.person(.staff), at school: TestSchool = .hawthorn,
        as id: UUID = UUID()
    ) throws -> String {
        let consent = try keepConsent(about: person, at: school)
        try database.execute(
            """
            insert into image_removal (school_id, id, person_id, purpose, consent_id, due_on)
            values (
                '\(school.id)', '\(id)', '\(person)', 'press', '\(consent)', london_today())
            """)
        return id.lowercased
    }

    /// What an adult has said about themselves, as it is in the database.
    @discardableResult
    func keepConsent(
        about person: UUID = TestSchool.hawthorn.person(.staff), at school: TestSchool = .hawthorn,
        as id: UUID = UUID()
    ) throws -> String {
        try database.owner().run(
            """
            insert into consent (
                school_id, id, person_id, given_by_id, answers, given_on, how, kept_at, entered_by,
                entered_by_name)
            values (
                \(school.id), \(id), \(person), \(person),
                '[{"purpose": "press", "answer": "consent"}]', london_today(), 'paper',
                \("Office of " + school.name),
                \(school.account(.office)), 'School office')
            """)
        return id.lowercased
    }
}
