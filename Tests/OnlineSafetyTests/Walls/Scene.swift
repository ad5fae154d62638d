import FoundationEssentials
import JSON
import Synchronization

@testable import OnlineSafety

/// How a caller stands to a record that they ask for.
enum Stand: String, CaseIterable, Sendable {
    /// Made by the caller, or sent to them, or the caller's own.
    case own

    /// Of the caller's school, made by somebody else about somebody else.
    case ownSchool

    /// The caller is its subject.
    case aboutOneself

    /// Of another school of the same trust.
    case sameTrust

    /// Of a school of another trust.
    case foreign

    /// The school that the record belongs to, for callers at Hawthorn.
    var school: TestSchool {
        switch self {
        case .own, .ownSchool, .aboutOneself: .hawthorn
        case .sameTrust: .rosehip
        case .foreign: .lighthouse
        }
    }
}

/// A register in which every school has something to hide, and everybody at Hawthorn has a record
/// in every relation: each is asked for by the id that it has.
final class Scene: Sendable {
    let register: Register
    private let incidents: [Key: String]
    private let notices: [Key: String]

    /// An entry of each register at each school, and another that may be withdrawn.
    let entries: RegisterScene

    /// What stands in every description: whoever may not read an incident never sees it.
    static let secret = "canary"

    /// Those without a post who have asked, each made once.
    private let strangers = Mutex<[String: Visitor]>([:])

    private struct Key: Hashable {
        let role: Role
        let stand: Stand
    }

    /// Those who work in a school, and so can have reported something.
    static let reporters: [Role] = [
        .staff, .temporaryStaff, .onlineSafetyCoordinator, .dsl, .deputyDSL, .headteacher,
        .seniorLeader, .office, .technician, .schoolAdministrator,
    ]

    init(_ register: Register) throws {
        self.register = register
        var incidents: [Key: String] = [:]
        for stand in Stand.allCases {
            for role in Role.allCases {
                incidents[Key(role: role, stand: stand)] = try Self.report(role, stand, register)
            }
        }
        self.incidents = incidents
        notices = try Self.notices(of: incidents, in: register)
        entries = try RegisterScene(in: register)
    }

    static func open(walls: Walls = []) async throws -> Scene {
        try await Scene(
            Register.open(walls: walls) {
                $0.intakeLimits = limits
                $0.signingLimits = signingLimits
                $0.publicLimits = publicLimits
            })
    }

    /// Everybody asks at the intake from one address, with what is no key there: more often than
    /// anybody may guess.
    static var limits: IntakeLimits { IntakeLimits(burst: 1000) }
    static var signingLimits: SigningLimits {
        SigningLimits(link: 10_000, wrong: 10_000, asking: 10_000)
    }

    /// And reads what is public.
    static var publicLimits: PublicLimits { PublicLimits(burst: 10_000) }

    /// What everybody else makes is made by staff, what staff are shown by the office.
    private static func report(
        _ role: Role, _ stand: Stand, _ register: Register
    ) throws -> String? {
        let other = register.as(role == .staff ? .office : .staff, at: stand.school)
        let words = "\(secret) of \(stand.school.name)"
        switch stand {
        case .own:
            guard reporters.contains(role) else { return nil }
            return try register.as(role).report(words).id
        case .ownSchool, .sameTrust, .foreign:
            return try other.report(words).id
        case .aboutOneself:
            guard role.isOfASchool else { return nil }
            return try other.report(words, .staff, ("people", [alleged(role)])).id
        }
    }

    /// The person of somebody who holds a role, as whoever is said to have done it.
    static func alleged(_ role: Role, at school: TestSchool = .hawthorn) -> JSONValue {
        [
            "group": "staff", "part": "alleged", "name": .string(secret),
            "person_id": .string(school.person(role).uuidString),
        ]
    }

    /// The caller's own notice; of every other incident, one that was sent to somebody else.
    private static func notices(
        of incidents: [Key: String], in register: Register
    ) throws -> [Key: String] {
        let owner = try register.database.owner()
        var notices: [Key: String] = [:]
        for role in Role.allCases where role.isOfASchool {
            notices[Key(role: role, stand: .own)] = UUID().uuidString.lowercased()
            try owner.run(
                """
                insert into notice (
                    school_id, id, account_id, role, kind, urgency, reference, incident_id)
                select school_id, \(notices[Key(role: role, stand: .own)])::text::uuid,
                    \(TestSchool.hawthorn.account(role)), \(role), 'incident_reported', 'normal',
                    reference, id
                from incident
                where id = \(incidents[Key(role: role, stand: .ownSchool)])::text::uuid
                """)
        }
        for (key, incident) in incidents where key.stand != .own {
            let found = try owner.run(
                """
                select id::text as id from notice
                where incident_id = \(incident)::text::uuid
                    and account_id <> \(TestSchool.hawthorn.account(key.role))
                """)
            notices[key] = found.text(0, "id")
        }
        return notices
    }

