-- Signing in: how long a session lasts, what it must do first, fresh proof of who is there, and
-- what guessing costs.

set local role rowan_owner;

-- The posts that an account holds today; of a trust, with no school.
create function posts_of_an_account(of_account uuid)
returns table (school_id uuid, trust_id uuid, role text)
language plpgsql stable as $$
begin
    return query
    select seat.school_id, null::uuid, seat.role from seat
    where seat.account_id = of_account and seat.from_on <= london_today()
        and (seat.until_on is null or seat.until_on >= london_today())
    union
    select null::uuid, trust_seat.trust_id, trust_seat.role from trust_seat
    where trust_seat.account_id = of_account and trust_seat.from_on <= london_today()
        and (trust_seat.until_on is null or trust_seat.until_on >= london_today());
end $$;

-- What a setting of signing in says for somebody: the strictest of the schools in which they hold
-- a post. The one place from which signing in reads any.
create function setting_of_an_account(of_account uuid, named text) returns jsonb
language plpgsql stable as $$
begin
    return strongest_setting(
        array(
            select distinct post.school_id from posts_of_an_account(of_account) as post
            where post.school_id is not null
            order by post.school_id),
        named);
end $$;


-- Sessions.

-- How long a session of somebody lasts without use and altogether (S-24), and for how long a fresh
-- proof of who is there counts (S-23).
create function session_length(
    of_account uuid, out idle interval, out longest interval, out step_up interval
)
language plpgsql stable as $$
begin
    idle := make_interval(mins => setting_of_an_account(of_account, 'idle_minutes')::integer);
    longest := make_interval(hours => setting_of_an_account(of_account, 'session_hours')::integer);
    step_up := make_interval(mins => setting_of_an_account(of_account, 'step_up_minutes')::integer);
end $$;

-- That these sessions were used, so many milliseconds ago. Beside the requests themselves, so that
-- none waits for another of the same session; one that somebody has in hand just now is passed
-- over. That a session was used may be lost with the machine: it then ends earlier.
create function sessions_were_used(presented bytea[], ages integer[]) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform set_config('synchronous_commit', 'off', true);
    update session
    set used_at = greatest(session.used_at, used.at),
        idle_ends_at = used.at + length.idle,
        ends_at = least(session.ends_at, session.opened_at + length.longest)
    from (
        select known.token_hash, known.account_id, rowan_now() - age * interval '1 millisecond' as at
        from unnest(presented, ages) as sent (hash, age)
        join session as known on known.token_hash = sent.hash
        where known.ended_at is null and known.idle_ends_at is not null
        for update of known skip locked
    ) as used
    cross join lateral session_length(used.account_id) as length
    where session.token_hash = used.token_hash and session.idle_ends_at > used.at;
end $$;

-- A session that has just begun: when it ends by itself, and by when it must be used.
create function open_session(
    presented bytea, session_id uuid, of_account uuid, lasts interval, from_network text,
    by_device bytea, out ends_at timestamptz, out idle_ends_at timestamptz, out outstanding text[],
    out name text
)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    length record;
begin
    length := session_length(of_account);
    outstanding := '{}';
    insert into session (
        token_hash, id, account_id, ends_at, idle_ends_at, network, device_hash, outstanding)
    values (
        presented, session_id, of_account, rowan_now() + least(lasts, length.longest),
        rowan_now() + length.idle, from_network, by_device, open_session.outstanding)
    returning session.ends_at, session.idle_ends_at
    into open_session.ends_at, open_session.idle_ends_at;
    select account.name into open_session.name from account where account.id = of_account;
end $$;

-- One's own sessions that still live, the newest first: where and when.
create function sessions_of_the_caller()
returns table (
    id uuid, opened_at timestamptz, used_at timestamptz, ends_at timestamptz, network text,
    is_current boolean
)
language sql stable security definer set search_path = public, pg_temp
begin atomic
    select id, opened_at, used_at, least(ends_at, coalesce(idle_ends_at, ends_at)), network,
        id = caller_session()
    from session
    where account_id = caller_account() and ended_at is null and ends_at > rowan_now()
        and (idle_ends_at is null or idle_ends_at > rowan_now())
    order by opened_at desc, id
    limit 100;
end;

-- Ends one of one's own sessions, or all; the ids of those that it ended.
create function end_sessions_of_the_caller(which uuid default null, but_this boolean default false)
returns setof uuid
language sql security definer set search_path = public, pg_temp
begin atomic
    update session set ended_at = rowan_now()
    where account_id = caller_account() and ended_at is null and (which is null or id = which)
        and not (but_this and id = caller_session())
    returning id;
