import FoundationEssentials
import JSON

@testable import OnlineSafety

private let atSchool: Set<Role> = [.headteacher, .chairOfGovernors, .schoolAdministrator]
private let inviters = atSchool.union([.trustAdministrator])
private let helpers: Set<Role> = [.headteacher, .schoolAdministrator]

extension Decision {
    /// Those who appoint let people in, and a trust its own; whoever helps somebody back in gets
    /// nothing by it. What a link opens is asked by nobody that is known yet.
    static let ofGettingIn: [String: Decision] = [
        "list_invitations": Decision(
            inviters, within(inviters, trust: [.trustAdministrator])
        ) { asking in try asking.list("/v1/invitations", has: asking.invitation()) },
        "invite_somebody": Decision(atSchool, within(atSchool)) { asking in
            let school = asking.stand.school
            let post: JSONValue = [
                "person_id": .string(school.pupil.uuidString.lowercased()),
                "role": .string(asking.role == .trustAdministrator ? "staff" : asking.invitesTo),
            ]
            return try asking.acting(
                "POST", "/v1/schools/{id}/invitations", asking.scene.school(asking.stand),
                ["email": "somebody@new.example", "post": post])
        },
        "invite_somebody_to_a_trust": ofTrusts { asking in
            try asking.acting(
                "POST", "/v1/trusts/{id}/invitations", asking.trustOfTheSchool,
                ["email": "somebody@new.example", "name": "Some Body", "role": "trust_viewer"])
        },
        "send_an_invitation_again": ofInviters("/v1/invitations/{id}/mail"),
        "revoke_an_invitation": ofInviters("/v1/invitations/{id}/revocation"),
        "accept_an_invitation": anything(nil) {
            try $0.acting("POST", "/v1/invitations/acceptance", "", [:])
        },
        "list_posts_of_a_trust": ofTrusts { asking in
            try asking.one("GET", "/v1/trusts/{id}/posts", asking.trustOfTheSchool)
        },
        "end_a_post_of_a_trust": ofTrusts { asking in
            try asking.acting("POST", "/v1/trust-posts/{id}/ending", asking.trustPost(), [:])
        },
        "ask_for_a_new_password": anything(nil) {
            try $0.acting("POST", "/v1/recoveries", "", [:])
        },
        "choose_a_new_password": anything(nil) {
            try $0.acting("POST", "/v1/recoveries/acceptance", "", [:])
        },
        "help_somebody_to_a_new_password": Decision(helpers, within(helpers)) { asking in
            try asking.acting(
                "POST", "/v1/people/{id}/recovery",
                asking.stand.school.pupil.uuidString.lowercased())
        },
        "reset_the_second_factor_of_somebody": Decision(
            helpers.union([.dsl, .deputyDSL]), within(helpers.union([.dsl, .deputyDSL]))
        ) { asking in
            try asking.acting(
                "POST", "/v1/people/{id}/second-factor-reset",
                asking.stand.school.pupil.uuidString.lowercased())
        },
    ]

    private static func ofInviters(_ path: String) -> Decision {
        Decision(inviters, within(inviters, trust: [.trustAdministrator])) { asking in
            try asking.acting("POST", path, asking.invitation())
        }
    }

    private static func ofTrusts(
        _ ask: @escaping @Sendable (Asking) throws -> Sight
    ) -> Decision {
        Decision(
            [.trustAdministrator],
            within([.trustAdministrator], trust: [.trustAdministrator]), ask)
    }
}

extension Asking {
    /// Whoever is told that a rule stands against it, or what is wrong with it, has been let in.
    fileprivate func acting(
        _ method: String, _ path: String, _ id: String, _ body: JSONValue? = nil
    ) throws -> Sight {
        let sight = try one(method, path, id, [:], body)
        return sight == .other(409) || sight == .other(422) ? .shown : sight
    }

    /// A post to which the caller may invite.
    fileprivate var invitesTo: String {
        switch role {
        case .chairOfGovernors: "governor"
        case .trustAdministrator: "trust_viewer"
        default: "staff"
        }
    }

    fileprivate var trustOfTheSchool: String { stand.school.trust.uuidString.lowercased() }

    /// An invitation to such a post, that waits, of the school to which the caller stands so, or of
    /// its trust.
    fileprivate func invitation() throws -> String {
        let (id, link, isOfTrust) = (UUID(), UUID(), role == .trustAdministrator)
        let owner = try scene.register.database.owner()
        try owner.run(
            """
            insert into sign_in_link (id, purpose, address, lasts_until)
            values (\(link), 'invitation', 'new@new.example', rowan_now() + interval '1 day')
            """)
        try owner.run(
            """
            insert into invitation (
                organisation_id, id, is_of_trust, person_id, name, email, change, link_id,
                invited_by_name, lasts_until)
            values (
                \(isOfTrust ? stand.school.trust : stand.school.id), \(id), \(isOfTrust),
                \(isOfTrust ? nil : stand.school.pupil), \(isOfTrust ? "Some Body" : nil),
                'new@new.example', jsonb_build_object('role', \(invitesTo)::text), \(link),
                'Operator', rowan_now() + interval '1 day')
            """)
        return id.uuidString.lowercased()
    }

    /// A post of that school's trust, beside its administrator's.
    fileprivate func trustPost() throws -> String {
        try scene.register.trustPost(of: stand.school).uuidString.lowercased()
    }
}

extension Register {
    /// Somebody new who views a trust.
    func trustPost(of school: TestSchool, role: Role = .trustViewer) throws -> UUID {
        let (account, post) = (UUID(), UUID())
        let owner = try database.owner()
        try owner.run(
            """
            insert into account (id, name, email)
            values (\(account), 'Somebody', \(account.uuidString.lowercased() + "@spare.example"))
            """)
        try owner.run(
            """
            insert into trust_seat (trust_id, id, account_id, role, from_on)
            values (\(school.trust), \(post), \(account), \(role), '2020-01-01')
            """)
        return post
    }
}
