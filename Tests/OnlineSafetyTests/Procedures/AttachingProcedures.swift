import JSON
import Testing

@testable import OnlineSafety

/// Procedures come to an incident at triage, or later by those in charge.
@Suite struct `Attaching procedures` {
    @Test func `triage says which it is where a type stands for several, and who may lead it`()
        async throws
    {
        let register = try await Register.open()
        let one = try Case(register)
        let box = Case.finding(("types", ["hate", "sexting_iioc", "cyberbullying"]))
            .without(["procedures"])
        let refused = try one.triage(
            box.with("procedures", ["sorcery", "hate"]).without(["lead_id"])
                .with("lead_id", Case.person(.onlineSafetyCoordinator)))
        #expect(
            refused.faults == [
                "/types/1": "procedure_undecided", "/types/2": "procedure_undecided",
                "/procedures/0": "unknown_procedure",
            ])
        let chosen = box.with("procedures", ["youth_produced_imagery", "cyberbullying"])
        let led = try one.triage(
            chosen.without(["lead_id"]).with("lead_id", Case.person(.headteacher)))
        #expect(led.faults == ["/lead_id": "leads_no_such_procedure"])
        #expect(try one.procedures().isEmpty)
        #expect(try one.triage(chosen).status == 201)
        #expect(
            try one.procedures().map(\.code).sorted() == [
                "cyberbullying", "hate", "youth_produced_imagery",
            ])
        // What is attached already needs no second word, and comes no second time.
        #expect(try one.triage(box).status == 201)
        #expect(try one.procedures().count == 3)
        let whole = try one.read(as: .dsl, "?include=procedures")
        guard case .array(let shown)? = whole.json["procedures"] else {
            Issue.record("no procedures")
            return
        }
        #expect(shown.count == 3)
        for one in shown { _ = try JSON.decode(AttachedProcedure.self, from: one) }
    }

    @Test func `those in charge attach another with what belongs to it, and detach it untouched`()
        async throws
    {
        let register = try await Register.open()
        let one = try Case.triaged(
            register, [.hate], [], ("lead_id", Case.person(.seniorLeader)))
        let body: JSONValue = ["code": "indecent_images_on_devices"]
        #expect(
            try one.post("procedures", ["code": "sorcery"]).faults == ["/code": "unknown_procedure"]
        )
        let lead = try one.post("procedures", ["code": "hate"], as: .seniorLeader)
        #expect(lead.faults == ["/code": "attached_already", "": "not_in_charge"])
        let told = try one.post("procedures", body, as: .onlineSafetyCoordinator)
        #expect(told.status == 201 && told["code"] == "indecent_images_on_devices")
        #expect(
            try one.procedures().map(\.code).sorted() == [
                "hate", "indecent_images_any", "indecent_images_on_devices",
            ])
        #expect(try one.post("procedures", body, as: .staff).status == 403)
        #expect(try one.post("procedures", body, as: .chairOfGovernors).status == 404)
        // It is detached with a reason, by those in charge, and not when a step of it was taken.
        let hate = try one.procedure("hate")
        try hate.take("policies")
        let why: JSONValue = ["reason": "It was a joke between friends"]
        let taken = try register.as(.seniorLeader).post("\(hate.path)/detachment", why)
        #expect(
            taken.faults == ["/steps/policies": "step_was_taken", "": "not_in_charge"])
        let any = try one.procedure("indecent_images_any")
        #expect(
            try register.as(.dsl).post("\(any.path)/detachment", [:]).faults == [
                "/reason": "required"
            ])
        // What somebody outside must learn goes on the word of those who may waive a step, and not
        // once a question of it was answered.
        let coordinator = try register.as(.onlineSafetyCoordinator)
            .post("\(any.path)/detachment", why)
        #expect(coordinator.faults == ["": "not_in_charge"])
        #expect(try one.post("procedures", ["code": "youth_produced_imagery"]).status == 201)
        let imagery = try one.procedure("youth_produced_imagery")
        #expect(try imagery.answer("under_13", .yes).status == 200)
        #expect(
            try register.as(.dsl).post("\(imagery.path)/detachment", why).faults
                == ["/steps/under_13": "step_was_taken"])
        #expect(try register.as(.dsl).post("\(any.path)/detachment", why).status == 204)
        #expect(try register.as(.dsl).get(any.path).status == 404)
        #expect(try one.procedures().count == 3)
        #expect(try register.as(.dsl).post("\(any.path)/detachment", why).status == 404)
        // It comes again when somebody says so.
        #expect(try one.post("procedures", ["code": "indecent_images_any"]).status == 201)
    }

    @Test func `closing tells of what its types ask for and nobody attached`() async throws {
        let register = try await Register.open()
        let one = try Case.triaged(register, [.hate, .cyberbullying], ["cyberbullying"])
        // What a type asks for is detached on somebody's word; a choice is made again.
        for code in ["hate", "cyberbullying"] {
            let attached = try one.procedure(code)
            let why: JSONValue = ["reason": "It turned out to be something else"]
            #expect(try register.as(.dsl).post("\(attached.path)/detachment", why).status == 204)
        }
        #expect(try one.againstClosing() == ["/types/cyberbullying": "procedure_undecided"])
        let amended = try one.patch(
            ["types": ["hate", "disrepute"]], one.read()["etag"])
        if amended.status == 200 {
            #expect(
                try one.againstClosing() == [
                    "/procedures/negative_comments": "procedure_missing"
                ])
        } else {
            try register.database.execute(
                "update incident set types = '{hate,disrepute}' where id = '\(one.id)'")
            #expect(
                try one.againstClosing() == [
                    "/procedures/negative_comments": "procedure_missing"
                ])
        }
    }

    /// PRC-10
    @Test func `where a school has it so, every image of a child is of the gravest kind`()
        async throws
    {
        let register = try await Register.open()
        let usual = try Case.triaged(register, [.sextingIIOC], ["youth_produced_imagery"])
        #expect(try usual.read()["severity"] == "low")
        let set = try register.as(.headteacher).put(
            "/v1/schools/\(TestSchool.hawthorn.id)/settings/imagery-is-always-grave",
            ["value": true], ["If-Match": "*"])
        #expect(set.status == 200 || set.status == 201, "\(set.json)")
        let boxed = try Case.triaged(register, [.sextingIIOC], ["youth_produced_imagery"])
        #expect(try boxed.read()["severity"] == "high")
        // However it came to be about an image, and whatever is said of it later.
        let other = try Case.triaged(register, [.hate])
        #expect(try other.read()["severity"] == "low")
        #expect(try other.post("procedures", ["code": "youth_produced_imagery"]).status == 201)
        #expect(try other.read()["severity"] == "high")
        let lowered = try other.triage(
            Case.finding(("types", ["hate"]), ("severity", "medium")))
        #expect(lowered.status == 201, "\(lowered.json)")
        #expect(try other.read()["severity"] == "high")
    }
}
