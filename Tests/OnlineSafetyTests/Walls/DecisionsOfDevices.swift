import FoundationEssentials
import JSON
import Postgres

@testable import OnlineSafety

private let atSchool = Set(Role.allCases.filter(\.isOfASchool)).subtracting([.temporaryStaff])
private let rulers: Set<Role> = [.headteacher, .seniorLeader]
private let holders: Set<Role> = [.headteacher, .dsl, .deputyDSL]
private let issuers: Set<Role> = [.technician, .seniorLeader, .schoolAdministrator]
private let keepers: Set<Role> = [.technician, .office, .schoolAdministrator]
private let readers: Set<Role> = holders.union(issuers).union([.office, .onlineSafetyCoordinator])

extension Decision {
    /// Section 25: what is permitted, everybody of a school knows, and those who lead set it. Those
    /// who answer for devices know all, everybody else what is theirs or in their hands; DSLs and
    /// the headteacher have one held, and alone know why.
    static let ofDevices: [String: Decision] = [
        "read_the_device_matrix": Decision(atSchool, within(atSchool)) {
            try $0.one("GET", "/v1/schools/{id}/device-matrix", $0.school)
        },
        "set_the_device_matrix": Decision(rulers, within(rulers)) {
            try $0.one(
                "PUT", "/v1/schools/{id}/device-matrix", $0.school, ["If-Match": "*"],
                ["cells": []])
        },
        "read_the_rules_of_use_of_personal_devices": Decision(atSchool, within(atSchool)) {
            try $0.one("GET", "/v1/schools/{id}/device-use-rules", $0.school)
        },
        "set_the_rules_of_use_of_personal_devices": Decision(rulers, within(rulers)) {
            try $0.one(
                "PUT", "/v1/schools/{id}/device-use-rules", $0.school, ["If-Match": "*"],
                ["rules": []])
        },
        "list_devices": Decision(atSchool, ofOneself(readers)) { asking in
            try asking.list("/v1/devices?limit=1000", has: asking.device())
        },
        "read_a_device": Decision(atSchool, ofOneself(readers)) {
            try $0.one("GET", "/v1/devices/{id}", $0.device())
        },
        "register_a_device": Decision(atSchool, ofOneself(keepers)) { asking in
            let told = try asking.visitor.post("/v1/devices", asking.declaration)
            let faults = Set(told.faults.values)
            if faults == ["unknown_person"] || faults == ["unknown_school"] { return .hidden }
            // Whoever keeps none anywhere is told so, whichever school they name.
            let isAdmitted =
                asking.visitor.token == asking.role.token
                && atSchool.contains(asking.role)
            return told.status == 403 && isAdmitted ? .hidden : Sight(told)
        },
        "act_on_a_device": Decision(atSchool, ofOneself(readers)) {
            try $0.one(
                "POST", "/v1/devices/{id}/acts", $0.device(), [:],
                ["act": "doubted", "reason": "It is slow"])
        },
        "issue_devices": Decision(issuers, within(issuers)) { asking in
            let device = try asking.scene.register.keepDevice(at: asking.stand.school)
            let told = try asking.visitor.post(
                "/v1/device-issues",
                [
                    "person_id": .string(asking.stand.school.person(.staff).lowercased),
                    "device_ids": [.string(device)], "duties_confirmed": true,
                ])
            return told.faults == ["/device_ids/0": "unknown_device"] ? .hidden : Sight(told)
        },
        "take_over_devices": Decision(keepers, within(keepers)) {
            try $0.one(
                "POST", "/v1/schools/{id}/device-batches", $0.school, [:],
                ["rows": [["serial": .string(UUID().uuidString)]]])
        },
        "decide_on_a_device": Decision(readers.union([.staff]), ofReaders) { asking in
            let device = try asking.device()
            let person = asking.stand.school.person(asking.role.isOfASchool ? asking.role : .staff)
            return try asking.one(
                "GET", "/v1/device-decisions?place=office&person_id=\(person)&device_id={id}",
                device)
        },
        "read_the_hold_of_a_device": Decision(holders, ofOthers(holders)) {
            try $0.one("GET", "/v1/devices/{id}/hold", $0.device(isHeld: true))
        },
        "hold_a_device_as_evidence": Decision(holders, ofOthers(holders)) { asking in
            let sight = try asking.one(
                "POST", "/v1/devices/{id}/hold", asking.device(), [:],
                [
                    "act": "ordered", "custodian": "Head", "kept_at": "Safe", "reason": "Police",
                ])
            // That it is there they know, as it is theirs.
            let isTheirs = asking.stand == .own || asking.stand == .aboutOneself
            let isOwnToken = asking.visitor.token == asking.role.token
            return sight == .refused && isTheirs && isOwnToken && holders.contains(asking.role)
                ? .hidden : sight
        },
    ]

