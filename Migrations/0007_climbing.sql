-- What waits for an answer: an urgent incident that nobody has acknowledged climbs the ladder, and
-- one that reached nobody goes to the first who can be told (NOT-03).
--
-- Who has been told at a moment follows from when it was reported, from the school's set time and
-- from that moment alone. Whoever looks first, a reading of notices or the worker's sweep, writes
-- down what has become due by then: so both see the same, and it happens when nobody asks.

set local role rowan_owner;

-- The set time: within how many minutes somebody acknowledges what is urgent.
insert into setting_default (name, value, stronger) values
    ('acknowledgement_minutes', '30', 'less');

create table unanswered (
    school_id         uuid not null,
    incident_id       uuid not null,
    is_urgent         boolean not null,
    due_at            timestamptz(3) not null,
    reached_nobody_at timestamptz(3),
    primary key (school_id, incident_id),
    foreign key (school_id, incident_id) references incident
);
create index unanswered_by_when_due on unanswered (due_at, school_id, incident_id);
create index unanswered_of_a_school on unanswered (school_id, due_at);

create function acknowledgement_time(of_school uuid) returns interval
language plpgsql stable as $$
begin
    return make_interval(mins => setting_now(of_school, 'acknowledgement_minutes')::integer);
end $$;

-- Remembers that an incident waits: an urgent one for an acknowledgement, any other only where it
-- has reached nobody (its author aside). The time runs from now, also for a report of the past.
create function await_acknowledgement(
    of_school uuid, of_incident uuid, how_urgent text, has_reached_somebody boolean
) returns void
language plpgsql as $$
begin
    insert into unanswered (school_id, incident_id, is_urgent, due_at, reached_nobody_at)
    select of_school, of_incident, how_urgent = 'urgent',
        rowan_now() + acknowledgement_time(of_school),
        case when not has_reached_somebody then rowan_now() end
    where how_urgent = 'urgent' or not has_reached_somebody;
end $$;

-- Anybody's acknowledgement ends the waiting. Before the row, because everybody takes what waits
-- first and the head of the audit's chain after it.
create function acknowledging_ends_the_wait() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    delete from unanswered using notice
    where notice.school_id = new.school_id and notice.id = new.notice_id
        and unanswered.school_id = notice.school_id
        and unanswered.incident_id = notice.incident_id;
    return new;
end $$;

create trigger acknowledging_ends_the_wait before insert on notice_acknowledgement
for each row execute function acknowledging_ends_the_wait();

-- A time that a school sets from today holds for what waits there already.
create function set_time_holds_at_once() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    known constant setting_default := (
        select compared from setting_default as compared where compared.name = new.name);
    floor constant jsonb := (setting_on(new.school_id, new.name, london_today())).floor;
begin
    update unanswered
    set due_at = due_at - acknowledgement_time(new.school_id)
        + make_interval(mins => held_to(new.value, floor, known)::integer)
    where school_id = new.school_id;
    return new;
end $$;

create trigger set_time_holds_at_once before insert on setting
for each row when (
    new.name = 'acknowledgement_minutes' and new.effective_on <= london_today())
execute function set_time_holds_at_once();


-- The next on the ladder for an incident: all who hold the first post that somebody holds who has
-- not been told, has not told of it, and is not, and may not be, its subject. The ladder is that of
-- the routing, with one step that is left out: the chair is told where the headteacher cannot be,
-- and does not stand behind one who is only slow, because to a governor a case is not open.
create function next_on_the_ladder(of_school uuid, of_incident uuid) returns setof recipient
language sql stable
begin atomic
    with holder as (
        select post._account_id as account_id, post.role, post.who, post.telephone,
            place_on_the_ladder(post.role) as rung
        from post
        where post.school_id = of_school and place_on_the_ladder(post.role) is not null
            and not exists (
                select from incident_subject as subject
                where subject.school_id = of_school and subject.incident_id = of_incident
                    and subject.account_id = post._account_id)
    ), untold as (
        select holder.* from holder
        where not exists (
                select from notice
                where notice.school_id = of_school and notice.incident_id = of_incident
                    and notice.account_id = holder.account_id)
            and not exists (
                select from report
                where report.school_id = of_school and report.incident_id = of_incident
                    and report.reported_by = holder.account_id)
            and not (
                holder.role = 'chair_of_governors'
                and exists (select from holder as head where head.role = 'headteacher'))
    )
    select distinct on (untold.account_id)
        untold.account_id, untold.role, untold.who, untold.telephone
    from untold
    where untold.rung = (select min(untold.rung) from untold)
    order by untold.account_id;
