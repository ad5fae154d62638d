import FoundationEssentials
import JSON
import Postgres

@testable import OnlineSafety

private let atSchool = Set(Role.allCases.filter(\.isOfASchool)).subtracting([.temporaryStaff])
private let writers: Set<Role> = [
    .onlineSafetyCoordinator, .dsl, .deputyDSL, .headteacher, .office,
]
private let rulers: Set<Role> = [.dsl, .deputyDSL, .headteacher]
private let approvers = writers.union([
    .seniorLeader, .governor, .linkGovernor, .chairOfGovernors,
])
private let draftReaders = approvers.union([.dpo, .technician])
private let receiptKeepers = writers.union([.seniorLeader, .dpo])

extension Decision {
    /// Section 25: everybody of a school reads the policies in force, and the world what is
    /// published; those who prepare and approve them also what is not in force yet.
    static let ofPolicies: [String: Decision] = [
        "list_policies": Decision(atSchool, within(atSchool)) {
            let id = try $0.policy()
            return try $0.list("/v1/policies?limit=1000", has: id)
        },
        "write_a_policy": Decision(writers, within(writers)) { asking in
            let told = try asking.visitor.post(
                "/v1/policies", ["school_id": .string(asking.school), "text": PolicyAtWork.another])
            return told.faults == ["/school_id": "unknown_school"] ? .hidden : Sight(told)
        },
        "read_a_policy": Decision(atSchool, within(atSchool)) {
            try $0.one("GET", "/v1/policies/{id}", $0.policy())
        },
        "list_the_versions_of_a_policy": Decision(draftReaders, within(draftReaders)) {
            let told = try $0.visitor.get("/v1/policies/\($0.policy())/versions")
            return told.status == 200 && told.data.isEmpty ? .hidden : Sight(told)
        },
        "write_a_version_of_a_policy": Decision(writers, within(writers)) {
            try $0.one(
                "POST", "/v1/policies/{id}/versions", $0.policy(), [:],
                ["text": PolicyAtWork.another])
        },
        "enter_the_past_of_a_policy": Decision(writers, within(writers)) {
            try $0.one(
                "POST", "/v1/policies/{id}/history", $0.policy(), [:],
                ["on": "2020-01-01", "action": "Ratified", "responsible": "A committee"])
        },
        "act_on_a_policy": Decision(approvers, within(approvers)) {
            try $0.one(
                "POST", "/v1/policies/{id}/acts", $0.policy(isOnItsWay: true), [:],
                ["act": "approved"])
        },
        "list_the_receipts_of_a_policy": Decision(atSchool, ofOneself(receiptKeepers)) {
            let (id, person) = (try $0.policy(), $0.whose)
            try $0.scene.register.keepReceipt(of: id, by: person, at: $0.stand.school)
            return try $0.list("/v1/policies/\(id)/receipts", has: person.lowercased)
        },
        "record_receipts_of_a_policy": Decision(atSchool, ofOneself(writers)) { asking in
            let person: JSONValue = .string(asking.whose.lowercased)
            let sight = try asking.one(
                "POST", "/v1/policies/{id}/receipts", asking.policy(), [:],
                ["act": "acknowledged", "person_ids": [person]])
            // Whoever may read it, and not say this of others, is told so.
            let isKnown =
                asking.stand == .ownSchool && !asking.isOfAClient
                && atSchool.contains(asking.role)
            return sight == .refused && isKnown ? .hidden : sight
        },
        "read_the_policy_rules": Decision(atSchool, within(atSchool)) {
            try $0.one("GET", "/v1/schools/{id}/policy-rules", $0.school)
        },
        "set_the_policy_rules": Decision(rulers, within(rulers)) {
            try $0.one(
                "PUT", "/v1/schools/{id}/policy-rules", $0.school, ["If-Match": "*"],
                ["months": 12, "steps": [["name": "Agreed", "roles": ["headteacher"]]]])
        },
        "read_the_published_policies_of_a_school": anything(nil) { asking in
            Sight(try asking.visitor.get("/v1/schools/\(asking.school)/published-policies"))
        },
        "read_a_published_policy": anything(nil) { asking in
            let path = "/v1/schools/\(asking.school)/published-policies"
            return Sight(try asking.visitor.get("\(path)/\(asking.policy())"))
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
    fileprivate func policy(isOnItsWay: Bool = false) throws -> String {
        try scene.register.keepPolicy(at: stand.school, isOnItsWay: isOnItsWay)
    }

    /// The caller, or somebody else.
    fileprivate var whose: UUID {
        let isOneself = (stand == .own || stand == .aboutOneself) && role.isOfASchool
        return isOneself
            ? TestSchool.hawthorn.person(role) : stand.school.person(role == .dsl ? .office : .dsl)
    }
}

extension Register {
    /// A policy as it is in the database, in force by a chain of one step that every post may take;
    /// or with another version on its way.
    @discardableResult
    func keepPolicy(
        at school: TestSchool = .hawthorn, as id: UUID = UUID(), isOnItsWay: Bool = false
    ) throws -> String {
        let posts = approvers.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
        let steps = "[{\"name\": \"Agreed\", \"roles\": [\(posts)], \"signatures\": []}]"
        let (by, text) = (school.account(.dsl), JSON.string(of: PolicyAtWork.text))
        let owner = try database.owner()
        _ = try owner.run(
            """
            insert into policy (school_id, id, made_by, made_by_name)
            values (\(school.id), \(id), \(by), 'DSL')
            """)
        for number in 1...(isOnItsWay ? 2 : 1) {
            let (version, round) = (UUID(), UUID())
            _ = try owner.run(
                """
                insert into policy_version (
                    school_id, id, policy_id, number, content, written_by, written_by_name)
                values (
                    \(school.id), \(version), \(id), \(number), \(text)::jsonb, \(by), 'DSL')
                """)
            _ = try owner.run(
                """
                insert into policy_round (
                    school_id, id, policy_id, version_id, number, kind, steps, begun_by,
                    begun_by_name)
                values (
                    \(school.id), \(round), \(id), \(version), \(number), 'adoption',
                    \(steps)::jsonb, \(by), 'DSL')
                """)
            guard number == 1 else { continue }
            _ = try owner.run(
                """
                insert into policy_act (
                    school_id, id, policy_id, round_id, place, act, step, on_day, done_as,
                    done_by, done_by_name)
                select \(school.id), gen_random_uuid(), \(id), \(round), place, act, step,
                    london_today(), 'dsl', \(by), 'DSL'
                from (values (1, 'approved', 1), (2, 'published', null))
                    as done (place, act, step)
                """)
        }
        return id.lowercased
    }

    /// That somebody was given the version in force.
    func keepReceipt(
        of policy: String, by person: UUID, at school: TestSchool = .hawthorn
    ) throws {
        _ = try database.owner().run(
            """
            insert into policy_receipt (
                school_id, id, policy_id, version_id, person_id, act, on_day, entered_by,
                entered_by_name)
            select school_id, gen_random_uuid(), policy_id, id, \(person), 'given',
                london_today(), written_by, 'DSL'
            from policy_version where policy_id = \(policy)::text::uuid and number = 1
            """)
    }
}
