import JSON
import Testing

@testable import OnlineSafety

/// Of the rules of confidence, the first: nothing reaches the person whom a report is about,
/// however badly it says who that is.
@Suite struct `Naming whom a report is about` {
    /// The DSL's id, as somebody may write it.
    private static let id = TestSchool.hawthorn.person(.dsl).uuidString.lowercased()
    private static let dsl = JSONValue.string(id)

    /// A list of those involved in which one field is wrong.
    static let faulty: [JSONValue] = [
        [["person_id": dsl, "part": "alleged"]],
        [["person_id": dsl, "part": "alleged", "group": "teacher"]],
        [["person_id": dsl, "part": "accused", "group": "staff"]],
        [["person_id": dsl, "part": 7, "group": "staff"]],
        [["person_id": dsl, "group": "staff"]],
        [["person_id": dsl, "parts": ["alleged"], "group": "staff"]],
        [["personId": dsl, "part": "alleged", "group": "staff"]],
        [["person": ["id": dsl], "part": "alleged", "group": "staff", "name": "Her"]],
        [["person_id": .string(id.replacing("-", with: "")), "part": "alleged", "group": "staff"]],
        [["person_id": .string("{\(id.uppercased())}"), "part": "alleged", "group": "staff"]],
        [["person_id": .string("urn:uuid:\(id)"), "part": "alleged", "group": "staff"]],
        [["person_id": dsl, "part": "alleged", "group": "staff", "detail": 5]],
        ["person_id": dsl, "part": "alleged", "group": "staff"],
        ["0": ["person_id": dsl, "part": "alleged", "group": "staff"]],
        [dsl], dsl,
        [["name": "The  designated safeguarding LEAD", "part": "alleged", "group": "staff"]],
        [["name": "The Designated safeguarding lead"]],
        ["The Designated safeguarding lead"],
        .array(others + [["person_id": dsl, "part": "alleged", "group": "staff"]]),
        .array(others + [["person_id": dsl]]),
    ]

    private static let others = [JSONValue](
        repeating: ["group": "child", "name": "Robin Ash", "part": "witness"], count: 100)

    @Test(arguments: faulty)
    func `neither tells nor shows her, whichever field of hers is wrong`(
        people: JSONValue
    ) async throws {
        let register = try await Register.open()
        for reached in [
            try register.as(.staff).report("canary", .child, ("people", people)),
            try register.guest().tell("canary", .child, ("people", people)),
        ] {
            #expect(reached.status == 201)
            let told = try register.notified(reached)
            #expect(!told.contains(.dsl) && !told.isEmpty)
            for path in ["/v1/incidents", "/v1/notices"] {
                let list = try register.as(.dsl).get(path)
                #expect(list.data.isEmpty && !list.text.contains("canary"), "\(path)")
            }
        }
    }

