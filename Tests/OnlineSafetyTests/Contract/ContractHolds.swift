import Crypto
import JSON
import Postgres
import Testing

@testable import OnlineSafety

/// What the contract says of bodies and answers is what the service takes and gives.
@Suite struct `The contract holds` {
    static let routes = areas.flatMap(\.routes)

    @Test(arguments: routes.map(\.operationID))
    func `every operation has words, and an answer that is declared`(id: String) throws {
        let route = try #require(Self.routes.first { $0.operationID == id })
        let words = route.contractWords
        #expect(words.fault == nil)
        #expect(!route.summary.isEmpty && !route.words.isEmpty)
        let response = try #require(words.response)
        #expect(!response.description.isEmpty)
        if let example = response.example { try route.decode(example) }
        for parameter in words.parameters { #expect(!parameter.description.isEmpty) }
        if let body = words.body {
            #expect(body.description?.isEmpty == false)
            #expect(body.example != nil)
        }
    }

    @Test func `every example of an answer is of its type`() throws {
        for type in DeclaredType.all.values { try type.decode(type.example()) }
    }

    /// What must fit something that only somebody's device or mail knows, or what a school has
    /// published: an example cannot. Their own tests show that they are taken.
    private static let ofTheMoment = [
        "give_my_code", "confirm_a_second_factor", "acknowledge_the_monitoring_notice",
        "accept_an_invitation", "choose_a_new_password",
        // And what is found by an id that is worked out anew each time.
        "complete_an_access_task", "complete_many_access_tasks",
    ]

    /// As somebody whom the route admits, against the register as it stands at first.
    @Test(
        arguments: routes.filter { $0.contractWords.body != nil }.map(\.operationID)
            .filter { !ofTheMoment.contains($0) })
    func `the example of every body is taken`(id: String) async throws {
        let route = try #require(Self.routes.first { $0.operationID == id })
        let register = try await Register.open()
        try giveAccount(to: .example, in: register)
        let incident = try self.case(in: register, for: id)
        let first = Self.preferred[id].map { [$0] } ?? []
        let role = (first + Role.allCases).first { role in
            route.admissions?.contains { $0.role == role } == true
        }
        let visitor = try role.map { register.as($0) } ?? register.stranger(to: route)
        let before = try register.database.number(Self.changes)
        let told = try visitor.ask(
            route.method.rawValue, address(of: route, incident),
            route.contractWords.requiresVersion ? ["If-Match": "*"] : [:],
            route.contractWords.body?.example)
        #expect((200..<300).contains(told.status), "\(told.text)")
        #expect(told.json["warnings"] ?? [] == [])
        try route.decode(told.json)
        // Whatever changes something leaves an entry, whoever wrote the handler.
        let isQuestion = route.access == .reading
        #expect(try register.database.number(Self.changes) > before || isQuestion)
    }

    private static let preferred: [String: Role] = [
        "act_on_a_complaint": .headteacher,
        "restrict_an_incident": .dsl, "lift_a_restriction": .dsl, "release_an_agency_hold": .dsl,
        "record_a_data_breach": .dsl, "detach_a_procedure": .dsl,
        "issue_an_agreement": .office, "record_a_consent": .office,
        "enter_paper_returns": .office, "ask_for_access": .office,
        "register_a_device": .technician, "act_on_a_device": .technician,
        "record_a_confiscation": .office, "act_on_a_review": .dsl,
    ]

    private static let changes: SQL = "select count(*) from event where chain = 'changes'"

    /// As somebody whom the route admits, where there is something to be read.
    @Test(
        arguments: routes.filter {
            $0.method == .get && !$0.path.contains("{notice}") && !$0.contractWords.answersForEver
                && $0.contractWords.isJSON
        }.map(\.operationID))
    func `what is read is of the type that is declared`(id: String) async throws {
        let route = try #require(Self.routes.first { $0.operationID == id })
        let register = try await Register.open()
        let incident = try self.case(in: register, for: id)
        let address = try address(of: route, incident, sealedIn: register)
        for role in [Role.dsl, .staff, .trustViewer] {
            let told = try register.as(role).get(address)
            let isAdmitted = route.admissions?.contains { $0.role == role } ?? true
            let isHidden = role == .staff && told.status == 404
            if !isAdmitted { #expect(told.status == (route.credential == .session ? 403 : 401)) }
            guard isAdmitted, !isHidden else { continue }
            #expect(told.status == 200)
            try route.decode(told.json)
        }
    }

    /// The same, of what is sealed for whoever put it down, and so is put down first.
    private func address(
        of route: Route, _ incident: String, sealedIn register: Register
    ) throws -> String {
        let (address, dsl) = (address(of: route, incident), register.as(.dsl))
        let sealed: [String: (String, JSONValue)] = try [
            "read_an_illegal_address": (
                "/v1/incidents/\(incident)/illegal-addresses",
                JSON.value(of: IllegalAddress.Said.example)
            ),
            "read_who_blew_the_whistle": (
                "/v1/complaints", ComplaintsAtWork.said(.whistleblowing)
            ),
        ]
        guard let (path, body) = sealed[route.operationID] else { return address }
        return address.replacing(
            ID<Incident>.example.string, with: try dsl.post(path, body).id)
    }

    /// The address of an operation, about this incident and its parts.
    private func address(of route: Route, _ incident: String) -> String {
        let (school, example) = (TestSchool.hawthorn, ID<Incident>.example.string)
        return [
            ("{school}", school.id.uuidString), ("{person}", school.pupil.uuidString),
            ("{incident}", incident), ("{involvement}", example), ("{evidence}", example),
            ("{breach}", example), ("{agency_hold}", example), ("{part}", example),
            ("{line}", ActionLine.Line.parentsInformed.rawValue),
            ("{trust}", school.trust.uuidString), ("{setting}", "incident-recipients"),
            ("{year}", "2026"),
            ("{entry}", example), ("{batch}", example), ("{client}", example), ("{token}", example),
            ("{marker}", example), ("{kind}", VulnerabilityMarker.Kind.send.rawValue),
            ("{template}", example), ("{version}", example), ("{agreement}", example),
            ("{campaign}", example), ("{consent}", example), ("{link}", example),
            ("{removal}", example), ("{induction}", example), ("{report}", example),
            ("{system}", example), ("{grant}", example), ("{task}", example),
            ("{review_kind}", ReviewKind.dslGovernorMeeting.rawValue), ("{review}", example),
            ("{action}", example), ("{policy}", example),
            ("{device}", example), ("{complaint}", example),
            ("{procedure}", "hate"), ("{attachment}", example), ("{step}", "policies"),
            ("{purpose}", ConsentPurpose.images.rawValue),
            (
                "/v1/consent-check",
                route.method == .get
                    ? "/v1/consent-check?purpose=images&person_id=\(school.pupil)"
                    : "/v1/consent-check"
            ),
            (
                "/v1/agreement-check",
                route.method == .get
                    ? "/v1/agreement-check?person_id=\(school.pupil)" : "/v1/agreement-check"
            ),
            (
                "/v1/gate",
                route.method == .get
                    ? "/v1/gate?for=device&person_id=\(school.pupil)" : "/v1/gate"
            ),
            (
                "/v1/device-decisions",
                "/v1/device-decisions?ownership=staff_owned&place=office&person_id="
                    + school.person(.staff).uuidString
            ),
            ("trust-posts/{post}", "trust-posts/\(school.seat(.trustViewer).uuidString)"),
            ("{post}", school.seat(.office).uuidString), ("{delegation}", example),
            ("report-recipients", "report-recipients?concerns=child"),
        ].reduce(route.path) { $0.replacing($1.0, with: $1.1) }
    }

    /// An incident on which every act can be done, with whatever the contract's examples name.
    private func `case`(in register: Register, for operation: String) throws -> String {
        let (one, example) = (try Case(register), ID<Incident>.example.string)
        let (school, dsl) = (TestSchool.hawthorn.id, TestSchool.hawthorn.account(.dsl))
        try register.database.execute(
            """
            insert into account (id, name, email) values ('\(example)', 'Lead', 'lead@example.org');
            insert into person (school_id, id, kind, given_name, family_name, account_id)
            values ('\(school)', '\(example)', 'teacher', 'Lead', 'Lead', '\(example)');
            insert into seat (school_id, id, account_id, person_id, role, from_on)
            values ('\(school)', '\(example)', '\(example)', '\(example)', 'dsl', '2020-01-01');
            insert into incident (
                school_id, id, reference, concerns, urgency, treated_as, readers)
            select school_id, '\(example)', 'EXAM-PLE2', concerns, urgency, treated_as, readers
            from incident where id = '\(one.id)';
            insert into involvement (
                school_id, incident_id, id, version, name, "group", parts, account_id, role)
            values ('\(school)', '\(one.id)', '\(example)', 1, 'Robin', 'child', '{target}',
                '\(dsl)', 'dsl');
            insert into evidence (
                school_id, incident_id, id, version, kind, description, holder, was_forwarded,
                account_id, role)
            values ('\(school)', '\(one.id)', '\(example)', 1, 'paper', 'A note', 'The office',
                false, '\(dsl)', 'dsl')
            """)
        if operation == "break_the_glass" {
            try register.database.execute(
                """
                update incident
                set restricted_as = 'child_protection', readers = '{dsl}', reference = '7K3Q-F2MX'
                where id = '\(one.id)'
                """)
        }
        if operation.contains("a_procedure_of_an") || operation.hasPrefix("detach")
            || operation == "answer_a_step"
        {
            try register.database.execute(
                """
                insert into incident_part (
                    school_id, incident_id, id, version, kind, content, account_id, role)
                select '\(school)', '\(one.id)', '\(example)', 1, 'procedure',
                    content || jsonb_build_object(
                        'code', code, 'title', title, 'source', source, 'version', 1,
                        'jurisdiction', jurisdiction, 'is_own', false),
                    '\(dsl)', 'dsl'
                from usual_procedure where code = 'hate'
                """)
        }
        if operation.contains("agency_hold") {
            try register.database.execute(
                """
                insert into agency_hold (
                    school_id, incident_id, id, agency, words, account_id, role)
                values ('\(school)', '\(one.id)', '\(example)', 'police', 'A device', '\(dsl)',
                    'dsl')
                """)
        }
        try work(on: one, in: register, for: operation)
        if operation == "lift_a_restriction" { #expect(try one.restrict(as: .dsl).status == 201) }
        if operation == "close_an_incident" || operation == "reopen_an_incident" {
            #expect(try one.triage().status == 201)
            try one.complete()
        }
        if operation == "reopen_an_incident" {
            #expect(try one.post("closure", ["outcome": "Done"]).status == 201)
        }
        try fill(register, for: operation)
        if operation.contains("broken_agreement") {
            try register.database.execute(
                """
                update involvement set name = null, person_id = '\(example)', "group" = 'staff'
                where id = '\(example)';
                insert into agreement_breach (
                    school_id, incident_id, id, version, person_id, template_id, template,
                    version_id, number, clauses, breached_on, state, was_current, account_id, role)
                select '\(school)', '\(one.id)', '\(example)', 1, '\(example)', '\(example)',
                    'Staff', '\(example)', 1, '[{"code": "use.own", "words": "I use my own."}]',
                    london_today(), 'owed', false, '\(dsl)', 'dsl'
                where '\(operation)' <> 'name_a_broken_agreement'
                """)
        }
        return one.id
    }

    /// What some acts on posts need besides.
    private func fill(_ register: Register, for operation: String) throws {
        let (school, example) = (TestSchool.hawthorn, ID<Incident>.example.string)
        // The day of the examples: what is made for a time ends after it has begun.
        let isOfADay = operation.hasSuffix("_a_vulnerability_marker")
        if isOfADay || ["make_a_client", "make_a_reporting_token"].contains(operation) {
            try register.database.setClock("2026-11-20T09:00:00Z")
        }
        let coordinator = school.person(.onlineSafetyCoordinator)
        try fillRegisters(register, for: operation)
        if operation.contains("agreement") || operation.contains("version")
            || operation.contains("template") || operation.contains("signature")
            || operation.contains("draft") || operation.contains("campaign")
            || operation == "enter_paper_returns"
        {
            try register.keepAgreements(for: operation)
            try register.keepOrganisation(for: operation)
        }
        if operation.contains("access") { try register.keepAccess(for: operation) }
        if operation.contains("device") || operation == "record_a_confiscation" {
            try register.keepDevice(for: operation)
        }
        if operation.contains("a_complaint") {
            try register.keepComplaint(of: .dsl, .own, as: ID<Incident>.example.string)
        }
        switch operation {
        case "delegate_online_safety":
            try register.database.execute(
                """
                insert into seat (school_id, id, account_id, person_id, role, from_on)
                values ('\(school.id)', gen_random_uuid(), '\(example)', '\(example)',
                    'online_safety_coordinator', '2020-01-01')
                """)
        case "invite_somebody":
            try register.database.execute(
                """
                delete from seat where person_id = '\(example)';
                update person set account_id = null where id = '\(example)'
                """)
        case "send_a_signing_link":
            try register.database.execute(
                """
                delete from seat where person_id = '\(example)';
                update person set account_id = null, kind = 'visitor', email = 'v@visit.example'
                where id = '\(example)'
                """)
        case "review_access":
            // The post that the example names is the only one here that opens incidents.
            try register.database.execute(
                """
                update seat set until_on = london_today() - 1
                where school_id = '\(school.id)' and place_on_the_ladder(role) is not null
                    and role <> 'headteacher';
                update seat set id = gen_random_uuid() where id = '\(example)';
                update seat set id = '\(example)'
                where school_id = '\(school.id)' and role = 'headteacher'
                """)
        case "end_a_delegation", "list_delegations":
            try register.database.execute(
                """
                insert into delegation (school_id, id, person_id, from_on, made_by, made_by_name)
                values ('\(school.id)', '\(example)', '\(coordinator)', '2020-01-01',
                    '\(school.account(.headteacher))', 'Headteacher')
                """)
        case "list_roster_batches", "read_a_roster_batch", "list_classes", "list_family_links":
            try register.keepsARoster(batch: ID<Incident>.example.uuid)
        case "record_an_exit_reminder", "list_leavers":
            try register.database.execute(
                """
                insert into leaving (school_id, id, person_id, left_on, recorded_by_name)
                values ('\(school.id)', '\(example)', '\(school.pupil)', '2026-01-01', 'Somebody')
                """)
        case "make_a_client_secret", "make_a_reporting_token", "read_a_client", "list_clients",
            "confirm_the_secrets_of_a_client",
            "list_incident_figures":
            try register.database.execute(
                """
                insert into client (
                    organisation_id, id, is_of_trust, name, purpose, scopes, made_by, ends_at)
                values ('\(school.id)', '\(example)', false, 'MIS', 'The roster',
                    '{incident-figures.read}', '\(school.account(.headteacher))',
                    rowan_now() + interval '1 year')
                """)
        case "end_a_vulnerability_marker":
            try register.database.execute(
                """
                insert into vulnerability_marker (
                    school_id, person_id, id, kind, account_id, said_by)
                values ('\(school.id)', '\(school.pupil)', '\(example)', 'send',
                    '\(school.account(.dsl))', 'DSL')
                """)
        case "correct_an_induction_step", "record_induction_steps", "list_inductions",
            "read_an_induction":
            try register.keepInduction(as: ID<Induction>.example.uuid, for: operation)
        case "act_on_a_review", "read_a_review", "list_reviews":
            try register.keepReview(as: ID<Review>.example.uuid)
        case "read_a_governor_report", "list_governor_reports":
            try register.governorReport(ID<GovernorReport>.example.uuid)
        case "act_on_a_policy", "read_a_policy", "list_policies", "list_the_versions_of_a_policy",
            "write_a_version_of_a_policy", "enter_the_past_of_a_policy",
            "record_receipts_of_a_policy", "list_the_receipts_of_a_policy",
            "read_the_published_policies_of_a_school", "read_a_published_policy":
            try register.keepPolicy(
                as: ID<Policy>.example.uuid, isOnItsWay: operation == "act_on_a_policy")
        case "act_on_an_action", "read_an_action", "list_actions":
            try register.keepAction(as: ID<PlannedAction>.example.uuid)
        case "correct_a_consent", "read_a_consent", "list_consents":
            try register.keepConsent(as: ID<Consent>.example.uuid)
        case "complete_an_image_removal", "list_image_removals":
            try register.keepRemoval(as: ID<Consent>.example.uuid)
        default: break
        }
    }

    /// Of each register what its examples name: an entry, or another by which it can be taken over.
    private func fillRegisters(_ register: Register, for operation: String) throws {
        let example = ID<Incident>.example.uuid
        try register.database.execute(
            """
            insert into person (school_id, id, kind, given_name, family_name)
            values ('\(TestSchool.hawthorn.id)', '0199b5f6-1c3e-7c45-9a3b-3d7f0c1e2a45',
                'contractor', 'Some', 'Technician')
            """)
        if operation == "record_a_videoconference_recording" {
            try register.entry(of: "secure_store", as: example)
            try register.mayBeRecorded(example)
        }
        if operation == "record_a_temporary_image" {
            try register.entry(of: "secure_store", as: example)
        }
        if operation == "record_a_trend" {
            try register.entry(of: "filtering_arrangement", as: example)
        }
        if operation == "record_a_shortfall" { try register.entry(of: "committee", as: example) }
        if operation == "record_a_liaison_meeting" {
            try register.entry(of: "liaison_contact", as: example)
        }
        guard let route = Self.routes.first(where: { $0.operationID == operation }),
            route.path.contains("{entry}"),
            let kind = RegisterRoutes.all.values.first(where: { register in
                route.path.hasPrefix("\(register.path)/")
            })
        else { return }
        try register.entry(of: kind.kind.description, as: example)
        if kind.needsSuccessor { try register.entry(of: kind.kind.description) }
    }

    /// The log-in of the contract's example belongs to somebody here.
    private func giveAccount(to logIn: LogIn, in register: Register) throws {
        let hash = Scrypt.hash(password: logIn.password.string)
        _ = try register.database.owner().run(
            """
            insert into account (id, name, email, password_hash)
            values (gen_random_uuid(), 'Amina Yusuf', \(logIn.email.string), \(hash))
            """)
        // And the password of the examples is that of whoever asks.
        _ = try register.database.owner().run(
            """
            update account set password_hash = \(hash)
            where id = \(TestSchool.hawthorn.account(.staff))
            """)
    }

    @Test func `what must be of one version says so by If-Match`() {
        for route in Self.routes where [.put, .patch, .delete].contains(route.method) {
            // Sessions come and go, and what is one's own has no version that others change.
            let isOwn = route.path.contains("/sessions") || route.path.hasPrefix("/v1/me/")
            // Whoever may tell and never read knows no version.
            let isTold = route.admissions?.isEmpty == true
            #expect(route.contractWords.requiresVersion != (isOwn || isTold), "\(route.path)")
        }
    }
}
