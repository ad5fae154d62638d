-- The record that is made of a report: what it was found to be, who had which part in it, what was
-- done, and how it ended (source 001's Appendix J). What is written stays: a change is a new version
-- beside the one before (INC-43).

set local role rowan_owner;

alter table incident
    add column risk_categories text[] not null default '{}',
    add column severity        text,
    add column legality        text,
    add column lead_id         uuid,
    drop constraint incident_status_is_known,
    add constraint incident_status_is_known check (
        status in ('reported', 'triaged', 'logged_only', 'acting', 'closed')),
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
    has_imbalance_of_power     boolean
);

-- What the record says before anybody has written in it: what the first report said.
create function content_of_a_report(of_school uuid, of_incident uuid) returns jsonb
language sql stable
begin atomic
    select jsonb_strip_nulls(to_jsonb(jsonb_populate_record(null::incident_content, to_jsonb(told))))
    from report as told
    where told.school_id = of_school and told.incident_id = of_incident
    order by told.reported_at, told.id
    limit 1;
end;

create function content_of_an_incident(of_school uuid, of_incident uuid) returns jsonb
language sql stable
begin atomic
    select coalesce(
        (
            select written.content from incident_version as written
            where written.school_id = of_school and written.incident_id = of_incident
            order by written.version desc
            limit 1
        ),
        content_of_a_report(of_school, of_incident));
end;

-- Writes a new version: what the record said, with these changes; null empties a field.
create function amend_incident(of_school uuid, of_incident uuid, changes jsonb, by_role text)
returns incident_version
language plpgsql as $$
declare
    said jsonb := jsonb_strip_nulls(content_of_an_incident(of_school, of_incident) || changes);
    now_says incident_content := jsonb_populate_record(null::incident_content, said);
    written incident_version;
begin
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

-- Moves an incident on, and keeps the move.
create function move_incident(
    of_school uuid, of_incident uuid, by_act text, into_status text, why text, by_role text
) returns void
language plpgsql as $$
begin
    insert into incident_move (
        school_id, incident_id, number, act, from_status, to_status, words, role)
    select incident.school_id, incident.id,
        (
            select count(*) + 1 from incident_move as move
            where move.school_id = of_school and move.incident_id = of_incident
        ),
        by_act, incident.status, into_status, why, by_role
    from incident
    where incident.school_id = of_school and incident.id = of_incident;
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
    is_withdrawn  boolean not null default false,
    account_id    uuid not null references account default caller_account(),
    role          text not null,
    at            timestamptz(3) not null default rowan_now(),
    salt          bytea not null default uuid_send(gen_random_uuid()),
    constraint evidence_is_changed_once_at_a_time
        primary key (school_id, incident_id, id, version),
    foreign key (school_id, incident_id) references incident
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

-- Incidents that belong together (INC-40); read from both sides.
create table incident_link (
    school_id   uuid not null,
    incident_id uuid not null,
    id          uuid not null,
    other_id    uuid not null,
    relation    text not null,
    words       text,
    account_id  uuid not null references account default caller_account(),
    role        text not null,
    at          timestamptz(3) not null default rowan_now(),
    salt        bytea not null default uuid_send(gen_random_uuid()),
    primary key (school_id, incident_id, id),
    foreign key (school_id, incident_id) references incident,
    foreign key (school_id, other_id) references incident,
    constraint incident_is_linked_once unique (school_id, incident_id, other_id, relation),
    constraint incident_is_not_linked_to_itself check (other_id <> incident_id)
);
create index incident_link_from_the_other_side on incident_link (school_id, other_id);

-- Who may open one record beside the posts that may: the person who leads it.
create table incident_access (
    school_id   uuid not null,
    incident_id uuid not null,
    account_id  uuid not null references account,
    basis       text not null,
    until_at    timestamptz(3),
    given_at    timestamptz(3) not null default rowan_now(),
    primary key (school_id, incident_id, account_id, basis),
    foreign key (school_id, incident_id) references incident,
    constraint incident_access_basis_is_known check (basis in ('lead'))
);


