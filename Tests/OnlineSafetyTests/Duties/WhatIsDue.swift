import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety
@testable import Postgres

/// Whatever recurs or falls due, as one list (section 26).
@Suite struct `What is due` {
    private let staff = TestSchool.hawthorn.person(.staff).lowercased

    @Test
    func `each area's is told with whose it is, when and why, and is gone when done`()
        async throws
    {
        let register = try await opened()
        let template = try register.template("Staff rules", for: [["kind": "teacher"]])
        _ = try register.publish(agreementText(), of: template)
        let mine = try duties(register, .staff)
        let toSign = try #require(mine.first { $0["kind"] == "agreement_to_sign" })
        #expect(toSign["label"] == "Staff rules" && toSign["person_id"]?.text == staff)
        #expect(toSign["source"] == "T-14" && toSign["due_on"] != nil)
        let training = try #require(mine.first { $0["kind"] == "training_due" })
        #expect(training["due_on"] == "2026-11-30" && training["state"] == "upcoming")
        #expect(training["source"] == "T-16" && training["who"] != nil)
        #expect(mine.allSatisfy { $0["person_id"]?.text == staff || $0["roles"] != nil })

        let signed = try register.as(.staff).post(
            "/v1/agreements/\(try register.issue(template, to: staff))/signatures", signature())
        #expect(signed.status == 201, "\(signed.json)")
        _ = try register.as(.office).post(
            "/v1/training-records",
            [
                "kind": "annual_update", "name": "Update", "happened_on": "2026-11-20",
                "attended_ids": [.string(staff)],
            ])
        let left = try duties(register, .staff).compactMap { $0["kind"]?.text }
        #expect(!left.contains("agreement_to_sign") && !left.contains("training_due"))
    }

    @Test func `a post's are of whoever holds it, and a new adult's steps of those who induct`()
        async throws
    {
        let newcomer = try await Newcomer.open()
        let of = try duties(newcomer.register, .office, "kind=induction_step")
        #expect(of.count == 5)
        #expect(of.allSatisfy { $0["about_id"]?.text == newcomer.person.lowercased })
        #expect(of.allSatisfy { $0["person_id"] == nil })
        let sources = of.map { $0["source"]?.text ?? "" }.sorted()
        #expect(sources == ["T-18", "T-18", "T-18", "T-18", "T-45"])
        #expect(of[0]["state"] == "overdue" && of[0]["overdue_days"] == 18)
        // Whoever holds no such post, and is no overseer, has none of it.
        #expect(try duties(newcomer.register, .staff, "kind=induction_step") == [])
        #expect(try duties(newcomer.register, .technician, "kind=induction_step") == [])
        let leads = try duties(newcomer.register, .dsl, "kind=induction_step&is_mine=true")
        #expect(leads.count == 5)
        let early = try duties(
            newcomer.register, .office, "kind=induction_step&until=2026-11-02")
        #expect(early.count == 2)
    }

