-- What a school is known by, which year groups it has, and its calendar (ORG-03, ORG-10).

set local role rowan_owner;

-- Identifiers, beside the URN. Of GIAS (get-information-schools.service.gov.uk): a URN is six
-- digits; a LAESTAB, or DfE number, is the local authority's three, which begin at 201, and the
-- establishment's four, which begin at 1000. Of the UK Register of Learning Providers: a UKPRN is
-- eight digits that begin with 1. None of them has a check digit.
alter table school
    add column laestab text,
    add column ukprn text,
    add column version integer not null default 1,
    drop constraint school_urn_has_six_digits,
    add constraint school_urn_has_six_digits check (urn ~ '^[1-9][0-9]{5}$'),
    add constraint school_laestab_is_one check (laestab ~ '^[2-9][0-9]{2}[1-9][0-9]{3}$'),
    add constraint school_ukprn_is_one check (ukprn ~ '^1[0-9]{7}$');
create index school_by_urn on school (urn);

-- Within a trust, a federation or an authority, which knows all its schools, a number is of one. It
-- is not asked of others: whoever typed theirs in would learn that somebody's school is here too, or
-- keep it from whose it is. The organisation's row is the lock.
create function number_is_of_one_school() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    is_taken boolean;
begin
    perform from trust
    where id in (
        select trust_id from membership
        where membership.school_id = new.id and holds_today(from_on, until_on))
    order by id
    for no key update;
    execute format(
        'select exists (
            select from membership as own
            join membership as beside
                on beside.trust_id = own.trust_id and beside.school_id <> own.school_id
            join school as other on other.id = beside.school_id and other.%1$I = $1.%1$I
            where own.school_id = $1.id and holds_today(own.from_on, own.until_on)
                and holds_today(beside.from_on, beside.until_on))',
        tg_argv[0]) into is_taken using new;
    if is_taken then
        raise exception 'a number is of one school' using errcode = '23505', constraint = tg_name;
    end if;
    return null;
end $$;

create constraint trigger school_urn_is_unique after insert or update of urn on school
for each row when (new.urn is not null) execute function number_is_of_one_school('urn');
create constraint trigger school_laestab_is_unique after insert or update of laestab on school
for each row when (new.laestab is not null) execute function number_is_of_one_school('laestab');
create constraint trigger school_ukprn_is_unique after insert or update of ukprn on school
for each row when (new.ukprn is not null) execute function number_is_of_one_school('ukprn');

-- What was said of a school before, and by whom.
create table school_version (
    school_id   uuid not null references school,
    version     integer not null,
    content     jsonb not null,
    set_by      uuid not null references account,
    set_by_name text not null,
    set_at      timestamptz(3) not null default rowan_now(),
    constraint school_is_described_once_at_a_time primary key (school_id, version)
);

-- The year groups of a school, each with the school's own name for it, such as Later Years.
create table year_group (
    school_id uuid not null references school,
    year      text not null,
    name      text,
    primary key (school_id, year),
    constraint year_group_is_known check (
        year in ('pre_school', 'n1', 'n2', 'r', '1', '2', '3', '4', '5', '6', '7', '8', '9', '10',
            '11', '12', '13'))
);

-- The phase of a year group: the Early Years Foundation Stage, and the key stages of the national
-- curriculum (Education Act 2002, section 82).
create function phase_of(year text) returns text
language sql immutable parallel safe
return case
    when year in ('pre_school', 'n1', 'n2', 'r') then 'eyfs'
    when year in ('1', '2') then 'key_stage_1'
    when year in ('3', '4', '5', '6') then 'key_stage_2'
    when year in ('7', '8', '9') then 'key_stage_3'
    when year in ('10', '11') then 'key_stage_4'
    when year in ('12', '13') then 'key_stage_5'
end;

-- The year groups in their order.
create function years_in_order() returns text[]
language sql immutable parallel safe
return array['pre_school', 'n1', 'n2', 'r', '1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11',
    '12', '13'];

create function place_of_year(year text) returns integer
language sql immutable parallel safe
return array_position(years_in_order(), year);

