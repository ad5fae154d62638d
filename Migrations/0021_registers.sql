-- The small registers: a dated entry of some kind by somebody about something, with few rules
-- (ORG-07, ORG-08, ORG-11 to ORG-13, ORG-16, USR-06 to USR-09, USR-15).

set local role rowan_owner;

-- Who may read and write the entries of a kind, and who records one and reads no others; the fields
-- of each are told in Swift, and a test holds the two together.
create table register_kind (
    kind      text primary key,
    readers   text[] not null,
    writers   text[] not null,
    recorders text[] not null default '{}',
    constraint register_kind_is_read_by_its_writers check (writers <@ readers),
    constraint register_kind_is_not_read_by_its_recorders check (not recorders && readers)
);

insert into register_kind (kind, readers, writers) values
    ('outside_service',
        '{online_safety_coordinator,dsl,deputy_dsl,headteacher,senior_leader,office,dpo,technician,school_administrator}',
        '{headteacher,office,technician,school_administrator}'),
    ('designated_area',
        '{staff,temporary_staff,online_safety_coordinator,dsl,deputy_dsl,headteacher,senior_leader,office,dpo,governor,link_governor,chair_of_governors,technician,school_administrator}',
        '{online_safety_coordinator,dsl,deputy_dsl,headteacher,office,school_administrator}'),
    ('outside_organisation',
        '{online_safety_coordinator,dsl,deputy_dsl,headteacher,senior_leader,office,dpo,technician,school_administrator}',
        '{headteacher,office,school_administrator}'),
    ('off_site_placement',
        '{staff,online_safety_coordinator,dsl,deputy_dsl,headteacher,senior_leader,office,technician,school_administrator}',
        '{online_safety_coordinator,dsl,deputy_dsl,headteacher,senior_leader,office}'),
    ('committee',
        '{staff,online_safety_coordinator,dsl,deputy_dsl,headteacher,senior_leader,office,dpo,governor,link_governor,chair_of_governors,technician,school_administrator}',
        '{headteacher,office,school_administrator}'),
    ('named_post',
        '{staff,online_safety_coordinator,dsl,deputy_dsl,headteacher,senior_leader,office,dpo,governor,link_governor,chair_of_governors,technician,school_administrator}',
        '{headteacher,office,school_administrator}'),
    ('reporting_channel',
        '{staff,online_safety_coordinator,dsl,deputy_dsl,headteacher,senior_leader,office,dpo,governor,link_governor,chair_of_governors,technician,school_administrator}',
        '{online_safety_coordinator,dsl,deputy_dsl,headteacher,office,school_administrator}'),
    ('reporting_briefing',
        '{staff,online_safety_coordinator,dsl,deputy_dsl,headteacher,senior_leader,office,dpo,governor,link_governor,chair_of_governors,technician,school_administrator}',
        '{online_safety_coordinator,dsl,deputy_dsl,headteacher,office,school_administrator}'),
    ('filtering_arrangement',
        '{online_safety_coordinator,dsl,deputy_dsl,headteacher,senior_leader,dpo,link_governor,chair_of_governors,technician}',
        '{online_safety_coordinator,dsl,deputy_dsl,headteacher,senior_leader,technician}'),
    ('monitoring_duty',
        '{online_safety_coordinator,dsl,deputy_dsl,headteacher,senior_leader,link_governor,chair_of_governors,technician}',
        '{dsl,deputy_dsl,headteacher,senior_leader}'),
    ('supervisor',
        '{online_safety_coordinator,dsl,deputy_dsl,headteacher,senior_leader,link_governor,chair_of_governors}',
        '{dsl,deputy_dsl,headteacher,senior_leader}'),
    ('supervision_meeting',
        '{dsl,deputy_dsl,headteacher,senior_leader}',
        '{dsl,deputy_dsl,headteacher,senior_leader}'),
    ('lead_access_record',
        '{online_safety_coordinator,dsl,deputy_dsl,headteacher,senior_leader,link_governor,chair_of_governors,technician}',
        '{dsl,deputy_dsl,headteacher,technician}'),
    ('safeguarding_allowance',
        '{online_safety_coordinator,dsl,deputy_dsl,headteacher,senior_leader,link_governor,chair_of_governors}',
        '{dsl,deputy_dsl,headteacher}'),
    ('shortfall',
        '{online_safety_coordinator,dsl,deputy_dsl,headteacher,senior_leader,link_governor,chair_of_governors}',
        '{dsl,deputy_dsl,headteacher}'),
    ('liaison_contact',
        '{online_safety_coordinator,dsl,deputy_dsl,headteacher,senior_leader,link_governor,chair_of_governors}',
        '{online_safety_coordinator,dsl,deputy_dsl,headteacher}'),
    ('liaison_meeting',
        '{online_safety_coordinator,dsl,deputy_dsl,headteacher,senior_leader,link_governor,chair_of_governors}',
        '{online_safety_coordinator,dsl,deputy_dsl,headteacher}');

