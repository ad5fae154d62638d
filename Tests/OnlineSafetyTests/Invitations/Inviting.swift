import Crypto
import Foundation
import JSON
import Testing

@testable import OnlineSafety
@testable import Postgres

/// How somebody new gets in: by a link that nobody else has.
@Suite struct `Inviting somebody` {
    private let school = TestSchool.hawthorn
    private let email = "nadia@new.example"
    private let password = "four lanterns under the bridge"

    /// The one link that waits.
    private func link(_ register: Register) throws -> WaitingLink {
        let links = try register.links()
        #expect(links.count == 1)
        return try #require(links.first)
    }

    @Test(arguments: [Role.headteacher, .schoolAdministrator])
    func `lets them choose a password and take the post, and whoever invites learns nothing`(
        role: Role
    ) async throws {
        let register = try await Register.open()
        let inviter = register.as(role)
        let invited = try inviter.invite(register.newcomer(), "Nadia@New.example ")
        #expect(invited.status == 201)
        #expect((invited["status"], invited["mail"]) == ("waiting", "waiting"))
        #expect(
            try register.database.number(
                "select count(*) from account where email = \(email)") == 0)
        let link = try link(register)
        #expect((link.address, link.purpose) == (email, "invitation"))
        #expect(!invited.text.contains("rwn_link"))
        #expect(try !inviter.get("/v1/invitations").text.contains("rwn_link"))
        for weak in ["short", "password password"] {
            #expect(try register.accept(link.secret, weak).faults.keys.contains("/password"))
        }
        #expect(try register.accept(link.secret, password).status == 204)
        let opened = try register.logIn(email, password)
        let nadia = register.visitor(token: try #require(opened["token"]))
        #expect(opened["name"] == "Nadia Newcomer")
        #expect(try nadia.report().status == 201)
        let now = try #require(try inviter.get("/v1/invitations").data.first)
        #expect((now["status"]?.text, now["outcome"]?.text) == ("accepted", "appointed"))
        // Once, and never again.
        #expect(try register.accept(link.secret, password).status == 404)
        for text in [link.secret, password] {
            #expect(try register.database.places(of: text) == [])
        }
        let deeds = try register.database.entries().map(\.deed)
        #expect(deeds.contains("invited") && deeds.contains("invitation_accepted"))
        #expect(deeds.contains("appointed"))
    }

