import FoundationEssentials
import JSON
import Postgres
import Testing

@testable import OnlineSafety

/// How many have signed and consented, without names and without small numbers.
@Suite struct `Summary figures` {
    private let school = TestSchool.hawthorn

    /// Twenty more pupils with a parent each, and rules that are put to them.
    private func opened() async throws -> (Register, template: String) {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T12:00:00Z")
        try register.database.execute(
            """
            update session set idle_ends_at = null;
            delete from person_effect where person_id = '\(school.pupil)';
            update person set left_on = '2026-11-01' where id = '\(school.pupil)';
            insert into person (school_id, id, kind, given_name, family_name, year_group)
            select '\(school.id)', md5('pupil' || n)::uuid, 'pupil', 'Kim', 'Oak', '5'
            from generate_series(1, 20) as n;
            insert into person (school_id, id, kind, given_name, family_name)
            select '\(school.id)', md5('parent' || n)::uuid, 'parent', 'Ada', 'Oak'
            from generate_series(1, 20) as n;
            insert into parent_link (
                school_id, id, parent_id, child_id, has_responsibility, from_on)
            select '\(school.id)', gen_random_uuid(), md5('parent' || n)::uuid,
                md5('pupil' || n)::uuid, true, '2020-01-01'
            from generate_series(1, 20) as n
            """)
        let template = try register.template("Pupils", for: [["kind": "pupil"]])
        _ = try register.publish(
            agreementText(["signers": "pupil", "attestations": .null]), of: template)
        return (register, template)
    }

    /// Lets the first so many pupils sign.
    private func sign(_ numbers: ClosedRange<Int>, _ template: String, _ register: Register) throws
    {
        for number in numbers {
            let found = try register.database.owner().run(
                "select md5(\("pupil\(number)"))::uuid::text as id")
            let id = try register.issue(template, to: found.text(0, "id") ?? "")
            let signed = try register.as(.office).post(
                "/v1/agreements/\(id)/signatures",
                signature([
                    "full_name": "Kim Oak", "attestations": .null, "kept_at": "Office",
                ]))
            try #require(signed.status == 201, "\(signed.json)")
        }
    }

    /// Lets the parents of the first so many pupils answer about the website.
    private func answer(_ numbers: ClosedRange<Int>, _ word: String, _ register: Register) throws {
        try register.database.execute(
            """
            insert into consent (
                school_id, id, person_id, given_by_id, answers, given_on, how, kept_at,
                entered_by, entered_by_name)
            select '\(school.id)', gen_random_uuid(), md5('pupil' || n)::uuid,
                md5('parent' || n)::uuid,
                '[{"purpose": "school_website", "answer": "\(word)"}]', '2026-11-20', 'paper',
                'Office', '\(school.account(.office))', 'Office'
            from generate_series(\(numbers.lowerBound), \(numbers.upperBound)) as n
            """)
    }

    private func count(_ register: Register) throws {
        let worker = try DirectConnection(register.database.workerURL)
        for _ in 0..<20 {
            let done = try worker.run("select count_duties() as is_done")
            if done.bool(0, "is_done") != true { return }
        }
    }

    private func figure(
        _ register: Register, _ measure: String, _ name: String, as role: Role = .trustViewer
    ) throws -> JSONValue? {
        try register.as(role).get(
            "/v1/summary-figures?limit=1000&measure=\(measure)&school_id=\(school.id)"
        ).data.first { $0["name"]?.text == name && $0["kind"] == "pupil" }
    }

    @Test func `a trust has how many agreed, wait and refused, and no number that is small`()
        async throws
    {
        let (register, template) = try await opened()
        try sign(1...8, template, register)
        try answer(1...6, "consent", register)
        try answer(7...11, "refuse", register)
        try count(register)
        let signed = try #require(try figure(register, "agreement", "Pupils"))
        #expect(signed["asked"] == 20 && signed["agreed"] == 8 && signed["waiting"] == 12)
        #expect(signed["refused"] == 0 && signed["is_suppressed"] == false)
        #expect(signed["counted_at"] == "2026-11-20T12:00:00.000Z")
        let website = try #require(try figure(register, "consent", "school_website"))
        #expect(website["asked"] == 20 && website["agreed"] == 6 && website["waiting"] == 9)
        #expect(website["refused"] == 5)
        let press = try #require(try figure(register, "consent", "press"))
        #expect(press["agreed"] == 0 && press["waiting"] == 20)

        // One refuses: neither that nor what would tell it by subtraction.
        let refused = try register.as(.office).get(
            "/v1/agreements?template_id=\(template)&is_current=false&limit=1"
        ).data.first
        let id = try register.issue(template, to: refused?["person_id"]?.text ?? "")
        let told = try register.as(.office).post(
            "/v1/agreements/\(id)/refusal", ["reason": "They want to talk first"])
        #expect(told.status == 201, "\(told.json)")
        try answer(12...13, "refuse", register)
        try answer(14...20, "consent", register)
        try register.database.setClock("2026-11-20T12:06:00Z")
        try count(register)
        let small = try #require(try figure(register, "agreement", "Pupils"))
        #expect(small["asked"] == 20 && small["is_suppressed"] == true)
        for name in ["agreed", "waiting", "refused"] { #expect(small[name] == nil, "\(name)") }
        let all = try #require(try figure(register, "consent", "school_website"))
        #expect(all["agreed"] == 13 && all["refused"] == 7 && all["waiting"] == 0)
        // Nor is it kept.
        #expect(
            try register.database.number(
                """
                select count(*) from summary_figure
                where asked between 1 and 4 or agreed between 1 and 4 or waiting between 1 and 4
                    or refused between 1 and 4
                """) == 0)
    }

