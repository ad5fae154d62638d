import Crypto
import FoundationEssentials
import JSON
import Postgres
import Testing

@testable import OnlineSafety

/// Parents and pupils have no log-in: a link of their own opens what they may sign, and nothing
/// else (section 25).
@Suite struct `Signing by a link` {
    private let school = TestSchool.hawthorn

    @Test func `one link shows a parent what was put before all their children`() async throws {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T12:00:00Z")
        try register.addFamily()
        let template = try register.rulesForPupils()
        let first = try register.issue(template, to: school.pupil.lowercased)
        let second = try register.issue(template, to: TestSchool.sibling)
        let others = try register.newcomer(kind: "pupil")
        _ = try register.issue(template, to: others)
        // Whoever only cares for a child, or may not be in touch, does not sign for it by a link.
        try register.database.execute(
            """
            insert into parent_link (
                school_id, id, parent_id, child_id, has_responsibility, from_on)
            values ('\(school.id)', gen_random_uuid(), '\(TestSchool.parent)', '\(others)', false,
                '2020-01-01')
            """)
        #expect(try register.signer(TestSchool.estranged).get("/v1/signing").opened == [:])
        let parent = try register.signer(TestSchool.parent)
        let entries = try register.database.number("select count(*) from event")
        let opened = try parent.get("/v1/signing")
        #expect(opened["signer"] == "Ines Ash" && opened["school"] == "Hawthorn")
        #expect(
            opened.opened == ["Robin Ash of Hawthorn": ["issued"], "Wren Ash": ["issued"]])
        #expect(try parent.get("/v1/signing").text == opened.text)
        #expect(try register.database.number("select count(*) from event") == entries)
        _ = try JSON.decode(OpenedLink.self, from: opened.json)

