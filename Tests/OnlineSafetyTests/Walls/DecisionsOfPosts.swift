import FoundationEssentials
import JSON

@testable import OnlineSafety

private let atSchool = permanent.filter(\.isOfASchool)
private let appointers: Set<Role> = [.headteacher, .chairOfGovernors]
private let lettingIn = appointers.union([.schoolAdministrator])
private let deciders: Set<Role> = [
    .headteacher, .chairOfGovernors, .dsl, .deputyDSL, .linkGovernor, .governor,
]
private let leaverReaders: Set<Role> = [
    .headteacher, .chairOfGovernors, .dsl, .deputyDSL, .schoolAdministrator, .dpo,
]
private let readers = settingReaders.union([.chairOfGovernors])
private let leaders: Set<Role> = [.headteacher, .seniorLeader]
private let askers: Set<Role> = [
    .headteacher, .dsl, .deputyDSL, .chairOfGovernors, .schoolAdministrator,
]

extension Decision {
    /// Section 25: posts are the headteacher's to write; headteachers and governors are the
    /// governing body's, temporary staff the administrator's too. Who holds which post is for all
    /// who work there, but for those who do so for a day.
    static let ofPosts: [String: Decision] = [
        "list_posts_of_a_school": Decision(atSchool, within(atSchool)) { asking in
            try asking.list(
                "/v1/schools/\(asking.school)/posts",
                has: asking.scene.post(asking.role, asking.stand))
        },
        "list_the_history_of_posts": Decision(
            settingReaders.union([.chairOfGovernors]),
            within(settingReaders.union([.chairOfGovernors]))
        ) { asking in
            try asking.list(
                "/v1/schools/\(asking.school)/posts/history",
                has: asking.scene.post(asking.role, asking.stand))
        },
        "appoint_somebody": Decision(lettingIn, within(lettingIn)) { asking in
            let (person, soon) = (try asking.spare().person, try asking.soon())
            let wanted: JSONObject =
                asking.role == .schoolAdministrator
                ? JSONObject([.init("role", "temporary_staff"), .init("ends_at", .string(soon))])
                : JSONObject([.init("role", "link_governor")])
            let body = JSONValue.object(wanted).with("person_id", .string(person))
            return try asking.now("POST", "/v1/schools/{id}/posts", asking.school, body)
        },
        "end_a_post": Decision(lettingIn, within(lettingIn)) { asking in
            let isForADay = asking.role == .schoolAdministrator
            let spare = try asking.scene.register.spare(
                isForADay ? .temporaryStaff : .governor, at: asking.stand.school)
            return try asking.now("POST", "/v1/posts/{id}/ending", spare.post, [:])
        },
        "list_proposals": Decision(deciders, within(deciders)) { asking in
            try asking.list("/v1/schools/\(asking.school)/proposals", has: asking.proposal())
        },
        "propose_a_change": Decision(appointers, within(appointers)) { asking in
            try asking.now(
                "POST", "/v1/schools/{id}/proposals", asking.school,
                ["ending": ["post_id": .string(asking.spare().post)]])
        },
        "confirm_a_proposal": Decision(deciders, within(deciders)) { asking in
            try asking.now("POST", "/v1/proposals/{id}/confirmation", asking.proposal())
        },
        "refuse_a_proposal": Decision(deciders, within(deciders)) { asking in
            try asking.now("POST", "/v1/proposals/{id}/refusal", asking.proposal())
        },
        "withdraw_a_proposal": Decision(appointers, within(appointers)) { asking in
            try asking.now("POST", "/v1/proposals/{id}/withdrawal", asking.proposal())
        },
        "list_report_recipients": Decision(askers, within(askers)) { asking in
            try asking.one(
                "GET", "/v1/schools/{id}/report-recipients?concerns=child", asking.school)
        },
        "list_leavers": Decision(leaverReaders, within(leaverReaders)) { asking in
            try asking.list("/v1/schools/\(asking.school)/leavers", has: asking.leaver().id)
        },
        "record_that_somebody_leaves": Decision(appointers, within(appointers)) { asking in
            try asking.now("POST", "/v1/people/{id}/leaving", asking.spare().person, [:])
        },
        "record_an_exit_reminder": Decision(
            [.headteacher, .schoolAdministrator], within([.headteacher, .schoolAdministrator])
        ) { asking in
            try asking.now("POST", "/v1/people/{id}/exit-reminder", asking.leaver().person, [:])
        },
        "list_access_reviews": Decision(readers, within(readers)) { asking in
            try asking.list("/v1/schools/\(asking.school)/access-reviews", has: asking.review())
        },
        "review_access": Decision(appointers, within(appointers)) { asking in
            let sight = try asking.now(
                "POST", "/v1/schools/{id}/access-reviews", asking.school, ["kept": []])
            return sight == .other(422) ? .shown : sight
        },
        "read_allegation_readiness": Decision(readers, within(readers)) { asking in
            try asking.one("GET", "/v1/schools/{id}/allegation-readiness", asking.school)
        },
        "confirm_to_know_the_procedure": Decision(leaders, within(leaders)) { asking in
            try asking.now("POST", "/v1/schools/{id}/allegation-readiness", asking.school)
        },
        "list_delegations": Decision(settingReaders, within(settingReaders)) { asking in
            try asking.list("/v1/schools/\(asking.school)/delegations", has: asking.delegation())
        },
        "delegate_online_safety": Decision([.headteacher], within([.headteacher])) { asking in
            let coordinator = asking.stand.school.person(.onlineSafetyCoordinator)
            return try asking.now(
                "POST", "/v1/schools/{id}/delegations", asking.school,
                ["person_id": .string(coordinator.uuidString)])
        },
        "end_a_delegation": Decision([.headteacher], within([.headteacher])) { asking in
            try asking.now("POST", "/v1/delegations/{id}/ending", asking.delegation(), [:])
        },
    ]
}

