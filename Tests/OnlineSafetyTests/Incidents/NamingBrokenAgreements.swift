import JSON
import Testing

@testable import OnlineSafety

/// AGR-25: an incident cites the rules by which somebody was bound on its day.
@Suite struct `Naming broken agreements` {
    private let school = TestSchool.hawthorn

    private static let pupils: [String: JSONValue] = ["signers": "pupil", "attestations": .null]

    /// Rules with clauses of these codes.
    private static func rules(_ codes: String...) -> JSONValue {
        let clauses = codes.map { code -> JSONValue in
            ["code": .string(code), "words": .string("The rule of \(code).")]
        }
        return agreementText(
            pupils.merging([
                "headings": [["code": "rules", "clauses": .array(clauses)]]
            ]) { $1 })
    }

    /// A case of that day that names the pupil.
    private func happened(on day: String, in register: Register) throws -> Case {
        let one = try Case(register, .child, as: .staff, ("occurred_on", .string(day)))
        try one.post(
            "people", ["person_id": Case.pupil, "group": "child", "parts": ["other"]])
        return one
    }

    private func sign(_ template: String, in register: Register, on day: String? = nil) throws
        -> String
    {
        let id = try register.issue(template, to: school.pupil.lowercased)
        let signed = try register.as(.office).post(
            "/v1/agreements/\(id)/signatures",
            signature([
                "full_name": "Robin Ash", "attestations": .null, "kept_at": "Office",
                "signed_on": day.map { .string($0) } ?? .null,
            ]))
        try #require(signed.status == 201, "\(signed.json)")
        return id
    }

    private func named(_ template: String, _ codes: String...) -> JSONValue {
        [
            "person_id": Case.pupil, "template_id": .string(template),
            "clauses": .array(codes.map { .string($0) }),
        ]
    }

    @Test func `keeps the version that bound them on that day, with its clauses, as it stood`()
        async throws
    {
        let register = try await Register.open()
        try register.database.setClock("2026-06-01T12:00:00Z")
        let template = try register.template("Pupils", for: [["kind": "pupil"]])
        let first = try register.publish(Self.rules("use.own", "use.ask"), of: template)
        let signed = try sign(template, in: register)
        try register.database.setClock("2026-09-01T12:00:00Z")
        let second = try register.publish(Self.rules("use.own", "use.kind"), of: template)
        try register.database.setClock("2026-10-20T12:00:00Z")

        // Before the next version they were bound by what they had signed.
        let july = try happened(on: "2026-07-06", in: register)
        let told = try july.post("breaches", named(template, "use.ask", "use.own"))
        try #require(told.status == 201, "\(told.json)")
        let copy = try register.as(.dsl).get("/v1/agreements/\(signed)/copy")
        #expect(told["version_id"] == first && told.json["number"] == 1)
        #expect(told["agreement_id"] == signed && told["sha256"] == copy["sha256"])
        #expect(told["state"] == "signed" && told.json["was_current"] == true)
        #expect(told["signed_on"] == "2026-06-01" && told["breached_on"] == "2026-07-06")
        #expect(
            told.json["clauses"] == [
                ["code": "use.own", "words": "The rule of use.own."],
                ["code": "use.ask", "words": "The rule of use.ask."],
            ])
        let other = try july.post("breaches", named(template, "use.kind"))
        #expect(other.faults == ["/template_id": "named_twice"])

        // In the grace of the next one still; after it by the next, which they never signed.
        let grace = try happened(on: "2026-09-05", in: register)
        let inGrace = try grace.post("breaches", named(template, "use.ask"))
        #expect(inGrace["version_id"] == first && inGrace["state"] == "superseded")
        #expect(inGrace.json["was_current"] == true)
        let autumn = try happened(on: "2026-10-19", in: register)
        let unknown = try autumn.post("breaches", named(template, "use.own", "use.ask"))
        #expect(unknown.status == 422 && unknown.faults == ["/clauses/1": "unknown_clause"])
        let owed = try autumn.post("breaches", named(template, "use.kind"))
        #expect(owed["version_id"] == second && owed["state"] == "superseded")
        #expect(owed.json["was_current"] == false && owed.json["agreement_id"] == nil)

