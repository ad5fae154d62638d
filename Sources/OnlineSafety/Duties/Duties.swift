import Postgres

/// Whatever recurs or falls due in any area, as one list (section 26, NOT-05).
enum Duties {
    static let area = Area(
        name: "Duties",
        words: "What is due, of whom, since when and why, of every area.",
        routes: ListingDuties.routes + DutyFigures.routes + SummaryFigures.routes
            + CalendarLinks.routes + [DutyCalendar.route],
        vocabularies: [
            Vocabulary("duty_states", DutyState.self),
            Vocabulary("summary_measures", SummaryFigure.Measure.self),
        ],
        deeds: ["calendar_link_made", "calendar_link_ended"],
        settings: [reminderDays])

    /// Those who may know everybody's duties in their school.
    static let overseers: [Role] = [
        .onlineSafetyCoordinator, .dsl, .deputyDSL, .headteacher, .seniorLeader, .office,
    ]

    private static let reminderDays = Setting(
        "duty_reminder_days", "Reminders of duties",
        """
        So many days before something is due, and the day after, those are reminded who have it \
        to do; 0 where nobody is (NOT-05).
        """, .number(0...30, of: "days"), usual: 7, stronger: .more)
}

/// A kind of duty, as an area declares it.
struct DutyKind: Sendable {
    /// The word that its function in the database gives it.
    let kind: String

    /// What it means, in a sentence.
    let words: String

    /// Where it is found, and done; `{school}` stands for the school, `{record}` for the record
    /// that it is about, `{person}` for whose it is, or about whom.
    let link: String

    /// The links of all kinds, for a statement: `kind`, `link`.
    static var links: SQL {
        let all = areas.flatMap(\.duties)
        return "unnest(\(all.map(\.kind))::text[], \(all.map(\.link))::text[])"
    }
}

extension Relation {
    static let dutiesOfSchool = Relation(
        "own school's duties",
        "Of everybody in the schools in which the post is held (NOT-05)."
    ) { _, schools in "duty.school_id = any(\(schools))" }

    static let ownDuties = Relation(
        "own duties", "The caller's own duties, and those of the posts that they hold (NOT-05)."
    ) { _, schools in
        """
        (
            duty.school_id = any(\(schools))
            and (duty.person_id is null or caller_is(duty.school_id, duty.person_id)))
        """
    }

    static let figuresOfDuties = Relation(
        "figures of duties",
        "Of the schools of a trust that the caller views, that a client reads, or that they "
            + "oversee (RPT-06)."
    ) { _, organisations in
        """
        (figure.school_id = any(\(organisations)) or exists (
            select from membership
            where membership.school_id = figure.school_id
                and membership.trust_id = any(\(organisations))
                and holds_today(membership.from_on, membership.until_on)))
        """
    }
}
