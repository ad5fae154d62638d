import FoundationEssentials
import JSON
import Postgres
import Testing

@testable import OnlineSafety

/// Whether somebody may have something, and if not, exactly why not.
@Suite struct `Asking the gate` {
    private let school = TestSchool.hawthorn

    /// The staff have agreed to nothing yet; what they must agree to opens a device.
    private func opened(
        _ said: [String: JSONValue] = [:]
    ) async throws -> (Register, template: String) {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T12:00:00Z")
        let template = try register.template("Staff", for: [["kind": "teacher"]])
        let usual: [String: JSONValue] = [
            "opens": ["device", "work_with_pupils"], "renewal": ["after_months": 12],
        ]
        _ = try register.publish(agreementText(usual.merging(said) { $1 }), of: template)
        return (register, template)
    }

    private func ask(
        _ visitor: Visitor, about person: UUID, for access: String = "device", on day: String = ""
    ) throws -> Reading {
        let asOf = day.isEmpty ? "" : "&as_of=\(day)"
        return try visitor.get("/v1/gate?person_id=\(person)&for=\(access)\(asOf)")
    }

    private func sign(_ template: String, as role: Role, _ register: Register) throws {
        let id = try register.issue(template, to: school.person(role).lowercased, by: role)
        let signed = try register.as(role).post("/v1/agreements/\(id)/signatures", signature())
        try #require(signed.status == 201, "\(signed.json)")
    }

    private func set(
        _ name: String, to value: String, from day: String = "2026-11-20", _ register: Register
    ) throws {
        try register.database.execute(
            """
            insert into setting (
                school_id, name, version, value, effective_on, set_by, set_by_name)
            select '\(school.id)', '\(name)', (select count(*) + 1 from setting), '\(value)',
                '\(day)', '\(school.account(.headteacher))', 'Headteacher'
            """)
    }

    @Test func `AGR-12, AGR-13: it opens when the agreement is signed, and says until when`()
        async throws
    {
        let (register, template) = try await opened()
        let me = school.person(.staff)
        let staff = register.as(.staff)
        for access in ["device", "work_with_pupils"] {
            let shut = try ask(staff, about: me, for: access)
            #expect(shut.status == 200 && shut.json["is_allowed"] == false)
            let reason = try #require(shut.json["reasons"]?[0])
            #expect(reason["code"] == "agreement_unsigned" && reason["is_shut"] == true)
            #expect(reason["template_id"] == .string(template) && reason["template"] == "Staff")
            #expect(reason["since"] == "2026-11-20" && reason["shuts_on"] == "2026-11-20")
            #expect(reason["opening"] != nil && reason["agreement_id"] == nil)
        }
        #expect(try ask(staff, about: me, for: "email").json["is_allowed"] == true)
        try sign(template, as: .staff, register)
        let open = try ask(staff, about: me)
        #expect(open.json["is_allowed"] == true && open["until"] == "2027-11-19")
        #expect(open.json["reasons"] == [])
        #expect(try ask(staff, about: me, on: "2027-11-19").json["is_allowed"] == true)
        let later = try ask(staff, about: me, on: "2027-11-20")
        #expect(later.json["is_allowed"] == false)
        #expect(later.json["reasons"]?[0]?["code"] == "agreement_lapsed")
        #expect(later.json["reasons"]?[0]?["since"] == "2027-11-20")
        #expect(try ask(staff, about: me, on: "2026-11-19").json["is_allowed"] == true)

        _ = try register.as(.dsl).post(
            "/v1/agreements/\(try ofMine(staff))/revocation", ["reason": "Lent to a friend"])
        let refused = try ask(staff, about: me)
        #expect(refused.json["reasons"]?[0]?["code"] == "agreement_refused")
    }

    private func ofMine(_ visitor: Visitor) throws -> String {
        try #require(try visitor.get("/v1/agreements").data.first?["id"]?.text)
    }

