import Foundation
import Glibc
import JSON
import Testing

@testable import OnlineSafety
@testable import Postgres

/// Promises 66 to 69: mail that fails is tried again, what cannot succeed is parked, what was in
/// hand when its worker died is taken up by another, and nothing of it slows a report.
@Suite struct `Mail that fails` {
    @Test func `is tried again after a pause, and arrives once`() async throws {
        let register = try await Register.open()
        try register.clock("13:00")
        try register.reportForOneMail()
        let box = try Letterbox(first: "[ -e \"$(dirname $0)/open\" ] || exit 75")
        let worker = try RunningWorker(register.database, mail: box.command)
        #expect(try await eventually(within: 15) { worker.failed() == 1 })
        #expect(try register.mail("fault") == "refused")
        #expect(
            try await eventually {
                worker.child.printed.contains("\"outcome\":\"refused\",\"status\":75")
            })
        // The register's clock stands still, and with it the pause.
        try await Task.sleep(for: .milliseconds(1500))
        #expect(box.tries == 1)
        let pause = try register.database.number(
            "select extract(epoch from due_at - rowan_now()) * 10 from mail")
        #expect((225...375).contains(pause))
        try box.put("open")
        try register.clock("13:01")
        #expect(try await eventually { box.mails.count == 1 })
        #expect(try await eventually { try register.mail("state") == "sent" })
        try register.clock("23:00")
        try await Task.sleep(for: .milliseconds(1500))
        #expect(box.tries == 2)
    }

    @Test func `is given up after twelve times, and counted`() async throws {
        let register = try await Register.open()
        try register.clock("13:00")
        try register.reportForOneMail()
        let box = try Letterbox(first: "exit 1")
        let worker = try RunningWorker(register.database, mail: box.command)
        for attempt in 1...12 {
            #expect(try await eventually(within: 15) { worker.failed() == attempt })
            let due = try register.database.owner().run(
                "select coalesce(max(due_at), rowan_now())::text as due from mail")
            try register.database.setClock(due.text(0, "due") ?? "")
        }
        #expect(try await eventually { worker.figure("rowan_mail_parked") == 1 })
        #expect(worker.figure("rowan_mail_waiting") == 0)
        #expect(try register.mail("state") == "failed")
        #expect(box.tries == 12)
        let pauses = try register.database.number("select attempts from mail")
        #expect(pauses == 12)
    }

    @Test func `is given up after three days, whether or not mail is sent here`() async throws {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T13:00:00Z")
        try register.reportForOneMail()
        try register.database.execute("update mail set attempts = 1")
        let worker = try RunningWorker(register.database, mail: nil)
        #expect(try await worker.isReady())
        #expect(try await eventually { worker.figure("rowan_mail_waiting") == 1 })
        try register.database.setClock("2026-11-23T13:00:00Z")
        #expect(try await eventually { worker.figure("rowan_mail_parked") == 1 })
        #expect(try register.mail("fault") == "too_old")
    }

    @Test func `is counted and told of when it cannot be taken in hand, and all else goes on`()
        async throws
    {
        let register = try await Register.open()
        let lease = "execute on function lease_mail(integer, interval)"
        try register.database.execute("revoke \(lease) from rowan_worker")
        try register.reportForOneMail()
        let box = try Letterbox()
        let worker = try RunningWorker(register.database, mail: box.command)
        #expect(
            try await eventually(within: 15) {
                worker.figure("rowan_mail_not_taken_total") ?? 0 > 1
            })
        let refusals = { worker.child.printed.split(separator: "\"sqlstate\":\"42501\"").count - 1 }
        #expect(try await eventually { refusals() == 1 })
        #expect(try worker.admin.get("/readyz").status == 200)
        try register.database.execute("grant \(lease) to rowan_worker")
        #expect(try await eventually { box.mails.count == 1 })
        #expect(refusals() == 1)
    }

    @Test func `is ended when it takes too long, with all that it started`() async throws {
        let register = try await Register.open()
        try register.reportForOneMail()
        let box = try Letterbox(first: "sleep 1000 & echo $! > \"$(dirname $0)/sleeper\"; wait")
        let worker = try RunningWorker(
            register.database, mail: box.command, ["ROWAN_MAIL_SECONDS": "1"])
        #expect(try await eventually(within: 15) { worker.failed() == 1 })
        #expect(try register.mail("fault") == "timed_out")
        let sleeper = try #require(pid_t(box.text("sleeper").dropLast()))
        #expect(try await eventually { kill(sleeper, 0) != 0 || isZombie(sleeper) })
    }

    @Test func `whose worker was killed is taken up by another, with the same Message-ID`()
        async throws
    {
        let register = try await Register.open()
        try register.clock("13:00")
        try register.reportForOneMail()
        let box = try Letterbox(first: "[ -e \"$(dirname $0)/open\" ] || sleep 3")
        let first = try RunningWorker(register.database, mail: box.command)
        #expect(try await eventually(within: 15) { box.tries == 1 })
        first.child.signal(SIGKILL)
        try box.put("open")
        let second = try RunningWorker(register.database, mail: box.command)
        #expect(try await second.isReady())
        try await Task.sleep(for: .milliseconds(1500))
        #expect(box.tries == 1)
        try register.clock("13:02")
        #expect(try await eventually { box.tries == 2 && box.mails.count == 2 })
        #expect(try await eventually { try register.mail("state") == "sent" })
        // The program of the first went on by itself: a double that can be known.
        #expect(Set(box.mails).count == 1)
    }

    @Test func `is shared among copies of the worker, none sent twice`() async throws {
        let register = try await Register.open()
        for _ in 0..<15 { try register.reportForOneMail() }
        let box = try Letterbox()
        let workers = try (0..<3).map { _ in
            try RunningWorker(register.database, mail: box.command)
        }
        #expect(try await eventually(within: 20) { box.mails.count == 15 })
        try await Task.sleep(for: .milliseconds(1500))
        #expect(box.tries == 15)
        #expect(Set(box.mails).count == 15)
        #expect(workers.map { $0.figure("rowan_mail_sent_total") ?? 0 }.reduce(0, +) == 15)
    }

    @Test func `is finished when the worker is told to stop`() async throws {
        let register = try await Register.open()
        for _ in 0..<6 { try register.reportForOneMail() }
        let box = try Letterbox(first: "sleep 1")
        let worker = try RunningWorker(register.database, mail: box.command)
        #expect(try await eventually(within: 15) { box.tries > 0 })
        worker.child.signal(SIGTERM)
        #expect(try await eventually { !worker.child.isRunning })
        #expect(worker.child.wait() == 0)
        #expect(worker.child.printed.contains("\"message\":\"left\""))
        let sent = try register.database.number(
            "select count(*) from mail where sent_at is not null")
        #expect(sent == box.mails.count && sent > 0)
    }

    @Test(arguments: [
        (["ROWAN_MAIL_FROM": "Canary <a@b.example>"], "ROWAN_MAIL_FROM"),
        (["ROWAN_PUBLIC_URL": "javascript:Canary"], "ROWAN_PUBLIC_URL"),
        (["ROWAN_PUBLIC_URL": "https://a.example\nBcc: Canary"], "ROWAN_PUBLIC_URL"),
        (["ROWAN_SENDMAIL": "Canary/sendmail"], "ROWAN_SENDMAIL"),
        (["ROWAN_MAIL_SECONDS": "0"], "ROWAN_MAIL_SECONDS"),
    ])
    func `is refused at the start where it could not be sent`(
        more: [String: String], name: String
    ) async throws {
        let worker = try RunningWorker(try TestDatabase(), mail: "/bin/true", more)
        #expect(try await eventually { !worker.child.isRunning })
        #expect(worker.child.wait() == 1)
        #expect(worker.child.printed.contains(name) && !worker.child.printed.contains("Canary"))
    }

    private func isZombie(_ process: pid_t) -> Bool {
        let status = FileManager.default.contents(atPath: "/proc/\(process)/stat") ?? Data()
        return String(decoding: status, as: UTF8.self).contains(") Z ")
    }
}

extension RunningWorker {
    fileprivate func failed() -> Int? { figure("rowan_mail_failed_total") }
}

extension Register {
    /// To the DSL alone, and not urgent, so that it does not climb; and nobody is reminded of what
    /// is due besides.
    @discardableResult
    func reportForOneMail() throws -> Reading {
        for school in TestSchool.all {
            try put("duty-reminder-days", to: 0, at: school)
        }
        try put("incident-recipients", to: ["dsl"], at: .hawthorn)
        return try self.as(.staff).report()
    }

    private func put(_ name: String, to value: JSONValue, at school: TestSchool) throws {
        let told = try self.as(.headteacher, at: school).put(
            "/v1/schools/\(school.id)/settings/\(name)", ["value": value], ["If-Match": "*"])
        try #require(told.status == 200, "\(told.json)")
    }

    /// What became of the only mail: its `state`, or its `fault`.
    fileprivate func mail(_ what: String) throws -> String? {
        let found = try database.owner().run(
            """
            select fault, case when sent_at is not null then 'sent'
                when parked_at is not null then 'failed' else 'waiting' end as state
            from mail
            """)
        return what == "fault" ? found.text(0, "fault") : found.text(0, "state")
    }
}
