import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// Devices come from the management that a school has of them, by serial number.
@Suite struct `Taking over devices` {
    private let school = TestSchool.hawthorn

    private func send(
        _ table: String, to devices: DevicesAtWork, as role: Role = .technician
    ) throws -> Reading {
        try devices.register.as(role).raw(
            "POST", "/v1/schools/\(school.id)/device-batches",
            [
                "Authorization": "Bearer \(school.token(role))", "Content-Type": "text/csv",
            ], Array(table.utf8))
    }

    private func outcomes(_ told: Reading) -> [String?] {
        guard case .array(let rows)? = told.json["rows"] else { return [] }
        return rows.map { $0["outcome"]?.text }
    }

    @Test(arguments: [
        "Serial Number,Device name,Asset tag,Model,Encrypted,Last check-in,OS version",
        "serialNumber;deviceName;annotatedAssetId;model;encryptionStatus;lastSync;osVersion",
    ])
    func `an export of a management is taken over, and the same again changes nothing`(
        heads: String
    ) async throws {
        let devices = try await DevicesAtWork.open()
        let rows = [
            "S1,iPad 1,HW-1,iPad 10,Yes,2026-11-19T08:00:00Z,18.1",
            "S2,Chromebook 4,HW-2,\"Acer, Chromebook 311\",No,18/11/2026 09:30,131",
        ]
        let text = ([heads] + rows).joined(separator: "\r\n")
        let other = text.replacing("\"Acer, Chromebook 311\"", with: "Acer Chromebook")
        let table =
            heads.contains(";") ? "\u{FEFF}" + other.replacing(",", with: ";") : text
        let told = try send(table, to: devices)
        #expect(told.status == 201, "\(told.text)")
        #expect(outcomes(told) == ["added", "added"] && told.json["rows"]?[0]?["row"] == 2)
        let first = try #require(try devices.list("known_by=s1").first)
        let read = try devices.read(first)
        #expect(read["kind"] == "tablet" && read["tag"] == "HW-1" && read["name"] == "iPad 1")
        #expect(read.json["reading"]?.sorted == ["age_days": 1, "is_encrypted": true])
        #expect(try devices.list("kind=chromebook&failing=not_encrypted").count == 1)
        let again = try send(table, to: devices)
        #expect(outcomes(again) == ["unchanged", "unchanged"])
        #expect(try devices.read(first).json.acts == ["registered", "read"])
    }

    @Test func `the tag and the serial number of what is retired are given to another`()
        async throws
    {
        let devices = try await DevicesAtWork.open()
        let facts: [String: JSONValue] = ["serial": "S1"]
        let old = try devices.device("HW-1", facts)
        #expect(
            try devices.entering("hw-1", facts).faults
                == ["/facts/tag": "tag_taken", "/facts/serial": "serial_taken"])
        #expect(try devices.act("retired", on: old, ["certified_by": "ACME"]).status == 201)
        let table = "Serial,Tag,Encrypted\nS2,HW-1,Yes\nS1,,Yes"
        #expect(try outcomes(send(table, to: devices)) == ["added", "refused"])
        #expect(try devices.entering("HW-1").faults == ["/facts/tag": "tag_taken"])
        // What was retired by a slip is entered anew, and known again from then on.
        let anew = try devices.device("HW-3", facts)
        #expect(try outcomes(send(table, to: devices)) == ["unchanged", "changed"])
        #expect(try devices.read(anew).json["reading"]?["is_encrypted"] == true)
        #expect(try devices.read(old).json.acts == ["registered", "retired"])
    }

    @Test func `what somebody entered here stays, and each bad row is told by itself`()
        async throws
    {
        let devices = try await DevicesAtWork.open()
        let ours = try devices.device("HW-1", ["serial": "S1", "name": "Class 2 iPad"])
        _ = try devices.act("read", on: ours, ["has_passcode": true, "on": "2026-11-10"])
        let held = try devices.device("HW-9", ["serial": "S9"])
        #expect(try devices.hold(held).status == 201)
        let retired = try devices.device("HW-6", ["serial": "S6"])
        _ = try devices.act("retired", on: retired, ["certified_by": "ACME"])
        let told = try send(
            """
            Serial,Name,Tag,Model,Encrypted,Last seen
            S1,DESKTOP-77,HW-OTHER,iPad 10,true,2026-11-19
            S2,,HW-1,,perhaps,2026-11-19
            S3,,HW-9,,,
            S9,New name,,,,
            S6,New name,,,true,
            ,No serial,,,,
            S1,,,,,
            S4,,,,,2026-12-01
            S5,one field too many,,,,,
            """, to: devices)
        #expect(told.status == 207, "\(told.text)")
        #expect(
            outcomes(told) == [
                "changed", "refused", "refused", "refused", "refused", "refused", "refused",
                "refused", "refused",
            ])
        guard case .array(let rows)? = told.json["rows"] else { return #expect(Bool(false)) }
        let codes = rows.map { row -> [String] in
            guard case .array(let errors)? = row["errors"] else { return [] }
            return errors.compactMap { $0["code"]?.text }
        }
        #expect(
            codes == [
                [], ["wrong_type"], ["tag_taken"], ["held"], ["is_retired"], ["required"],
                ["repeated"],
                ["in_the_future"], ["wrong_number_of_fields"],
            ])
        let read = try devices.read(ours)
        #expect(read["name"] == "Class 2 iPad" && read["tag"] == "HW-1")
        #expect(read["model"] == "iPad 10")
        #expect(
            read.json["reading"]?.sorted
                == ["age_days": 10, "has_passcode": true, "is_encrypted": true])
        #expect(read.json.acts == ["registered", "read", "described", "read"])
    }

    @Test func `a table without serial numbers is no table, and rows come as JSON, too`()
        async throws
    {
        let devices = try await DevicesAtWork.open()
        #expect(try send("Name,Tag\r\nx,y", to: devices).faults == ["/1": "missing_column"])
        #expect(try send("\r\n", to: devices).faults == ["": "empty_file"])
        #expect(
            try send("Serial,Serial Number\r\nx,y", to: devices).faults
                == ["/1": "repeated_column"])
        let path = "/v1/schools/\(school.id)/device-batches"
        let rows: JSONValue = ["rows": [["serial": "S1", "is_encrypted": true]]]
        for (role, status) in [(Role.office, 201), (.technician, 201), (.dsl, 403)] {
            #expect(try devices.register.as(role).post(path, rows).status == status, "\(role)")
        }
        #expect(
            try devices.register.as(.office).post(path, ["rows": [["tag": "T"]]]).faults
                == ["/rows/0/serial": "required"])
        let elsewhere = try devices.register.as(.technician).post(
            "/v1/schools/\(TestSchool.rosehip.id)/device-batches", rows)
        #expect(elsewhere.status == 404)
    }
}
