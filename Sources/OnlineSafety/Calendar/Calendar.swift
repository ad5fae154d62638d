import JSON
import OpenAPI
import Postgres

/// The calendar of a school: terms, days on which it is closed, and the school day (ORG-10). What
/// is due in school days, and what is forbidden in lessons, goes by `is_school_day`,
/// `add_school_days` and `school_time` in the database.
enum Calendar {
    static let area = Area(
        name: "Calendar",
        words: "Terms, days on which a school is closed, and the times of the school day.",
        routes: [
            .get(
                "/v1/schools/{school}/calendar", "List calendar years",
                "From last year to the year after next, and whichever the school has set.",
                for: [Role].ofASchool.admitted(.ownCalendar), by(list)),
            .get(
                "/v1/schools/{school}/calendar/{year}", "Read a calendar year",
                "By the year in whose September it begins.",
                for: [Role].ofASchool.admitted(.ownCalendar), by(read)),
            .put(
                "/v1/schools/{school}/calendar/{year}", "Set a calendar year",
                """
                By the headteacher, the office or the administrator: all of the year at once. What \
                was set before is kept. Requires If-Match.
                """,
                for: keepers.admitted(.ownCalendar), by(set)),
            .get(
                "/v1/schools/{school}/school-day", "Read the school day",
                "When it begins and ends today, with its pauses.",
                for: [Role].ofASchool.admitted(.ownCalendar), by(readDay)),
            .put(
                "/v1/schools/{school}/school-day", "Set the school day",
                """
                By the headteacher, the office or the administrator, from today or from a later \
                day. What was set before is kept. Requires If-Match.
                """,
                for: keepers.admitted(.ownCalendar), by(setDay)),
            .get(
                "/v1/schools/{school}/days", "List days",
                "Which days are school days, from one to another: at most 400, or 400 `too_long`.",
                for: [Role].ofASchool.admitted(.ownCalendar), by(days)),
        ],
        conflicts: [
            "calendar_is_changed_once_at_a_time": "Somebody else changed this year just now.",
            "school_day_is_changed_once_at_a_time": "Somebody else changed this just now.",
        ],
        vocabularies: [
            Vocabulary("closed_day_kinds", ClosedDayKind.self),
            Vocabulary("pause_kinds", PauseKind.self),
        ],
        deeds: ["calendar_set", "school_day_set"])

    private static let keepers: [Role] = [.headteacher, .office, .schoolAdministrator]

    static func list(
        of school: ID<School>, within reach: Reach, in tx: Transaction
    ) -> Listed<CalendarYear> {
        tx.listed(
            """
            select calendar.* from calendar_shown as calendar
            where calendar.school_id = \(school) and \(reach.sql(.ownCalendar)) and (
                calendar._version > 0
                or calendar.begins_in - academic_year_begins(london_today()) between -1 and 2)
            order by calendar.begins_in
            """)
    }

    static func read(
        of school: ID<School>, _ year: AcademicYear, within reach: Reach, in tx: Transaction
    ) -> Stored<CalendarYear> {
        tx.stored(one(year, of: school, reach))
    }

    static func set(
        of school: ID<School>, _ year: AcademicYear, to choice: CalendarYear.Choice,
        ifMatch: IfMatch, within reach: Reach, in tx: Transaction
    ) async throws -> Stored<CalendarYear> {
        let faults = choice.faults(outside: year)
        guard faults.isEmpty else { throw Problem(faults) }
        tx.add("select hold_school(\(school))")
        let now = try await tx.run(one(year, of: school, reach))
        guard let etag = now.text(0, "etag"), let version = now.int(0, "_version") else {
            throw Problem(.notFound)
        }
        try ifMatch.check(etag)
        tx.add(
            """
            select set_calendar(
                \(school), \(year.beginsIn), \(version + 1), \(JSON.string(of: choice))::jsonb,
                \(reach.caller.name))
            """)
        return tx.stored(one(year, of: school, reach))
    }

    static func readDay(
        of school: ID<School>, within reach: Reach, in tx: Transaction
    ) -> Stored<SchoolDay> {
        tx.stored(day(of: school, reach))
    }

