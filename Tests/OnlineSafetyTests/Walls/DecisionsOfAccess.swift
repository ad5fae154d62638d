import FoundationEssentials
import JSON
import Postgres

@testable import OnlineSafety

private let atSchool = Set(Role.allCases.filter(\.isOfASchool)).subtracting([.temporaryStaff])
private let keepers: Set<Role> = [.office, .technician, .schoolAdministrator]
private let closers: Set<Role> = [.technician, .schoolAdministrator]
private let rulers: Set<Role> = [.headteacher, .seniorLeader]
private let suspenders: Set<Role> = [.headteacher, .dsl, .deputyDSL]
private let approvers: Set<Role> = [
    .headteacher, .seniorLeader, .dsl, .deputyDSL, .onlineSafetyCoordinator, .office,
]
private let readers: Set<Role> = approvers.union([.dpo, .technician, .schoolAdministrator])

extension Decision {
    /// Section 25: everybody of a school knows its systems and their own access; those who answer
    /// for access all of it. Those who lead set the rules and approve, technician and office look
    /// after the accounts, headteacher and DSLs suspend; nobody decides about their own.
    static let ofAccess: [String: Decision] = [
        "list_access_systems": Decision(atSchool, within(atSchool)) {
            try $0.list("/v1/access-systems", has: $0.system())
        },
        "read_an_access_system": Decision(atSchool, within(atSchool)) {
            try $0.one("GET", "/v1/access-systems/{id}", $0.system())
        },
        "add_an_access_system": Decision(rulers, within(rulers)) { asking in
            let told = try asking.visitor.post(
                "/v1/access-systems",
                [
                    "school_id": .string(asking.school), "kind": "other",
                    "name": .string(UUID().uuidString), "rules": AccessAtWork.rules([:]),
                ])
            return told.faults == ["/school_id": "unknown_school"] ? .hidden : Sight(told)
        },
        "set_the_rules_of_an_access_system": Decision(rulers, within(rulers)) {
            try $0.one(
                "PUT", "/v1/access-systems/{id}", $0.system(), ["If-Match": "*"],
                AccessAtWork.rules([:]))
        },
        "list_access": Decision(atSchool, ofOneself(readers)) { asking in
            let (system, access) = try asking.access()
            return try asking.list(
                "/v1/access-grants?limit=1000&system_id=\(system)", has: access)
        },
        "read_access": Decision(atSchool, ofOneself(readers)) {
            try $0.one("GET", "/v1/access-grants/{id}", $0.access().id)
        },
        "ask_for_access": Decision(atSchool, ofOneself(keepers.union(rulers))) { asking in
            let told = try asking.visitor.post(
                "/v1/access-grants",
                [
                    "system_id": .string(asking.system()),
                    "person_id": .string(asking.whose.lowercased),
                ])
            return told.faults == ["/person_id": "unknown_person"] ? .hidden : Sight(told)
        },
        "withdraw_a_request_for_access": Decision(atSchool, ofOneself(keepers)) {
            try $0.act("withdrawal", after: [])
        },
        "approve_access": ofOthers(approvers, "approval", after: []),
        "refuse_access": ofOthers(approvers, "refusal", after: [], reason),
        "give_access": Decision(keepers, within(keepers)) {
            try $0.act("activation", after: [.approved])
        },
        "suspend_access": ofOthers(suspenders, "suspension", after: given, reason),
        "reinstate_access": ofOthers(
            suspenders, "reinstatement", after: given + [.suspended], reason),
        "freeze_access": Decision(closers, within(closers)) {
            try $0.act("freezing", after: given, reason, isOver: true)
        },
        "delete_access": Decision(closers, within(closers)) {
            try $0.act("deletion", after: given, reason, isOver: true)
        },
        "revoke_access": ofOthers(rulers, "revocation", after: given, reason),
        "list_access_tasks": Decision(readers, within(readers)) { asking in
            let person = try asking.scene.register.joiner(at: asking.stand.school)
            let told = try asking.visitor.get("/v1/access-tasks?system_id=\(person.system)")
            guard told.status == 200 else { return Sight(told) }
            return told.data.isEmpty ? .hidden : .shown
        },
        "complete_an_access_task": Decision(keepers, within(keepers)) { asking in
            let task = try asking.scene.register.joiner(at: asking.stand.school).task
            return try asking.one("POST", "/v1/access-tasks/{id}/completion", task, [:], [:])
        },
        "complete_many_access_tasks": Decision(keepers, within(keepers)) { asking in
            let task = try asking.scene.register.joiner(at: asking.stand.school).task
            let told = try asking.visitor.post(
                "/v1/access-task-completions",
                ["school_id": .string(asking.school), "task_ids": [.string(task)]])
            let isHidden = told.faults == ["/school_id": "unknown_school"] || told.status == 207
            return isHidden ? .hidden : Sight(told)
        },
    ]

    private static let given: [AccessAct] = [.approved, .activated]
    private static let reason: JSONValue = ["reason": "So it is"]

    /// What nobody does with their own.
    private static func ofOthers(
        _ roles: Set<Role>, _ act: String, after acts: [AccessAct], _ body: JSONValue? = nil
    ) -> Decision {
        let shown: [Stand: Set<Role>] = [
            .own: [], .aboutOneself: [], .ownSchool: roles, .sameTrust: [], .foreign: [],
        ]
        return Decision(roles, shown) { try $0.act(act, after: acts, body) }
    }

    /// One's own; and of one's school those.
    private static func ofOneself(_ roles: Set<Role>) -> [Stand: Set<Role>] {
        [
            .own: atSchool, .aboutOneself: atSchool, .ownSchool: roles, .sameTrust: [],
            .foreign: [],
        ]
    }
}

