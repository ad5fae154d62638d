-- Vulnerability markers of pupils, which are open to few, and what follows from them, which tells
-- no reason (ORG-15, X-10, section 25).

set local role rowan_owner;

-- What follows for somebody, whatever the reason: today from a marker, one day also from what a
-- parent has answered. Worked out anew by `settle_effects` whenever a reason comes or goes.
create table person_effect (
    school_id uuid not null,
    person_id uuid not null,
    effect    text not null,
    primary key (school_id, person_id, effect),
    foreign key (school_id, person_id) references person,
    constraint person_effect_is_known check (effect in ('no_image_online'))
);

-- The persons of a roster, with what follows for them where the caller may know that: only then is
-- the version another.
create or replace view person_listed with (security_invoker = true) as
select
    person.id,
    person.school_id,
    person.kind,
    person.given_name,
    person.family_name,
    person.year_group,
    person.account_id as _account_id,
    '"' || person.version || coalesce('.' || array_to_string(person.effects, '-'), '') || '"'
        as etag,
    person.effects
from (
    select person.*, nullif(array(
        select shown.effect from person_effect as shown
        where shown.school_id = person.school_id and shown.person_id = person.id
        order by shown.effect
    ), '{}') as effects
    from person
) as person;

-- That somebody said of a pupil that they have a marker: a DSL, or a machine's client. Append-only
-- but for `told_at`: when a client said so last.
create table vulnerability_marker (
    school_id  uuid not null,
    person_id  uuid not null,
    id         uuid not null,
    kind       text not null,
    from_on    date,
    note       text,
    account_id uuid references account,
    client_id  uuid,
    said_by    text not null,
    at         timestamptz(3) not null default rowan_now(),
    told_at    timestamptz(3),
    salt       bytea not null default uuid_send(gen_random_uuid()),
    primary key (school_id, person_id, id),
    foreign key (school_id, person_id) references person,
    constraint vulnerability_marker_kind_is_known check (kind in (
        'child_in_care', 'send', 'mental_health', 'eal', 'trauma_or_loss', 'at_risk_images')),
    constraint vulnerability_marker_is_said_by_one check (num_nonnulls(account_id, client_id) = 1)
);

create table vulnerability_marker_end (
    school_id  uuid not null,
    person_id  uuid not null,
    id         uuid not null,
    reason     text not null,
    account_id uuid not null references account default caller_account(),
    said_by    text not null,
    at         timestamptz(3) not null default rowan_now(),
    salt       bytea not null default uuid_send(gen_random_uuid()),
    constraint vulnerability_marker_is_ended_once primary key (school_id, person_id, id),
    foreign key (school_id, person_id, id) references vulnerability_marker
);

create view vulnerability_marker_shown with (security_invoker = true) as
select
    marker.id,
    marker.school_id,
    marker.person_id,
    marker.kind,
    marker.from_on,
    marker.note,
    marker.said_by as recorded_by,
    marker.client_id is not null as is_by_client,
    marker.at as recorded_at,
    marker.told_at,
    ending.at as ended_at,
    ending.said_by as ended_by,
    ending.reason
from vulnerability_marker as marker
left join vulnerability_marker_end as ending using (school_id, person_id, id);

-- Who reads markers in a school; the rest see what follows, or not even that.
create function caller_reads_markers(of_school uuid) returns boolean
language sql stable
return caller_holds(of_school, array['dsl', 'deputy_dsl', 'headteacher']);

-- What follows from a marker. Photographs of all who are vulnerable stay off the learning platform
-- (003); shown by itself that would tell who they are, so it belongs with the answers of parents
-- (CON-06), among which it says nothing of why.
create function effect_of_marker(of_kind text) returns text
language sql immutable parallel safe
return case of_kind when 'at_risk_images' then 'no_image_online' end;


-- Writing: each function holds the pupil first.

-- The pupil, until the end of the transaction, so that what is said of them comes one by one. RW404
-- where there is none, or where it is the caller.
create function hold_pupil(of_school uuid, of_person uuid) returns void
language plpgsql as $$
begin
    perform from person
    where school_id = of_school and id = of_person and kind = 'pupil'
        and (account_id is null or account_id <> caller_account())
    for no key update;
    if not found then
        raise exception 'no such pupil' using errcode = 'RW404';
    end if;
