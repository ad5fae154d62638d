import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// Videoconferences that were recorded: nobody is recorded who has not permitted it.
@Suite struct `The register of recordings` {
    private let path = "/v1/videoconference-recordings"

    /// A family whose school asks for all that recording needs, and a store that is agreed.
    private func open() async throws -> (Family, store: String) {
        let family = try await Family.open()
        try family.asks(.videoconference)
        try family.asks(.videoconferenceRecording)
        for purpose in [ConsentPurpose.images, .videoconference] {
            try family.says(Family.mother, .consent, to: purpose)
        }
        let store = try family.register.as(.headteacher).post(
            "/v1/secure-stores", ["kind": "network", "name": "Staff share, folder Images"])
        try #require(store.status == 201, "\(store.json)")
        return (family, store.id)
    }

    private func recording(
        of people: [UUID], in store: String, _ more: [String: JSONValue] = [:]
    ) -> JSONValue {
        let usual: [String: JSONValue] = [
            "name": "Our twin school", "purpose": "For those who were ill",
            "took_part_ids": .array(people.map { .string($0.lowercased) }),
            "notice_given": true, "store_id": .string(store),
        ]
        return .object(
            JSONObject(
                usual.merging(more) { $1 }.filter { $0.value != .null }
                    .sorted { $0.key < $1.key }.map { .init($0.key, $0.value) }))
    }

