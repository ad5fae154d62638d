import FoundationEssentials

@testable import OnlineSafety

/// Of each table that is swept a row whose time has come, and one whose time comes at this moment.
enum SweptRows {
    /// A table, and how a row is written whose end was `$at$`; `$n$` is its number.
    static let all: [(table: String, insert: String)] = [
        (
            "session",
            """
            (token_hash, id, account_id, opened_at, ends_at, network)
            values ('\\x0$n$', gen_random_uuid(), '\(staff)', $at$ - interval '1 hour', $at$, '::1')
            """
        ),
        (
            "idempotency",
            """
            (caller_id, key, fingerprint, seats, created_at)
            values ('\(staff)', 'key $n$', '', '{}', $at$)
            """
        ),
        (
            "intake_answer",
            """
            (school_id, intake_key_id, digest, created_at)
            values ('\(school)', '\(id)', '\\x0$n$', $at$)
            """
        ),
        (
            "guess_count",
            """
            (kind, subject, failures, last_at, free_at) values ('name', '\\x0$n$', 1, $at$, $at$)
            """
        ),
        (
            "sign_in_link",
            """
            (id, purpose, lasts_until, ended_at)
            values ('\(numbered)', 'invitation', $at$ + interval '1 hour', $at$)
            """
        ),
        (
            "invitation",
            """
            (organisation_id, id, is_of_trust, name, email, change, link_id, invited_by_name,
                lasts_until)
            values ('\(school)', gen_random_uuid(), true, 'A', 'a@b.example', '{}', '\(first)', 'B',
                $at$)
            """
        ),
        (
            "agreement_reminder",
            """
            (school_id, person_id, reminded_on, reminded_at)
            values ('\(school)', '\(id)', london_today() - $n$, $at$)
            """
        ),
        (
            "signing_link",
            """
            (school_id, id, person_id, lasts_until)
            values ('\(school)', gen_random_uuid(), '\(id)', $at$)
            """
        ),
        (
            "client_token",
            """
            (organisation_id, client_id, id, kind, token_hash, secret_id, scopes, ends_at)
            values ('\(school)', '\(id)', gen_random_uuid(), 'access', '', '\(id)', '{}', $at$)
            """
        ),
        (
            "client_secret",
            """
            (organisation_id, client_id, id, secret_hash, made_by, ends_at)
            values ('\(school)', '\(id)', '\(numbered)', '', '\(staff)', $at$)
            """
        ),
        (
            "proposal",
            """
            (school_id, id, change, proposed_by, proposed_by_name, expires_at)
            values ('\(school)', gen_random_uuid(), '{}', '\(staff)', 'A', $at$)
            """
        ),
        (
            "suspected_attack",
            """
            (school_id, account_id, reference, noticed_on, failures, last_at)
            values ('\(school)', '\(staff)', 'A', london_today() - $n$, 10, $at$)
            """
        ),
        (
            "notice",
            """
            (school_id, id, account_id, role, kind, urgency, reference, created_at)
            values ('\(school)', '\(numbered)', '\(staff)', 'staff', 'sign_in_changed', 'urgent',
                'A', $at$)
            """
        ),
        (
            "incident_access",
            """
            (school_id, incident_id, account_id, basis, until_at)
            values ('\(school)', '\(numbered)', '\(staff)', 'broken_glass', $at$)
            """
        ),
        (
            "roster_row",
            """
            (school_id, batch_id, number, id, external_id, kind, given_name, family_name, given,
                staged_at)
            values ('\(school)', '\(id)', $n$, '\(id)', 'A', 'pupil', 'B', 'C', 0, $at$)
            """
        ),
        (
            "roster_link",
            """
            (school_id, batch_id, number, child, is_by_upn, parent, staged_at)
            values ('\(school)', '\(id)', $n$, 'A', false, 'B', $at$)
            """
        ),
        (
            "roster_fault",
            """
            (school_id, batch_id, number, severity, code, pointer, staged_at)
            values ('\(school)', '\(id)', $n$, 'error', 'blank', '/upn', $at$)
            """
        ),
        (
            "calendar_link",
            """
            (id, account_id, secret_hash, label, ends_at)
            values ('\(numbered)', '\(staff)', '\\x0$n$', 'My telephone', $at$)
            """
        ),
    ]

    /// All of them, without what they refer to; each notice with its mail.
    static var script: String {
        """
        set session_replication_role = replica;
        \(all.map { statement($0.table, $0.insert, 1, "1 ms") }.joined(separator: "\n"))
        \(all.map { statement($0.table, $0.insert, 2, "0 ms") }.joined(separator: "\n"))
        insert into mail (school_id, notice_id, account_id)
        select school_id, id, account_id from notice;
        reset session_replication_role;
        """
    }

    private static func statement(
        _ table: String, _ insert: String, _ number: Int, _ earlier: String
    ) -> String {
        let at = """
            (rowan_now() - interval '\(earlier)' - (
                select kept_for from what_is_swept() where relation = '\(table)'))
            """
        return "insert into \(table) "
            + insert.replacing("$at$", with: at).replacing("$n$", with: "\(number)") + ";"
    }

    private static let school = TestSchool.hawthorn.id.uuidString
    private static let staff = TestSchool.hawthorn.account(.staff).uuidString
    private static let id = "0199b5f6-0000-7000-8000-00000000aaaa"
    private static let first = "0199b5f6-0000-7000-8000-000000000001"
    private static let numbered = "0199b5f6-0000-7000-8000-00000000000$n$"
}