extension Asking {
    /// Who has it: the caller, or somebody else.
    fileprivate var whose: UUID {
        let isOneself = stand == .own || stand == .aboutOneself
        if isOneself, role.isOfASchool { return TestSchool.hawthorn.person(role) }
        return stand.school.person(role == .dsl ? .office : .dsl)
    }

    fileprivate func system() throws -> String {
        try scene.register.keepSystem(at: stand.school)
    }

    fileprivate func access(
        after acts: [AccessAct] = [], isOver: Bool = false
    ) throws -> (system: String, id: String) {
        let system = try system()
        let id = try scene.register.keepAccess(
            to: system, for: whose, at: stand.school, after: acts, isOver: isOver)
        return (system, id)
    }

    /// Does something with it. Whoever may read it, and not do this, is told so.
    fileprivate func act(
        _ act: String, after acts: [AccessAct], _ body: JSONValue? = nil, isOver: Bool = false
    ) throws -> Sight {
        let access = try access(after: acts, isOver: isOver).id
        let sight = try one("POST", "/v1/access-grants/{id}/\(act)", access, [:], body)
        let isTheirs = [.own, .aboutOneself, .ownSchool].contains(stand)
        let mayRead =
            stand == .ownSchool ? readers.contains(role) : atSchool.contains(role)
        let isKnown = visitor.token == role.token && isTheirs && mayRead
        return sight == .refused && isKnown && isAdmitted(to: act) ? .hidden : sight
    }

    /// Whether the role may do this with some access.
    private func isAdmitted(to act: String) -> Bool {
        switch act {
        case "approval", "refusal": approvers.contains(role)
        case "suspension", "reinstatement": suspenders.contains(role)
        case "revocation": rulers.contains(role)
        case "withdrawal": true
        case "freezing", "deletion": closers.contains(role)
        default: keepers.contains(role)
        }
    }
}

extension Register {
    /// A system of a school, as it is in the database, for which each may approve who may at all.
    func keepSystem(
        at school: TestSchool = .hawthorn, as id: UUID = UUID(), forJoiners kind: String? = nil
    ) throws -> String {
        let rules = """
            {"opens": "learning_platform", "kinds": ["teacher", "pupil", "visitor"],
            "approvers": ["headteacher", "senior_leader", "dsl", "deputy_dsl",
            "online_safety_coordinator", "office"], "levels": [], "school_devices_only": false,
            "roster_kinds": [\(kind.map { "\"\($0)\"" } ?? "")], "follows_classes": false,
            "on_leaving": "freeze", "is_in_use": true, "pupil_accounts": "each"}
            """
        _ = try database.owner().run(
            """
            with made as (
                insert into access_system (school_id, id, kind, name, made_by, made_by_name)
                values (
                    \(school.id), \(id), 'other', \(id.lowercased),
                    \(school.account(.headteacher)), 'Headteacher')
                returning *
            )
            insert into access_system_rule (school_id, id, version, rules, set_by, set_by_name)
            select school_id, id, 1, \(rules)::jsonb, made_by, made_by_name from made
            """)
        return id.lowercased
    }

    /// Somebody's access, for whom the office of another asked: a stranger to all who may decide.
    @discardableResult
    func keepAccess(
        to system: String, for person: UUID, at school: TestSchool = .hawthorn,
        as id: UUID = UUID(), after acts: [AccessAct], isOver: Bool = false
    ) throws -> String {
        let owner = try database.owner()
        let asker = school.account(.technician)
        _ = try owner.run(
            """
            insert into access_grant (
                school_id, id, system_id, person_id, from_on, until_on, is_temporary,
                requested_by, requested_by_name)
            values (
                \(school.id), \(id), \(system)::text::uuid, \(person), london_today() - 1,
                case when \(isOver) then london_today() - 1 end, false, \(asker), 'Technician')
            """)
        for (place, act) in acts.enumerated() {
            _ = try owner.run(
                """
                insert into access_act (
                    school_id, id, grant_id, place, act, done_by, done_by_name)
                values (
                    \(school.id), gen_random_uuid(), \(id), \(place + 1), \(act), \(asker),
                    'Technician')
                """)
        }
        return id.lowercased
    }

    /// A system, and access to it that stands so that an operation of the contract can be done.
    func keepAccess(for operation: String) throws {
        let example = ID<AccessGrant>.example.uuid
        let system = try keepSystem(as: example)
        let acts: [AccessAct]? =
            switch operation {
            case "ask_for_access", "list_access_tasks": nil
            case "approve_access", "refuse_access", "withdraw_a_request_for_access": []
            case "give_access": [.approved]
            case "reinstate_access": [.approved, .activated, .suspended]
            default: [.approved, .activated]
            }
        if operation == "list_access_tasks" { _ = try joiner(at: .hawthorn) }
        let isOver = ["freeze_access", "delete_access"].contains(operation)
        if let acts {
            try keepAccess(
                to: system, for: example, as: example, after: acts, isOver: isOver)
        }
    }

    /// Somebody who has come, to a system that is given on joining; and the task that it is.
    func joiner(at school: TestSchool) throws -> (system: String, task: String) {
        let system = try keepSystem(at: school, forJoiners: "visitor")
        let owner = try database.owner()
        _ = try owner.run(
            """
            insert into person (school_id, id, kind, given_name, family_name)
            select \(school.id), gen_random_uuid(), 'visitor', 'Vera', 'Holt'
            where not exists (
                select from person where school_id = \(school.id) and kind = 'visitor')
            """)
        let found = try owner.run(
            """
            select md5(concat_ws(' ', 'give', \(system)::text, person.id))::uuid as task
            from person
            where person.school_id = \(school.id) and person.kind = 'visitor'
            limit 1
            """)
        return (system, found.uuid(0, "task")?.lowercased ?? "")
    }
}
