import JSON
import Postgres

/// What is done with somebody's access: each act is on record with who, when and why (24.7).
enum ActingOnAccess {
    static let routes: [Route] = [
        .post(
            "\(one)/approval", "Approve access",
            """
            By whoever approves for the system, and never by who asked for it or is to have it \
            (ACC-03).
            """,
            for: AccessRegister.approvers.admitted(.accessOfSchool), by(approve)),
        .post(
            "\(one)/refusal", "Refuse access", "By whoever approves for the system, with why not.",
            for: AccessRegister.approvers.admitted(.accessOfSchool), by(refuse)),
        .post(
            "\(one)/withdrawal", "Withdraw a request for access",
            "By who asked for it or was to have it, and by those who look after accounts.",
            for: AccessRegister.admitted, by(withdraw)),
        .post(
            "\(one)/activation", "Give access",
            """
            Once it is approved, by those who look after accounts. What is missing is answered \
            with 409, each thing by its code: what shuts the gate, or a post that is not held. \
            Send no password.
            """,
            for: AccessRegister.keepers.admitted(.accessOfSchool), by(activate)),
        .post(
            "\(one)/suspension", "Suspend access",
            "By the headteacher or a DSL, until it is reinstated or a day has passed.",
            for: AccessRegister.suspenders.admitted(.accessOfSchool), by(suspend)),
        .post(
            "\(one)/reinstatement", "Reinstate access",
            """
            What was suspended, by the headteacher or a DSL. The gate is asked as it is when \
            access is given.
            """,
            for: AccessRegister.suspenders.admitted(.accessOfSchool), by(reinstate)),
        .post(
            "\(one)/freezing", "Freeze access",
            """
            That the account was frozen, by the technician: once its owner has left, its time is \
            over, or the rules let them have it no more. Whoever returns asks anew.
            """,
            for: AccessRegister.closers.admitted(.accessOfSchool), by(freeze)),
        .post(
            "\(one)/deletion", "Delete access",
            """
            That the account was deleted, likewise, or one that was frozen; who had it, and from \
            when to when, stays on record.
            """,
            for: AccessRegister.closers.admitted(.accessOfSchool), by(delete)),
        .post(
            "\(one)/revocation", "Revoke access",
            "By the headteacher or a senior leader, for good.",
            for: AccessRegister.rulers.admitted(.accessOfSchool), by(revoke)),
    ]

    private static let one = "/v1/access-grants/{grant}"

    static func approve(
        _ id: ID<AccessGrant>, within reach: Reach, in tx: Transaction
    ) async throws -> Created<AccessGrant> {
        try await act(.approved, on: id, nil, reach, tx)
    }

    static func refuse(
        _ id: ID<AccessGrant>, _ reason: AccessReason, within reach: Reach, in tx: Transaction
    ) async throws -> Created<AccessGrant> {
        try await act(.refused, on: id, reason, reach, tx)
    }

    static func withdraw(
        _ id: ID<AccessGrant>, within reach: Reach, in tx: Transaction
    ) async throws -> Created<AccessGrant> {
        try await act(.withdrawn, on: id, nil, reach, tx)
    }

    static func activate(
        _ id: ID<AccessGrant>, within reach: Reach, in tx: Transaction
    ) async throws -> Created<AccessGrant> {
        try await act(.activated, on: id, nil, reach, tx)
    }

    static func suspend(
        _ id: ID<AccessGrant>, _ said: AccessReason.Suspension, within reach: Reach,
        in tx: Transaction
    ) async throws -> Created<AccessGrant> {
        let opened = try await OpenedAccess.open(id, for: .suspended, reach, in: tx)
        let found = try await tx.run(
            """
            select coalesce(
                \(said.untilOn)::date between london_today() and london_today() + 731, true)
                as is_in_time
            """)
        guard found.bool(0, "is_in_time") == true else {
            throw Problem([
                JSONFault(
                    pointer: "/until_on", code: "out_of_range",
                    detail: "From today to two years ahead")
            ])
        }
        let reason = AccessReason(
            reason: said.reason, incidentID: said.incidentID, agreementID: said.agreementID)
        try await opened.record(until: said.untilOn, because: reason, by: reach.caller, in: tx)
        return Created(tx.stored(AccessGrants.one(id, reach)))
    }

    static func reinstate(
        _ id: ID<AccessGrant>, _ reason: AccessReason, within reach: Reach, in tx: Transaction
    ) async throws -> Created<AccessGrant> {
        try await act(.reinstated, on: id, reason, reach, tx)
    }

    static func freeze(
        _ id: ID<AccessGrant>, _ reason: AccessReason, within reach: Reach, in tx: Transaction
    ) async throws -> Created<AccessGrant> {
        try await act(.frozen, on: id, reason, reach, tx)
    }

    static func delete(
        _ id: ID<AccessGrant>, _ reason: AccessReason, within reach: Reach, in tx: Transaction
    ) async throws -> Created<AccessGrant> {
        try await act(.deleted, on: id, reason, reach, tx)
    }

    static func revoke(
        _ id: ID<AccessGrant>, _ reason: AccessReason, within reach: Reach, in tx: Transaction
    ) async throws -> Created<AccessGrant> {
        try await act(.revoked, on: id, reason, reach, tx)
    }

    private static func act(
        _ act: AccessAct, on id: ID<AccessGrant>, _ reason: AccessReason?, _ reach: Reach,
        _ tx: Transaction
    ) async throws -> Created<AccessGrant> {
        let opened = try await OpenedAccess.open(id, for: act, reach, in: tx)
        try await opened.record(because: reason, by: reach.caller, in: tx)
        return Created(tx.stored(AccessGrants.one(id, reach)))
    }
}
