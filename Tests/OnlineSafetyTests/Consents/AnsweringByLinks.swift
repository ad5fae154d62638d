import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// Parents have no log-in: the link by which they sign shows what they are asked about each child,
/// and what they themselves have said, and nothing of what others have (section 25).
@Suite struct `Answering by a link` {
    private static let addresses = [
        (Family.mother, "amira@ash.example"), (Family.father, "tom@ash.example"),
        (Family.barred, "paul@moss.example"), (Family.grandmother, "ada@ash.example"),
    ]

    /// The family with addresses, and a second child of the mother's.
    private func open() async throws -> Family {
        let family = try await Family.open()
        for (person, address) in Self.addresses {
            try family.register.database.execute(
                "update person set email = '\(address)' where id = '\(person)'")
        }
        try family.register.database.execute(
            """
            insert into person (school_id, id, kind, given_name, family_name)
            values ('\(family.school.id)', '\(TestSchool.sibling)', 'pupil', 'Wren', 'Ash');
            insert into parent_link (
                school_id, id, parent_id, child_id, has_responsibility, from_on)
            values ('\(family.school.id)', gen_random_uuid(), '\(Family.mother)',
                '\(TestSchool.sibling)', true, '2020-01-01');
            """)
        return family
    }

    /// What a link shows of somebody: each purpose by its name.
    private func shown(
        _ visitor: Visitor, _ person: String
    ) throws -> [String: JSONValue] {
        let opened = try visitor.get("/v1/signing")
        try #require(opened.status == 200, "\(opened.json)")
        return Self.purposes(
            Self.list(opened.json["consents"]).first { $0["person_id"]?.text == person })
    }

    private static func list(_ value: JSONValue?) -> [JSONValue] {
        guard case .array(let all)? = value else { return [] }
        return all
    }

    private static func purposes(_ of: JSONValue?) -> [String: JSONValue] {
        Dictionary(
            uniqueKeysWithValues: list(of?["purposes"]).map { ($0["purpose"]?.text ?? "", $0) })
    }

    private func say(
        _ visitor: Visitor, _ answer: ConsentWord, to purpose: ConsentPurpose = .schoolWebsite,
        of person: String, scope: String? = nil
    ) throws -> Reading {
        var said = [
            JSONObject.Member("purpose", .string(purpose.rawValue)),
            JSONObject.Member("answer", .string(answer.rawValue)),
        ]
        if let scope { said.append(.init("scope", .string(scope))) }
        return try visitor.post(
            "/v1/signing/people/\(person)/consents",
            ["answers": [.object(JSONObject(said))]])
    }

    @Test func `CON-04: a parent gives, refuses and withdraws by their own link, at any time`()
        async throws
    {
        let family = try await open()
        let child = family.child.lowercased
        try family.asks(.progressApp)
        let mother = try family.register.signer(Family.mother)
        let entries = try family.register.database.number("select count(*) from event")
        let opened = try mother.get("/v1/signing")
        _ = try JSON.decode(OpenedLink.self, from: opened.json)
        // Both children, and herself, who has no log-in; adults are not asked about an app.
        #expect(
            Self.list(opened.json["consents"]).map { $0["who"]?.text }
                == ["Amira Ash", "Robin Ash of Hawthorn", "Wren Ash"])
        let before = try shown(mother, child)
        #expect(before.count == 8 && before["school_website"]?["is_awaited"] == true)
        #expect(before["school_website"]?["answer"] == nil && before["pupil_email"] == nil)
        #expect(before["progress_app"] != nil)
        #expect(try shown(mother, Family.mother)["progress_app"] == nil)
        #expect(try shown(mother, Family.mother)["press"] != nil)
        #expect(try family.register.database.number("select count(*) from event") == entries)
        #expect(try family.register.database.number("select count(*) from consent") == 0)

        let given = try say(mother, .consent, of: child, scope: "In groups only")
        #expect(given.status == 201, "\(given.json)")
        let told = try #require(Self.purposes(given.json)["school_website"])
        #expect(told["answer"] == "consent" && told["scope"] == "In groups only")
        #expect(told["given_on"] == "2026-11-20" && told["is_awaited"] == false)
        #expect(try shown(mother, child)["school_website"] == told)
        #expect(try family.isAllowed())
        #expect(try shown(mother, TestSchool.sibling)["school_website"]?["answer"] == nil)

