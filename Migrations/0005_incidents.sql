-- Incidents: what was reported, to whom it went, and who may not see it.

set local role rowan_owner;

-- The record. `readers` are the posts that may open it, settled when it was routed; whoever is its
-- subject may not, whatever their post (ORG-06, INC-18). A restricted one is closed to others who
-- read incidents (INC-47); it may be open to no post at all, but to people by name.
create table incident (
    school_id        uuid not null references school,
    id               uuid not null,
    reference        text not null,
    status           text not null default 'reported',
    concerns         text not null,
    matter           text not null default 'event',
    is_child_at_risk boolean,
    urgency          text not null,
    types            text[] not null default '{}',
    intent           text,
    channel          text,
    locations        text[] not null default '{}',
    social_media     text[] not null default '{}',
    occurred_on      date,
    occurred_time    time,
    occurred_until   date,
    is_approximate   boolean not null default false,
    known_at         timestamptz(3),
    reported_at      timestamptz(3) not null default rowan_now(),
    treated_as       text not null,
    readers          text[] not null,
    restricted_as    text,
    is_by_name       boolean not null default false,
    version          integer not null default 1,
    primary key (school_id, id),
    constraint incident_reference_is_unique unique (school_id, reference),
    constraint incident_status_is_known check (
        status in (
            'reported', 'triaged', 'logged_only', 'investigating', 'acting', 'debrief', 'closed')),
    constraint incident_concerns_somebody check (
        concerns in (
            'child', 'staff', 'headteacher', 'dsl', 'deputy_dsl', 'governor', 'unsure')),
    constraint incident_matter_is_known check (
        matter in (
            'event', 'pattern', 'communication', 'visitor_breach', 'allegation', 'whistleblowing',
            'outside_school')),
    constraint incident_urgency_is_known check (urgency in ('urgent', 'normal')),
    constraint incident_restriction_is_known check (
        restricted_as in ('child_protection', 'allegation'))
);
create index incident_newest on incident (school_id, reported_at, id);
create index incident_untriaged on incident (school_id, reported_at) where status = 'reported';

-- What was told, as it was told: source 001's Appendix I. Never altered. Who has no account says who
-- they are, and may be asked for no name (INC-16). `possibly_about`: the persons of the roster whom
-- it names in a way that leaves open whether it is about them.
create table report (
    school_id        uuid not null,
    incident_id      uuid not null,
    id               uuid not null,
    reported_by      uuid references account,
    reporter_name    text,
    reporter_kind    text,
    reporter_contact text,
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
    matter           text not null default 'event',
    is_child_at_risk boolean,
    types            text[] not null default '{}',
    other_breach     text,
    intent           text not null,
    description      text not null,
    social_media     text[] not null default '{}',
    evidence         text,
    people           jsonb not null default '[]',
    set_aside        jsonb not null default '[]',
    possibly_about   uuid[] not null default '{}',
    salt             bytea not null,
    primary key (school_id, id),
    foreign key (school_id, incident_id) references incident,
    constraint report_by_an_account_is_named check (
        reported_by is null or reporter_name is not null),
    constraint report_without_an_account_says_by_whom check (
        (reported_by is null) = (reporter_kind is not null)),
    constraint report_reporter_is_known check (
        reporter_kind in (
            'pupil', 'parent', 'visitor', 'volunteer', 'community_member', 'temporary_staff', 'other'))
);
create index report_of_an_incident on report (school_id, incident_id);

-- What a report says, for its digest: everything but the salt.
create function report_content(told report) returns jsonb
language sql stable
return to_jsonb(told) - 'salt';

-- What the reporter may see of their report: that it is there, that it was seen, and how far it has
-- come since (INC-14).
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
    recorded_at  timestamptz(3),
    acted_on_at  timestamptz(3),
    passed_on_at timestamptz(3),
    version      integer not null default 1,
    primary key (school_id, report_id),
    foreign key (school_id, report_id) references report,
    constraint receipt_status_is_known check (
        status in ('received', 'seen', 'recorded', 'acted_on', 'passed_on'))
);
create index receipt_of_a_reporter on receipt (school_id, account_id, reported_at, incident_id);
create index receipt_of_an_incident on receipt (school_id, incident_id);

