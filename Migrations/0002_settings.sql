-- Settings: what each school sets for itself, and its trust for it (ORG-09). A row says from which
-- day a value holds, who set it and when; it is never altered, and the history is the table.

set local role rowan_owner;

-- The settings that there are: the value where nobody has set one, and which of two values is the
-- stronger, if one can be. An area that uses a setting declares the same in Swift; a test compares.
create table setting_default (
    name     text primary key,
    value    jsonb not null,
    stronger text,
    words    text[],
    constraint setting_default_is_compared check (
        stronger in ('less', 'more', 'less_but_not_none', 'true', 'false', 'all_of', 'later')),
    constraint setting_default_has_words check ((stronger = 'later') = (words is not null))
);

create table setting (
    school_id    uuid not null references school,
    name         text not null references setting_default,
    version      integer not null,
    value        jsonb not null,
    effective_on date not null,
    set_by       uuid not null references account,
    set_by_name  text not null,
    set_at       timestamptz(3) not null default rowan_now(),
    constraint setting_is_changed_once_at_a_time primary key (school_id, name, version),
    constraint setting_version_counts_from_one check (version > 0)
);

-- What a trust says for its schools: a value where the school sets none, and a floor that no school
-- goes below; either may be none.
create table trust_setting (
    trust_id     uuid not null references trust,
    name         text not null references setting_default,
    version      integer not null,
    value        jsonb,
    floor        jsonb,
    effective_on date not null,
    set_by       uuid not null references account,
    set_by_name  text not null,
    set_at       timestamptz(3) not null default rowan_now(),
    constraint trust_setting_is_changed_once_at_a_time primary key (trust_id, name, version),
    constraint trust_setting_version_counts_from_one check (version > 0)
);

