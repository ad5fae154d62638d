import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// What may be done with each of a class, and of whom an answer is still wanted.
@Suite struct `Listing consents` {
    /// Two more pupils of the class, one of another, and one who has left.
    private func classes() async throws -> Family {
        let family = try await Family.open()
        try family.register.database.execute(
            """
            insert into person (
                school_id, id, kind, given_name, family_name, year_group, class_name, left_on)
            select '\(family.school.id)', gen_random_uuid(), 'pupil', given, family, '5', class,
                left_on::date
            from (values
                ('Zoe', 'Abbot', '5B', null), ('Ali', 'Zahir', '5B', null),
                ('Kim', 'Moor', '5A', null), ('Lou', 'Moor', '5B', '2026-07-20')
            ) as known (given, family, class, left_on)
            """)
        return family
    }

    @Test func `CON-07: the permission list is of today, by class, and says what may be done`()
        async throws
    {
        let family = try await classes()
        try family.says(
            Family.mother, .consent,
            [
                "answers": [
                    ["purpose": "images", "answer": "consent"],
                    ["purpose": "school_website", "answer": "consent", "scope": "In groups only"],
                    ["purpose": "press", "answer": "refuse"],
                ]
            ])
        for role in [Role.staff, .office, .dsl, .headteacher] {
            let told = try family.register.as(role).get("/v1/permission-list?class_name=5B")
            #expect(told.status == 200)
            #expect(told.data.map { $0["family_name"] } == ["Abbot", "Ash of Hawthorn", "Zahir"])
            try #require(told.data.count == 3)
            let child = told.data[1]
            #expect(child["allowed"] == ["images", "school_website"])
            #expect(
                child["not_allowed"] == [
                    "school_literature", "press", "learning_platform", "social_media",
                    "outside_network",
                ])
            #expect(child["scopes"] == ["school_website: In groups only"])
            #expect(told.data[0]["allowed"] == [] && told.data[2]["allowed"] == [])
        }
        // How pupils may be known in it is told with it, as the school has set it.
        func rules() throws -> [JSONValue?] {
            let list = try family.register.as(.staff).get("/v1/permission-list?class_name=5B")
            let check = "/v1/consent-check?person_id=\(family.child)&purpose="
            return list.data.map { $0["identification"] }
                + [
                    try family.register.as(.staff).get(check + "school_website")
                        .json["identification"],
                    try family.register.as(.staff).get(check + "pupil_email")
                        .json["identification"],
                ]
        }
        #expect(try rules() == Array(repeating: "no_names_in_groups", count: 4) + [nil])
        try family.set("identification-in-images", "not_identifiable")
        #expect(try rules() == Array(repeating: "not_identifiable", count: 4) + [nil])
        let staff = family.register.as(.staff)
        let first = try staff.get("/v1/permission-list?class_name=5B&purpose=images&limit=2")
        #expect(first.data.map { $0["allowed"] } == [[], ["images"]])
        #expect(first.data.map { $0["not_allowed"] } == [["images"], []])
        let cursor = first["next_cursor"] ?? ""
        let next = try staff.get(
            "/v1/permission-list?class_name=5B&purpose=images&limit=2&cursor=\(cursor)")
        #expect(next.data.map { $0["family_name"] } == ["Zahir"])
        try family.says(Family.father, .withdraw, to: .images)
        let after = try staff.get("/v1/permission-list?class_name=5B&purpose=images")
        #expect(after.data.allSatisfy { $0["allowed"] == [] })
        #expect(try family.register.database.entries().allSatisfy { $0.deed != "exported" })
        let table = try family.register.as(.office).get(
            "/v1/permission-list?class_name=5B&format=csv")
        #expect(table.text.contains("school_website;") || table.text.contains("school_website,"))
        #expect(
            try family.register.database.entries().contains {
                $0.deed == "exported" && $0.kind == "consent" && $0.records.count == 3
            })
    }

    @Test func `of a large school they come page by page, and none twice`() async throws {
        let family = try await Family.open()
        try family.register.database.execute(
            """
            insert into person (
                school_id, id, kind, given_name, family_name, year_group, class_name)
            select '\(family.school.id)', gen_random_uuid(), 'pupil', 'Kim',
                'Elm ' || lpad(number::text, 3, '0'), '5', '5C'
            from generate_series(1, 450) as number
            """)
        let office = family.register.as(.office)
        // All but every hundredth have answered what is asked for.
        try family.register.database.execute(
            """
            insert into school_rule (
                school_id, kind, subject, version, id, from_on, content, set_by, set_by_name)
            select '\(family.school.id)', kind, subject, 1, gen_random_uuid(), london_today(),
                usual || jsonb_build_object('is_asked', subject = 'press'),
                '\(family.school.account(.headteacher))', 'Headteacher'
            from rule_kind where kind = 'consent';
            insert into person (school_id, id, kind, given_name, family_name)
            values ('\(family.school.id)', '\(TestSchool.parent)', 'parent', 'Ines', 'Elm');
            insert into parent_link (
                school_id, id, parent_id, child_id, has_responsibility, from_on)
            select school_id, gen_random_uuid(), '\(TestSchool.parent)', id, true, '2020-01-01'
            from person where class_name = '5C';
            insert into consent (
                school_id, id, person_id, given_by_id, answers, given_on, how, kept_at,
                entered_by, entered_by_name)
            select school_id, gen_random_uuid(), id, '\(TestSchool.parent)',
                '[{"purpose": "press", "answer": "refuse"}]', '2026-11-01', 'paper', 'Folder',
                '\(family.school.account(.office))', 'School office'
            from person
            where class_name = '5C' and right(family_name, 2) <> '00'
            """)
        var names: [String] = []
        var cursor: String? = ""
        while let after = cursor, names.count < 10 {
            let page = try office.get(
                "/v1/consents-sought?class_name=5C&limit=3"
                    + (after.isEmpty ? "" : "&cursor=\(after)"))
            try #require(page.status == 200, "\(page.json)")
            names += page.data.compactMap { $0["family_name"]?.text }
            #expect(page.data.allSatisfy { $0["no_answer"] == ["press"] })
            cursor = page["next_cursor"]
        }
        #expect(names == ["Elm 100", "Elm 200", "Elm 300", "Elm 400"])
    }

    @Test func `CON-03: children with no answer are listed, from their entry on`() async throws {
        let family = try await classes()
        let office = family.register.as(.office)
        let all = try office.get("/v1/consents-sought")
        #expect(
            all.data.map { $0["family_name"] } == ["Abbot", "Ash of Hawthorn", "Moor", "Zahir"])
        try #require(all.data.count == 4)
        #expect(all.data[0]["no_answer"]?[0] == "images" && all.data[0]["lapsed"] == [])
        let asked = ConsentPurpose.allCases.prefix(7)
        for purpose in asked {
            try family.says(
                Family.mother, purpose == .press ? .refuse : .consent, to: purpose)
        }
        let rest = try office.get("/v1/consents-sought?class_name=5B")
        #expect(rest.data.map { $0["family_name"] } == ["Abbot", "Zahir"])
        try family.asks(.images, ["is_asked": true, "lapses_on": "2026-12-01"])
        try family.register.database.setClock("2026-12-01T12:00:00Z")
        let again = try office.get("/v1/consents-sought?class_name=5B&purpose=images,press")
        #expect(again.data.map { $0["family_name"] } == ["Abbot", "Ash of Hawthorn", "Zahir"])
        try #require(again.data.count == 3)
        #expect(again.data[1]["lapsed"] == ["images"] && again.data[1]["no_answer"] == [])
        let staff = try office.get("/v1/consents-sought?kind=teacher")
        #expect(staff.data.count == Role.allCases.count(where: \.isOfASchool))
        #expect(try family.register.as(.staff).get("/v1/consents-sought").status == 403)
        #expect(
            try family.register.database.entries().contains {
                $0.deed == "listed" && $0.kind == "consent"
            })
    }
}
