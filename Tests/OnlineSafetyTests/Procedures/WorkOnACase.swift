import JSON
import Testing

@testable import OnlineSafety

/// What is put down of the work on an incident, as its steps ask for it.
extension Case {
    func put(_ part: String, _ body: JSONValue, as role: Role = .dsl) throws {
        let told = try post(part, body, as: role)
        #expect(told.status == 201, "\(part): \(told.json)")
    }

    private static let now: JSONValue = "2026-11-20T09:30:00Z"

    /// The children involved, by their places in the record.
    private var children: [JSONValue] {
        get throws {
            try register.as(.dsl).get("\(path)/people").data
                .filter { $0["group"]?.text == "child" }.compactMap { $0["id"] }
        }
    }

    /// A contact with an agency.
    func contact(
        _ agency: String, _ route: String = "online_form", as role: Role = .dsl
    ) throws {
        try put(
            "referrals",
            [
                "agency": .string(agency), "route": .string(route), "happened_at": Self.now,
                "made_by": "The DSL", "words": "All that is known", "name": "The one here",
                "route_reason": "Nobody is in danger now",
            ], as: role)
    }

    /// A meeting, and what it covered.
    func meet(_ points: [String] = []) throws {
        let met: JSONValue = [
            "happened_at": Self.now, "with": "Both parents", "words": "It was gone through",
        ]
        try put(
            "meetings",
            points.isEmpty ? met : met.with("covered", .array(points.map { .string($0) })))
    }

    func support() throws {
        for child in try children { try put("support", Self.support(for: child)) }
    }

    func sanction() throws {
        let child = try #require(try children.first)
        try put(
            "sanctions",
            ["of_id": child, "what": "warning", "policy": "Behaviour policy, section 9"])
    }

    func hearTheChild() throws {
        let child = try #require(try children.first)
        try put(
            "learners-voices",
            [
                "child_id": child, "was_involved": true, "reported_themselves": true,
                "words": "She reported it to CEOP with the DSL beside her",
            ])
    }

    func assessRisk() throws {
        try put("risk-assessments", CasePartSaid<RiskAssessment>.json)
    }

    func device(_ deed: String, as role: Role = .dsl) throws {
        try put(
            "device-actions",
            [
                "happened_at": Self.now, "what": .string(deed), "device": "Her own phone",
                "done_by": "The DSL", "authority": "behaviour_policy",
            ], as: role)
    }

    func investigate() throws {
        try put("investigations", ["investigator_id": Self.person(.seniorLeader)])
    }

    /// Looks back upon it, when everything else of the record is there.
    func debrief() throws {
        if try read()["status"] == "triaged" {
            #expect(try post("acting", [:]).status == 201)
        }
        for line in ActionLine.Line.allCases {
            _ = try answer(line, ["answer": "not_needed"])
        }
        try support()
        try put("debriefs", CasePartSaid<Debrief>.json)
    }
}
