import JSON
import Testing

@testable import OnlineSafety

/// INC-02, INC-03, INC-05, INC-07, INC-08, INC-15: what source 001's Appendix I asks.
@Suite struct `Reporting an incident` {
    @Test func `takes everything that the form of Appendix I asks`() async throws {
        let register = try await Register.open()
        let told = try register.as(.staff).post("/v1/incidents", everything(register))
        #expect(told.status == 201)
        #expect(told.json["warnings"] == [])
        let read = try register.as(.dsl).get("/v1/incidents/\(told.id)")
        #expect(read.status == 200)
        let report = try #require(read.json["reports"]?[0])
        #expect(report["reporter_name"]?.text == "Member of staff")
        #expect(report["signed_name"]?.text == "M. Staff")
        #expect(report["completed_on"]?.text == "2026-11-20")
        #expect(report["locations"] == ["inside_school", "outside_school"])
        #expect(report["occurred_on"]?.text == "2026-11-18")
        #expect(report["occurred_until"]?.text == "2026-11-19")
        #expect(report["occurred_time"]?.text == "13:45")
        #expect(report["occurred_note"]?.text == "twice after lunch")
        #expect(report["types"] == ["cyberbullying", "aua_breach_other"])
        #expect(report["other_breach"]?.text == "Used a phone in class")
        #expect(report["social_media"] == ["Snapchat", "WhatsApp"])
        #expect(report["evidence"]?.text == "Screenshots, with the parent")
        #expect(report["channel"]?.text == "parent")
        #expect(report["intent"]?.text == "attempted")
        #expect(report["spoken_for"]?.text == "Robin Ash")
        #expect(report["people"]?[0]?["group"]?.text == "child")
        #expect(report["people"]?[3]?["detail"]?.text == "A neighbour")
    }

    private func everything(_ register: Register) -> JSONValue {
        report(
            "A chat in which he is called names", .child,
            [
                ("is_child_at_risk", false), ("signed_name", "M. Staff"),
                ("completed_on", "2026-11-20"),
                ("locations", ["inside_school", "outside_school"]),
                ("location_detail", "Library and at home"), ("occurred_on", "2026-11-18"),
                ("occurred_until", "2026-11-19"), ("occurred_time", "13:45"),
                ("occurred_note", "twice after lunch"), ("is_approximate", true),
                ("known_at", "2026-11-20T08:30:00+00:00"),
                ("types", ["cyberbullying", "aua_breach_other"]),
                ("other_breach", "Used a phone in class"), ("intent", "attempted"),
                ("channel", "parent"), ("social_media", ["Snapchat", "WhatsApp"]),
                ("evidence", "Screenshots, with the parent"), ("spoken_for", "Robin Ash"),
                (
                    "people",
                    [
                        [
                            "group": "child", "name": "Robin Ash", "part": "target",
                            "person_id": .string(TestSchool.hawthorn.pupil.uuidString),
                        ],
                        ["group": "staff", "name": "The Technician", "part": "witness"],
                        ["group": "parent", "name": "Mrs Ash", "contact": "01632 960555"],
                        ["group": "other", "name": "Mr Hall", "detail": "A neighbour"],
                    ]
                ),
            ])
    }

    @Test func `requires only what happened and whom it concerns`() async throws {
        let register = try await Register.open()
        let refused = try register.as(.staff).post("/v1/incidents", [:])
        #expect(refused.status == 422)
        #expect(refused.faults == ["/description": "required", "/concerns": "required"])
        let blank = try register.as(.staff).post(
            "/v1/incidents", ["description": " \n", "concerns": "nobody"])
        #expect(blank.faults == ["/description": "blank", "/concerns": "unknown_word"])
        #expect(try register.as(.staff).report().status == 201)
        #expect(try register.database.number("select count(*) from incident") == 1)
    }

