-- Reading the audit: what was done, who looked, and what was refused, by those who may know of it
-- (section 25, AUD-03).

set local role rowan_owner;

-- One more chain for each organisation: what was refused, and what was not there for who asked.
alter table event
    drop constraint event_chain_is_known,
    add constraint event_chain_is_known check (chain in ('changes', 'reads', 'refusals'));
create index event_by_time on event (organisation_id, chain, at);
-- How somebody signed in, or failed to in their name.
create index event_of_signing_in on event (coalesce(account_id, record_ids[1]), at)
where organisation_id = '00000000-0000-0000-0000-000000000000';
create index event_of_one_record on event (organisation_id, (record_ids[1]), at)
where chain = 'reads' and cardinality(record_ids) = 1;

-- Parts and notices are found by their own id.
create index involvement_by_id on involvement (school_id, id);
create index evidence_by_id on evidence (school_id, id);
create index agreement_breach_by_id on agreement_breach (school_id, id);
create index parents_decision_by_id on parents_decision (school_id, id);
create index incident_entry_by_id on incident_entry (school_id, id);
create index incident_part_by_id on incident_part (school_id, id);
create index incident_link_by_id on incident_link (school_id, id);
create index agency_hold_by_id on agency_hold (school_id, id);
create index broken_glass_by_id on broken_glass (school_id, id);
create index agency_hold_release_by_id on agency_hold_release (school_id, id);

