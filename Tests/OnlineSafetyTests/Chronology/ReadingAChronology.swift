import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety
@testable import Postgres

/// Everything known of a child, in one dated story.
@Suite struct `The chronology of a child` {
    @Test func `tells of every area what concerns the child, with its source and its days`()
        async throws
    {
        let child = try await KnownChild.open()
        let register = child.register
        let one = try child.incident()
        #expect(try one.triage(Case.finding(("types", ["cyberbullying"]))).status == 201)
        let (own, other) = try child.places(in: one)
        try one.put("support", Case.support(for: own))
        try one.put(
            "sanctions", ["of_id": other, "what": "warning", "policy": "Behaviour, section 9"])
        try one.contact("police")
        try one.put("parents-decisions", Case.informed(own))
        try one.put(
            "decisions", ["about": "police", "outcome": "no", "words": "One message, no threat"])
        try child.family.says(Family.mother, .consent)
        try child.family.says(Family.father, .withdraw, to: .press)
        let devices = DevicesAtWork(register: register)
        let tablet = try devices.device("HW-1")
        #expect(try devices.assign(tablet, to: child.family.child).status == 201)
        let lost = try devices.act(
            "lost", on: tablet, ["reason": "On the bus", "data_may_be_exposed": false])
        #expect(lost.status == 201, "\(lost.json)")
        let template = try register.template("Pupils' rules", for: [["kind": "pupil"]])
        _ = try register.publish(agreementText(), of: template)
        _ = try register.issue(template, to: child.family.child.lowercased)
        let taken = try register.as(.dsl).post(
            "/v1/confiscations",
            [
                "person_id": Case.pupil, "device": "A black phone", "kept_at": "The safe",
                "taken_by_id": Case.person(.staff), "authority": "Behaviour policy",
            ])
        #expect(taken.status == 201, "\(taken.json)")
        #expect(try Marked(register).mark(.send).status == 201)
        try register.database.execute(
            "update person set class_name = '6A', year_group = '6', joined_on = '2020-09-01' "
                + "where id = '\(child.family.child)'")

        let story = try child.story("?limit=1000")
        let kinds = Set(story.compactMap { $0["kind"]?.text })
        #expect(
            kinds.isSuperset(of: [
                "incident", "report", "support", "referral", "parents_decided", "case_decision",
                "procedure", "consent_given", "consent_withdrawn", "device_assigned",
                "device_lost", "agreement_issued", "confiscation", "marker_recorded", "joined",
                "moved",
            ]), "\(kinds)")
        // What was decided about somebody else is not this child's.
        #expect(!kinds.contains("sanction"))
        #expect(!story.contains { $0["kind"] == "parents_decided" && $0["words"] == nil })
        let involved = try #require(story.first { $0["kind"] == "incident" })
        #expect(involved["parts"] == ["target"] && involved["incident_id"]?.text == one.id)
        #expect(involved["school"]?.text == TestSchool.hawthorn.name)
        for entry in story {
            let href = try #require(entry["href"]?.text)
            let source = entry["source"]?.text ?? ""
            let isRead = try register.as(.dsl).get(href).status
            #expect(isRead == 200 || href.hasSuffix("/closure"), "\(source): \(href)")
        }
        // In the order of the days, and the other way round.
        let days = story.compactMap { $0["happened_on"]?.text }
        #expect(days == days.sorted() && days.count == story.count)
        let back = try child.story("?limit=1000&sort=-date")
        #expect(back.compactMap { $0["id"] } == story.compactMap { $0["id"] }.reversed())
        #expect(Set(story.compactMap { $0["id"]?.text }).count == story.count)
    }

    /// What becomes of a device after it came back is nothing of theirs.
    @Test func `tells of a device as long as the child had it`() async throws {
        let child = try await KnownChild.open()
        let school = TestSchool.hawthorn
        let device = try child.register.keepDevice(assignedTo: school.pupil)
        for (place, act) in [(3, "returned"), (4, "stolen")] {
            try child.register.database.execute(
                """
                insert into device_act (
                    school_id, id, device_id, place, act, content, done_by, done_by_name)
                values ('\(school.id)', gen_random_uuid(), '\(device)', \(place), '\(act)', '{}',
                    '\(school.account(.technician))', 'Keeper')
                """)
        }
        let kinds = try child.kinds()
        #expect(kinds.isSuperset(of: ["device_assigned", "device_returned"]))
        #expect(!kinds.contains("device_stolen"))
    }

    @Test func `is filtered by kind and period, paged both ways, and taken as a table`()
        async throws
    {
        let child = try await KnownChild.open()
        let one = try child.incident()
        for place in 1...9 {
            try one.put(
                "chronology",
                [
                    "kind": "action", "happened_at": .string("2026-11-1\(place)T09:30:00Z"),
                    "words": .string("Step \(place)"),
                ])
        }
        try child.family.says(Family.mother, .consent)
        for sort in ["date", "-date"] {
            let whole = try child.story("?limit=1000&sort=\(sort)").compactMap { $0["id"]?.text }
            var (paged, next) = ([String](), "?limit=4&sort=\(sort)")
            while true {
                let page = try child.read(next)
                paged += page.data.compactMap { $0["id"]?.text }
                guard let cursor = page["next_cursor"] else { break }
                next = "?limit=4&sort=\(sort)&cursor=\(cursor)"
            }
            #expect(paged == whole && whole.count > 10, "\(sort)")
        }
        #expect(try child.kinds("?kind=consent_given,report") == ["consent_given", "report"])
        #expect(try child.story("?kind=incident_entry&from=2026-11-13&until=2026-11-15").count == 3)
        #expect(try child.read("?kind=nonsense").status == 400)
        #expect(try child.read("?from=2026-11-15&until=2026-11-13").status == 400)
        let table = try child.read("?format=csv")
        #expect(table.status == 200 && table.text.contains("Step 9"))
        #expect(
            table.text.split(separator: "\r\n").count == 1 + (try child.story("?limit=1000").count))
    }

    /// Section 25, INC-47: who may; and what is not open to them is not there.
    @Test func `is for those who lead safeguarding and the headteacher, of pupils alone`()
        async throws
    {
        let child = try await KnownChild.open()
        for role in Role.allCases {
            let expected = [.dsl, .deputyDSL, .headteacher].contains(role) ? 200 : 403
            #expect(try child.read(as: role).status == expected, "\(role)")
        }
        let elsewhere = try child.register.as(.dsl, at: .rosehip).get(KnownChild.path)
        #expect(elsewhere.status == 404)
        for role in [Role.dsl, .staff] {
            let adult = TestSchool.hawthorn.person(role)
            #expect(
                try child.register.as(.dsl).get("/v1/people/\(adult)/chronology").status == 404)
        }
        try child.register.database.execute("update session set stepped_up_until = null")
        #expect(try child.read().code == "step_up_required")
    }

    @Test func `holds nothing of a case that is restricted to others, nor that there is one`()
        async throws
    {
        let child = try await KnownChild.open()
        let before = try child.story("?limit=1000").count
        let one = try child.incident("Something that is for few")
        #expect(try child.kinds(as: .headteacher).contains("incident"))
        let restricted = try one.restrict(to: [.dsl], as: .dsl)
        #expect(restricted.status == 201, "\(restricted.json)")
        #expect(try child.kinds().contains("incident"))
        for role in [Role.headteacher, .deputyDSL] {
            #expect(try child.story("?limit=1000", as: role).count == before, "\(role)")
        }
        // Nor of one that is about whoever reads.
        let about = try child.register.as(.staff).post(
            "/v1/incidents",
            report(
                "Something else", .staff,
                [
                    (
                        "people",
                        [
                            ["group": "child", "person_id": Case.pupil, "part": "target"],
                            Scene.alleged(.deputyDSL),
                        ]
                    )
                ]))
        #expect(try child.kinds(as: .headteacher).contains("report"))
        #expect(try child.story("?limit=1000", as: .deputyDSL).count == before, "\(about.id)")
    }

    /// AUD-02
    @Test func `is on record, as a reading of the child and of each incident that it shows`()
        async throws
    {
        let child = try await KnownChild.open()
        let one = try child.incident()
        let name = "asked-\(UUID().uuidString)"
        let told = try child.register.as(.dsl).get(KnownChild.path, ["X-Request-Id": name])
        #expect(told.status == 200)
        let found = try child.register.database.owner().run(
            """
            select distinct one::text as id from event cross join unnest(record_ids) as one
            where request_id = \(name) and chain = 'reads'
            """)
        let ids = Set((0..<found.count).compactMap { found.text($0, "id") })
        #expect(ids == [child.family.child.lowercased, one.id])
        let readings = try child.register.as(.headteacher).get("\(one.path)/readings")
        #expect(
            readings.data.contains { $0["request_id"]?.text == name }, "\(readings.json)")
        // Where only consents are asked for, no incident was read.
        let other = "asked-\(UUID().uuidString)"
        _ = try child.register.as(.dsl).get(
            "\(KnownChild.path)?kind=consent_given", ["X-Request-Id": other])
        #expect(
            try child.register.database.number(
                """
                select count(*) from event
                where request_id = \(other) and \(one.id)::text::uuid = any (record_ids)
                """) == 0)
    }

    @Test func `calls no two things by one name`() {
        let kinds = ChildChronology.kinds.map(\.kind)
        #expect(Set(kinds).count == kinds.count && kinds.count > 40)
    }

    @Test func `of a child with hundreds of entries is worked out quickly`() async throws {
        let child = try await KnownChild.open()
        let one = try child.incident()
        try child.register.database.execute(
            """
            insert into incident_entry (
                school_id, incident_id, id, kind, happened_at, words, account_id, role)
            select school_id, id, gen_random_uuid(), 'action', rowan_now() - n * interval '1 day',
                'Step ' || n, '\(TestSchool.hawthorn.account(.dsl))', 'dsl'
            from incident cross join generate_series(1, 300) as n where id = '\(one.id)'
            """)
        _ = try child.story("?limit=1000")
        let clock = ContinuousClock()
        let taken = try clock.measure {
            for _ in 0..<5 { _ = try child.story("?limit=200&sort=-date") }
        }
        #expect(taken < .seconds(2), "\(taken)")
        #expect(try child.story("?limit=1000").count > 300)
    }
}
