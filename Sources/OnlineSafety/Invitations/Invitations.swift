import JSON
import Postgres

/// How somebody new gets in: who may appoint invites them, and they choose their own password.
enum Invitations {
    static let area = Area(
        name: "Invitations",
        words: "How somebody new gets in, by a link that only they have.",
        routes: [
            .get(
                "/v1/invitations", "List invitations",
                "Of my schools and trusts; the newest first, five hundred at most.",
                for: inviters.admitted(.ownInvitations), by(list)),
            .post(
                "/v1/schools/{school}/invitations", "Invite somebody",
                """
                Sends somebody of the roster a link by which they choose a password and take the \
                post: whoever invites never learns a secret of theirs. By the headteacher; by the \
                chair, to the posts that the governing body fills; by the administrator, to those \
                that open no record (staff, temporary staff, office, technician). Whether they \
                have an account elsewhere alters nothing here: then they accept with it. Where the \
                post would alter who receives a report about whoever invites, it waits for a \
                second person once it is accepted. No link outlasts the post of temporary staff.
                """,
                for: inviters.filter(\.isOfASchool).admitted(.ownInvitations), by(invite)
            ).afterStepUp(),
            .post(
                "/v1/invitations/{invitation}/mail", "Send an invitation again",
                "By a link of its own; the one before is dead at once. Ten times at most.",
                for: inviters.admitted(.ownInvitations), by(sendAgain)
            ).afterStepUp(),
            .post(
                "/v1/invitations/{invitation}/revocation", "Revoke an invitation",
                "Its link is dead at once. By whoever may invite to such a post.",
                for: inviters.admitted(.ownInvitations), by(revoke)),
            .post(
                "/v1/invitations/acceptance", "Accept an invitation",
                """
                With the secret of the link. Whoever has no account chooses the password of their \
                new one; whoever has one by this address gives its password, and where it has a \
                second factor its code or a recovery code, and takes the post with it. Then log in.
                """,
                for: nil, by(accept)
            ).takingBodies(upTo: 16 << 10),
        ] + TrustPosts.routes,
        conflicts: [
            "account_email_is_unique": "An account of this address was made just now: ask again."
        ],
        vocabularies: [
            Vocabulary("invitation_statuses", Invitation.Status.self),
            Vocabulary("invitation_outcomes", Invitation.Outcome.self),
        ],
        deeds: [
            "invited", "invitation_sent_again", "invitation_revoked", "invitation_accepted",
        ])

    private static let inviters: [Role] = [
        .headteacher, .chairOfGovernors, .schoolAdministrator, .trustAdministrator,
    ]

    static func list(within reach: Reach, in tx: Transaction) -> Listed<Invitation> {
        tx.listed(
            """
            select invitation.* from invitation_shown as invitation
            where \(reach.sql(.ownInvitations))
            order by invitation.invited_at desc, invitation.id
            limit 500
            """)
    }

    static func invite(
        at school: ID<School>, _ wanted: Invitation.Wanted, within reach: Reach,
        in tx: Transaction
    ) async throws -> Created<Invitation> {
        guard reach.schools(.ownInvitations).contains(school) else { throw Problem(.notFound) }
        let change = try await wanted.post.change(
            ID(), at: school, below: "/post", ofTheInvited: true, in: tx)
        return try await invite(
            wanted.email, to: wanted.post.personID, named: nil, at: school, change,
            days: wanted.days, reach, in: tx)
    }

    /// Invites for a school or a trust. Throws `conflict` with what stands against it.
    static func invite(
        _ email: Text<254>, to person: ID<Person>?, named name: Text<200>?,
        at organisation: ID<School>, _ change: SchoolChange, days: Int?, _ reach: Reach,
        in tx: Transaction
    ) async throws -> Created<Invitation> {
        let id = ID<Invitation>()
        let found = try await tx.run(
            """
            select invite(
                \(organisation), \(id), \(ID<PresentedLink>()), \(person), \(name), \(email),
                \(change.json)::jsonb, make_interval(days => \(days ?? 7)::integer),
                \(reach.caller.name)) as against
            """)
        try SchoolChange.check(found)
        return Created(tx.stored(one(id, reach)))
    }

    static func sendAgain(
        _ id: ID<Invitation>, within reach: Reach, in tx: Transaction
    ) async throws -> Created<Invitation> {
        let organisation = try await organisation(of: id, reach, in: tx)
        try SchoolChange.check(
            try await tx.run(
                """
                select send_invitation_again(\(organisation), \(id), \(ID<PresentedLink>()))
                    as against
                """))
        return Created(tx.stored(one(id, reach)))
    }

    static func revoke(
        _ id: ID<Invitation>, within reach: Reach, in tx: Transaction
    ) async throws -> Created<Invitation> {
        let organisation = try await organisation(of: id, reach, in: tx)
        try SchoolChange.check(
            try await tx.run(
                """
                select revoke_invitation(\(organisation), \(id), \(reach.caller.name)) as against
                """))
        return Created(tx.stored(one(id, reach)))
    }

    private static func organisation(
        of id: ID<Invitation>, _ reach: Reach, in tx: Transaction
    ) async throws -> ID<School> {
        let found = try await tx.run(
            """
            select invitation._organisation_id as id from invitation_shown as invitation
            where invitation.id = \(id) and \(reach.sql(.ownInvitations))
            """)
        guard let organisation = found.uuid(0, "id") else { throw Problem(.notFound) }
        return ID(organisation)
    }

    private static func one(_ id: ID<Invitation>, _ reach: Reach) -> SQL {
        """
        select invitation.* from invitation_shown as invitation
        where invitation.id = \(id) and \(reach.sql(.ownInvitations))
        """
    }
}

extension Relation {
    static let ownInvitations = Relation(
        "own invitations", "Invitations to the schools and the trust in which the post is held."
    ) { _, organisations in "invitation._organisation_id = any(\(organisations))" }
}