-- Whether an account may not see an incident because it is about them, or, `even_possibly`, may be.
create function is_subject(
    of_school uuid, of_incident uuid, of_account uuid, even_possibly boolean default true
) returns boolean
language sql stable security definer set search_path = public, pg_temp
begin atomic
    select exists (
        select from incident_subject as subject
        where subject.school_id = of_school and subject.incident_id = of_incident
            and subject.account_id = of_account
            and (even_possibly or subject.basis <> 'possible'));
end;

-- Which posts decide what becomes of an incident: triage, closing, reopening (sections 24.1 and 25).
create function posts_in_charge(treated_as text, child_at_risk boolean) returns text[]
language sql immutable
return array(
    select rule.role from (values
        ('child', false, 'online_safety_coordinator'), ('child', false, 'dsl'),
        ('child', false, 'deputy_dsl'), ('child', false, 'headteacher'),
        ('child', true, 'dsl'), ('child', true, 'deputy_dsl'),
        ('staff', false, 'headteacher'), ('staff', true, 'headteacher'),
        ('headteacher', false, 'chair_of_governors'), ('headteacher', true, 'chair_of_governors'),
        ('dsl', false, 'headteacher'), ('dsl', true, 'headteacher'),
        ('deputy_dsl', false, 'headteacher'), ('deputy_dsl', false, 'dsl'),
        ('deputy_dsl', true, 'headteacher'), ('deputy_dsl', true, 'dsl'),
        ('governor', false, 'headteacher'), ('governor', false, 'dsl'),
        ('governor', true, 'headteacher'), ('governor', true, 'dsl'),
        ('unsure', false, 'deputy_dsl'), ('unsure', false, 'chair_of_governors'),
        ('unsure', true, 'deputy_dsl'), ('unsure', true, 'chair_of_governors')
    ) as rule (concerns, at_risk, role)
    where rule.concerns = treated_as and rule.at_risk = child_at_risk);

-- Whether the caller decides: by their post; as the one who stands in, because it was sent to a post
-- that it is not open to by itself; or because nobody who is not its subject holds a post in charge.
create function caller_decides(of_incident incident) returns boolean
language sql stable
begin atomic
    with rule as (
        select
            posts_in_charge(
                of_incident.treated_as, coalesce(of_incident.is_child_at_risk, false)) as in_charge,
            posts_that_may_read(
                of_incident.treated_as, coalesce(of_incident.is_child_at_risk, false), '{}'
            ) as usual,
            caller_seats() -> of_incident.school_id::text as own
    )
    select coalesce(
        rule.own ?| rule.in_charge
        or rule.own ?| array(
            select unnest(of_incident.readers) except select unnest(rule.usual))
        or not exists (
            select from post
            where post.school_id = of_incident.school_id and post.role = any (rule.in_charge)
                and not is_subject(of_incident.school_id, of_incident.id, post._account_id)
        ), false)
    from rule;
end;

-- Sends an incident where it belongs after triage: settles whom it concerns, hides it from its
-- subjects, opens it to the posts of its kind and to its lead, and tells those who were not told
-- before; and says who they are. It acts for a caller to whom the incident is open.
create function send_incident_on(of_school uuid, of_incident uuid, about text)
returns setof recipient
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    sent incident;
    alleged uuid[] := array(
        select (person ->> 'person_id')::uuid
        from report cross join jsonb_array_elements(report.people) as person
        where report.school_id = of_school and report.incident_id = of_incident
            and person ->> 'part' = 'alleged' and person ? 'person_id'
        union
        select involvement.person_id from involvement
        where involvement.school_id = of_school and involvement.incident_id = of_incident
            and 'alleged' = any (involvement.parts) and involvement.person_id is not null);
    treated text;
    at_risk boolean;
    recipients recipient[];
