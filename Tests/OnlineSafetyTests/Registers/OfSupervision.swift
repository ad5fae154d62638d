import JSON
import Testing

@testable import OnlineSafety

/// Who runs filtering, who monitors, and who watches over them.
@Suite struct `Registers of supervision` {
    private let school = TestSchool.hawthorn
    private let filtering = "/v1/filtering-arrangements"

    private func person(_ role: Role) -> JSONValue {
        .string("\(school.person(role))".lowercased())
    }

    private func gaps(
        _ kind: String, _ register: Register, as role: Role = .headteacher
    ) throws -> [JSONValue] {
        try register.as(role).get("/v1/schools/\(school.id)/register-gaps").data
            .filter { $0["kind"]?.text == kind }
    }

    /// USR-07: technical staff and leadership, two people at least; from the first set-up on.
    @Test func `filtering never rests on one person or one side`() async throws {
        let register = try await Register.open()
        let head = register.as(.headteacher)
        func arrange(_ technical: [Role], _ leading: [Role]) throws -> Reading {
            try head.post(
                filtering,
                [
                    "technical_ids": .array(technical.map(person)),
                    "leadership_ids": .array(leading.map(person)),
                ])
        }
        for (technical, leading, faults) in [
            ([Role.technician], [], ["/leadership_ids": "one_side_alone", "": "one_person_alone"]),
            ([], [.dsl, .headteacher], ["/technical_ids": "one_side_alone"]),
            ([.technician, .office], [], ["/leadership_ids": "one_side_alone"]),
            ([.dsl], [.dsl], ["": "one_person_alone"]),
        ] as [([Role], [Role], [String: String])] {
            let told = try arrange(technical, leading)
            #expect(told.status == 409 && told.faults == faults)
        }
        let office = try arrange([.technician], [.office])
        #expect(office.faults == ["/leadership_ids/0": "not_in_such_a_post"])
        #expect(try gaps("filtering_is_nobodys", register).count == 1)
        let told = try arrange([.technician], [.dsl])
        #expect(told.status == 201 && told.json["technical"] == ["The Technician"])
        #expect(try gaps("filtering_is_nobodys", register).isEmpty)
        let one = "\(filtering)/\(told.id)"
        for (change, fault) in [
            (["technical_ids": []], ["/technical_ids": "one_side_alone", "": "one_person_alone"]),
            (["technical_ids": [person(.dsl)]], ["": "one_person_alone"]),
            (["until_on": "2199-01-01"], ["/until_on": "last_one"]),
        ] as [(JSONValue, [String: String])] {
            let refused = try head.ask("PATCH", one, ["If-Match": "*"], change)
            #expect(refused.status == 409 && refused.faults == fault)
        }
        #expect(try head.post("\(one)/withdrawal", ["reason": "Gone"]).faults == ["": "last_one"])
        let next = try arrange([.technician], [.headteacher])
        #expect(next.status == 201)
        #expect(
            try head.ask("PATCH", one, ["If-Match": "*"], ["until_on": "2199-01-01"]).status == 200)
        // Who leaves is no longer there to share it: nobody can refuse that, so it is shown.
        try register.database.execute(
            """
            insert into leaving (school_id, id, person_id, left_on, recorded_by_name)
            values ('\(school.id)', gen_random_uuid(), '\(school.person(.technician))',
                '2020-01-01', 'Somebody')
            """)
        #expect(try gaps("filtering_rests_on_one", register).count == 2)
        #expect(try arrange([.technician], [.dsl]).faults == ["/technical_ids/0": "unknown_person"])
        let third = try arrange([.office], [.seniorLeader])
        #expect(third.status == 201)
        #expect(try gaps("filtering_rests_on_one", register).count == 2)
        try register.vacate(.seniorLeader)
        #expect(try gaps("filtering_rests_on_one", register).count == 3)
    }

    /// USR-06: of everybody who monitors or runs filtering; the meetings with them.
    @Test func `who monitors without a supervisor is shown, and meetings are logged`() async throws
    {
        let register = try await Register.open()
        let dsl = register.as(.dsl)
        func without() throws -> Set<String> {
            Set(
                try gaps("monitor_without_supervisor", register).compactMap {
                    $0["person_id"]?.text
                })
        }
        #expect(try without() == [])
        let duty = try dsl.post(
            "/v1/monitoring-duties", ["person_id": person(.office), "duty": "Weekly reports"])
        #expect(duty.status == 201)
        let arranged = try dsl.post(
            filtering,
            ["technical_ids": [person(.technician)], "leadership_ids": [person(.headteacher)]])
        #expect(arranged.status == 201)
        let all = [Role.office, .technician, .headteacher].compactMap { person($0).text }
        #expect(try without() == Set(all))
        func supervise(_ one: Role, by other: Role) throws -> Reading {
            try dsl.post(
                "/v1/supervisors",
                ["person_id": person(one), "supervisor_id": person(other)])
        }
        let alone = try supervise(.office, by: .office)
        #expect(alone.status == 409 && alone.faults == ["/supervisor_id": "supervises_oneself"])
        let first = try supervise(.office, by: .dsl)
        #expect(first["person"] == "The School office" && first["supervisor"] != nil)
        #expect(try supervise(.technician, by: .seniorLeader).status == 201)
        #expect(try without() == [person(.headteacher).text])
        let ended = try dsl.ask(
            "PATCH", "/v1/supervisors/\(first.id)", ["If-Match": "*"],
            ["from_on": "2020-01-01", "until_on": "2020-02-01"])
        #expect(ended.status == 200)
        #expect(try without() == Set([Role.headteacher, .office].compactMap { person($0).text }))
        for kind in SupervisionMeetingKind.allCases {
            let met = try dsl.post(
                "/v1/supervision-meetings",
                [
                    "kind": .string(kind.rawValue), "person_id": person(.technician),
                    "supervisor_id": person(.seniorLeader), "words": "All is well",
                ])
            #expect(met.status == 201)
        }
        let log = try register.as(.headteacher).get(
            "/v1/supervision-meetings?person_id=\(school.person(.technician))"
        ).data
        #expect(Set(log.map { $0["kind"]?.text }) == ["supervision", "support"])
    }

    /// USR-08: dated, for the DSL and every deputy, of both systems.
    @Test func `leads without access to a system, or support with it, are shown`() async throws {
        let register = try await Register.open()
        func lacking(_ kind: String) throws -> Set<String> {
            Set(
                try gaps(kind, register, as: .linkGovernor).map {
                    "\($0["who"]?.text ?? "") \($0["system"]?.text ?? "")"
                })
        }
        let (lead, deputy) = (
            "The Designated safeguarding lead", "The Deputy designated safeguarding lead"
        )
        let all = Set([lead, deputy].flatMap { ["\($0) filtering", "\($0) monitoring"] })
        #expect(try lacking("lead_without_access") == all)
        #expect(try lacking("lead_without_technical_support") == all)
        let path = "/v1/lead-access-records"
        let told = try register.as(.technician).post(
            path,
            [
                "person_id": person(.dsl), "system": "filtering", "has_access": true,
                "from_on": "2026-09-01",
            ])
        #expect(told["from_on"] == "2026-09-01")
        #expect(try lacking("lead_without_access") == all.subtracting(["\(lead) filtering"]))
        #expect(try lacking("lead_without_technical_support") == all)
        let supported = try register.as(.dsl).ask(
            "PATCH", "\(path)/\(told.id)", ["If-Match": "*"], ["supported_by": "The technician"])
        #expect(supported.status == 200)
        #expect(
            try lacking("lead_without_technical_support") == all.subtracting(["\(lead) filtering"]))
        let other = try register.as(.dsl).post(
            path, ["person_id": person(.office), "system": "monitoring", "has_access": true])
        #expect(other.faults == ["/person_id": "not_in_such_a_post"])
    }

    /// USR-09
    @Test func `time and resources of the leads are kept, and each shortfall until it is answered`()
        async throws
    {
        let register = try await Register.open()
        let (dsl, path) = (register.as(.dsl), "/v1/safeguarding-allowances")
        #expect(try gaps("lead_without_allowance", register).count == 2)
        let told = try dsl.post(
            path,
            [
                "person_id": person(.dsl), "minutes_a_week": 240, "resources": "A laptop",
            ])
        #expect(told.status == 201 && told.json["minutes_a_week"] == 240)
        #expect(
            try gaps("lead_without_allowance", register).map { $0["who"]?.text } == [
                "The Deputy designated safeguarding lead"
            ])
        let much = try dsl.post(path, ["person_id": person(.dsl), "minutes_a_week": 10_081])
        #expect(much.faults == ["/minutes_a_week": "out_of_range"])
        let raised = try dsl.post(
            "/v1/shortfalls",
            [
                "person_id": person(.dsl), "words": "Four hours are too few",
                "happened_on": "2026-10-01",
            ])
        #expect(raised["person"] == "The Designated safeguarding lead")
        #expect(
            try gaps("shortfall_unanswered", register, as: .chairOfGovernors)
                .map { $0["entry_id"]?.text } == [raised.id])
        let one = "/v1/shortfalls/\(raised.id)"
        let half = try dsl.ask("PATCH", one, ["If-Match": "*"], ["answer": "Yes"])
        #expect(half.faults == ["/answered_on": "required"])
        let answered = try register.as(.headteacher).ask(
            "PATCH", one, ["If-Match": "*"],
            ["answer": "An hour more", "answered_on": "2026-10-08"])
        #expect(answered.status == 200)
        #expect(try gaps("shortfall_unanswered", register).isEmpty)
    }

    /// USR-15
    @Test func `contacts and meetings of the coordinator and of the DSL are kept`() async throws {
        let register = try await Register.open()
        let (osc, dsl) = (register.as(.onlineSafetyCoordinator), register.as(.dsl))
        let contacts = "/v1/liaison-contacts"
        func contact(_ visitor: Visitor, _ post: String, _ body: String) throws -> Reading {
            try visitor.post(
                contacts,
                [
                    "liaison_of": .string(post), "body": .string(body), "name": "Somebody there",
                    "contact": "01632 960003",
                ])
        }
        for body in ["local_authority", "other_body", "technical_staff"] {
            #expect(try contact(osc, "online_safety_coordinator", body).status == 201)
        }
        let agency = try contact(dsl, "dsl", "agency")
        #expect(agency.status == 201)
        #expect(try contact(dsl, "dsl", "local_authority").faults == ["/body": "not_their_liaison"])
        let met = try dsl.post(
            "/v1/liaison-meetings",
            [
                "liaison_of": "dsl", "body": "agency", "contact_id": .string(agency.id),
                "attending_ids": [person(.dsl), person(.deputyDSL)], "words": "Thresholds",
                "happened_on": "2026-10-01", "actions": "A talk in January",
            ])
        #expect(met.status == 201 && met["contact"] == "Somebody there")
        #expect(met.json["attending"]?[1] == "The Designated safeguarding lead")
        let county = try osc.post(
            "/v1/liaison-meetings",
            [
                "liaison_of": "online_safety_coordinator", "body": "technical_staff",
                "words": "Filtering categories",
            ])
        #expect(county.status == 201)
        let seen = try register.as(.headteacher).get("/v1/liaison-meetings?liaison_of=dsl").data
        #expect(seen.map { $0["id"]?.text } == [met.id])
        #expect(try register.as(.staff).get(contacts).status == 403)
    }
}
