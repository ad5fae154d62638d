import FoundationEssentials
import JSON

@testable import OnlineSafety

private let writers: Set<Role> = [.dsl, .deputyDSL]
private let readers: Set<Role> = writers.union([.headteacher])

extension Decision {
    /// ORG-15, section 25: a DSL writes, the headteacher reads, the MIS tells and never reads.
    static let ofMarkers: [String: Decision] = [
        "list_the_vulnerability_markers_of_a_pupil": Decision(readers, ofPupils(readers)) {
            asking in
            let marker = try asking.marker()
            return try asking.list("\(asking.markers(of: asking.pupil))", has: marker)
        },
        "record_a_vulnerability_marker": Decision(writers, ofPupils(writers)) { asking in
            let sight = try asking.one(
                "POST", asking.markers(of: "{id}"), asking.pupil, [:], ["kind": "send"])
            return sight == .other(409) ? .shown : sight
        },
        "end_a_vulnerability_marker": Decision(writers, ofPupils(writers)) { asking in
            try asking.one(
                "POST", "\(asking.markers(of: asking.pupil))/{id}/ending", asking.marker(), [:],
                ["reason": "Mistaken"])
        },
        "tell_of_a_vulnerability_marker": ofClientsAlone { asking in
            try asking.one(
                "PUT", "\(asking.markers(of: "{id}"))/eal",
                asking.stand.school.pupil.uuidString.lowercased(), [:],
                ["from_on": "2020-09-01"])
        },
    ]

    /// Section 25: those who read all that a chronology is made of. A DSL hands it over.
    static let ofChronologies: [String: Decision] = [
        "read_the_chronology_of_a_child": Decision(readers, ofPupils(readers)) {
            try $0.one("GET", $0.chronology(of: "{id}"), $0.pupil)
        },
        "hand_over_the_chronology_of_a_child": Decision(writers, ofPupils(writers)) {
            try $0.one(
                "POST", "\($0.chronology(of: "{id}"))/handovers", $0.pupil, [:],
                ["to_school": "Rosehip", "to_name": "Their DSL", "reason": "She begins there"])
        },
        "list_handovers_of_the_chronology_of_a_child": Decision(readers, ofPupils(readers)) {
            try $0.one("GET", "\($0.chronology(of: "{id}"))/handovers", $0.pupil)
        },
    ]

    /// Nobody reads a marker of their own, whatever they are to the school.
    private static func ofPupils(_ roles: Set<Role>) -> [Stand: Set<Role>] {
        [.own: roles, .ownSchool: roles, .aboutOneself: [], .sameTrust: [], .foreign: []]
    }
}

extension Asking {
    /// Whoever asks, where it is about them; else a pupil of that school.
    fileprivate var pupil: String {
        let own = stand.school.person(role).uuidString
        return (stand == .aboutOneself ? own : stand.school.pupil.uuidString).lowercased()
    }

    fileprivate func markers(of person: String) -> String {
        "/v1/people/\(person)/vulnerability-markers"
    }

    fileprivate func chronology(of person: String) -> String { "/v1/people/\(person)/chronology" }

    /// One that stands, however it came to be; of nobody where there is no such person.
    fileprivate func marker() throws -> String {
        let found = try scene.register.database.owner().run(
            """
            insert into vulnerability_marker (school_id, person_id, id, kind, account_id, said_by)
            select school_id, id, gen_random_uuid(), 'send', \(stand.school.account(.dsl)), 'DSL'
            from person where school_id = \(stand.school.id) and id = \(pupil)::text::uuid
            returning id::text as id
            """)
        return found.text(0, "id") ?? Scene.missing
    }
}
