import Postgres

/// Schools, and who holds which post in them.
enum Schools {
    static let area = Area(
        name: "Schools",
        words: "Schools and their posts.",
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
        ])

    static func list(within reach: Reach, in tx: Transaction) -> Listed<School> {
        tx.listed("\(schools) where \(reach.sql(.visibleSchool)) order by school.name, school.id")
    }

    static func read(
        _ id: ID<School>, within reach: Reach, in tx: Transaction
    ) -> Stored<School> {
        tx.stored("\(schools) where school.id = \(id) and \(reach.sql(.visibleSchool))")
    }

    private static let schools: SQL = """
        select school.id, school.name, school.urn, (
                select jsonb_agg(
                    jsonb_build_object(
                        'id', trust.id, 'name', trust.name, 'kind', trust.kind,
                        'from_on', membership.from_on)
                    order by trust.kind)
                from membership join trust on trust.id = membership.trust_id
                where membership.school_id = school.id and \(inForce)
            ) as organisations
        from school
        """

    /// Memberships of today.
    static let inForce: SQL = """
        membership.from_on <= london_today()
        and (membership.until_on is null or membership.until_on >= london_today())
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
    ) { _, schools in
        """
        (school.id = any(\(schools)) or exists (
            select from membership
            where membership.school_id = school.id and membership.trust_id = any(\(schools))
                and \(Schools.inForce)))
        """
    }

    static let ownPosts = Relation(
        "own school's posts", "Who holds which post in the caller's schools (ORG-04)."
    ) { _, schools in "post.school_id = any(\(schools))" }
}
