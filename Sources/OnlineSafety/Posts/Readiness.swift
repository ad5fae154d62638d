import JSON
import OpenAPI
import Postgres

/// Whether a school is ready for a serious allegation against staff: the headteacher and at least
/// one more senior leader know the procedure (USR-05).
struct Readiness: Resource {
    static let isTagged = false

    let schoolID: ID<School>
    let isEnough: Bool
    let leaders: [Leader]

    static let words = "Which leaders know the procedure for a serious allegation against staff."
    static var example: Readiness {
        Readiness(
            schoolID: .example, isEnough: false,
            leaders: [Leader(who: "Maya Lewis", role: .headteacher, knownAt: .example)])
    }

    /// A leader, and when they last said that they know it.
    struct Leader: Codable {
        let who: String
        let role: Role
        let knownAt: Instant?
    }

    enum CodingKeys: String, FieldWords {
        case leaders
        case schoolID = "school_id"
        case isEnough = "is_enough"

        var words: String {
            switch self {
            case .leaders: "The headteacher and the senior leaders of today."
            case .schoolID: "The school."
            case .isEnough:
                "Whether the headteacher and at least one more have said so within a year."
            }
        }
    }

    static let routes: [Route] = [
        .get(
            "/v1/schools/{school}/allegation-readiness", "Read allegation readiness",
            "Which leaders know the procedure for a serious allegation; whether they are enough.",
            for: ([Role].settingReaders + [.chairOfGovernors]).admitted(.ownReadiness), by(read)),
        .post(
            "/v1/schools/{school}/allegation-readiness", "Confirm to know the procedure",
            "By a headteacher or a senior leader, of themselves; it is current for a year.",
            for: [.headteacher, .seniorLeader].admitted(.ownReadiness), by(confirm)
        ).takingBodies(upTo: 1 << 10),
    ]

    static func read(
        of school: ID<School>, within reach: Reach, in tx: Transaction
    ) -> Stored<Readiness> {
        tx.stored(one(school, reach))
    }

    static func confirm(
        at school: ID<School>, within reach: Reach, in tx: Transaction
    ) async throws -> Created<Readiness> {
        guard reach.schools(.ownReadiness).contains(school) else { throw Problem(.notFound) }
        let role: Role =
            reach.caller.holds(.headteacher, in: school) ? .headteacher : .seniorLeader
        let id = ID<Readiness>()
        tx.add(
            """
            with said as (
                insert into procedure_known (school_id, id, role) values (\(school), \(id), \(role))
                returning school_id, id
            )
            \(Audit.entry(
                "procedure_known", "procedure_known", of: "said.school_id", id: "said.id",
                from: "said"))
            """)
        return Created(tx.stored(one(school, reach)))
    }

    private static func one(_ school: ID<School>, _ reach: Reach) -> SQL {
        """
        select readiness.* from readiness_shown as readiness
        where readiness.school_id = \(school) and \(reach.sql(.ownReadiness))
        """
    }
}

extension Readiness.Leader {
    enum CodingKeys: String, FieldWords {
        case who, role
        case knownAt = "known_at"

        var words: String {
            switch self {
            case .who: "Who."
            case .role: "Their post."
            case .knownAt: "When they last said that they know it; absent where not in a year."
            }
        }
    }
}

extension Relation {
    static let ownReadiness = Relation(
        "own school's readiness",
        "Who knows the procedure for allegations, in the caller's schools (USR-05)."
    ) { _, schools in "readiness.school_id = any(\(schools))" }
}
