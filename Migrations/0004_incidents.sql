-- Incidents: what was reported, to whom it went, and who may not see it.

set local role rowan_owner;

-- The record. `readers` are the posts that may open it, settled when it was routed; whoever is its
-- subject may not, whatever their post (ORG-06, INC-18).
create table incident (
    school_id        uuid not null references school,
    id               uuid not null,
    reference        text not null,
    status           text not null default 'reported',
    concerns         text not null,
    is_child_at_risk boolean not null default false,
    urgency          text not null,
    types            text[] not null default '{}',
    occurred_on      date,
    occurred_time    time,
    occurred_until   date,
    is_approximate   boolean not null default false,
    known_at         timestamptz(3),
    reported_at      timestamptz(3) not null default rowan_now(),
    readers          text[] not null,
    version          integer not null default 1,
    primary key (school_id, id),
    constraint incident_reference_is_unique unique (school_id, reference),
    constraint incident_status_is_known check (status in ('reported')),
    constraint incident_concerns_somebody check (
        concerns in ('child', 'staff', 'headteacher', 'dsl', 'governor', 'unsure')),
    constraint incident_urgency_is_known check (urgency in ('urgent', 'normal'))
);
create index incident_newest on incident (school_id, reported_at, id);

-- What was told, as it was told: source 001's Appendix I. Never altered.
create table report (
    school_id        uuid not null,
    incident_id      uuid not null,
    id               uuid not null,
    reported_by      uuid not null references account,
    reporter_name    text not null,
    signed_name      text,
    completed_on     date not null,
    spoken_for       text,
    channel          text not null,
    locations        text[] not null default '{}',
    location_detail  text,
    occurred_on      date,
    occurred_time    time,
    occurred_until   date,
    occurred_note    text,
    is_approximate   boolean not null default false,
    known_at         timestamptz(3),
    reported_at      timestamptz(3) not null default rowan_now(),
    concerns         text not null,
    is_child_at_risk boolean,
    types            text[] not null default '{}',
    other_breach     text,
    intent           text not null,
    description      text not null,
    social_media     text[] not null default '{}',
    evidence         text,
    people           jsonb not null default '[]',
    set_aside        jsonb not null default '[]',
    salt             bytea not null,
    primary key (school_id, id),
    foreign key (school_id, incident_id) references incident
);
create index report_of_an_incident on report (school_id, incident_id);

-- What a report says, for its digest: everything but the salt.
create function report_content(told report) returns jsonb
language sql stable
return to_jsonb(told) - 'salt';

-- What the reporter may see of their report: that it is there, and that it was seen (INC-14).
create table receipt (
    school_id    uuid not null,
    incident_id  uuid not null,
    report_id    uuid not null,
    account_id   uuid not null references account,
    reference    text not null,
    status       text not null default 'received',
    reported_at  timestamptz(3) not null default rowan_now(),
    seen_at      timestamptz(3),
    seen_by_role text,
    version      integer not null default 1,
    primary key (school_id, report_id),
    foreign key (school_id, report_id) references report,
    constraint receipt_status_is_known check (status in ('received', 'seen'))
);
create index receipt_of_a_reporter on receipt (school_id, account_id, reported_at, incident_id);
create index receipt_of_an_incident on receipt (school_id, incident_id);

-- Who may not see a record because it is, or may be, about them. `alleged`: named so in the report;
-- `concerns`: holds the post that it concerns; `possible`: leads the school, and the reporter was
-- unsure whom it concerns.
create table incident_subject (
    school_id   uuid not null,
    incident_id uuid not null,
    account_id  uuid not null references account,
    basis       text not null,
    primary key (school_id, incident_id, account_id),
    foreign key (school_id, incident_id) references incident,
    constraint incident_subject_basis_is_known check (basis in ('alleged', 'concerns', 'possible'))
);


-- Routing (INC-17 to INC-19, ORG-05, ORG-06).

