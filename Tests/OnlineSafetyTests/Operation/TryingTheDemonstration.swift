import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety
@testable import Postgres

/// Whoever tries Rowan finds something in every list that there is of agreements, consents,
/// devices, policies, reviews and training.
@Suite struct `The demonstration` {
    /// A session of somebody who is in it.
    private func session(of email: String, on register: Register) throws -> Visitor {
        let token = "rwn_session_\(email)"
        try register.database.owner().run(
            """
            insert into session (token_hash, id, account_id, ends_at, stepped_up_until)
            select \(BearerToken(token).hash), \(UUID()), id, rowan_now() + interval '1 hour',
                rowan_now() + interval '1 hour'
            from account where email = \(email)
            """)
        return register.visitor(token: token)
    }

    @Test func `shows something in each list, and what waits, in every school`()
        async throws
    {
        let database = try TestDatabase(isPeopled: false)
        let run = try Command(["demo"], ["ROWAN_OWNER_DATABASE_URL": database.ownerURL])
        #expect(run.status == 0 && run.printed.contains("Loaded 3 schools"), "\(run.printed)")
        let register = try await Register.open(on: database)
        let deputies = [
            "tom.whitfield@hawthorn.example", "joanna.kowalska@rosehip.example",
            "lucy.hartley@bramble.example",
        ]
        for email in deputies {
            let deputy = try session(of: email, on: register)
            func list(_ path: String) throws -> [JSONValue] {
                let told = try deputy.get(path)
                try #require(told.status == 200, "\(path) \(told.json)")
                return told.data
            }
            let agreements = try list("/v1/agreements?limit=1000")
            let states = Set(agreements.compactMap { $0["state"]?.text })
            #expect(states == ["signed", "issued"], "\(email)")
            #expect(try !list("/v1/agreements?is_overdue=true").isEmpty, "\(email)")
            let signed = agreements.filter { $0["state"] == "signed" }
            #expect(signed.count * 2 > agreements.count, "\(email)")
            #expect(try list("/v1/agreement-templates").count == 4, "\(email)")
            #expect(try list("/v1/agreement-campaigns").count == 4, "\(email)")
            #expect(try list("/v1/consents").count == 4, "\(email)")
            #expect(try list("/v1/image-removals").count == 1, "\(email)")
            let inductions = try list("/v1/inductions?is_complete=false")
            #expect(inductions.map { $0["kind"] } == ["peripatetic", "volunteer"], "\(email)")
            #expect(try !list("/v1/consents-sought").isEmpty, "\(email)")
            let permitted = try list("/v1/permission-list?limit=1000")
            #expect(permitted.contains { $0["allowed"] != [] }, "\(email)")
            #expect(permitted.contains { $0["allowed"] == [] }, "\(email)")
            try findsEntries(list, email)
            try findsDevices(list, deputy, email)
            try findsPolicies(list, deputy)
            try findsWhatIsDue(list, deputy)
            let waits = try deputy.get("/v1/me").json["to_do"]
            #expect(JSON.string(of: waits ?? .null).contains("image_removal"), "\(email)")
        }
        for area in [
            "agreement", "consent", "induction", "register", "device", "policy", "review",
            "governor_report",
        ] as [SQL] {
            let unlike = try database.number("select count(*) from \(area)_unlike_its_entry")
            #expect(unlike == 0, "\(area)")
        }
    }

    /// What the demonstration writes by itself is what the service would have written.
    private func fit<Record: Decodable>(_ type: Record.Type, _ records: [JSONValue]) throws {
        for record in records { _ = try JSON.decode(type, from: record) }
    }