    @Test func `never bounces, sets aside what it cannot take, and loses nothing`() async throws {
        let register = try await Register.open()
        let told = try register.as(.staff).report(
            "It began last week", .child, ("occurred_on", "last Tuesday"),
            ("known_at", "2026-11-20T08:30:00"), ("mood", "worried"), ("types", ["gossip"]),
            ("people", [["name": "No group"], ["group": "child", "name": "Robin"]]))
        #expect(told.status == 201)
        let warned = try #require(told.json["warnings"])
        guard case .array(let warnings) = warned else { return }
        #expect(
            Set(warnings.compactMap { $0["pointer"]?.text }) == [
                "/occurred_on", "/known_at", "/mood", "/types/0", "/people/0/group",
            ])
        #expect(!told.text.contains("last Tuesday"))
        let report = try register.as(.dsl).get("/v1/incidents/\(told.id)").json["reports"]?[0]
        #expect(report?["people"] == [["name": "No group"], ["name": "Robin", "group": "child"]])
        let kept = JSON.string(of: report?["set_aside"] ?? .null)
        for said in ["last Tuesday", "worried", "gossip", "No group"] {
            #expect(kept.contains(said))
        }
    }

    /// To Swift's `String` a mark is one with what stands before it, and two spellings are equal.
    @Test func `loses nothing whatever a field is called that is not there`() async throws {
        let register = try await Register.open()
        let pasted = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAA"
        let names = [
            "\u{301}after a slash", "~1/\u{301}~0", "/", "", "\u{E9}", "e\u{301}", pasted + "B",
            EmbeddedMedia.mark, pasted + "C",
        ]
        let told = try register.as(.staff).post(
            "/v1/incidents",
            .object(
                JSONObject(
                    names.enumerated().map { .init($1, .string("said \($0)")) } + [
                        .init("description", "He shows our pictures to others"),
                        .init("concerns", "child"),
                    ])))
        #expect(told.status == 201)
        let report = try register.as(.dsl).get("/v1/incidents/\(told.id)").json["reports"]?[0]
        let kept = JSON.string(of: report?["set_aside"] ?? .null)
        for number in names.indices { #expect(kept.contains("said \(number)")) }
    }

    @Test func `says the reference, what happens next and whom to ring`() async throws {
        let register = try await Register.open()
        let told = try register.as(.staff).report("Now", .child, ("is_child_at_risk", true))
        #expect(told["reference"]?.utf8.count == 9)
        #expect(told["next"]?.isEmpty == false)
        #expect(told.json["ring_now"]?[0]?["telephone"]?.text == "999")
        #expect(told.json["ring_now"]?[1]?["post"]?.text == "dsl")
        #expect(told.json["ring_now"]?[1]?["telephone"]?.text == "01632 960000")
        #expect(told.header("location") == "/v1/incidents/\(told.id)")
    }

    /// INC-15
    @Test func `says when it happened, was known and was told, and how long that took`()
        async throws
    {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T14:07:00Z")
        let told = try register.as(.staff).report(
            "Late", .child, ("occurred_on", "2026-11-16"), ("known_at", "2026-11-20T13:00:00Z"))
        let read = try register.as(.dsl).get("/v1/incidents/\(told.id)")
        #expect(read["occurred_on"] == "2026-11-16")
        #expect(read["known_at"] == "2026-11-20T13:00:00.000Z")
        #expect(read["reported_at"] == "2026-11-20T14:07:00.000Z")
        #expect(read.json["delay_days"] == 4)
        #expect(read.json["delay_minutes"] == 67)
        #expect(read["academic_year"] == "2026/27")
    }

    /// INC-08
    @Test(arguments: ["accidental", "deliberate", "attempted", "unknown"])
    func `takes accidents and attempts as incidents too`(intent: String) async throws {
        let register = try await Register.open()
        let told = try register.as(.staff).report("A site", .child, ("intent", .string(intent)))
        let read = try register.as(.dsl).get("/v1/incidents/\(told.id)")
        #expect(read.json["reports"]?[0]?["intent"]?.text == intent)
    }

    @Test func `names the school only where the reporter works in two`() async throws {
        let register = try await Register.open()
        try register.seat(.staff, for: .staff, at: .rosehip)
        let staff = register.as(.staff)
        #expect(try staff.report().faults == ["/school_id": "required"])
        let there = try staff.report(
            "There", .child, ("school_id", .string(TestSchool.rosehip.id.uuidString)))
        #expect(there.status == 201)
        #expect(try register.as(.dsl, at: .rosehip).get("/v1/incidents/\(there.id)").status == 200)
        #expect(try register.as(.dsl).get("/v1/incidents/\(there.id)").status == 404)
        let foreign = try staff.report(
            "Not mine", .child, ("school_id", .string(TestSchool.lighthouse.id.uuidString)))
        #expect(foreign.faults == ["/school_id": "unknown_school"])
    }
}
