-- Records that are open to few: restricted by what they are or by a DSL's word, to posts or to people
-- by name; and what opens one when none of them can be reached (INC-47, sections 24.1 and 25).

set local role rowan_owner;

-- A restriction, as it was put or, without a kind, lifted. Append-only; the last one stands.
create table restriction (
    school_id   uuid not null,
    incident_id uuid not null,
    number      integer not null,
    kind        text,
    people      uuid[],
    words       text not null,
    account_id  uuid not null references account default caller_account(),
    role        text not null,
    at          timestamptz(3) not null default rowan_now(),
    salt        bytea not null default uuid_send(gen_random_uuid()),
    constraint incident_is_restricted_once_at_a_time primary key (school_id, incident_id, number),
    foreign key (school_id, incident_id) references incident,
    constraint restriction_kind_is_known check (kind in ('child_protection', 'allegation')),
    constraint restriction_is_to_somebody check (cardinality(people) > 0)
);

-- A restricted record that somebody opened although it was not open to them: with their reason, for
-- four hours.
create table broken_glass (
    school_id   uuid not null,
    incident_id uuid not null,
    id          uuid not null,
    words       text not null,
    until_at    timestamptz(3) not null,
    account_id  uuid not null references account default caller_account(),
    role        text not null,
    at          timestamptz(3) not null default rowan_now(),
    salt        bytea not null default uuid_send(gen_random_uuid()),
    primary key (school_id, incident_id, id),
    foreign key (school_id, incident_id) references incident
);
create index broken_glass_of_an_account on broken_glass (account_id, at);

-- As what a record is restricted: an allegation always; else as was last said, or of itself.
create function restriction_now(of_incident incident, treated_as text) returns text
language plpgsql stable as $$
declare
    latest restriction;
begin
    if treated_as <> 'child' then
        return 'allegation';
    end if;
    select * into latest from restriction
    where school_id = of_incident.school_id and incident_id = of_incident.id
    order by number desc limit 1;
    if latest.number is not null then
        return latest.kind;
    end if;
    return restriction_of(treated_as, coalesce(of_incident.is_child_at_risk, false));
end $$;

-- Whether the caller may do something with an incident, apart from how it stands: to write in it,
-- whoever reads it; to restrict it, and to release what was held, who is in charge and leads
-- safeguarding or the school; to lift a restriction, a DSL; to have it investigated, to act on it and to
-- look back upon it, whoever leads it too; all else, who is in charge (section 24.1).
create function caller_may(act text, of_incident incident) returns boolean
language plpgsql stable as $$
declare
    own jsonb := caller_seats() -> of_incident.school_id::text;
begin
    return case
        when act = 'recording' then true
        when act in ('restriction', 'release') then
            own ?| array['dsl', 'deputy_dsl', 'headteacher', 'chair_of_governors']
            and caller_decides(of_incident)
        when act = 'lifting' then
            own ?| array['dsl', 'deputy_dsl'] and caller_decides(of_incident)
        when act in ('investigation', 'finding', 'acting', 'debrief') then
            caller_decides(of_incident) or caller_leads(of_incident)
        else caller_decides(of_incident)
    end;
end $$;

-- Restricts an incident, to the posts of its kind or to people by name, or lifts that: for a caller
-- who may, and on record. It opens to whom it says, at once, and to nobody else.
create function restrict_incident(
    of_school uuid, of_incident uuid, as_kind text, to_people uuid[], why text, by_role text
) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    kept incident;
    put restriction;
begin
    select * into kept from incident where school_id = of_school and id = of_incident;
    if kept.id is null or not is_open_to_caller(kept) then
        raise exception 'not open to the caller' using errcode = 'RW404';
    end if;
    if not caller_may(case when as_kind is null then 'lifting' else 'restriction' end, kept) then
        raise exception 'not in charge' using errcode = 'RW403';
    end if;
    insert into restriction (school_id, incident_id, number, kind, people, words, role)
    select of_school, of_incident, count(*) + 1, as_kind, to_people, why, by_role
    from restriction
    where school_id = of_school and incident_id = of_incident
    returning * into put;
    insert into event (
        organisation_id, chain, deed, record_kind, record_ids, version, request_id, digest)
    values (
        of_school, 'changes', case when as_kind is null then 'unrestricted' else 'restricted' end,
        'incident', array[of_incident], put.number, '',
        digest_of(put.salt, to_jsonb(put) - 'salt'));
    perform move_incident(
        of_school, of_incident, case when as_kind is null then 'lifting' else 'restriction' end,
        kept.status, why, by_role);

    delete from incident_access
    where school_id = of_school and incident_id = of_incident and basis in ('named', 'broken_glass');
    insert into incident_access (school_id, incident_id, account_id, basis)
    select of_school, of_incident, person._account_id, 'named'
    from person_listed as person
    where person.school_id = of_school and person.id = any (to_people)
        and person._account_id is not null;
    update incident
    set restricted_as = restriction_now(kept, kept.treated_as),
        is_by_name = to_people is not null,
        readers = case
            when to_people is not null then '{}'
            else posts_that_may_read(
                kept.treated_as, coalesce(kept.is_child_at_risk, false),
                array(
                    select reader from unnest(kept.readers) as reader
                    where not has_only_word_of_it(reader, as_kind)),
                restriction_now(kept, kept.treated_as))
        end,
        version = version + 1
    where school_id = of_school and id = of_incident;