end;

-- Ends all sessions of a person of the roster, for the headteacher or an administrator of their
-- school.
create function end_sessions_of_a_person(of_school uuid, of_person uuid) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if not (caller_seats() -> of_school::text) ?| array['headteacher', 'school_administrator'] then
        raise exception 'nobody of the school' using errcode = 'RW404';
    end if;
    update session set ended_at = rowan_now()
    from person
    where person.school_id = of_school and person.id = of_person
        and session.account_id = person.account_id and session.ended_at is null;
end $$;

-- The posts that the caller holds today, with the names of where: also while something is
-- outstanding, and nothing else is open.
create function posts_of_the_caller() returns jsonb
language sql stable security definer set search_path = public, pg_temp
begin atomic
    select coalesce(jsonb_agg(jsonb_build_object(
        'organisation_id', coalesce(held.school_id, held.trust_id),
        'organisation', coalesce(school.name, trust.name),
        'role', held.role)), '[]')
    from posts_of_an_account(caller_account()) as held
    left join school on school.id = held.school_id
    left join trust on trust.id = held.trust_id;
end;

-- The caller's own session, as they are shown it.
create function session_of_the_caller() returns jsonb
language sql stable security definer set search_path = public, pg_temp
begin atomic
    select jsonb_strip_nulls(jsonb_build_object(
        'id', id, 'opened_at', instant(opened_at), 'ends_at', instant(ends_at),
        'idle_ends_at', instant(idle_ends_at), 'outstanding', outstanding,
        'stepped_up_until', case when stepped_up_until > rowan_now()
            then instant(stepped_up_until) end))
    from session where id = caller_session();
end;


-- Step-up: a fresh proof of who is there, beside the log-in, for a short time (SEC-06).

-- Whether the caller's session has it now. For policies and functions of all areas; write
-- `(select caller_stepped_up())` in a policy, so that it is asked once.
create function caller_stepped_up() returns boolean
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    return exists (
        select from session
        where session.id = caller_session() and session.stepped_up_until > rowan_now());
end $$;

-- Refuses a transaction without it: RW423.
create function require_step_up() returns void
language plpgsql stable as $$
begin
    if not caller_stepped_up() then
        raise exception 'a fresh proof is needed' using errcode = 'RW423';
    end if;
end $$;

-- What is needed to check the caller's own proof.
create function credentials_of_the_caller(out password_hash text, out email text)
language sql stable security definer set search_path = public, pg_temp
begin atomic
    select account.password_hash, account.email from account where account.id = caller_account();
end;

-- The service says that the proof was right: until when it counts.
create function step_up() returns timestamptz
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    until timestamptz := rowan_now() + (session_length(caller_account())).step_up;
begin
    update session set stepped_up_until = until where session.id = caller_session();
    return until;
end $$;


-- Guessing. What is counted lies here, so that all copies of the service share it and it survives
-- a restart. A subject is a keyed digest, made by the service: of an account's name, known or not,
-- of a network, of both. Nothing here tells what was typed.
create table guess_count (
    kind     text not null,
    subject  bytea not null,
    failures integer not null,
    last_at  timestamptz(3) not null,
    free_at  timestamptz(3) not null,
    primary key (kind, subject),
    constraint guess_kind_is_known check (
        kind in ('name_here', 'name', 'network', 'device', 'code'))
);
create index guess_count_by_age on guess_count (last_at);

-- How long to wait after so many failures: nothing at first, then five seconds, doubled by each
-- until a bound. A name from one network and a code are slowed soon and long; a name from all
-- networks later and less, since whoever signs in from a new place waits for it too; a network
-- late and little, since a whole school may be behind it.
create function guess_delay(of_kind text, failures integer) returns interval
language plpgsql immutable as $$
declare
    free integer := case of_kind
        when 'name' then 20 when 'network' then 100 when 'device' then 10 else 5 end;
    most interval := case of_kind
        when 'name' then '15 minutes' when 'network' then '1 minute'
        when 'device' then '15 minutes' else '1 hour' end;
begin
    return case when failures < free then interval '0'
        else least(interval '5 seconds' * 2 ^ least(failures - free, 20), most) end;
end $$;

