import FoundationEssentials
import JSON
import Postgres
import Testing

@testable import OnlineSafety

/// A fresh link comes by asking, to whoever is known by the address and to nobody else; who asks
/// learns nothing.
@Suite struct `Asking for a signing link` {
    private let school = TestSchool.hawthorn

    /// Promise 48: bytes, rows and time.
    @Test func `answers an unknown address like a known one, and in the same time`() async throws {
        let register = try await Register.open { $0.signingLimits = SigningLimits(asking: 1000) }
        try register.addFamily()
        var took: [[Duration]] = [[], []]
        var answers: [Set<String>] = [[], []]
        for round in 0..<15 {
            let both = [(0, TestSchool.address), (1, "nobody@home.example")]
            for (index, email) in round.isMultiple(of: 2) ? both : both.reversed() {
                took[index].append(
                    try ContinuousClock().measure {
                        let told = try register.askForLink(email)
                        let headers = told.headers.filter {
                            $0.name != "date" && $0.name != "x-request-id"
                        }
                        answers[index].insert("\(told.status) \(told.text) \(headers)")
                    })
            }
            try register.answerAsks()
        }
        #expect(answers[0] == answers[1] && answers[0].count == 1)
        let medians = took.map { $0.sorted()[7] }
        #expect(medians[1] > medians[0] * 0.5 && medians[1] < medians[0] * 2, "\(medians)")
        #expect(try register.links().map(\.address) == [TestSchool.address])
        let asked = try register.database.entries().filter { $0.deed == "signing_link_asked" }
        #expect(asked.count == 30 && asked.allSatisfy { $0.records.isEmpty })
    }

