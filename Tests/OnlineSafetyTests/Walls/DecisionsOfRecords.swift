import FoundationEssentials
import JSON

@testable import OnlineSafety

/// Section 25 of the matrix: a record is written in by those who read it, and by nobody else. What
/// stands against an act they are told; whoever may not read it finds nothing.
private let caseReaders: Set<Role> = [.onlineSafetyCoordinator, .dsl, .deputyDSL, .headteacher]
private let mayOpenSome: Set<Role> = caseReaders.union([.seniorLeader, .chairOfGovernors])
private let leads: Set<Role> = [.dsl, .deputyDSL, .headteacher, .chairOfGovernors]
private let counters: Set<Role> = caseReaders.union([.seniorLeader])

extension Decision {
    static let ofRecords: [String: Decision] = [
        "triage_an_incident": act("POST", "triage", Case.finding()),
        "log_an_incident": act("POST", "logging", example(Logged.self)),
        "amend_an_incident": act("PATCH", "", ["intent": "unknown"], ["If-Match": "*"]),
        "list_versions_of_a_record": act("GET", "/versions"),
        "read_the_incident_log": Decision(
            caseReaders.union([.seniorLeader, .linkGovernor]), shown
        ) { asking in
            try asking.list(
                "/v1/incident-log?limit=1000", has: asking.scene.incident(asking.role, asking.stand)
            )
        },
        "read_the_trends_of_incidents": Decision(caseReaders, within(caseReaders)) {
            try $0.one("GET", "/v1/schools/{id}/incident-trends", $0.school)
        },
        "list_those_involved": act("GET", "/people"),
        "name_somebody_involved": act("POST", "/people", example(Involvement.Named.self)),
        "correct_somebody_involved": act(
            "PUT", "/people/{part}", example(Involvement.Named.self), ["If-Match": "*"],
            on: "involvement"),
        "withdraw_somebody_involved": act(
            "DELETE", "/people/{part}", nil, ["If-Match": "*"], on: "involvement"),
        "list_action_lines": act("GET", "/action-lines"),
        "answer_an_action_line": act(
            "PUT", "/action-lines/policy_reviewed", ["answer": "done"], ["If-Match": "*"]),
        "list_decisions_about_parents": act("GET", "/parents-decisions"),
        "decide_about_telling_parents": act(
            "POST", "/parents-decisions", Case.informed("{part}"), on: "involvement"),
        "list_evidence": act("GET", "/evidence"),
        "describe_evidence": act("POST", "/evidence", example(Evidence.Described.self)),
        "correct_evidence": act(
            "PUT", "/evidence/{part}", example(Evidence.Described.self), ["If-Match": "*"],
            on: "evidence"),
        "withdraw_evidence": act(
            "DELETE", "/evidence/{part}", nil, ["If-Match": "*"], on: "evidence"),
        "list_broken_agreements": act("GET", "/breaches"),
        "name_a_broken_agreement": act("POST", "/breaches", example(Breach.Named.self)),
        "correct_a_broken_agreement": act(
            "PUT", "/breaches/{part}", example(Breach.Named.self), ["If-Match": "*"],
            on: "agreement_breach"),
        "withdraw_a_broken_agreement": act(
            "DELETE", "/breaches/{part}", nil, ["If-Match": "*"], on: "agreement_breach"),
        "list_linked_incidents": act("GET", "/links"),
        "link_an_incident": Decision(mayOpenSome, shown) { asking in
            let other = try asking.visitor.get("/v1/incidents?limit=1").data.first?["id"]
            return try asking.act(
                "POST", "/links",
                ["relation": "recurrence", "other_incident_id": other ?? .string(Scene.missing)])
        },
        "list_agency_holds": act("GET", "/agency-holds"),
        "put_an_agency_hold": act("POST", "/agency-holds", example(AgencyHold.Put.self)),
        "release_an_agency_hold": act(
            "POST", "/agency-holds/{part}/release", example(AgencyHold.Released.self),
            on: "agency_hold"),
        "list_the_procedures_of_an_incident": act("GET", "/procedures"),
        "attach_a_procedure": act("POST", "/procedures", example(AttachedProcedure.Made.self)),
        "read_a_procedure_of_an_incident": act(
            "GET", "/procedures/{part}", on: "incident_part"),
        "detach_a_procedure": act(
            "POST", "/procedures/{part}/detachment", example(AttachedProcedure.Detached.self),
            on: "incident_part"),
        "answer_a_step": act(
            "PUT", "/procedures/{part}/steps/policies", example(StepShown.Answered.self),
            ["If-Match": "*"], on: "incident_part"),
        "list_who_was_told": act("GET", "/notices"),
        "read_a_chronology": act("GET", "/chronology"),
        "enter_something_in_a_chronology": act(
            "POST", "/chronology", example(ChronologyEntry.Made.self)),
        "read_a_closure": act("GET", "/closure"),
        "close_an_incident": act("POST", "/closure", ["outcome": "Done"]),
        // One's own deeds, whatever one may open: the report that one made.
        "list_entries_of_the_audit": Decision(Set([Role].ofASchool), audit) {
            asking in
            let incident = asking.scene.incident(asking.role, asking.stand)
            let told = try asking.visitor.get("/v1/audit?deed=reported&record_id=\(incident)")
            guard told.status == 200 else { return Sight(told) }
            return told.data.isEmpty ? .hidden : .shown
        },
        "list_who_looked_at_an_incident": Decision(leads, readings) { asking in
            try asking.act("GET", "/readings", nil)
        },
        "read_a_restriction": act("GET", "/restriction"),
        "restrict_an_incident": act("POST", "/restriction", example(Restriction.Put.self)),
        "lift_a_restriction": act("POST", "/lifting", example(Restriction.Lifted.self)),
        // Who may read it is told so; to the others it is not there.
        "break_the_glass": Decision(mayOpenSome, shown) { asking in
            let made: JSONValue = [
                "reference": .string(try asking.reference), "words": "Nobody can be reached",
            ]
            let sight = Sight(try asking.visitor.post("/v1/break-glass", made))
            return sight == .other(409) ? .shown : sight
        },
        "count_restricted_incidents": Decision(counters, within(counters)) { asking in
            let told = try asking.visitor.get("/v1/restricted-incidents")
            guard told.status == 200 else { return Sight(told) }
            let schools = told.data.map { $0["school_id"]?.text }
            return schools.contains(asking.scene.school(asking.stand)) ? .shown : .hidden
        },
        "reopen_an_incident": act("POST", "/reopening", example(Reopening.self)),
    ]

