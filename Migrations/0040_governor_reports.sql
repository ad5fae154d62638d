-- The governors' report: a termly summary of incidents without names, frozen when it is issued
-- (RPT-01, RPT-07, RPT-08; 001 section 8); and the coordinator's to the leadership team (RPT-02).

set local role rowan_owner;

insert into setting_default (name, value, stronger, words) values
    ('governor_reports_termly', 'true', 'true', null);

-- A report covers the incidents that were reported after the one before it ended, up to its last
-- day: so each incident is counted in one report, and no two reports have a difference that tells
-- of one child. `figures` are the cells as they were counted then; nothing is ever counted again.
-- Those for the leadership team have a sequence of their own, and are read by nobody but it and those
-- who issue them, who see the log of incidents anyhow: to governors the days of the two would differ.
create table governor_report (
    school_id    uuid not null references school,
    id           uuid not null,
    audience     text not null default 'governors',
    number       integer not null,
    from_on      date not null,
    until_on     date not null,
    commentary   text not null,
    figures      jsonb not null,
    received_by  jsonb not null,
    issued_by      uuid not null references account default caller_account(),
    issued_by_name text not null,
    issued_at    timestamptz(3) not null default rowan_now(),
    salt         bytea not null default uuid_send(gen_random_uuid()),
    primary key (school_id, id),
    constraint governor_report_is_issued_once_at_a_time unique (school_id, audience, number),
    constraint governor_report_audience_is_known check (audience in ('governors', 'leadership')),
    constraint governor_report_ends_after_it_begins check (until_on >= from_on)
);

-- From which day on the next report counts: the day after the last, or the first of the academic
-- year since when the register knows the school.
create function governor_report_begins(of_school uuid, for_whom text) returns date
language sql stable
return coalesce(
    (
        select max(until_on) + 1 from governor_report
        where school_id = of_school and audience = for_whom
    ),
    (
        select make_date(
            academic_year_begins(least(london_day(created_at), london_today())), 9, 1)
        from school where id = of_school
    ));

-- The cells of a report, as an object of measures and their words: how many of the incidents that
-- concern a child, duplicates left out. A cell is suppressed (null) that counts 1 to 4, and all
-- cells where all incidents together are 1 to 4. What each incident has one of, its outcome, is told
-- of all or of none, because the rest would tell a cell that is missing. Most incidents have one
-- type and one year group as well, though not all: of those the first cell that could be told is
-- withheld beside the small ones, whichever it is, so that which one it is says nothing; and all,
-- where even so no second reading were left. For those who issue reports.
create function governor_figures(
    of_school uuid, from_day date, until_day date, measures text[], words text[]
) returns jsonb
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    perform require_seat(
        of_school, array['online_safety_coordinator', 'dsl', 'deputy_dsl', 'headteacher']);
    return (
        with told as materialized (
            select incident.id, incident.status, incident.types, incident.risk_categories,
                coalesce(closure.kind, case
                    when incident.status in ('logged_only') then 'logged_only'
                    else 'open' end) as outcome
            from incident
            left join closure_standing as closure
                on closure.school_id = incident.school_id and closure._incident_id = incident.id
            where incident.school_id = of_school and incident.treated_as = 'child'
                and closure.kind is distinct from 'duplicate'
                and london_day(incident.reported_at) between from_day and until_day
        ), involved as materialized (
            select told.id, person.parts, person."group", person.year_group
            from told
            join person_involved as person
                on person.school_id = of_school and person._incident_id = told.id
        ), said as (
            select told.id, 'incidents' as measure, '' as word from told
            union all select told.id, 'outcome', told.outcome from told
            union all select told.id, 'type', unnest(told.types) from told
            union all select told.id, 'risk_category', unnest(told.risk_categories) from told
            union all
            select told.id, 'came_to', word
            from told cross join lateral unnest(what_it_came_to(of_school, told.id)) as word
            union all
            select involved.id, 'year_group', involved.year_group from involved
            where involved."group" = 'child' and involved.year_group is not null
            union all
            select involved.id, 'target_group', involved."group" from involved
            where 'target' = any (involved.parts)
            union all
            select involved.id, 'alleged_group', involved."group" from involved
            where 'alleged' = any (involved.parts)
        ), counted as (
            select known.measure, known.word, known.place, count(distinct said.id) as number
            from unnest(measures, words) with ordinality as known (measure, word, place)
            left join said on said.measure = known.measure and said.word = known.word
            group by known.measure, known.word, known.place
        ), compared as (
            select measure,
                count(*) filter (where number between 1 and 4) as small,
                sum(number) filter (where number between 1 and 4) as together,
                min(place) filter (where number > 4) as other,
                (array_agg(number order by place) filter (where number > 4))[1] as of_other
            from counted
            group by measure
        ), withheld as (
            select measure, other,
                measure = 'outcome'
                or together = small and coalesce(of_other, 5) = 5
                or together = 4 * small and other is null as is_withheld_whole
            from compared
            where small > 0
        ), cell as (
            select counted.measure, counted.word, counted.number,
                (select count(*) from told) between 1 and 4
                or withheld.measure is not null
                    and (counted.number between 1 and 4 or counted.place is not distinct from withheld.other
                        or withheld.is_withheld_whole) as is_suppressed
            from counted
            left join withheld on withheld.measure = counted.measure
        )
        select jsonb_object_agg(
            measured.measure, measured.cells)
        from (
            select cell.measure, jsonb_object_agg(
                cell.word, case when not cell.is_suppressed then cell.number end) as cells
            from cell
            group by cell.measure
        ) as measured);