end $$;

-- Who may break the glass of a restricted incident: the posts of its kind, and of a child's, those
-- that have word of it.
create function may_break_glass(of_incident incident) returns boolean
language plpgsql stable as $$
begin
    return of_incident.restricted_as is not null
        and caller_holds(
            of_incident.school_id,
            posts_that_may_read(
                of_incident.treated_as, coalesce(of_incident.is_child_at_risk, false),
                case
                    when of_incident.treated_as = 'child'
                        then array['online_safety_coordinator', 'senior_leader']
                    else '{}'
                end, null))
        and not is_subject(of_incident.school_id, of_incident.id, caller_account());
end $$;

-- Tells of broken glass whoever holds one of these posts, those to whom it is open by name, and who
-- leads: never whoever broke it, nor whom it is about. `found` says whether there was anybody.
create function tell_of_broken_glass(of_incident incident, posts text[]) returns setof uuid
language plpgsql as $$
begin
    return query
    select told.account_id
    from (
        select distinct on (post._account_id) post._account_id as account_id, post.role
        from post
        where post.school_id = of_incident.school_id
            and (post.role = any (posts) or exists (
                select from incident_access as access
                where access.school_id = of_incident.school_id
                    and access.incident_id = of_incident.id
                    and access.account_id = post._account_id and access.basis in ('lead', 'named')))
            and post._account_id <> caller_account()
            and not is_subject(of_incident.school_id, of_incident.id, post._account_id)
        order by post._account_id, place_on_the_ladder(post.role)
    ) as told
    cross join lateral send_notice(
        of_incident.school_id, told.account_id, told.role, 'glass_broken', 'urgent',
        of_incident.reference, of_incident.id, rowan_now());
end $$;

-- Gives back to the posts of its kind what is open by name to people of whom none holds a post any
-- more that reads incidents; the worker asks each second. On record, as nobody's deed.
create function open_what_nobody_reads(most integer) returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    kept incident;
    opened integer := 0;
begin
    for kept in
        select incident.* from incident
        where incident.is_by_name and not exists (
            select from incident_access as access
            join post on post.school_id = access.school_id
                and post._account_id = access.account_id
            where access.school_id = incident.school_id and access.incident_id = incident.id
                and access.basis <> 'broken_glass' and place_on_the_ladder(post.role) is not null)
        limit most
        for no key update skip locked
    loop
        perform set_config(
            'rowan.seats', jsonb_build_object(kept.school_id, '[]'::jsonb)::text, true);
        update incident
        set is_by_name = false, version = version + 1,
            readers = posts_that_may_read(
                kept.treated_as, coalesce(kept.is_child_at_risk, false), '{}', kept.restricted_as)
        where school_id = kept.school_id and id = kept.id;
        insert into event (
            organisation_id, chain, deed, record_kind, record_ids, version, request_id)
        values (
            kept.school_id, 'changes', 'opened_to_posts', 'incident', array[kept.id],
            kept.version + 1, '');
        opened := opened + 1;
    end loop;
    perform set_config('rowan.seats', '', true);
    return opened;
end $$;
create index incident_by_name on incident (school_id, id) where is_by_name;

-- Opens a restricted incident to the caller for four hours, with their reason and on record, and
-- tells all who lead safeguarding or are in charge of it, at once. Null where there is none of this
-- reference, or where they may not, or need not.
create function break_glass(named text, own_id uuid, why text) returns uuid
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    kept incident;
    broken broken_glass;
    posts text[];
begin
    select incident.* into kept from incident
    where incident.school_id in (select jsonb_object_keys(caller_seats())::uuid)
        and incident.reference = named
    limit 1 for no key update;
    if kept.id is null or not coalesce(may_break_glass(kept), false) then
        return null;
    end if;
    if is_open_to_caller(kept) then
        return null;
    end if;
    insert into broken_glass (school_id, incident_id, id, words, until_at, role)
    select kept.school_id, kept.id, own_id, why, rowan_now() + interval '4 hours', own.role
    from jsonb_array_elements_text(caller_seats() -> kept.school_id::text) as own (role)
    where place_on_the_ladder(own.role) is not null
    order by place_on_the_ladder(own.role)
    limit 1
    returning * into broken;
    insert into event (
        organisation_id, chain, deed, record_kind, record_ids, request_id, digest)
    values (
        kept.school_id, 'changes', 'broke_glass', 'incident', array[kept.id], '',
        digest_of(broken.salt, to_jsonb(broken) - 'salt'));
    insert into incident_access (school_id, incident_id, account_id, basis, until_at)
    values (kept.school_id, kept.id, caller_account(), 'broken_glass', broken.until_at)
    on conflict (school_id, incident_id, account_id, basis)
    do update set until_at = excluded.until_at, given_at = excluded.given_at;

    posts := array['dsl', 'deputy_dsl'] || posts_in_charge(
        kept.treated_as, coalesce(kept.is_child_at_risk, false));
    perform tell_of_broken_glass(kept, posts);
    if not found then
        perform tell_of_broken_glass(kept, array['headteacher', 'chair_of_governors']);
    end if;
    return kept.school_id;
