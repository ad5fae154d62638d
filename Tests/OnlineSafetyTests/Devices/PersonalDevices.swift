import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// What people bring: declared, permitted or refused, withdrawn (DEV-03, DEV-04, DEV-34).
@Suite struct `Personal devices` {
    private let school = TestSchool.hawthorn

    @Test func `DEV-03, DEV-34: its owner declares it, and a senior leader decides`()
        async throws
    {
        let devices = try await DevicesAtWork.open()
        try devices.sets(
            "use-rules", ["statement": "The school answers for nothing", "rules": []])
        let staff = school.person(.staff)
        let own = try devices.declaring(staff, ["name": "My phone"], by: .staff)
        #expect(own.status == 201, "\(own.text)")
        #expect(own["state"] == "declared" && own["owner_id"] == staff.lowercased)
        #expect(own["statement"] == "The school answers for nothing")
        let unconfirmed = try devices.register.as(.staff).post(
            "/v1/devices",
            [
                "owner_id": .string(staff.lowercased), "holds_nothing_illegal": false,
                "facts": ["kind": "phone", "ownership": "staff_owned"],
            ])
        #expect(unconfirmed.faults == ["/holds_nothing_illegal": "unconfirmed"])
        for role in [Role.staff, .office, .technician, .dsl] {
            let told = try devices.act("permitted", on: own.id, ["network": "internet"], by: role)
            #expect(told.status == 403, "\(role)")
        }
        let permitted = try devices.act(
            "permitted", on: own.id, ["network": "internet", "until_on": "2026-12-18"],
            by: .seniorLeader)
        #expect(permitted["state"] == "permitted" && permitted["network"] == "internet")
        // Nobody permits their own.
        let leaders = try devices.declare(school.person(.seniorLeader), by: .seniorLeader)
        #expect(
            try devices.act("permitted", on: leaders, ["network": "none"], by: .seniorLeader)
                .status == 403)
        try devices.at("2026-12-19T09:00:00Z")
        let over = try devices.read(own.id, as: .staff)
        #expect(over["state"] == "withdrawn" && over["since"] == "2026-12-19")
        #expect(
            try devices.act("withdrawn", on: own.id, ["reason": "x"], by: .staff).faults
                == ["": "wrong_state"])
    }

    @Test func `whose it is, its class and what is on it must be right`() async throws {
        let devices = try await DevicesAtWork.open()
        let pupils = try devices.declaring(school.pupil, by: .staff)
        #expect(pupils.faults == ["/facts/ownership": "not_their_class"])
        #expect(
            try devices.declaring(TestSchool.rosehip.pupil, ["ownership": "student_owned"])
                .faults == ["/owner_id": "unknown_person"])
        // A governor declares their own, and nobody else's.
        #expect(try devices.declaring(school.person(.governor), by: .governor).status == 201)
        #expect(try devices.declaring(school.person(.staff), by: .governor).status == 403)
        let data = try devices.declaring(school.person(.staff), ["holds_personal_data": true])
        #expect(data.status == 409)
        #expect(data.faults == ["/facts/holds_personal_data": "school_data_forbidden"])
        try devices.sets(
            setting: "school-data-on-personal-devices", to: "with_second_factor")
        let own = try devices.declaring(
            school.person(.staff),
            ["holds_personal_data": true, "data_safeguard": "second_factor"])
        #expect(own.status == 201)
        // Nor does it become so by being described anew.
        try devices.sets(setting: "school-data-on-personal-devices", to: "forbidden")
        let described = try devices.act(
            "described", on: own.id,
            [
                "facts": [
                    "kind": "phone", "ownership": "visitor_owned", "holds_personal_data": true,
                ]
            ])
        #expect(described.codes == ["not_their_class", "school_data_forbidden"])
    }

    @Test func `DEV-04: it has the pupils' profile, unless its owner is staff and it is given`()
        async throws
    {
        let devices = try await DevicesAtWork.open()
        let own = try devices.declare(school.person(.staff))
        let pupils = try devices.declare(school.pupil, ["ownership": "student_owned"])
        for id in [own, pupils] {
            #expect(try devices.read(id)["filter_profile"] == "pupil")
        }
        let staff: [String: JSONValue] = ["filter_profile": "staff"]
        #expect(try devices.act("profiled", on: pupils, staff).faults == ["": "not_of_staff"])
        #expect(try devices.act("profiled", on: own, staff, by: .office).status == 403)
        // Only what is on the network, and as long as it may be there.
        #expect(try devices.act("profiled", on: own, staff).faults == ["": "not_networked"])
        _ = try devices.act("permitted", on: own, ["network": "internet"], by: .headteacher)
        #expect(try devices.act("profiled", on: own, staff)["filter_profile"] == "staff")
        let gone = try devices.act("withdrawn", on: own, ["reason": "x"], by: .headteacher)
        #expect(gone["filter_profile"] == "pupil")
    }

    @Test func `the technician is told of what may join the wireless, until it has`()
        async throws
    {
        let devices = try await DevicesAtWork.open()
        func waiting(_ role: Role = .technician) throws -> [JSONValue] {
            try devices.register.as(role).get("/v1/duties?kind=device_to_connect").data
        }
        let own = try devices.declare(school.person(.staff))
        let kept = try devices.declare(school.person(.office))
        #expect(try waiting() == [])
        _ = try devices.act("permitted", on: kept, ["network": "none"], by: .headteacher)
        #expect(try waiting() == [])
        _ = try devices.act("permitted", on: own, ["network": "internet"], by: .headteacher)
        let told = try #require(try waiting().first)
        #expect(told["record_id"]?.text == own && told["source"] == "DEV-03")
        #expect(told["roles"] == ["technician", "school_administrator"] && told["due_on"] != nil)
        #expect(try waiting(.staff) == [])
        for role in [Role.technician, .schoolAdministrator] {
            let tasks = try devices.register.as(role).get("/v1/me").json.list("to_do")
            #expect(tasks.contains { $0["kind"] == "device_to_connect" }, "\(role)")
        }
        _ = try devices.act("profiled", on: own, ["filter_profile": "staff"])
        #expect(try waiting() == [])
    }

    @Test func `DEV-26: what is new is not brought in until it was checked and its risks assessed`()
        async throws
    {
        let devices = try await DevicesAtWork.open()
        let owner = school.person(.staff)
        let watch = try devices.declare(owner, ["kind": "other", "is_new_technology": true])
        func decision() throws -> Reading {
            try devices.register.as(.technician).get(
                "/v1/device-decisions?device_id=\(watch)&person_id=\(owner)&place=office")
        }
        let first = try decision()
        #expect(first["decision"] == "no", "\(first.text)")
        let unassessed = try devices.act(
            "permitted", on: watch, ["network": "none"], by: .headteacher)
        #expect(unassessed.status == 409 && unassessed.codes == ["risk_not_assessed"])
        #expect(try decision()["decision"] == "no")
        let permitted = try devices.act(
            "permitted", on: watch, ["network": "none", "risk_assessment": "RA 12"],
            by: .headteacher)
        #expect(permitted.status == 201, "\(permitted.text)")
        #expect(try decision()["decision"] != "no")
        let act = permitted.json.list("acts").last
        #expect(act?["risk_assessment"] == "RA 12" && act?["done_by"] == "Headteacher")
    }

    /// 24.4: the owner's agreement, the risk assessment of what is new, the scan of media.
    @Test func `what it needs before it is permitted is named`() async throws {
        let devices = try await DevicesAtWork.open()
        let template = try devices.register.template("Network", for: [["kind": "teacher"]])
        _ = try devices.register.publish(agreementText(["opens": ["network"]]), of: template)
        let stick = try devices.declare(
            school.person(.staff), ["kind": "pen_drive", "is_new_technology": true])
        let refused = try devices.act(
            "permitted", on: stick, ["network": "full"], by: .headteacher)
        #expect(refused.status == 409)
        #expect(
            Set(refused.codes) == [
                "not_scanned_clean", "risk_not_assessed", "agreement_unsigned",
            ])
        #expect(
            try devices.act("scanned", on: stick, ["is_clean": false]).json["is_clean"] == false)
        let still = try devices.act(
            "permitted", on: stick, ["network": "none", "risk_assessment": "RA 12"],
            by: .headteacher)
        #expect(still.codes == ["not_scanned_clean"])
        #expect(
            try devices.act("scanned", on: stick, ["is_clean": true], by: .staff).status == 403)
        #expect(try devices.act("scanned", on: stick, ["is_clean": true]).status == 201)
        #expect(
            try devices.act(
                "permitted", on: stick, ["network": "none", "risk_assessment": "RA 12"],
                by: .headteacher
            ).status == 201)
    }

    /// 002: a pupil's device that can go online is the headteacher's to decide.
    @Test func `DEV-27: a pupil's is decided by the headteacher alone`() async throws {
        let devices = try await DevicesAtWork.open()
        let id = try devices.declare(
            school.pupil, ["ownership": "student_owned", "kind": "tablet"], by: .staff)
        #expect(
            try devices.act("permitted", on: id, ["network": "none"], by: .seniorLeader).status
                == 403)
        let refused = try devices.act(
            "refused", on: id, ["reason": "There are enough"], by: .headteacher)
        #expect(refused["state"] == "refused")
        // Who declared it sees what became of it; other staff nothing.
        #expect(try devices.read(id, as: .staff)["state"] == "refused")
        for role in [Role.governor, .dpo, .linkGovernor] {
            #expect(try devices.read(id, as: role).status == 404, "\(role)")
            #expect(try devices.list(as: role).isEmpty)
        }
    }

    /// 003: whoever walks alone in Year 6 leaves a phone at the office for the day.
    @Test func `DEV-17: a phone is handed in and collected, where the school has it so`()
        async throws
    {
        let devices = try await DevicesAtWork.open()
        try devices.register.database.execute(
            "update person set year_group = '6' where id = '\(school.pupil)'")
        let phone = try devices.declare(school.pupil, ["ownership": "student_owned"])
        func hand(_ act: String, by role: Role = .office) throws -> Reading {
            try devices.act(act, on: phone, by: role)
        }
        #expect(try hand("handed_in").codes == ["not_in_that_year", "may_not_walk_alone"])
        try devices.sets(setting: "device-hand-in-year", to: 6)
        let facts: JSONValue = [
            "kind": "phone", "ownership": "student_owned",
            "may_walk_alone": "Mother, by letter of 3 September",
        ]
        // Who walks alone is nothing for a technician, who keeps it as it is.
        #expect(
            try devices.act("described", on: phone, ["facts": facts]).codes
                == ["not_yours_to_say"])
        #expect(
            try devices.act("described", on: phone, ["facts": facts], by: .office).status == 201)
        #expect(try hand("handed_in", by: .staff).status == 404)
        #expect(try hand("handed_in").json["is_handed_in"] == true)
        let renamed: JSONValue = [
            "kind": "phone", "ownership": "student_owned", "name": "A black phone",
        ]
        #expect(try devices.act("described", on: phone, ["facts": renamed]).status == 201)
        let technicians = try devices.read(phone)
        #expect(technicians.json["is_handed_in"] == nil && technicians["may_walk_alone"] == nil)
        #expect(technicians.json.acts == ["declared", "described", "described"])
        #expect(!technicians.text.contains("Mother"))
        let offices = try devices.read(phone, as: .office)
        #expect(offices["may_walk_alone"] == "Mother, by letter of 3 September")
        #expect(offices["name"] == "A black phone")
        #expect(offices.json.acts == ["declared", "described", "handed_in", "described"])
        #expect(try hand("handed_in").codes == ["handed_in_already"])
        #expect(try hand("collected").json["is_handed_in"] == false)
        #expect(try hand("collected").codes == ["not_handed_in"])
        try devices.register.database.execute(
            "update person set year_group = '5' where id = '\(school.pupil)'")
        #expect(try hand("handed_in").codes == ["not_in_that_year"])
    }

    @Test func `DEV-17: what was handed in is collected, whatever was decided meanwhile`()
        async throws
    {
        let devices = try await DevicesAtWork.open()
        try devices.register.database.execute(
            "update person set year_group = '6' where id = '\(school.pupil)'")
        try devices.sets(setting: "device-hand-in-year", to: 6)
        func phone() throws -> String {
            let id = try devices.declare(
                school.pupil, ["ownership": "student_owned", "may_walk_alone": "By letter"])
            try #require(try devices.act("handed_in", on: id, by: .office).status == 201)
            return id
        }
        let refused = try phone()
        _ = try devices.act("refused", on: refused, ["reason": "Not here"], by: .headteacher)
        // Permitted until Friday, and still in the office on Monday.
        let over = try phone()
        _ = try devices.act(
            "permitted", on: over, ["network": "none", "until_on": "2026-11-20"], by: .headteacher)
        try devices.at("2026-11-23T15:20:00Z")
        for (id, state) in [(refused, "refused"), (over, "withdrawn")] {
            let read = try devices.read(id, as: .office)
            #expect(read["state"] == state && read.json["is_handed_in"] == true)
            #expect(read.json.list("may_do").contains("collected"))
            let given = try devices.act("collected", on: id, by: .office)
            #expect(given.status == 201, "\(given.text)")
            #expect(given["state"] == state && given.json["is_handed_in"] == false)
            #expect(try devices.act("handed_in", on: id, by: .office).codes == ["wrong_state"])
        }
    }

    @Test func `staff see what is theirs, what they have, and nothing of who had it before`()
        async throws
    {
        let devices = try await DevicesAtWork.open()
        let id = try devices.device("HW-1")
        #expect(try devices.read(id, as: .staff).status == 404)
        _ = try devices.assign(id, to: school.person(.office))
        _ = try devices.act("returned", on: id, ["reason": "Scratched"])
        _ = try devices.act("wiped", on: id, ["certified_by": "Technician"])
        _ = try devices.assign(id, to: school.person(.staff))
        #expect(try devices.list(as: .staff) == [id])
        let read = try devices.read(id, as: .staff)
        #expect(read.json.acts == ["registered", "assigned"])
        #expect(!read.text.contains("Scratched"))
        #expect(!read.text.contains(school.person(.office).lowercased))
        _ = try devices.act("returned", on: id)
        #expect(try devices.read(id, as: .staff).status == 404)
        #expect(try devices.list(as: .staff).isEmpty)
    }
}
