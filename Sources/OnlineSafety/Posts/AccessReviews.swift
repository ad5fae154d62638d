import JSON
import OpenAPI
import Postgres

/// Reviews of who may see safeguarding records, and whether the role still warrants it (USR-12).
enum AccessReviews {
    static let routes: [Route] = [
        .get(
            "/v1/schools/{school}/access-reviews", "List access reviews",
            "Who reviewed which posts, the newest first; the latest hundred.",
            for: ([Role].settingReaders + [.chairOfGovernors]).admitted(.ownReviews), by(list)),
        .post(
            "/v1/schools/{school}/access-reviews", "Review access",
            """
            By the headteacher or the chair. Names every post to which an incident can be open and \
            that is still warranted: end the others first. Those that ended since the review \
            before are put down as removed.
            """,
            for: Posts.appointers.admitted(.ownReviews), by(review)),
    ]

    static func list(
        of school: ID<School>, within reach: Reach, in tx: Transaction
    ) -> Listed<AccessReview> {
        tx.listed(
            """
            select review.* from access_review_shown as review
            where review.school_id = \(school) and \(reach.sql(.ownReviews))
            order by review.reviewed_at desc, review.id
            limit 100
            """)
    }

    static func review(
        of school: ID<School>, _ said: AccessReview.Said, within reach: Reach, in tx: Transaction
    ) async throws -> Created<AccessReview> {
        guard reach.schools(.ownReviews).contains(school) else { throw Problem(.notFound) }
        tx.add("select hold_school(\(school))")
        let kept = said.kept.elements
        let found = try await tx.run(
            """
            select post.id is null as is_unknown, wanted.place::integer
            from (
                select post.id from post
                where post.school_id = \(school) and place_on_the_ladder(post.role) is not null
            ) as post
            full join unnest(\(kept)::uuid[]) with ordinality as wanted (id, place)
                on wanted.id = post.id
            where post.id is null or wanted.id is null
            """)
        let faults = (0..<found.count).map { row in
            found.bool(row, "is_unknown") == true
                ? JSONFault(
                    pointer: "/kept/\((found.int(row, "place") ?? 1) - 1)", code: "unknown_post",
                    detail: "Name posts that are held today and open incidents")
                : JSONFault(
                    pointer: "/kept", code: "undecided",
                    detail: "Name every post that opens incidents, or end it first")
        }
        guard faults.isEmpty else { throw Problem(faults) }
        let id = ID<AccessReview>()
        tx.add(
            """
            with reviewed as (
                insert into access_review (school_id, id, kept, removed, words, reviewed_by_name)
                select \(school), \(id), \(kept)::uuid[], array(
                        select gone.id from post_ever as gone
                        where gone.school_id = \(school)
                            and place_on_the_ladder(gone.role) is not null
                            and gone.until_on < london_today()
                            and gone.id = any(last.kept)),
                    \(said.words), \(reach.caller.name)
                from (select) as once
                left join lateral (
                    select kept from access_review
                    where school_id = \(school) order by reviewed_at desc limit 1
                ) as last on true
                returning school_id, id
            )
            \(Audit.entry(
                "access_reviewed", "access_review", of: "reviewed.school_id", id: "reviewed.id",
                from: "reviewed"))
            """)
        return Created(
            tx.stored(
                """
                select review.* from access_review_shown as review
                where review.id = \(id) and \(reach.sql(.ownReviews))
                """))
    }
}

/// A review of who may see safeguarding records.
struct AccessReview: Resource {
    static let isTagged = false

    let id: ID<AccessReview>
    let schoolID: ID<School>
    let kept: [Grant]
    let removed: [Grant]
    let words: String?
    let reviewedBy: String
    let reviewedAt: Instant

    static let words = "A review of who may see safeguarding records."
    static var example: AccessReview {
        AccessReview(
            id: .example, schoolID: .example,
            kept: [Grant(postID: .example, who: "Grace Okafor", role: .dsl)], removed: [],
            words: "All five still need it", reviewedBy: "Maya Lewis", reviewedAt: .example)
    }

    /// A post to which incidents can be open.
    struct Grant: Codable {
        let postID: ID<Post>
        let who: String
        let role: Role
    }

    enum CodingKeys: String, FieldWords {
        case id, kept, removed, words
        case schoolID = "school_id"
        case reviewedBy = "reviewed_by"
        case reviewedAt = "reviewed_at"

        var words: String {
            switch self {
            case .id: "The review."
            case .kept: "The posts that still warrant it."
            case .removed: "Those of the review before that have ended since."
            case .words: "What the reviewer says of it."
            case .schoolID: "The school."
            case .reviewedBy: "Who reviewed it."
            case .reviewedAt: "When."
            }
        }
    }

    /// What the reviewer says.
    struct Said: Body {
        let kept: Few<ID<Post>, 200>
        let words: Text<2000>?

        static let words = "The posts that still warrant it."
        static var example: Said { Said(kept: [.example], words: "All still need it") }

        enum CodingKeys: String, FieldWords {
            case kept, words

            var words: String {
                switch self {
                case .kept: "Every post held today to which an incident can be open."
                case .words: "What the reviewer says of it."
                }
            }
        }
    }
}

extension AccessReview.Grant {
    enum CodingKeys: String, FieldWords {
        case who, role
        case postID = "post_id"

        var words: String {
            switch self {
            case .who: "Who holds it."
            case .role: "The role."
            case .postID: "The post."
            }
        }
    }
}

extension Relation {
    static let ownReviews = Relation(
        "own school's access reviews",
        "Reviews of who may see the records of the schools in which the post is held (USR-12)."
    ) { _, schools in "review.school_id = any(\(schools))" }
}
