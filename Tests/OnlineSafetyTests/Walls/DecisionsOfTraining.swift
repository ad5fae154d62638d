import FoundationEssentials
import JSON
import Postgres

@testable import OnlineSafety

private let atSchool = Set(Role.allCases.filter(\.isOfASchool)).subtracting([.temporaryStaff])
private let readers: Set<Role> = [
    .onlineSafetyCoordinator, .dsl, .deputyDSL, .headteacher, .seniorLeader, .office, .dpo,
    .schoolAdministrator,
]
private let rulers: Set<Role> = [.headteacher, .dsl, .deputyDSL, .schoolAdministrator]

extension Decision {
    /// Section 25: training is read by those who keep and oversee it; everybody reads their own.
    static let ofTraining: [String: Decision] = [
        "list_training_that_is_asked": Decision(
            atSchool,
            [
                .own: atSchool, .aboutOneself: atSchool, .ownSchool: readers, .sameTrust: [],
                .foreign: [],
            ]
        ) { asking in
            let isOneself = asking.stand == .own || asking.stand == .aboutOneself
            let person =
                isOneself && asking.role.isOfASchool
                ? TestSchool.hawthorn.person(asking.role)
                : asking.stand.school.person(asking.role == .dsl ? .office : .dsl)
            let told = try asking.visitor.get("/v1/training?person_id=\(person)")
            return told.status == 200 && told.data.isEmpty ? .hidden : Sight(told)
        },
        "read_the_training_rules": Decision(atSchool, within(atSchool)) {
            try $0.one("GET", "/v1/schools/{id}/training-rules", $0.school)
        },
        "set_the_training_rules": Decision(rulers, within(rulers)) {
            try $0.one(
                "PUT", "/v1/schools/{id}/training-rules", $0.school, ["If-Match": "*"],
                ["rules": usual])
        },
    ]

    private static let usual: JSONValue = [
        [
            "code": "staff_update", "label": "Update", "satisfied_by": ["annual_update"],
            "kinds": ["teacher"], "within_days": 90, "warn_days": 30,
        ]
    ]
}
