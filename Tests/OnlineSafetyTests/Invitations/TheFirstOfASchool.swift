import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety
@testable import Postgres

/// How a real school begins: the operator lets one person in, who lets in the others.
@Suite struct `The first of a school` {
    private let password = "four lanterns under the bridge"

    /// Runs `rowan invite` with these lines on its standard input.
    private func invite(
        _ register: Register, _ lines: [String], _ more: [String: String] = [:]
    ) throws -> (status: Int32, printed: String) {
        let folder = try ScratchFolder()
        let input = try folder.write("lines", lines.joined(separator: "\n") + "\n", mode: 0o600)
        let environment = more.merging([
            "ROWAN_MAINTENANCE_DATABASE_URL": register.database.maintenanceURL,
            "ROWAN_PUBLIC_URL": "https://safety.example",
        ]) { $1 }
        let variables = environment.map { "\($0.key)=\($0.value)" }
        let line = "exec \"$0\" invite < '\(input)'"
        let child = try ChildProcess(
            ["/usr/bin/env", "-i"] + variables + ["/bin/sh", "-c", line, RunningService.program],
            output: folder.path + "/log")
        return (child.wait(), child.printed)
    }

    private func lines(_ organisation: String, _ role: String, _ email: String) -> [String] {
        let who = ["given_name: Maya", "family_name: Lewis"]
        return [organisation, "role: \(role)", "email: \(email)"] + who
    }

    private func secret(_ printed: String) throws -> String {
        let start = try #require(printed.range(of: "https://safety.example/invitation#"))
        return String(printed[start.upperBound...].prefix { !$0.isNewline })
    }

    @Test func `is invited by the operator, and lets in the others`() async throws {
        let register = try await Register.open()
        let run = try invite(
            register,
            lines("school: Juniper Infant School", "headteacher", "Head@juniper.example")
                + ["urn: 765432"])
        #expect(run.status == 0, "\(run.printed)")
        let link = try secret(run.printed)
        #expect(try register.accept(link, password).status == 204)
        #expect(try register.accept(link, password).status == 404)
        let opened = try register.logIn("head@juniper.example", password)
        let head = register.visitor(token: try #require(opened["token"]))
        let school = try #require(try head.get("/v1/schools").data.first)
        #expect(school["name"]?.text == "Juniper Infant School")
        let me = try #require(try head.get("/v1/people").data.first?["id"]?.text)
        let id = try #require(school["id"]?.text)
        #expect(
            try head.post("/v1/session/step-up", ["password": .string(password)]).status == 201)
        let dsl = try head.post(
            "/v1/schools/\(id)/posts", ["person_id": .string(me), "role": "dsl"])
        #expect(dsl.status == 201, "\(dsl.text)")
        #expect(try head.report().status == 201)
        let deeds = try register.database.entries()
            .filter { $0.organisation.uuidString.lowercased() == id }.map(\.deed)
        #expect(deeds.starts(with: ["invited", "appointed", "invitation_accepted"]))
        #expect(try head.get("/v1/invitations").data.first?["invited_by"]?.text == "Operator")
        // A second run knows the school by its name and URN, and lets in another.
        let again = try invite(
            register,
            lines(
                "school: Juniper Infant School", "school_administrator", "office@juniper.example")
                + ["urn: 765432"])
        #expect(try register.accept(secret(again.printed), password).status == 204)
        #expect(try register.database.number("select count(*) from school") == 4)
    }

    /// Schools say their URNs of themselves: one that says another's must not be let in as it, nor
    /// one of two of the same name.
    @Test func `is not invited to a school that says it has the same number`() async throws {
        let register = try await Register.open()
        try register.database.execute(
            """
            update school set urn = '765432' where name = 'Lighthouse';
            insert into school (id, name) values (gen_random_uuid(), 'Hawthorn');
            """)
        let juniper = lines("school: Juniper", "headteacher", "head@juniper.example")
        let taken = try invite(register, juniper + ["urn: 765432"])
        #expect(taken.status != 0 && taken.printed.contains("Lighthouse"))
        let hawthorn = lines("school: Hawthorn", "headteacher", "head@hawthorn.example")
        let unclear = try invite(register, hawthorn)
        #expect(unclear.status != 0 && unclear.printed.contains("several"))
        #expect(try register.database.number("select count(*) from invitation") == 0)
        #expect(try invite(register, juniper + ["urn: 765433"]).status == 0)
    }

    @Test func `of a trust, too; and by mail where mail is set up`() async throws {
        let register = try await Register.open()
        let run = try invite(
            register, lines("trust: Juniper Trust", "trust_administrator", "t@juniper.example"),
            ["ROWAN_MAIL_FROM": "register@juniper.example"])
        #expect(run.status == 0, "\(run.printed)")
        #expect(!run.printed.contains("rwn_link"))
        let link = try #require(try register.links().first)
        #expect(link.address == "t@juniper.example")
        #expect(try register.accept(link.secret, password).status == 204)
        let opened = try register.logIn("t@juniper.example", password)
        let administrator = register.visitor(token: try #require(opened["token"]))
        #expect(
            try administrator.get("/v1/me").json["posts"]?[0]?["role"]?.text
                == "trust_administrator")
    }

    @Test func `is refused with everything that is wrong, and nothing is made`() async throws {
        let register = try await Register.open()
        let run = try invite(
            register, ["school: Juniper", "trust: Juniper", "role: dsl", "urn: 1", "mail: a@b"])
        #expect(run.status == 1)
        for word in ["either a school", "role:", "urn:", "email:", "given_name", "each line"] {
            #expect(run.printed.contains(word), "\(word): \(run.printed)")
        }
        #expect(try register.database.number("select count(*) from sign_in_link") == 0)
        #expect(try register.database.number("select count(*) from school") == 3)
    }
}
