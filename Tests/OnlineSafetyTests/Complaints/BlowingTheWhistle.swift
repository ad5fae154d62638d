import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety
@testable import Postgres

/// A disclosure: by whom, the receiver knows alone.
@Suite struct `Blowing the whistle` {
    private static let discloser: JSONValue = [
        "kind": "staff", "name": "Quillon Featherstonehaugh", "relation": "Teaches in Year 5",
    ]

    /// CMP-07
    @Test func `tells who did so to whoever received it, and to nothing else`() async throws {
        let work = try await ComplaintsAtWork.open()
        let id = try work.take(
            .whistleblowing, by: .staff, ("complainant", Self.discloser),
            ComplaintsAtWork.about(.technician))
        let path = "/v1/complaints/\(id)/reporter"
        let own = try work.register.as(.staff).get(path)
        #expect(own.json["reporter"]?["name"] == "Quillon Featherstonehaugh", "\(own.text)")
        #expect(try work.read(id, by: .headteacher).json["complainant"] == ["kind": "withheld"])
        #expect(try work.read(id, by: .staff).json["complainant"] == ["kind": "withheld"])
        for role in Role.allCases where role != .staff {
            #expect([403, 404].contains(try work.register.as(role).get(path).status), "\(role)")
        }
        // Without a fresh proof not even the receiver; the reading is on record, without a name.
        try work.register.database.execute("update session set stepped_up_until = null")
        let stale = try work.register.as(.staff).get(path)
        #expect(stale.status == 403 && stale.code == "step_up_required")
        let read = try work.register.as(.staff).get("/v1/audit?chain=reads&record_id=\(id)")
        #expect(read.data.contains { $0["record_kind"] == "complaint_reporter" })
        #expect(try work.register.database.everything().contains("Games in lessons"))
        #expect(try !work.register.database.everything().contains("Quillon"))
        #expect(try !work.register.database.everything().contains("Teaches in Year 5"))
    }

    /// CMP-07: neither the words that others read say who it was, nor who put it down.
    @Test func `names nobody beside what is sealed`() async throws {
        let work = try await ComplaintsAtWork.open()
        func taken(_ more: (String, JSONValue)...) throws -> [String: String] {
            try work.register.as(.staff).post(
                "/v1/complaints", ComplaintsAtWork.said(.whistleblowing, more)
            ).faults
        }
        #expect(
            try taken(
                ("complainant", Self.discloser),
                ("words", "quillon featherstonehaugh told me of it")
            ) == ["/words": "names_the_reporter"])
        let own: JSONValue = ["kind": "staff", "person_id": Case.person(.staff)]
        #expect(try taken(("complainant", own)) == ["/complainant": "own_disclosure"])
        let named: JSONValue = ["kind": "staff", "name": "the member of STAFF"]
        #expect(try taken(("complainant", named)) == ["/complainant": "own_disclosure"])
    }

    /// CMP-07: bound to the disclosure, so that what is sealed of one tells nothing in another.
    @Test func `cannot be read out of another disclosure`() async throws {
        let work = try await ComplaintsAtWork.open()
        let one = try work.take(.whistleblowing, by: .dsl, ("complainant", Self.discloser))
        let other = try work.take(.whistleblowing, by: .dsl)
        try work.register.database.execute(
            """
            update complaint_reporter set sealed = (
                select sealed from complaint_reporter where complaint_id = '\(one)')
            where complaint_id = '\(other)'
            """)
        #expect(try work.register.as(.dsl).get("/v1/complaints/\(one)/reporter").status == 200)
        #expect(try work.register.as(.dsl).get("/v1/complaints/\(other)/reporter").status == 404)
        #expect(
            try work.register.as(.dsl).get(
                "/v1/complaints/\(try work.take(.staff, by: .dsl))/reporter"
            )
            .status == 404)
    }
}

extension TestDatabase {
    /// All that stands in it.
    fileprivate func everything() throws -> String {
        let kept = try owner().run(
            """
            select string_agg(
                query_to_xml(format('select * from %I', relname), true, false, '')::text, ''
            ) as words
            from pg_class
            where relkind = 'r' and relnamespace = 'public'::regnamespace
            """)
        return kept.text(0, "words") ?? ""
    }
}