    @Test func `a trust has whose training counts today, until it runs out`() async throws {
        let (register, _) = try await opened()
        try register.database.execute(
            """
            update school set created_at = '2025-09-01T08:00:00Z';
            insert into person (school_id, id, kind, given_name, family_name, created_at)
            select '\(school.id)', md5('teacher' || n)::uuid, 'support_staff', 'Ada', 'Elm',
                '2025-09-01T08:00:00Z'
            from generate_series(1, 20) as n
            """)
        func figure() throws -> JSONValue? {
            try count(register)
            let told = try register.as(.trustViewer).get(
                "/v1/summary-figures?limit=1000&measure=training&school_id=\(school.id)")
            return told.data.first { $0["kind"] == "support_staff" }
        }
        let none = try #require(try figure())
        #expect(none["asked"] == 20 && none["agreed"] == 0 && none["waiting"] == 20)
        let ids = try register.database.owner().run(
            "select md5('teacher' || n)::uuid::text as id from generate_series(1, 12) as n")
        let trained = try register.as(.office).post(
            "/v1/training-records",
            [
                "kind": "annual_update", "name": "What is new", "happened_on": "2026-11-02",
                "attended_ids": .array(
                    (0..<ids.count).map { .string(ids.text($0, "id") ?? "") }),
            ])
        try #require(trained.status == 201, "\(trained.json)")
        try register.database.setClock("2026-11-20T12:06:00Z")
        let some = try #require(try figure())
        #expect(some["asked"] == 20 && some["agreed"] == 12 && some["waiting"] == 8)
        try register.database.setClock("2027-12-01T12:00:00Z")
        let over = try #require(try figure())
        #expect(over["agreed"] == 0 && over["waiting"] == 20)
    }

    @Test func `no figure tells of a vulnerability marker, nor of a few`() async throws {
        let (register, _) = try await opened()
        try answer(1...20, "consent", register)
        let marked = try register.database.owner().run("select md5('pupil3')::uuid::text as id")
        let marker = try register.as(.dsl).post(
            "/v1/people/\(marked.text(0, "id") ?? "")/vulnerability-markers",
            ["kind": .string(VulnerabilityMarker.Kind.atRiskImages.rawValue), "note": "A note"])
        #expect(marker.status == 201, "\(marker.json)")
        try count(register)
        let website = try #require(try figure(register, "consent", "school_website"))
        #expect(website["agreed"] == 20 && website["refused"] == 0)
        // Of fewer than five not even how many they are.
        try register.database.execute(
            """
            update person set left_on = '2026-11-19'
            where kind = 'pupil' and id not in (
                select md5('pupil' || n)::uuid from generate_series(1, 4) as n)
            """)
        try register.database.setClock("2026-11-21T12:00:00Z")
        try count(register)
        let few = try #require(try figure(register, "consent", "school_website"))
        #expect(few["asked"] == nil && few["agreed"] == nil && few["is_suppressed"] == true)
    }

    @Test func `they are for a trust, its reporting, and those who oversee their school`()
        async throws
    {
        let (register, _) = try await opened()
        try count(register)
        #expect(try figure(register, "agreement", "Pupils", as: .headteacher) != nil)
        let client = try register.machine(.dutyFiguresRead).signedIn()
        let all = try client.get("/v1/summary-figures?limit=1000").data
        #expect(!all.isEmpty)
        #expect(Set(all.compactMap { $0["school_id"]?.text }) == [school.id.lowercased])
        #expect(try register.as(.staff).get("/v1/summary-figures").status == 403)
        let other = try register.as(.headteacher, at: .rosehip).get(
            "/v1/summary-figures?limit=1000&school_id=\(school.id)")
        #expect(other.data.isEmpty)
        // Page by page there are as many, of these and of duties.
        for list in ["summary-figures", "duty-figures"] {
            let viewer = register.as(.trustViewer)
            let whole = try viewer.get("/v1/\(list)?limit=1000").data
            var (pages, path) = ([JSONValue](), "/v1/\(list)?limit=2")
            for _ in 0..<100 {
                let page = try viewer.get(path)
                pages += page.data
                guard let link = page.header("link") else { break }
                path = String(link.dropFirst().prefix { $0 != ">" })
            }
            #expect(pages.count == whole.count && whole.count > 2, "\(list)")
        }
        let table = try register.as(.trustViewer).get("/v1/summary-figures?format=csv")
        #expect(table.status == 200 && table.text.contains("school_website"))
    }
}
