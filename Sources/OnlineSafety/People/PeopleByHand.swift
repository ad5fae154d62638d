import JSON
import OpenAPI
import Postgres

/// Persons whom the MIS does not know: the school adds and changes them itself. A batch never marks
/// them as left.
enum PeopleByHand {
    static let routes: [Route] = [
        .post(
            "/v1/people", "Add a person",
            "Somebody whom the MIS does not know: a visitor, a volunteer, a contractor.",
            for: Roster.keepers.admitted(.ownRoster), by(add)),
        .patch(
            "/v1/people/{person}", "Change a person",
            """
            Somebody without an `external_id`; the others are as the MIS tells them. What they \
            were is kept. Requires If-Match.
            """,
            for: Roster.keepers.admitted(.ownRoster), by(change)),
    ]

    static func add(
        _ said: PersonSaid, within reach: Reach, in tx: Transaction
    ) async throws -> Created<Person> {
        let known = try await tx.run(
            """
            select person.school_id
            from (select id as school_id from school) as person
            where person.school_id = \(said.schoolID) and \(reach.sql(.ownRoster))
            """)
        guard !known.isEmpty else {
            throw Problem([
                JSONFault(
                    pointer: "/school_id", code: "unknown_school",
                    detail: "Give a school whose roster you keep")
            ])
        }
        let (id, facts) = (ID<Person>(), try JSON.value(of: said).without(["school_id"]))
        save(facts, as: id, at: said.schoolID, isNew: true, by: reach.caller, in: tx)
        return Created(People.read(id, within: reach, in: tx))
    }

    static func change(
        _ id: ID<Person>, _ change: PersonChange, ifMatch: IfMatch, within reach: Reach,
        in tx: Transaction
    ) async throws -> Stored<Person> {
        // First, by itself: what is read below is as whoever had them in hand before left it.
        tx.add(
            """
            select person_to_change(person.school_id, person.id)
            from person_listed as person
            where person.id = \(id) and \(reach.sql(.ownRoster))
            """)
        let found = try await tx.run(
            """
            select person.school_id, person.etag,
                person_to_change(person.school_id, person.id) as facts
            from person_listed as person
            where person.id = \(id) and \(reach.sql(.ownRoster))
            """)
        guard let school = found.uuid(0, "school_id"), let etag = found.text(0, "etag"),
            let facts = found.json(0, "facts")
        else { throw Problem(.notFound) }
        try ifMatch.check(etag)
        let (known, said) = (try JSON.parse(facts), try JSON.value(of: change))
        let against = standsAgainst(said, known)
        guard against.isEmpty else { throw Problem(conflicts: against) }
        save(
            known.without(["has_post"]).merged(with: said), as: id, at: ID(school), isNew: false,
            by: reach.caller, in: tx)
        return People.read(id, within: reach, in: tx)
    }

    private static func standsAgainst(_ said: JSONValue, _ known: JSONValue) -> [Fault] {
        if known["external_id"]?.text != nil {
            return [
                Fault(
                    pointer: "", code: "kept_by_the_mis",
                    detail: "The MIS tells of them: change it there, and it comes with a batch")
            ]
        }
        guard let left = said["left_on"], left != .null, known["has_post"] == .bool(true) else {
            return []
        }
        return [
            Fault(
                pointer: "/left_on", code: "holds_a_post",
                detail: """
                    They hold a post, or are invited to one, which ends with it: record it by \
                    /leaving
                    """)
        ]
    }

    private static func save(
        _ facts: JSONValue, as id: ID<Person>, at school: ID<School>, isNew: Bool,
        by caller: Caller, in tx: Transaction
    ) {
        tx.add(
            """
            select save_person(
                \(school), \(id), \(JSON.string(of: facts))::jsonb, \(isNew), \(caller.name))
            """)
    }
}

extension JSONValue {
    /// An object with the members of another in place of its own (RFC 7396, one level deep).
    fileprivate func merged(with other: JSONValue) -> JSONValue {
        guard case .object(var object) = self, case .object(let changes) = other else {
            return self
        }
        for member in changes.members { object[member.name] = member.value }
        return .object(object)
    }
}
