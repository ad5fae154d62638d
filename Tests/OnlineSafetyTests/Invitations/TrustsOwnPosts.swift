import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety
@testable import Postgres

/// A trust's own administrator lets people in, and ends their posts.
@Suite struct `A trust's own posts` {
    private let trust = TestSchool.hawthorn.trust
    private let email = "omar@hedgerow.example"
    private let password = "four lanterns under the bridge"

    @Test func `are taken by invitation, and end on the very next request`() async throws {
        let register = try await Register.open()
        let administrator = register.as(.trustAdministrator)
        let invited = try administrator.post(
            "/v1/trusts/\(trust)/invitations",
            ["email": .string(email), "name": "Omar Reid", "role": "trust_viewer"])
        #expect((invited.status, invited["who"]) == (201, "Omar Reid"))
        let link = try #require(try register.links().first)
        #expect(try register.accept(link.secret, password).status == 204)
        let opened = try register.logIn(email, password)
        let omar = register.visitor(token: try #require(opened["token"]))
        #expect(try omar.get("/v1/schools").data.count == 2)
        let posts = try administrator.get("/v1/trusts/\(trust)/posts").data
        let post = try #require(posts.first { $0["who"]?.text == "Omar Reid" }?["id"]?.text)
        let spare = try register.session(of: .trustAdministrator)
        #expect(
            try spare.post("/v1/trust-posts/\(post)/ending", [:]).code == "step_up_required")
        #expect(try administrator.post("/v1/trust-posts/\(post)/ending", [:]).status == 201)
        #expect(try omar.get("/v1/schools").status == 403)
        #expect(
            try administrator.post("/v1/trust-posts/\(post)/ending", [:]).codes
                == ["ended_already"])
        let deeds = try register.database.entries().filter { $0.organisation == trust }.map(\.deed)
        #expect(deeds == ["invited", "appointed", "invitation_accepted", "post_ended"])
    }

    @Test func `are never without an administrator`() async throws {
        let register = try await Register.open()
        // Hedgerow has two in the scene; on no day to come may there be none.
        let administrator = register.as(.trustAdministrator)
        let path = { (post: UUID) in "/v1/trust-posts/\(post)/ending" }
        let other = TestSchool.rosehip.seat(.trustAdministrator)
        let own = TestSchool.hawthorn.seat(.trustAdministrator)
        #expect(
            try administrator.post(path(other), ["until_on": "2099-01-01"]).status == 201)
        for day: JSONValue in [["until_on": "2098-12-31"], [:]] {
            #expect(
                try administrator.post(path(own), day).codes == ["last_trust_administrator"])
        }
        #expect(try administrator.post(path(other), [:]).status == 201)
        #expect(try register.as(.trustAdministrator, at: .rosehip).get("/v1/schools").status == 403)
        #expect(try administrator.post(path(own), [:]).status == 409)
        #expect(try administrator.get("/v1/schools").status == 200)
    }
}
