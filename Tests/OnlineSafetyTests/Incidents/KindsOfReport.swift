import JSON
import Testing

@testable import OnlineSafety

/// INC-09 to INC-13: what a report is about, beside whom it concerns.
@Suite struct `Kinds of report` {
    private let usual: Set<Role> = [.dsl, .deputyDSL, .onlineSafetyCoordinator]

    private func report(
        _ matter: Matter, _ concerns: Concern = .child, _ more: (String, JSONValue)...,
        to register: Register, as role: Role = .staff
    ) throws -> Reading {
        let body = OnlineSafetyTests.report(
            "A worry", concerns, [("matter", .string(matter.rawValue))] + more)
        let told = try register.as(role).post("/v1/incidents", body)
        #expect(told.status == 201 && told.json["warnings"] == [])
        return told
    }

    /// INC-09: source 004 has the headteacher and the office told, 001 the coordinator; and the
    /// office, which opens no record (section 25), is told that there is one.
    @Test func `a communication is described, and told to the headteacher and the office at once`()
        async throws
    {
        let register = try await Register.open()
        let told = try report(.communication, to: register)
        #expect(try register.notified(told) == usual.union([.headteacher, .office]))
        #expect(try register.incident(told, as: .headteacher)["matter"] == "communication")
        let office = register.as(.office)
        let notice = try #require(try office.get("/v1/notices").data.first)
        #expect(notice["kind"]?.text == "communication_reported")
        #expect(notice["link"] == nil)
        #expect(try office.get("/v1/incidents/\(told.id)").status == 404)
        let story = try register.as(.dsl).get("/v1/incidents/\(told.id)/chronology").text
        #expect(story.contains("communication_reported"))
    }

    /// INC-09, NOT-03: that the office has seen the warning answers nothing.
    @Test func `the office's acknowledgement ends no waiting, and nobody has seen it by that`()
        async throws
    {
        let register = try await Register.open()
        let told = try report(.communication, .child, ("is_child_at_risk", true), to: register)
        let office = register.as(.office)
        let notice = try #require(try office.get("/v1/notices").data.first?["id"]?.text)
        #expect(try office.post("/v1/notices/\(notice)/acknowledgement").status == 201)
        #expect(try register.database.number("select count(*) from unanswered") == 1)
        #expect(try register.receipt(told)["status"] == "received")
    }

    /// INC-09: never to its subject, nor to its author; about an adult it goes its own way.
    @Test func `the office is not warned of what it reported, nor of what is about it`()
        async throws
    {
        let register = try await Register.open()
        let own = try report(.communication, to: register, as: .office)
        #expect(try register.notified(own) == usual.union([.headteacher]))
        let about = try report(
            .communication, .child, ("people", [Scene.alleged(.office)]), to: register)
        #expect(try !register.notified(about).contains(.office))
        let adult = try report(.communication, .staff, to: register)
        #expect(try register.notified(adult) == [.headteacher])
    }

