import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// Whoever is complained of learns of no complaint, and handles none.
@Suite struct `Whoever is complained of` {
    /// Everything of it that somebody can find.
    private func traces(of id: String, _ reference: String, to visitor: Visitor) throws -> [String]
    {
        let paths = [
            "/v1/complaints/\(id)", "/v1/complaints?limit=1000", "/v1/complaints?format=csv",
            "/v1/complaints?include_total=true", "/v1/audit?chain=changes&limit=1000",
            "/v1/audit?chain=reads&limit=1000",
            "/v1/audit?chain=changes&record_id=\(id)", "/v1/notices", "/v1/me",
            "/v1/duties?limit=1000",
            "/v1/calendar-links", "/v1/duty-figures",
        ]
        return try paths.filter { path in
            let told = try visitor.get(path)
            guard told.status == 200 else { return false }
            let text = told.text.replacing("\"record_id\":\"\(id)\"", with: "")
            return text.contains(id) || text.contains(reference)
                || text.contains("complaint_to_") || told.json["total"].map { $0 != 0 } == true
        }
    }

    /// CMP-03: it goes past whoever has the post, to the next; and nobody shows it to them.
    @Test(arguments: [
        (ComplaintMatter.internetMisuse, Role.seniorLeader, Role.headteacher),
        (.staff, .headteacher, .chairOfGovernors), (.headteacher, .headteacher, .chairOfGovernors),
        (.childProtection, .dsl, .headteacher), (.other, .chairOfGovernors, .headteacher),
        (.other, .staff, .headteacher),
    ])
    func `is shown nothing, and handles nothing`(
        matter: ComplaintMatter, subject: Role, handler: Role
    ) async throws {
        let work = try await ComplaintsAtWork.open()
        let id = try work.take(matter, ComplaintsAtWork.about(subject))
        let reference = try work.read(id, by: handler)["reference"] ?? ""
        #expect(try work.read(id, by: handler)["handler"] == handler.rawValue)
        #expect(try work.told() == [handler])
        try work.act(.noted, on: id, by: handler, ("words", "They were heard"))
        for other in Role.allCases where other != subject {
            _ = try work.register.as(other).get("/v1/complaints")
        }
        let visitor = work.register.as(subject)
        let found = try traces(of: id, reference, to: visitor)
        #expect(found == [], "\(found)")
        let acted = try work.act(.noted, on: id, by: subject, ("words", "x"))
        #expect([403, 404].contains(acted.status))
        #expect(try traces(of: id, reference, to: work.register.as(handler)).count > 3)
    }

    /// CMP-03: by a name that is theirs, though nobody said who they are on the roster.
    @Test func `is known by their name, too`() async throws {
        let work = try await ComplaintsAtWork.open()
        let id = try work.take(.staff, ("about", [["name": "the  HEADTEACHER"]]))
        #expect(try work.handlers(of: id) == [.chairOfGovernors])
        #expect(try work.read(id, by: .headteacher).status == 404)
    }

    /// CMP-03: nor by the family name alone, nor by the post.
    @Test(
        arguments: [
            ["name": "Mrs Headteacher"], ["post": "The headteacher"],
            ["name": "Somebody", "post": "Head"],
        ] as [JSONValue])
    func `is known by what they are called`(about: JSONValue) async throws {
        let work = try await ComplaintsAtWork.open()
        let id = try work.take(.staff, ("about", .array([about])))
        #expect(try work.handlers(of: id) == [.chairOfGovernors])
        #expect(try work.read(id, by: .headteacher).status == 404)
        #expect(try work.told() == [.chairOfGovernors])
    }

    /// The deputy's post is not the headteacher's; and of a governor who is named the chair has it.
    @Test func `goes past nobody whom it is not about`() async throws {
        let work = try await ComplaintsAtWork.open()
        let deputy = try work.take(.staff, ("about", [["post": "Deputy head"]]))
        #expect(try work.read(deputy, by: .headteacher)["handler"] == "headteacher")
        let governor = try work.take(.governor, ComplaintsAtWork.about(.governor))
        #expect(try work.read(governor, by: .chairOfGovernors)["handler"] == "chair_of_governors")
        #expect(try work.read(governor, by: .governor).status != 200)
    }