    @Test func `answers the same whether or not there is an account, which then takes the post`()
        async throws
    {
        let register = try await Register.open()
        let head = register.as(.headteacher)
        let known = TestSchool.lighthouse.email(.staff)
        let told = [
            try head.invite(register.newcomer(), email),
            try head.invite(register.newcomer(), known),
        ]
        #expect(told.map(\.status) == [201, 201])
        let own = Set(["id", "person_id", "email", "invited_at", "lasts_until"])
        for name in told[0].keys.subtracting(own) {
            #expect(told[0].json[name] == told[1].json[name], "\(name)")
        }
        #expect(told[0].keys == told[1].keys)
        let link = try #require(try register.links().first { $0.address == known })
        // It is theirs, and stays as it was: the password is asked for, not set.
        #expect(try register.accept(link.secret, password).code == "credentials_invalid")
        #expect(try register.accept(link.secret, TestSchool.password).status == 204)
        let posts = try register.as(.staff, at: .lighthouse).get("/v1/me").json["posts"]
        let held = try JSON.string(of: #require(posts))
        #expect(held.contains("Hawthorn") && held.contains("Lighthouse"))
        #expect(try register.logIn(known).status == 201)
    }

    /// SEC-04: a post is not taken with a password alone where its owner would need more to log in.
    @Test(arguments: [false, true])
    func `is accepted with the second factor too, where the account has one`(isLost: Bool)
        async throws
    {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T09:00:00Z")
        let (known, right) = (TestSchool.lighthouse.email(.staff), TestSchool.password)
        let opened = try register.logIn(known)
        let staff = register.visitor(token: try #require(opened["token"]))
        let nine = 1_795_165_200
        let (totp, codes) = try staff.setUpSecondFactor(at: nine)
        _ = try register.as(.headteacher).invite(register.newcomer(), known)
        let secret = try #require(try register.links().first { $0.purpose == "invitation" }).secret
        let code = isLost ? codes[0] : totp.code(of: TOTP.step(at: nine))
        #expect(try register.accept(secret, right).faults == ["/code": "code_needed"])
        #expect(try register.accept(secret, password, code: code).code == "credentials_invalid")
        for wrong in ["000000", totp.code(of: TOTP.step(at: nine) - 1)] {
            #expect(try register.accept(secret, right, code: wrong).code == "credentials_invalid")
        }
        #expect(try register.accept(secret, right, code: code).status == 204)
        let waiting = try register.logIn(known)
        let next = register.visitor(token: try #require(waiting["token"]))
        #expect(try next.giveCode(code).status == 401)
        #expect(try next.giveCode(codes[1]).status == 204)
        #expect(try JSON.string(of: next.get("/v1/me").json).contains("Hawthorn"))
        let deeds = try register.database.entries().map(\.deed)
        #expect(deeds.contains("code_failed") && deeds.contains("log_in_failed"))
    }

    /// USR-10: a log-in is one person's, however the roster has them.
    @Test func `is by an address that nobody else of the roster has`() async throws {
        let register = try await Register.open()
        let (head, known) = (register.as(.headteacher), school.email(.office))
        let taken = try head.invite(register.newcomer(), known.uppercased())
        #expect(taken.codes == ["address_is_anothers"])
        let first = try head.invite(register.newcomer(), email)
        #expect(first.status == 201)
        let second = try register.newcomer()
        #expect(try head.invite(second, email).codes == ["address_is_anothers"])
        #expect(try register.accept(link(register).secret, password).status == 204)
        #expect(try head.invite(second, email).codes == ["address_is_anothers"])
        // Nor do two become one who were invited by different addresses.
        #expect(try head.invite(second, "other@new.example").status == 201)
        let link = try link(register)
        try register.database.execute(
            """
            update invitation set email = '\(email)' where email = 'other@new.example';
            update sign_in_link set address = '\(email)' where address = 'other@new.example'
            """)
        #expect(try register.accept(link.secret, password).status == 204)
        let outcomes = try head.get("/v1/invitations").data.map { $0["outcome"]?.text }
        #expect(outcomes.sorted { ($0 ?? "") < ($1 ?? "") } == ["account_only", "appointed"])
        #expect(
            try register.database.number(
                """
                select count(*) from person join account on account.id = person.account_id
                where account.email = \(email)
                """) == 1)
    }

    @Test func `is revoked, or sent again, and the old secret is dead`() async throws {
        let register = try await Register.open()
        let head = register.as(.headteacher)
        let invited = try head.invite(register.newcomer(), email)
        let first = try link(register)
        #expect(try head.post("/v1/invitations/\(invited.id)/mail").status == 201)
        #expect(try register.accept(first.secret, password).status == 404)
        let second = try link(register)
        #expect(try head.post("/v1/invitations/\(invited.id)/revocation")["status"] == "revoked")
        #expect(try register.accept(second.secret, password).status == 404)
        #expect(try head.post("/v1/invitations/\(invited.id)/mail").codes == ["revoked_already"])
        #expect(try register.links().isEmpty)
    }

    @Test func `holds for the days that were said, and not a moment more`() async throws {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T12:00:00Z")
        let head = register.as(.headteacher)
        _ = try head.invite(register.newcomer(), email)
        let link = try link(register)
        try register.database.setClock("2026-11-27T11:59:59Z")
        #expect(try register.accept(link.secret, "short").status == 422)
        try register.database.setClock("2026-11-27T12:00:00Z")
        #expect(try register.accept(link.secret, password).status == 404)
        #expect(try head.get("/v1/invitations").data.first?["status"]?.text == "expired")
        let many = try head.post(
            "/v1/schools/\(school.id)/invitations",
            [
                "email": "none", "days": 15,
                "post": ["person_id": .string(register.newcomer()), "role": "staff"],
            ])
        #expect(many.faults == ["/email": "not_an_address", "/days": "out_of_range"])
    }

    /// SEC-14: an administrator lets in whom no record is open to.
    @Test func `is for whoever may give such a post, also when it is accepted`() async throws {
        let register = try await Register.open()
        for (role, post, status) in [
            (Role.schoolAdministrator, "dsl", 403), (.schoolAdministrator, "headteacher", 403),
            (.schoolAdministrator, "technician", 201), (.chairOfGovernors, "governor", 201),
            (.chairOfGovernors, "staff", 403), (.headteacher, "dsl", 201),
        ] {
            let told = try register.as(role).invite(
                register.newcomer(), "\(UUID().uuidString)@new.example", to: post)
            #expect(told.status == status, "\(role) \(post)")
        }
        let fresh = try register.session(of: .headteacher)
        #expect(try fresh.invite(register.newcomer(), email).code == "step_up_required")
        #expect(
            try register.as(.headteacher).invite(school.pupil.uuidString, email).codes == ["pupil"])
        #expect(
            try register.as(.headteacher)
                .invite(school.person(.office).uuidString, email).codes == ["has_account"])
        _ = try register.links()
        _ = try register.as(.schoolAdministrator).invite(register.newcomer(), email)
        let link = try link(register)
        try register.endSeat(.schoolAdministrator)
        #expect(try register.accept(link.secret, password).status == 404)
    }

