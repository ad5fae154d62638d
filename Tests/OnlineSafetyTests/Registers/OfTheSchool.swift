import JSON
import Testing

@testable import OnlineSafety

/// What a school relies on, where what is allowed, who else is there, and which bodies it has.
@Suite struct `Registers of the school` {
    private let school = TestSchool.hawthorn

    /// ORG-07: whichever service the sources name has its kind, and the school is whom to ask.
    @Test func `outside services of every kind are kept, with whom to ask, since when and until`()
        async throws
    {
        let register = try await Register.open()
        let (office, path) = (register.as(.office), "/v1/outside-services")
        for (kind, name) in [
            ("internet", "EMPSN"), ("filtering", "Securely Filtering System"),
            ("monitoring", "ESafety4schools"), ("safeguarding_records", "CPOMS"),
            ("mis", "Arbor"), ("parent_messaging", "ParentMail"),
            ("learning_platform", "Purple Mash"), ("progress_tracking", "Target Tracker"),
            ("secure_email", "Egress Switch"), ("governor_documents", "Governor Hub"),
        ] {
            let told = try office.post(
                path,
                [
                    "kind": .string(kind), "name": .string(name), "provider": "Somebody Ltd",
                    "contact": "01632 960009", "from_on": "2026-09-01",
                    "until_on": "2027-08-31",
                ])
            #expect(told.status == 201)
        }
        let list = try register.as(.technician).get("\(path)?on=2026-10-01")
        #expect(list.data.count == 10)
        #expect(list.data.allSatisfy { $0["contact"] == "01632 960009" })
        #expect(try office.get("\(path)?on=2027-09-01").data.isEmpty)
        let system = try office.get("\(path)?kind=safeguarding_records").data
        #expect(system.map { $0["name"]?.text } == ["CPOMS"])
        #expect(try register.as(.staff).get(path).status == 403)
    }

    /// ORG-08
    @Test func `everybody sees where personal devices are allowed, and which rooms have network`()
        async throws
    {
        let register = try await Register.open()
        let path = "/v1/designated-areas"
        for (name, allows, network) in [
            ("Staff room", true, true), ("PPA area", true, false), ("Computer suite", false, true),
        ] {
            let told = try register.as(.dsl).post(
                path,
                [
                    "name": .string(name), "allows_personal_devices": .bool(allows),
                    "has_network": .bool(network),
                ])
            #expect(told.status == 201)
        }
        for role in [Role.staff, .governor, .technician] {
            let areas = try register.as(role).get(path).data
            func named(_ fact: String) -> Set<String?> {
                Set(areas.filter { $0[fact] == true }.map { $0["name"]?.text })
            }
            #expect(named("allows_personal_devices") == ["Staff room", "PPA area"])
            #expect(named("has_network") == ["Staff room", "Computer suite"])
        }
        #expect(try register.as(.staff).post(path, [:]).status == 403)
    }

    /// ORG-11: the consequence follows from the facts, and cannot be typed in.
    @Test(arguments: [(false, false), (true, false), (false, true), (true, true)])
    func `either fact makes the school's agreements mandatory for an outside organisation`(
        hasAccess: Bool, isThereWithPupils: Bool
    ) async throws {
        let register = try await Register.open()
        let (office, path) = (register.as(.office), "/v1/outside-organisations")
        let club: JSONValue = [
            "name": "Karate club", "has_access": .bool(hasAccess),
            "is_there_with_pupils": .bool(isThereWithPupils),
        ]
        let isMandatory = hasAccess || isThereWithPupils
        let bare = try office.post(path, club)
        #expect(bare.faults == (isMandatory ? [:] : ["/own_policy": "required"]))
        let told = try office.post(path, club.with("own_policy", "Their policy of 2026, seen"))
        #expect(told.status == 201)
        #expect(told.json["agreements_are_mandatory"] == .bool(isMandatory))
        let typed = try office.post(path, club.with("agreements_are_mandatory", false))
        #expect(typed.faults["/agreements_are_mandatory"] == "unknown_field")
        let both: JSONValue = ["has_access": false, "is_there_with_pupils": false]
        let changed = try office.ask(
            "PATCH", "\(path)/\(told.id)", ["If-Match": "*"], both)
        #expect(changed.json["agreements_are_mandatory"] == false)
        let emptied = try office.ask(
            "PATCH", "\(path)/\(told.id)", ["If-Match": "*"], ["own_policy": nil])
        #expect(emptied.faults == ["/own_policy": "required"])
    }

    /// ORG-12: by whom for the school, with whom there, when, and what.
    @Test(arguments: OffSiteKind.allCases)
    func `an off-site placement says whether arrangements were agreed`(
        kind: OffSiteKind
    ) async throws {
        let register = try await Register.open()
        let (office, path) = (register.as(.office), "/v1/off-site-placements")
        let planned = try office.post(
            path, ["kind": .string(kind.rawValue), "name": "Forest", "until_on": "2099-07-01"])
        #expect(planned.json["is_agreed"] == false)
        let one = "\(path)/\(planned.id)"
        let half = try office.ask(
            "PATCH", one, ["If-Match": "*"], ["agreed_on": "2026-11-20"])
        #expect(half.faults == ["/arrangements": "required", "/agreed_by_id": "required"])
        let agreed = try office.ask(
            "PATCH", one, ["If-Match": "*"],
            [
                "agreed_on": "2026-11-20", "agreed_with": "The warden",
                "agreed_by_id": .string("\(school.person(.dsl))"),
                "arrangements": "No devices after supper",
            ])
        #expect(agreed.json["is_agreed"] == true)
        #expect(agreed["agreed_by"] == "The Designated safeguarding lead")
        #expect(try register.as(.staff).get(one).json["is_agreed"] == true)
        #expect(try register.as(.governor).get(one).status == 403)
    }

    /// ORG-13: other records name a committee by its id.
    @Test func `committees and approving bodies are kept, and named elsewhere`() async throws {
        let register = try await Register.open()
        let path = "/v1/committees"
        var ids: [String] = []
        for (kind, name) in [
            ("senior_leadership", "SLT"), ("governing_body", "Governing body"),
            ("committee_of_governors", "School Development Committee"),
            ("committee_of_governors", "Standards and Improvement Committee"),
        ] {
            let told = try register.as(.office).post(
                path, ["kind": .string(kind), "name": .string(name), "approves": true])
            #expect(told.status == 201)
            ids.append(told.id)
        }
        #expect(try register.as(.governor).get(path).data.count == 4)
        func raise(_ committee: String) throws -> Reading {
            try register.as(.dsl).post(
                "/v1/shortfalls",
                [
                    "person_id": .string("\(school.person(.dsl))"), "words": "Too little time",
                    "committee_id": .string(committee),
                ])
        }
        let raised = try raise(ids[2])
        #expect(raised["committee"] == "School Development Committee")
        let gone = try register.as(.office).post(
            "\(path)/\(ids[3])/withdrawal", ["reason": "There is none"])
        #expect(gone.status == 201)
        #expect(try raise(ids[3]).faults == ["/committee_id": "unknown_entry"])
        #expect(try raise(raised.id).faults == ["/committee_id": "unknown_entry"])
    }
}
