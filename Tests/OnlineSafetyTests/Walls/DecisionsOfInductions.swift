import FoundationEssentials
import JSON
import Postgres

@testable import OnlineSafety

private let atSchool = Set(Role.allCases.filter(\.isOfASchool)).subtracting([.temporaryStaff])
private let keepers: Set<Role> = [.office, .schoolAdministrator, .headteacher, .dsl, .deputyDSL]
private let rulers = keepers.subtracting([.office])

extension Decision {
    /// USR-14: the office, administrator, headteacher and DSLs keep inductions; everybody of the
    /// school reads their own, and what is asked.
    static let ofInductions: [String: Decision] = [
        "list_inductions": Decision(atSchool, ofOneself) {
            try $0.list("/v1/inductions?limit=1000", has: $0.induction())
        },
        "read_an_induction": Decision(atSchool, ofOneself) {
            try $0.one("GET", "/v1/inductions/{id}", $0.induction())
        },
        "record_induction_steps": Decision(keepers, within(keepers)) {
            try $0.one(
                "POST", "/v1/inductions/{id}/steps", $0.induction(), [:],
                ["steps": ["policy_given"]])
        },
        "correct_an_induction_step": Decision(keepers, within(keepers)) {
            try $0.one(
                "POST", "/v1/inductions/{id}/corrections", $0.induction(isTold: true), [:],
                ["step": "policy_given", "reason": "Another"])
        },
        "read_the_induction_rules": Decision(atSchool, within(atSchool)) {
            try $0.one("GET", "/v1/schools/{id}/induction-rules", $0.school)
        },
        "set_the_induction_rules": Decision(rulers, within(rulers)) {
            try $0.one(
                "PUT", "/v1/schools/{id}/induction-rules", $0.school, ["If-Match": "*"],
                ["from_on": "2020-01-01", "steps": usual])
        },
    ]

    private static let usual: JSONValue = [
        ["step": "policy_given", "kinds": ["teacher"], "due_days": 0]
    ]

    /// One's own; and of one's school the keepers.
    private static let ofOneself: [Stand: Set<Role>] = [
        .own: atSchool, .aboutOneself: atSchool, .ownSchool: keepers, .sameTrust: [],
        .foreign: [],
    ]
}

extension Asking {
    /// The induction of the caller, or of somebody else.
    fileprivate func induction(isTold: Bool = false) throws -> String {
        let isOneself = stand == .own || stand == .aboutOneself
        let person =
            isOneself && role.isOfASchool
            ? TestSchool.hawthorn.person(role)
            : stand.school.person(role == .dsl ? .office : .dsl)
        try scene.register.keepInduction(
            as: person, for: isTold ? "correct_an_induction_step" : "", at: stand.school)
        return person.lowercased
    }
}

extension Register {
    /// Lets somebody have joined today, of whom nothing is told; or, for a correction, a step.
    func keepInduction(
        as person: UUID, for operation: String, at school: TestSchool = .hawthorn
    ) throws {
        try database.execute(
            """
            update person set joined_on = london_today()
            where id = '\(person)' and joined_on is null;
            update school set created_at = rowan_now() where id = '\(school.id)';
            -- What was told before is of another time.
            update induction_act
            set done_on = done_on - 1000, told_at = told_at - interval '1000 days'
            where person_id = '\(person)'
            """)
        guard operation == "correct_an_induction_step" else { return }
        try database.execute(
            """
            insert into induction_act (
                school_id, id, person_id, step, place, outcome, done_on, told_by, told_by_name)
            select '\(school.id)', gen_random_uuid(), '\(person)', 'policy_given',
                coalesce(max(place), 0) + 1, 'done', london_today(),
                '\(school.account(.office))', 'School office'
            from induction_act where person_id = '\(person)' and step = 'policy_given'
            """)
    }
}
