import JSON
import Testing

@testable import OnlineSafety

/// Who would receive a report about somebody: what is answered is what happens.
@Suite struct `Asking who would be told` {
    private let path = "/v1/schools/\(TestSchool.hawthorn.id)/report-recipients"

    /// Every concern, about nobody and about the holder of each post: then it is reported, and
    /// those very people are told.
    @Test(arguments: Concern.allCases)
    func `answers just as a report is then routed`(concern: Concern) async throws {
        let register = try await Register.open()
        let school = TestSchool.hawthorn
        let author = Role.schoolAdministrator
        for role in [nil, .staff, .dsl, .deputyDSL, .headteacher, .governor] as [Role?] {
            for isAtRisk in [false, true] {
                let person = role.map { "&about_person_id=\(school.person($0))" } ?? ""
                let asked = try register.as(.chairOfGovernors).get(
                    "\(path)?concerns=\(concern.rawValue)&is_child_at_risk=\(isAtRisk)\(person)")
                #expect(asked.status == 200)
                let people = role.map { JSONValue.array([Scene.alleged($0)]) } ?? []
                let told = try register.as(author).report(
                    "canary", concern, ("is_child_at_risk", .bool(isAtRisk)), ("people", people))
                let words = "\(concern) \(String(describing: role)) \(isAtRisk)"
                guard case .array(let contacts)? = told.json["told"] else {
                    Issue.record("nobody told: \(words)")
                    continue
                }
                #expect(
                    asked.data.compactMap { $0["who"]?.text }
                        == contacts.compactMap { $0["who"]?.text }, "\(words)")
                #expect(
                    asked.data.compactMap { $0["post"]?.text }
                        == contacts.compactMap { $0["post"]?.text }, "\(words)")
            }
        }
    }

    @Test func `follows posts and settings at once`() async throws {
        let register = try await Register.open()
        let dsl = register.as(.dsl)
        let staff = "\(path)?concerns=staff"
        #expect(try dsl.get(staff).data.map { $0["post"]?.text } == ["headteacher"])
        let set = try register.as(.headteacher).put(
            "/v1/schools/\(TestSchool.hawthorn.id)/settings/staff-concern-recipients",
            ["value": ["deputy_dsl"]], ["If-Match": "*"])
        #expect(set.status == 200)
        #expect(try dsl.get(staff).data.map { $0["post"]?.text } == ["deputy_dsl"])
        try register.vacate(.deputyDSL)
        #expect(try dsl.get(staff).data.map { $0["post"]?.text } == ["dsl"])
    }

    @Test func `names what is wrong, and tells nothing of other schools`() async throws {
        let register = try await Register.open()
        let head = register.as(.headteacher)
        let foreign = TestSchool.rosehip.person(.dsl)
        #expect(
            try head.get("\(path)?concerns=staff&about_person_id=\(foreign)").faults == [
                "about_person_id": "unknown_person"
            ])
        #expect(try head.get(path).faults == ["concerns": "required"])
        #expect(
            try head.get("\(path)?concerns=child,staff&matter=event,pattern").faults == [
                "concerns": "required", "matter": "exactly_one",
            ])
        let other = "/v1/schools/\(TestSchool.rosehip.id)/report-recipients?concerns=child"
        #expect(try head.get(other).status == 404)
        #expect(
            try head.get("\(path)?concerns=child").data.allSatisfy { recipient in
                guard case .object(let object) = recipient else { return false }
                return Set(object.members.map(\.name)) == ["who", "post", "telephone"]
            })
    }
}