end $$;

-- Works out what follows for somebody: everything from which an effect follows has a line here.
create function settle_effects(of_school uuid, of_person uuid) returns void
language plpgsql as $$
begin
    delete from person_effect where school_id = of_school and person_id = of_person;
    insert into person_effect (school_id, person_id, effect)
    select distinct of_school, of_person, effect_of_marker(marker.kind)
    from vulnerability_marker_shown as marker
    where marker.school_id = of_school and marker.person_id = of_person
        and marker.ended_at is null and effect_of_marker(marker.kind) is not null;
end $$;

-- What was said last of a pupil and a kind: by whomever, and whether it has ended.
create function last_marker(
    of_school uuid, of_person uuid, of_kind text, out marker_id uuid, out ended_at timestamptz
) language plpgsql stable as $$
begin
    select marker.id, marker.ended_at into last_marker.marker_id, last_marker.ended_at
    from vulnerability_marker_shown as marker
    where marker.school_id = of_school and marker.person_id = of_person and marker.kind = of_kind
    order by marker.ended_at is null desc, marker.ended_at desc
    limit 1;
end $$;

-- A marker as the caller says it, with its entry in the audit.
create function put_marker(
    deed text, of_school uuid, of_person uuid, own_id uuid, of_kind text, since date, words text,
    by_name text
) returns void
language plpgsql as $$
declare
    put vulnerability_marker;
begin
    insert into vulnerability_marker (
        school_id, person_id, id, kind, from_on, note, account_id, client_id, said_by, told_at)
    values (
        of_school, of_person, own_id, of_kind, since, words, caller_account(), caller_client(),
        by_name, case when caller_client() is not null then rowan_now() end)
    returning * into put;
    insert into event (
        organisation_id, chain, deed, record_kind, record_ids, request_id, digest)
    values (
        of_school, 'changes', deed, 'vulnerability_marker', array[own_id], '',
        digest_of(put.salt, to_jsonb(put) - array['salt', 'told_at']));
    perform settle_effects(of_school, of_person);
end $$;

-- By a DSL. Says what stands against it.
create function record_marker(
    of_school uuid, of_person uuid, own_id uuid, of_kind text, since date, words text, by_name text
) returns text[]
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    last record;
begin
    perform require_seat(of_school, array['dsl', 'deputy_dsl']);
    perform require_step_up();
    perform hold_pupil(of_school, of_person);
    last := last_marker(of_school, of_person, of_kind);
    if since > london_today() then
        return array['in_the_future'];
    elsif last.marker_id is not null and last.ended_at is null then
        return array['stands_already'];
    end if;
    perform put_marker(
        'marker_recorded', of_school, of_person, own_id, of_kind, since, words, by_name);
    return '{}';
end $$;

-- By a DSL, whoever said it.
create function end_marker(
    of_school uuid, of_person uuid, of_marker uuid, why text, by_name text
) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    put vulnerability_marker_end;
begin
    perform require_seat(of_school, array['dsl', 'deputy_dsl']);
    perform require_step_up();
    perform hold_pupil(of_school, of_person);
    if not exists (
        select from vulnerability_marker
        where school_id = of_school and person_id = of_person and id = of_marker)
    then
        raise exception 'no such marker' using errcode = 'RW404';
    end if;
    insert into vulnerability_marker_end (school_id, person_id, id, reason, said_by)
    values (of_school, of_person, of_marker, why, by_name)
    returning * into put;
    insert into event (
        organisation_id, chain, deed, record_kind, record_ids, request_id, digest)
    values (
        of_school, 'changes', 'marker_ended', 'vulnerability_marker',
        array[of_marker], '', digest_of(put.salt, to_jsonb(put) - 'salt'));
    perform settle_effects(of_school, of_person);
end $$;