create view school_shown with (security_invoker = true) as
select
    school.id,
    school.name,
    school.urn,
    school.laestab,
    school.ukprn,
    (
        select jsonb_agg(
            jsonb_build_object(
                'id', trust.id, 'name', trust.name, 'kind', trust.kind,
                'from_on', membership.from_on)
            order by trust.kind)
        from membership join trust on trust.id = membership.trust_id
        where membership.school_id = school.id
            and holds_today(membership.from_on, membership.until_on)
    ) as organisations,
    (
        select jsonb_agg(phase order by first)
        from (
            select phase_of(year) as phase, min(place_of_year(year)) as first
            from year_group where year_group.school_id = school.id group by 1
        ) as phases
    ) as phases,
    (
        select jsonb_agg(
            jsonb_strip_nulls(jsonb_build_object(
                'year', year, 'name', year_group.name, 'phase', phase_of(year)))
            order by place_of_year(year))
        from year_group where year_group.school_id = school.id
    ) as year_groups,
    '"' || school.version || '"' as etag,
    school.version as _version
from school;

-- Says anew what a school is known by. For its headteacher and its administrator.
create function describe_school(of_school uuid, content jsonb, by_name text) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    next integer;
begin
    perform require_seat(of_school, array['headteacher', 'school_administrator'], 'RW403');
    update school
    set name = content ->> 'name', urn = content ->> 'urn', laestab = content ->> 'laestab',
        ukprn = content ->> 'ukprn', version = version + 1
    where id = of_school
    returning version into next;
    delete from year_group where school_id = of_school;
    insert into year_group (school_id, year, name)
    select of_school, said.year, said.name
    from jsonb_to_recordset(content -> 'year_groups') as said (year text, name text);
    insert into school_version (school_id, version, content, set_by, set_by_name)
    values (of_school, next, content, caller_account(), by_name);
    insert into event (
        organisation_id, chain, deed, record_kind, record_ids, version, request_id)
    values (of_school, 'changes', 'school_described', 'school', array[of_school], next, '');
end $$;


-- The calendar: an academic year is typed in once, and again when it changes.

create table calendar_version (
    school_id   uuid not null references school,
    begins_in   integer not null,
    version     integer not null,
    content     jsonb not null,
    set_by      uuid not null references account,
    set_by_name text not null,
    set_at      timestamptz(3) not null default rowan_now(),
    constraint calendar_is_changed_once_at_a_time primary key (school_id, begins_in, version),
    constraint calendar_begins_in_a_year check (begins_in between 2000 and 2198)
);

create table term (
    school_id uuid not null references school,
    begins_in integer not null,
    name      text not null,
    starts_on date not null,
    ends_on   date not null,
    primary key (school_id, starts_on),
    constraint term_ends_after_it_starts check (ends_on >= starts_on)
);
create index term_of_a_year on term (school_id, begins_in);

create table closed_day (
    school_id uuid not null references school,
    begins_in integer not null,
    closed_on date not null,
    kind      text not null,
    words     text,
    primary key (school_id, closed_on),
    constraint closed_day_kind_is_known check (
        kind in ('inset', 'half_term', 'bank_holiday', 'closure', 'other'))
);

-- The school day: on which days of the week (Monday is 1), from when to when, with which pauses.
create table school_day_version (
    school_id    uuid not null references school,
    version      integer not null,
    weekdays     integer[] not null,
    opens        time not null,
    closes       time not null,
    pauses       jsonb not null,
    effective_on date not null,
    set_by       uuid not null references account,
    set_by_name  text not null,
    set_at       timestamptz(3) not null default rowan_now(),
    constraint school_day_is_changed_once_at_a_time primary key (school_id, version)
);

-- In which year the academic year of a day begins: in September.
create function academic_year_begins(of_day date) returns integer
language sql immutable parallel safe
return extract(year from of_day - interval '8 months')::integer;

-- Whether a school is open to its pupils on a day. In a year of which it has said nothing every
-- working day counts: what is due then is due rather sooner than later.
create function is_school_day(of_school uuid, of_day date) returns boolean
language plpgsql stable as $$
declare
    open_on integer[];
