import JSON
import Testing

@testable import OnlineSafety

/// Where anybody may report something, and that everybody was told.
@Suite struct `Reporting channels` {
    private let path = "/v1/reporting-channels"
    private let published = "/v1/schools/\(TestSchool.hawthorn.id)/reporting-channels"

    private func publish(_ register: Register) throws {
        for channel in [
            ["reach": "national", "name": "CEOP", "website": "https://www.ceop.police.uk"],
            [
                "reach": "internal", "name": "The safeguarding team", "post": "dsl",
                "telephone": "01632 960000", "email": "dsl@hawthorn.example",
            ],
            ["reach": "local", "name": "Children's services", "telephone": "01632 960010"],
            ["reach": "information", "name": "Safety page", "how": "See our website"],
        ] as [JSONValue] {
            #expect(try register.as(.dsl).post(path, channel).status == 201)
        }
    }

    /// ORG-16: internal, local and national channels and where information is found, read by
    /// anybody; and who has been told of them.
    @Test func `are read without log-in, and it is known which groups were told`() async throws {
        let register = try await Register.open()
        try publish(register)
        let told = try register.nobody.get(published)
        #expect(told.status == 200 && told.keys == ["school_id", "name", "channels", "etag"])
        guard case .array(let channels)? = told.json["channels"] else { return }
        #expect(
            channels.map { $0["reach"]?.text } == ["internal", "local", "national", "information"])
        #expect(channels[0]["telephone"] == "01632 960000" && channels[0]["post"] == "dsl")
        #expect(try gaps(register) == ["pupils", "parents", "staff", "governors", "visitors"])
        let briefing: JSONValue = ["groups": ["pupils", "parents", "staff"], "how": "Assembly"]
        let first = try register.as(.dsl).post(
            "/v1/reporting-briefings", briefing.with("happened_on", "2026-09-10"))
        #expect(first["happened_on"] == "2026-09-10" && first.json["groups"]?[2] == "staff")
        #expect(try gaps(register) == ["governors", "visitors"])
        let list = try register.as(.governor).get("/v1/reporting-briefings?groups=parents")
        #expect(list.data.count == 1)
        _ = try register.as(.dsl).post(
            "/v1/reporting-briefings/\(first.id)/withdrawal", ["reason": "It was cancelled"])
        #expect(try gaps(register).count == 5)
    }

    /// CMP-05: that pupils, parents and staff were told of the complaints procedure, of
    /// consequences and sanctions, and staff of whistleblowing.
    @Test func `say who was told of complaints, consequences and whistleblowing`() async throws {
        let register = try await Register.open()
        func lacking() throws -> [String] {
            let told = try register.as(.headteacher).get(
                "/v1/schools/\(TestSchool.hawthorn.id)/register-gaps")
            return told.data.compactMap { gap in
                guard let kind = gap["kind"]?.text, kind.hasSuffix("_not_told"),
                    kind != "group_not_told"
                else { return nil }
                return "\(kind) \(gap["group"]?.text ?? "")"
            }
        }
        func tell(_ groups: JSONValue, _ besides: JSONValue) throws {
            let told = try register.as(.office).post(
                "/v1/reporting-briefings",
                [
                    "groups": groups, "besides": besides, "how": "Newsletter",
                    "happened_on": "2026-09-10",
                ])
            #expect(told.status == 201, "\(told.text)")
        }
        #expect(try lacking().count == 7)
        try tell(["pupils", "parents"], ["complaints_procedure", "consequences"])
        #expect(
            try lacking() == [
                "complaints_procedure_not_told staff", "consequences_not_told staff",
                "whistleblowing_not_told staff",
            ])
        try tell(["staff"], ["complaints_procedure", "consequences", "whistleblowing"])
        #expect(try lacking() == [])
    }

    private func gaps(_ register: Register) throws -> Set<String> {
        let told = try register.as(.headteacher).get(
            "/v1/schools/\(TestSchool.hawthorn.id)/register-gaps")
        return Set(
            told.data.filter { $0["kind"] == "group_not_told" }.compactMap { $0["group"]?.text })
    }

    @Test func `only what is in force is published, of that school, and no word more`()
        async throws
    {
        let register = try await Register.open()
        try publish(register)
        let own = try register.nobody.get(published)
        let etag = try #require(own.header("etag"))
        #expect(own.header("cache-control") == "public, max-age=300")
        #expect(try register.nobody.get(published, ["If-None-Match": etag]).status == 304)
        let other = try register.nobody.get(
            "/v1/schools/\(TestSchool.rosehip.id)/reporting-channels")
        #expect(other.status == 200 && other.json["channels"] == [])
        let missing = try register.nobody.get(
            "/v1/schools/\(Scene.missing)/reporting-channels")
        #expect(missing.status == 404)
        for channel in try register.as(.dsl).get(path).data {
            let one = "\(path)/\(channel["id"]?.text ?? "")"
            let change: JSONValue =
                channel["reach"] == "local"
                ? ["until_on": "2020-01-02", "from_on": "2020-01-01"] : ["from_on": "2199-01-01"]
            let told = try register.as(.dsl).ask("PATCH", one, ["If-Match": "*"], change)
            #expect(told.status == 200)
        }
        let later = try register.nobody.get(published, ["If-None-Match": etag])
        #expect(later.status == 200 && later.json["channels"] == [])
        #expect(!later.text.contains("Designated"))
    }

    /// X-07: a post and its telephone, never a person.
    @Test(arguments: [
        ("name", "The Headteacher"), ("how", "Ask the  designated safeguarding-lead at once"),
        ("email", "the.headteacher@hawthorn.example"), ("how", "Robin Ash of Hawthorn helps"),
    ])
    func `nobody of the roster is named in what is published`(
        field: String, text: String
    ) async throws {
        let register = try await Register.open()
        let channel: JSONValue = ["reach": "internal", "name": "Safeguarding", "how": "Ring"]
        let told = try register.as(.dsl).post(path, channel.saying(field, text))
        #expect(told.faults == ["/\(field)": "names_a_person"])
        let kept = try register.as(.dsl).post(path, channel)
        let changed = try register.as(.dsl).ask(
            "PATCH", "\(path)/\(kept.id)", ["If-Match": "*"],
            .object(JSONObject([.init(field, .string(text))])))
        #expect(changed.faults == ["/\(field)": "names_a_person"])
    }

    @Test func `a channel is reached in one way at least`() async throws {
        let register = try await Register.open()
        let told = try register.as(.dsl).post(path, ["reach": "local", "name": "Somewhere"])
        #expect(told.faults == ["/how": "required"])
    }

    /// API-08 of what is public.
    @Test func `each address may read so often, and no more`() async throws {
        let register = try await Register.open {
            $0.publicLimits = PublicLimits(burst: 3, milliseconds: 60_000)
        }
        let statuses = try (0..<4).map { _ in try register.nobody.get(published) }
        #expect(statuses.map(\.status) == [200, 200, 200, 429])
        #expect(statuses[3].header("retry-after") == "60")
    }
}

extension JSONValue {
    /// With another text in a field.
    fileprivate func saying(_ field: String, _ text: String) -> JSONValue {
        guard case .object(var object) = self else { return self }
        object[field] = .string(text)
        return .object(object)
    }
}
