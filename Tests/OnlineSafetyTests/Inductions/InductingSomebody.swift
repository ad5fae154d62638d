import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// What is done with somebody who is new, and how it is known.
@Suite struct `Inducting somebody` {
    @Test func `USR-14: each of the five is dated, and known once it is signed or answered`()
        async throws
    {
        let newcomer = try await Newcomer.open(at: "2026-11-04T12:00:00Z")
        let template = try newcomer.register.template("Staff", for: [["kind": "teacher"]])
        _ = try newcomer.register.publish(agreementText(), of: template)
        let open = try #require(try newcomer.list().first)
        #expect(try newcomer.list().count == 1)
        #expect(open["id"]?.text == newcomer.person.lowercased && open["kind"] == "teacher")
        #expect(open["began_on"] == "2026-11-02" && open["is_complete"] == false)
        #expect(open.list("outstanding").compactMap(\.text) == InductionStep.words)
        #expect(open["due_on"] == "2026-11-02" && open["is_overdue"] == true)

        let told = try newcomer.tell(
            [.policyGiven, .policyExplained], on: "2026-11-02", ["note": "An hour, by the DSL"])
        #expect(told.status == 201, "\(told.json)")
        #expect(told.header("location") == newcomer.path)
        let given = try #require(try newcomer.step(.policyGiven))
        #expect(given["outcome"] == "done" && given["done_on"] == "2026-11-02")
        #expect(given["source"] == "told" && given["told_by"] == "School office")
        #expect(given["told_at"] == "2026-11-04T12:00:00.000Z")
        #expect(given["note"] == "An hour, by the DSL" && given["is_known"] == false)

        // What is signed and answered where that is kept is told nowhere else.
        #expect(try newcomer.step(.agreementSigned)?["is_known"] == true)
        let typed = try newcomer.tell([.agreementSigned])
        #expect(typed.status == 409 && typed.faults == ["/steps/0": "known_otherwise"])
        try newcomer.signs(template)
        let signed = try #require(try newcomer.step(.agreementSigned))
        #expect(signed["done_on"] == "2026-11-04" && signed["source"] == "agreement")
        #expect(signed["told_by"] == nil)
        try newcomer.register.database.setClock("2026-11-06T12:00:00Z")
        try newcomer.answers(.refuse)
        let images = try #require(try newcomer.step(.imagePermissionSought))
        #expect(images["done_on"] == "2026-11-06" && images["source"] == "consent")
        #expect(try newcomer.read()["images"]?[0]?["answer"] == "refuse")

        #expect(try newcomer.list("is_complete=true") == [])
        #expect(try newcomer.tell([.trainingDone], on: "2026-11-05").status == 201)
        let complete = try #require(try newcomer.list("is_complete=true").first)
        #expect(complete["completed_on"] == "2026-11-06" && complete["due_on"] == nil)
        #expect(complete.list("outstanding") == [] && complete["is_overdue"] == false)
        #expect(try newcomer.list("is_complete=false") == [])
    }

    @Test func `where the school keeps no agreement here, that it was signed is told`()
        async throws
    {
        let newcomer = try await Newcomer.open()
        #expect(try newcomer.step(.agreementSigned)?["is_known"] == false)
        #expect(try newcomer.tell([.agreementSigned], on: "2026-11-01").status == 201)
        // Somebody who was asked for permission may not have answered yet.
        #expect(try newcomer.tell([.imagePermissionSought], on: "2026-11-01").status == 201)
        try newcomer.answers(.consent)
        #expect(try newcomer.step(.imagePermissionSought)?["done_on"] == "2026-11-01")
    }

    @Test func `what is put to them later is no part of it, and what is revoked is undone`()
        async throws
    {
        let newcomer = try await Newcomer.open(at: "2026-11-04T12:00:00Z")
        let template = try newcomer.register.template("Staff", for: [["kind": "teacher"]])
        let version = try newcomer.register.publish(agreementText(), of: template)
        try newcomer.signs(template)
        try newcomer.register.database.setClock("2027-02-01T12:00:00Z")
        let later = try newcomer.register.template("Tablets", for: [["kind": "teacher"]])
        _ = try newcomer.register.publish(agreementText(), of: later)
        _ = try newcomer.register.publish(agreementText(["title": "Anew"]), of: template)
        #expect(try newcomer.step(.agreementSigned)?["done_on"] == "2026-11-04")
        try newcomer.register.database.execute(
            """
            insert into agreement_end (school_id, id, act, reason, ended_by, ended_by_name)
            select school_id, id, 'revoked', 'Another''s', issued_by, issued_by_name
            from agreement where version_id = '\(version)'
            """)
        let step = try #require(try newcomer.step(.agreementSigned))
        #expect(step["outcome"] == nil && step["is_overdue"] == true)
    }

