import JSON
import Testing

@testable import OnlineSafety

/// USR-13: a pupil, a parent, a visitor, a volunteer or somebody of the community reports.
@Suite struct `Reporting without an account` {
    @Test(arguments: ["pupil", "parent", "visitor", "volunteer", "community_member"])
    func `is open to everybody whom the school has given its key, and read by its readers`(
        kind: String
    ) async throws {
        let register = try await Register.open()
        let told = try register.guest().tell(
            "A worry", .child, ("reporter_kind", .string(kind)), ("reporter_contact", "5B"),
            ("spoken_for", "Robin Ash"))
        #expect(told.status == 201)
        #expect(told.json["warnings"] == [])
        let read = try register.incident(told, as: .dsl)
        #expect(read["channel"] == "intake")
        let report = try #require(read.json["reports"]?[0])
        #expect(report["reporter_name"]?.text == "Mina Patel")
        #expect(report["reporter_kind"]?.text == kind)
        #expect(report["reporter_contact"]?.text == "5B")
        #expect(report["spoken_for"]?.text == "Robin Ash")
    }

    /// INC-17, INC-18, INC-19: who is told does not depend on who tells.
    @Test(arguments: Concern.allCases, [false, true])
    func `is routed as a report by staff is`(concern: Concern, isAtRisk: Bool) async throws {
        let register = try await Register.open()
        let risk: (String, JSONValue) = ("is_child_at_risk", .bool(isAtRisk))
        let byStaff = try register.as(.staff).report("A worry", concern, risk)
        let byGuest = try register.guest().tell("A worry", concern, risk)
        let told = try register.notified(byGuest)
        #expect(try told == register.notified(byStaff))
        #expect(!told.isEmpty)
        // The coordinator has word of a child at risk, and opens it no more than a guest.
        for role in told where !(isAtRisk && role == .onlineSafetyCoordinator) {
            #expect(try register.incident(byGuest, as: role).status == 200)
        }
    }

    /// ORG-06, INC-18: there is nobody whose report it would be, and its subject is still left out.
    @Test func `reaches nobody whom it concerns, and climbs past them`() async throws {
        let register = try await Register.open()
        let told = try register.guest().tell("About the headteacher", .headteacher)
        #expect(try register.notified(told) == [.chairOfGovernors])
        let list = try register.as(.headteacher).get("/v1/incidents")
        #expect(list.status == 200 && list.data.isEmpty)
        #expect(try register.as(.staff).get("/v1/incidents?mine=true").data.isEmpty)
    }

