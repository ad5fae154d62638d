import JSON
import OpenAPI
import Postgres

/// Whose password was forgotten.
struct RecoveryWanted: Body {
    let email: Text<254>

    static let words = "Whose password was forgotten."
    static var example: RecoveryWanted { RecoveryWanted(email: "amina.yusuf@hawthorn.example") }

    enum CodingKeys: String, FieldWords {
        case email

        var words: String {
            switch self {
            case .email: "The e-mail address of the account."
            }
        }
    }

    static func cleanse(_ value: JSONValue) -> (JSONValue, [SetAside]) { LogIn.cleanse(value) }
}

/// Getting back in: a forgotten password, and a second factor that was lost. Whoever helps causes
/// what the owner then does, and learns nothing.
enum Recoveries {
    static let routes: [Route] = [
        .post(
            "/v1/recoveries", "Ask for a new password",
            """
            Sends a link to that address, if an account has it; the answer is the same if none \
            has. The link counts once and for an hour. To one address one mail goes in ten \
            minutes, however often it is asked for.
            """,
            for: nil, by(ask)
        ).takingBodies(upTo: 4 << 10),
        .post(
            "/v1/recoveries/acceptance", "Choose a new password",
            """
            With the secret of the link. All sessions of the account end. It opens none: log in \
            with the new password, and with the code of the second factor where there is one.
            """,
            for: nil, by(accept)
        ).takingBodies(upTo: 16 << 10),
        .post(
            "/v1/people/{person}/recovery", "Help somebody to a new password",
            """
            Has the mail sent that they could ask for themselves. Who helps sees no secret, and \
            the old password holds until the owner chooses another. For somebody else who holds a \
            post in the school.
            """,
            for: [Role.headteacher, .schoolAdministrator].admitted(.ownRosterAccounts), by(help)),
        .post(
            "/v1/people/{person}/second-factor-reset", "Reset the second factor of somebody",
            """
            When the device and the recovery codes are lost, by somebody else than its owner. All \
            their sessions end, a notice tells them, and they set up another where the school asks \
            for one.
            """,
            for: [Role.headteacher, .dsl, .deputyDSL, .schoolAdministrator]
                .admitted(.ownRosterAccounts),
            by(resetSecondFactor)
        ).afterStepUp(),
    ]

    static func ask(
        _ wanted: RecoveryWanted, with parts: LogInParts, in tx: Transaction
    ) async throws -> Done {
        let guesses = Guesses(
            recoveryOf: wanted.email.string, from: parts.network, parts.service)
        _ = try await guesses.count(
            """
            select ask_for_recovery(
                \(wanted.email), \(ID<PresentedLink>()), \(guesses.counts.kinds),
                \(guesses.counts.subjects), \(parts.requestID)) as waits
            """, in: tx)
        return Done()
    }

    static func accept(
        _ answer: LinkAnswer, with parts: LogInParts, in tx: Transaction
    ) async throws -> Done {
        let link = try await PresentedLink(answer.token, for: "recovery", parts, in: tx)
        let hash = try await link.hash(answer.password, parts)
        let done = try await tx.run("select recover_account(\(link.hash), \(hash)) as id")
        guard done.uuid(0, "id") != nil else { throw PresentedLink.over }
        // Whoever has the mail is the owner: what others guessed is not held against them.
        Guesses(
            ownerOf: link.found.text(0, "email") ?? "", from: parts.network, parts.service
        ).forgive(["name_here", "name"], in: tx)
        return Done()
    }

    static func help(
        _ person: ID<Person>, within reach: Reach, in tx: Transaction
    ) async throws -> Done {
        let school = try await school(of: person, reach, in: tx)
        let helped = try await tx.run(
            "select send_recovery(\(school), \(person), \(ID<PresentedLink>())) as is_helped")
        guard helped.bool(0, "is_helped") == true else { throw notToBeHelped }
        return Done()
    }

    static func resetSecondFactor(
        of person: ID<Person>, within reach: Reach, in tx: Transaction
    ) async throws -> Done {
        let school = try await school(of: person, reach, in: tx)
        let done = try await tx.run(
            "select reset_second_factor(\(school), \(person)) as is_reset")
        guard done.bool(0, "is_reset") == true else { throw notToBeHelped }
        return Done()
    }

    private static let notToBeHelped = Problem(
        .conflict,
        "This is for somebody else than oneself, who holds a post in the school and has what is "
            + "to be replaced.")

    private static func school(
        of person: ID<Person>, _ reach: Reach, in tx: Transaction
    ) async throws -> ID<School> {
        let found = try await tx.run(
            """
            select school_id from person
            where id = \(person) and \(reach.sql(.ownRosterAccounts))
            """)
        guard let school = found.uuid(0, "school_id") else { throw Problem(.notFound) }
        return ID(school)
    }
}
