-- Reading the audit: what was done, who looked, and what was refused, by those who may know of it
-- (section 25, AUD-03).

set local role rowan_owner;

-- One more chain for each organisation: what was refused, and what was not there for who asked.
alter table event
    drop constraint event_chain_is_known,
    add constraint event_chain_is_known check (chain in ('changes', 'reads', 'refusals'));
create index event_by_time on event (organisation_id, chain, at);
create index event_of_one_record on event (organisation_id, (record_ids[1]), at)
where chain = 'reads' and cardinality(record_ids) = 1;

-- Parts and notices are found by their own id.
create index involvement_by_id on involvement (school_id, id);
create index evidence_by_id on evidence (school_id, id);
create index parents_decision_by_id on parents_decision (school_id, id);
create index incident_entry_by_id on incident_entry (school_id, id);
create index incident_link_by_id on incident_link (school_id, id);
create index agency_hold_by_id on agency_hold (school_id, id);
create index broken_glass_by_id on broken_glass (school_id, id);
create index agency_hold_release_by_id on agency_hold_release (school_id, id);

-- The incidents that records are, or are parts of, whatever an entry calls them: a refusal knows no
-- more than the ids that were asked for.
create function incidents_among(of_school uuid, records uuid[]) returns uuid[]
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    if not coalesce(caller_seats() ? of_school::text, false) then
        return '{}';
    end if;
    return array(
        select id from incident where school_id = of_school and id = any (records)
        union
        select part.incident_id
        from (
            select school_id, id, incident_id from report
            union all select school_id, id, incident_id from incident_subject
            union all select school_id, id, incident_id from notice
            union all select school_id, id, incident_id from involvement
            union all select school_id, id, incident_id from evidence
            union all select school_id, id, incident_id from parents_decision
            union all select school_id, id, incident_id from incident_entry
            union all select school_id, id, incident_id from incident_link
            union all select school_id, id, incident_id from agency_hold
            union all select school_id, id, incident_id from agency_hold_release
            union all select school_id, id, incident_id from broken_glass
        ) as part
        where part.school_id = of_school and part.id = any (records)
            and part.incident_id is not null);
end $$;

-- Whether somebody of an account is, or was, a school's headteacher.
create function has_been_head(of_school uuid, of_account uuid) returns boolean
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    return caller_seats() ? of_school::text and exists (
        select from seat
        where seat.school_id = of_school and seat.account_id = of_account
            and seat.role = 'headteacher');
end $$;

-- Who did something at a school of the caller's: also to those who do not read the roster.
create function doer(of_school uuid, of_account uuid) returns text
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    return case when caller_seats() ? of_school::text then name_of(of_school, of_account) end;
end $$;

-- Whether the caller may know of an entry. Everybody, of their own deeds; the headteacher, of all;
-- the data protection officer, of who looked; a DSL, of incidents; the chair, of the headteacher's
-- deeds. And of incidents nobody but those to whom each of them is open, nor ever its subject; the
-- data protection officer, who opens none, of all that are not about them.
create function entry_is_shown(entry event) returns boolean
language plpgsql stable as $$
declare
    own jsonb := caller_seats() -> entry.organisation_id::text;
    incidents uuid[];
begin
    if own is null then
        return false;
    end if;
    incidents := incidents_among(entry.organisation_id, entry.record_ids);
    if exists (
        select from unnest(incidents) as one
        where is_subject(entry.organisation_id, one, caller_account()))
    then
        return false;
    end if;
    if entry.account_id = caller_account()
        or own ? 'dpo' and entry.chain = 'reads'
        or own ? 'chair_of_governors' and has_been_head(entry.organisation_id, entry.account_id)
    then
        return true;
    end if;
    if not (
        own ? 'headteacher'
        or own ?| array['dsl', 'deputy_dsl', 'chair_of_governors'] and cardinality(incidents) > 0)
    then
        return false;
    end if;
    return not exists (
        select from unnest(incidents) as one
        where not exists (
            select from incident
            where incident.school_id = entry.organisation_id and incident.id = one
                and is_open_to_caller(incident)));
end $$;

create view audit_shown with (security_invoker = true) as
select
    event.organisation_id as school_id,
    -- Nothing that counts: from a gap one could tell that there is something that one is not shown.
    md5(event.hash)::uuid as id,
    event.chain, event.at,
    doer(event.organisation_id, event.account_id) as by,
    event.account_id as _account_id,
    event.roles,
    event.client_id is not null as is_by_client,
    event.deed, event.record_kind, event.record_ids, event.version,
    nullif(event.request_id, '') as request_id,
    entry_is_shown(event) as _is_shown
