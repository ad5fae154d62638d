import Postgres

/// Sending the links, and taking them back.
enum SigningLinks {
    static let routes: [Route] = [
        .get(
            "/v1/signing-links", "List signing links",
            "Which were sent to whom, and how each stands. Never a secret.",
            for: (Agreements.keepers + Agreements.overseers).admitted(.signingLinksOfSchool),
            by(list)),
        .post(
            "/v1/signing-links", "Send a signing link",
            """
            By mail to a parent, a pupil or a visitor without a log-in. It opens what is put \
            before them on the day it is opened: of a parent the agreements of all their children \
            for whom they have parental responsibility and may be in touch, and what the school \
            asks their consent for; and nothing of another school. It ends when they leave, lose \
            that responsibility or have another address. Five a day at most to one person.
            """,
            for: Agreements.keepers.admitted(.signingLinksOfSchool), by(send)
        ).takingBodies(upTo: 4 << 10),
        .post(
            "/v1/signing-links/{link}/revocation", "Revoke a signing link",
            "It is dead at once. Revoking it again changes nothing and answers the same.",
            for: Agreements.keepers.admitted(.signingLinksOfSchool), by(revoke)
        ).takingBodies(upTo: 1 << 10),
    ]

    static func list(
        _ filter: SigningLinkFilter, _ page: PageRequest<SigningLinkOrder>, within reach: Reach,
        in tx: Transaction
    ) -> Page<SigningLink> {
        tx.page(page) { page in
            """
            select signing_link.*, signing_link.id as _id, \(page.order.key) as _key
            from signing_link_shown as signing_link
            where \(reach.sql(.signingLinksOfSchool)) and \(filter.sql) and \(page.after)
            order by \(page.order.sql)
            limit \(page.limit + 1)
            """
        }
    }

    static func send(
        _ wanted: SigningLink.Wanted, within reach: Reach, in tx: Transaction
    ) async throws -> Created<SigningLink> {
        let found = try await tx.run(
            """
            select person.school_id from person
            where person.id = \(wanted.personID)
                and person.school_id = any(\(reach.schools(.signingLinksOfSchool)))
            """)
        guard let school = found.uuid(0, "school_id") else { throw Problem(.notFound) }
        let id = ID<SigningLink>()
        let told = try await tx.run(
            """
            select send_signing_link(\(school), \(id), \(wanted.personID), \(reach.caller.name))
                as against
            """)
        let against = told.texts(0, "against") ?? []
        guard against.isEmpty else {
            throw Problem(
                conflicts: against.map {
                    Fault(pointer: "/person_id", code: $0, detail: words[$0] ?? "Not as it stands")
                })
        }
        return Created(tx.stored(one(id, reach)))
    }

    static func revoke(
        _ id: ID<SigningLink>, within reach: Reach, in tx: Transaction
    ) async throws -> Created<SigningLink> {
        let found = try await tx.run(
            """
            select signing_link.school_id from signing_link_shown as signing_link
            where signing_link.id = \(id) and \(reach.sql(.signingLinksOfSchool))
            """)
        guard let school = found.uuid(0, "school_id") else { throw Problem(.notFound) }
        tx.add("select revoke_signing_link(\(school), \(id), \(reach.caller.name))")
        return Created(tx.stored(one(id, reach)))
    }

    static let words = [
        "no_address": "The roster has no mail address of them",
        "signs_for_nobody":
            "They may sign for nobody by a link: they have a log-in, or no child for whom they "
            + "have parental responsibility and may be in touch, or share the address of somebody "
            + "who may not",
        "sent_too_often": "Five went to them within a day",
    ]

    private static func one(_ id: ID<SigningLink>, _ reach: Reach) -> SQL {
        """
        select signing_link.* from signing_link_shown as signing_link
        where signing_link.id = \(id) and \(reach.sql(.signingLinksOfSchool))
        """
    }
}

extension Relation {
    static let signingLinksOfSchool = Relation(
        "own school's signing links",
        "Links that were sent to people of the schools in which the post is held (AGR-07)."
    ) { _, schools in "signing_link.school_id = any(\(schools))" }
}
