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