-- Who may not see a record because it is, or may be, about them. `alleged`: named so in the report,
-- a person of the roster, with or without an account yet; `concerns`: holds the post that it
-- concerns; `possible`: leads the school, and the reporter was unsure whom it concerns.
create table incident_subject (
    school_id   uuid not null,
    id          uuid not null default gen_random_uuid(),
    incident_id uuid not null,
    person_id   uuid,
    account_id  uuid references account,
    basis       text not null,
    primary key (school_id, id),
    foreign key (school_id, incident_id) references incident,
    constraint incident_subject_is_somebody check (num_nonnulls(person_id, account_id) > 0),
    constraint incident_subject_basis_is_known check (basis in ('alleged', 'concerns', 'possible'))
);
create index incident_subject_by_account on incident_subject (school_id, incident_id, account_id);
create index incident_subject_by_person on incident_subject (school_id, person_id);

-- An account that a subject is given later hides the record from it as well.
create function subject_has_an_account() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    update incident_subject set account_id = new.account_id
    where school_id = new.school_id and person_id = new.id;
    return null;
end $$;

create trigger subject_has_an_account after update of account_id on person
for each row execute function subject_has_an_account();


-- Routing (INC-17 to INC-19, ORG-05, ORG-06).

-- Whom a report is, or may be, about: from whom it is hidden.
create function subjects_of_a_report(of_school uuid, about text, alleged uuid[])
returns table (person_id uuid, account_id uuid, basis text)
language sql stable
begin atomic
    select person.id, person._account_id, 'alleged'
    from person_listed as person
    where person.school_id = of_school and person.id = any (alleged)
    union all
    select null, post._account_id, 'concerns' from post
    where post.school_id = of_school and (
        about = 'headteacher' and post.role = 'headteacher'
        or about = 'dsl' and post.role = 'dsl'
        or about = 'deputy_dsl' and post.role = 'deputy_dsl'
        or about = 'governor'
            and post.role in ('governor', 'link_governor', 'chair_of_governors'))
    union all
    select null, post._account_id, 'possible' from post
    where post.school_id = of_school and about = 'unsure'
        and post.role in ('headteacher', 'dsl');
end;

-- Whom a report concerns, where what it is about says more than its author did: an allegation, or
-- whistleblowing, is about an adult (INC-11).
create function concern_of_a_report(told_of text, matter text) returns text
language sql immutable
return case
    when told_of = 'child' and matter in ('allegation', 'whistleblowing') then 'staff'
    else told_of
end;

-- As what a report is treated: as what it says that it concerns, unless a person whom it is about
-- holds a higher post. About a DSL who is the headteacher is about the headteacher. (What cannot
-- become part of the statement that asks is in PL/pgSQL, which keeps its plans; the body of an SQL
-- function would be planned anew each time.)
create function treatment_of_a_report(of_school uuid, about text, alleged uuid[]) returns text
language plpgsql stable as $$
begin
    -- Most reports are such: nobody of the roster is named, nor by their post.
    if cardinality(alleged) = 0 and about in ('child', 'staff', 'unsure') then
        return about;
    end if;
    return (
        with subject as (
            select subject.account_id, person.kind
            from subjects_of_a_report(of_school, about, alleged) as subject
            left join person_listed as person
                on person.school_id = of_school and person.id = subject.person_id
            where subject.basis <> 'possible'
        ), held as (
            select array_agg(post.role) as roles
            from post join subject on subject.account_id = post._account_id
            where post.school_id = of_school
        )
        select case
            when about = 'headteacher' or 'headteacher' = any (held.roles) then 'headteacher'
            when about not in ('child', 'staff') then about
            when 'dsl' = any (held.roles) then 'dsl'
            when 'deputy_dsl' = any (held.roles) then 'deputy_dsl'
            when held.roles && array['governor', 'link_governor', 'chair_of_governors']
                then 'governor'
            when exists (select from subject where subject.kind not in ('pupil', 'parent'))
                then 'staff'
            else about
        end
        from held);