begin
    select * into sent from incident where school_id = of_school and id = of_incident;
    if not is_open_to_caller(sent) then
        raise exception 'not open to the caller' using errcode = 'RW404';
    end if;
    at_risk := coalesce(sent.is_child_at_risk, false);
    treated := treatment_of_a_report(of_school, about, alleged);
    recipients := array(
        select recipient
        from recipients_of_a_report(of_school, about, at_risk, alleged, null) as recipient);

    delete from incident_subject as subject
    where subject.school_id = of_school and subject.incident_id = of_incident
        and subject.basis = 'possible' and about <> 'unsure';
    insert into incident_subject (school_id, incident_id, person_id, account_id, basis)
    select of_school, of_incident, subject.person_id, subject.account_id, subject.basis
    from subjects_of_a_report(of_school, about, alleged) as subject
    where (about <> 'unsure' or subject.basis = 'alleged') and not exists (
        select from incident_subject as known
        where known.school_id = of_school and known.incident_id = of_incident
            and known.person_id is not distinct from subject.person_id
            and known.account_id is not distinct from subject.account_id);

    update incident
    set concerns = about,
        treated_as = treated,
        urgency = case when at_risk then 'urgent' else urgency end,
        readers = array(
            select unnest(posts_that_may_read(
                treated, at_risk, array(select told.role from unnest(recipients) as told)))
            union
            select unnest(sent.readers) where treated = sent.treated_as
            order by 1)
    where school_id = of_school and id = of_incident
    returning * into sent;

    delete from incident_access
    where school_id = of_school and incident_id = of_incident and basis = 'lead';
    insert into incident_access (school_id, incident_id, account_id, basis)
    select of_school, of_incident, lead._account_id, 'lead' from person_listed as lead
    where lead.school_id = of_school and lead.id = sent.lead_id and lead._account_id is not null;

    return query
    with told as (
        select told.* from unnest(recipients) as told
        where not exists (
            select from notice
            where notice.school_id = of_school and notice.incident_id = of_incident
                and notice.account_id = told.account_id)
    ), sent_to as materialized (
        select send_notice(
            of_school, told.account_id, told.role, 'incident_sent_on', sent.urgency,
            sent.reference, of_incident, rowan_now())
        from told
    )
    select told.* from told where (select count(*) from sent_to) >= 0;
end $$;

-- The report's receipts say how far it has come, those of its duplicates as well (INC-14).
alter table receipt
    add column recorded_at  timestamptz(3),
    add column acted_on_at  timestamptz(3),
    add column passed_on_at timestamptz(3),
    drop constraint receipt_status_is_known,
    add constraint receipt_status_is_known check (
        status in ('received', 'seen', 'recorded', 'acted_on', 'passed_on'));

create or replace view receipt_shown with (security_invoker = true) as
select
    receipt.incident_id as id,
    receipt.school_id,
    receipt.account_id as _account_id,
    receipt.reference,
    receipt.status,
    receipt.reported_at,
    receipt.seen_at,
    receipt.seen_by_role,
    '"r' || receipt.version || '"' as etag,
    receipt.recorded_at,
    receipt.acted_on_at,
    receipt.passed_on_at
from receipt;

create function receipt_moves_on(of_school uuid, of_incident uuid, step text) returns void
language plpgsql as $$
begin
    update receipt
    set recorded_at = coalesce(recorded_at, rowan_now()),
        acted_on_at = case
            when step <> 'recorded' then coalesce(acted_on_at, rowan_now()) else acted_on_at end,
        passed_on_at = case
            when step = 'passed_on' then coalesce(passed_on_at, rowan_now()) else passed_on_at end,
        status = case
            when step = 'passed_on' or passed_on_at is not null then 'passed_on'
            when step = 'acted_on' or acted_on_at is not null then 'acted_on'
            else 'recorded' end,
        version = version + 1
    where school_id = of_school
        and (
            incident_id = of_incident
            or incident_id in (
                select closure.incident_id from closure
                where closure.school_id = of_school and closure.duplicate_of = of_incident))
        and (
            recorded_at is null
            or step <> 'recorded' and acted_on_at is null
            or step = 'passed_on' and passed_on_at is null);