    /// What alters who receives a report about whoever invites waits for a second person.
    @Test func `to a post that needs a second person gives the account, and proposes the post`()
        async throws
    {
        let register = try await Register.open()
        _ = try register.as(.headteacher).invite(register.newcomer(), email, to: "deputy_dsl")
        #expect(try register.accept(link(register).secret, password).status == 204)
        let opened = try register.logIn(email, password)
        let nadia = register.visitor(token: try #require(opened["token"]))
        #expect(try nadia.get("/v1/me").json["posts"] == [])
        let chair = register.as(.chairOfGovernors)
        let proposal = try #require(
            try chair.get("/v1/schools/\(school.id)/proposals").data.first?["id"]?.text)
        #expect(try chair.post("/v1/proposals/\(proposal)/confirmation")["status"] == "confirmed")
        #expect(try nadia.get("/v1/incidents").status == 200)
    }

    /// NOT-02: neither a name nor a post, and nothing in the subject.
    @Test func `goes by mail with its link alone, by the worker`() async throws {
        let register = try await Register.open()
        _ = try register.as(.headteacher).invite(register.newcomer(), email)
        let box = try Letterbox()
        let worker = try RunningWorker(register.database, mail: box.command)
        #expect(try await eventually(within: 15) { box.mails.count == 1 })
        let mail = try #require(box.mails.first)
        #expect(mail.contains("To: <\(email)>\nSubject: Rowan: a link for you\n"))
        for word in ["Nadia", "Newcomer", "Hawthorn", "staff", "Headteacher"] {
            #expect(!mail.contains(word), "\(word)")
        }
        let start = try #require(mail.range(of: "\(RunningWorker.link)/invitation#"))
        let secret = String(mail[start.upperBound...].prefix { !$0.isNewline })
        #expect(
            try await eventually {
                try register.as(.headteacher).get("/v1/invitations").data.first?["mail"]?.text
                    == "sent"
            })
        #expect(try register.accept(secret, password).status == 204)
        #expect(!worker.child.printed.contains("rwn_link"))
        #expect(!box.text("arguments").contains(email))
    }

    /// The mail may be read before the mail program has ended.
    @Test func `its link counts from the moment at which its mail is handed over`() async throws {
        let register = try await Register.open()
        _ = try register.as(.headteacher).invite(register.newcomer(), email)
        let box = try Letterbox(
            last: "for i in $(seq 100); do [ -e \"$(dirname $0)/open\" ] && break; sleep 0.1; done")
        let worker = try RunningWorker(register.database, mail: box.command)
        #expect(try await eventually(within: 15) { box.mails.count == 1 })
        let mail = try #require(box.mails.first)
        let start = try #require(mail.range(of: "\(RunningWorker.link)/invitation#"))
        let secret = String(mail[start.upperBound...].prefix { !$0.isNewline })
        let listed = try register.as(.headteacher).get("/v1/invitations").data
        #expect(listed.first?["mail"]?.text == "waiting")
        #expect(try register.accept(secret, password).status == 204)
        try box.put("open")
        #expect(!worker.child.printed.contains("rwn_link"))
    }
}