    @Test func `tells its author a reference, what happens next, whom to ring, and nothing else`()
        async throws
    {
        let register = try await Register.open()
        let guest = try register.guest()
        let told = try guest.tell("Somebody writes to me", .child, ("is_child_at_risk", true))
        #expect(told.keys == ["reference", "next", "ring_now", "warnings"])
        #expect(told.header("location") == nil && told.header("etag") == nil)
        let numbers = try #require(told.json["ring_now"])
        #expect(
            [0, 1, 2].map { numbers[$0]?["telephone"]?.text }
                == ["999", "0800 1111", "0808 800 5000"])
        for word in Role.allCases.flatMap({ [$0.label, $0.rawValue] }) + ["01632"] {
            #expect(!told.text.contains(word), "\(word)")
        }
        // The same words whoever was told, and though nobody could be.
        for role in Role.allCases where role.isOfASchool { try register.vacate(role) }
        let lost = try guest.tell("Nobody is there", .headteacher)
        #expect(lost["next"] == told["next"] && lost.json["ring_now"] == numbers)
    }

    /// INC-16
    @Test func `asks for a name, and for what happened, all at once`() async throws {
        let register = try await Register.open()
        let guest = try register.guest()
        let refused = try guest.post("/v1/intake/incidents", [:])
        #expect(refused.status == 422)
        #expect(
            refused.faults == [
                "/description": "required", "/concerns": "required", "/reporter_name": "required",
            ])
        let nameless = try guest.post("/v1/intake/incidents", report("A worry"))
        #expect(nameless.faults == ["/reporter_name": "required"])
        let blank = try guest.tell("A worry", .child, ("reporter_name", "  "))
        #expect(blank.faults == ["/reporter_name": "required"])
        #expect(try register.database.number("select count(*) from incident") == 0)
        #expect(try register.database.number("select count(*) from intake_answer") == 0)
    }

    /// INC-16: off by default, and each school's own.
    @Test func `may be without a name where the school has said so`() async throws {
        let register = try await Register.open()
        let guest = try register.guest()
        let address = "/v1/schools/\(TestSchool.hawthorn.id)/settings/anonymous-reports"
        let head = register.as(.headteacher)
        #expect(try head.get(address).json["value"] == false)
        #expect(try head.put(address, ["value": true], ["If-Match": "\"0\""]).status == 200)
        let told = try guest.post("/v1/intake/incidents", report("A worry"))
        #expect(told.status == 201)
        let read = try register.incident(told, as: .dsl).json["reports"]?[0]
        #expect(read?["reporter_name"] == nil)
        #expect(read?["reporter_kind"]?.text == "other")
        let elsewhere = try register.guest(of: .rosehip)
        #expect(try elsewhere.post("/v1/intake/incidents", report("A worry")).status == 422)
        #expect(try head.put(address, ["value": false], ["If-Match": "*"]).status == 200)
        #expect(try guest.post("/v1/intake/incidents", report("A worry")).status == 422)
    }

    /// INC-16: the switch is for those without an account; and a child whom staff report for is
    /// named beside them.
    @Test(arguments: [false, true])
    func `is not how staff report, who are named with the child whom they speak for`(
        isAnonymous: Bool
    ) async throws {
        let register = try await Register.open()
        if isAnonymous {
            let address = "/v1/schools/\(TestSchool.hawthorn.id)/settings/anonymous-reports"
            _ = try register.as(.headteacher).put(address, ["value": true], ["If-Match": "*"])
        }
        let told = try register.as(.staff).report(
            "She told me", .child, ("channel", "verbal"), ("spoken_for", "Robin Ash"),
            ("reporter_name", "Somebody else"))
        let read = try register.as(.dsl).get("/v1/incidents/\(told.id)").json["reports"]?[0]
        #expect(read?["reporter_name"]?.text == "Member of staff")
        #expect(read?["spoken_for"]?.text == "Robin Ash")
        let unnamed = try register.as(.staff).report(
            "She told me", .child, ("channel", "verbal"))
        #expect(unnamed.status == 201)
        #expect(unnamed.json["warnings"]?[0]?["pointer"]?.text == "/spoken_for")
    }

    /// USR-10: where the school has set a guest's log-in for temporary staff, they are named by it,
    /// also where others need not be; where it has not, nothing comes by a shared key as of staff.
    @Test(arguments: [false, true])
    func `is how temporary staff report where the school says so, with their name`(
        hasGuests: Bool
    ) async throws {
        let register = try await Register.open()
        try register.set("anonymous_reports", "true")
        if hasGuests { try register.set("guest_log_in", "true") }
        let guest = try register.guest()
        let kind = ("reporter_kind", JSONValue.string("temporary_staff"))
        for name in ["", " "] {
            let refused = try guest.post(
                "/v1/intake/incidents",
                report("A worry", .child, [kind, ("reporter_name", .string(name))]))
            #expect(refused.faults == ["/reporter_name": "required"])
        }
        #expect(
            try guest.post("/v1/intake/incidents", report("A worry", .child, [kind])).faults
                == ["/reporter_name": "required"])
        let told = try guest.post(
            "/v1/intake/incidents",
            report("A worry", .child, [kind, ("reporter_name", "Nadia Newcomer")]))
        #expect(told.status == 201)
        #expect((told.json["warnings"] ?? []).codes == (hasGuests ? [] : ["no_guest_log_in"]))
        let read = try register.incident(told, as: .dsl).json["reports"]?[0]
        #expect(read?["reporter_name"]?.text == "Nadia Newcomer")
        #expect(read?["reporter_kind"]?.text == (hasGuests ? "temporary_staff" : "other"))
        let aside = JSON.string(of: read?["set_aside"] ?? .null)
        #expect(aside.contains("temporary_staff") == !hasGuests)
    }

    /// INC-06
    @Test func `never bounces for anything else, and holds no picture`() async throws {
        let register = try await Register.open()
        let picture = "data:image/png;base64,\(String(repeating: "iVBORw0KGgo", count: 40))"
        let told = try register.guest().tell(
            "Look: \(picture)", .child, ("occurred_on", "last Tuesday"),
            ("reporter_kind", "wizard"),
            ("reporter_name", .string(String(repeating: "x", count: 201))),
            (
                "people",
                [["group": "child", "name": "Robin", "person_id": .string(Scene.missing)]]
            ))
        #expect(told.status == 201)
        let codes = Set((told.json["warnings"] ?? []).codes)
        #expect(
            codes.isSuperset(of: ["embedded_media_removed", "date", "unknown_word", "too_long"]))
        let report = try register.incident(told, as: .dsl).json["reports"]?[0]
        #expect(report?["description"]?.text == "Look: \(EmbeddedMedia.mark)")
        let aside = JSON.string(of: report?["set_aside"] ?? .null)
        #expect(aside.contains("last Tuesday"))
        #expect(report?["people"]?[0]?["person_id"] == nil)
    }

    /// By the key, for there is no account.
    @Test func `is on record under the key by which it came`() async throws {
        let register = try await Register.open()
        let (guest, key) = try register.intakeKey()
        let told = try guest.tell("A worry")
        let found = try register.database.owner().run(
            """
            select client_id::text as client, account_id is null as is_nobodys from event
            where deed = 'reported'
            """)
        #expect(found.text(0, "client") == key && found.bool(0, "is_nobodys") == true)
        #expect(try register.database.number("select count(*) from receipt") == 0)
        let unlike = try register.database.number("select count(*) from report_unlike_its_entry")
        #expect(unlike == 0)
        #expect(told.header("x-request-id") != nil)
    }

    /// NOT-03, INC-44: what comes after it manages without an author.
    @Test func `is acknowledged, climbs, and is worked on like any other`() async throws {
        let register = try await Register.open()
        let told = try register.guest().tell("At risk", .child, ("is_child_at_risk", true))
        let lost = try register.database.number("select count(reached_nobody_at) from unanswered")
        #expect(lost == 0)
        let notices = try register.as(.dsl).get("/v1/notices").data
        let notice = try #require(notices.first?["id"]?.text)
        #expect(try register.as(.dsl).post("/v1/notices/\(notice)/acknowledgement").status == 201)
        let read = try register.incident(told, as: .dsl)
        let path = "/v1/incidents/\(read.id)"
        #expect(try register.as(.dsl).post("\(path)/triage", Case.finding()).status == 201)
        let story = try register.as(.dsl).get("\(path)/chronology")
        #expect(story.data.contains { $0["kind"]?.text == "reported" })
        #expect(try register.database.number("select count(*) from unanswered") == 0)
    }
}

extension Register {
    /// An incident, found by its reference by somebody to whom it is open.
    func incident(_ told: Reading, as role: Role) throws -> Reading {
        let reference = try #require(told["reference"])
        let list = try self.as(role).get("/v1/incidents").data
        let id = list.first { $0["reference"]?.text == reference }?["id"]?.text
        return try self.as(role).get("/v1/incidents/\(id ?? Scene.missing)")
    }

    /// Who has a notice of what was told.
    func notified(_ told: Reading) throws -> Set<Role> {
        let reference = try #require(told["reference"])
        return try Set(
            Role.allCases.filter { role in
                guard role.isOfASchool else { return false }
                let notices = try self.as(role).get("/v1/notices").data
                return notices.contains { $0["reference"]?.text == reference }
            })
    }
}
