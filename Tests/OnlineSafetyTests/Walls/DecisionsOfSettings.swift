import JSON

@testable import OnlineSafety

private let trust: Set<Role> = [.trustViewer, .trustAdministrator]

extension Decision {
    /// Section 25: settings are read by those who lead, the office, the DPO and the technician, and
    /// are the headteacher's to write; what a trust says of them is its administrator's, and its
    /// viewer reads it.
    static let ofSettings: [String: Decision] = [
        "list_settings": Decision(settingReaders, within(settingReaders)) { asking in
            let told = try asking.visitor.get("/v1/schools/\(asking.school)/settings")
            return told.status == 200 && told.data.isEmpty ? .hidden : Sight(told)
        },
        "read_a_setting": Decision(settingReaders, within(settingReaders)) { asking in
            try asking.one("GET", recipients, asking.school)
        },
        "list_the_history_of_a_setting": Decision(
            settingReaders, within(settingReaders)
        ) { asking in try asking.one("GET", recipients + "/history", asking.school) },
        "set_a_setting": Decision([.headteacher], within([.headteacher])) { asking in
            try asking.one(
                "PUT", recipients, asking.school, ["If-Match": "*"], ["value": ["dsl"]])
        },
        "list_trust_settings": Decision(trust, of(trust)) { asking in
            let told = try asking.visitor.get("/v1/trusts/\(asking.trust)/settings")
            return told.status == 200 && told.data.isEmpty ? .hidden : Sight(told)
        },
        "read_a_trust_setting": Decision(trust, of(trust)) { asking in
            try asking.one("GET", trustRecipients, asking.trust)
        },
        "set_a_trust_setting": Decision(
            [.trustAdministrator], of([.trustAdministrator])
        ) { asking in
            try asking.one(
                "PUT", trustRecipients, asking.trust, ["If-Match": "*"], ["floor": ["dsl"]])
        },
    ]

    private static let recipients = "/v1/schools/{id}/settings/incident-recipients"
    private static let trustRecipients = "/v1/trusts/{id}/settings/incident-recipients"

    /// The trust of the caller's school, and of a school that stands to it so.
    private static func of(_ roles: Set<Role>) -> [Stand: Set<Role>] {
        [.own: roles, .ownSchool: roles, .aboutOneself: roles, .sameTrust: roles, .foreign: []]
    }
}

extension Asking {
    var school: String { scene.school(stand) }
    var trust: String { scene.trust(stand) }
}