        let kept = try #require(try family.register.as(.office).get("/v1/consents").data.first)
        #expect(kept["how"] == "link" && kept["entered_by"] == nil && kept["kept_at"] == nil)
        #expect(kept["given_by_id"]?.text == Family.mother && kept["person_id"]?.text == child)
        let entry = try #require(
            try family.register.database.entries().last { $0.deed == "consent_recorded" })
        #expect(entry.account == nil && entry.digest != nil)
        #expect(entry.records.map(\.lowercased) == [kept["id"]?.text])
        #expect(
            try family.register.database.number("select count(*) from consent_unlike_its_entry")
                == 0)

        try family.register.database.setClock("2026-11-21T07:00:00Z")
        #expect(try say(mother, .withdraw, of: child).status == 201)
        #expect(try !family.isAllowed())
        #expect(try family.isAllowed(on: "2026-11-20"))
        let removals = try family.register.as(.onlineSafetyCoordinator).get("/v1/image-removals")
        #expect(removals.data.map { $0["purpose"] } == ["school_website"])
        #expect(removals.data[0]["due_on"] == "2026-11-26")
        let all = try family.register.as(.office).get("/v1/consents?sort=entered_at").data
        #expect(all.map { $0["answers"]?[0]?["answer"] } == ["consent", "withdraw"])
        #expect(try say(mother, .refuse, to: .socialMedia, of: child).status == 201)
        // Whatever keeps a child offline follows at once, as from any other form.
        let effects = try family.register.as(.staff).get("/v1/people/\(child)")
        #expect(effects.json["effects"] == ["no_image_online"], "\(effects.json)")
    }

    @Test func `shows nobody's word but one's own, and no reason`() async throws {
        let family = try await open()
        let child = family.child.lowercased
        let (mother, father) = (
            try family.register.signer(Family.mother), try family.register.signer(Family.father)
        )
        let before = try father.get("/v1/signing").json["consents"]
        #expect(try say(mother, .consent, of: child, scope: "Never alone").status == 201)
        #expect(try say(mother, .refuse, to: .press, of: child).status == 201)
        #expect(try Marked(family.register).mark(.atRiskImages).status == 201)
        #expect(try father.get("/v1/signing").json["consents"] == before)
        let text = try mother.get("/v1/signing").text
        let said = try say(father, .refuse, of: child)
        #expect(said.status == 201 && !said.text.contains("Never alone"))
        #expect(try mother.get("/v1/signing").text == text)
        for word in ["at_risk", "withheld", "Tom", "codes", "is_allowed"] {
            #expect(!text.contains(word), "\(word)")
        }
        // What the office entered of her is hers, and so is what was struck out.
        let entered = try family.says(Family.mother, .consent, to: .socialMedia)
        #expect(try shown(mother, child)["social_media"]?["answer"] == "consent")
        let struck = try family.register.as(.office).post(
            "/v1/consents/\(entered.id)/correction", ["reason": "Another child's"])
        #expect(struck.status == 201)
        #expect(try shown(mother, child)["social_media"]?["answer"] == nil)
    }

    @Test func `only of whom one may answer, as on any other form`() async throws {
        let family = try await open()
        let child = family.child.lowercased
        let register = family.register
        try register.database.execute(
            "update person set email = 'robin@ash.example' where id = '\(child)'")
        // A pupil signs, and consents to nothing; who is barred or only cares answers for no child.
        let pupil = try register.signer(child)
        #expect(try pupil.get("/v1/signing").json["consents"] == [])
        #expect(try say(pupil, .consent, of: child).status == 404)
        for other in [Family.barred, Family.grandmother] {
            let visitor = try register.signer(other)
            #expect(try shown(visitor, child) == [:])
            for person in [child, TestSchool.sibling, Family.mother, Scene.missing] {
                #expect(try say(visitor, .consent, of: person).status == 404, "\(person)")
            }
        }
        let mother = try register.signer(Family.mother)
        #expect(try say(mother, .consent, of: Family.father).status == 404)
        // Nobody of the school says that somebody answered by a link.
        #expect(
            try family.says(Family.mother, .consent, ["how": "link"]).faults == ["/how": "not_so"])
        #expect(try register.database.number("select count(*) from consent") == 0)
        // What goes to a mail that whoever is barred reads as well is not shown there.
        try register.database.execute(
            "update person set email = 'AMIRA@ash.example' where id = '\(Family.barred)'")
        #expect(try shown(mother, child) == [:])
        #expect(try say(mother, .consent, of: child).status == 404)
        #expect(try say(mother, .consent, of: TestSchool.sibling).status == 201)
        try register.database.execute(
            "update parent_link set no_contact = true where parent_id = '\(Family.mother)'")
        #expect(try say(mother, .consent, of: TestSchool.sibling).status == 401)
    }

    @Test func `faults are told, and what was said already today is not kept again`() async throws {
        let family = try await open()
        let child = family.child.lowercased
        try family.asks(.progressApp)
        let mother = try family.register.signer(Family.mother)
        #expect(
            try say(mother, .consent, to: .pupilEmail, of: child).faults
                == ["/answers/0/purpose": "not_asked"])
        #expect(
            try say(mother, .consent, to: .progressApp, of: Family.mother).faults
                == ["/answers/0/purpose": "not_asked"])
        let one: JSONValue = ["purpose": "press", "answer": "consent"]
        let path = "/v1/signing/people/\(child)/consents"
        #expect(
            try mother.post(path, ["answers": [one, one]]).faults
                == ["/answers/1/purpose": "repeated"])
        #expect(try mother.post(path, ["answers": []]).faults == ["/answers": "required"])
        func kept() throws -> Int {
            try family.register.database.number("select count(*) from consent")
        }
        #expect(try kept() == 0)
        let first = try say(mother, .consent, to: .press, of: child)
        let again = try say(mother, .consent, to: .press, of: child)
        #expect(again.status == 201 && again.text == first.text)
        #expect(try kept() == 1)
        // Said anew on another day it is another word, from which a term is reckoned anew.
        try family.register.database.setClock("2026-11-21T12:00:00Z")
        #expect(try say(mother, .consent, to: .press, of: child).status == 201)
        #expect(try kept() == 2)
        // What is asked for no more can still be taken back.
        try family.asks(.press, ["is_asked": false])
        #expect(try shown(mother, child)["press"]?["is_asked"] == false)
        try family.register.database.setClock("2026-11-21T13:00:00Z")
        #expect(try say(mother, .withdraw, to: .press, of: child).status == 201)
        #expect(try shown(mother, child)["press"]?["answer"] == "withdraw")
    }

    /// CON-04
    @Test func `a form that is entered late undoes no withdrawal`() async throws {
        let family = try await open()
        let child = family.child.lowercased
        let mother = try family.register.signer(Family.mother)
        #expect(try say(mother, .withdraw, of: child).status == 201)
        try family.register.database.setClock("2026-11-22T09:00:00Z")
        let undated = try family.says(Family.mother, .consent, ["given_on": .null])
        #expect(undated.faults == ["/given_on": "required"])
        for day in ["2026-09-04", "2026-11-20"] {
            let late = try family.says(Family.mother, .consent, ["given_on": .string(day)])
            #expect(late.status == 201)
            #expect(try !family.isAllowed(), "\(day)")
        }
        // What she says by her own link goes by the moment.
        let again = try family.register.signer(Family.mother)
        for (hour, word) in [(10, ConsentWord.withdraw), (11, .consent)] {
            try family.register.database.setClock("2026-11-22T\(hour):00:00Z")
            #expect(try say(again, word, of: child).status == 201)
            #expect(try family.isAllowed() == (word == .consent))
        }
    }

    @Test func `a yes that has lapsed is asked for anew`() async throws {
        let family = try await open()
        let child = family.child.lowercased
        try family.asks(.press, ["is_asked": true, "after_months": 1])
        #expect(
            try say(family.register.signer(Family.mother), .consent, to: .press, of: child).status
                == 201)
        try family.register.database.setClock("2026-12-20T12:00:00Z")
        let mother = try family.register.signer(Family.mother)
        let lapsed = try #require(try shown(mother, child)["press"])
        #expect(lapsed["lapsed_on"] == "2026-12-20" && lapsed["is_awaited"] == true)
        #expect(try say(mother, .consent, to: .press, of: child).status == 201)
        #expect(try shown(mother, child)["press"]?["is_awaited"] == false)
        #expect(try family.isAllowed(.press))
    }

    @Test func `CON-15: a visitor asks for a link, and answers about themselves`() async throws {
        let family = try await open()
        let visitor = try family.register.person("visitor", "vera@holt.example")
        #expect(try family.register.askForLink("vera@holt.example").status == 204)
        try family.register.answerAsks()
        let link = try #require(try family.register.links().last)
        let vera = family.register.visitor(token: link.secret)
        let opened = try vera.get("/v1/signing").json
        #expect(Self.list(opened["consents"]).map { $0["person_id"]?.text } == [visitor])
        #expect(try say(vera, .consent, of: visitor).status == 201)
        let id = try #require(UUID(uuidString: visitor))
        #expect(try family.check(about: id)["is_allowed"] == true)
        try family.register.database.setClock("2026-11-20T13:00:00Z")
        #expect(try say(vera, .withdraw, of: visitor).status == 201)
        #expect(try family.check(about: id)["is_allowed"] == false)
    }

    @Test func `whoever alters it without end is sent to the school`() async throws {
        let family = try await open()
        let child = family.child.lowercased
        let mother = try family.register.signer(Family.mother)
        #expect(try say(mother, .consent, of: child).status == 201)
        try family.register.database.execute(
            """
            insert into consent (
                school_id, id, person_id, given_by_id, answers, given_on, how)
            select school_id, gen_random_uuid(), person_id, given_by_id, answers, given_on, how
            from consent, generate_series(1, 199)
            """)
        #expect(try say(mother, .refuse, of: child).faults == ["/answers": "too_often"])
        try family.register.database.setClock("2026-11-21T12:00:00Z")
        #expect(try say(mother, .refuse, of: child).status == 201)
    }

    /// Else the office could make a yes of it, and nobody would have said so.
    @Test func `what a parent refused or withdrew by their own link the school does not correct`()
        async throws
    {
        let family = try await open()
        let child = family.child.lowercased
        let mother = try family.register.signer(Family.mother)
        func latest() throws -> String {
            let told = try family.register.as(.office).get("/v1/consents?limit=1").data
            return try #require(told.first?["id"]?.text)
        }
        func correct(_ id: String, by role: Role, _ more: [String: JSONValue]) throws -> Reading {
            let said: [String: JSONValue] = ["reason": "Put down wrongly"]
            return try family.register.as(role).post(
                "/v1/consents/\(id)/correction", .of(said.merging(more) { $1 }))
        }
        let yes: [String: JSONValue] = [
            "how": "paper", "kept_at": "Blue folder", "given_on": "2026-11-20",
            "answers": [["purpose": "school_website", "answer": "consent"]],
        ]
        #expect(try say(mother, .consent, of: child).status == 201)
        let consented = try latest()
        for answer in [ConsentWord.withdraw, .refuse] {
            let minute = answer == .withdraw ? 1 : 2
            try family.register.database.setClock("2026-11-20T12:0\(minute):00Z")
            #expect(try say(mother, answer, of: child).status == 201)
            let no = try latest()
            for role in [Role.office, .dsl, .deputyDSL] {
                for said in [[:], yes] {
                    #expect(
                        try correct(no, by: role, said).faults == ["/how": "not_so"],
                        "\(answer) \(role)")
                }
            }
            #expect(try !family.isAllowed())
        }
        // A yes that was another child's is struck out as before: what is left is no.
        #expect(try correct(consented, by: .office, [:]).status == 201)
        #expect(try !family.isAllowed())
    }
}