    @Test func `nobody reads another's, nor another school's`() async throws {
        let register = try await opened()
        for role in Role.allCases where role.isOfASchool && role != .temporaryStaff {
            let own = TestSchool.hawthorn.person(role).lowercased
            let told = try duties(register, role)
            let isOverseer = Duties.overseers.contains(role)
            #expect(!told.isEmpty, "\(role)")
            #expect(
                told.allSatisfy {
                    $0["school_id"]?.text == TestSchool.hawthorn.id.uuidString.lowercased()
                })
            let ofOthers = told.filter { $0["person_id"] != nil && $0["person_id"]?.text != own }
            #expect(ofOthers.isEmpty != isOverseer, "\(role)")
        }
        let elsewhere = try register.as(.dsl, at: .rosehip).get("/v1/duties?person_id=\(staff)")
        #expect(elsewhere.data == [])
        #expect(try register.as(.staff).get("/v1/duties?kind=nonsense").status == 400)
    }

    @Test func `a trust has the figures of all its schools in one call, as the clock counted them`()
        async throws
    {
        let register = try await opened()
        #expect(try register.as(.trustViewer).get("/v1/duty-figures").data == [])
        let images = try register.as(.staff).post(
            "/v1/temporary-images",
            [
                "device": "HW-0142", "is_schools": true, "session": "Sports day",
                "keeper_id": .string(staff), "happened_on": "2026-11-18",
            ])
        #expect(images.status == 201, "\(images.json)")
        try run("count_duties", in: register)
        let all = try duties(register, .headteacher, "kind=training_due")
        let figures = try register.as(.trustViewer).get("/v1/duty-figures?kind=training_due")
        let ours = try #require(
            figures.data.first {
                $0["school_id"]?.text == TestSchool.hawthorn.id.uuidString.lowercased()
            })
        #expect(ours["open"] == .number(JSONNumber(all.count)) && ours["overdue"] == 0)
        #expect(ours["counted_at"] == "2026-11-20T12:00:00.000Z")
        // They count what those who lead are told one by one.
        let told = Dictionary(grouping: try duties(register, .headteacher)) { $0["kind"]?.text }
        let counted = try register.as(.headteacher).get("/v1/duty-figures").data
        #expect(counted.count == told.count && told.count > 2)
        for figure in counted {
            let number = told[figure["kind"]?.text]?.count ?? 0
            #expect(figure["open"] == .number(JSONNumber(number)), "\(figure)")
        }
        // Not again before there is something new, and then not at once.
        #expect(try run("count_duties", in: register) == 0)
        _ = try register.as(.office).post(
            "/v1/training-records",
            [
                "kind": "annual_update", "name": "Update", "happened_on": "2026-11-20",
                "attended_ids": [.string(staff)],
            ])
        #expect(try run("count_duties", in: register) == 0)
        try register.database.setClock("2026-11-20T12:06:00Z")
        #expect(try run("count_duties", in: register) == 1)
        let anew = try register.as(.headteacher).get("/v1/duty-figures?kind=training_due")
        #expect(anew.data.count == 1)
        #expect(anew.data[0]["open"] == .number(JSONNumber(all.count - 1)))
        let client = try register.machine(.dutyFiguresRead).signedIn()
        #expect(try client.get("/v1/duty-figures").data.isEmpty == false)
        #expect(try client.get("/v1/duties").status == 403)
    }

    @Test func `whoever has something to do is reminded before it is due and after, once each`()
        async throws
    {
        let register = try await opened()
        try run("remind_of_duties", in: register)
        #expect(try notices(register, .staff) == [])
        // Due on the thirtieth: seven days before.
        try register.database.setClock("2026-11-23T12:00:00Z")
        try run("remind_of_duties", in: register)
        #expect(try notices(register, .staff) == ["duties_due"])
        try register.database.setClock("2026-11-24T12:00:00Z")
        try run("remind_of_duties", in: register)
        #expect(try notices(register, .staff) == ["duties_due"])
        try register.database.setClock("2026-12-01T12:00:00Z")
        try run("remind_of_duties", in: register)
        #expect(try notices(register, .staff).sorted() == ["duties_due", "duties_overdue"])
        try run("remind_of_duties", in: register)
        #expect(try notices(register, .staff).count == 2)
    }

    /// Neither by a figure nor by a notice does anybody learn that there is something about them.
    @Test func `what came of an incident is in no figure, and reminds those to whom it is open`()
        async throws
    {
        let register = try await opened()
        // What has long been overdue is told of once, on the day before.
        try register.database.setClock("2026-11-19T12:00:00Z")
        try run("remind_of_duties", in: register)
        let before = try notices(register, .office)
        try register.database.setClock("2026-11-20T12:00:00Z")
        let incident = try register.as(.staff).report(
            "Something", .staff, ("people", [Scene.alleged(.office)])
        ).id
        for role in ["office", "technician", "headteacher"] {
            let planned = try register.as(.headteacher).post(
                "/v1/actions",
                [
                    "words": "Look at the log-ins", "owner_role": .string(role),
                    "due_on": "2026-11-25", "incident_id": .string(incident),
                ])
            #expect(planned.status == 201, "\(planned.json)")
        }
        try run("count_duties", in: register)
        try run("remind_of_duties", in: register)
        #expect(try duties(register, .headteacher, "kind=action_due").count == 3)
        #expect(try notices(register, .headteacher).contains("duties_due"))
        #expect(try duties(register, .office, "kind=action_due") == [])
        #expect(try notices(register, .office) == before)
        // Whose it is knows what to do, not why.
        #expect(try duties(register, .technician, "kind=action_due").count == 1)
        #expect(try notices(register, .technician) == ["duties_due"])
        for role in [Role.office, .headteacher, .trustViewer] {
            let figures = try register.as(role).get("/v1/duty-figures").data
            #expect(!figures.isEmpty && !figures.contains { $0["kind"] == "action_due" }, "\(role)")
        }
        // One that came of none is counted, and reminds whose it is.
        try register.database.setClock("2026-11-21T12:06:00Z")
        let other = try register.as(.headteacher).post(
            "/v1/actions",
            ["words": "Mend the lock", "owner_role": "office", "due_on": "2026-11-25"])
        #expect(other.status == 201, "\(other.json)")
        try run("count_duties", in: register)
        try run("remind_of_duties", in: register)
        let counted = try register.as(.office).get("/v1/duty-figures?kind=action_due").data
        #expect(counted.first?["open"] == 1)
        #expect(try notices(register, .office) == ["duties_due"] + before)
    }

    /// Section 25: what was taken from a child, or is to be, is for their school alone.
    @Test func `a trust is told nothing of images to remove, nor of what was confiscated`()
        async throws
    {
        let register = try await opened()
        let images = try register.as(.staff).post(
            "/v1/temporary-images",
            [
                "device": "HW-0142", "is_schools": true, "session": "Sports day",
                "keeper_id": .string(staff), "happened_on": "2026-11-18",
            ])
        #expect(images.status == 201, "\(images.json)")
        try run("count_duties", in: register)
        let client = try register.machine(.dutyFiguresRead).signedIn()
        func isTold(_ visitor: Visitor) throws -> Bool {
            let told = try visitor.get("/v1/duty-figures?limit=500").data
            #expect(!told.isEmpty)
            return told.contains { $0["kind"] == "temporary_images_to_move" }
        }
        #expect(try isTold(register.as(.dsl)) && isTold(client))
        #expect(try !isTold(register.as(.trustViewer)))
        // As tables too, and each is on record.
        for visitor in [register.as(.dsl), register.as(.trustViewer), client] {
            let table = try visitor.get("/v1/duty-figures?format=csv")
            #expect(table.status == 200 && table.text.contains("training_due"), "\(table.text)")
        }
        let exports: SQL = """
            select count(distinct (account_id, client_id)) from event
            where deed = 'exported' and record_kind = 'duty_figure'
            """
        #expect(try register.database.number(exports) == 3)
    }

    /// One school at which it cannot be done holds up no other, and is tried again.
    @Test func `a school whose duties cannot be worked out holds up nobody`() async throws {
        let register = try await opened()
        let schools = try register.database.number("select count(*) from school")
        // What is planned for the first time is there already.
        try register.database.setClock("2026-11-19T12:00:00Z")
        try run("remind_of_duties", in: register)
        try register.database.setClock("2026-11-20T12:00:00Z")
        try register.database.execute(
            """
            create function duties_that_fail(of_school uuid, of_people uuid[]) returns setof duty
            language plpgsql stable as $$
            begin
                if of_school = '\(TestSchool.hawthorn.id)' then
                    raise exception 'no';
                end if;
            end $$;
            grant execute on function duties_that_fail(uuid, uuid[]) to public;
            insert into duty_source (name, is_view) values ('duties_that_fail', false)
            """)
        #expect(try run("count_duties", in: register) == schools)
        #expect(try run("remind_of_duties", in: register) == schools - 1)
        let counted: SQL = "select count(*) from duty_figures_counted"
        #expect(try register.database.number(counted) == schools - 1)
        try register.database.execute("delete from duty_source where name = 'duties_that_fail'")
        #expect(try run("count_duties", in: register) == 0)
        try register.database.setClock("2026-11-20T13:06:00Z")
        #expect(try run("count_duties", in: register) == 1)
        #expect(try run("remind_of_duties", in: register) == 1)
        #expect(try register.database.number(counted) == schools)
    }

    /// What is only told is no duty of theirs for ever.
    @Test func `what is put before somebody to know alone is not theirs to sign`() async throws {
        let register = try await opened()
        let template = try register.template("Leaflet", for: [["kind": "teacher"]])
        _ = try register.publish(
            agreementText(["form": "information", "attestations": .null]), of: template)
        _ = try register.issue(template, to: staff)
        #expect(try duties(register, .staff, "kind=agreement_to_sign") == [])
    }

    private func opened() async throws -> Register {
        let register = try await Register.open()
        try register.database.execute(
            """
            update school set created_at = '2026-09-01T08:00:00Z';
            update person set created_at = '2026-09-01T08:00:00Z';
            update seat set from_on = '2026-09-01'
            """)
        try register.database.setClock("2026-11-20T12:00:00Z")
        return register
    }

    private func duties(
        _ register: Register, _ role: Role, _ query: String = ""
    ) throws -> [JSONValue] {
        let told = try register.as(role).get("/v1/duties?limit=500&\(query)")
        try #require(told.status == 200, "\(told.json)")
        return told.data
    }

    private func notices(_ register: Register, _ role: Role) throws -> [String] {
        try register.as(role).get("/v1/notices").data.compactMap { $0["kind"]?.text }
            .filter { $0.hasPrefix("duties") }
    }

    /// Lets a worker do all that waits: for how many schools it did.
    @discardableResult
    private func run(_ function: SQL, in register: Register) throws -> Int {
        let worker = try DirectConnection(register.database.workerURL)
        for done in 0..<20 {
            let answer = try worker.run("select \(function)() as is_done")
            if answer.bool(0, "is_done") != true { return done }
        }
        return 20
    }
}
