import Postgres

/// The incident log of source 001's Appendix K: every incident in a line, with names for those to
/// whom it is open, and without for those who may know what happens and not to whom.
enum IncidentLog {
    static let routes: [Route] = [
        .get(
            "/v1/incident-log", "Read the incident log",
            """
            All incidents that are open to me, also what was logged only, mistaken, a duplicate or \
            not yet assessed. For senior leaders and the link governor: without names, only what \
            was assessed and concerns children. The reading is on record.
            """,
            for: named.admitted(.openToThePost) + unnamed.admitted(.withoutNames), onRecord: true,
            by(list))
    ]

    private static let named: [Role] = [.onlineSafetyCoordinator, .dsl, .deputyDSL, .headteacher]
    private static let unnamed: [Role] = [.seniorLeader, .linkGovernor]

    /// A school that the caller reads with names is not read without as well: a line of each of
    /// two posts would put the name to the other.
    static func list(
        _ filter: LogFilter, _ page: PageRequest<LogOrder>, within reach: Reach, in tx: Transaction
    ) -> Page<LogEntry> {
        let open = reach.schools(.openToThePost)
        let unnamed = reach.schools(.withoutNames).filter { !open.contains($0) }
        return tx.page(page, onRecord: page.inEveryForm("incident_log"), naming: "_incident_id") {
            page in
            let question = filter.question(after: page.place)
            let isNewestFirst = page.order == .newest
            return """
                select incident.* from (
                    (\(page.rows(
                        of: "incident_logged", as: "incident", .openToThePost, within: reach,
                        where: filter.ofNamed)))
                    union all
                    select incident.*, \(page.order.key)
                    from unnest(\(filter.schools(unnamed))::uuid[]) as own (school_id)
                    cross join lateral incident_log_unnamed(
                        own.school_id, \(question), \(isNewestFirst), \(page.limit + 1)
                    ) as incident
                ) as incident
                order by \(page.order.sql)
                limit \(page.limit + 1)
                """
        }
    }
}

extension LogFilter {
    /// The condition on an incident in the log with names.
    fileprivate var ofNamed: SQL {
        """
        (\(school)::uuid is null or incident.school_id = \(school))
        and (\(since)::date is null or incident._logged_on >= \(since))
        and (\(before)::date is null or incident._logged_on < \(before))
        and (\(status)::text[] is null or incident.status = any(\(status)))
        and (\(closedAs)::text[] is null or incident.closed_as = any(\(closedAs)))
        and (\(types)::text[] is null or incident._types && \(types))
        and (
            \(riskCategories)::text[] is null or incident._risk_categories && \(riskCategories))
        """
    }
}

extension Relation {
    /// What happens in the schools in which the post is held, and not to whom.
    static let withoutNames = Relation(
        "without names",
        "Incidents of the school that concern children and were assessed: without names, without "
            + "free words but the summary; of one in which a child may be at risk the day only, "
            + "for senior leaders; never what is alleged of an adult of the school, nor one of "
            + "which the caller is the subject (section 25, RPT-05)."
    ) { _, schools in "incident.school_id = any(\(schools))" }
}
