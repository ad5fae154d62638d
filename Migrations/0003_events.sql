-- What was done, by whom: one chain of changes and one of reads for each organisation. Each entry
-- covers the one before, so that a removed or altered entry shows. The entry names records and holds
-- a salted digest of what changed; the text itself lies with the area, where it can be erased.

set local role rowan_owner;

-- Where things are recorded that happen before there is a school, such as a failed log-in.
create function service_organisation() returns uuid
language sql immutable parallel safe
return '00000000-0000-0000-0000-000000000000'::uuid;

create table event (
    organisation_id uuid not null,
    chain           text not null,
    number          bigint not null,
    at              timestamptz(3) not null,
    form            smallint not null default 1,
    account_id      uuid,
    session_id      uuid,
    client_id       uuid,
    roles           text[] not null default '{}',
    deed            text not null,
    record_kind     text not null,
    record_ids      uuid[] not null,
    version         integer,
    request_id      text not null,
    digest          bytea,
    hash            bytea not null,
    -- Of which incidents it is: who may know of it follows from them. It is no part of what is chained.
    incident_ids    uuid[] not null default '{}',
    primary key (organisation_id, chain, number),
    constraint event_chain_is_known check (chain in ('changes', 'reads'))
);

create table event_head (
    organisation_id uuid not null,
    chain           text not null,
    number          bigint not null,
    hash            bytea not null,
    primary key (organisation_id, chain)
);

-- The exact bytes that an entry's hash covers, after the hash of the entry before: its fields, a
-- line each, an absent one as an empty line; a later form may have more. `rowan audit verify` makes the same bytes by itself.
create function event_bytes(entry event) returns bytea
language sql stable
return convert_to(
    entry.organisation_id::text || e'\n'
    || entry.chain || e'\n'
    || entry.number || e'\n'
    || instant(entry.at) || e'\n'
    || entry.form || e'\n'
    || coalesce(entry.account_id::text, '') || e'\n'
    || coalesce(entry.session_id::text, '') || e'\n'
    || coalesce(entry.client_id::text, '') || e'\n'
    || array_to_string(entry.roles, ',') || e'\n'
    || entry.deed || e'\n'
    || entry.record_kind || e'\n'
    || array_to_string(entry.record_ids, ',') || e'\n'
    || coalesce(entry.version::text, '') || e'\n'
    || entry.request_id || e'\n'
    || coalesce(encode(entry.digest, 'hex'), '') || e'\n',
    'UTF8');

-- Numbers and chains an entry. The head's row is the lock: entries of one chain come one by one.
create function event_chained() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    head event_head;
begin
    select * into head from event_head
    where organisation_id = new.organisation_id and chain = new.chain
    for update;
    if not found then
        insert into event_head values (new.organisation_id, new.chain, 0, '')
        on conflict do nothing;
        select * into head from event_head
        where organisation_id = new.organisation_id and chain = new.chain
        for update;
    end if;
    new.number := head.number + 1;
    new.at := rowan_now();
    new.account_id := coalesce(caller_account(), new.account_id);
    new.session_id := caller_session();
    new.client_id := caller_client();
    new.roles := array(
        select jsonb_array_elements_text(caller_seats() -> new.organisation_id::text)
        union all
        select jsonb_array_elements_text(
            caller_temporary_seats() -> new.organisation_id::text));
    new.request_id := coalesce(nullif(current_setting('rowan.request', true), ''), new.request_id);
    new.incident_ids := case
        when new.record_kind = 'incident' then new.record_ids
        when new.organisation_id = service_organisation() then '{}'
        else incidents_among(new.organisation_id, new.record_ids) end;
    new.hash := sha256(head.hash || event_bytes(new));
    update event_head set number = new.number, hash = new.hash
    where organisation_id = new.organisation_id and chain = new.chain;
    return new;
end $$;

create trigger event_chained before insert on event
for each row execute function event_chained();

-- A salted digest of what a record says; the salt lies, and is one day erased, with the record.
create function digest_of(salt bytea, content jsonb) returns bytea
language sql stable
return sha256(salt || convert_to(jsonb_strip_nulls(content)::text, 'UTF8'));

-- Of tables whose rows are each written once, with an entry that covers all but the salt: the rows
-- that no longer say what their entry covers, and those of which only the entry is left. The kind of
-- an entry is the name of one of the tables.
create function unlike_their_entries(tables text[]) returns table (school_id uuid, id uuid)
language plpgsql stable as $$
declare
    rows constant text := (
        select string_agg(
            format(
                'select school_id, id, digest_of(salt, to_jsonb(kept) - ''salt'') as digest
                from %I as kept', name), ' union all ')
        from unnest(tables) as name);
begin
    return query execute format(
        'with kept as materialized (%s)
        select kept.school_id, kept.id from kept
        where not exists (
            select from event
            where event.organisation_id = kept.school_id and event.chain = ''changes''
                and event.record_ids = array[kept.id] and event.digest = kept.digest)
        union
        select event.organisation_id, event.record_ids[1] from event
        where event.chain = ''changes'' and event.record_kind = any ($1)
            and event.digest is not null
            and not exists (
                select from kept
                where kept.school_id = event.organisation_id
                    and kept.id = event.record_ids[1] and kept.digest = event.digest)', rows)
    using tables;
end $$;

-- Nobody alters or removes an entry, whatever they have been granted.
create function event_stays() returns trigger
language plpgsql as $$
begin
    raise exception 'an entry of the audit is never altered' using errcode = 'RW403';
end $$;

create trigger event_stays before update or delete on event
for each row execute function event_stays();
create trigger event_is_not_truncated before truncate on event
for each statement execute function event_stays();

alter table event enable row level security, force row level security;
alter table event_head enable row level security, force row level security;

create policy of_the_callers_organisations on event for insert with check (
    (select caller_seats()) ? organisation_id::text
    or (select caller_temporary_seats()) ? organisation_id::text
    or organisation_id = service_organisation()
);
create policy of_the_chain on event_head to rowan_owner using (true);
create policy maintenance on event to rowan_maintenance using (true);
create policy maintenance on event_head to rowan_maintenance using (true);

grant execute on function service_organisation(), digest_of(bytea, jsonb)
to rowan_service, rowan_maintenance;
grant execute on function event_bytes(event), unlike_their_entries(text[]) to rowan_maintenance;

grant insert (organisation_id, chain, account_id, deed, record_kind, record_ids, version,
    request_id, digest) on event to rowan_service;
grant insert, select on event to rowan_maintenance;
grant select on event_head to rowan_maintenance;
