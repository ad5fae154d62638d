import JSON

/// Who runs filtering: never one person alone, nor one side (USR-07).
enum FilteringArrangement: RegisterKind {
    static let register = SmallRegister(
        kind: "filtering_arrangement", address: "/v1/filtering-arrangements/",
        words: """
            Who runs filtering, shared between technical staff and leadership: at least one of \
            each, and two different people (USR-07).
            """,
        time: .inForce,
        readers: [
            .onlineSafetyCoordinator, .dsl, .deputyDSL, .headteacher, .seniorLeader, .dpo,
            .linkGovernor, .chairOfGovernors, .technician,
        ],
        writers: [
            .onlineSafetyCoordinator, .dsl, .deputyDSL, .headteacher, .seniorLeader, .technician,
        ],
        fields: [
            .people(
                "technical", "The technical staff who run it.", needed: true,
                as: "0199b5f6-1c3e-7c45-9a3b-3d7f0c1e2a45"),
            .people(
                "leadership", "Those of leadership who run it with them.", needed: true,
                holding: [.headteacher, .seniorLeader, .dsl, .deputyDSL]),
            .prose(
                "words", "Who does what.", as: "The technician changes, the DSL reviews weekly"),
        ],
        needsSuccessor: true,
        standsAgainst: { entry in
            let (technical, leading) = (entry.texts("technical_ids"), entry.texts("leadership_ids"))
            var against: [Fault] = []
            if technical.isEmpty {
                against.append(
                    Fault(
                        pointer: "/technical_ids", code: "one_side_alone",
                        detail: "Filtering is not leadership's alone: name technical staff"))
            }
            if leading.isEmpty {
                against.append(
                    Fault(
                        pointer: "/leadership_ids", code: "one_side_alone",
                        detail: "Filtering is not technical staff's alone: name leadership"))
            }
            if Set(technical + leading).count < 2 {
                against.append(
                    Fault(
                        pointer: "", code: "one_person_alone",
                        detail: "Filtering never rests on one person: name two at least"))
            }
            return against
        })
}

/// Who monitors online safety (USR-06).
enum MonitoringDuty: RegisterKind {
    static let register = SmallRegister(
        kind: "monitoring_duty", address: "/v1/monitoring-duties/",
        words: """
            Somebody who does online-safety monitoring. They, and whoever runs filtering, need a \
            supervisor (USR-06).
            """,
        time: .inForce,
        readers: [
            .onlineSafetyCoordinator, .dsl, .deputyDSL, .headteacher, .seniorLeader,
            .linkGovernor, .chairOfGovernors, .technician,
        ],
        writers: [.dsl, .deputyDSL, .headteacher, .seniorLeader],
        fields: [
            .person("person", "Who monitors.", needed: true),
            .line("duty", "What they monitor.", needed: true, as: "Weekly filtering reports"),
        ])
}

/// Who supervises whom (USR-06).
enum Supervisor: RegisterKind {
    static let register = SmallRegister(
        kind: "supervisor", address: "/v1/supervisors/",
        words: "Who supervises somebody who monitors or runs filtering (USR-06).",
        time: .inForce,
        readers: [
            .onlineSafetyCoordinator, .dsl, .deputyDSL, .headteacher, .seniorLeader,
            .linkGovernor, .chairOfGovernors,
        ],
        writers: [.dsl, .deputyDSL, .headteacher, .seniorLeader],
        fields: [
            .person("person", "Who is supervised.", needed: true),
            .person(
                "supervisor", "Who supervises them.", needed: true,
                as: "0199b5f6-1c3e-7c45-9a3b-3d7f0c1e2a45"),
        ],
        standsAgainst: { entry in
            guard entry.text("person_id") == entry.text("supervisor_id") else { return [] }
            return [
                Fault(
                    pointer: "/supervisor_id", code: "supervises_oneself",
                    detail: "Nobody supervises themselves: name somebody else")
            ]
        })
}

