import JSON
import Postgres
import Testing

@testable import OnlineSafety

/// Every setting says what holds, whose it is, since when and by whom.
@Suite struct `Settings explain themselves` {
    private let school = "/v1/schools/\(TestSchool.hawthorn.id)/settings"
    private let trust = "/v1/trusts/\(TestSchool.hedgerow)/settings"

    /// The database knows just the settings that areas declare, as they declare them.
    @Test func `are declared once in Swift, and the database agrees`() async throws {
        let register = try await Register.open()
        let found = try register.database.owner().run(
            "select name, value::text, stronger, words from setting_default order by name")
        let kept = (0..<found.count).map { row in
            [
                found.text(row, "name"), found.text(row, "value"), found.text(row, "stronger"),
                found.texts(row, "words")?.joined(separator: ","),
            ].map { $0?.replacing(" ", with: "") }
        }
        let declared = Setting.all.sorted { $0.name < $1.name }.map { setting in
            let words: String? =
                if case .word(let words) = setting.kind {
                    words.joined(separator: ",")
                } else { nil }
            return [
                setting.name, JSON.string(of: setting.usual), setting.stronger?.rawValue, words,
            ].map { $0?.replacing(" ", with: "") }
        }
        #expect(kept == declared)
        for setting in Setting.all {
            #expect(try setting.read(setting.usual, at: "") == setting.usual, "\(setting.name)")
            #expect(!setting.words.isEmpty && !setting.label.isEmpty)
        }
    }

    @Test func `by their source: the product, the trust, the school`() async throws {
        let register = try await Register.open()
        let (head, keeper) = (register.as(.headteacher), register.as(.trustAdministrator))
        let usual = try head.get("\(school)/acknowledgement-minutes")
        #expect(usual.json["value"] == 30)
        #expect(usual["source"] == "product_default")
        #expect(usual.json["set_by"] == nil && usual.json["effective_on"] == nil)
        let said = try keeper.put(
            "\(trust)/acknowledgement-minutes", ["value": 45], ["If-Match": "*"])
        #expect(said.status == 200)
        let followed = try head.get("\(school)/acknowledgement-minutes")
        #expect(followed.json["value"] == 45)
        #expect(followed["source"] == "trust_default")
        #expect(followed["set_by"] == "Trust administrator")
        #expect(
            followed["organisation_id"] == TestSchool.hedgerow.uuidString.lowercased())
        let known = try #require(followed.header("etag"))
        let set = try head.put(
            "\(school)/acknowledgement-minutes", ["value": 60], ["If-Match": known])
        #expect(set.json["value"] == 60)
        #expect(set["source"] == "school")
        #expect(set["set_by"] == "Headteacher")
        // Another trust's school hears nothing of it.
        let island = "/v1/schools/\(TestSchool.lighthouse.id)/settings/acknowledgement-minutes"
        let other = try register.as(.headteacher, at: .lighthouse).get(island)
        #expect(other.json["value"] == 30)
    }

    @Test func `and say what was before, and what will be`() async throws {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T10:00:00Z")
        let (head, path) = (register.as(.headteacher), "\(school)/acknowledgement-minutes")
        for (value, day) in [(20, nil), (25, nil), (10, "2026-12-01")] as [(Int, String?)] {
            var choice = JSONObject([.init("value", .number(JSONNumber(value)))])
            choice["effective_on"] = day.map { .string($0) }
            #expect(try head.put(path, .object(choice), ["If-Match": "*"]).status == 200)
        }
        let now = try head.get(path)
        #expect(now.json["value"] == 25)
        #expect(now.json["previous"]?["value"] == 20)
        #expect(now.json["planned"]?[0]?["value"] == 10)
        #expect(now.json["planned"]?[0]?["effective_on"] == "2026-12-01")
        let history = try head.get("\(path)/history").data
        #expect(history.compactMap { $0["value"] } == [10, 25, 20])
        try register.database.setClock("2026-12-01T00:00:00Z")
        let then = try head.get(path)
        #expect(then.json["value"] == 10)
        #expect(then.json["previous"]?["value"] == 25)
        #expect(then.json["planned"] == nil)
        // What was read the day before has another version since.
        #expect(then.header("etag") != now.header("etag"))
        #expect(
            try register.database.number(
                "select extract(minute from acknowledgement_time(\(id)))")
                == 10)
    }

    private let id = TestSchool.hawthorn.id

    @Test(arguments: ["2026-11-19", "2028-11-22"])
    func `take no day that is over, nor one in the far future`(day: String) async throws {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T10:00:00Z")
        let told = try register.as(.headteacher).put(
            "\(school)/idle-minutes", ["value": 30, "effective_on": .string(day)],
            ["If-Match": "*"])
        #expect(told.faults == ["/effective_on": "out_of_range"])
        let trusts = try register.as(.trustAdministrator).put(
            "\(trust)/idle-minutes", ["value": 30, "effective_on": .string(day)],
            ["If-Match": "*"])
        #expect(trusts.faults == ["/effective_on": "out_of_range"])
    }

    @Test func `and of every kind a wrong value is told with its place`() async throws {
        let register = try await Register.open()
        let head = register.as(.headteacher)
        for (setting, value, fault) in [
            ("idle-minutes", "ten", ["/value": "wrong_type"]),
            ("idle-minutes", 4, ["/value": "out_of_range"]),
            ("idle-minutes", 5.5, ["/value": "out_of_range"]),
            ("anonymous-reports", 1, ["/value": "wrong_type"]),
            ("second-factor", "sometimes", ["/value": "unknown_word"]),
            ("incident-recipients", "dsl", ["/value": "wrong_type"]),
            ("incident-recipients", ["dsl", "governor"], ["/value/1": "unknown_word"]),
        ] as [(String, JSONValue, [String: String])] {
            let told = try head.put("\(school)/\(setting)", ["value": value], ["If-Match": "*"])
            #expect(told.status == 422)
            #expect(told.faults == fault, "\(setting)")
        }
        #expect(try head.get("\(school)/nothing").status == 404)
        #expect(try register.database.number("select count(*) from setting") == 0)
    }
}
