import FoundationEssentials
import Postgres

/// A device of each school, and what was done with it, an act after the other.
struct DemoDevice {
    let id = UUID()
    let facts: String

    /// The post whose holder owns it, where it is a person's own.
    var owner: String?
    let acts: [Act]

    struct Act {
        let act: String

        /// The post in which it is done.
        let author: String
        let daysAgo: Int

        /// Who has it from then on, by their post.
        var person: String?

        /// Until how many days from today.
        var daysAhead: Int?
        var content = "{}"
    }

    private static let read =
        #"{"has_anti_virus": true, "is_updated": true, "is_encrypted": true, "lock_minutes": 10}"#
    private static let cared =
        #"{"duties_confirmed": true, "kept_where": "Classroom cupboard, out of sight"}"#

    /// Made anew for each school: one that is issued, a trolley, one at home, one that is lost, one
    /// to be held as evidence, and two of people's own.
    static var all: [DemoDevice] {
        [
            school(
                "DEMO-1", "tablet", "iPad of Class 2", "school_single",
                [
                    Act(act: "read", author: "technician", daysAgo: 20, content: read),
                    Act(
                        act: "assigned", author: "technician", daysAgo: 20, person: "staff",
                        content: cared),
                ]),
            trolley("DEMO-2", 1, read), trolley("DEMO-3", 2, read),
            trolley("DEMO-4", 3, #"{"is_updated": false, "is_encrypted": true}"#),
            school(
                "DEMO-5", "laptop", "Coordinator's laptop", "school_single",
                [
                    Act(
                        act: "assigned", author: "technician", daysAgo: 50,
                        person: "online_safety_coordinator", content: cared),
                    Act(
                        act: "taken_off_site", author: "headteacher", daysAgo: 1, daysAhead: 3,
                        content: #"{"duties_confirmed": true}"#),
                ]),
            school(
                "DEMO-6", "camera", "Camera of the hall", "school_multiple",
                [
                    Act(
                        act: "assigned", author: "technician", daysAgo: 200,
                        content: #"{"room": "Hall"}"#),
                    Act(
                        act: "lost", author: "technician", daysAgo: 9,
                        content: #"""
                            {"reason": "Not in its cupboard after the fair",
                                "data_may_be_exposed": false, "is_uninsured": false}
                            """#),
                ]),
            evidence,
            personal("phone", "Own phone", "technician", nil),
            personal(
                "phone", "Own phone", "online_safety_coordinator",
                Act(
                    act: "permitted", author: "headteacher", daysAgo: 25, daysAhead: 200,
                    content: #"{"network": "internet"}"#)),
        ]
    }

    /// On which somebody tried to install a proxy.
    private static let evidenceTag = "DEMO-7"
    var isEvidence: Bool { facts.contains(Self.evidenceTag) }

    private static var evidence: DemoDevice {
        school(
            evidenceTag, "tablet", "Library tablet", "school_multiple",
            [
                Act(
                    act: "assigned", author: "technician", daysAgo: 120,
                    content: #"{"room": "Library"}"#)
            ])
    }

    private static func trolley(_ tag: String, _ number: Int, _ read: String) -> DemoDevice {
        school(
            tag, "chromebook", "Chromebook \(number)", "school_multiple",
            [
                Act(
                    act: "assigned", author: "technician", daysAgo: 100,
                    content: #"{"room": "Trolley of Year 2"}"#),
                Act(act: "read", author: "technician", daysAgo: 14, content: read),
            ])
    }

    private static func school(
        _ tag: String, _ kind: String, _ name: String, _ ownership: String, _ acts: [Act]
    ) -> DemoDevice {
        let facts = """
            {"kind": "\(kind)", "ownership": "\(ownership)", "name": "\(name)", "tag": "\(tag)"}
            """
        let begins = Act(act: "registered", author: "technician", daysAgo: 210, content: facts)
        return DemoDevice(facts: facts, acts: [begins] + acts)
    }

    private static func personal(
        _ kind: String, _ name: String, _ owner: String, _ decision: Act?
    ) -> DemoDevice {
        let facts = """
            {"kind": "\(kind)", "ownership": "staff_owned", "name": "\(name)"}
            """
        let begins = Act(
            act: "declared", author: owner, daysAgo: decision.map { $0.daysAgo + 2 } ?? 3,
            content: facts)
        return DemoDevice(
            facts: facts, owner: owner, acts: [begins] + [decision].compactMap(\.self))
    }
}

extension Demo {
    /// What is permitted, which devices there are, and the one that is held as evidence.
    func loadDevices(in school: DemoSchool) throws {
        try loadDeviceRules(in: school)
        for device in DemoDevice.all {
            try load(device, in: school)
            if device.isEvidence { try hold(device, in: school) }
        }
    }

    private func load(_ device: DemoDevice, in school: DemoSchool) throws {
        let owner = try device.owner.map { try person($0, of: school) }
        let author = try become(device.acts[0].author, of: school)
        try keep(
            "device_entered", "device",
            """
            insert into device (
                school_id, id, is_personal, owner_id, statement, registered_by_name,
                registered_at)
            values (
                \(school.id), \(device.id), \(owner != nil), \(owner)::uuid,
                \(owner.map { _ in DemoDevice.statement })::text, \(author),
                rowan_now() - make_interval(days => \(device.acts[0].daysAgo)))
            """)
        for (place, act) in device.acts.enumerated() {
            let holder = try act.person.map { try person($0, of: school) }
            let author = try become(act.author, of: school)
            try keep(
                "device_\(act.act)", "device_act",
                """
                insert into device_act (
                    school_id, id, device_id, place, act, person_id, from_on, until_on, content,
                    done_by_name, done_at)
                values (
                    \(school.id), \(UUID()), \(device.id), \(place + 1)::integer, \(act.act),
                    \(holder)::uuid, london_today() - \(act.daysAgo)::integer,
                    london_today() + \(act.daysAhead)::integer, \(act.content)::jsonb, \(author),
                    rowan_now() - make_interval(days => \(act.daysAgo)))
                """)
        }
    }

    private func hold(_ device: DemoDevice, in school: DemoSchool) throws {
        let author = try become("dsl", of: school)
        try keep(
            "device_hold_ordered", "device_hold_act",
            """
            insert into device_hold_act (
                school_id, id, device_id, place, act, custodian, kept_at, reason, incident_id,
                done_by_name)
            select incident.school_id, \(UUID()), \(device.id), 1, 'ordered', 'The DSL',
                'The safe of the office', 'A proxy was to be installed on it', incident.id,
                \(author)
            from incident
            where incident.school_id = \(school.id) and 'bypass_security' = any (incident.types)
            """)
    }
}
