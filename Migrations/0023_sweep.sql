-- What does not stay: the rows that somebody, or anybody, can make more of each day, and that nobody
-- needs after a time. The worker takes them away in small batches. Every other table is a register,
-- or is as large as what it describes; both lists are asked by a test, which fails for a table that
-- nobody has decided.

set local role rowan_owner;

-- Rows of what go, once they have been over for so long: `is_over` says which those are, of a moment
-- that lies that long back (`$1`), and is found by an index. Printed in Docs/Operations.md.
create function what_is_swept()
returns table (relation text, kept_for interval, after text, is_over text, why text)
language sql immutable
begin atomic
    select * from (values
        ('session', interval '90 days', 'its end',
            'opened_at < $1 and least(ended_at, ends_at, idle_ends_at) < $1',
            'it holds a network address; within 90 days a device and a network are known by it'),
        ('idempotency', '30 days', 'the request',
            'created_at < $1',
            'clients that were offline ask again by then; it holds what was answered'),
        ('intake_answer', '30 days', 'the report',
            'created_at < $1',
            'as for idempotency'),
        ('guess_count', '1 day', 'the last try',
            'last_at < $1',
            'a day without any forgets'),
        ('sign_in_link', '1 day', 'its end',
            'least(lasts_until, ended_at) < $1',
            'it holds a mail address, and opens nothing any more'),
        ('invitation', '90 days', 'its end, where nobody accepted it',
            'accepted_at is null and least(lasts_until, revoked_at) < $1',
            'it holds the mail address of somebody who did not come'),
        ('agreement_reminder', '30 days', 'it went',
            'reminded_at < $1',
            'nobody is reminded twice in a day: that somebody was is in the audit'),
        ('signing_link', '90 days', 'its end',
            'least(lasts_until, ended_at) < $1',
            'it opens nothing any more; what was signed by it stays'),
        ('client_token', '1 day', 'its end',
            'least(ends_at, revoked_at) < $1',
            'a machine gets one each hour; that it did is in the audit'),
        ('client_secret', '90 days', 'another took over',
            'ends_at < $1',
            'it opens nothing any more; that it was made is in the audit'),
        ('proposal', '1 year', 'its end, where nobody confirmed it',
            $$decision is distinct from 'confirmed' and expires_at < $1$$,
            'it changed nothing; that it was made, and refused, is in the audit'),
        ('suspected_attack', '1 year', 'the last failure',
            'last_at < $1',
            'it was told; that it was is in the audit'),
        ('notice', '1 year', 'it was sent, where it is of no incident',
            $$incident_id is null and kind not in ('communication_reported', 'restricted_reported')
                and created_at < $1$$,
            'what it tells of is over; with it go its mail and its acknowledgement'),
        ('incident_access', '1 day', 'its end',
            'until_at < $1',
            'the glass that was broken stays on record'),
        ('roster_row', '1 hour', 'it was read',
            'staged_at < $1',
            'a row of a file that broke off: whoever sent it sends it again'),
        ('roster_link', '1 hour', 'it was read',
            'staged_at < $1',
            'as for roster_row'),
        ('roster_fault', '1 hour', 'it was read',
            'staged_at < $1',
            'as for roster_row'),
        ('calendar_link', '30 days', 'it ended',
            'ends_at < $1',
            'an address that answers no more')
    ) as swept;
end;