begin
    select weekdays into open_on from school_day_version
    where school_id = of_school and effective_on <= of_day
    order by effective_on desc, version desc limit 1;
    if not extract(isodow from of_day)::integer = any (coalesce(open_on, '{1,2,3,4,5}')) then
        return false;
    end if;
    if exists (select from closed_day where school_id = of_school and closed_on = of_day) then
        return false;
    end if;
    return exists (
        select from term
        where school_id = of_school and begins_in = academic_year_begins(of_day)
            and of_day between starts_on and ends_on
    ) or not exists (
        select from term
        where school_id = of_school and begins_in = academic_year_begins(of_day));
end $$;

-- The school day that lies so many after a day; before it, where the number is negative; the day
-- itself or the next one, where it is 0. At most 400 either way, and ten years: beyond, 22003.
create function add_school_days(of_school uuid, from_day date, number integer) returns date
language plpgsql stable as $$
declare
    step constant integer := case when number < 0 then -1 else 1 end;
    left_over integer := abs(number);
    day date := from_day;
begin
    if number = 0 then
        left_over := 1;
        day := from_day - 1;
    end if;
    if left_over <= 400 then
        for one in 1..3653 loop
            day := day + step;
            if is_school_day(of_school, day) then
                left_over := left_over - 1;
                if left_over = 0 then
                    return day;
                end if;
            end if;
        end loop;
    end if;
    raise exception 'too many school days' using errcode = '22003';
end $$;

-- How many school days there are after one day, up to another and with it; at most ten years.
create function school_days_between(of_school uuid, from_day date, until_day date)
returns integer
language plpgsql stable as $$
declare
    days integer := 0;
begin
    if until_day > from_day + 3653 then
        raise exception 'too many days' using errcode = '22003';
    end if;
    for ahead in 1..until_day - from_day loop
        if is_school_day(of_school, from_day + ahead) then
            days := days + 1;
        end if;
    end loop;
    return days;
end $$;

-- What a moment is at a school, by the clock of London: `closed` on a day that is none of school,
-- else `before`, `lessons`, `break`, `lunch` or `after`; `unknown` where the school has not said.
create function school_time(of_school uuid, at timestamptz) returns text
language plpgsql stable as $$
declare
    of_day constant date := london_day(at);
    clock constant time := (at at time zone 'Europe/London')::time;
    usual school_day_version;
begin
    if not is_school_day(of_school, of_day) then
        return 'closed';
    end if;
    select * into usual from school_day_version
    where school_id = of_school and effective_on <= of_day
    order by effective_on desc, version desc limit 1;
    return case
        when usual.school_id is null then 'unknown'
        when clock < usual.opens then 'before'
        when clock >= usual.closes then 'after'
        else coalesce(
            (
                select pause ->> 'kind' from jsonb_array_elements(usual.pauses) as pause
                where clock >= (pause ->> 'from')::time and clock < (pause ->> 'until')::time
            ), 'lessons')
    end;
end $$;

-- Whether the caller keeps the calendar of a school: RW403 where they do not.
create function caller_keeps_calendar(of_school uuid) returns void
language plpgsql stable as $$
begin
    perform require_seat(
        of_school, array['headteacher', 'office', 'school_administrator'], 'RW403');
end $$;

create function set_calendar(
    of_school uuid, of_year integer, next integer, content jsonb, by_name text
) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform caller_keeps_calendar(of_school);
    insert into calendar_version (school_id, begins_in, version, content, set_by, set_by_name)
    values (of_school, of_year, next, content, caller_account(), by_name);
    delete from term where school_id = of_school and begins_in = of_year;
    delete from closed_day where school_id = of_school and begins_in = of_year;
    insert into term (school_id, begins_in, name, starts_on, ends_on)
    select of_school, of_year, said.name, said.starts_on, said.ends_on
    from jsonb_to_recordset(content -> 'terms') as said (name text, starts_on date, ends_on date);
    insert into closed_day (school_id, begins_in, closed_on, kind, words)
    select of_school, of_year, said.closed_on, said.kind, said.words
    from jsonb_to_recordset(content -> 'closed_days')
        as said (closed_on date, kind text, words text);
    insert into event (
        organisation_id, chain, deed, record_kind, record_ids, version, request_id)
    values (of_school, 'changes', 'calendar_set', 'school', array[of_school], next, '');