extension Asking {
    /// Asks for an act. Whoever is told that a rule stands against it has been let in.
    fileprivate func now(
        _ method: String, _ path: String, _ id: String, _ body: JSONValue? = nil
    ) throws -> Sight {
        let sight = try one(method, path, id, [:], body)
        return sight == .other(409) ? .shown : sight
    }

    /// Somebody new at the school to which the caller stands so, who is a governor.
    fileprivate func spare() throws -> (person: String, post: String) {
        try scene.register.spare(.governor, at: stand.school)
    }

    /// A moment of tomorrow.
    fileprivate func soon() throws -> String {
        let found = try scene.register.database.owner().run(
            "select instant(rowan_now() + interval '1 day') as soon")
        return found.text(0, "soon") ?? ""
    }

    /// A proposal of that school's headteacher, which waits.
    fileprivate func proposal() throws -> String {
        let (id, school) = (UUID(), stand.school)
        try scene.register.database.owner().run(
            """
            insert into proposal (
                school_id, id, change, proposed_by, proposed_by_name, expires_at)
            values (
                \(school.id), \(id), '{"kind": "setting", "name": "idle_minutes", "version": 99}',
                \(school.account(.headteacher)), 'Headteacher', rowan_now() + interval '1 day')
            """)
        return id.uuidString.lowercased()
    }

    fileprivate func leaver() throws -> (id: String, person: String) {
        let (id, spare) = (UUID(), try spare())
        try scene.register.database.owner().run(
            """
            insert into leaving (school_id, id, person_id, left_on, recorded_by_name)
            values (
                \(stand.school.id), \(id), \(spare.person)::text::uuid, '2026-01-01', 'Somebody')
            """)
        return (id.uuidString.lowercased(), spare.person)
    }

    fileprivate func review() throws -> String {
        let (id, school) = (UUID(), stand.school)
        try scene.register.database.owner().run(
            """
            insert into access_review (
                school_id, id, kept, removed, reviewed_by, reviewed_by_name)
            values (
                \(school.id), \(id), '{}', '{}', \(school.account(.headteacher)), 'Headteacher')
            """)
        return id.uuidString.lowercased()
    }

    fileprivate func delegation() throws -> String {
        let (id, school) = (UUID(), stand.school)
        try scene.register.database.owner().run(
            """
            insert into delegation (school_id, id, person_id, from_on, made_by, made_by_name)
            values (
                \(school.id), \(id), \(school.person(.onlineSafetyCoordinator)), '2026-01-01',
                \(school.account(.headteacher)), 'Headteacher')
            """)
        return id.uuidString.lowercased()
    }
}

extension Register {
    /// Somebody new who holds a post, and has an account.
    func spare(
        _ role: Role, at school: TestSchool = .hawthorn
    ) throws -> (person: String, post: String) {
        let (account, person, post) = (UUID(), UUID(), UUID())
        let owner = try database.owner()
        try owner.run(
            """
            insert into account (id, name, email)
            values (\(account), 'Somebody', \(account.uuidString.lowercased() + "@spare.example"))
            """)
        try owner.run(
            """
            insert into person (school_id, id, kind, given_name, family_name, account_id)
            values (\(school.id), \(person), 'governor', 'Some', 'Body', \(account))
            """)
        try owner.run(
            """
            insert into seat (
                school_id, id, account_id, person_id, role, from_on, until_on, ends_at)
            select \(school.id), \(post), \(account), \(person), \(role), '2020-01-01',
                case when \(role == .temporaryStaff) then date '2100-01-01' end,
                case when \(role == .temporaryStaff) then timestamptz '2100-01-01' end
            """)
        return (person.uuidString.lowercased(), post.uuidString.lowercased())
    }
}
