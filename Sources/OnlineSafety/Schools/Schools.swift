import Postgres

/// Schools, who holds which post in them, and how each has set what schools do differently.
enum Schools {
    static let area = Area(
        name: "Schools",
        words: "Schools, their posts and their settings.",
        routes: [
            .get(
                "/v1/schools", "List schools",
                "Those in which I hold a post, or whose trust I see.",
                for: [Role].everyone.admitted(.visibleSchool), by(list)),
            .get(
                "/v1/schools/{school}", "Read a school", "One of them.",
                for: [Role].everyone.admitted(.visibleSchool), by(read)),
            .get(
                "/v1/posts", "List posts", "Who holds which post today, for all who work there.",
                for: [Role].ofASchool.admitted(.ownPosts), by(posts)),
            .get(
                "/v1/schools/{school}/settings/incident-recipients", "Read incident recipients",
                "Which posts are told first of what concerns a child, and since when.",
                for: [Role].settingReaders.admitted(.ownSettings), by(recipients)),
            .put(
                "/v1/schools/{school}/settings/incident-recipients", "Set incident recipients",
                """
                By the headteacher. What would leave nobody to be told is refused. The earlier \
                values stay in the history. Requires If-Match.
                """,
                for: [.headteacher].admitted(.ownSettings), by(setRecipients)),
            .get(
                "/v1/schools/{school}/settings/communication-recipients",
                "Read communication recipients",
                """
                Which posts are told besides of an offensive or suspect communication, and since \
                when.
                """,
                for: [Role].settingReaders.admitted(.ownSettings), by(communicationRecipients)),
            .put(
                "/v1/schools/{school}/settings/communication-recipients",
                "Set communication recipients",
                """
                By the headteacher. What would leave nobody who can open it is refused. The \
                earlier values stay in the history. Requires If-Match.
                """,
                for: [.headteacher].admitted(.ownSettings), by(setCommunicationRecipients)),
            .get(
                "/v1/schools/{school}/settings/acknowledgement-time",
                "Read the acknowledgement time",
                """
                Within how many minutes somebody acknowledges what is urgent, before it climbs to \
                the next post; and since when.
                """,
                for: [Role].settingReaders.admitted(.ownSettings), by(acknowledgementTime)),
            .put(
                "/v1/schools/{school}/settings/acknowledgement-time",
                "Set the acknowledgement time",
                """
                By the headteacher, from 5 minutes to a day. It holds at once, also for what \
                waits. The earlier values stay in the history. Requires If-Match.
                """,
                for: [.headteacher].admitted(.ownSettings), by(setAcknowledgementTime)),
            .get(
                "/v1/schools/{school}/settings/anonymous-reports", "Read anonymous reports",
                "Whether reports by intake may be without a name, and since when.",
                for: [Role].settingReaders.admitted(.ownSettings), by(anonymousReports)),
            .put(
                "/v1/schools/{school}/settings/anonymous-reports", "Set anonymous reports",
                """
                By the headteacher. Staff are named in any case. The earlier values stay in the \
                history. Requires If-Match.
                """,
                for: [.headteacher].admitted(.ownSettings), by(setAnonymousReports)),
        ],
        conflicts: [
            "setting_is_changed_once_at_a_time": "Somebody else changed this setting just now."
        ],
        deeds: ["setting_changed"])

    static func list(within reach: Reach, in tx: Transaction) -> Listed<School> {
        tx.listed("\(schools) where \(reach.sql(.visibleSchool)) order by school.name, school.id")
    }

    static func read(
        _ id: ID<School>, within reach: Reach, in tx: Transaction
    ) -> Stored<School> {
        tx.stored("\(schools) where school.id = \(id) and \(reach.sql(.visibleSchool))")
    }

    private static let schools: SQL = """
        select school.id, school.name, school.urn, school.trust_id, trust.name as trust
        from school left join trust on trust.id = school.trust_id
        """

    static func posts(
        _ filter: PostFilter, within reach: Reach, in tx: Transaction
    ) -> Listed<Post> {
        tx.listed(
            """
            select post.* from post
            where \(reach.sql(.ownPosts)) and \(filter.sql)
            order by post.school_id, place_on_the_ladder(post.role), post.role, post.who, post.id
            """)
    }
}

extension Relation {
    /// Schools in which the caller holds any post, and those of a trust that they see.
    static let visibleSchool = Relation(
        "visible school", "Schools of the caller's posts, and of a trust that they view (ORG-01)."
    ) { _, schools in "(school.id = any(\(schools)) or school.trust_id = any(\(schools)))" }

    static let ownPosts = Relation(
        "own school's posts", "Who holds which post in the caller's schools (ORG-04)."
    ) { _, schools in "post.school_id = any(\(schools))" }

    static let ownSettings = Relation(
        "own school's settings", "Settings of the schools in which the post is held (ORG-09)."
    ) { _, schools in "setting.school_id = any(\(schools))" }
}
