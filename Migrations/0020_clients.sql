-- Machine clients (SEC-13): what they may pull, in which schools, until when; their secrets and
-- tokens. Whoever presents a live token of one enters a context of scopes and schools, without
-- account and seats: no policy for people opens anything in it.

set local role rowan_owner;

-- A client of a school, or of a trust for its schools. `school_ids` narrows those of a trust; none
-- are all that belong to it on the day. What a client may do is never widened: another is made.
create table client (
    organisation_id uuid not null,
    id              uuid not null,
    is_of_trust     boolean not null,
    name            text not null,
    purpose         text not null,
    scopes          text[] not null,
    school_ids      uuid[],
    made_by         uuid not null references account default caller_account(),
    made_by_name    text,
    made_at         timestamptz(3) not null default rowan_now(),
    ends_at         timestamptz(3) not null,
    last_used_at    timestamptz(3),
    revoked_by      uuid references account,
    revoked_at      timestamptz(3),
    -- That its secrets stay as they are, though somebody goes who knows them.
    kept_by_name    text,
    kept_because    text,
    kept_at         timestamptz(3),
    primary key (organisation_id, id),
    constraint client_has_known_scopes check (
        cardinality(scopes) > 0
        and scopes <@ array[
            'schools.read', 'people.read', 'roster.write', 'vulnerability-markers.write',
            'agreements.read', 'consents.read', 'gate.read', 'access.read',
            'training.read', 'duty-figures.read', 'incident-figures.read']),
    constraint client_of_a_trust_has_nothing_personal check (
        not is_of_trust or scopes <@ array[
            'schools.read', 'duty-figures.read', 'incident-figures.read']),
    constraint client_of_a_school_reads_that_one check (is_of_trust or school_ids is null),
    -- A year, and what is left of its last day.
    constraint client_lives_a_year check (ends_at <= made_at + interval '1 year 2 days'),
    constraint client_is_revoked_by_somebody check ((revoked_at is null) = (revoked_by is null))
);
create index client_by_its_id on client (id);

-- Found by the hash, and by nothing else. Two live at a time, while one takes over from the other.
create table client_secret (
    organisation_id uuid not null,
    client_id       uuid not null,
    id              uuid not null,
    secret_hash     bytea not null,
    made_by         uuid not null references account default caller_account(),
    made_by_name    text,
    made_at         timestamptz(3) not null default rowan_now(),
    ends_at         timestamptz(3),
    last_used_at    timestamptz(3),
    primary key (organisation_id, client_id, id),
    foreign key (organisation_id, client_id) references client
);

-- What is presented with a request: an access token, which lives shortly and ends with the secret
-- by which it was got; or a reporting token, made by a person, for a program that can neither renew
-- nor keep secrets apart. Each for some of the client's scopes.
create table client_token (
    organisation_id uuid not null,
    client_id       uuid not null,
    id              uuid not null,
    kind            text not null,
    token_hash      bytea not null,
    secret_id       uuid,
    label           text,
    scopes          text[] not null,
    made_by         uuid references account default caller_account(),
    made_by_name    text,
    made_at         timestamptz(3) not null default rowan_now(),
    ends_at         timestamptz(3) not null,
    last_used_at    timestamptz(3),
    revoked_at      timestamptz(3),
    primary key (organisation_id, client_id, id),
    foreign key (organisation_id, client_id) references client,
    foreign key (organisation_id, client_id, secret_id) references client_secret
        on delete cascade,
    constraint client_token_is_of_a_kind check (
        kind = 'access' and secret_id is not null
        or kind = 'reporting' and label is not null and scopes = '{incident-figures.read}')
);
create index client_token_by_its_hash on client_token (token_hash);


-- The context.

-- {"<scope>": ["<school>", …], …} of the client that asks; null of people.
create function caller_scopes() returns jsonb
language sql stable parallel safe
return nullif(current_setting('rowan.scopes', true), '')::jsonb;

-- The schools whose roster the caller reads, of whom a page of it goes on.
create function rosters_of_the_caller() returns uuid[]
language sql stable
return array(
    select school::uuid from (
        select jsonb_object_keys(caller_seats())
        union all
        select jsonb_array_elements_text(caller_scopes() -> 'people.read')
    ) as known (school));

