-- Who there is: trusts, schools, accounts, persons, seats, sessions; and the caller's context, by
-- which every other table decides what may be seen.

do $$ begin create role rowan_owner nologin; exception when duplicate_object then null; end $$;
do $$ begin create role rowan_service login; exception when duplicate_object then null; end $$;
do $$ begin create role rowan_reader login; exception when duplicate_object then null; end $$;
do $$ begin create role rowan_worker login; exception when duplicate_object then null; end $$;
do $$ begin create role rowan_maintenance login; exception when duplicate_object then null; end $$;

-- PostgreSQL's own log gets nothing of what these roles read and write: neither errors, which quote
-- rows, nor parameters. Only a superuser may say so, or whoever a superuser has granted it; where
-- nobody has, `rowan serve` says what is missing.
do $$
declare
    who text;
    what text;
begin
    foreach who in array array[
        'rowan_service', 'rowan_reader', 'rowan_worker', 'rowan_maintenance'
    ] loop
        foreach what in array array[
            'log_min_messages=fatal', 'log_statement=none', 'log_min_duration_statement=-1',
            'log_parameter_max_length=0'
        ] loop
            continue when exists (
                select from pg_db_role_setting
                where setrole = who::regrole and setdatabase = 0 and what = any (setconfig));
            execute format('alter role %I set %s', who, what);
        end loop;
    end loop;
exception when insufficient_privilege then
    raise warning 'a superuser must keep the database''s log from being told: see Operations';
end $$;

do $$ begin execute format('grant rowan_owner to %I', current_user); end $$;

alter schema public owner to rowan_owner;
revoke create on schema public from public;
grant usage on schema public
to rowan_service, rowan_reader, rowan_worker, rowan_maintenance;
grant select on schema_migration to rowan_service, rowan_worker, rowan_maintenance;

-- The schema that a program must know at least, to run on this database: raised by a migration that
-- an older program would not survive.
create table oldest_program (schema integer not null);
insert into oldest_program values (1);
grant select on oldest_program to rowan_service, rowan_worker, rowan_maintenance;

set local role rowan_owner;

-- The one clock. A test replaces this function in the database that it owns; nothing else may ask
-- for the time.
create function rowan_now() returns timestamptz
language sql stable parallel safe
return date_trunc('milliseconds', transaction_timestamp());

-- Today in England.
create function london_today() returns date
language sql stable parallel safe
return (rowan_now() at time zone 'Europe/London')::date;

-- The moment at which a day begins in England.
create function day_begins_at(day date) returns timestamptz
language sql immutable parallel safe
return day::timestamp at time zone 'Europe/London';

-- The day in England on which something happened.
create function london_day(moment timestamptz) returns date
language sql immutable parallel safe
return (moment at time zone 'Europe/London')::date;

-- Whether what holds from a day to another, or without end, holds today: a post, a membership.
create function holds_today(from_on date, until_on date) returns boolean
language sql stable parallel safe
return from_on <= london_today() and (until_on is null or until_on >= london_today());

-- The same of what may end at a moment of its last day: the post of somebody on supply.
create function holds_now(from_on date, until_on date, ends_at timestamptz) returns boolean
language sql stable parallel safe
return holds_today(from_on, until_on) and (ends_at is null or ends_at > rowan_now());

-- An instant as the contract writes it, for use inside JSON that the database makes.
create function instant(at timestamptz) returns text
language sql stable parallel safe
return to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');


-- The caller's context, set for one transaction by enter(). Unset means nobody.

create function caller_account() returns uuid
language sql stable parallel safe
return nullif(current_setting('rowan.account', true), '')::uuid;

create function caller_session() returns uuid
language sql stable parallel safe
return nullif(current_setting('rowan.session', true), '')::uuid;

-- All posts of the caller, as the context has them: {"<organisation>": ["dsl", "staff"], …,
-- "temporary": {"<school>": ["temporary_staff"], …}}.
create function caller_posts() returns jsonb
language sql stable parallel safe
return nullif(current_setting('rowan.seats', true), '')::jsonb;

-- {"<organisation>": ["dsl", "staff"], …}: pairs, so that a post in one school opens nothing in
-- another. A temporary post is no seat: whatever asks for one, today or one day, is closed to it.
create function caller_seats() returns jsonb
language sql stable parallel safe
return caller_posts() - 'temporary';