-- Counts one more try of these kinds, unless one that is heeded must still wait: then the seconds,
-- and nothing is counted. A day without any forgets. It is counted before it is known whether it
-- fails, so that many at once are no more than many in turn.
create function count_guess(kinds text[], subjects bytea[], heeded text[]) returns integer
language plpgsql as $$
declare
    waits interval;
begin
    -- A row for each first, and each taken in the same order, so that all who try at once queue.
    insert into guess_count (kind, subject, failures, last_at, free_at)
    select kind, subject, 0, rowan_now(), rowan_now()
    from unnest(kinds, subjects) as tried (kind, subject)
    order by kind, subject
    on conflict do nothing;
    perform from guess_count as g
    join unnest(kinds, subjects) as tried (kind, subject) using (kind, subject)
    order by g.kind, g.subject
    for update of g;
    select max(g.free_at) - rowan_now() into waits
    from guess_count as g
    join unnest(kinds, subjects) as tried (kind, subject) using (kind, subject)
    where g.kind = any (heeded) and g.free_at > rowan_now();
    if waits is not null then
        return ceil(extract(epoch from waits));
    end if;
    update guess_count as g
    set failures = now.failures, last_at = rowan_now(),
        free_at = rowan_now() + guess_delay(g.kind, now.failures)
    from (
        select kind, subject,
            case when last_at < rowan_now() - interval '1 day' then 1 else failures + 1 end
                as failures
        from guess_count
        join unnest(kinds, subjects) as tried (kind, subject) using (kind, subject)
    ) as now
    where g.kind = now.kind and g.subject = now.subject;
    delete from guess_count as g using (
        select kind, subject from guess_count
        where last_at < rowan_now() - interval '1 day'
        order by last_at limit 20
        for update skip locked
    ) as old
    where g.kind = old.kind and g.subject = old.subject;
    return 0;
end $$;

-- That a try did not fail after all. What speaks for its owner alone is as new; what others share
-- is as if it had not been made.
create function forgive_guess(kinds text[], subjects bytea[], owned text[]) returns void
language sql security definer set search_path = public, pg_temp
begin atomic
    update guess_count as g
    set failures = case when g.kind = any (owned) then 0 else greatest(g.failures - 1, 0) end,
        free_at = least(g.free_at, g.last_at + guess_delay(
            g.kind,
            case when g.kind = any (owned) then 0 else greatest(g.failures - 1, 0) end))
    from (
        select h.kind, h.subject from guess_count as h
        join unnest(kinds, subjects) as tried (kind, subject)
            on tried.kind = h.kind and tried.subject = h.subject
        order by h.kind, h.subject
        for update of h
    ) as tried
    where g.kind = tried.kind and g.subject = tried.subject;
end;

-- Counts a log-in and finds what its password is checked against. Which counts are heeded depends
-- on what is known of whoever tries: a device that has been signed in with is held to its own
-- count alone; on a network from which the account has been signed in with lately, to what came
-- from there. So nobody elsewhere can shut the owner out, nor, where the device is known, anybody
-- on the same network. An unknown name is counted like a known one. The kinds are given as
-- `name_here`, `name`, `network` and, where there is a device, `device`.
create function try_log_in(
    of_email text, from_network text, by_device bytea, kinds text[], subjects bytea[],
    out account_id uuid, out name text, out password_hash text, out known_by text,
    out waits integer
)
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    select a.id, a.name, a.password_hash
    into try_log_in.account_id, try_log_in.name, try_log_in.password_hash
    from account as a where a.email = lower(of_email) and a.disabled_at is null;
    known_by := case
        when exists (
            select from session as s
            where s.account_id = try_log_in.account_id and s.device_hash = by_device
                and s.opened_at > rowan_now() - interval '90 days'
                and not s.outstanding @> '{code}') then 'device'
        when exists (
            select from session as s
            where s.account_id = try_log_in.account_id and s.network = from_network
                and s.opened_at > rowan_now() - interval '90 days'
                and not s.outstanding @> '{code}') then 'network'
        else 'nothing' end;
    if known_by <> 'device' then
        kinds := kinds[1:3];
    end if;
    waits := count_guess(
        kinds, subjects[1:cardinality(kinds)],
        case known_by when 'device' then array['device'] when 'network' then array['name_here']
            else kinds end);
end $$;

-- The same for a proof by somebody who is signed in: of the account's code, or of its password.
create function try_proof(kinds text[], subjects bytea[]) returns integer
language sql security definer set search_path = public, pg_temp
begin atomic
    select count_guess(kinds, subjects, kinds);
