import JSON
import Testing

@testable import OnlineSafety

/// How a device stands is as it was last: what is told late takes the place of nothing later.
@Suite struct `Dating acts` {
    private let school = TestSchool.hawthorn

    @Test func `what is read or doubted is not dated before the latest`() async throws {
        let devices = try await DevicesAtWork.open()
        let id = try devices.device()
        func act(_ act: String, _ more: [String: JSONValue]) throws -> Reading {
            try devices.act(act, on: id, more)
        }
        // What was read before it was entered here is told as it was.
        #expect(try act("read", ["is_encrypted": true, "on": "2026-11-10"]).status == 201)
        let early = try act("read", ["is_encrypted": false, "on": "2026-11-09", "reason": "x"])
        #expect(early.status == 422)
        #expect(early.faults == ["/on": "before_the_last", "/reason": "not_wanted"])
        #expect(try act("doubted", ["reason": "Slow", "on": "2026-11-09"]).status == 422)
        #expect(try devices.read(id).json["reading"]?["age_days"] == 10)
        #expect(try act("doubted", ["reason": "Slow", "on": "2026-11-18"]).status == 201)
        let before = try act("read", ["is_encrypted": true, "on": "2026-11-17"])
        #expect(before.faults == ["/on": "before_the_last"])
        #expect(try devices.read(id)["doubt"] == "Slow")
        #expect(try act("read", ["is_encrypted": true, "on": "2026-11-18"])["doubt"] == nil)
        // A scan is beside that.
        #expect(try act("scanned", ["is_clean": true, "on": "2026-11-16"]).status == 201)
        let stale = try act("scanned", ["is_clean": false, "on": "2026-11-15"])
        #expect(stale.faults == ["/on": "before_the_last"])
    }

    @Test func `where a device goes is not dated before where it went`() async throws {
        let devices = try await DevicesAtWork.open()
        let id = try devices.device()
        let given = try devices.assign(id, to: school.person(.staff), ["on": "2026-09-02"])
        #expect(given.status == 201 && given["since"] == "2026-09-02")
        let lost: [String: JSONValue] = ["reason": "On a bus", "data_may_be_exposed": false]
        let told = try devices.act(
            "lost", on: id, lost.merging(["on": "2026-09-01"]) { $1 }, by: .office)
        #expect(told.status == 422 && told.faults == ["/on": "before_the_last"])
        #expect(try devices.act("returned", on: id, ["on": "2026-10-01"]).status == 201)
        let wiped: [String: JSONValue] = ["certified_by": "ACME", "on": "2026-09-30"]
        #expect(
            try devices.act("wiped", on: id, wiped).faults == ["/on": "before_the_last"])
        #expect(
            try devices.act("wiped", on: id, ["certified_by": "ACME", "on": "2026-10-01"])["state"]
                == "registered")
        // To look at it is no move.
        #expect(
            try devices.act("read", on: id, ["is_updated": true, "on": "2026-09-15"]).status
                == 201)
    }

    /// A management knows nothing of what somebody has seen since.
    @Test func `what a management reads answers no doubt, before or after it`() async throws {
        let devices = try await DevicesAtWork.open()
        let id = try devices.device("HW-1", ["serial": "S1"])
        #expect(try devices.act("doubted", on: id, ["reason": "A pop-up"]).status == 201)
        func take(_ day: String) throws -> Reading {
            try devices.register.as(.technician).post(
                "/v1/schools/\(school.id)/device-batches",
                ["rows": [["serial": "S1", "is_encrypted": true, "read_on": .string(day)]]])
        }
        #expect(try take("2026-11-19").json["unchanged"] == 1)
        #expect(try devices.read(id)["doubt"] == "A pop-up")
        try devices.at("2026-11-21T12:00:00Z")
        #expect(try take("2026-11-21").json["changed"] == 1)
        #expect(try devices.read(id)["doubt"] == "A pop-up")
    }
}
