import Postgres
import Testing

@testable import OnlineSafety

/// A rule of one table is a constraint, and what a request breaks is told in words.
@Suite struct `Constraints` {
    /// What no request can break, with the reason before each group.
    private static let unbreakable: Set<String> = [
        // Ids and references are the program's, by chance.
        "account_pkey", "event_pkey", "incident_pkey", "incident_reference_is_unique",
        "notice_pkey", "person_pkey", "report_pkey", "session_id_key", "session_pkey",
        "broken_glass_pkey", "incident_entry_pkey", "agency_hold_pkey", "incident_link_pkey",
        "parents_decision_pkey",
        // No rule, but what follows when a parent may no longer sign.
        "parent_link_ends_signing_links",
        // One row for each of something: written where there is none, or in one's turn.
        "event_head_pkey", "idempotency_pkey", "incident_subject_pkey", "incident_words_pkey",
        "mail_pkey", "guess_count_pkey", "suspected_attack_pkey", "attack_is_told_once_a_day",
        "second_factor_pkey", "recovery_code_pkey", "monitoring_acknowledgement_pkey",
        "monitoring_notice_is_published_once_at_a_time",
        "intake_answer_pkey", "intake_key_pkey",
        "notice_is_acknowledged_once", "receipt_pkey", "unanswered_pkey", "incident_access_pkey",
        // Closed lists are read by their words, and numbers counted by the program.
        "event_chain_is_known", "idempotency_key_is_short", "incident_concerns_somebody",
        "incident_status_is_known", "incident_subject_basis_is_known",
        "incident_subject_is_somebody", "incident_urgency_is_known",
        "incident_matter_is_known", "notice_kind_is_known",
        "notice_urgency_is_known", "receipt_status_is_known", "setting_version_counts_from_one",
        "report_reporter_is_known", "report_by_an_account_is_named",
        "report_without_an_account_says_by_whom", "intake_key_is_revoked_by_somebody",
        "mail_fault_is_known", "mail_ends_once", "action_answer_is_known",
        "closure_kind_is_known", "incident_access_basis_is_known", "incident_legality_is_known",
        "incident_severity_is_known", "involvement_group_is_known", "parents_decision_is_known",
        "reopening_reason_is_known", "agency_of_a_hold_is_known", "incident_restriction_is_known",
        "restriction_kind_is_known",
        "session_outstanding_is_known", "session_is_stepped_up_by_a_proof", "guess_kind_is_known",
        "second_factor_is_set_up_at_some_time",
        // What belongs together is looked at with the body, and every fault named.
        "restriction_is_to_somebody", "closure_of_a_duplicate_names_the_other",
        "closure_of_a_duplicate_of_itself",
        "incident_is_not_linked_to_itself", "incident_link_leads_to_one_case",
        "another_settings_case_is_linked_as_such", "involvement_has_known_parts",
        "involvement_is_of_somebody", "parents_decision_says_why_or_how",
        // Nothing that is asked of the service writes these.
        "account_email_is_lower_case", "person_has_one_account",
        "sign_in_link_pkey", "link_is_found_by_its_secret", "link_purpose_is_known",
        "link_mail_ends_once", "link_mail_fault_is_known", "invitation_pkey",
        "invitation_is_to_a_person_or_of_a_trust", "invitation_outcome_is_known",
        "invitation_ends_once",
        "person_kind_is_known", "schema_migration_pkey", "school_pkey",
        "school_urn_has_six_digits", "seat_ends_after_it_begins",
        "seat_pkey", "seat_role_is_known", "seat_of_temporary_staff_ends_at_a_moment",
        "setting_default_pkey", "trust_pkey",
        "trust_seat_ends_after_it_begins", "trust_seat_pkey", "trust_seat_role_is_known",
        "school_laestab_is_one", "school_ukprn_is_one", "year_group_pkey", "year_group_is_known",
        "calendar_begins_in_a_year", "term_pkey", "term_ends_after_it_starts", "closed_day_pkey",
        "closed_day_kind_is_known",
        "access_review_pkey",
        "procedure_known_pkey", "procedure_is_known_by_a_leader",
        "leaving_pkey",
        "proposal_pkey", "proposal_decision_is_known",
        "proposal_is_decided_by_somebody", "delegation_pkey", "delegation_ends_after_it_begins",
        "trust_kind_is_known", "membership_pkey",
        "membership_ends_after_it_begins",
        "client_pkey", "client_secret_pkey", "client_token_pkey", "incident_figure_pkey",
        "incident_figures_counted_pkey", "client_has_known_scopes",
        "client_of_a_trust_has_nothing_personal", "client_of_a_school_reads_that_one",
        "client_lives_a_year", "client_is_revoked_by_somebody", "client_token_is_of_a_kind",
        "register_kind_pkey", "usual_procedure_pkey", "usual_procedure_map_pkey",
        "incident_part_kind_pkey", "register_kind_is_read_by_its_writers",
        "register_kind_is_not_read_by_its_recorders",
        "register_entry_ends_after_it_begins", "register_entry_act_is_known",
        "register_entry_is_withdrawn_for_a_reason",
        // Rows of a batch are read and merged before any is kept.
        "person_version_pkey", "person_edit_pkey", "parent_link_pkey", "parent_link_is_made_once",
        "parent_link_is_of_two", "parent_link_ends_after_it_begins", "roster_batch_pkey",
        "roster_batch_mode_is_known", "roster_batch_form_is_known", "roster_change_pkey",
        "roster_kept_pkey",
        "incident_figure_is_told_or_suppressed", "incident_figure_is_not_small",
        "agreement_template_pkey", "agreement_decision_is_known",
        "agreement_is_published_from_a_day", "agreement_is_withdrawn_for_a_reason",
        "agreement_copy_pkey", "agreement_campaign_pkey", "agreement_copy_has_its_hash",
        "agreement_pkey",
        "agreement_signature_pkey", "agreement_part_is_known", "agreement_signing_is_known",
        "agreement_on_paper_is_kept_somewhere", "agreement_is_entered_by_somebody",
        "agreement_end_is_known", "signing_link_pkey", "signing_link_ends_for_a_reason",
        "signing_ask_pkey", "agreement_reminder_pkey",
        "agreement_campaign_reminder_pkey", "signing_ask_is_made_once",
        "agreement_is_issued_by_somebody_or_itself", "agreement_clock_pkey",
        "organisation_agreement_pkey", "organisation_member_pkey", "organisation_link_pkey",
        "organisation_signs_on_paper_or_by_link",
        "agreement_campaign_is_run_by_somebody_or_itself", "agreement_lapse_notice_pkey",
        "consent_pkey", "consent_is_given_in_a_known_way",
        "consent_in_writing_is_kept_somewhere", "consent_says_something",
        "consent_is_corrected_for_a_reason", "consent_is_entered_by_somebody",
        "image_removal_pkey",
        "image_removal_outcome_is_known", "image_removal_in_part_says_what_is_left",
        "induction_act_pkey", "induction_step_is_known", "induction_outcome_is_known",
        "induction_step_is_done_on_a_day", "induction_step_is_left_out_for_a_reason",
        "review_kind_pkey", "rule_kind_pkey", "review_pkey",
        "review_act_pkey", "planned_action_pkey",
        "planned_action_act_pkey", "review_is_of_one_kind", "review_trigger_is_known",
        "review_of_a_cycle_alone_is_opened_by_nobody", "review_is_joined_as_one_of_two",
        "review_act_is_known", "review_is_completed_on_a_day", "review_is_moved_to_a_day",
        "review_is_cancelled_for_a_reason", "review_is_completed_by_a_rule", "action_is_somebodys",
        "action_act_is_known",
        "action_is_moved_to_a_day", "action_is_not_done_for_a_reason",
        "complaint_pkey", "complaint_subject_pkey", "complaint_reporter_pkey",
        "complaint_act_pkey", "complaint_reference_is_unique", "complaint_matter_is_known",
        "complaint_is_received_in_a_known_way", "complaint_subject_is_somebody",
        "complaint_act_is_known", "complaint_leads_to_an_incident",
        "guidance_edition_pkey", "policy_pkey", "policy_version_pkey", "policy_round_pkey",
        "policy_act_pkey", "policy_entry_pkey", "policy_receipt_pkey", "policy_round_is_known",
        "policy_is_under_review_for_a_reason", "policy_act_is_known",
        "policy_is_approved_by_a_step", "policy_receipt_is_known",
        "access_system_pkey", "access_grant_pkey", "access_reason_pkey", "access_act_is_known",
        "access_task_is_known", "access_act_ends_after_it_begins",
        "access_grant_ends_after_it_begins", "access_grant_that_is_temporary_ends",
        "device_pkey", "device_act_pkey", "device_hold_act_pkey",
        "device_of_ones_own_has_an_owner", "device_act_is_known",
        "device_act_ends_after_it_begins", "device_hold_act_is_known",
        "device_hold_says_who_keeps_it_where", "device_hold_is_released_on_advice",
        "setting_default_is_compared", "setting_default_has_words",
        "trust_setting_version_counts_from_one",
        "chronology_handover_pkey", "chronology_handover_form_is_known",
        "chronology_handover_ends_after_it_begins", "governor_report_audience_is_known",
        "governor_report_pkey", "governor_report_ends_after_it_begins", "duty_source_pkey",
        "duty_figure_pkey", "duty_figures_counted_pkey", "summary_figure_pkey",
        "summary_figure_measure_is_known", "summary_figure_tells_nothing_small",
        "calendar_link_pkey", "calendar_link_is_found_by_its_secret", "duty_reminded_pkey",
        "duty_reminded_stage_is_known", "duty_clock_pkey", "step_clock_pkey",
        "agreement_was_on_paper_before",
        "person_effect_pkey", "person_effect_is_known", "vulnerability_marker_pkey",
        "vulnerability_marker_kind_is_known", "vulnerability_marker_is_said_by_one",
    ]