-- The temporary posts, in the same form: for the little that names them to be open to them (SEC-08).
create function caller_temporary_seats() returns jsonb
language sql stable parallel safe
return caller_posts() -> 'temporary';

-- Whether the caller works in a school, be it for a day; never null.
create function caller_works_at(of_school uuid) returns boolean
language sql stable parallel safe
return coalesce(caller_seats() ? of_school::text, false)
    or coalesce(caller_temporary_seats() ? of_school::text, false);

-- Whether they work there by a temporary post alone; never null.
create function caller_is_temporary_at(of_school uuid) returns boolean
language sql stable parallel safe
return not coalesce(caller_seats() ? of_school::text, false)
    and coalesce(caller_temporary_seats() ? of_school::text, false);

-- Whether the caller holds one of these posts in an organisation; never null, so that `not` of it
-- refuses whoever has no seat there, or no context.
create function caller_holds(of_organisation uuid, roles text[]) returns boolean
language sql stable parallel safe
return coalesce(caller_seats() -> of_organisation::text ?| roles, false);

-- Refuses whoever holds none: how every function that acts with the owner's rights for those who
-- hold a post asks for it, first. RW404, unless the caller may know what it is.
create function require_seat(of_organisation uuid, roles text[], refusal text default 'RW404')
returns void
language plpgsql stable as $$
begin
    if not caller_holds(of_organisation, roles) then
        raise exception 'the caller holds no such post there' using errcode = refusal;
    end if;
end $$;

-- What acts without an account: the intake key by which somebody reports who has none.
create function caller_client() returns uuid
language sql stable parallel safe
return nullif(current_setting('rowan.client', true), '')::uuid;


-- Organisations.

-- What stands over schools (ORG-01): a trust, a federation or a local authority.
create table trust (
    id         uuid primary key,
    name       text not null,
    kind       text not null default 'trust',
    created_at timestamptz(3) not null default rowan_now(),
    constraint trust_kind_is_known check (kind in ('trust', 'federation', 'local_authority'))
);

create table school (
    id         uuid primary key,
    name       text not null,
    urn        text,
    created_at timestamptz(3) not null default rowan_now(),
    constraint school_urn_has_six_digits check (urn ~ '^[0-9]{6}$')
);

-- From when to when a school belongs to a trust, a federation, a local authority: to one of each
-- kind at a time.
create table membership (
    school_id uuid not null references school,
    trust_id  uuid not null references trust,
    from_on   date not null,
    until_on  date,
    primary key (school_id, trust_id, from_on),
    constraint membership_ends_after_it_begins check (until_on >= from_on)
);
create index membership_of_a_trust on membership (trust_id, school_id);

-- Asked behind the walls, because whoever joins a school to one trust may not see the other; the
-- school's row is the lock.
create function membership_is_one_of_its_kind() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform from school where id = new.school_id for no key update;
    if exists (
        select from membership as other
        join trust on trust.id = other.trust_id
        join trust as joined on joined.id = new.trust_id and joined.kind = trust.kind
        where other.school_id = new.school_id
            and (other.trust_id, other.from_on) is distinct from (new.trust_id, new.from_on)
            and daterange(other.from_on, other.until_on, '[]')
                && daterange(new.from_on, new.until_on, '[]'))
    then
        raise exception 'a school belongs to one of each kind at a time'
            using errcode = '23P01', constraint = 'membership_is_one_of_its_kind';
    end if;
    return null;
end $$;

create trigger membership_is_one_of_its_kind after insert or update on membership
for each row execute function membership_is_one_of_its_kind();


-- An account signs in: one for a human being, wherever they work.

create table account (
    id              uuid primary key,
    name            text not null,
    email           text not null,
    password_hash   text,
    password_set_at timestamptz(3) not null default rowan_now(),
    disabled_at     timestamptz(3),
    created_at      timestamptz(3) not null default rowan_now(),
    constraint account_email_is_lower_case check (email = lower(email)),
    constraint account_email_is_unique unique (email)
);

-- A person belongs to one school and comes from its roster; some have an account.

