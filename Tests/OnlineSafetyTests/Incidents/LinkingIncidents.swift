import JSON
import Testing

@testable import OnlineSafety
@testable import Postgres

/// An incident has no more links than one may have, whichever side they were made from.
@Suite struct `Linking incidents` {
    @Test func `stops at the bound of either side, also when several ask at once`() async throws {
        let register = try await Register.open()
        let hub = try Case(register)
        let others = try (0..<6).map { _ in try Case(register) }
        try hub.isLinkedFromElsewhere(times: 199)
        #expect(try register.as(.dsl).get("\(hub.path)/links").data.isEmpty)
        let told = try await atOnce(6) { number in
            try number % 2 == 0 ? others[number].link(to: hub) : hub.link(to: others[number])
        }
        #expect(told.count { $0.status == 201 } == 1)
        for (number, refused) in told.enumerated() where refused.status != 201 {
            #expect(refused.status == 409)
            let place = number % 2 == 0 ? "/other_incident_id" : ""
            #expect(refused.faults == [place: "too_many_links"])
        }
        #expect(try register.database.number("select count(*) from incident_link") == 200)
        #expect(try others[0].link(to: others[1]).status == 201)
    }

    /// INC-40: what happened again wants a further step before it is closed, the first does not.
    @Test func `asks for a further step where it happened before`() async throws {
        let register = try await Register.open()
        let (first, again) = (try Case(register), try Case(register))
        let marks: [(String, JSONValue)] = [
            ("is_repeated", true), ("is_intentional", true), ("has_imbalance_of_power", false),
        ]
        for one in [first, again] {
            #expect(try one.triage(Case.finding(marks[0], marks[1], marks[2])).status == 201)
            try one.complete()
        }
        let linked = try first.post(
            "links", ["other_incident_id": .string(again.id), "relation": "recurrence"])
        #expect(linked.status == 201)
        #expect(try again.read().json["is_repeated"] == true)
        #expect(try first.post("closure", ["outcome": "Talked with"]).status == 201)
        let refused = try again.post("closure", ["outcome": "Talked with"])
        #expect(refused.status == 409)
        #expect(refused.faults == ["/further_step": "further_step_missing"])
        let said = try again.patch(
            ["further_step": "A meeting with both families, and a month's supervision"],
            again.read()["etag"])
        #expect(said.status == 200)
        #expect(try again.post("closure", ["outcome": "Both families came"]).status == 201)
        #expect(try again.read()["further_step"]?.hasPrefix("A meeting") == true)
    }

    @Test func `links the same case in another setting by its name`() async throws {
        let one = try Case(await Register.open())
        let linked = try one.post(
            "links",
            [
                "relation": "other_setting", "other_setting": "Elm Lane Nursery",
                "other_reference": "EL-17", "words": "Her brother goes there",
            ])
        #expect(linked.status == 201)
        let shown = try one.register.as(.dsl).get("\(one.path)/links").data[0]
        #expect(shown["other_setting"] == "Elm Lane Nursery")
        #expect(shown["other_reference"] == "EL-17" && shown["other_incident_id"] == nil)
        let wrong: [(JSONValue, String, String)] = [
            (["relation": "other_setting"], "/other_incident_id", "required"),
            (["relation": "recurrence", "other_setting": "Elm"], "/relation", "not_allowed"),
            (
                [
                    "relation": "other_setting", "other_setting": "Elm",
                    "other_incident_id": .string(one.id),
                ], "/other_setting", "not_allowed"
            ),
        ]
        for (body, pointer, code) in wrong {
            #expect(try one.post("links", body).faults == [pointer: code])
        }
    }
}

extension Case {
    fileprivate func link(to other: Case) throws -> Reading {
        try post(
            "links", ["other_incident_id": .string(other.id), "relation": "same_people"])
    }

    /// By incidents that are not open to those to whom this one is.
    fileprivate func isLinkedFromElsewhere(times count: Int) throws {
        let relations = Link.Relation.allCases
        for _ in 0..<(count + relations.count - 1) / relations.count {
            _ = try Case(register, .headteacher)
        }
        try register.database.owner().run(
            """
            insert into incident_link (
                school_id, incident_id, id, other_id, relation, account_id, role)
            select hidden.school_id, hidden.id, gen_random_uuid(), \(id)::text::uuid, relation,
                \(TestSchool.hawthorn.account(.chairOfGovernors)), 'chair_of_governors'
            from incident as hidden
            cross join unnest(\(relations)::text[]) as relation
            where hidden.concerns = 'headteacher'
            limit \(count)
            """)
    }
}
