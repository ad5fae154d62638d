import JSON
import Testing

@testable import OnlineSafety

/// ORG-10: a school types its year in once, and every fault of it is named.
@Suite struct `Keeping the calendar` {
    private let path = "/v1/schools/\(TestSchool.hawthorn.id)"

    @Test func `keeps who set it, and what was before`() async throws {
        let register = try await Register.open()
        let office = register.as(.office)
        let empty = try office.get("\(path)/calendar/2026")
        #expect(empty.json["terms"] == [])
        #expect(empty["academic_year"] == "2026/27")
        let etag = try #require(empty.header("etag"))
        let year = try JSON.value(of: CalendarYear.Choice.example)
        let set = try office.put("\(path)/calendar/2026", year, ["If-Match": etag])
        #expect(set.json["terms"]?[0]?["ends_on"] == "2026-12-18")
        #expect(set.json["closed_days"]?[0]?["words"] == "Safeguarding training")
        #expect(set["set_by"] == "School office")
        #expect(try office.put("\(path)/calendar/2026", year, ["If-Match": etag]).status == 412)
        let none: JSONValue = ["terms": [], "closed_days": []]
        #expect(try office.put("\(path)/calendar/2026", none, ["If-Match": "*"]).status == 200)
        #expect(try register.database.number("select count(*) from calendar_version") == 2)
        #expect(try register.database.number("select count(*) from term") == 0)
        #expect(try office.get("\(path)/calendar/1999").status == 404)
    }

    @Test func `names every fault of a year`() async throws {
        let register = try await Register.open()
        let told = try register.as(.office).put(
            "\(path)/calendar/2026",
            [
                "terms": [
                    ["name": "One", "starts_on": "2026-09-02", "ends_on": "2026-10-20"],
                    ["name": "Two", "starts_on": "2026-10-20", "ends_on": "2026-12-18"],
                    ["name": "Three", "starts_on": "2027-03-01", "ends_on": "2027-01-05"],
                ],
                "closed_days": [
                    ["closed_on": "2026-11-20", "kind": "inset"],
                    ["closed_on": "2026-11-20", "kind": "other"],
                    ["closed_on": "2026-12-25", "kind": "bank_holiday"],
                ],
            ], ["If-Match": "*"])
        #expect(
            told.faults == [
                "/terms/1/starts_on": "overlaps", "/terms/2/ends_on": "before_its_start",
                "/closed_days/1/closed_on": "repeated",
                "/closed_days/2/closed_on": "outside_term",
            ])
        let outside = try register.as(.office).put(
            "\(path)/calendar/2026",
            [
                "terms": [["name": "One", "starts_on": "2026-08-31", "ends_on": "2027-09-01"]],
                "closed_days": [],
            ], ["If-Match": "*"])
        #expect(
            outside.faults == [
                "/terms/0/starts_on": "outside_the_year", "/terms/0/ends_on": "outside_the_year",
            ])
    }

    @Test func `names every fault of a day`() async throws {
        let register = try await Register.open()
        let told = try register.as(.headteacher).put(
            "\(path)/school-day",
            [
                "weekdays": [], "opens": "15:20", "closes": "08:50",
                "pauses": [["kind": "lunch", "from": "12:00", "until": "13:00"]],
            ], ["If-Match": "*"])
        #expect(
            told.faults == [
                "/weekdays": "required", "/closes": "before_its_start",
                "/pauses/0": "out_of_order",
            ])
        let eighth = try register.as(.headteacher).put(
            "\(path)/school-day",
            ["weekdays": [8], "opens": "08:50", "closes": "15:20", "pauses": []],
            ["If-Match": "*"])
        #expect(eighth.faults == ["/weekdays/0": "out_of_range"])
    }

    @Test func `lists days with the reason why one is none of school`() async throws {
        let register = try await Register.open()
        let year = try JSON.value(of: CalendarYear.Choice.example)
        _ = try register.as(.office).put("\(path)/calendar/2026", year, ["If-Match": "*"])
        let days = try register.as(.staff).get("\(path)/days?from=2026-11-19&until=2026-11-21")
        #expect(days.data.map { $0["is_school_day"] } == [true, false, false])
        #expect(days.data.map { $0["closed_by"]?.text } == [nil, "inset", nil])
        #expect(days.data.map { $0["term"]?.text } == ["Autumn", "Autumn", "Autumn"])
        let wrong = try register.as(.staff).get("\(path)/days?from=2026-11-19&until=2026-11-18")
        #expect(wrong.faults == ["until": "before_its_start"])
        // 2026-01-01 and 399 days: a longer time is refused, and not cut.
        for (query, count) in [
            ("from=2026-01-01&until=2027-02-04", 400), ("from=2026-01-01&until=2027-02-05", nil),
            ("from=2026-01-01&until=2028-01-01", nil), ("until=2199-01-01", nil),
        ] {
            let told = try register.as(.staff).get("\(path)/days?\(query)")
            #expect(told.status == (count == nil ? 400 : 200), "\(query)")
            #expect(told.faults == (count == nil ? ["until": "too_long"] : [:]), "\(query)")
            if let count { #expect(told.data.count == count) }
        }
    }
}
