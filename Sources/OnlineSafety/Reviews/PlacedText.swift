import JSON
import Postgres

/// A text with its place in a body.
struct PlacedText {
    let pointer: String
    let words: String

    init(_ pointer: String, _ words: String) { (self.pointer, self.words) = (pointer, words) }

    /// Those that name somebody of the school's roster: what governors or anybody read names posts
    ///
    static func faults(
        of texts: [PlacedText], at school: ID<School>, in tx: Transaction
    ) async throws -> [JSONFault] {
        guard !texts.isEmpty else { return [] }
        let found = try await tx.run(
            """
            select said.place::integer as place
            from unnest(\(texts.map(\.words))::text[]) with ordinality as said (words, place)
            where names_one_of_the_roster(\(school), said.words)
            order by said.place
            """)
        return (0..<found.count).map { row in
            JSONFault(
                pointer: texts[(found.int(row, "place") ?? 1) - 1].pointer, code: "names_a_person",
                detail: "Name the post: others read this who may know nobody's name")
        }
    }

    /// Those places whose person is no adult of the school's roster, or has left.
    static func unknown(
        _ people: [(pointer: String, id: ID<Person>)], at school: ID<School>, in tx: Transaction
    ) async throws -> [JSONFault] {
        guard !people.isEmpty else { return [] }
        let found = try await tx.run(
            """
            select said.place::integer as place
            from unnest(\(people.map(\.id))::uuid[]) with ordinality as said (id, place)
            where not exists (
                select from person_listed as person
                where person.school_id = \(school) and person.id = said.id
                    and person.kind <> 'pupil' and not has_left(person.school_id, person.id))
            order by said.place
            """)
        return (0..<found.count).map { row in
            JSONFault(
                pointer: people[(found.int(row, "place") ?? 1) - 1].pointer,
                code: "unknown_person",
                detail: "Name an adult of the school's roster who has not left")
        }
    }
}
