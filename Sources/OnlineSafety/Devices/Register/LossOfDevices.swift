import JSON
import Postgres

extension OpenedDevice {
    /// The incident of a loss by which data may be exposed (DEV-10): the one that is named, which
    /// must be open to the caller, or one that is reported with it.
    func incident(
        of said: DeviceAct.Said, _ reach: Reach, in tx: Transaction
    ) async throws -> ID<Incident>? {
        guard said.act.isLoss, said.dataMayBeExposed == true else { return nil }
        guard let named = said.incidentID else {
            return try report(said, by: reach.caller, in: tx)
        }
        guard try await tx.isOpen(named, at: school) else { throw Problem([.unknownIncident]) }
        return named
    }

    private func report(
        _ said: DeviceAct.Said, by caller: Caller, in tx: Transaction
    ) throws -> ID<Incident> {
        let words: JSONValue = [
            // Whoever had it, the data are the children's: so those are told who answer for them,
            // and nobody is taken to be accused.
            "concerns": .string(Concern.child.rawValue),
            "occurred_on": .string(said.on?.string ?? today),
            "description": .string(
                "\(said.act.label): a device of the school (\(name)). Data may be exposed. "
                    + (said.reason?.string ?? "")),
        ]
        return Incidents.file(
            try JSON.decode(Report.self, from: words), by: caller, at: school, in: tx)
    }
}
