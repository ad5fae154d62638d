import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// What was read of a device's security, fact by fact; and what a management tells of it.
@Suite struct `Reading the security of devices` {
    private let school = TestSchool.hawthorn

    private func due(_ devices: DevicesAtWork, _ kind: String) throws -> [JSONValue] {
        try devices.register.as(.technician).get("/v1/duties?kind=\(kind)").data
    }

    @Test func `DEV-11: each fact is as it was read last, and as old as the oldest of them`()
        async throws
    {
        let devices = try await DevicesAtWork.open()
        let laptop = try devices.device("L1", ["kind": "laptop"])
        try devices.sets(setting: "device-posture-days", to: 14)
        let first: [String: JSONValue] = [
            "has_anti_virus": false, "lock_minutes": 90, "on": "2026-11-10",
        ]
        #expect(
            try devices.act("read", on: laptop, first).json["failing"]
                == ["no_anti_virus", "locks_late"])
        // Whoever looks at the lock alone has not found an anti-virus.
        let second = try devices.act("read", on: laptop, ["lock_minutes": 10])
        #expect(second.json["failing"] == ["no_anti_virus"])
        #expect(
            second.json["reading"]?.sorted
                == ["age_days": 10, "has_anti_virus": false, "lock_minutes": 10])
        #expect(try due(devices, "device_to_read").map { $0["due_on"] } == ["2026-11-24"])
        try devices.at("2026-11-25T12:00:00Z")
        #expect(try devices.list("failing=read_long_ago") == [laptop])
        let third = try devices.act("read", on: laptop, ["has_anti_virus": true])
        #expect(third.json["failing"] == [] && third.json["reading"]?["age_days"] == 5)
        #expect(try due(devices, "device_to_read").map { $0["due_on"] } == ["2026-12-04"])
    }

    @Test func `DEV-11: a batch tells what its row says, and answers no doubt`() async throws {
        let devices = try await DevicesAtWork.open()
        let id = try devices.device("HW-1", ["serial": "S1"])
        let read: [String: JSONValue] = ["has_passcode": true, "on": "2026-11-10"]
        #expect(try devices.act("read", on: id, read).status == 201)
        let doubt: [String: JSONValue] = ["reason": "A pop-up", "on": "2026-11-12"]
        #expect(try devices.act("doubted", on: id, doubt).status == 201)
        let told = try devices.register.as(.technician).post(
            "/v1/schools/\(school.id)/device-batches",
            ["rows": [["serial": "S1", "is_encrypted": true, "read_on": "2026-11-19"]]])
        #expect(told.status == 201 && told.json["changed"] == 1, "\(told.text)")
        let now = try devices.read(id)
        #expect(now["doubt"] == "A pop-up")
        #expect(
            now.json["reading"]?.sorted
                == ["age_days": 10, "has_passcode": true, "is_encrypted": true])
        let last = try #require(now.json.list("acts").last)
        #expect(last["act"] == "read" && last["is_of_batch"] == true)
        #expect(last["is_encrypted"] == true && last["has_passcode"] == nil)
        #expect(try due(devices, "device_doubted").count == 1)
        let looked = try devices.act("read", on: id, ["is_updated": true])
        #expect(looked["doubt"] == nil)
        #expect(looked.json.list("acts").last?["is_of_batch"] == nil)
        #expect(try due(devices, "device_doubted") == [])
    }
}
