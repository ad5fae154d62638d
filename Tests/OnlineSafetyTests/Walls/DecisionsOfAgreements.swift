import FoundationEssentials
import JSON
import Postgres

@testable import OnlineSafety

/// Temporary staff sign at the office.
private let atSchool = Set(Role.allCases.filter(\.isOfASchool)).subtracting([.temporaryStaff])
private let writers: Set<Role> = [.onlineSafetyCoordinator, .dsl, .deputyDSL, .headteacher]
private let keepers: Set<Role> = [.onlineSafetyCoordinator, .office]
private let readers: Set<Role> = writers.union([.seniorLeader, .office, .dpo])
private let askers: Set<Role> = settingReaders.union([.staff, .schoolAdministrator])

extension Decision {
    /// Section 25: what is in force all of a school read, and those write it who lead online
    /// safety; who agreed to what, those who keep it and oversee it know, and everybody of
    /// themselves. Of the gate (AGR-21): staff ask about pupils and themselves, those who answer
    /// for access about everybody.
    static let ofAgreements: [String: Decision] = ofTexts.merging(ofSigning) { $1 }
        .merging(ofTheGate) { $1 }

    private static let ofTexts: [String: Decision] = [
        "list_agreement_templates": Decision(atSchool, within(atSchool)) {
            try $0.list("/v1/agreement-templates", has: $0.text().template)
        },
        "make_an_agreement_template": Decision(writers, within(writers)) { asking in
            let told = try asking.visitor.post(
                "/v1/agreement-templates",
                ["school_id": .string(asking.school), "name": .string(UUID().uuidString)])
            return told.faults == ["/school_id": "unknown_school"] ? .hidden : Sight(told)
        },
        "read_an_agreement_template": Decision(atSchool, within(atSchool)) {
            try $0.one("GET", "/v1/agreement-templates/{id}", $0.text().template)
        },
        "set_the_audience_of_a_template": Decision(writers, within(writers)) {
            try $0.one(
                "PUT", "/v1/agreement-templates/{id}/audience", $0.text().template,
                ["If-Match": "*"], ["entries": []])
        },
        "list_versions_of_a_template": Decision(atSchool, within(atSchool)) {
            let text = try $0.text()
            return try $0.list(
                "/v1/agreement-templates/\(text.template)/versions", has: text.version)
        },
        "draft_a_version": Decision(writers, within(writers)) {
            try $0.one(
                "POST", "/v1/agreement-templates/{id}/versions", $0.text().template, [:],
                agreementText())
        },
        "read_a_version": Decision(atSchool, within(atSchool)) {
            try $0.one("GET", "/v1/agreement-versions/{id}", $0.text().version)
        },
        "rewrite_a_draft": Decision(writers, within(writers)) {
            try $0.one(
                "PUT", "/v1/agreement-versions/{id}", $0.text(upTo: []).version,
                ["If-Match": "*"], agreementText())
        },
        "approve_a_version": Decision([.headteacher], within([.headteacher])) {
            try $0.one(
                "POST", "/v1/agreement-versions/{id}/approval", $0.text(upTo: []).version)
        },
        "publish_a_version": Decision(publishers, within(publishers)) {
            try $0.one(
                "POST", "/v1/agreement-versions/{id}/publication",
                $0.text(upTo: ["approved"]).version, [:], [:])
        },
        "withdraw_a_version": Decision([.headteacher], within([.headteacher])) {
            try $0.one(
                "POST", "/v1/agreement-versions/{id}/withdrawal", $0.text().version, [:],
                ["reason": "So it is"])
        },
    ]

    private static let publishers: Set<Role> = [.headteacher, .onlineSafetyCoordinator]

