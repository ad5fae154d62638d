import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// Who says yes and no, and what counts.
@Suite struct `Giving consent` {
    @Test func `CON-01: a parent's consent is on record, with date, scope and where it lies`()
        async throws
    {
        let family = try await Family.open()
        let made = try family.says(
            Family.mother, .consent,
            [
                "given_on": "2026-11-18",
                "answers": [
                    ["purpose": "school_website", "answer": "consent", "scope": "In groups only"],
                    ["purpose": "press", "answer": "refuse"],
                ],
            ])
        #expect(made.status == 201, "\(made.json)")
        #expect(made["given_by"] == "Amira Ash" && made["given_on"] == "2026-11-18")
        #expect(made["how"] == "paper" && made["kept_at"] == "Blue folder")
        #expect(made["who"] == "Robin Ash of Hawthorn" && made["entered_by"] == "School office")
        #expect(made.json["answers"]?[0]?["scope"] == "In groups only")
        let read = try family.register.as(.dpo).get("/v1/consents/\(made.id)")
        #expect(read.status == 200 && read.json == made.json)
        #expect(made.header("location") == "/v1/consents/\(made.id)")
        let entries = try family.register.database.entries()
        let written = entries.first { $0.deed == "consent_recorded" }
        #expect(written?.records.map(\.lowercased) == [made.id] && written?.digest != nil)
        #expect(entries.contains { $0.deed == "opened" && $0.kind == "consent" })
        let check = try family.check()
        #expect(check["is_allowed"] == true && check["scope"] == "In groups only")
        #expect(try family.check(.press)["is_allowed"] == false)
    }