        // What is signed, and published, later alters nothing of it.
        _ = try sign(template, in: register)
        _ = try register.publish(Self.rules("use.new"), of: template)
        for (one, before) in [(july, told), (autumn, owed)] {
            let after = try register.as(.dsl).get("\(one.path)/breaches").data
            #expect(after.first?["version_id"] == before.json["version_id"])
            #expect(after.first?["clauses"] == before.json["clauses"])
            #expect(after.first?["state"] == before.json["state"])
            #expect(after.first?["was_current"] == before.json["was_current"])
        }
    }

    @Test func `knows what they were on that day, and what came back on paper since`()
        async throws
    {
        let register = try await Register.open()
        try register.database.setClock("2026-06-01T12:00:00Z")
        try register.database.execute(
            "update person set year_group = '2' where id = '\(school.pupil)'")
        let young = try register.template(
            "Key Stage 1", for: [["kind": "pupil", "phases": ["key_stage_1"]]])
        let older = try register.template(
            "Key Stage 2", for: [["kind": "pupil", "phases": ["key_stage_2"]]])
        _ = try register.publish(Self.rules("young"), of: young)
        _ = try register.publish(Self.rules("older"), of: older)
        try register.database.setClock("2026-07-10T12:00:00Z")
        _ = try sign(young, in: register, on: "2026-06-15")
        try register.database.setClock("2026-09-03T12:00:00Z")
        try register.database.execute(
            "update person set year_group = '3' where id = '\(school.pupil)'")

        let june = try happened(on: "2026-06-20", in: register)
        let told = try june.post("breaches", named(young, "young"))
        #expect(told["state"] == "signed" && told["signed_on"] == "2026-06-15", "\(told.json)")
        let ahead = try june.post("breaches", named(older, "older"))
        #expect(ahead.status == 409 && ahead.faults == ["/template_id": "nothing_in_force"])
        let now = try happened(on: "2026-09-02", in: register)
        let past = try happened(on: "2026-06-14", in: register)
        #expect(try past.post("breaches", named(young, "young"))["state"] == "owed")
        try register.database.setClock("2026-09-04T12:00:00Z")
        #expect(try now.post("breaches", named(young)).status == 201)
        let after = try happened(on: "2026-09-04", in: register)
        #expect(try after.post("breaches", named(older, "older"))["state"] == "owed")
    }

    @Test func `is corrected for another day, withdrawn, told in the story, the log and the audit`()
        async throws
    {
        let register = try await Register.open()
        try register.database.setClock("2026-06-01T12:00:00Z")
        let template = try register.template("Pupils", for: [["kind": "pupil"]])
        _ = try register.publish(Self.rules("use.own", "use.ask"), of: template)
        try register.database.setClock("2026-09-01T12:00:00Z")
        let second = try register.publish(Self.rules("use.own", "use.kind"), of: template)
        let one = try happened(on: "2026-07-06", in: register)
        let told = try one.post("breaches", named(template, "use.ask"))
        let dsl = register.as(.dsl)
        let path = "\(one.path)/breaches/\(told.id)"

        let log = try dsl.get("/v1/incident-log").data.first { $0["id"]?.text == one.id }
        #expect(
            log?["details"]?.text?.hasSuffix(
                "\nAgreement broken by \(told["name"] ?? ""): Pupils, version 1: use.ask")
                == true)
        let whole = try one.read(as: .dsl, "?include=breaches")
        #expect(whole.json["breaches"]?[0]?["id"]?.text == told.id)

        // The day was wrong: the record says another, and the line is worked out anew.
        #expect(try one.patch(["occurred_on": "2026-09-01"], one.read()["etag"]).status == 200)
        #expect(try dsl.get("\(one.path)/breaches").data.first?["breached_on"] == "2026-07-06")
        #expect(try dsl.put(path, named(template), ["If-Match": "\"9\""]).status == 412)
        let corrected = try dsl.put(path, named(template, "use.kind"), ["If-Match": "\"1\""])
        #expect(corrected["version_id"] == second && corrected["breached_on"] == "2026-09-01")
        #expect(try dsl.ask("DELETE", path, ["If-Match": "\"2\""]).status == 204)
        #expect(try dsl.get("\(one.path)/breaches").data.isEmpty)

        let story = try dsl.get("\(one.path)/chronology").data
        #expect(
            story.compactMap { $0["kind"]?.text }.filter { $0.hasPrefix("breach") }
                == ["breach_named", "breach_named", "breach_withdrawn"])
        let entries = try register.as(.headteacher).get("/v1/audit?record_id=\(told.id)").data
        #expect(
            Set(entries.compactMap { $0["deed"]?.text }) == ["breach_named", "breach_withdrawn"])
        #expect(
            try register.database.number(
                "select count(*) from record_unlike_its_entry where id = \(told.id)::text::uuid")
                == 0)
    }

    @Test func `is for those in charge, and never for whoever may not see the incident`()
        async throws
    {
        let register = try await Register.open()
        let template = try register.template("Staff", for: [["kind": "teacher"]])
        _ = try register.publish(agreementText(), of: template)
        let technician = Case.person(.technician)
        let one = try Case(register, .staff)
        let body: JSONValue = [
            "person_id": technician, "template_id": .string(template), "clauses": ["use.own"],
        ]
        let head = Role.headteacher
        let unnamed = try one.post("breaches", body, as: head)
        #expect(unnamed.status == 422 && unnamed.faults == ["/person_id": "not_involved"])
        let alleged = try one.post(
            "people", ["person_id": technician, "group": "staff", "parts": ["alleged"]], as: head)
        #expect(alleged.status == 201, "\(alleged.json)")
        let told = try one.post("breaches", body, as: head)
        #expect(told.status == 201, "\(told.json)")
        for role in [Role.staff, .technician, .office, .linkGovernor] {
            let list = try register.as(role).get("\(one.path)/breaches")
            #expect(list.status == 403 || list.status == 404, "\(role)")
            let refused = try one.post("breaches", body, as: role)
            #expect(refused.status == 403 || refused.status == 404, "\(role)")
            #expect(!list.text.contains("use.own"))
        }
        // One to whom it is open, and who is not in charge, reads it and no more.
        let child = try Case(register)
        try child.post("people", ["person_id": technician, "group": "staff", "parts": ["witness"]])
        #expect(try child.triage(Case.finding(("is_child_at_risk", true))).status == 201)
        #expect(try child.post("breaches", body).status == 201)
        let reader = Role.headteacher
        let read = try register.as(reader).get("\(child.path)/breaches")
        #expect(read.data.count == 1)
        let refused = try child.post("breaches", body, as: reader)
        #expect(refused.status == 409 && refused.json["errors"]?.codes == ["not_in_charge"])
    }
}
