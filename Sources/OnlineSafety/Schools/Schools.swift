import JSON
import Postgres

/// Schools: what they are known by, and to what they belong.
enum Schools {
    static let area = Area(
        name: "Schools",
        words: "Schools: what they are known by, and to what they belong.",
        routes: [
            .get(
                "/v1/schools", "List schools",
                "Those in which I hold a post, or whose trust I see.",
                for: [Role].permanent.admitted(.visibleSchool), by(list)
            ).openTo(.schoolsRead, .visibleSchool),
            .get(
                "/v1/schools/{school}", "Read a school", "One of them.",
                for: [Role].permanent.admitted(.visibleSchool), by(read)
            ).openTo(.schoolsRead, .visibleSchool),
            .put(
                "/v1/schools/{school}", "Describe a school",
                """
                By the headteacher or the school's administrator: its name, identifiers and year \
                groups, all of them at once. What was said before is kept. Requires If-Match.
                """,
                for: describers.admitted(.visibleSchool), by(describe)),
        ],
        conflicts: [
            "school_urn_is_unique": "Another school of the trust has this URN.",
            "school_laestab_is_unique": "Another school of the trust has this DfE number.",
            "school_ukprn_is_unique": "Another school of the trust has this UKPRN.",
            "school_is_described_once_at_a_time": "Somebody else described this school just now.",
        ],
        vocabularies: [
            Vocabulary("organisation_kinds", OrganisationKind.self),
            Vocabulary("years", Year.self), Vocabulary("phases", Phase.self),
        ],
        deeds: ["school_described"],
        holds: [.schools])

    private static let describers: [Role] = [.headteacher, .schoolAdministrator]

    static func list(within reach: Reach, in tx: Transaction) -> Listed<School> {
        tx.listed(
            """
            select school.* from school_shown as school
            where \(reach.sql(.visibleSchool))
            order by school.name, school.id
            """)
    }

    static func read(
        _ id: ID<School>, within reach: Reach, in tx: Transaction
    ) -> Stored<School> {
        tx.stored(one(id, reach))
    }

    static func describe(
        _ id: ID<School>, as said: SchoolDescription, ifMatch: IfMatch, within reach: Reach,
        in tx: Transaction
    ) async throws -> Stored<School> {
        tx.add("select hold_school(\(id))")
        let now = try await tx.run(one(id, reach))
        guard let etag = now.text(0, "etag") else { throw Problem(.notFound) }
        try ifMatch.check(etag)
        tx.add(
            """
            select describe_school(
                \(id), \(JSON.string(of: said))::jsonb, \(reach.caller.name))
            """)
        return tx.stored(one(id, reach))
    }

    private static func one(_ id: ID<School>, _ reach: Reach) -> SQL {
        """
        select school.* from school_shown as school
        where school.id = \(id) and \(reach.sql(.visibleSchool))
        """
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
                and holds_today(membership.from_on, membership.until_on)))
        """
    }
}
