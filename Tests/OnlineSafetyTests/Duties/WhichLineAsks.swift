import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// Each duty names the line of the matrix that asks for it.
@Suite struct `Which line asks for a duty` {
    private let school = TestSchool.hawthorn

    /// Rules that the pupil alone signs, put to pupils of some phases.
    private func rules(
        _ register: Register, _ name: String, _ said: [String: JSONValue] = [:],
        for phases: [String]? = nil
    ) throws -> String {
        let audience: JSONValue =
            phases.map { ["kind": "pupil", "phases": .array($0.map { .string($0) })] }
            ?? ["kind": "pupil"]
        let template = try register.template(name, for: [audience])
        let usual: [String: JSONValue] = ["signers": "pupil", "attestations": .null]
        _ = try register.publish(agreementText(usual.merging(said) { $1 }), of: template)
        return template
    }

    private func sign(_ register: Register, _ template: String) throws {
        let id = try register.issue(template, to: school.pupil.lowercased)
        let signed = try register.as(.office).post(
            "/v1/agreements/\(id)/signatures",
            signature(["full_name": "Robin Ash", "attestations": .null, "kept_at": "Office"]))
        try #require(signed.status == 201, "\(signed.json)")
    }

    private func be(_ register: Register, in year: String, on day: String) throws {
        try register.database.setClock("\(day)T12:00:00Z")
        try register.database.execute(
            "update person set year_group = '\(year)' where id = '\(school.pupil)'")
    }

    /// Those of the pupil, by what is to be signed.
    private func sources(_ register: Register) throws -> [String: String] {
        let told = try register.as(.office).get(
            "/v1/duties?kind=agreement_to_sign&limit=500&person_id=\(school.pupil)")
        return told.data.reduce(into: [:]) { $0[$1["label"]?.text ?? ""] = $1["source"]?.text }
    }

    @Test func `T-10: what ends on entering Nursery or Reception is told apart from each year's`()
        async throws
    {
        let register = try await Register.open()
        try be(register, in: "pre_school", on: "2026-06-01")
        let home = try rules(register, "Home", ["renewal": ["on_entering": ["n1", "r"]]])
        let yearly = try rules(register, "Yearly", ["renewal": ["each_school_year": true]])
        #expect(try sources(register) == ["Home": "T-11", "Yearly": "T-11"])
        for (year, day) in [("n1", "2026-09-01"), ("r", "2028-09-01")] {
            for template in [home, yearly] { try sign(register, template) }
            #expect(try sources(register) == [:])
            try be(register, in: year, on: day)
            #expect(try sources(register) == ["Home": "T-10", "Yearly": "T-09"], "\(year)")
        }
    }

    @Test func `T-15: what a pupil owes who went up a phase is no agreement at registration`()
        async throws
    {
        let register = try await Register.open()
        try be(register, in: "2", on: "2026-06-01")
        _ = try rules(register, "Juniors", for: ["key_stage_2"])
        let all = try rules(register, "All", ["renewal": ["on_entering": ["3"]]])
        try sign(register, all)
        try be(register, in: "3", on: "2026-09-01")
        #expect(try sources(register) == ["Juniors": "T-15", "All": "T-15"])
        // And whatever is published anew is asked of all.
        try sign(register, all)
        try register.database.setClock("2026-10-01T12:00:00Z")
        _ = try register.publish(
            agreementText(["signers": "pupil", "attestations": .null]), of: all)
        #expect(try sources(register) == ["Juniors": "T-15", "All": "T-13"])
    }

    @Test func `T-53: a temporary log-in that ends is told apart from the account of a pupil`()
        async throws
    {
        let access = try await AccessAtWork.open()
        let system = try access.system("Network", .network, ["opens": "network"])
        _ = try access.give(
            system, to: access.adult("supply"),
            ["until_on": "2026-11-27", "level": "Class pages"])
        try access.at("2026-11-28T09:00:00Z")
        func told() throws -> [JSONValue?] {
            try access.register.as(.technician).get("/v1/duties?kind=access_task&limit=500").data
                .filter { $0["label"] == "Network: an account is to be closed" }
                .map { $0["source"] }
        }
        #expect(try told() == ["T-53"])
    }
}