-- A value held to a floor: itself, or, where it would be weaker, the floor; of lists, both.
create function held_to(value jsonb, floor jsonb, compared setting_default) returns jsonb
language sql immutable parallel safe
return case
    when floor is null then value
    when compared.stronger = 'less' and value::integer > floor::integer then floor
    when compared.stronger = 'more' and value::integer < floor::integer then floor
    when compared.stronger = 'less_but_not_none' and floor::integer > 0
        and (value::integer = 0 or value::integer > floor::integer) then floor
    when compared.stronger = 'true' and floor::boolean then floor
    when compared.stronger = 'false' and not floor::boolean then floor
    when compared.stronger = 'later'
        and array_position(compared.words, value #>> '{}')
            < array_position(compared.words, floor #>> '{}')
        then floor
    when compared.stronger = 'all_of' and not value @> floor then (
        select jsonb_agg(element order by place) from (
            select element, min(place) as place
            from jsonb_array_elements(value || floor) with ordinality as one (element, place)
            group by element
        ) as both_lists)
    else value
end;

-- A setting as it holds on a day: its value, whose it is, since when and by whom; what the school
-- itself has set, and how far its trusts let it go.
create type effective_setting as (
    value           jsonb,
    source          text,
    organisation_id uuid,
    effective_on    date,
    set_at          timestamptz,
    set_by          text,
    own             jsonb,
    floor           jsonb
);

-- The school's own value, or else the default of its federation, trust or local authority, or else
-- the product's; and no weaker than the floor of any of those. A value that was set for a later day
-- holds from then on, whatever is set for the days before.
create function setting_on(of_school uuid, named text, of_day date) returns effective_setting
language plpgsql stable as $$
declare
    known setting_default;
    found effective_setting;
    above record;
    lowest record;
begin
    select * into strict known from setting_default where name = named;
    select own.value, 'school', of_school, own.effective_on, own.set_at, own.set_by_name, own.value
    into found
    from setting as own
    where own.school_id = of_school and own.name = named and own.effective_on <= of_day
    order by own.effective_on desc, own.version desc
    limit 1;
    for above in
        select said.*
        from membership
        join trust on trust.id = membership.trust_id
        cross join lateral (
            select * from trust_setting
            where trust_setting.trust_id = trust.id and trust_setting.name = named
                and trust_setting.effective_on <= of_day
            order by trust_setting.effective_on desc, trust_setting.version desc
            limit 1
        ) as said
        where membership.school_id = of_school and membership.from_on <= of_day
            and (membership.until_on is null or membership.until_on >= of_day)
        order by array_position(array['federation', 'trust', 'local_authority'], trust.kind)
    loop
        if found.value is null and above.value is not null then
            found.value := above.value;
            found.source := 'trust_default';
            found.organisation_id := above.trust_id;
            found.effective_on := above.effective_on;
            found.set_at := above.set_at;
            found.set_by := above.set_by_name;
        end if;
        if found.floor is distinct from held_to(
            coalesce(found.floor, above.floor), above.floor, known)
        then
            found.floor := held_to(coalesce(found.floor, above.floor), above.floor, known);
            lowest := above;
        end if;
    end loop;
    if found.value is null then
        found.value := known.value;
        found.source := 'product_default';
    end if;
    -- Nearly always there is none, and what holds a value to it is prepared anew in each request.
    if found.floor is not null and held_to(found.value, found.floor, known) <> found.value then
        found.value := held_to(found.value, found.floor, known);
        found.source := 'trust_floor';
        found.organisation_id := lowest.trust_id;
        found.effective_on := lowest.effective_on;
        found.set_at := lowest.set_at;
        found.set_by := lowest.set_by_name;
    end if;
    return found;
end $$;

-- The value of a setting now: what every area asks, often. Where no trust has ever said anything of
-- it, which is soon seen, the school's own value or the product's is the answer.
create function setting_now(of_school uuid, named text) returns jsonb
language plpgsql stable as $$
declare
    today constant date := london_today();
    now jsonb;
    is_said boolean;
begin
    select
        coalesce(
            (
                select own.value from setting as own
                where own.school_id = of_school and own.name = named and own.effective_on <= today
                order by own.effective_on desc, own.version desc
                limit 1
            ),
            (select known.value from setting_default as known where known.name = named)),
        exists (
            select from membership
            join trust_setting as said
                on said.trust_id = membership.trust_id and said.name = named
            where membership.school_id = of_school)
    into now, is_said;
    if is_said or now is null then
        return (setting_on(of_school, named, today)).value;
    end if;
    return now;
end $$;

-- Of several schools the strongest value, for what belongs to somebody who works in all of them,
-- such as how long they may be idle; of none, the product's.
create function strongest_setting(of_schools uuid[], named text) returns jsonb
language plpgsql stable as $$
declare
    known setting_default;
    strongest jsonb;
    of_school uuid;
begin
    select * into strict known from setting_default where name = named;
    foreach of_school in array of_schools loop
        strongest := case
            when strongest is null then setting_now(of_school, named)
            else held_to(strongest, setting_now(of_school, named), known)
        end;
    end loop;
    return coalesce(strongest, known.value);
end $$;

-- Who is told first of what concerns a child (S-04): posts, not persons.
insert into setting_default (name, value, stronger) values
    ('incident_recipients', '["dsl", "deputy_dsl", "online_safety_coordinator"]', 'all_of');

-- Who is told besides of an offensive or suspect communication (INC-09): sources 001 and 004.
insert into setting_default (name, value, stronger) values
    ('communication_recipients', '["headteacher", "online_safety_coordinator", "office"]',
        'all_of');

-- Who is told of what concerns a member of staff (S-06).
insert into setting_default (name, value, stronger) values
    ('staff_concern_recipients', '["headteacher"]', 'all_of');

-- How people sign in (S-20 to S-24).
insert into setting_default (name, value, stronger, words) values
    ('password_length', '15', 'more', null),
    ('password_composition', 'false', 'true', null),
    ('password_days', '0', 'less_but_not_none', null),
    ('second_factor', '"nobody"', 'later', '{nobody,record_readers,everybody}'),
    ('idle_minutes', '60', 'less', null),
    ('idle_minutes_record_readers', '30', 'less', null),
    ('idle_minutes_temporary_staff', '15', 'less', null),
    ('session_hours', '12', 'less', null),
    ('step_up_minutes', '15', 'less', null);

-- Every setting of the caller's schools as it stands today, with what it was before and what is
-- planned.
create view setting_shown with (security_invoker = true) as
select
    school.id as school_id,
    known.name,
    now.value,
    now.source,
    now.organisation_id,
    now.effective_on,
    now.set_at,
    now.set_by,
    now.own,
    now.floor,
    known.value as usual,
    (
        select jsonb_build_object('value', before.value, 'effective_on', before.effective_on)
        from setting as before
        where before.school_id = school.id and before.name = known.name
            and before.effective_on <= london_today()
        order by before.effective_on desc, before.version desc
        offset 1 limit 1
    ) as previous,
    (
        select jsonb_agg(jsonb_build_object(
            'value', planned.value, 'effective_on', planned.effective_on,
            'set_by', planned.set_by_name) order by planned.effective_on)
        from (
            select distinct on (later.effective_on) later.* from setting as later
            where later.school_id = school.id and later.name = known.name
                and later.effective_on > london_today()
            order by later.effective_on, later.version desc
        ) as planned
    ) as planned,
    '"' || latest.version || '.' || left(md5(coalesce(now::text, '')), 8) || '"' as etag,
    latest.version as _version
from school
cross join setting_default as known
cross join lateral setting_on(school.id, known.name, london_today()) as now
cross join lateral (
    select coalesce(max(setting.version), 0) as version from setting
    where setting.school_id = school.id and setting.name = known.name
) as latest;

-- What a trust says of every setting today, and what it has planned.
create view trust_setting_shown with (security_invoker = true) as
select
    trust.id as trust_id,
    known.name,
    now.value,
    now.floor,
    now.effective_on,
    now.set_at,
    now.set_by_name as set_by,
    known.value as usual,
    (
        select jsonb_agg(
            jsonb_strip_nulls(jsonb_build_object(
                'value', planned.value, 'floor', planned.floor,
                'effective_on', planned.effective_on, 'set_by', planned.set_by_name))
            order by planned.effective_on)
        from (
            select distinct on (later.effective_on) later.* from trust_setting as later
            where later.trust_id = trust.id and later.name = known.name
                and later.effective_on > london_today()
            order by later.effective_on, later.version desc
        ) as planned
    ) as planned,
    '"' || latest.version || '.' || left(md5(coalesce(now::text, '')), 8) || '"' as etag,
    latest.version as _version
from trust
cross join setting_default as known
left join lateral (
    select * from trust_setting
    where trust_setting.trust_id = trust.id and trust_setting.name = known.name
        and trust_setting.effective_on <= london_today()
    order by trust_setting.effective_on desc, trust_setting.version desc
    limit 1
) as now on true
cross join lateral (
    select coalesce(max(trust_setting.version), 0) as version from trust_setting
    where trust_setting.trust_id = trust.id and trust_setting.name = known.name
) as latest;


-- Walls. What acts with the owner's rights may know how any school has set things.

alter table setting enable row level security, force row level security;
alter table trust_setting enable row level security, force row level security;

create policy of_the_callers_schools on setting for select using (
    (select caller_seats()) ? school_id::text
);
create policy setting on setting to rowan_owner using (true);
create policy maintenance on setting to rowan_maintenance using (true);

create policy of_the_caller on trust_setting for select using (
    exists (select from membership where membership.trust_id = trust_setting.trust_id)
    or (select caller_seats()) ? trust_id::text
);
create policy set_by_the_trust on trust_setting for insert with check (
    ((select caller_seats()) -> trust_id::text) ? 'trust_administrator'
    and set_by = (select caller_account())
);
create policy asking on trust_setting for select to rowan_owner using (true);
create policy maintenance on trust_setting to rowan_maintenance using (true);

grant select on setting_default, setting_shown, trust_setting_shown
to rowan_service, rowan_maintenance;
grant select on setting to rowan_service;
grant select, insert on trust_setting to rowan_service;
grant select, insert on setting, trust_setting to rowan_maintenance;
grant execute on function
    held_to(jsonb, jsonb, setting_default), setting_on(uuid, text, date), setting_now(uuid, text),
    strongest_setting(uuid[], text)
to rowan_service, rowan_maintenance;