    /// CMP-03: somebody who is both: the headteacher who is the DSL, and who took it themself.
    @Test func `is so in every post that they hold`() async throws {
        let work = try await ComplaintsAtWork.open()
        try work.register.seat(.dsl, for: .headteacher)
        try work.register.seat(.seniorLeader, for: .headteacher)
        let id = try work.take(.childProtection, ComplaintsAtWork.about(.headteacher))
        #expect(try work.handlers(of: id) == [.chairOfGovernors])
        // Of another it is the DSL's, and the DSL who is not the headteacher has it.
        let other = try work.take(.childProtection, ComplaintsAtWork.about(.dsl))
        #expect(try work.read(other, by: .dsl).status == 404)
        #expect(try work.read(other, by: .headteacher)["handler"] == "headteacher")
        for (matter, about) in [
            (ComplaintMatter.staff, ComplaintsAtWork.about(.headteacher)),
            (.headteacher, ("about", [])),
        ] {
            let own = try work.register.as(.headteacher).post(
                "/v1/complaints", ComplaintsAtWork.said(matter, [about]))
            #expect(own.faults == ["/about": "own_complaint"])
        }
    }

    /// Whoever held the post is meant, and not who holds it by the time that it is diverted.
    @Test func `goes with whom it was about when it is diverted`() async throws {
        let work = try await ComplaintsAtWork.open()
        let id = try work.take(.headteacher)
        try work.register.seat(.dsl, for: .headteacher)
        try work.register.database.execute(
            """
            update seat set person_id = '\(TestSchool.hawthorn.person(.seniorLeader))',
                account_id = '\(TestSchool.hawthorn.account(.seniorLeader))'
            where school_id = '\(TestSchool.hawthorn.id)' and role = 'headteacher'
            """)
        try work.act(.rerouted, on: id, by: .chairOfGovernors, ("to", "dsl"), ("words", "Hers"))
        #expect(try work.read(id, by: .headteacher).status == 404)
        let told = try work.act(
            .diverted, on: id, by: .dsl, ("words", "It may be grooming"))
        let incident = try #require(told.json["incident_ids"]?[0]?.text, "\(told.text)")
        #expect(try work.register.as(.headteacher).get("/v1/incidents/\(incident)").status == 404)
        let named = try work.register.database.number(
            """
            select count(*) from incident_subject
            where incident_id = \(incident)::text::uuid
                and account_id = \(TestSchool.hawthorn.account(.headteacher))
            """)
        #expect(named > 0)
    }

    /// CMP-03: whom it turns out to be about sees no more of it, and has it no more.
    @Test func `is so from the moment in which they are found to be`() async throws {
        let work = try await ComplaintsAtWork.open()
        let id = try work.take(.internetMisuse)
        try work.act(.noted, on: id, by: .seniorLeader, ("words", "Asked the class"))
        let own = try work.act(
            .named, on: id, by: .headteacher, ("person_ids", [Case.person(.headteacher)]),
            ("words", "x"))
        #expect(own.faults == ["/person_ids": "own_complaint"])
        let found = try work.act(
            .named, on: id, by: .headteacher, ("person_ids", [Case.person(.seniorLeader)]),
            ("words", "It was their lesson"))
        #expect(found.status == 201 && found["handler"] == "headteacher", "\(found.text)")
        #expect(try work.read(id, by: .seniorLeader).status == 404)
        #expect(try work.register.as(.seniorLeader).get("/v1/complaints").data == [])
        #expect(try work.handlers(of: id) == [.headteacher])
    }

    /// CMP-03: who complains does not handle it, and knows what they wrote.
    @Test func `complains like everybody else`() async throws {
        let work = try await ComplaintsAtWork.open()
        let myself: JSONValue = [
            "kind": "staff", "person_id": Case.person(.headteacher),
        ]
        let id = try work.take(
            .staff, by: .headteacher, ("complainant", myself), ComplaintsAtWork.about(.technician))
        #expect(try work.handlers(of: id) == [.chairOfGovernors])
        let own = try work.read(id, by: .headteacher)
        #expect(own.status == 200 && own["state"] == "received" && own.json["acts"] == nil)
    }

    /// CMP-03: who has it follows from the posts of the day, so that it is never left with nobody.
    @Test func `is passed over on each day, whoever holds the post by then`() async throws {
        let work = try await ComplaintsAtWork.open()
        let id = try work.take(.other)
        #expect(try work.handlers(of: id) == [.seniorLeader, .headteacher])
        try work.register.database.execute(
            "update seat set until_on = '2026-11-01' where role = 'senior_leader'")
        #expect(try work.read(id, by: .headteacher)["handler"] == "headteacher")
        #expect(try work.read(id, by: .seniorLeader).status != 200)
        try work.register.seat(.seniorLeader, for: .technician)
        #expect(try work.read(id, by: .technician)["handler"] == "senior_leader")
    }
}
