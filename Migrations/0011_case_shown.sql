-- A case as it is shown: the record as it stands, its parts, its story.

set local role rowan_owner;

-- Who somebody is on a school's roster, for a record that says who did what.
create function name_of(of_school uuid, of_account uuid) returns text
language plpgsql stable as $$
begin
    return (
        select person.given_name || ' ' || person.family_name from person
        where person.school_id = of_school and person.account_id = of_account
        limit 1);
end $$;
-- `offset 0`, here and in the views like it, has a later version looked for by its key: as a join of
-- all with all each row was asked again, for every other, whether its incident is shown.
create view involvement_shown with (security_invoker = true) as
select
    involvement.school_id, involvement.incident_id as _incident_id, involvement.id,
    involvement.person_id,
    coalesce(involvement.name, person.given_name || ' ' || person.family_name) as name,
    involvement."group", involvement.detail, involvement.year_group, involvement.parts,
    '"' || involvement.version || '"' as etag
from involvement
left join person on person.school_id = involvement.school_id and person.id = involvement.person_id
where not involvement.is_withdrawn and not exists (
    select from involvement as later
    where later.school_id = involvement.school_id and later.incident_id = involvement.incident_id
        and later.id = involvement.id and later.version > involvement.version
    offset 0);

-- The group of the reporting form that a person of the roster belongs to.
create function group_of_a_person(kind text) returns text
language sql immutable parallel safe
return case
    when kind = 'pupil' then 'child'
    when kind in ('parent', 'parent_helper') then 'parent'
    when kind in (
        'teacher', 'support_staff', 'student_teacher', 'peripatetic', 'supply', 'outsourced_ict')
        then 'staff'
    else 'other'
end;

-- Who had which part in it: those of the record, or of the reports while the record names nobody.
create view person_involved with (security_invoker = true) as
select
    involved.school_id, involved._incident_id, involved.person_id, involved.name,
    involved."group", involved.year_group, involved.parts
from involvement_shown as involved
union all
select
    report.school_id, report.incident_id, known.id,
    coalesce(told.name, known.given_name || ' ' || known.family_name),
    coalesce(told."group", group_of_a_person(known.kind)), known.year_group,
    array[coalesce(told.part, 'other')]
from report
cross join lateral jsonb_to_recordset(report.people) as told (
    person_id uuid, name text, "group" text, part text)
left join person as known
    on known.school_id = report.school_id and known.id = told.person_id
where num_nonnulls(known.id, told.name) > 0 and not exists (
    select from involvement
    where involvement.school_id = report.school_id
        and involvement.incident_id = report.incident_id);

-- Whether words name one of those involved: by one name, written with a capital.
create function names_somebody_involved(of_school uuid, of_incident uuid, words text)
returns boolean
language sql stable
begin atomic
    select exists (
        select from person_involved as involved
        cross join lateral regexp_split_to_table(involved.name, '\s+') as single (name)
        where involved.school_id = of_school and involved._incident_id = of_incident
            and single.name ~ '^[[:upper:]].'
            and words ~ ('\m' || regexp_replace(single.name, '(\W)', '\\\1', 'g') || '\M'));
end;

-- Whether words that must name nobody name somebody: the full name of anybody on the roster, or one
-- of those involved.
create function names_somebody(of_school uuid, of_incident uuid, words text) returns boolean
language plpgsql stable as $$
begin
    return (
        select exists (
            select from person_listed as person
            where person.school_id = of_school
                and position(
                    lower(person.given_name || ' ' || person.family_name) in lower(words)) > 0
        ) or names_somebody_involved(of_school, of_incident, words));
end $$;

create view action_line_shown with (security_invoker = true) as
select
    incident.school_id, incident.id as _incident_id, line.number, line.line,
    coalesce(latest.answer, 'pending') as answer, latest.words, latest.done_on, latest.done_by,
    latest.at as answered_at, name_of(incident.school_id, latest.account_id) as answered_by,
    latest.role as answered_by_role,
    '"' || coalesce(latest.version, 0) || '"' as etag
