import JSON
import Testing

@testable import OnlineSafety

/// Hate, radicalisation (11.6 and 11.7 of source 004), and what the other sources have done.
@Suite struct `Hate, radicalisation and other concerns` {
    /// PRC-16: 11.6
    @Test func `hate is dealt with by the policies, and the police where it may be an offence`()
        async throws
    {
        let one = try Case.triaged(await Register.open(), [.hate])
        let steps = try one.procedure("hate")
        #expect(try steps.answer("police", .done).faults == ["/missing": "record_lacks"])
        try one.contact("police", "101")
        #expect(try steps.answer("police", .done).status == 200)
        #expect(try steps.answer("advice", .done).status == 200)
        #expect(
            try one.againstClosing() == ["/procedures/hate/steps/policies": "step_open"])
        try steps.take("policies")
        #expect(try one.againstClosing() == [:])
        // The local body for hate crime can be the one that is asked.
        let other = try Case.triaged(one.register, [.hate])
        try other.contact("hate_crime", "online_form")
        let unclear = try other.procedure("hate")
        #expect(try unclear.answer("advice", .done).status == 200)
        #expect(try unclear.answer("police", .done).faults == ["/missing": "record_lacks"])
    }

    /// PRC-17: 11.7
    @Test func `of a child at risk of radicalisation the DSL knows at once, and refers or not`()
        async throws
    {
        let register = try await Register.open()
        let one = try Case(
            register, .child, ("people", [["group": "child", "name": "Robin", "part": "target"]]))
        let found = Case.finding(("types", ["terrorist"]), ("is_child_at_risk", true))
            .without(["procedures"])
        #expect(try one.triage(found).faults == ["/types/0": "procedure_undecided"])
        #expect(try one.triage(found.with("procedures", ["radicalisation_child"])).status == 201)
        let steps = try one.procedure("radicalisation_child")
        #expect(try steps.step("dsl_told")["within"]?["unit"] == "minutes")
        try steps.take("dsl_told", "pathway")
        #expect(
            try one.againstClosing()["/procedures/radicalisation_child/steps/channel"]
                == "step_undecided")
        #expect(try steps.answer("channel", .done).faults == ["/missing": "record_lacks"])
        try one.contact("prevent")
        #expect(try steps.answer("channel", .done).status == 200)
        #expect(
            try one.againstClosing().keys.allSatisfy {
                $0.hasPrefix("/procedures/illegal_activity/")
            })
    }

    /// PRC-18: 11.7
    @Test func `of a member of staff the headteacher knows, and nobody whom it is about`()
        async throws
    {
        let register = try await Register.open()
        let one = try Case(
            register, .staff, ("people", [Scene.alleged(.technician)]))
        let found = Case.finding(
            ("types", ["terrorist"]), ("concerns", "staff"),
            ("lead_id", Case.person(.headteacher)), ("procedures", ["radicalisation_staff"]))
        #expect(try one.triage(as: .headteacher, found).status == 201)
        let steps = try one.procedure("radicalisation_staff", as: .headteacher)
        #expect(try register.as(.technician).get(steps.path).status == 403)
        #expect(
            try steps.answer("policies", .done, as: .headteacher).faults == ["/words": "required"])
        try steps.take("head_told", "policies", as: .headteacher)
        // It is a crime as well, perhaps: the police, by one of two numbers.
        let crime = try one.procedure("illegal_activity")
        #expect(try crime.answer("police", .done).faults == ["/missing": "record_lacks"])
        try one.contact("police", "101")
        #expect(try crime.answer("police", .done).status == 200)
    }

    /// PRC-19, PRC-20
    @Test
    func `an unsuitable site is turned off, reported and told to parents; a message unanswered`()
        async throws
    {
        let register = try await Register.open()
        let one = try Case.triaged(register, [.pornographic, .chainThreatening])
        let site = try one.procedure("unsuitable_site")
        try site.take("screen_off", "reported", "breach", "county")
        #expect(try site.answer("illegal", .done).faults == ["/missing": "record_lacks"])
        try one.contact("ceop", "online_form")
        #expect(try site.answer("illegal", .done).status == 200)
        #expect(try site.answer("parents", .done).faults == ["/missing": "record_lacks"])
        try one.tellParents()
        #expect(try site.answer("parents", .done).status == 200)
        let message = try one.procedure("upsetting_message")
        try message.take("reported", "no_reply", "safeguarding")
        #expect(try message.answer("referral", .done).faults == ["/missing": "record_lacks"])
        try one.contact("social_care")
        #expect(try message.answer("referral", .done).status == 200)
        #expect(try one.againstClosing() == [:])
    }

    /// PRC-21, PRC-22
    @Test func `the police are asked how to go on, and those beyond the school told after them`()
        async throws
    {
        let register = try await Register.open()
        let one = try Case.triaged(
            register, [.hackingViruses], ["beyond_the_school"], ("legality", "suspected"))
        let crime = try one.procedure("illegal_activity")
        #expect(
            try crime.answer("serious_misuse", .done, "Agreed").faults == [
                "/answer": "earlier_step_first"
            ])
        try one.contact("police", "in_person")
        #expect(try crime.answer("police", .done).faults == ["/missing": "record_lacks"])
        let beyond = try one.procedure("beyond_the_school")
        #expect(
            try beyond.answer("others_told", .done, "Rosehip").faults == [
                "/answer": "earlier_step_first"
            ])
        try one.contact("police", "999")
        #expect(try crime.answer("police", .done).status == 200)
        try crime.take("local_procedures", "serious_misuse")
        #expect(try beyond.answer("asked_first", .done).status == 200)
        // They have advised to wait: nobody else is told until they say so.
        #expect(
            try one.post("agency-holds", JSON.value(of: AgencyHold.Put.example)).status == 201)
        #expect(
            try beyond.answer("others_told", .done, "Rosehip").faults == [
                "/answer": "under_agency_hold"
            ])
        let hold = try register.as(.dsl).get("\(one.path)/agency-holds").data[0]["id"]?.text ?? ""
        #expect(
            try one.post("agency-holds/\(hold)/release", ["advice": "Go on"]).status == 201)
        try beyond.take("others_told")
        #expect(try one.againstClosing() == [:])
    }

    /// PRC-23
    @Test func `a serious allegation is led by the headteacher, with a second senior leader`()
        async throws
    {
        let register = try await Register.open()
        let one = try Case(register, .staff, ("people", [Scene.alleged(.office)]))
        let found = Case.finding(
            ("types", ["other"]), ("other_type", "Messages to a pupil"), ("concerns", "staff"),
            ("procedures", ["staff_allegation"]))
        #expect(
            try one.triage(as: .headteacher, found).faults == [
                "/lead_id": "leads_no_such_procedure"
            ])
        let led = found.without(["lead_id"]).with("lead_id", Case.person(.headteacher))
        #expect(try one.triage(as: .headteacher, led).status == 201)
        let steps = try one.procedure("staff_allegation")
        try steps.take("head_told", "second_leader", "disciplinary", as: .headteacher)
        #expect(try steps.answer("lado", .done).faults == ["/missing": "record_lacks"])
        try one.contact("lado", "online_form")
        #expect(try steps.answer("lado", .done).status == 200)
        #expect(try one.againstClosing(as: .headteacher) == [:])
    }

    /// PRC-24, PRC-25, PRC-26, PRC-27
    @Test func `leaders know before parents do, and what monitoring found is gone through`()
        async throws
    {
        let register = try await Register.open()
        let one = try Case.triaged(
            register, [.ageInappropriate, .bypassSecurity],
            ["social_media_use", "obsessive_behaviour", "outside_school"])
        let obsessive = try one.procedure("obsessive_behaviour")
        #expect(
            try obsessive.answer("parents", .done).faults == [
                "/answer": "earlier_step_first", "/missing": "record_lacks",
            ])
        try obsessive.take("leaders_told")
        let outside = try one.procedure("outside_school")
        #expect(
            try outside.answer("parents", .done).faults["/answer"] == "earlier_step_first")
        try outside.take("dsl_told")
        let social = try one.procedure("social_media_use")
        #expect(
            try social.answer("escalated", .done, "The governors").faults == [
                "/answer": "earlier_step_first"
            ])
        try social.take("dsl_told", "senior_told", "escalated", "policies")
        try one.tellParents()
        for steps in [obsessive, outside, social] {
            #expect(try steps.answer("parents", .done).status == 200, "\(steps.code)")
        }
        let monitoring = try one.procedure("monitoring_concern")
        #expect(
            try monitoring.answer("blocked", .done, "One site").faults == [
                "/answer": "earlier_step_first"
            ])
        try monitoring.take("records_read", "blocked")
        #expect(try monitoring.answer("supported", .done).faults == ["/missing": "record_lacks"])
        try one.support()
        #expect(try monitoring.answer("supported", .done).status == 200)
        #expect(try one.againstClosing() == [:])
    }
}
