import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// Whoever acts learns beforehand what belongs to each act and which are open to them, and
/// afterwards all that was wrong, at once.
@Suite struct `What an act needs` {
    private let school = TestSchool.hawthorn

    /// The vocabulary, the contract and the refusal say the same of every act of every list.
    @Test(arguments: [
        ("device_acts", "DeviceActSaid"), ("device_hold_acts", "DeviceHoldActSaid"),
        ("review_acts", "ReviewActSaid"), ("planned_action_acts", "PlannedActionActSaid"),
        ("policy_acts", "PolicyActSaid"),
    ])
    func `each act names its fields, and is refused for those that are missing`(
        list: String, schema: String
    ) async throws {
        let devices = try await DevicesAtWork.open()
        let nobody = devices.register.nobody
        let acts = try nobody.get("/v1/vocabularies").json.list(list)
        #expect(acts.count > 2)
        let contract = try nobody.get("/v1/openapi.json").json
        let properties = contract["components"]?["schemas"]?[schema]?["properties"]
        let words = properties?["act"]?["description"]?.text ?? ""
        guard case .object(let fields)? = properties else { return #expect(Bool(false)) }
        let names = Set(fields.members.map(\.name)).subtracting(["act"])
        var taken: Set<String> = []
        for act in acts {
            let needs = act.list("needs").compactMap(\.text)
            let takes = act.list("takes").compactMap(\.text)
            let code = try #require(act["code"]?.text)
            let line = try #require(
                words.split(separator: "\n").first { $0.hasPrefix("- `\(code)`") }, "\(code)")
            for name in needs + takes {
                #expect(line.contains("`\(name)`") && names.contains(name), "\(code) \(name)")
            }
            #expect(Set(needs).isDisjoint(with: takes))
            taken.formUnion(needs + takes)
        }
        // No field goes with no act.
        #expect(taken == names)
    }