    private static let audit: [Stand: Set<Role>] = [
        .own: Set(Scene.reporters).subtracting([.temporaryStaff]),
        .ownSchool: [.dsl, .deputyDSL, .headteacher], .aboutOneself: [], .sameTrust: [],
        .foreign: [],
    ]

    private static let readings: [Stand: Set<Role>] = [
        .own: leads, .ownSchool: leads, .aboutOneself: [], .sameTrust: [], .foreign: [],
    ].mapValues { $0.subtracting([.chairOfGovernors]) }

    private static let shown: [Stand: Set<Role>] = [
        .own: caseReaders, .ownSchool: caseReaders, .aboutOneself: [], .sameTrust: [], .foreign: [],
    ]

    /// Something done with an incident, or with a part of it that is already there.
    private static func act(
        _ method: String, _ path: String, _ body: JSONValue? = nil,
        _ headers: [String: String] = [:], on table: String? = nil
    ) -> Decision {
        Decision(mayOpenSome, shown) { asking in
            guard let table else { return try asking.act(method, path, body, headers) }
            let part = try asking.part(of: table)
            let named = body.map { $0.replacing("{part}", with: part) }
            return try asking.act(method, path.replacing("{part}", with: part), named, headers)
        }
    }

    /// Of a part of the work on an incident, for those whom its kind is for.
    private static func ofAPart<Kind: CasePartKind>(_: Kind.Type) -> [String: Decision] {
        let (part, body) = (Kind.part, CasePartSaid<Kind>.json)
        let (readers, writers) = (Set(part.readers), Set(part.writers))
        func act(
            _ method: String, _ path: String, of posts: Set<Role>, _ body: JSONValue?,
            _ headers: [String: String] = [:], on table: String? = nil
        ) -> Decision {
            let own = posts.isEmpty ? mayOpenSome : posts
            return Decision(own, shown.mapValues { $0.intersection(own) }) { asking in
                let id = try table.map { try asking.part(of: $0) }
                return try asking.act(
                    method, "/\(part.path)\(path)\(id.map { "/\($0)" } ?? "")", body, headers)
            }
        }
        let kind = part.kind.description
        let (many, anyOne) = (
            part.many.replacing(" ", with: "_"), part.anyOne.replacing(" ", with: "_")
        )
        let kept = [
            "list_\(many)_of_an_incident": act("GET", "", of: readers, nil),
            "put_down_\(anyOne)": act("POST", "", of: writers, body),
        ]
        guard !part.isFinal else { return kept }
        return kept.merging([
            "correct_\(anyOne)": act(
                "PUT", "", of: writers, body, ["If-Match": "*"], on: kind),
            "withdraw_\(anyOne)": act(
                "DELETE", "", of: writers, nil, ["If-Match": "*"], on: kind),
        ]) { $1 }
    }

