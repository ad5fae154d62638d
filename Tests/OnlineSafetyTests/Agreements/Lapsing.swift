import FoundationEssentials
import JSON
import Postgres
import Testing

@testable import OnlineSafety

/// Since when something is owed, until when what was signed holds, and what takes its place (24.2,
/// 24.3).
@Suite struct `What holds, and until when` {
    private let school = TestSchool.hawthorn

    private func standing(
        _ register: Register, of person: UUID, _ template: String
    ) throws -> JSONValue? {
        try register.as(.office).get(
            "/v1/agreements?person_id=\(person)&template_id=\(template)"
        ).data.first
    }

    private func sign(
        _ register: Register, _ template: String, as role: Role = .staff
    ) throws -> String {
        let id = try register.issue(template, to: school.person(role).lowercased, by: role)
        let signed = try register.as(role).post("/v1/agreements/\(id)/signatures", signature())
        try #require(signed.status == 201, "\(signed.json)")
        return id
    }

    private func signForPupil(_ register: Register, _ template: String) throws -> String {
        let id = try register.issue(template, to: school.pupil.lowercased)
        let signed = try register.as(.office).post(
            "/v1/agreements/\(id)/signatures",
            signature(["full_name": "Robin Ash", "attestations": .null, "kept_at": "Office"]))
        try #require(signed.status == 201, "\(signed.json)")
        return id
    }

    private static let pupils: [String: JSONValue] = ["signers": "pupil", "attestations": .null]

    @Test(arguments: ["2026-06-01", "2026-09-01"])
    func `a version withdrawn before it was in force for a day leaves the one before it`(
        day: String
    ) async throws {
        let register = try await Register.open()
        try register.database.setClock("2026-06-01T12:00:00Z")
        let template = try register.template("Staff", for: [["kind": "teacher"]])
        let first = try register.publish(agreementText(), of: template)
        _ = try sign(register, template)
        let next = try register.publish(
            agreementText(["title": "For September"]), of: template, from: "2026-09-01")
        try register.database.setClock("\(day)T13:00:00Z")
        let withdrawn = try register.as(.headteacher).post(
            "/v1/agreement-versions/\(next)/withdrawal", ["reason": "The governors want another"])
        #expect(withdrawn.status == 201, "\(withdrawn.json)")
        try register.database.setClock("2026-09-02T12:00:00Z")
        let version = try register.as(.staff).get("/v1/agreement-versions/\(first)")
        #expect(version["state"] == "published")
        let found = try #require(try standing(register, of: school.person(.staff), template))
        #expect(found["version_id"]?.text == first && found["is_current"] == true)
        let others = try standing(register, of: school.person(.dsl), template)
        #expect(others?["state"] == "owed" && others?["is_current"] == false)
    }

    @Test func `the grace of a new version begins once, and covers no revocation`() async throws {
        let register = try await Register.open()
        try register.database.setClock("2026-06-01T12:00:00Z")
        let template = try register.template("Staff", for: [["kind": "teacher"]])
        _ = try register.publish(agreementText(), of: template)
        let old = try sign(register, template)
        _ = try sign(register, template, as: .technician)
        try register.database.setClock("2026-07-01T12:00:00Z")
        _ = try register.publish(agreementText(["title": "Second"]), of: template)
        let me = school.person(.staff)
        #expect(try standing(register, of: me, template)?["is_current"] == true)
        #expect(try standing(register, of: me, template)?["current_until"] == "2026-07-14")
        let held = try register.as(.staff).get("/v1/agreements/\(old)").json
        #expect(held["state"] == "superseded" && held["is_current"] == true)
        // In the grace too it can be revoked, and what is issued anew does not bring it back.
        let revoked = try register.as(.dsl).post(
            "/v1/agreements/\(old)/revocation", ["reason": "A breach"])
        #expect(revoked.status == 201, "\(revoked.json)")
        #expect(try standing(register, of: me, template)?["is_current"] == false)
        _ = try register.issue(template, to: me.lowercased, by: .dsl)
        #expect(try standing(register, of: me, template)?["is_current"] == false)

        try register.database.setClock("2026-07-15T12:00:00Z")
        let technician = school.person(.technician)
        #expect(try standing(register, of: technician, template)?["is_current"] == false)
        _ = try register.publish(agreementText(["title": "Third"]), of: template)
        #expect(try standing(register, of: technician, template)?["is_current"] == false)
    }