    /// It keeps what can be read, and says what could not.
    @Test func `keeps of a person whatever can be read`() async throws {
        let register = try await Register.open()
        let people: JSONValue = [
            ["person_id": Self.dsl, "part": "witness"],
            ["name": "Robin Ash", "group": "pupil", "part": "target", "age": 9], "Ali Birch", 12,
        ]
        let told = try register.as(.staff).report("It", .child, ("people", people))
        let warned = try #require(told.json["warnings"])
        guard case .array(let warnings) = warned else { return }
        #expect(
            Set(warnings.compactMap { $0["pointer"]?.text }) == [
                "/people/1/group", "/people/1/age", "/people/2", "/people/2/group", "/people/3",
                "/concerns",
            ])
        let read = try register.as(.deputyDSL).get("/v1/incidents/\(told.id)")
        let kept = read.json["reports"]?[0]
        #expect(
            kept?["people"] == [
                ["part": "witness", "person_id": Self.dsl],
                ["name": "Robin Ash", "part": "target"], ["name": "Ali Birch"],
            ])
        #expect(kept?["set_aside"].map { JSON.string(of: $0).contains("pupil") } == true)
    }

    /// A group that is missing is that of the roster.
    @Test func `takes from the roster which group somebody is of`() async throws {
        let register = try await Register.open()
        let one = try Case(
            register, .child, ("people", [["person_id": Case.pupil, "part": "target"]]))
        #expect(try one.triage().status == 201)
        #expect(try one.read(as: .dsl, "/people").data.first?["group"]?.text == "child")
    }

    /// As if its author were unsure: past those who lead the school.
    @Test(
        arguments: [
            "Mrs X", 7, true, [7], [[]], [["full_name": "Her", "part": "alleged"]],
            .array(others + [["name": "Her"]]),
        ] as [JSONValue])
    func `may be about anybody where nobody can be read`(people: JSONValue) async throws {
        let register = try await Register.open()
        let name = people.text == nil ? "people" : "People"
        let told = try register.as(.staff).report("It", .child, (name, people))
        #expect(told.status == 201)
        #expect(try register.notified(told) == [.deputyDSL, .chairOfGovernors])
        #expect((told.json["warnings"] ?? []).codes.contains("taken_as_unsure"))
        let read = try register.as(.deputyDSL).get("/v1/incidents/\(told.id)")
        #expect(read["concerns"] == "unsure" && read["urgency"] == "urgent")
    }

    /// Who is said to be no more than a witness is told, and so is a pupil's teacher.
    @Test func `tells those of whom it says that they only saw it`() async throws {
        let register = try await Register.open()
        let people: JSONValue = [
            ["person_id": Self.dsl, "part": "witness", "group": "teacher"],
            ["name": "The Designated safeguarding lead", "part": "witness", "group": "staff"],
            ["person_id": Case.pupil], ["name": "The Headteacher", "group": "child"],
        ]
        let told = try register.as(.staff).report("It", .child, ("people", people))
        let reached = try register.notified(told)
        #expect(reached == [.dsl, .deputyDSL, .onlineSafetyCoordinator])
        #expect(try register.as(.headteacher).get("/v1/incidents/\(told.id)").status == 200)
        #expect(told.json["told"].map { JSON.string(of: $0).contains("normal") } == false)
    }

    /// Triage does not show it to her by itself; whoever is in charge says that she only saw it.
    @Test func `stays hidden until the record says what part somebody had`() async throws {
        let register = try await Register.open()
        let told = try register.as(.staff).report(
            "It", .child, ("people", [["person_id": Self.dsl, "part": "accused"]]))
        let one = Case(of: told.id, register)
        let triaged = try one.triage(
            as: .headteacher, Case.finding(("lead_id", Case.person(.headteacher))))
        #expect(triaged.status == 201)
        #expect(try one.read(as: .dsl).status == 404)
        let people = try one.read(as: .headteacher, "/people").data
        let place = try #require(people.first?["id"]?.text)
        let witness: JSONValue = ["person_id": Self.dsl, "group": "staff", "parts": ["witness"]]
        let said = try register.as(.headteacher).put(
            "\(one.path)/people/\(place)", witness, ["If-Match": "*"])
        #expect(said.status == 200)
        #expect(try one.read(as: .dsl).status == 200)
    }

    /// A namesake is nobody's business: whoever is in charge says so, and it is open to her again.
    @Test func `is shown to a namesake once the record says that it is not about her`() async throws
    {
        let register = try await Register.open()
        let named: JSONValue = [
            "name": "the designated safeguarding lead", "part": "alleged", "group": "other",
        ]
        let told = try register.as(.staff).report("It", .child, ("people", [named]))
        let one = Case(of: told.id, register)
        #expect(try one.read(as: .dsl).status == 404)
        #expect((told.json["warnings"] ?? []).codes.contains("may_be_about_them"))
        let other: JSONValue = ["person_id": Self.dsl, "group": "staff", "parts": ["reporter"]]
        #expect(try one.post("people", other, as: .headteacher).status == 201)
        #expect(try one.read(as: .dsl).status == 200)
    }
}
