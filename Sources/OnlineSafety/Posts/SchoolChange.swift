import FoundationEssentials
import JSON
import Postgres

/// A change of a school's settings or posts: one at a time in a school, never such that nobody is a
/// DSL contact or takes reports any more (ORG-05), and not by its author alone where it alters who
/// receives a report about them. See `change_school` in the migrations.
struct SchoolChange {
    /// As the database takes it.
    let json: String

    static func setting(
        _ setting: Setting, to value: String, version: Int, from day: String
    ) -> SchoolChange {
        SchoolChange(
            json: """
                {"kind":"setting","name":"\(setting.name)","version":\(version),\
                "value":\(value),"effective_on":"\(day)"}
                """)
    }

    init(json: String) { self.json = json }

    /// What somebody said, with its kind and what the register adds to it.
    init(_ kind: StaticString, _ said: some Encodable, _ more: [(String, JSONValue)] = []) {
        let text = Array(JSON.string(of: said).utf8)
        var object = JSONObject([.init("kind", .string(kind.description))])
        if case .object(let own)? = try? text.withUnsafeBytes({ try JSON.parse($0) }) {
            for member in own.members { object[member.name] = member.value }
        }
        for (name, value) in more { object[name] = value }
        json = JSON.string(of: JSONValue.object(object))
    }

    /// Makes it for the caller. Throws `conflict` with everything that stands against it.
    func make(at school: ID<School>, _ caller: Caller, in tx: Transaction) async throws {
        let found = try await tx.run(
            "select change_school(\(school), \(json)::jsonb, \(caller.name)) as against")
        try Self.check(found)
    }

    /// Proposes it to whoever can confirm it.
    func propose(
        as id: ID<Proposal>, at school: ID<School>, _ caller: Caller, in tx: Transaction
    ) async throws {
        let found = try await tx.run(
            """
            select propose_change(\(school), \(id), \(json)::jsonb, \(caller.name)) as against
            """)
        try Self.check(found)
    }

    /// Throws `conflict` with the words for every code that the database answered.
    static func check(_ found: Answer) throws(Problem) {
        let codes = found.texts(0, "against") ?? []
        guard codes.isEmpty else {
            throw Problem(
                conflicts: codes.map {
                    Fault(pointer: "", code: $0, detail: words[$0] ?? "Not as things stand")
                })
        }
    }

    static let words = [
        "last_dsl": "Nobody would be a DSL contact any more: appoint a successor first",
        "last_report_taker":
            "Nobody would take incident reports any more: appoint a successor first",
        "second_person_needed":
            "It alters who receives a report about you: propose it, for a second person to confirm",
        "nobody_to_confirm":
            "It takes somebody away who receives reports about you, and nobody could confirm it",
        "no_second_person_needed": "No second person is needed: make the change itself",
        "too_many_proposals": "Twenty proposals wait already: decide those first",
        "not_yours_to_decide": "This is for a second person, and to withdraw for its author",
        "decided_already": "It has been decided already",
        "expired": "It was not decided within fourteen days: propose it again",
        "changed_meanwhile": "It has been changed since, or they left: look at it anew",
        "training_wanting":
            "The school asks for training first that they do not have, or that has run out",
        "held_already": "They hold this post already in that time",
        "ended_already": "This has ended already",
        "ends_before": "It ends by then already: to hold it longer is an appointment",
        "left_already": "They leave by then already: to stay longer is an appointment",
        "last_of_the_head":
            "Nobody could be told of a report about the headteacher any more: appoint one first",
        "author_may_not": "Whoever proposed it might not any more: propose it yourself",
        "has_account": "They have an account already: appoint them",
        "address_is_anothers":
            "Somebody else of the roster has this address, or is invited by it: each has their own",
        "pupil": "A pupil has no account: they report by an intake key",
        "too_many_invitations": "Five hundred invitations wait already: revoke those not needed",
        "accepted_already": "It has been accepted already",
        "revoked_already": "It has been revoked: invite them anew",
        "sent_too_often": "It has been sent ten times: revoke it, and invite them anew",
        "last_trust_administrator":
            "Nobody would be an administrator of the trust any more: invite a successor first",
    ]
}
