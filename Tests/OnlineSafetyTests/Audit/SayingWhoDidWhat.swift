import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety
@testable import Postgres

/// An entry says who did it, and to which records of its kind.
@Suite struct `An entry of a change` {
    private let school = TestSchool.hawthorn
    private let path = "/v1/schools/\(TestSchool.hawthorn.id)"

    private func entry(_ deed: String, _ register: Register) throws -> Entry {
        try #require(try register.database.entries().last { $0.deed == deed }, "\(deed)")
    }

    private func person(_ role: Role) -> JSONValue { .string(school.person(role).uuidString) }

    private func propose(_ register: Register, _ change: JSONValue) throws -> String {
        let told = try register.as(.headteacher).post("\(path)/proposals", change)
        #expect(told.status == 201)
        return told.id
    }

    @Test func `that a second person let happen names its author, and them beside it`()
        async throws
    {
        let register = try await Register.open()
        let id = try propose(
            register, ["appointment": ["person_id": person(.office), "role": "deputy_dsl"]])
        let told = try register.as(.chairOfGovernors).post("/v1/proposals/\(id)/confirmation")
        #expect(told["status"] == "confirmed")
        let (made, confirmed) = (
            try entry("appointed", register), try entry("proposal_confirmed", register)
        )
        #expect(made.account == school.account(.headteacher) && made.roles == ["headteacher"])
        #expect(
            try register.database.number(
                "select count(*) from event where deed = 'appointed' and session_id is null") == 1)
        #expect(confirmed.account == school.account(.chairOfGovernors))
        #expect(confirmed.roles == ["chair_of_governors"])
        #expect(made.request == confirmed.request)
        let seat = try register.database.owner().run(
            "select id from seat where account_id = \(school.account(.office)) and role <> 'office'"
        )
        #expect(made.kind == "seat" && made.records == [seat.uuid(0, "id")])
    }

    @Test func `that somebody accepted names whoever invited them`() async throws {
        let register = try await Register.open()
        _ = try register.as(.headteacher).invite(register.newcomer(), "nadia@new.example")
        let link = try #require(try register.links().first)
        #expect(try register.accept(link.secret, "four lanterns by the bridge").status == 204)
        let made = try entry("appointed", register)
        #expect(made.account == school.account(.headteacher) && made.roles == ["headteacher"])
        let accepted = try entry("invitation_accepted", register)
        #expect(accepted.account != nil && accepted.account != made.account)
        #expect(try register.database.recordsOfAnotherKind() == [])
    }

    @Test func `is not made for an author who might not make it any more`() async throws {
        let register = try await Register.open()
        let id = try propose(
            register, ["appointment": ["person_id": person(.office), "role": "deputy_dsl"]])
        try register.vacate(.headteacher)
        let chair = register.as(.chairOfGovernors)
        let told = try chair.post("/v1/proposals/\(id)/confirmation")
        #expect(told.status == 409 && told.codes == ["author_may_not"])
        #expect(try chair.post("/v1/proposals/\(id)/refusal")["status"] == "refused")
    }

    @Test func `names records of its kind, and of no other`() async throws {
        let register = try await Register.open()
        let head = register.as(.headteacher)
        #expect(try head.post("\(path)/allegation-readiness").status == 201)
        let post = try head.post(
            "\(path)/posts", ["person_id": person(.office), "role": "technician"])
        #expect(try head.post("/v1/posts/\(post.id)/ending", [:]).status == 201)
        #expect(
            try head.post("/v1/people/\(school.person(.office))/leaving", [:]).status == 201)
        let deeds = try register.database.entries().map(\.deed)
        #expect(Set(deeds).isSuperset(of: ["procedure_known", "appointed", "post_ended", "left"]))
        #expect(try register.database.recordsOfAnotherKind() == [])
    }
}

extension TestDatabase {
    /// Entries of changes that name a record which is none of their kind: a kind is a table, or one
    /// of the small registers, and a record a row of it.
    func recordsOfAnotherKind() throws -> Set<String> {
        let connection = try owner()
        let kinds = try connection.run(
            """
            select kind, "table", exists (
                    select from information_schema.columns
                    where table_name = "table" and column_name = 'id'
                ) as has_ids
            from (
                select distinct event.record_kind as kind,
                    case when register_kind.kind is null then event.record_kind
                        else 'register_entry' end as "table"
                from event left join register_kind on register_kind.kind = event.record_kind
                where chain = 'changes'
            ) as named
            """)
        var others: Set<String> = []
        for row in 0..<kinds.count {
            let (kind, table) = (kinds.text(row, "kind") ?? "", kinds.text(row, "table") ?? "")
            // A version of what the school says to all is named by the school.
            if kind == "monitoring_notice" { continue }
            guard kinds.bool(row, "has_ids") == true else {
                others.insert("\(kind): no such table")
                continue
            }
            try connection.execute(
                script: """
                    create or replace temp view of_another_kind as
                    select event.deed || ' ' || event.record_kind as name from event
                    where event.chain = 'changes' and event.record_kind = '\(kind)' and exists (
                        select from unnest(event.record_ids) as named (id)
                        where not exists (select from \(table) where \(table).id = named.id)
                            -- A marker's entries are also found by the pupil whose it is.
                            and not (event.record_kind = 'vulnerability_marker' and exists (
                                select from person where person.id = named.id)))
                    """)
            let found = try connection.run("select name from of_another_kind")
            others.formUnion((0..<found.count).compactMap { found.text($0, "name") })
        }
        return others
    }
}
