import JSON
import OpenAPI
import Postgres

/// That use is monitored, logged and traceable to whoever it was, as a school puts it (SEC-12).
struct MonitoringNotice: Resource {
    static let isTagged = false

    let schoolID: ID<School>
    let school: String
    let version: Int
    let words: String
    let publishedAt: Instant
    let acknowledgedAt: Instant?

    static let words = "That use is monitored, logged and traceable, as a school puts it."
    static var example: MonitoringNotice {
        MonitoringNotice(
            schoolID: .example, school: "Hawthorn Infant School", version: 1,
            words: "What you do here is logged with your name, and may be looked at.",
            publishedAt: .example, acknowledgedAt: nil)
    }

    enum CodingKeys: String, FieldWords {
        case school, version, words
        case schoolID = "school_id"
        case publishedAt = "published_at"
        case acknowledgedAt = "acknowledged_at"

        var words: String {
            switch self {
            case .schoolID: "The school."
            case .school: "Its name."
            case .version: "Which version it is; the newest is in force."
            case .words: "What it says."
            case .publishedAt: "When it was published."
            case .acknowledgedAt: "When I acknowledged this version; absent until then."
            }
        }
    }

    /// A new version.
    struct Wanted: Body {
        let words: Text<4000>

        static let words = "What the notice says from now on."
        static var example: Wanted {
            Wanted(words: "What you do here is logged with your name, and may be looked at.")
        }

        enum CodingKeys: String, FieldWords {
            case words

            var words: String {
                switch self {
                case .words: "The text, up to 4,000 characters."
                }
            }
        }
    }

    /// That it was read.
    struct Read: Body {
        let schoolID: ID<School>
        let version: Int

        static let words = "Which notice I have read."
        static var example: Read { Read(schoolID: .example, version: 1) }

        enum CodingKeys: String, FieldWords {
            case version
            case schoolID = "school_id"

            var words: String {
                switch self {
                case .schoolID: "The school whose notice it is."
                case .version: "The version that I was shown."
                }
            }
        }
    }
}

enum MonitoringNotices {
    static let routes: [Route] = [
        .get(
            "/v1/monitoring-notice", "Read the monitoring notice",
            """
            As it is in force in each school where I hold a post and which has published one. \
            Until I have acknowledged each, everything else is refused with 403 \
            `monitoring_notice_unacknowledged`.
            """,
            for: [Role].everyone.admitted(.self), by(list)
        ).evenWhile(.password, .secondFactor, .monitoringNotice),
        .post(
            "/v1/monitoring-notice/acknowledgement", "Acknowledge the monitoring notice",
            "Once for each version of each school; again changes nothing.",
            for: [Role].everyone.admitted(.self), by(acknowledge)
        ).evenWhile(.monitoringNotice).takingBodies(upTo: 4 << 10),
        .post(
            "/v1/schools/{school}/monitoring-notice", "Publish the monitoring notice",
            """
            By the headteacher. Everybody who holds a post there must acknowledge the new version \
            before they do anything else, from now on, the headteacher too.
            """,
            for: [.headteacher].admitted(.ownNotices), by(publish)
        ).takingBodies(upTo: 32 << 10),
    ]

    static func list(in tx: Transaction) -> Listed<MonitoringNotice> {
        tx.listed("select * from monitoring_notices_of_the_caller()")
    }

    static func acknowledge(
        _ read: MonitoringNotice.Read, for caller: Caller, in tx: Transaction
    ) async throws -> Done {
        let done = try await tx.run(
            "select acknowledge_monitoring_notice(\(read.schoolID), \(read.version)) as is_done")
        guard done.bool(0, "is_done") == true else {
            throw Problem(.conflict, "That is not the notice in force: read it again.")
        }
        Audit.record(
            "monitoring_notice_acknowledged", "monitoring_notice", read.schoolID.uuid,
            account: caller.account.uuid, request: nil, in: tx)
        return Done()
    }

    static func publish(
        at school: ID<School>, _ wanted: MonitoringNotice.Wanted, within reach: Reach,
        in tx: Transaction
    ) async throws -> Created<MonitoringNotice> {
        guard reach.schools(.ownNotices).contains(school) else { throw Problem(.notFound) }
        let published = try await tx.run(
            "select publish_monitoring_notice(\(school), \(wanted.words)) as version")
        tx.add(
            Audit.entry(
                "monitoring_notice_published", "monitoring_notice", of: "\(school)",
                id: "\(school)", version: "\(published.int(0, "version") ?? 0)::integer",
                from: "(values (1)) as once"))
        return Created(
            tx.stored(
                """
                select notice.* from monitoring_notices_of_the_caller() as notice
                where notice.school_id = \(school)
                """))
    }
}

extension Relation {
    static let ownNotices = Relation(
        "own school's monitoring notice", "The notice of the school in which the post is held."
    ) { _, schools in "notice.school_id = any(\(schools))" }
}
