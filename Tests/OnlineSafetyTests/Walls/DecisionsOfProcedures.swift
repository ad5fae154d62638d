import FoundationEssentials
import JSON

@testable import OnlineSafety

private let atSchool = Set(Role.allCases.filter(\.isOfASchool)).subtracting([.temporaryStaff])
private let rulers: Set<Role> = [.onlineSafetyCoordinator, .dsl, .deputyDSL, .headteacher]

extension Decision {
    /// Section 25: everybody of a school reads by which procedures it goes; the coordinator, the
    /// DSLs and the headteacher set them.
    static let ofProcedures: [String: Decision] = [
        "list_the_procedures_of_a_school": Decision(atSchool, within(atSchool)) { asking in
            let told = try asking.visitor.get("/v1/schools/\(asking.school)/procedures")
            return told.status == 200 && told.data.isEmpty ? .hidden : Sight(told)
        },
        "read_a_procedure_of_a_school": Decision(atSchool, within(atSchool)) {
            try $0.one("GET", "/v1/schools/{id}/procedures/hate", $0.school)
        },
        "set_a_procedure_of_a_school": Decision(rulers, within(rulers)) {
            try $0.one(
                "PUT", "/v1/schools/{id}/procedures/hate", $0.school, ["If-Match": "*"],
                ["references": [["title": "The policy"]]])
        },
        "read_the_map_of_procedures": Decision(atSchool, within(atSchool)) {
            try $0.one("GET", "/v1/schools/{id}/procedure-map", $0.school)
        },
        "set_the_map_of_procedures": Decision(rulers, within(rulers)) {
            try $0.one(
                "PUT", "/v1/schools/{id}/procedure-map", $0.school, ["If-Match": "*"],
                ["types": [["type": "gambling", "attached": ["hate"]]]])
        },
    ]
}