end;


-- What looks like an attack on an account: told once a day at most, to the technicians and the
-- headteachers of each school in which it holds a post (SEC-10).
create table suspected_attack (
    school_id  uuid not null references school,
    id         uuid not null default gen_random_uuid(),
    account_id uuid not null references account,
    reference  text not null,
    noticed_on date not null default london_today(),
    noticed_at timestamptz(3) not null default rowan_now(),
    failures   integer not null,
    last_at    timestamptz(3) not null default rowan_now(),
    primary key (school_id, id),
    constraint attack_is_told_once_a_day unique (school_id, account_id, noticed_on)
);

create view suspected_attack_shown with (security_invoker = true) as
select
    attack.id,
    attack.school_id,
    attack.reference,
    (
        select person.given_name || ' ' || person.family_name from person
        where person.school_id = attack.school_id and person.account_id = attack.account_id
        order by person.created_at
        limit 1
    ) as who,
    attack.noticed_at,
    attack.failures,
    attack.last_at
from suspected_attack as attack;

-- A log-in has failed: from the tenth of a day on, wherever they came from, somebody is told. For
-- an unknown name there is nobody to tell; the question is the same.
create function log_in_has_failed(somebody uuid, of_name bytea) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    so_many integer;
    attacked record;
    seats text := current_setting('rowan.seats', true);
begin
    select failures into so_many from guess_count where kind = 'name' and subject = of_name;
    if coalesce(so_many, 0) < 10 then
        return;
    end if;
    for attacked in
        insert into suspected_attack as known (school_id, account_id, reference, failures)
        select distinct post.school_id, somebody,
            upper(substr(encode(sha256(uuid_send(gen_random_uuid())), 'hex'), 1, 8)), so_many
        from posts_of_an_account(somebody) as post
        where post.school_id is not null
        order by 1
        on conflict on constraint attack_is_told_once_a_day do update
        set failures = known.failures + 1, last_at = rowan_now()
        returning school_id, id, reference, known.xmax = 0 as is_new
    loop
        continue when not attacked.is_new;
        -- As somebody who holds no post in that school, and in no other.
        perform set_config(
            'rowan.seats', jsonb_build_object(attacked.school_id, '[]'::jsonb)::text, true);
        perform send_notice(
            attacked.school_id, told.account_id, told.role, 'attack_suspected', 'urgent',
            attacked.reference, null, rowan_now())
        from (
            select distinct on (seat.account_id) seat.account_id, seat.role from seat
            where seat.school_id = attacked.school_id and seat.from_on <= london_today()
                and (seat.until_on is null or seat.until_on >= london_today())
                and seat.role in ('headteacher', 'technician')
            order by seat.account_id, seat.role
        ) as told;
        insert into event (
            organisation_id, chain, deed, record_kind, record_ids, request_id)
        values (
            attacked.school_id, 'changes', 'attack_suspected', 'suspected_attack',
            array[attacked.id], '');
    end loop;
    perform set_config('rowan.seats', coalesce(seats, ''), true);
end $$;


-- Walls.

create policy signing_in on seat for select to rowan_owner using (true);
create policy signing_in on trust_seat for select to rowan_owner using (true);

alter table suspected_attack enable row level security, force row level security;
create policy telling on suspected_attack to rowan_owner using (true);
create policy of_technician_and_headteacher on suspected_attack for select to rowan_service using (
    ((select caller_seats()) -> school_id::text) ?| array['technician', 'headteacher']
);
create policy maintenance on suspected_attack to rowan_maintenance using (true);

grant select on suspected_attack to rowan_service;
grant select on suspected_attack_shown to rowan_service, rowan_maintenance;
grant select, insert, update on suspected_attack, guess_count to rowan_maintenance;
grant execute on function
    try_log_in(text, text, bytea, text[], bytea[]), forgive_guess(text[], bytea[], text[]),
    try_proof(text[], bytea[]), log_in_has_failed(uuid, bytea),
    open_session(bytea, uuid, uuid, interval, text, bytea),
    sessions_were_used(bytea[], integer[]), sessions_of_the_caller(),
    end_sessions_of_the_caller(uuid, boolean), end_sessions_of_a_person(uuid, uuid),
    posts_of_the_caller(), session_of_the_caller(), caller_stepped_up(),
    require_step_up(), credentials_of_the_caller(), step_up()
to rowan_service;