        let path = "/v1/signing/agreements/\(first)"
        let wanting = try parent.post(
            "\(path)/signature", ["full_name": "Ines Ash", "attestations": ["use.own"]])
        #expect(
            wanting.faults == ["/attestations": "unconfirmed", "/attestations/0": "unasked"])
        let signed = try parent.post("\(path)/signature", parentsSignature)
        #expect(signed.status == 201 && signed["sha256"]?.count == 64)
        #expect(signed.json["signatures"]?[0]?["full_name"] == "Ines Ash")
        let copy = try parent.get("\(path)/copy")
        #expect(copy.text == signed.text)
        #expect(try #require(copy["words"]).contains("At Hawthorn I use my own log-in."))
        _ = try JSON.decode(LinkCopy.self, from: copy.json)

        let kept = try register.as(.office).get("/v1/agreements/\(first)")
        let signature = try #require(kept.json["signatures"]?[0])
        #expect(kept["state"] == "part_signed")
        #expect(signature["how"] == "link" && signature["part"] == "parent")
        #expect(signature["signer_id"]?.text == TestSchool.parent)
        #expect(signature["entered_by"] == nil && signature["signed_on"] == "2026-11-20")
        #expect(try register.as(.office).get("/v1/agreements/\(second)")["state"] == "issued")
        let entry = try #require(
            try register.database.entries().last { $0.deed == "agreement_signed" })
        #expect(entry.account == nil)
        let links = try register.as(.dsl).get("/v1/signing-links").data
        #expect(links.count == 2 && links[0]["sent_by"] == "School office")
        #expect(
            try register.database.number("select count(*) from agreement_unlike_its_entry") == 0)
        // Neither again, nor for a child that is not theirs.
        #expect(try parent.post("\(path)/signature", parentsSignature).status == 409)
        let another = try register.as(.office).get("/v1/people/\(others)/agreements").data
        let theirs = try #require(another.first?["id"]?.text)
        for what in ["copy", "signature", "refusal"] {
            let told =
                what == "copy"
                ? try parent.get("/v1/signing/agreements/\(theirs)/copy")
                : try parent.post(
                    "/v1/signing/agreements/\(theirs)/\(what)",
                    what == "refusal" ? ["reason": "No"] : parentsSignature)
            #expect(told.status == 404, "\(what)")
        }
    }

    @Test func `a pupil signs by a link too, and nobody is told who else did`() async throws {
        let register = try await Register.open()
        try register.addFamily()
        try register.database.execute(
            "update person set email = 'robin@ash.example' where id = '\(school.pupil)'")
        let template = try register.rulesForPupils(["fields": ["class_name"]])
        let id = try register.issue(template, to: school.pupil.lowercased)
        let path = "/v1/signing/agreements/\(id)"
        let (parent, pupil) = (
            try register.signer(TestSchool.parent), try register.signer(school.pupil.lowercased)
        )
        #expect(try parent.post("\(path)/signature", parentsSignature).status == 201)
        #expect(
            try pupil.post("\(path)/signature", ["full_name": "Robin"]).faults
                == ["/class_name": "required"])
        let opened = try pupil.get("/v1/signing")
        #expect(opened.json["agreements"]?[0]?["part"] == "pupil")
        #expect(opened.json["agreements"]?[0]?["attestations"] == [])
        #expect(!opened.text.contains("Ines"))
        let signed = try pupil.post(
            "\(path)/signature", ["full_name": "Robin", "class_name": "5B"])
        #expect(signed.status == 201 && !signed.text.contains("Ines"))
        #expect(try register.as(.office).get("/v1/agreements/\(id)")["state"] == "signed")
        #expect(try parent.get("/v1/signing").opened["Robin Ash of Hawthorn"] == ["signed"])
        #expect(try !parent.get("\(path)/copy").text.contains("\"Robin\""))
    }

    @Test func `whoever will not sign says why, and it stays shut`() async throws {
        let register = try await Register.open()
        try register.addFamily()
        let template = try register.rulesForPupils()
        let id = try register.issue(template, to: school.pupil.lowercased)
        let parent = try register.signer(TestSchool.parent)
        let path = "/v1/signing/agreements/\(id)"
        let refused = try parent.post("\(path)/refusal", ["reason": "We want to talk first"])
        #expect(refused.status == 201)
        let kept = try register.as(.office).get("/v1/agreements/\(id)")
        #expect(kept["state"] == "refused" && kept["ended_by"] == "Ines Ash")
        #expect(kept["ended_because"] == "We want to talk first")
        #expect(try parent.post("\(path)/signature", parentsSignature).status == 409)
        #expect(try parent.post("\(path)/refusal", ["reason": "Still"]).status == 409)
        #expect(try parent.get("/v1/signing").opened["Robin Ash of Hawthorn"] == ["refused"])
    }

    @Test func `what a newer version has replaced is not signed any more`() async throws {
        let register = try await Register.open()
        try register.addFamily()
        let template = try register.rulesForPupils()
        let id = try register.issue(template, to: school.pupil.lowercased)
        let parent = try register.signer(TestSchool.parent)
        _ = try register.publish(
            agreementText(["signers": "pupil_and_parent", "title": "New"]), of: template)
        let late = try parent.post("/v1/signing/agreements/\(id)/signature", parentsSignature)
        #expect(late.status == 409)
        #expect(late["detail"]?.hasPrefix("A newer version has taken its place") == true)
        // It is not shown any more, so that nobody reads what does not hold.
        #expect(try parent.get("/v1/signing").opened == [:])
    }

    @Test func `at once, one of many signs`() async throws {
        let register = try await Register.open()
        try register.addFamily()
        let template = try register.rulesForPupils()
        let id = try register.issue(template, to: school.pupil.lowercased)
        let parent = try register.signer(TestSchool.parent)
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<6 {
                group.addTask {
                    try parent.post(
                        "/v1/signing/agreements/\(id)/signature", parentsSignature
                    ).status
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(statuses.sorted() == [201, 409, 409, 409, 409, 409])
        #expect(try register.database.number("select count(*) from agreement_signature") == 1)
    }
}

/// A link is one person's of one school, and ends with what it stands on.
@Suite struct `A signing link` {
    private let school = TestSchool.hawthorn

    @Test(arguments: [
        "update person set email = 'new@home.example' where id = '\(TestSchool.parent)'",
        "update person set left_on = london_today() - 1 where id = '\(TestSchool.parent)'",
        """
        update parent_link set until_on = london_today() - 1
        where parent_id = '\(TestSchool.parent)'
        """,
        """
        update parent_link set has_responsibility = false
        where parent_id = '\(TestSchool.parent)'
        """,
        "update parent_link set no_contact = true where parent_id = '\(TestSchool.parent)'",
    ])
    func `opens nothing more once its owner has no right to it`(change: String) async throws {
        let register = try await Register.open()
        try register.addFamily()
        let parent = try register.signer(TestSchool.parent)
        #expect(try parent.get("/v1/signing").status == 200)
        try register.database.execute(change)
        #expect(try parent.get("/v1/signing").status == 401)
        // It is dead for good, whatever becomes of its owner later.
        #expect(
            try register.database.number(
                "select count(*) from sign_in_link where secret_hash is not null") == 0)
    }

    @Test func `goes on where the roster only calls its owner otherwise`() async throws {
        let register = try await Register.open()
        try register.addFamily()
        let parent = try register.signer(TestSchool.parent)
        // As a roster tells it: the one ends, and another begins.
        try register.database.execute(
            """
            begin;
            update parent_link set until_on = london_today() - 1
            where parent_id = '\(TestSchool.parent)' and child_id = '\(school.pupil)';
            insert into parent_link (
                school_id, id, parent_id, child_id, relationship, has_responsibility, from_on)
            values (
                '\(school.id)', gen_random_uuid(), '\(TestSchool.parent)', '\(school.pupil)',
                'Mum', true, london_today());
            commit;
            """)
        #expect(try parent.get("/v1/signing").status == 200)
    }

    @Test func `ends with its day, with its revocation, and with the child's leaving`()
        async throws
    {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T12:00:00Z")
        try register.addFamily()
        let template = try register.rulesForPupils()
        let id = try register.issue(template, to: school.pupil.lowercased)
        let parent = try register.signer(TestSchool.parent)
        let office = register.as(.office)
        let one = try #require(try office.get("/v1/signing-links").data.first)
        #expect(one["status"] == "live" && one["mail"] == "sent")
        // Leaving is known beforehand, and counts from the day after.
        try register.database.execute(
            "update person set left_on = '2026-11-27' where id = '\(school.pupil)'")
        #expect(try parent.get("/v1/signing").opened.count == 1)
        try register.database.setClock("2026-11-28T12:00:00Z")
        #expect(try parent.get("/v1/signing").opened == [:])
        #expect(
            try parent.post("/v1/signing/agreements/\(id)/signature", parentsSignature).status
                == 404)
        try register.database.setClock("2026-12-20T11:59:59Z")
        #expect(try parent.get("/v1/signing").status == 200)
        try register.database.setClock("2026-12-20T12:00:00Z")
        #expect(try parent.get("/v1/signing").status == 401)
        #expect(try office.get("/v1/signing-links").data[0]["status"] == "expired")

        let next = try register.signer(TestSchool.parent)
        let path = "/v1/signing-links/\(try office.get("/v1/signing-links").data[0]["id"]!.text!)"
        let revoked = try office.post("\(path)/revocation")
        #expect(revoked["status"] == "ended" && revoked["ended_because"] == "revoked")
        #expect(try office.post("\(path)/revocation")["ended_at"] == revoked["ended_at"])
        #expect(try next.get("/v1/signing").status == 401)
    }

    @Test func `opens one door and no other, and its secret is kept nowhere`() async throws {
        let register = try await Register.open()
        try register.addFamily()
        let parent = try register.signer(TestSchool.parent)
        let secret = try #require(parent.token)
        for path in ["/v1/me", "/v1/agreements", "/v1/people", "/v1/schools", "/v1/incidents"] {
            #expect(try parent.get(path).status == 401, "\(path)")
        }
        #expect(try parent.tell().status == 401)
        for what in ["invitations", "recoveries"] {
            #expect(
                try register.accept(secret, "four lanterns under the bridge", what).status == 404)
        }
        #expect(try parent.get("/v1/signing").status == 200)
        #expect(try register.as(.office).get("/v1/signing").status == 401)
        #expect(try register.database.places(of: secret) == [])
    }

    @Test func `does not go where it would be in another's hands`() async throws {
        let register = try await Register.open()
        try register.addFamily()
        let office = register.as(.office)
        func send(_ person: String) throws -> [String: String] {
            try office.post("/v1/signing-links", ["person_id": .string(person)]).faults
        }
        #expect(try send(school.pupil.lowercased) == ["/person_id": "no_address"])
        // Who may not be in touch would read what goes to an address that they share.
        try register.database.execute(
            """
            update person set email = '\(TestSchool.address.uppercased())'
            where id in ('\(TestSchool.estranged)', '\(school.pupil)')
            """)
        let template = try register.rulesForPupils()
        for child in [school.pupil.lowercased, TestSchool.sibling] {
            _ = try register.issue(template, to: child)
        }
        let parent = try register.signer(TestSchool.parent)
        #expect(try Array(parent.get("/v1/signing").opened.keys) == ["Wren Ash"])
        #expect(
            try register.signer(TestSchool.estranged).get("/v1/signing").opened == [:])
        // A pupil does not sign by their parent's mail.
        #expect(try send(school.pupil.lowercased) == ["/person_id": "signs_for_nobody"])
        // Staff have a log-in.
        try register.database.execute(
            "update person set email = 'a@staff.example' where id = '\(school.person(.staff))'")
        #expect(
            try send(school.person(.staff).lowercased) == ["/person_id": "signs_for_nobody"])
        for role in [Role.staff, .headteacher, .dsl, .technician] {
            let told = try register.as(role).post(
                "/v1/signing-links", ["person_id": .string(TestSchool.parent)])
            #expect(told.status == 403, "\(role)")
        }
        let elsewhere = try register.as(.office, at: .rosehip).post(
            "/v1/signing-links", ["person_id": .string(TestSchool.parent)])
        #expect(elsewhere.status == 404)
    }
}
