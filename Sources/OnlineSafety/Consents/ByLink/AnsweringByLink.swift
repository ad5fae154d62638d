import JSON
import Postgres

/// Giving, refusing and withdrawing by a signing link: what is asked is shown where it is opened.
enum AnsweringByLink {
    static let routes: [Route] = [
        .post(
            "/v1/signing/people/{person}/consents", "Answer for somebody by a link",
            """
            What a parent says about a child for whom they have parental responsibility and may be \
            in touch, or an adult without a log-in about themselves (CON-04, CON-15). It counts at \
            once, and can be altered at any time; what was said before stays on record. What they \
            have said already today is not kept again, so that asking again changes nothing.
            """,
            for: [], by(answer)
        ).bySigningLink().takingBodies(upTo: 16 << 10)
    ]

    static func answer(
        for person: ID<Person>, _ said: LinkConsents.Said, _: LinkSigner, in tx: Transaction
    ) async throws -> Created<LinkConsents> {
        let found = try await tx.run(
            """
            select * from answer_by_link(
                \(person), \(ID<Consent>()), \(JSON.string(of: said.answers))::jsonb)
            """)
        let faults = (0..<found.count).map { ConsentFault.fault(found, $0) }
        guard faults.isEmpty else { throw Problem(faults) }
        return Created(tx.stored("select * from consents_by_link(\(person))"))
    }
}
