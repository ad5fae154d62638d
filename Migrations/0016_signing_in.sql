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
    where seat.account_id = of_account
        and holds_now(seat.from_on, seat.until_on, seat.ends_at)
    union
    select null::uuid, trust_seat.trust_id, trust_seat.role from trust_seat
    where trust_seat.account_id = of_account
        and holds_today(trust_seat.from_on, trust_seat.until_on);
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

-- Whether a post is one that records can be open to.
create function opens_records(role text) returns boolean
language sql immutable
return place_on_the_ladder(role) is not null;

-- How long a session of these lasts without use, and altogether: the least that one of their schools
-- says of all who work there, or, without use, of those who open records and of temporary staff, as
-- they are (S-24). Asked of many at once, each school is asked once.
create function session_lengths(of_accounts uuid[])
returns table (account_id uuid, idle interval, longest interval)
language plpgsql stable as $$
begin
    return query
    with held as materialized (
        select somebody.id, post.school_id, post.role
        from unnest(of_accounts) as somebody (id)
        left join lateral posts_of_an_account(somebody.id) as post on post.school_id is not null
    ), said as materialized (
        -- Of no school, what the product says.
        select school.id as school_id,
            setting_now(school.id, 'idle_minutes')::integer as everybody,
            setting_now(school.id, 'idle_minutes_record_readers')::integer as record_readers,
            setting_now(school.id, 'idle_minutes_temporary_staff')::integer as temporary_staff,
            setting_now(school.id, 'session_hours')::integer as hours
        from (select distinct held.school_id from held) as school (id)
    )
    select held.id,
        make_interval(mins => least(
            min(said.everybody),
            min(said.record_readers) filter (where opens_records(held.role)),
            min(said.temporary_staff) filter (where held.role = 'temporary_staff'))),
        make_interval(hours => min(said.hours))
    from held join said on said.school_id is not distinct from held.school_id
    group by held.id;
end $$;

-- What a session must do first. One that was begun before today asks anew: of what begins by its day,
-- a post or a planned setting, nobody tells it. Null where it is over by what holds today.
create function outstanding_today(presented bytea) returns text[]
language plpgsql stable as $$
declare
    midnight constant timestamptz := day_begins_at(london_today());
    known session;
    length record;
begin
    select * into strict known from session where token_hash = presented;
    if known.opened_at >= midnight then
        return known.outstanding;
    end if;
    if known.used_at < midnight and known.idle_ends_at is not null then
        select * into length from session_lengths(array[known.account_id]);
        if least(known.used_at + length.idle, known.opened_at + length.longest) <= rowan_now() then
            return null;
        end if;
    end if;
    return (
        select in_order(known.outstanding || array_remove(outstanding_of(account), 'code'))
        from account where account.id = known.account_id);
end $$;

-- That these sessions were used, so many milliseconds ago. Beside the requests themselves, so that
-- none waits for another of the same session; one that somebody has in hand just now is passed
-- over. That a session was used may be lost with the machine: it then ends earlier.
create function sessions_were_used(presented bytea[], ages integer[]) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform set_config('synchronous_commit', 'off', true);
    with used as materialized (
        select known.token_hash, known.account_id, rowan_now() - age * interval '1 millisecond' as at
        from unnest(presented, ages) as sent (hash, age)
        join session as known on known.token_hash = sent.hash
        where known.ended_at is null and known.idle_ends_at is not null
        for update of known skip locked
    )
    update session
    set used_at = greatest(session.used_at, used.at),
        idle_ends_at = used.at + length.idle,
        ends_at = least(session.ends_at, session.opened_at + length.longest)
    from used
    join session_lengths(array(select distinct used.account_id from used)) as length
        on length.account_id = used.account_id
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
    known account;