    /// INC-09: each school's own, and never such that nobody who can open it is told.
    @Test func `a school sets who is told of communications`() async throws {
        let register = try await Register.open()
        let address = "/v1/schools/\(TestSchool.hawthorn.id)/settings/communication-recipients"
        let head = register.as(.headteacher)
        #expect(
            try head.get(address).json["value"]
                == ["headteacher", "online_safety_coordinator", "office"])
        for posts in [[], ["office"]] as [JSONValue] {
            #expect(try head.put(address, ["value": posts], ["If-Match": "\"0\""]).status == 409)
        }
        let unknown = try head.put(address, ["value": ["technician"]], ["If-Match": "\"0\""])
        #expect(unknown.faults == ["/value/0": "unknown_word"])
        let set = try head.put(address, ["value": ["senior_leader"]], ["If-Match": "\"0\""])
        #expect(set.json["value"] == ["senior_leader"])
        let told = try report(.communication, to: register)
        #expect(try register.notified(told) == usual.union([.seniorLeader]))
        #expect(try register.incident(told, as: .seniorLeader).status == 200)
        #expect(try register.notified(report(.event, to: register)) == usual)
    }

    /// INC-10
    @Test(arguments: [Concern.child, .staff])
    func `a breach by a visitor or contractor goes to the headteacher and the DSL`(
        concern: Concern
    ) async throws {
        let register = try await Register.open()
        let address = "/v1/schools/\(TestSchool.hawthorn.id)/settings/incident-recipients"
        _ = try register.as(.headteacher).put(
            address, ["value": ["online_safety_coordinator"]], ["If-Match": "*"])
        let told = try report(.visitorBreach, concern, to: register)
        let expected: Set<Role> = [.headteacher, .dsl]
        let reached = try register.notified(told)
        #expect(reached.isSuperset(of: expected))
        #expect(reached.subtracting(expected).isSubset(of: [.onlineSafetyCoordinator]))
        for role in expected { #expect(try register.incident(told, as: role).status == 200) }
    }

    /// INC-11: whatever its author ticked, and never to the person concerned.
    @Test(arguments: [Matter.allegation, .whistleblowing], [Concern.child, .staff, .governor])
    func `a confidential concern goes where one about an adult goes, and not to that adult`(
        matter: Matter, concern: Concern
    ) async throws {
        let register = try await Register.open()
        let told = try report(matter, concern, to: register)
        let about: Set<Role> = concern == .governor ? [.headteacher, .dsl] : [.headteacher]
        #expect(try register.notified(told) == about)
        #expect(try register.as(.onlineSafetyCoordinator).get("/v1/incidents").data.isEmpty)
        let read = try register.incident(told, as: .headteacher)
        #expect(read["matter"] == matter.rawValue && read["urgency"] == "urgent")
        #expect(read.json["reports"]?[0]?["concerns"]?.text == concern.rawValue)
        for role in [Role.headteacher, .dsl, .deputyDSL] {
            let named = try report(
                matter, concern, ("people", [Scene.alleged(role)]), to: register)
            #expect(try !register.notified(named).contains(role), "\(role)")
            #expect(try register.as(role).get("/v1/incidents/\(named.id)").status == 404)
        }
    }

    /// As is asked of the disclosures to come; a report of that kind keeps it already.
    @Test func `who blows the whistle is named to the receiver, and not to the other readers`()
        async throws
    {
        let register = try await Register.open()
        let told = try report(
            .whistleblowing, .staff, ("signed_name", "M. Staff"), ("spoken_for", "Robin"),
            to: register)
        let receiver = try register.incident(told, as: .headteacher)
        #expect(receiver.json["reports"]?[0]?["reporter_name"]?.text == "Member of staff")
        let path = "/v1/incidents/\(told.id)"
        for (role, isNamed) in [(Role.headteacher, true), (.dsl, false), (.deputyDSL, false)] {
            for form in ["", "/chronology", "/versions"] {
                let read = try register.as(role).get(path + form)
                let names = ["Member of staff", "M. Staff", "Robin"].filter(read.text.contains)
                #expect(isNamed || names.isEmpty, "\(role) \(form)")
            }
        }
        let open = try report(.allegation, .staff, to: register)
        let read = try register.incident(open, as: .dsl)
        #expect(read.json["reports"]?[0]?["reporter_name"]?.text == "Member of staff")
    }

    /// CMP-07: nor by what they did besides: a call to the police, a look at their receipt.
    @Test func `who blows the whistle is named by nothing else that they did`() async throws {
        let register = try await Register.open()
        let told = try report(.whistleblowing, .staff, to: register)
        let path = "/v1/incidents/\(told.id)"
        let call = try register.as(.staff).post(
            "\(path)/emergency-calls",
            ["route": "999", "happened_at": "2026-11-20T09:30:00Z", "words": "A threat"])
        #expect(call.status == 201, "\(call.json)")
        #expect(try register.as(.staff).get(path).status == 200)
        let audit = ["changes", "reads"].map { "/v1/audit?chain=\($0)&record_id=\(told.id)" }
        let places = ["referrals", "chronology", "readings"].map { "\(path)/\($0)" } + audit
        for place in places {
            for role in [Role.dsl, .deputyDSL] {
                let read = try register.as(role).get(place)
                #expect(read.status == 200, "\(role) \(place): \(read.json)")
                #expect(!read.text.contains("Member of staff"), "\(role) \(place)")
            }
        }
        // Whom it was sent to may know.
        for place in audit {
            #expect(try register.as(.headteacher).get(place).text.contains("Member of staff"))
        }
    }

    /// INC-12
    @Test func `a pattern needs no day, and is found as one`() async throws {
        let register = try await Register.open()
        let told = try report(
            .pattern, .child, ("occurred_note", "Every break since September"), to: register)
        _ = try report(.event, to: register)
        #expect(try register.notified(told) == usual)
        let list = try register.as(.dsl).get("/v1/incidents?matter=pattern,outside_school").data
        #expect(list.map { $0["id"]?.text } == [told.id])
        #expect(list.first?["matter"]?.text == "pattern")
        #expect(list.first?["occurred_on"] == nil)
        let receipts = try register.as(.staff).get("/v1/incidents?matter=pattern")
        #expect(receipts.faults == ["matter": "not_on_receipts"])
    }

    /// INC-13: wherever the school sends other reports.
    @Test(arguments: [false, true])
    func `unsafe use outside school reaches the DSL, urgently where a child may be at risk`(
        isAtRisk: Bool
    ) async throws {
        let register = try await Register.open()
        let address = "/v1/schools/\(TestSchool.hawthorn.id)/settings/incident-recipients"
        _ = try register.as(.headteacher).put(
            address, ["value": ["headteacher"]], ["If-Match": "*"])
        let told = try report(
            .outsideSchool, .child, ("is_child_at_risk", .bool(isAtRisk)), to: register)
        let reached = try register.notified(told)
        #expect(reached == (isAtRisk ? [.headteacher, .dsl, .deputyDSL] : [.headteacher, .dsl]))
        let notice = try register.as(.dsl).get("/v1/notices").data.first
        #expect(notice?["urgency"]?.text == (isAtRisk ? "urgent" : "normal"))
    }

    /// USR-13: the same kinds by intake.
    @Test(arguments: Matter.allCases)
    func `people without an account report all of them`(matter: Matter) async throws {
        let register = try await Register.open()
        let told = try register.guest().tell(
            "A worry", .child, ("matter", .string(matter.rawValue)))
        let byStaff = try report(matter, to: register)
        #expect(try register.notified(told) == register.notified(byStaff))
        #expect(try register.incident(told, as: .headteacher)["matter"] == matter.rawValue)
    }
}
