import FoundationEssentials
import JSON
import Postgres
import Testing

@testable import OnlineSafety

private let takers: Set<Role> = [
    .staff, .office, .dsl, .deputyDSL, .headteacher, .seniorLeader, .chairOfGovernors,
]
private let handlers: Set<Role> = [.headteacher, .seniorLeader]

extension Decision {
    /// Section 25: whoever has it, and the headteacher; whoever put it down knows that it is there.
    /// The complaints that are asked for here are of no person, and so the senior leader's.
    static let ofComplaints: [String: Decision] = [
        "list_complaints": Decision(takers, whose(takers)) {
            try $0.list("/v1/complaints?limit=1000", has: $0.complaint())
        },
        "put_down_a_complaint": Decision(takers, within(takers)) { asking in
            let told = try asking.visitor.post(
                "/v1/complaints",
                ComplaintsAtWork.said(.other, [("school_id", .string(asking.school))]))
            return told.faults == ["/school_id": "unknown_school"] ? .hidden : Sight(told)
        },
        "read_a_complaint": Decision(takers, whose(takers)) {
            try $0.one("GET", "/v1/complaints/{id}", $0.complaint())
        },
        "act_on_a_complaint": Decision(takers, whose(handlers)) { asking in
            let sight = try asking.one(
                "POST", "/v1/complaints/{id}/acts", asking.complaint(), [:],
                ["act": "noted", "words": "Something"])
            // Whoever put it down, and does not handle it, is told so.
            let isOwnToken = asking.visitor.token == asking.role.token
            let isKnown = asking.stand == .own && isOwnToken && takers.contains(asking.role)
            return sight == .refused && isKnown ? .hidden : sight
        },
        "read_who_blew_the_whistle": Decision(takers, receiving) {
            try $0.one("GET", "/v1/complaints/{id}/reporter", $0.disclosure())
        },
    ]

    private static func whose(_ own: Set<Role>) -> [Stand: Set<Role>] {
        [.own: own, .ownSchool: handlers, .aboutOneself: [], .sameTrust: [], .foreign: []]
    }

    private static let receiving: [Stand: Set<Role>] = [
        .own: takers, .ownSchool: [], .aboutOneself: [], .sameTrust: [], .foreign: [],
    ]
}

extension Asking {
    fileprivate func complaint() throws -> String {
        try scene.register.keepComplaint(of: role, stand)
    }

    /// Sealed for the caller, or for somebody else.
    fileprivate func disclosure() throws -> String {
        guard stand == .own, takers.contains(role) else { return try complaint() }
        return try visitor.post("/v1/complaints", ComplaintsAtWork.said(.whistleblowing)).id
    }
}

extension Register {
    /// A complaint to which somebody at Hawthorn stands so, as it is in the database: one of each.
    @discardableResult
    func keepComplaint(of role: Role, _ stand: Stand, as own: String? = nil) throws -> String {
        let place = (Role.allCases.firstIndex(of: role) ?? 0) * 10
        let number = 100_000_000_000 + place + (Stand.allCases.firstIndex(of: stand) ?? 0)
        let id = try #require(
            UUID(uuidString: own ?? "0199b5f6-0000-7000-9000-\(number)"))
        let other: Role = role == .staff ? .office : .staff
        let author = stand.school.account(stand == .own ? role : other)
        let isAboutThem = stand == .aboutOneself && role.isOfASchool
        let owner = try database.owner()
        _ = try owner.run(
            """
            insert into complaint (
                school_id, id, reference, matter, subject, words, complainant, received_on,
                received_by, put_down_by, put_down_by_name)
            values (
                \(stand.school.id), \(id), \(id.lowercased), 'other', \(stand.school.name),
                \(Scene.secret), '{"kind": "parent", "name": "Jo Ash"}', london_today(), 'letter',
                \(author), 'Somebody')
            on conflict do nothing
            """)
        _ = try owner.run(
            """
            insert into complaint_subject (school_id, complaint_id, person_id)
            select \(stand.school.id), \(id), \(TestSchool.hawthorn.person(role))
            where \(isAboutThem) and not exists (
                select from complaint_subject where complaint_id = \(id))
            """)
        return id.lowercased
    }
}
