import JSON
import Postgres

/// What is missing before somebody may have access, each thing by its code (ACC-04).
enum MissingAccess {
    /// What a request cannot wait for: throws 409 with each.
    static func check(
        _ said: AccessGrant.Said, at school: ID<School>, in tx: Transaction
    ) async throws {
        let found = try await tx.run(
            """
            select stands_against_access(\(school), \(said.systemID), \(said.personID)) as against,
                exists (
                    select from access_grants_on(array[\(school)]::uuid[], london_today()) as other
                    where other.system_id = \(said.systemID)
                        and other.person_id = \(said.personID)
                        and other.state = any(\(AccessState.live.map(\.rawValue)))
                ) as is_held
            """)
        var codes = (found.texts(0, "against") ?? []).filter { !mayCome.contains($0) }
        if found.bool(0, "is_held") == true { codes.append("held_already") }
        guard codes.isEmpty else { throw Problem(conflicts: codes.map(fault)) }
    }

    /// What stands against giving it now: throws 409 with each.
    static func checkToday(
        _ person: ID<Person>, _ system: ID<AccessSystem>, opening access: Access,
        at school: ID<School>, in tx: Transaction
    ) async throws {
        let gate = tx.add(Gate.shut(for: person, to: access, at: school))
        let found = try await tx.run(
            "select stands_against_access(\(school), \(system), \(person)) as against")
        let shut = (0..<gate.count).compactMap { gate.text($0, "code") }
            .reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        let known = GateReasons.all
        let faults = shut.map { code in
            let reason = known.first { $0.code == code }
            return Fault(
                pointer: "", code: code,
                detail: reason.map { "\($0.words): \($0.opening.lowercasedFirst)" }
                    ?? "The gate is shut")
        }
        let all = faults + (found.texts(0, "against") ?? []).map(fault)
        guard all.isEmpty else { throw Problem(conflicts: all) }
    }

    static func fault(_ code: String) -> Fault {
        Fault(pointer: "", code: code, detail: words[code] ?? "Not as things stand")
    }

    /// What may be there by the day on which it is given.
    private static let mayCome = ["post_not_held", "consent_missing"]

    private static let words = [
        "not_in_use": "The system is out of use",
        "not_for_this_kind": "The system is not for those who are that to the school",
        "pupils_have_none": "Pupils have no accounts of their own there",
        "not_in_this_phase": "Pupils of this phase do not go there",
        "post_not_held": "They hold none of the posts that the system asks for",
        "consent_missing": "What is needed for it is not allowed by those whose answer counts",
        "held_already": "They have it, or it is asked for, already",
        "not_begun": "Its first day has not come",
        "own_rules": "Whoever set the rules does not give it by them",
        "wrong_state": "It does not stand so that this could be done",
    ]
}

extension String {
    fileprivate var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}