-- The schools that a client reads today.
create function schools_of_a_client(of_client client) returns uuid[]
language plpgsql stable as $$
begin
    if not of_client.is_of_trust then
        return array[of_client.organisation_id];
    end if;
    return array(
        select school_id from membership
        where trust_id = of_client.organisation_id
            and holds_today(from_on, until_on)
            and (of_client.school_ids is null or school_id = any (of_client.school_ids))
        order by school_id);
end $$;

-- Whose token this is, with the context entered; nulls when it, its secret or its client has ended.
create function client_who_presents(
    presented bytea, out client_id uuid, out token_id uuid, out name text, out scopes text
) language plpgsql as $$
declare
    known client;
    granted text[];
begin
    select token.id, token.scopes into client_who_presents.token_id, granted
    from client_token as token
    left join client_secret as secret
        on secret.organisation_id = token.organisation_id and secret.client_id = token.client_id
        and secret.id = token.secret_id
    where token.token_hash = presented and token.revoked_at is null
        and token.ends_at > rowan_now()
        and (secret.ends_at is null or secret.ends_at > rowan_now());
    select client.* into known
    from client_token as token
    join client
        on client.organisation_id = token.organisation_id and client.id = token.client_id
    where token.token_hash = presented and granted is not null
        and client.revoked_at is null and client.ends_at > rowan_now();
    if known.id is null then
        return;
    end if;
    client_id := known.id;
    name := known.name;
    perform set_config('rowan.client', known.id::text, true);
    scopes := set_config(
        'rowan.scopes',
        (
            select jsonb_object_agg(scope, schools_of_a_client(known))::text
            from unnest(granted) as scope
        ),
        true);
end $$;

-- For the service, which remembers it; no row for anything that is not live.
create function identify_client(presented bytea)
returns table (client_id uuid, token_id uuid, name text, scopes text)
language sql security definer set search_path = public, pg_temp
begin atomic
    select caller.* from client_who_presents(presented) as caller
    where caller.client_id is not null;
end;

-- Enters the context of a client, exactly as it is now: RW401 when its token is not live, RW402 when
-- its scopes or schools are not those that the service knew.
create function enter_client(presented bytea, known_scopes text, request text) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    caller record;
begin
    caller := client_who_presents(presented);
    if caller.client_id is null then
        raise exception 'no live token' using errcode = 'RW401';
    end if;
    if caller.scopes is distinct from known_scopes then
        raise exception 'scopes changed' using errcode = 'RW402';
    end if;
    perform set_config('rowan.request', request, true);
end $$;

-- That these tokens were used, so many milliseconds ago; their clients with them.
create function client_tokens_were_used(presented bytea[], ages integer[]) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    with used as (
        select token.organisation_id, token.client_id, token.id,
            rowan_now() - age * interval '1 millisecond' as at
        from unnest(presented, ages) as sent (hash, age)
        join client_token as token on token.token_hash = sent.hash
        for update of token skip locked
    ), noted as (
        update client_token as token set last_used_at = greatest(token.last_used_at, used.at)
        from used
        where (token.organisation_id, token.client_id, token.id)
            = (used.organisation_id, used.client_id, used.id)
    )
    update client set last_used_at = greatest(client.last_used_at, used.at)
    from (
        select organisation_id, client_id, max(at) as at from used group by 1, 2
    ) as used
    where client.organisation_id = used.organisation_id and client.id = used.client_id;
end $$;

-- An access token by client credentials (RFC 6749, 4.4): how it went, as its section 5.2 calls it.
-- An hour, or less where the client or its secret ends before. No scopes asked for are all that the
-- client has. What is refused is on record like what is granted.
create function issue_client_token(
    of_client uuid, secret bytea, new_token bytea, new_id uuid, asked text[], request text,
    out outcome text, out scopes text[], out seconds integer
) language plpgsql security definer set search_path = public, pg_temp as $$
declare
    known client;
    by_secret client_secret;