end;

-- Takes the incident that has been due for longest, in these schools or in any, one step up the
-- ladder: tells whoever is next, in a post that may open it from now on, and puts it on record.
-- `told`; `nobody` where the ladder has just come to its end, `still_nobody` where it had before;
-- null where nothing was due. After a pause of everybody's each step that was missed is made, one
-- call after the other.
--
-- Who sweeps passes over what another has in hand; who is about to read waits for it.
create function climb(of_schools uuid[] default null, sweeps boolean default false)
returns text
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    waiting unanswered;
    step recipient[];
begin
    if caller_account() is not null then
        raise exception 'climbing is nobody''s deed' using errcode = 'RW403';
    end if;
    if sweeps then
        select * into waiting from unanswered where due_at <= rowan_now()
        order by due_at, school_id, incident_id limit 1 for update skip locked;
    else
        select * into waiting from unanswered
        where due_at <= rowan_now() and school_id = any (of_schools)
        order by due_at, school_id, incident_id limit 1 for update;
    end if;
    if waiting.school_id is null then
        return null;
    end if;

    -- As somebody who holds no post in that school, and in no other.
    perform set_config(
        'rowan.seats', jsonb_build_object(waiting.school_id, '[]'::jsonb)::text, true);
    step := array(
        select next from next_on_the_ladder(waiting.school_id, waiting.incident_id) as next);
    if cardinality(step) = 0 then
        update unanswered
        set reached_nobody_at = coalesce(reached_nobody_at, rowan_now()),
            due_at = rowan_now() + acknowledgement_time(waiting.school_id)
        where school_id = waiting.school_id and incident_id = waiting.incident_id;
    else
        perform tell_the_next(waiting, step);
    end if;
    perform set_config('rowan.seats', '', true);
    return case
        when cardinality(step) > 0 then 'told'
        when waiting.reached_nobody_at is null then 'nobody'
        else 'still_nobody'
    end;
end $$;

-- What was told to somebody at last, and is not urgent, waits for nothing more.
create function tell_the_next(waiting unanswered, step recipient[]) returns void
language plpgsql as $$
begin
    update incident
    set readers = array(
        select unnest(readers) union select next.role from unnest(step) as next order by 1)
    where school_id = waiting.school_id and id = waiting.incident_id;

    perform send_notice(
        waiting.school_id, next.account_id, next.role,
        case when waiting.is_urgent then 'notice_unanswered' else 'incident_reported' end,
        incident.urgency, incident.reference, incident.id, rowan_now())
    from unnest(step) as next
    cross join incident
    where incident.school_id = waiting.school_id and incident.id = waiting.incident_id;

    if waiting.is_urgent then
        update unanswered
        set due_at = due_at + acknowledgement_time(waiting.school_id), reached_nobody_at = null
        where school_id = waiting.school_id and incident_id = waiting.incident_id;
    else
        delete from unanswered
        where school_id = waiting.school_id and incident_id = waiting.incident_id;
    end if;

    insert into event (
        organisation_id, chain, deed, record_kind, record_ids, request_id)
    values (
        waiting.school_id, 'changes', 'climbed', 'incident', array[waiting.incident_id], 'climb');
end $$;

-- Whether something is due in these schools that has not climbed yet: for who is about to read.
create function climbing_is_due(of_schools uuid[]) returns boolean
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    return exists (
        select from unanswered where school_id = any (of_schools) and due_at <= rowan_now());
end $$;

-- How many wait for an answer, and how many of them reach nobody: for the operator's figures.
create function unanswered_figures(out waiting bigint, out reaching_nobody bigint)
language sql stable security definer set search_path = public, pg_temp
begin atomic
    select count(*), count(reached_nobody_at) from unanswered;
end;


-- Walls. Nobody reads what waits but by these functions.

alter table unanswered enable row level security, force row level security;
create policy climbing on unanswered to rowan_owner using (true);
create policy maintenance on unanswered to rowan_maintenance using (true);

grant select, insert, update, delete on unanswered to rowan_maintenance;
grant execute on function climb(uuid[], boolean) to rowan_service, rowan_worker;
grant execute on function climbing_is_due(uuid[]) to rowan_service;
grant execute on function unanswered_figures() to rowan_worker;
