import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// What is told of a device is so, for everybody who is told; and what is said of it stays.
@Suite struct `Devices as they are` {
    private let school = TestSchool.hawthorn

    @Test func `whoever has it is told of its security what the technician is told`()
        async throws
    {
        let devices = try await DevicesAtWork.open()
        let laptop = try devices.device("L1", ["kind": "laptop", "holds_personal_data": true])
        _ = try devices.act("read", on: laptop, ["is_encrypted": true])
        _ = try devices.act("profiled", on: laptop, ["filter_profile": "pupil"])
        let stick = try devices.device("P1", ["kind": "pen_drive"])
        _ = try devices.act("scanned", on: stick, ["is_clean": true, "reason": "It was slow"])
        for id in [laptop, stick] {
            #expect(try devices.assign(id, to: school.person(.staff)).status == 201)
        }
        for role in [Role.technician, .staff, .headteacher] {
            let told = try devices.read(laptop, as: role)
            #expect(told.json["failing"] == [], "\(role)")
            #expect(told.json["reading"]?["is_encrypted"] == true, "\(role)")
            #expect(told["filter_profile"] == "pupil", "\(role)")
            #expect(try devices.read(stick, as: role).json["is_clean"] == true, "\(role)")
            #expect(try devices.list("is_failing=true", as: role).isEmpty, "\(role)")
        }
        // What was done before they had it stays untold.
        let holders = try devices.read(stick, as: .staff)
        #expect(holders.json.acts == ["registered", "assigned"])
        #expect(!holders.text.contains("It was slow"))
        #expect(try devices.read(stick).json.acts == ["registered", "scanned", "assigned"])
    }

    @Test func `what was never read is said to be that, and not to lack encryption`()
        async throws
    {
        let devices = try await DevicesAtWork.open()
        let laptop = try devices.device("L1", ["kind": "laptop", "holds_personal_data": true])
        let tablet = try devices.device("T1")
        #expect(try devices.read(laptop).json["failing"] == ["never_read"])
        #expect(try devices.read(tablet).json["failing"] == [])
        #expect(try devices.list("failing=not_encrypted").isEmpty)
        #expect(try devices.assign(laptop, to: school.person(.staff)).codes == ["never_read"])
        _ = try devices.act("read", on: laptop, ["has_passcode": true])
        #expect(try devices.list("failing=not_encrypted") == [laptop])
        try devices.sets(setting: "device-posture-days", to: 30)
        #expect(try devices.list("failing=never_read") == [tablet])
        #expect(try devices.list("failing=read_long_ago").isEmpty)
    }

