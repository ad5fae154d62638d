import Postgres

/// An incident on which the caller acts: open to them, and nobody else's until the transaction
/// ends.
struct OpenedIncident {
    let id: ID<Incident>
    let school: ID<School>
    let status: IncidentStatus
    let etag: String

    /// Whether the caller decides what becomes of it.
    let isInCharge: Bool

    /// The post in which the caller acts, for the record: deputies act as the DSL, and it says so.
    let role: Role

    /// Opens one for an act. Throws `notFound` when it is not open to the caller,
    /// `stepUpRequired` when it is restricted and the session has no fresh proof,
    /// `preconditionFailed` when it is not the version that they read, and `conflict` with every
    /// reason when the act is not for now, or not for their post, or a rule stands against it.
    static func open(
        _ id: ID<Incident>, and other: ID<Incident>? = nil, for act: Act,
        _ ifUnchanged: IfUnchanged = IfUnchanged(version: nil), within reach: Reach,
        in tx: Transaction
    ) async throws -> OpenedIncident {
        // First held, then read: what a statement reads is as it was when the statement began.
        tx.add("select hold_incidents(\([id] + [other].compactMap(\.self)))")
        let found = try await tx.run(
            """
            select incident.school_id, incident.status, incident.etag,
                incident._readers as readers, caller_decides(kept) as decides,
                caller_may(\(act), kept) as may,
                can_be_opened_now(kept.restricted_as) as can_be_opened
            from incident_listed as incident
            join incident as kept on kept.school_id = incident.school_id and kept.id = incident.id
            where incident.id = \(id) and \(reach.sql(.openToThePost))
            """)
        guard let school = found.uuid(0, "school_id").map(ID<School>.init),
            let status = found.text(0, "status").flatMap(IncidentStatus.init),
            let etag = found.text(0, "etag")
        else { throw Problem(.notFound) }
        guard found.bool(0, "can_be_opened") == true else { throw Problem(.stepUpRequired) }
        try ifUnchanged.check(etag)
        let incident = OpenedIncident(
            id: id, school: school, status: status, etag: etag,
            isInCharge: found.bool(0, "decides") == true,
            role: reach.caller.post(in: school, among: found.texts(0, "readers") ?? []))
        try await incident.check(act, isTheirs: found.bool(0, "may") == true, in: tx)
        return incident
    }

    /// Throws `conflict` with everything that stands against an act, as `allowed_actions` has it.
    private func check(_ act: Act, isTheirs: Bool, in tx: Transaction) async throws {
        var faults: [Fault] = []
        let isForNow = Move.of(act, from: status) != nil
        if !isForNow {
            faults.append(
                Fault(
                    pointer: "/status", code: "not_while_\(status.rawValue)",
                    detail: "Not while it stands so: \(status.label)"))
        }
        if act.hasRules, isForNow || status != .closed {
            faults += try await whatStands(against: act, tx)
        }
        if !isTheirs { faults.append(.notInCharge()) }
        guard faults.isEmpty else { throw Problem(conflicts: faults) }
    }

    /// Moves it on, with the reason if there is one, to where the table says, if not elsewhere.
    func move(
        by act: Act, _ words: String?, to place: IncidentStatus? = nil, in tx: Transaction
    ) {
        let to = place ?? Move.of(act, from: status)?.to ?? status
        tx.add("select move_incident(\(school), \(id), \(act), \(to), \(words)::text, \(role))")
    }

    /// Tells its reporters how far it has come.
    func receipts(moveOnTo step: IncidentStatus, in tx: Transaction) {
        tx.add("select receipt_moves_on(\(school), \(id), \(step))")
    }
}

extension Caller {
    /// The post in which somebody acts on a record: the first of those that may open it.
    fileprivate func post(in school: ID<School>, among readers: [String]) -> Role {
        let held = [Role].actors.filter { holds($0, in: school) }
        return held.first { readers.contains($0.rawValue) } ?? held.first ?? .staff
    }
}

extension Fault {
    /// What is for the posts in charge, at its place.
    static func notInCharge(_ pointer: String = "") -> Fault {
        Fault(
            pointer: pointer, code: "not_in_charge",
            detail: "This is for the posts that are in charge of such an incident")
    }
}

extension Problem {
    /// A rule of the domain stands against it: all of them at once.
    init(conflicts faults: [Fault]) {
        self.init(.conflict)
        self.faults = faults
    }
}