create table person (
    school_id   uuid not null references school,
    id          uuid not null,
    kind        text not null,
    given_name  text not null,
    family_name text not null,
    year_group  text,
    account_id  uuid references account,
    created_at  timestamptz(3) not null default rowan_now(),
    version     integer not null default 1,
    primary key (school_id, id),
    constraint person_has_one_account unique (school_id, id, account_id),
    constraint person_kind_is_known check (kind in (
        'pupil', 'parent', 'teacher', 'support_staff', 'governor', 'student_teacher', 'peripatetic',
        'supply', 'visitor', 'regular_visitor', 'volunteer', 'parent_helper', 'contractor',
        'community_user', 'outsourced_ict'))
);
create index person_of_an_account on person (account_id, school_id) where account_id is not null;
create index person_by_name on person (school_id, family_name, given_name, id);

-- A seat is a post: who holds which role in which school, from when to when.

create table seat (
    school_id  uuid not null references school,
    id         uuid not null,
    account_id uuid not null references account,
    person_id  uuid not null,
    role       text not null,
    telephone  text,
    from_on    date not null,
    until_on   date,
    -- The moment of its last day at which it is over: of temporary staff, and of nobody else.
    ends_at    timestamptz(3),
    primary key (school_id, id),
    constraint seat_is_held_by_a_person_and_their_account
        foreign key (school_id, person_id, account_id)
        references person (school_id, id, account_id),
    constraint seat_role_is_known check (role in (
        'staff', 'temporary_staff', 'online_safety_coordinator', 'dsl', 'deputy_dsl', 'headteacher',
        'senior_leader', 'office', 'dpo', 'governor', 'link_governor', 'chair_of_governors',
        'technician', 'school_administrator')),
    constraint seat_of_temporary_staff_ends_at_a_moment check (
        (role = 'temporary_staff') = (ends_at is not null)
        and (ends_at is null or until_on is not null)),
    -- One that ends before it begins was never held.
    constraint seat_ends_after_it_begins check (until_on >= from_on - 1)
);
create index seat_of_an_account on seat (account_id);

-- Nobody holds the same post twice at the same time, however it came to be. Asked behind the walls;
-- the school's row is the lock.
create function seat_is_held_once() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform from school where id = new.school_id for no key update;
    if exists (
        select from seat as other
        where other.school_id = new.school_id and other.person_id = new.person_id
            and other.role = new.role and other.id <> new.id
            and daterange(other.from_on, other.until_on + 1)
                && daterange(new.from_on, new.until_on + 1)
            -- What is over may be followed by another on the same day.
            and coalesce(least(other.ends_at, new.ends_at) > rowan_now(), true))
    then
        raise exception 'a post is held once at a time'
            using errcode = '23P01', constraint = 'seat_is_held_once';
    end if;
    return null;
end $$;

create constraint trigger seat_is_held_once after insert or update on seat
for each row execute function seat_is_held_once();
create index seat_by_role on seat (school_id, role);

create table trust_seat (
    trust_id   uuid not null references trust,
    id         uuid not null,
    account_id uuid not null references account,
    role       text not null,
    from_on    date not null,
    until_on   date,
    primary key (trust_id, id),
    constraint trust_seat_role_is_known check (role in ('trust_viewer', 'trust_administrator')),
    constraint trust_seat_ends_after_it_begins check (until_on >= from_on - 1)
);
create index trust_seat_of_an_account on trust_seat (account_id);

-- The posts that are held today, and by whom.
create view post with (security_invoker = true) as
select
    seat.school_id,
    seat.id,
    seat.role,
    person.given_name || ' ' || person.family_name as who,
    seat.telephone,
    seat.from_on,
    seat.until_on,
    seat.ends_at,
    seat.account_id as _account_id
from seat
join person on person.school_id = seat.school_id and person.id = seat.person_id
where holds_now(seat.from_on, seat.until_on, seat.ends_at);

-- The persons of a roster, as staff may know them.
create view person_listed with (security_invoker = true) as
select
    person.id,
    person.school_id,
    person.kind,
    person.given_name,
    person.family_name,
    person.year_group,
    person.account_id as _account_id,
    '"' || person.version || '"' as etag
from person;