-- What an entry says at one version; nothing is ever altered. What is in force holds from a day to
-- another, what happened did so on one day. `people` are those whom it names.
create table register_entry (
    school_id       uuid not null references school,
    id              uuid not null,
    kind            text not null references register_kind,
    version         integer not null,
    act             text not null,
    content         jsonb not null,
    from_on         date not null,
    until_on        date,
    people          uuid[] not null default '{}',
    reason          text,
    written_by      uuid not null references account default caller_account(),
    written_by_name text not null,
    written_at      timestamptz(3) not null default rowan_now(),
    salt            bytea not null default uuid_send(gen_random_uuid()),
    constraint register_entry_is_changed_once_at_a_time primary key (school_id, id, version),
    constraint register_entry_ends_after_it_begins check (until_on >= from_on - 1),
    constraint register_entry_act_is_known check (act in ('recorded', 'corrected', 'withdrawn')),
    constraint register_entry_is_withdrawn_for_a_reason check (
        act <> 'withdrawn' or reason is not null)
);
create index register_entry_by_day on register_entry (school_id, kind, from_on, id);
create index register_entry_recorded_by on register_entry (written_by, kind) where version = 1;

create view register_version_shown with (security_invoker = true) as
select
    entry.id,
    entry.school_id,
    entry.kind as _kind,
    entry.version,
    entry.act,
    entry.content as _content,
    entry.from_on as _from_on,
    entry.until_on as _until_on,
    entry.reason,
    entry.written_by_name as written_by,
    entry.written_at
from register_entry as entry;

-- The entries as they stand.
create view register_entry_shown with (security_invoker = true) as
select
    now.id,
    now.school_id,
    now.kind as _kind,
    now.version as _version,
    now.content as _content,
    now.from_on as _from_on,
    now.until_on as _until_on,
    now.people as _people,
    now.act = 'withdrawn' as is_withdrawn,
    now.reason,
    -- Temporary staff read what is in force, and who works there is no part of it (SEC-08).
    case when not caller_is_temporary_at(now.school_id)
        then first.written_by_name end as recorded_by,
    first.written_at as recorded_at,
    case when now.version > 1 and not caller_is_temporary_at(now.school_id)
        then now.written_by_name end as changed_by,
    case when now.version > 1 then now.written_at end as changed_at,
    '"' || now.version || '"' as etag
from register_entry as now
join register_entry as first
    on first.school_id = now.school_id and first.id = now.id and first.version = 1
where not exists (
    select from register_entry as later
    where later.school_id = now.school_id and later.id = now.id
        and later.version = now.version + 1);

-- Those of them that are in force today, or happened.
create view register_in_force with (security_invoker = true) as
select
    entry.school_id, entry.id, entry._kind as kind, entry._content as content,
    entry._from_on as from_on, entry._people as people
from register_entry_shown as entry
where not entry.is_withdrawn and holds_today(entry._from_on, entry._until_on);

-- The kinds that the caller may read in each school, or write.
create function registers_of_the_caller(to_write boolean) returns jsonb
language plpgsql stable as $$
begin
    return (
        select coalesce(jsonb_object_agg(own.school, own.kinds), '{}')
        from (
            select school, jsonb_agg(kind) as kinds
            from (
                select * from jsonb_each(caller_seats())
                union all
                select * from jsonb_each(caller_temporary_seats())
            ) as own (school, roles)
            join register_kind
                on own.roles ?| case when to_write then writers else readers end
            where jsonb_typeof(own.roles) = 'array'
            group by school
        ) as own);
end $$;

-- Of the kinds of which the caller reads no others: those entries that they recorded themselves,
-- with whatever others made of them, for a policy to ask once for all rows.
create function entries_of_the_caller() returns uuid[]
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    return array(
        select entry.id
        from register_entry as entry
        join register_kind as known on known.kind = entry.kind
        where entry.written_by = caller_account() and entry.version = 1
            and known.recorders <> '{}'
            and caller_seats() -> entry.school_id::text ?| known.recorders);
end $$;

-- Whether the caller may record one of a kind of which they read no others.
create function caller_records_entries(of_school uuid, of_kind text) returns boolean
language sql stable
return exists (
    select from register_kind as known
    where known.kind = of_kind and caller_holds(of_school, known.recorders));