end $$;

-- Whether a text may name somebody of a school's roster: by a family name alone, or by a given name
-- that no more than three pupils on roll have, so that a governor would know who is meant. A word
-- can be both (Rose, May), so whoever wrote it may say that it names nobody.
create function may_name_one_of_the_roster(of_school uuid, words text) returns boolean
language plpgsql stable as $$
declare
    said constant text := ' ' || regexp_replace(lower(words), '[^[:alnum:]]+', ' ', 'g') || ' ';
begin
    return exists (
        select from (
            select person.family_name as name from person where person.school_id = of_school
            union
            select max(person.given_name) from person
            where person.school_id = of_school and person.kind = 'pupil'
                and coalesce(person.left_on >= london_today(), true)
            group by lower(person.given_name)
            having count(*) <= 3
        ) as known
        cross join lateral (
            select regexp_replace(lower(known.name), '[^[:alnum:]]+', ' ', 'g') as name
        ) as plain
        where btrim(plain.name) <> '' and position(' ' || btrim(plain.name) || ' ' in said) > 0);
end $$;

-- Who is to receive a report that is issued today: the governors, or the leadership team, by name and
-- post.
create function recipients_of_reports(of_school uuid, for_whom text) returns jsonb
language sql stable
return (
    select coalesce(jsonb_agg(
        jsonb_build_object('name', post.who, 'role', post.role) order by post.role, post.who), '[]')
    from post
    where post.school_id = of_school
        and post.role = any (case for_whom
            when 'governors' then array['governor', 'link_governor', 'chair_of_governors']
            else array['headteacher', 'senior_leader'] end));

-- From which day on the twelve months to the last day of a report count: the first of the reports
-- that ended in the eleven months before it, which do not end on the same day each year. Null where
-- they do not reach back so far.
create function governor_year_begins(of_school uuid, for_whom text, until_day date) returns date
language sql stable
return (
    select case when min(from_on) <= until_day - interval '11 months' then min(from_on) end
    from governor_report
    where school_id = of_school and audience = for_whom and until_on <= until_day
        and until_on > until_day - interval '11 months');

-- A report as it was issued: its cells, beside those of the twelve months to its last day and of
-- the report before. The year's cell is the sum of its reports' cells: suppressed where one of them
-- is, missing where they do not reach back a year or one did not count it.
create view governor_report_shown with (security_invoker = true) as
select
    report.id, report.school_id, report.audience, report.number, report.from_on, report.until_on,
    report.commentary, report.received_by,
    report.issued_by_name as issued_by, report.issued_at, year.begins as year_from_on,
    (
        select jsonb_agg(
            jsonb_strip_nulls(jsonb_build_object(
                'measure', measure.key, 'word', nullif(cell.key, ''),
                'state', case when cell.value = 'null' then 'suppressed' else 'counted' end,
                'count', cell.value,
                'year_state', summed.state,
                'year_count', case when summed.state = 'counted' then summed.number end,
                'previous_state', case
                    when before.figures -> measure.key -> cell.key is null then 'missing'
                    when before.figures -> measure.key -> cell.key = 'null' then 'suppressed'
                    else 'counted' end,
                'previous_count', before.figures -> measure.key -> cell.key))
            order by measure.key, cell.key)
        from jsonb_each(report.figures) as measure
        cross join lateral jsonb_each(measure.value) as cell
        cross join lateral (
            select sum((one.figures -> measure.key ->> cell.key)::integer) as number,
                case
                    when coalesce(bool_and(one.figures -> measure.key ? cell.key), false) is false
                        then 'missing'
                    when bool_or(one.figures -> measure.key -> cell.key = 'null') then 'suppressed'
                    else 'counted'
                end as state
            from governor_report as one
            where one.school_id = report.school_id and one.audience = report.audience
                and one.from_on between year.begins and report.until_on
        ) as summed
    ) as cells