    @Test func `CON-09: all who took part permitted it, with a reason, notice and a store`()
        async throws
    {
        let (family, store) = try await open()
        let (head, staff) = (
            family.register.as(.headteacher), family.school.person(.staff)
        )
        #expect(
            try head.post(path, ["name": "Our twin school"]).faults == [
                "/purpose": "required", "/took_part_ids": "required",
                "/notice_given": "required", "/store_id": "required",
            ])
        let said = recording(of: [family.child, staff], in: store)
        let untold = recording(
            of: [family.child, staff], in: store, ["notice_given": false])
        let refused = try head.post(path, untold)
        #expect(refused.status == 409)
        #expect(
            refused.faults == [
                "/notice_given": "not_permitted", "/took_part_ids/0": "not_permitted",
                "/took_part_ids/1": "not_permitted",
            ])
        try family.says(Family.mother, .consent, to: .videoconferenceRecording)
        #expect(try head.post(path, said).faults == ["/took_part_ids/1": "not_permitted"])
        let permits = try family.register.as(.staff).post(
            "/v1/consents",
            [
                "person_id": .string(staff.lowercased),
                "answers": [["purpose": "videoconference_recording", "answer": "consent"]],
            ])
        #expect(permits.status == 201, "\(permits.json)")
        let kept = try head.post(path, said)
        #expect(kept.status == 201, "\(kept.json)")
        #expect(kept["store"] == "Staff share, folder Images")
        #expect(kept.json["took_part"] == ["Robin Ash of Hawthorn", "The Member of staff"])
        let found = try head.get("\(path)?person_id=\(family.child)").data
        #expect(found.map { $0["id"]?.text } == [kept.id])
        #expect(try family.register.as(.staff).get(path).status == 403)
    }

    /// A permission that was given later, or is no more, was none on that day.
    @Test func `it is asked of the day on which it was recorded`() async throws {
        let (family, store) = try await open()
        let office = family.register.as(.office)
        try family.says(Family.mother, .consent, to: .videoconferenceRecording)
        let before = recording(of: [family.child], in: store, ["happened_on": "2026-11-19"])
        #expect(try office.post(path, before).faults == ["/took_part_ids/0": "not_permitted"])
        let kept = try office.post(path, recording(of: [family.child], in: store))
        #expect(kept.status == 201)
        func correct(_ change: JSONValue) throws -> Reading {
            try office.ask(
                "PATCH", "\(path)/\(kept.id)",
                ["If-Match": "*", "Content-Type": "application/merge-patch+json"], change)
        }
        #expect(
            try correct(["happened_on": "2026-11-19"]).faults
                == ["/took_part_ids/0": "not_permitted"])
        try family.register.database.setClock("2026-11-23T12:00:00Z")
        try family.says(Family.father, .refuse, to: .videoconferenceRecording)
        #expect(
            try office.post(path, recording(of: [family.child], in: store)).faults
                == ["/took_part_ids/0": "not_permitted"])
        // What was permitted on its day stays, and is corrected.
        #expect(try correct(["purpose": "For those who could not come"]).status == 200)
        #expect(try correct(["notice_given": false]).status == 409)
    }

    @Test func `why somebody may not be recorded nobody learns by it`() async throws {
        let (family, store) = try await open()
        func refusals() throws -> [JSONValue?] {
            try [Role.headteacher, .office].map { role in
                let told = try family.register.as(role).post(
                    path, recording(of: [family.child], in: store))
                #expect(told.status == 409)
                return told.json["errors"]
            }
        }
        let unanswered = try refusals()
        try family.says(Family.mother, .consent, to: .videoconferenceRecording)
        let marker = try Marked(family.register).mark(.atRiskImages)
        #expect(marker.status == 201)
        #expect(try refusals() == unanswered)
        #expect(try Marked(family.register).end(marker.id).status == 201)
        try family.says(Family.father, .refuse, to: .videoconferenceRecording)
        #expect(try refusals() == unanswered)
    }

    @Test func `of those who are not on the roster it is said how many, and that they did`()
        async throws
    {
        let (family, store) = try await open()
        let head = family.register.as(.headteacher)
        let nobody = recording(of: [], in: store)
        #expect(try head.post(path, nobody).faults == ["/took_part_ids": "required"])
        let others = nobody.with("others", 28)
        #expect(try head.post(path, others).faults == ["/others_permitted": "required"])
        let not = try head.post(path, others.with("others_permitted", false))
        #expect(not.status == 409 && not.faults == ["/others_permitted": "not_permitted"])
        let kept = try head.post(path, others.with("others_permitted", true))
        #expect(kept.status == 201 && kept.json["others"] == 28)
        let stranger = recording(of: [TestSchool.rosehip.pupil], in: store)
        #expect(try head.post(path, stranger).faults == ["/took_part_ids/0": "unknown_person"])
        let crowd = recording(of: (0...200).map { _ in UUID() }, in: store)
        #expect(try head.post(path, crowd).faults == ["/took_part_ids": "too_many"])
    }

    /// The matrix asks for more: that only approved staff reach it.
    @Test func `it lies in a store that is agreed today`() async throws {
        let (family, store) = try await open()
        let head = family.register.as(.headteacher)
        try family.says(Family.mother, .consent, to: .videoconferenceRecording)
        func keep(in store: String) throws -> Reading {
            try head.post(path, recording(of: [family.child], in: store))
        }
        #expect(
            try keep(in: family.register.entry(of: "committee")).faults
                == ["/store_id": "unknown_entry"])
        let kept = try keep(in: store)
        #expect(kept.status == 201)
        try family.register.database.setClock("2026-11-24T12:00:00Z")
        let ended = try head.ask(
            "PATCH", "/v1/secure-stores/\(store)",
            ["If-Match": "*", "Content-Type": "application/merge-patch+json"],
            ["until_on": "2026-11-23"])
        #expect(ended.status == 200, "\(ended.json)")
        #expect(try keep(in: store).faults == ["/store_id": "unknown_entry"])
        #expect(try head.get("\(path)/\(kept.id)")["store"] == "Staff share, folder Images")
    }
}

extension Register {
    /// Lets an adult of Hawthorn be recorded, as the school asks and they have said.
    func mayBeRecorded(_ person: UUID) throws {
        let school = TestSchool.hawthorn
        try database.execute(
            """
            insert into school_rule (
                school_id, kind, subject, version, id, from_on, content, set_by, set_by_name)
            select '\(school.id)', kind, subject, 1, gen_random_uuid(), london_today(),
                usual || '{"is_asked": true}', '\(school.account(.headteacher))', 'Headteacher'
            from rule_kind where kind = 'consent' and subject = 'videoconference_recording';
            insert into consent (
                school_id, id, person_id, given_by_id, answers, given_on, how, kept_at,
                entered_by, entered_by_name)
            values (
                '\(school.id)', gen_random_uuid(), '\(person)', '\(person)',
                '[{"purpose": "videoconference_recording", "answer": "consent"}]',
                london_today(), 'paper', 'Office', '\(school.account(.office))', 'School office')
            """)
    }
}