    static func setDay(
        of school: ID<School>, to choice: SchoolDay.Choice, ifMatch: IfMatch,
        within reach: Reach, in tx: Transaction
    ) async throws -> Stored<SchoolDay> {
        tx.add("select hold_school(\(school))")
        let now = try await tx.run(
            """
            select one.*, coalesce(\(choice.effectiveOn)::date, london_today())
                between london_today() and london_today() + 731 as is_in_time
            from (\(day(of: school, reach))) as one
            """)
        guard let version = now.int(0, "_version") else { throw Problem(.notFound) }
        try ifMatch.check("\"\(version)\"")
        guard now.bool(0, "is_in_time") == true else { throw Problem([.notInTime()]) }
        tx.add(
            """
            select set_school_day(
                \(school), \(version + 1), \(JSON.string(of: choice))::jsonb,
                coalesce(\(choice.effectiveOn)::date, london_today()), \(reach.caller.name))
            """)
        return tx.stored(day(of: school, reach))
    }

    static func days(
        of school: ID<School>, _ range: DayRange, within reach: Reach, in tx: Transaction
    ) async throws -> Listed<DayShown> {
        try await range.checkLength(in: tx)
        return tx.listed(
            """
            select calendar.id as school_id, day.day as "on",
                is_school_day(calendar.id, day.day) as is_school_day, (
                    select term.name from term
                    where term.school_id = calendar.id
                        and day.day between term.starts_on and term.ends_on
                ) as term, (
                    select closed_day.kind from closed_day
                    where closed_day.school_id = calendar.id and closed_day.closed_on = day.day
                ) as closed_by
            from (select school.id, school.id as school_id from school) as calendar
            cross join lateral (
                select coalesce(\(range.from)::date, london_today()) + ahead as day
                from generate_series(
                    0, coalesce(\(range.until)::date - coalesce(
                        \(range.from)::date, london_today()), 30)) as ahead
            ) as day
            where calendar.id = \(school) and \(reach.sql(.ownCalendar))
            order by day.day
            """)
    }

    private static func one(
        _ year: AcademicYear, of school: ID<School>, _ reach: Reach
    ) -> SQL {
        """
        select calendar.* from calendar_shown as calendar
        where calendar.school_id = \(school) and calendar.begins_in = \(year.beginsIn)
            and \(reach.sql(.ownCalendar))
        """
    }

    private static func day(of school: ID<School>, _ reach: Reach) -> SQL {
        """
        select calendar.* from school_day_shown as calendar
        where calendar.school_id = \(school) and \(reach.sql(.ownCalendar))
        """
    }
}

/// From which day to which.
struct DayRange: Filter {
    let from: Day?
    let until: Day?

    init(_ query: inout QueryReader) {
        from = query.day("from")
        until = query.day("until")
        if let from, let until, until.string < from.string {
            query.note("until", "before_its_start", "Give a day that is not before `from`")
        }
    }

    /// Days, the first and the last among them.
    static let most = 400

    /// Throws where it has more than `most` days: to cut it would pass for all of it.
    func checkLength(in tx: Transaction) async throws {
        guard until != nil else { return }
        let found = try await tx.run(
            """
            select \(until)::date - coalesce(\(from)::date, london_today()) >= \(Self.most)
                as is_too_long
            """)
        guard found.bool(0, "is_too_long") == true else { return }
        throw Problem(parameters: [
            Fault(
                parameter: "until", code: "too_long",
                detail: "At most \(Self.most) days at once: ask for the rest after them")
        ])
    }

    static let parameters: [Parameter] = [
        .query("from", "The first day; today when not given.", .text(format: "date"), "2026-11-20"),
        .query(
            "until", "The last day; thirty days later when not given.", .text(format: "date"),
            "2026-12-18"),
    ]
}

extension Relation {
    static let ownCalendar = Relation(
        "own school's calendar", "The calendar of the schools in which the post is held (ORG-10)."
    ) { _, schools in "calendar.school_id = any(\(schools))" }
}