end $$;

-- Which posts are told, before anybody is left out: by whom it concerns, and what it is about.
create function posts_told(
    of_school uuid, treated_as text, child_at_risk boolean, of_matter text
) returns text[]
language plpgsql stable as $$
begin
    return array(
        select jsonb_array_elements_text(setting_now(of_school, 'incident_recipients'))
        where treated_as = 'child'
        union
        select jsonb_array_elements_text(setting_now(of_school, 'communication_recipients'))
        where treated_as = 'child' and of_matter = 'communication'
        union
        select jsonb_array_elements_text(setting_now(of_school, 'staff_concern_recipients'))
        where treated_as = 'staff'
        union
        select rule.role from (values
            ('headteacher', 'chair_of_governors'),
            ('dsl', 'headteacher'),
            ('deputy_dsl', 'headteacher'),
            ('governor', 'headteacher'),
            ('governor', 'dsl'),
            ('unsure', 'deputy_dsl'),
            ('unsure', 'chair_of_governors')
        ) as rule (concerns, role)
        where rule.concerns = treated_as
        union
        select rule.role from (values
            ('visitor_breach', 'child', 'headteacher'),
            ('visitor_breach', 'child', 'dsl'),
            ('visitor_breach', 'staff', 'dsl'),
            ('outside_school', 'child', 'dsl')
        ) as rule (matter, concerns, role)
        where rule.matter = of_matter and rule.concerns = treated_as
        union
        select unnest(array['dsl', 'deputy_dsl']) where child_at_risk);
end $$;

-- As what a record is restricted of itself (INC-47): where a child may be at risk, and where an
-- adult of the school may be to blame.
create function restriction_of(treated_as text, child_at_risk boolean) returns text
language plpgsql immutable as $$
begin
    return case
        when treated_as <> 'child' then 'allegation'
        when child_at_risk then 'child_protection'
    end;
end $$;

-- Whether a post that reads incidents has no more than word of restricted ones (section 25).
create function has_only_word_of_it(role text, restricted_as text) returns boolean
language plpgsql immutable as $$
begin
    return restricted_as is not null
        and role in ('online_safety_coordinator', 'senior_leader');
end $$;

-- Which posts may open a record (section 25 of the matrix): those that its kind is open to, and
-- those that were told.
create function posts_that_may_read(
    treated_as text, child_at_risk boolean, told text[], restricted_as text
) returns text[]
language plpgsql immutable as $$
begin
    return array(
        select rule.role from (values
            ('child', 'dsl'), ('child', 'deputy_dsl'), ('child', 'headteacher'),
            ('child', 'online_safety_coordinator'),
            ('staff', 'dsl'), ('staff', 'deputy_dsl'), ('staff', 'headteacher'),
            ('headteacher', 'chair_of_governors'),
            ('dsl', 'headteacher'),
            ('deputy_dsl', 'headteacher'), ('deputy_dsl', 'dsl'),
            ('governor', 'dsl'), ('governor', 'deputy_dsl'), ('governor', 'headteacher'),
            ('unsure', 'deputy_dsl'), ('unsure', 'chair_of_governors')
        ) as rule (concerns, role)
        where rule.concerns = treated_as
            and not has_only_word_of_it(rule.role, restricted_as)
        union
        select unnest(array['dsl', 'deputy_dsl']) where child_at_risk
        union
        select unnest(told)
        order by 1);
end $$;

-- The order in which posts stand in for one another. Only these can be told: an incident can be open
-- to them, and whoever is told can open it.
create function place_on_the_ladder(role text) returns integer
language sql immutable
return array_position(
    array['dsl', 'deputy_dsl', 'headteacher', 'chair_of_governors', 'senior_leader',
        'online_safety_coordinator'],
    role);

create type recipient as (account_id uuid, role text, who text, telephone text);