begin
    select * into strict known from account where account.id = of_account;
    select * into length from session_lengths(array[of_account]);
    -- One log-in after the other, so that their sessions are counted one by one.
    perform from account where account.id = of_account for no key update;
    open_session.name := known.name;
    open_session.outstanding := outstanding_of(known);
    insert into session (
        token_hash, id, account_id, ends_at, idle_ends_at, network, device_hash, outstanding)
    values (
        presented, session_id, of_account, rowan_now() + least(lasts, length.longest),
        rowan_now() + length.idle, from_network, by_device, open_session.outstanding)
    returning session.ends_at, session.idle_ends_at
    into open_session.ends_at, open_session.idle_ends_at;
    perform make_room_for_session(session_id);
end $$;

-- Of an account fifty sessions live at most: for one more those end that were not used for longest,
-- on record. Those that wait for their code make room for one another alone, ten of them: so whoever
-- has the password and nothing else ends none of the owner's.
create function make_room_for_session(newest uuid) returns void
language plpgsql as $$
declare
    new session;
    waits boolean;
    too_many bigint;
begin
    select * into new from session where id = newest;
    waits := new.outstanding @> '{code}';
    select count(*) - case when waits then 10 else 50 end into too_many
    from session
    where account_id = new.account_id and ended_at is null and ends_at > rowan_now()
        and (idle_ends_at is null or idle_ends_at > rowan_now())
        and outstanding @> '{code}' = waits;
    if too_many <= 0 then
        return;
    end if;
    with ended as (
        update session set ended_at = rowan_now()
        from (
            select token_hash from session
            where account_id = new.account_id and ended_at is null and ends_at > rowan_now()
                and (idle_ends_at is null or idle_ends_at > rowan_now())
                and outstanding @> '{code}' = waits and id <> newest
            order by used_at, id
            limit too_many
            for update skip locked
        ) as idle
        where session.token_hash = idle.token_hash
        returning session.id
    )
    insert into event (
        organisation_id, chain, account_id, deed, record_kind, record_ids, request_id)
    select service_organisation(), 'changes', new.account_id, 'session_made_room', 'session',
        array[ended.id], ''
    from ended;
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
    perform require_seat(of_school, array['headteacher', 'school_administrator']);
    update session set ended_at = rowan_now()
    from person
    where person.school_id = of_school and person.id = of_person
        and session.account_id = person.account_id and session.ended_at is null;
end $$;

-- Whether the caller has shown no more than the password of an account that has a second factor:
-- then it is not known yet who this is, and nothing is told but the name.
create function caller_owes_a_code() returns boolean
language sql stable parallel safe
return coalesce(caller_seats() -> 'outstanding' ? 'code', false);

-- The posts that the caller holds today, with the names of where: also while something else is
-- outstanding, and nothing is open.
create function posts_of_the_caller() returns jsonb
language sql stable security definer set search_path = public, pg_temp
begin atomic
    select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
        'organisation_id', coalesce(held.school_id, held.trust_id),
        'organisation', coalesce(school.name, trust.name),
        'role', held.role, 'person_id', seat.person_id,
        'until_on', coalesce(seat.until_on, trust_seat.until_on),
        'ends_at', instant(seat.ends_at)))), '[]')
    from posts_of_an_account(caller_account()) as held
    left join school on school.id = held.school_id
    left join trust on trust.id = held.trust_id
    left join lateral (
        select * from seat
        where seat.school_id = held.school_id and seat.account_id = caller_account()
            and seat.role = held.role and holds_now(seat.from_on, seat.until_on, seat.ends_at)
        order by seat.until_on desc nulls first limit 1
    ) as seat on true
    left join lateral (
        select * from trust_seat
        where trust_seat.trust_id = held.trust_id and trust_seat.account_id = caller_account()
            and trust_seat.role = held.role
            and holds_today(trust_seat.from_on, trust_seat.until_on)
        order by trust_seat.until_on desc nulls first limit 1
    ) as trust_seat on true
    having not caller_owes_a_code();
end;

-- The caller's own session, as they are shown it.
create function session_of_the_caller() returns jsonb
language sql stable security definer set search_path = public, pg_temp
begin atomic
    select jsonb_strip_nulls(jsonb_build_object(
        'id', id, 'opened_at', instant(opened_at), 'ends_at', instant(ends_at),
        'idle_ends_at', instant(idle_ends_at),
        'outstanding', outstanding_today(token_hash),
        'stepped_up_until', case when stepped_up_until > rowan_now()
            then instant(stepped_up_until) end))
    from session where id = caller_session();
