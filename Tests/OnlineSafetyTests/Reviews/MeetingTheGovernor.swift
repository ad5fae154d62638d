import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// The DSL and the link governor have met where both were there.
@Suite struct `Meeting the governor` {
    private func complete(
        _ work: ReviewsAtWork, _ id: String, by role: Role = .deputyDSL, _ there: [JSONValue]
    ) throws -> Reading {
        try work.complete(
            id, by: role, on: "2026-11-19",
            ["attendees": .array(there), "matters": ["Phones on the way to school"]])
    }

    private func person(_ role: Role, _ work: ReviewsAtWork) -> JSONValue {
        ["person_id": .string(work.school.person(role).lowercased)]
    }

    @Test func `REV-14: a meeting without the governor, or without the DSL, is none`()
        async throws
    {
        let work = try await ReviewsAtWork.open()
        let id = try work.plan(.dslGovernorMeeting, [("trigger", "cycle")]).id
        let (dsl, deputy) = (person(.dsl, work), person(.deputyDSL, work))
        let adviser: JSONValue = ["words": "The trust's adviser"]
        for there in [
            [dsl, deputy, adviser], [dsl.with("role", "dsl"), person(.governor, work)],
        ] {
            let told = try complete(work, id, there)
            #expect(told.status == 422)
            #expect(told.faults == ["/record/attendees": "no_governor_there"], "\(told.json)")
        }
        let alone = try complete(work, id, by: .linkGovernor, [person(.linkGovernor, work)])
        #expect(alone.faults == ["/record/attendees": "no_dsl_there"], "\(alone.json)")
        // By the posts of that day, where nobody says in which they came.
        let met = try complete(work, id, [deputy, person(.linkGovernor, work)])
        #expect(met.status == 201 && met["state"] == "completed", "\(met.json)")
        #expect(try work.act(.signedOff, on: id, by: .dsl)["state"] == "signed_off")
    }

    @Test func `whoever became a governor afterwards was not there as one, but the chair may be`()
        async throws
    {
        let work = try await ReviewsAtWork.open()
        let id = try work.plan(.dslGovernorMeeting, [("trigger", "cycle")]).id
        try work.register.database.execute(
            """
            update seat set from_on = '2026-11-20'
            where id = '\(work.school.seat(.linkGovernor))'
            """)
        let dsl = person(.dsl, work)
        #expect(
            try complete(work, id, [dsl, person(.linkGovernor, work)]).faults
                == ["/record/attendees": "no_governor_there"])
        let rule = try work.set(
            .dslGovernorMeeting,
            [
                ("is_held", true), ("period", "termly"), ("responsible", ["dsl", "deputy_dsl"]),
                ("sign_off", ["link_governor"]), ("required", ["matters"]),
            ])
        #expect(rule.status == 200, "\(rule.json)")
        let nobody = try work.complete(id, by: .deputyDSL, ["matters": ["Phones"]])
        #expect(nobody.status == 422 && nobody.faults["/record/attendees"] != nil)
        #expect(try complete(work, id, [dsl, person(.chairOfGovernors, work)]).status == 201)
    }
}
