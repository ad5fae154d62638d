import FoundationEssentials
import JSON

@testable import OnlineSafety

private let keepers: Set<Role> = [.onlineSafetyCoordinator, .office]
private let readers: Set<Role> = keepers.union([
    .dsl, .deputyDSL, .headteacher, .seniorLeader, .dpo,
])

extension Decision {
    /// Section 25: who keeps agreements sends links, and takes them back; what one opens, no
    /// session does; and anybody may ask for one.
    static let ofSigningLinks: [String: Decision] = [
        "list_signing_links": Decision(readers, within(readers)) {
            try $0.list("/v1/signing-links", has: $0.signingLink())
        },
        "send_a_signing_link": Decision(keepers, within(keepers)) { asking in
            let told = try asking.visitor.post(
                "/v1/signing-links",
                ["person_id": .string(asking.stand.school.pupil.lowercased)])
            return told.status == 409 ? .shown : Sight(told)
        },
        "revoke_a_signing_link": Decision(keepers, within(keepers)) {
            try $0.one("POST", "/v1/signing-links/{id}/revocation", $0.signingLink())
        },
        "open_a_signing_link": byLink { try $0.visitor.get("/v1/signing") },
        "read_a_copy_by_a_link": byLink {
            try $0.visitor.get("/v1/signing/agreements/\(Scene.missing)/copy")
        },
        "sign_by_a_link": byLink {
            try $0.visitor.post(
                "/v1/signing/agreements/\(Scene.missing)/signature", parentsSignature)
        },
        "refuse_by_a_link": byLink {
            try $0.visitor.post(
                "/v1/signing/agreements/\(Scene.missing)/refusal", ["reason": "No"])
        },
        "answer_for_somebody_by_a_link": byLink {
            try $0.visitor.post(
                "/v1/signing/people/\(Scene.missing)/consents",
                ["answers": [["purpose": "press", "answer": "refuse"]]])
        },
        "ask_for_a_signing_link": anything(nil) { asking in
            let told = try asking.visitor.post("/v1/signing/links", [:])
            return told.status == 422 ? .shown : Sight(told)
        },
    ]

    private static func byLink(
        _ ask: @escaping @Sendable (Asking) throws -> Reading
    ) -> Decision {
        Decision([], [:]) { Sight(try ask($0)) }
    }
}

extension Asking {
    /// A live link of the school to which the caller stands so.
    fileprivate func signingLink() throws -> String {
        let id = UUID()
        try scene.register.database.owner().run(
            """
            insert into signing_link (school_id, id, person_id, lasts_until)
            values (
                \(stand.school.id), \(id), \(stand.school.pupil),
                rowan_now() + interval '1 day')
            """)
        return id.lowercased
    }
}
