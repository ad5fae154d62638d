import Crypto
import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// What a trust pulls about incidents, over all its schools.
@Suite struct `Pulling figures` {
    /// Incidents of a school on a day, behind the walls.
    private func happen(
        _ number: Int, on day: String, at school: TestSchool = .hawthorn,
        _ types: String = "{cyberbullying}", _ status: String = "reported", in register: Register
    ) throws {
        try register.database.execute(
            """
            insert into incident (
                school_id, id, reference, concerns, urgency, treated_as, readers, occurred_on,
                types, status)
            select '\(school.id)', id, id::text, 'child', 'normal', 'child', '{dsl}', '\(day)',
                '\(types)', '\(status)'
            from (select gen_random_uuid() as id from generate_series(1, \(number))) as made
            """)
    }

    private func register() async throws -> Register {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T09:00:00Z")
        return register
    }

    /// What is told of a school's figure: a number, `nil` where it is suppressed.
    private func figure(
        _ visitor: Visitor, _ period: String, _ starts: String, _ measure: String = "incidents",
        _ word: String? = nil, at school: TestSchool = .hawthorn
    ) throws -> JSONValue {
        let path = "/v1/incident-figures?limit=1000&academic_year=2026/27&school_id=\(school.id)"
        let found = try visitor.get("\(path)&period=\(period)&measure=\(measure)").data.filter {
            $0["starts_on"]?.text == starts && $0["word"]?.text == word
        }
        try #require(found.count == 1)
        #expect(found[0]["is_suppressed"] == .bool(found[0]["count"] == nil))
        return found[0]["count"] ?? .null
    }

    /// API-04
    @Test func `all schools of a trust come in one call, and small numbers are told from none`()
        async throws
    {
        let register = try await register()
        try happen(6, on: "2026-10-05", in: register)
        try happen(3, on: "2026-10-06", "{gambling}", "closed", in: register)
        try happen(4, on: "2026-09-07", at: .rosehip, in: register)
        try happen(9, on: "2026-09-07", at: .lighthouse, in: register)
        let viewer = register.as(.trustViewer)
        let told = try viewer.get("/v1/incident-figures?limit=1000")
        let schools = Set(told.data.compactMap { $0["school"]?.text })
        #expect(schools == ["Hawthorn", "Rosehip"])
        for period in ["month": "2026-10-01", "term": "2026-09-01", "academic_year": "2026-09-01"] {
            #expect(try figure(viewer, period.key, period.value) == 9)
        }
        let year = ("academic_year", "2026-09-01")
        #expect(try figure(viewer, year.0, year.1, "type", "cyberbullying") == 6)
        #expect(try figure(viewer, year.0, year.1, "type", "gambling") == .null)
        #expect(try figure(viewer, year.0, year.1, "type", "hate") == 0)
        // Three of nine are closed: that six are reported would tell it.
        #expect(try figure(viewer, year.0, year.1, "status", "reported") == .null)
        #expect(try figure(viewer, "month", "2026-09-01") == 0)
        #expect(try figure(viewer, "academic_year", "2026-09-01", at: .rosehip) == .null)
        // Beneath what is suppressed nothing is told, not even that there was none.
        #expect(try figure(viewer, "month", "2026-10-01", at: .rosehip) == .null)
    }

    @Test func `pages follow one another, and are the same as the whole as a table`() async throws {
        let register = try await register()
        try happen(7, on: "2026-10-05", in: register)
        let machine = try register.machine(.incidentFiguresRead, ofItsTrust: true)
        let client = try machine.signedIn()
        var (pages, path) = ([JSONValue](), "/v1/incident-figures?limit=40")
        for _ in 0..<10 {
            let page = try client.get(path)
            pages += page.data
            guard let link = page.header("link") else { break }
            path = String(link.dropFirst().prefix { $0 != ">" })
        }
        // All incidents of a year, its terms and months; 31 words and the allegations of the year.
        #expect(pages.count == 2 * (16 + 31 + 1))
        #expect(Set(pages.compactMap { $0["id"]?.text }).count == pages.count)
        let table = try client.get("/v1/incident-figures?format=csv").text
        #expect(table.split(separator: "\r\n").count == pages.count + 1)
    }

    /// What was counted on another day and is as before has not changed.
    @Test func `what has changed since a day is pulled alone`() async throws {
        let register = try await register()
        try register.database.execute("update session set idle_ends_at = null")
        try happen(5, on: "2026-10-05", in: register)
        let viewer = register.as(.trustViewer)
        #expect(try figure(viewer, "term", "2026-09-01") == 5)
        try happen(2, on: "2026-10-06", in: register)
        #expect(try figure(viewer, "term", "2026-09-01") == 5, "counted once a day")
        try register.database.setClock("2026-11-21T09:00:00Z")
        #expect(try figure(viewer, "term", "2026-09-01") == 7)
        let path = "/v1/incident-figures?limit=1000&changed_since="
        let changed = try viewer.get(path + "2026-11-21").data
        // A year, a term and a month; of the year those reported, and those of a type.
        #expect(changed.count == 5)
        #expect(changed.allSatisfy { $0["count"] == 7 && $0["school"] == "Hawthorn" })
        #expect(try viewer.get(path + "2026-11-22").data.isEmpty)
    }

