import Crypto
import FoundationEssentials
import JSON
import Postgres
import Testing

@testable import OnlineSafety

/// An agreement is owed, issued, signed, and one day holds no more (24.3).
@Suite struct `Signing an agreement` {
    private let school = TestSchool.hawthorn

    private func standing(
        _ visitor: Visitor, of person: UUID, _ template: String
    ) throws -> JSONValue {
        let path = "/v1/agreements?person_id=\(person)&template_id=\(template)"
        return try #require(try visitor.get(path).data.first)
    }

    @Test func `AGR-07, AGR-19: a member of staff signs for themselves, and has a copy`()
        async throws
    {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T12:00:00Z")
        let template = try register.template("Staff", for: [["kind": "teacher"]])
        _ = try register.publish(
            agreementText(["fields": ["job_title"], "due_days": 14]), of: template)
        let staff = register.as(.staff)
        let me = school.person(.staff)
        let owed = try standing(staff, of: me, template)
        #expect(owed["state"] == "owed" && owed["due_on"] == "2026-12-04")
        #expect(owed["is_current"] == false && owed["id"] == nil)
        #expect(try staff.get("/v1/agreements").data.count == 1)

        let id = try register.issue(template, to: me.lowercased, by: .staff)
        let path = "/v1/agreements/\(id)"
        #expect(try staff.get(path)["state"] == "issued")
        let wanting = try staff.post(
            "\(path)/signatures", signature(["attestations": ["policy_read", "use.own"]]))
        #expect(
            wanting.faults == [
                "/job_title": "required", "/attestations": "unconfirmed",
                "/attestations/1": "unasked",
            ])
        let signed = try staff.post("\(path)/signatures", signature(["job_title": "Teacher"]))
        #expect(signed.status == 201 && signed["state"] == "signed")
        #expect(signed.json["signatures"]?[0]?["how"] == "session")
        #expect(signed.json["signatures"]?[0]?["signed_on"] == "2026-11-20")
        #expect(try standing(staff, of: me, template)["is_current"] == true)
        #expect(
            try staff.post("\(path)/signatures", signature(["job_title": "Teacher"])).status == 409)

        let copy = try staff.get("\(path)/copy")
        let words = try #require(copy["words"])
        #expect(words.contains("At Hawthorn I use my own log-in."))
        #expect(words.contains("I ask The Designated safeguarding lead when I am not sure."))
        #expect(words.contains("I have read the data protection policy."))
        #expect(copy["sha256"] == SHA256.hash(Array(words.utf8)).hex)
        _ = try register.publish(agreementText(["title": "Other"]), of: template)
        #expect(try staff.get("\(path)/copy")["words"] == words)
        // And whoever has left is given it by the school.
        try register.database.execute(
            "update person set left_on = london_today() - 1 where id = '\(me)'")
        #expect(try register.as(.office).get("\(path)/copy")["words"] == words)
    }

    @Test func `nobody signs for another, nor reads what another agreed to`() async throws {
        let register = try await Register.open()
        let template = try register.template("Staff", for: [["kind": "teacher"]])
        _ = try register.publish(agreementText(), of: template)
        let id = try register.issue(template, to: school.person(.staff).lowercased)
        let path = "/v1/agreements/\(id)"
        let session = signature(["how": "session"])
        #expect(try register.as(.office).post("\(path)/signatures", session).status == 403)
        for role in [Role.technician, .governor, .schoolAdministrator] {
            #expect(try register.as(role).get(path).status == 404)
            #expect(try register.as(role).get("\(path)/copy").status == 404)
            #expect(try register.as(role).post("\(path)/signatures", session).status == 404)
            let listed = try register.as(role).get("/v1/agreements").data
            #expect(
                listed.allSatisfy { $0["person_id"]?.text == school.person(role).lowercased },
                "\(role)")
        }
        #expect(try register.as(.dsl).get(path).status == 200)
        #expect(try register.as(.dsl).post("\(path)/signatures", session).status == 403)
        #expect(try register.as(.office, at: .rosehip).get(path).status == 404)
        let toAnother: JSONValue = [
            "person_id": .string(school.person(.staff).lowercased),
            "template_id": .string(template),
        ]
        #expect(try register.as(.technician).post("/v1/agreements", toAnother).status == 404)
        #expect(
            try register.as(.office, at: .rosehip).post("/v1/agreements", toAnother).status == 404)
    }

    @Test func `AGR-08: a pupil and a parent sign apart, on paper`() async throws {
        let register = try await Register.open()
        try register.database.setClock("2026-11-10T12:00:00Z")
        try register.addParents()
        let template = try register.template("Pupils", for: [["kind": "pupil"]])
        _ = try register.publish(
            agreementText([
                "signers": "pupil_and_parent", "fields": ["class_name"],
                "attestations": [
                    ["code": "talked", "words": "We talked about it.", "by": "parent"]
                ],
            ]), of: template)
        try register.database.setClock("2026-11-20T12:00:00Z")
        let id = try register.issue(template, to: school.pupil.lowercased)
        let path = "/v1/agreements/\(id)/signatures"
        let office = register.as(.office)
        let parent: [String: JSONValue] = [
            "part": "parent", "full_name": "Ines Ash", "signer_id": .string(TestSchool.parent),
            "kept_at": "Office, folder 5B", "attestations": ["talked"],
        ]
        let unknown = try office.post(
            path,
            signature(parent.merging(["signer_id": .string(TestSchool.estranged)]) { $1 }))
        #expect(unknown.faults == ["/signer_id": "may_not_sign"])
        let late = try office.post(
            path, signature(parent.merging(["signed_on": "2026-11-21", "kept_at": .null]) { $1 }))
        #expect(late.faults == ["/signed_on": "in_the_future", "/kept_at": "required"])
        let half = try office.post(
            path, signature(parent.merging(["signed_on": "2026-11-18"]) { $1 }))
        #expect(half["state"] == "part_signed" && half.json["is_current"] == false)
        #expect(try office.post(path, signature(parent)).status == 409)
        let unclassed = try office.post(
            path,
            signature([
                "full_name": "Robin", "attestations": .null, "kept_at": "Office",
            ]))
        #expect(unclassed.faults == ["/class_name": "required"])
        let whole = try office.post(
            path,
            signature([
                "full_name": "ROBIN ASH", "attestations": .null, "class_name": "5B",
                "kept_at": "Office, folder 5B", "signed_on": "2026-11-19",
            ]))
        #expect(whole["state"] == "signed")
        let signatures = try #require(whole.json["signatures"])
        #expect(signatures[0]?["entered_by"] == "School office")
        #expect(signatures[0]?["kept_at"] == "Office, folder 5B")
        #expect(signatures[0]?["signed_on"] == "2026-11-18")
        #expect(signatures[1]?["signed_on"] == "2026-11-19")
        let found = try standing(office, of: school.pupil, template)
        #expect(found["signed_on"] == "2026-11-19" && found["class_name"] == "5B")
    }

    @Test func `for the youngest a parent's signature suffices where the school says so`()
        async throws
    {
        let register = try await Register.open()
        try register.addParents()
        let template = try register.template("Pupils", for: [["kind": "pupil"]])
        _ = try register.publish(
            agreementText(["signers": "pupil_and_parent", "attestations": .null]), of: template)
        let id = try register.issue(template, to: school.pupil.lowercased)
        let office = register.as(.office)
        _ = try office.post(
            "/v1/agreements/\(id)/signatures",
            signature([
                "part": "parent", "full_name": "Ines Ash", "kept_at": "Office",
                "signer_id": .string(TestSchool.parent), "attestations": .null,
            ]))
        func isCurrent() throws -> JSONValue? {
            try standing(office, of: school.pupil, template)["is_current"]
        }
        #expect(try isCurrent() == false)
        for (phase, holds) in [("key_stage_1", false), ("key_stage_2", true), ("nobody", false)] {
            try register.database.execute(
                """
                insert into setting (
                    school_id, name, version, value, effective_on, set_by, set_by_name)
                select '\(school.id)', 'parents_sign_alone',
                    (select count(*) + 1 from setting), '"\(phase)"', london_today(),
                    '\(school.account(.headteacher))', 'Headteacher'
                """)
            #expect(try isCurrent() == .bool(holds), "\(phase)")
        }
    }

    @Test func `AGR-18: a refusal, a withdrawal and a revocation shut at once`() async throws {
        let register = try await Register.open()
        let template = try register.template("Staff", for: [["kind": "teacher"]])
        _ = try register.publish(agreementText(), of: template)
        let me = school.person(.staff)
        let staff = register.as(.staff)
        func state() throws -> [JSONValue?] {
            let found = try standing(staff, of: me, template)
            return [found["state"], found["is_current"]]
        }
        let why: JSONValue = ["reason": "I want to talk first"]
        let first = try register.issue(template, to: me.lowercased)
        #expect(
            try staff.post("/v1/agreements/\(first)/refusal", ["reason": " "]).status == 422)
        let refused = try staff.post("/v1/agreements/\(first)/refusal", why)
        #expect(refused["state"] == "refused" && refused["ended_because"] == "I want to talk first")
        #expect(try state() == ["refused", false])
        #expect(try staff.post("/v1/agreements/\(first)/signatures", signature()).status == 409)

        let second = try register.issue(template, to: me.lowercased)
        _ = try staff.post("/v1/agreements/\(second)/signatures", signature())
        #expect(try state() == ["signed", true])
        _ = try staff.post("/v1/agreements/\(second)/withdrawal", why)
        #expect(try state() == ["withdrawn", false])

        let third = try register.issue(template, to: me.lowercased)
        _ = try staff.post("/v1/agreements/\(third)/signatures", signature())
        for role in [Role.staff, .office, .onlineSafetyCoordinator, .seniorLeader] {
            let told = try register.as(role).post("/v1/agreements/\(third)/revocation", why)
            #expect(told.status == 403, "\(role)")
        }
        let revoked = try register.as(.dsl).post("/v1/agreements/\(third)/revocation", why)
        #expect(revoked["ended_by"] == "Designated safeguarding lead")
        for role in [Role.dsl, .headteacher, .staff] {
            #expect(
                try register.as(role).get("/v1/agreements/\(third)")["ended_because"]
                    == "I want to talk first")
        }
        for role in [Role.office, .dpo, .seniorLeader, .onlineSafetyCoordinator] {
            let told = try register.as(role).get("/v1/agreements/\(third)")
            #expect(told["state"] == "revoked" && told["ended_because"] == nil, "\(role)")
        }
        #expect(try state() == ["revoked", false])
        #expect(
            try staff.get("/v1/people/\(me.lowercased)/agreements").data.map { $0["state"] }
                == ["revoked", "withdrawn", "refused"])
    }

    @Test func `AGR-24: a signature is never altered, and damage is found`() async throws {
        let register = try await Register.open()
        let template = try register.template("Staff", for: [["kind": "teacher"]])
        _ = try register.publish(agreementText(), of: template)
        let id = try register.issue(template, to: school.person(.staff).lowercased)
        let staff = register.as(.staff)
        _ = try staff.post("/v1/agreements/\(id)/signatures", signature())
        #expect(try staff.ask("PATCH", "/v1/agreements/\(id)", [:], signature()).status == 405)
        #expect(try staff.delete("/v1/agreements/\(id)").status == 405)
        let unlike: SQL = "select count(*) from agreement_unlike_its_entry"
        #expect(try register.database.number(unlike) == 0)
        try register.database.execute("update agreement_signature set full_name = 'Other'")
        #expect(try register.database.number(unlike) == 1)
        // Nor is what was put on record ever gone without being missed.
        try register.database.execute("update agreement_signature set full_name = 'Grace Okafor'")
        #expect(try register.database.number(unlike) == 0)
        _ = try register.as(.dsl).post("/v1/agreements/\(id)/revocation", ["reason": "A breach"])
        #expect(try register.database.number(unlike) == 0)
        try register.database.execute("delete from agreement_end")
        #expect(try register.database.number(unlike) == 1)
        #expect(throws: (any Error).self) {
            try register.database.execute("update agreement_copy set words = 'Other'")
        }
        #expect(
            try register.database.number(
                """
                select count(*)
                from unnest(array[
                    'agreement', 'agreement_signature', 'agreement_copy', 'agreement_end',
                    'agreement_version', 'agreement_decision'
                ]) as kept
                where has_table_privilege('rowan_service', kept, 'update')
                    or has_table_privilege('rowan_service', kept, 'delete')
                """) == 0)
    }

    @Test func `a campaign issues to all of a group who owe it, once`() async throws {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T12:00:00Z")
        let template = try register.template(
            "All", for: [["kind": "teacher"], ["kind": "pupil"]])
        let said: JSONValue = [
            "template_id": .string(template), "name": "Staff", "due_on": "2026-12-01",
            "kinds": ["teacher"],
        ]
        let office = register.as(.office)
        #expect(try office.post("/v1/agreement-campaigns", said).status == 409)
        _ = try register.publish(
            agreementText([
                "headings": [
                    [
                        "code": "use", "words": "Use",
                        "clauses": [["code": "use.own", "words": "{{person}} asks first."]],
                    ]
                ]
            ]), of: template)
        let staff = school.person(.staff)
        _ = try register.issue(template, to: staff.lowercased)
        let run = try office.post("/v1/agreement-campaigns", said)
        let teachers = Role.allCases.filter(\.isOfASchool).count
        #expect(run.status == 201 && run.json["issued"] == .number(JSONNumber(teachers - 1)))
        #expect(run.json["outstanding"] == run.json["issued"])
        let again = try office.post("/v1/agreement-campaigns", said)
        #expect(again.json["issued"] == 0)
        let dsl = register.as(.dsl)
        let mine = try #require(
            try dsl.get("/v1/agreements?person_id=\(school.person(.dsl))").data.first)
        #expect(mine["due_on"] == "2026-12-01" && mine["state"] == "issued")
        let id = try #require(mine["id"]?.text)
        #expect(
            try dsl.get("/v1/agreements/\(id)/copy")["words"]?.contains(
                "The Designated safeguarding lead asks first.") == true)
        _ = try dsl.post("/v1/agreements/\(id)/signatures", signature())
        try register.database.setClock("2026-12-02T12:00:00Z")
        let told = try office.get("/v1/agreement-campaigns/\(run.id)")
        #expect(told.json["current"] == 1)
        #expect(told.json["overdue"] == .number(JSONNumber(teachers - 2)))
        let done = try office.get("/v1/agreement-completion?by=kind").data
        #expect(done.map { $0["group"] } == ["pupil", "teacher"])
        #expect(
            try office.get("/v1/agreement-completion?by=kind,template").faults
                == ["by": "repeated"])
        #expect(done[1]["current"] == 1 && done[0]["put_to"] == 1)
        #expect(try office.get("/v1/agreements?is_overdue=true&kind=pupil").data.count == 1)
    }
}