begin
    perform set_config('rowan.request', request, true);
    select client.* into known from client
    where client.id = of_client and client.revoked_at is null and client.ends_at > rowan_now()
    for no key update;
    select s.* into by_secret from client_secret as s
    where s.organisation_id = known.organisation_id and s.client_id = known.id
        and s.secret_hash = secret and (s.ends_at is null or s.ends_at > rowan_now());
    if by_secret.id is null then
        outcome := 'invalid_client';
        insert into event (organisation_id, chain, deed, record_kind, record_ids, request_id)
        select service_organisation(), 'changes', 'client_refused', 'client',
            array_remove(array[(select client.id from client where client.id = of_client)], null),
            '';
        return;
    end if;
    perform set_config('rowan.client', known.id::text, true);
    scopes := coalesce(asked, known.scopes);
    if not scopes <@ known.scopes then
        outcome := 'invalid_scope';
        return;
    end if;
    insert into client_token as made (
        organisation_id, client_id, id, kind, token_hash, secret_id, scopes, ends_at)
    values (
        known.organisation_id, known.id, new_id, 'access', new_token, by_secret.id, scopes,
        least(rowan_now() + interval '1 hour', known.ends_at, by_secret.ends_at))
    returning extract(epoch from made.ends_at - rowan_now())::integer into seconds;
    update client_secret as s set last_used_at = rowan_now()
    where s.organisation_id = known.organisation_id and s.client_id = known.id
        and s.id = by_secret.id;
    update client as c set last_used_at = rowan_now()
    where c.organisation_id = known.organisation_id and c.id = known.id;
    insert into event (organisation_id, chain, deed, record_kind, record_ids, request_id)
    values (
        known.organisation_id, 'changes', 'client_token_issued', 'client', array[known.id], '');
    outcome := 'issued';
end $$;


-- Who made a secret has seen it, and so whoever goes knows those that they made (USR-11).

-- Since when it is known that somebody goes from an organisation, or has gone: that they leave was
-- recorded, or the last of their posts was ended, or is over. Null where they stay.
create function gone_since(of_organisation uuid, of_account uuid) returns timestamptz
language plpgsql stable as $$
begin
    return greatest(
        (
            select max(recorded_at) from leaving
            where leaving.school_id = of_organisation and leaving.account_id = of_account
                and (returned_on is null or returned_on > london_today())
        ),
        (
            select max(coalesce(held.ended_at, day_begins_at(held.until_on + 1)))
            from (
                select ended_at, until_on from seat
                where seat.school_id = of_organisation and seat.account_id = of_account
                union all
                select ended_at, until_on from trust_seat
                where trust_seat.trust_id = of_organisation and trust_seat.account_id = of_account
            ) as held
            having bool_and(
                held.until_on is not null
                and (held.ended_at is not null or held.until_on < london_today()))
        ));
end $$;

-- The secrets and reporting tokens by which a client gets in today, and who made each.
create view client_way_in with (security_invoker = true) as
select organisation_id, client_id, made_by from client_secret
where ends_at is null or ends_at > rowan_now()
union all
select organisation_id, client_id, made_by from client_token
where kind = 'reporting' and revoked_at is null and ends_at > rowan_now();

-- Whether it lives, and somebody goes who knows how to get in, and nobody has said since that its
-- secrets stay as they are: somebody of this account, or where it is null, anybody.
create function is_known_to_leavers(of_client client, of_account uuid) returns boolean
language plpgsql stable as $$
begin
    return of_client.revoked_at is null and of_client.ends_at > rowan_now() and exists (
        select from client_way_in as way
        where way.organisation_id = of_client.organisation_id and way.client_id = of_client.id
            and (of_account is null or way.made_by = of_account)
            and gone_since(of_client.organisation_id, way.made_by)
                > coalesce(of_client.kept_at, '-infinity'));
end $$;

-- Those that somebody knows who goes, with their names, for whoever belongs to the organisation.
create function clients_left_behind(of_organisation uuid, of_account uuid) returns jsonb
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    return (
        select jsonb_agg(
            jsonb_build_object('id', client.id, 'name', client.name)
            order by client.name, client.id)
        from client
        where client.organisation_id = of_organisation and of_account is not null
            and caller_seats() ? of_organisation::text
            and is_known_to_leavers(client, of_account));
end $$;

create function client_wants_rotation(of_organisation uuid, of_client uuid) returns boolean
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    return coalesce(caller_seats() ? of_organisation::text, false) and exists (
        select from client
        where client.organisation_id = of_organisation and client.id = of_client
            and is_known_to_leavers(client, null));
end $$;