-- Whose account a report is, or may be, about: from whom it is hidden.
create function subjects_of_a_report(of_school uuid, about text, alleged uuid[])
returns table (account_id uuid, basis text)
language sql stable
begin atomic
    select distinct on (found.account_id) found.account_id, found.basis
    from (
        select person._account_id as account_id, 'alleged' as basis
        from person_listed as person
        where person.school_id = of_school and person.id = any (alleged)
            and person._account_id is not null
        union all
        select post._account_id, 'concerns' from post
        where post.school_id = of_school and (
            about = 'headteacher' and post.role = 'headteacher'
            or about = 'dsl' and post.role = 'dsl'
            or about = 'governor'
                and post.role in ('governor', 'link_governor', 'chair_of_governors'))
        union all
        select post._account_id, 'possible' from post
        where post.school_id = of_school and about = 'unsure'
            and post.role in ('headteacher', 'dsl')
    ) as found
    order by found.account_id, found.basis;
end;

-- Which posts are told of a report, before anybody is left out.
create function posts_told(of_school uuid, about text, child_at_risk boolean) returns text[]
language sql stable
begin atomic
    select array(
        select jsonb_array_elements_text(setting_in_force.value) from setting_in_force
        where about = 'child' and setting_in_force.school_id = of_school
            and setting_in_force.name = 'incident_recipients'
        union
        select rule.role from (values
            ('staff', 'headteacher'),
            ('headteacher', 'chair_of_governors'),
            ('dsl', 'headteacher'),
            ('governor', 'headteacher'),
            ('governor', 'dsl'),
            ('unsure', 'deputy_dsl'),
            ('unsure', 'chair_of_governors')
        ) as rule (concerns, role)
        where rule.concerns = about
        union
        select unnest(array['dsl', 'deputy_dsl']) where child_at_risk);
end;

-- The order in which posts stand in for one another.
create function place_on_the_ladder(role text) returns integer
language sql immutable
return array_position(
    array['dsl', 'deputy_dsl', 'headteacher', 'chair_of_governors', 'senior_leader',
        'online_safety_coordinator', 'link_governor', 'governor'],
    role);

-- Who is told of a report: those posts, less its subjects; where that leaves nobody, the first post
-- up the ladder that is held by somebody else; and where a report of which its author was unsure
-- would otherwise reach nobody, those whom it only possibly concerns.
create function recipients_of_a_report(
    of_school uuid, about text, child_at_risk boolean, alleged uuid[]
) returns table (account_id uuid, role text, who text, telephone text)
language sql stable
begin atomic
    with candidate as (
        select post._account_id as account_id, post.role, post.who, post.telephone,
            case
                when subject.basis = 'possible' then 100
                when post.role = any (posts_told(of_school, about, child_at_risk)) then 0
                else place_on_the_ladder(post.role)
            end as rung
        from post
        left join subjects_of_a_report(of_school, about, alleged) as subject
            on subject.account_id = post._account_id
        where post.school_id = of_school and (subject.basis is null or subject.basis = 'possible')
    )
    select distinct on (candidate.account_id)
        candidate.account_id, candidate.role, candidate.who, candidate.telephone
    from candidate
    where candidate.rung = (select min(candidate.rung) from candidate)
    order by candidate.account_id, place_on_the_ladder(candidate.role);
end;

-- Which posts may open a record (section 25 of the matrix): those that its kind is open to, and
-- those that were told.
create function posts_that_may_read(about text, child_at_risk boolean, told text[]) returns text[]
language sql immutable
begin atomic
    select array(
        select rule.role from (values
            ('child', 'dsl'), ('child', 'deputy_dsl'), ('child', 'headteacher'),
            ('child', 'online_safety_coordinator'),
            ('staff', 'dsl'), ('staff', 'deputy_dsl'), ('staff', 'headteacher'),
            ('headteacher', 'chair_of_governors'),
            ('dsl', 'headteacher'),
            ('governor', 'dsl'), ('governor', 'deputy_dsl'), ('governor', 'headteacher'),
            ('unsure', 'deputy_dsl'), ('unsure', 'chair_of_governors')
        ) as rule (concerns, role)
        where rule.concerns = about
        union
        select unnest(array['dsl', 'deputy_dsl']) where child_at_risk
        union
        select unnest(told)
        order by 1);
