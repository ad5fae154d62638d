import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety
@testable import Postgres

extension Register {
    /// Lets a worker do all that is due at a moment: how many schools it looked at.
    @discardableResult
    func issues(at moment: String) throws -> Int {
        try database.setClock(moment)
        let worker = try DirectConnection(database.workerURL)
        for looked in 0..<20 {
            let answer = try worker.run("select issue_by_the_clock() as is_done")
            if answer.bool(0, "is_done") != true { return looked }
        }
        return 20
    }

    /// Chooses, as the headteacher does, that what some owe goes out of itself from today on.
    func chooseByItself(_ whose: String..., at school: TestSchool = .hawthorn) throws {
        for whose in whose {
            let set = try self.as(.headteacher, at: school).put(
                "/v1/schools/\(school.id)/settings/agreement-issuing-\(whose)",
                ["value": "by_itself"], ["If-Match": "*"])
            try #require(set.status == 200, "\(set.json)")
        }
    }

    /// How a template stands with somebody.
    func standing(_ template: String, of person: String) throws -> JSONValue {
        let path = "/v1/agreements?person_id=\(person)&template_id=\(template)"
        return try #require(try self.as(.office).get(path).data.first)
    }

    /// The year group that the roster tells of a pupil from now on.
    func year(_ year: String, of pupil: String) throws {
        try database.execute("update person set year_group = '\(year)' where id = '\(pupil)'")
    }

    /// Signs on paper what was put before a pupil, for the parent.
    func parentSigns(_ agreement: JSONValue) throws {
        let id = try #require(agreement["id"]?.text)
        let signed = try self.as(.office).post(
            "/v1/agreements/\(id)/signatures",
            [
                "full_name": "Ines Ash", "part": "parent", "signer_id": .string(TestSchool.parent),
                "kept_at": "Office", "attestations": ["talked"],
            ])
        try #require(signed.status == 201 && signed["state"] == "signed", "\(signed.json)")
    }
}

/// What comes to be owed goes out of itself where the school has chosen so, and nothing else does.
@Suite struct `Issuing of itself` {
    private let school = TestSchool.hawthorn
    private let autumn = "2026-09-07T09:00:00Z"

    /// Rules that a parent signs for each pupil, put to the pupils of some phases.
    private func rules(
        _ register: Register, _ name: String = "Pupils", _ said: [String: JSONValue] = [:],
        phases: JSONValue? = nil
    ) throws -> String {
        let entry: JSONValue =
            phases.map { ["kind": "pupil", "phases": $0] } ?? ["kind": "pupil"]
        let template = try register.template(name, for: .array([entry]))
        let usual: [String: JSONValue] = [
            "signers": "parent", "attestations": [["code": "talked", "words": "We talked."]],
        ]
        _ = try register.publish(agreementText(usual.merging(said) { $1 }), of: template)
        return template
    }

    @Test
    func `AGR-11: what pupils and parents sign each year is issued anew, once, with its day`()
        async throws
    {
        let register = try await Register.open()
        try register.database.setClock(autumn)
        try register.addFamily()
        try register.chooseByItself("pupils", "parents")
        let template = try rules(
            register, "Pupils", ["renewal": ["each_school_year": true], "due_days": 10])
        let own = try register.template("Parents", for: [["kind": "parent"]])
        _ = try register.publish(
            agreementText(["renewal": ["each_school_year": true]]), of: own)
        // Not before eight.
        #expect(try register.issues(at: "2026-09-08T06:59:00Z") == 0)
        #expect(try register.issues(at: "2026-09-08T07:00:00Z") == 1)
        for child in [school.pupil.lowercased, TestSchool.sibling] {
            let standing = try register.standing(template, of: child)
            #expect(standing["state"] == "issued" && standing["due_on"] == "2026-09-18")
            try register.parentSigns(standing)
        }
        // No version says otherwise of what parents sign themselves: two weeks.
        let theirs = try register.standing(own, of: TestSchool.parent)
        #expect(theirs["state"] == "issued" && theirs["due_on"] == "2026-09-22")
        // The one parent who may sign has one link for all of it, on that day.
        #expect(
            try register.links().map(\.address).sorted()
                == [TestSchool.address, "paul@moss.example"])
        let campaigns = try register.as(.headteacher).get("/v1/agreement-campaigns").data
        #expect(campaigns.map { $0["issued"] } == [2, 2])
        #expect(campaigns.allSatisfy { $0["made_by"] == nil && $0["reminded_at"] != nil })

