import FoundationEssentials
import JSON

@testable import OnlineSafety

extension Decision {
    /// What is one's own is everybody's; ending the sessions of others is for the headteacher and
    /// the administrator, and attacks are told to the technician and the headteacher (SEC-07,
    /// SEC-10).
    static let ofSignIn: [String: Decision] = [
        "step_up": anything(everyone) { try $0.withoutBody("POST", "/v1/session/step-up") },
        "change_my_password": anything(everyone) { try $0.withoutBody("PUT", "/v1/me/password") },
        "give_my_code": anything(everyone) { try $0.withoutBody("POST", "/v1/session/code") },
        "begin_a_second_factor": anything(everyone) {
            try $0.withoutProof("POST", "/v1/me/second-factor")
        },
        "confirm_a_second_factor": anything(everyone) {
            try $0.withoutBody("POST", "/v1/me/second-factor/confirmation")
        },
        "make_recovery_codes": anything(everyone) {
            try $0.withoutProof("POST", "/v1/me/second-factor/recovery-codes")
        },
        "remove_my_second_factor": anything(everyone) {
            try $0.withoutProof("DELETE", "/v1/me/second-factor")
        },
        "read_the_monitoring_notice": anything(everyone) {
            Sight(try $0.visitor.get("/v1/monitoring-notice"))
        },
        "acknowledge_the_monitoring_notice": anything(everyone) {
            try $0.withoutBody("POST", "/v1/monitoring-notice/acknowledgement")
        },
        "publish_the_monitoring_notice": Decision(
            [.headteacher], within([.headteacher])
        ) { asking in
            defer { try? asking.forgetNotices() }
            return try asking.one(
                "POST", "/v1/schools/{id}/monitoring-notice",
                asking.scene.school(asking.stand), [:], ["words": "You are logged."])
        },
        "list_my_sessions": anything(everyone) { Sight(try $0.visitor.get("/v1/me/sessions")) },
        "end_one_of_my_sessions": Decision(everyone, ofOneself) { asking in
            try asking.one("DELETE", "/v1/me/sessions/{id}", asking.session())
        },
        // All of them would end the scene: a parameter that is unknown is refused after the rest.
        "end_all_my_sessions": anything(everyone) { asking in
            let told = try asking.visitor.delete("/v1/me/sessions?all=true")
            return told.status == 400 ? .shown : Sight(told)
        },
        "end_the_sessions_of_a_person": Decision(
            [.headteacher, .schoolAdministrator], within([.headteacher, .schoolAdministrator])
        ) { asking in
            try asking.one(
                "DELETE", "/v1/people/{id}/sessions",
                asking.stand.school.pupil.uuidString.lowercased())
        },
        "list_suspected_attacks": Decision(
            [.technician, .headteacher], within([.technician, .headteacher])
        ) { asking in
            try asking.list("/v1/suspected-attacks", has: asking.suspicion())
        },
    ]

    private static let ofOneself: [Stand: Set<Role>] = [
        .own: everyone, .ownSchool: [], .aboutOneself: everyone, .sameTrust: [], .foreign: [],
    ]
}

extension Asking {
    /// Who may ask is told what is wrong with a body that says nothing.
    fileprivate func withoutBody(_ method: String, _ path: String) throws -> Sight {
        let told = try visitor.ask(method, path, [:], [:])
        return told.status == 422 ? .shown : Sight(told)
    }

    /// Who may ask is asked for a fresh proof, or told what must be set up before.
    fileprivate func withoutProof(_ method: String, _ path: String) throws -> Sight {
        let told = try visitor.ask(method, path)
        let isHeldUp = told.code == "step_up_required" || told.status == 409
        return isHeldUp ? .shown : Sight(told)
    }

    /// So that what everybody must acknowledge does not stand in the way of what is asked next.
    fileprivate func forgetNotices() throws {
        try scene.register.database.execute(
            "delete from monitoring_notice; update session set outstanding = '{}'")
    }

    /// A session of the caller's, or of somebody who stands to them so.
    fileprivate func session() throws -> String {
        let isOwn = stand == .own || stand == .aboutOneself
        let other = role == .office ? Role.staff : .office
        let account = isOwn ? TestSchool.hawthorn.account(role) : stand.school.account(other)
        let id = UUID()
        try scene.register.database.owner().run(
            """
            insert into session (token_hash, id, account_id, ends_at)
            values (
                \(BearerToken(id.uuidString).hash), \(id), \(account),
                rowan_now() + interval '1 hour')
            """)
        return id.uuidString.lowercased()
    }

    /// An attack on somebody of the school, as it was told.
    fileprivate func suspicion() throws -> String {
        let id = UUID()
        try scene.register.database.owner().run(
            """
            insert into suspected_attack (
                school_id, id, account_id, reference, failures, noticed_on, noticed_at)
            select \(stand.school.id), \(id), \(stand.school.account(.dsl)), 'REFERENCE', 10,
                london_today() + count(*)::integer, rowan_now() + count(*) * interval '1 day'
            from suspected_attack
            """)
        return id.uuidString.lowercased()
    }
}
