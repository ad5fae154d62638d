import JSON
import Postgres
import Testing

@testable import OnlineSafety

/// A version is drafted, approved, published and superseded (24.2), and what was published never
/// changes.
@Suite struct `Writing agreements` {
    @Test func `AGR-03: a version is written, approved and published, and then stands`()
        async throws
    {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T12:00:00Z")
        let coordinator = register.as(.onlineSafetyCoordinator)
        let head = register.as(.headteacher)
        let template = try register.template("Staff", for: [["kind": "teacher"]])
        let versions = "/v1/agreement-templates/\(template)/versions"
        let draft = try coordinator.post(versions, agreementText(["policy": .null]))
        #expect(draft.status == 201 && draft["state"] == "draft")
        #expect(draft.json["number"] == 1 && draft["written_by"] == "Online safety coordinator")
        let one = "/v1/agreement-versions/\(draft.id)"
        #expect(draft.header("location") == one)
        #expect(try coordinator.post(versions, agreementText()).status == 409)
        #expect(try coordinator.post("\(one)/publication", [:]).status == 409)
        let early = try head.post("\(one)/approval")
        #expect(early.status == 409 && early.faults == ["/policy": "policy_missing"])

        #expect(try coordinator.put(one, agreementText()).status == 428)
        let etag = try #require(draft.header("etag"))
        let written = try coordinator.put(one, agreementText(), ["If-Match": etag])
        #expect(written.status == 200)
        #expect(try coordinator.put(one, agreementText(), ["If-Match": etag]).status == 412)
        #expect(try head.post("\(one)/approval").json["approved_by"] == "Headteacher")
        #expect(try coordinator.put(one, agreementText(), ["If-Match": "*"]).status == 409)
        let published = try coordinator.post("\(one)/publication", [:])
        #expect(published["effective_on"] == "2026-11-20" && published["state"] == "published")
        #expect(try coordinator.put(one, agreementText(), ["If-Match": "*"]).status == 409)

        let next = try register.publish(
            agreementText(["title": "New rules"]), of: template, from: "2026-12-01")
        let staff = register.as(.staff)
        #expect(try staff.get("/v1/agreement-templates/\(template)")["title"] == "Acceptable use")
        try register.database.setClock("2026-12-01T12:00:00Z")
        #expect(try staff.get("/v1/agreement-templates/\(template)")["version_id"] == next)
        #expect(try staff.get(one)["state"] == "superseded")
        #expect(try staff.get(one).json["text"]?["title"] == "Acceptable use")
        #expect(try staff.get(versions).data.map { $0["number"] } == [2, 1])
        #expect(try staff.get(versions).data.allSatisfy { $0["text"] == nil })
        try register.database.setClock("2026-12-02T12:00:00Z")
        let gone = try head.post(
            "/v1/agreement-versions/\(next)/withdrawal", ["reason": "Devices are shared now"])
        #expect(gone["state"] == "withdrawn" && gone["withdrawn_by"] == "Headteacher")
        #expect(
            try !staff.get("/v1/agreement-templates/\(template)").keys.contains("version_id"))
    }

    @Test func `a draft is for those who write`() async throws {
        let register = try await Register.open()
        let template = try register.template("Staff", for: [["kind": "teacher"]])
        let versions = "/v1/agreement-templates/\(template)/versions"
        let draft = try register.as(.dsl).post(versions, agreementText())
        #expect(draft.status == 201)
        for role in [Role.staff, .office, .technician, .governor, .seniorLeader] {
            let visitor = register.as(role)
            #expect(try visitor.get("/v1/agreement-versions/\(draft.id)").status == 404)
            #expect(try visitor.get(versions).data.isEmpty)
            #expect(try visitor.get("/v1/agreement-templates").data.isEmpty)
            #expect(try visitor.post(versions, agreementText()).status == 403)
        }
        let elsewhere = register.as(.dsl, at: .rosehip)
        #expect(try elsewhere.get("/v1/agreement-versions/\(draft.id)").status == 404)
        #expect(try elsewhere.post(versions, agreementText()).status == 404)
        #expect(
            try register.as(.dsl).post("/v1/agreement-versions/\(draft.id)/approval").status == 403)
    }

    @Test func `every fault of a text is named at once`() async throws {
        let register = try await Register.open()
        let template = try register.template("Pupils", for: [["kind": "pupil"]])
        let told = try register.as(.dsl).post(
            "/v1/agreement-templates/\(template)/versions",
            agreementText([
                "signers": "pupil_and_parent", "due_days": 400,
                "title": "Rules of {{town}}", "part_of": "the contract with {{firm}}",
                "attestations": [
                    ["code": "use", "words": "Read.", "by": "oneself"]
                ],
                "headings": [
                    [
                        "code": "use", "words": "Use at {{home}}",
                        "clauses": [
                            ["code": "use.ask", "words": "I ask {{dsl}."],
                            ["code": "use.ask", "words": "I tell."],
                        ],
                    ]
                ],
                "variants": [
                    [
                        "code": "plain", "name": "Signs", "kind": "plain_words",
                        "clauses": [["code": "use.shout", "words": "I shout", "symbol": "!"]],
                    ]
                ],
                "renewal": ["after_months": 0],
            ]))
        #expect(
            told.faults == [
                "/due_days": "out_of_range", "/title": "unknown_placeholder",
                "/attestations/0/code": "repeated", "/attestations/0/by": "does_not_sign",
                "/part_of": "unknown_placeholder", "/headings/0/words": "unknown_placeholder",
                "/headings/0/clauses/1/code": "repeated",
                "/headings/0/clauses/0/words": "unknown_placeholder",
                "/variants/0/clauses/0/code": "unknown_clause",
                "/renewal/after_months": "out_of_range",
            ])
        let sheet = try register.as(.dsl).post(
            "/v1/agreement-templates/\(template)/versions",
            agreementText(["form": "delivery", "signers": "oneself"]))
        #expect(sheet.faults == ["/signers": "nobody_signs", "/attestations": "nobody_signs"])
        let needy = try register.as(.dsl).post(
            "/v1/agreement-templates/\(template)/versions",
            agreementText(["needs": [.string(template)]]))
        #expect(needy.faults == ["/needs/0": "unknown_template"])
    }

    @Test func `what stands before the first heading needs none`() async throws {
        let register = try await Register.open()
        let template = try register.template("Pupils", for: [["kind": "pupil"]])
        let headings: JSONValue = [
            [
                "code": "before",
                "clauses": [["code": "before.all", "words": "These rules keep us safe."]],
            ],
            [
                "code": "think", "words": "At {{school}}",
                "clauses": [["code": "think.ask", "words": "I ask first."]],
            ],
        ]
        let version = try register.publish(
            agreementText(["signers": "pupil", "attestations": .null, "headings": headings]),
            of: template)
        let kept = try register.as(.staff).get("/v1/agreement-versions/\(version)")
        #expect(kept.json["text"]?["headings"] == headings)
        let id = try register.issue(template, to: register.person("pupil", nil))
        #expect(
            try register.as(.office).get("/v1/agreements/\(id)/copy")["words"]?.hasPrefix(
                """
                Acceptable use

                1. These rules keep us safe.

                At Hawthorn
                1. I ask first.
                """) == true)
    }

    @Test func `an adult confirms to have read the policies`() async throws {
        let register = try await Register.open()
        let template = try register.template("Staff", for: [["kind": "teacher"]])
        let draft = try register.as(.dsl).post(
            "/v1/agreement-templates/\(template)/versions",
            agreementText(["attestations": [["code": "policy_read", "words": "Read."]]]))
        let told = try register.as(.headteacher).post(
            "/v1/agreement-versions/\(draft.id)/approval")
        #expect(told.faults == ["/attestations": "reading_unconfirmed"])
    }

    @Test func `AGR-02: a school says to whom it puts what, from a day on`() async throws {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T12:00:00Z")
        let template = try register.template(
            "Pupils", for: [["kind": "pupil", "phases": ["eyfs", "key_stage_1"]]])
        let path = "/v1/agreement-templates/\(template)"
        let coordinator = register.as(.onlineSafetyCoordinator)
        let now = try coordinator.get(path)
        #expect(now.json["audience"]?[0]?["phases"] == ["eyfs", "key_stage_1"])
        #expect(now["audience_from_on"] == "2026-11-20")
        let wrong = try coordinator.put(
            "\(path)/audience",
            [
                "entries": [
                    ["kind": "teacher", "phases": ["eyfs"]], ["kind": "pupil", "phases": []],
                ]
            ], ["If-Match": "*"])
        #expect(
            wrong.faults == [
                "/entries/0/phases": "not_of_pupils", "/entries/1/phases": "required",
            ])
        let past = try coordinator.put(
            "\(path)/audience", ["entries": [], "from_on": "2026-11-19"], ["If-Match": "*"])
        #expect(past.faults == ["/from_on": "out_of_range"])
        let etag = try #require(now.header("etag"))
        let off: JSONValue = ["entries": [], "from_on": "2027-01-04"]
        #expect(try coordinator.put("\(path)/audience", off, ["If-Match": etag]).status == 200)
        #expect(try coordinator.put("\(path)/audience", off, ["If-Match": etag]).status == 412)
    }

    @Test func `what was written and decided is on record, and damage is found`()
        async throws
    {
        let register = try await Register.open()
        let template = try register.template("Staff", for: [["kind": "teacher"]])
        _ = try register.publish(agreementText(), of: template)
        let deeds = try register.database.entries().map(\.deed).filter {
            $0.hasPrefix("agreement")
        }
        #expect(
            deeds == [
                "agreement_template_made", "agreement_audience_set", "agreement_drafted",
                "agreement_approved", "agreement_published",
            ])
        let unlike: SQL = "select count(*) from agreement_unlike_its_entry"
        #expect(try register.database.number(unlike) == 0)
        try register.database.execute(
            "update agreement_version set content = content || '{\"title\": \"Other\"}'")
        #expect(try register.database.number(unlike) == 1)
    }
}