end;


-- Step-up: a fresh proof of who is there, beside the log-in, for a short time (SEC-06).

-- Whether the caller's session has it now. Where a second factor is set up only its code, or a
-- recovery code, is one: a password that was stolen must open no more than it must. For policies and functions of all areas; write
-- `(select caller_stepped_up())` in a policy, so that it is asked once.
create function caller_stepped_up() returns boolean
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    return exists (
        select from session
        where session.id = caller_session() and session.stepped_up_until > rowan_now()
            and (session.stepped_up_by = 'code' or not has_second_factor(session.account_id)));
end $$;

-- Refuses a transaction without it: RW423.
create function require_step_up() returns void
language plpgsql stable as $$
begin
    if not caller_stepped_up() then
        raise exception 'a fresh proof is needed' using errcode = 'RW423';
    end if;
end $$;

-- The service says that such a proof was right: until when it counts.
create function step_up(by_proof text) returns timestamptz
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    until constant timestamptz := rowan_now() + make_interval(
        mins => setting_of_an_account(caller_account(), 'step_up_minutes')::integer);
begin
    update session set stepped_up_until = until, stepped_up_by = by_proof
    where session.id = caller_session();
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
        kind in (
            'name_here', 'name', 'network', 'device', 'code', 'recovery_network', 'recovery'))
);
create index guess_count_by_age on guess_count (last_at);

-- How long to wait after so many failures: nothing at first, then five seconds, doubled by each
-- until a bound. A name from one network and a code are slowed soon and long; a name from all
-- networks later and less, since whoever signs in from a new place waits for it too; a network
-- late and little, since a whole school may be behind it, and so where links are asked for or used.
-- A recovery is asked for once in ten minutes, however often.
create function guess_delay(of_kind text, failures integer) returns interval
language plpgsql immutable as $$
declare
    free integer := case of_kind
        when 'name' then 20 when 'network' then 100 when 'device' then 10
        when 'recovery_network' then 20 else 5 end;
    most interval := case of_kind
        when 'name' then '15 minutes' when 'network' then '1 minute'
        when 'device' then '15 minutes' when 'recovery_network' then '1 minute'
        else '1 hour' end;
begin
    return case when of_kind = 'recovery' then '10 minutes'
        when failures < free then interval '0'
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

-- With what the proofs of a session that waits for its code are counted beside its own: those from
-- the same device where that has been signed in with, and else all that come for the account from
-- where it is. So nobody beside the owner keeps their device waiting.
create function counted_with(waiting session, of_place bytea) returns bytea
language plpgsql stable as $$
begin
    return case
        when exists (
            select from session as s
            where s.account_id = waiting.account_id and s.device_hash = waiting.device_hash
                and s.opened_at > rowan_now() - interval '90 days'
                and not s.outstanding @> '{code}')
            then sha256(waiting.device_hash)
        else of_place
    end;
end $$;

-- The same for a proof by the caller, who has a session already: of the account's code, or of its
-- password. It is counted in that session, which the fifth wrong one ends, and no other session of
-- the owner's waits for it. Only a log-in that waits for its code is counted with others besides,
-- since whoever has the password can begin as many as they like.
create function try_proof(of_place bytea) returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    mine session;
    waits integer := 0;
begin
    select * into mine from session where id = caller_session() for update;
    if mine.id is null or mine.wrong_codes >= 5 then
        return 1;
    end if;
    if mine.outstanding @> '{code}' then
        waits := count_guess(array['code'], array[counted_with(mine, of_place)], array['code']);
    end if;
    if waits = 0 then
        update session set wrong_codes = wrong_codes + 1 where id = mine.id;
    end if;
    return waits;
end $$;

