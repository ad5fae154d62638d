import FoundationEssentials
import JSON

@testable import OnlineSafety

extension Decision {
    /// USR-13: a key opens one door, and no session opens that. Section 25: settings and clients
    /// are the headteacher's to write.
    static let ofIntake: [String: Decision] = [
        "report_without_an_account": Decision([], [:]) { asking in
            Sight(try asking.visitor.post("/v1/intake/incidents", report(Scene.secret)))
        },
        "list_intake_keys": Decision(settingReaders, within(settingReaders)) { asking in
            try asking.list(
                "/v1/schools/\(asking.scene.school(asking.stand))/intake-keys",
                has: asking.intakeKey())
        },
        "make_an_intake_key": Decision([.headteacher], within([.headteacher])) { asking in
            let sight = try asking.one(
                "POST", "/v1/schools/{id}/intake-keys", asking.scene.school(asking.stand), [:],
                ["label": "Web site"])
            return sight == .other(409) ? .shown : sight
        },
        "revoke_an_intake_key": Decision([.headteacher], within([.headteacher])) { asking in
            try asking.one(
                "POST",
                "/v1/schools/\(asking.scene.school(asking.stand))/intake-keys/{id}/revocation",
                asking.intakeKey())
        },
    ]
}

extension Asking {
    /// A live key of the school to which the caller stands so.
    fileprivate func intakeKey() throws -> String {
        try scene.register.intakeKey(at: stand.school).id
    }
}

extension Register {
    /// Somebody who has an intake key of a school, and that key's id.
    func intakeKey(at school: TestSchool = .hawthorn) throws -> (visitor: Visitor, id: String) {
        let (secret, id) = (Secret(of: "intake"), UUID())
        try database.owner().run(
            """
            insert into intake_key (school_id, id, label, secret_hash, made_by)
            values (
                \(school.id), \(id), 'Web site', \(secret.hash), \(school.account(.headteacher)))
            """)
        return (visitor(token: secret.string), id.uuidString.lowercased())
    }

    /// Somebody without an account, at the door of a school.
    func guest(of school: TestSchool = .hawthorn) throws -> Visitor {
        try intakeKey(at: school).visitor
    }
}

extension Visitor {
    /// Reports as somebody who has no account.
    func tell(
        _ description: String = "Something happened", _ concerns: Concern = .child,
        _ more: (String, JSONValue)..., key: String? = nil
    ) throws -> Reading {
        let named: [(String, JSONValue)] =
            more.contains { $0.0 == "reporter_name" } ? [] : [("reporter_name", "Mina Patel")]
        let body = OnlineSafetyTests.report(description, concerns, named + more)
        return try post("/v1/intake/incidents", body, key.map { ["Idempotency-Key": $0] } ?? [:])
    }
}
