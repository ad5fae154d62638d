import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// Whoever is not employed signs before using the internet, and so does the organisation to which
/// they belong, where it has access to the network or is there with pupils.
@Suite struct `Organisations that sign` {
    private let school = TestSchool.hawthorn

    /// A club with one of its people, who has signed for themselves what the school puts to them.
    private struct Club {
        let register: Register
        let id: String
        let person: String
        let template: String

        init(hasAccess: Bool = true, isThereWithPupils: Bool = false) async throws {
            register = try await Register.open()
            try register.database.setClock("2026-11-20T12:00:00Z")
            let office = register.as(.office)
            let told = try office.post(
                "/v1/outside-organisations",
                [
                    "name": "Karate club", "has_access": .bool(hasAccess),
                    "is_there_with_pupils": .bool(isThereWithPupils),
                    "own_policy": "Their policy of 2026, seen", "from_on": "2026-11-20",
                ])
            try #require(told.status == 201, "\(told.json)")
            id = told.id
            person = try register.person("community_user", nil)
            template = try register.template("Community", for: [["kind": "community_user"]])
            _ = try register.publish(
                agreementText([
                    "opens": ["internet", "device"], "renewal": ["after_months": 12],
                ]), of: template)
            let own = try register.issue(template, to: person)
            let signed = try office.post(
                "/v1/agreements/\(own)/signatures", signature(["kept_at": "Office"]))
            try #require(signed.status == 201, "\(signed.json)")
        }

        func joins() throws {
            let said = try register.as(.office).post(
                "/v1/people/\(person)/organisation", ["organisation_id": .string(id)])
            try #require(said.status == 201, "\(said.json)")
        }

        func issue(_ more: [String: JSONValue] = [:]) throws -> String {
            let said: [String: JSONValue] = ["template_id": .string(template)]
            let issued = try register.as(.office).post(
                "/v1/outside-organisations/\(id)/agreements",
                .object(JSONObject(said.merging(more) { $1 }.map { .init($0.key, $0.value) })))
            try #require(issued.status == 201, "\(issued.json)")
            return issued.id
        }

        func signs(_ agreement: String) throws -> Reading {
            try register.as(.office).post(
                "/v1/organisation-agreements/\(agreement)/signature",
                [
                    "full_name": "Jo Larch", "job_title": "Club leader", "kept_at": "Office",
                    "attestations": ["policy_read", "data_policy_read"],
                ])
        }

        func gate(_ access: String = "internet", on day: String? = nil) throws -> Reading {
            try register.as(.technician).get(
                "/v1/gate?for=\(access)&person_id=\(person)" + (day.map { "&as_of=\($0)" } ?? ""))
        }

        func codes(_ access: String = "internet", on day: String? = nil) throws -> [String?] {
            guard case .array(let reasons)? = try gate(access, on: day).json["reasons"] else {
                return []
            }
            return reasons.map { $0["code"]?.text }
        }

        func standing() throws -> JSONValue {
            try register.as(.headteacher).get("/v1/outside-organisations/\(id)/standing").json
        }

        func set(_ name: String, _ value: JSONValue) throws {
            let told = try register.as(.headteacher).put(
                "/v1/schools/\(TestSchool.hawthorn.id)/settings/\(name)", ["value": value],
                ["If-Match": "*"])
            try #require(told.status == 200, "\(told.json)")
        }
    }