    // MARK: - What to ask for

    /// An id that nothing has, where the caller has no such record.
    static let missing = "0199b5f6-0000-7000-8000-000000000000"

    func incident(_ role: Role, _ stand: Stand) -> String {
        incidents[Key(role: role, stand: stand)] ?? Self.missing
    }

    func notice(_ role: Role, _ stand: Stand) -> String {
        notices[Key(role: role, stand: stand)] ?? Self.missing
    }

    func person(_ role: Role, _ stand: Stand) -> String {
        switch stand {
        case .own, .aboutOneself: TestSchool.hawthorn.person(role).uuidString.lowercased()
        default: stand.school.pupil.uuidString.lowercased()
        }
    }

    func post(_ role: Role, _ stand: Stand) -> String {
        let colleague = role == .dsl ? Role.office : .dsl
        return switch stand {
        case .own, .aboutOneself: TestSchool.hawthorn.seat(role).uuidString.lowercased()
        default: stand.school.seat(colleague).uuidString.lowercased()
        }
    }

    /// The address of an operation, about something of the caller's own school.
    func address(of route: Route, for role: Role) -> String {
        [
            ("{incident}", incident(role, .ownSchool)), ("{notice}", notice(role, .own)),
            ("{person}", person(role, .ownSchool)), ("{school}", school(.ownSchool)),
            ("{line}", ActionLine.Line.adviceSought.rawValue), ("{involvement}", Self.missing),
            ("{evidence}", Self.missing), ("{breach}", Self.missing), ("{part}", Self.missing),
            ("{agency_hold}", Self.missing), ("{key}", Self.missing),
            ("{trust}", trust(.ownSchool)),
            ("{setting}", "incident-recipients"), ("{year}", "2026"),
            ("{post}", Self.missing), ("{proposal}", Self.missing), ("{delegation}", Self.missing),
            ("{entry}", Self.missing), ("{client}", Self.missing), ("{token}", Self.missing),
            ("{marker}", Self.missing), ("{kind}", VulnerabilityMarker.Kind.send.rawValue),
            ("{batch}", Self.missing),
            ("{template}", Self.missing), ("{version}", Self.missing),
            ("{agreement}", Self.missing), ("{campaign}", Self.missing), ("{link}", Self.missing),
            ("{secret}", "rwn_calendar_none"),
            ("{consent}", Self.missing), ("{removal}", Self.missing),
            ("{induction}", Self.missing), ("{report}", Self.missing),
            ("{purpose}", ConsentPurpose.images.rawValue),
            ("{system}", Self.missing), ("{grant}", Self.missing), ("{task}", Self.missing),
            ("{review_kind}", ReviewKind.wider.rawValue), ("{review}", Self.missing),
            ("{action}", Self.missing), ("{policy}", Self.missing),
            ("{device}", Self.missing), ("{complaint}", Self.missing),
            ("{procedure}", "hate"), ("{attachment}", Self.missing), ("{step}", "policies"),
        ].reduce(route.path) { $0.replacing($1.0, with: $1.1) }
    }

    /// The role itself, or where a route does not admit it, the first that it does.
    func role(for route: Route, or preferred: Role) -> Role {
        guard let admissions = route.admissions else { return preferred }
        let admitted = admissions.map(\.role)
        return admitted.contains(preferred) ? preferred : admitted.first ?? preferred
    }

    /// Whoever a route lets in: the role, or the first that it admits; where it admits none,
    /// somebody without a post.
    func visitor(for route: Route, or preferred: Role) throws -> Visitor {
        guard route.admissions?.isEmpty != false || route.credential != .session else {
            return register.as(role(for: route, or: preferred))
        }
        return try strangers.withLock { strangers in
            let kind =
                "\(route.credential) \(route.scopes.first?.scope.rawValue ?? "") "
                + "\(route.isOfAnOrganisation)"
            let stranger = try strangers[kind] ?? register.stranger(to: route)
            strangers[kind] = stranger
            return stranger
        }
    }

    func school(_ stand: Stand) -> String { stand.school.id.uuidString.lowercased() }
    func trust(_ stand: Stand) -> String { stand.school.trust.uuidString.lowercased() }
}

extension Register {
    /// Somebody who may ask without a post: the world, a machine's client, whoever has a key or a
    /// link.
    func stranger(to route: Route) throws -> Visitor {
        if route.admissions == nil { return nobody }
        if route.isOfAnOrganisation { return try representativeOfTheExample() }
        if route.credential == .signingLink { return try signerOfTheExample() }
        return try route.scopes.first.map { try machine($0.scope).signedIn() } ?? guest()
    }
}

extension Route {
    /// Whether the link of an organisation opens it, and somebody's own does not.
    fileprivate var isOfAnOrganisation: Bool { path.hasPrefix("/v1/signing/organisation") }
}
