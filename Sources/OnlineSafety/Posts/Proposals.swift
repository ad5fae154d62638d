import JSON
import Postgres

/// What needs a second person: it is proposed, and confirmed or refused by somebody else.
enum Proposals {
    static let routes: [Route] = [
        .get(
            "/v1/schools/{school}/proposals", "List proposals",
            "Those that wait, and the latest hundred that do not any more.",
            for: deciders.admitted(.ownProposals), by(list)),
        .post(
            "/v1/schools/{school}/proposals", "Propose a change",
            """
            One that alters who receives a report about its author. The chair of governors or the \
            headteacher who is not its author is told; where there is no such, a DSL, a deputy, a \
            governor. It can be decided for fourteen days.
            """,
            for: Posts.appointers.admitted(.ownProposals), by(propose)
        ).afterStepUp(),
        .post(
            "/v1/proposals/{proposal}/confirmation", "Confirm a proposal",
            "By a second person. The change is made at once, as its author's.",
            for: deciders.admitted(.ownProposals), by(confirm)
        ).afterStepUp().takingBodies(upTo: 1 << 10),
        .post(
            "/v1/proposals/{proposal}/refusal", "Refuse a proposal", "By a second person.",
            for: deciders.admitted(.ownProposals), by(refuse)
        ).takingBodies(upTo: 1 << 10),
        .post(
            "/v1/proposals/{proposal}/withdrawal", "Withdraw a proposal", "By its author.",
            for: Posts.appointers.admitted(.ownProposals), by(withdraw)
        ).takingBodies(upTo: 1 << 10),
    ]

    private static let deciders: [Role] = [
        .headteacher, .chairOfGovernors, .dsl, .deputyDSL, .linkGovernor, .governor,
    ]

    /// What somebody else has proposed, and the caller can decide.
    static let toDecide = ToDo(
        kind: "proposal_to_decide", words: "A change that waits for a second person",
        roles: deciders, link: "/v1/schools/{school}/proposals"
    ) { caller, schools in
        """
        select proposal.school_id,
            (proposal.expires_at at time zone 'Europe/London')::date as due_on
        from proposal_shown as proposal
        where proposal.status = 'waiting' and \(Relation.ownProposals.sql(caller, schools))
            and \(caller.account) in (
                select second_persons(proposal.school_id, proposal._proposed_by))
        order by proposal.expires_at
        """
    }

    static func list(
        of school: ID<School>, within reach: Reach, in tx: Transaction
    ) -> Listed<Proposal> {
        tx.listed(
            """
            (
                select proposal.* from proposal_shown as proposal
                where proposal.school_id = \(school) and \(reach.sql(.ownProposals))
                    and proposal.status = 'waiting'
                order by proposal.proposed_at, proposal.id
            )
            union all (
                select proposal.* from proposal_shown as proposal
                where proposal.school_id = \(school) and \(reach.sql(.ownProposals))
                    and proposal.status <> 'waiting'
                order by proposal.proposed_at desc, proposal.id
                limit 100
            )
            """)
    }

    static func propose(
        at school: ID<School>, _ wanted: ProposedChange, within reach: Reach, in tx: Transaction
    ) async throws -> Created<Proposal> {
        guard reach.schools(.ownProposals).contains(school) else { throw Problem(.notFound) }
        let id = ID<Proposal>()
        try await wanted.change(at: school, reach, in: tx)
            .propose(as: id, at: school, reach.caller, in: tx)
        return Created(tx.stored(one(id, reach)))
    }

    static func confirm(
        _ id: ID<Proposal>, within reach: Reach, in tx: Transaction
    ) async throws -> Created<Proposal> {
        try await decide(id, .confirmed, reach, in: tx)
    }

    static func refuse(
        _ id: ID<Proposal>, within reach: Reach, in tx: Transaction
    ) async throws -> Created<Proposal> {
        try await decide(id, .refused, reach, in: tx)
    }

    static func withdraw(
        _ id: ID<Proposal>, within reach: Reach, in tx: Transaction
    ) async throws -> Created<Proposal> {
        try await decide(id, .withdrawn, reach, in: tx)
    }

    private static func decide(
        _ id: ID<Proposal>, _ decision: Proposal.Status, _ reach: Reach, in tx: Transaction
    ) async throws -> Created<Proposal> {
        let found = try await tx.run(one(id, reach))
        guard let school = found.uuid(0, "school_id") else { throw Problem(.notFound) }
        try SchoolChange.check(
            await tx.run(
                """
                select decide_proposal(\(school), \(id), \(decision), \(reach.caller.name))
                    as against
                """))
        return Created(tx.stored(one(id, reach)))
    }

    private static func one(_ id: ID<Proposal>, _ reach: Reach) -> SQL {
        """
        select proposal.* from proposal_shown as proposal
        where proposal.id = \(id) and \(reach.sql(.ownProposals))
        """
    }
}

extension ProposedChange {
    /// The change that is proposed. Throws what is wrong with it, as making it would.
    fileprivate func change(
        at school: ID<School>, _ reach: Reach, in tx: Transaction
    ) async throws -> SchoolChange {
        if let appointment {
            return try await appointment.change(ID(), at: school, below: "/appointment", in: tx)
        }
        if let ending {
            let (own, change) = try await Posts.ending(
                of: ending.postID, on: ending.untilOn, within: "post.school_id = \(school)",
                below: "/ending", in: tx)
            guard own == school else { throw Problem(.notFound) }
            return change
        }
        if let leaving {
            return try await Leaving.change(
                of: leaving.personID, on: leaving.leftOn, remindedOn: nil, at: school, in: tx)
        }
        guard let setting, let known = Setting.all.first(where: { $0.name == setting.name.string })
        else {
            throw Problem([
                JSONFault(
                    pointer: "/setting/name", code: "unknown_word",
                    detail: "There is no such setting")
            ])
        }
        return try await Settings.change(
            of: known, to: setting.value, from: setting.effectiveOn, at: school,
            below: "/setting", in: tx)
    }
}

extension Relation {
    static let ownProposals = Relation(
        "own school's proposals",
        "Changes of the caller's school that wait for a second person (ORG-06)."
    ) { _, schools in "proposal.school_id = any(\(schools))" }
}