    /// An entry in each register, and who was trained, and was not.
    private func findsEntries(
        _ list: (String) throws -> [JSONValue], _ email: String
    ) throws {
        for register in [
            "wireless-key-issues", "device-apps", "device-exceptions", "trip-phones",
            "contractor-devices", "confiscations", "equipment-checks", "temporary-images",
            "contact-phones", "professional-updates", "stakeholder-inputs",
            "policy-announcements", "oversight-records",
        ] { #expect(try list("/v1/\(register)").count == 1, "\(email) \(register)") }
        #expect(try list("/v1/training-records").count == 6, "\(email)")
        #expect(try list("/v1/training?state=overdue").count == 1, "\(email)")
        try fit(TrainingStanding.self, try list("/v1/training?limit=500"))
        let trained = Set(try list("/v1/training?limit=500").compactMap { $0["state"]?.text })
        #expect(trained == ["current", "awaited", "due", "overdue"], "\(email)")
    }

    private func findsDevices(
        _ list: (String) throws -> [JSONValue], _ deputy: Visitor, _ email: String
    ) throws {
        let devices = try list("/v1/devices")
        for device in devices {
            try fit(
                Device.self, [deputy.get("/v1/devices/\(device["id"]?.text ?? "")").json])
        }
        let states = devices.compactMap { $0["state"]?.text }.sorted()
        #expect(
            states == [
                "assigned", "assigned", "assigned", "assigned", "declared", "held", "lost",
                "off_site", "permitted",
            ], "\(email)")
        #expect(try list("/v1/devices?failing=not_updated").count == 1, "\(email)")
    }

    /// One in force that anybody reads, and one that waits for the governors.
    private func findsPolicies(
        _ list: (String) throws -> [JSONValue], _ deputy: Visitor
    ) throws {
        let policies = try list("/v1/policies")
        for policy in policies {
            try fit(
                Policy.self, [deputy.get("/v1/policies/\(policy["id"]?.text ?? "")").json])
        }
        #expect(Set(policies.map { $0["state"]?.text }) == ["review_due", "in_approval"])
        let held = try #require(policies.first { $0["state"] == "review_due" })
        let receipts = try list("/v1/policies/\(held["id"]?.text ?? "")/receipts?limit=500")
        #expect(Set(receipts.map { $0["acknowledged_on"] == nil }) == [true, false])
        let school = "/v1/schools/\(held["school_id"]?.text ?? "")"
        let published = try deputy.get("\(school)/published-policies").json.list("policies")
        #expect(published.map { $0["name"] } == ["Online safety policy"])
        #expect(try deputy.get("\(school)/device-matrix").json.list("cells").count > 10)
        #expect(try deputy.get("\(school)/device-use-rules").json.list("rules").count == 3)
    }

    /// A review that was held, one that is due and one to come; what follows; what governors were
    /// told; and all of that as duties.
    private func findsWhatIsDue(
        _ list: (String) throws -> [JSONValue], _ deputy: Visitor
    ) throws {
        let reviews = try list("/v1/reviews")
        for review in reviews {
            try fit(Review.self, [deputy.get("/v1/reviews/\(review["id"]?.text ?? "")").json])
        }
        let stand = reviews.compactMap { $0["state"]?.text }.sorted()
        #expect(stand == ["due", "scheduled", "signed_off"])
        try fit(PlannedAction.self, try list("/v1/actions"))
        let actions = try list("/v1/actions").compactMap { $0["state"]?.text }.sorted()
        #expect(actions == ["done", "open", "open"])
        let report = try #require(try list("/v1/governor-reports").first?["id"]?.text)
        let issued = try deputy.get("/v1/governor-reports/\(report)").json
        try fit(GovernorReport.self, [issued])
        let cells = issued.list("cells")
        let all = cells.first { $0["measure"] == "incidents" }
        #expect(all?["state"] == "counted" && cells.contains { $0["state"] == "suppressed" })
        let due = Set(try list("/v1/duties?limit=500").compactMap { $0["kind"]?.text })
        #expect(
            due.isSuperset(of: [
                "action_due", "confiscated_device_to_return", "device_off_site_ends",
                "governor_report_due", "personal_device_to_decide", "policy_review_due",
                "policy_to_acknowledge", "review_due", "temporary_images_to_move", "training_due",
            ]), "\(due)")
    }
}
