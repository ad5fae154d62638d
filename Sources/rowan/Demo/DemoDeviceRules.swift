import FoundationEssentials
import Postgres

extension DemoDevice {
    /// What whoever brings a device is told.
    static let statement = "The school answers for no loss of, or damage to, what people bring."

    /// What each class may: in school, and on which network; what is left out is not decided.
    fileprivate static let matrix: [(ownership: String, yes: [String], no: [String])] = [
        ("school_single", ["in_school", "full_network"], []),
        ("school_multiple", ["in_school", "full_network"], []),
        ("authorised", ["in_school", "full_network"], []),
        ("student_owned", [], ["in_school", "full_network", "internet_only"]),
        ("staff_owned", ["in_school", "internet_only"], ["full_network"]),
        ("visitor_owned", ["in_school"], ["full_network", "internet_only"]),
    ]

    fileprivate struct Cell: Encodable {
        let ownership: String
        let permission: String
        let answer: String
    }

    fileprivate static func cells() throws -> String {
        let cells = matrix.flatMap { row in
            row.yes.map { Cell(ownership: row.ownership, permission: $0, answer: "yes") }
                + row.no.map { Cell(ownership: row.ownership, permission: $0, answer: "no") }
        }
        return String(decoding: try JSONEncoder().encode(["cells": cells]), as: UTF8.self)
    }

    fileprivate static let use = """
        {"statement": "\(statement)", "rules": [
            {"audiences": ["staff"], "places": ["staff_room", "planning_area"],
                "answer": "allowed", "words": "Switched to silent"},
            {"audiences": ["staff", "visitor"], "answer": "with_permission"},
            {"audiences": ["pupil"], "answer": "no"}]}
        """
}

extension Demo {
    /// The device matrix, and whose own may be used where.
    func loadDeviceRules(in school: DemoSchool) throws {
        let author = try become("headteacher", of: school)
        for (kind, content) in [
            ("device_matrix", try DemoDevice.cells()), ("device_use", DemoDevice.use),
        ] {
            try keep(
                "device_rules_set", "school_rule",
                """
                insert into school_rule (
                    school_id, kind, version, id, from_on, content, set_by_name)
                values (
                    \(school.id), \(kind), 1, \(UUID()), london_today() - 300, \(content)::jsonb,
                    \(author))
                """)
        }
    }
}