from incident
cross join action_line as line
left join lateral (
    select * from action_answer as given
    where given.school_id = incident.school_id and given.incident_id = incident.id
        and given.line = line.line
    order by given.version desc
    limit 1
) as latest on true;

create view parents_decision_shown with (security_invoker = true) as
select
    decision.school_id, decision.incident_id as _incident_id, decision.id, decision.child_id,
    decision.decision, decision.reason, decision.informed_at, decision.informed_by,
    decision.who_was_told, decision.channel, decision.about, decision.acknowledged_on,
    decision.supersedes, decision.at as decided_at,
    name_of(decision.school_id, decision.account_id) as decided_by,
    decision.role as decided_by_role,
    not exists (
        select from parents_decision as later
        where later.school_id = decision.school_id
            and later.incident_id = decision.incident_id and later.supersedes = decision.id
    ) as is_current
from parents_decision as decision;

create view evidence_shown with (security_invoker = true) as
select
    evidence.school_id, evidence.incident_id as _incident_id, evidence.id, evidence.kind,
    evidence.description, evidence.holder, evidence.place, evidence.secured_at,
    evidence.was_forwarded, evidence.is_indecent_image, evidence.was_printed,
    evidence.is_held_for_police,
    '"' || evidence.version || '"' as etag
from evidence
where not evidence.is_withdrawn and not exists (
    select from evidence as later
    where later.school_id = evidence.school_id and later.incident_id = evidence.incident_id
        and later.id = evidence.id and later.version > evidence.version
    offset 0);

create view agreement_breach_shown with (security_invoker = true) as
select
    breach.school_id, breach.incident_id as _incident_id, breach.id, breach.person_id,
    person.given_name || ' ' || person.family_name as name, breach.template_id, breach.template,
    breach.version_id, breach.number, breach.agreement_id, breach.sha256, breach.clauses,
    breach.breached_on, breach.state, breach.was_current, breach.signed_on, breach.words,
    '"' || breach.version || '"' as etag
from agreement_breach as breach
left join person on person.school_id = breach.school_id and person.id = breach.person_id
where not breach.is_withdrawn and not exists (
    select from agreement_breach as later
    where later.school_id = breach.school_id and later.incident_id = breach.incident_id
        and later.id = breach.id and later.version > breach.version
    offset 0);

-- Who put down a part. A referral of whoever has no post that makes one is the call of whoever
-- reported the incident: who blew the whistle is known to those alone whom it was first sent to.
create function who_put_down(put incident_part) returns text
language plpgsql stable as $$
begin
    if put.kind = 'referral' and put.role = 'staff' and exists (
        select from incident
        where incident.school_id = put.school_id and incident.id = put.incident_id
            and incident.matter = 'whistleblowing')
    then
        return null;
    end if;
    return name_of(put.school_id, put.account_id);
end $$;

-- The parts of the work on an incident, as they stand.
create view incident_part_shown with (security_invoker = true) as
select
    part.school_id, part.incident_id as _incident_id, part.id, part.kind as _kind,
    part.content as _content, part.people as _people, part.version as _version,
    coalesce(part.happened_at, first.at) as _happened_at,
    who_put_down(first) as recorded_by, first.role as recorded_by_role, first.at as recorded_at,
    case when part.version > 1 then name_of(part.school_id, part.account_id) end as changed_by,
    case when part.version > 1 then part.at end as changed_at,
    '"' || part.version || '"' as etag
from incident_part as part
join incident_part as first
    on first.school_id = part.school_id and first.incident_id = part.incident_id
    and first.id = part.id and first.version = 1
where not part.is_withdrawn and not exists (
    select from incident_part as later
    where later.school_id = part.school_id and later.incident_id = part.incident_id
        and later.id = part.id and later.version > part.version
    offset 0);

create view incident_link_shown with (security_invoker = true) as
select
    link.school_id, link.incident_id as _incident_id, link.id, link.relation, link.words,
    link.other_id as other_incident_id, link.other_setting,
    coalesce(link.other_reference, other.reference) as other_reference, link.at as linked_at,
    name_of(link.school_id, link.account_id) as linked_by