end $$;


-- What is shown of it.

create view involvement_shown with (security_invoker = true) as
select
    involvement.school_id, involvement.incident_id as _incident_id, involvement.id,
    involvement.person_id,
    coalesce(involvement.name, person.given_name || ' ' || person.family_name) as name,
    involvement."group", involvement.detail, involvement.year_group, involvement.parts,
    '"' || involvement.version || '"' as etag
from involvement
left join person on person.school_id = involvement.school_id and person.id = involvement.person_id
where not involvement.is_withdrawn and not exists (
    select from involvement as later
    where later.school_id = involvement.school_id and later.incident_id = involvement.incident_id
        and later.id = involvement.id and later.version > involvement.version);

-- Whether words that must name nobody name somebody: the full name of anybody on the roster, or one
-- name, written with a capital, of those involved.
create function names_somebody(of_school uuid, of_incident uuid, words text) returns boolean
language sql stable
begin atomic
    select exists (
        select from person_listed as person
        where person.school_id = of_school
            and position(
                lower(person.given_name || ' ' || person.family_name) in lower(words)) > 0
    ) or exists (
        select from involvement_shown as involved
        cross join lateral regexp_split_to_table(involved.name, '\s+') as single (name)
        where involved.school_id = of_school and involved._incident_id = of_incident
            and length(single.name) > 1
            and words ~ ('\m' || regexp_replace(single.name, '(\W)', '\\\1', 'g') || '\M'));
end;

create view action_line_shown with (security_invoker = true) as
select
    incident.school_id, incident.id as _incident_id, line.number, line.line,
    coalesce(latest.answer, 'pending') as answer, latest.words, latest.done_on, latest.done_by,
    latest.at as answered_at, latest.role as answered_by_role,
    '"' || coalesce(latest.version, 0) || '"' as etag
from incident
cross join action_line as line
left join lateral (
    select * from action_answer as given
    where given.school_id = incident.school_id and given.incident_id = incident.id
        and given.line = line.line
    order by given.version desc
    limit 1
) as latest on true;

create view parents_decision_shown with (security_invoker = true) as
select
    decision.school_id, decision.incident_id as _incident_id, decision.id, decision.child_id,
    decision.decision, decision.reason, decision.informed_at, decision.informed_by,
    decision.who_was_told, decision.channel, decision.about, decision.acknowledged_on,
    decision.supersedes, decision.at as decided_at, decision.role as decided_by_role,
    not exists (
        select from parents_decision as later
        where later.school_id = decision.school_id
            and later.incident_id = decision.incident_id and later.supersedes = decision.id
    ) as is_current
from parents_decision as decision;

create view evidence_shown with (security_invoker = true) as
select
    evidence.school_id, evidence.incident_id as _incident_id, evidence.id, evidence.kind,
    evidence.description, evidence.holder, evidence.place, evidence.secured_at,
    evidence.was_forwarded,
    '"' || evidence.version || '"' as etag
from evidence
where not evidence.is_withdrawn and not exists (
    select from evidence as later
    where later.school_id = evidence.school_id and later.incident_id = evidence.incident_id
        and later.id = evidence.id and later.version > evidence.version);

create view incident_link_shown with (security_invoker = true) as
select
    link.school_id, link.incident_id as _incident_id, link.id, link.relation, link.words,
    link.other_id as other_incident_id, other.reference as other_reference, link.at as linked_at
from incident_link as link
join incident as other on other.school_id = link.school_id and other.id = link.other_id
union all
select
    link.school_id, link.other_id, link.id, link.relation, link.words,
    link.incident_id, other.reference, link.at
