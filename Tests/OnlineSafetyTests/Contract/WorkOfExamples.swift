import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

extension `The contract holds` {
    /// What the examples of the work on an incident stand on: how the incident stands, and what was
    /// put down of it before.
    func work(on one: Case, in register: Register, for operation: String) throws {
        let example = ID<Incident>.example.string
        let states = [
            "put_down_an_investigation": "triaged", "act_on_an_incident": "triaged",
            "put_down_the_findings": "investigating", "put_down_a_debrief": "acting",
        ]
        if let state = states[operation] {
            try register.database.execute(
                "update incident set status = '\(state)' where id = '\(one.id)'")
        }
        if operation.contains("image") || operation.contains("clearance") {
            try register.database.execute(
                "update incident set types = '{sexting_iioc}' where id = '\(one.id)'")
        }
        if operation == "put_down_a_referral" || operation == "correct_a_referral" {
            try register.entry(of: "agency", as: ID<Incident>.example.uuid)
        }
        let parts = Dictionary(
            uniqueKeysWithValues: (CaseWork.kinds + [Referral.self]).map { kind in
                (
                    "correct_" + kind.part.anyOne.replacing(" ", with: "_"),
                    kind.part.kind.description
                )
            })
        if let kind = parts[operation] { try put(kind, as: example, in: one) }
        if operation == "put_down_an_image_deletion" {
            try put("deletion_clearance", as: UUID().uuidString, in: one)
        }
        if operation == "put_down_a_debrief" {
            for line in ActionLine.Line.allCases {
                #expect(try one.answer(line, ["answer": "not_needed"]).status == 200)
            }
            let support = try one.post("support", Case.support(for: .string(example)))
            #expect(support.status == 201)
        }
    }

    /// A part as it is in the database, which says nothing.
    private func put(_ kind: String, as id: String, in one: Case) throws {
        try one.register.database.execute(
            """
            insert into incident_part (
                school_id, incident_id, id, version, kind, content, account_id, role)
            select school_id, id, '\(id)', 1, '\(kind)', '{}',
                '\(TestSchool.hawthorn.account(.dsl))', 'dsl'
            from incident where id = '\(one.id)'
            """)
    }
}
