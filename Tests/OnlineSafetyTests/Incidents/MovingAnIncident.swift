import JSON
import Testing

@testable import OnlineSafety

/// The table of moves (24.1), walked: every act in every state, allowed or refused as it says.
@Suite struct `Moving an incident` {
    static let states: [IncidentStatus] = IncidentStatus.ofARecord

    @Test(arguments: states)
    func `is allowed as the table says, and refused otherwise`(state: IncidentStatus) async throws {
        let register = try await Register.open()
        for act in Act.allCases {
            let one = try Case(register, .child, ("intent", "accidental"))
            try Self.bring(one, to: state)
            let isAllowed = Move.of(act, from: state) != nil
            let told = try Self.attempt(act, on: one)
            #expect(told.status == (isAllowed ? 201 : 409), "\(act) while \(state)")
            guard isAllowed else {
                let isUnreviewed = act == .closure && state == .investigating
                #expect(
                    told.json["errors"]?.codes
                        == ["not_while_\(state.rawValue)"]
                        + (isUnreviewed ? ["debrief_missing"] : []))
                continue
            }
            let now = Move.of(act, from: state)?.to ?? state
            #expect(try one.read()["status"] == now.rawValue, "\(act) while \(state)")
        }
    }

    /// What the incident itself says of its actions is the same.
    @Test(arguments: states)
    func `is foretold by the incident`(state: IncidentStatus) async throws {
        let one = try Case(await Register.open(), .child, ("intent", "accidental"))
        try Self.bring(one, to: state)
        guard case .array(let actions)? = try one.read().json["allowed_actions"] else {
            throw NoActions()
        }
        let allowed = actions.filter { $0["is_allowed"] == true }.compactMap { $0["action"]?.text }
        // Nothing is held here.
        let expected = Act.allCases
            .filter { $0 != .release && Move.of($0, from: state) != nil }.map(\.rawValue)
        #expect(allowed == expected)
    }

    private struct NoActions: Error {}

    /// By way of the moves themselves, with all that closing wants; restricted, so that there is
    /// something to lift.
    private static func bring(_ one: Case, to state: IncidentStatus) throws {
        #expect(try attempt(.restriction, on: one).status == 201)
        if state == .reported { return try one.complete() }
        if state == .loggedOnly {
            #expect(try one.post("logging", JSON.value(of: Logged.example)).status == 201)
            return
        }
        #expect(try one.triage().status == 201)
        try one.complete()
        switch state {
        case .investigating: #expect(try attempt(.investigation, on: one).status == 201)
        case .acting: #expect(try attempt(.acting, on: one).status == 201)
        case .debrief:
            #expect(try attempt(.acting, on: one).status == 201)
            #expect(try attempt(.debrief, on: one).status == 201)
        case .closed: #expect(try one.post("closure", ["outcome": "Done"]).status == 201)
        default: break
        }
    }

    /// Of a hold that was just put, if it could be.
    private static func release(on one: Case) throws -> Reading {
        let put = try attempt(.hold, on: one)
        let hold = put.status == 201 ? put.id : one.id
        return try one.post(
            "agency-holds/\(hold)/release", JSON.value(of: AgencyHold.Released.example))
    }

    private static func attempt(_ act: Act, on one: Case) throws -> Reading {
        switch act {
        case .triage: try one.triage()
        case .logging: try one.post("logging", JSON.value(of: Logged.example))
        case .recording: try one.post("evidence", JSON.value(of: Evidence.Described.example))
        case .investigation:
            try one.post("investigations", ["investigator_id": Case.person(.seniorLeader)])
        case .finding: try one.post("findings", CasePartSaid<InvestigationFindings>.json)
        case .acting: try one.post("acting", [:])
        case .debrief: try one.post("debriefs", CasePartSaid<Debrief>.json)
        case .closure: try one.post("closure", ["outcome": "Done"])
        case .dismissal: try one.post("closure", ["kind": "mistaken", "outcome": "A lesson"])
        case .duplication:
            try one.post(
                "closure",
                [
                    "kind": "duplicate", "outcome": "Same",
                    "duplicate_of": .string(Case(one.register).id),
                ])
        case .reopening: try one.post("reopening", JSON.value(of: Reopening.example))
        case .restriction: try one.post("restriction", JSON.value(of: Restriction.Put.example))
        case .lifting: try one.post("lifting", JSON.value(of: Restriction.Lifted.example))
        case .hold: try one.post("agency-holds", JSON.value(of: AgencyHold.Put.example))
        case .release: try release(on: one)
        }
    }
}
