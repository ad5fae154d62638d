import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// What is only a dated entry, and what falls due of devices.
@Suite struct `Entries of devices` {
    private let school = TestSchool.hawthorn

    private func record(
        _ path: String, _ body: [String: JSONValue], in devices: DevicesAtWork,
        by role: Role = .headteacher
    ) throws -> Reading {
        try devices.register.as(role).post("/v1/\(path)", .of(body))
    }

    private var staff: JSONValue { .string(school.person(.staff).lowercased) }

    @Test func `DEV-05: who was given the wireless key, and never the key`() async throws {
        let devices = try await DevicesAtWork.open()
        let said: [String: JSONValue] = ["person_id": staff, "network": "Guests"]
        let issued = try record("wireless-key-issues", said, in: devices, by: .technician)
        #expect(issued.status == 201 && issued["recorded_by"] == "Technician")
        let key = said.merging(["for_what": "It is Xk29-ffe83-QQ"]) { $1 }
        #expect(
            try record("wireless-key-issues", key, in: devices, by: .technician).faults
                == ["/for_what": "looks_like_a_key"])
    }

    @Test func `DEV-14, DEV-35: apps by group, and phones for contact or that there are none`()
        async throws
    {
        let devices = try await DevicesAtWork.open()
        let app = try record(
            "device-apps",
            [
                "name": "Book Creator", "devices": "Tablets of Year 2",
                "authorised_by_id": staff, "records_learners": false,
            ], in: devices, by: .technician)
        #expect(app.status == 201, "\(app.text)")
        let none = try record("contact-phones", ["is_issued": false], in: devices)
        #expect(none.status == 201)
        #expect(
            try record("contact-phones", ["is_issued": true], in: devices).faults
                == ["/number": "required"])
    }

    /// 001, 002: an exception is arranged before the event, and a decision goes by it.
    @Test func `DEV-19: an exception is put down beforehand, by those who may agree`()
        async throws
    {
        let devices = try await DevicesAtWork.open()
        try devices.sets(
            "use-rules", ["rules": [["audiences": ["staff"], "answer": "with_permission"]]])
        func decision(_ place: String) throws -> String? {
            try devices.register.as(.office).get(
                "/v1/device-decisions?ownership=staff_owned&place=\(place)"
                    + "&person_id=\(school.person(.staff))")["decision"]
        }
        #expect(try decision("hall") == "no")
        var said: [String: JSONValue] = [
            "person_id": staff, "what": "Phone on", "why": "A relative is ill",
            "approver_id": .string(school.person(.dsl).lowercased), "places": ["hall"],
            "from_on": "2026-11-19",
        ]
        #expect(
            try record("device-exceptions", said, in: devices).faults
                == ["/from_on": "not_beforehand"])
        said["from_on"] = "2026-11-20"
        said["until_on"] = "2026-11-21"
        let arranged = try record("device-exceptions", said, in: devices)
        #expect(arranged.status == 201, "\(arranged.text)")
        #expect(try decision("hall") == "yes" && decision("classroom") == "no")
        #expect(
            try record("device-exceptions", said, in: devices, by: .staff).status == 403)
        said["approver_id"] = staff
        #expect(
            try record("device-exceptions", said, in: devices).faults
                == ["/approver_id": "not_in_such_a_post"])
        // What has begun is corrected, and not moved into the past.
        let head = devices.register.as(.headteacher)
        try devices.at("2026-11-22T09:00:00Z")
        let path = "/v1/device-exceptions/\(arranged.id)"
        let match = ["If-Match": "*"]
        #expect(try head.ask("PATCH", path, match, ["what": "Phone silent"]).status == 200)
        #expect(
            try head.ask("PATCH", path, match, ["from_on": "2026-11-18"]).faults
                == ["/from_on": "not_beforehand"])
        #expect(try decision("hall") == "no")
    }

    @Test func `DEV-20, DEV-21, DEV-29: what may not be is refused`() async throws {
        let devices = try await DevicesAtWork.open()
        var trip: [String: JSONValue] = [
            "person_id": staff, "trip": "Museum", "emergencies_only": true,
        ]
        #expect(try record("trip-phones", trip, in: devices, by: .staff).status == 201)
        trip["emergencies_only"] = false
        #expect(
            try record("trip-phones", trip, in: devices, by: .staff).faults
                == ["/emergencies_only": "not_permitted"])
        var fitter: [String: JSONValue] = [
            "contractor": "ACME", "device": "Tablet", "for_what": "Job sheets",
            "watched_by_id": staff, "captures_nobody": true,
        ]
        #expect(try record("contractor-devices", fitter, in: devices).status == 201)
        fitter["captures_nobody"] = false
        #expect(
            try record("contractor-devices", fitter, in: devices).faults
                == ["/captures_nobody": "not_permitted"])
        let images: [String: JSONValue] = [
            "device": "Her own phone", "is_schools": false, "session": "Assembly",
            "keeper_id": staff,
        ]
        #expect(
            try record("temporary-images", images, in: devices, by: .staff).faults
                == ["/is_schools": "not_permitted"])
    }

    @Test func `DEV-28, DEV-30: checks of equipment and of the report tool are listed`()
        async throws
    {
        let devices = try await DevicesAtWork.open()
        for (what, sound) in [
            ("videoconference", ["off_when_unused", "no_auto_answer"]),
            ("report_tool", ["tool_is_there", "tool_works"]),
        ] {
            let told = try record(
                "equipment-checks",
                [
                    "what": .string(what), "devices": "Chromebooks of Year 5",
                    "checked_by_id": staff, "sound": .array(sound.map { .string($0) }),
                ], in: devices, by: .technician)
            #expect(told.status == 201, "\(told.text)")
        }
        let found = try devices.register.as(.dsl).get("/v1/equipment-checks?what=report_tool")
        #expect(found.data.count == 1)
    }

    @Test func `DEV-24: a confiscated device is returned to somebody on a day`() async throws {
        let devices = try await DevicesAtWork.open()
        let said: [String: JSONValue] = [
            "person_id": .string(school.pupil.lowercased), "device": "A black phone",
            "taken_by_id": staff, "authority": "Behaviour policy", "kept_at": "The safe",
        ]
        let taken = try record("confiscations", said, in: devices, by: .office)
        #expect(taken.status == 201 && taken["person"] == "Robin Ash of Hawthorn")
        #expect(
            try record(
                "confiscations", said.merging(["returned_to": "Her mother"]) { $1 },
                in: devices, by: .office
            ).faults == ["/returned_on": "required"])
        for role in [Role.technician, .governor] {
            #expect(try devices.register.as(role).get("/v1/confiscations").status == 403)
        }
        #expect(try duties(devices) == ["confiscated_device_to_return"])
        // Staff say what they took, and read that alone, with what became of it.
        #expect(try devices.register.as(.staff).get("/v1/confiscations").data == [])
        #expect(try devices.register.as(.staff).get("/v1/confiscations/\(taken.id)").status == 404)
        let staffs = try record("confiscations", said, in: devices, by: .staff)
        #expect(staffs.status == 201 && staffs["person"] == "Robin Ash of Hawthorn")
        let path = "/v1/confiscations/\(staffs.id)"
        for (verb, more) in [("PATCH", ""), ("POST", "/withdrawal"), ("GET", "/versions")] {
            let told = try devices.register.as(.staff).ask(
                verb, path + more, ["If-Match": "*"], verb == "GET" ? nil : ["reason": "x"])
            #expect(told.status == 403, "\(verb) \(more)")
        }
        let returned = try devices.register.as(.office).ask(
            "PATCH", path, ["If-Match": "*"],
            ["returned_to": "Her father", "returned_on": "2026-11-20"])
        #expect(returned.status == 200, "\(returned.text)")
        let own = try devices.register.as(.staff).get("/v1/confiscations").data
        #expect(own.map { $0["id"]?.text } == [staffs.id])
        #expect(own.first?["returned_to"] == "Her father" && own.first?["etag"] == "\"2\"")
        let given = try devices.register.as(.office).ask(
            "PATCH", "/v1/confiscations/\(taken.id)", ["If-Match": "*"],
            ["returned_to": "Her mother", "returned_on": "2026-11-20"])
        #expect(given.status == 200, "\(given.text)")
        #expect(try duties(devices).isEmpty)
    }

    /// The kinds of what is due at the school, as the view tells them to whoever reads it all.
    private func duties(_ devices: DevicesAtWork) throws -> [String] {
        let found = try devices.register.database.owner().run(
            """
            select duty.kind from device_duty as duty
            where duty.school_id = \(school.id)
            order by duty.kind
            """)
        return (0..<found.count).compactMap { found.text($0, "kind") }
    }

    @Test func `what falls due is told until it is done, and nothing of what is held`()
        async throws
    {
        let devices = try await DevicesAtWork.open()
        #expect(try duties(devices).isEmpty)
        let tablet = try devices.device()
        _ = try devices.assign(tablet, to: school.person(.staff), ["until_on": "2027-07-20"])
        #expect(try duties(devices) == ["device_return_due"])
        _ = try devices.act(
            "taken_off_site", on: tablet, ["until_on": "2026-11-23", "duties_confirmed": true],
            by: .headteacher)
        _ = try devices.act("doubted", on: tablet, ["reason": "Slow"], by: .staff)
        let phone = try devices.declare(school.person(.staff))
        try devices.sets(setting: "device-posture-days", to: 30)
        let images = try record(
            "temporary-images",
            [
                "device": "HW-1", "is_schools": true, "session": "Assembly", "keeper_id": staff,
            ], in: devices, by: .staff)
        #expect(images.status == 201)
        #expect(
            try duties(devices) == [
                "device_doubted", "device_off_site_ends", "device_return_due", "device_to_read",
                "personal_device_to_decide", "temporary_images_to_move",
            ])
        #expect(try devices.hold(tablet).status == 201)
        // Whoever asks as the school is told nothing of what is held.
        let hidden = try devices.register.database.number(
            "select count(*) from device_hold_act where device_id = \(tablet)::text::uuid")
        #expect(hidden == 1)
        _ = try devices.hold(tablet, "released")
        _ = try devices.act("brought_back", on: tablet)
        _ = try devices.act("read", on: tablet, ["is_updated": true])
        _ = try devices.act("returned", on: tablet)
        _ = try devices.act("refused", on: phone, ["reason": "Not here"], by: .headteacher)
        #expect(try duties(devices) == ["device_to_read", "temporary_images_to_move"])
    }
}