-- What became of a proof that was counted: it was `right`, or `wrong`, or `untold`, because nobody
-- could look.
create function proof_was(outcome text, of_place bytea) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    mine session;
begin
    select * into mine from session where id = caller_session() for update;
    if outcome = 'wrong' then
        update session set ended_at = rowan_now()
        where id = mine.id and wrong_codes >= 5 and ended_at is null;
        return;
    end if;
    update session
    set wrong_codes = case outcome when 'right' then 0 else greatest(wrong_codes - 1, 0) end
    where id = mine.id;
    if mine.outstanding @> '{code}' then
        perform forgive_guess(
            array['code'], array[counted_with(mine, of_place)],
            case outcome when 'right' then array['code'] else '{}' end);
    end if;
end $$;


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
            where seat.school_id = attacked.school_id and holds_today(seat.from_on, seat.until_on)
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


-- Passwords. What a school asks of them, and until when the caller's is good (S-20, S-21): one with
-- a second factor may be of twelve characters.
create function password_of_the_caller(
    out password_hash text, out email text, out name text, out schools text[], out length integer,
    out is_mixed boolean, out set_at timestamptz, out expires_at timestamptz
)
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
    mine constant uuid := caller_account();
begin
    select account.password_hash, account.email, account.name, account.password_set_at,
        password_expires_at(account)
    into password_hash, email, password_of_the_caller.name, set_at, expires_at
    from account where account.id = mine;
    schools := array(
        select distinct school.name
        from posts_of_an_account(mine) as post join school on school.id = post.school_id);
    is_mixed := setting_of_an_account(mine, 'password_composition')::boolean;
    length := case when has_second_factor(mine) then 12
        else setting_of_an_account(mine, 'password_length')::integer end;
end $$;

-- When a password must be changed; null for never.
create function password_expires_at(of_account account) returns timestamptz
language plpgsql stable as $$
begin
    return of_account.password_set_at + nullif(
        setting_of_an_account(of_account.id, 'password_days')::integer, 0) * interval '1 day';
end $$;

-- The caller's new password. All their other sessions end.
create function change_password(to_hash text) returns void
language sql security definer set search_path = public, pg_temp
begin atomic
    update account set password_hash = to_hash, password_set_at = rowan_now()
    where id = caller_account();
    update session set ended_at = rowan_now()
    where account_id = caller_account() and id <> caller_session() and ended_at is null;
    update session set outstanding = array_remove(outstanding, 'password')
    where id = caller_session();
end;


-- The second factor: a secret for codes by the time (RFC 6238), sealed by the service with a key
-- that the database does not have, and codes for when the device is lost, of which only the hashes
-- are here. `begun` is a secret whose first code has not come yet: only the session that began it can
-- confirm it, within the hour. Each code counts once, because the step of the last one is kept.
create table second_factor (
    account_id uuid primary key references account,
    sealed     bytea,
    set_up_at  timestamptz(3),
    last_step  bigint,
    begun      bytea,
    begun_at   timestamptz(3),
    begun_in   uuid,
    constraint second_factor_is_set_up_at_some_time check ((sealed is null) = (set_up_at is null))
);

create table recovery_code (
    account_id uuid not null references account,
    code_hash  bytea not null,
    made_at    timestamptz(3) not null default rowan_now(),
    used_at    timestamptz(3),
    primary key (account_id, code_hash)
);

create function has_second_factor(of_account uuid) returns boolean
language plpgsql stable as $$
begin
    return exists (
        select from second_factor where account_id = of_account and sealed is not null);
end $$;

-- Whom of these a school asks for one (S-22); each school is asked once.
create function asked_for_second_factor(of_accounts uuid[]) returns setof uuid
language plpgsql stable as $$
begin
    return query
    with held as materialized (
        select somebody.id, post.school_id, post.role
        from unnest(of_accounts) as somebody (id)
        cross join lateral posts_of_an_account(somebody.id) as post
    ), said as materialized (
        select school.id as school_id, setting_now(school.id, 'second_factor') #>> '{}' as of_whom
        from (select distinct held.school_id from held) as school (id)
    )
    select held.id
    from held join said on said.school_id = held.school_id
    group by held.id
    having bool_or(said.of_whom = 'everybody')
        or bool_or(said.of_whom = 'record_readers') and bool_or(opens_records(held.role));