-- Tables that are not swept, and why they need not be.
create function what_is_kept() returns table (relations text[], why text)
language sql immutable
begin atomic
    select * from (values
        (array[
            'incident', 'incident_version', 'incident_move', 'incident_subject', 'incident_words',
            'report', 'receipt', 'involvement', 'action_answer', 'parents_decision', 'evidence',
            'agreement_breach', 'incident_entry', 'incident_link', 'incident_part', 'agency_hold',
            'agency_hold_release', 'closure', 'reopening', 'restriction', 'broken_glass', 'unanswered'
        ], 'the record of an incident'),
        (array['complaint', 'complaint_subject', 'complaint_reporter', 'complaint_act'],
            'who complained of what, what was done about it, and what came of it'),
        (array['notice_acknowledgement', 'mail'],
            'who was told of what, and knows it: with their notice'),
        (array['event', 'event_head'], 'the audit, of which nothing is ever taken away'),
        (array[
            'account', 'person', 'seat', 'trust_seat', 'leaving', 'delegation', 'access_review',
            'procedure_known', 'monitoring_notice', 'monitoring_acknowledgement'
        ], 'who held which post, knew what, and was told what'),
        (array['person_version', 'person_edit', 'parent_link', 'roster_batch'],
            'what somebody was, whose parent, and who told it'),
        (array['roster_kept'],
            'by what the rows of a roster are known again: as many as it has, of the last files'),
        (array['roster_change', 'roster_link_change'],
            'what a batch alters, while it is applied: nothing at any other time'),
        (array['school', 'school_version', 'trust', 'membership', 'calendar_version',
            'school_day_version', 'setting', 'trust_setting', 'school_rule', 'register_entry',
            'incident_figure'
        ], 'what a school or a trust was, set, wrote down and reported, from when to when'),
        (array['vulnerability_marker', 'vulnerability_marker_end', 'person_effect'],
            'in what way a pupil is vulnerable, or was, and what follows'),
        (array['chronology_handover'], 'to whom a child''s chronology was handed, and why'),
        (array['agreement_template', 'agreement_version', 'agreement_decision',
            'agreement_audience', 'agreement_campaign', 'agreement_campaign_reminder',
            'agreement_copy', 'agreement', 'agreement_signature', 'agreement_end'
        ], 'which rules there were, and who agreed to them'),
        (array['organisation_member', 'organisation_agreement', 'organisation_signature',
            'organisation_agreement_end', 'organisation_link'
        ], 'who belongs to an outside organisation, and what that signed'),
        (array['agreement_clock', 'agreement_lapse_notice'],
            'when the clock looked at a school, and of which agreements it told: once of each'),
        (array['consent', 'image_removal', 'image_removal_end'],
            'who said what may be done with whom, and when; and what was removed'),
        (array['induction_act'],
            'what was done with whoever was new, and when'),
        (array['governor_report'], 'what governors were told'),
        (array['duty_figure', 'summary_figure', 'duty_figures_counted', 'duty_clock'],
            'how many duties and answers a school has, and when the clock looked at it'),
        (array['step_clock'],
            'when a step of an incident is over next, and of which somebody was told'),
        (array['duty_reminded'],
            'of which duties somebody was reminded: the clock takes it away after 400 days'),
        (array['access_system', 'access_system_rule', 'access_grant', 'access_act',
            'access_reason'
        ], 'who was given access to what, by whom, and why it ended'),
        (array['review', 'review_act', 'planned_action', 'planned_action_act'],
            'what was reviewed and found, and what was done because of it'),
        (array['device', 'device_act', 'device_hold_act'],
            'which devices there were, who had them, and what was permitted to whom'),
        (array['policy', 'policy_version', 'policy_round', 'policy_act', 'policy_entry',
            'policy_receipt'
        ], 'what policies said, who approved them, and who was given them'),
        (array['signing_ask'],
            'who asked for a link, for the second until the worker answers: at most ten thousand'),
        (array['client', 'intake_key'],
            'who may ask without being a person: at most fifty live, each made by somebody'),
        (array['second_factor', 'recovery_code'],
            'how an account signs in today: one, and ten, of each'),
        (array['year_group', 'term', 'closed_day', 'incident_figures_counted'],
            'a school as it is today'),
        (array['setting_default', 'register_kind', 'review_kind', 'rule_kind',
            'incident_part_kind',
            'guidance_edition', 'duty_source', 'usual_procedure', 'usual_procedure_map',
            'oldest_program', 'schema_migration'
        ],
            'the program''s own, as large as the program')
    ) as kept;
end;

-- Takes away at most so many rows of each, of those that nobody else has in hand. `busiest` is how
-- many went of the table of which most did: where that is as many as may, there are more.
create function sweep(most integer, out swept bigint, out busiest bigint)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    kind record;
    gone bigint;
begin
    swept := 0;
    busiest := 0;
    for kind in select * from what_is_swept() loop
        execute format(
            'delete from %1$I where ctid = any (array(
                select ctid from %1$I where %2$s limit $2 for update skip locked))',
            kind.relation, kind.is_over)
        using rowan_now() - kind.kept_for, most;
        get diagnostics gone = row_count;
        swept := swept + gone;
        busiest := greatest(busiest, gone);
    end loop;
end $$;

create index session_by_age on session (opened_at);
create index idempotency_by_age on idempotency (created_at);
create index intake_answer_by_age on intake_answer (created_at);
create index link_by_its_end on sign_in_link (least(lasts_until, ended_at));
create index invitation_by_its_end on invitation (least(lasts_until, revoked_at))
where accepted_at is null;
create index client_token_by_its_end on client_token (least(ends_at, revoked_at));
create index client_secret_by_its_end on client_secret (ends_at) where ends_at is not null;
create index proposal_by_its_end on proposal (expires_at)
where decision is distinct from 'confirmed';
create index suspected_attack_by_age on suspected_attack (last_at);
create index notice_of_no_incident on notice (created_at)
where incident_id is null and kind not in ('communication_reported', 'restricted_reported');
create index incident_access_by_its_end on incident_access (until_at) where until_at is not null;

create policy sweeping on idempotency to rowan_owner using (true);

grant execute on function sweep(integer) to rowan_worker;
grant execute on function what_is_swept(), what_is_kept() to rowan_service;
