import JSON
import Postgres
import Testing

@testable import OnlineSafety

/// A trust sets a floor that a school cannot weaken.
@Suite struct `The floor of a trust` {
    private let school = "/v1/schools/\(TestSchool.hawthorn.id)/settings"
    private let trust = "/v1/trusts/\(TestSchool.hedgerow)/settings"

    /// A floor, what is as strong at least, and what is weaker.
    private static let cases: [(setting: String, floor: JSONValue, [JSONValue], [JSONValue])] = [
        ("idle-minutes", 30, [5, 30], [31, 480]),
        ("password-length", 14, [14, 64], [12, 13]),
        ("password-days", 90, [1, 90], [91, 0]),
        ("password-days", 0, [0, 90], []),
        ("anonymous-reports", true, [true], [false]),
        ("password-composition", false, [true, false], []),
        ("second-factor", "record_readers", ["record_readers", "everybody"], ["nobody"]),
        ("incident-recipients", ["dsl"], [["dsl"], ["dsl", "headteacher"]], [["headteacher"]]),
    ]

    @Test(arguments: cases.indices)
    func `refuses what is weaker, whatever the kind`(index: Int) async throws {
        let register = try await Register.open()
        let (setting, floor, strong, weak) = Self.cases[index]
        let said = try register.as(.trustAdministrator).put(
            "\(trust)/\(setting)", ["floor": floor], ["If-Match": "*"])
        #expect(said.status == 200)
        try ask(nothingOfTheHead: register)
        let head = register.as(.headteacher)
        for value in strong {
            let told = try head.put("\(school)/\(setting)", ["value": value], ["If-Match": "*"])
            #expect(told.status == 200)
            #expect(told.json["value"] == value)
            try ask(nothingOfTheHead: register)
        }
        for value in weak {
            let told = try head.put("\(school)/\(setting)", ["value": value], ["If-Match": "*"])
            #expect(told.status == 409)
            #expect(told.faults == ["/value": "below_the_floor"])
        }
    }

    /// What a setting asks of the headteacher too, at once, is not what is tried here.
    private func ask(nothingOfTheHead register: Register) throws {
        try register.database.execute("update session set outstanding = '{}'")
    }

    /// What the school had set is not lost, and holds again when the floor is gone.
    @Test(arguments: cases.indices)
    func `lifts what a school had set before, and lets it go again`(index: Int) async throws {
        let register = try await Register.open()
        let (setting, floor, _, weak) = Self.cases[index]
        guard let value = weak.last else { return }
        let (head, keeper) = (register.as(.headteacher), register.as(.trustAdministrator))
        let before = try head.put("\(school)/\(setting)", ["value": value], ["If-Match": "*"])
        #expect(before.status == 200)
        _ = try keeper.put("\(trust)/\(setting)", ["floor": floor], ["If-Match": "*"])
        try ask(nothingOfTheHead: register)
        let held = try head.get("\(school)/\(setting)")
        #expect(held["source"] == "trust_floor")
        #expect(held.json["own"] == value && held.json["floor"] == floor)
        let both: JSONValue = setting == "incident-recipients" ? ["headteacher", "dsl"] : floor
        #expect(held.json["value"] == both)
        #expect(held["set_by"] == "Trust administrator")
        _ = try keeper.put("\(trust)/\(setting)", [:], ["If-Match": "*"])
        let free = try head.get("\(school)/\(setting)")
        #expect(free["source"] == "school")
        #expect(free.json["value"] == value)
    }

    @Test func `of a later day is heeded by what holds from that day`() async throws {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T10:00:00Z")
        let (head, path) = (register.as(.headteacher), "\(school)/idle-minutes")
        _ = try register.as(.trustAdministrator).put(
            "\(trust)/idle-minutes", ["floor": 30, "effective_on": "2026-12-01"],
            ["If-Match": "*"])
        #expect(try head.put(path, ["value": 60], ["If-Match": "*"]).status == 200)
        let later = try head.put(
            path, ["value": 60, "effective_on": "2026-12-01"], ["If-Match": "*"])
        #expect(later.faults == ["/value": "below_the_floor"])
        try register.database.setClock("2026-12-01T10:00:00Z")
        #expect(try head.get(path).json["value"] == 30)
    }

