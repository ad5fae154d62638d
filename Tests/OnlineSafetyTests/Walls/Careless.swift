import JSON
import Postgres

@testable import OnlineSafety

/// Handlers as careless as can be: what any table or view holds, without any `where`; and some that
/// fail in the middle.
enum Careless {
    static let area = Area(
        name: "Careless", words: "For tests.",
        routes: selects.map { name, sql in
            read("/careless/\(name)", sql)
        } + [
            read("/careless/failing", "select 1 / (count(*) - count(*)) as row from incident"),
            write("/careless/failing", "insert into incident (school_id) values (null)"),
            read("/careless/writing", "delete from idempotency"),
            read("/careless/event_head", "select to_jsonb(row) as row from event_head as row"),
            read("/careless/session", "select to_jsonb(row) as row from session as row"),
            read("/careless/intake_key", "select to_jsonb(row) as row from intake_key as row"),
            read(
                "/careless/intake_answer", "select to_jsonb(row) as row from intake_answer as row"),
            read("/careless/guess_count", "select to_jsonb(row) as row from guess_count as row"),
            read(
                "/careless/second_factor", "select to_jsonb(row) as row from second_factor as row"),
            read(
                "/careless/recovery_code", "select to_jsonb(row) as row from recovery_code as row"),
            read(
                "/careless/calendar_link", "select to_jsonb(row) as row from calendar_link as row"),
            read("/careless/account", "select to_jsonb(row) as row from account as row"),
        ])

