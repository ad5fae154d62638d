import Foundation
import JSON
import Testing

@testable import OnlineSafety
@testable import Postgres

/// Every address that shows what stands in a record is asked, as everybody: what it shows is on
/// record, under that very request.
@Suite struct `Nothing is shown that is not on record` {
    /// What answers with one JSON document or a list: not the events, which name no record's text.
    private static let readings = areas.flatMap(\.routes).filter {
        $0.method == .get && $0.path != "/v1/notices/stream"
    }

    private static let isList = Set(
        readings.filter { route in
            var operation = OperationWords()
            route.contract(&operation)
            return operation.parameters.contains { $0.name == "format" }
        }.map(\.operationID))

    @Test func `of incidents: every reading names what it showed`() async throws {
        let scene = try await Scene.open()
        try scene.tellMore()
        var shown: [String: Int] = [:]
        for role in Role.allCases {
            let visitor = scene.register.as(role)
            for route in Self.readings {
                let forms = Self.isList.contains(route.operationID) ? ["", "?format=csv"] : [""]
                var status = 200
                for form in forms where status == 200 {
                    let path = scene.address(of: route, for: role) + form
                    let (told, entries) = try scene.ask(visitor, path)
                    status = told.status
                    let rows = told.data.count + told.text.split(separator: "\r\n").count
                    let isList = route.operationID == "list_incidents" && rows > 1
                    guard told.text.contains(Scene.secret) || isList else { continue }
                    shown[route.operationID, default: 0] += 1
                    let wanted = told.incidents(showing: isList ? "" : Scene.secret, at: path)
                    #expect(!entries.isEmpty, "\(path) as \(role)")
                    #expect(wanted.isSubset(of: entries), "\(path) as \(role)")
                }
            }
        }
        // Those that can show something have shown it: the others are not merely empty.
        for operation in [
            "list_incidents", "read_an_incident", "read_the_incident_log", "list_those_involved",
            "list_evidence", "list_versions_of_a_record", "read_a_chronology",
        ] { #expect(shown[operation] ?? 0 > 0, "\(operation) showed nothing") }
        #expect(shown.values.reduce(0, +) > 50)
    }

    /// Whoever takes a list of people, or of what was done, away as a table.
    @Test func `of tables: every export is an entry`() async throws {
        let scene = try await Scene.open()
        for route in Self.readings where Self.isList.contains(route.operationID) {
            // One's own notices say nothing of anybody.
            guard route.operationID != "list_notices" else { continue }
            let role = scene.role(for: route, or: .headteacher)
            let path = scene.address(of: route, for: role) + "?format=csv"
            let (told, entries) = try scene.ask(scene.register.as(role), path)
            guard told.status == 200, told.text.split(separator: "\r\n").count > 1 else { continue }
            #expect(!entries.isEmpty, "\(path)")
        }
        let people = try scene.ask(scene.register.as(.office), "/v1/people?format=csv")
        #expect(people.entries.count == people.told.text.split(separator: "\r\n").count - 1)
        let machine = try scene.register.machine(.peopleRead).signedIn()
        let pulled = try scene.ask(machine, "/v1/people?format=csv")
        #expect(pulled.entries == people.entries)
        #expect(try scene.ask(machine, "/v1/people").entries == [])
    }

    @Test func `where it cannot be put on record, no table leaves`() async throws {
        let register = try await Register.open()
        try register.database.execute(
            """
            create function refuses() returns trigger language plpgsql as
                'begin raise exception ''no room''; end';
            create trigger refuses before insert on event
                for each row execute function refuses();
            """)
        let refused = try register.as(.office).get("/v1/people?format=csv")
        #expect((refused.status, refused.code) == (500, "internal_error"))
        #expect(try register.as(.office).get("/v1/people").status == 200)
    }
}

/// AUD-08: what one school has to say of people is in no other's audit, and in no other's export.
@Suite struct `Of another school` {
    /// In Rosehip and in Lighthouse everybody and everything is marked; nobody at Hawthorn, nor
    /// who views its trust, meets the mark.
    @Test func `nothing is in a school's audit and exports, whoever takes them (AUD-08)`()
        async throws
    {
        let scene = try await Scene.open()
        try scene.tellMore()
        try scene.mark([.rosehip, .lighthouse], with: "Foreigner")
        var rows = 0
        for role in Role.allCases where role.isOfASchool {
            let visitor = scene.register.as(role)
            for route in areas.flatMap(\.routes) where route.method == .get {
                guard route.path != "/v1/notices/stream" else { continue }
                var status = 200
                for form in ["", "?format=csv", "?format=csv&limit=1000", "?chain=reads"]
                where status == 200 || form == "?chain=reads" {
                    let told = try visitor.get(scene.address(of: route, for: role) + form)
                    status = told.status
                    #expect(!told.text.contains("Foreigner"), "\(route.path)\(form) as \(role)")
                    rows += told.status == 200 ? told.text.split(separator: "\r\n").count : 0
                }
            }
        }
        #expect(rows > 500)
    }

