import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// Nobody acts as somebody else; who speaks for another is named beside them (SEC-09).
@Suite struct `Acting as somebody else` {
    private let head = TestSchool.hawthorn.account(.headteacher).uuidString.lowercased()

    /// SEC-09: the session says who it is, and nothing beside it.
    @Test func `is what no header, parameter or field does`() async throws {
        let register = try await Register.open()
        let staff = register.as(.staff)
        let own = TestSchool.hawthorn.account(.staff).uuidString.lowercased()
        for name in [
            "From", "Sudo", "On-Behalf-Of", "Impersonate-User", "X-Act-As", "X-Impersonate",
            "X-User", "X-User-Id", "X-Remote-User", "X-Forwarded-User", "X-Account-Id",
            "X-Original-User", "X-Authenticated-User", "X-WEBAUTH-USER", "Remote-User",
        ] {
            for value in [head, TestSchool.hawthorn.email(.headteacher)] {
                #expect(try staff.get("/v1/me", [name: value]).id == own, "\(name)")
            }
        }
        for name in ["as", "act_as", "on_behalf_of", "sudo", "account_id", "user"] {
            #expect(try staff.get("/v1/me?\(name)=\(head)").status == 400, "\(name)")
        }
        let fields = ["reported_by", "reporter_name", "account_id", "session_id", "written_by"]
        let told = try staff.post(
            "/v1/incidents",
            report("She told me", .child, fields.map { ($0, .string(head)) }))
        #expect(told.status == 201)
        #expect((told.json["warnings"] ?? []).codes.filter { $0 == "unknown_field" }.count == 5)
        let shown = try register.as(.dsl).get("/v1/incidents/\(told.id)").json["reports"]?[0]
        #expect(shown?["reporter_name"]?.text == "Member of staff")
        let entry = try #require(try register.database.entries().last { $0.deed == "reported" })
        #expect(entry.account == TestSchool.hawthorn.account(.staff))
        for field in ["recorded_by", "written_by", "written_by_name", "account_id"] {
            let body: JSONValue = [
                "name": "Hall", "allows_personal_devices": true, "has_network": true,
            ]
            let refused = try register.as(.office).post(
                "/v1/designated-areas", body.with(field, .string(head)))
            #expect(refused.faults == ["/\(field)": "unknown_field"])
        }
    }

    /// SEC-09: whatever is done, of everything that can be asked, is put down as its asker's.
    @Test func `is what no operation does`() async throws {
        let scene = try await Scene.open()
        var acts = 0
        for route in areas.flatMap(\.routes) {
            let decision = try #require(Decision.all[route.operationID])
            for role in Role.allCases where decision.admitted?.contains(role) == true {
                let visitor = scene.register.as(role)
                let before = try Set(scene.register.database.entries().map(\.place))
                _ = try decision.ask(
                    Asking(scene: scene, visitor: visitor, role: role, stand: .own))
                let account = TestSchool.hawthorn.account(role)
                let new = try scene.register.database.entries()
                    .filter { !before.contains($0.place) }
                for entry in new {
                    #expect(entry.account == account, "\(route.operationID): \(entry.deed)")
                }
                acts += new.count
                // One of those who may is enough for what alters something.
                if route.access == .writing { break }
            }
        }
        #expect(acts > 60, "\(acts)")
    }

    /// SEC-09: a child too young to write is named beside whoever writes for them, be it somebody
    /// who came for a day; and whose name stands under it alters nothing of who wrote it.
    @Test(arguments: [Role.staff, .temporaryStaff, .headteacher])
    func `is not what speaking for a child is: both are named`(role: Role) async throws {
        let register = try await Register.open()
        let told = try register.as(role).report(
            "She told me", .child, ("channel", "verbal"), ("spoken_for", "Robin Ash"),
            ("signed_name", "The Headteacher"))
        #expect(told.status == 201)
        let shown = try register.as(.dsl).get("/v1/incidents/\(told.id)").json["reports"]?[0]
        #expect(shown?["reporter_name"]?.text == role.label)
        #expect(shown?["spoken_for"]?.text == "Robin Ash")
        let entry = try #require(try register.database.entries().last { $0.deed == "reported" })
        #expect(entry.account == TestSchool.hawthorn.account(role))
        let unnamed = try register.as(role).report("She told me", .child, ("channel", "verbal"))
        #expect(unnamed.json["warnings"]?[0]?["pointer"]?.text == "/spoken_for")
    }
}

extension Entry {
    /// Where it stands in the audit.
    fileprivate var place: String { "\(organisation) \(chain) \(number)" }
}