-- By a machine's client, which learns nothing by it: what stands, whoever said it, is only told
-- again; what a DSL ended stays ended, unless it is said of a later day. Whichever it is, a row is
-- written, an entry, and what follows: so that neither the answer nor its time tells which.
create function tell_marker(
    in_schools uuid[], of_person uuid, own_id uuid, of_kind text, since date
) returns text[]
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    of_school uuid := (
        select school_id from person
        where id = of_person and school_id = any (in_schools)
            and (caller_scopes() -> 'vulnerability-markers.write') ? school_id::text);
    last record;
begin
    perform hold_pupil(of_school, of_person);
    if since > london_today() then
        return array['in_the_future'];
    end if;
    last := last_marker(of_school, of_person, of_kind);
    if last.marker_id is null or london_day(last.ended_at) < since then
        perform put_marker(
            'marker_told', of_school, of_person, own_id, of_kind, since, null,
            (select name from client where id = caller_client()));
    else
        update vulnerability_marker set told_at = rowan_now()
        where school_id = of_school and person_id = of_person and id = last.marker_id;
        insert into event (organisation_id, chain, deed, record_kind, record_ids, request_id)
        values (
            of_school, 'changes', 'marker_told', 'vulnerability_marker',
            array[last.marker_id], '');
        perform settle_effects(of_school, of_person);
    end if;
    return '{}';
end $$;

create view vulnerability_marker_unlike_its_entry with (security_invoker = true) as
with kept as (
    select school_id, person_id, id,
        digest_of(salt, to_jsonb(marker) - array['salt', 'told_at']) as digest
    from vulnerability_marker as marker
    union all
    select school_id, person_id, id, digest_of(salt, to_jsonb(ending) - 'salt')
    from vulnerability_marker_end as ending
)
select kept.school_id, kept.id from kept
where not exists (
    select from event
    where event.organisation_id = kept.school_id and event.chain = 'changes'
        and event.record_ids = array[kept.id] and event.digest = kept.digest);


-- Walls. Nobody writes these but by the functions.

-- Whoever works with pupils must know what not to do; technicians, governors and machines need not.
alter table person_effect enable row level security, force row level security;
create policy of_those_who_must_know on person_effect for select to rowan_service using (
    ((select caller_seats()) -> school_id::text) ?| array[
        'staff', 'online_safety_coordinator', 'dsl', 'deputy_dsl', 'headteacher', 'senior_leader',
        'office']
);

do $$
declare
    part text;
begin
    foreach part in array array['vulnerability_marker', 'vulnerability_marker_end'] loop
        execute format('alter table %I enable row level security, force row level security', part);
        execute format(
            'create policy of_those_who_may_read on %1$I for select to rowan_service using (
                ((select caller_seats()) -> school_id::text)
                    ?| array[''dsl'', ''deputy_dsl'', ''headteacher'']
                and (select caller_stepped_up())
                and not exists (
                    select from person
                    where person.school_id = %1$I.school_id and person.id = %1$I.person_id
                        and person.account_id = (select caller_account())))', part);
    end loop;
    foreach part in array array[
        'person_effect', 'vulnerability_marker', 'vulnerability_marker_end'
    ] loop
        execute format('create policy filing on %I to rowan_owner using (true)', part);
        execute format('create policy maintenance on %I to rowan_maintenance using (true)', part);
        execute format('grant select on %I to rowan_service', part);
        execute format('grant select, insert, update on %I to rowan_maintenance', part);
    end loop;
end $$;

-- `tell_marker` finds and holds the pupils of whom a client may say something.
create policy of_a_client_that_tells on person to rowan_owner using (
    ((select caller_scopes()) -> 'vulnerability-markers.write') ? school_id::text
);

grant select on vulnerability_marker_shown to rowan_service, rowan_maintenance;
grant select on vulnerability_marker_unlike_its_entry to rowan_maintenance;
grant execute on function caller_reads_markers(uuid) to rowan_service, rowan_maintenance;
grant execute on function
    record_marker(uuid, uuid, uuid, text, date, text, text),
    end_marker(uuid, uuid, uuid, text, text),
    tell_marker(uuid[], uuid, uuid, text, date)
to rowan_service;
