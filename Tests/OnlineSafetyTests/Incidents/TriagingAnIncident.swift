import JSON
import Testing

@testable import OnlineSafety

/// INC-20
@Suite struct `Triaging an incident` {
    @Test func `settles what it was, how grave, and who leads`() async throws {
        let one = try Case(await Register.open())
        let told = try one.triage(
            Case.finding(
                ("types", ["cyberbullying", "other"]), ("other_type", "A dare"),
                ("risk_categories", ["content", "contact", "conduct", "commerce"]),
                ("heads", ["cyberbullying"]), ("severity", "high"), ("legality", "unclear"),
                ("is_repeated", true), ("is_intentional", true), ("has_imbalance_of_power", false),
                (
                    "people",
                    [
                        [
                            "person_id": Case.pupil, "group": "child",
                            "parts": ["target", "reporter"],
                        ],
                        ["name": "A cousin", "group": "other", "parts": ["witness"]],
                    ]
                )))
        #expect(told.status == 201)
        #expect(told["status"] == "triaged")
        #expect(told.json["is_open_to_me"] == true)
        let read = try one.read(as: .dsl, "?include=people").json
        #expect(read["types"] == ["cyberbullying", "other"])
        #expect(read["other_type"]?.text == "A dare")
        #expect(read["risk_categories"] == ["content", "contact", "conduct", "commerce"])
        #expect(read["heads"] == ["cyberbullying"])
        #expect(read["severity"]?.text == "high")
        #expect(read["legality"]?.text == "unclear")
        #expect(read["lead_id"] == Case.person(.dsl))
        #expect(read["is_repeated"] == true && read["has_imbalance_of_power"] == false)
        guard case .array(let people)? = read["people"] else { throw NoPeople() }
        let robin = try #require(people.first { $0["person_id"] == Case.pupil })
        #expect(robin["name"]?.text?.hasPrefix("Robin") == true)
        #expect(robin["parts"] == ["target", "reporter"])
        #expect(robin["year_group"]?.text == "5")
        #expect(people.contains { $0["name"]?.text == "A cousin" })
        #expect(try one.register.as(.staff).get(one.path)["status"] == "recorded")
    }

    private struct NoPeople: Error {}