end $$;

create function needs_second_factor(of_account uuid) returns boolean
language plpgsql stable as $$
begin
    return exists (select from asked_for_second_factor(array[of_account]));
end $$;

-- What the service needs to check the caller's code: the secrets, and the time.
create function second_factor_of_the_caller(
    out sealed bytea, out begun bytea, out email text, out seconds bigint, out is_needed boolean
)
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    select factor.sealed,
        case when factor.begun_in = caller_session()
            and factor.begun_at > rowan_now() - interval '1 hour' then factor.begun end,
        account.email
    into second_factor_of_the_caller.sealed, second_factor_of_the_caller.begun,
        second_factor_of_the_caller.email
    from account left join second_factor as factor on factor.account_id = account.id
    where account.id = caller_account();
    seconds := floor(extract(epoch from rowan_now()));
    is_needed := needs_second_factor(caller_account());
end $$;

create function begin_second_factor(with_secret bytea) returns void
language sql security definer set search_path = public, pg_temp
begin atomic
    insert into second_factor (account_id, begun, begun_at, begun_in)
    values (caller_account(), with_secret, rowan_now(), caller_session())
    on conflict (account_id) do update
    set begun = excluded.begun, begun_at = excluded.begun_at, begun_in = excluded.begun_in;
end;

-- The caller signs in by something else from now on: their other sessions, which know nothing of
-- it, end; and the owner is told, in a school where they hold a post, in case it was not they.
create function second_factor_has_changed() returns void
language plpgsql as $$
declare
    mine constant uuid := caller_account();
begin
    update session set ended_at = rowan_now()
    where account_id = mine and id <> caller_session() and ended_at is null;
    perform send_notice(
        post.school_id, mine, post.role, 'second_factor_changed', 'urgent',
        upper(substr(encode(sha256(uuid_send(gen_random_uuid())), 'hex'), 1, 8)), null, rowan_now())
    from (
        select held.school_id, held.role from posts_of_an_account(mine) as held
        where held.school_id is not null
        order by held.school_id, held.role
        limit 1
    ) as post;
end $$;

create function replace_recovery_codes(code_hashes bytea[]) returns void
language sql security definer set search_path = public, pg_temp
begin atomic
    delete from recovery_code where account_id = caller_account();
    insert into recovery_code (account_id, code_hash)
    select caller_account(), hash from unnest(code_hashes) as hash;
    select second_factor_has_changed();
end;

-- The first code of what was begun has come: it is the second factor now, with these recovery
-- codes; `false` where it is not what is begun any more, as when two confirm it at once.
create function set_up_second_factor(confirmed bytea, at_step bigint, code_hashes bytea[])
returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    update second_factor
    set sealed = begun, set_up_at = rowan_now(), last_step = at_step, begun = null,
        begun_at = null, begun_in = null
    where account_id = caller_account() and begun = confirmed and begun_in = caller_session();
    if not found then
        return false;
    end if;
    perform replace_recovery_codes(code_hashes);
    update session
    set outstanding = array_remove(outstanding, 'second_factor'),
        -- Beside the fresh proof with which it was begun, the device is here.
        stepped_up_by = case when stepped_up_by is not null then 'code' end
    where id = caller_session();
    return true;
end $$;

create function remove_second_factor() returns void
language sql security definer set search_path = public, pg_temp
begin atomic
    delete from recovery_code where account_id = caller_account();
    delete from second_factor where account_id = caller_account();
    select second_factor_has_changed();
end;

-- Takes a code of this step, once: false where it, or a later one, has been taken already. It is of
-- the caller, or of whoever opened such a link, whose account it is already.
create function take_code(at_step bigint, sealed_anew bytea, by_link bytea) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    update second_factor
    set last_step = at_step, sealed = coalesce(sealed_anew, sealed)
    where account_id = coalesce(caller_account(), account_of_link(by_link)) and sealed is not null
        and (last_step is null or last_step < at_step);
    return found;