-- A session is found by the hash of its token, and by nothing else. It ends at `ends_at`, and
-- before when it was not used until `idle_ends_at`; both move with the school's setting at every
-- use. `outstanding` is what must be done before anything else, the first thing first.
create table session (
    token_hash       bytea primary key,
    id               uuid not null unique,
    account_id       uuid not null references account,
    opened_at        timestamptz(3) not null default rowan_now(),
    ends_at          timestamptz(3) not null,
    ended_at         timestamptz(3),
    used_at          timestamptz(3) not null default rowan_now(),
    idle_ends_at     timestamptz(3),
    network          text,
    device_hash      bytea,
    outstanding      text[] not null default '{}',
    wrong_codes      integer not null default 0,
    stepped_up_until timestamptz(3),
    stepped_up_by    text,
    constraint session_is_stepped_up_by_a_proof check (stepped_up_by in ('password', 'code')),
    constraint session_outstanding_is_known check (
        outstanding <@ array['code', 'password', 'second_factor', 'monitoring_notice'])
) with (fillfactor = 70);
create index session_of_an_account on session (account_id, opened_at);
create index session_of_a_device on session (account_id, device_hash, opened_at);
create index session_of_a_network on session (account_id, network, opened_at);

-- What the account whose context this is holds today. Every request asks: in PL/pgSQL, which keeps
-- its plan, where the body of an SQL function would be planned anew each time; what is the same for
-- all rows is found once, and pairs are made single before they are gathered, with one sort for all.
create function held_seats() returns jsonb
language plpgsql stable as $$
declare
    mine constant uuid := caller_account();
    today constant date := london_today();
    seats jsonb;
    is_temporary boolean;
begin
    select coalesce(jsonb_object_agg(organisation_id, roles), '{}'), bool_or(is_for_a_time)
    into seats, is_temporary
    from (
        select organisation_id, jsonb_agg(role) as roles,
            bool_or(role = 'temporary_staff') as is_for_a_time
        from (
            select school_id as organisation_id, role from seat
            where account_id = mine and from_on <= today
                and (until_on is null or until_on >= today)
                and (ends_at is null or ends_at > rowan_now())
            union
            select trust_id, role from trust_seat
            where account_id = mine and from_on <= today
                and (until_on is null or until_on >= today)
            order by organisation_id, role
        ) as held
        group by organisation_id
    ) as organisations;
    return case when is_temporary then with_temporary_apart(seats) else seats end;
end $$;

-- The seats of somebody, with the temporary ones apart: they open nothing that does not name them.
create function with_temporary_apart(seats jsonb) returns jsonb
language plpgsql immutable as $$
begin
    return (
        select
            coalesce(
                jsonb_object_agg(key, value - 'temporary_staff')
                    filter (where value <> '["temporary_staff"]'),
                '{}')
            || jsonb_build_object(
                'temporary',
                jsonb_object_agg(key, '["temporary_staff"]'::jsonb)
                    filter (where value ? 'temporary_staff'))
        from jsonb_each(seats));
end $$;

-- Who presents this token, with the context entered; nulls when the session has ended. While
-- something is outstanding the seats are none, but for the word for it: so the database opens
-- nothing either, and the moment it is done is a change of seats like any other. Only for the two
-- functions below, which have the owner's rights and the path: each that sets a path costs. The
-- context is set by assignments: PL/pgSQL evaluates those at once, and would run each `perform` as a
-- query.
create function caller_who_presents(
    presented bytea, out account_id uuid, out session_id uuid, out name text, out seats text
) language plpgsql as $$
declare
    known text;
    waits text[];
    is_of_today boolean;
begin
    select s.account_id, s.id, a.name, s.outstanding,
        s.opened_at >= day_begins_at(london_today())
    into caller_who_presents.account_id, caller_who_presents.session_id, caller_who_presents.name,
        waits, is_of_today
    from session as s join account as a on a.id = s.account_id
    where s.token_hash = presented and s.ended_at is null and s.ends_at > rowan_now()
        and (s.idle_ends_at is null or s.idle_ends_at > rowan_now()) and a.disabled_at is null;
    if not is_of_today then
        waits := outstanding_today(presented);
        if waits is null then
            caller_who_presents.account_id := null;
        end if;
    end if;
    if caller_who_presents.account_id is not null then
        known := set_config('rowan.account', caller_who_presents.account_id::text, true);
        known := set_config('rowan.session', caller_who_presents.session_id::text, true);
        caller_who_presents.seats := set_config(
            'rowan.seats',
            case when waits = '{}' then held_seats()
                else jsonb_build_object('outstanding', waits) end::text,
            true);
    end if;