    @Test func `whoever was revoked does not put it before themselves again`() async throws {
        let register = try await Register.open()
        let template = try register.template("Staff", for: [["kind": "teacher"]])
        _ = try register.publish(agreementText(), of: template)
        let id = try sign(register, template)
        _ = try register.as(.dsl).post("/v1/agreements/\(id)/revocation", ["reason": "A breach"])
        let again: JSONValue = [
            "person_id": .string(school.person(.staff).lowercased),
            "template_id": .string(template),
        ]
        #expect(try register.as(.staff).post("/v1/agreements", again).status == 403)
        #expect(try register.as(.office).post("/v1/agreements", again).status == 403)
        let run = try register.as(.office).post(
            "/v1/agreement-campaigns",
            [
                "template_id": .string(template), "name": "All", "due_on": "2027-01-31",
                "kinds": ["teacher"],
            ])
        #expect(run.status == 201, "\(run.json)")
        let before = try standing(register, of: school.person(.staff), template)
        #expect(before?["state"] == "revoked")
        #expect(try register.as(.headteacher).post("/v1/agreements", again).status == 201)
        let after = try standing(register, of: school.person(.staff), template)
        #expect(after?["state"] == "issued")
    }

    @Test func `what ends on entering a year stays ended`() async throws {
        let register = try await Register.open()
        try register.database.setClock("2026-06-01T12:00:00Z")
        let template = try register.template("Home and school", for: [["kind": "pupil"]])
        _ = try register.publish(
            agreementText(Self.pupils.merging(["renewal": ["on_entering": ["n1", "r"]]]) { $1 }),
            of: template)
        func goUp(to year: String, _ day: String) throws {
            try register.database.setClock("\(day)T12:00:00Z")
            try register.database.execute(
                "update person set year_group = '\(year)' where id = '\(school.pupil)'")
        }
        try goUp(to: "n2", "2026-06-02")
        let id = try signForPupil(register, template)
        let signed = try standing(register, of: school.pupil, template)
        #expect(signed?["is_current"] == true && signed?["current_until"] == "2026-08-31")
        for (year, day) in [("r", "2026-09-01"), ("1", "2027-09-01"), ("2", "2028-09-01")] {
            try goUp(to: year, day)
            let found = try standing(register, of: school.pupil, template)
            #expect(found?["state"] == "expired" && found?["is_current"] == false, "\(year)")
            #expect(found?["since"] == "2026-09-01")
        }
        #expect(try register.as(.office).get("/v1/agreements/\(id)")["state"] == "expired")
        _ = try signForPupil(register, template)
        #expect(try register.as(.office).get("/v1/agreements/\(id)")["state"] == "expired")
        let anew = try standing(register, of: school.pupil, template)
        #expect(anew?["is_current"] == true && anew?["current_until"] == nil)
    }

    /// Else the whole roster that an MIS tells without such days is overdue as it arrives.
    @Test(arguments: [nil, "2026-09-01"])
    func `whoever has no day of joining owes it from the day the register has known them`(
        joined: String?
    ) async throws {
        let register = try await Register.open()
        try register.database.setClock("2026-06-01T12:00:00Z")
        let template = try register.template("Pupils", for: [["kind": "pupil"]])
        _ = try register.publish(
            agreementText(Self.pupils.merging(["due_days": 14]) { $1 }), of: template)
        try register.database.setClock("2026-11-20T12:00:00Z")
        let told = try register.as(.office).roster([
            row("P1", "pupil", "Kim", "Oak", joined.map { [("joined_on", .string($0))] } ?? [])
        ])
        #expect(told.status == 201, "\(told.text)")
        let id = try #require(try register.as(.office).known("P1")?["id"]?.text)
        let person = try #require(UUID(uuidString: id))
        try register.database.setClock("2026-11-25T12:00:00Z")
        let owed = try #require(try standing(register, of: person, template))
        #expect(owed["since"]?.text == joined ?? "2026-11-20")
        #expect(owed["due_on"] == (joined == nil ? "2026-12-04" : "2026-09-15"))
        #expect(owed["is_overdue"] == .bool(joined != nil))
    }

