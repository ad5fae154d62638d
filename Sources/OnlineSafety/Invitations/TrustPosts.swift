import JSON
import OpenAPI
import Postgres

/// A post of a trust.
struct TrustPost: Resource {
    static let isTagged = false

    let id: ID<TrustPost>
    let trustID: ID<Trust>
    let who: String
    let email: String
    let role: Role
    let fromOn: Day
    let untilOn: Day?
    let appointedBy: String?
    let appointedAt: Instant?
    let endedBy: String?
    let endedAt: Instant?
    let clients: [Client.Known]?

    static let words = "A post of a trust, and who holds it."
    static var example: TrustPost {
        TrustPost(
            id: .example, trustID: .example, who: "Omar Reid", email: "omar.reid@hedgerow.example",
            role: .trustViewer, fromOn: .example, untilOn: nil, appointedBy: "Priya Shah",
            appointedAt: .example, endedBy: nil, endedAt: nil, clients: nil)
    }

    enum CodingKeys: String, FieldWords {
        case id, who, email, role, clients
        case trustID = "trust_id"
        case fromOn = "from_on"
        case untilOn = "until_on"
        case appointedBy = "appointed_by"
        case appointedAt = "appointed_at"
        case endedBy = "ended_by"
        case endedAt = "ended_at"

        var words: String {
            switch self {
            case .id: "The post."
            case .trustID: "The trust."
            case .who: "Who holds it."
            case .email: "The address of their account."
            case .role: "The role."
            case .fromOn: "Its first day."
            case .untilOn: "Its last day; absent for no end."
            case .appointedBy: "Who invited them to it."
            case .appointedAt: "When they took it."
            case .endedBy: "Who ended it."
            case .endedAt: "When that was said."
            case .clients:
                "Programs that ask, of which they made a secret or token that still lives, where "
                    + "they hold no post any more: give each another, or confirm that it stays."
            }
        }
    }
}

/// A trust's own posts: its administrators invite to them, and end them.
enum TrustPosts {
    static let routes: [Route] = [
        .get(
            "/v1/trusts/{trust}/posts", "List posts of a trust",
            "Who holds which, and who held one within a year; a thousand at most.",
            for: [.trustAdministrator].admitted(.ownTrustPosts), by(list)),
        .post(
            "/v1/trusts/{trust}/invitations", "Invite somebody to a trust",
            "By its administrator, who never learns a secret of theirs; as a school does.",
            for: [.trustAdministrator].admitted(.ownInvitations), by(invite)
        ).afterStepUp(),
        .post(
            "/v1/trust-posts/{post}/ending", "End a post of a trust",
            """
            By its administrator: with yesterday, when no day is given, so that it holds from the \
            next request on. The last administrator's is not ended without a successor.
            """,
            for: [.trustAdministrator].admitted(.ownTrustPosts), by(end)
        ).afterStepUp(),
    ]

    static func list(
        of trust: ID<Trust>, within reach: Reach, in tx: Transaction
    ) throws -> Listed<TrustPost> {
        guard reach.schools(.ownTrustPosts).contains(ID(trust.uuid)) else {
            throw Problem(.notFound)
        }
        return tx.listed("select * from posts_of_a_trust(\(trust))")
    }

    static func invite(
        to trust: ID<Trust>, _ wanted: Invitation.WantedByTrust, within reach: Reach,
        in tx: Transaction
    ) async throws -> Created<Invitation> {
        let organisation = ID<School>(trust.uuid)
        guard reach.schools(.ownInvitations).contains(organisation) else {
            throw Problem(.notFound)
        }
        var change = JSONObject([
            .init("id", .string(ID<TrustPost>().string)),
            .init("role", .string(wanted.role.string)),
        ])
        change["until_on"] = wanted.untilOn.map { .string($0.string) }
        return try await Invitations.invite(
            wanted.email, to: nil, named: wanted.name, at: organisation,
            SchoolChange(json: JSON.string(of: JSONValue.object(change))), days: wanted.days, reach,
            in: tx)
    }

    static func end(
        _ id: ID<TrustPost>, _ ending: Ending, within reach: Reach, in tx: Transaction
    ) async throws -> Created<TrustPost> {
        try SchoolChange.check(
            try await tx.run(
                """
                select end_trust_post(
                    \(id), greatest(\(ending.untilOn)::date, london_today() - 1),
                    \(reach.caller.name)) as against
                """))
        return Created(
            tx.stored(
                """
                select post.*
                from unnest(\(reach.schools(.ownTrustPosts))::uuid[]) as own (trust_id)
                cross join lateral posts_of_a_trust(own.trust_id) as post
                where post.id = \(id)
                """))
    }
}

extension Relation {
    static let ownTrustPosts = Relation(
        "own trust's posts", "Posts of the trust in which the post is held (USR-02)."
    ) { _, trusts in "post.trust_id = any(\(trusts))" }
}
