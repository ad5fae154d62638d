import FoundationEssentials
import JSON
import Postgres
import Testing

@testable import OnlineSafety

/// What schools say in versions, each from a day on, whatever it is of.
@Suite struct `Rules of schools` {
    /// A kind of rules, and two that differ in one field.
    struct Kind: Sendable, CustomTestStringConvertible {
        let path: String
        let field: String
        let first: JSONValue
        let second: JSONValue
        let deed: String
        var reachesBack = false
        var testDescription: String { path }

        static let all = [
            Kind(
                path: "induction-rules", field: "steps",
                first: [["step": "policy_given", "kinds": ["teacher"], "due_days": 3]],
                second: [], deed: "induction_rules_set", reachesBack: true),
            Kind(
                path: "training-rules", field: "rules",
                first: [
                    [
                        "code": "a", "label": "A", "satisfied_by": ["refresher"],
                        "kinds": ["teacher"], "within_days": 9, "warn_days": 1,
                    ]
                ], second: [], deed: "training_rules_set", reachesBack: true),
            Kind(
                path: "device-matrix", field: "cells",
                first: [
                    ["ownership": "staff_owned", "permission": "in_school", "answer": "yes"]
                ], second: [], deed: "device_rules_set"),
            Kind(
                path: "device-use-rules", field: "rules",
                first: [["audiences": ["pupil"], "answer": "no"]], second: [],
                deed: "device_rules_set"),
            Kind(
                path: "policy-rules", field: "months", first: 6, second: 24,
                deed: "policy_rules_set"),
        ]

        func body(_ value: JSONValue, from day: String? = nil) -> JSONValue {
            let steps: JSONValue = [["name": "Agreed", "roles": ["headteacher"]]]
            return .of(
                [field: value]
                    .merging(path == "policy-rules" ? ["steps": steps] : [:]) { $1 }
                    .merging(day.map { ["from_on": .string($0)] } ?? [:]) { $1 })
        }
    }

    @Test(arguments: Kind.all)
    func `a version holds from its day, and what held before is kept`(kind: Kind) async throws {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T12:00:00Z")
        let head = register.as(.headteacher)
        let path = "/v1/schools/\(TestSchool.hawthorn.id)/\(kind.path)"
        #expect(try head.get(path).header("etag") == "\"0\"")
        let set = try head.put(path, kind.body(kind.first), ["If-Match": "\"0\""])
        try #require(set.status == 200, "\(set.json)")
        #expect(set["from_on"] == "2026-11-20" && set["set_by"] == Role.headteacher.label)

        let later = kind.body(kind.second, from: "2027-01-04")
        #expect(try head.put(path, later).status == 428)
        #expect(try head.put(path, later, ["If-Match": "\"0\""]).status == 412)
        let planned = try head.put(path, later, ["If-Match": "\"1\""])
        #expect(planned["from_on"] == "2027-01-04" && planned["etag"] == "\"2\"")
        #expect(planned.json[kind.field] == kind.second && planned.header("etag") == "\"2\"")

        let now = try head.get(path)
        #expect(now.json[kind.field]?.sorted == kind.first.sorted && now["etag"] == "\"2\"")
        #expect(try head.get(path + "?on=2027-01-04").json[kind.field] == kind.second)
        #expect(try head.get(path + "?on=2026-11-19").json[kind.field] != kind.first)
        // Whoever has what holds learns on the day itself that something else does.
        let known = ["If-None-Match": try #require(now.header("etag"))]
        #expect(try head.get(path, known).status == 304)
        try register.database.setClock("2027-01-04T12:00:00Z")
        #expect(try head.get(path, known).json[kind.field] == kind.second)
        #expect(
            try head.get(path + "?on=2027-01-03").json[kind.field]?.sorted == kind.first.sorted)
    }

    @Test(arguments: Kind.all)
    func `what held on a day that is over stays, where nothing is asked of the past`(kind: Kind)
        async throws
    {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T12:00:00Z")
        let head = register.as(.headteacher)
        let path = "/v1/schools/\(TestSchool.hawthorn.id)/\(kind.path)"
        let past = try head.put(
            path, kind.body(kind.first, from: "2026-11-19"), ["If-Match": "*"])
        #expect(past.faults == (kind.reachesBack ? [:] : ["/from_on": "out_of_range"]))
        _ = try head.put(path, kind.body(kind.first), ["If-Match": "*"])
        let entries = try register.database.entries().filter { $0.deed == kind.deed }
        #expect(entries.count == (kind.reachesBack ? 2 : 1))
        #expect(entries.allSatisfy { $0.kind == "school_rule" && $0.records.count == 1 })
        let unlike: SQL = "select count(*) from rule_unlike_its_entry"
        #expect(try register.database.number(unlike) == 0)
        try register.database.execute("update school_rule set from_on = from_on - 1")
        #expect(try register.database.number(unlike) > 0)
    }

    @Test func `CON-02: a purpose is asked for from a day on, and not before`() async throws {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T12:00:00Z")
        let head = register.as(.headteacher)
        func asked() throws -> JSONValue? {
            try head.get("/v1/consent-rules").data
                .first { $0["purpose"] == "tuition_recording" }?["is_asked"]
        }
        let path = "/v1/schools/\(TestSchool.hawthorn.id)/consent-rules/tuition_recording"
        let set = try head.put(
            path, ["is_asked": true, "from_on": "2026-12-01"], ["If-Match": "\"0\""])
        #expect(set.json["is_asked"] == true && set["from_on"] == "2026-12-01", "\(set.json)")
        #expect(try asked() == false)
        try register.database.setClock("2026-12-01T12:00:00Z")
        #expect(try asked() == true)
        let over: JSONValue = ["is_asked": false, "from_on": "2026-11-30"]
        #expect(
            try head.put(path, over, ["If-Match": "*"]).faults == ["/from_on": "out_of_range"])
    }

    @Test func `the database knows of what there is a rule, and who sets it`() throws {
        let database = try TestDatabase()
        defer { withExtendedLifetime(database) {} }
        let found = try database.owner().run(
            """
            select kind || ' ' || subject as name, array_to_string(rulers, ',') as rulers
            from rule_kind
            """)
        let usual = try database.owner().run("select distinct code from usual_procedure")
        let codes = (0..<usual.count).compactMap { usual.text($0, "code") }
        let told = (0..<found.count).map { row in
            (
                found.text(row, "name") ?? "",
                Set((found.text(row, "rulers") ?? "").split(separator: ",").map(String.init))
            )
        }
        func lines(
            _ kind: RuleKind, _ rulers: [Role], of subjects: [String] = [""]
        ) -> [(String, Set<String>)] {
            subjects.map { ("\(kind.name) \($0)", Set(rulers.map(\.rawValue))) }
        }
        let known =
            lines(InductionRule.kind, Inductions.rulers)
            + lines(TrainingRule.kind, Training.rulers)
            + lines(DeviceMatrix.kind, Devices.rulers) + lines(UseRules.kind, Devices.rulers)
            + lines(PolicyRule.kind, Reviews.rulers)
            + lines(
                ConsentRule.kind, ConsentRule.rulers, of: ConsentPurpose.allCases.map(\.rawValue))
            + lines(ReviewRules.kind, Reviews.rulers, of: ReviewKind.allCases.map(\.rawValue))
            + lines(OwnProcedures.kind, Procedures.rulers, of: codes)
            + lines(ProcedureMaps.kind, Procedures.rulers)
        #expect(
            Dictionary(told, uniquingKeysWith: { $1 })
                == Dictionary(known, uniquingKeysWith: { $1 }))
        #expect(told.count == known.count)
    }
}