    private func names(_ sql: SQL) throws -> Set<String> {
        let database = try TestDatabase()
        defer { withExtendedLifetime(database) {} }
        let answer = try database.owner().run(sql)
        return Set((0..<answer.count).compactMap { answer.text($0, "name") })
    }

    /// Foreign keys are not among them. They are checked behind the walls, so that one which a
    /// request could break would tell what its caller may not see: what a request names is looked
    /// for first.
    private static let rules: SQL = """
        select conname::text as name from pg_constraint
        where connamespace = 'public'::regnamespace and contype in ('c', 'u', 'p', 'x', 't')
        union
        select indexrelid::regclass::text from pg_index
        join pg_class on pg_class.oid = indrelid and relnamespace = 'public'::regnamespace
        where indisunique
        """

    @Test func `have words for whoever breaks them, or cannot be broken by a request`() throws {
        let rules = try names(Self.rules)
        let worded = Set(areas.flatMap(\.conflicts.keys))
        #expect(
            rules.subtracting(worded).subtracting(Self.unbreakable) == [],
            "give it words in its area's conflicts, or say above why no request can break it")
        #expect(worded.subtracting(rules) == [], "words for a rule that there is not")
        #expect(Self.unbreakable.subtracting(rules) == [], "a rule that there is no more")
        #expect(worded.isDisjoint(with: Self.unbreakable))
    }
}