end $$;

-- How often the caller has broken the glass within a day; and nobody breaks it as them besides,
-- until the transaction that asks has ended.
create function glass_broken_today() returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform from account where id = caller_account() for no key update;
    return (
        select count(*) from broken_glass
        where broken_glass.account_id = caller_account()
            and broken_glass.at > rowan_now() - interval '1 day');
end $$;

-- How many restricted incidents, still open, a school has that are not open to the caller: to those
-- who read incidents there, and never one that is about them.
create function restricted_incidents_of_others()
returns table (school_id uuid, number bigint)
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    return query
    select own.school_id, count(incident.id)
    from (
        select seat.key::uuid as school_id from jsonb_each(caller_seats()) as seat
        where seat.value ?| array[
            'dsl', 'deputy_dsl', 'headteacher', 'online_safety_coordinator', 'senior_leader']
    ) as own
    left join incident
        on incident.school_id = own.school_id and incident.restricted_as is not null
        and incident.status <> 'closed' and not is_open_to_caller(incident)
        and not is_subject(incident.school_id, incident.id, caller_account())
    group by own.school_id
    order by own.school_id;
end $$;

-- To whom an incident is open by name, for those to whom it is open.
create function readers_by_name(of_school uuid, of_incident uuid)
returns table (account_id uuid, basis text, until_at timestamptz)
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    return query
    select access.account_id, access.basis, access.until_at
    from incident
    join incident_access as access
        on access.school_id = incident.school_id and access.incident_id = incident.id
    where incident.school_id = of_school and incident.id = of_incident
        and is_open_to_caller(incident)
        and (access.until_at is null or access.until_at > rowan_now());
end $$;

create view restriction_shown with (security_invoker = true) as
select
    incident.school_id, incident.id as incident_id, incident.restricted_as as kind,
    incident.is_by_name,
    incident.readers as posts,
    (
        select jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
                'name', name_of(incident.school_id, reader.account_id), 'basis', reader.basis,
                'until_at', instant(reader.until_at)))
            order by reader.basis, name_of(incident.school_id, reader.account_id))
        from readers_by_name(incident.school_id, incident.id) as reader
    ) as people,
    (
        select jsonb_agg(jsonb_build_object(
                'by', name_of(broken.school_id, broken.account_id), 'role', broken.role,
                'words', broken.words, 'at', instant(broken.at),
                'until_at', instant(broken.until_at))
            order by broken.at, broken.id)
        from broken_glass as broken
        where broken.school_id = incident.school_id and broken.incident_id = incident.id
    ) as broken_glass,
    put.words, put.at as decided_at, name_of(put.school_id, put.account_id) as decided_by,
    put.role as decided_by_role
from incident
left join lateral (
    select * from restriction
    where restriction.school_id = incident.school_id and restriction.incident_id = incident.id
    order by restriction.number desc limit 1
) as put on true;

create view restriction_unlike_its_entry with (security_invoker = true) as
with kept as (
    select school_id, incident_id as id, digest_of(salt, to_jsonb(restriction) - 'salt') as digest
    from restriction
    union all
    select school_id, incident_id, digest_of(salt, to_jsonb(broken_glass) - 'salt')
    from broken_glass
)
select kept.school_id, kept.id from kept
where not exists (
    select from event
    where event.organisation_id = kept.school_id and event.chain = 'changes'
        and event.record_ids = array[kept.id] and event.digest = kept.digest);


-- Walls. Nobody writes these but by the functions.

do $$
declare
    part text;
begin
    foreach part in array array['restriction', 'broken_glass'] loop
        execute format('alter table %I enable row level security, force row level security', part);
        execute format(
            'create policy read_with_its_incident on %I for select to rowan_service using (
                incident_is_shown(school_id, incident_id))', part);
        execute format('create policy filing on %I to rowan_owner using (true)', part);
        execute format('create policy maintenance on %I to rowan_maintenance using (true)', part);
        execute format('grant select on %I to rowan_service', part);
        execute format('grant select, insert, update on %I to rowan_maintenance', part);
    end loop;
end $$;

grant select on restriction_shown to rowan_service, rowan_maintenance;
grant select on restriction_unlike_its_entry to rowan_maintenance;
grant execute on function caller_may(text, incident) to rowan_service, rowan_maintenance;
grant execute on function
    restrict_incident(uuid, uuid, text, uuid[], text, text),
    break_glass(text, uuid, text), restricted_incidents_of_others(),
    glass_broken_today(), readers_by_name(uuid, uuid)
to rowan_service;
grant execute on function open_what_nobody_reads(integer) to rowan_worker;
