import JSON
import OpenAPI
import Postgres

/// What a session must do before anything else. Until then it opens nothing: its seats are none,
/// in the database too, and every operation but those that lead on is refused by a code of its own.
package enum Outstanding: String, Words {
    case code
    case password
    case secondFactor = "second_factor"
    case monitoringNotice = "monitoring_notice"

    package var label: String {
        switch self {
        case .code: "Give the code of the second factor"
        case .password: "Change the password"
        case .secondFactor: "Set up a second factor"
        case .monitoringNotice: "Acknowledge the monitoring notice"
        }
    }

    /// Why everything else is refused with 403.
    var refusal: Problem.Code {
        switch self {
        case .code: .codeRequired
        case .password: .passwordChangeRequired
        case .secondFactor: .secondFactorRequired
        case .monitoringNotice: .monitoringNoticeUnacknowledged
        }
    }
}
