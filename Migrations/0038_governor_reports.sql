-- The governors' report: a termly summary of incidents without names, frozen when it is issued
-- (RPT-01, RPT-07, RPT-08; 001 section 8).

set local role rowan_owner;

insert into setting_default (name, value, stronger, words) values
    ('governor_reports_termly', 'true', 'true', null);

-- A report covers the incidents that were reported after the one before it ended, up to its last
-- day: so each incident is counted in one report, and no two reports have a difference that tells
-- of one child. `figures` are the cells as they were counted then; nothing is ever counted again.
create table governor_report (
    school_id    uuid not null references school,
    id           uuid not null,
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
    constraint governor_report_is_issued_once_at_a_time unique (school_id, number),
    constraint governor_report_ends_after_it_begins check (until_on >= from_on)
);

-- From which day on the next report counts: the day after the last, or the first of the academic
-- year in which the school has its first.
create function governor_report_begins(of_school uuid) returns date
language sql stable
return coalesce(
    (select max(until_on) + 1 from governor_report where school_id = of_school),
    make_date(academic_year_begins(london_today()), 9, 1));

-- The cells of a report, as an object of measures and their words: how many of the incidents that
-- concern a child, duplicates left out. A cell is suppressed (null) that counts 1 to 4; all cells,
-- where all incidents together are 1 to 4; and the smallest other of a measure that is not zero,
-- where one alone is suppressed: most incidents have one type and one year group, so that the rest
-- would tell it. For those who issue reports.
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
            select counted.*, number between 1 and 4 as is_small,
                count(*) filter (where number between 1 and 4) over (partition by measure) as small,
                row_number() over (
                    partition by measure, number > 4 order by number, place) as size
            from counted
        ), cell as (
            select compared.*,
                is_small or number > 4 and small = 1 and size = 1
                or (select count(*) from told) between 1 and 4 as is_suppressed
            from compared
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

-- Who is to receive a report that is issued today: the governors, by name and post.
create function governors_of(of_school uuid) returns jsonb
language sql stable
return (
    select coalesce(jsonb_agg(
        jsonb_build_object('name', post.who, 'role', post.role) order by post.role, post.who), '[]')
    from post
    where post.school_id = of_school
        and post.role in ('governor', 'link_governor', 'chair_of_governors'));

-- A report as it was issued: its cells, beside those of the twelve months to its last day and of
-- the report before. The year's cell is the sum of its reports' cells: suppressed where one of them
-- is, missing where they do not reach back a year or one did not count it.
create view governor_report_shown with (security_invoker = true) as
select
    report.id, report.school_id, report.number, report.from_on, report.until_on,
    report.commentary, report.received_by,
    report.issued_by_name as issued_by, report.issued_at,
    (
        select jsonb_agg(
            jsonb_strip_nulls(jsonb_build_object(
                'measure', measure.key, 'word', nullif(cell.key, ''),
                'state', case when cell.value = 'null' then 'suppressed' else 'counted' end,
                'count', cell.value,
                'year_state', year.state,
                'year_count', case when year.state = 'counted' then year.number end,
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
                    when min(one.from_on) > report.until_on - interval '12 months' + interval '1 day'
                        or not bool_and(one.figures -> measure.key ? cell.key) then 'missing'
                    when bool_or(one.figures -> measure.key -> cell.key = 'null') then 'suppressed'
                    else 'counted'
                end as state
            from governor_report as one
            where one.school_id = report.school_id and one.number <= report.number
                and one.until_on > report.until_on - interval '12 months'
        ) as year
    ) as cells
from governor_report as report
left join governor_report as before
    on before.school_id = report.school_id and before.number = report.number - 1;

-- The next report, by the end of the term in which it begins.
create function duties_of_governor_reports(of_school uuid, of_people uuid[]) returns setof duty
language plpgsql stable as $$
declare
    begins constant date := governor_report_begins(of_school);
begin
    if setting_now(of_school, 'governor_reports_termly') <> 'true' then
        return;
    end if;
    return query
    select 'governor_report_due', null::uuid, null::uuid, null::uuid,
        array['online_safety_coordinator', 'dsl'],
        coalesce(
            (
                select min(term.ends_on) from term
                where term.school_id = of_school and term.ends_on >= begins
            ),
            (make_date(academic_year_begins(begins), 9, 1)
                + make_interval(months => 4 * (1 + (extract(month from begins)::integer + 3) % 12 / 4))
            )::date - 1),
        begins, 'The governors'' report of the term', 'T-04';
end $$;
insert into duty_source (name, is_view) values ('duties_of_governor_reports', false);

-- What no longer says what its entry in the audit covers, or is gone.
create view governor_report_unlike_its_entry with (security_invoker = true) as
select * from unlike_their_entries(array['governor_report']);


-- Walls. Those who issue them, and those for whom they are.

alter table governor_report enable row level security, force row level security;

create policy of_those_who_issue_and_receive on governor_report for select to rowan_service using (
    caller_holds(
        school_id, array['online_safety_coordinator', 'dsl', 'deputy_dsl', 'headteacher',
            'senior_leader', 'governor', 'link_governor', 'chair_of_governors'])
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
    school_id, id, number, from_on, until_on, commentary, figures, received_by, issued_by_name)
on governor_report to rowan_service;
grant execute on function
    governor_report_begins(uuid), governors_of(uuid),
    governor_figures(uuid, date, date, text[], text[]), duties_of_governor_reports(uuid, uuid[])
to rowan_service;
grant execute on function
    governors_of(uuid), governor_figures(uuid, date, date, text[], text[])
to rowan_maintenance;