    @Test func `names every fault at once`() async throws {
        let one = try Case(await Register.open())
        let told = try one.triage(
            Case.finding(
                ("types", ["other", "aua_breach_other"]), ("risk_categories", []),
                ("concerns", "unsure"), ("people", [["group": "child", "parts": []]])))
        #expect(
            told.faults == [
                "/other_type": "required", "/other_breach": "required",
                "/risk_categories": "required", "/concerns": "undecided",
                "/people/0/name": "required", "/people/0/parts": "required",
            ])
        let unknown = try one.triage(
            Case.finding(
                ("lead_id", Case.person(.office)),
                (
                    "people",
                    [
                        [
                            "group": "child", "parts": ["target"],
                            "person_id": .string(TestSchool.lighthouse.pupil.uuidString),
                        ]
                    ]
                )))
        #expect(
            unknown.faults == [
                "/lead_id": "cannot_lead", "/people/0/person_id": "unknown_person",
            ])
        #expect(try one.read()["status"] == "reported")
    }

    /// The form has eighteen boxes and a line beside the nineteenth; the record has one line more.
    ///
    /// INC-04
    @Test func `takes every type of the form, and words for what has none`() async throws {
        let boxes = IncidentType.allCases.filter { ![.auaBreachOther, .other].contains($0) }
        #expect(boxes.count == 18)
        let register = try await Register.open()
        func listed(_ types: [IncidentType]) -> JSONValue {
            .array(types.map { .string($0.rawValue) })
        }
        let breach: (String, JSONValue) = ("other_breach", "A phone in class")
        for types in [boxes, boxes + [.auaBreachOther]] {
            let words = types.contains(.auaBreachOther) ? [breach] : []
            let said = [("types", listed(types))] + words
            let told = try register.as(.staff).post(
                "/v1/incidents", report("It is all there", .child, said))
            try #require(told.status == 201)
            let read = try register.as(.dsl).get("/v1/incidents/\(told.id)").json
            #expect(read["reports"]?[0]?["types"] == listed(types))
        }
        // No report is refused for want of the words; the record is.
        let unsaid = try register.as(.staff).post(
            "/v1/incidents", report("A breach", .child, [("types", ["aua_breach_other"])]))
        #expect(unsaid.status == 201)
        let one = try Case(register)
        #expect(try one.triage(Case.finding(("types", []))).faults == ["/types": "required"])
        let all = listed(IncidentType.allCases)
        #expect(
            try one.triage(Case.finding(("types", all))).faults
                == ["/other_type": "required", "/other_breach": "required"])
        #expect(
            try one.triage(Case.finding(("types", all), ("other_type", "A dare"), breach)).status
                == 201)
        let record = try one.read().json
        #expect(record["types"] == all)
        #expect(record["other_type"] == "A dare" && record["other_breach"] == "A phone in class")
    }

    /// An embedded picture refuses an act, where a report would have it cut out.
    @Test func `takes no picture`() async throws {
        let one = try Case(await Register.open())
        let picture = "data:image/png;base64," + String(repeating: "iVBORw0KGgo", count: 20)
        let told = try one.triage(Case.finding(("words", .string(picture))))
        #expect(told.status == 422)
        #expect(told.faults == ["/words": "embedded_media_removed"])
        #expect(!told.text.contains("iVBOR"))
    }

    @Test func `takes over whom the report named, where triage names nobody`() async throws {
        let register = try await Register.open()
        let one = try Case(
            register, .child,
            ("people", [["group": "child", "name": "Robin Ash", "part": "target"]]))
        #expect(try one.triage().status == 201)
        let people = try register.as(.dsl).get("\(one.path)/people").data
        #expect(people.count == 1)
        #expect(people.first?["name"]?.text == "Robin Ash")
        #expect(people.first?["parts"] == ["target"])
        #expect(try one.triage().status == 201)
        #expect(try register.as(.dsl).get("\(one.path)/people").data.count == 1)
    }

    /// From triage on, what concerns a child at risk is for a DSL to decide (24.1).
    @Test func `of a child at risk leaves the deciding to a DSL`() async throws {
        let one = try Case(await Register.open())
        let found = Case.finding(("is_child_at_risk", true))
        #expect(try one.triage(as: .onlineSafetyCoordinator, found).status == 201)
        #expect(try one.triage(as: .onlineSafetyCoordinator).status == 404)
        let again = try one.triage(as: .headteacher)
        #expect(again.status == 409)
        #expect(again.json["errors"]?.codes == ["not_in_charge"])
        #expect(try one.triage(as: .deputyDSL).status == 201)
        #expect(try one.triage(as: .onlineSafetyCoordinator).status == 201)
    }

    /// Whoever is found to have done it does not see it any more, wherever they ask.
    @Test func `hides it from whom it turns out to be about`() async throws {
        let one = try Case(await Register.open())
        #expect(try one.read(as: .headteacher).status == 200)
        let told = try one.triage(
            Case.finding(
                ("concerns", "staff"), ("lead_id", Case.person(.chairOfGovernors)),
                (
                    "people",
                    [
                        [
                            "person_id": Case.person(.headteacher), "group": "staff",
                            "parts": ["alleged"],
                        ]
                    ]
                )))
        #expect(told.status == 201)
        #expect(told.json["is_open_to_me"] == false)
        #expect(told.json["told"]?[0]?["post"]?.text == "chair_of_governors")
        #expect(try one.read(as: .headteacher).status == 404)
        #expect(try one.read(as: .dsl).status == 404)
        #expect(try one.read(as: .chairOfGovernors).status == 200)
        let notices = try one.register.as(.chairOfGovernors).get("/v1/notices").data
        #expect(notices.map { $0["kind"]?.text } == ["incident_sent_on"])
    }

    /// A senior leader opens what they lead, and nothing else.
    @Test func `opens it to whoever leads`() async throws {
        let one = try Case(await Register.open())
        #expect(try one.read(as: .seniorLeader).status == 404)
        let found = Case.finding(("lead_id", Case.person(.seniorLeader)))
        #expect(try one.triage(as: .dsl, found).status == 201)
        #expect(try one.read(as: .seniorLeader).status == 200)
        let entry: JSONValue = [
            "kind": "conversation", "happened_at": "2026-11-20T10:00:00Z", "words": "Talked.",
        ]
        #expect(try one.post("chronology", entry, as: .seniorLeader).status == 201)
        let closing = try one.post("closure", ["outcome": "Done"], as: .seniorLeader)
        #expect(closing.json["errors"]?.codes.last == "not_in_charge")
        #expect(try one.triage().status == 201)
        #expect(try one.read(as: .seniorLeader).status == 404)
    }

    /// What the leaders could not see because it might concern them, they see when it does not.
    @Test func `opens what nobody was sure of to those whom it does not concern`() async throws {
        let one = try Case(await Register.open(), .unsure)
        #expect(try one.read(as: .headteacher).status == 404)
        #expect(try one.triage(as: .deputyDSL).status == 201)
        #expect(try one.read(as: .headteacher).status == 200)
        #expect(try one.read(as: .dsl).status == 200)
        #expect(try one.read(as: .chairOfGovernors).status == 404)
    }
}