    @Test func `each is told only what is theirs to ask`() async throws {
        let (register, _) = try await opened()
        let colleague = school.person(.technician)
        let unknown = try ask(register.as(.staff), about: colleague)
        #expect(unknown.json["is_allowed"] == false && !unknown.keys.contains("school_id"))
        #expect(unknown.json["reasons"]?[0]?["code"] == "unknown_person")
        let nobody = try ask(register.as(.staff), about: UUID())
        #expect(
            nobody.text.replacing(nobody["person_id"] ?? "", with: "")
                == unknown.text.replacing(unknown["person_id"] ?? "", with: ""))
        #expect(try ask(register.as(.staff), about: school.pupil).json["is_allowed"] == true)
        for role in [Role.technician, .office, .dsl, .headteacher, .dpo] {
            let told = try ask(register.as(role), about: school.person(.staff))
            #expect(told.json["reasons"]?[0]?["code"] == "agreement_unsigned", "\(role)")
        }
        for role in [Role.governor, .chairOfGovernors, .trustViewer] {
            #expect(try ask(register.as(role), about: school.pupil).status == 403, "\(role)")
        }
        let elsewhere = try ask(
            register.as(.headteacher, at: .rosehip), about: school.person(.staff))
        #expect(elsewhere.json["reasons"]?[0]?["code"] == "unknown_person")
    }

    @Test func `AGR-21: whether each is current is told, by which version and until when`()
        async throws
    {
        let (register, template) = try await opened()
        try sign(template, as: .staff, register)
        let (signer, other) = (school.person(.staff), school.person(.technician))
        let question: JSONValue = [
            "person_ids": .array([other, signer, UUID()].map { .string($0.lowercased) })
        ]
        let askers = [
            try register.machine(.gateRead).signedIn(), register.as(.technician),
            register.as(.office),
        ]
        for asker in askers {
            let told = try asker.post("/v1/agreement-check", question)
            #expect(told.status == 200, "\(told.json)")
            #expect(
                told.data.map { $0["person_id"]?.text } == [other.lowercased, signer.lowercased])
            #expect(told.data.map { $0["is_current"] } == [false, true])
            #expect(told.data.map { $0["number"] } == [1, 1])
            #expect(told.data.map { $0["until"]?.text } == [nil, "2027-11-19"])
        }
        // In the grace of a newer version it holds by the one before; who is revoked is told alike.
        _ = try register.publish(agreementText(["title": "Second"]), of: template)
        let one = "/v1/agreement-check?person_id="
        let held = try #require(try register.as(.staff).get(one + signer.lowercased).data.first)
        #expect(held["is_current"] == true && held["number"] == 1)
        let id = try #require(
            try register.as(.office).get("/v1/people/\(signer.lowercased)/agreements").data.first?[
                "id"]?.text)
        let revoked = try register.as(.dsl).post(
            "/v1/agreements/\(id)/revocation", ["reason": "A breach"])
        #expect(revoked.status == 201, "\(revoked.json)")
        var told = try askers[0].get(one + signer.lowercased).text
        told = told.replacing(signer.lowercased, with: other.lowercased)
        #expect(try askers[0].get(one + other.lowercased).text == told)
        #expect(try register.as(.staff).get(one + other.lowercased).data.isEmpty)
        #expect(
            try register.as(.headteacher, at: .rosehip).get(one + signer.lowercased).data.isEmpty)
    }

    @Test func `a machine's client asks about many at once`() async throws {
        let (register, template) = try await opened()
        try sign(template, as: .staff, register)
        let client = try register.machine(.gateRead).signedIn()
        let people = [school.person(.technician), school.person(.staff), UUID(), school.pupil]
        let question: JSONValue = [
            "for": "device", "person_ids": .array(people.map { .string($0.lowercased) }),
        ]
        let told = try client.post("/v1/gate", question)
        #expect(told.status == 200)
        #expect(told.data.map { $0["is_allowed"] } == [false, true, false, true])
        #expect(told.data.map { $0["person_id"]?.text } == people.map(\.lowercased))
        #expect(told.data[1]["until"] == "2027-11-19")
        #expect(
            told.data.map { $0["reasons"]?[0]?["code"]?.text }
                == ["agreement_unsigned", nil, "unknown_person", nil])
        #expect(try register.database.entries().allSatisfy { $0.kind != "gate" })
        let narrow = try register.machine(.schoolsRead).signedIn()
        #expect(try narrow.post("/v1/gate", question).status == 403)
        let many: JSONValue = [
            "for": "device",
            "person_ids": .array((0..<2001).map { _ in .string(UUID().lowercased) }),
        ]
        #expect(try client.post("/v1/gate", many).faults == ["/person_ids": "too_many"])
    }

    @Test func `a school lets a reason off, only advises, or gives grace`() async throws {
        let (register, template) = try await opened()
        let (office, person) = (register.as(.office), school.person(.staff))
        try set("gate_agreement_unsigned_days", to: "10", register)
        let graced = try ask(office, about: person)
        #expect(graced.json["is_allowed"] == true && graced["until"] == "2026-11-29")
        #expect(graced.json["reasons"]?[0]?["is_shut"] == false)
        #expect(graced.json["reasons"]?[0]?["shuts_on"] == "2026-11-30")
        #expect(try ask(office, about: person, on: "2026-11-30").json["is_allowed"] == false)
        try set("gate_agreement_unsigned", to: "\"advise\"", register)
        let advised = try ask(office, about: person, on: "2027-06-01")
        #expect(advised.json["is_allowed"] == true && !advised.keys.contains("until"))
        #expect(advised.json["reasons"]?[0]?["shuts_on"] == nil)
        try set("gate_agreement_unsigned", to: "\"off\"", from: "2026-12-01", register)
        #expect(try ask(office, about: person, on: "2026-12-01").json["reasons"] == [])
        #expect(try ask(office, about: person).json["reasons"] != [])
        try set("gate_agreement_unsigned", to: "\"enforce\"", from: "2027-01-04", register)
        #expect(try ask(office, about: person, on: "2027-01-04").json["is_allowed"] == false)

        // What is asked for is one thing: another beside it would not be answered.
        let two = try office.get("/v1/gate?for=device,email&person_id=\(person)")
        #expect(two.status == 400 && two.faults == ["for": "repeated"])

        let off = try register.as(.dsl).put(
            "/v1/agreement-templates/\(template)/audience",
            ["entries": [], "from_on": "2027-01-05"], ["If-Match": "*"])
        #expect(off.status == 200)
        #expect(try ask(office, about: person, on: "2027-01-05").json["is_allowed"] == true)
    }

    @Test func `AGR-26: where pupils agree to nothing, nothing stands against them`()
        async throws
    {
        let (register, _) = try await opened()
        let told = try ask(register.as(.staff), about: school.pupil)
        #expect(told.json["is_allowed"] == true && told.json["reasons"] == [])
        let template = try register.template("Pupils", for: [["kind": "pupil"]])
        _ = try register.publish(
            agreementText(["signers": "pupil", "opens": ["device"]]), of: template)
        #expect(
            try ask(register.as(.staff), about: school.pupil).json["is_allowed"] == false)
        _ = try register.as(.dsl).put(
            "/v1/agreement-templates/\(template)/audience", ["entries": []], ["If-Match": "*"])
        #expect(
            try ask(register.as(.staff), about: school.pupil).json["is_allowed"] == true)
    }

    /// Section 25: a machine and a technician learn yes or no, staff their own.
    @Test func `a sanction is told to those who keep agreements, and to whom it concerns`()
        async throws
    {
        let (register, template) = try await opened()
        let (other, machine) = (school.person(.staff), try register.machine(.gateRead))
        try register.database.execute(
            """
            insert into person (school_id, id, kind, given_name, family_name)
            select school_id, '\(TestSchool.parent)', kind, 'Una', 'Signed'
            from person where id = '\(other)'
            """)
        // Of somebody else who has signed nothing, they are told the same.
        let unsigned = try #require(UUID(uuidString: TestSchool.parent))
        func told(_ visitor: Visitor, _ person: UUID) throws -> String {
            try ask(visitor, about: person).text.replacing(person.lowercased, with: "")
        }
        try sign(template, as: .staff, register)
        _ = try register.as(.dsl).post(
            "/v1/agreements/\(try ofMine(register.as(.staff)))/revocation",
            ["reason": "Lent to a friend"])
        for visitor in [
            try machine.signedIn(), register.as(.technician), register.as(.schoolAdministrator),
        ] {
            let answer = try told(visitor, other)
            #expect(answer.contains("\"is_allowed\":false") && !answer.contains("since"))
            #expect(try told(visitor, unsigned) == answer)
        }
        for visitor in [register.as(.office), register.as(.dpo), register.as(.staff)] {
            let reason = try ask(visitor, about: other).json["reasons"]?[0]
            #expect(reason?["code"] == "agreement_refused" && reason?["agreement_id"] != nil)
            #expect(reason?["since"] == "2026-11-20")
        }
        // While it does not shut yet, the day on which it will is everybody's to know.
        try set("gate_agreement_unsigned_days", to: "10", register)
        let soon = try ask(register.as(.technician), about: unsigned).json["reasons"]?[0]
        #expect(soon?["shuts_on"] == "2026-11-30" && soon?["is_shut"] == false)
    }

    @Test func `what no area has named shuts it as well`() async throws {
        let (register, _) = try await opened(["opens": .null])
        try register.database.execute(
            """
            create or replace function roster_at_the_gate(
                of_school uuid, of_people uuid[], to_have text, on_day date)
            returns table (person_id uuid, code text, since date, until date, about jsonb)
            language sql stable
            as 'select of_people[1], ''unheard_of'', on_day, null::date, null::jsonb'
            """)
        let told = try ask(register.as(.office), about: school.pupil).json
        #expect(told["is_allowed"] == false)
        #expect(told["reasons"]?[0]?["code"] == "ask_the_school")
    }

    @Test func `to a caller who may not ask it is shut for other areas`() async throws {
        let (register, _) = try await opened()
        let found = try register.database.owner().run(
            Gate.shut(for: ID(school.pupil), to: .device, at: ID(school.id)))
        #expect(found.count == 1 && found.text(0, "code") == "ask_the_school")
    }

    @Test func `AGR-14: an agreement that asserts another holds only with that`() async throws {
        let (register, tablet) = try await opened(["opens": .null])
        let general = try register.template("General", for: [["kind": "teacher"]])
        _ = try register.publish(
            agreementText(["opens": ["device"], "needs": [.string(tablet)]]), of: general)
        try sign(general, as: .staff, register)
        let (staff, me) = (register.as(.staff), school.person(.staff))
        let listed = try staff.get("/v1/agreements?template_id=\(general)").data[0]
        #expect(listed["state"] == "part_signed" && listed["is_current"] == false)
        #expect(try ask(staff, about: me).json["is_allowed"] == false)
        try sign(tablet, as: .staff, register)
        #expect(try ask(staff, about: me).json["is_allowed"] == true)
        #expect(try staff.get("/v1/agreements?template_id=\(general)").data[0]["state"] == "signed")
    }

    @Test func `many are each told as by itself, also where agreements assert others`()
        async throws
    {
        let (register, tablet) = try await opened(["opens": .null])
        let wider = try register.template("Wider", for: [["kind": "teacher"]])
        _ = try register.publish(
            agreementText(["opens": .null, "needs": [.string(tablet)]]), of: wider)
        let general = try register.template("General", for: [["kind": "teacher"]])
        _ = try register.publish(
            agreementText(["opens": ["device"], "needs": [.string(wider)]]), of: general)
        for template in [wider, general] { try sign(template, as: .staff, register) }
        let people = [school.pupil] + Role.allCases.map(school.person)
        let asker = register.as(.office)
        let question: JSONValue = [
            "for": "device", "person_ids": .array(people.map { .string($0.lowercased) }),
        ]
        for isSigned in [false, true] {
            if isSigned { try sign(tablet, as: .staff, register) }
            let told = try asker.post("/v1/gate", question).data
            #expect(told.count == people.count && told.count > 10)
            for (person, answer) in zip(people, told) {
                #expect(try ask(asker, about: person).json == answer)
                guard person == school.person(.staff) else { continue }
                #expect(answer["is_allowed"] == .bool(isSigned))
            }
        }
    }

    @Test func `who is not at the school has nothing there`() async throws {
        let (register, _) = try await opened(["opens": .null])
        try register.database.execute(
            """
            update person set joined_on = '2026-11-23', left_on = '2027-07-20'
            where id = '\(school.pupil)'
            """)
        let staff = register.as(.staff)
        for (day, isThere) in [
            ("2026-11-22", false), ("2026-11-23", true), ("2027-07-20", true),
            ("2027-07-21", false),
        ] {
            let told = try ask(staff, about: school.pupil, on: day)
            #expect(told.json["is_allowed"] == .bool(isThere), "\(day)")
            #expect(told.json["reasons"]?[0]?["code"] == (isThere ? nil : "not_on_roll"))
        }
        #expect(
            try ask(staff, about: school.pupil, on: "2027-07-01")["until"] == "2027-07-20")
    }
}