-- Tells those who look after a school's clients that somebody goes who knows how to get in: the
-- headteacher and the administrators, or where there is nobody else, the chair of governors.
create function tell_of_clients_known_to(of_school uuid, of_account uuid) returns void
language plpgsql as $$
declare
    posts text[];
begin
    if of_account is null or not exists (
        select from client
        where client.organisation_id = of_school and is_known_to_leavers(client, of_account))
    then
        return;
    end if;
    foreach posts slice 1 in array array[
        ['headteacher', 'school_administrator'], ['chair_of_governors', 'chair_of_governors']
    ] loop
        perform send_notice(
            of_school, told.account_id, told.role, 'rotation_wanted', 'normal',
            upper(substr(encode(sha256(uuid_send(gen_random_uuid())), 'hex'), 1, 8)), null,
            rowan_now())
        from (
            select distinct on (post._account_id) post._account_id as account_id, post.role
            from post
            where post.school_id = of_school and post.role = any (posts)
                and post._account_id <> of_account
            order by post._account_id, post.role
        ) as told;
        exit when found;
    end loop;
end $$;

-- Says, for somebody who looks after it, that a client's secrets stay as they are.
create function keep_client(
    of_organisation uuid, of_client uuid, because text, by_name text
) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform require_seat(
        of_organisation, array['headteacher', 'school_administrator', 'trust_administrator']);
    update client
    set kept_by_name = by_name, kept_because = because, kept_at = rowan_now()
    where organisation_id = of_organisation and id = of_client;
    insert into event (organisation_id, chain, deed, record_kind, record_ids, request_id)
    values (of_organisation, 'changes', 'client_kept', 'client', array[of_client], '');
end $$;


-- What those who look after clients are shown: never a secret, nor its hash.
create view client_shown with (security_invoker = true) as
select
    client.id,
    case when not client.is_of_trust then client.organisation_id end as school_id,
    case when client.is_of_trust then client.organisation_id end as trust_id,
    client.name, client.purpose, client.scopes, client.school_ids,
    client.made_by_name as made_by, client.made_at, client.ends_at, client.last_used_at,
    client.revoked_at,
    client_wants_rotation(client.organisation_id, client.id) as wants_rotation,
    client.kept_by_name as kept_by, client.kept_because, client.kept_at,
    (
        select jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
            'id', secret.id, 'made_by', secret.made_by_name, 'made_at', instant(secret.made_at),
            'ends_at', instant(secret.ends_at), 'last_used_at', instant(secret.last_used_at)))
            order by secret.made_at desc, secret.id)
        from client_secret as secret
        where secret.organisation_id = client.organisation_id and secret.client_id = client.id
            and (secret.ends_at is null or secret.ends_at > rowan_now())
    ) as secrets,
    (
        select jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
            'id', token.id, 'label', token.label, 'made_by', token.made_by_name,
            'made_at', instant(token.made_at),
            'ends_at', instant(token.ends_at), 'last_used_at', instant(token.last_used_at)))
            order by token.made_at desc, token.id)
        from client_token as token
        where token.organisation_id = client.organisation_id and token.client_id = client.id
            and token.kind = 'reporting' and token.revoked_at is null
            and token.ends_at > rowan_now()
    ) as reporting_tokens,
    client.organisation_id as _organisation_id
from client;


-- Walls.

alter table client enable row level security, force row level security;
alter table client_secret enable row level security, force row level security;
alter table client_token enable row level security, force row level security;

-- Whether the caller looks after the clients of an organisation.
create function caller_keeps_clients(organisation uuid) returns boolean
language sql stable
return caller_holds(
    organisation, array['headteacher', 'school_administrator', 'trust_administrator']);

-- Holds an organisation whose clients the caller looks after, until the transaction has ended.
create function hold_organisation(of_organisation uuid) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if caller_keeps_clients(of_organisation) then
        perform from school where id = of_organisation for no key update;
        perform from trust where id = of_organisation for no key update;
    end if;
end $$;