from governor_report as report
cross join lateral (
    select governor_year_begins(report.school_id, report.audience, report.until_on) as begins
) as year
left join governor_report as before
    on before.school_id = report.school_id and before.audience = report.audience
    and before.number = report.number - 1;

-- The next report, a fortnight after the end of the term that it tells of: that in which it begins,
-- or the next where it begins in the last fortnight of one. No report is due of the time before the
-- register knew the school.
create function duties_of_governor_reports(of_school uuid, of_people uuid[]) returns setof duty
language plpgsql stable as $$
declare
    begins constant date := governor_report_begins(of_school, 'governors');
    within constant date := 14 + (
        select greatest(begins, least(london_day(created_at), london_today()))
        from school where id = of_school);
begin
    if setting_now(of_school, 'governor_reports_termly') <> 'true' then
        return;
    end if;
    return query
    select 'governor_report_due', null::uuid, null::uuid, null::uuid,
        array['online_safety_coordinator', 'dsl', 'deputy_dsl'],
        14 + coalesce(
            (
                select min(term.ends_on) from term
                where term.school_id = of_school and term.ends_on >= within
            ),
            (make_date(academic_year_begins(within), 9, 1)
                + make_interval(months => 4 * (1 + (extract(month from within)::integer + 3) % 12 / 4))
            )::date - 1),
        begins, 'The governors'' report of the term', 'T-04', null, null::uuid;
end $$;
insert into duty_source (name, is_view) values ('duties_of_governor_reports', false);

-- What no longer says what its entry in the audit covers, or is gone.
create view governor_report_unlike_its_entry with (security_invoker = true) as
select * from unlike_their_entries(array['governor_report']);


-- Walls. Those who issue them, and those for whom they are.

create function caller_reads_reports_for(of_school uuid, for_whom text) returns boolean
language sql stable parallel safe
return caller_holds(
    of_school,
    array['online_safety_coordinator', 'dsl', 'deputy_dsl', 'headteacher', 'senior_leader']
        || case for_whom when 'governors'
            then array['governor', 'link_governor', 'chair_of_governors'] end);

alter table governor_report enable row level security, force row level security;

create policy of_those_who_issue_and_receive on governor_report for select to rowan_service using (
    caller_reads_reports_for(school_id, audience)
);
create policy by_those_who_issue on governor_report for insert to rowan_service with check (
    caller_holds(
        school_id, array['online_safety_coordinator', 'dsl', 'deputy_dsl', 'headteacher'])
    and issued_by = (select caller_account())
);
create policy counting on governor_report for select to rowan_owner using (true);
create policy maintenance on governor_report to rowan_maintenance using (true);

grant select, insert, update on governor_report to rowan_maintenance;
grant select on governor_report_unlike_its_entry to rowan_maintenance;
grant select on governor_report, governor_report_shown to rowan_service;
grant insert (
    school_id, id, audience, number, from_on, until_on, commentary, figures, received_by,
    issued_by_name)
on governor_report to rowan_service;
grant execute on function
    governor_report_begins(uuid, text), governor_year_begins(uuid, text, date),
    recipients_of_reports(uuid, text), caller_reads_reports_for(uuid, text),
    governor_figures(uuid, date, date, text[], text[]), duties_of_governor_reports(uuid, uuid[]),
    may_name_one_of_the_roster(uuid, text)
to rowan_service;
grant execute on function
    recipients_of_reports(uuid, text), governor_figures(uuid, date, date, text[], text[])
to rowan_maintenance;
