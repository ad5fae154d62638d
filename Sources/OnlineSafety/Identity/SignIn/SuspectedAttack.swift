import JSON
import OpenAPI
import Postgres

/// That somebody seems to guess at an account of the school (SEC-10).
struct SuspectedAttack: Resource {
    static let isTagged = false

    let id: ID<SuspectedAttack>
    let schoolID: ID<School>
    let reference: String
    let who: String?
    let noticedAt: Instant
    let lastAt: Instant
    let failures: Int

    static let words = "That somebody seems to guess at an account of the school."
    static var example: SuspectedAttack {
        SuspectedAttack(
            id: .example, schoolID: .example, reference: "5F0C2A9B", who: "Amina Yusuf",
            noticedAt: .example, lastAt: .example, failures: 23)
    }

    enum CodingKeys: String, FieldWords {
        case id, reference, who, failures
        case schoolID = "school_id"
        case noticedAt = "noticed_at"
        case lastAt = "last_at"

        var words: String {
            switch self {
            case .id: "The suspicion."
            case .schoolID: "The school in which the account holds a post."
            case .reference: "What the notice calls it."
            case .who: "Whose account it is."
            case .noticedAt: "When there had been ten failed log-ins within a day."
            case .lastAt: "When the last one failed that day."
            case .failures: "How many had failed by then."
            }
        }
    }
}

enum SuspectedAttacks {
    static let routes: [Route] = [
        .get(
            "/v1/suspected-attacks", "List suspected attacks",
            """
            At whose account somebody seems to guess, a line for each day, the newest first, at \
            most a hundred. A notice has told of each.
            """,
            for: [Role.technician, .headteacher].admitted(.attackedSchool), by(list))
    ]

    static func list(within reach: Reach, in tx: Transaction) -> Listed<SuspectedAttack> {
        tx.listed(
            """
            select attack.* from suspected_attack_shown as attack
            where \(reach.sql(.attackedSchool))
            order by attack.noticed_at desc, attack.id
            limit 100
            """)
    }
}

extension Relation {
    static let attackedSchool = Relation(
        "own school's accounts", "Accounts that hold a post in the caller's school (SEC-10)."
    ) { _, schools in "attack.school_id = any(\(schools))" }
}