-- Who is told of a report: those posts, less its subjects. Where that leaves nobody, or only its
-- author, also the first post up the ladder that somebody else holds; and where a report of which
-- its author was unsure would otherwise reach nobody, those whom it only possibly concerns.
create function recipients_of_a_report(
    of_school uuid, about text, child_at_risk boolean, alleged uuid[], author uuid,
    matter text default 'event'
) returns setof recipient
language sql stable
begin atomic
    with told as materialized (
        select posts_told(
            of_school, treatment_of_a_report(of_school, about, alleged), child_at_risk, matter
        ) as posts
    ), subject as (
        select subject.account_id, min(subject.basis) as basis
        from subjects_of_a_report(of_school, about, alleged) as subject
        where subject.account_id is not null
        group by subject.account_id
    ), candidate as (
        select post._account_id as account_id, post.role, post.who, post.telephone,
            case
                when subject.basis = 'possible' then 100
                when post.role = any (told.posts) then 0
                else place_on_the_ladder(post.role)
            end as rung
        from post
        cross join told
        left join subject on subject.account_id = post._account_id
        where post.school_id = of_school and place_on_the_ladder(post.role) is not null
            and coalesce(subject.basis, 'possible') = 'possible'
    )
    select distinct on (candidate.account_id)
        candidate.account_id, candidate.role, candidate.who, candidate.telephone
    from candidate
    where candidate.rung = 0 or candidate.rung = (
        select min(candidate.rung) from candidate
        where candidate.account_id is distinct from author)
    order by candidate.account_id, place_on_the_ladder(candidate.role);
end;

-- Which of those who are told may open it: all, or where it is restricted, those who have more than
-- word of it; if there is nobody else, they after all.
create function posts_that_open(told recipient[], restricted_as text) returns text[]
language plpgsql stable as $$
declare
    posts text[] := array(select recipient.role from unnest(told) as recipient);
    openers text[] := array(
        select post from unnest(posts) as post where not has_only_word_of_it(post, restricted_as));
begin
    return case when cardinality(openers) > 0 then openers else posts end;
end $$;

-- Tells of an incident those who are told of it. Whoever may not open it has word that there is
-- one, with its reference: such a notice leads nowhere, and nobody's reading of it is an answer.
create function tell_of_an_incident(
    told recipient[], openers text[], of_kind text, of_incident incident, at timestamptz
) returns void
language plpgsql as $$
begin
    perform send_notice(
        of_incident.school_id, recipient.account_id, recipient.role,
        case when recipient.role = any (openers) then of_kind else 'restricted_reported' end,
        of_incident.urgency, of_incident.reference,
        case when recipient.role = any (openers) then of_incident.id end, at)
    from unnest(told) as recipient
    where recipient.role = any (openers) or not exists (
        select from notice
        where notice.school_id = of_incident.school_id
            and notice.account_id = recipient.account_id
            and notice.reference = of_incident.reference);
end $$;

-- Tells the office of an offensive or suspect communication, where the school has it told: so that
-- nobody there opens the like. It may not open such a record (section 25), so that its notice leads
-- to none, and nobody's reading of it counts as an answer.
create function warn_the_office(
    told report, named text, how_urgent text, treated_as text
) returns void
language plpgsql as $$
begin
    perform send_notice(
        told.school_id, post._account_id, post.role, 'communication_reported', how_urgent, named,
        null, told.reported_at)
    from post
    where post.school_id = told.school_id and post.role = 'office'
        and post.role = any (posts_told(told.school_id, treated_as, false, told.matter))
        and post._account_id is distinct from told.reported_by
        and not exists (
            select from incident_subject as subject
            where subject.school_id = told.school_id and subject.incident_id = told.incident_id
                and subject.account_id = post._account_id)
        and not exists (
            select from notice
            where notice.school_id = told.school_id and notice.incident_id = told.incident_id
                and notice.account_id = post._account_id);
end $$;

-- A name as it is compared: without regard to case, spacing and the forms of a letter.
create function folded_name(name text) returns text
language sql immutable parallel safe
return lower(trim(regexp_replace(normalize(name, nfkc), '\s+', ' ', 'g')));

