import FoundationEssentials
import JSON

@testable import OnlineSafety

/// What is decided of one operation: who may ask at all, and who is shown a record to which they
/// stand so. Written by hand, so that a change of the routes must be decided here as well.
struct Decision: Sendable {
    /// `nil`: the whole world. Empty: a session is no credential there.
    let admitted: Set<Role>?

    /// Everybody else who is admitted finds nothing. A relation that is not named is undecided.
    let shown: [Stand: Set<Role>]
    let ask: @Sendable (Asking) throws -> Sight

    /// Nobody is admitted who holds a post: only machines' clients, by `Decision.scopes`.
    private(set) var isForClients = false

    init(
        _ admitted: Set<Role>?, _ shown: [Stand: Set<Role>],
        _ ask: @escaping @Sendable (Asking) throws -> Sight
    ) {
        (self.admitted, self.shown, self.ask) = (admitted, shown, ask)
    }

    /// Of one that only machines' clients may ask: nothing is shown to anybody.
    static func ofClientsAlone(_ ask: @escaping @Sendable (Asking) throws -> Sight) -> Decision {
        var decision = Decision([], within([]), ask)
        decision.isForClients = true
        return decision
    }

    /// `nil` when nobody has decided it.
    func expected(_ role: Role, _ stand: Stand) -> Sight? {
        if admitted == [] { return isForClients ? .refused : .unknownCaller }
        guard let shown = shown[stand] else { return nil }
        if admitted?.contains(role) == false { return .refused }
        return shown.contains(role) ? .shown : .hidden
    }
}

private let trust: Set<Role> = [.trustViewer, .trustAdministrator]
private let governors: Set<Role> = [.governor, .linkGovernor, .chairOfGovernors]
private let leads: Set<Role> = [.dsl, .deputyDSL, .headteacher]
private let employed: Set<Role> = [
    .staff, .onlineSafetyCoordinator, .dsl, .deputyDSL, .headteacher, .seniorLeader, .office,
    .technician, .schoolAdministrator,
]
private let atSchool: Set<Role> = employed.union(governors).union([.dpo])
let permanent: Set<Role> = atSchool.union(trust)
let everyone: Set<Role> = permanent.union([.temporaryStaff])
let settingReaders: Set<Role> = leads.union([
    .onlineSafetyCoordinator, .seniorLeader, .office, .dpo, .technician,
])

/// Section 25 of the matrix: ordinary incidents are read by the coordinator, the DSLs and the
/// headteacher; whoever reported one sees its receipt, technicians not even that.
private let caseReaders: Set<Role> = leads.union([.onlineSafetyCoordinator])
private let reporters: Set<Role> = employed.union([.temporaryStaff])
private let receiptReaders: Set<Role> = reporters.subtracting([.technician])
private let mayOpenSome: Set<Role> = receiptReaders.union([.chairOfGovernors])

extension Decision {
    static let all = [
        ofRecords, ofCaseWork, ofIntake, ofSettings, ofSchools, ofSignIn, ofPosts, ofClients,
        ofRegisters,
        ofGettingIn, ofMarkers, ofRosters, ofAgreements, ofConsents, ofSigningLinks, ofAccess,
        ofInductions, ofOrganisations, ofReviews, ofDevices, ofTraining,
        ofDuties, ofGovernorReports, ofPolicies, ofProcedures, ofChronologies, ofComplaints,
    ].reduce(general) {
        $0.merging($1) { $1 }
    }