    @Test func `sends each of an address a link of their own, and each school's apart`()
        async throws
    {
        let register = try await Register.open()
        try register.addFamily()
        let rosehip = TestSchool.rosehip
        let (other, there) = (
            try register.person("parent", TestSchool.address, parentOf: TestSchool.sibling),
            try register.person(
                "parent", TestSchool.address.uppercased(), parentOf: rosehip.pupil.lowercased,
                at: rosehip)
        )
        _ = try register.person("parent", "other@home.example")
        let template = try register.rulesForPupils()
        _ = try register.issue(template, to: school.pupil.lowercased)
        #expect(try register.askForLink(TestSchool.address).status == 204)
        try register.answerAsks()
        let links = try register.links()
        #expect(links.map(\.address) == Array(repeating: TestSchool.address, count: 3))
        #expect(links.allSatisfy { $0.purpose == "signing" })
        let opened = try links.map { try register.visitor(token: $0.secret).get("/v1/signing") }
        #expect(
            opened.compactMap { $0["school"] }.sorted() == ["Hawthorn", "Hawthorn", "Rosehip"])
        #expect(Set(opened.compactMap { $0["signer"] }) == ["Ines Ash", "Some Body"])
        let shown = opened.map { Set($0.opened.keys) }
        #expect(shown.filter { $0 == ["Robin Ash of Hawthorn"] }.count == 1)
        #expect(shown.filter(\.isEmpty).count == 2)
        let here = try register.as(.office).get("/v1/signing-links").data
        #expect(Set(here.map { $0["person_id"]?.text }) == [TestSchool.parent, other])
        let elsewhere = try register.as(.office, at: rosehip).get("/v1/signing-links").data
        #expect(elsewhere.map { $0["person_id"]?.text } == [there])
    }

    @Test func `sends one mail in ten minutes, and leaves the earlier links open`() async throws {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T12:00:00Z")
        try register.addFamily()
        for _ in 0..<3 {
            #expect(try register.askForLink(TestSchool.address).status == 204)
            try register.answerAsks()
        }
        let first = try #require(try register.links().first)
        try register.database.setClock("2026-11-20T12:09:59Z")
        _ = try register.askForLink(TestSchool.address)
        try register.answerAsks()
        #expect(try register.links().isEmpty)
        try register.database.setClock("2026-11-20T12:10:00Z")
        _ = try register.askForLink(TestSchool.address)
        try register.answerAsks()
        let second = try #require(try register.links().first)
        for link in [first, second] {
            #expect(try register.visitor(token: link.secret).get("/v1/signing").status == 200)
        }
    }

    @Test func `no more than five are asked for in a day, and none ends what the school sent`()
        async throws
    {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T08:00:00Z")
        try register.addFamily()
        let sent = try register.signer(TestSchool.parent)
        for hour in 9..<16 {
            try register.database.setClock("2026-11-20T\(hour < 10 ? "0" : "")\(hour):00:00Z")
            _ = try register.askForLink(TestSchool.address)
            try register.answerAsks()
        }
        #expect(try register.links().count == 5)
        try register.database.setClock("2026-11-21T10:00:00Z")
        _ = try register.askForLink(TestSchool.address)
        try register.answerAsks()
        #expect(try register.links().count == 1)
        #expect(try sent.get("/v1/signing").status == 200)
        let office = register.as(.office)
        let path = "/v1/signing-links?person_id=\(TestSchool.parent)"
        #expect(try office.get(path).data.count == 7)
        #expect(try office.get("\(path)&status=live").data.count == 6)
        #expect(try office.get("/v1/signing-links?person_id=\(school.pupil)").data.isEmpty)
        let first = try office.get("\(path)&limit=4").json
        let next = try #require(first["next_cursor"]?.text)
        #expect(try office.get("\(path)&limit=4&cursor=\(next)").data.count == 3)
    }

    @Test func `lets a school ask from one address, and makes whoever asks without end wait`()
        async throws
    {
        let register = try await Register.open { $0.signingLimits = SigningLimits(asking: 20) }
        for number in 0..<20 {
            #expect(try register.askForLink("parent\(number)@home.example").status == 204)
        }
        let told = try register.askForLink("parent@home.example")
        #expect(told.status == 429 && told.header("retry-after") != nil)
    }

    /// A whole school sits behind one address: a right link is let in whatever came beside it.
    @Test func `wrong links from beside shut out nobody who has a right one`() async throws {
        let register = try await Register.open {
            $0.signingLimits = SigningLimits(link: 5, wrong: 3)
        }
        try register.addFamily()
        let parent = try register.signer(TestSchool.parent)
        let wrong = try (0..<5).map { number in
            try register.visitor(token: "rwn_link_wrong_\(number)").get("/v1/signing").status
        }
        #expect(wrong == [401, 401, 401, 429, 429])
        let own = try (0..<6).map { _ in try parent.get("/v1/signing").status }
        #expect(own == [200, 200, 200, 200, 200, 429])
    }

    @Test func `goes by mail with its link alone, by the worker`() async throws {
        let register = try await Register.open()
        try register.addFamily()
        let template = try register.rulesForPupils()
        _ = try register.issue(template, to: TestSchool.sibling)
        #expect(try register.askForLink(TestSchool.address).status == 204)
        let box = try Letterbox()
        let worker = try RunningWorker(register.database, mail: box.command)
        #expect(try await eventually(within: 15) { box.mails.count == 1 })
        let mail = try #require(box.mails.first)
        #expect(mail.contains("To: <\(TestSchool.address)>\nSubject: Rowan: a link for you\n"))
        for word in ["Ines", "Ash", "Wren", "Robin"] { #expect(!mail.contains(word), "\(word)") }
        // Whoever has children at two schools knows whose link it is.
        #expect(mail.contains("\nHawthorn asks you to read what is agreed"))
        let start = try #require(mail.range(of: "\(RunningWorker.link)/signing#"))
        let secret = String(mail[start.upperBound...].prefix { !$0.isNewline })
        let opened = try register.visitor(token: secret).get("/v1/signing")
        #expect(opened.opened == ["Wren Ash": ["issued"]])
        #expect(!worker.child.printed.contains("rwn_link"))
        #expect(!worker.child.printed.contains(TestSchool.address))
    }

    @Test func `names nobody in its mail`() throws {
        let sender = try #require(
            MailSender(
                address: MailAddress("rowan@school.example")!, link: "https://rowan.example"))
        let secret = Secret(of: "link")
        let letter = LinkLetter(
            to: MailAddress("ines@home.example")!, id: UUID(), attempt: 1, purpose: "signing",
            isHelped: false, school: "Ysgol y Dŵr\nBcc: all@example.org", secret: secret,
            until: "20 December 2026, 12:00", dated: "now")
        let text = String(decoding: letter.bytes(from: sender), as: UTF8.self)
        #expect(text.contains("\nYsgol y DŵrBcc: all@example.org asks you to read"))
        #expect(text.contains("charset=utf-8\nContent-Transfer-Encoding: 8bit\n"))
        #expect(text.contains("Link: https://rowan.example/signing#\(secret.string)\n"))
        #expect(text.contains("It opens until 20 December 2026, 12:00"))
        #expect(!text.contains("counts once") && !text.contains("password"))
    }
}
