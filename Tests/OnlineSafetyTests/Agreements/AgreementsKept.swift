import FoundationEssentials
import JSON

@testable import OnlineSafety

/// Agreements as they are in the database, made by one script: the walls are asked about thousands.
struct KeptAgreement {
    let school: TestSchool
    let template: UUID
    let version: UUID
    let agreement: UUID
    let campaign: UUID

    init(at school: TestSchool = .hawthorn, as id: UUID? = nil) {
        self.school = school
        (template, version) = (id ?? UUID(), id ?? UUID())
        (agreement, campaign) = (id ?? UUID(), id ?? UUID())
    }

    /// A template that is put to the staff, as the only one, with one version.
    func text(upTo acts: [String] = ["approved", "published"]) -> String {
        text(agreementText(["fields": ["job_title"]]), for: "teacher", upTo: acts)
    }

    /// A template that is put to a kind of persons, as the only one, with one version.
    func text(
        _ text: JSONValue, for kind: String, upTo acts: [String] = ["approved", "published"]
    ) -> String {
        let text = JSON.string(of: text)
        let by = "'\(school.account(.headteacher))', 'Headteacher'"
        return """
            delete from agreement_audience;
            insert into agreement_template (school_id, id, name, made_by, made_by_name)
            values ('\(school.id)', '\(template)', '\(template)', \(by));
            insert into agreement_version (
                school_id, id, template_id, number, version, content, written_by,
                written_by_name)
            values ('\(school.id)', '\(version)', '\(template)', 1, 1, '\(text)', \(by));
            insert into agreement_audience (
                school_id, id, version, from_on, entries, set_by, set_by_name)
            values (
                '\(school.id)', '\(template)', 1, london_today(), '[{"kind": "\(kind)"}]', \(by));
            insert into agreement_decision (
                school_id, id, act, effective_on, decided_by, decided_by_name)
            select '\(school.id)', '\(version)', act,
                case when act = 'published' then london_today() end, \(by)
            from unnest('{\(acts.joined(separator: ","))}'::text[]) as act;
            """
    }

    /// That it was issued to somebody, and perhaps signed.
    func issued(to person: UUID, isSigned: Bool = false) -> String {
        let by = "'\(school.account(.office))', 'School office'"
        return """
            insert into agreement_copy (school_id, hash, words)
            values ('\(school.id)', sha256('Rules'), 'Rules') on conflict do nothing;
            insert into agreement (
                school_id, id, person_id, template_id, version_id, place, copy_hash, due_on,
                issued_by, issued_by_name)
            values (
                '\(school.id)', '\(agreement)', '\(person)', '\(template)', '\(version)', 1,
                sha256('Rules'), london_today(), \(by));
            insert into agreement_signature (
                school_id, id, agreement_id, part, signer_id, full_name, how, kept_at,
                entered_by, entered_by_name)
            select '\(school.id)', gen_random_uuid(), '\(agreement)', 'oneself', '\(person)', 'A',
                'paper', 'Office', \(by)
            where \(isSigned);
            """
    }

    /// That it was put before all.
    var run: String {
        """
        insert into agreement_campaign (
            school_id, id, template_id, version_id, name, due_on, made_by, made_by_name)
        values (
            '\(school.id)', '\(campaign)', '\(template)', '\(version)', 'All', london_today(),
            '\(school.account(.office))', 'School office');
        """
    }
}

extension Register {
    /// What an operation on agreements needs, with the id of the contract's examples; what is put
    /// before somebody is put before a member of staff.
    func keepAgreements(for operation: String) throws {
        let kept = KeptAgreement(as: ID<Agreement>.example.uuid)
        let before: [String: [String]] = [
            "rewrite_a_draft": [], "approve_a_version": [], "publish_a_version": ["approved"],
        ]
        let isSigned = ["withdraw_a_signature", "revoke_an_agreement"].contains(operation)
        let issued =
            operation == "issue_an_agreement"
            ? ""
            : kept.issued(to: TestSchool.hawthorn.person(.staff), isSigned: isSigned)
        try database.execute(
            kept.text(upTo: before[operation] ?? ["approved", "published"])
                + (operation.contains("campaign") ? kept.run : "") + issued)
    }
}
