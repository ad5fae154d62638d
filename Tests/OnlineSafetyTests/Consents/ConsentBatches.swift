import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// The forms of a class, as they came back.
@Suite struct `A batch of consents` {
    private func form(
        _ parent: String?, _ answer: ConsentWord = .consent, about child: UUID, keptAt: String?
    ) -> JSONValue {
        var members: [JSONObject.Member] = [
            .init("person_id", .string(child.lowercased)), .init("given_on", "2026-11-20"),
            .init("answers", [["purpose": "press", "answer": .string(answer.rawValue)]]),
        ]
        if let parent { members.append(.init("given_by_id", .string(parent))) }
        if let keptAt { members.append(.init("kept_at", .string(keptAt))) }
        return .object(JSONObject(members))
    }

    @Test func `keeps each form that can be kept, and says what is wrong with the others`()
        async throws
    {
        let family = try await Family.open()
        let child = family.child
        let told = try family.register.as(.office).post(
            "/v1/consent-batches",
            [
                "consents": [
                    form(Family.mother, about: child, keptAt: "Folder"),
                    form(Family.grandmother, about: child, keptAt: "Folder"),
                    ["person_id": "nobody", "answers": [["purpose": "film", "answer": "yes"]]],
                    form(Family.mother, about: TestSchool.rosehip.pupil, keptAt: "Folder"),
                    form(nil, about: child, keptAt: nil),
                    form(Family.father, about: child, keptAt: "Folder"),
                ]
            ])
        #expect(told.status == 207, "\(told.json)")
        #expect(told.json["recorded"] == 2 && told.json["refused"] == 4)
        guard case .array(let rows)? = told.json["rows"], rows.count == 6 else { return }
        #expect(rows.map { $0["row"] } == [0, 1, 2, 3, 4, 5])
        #expect(rows.map { $0["status"] } == [201, 422, 422, 422, 422, 201])
        func wrong(_ row: Int) -> [String] {
            guard case .array(let errors)? = rows[row]["errors"] else { return [] }
            return errors.map {
                "\($0["pointer"]?.text ?? "") \($0["code"]?.text ?? "")"
            }.sorted()
        }
        #expect(wrong(1) == ["/given_by_id may_not_consent"])
        #expect(
            wrong(2) == [
                "/answers/0/answer unknown_word", "/answers/0/purpose unknown_word",
                "/person_id uuid",
            ])
        #expect(wrong(3) == ["/person_id unknown_person"])
        #expect(wrong(4) == ["/given_by_id required", "/kept_at required"])
        #expect(try family.isAllowed(.press))
        let kept = try family.register.as(.office).get("/v1/consents").data
        #expect(
            Set(kept.compactMap { $0["id"]?.text })
                == Set([0, 5].compactMap { rows[$0]["id"]?.text }))
        #expect(
            try family.register.database.entries().count { $0.deed == "consent_recorded" } == 2)
    }

    @Test func `of good forms alone is simply kept, and once, however often it is sent`()
        async throws
    {
        let family = try await Family.open()
        let batch: JSONValue = [
            "school_id": .string(family.school.id.lowercased),
            "consents": [form(Family.mother, about: family.child, keptAt: "Folder")],
        ]
        for _ in 0..<2 {
            let told = try family.register.as(.dsl).post(
                "/v1/consent-batches", batch, ["Idempotency-Key": "class-5B"])
            #expect(told.status == 201 && told.json["refused"] == 0)
        }
        #expect(try family.register.database.number("select count(*) from consent") == 1)
    }

    @Test func `of another shape is refused as a whole`() async throws {
        let family = try await Family.open()
        let office = family.register.as(.office)
        let path = "/v1/consent-batches"
        let one = form(Family.mother, about: family.child, keptAt: "Folder")
        let many = JSONValue.array(.init(repeating: one, count: 501))
        #expect(try office.post(path, ["consents": many]).faults == ["/consents": "too_many"])
        #expect(try office.post(path, [:]).faults == ["/consents": "required"])
        #expect(
            try office.post(path, ["consents": [one], "class": "5B"]).faults
                == ["/class": "unknown_field"])
        #expect(try office.post(path, ["consents": "all"]).faults == ["/consents": "wrong_type"])
        #expect(try family.register.database.number("select count(*) from consent") == 0)
    }
}