    static let ofCaseWork: [String: Decision] = (CaseWork.kinds + [Referral.self]).reduce(
        [
            "act_on_an_incident": act("POST", "/acting", [:]),
            "put_down_a_call_for_help": Decision(
                Set(Scene.reporters),
                [
                    .own: Set(Scene.reporters), .ownSchool: [], .aboutOneself: [],
                    .sameTrust: [], .foreign: [],
                ]
            ) { asking in
                try asking.act(
                    "POST", "/emergency-calls", example(EmergencyCall.Said.self))
            },
            "list_illegal_addresses": ofLeads("GET", nil),
            "keep_an_illegal_address": ofLeads("POST", example(IllegalAddress.Said.self)),
            "read_an_illegal_address": Decision(
                [.dsl, .deputyDSL], shown.mapValues { _ in [] }
            ) { asking in
                try asking.act("GET", "/illegal-addresses/\(UUID().uuidString.lowercased())", nil)
            },
            "list_where_help_is_found": anything(nil) { asking in
                Sight(try asking.visitor.get("/v1/signposts"))
            },
        ]
    ) { known, kind in known.merging(ofAPart(kind)) { $1 } }

    private static func ofLeads(_ method: String, _ body: JSONValue?) -> Decision {
        let leads: Set<Role> = [.dsl, .deputyDSL]
        return Decision(leads, shown.mapValues { $0.intersection(leads) }) { asking in
            try asking.act(method, "/illegal-addresses", body)
        }
    }

    private static func example<Value: Body>(_: Value.Type) -> JSONValue {
        (try? JSON.value(of: Value.example)) ?? .null
    }
}

extension Asking {
    /// The reference of the incident to which they stand so.
    fileprivate var reference: String {
        get throws {
            let id = scene.incident(role, stand)
            let found = try scene.register.database.owner().run(
                "select reference from incident where id = \(id)::text::uuid")
            return found.text(0, "reference") ?? "NONE-SUCH"
        }
    }

    /// Does something with the incident to which they stand so. That a rule stands against it is
    /// told only to those who see it.
    fileprivate func act(
        _ method: String, _ path: String, _ body: JSONValue?, _ headers: [String: String] = [:]
    ) throws -> Sight {
        let slash = path.isEmpty || path.hasPrefix("/") ? "" : "/"
        let sight = try one(
            method, "/v1/incidents/{id}\(slash)\(path)", scene.incident(role, stand), headers, body)
        return sight == .other(409) || sight == .other(422) ? .shown : sight
    }

    /// A part of that incident, which nobody else asks for.
    fileprivate func part(of table: String) throws -> String {
        let (part, owner) = (UUID().uuidString.lowercased(), try scene.register.database.owner())
        let (columns, values) =
            switch table {
            case "evidence":
                (
                    "version, kind, description, holder, was_forwarded",
                    "1, 'device', '\(Scene.secret)', 'The office', false"
                )
            case "agreement_breach":
                (
                    """
                    version, person_id, template_id, template, version_id, number, clauses,
                    breached_on, state, was_current, words
                    """,
                    """
                    1, (
                        select person.id from person
                        where person.school_id = incident.school_id limit 1), (
                        select rules.id from agreement_template as rules
                        where rules.school_id = incident.school_id limit 1), 'Rules',
                    gen_random_uuid(), 1, '[]', '2026-11-20', 'owed', false, '\(Scene.secret)'
                    """
                )
            case "incident_part":
                (
                    "version, kind, content",
                    """
                    1, 'procedure', (
                        select content || jsonb_build_object(
                            'code', code, 'title', '\(Scene.secret)', 'source', source,
                            'jurisdiction', jurisdiction, 'version', 1, 'is_own', false)
                        from usual_procedure where code = 'hate')
                    """
                )
            case "agency_hold": ("agency, words", "'police', '\(Scene.secret)'")
            case let kind
            where (CaseWork.kinds + [Referral.self]).contains {
                $0.part.kind.description == kind
            }:
                ("version, kind, content", "1, '\(kind)', '{\"words\": \"\(Scene.secret)\"}'")
            default:
                ("version, name, \"group\", parts", "1, '\(Scene.secret)', 'child', '{target}'")
            }
        try owner.execute(
            script: """
                insert into agreement_template (school_id, id, name, made_by, made_by_name)
                select id, gen_random_uuid(), gen_random_uuid()::text,
                    '\(TestSchool.hawthorn.account(.dsl))', 'The DSL'
                from school
                where '\(table)' = 'agreement_breach';
                insert into \(columns.contains("content") ? "incident_part" : table) (
                    school_id, incident_id, id, account_id, role, \(columns))
                select school_id, id, '\(part)', '\(TestSchool.hawthorn.account(.dsl))', 'dsl',
                    \(values)
                from incident where id = '\(scene.incident(role, stand))'
                """)
        return part
    }
}

extension JSONValue {
    /// With one text in the place of another, wherever it stands by itself.
    fileprivate func replacing(_ old: String, with new: String) -> JSONValue {
        guard case .object(let object) = self else { return self }
        return .object(
            JSONObject(
                object.members.map { member in
                    member.value.text == old
                        ? .init(member.name, .string(new)) : .init(member.name, member.value)
                }))
    }
}