from incident_link as link
left join incident as other on other.school_id = link.school_id and other.id = link.other_id
where link.other_id is null or is_open_to_caller(other)
union all
select
    link.school_id, link.other_id, link.id, link.relation, link.words,
    link.incident_id, null, other.reference, link.at, name_of(link.school_id, link.account_id)
from incident_link as link
join incident as other on other.school_id = link.school_id and other.id = link.incident_id
where is_open_to_caller(other);

create view agency_hold_shown with (security_invoker = true) as
select
    hold.school_id, hold.incident_id as _incident_id, hold.id, hold.agency, hold.contact,
    hold.reference, hold.words, hold.at as held_at,
    name_of(hold.school_id, hold.account_id) as held_by, hold.role as held_by_role,
    released.advice, released.at as released_at,
    name_of(released.school_id, released.account_id) as released_by,
    released.role as released_by_role
from agency_hold as hold
left join agency_hold_release as released using (school_id, incident_id, id);

-- A part inside JSON as it is by itself: without what is null or only for statements, instants as
-- the contract writes them.
create function shown_part(part jsonb) returns jsonb
language sql stable
return (
    select jsonb_object_agg(
        field.key,
        case when field.key like '%\_at' then to_jsonb(instant((field.value #>> '{}')::timestamptz))
            else field.value end)
    from jsonb_each(jsonb_strip_nulls(part)) as field
    where field.key not like '\_%');

-- How it ended; nothing while it is open.
create view closure_standing with (security_invoker = true) as
select
    closure.school_id, closure.incident_id as _incident_id, closure.number, closure.kind,
    closure.outcome, closure.duplicate_of, closure.at as closed_at,
    name_of(closure.school_id, closure.account_id) as closed_by, closure.role as closed_by_role
from closure
where not exists (
    select from reopening
    where reopening.school_id = closure.school_id
        and reopening.incident_id = closure.incident_id and reopening.number = closure.number);

-- Who was told of an incident, when they answered and whether the mail went, for those to whom it is
-- open: a notice itself is its recipient's alone. Never the mail's address.
create function notices_of(of_school uuid, of_incident uuid)
returns table (
    id uuid, kind text, account_id uuid, role text, sent_at timestamptz,
    acknowledged_at timestamptz, mail text, mailed_at timestamptz
)
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    return query
    select notice.id, notice.kind, notice.account_id, notice.role, notice.created_at,
        acknowledgement.acknowledged_at, state_of_mail(letter), letter.sent_at
    from incident
    join notice on notice.school_id = incident.school_id and (
        notice.incident_id = incident.id
        or notice.kind in ('communication_reported', 'restricted_reported')
            and notice.reference = incident.reference)
    left join notice_acknowledgement as acknowledgement
        on acknowledgement.school_id = notice.school_id and acknowledgement.notice_id = notice.id
    left join mail as letter
        on letter.school_id = notice.school_id and letter.notice_id = notice.id
    where incident.school_id = of_school and incident.id = of_incident
        and is_open_to_caller(incident);
end $$;

create view incident_notice_shown with (security_invoker = true) as
select
    incident.school_id, incident.id as _incident_id, notice.id, notice.kind, notice.role,
    name_of(incident.school_id, notice.account_id) as name, notice.sent_at,
    notice.acknowledged_at, notice.mail, notice.mailed_at
from incident
cross join lateral notices_of(incident.school_id, incident.id) as notice;

-- What the caller is not shown of a report: who blew the whistle is known to those alone whom it was
-- first sent to (CMP-07).
create function withheld_of_a_report(told report) returns text[]
language plpgsql stable as $$
begin
    if told.matter = 'whistleblowing' and not exists (
        select from notice
        where notice.school_id = told.school_id and notice.incident_id = told.incident_id
            and notice.account_id = caller_account() and notice.kind = 'incident_reported')
    then
        return '{reporter_name,reporter_kind,reporter_contact,signed_name,spoken_for}';
    end if;
    return '{}';
end $$;

-- Every action, contact, decision and step of an incident, dated, and by whom (INC-44).
-- What happened in the same moment, as one act does it, has an order of its own: `_order`.
create view chronology with (security_invoker = true) as
select story.*, story.at + interval '1 microsecond' * coalesce(array_position(
    array['reported', 'told', 'acknowledged', 'written', 'person_named', 'person_withdrawn',
        'evidence_described', 'evidence_withdrawn', 'breach_named', 'breach_withdrawn',
        'line_answered', 'parents_decided'],
    story.kind), 20) as _order
from (
    select
        report.school_id, report.incident_id as _incident_id, report.id, 'reported' as kind,
        report.reported_at as at,
        case when not 'reporter_name' = any (withheld_of_a_report(report))
            then report.reporter_name end as by,
        null as role,
        report.description as words, jsonb_build_object('report', report.id) as refers_to
    from report
    union all
    select
        incident.school_id, incident.id, sent.id, 'told', sent.sent_at,
        name_of(incident.school_id, sent.account_id), sent.role, null,
        jsonb_build_object('notice', sent.kind)
    from incident cross join lateral notices_of(incident.school_id, incident.id) as sent
    union all
    select
        incident.school_id, incident.id, md5(sent.id::text)::uuid, 'acknowledged',
        sent.acknowledged_at, name_of(incident.school_id, sent.account_id), sent.role, null,
        jsonb_build_object('notice', sent.kind)
    from incident cross join lateral notices_of(incident.school_id, incident.id) as sent
    where sent.acknowledged_at is not null
    union all
    select
        move.school_id, move.incident_id, md5(move.incident_id::text || move.number)::uuid, move.act,
        move.at, name_of(move.school_id, move.account_id), move.role, move.words,
        jsonb_build_object('from', move.from_status, 'to', move.to_status)
    from incident_move as move
    union all
    select
        written.school_id, written.incident_id,
        md5(written.incident_id::text || 'v' || written.version)::uuid, 'written', written.at,
        name_of(written.school_id, written.account_id), written.role, null,
        jsonb_build_object('version', written.version)
    from incident_version as written
    union all
    select
        part.school_id, part.incident_id, md5(part.id::text || part.version)::uuid,
        case when part.is_withdrawn then 'person_withdrawn' else 'person_named' end, part.at,
        name_of(part.school_id, part.account_id), part.role, null,
        jsonb_build_object('person', part.id, 'version', part.version, 'parts', part.parts)
    from involvement as part
    union all
    select
        given.school_id, given.incident_id,
        md5(given.incident_id::text || given.line || given.version)::uuid,
        'line_answered', given.at, name_of(given.school_id, given.account_id), given.role,
        given.words,
        jsonb_build_object('line', given.line, 'answer', given.answer, 'version', given.version)
    from action_answer as given
    union all
    select
        decision.school_id, decision.incident_id, decision.id, 'parents_decided', decision.at,
        name_of(decision.school_id, decision.account_id), decision.role,
        coalesce(decision.reason, decision.about),
        jsonb_build_object('child', decision.child_id, 'decision', decision.decision)
    from parents_decision as decision
    union all
    select
        evidence.school_id, evidence.incident_id, md5(evidence.id::text || evidence.version)::uuid,
        case when evidence.is_withdrawn then 'evidence_withdrawn' else 'evidence_described' end,
        evidence.at, name_of(evidence.school_id, evidence.account_id), evidence.role,
        evidence.description,
        jsonb_build_object('evidence', evidence.id, 'version', evidence.version)
    from evidence
    union all
    select
        breach.school_id, breach.incident_id, md5(breach.id::text || breach.version)::uuid,
        case when breach.is_withdrawn then 'breach_withdrawn' else 'breach_named' end, breach.at,
        name_of(breach.school_id, breach.account_id), breach.role, breach.words,
        jsonb_build_object(
            'breach', breach.id, 'version', breach.version, 'person', breach.person_id,
            'agreement_version', breach.version_id,
            'clauses', jsonb_path_query_array(breach.clauses, '$[*].code'))
    from agreement_breach as breach
    union all
    select
        part.school_id, part.incident_id, md5(part.id::text || part.version)::uuid,
        case
            when part.is_withdrawn then 'part_withdrawn'
            when part.version > 1 then 'part_corrected'
            else part.kind
        end,
        case when part.version = 1 then coalesce(part.happened_at, part.at) else part.at end,
        who_put_down(part), part.role, part.content ->> 'words',
        jsonb_build_object('part', part.id, 'kind', part.kind, 'version', part.version)
    from incident_part as part
    union all
    select
        entry.school_id, entry.incident_id, entry.id, entry.kind, entry.happened_at,
        name_of(entry.school_id, entry.account_id), entry.role, entry.words,
        jsonb_build_object('entered_at', instant(entry.at))
    from incident_entry as entry
    union all
    select
        link.school_id, link._incident_id, link.id, 'linked', link.linked_at, link.linked_by, null,
        link.words,
        jsonb_strip_nulls(jsonb_build_object(
            'incident', link.other_incident_id, 'setting', link.other_setting,
            'relation', link.relation))
    from incident_link_shown as link
    union all
    select
        hold.school_id, hold._incident_id, hold.id, 'hold', hold.held_at, hold.held_by,
        hold.held_by_role, hold.words, jsonb_build_object('agency', hold.agency)
    from agency_hold_shown as hold
    union all
    select
        hold.school_id, hold._incident_id, md5(hold.id::text || 'release')::uuid, 'release',
        hold.released_at, hold.released_by, hold.released_by_role, hold.advice,
        jsonb_build_object('agency', hold.agency, 'hold', hold.id)
    from agency_hold_shown as hold
    where hold.released_at is not null
) as story;

-- The record as it stands, with what was told; a duplicate's reports are read with the one kept.
create view incident_listed with (security_invoker = true) as
select
    incident.id,
    incident.school_id,
    incident.reference,
    incident.status,
    incident.concerns,
    incident.is_child_at_risk,
    incident.urgency,
    incident.types,
    incident.occurred_on,
    incident.occurred_time,
    incident.occurred_until,
    incident.is_approximate,
    incident.known_at,
    incident.reported_at,
    london_day(incident.reported_at) - incident.occurred_on as delay_days,
    (extract(epoch from incident.reported_at - incident.known_at) / 60)::integer as delay_minutes,
    academic_year(coalesce(
        incident.occurred_on, london_day(incident.reported_at))
    ) as academic_year,
    incident.readers as _readers,
    incident.treated_as as _treated_as,
    incident.restricted_as,
    '"' || incident.version || '"' as etag,
    incident.channel,
    incident.locations,
    incident.social_media,
    incident.intent,
    incident.risk_categories,
    incident.severity,
    incident.legality,
    incident.lead_id,
    incident.matter
from incident;

create view incident_opened with (security_invoker = true) as
select
    listed.*,
    (
        select jsonb_agg(
            jsonb_strip_nulls(
                to_jsonb(report)
                    - '{school_id,incident_id,salt,reported_by,possibly_about}'::text[]
                    - withheld_of_a_report(report)
                || jsonb_build_object(
                    'known_at', instant(report.known_at),
                    'reported_at', instant(report.reported_at),
                    'occurred_time', to_char(report.occurred_time, 'HH24:MI')))
            order by report.reported_at, report.id)
        from (
            select listed.id
            union all
            select other.id from closure_standing as closure
            join incident as other
                on other.school_id = closure.school_id and other.id = closure._incident_id
            where closure.school_id = listed.school_id and closure.duplicate_of = listed.id
                and is_open_to_caller(other)
        ) as told (id)
        join report on report.school_id = listed.school_id and report.incident_id = told.id
    ) as reports,
    content.other_type, content.other_breach, content.heads, content.occurred_note,
    content.location_detail, content.description, content.summary, content.is_repeated,
    content.is_intentional, content.has_imbalance_of_power, content.is_filtering_breach,
    content.further_step,
    closure.kind as closed_as, closure.outcome, closure.duplicate_of, closure.closed_at,
    closure.closed_by, closure.closed_by_role
from incident_listed as listed
cross join lateral jsonb_populate_record(
    null::incident_content, content_of_an_incident(listed.school_id, listed.id)) as content
left join closure_standing as closure
    on closure.school_id = listed.school_id and closure._incident_id = listed.id;


-- What stands against doing something with an incident, by code, and where in the case (INC-42,
-- 24.1). The service has words for each code.
create function record_stands_against(of_school uuid, of_incident uuid, act text)
returns table (code text, pointer text)
language plpgsql stable as $$
declare
    kept incident;
    said    jsonb;
    summary text;
begin
    if act not in (
        'closure', 'debrief', 'logging', 'dismissal', 'duplication', 'lifting', 'release')
    then
        return;
    end if;
    select * into kept from incident where school_id = of_school and id = of_incident;
    -- However it would be closed.
    if act in ('closure', 'dismissal', 'duplication') then
        return query
        select 'under_agency_hold', '/agency_holds/' || hold.id from agency_hold_shown as hold
        where hold.school_id = of_school and hold._incident_id = of_incident
            and hold.released_at is null;
    end if;
    -- All nine lines, before it is looked back upon.
    if act in ('closure', 'debrief') then
        return query
        select 'line_pending', '/action_lines/' || line.line from action_line_shown as line
        where line.school_id = of_school and line._incident_id = of_incident
            and line.answer = 'pending';
    end if;
    if act = 'dismissal' then
        -- Nobody takes by themself, and in one act, for a mistake what may be grave.
        return query
        select 'triage_first', '/kind'
        where kept.urgency = 'urgent' and kept.status = 'reported';
    elsif act = 'closure' then
        -- The summary, and the parents of every child.
        said := content_of_an_incident(of_school, of_incident);
        summary := said ->> 'summary';
        if summary is null then
            return query values ('summary_missing', '/summary');
        elsif names_somebody(of_school, of_incident, summary) then
            return query values ('names_a_person', '/summary');
        end if;
        if kept.concerns = 'child' and kept.status <> 'logged_only' and not exists (
            select from involvement_shown as child
            where child.school_id = of_school and child._incident_id = of_incident
                and child."group" = 'child')
        then
            return query values ('child_unnamed', '/people');
        end if;
        return query
        select 'parents_undecided', '/people/' || child.id from involvement_shown as child
        where child.school_id = of_school and child._incident_id = of_incident
            and child."group" = 'child' and child.id <> all (array(
                select decision.child_id from parents_decision_shown as decision
                where decision.school_id = of_school and decision._incident_id = of_incident
                    and decision.is_current and decision.decision <> 'not_yet'));
        -- Where a child may be at risk a DSL may find that telling would make it worse.
        if kept.is_child_at_risk is not true and (
            (said ->> 'is_filtering_breach')::boolean
                and setting_now(of_school, 'parents_told_of_filtering_breaches')::boolean
            or kept.matter = 'outside_school'
                and setting_now(of_school, 'parents_told_of_use_outside_school')::boolean)
        then
            return query
            select 'parents_not_told', '/people/' || decision.child_id
            from parents_decision_shown as decision
            where decision.school_id = of_school and decision._incident_id = of_incident
                and decision.is_current and decision.decision = 'not_to_be';
        end if;
        if said ->> 'further_step' is null and exists (
            select from incident_link as link
            join incident as other on other.school_id = link.school_id
                and other.id in (link.incident_id, link.other_id) and other.id <> of_incident
            where link.school_id = of_school and link.relation = 'recurrence'
                and of_incident in (link.incident_id, link.other_id)
                and (other.reported_at, other.id) < (kept.reported_at, kept.id))
        then
            return query values ('further_step_missing', '/further_step');
        end if;
    elsif act = 'release' then
        return query
        select 'nothing_held', '/agency_holds'
        where not exists (
            select from agency_hold_shown as hold
            where hold.school_id = of_school and hold._incident_id = of_incident
                and hold.released_at is null);
    elsif act = 'lifting' then
        if kept.restricted_as is null then
            return query values ('not_restricted', '/restricted_as');
        elsif kept.treated_as <> 'child' then
            return query values ('stays_an_allegation', '/concerns');
        end if;
    elsif act = 'logging' then
        -- Where more is needed than a line in the log: somebody was harmed, or did it.
        if kept.is_child_at_risk then
            return query values ('child_at_risk', '/is_child_at_risk');
        end if;
        if kept.intent = 'deliberate' then
            return query values ('deliberate', '/intent');
        end if;
        if kept.treated_as <> 'child' then
            return query values ('concerns_an_adult', '/concerns');
        end if;
        if kept.types && array['sexting_iioc', 'grooming', 'terrorist'] then
            return query values ('grave', '/types');
        end if;
        if kept.severity <> 'low' or kept.legality <> 'no' then
            return query values ('found_grave', '/severity');
        end if;
        return query
        select 'somebody_alleged', '/people' where exists (
            select from involvement_shown as involved
            where involved.school_id = of_school and involved._incident_id = of_incident
                and 'alleged' = any (involved.parts)
            union all
            select from report cross join jsonb_array_elements(report.people) as person
            where report.school_id = of_school and report.incident_id = of_incident
                and person ->> 'part' = 'alleged');
    end if;
end $$;


-- What a record said at each of its versions, after the report itself.
create view record_version_shown with (security_invoker = true) as
select
    written.school_id, written.incident_id as _incident_id,
    md5(written.incident_id::text || 'v' || written.version)::uuid as id, written.version,
    written.at as written_at, name_of(written.school_id, written.account_id) as written_by,
    written.role as written_by_role, written.content
from incident_version as written;


-- What no longer says what it said when it was put on record: there should be none.
create view record_unlike_its_entry with (security_invoker = true) as
with kept as (
    select school_id, incident_id as id, version, digest_of(salt, content) as digest
    from incident_version
    union all
    select school_id, id, version, digest_of(salt, to_jsonb(involvement) - 'salt') from involvement
    union all
    select school_id, id, version, digest_of(salt, to_jsonb(evidence) - 'salt') from evidence
    union all
    select school_id, id, version, digest_of(salt, to_jsonb(agreement_breach) - 'salt')
    from agreement_breach
    union all
    select school_id, id, version, digest_of(salt, to_jsonb(incident_part) - 'salt')
    from incident_part
    union all
    select school_id, id, null, digest_of(salt, to_jsonb(parents_decision) - 'salt')
    from parents_decision
    union all
    select school_id, id, null, digest_of(salt, to_jsonb(incident_entry) - 'salt')
    from incident_entry
    union all
    select school_id, id, null, digest_of(salt, to_jsonb(incident_link) - 'salt')
    from incident_link
    union all
    select school_id, id, null, digest_of(salt, to_jsonb(agency_hold) - 'salt') from agency_hold
    union all
    select school_id, id, null, digest_of(salt, to_jsonb(agency_hold_release) - 'salt')
    from agency_hold_release
    union all
    select school_id, incident_id, version, digest_of(salt, to_jsonb(action_answer) - 'salt')
    from action_answer
    union all
    select school_id, incident_id, number, digest_of(salt, to_jsonb(closure) - 'salt') from closure
    union all
    select school_id, incident_id, number, digest_of(salt, to_jsonb(reopening) - 'salt')
    from reopening
    union all
    select school_id, incident_id, number, digest_of(salt, to_jsonb(incident_move) - 'salt')
    from incident_move
)
select kept.school_id, kept.id from kept
where not exists (
    select from event
    where event.organisation_id = kept.school_id and event.chain = 'changes'
        and event.record_ids = array[kept.id] and event.digest = kept.digest
        and event.version is not distinct from kept.version);


grant select on
    involvement_shown, person_involved, action_line_shown, parents_decision_shown, evidence_shown,
    agreement_breach_shown,
    incident_link_shown, incident_notice_shown, closure_standing, chronology, record_version_shown,
    incident_listed, incident_opened, agency_hold_shown, incident_part_shown
to rowan_service, rowan_maintenance;
grant select on record_unlike_its_entry to rowan_maintenance;
grant execute on function notices_of(uuid, uuid) to rowan_service;
grant execute on function
    name_of(uuid, uuid), group_of_a_person(text), names_somebody(uuid, uuid, text),
    names_somebody_involved(uuid, uuid, text), shown_part(jsonb), withheld_of_a_report(report),
    who_put_down(incident_part), record_stands_against(uuid, uuid, text)
to rowan_service, rowan_maintenance;