end $$;

-- Takes a recovery code, once.
create function take_recovery_code(of_hash bytea, by_link bytea) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    update recovery_code set used_at = rowan_now()
    where account_id = coalesce(caller_account(), account_of_link(by_link))
        and code_hash = of_hash and used_at is null;
    return found;
end $$;

-- The session that waited for a code was given a right one.
create function code_was_given() returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform from account where id = caller_account() for no key update;
    update session set outstanding = array_remove(outstanding, 'code')
    where id = caller_session();
    perform make_room_for_session(caller_session());
end $$;


-- The monitoring notice (SEC-12): that use is monitored, logged and traceable. A school publishes
-- its text in versions; everybody who holds a post there acknowledges each once, before anything
-- else. A school that has published none asks nothing.
create table monitoring_notice (
    school_id    uuid not null references school,
    version      integer not null,
    words        text not null,
    published_by uuid not null references account,
    published_at timestamptz(3) not null default rowan_now(),
    constraint monitoring_notice_is_published_once_at_a_time primary key (school_id, version)
);

create table monitoring_acknowledgement (
    school_id       uuid not null,
    version         integer not null,
    account_id      uuid not null references account,
    acknowledged_at timestamptz(3) not null default rowan_now(),
    primary key (school_id, version, account_id),
    foreign key (school_id, version) references monitoring_notice
);
create index monitoring_acknowledgement_of_an_account on monitoring_acknowledgement (account_id);

-- The notices in force for somebody, and when they acknowledged each.
create function notices_of_an_account(of_account uuid)
returns table (
    school_id uuid, version integer, words text, published_at timestamptz,
    acknowledged_at timestamptz
)
language plpgsql stable as $$
begin
    return query
    select distinct on (notice.school_id)
        notice.school_id, notice.version, notice.words, notice.published_at, known.acknowledged_at
    from posts_of_an_account(of_account) as post
    join monitoring_notice as notice on notice.school_id = post.school_id
    left join monitoring_acknowledgement as known
        on known.school_id = notice.school_id and known.version = notice.version
        and known.account_id = of_account
    order by notice.school_id, notice.version desc;
end $$;

create function monitoring_notices_of_the_caller()
returns table (
    school_id uuid, school text, version integer, words text, published_at timestamptz,
    acknowledged_at timestamptz
)
language sql stable security definer set search_path = public, pg_temp
begin atomic
    select notice.school_id, school.name, notice.version, notice.words, notice.published_at,
        notice.acknowledged_at
    from notices_of_an_account(caller_account()) as notice
    join school on school.id = notice.school_id
    where not caller_owes_a_code()
    order by school.name, school.id;
end;

-- Publishes the next version, which all who hold a post there must acknowledge from now on.
create function publish_monitoring_notice(of_school uuid, said text) returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    newest integer;
begin
    perform require_seat(of_school, array['headteacher']);
    perform from school where id = of_school for no key update;
    select coalesce(max(version), 0) + 1 into newest from monitoring_notice
    where school_id = of_school;
    insert into monitoring_notice (school_id, version, words, published_by)
    values (of_school, newest, said, caller_account());
    update session set outstanding = outstanding || '{monitoring_notice}'
    where ended_at is null and ends_at > rowan_now() and not outstanding @> '{monitoring_notice}'
        and account_id in (
            select seat.account_id from seat
            where seat.school_id = of_school
                and holds_now(seat.from_on, seat.until_on, seat.ends_at));
    return newest;
end $$;

-- The caller has read the notice of a school: `false` where this version is not the one in force.
create function acknowledge_monitoring_notice(of_school uuid, of_version integer) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if not exists (
        select from notices_of_an_account(caller_account()) as notice
        where notice.school_id = of_school and notice.version = of_version)
    then
        return false;
    end if;
    insert into monitoring_acknowledgement (school_id, version, account_id)
    values (of_school, of_version, caller_account())
    on conflict do nothing;
    if not exists (
        select from notices_of_an_account(caller_account()) as notice
        where notice.acknowledged_at is null)
    then
        update session set outstanding = array_remove(outstanding, 'monitoring_notice')
        where account_id = caller_account() and ended_at is null
            and outstanding @> '{monitoring_notice}';
    end if;
    return true;
