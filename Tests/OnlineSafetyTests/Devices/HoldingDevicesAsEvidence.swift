import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// A device that is kept as evidence (DEV-25): nothing is done with it, and nobody but those who
/// can order it learns more than that.
@Suite struct `Holding devices as evidence` {
    private let school = TestSchool.hawthorn

    /// What nobody but they may ever read of it.
    private static let secrets = ["Images were seen", "The safe", "43/9912", "Moved to the police"]

    private func held(_ devices: DevicesAtWork) throws -> String {
        let id = try devices.device("HW-7", ["name": "Class 4 laptop"])
        #expect(try devices.assign(id, to: school.person(.staff)).status == 201)
        let ordered = try devices.hold(id)
        try #require(ordered.status == 201, "\(ordered.text)")
        return id
    }

    @Test func `DEV-25: nothing else is done with it until they release it on advice`()
        async throws
    {
        let devices = try await DevicesAtWork.open()
        let id = try held(devices)
        #expect(try devices.hold(id).faults == ["": "held"])
        for (act, more, role) in [
            ("returned", [:], Role.technician), ("doubted", ["reason": "x"], .staff),
            ("read", ["is_updated": true], .technician),
            ("lost", ["reason": "x", "data_may_be_exposed": false], .office),
            ("taken_off_site", ["until_on": "2026-11-30", "duties_confirmed": true], .headteacher),
        ] as [(String, [String: JSONValue], Role)] {
            let told = try devices.act(act, on: id, more, by: role)
            #expect(told.status == 409 && told.faults == ["": "held"], "\(act): \(told.text)")
        }
        let moved = try devices.hold(
            id, "moved", ["reason": "Moved to the police"], by: .headteacher)
        #expect(moved.status == 201)
        #expect(
            try devices.hold(id, "released", ["agency": .null]).faults == ["/agency": "required"])
        for role in [Role.technician, .office, .seniorLeader, .staff] {
            #expect(try devices.hold(id, "released", by: role).status == 403, "\(role)")
        }
        let released = try devices.hold(id, "released", by: .deputyDSL)
        #expect(released.json["is_held"] == false)
        #expect(released.json.acts == ["ordered", "moved", "released"])
        #expect(try devices.hold(id, "moved").faults == ["": "not_held"])
        #expect(try devices.read(id)["state"] == "assigned")
        #expect(try devices.act("returned", on: id).status == 201)
        #expect(try devices.hold(id).status == 201)
    }

    @Test func `nobody else learns more than what it is, in no list, history, audit or error`()
        async throws
    {
        let devices = try await DevicesAtWork.open()
        let id = try held(devices)
        let shown: Set = [
            "id", "school_id", "kind", "ownership", "name", "tag", "state", "is_held",
            "registered_at", "is_personal",
        ]
        for role in [
            Role.technician, .office, .seniorLeader, .onlineSafetyCoordinator,
            .schoolAdministrator, .staff,
        ] {
            let read = try devices.read(id, as: role)
            #expect(read.keys == shown, "\(role): \(read.keys.subtracting(shown))")
            #expect(read["state"] == "held" && read.json["is_held"] == true)
            let query = "state=held,assigned&format=json"
            let list = try devices.register.as(role).get("/v1/devices?\(query)").data
            #expect(list.map { $0["id"] } == [.string(id)])
            // Nor by a filter: neither who had it, nor that it ever failed.
            for filter in [
                "holder_id=\(school.person(.staff).lowercased)", "is_failing=false",
                "state=assigned",
            ] { #expect(try devices.list(filter, as: role).isEmpty, "\(role) \(filter)") }
            #expect(try devices.register.as(role).get("/v1/devices/\(id)/hold").status == 403)
            for path in ["/v1/audit", "/v1/devices?format=csv", "/v1/me", "/v1/notices"] {
                let told = try devices.register.as(role).get(path)
                for secret in Self.secrets {
                    #expect(!told.text.contains(secret), "\(role) \(path)")
                }
                #expect(!told.text.contains("device_hold"), "\(role) \(path)")
            }
        }
        for role in [Role.dsl, .deputyDSL, .headteacher] {
            let read = try devices.read(id, as: role)
            #expect(read["state"] == "held")
            #expect(read["holder_id"] == school.person(.staff).lowercased, "\(role)")
            let hold = try devices.register.as(role).get("/v1/devices/\(id)/hold")
            #expect(hold.json["acts"]?[0]?["kept_at"] == "The safe")
        }
        let entries = try devices.register.database.entries()
        #expect(entries.contains { $0.deed == "opened" })
        // What was done with it before is told again once it is released, and of the hold nothing.
        #expect(try devices.hold(id, "released").status == 201)
        let after = try devices.read(id)
        #expect(after.json.acts == ["registered", "assigned"])
        for secret in Self.secrets { #expect(!after.text.contains(secret)) }
    }

    @Test func `whose device it is learns nothing of it, in whatever post`() async throws {
        let devices = try await DevicesAtWork.open()
        let id = try devices.device("HW-8")
        #expect(try devices.assign(id, to: school.person(.deputyDSL)).status == 201)
        #expect(try devices.hold(id, by: .deputyDSL).status == 403)
        #expect(try devices.hold(id, by: .headteacher).status == 201)
        let read = try devices.read(id, as: .deputyDSL)
        #expect(read.json["is_held"] == true && read["holder_id"] == nil)
        #expect(try devices.register.as(.deputyDSL).get("/v1/devices/\(id)/hold").status == 404)
        for act in ["moved", "released"] {
            #expect(try devices.hold(id, act, by: .deputyDSL).status == 403)
        }
        #expect(try devices.hold(id, "released", by: .dsl).status == 201)
    }

    @Test func `while its incident is held for an agency it is not released`() async throws {
        let devices = try await DevicesAtWork.open()
        let id = try devices.device("HW-9")
        let incident = try Case(devices.register)
        #expect(try incident.triage().status == 201)
        let ordered = try devices.hold(id, "ordered", ["incident_id": .string(incident.id)])
        #expect(ordered.status == 201, "\(ordered.text)")
        let agency = try incident.post(
            "agency-holds", ["agency": "police", "words": "Do not touch the laptop"])
        #expect(agency.status == 201, "\(agency.text)")
        #expect(try devices.hold(id, "released").faults == ["": "under_agency_hold"])
        let unknown = try devices.hold(
            try devices.device("HW-10"), "ordered",
            ["incident_id": .string(UUID().lowercased), "agency": "Police"])
        #expect(
            unknown.faults == ["/agency": "not_wanted", "/incident_id": "unknown_incident"])
    }

    /// A laptop of a class, which nobody has by themselves.
    @Test func `whom its incident is about learns nothing of it, nor to whom that is not open`()
        async throws
    {
        let devices = try await DevicesAtWork.open()
        let id = try devices.device("HW-7", ["ownership": "school_multiple"])
        #expect(try devices.act("assigned", on: id, ["room": "Year 4"]).status == 201)
        let incident = try devices.register.as(.staff).report(
            "Something", .staff, ("people", [Scene.alleged(.deputyDSL)])
        ).id
        let ordered = try devices.hold(
            id, "ordered", ["incident_id": .string(incident)], by: .headteacher)
        #expect(ordered.status == 201, "\(ordered.text)")
        #expect(try devices.hold(id, "moved", by: .headteacher).status == 201)
        for role in [Role.dsl, .deputyDSL, .headteacher] {
            let opens = try devices.register.as(role).get("/v1/incidents/\(incident)")
            let hold = try devices.register.as(role).get("/v1/devices/\(id)/hold")
            #expect(hold.status == opens.status, "\(role)")
            #expect(try devices.read(id, as: role).json["is_held"] == true)
            let audit = try devices.register.as(role).get("/v1/audit")
            #expect(audit.text.contains("device_hold_moved") == (opens.status == 200), "\(role)")
        }
        for act in ["ordered", "moved", "released"] {
            #expect(try devices.hold(id, act, by: .deputyDSL).status == 403, "\(act)")
        }
        let read = try devices.read(id, as: .deputyDSL)
        #expect(read["room"] == nil && read.json["acts"] == nil)
    }

    @Test func `who had it last learns nothing of it, and of what comes later what is theirs`()
        async throws
    {
        let devices = try await DevicesAtWork.open()
        let id = try devices.device("HW-8")
        #expect(try devices.assign(id, to: school.person(.deputyDSL)).status == 201)
        #expect(try devices.act("returned", on: id).status == 201)
        #expect(try devices.hold(id, by: .deputyDSL).status == 403)
        #expect(try devices.hold(id, by: .headteacher).status == 201)
        #expect(try devices.register.as(.deputyDSL).get("/v1/devices/\(id)/hold").status == 404)
        #expect(try devices.hold(id, "released", by: .headteacher).status == 201)
        // Another has it now: what is done next comes after what they may not know of.
        #expect(try devices.act("wiped", on: id, ["certified_by": "Technician"]).status == 201)
        #expect(try devices.assign(id, to: school.person(.staff)).status == 201)
        // Nothing of theirs is left on it, also before another has it.
        let spare = try devices.device("HW-9")
        #expect(try devices.assign(spare, to: school.person(.deputyDSL)).status == 201)
        #expect(try devices.act("returned", on: spare).status == 201)
        #expect(try devices.act("wiped", on: spare, ["certified_by": "ACME"]).status == 201)
        #expect(try devices.hold(spare, by: .deputyDSL).status == 201)
        let later = try devices.hold(id, by: .deputyDSL)
        #expect(later.status == 201, "\(later.text)")
        #expect(later.json.acts == ["ordered"])
        let whole = try devices.register.as(.headteacher).get("/v1/devices/\(id)/hold")
        #expect(whole.json.acts == ["ordered", "released", "ordered"])
    }

    /// Taken from a pupil, and then kept as evidence.
    @Test func `DEV-24, DEV-25: what was confiscated is not given back while it is held`()
        async throws
    {
        let devices = try await DevicesAtWork.open()
        let phone = try devices.declare(school.pupil, ["ownership": "student_owned"])
        let said: [String: JSONValue] = [
            "person_id": .string(school.pupil.lowercased), "device": "A black phone",
            "device_id": .string(phone), "authority": "Behaviour policy", "kept_at": "The safe",
            "taken_by_id": .string(school.person(.staff).lowercased),
        ]
        let back: JSONValue = ["returned_to": "Her mother", "returned_on": "2026-11-20"]
        let office = devices.register.as(.office)
        func due() throws -> Int {
            try office.get("/v1/duties?kind=confiscated_device_to_return").data.count
        }
        let unknown = said.merging(["device_id": .string(UUID().lowercased)]) { $1 }
        #expect(
            try office.post("/v1/confiscations", .of(unknown)).faults
                == ["/device_id": "unknown_device"])
        let taken = try office.post("/v1/confiscations", .of(said))
        #expect(taken.status == 201 && taken["device_id"]?.lowercased() == phone, "\(taken.text)")
        func correct(_ change: JSONValue) throws -> Reading {
            try office.ask("PATCH", "/v1/confiscations/\(taken.id)", ["If-Match": "*"], change)
        }
        #expect(try due() == 1)
        #expect(try devices.hold(phone).status == 201)
        #expect(try due() == 0)
        let told = try correct(back)
        #expect(told.status == 409 && told.faults == ["/returned_on": "held"])
        #expect(
            try correct(
                ["returned_to": "Her mother", "returned_on": "2026-11-20", "device_id": .null]
            ).faults == ["/returned_on": "held", "/device_id": "held"])
        #expect(try correct(["device_id": .null]).faults == ["/device_id": "held"])
        #expect(
            try office.post(
                "/v1/confiscations",
                .of(
                    said.merging(["returned_to": "Her mother", "returned_on": "2026-11-20"]) {
                        $1
                    })
            ).faults == ["/returned_on": "held"])
        #expect(try correct(["kept_at": "The DSL's safe"]).status == 200)
        #expect(try devices.hold(phone, "released").status == 201)
        #expect(try due() == 1)
        let returned = try correct(back)
        #expect(returned.status == 200, "\(returned.text)")
        #expect(try due() == 0)
    }

    @Test func `technicians are told which is held and that it is no more, and nothing else`()
        async throws
    {
        let devices = try await DevicesAtWork.open()
        let id = try held(devices)
        func told(_ role: Role) throws -> Set<String> {
            let notices = try devices.register.as(role).get("/v1/notices").data
            #expect(notices.allSatisfy { $0["link"] == nil })
            return Set(
                notices.map { notice in
                    ["kind", "urgency", "reference"].compactMap { notice[$0]?.text }
                        .joined(separator: " ")
                })
        }
        #expect(try told(.technician) == ["device_held urgent HW-7"])
        #expect(try devices.hold(id, "moved").status == 201)
        #expect(try told(.technician).count == 1)
        #expect(try devices.hold(id, "released").status == 201)
        #expect(
            try told(.technician)
                == ["device_held urgent HW-7", "device_released normal HW-7"])
        for role in [Role.staff, .office, .seniorLeader] { #expect(try told(role).isEmpty) }
        // What is somebody's own may be called after them.
        let phone = try devices.declare(
            school.pupil, ["ownership": "student_owned", "tag": "Robin", "serial": "Ash"])
        #expect(try devices.hold(phone).status == 201)
        #expect(
            try told(.technician).contains("device_held urgent \(phone.suffix(8).uppercased())"))
        // Whose it is is not told, in whatever post.
        let own = try devices.device("HW-9")
        #expect(try devices.assign(own, to: school.person(.technician)).status == 201)
        #expect(try devices.hold(own).status == 201)
        #expect(try told(.technician).count == 3)
    }
}
