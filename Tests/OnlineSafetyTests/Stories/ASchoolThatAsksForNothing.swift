import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// Source 002: a school that works by what it teaches and by what the headteacher agrees to. It has
/// no pupil agreement, no matrix and no register of training; it switches off whatever can be.
@Suite struct `A school that asks for nothing` {
    private let school = TestSchool.hawthorn

    @Test func `is blocked by nothing, and nothing falls due there but what it began`()
        async throws
    {
        let register = try await Register.open()
        try register.database.execute(
            """
            update school set created_at = '2026-09-01T08:00:00Z';
            update person set created_at = '2026-09-01T08:00:00Z';
            update seat set from_on = '2026-09-01'
            """)
        try register.database.setClock("2026-11-20T12:00:00Z")
        // What was put to everybody before, and nobody has signed.
        let agreement = try register.template(
            "Acceptable use", for: [["kind": "teacher"], ["kind": "visitor"]])
        _ = try register.publish(
            agreementText(["opens": ["device", "network", "email"]]), of: agreement)
        let before = Set(try duties(register))
        #expect(
            before.isSuperset(of: [
                "agreement_to_sign", "governor_report_due", "review_to_plan", "training_due",
            ]))

        // Switched off, it stands in nobody's way, signed or not; put to nobody, it is no duty.
        try switchOff(register)
        #expect(Set(try duties(register)) == ["agreement_to_sign"])
        let visitor = try newcomer("visitor", register)
        for person in [school.person(.staff), school.pupil, visitor] {
            try isOpen(to: person, register)
        }
        try lends(register, to: visitor)
        let nobody = try register.as(.headteacher).put(
            "/v1/agreement-templates/\(agreement)/audience", ["entries": []], ["If-Match": "*"])
        #expect(nobody.status == 200, "\(nobody.json)")
        #expect(try duties(register) == [])
        try nobodyWaits(register)
        try permitsPhones(register)
        try appoints(register)
        try reports(register)
        #expect(try duties(register) == [])

