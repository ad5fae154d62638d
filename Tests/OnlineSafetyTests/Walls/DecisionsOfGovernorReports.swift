import FoundationEssentials
import JSON

@testable import OnlineSafety

private let issuers: Set<Role> = [.onlineSafetyCoordinator, .dsl, .deputyDSL, .headteacher]
private let previewers = issuers.subtracting([.onlineSafetyCoordinator])
private let readers = issuers.union([
    .seniorLeader, .governor, .linkGovernor, .chairOfGovernors,
])

extension Decision {
    /// Section 25: reports are issued by those who lead, and read by them and the governors.
    static let ofGovernorReports: [String: Decision] = [
        "list_governor_reports": Decision(readers, within(readers)) {
            try $0.list("/v1/governor-reports?limit=1000", has: $0.report())
        },
        "read_a_governor_report": Decision(readers, within(readers)) {
            try $0.one("GET", "/v1/governor-reports/{id}", $0.report())
        },
        "preview_a_governor_report": Decision(previewers, within(previewers)) {
            try $0.one("GET", "/v1/schools/{id}/governor-report-preview", $0.school)
        },
        "issue_a_governor_report": Decision(issuers, within(issuers)) { asking in
            let told = try asking.visitor.post(
                "/v1/governor-reports",
                [
                    "school_id": .string(asking.school), "commentary": "A quiet term",
                    "until_on": "2199-01-01",
                ])
            if told.faults["/school_id"] != nil { return .hidden }
            return told.faults == ["/until_on": "not_over"] ? .shown : Sight(told)
        },
    ]
}

extension Asking {
    /// A report of the school to which the caller stands so.
    fileprivate func report() throws -> String {
        try scene.register.governorReport(UUID(), of: stand.school)
    }
}

extension Register {
    /// A report that was issued.
    @discardableResult
    func governorReport(_ id: UUID, of school: TestSchool = .hawthorn) throws -> String {
        try database.execute(
            """
            insert into governor_report (
                school_id, id, number, from_on, until_on, commentary, figures, received_by,
                issued_by, issued_by_name)
            select '\(school.id)', '\(id)', coalesce(max(number), 0) + 1, '2020-09-01',
                '2020-12-20', 'A quiet term', '{"incidents": {"": 0}}', '[]',
                '\(school.account(.dsl))', 'DSL'
            from governor_report where school_id = '\(school.id)'
            """)
        return id.lowercased
    }
}
