-- The incident log (INC-24): a line for each incident, made of its record and never written by
-- itself; with names, and without.

set local role rowan_owner;

-- The day under which an incident stands in the log; and its number there without names, which
-- stands for nothing else, where an id tells when it was reported.
alter table incident
    add column logged_on date not null generated always as (
        coalesce(occurred_on, london_day(reported_at))) stored,
    add column log_number uuid not null default gen_random_uuid();
create index incident_in_the_log on incident (school_id, logged_on, id);

-- Who it is, marked as target or offender (source 001's Appendix K).
create function marked(who text, parts text[]) returns text
language sql immutable
return who || case
    when parts @> array['target', 'alleged'] then ' (T, O)'
    when 'target' = any (parts) then ' (T)'
    when 'alleged' = any (parts) then ' (O)'
    else '' end;

-- A cell holds no novel: what is longer is read in the record.
create function shortened(words text, most integer) returns text
language sql immutable
return case when length(words) > most then left(words, most - 1) || '…' else words end;

-- The action lines that were done, in the order of the form.
create view action_done with (security_invoker = true) as
select
    latest.school_id, latest.incident_id as _incident_id, line.number, line.line, latest.words
from action_answer as latest
join action_line as line on line.line = latest.line
where latest.answer = 'done' and not exists (
    select from action_answer as later
    where later.school_id = latest.school_id and later.incident_id = latest.incident_id
        and later.line = latest.line and later.version > latest.version);

-- The log for those to whom the incidents are open. The five columns of Appendix K come first.
create view incident_logged with (security_invoker = true) as
select
    case
        when incident.occurred_on is null
        then to_char(incident.reported_at at time zone 'Europe/London', 'YYYY-MM-DD HH24:MI')
        else case when incident.is_approximate then 'about ' else '' end
            || to_char(incident.occurred_on, 'YYYY-MM-DD')
            || coalesce(to_char(incident.occurred_time, ' HH24:MI'), '')
            || coalesce(to_char(incident.occurred_until, '" to "YYYY-MM-DD'), '')
    end as date_and_time,
    array(
        select marked(involved.name, involved.parts) from person_involved as involved
        where involved.school_id = incident.school_id and involved._incident_id = incident.id
            and involved.parts && array['target', 'alleged', 'other']
        order by not 'target' = any (involved.parts), involved.name
    ) as people,
    array_remove(
        incident.types || incident.risk_categories
            || (
                select written.content ->> 'other_type' from incident_version as written
                where written.school_id = incident.school_id
                    and written.incident_id = incident.id
                order by written.version desc
                limit 1
            ),
        null
    ) as nature,
    shortened(
        concat_ws(
            E'\n',
            left(coalesce(
                (
                    select written.content ->> 'description' from incident_version as written
                    where written.school_id = incident.school_id
                        and written.incident_id = incident.id
                    order by written.version desc
                    limit 1
                ),
                (
                    select told.description from report as told
                    where told.school_id = incident.school_id and told.incident_id = incident.id
                    order by told.reported_at, told.id
                    limit 1
                )), 4000),
            (
                select string_agg('Evidence: ' || report.evidence, E'\n' order by report.id)
                from report
                where report.school_id = incident.school_id and report.incident_id = incident.id
            ),
            (
                select string_agg(
                    'Evidence: ' || concat_ws(', ', held.description, held.holder, held.place),
                    E'\n' order by held.id)
                from evidence_shown as held
                where held.school_id = incident.school_id and held._incident_id = incident.id
            ),
            (
                select string_agg(
                    format(
                        'Agreement broken by %s: %s, version %s: %s', broken.name,
                        broken.template, broken.number, array_to_string(array(
                            select clause ->> 'code'
                            from jsonb_array_elements(broken.clauses) as clause), ', ')),
                    E'\n' order by broken.id)
                from agreement_breach_shown as broken
                where broken.school_id = incident.school_id and broken._incident_id = incident.id
            )),
        4000
    ) as details,
    array(
        select shortened(step.words, 1000)
        from (
            select 0 as place, closure.kind || ': ' || closure.outcome as words
            from closure_standing as closure
            where closure.school_id = incident.school_id and closure._incident_id = incident.id
            union all
            select done.number, concat_ws(': ', done.line, done.words)
            from action_done as done
            where done.school_id = incident.school_id and done._incident_id = incident.id
        ) as step
        order by step.place
    ) as outcome,
    incident.reference,
    incident.status,
    (
        select closure.kind from closure_standing as closure
        where closure.school_id = incident.school_id and closure._incident_id = incident.id
    ) as closed_as,
    (incident.is_child_at_risk is true or incident.restricted_as is not null) as is_restricted,
    incident.id,
    incident.school_id,
    incident.id as _incident_id,
    incident.logged_on as _logged_on,
    incident.types as _types,
    incident.risk_categories as _risk_categories,
    incident.readers as _readers
from incident;

-- The same for those who may know what happens and not to whom (section 25): the day, whose kind,
-- the types, the summary that names nobody, what was done in words of closed lists. Of an incident
-- in which a child may be at risk there is the day and no more. What concerns or is alleged of an
-- adult of the school has no line, nor has what nobody has assessed, which might: where few adults
-- work, any line would tell whom. A duplicate is told by the one that was kept.
create view incident_logged_unnamed with (security_invoker = true) as
select
    to_char(incident.logged_on, 'YYYY-MM-DD') as date_and_time,
    case when not told.is_restricted then array(
        select marked(
            case involved."group"
                when 'child' then 'a child' when 'staff' then 'a member of staff'
                when 'parent' then 'a parent or carer' else 'somebody else' end,
            involved.parts)
        from person_involved as involved
        where involved.school_id = incident.school_id and involved._incident_id = incident.id
            and involved.parts && array['target', 'alleged', 'other']
        order by 1
    ) end as people,
    case when not told.is_restricted then incident.types || incident.risk_categories end as nature,
    case when not told.is_restricted then (
        select shortened(written.content ->> 'summary', 4000)
        from (
            select latest.content from incident_version as latest
            where latest.school_id = incident.school_id and latest.incident_id = incident.id
            order by latest.version desc
            limit 1
        ) as written
        where not names_somebody_involved(
            incident.school_id, incident.id, written.content ->> 'summary')
    ) end as details,
    case when not told.is_restricted then array_remove(array[closure.kind], null) || array(
        select done.line from action_done as done
        where done.school_id = incident.school_id and done._incident_id = incident.id
        order by done.number
    ) end as outcome,
    null::text as reference,
    case when not told.is_restricted then incident.status end as status,
    case when not told.is_restricted then closure.kind end as closed_as,
    told.is_restricted,
    incident.log_number as id,
    incident.school_id,
    incident.id as _incident_id,
    incident.logged_on as _logged_on,
    case when not told.is_restricted then incident.types end as _types,
    case when not told.is_restricted then incident.risk_categories end as _risk_categories,
    null::text[] as _readers
from incident
cross join lateral (
    select incident.is_child_at_risk is true or incident.restricted_as is not null
) as told (is_restricted)
left join closure_standing as closure
    on closure.school_id = incident.school_id and closure._incident_id = incident.id
where incident.treated_as = 'child' and incident.status <> 'reported'
    and incident.matter not in ('allegation', 'whistleblowing', 'visitor_breach')
    and closure.kind is distinct from 'duplicate'
    and not exists (
        select from person_involved as adult
        where adult.school_id = incident.school_id and adult._incident_id = incident.id
            and adult."group" = 'staff' and 'alleged' = any (adult.parts));

-- What is asked of the log: null asks for nothing. `past_on` and `past_id` are where the page
-- before ended.
create type log_question as (
    since           date,
    before          date,
    statuses        text[],
    closed_as       text[],
    types           text[],
    risk_categories text[],
    past_on         date,
    past_id         uuid
);

-- Whether a line of the log is one that was asked for, and lies past the page before.
create function is_asked_for(
    asked log_question, logged_on date, id uuid, status text, closed_as text, types text[],
    risk_categories text[], newest_first boolean
) returns boolean
language sql immutable
return (asked.since is null or logged_on >= asked.since)
    and (asked.before is null or logged_on < asked.before)
    and (asked.statuses is null or status = any (asked.statuses))
    and (asked.closed_as is null or closed_as = any (asked.closed_as))
    and (asked.types is null or types && asked.types)
    and (asked.risk_categories is null or risk_categories && asked.risk_categories)
    and (
        asked.past_on is null
        or newest_first and (logged_on, id) < (asked.past_on, asked.past_id)
        or not newest_first and (logged_on, id) > (asked.past_on, asked.past_id));

-- The lines without names that the caller may see in a school: of a restricted incident a senior
-- leader only sees that there was one; of one that is about the caller there is nothing.
create view incident_logged_unnamed_to_caller with (security_invoker = true) as
select line.* from incident_logged_unnamed as line
where (
        (select caller_seats()) -> line.school_id::text ? 'senior_leader'
        or (select caller_seats()) -> line.school_id::text ? 'link_governor'
            and not line.is_restricted)
    and not exists (
        select from incident_subject as subject
        where subject.school_id = line.school_id
            and subject.incident_id = line._incident_id
            and subject.account_id = (select caller_account()));

-- The log of a school without names, a page of it. Whoever may see it so is no reader of these
-- incidents, so this acts with the owner's rights, and asks who the caller is by itself.
create function incident_log_unnamed(
    of_school uuid, asked log_question, newest_first boolean, at_most integer
) returns setof incident_logged
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    if newest_first then
        return query
        select line.* from incident_logged_unnamed_to_caller as line
        where line.school_id = of_school and is_asked_for(
            asked, line._logged_on, line.id, line.status, line.closed_as, line._types,
            line._risk_categories, true)
        order by line._logged_on desc, line.id desc
        limit at_most;
    else
        return query
        select line.* from incident_logged_unnamed_to_caller as line
        where line.school_id = of_school and is_asked_for(
            asked, line._logged_on, line.id, line.status, line.closed_as, line._types,
            line._risk_categories, false)
        order by line._logged_on, line.id
        limit at_most;
    end if;
end $$;

grant select on action_done, incident_logged to rowan_service, rowan_maintenance;
grant execute on function marked(text, text[]), shortened(text, integer)
to rowan_service, rowan_maintenance;
grant execute on function incident_log_unnamed(uuid, log_question, boolean, integer)
to rowan_service;
