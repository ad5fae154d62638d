import FoundationEssentials
import JSON

@testable import OnlineSafety

private let leads: Set<Role> = [.headteacher, .dsl, .deputyDSL]
private let employed: Set<Role> = settingReaders.union([.staff, .schoolAdministrator])
    .subtracting([.dpo])
private let atSchool = permanent.filter(\.isOfASchool)
private let overseers: Set<Role> = leads.union([
    .onlineSafetyCoordinator, .seniorLeader, .linkGovernor, .chairOfGovernors,
])
private let office: Set<Role> = [.headteacher, .office, .schoolAdministrator]
private let publishers = office.union(leads).union([.onlineSafetyCoordinator])
private let supervisors = leads.union([.seniorLeader])
private let imageWriters = supervisors.union([.onlineSafetyCoordinator, .office])
private let trainers = publishers
private let leaders: Set<Role> = [.headteacher, .seniorLeader]
private let deviceKeepers: Set<Role> = [.technician, .office, .schoolAdministrator]
private let deviceReaders = employed.subtracting([.staff])
private let administrators = settingReaders.union([.schoolAdministrator])

extension Decision {
    /// Section 25: what all must know to keep the rules, all of the school read; how it is set up,
    /// those who read the settings; who watches over whom, those who lead and the governors who
    /// oversee it. Temporary staff, what they must know to keep to it, and not who wrote it. Nobody
    /// outside the school, and no machine.
    static let ofRegisters: [String: Decision] = [
        of("an agency", atSchool, publishers),
        of("an outside service", administrators, office.union([.technician])),
        of("a designated area", atSchool.union([.temporaryStaff]), publishers),
        of("an outside organisation", administrators, office),
        of(
            "an off site placement", employed,
            leads.union([.onlineSafetyCoordinator, .seniorLeader, .office])),
        of("a committee", atSchool, office),
        of("a named post", atSchool, office),
        of("a reporting channel", atSchool, publishers),
        of("a reporting briefing", atSchool, publishers),
        of(
            "a filtering arrangement", overseers.union([.technician, .dpo]),
            supervisors.union([.onlineSafetyCoordinator, .technician])),
        of("a monitoring duty", overseers.union([.technician]), supervisors),
        of("a supervisor", overseers, supervisors),
        of("a supervision meeting", supervisors, supervisors),
        of("a lead access record", overseers.union([.technician]), leads.union([.technician])),
        of("a safeguarding allowance", overseers, leads),
        of("a shortfall", overseers, leads),
        of(
            "a guest log in use", administrators,
            office.union([.seniorLeader, .technician])),
        of("a wireless key issue", deviceReaders, deviceKeepers),
        of("a device app", employed, deviceKeepers.union(leaders)),
        of("a device exception", employed, leaders),
        of("a trip phone", employed, employed),
        of("a contractor device", deviceReaders, deviceKeepers.union(leaders)),
        of(
            "a confiscation", leads.union([.onlineSafetyCoordinator, .seniorLeader, .office]),
            [.dsl, .deputyDSL, .office], recorders: [.staff]),
        of(
            "an equipment check", deviceReaders,
            deviceKeepers.union([.onlineSafetyCoordinator, .dsl, .deputyDSL])),
        of("a temporary image", employed, employed),
        of("a contact phone", employed, deviceKeepers.union(leaders)),
        of("a liaison contact", overseers, leads.union([.onlineSafetyCoordinator])),
        of("a liaison meeting", overseers, leads.union([.onlineSafetyCoordinator])),
        of("a training record", trainers.union([.seniorLeader, .dpo]), trainers),
        of(
            "a professional update", overseers.union([.technician]),
            leads.union([.onlineSafetyCoordinator, .technician])),
        of(
            "a secure store", employed.union([.dpo]),
            leads.union([.technician, .schoolAdministrator])),
        of("an image approval", employed.union([.dpo]), leads),
        of("an image guidance", atSchool, imageWriters),
        of("a photography event", atSchool, imageWriters),
        of(
            "a stakeholder input",
            overseers.union([.office, .dpo, .governor]),
            leads.union([.onlineSafetyCoordinator, .office])),
        of("a policy announcement", atSchool, publishers),
        of(
            "an oversight record", supervisors.union([.onlineSafetyCoordinator]),
            supervisors.union([.onlineSafetyCoordinator])),
        of("a trend", overseers, leads.union([.onlineSafetyCoordinator])),
        of(
            "a data breach", leads.union([.dpo]), leads.union([.dpo]),
            recorders: [
                .staff, .onlineSafetyCoordinator, .seniorLeader, .office, .technician,
                .schoolAdministrator,
            ]),
        of("a videoconference recording", imageWriters.union([.dpo]), imageWriters),
    ].reduce(others) { $0.merging($1) { $1 } }