    @Test(arguments: ["supply", "visitor", "contractor", "community_user", "volunteer"])
    func `AGR-15: whoever is not employed signs before using the internet`(
        kind: String
    ) async throws {
        let register = try await Register.open()
        let person = try register.person(kind, nil)
        let path = "/v1/gate?for=internet&person_id=\(person)"
        let office = register.as(.office)
        // Also where the school has put nothing to them.
        let before = try office.get(path)
        #expect(before.json["is_allowed"] == false)
        #expect(before.json["reasons"]?[0]?["code"] == "agreement_wanting")
        let template = try register.template("Visitors", for: [["kind": .string(kind)]])
        _ = try register.publish(agreementText(["opens": ["internet"]]), of: template)
        #expect(try office.get(path).json["reasons"]?[0]?["code"] == "agreement_unsigned")
        let id = try register.issue(template, to: person)
        _ = try office.post("/v1/agreements/\(id)/signatures", signature(["kept_at": "Office"]))
        #expect(try office.get(path).json["is_allowed"] == true)
        #expect(
            try office.get("/v1/gate?for=internet&person_id=\(school.pupil)").json["is_allowed"]
                == true)
    }

    @Test(arguments: [(true, false), (false, true), (true, true)])
    func `AGR-15: an organisation signs as one, on paper, and each of its people too`(
        hasAccess: Bool, isThereWithPupils: Bool
    ) async throws {
        let club = try await Club(hasAccess: hasAccess, isThereWithPupils: isThereWithPupils)
        #expect(try club.gate().json["is_allowed"] == true)
        try club.joins()
        #expect(try club.codes() == ["organisation_unsigned"])
        #expect(try club.gate().json["is_allowed"] == false)
        #expect(try club.codes("network") == ["organisation_unsigned"])
        #expect(try club.gate("device").json["is_allowed"] == true)
        let standing = try club.standing()
        #expect(standing["agreements_are_mandatory"] == true && standing["is_signed"] == false)
        #expect(standing["since"] == "2026-11-20")
        #expect(standing["people"]?[0]?["person_id"]?.text == club.person)

        let id = try club.issue()
        #expect(try club.codes() == ["organisation_unsigned"])
        let office = club.register.as(.office)
        let bare = try office.post(
            "/v1/organisation-agreements/\(id)/signature",
            ["full_name": "Jo Larch", "job_title": "Club leader", "kept_at": "Office"])
        #expect(bare.faults["/attestations"] == "unconfirmed")
        let signed = try club.signs(id)
        #expect(signed.status == 201 && signed["state"] == "signed")
        #expect(signed["representative"] == "Jo Larch" && signed["job_title"] == "Club leader")
        #expect(signed["signed_on"] == "2026-11-20" && signed["how"] == "paper")
        #expect(try club.signs(id).status == 409)
        let open = try club.gate()
        #expect(open.json["is_allowed"] == true && open["until"] == "2027-11-19")
        // Who has signed nothing themselves is shut out all the same.
        let other = try club.register.person("community_user", nil)
        let joined = try office.post(
            "/v1/people/\(other)/organisation", ["organisation_id": .string(club.id)])
        #expect(joined.status == 201)
        let told = try office.get("/v1/gate?for=internet&person_id=\(other)")
        #expect(told.json["reasons"]?[0]?["code"] == "agreement_unsigned")
    }

    @Test func `AGR-15: what it signed lapses, is replaced by a new version, and is revoked`()
        async throws
    {
        let club = try await Club()
        try club.joins()
        let id = try club.issue()
        _ = try club.signs(id)
        #expect(try club.codes(on: "2027-11-20").contains("organisation_unsigned"))
        let revoked = try club.register.as(.dsl).post(
            "/v1/organisation-agreements/\(id)/revocation", ["reason": "They lent the key"])
        #expect(revoked.status == 201 && revoked["state"] == "revoked")
        #expect(revoked["ended_because"] == "They lent the key")
        #expect(try club.codes() == ["organisation_unsigned"])
        _ = try club.signs(try club.issue())
        #expect(try club.codes() == [])
        _ = try club.register.publish(agreementText(["title": "Anew"]), of: club.template)
        // For the school's grace what was signed before still holds.
        #expect(try !club.codes(on: "2026-12-03").contains("organisation_unsigned"))
        #expect(try club.codes(on: "2026-12-04").contains("organisation_unsigned"))
        let listed = try club.register.as(.office).get(
            "/v1/outside-organisations/\(club.id)/agreements"
        ).data
        #expect(Set(listed.compactMap { $0["state"]?.text }) == ["superseded", "revoked"])
        #expect(listed.count { $0["is_current"] == true } == 1)
        // A revocation is covered by nothing that was put before it.
        let again = try club.issue()
        _ = try club.signs(again)
        _ = try club.register.as(.headteacher).post(
            "/v1/organisation-agreements/\(again)/revocation", ["reason": "Once more"])
        #expect(try club.codes().contains("organisation_unsigned"))
    }

    @Test func `AGR-15: its representative signs by a link that opens this and nothing else`()
        async throws
    {
        let club = try await Club()
        try club.joins()
        let id = try club.issue(["email": "Jo@Larch.example", "due_on": "2026-12-01"])
        let link = try #require(try club.register.links().first)
        #expect(link.address == "jo@larch.example" && link.purpose == "organisation")
        let representative = club.register.visitor(token: link.secret)
        let opened = try representative.get("/v1/signing/organisation")
        #expect(opened.status == 200 && opened["organisation"] == "Karate club")
        #expect(opened["state"] == "issued" && opened["due_on"] == "2026-12-01")
        #expect(opened["words"]?.contains("At Hawthorn I use my own log-in.") == true)
        #expect(try representative.get("/v1/signing").status == 403)
        #expect(try representative.get("/v1/people").status == 401)
        let said: JSONValue = [
            "full_name": "Jo Larch", "job_title": "Club leader",
            "attestations": ["policy_read", "data_policy_read"],
        ]
        let bare = try representative.post(
            "/v1/signing/organisation/signature",
            [
                "full_name": "Jo Larch", "job_title": "Club leader",
                "attestations": ["policy_read"],
            ])
        #expect(bare.faults["/attestations"] == "unconfirmed")
        let signed = try representative.post("/v1/signing/organisation/signature", said)
        #expect(signed.status == 201 && signed["state"] == "signed")
        #expect(
            try representative.post("/v1/signing/organisation/signature", said).status == 409)
        #expect(try club.codes() == [])
        let kept = try club.register.as(.office).get(
            "/v1/outside-organisations/\(club.id)/agreements"
        ).data
        #expect(kept.first?["id"]?.text == id && kept.first?["how"] == "link")
        #expect(kept.first?["entered_by"] == nil)
        // Somebody's own link opens no organisation's, and a revoked agreement no link.
        let parent = try club.register.person("visitor", "v@visit.example")
        let own = try club.register.signer(parent)
        #expect(try own.get("/v1/signing/organisation").status == 403)
        _ = try club.register.as(.office).post(
            "/v1/organisation-agreements/\(id)/revocation", ["reason": "They have gone"])
        #expect(try representative.get("/v1/signing/organisation").status == 401)
    }

    @Test func `AGR-15: the school may leave it out, tell it only, or give days of grace`()
        async throws
    {
        let club = try await Club()
        try club.joins()
        try club.set("gate-organisation-unsigned-days", 5)
        #expect(try club.gate().json["is_allowed"] == true)
        #expect(try club.gate()["until"] == "2026-11-24")
        #expect(try club.gate(on: "2026-11-25").json["is_allowed"] == false)
        try club.set("gate-organisation-unsigned", "advise")
        let advised = try club.gate(on: "2026-11-25")
        #expect(advised.json["is_allowed"] == true)
        #expect(advised.json["reasons"]?[0]?["code"] == "organisation_unsigned")
        try club.set("gate-organisation-unsigned", "off")
        #expect(try club.codes(on: "2026-11-25") == [])
    }

    @Test func `AGR-15: neither fact means only a note`() async throws {
        let club = try await Club(hasAccess: false)
        try club.joins()
        #expect(try club.codes() == [])
        let standing = try club.standing()
        #expect(standing["agreements_are_mandatory"] == false && standing["since"] == nil)
        // Until one is so; then they owe it from that day on.
        try club.register.database.setClock("2026-11-23T12:00:00Z")
        let changed = try club.register.as(.office).ask(
            "PATCH", "/v1/outside-organisations/\(club.id)", ["If-Match": "*"],
            ["has_access": true])
        #expect(changed.status == 200)
        #expect(try club.codes() == ["organisation_unsigned"])
        #expect(try club.standing()["since"] == "2026-11-23")
        // And whoever leaves it owes it no more.
        let left = try club.register.as(.office).post(
            "/v1/people/\(club.person)/organisation", [:])
        #expect(left.status == 201)
        #expect(try club.codes() == [])
        let unknown = try club.register.as(.office).post(
            "/v1/people/\(club.person)/organisation", ["organisation_id": .string(Scene.missing)])
        #expect(unknown.faults["/organisation_id"] == "unknown_organisation")
    }

    @Test(arguments: ["is signed", "is not signed"], ["ended", "withdrawn"])
    func `AGR-15: whoever belongs to one that is over is held until it is said to which they do`(
        how: String, over: String
    ) async throws {
        let club = try await Club()
        try club.joins()
        if how == "is signed" { _ = try club.signs(try club.issue()) }
        let office = club.register.as(.office)
        let path = "/v1/outside-organisations/\(club.id)"
        try club.register.database.setClock("2026-11-23T12:00:00Z")
        let told =
            over == "ended"
            ? try office.ask("PATCH", path, ["If-Match": "*"], ["until_on": "2026-11-23"])
            : try office.post("\(path)/withdrawal", ["reason": "They have moved"])
        #expect((200...201).contains(told.status), "\(told.json)")
        if over == "ended", how == "is signed" {
            #expect(try club.codes() == [] && club.gate()["until"] == "2026-11-23")
        }
        try club.register.database.setClock("2026-11-24T12:00:00Z")
        #expect(try club.codes() == ["organisation_unsigned"])
        _ = try office.post("/v1/people/\(club.person)/organisation", [:])
        #expect(try club.codes() == [])
    }
}