-- Of those whom a report names, who may be whom it is about, though it does not say so: an adult of
-- the roster of whom no part could be read, and whoever holds a post and has the name of somebody
-- who may have done it.
create function possibly_meant(of_school uuid, people jsonb)
returns table (place bigint, person_id uuid)
language plpgsql stable as $$
declare
    told record;
begin
    -- One after the other, so that only a doubt costs a look at the roster.
    for told in
        select element.person, element.number - 1 as place
        from jsonb_array_elements(people) with ordinality as element (person, number)
    loop
        if told.person ? 'person_id' then
            continue when told.person ? 'part';
            return query
            select told.place, known.id from person_listed as known
            where known.school_id = of_school
                and known.id = (told.person ->> 'person_id')::uuid
                and (known.kind not in ('pupil', 'parent') or known._account_id is not null);
        elsif coalesce(
            told.person ->> 'part' = 'alleged', told.person ->> 'group' is distinct from 'child')
        then
            return query
            select distinct told.place, known.id from post
            join person_listed as known
                on known.school_id = of_school and known._account_id = post._account_id
            where post.school_id = of_school
                and folded_name(post.who) = folded_name(told.person ->> 'name');
        end if;
    end loop;
end $$;

-- A report as it is taken: with those whom it may be about, and without days that have not come
-- (a day is allowed for clocks that differ); each with the reason, for its readers.
create function report_taken(told report) returns report
language plpgsql stable as $$
declare
    in_time constant date := london_today() + 1;
    ahead text[] := array_remove(array[
        case when told.occurred_on > in_time then 'occurred_on' end,
        case when told.occurred_until > in_time then 'occurred_until' end,
        case when told.completed_on > in_time then 'completed_on' end,
        case when told.known_at > rowan_now() + interval '1 day' then 'known_at' end], null);
begin
    told.possibly_about := coalesce(told.possibly_about, '{}');
    if told.people <> '[]' then
        select
            told.possibly_about || coalesce(array_agg(doubt.person_id), '{}'),
            told.set_aside || coalesce(
                jsonb_agg(distinct jsonb_build_object(
                    'pointer', '/people/' || doubt.place, 'code', 'may_be_about_them',
                    'detail', 'It goes past whoever this may be, in case it is about them: say '
                        'what part they had, or who they are on the roster')), '[]')
        into told.possibly_about, told.set_aside
        from possibly_meant(told.school_id, told.people) as doubt;
    end if;
    if cardinality(ahead) > 0 then
        told.set_aside := told.set_aside || (
            select jsonb_agg(jsonb_build_object(
                'pointer', '/' || field, 'code', 'in_the_future',
                'detail', 'It cannot have happened yet', 'value', (to_jsonb(told) -> field)::text))
            from unnest(ahead) as field);
        told := jsonb_populate_record(told, (
            select jsonb_object_agg(field, case field
                when 'completed_on' then to_jsonb(london_today()) else 'null' end)
            from unnest(ahead) as field));
    end if;
    return told;
end $$;

-- Files a report: the record, its subjects, what was told, the notices, the receipt and the entry of
-- the audit, from one reading of the posts; and says who was told. It acts for the caller, in a
-- school of theirs, and is the only way in which any of these rows come to be. (A time of reporting
-- in the past is for imports and the demonstration.)
create function file_report(told report, named text, how_urgent text) returns setof recipient
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    alleged uuid[] := array(
        select (person ->> 'person_id')::uuid from jsonb_array_elements(told.people) as person
        where person ->> 'part' = 'alleged' and person ? 'person_id');
    at_risk boolean := coalesce(told.is_child_at_risk, false);
    about text := concern_of_a_report(told.concerns, told.matter);
    treated text;
    restricted text;
    recipients recipient[];
    openers text[];
    filed incident;