        try register.issues(at: "2027-08-31T12:00:00Z")
        #expect(try register.standing(template, of: TestSchool.sibling)["state"] == "signed")
        try register.issues(at: "2027-09-01T12:00:00Z")
        let again = try register.standing(template, of: TestSchool.sibling)
        #expect(again["state"] == "issued" && again["is_current"] == false)
        #expect(again["due_on"] == "2027-09-11" && again["is_overdue"] == false)
        try register.issues(at: "2027-09-01T12:20:00Z")
        try register.issues(at: "2027-09-02T12:00:00Z")
        let history = try register.as(.office).get(
            "/v1/people/\(TestSchool.sibling)/agreements"
        ).data
        #expect(history.map { $0["state"] } == ["issued", "expired"])
        #expect(history.map { $0["issued_by"] } == [nil, nil])
        #expect(history.map { $0["issued_on"] } == ["2027-09-01", "2026-09-08"])
    }

    @Test func `AGR-11: staff are asked again each period, and told that it lapses`() async throws {
        let register = try await Register.open()
        try register.database.setClock(autumn)
        try register.chooseByItself("staff")
        let template = try register.template("Staff", for: [["kind": "teacher"]])
        _ = try register.publish(
            agreementText(["renewal": ["after_months": 12]]), of: template)
        try register.issues(at: autumn)
        let staff = register.as(.staff)
        let me = school.person(.staff).lowercased
        func notices(_ kind: String) throws -> Int {
            try register.as(.staff).get("/v1/notices").data.count { $0["kind"]?.text == kind }
        }
        #expect(try notices("agreement_awaited") == 1)
        let id = try #require(try register.standing(template, of: me)["id"]?.text)
        #expect(try staff.post("/v1/agreements/\(id)/signatures", signature()).status == 201)
        let office = register.as(.office)
        let lapsing = "/v1/agreements?template_id=\(template)&lapses_by="
        #expect(try office.get(lapsing + "2027-09-06").data.isEmpty)
        #expect(
            try office.get(lapsing + "2027-09-07").data.map { $0["person_id"]?.text } == [me])
        try register.issues(at: "2027-08-23T12:00:00Z")
        #expect(try notices("agreement_lapses") == 0)
        try register.issues(at: "2027-08-24T12:00:00Z")
        try register.issues(at: "2027-08-24T13:00:00Z")
        try register.issues(at: "2027-09-06T12:00:00Z")
        #expect(try notices("agreement_lapses") == 1)
        #expect(try register.standing(template, of: me)["state"] == "signed")
        try register.issues(at: "2027-09-07T12:00:00Z")
        #expect(try register.standing(template, of: me)["state"] == "issued")
        #expect(try notices("agreement_awaited") == 2)
    }

    @Test func `AGR-11: a newer version is put before all who signed the one before`() async throws
    {
        let register = try await Register.open()
        try register.database.setClock(autumn)
        try register.addFamily()
        try register.chooseByItself("pupils")
        let template = try rules(register)
        try register.issues(at: autumn)
        let child = TestSchool.sibling
        try register.parentSigns(try register.standing(template, of: child))
        _ = try register.publish(
            agreementText([
                "signers": "parent", "title": "Anew",
                "attestations": [["code": "talked", "words": "We talked."]],
            ]), of: template, from: "2026-11-02")
        try register.issues(at: "2026-11-01T12:00:00Z")
        #expect(try register.standing(template, of: child)["state"] == "signed")
        try register.issues(at: "2026-11-02T12:00:00Z")
        let next = try register.standing(template, of: child)
        #expect(next["state"] == "issued" && next["due_on"] == "2026-11-16")
        // What was signed before still holds, for the school's grace.
        #expect(next["is_current"] == true && next["current_until"] == "2026-11-15")
        #expect(
            try register.as(.office).get("/v1/agreements/\(next["id"]?.text ?? "")")["title"]
                == "Anew")
        // Who refused is not asked again.
        let other = try #require(
            try register.standing(template, of: school.pupil.lowercased)["id"]?.text)
        _ = try register.as(.office).post(
            "/v1/agreements/\(other)/refusal", ["reason": "The parents want to talk first"])
        try register.issues(at: "2026-11-03T12:00:00Z")
        #expect(
            try register.standing(template, of: school.pupil.lowercased)["state"] == "refused")
    }

    @Test
    func `AGR-11: whoever joins, starts Nursery or Reception, or comes to Key Stage 2 is asked`()
        async throws
    {
        let register = try await Register.open()
        try register.database.setClock(autumn)
        try register.addFamily()
        let child = TestSchool.sibling
        try register.year("n2", of: child)
        try register.year("r", of: school.pupil.lowercased)
        try register.chooseByItself("pupils")
        let home = try rules(
            register, "Home and school", ["renewal": ["on_entering": ["n1", "n2", "r"]]])
        let infants = try rules(register, "Infants", phases: ["eyfs", "key_stage_1"])
        let juniors = try rules(register, "Juniors", phases: ["key_stage_2"])
        try register.issues(at: autumn)
        for template in [home, infants] {
            try register.parentSigns(try register.standing(template, of: child))
        }
        // At registration: whoever is told to the roster in the year, to sign before they come.
        try register.database.setClock("2026-11-10T12:00:00Z")
        let joiner = try register.person("pupil", nil)
        try register.database.execute(
            "update person set year_group = '1', joined_on = '2026-12-01' where id = '\(joiner)'")
        try register.issues(at: "2026-11-16T12:00:00Z")
        #expect(try register.standing(home, of: joiner)["state"] == "owed")
        try register.issues(at: "2026-11-17T12:00:00Z")
        #expect(try register.standing(home, of: joiner)["state"] == "issued")
        #expect(try register.standing(infants, of: joiner)["due_on"] == "2026-12-01")
        // At the start of Reception again, and at no later one.
        try register.database.setClock("2027-09-02T12:00:00Z")
        try register.year("r", of: child)
        try register.issues(at: "2027-09-02T12:00:00Z")
        let anew = try register.standing(home, of: child)
        #expect(anew["state"] == "issued" && anew["due_on"] == "2027-09-16")
        #expect(try register.standing(infants, of: child)["state"] == "signed")
        try register.parentSigns(anew)
        for (year, group) in [(2028, "1"), (2029, "2")] {
            try register.database.setClock("\(year)-09-02T12:00:00Z")
            try register.year(group, of: child)
            try register.issues(at: "\(year)-09-02T12:00:00Z")
            #expect(try register.standing(home, of: child)["state"] == "signed")
        }
        // On moving from the one rules to the other, which were there before; not late at once.
        try register.database.setClock("2030-09-03T12:00:00Z")
        try register.year("3", of: child)
        let owed = try register.standing(juniors, of: child)
        #expect(owed["state"] == "owed" && owed["since"] == "2030-09-03")
        try register.issues(at: "2030-09-03T12:00:00Z")
        let moved = try register.standing(juniors, of: child)
        #expect(moved["state"] == "issued" && moved["due_on"] == "2030-09-17")
        let history = try register.as(.office).get("/v1/people/\(child)/agreements").data
        #expect(
            history.first { $0["template_id"]?.text == infants }?["state"] == "superseded")
    }
}