    /// Who works in both: what they did in the one is not told in the other.
    @Test func `nor what somebody did there who works here, too (AUD-08)`() async throws {
        let register = try await Register.open()
        try register.seat(.dsl, for: .dsl, at: .rosehip)
        let there = try register.as(.staff, at: .rosehip).report("Foreigner").id
        let here = try register.as(.staff).report("Ours").id
        #expect(try register.as(.dsl).get("/v1/incidents").data.count == 2)
        #expect(try register.as(.dsl).get("/v1/incidents?format=csv").status == 200)
        for chain in ["changes", "reads"] {
            let told = try register.as(.headteacher).get("/v1/audit?chain=\(chain)")
            #expect(told.text.contains(here), "\(chain)")
            #expect(!told.text.contains(there), "\(chain)")
            let table = try register.as(.headteacher).get("/v1/audit?chain=\(chain)&format=csv")
            #expect(table.text.contains(here) && !table.text.contains(there), "\(chain)")
        }
        let strange = try register.database.number(
            """
            select count(*) from event cross join unnest(record_ids) as one
            join incident on incident.id = one
            where incident.school_id <> organisation_id
            """)
        #expect(strange == 0)
    }
}

extension Scene {
    /// Parts of every incident, each with something that must not be met by chance.
    fileprivate func tellMore() throws {
        let account = TestSchool.hawthorn.account(.dsl)
        try register.database.execute(
            """
            insert into evidence (
                school_id, incident_id, id, version, account_id, role, kind, description, holder,
                was_forwarded)
            select school_id, id, gen_random_uuid(), 1, '\(account)', 'dsl', 'device',
                '\(Self.secret)', 'The office', false
            from incident;
            insert into involvement (
                school_id, incident_id, id, version, account_id, role, name, "group", parts)
            select school_id, id, gen_random_uuid(), 1, '\(account)', 'dsl', '\(Self.secret)',
                'child', '{target}'
            from incident
            """)
        for role in Role.allCases {
            let path = "/v1/incidents/\(incident(role, .ownSchool))"
            _ = try register.as(.dsl).ask(
                "PATCH", path, ["If-Match": "*"], ["summary": .string(Self.secret)])
        }
    }

    /// Puts a word into every name of some schools, and into what was told there.
    fileprivate func mark(_ schools: [TestSchool], with word: String) throws {
        for school in schools {
            try register.database.execute(
                """
                set session_replication_role = replica;
                update person set family_name = '\(word)' where school_id = '\(school.id)';
                update account set name = '\(word)' where id in (
                    select account_id from seat where school_id = '\(school.id)');
                update school set name = '\(word)' where id = '\(school.id)';
                update report set description = '\(word)' where school_id = '\(school.id)';
                update evidence set description = '\(word)' where school_id = '\(school.id)';
                update involvement set name = '\(word)' where school_id = '\(school.id)'
                """)
        }
    }

    /// The answer, and the records that the entries of its reading name.
    fileprivate func ask(
        _ visitor: Visitor, _ path: String
    ) throws -> (told: Reading, entries: Set<String>) {
        let name = "asked-\(UUID().uuidString)"
        let told = try visitor.get(path, ["X-Request-Id": name])
        let found = try register.database.owner().run(
            """
            select one::text as id from event cross join unnest(record_ids) as one
            where request_id = \(name) and chain = 'reads'
            """)
        return (told, Set((0..<found.count).compactMap { found.text($0, "id") }))
    }
}

extension Reading {
    /// The incidents of which a JSON answer says something, in a list or by the address.
    fileprivate func incidents(showing word: String, at path: String) -> Set<String> {
        let parts = path.split(separator: "/").map(String.init)
        if parts.count > 2, parts[1] == "incidents" {
            return [String(parts[2].prefix { $0 != "?" })]
        }
        return Set(
            data.filter { word.isEmpty || JSON.string(of: $0).contains(word) }.compactMap {
                // Of what came of an incident, the incident.
                ($0["incident_id"] ?? $0["id"])?.text
            })
    }
}