    @Test func `a step that they do not need says why`() async throws {
        let newcomer = try await Newcomer.open()
        let bare = try newcomer.tell([.trainingDone], ["outcome": "not_needed"])
        #expect(bare.faults == ["/note": "required"])
        let told = try newcomer.tell(
            [.trainingDone], ["outcome": "not_needed", "note": "Trained in September elsewhere"])
        #expect(told.status == 201, "\(told.json)")
        let step = try #require(try newcomer.step(.trainingDone))
        #expect(step["outcome"] == "not_needed" && step["done_on"] == nil)
        #expect(!(try newcomer.list()[0].list("outstanding")).contains("training_done"))
    }

    @Test func `what cannot be is refused, all of it at once`() async throws {
        let newcomer = try await Newcomer.open()
        #expect(
            try newcomer.tell([], on: "2026-11-21").faults == ["/steps": "empty"])
        #expect(
            try newcomer.tell([.policyGiven], on: "2026-11-21").faults
                == ["/done_on": "in_the_future"])
        // Before they were here the last time.
        #expect(
            try newcomer.tell([.policyGiven], on: "2025-10-31").faults
                == ["/done_on": "long_before"])
        try newcomer.asks(from: "2026-09-01", [(.policyGiven, [.teacher])])
        #expect(
            try newcomer.tell([.policyGiven, .trainingDone]).faults == ["/steps/1": "not_asked"])
        #expect(try newcomer.tell([.policyGiven]).status == 201)
        let again = try newcomer.tell([.policyGiven])
        #expect(again.status == 409 && again.faults == ["/steps/0": "done_already"])
        let elsewhere = try newcomer.register.as(.office, at: .rosehip).get(newcomer.path)
        #expect(elsewhere.status == 404)
    }

    /// Both stay, with the reason, and the audit has each.
    @Test func `what was put down wrongly is corrected, and nothing is erased`() async throws {
        let newcomer = try await Newcomer.open()
        #expect(try newcomer.correct(.policyGiven).faults == ["/step": "nothing_told"])
        try newcomer.tell([.policyGiven], on: "2026-11-02")
        let moved = try newcomer.correct(.policyGiven, on: "2026-11-03", "A day later", by: .dsl)
        #expect(moved.status == 201, "\(moved.json)")
        #expect(try newcomer.step(.policyGiven)?["done_on"] == "2026-11-03")
        #expect(try newcomer.correct(.policyGiven).status == 201)
        #expect(try newcomer.step(.policyGiven)?["outcome"] == nil)
        let acts = try newcomer.read().list("acts")
        #expect(acts.map { $0["outcome"]?.text } == ["done", "done", "not_done"])
        #expect(acts.map { $0["note"]?.text } == [nil, "A day later", "Somebody else's"])
        #expect(acts[1]["told_by"] == "Designated safeguarding lead")
        try newcomer.tell([.policyGiven], on: "2026-11-04")
        #expect(try newcomer.step(.policyGiven)?["done_on"] == "2026-11-04")
        let deeds = try newcomer.register.database.entries().filter { $0.kind == "induction_act" }
        #expect(
            deeds.map(\.deed) == [
                "induction_step_told", "induction_step_corrected", "induction_step_corrected",
                "induction_step_told",
            ])
        #expect(deeds.allSatisfy { $0.digest != nil })
        // What the register knows of itself is corrected where it is kept.
        try newcomer.answers(.consent)
        let known = try newcomer.correct(.imagePermissionSought)
        #expect(known.status == 409 && known.faults == ["/step": "known_otherwise"])
    }
}

extension InductionStep {
    fileprivate static let words = allCases.map(\.rawValue)
}
