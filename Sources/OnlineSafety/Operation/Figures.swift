import Bytes
import Synchronization

/// What is counted beside requests, for `/metrics`: numbers of things, never whose.
enum Figure: String, CaseIterable, Sendable {
    case climbs = "rowan_climbs_total"
    case reportsWaiting = "rowan_reports_unanswered"
    case reportsReachingNobody = "rowan_reports_reaching_nobody"
    case mailSent = "rowan_mail_sent_total"
    case mailFailed = "rowan_mail_failed_total"
    case mailNotTaken = "rowan_mail_not_taken_total"
    case mailWaiting = "rowan_mail_waiting"
    case mailParked = "rowan_mail_parked"
    case checkpoints = "rowan_checkpoints_total"
    case checkpointsFailed = "rowan_checkpoints_failed_total"
    case rowsSwept = "rowan_rows_swept_total"
    case accountsSlowed = "rowan_accounts_slowed_total"

    fileprivate var words: String {
        switch self {
        case .climbs: "Steps up the ladder that this process has made."
        case .reportsWaiting: "Incidents that wait for somebody to answer."
        case .reportsReachingNobody: "How many of those have nobody left to be told."
        case .mailSent: "Mails that the mail program took from this process."
        case .mailFailed: "Attempts of this process at which it did not."
        case .mailNotTaken: "Times that the database gave this process no mail, but an error."
        case .mailWaiting: "Mails that are still to be sent."
        case .mailParked: "Mails that were given up."
        case .checkpoints: "Checkpoints of the audit that this process has kept."
        case .checkpointsFailed: "Times that it could not; the log says once why."
        case .accountsSlowed: "Requests refused because their account asked too much."
        case .rowsSwept: "Rows that were over for long, and that this process has taken away."
        }
    }
}

/// The figures of one process; none until the first is set.
final class Figures: Sendable {
    private let values = Mutex<[Figure: Int]>([:])

    func set(_ figure: Figure, to value: Int) { values.withLock { $0[figure] = value } }

    func add(_ count: Int, to figure: Figure) {
        values.withLock { $0[figure, default: 0] += count }
    }

    func write(to output: inout ByteBuffer) {
        let values = values.withLock { $0 }
        for figure in Figure.allCases {
            guard let value = values[figure] else { continue }
            let type = figure.rawValue.hasSuffix("_total") ? "counter" : "gauge"
            output.append("# HELP \(figure.rawValue) \(figure.words)\n")
            output.append("# TYPE \(figure.rawValue) \(type)\n\(figure.rawValue) \(value)\n")
        }
    }
}
