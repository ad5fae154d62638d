import FoundationEssentials
import JSON

@testable import OnlineSafety

private let keepers: Set<Role> = [.headteacher, .schoolAdministrator, .trustAdministrator]
private let readers: Set<Role> = settingReaders.union(keepers)

extension Decision {
    /// Section 25: clients are made by those who answer for a school or a trust, and seen by those
    /// who see its settings. Figures over schools are the trust viewer's.
    static let ofClients: [String: Decision] = [
        "list_clients": Decision(readers, within(readers, trust: [.trustAdministrator])) { asking in
            try asking.list("/v1/clients", has: asking.client())
        },
        "read_a_client": Decision(
            readers, within(readers, trust: [.trustAdministrator])
        ) { asking in try asking.one("GET", "/v1/clients/{id}", asking.client()) },
        "make_a_client": Decision(
            keepers, within(keepers, trust: [.trustAdministrator])
        ) { asking in
            let told = try asking.visitor.post("/v1/clients", asking.wanted)
            let unknown = ["unknown_school", "unknown_trust"]
            if told.faults.values.contains(where: unknown.contains) { return .hidden }
            // As many are live as may be.
            return told.status == 409 ? .shown : Sight(told)
        },
        "revoke_a_client": ofKeepers("/v1/clients/{id}/revocation", [:]),
        "confirm_the_secrets_of_a_client": ofKeepers(
            "/v1/clients/{id}/confirmation", ["words": "Nobody kept a copy"]),
        "make_a_client_secret": ofKeepers(
            "/v1/clients/{id}/secrets", ["old_ends_at": "2020-01-01T00:00:00Z"]),
        "make_a_reporting_token": ofKeepers(
            "/v1/clients/{id}/reporting-tokens", ["label": "Workbook", "ends_on": .string(soon)]),
        "revoke_a_reporting_token": Decision(
            keepers, within(keepers, trust: [.trustAdministrator])
        ) { asking in
            let client = try asking.client()
            let token = try asking.scene.register.reportingToken(of: client)
            return try asking.one(
                "POST", "/v1/clients/{id}/reporting-tokens/\(token)/revocation", client)
        },
        "get_an_access_token": anything(nil) { asking in
            let told = try asking.visitor.post("/v1/oauth/token", [:])
            return told.status == 415 ? .shown : Sight(told)
        },
        "list_incident_figures": Decision(
            [.trustViewer],
            [
                .own: [.trustViewer], .ownSchool: [.trustViewer], .aboutOneself: [.trustViewer],
                .sameTrust: [.trustViewer], .foreign: [],
            ]
        ) { asking in
            let told = try asking.visitor.get(
                "/v1/incident-figures?limit=1&school_id=\(asking.school)")
            return told.status == 200 && told.data.isEmpty ? .hidden : Sight(told)
        },
    ]

    /// What a client may do that has a scope, in its schools: everything else is refused.
    static let scopes: [String: Set<Scope>] = [
        "list_schools": [.schoolsRead], "read_a_school": [.schoolsRead],
        "list_people": [.peopleRead], "read_a_person": [.peopleRead],
        "list_agreement_templates": [.agreementsRead],
        "read_an_agreement_template": [.agreementsRead],
        "list_versions_of_a_template": [.agreementsRead], "read_a_version": [.agreementsRead],
        "check_a_consent": [.consentsRead], "check_the_consents_of_many": [.consentsRead],
        "list_access": [.accessRead], "list_access_systems": [.accessRead],
        "read_an_access_system": [.accessRead],
        "list_training_that_is_asked": [.trainingRead], "list_duty_figures": [.dutyFiguresRead],
        "list_summary_figures": [.dutyFiguresRead],
        "check_the_agreements_of_a_person": [.gateRead],
        "check_the_agreements_of_many": [.gateRead],
        "ask_the_gate": [.gateRead], "ask_the_gate_about_many": [.gateRead],
        "list_incident_figures": [.incidentFiguresRead],
        "tell_of_a_vulnerability_marker": [.vulnerabilityMarkersWrite],
        "list_classes": [.peopleRead],
        "apply_a_roster_batch": [.rosterWrite], "list_roster_batches": [.rosterWrite],
        "read_a_roster_batch": [.rosterWrite],
    ]