    /// Of each pull the school's own chain has an entry that names the client.
    @Test func `a figure has these fields, and its pull is on record with the school`() async throws
    {
        let register = try await register()
        let machine = try register.machine(.incidentFiguresRead)
        let told = try machine.signedIn().get("/v1/incident-figures?limit=1")
        guard case .object(let object)? = told.data.first else { throw Unreadable() }
        #expect(
            Set(object.members.map(\.name)) == [
                "id", "school_id", "academic_year", "period", "starts_on", "ends_on", "measure",
                "count", "is_suppressed", "changed_on",
            ])
        let entries = try register.database.number(
            """
            select count(*) from event
            where deed = 'figures_read' and client_id = \(machine.id) and chain = 'reads'
                and organisation_id = \(TestSchool.hawthorn.id)
            """)
        #expect(entries == 1)
    }

    private struct Unreadable: Error {}

    /// INC-18: from the figures of their own school the headteacher cannot find those that are
    /// about them; to the trust they are told, as a number.
    @Test func `what is said of adults is counted apart, and for the trust alone`() async throws {
        let register = try await register()
        try happen(6, on: "2026-10-05", in: register)
        try register.database.execute(
            """
            insert into incident (
                school_id, id, reference, concerns, urgency, treated_as, readers, occurred_on)
            select '\(TestSchool.hawthorn.id)', id, id::text, 'headteacher', 'urgent',
                'headteacher', '{chair_of_governors}', '2026-10-07'
            from (select gen_random_uuid() as id from generate_series(1, 5)) as made
            """)
        let own = try register.machine(.incidentFiguresRead).signedIn()
        #expect(try figure(own, "academic_year", "2026-09-01") == 6)
        let told = try own.get("/v1/incident-figures?limit=1000").data
        #expect(told.allSatisfy { $0["measure"]?.text != "allegations" && $0["count"] != 11 })
        for trust in [
            register.as(.trustViewer),
            try register.machine(.incidentFiguresRead, ofItsTrust: true).signedIn(),
        ] {
            #expect(try figure(trust, "academic_year", "2026-09-01", "allegations") == 5)
            #expect(try figure(trust, "academic_year", "2026-09-01") == 6)
        }
    }

    /// For spreadsheets: the figures and nothing else, until it ends or is revoked.
    @Test func `a reporting token is a password for Basic`() async throws {
        let register = try await register()
        let head = register.as(.headteacher)
        let machine = try register.machine(.incidentFiguresRead, .schoolsRead)
        let path = "/v1/clients/\(machine.id)/reporting-tokens"
        let made = try head.post(path, ["label": "Workbook", "ends_on": "2026-11-30"])
        #expect(made.status == 201)
        let token = try #require(made["token"])
        func ask(_ address: String, _ name: String, _ password: String) throws -> Reading {
            var text = Base64.standard.encode(Array("\(name):\(password)".utf8))
            while text.utf8.count % 4 != 0 { text += "=" }
            return try register.nobody.get(address, ["Authorization": "Basic \(text)"])
        }
        let (figures, id) = ("/v1/incident-figures?limit=1", machine.id.uuidString.lowercased())
        #expect(try ask(figures, id, token).status == 200)
        #expect(try register.visitor(token: token).get(figures).status == 200)
        #expect(try ask("/v1/schools", id, token).status == 401)
        #expect(try register.visitor(token: token).get("/v1/schools").status == 403)
        for (name, password) in [(Scene.missing, token), (id, "rwn_report_wrong"), (id, "")] {
            let told = try ask(figures, name, password)
            #expect(told.status == 401)
            let challenges = told.headers.filter { $0.name == "www-authenticate" }.map(\.value)
            #expect(challenges.last == "Basic realm=\"rowan\", charset=\"UTF-8\"")
        }
        #expect(try ask(figures, id, Role.trustViewer.token).status == 401)
        let revoked = try head.post("\(path)/\(made.id)/revocation")
        #expect(revoked.status == 201 && revoked.json["reporting_tokens"] == nil)
        #expect(try ask(figures, id, token).status == 401)
        let next = try head.post(path, ["label": "Workbook", "ends_on": "2026-11-30"])
        #expect(try ask(figures, id, #require(next["token"])).status == 200)
        try register.database.setClock("2026-12-01T00:00:00Z")
        #expect(try ask(figures, id, #require(next["token"])).status == 401)
    }
}
