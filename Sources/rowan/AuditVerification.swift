import Crypto
import FoundationEssentials
import OnlineSafety
import Postgres

/// Checks every chain of the audit: that no entry is missing, and that each says what it said when
/// it was written. It makes the bytes of an entry by itself and trusts nothing in the database but
/// the rows (see `event_bytes` in the migrations); only the digests of texts are made there.
struct AuditVerification {
    private let url: String
    private let book: CheckpointBook?

    init(_ environment: Environment) throws {
        url = try environment.safeDatabaseURL("ROWAN_MAINTENANCE_DATABASE_URL")
        book = try environment.checkpoints()
    }

    func run() throws {
        let report = try AuditChains.verify(DirectConnection(url), against: book)
        print("\(report.entries) entries in \(report.chains) chains")
        switch report.newestCheckpoint {
        case let newest?: print("\(report.checkpoints) checkpoints, the newest of \(newest)")
        case nil: print("No checkpoint: a chain that was written anew as a whole would not be seen")
        }
        for fault in report.faults { print(fault) }
        guard report.faults.isEmpty else {
            throw Misconfiguration("the audit has been tampered with, or damaged")
        }
        print("Every chain is whole")
    }
}
