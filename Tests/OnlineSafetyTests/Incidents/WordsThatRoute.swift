import JSON
import Testing

@testable import OnlineSafety

/// INC-11, INC-17, NOT-03: an answer that cannot be read is not taken for one that calls for less.
@Suite struct `Words that route a report` {
    @Test(
        arguments: [
            ("matter", "allegations"), ("matter", 3), ("Matter", "whistleblowing"),
        ] as [(String, JSONValue)])
    func `a matter that cannot be read is confidential`(
        field: String, matter: JSONValue
    ) async throws {
        let register = try await Register.open()
        let told = try register.as(.staff).report("About him", .child, (field, matter))
        #expect(told.status == 201)
        #expect(try register.notified(told) == [.headteacher])
        let read = try register.as(.headteacher).get("/v1/incidents/\(told.id)")
        #expect(read["matter"] == "allegation" && read["urgency"] == "urgent")
        #expect(
            try register.notified(register.guest().tell("About him", .child, (field, matter)))
                == [.headteacher])
    }

    @Test func `a type by itself is a list of one`() async throws {
        let register = try await Register.open()
        let told = try register.as(.staff).report(
            "It", .child, ("types", "gambling"), ("locations", "outside_school"))
        #expect(told.json["warnings"] == [])
        let read = try register.as(.dsl).get("/v1/incidents/\(told.id)")
        #expect(read.json["types"] == ["gambling"] && read["urgency"] == "normal")
        #expect(read.json["locations"] == ["outside_school"])
    }

    @Test(
        arguments: [
            ("types", ["gossip", "gambling"]), ("types", "groming"), ("types", ["grooming": true]),
            ("Types", ["grooming"]), ("isChildAtRisk", true), ("is_child_at_risk", "yes"),
        ] as [(String, JSONValue)])
    func `what cannot be read is urgent`(field: String, value: JSONValue) async throws {
        let register = try await Register.open()
        let told = try register.as(.staff).report("It", .child, (field, value))
        #expect(told.status == 201)
        let read = try register.as(.dsl).get("/v1/incidents/\(told.id)")
        #expect(read["urgency"] == "urgent")
    }

    /// Whom it concerns is required, and asked for again.
    @Test(arguments: ["staffs", 3, ["staff"]] as [JSONValue])
    func `whom it concerns is asked for again`(concerns: JSONValue) async throws {
        let register = try await Register.open()
        let told = try register.as(.staff).post(
            "/v1/incidents", ["description": "It", "concerns": concerns])
        #expect(told.status == 422 && told.faults.keys.contains("/concerns"))
    }

    /// Said to concern a child, but it names an adult: it is treated as about an adult.
    @Test func `an allegation against an adult is urgent whatever it is said to concern`()
        async throws
    {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T09:00:00Z")
        let told = try register.as(.staff).report(
            "It", .child, ("people", [Scene.alleged(.staff)]))
        let read = try register.as(.headteacher).get("/v1/incidents/\(told.id)")
        #expect(read["urgency"] == "urgent")
        let notice = try register.as(.headteacher).get("/v1/notices").data.first
        #expect(notice?["urgency"]?.text == "urgent")
        try register.database.setClock("2026-11-20T09:31:00Z")
        #expect(try register.notified(told).count > 1)
    }

    @Test func `and so is one that names the adult only later`() async throws {
        let register = try await Register.open()
        let one = try Case(register)
        #expect(try one.read()["urgency"] == "normal")
        let named: JSONValue = [
            "person_id": Case.person(.staff), "group": "staff", "parts": ["alleged"],
        ]
        #expect(try one.post("people", named).status == 201)
        #expect(try one.read(as: .headteacher)["urgency"] == "urgent")
        #expect(try register.database.number("select count(*) from unanswered") == 1)
    }
}