/// Supervision and support (USR-06).
enum SupervisionMeeting: RegisterKind {
    static let register = SmallRegister(
        kind: "supervision_meeting", address: "/v1/supervision-meetings/",
        words: """
            A meeting of somebody who monitors or runs filtering, for supervision or support. No \
            child and no case belongs in it (USR-06).
            """,
        time: .happened, readers: [.dsl, .deputyDSL, .headteacher, .seniorLeader],
        writers: [.dsl, .deputyDSL, .headteacher, .seniorLeader],
        fields: [
            .word("kind", SupervisionMeetingKind.self, "What it was for.", needed: true),
            .person("person", "Who was supervised or supported.", needed: true),
            .person("supervisor", "By whom.", needed: true),
            .prose("words", "What was settled.", as: "A second pair of eyes on each report"),
        ])
}

/// What a meeting was for.
enum SupervisionMeetingKind: String, Words {
    case supervision
    case support

    var label: String { rawValue.capitalisedFirst }
}

/// Access of the DSL and deputies to filtering and monitoring, with technical support (USR-08).
enum LeadAccess: RegisterKind {
    static let register = SmallRegister(
        kind: "lead_access_record", address: "/v1/lead-access-records/",
        words: """
            That the DSL or a deputy has been given access to the filtering or the monitoring \
            system, and technical support with it (USR-08).
            """,
        time: .inForce,
        readers: [
            .onlineSafetyCoordinator, .dsl, .deputyDSL, .headteacher, .seniorLeader,
            .linkGovernor, .chairOfGovernors, .technician,
        ],
        writers: [.dsl, .deputyDSL, .headteacher, .technician],
        fields: [
            .person("person", "To whom.", needed: true, holding: [.dsl, .deputyDSL]),
            .word("system", MonitoringSystem.self, "To which system.", needed: true),
            .yesOrNo("has_access", "Whether they have access.", needed: true),
            .line(
                "supported_by", "Who gives technical support with it; none when left out.",
                as: "The ICT technician, on Tuesdays"),
        ])
}

/// A system by which online safety is watched.
enum MonitoringSystem: String, Words {
    case filtering
    case monitoring

    var label: String { rawValue.capitalisedFirst }
}

/// Time and resources of the DSL and deputies (USR-09).
enum SafeguardingAllowance: RegisterKind {
    static let register = SmallRegister(
        kind: "safeguarding_allowance", address: "/v1/safeguarding-allowances/",
        words: """
            The time and resources that the DSL or a deputy is given for online safety (USR-09).
            """,
        time: .inForce, readers: RegisterGap.readers,
        writers: [.dsl, .deputyDSL, .headteacher],
        fields: [
            .person("person", "Who is given them.", needed: true, holding: [.dsl, .deputyDSL]),
            .number(
                "minutes_a_week", "The time, in minutes a week.", WholeNumber<0, 10_080>.self,
                needed: true),
            .prose(
                "resources", "What else they are given.", as: "A laptop, and a budget for books"),
        ])
}

/// A shortfall of time or resources (USR-09).
enum Shortfall: RegisterKind {
    static let register = SmallRegister(
        kind: "shortfall", address: "/v1/shortfalls/",
        words: """
            That time or resources for online safety fall short: who raised it, before whom, and \
            what the answer was (USR-09).
            """,
        time: .happened, readers: RegisterGap.readers,
        writers: [.dsl, .deputyDSL, .headteacher],
        fields: [
            .person("person", "Who raised it.", needed: true),
            .entry(
                "committee", of: "committee", "The committee or body before which it was raised."),
            .prose("words", "What falls short.", needed: true, as: "Two hours a week are too few"),
            .prose("answer", "The answer.", as: "An hour more from January"),
            .day("answered_on", "When it was answered."),
        ],
        faults: { entry in
            ["answer", "answered_on"].filter { !entry.has($0) }.count != 1
                ? []
                : [
                    .wanted(
                        entry.has("answer") ? "answered_on" : "answer",
                        "Give the answer and its day, or neither yet")
                ]
        })
}