end;


-- What a reader is shown, and what a reporter is.

-- The school year of a day, which begins in September: 2026/27.
create function academic_year(of_day date) returns text
language sql immutable parallel safe
return to_char(of_day - interval '8 months', 'YYYY') || '/'
    || to_char(of_day + interval '4 months', 'YY');

create view incident_listed with (security_invoker = true) as
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
    '"' || incident.version || '"' as etag
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
        where report.school_id = listed.school_id and report.incident_id = listed.id
    ) as reports
from incident_listed as listed;

create view receipt_shown with (security_invoker = true) as
select
    receipt.incident_id as id,
    receipt.school_id,
    receipt.account_id as _account_id,
    receipt.reference,
    receipt.status,
    receipt.reported_at,
    receipt.seen_at,
    receipt.seen_by_role,
    '"r' || receipt.version || '"' as etag
from receipt;


-- That somebody whom it was sent to has seen an incident, for its reporters. The first one counts.
create function incident_was_seen(of_school uuid, of_incident uuid, by_role text) returns void
language sql
begin atomic
    update receipt
    set status = 'seen', seen_at = rowan_now(), seen_by_role = by_role, version = version + 1
    where school_id = of_school and incident_id = of_incident and seen_at is null;
end;


-- Walls.

alter table incident enable row level security, force row level security;
alter table report enable row level security, force row level security;
alter table receipt enable row level security, force row level security;
alter table incident_subject enable row level security, force row level security;

create policy reported_in_the_callers_schools on incident for insert with check (
    (select caller_seats()) ? school_id::text
);
create policy read_by_its_readers on incident for select using (
    ((select caller_seats()) -> school_id::text) ?| readers
    and not exists (
        select from incident_subject as subject
        where subject.school_id = incident.school_id and subject.incident_id = incident.id
            and subject.account_id = (select caller_account()))
);

create policy reported_by_the_caller on report for insert with check (
    (select caller_seats()) ? school_id::text and reported_by = (select caller_account())
);
create policy read_with_its_incident on report for select using (
    exists (
        select from incident
        where incident.school_id = report.school_id and incident.id = report.incident_id)
);

create policy given_to_the_caller on receipt for insert with check (
    (select caller_seats()) ? school_id::text and account_id = (select caller_account())
);
create policy read_by_the_reporter_or_with_its_incident on receipt for select using (
    account_id = (select caller_account()) and (select caller_seats()) ? school_id::text
    or exists (
        select from incident
        where incident.school_id = receipt.school_id and incident.id = receipt.incident_id)
);
create policy moved_on_by_a_reader on receipt for update using (
    exists (
        select from incident
        where incident.school_id = receipt.school_id and incident.id = receipt.incident_id)
);

create policy named_in_the_callers_schools on incident_subject for insert with check (
    (select caller_seats()) ? school_id::text
);
create policy seen_by_the_subject_alone on incident_subject for select using (
    account_id = (select caller_account())
);

create policy maintenance on incident to rowan_maintenance using (true);
create policy maintenance on report to rowan_maintenance using (true);
create policy maintenance on receipt to rowan_maintenance using (true);
create policy maintenance on incident_subject to rowan_maintenance using (true);

grant select, insert on incident, report, incident_subject, receipt to rowan_service;
grant update (status, seen_at, seen_by_role, version) on receipt to rowan_service;
grant select, insert, update on incident, report, receipt, incident_subject to rowan_maintenance;
grant select on incident_listed, incident_opened, receipt_shown
    to rowan_service, rowan_maintenance;