end $$;

-- The same for the service, which remembers it; no row when the session has ended.
create function identify(presented bytea)
returns table (account_id uuid, session_id uuid, name text, seats text)
language sql security definer set search_path = public, pg_temp
begin atomic
    select caller.* from caller_who_presents(presented) as caller
    where caller.account_id is not null;
end;

-- Enters the context for this transaction, exactly as the session and its seats are now: a session
-- that has ended raises RW401, seats that differ from those the service knew raise RW402, so that
-- a revocation acts on the very next request on every copy of the service.
create function enter(presented bytea, known_seats text, request text) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    caller record;
begin
    caller := caller_who_presents(presented);
    if caller.account_id is null then
        raise exception 'session ended' using errcode = 'RW401';
    end if;
    if caller.seats is distinct from known_seats then
        raise exception 'seats changed' using errcode = 'RW402';
    end if;
    request := set_config('rowan.request', request, true);
end $$;

create function end_session(presented bytea) returns void
language sql security definer set search_path = public, pg_temp
begin atomic
    update session set ended_at = rowan_now() where token_hash = presented and ended_at is null;
end;


-- Walls.

alter table trust enable row level security, force row level security;
alter table school enable row level security, force row level security;
alter table membership enable row level security, force row level security;
alter table person enable row level security, force row level security;
alter table seat enable row level security, force row level security;
alter table trust_seat enable row level security, force row level security;

create policy of_the_caller on school using (
    (select caller_seats()) ? id::text
    or exists (
        select from membership
        where membership.school_id = school.id and (select caller_seats()) ? trust_id::text
            and from_on <= (select london_today())
            and (until_on is null or until_on >= (select london_today())))
);
create policy of_the_caller on membership using (
    (select caller_seats()) ? school_id::text or (select caller_seats()) ? trust_id::text
);
create policy of_the_callers_schools on trust using (
    (select caller_seats()) ? id::text
    or exists (select from membership where membership.trust_id = trust.id)
);
create policy asking on school to rowan_owner using (true);
create policy asking on membership for select to rowan_owner using (true);
create policy asking on trust for select to rowan_owner using (true);
create policy of_the_callers_schools on person using (
    (select caller_seats()) ? school_id::text
);
create policy of_the_callers_schools on seat using (
    (select caller_seats()) ? school_id::text or account_id = (select caller_account())
);
create policy of_the_caller on trust_seat using (account_id = (select caller_account()));

create policy maintenance on trust to rowan_maintenance using (true);
create policy maintenance on school to rowan_maintenance using (true);
create policy maintenance on membership to rowan_maintenance using (true);
create policy maintenance on person to rowan_maintenance using (true);
create policy maintenance on seat to rowan_maintenance using (true);
create policy maintenance on trust_seat to rowan_maintenance using (true);

grant select on trust, school, membership, person, seat, trust_seat, post, person_listed to rowan_service;
grant select, insert, update on
    trust, school, membership, account, person, seat, trust_seat, session
to rowan_maintenance;
grant select on post, person_listed to rowan_maintenance;

-- A function is for whom it is granted to. What merely reads the caller's context is for all roles;
-- what acts with the owner's rights is the service's alone.
revoke execute on all functions in schema public from public;
alter default privileges revoke execute on functions from public;
grant execute on function
    rowan_now(), london_today(), holds_today(date, date), instant(timestamptz), caller_account(),
    caller_session(), caller_posts(), caller_seats(), caller_temporary_seats(),
    caller_works_at(uuid), caller_is_temporary_at(uuid), caller_client(), held_seats(), caller_holds(uuid, text[]),
    day_begins_at(date), london_day(timestamptz), holds_now(date, date, timestamptz)
to rowan_service, rowan_reader, rowan_maintenance;
grant execute on function
    identify(bytea), enter(bytea, text, text), end_session(bytea)
to rowan_service;
