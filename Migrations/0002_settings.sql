-- Settings of a school: each row says from which day a value holds, who set it and when. A value is
-- never altered; the history is the table.

set local role rowan_owner;

create table setting_default (
    name  text primary key,
    value jsonb not null
);

create table setting (
    school_id    uuid not null references school,
    name         text not null references setting_default,
    version      integer not null,
    value        jsonb not null,
    effective_on date not null,
    set_by       uuid not null references account,
    set_at       timestamptz(3) not null default rowan_now(),
    constraint setting_is_changed_once_at_a_time primary key (school_id, name, version),
    constraint setting_version_counts_from_one check (version > 0)
);

-- Who is told first of what concerns a child (S-04): posts, not persons.
insert into setting_default (name, value) values
    ('incident_recipients', '["dsl", "deputy_dsl", "online_safety_coordinator"]');

-- Who is told besides of an offensive or suspect communication (INC-09): sources 001 and 004.
insert into setting_default (name, value) values
    ('communication_recipients', '["headteacher", "online_safety_coordinator", "office"]');

-- Every setting of the caller's schools as it stands today.
create view setting_in_force with (security_invoker = true) as
select
    school.id as school_id,
    setting_default.name,
    coalesce(latest.value, setting_default.value) as value,
    coalesce(latest.version, 0) as version,
    latest.effective_on,
    latest.set_at,
    latest.set_by
from school
cross join setting_default
left join lateral (
    select * from setting
    where setting.school_id = school.id and setting.name = setting_default.name
        and setting.effective_on <= london_today()
    order by version desc
    limit 1
) as latest on true;

alter table setting enable row level security, force row level security;
create policy of_the_callers_schools on setting for select using (
    (select caller_seats()) ? school_id::text
);
create policy set_by_the_headteacher on setting for insert with check (
    ((select caller_seats()) -> school_id::text) ? 'headteacher'
    and set_by = (select caller_account())
);
create policy maintenance on setting to rowan_maintenance using (true);

grant select on setting_default, setting_in_force to rowan_service, rowan_maintenance;
grant select, insert on setting to rowan_service, rowan_maintenance;