    @Test func `what was never signed is owed since the day it was put, and not since September`()
        async throws
    {
        let register = try await Register.open()
        try register.database.setClock("2026-05-01T12:00:00Z")
        let template = try register.template("Staff", for: [["kind": "teacher"]])
        _ = try register.publish(
            agreementText(["renewal": ["each_school_year": true], "due_days": 7]), of: template)
        try register.database.setClock("2026-10-01T12:00:00Z")
        let found = try standing(register, of: school.person(.staff), template)
        #expect(found?["since"] == "2026-05-01" && found?["due_on"] == "2026-05-08")
        #expect(found?["is_overdue"] == true)
    }

    @Test func `a pupil who goes up a phase owes its rules from then, with grace`() async throws {
        let register = try await Register.open()
        try register.database.setClock("2026-05-01T12:00:00Z")
        let infants = try register.template(
            "Infants", for: [["kind": "pupil", "phases": ["eyfs", "key_stage_1"]]])
        let juniors = try register.template(
            "Juniors", for: [["kind": "pupil", "phases": ["key_stage_2"]]])
        for template in [infants, juniors] {
            _ = try register.publish(agreementText(Self.pupils), of: template)
        }
        try register.database.execute(
            "update person set year_group = '2' where id = '\(school.pupil)'")
        _ = try signForPupil(register, infants)
        try register.database.setClock("2026-09-01T12:00:00Z")
        try register.database.execute(
            "update person set year_group = '3' where id = '\(school.pupil)'")
        let owed = try standing(register, of: school.pupil, juniors)
        #expect(owed?["state"] == "owed" && owed?["since"] == "2026-09-01")
        #expect(owed?["is_current"] == true && owed?["current_until"] == "2026-09-14")
        #expect(try standing(register, of: school.pupil, infants) == nil)
        try register.database.setClock("2026-09-15T12:00:00Z")
        #expect(try standing(register, of: school.pupil, juniors)?["is_current"] == false)

        // Whoever had signed nothing has nothing that holds on.
        try register.database.setClock("2026-09-01T12:00:00Z")
        let other = try register.person("pupil", nil)
        try register.database.execute(
            "update person set year_group = '3' where id = '\(other)'")
        let others = try register.as(.office).get(
            "/v1/agreements?person_id=\(other)&template_id=\(juniors)"
        ).data.first
        #expect(others?["is_current"] == false)
    }