        // A year later nothing has closed, and nobody is asked for anything.
        try register.database.setClock("2027-11-22T12:00:00Z")
        #expect(try duties(register) == [])
        for person in [school.person(.staff), school.pupil, visitor] {
            try isOpen(to: person, register)
        }
        // What it begins itself falls due: a policy is looked at again each year.
        try publishes(register)
        #expect(try duties(register) == ["policy_review_due"])
    }

    // MARK: - Switching off

    private func switchOff(_ register: Register) throws {
        let head = register.as(.headteacher)
        let own = "/v1/schools/\(school.id)"
        func put(_ path: String, _ body: JSONValue) throws {
            let set = try head.put(path, body, ["If-Match": "*"])
            try #require(set.status == 200, "\(path): \(set.json)")
        }
        let settings = try head.get("\(own)/settings").data
        let gate = settings.filter { $0.list("choices").contains("off") }
        #expect(gate.count > 6 && gate.allSatisfy { $0["name"]?.text?.hasPrefix("gate_") == true })
        for setting in gate {
            let address = try #require(setting["name"]?.text).replacing("_", with: "-")
            try put("\(own)/settings/\(address)", ["value": "off"])
        }
        try put("\(own)/settings/governor-reports-termly", ["value": false])
        for name in ["", "-staff", "-pupils"] {
            try put("\(own)/settings/device-lock-minutes\(name)", ["value": 0])
        }
        try put("\(own)/settings/duty-reminder-days", ["value": 0])
        try put("\(own)/settings/device-connect-days", ["value": 0])
        try put("\(own)/training-rules", ["rules": []])
        try put("\(own)/induction-rules", ["steps": [], "from_on": "2026-09-01"])
        for rule in try head.get("\(own)/review-rules").data {
            let kind = try #require(rule["kind"]?.text)
            try put("\(own)/review-rules/\(kind)", ["is_held": false, "responsible": []])
        }
        for rule in try head.get("/v1/consent-rules").data where rule["is_asked"] == true {
            let purpose = try #require(rule["purpose"]?.text)
            try put("\(own)/consent-rules/\(purpose)", ["is_asked": false])
        }
        try put(
            "\(own)/policy-rules",
            ["months": 12, "steps": [["name": "Agreed", "roles": ["headteacher"]]]])
    }

    // MARK: - The usual acts

    /// Nothing whatever stands at the gate, not even as advice; but that no child takes part in a
    /// videoconference unasked, and nobody reaches stored images of pupils who was not approved, is
    /// no school's to switch off.
    private func isOpen(to person: UUID, _ register: Register) throws {
        for access in OnlineSafety.Access.allCases {
            let told = try register.as(.office).get(
                "/v1/gate?person_id=\(person)&for=\(access.rawValue)")
            let isFilmed = access == .videoconference && person == school.pupil
            let reasons = told.json.list("reasons").compactMap { $0["code"]?.text }
            let shut =
                isFilmed
                ? ["videoconference_not_allowed"]
                : access == .pupilImages ? ["not_approved_for_images"] : []
            #expect(reasons == shut, "\(access)")
            #expect(told.json["is_allowed"] == .bool(shut.isEmpty), "\(access)")
        }
    }

    private func newcomer(_ kind: String, _ register: Register) throws -> UUID {
        let told = try register.as(.office).post(
            "/v1/people",
            [
                "school_id": .string(school.id.lowercased), "kind": .string(kind),
                "given_name": "Vera", "family_name": "Holt", "joined_on": "2026-11-20",
            ])
        try #require(told.status == 201, "\(told.json)")
        return try #require(UUID(uuidString: told.id))
    }

    /// A tablet of which nobody has read anything goes to a teacher, home and back, to somebody
    /// else, is lost and found, and goes out of use.
    private func lends(_ register: Register, to visitor: UUID) throws {
        let devices = DevicesAtWork(register: register)
        let tablet = try devices.device()
        let acts: [(String, [String: JSONValue], Role)] = [
            ("assigned", holder(school.person(.staff)), .technician),
            ("taken_off_site", ["until_on": "2026-11-23", "duties_confirmed": true], .headteacher),
            ("brought_back", [:], .staff), ("returned", [:], .technician),
            ("wiped", ["certified_by": "Technician"], .technician),
            ("assigned", holder(visitor), .seniorLeader),
            ("lost", ["reason": "On the bus", "data_may_be_exposed": false], .office),
            ("recovered", ["reason": "Handed in"], .office),
            ("wiped", ["certified_by": "Technician"], .technician),
            ("retired", ["certified_by": "Technician"], .technician),
        ]
        for (act, more, role) in acts {
            let told = try devices.act(act, on: tablet, more, by: role)
            #expect(told.status == 201, "\(act): \(told.json)")
        }
    }

    private func holder(_ person: UUID) -> [String: JSONValue] {
        ["person_id": .string(person.lowercased), "duties_confirmed": true]
    }

    /// Where and when phones may be used is no rule of the register's here: the headteacher agrees.
    private func permitsPhones(_ register: Register) throws {
        let devices = DevicesAtWork(register: register)
        for (owner, ownership) in [
            (school.person(.staff), "staff_owned"), (school.pupil, "student_owned"),
        ] {
            let phone = try devices.declare(owner, ["ownership": .string(ownership)])
            let permitted = try devices.act(
                "permitted", on: phone, ["network": "internet"], by: .headteacher)
            #expect(permitted.status == 201, "\(permitted.json)")
            let decided = try register.as(.technician).get(
                "/v1/device-decisions?device_id=\(phone)&person_id=\(owner)&place=staff_room")
            #expect(decided["decision"] == "yes" && decided["network"] == "internet")
        }
    }

    /// Nobody needs training for a post, and whoever has it is given access.
    private func appoints(_ register: Register) throws {
        let head = register.as(.headteacher)
        let appointed = try head.post(
            "/v1/schools/\(school.id)/posts",
            [
                "person_id": .string(school.person(.staff).lowercased),
                "role": "online_safety_coordinator", "from_on": "2026-11-20",
            ])
        #expect(appointed.status == 201, "\(appointed.json)")
        let system = try head.post(
            "/v1/access-systems",
            [
                "kind": "learning_platform", "name": "Dojo",
                "rules": [
                    "opens": "learning_platform", "kinds": ["teacher"],
                    "approvers": ["headteacher"], "is_in_use": true,
                ],
            ])
        try #require(system.status == 201, "\(system.json)")
        let asked = try register.as(.staff).post(
            "/v1/access-grants",
            [
                "system_id": .string(system.id),
                "person_id": .string(school.person(.staff).lowercased),
                "level": "Own class",
            ])
        try #require(asked.status == 201, "\(asked.json)")
        let approved = try head.post("/v1/access-grants/\(asked.id)/approval")
        #expect(approved.status == 201, "\(approved.json)")
        let active = try register.as(.technician).post("/v1/access-grants/\(asked.id)/activation")
        #expect(active.status == 201 && active["state"] == "active", "\(active.json)")
    }

    /// A concern is written down, and kept in the log.
    private func reports(_ register: Register) throws {
        let told = try register.as(.staff).report("A message that frightened her")
        #expect(told.status == 201)
        let logged = try register.as(.dsl).post(
            "/v1/incidents/\(told.id)/logging", JSON.value(of: Logged.example))
        #expect(logged.status == 201, "\(logged.json)")
    }

    private func publishes(_ register: Register) throws {
        let work = PolicyAtWork(register: register)
        let id = try work.write(by: .headteacher).id
        try work.act(.approved, on: id, by: .headteacher)
        let published = try work.act(.published, on: id, by: .headteacher)
        #expect(published["state"] == "in_force", "\(published.json)")
    }

    // MARK: - What is asked

    private func duties(_ register: Register) throws -> [String] {
        let told = try register.as(.headteacher).get("/v1/duties?limit=500")
        try #require(told.status == 200, "\(told.json)")
        return told.data.compactMap { $0["kind"]?.text }
    }

    /// In no post is there anything to do.
    private func nobodyWaits(_ register: Register) throws {
        for role in [Role].ofASchool where role != .temporaryStaff {
            let me = try register.as(role).get("/v1/me")
            #expect(me.json.list("to_do") == [], "\(role): \(me.json)")
        }
    }
}
