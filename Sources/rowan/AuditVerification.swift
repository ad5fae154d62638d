import Crypto
import FoundationEssentials
import OnlineSafety
import Postgres

/// Checks every chain of the audit: that no entry is missing, and that each says what it said when
/// it was written. It makes the bytes of an entry by itself and trusts nothing in the database but
/// the rows (see `event_bytes` in the migrations); only the digests of texts are made there.
struct AuditVerification {
    private let url: String

    init(_ environment: Environment) throws {
        url = try environment.safeDatabaseURL("ROWAN_MAINTENANCE_DATABASE_URL")
    }

    func run() throws {
        let report = try AuditChains.verify(DirectConnection(url))
        print("\(report.entries) entries in \(report.chains) chains")
        for fault in report.faults { print(fault) }
        guard report.faults.isEmpty else {
            throw Misconfiguration("the audit has been tampered with, or damaged")
        }
        print("Every chain is whole")
    }
}
