import JSON
import Testing

@testable import OnlineSafety

/// Images and exploitation: 11.1 to 11.4 of source 004.
@Suite struct `Images, harassment and exploitation` {
    /// PRC-08: 11.1
    @Test
    func `of sexual harassment between children everybody is supported, and the police first`()
        async throws
    {
        let register = try await Register.open()
        let one = try Case.triaged(
            register, [.cyberbullying], ["sexual_violence_harassment"],
            ("is_child_at_risk", true))
        let steps = try one.procedure("sexual_violence_harassment")
        #expect(try one.procedures().count == 1)
        #expect(
            try steps.answer("offence", .done).faults == [
                "/answer": "earlier_step_first", "/missing": "record_lacks",
            ])
        try steps.take("dsl_told", "local_procedures")
        // Nobody else is told before it is settled whether the police are.
        for code in ["parents", "other_settings"] {
            #expect(
                try steps.answer(code, .done, "Rosehip").faults["/answer"] == "earlier_step_first",
                "\(code)")
        }
        // An offence is likely: nobody else is told before the police have advised.
        #expect(
            try one.post("agency-holds", JSON.value(of: AgencyHold.Put.example)).status == 201)
        try one.contact("police", "101")
        #expect(try steps.answer("offence", .done).status == 200)
        #expect(
            try steps.answer("parents", .done).faults == [
                "/answer": "under_agency_hold", "/missing": "record_lacks",
            ])
        #expect(
            try steps.answer("other_settings", .done, "Rosehip").faults == [
                "/answer": "under_agency_hold"
            ])
        let hold = try register.as(.dsl).get("\(one.path)/agency-holds").data[0]["id"]?.text ?? ""
        #expect(
            try one.post("agency-holds/\(hold)/release", ["advice": "They may know"]).status == 201
        )
        try one.tellParents()
        #expect(try steps.answer("parents", .done).status == 200)
        try steps.take("other_settings")
        for (code, put) in [
            ("devices", { try one.device("searched") }), ("support", { try one.support() }),
            ("sanctions", { try one.sanction() }), ("reviewed", { try one.debrief() }),
        ] {
            let lacks = try steps.answer(code, .done)
            #expect(lacks.faults == ["/missing": "record_lacks"], "\(code)")
            try put()
            #expect(try steps.answer(code, .done).status == 200, "\(code)")
        }
        // The police were told: whether social care is too is still a question of its own.
        #expect(
            try one.againstClosing() == [
                "/procedures/sexual_violence_harassment/steps/referral": "step_undecided"
            ])
        #expect(try steps.answer("referral", .done).status == 200)
        #expect(try one.againstClosing() == [:])
    }

    /// PRC-09: 11.2, with the five questions of the UK Council for Internet Safety.
    @Test
    func `of images that children made a DSL leads, nobody looks, and a yes means a referral`()
        async throws
    {
        let register = try await Register.open()
        let one = try Case.triaged(register, [.sextingIIOC], ["youth_produced_imagery"])
        let steps = try one.procedure("youth_produced_imagery")
        let five = [
            "adult_involved", "coercion_or_capacity", "unusual_or_violent", "under_13",
            "immediate_harm",
        ]
        let place = "/procedures/youth_produced_imagery/steps"
        // No closing without a referral while one of the five has no yes or no.
        #expect(
            try steps.answer("referral", .doesNotApply).faults == ["/words": "required"])
        #expect(try steps.answer("referral", .doesNotApply, "Both are fifteen").status == 200)
        for code in five {
            #expect(try one.againstClosing()["\(place)/\(code)"] == "referral_unanswered")
        }
        #expect(try steps.answer("under_13", .done, "No").faults == ["/answer": "not_of_this_step"])
        for code in five.dropLast() { #expect(try steps.answer(code, .no).status == 200) }
        #expect(try steps.answer("immediate_harm", .unknown)["state"] == "undecided")
        #expect(try one.againstClosing()["\(place)/immediate_harm"] == "referral_unanswered")
        #expect(try one.againstClosing()["\(place)/referral"] == nil)
        // One yes, and it is referred whatever was said before; nobody waives it.
        #expect(try steps.answer("immediate_harm", .yes)["state"] == "done")
        let required = try steps.step("referral")
        #expect(required["state"] == "open" && required["is_required"] == true)
        #expect(try one.againstClosing()["\(place)/referral"] == "step_open")
        for answer in [StepAnswer.doesNotApply, .waived] {
            #expect(
                try steps.answer("referral", answer, "Needless").faults == [
                    "/answer": "step_is_required"
                ])
        }
        #expect(try steps.answer("referral", .done).faults == ["/missing": "record_lacks"])
        // The DSL alone looks, and only with its own entry in the record.
        #expect(
            try steps.answer("viewed", .done, as: .headteacher).faults == [
                "/answer": "for_another_post", "/missing": "record_lacks",
            ])
        try steps.leaveOut("viewed")
        // Deletion comes after the referral, and after the DSL's word in the record.
        #expect(
            try steps.answer("deletion", .done).faults == ["/missing": "record_lacks"]
                || steps.answer("deletion", .done).faults["/missing"] == "record_lacks")
        try one.contact("social_care")
        #expect(try steps.answer("referral", .done).status == 200)
        try one.put("deletion-clearances", CasePartSaid<DeletionClearance>.json)
        try one.put("image-deletions", CasePartSaid<ImageDeletion>.json.without(["evidence_id"]))
        #expect(
            try steps.answer("deletion", .done, as: .onlineSafetyCoordinator).faults == [
                "/answer": "for_another_post"
            ])
        #expect(try steps.answer("deletion", .done, as: .deputyDSL).status == 200)
        try steps.take("dsl_told", "nobody_looks", "local_procedures", "network")
        for (code, put) in [
            ("device_stored", { try one.device("stored_securely") }),
            ("risk_assessed", { try one.assessRisk() }), ("parents", { try one.tellParents() }),
            ("support", { try one.support() }), ("sanctions", { try one.sanction() }),
            ("reviewed", { try one.debrief() }),
        ] {
            #expect(try steps.answer(code, .done).faults == ["/missing": "record_lacks"], "\(code)")
            try put()
            #expect(try steps.answer(code, .done).status == 200, "\(code)")
        }
        #expect(try one.againstClosing() == [:])
    }

    /// PRC-11: 11.3
    @Test func `of exploitation the police know at once, by one of two numbers`() async throws {
        let register = try await Register.open()
        let one = try Case.triaged(
            register, [.grooming], [], ("is_child_at_risk", true), ("severity", "high"))
        let steps = try one.procedure("exploitation")
        try steps.take("dsl_told", "local_procedures")
        try one.contact("police", "email")
        #expect(try steps.answer("police", .done).faults == ["/missing": "record_lacks"])
        try one.contact("police", "999")
        #expect(try steps.answer("police", .done).status == 200)
        // Where it is unclear whether it is an offence, 101 is asked.
        #expect(try steps.answer("unclear", .done).faults == ["/missing": "record_lacks"])
        try one.contact("police", "101")
        for code in ["unclear", "intelligence", "other_settings"] {
            #expect(try steps.answer(code, .done).status == 200, "\(code)")
        }
        #expect(try steps.answer("social_care", .done).faults == ["/missing": "record_lacks"])
        try one.contact("social_care")
        #expect(try steps.answer("social_care", .done).status == 200)
        for (code, put) in [
            ("device_stored", { try one.device("quarantined") }),
            ("risk_assessed", { try one.assessRisk() }), ("parents", { try one.tellParents() }),
            ("child_decides", { try one.hearTheChild() }),
            ("support", { try one.support() }), ("reviewed", { try one.debrief() }),
        ] {
            #expect(try steps.answer(code, .done).faults == ["/missing": "record_lacks"], "\(code)")
            try put()
            #expect(try steps.answer(code, .done).status == 200, "\(code)")
        }
        #expect(try one.againstClosing() == [:])
    }

    /// PRC-12, PRC-13: 11.4
    @Test func `what was seen by accident is reported by its address, and every copy deleted`()
        async throws
    {
        let register = try await Register.open()
        let one = try Case.triaged(register, [.sextingIIOC], ["indecent_images_inadvertent"])
        let steps = try one.procedure("indecent_images_inadvertent")
        let any = try one.procedure("indecent_images_any")
        #expect(try any.answer("agencies", .done).faults == ["/missing": "record_lacks"])
        #expect(try steps.answer("address", .done).faults == ["/missing": "record_lacks"])
        try one.contact("iwf", "online_form")
        #expect(try any.answer("agencies", .done).status == 200)
        #expect(try steps.answer("address", .done).status == 200)
        #expect(try any.answer("unclear", .done).faults == ["/missing": "record_lacks"])
        try one.contact("police", "101")
        #expect(try any.answer("unclear", .done).status == 200)
        #expect(try any.answer("device_stored", .done).faults == ["/missing": "record_lacks"])
        try one.device("stored_securely")
        #expect(try any.answer("device_stored", .done).status == 200)
        try any.take("local_procedures")
        try steps.take("dsl_told")
        // That copies are gone is in the record, on the DSL's word; and so never during a hold.
        #expect(try steps.answer("copies", .done).faults == ["/missing": "record_lacks"])
        try one.put("deletion-clearances", CasePartSaid<DeletionClearance>.json)
        try one.put("image-deletions", CasePartSaid<ImageDeletion>.json.without(["evidence_id"]))
        #expect(try steps.answer("copies", .done).status == 200)
        #expect(try steps.answer("parents", .done).faults == ["/missing": "record_lacks"])
        try one.tellParents()
        #expect(try steps.answer("parents", .done).status == 200)
        #expect(try one.againstClosing() == [:])
    }

    /// PRC-14: 11.4
    @Test func `what was found on the school's devices goes to the police, and no copy stays`()
        async throws
    {
        let register = try await Register.open()
        let one = try Case.triaged(register, [.sextingIIOC], ["indecent_images_on_devices"])
        let steps = try one.procedure("indecent_images_on_devices")
        #expect(try one.procedures().map(\.code).contains("indecent_images_any"))
        try steps.take("dsl_told")
        // Copies wait for what the police want kept.
        #expect(
            try steps.answer("copies", .done).faults == [
                "/answer": "earlier_step_first", "/missing": "record_lacks",
            ])
        try one.contact("police", "letter")
        #expect(try steps.answer("police", .done).faults == ["/missing": "record_lacks"])
        try one.contact("police", "101")
        #expect(try steps.answer("police", .done).status == 200)
        try steps.take("police_copies")
        #expect(try steps.answer("copies", .done).faults == ["/missing": "record_lacks"])
        try one.put("deletion-clearances", CasePartSaid<DeletionClearance>.json)
        try one.put("image-deletions", CasePartSaid<ImageDeletion>.json.without(["evidence_id"]))
        #expect(try steps.answer("copies", .done).status == 200)
        #expect(try steps.answer("address", .done).faults == ["/missing": "record_lacks"])
        try one.contact("iwf")
        #expect(try steps.answer("address", .done).status == 200)
        #expect(try steps.answer("social_care", .done).faults == ["/missing": "record_lacks"])
        try one.contact("social_care")
        #expect(try steps.answer("social_care", .done).status == 200)
        try one.tellParents()
        #expect(try steps.answer("parents", .done).status == 200)
        #expect(
            try one.againstClosing().keys.allSatisfy {
                $0.hasPrefix("/procedures/indecent_images_any/")
            })
    }

    /// PRC-15: 11.4
    @Test func `of a member of staff the headteacher and the LADO know, and devices are kept`()
        async throws
    {
        let register = try await Register.open()
        let one = try Case(
            register, .staff, ("people", [Scene.alleged(.dsl)]))
        let found = Case.finding(
            ("types", ["sexting_iioc"]), ("concerns", "staff"),
            ("lead_id", Case.person(.headteacher)), ("procedures", ["indecent_images_staff"]))
        #expect(try one.triage(as: .dsl, found).status == 404)
        #expect(try one.triage(as: .headteacher, found).status == 201)
        let steps = try one.procedure("indecent_images_staff", as: .headteacher)
        func answer(_ code: String, _ words: String? = nil) throws -> Reading {
            let etag = try steps.step(code, as: .headteacher)["etag"]?.text
            return try steps.answer(code, .done, words, as: .headteacher, etag: etag)
        }
        #expect(try register.as(.dsl).get(steps.path).status == 404)
        #expect(try steps.answer("head_told", .done, "Told", as: .dsl, etag: "*").status == 404)
        #expect(try answer("head_told", "The office told the headteacher").status == 200)
        for (code, put) in [
            ("lado", { try one.contact("lado", "email", as: .headteacher) }),
            ("quarantined", { try one.device("quarantined", as: .headteacher) }),
            ("police_advice", { try one.contact("police", "101", as: .headteacher) }),
        ] {
            #expect(try answer(code).faults == ["/missing": "record_lacks"], "\(code)")
            try put()
            #expect(try answer(code).status == 200, "\(code)")
        }
        #expect(try answer("others_told", "The trust").status == 200)
        #expect(
            try one.againstClosing(as: .headteacher).keys.allSatisfy {
                $0.hasPrefix("/procedures/indecent_images_any/")
            })
    }
}