    /// One's own; and of one's school those.
    private static func ofOneself(_ roles: Set<Role>) -> [Stand: Set<Role>] {
        [
            .own: atSchool, .aboutOneself: atSchool, .ownSchool: roles, .sameTrust: [],
            .foreign: [],
        ]
    }

    private static let ofReaders: [Stand: Set<Role>] = [
        .own: readers.union([.staff]), .aboutOneself: readers.union([.staff]),
        .ownSchool: readers, .sameTrust: [], .foreign: [],
    ]

    /// Nobody knows of it where it is theirs.
    private static func ofOthers(_ roles: Set<Role>) -> [Stand: Set<Role>] {
        [.own: [], .aboutOneself: [], .ownSchool: roles, .sameTrust: [], .foreign: []]
    }
}

extension Asking {
    private var isOneself: Bool { (stand == .own || stand == .aboutOneself) && role.isOfASchool }

    /// A device of the caller's own, or one that somebody else has.
    fileprivate func device(isHeld: Bool = false) throws -> String {
        if isOneself {
            let own = TestSchool.hawthorn.person(role)
            return try scene.register.keepDevice(ownedBy: own, isHeld: isHeld)
        }
        let other = stand.school.person(role == .staff ? .office : .staff)
        return try scene.register.keepDevice(
            at: stand.school, assignedTo: other, isHeld: isHeld)
    }

    /// What somebody says who declares their own, or enters one of the school's.
    fileprivate var declaration: JSONValue {
        guard isOneself else {
            return [
                "school_id": .string(school),
                "facts": [
                    "kind": "laptop", "ownership": "school_single",
                    "tag": .string(UUID().uuidString),
                ],
            ]
        }
        return [
            "owner_id": .string(TestSchool.hawthorn.person(role).lowercased),
            "holds_nothing_illegal": true,
            "facts": ["kind": "phone", "ownership": "staff_owned"],
        ]
    }
}

extension Register {
    /// A device as it is in the database: the school's, in nobody's hands or in somebody's; or
    /// somebody's own.
    @discardableResult
    func keepDevice(
        at school: TestSchool = .hawthorn, as id: UUID = UUID(), ownedBy owner: UUID? = nil,
        assignedTo holder: UUID? = nil, isHeld: Bool = false
    ) throws -> String {
        let keeper = school.account(owner == nil ? .technician : .temporaryStaff)
        let facts = """
            {"kind": "laptop", "tag": "\(id.lowercased)",
            "ownership": "\(owner == nil ? "school_single" : "staff_owned")"}
            """
        let connection = try database.owner()
        _ = try connection.run(
            """
            insert into device (
                school_id, id, is_personal, owner_id, statement, registered_by, registered_by_name)
            values (
                \(school.id), \(id), \(owner != nil), \(owner), null, \(keeper), 'Keeper')
            """)
        let begins: DeviceAct = owner == nil ? .registered : .declared
        let acts: [(act: DeviceAct, person: UUID?)] =
            [(begins, nil)] + (holder.map { [(.assigned, $0)] } ?? [])
        for (place, done) in acts.enumerated() {
            _ = try connection.run(
                """
                insert into device_act (
                    school_id, id, device_id, place, act, person_id, content, done_by,
                    done_by_name)
                values (
                    \(school.id), gen_random_uuid(), \(id), \(place + 1), \(done.act),
                    \(done.person), \(place == 0 ? facts : "{}")::jsonb, \(keeper), 'Keeper')
                """)
        }
        guard isHeld else { return id.lowercased }
        _ = try connection.run(
            """
            insert into device_hold_act (
                school_id, id, device_id, place, act, subject_id, custodian, kept_at, reason,
                done_by, done_by_name)
            values (
                \(school.id), gen_random_uuid(), \(id), 1, 'ordered', \(owner ?? holder), 'Head',
                'Safe', 'Police', \(school.account(.headteacher)), 'Headteacher')
            """)
        return id.lowercased
    }

    /// A device that stands so that an operation of the contract can be done.
    func keepDevice(for operation: String) throws {
        let isHeld = operation == "read_the_hold_of_a_device"
        try keepDevice(as: ID<Device>.example.uuid, isHeld: isHeld)
    }
}