end $$;

-- What a session of somebody must do first, from its beginning.
create function outstanding_of(somebody account) returns text[]
language plpgsql stable as $$
begin
    return array_remove(
        array[
            case when has_second_factor(somebody.id) then 'code' end,
            case when password_expires_at(somebody) <= rowan_now() then 'password' end,
            case when needs_second_factor(somebody.id) and not has_second_factor(somebody.id)
                then 'second_factor' end,
            case when exists (
                    select from notices_of_an_account(somebody.id) as notice
                    where notice.acknowledged_at is null)
                then 'monitoring_notice' end
        ],
        null);
end $$;

-- These things to do, and what is due besides, the first thing first.
create function in_order(outstanding text[]) returns text[]
language sql immutable
return array(
    select word.text
    from unnest(array['code', 'password', 'second_factor', 'monitoring_notice'])
        with ordinality as word (text, place)
    where word.text = any (outstanding)
    order by word.place);

-- What a new post or a new setting asks of whoever is signed in already: it is the first thing that
-- their sessions have to do from now on (SEC-04, SEC-12).
create function sessions_ask_anew(of_accounts uuid[]) returns void
language plpgsql as $$
begin
    update session
    set outstanding = in_order(session.outstanding || due.words)
    from account
    cross join lateral (
        select array_remove(outstanding_of(account), 'code') as words
    ) as due
    where account.id = any (of_accounts) and session.account_id = account.id
        and session.ended_at is null and session.ends_at > rowan_now()
        and (session.idle_ends_at is null or session.idle_ends_at > rowan_now())
        and not session.outstanding @> due.words;
end $$;

-- The same of a setting that asks for a second factor.
create function sessions_ask_for_second_factor(of_accounts uuid[]) returns void
language plpgsql as $$
begin
    update session
    set outstanding = in_order(session.outstanding || '{second_factor}')
    from asked_for_second_factor(of_accounts) as asked (id)
    where session.account_id = asked.id and not has_second_factor(asked.id)
        and session.ended_at is null and session.ends_at > rowan_now()
        and (session.idle_ends_at is null or session.idle_ends_at > rowan_now())
        and not session.outstanding @> '{second_factor}';
end $$;

-- How long it lets their sessions last, from their beginning and their last use: as if it had held
-- then (SEC-05).
create function sessions_last_anew(of_accounts uuid[]) returns void
language plpgsql as $$
begin
    update session
    set idle_ends_at = session.used_at + length.idle,
        ends_at = least(session.ends_at, session.opened_at + length.longest)
    from session_lengths(of_accounts) as length
    where session.account_id = length.account_id and session.ended_at is null
        and session.ends_at > rowan_now() and session.idle_ends_at > rowan_now()
        and (session.idle_ends_at <> session.used_at + length.idle
            or session.ends_at > session.opened_at + length.longest);
end $$;

create function a_post_counts_at_once() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform sessions_ask_anew(array[new.account_id]);
    perform sessions_last_anew(array[new.account_id]);
    return null;
end $$;
create trigger a_post_counts_at_once after insert or update on seat
for each row when (new.account_id is not null and new.from_on <= london_today())
execute function a_post_counts_at_once();

-- What a setting of signing in means for those of these accounts who are signed in.
create function setting_counts_at_once(named text, of_accounts uuid[]) returns void
language plpgsql as $$
begin
    if named = 'second_factor' then
        perform sessions_ask_for_second_factor(of_accounts);
    elsif named in (
        'idle_minutes', 'idle_minutes_record_readers', 'idle_minutes_temporary_staff',
        'session_hours')
    then
        perform sessions_last_anew(of_accounts);
    end if;
end $$;

create function a_setting_counts_at_once() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform setting_counts_at_once(
        new.name,
        array(select distinct _account_id from post where post.school_id = new.school_id));
    return null;
