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
                    select from access_grants_on(\(school), london_today()) as other
                    where other.system_id = \(said.systemID)
                        and other.person_id = \(said.personID)
                        and other._stands = any(\(AccessState.live.map(\.rawValue)))
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
        let gate = tx.add(
            Gate.shut(for: person, to: access, at: school, but: AccessRegister.suspension))
        let found = try await tx.run(
            "select stands_against_access(\(school), \(system), \(person)) as against")
        // Of several agreements that are not signed it is said once.
        let shut = (0..<gate.count).reduce(into: [Fault]()) { shut, row in
            let words = [gate.text(row, "detail"), gate.text(row, "opening")].compactMap(\.self)
            let fault = Fault(
                pointer: "", code: gate.text(row, "code") ?? "",
                detail: words.joined(separator: ". "))
            if !shut.contains(fault) { shut.append(fault) }
        }
        let faults = shut + (found.texts(0, "against") ?? []).map(fault)
        guard faults.isEmpty else { throw Problem(conflicts: faults) }
    }

    static func fault(_ code: String) -> Fault {
        Fault(pointer: "", code: code, detail: words[code] ?? "Not as things stand")
    }

    /// What may be there by the day on which it is given.
    private static let mayCome = ["post_not_held"]

    static let words = [
        "not_in_use": "The system is out of use",
        "not_for_this_kind": "The system is not for those who are that to the school",
        "pupils_have_none": "Pupils have no accounts of their own there",
        "not_in_this_phase": "Pupils of this phase do not go there",
        "post_not_held": "They hold none of the posts that the system asks for",
        "held_already": "They have it, or it is asked for, already",
        "not_begun": "Its first day has not come",
        "not_over": "They are still here, and the rules let them have it",
        "own_rules": "Whoever set the rules does not give it by them",
    ]
}
