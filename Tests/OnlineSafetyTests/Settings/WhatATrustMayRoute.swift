import JSON
import Testing

@testable import OnlineSafety

/// A trust cannot send a school's reports elsewhere, and what it does set no school learns last
/// (ORG-06).
@Suite struct `What a trust sets` {
    private let school = "/v1/schools/\(TestSchool.hawthorn.id)"
    private let trust = "/v1/trusts/\(TestSchool.hedgerow)/settings"

    private func told(_ register: Register) throws -> Set<String> {
        let asked = try register.as(.headteacher).get("\(school)/report-recipients?concerns=staff")
        return Set(asked.data.compactMap { $0["post"]?.text })
    }

    @Test func `adds somebody who is told of reports, and takes nobody away`() async throws {
        let register = try await Register.open()
        let before = try told(register)
        let path = "\(trust)/staff-concern-recipients"
        let viewer = try register.as(.trustViewer).put(
            path, ["floor": ["deputy_dsl"]], ["If-Match": "*"])
        #expect(viewer.status == 403)
        let keeper = register.as(.trustAdministrator)
        for setting in ["staff-concern-recipients", "incident-recipients"] {
            let refused = try keeper.put(
                "\(trust)/\(setting)", ["value": ["deputy_dsl"]], ["If-Match": "*"])
            #expect(refused.status == 409)
            #expect(refused.faults == ["/value": "only_a_floor"])
        }
        #expect(try told(register) == before)
        let added = try keeper.put(path, ["floor": ["deputy_dsl"]], ["If-Match": "*"])
        #expect(added.status == 200)
        #expect(try told(register) == before.union(["deputy_dsl"]))
        #expect(try register.as(.trustViewer).get(path).json["floor"] == ["deputy_dsl"])
    }

    @Test func `is on record in each of its schools, and told to head and chair`() async throws {
        let register = try await Register.open()
        let set = try register.as(.trustAdministrator).put(
            "\(trust)/idle-minutes", ["value": 15], ["If-Match": "*"])
        #expect(set.status == 200)
        for (school, isOfTheTrust) in [
            (TestSchool.hawthorn, true), (.rosehip, true), (.lighthouse, false),
        ] {
            for role in [Role.headteacher, .chairOfGovernors] {
                let notices = try register.as(role, at: school).get("/v1/notices").data
                #expect(
                    notices.map { $0["kind"]?.text }
                        == (isOfTheTrust ? ["trust_setting_changed"] : []))
            }
            #expect(try register.as(.dsl, at: school).get("/v1/notices").data == [])
            let entries = try register.database.entries().filter { $0.organisation == school.id }
            let own = entries.filter { $0.deed == "trust_setting_changed" }
            #expect(
                own.map(\.account)
                    == (isOfTheTrust ? [TestSchool.hawthorn.account(.trustAdministrator)] : []))
        }
    }
}