begin
    if not caller_works_at(told.school_id) then
        raise exception 'not a school of the caller''s' using errcode = 'RW404';
    end if;
    told := report_taken(told);
    alleged := alleged || told.possibly_about;
    treated := treatment_of_a_report(told.school_id, about, alleged);
    restricted := restriction_of(treated, at_risk);
    -- Whoever said that it concerns a child, and names an adult of the school.
    if treated <> 'child' then
        how_urgent := 'urgent';
    end if;
    told.reported_by := caller_account();
    told.reported_at := coalesce(told.reported_at, rowan_now());
    told.matter := coalesce(told.matter, 'event');
    recipients := array(
        select recipient from recipients_of_a_report(
            told.school_id, about, at_risk, alleged, told.reported_by, told.matter) as recipient);
    openers := posts_that_open(recipients, restricted);

    insert into incident (
        school_id, id, reference, concerns, matter, is_child_at_risk, urgency, types, intent,
        channel, locations, social_media, occurred_on, occurred_time, occurred_until, is_approximate,
        known_at, reported_at, treated_as, restricted_as, readers)
    values (
        told.school_id, told.incident_id, named, about, told.matter, told.is_child_at_risk,
        how_urgent, told.types, told.intent, told.channel, told.locations, told.social_media,
        told.occurred_on, told.occurred_time, told.occurred_until, told.is_approximate,
        told.known_at, told.reported_at, treated, restricted,
        posts_that_may_read(treated, at_risk, openers, restricted))
    returning * into filed;

    -- Most reports are about nobody who could be named here.
    if cardinality(alleged) > 0 or about not in ('child', 'staff') then
        insert into incident_subject (school_id, incident_id, person_id, account_id, basis)
        select
            told.school_id, told.incident_id, subject.person_id, subject.account_id, subject.basis
        from subjects_of_a_report(told.school_id, about, alleged) as subject
        where not (subject.basis = 'possible' and subject.account_id in (
            select recipient.account_id from unnest(recipients) as recipient));
    end if;

    insert into report select told.*;

    insert into receipt (
        school_id, incident_id, report_id, account_id, reference, reported_at)
    select
        told.school_id, told.incident_id, told.id, told.reported_by, named, told.reported_at
    where told.reported_by is not null;

    perform tell_of_an_incident(
        recipients, openers, 'incident_reported', filed, told.reported_at);

    if told.matter = 'communication' then
        perform warn_the_office(told, named, how_urgent, treated);
    end if;

    perform await_acknowledgement(
        told.school_id, told.incident_id, how_urgent, exists (
            select from unnest(recipients) as recipient
            where recipient.account_id is distinct from told.reported_by
                and recipient.role = any (openers)));

    insert into event (
        organisation_id, chain, deed, record_kind, record_ids, version, request_id, digest)
    values (
        told.school_id, 'changes', 'reported', 'incident', array[told.incident_id], 1, '',
        digest_of(told.salt, report_content(told)));

    return query select recipient.* from unnest(recipients) as recipient;
end $$;


-- What a reporter is shown. What a reader is, stands with the record (migration 11).

-- The school year of a day, which begins in September: 2026/27. No more than stable, as `to_char`
-- is: else it could not become part of the statement, and would be a call for every row.
create function academic_year(of_day date) returns text
language sql stable parallel safe
return to_char(of_day - interval '8 months', 'YYYY') || '/'
    || to_char(of_day + interval '4 months', 'YY');

-- Reports that do not say what they said when they were put on record: there should be none.
create view report_unlike_its_entry with (security_invoker = true) as
select report.school_id, report.id
from report
left join event
    on event.organisation_id = report.school_id and event.chain = 'changes'
    and event.deed = 'reported' and event.record_ids = array[report.incident_id]
where event.digest is distinct from digest_of(report.salt, report_content(report));

create view receipt_shown with (security_invoker = true) as
select
    receipt.incident_id as id,
    receipt.school_id,
    receipt.account_id as _account_id,
    receipt.reference,
    case when told.is_subject and receipt.seen_at is not null then 'seen'
        when told.is_subject then 'received'
        else receipt.status end as status,
    receipt.reported_at,
    receipt.seen_at,
    receipt.seen_by_role,
    '"r' || case when not told.is_subject then receipt.version::text else '' end || '"' as etag,
    case when not told.is_subject then receipt.recorded_at end as recorded_at,
    case when not told.is_subject then receipt.acted_on_at end as acted_on_at,
    case when not told.is_subject then receipt.passed_on_at end as passed_on_at