    private static let ofSigning: [String: Decision] = [
        "issue_an_agreement": Decision(atSchool, of(keepers)) { asking in
            Sight(
                try asking.visitor.post(
                    "/v1/agreements",
                    [
                        "person_id": .string(asking.signer.lowercased),
                        "template_id": .string(asking.text().template),
                    ]))
        },
        "list_agreement_campaigns": Decision(readers, within(readers)) {
            try $0.list("/v1/agreement-campaigns", has: $0.campaign())
        },
        "run_an_agreement_campaign": Decision(keepers, within(keepers)) { asking in
            let told = try asking.visitor.post(
                "/v1/agreement-campaigns",
                [
                    "template_id": .string(asking.text().template), "name": "All",
                    "due_on": "2199-01-01",
                ])
            return told.faults == ["/template_id": "unknown_template"] ? .hidden : Sight(told)
        },
        "read_an_agreement_campaign": Decision(readers, within(readers)) {
            try $0.one("GET", "/v1/agreement-campaigns/{id}", $0.campaign())
        },
        "list_reminders_of_a_campaign": Decision(readers, within(readers)) {
            try $0.one("GET", "/v1/agreement-campaigns/{id}/reminders", $0.campaign())
        },
        "remind_of_a_campaign": Decision(keepers, within(keepers)) {
            try $0.one("POST", "/v1/agreement-campaigns/{id}/reminders", $0.campaign())
        },
        "list_agreements": Decision(atSchool, of(readers)) { asking in
            let text = try asking.text()
            let told = try asking.visitor.get(
                "/v1/agreements?template_id=\(text.template)&limit=1000")
            guard told.status == 200 else { return Sight(told) }
            let isThere = told.data.contains {
                $0["person_id"]?.text == asking.signer.lowercased
            }
            return isThere ? .shown : .hidden
        },
        "read_how_far_agreements_are_signed": Decision(readers, within(readers)) { asking in
            let text = try asking.text()
            let told = try asking.visitor.get("/v1/agreement-completion")
            guard told.status == 200 else { return Sight(told) }
            let isThere = told.data.contains { $0["template_id"]?.text == text.template }
            return isThere ? .shown : .hidden
        },
        "list_the_agreements_of_a_person": Decision(atSchool, of(readers)) { asking in
            let agreement = try asking.agreement()
            return try asking.list(
                "/v1/people/\(asking.signer.lowercased)/agreements", has: agreement)
        },
        "read_an_agreement": Decision(atSchool, of(readers)) {
            try $0.one("GET", "/v1/agreements/{id}", $0.agreement())
        },
        "read_the_copy_of_an_agreement": Decision(atSchool, of(readers)) {
            try $0.one("GET", "/v1/agreements/{id}/copy", $0.agreement())
        },
        "sign_an_agreement": Decision(atSchool, of(keepers)) {
            try $0.act(
                "signatures", on: $0.agreement(),
                signature(["kept_at": "Office", "job_title": "Teacher"]))
        },
        "enter_paper_returns": Decision(keepers, within(keepers)) { asking in
            let told = try asking.visitor.post(
                "/v1/agreement-paper-returns",
                [
                    "kept_at": "Office",
                    "rows": [
                        [
                            "agreement_id": .string(asking.agreement()), "full_name": "A",
                            "job_title": "B", "attestations": ["policy_read", "data_policy_read"],
                        ]
                    ],
                ])
            return told.json["rows"]?[0]?["status"] == 404 ? .hidden : Sight(told)
        },
        "refuse_an_agreement": Decision(atSchool, of(keepers)) {
            try $0.act("refusal", on: $0.agreement(), ["reason": "So it is"])
        },
        "withdraw_a_signature": Decision(atSchool, of(keepers)) {
            try $0.act("withdrawal", on: $0.agreement(isSigned: true), ["reason": "So it is"])
        },
        "revoke_an_agreement": Decision(revokers, within(revokers)) {
            try $0.one(
                "POST", "/v1/agreements/{id}/revocation", $0.agreement(isSigned: true), [:],
                ["reason": "So it is"])
        },
    ]

    private static let revokers: Set<Role> = [.headteacher, .dsl, .deputyDSL]

    private static let ofTheGate: [String: Decision] = [
        "check_the_agreements_of_a_person": Decision(askers, ofPeople) { asking in
            _ = try asking.text()
            let told = try asking.visitor.get(
                "/v1/agreement-check?person_id=\(asking.signer.lowercased)")
            return told.status == 200 && told.data.isEmpty ? .hidden : Sight(told)
        },
        "check_the_agreements_of_many": Decision(askers, ofPeople) { asking in
            _ = try asking.text()
            let told = try asking.visitor.post(
                "/v1/agreement-check", ["person_ids": [.string(asking.signer.lowercased)]])
            return told.status == 200 && told.data.isEmpty ? .hidden : Sight(told)
        },
        "ask_the_gate": Decision(askers, ofPeople) { asking in
            let told = try asking.visitor.get(
                "/v1/gate?for=device&person_id=\(asking.signer.lowercased)")
            return told.status == 200 && !told.keys.contains("school_id") ? .hidden : Sight(told)
        },
        "ask_the_gate_about_many": Decision(askers, ofPeople) { asking in
            let told = try asking.visitor.post(
                "/v1/gate",
                ["for": "device", "person_ids": [.string(asking.signer.lowercased)]])
            return told.status == 200 && told.data[0]["school_id"] == nil ? .hidden : Sight(told)
        },
    ]

    private static let ofPeople: [Stand: Set<Role>] = [
        .own: askers, .aboutOneself: askers, .ownSchool: askers.subtracting([.staff]),
        .sameTrust: [], .foreign: [],
    ]

    /// One's own; and of one's school those.
    private static func of(_ roles: Set<Role>) -> [Stand: Set<Role>] {
        [
            .own: atSchool, .aboutOneself: atSchool, .ownSchool: roles, .sameTrust: [],
            .foreign: [],
        ]
    }
}

extension Asking {
    /// Before whom the agreement was put: the caller, or somebody else.
    fileprivate var signer: UUID {
        let isOneself = stand == .own || stand == .aboutOneself
        if isOneself, role.isOfASchool { return TestSchool.hawthorn.person(role) }
        return stand.school.person(role == .dsl ? .office : .dsl)
    }

    /// Does something with an agreement. Whoever may read it, and not do this, is told so.
    fileprivate func act(_ act: String, on id: String, _ body: JSONValue) throws -> Sight {
        let sight = try one("POST", "/v1/agreements/{id}/\(act)", id, [:], body)
        let isKnown = visitor.token == role.token && atSchool.contains(role)
        return sight == .refused && isKnown ? .hidden : sight
    }

    /// A template of the school to which the caller stands so, put to its staff, with one version.
    fileprivate func text(
        upTo acts: [String] = ["approved", "published"]
    ) throws -> (template: String, version: String) {
        let kept = KeptAgreement(at: stand.school)
        try scene.register.database.execute(kept.text(upTo: acts))
        return (kept.template.lowercased, kept.version.lowercased)
    }

    /// An agreement that was issued to the signer.
    fileprivate func agreement(isSigned: Bool = false) throws -> String {
        let kept = KeptAgreement(at: stand.school)
        try scene.register.database.execute(
            kept.text() + kept.issued(to: signer, isSigned: isSigned))
        return kept.agreement.lowercased
    }

    /// A campaign of the school to which the caller stands so.
    fileprivate func campaign() throws -> String {
        let kept = KeptAgreement(at: stand.school)
        try scene.register.database.execute(kept.text() + kept.run)
        return kept.campaign.lowercased
    }
}
