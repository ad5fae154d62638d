import Postgres

/// Figures about incidents over many schools (API-04): for those who look after a trust, and for
/// their dashboards.
enum IncidentFigures {
    static let area = Area(
        name: "Incident figures",
        words: "How many incidents there were, without names and without small numbers.",
        routes: [
            .get(
                "/v1/incident-figures", "List incident figures",
                """
                Of every school that I may see, in one call: those that concern a child by \
                academic year, term and month, and by status, type and risk category for a year; \
                to a trust also how many concern an adult. They are counted once a day. A figure \
                of 1 to 4 is suppressed, and so is whatever would tell it: the other parts of a \
                period of which one is, and all that lies beneath a suppressed figure. Zero is \
                told as 0 elsewhere. `changed_since` gives what is another than before. A \
                spreadsheet may use Basic, with a reporting token. Each pull is on record with \
                every school.
                """,
                for: [.trustViewer].admitted(.figuresOfSchools), onRecord: true, by(list)
            ).openTo(.incidentFiguresRead, .figuresOfSchools).takingBasic(),
            ReadingTrends.route,
        ],
        vocabularies: [
            Vocabulary("figure_periods", IncidentFigure.Period.self),
            Vocabulary("figure_measures", IncidentFigure.Measure.self),
            Vocabulary("trend_aspects", IncidentTrends.Aspect.self),
        ],
        deeds: ["figures_read"])

    static func list(
        _ filter: FigureFilter, _ page: PageRequest<FigureOrder>, within reach: Reach,
        in tx: Transaction
    ) -> Page<IncidentFigure> {
        let counted = IncidentFigure.Measure.allCases.flatMap { measure in
            measure.counted.map { (measure: measure.rawValue, word: $0) }
        }
        tx.add(
            """
            select count_incident_figures(own.school_id, \(counted.map(\.measure)),
                \(counted.map(\.word)))
            from unnest(schools_of_figures()) as own (school_id)
            order by own.school_id
            """)
        return tx.page(page, onRecord: ("figures_read", "school"), naming: "distinct school_id") {
            page in
            """
            select figure.*, \(page.order.key) as _key from incident_figure_shown as figure
            where \(reach.sql(.figuresOfSchools)) and \(filter.sql) and \(page.after)
            order by \(page.order.sql)
            limit \(page.limit + 1)
            """
        }
    }
}

extension Relation {
    static let figuresOfSchools = Relation(
        "figures of schools",
        "Figures of the schools of a trust that the caller views, or that a client reads (API-04)."
    ) { _, organisations in
        """
        (figure.measure <> 'allegations' or figure.school_id = any(schools_of_allegations()))
        and (figure.school_id = any(\(organisations)) or exists (
            select from membership
            where membership.school_id = figure.school_id
                and membership.trust_id = any(\(organisations))
                and holds_today(membership.from_on, membership.until_on)))
        """
    }
}
