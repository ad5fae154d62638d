import FoundationEssentials
import JSON
import Postgres
import Testing

@testable import OnlineSafety

/// What the schools' own agreements ask for: whom they are for, what they say and to whom, and what
/// is put down of whoever signs, has them in hand or only reads them.
@Suite struct `Holding agreements` {
    private let school = TestSchool.hawthorn

    /// The agreements of the sources, each with the kinds and the phases to whom it is put.
    private static let audiences: [(name: String, kinds: [String], phases: [String]?)] = [
        (
            "Code of conduct",
            ["teacher", "support_staff", "governor", "visitor", "regular_visitor", "contractor"],
            nil
        ),
        ("Tablets", ["teacher", "support_staff", "visitor"], nil),
        ("Rules for infants", ["pupil"], ["eyfs"]),
        ("Home and school", ["parent"], nil),
        ("A", ["teacher", "support_staff", "governor", "student_teacher"], nil),
        ("B", ["peripatetic", "supply", "regular_visitor"], nil),
        ("C", ["visitor", "volunteer", "parent_helper"], nil),
        ("D", ["pupil"], ["key_stage_1", "key_stage_2"]),
        ("E", ["pupil"], ["key_stage_3"]),
        ("F", ["parent"], nil),
        ("Adults", ["teacher", "support_staff", "outsourced_ict"], nil),
        ("Pupils, Key Stage 1", ["pupil"], ["eyfs", "key_stage_1"]),
        ("Pupils, Key Stage 2", ["pupil"], ["key_stage_2"]),
        ("Community", ["community_user", "visitor"], nil),
    ]