-- Whether a text names somebody of a school's roster by given and family name, in either order and
-- however it is written: what everybody may read names posts (X-07).
create function names_one_of_the_roster(of_school uuid, words text) returns boolean
language plpgsql stable as $$
declare
    said constant text := ' ' || regexp_replace(lower(words), '[^[:alnum:]]+', ' ', 'g') || ' ';
begin
    return exists (
        select from person
        cross join lateral (values
            (person.given_name || ' ' || person.family_name),
            (person.family_name || ' ' || person.given_name)
        ) as named (whole)
        where person.school_id = of_school and position(
            ' ' || regexp_replace(lower(named.whole), '[^[:alnum:]]+', ' ', 'g') || ' ' in said)
            > 0);
end $$;

-- Where anybody may report something, and find safety information: for the whole world, of one
-- school, and nothing that is about a person (ORG-16, X-07).
create function published_reporting_channels(of_school uuid)
returns table (school_id uuid, name text, channels jsonb, etag text)
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    return query
    with published as (
        select school.id, school.name, coalesce(
            (
                select jsonb_agg(entry.content order by
                    array_position(
                        array['internal', 'local', 'national', 'information'],
                        entry.content ->> 'reach'),
                    entry.content ->> 'name', entry.id)
                from register_in_force as entry
                where entry.school_id = school.id and entry.kind = 'reporting_channel'
            ), '[]') as channels
        from school where school.id = of_school
    )
    select published.id, published.name, published.channels,
        '"' || left(encode(sha256(convert_to(
            published.name || published.channels::text, 'UTF8')), 'hex'), 32) || '"'
    from published;
end $$;

-- Whether somebody of a school of the caller's has left it, and has not come back.
create function has_left(of_school uuid, of_person uuid) returns boolean
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    return caller_seats() ? of_school::text and exists (
        select from leaving
        where leaving.school_id = of_school and leaving.person_id = of_person
            and leaving.left_on < london_today()
            and (leaving.returned_on is null or leaving.returned_on > london_today()));
end $$;

-- Those of an entry's list of persons who are still at the school.
create function still_there(of_school uuid, people jsonb) returns uuid[]
language plpgsql stable as $$
begin
    return array(
        select one::uuid from jsonb_array_elements_text(people) as one
        where not has_left(of_school, one::uuid)
        order by 1);
end $$;

