import JSON
import Testing

@testable import OnlineSafety

/// What comes with a device from outside, what is on it, and who can watch it.
@Suite struct `What is on a device` {
    private let school = TestSchool.hawthorn

    private func decides(_ devices: DevicesAtWork, _ id: String) throws -> Reading {
        try devices.register.as(.technician).get(
            "/v1/device-decisions?device_id=\(id)&person_id=\(school.person(.staff))&place=office")
    }

    @Test func `DEV-15: what comes from outside is permitted and scanned, or it is not used`()
        async throws
    {
        let devices = try await DevicesAtWork.open()
        let stick = try devices.declare(school.person(.staff), ["kind": "pen_drive"])
        func permit(_ id: String, _ network: JSONValue = "none") throws -> Reading {
            try devices.act("permitted", on: id, ["network": network], by: .headteacher)
        }
        func reasons(_ id: String) throws -> [String] {
            let told = try decides(devices, id)
            #expect((told["decision"] == "no") == !told.json.list("reasons").isEmpty)
            return told.json.list("reasons").compactMap(\.text)
        }
        #expect(try reasons(stick) == ["not_permitted_yet", "not_scanned_clean"])
        #expect(try permit(stick).codes == ["not_scanned_clean"])
        // By the technician or a teacher, and by nobody whose it is.
        for role in [Role.office, .headteacher] {
            let told = try devices.act("scanned", on: stick, ["is_clean": true], by: role)
            #expect(told.status == 403, "\(role)")
        }
        #expect(
            try devices.act("scanned", on: stick, ["is_clean": true], by: .staff).status == 403)
        let infected = try devices.act(
            "scanned", on: stick, ["is_clean": false, "reason": "A worm", "on": "2026-11-19"])
        #expect(infected.json["is_clean"] == false && infected["scanned_on"] == "2026-11-19")
        #expect(infected.json.list("acts").last?["done_by"] == "Technician")
        #expect(try permit(stick).codes == ["not_scanned_clean"])
        // A clean scan alone is no permission.
        #expect(try devices.act("scanned", on: stick, ["is_clean": true]).status == 201)
        #expect(try reasons(stick) == ["not_permitted_yet"])
        #expect(try permit(stick).status == 201)
        #expect(try reasons(stick) == [])
        // What is found later takes it out of use.
        _ = try devices.act("scanned", on: stick, ["is_clean": false])
        #expect(try reasons(stick) == ["not_scanned_clean"])

        // A teacher scans what a pupil brings and they declared; and so is what joins the network.
        let laptop = try devices.declare(
            school.pupil, ["kind": "laptop", "ownership": "student_owned"], by: .staff)
        #expect(try permit(laptop, "full").codes == ["not_scanned_clean"])
        #expect(
            try devices.act("scanned", on: laptop, ["is_clean": true], by: .staff).status == 201)
        #expect(try permit(laptop, "full").status == 201)
        // Of the school's own sticks as well.
        let own = try devices.device("P1", ["kind": "pen_drive"])
        let staff = school.person(.staff)
        #expect(try devices.assign(own, to: staff).codes == ["not_scanned_clean"])
        _ = try devices.act("scanned", on: own, ["is_clean": true])
        #expect(try devices.assign(own, to: staff).status == 201)
    }

    @Test func `DEV-22: school data is on a personal device only as the school has it`()
        async throws
    {
        let devices = try await DevicesAtWork.open()
        let staff = school.person(.staff)
        let setting = "school-data-on-personal-devices"
        func declares(_ safeguard: JSONValue?) throws -> Reading {
            var facts: [String: JSONValue] = ["holds_personal_data": true]
            facts["data_safeguard"] = safeguard
            return try devices.declaring(staff, facts)
        }
        let safeguards: [JSONValue?] = [nil, "second_factor", "closed_system"]
        let expected: [(rule: JSONValue, codes: [String?])] = [
            ("forbidden", Array(repeating: "school_data_forbidden", count: 3)),
            ("closed_system", ["data_unsafe", "data_unsafe", nil]),
            ("with_second_factor", ["data_unsafe", nil, nil]),
            ("allowed", [nil, nil, nil]),
        ]
        for (rule, codes) in expected {
            try devices.sets(setting: setting, to: rule)
            for (safeguard, code) in zip(safeguards, codes) {
                let told = try declares(safeguard)
                #expect(told.status == (code == nil ? 201 : 409), "\(rule) \(told.json)")
                #expect(told.faults["/facts/holds_personal_data"] == code, "\(rule)")
            }
        }
        let bare = try declares(nil)
        #expect(bare.status == 201)
        #expect(
            try devices.declaring(staff, ["data_safeguard": "second_factor"]).faults
                == ["/facts/data_safeguard": "not_wanted"])

        // What was let be before is neither permitted nor used any more.
        let phone = try declares("second_factor")
        _ = try devices.act("permitted", on: phone.id, ["network": "none"], by: .headteacher)
        #expect(try decides(devices, phone.id).json.list("reasons").isEmpty)
        try devices.sets(setting: setting, to: "closed_system")
        #expect(try decides(devices, phone.id).json["reasons"] == ["data_unsafe"])
        #expect(
            try devices.act("permitted", on: bare.id, ["network": "none"], by: .headteacher).codes
                == ["data_unsafe"])
        // Nor does it become so by being described anew; without the data it is.
        let facts: JSONValue = ["data_safeguard": .null]
        #expect(
            try devices.act("described", on: phone.id, ["facts": facts]).codes == ["data_unsafe"])
        let rid: JSONValue = ["holds_personal_data": false, "data_safeguard": .null]
        #expect(try devices.act("described", on: phone.id, ["facts": rid]).status == 201)
        #expect(try decides(devices, phone.id).json.list("reasons").isEmpty)
    }

    @Test func `DEV-33: of each device it is noted whether it can be watched by itself, by whom`()
        async throws
    {
        let devices = try await DevicesAtWork.open()
        let unnamed = try devices.entering("T1", ["is_monitored": true])
        #expect(unnamed.faults == ["/facts/monitored_by": "required"])
        let id = try devices.device(
            "T1", ["is_monitored": true, "monitored_by": "Smoothwall: DSL and technician"])
        for role in [Role.technician, .dsl, .headteacher] {
            let read = try devices.read(id, as: role)
            #expect(read.json["is_monitored"] == true, "\(role)")
            #expect(read["monitored_by"] == "Smoothwall: DSL and technician")
        }
        let none: JSONValue = ["is_monitored": false, "monitored_by": .null]
        let told = try devices.act("described", on: id, ["facts": none])
        #expect(told.json["is_monitored"] == false && told["monitored_by"] == nil)
        let own = try devices.declaring(
            school.person(.staff), ["is_monitored": true, "monitored_by": "The technician"])
        #expect(own.json["is_monitored"] == true && own["monitored_by"] == "The technician")
    }
}