    /// Tables and views in which a caller may find something.
    static let selects: [(name: String, sql: SQL)] = [
        ("incident_listed", "select to_jsonb(row) as row from incident_listed as row"),
        ("incident_opened", "select to_jsonb(row) as row from incident_opened as row"),
        ("incident", "select to_jsonb(row) as row from incident as row"),
        ("audit_shown", "select to_jsonb(row) as row from audit_shown as row"),
        ("report", "select to_jsonb(row) as row from report as row"),
        ("receipt_shown", "select to_jsonb(row) as row from receipt_shown as row"),
        ("receipt", "select to_jsonb(row) as row from receipt as row"),
        ("incident_subject", "select to_jsonb(row) as row from incident_subject as row"),
        ("incident_version", "select to_jsonb(row) as row from incident_version as row"),
        ("incident_move", "select to_jsonb(row) as row from incident_move as row"),
        ("closure", "select to_jsonb(row) as row from closure as row"),
        ("reopening", "select to_jsonb(row) as row from reopening as row"),
        ("involvement", "select to_jsonb(row) as row from involvement as row"),
        ("involvement_shown", "select to_jsonb(row) as row from involvement_shown as row"),
        ("action_answer", "select to_jsonb(row) as row from action_answer as row"),
        ("action_line_shown", "select to_jsonb(row) as row from action_line_shown as row"),
        ("parents_decision", "select to_jsonb(row) as row from parents_decision as row"),
        (
            "parents_decision_shown",
            "select to_jsonb(row) as row from parents_decision_shown as row"
        ),
        ("evidence", "select to_jsonb(row) as row from evidence as row"),
        ("evidence_shown", "select to_jsonb(row) as row from evidence_shown as row"),
        ("agreement_breach", "select to_jsonb(row) as row from agreement_breach as row"),
        (
            "agreement_breach_shown",
            "select to_jsonb(row) as row from agreement_breach_shown as row"
        ),
        ("incident_part", "select to_jsonb(row) as row from incident_part as row"),
        ("incident_part_shown", "select to_jsonb(row) as row from incident_part_shown as row"),
        ("referral_to_chase", "select to_jsonb(row) as row from referral_to_chase as row"),
        ("incident_entry", "select to_jsonb(row) as row from incident_entry as row"),
        ("incident_link", "select to_jsonb(row) as row from incident_link as row"),
        ("incident_link_shown", "select to_jsonb(row) as row from incident_link_shown as row"),
        ("agency_hold", "select to_jsonb(row) as row from agency_hold as row"),
        ("agency_hold_release", "select to_jsonb(row) as row from agency_hold_release as row"),
        ("agency_hold_shown", "select to_jsonb(row) as row from agency_hold_shown as row"),
        ("closure_standing", "select to_jsonb(row) as row from closure_standing as row"),
        ("chronology", "select to_jsonb(row) as row from chronology as row"),
        ("record_version_shown", "select to_jsonb(row) as row from record_version_shown as row"),
        ("person_involved", "select to_jsonb(row) as row from person_involved as row"),
        ("action_done", "select to_jsonb(row) as row from action_done as row"),
        ("incident_logged", "select to_jsonb(row) as row from incident_logged as row"),
        (
            "incident_log_unnamed",
            ofEverySchool("incident_log_unnamed(school.id, null, true, 1000)")
        ),
        ("incidents_with_words", ofEverySchool("incidents_with_words(school.id, 'canary')")),
        (
            "incident_notice_shown", "select to_jsonb(row) as row from incident_notice_shown as row"
        ),
        ("incident_access", "select to_jsonb(row) as row from incident_access as row"),
        ("notice_shown", "select to_jsonb(row) as row from notice_shown as row"),
        ("notice", "select to_jsonb(row) as row from notice as row"),
        ("acknowledgement", "select to_jsonb(row) as row from notice_acknowledgement as row"),
        ("mail", "select to_jsonb(row) as row from mail as row"),
        ("person_listed", "select to_jsonb(row) as row from person_listed as row"),
        (
            "person",
            """
            select to_jsonb(row) as row
            from (select school_id, id, given_name, family_name from person) as row
            """
        ),
        ("person_version", "select jsonb_build_object('of', school_id) as row from person_version"),
        ("parent_link", "select to_jsonb(row) as row from parent_link as row"),
        ("parent_link_shown", "select to_jsonb(row) as row from parent_link_shown as row"),
        ("class_shown", "select to_jsonb(row) as row from class_shown as row"),
        ("roster_batch_shown", "select to_jsonb(row) as row from roster_batch_shown as row"),
        ("seat", "select to_jsonb(row) as row from seat as row"),
        ("post", "select to_jsonb(row) as row from post as row"),
        ("trust_seat", "select to_jsonb(row) as row from trust_seat as row"),
        (
            "intake_key_shown", "select to_jsonb(row) as row from intake_key_shown as row"
        ),
        ("monitoring_notice", "select to_jsonb(row) as row from monitoring_notice as row"),
        ("suspected_attack", "select to_jsonb(row) as row from suspected_attack as row"),
        (
            "suspected_attack_shown",
            "select to_jsonb(row) as row from suspected_attack_shown as row"
        ),
        ("school", "select to_jsonb(row) as row from school as row"),
        ("setting", "select to_jsonb(row) as row from setting as row"),
        ("setting_shown", "select to_jsonb(row) as row from setting_shown as row"),
        ("trust_setting", "select to_jsonb(row) as row from trust_setting as row"),
        ("trust_setting_shown", "select to_jsonb(row) as row from trust_setting_shown as row"),
        ("trust", "select to_jsonb(row) as row from trust as row"),
        ("school_shown", "select to_jsonb(row) as row from school_shown as row"),
        ("year_group", "select to_jsonb(row) as row from year_group as row"),
        ("calendar_version", "select to_jsonb(row) as row from calendar_version as row"),
        ("term", "select to_jsonb(row) as row from term as row"),
        ("closed_day", "select to_jsonb(row) as row from closed_day as row"),
        ("school_day_version", "select to_jsonb(row) as row from school_day_version as row"),
        ("calendar_shown", "select to_jsonb(row) as row from calendar_shown as row"),
        ("school_day_shown", "select to_jsonb(row) as row from school_day_shown as row"),
        ("post_ever", "select to_jsonb(row) as row from post_ever as row"),
        ("leaving", "select to_jsonb(row) as row from leaving as row"),
        ("leaving_shown", "select to_jsonb(row) as row from leaving_shown as row"),
        ("proposal", "select to_jsonb(row) as row from proposal as row"),
        ("proposal_shown", "select to_jsonb(row) as row from proposal_shown as row"),
        ("delegation", "select to_jsonb(row) as row from delegation as row"),
        ("delegation_shown", "select to_jsonb(row) as row from delegation_shown as row"),
        ("access_review", "select to_jsonb(row) as row from access_review as row"),
        ("access_review_shown", "select to_jsonb(row) as row from access_review_shown as row"),
        ("procedure_known", "select to_jsonb(row) as row from procedure_known as row"),
        ("readiness_shown", "select to_jsonb(row) as row from readiness_shown as row"),
        ("client_shown", "select to_jsonb(row) as row from client_shown as row"),
        ("incident_figure", "select to_jsonb(row) as row from incident_figure as row"),
        ("register_entry", "select to_jsonb(row) as row from register_entry as row"),
        ("register_entry_shown", "select to_jsonb(row) as row from register_entry_shown as row"),
        (
            "register_version_shown",
            "select to_jsonb(row) as row from register_version_shown as row"
        ),
        ("register_in_force", "select to_jsonb(row) as row from register_in_force as row"),
        ("register_gap", "select to_jsonb(row) as row from register_gap as row"),
        ("person_effect", "select to_jsonb(row) as row from person_effect as row"),
        ("vulnerability_marker", "select to_jsonb(row) as row from vulnerability_marker as row"),
        (
            "vulnerability_marker_end",
            "select to_jsonb(row) as row from vulnerability_marker_end as row"
        ),
        (
            "vulnerability_marker_shown",
            "select to_jsonb(row) as row from vulnerability_marker_shown as row"
        ),
        ("consent", "select to_jsonb(row) as row from consent as row"),
        ("consent_shown", "select to_jsonb(row) as row from consent_shown as row"),
        ("image_removal_shown", "select to_jsonb(row) as row from image_removal_shown as row"),
        ("signing_link", "select to_jsonb(row) as row from signing_link as row"),
        ("signing_link_shown", "select to_jsonb(row) as row from signing_link_shown as row"),
        ("membership", "select to_jsonb(row) as row from membership as row"),
        ("idempotency", "select to_jsonb(row) as row from idempotency as row"),
    ]