    /// Of a federation and of a local authority as well, and the strongest of them.
    @Test func `of several organisations is the strongest, and ends with the membership`()
        async throws
    {
        let register = try await Register.open()
        try register.database.execute(
            """
            insert into trust (id, name, kind) values
                ('00000000-0000-7000-8000-0000000000f1', 'Two Schools', 'federation'),
                ('00000000-0000-7000-8000-0000000000f2', 'The County', 'local_authority');
            insert into membership (school_id, trust_id, from_on)
            select '\(TestSchool.hawthorn.id)', id, london_today() from trust
            where kind <> 'trust';
            insert into trust_setting (
                trust_id, name, version, value, floor, effective_on, set_by, set_by_name)
            select id, 'idle_minutes', 1, case kind when 'federation' then '20'::jsonb
                    when 'trust' then '15' else '10' end,
                case kind when 'federation' then '40'::jsonb when 'trust' then '25' else '35' end,
                london_today(), '\(TestSchool.hawthorn.account(.trustViewer))', 'Somebody'
            from trust where id <> '\(TestSchool.island)'
            """)
        let (head, path) = (register.as(.headteacher), "\(school)/idle-minutes")
        let now = try head.get(path)
        #expect(now.json["value"] == 20)
        #expect(now.json["floor"] == 25)
        try register.database.execute(
            """
            update membership set from_on = london_today() - 10, until_on = london_today() - 1
            where trust_id = '\(TestSchool.hedgerow)'
                and school_id = '\(TestSchool.hawthorn.id)'
            """)
        #expect(try head.get(path).json["floor"] == 35)
        let viewer = try register.as(.trustViewer).get("/v1/schools").data
        #expect(viewer.compactMap { $0["name"]?.text } == ["Rosehip"])
        let refused = #expect(throws: PostgresError.self) {
            try register.database.owner().run(
                """
                insert into membership (school_id, trust_id, from_on)
                values (\(TestSchool.rosehip.id), \(TestSchool.island), london_today())
                """)
        }
        #expect(refused?.constraint == "membership_is_one_of_its_kind")
    }

    /// What areas ask often is found by a shorter way, which must lead to the same place.
    @Test func `holds for whoever asks what holds now`() async throws {
        let register = try await Register.open()
        let (head, keeper) = (register.as(.headteacher), register.as(.trustAdministrator))
        for (setting, said) in [
            ("acknowledgement-minutes", ["floor": 10]), ("idle-minutes", ["value": 15]),
            ("anonymous-reports", ["value": false, "floor": true]), ("session-hours", [:]),
        ] as [(String, JSONValue)] {
            #expect(try keeper.put("\(trust)/\(setting)", said, ["If-Match": "*"]).status == 200)
        }
        for (setting, value) in [("step-up-minutes", 5), ("session-hours", 3)] {
            let choice: JSONValue = ["value": .number(JSONNumber(value))]
            let set = try head.put("\(school)/\(setting)", choice, ["If-Match": "*"])
            #expect(set.status == 200)
        }
        let hawthorn = TestSchool.hawthorn.id
        #expect(
            try register.database.number(
                "select extract(minute from acknowledgement_time(\(hawthorn)))") == 10)
        #expect(
            try register.database.number(
                "select setting_now(\(hawthorn), 'step_up_minutes')::integer") == 5)
        let differing: SQL = """
            select count(*) from school cross join setting_default as known
            where setting_now(school.id, known.name)
                is distinct from (setting_on(school.id, known.name, london_today())).value
            """
        #expect(try register.database.number(differing) == 0)
    }

    @Test func `is asked for what belongs to somebody of several schools`() async throws {
        let register = try await Register.open()
        _ = try register.as(.headteacher).put(
            "\(school)/idle-minutes", ["value": 20], ["If-Match": "*"])
        let all = TestSchool.all.map(\.id)
        #expect(
            try register.database.number(
                "select strongest_setting(\(all), 'idle_minutes')::integer") == 20)
        #expect(
            try register.database.number(
                "select strongest_setting('{}', 'idle_minutes')::integer") == 60)
    }
}