from event;

-- Who looked at an incident, for those who may know: it must be open to them, in a post that is told
-- of reads.
create function readings_of(of_school uuid, of_incident uuid)
returns table (
    id uuid, at timestamptz, account_id uuid, roles text[], deed text, request_id text
)
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    if not exists (
        select from incident
        where incident.school_id = of_school and incident.id = of_incident
            and is_open_to_caller(incident))
    then
        return;
    end if;
    return query
    select md5(entry.hash)::uuid, entry.at,
        entry.account_id, entry.roles, entry.deed, nullif(entry.request_id, '')
    from event as entry
    where entry.organisation_id = of_school and entry.chain = 'reads'
        and cardinality(entry.record_ids) = 1 and entry.record_ids[1] = of_incident
    union all
    select md5(entry.hash)::uuid, entry.at,
        entry.account_id, entry.roles, entry.deed, nullif(entry.request_id, '')
    from event as entry
    where entry.organisation_id = of_school and entry.chain = 'reads'
        and cardinality(entry.record_ids) > 1 and of_incident = any (entry.record_ids);
end $$;

-- Puts on record that the caller was refused. From the twentieth within an hour on it looks like
-- misuse: the technicians and the headteacher are told, or of the headteacher the chair, once a day
-- (AUD-04).
create function was_refused(what text, records uuid[]) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    own text[] := array(select jsonb_object_keys(coalesce(caller_seats(), '{}')) order by 1);
    of_organisation uuid := coalesce(own[1]::uuid, service_organisation());
    told text[] := array['technician', 'headteacher'];
begin
    insert into event (organisation_id, chain, deed, record_kind, record_ids, request_id)
    values (of_organisation, 'refusals', 'refused', what, records, '');
    if own[1] is null or 20 <> (
        select count(*) from event
        where event.organisation_id = of_organisation and event.chain = 'refusals'
            and event.at > rowan_now() - interval '1 hour'
            and event.account_id = caller_account())
    then
        return;
    end if;
    insert into event (organisation_id, chain, deed, record_kind, record_ids, request_id)
    values (
        of_organisation, 'changes', 'misuse_suspected', 'account', array[caller_account()], '');
    if has_been_head(of_organisation, caller_account()) then
        told := array['technician', 'chair_of_governors'];
    end if;
    perform send_notice(
        of_organisation, post.account_id, post.role, 'misuse_suspected', 'urgent',
        upper(substr(encode(sha256(uuid_send(gen_random_uuid())), 'hex'), 1, 8)), null, rowan_now())
    from (
        select distinct on (post._account_id) post._account_id as account_id, post.role
        from post
        where post.school_id = of_organisation and post.role = any (told)
            and post._account_id <> caller_account()
        order by post._account_id, post.role
    ) as post;
end $$;

-- How far each chain has come, and the hashes of entries: for the checkpoints that are kept outside
-- the database. Numbers and hashes only, so that whoever keeps them learns nothing.
create function audit_heads()
returns table (organisation_id uuid, chain text, number bigint, hash bytea)
language sql stable security definer set search_path = public, pg_temp as $$
    select organisation_id, chain, number, hash from event_head where number > 0
$$;

create function audit_hashes(organisations uuid[], chains text[], numbers bigint[])
returns table (organisation_id uuid, chain text, number bigint, hash bytea)
language sql stable security definer set search_path = public, pg_temp as $$
    select organisation_id, chain, number, hash
    from unnest(organisations, chains, numbers) as asked (organisation_id, chain, number)
    join event using (organisation_id, chain, number)
$$;


-- Walls.

create policy of_those_who_may_know on event for select to rowan_service using (
    (select caller_seats()) ? organisation_id::text and entry_is_shown(event)
);
create policy reading on event for select to rowan_owner using (true);

grant select on event to rowan_service;
grant select on audit_shown to rowan_service, rowan_maintenance;
grant execute on function entry_is_shown(event) to rowan_service, rowan_maintenance;
grant execute on function
    incidents_among(uuid, uuid[]), has_been_head(uuid, uuid), doer(uuid, uuid), readings_of(uuid, uuid),
    was_refused(text, uuid[])
to rowan_service;
grant execute on function
    audit_heads(), audit_hashes(uuid[], text[], bigint[]), rowan_now(), instant(timestamptz)
to rowan_worker, rowan_maintenance;
