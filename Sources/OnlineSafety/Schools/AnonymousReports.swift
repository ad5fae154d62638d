import JSON
import OpenAPI
import Postgres

/// Whether a school takes reports by intake that nobody puts a name to (INC-16, S-61).
struct AnonymousReports: Resource {
    let schoolID: ID<School>
    let areTaken: Bool
    let effectiveOn: Day?
    let setAt: Instant?
    let etag: String

    static let words = "Whether a school takes reports that nobody puts a name to."
    static var example: AnonymousReports {
        AnonymousReports(
            schoolID: .example, areTaken: false, effectiveOn: .example, setAt: .example,
            etag: "\"1\"")
    }

    enum CodingKeys: String, FieldWords {
        case etag
        case schoolID = "school_id"
        case areTaken = "are_taken"
        case effectiveOn = "effective_on"
        case setAt = "set_at"

        var words: String {
            switch self {
            case .areTaken: "Whether the name may be left out where people report without account."
            case .etag: "Its version, to be sent as If-Match."
            case .schoolID: "The school."
            case .effectiveOn: "From which day it holds; absent while the usual value does."
            case .setAt: "When it was set."
            }
        }
    }

    /// The choice of a school.
    struct Choice: Body {
        let areTaken: Bool

        static let words = "Whether to take reports without a name, from now."
        static var example: Choice { Choice(areTaken: true) }

        enum CodingKeys: String, FieldWords {
            case areTaken = "are_taken"

            var words: String {
                switch self {
                case .areTaken: "Whether the name may be left out. Staff are named in any case."
                }
            }
        }
    }
}

extension Schools {
    private static let anonymousSetting = Setting("anonymous_reports", shownAs: "are_taken") {
        "setting.value::boolean"
    }

    static func anonymousReports(
        of school: ID<School>, within reach: Reach, in tx: Transaction
    ) -> Stored<AnonymousReports> {
        tx.stored(anonymousSetting.inForce(at: school, reach))
    }

    static func setAnonymousReports(
        of school: ID<School>, to choice: AnonymousReports.Choice, ifMatch: IfMatch,
        within reach: Reach, in tx: Transaction
    ) async throws -> Stored<AnonymousReports> {
        let next = try await anonymousSetting.next(at: school, ifMatch, reach, in: tx)
        return anonymousSetting.set(
            next, "to_jsonb(\(choice.areTaken)::boolean)", at: school, reach, in: tx)
    }
}