from incident_link as link
join incident as other on other.school_id = link.school_id and other.id = link.incident_id;

-- A part inside JSON as it is by itself: without what is null or only for statements, instants as
-- the contract writes them.
create function shown_part(part jsonb) returns jsonb
language sql stable
return (
    select jsonb_object_agg(
        field.key,
        case when field.key like '%\_at' then to_jsonb(instant((field.value #>> '{}')::timestamptz))
            else field.value end)
    from jsonb_each(jsonb_strip_nulls(part)) as field
    where field.key not like '\_%');

-- How it ended; nothing while it is open.
create view closure_standing with (security_invoker = true) as
select
    closure.school_id, closure.incident_id as _incident_id, closure.number, closure.kind,
    closure.outcome, closure.duplicate_of, closure.at as closed_at, closure.role as closed_by_role
from closure
where not exists (
    select from reopening
    where reopening.school_id = closure.school_id
        and reopening.incident_id = closure.incident_id and reopening.number = closure.number);

-- Every action, contact, decision and step of an incident, dated (INC-44).
create view chronology with (security_invoker = true) as
select
    report.school_id, report.incident_id as _incident_id, report.id, 'reported' as kind,
    report.reported_at as at, null as role, report.description as words,
    jsonb_build_object('report_id', report.id) as refers_to
from report
union all
select
    move.school_id, move.incident_id, md5(move.incident_id::text || move.number)::uuid, move.act,
    move.at, move.role, move.words,
    jsonb_build_object('from', move.from_status, 'to', move.to_status)
from incident_move as move
union all
select
    written.school_id, written.incident_id,
    md5(written.incident_id::text || 'v' || written.version)::uuid, 'written', written.at,
    written.role, null, jsonb_build_object('version', written.version)
from incident_version as written
union all
select
    part.school_id, part.incident_id, md5(part.id::text || part.version)::uuid,
    case when part.is_withdrawn then 'person_withdrawn' else 'person_named' end, part.at,
    part.role, null,
    jsonb_build_object('person', part.id, 'version', part.version, 'parts', part.parts)
from involvement as part
union all
select
    given.school_id, given.incident_id, md5(given.incident_id::text || given.line || given.version)::uuid,
    'line_answered', given.at, given.role, given.words,
    jsonb_build_object('line', given.line, 'answer', given.answer, 'version', given.version)
from action_answer as given
union all
select
    decision.school_id, decision.incident_id, decision.id, 'parents_decided', decision.at,
    decision.role, coalesce(decision.reason, decision.about),
    jsonb_build_object('child', decision.child_id, 'decision', decision.decision)
from parents_decision as decision
union all
select
    evidence.school_id, evidence.incident_id, md5(evidence.id::text || evidence.version)::uuid,
    case when evidence.is_withdrawn then 'evidence_withdrawn' else 'evidence_described' end,
    evidence.at, evidence.role, evidence.description,
    jsonb_build_object('evidence', evidence.id, 'version', evidence.version)
from evidence
union all
select
    entry.school_id, entry.incident_id, entry.id, entry.kind, entry.happened_at, entry.role,
    entry.words, jsonb_build_object('entered_at', instant(entry.at))
from incident_entry as entry
union all
select
    link.school_id, link._incident_id, link.id, 'linked', link.linked_at, null, link.words,
    jsonb_build_object('incident', link.other_incident_id, 'relation', link.relation)
from incident_link_shown as link
union all
select
    acknowledged.school_id, notice.incident_id, acknowledged.notice_id, 'acknowledged',
    acknowledged.acknowledged_at, notice.role, null, '{}'
from notice_acknowledgement as acknowledged
join notice on notice.school_id = acknowledged.school_id and notice.id = acknowledged.notice_id;

-- The record as it stands, with what was told; a duplicate's reports are read with the one kept.
drop view incident_opened;

create or replace view incident_listed with (security_invoker = true) as
select
    incident.id,
    incident.school_id,
    incident.reference,
    incident.status,
    incident.concerns,
    incident.is_child_at_risk,
    incident.urgency,
    incident.types,
    incident.occurred_on,
    incident.occurred_time,
    incident.occurred_until,
    incident.is_approximate,
    incident.known_at,
    incident.reported_at,
    (incident.reported_at at time zone 'Europe/London')::date - incident.occurred_on as delay_days,
    (extract(epoch from incident.reported_at - incident.known_at) / 60)::integer as delay_minutes,
    academic_year(coalesce(
        incident.occurred_on, (incident.reported_at at time zone 'Europe/London')::date)
    ) as academic_year,
    incident.readers as _readers,
    incident.treated_as as _treated_as,
    '"' || incident.version || '"' as etag,
    incident.channel,
    incident.locations,
    incident.social_media,
    incident.intent,
    incident.risk_categories,
    incident.severity,
    incident.legality,
    incident.lead_id
from incident;

create view incident_opened with (security_invoker = true) as
select
    listed.*,
    (
        select jsonb_agg(
            jsonb_strip_nulls(
                to_jsonb(report) - '{school_id,incident_id,salt,reported_by}'::text[]
                || jsonb_build_object(
                    'known_at', instant(report.known_at),
                    'reported_at', instant(report.reported_at),
                    'occurred_time', to_char(report.occurred_time, 'HH24:MI')))
            order by report.reported_at, report.id)
        from report
        where report.school_id = listed.school_id and (
            report.incident_id = listed.id
            or report.incident_id in (
                select closure.incident_id from closure
                where closure.school_id = listed.school_id and closure.duplicate_of = listed.id))
    ) as reports,
    content.other_type, content.other_breach, content.heads, content.occurred_note,
    content.location_detail, content.description, content.summary, content.is_repeated,
    content.is_intentional, content.has_imbalance_of_power,
    closure.kind as closed_as, closure.outcome, closure.duplicate_of, closure.closed_at,
    closure.closed_by_role
from incident_listed as listed
cross join lateral jsonb_populate_record(
    null::incident_content, content_of_an_incident(listed.school_id, listed.id)) as content
left join closure_standing as closure
    on closure.school_id = listed.school_id and closure._incident_id = listed.id;


-- What no longer says what it said when it was put on record: there should be none.
create view record_unlike_its_entry with (security_invoker = true) as
with kept as (
    select school_id, incident_id as id, version, digest_of(salt, content) as digest
    from incident_version
    union all
    select school_id, id, version, digest_of(salt, to_jsonb(involvement) - 'salt') from involvement
    union all
    select school_id, id, version, digest_of(salt, to_jsonb(evidence) - 'salt') from evidence
    union all
    select school_id, id, null, digest_of(salt, to_jsonb(parents_decision) - 'salt')
    from parents_decision
    union all
    select school_id, id, null, digest_of(salt, to_jsonb(incident_entry) - 'salt')
    from incident_entry
    union all
    select school_id, id, null, digest_of(salt, to_jsonb(incident_link) - 'salt')
    from incident_link
    union all
    select school_id, incident_id, version, digest_of(salt, to_jsonb(action_answer) - 'salt')
    from action_answer
    union all
    select school_id, incident_id, number, digest_of(salt, to_jsonb(closure) - 'salt') from closure
    union all
    select school_id, incident_id, number, digest_of(salt, to_jsonb(reopening) - 'salt')
    from reopening
)
select kept.school_id, kept.id from kept
where not exists (
    select from event
    where event.organisation_id = kept.school_id and event.chain = 'changes'
        and event.record_ids = array[kept.id] and event.digest = kept.digest
        and event.version is not distinct from kept.version);


-- Walls.

-- Whether an incident is open to the caller: by a post of theirs, or by name; never to its subject.
create function is_open_to_caller(of_incident incident) returns boolean
language sql stable
begin atomic
    select coalesce(
        (caller_seats() -> of_incident.school_id::text) ?| of_incident.readers
        or caller_seats() ? of_incident.school_id::text and exists (
            select from incident_access as access
            where access.school_id = of_incident.school_id and access.incident_id = of_incident.id
                and access.account_id = caller_account()
                and (access.until_at is null or access.until_at > rowan_now()))
        , false)
        and not is_subject(of_incident.school_id, of_incident.id, caller_account());
end;

alter policy read_by_its_readers on incident using (
    (
        coalesce(((select caller_seats()) -> school_id::text) ?| readers, false)
        or (select caller_seats()) ? school_id::text and exists (
            select from incident_access as access
            where access.school_id = incident.school_id and access.incident_id = incident.id
                and access.account_id = (select caller_account())
                and (access.until_at is null or access.until_at > rowan_now()))
    )
    and not exists (
        select from incident_subject as subject
        where subject.school_id = incident.school_id and subject.incident_id = incident.id
            and subject.account_id = (select caller_account()))
);
create policy written_by_its_readers on incident for update to rowan_service using (
    is_open_to_caller(incident)
);

alter table incident_access enable row level security, force row level security;
create policy seen_by_whoever_has_it on incident_access for select to rowan_service using (
    account_id = (select caller_account())
);
create policy filing on incident_access to rowan_owner using (true);
create policy maintenance on incident_access to rowan_maintenance using (true);
grant select on incident_access to rowan_service;

-- A part is read with its incident, and written in the caller's own name while that is open.
do $$
declare
    part text;
begin
    foreach part in array array[
        'incident_version', 'incident_move', 'closure', 'reopening', 'involvement',
        'action_answer', 'parents_decision', 'evidence', 'incident_entry', 'incident_link']
    loop
        execute format('alter table %I enable row level security, force row level security', part);
        execute format(
            'create policy read_with_its_incident on %1$I for select to rowan_service using (
                exists (
                    select from incident
                    where incident.school_id = %1$I.school_id
                        and incident.id = %1$I.incident_id))', part);
        execute format(
            'create policy written_while_it_is_open on %1$I for insert to rowan_service with check (
                account_id = (select caller_account()) and exists (
                    select from incident
                    where incident.school_id = %1$I.school_id
                        and incident.id = %1$I.incident_id and (%2$s)))', part,
            case when part in ('incident_move', 'reopening') then 'true'
                else 'incident.status <> ''closed''' end);
        execute format('create policy filing on %I to rowan_owner using (true)', part);
        execute format('create policy maintenance on %I to rowan_maintenance using (true)', part);
        execute format('grant select, insert on %I to rowan_service', part);
        execute format('grant select, insert, update on %I to rowan_maintenance', part);
    end loop;
end $$;

grant update (
    types, risk_categories, severity, legality, is_child_at_risk, lead_id, occurred_on,
    occurred_time, occurred_until, is_approximate, known_at, channel, locations, social_media,
    intent, status, version)
on incident to rowan_service;
grant update (recorded_at, acted_on_at, passed_on_at) on receipt to rowan_service;
grant select on
    action_line, involvement_shown, action_line_shown, parents_decision_shown, evidence_shown,
    incident_link_shown, closure_standing, chronology, incident_opened
to rowan_service, rowan_maintenance;
grant select on record_unlike_its_entry to rowan_maintenance;
grant execute on function
    content_of_a_report(uuid, uuid), content_of_an_incident(uuid, uuid),
    amend_incident(uuid, uuid, jsonb, text), move_incident(uuid, uuid, text, text, text, text),
    posts_in_charge(text, boolean), caller_decides(incident), is_open_to_caller(incident),
    receipt_moves_on(uuid, uuid, text), names_somebody(uuid, uuid, text),
    shown_part(jsonb)
to rowan_service, rowan_maintenance;
grant execute on function
    is_subject(uuid, uuid, uuid, boolean), send_incident_on(uuid, uuid, text)
to rowan_service;
