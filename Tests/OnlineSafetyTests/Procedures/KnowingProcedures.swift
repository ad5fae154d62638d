import JSON
import Testing

@testable import OnlineSafety

/// What a school does of which kind of incident: the usual, and its own beside it.
@Suite struct `Knowing the procedures of a school` {
    private static let path = "/v1/schools/\(TestSchool.hawthorn.id)/procedures"
    private static let map = "/v1/schools/\(TestSchool.hawthorn.id)/procedure-map"

    @Test func `each of the requirements has one, in order, with all that its people must know`()
        async throws
    {
        let register = try await Register.open()
        let told = try register.as(.staff).get(Self.path).data
        #expect(
            told.compactMap { $0["source"]?.text } == [
                "PRC-04", "PRC-05", "PRC-08", "PRC-09", "PRC-11", "PRC-12", "PRC-13", "PRC-14",
                "PRC-15", "PRC-16", "PRC-17", "PRC-18", "PRC-19", "PRC-20", "PRC-21", "PRC-22",
                "PRC-23", "PRC-24", "PRC-25", "PRC-26", "PRC-27",
            ])
        for one in told {
            let known = try JSON.decode(SchoolProcedure.self, from: one)
            #expect(known.steps.flatMap { $0.faults(at: "") }.isEmpty, "\(known.code.string)")
            #expect(known.jurisdiction == .england && !known.references.isEmpty)
            // Every step waits for somebody, for some time, and leaves something on record.
            for step in known.steps {
                let name = "\(known.code.string) \(step.code.string)"
                #expect(step.within != nil, "\(name)")
                #expect(
                    step.need == .question || step.record != nil || step.asksFor != nil
                        || step.isKept == nil, "\(name)")
            }
            // What the usual one says a school can say of itself.
            let said = SchoolProcedure.Said(
                isUsed: nil, steps: Few(known.steps), references: Few(known.references),
                fromOn: nil)
            #expect(said.ownFaults.map(\.pointer) == [], "\(known.code.string)")
        }
        #expect(try register.as(.dsl, at: .rosehip).get(Self.path).data.isEmpty)
        #expect(try register.as(.dsl, at: .rosehip).get("\(Self.path)/hate").status == 404)
        #expect(try register.as(.dsl).get("\(Self.path)/sorcery").status == 404)
    }

    @Test func `a school sets its own steps beside the usual, but drops none that tells outside`()
        async throws
    {
        let register = try await Register.open()
        let hate = "\(Self.path)/hate"
        let usual = try register.as(.dsl).get(hate)
        guard case .array(let steps)? = usual.json["steps"] else {
            throw WorkedProcedure.NoSuchStep(code: "hate")
        }
        let police = steps[0]
        let own: JSONValue = [
            "code": "assembly", "actor": "headteacher", "need": "mandatory",
            "words": "An assembly is held.", "record": "Of which years",
            "within": ["amount": 10, "unit": "school_days"],
        ]
        // Everything that is wrong with it is said at once.
        let refused = try register.as(.dsl).put(
            hate,
            [
                "is_used": false,
                "steps": [
                    police.without(["asks_for"]),
                    own.with("question", "Is it Monday?").with("after", "tomorrow"),
                    own.without(["need"]).with("need", "conditional"),
                ],
            ], ["If-Match": "\"0\""])
        #expect(
            refused.faults == [
                "/is_used": "procedure_is_kept", "/steps/0": "step_is_kept",
                "/steps/1/question": "not_wanted", "/steps/1/after": "unknown_step",
                "/steps/2/code": "repeated", "/steps/2/question": "required",
            ])
        #expect(
            try register.as(.dsl).put(hate, ["steps": [own]], ["If-Match": "\"0\""]).faults == [
                "/steps": "step_is_kept"
            ])
        // Nor later, by somebody else, about something else or after something else.
        for (name, value) in [
            ("within", ["amount": 400, "unit": "school_days"]), ("actor", "technician"),
            ("question", "Is it Monday?"), ("after", own["code"] ?? .null),
        ] as [(String, JSONValue)] {
            let weaker = police.without([name]).with(name, value)
            #expect(
                try register.as(.dsl).put(hate, ["steps": [own, weaker]], ["If-Match": "\"0\""])
                    .faults == ["/steps/1": "step_is_kept"], "\(name)")
        }
        let body: JSONValue = ["steps": [police, own]]
        #expect(try register.as(.staff).put(hate, body, ["If-Match": "\"0\""]).status == 403)
        #expect(try register.as(.dsl).put(hate, body).status == 428)
        let told = try register.as(.dsl).put(hate, body, ["If-Match": "\"0\""])
        #expect(told.status == 200, "\(told.json)")
        #expect(told.json["is_own"] == true && told.json["version"] == 1)
        #expect(told.json["usual_steps"] == usual.json["steps"])
        #expect(told.json["usual_version"] == 1)
        #expect(told["set_by"] == "DSL" || told["set_by"] != nil)
        #expect(try register.as(.dsl).put(hate, body, ["If-Match": "\"0\""]).status == 412)
        // Another day, another version; what holds on a day is asked by it.
        let later = try register.as(.headteacher).put(
            hate, ["from_on": "2099-01-01"], ["If-Match": "\"1\""])
        #expect(later.status == 200 && later.json["is_own"] == false)
        let before = try register.as(.staff).get(hate)
        #expect(before.json["is_own"] == true && before["etag"] == "\"2\"")
        #expect(
            try register.as(.staff).get("\(hate)?on=2099-01-02").json["is_own"] == false)
        #expect(
            try register.as(.dsl, at: .rosehip).get(
                "/v1/schools/\(TestSchool.rosehip.id)/procedures/hate"
            ).json["is_own"] == false)
    }

    /// PRC-28
    @Test func `each carries what it relies on, which a school replaces with its own`()
        async throws
    {
        let register = try await Register.open()
        for one in try register.as(.staff).get(Self.path).data {
            guard case .array(let references)? = one["references"] else {
                Issue.record("\(one["code"]?.text ?? "") relies on nothing")
                continue
            }
            #expect(!references.isEmpty)
        }
        let path = "\(Self.path)/youth_produced_imagery"
        let usual = try register.as(.dsl).get(path)
        let own: JSONValue = [
            [
                "title": "Hedgerow safeguarding partnership: images", "year": 2026,
                "link": "https://www.hedgerow.example/images",
            ],
            ["title": "Child protection policy of Hawthorn", "year": 2026],
        ]
        let refused = try register.as(.dsl).put(
            path, ["references": [["title": "It", "link": "http://plain.example", "year": 26]]],
            ["If-Match": "*"])
        #expect(
            refused.faults == [
                "/references/0/link": "https_link", "/references/0/year": "out_of_range",
            ])
        let told = try register.as(.dsl).put(path, ["references": own], ["If-Match": "*"])
        #expect(told.status == 200)
        #expect(try references(told.json) == references(["references": own]))
        #expect(told.json["steps"] == usual.json["steps"] && told.json["is_own"] == false)
        let one = try Case.triaged(register, [.sextingIIOC], ["youth_produced_imagery"])
        let attached = try register.as(.dsl).get("\(one.path)/procedures").data
        #expect(try references(attached.first) == references(["references": own]))
    }

    /// On what something relies, however its members are ordered.
    private func references(_ shown: JSONValue?) throws -> [[String?]] {
        guard case .array(let told)? = shown?["references"] else { return [] }
        return try told.map { try JSON.decode(ProcedureReference.self, from: $0) }
            .map { [$0.title.string, $0.year.map { "\($0.number)" }, $0.link?.string] }
    }

    /// PRC-02
    @Test func `types have the procedures of the table, which a school changes`() async throws {
        let register = try await Register.open()
        let table: [IncidentType: (attached: [String], choose: [String], offered: [String])] = [
            .ageInappropriate: ([], ["unsuitable_site", "social_media_use"], []),
            .chainThreatening: (["upsetting_message"], [], []),
            .cyberbullying: ([], ["cyberbullying", "sexual_violence_harassment"], []),
            .hate: (["hate"], [], []),
            .sextingIIOC: (
                [],
                [
                    "youth_produced_imagery", "indecent_images_any", "indecent_images_inadvertent",
                    "indecent_images_on_devices", "indecent_images_staff",
                ], []
            ),
            .grooming: (["exploitation"], [], []),
            .pornographic: (["unsuitable_site"], [], ["sexual_violence_harassment"]),
            .violent: (["unsuitable_site"], [], []),
            .accountImpersonation: (["cyberbullying"], [], []),
            .accountMisuse: (["illegal_activity"], [], []),
            .imagesNoPermission: (["cyberbullying"], [], []),
            .disrepute: (["negative_comments"], [], []),
            .bypassSecurity: (["monitoring_concern"], [], []),
            .hackingViruses: (["illegal_activity"], [], []),
            .terrorist: (
                ["illegal_activity"], ["radicalisation_child", "radicalisation_staff"], []
            ),
            .drugBomb: (["illegal_activity"], [], []),
        ]
        let told = try JSON.decode(
            ProcedureMap.self, from: register.as(.staff).get(Self.map).json)
        #expect(told.types.map(\.type) == IncidentType.allCases)
        for one in told.types {
            let known = table[one.type] ?? ([], [], [])
            #expect(one.attached.map(\.string) == known.attached, "\(one.type)")
            #expect(one.choose.map(\.string) == known.choose, "\(one.type)")
            #expect(one.offered.map(\.string) == known.offered, "\(one.type)")
        }
        // Several may apply to one incident.
        let two = try Case.triaged(register, [.hate, .disrepute])
        #expect(Set(try two.procedures().map(\.code)) == ["hate", "negative_comments"])
        // A school has it otherwise; what tells somebody outside stays with its type.
        let refused = try register.as(.dsl).put(
            Self.map,
            [
                "types": [
                    ["type": "grooming", "attached": ["hate"]],
                    ["type": "gambling", "attached": ["sorcery"]],
                ]
            ], ["If-Match": "*"])
        #expect(
            refused.faults == [
                "/types/0": "procedure_is_kept", "/types/1/attached/0": "unknown_procedure",
            ])
        let own: JSONValue = [
            "types": [["type": "gambling", "attached": ["obsessive_behaviour", "hate"]]]
        ]
        #expect(try register.as(.office).put(Self.map, own, ["If-Match": "*"]).status == 403)
        let set = try register.as(.dsl).put(Self.map, own, ["If-Match": "\"0\""])
        #expect(set.status == 200 && set["etag"] == "\"1\"", "\(set.json)")
        let third = try Case.triaged(register, [.gambling])
        #expect(Set(try third.procedures().map(\.code)) == ["obsessive_behaviour", "hate"])
        // Whatever the school does not use is attached by no type.
        let off = try register.as(.dsl).put(
            "\(Self.path)/obsessive_behaviour", ["is_used": false], ["If-Match": "*"])
        #expect(off.status == 200, "\(off.json)")
        let fourth = try Case.triaged(register, [.gambling])
        #expect(try fourth.procedures().map(\.code) == ["hate"])
    }
}