create policy of_the_callers_organisations on client for select to rowan_service using (
    ((select caller_seats()) -> organisation_id::text) ?| array[
        'headteacher', 'school_administrator', 'trust_administrator', 'online_safety_coordinator',
        'dsl', 'deputy_dsl', 'senior_leader', 'office', 'dpo', 'technician']
);
create policy made_by_its_keepers on client for insert to rowan_service with check (
    caller_keeps_clients(organisation_id) and made_by = (select caller_account())
);
create policy revoked_by_its_keepers on client for update to rowan_service using (
    caller_keeps_clients(organisation_id)
) with check (revoked_by = (select caller_account()));
create policy of_a_client_seen on client_secret for select to rowan_service using (
    exists (
        select from client
        where client.organisation_id = client_secret.organisation_id
            and client.id = client_secret.client_id)
);
create policy made_by_its_keepers on client_secret for insert to rowan_service with check (
    caller_keeps_clients(organisation_id) and made_by = (select caller_account())
);
create policy ended_by_its_keepers on client_secret for update to rowan_service using (
    caller_keeps_clients(organisation_id)
);
create policy of_a_client_seen on client_token for select to rowan_service using (
    exists (
        select from client
        where client.organisation_id = client_token.organisation_id
            and client.id = client_token.client_id)
);
create policy made_by_its_keepers on client_token for insert to rowan_service with check (
    caller_keeps_clients(organisation_id) and made_by = (select caller_account())
    and kind = 'reporting'
);
create policy revoked_by_its_keepers on client_token for update to rowan_service using (
    caller_keeps_clients(organisation_id) and kind = 'reporting'
);
create policy letting_in on client to rowan_owner using (true);
create policy letting_in on client_secret to rowan_owner using (true);
create policy letting_in on client_token to rowan_owner using (true);
create policy maintenance on client to rowan_maintenance using (true);
create policy maintenance on client_secret to rowan_maintenance using (true);
create policy maintenance on client_token to rowan_maintenance using (true);

-- What a client reads, by its scopes.
create policy of_the_clients_schools on school for select to rowan_service using (
    ((select caller_scopes()) -> 'schools.read') ? id::text
);
create policy of_the_clients_schools on person for select to rowan_service using (
    ((select caller_scopes()) -> 'people.read') ? school_id::text
);
-- That a client took the roster away as a table is put on record in the chain of its school.
create policy of_a_roster on event for insert to rowan_service with check (
    chain = 'reads' and deed = 'exported'
    and (record_kind = 'person'
            and ((select caller_scopes()) -> 'people.read') ? organisation_id::text
        or record_kind = 'training'
            and ((select caller_scopes()) -> 'training.read') ? organisation_id::text)
);
-- Functions with the owner's rights put down what a client did.
create policy of_a_client on event for insert to rowan_owner with check (
    caller_client() is not null
);

grant select (organisation_id, id, is_of_trust, name, purpose, scopes, school_ids, made_by,
    made_by_name, made_at, ends_at, last_used_at, revoked_by, revoked_at, kept_by_name, kept_because,
    kept_at) on client to rowan_service;
grant insert (organisation_id, id, is_of_trust, name, purpose, scopes, school_ids, made_by_name,
    ends_at) on client to rowan_service;
grant update (revoked_by, revoked_at) on client to rowan_service;
grant select (organisation_id, client_id, id, made_by, made_by_name, made_at, ends_at, last_used_at)
    on client_secret to rowan_service;
grant insert (organisation_id, client_id, id, secret_hash, made_by_name)
    on client_secret to rowan_service;
grant update (ends_at) on client_secret to rowan_service;
grant select (organisation_id, client_id, id, kind, label, scopes, made_by, made_by_name, made_at,
    ends_at, last_used_at, revoked_at) on client_token to rowan_service;
grant insert (organisation_id, client_id, id, kind, token_hash, label, scopes, made_by_name, ends_at)
    on client_token to rowan_service;
grant update (revoked_at) on client_token to rowan_service;
grant select on client_shown to rowan_service, rowan_maintenance;
grant select, insert, update on client, client_secret, client_token to rowan_maintenance;
grant execute on function
    caller_scopes(), rosters_of_the_caller(), caller_keeps_clients(uuid)
to rowan_service, rowan_maintenance;
grant execute on function
    identify_client(bytea), enter_client(bytea, text, text),
    client_tokens_were_used(bytea[], integer[]), hold_organisation(uuid),
    clients_left_behind(uuid, uuid), client_wants_rotation(uuid, uuid),
    keep_client(uuid, uuid, text, text),
    issue_client_token(uuid, bytea, bytea, uuid, text[], text)
