import Postgres

/// What waits for the caller.
enum Notices {
    static let area = Area(
        name: "Notices",
        words: "That there is something to look at, for those whose post it is.",
        routes: [
            .get(
                "/v1/notices", "List notices", "My own notices, the newest first.",
                for: [Role].ofASchool.admitted(.ownNotice), by(list)),
            .get(
                "/v1/notices/stream", "Follow notices",
                """
                My own notices as they come, as server-sent events; ask with \
                `Accept: text/event-stream`. Begin to follow, then read the list: so none is \
                missed. Who comes back with `Last-Event-ID` is sent what came meanwhile. It ends \
                with the session, and when my posts change: then come back.
                """,
                for: [Role].ofASchool.admitted(.ownNotice), by(follow)),
            .post(
                "/v1/notices/{notice}/acknowledgement", "Acknowledge a notice",
                """
                Says that I have seen what it is about; its reporter is told when, and by which \
                post. Acknowledging again changes nothing and answers the same.
                """,
                for: [Role].ofASchool.admitted(.ownNotice), by(acknowledge)
            ).takingBodies(upTo: 1 << 10),
        ],
        vocabularies: [
            Vocabulary("notice_kinds", NoticeKind.self), Vocabulary("mail_states", MailState.self),
        ],
        deeds: ["acknowledged", "climbed"],
        settings: [.acknowledgementTime],
        holds: [.notices])

    static func list(
        _ filter: NoticeFilter, _ page: PageRequest<NoticeOrder>, within reach: Reach,
        in tx: Transaction
    ) async throws -> Page<Notice> {
        try await Climbing.upToDate(in: reach.schools(.ownNotice), tx) {
            tx.page(page) { page in
                page.rows(
                    of: "notice_shown", as: "notice", .ownNotice, within: reach, where: filter.sql)
            }
        }
    }

    static func follow(from last: LastEvent, within reach: Reach) -> Feed<Notice> {
        Feed(event: "notice", from: last) { place, tx in
            tx.add(
                """
                select notice.*, written.written_by::text as _written_by, written.number as _number
                from notice as written
                join notice_shown as notice
                    on notice.school_id = written.school_id and notice.id = written.id
                where written.account_id = \(reach.caller.account)
                    and (written.written_by, written.number)
                        > (\(place.writtenBy)::text::xid8, \(place.number)::bigint)
                    and written.written_by < pg_snapshot_xmin(pg_current_snapshot())
                    and \(reach.sql(.ownNotice))
                order by written.written_by, written.number
                limit 100
                """)
        }
    }

    static func acknowledge(
        _ id: ID<Notice>, within reach: Reach, in tx: Transaction
    ) -> Created<Notice> {
        let own: SQL = """
            select notice.* from notice_shown as notice
            where notice.id = \(id) and \(reach.sql(.ownNotice))
            """
        tx.add(
            """
            with own as (\(own)
            ), acknowledged as (
                insert into notice_acknowledgement (school_id, notice_id, account_id)
                select school_id, id, _account_id from own
                on conflict on constraint notice_is_acknowledged_once do nothing
                returning school_id, notice_id
            ), seen as materialized (
                select incident_was_seen(own.school_id, own._incident_id, own.role)
                from own join acknowledged on acknowledged.notice_id = own.id
            )
            \(Audit.entry(
                "acknowledged", "notice", of: "acknowledged.school_id",
                id: "acknowledged.notice_id", from: "acknowledged, seen"))
            """)
        return Created(tx.stored(own))
    }
}

extension Relation {
    /// Notices that were sent to the caller, in a school where they still hold a post.
    static let ownNotice = Relation(
        "own notices", "Notices that were sent to the caller (NOT-01)."
    ) { caller, schools in
        """
        notice.school_id = any(\(schools)) and notice._account_id = \(caller.account)
        and not is_subject(notice.school_id, notice._incident_id, notice._account_id)
        """
    }
}
