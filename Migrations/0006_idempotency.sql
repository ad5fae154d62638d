-- An answer that was given once, so that asking again with the same key cannot do it twice. The row
-- is written in the transaction of the deed itself, and kept for thirty days.

set local role rowan_owner;

-- `caller_id`: the account, or the machine's client.
create table idempotency (
    caller_id   uuid not null,
    key         text not null,
    fingerprint bytea not null,
    seats       jsonb not null,
    status      integer,
    headers     text,
    body        bytea,
    created_at  timestamptz(3) not null default rowan_now(),
    primary key (caller_id, key),
    constraint idempotency_key_is_short check (length(key) between 1 and 255)
);

-- Takes the key for this transaction. Nobody else holds it: `is_claimed`. It has been answered: its
-- answer. Somebody holds it now: RW409. It was used for something else: RW422. Who has lost a seat
-- since is not told again what it told them: RW403. After thirty days a key is as new.
create function claim_key(of_key text, of_fingerprint bytea, of_incident uuid)
returns table (is_claimed boolean, status integer, headers text, body bytea)
language plpgsql as $$
declare
    caller constant uuid := coalesce(caller_account(), caller_client());
    known idempotency;
    is_open boolean;
    restriction text;
begin
    if not pg_try_advisory_xact_lock(
        hashtextextended(caller::text || of_key, 0))
    then
        raise exception 'the first request with this key is in flight' using errcode = 'RW409';
    end if;
    delete from idempotency as i
    where i.caller_id = caller and i.key = of_key
        and i.created_at < rowan_now() - interval '30 days';
    select * into known from idempotency as i
    where i.caller_id = caller and i.key = of_key;
    if not found then
        insert into idempotency (caller_id, key, fingerprint, seats)
        values (caller, of_key, of_fingerprint, coalesce(caller_posts(), '{}'));
        return query select true, null::integer, null::text, null::bytea;
        return;
    end if;
    if known.fingerprint <> of_fingerprint then
        raise exception 'the key was used for another request' using errcode = 'RW422';
    end if;
    if not coalesce(caller_posts(), '{}') @> known.seats then
        raise exception 'a seat has ended since' using errcode = 'RW403';
    end if;
    if of_incident is not null then
        select true, restricted_as into is_open, restriction from incident
        where school_id in (select jsonb_object_keys(caller_seats())::uuid) and id = of_incident;
        if is_open is null then
            raise exception 'not open to the caller any more' using errcode = 'RW410';
        elsif not can_be_opened_now(restriction) then
            raise exception 'a fresh proof is needed' using errcode = 'RW423';
        end if;
    end if;
    return query select false, known.status, known.headers, known.body;
end $$;

alter table idempotency enable row level security, force row level security;
create policy of_the_caller on idempotency using (
    caller_id = (select coalesce(caller_account(), caller_client()))
);
create policy maintenance on idempotency to rowan_maintenance using (true);

grant execute on function claim_key(text, bytea, uuid) to rowan_service;
grant select, insert, delete on idempotency to rowan_service;
grant update (status, headers, body) on idempotency to rowan_service;
grant select, delete on idempotency to rowan_maintenance;