    @Test func `every device act that lacks what it needs is refused for just that`() async throws {
        let devices = try await DevicesAtWork.open()
        let id = try devices.device()
        let acts = try devices.register.nobody.get("/v1/vocabularies").json.list("device_acts")
        for act in acts {
            let code = try #require(act["code"]?.text)
            let needs = act.list("needs").compactMap(\.text)
            guard !needs.isEmpty else { continue }
            let by: Role =
                ["taken_off_site", "permitted", "refused", "withdrawn"].contains(code)
                ? .headteacher : .technician
            let told = try devices.act(code, on: id, ["kept_where_not": 1], by: by)
            #expect(told.faults == ["/kept_where_not": "unknown_field"])
            let lacking = try devices.act(code, on: id, by: by)
            #expect(lacking.status == 422, "\(code) \(lacking.text)")
            #expect(
                Set(needs.map { "/\($0)" }).isSubset(of: lacking.faults.keys)
                    && lacking.faults.values.allSatisfy { $0 == "required" }, "\(code)")
        }
    }

    @Test func `all that is wrong with an act is told at once, whoever finds it`() async throws {
        let devices = try await DevicesAtWork.open()
        let id = try devices.device()
        let told = try devices.act(
            "assigned", on: id,
            [
                "on": "2027-01-01", "until_on": "2099-01-01", "reason": "Why",
                "person_id": .string(UUID().lowercased),
            ])
        #expect(told.status == 422)
        #expect(
            told.faults == [
                "/reason": "not_wanted", "/duties_confirmed": "duties_unconfirmed",
                "/on": "out_of_range", "/until_on": "out_of_range",
                "/person_id": "unknown_person",
            ])
        let issued = try devices.register.as(.technician).post(
            "/v1/device-issues",
            [
                "person_id": .string(UUID().lowercased), "until_on": "2099-01-01",
                "device_ids": [.string(id), .string(Scene.missing), .string(id)],
                "duties_confirmed": false,
            ])
        #expect(
            issued.faults == [
                "/device_ids/1": "unknown_device", "/device_ids/2": "repeated",
                "/duties_confirmed": "duties_unconfirmed", "/until_on": "out_of_range",
                "/person_id": "unknown_person",
            ])
        let held = try devices.hold(id, "ordered", ["incident_id": .string(Scene.missing)])
        #expect(held.faults == ["/incident_id": "unknown_incident"])
        let faulty = try devices.hold(
            id, "ordered", ["incident_id": .string(Scene.missing), "agency": "Police"])
        #expect(
            faulty.faults == ["/incident_id": "unknown_incident", "/agency": "not_wanted"])
    }

    /// Each of a pile is looked at, and who would have them, whatever is wrong with another.
    @Test func `all that is wrong with a pile is told at once, each thing by its place`()
        async throws
    {
        let devices = try await DevicesAtWork.open()
        let ids = try [devices.device("HW-1"), devices.device("HW-2")]
        let other = try devices.register.keepDevice(at: .rosehip)
        try devices.register.seat(.office, for: .seniorLeader, at: .rosehip)
        func issue(_ ids: [String], _ more: [String: JSONValue] = [:]) throws -> Reading {
            let said: [String: JSONValue] = [
                "person_id": .string(school.person(.staff).lowercased),
                "device_ids": .array(ids.map { .string($0) }), "duties_confirmed": true,
            ]
            return try devices.register.as(.seniorLeader).post(
                "/v1/device-issues", .of(said.merging(more) { $1 }))
        }
        for id in ids { #expect(try devices.hold(id).status == 201) }
        #expect(
            try issue(ids).faults == ["/device_ids/0": "held", "/device_ids/1": "held"])
        let faulty = try issue(
            ids, ["until_on": "2099-01-01", "person_id": .string(Scene.missing)])
        #expect(faulty.status == 422)
        #expect(faulty.faults == ["/until_on": "out_of_range", "/person_id": "unknown_person"])
        // Of another school, where they look after devices and give none to anybody.
        #expect(try devices.hold(ids[1], "released").status == 201)
        let mixed = try issue([Scene.missing, ids[1], other], ["until_on": "2099-01-01"])
        #expect(mixed.status == 422)
        #expect(
            mixed.faults == [
                "/device_ids/0": "unknown_device", "/device_ids/2": "unknown_device",
                "/until_on": "out_of_range",
            ])
    }

    @Test func `all that stands against it likewise, with how it stands and must`() async throws {
        let devices = try await DevicesAtWork.open()
        let id = try devices.device()
        #expect(try devices.assign(id, to: school.person(.staff)).status == 201)
        #expect(try devices.act("read", on: id, ["is_updated": false]).status == 201)
        let again = try devices.assign(id, to: school.person(.dsl))
        #expect(again.status == 409 && again.codes == ["wrong_state", "not_updated"])
        #expect(
            again.json["errors"]?[0]?["detail"]
                == "It stands as `assigned`, and must stand as `registered`")
        let retired = try devices.act("retired", on: id, ["certified_by": "ACME"])
        #expect(
            retired.json["errors"]?[0]?["detail"]?.text
                == "It stands as `assigned`, and must stand as `registered`, `lost`, `stolen` or "
                + "`damaged`")
    }

    @Test func `what may be done is what the caller is let do, act by act`() async throws {
        let devices = try await DevicesAtWork.open()
        let id = try devices.device()
        func may(_ role: Role) throws -> [String] {
            try devices.read(id, as: role).json.list("may_do").compactMap(\.text)
        }
        #expect(
            try may(.technician) == [
                "described", "assigned", "lost", "stolen", "damaged", "retired", "scanned",
                "profiled", "read", "doubted",
            ])
        #expect(try devices.assign(id, to: school.person(.staff)).status == 201)
        #expect(try may(.staff) == ["lost", "stolen", "damaged", "scanned", "doubted"])
        #expect(try may(.headteacher) == ["taken_off_site", "doubted"])
        #expect(try may(.dsl) == ["doubted"])
        let listed = try devices.register.as(.dsl).get("/v1/devices").data
        #expect(listed.count == 1 && listed[0]["may_do"] == nil)
        #expect(try devices.hold(id).json.list("may_do") == ["moved", "released"])
        #expect(try may(.dsl) == [] && may(.technician) == [])
        #expect(try devices.hold(id, "released").json.list("may_do") == ["ordered"])
        // A pupil's phone is handed in, and then collected.
        try devices.sets(setting: "device-hand-in-year", to: 1)
        let phone = try devices.declare(
            school.pupil, ["ownership": "student_owned", "may_walk_alone": "By letter"])
        func day() throws -> [String] {
            try devices.read(phone, as: .office).json.list("may_do").compactMap(\.text)
                .filter { ["handed_in", "collected"].contains($0) }
        }
        #expect(try day() == ["handed_in"])
        #expect(try devices.act("handed_in", on: phone, by: .office).status == 201)
        #expect(try day() == ["collected"])
    }

    @Test func `whoever may register nothing is told so, whatever they send`() async throws {
        let devices = try await DevicesAtWork.open()
        for role in [Role.staff, .governor, .dsl, .seniorLeader] {
            #expect(try devices.entering("HW-9", by: role).status == 403, "\(role)")
        }
        for owner in [school.person(.staff), UUID()] {
            let told = try devices.declaring(owner, by: .governor)
            #expect(told.status == 403, "\(told.text)")
        }
        let unknown = try devices.declaring(UUID(), by: .staff)
        #expect(unknown.faults == ["/owner_id": "unknown_person"])
        let own = try devices.declaring(school.person(.governor), by: .governor)
        #expect(own.status == 201, "\(own.text)")
    }
}