    @Test func `every fault of a form is told at once`() async throws {
        let family = try await Family.open()
        let wrong = try family.says(
            Family.mother, .consent, ["given_on": "2026-11-21", "kept_at": .null, "how": "email"])
        #expect(
            wrong.faults == ["/given_on": "in_the_future", "/kept_at": "required"])
        let undated = try family.says(Family.grandmother, .consent, ["given_on": .null])
        #expect(
            undated.faults == ["/given_on": "required", "/given_by_id": "may_not_consent"])
        let nobody = try family.says(Family.mother, .consent, ["given_by_id": .null])
        #expect(nobody.faults == ["/given_by_id": "required"])
        let twice: JSONValue = ["purpose": "press", "answer": "consent"]
        #expect(
            try family.says(Family.mother, .consent, ["answers": [twice, twice]]).faults
                == ["/answers/1/purpose": "repeated"])
        #expect(
            try family.says(Family.mother, .consent, ["answers": []]).faults
                == ["/answers": "required"])
        #expect(
            try family.says(Family.mother, .consent, ["how": "session"]).faults
                == ["/how": "not_so"])
        #expect(try family.register.database.number("select count(*) from consent") == 0)
    }

    @Test func `only a parent with responsibility counts, and only while they have it`()
        async throws
    {
        let family = try await Family.open()
        for other in [Family.barred, Family.grandmother, family.child.lowercased] {
            #expect(
                try family.says(other, .consent).faults
                    == ["/given_by_id": "may_not_consent"])
        }
        #expect(try family.says(Family.mother, .consent).status == 201)
        #expect(try family.isAllowed())
        try family.register.database.execute(
            "update parent_link set until_on = '2026-11-21' where parent_id = '\(Family.mother)'")
        #expect(try family.isAllowed(on: "2026-11-21"))
        #expect(try !family.isAllowed(on: "2026-11-22"))
        try family.register.database.execute(
            "update parent_link set no_contact = true where parent_id = '\(Family.mother)'")
        #expect(try !family.isAllowed())
        #expect(try family.standing()["codes"] == ["no_answer"])
    }

    @Test func `any live refusal beats any consent, whoever speaks last`() async throws {
        let family = try await Family.open()
        try family.says(Family.mother, .refuse)
        try family.says(Family.father, .consent)
        #expect(try !family.isAllowed())
        let stands = try family.standing()
        #expect(stands["codes"] == ["refused"] && stands["is_allowed"] == false)
        #expect(
            stands["given"]?[0]?["given_by"] == "Amira Ash"
                && stands["given"]?[1]?["answer"] == "consent")
        try family.register.database.setClock("2026-11-21T12:00:00Z")
        try family.says(Family.mother, .consent)
        #expect(try family.isAllowed())
        // A refusal of whom the court has barred since counts no more.
        try family.says(Family.father, .refuse)
        #expect(try !family.isAllowed())
        try family.register.database.execute(
            "update parent_link set no_contact = true where parent_id = '\(Family.father)'")
        #expect(try family.isAllowed())
    }

    @Test func `CON-04: withdrawn, it is no from that moment, and what was said is kept`()
        async throws
    {
        let family = try await Family.open()
        try family.says(Family.mother, .consent, ["given_on": "2026-11-10"])
        try family.says(Family.father, .consent, ["given_on": "2026-11-10"])
        #expect(try family.isAllowed())
        try family.register.database.setClock("2026-11-20T13:00:00Z")
        try family.says(Family.mother, .withdraw, by: .dsl)
        #expect(try !family.isAllowed())
        #expect(try family.isAllowed(on: "2026-11-19"))
        let stands = try family.standing()
        #expect(stands["codes"] == ["withdrawn"] && stands["since"] == "2026-11-20")
        // A form of before that comes late changes nothing.
        try family.says(Family.mother, .consent, ["given_on": "2026-11-15"])
        #expect(try !family.isAllowed())
        let list = try family.register.as(.office).get(
            "/v1/consents?person_id=\(family.child)&sort=entered_at")
        #expect(
            list.data.map { $0["answers"]?[0]?["answer"] }
                == ["consent", "consent", "withdraw", "consent"])
        #expect(list.data.map { $0["given_on"]?.text }.last == "2026-11-15")
        // Nor does one of that very day: which of them she signed first it does not say.
        try family.register.database.setClock("2026-11-20T14:00:00Z")
        try family.says(Family.mother, .consent)
        #expect(try !family.isAllowed())
        try family.register.database.setClock("2026-11-21T09:00:00Z")
        try family.says(Family.mother, .consent)
        #expect(try family.isAllowed())
    }

    @Test func `what was put down wrongly is corrected once, and both stay`() async throws {
        let family = try await Family.open()
        let wrong = try family.says(Family.mother, .refuse)
        #expect(try family.standing()["codes"] == ["refused"])
        let right: JSONValue = [
            "reason": "Misread",
            "answers": [["purpose": "school_website", "answer": "consent"]],
        ]
        let office = family.register.as(.office)
        let corrected = try office.post("/v1/consents/\(wrong.id)/correction", right)
        #expect(corrected.status == 201 && corrected["corrects_id"] == wrong.id)
        #expect(corrected["given_on"] == "2026-11-20" && corrected["kept_at"] == "Blue folder")
        #expect(try family.isAllowed())
        #expect(
            try office.get("/v1/consents/\(wrong.id)")["corrected_by_id"] == corrected.id)
        #expect(try office.post("/v1/consents/\(wrong.id)/correction", right).status == 409)
        let struck = try office.post(
            "/v1/consents/\(corrected.id)/correction", ["reason": "Another child's"])
        #expect(struck.status == 201 && struck.json["answers"] == [])
        #expect(try family.standing()["codes"] == ["no_answer"])
        #expect(try office.get("/v1/consents").data.count == 3)
        for role in [Role.headteacher, .seniorLeader, .onlineSafetyCoordinator] {
            let told = try family.register.as(role).post(
                "/v1/consents/\(struck.id)/correction", right)
            #expect(told.status == 403, "\(role)")
        }
    }

    @Test func `a correction is read as any other form, also where it only strikes out`()
        async throws
    {
        let family = try await Family.open()
        let office = family.register.as(.office)
        let spoken = try family.says(
            Family.mother, .consent, ["how": "in_person", "kept_at": .null])
        func correct(_ id: String, _ said: [String: JSONValue]) throws -> Reading {
            var members = [JSONObject.Member("reason", "Put down wrongly")]
            members += said.sorted { $0.key < $1.key }.map { .init($0.key, $0.value) }
            return try office.post("/v1/consents/\(id)/correction", .object(JSONObject(members)))
        }
        let nobody = JSONValue.string(UUID().lowercased)
        #expect(try correct(spoken.id, ["how": "email"]).faults == ["/kept_at": "required"])
        #expect(
            try correct(spoken.id, ["given_by_id": nobody]).faults
                == ["/given_by_id": "may_not_consent"])
        for how in ["link", "session"] {
            #expect(
                try correct(
                    spoken.id,
                    ["how": .string(how), "given_by_id": nobody, "given_on": "2026-11-21"]
                ).faults == [
                    "/how": "not_so", "/given_by_id": "may_not_consent",
                    "/given_on": "in_the_future",
                ], "\(how)")
        }
        #expect(try family.register.database.number("select count(*) from consent") == 1)
        // Who said it may count no more, and it is struck out all the same.
        try family.register.database.execute(
            "update parent_link set no_contact = true where parent_id = '\(Family.mother)'")
        let struck = try correct(spoken.id, [:])
        #expect(struck.status == 201 && struck["how"] == "in_person", "\(struck.json)")
    }

    @Test func `CON-11: staff answer about themselves, at induction and whenever they like`()
        async throws
    {
        let family = try await Family.open()
        let (staff, me) = (family.register.as(.staff), family.school.person(.staff))
        func form(
            _ answer: JSONValue = ["purpose": "school_website", "answer": "consent"],
            about person: UUID? = nil, onPaper: Bool = false
        ) -> JSONValue {
            [
                "person_id": .string((person ?? me).lowercased), "answers": [answer],
                "how": onPaper ? "paper" : "session", "kept_at": "Personnel file",
                "given_on": "2026-11-20",
            ]
        }
        #expect(try family.check(about: me)["is_allowed"] == false)
        let made = try staff.post("/v1/consents", form())
        #expect(made.status == 201 && made["how"] == "session", "\(made.json)")
        #expect(try family.check(about: me)["is_allowed"] == true)
        #expect(try staff.get("/v1/people/\(me)/consents").data.count == 13)
        #expect(try staff.get("/v1/consents").data.map { $0["id"]?.text } == [made.id])
        #expect(
            try staff.post("/v1/consents", form(onPaper: true)).faults == ["/how": "not_so"])
        let office = family.register.as(.office)
        let filed = try office.post(
            "/v1/consents", form(["purpose": "press", "answer": "refuse"], onPaper: true))
        #expect(filed.status == 201 && filed["kept_at"] == "Personnel file")
        let email: JSONValue = ["purpose": "pupil_email", "answer": "consent"]
        #expect(
            try office.post("/v1/consents", form(email, onPaper: true)).faults
                == ["/answers/0/purpose": "not_of_adults"])
        // Nobody answers for a colleague.
        let colleague = form(about: family.school.person(.technician))
        #expect(try staff.post("/v1/consents", colleague).faults["/person_id"] == "unknown_person")
        #expect(try family.register.as(.technician).get("/v1/consents").data == [])
    }

    @Test func `CON-15: parents and visitors answer for themselves when they are shown`()
        async throws
    {
        let family = try await Family.open()
        let visitor = UUID()
        try family.register.database.execute(
            """
            insert into person (school_id, id, kind, given_name, family_name)
            values ('\(family.school.id)', '\(visitor)', 'visitor', 'Vera', 'Holt')
            """)
        for person in [visitor, try #require(UUID(uuidString: Family.grandmother))] {
            #expect(try family.check(about: person)["is_allowed"] == false)
            let made = try family.says(
                person.lowercased, .consent,
                ["person_id": .string(person.lowercased), "how": "in_person", "kept_at": .null])
            #expect(made.status == 201 && made["given_by_id"] == person.lowercased)
            #expect(try family.check(about: person)["is_allowed"] == true)
        }
        let another = try family.says(
            Family.mother, .consent, ["person_id": .string(visitor.lowercased)])
        #expect(another.faults == ["/given_by_id": "may_not_consent"])
    }

    @Test func `what an adult refused signed in nobody else corrects`() async throws {
        let family = try await Family.open()
        let me = family.school.person(.dsl)
        let said = try family.register.as(.dsl).post(
            "/v1/consents",
            [
                "person_id": .string(me.lowercased), "how": "session",
                "answers": [["purpose": "school_website", "answer": "refuse"]],
            ])
        #expect(said.status == 201, "\(said.json)")
        let path = "/v1/consents/\(said.id)/correction"
        for role in [Role.office, .deputyDSL] {
            let told = try family.register.as(role).post(path, ["reason": "Put down wrongly"])
            #expect(told.faults == ["/how": "not_so"], "\(role)")
        }
        let own = try family.register.as(.dsl).post(path, ["reason": "Put down wrongly"])
        #expect(own.status == 201, "\(own.json)")
    }
}
