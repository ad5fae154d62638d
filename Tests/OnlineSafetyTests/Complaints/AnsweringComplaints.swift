import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// From the acknowledgement of a complaint until it is closed.
@Suite struct `Answering a complaint` {
    /// CMP-06, CMP-08: negative comments about the school, with a meeting and a second one, as
    /// source 001's Appendix H has them; closing names all that is missing.
    @Test func `meets whoever complained, twice, and closes once nothing is missing`() async throws
    {
        let work = try await ComplaintsAtWork.open()
        let id = try work.take(.negativeComments, ("received_by", "social_media"))
        func missing() throws -> [String] {
            let told = try work.act(.closed, on: id, by: .seniorLeader)
            try #require(told.status == 409, "\(told.text)")
            return told.json["errors"]?.codes ?? []
        }
        func meet(_ covered: JSONValue, settled: JSONValue) throws -> String? {
            try work.act(
                .met, on: id, by: .seniorLeader, ("with", "Both parents"), ("covered", covered),
                ("is_settled", settled), ("words", "They were heard"))["state"]
        }
        #expect(
            try missing() == ["not_acknowledged", "outcome_missing", "direct_route_missing"])
        #expect(
            try work.act(.met, on: id, by: .seniorLeader).faults
                == ["/with": "required", "/words": "required", "/is_settled": "required"])
        #expect(try meet(["seriousness", "removal", "grievance"], settled: false) == "meeting")
        let told = try work.act(.closed, on: id, by: .seniorLeader)
        #expect(
            Set(told.faults.keys) == [
                "/acknowledged_on", "/outcome", "/acts", "/acts/covered/next_steps",
                "/acts/covered/complaints_procedure", "/meetings",
            ])
        #expect(
            try meet(["next_steps", "complaints_procedure"], settled: true) == "second_meeting")
        let acknowledged = try work.act(
            .acknowledged, on: id, by: .headteacher, ("on", "2026-11-19"), ("told", ["Jo Ash"]))
        #expect(acknowledged["acknowledged_on"] == "2026-11-19")
        #expect(acknowledged.json.list("may_do").contains("acknowledged") == false)
        let early = try work.act(
            .noted, on: id, by: .headteacher, ("on", "2026-11-18"), ("words", "x"))
        #expect(early.faults == ["/on": "before_it_was_received"])
        try work.act(
            .answered, on: id, by: .seniorLeader, ("outcome", "partly_upheld"), ("words", "So"))
        #expect(try missing() == ["outcome_not_told", "direct_route_missing"])
        try work.act(
            .directRouteOffered, on: id, by: .seniorLeader,
            ("words", "The office, by telephone, any morning; and the head of year"))
        let answered = try work.act(
            .answered, on: id, by: .seniorLeader, ("outcome", "resolved_informally"),
            ("words", "The post is down"), ("told", ["Jo Ash", "The governors' clerk"]))
        #expect(answered["state"] == "outcome_given" && answered["outcome_on"] == "2026-11-20")
        #expect(answered["outcome"] == "resolved_informally")
        let closed = try work.act(.closed, on: id, by: .seniorLeader)
        #expect(closed["state"] == "closed" && closed.json["may_do"] == [])
        #expect(closed["ended_on"] == "2026-11-20" && closed.json["meetings"] == 2)
        #expect(
            closed.json.list("acts").map { $0["act"]?.text } == [
                "met", "met", "acknowledged", "answered", "direct_route_offered", "answered",
                "closed",
            ])
        #expect(closed.json.list("acts")[5]["told"] == ["Jo Ash", "The governors' clerk"])
        let late = try work.act(.noted, on: id, by: .seniorLeader, ("words", "x"))
        #expect(late.json["errors"]?.codes == ["wrong_state"])
        #expect(try work.read(id, by: .office)["state"] == "closed")
        try work.register.verifies()
    }

    /// What is withdrawn after one meeting needs no second, nor any point more.
    @Test func `closes what is withdrawn after a meeting`() async throws {
        let work = try await ComplaintsAtWork.open()
        let id = try work.take(.negativeComments)
        try work.act(.acknowledged, on: id, by: .seniorLeader, ("told", ["Jo Ash"]))
        try work.act(
            .met, on: id, by: .seniorLeader, ("with", "Both parents"),
            ("covered", ["seriousness"]), ("is_settled", false), ("words", "They were heard"))
        try work.act(
            .directRouteOffered, on: id, by: .seniorLeader, ("words", "The office, any morning"))
        try work.act(
            .answered, on: id, by: .seniorLeader, ("outcome", "not_upheld"), ("words", "No"),
            ("told", ["Jo Ash"]))
        let early = try work.act(.closed, on: id, by: .seniorLeader)
        #expect(early.json["errors"]?.codes.contains("second_meeting_missing") == true)
        try work.act(
            .answered, on: id, by: .seniorLeader, ("outcome", "withdrawn"),
            ("words", "They let it be"), ("told", ["Jo Ash"]))
        #expect(try work.act(.closed, on: id, by: .seniorLeader)["state"] == "closed")
    }

    /// What somebody withdraws, or complains of in person, needs no meeting.
    @Test func `closes what is withdrawn`() async throws {
        let work = try await ComplaintsAtWork.open()
        let id = try work.take(.other, ("complainant", ["kind": "anonymous"]))
        try work.act(.answered, on: id, by: .headteacher, ("outcome", "withdrawn"), ("words", "x"))
        #expect(try work.act(.closed, on: id, by: .headteacher)["state"] == "closed")
    }

    /// CMP-04: it goes on as a restricted incident, of which those whom it is about learn nothing
    /// either, and is closed here with a link.
    @Test func `diverts what proves to be of a child protection nature`() async throws {
        let work = try await ComplaintsAtWork.open()
        let id = try work.take(
            .internetMisuse, ComplaintsAtWork.about(.technician),
            ("words", "He writes to my son at night"))
        try work.act(.noted, on: id, by: .headteacher, ("words", "Asked the mother"))
        #expect(try work.act(.diverted, on: id, by: .headteacher).faults == ["/words": "required"])
        let told = try work.act(
            .diverted, on: id, by: .headteacher, ("words", "It may be grooming"))
        #expect(told["state"] == "diverted" && told.json["may_do"] == [], "\(told.text)")
        let incident = try #require(told.json["incident_ids"]?[0]?.text)
        let dsl = work.register.as(.dsl)
        let opened = try dsl.get("/v1/incidents/\(incident)")
        #expect(opened.status == 200 && opened.json["is_child_at_risk"] == true)
        #expect(opened.json["restriction"]?["kind"] ?? opened.json["restricted_as"] != nil)
        #expect(opened.text.contains("He writes to my son at night"))
        #expect(opened.text.contains("It may be grooming") && opened.text.contains("Jo Ash"))
        #expect(try work.read(id, by: .dsl).status == 404)
        for role in [Role.technician, .onlineSafetyCoordinator, .seniorLeader] {
            #expect(try work.register.as(role).get("/v1/incidents/\(incident)").status != 200)
        }
        #expect(try work.act(.closed, on: id, by: .headteacher).status == 409)
        #expect(try work.read(id, by: .office)["state"] == "closed")
        // Of a child, it is the DSLs'; the coordinator has no more than word of it.
        let child = try work.take(.childProtection)
        let diverted = try work.act(.diverted, on: child, by: .dsl, ("words", "At risk"))
        let other = try #require(diverted.json["incident_ids"]?[0]?.text)
        #expect(try work.register.as(.deputyDSL).get("/v1/incidents/\(other)").status == 200)
        #expect(
            try work.register.as(.onlineSafetyCoordinator).get("/v1/incidents/\(other)").status
                != 200)
    }

    /// CMP-01: linked with an incident that is open to whoever links them.
    @Test func `links an incident with which it overlaps`() async throws {
        let work = try await ComplaintsAtWork.open()
        let incident = try work.register.as(.staff).report("Something happened").id
        let id = try work.take(.internetMisuse)
        func link(by role: Role) throws -> Reading {
            try work.act(.linked, on: id, by: role, ("incident_id", .string(incident)))
        }
        #expect(try link(by: .seniorLeader).faults == ["/incident_id": "unknown_incident"])
        #expect(try link(by: .headteacher).json["incident_ids"] == [.string(incident)])
        let shown = try work.read(id, by: .seniorLeader)
        #expect(shown.json["incident_ids"] == [] && !shown.text.contains(incident))
    }

    /// CMP-05: the procedure is a policy like any other, which anybody reads without log-in.
    @Test func `goes by a procedure that is published`() async throws {
        let work = try await PolicyAtWork.open()
        let id = try work.write(PolicyAtWork.text(with: "name", "Complaints procedure")).id
        let path = "/v1/schools/\(work.school.id)/published-policies/\(id)"
        #expect(try work.register.nobody.get(path).status == 404)
        try work.act(.approved, on: id, by: .headteacher)
        try work.act(.approved, on: id, by: .chairOfGovernors)
        try work.act(.published, on: id, by: .headteacher)
        #expect(try work.register.nobody.get(path)["name"] == "Complaints procedure")
    }

    /// AUD-02: every reading of one is on record.
    @Test func `puts every reading on record`() async throws {
        let work = try await ComplaintsAtWork.open()
        let id = try work.take(.staff)
        _ = try work.read(id, by: .headteacher)
        _ = try work.register.as(.headteacher).get("/v1/complaints")
        let read = try work.register.as(.headteacher).get(
            "/v1/audit?chain=reads&record_id=\(id)")
        #expect(Set(read.data.compactMap { $0["deed"]?.text }) == ["opened", "listed"])
        let done = try work.register.as(.headteacher).get("/v1/audit?record_id=\(id)").data
        #expect(done.map { $0["deed"] }.contains("complaint_put_down"))
        for role in [Role.dsl, .deputyDSL, .technician, .onlineSafetyCoordinator] {
            #expect(try work.register.as(role).get("/v1/audit?record_id=\(id)").data == [])
        }
    }
}

extension Register {
    /// That no complaint says anything else than its entry covers.
    fileprivate func verifies() throws {
        #expect(try database.number("select count(*) from complaint_unlike_its_entry") == 0)
        try database.execute("update complaint set subject = 'Another'")
        #expect(try database.number("select count(*) from complaint_unlike_its_entry") == 1)
    }
}
