import Foundation
import JSON
import Testing

@testable import OnlineSafety
@testable import Postgres

/// That there is a notice goes by mail as well, from an outbox.
@Suite struct `Sending mail` {
    /// NOT-02: byte for byte.
    @Test func `a mail says that there is something, its urgency and where, and nothing else`()
        async throws
    {
        let register = try await Register.open()
        try register.clock("13:05")
        let told = try register.as(.staff).report(
            "Robin Ash was asked for a picture", .staff, ("people", [Scene.alleged(.office)]))
        let box = try Letterbox()
        let worker = try RunningWorker(register.database, mail: box.command)
        #expect(try await eventually(within: 15) { box.mails.count == 1 })
        let notice = try #require(try register.as(.headteacher).get("/v1/notices").data.first)
        #expect(
            box.mails == [
                """
                From: Rowan <register@hawthorn.example>
                To: <headteacher@hawthorn.example>
                Subject: Rowan: urgent, \(told["reference"] ?? "")
                Date: Fri, 20 Nov 2026 13:05:00 +0000
                Message-ID: <\(notice["id"]?.text ?? "")@hawthorn.example>
                Auto-Submitted: auto-generated
                MIME-Version: 1.0
                Content-Type: text/plain; charset=us-ascii
                Content-Transfer-Encoding: 7bit

                An incident has been reported.

                Urgency: urgent
                Reference: \(told["reference"] ?? "")
                Link: https://safety.hawthorn.example/incidents/\(told.id)

                """
            ])
        #expect(box.text("arguments") == "-t -i -f register@hawthorn.example\n")
        withExtendedLifetime(worker) {}
    }

    @Test func `the mail program is given no secret and no descriptor, the log no address`()
        async throws
    {
        let register = try await Register.open()
        _ = try register.as(.staff).report("Canary", .staff)
        let box = try Letterbox()
        let worker = try RunningWorker(
            register.database, mail: box.command, ["HOME": "/nowhere"])
        #expect(try await eventually(within: 15) { box.mails.count == 1 })
        let names = Set(
            box.text("environment").split(separator: "\n").map { $0.prefix { $0 != "=" } })
        #expect(names.subtracting(["_", "PWD", "OLDPWD", "SHLVL"]) == ["HOME", "PATH"])
        let sockets = box.text("descriptors").split(separator: "\n")
            .filter { $0.contains("socket") || $0.contains("anon_inode") }
        #expect(sockets == [])
        #expect(try await eventually { worker.figure("rowan_mail_sent_total") == 1 })
        #expect(try await eventually { worker.child.printed.contains("\"outcome\":\"sent\"") })
        for text in [worker.child.printed, try worker.admin.get("/metrics").text] {
            for word in ["@", "Canary", "headteacher", "hawthorn", "Headteacher"] {
                #expect(!text.contains(word), "\(word)")
            }
        }
    }

    @Test func `a mail is written with its notice, and shows there when it has gone`() async throws
    {
        let register = try await Register.open()
        let head = register.as(.headteacher)
        try register.database.execute(
            """
            update account set email = 'e-mail: none'
            where id = '\(TestSchool.hawthorn.account(.deputyDSL))'
            """)
        _ = try register.as(.staff).reportRisk()
        _ = try register.as(.staff).report("A story", .staff)
        #expect(try register.database.number("select count(*) from notice") == 4)
        #expect(try register.database.number("select count(*) from mail") == 3)
        let before = try #require(try head.get("/v1/notices").data.first)
        #expect(before["mail"]?.text == "waiting")
        #expect(before["mailed_at"] == nil)
        let without = try #require(try register.as(.deputyDSL).get("/v1/notices").data.first)
        #expect(without["mail"] == nil)
        let box = try Letterbox()
        let worker = try RunningWorker(register.database, mail: box.command)
        #expect(try await eventually(within: 15) { box.mails.count == 3 })
        #expect(
            try await eventually {
                try head.get("/v1/notices").data.first?["mail"]?.text == "sent"
            })
        let after = try #require(try head.get("/v1/notices").data.first)
        #expect(after["mailed_at"]?.text != nil)
        #expect(after["etag"] != before["etag"])
        withExtendedLifetime(worker) {}
    }

    /// Whoever has seen it needs no mail, and a term's notices do not go out at once on the day on
    /// which mail is switched on.
    @Test func `what was seen before it went, or is a day old by then, is not sent`() async throws {
        let register = try await Register.open()
        let dsl = register.as(.dsl)
        try register.database.setClock("2026-11-19T12:59:00Z")
        try register.reportForOneMail()
        try register.database.setClock("2026-11-20T12:00:00Z")
        try register.reportForOneMail()
        let seen = try #require(try dsl.get("/v1/notices").data.first?["id"]?.text)
        #expect(try dsl.post("/v1/notices/\(seen)/acknowledgement").status == 201)
        try register.database.setClock("2026-11-20T13:00:00Z")
        let fresh = try register.reportForOneMail()
        let box = try Letterbox()
        let worker = try RunningWorker(register.database, mail: box.command)
        #expect(try await eventually(within: 15) { worker.figure("rowan_mail_waiting") == 0 })
        #expect(try await eventually { box.mails.count == 1 })
        let states = try dsl.get("/v1/notices").data.map { $0["mail"]?.text }
        #expect(states == ["sent", "not_needed", "not_needed"])
        #expect(box.mails.first?.contains(fresh["reference"] ?? "-") == true)
        #expect(worker.figure("rowan_mail_parked") == 0)
    }

    @Test func `nothing that is refused leaves a mail, and none goes without its commit`()
        async throws
    {
        let register = try await Register.open()
        try register.database.execute(
            "alter table report add constraint breaks check (description <> 'Breaks')")
        #expect(try register.as(.staff).report("Breaks").status == 500)
        #expect(try register.database.number("select count(*) from mail") == 0)
        let open = try register.database.owner()
        let told = try register.as(.staff).report("A story", .staff)
        try open.execute(script: "begin; delete from mail; select 1")
        try open.execute(script: "rollback")
        #expect(try register.database.number("select count(*) from mail") == 1)
        #expect(told.status == 201)
    }

    /// Header fields are made of what a stranger could have chosen: an address.
    @Test(arguments: [
        "head@hawthorn.example\nBcc: all@else.example", "head@hawthorn.example\r\nX: y",
        "<head@hawthorn.example>", "head@hawthorn.example, all@else.example",
        "\"head\"@hawthorn.example", "|/bin/sh@hawthorn.example", "-oQ/tmp@hawthorn.example",
        "head @hawthorn.example", "head", "@hawthorn.example", "head@", "head@-a.example", "",
        "a@b@c.example", "h\u{e9}ad@hawthorn.example", ".head@hawthorn.example",
        "head..x@hawthorn.example", String(repeating: "a", count: 250) + "@b.example",
    ])
    func `an address that is none gets no mail, and none of it reaches a header`(
        address: String
    ) async throws {
        #expect(MailAddress(address) == nil)
        let database = try TestDatabase()
        let found = try database.owner().run("select is_mail_address(\(address)) as yes")
        #expect(found.bool(0, "yes") == false)
    }

    @Test(arguments: ["head@hawthorn.example", "o'neil_2+x@mail.b-c.example", "a@localhost"])
    func `a plain address is one`(address: String) throws {
        #expect(MailAddress(address) != nil)
        let database = try TestDatabase()
        let found = try database.owner().run("select is_mail_address(\(address)) as yes")
        #expect(found.bool(0, "yes") == true)
    }
}