end $$;
create trigger a_setting_counts_at_once after insert or update on setting
for each row when (new.effective_on <= london_today())
execute function a_setting_counts_at_once();

create function a_setting_of_a_trust_counts_at_once() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform setting_counts_at_once(
        new.name,
        array(
            select distinct post._account_id from post
            join membership on membership.school_id = post.school_id
            where membership.trust_id = new.trust_id
                and holds_today(membership.from_on, membership.until_on)));
    return null;
end $$;
create trigger a_setting_of_a_trust_counts_at_once after insert or update on trust_setting
for each row when (new.effective_on <= london_today())
execute function a_setting_of_a_trust_counts_at_once();

-- How the caller signs in, as they are shown it once they have.
create function sign_in_of_the_caller(out password jsonb, out second_factor jsonb)
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
    mine constant uuid := caller_account();
    known account;
begin
    if caller_owes_a_code() then
        return;
    end if;
    select * into known from account where id = mine;
    password := jsonb_strip_nulls(jsonb_build_object(
        'set_at', instant(known.password_set_at),
        'expires_at', instant(password_expires_at(known)),
        'expires_soon', coalesce(
            password_expires_at(known) <= rowan_now() + interval '14 days', false)));
    second_factor := jsonb_build_object(
        'is_set_up', has_second_factor(mine),
        'is_needed', needs_second_factor(mine),
        'recovery_codes_left', (
            select count(*) from recovery_code where account_id = mine and used_at is null));
end $$;


-- Walls.

create policy signing_in on seat for select to rowan_owner using (true);
create policy signing_in on trust_seat for select to rowan_owner using (true);

alter table monitoring_notice enable row level security, force row level security;
alter table monitoring_acknowledgement enable row level security, force row level security;
create policy acknowledging on monitoring_notice to rowan_owner using (true);
create policy acknowledging on monitoring_acknowledgement to rowan_owner using (true);
create policy of_the_callers_schools on monitoring_notice for select to rowan_service using (
    (select caller_seats()) ? school_id::text
);
create policy maintenance on monitoring_notice to rowan_maintenance using (true);
create policy maintenance on monitoring_acknowledgement to rowan_maintenance using (true);

alter table suspected_attack enable row level security, force row level security;
create policy telling on suspected_attack to rowan_owner using (true);
create policy of_technician_and_headteacher on suspected_attack for select to rowan_service using (
    ((select caller_seats()) -> school_id::text) ?| array['technician', 'headteacher']
);
create policy maintenance on suspected_attack to rowan_maintenance using (true);

grant select on suspected_attack, monitoring_notice to rowan_service;
grant select on suspected_attack_shown to rowan_service, rowan_maintenance;
grant select, insert, update on
    suspected_attack, guess_count, second_factor, recovery_code, monitoring_notice,
    monitoring_acknowledgement
to rowan_maintenance;
grant execute on function
    try_log_in(text, text, bytea, text[], bytea[]), forgive_guess(text[], bytea[], text[]),
    try_proof(bytea), proof_was(text, bytea), log_in_has_failed(uuid, bytea),
    open_session(bytea, uuid, uuid, interval, text, bytea),
    sessions_were_used(bytea[], integer[]), sessions_of_the_caller(),
    end_sessions_of_the_caller(uuid, boolean), end_sessions_of_a_person(uuid, uuid),
    posts_of_the_caller(), session_of_the_caller(), caller_owes_a_code(), caller_stepped_up(),
    require_step_up(), step_up(text), password_of_the_caller(), change_password(text),
    second_factor_of_the_caller(), begin_second_factor(bytea),
    set_up_second_factor(bytea, bigint, bytea[]), replace_recovery_codes(bytea[]),
    remove_second_factor(), take_code(bigint, bytea, bytea),
    take_recovery_code(bytea, bytea), code_was_given(), monitoring_notices_of_the_caller(),
    publish_monitoring_notice(uuid, text), acknowledge_monitoring_notice(uuid, integer),
    sign_in_of_the_caller()
to rowan_service;