    private static let others: [String: Decision] = [
        "read_the_reporting_channels_of_a_school": anything(nil) { asking in
            Sight(try asking.visitor.get("/v1/schools/\(asking.school)/reporting-channels"))
        },
        "list_the_gaps_of_the_registers": Decision(overseers, within(overseers)) { asking in
            let told = try asking.visitor.get("/v1/schools/\(asking.school)/register-gaps")
            return told.status == 200 && told.data.isEmpty ? .hidden : Sight(told)
        },
    ]

    /// Everything that can be done with the entries of one kind; recorders make some, and find here
    /// none that is theirs.
    private static func of(
        _ anyOne: String, _ readers: Set<Role>, _ writers: Set<Role>, recorders: Set<Role> = []
    ) -> [String: Decision] {
        let name = anyOne.replacing(" ", with: "_")
        let kind = String(name.drop { $0 != "_" }.dropFirst())
        guard let register = RegisterRoutes.all[kind] else { return [:] }
        let path = register.path
        let one = "\(path)/{id}"
        let historians = readers.subtracting([.temporaryStaff])
        return [
            "list_\(path.dropFirst(4).replacing("-", with: "_"))": Decision(
                readers.union(recorders), within(readers)
            ) { try $0.list("\(path)?limit=1000", has: $0.entry(kind)) },
            "record_\(name)": Decision(
                writers.union(recorders), within(writers.union(recorders))
            ) { asking in
                let told = try asking.visitor.post(
                    path, register.example.with("school_id", .string(asking.school)))
                if told.faults["/school_id"] == "unknown_school" { return .hidden }
                // Whoever is told that the example's people are not there has been let in.
                return told.status == 422 ? .shown : Sight(told)
            },
            "read_\(name)": Decision(readers.union(recorders), within(readers)) {
                try $0.one("GET", one, $0.entry(kind))
            },
            "correct_\(name)": Decision(writers, within(writers)) {
                try $0.one("PATCH", one, $0.entry(kind), ["If-Match": "*"], ["reason": "So it is"])
            },
            "withdraw_\(name)": Decision(writers, within(writers)) { asking in
                let sight = try asking.one(
                    "POST", "\(one)/withdrawal", asking.entry(kind, toWithdraw: true), [:],
                    ["reason": "It is not"])
                return sight == .other(409) ? .shown : sight
            },
            "list_the_versions_of_\(name)": Decision(historians, within(historians)) { asking in
                let told = try asking.visitor.get("\(path)/\(asking.entry(kind))/versions")
                return told.status == 200 && told.data.isEmpty ? .hidden : Sight(told)
            },
        ]
    }
}

extension Asking {
    /// An entry of a kind at the school to which the caller stands so.
    fileprivate func entry(_ kind: String, toWithdraw: Bool = false) -> String {
        scene.entries.id(of: kind, at: stand.school, toWithdraw: toWithdraw)
    }
}

/// Entries of every register at every school, made at once.
struct RegisterScene: Sendable {
    private struct Key: Hashable {
        let kind: String
        let school: UUID
        let isToWithdraw: Bool
    }

    private let ids: [Key: UUID]

    init(in register: Register) throws {
        let keys = RegisterRoutes.all.keys.flatMap { kind in
            TestSchool.all.flatMap { school in
                [false, true].map { Key(kind: kind, school: school.id, isToWithdraw: $0) }
            }
        }
        ids = Dictionary(uniqueKeysWithValues: keys.map { ($0, UUID()) })
        let contents = keys.map { JSON.string(of: RegisterRoutes.all[$0.kind]?.example ?? [:]) }
        try register.database.owner().run(
            """
            insert into register_entry (
                school_id, id, kind, version, act, content, from_on, written_by, written_by_name)
            select made.school_id, made.id, made.kind, 1, 'recorded', made.content, '2026-01-01',
                \(TestSchool.hawthorn.account(.headteacher)), 'Headteacher'
            from unnest(
                \(keys.map(\.school))::uuid[], \(keys.compactMap { ids[$0] })::uuid[],
                \(keys.map(\.kind))::text[], \(contents)::jsonb[]
            ) as made (school_id, id, kind, content)
            """)
    }

    func id(of kind: String, at school: TestSchool, toWithdraw: Bool) -> String {
        let key = Key(kind: kind, school: school.id, isToWithdraw: toWithdraw)
        return ids[key]?.uuidString.lowercased() ?? Scene.missing
    }
}
