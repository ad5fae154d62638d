import FoundationEssentials
import JSON
import Postgres

@testable import OnlineSafety

private let atSchool = Set(Role.allCases.filter(\.isOfASchool)).subtracting([.temporaryStaff])
private let leaders: Set<Role> = [.onlineSafetyCoordinator, .dsl, .deputyDSL, .headteacher]
private let rulers: Set<Role> = [.dsl, .deputyDSL, .headteacher]
private let holders: Set<Role> = leaders.union([
    .seniorLeader, .office, .governor, .linkGovernor, .chairOfGovernors, .technician,
])
private let readers = holders.union([.dpo])

extension Decision {
    /// Section 25: those who lead, the governors, the office, the technician and the data
    /// protection officer know of reviews; the posts that a rule names hold and sign them; staff
    /// and everybody else of a school know what is theirs to do. A member of staff who is named as
    /// the computing lead knows of what they hold with another.
    static let ofReviews: [String: Decision] = [
        "list_the_review_rules": Decision(readers, within(readers)) { asking in
            let told = try asking.visitor.get("/v1/schools/\(asking.school)/review-rules")
            return told.status == 200 && told.data.isEmpty ? .hidden : Sight(told)
        },
        "set_a_review_rule": Decision(rulers, within(rulers)) {
            try $0.one(
                "PUT", "/v1/schools/{id}/review-rules/post_incident", $0.school,
                ["If-Match": "*"],
                ["is_held": true, "period": "as_needed", "responsible": ["dsl"]])
        },
        "list_reviews": Decision(readers.union([.staff]), within(readers)) {
            try $0.list("/v1/reviews?limit=1000&sort=-due_on", has: $0.review())
        },
        "plan_a_review": Decision(holders, within(holders)) { asking in
            _ = try asking.review()
            let told = try asking.visitor.post(
                "/v1/reviews",
                [
                    "school_id": .string(asking.school), "kind": "wider", "title": "Another",
                    "due_on": "2026-12-01",
                ])
            return told.faults == ["/school_id": "unknown_school"] ? .hidden : Sight(told)
        },
        "read_a_review": Decision(readers.union([.staff]), within(readers)) {
            try $0.one("GET", "/v1/reviews/{id}", $0.review())
        },
        "act_on_a_review": Decision(holders.union([.staff]), within(holders)) {
            try $0.one("POST", "/v1/reviews/{id}/acts", $0.review(), [:], ["act": "started"])
        },
        "list_actions": Decision(atSchool, ofOneself(readers)) {
            try $0.list("/v1/actions?limit=1000&state=open", has: $0.action())
        },
        "plan_an_action": Decision(leaders, within(leaders)) { asking in
            let told = try asking.visitor.post(
                "/v1/actions",
                [
                    "school_id": .string(asking.school), "words": "Another",
                    "owner_role": "dsl", "due_on": "2026-12-01",
                ])
            return told.faults == ["/school_id": "unknown_school"] ? .hidden : Sight(told)
        },
        "read_an_action": Decision(atSchool, ofOneself(readers)) {
            try $0.one("GET", "/v1/actions/{id}", $0.action())
        },
        "act_on_an_action": Decision(atSchool, ofOneself(leaders)) { asking in
            let sight = try asking.one(
                "POST", "/v1/actions/{id}/acts", asking.action(), [:], ["act": "done"])
            // Whoever may read it, and not do this, is told so.
            let isKnown = asking.stand == .ownSchool && readers.contains(asking.role)
            return sight == .refused && isKnown ? .hidden : sight
        },
    ]

    /// One's own to do; and of one's school those.
    private static func ofOneself(_ roles: Set<Role>) -> [Stand: Set<Role>] {
        [
            .own: atSchool, .aboutOneself: atSchool, .ownSchool: roles, .sameTrust: [],
            .foreign: [],
        ]
    }
}

extension Asking {
    fileprivate func review() throws -> String {
        try scene.register.keepReview(at: stand.school)
    }

    /// An action of the caller's, or of somebody else.
    fileprivate func action() throws -> String {
        let isOneself = (stand == .own || stand == .aboutOneself) && role.isOfASchool
        return try scene.register.keepAction(
            of: isOneself
                ? TestSchool.hawthorn.person(role)
                : stand.school.person(role == .dsl ? .office : .dsl), at: stand.school)
    }
}

extension Register {
    /// A review of a kind that every post may hold, as it is in the database.
    @discardableResult
    func keepReview(at school: TestSchool = .hawthorn, as id: UUID = UUID()) throws -> String {
        let posts = holders.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
        let rule = """
            {"is_held": true, "period": "as_needed", "responsible": [\(posts)],
            "sign_off": [\(posts)], "required": [], "notice_days": 28, "sign_days": 14}
            """
        let (headteacher, owner) = (school.account(.headteacher), try database.owner())
        _ = try owner.run(
            """
            insert into school_rule (
                school_id, kind, subject, version, id, from_on, content, set_by, set_by_name)
            values (
                \(school.id), 'review', 'wider', 1, gen_random_uuid(), london_today(),
                \(rule)::jsonb, \(headteacher), 'Headteacher')
            on conflict do nothing
            """)
        _ = try owner.run(
            """
            insert into review (
                school_id, id, kind, title, trigger, due_on, opened_by, opened_by_name)
            values (
                \(school.id), \(id), 'wider', 'Of everything', 'by_hand', london_today(),
                \(headteacher), 'Headteacher')
            """)
        return id.lowercased
    }

    /// An action of somebody, as it is in the database.
    @discardableResult
    func keepAction(
        of person: UUID? = nil, at school: TestSchool = .hawthorn, as id: UUID = UUID()
    ) throws -> String {
        _ = try database.owner().run(
            """
            insert into planned_action (
                school_id, id, words, owner_id, due_on, made_by, made_by_name)
            values (
                \(school.id), \(id), 'Something', \(person ?? school.person(.staff)),
                london_today(), \(school.account(.dsl)), 'DSL')
            """)
        return id.lowercased
    }
}