    private static let general: [String: Decision] = [
        "read_the_contract": anything(nil) { Sight(try $0.visitor.get("/v1/openapi.json")) },
        "list_vocabularies": anything(nil) { Sight(try $0.visitor.get("/v1/vocabularies")) },
        "log_in": anything(nil) { asking in
            let told = try asking.visitor.post("/v1/sessions", [:])
            return told.status == 422 ? .shown : Sight(told)
        },
        "log_out": anything(everyone) { asking in
            guard asking.visitor.token == asking.role.token else {
                return Sight(try asking.visitor.delete("/v1/sessions/current"))
            }
            let spare = try asking.scene.register.session(of: asking.role)
            return Sight(try spare.delete("/v1/sessions/current"))
        },
        "read_about_me": anything(everyone) { Sight(try $0.visitor.get("/v1/me")) },
        "read_the_record_of_processing": anything(everyone) {
            Sight(try $0.visitor.get("/v1/record-of-processing"))
        },

        "report_an_incident": Decision(reporters, within(reporters)) { asking in
            let told = try asking.visitor.report(
                Scene.secret, .child, ("school_id", .string(asking.scene.school(asking.stand))))
            return told.faults == ["/school_id": "unknown_school"] ? .hidden : Sight(told)
        },
        "list_incidents": Decision(mayOpenSome, ofIncidents) { asking in
            try asking.list(
                "/v1/incidents?limit=1000", "/v1/incidents?limit=1000&mine=true",
                has: asking.scene.incident(asking.role, asking.stand))
        },
        "read_an_incident": Decision(mayOpenSome, ofIncidents) { asking in
            try asking.one(
                "GET", "/v1/incidents/{id}", asking.scene.incident(asking.role, asking.stand))
        },

        "list_notices": Decision(atSchool, ofNotices) { asking in
            try asking.list(
                "/v1/notices?limit=1000", has: asking.scene.notice(asking.role, asking.stand))
        },
        "follow_notices": Decision(atSchool, ofNotices) { asking in
            let id = asking.scene.notice(asking.role, asking.stand)
            let events = try asking.visitor.follow(after: "0.0")
            guard events.status == 200 else { return Sight(events.status) }
            return try events.read(until: ": beat").contains(id) ? .shown : .hidden
        },
        "acknowledge_a_notice": Decision(atSchool, ofNotices) { asking in
            try asking.one(
                "POST", "/v1/notices/{id}/acknowledgement",
                asking.scene.notice(asking.role, asking.stand))
        },

        "list_people": Decision(employed, within(employed)) { asking in
            try asking.list(
                "/v1/people?limit=1000", has: asking.scene.person(asking.role, asking.stand))
        },
        "read_a_person": Decision(employed, within(employed)) { asking in
            try asking.one(
                "GET", "/v1/people/{id}", asking.scene.person(asking.role, asking.stand))
        },

        "list_schools": Decision(permanent, within(permanent, trust: trust)) { asking in
            try asking.list("/v1/schools", has: asking.scene.school(asking.stand))
        },
        "read_a_school": Decision(permanent, within(permanent, trust: trust)) { asking in
            try asking.one("GET", "/v1/schools/{id}", asking.scene.school(asking.stand))
        },
        "list_posts": Decision(atSchool, within(atSchool)) { asking in
            try asking.list("/v1/posts", has: asking.scene.post(asking.role, asking.stand))
        },
    ]

    /// Where there is no record to stand to: all who are admitted are answered.
    static func anything(
        _ admitted: Set<Role>?, _ ask: @escaping @Sendable (Asking) throws -> Sight
    ) -> Decision {
        let shown = Stand.allCases.map { ($0, admitted ?? everyone) }
        return Decision(admitted, Dictionary(uniqueKeysWithValues: shown), ask)
    }

    /// All of one's own school, and of no other but those of the trust that one views.
    static func within(
        _ roles: Set<Role>, trust: Set<Role> = []
    ) -> [Stand: Set<Role>] {
        [
            .own: roles, .ownSchool: roles, .aboutOneself: roles, .sameTrust: trust, .foreign: [],
        ]
    }

    private static let ofIncidents: [Stand: Set<Role>] = [
        .own: receiptReaders, .ownSchool: caseReaders, .aboutOneself: [], .sameTrust: [],
        .foreign: [],
    ]

    private static let ofNotices: [Stand: Set<Role>] = [
        .own: atSchool, .ownSchool: [], .aboutOneself: [], .sameTrust: [], .foreign: [],
    ]
}

extension Role {
    /// The token of whoever holds it at Hawthorn.
    var token: String { TestSchool.hawthorn.token(self) }
}

extension Register {
    /// Another session of whoever holds a role at Hawthorn, which ends when it is said to.
    func session(of role: Role, lasting: String = "1 hour") throws -> Visitor {
        let token = "rwn_session_spare_\(UUID().uuidString)"
        try database.owner().run(
            """
            insert into session (token_hash, id, account_id, ends_at)
            values (
                \(BearerToken(token).hash), gen_random_uuid(),
                \(TestSchool.hawthorn.account(role)), rowan_now() + \(lasting)::text::interval)
            """)
        return visitor(token: token)
    }
}