-- What a school's registers lack: computed, never typed in (ORG-16, USR-06 to USR-09,
-- CMP-05).
create view register_gap with (security_invoker = true) as
with lead as (
    select distinct post.school_id, post.person_id
    from post_ever as post
    where post.role in ('dsl', 'deputy_dsl') and holds_today(post.from_on, post.until_on)
), shared as (
    select entry.school_id, entry.id,
        still_there(entry.school_id, entry.content -> 'technical_ids') as technical,
        still_there(entry.school_id, entry.content -> 'leadership_ids') as leadership
    from register_in_force as entry
    where entry.kind = 'filtering_arrangement'
), leader as (
    select distinct post.school_id, post.person_id
    from post_ever as post
    where post.role in ('headteacher', 'senior_leader', 'dsl', 'deputy_dsl')
        and holds_today(post.from_on, post.until_on)
), monitor as (
    select entry.school_id, (entry.content ->> 'person_id')::uuid as person_id
    from register_in_force as entry where entry.kind = 'monitoring_duty'
    union
    select shared.school_id, unnest(shared.technical || shared.leadership) from shared
), gap as (
    select monitor.school_id, 'monitor_without_supervisor' as kind, monitor.person_id,
        null::uuid as entry_id, null::text as system, null::text as group_told
    from monitor
    where not has_left(monitor.school_id, monitor.person_id) and not exists (
        select from register_in_force as entry
        where entry.school_id = monitor.school_id and entry.kind = 'supervisor'
            and (entry.content ->> 'person_id')::uuid = monitor.person_id
            and not has_left(entry.school_id, (entry.content ->> 'supervisor_id')::uuid))
    union all
    select school.id, 'filtering_is_nobodys', null, null, null, null
    from school where not exists (select from shared where shared.school_id = school.id)
    union all
    select shared.school_id, 'filtering_rests_on_one', null, shared.id, null, null
    from shared
    where not exists (
        select from unnest(shared.technical) as one
        cross join unnest(shared.leadership) as other
        where one <> other and exists (
            select from leader
            where leader.school_id = shared.school_id and leader.person_id = other))
    union all
    select lead.school_id, case fact
            when 'access' then 'lead_without_access' else 'lead_without_technical_support'
        end, lead.person_id, null, system, null
    from lead
    cross join unnest(array['filtering', 'monitoring']) as system
    cross join unnest(array['access', 'support']) as fact
    where not exists (
        select from register_in_force as entry
        where entry.school_id = lead.school_id and entry.kind = 'lead_access_record'
            and (entry.content ->> 'person_id')::uuid = lead.person_id
            and entry.content ->> 'system' = system
            and case fact when 'access' then (entry.content ->> 'has_access')::boolean
                else entry.content ? 'supported_by' end)
    union all
    select lead.school_id, 'lead_without_allowance', lead.person_id, null, null, null
    from lead
    where not exists (
        select from register_in_force as entry
        where entry.school_id = lead.school_id and entry.kind = 'safeguarding_allowance'
            and (entry.content ->> 'person_id')::uuid = lead.person_id)
    union all
    select entry.school_id, 'shortfall_unanswered', (entry.content ->> 'person_id')::uuid,
        entry.id, null, null
    from register_entry_shown as shown
    join lateral (
        select shown.school_id, shown.id, shown._content as content
    ) as entry on true
    where shown._kind = 'shortfall' and not shown.is_withdrawn
        and not shown._content ? 'answered_on'
    union all
    select school.id, 'group_not_told', null, null, null, groups
    from school
    cross join unnest(array['pupils', 'parents', 'staff', 'governors', 'visitors']) as groups
    where not exists (
        select from register_entry_shown as shown
        where shown.school_id = school.id and shown._kind = 'reporting_briefing'
            and not shown.is_withdrawn and shown._content -> 'groups' ? groups)
    union all
    select school.id, besides.topic || '_not_told', null, null, null, besides.of_group
    from school
    cross join (values
        ('complaints_procedure', 'pupils'), ('complaints_procedure', 'parents'),
        ('complaints_procedure', 'staff'), ('consequences', 'pupils'),
        ('consequences', 'parents'), ('consequences', 'staff'), ('whistleblowing', 'staff')
    ) as besides (topic, of_group)
    where not exists (
        select from register_entry_shown as shown
        where shown.school_id = school.id and shown._kind = 'reporting_briefing'
            and not shown.is_withdrawn and shown._content -> 'groups' ? besides.of_group
            and shown._content -> 'besides' ? besides.topic)
)
select
    gap.school_id,
    gap.kind,
    gap.person_id,
    person.given_name || ' ' || person.family_name as who,
    gap.entry_id,
    gap.system,
    gap.group_told as "group"
from gap
left join person on person.school_id = gap.school_id and person.id = gap.person_id;

-- Versions that no longer say what their entry in the audit covers.
create view register_unlike_its_entry with (security_invoker = true) as
select entry.school_id, entry.id from register_entry as entry
where not exists (
    select from event
    where event.organisation_id = entry.school_id and event.chain = 'changes'
        and event.record_ids = array[entry.id]
        and event.digest = digest_of(entry.salt, to_jsonb(entry) - 'salt')
        and event.version = entry.version);


-- Walls.

alter table register_entry enable row level security, force row level security;

create policy of_the_readers on register_entry for select to rowan_service using (
    (select registers_of_the_caller(false)) -> school_id::text ? kind
    or id = any ((select entries_of_the_caller())::uuid[])
    -- What is being recorded is not among them yet.
    or version = 1 and written_by = (select caller_account())
        and caller_records_entries(school_id, kind)
);
create policy by_the_writers on register_entry for insert to rowan_service with check (
    ((select registers_of_the_caller(true)) -> school_id::text ? kind
        or version = 1 and caller_records_entries(school_id, kind))
    and written_by = (select caller_account())
);
create policy asking on register_entry for select to rowan_owner using (
    version = 1 and written_by = caller_account()
);
create policy published on register_entry for select to rowan_owner using (
    kind = 'reporting_channel'
);
create policy maintenance on register_entry to rowan_maintenance using (true);

grant select on register_kind to rowan_service, rowan_maintenance;
grant select on register_entry to rowan_service;
grant insert (
    school_id, id, kind, version, act, content, from_on, until_on, people, reason,
    written_by_name) on register_entry to rowan_service;
grant select, insert, update on register_entry to rowan_maintenance;
grant select on register_version_shown, register_entry_shown, register_in_force
to rowan_service, rowan_maintenance;
grant select on register_gap to rowan_service;
grant select on register_unlike_its_entry to rowan_maintenance;
grant execute on function
    registers_of_the_caller(boolean), entries_of_the_caller(),
    caller_records_entries(uuid, text), names_one_of_the_roster(uuid, text),
    published_reporting_channels(uuid), has_left(uuid, uuid), still_there(uuid, jsonb)
to rowan_service;