    /// Those of them in which whoever leads safeguarding must find something of their own school.
    static let full = [
        "incident_listed", "incident_opened", "incident", "report", "receipt_shown", "receipt",
        "incident_version", "incident_move", "closure", "reopening", "involvement",
        "involvement_shown", "action_answer", "action_line_shown", "parents_decision",
        "parents_decision_shown", "evidence", "evidence_shown", "agreement_breach",
        "agreement_breach_shown", "incident_part", "incident_part_shown", "incident_entry",
        "incident_link",
        "incident_link_shown", "person_involved", "action_done", "incident_logged", "chronology",
        "incident_notice_shown", "incident_access", "notice_shown", "notice",
        "acknowledgement", "mail", "monitoring_notice", "person_listed", "person", "seat", "post",
        "school", "setting",
        "setting_shown", "membership", "school_shown", "year_group", "calendar_version", "term",
        "closed_day", "school_day_version", "calendar_shown", "school_day_shown",
        "post_ever", "leaving", "leaving_shown", "proposal", "proposal_shown", "delegation",
        "access_review", "access_review_shown", "procedure_known",
        "readiness_shown", "delegation_shown", "idempotency", "register_entry",
        "register_entry_shown", "register_version_shown", "register_in_force", "register_gap",
        "person_effect", "vulnerability_marker", "vulnerability_marker_end",
        "vulnerability_marker_shown", "consent", "consent_shown", "image_removal_shown",
    ]

    /// What acts with the owner's rights, asked for each school by its id.
    private static func ofEverySchool(_ call: SQL) -> SQL {
        """
        select jsonb_build_object('of', school.id, 'found', row) as row
        from unnest(\(TestSchool.all.map(\.id))::uuid[]) as school (id)
        cross join lateral \(call) as row
        """
    }

    private static func read(_ path: String, _ sql: SQL) -> Route {
        let select = { @Sendable (tx: Transaction) -> Listed<Incident> in tx.listed(sql) }
        return .get(path, "Read", "For tests.", for: [Role].everyone.admitted(.self), by(select))
    }

    /// One that writes what a test says, at `/careless/bold`.
    static func writing(_ sql: SQL) -> Area {
        Area(name: "Bold", words: "For tests.", routes: [write("/careless/bold", sql)])
    }

    private static func write(_ path: String, _ sql: SQL) -> Route {
        let run = { @Sendable (tx: Transaction) -> Listed<Incident> in tx.listed(sql) }
        return .post(path, "Write", "For tests.", for: [Role].everyone.admitted(.self), by(run))
    }
}

extension Reading {
    /// The rows that a careless handler found.
    var rows: [JSONValue] { data.compactMap { $0["row"] } }
}
