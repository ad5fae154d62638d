import JSON
import OpenAPI
import Postgres

/// A call for help that somebody made at once, who only reported the incident: put down by
/// themselves, and told to the DSLs at once (AGY-07).
struct EmergencyCall: Resource {
    let id: ID<EmergencyCall>
    let schoolID: ID<School>
    let route: Route
    let happenedAt: Instant
    let toldNumber: Int

    static let isTagged = false
    static let words = "A call for help that the reporter of an incident made at once."
    static var example: EmergencyCall {
        EmergencyCall(
            id: .example, schoolID: .example, route: .emergency, happenedAt: .example,
            toldNumber: 2)
    }

    /// Whom it was made to.
    enum Route: String, Words {
        case emergency = "999"
        case nonEmergency = "101"
        case advisedToCall = "advised_to_call"

        var label: String {
            switch self {
            case .emergency: "999"
            case .nonEmergency: "101, of an indecent image"
            case .advisedToCall: "Whoever told of it was advised to go to the police"
            }
        }
    }

    enum CodingKeys: String, FieldWords {
        case id, route
        case schoolID = "school_id"
        case happenedAt = "happened_at"
        case toldNumber = "told_number"

        var words: String {
            switch self {
            case .id: "The call, among the referrals of the incident."
            case .schoolID: "The school."
            case .route: "Which."
            case .happenedAt: "When."
            case .toldNumber: "How many were told of it now."
            }
        }
    }

    /// A call, as whoever made it puts it down.
    struct Said: RecordBody {
        let route: Route
        let happenedAt: Instant
        let words: Text<4000>
        let reference: Text<200>?

        static let schemaName = "EmergencyCallSaid"
        static let words = "A call for help, as whoever made it puts it down."
        static var example: Said {
            Said(
                route: .emergency, happenedAt: .example,
                words: "He said he would meet her at the gate at four", reference: "112-0417")
        }

        enum CodingKeys: String, FieldWords {
            case route, words, reference
            case happenedAt = "happened_at"

            var words: String {
                switch self {
                case .route: "Which call."
                case .happenedAt: "When it was made."
                case .words: "Why, and what was said."
                case .reference: "The reference that the police gave."
                }
            }
        }
    }
}

/// Calls for help that cannot wait for a DSL.
enum EmergencyCalls {
    static let route = Route.post(
        "/v1/incidents/{incident}/emergency-calls", "Put down a call for help",
        """
        By whoever reported the incident: a call on 999, the report of an indecent image on 101, \
        or that somebody was advised to go to the police. The DSLs are told at once (AGY-07).
        """,
        for: [Role].reporters.admitted(.ownReport), by(put))

    static func put(
        in id: ID<Incident>, _ said: EmergencyCall.Said, within reach: Reach, in tx: Transaction
    ) async throws -> Created<EmergencyCall> {
        let found = try await tx.run(
            """
            select incident.school_id, \(said.happenedAt)::timestamptz
                    > rowan_now() + interval '5 minutes' as is_ahead
            from receipt_shown as incident
            where incident.id = \(id) and \(reach.sql(.ownReport))
            """)
        guard let school = found.uuid(0, "school_id") else { throw Problem(.notFound) }
        guard found.bool(0, "is_ahead") != true else {
            throw Problem([
                JSONFault(
                    pointer: "/happened_at", code: "in_the_future",
                    detail: "It cannot have happened yet")
            ])
        }
        let own = ID<EmergencyCall>()
        return Created(
            tx.stored(
                """
                select \(own)::uuid as id, \(school)::uuid as school_id,
                    \(said.route)::text as route, \(said.happenedAt)::timestamptz as happened_at,
                    put_down_a_call(
                        \(school), \(id), \(own), \(said.route), \(said.happenedAt),
                        \(said.words), \(said.reference)) as told_number
                """))
    }
}