    /// Whoever had it: nobody is taken to be accused, and those know who answer for children.
    @Test func `the incident of a loss is of its day, and told as one that concerns children`()
        async throws
    {
        let devices = try await DevicesAtWork.open()
        for (place, holder) in [school.person(.staff), school.pupil, nil].enumerated() {
            let id = try devices.device("HW-\(place)")
            if let holder {
                let given = try devices.assign(id, to: holder, ["on": "2026-11-02"])
                #expect(given.status == 201, "\(given.text)")
            }
            var said: [String: JSONValue] = ["reason": "On a bus", "data_may_be_exposed": true]
            if place == 0 { said["on"] = "2026-11-18" }
            let stolen = try devices.act("stolen", on: id, said, by: .office)
            #expect(stolen.status == 201, "\(stolen.text)")
            for role in [Role.dsl, .headteacher] {
                let acts = try devices.read(id, as: role).json.list("acts")
                let incident = acts.last?["incident_id"]?.text ?? ""
                let told = try devices.register.as(role).get("/v1/incidents/\(incident)")
                #expect(told["concerns"] == "child", "\(role): \(told.text)")
                #expect(
                    told["occurred_on"] == (place == 0 ? "2026-11-18" : "2026-11-20"), "\(role)")
            }
        }
    }

    @Test func `what is gone is retired for a reason, and what is there with a certificate`()
        async throws
    {
        let devices = try await DevicesAtWork.open()
        for (place, loss) in ["lost", "stolen", "damaged"].enumerated() {
            let id = try devices.device("HW-\(place)")
            let said: [String: JSONValue] = ["reason": "On a bus", "data_may_be_exposed": false]
            #expect(try devices.act(loss, on: id, said).status == 201)
            let isGone = loss != "damaged"
            #expect(
                try devices.act("retired", on: id).faults
                    == [isGone ? "/reason" : "/certified_by": "required"], "\(loss)")
            let retired = try devices.act("retired", on: id, ["reason": "The insurer has paid"])
            #expect(retired["state"] == (isGone ? "retired" : nil), "\(loss)")
            #expect(retired.faults == (isGone ? [:] : ["/certified_by": "required"]), "\(loss)")
        }
        let kept = try devices.device("HW-9")
        #expect(try devices.act("retired", on: kept).faults == ["/certified_by": "required"])
    }

    @Test func `what is new to the school is given to nobody before its risks are assessed`()
        async throws
    {
        let devices = try await DevicesAtWork.open()
        let new: [String: JSONValue] = ["is_new_technology": true]
        let shared = try devices.device(
            "HW-1", new.merging(["ownership": "school_multiple"]) { $1 })
        let room: [String: JSONValue] = ["room": "Room 4"]
        #expect(
            try devices.act("assigned", on: shared, room).faults == ["": "risk_not_assessed"])
        let assessed: [String: JSONValue] = ["facts": ["risk_assessment": "RA 12"]]
        #expect(
            try devices.act("described", on: shared, assessed)["risk_assessment"] == "RA 12")
        #expect(try devices.act("assigned", on: shared, room)["room"] == "Room 4")
        let single = try devices.device("HW-2", new)
        let issue: JSONValue = [
            "person_id": .string(school.person(.staff).lowercased),
            "device_ids": [.string(single)], "duties_confirmed": true,
        ]
        func issued() throws -> Reading {
            try devices.register.as(.technician).post("/v1/device-issues", issue)
        }
        #expect(try issued().faults == ["/device_ids/0": "risk_not_assessed"])
        _ = try devices.act("described", on: single, assessed)
        #expect(try issued().status == 201)
        #expect(try devices.device("HW-3", ["risk_assessment": "RA 13"]).isEmpty == false)
        // Of somebody's own whoever permits it says so.
        #expect(
            try devices.declaring(school.person(.staff), ["risk_assessment": "RA 14"]).faults
                == ["/facts/risk_assessment": "not_wanted"])
    }

    @Test func `no act names anybody of the roster, whoever does it`() async throws {
        let devices = try await DevicesAtWork.open()
        try devices.register.database.execute(
            """
            update person set given_name = 'Max', family_name = 'Field'
            where id = '\(school.pupil)'
            """)
        let id = try devices.device()
        _ = try devices.assign(id, to: school.person(.staff))
        let named: [String: JSONValue] = ["reason": "Max Field took it"]
        let loss = named.merging(["data_may_be_exposed": true]) { $1 }
        for role in [Role.staff, .office] {
            let told = try devices.act("lost", on: id, loss, by: role)
            #expect(told.status == 422 && told.faults == ["/reason": "names_a_person"], "\(role)")
            #expect(
                try devices.act("doubted", on: id, named, by: role).faults
                    == ["/reason": "names_a_person"])
        }
        #expect(try devices.read(id)["state"] == "assigned")
        #expect(try devices.act("doubted", on: id, ["reason": "A child had it"]).status == 201)
    }

    @Test func `what is described anew stays as it was in what is left out`() async throws {
        let devices = try await DevicesAtWork.open()
        let id = try devices.device(
            "HW-1",
            ["serial": "S1", "name": "iPad 3", "model": "iPad 10", "holds_personal_data": true])
        func describe(_ facts: JSONValue) throws -> Reading {
            try devices.act("described", on: id, ["facts": facts])
        }
        let renamed = try describe(["name": "iPad 4"])
        #expect(renamed["name"] == "iPad 4" && renamed["serial"] == "S1")
        #expect(renamed["tag"] == "HW-1" && renamed["model"] == "iPad 10")
        #expect(renamed.json["holds_personal_data"] == true && renamed["kind"] == "tablet")
        let emptied = try describe(["model": .null, "holds_personal_data": false])
        #expect(emptied.status == 201 && emptied["model"] == nil)
        #expect(emptied.json["holds_personal_data"] == false && emptied["serial"] == "S1")
        #expect(
            try describe(["tag": .null, "serial": .null]).faults
                == ["/facts/tag": "known_by_nothing"])
        #expect(try Array(describe(["kind": .null]).faults.keys) == ["/facts/kind"])
        // So its management finds it again.
        let batch = try devices.register.as(.technician).post(
            "/v1/schools/\(school.id)/device-batches", ["rows": [["serial": "S1"]]])
        #expect(batch.json["unchanged"] == 1 && batch.json["added"] == 0, "\(batch.text)")
        #expect(try devices.list() == [id])
    }
}