    private static func ofKeepers(_ path: String, _ body: JSONValue) -> Decision {
        Decision(keepers, within(keepers, trust: [.trustAdministrator])) { asking in
            try asking.one("POST", path, asking.client(), [:], body)
        }
    }

    /// A day on which everything that is made now may end, also when it is midnight meanwhile.
    static let soon: String = {
        guard let database = try? TestDatabase() else { return "" }
        defer { withExtendedLifetime(database) {} }
        let found = try? database.owner().run("select (london_today() + 30)::text as day")
        return found?.text(0, "day") ?? ""
    }()
}

extension Asking {
    /// A client of the school to which the caller stands so, or of its trust.
    fileprivate func client() throws -> String {
        let isOfTrust = role == .trustAdministrator
        return try scene.register.machine(
            .incidentFiguresRead, of: stand.school, ofItsTrust: isOfTrust
        ).id.uuidString.lowercased()
    }

    fileprivate var wanted: JSONValue {
        let isOfTrust = role == .trustAdministrator
        return [
            isOfTrust ? "trust_id" : "school_id": .string(isOfTrust ? trust : school),
            "name": "Dashboard", "purpose": "Figures", "scopes": ["incident-figures.read"],
            "ends_on": .string(Decision.soon),
        ]
    }
}

/// A machine's client, as it is in the database.
struct Machine: Sendable {
    let register: Register
    let id: UUID
    let organisation: UUID
    let secret: String

    /// With an access token of an hour, for all that the client may do.
    func signedIn() throws -> Visitor {
        let token = OnlineSafety.Secret(of: "access")
        try register.database.owner().run(
            """
            insert into client_token (
                organisation_id, client_id, id, kind, token_hash, secret_id, scopes, ends_at)
            select client.organisation_id, client.id, gen_random_uuid(), 'access', \(token.hash),
                secret.id, client.scopes, rowan_now() + interval '1 hour'
            from client join client_secret as secret on secret.client_id = client.id
            where client.id = \(id)
            """)
        return register.visitor(token: token.string)
    }

    /// Asks for a token with this form, and perhaps the client's credentials by Basic.
    func ask(
        _ form: String, basic: String? = nil, type: String = "application/x-www-form-urlencoded"
    ) throws -> Reading {
        var headers = ["Content-Type": type]
        if let basic { headers["Authorization"] = basic }
        return try register.nobody.raw("POST", "/v1/oauth/token", headers, Array(form.utf8))
    }
}

extension Register {
    /// A client of a school, or of its trust, that may do this, with one secret.
    func machine(
        _ scopes: Scope..., of school: TestSchool = .hawthorn, ofItsTrust: Bool = false
    ) throws -> Machine {
        let organisation = ofItsTrust ? school.trust : school.id
        let (id, secret) = (UUID(), OnlineSafety.Secret(of: "client"))
        let owner = try database.owner()
        _ = try owner.run(
            """
            insert into client (
                organisation_id, id, is_of_trust, name, purpose, scopes, made_by, ends_at)
            values (
                \(organisation), \(id), \(ofItsTrust), \("OF " + school.name), 'Tests', \(scopes),
                \(school.account(.headteacher)), rowan_now() + interval '1 year')
            """)
        _ = try owner.run(
            """
            insert into client_secret (organisation_id, client_id, id, secret_hash, made_by)
            values (
                \(organisation), \(id), gen_random_uuid(), \(secret.hash),
                \(school.account(.headteacher)))
            """)
        return Machine(register: self, id: id, organisation: organisation, secret: secret.string)
    }

    /// A reporting token of a client, by its id.
    func reportingToken(of client: String) throws -> String {
        let id = UUID()
        try database.owner().run(
            """
            insert into client_token (
                organisation_id, client_id, id, kind, token_hash, label, scopes, ends_at)
            select organisation_id, id, \(id), 'reporting', \(BearerToken(id.uuidString).hash),
                'Workbook', '{incident-figures.read}', ends_at
            from client where id = \(client)::text::uuid
            """)
        return id.uuidString.lowercased()
    }
}
