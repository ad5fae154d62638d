import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// May this device, of this owner, be used here, on which network, and why not (DEV-32).
@Suite struct `Deciding on a device` {
    private let school = TestSchool.hawthorn

    private func decide(
        _ devices: DevicesAtWork, _ device: String, by person: UUID, at place: String,
        _ more: String = "", as role: Role = .technician
    ) throws -> Reading {
        let what = device.contains("-") ? "device_id=\(device)" : "ownership=\(device)"
        return try devices.register.as(role).get(
            "/v1/device-decisions?\(what)&person_id=\(person)&place=\(place)\(more)")
    }

    private func words(_ told: Reading) -> [String] {
        [told["decision"] ?? "", told["network"] ?? "", told["filter_profile"] ?? ""]
            + ["reasons", "network_reasons", "undecided"].flatMap { name -> [String] in
                guard case .array(let codes)? = told.json[name] else { return [] }
                return codes.compactMap(\.text)
            }
    }

    /// Source 000's matrix, column by column; what is a person's own is not registered here.
    @Test func `DEV-02: the matrix of source 000 is answered for each class`() async throws {
        let devices = try await DevicesAtWork.open()
        let staff = school.person(.staff)
        try devices.sets("matrix", DevicesAtWork.matrixOf000)
        let tablet = try devices.device("HW-1")
        _ = try devices.assign(tablet, to: staff)
        #expect(
            try words(decide(devices, tablet, by: staff, at: "classroom"))
                == ["yes", "full", "staff"])
        let trolley = try devices.device("HW-2", ["ownership": "school_multiple"])
        _ = try devices.act("assigned", on: trolley, ["room": "Year 2"])
        let shared = try decide(devices, trolley, by: school.pupil, at: "classroom")
        #expect(words(shared) == ["yes", "full", "pupil"])
        #expect(shared.json["bounds"] == ["Pupils have restricted access"])
        #expect(
            try words(decide(devices, "student_owned", by: school.pupil, at: "classroom"))
                == ["no", "none", "pupil", "matrix_says_no", "not_registered"])
        let phone = try devices.declare(staff)
        #expect(
            try words(decide(devices, phone, by: staff, at: "office"))
                == ["yes", "none", "pupil", "not_permitted_yet"])
        _ = try devices.act("scanned", on: phone, ["is_clean": true])
        _ = try devices.act("permitted", on: phone, ["network": "full"], by: .headteacher)
        // No wider than the matrix, whatever was permitted.
        #expect(
            try words(decide(devices, phone, by: staff, at: "office"))
                == ["yes", "internet", "pupil"])
        let visitor = UUID()
        try devices.register.database.execute(
            """
            insert into person (school_id, id, kind, given_name, family_name)
            values ('\(school.id)', '\(visitor)', 'visitor', 'Vera', 'Holt')
            """)
        let visitors = try decide(devices, "visitor_owned", by: visitor, at: "entrance")
        #expect(words(visitors) == ["yes", "none", "pupil", "not_registered"])
        #expect(visitors["school_data"] == "forbidden")
    }

    @Test func `what is blank is not decided, and a school that decided nothing has no no`()
        async throws
    {
        let devices = try await DevicesAtWork.open()
        let staff = school.person(.staff)
        #expect(
            try words(decide(devices, "staff_owned", by: staff, at: "office")) == [
                "not_decided", "none", "pupil", "not_registered", "matrix_is_blank",
            ])
        let tablet = try devices.device()
        _ = try devices.assign(tablet, to: staff)
        // That it was assigned says that it is used; on which network nobody has said.
        #expect(
            try words(decide(devices, tablet, by: staff, at: "classroom"))
                == ["yes", "not_decided", "staff", "network_is_blank"])
        // 003 has no matrix: a senior leader's word decides.
        let phone = try devices.declare(staff)
        _ = try devices.act("permitted", on: phone, ["network": "internet"], by: .seniorLeader)
        #expect(
            try words(decide(devices, phone, by: staff, at: "office"))
                == ["yes", "internet", "pupil"])
    }

    /// 002 has break and lunch in the staff room, otherwise by arrangement; 004 none for
    /// pupils anywhere.
    @Test func `DEV-18: of each audience the first rule of use for the place and time holds`()
        async throws
    {
        let devices = try await DevicesAtWork.open()
        let staff = school.person(.staff)
        try devices.sets(
            "use-rules",
            [
                "rules": [
                    [
                        "audiences": ["staff"], "places": ["staff_room", "planning_area"],
                        "times": ["break", "lunch"], "answer": "allowed", "words": "Silent",
                    ],
                    ["audiences": ["staff"], "answer": "with_permission"],
                    ["audiences": ["pupil", "visitor"], "answer": "no"],
                    [
                        "audiences": ["contractor"], "places": ["office"], "answer": "allowed",
                        "words": "Electronic forms only",
                    ],
                ]
            ])
        func rule(_ place: String, _ time: String = "") throws -> [String] {
            let when = time.isEmpty ? "" : "&time=\(time)"
            let told = try decide(devices, "staff_owned", by: staff, at: place, when)
            return Array(words(told).filter { !["none", "pupil", "not_registered"].contains($0) })
        }
        #expect(try rule("staff_room", "lunch") == ["yes"])
        #expect(try rule("staff_room", "lesson") == ["no", "permission_needed"])
        #expect(try rule("classroom", "lunch") == ["no", "permission_needed"])
        let unasked = try decide(devices, "staff_owned", by: staff, at: "staff_room")
        #expect(unasked["decision"] == "yes" && unasked.json["times"] == ["break", "lunch"])
        #expect(unasked.json["bounds"] == ["Silent"])
        #expect(
            try decide(devices, "student_owned", by: school.pupil, at: "playground")
                .json["reasons"] == ["rule_says_no"])
        let contractor = UUID()
        try devices.register.database.execute(
            """
            insert into person (school_id, id, kind, given_name, family_name)
            values ('\(school.id)', '\(contractor)', 'contractor', 'Jo', 'Builder')
            """)
        let forms = try decide(devices, "visitor_owned", by: contractor, at: "office")
        #expect(forms["decision"] == "yes" && forms.json["bounds"] == ["Electronic forms only"])
    }

    @Test func `what stands against it is named, and of what is held only that`() async throws {
        let devices = try await DevicesAtWork.open()
        let (staff, office) = (school.person(.staff), school.person(.office))
        let template = try devices.register.template("Tablets", for: [["kind": "teacher"]])
        let tablet = try devices.device()
        func reasons(_ place: String = "classroom", by person: UUID) throws -> JSONValue? {
            try decide(devices, tablet, by: person, at: place).json["reasons"]
        }
        #expect(try reasons(by: staff) == ["not_assigned"])
        _ = try devices.assign(tablet, to: staff)
        #expect(try reasons(by: staff) == [])
        #expect(try reasons(by: office) == ["anothers"])
        #expect(try reasons("off_site", by: staff) == ["not_permitted_off_site"])
        _ = try devices.act(
            "taken_off_site", on: tablet, ["until_on": "2026-11-30", "duties_confirmed": true],
            by: .headteacher)
        #expect(try reasons("off_site", by: staff) == [])
        _ = try devices.register.publish(agreementText(["opens": ["device"]]), of: template)
        #expect(try reasons(by: staff) == ["agreement_unsigned"])
        #expect(try devices.hold(tablet).status == 201)
        for role in [Role.technician, .staff, .office] {
            let told = try decide(devices, tablet, by: staff, at: "classroom", as: role)
            #expect(told.json["reasons"] == ["held", "agreement_unsigned"], "\(role)")
            #expect(told["decision"] == "no" && told["network"] == "none")
        }
        _ = try devices.hold(tablet, "released")
        _ = try devices.act(
            "lost", on: tablet, ["reason": "On the bus", "data_may_be_exposed": false],
            by: .staff)
        #expect(try reasons(by: staff) == ["not_in_use", "agreement_unsigned"])
    }

    @Test func `a question names every fault, and nobody learns of what is not theirs`()
        async throws
    {
        let devices = try await DevicesAtWork.open()
        let tablet = try devices.device()
        let asked = try devices.register.as(.technician).get(
            "/v1/device-decisions?ownership=mine&place=moon&time=lunch,break")
        #expect(
            asked.faults == [
                "ownership": "unknown_word", "place": "unknown_word", "time": "repeated",
                "person_id": "required",
            ])
        let both = try devices.register.as(.technician).get(
            "/v1/device-decisions?ownership=staff_owned&device_id=\(tablet)&place=office"
                + "&person_id=\(school.person(.staff))")
        #expect(both.faults == ["device_id": "exactly_one"])
        let staffs = try decide(
            devices, tablet, by: school.person(.staff), at: "office", as: .staff)
        #expect(staffs.status == 404)
        let elsewhere = try decide(
            devices, "student_owned", by: TestSchool.rosehip.pupil, at: "office")
        #expect(elsewhere.status == 404)
    }

    @Test func `a permission that is over and a stick that is not clean are no longer let be`()
        async throws
    {
        let devices = try await DevicesAtWork.open()
        let staff = school.person(.staff)
        func reasons(_ device: String, _ place: String) throws -> JSONValue? {
            try decide(devices, device, by: staff, at: place).json["reasons"]
        }
        let stick = try devices.device("P1", ["kind": "pen_drive"])
        _ = try devices.act("scanned", on: stick, ["is_clean": true])
        _ = try devices.assign(stick, to: staff)
        #expect(try reasons(stick, "classroom") == [])
        _ = try devices.act("scanned", on: stick, ["is_clean": false])
        #expect(try reasons(stick, "classroom") == ["not_scanned_clean"])
        let tablet = try devices.device("HW-2")
        _ = try devices.assign(tablet, to: staff)
        _ = try devices.act(
            "taken_off_site", on: tablet, ["until_on": "2026-11-23", "duties_confirmed": true],
            by: .headteacher)
        try devices.at("2026-11-23T12:00:00Z")
        #expect(try reasons(tablet, "off_site") == [])
        try devices.at("2026-11-24T12:00:00Z")
        #expect(try reasons(tablet, "off_site") == ["not_permitted_off_site"])
        #expect(try reasons(tablet, "classroom") == [])
    }

    /// Else a decision tells any colleague whether somebody has signed, or is trained; and where it
    /// knows nothing, it said yes.
    @Test func `about whom one may not ask the gate, one is told no and to ask the school`()
        async throws
    {
        let devices = try await DevicesAtWork.open()
        try devices.sets("matrix", DevicesAtWork.matrixOf000)
        let other = school.person(.technician)
        for what in ["school_multiple", "staff_owned"] {
            let told = try decide(devices, what, by: other, at: "classroom", as: .staff)
            let reasons = what == "staff_owned" ? "network_reasons" : "reasons"
            #expect(words(told).contains("ask_the_school"), "\(told.json)")
            #expect("\(told.json[reasons] ?? .null)".contains("ask_the_school"))
            #expect(told["network"] == "none")
            #expect(told["decision"] == (what == "staff_owned" ? "yes" : "no"))
        }
        for person in [school.pupil, school.person(.staff)] {
            let told = try decide(devices, "school_multiple", by: person, at: "office", as: .staff)
            #expect(told["decision"] == "yes" && told.json["reasons"] == [], "\(told.json)")
        }
        let known = try decide(devices, "school_multiple", by: other, at: "classroom")
        #expect(known["decision"] == "yes", "\(known.json)")
    }

    @Test func `DEV-04: the staff profile is for staff alone, whoever has the device`()
        async throws
    {
        let devices = try await DevicesAtWork.open()
        try devices.sets("matrix", DevicesAtWork.matrixOf000)
        let laptop = try devices.device("L1", ["kind": "laptop", "ownership": "authorised"])
        #expect(try devices.assign(laptop, to: school.person(.staff)).status == 201)
        _ = try devices.act("profiled", on: laptop, ["filter_profile": "staff"])
        #expect(
            try words(decide(devices, laptop, by: school.person(.staff), at: "classroom"))
                == ["yes", "full", "staff"])
        #expect(
            try words(decide(devices, laptop, by: school.pupil, at: "classroom"))
                == ["yes", "full", "pupil"])
    }

    @Test func `DEV-19: an exception that names no place lifts nothing where people undress`()
        async throws
    {
        let devices = try await DevicesAtWork.open()
        try devices.sets(
            "use-rules", ["rules": [["audiences": ["staff"], "answer": "no"]]])
        let staff = school.person(.staff)
        func decision(_ place: String) throws -> String? {
            try decide(devices, "staff_owned", by: staff, at: place)["decision"]
        }
        func arrange(_ more: [String: JSONValue]) throws {
            let said: [String: JSONValue] = [
                "person_id": .string(staff.lowercased), "what": "Phone on",
                "why": "A relative is ill",
                "approver_id": .string(school.person(.dsl).lowercased),
                "from_on": "2026-11-20", "until_on": "2026-11-27",
            ]
            let told = try devices.register.as(.headteacher).post(
                "/v1/device-exceptions", .of(said.merging(more) { $1 }))
            try #require(told.status == 201, "\(told.text)")
        }
        try arrange([:])
        #expect(try decision("hall") == "yes" && decision("toilets") == "no")
        try arrange(["places": ["toilets"]])
        #expect(try decision("toilets") == "yes")
    }
}
