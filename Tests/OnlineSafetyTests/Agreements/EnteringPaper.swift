import FoundationEssentials
import JSON
import Postgres
import Testing

@testable import OnlineSafety

/// What comes back on paper is typed in by the office: one at a time, or the pile of a class.
@Suite struct `Entering paper` {
    private let school = TestSchool.hawthorn

    private func form(_ said: [String: JSONValue]) -> JSONValue {
        .object(JSONObject(said.sorted { $0.key < $1.key }.map { .init($0.key, $0.value) }))
    }

    /// AGR-07 is whole with signing by a log-in and by a link.
    @Test func `a pile is entered at once, and each form stands by itself`() async throws {
        let register = try await Register.open()
        try register.database.setClock("2026-11-10T12:00:00Z")
        try register.addFamily()
        let template = try register.rulesForPupils()
        try register.database.setClock("2026-11-20T12:00:00Z")
        let issued = try register.issue(template, to: school.pupil.lowercased)
        let parent: [String: JSONValue] = [
            "part": "parent", "full_name": "Ines Ash", "attestations": ["talked"],
            "signer_id": .string(TestSchool.parent), "signed_on": "2026-11-18",
        ]
        let ofSibling: [String: JSONValue] = [
            "person_id": .string(TestSchool.sibling), "template_id": .string(template),
        ]
        let rows: [JSONValue] = [
            form(parent.merging(["agreement_id": .string(issued)]) { $1 }),
            form(parent.merging(["agreement_id": .string(issued)]) { $1 }),
            form(["agreement_id": .string(issued), "full_name": "Robin", "kept_at": "Class 5B"]),
            form(parent.merging(ofSibling) { $1 }),
            form(
                parent.merging(ofSibling.merging(["attestations": []]) { $1 }) { $1 }
                    .merging(["signer_id": .string(TestSchool.estranged)]) { $1 }),
            form(["full_name": "Nobody"]),
            form(parent.merging(["agreement_id": .string(Scene.missing)]) { $1 }),
            form(["full_name": "", "signed_on": "the 18th", "agreement_id": .string(issued)]),
        ]
        let office = register.as(.office)
        let pile: JSONValue = ["kept_at": "Office, blue folder", "rows": .array(rows)]
        let told = try office.post(
            "/v1/agreement-paper-returns", pile, ["Idempotency-Key": "the-pile"])
        #expect(told.status == 207)
        #expect(told.json["entered"] == 3 && told.json["refused"] == 5)
        guard case .array(let answers)? = told.json["rows"] else { return }
        #expect(answers.map { $0["status"] } == [201, 409, 201, 201, 422, 422, 404, 422])
        func faults(_ row: Int) -> [String?] {
            guard case .array(let errors)? = answers[row]["errors"] else { return [] }
            return errors.map { "\($0["pointer"]?.text ?? "") \($0["code"]?.text ?? "")" }
        }
        #expect(faults(1) == ["/rows/1 conflict"])
        #expect(
            faults(4) == ["/rows/4/attestations unconfirmed", "/rows/4/signer_id may_not_sign"])
        #expect(faults(5) == ["/rows/5/agreement_id required"])
        #expect(
            faults(7).compactMap { $0?.split(separator: " ").first } == [
                "/rows/7/full_name", "/rows/7/signed_on",
            ])
        _ = try JSON.decode(PaperReturnsEntered.self, from: told.json)

        let kept = try office.get("/v1/agreements/\(issued)")
        #expect(kept["state"] == "signed")
        guard case .array(let signatures)? = kept.json["signatures"] else { return }
        #expect(signatures.map { $0["how"] } == ["paper", "paper"])
        #expect(signatures.map { $0["kept_at"] } == ["Office, blue folder", "Class 5B"])
        #expect(signatures.map { $0["signed_on"] } == ["2026-11-18", "2026-11-20"])
        #expect(signatures.allSatisfy { $0["entered_by"] == "School office" })
        // The form of the sibling brought its agreement with it, once.
        let sibling = try office.get("/v1/people/\(TestSchool.sibling)/agreements").data
        #expect(sibling.map { $0["state"] } == ["part_signed"])
        #expect(
            try register.database.number("select count(*) from agreement_unlike_its_entry") == 0)
        // The same pile again is the same answer, and enters nothing.
        let again = try office.post(
            "/v1/agreement-paper-returns", pile, ["Idempotency-Key": "the-pile"])
        #expect(again.status == 207 && again.text == told.text)
        #expect(try register.database.number("select count(*) from agreement_signature") == 3)
    }

    @Test func `a pile has a bound, and says where the paper lies`() async throws {
        let register = try await Register.open()
        try register.addFamily()
        let template = try register.rulesForPupils()
        let id = try register.issue(template, to: school.pupil.lowercased)
        let coordinator = register.as(.onlineSafetyCoordinator)
        let row: JSONValue = [
            "agreement_id": .string(id), "part": "parent", "full_name": "Ines Ash",
            "signer_id": .string(TestSchool.parent), "attestations": ["talked"],
        ]
        let path = "/v1/agreement-paper-returns"
        let placeless = try coordinator.post(path, ["rows": [row]])
        #expect(placeless.status == 207)
        #expect(placeless.json["rows"]?[0]?["errors"]?[0]?["pointer"] == "/rows/0/kept_at")
        #expect(try coordinator.post(path, ["rows": []]).faults == ["/rows": "required"])
        let many = Array(repeating: row, count: 201)
        #expect(
            try coordinator.post(path, ["kept_at": "Safe", "rows": .array(many)]).faults
                == ["/rows": "too_many"])
        // The coordinator may enter what they may not read: whose child it is.
        #expect(try coordinator.post(path, ["kept_at": "Safe", "rows": [row]]).status == 201)
        #expect(try register.as(.dsl).post(path, ["kept_at": "Safe", "rows": [row]]).status == 403)
    }

    @Test func `AGR-09: one parent signs for each of several children, and two for one`()
        async throws
    {
        let register = try await Register.open()
        try register.addFamily()
        let other = try register.person(
            "parent", "dad@home.example", parentOf: school.pupil.lowercased)
        let template = try register.rulesForPupils(["signers": "parent"])
        let first = try register.issue(template, to: school.pupil.lowercased)
        let second = try register.issue(template, to: TestSchool.sibling)
        let office = register.as(.office)
        func sign(_ agreement: String, _ signer: String) throws -> Reading {
            try office.post(
                "/v1/agreements/\(agreement)/signatures",
                [
                    "part": "parent", "full_name": "A Parent", "attestations": ["talked"],
                    "signer_id": .string(signer), "kept_at": "Office",
                ])
        }
        #expect(try sign(first, TestSchool.parent)["state"] == "signed")
        #expect(try office.get("/v1/agreements/\(second)")["state"] == "issued")
        #expect(try sign(second, TestSchool.parent)["state"] == "signed")
        #expect(try sign(first, TestSchool.parent).status == 409)
        let both = try sign(first, other)
        #expect(both.status == 201 && both["state"] == "signed")
        guard case .array(let signatures)? = both.json["signatures"] else { return }
        #expect(signatures.map { $0["signer_id"]?.text } == [TestSchool.parent, other])
        #expect(try sign(second, other).faults == ["/signer_id": "may_not_sign"])

        // By a link of each as well.
        let third = try register.person("pupil", nil)
        try register.database.execute(
            """
            insert into parent_link (
                school_id, id, parent_id, child_id, has_responsibility, from_on)
            select '\(school.id)', gen_random_uuid(), parent, '\(third)', true, '2020-01-01'
            from unnest('{\(TestSchool.parent),\(other)}'::uuid[]) as parent
            """)
        let agreement = try register.issue(template, to: third)
        for parent in [TestSchool.parent, other] {
            let signer = try register.signer(parent)
            let path = "/v1/signing/agreements/\(agreement)/signature"
            #expect(try signer.post(path, parentsSignature).status == 201)
            #expect(try signer.post(path, parentsSignature).status == 409)
        }
        #expect(
            try register.database.number(
                """
                select count(*) from agreement_signature
                where agreement_id = \(agreement)::text::uuid and how = 'link'
                """) == 2)
    }
}
