import Postgres

/// Who holds which post in a school.
enum Posts {
    static let area = Area(
        name: "Posts",
        words: "Who holds which post in a school.",
        routes: [
            .get(
                "/v1/posts", "List posts", "Who holds which post today, for all who work there.",
                for: [Role].ofASchool.admitted(.ownPosts), by(list))
        ])

    static func list(
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
    static let ownPosts = Relation(
        "own school's posts", "Who holds which post in the caller's schools (ORG-04)."
    ) { _, schools in "post.school_id = any(\(schools))" }
}
