import JSON
import Testing

@testable import OnlineSafety

/// The two procedures of source 001: its Appendices G and H.
@Suite struct `Bullying and negative comments` {
    /// PRC-04: Appendix G, and 11.5 of source 004.
    @Test func `online bullying is met, looked into and settled, and evidence goes to nobody`()
        async throws
    {
        let register = try await Register.open()
        let one = try Case(
            register, .child, ("types", ["cyberbullying"]),
            ("people", [["group": "child", "name": "Robin", "part": "target"]]))
        // The form's box does not say whether it is sexual; whoever triages does.
        let found = Case.finding(("types", ["cyberbullying"])).without(["procedures"])
        let undecided = try one.triage(found)
        #expect(undecided.faults == ["/types/0": "procedure_undecided"])
        #expect(
            undecided.json["errors"]?[0]?["detail"]?.text?
                .hasSuffix("which of cyberbullying, sexual_violence_harassment")
                == true, "\(undecided.json)")
        #expect(try one.triage(found.with("procedures", ["cyberbullying"])).status == 201)
        let steps = try one.procedure("cyberbullying")
        #expect(try one.againstClosing().count == 13)

        // Nobody replies; the sender is blocked where that can be; it is told at once.
        #expect(try steps.answer("no_reply", .done).faults == ["/words": "required"])
        try steps.take("no_reply", "blocked", "reported")
        // Removal is asked for when the evidence is safe, and not before.
        #expect(
            try steps.answer("removal", .done, "Asked").faults == [
                "/answer": "earlier_step_first"
            ])
        #expect(
            try steps.answer("evidence_kept", .done).faults == ["/missing": "record_lacks"])
        #expect(try steps.step("evidence_kept")["missing"]?[0]?["part"] == "evidence")
        try one.describeEvidence()
        #expect(try steps.answer("evidence_kept", .done).status == 200)
        // An indecent image goes straight to the police, and how staff came to be shown it is kept.
        #expect(try steps.answer("indecent_image", .applies)["state"] == "open")
        #expect(
            try steps.answer("indecent_image", .done).faults == ["/missing": "record_lacks"])
        try one.contact("ceop")
        #expect(
            try steps.answer("indecent_image", .done).faults == ["/missing": "record_lacks"])
        try one.contact("police", "101")
        #expect(try steps.answer("indecent_image", .done).status == 200)
        #expect(try steps.answer("staff_were_shown", .done).faults == ["/words": "required"])
        try steps.take("staff_were_shown")
        // Somebody senior meets them, and looks into it.
        #expect(try steps.answer("met", .done).faults == ["/missing": "record_lacks"])
        try one.meet()
        #expect(try steps.answer("met", .done).status == 200)
        #expect(
            try steps.answer("seriousness", .done, "Told").faults == [
                "/answer": "earlier_step_first"
            ])
        try one.investigate()
        #expect(
            try steps.answer("investigated", .done).faults == ["/missing": "record_lacks"])
        try one.put("findings", CasePartSaid<InvestigationFindings>.json)
        #expect(try steps.answer("investigated", .done).status == 200)
        try steps.take("seriousness", "removal")
        #expect(try steps.answer("police", .done).status == 200)
        // They refused, and the sanction is a graver one.
        #expect(try steps.answer("refused", .done).faults == ["/missing": "record_lacks"])
        try one.sanction()
        #expect(try steps.answer("refused", .done).status == 200)
        #expect(
            try one.againstClosing() == ["/procedures/cyberbullying/steps/settled": "step_open"])
        try steps.take("settled")
        #expect(try one.againstClosing() == [:])
        try one.debrief()
        try one.complete()
        #expect(try one.post("closure", ["outcome": "Settled by mediation"]).status == 201)
    }

    /// PRC-05, PRC-06, PRC-07: Appendix H.
    @Test func `negative comments are met with the five points, and met again while they go on`()
        async throws
    {
        let register = try await Register.open()
        let one = try Case.triaged(register, [.disrepute])
        let steps = try one.procedure("negative_comments")
        let five = ["seriousness", "removal", "grievance", "next_steps", "complaints_procedure"]
        // The facts, the posts, and nobody answers them.
        try steps.take("facts", "no_engagement")
        #expect(try steps.answer("secured", .done).faults == ["/missing": "record_lacks"])
        try one.describeEvidence()
        #expect(try steps.answer("secured", .done).status == 200)
        // Something grave is alleged of a teacher: it is formally looked into.
        #expect(
            try steps.answer("grave_allegation", .done).faults == ["/missing": "record_lacks"])
        try one.investigate()
        #expect(try steps.answer("grave_allegation", .done).status == 200)
        // And the school's name could suffer: a lawyer is asked.
        #expect(try steps.answer("legal_advice", .done).faults == ["/missing": "record_lacks"])
        try one.put("legal-advice", CasePartSaid<LegalAdvice>.json)
        #expect(try steps.answer("legal_advice", .done).status == 200)
        try steps.take("reassured")
        // No meeting before an invitation, and none that leaves out one of the five points.
        try one.meet(five.filter { $0 != "grievance" })
        #expect(
            try steps.answer("first_meeting", .done).faults == [
                "/answer": "earlier_step_first", "/missing": "record_lacks",
            ])
        try steps.take("invited")
        let lacking = try steps.step("first_meeting")["missing"]?[0]
        #expect(lacking?["fields"]?[0]?["all_of"] == .array(five.map { .string($0) }))
        #expect(
            try steps.answer("first_meeting", .done).faults == ["/missing": "record_lacks"])
        try one.meet(five)
        #expect(try steps.answer("first_meeting", .done).status == 200)
        // It is unsettled: the parents are told that it goes further, the site and the police.
        try steps.take("taken_further")
        #expect(try steps.answer("site", .done).faults == ["/missing": "record_lacks"])
        try one.contact("network", "online_form")
        #expect(try steps.answer("site", .done).status == 200)
        #expect(try steps.answer("police", .done).faults == ["/missing": "record_lacks"])
        try one.contact("police", "101")
        #expect(try steps.answer("police", .done).status == 200)
        #expect(
            try one.againstClosing() == [
                "/procedures/negative_comments/steps/second_meeting": "step_undecided"
            ])
        // What was posted is still there: a second meeting, of all five points again.
        #expect(try steps.answer("second_meeting", .applies)["state"] == "open")
        #expect(
            try steps.answer("second_meeting", .done).faults == ["/missing": "record_lacks"])
        #expect(
            try one.againstClosing() == [
                "/procedures/negative_comments/steps/second_meeting": "step_open"
            ])
        try one.meet(five)
        #expect(try steps.answer("second_meeting", .done).status == 200)
        #expect(try one.againstClosing() == [:])
        // Where the first settles it, no second is held.
        let other = try Case.triaged(register, [.disrepute])
        let settled = try other.procedure("negative_comments")
        try settled.take("invited")
        try other.meet(five)
        #expect(try settled.answer("first_meeting", .done).status == 200)
        try settled.leaveOut("taken_further", "site", "police", "second_meeting")
        #expect(try settled.step("second_meeting")["state"] == "does_not_apply")
    }
}