    @Test func `AGR-01: each agreement of the sources is put to those whom it is for`()
        async throws
    {
        let register = try await Register.open()
        for audience in Self.audiences {
            let entries = audience.kinds.map { kind -> JSONValue in
                guard let phases = audience.phases else { return ["kind": .string(kind)] }
                return ["kind": .string(kind), "phases": .array(phases.map { .string($0) })]
            }
            let template = try register.template(audience.name, for: .array(entries))
            _ = try register.publish(agreementText(["title": .string(audience.name)]), of: template)
        }
        let years = [
            ("r", "eyfs"), ("2", "key_stage_1"), ("5", "key_stage_2"), ("8", "key_stage_3"),
        ]
        let others = PersonKind.allCases.map(\.rawValue).filter { $0 != "pupil" }
        for (kind, year) in years.map({ ("pupil", $0) }) + others.map({ ($0, ("", "")) }) {
            let person = try register.person(kind, nil)
            try register.database.execute(
                "update person set year_group = nullif('\(year.0)', '') where id = '\(person)'")
            let expected = Self.audiences.filter { audience in
                audience.kinds.contains(kind) && audience.phases?.contains(year.1) != false
            }
            let owed = try register.as(.office).get("/v1/agreements?person_id=\(person)").data
            #expect(
                Set(owed.compactMap { $0["template"]?.text }) == Set(expected.map(\.name)),
                "\(kind) \(year)")
            #expect(owed.allSatisfy { $0["state"] == "owed" })
        }
    }

    @Test
    func `AGR-04: clauses keep their order and their codes, and are said otherwise to others`()
        async throws
    {
        let register = try await Register.open()
        let template = try register.template("Pupils", for: [["kind": "pupil"]])
        let headings: JSONValue = [
            [
                "code": "think", "words": "Before you click",
                "clauses": [
                    ["code": "think.ask", "words": "I ask before I use the internet."],
                    ["code": "think.tell", "words": "I tell an adult when something upsets me."],
                ],
            ],
            [
                "code": "kind", "words": "To others",
                "clauses": [["code": "kind.words", "words": "I write only what is kind."]],
            ],
        ]
        let said: [String: JSONValue] = [
            "signers": "pupil", "attestations": .null, "headings": headings,
            "variants": [
                [
                    "code": "signs", "name": "With signs", "kind": "plain_words",
                    "clauses": [
                        ["code": "think.ask", "words": "I ask.", "symbol": "?"],
                        ["code": "think.tell", "words": "I tell.", "symbol": "!"],
                    ],
                ],
                [
                    "code": "easy", "name": "Step by step", "kind": "differentiated",
                    "clauses": [["code": "kind.words", "words": "Stop. Read it. Is it kind?"]],
                ],
            ],
        ]
        let version = try register.publish(agreementText(said), of: template)
        let kept = try register.as(.staff).get("/v1/agreement-versions/\(version)")
        #expect(kept.json["text"]?["headings"] == headings)
        #expect(kept.json["text"]?["variants"]?[1]?["kind"] == "differentiated")
        func words(_ variant: String?) throws -> String {
            let pupil = try register.person("pupil", nil)
            let id = try register.issue(
                template, to: pupil, variant.map { ["variant": .string($0)] } ?? [:])
            return try register.as(.office).get("/v1/agreements/\(id)/copy")["words"] ?? ""
        }
        #expect(
            try words(nil).contains(
                """
                Before you click
                1. I ask before I use the internet.
                2. I tell an adult when something upsets me.

                To others
                1. I write only what is kind.
                """))
        #expect(
            try words("signs").contains(
                """
                Before you click
                1. ? I ask.
                2. ! I tell.

                To others
                1. I write only what is kind.
                """))
        #expect(try words("easy").contains("1. Stop. Read it. Is it kind?"))
        // The same rule keeps its code in the version that follows.
        let next = try register.publish(
            agreementText(said.merging(["title": "Anew"]) { $1 }), of: template)
        #expect(
            try register.as(.staff).get("/v1/agreement-versions/\(next)").json["text"]?["headings"]
                == headings)
    }

    @Test func `AGR-05: names are filled in when it is issued, and stay`() async throws {
        let register = try await Register.open()
        let template = try register.template("Visitors", for: [["kind": "visitor"]])
        let clause: JSONValue = .string(
            "At {{school}} {{coordinator}} coordinates, {{dsl}} leads; ask {{contact}}.")
        _ = try register.publish(
            agreementText([
                "headings": [
                    [
                        "code": "who", "words": "Who",
                        "clauses": [["code": "who.is", "words": clause]],
                    ]
                ]
            ]), of: template)
        func copy(_ id: String) throws -> String {
            try register.as(.office).get("/v1/agreements/\(id)/copy")["words"] ?? ""
        }
        let first = try register.issue(template, to: register.person("visitor", nil))
        let usual = """
            1. At Hawthorn The Online safety coordinator coordinates, The Designated safeguarding \
            lead leads; ask The Online safety coordinator.
            """
        #expect(try copy(first).contains(usual))
        let set = try register.as(.headteacher).put(
            "/v1/schools/\(school.id)/settings/agreement-contact",
            ["value": ["office", "headteacher"]], ["If-Match": "*"])
        #expect(set.status == 200, "\(set.json)")
        let second = try register.issue(template, to: register.person("visitor", nil))
        #expect(try copy(second).contains("ask The Headteacher, The School office."))
        #expect(try copy(first).contains(usual))
    }

    @Test
    func `AGR-06, AGR-10, AGR-23: each writes and confirms what is asked of them, and of what`()
        async throws
    {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T12:00:00Z")
        try register.addFamily()
        let adults = try register.template("Staff", for: [["kind": "teacher"]])
        let codes = ["policy_read", "data_policy_read", "understood", "copy_kept"]
        _ = try register.publish(
            agreementText([
                "fields": ["job_title"], "part_of": "the contract of employment",
                "attestations": .array(
                    codes.map { ["code": .string($0), "words": .string("So it is: \($0)")] }),
            ]), of: adults)
        let staff = register.as(.staff)
        let id = try register.issue(adults, to: school.person(.staff).lowercased, by: .staff)
        let path = "/v1/agreements/\(id)/signatures"
        #expect(try staff.post(path, ["full_name": " "]).faults["/full_name"] == "blank")
        let wanting = try staff.post(path, signature(["attestations": ["copy_kept"]]))
        #expect(wanting.faults == ["/job_title": "required", "/attestations": "unconfirmed"])
        let signed = try staff.post(
            path,
            signature([
                "job_title": "Teacher", "attestations": .array(codes.map { .string($0) }),
            ]))
        let mine = try #require(signed.json["signatures"]?[0])
        #expect(mine["full_name"] == "Grace Okafor" && mine["job_title"] == "Teacher")
        #expect(mine["signed_on"] == "2026-11-20")
        #expect(mine["attestations"] == .array(codes.map { .string($0) }))
        let words = try #require(try staff.get("/v1/agreements/\(id)/copy")["words"])
        #expect(words.contains("It forms part of the contract of employment."))
        #expect(codes.allSatisfy { words.contains("So it is: \($0)") })

        try register.database.setClock("2026-11-10T12:00:00Z")
        let pupils = try register.rulesForPupils([
            "fields": ["class_name"],
            "attestations": [
                ["code": "with_child", "words": "I discussed it with my child.", "by": "parent"],
                ["code": "with_parents", "words": "I discussed it at home.", "by": "pupil"],
            ],
        ])
        try register.database.setClock("2026-11-20T12:00:00Z")
        let child = try register.issue(pupils, to: school.pupil.lowercased)
        let office = register.as(.office)
        let half: [String: JSONValue] = ["kept_at": "Office", "signed_on": "2026-11-18"]
        let pupil = try office.post(
            "/v1/agreements/\(child)/signatures",
            signature(
                half.merging(["full_name": "Robin Ash", "attestations": ["with_parents"]]) { $1 }))
        #expect(pupil.faults == ["/class_name": "required"])
        _ = try office.post(
            "/v1/agreements/\(child)/signatures",
            signature(
                half.merging([
                    "full_name": "Robin Ash", "attestations": ["with_parents"], "class_name": "5B",
                ]) { $1 }))
        let both = try office.post(
            "/v1/agreements/\(child)/signatures",
            signature([
                "full_name": "Ines and Omar Ash", "attestations": ["with_child"],
                "kept_at": "Office", "part": "parent", "signer_id": .string(TestSchool.parent),
            ]))
        guard case .array(let halves)? = both.json["signatures"] else { return }
        #expect(halves.map { $0["full_name"] } == ["Robin Ash", "Ines and Omar Ash"])
        #expect(halves.map { $0["class_name"] } == ["5B", nil])
        #expect(halves.map { $0["signed_on"] } == ["2026-11-18", "2026-11-20"])
        #expect(halves.map { $0["attestations"] } == [["with_parents"], ["with_child"]])
    }

    @Test
    func `AGR-16, AGR-17, AGR-27: what is handed over, only given, or agreed to is not signed`()
        async throws
    {
        let register = try await Register.open()
        let office = register.as(.office)
        func issue(_ form: String, to kind: String) throws -> (id: String, person: String) {
            let template = try register.template(form, for: [["kind": .string(kind)]])
            _ = try register.publish(
                agreementText([
                    "form": .string(form), "attestations": .null, "opens": ["internet"],
                ]), of: template)
            let person = try register.person(kind, nil)
            return (try register.issue(template, to: person), person)
        }
        func isOpen(_ person: String) throws -> JSONValue? {
            try office.get("/v1/gate?for=internet&person_id=\(person)").json["is_allowed"]
        }
        let sheet = try issue("delivery", to: "volunteer")
        #expect(try isOpen(sheet.person) == false)
        let path = "/v1/agreements/\(sheet.id)/signatures"
        #expect(
            try office.post(path, ["full_name": "Some Body", "how": "paper", "kept_at": "A"])
                .faults == ["/how": "not_so"])
        let handed = try office.post(
            path,
            ["full_name": "Some Body", "exceptions": "May photograph the play, agreed by the head"])
        #expect(handed["state"] == "signed" && handed["form"] == "delivery")
        let delivery = try #require(handed.json["signatures"]?[0])
        #expect(delivery["how"] == "delivery" && delivery["entered_by"] == "School office")
        #expect(delivery["exceptions"] == "May photograph the play, agreed by the head")
        #expect(try isOpen(sheet.person) == true)

        let guide = try issue("information", to: "parent")
        let given = try office.get("/v1/agreements/\(guide.id)")
        #expect(given["state"] == "issued" && given["form"] == "information")
        #expect(given.json["is_current"] == true && given.json["signatures"] == [])
        #expect(
            try office.get("/v1/agreements?person_id=\(guide.person)&is_overdue=true").data == [])
        #expect(try isOpen(guide.person) == true)

        let rules = try issue("agreement", to: "visitor")
        #expect(try isOpen(rules.person) == false)
        let agreed = try office.post(
            "/v1/agreements/\(rules.id)/signatures",
            ["full_name": "Some Body", "how": "in_person"])
        #expect(agreed["state"] == "signed" && agreed["form"] == "agreement")
        #expect(try isOpen(rules.person) == true)
    }

    @Test func `AGR-20: who has signed, who has not and who is late, by class, year and kind`()
        async throws
    {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T12:00:00Z")
        try register.addFamily()
        try register.database.execute(
            """
            update person set class_name = '5B', year_group = '5' where id = '\(TestSchool.sibling)'
            """)
        let third = try register.person("pupil", nil)
        try register.database.execute(
            "update person set class_name = '6W', year_group = '6' where id = '\(third)'")
        let template = try register.rulesForPupils(["signers": "parent", "due_days": 7])
        let office = register.as(.office)
        for child in [school.pupil.lowercased, TestSchool.sibling, third] {
            _ = try register.issue(template, to: child)
        }
        let parent = try register.signer(TestSchool.parent)
        let id = try #require(
            try office.get("/v1/agreements?person_id=\(school.pupil)").data.first?["id"]?.text)
        _ = try parent.post("/v1/signing/agreements/\(id)/signature", parentsSignature)
        func groups(_ by: String) throws -> [String: [JSONValue?]] {
            try office.get("/v1/agreement-completion?by=\(by)").data.reduce(into: [:]) {
                let counts = ["put_to", "current", "outstanding", "overdue", "rate"]
                let group = $1["group"]?.text ?? "all"
                $0[group] = counts.map { [one = $1] name in one[name] }
            }
        }
        #expect(try groups("class_name") == ["5B": [2, 1, 1, 0, 50], "6W": [1, 0, 1, 0, 0]])
        try register.database.setClock("2026-11-28T12:00:00Z")
        #expect(try groups("year_group") == ["5": [2, 1, 1, 1, 50], "6": [1, 0, 1, 1, 0]])
        #expect(try groups("kind") == ["pupil": [3, 1, 2, 2, 33]])
        #expect(try groups("template") == ["all": [3, 1, 2, 2, 33]])
        func people(_ query: String) throws -> [String?] {
            try office.get("/v1/agreements?\(query)").data.map { $0["person_id"]?.text }
        }
        #expect(try people("is_current=true") == [school.pupil.lowercased])
        #expect(try people("is_overdue=true&class_name=5B") == [TestSchool.sibling])
        #expect(try people("state=issued&year_group=6") == [third])
    }
}
