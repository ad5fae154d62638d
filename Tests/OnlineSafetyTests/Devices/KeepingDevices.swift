import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// The register of the school's devices: who has them, and what became of each.
@Suite struct `Keeping devices` {
    private let school = TestSchool.hawthorn

    /// The week of source 000: a tablet is issued, taken home, stolen from a car, and found.
    @Test func `DEV-01, DEV-07, DEV-10: a tablet from the shelf to the loss, with its history`()
        async throws
    {
        let devices = try await DevicesAtWork.open()
        let staff = school.person(.staff)
        let id = try devices.device(
            "HW-0142",
            [
                "serial": "DMPXK2ABCD12", "name": "iPad 3", "is_monitored": true,
                "monitored_by": "The technician",
            ])
        #expect(try devices.read(id)["state"] == "registered")
        let given = try devices.assign(
            id, to: staff, ["until_on": "2027-07-20", "kept_where": "Classroom cupboard"])
        #expect(given["state"] == "assigned", "\(given.text)")
        #expect(given["holder_id"] == staff.lowercased && given["until_on"] == "2027-07-20")
        #expect(given["kept_where"] == "Classroom cupboard")
        #expect(given["filter_profile"] == "staff" && given.json["lock_minutes_asked"] == 90)
        let off = try devices.act(
            "taken_off_site", on: id, ["until_on": "2026-11-23", "duties_confirmed": true],
            by: .seniorLeader)
        #expect(off["state"] == "off_site" && off["off_site_until"] == "2026-11-23")
        let stolen = try devices.act(
            "stolen", on: id,
            [
                "reason": "From the boot, overnight", "was_unattended": true,
                "data_may_be_exposed": true,
            ], by: .staff)
        #expect(stolen["state"] == "stolen" && stolen["holder_id"] == staff.lowercased)
        // The incident is the DSL's; who reported it knows that there is one by their receipt.
        let read = try devices.read(id, as: .dsl)
        guard case .array(let acts)? = read.json["acts"] else { return #expect(Bool(false)) }
        #expect(acts.map { $0["act"] } == ["registered", "assigned", "taken_off_site", "stolen"])
        #expect(acts[3]["is_uninsured"] == true && acts[3]["done_by"] == "Member of staff")
        let incident = acts[3]["incident_id"]?.text ?? ""
        let opened = try devices.register.as(.dsl).get("/v1/incidents/\(incident)")
        #expect(opened.status == 200)
        #expect(opened["description"]?.contains("Data may be exposed") == true)
        let technicians = try devices.read(id)
        #expect(technicians.json["acts"]?[3]?["incident_id"] == nil)
        #expect(try devices.act("recovered", on: id, ["reason": "Found"])["state"] == "returned")
        let wiped = try devices.act("wiped", on: id, ["certified_by": "Technician"])
        #expect(wiped["state"] == "registered" && wiped["holder_id"] == nil)
        let retired = try devices.act("retired", on: id, ["certified_by": "ACME, 2213"])
        #expect(retired["state"] == "retired")
        #expect(try devices.list("state=retired&known_by=hw-0142") == [id])
        #expect(try devices.list("kind=laptop").isEmpty)
    }

    @Test func `a tag and a serial number are one device's, whoever describes it`() async throws {
        let devices = try await DevicesAtWork.open()
        let first = try devices.device("HW-1", ["serial": "S1"])
        let taken = try devices.entering("hw-1", ["serial": "s1"])
        #expect(taken.status == 409)
        #expect(taken.faults == ["/facts/tag": "tag_taken", "/facts/serial": "serial_taken"])
        let second = try devices.device("HW-2")
        let facts: JSONValue = ["kind": "laptop", "ownership": "school_single", "tag": "HW-1"]
        let described = try devices.act("described", on: second, ["facts": facts])
        #expect(described.faults == ["/facts/tag": "tag_taken"])
        let own: JSONValue = ["kind": "laptop", "ownership": "school_multiple", "tag": "HW-1"]
        #expect(try devices.act("described", on: first, ["facts": own])["kind"] == "laptop")
        #expect(try devices.device("HW-1", ["tag": "HW-3"]).isEmpty == false)
        for role in [Role.staff, .dsl, .seniorLeader] {
            let told = try devices.entering("HW-9", by: role)
            #expect(told.status == 403, "\(role)")
        }
    }

    /// DEV-06: where the school has an agreement for devices, nobody has one without it.
    @Test func `several are issued in one act through the gate, all or none`() async throws {
        let devices = try await DevicesAtWork.open()
        let template = try devices.register.template("Tablets", for: [["kind": "teacher"]])
        _ = try devices.register.publish(agreementText(["opens": ["device"]]), of: template)
        let ids = [
            try devices.device("HW-1"), try devices.device("HW-2"),
            try devices.device("HW-3", ["ownership": "school_multiple"]),
        ]
        func issue(_ ids: [String], _ more: [String: JSONValue] = [:]) throws -> Reading {
            let said: [String: JSONValue] = [
                "person_id": .string(school.person(.staff).lowercased),
                "device_ids": .array(ids.map { .string($0) }), "duties_confirmed": true,
            ]
            return try devices.register.as(.technician).post(
                "/v1/device-issues", .of(said.merging(more) { $1 }))
        }
        #expect(
            try issue(ids).faults == [
                "/device_ids/2": "for_several", "": "agreement_unsigned",
            ])
        #expect(try devices.list("state=assigned").isEmpty)
        let agreement = try devices.register.issue(
            template, to: school.person(.staff).lowercased, by: .staff)
        let signed = try devices.register.as(.staff).post(
            "/v1/agreements/\(agreement)/signatures", signature())
        #expect(signed.status == 201)
        let missing = UUID().lowercased
        #expect(
            try issue([missing, ids[0], ids[0]], ["duties_confirmed": false]).faults == [
                "/device_ids/0": "unknown_device", "/device_ids/2": "repeated",
                "/duties_confirmed": "duties_unconfirmed",
            ])
        #expect(
            try issue([missing, ids[0]]).faults == ["/device_ids/0": "unknown_device"])
        let issued = try issue([ids[0], ids[1]], ["until_on": "2027-07-20"])
        #expect(issued.status == 201, "\(issued.text)")
        #expect(
            try Set(devices.list("holder_id=\(school.person(.staff).lowercased)"))
                == [ids[0], ids[1]])
        #expect(
            try issue([ids[0]]).faults == ["/device_ids/0": "wrong_state"])
        let room = try devices.act("assigned", on: ids[2], ["room": "Year 2"])
        #expect(room["room"] == "Year 2" && room.json["lock_minutes_asked"] == 60)
        #expect(room["filter_profile"] == "pupil")
    }

    @Test func `DEV-09: whom the school has set permits it off the site, if encrypted`()
        async throws
    {
        let devices = try await DevicesAtWork.open()
        let off: [String: JSONValue] = ["until_on": "2026-11-30", "duties_confirmed": true]
        let laptop = try devices.device(
            "L1", ["kind": "laptop", "holds_personal_data": true])
        #expect(
            try devices.act("read", on: laptop, ["is_encrypted": true]).json["failing"] == [])
        #expect(try devices.assign(laptop, to: school.person(.staff)).status == 201)
        #expect(
            try devices.act("read", on: laptop, ["is_encrypted": false]).json["failing"]
                == ["not_encrypted"])
        let refused = try devices.act("taken_off_site", on: laptop, off, by: .headteacher)
        #expect(refused.status == 409 && refused.faults == ["": "not_encrypted"])
        for role in [Role.staff, .technician, .dsl, .office] {
            let told = try devices.act("taken_off_site", on: laptop, off, by: role)
            #expect(told.status == 403, "\(role)")
        }
        _ = try devices.act("read", on: laptop, ["is_encrypted": true])
        try devices.sets(setting: "device-off-site-approvers", to: ["office"])
        #expect(try devices.act("taken_off_site", on: laptop, off, by: .headteacher).status == 403)
        let long = try devices.act(
            "taken_off_site", on: laptop, ["until_on": "2026-11-19", "duties_confirmed": false],
            by: .office)
        #expect(
            long.faults == [
                "/duties_confirmed": "duties_unconfirmed", "/until_on": "out_of_range",
            ])
        #expect(
            try devices.act("taken_off_site", on: laptop, off, by: .office)["off_site_until"]
                == "2026-11-30")
        // 004: equipment for videoconferences needs the DSL.
        let camera = try devices.device("V1", ["kind": "videoconference"])
        #expect(try devices.assign(camera, to: school.person(.staff)).status == 201)
        #expect(try devices.act("taken_off_site", on: camera, off, by: .office).status == 403)
        #expect(try devices.act("taken_off_site", on: camera, off, by: .dsl).status == 201)
    }

    /// 000 has a coordinator permit it case by case, 003 gives teachers' laptops a standing one.
    @Test func `DEV-08: with standing permission, or case by case, with the days out and in`()
        async throws
    {
        let devices = try await DevicesAtWork.open()
        let staff = school.person(.staff)
        let laptop = try devices.device("L1", ["kind": "laptop"])
        let tablet = try devices.device("T1")
        for id in [laptop, tablet] { #expect(try devices.assign(id, to: staff).status == 201) }
        let off: [String: JSONValue] = ["until_on": "2026-11-30", "duties_confirmed": true]
        func decision() throws -> String? {
            try devices.register.as(.technician).get(
                "/v1/device-decisions?device_id=\(laptop)&person_id=\(staff)&place=off_site"
            )["decision"]
        }
        func take(_ id: String, _ role: Role) throws -> Int {
            try devices.act("taken_off_site", on: id, off, by: role).status
        }
        #expect(try take(laptop, .staff) == 403 && decision() == "no")
        // Only by whom the school has set, and case by case, whatever else it is.
        try devices.sets(
            setting: "device-off-site-approvers", to: ["online_safety_coordinator"])
        #expect(try take(tablet, .headteacher) == 403)
        #expect(try take(tablet, .onlineSafetyCoordinator) == 201)
        let back = try devices.act("brought_back", on: tablet, ["on": "2026-11-20"])
        #expect(back["state"] == "assigned", "\(back.text)")
        let days = try devices.read(tablet).json.list("acts").suffix(2).map {
            [$0["from_on"]?.text, $0["until_on"]?.text, $0["done_by"]?.text]
        }
        #expect(
            days == [
                ["2026-11-20", "2026-11-30", "Online safety coordinator"],
                ["2026-11-20", nil, "Technician"],
            ])
        try devices.sets(setting: "device-standing-off-site", to: true)
        #expect(try devices.read(laptop).json["has_standing_permission"] == true)
        #expect(try devices.read(tablet).json["has_standing_permission"] == false)
        #expect(try decision() == "yes" && take(tablet, .staff) == 403)
        #expect(try devices.read(laptop, as: .staff).json.list("may_do").contains("taken_off_site"))
        #expect(try take(laptop, .staff) == 201)
        #expect(try devices.act("brought_back", on: laptop, by: .staff).status == 201)
        // Not with personal data on it, unless it is known to be encrypted.
        let holds: JSONValue = ["holds_personal_data": true]
        #expect(try devices.act("described", on: laptop, ["facts": holds]).status == 201)
        #expect(try take(laptop, .staff) == 403 && decision() == "no")
        _ = try devices.act("read", on: laptop, ["is_encrypted": true])
        #expect(try take(laptop, .staff) == 201)
    }

    @Test func `DEV-16: which sticks are encrypted is recorded, and those take sensitive data out`()
        async throws
    {
        let devices = try await DevicesAtWork.open()
        let facts: [String: JSONValue] = ["kind": "pen_drive", "holds_personal_data": true]
        let sticks = try ["P1", "P2"].map { try devices.device($0, facts) }
        for (stick, isEncrypted) in zip(sticks, [true, false]) {
            _ = try devices.act("scanned", on: stick, ["is_clean": true])
            _ = try devices.act("read", on: stick, ["is_encrypted": true])
            #expect(try devices.assign(stick, to: school.person(.staff)).status == 201)
            let read = try devices.act("read", on: stick, ["is_encrypted": .bool(isEncrypted)])
            #expect(read.json["reading"]?["is_encrypted"] == .bool(isEncrypted))
        }
        #expect(try devices.list("kind=pen_drive&failing=not_encrypted") == [sticks[1]])
        let off: [String: JSONValue] = ["until_on": "2026-11-30", "duties_confirmed": true]
        let out = try sticks.map {
            try devices.act("taken_off_site", on: $0, off, by: .headteacher)
        }
        #expect(out.map(\.status) == [201, 409] && out[1].codes == ["not_encrypted"])
    }

    @Test func `DEV-23: what records learners is on devices of the school's alone`() async throws {
        let devices = try await DevicesAtWork.open()
        let records: [String: JSONValue] = ["records_learners": true]
        let school = try devices.device("T1", records)
        #expect(try devices.read(school).json["records_learners"] == true)
        let own = try devices.declaring(self.school.person(.staff), records)
        #expect(own.status == 422)
        #expect(own.faults == ["/facts/records_learners": "only_on_school_devices"])
        let phone = try devices.declare(self.school.person(.staff))
        let later = try devices.act("described", on: phone, ["facts": .of(records)])
        #expect(later.faults == ["/facts/records_learners": "only_on_school_devices"])
        // Nor does what has it become somebody's own.
        let becomes = try devices.act(
            "described", on: school, ["facts": ["ownership": "staff_owned"]])
        #expect(becomes.faults == ["/facts/records_learners": "only_on_school_devices"])
    }

    @Test func `DEV-11, DEV-12: what fails is listed, with the age of what was read`()
        async throws
    {
        let devices = try await DevicesAtWork.open()
        let laptop = try devices.device("L1", ["kind": "laptop"])
        #expect(try devices.read(laptop).json["failing"] == [])
        let read = try devices.act(
            "read", on: laptop,
            [
                "has_anti_virus": false, "is_updated": false, "is_encrypted": false,
                "has_passcode": false, "lock_minutes": 61, "on": "2026-11-10",
            ])
        let failing = [
            "no_anti_virus", "not_updated", "not_encrypted", "no_passcode", "locks_late",
        ]
        #expect(read.json["failing"] == .array(failing.map { .string($0) }))
        #expect(read.json["reading"]?["age_days"] == 10)
        let assigned = try devices.assign(laptop, to: school.person(.staff))
        #expect(assigned.status == 409)
        #expect(assigned.codes == failing)
        // Of one member of staff's own 90 minutes are asked; of never locking nothing is enough.
        let well: [String: JSONValue] = [
            "has_anti_virus": true, "is_updated": true, "is_encrypted": true,
            "has_passcode": true, "lock_minutes": 60,
        ]
        #expect(try devices.act("read", on: laptop, well).json["failing"] == [])
        #expect(try devices.assign(laptop, to: school.person(.staff)).status == 201)
        #expect(try devices.act("read", on: laptop, ["lock_minutes": 90]).json["failing"] == [])
        #expect(
            try devices.act("read", on: laptop, ["lock_minutes": 0]).json["failing"]
                == ["locks_late"])
        #expect(try devices.list("failing=locks_late") == [laptop])
        try devices.sets(setting: "device-lock-minutes-staff", to: 0)
        #expect(try devices.list("is_failing=true").isEmpty)
        try devices.sets(setting: "device-posture-days", to: 30)
        #expect(try devices.list("is_failing=true").isEmpty)
        try devices.at("2026-12-21T09:00:00Z")
        #expect(try devices.list("failing=read_long_ago") == [laptop])
        // Staff tell the technician what they doubt; the next reading answers it.
        let doubted = try devices.act("doubted", on: laptop, ["reason": "A pop-up"], by: .staff)
        #expect(doubted["doubt"] == "A pop-up")
        #expect(try devices.act("read", on: laptop, ["is_updated": true])["doubt"] == nil)
    }

    @Test func `every fault of a device and of an act is told`() async throws {
        let devices = try await DevicesAtWork.open()
        let wrong = try devices.register.as(.technician).post(
            "/v1/devices",
            [
                "owner_id": .string(school.pupil.lowercased), "holds_nothing_illegal": true,
                "facts": [
                    "kind": "tablet", "ownership": "school_single", "may_walk_alone": "Mother",
                ],
            ])
        #expect(
            wrong.faults == [
                "/facts/tag": "known_by_nothing", "/facts/may_walk_alone": "not_a_pupils_phone",
                "/owner_id": "not_wanted", "/holds_nothing_illegal": "not_wanted",
            ])
        let own = try devices.register.as(.technician).post(
            "/v1/devices",
            ["facts": ["kind": "phone", "ownership": "staff_owned", "records_learners": true]])
        #expect(
            own.faults == [
                "/facts/records_learners": "only_on_school_devices", "/owner_id": "required",
                "/holds_nothing_illegal": "unconfirmed",
            ])
        let device = try devices.device()
        #expect(
            try devices.act("assigned", on: device, ["certified_by": "Me"]).faults == [
                "/certified_by": "not_wanted", "/person_id": "exactly_one",
            ])
        #expect(
            try devices.act("stolen", on: device, ["was_accidental": true]).faults == [
                "/reason": "required", "/data_may_be_exposed": "required",
                "/was_accidental": "not_wanted",
            ])
        #expect(try devices.act("read", on: device).faults == ["": "no_reading"])
        #expect(try devices.act("registered", on: device).faults == ["/act": "not_so"])
        let stranger = try devices.assign(
            device, to: UUID(), ["on": "2026-11-21", "until_on": "2026-11-19"])
        #expect(
            stranger.faults == [
                "/on": "out_of_range", "/until_on": "out_of_range",
                "/person_id": "unknown_person",
            ])
        let unlike: () throws -> Int = {
            try devices.register.database.number(
                "select count(*) from device_unlike_its_entry")
        }
        #expect(try unlike() == 0)
        try devices.register.database.execute("update device_act set content = '{}'")
        #expect(try unlike() > 0)
    }

    @Test func `one device is issued once, however many issue it at once`() async throws {
        let devices = try await DevicesAtWork.open()
        let id = try devices.device("HW-1")
        let said: JSONValue = [
            "person_id": .string(school.person(.staff).lowercased), "device_ids": [.string(id)],
            "duties_confirmed": true,
        ]
        let told = try devices.register.atOnce(
            [Role.technician, .seniorLeader, .technician, .seniorLeader].map {
                (devices.register.as($0), "POST", "/v1/device-issues")
            }, body: JSON.string(of: said))
        #expect(told.map(\.status).sorted() == [201, 409, 409, 409])
        #expect(try devices.read(id).json.acts == ["registered", "assigned"])
    }
}
