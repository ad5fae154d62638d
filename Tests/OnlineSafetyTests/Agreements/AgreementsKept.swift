import FoundationEssentials
import JSON
import Postgres

@testable import OnlineSafety

extension Register {
    /// A template that is put to the staff, with one version, as they are in the database.
    func keepText(
        _ template: UUID, _ version: UUID, upTo acts: [String] = ["approved", "published"],
        at school: TestSchool = .hawthorn
    ) throws {
        let owner = try database.owner()
        let by = school.account(.headteacher)
        try owner.run(
            """
            insert into agreement_template (school_id, id, name, made_by, made_by_name)
            values (\(school.id), \(template), \(template.uuidString), \(by), 'Headteacher')
            """)
        try owner.run(
            """
            insert into agreement_writing (
                school_id, id, template_id, number, version, content, written_by,
                written_by_name)
            values (
                \(school.id), \(version), \(template), 1, 1,
                \(JSON.string(of: agreementText(["fields": ["job_title"]])))::jsonb, \(by),
                'Headteacher')
            """)
        try owner.run(
            """
            insert into agreement_audience (
                school_id, id, version, from_on, entries, set_by, set_by_name)
            values (
                \(school.id), \(template), 1, london_today(), '[{"kind": "teacher"}]', \(by),
                'Headteacher')
            """)
        for act in acts {
            try owner.run(
                """
                insert into agreement_decision (
                    school_id, id, act, effective_on, decided_by, decided_by_name)
                values (
                    \(school.id), \(version), \(act),
                    case when \(act) = 'published' then london_today() end, \(by),
                    'Headteacher')
                """)
        }
    }

    /// That an agreement was issued to somebody, and perhaps signed, as it is in the database.
    func keepAgreement(
        _ id: UUID, of person: UUID, _ template: UUID, _ version: UUID, isSigned: Bool = false,
        at school: TestSchool = .hawthorn
    ) throws {
        let owner = try database.owner()
        let by = school.account(.office)
        try owner.run(
            """
            insert into agreement_copy (school_id, hash, words)
            values (\(school.id), sha256('Rules'), 'Rules') on conflict do nothing
            """)
        try owner.run(
            """
            insert into agreement (
                school_id, id, person_id, template_id, version_id, place, copy_hash, due_on,
                issued_by, issued_by_name)
            values (
                \(school.id), \(id), \(person), \(template), \(version), 1, sha256('Rules'),
                london_today(), \(by), 'School office')
            """)
        guard isSigned else { return }
        try owner.run(
            """
            insert into agreement_signature (
                school_id, id, agreement_id, part, signer_id, full_name, how, kept_at,
                entered_by, entered_by_name)
            values (
                \(school.id), gen_random_uuid(), \(id), 'oneself', \(person), 'A', 'paper',
                'Office', \(by), 'School office')
            """)
    }

    /// What an operation on agreements needs, with the id of the contract's examples; what is put
    /// before somebody is put before a member of staff.
    func keepAgreements(for operation: String) throws {
        let example = ID<Agreement>.example.uuid
        let before: [String: [String]] = [
            "draft_a_version": ["approved", "published"], "rewrite_a_draft": [],
            "approve_a_version": [], "publish_a_version": ["approved"],
        ]
        try keepText(
            example, example, upTo: before[operation] ?? ["approved", "published"])
        guard operation != "issue_an_agreement" else { return }
        try keepAgreement(
            example, of: TestSchool.hawthorn.person(.staff), example, example,
            isSigned: ["withdraw_a_signature", "revoke_an_agreement"].contains(operation))
    }
}
