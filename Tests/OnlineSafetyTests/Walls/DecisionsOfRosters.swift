import FoundationEssentials
import JSON

@testable import OnlineSafety

private let keepers: Set<Role> = [.headteacher, .office, .schoolAdministrator]
private let carers: Set<Role> = [.headteacher, .office, .dsl, .deputyDSL]
private let employed: Set<Role> = Set([Role].employed)

extension Decision {
    /// The roster is kept by the office, the administrator and the headteacher; families are known
    /// to those who look after children.
    static let ofRosters: [String: Decision] = [
        "apply_a_roster_batch": Decision(keepers, within(keepers)) { asking in
            try asking.one(
                "POST", "/v1/schools/{id}/roster-batches?dry_run=true", asking.school, [:],
                ["rows": []])
        },
        "list_roster_batches": Decision(keepers, within(keepers)) { asking in
            try asking.scene.register.keepsARoster(at: asking.stand.school)
            let told = try asking.visitor.get("/v1/schools/\(asking.school)/roster-batches")
            return told.status == 200 && told.data.isEmpty ? .hidden : Sight(told)
        },
        "read_a_roster_batch": Decision(keepers, within(keepers)) { asking in
            let batch = try asking.scene.register.keepsARoster(at: asking.stand.school)
            return try asking.one(
                "GET", "/v1/schools/\(asking.school)/roster-batches/{id}", batch)
        },
        "add_a_person": Decision(keepers, within(keepers)) { asking in
            let told = try asking.visitor.post(
                "/v1/people",
                [
                    "school_id": .string(asking.school), "kind": "visitor", "given_name": "A",
                    "family_name": "Guest",
                ])
            return told.faults == ["/school_id": "unknown_school"] ? .hidden : Sight(told)
        },
        "change_a_person": Decision(keepers, within(keepers)) { asking in
            try asking.one(
                "PATCH", "/v1/people/{id}", asking.scene.person(asking.role, asking.stand),
                ["If-Match": "*"], [:])
        },
        "list_family_links": Decision(carers, within(carers)) { asking in
            try asking.one(
                "GET", "/v1/people/{id}/links", asking.scene.person(asking.role, asking.stand))
        },
        "list_classes": Decision(employed, within(employed)) { asking in
            try asking.scene.register.keepsARoster(at: asking.stand.school)
            let told = try asking.visitor.get("/v1/classes?school_id=\(asking.school)")
            return told.status == 200 && told.data.isEmpty ? .hidden : Sight(told)
        },
    ]
}

extension Register {
    /// A batch of a school, a class of its pupil, and a link of theirs; the id of the batch.
    @discardableResult
    func keepsARoster(
        at school: TestSchool = .hawthorn, batch: UUID = UUID()
    ) throws -> String {
        let owner = try database.owner()
        _ = try owner.run(
            "update person set class_name = '5B' where id = \(school.pupil) and class_name is null")
        _ = try owner.run(
            """
            insert into parent_link (school_id, id, parent_id, child_id, from_on)
            values (
                \(school.id), gen_random_uuid(), \(school.person(.staff)), \(school.pupil),
                '2020-01-01')
            on conflict do nothing
            """)
        _ = try owner.run(
            """
            insert into roster_batch (
                school_id, id, mode, form, is_partial, as_of, rows, added, changed, unchanged,
                leavers, returned, missing, expected, links_added, links_changed, links_ended,
                refused, warned, issues, applied_by, content_digest)
            values (
                \(school.id), \(batch), 'full', 'csv', false, '2020-01-01', 0, 0, 0, 0, 0, 0, 0,
                0, 0, 0, 0, 0, 0, '[]', \("OF " + school.name), '')
            """)
        return batch.uuidString.lowercased()
    }
}
