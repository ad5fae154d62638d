import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety
@testable import Postgres

/// The form of a chronology that moves with a pupil.
@Suite struct `Handing over a chronology` {
    /// INC-38
    @Test func `waits for an agency that must advise first, within the school for nobody`()
        async throws
    {
        let child = try await KnownChild.open()
        let one = try child.incident("Sam Birch wrote to Robin.")
        let hold = try one.post("agency-holds", JSON.value(of: AgencyHold.Put.example))
        #expect(hold.status == 201, "\(hold.json)")
        #expect(try child.handOver().codes == ["under_agency_hold"])
        #expect(try child.handOver(["form": "internal"]).status == 201)
        let advice = try one.post(
            "agency-holds/\(hold.id)/release", JSON.value(of: AgencyHold.Released.example))
        #expect(advice.status == 201)
        #expect(try child.handOver().status == 201)
    }

    /// AUD-02: to whom and why is on record; other children's names do not leave.
    @Test func `tells the next school all but the names of other children, and how many those are`()
        async throws
    {
        let child = try await KnownChild.open()
        try child.register.database.execute(
            """
            insert into person (school_id, id, kind, given_name, family_name)
            values ('\(TestSchool.hawthorn.id)', gen_random_uuid(), 'pupil', 'Maya', 'Elm')
            """)
        let one = try child.incident("Sam Birch and Maya Elm wrote to Robin; Sam began it.")
        try one.put(
            "chronology",
            [
                "kind": "conversation", "happened_at": "2026-11-20T09:30:00Z",
                "words": "Birch said that Robin had laughed",
            ])
        let handed = try child.handOver()
        #expect(handed.status == 201, "\(handed.json)")
        #expect(handed.json["withheld_number"] == 2 && handed["form"] == "withheld")
        for name in ["Sam", "Birch", "Maya", "Elm"] {
            #expect(!handed.text.contains(name), "\(name)")
        }
        #expect(handed.text.contains("[another child] and [another child] wrote to Robin"))
        #expect(handed["who"]?.hasPrefix("Robin Ash") == true)
        let entries = handed.json["entries"]?.asList ?? []
        #expect(handed.json["entries_number"] == .number(JSONNumber(entries.count)))
        #expect(
            entries.contains {
                $0["words"]?.text == "conversation; [another child] said that Robin had laughed"
            })
        let internally = try child.handOver(["form": "internal"])
        #expect(internally.json["withheld_number"] == 0)
        #expect(internally.text.contains("Sam Birch and Maya Elm"))

        // It is a part of the story from then on, and in the list, without what it said.
        let list = try child.register.as(.headteacher).get("\(KnownChild.path)/handovers")
        #expect(list.data.count == 2 && list.data.allSatisfy { $0["entries"] == nil })
        #expect(list.data.last?["to_name"] == "Amina Yusuf, DSL")
        #expect(try child.kinds().contains("chronology_handed_over"))
        let audit = try child.register.as(.headteacher).get("/v1/audit?chain=changes&limit=1000")
        let entry = audit.data.first { $0["deed"] == "chronology_handed_over" }
        #expect(
            entry?["record_ids"]?.asList.count == 1
                && entry?["by"]?.text?.hasSuffix(Role.dsl.label) == true)
        let exported = try child.register.database.number(
            """
            select count(*) from event
            where deed = 'exported' and record_kind = 'chronology'
                and \(one.id)::text::uuid = any (record_ids)
            """)
        #expect(exported == 2)
    }

    /// AUD-02: a child who was named by mistake stays in the report, and unnamed.
    @Test func `leaves out who is not involved any more`() async throws {
        let child = try await KnownChild.open()
        let one = try child.incident("Sam Birch wrote it, and Sam laughed.")
        let robin: JSONValue = ["group": "child", "person_id": Case.pupil, "parts": ["target"]]
        #expect(try one.triage(Case.finding(("people", [robin]))).status == 201)
        let sam = try child.places(in: one).other.text ?? ""
        let gone = try child.register.as(.dsl).ask(
            "DELETE", "\(one.path)/people/\(sam)", ["If-Match": "*"])
        #expect(gone.status == 204, "\(gone.text)")
        let handed = try child.handOver()
        #expect(handed.status == 201 && handed.json["withheld_number"] == 1, "\(handed.text)")
        #expect(!handed.text.contains("Sam") && !handed.text.contains("Birch"))
        #expect(handed.text.contains("[another child] wrote it, and [another child] laughed."))
    }

    @Test func `is a DSL's alone, says to whom and why, and tells of the period that is asked for`()
        async throws
    {
        let child = try await KnownChild.open()
        _ = try child.incident()
        for role in Role.allCases {
            let expected = [.dsl, .deputyDSL].contains(role) ? 201 : 403
            #expect(try child.handOver(as: role).status == expected, "\(role)")
        }
        #expect(
            try child.handOver(["reason": " ", "to_name": nil]).faults
                == ["/reason": "blank", "/to_name": "required"])
        #expect(
            try child.handOver(["from_on": "2026-02-01", "until_on": "2026-01-01"]).faults
                == ["/until_on": "ends_before_it_begins"])
        let early = try child.handOver(["until_on": "2019-01-01"])
        #expect(early.json["entries_number"] == 0 && early.json["entries"] == [])
        let whole = try child.handOver(["from_on": "2026-11-20"])
        #expect(whole.json["entries"]?.asList.isEmpty == false)
        // Nobody alters or makes one behind the back of the audit.
        let found = try child.register.database.number(
            "select count(*) from chronology_handover_unlike_its_entry")
        #expect(found == 0)
        try child.register.database.execute("update chronology_handover set to_school = 'Another'")
        #expect(
            try child.register.database.number(
                "select count(*) from chronology_handover_unlike_its_entry") > 0)
    }

    @Test(arguments: [
        ("Sam Birch-Ash hit Robin Ash", "[another child] hit Robin Ash"),
        ("sam birch-ash said so", "[another child] said so"),
        ("Sam and Same", "[another child] and Same"),
        ("The Ash family", "The Ash family"),
        ("Lou Ash and Robin", "[another child] and Robin"),
    ])
    func `takes names out whole, and leaves what is the child's own`(
        words: String, left: String
    ) throws {
        let database = try TestDatabase()
        defer { withExtendedLifetime(database) {} }
        let found = try database.owner().run(
            """
            select without_children(
                \(words), array['Lou Ash', 'Sam Birch-Ash'], 'Robin Ash') as words
            """)
        #expect(found.text(0, "words") == left)
    }
}
