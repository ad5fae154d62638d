import Postgres

/// Who was told of an incident.
enum IncidentNotices {
    static let routes: [Route] = [
        .get(
            "/v1/incidents/{incident}/notices", "List who was told",
            """
            By which post, when they acknowledged it, and whether the mail went. The reading is on \
            record.
            """,
            for: Record.readers, onRecord: true, by(list))
    ]

    static func list(
        of id: ID<Incident>, _ page: PageRequest<IncidentNoticeOrder>, within reach: Reach,
        in tx: Transaction
    ) async throws -> Page<IncidentNotice> {
        let school = try await Record.school(of: id, openedWithin: reach, in: tx)
        return tx.page(page) { page in
            """
            select notice.*, \(page.order.key) as _key from incident_notice_shown as notice
            where notice.school_id = \(school) and notice._incident_id = \(id) and \(page.after)
            order by \(page.order.sql)
            limit \(page.limit + 1)
            """
        }
    }
}
