import Crypto
import JSON
import OpenAPI
import Postgres

/// Who blew the whistle, for whoever received the disclosure and nobody besides (CMP-07).
struct ComplaintReporter: Resource {
    let id: ID<Complaint>
    let schoolID: ID<School>
    let reporter: Complainant

    static let isTagged = false
    static let words = "Who blew the whistle, for the receiver alone."
    static var example: ComplaintReporter {
        ComplaintReporter(id: .example, schoolID: .example, reporter: .example)
    }

    enum CodingKeys: String, FieldWords {
        case id, reporter
        case schoolID = "school_id"

        var words: String {
            switch self {
            case .id: "The disclosure."
            case .schoolID: "The school."
            case .reporter: "Who made it."
            }
        }
    }
}

/// Sealing who blew the whistle, bound to the disclosure; the database has no key.
enum ComplaintReporters {
    static let route: Route = .get(
        "/v1/complaints/{complaint}/reporter", "Read who blew the whistle",
        """
        By whoever received the disclosure and put it down, with a fresh proof of who they are. \
        The reading is on record, and names nobody.
        """,
        for: Complaints.takers.admitted(.disclosuresReceived), onRecord: true, by(read)
    ).afterStepUp()

    static func read(
        of id: ID<Complaint>, with keys: Keys, within reach: Reach, in tx: Transaction
    ) async throws -> Stored<ComplaintReporter> {
        let found = try await tx.run(
            """
            select reporter.sealed from complaint_reporter as reporter
            join complaint_shown as complaint
                on complaint.school_id = reporter.school_id
                and complaint.id = reporter.complaint_id
            where complaint.id = \(id) and \(reach.sql(.disclosuresReceived))
            """)
        guard let sealed = found.text(0, "sealed").flatMap(Hex.decode),
            let text = keys.ring.unsealed(sealed, bound: place(of: id))
        else { throw Problem(.notFound) }
        return tx.stored(
            Audit.reading(
                "opened", "complaint_reporter", limit: 1,
                """
                select complaint.id, complaint.school_id,
                    \(String(decoding: text, as: UTF8.self))::jsonb as reporter
                from complaint_shown as complaint
                where complaint.id = \(id) and \(reach.sql(.disclosuresReceived))
                """))
    }

    /// Keeps one.
    static func kept(
        _ reporter: Complainant, of id: ID<Complaint>, at school: ID<School>, with keys: Keys
    ) -> SQL {
        let text = Array(JSON.string(of: reporter).utf8)
        let sealed = Hex.encode(keys.ring.seal(text, bound: place(of: id)))
        return """
            insert into complaint_reporter (school_id, complaint_id, sealed)
            values (\(school), \(id), \(sealed))
            """
    }

    private static func place(of id: ID<Complaint>) -> [UInt8] {
        Array("reporter of \(id.string)".utf8)
    }
}
