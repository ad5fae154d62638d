-- Intake: reports by people who have no account, with a key that the school gives out (USR-13).
--
-- Whoever presents a live key may do one thing, in one school: report. The context that this enters
-- has neither account nor seats, so that row-level security shows it nothing at all.

set local role rowan_owner;

-- Whether a report by intake may be without a name (INC-16, S-61), and be one of temporary staff, as
-- by a guest's log-in (USR-10, S-27).
insert into setting_default (name, value, stronger) values
    ('anonymous_reports', 'false', 'true'),
    ('guest_log_in', 'false', 'false');

-- A key is found by the hash of its secret; a school may have several, one for each place that it
-- gives them to, and revokes one when it likes.
create table intake_key (
    school_id    uuid not null references school,
    id           uuid not null,
    label        text not null,
    secret_hash  bytea not null,
    made_by      uuid not null references account default caller_account(),
    made_at      timestamptz(3) not null default rowan_now(),
    last_used_at timestamptz(3),
    revoked_by   uuid references account,
    revoked_at   timestamptz(3),
    primary key (school_id, id),
    constraint intake_key_is_revoked_by_somebody check (
        (revoked_at is null) = (revoked_by is null))
);
create index intake_key_by_its_secret on intake_key (secret_hash);

create view intake_key_shown with (security_invoker = true) as
select
    key.id, key.school_id, key.label, key.made_at, key.last_used_at, key.revoked_at
from intake_key as key;

-- Takes a school of the caller's in hand for the rest of a transaction: whoever counts what it has,
-- and adds to it, does so one after the other.
create function hold_school(of_school uuid) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform from school where id = of_school and caller_seats() ? of_school::text
    for no key update;
end $$;

-- What a live key stands for; no row for any other.
create function identify_intake(presented bytea)
returns table (id uuid, school_id uuid, takes_anonymous boolean, takes_guests boolean)
language sql stable security definer set search_path = public, pg_temp
begin atomic
    select key.id, key.school_id, setting_now(key.school_id, 'anonymous_reports')::boolean,
        setting_now(key.school_id, 'guest_log_in')::boolean
    from intake_key as key
    where key.secret_hash = presented and key.revoked_at is null;
end;

-- Enters the context of a key for this transaction: RW401 when it is not live.
create function enter_intake(presented bytea, request text) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    known record;
begin
    select * into known from identify_intake(presented);
    if known.id is null then
        raise exception 'no live intake key' using errcode = 'RW401';
    end if;
    perform set_config('rowan.client', known.id::text, true),
        set_config('rowan.intake', known.school_id::text, true),
        set_config('rowan.request', request, true);
end $$;

-- The school to which the key of this context belongs; RW403 in any other context.
create function intake_school() returns uuid
language plpgsql stable as $$
declare
    of_school uuid := nullif(current_setting('rowan.intake', true), '')::uuid;
begin
    if of_school is null or caller_client() is null or caller_account() is not null then
        raise exception 'not by an intake key' using errcode = 'RW403';
    end if;
    return of_school;
end $$;

-- Files a report that came by intake, exactly as one of staff is filed, and tells its author nothing
-- of what it did: neither who was told nor whether anybody was, nor whose name it found; only which
-- of its days have not come yet.
create function file_intake_report(told report, named text, how_urgent text)
returns table (pointer text, code text, detail text)
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    told.school_id := intake_school();
    told.channel := 'intake';
    told.reported_at := null;
    update intake_key set last_used_at = rowan_now()
    where school_id = told.school_id and id = caller_client();
    -- As somebody who holds no post in that school, and in no other.
    perform set_config('rowan.seats', jsonb_build_object(told.school_id, '[]'::jsonb)::text, true);
    perform file_report(told, named, how_urgent);
    perform set_config('rowan.seats', '', true);
    told.people := '[]';
    told.set_aside := '[]';
    told := report_taken(told);
    return query
    select aside.pointer, aside.code, aside.detail
    from jsonb_to_recordset(told.set_aside) as aside (pointer text, code text, detail text);
