-- The record that is made of a report: what it was found to be, who had which part in it, what was
-- done, and how it ended (source 001's Appendix J). What is written stays: a change is a new
-- version beside the one before (INC-43).

set local role rowan_owner;

alter table incident
    add column risk_categories text[] not null default '{}',
    add column severity        text,
    add column legality        text,
    add column lead_id         uuid,
    add constraint incident_severity_is_known check (severity in ('low', 'medium', 'high')),
    add constraint incident_legality_is_known check (legality in ('no', 'unclear', 'suspected')),
    add foreign key (school_id, lead_id) references person;

-- What a record says at one version. The first version is the report itself.
create table incident_version (
    school_id   uuid not null,
    incident_id uuid not null,
    version     integer not null,
    content     jsonb not null,
    account_id  uuid not null references account default caller_account(),
    role        text not null,
    at          timestamptz(3) not null default rowan_now(),
    salt        bytea not null default uuid_send(gen_random_uuid()),
    constraint incident_is_changed_once_at_a_time primary key (school_id, incident_id, version),
    foreign key (school_id, incident_id) references incident
);

-- Of what parents must be told (S-08).
insert into setting_default (name, value, stronger) values
    ('parents_told_of_filtering_breaches', 'true', 'true'),
    ('parents_told_of_use_outside_school', 'true', 'true');

-- The fields of a record that people write, with their types.
create type incident_content as (
    types                      text[],
    other_type                 text,
    other_breach               text,
    risk_categories            text[],
    heads                      text[],
    severity                   text,
    legality                   text,
    is_child_at_risk           boolean,
    concerns                   text,
    lead_id                    uuid,
    occurred_on                date,
    occurred_time              time,
    occurred_until             date,
    occurred_note              text,
    is_approximate             boolean,
    known_at                   timestamptz(3),
    channel                    text,
    locations                  text[],
    location_detail            text,
    social_media               text[],
    intent                     text,
    description                text,
    summary                    text,
    is_repeated                boolean,
    is_intentional             boolean,
    has_imbalance_of_power     boolean,
    is_filtering_breach        boolean,
    further_step               text
);

-- What the record says before anybody has written in it: what the first report said.
create function content_of_a_report(of_school uuid, of_incident uuid) returns jsonb
language plpgsql stable as $$
begin
    return (
        select jsonb_strip_nulls(
            to_jsonb(jsonb_populate_record(null::incident_content, to_jsonb(told))))
        from report as told
        where told.school_id = of_school and told.incident_id = of_incident
        order by told.reported_at, told.id
        limit 1);
end $$;

create function content_of_an_incident(of_school uuid, of_incident uuid) returns jsonb
language plpgsql stable as $$
begin
    return (
        select coalesce(
            (
                select written.content from incident_version as written
                where written.school_id = of_school and written.incident_id = of_incident
                order by written.version desc
                limit 1
            ),
            content_of_a_report(of_school, of_incident)));
end $$;

-- Writes a new version: what the record said, with these changes; null empties a field. It acts for
-- a caller to whom the incident is open; what triage settles is for those in charge.
create function amend_incident(of_school uuid, of_incident uuid, changes jsonb, by_role text)
returns incident_version
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    kept incident;
    said jsonb := as_procedures_want_it(
        of_school, of_incident,
        jsonb_strip_nulls(content_of_an_incident(of_school, of_incident) || changes));
    now_says incident_content := jsonb_populate_record(null::incident_content, said);
    written incident_version;
begin
    select * into kept from incident where school_id = of_school and id = of_incident;
    if kept.id is null or not is_open_to_caller(kept) or kept.status = 'closed' then
        raise exception 'not open to the caller' using errcode = 'RW404';
    end if;
    if not caller_decides(kept) and changes ?| array[
        'types', 'risk_categories', 'severity', 'legality', 'is_child_at_risk', 'concerns',
        'lead_id']
    then
        raise exception 'not in charge' using errcode = 'RW403';
    end if;
    update incident
    set types = coalesce(now_says.types, '{}'),
        risk_categories = coalesce(now_says.risk_categories, '{}'),
        severity = now_says.severity,
        legality = now_says.legality,
        is_child_at_risk = now_says.is_child_at_risk,
        lead_id = now_says.lead_id,
        occurred_on = now_says.occurred_on,
        occurred_time = now_says.occurred_time,
        occurred_until = now_says.occurred_until,
        is_approximate = coalesce(now_says.is_approximate, false),
        known_at = now_says.known_at,
        channel = now_says.channel,
        locations = coalesce(now_says.locations, '{}'),
        social_media = coalesce(now_says.social_media, '{}'),
        intent = now_says.intent,
        version = version + 1
    where school_id = of_school and id = of_incident;
    insert into incident_version (school_id, incident_id, version, content, role)
    select school_id, id, version, said, by_role from incident
    where school_id = of_school and id = of_incident
    returning * into written;
    return written;
end $$;


-- Where it stood, and who moved it on (section 24.1). Append-only; the incident's status is that of
-- its last move.
create table incident_move (
    school_id   uuid not null,
    incident_id uuid not null,
    number      integer not null,
    act         text not null,
    from_status text not null,
    to_status   text not null,
    words       text,
    account_id  uuid not null references account default caller_account(),
    role        text not null,
    at          timestamptz(3) not null default rowan_now(),
    salt        bytea not null default uuid_send(gen_random_uuid()),
    constraint incident_moves_once_at_a_time primary key (school_id, incident_id, number),
    foreign key (school_id, incident_id) references incident
);

-- Whoever moves it on has answered it: it climbs no further.
create function moving_on_ends_the_wait() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    delete from unanswered
    where school_id = new.school_id and incident_id = new.incident_id;
    return null;
end $$;

create trigger moving_on_ends_the_wait after insert on incident_move
for each row execute function moving_on_ends_the_wait();

-- Moves an incident on, for a caller who may do that, and keeps the move, on record.
create function move_incident(
    of_school uuid, of_incident uuid, by_act text, into_status text, why text, by_role text
) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    kept incident;
    moved incident_move;
begin
    select * into kept from incident where school_id = of_school and id = of_incident;
    if kept.id is null or not is_open_to_caller(kept) then
        raise exception 'not open to the caller' using errcode = 'RW404';
    end if;
    if not caller_may(by_act, kept) then
        raise exception 'not in charge' using errcode = 'RW403';
    end if;
    insert into incident_move (
        school_id, incident_id, number, act, from_status, to_status, words, role)
    select incident.school_id, incident.id,
        (
            select count(*) + 1 from incident_move as move
            where move.school_id = of_school and move.incident_id = of_incident
        ),
        by_act, incident.status, into_status, why, by_role
    from incident
    where incident.school_id = of_school and incident.id = of_incident
    returning * into moved;
    insert into event (
        organisation_id, chain, deed, record_kind, record_ids, version, request_id, digest)
    values (
        of_school, 'changes', 'moved', 'incident', array[of_incident], moved.number, '',
        digest_of(moved.salt, to_jsonb(moved) - 'salt'));
    update incident set status = into_status, version = version + 1
    where school_id = of_school and id = of_incident and status <> into_status;
end $$;

-- It is closed because this row exists, until it is reopened.
create table closure (
    school_id    uuid not null,
    incident_id  uuid not null,
    number       integer not null,
    kind         text not null,
    outcome      text not null,
    duplicate_of uuid,
    account_id   uuid not null references account default caller_account(),
    role         text not null,
    at           timestamptz(3) not null default rowan_now(),
    salt         bytea not null default uuid_send(gen_random_uuid()),
    constraint incident_is_closed_once_at_a_time primary key (school_id, incident_id, number),
    foreign key (school_id, incident_id) references incident,
    foreign key (school_id, duplicate_of) references incident,
    constraint closure_kind_is_known check (kind in ('completed', 'mistaken', 'duplicate')),
    constraint closure_of_a_duplicate_names_the_other check (
        (kind = 'duplicate') = (duplicate_of is not null)),
    constraint closure_of_a_duplicate_of_itself check (duplicate_of <> incident_id)
);
create index closure_of_duplicates on closure (school_id, duplicate_of);

create table reopening (
    school_id   uuid not null,
    incident_id uuid not null,
    number      integer not null,
    reason      text not null,
    words       text not null,
    account_id  uuid not null references account default caller_account(),
    role        text not null,
    at          timestamptz(3) not null default rowan_now(),
    salt        bytea not null default uuid_send(gen_random_uuid()),
    constraint incident_is_reopened_once primary key (school_id, incident_id, number),
    foreign key (school_id, incident_id, number) references closure,
    constraint reopening_reason_is_known check (
        reason in ('recurrence', 'material_not_removed', 'new_evidence', 'closed_in_error'))
);


-- The parts of a record that people edit at the same time. Each has versions of its own.

-- Who had which part in it (INC-25); the same person may have several.
create table involvement (
    school_id    uuid not null,
    incident_id  uuid not null,
    id           uuid not null,
    version      integer not null,
    person_id    uuid,
    name         text,
    "group"      text not null,
    detail       text,
    year_group   text,
    parts        text[] not null,
    is_withdrawn boolean not null default false,
    account_id   uuid not null references account default caller_account(),
    role         text not null,
    at           timestamptz(3) not null default rowan_now(),
    salt         bytea not null default uuid_send(gen_random_uuid()),
    constraint involvement_is_changed_once_at_a_time
        primary key (school_id, incident_id, id, version),
    foreign key (school_id, incident_id) references incident,
    foreign key (school_id, person_id) references person,
    constraint involvement_is_of_somebody check (num_nonnulls(person_id, name) > 0),
    constraint involvement_group_is_known check ("group" in ('child', 'staff', 'parent', 'other')),
    constraint involvement_has_known_parts check (
        cardinality(parts) > 0
        and parts <@ array['target', 'alleged', 'witness', 'reporter', 'other'])
);
create index involvement_of_a_person on involvement (school_id, person_id, incident_id);

-- The nine action lines of Appendix J, and what was answered to each (INC-22).
create view action_line with (security_invoker = true) as
select * from (values
    (1, 'reported_to_lead'), (2, 'advice_sought'), (3, 'referred_to_local_authority'),
    (4, 'reported_to_police_or_ceop'), (5, 'policy_reviewed'), (6, 'parents_informed'),
    (7, 'reported_to_network'), (8, 'other_actions'), (9, 'wider_community')
) as line (number, line);

create table action_answer (
    school_id   uuid not null,
    incident_id uuid not null,
    line        text not null,
    version     integer not null,
    answer      text not null,
    words       text,
    done_on     date,
    done_by     text,
    account_id  uuid not null references account default caller_account(),
    role        text not null,
    at          timestamptz(3) not null default rowan_now(),
    salt        bytea not null default uuid_send(gen_random_uuid()),
    constraint action_line_is_answered_once_at_a_time
        primary key (school_id, incident_id, line, version),
    foreign key (school_id, incident_id) references incident,
    constraint action_answer_is_known check (answer in ('done', 'not_needed', 'pending'))
);

-- What was decided about telling the parents of each child involved (INC-32), and the notice that
-- they were given (NOT-06). Superseded, never edited.
create table parents_decision (
    school_id       uuid not null,
    incident_id     uuid not null,
    id              uuid not null,
    child_id        uuid not null,
    decision        text not null,
    reason          text,
    informed_at     timestamptz(3),
    informed_by     text,
    who_was_told    text,
    channel         text,
    about           text,
    acknowledged_on date,
    supersedes      uuid,
    account_id      uuid not null references account default caller_account(),
    role            text not null,
    at              timestamptz(3) not null default rowan_now(),
    salt            bytea not null default uuid_send(gen_random_uuid()),
    primary key (school_id, incident_id, id),
    foreign key (school_id, incident_id) references incident,
    foreign key (school_id, incident_id, supersedes) references parents_decision,
    constraint parents_decision_is_superseded_once unique (school_id, incident_id, supersedes),
    constraint parents_decision_is_known check (
        decision in ('informed', 'not_yet', 'not_to_be')),
    constraint parents_decision_says_why_or_how check (
        case decision
            when 'informed' then num_nulls(informed_at, informed_by, channel, about) = 0
            else reason is not null
        end)
);
create unique index parents_are_decided_on_once
on parents_decision (school_id, incident_id, child_id) where supersedes is null;

-- That an agency must be asked before anybody else is told, and what it advised (INC-38, NOT-04).
create table agency_hold (
    school_id   uuid not null,
    incident_id uuid not null,
    id          uuid not null,
    agency      text not null,
    contact     text,
    reference   text,
    words       text not null,
    account_id  uuid not null references account default caller_account(),
    role        text not null,
    at          timestamptz(3) not null default rowan_now(),
    salt        bytea not null default uuid_send(gen_random_uuid()),
    primary key (school_id, incident_id, id),
    foreign key (school_id, incident_id) references incident,
    constraint agency_of_a_hold_is_known check (
        agency in ('police', 'social_care', 'lado', 'other'))
);

create table agency_hold_release (
    school_id   uuid not null,
    incident_id uuid not null,
    id          uuid not null,
    advice      text not null,
    account_id  uuid not null references account default caller_account(),
    role        text not null,
    at          timestamptz(3) not null default rowan_now(),
    salt        bytea not null default uuid_send(gen_random_uuid()),
    constraint agency_hold_is_released_once primary key (school_id, incident_id, id),
    foreign key (school_id, incident_id, id) references agency_hold
);

-- Whether an agency had, or has, to be asked first at a moment, as people give it: to the minute.
create function is_held(of_school uuid, of_incident uuid, moment timestamptz) returns boolean
language plpgsql stable as $$
begin
    return exists (
        select from agency_hold as hold
        left join agency_hold_release as released using (school_id, incident_id, id)
        where hold.school_id = of_school and hold.incident_id = of_incident
            and date_trunc('minute', hold.at) <= moment and released.id is null);
end $$;

-- What evidence there is, and who holds it; never the thing (INC-33).
create table evidence (
    school_id     uuid not null,
    incident_id   uuid not null,
    id            uuid not null,
    version       integer not null,
    kind          text not null,
    description   text not null,
    holder        text not null,
    place         text,
    secured_at    timestamptz(3),
    was_forwarded boolean not null,
    -- Of an indecent image: that it is one, that it was printed, and that whoever holds it does so
    -- as the police directed (INC-34).
    is_indecent_image   boolean not null default false,
    was_printed         boolean not null default false,
    is_held_for_police  boolean not null default false,
    is_withdrawn  boolean not null default false,
    account_id    uuid not null references account default caller_account(),
    role          text not null,
    at            timestamptz(3) not null default rowan_now(),
    salt          bytea not null default uuid_send(gen_random_uuid()),
    constraint evidence_is_changed_once_at_a_time
        primary key (school_id, incident_id, id, version),
    foreign key (school_id, incident_id) references incident
);

-- Which rules somebody named in it broke, and how these stood for them on its day (AGR-25): worked
-- out when it is put down, and no other because of what is agreed, or published, later.
create table agreement_breach (
    school_id    uuid not null,
    incident_id  uuid not null,
    id           uuid not null,
    version      integer not null,
    person_id    uuid not null,
    template_id  uuid not null,
    template     text not null,
    version_id   uuid not null,
    number       integer not null,
    agreement_id uuid,
    sha256       text,
    clauses      jsonb not null,
    breached_on  date not null,
    state        text not null,
    was_current  boolean not null,
    signed_on    date,
    words        text,
    is_withdrawn boolean not null default false,
    account_id   uuid not null references account default caller_account(),
    role         text not null,
    at           timestamptz(3) not null default rowan_now(),
    salt         bytea not null default uuid_send(gen_random_uuid()),
    constraint agreement_breach_is_changed_once_at_a_time
        primary key (school_id, incident_id, id, version),
    foreign key (school_id, incident_id) references incident,
    foreign key (school_id, person_id) references person
);

-- What was done or said, and when, that no other part of the record says (INC-44).
create table incident_entry (
    school_id   uuid not null,
    incident_id uuid not null,
    id          uuid not null,
    kind        text not null,
    happened_at timestamptz(3) not null,
    words       text not null,
    account_id  uuid not null references account default caller_account(),
    role        text not null,
    at          timestamptz(3) not null default rowan_now(),
    salt        bytea not null default uuid_send(gen_random_uuid()),
    primary key (school_id, incident_id, id),
    foreign key (school_id, incident_id) references incident
);

-- What else is put down of the work on an incident, in kinds: a sanction, a referral, a debrief. Of
-- each the fields are told in Swift; who writes and reads it, of those to whom the incident is open,
-- and whether it stays as it was put down, is told here, and a test holds the two together.
create table incident_part_kind (
    kind     text primary key,
    writers  text[] not null default '{}',
    readers  text[] not null default '{}',
    is_final boolean not null default false
);

-- `people` are those of the roster whom it names, or whose place in the record it names.
create table incident_part (
    school_id    uuid not null,
    incident_id  uuid not null,
    id           uuid not null,
    version      integer not null,
    kind         text not null references incident_part_kind,
    content      jsonb not null,
    people       uuid[] not null default '{}',
    happened_at  timestamptz(3),
    is_withdrawn boolean not null default false,
    account_id   uuid not null references account default caller_account(),
    role         text not null,
    at           timestamptz(3) not null default rowan_now(),
    salt         bytea not null default uuid_send(gen_random_uuid()),
    constraint incident_part_is_changed_once_at_a_time
        primary key (school_id, incident_id, id, version),
    foreign key (school_id, incident_id) references incident
);
create index incident_part_of_people on incident_part using gin (people);
create index sanction_of_access on incident_part (school_id)
where kind = 'sanction' and content ->> 'what' = 'access_withdrawn';

-- Whether the caller may read a part of a kind, or write it at a version, in an incident that is
-- open to them.
create function caller_reads_part(of_school uuid, of_kind text) returns boolean
language plpgsql stable as $$
begin
    return exists (
        select from incident_part_kind as known
        where known.kind = of_kind
            and (known.readers = '{}' or caller_seats() -> of_school::text ?| known.readers));
end $$;

create function caller_writes_part(of_school uuid, of_kind text, at_version integer)
returns boolean
language plpgsql stable as $$
begin
    return exists (
        select from incident_part_kind as known
        where known.kind = of_kind
            and (known.writers = '{}' or caller_seats() -> of_school::text ?| known.writers)
            and not (known.is_final and at_version > 1));
end $$;

-- Incidents that belong together (INC-40); read from both sides.
create table incident_link (
    school_id   uuid not null,
    incident_id uuid not null,
    id          uuid not null,
    other_id    uuid,
    relation    text not null,
    words       text,
    -- Of another setting, whose case is not in this register.
    other_setting   text,
    other_reference text,
    account_id  uuid not null references account default caller_account(),
    role        text not null,
    at          timestamptz(3) not null default rowan_now(),
    salt        bytea not null default uuid_send(gen_random_uuid()),
    primary key (school_id, incident_id, id),
    foreign key (school_id, incident_id) references incident,
    foreign key (school_id, other_id) references incident,
    constraint incident_is_linked_once unique (school_id, incident_id, other_id, relation),
    constraint incident_is_not_linked_to_itself check (other_id <> incident_id),
    constraint incident_link_leads_to_one_case check ((other_id is null) <> (other_setting is null)),
    constraint another_settings_case_is_linked_as_such check (
        other_setting is null or relation = 'other_setting')
);
create index incident_link_from_the_other_side on incident_link (school_id, other_id);

-- How many links an incident has, from both sides, those among them that the caller is not shown;
-- for a caller to whom it is open, so that it gets no more than one may have.
create function links_of(of_school uuid, of_incident uuid) returns bigint
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    return (
        select count(*) from incident_link as link
        where link.school_id = of_school
            and (link.incident_id = of_incident or link.other_id = of_incident)
            and exists (
                select from incident
                where incident.school_id = of_school and incident.id = of_incident
                    and is_open_to_caller(incident)));
end $$;


-- Walls.

-- A part is read with its incident, and written in the caller's own name while that is open.
do $$
declare
    part    text;
    columns text;
begin
    foreach part in array array[
        'incident_version', 'incident_move', 'closure', 'reopening', 'involvement',
        'action_answer', 'parents_decision', 'evidence', 'agreement_breach', 'incident_entry',
        'incident_link', 'agency_hold', 'agency_hold_release', 'incident_part']
    loop
        execute format('alter table %I enable row level security, force row level security', part);
        execute format(
            'create policy read_with_its_incident on %I for select to rowan_service using (
                incident_is_shown(school_id, incident_id)%s)', part,
            case part
                when 'incident_link' then ' and (
                    other_id is null or incident_is_shown(school_id, other_id))'
                when 'incident_part' then ' and caller_reads_part(school_id, kind)'
                else '' end);
        execute format(
            'create policy written_while_it_is_open on %1$I for insert to rowan_service with check (
                account_id = (select caller_account())
                and ((select caller_seats()) -> school_id::text) ? role
                and (%2$s)
                and exists (
                    select from incident
                    where incident.school_id = %1$I.school_id
                        and incident.id = %1$I.incident_id and (%3$s)))', part,
            case part
                when 'incident_link' then 'other_id is null or exists (
                    select from incident as other
                    where other.school_id = incident_link.school_id
                        and other.id = incident_link.other_id)'
                when 'incident_part' then 'caller_writes_part(school_id, kind, version)'
                else 'true' end,
            case part
                when 'reopening' then 'caller_decides(incident)'
                when 'closure' then 'incident.status <> ''closed'' and caller_decides(incident)'
                when 'parents_decision' then 'incident.status <> ''closed''
                    and (decision <> ''not_to_be'' or caller_decides(incident))
                    and (decision <> ''informed''
                        or not is_held(school_id, incident_id, informed_at))'
                when 'agency_hold' then 'incident.status <> ''closed'' and caller_decides(incident)'
                when 'agreement_breach' then 'incident.status <> ''closed''
                    and caller_decides(incident)'
                when 'agency_hold_release' then 'incident.status <> ''closed''
                    and caller_decides(incident) and (caller_seats() -> incident.school_id::text)
                        ?| ''{dsl,deputy_dsl,headteacher,chair_of_governors}'''
                else 'incident.status <> ''closed''' end);
        execute format('create policy filing on %I to rowan_owner using (true)', part);
        execute format('create policy maintenance on %I to rowan_maintenance using (true)', part);
        execute format('grant select on %I to rowan_service', part);
        -- The time, the salt and whose name it is are the table's to say.
        if part not in ('incident_version', 'incident_move') then
            select string_agg(quote_ident(column_name), ', ') into columns
            from information_schema.columns
            where table_schema = 'public' and table_name = part
                and column_name not in ('at', 'salt', 'account_id');
            execute format('grant insert (%s) on %I to rowan_service', columns, part);
        end if;
        execute format('grant select, insert, update on %I to rowan_maintenance', part);
    end loop;
end $$;

grant select on action_line, incident_part_kind to rowan_service, rowan_maintenance;
grant execute on function
    caller_reads_part(uuid, text), caller_writes_part(uuid, text, integer),
    content_of_a_report(uuid, uuid), content_of_an_incident(uuid, uuid),
    is_held(uuid, uuid, timestamptz)
to rowan_service, rowan_maintenance;
grant execute on function
    amend_incident(uuid, uuid, jsonb, text), move_incident(uuid, uuid, text, text, text, text),
    links_of(uuid, uuid)
to rowan_service;