from receipt
-- Who turns out to be its subject learns no more of it than that it was seen.
cross join lateral (
    select exists (
        select from incident_subject as subject
        where subject.school_id = receipt.school_id and subject.incident_id = receipt.incident_id
            and subject.account_id = receipt.account_id) as is_subject
    offset 0
) as told;


-- That somebody whom it was sent to has seen an incident, for its reporters. The first one counts; an
-- author who is told of their own report has not been heard by that. Those of its duplicates too.
create function incident_was_seen(of_school uuid, of_incident uuid, by_role text) returns void
language plpgsql as $$
begin
    update receipt
    set status = case status when 'received' then 'seen' else status end, seen_at = rowan_now(),
        seen_by_role = by_role, version = version + 1
    where school_id = of_school and seen_at is null
        and incident_id in (
            select one from incident_and_duplicates(of_school, of_incident) as one)
        and account_id is distinct from caller_account();
end $$;


-- Walls.

alter table incident enable row level security, force row level security;
alter table report enable row level security, force row level security;
alter table receipt enable row level security, force row level security;
alter table incident_subject enable row level security, force row level security;

-- What cannot become a condition of the index is a filter: an array test in the index's place loses
-- its order, and a list would sort a whole school.
create policy read_by_its_readers on incident for select to rowan_service using (
    coalesce(((select caller_seats()) -> school_id::text) ?| readers, false)
    and not exists (
        select from incident_subject as subject
        where subject.school_id = incident.school_id and subject.incident_id = incident.id
            and subject.account_id = (select caller_account()))
);

create policy read_with_its_incident on report for select to rowan_service using (
    exists (
        select from incident
        where incident.school_id = report.school_id and incident.id = report.incident_id)
);

create policy read_by_the_reporter_or_with_its_incident on receipt for select to rowan_service
using (
    account_id = (select caller_account()) and (
        (select caller_seats()) ? school_id::text
        or (select caller_temporary_seats()) ? school_id::text)
    or exists (
        select from incident
        where incident.school_id = receipt.school_id and incident.id = receipt.incident_id)
);
create policy moved_on_by_a_reader on receipt for update to rowan_service using (
    exists (
        select from incident
        where incident.school_id = receipt.school_id and incident.id = receipt.incident_id)
);

create policy seen_by_the_subject_alone on incident_subject for select to rowan_service using (
    account_id = (select caller_account())
);

-- Filing acts as the owner, and only filing does.
create policy filing on incident to rowan_owner using (true);
create policy filing on report to rowan_owner using (true);
create policy filing on receipt to rowan_owner using (true);
create policy filing on incident_subject to rowan_owner using (true);

create policy maintenance on incident to rowan_maintenance using (true);
create policy maintenance on report to rowan_maintenance using (true);
create policy maintenance on receipt to rowan_maintenance using (true);
create policy maintenance on incident_subject to rowan_maintenance using (true);

grant select on incident, report, incident_subject, receipt to rowan_service;
grant update (
    status, seen_at, seen_by_role, recorded_at, acted_on_at, passed_on_at, version
) on receipt to rowan_service;
grant select, insert, update on incident, report, receipt, incident_subject to rowan_maintenance;
grant select on receipt_shown to rowan_service, rowan_maintenance;
grant select on report_unlike_its_entry to rowan_maintenance;
grant execute on function
    subjects_of_a_report(uuid, text, uuid[]), treatment_of_a_report(uuid, text, uuid[]),
    posts_told(uuid, text, boolean, text), posts_that_may_read(text, boolean, text[], text),
    restriction_of(text, boolean), has_only_word_of_it(text, text),
    posts_that_open(recipient[], text),
    place_on_the_ladder(text), recipients_of_a_report(uuid, text, boolean, uuid[], uuid, text),
    folded_name(text), possibly_meant(uuid, jsonb), report_taken(report),
    file_report(report, text, text), report_content(report), academic_year(date),
    incident_was_seen(uuid, uuid, text)
to rowan_service, rowan_maintenance;