end $$;


-- An answer that intake gave once, as for accounts (`idempotency`). Many people share a key, and no
-- report bounces because somebody else chose the same name for theirs: an answer is found by a
-- digest of that name and of the whole request, and by nothing less.
create table intake_answer (
    school_id     uuid not null,
    intake_key_id uuid not null,
    digest        bytea not null,
    status        integer,
    headers       text,
    body          bytea,
    created_at    timestamptz(3) not null default rowan_now(),
    primary key (school_id, intake_key_id, digest),
    foreign key (school_id, intake_key_id) references intake_key
);

-- Takes it for this transaction: `is_claimed`, or the answer that was given. Somebody has it in hand
-- at this moment: RW409. After thirty days it is as new.
create function claim_intake_answer(of_digest bytea)
returns table (is_claimed boolean, status integer, headers text, body bytea)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    at_school uuid := intake_school();
    known intake_answer;
begin
    if not pg_try_advisory_xact_lock(
        hashtextextended(caller_client()::text || encode(of_digest, 'hex'), 0))
    then
        raise exception 'the first request with this key is in flight' using errcode = 'RW409';
    end if;
    delete from intake_answer as a
    where a.school_id = at_school and a.intake_key_id = caller_client()
        and a.digest = of_digest and a.created_at < rowan_now() - interval '30 days';
    select * into known from intake_answer as a
    where a.school_id = at_school and a.intake_key_id = caller_client() and a.digest = of_digest;
    if not found then
        insert into intake_answer (school_id, intake_key_id, digest)
        values (at_school, caller_client(), of_digest);
        return query select true, null::integer, null::text, null::bytea;
    else
        return query select false, known.status, known.headers, known.body;
    end if;
end $$;

create function keep_intake_answer(
    of_digest bytea, with_status integer, with_headers text, with_body bytea
) returns void
language sql security definer set search_path = public, pg_temp
begin atomic
    update intake_answer
    set status = with_status, headers = with_headers, body = with_body
    where school_id = intake_school() and intake_key_id = caller_client() and digest = of_digest;
end;


-- Walls. The service reads no hash, and no kept answer but by these functions.

alter table intake_key enable row level security, force row level security;
alter table intake_answer enable row level security, force row level security;

create policy of_the_callers_schools on intake_key for select to rowan_service using (
    (select caller_seats()) ? school_id::text
);
create policy made_by_the_headteacher on intake_key for insert to rowan_service with check (
    ((select caller_seats()) -> school_id::text) ? 'headteacher'
    and made_by = (select caller_account())
);
create policy revoked_by_the_headteacher on intake_key for update to rowan_service using (
    ((select caller_seats()) -> school_id::text) ? 'headteacher'
) with check (revoked_by = (select caller_account()));
create policy letting_in on intake_key to rowan_owner using (true);
create policy keeping on intake_answer to rowan_owner using (true);
create policy maintenance on intake_key to rowan_maintenance using (true);
create policy maintenance on intake_answer to rowan_maintenance using (true);

grant select (id, school_id, label, made_by, made_at, last_used_at, revoked_by, revoked_at)
    on intake_key to rowan_service;
grant insert (id, school_id, label, secret_hash) on intake_key to rowan_service;
grant update (revoked_by, revoked_at) on intake_key to rowan_service;
grant select on intake_key_shown to rowan_service, rowan_maintenance;
grant select, insert, update on intake_key to rowan_maintenance;
grant select, delete on intake_answer to rowan_maintenance;
grant execute on function
    hold_school(uuid), identify_intake(bytea), enter_intake(bytea, text),
    file_intake_report(report, text, text), claim_intake_answer(bytea),
    keep_intake_answer(bytea, integer, text, bytea)
to rowan_service;