to rowan_service;


-- How many incidents there were (API-04, RPT-07): figures for those who pull them over many schools,
-- without names, and without small numbers.
--
-- Periods lie within one another: four months a term, three terms a year; so that a school which
-- has set no terms can be compared. A figure of one to four is suppressed. So that none can be
-- worked out from the others,
--   * where one part of a period is, so are its other parts that are not zero; of those there are
--     four at most, and what they make up is five or more, or is suppressed itself;
--   * what lies beneath a suppressed figure is too, zero or not: its parts, and in that period
--     everything that is told of its incidents;
--   * by status, type and risk category only years are counted: of a month or a term one could tell
--     them from the number of all its incidents, which none can exceed;
--   * the states of a year, which add up to all of its incidents, are told together or not at all.
-- Once counted a figure is told as it is until the next day; so what changed is known by the day.
--
-- Incidents are those that concern a child. What is said of adults is counted apart, and told of a
-- trust's schools to that trust alone: the headteacher who knows all others of their school could
-- subtract, and would find those that are about themself (INC-18).
create table incident_figure (
    school_id     uuid not null references school,
    place         text not null,
    id            uuid not null default gen_random_uuid(),
    academic_year text not null,
    period        text not null,
    starts_on     date not null,
    ends_on       date not null,
    measure       text not null,
    word          text,
    count         integer,
    is_suppressed boolean not null,
    changed_on    date not null default london_today(),
    primary key (school_id, place),
    constraint incident_figure_is_told_or_suppressed check (is_suppressed = (count is null)),
    constraint incident_figure_is_not_small check (count = 0 or count > 4)
);

create table incident_figures_counted (
    school_id  uuid primary key references school,
    counted_on date not null
);

-- The schools whose figures the caller may see: of a client those of its scope, of a trust viewer
-- those that belong to the trust today.
create function schools_of_figures() returns uuid[]
language plpgsql stable as $$
begin
    return array(
        select jsonb_array_elements_text(caller_scopes() -> 'incident-figures.read')::uuid)
    || array(
        select school_id from membership
        where caller_holds(trust_id, array['trust_viewer'])
            and holds_today(from_on, until_on));
end $$;

