import Postgres

/// Looking for what stands in a record. What is restricted is listed with its kind and urgency, but
/// opened only with a fresh proof (SEC-06); without one a search would leave it out unseen.
extension IncidentFilter {
    /// Asks for a fresh proof (403 `step_up_required`) before it looks into records, where it can
    /// be that one is restricted that is open to the caller: by their post, or by their name.
    func requireProof(within reach: Reach, in tx: Transaction) {
        guard looksInside else { return }
        let schools = reach.schools(.openToThePost)
        let isByPost = reach.caller.seats.contains {
            Self.openingRestricted.contains($0.role) && schools.contains($0.school)
        }
        tx.add(
            """
            select require_step_up()
            where \(isByPost)::boolean or exists (
                select from incident_access as access
                join incident
                    on incident.school_id = access.school_id and incident.id = access.incident_id
                where access.school_id = any(\(schools))
                    and access.account_id = \(reach.caller.account)
                    and (access.until_at is null or access.until_at > rowan_now())
                    and incident.restricted_as is not null)
            """)
    }

    private var looksInside: Bool { sought != nil || record.looksInside }

    /// The posts to which a restricted incident may be open (section 25 of the matrix, INC-47).
    private static let openingRestricted: [Role] = [
        .dsl, .deputyDSL, .headteacher, .chairOfGovernors,
    ]

    static func describe(_ operation: inout OperationWords) {
        operation.parameters += parameters
        operation.refuses(.stepUpRequired)
    }
}
