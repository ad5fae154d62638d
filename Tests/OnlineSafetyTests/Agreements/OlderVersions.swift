import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// What was signed is judged by the version that was signed, as things stood on the day it was; and
/// its day is that on which it was signed.
@Suite struct `Agreements of older versions` {
    private let school = TestSchool.hawthorn

    private func standing(
        _ register: Register, of person: UUID, _ template: String
    ) throws -> JSONValue {
        try #require(
            try register.as(.office).get(
                "/v1/agreements?person_id=\(person)&template_id=\(template)"
            ).data.first)
    }

    private func gate(_ register: Register, _ person: UUID, on day: String = "") throws -> JSONValue
    {
        let asOf = day.isEmpty ? "" : "&as_of=\(day)"
        return try register.as(.office).get("/v1/gate?for=device&person_id=\(person)\(asOf)").json
    }

    /// A half of what a pupil agrees to, on paper of today.
    private func half(
        _ register: Register, _ agreement: String, by part: AgreementPart
    ) throws {
        var said: [String: JSONValue] = [
            "full_name": "Robin Ash", "attestations": .null, "kept_at": "Office",
            "part": .string(part.rawValue),
        ]
        if part == .parent { said["signer_id"] = .string(TestSchool.parent) }
        let signed = try register.as(.office).post(
            "/v1/agreements/\(agreement)/signatures", signature(said))
        try #require(signed.status == 201, "\(signed.json)")
    }

    private func be(_ register: Register, in year: String, on day: String) throws {
        try register.database.setClock("\(day)T12:00:00Z")
        try register.database.execute(
            "update person set year_group = '\(year)' where id = '\(school.pupil)'")
    }

    private func sufficesAlone(_ phase: String, _ register: Register) throws {
        try register.database.execute(
            """
            insert into setting (
                school_id, name, version, value, effective_on, set_by, set_by_name)
            select '\(school.id)', 'parents_sign_alone', (select count(*) + 1 from setting),
                '"\(phase)"', london_today(), '\(school.account(.headteacher))', 'Headteacher'
            """)
    }

    private func rules(_ signers: String, _ more: [String: JSONValue] = [:]) -> JSONValue {
        let said: [String: JSONValue] = [
            "signers": .string(signers), "attestations": .null, "opens": ["device"],
        ]
        return agreementText(said.merging(more) { $1 })
    }

    @Test func `a newer version that is renewed each year ends no older one before its grace`()
        async throws
    {
        let register = try await Register.open()
        try register.database.setClock("2026-01-15T12:00:00Z")
        let template = try register.template("Staff", for: [["kind": "teacher"]])
        _ = try register.publish(agreementText(["opens": ["device"]]), of: template)
        let me = school.person(.staff)
        let id = try register.issue(template, to: me.lowercased, by: .staff)
        _ = try register.as(.staff).post("/v1/agreements/\(id)/signatures", signature())
        try register.database.setClock("2026-11-20T12:00:00Z")
        _ = try register.publish(
            agreementText(["opens": ["device"], "renewal": ["each_school_year": true]]),
            of: template)
        let held = try standing(register, of: me, template)
        #expect(held["state"] == "superseded" && held["is_current"] == true, "\(held)")
        #expect(held["current_until"] == "2026-12-03" && held["since"] == "2026-11-20")
        #expect(try gate(register, me)["is_allowed"] == true)
        #expect(try gate(register, me, on: "2026-12-03")["is_allowed"] == true)
        let shut = try gate(register, me, on: "2026-12-04")
        #expect(shut["is_allowed"] == false)
        #expect(shut["reasons"]?[0]?["code"] == "agreement_lapsed")
    }

    @Test(arguments: [("pupil", "pupil_and_parent", true), ("pupil_and_parent", "pupil", false)])
    func `what was whole stays so when others must sign the next, and a half becomes none`(
        first: String, next: String, isWhole: Bool
    ) async throws {
        let register = try await Register.open()
        try register.database.setClock("2026-06-01T12:00:00Z")
        try register.addParents()
        let template = try register.template("Pupils", for: [["kind": "pupil"]])
        _ = try register.publish(rules(first), of: template)
        let id = try register.issue(template, to: school.pupil.lowercased)
        try half(register, id, by: .pupil)
        #expect(try standing(register, of: school.pupil, template)["is_current"] == .bool(isWhole))
        try register.database.setClock("2026-06-20T12:00:00Z")
        _ = try register.publish(rules(next), of: template)
        let held = try standing(register, of: school.pupil, template)
        #expect(held["state"] == "superseded" && held["is_current"] == .bool(isWhole))
        #expect(held["signed_on"]?.text == (isWhole ? "2026-06-01" : nil))
        #expect(held["current_until"]?.text == (isWhole ? "2026-07-03" : nil))
        #expect(try gate(register, school.pupil)["is_allowed"] == .bool(isWhole))
        #expect(try gate(register, school.pupil, on: "2026-07-04")["is_allowed"] == false)
    }

    @Test func `a parent's signature that sufficed when it was given goes on sufficing`()
        async throws
    {
        let register = try await Register.open()
        try be(register, in: "2", on: "2026-06-01")
        try register.addParents()
        try sufficesAlone("key_stage_1", register)
        let template = try register.template("Pupils", for: [["kind": "pupil"]])
        _ = try register.publish(rules("pupil_and_parent"), of: template)
        let id = try register.issue(template, to: school.pupil.lowercased)
        try half(register, id, by: .parent)
        func state() throws -> [JSONValue?] {
            let found = try standing(register, of: school.pupil, template)
            return [found["state"], found["is_current"], found["signed_on"]]
        }
        #expect(try state() == ["signed", true, "2026-06-01"])
        try be(register, in: "3", on: "2026-09-01")
        #expect(try state() == ["signed", true, "2026-06-01"])
        try sufficesAlone("nobody", register)
        #expect(try state() == ["signed", true, "2026-06-01"])
        #expect(try gate(register, school.pupil)["is_allowed"] == true)
        // Of one that is put before them now, both halves are wanted.
        let other = try register.template("Tablets", for: [["kind": "pupil"]])
        _ = try register.publish(rules("pupil_and_parent"), of: other)
        let anew = try register.issue(other, to: school.pupil.lowercased)
        try half(register, anew, by: .parent)
        #expect(try standing(register, of: school.pupil, other)["state"] == "part_signed")
        try half(register, anew, by: .pupil)
        #expect(try standing(register, of: school.pupil, other)["state"] == "signed")
    }

    @Test func `only paper has a day of its own, and none before its version`() async throws {
        let register = try await Register.open()
        try register.database.setClock("2026-06-01T12:00:00Z")
        let template = try register.template("Staff", for: [["kind": "teacher"]])
        _ = try register.publish(
            agreementText(["opens": ["device"]]), of: template, from: "2026-09-01")
        try register.database.setClock("2026-09-15T12:00:00Z")
        let (me, other) = (school.person(.staff), school.person(.technician))
        let mine = "/v1/agreements/\(try register.issue(template, to: me.lowercased))/signatures"
        func sign(
            _ role: Role, _ path: String, on day: String, _ more: [String: JSONValue] = [:]
        ) throws -> Reading {
            let said: [String: JSONValue] = ["signed_on": .string(day)]
            return try register.as(role).post(path, signature(said.merging(more) { $1 }))
        }
        for day in ["2026-09-01", "2026-09-15"] {
            #expect(try sign(.staff, mine, on: day).faults == ["/signed_on": "not_wanted"])
            #expect(
                try sign(.office, mine, on: day, ["how": "in_person"]).faults
                    == ["/signed_on": "not_wanted"])
        }
        #expect(try register.as(.staff).post(mine, signature()).status == 201)
        let paper: [String: JSONValue] = ["kept_at": "Office"]
        let theirs =
            "/v1/agreements/\(try register.issue(template, to: other.lowercased))/signatures"
        #expect(
            try sign(.office, theirs, on: "2026-05-31", paper).faults
                == ["/signed_on": "before_the_version"])
        // It could be signed from the day it was published, before it was in force.
        let signed = try sign(.office, theirs, on: "2026-06-01", paper)
        #expect(signed.status == 201, "\(signed.json)")
        #expect(try gate(register, other, on: "2026-09-01")["is_allowed"] == true)
        // What nobody signed on paper was not put before them before it was issued.
        try register.database.execute(
            "update agreement_signature set signed_on = '2026-09-02' where how = 'session'")
        #expect(try gate(register, me, on: "2026-09-10")["is_allowed"] == false)
        #expect(try gate(register, me, on: "2026-09-15")["is_allowed"] == true)
    }

    @Test func `what was signed on paper before a school came to Rowan keeps its day`()
        async throws
    {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T12:00:00Z")
        let template = try register.template("Staff", for: [["kind": "teacher"]])
        let version = try register.publish(
            agreementText(["opens": ["device"], "renewal": ["after_months": 12]]), of: template,
            onPaperFrom: "2025-09-01")
        let read = try register.as(.staff).get("/v1/agreement-versions/\(version)")
        #expect(read.json["paper_from_on"] == "2025-09-01")
        let person = school.person(.technician)
        let theirs =
            "/v1/agreements/\(try register.issue(template, to: person.lowercased))/signatures"
        func sign(on day: String) throws -> Reading {
            try register.as(.office).post(
                theirs, signature(["signed_on": .string(day), "kept_at": "Office"]))
        }
        #expect(try sign(on: "2025-08-31").faults == ["/signed_on": "before_the_version"])
        #expect(try sign(on: "2025-12-01").status == 201)
        // A year is reckoned from the day on the paper.
        let stands = try gate(register, person)
        #expect(stands["is_allowed"] == true && stands["until"] == "2026-11-30")
        try register.database.setClock("2027-06-01T12:00:00Z")
        #expect(try gate(register, person)["is_allowed"] == false)
    }

    @Test(arguments: ["2021-11-01", "2026-11-21"])
    func `paper is from the last five years`(day: String) async throws {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T12:00:00Z")
        let template = try register.template("Staff", for: [["kind": "teacher"]])
        let draft = try register.as(.onlineSafetyCoordinator).post(
            "/v1/agreement-templates/\(template)/versions", agreementText())
        let head = register.as(.headteacher)
        _ = try head.post("/v1/agreement-versions/\(draft.id)/approval")
        let published = try head.post(
            "/v1/agreement-versions/\(draft.id)/publication", ["paper_from_on": .string(day)])
        #expect(published.faults == ["/paper_from_on": "out_of_range"])
    }
}