-- The incidents and complaints that records are, or are parts of, whatever an entry calls them: a
-- refusal knows no more than the ids that were asked for. It answers to the trigger of the chains
-- alone.
create function incidents_among(of_school uuid, records uuid[]) returns uuid[]
language plpgsql stable as $$
begin
    return array(
        select id from incident where school_id = of_school and id = any (records)
        union
        select id from complaint where school_id = of_school and id = any (records)
        union
        select part.incident_id
        from (
            select school_id, id, incident_id from report
            union all select school_id, id, incident_id from incident_subject
            union all select school_id, id, incident_id from notice
            union all select school_id, id, incident_id from involvement
            union all select school_id, id, incident_id from evidence
            union all select school_id, id, incident_id from agreement_breach
            union all select school_id, id, incident_id from parents_decision
            union all select school_id, id, incident_id from incident_entry
            union all select school_id, id, incident_id from incident_part
            union all select school_id, id, incident_id from incident_link
            union all select school_id, id, incident_id from agency_hold
            union all select school_id, id, incident_id from agency_hold_release
            union all select school_id, id, incident_id from broken_glass
            union all select school_id, id, incident_id from review
            union all
            select act.school_id, act.id, review.incident_id
            from review_act as act
            join review on review.school_id = act.school_id and review.id = act.review_id
            union all select school_id, id, incident_id from planned_action
            union all
            select act.school_id, act.id, planned.incident_id
            from planned_action_act as act
            join planned_action as planned
                on planned.school_id = act.school_id and planned.id = act.action_id
            union all select school_id, id, incident_id from device_act
            union all select school_id, id, incident_id from device_hold_act
            union all
            select school_id, id, (content ->> 'incident_id')::uuid from register_entry
            where kind = 'data_breach'
            union all select school_id, id, incident_id from complaint_act
            union all select school_id, id, complaint_id from complaint_act
            union all
            select told.school_id, told.id, complaint.id
            from notice as told
            join complaint on complaint.school_id = told.school_id
                and complaint.reference = told.reference
            where told.kind = 'complaint_routed'
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

-- Which of these incidents are open to the caller: for all at once what `is_open_to_caller` says of
-- one.
create function those_open_to_caller(of_school uuid, incidents uuid[]) returns uuid[]
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
    own constant jsonb := caller_seats() -> of_school::text;
begin
    return array(
        select incident.id from incident
        where incident.school_id = of_school and incident.id = any (incidents)
            and own is not null
            and (own ?| incident.readers or exists (
                select from incident_access as access
                where access.school_id = of_school and access.incident_id = incident.id
                    and access.account_id = caller_account()
                    and (access.until_at is null or access.until_at > rowan_now()))));
end $$;

-- Which of these incidents are, or may be, about the caller.
create function those_about_caller(of_school uuid, incidents uuid[]) returns uuid[]
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    return array(
        select distinct subject.incident_id from incident_subject as subject
        where subject.school_id = of_school and subject.incident_id = any (incidents)
            and subject.account_id = caller_account());
end $$;

-- The accounts of whose signing in the caller is told: their own, and of a headteacher those of all
-- who hold a post at the school.
create function accounts_of_the_caller() returns uuid[]
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    return array(
        select caller_account()
        union
        select post._account_id
        from jsonb_each(caller_seats()) as own (organisation, roles)
        join post on post.school_id::text = own.organisation
        where own.roles ? 'headteacher' and post._account_id is not null);
end $$;

-- Who did something at a school of the caller's, also to those who do not read the roster; or who
-- signed in, to whom that is told.
create function doer(of_school uuid, of_account uuid) returns text
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    return case
        when caller_seats() ? of_school::text then name_of(of_school, of_account)
        when of_school = service_organisation() and of_account = any (accounts_of_the_caller())
            then (select name from account where id = of_account)
    end;
end $$;

-- Of which of its incidents and complaints the caller may know that an entry is. Of one's own deeds, of the
-- headteacher's the chair, and of who looked the data protection officer, who opens none: of all that
-- are not about them. Else of those that are open to them.
create function incidents_known(entry event) returns uuid[]
language plpgsql stable as $$
declare
    own constant jsonb := caller_seats() -> entry.organisation_id::text;
    about uuid[];
begin
    if entry.incident_ids = '{}' then
        return '{}';
    end if;
    about := those_about_caller(entry.organisation_id, entry.incident_ids)
        || complaints_about_caller(entry.organisation_id, entry.incident_ids);
    return array(
        select id from unnest(
            case
                when entry.account_id = caller_account()
                    or own ? 'dpo' and entry.chain = 'reads'
                    or own ? 'chair_of_governors'
                        and has_been_head(entry.organisation_id, entry.account_id)
                    then entry.incident_ids
                when own ?| array['headteacher', 'dsl', 'deputy_dsl', 'chair_of_governors']
                    then those_open_to_caller(entry.organisation_id, entry.incident_ids)
                        || complaints_open_to_caller(entry.organisation_id, entry.incident_ids)
            end) as id
        where id <> all (about));
end $$;

-- The records of an entry, as the caller may know them: of a list of incidents those that they may
-- know of, as if the others were none. What somebody was shown of the audit they know themselves.
create function records_known(entry event) returns uuid[]
language plpgsql stable as $$
declare
    known uuid[];
begin
    if entry.record_kind = 'audit' and entry.account_id is distinct from caller_account() then
        return '{}';
    elsif cardinality(entry.record_ids) < 2 or not entry.record_ids <@ entry.incident_ids
        or entry.chain = 'refusals'
    then
        return entry.record_ids;
    end if;
    known := incidents_known(entry);
    return array(select id from unnest(entry.record_ids) as id where id = any (known));
end $$;

-- Whether the caller may know of an entry. Everybody, of their own deeds; the headteacher, of all,
-- also of how those of the school signed in; the data protection officer, of who looked; a DSL, of
-- incidents; the chair, of the headteacher's deeds. And of incidents only where they may know of each,
-- or of a list of them, of some: nobody learns from what is missing that there is one about them, nor
-- from what they were refused, which is theirs to see whatever it was. Of vulnerability markers only
-- those who may read them: what somebody did with one in a post that they hold no more is hidden from
-- them, too.
create function entry_is_shown(entry event) returns boolean
language plpgsql stable as $$
declare
    own constant jsonb := caller_seats() -> entry.organisation_id::text;
    known uuid[];
begin
    if entry.organisation_id = service_organisation() then
        return coalesce(entry.account_id, entry.record_ids[1]) = any (accounts_of_the_caller());
    elsif own is null then
        return false;
    elsif entry.record_kind = 'vulnerability_marker' then
        return caller_reads_markers(entry.organisation_id);
    elsif entry.chain = 'refusals' and entry.account_id = caller_account() then
        return true;
    elsif entry.incident_ids = '{}' then
        return own ? 'headteacher' or entry.account_id = caller_account()
            or own ? 'dpo' and entry.chain = 'reads'
            or own ? 'chair_of_governors'
                and has_been_head(entry.organisation_id, entry.account_id);
    end if;
    known := incidents_known(entry);
    return cardinality(known) = cardinality(entry.incident_ids)
        or known <> '{}' and entry.record_ids <@ entry.incident_ids;
end $$;

-- Whether an entry would tell the caller who blew the whistle, which those alone know whom that was
-- first sent to: what the reporter did with it, also that they looked at their receipt (CMP-07).
create function tells_of_a_whistleblower(entry event) returns boolean
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    return entry.account_id is distinct from caller_account() and exists (
        select from report
        where report.school_id = entry.organisation_id
            and report.incident_id = any (entry.incident_ids)
            and report.reported_by = entry.account_id and report.matter = 'whistleblowing'
            and not exists (
                select from notice
                where notice.school_id = report.school_id
                    and notice.incident_id = report.incident_id
                    and notice.account_id = caller_account()
                    and notice.kind = 'incident_reported'));
end $$;

create view audit_shown with (security_invoker = true) as
select
    nullif(event.organisation_id, service_organisation()) as school_id,
    event.organisation_id as _organisation_id,
    coalesce(event.account_id, event.record_ids[1]) as _whose,
    -- Nothing that counts: from a gap one could tell that there is something that one is not shown.
    md5(event.hash)::uuid as id,
    event.chain, event.at,
    case when not whistle.is_told then doer(event.organisation_id, event.account_id) end as by,
    case when not whistle.is_told then event.account_id end as _account_id,
    event.roles,
    event.client_id is not null as is_by_client,
    event.deed, event.record_kind, records_known(event) as record_ids, event.version,
    nullif(event.request_id, '') as request_id,
    entry_is_shown(event) as _is_shown
from event
cross join lateral (select tells_of_a_whistleblower(event) offset 0) as whistle (is_told);

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
        and not tells_of_a_whistleblower(entry)
    union all
    select md5(entry.hash)::uuid, entry.at,
        entry.account_id, entry.roles, entry.deed, nullif(entry.request_id, '')
    from event as entry
    where entry.organisation_id = of_school and entry.chain = 'reads'
        and cardinality(entry.record_ids) > 1 and of_incident = any (entry.record_ids)
        and not tells_of_a_whistleblower(entry);
end $$;

-- Puts on record that the caller was refused: at the schools of theirs that have what was asked for,
-- or else at all of theirs. From the twentieth of a day on it looks like misuse: the technicians and
-- the headteacher are told, or of the headteacher the chair, once a day (AUD-04).
create function was_refused(what text, records uuid[]) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    own uuid[] := array(
        select key::uuid from jsonb_object_keys(
            coalesce(caller_seats() || coalesce(caller_temporary_seats(), '{}'), '{}')) as key
        where key <> 'outstanding' order by key);
    having_them uuid[] := array(
        select organisation from unnest(own) as organisation
        where incidents_among(organisation, records)
                <> those_about_caller(organisation, incidents_among(organisation, records))
                    || complaints_about_caller(
                        organisation, incidents_among(organisation, records))
            or exists (
                select from person
                where person.school_id = organisation and person.id = any (records)));
    organisation uuid;
begin
    if own = '{}' then
        own := array[service_organisation()];
    elsif having_them <> '{}' then
        own := having_them;
    end if;
    foreach organisation in array own loop
        insert into event (organisation_id, chain, deed, record_kind, record_ids, request_id)
        values (organisation, 'refusals', 'refused', what, records, '');
        perform suspect_misuse(organisation);
    end loop;
end $$;

-- Tells of the caller's refusals when there are twenty in a day, and they were not told of today.
create function suspect_misuse(of_school uuid) returns void
language plpgsql as $$
declare
    since constant timestamptz := london_today() at time zone 'Europe/London';
    told text[] := array['technician', 'headteacher'];
begin
    if of_school = service_organisation() or 20 > (
        select count(*) from event
        where event.organisation_id = of_school and event.chain = 'refusals'
            and event.at >= since and event.account_id = caller_account())
        or exists (
            select from event
            where event.organisation_id = of_school and event.chain = 'changes'
                and event.at >= since and event.deed = 'misuse_suspected'
                and event.record_ids = array[caller_account()])
    then
        return;
    end if;
    insert into event (organisation_id, chain, deed, record_kind, record_ids, request_id)
    values (of_school, 'changes', 'misuse_suspected', 'account', array[caller_account()], '');
    if has_been_head(of_school, caller_account()) then
        told := array['technician', 'chair_of_governors'];
    end if;
    perform send_notice(
        of_school, post.account_id, post.role, 'misuse_suspected', 'urgent',
        upper(substr(encode(sha256(uuid_send(gen_random_uuid())), 'hex'), 1, 8)), null, rowan_now())
    from (
        select distinct on (post._account_id) post._account_id as account_id, post.role
        from post
        where post.school_id = of_school and post.role = any (told)
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
    ((select caller_seats()) ? organisation_id::text or organisation_id = service_organisation())
    and entry_is_shown(event)
);
create policy reading on event for select to rowan_owner using (true);

grant select on event to rowan_service;
grant select on audit_shown to rowan_service, rowan_maintenance;
grant execute on function entry_is_shown(event), records_known(event), incidents_known(event)
to rowan_service, rowan_maintenance;
grant execute on function
    those_open_to_caller(uuid, uuid[]), those_about_caller(uuid, uuid[]), accounts_of_the_caller(),
    has_been_head(uuid, uuid), doer(uuid, uuid), readings_of(uuid, uuid),
    was_refused(text, uuid[]), tells_of_a_whistleblower(event)
to rowan_service;
grant execute on function
    audit_heads(), audit_hashes(uuid[], text[], bigint[]), rowan_now(), instant(timestamptz)
to rowan_worker, rowan_maintenance;
