import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// What somebody has who is not there to be reminded is asked for by those who keep the register.
@Suite struct `Devices left behind` {
    private let school = TestSchool.hawthorn
    private static let keepers: [JSONValue] = ["technician", "office", "school_administrator"]

    private func duties(_ devices: DevicesAtWork, _ kind: String) throws -> [JSONValue] {
        try devices.register.as(.office).get("/v1/duties?kind=\(kind)").data
    }

    private func asks(_ role: Role, _ devices: DevicesAtWork) throws -> JSONValue? {
        try devices.register.as(role).get("/v1/me").json.list("to_do")
            .first { $0["kind"] == "device_to_return" }?["number"]
    }

    @Test func `USR-11: what a leaver has is asked for by those who keep the devices`()
        async throws
    {
        let devices = try await DevicesAtWork.open()
        let (tablet, laptop) = (try devices.device("T1"), try devices.device("T2"))
        for id in [tablet, laptop] {
            #expect(try devices.assign(id, to: school.person(.staff)).status == 201)
        }
        let home: [String: JSONValue] = ["until_on": "2026-11-27", "duties_confirmed": true]
        #expect(try devices.act("taken_off_site", on: laptop, home, by: .headteacher).status == 201)
        let left = try devices.register.as(.headteacher).post(
            "/v1/people/\(school.person(.staff))/leaving", ["left_on": "2026-11-23"])
        #expect(left.status == 201, "\(left.text)")
        // As long as they are there it is theirs.
        for kind in ["device_return_due", "device_off_site_ends"] {
            #expect(try duties(devices, kind).allSatisfy { $0["roles"] == nil }, "\(kind)")
        }
        #expect(try asks(.technician, devices) == nil)
        try devices.at("2026-11-24T12:00:00Z")
        let due = try duties(devices, "device_return_due")
        #expect(due.map { $0["due_on"] } == ["2026-11-23", "2026-11-23"])
        let all = try due + duties(devices, "device_off_site_ends")
        #expect(all.count == 3)
        for duty in all {
            #expect(duty["roles"] == .array(Self.keepers), "\(duty)")
            #expect(duty["person_id"]?.text == school.person(.staff).lowercased)
        }
        for role in [Role.technician, .office, .schoolAdministrator] {
            #expect(try asks(role, devices) == 3, "\(role)")
        }
        #expect(try asks(.dsl, devices) == nil)
    }

    @Test func `so is what a pupil has who never signs in, and what is in a room`()
        async throws
    {
        let devices = try await DevicesAtWork.open()
        let pupils = try devices.device("T1")
        let until: [String: JSONValue] = ["until_on": "2026-11-26"]
        #expect(try devices.assign(pupils, to: school.pupil, until).status == 201)
        let trolley = try devices.device("T2", ["ownership": "school_multiple"])
        let room: [String: JSONValue] = ["room": "Year 2", "until_on": "2026-11-26"]
        #expect(try devices.act("assigned", on: trolley, room).status == 201)
        let due = try duties(devices, "device_return_due")
        #expect(due.map { $0["roles"] } == [.array(Self.keepers), .array(Self.keepers)])
        for role in [Role.technician, .office, .schoolAdministrator] {
            #expect(try asks(role, devices) == 2, "\(role)")
        }
        #expect(try asks(.staff, devices) == nil)
    }
}