end $$;

create function set_school_day(
    of_school uuid, next integer, content jsonb, from_day date, by_name text
) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform caller_keeps_calendar(of_school);
    insert into school_day_version (
        school_id, version, weekdays, opens, closes, pauses, effective_on, set_by, set_by_name)
    values (
        of_school, next,
        array(select jsonb_array_elements_text(content -> 'weekdays')::integer order by 1),
        (content ->> 'opens')::time, (content ->> 'closes')::time, content -> 'pauses', from_day,
        caller_account(), by_name);
    insert into event (
        organisation_id, chain, deed, record_kind, record_ids, version, request_id)
    values (of_school, 'changes', 'school_day_set', 'school', array[of_school], next, '');
end $$;

-- An academic year of a school as it stands, whether or not it has said anything of it.
create view calendar_shown with (security_invoker = true) as
select
    school.id as school_id,
    year.begins_in,
    year.begins_in || '/' || to_char((year.begins_in + 1) % 100, 'fm00') as academic_year,
    coalesce(latest.content -> 'terms', '[]') as terms,
    coalesce(latest.content -> 'closed_days', '[]') as closed_days,
    latest.set_by_name as set_by,
    latest.set_at,
    '"' || coalesce(latest.version, 0) || '"' as etag,
    coalesce(latest.version, 0) as _version
from school
cross join generate_series(2000, 2198) as year (begins_in)
left join lateral (
    select * from calendar_version
    where calendar_version.school_id = school.id
        and calendar_version.begins_in = year.begins_in
    order by version desc limit 1
) as latest on true;

-- The school day as it stands, with what is planned.
create view school_day_shown with (security_invoker = true) as
select
    school.id as school_id,
    to_jsonb(now.weekdays) as weekdays,
    to_char(now.opens, 'HH24:MI') as opens,
    to_char(now.closes, 'HH24:MI') as closes,
    now.pauses,
    now.effective_on,
    now.set_by_name as set_by,
    now.set_at,
    (
        select min(effective_on) from school_day_version as later
        where later.school_id = school.id and later.effective_on > london_today()
    ) as changes_on,
    '"' || latest.version || '.' || coalesce(now.version, 0) || '"' as etag,
    latest.version as _version
from school
left join lateral (
    select * from school_day_version
    where school_day_version.school_id = school.id
        and school_day_version.effective_on <= london_today()
    order by effective_on desc, version desc limit 1
) as now on true
cross join lateral (
    select coalesce(max(version), 0) as version from school_day_version
    where school_day_version.school_id = school.id
) as latest;


-- Walls. A school is described, and its calendar set, by the functions above alone.

alter table school_version enable row level security, force row level security;
alter table year_group enable row level security, force row level security;
alter table calendar_version enable row level security, force row level security;
alter table term enable row level security, force row level security;
alter table closed_day enable row level security, force row level security;
alter table school_day_version enable row level security, force row level security;

do $$
declare
    own text;
begin
    foreach own in array array[
        'school_version', 'year_group', 'calendar_version', 'term', 'closed_day',
        'school_day_version'
    ] loop
        execute format(
            'create policy of_the_callers_schools on %I for select to rowan_service using (
                exists (select from school where school.id = school_id))', own);
        execute format('create policy keeping on %I to rowan_owner using (true)', own);
        execute format('create policy maintenance on %I to rowan_maintenance using (true)', own);
        execute format('grant select, insert, update, delete on %I to rowan_maintenance', own);
    end loop;
end $$;

grant select on
    year_group, calendar_version, term, closed_day, school_day_version, school_shown,
    calendar_shown, school_day_shown
to rowan_service, rowan_maintenance;
grant execute on function
    phase_of(text), years_in_order(), place_of_year(text), academic_year_begins(date),
    is_school_day(uuid, date), add_school_days(uuid, date, integer), school_days_between(uuid, date, date),
    school_time(uuid, timestamptz)
to rowan_service, rowan_maintenance;
grant execute on function
    describe_school(uuid, jsonb, text), set_calendar(uuid, integer, integer, jsonb, text),
    set_school_day(uuid, integer, jsonb, date, text)
to rowan_service;