-- Counts anew, unless that was done today: for a caller who may see it. The service knows the words
-- of the closed lists, and so what is zero.
create function count_incident_figures(of_school uuid, measures text[], words text[])
returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if not of_school = any (schools_of_figures()) then
        return;
    end if;
    insert into incident_figures_counted as known (school_id, counted_on)
    values (of_school, london_today())
    on conflict (school_id) do update set counted_on = london_today()
    where known.counted_on < london_today();
    if not found then
        return;
    end if;
    insert into incident_figure as known (
        school_id, place, academic_year, period, starts_on, ends_on, measure, word, count,
        is_suppressed)
    with told as (
        select incident.logged_on, incident.status, incident.types, incident.risk_categories,
            incident.treated_as = 'child' as is_of_a_child
        from incident
        left join closure_standing as closure
            on closure.school_id = incident.school_id and closure._incident_id = incident.id
        where incident.school_id = of_school and closure.kind is distinct from 'duplicate'
            and incident.logged_on between london_today() - 3660 and london_today()
    ), of_a_month as (
        select date_trunc('month', logged_on)::date as month, measure, word, count(*) as number
        from told
        cross join lateral (
            select
                case when is_of_a_child then 'incidents' else 'allegations' end as measure,
                '' as word
            union all select 'status', status where is_of_a_child
            union all select 'type', unnest(types) where is_of_a_child
            union all select 'risk_category', unnest(risk_categories) where is_of_a_child
        ) as said
        group by 1, 2, 3
    ), began as (
        select distinct academic_year_begins(month) as year from of_a_month
        union select academic_year_begins(london_today())
        union select academic_year_begins(starts_on) from incident_figure
        where school_id = of_school
    ), period as (
        select year, kind, first, months,
            (make_date(year, 9, 1) + make_interval(months => first))::date as starts_on,
            (make_date(year, 9, 1) + make_interval(months => first + months))::date - 1 as ends_on
        from began
        cross join (
            select 'academic_year' as kind, 0 as first, 12 as months
            union all select 'term', term * 4, 4 from generate_series(0, 2) as term
            union all select 'month', month, 1 from generate_series(0, 11) as month
        ) as part
    ), counted as (
        select period.*, known.measure, known.word, coalesce(sum(number), 0)::integer as number
        from period
        join unnest(measures, words) as known (measure, word)
            on period.kind = 'academic_year' or known.measure = 'incidents'
        left join of_a_month
            on of_a_month.measure = known.measure and of_a_month.word = known.word
            and of_a_month.month between period.starts_on and period.ends_on
        group by year, kind, first, months, starts_on, ends_on, known.measure, known.word
    ), compared as (
        select counted.*,
            case when measure = 'status'
                then bool_or(number between 1 and 4) over (partition by year, kind, measure)
                else number > 0 and bool_or(number between 1 and 4) over (
                    partition by year, kind, measure, word,
                        case when kind = 'month' then first / 4 end)
            end as is_small
        from counted
    ), hidden as (
        select year, measure, word, starts_on, ends_on from compared where is_small
        union all
        -- What a report to the governors withholds of a term, no year of which it is a part tells.
        select one.year, one.measure, one.word, one.starts_on, one.ends_on
        from compared as one
        where exists (
            select from governor_report as report
            where report.school_id = of_school and report.figures -> one.measure -> one.word = 'null'
                and report.from_on <= one.ends_on and report.until_on >= one.starts_on)
    ), shown as (
        select one.*, exists (
            select from hidden as above
            where (above.year, above.measure, above.word) = (one.year, one.measure, one.word)
                and above.starts_on <= one.starts_on and above.ends_on >= one.ends_on
        ) or exists (
            select from hidden as above
            where (above.year, above.measure) = (one.year, 'incidents')
                and one.measure <> 'allegations' and above.starts_on <= one.starts_on and above.ends_on >= one.ends_on
        ) as is_suppressed
        from compared as one
    )
    select of_school,
        concat_ws(' ', year, kind, lpad(first::text, 2, '0'), measure, nullif(word, '')),
        academic_year(starts_on), kind, starts_on, ends_on, measure, nullif(word, ''),
        case when not is_suppressed then number end, is_suppressed
    from shown
    on conflict (school_id, place) do update
    set count = excluded.count, is_suppressed = excluded.is_suppressed,
        changed_on = london_today()
    where known.count is distinct from excluded.count;
end $$;

-- Of which of them the caller may see what is said of adults: those of a trust whose viewer, or whose
-- client, they are.
create function schools_of_allegations() returns uuid[]
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    if caller_client() is null or exists (
        select from client where client.id = caller_client() and client.is_of_trust)
    then
        return schools_of_figures();
    end if;
    return '{}';
end $$;

create view incident_figure_shown with (security_invoker = true) as
select
    figure.id, figure.school_id, school.name as school, figure.academic_year, figure.period,
    figure.starts_on, figure.ends_on, figure.measure, figure.word, figure.count,
    figure.is_suppressed, figure.changed_on, figure.place as _place
from incident_figure as figure
left join school on school.id = figure.school_id;

alter table incident_figure enable row level security, force row level security;
alter table incident_figures_counted enable row level security, force row level security;
create policy of_the_callers_schools on incident_figure for select to rowan_service using (
    school_id = any ((select schools_of_figures())::uuid[])
    and (measure <> 'allegations' or school_id = any ((select schools_of_allegations())::uuid[]))
);
create policy counting on incident_figure to rowan_owner using (true);
create policy counting on incident_figures_counted to rowan_owner using (true);
create policy maintenance on incident_figure to rowan_maintenance using (true);
create policy maintenance on incident_figures_counted to rowan_maintenance using (true);
-- Who pulls figures is put on record in the chain of the school that they are about.
create policy of_figures on event for insert to rowan_service with check (
    chain = 'reads' and deed = 'figures_read'
    and organisation_id = any ((select schools_of_figures())::uuid[])
);

grant select on incident_figure, incident_figure_shown to rowan_service, rowan_maintenance;
grant insert, update, delete on incident_figure, incident_figures_counted to rowan_maintenance;
grant execute on function schools_of_figures() to rowan_service, rowan_maintenance;
grant execute on function count_incident_figures(uuid, text[], text[]), schools_of_allegations()
to rowan_service;