    @Test func `whoever joins next week can sign before their first day`() async throws {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T12:00:00Z")
        let template = try register.template("Staff", for: [["kind": "teacher"]])
        _ = try register.publish(agreementText(["due_days": 3]), of: template)
        let joiner = try register.person("teacher", nil)
        try register.database.execute(
            "update person set joined_on = '2026-11-30' where id = '\(joiner)'")
        let office = register.as(.office)
        let owed = try office.get("/v1/agreements?person_id=\(joiner)").data.first
        #expect(owed?["since"] == "2026-11-30" && owed?["due_on"] == "2026-12-03")
        let before = try office.get("/v1/agreement-completion?by=kind").data.first?["put_to"]
        let id = try register.issue(template, to: joiner)
        let signed = try office.post(
            "/v1/agreements/\(id)/signatures", signature(["kept_at": "Office"]))
        #expect(signed.status == 201 && signed.json["is_current"] == true, "\(signed.json)")
        #expect(
            try office.get("/v1/agreement-completion?by=kind").data.first?["put_to"] == before)
        try register.database.setClock("2026-11-30T12:00:00Z")
        #expect(try office.get("/v1/agreements/\(id)").json["is_current"] == true)
    }

    @Test func `a sheet that is only given is not signed, and waits for nobody`() async throws {
        let register = try await Register.open()
        let template = try register.template("Guide", for: [["kind": "teacher"]])
        _ = try register.publish(
            agreementText(["form": "information", "attestations": .null]), of: template)
        let staff = register.as(.staff)
        let id = try register.issue(template, to: school.person(.staff).lowercased)
        for said in [
            signature(["attestations": .null]),
            signature(["attestations": .null, "kept_at": "Office"]),
        ] {
            let told = try staff.post("/v1/agreements/\(id)/signatures", said)
            #expect(told.status == 422 && told.faults["/how"] == "not_so", "\(told.json)")
        }
        let waiting = try staff.get("/v1/me").json["to_do"].map { "\($0)" } ?? ""
        #expect(!waiting.contains("agreement_to_sign"))
        let run = try register.as(.office).post(
            "/v1/agreement-campaigns",
            [
                "template_id": .string(template), "name": "All", "due_on": "2027-01-31",
                "kinds": ["teacher"],
            ])
        #expect(run.json["outstanding"] == 0 && run.json["current"] == run.json["issued"])
    }

    @Test func `an agreement needs what another needs too`() async throws {
        let register = try await Register.open()
        let names = ["Tablets", "Use", "Conduct"]
        var templates: [String] = []
        for name in names {
            let template = try register.template(name, for: [["kind": "teacher"]])
            let needs: JSONValue = templates.last.map { [.string($0)] } ?? .null
            _ = try register.publish(agreementText(["needs": needs]), of: template)
            templates.append(template)
        }
        _ = try sign(register, templates[1])
        _ = try sign(register, templates[2])
        let me = school.person(.staff)
        #expect(try standing(register, of: me, templates[2])?["state"] == "part_signed")
        #expect(try standing(register, of: me, templates[2])?["is_current"] == false)
        _ = try sign(register, templates[0])
        for template in templates {
            #expect(try standing(register, of: me, template)?["is_current"] == true)
        }
    }

    @Test func `a list and a record tell the same title, day and grace`() async throws {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T12:00:00Z")
        let template = try register.template("Staff", for: [["kind": "teacher"]])
        _ = try register.publish(
            agreementText(["title": "Rules of {{school}}", "opens": ["device"]]), of: template)
        let me = school.person(.staff)
        let id = try register.issue(
            template, to: me.lowercased, ["due_on": "2026-11-25"])
        let office = register.as(.office)
        #expect(try office.get("/v1/agreements/\(id)")["title"] == "Rules of Hawthorn")
        _ = try register.as(.staff).post("/v1/agreements/\(id)/signatures", signature())
        #expect(try standing(register, of: me, template)?["due_on"] == "2026-11-25")

        _ = try register.publish(
            agreementText(["title": "Anew", "opens": ["device"]]), of: template)
        let run = try office.post(
            "/v1/agreement-campaigns",
            [
                "template_id": .string(template), "name": "Anew", "due_on": "2026-12-20",
                "kinds": ["teacher"],
            ])
        #expect(run.json["outstanding"] == run.json["issued"])
        let shut = try office.get("/v1/gate?for=device&person_id=\(me)&as_of=2026-12-06")
        #expect(shut.json["reasons"]?[0]?["shuts_on"] == "2026-12-04", "\(shut.json)")
    }

    @Test func `is due within two years, and not before today`() async throws {
        let register = try await Register.open()
        let template = try register.template("Staff", for: [["kind": "teacher"]])
        _ = try register.publish(agreementText(), of: template)
        for day in ["1999-01-01", "2099-01-01"] {
            let told = try register.as(.office).post(
                "/v1/agreements",
                [
                    "person_id": .string(school.person(.staff).lowercased),
                    "template_id": .string(template), "due_on": .string(day), "variant": "none",
                ])
            #expect(
                told.faults == ["/due_on": "out_of_range", "/variant": "unknown_variant"])
        }
    }
}
