import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// INC-37
@Suite struct `Acting on devices` {
    @Test func `is on record with the device, by whom, and on which authority`() async throws {
        let one = try Case(await Register.open())
        #expect(try one.triage().status == 201)
        let kept = try one.register.keepDevice(assignedTo: TestSchool.hawthorn.pupil)
        let phone = JSONValue.string(kept)
        func deed(_ what: DeviceDeed, _ authority: SearchAuthority) -> JSONValue {
            [
                "happened_at": "2026-11-20T09:30:00Z", "what": .string(what.rawValue),
                "device": "A black phone", "device_id": phone, "done_by": "Daniel Okoro",
                "authority": .string(authority.rawValue),
            ]
        }
        for what in DeviceDeed.allCases {
            #expect(try one.post("device-actions", deed(what, .behaviourPolicy)).status == 201)
        }
        for authority in SearchAuthority.allCases where authority != .other {
            #expect(try one.post("device-actions", deed(.searched, authority)).status == 201)
        }
        #expect(
            try one.post("device-actions", deed(.searched, .other)).faults
                == ["/words": "required"])
        #expect(
            try one.post("device-actions", [:]).faults == [
                "/happened_at": "required", "/what": "required", "/device": "required",
                "/done_by": "required", "/authority": "required",
            ])
        let listed = try one.register.as(.dsl).get("\(one.path)/device-actions").data
        #expect(
            listed.prefix(DeviceDeed.allCases.count).map { $0["what"]?.text }
                == DeviceDeed.allCases.map(\.rawValue))
        #expect(listed.allSatisfy { $0["device_id"] == phone && $0["done_by"] == "Daniel Okoro" })
        // Of another school's device nobody is told that it is there.
        let foreign = try one.register.keepDevice(at: .lighthouse)
        let unknown = deed(.searched, .consent).without(["device_id"])
            .with("device_id", .string(foreign))
        #expect(
            try one.post("device-actions", unknown).faults == ["/device_id": "unknown_device"])
    }

    @Test func `neither deletes nor returns anything while an agency must advise`() async throws {
        let one = try Case(await Register.open())
        #expect(try one.triage().status == 201)
        #expect(
            try one.post("agency-holds", JSON.value(of: AgencyHold.Put.example)).status == 201)
        for what in DeviceDeed.allCases {
            let deed = CasePartSaid<DeviceAction>.json.without(["device_id", "what"])
                .with("what", .string(what.rawValue))
            let told = try one.post("device-actions", deed)
            let waits = [DeviceDeed.dataDeleted, .returned].contains(what)
            #expect(told.json["errors"]?.codes == (waits ? ["under_agency_hold"] : nil), "\(what)")
        }
    }
}
