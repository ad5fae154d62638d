-- Complaints, apart from incidents: who complains of whom or what, whom it is sent to, what was done
-- about it and what came of it (CMP-01 to CMP-08; 24.8). Nothing of one is ever altered: where it
-- stands, and who has it, follows from what was put down, from the acts beside it and from the posts
-- of the day; so it goes on to the next by itself when somebody comes or leaves.

set local role rowan_owner;

-- What was complained of, as it was taken. Who blew the whistle does not stand here. `about`: persons
-- of the roster, or names, or posts; none where it is of a matter alone.
create table complaint (
    school_id        uuid not null references school,
    id               uuid not null,
    reference        text not null,
    matter           text not null,
    subject          text not null,
    words            text not null,
    complainant      jsonb not null,
    complainant_id   uuid,
    about            jsonb not null default '[]',
    received_on      date not null,
    received_by      text not null,
    incident_ids     uuid[] not null default '{}',
    put_down_by      uuid not null references account default caller_account(),
    put_down_by_name text not null,
    put_down_at      timestamptz(3) not null default rowan_now(),
    salt             bytea not null default uuid_send(gen_random_uuid()),
    primary key (school_id, id),
    foreign key (school_id, complainant_id) references person (school_id, id),
    constraint complaint_reference_is_unique unique (school_id, reference),
    constraint complaint_matter_is_known check (
        matter in (
            'internet_misuse', 'negative_comments', 'staff', 'headteacher', 'governor',
            'child_protection', 'whistleblowing', 'other')),
    constraint complaint_is_received_in_a_known_way check (
        received_by in (
            'in_person', 'telephone', 'letter', 'email', 'online_form', 'social_media', 'other'))
);
create index complaint_newest on complaint (school_id, received_on, id);

-- Whom it is about, or may be: from whom it is hidden (CMP-03). Whoever holds the post that it is
-- about is named by their account, since nobody need have named them.
create table complaint_subject (
    school_id    uuid not null,
    id           uuid not null default gen_random_uuid(),
    complaint_id uuid not null,
    person_id    uuid,
    account_id   uuid references account,
    primary key (school_id, id),
    foreign key (school_id, complaint_id) references complaint (school_id, id),
    constraint complaint_subject_is_somebody check (num_nonnulls(person_id, account_id) > 0)
);
create index complaint_subject_of on complaint_subject (school_id, complaint_id);

-- Who blew the whistle, sealed: for whoever received it, and nobody besides (CMP-07).
create table complaint_reporter (
    school_id    uuid not null,
    complaint_id uuid not null,
    receiver     uuid not null references account default caller_account(),
    sealed       text not null,
    primary key (school_id, complaint_id),
    foreign key (school_id, complaint_id) references complaint (school_id, id)
);

-- What was done about it, in order.
create table complaint_act (
    school_id    uuid not null references school,
    id           uuid not null,
    complaint_id uuid not null,
    place        integer not null,
    act          text not null,
    on_day       date not null,
    content      jsonb not null,
    incident_id  uuid,
    done_as      text not null,
    done_by      uuid not null references account default caller_account(),
    done_by_name text not null,
    done_at      timestamptz(3) not null default rowan_now(),
    salt         bytea not null default uuid_send(gen_random_uuid()),
    primary key (school_id, id),
    foreign key (school_id, complaint_id) references complaint (school_id, id),
    foreign key (school_id, incident_id) references incident (school_id, id),
    constraint complaint_is_acted_on_once_at_a_time unique (school_id, complaint_id, place),
    constraint complaint_act_is_known check (
        act in (
            'acknowledged', 'rerouted', 'noted', 'direct_route_offered', 'met', 'answered',
            'named', 'linked', 'diverted', 'closed')),
    constraint complaint_leads_to_an_incident check (
        (act in ('linked', 'diverted')) = (incident_id is not null))
);
create unique index complaint_is_acknowledged_once on complaint_act (school_id, complaint_id)
    where act = 'acknowledged';
create unique index complaint_ends_once on complaint_act (school_id, complaint_id)
    where act in ('closed', 'diverted');


-- Whom it is about, and so who has it (CMP-02, CMP-03; S-06).

-- About whom a matter is, in the words of reports.
create function concern_of_a_complaint(matter text) returns text
language sql immutable parallel safe
return case
    when matter in ('headteacher', 'governor') then matter
    when matter in ('staff', 'whistleblowing') then 'staff'
    else 'child'
end;

-- Everybody whom something like that is about: those who are named by id; whoever holds a post and is
-- named by that name, or by the family name alone, or by the post; and whoever holds the post that it
-- is about. It is rather kept from one too many. A governor who is named is no reason to keep it from
-- the others.
create function subjects_of_a_complaint(of_school uuid, matter text, about jsonb)
returns table (person_id uuid, account_id uuid)
language plpgsql stable as $$
begin
    return query
    select distinct subject.person_id, subject.account_id
    from (
        select array(
            select (named.one ->> 'person_id')::uuid from jsonb_array_elements(about) as named (one)
            where named.one ? 'person_id'
            union
            select meant.person_id from possibly_meant(of_school, about) as meant
            union
            select known.id from jsonb_array_elements(about) as named (one)
            join post on post.school_id = of_school
            join person_listed as known
                on known.school_id = of_school and known._account_id = post._account_id
            where not named.one ? 'person_id' and (
                ' ' || folded_name(named.one ->> 'name') like '% ' || folded_name(known.family_name)
                or post.role = 'headteacher'
                    and lower(named.one ->> 'post') ~ '\m(head ?teacher|head|principal)\M'
                    and lower(named.one ->> 'post') !~ '\m(deputy|assistant|former)\M')) as people
    ) as named
    cross join lateral subjects_of_a_report(
        of_school,
        case when matter = 'governor' and named.people <> '{}' then 'staff'
            else concern_of_a_complaint(matter) end,
        named.people) as subject;
end $$;

-- The posts to which it goes, the first before the others. In a federation the executive headteacher
-- holds the post of headteacher in each of its schools.
create function posts_for_a_complaint(treated_as text, matter text) returns text[]
language sql immutable parallel safe
return case
    when treated_as = 'headteacher'
        then array['chair_of_governors', 'dsl', 'deputy_dsl', 'senior_leader']
    when treated_as = 'governor' then array['chair_of_governors', 'headteacher', 'dsl']
    when treated_as <> 'child'
        then array['headteacher', 'chair_of_governors', 'dsl', 'deputy_dsl']
    when matter = 'child_protection'
        then array['dsl', 'deputy_dsl', 'headteacher', 'chair_of_governors']
    else array['senior_leader', 'headteacher', 'dsl', 'deputy_dsl', 'chair_of_governors']
end;

-- Where a complaint is today.
--   complained_of  the accounts of those whom it is about
--   apart          those, and that of whoever complains: they do not handle it
--   treated_as     what it is of, unless somebody whom it is about holds a higher post
--   handler        the post that has it: to which it was sent last, or else the first to which it goes,
--                  in which there is somebody who could have it; null where there is nobody at all
--   readers        the posts that read it whole and act on it: that one; the headteacher, unless it is
--                  about them; the DSLs, of what is of child protection (section 25)
create function routing_of_a_complaint(
    of_complaint complaint,
    out complained_of uuid[], out apart uuid[], out treated_as text, out handler text,
    out readers text[]
)
language plpgsql stable as $$
declare
    subjects uuid[];
begin
    select
        coalesce(
            array_agg(coalesce(person.account_id, subject.account_id))
                filter (where coalesce(person.account_id, subject.account_id) is not null), '{}'),
        coalesce(array_agg(subject.person_id) filter (where subject.person_id is not null), '{}')
    into complained_of, subjects
    from complaint_subject as subject
    left join person on person.school_id = subject.school_id and person.id = subject.person_id
    where subject.school_id = of_complaint.school_id and subject.complaint_id = of_complaint.id;
    apart := complained_of || array(
        select person.account_id from person
        where person.school_id = of_complaint.school_id and person.id = of_complaint.complainant_id
            and person.account_id is not null);
    treated_as := treatment_of_a_report(
        of_complaint.school_id, concern_of_a_complaint(of_complaint.matter), subjects);
    handler := (
        select asked.role
        from (
            select act.content ->> 'to' as role, -act.place::bigint as place
            from complaint_act as act
            where act.school_id = of_complaint.school_id
                and act.complaint_id = of_complaint.id and act.act = 'rerouted'
            union all
            select next.role, next.place
            from unnest(
                posts_for_a_complaint(treated_as, of_complaint.matter)
            ) with ordinality as next (role, place)
        ) as asked
        where exists (
            select from post
            where post.school_id = of_complaint.school_id and post.role = asked.role
                and post._account_id <> all (apart))
        order by asked.place
        limit 1);
    readers := array_remove(array[handler], null)
        || case
            when treated_as = 'headteacher' then '{}'
            when of_complaint.matter = 'child_protection'
                then array['headteacher', 'dsl', 'deputy_dsl']
            else array['headteacher']
        end;
end $$;

-- How the caller stands to a complaint: `handles` it, in one of the posts that read it; has only
-- `put_down` that there is one, or done something with it before it went to others, and learns
-- whether it is closed. Null of whom it is about, whatever else they are, and of everybody else.
create function standing_at_a_complaint(
    of_complaint complaint, complained_of uuid[], apart uuid[], readers text[]
) returns text
language plpgsql stable as $$
declare
    own constant jsonb := caller_seats() -> of_complaint.school_id::text;
    me constant uuid := caller_account();
begin
    if own is null or me = any (complained_of) then
        return null;
    elsif own ?| readers and coalesce(me <> all (apart), true) then
        return 'handles';
    end if;
    return case
        when of_complaint.put_down_by = me or exists (
            select from complaint_act as act
            where act.school_id = of_complaint.school_id
                and act.complaint_id = of_complaint.id and act.done_by = me)
        then 'put_down'
    end;
end $$;

create function caller_at_complaint(of_complaint complaint) returns text
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
    routing record;
begin
    if not coalesce(caller_seats() ? of_complaint.school_id::text, false) then
        return null;
    end if;
    routing := routing_of_a_complaint(of_complaint);
    return standing_at_a_complaint(
        of_complaint, routing.complained_of, routing.apart, routing.readers);
end $$;

-- The same of one by its id.
create function caller_at(of_school uuid, of_complaint uuid) returns text
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    return (
        select caller_at_complaint(complaint) from complaint
        where complaint.school_id = of_school and complaint.id = of_complaint);
end $$;

-- The post in which the caller acts on it: the first of theirs, until it is closed.
create function callers_post_at(of_school uuid, of_complaint uuid) returns text
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    return (
        select post.role from complaint
        cross join lateral routing_of_a_complaint(complaint) as routing
        cross join unnest(routing.readers) with ordinality as post (role, place)
        where complaint.school_id = of_school and complaint.id = of_complaint
            and caller_at_complaint(complaint) = 'handles'
            and caller_holds(of_school, array[post.role])
            and not exists (
                select from complaint_act as act
                where act.school_id = of_school and act.complaint_id = of_complaint
                    and act.act in ('closed', 'diverted'))
        order by post.place
        limit 1);
end $$;

-- Which of these are complaints that are open to the caller, and which are about them: what the audit
-- and the reminding ask, as they ask it of incidents.
create function complaints_open_to_caller(of_school uuid, records uuid[]) returns uuid[]
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    return array(
        select complaint.id from complaint
        where complaint.school_id = of_school and complaint.id = any (records)
            and caller_at_complaint(complaint) = 'handles');
end $$;

create function complaints_about_caller(of_school uuid, records uuid[]) returns uuid[]
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    return array(
        select complaint.id from complaint
        where complaint.school_id = of_school and complaint.id = any (records)
            and caller_seats() ? of_school::text
            and caller_account() = any ((routing_of_a_complaint(complaint)).complained_of)
        order by complaint.id);
end $$;

-- Whom it is about, of the roster, for those who handle it: whoever they are by now.
create function people_complained_of(of_school uuid, of_complaint uuid) returns setof uuid
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    return query
    select person.id from complaint_subject as subject
    join person on person.school_id = of_school
        and (person.id = subject.person_id or person.account_id = subject.account_id)
    where subject.school_id = of_school and subject.complaint_id = of_complaint
        and caller_at(of_school, of_complaint) = 'handles';
end $$;

-- Whether it can be sent to a post: there is somebody in it who could have it.
create function complaint_can_go_to(of_school uuid, of_complaint uuid, to_post text) returns boolean
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    return exists (
        select from complaint
        cross join lateral routing_of_a_complaint(complaint) as routing
        join post on post.school_id = of_school and post.role = to_post
            and post._account_id <> all (routing.apart)
        where complaint.school_id = of_school and complaint.id = of_complaint
            and caller_at_complaint(complaint) = 'handles');
end $$;

-- Hides a complaint from those whom it is about, or is found to be, and tells those who have it now
-- and were not told. For whoever has just put it down, or handles it. Whom it is about when it is put
-- down is known from then on: whoever comes into a post later is nobody whom it was about.
create function settle_complaint(of_school uuid, of_complaint uuid, named uuid[]) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    settled complaint;
    routing record;
    is_new constant boolean := not exists (
        select from complaint_act as act
        where act.school_id = of_school and act.complaint_id = of_complaint);
begin
    select * into settled from complaint where school_id = of_school and id = of_complaint;
    if settled.id is null or caller_at_complaint(settled) is null then
        raise exception 'not open to the caller' using errcode = 'RW404';
    end if;
    insert into complaint_subject (school_id, complaint_id, person_id, account_id)
    select of_school, of_complaint, subject.person_id, subject.account_id
    from subjects_of_a_complaint(
        of_school,
        case when is_new then settled.matter else 'other' end,
        case when is_new then settled.about else coalesce((
            select jsonb_agg(jsonb_build_object('person_id', one)) from unnest(named) as one
        ), '[]') end
    ) as subject
    where not exists (
        select from complaint_subject as known
        where known.school_id = of_school and known.complaint_id = of_complaint
            and known.person_id is not distinct from subject.person_id
            and known.account_id is not distinct from subject.account_id);
    routing := routing_of_a_complaint(settled);
    perform send_notice(
        of_school, post._account_id, routing.handler, 'complaint_routed',
        case when settled.matter = 'child_protection' or routing.treated_as <> 'child'
            then 'urgent' else 'normal' end,
        settled.reference, null, rowan_now())
    from post
    where post.school_id = of_school and post.role = routing.handler
        and post._account_id <> all (routing.apart)
        and post._account_id is distinct from caller_account() and not exists (
            select from notice
            where notice.school_id = of_school and notice.account_id = post._account_id
                and notice.kind = 'complaint_routed' and notice.reference = settled.reference);
end $$;


-- Where it stands.

-- By when it is to be acknowledged, or answered: so many school days after it was received; null where
-- the school sets none.
create function complaint_due(of_school uuid, received date, by_setting text) returns date
language plpgsql stable as $$
declare
    days constant integer := setting_now(of_school, by_setting)::integer;
begin
    return case when days > 0 then add_school_days(of_school, received, days) end;
end $$;

-- Where a complaint stands, as far as the caller may know: no row where it is not there for them, and
-- for whoever only put it down whether it is closed.
create function complaint_stands(
    of_complaint complaint,
    out standing text, out state text, out handler text, out handlers text[],
    out acknowledged_on date, out meetings integer, out outcome text, out outcome_on date,
    out ended_on date
) returns setof record
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
    routing record;
    was_diverted boolean;
    was_handled boolean;
begin
    if not coalesce(caller_seats() ? of_complaint.school_id::text, false) then
        return;
    end if;
    routing := routing_of_a_complaint(of_complaint);
    standing := standing_at_a_complaint(
        of_complaint, routing.complained_of, routing.apart, routing.readers);
    if standing is null then
        return;
    end if;
    select
        max(act.on_day) filter (where act.act = 'acknowledged'),
        count(*) filter (where act.act = 'met'),
        (array_agg(act.content ->> 'outcome' order by act.place desc)
            filter (where act.act = 'answered'))[1],
        (array_agg(act.on_day order by act.place desc) filter (where act.act = 'answered'))[1],
        max(act.on_day) filter (where act.act in ('closed', 'diverted')),
        bool_or(act.act = 'diverted'), bool_or(act.act in ('noted', 'direct_route_offered'))
    into acknowledged_on, meetings, outcome, outcome_on, ended_on, was_diverted, was_handled
    from complaint_act as act
    where act.school_id = of_complaint.school_id and act.complaint_id = of_complaint.id;
    if standing = 'put_down' then
        state := case when ended_on is null then 'received' else 'closed' end;
        select null, null, null, null, null into acknowledged_on, meetings, outcome, outcome_on,
            ended_on;
    else
        handler := routing.handler;
        handlers := array(
            select distinct post.who from post
            where post.school_id = of_complaint.school_id and post.role = routing.handler
                and post._account_id <> all (routing.apart)
            order by 1);
        state := case
            when was_diverted then 'diverted'
            when ended_on is not null then 'closed'
            when outcome is not null then 'outcome_given'
            when meetings > 1 then 'second_meeting'
            when meetings = 1 then 'meeting'
            when was_handled then 'handling'
            when handler is not null then 'routed'
            else 'received'
        end;
    end if;
    return next;
end $$;

create view complaint_shown with (security_invoker = true) as
select
    complaint.id,
    complaint.school_id,
    complaint.reference,
    complaint.matter,
    complaint.subject,
    complaint.words,
    complaint.complainant,
    complaint.about,
    complaint.received_on,
    complaint.received_by,
    stands.state,
    stands.handler,
    stands.handlers,
    stands.acknowledged_on,
    due.acknowledge_by,
    stands.meetings,
    stands.outcome,
    stands.outcome_on,
    due.answer_by,
    stands.ended_on,
    coalesce(least(due.acknowledge_by, due.answer_by) < london_today(), false) as is_overdue,
    complaint.put_down_by_name as put_down_by,
    complaint.put_down_at,
    stands.standing as _standing,
    complaint.put_down_by as _put_down_by,
    complaint.incident_ids as _incident_ids
from complaint
cross join lateral complaint_stands(complaint) as stands
cross join lateral (
    select
        case when stands.acknowledged_on is null then complaint_due(
            complaint.school_id, complaint.received_on, 'complaint_acknowledgement_days') end
            as acknowledge_by,
        case when stands.outcome is null then complaint_due(
            complaint.school_id, complaint.received_on, 'complaint_answer_days') end as answer_by
    where stands.standing = 'handles' and stands.ended_on is null
    union all
    select null, null where stands.standing <> 'handles' or stands.ended_on is not null
) as due;

-- What was done about it, for those who handle it; an incident is named to those to whom it is open.
create function acts_on_a_complaint(of_school uuid, of_complaint uuid) returns jsonb
language sql stable
return (
    select jsonb_agg(
        jsonb_strip_nulls(act.content || jsonb_build_object(
            'act', act.act, 'on', act.on_day, 'done_as', act.done_as,
            'done_by', act.done_by_name, 'done_at', instant(act.done_at),
            'incident_id', case when incident_may_be_named(act.school_id, act.incident_id)
                then act.incident_id end))
        order by act.place)
    from complaint_act as act
    where act.school_id = of_school and act.complaint_id = of_complaint);

-- The incidents with which it overlaps, as far as they are open to the caller.
create function incidents_of_a_complaint(of_school uuid, of_complaint uuid, from_the_first uuid[])
returns uuid[]
language sql stable
return array(
    select linked.id
    from (
        select unnest(from_the_first)
        union
        select act.incident_id from complaint_act as act
        where act.school_id = of_school and act.complaint_id = of_complaint
            and act.incident_id is not null
    ) as linked (id)
    where incident_may_be_named(of_school, linked.id)
    order by linked.id);

-- What may be done with it by whoever stands so to it.
create function acts_open_on_a_complaint(standing text, state text, is_acknowledged boolean)
returns text[]
language sql immutable parallel safe
return case
    when standing <> 'handles' or state in ('closed', 'diverted') then '{}'
    else case when is_acknowledged then '{}' else array['acknowledged'] end
        || array['rerouted', 'noted', 'direct_route_offered', 'met', 'answered', 'named', 'linked',
            'diverted', 'closed']
end;

-- What is missing before it can be closed. The service has words for each code.
--   not_acknowledged        nobody told whoever complained that it was received
--   outcome_missing         nothing is put down of what came of it
--   outcome_not_told        nor to whom that was told
--   points_missing          negative comments were met about, and not all five points covered (PRC-06)
--   second_meeting_missing  they were not settled by the one meeting that there was (PRC-07)
--   direct_route_missing    a parent complained online, and was not offered to come directly (CMP-08)
create function missing_of_a_complaint(of_school uuid, of_complaint uuid)
returns table (code text, pointer text)
language sql stable
begin atomic
    with act as materialized (
        select * from complaint_act
        where complaint_act.school_id = of_school and complaint_act.complaint_id = of_complaint
    ), kept as (
        select complaint.matter, complaint.received_by, complaint.complainant ->> 'kind' as kind
        from complaint
        where complaint.school_id = of_school and complaint.id = of_complaint
    ), meeting as (
        select act.content, row_number() over (order by act.place desc) as place from act
        where act.act = 'met'
    ), standing as (
        -- Of what was withdrawn no meeting is asked any more.
        select coalesce((
            select act.content ->> 'outcome' = 'withdrawn' from act where act.act = 'answered'
            order by act.place desc
            limit 1), false) as is_withdrawn
    )
    select 'not_acknowledged', '/acknowledged_on' from kept
    where kept.kind not in ('anonymous', 'withheld')
        and not exists (select from act where act.act = 'acknowledged')
    union all
    select 'outcome_missing', '/outcome'
    where not exists (select from act where act.act = 'answered')
    union all
    select 'outcome_not_told', '/outcome' from kept
    where kept.kind not in ('anonymous', 'withheld')
        and exists (select from act where act.act = 'answered')
        and not exists (select from act where act.act = 'answered' and act.content ? 'told')
    union all
    select 'points_missing', '/acts/covered/' || point.name
    from kept
    cross join unnest(array[
        'seriousness', 'removal', 'grievance', 'next_steps', 'complaints_procedure'
    ]) as point (name)
    where kept.matter = 'negative_comments' and exists (select from meeting)
        and not (select is_withdrawn from standing)
        and not exists (select from meeting where meeting.content -> 'covered' ? point.name)
    union all
    select 'second_meeting_missing', '/meetings' from kept
    where kept.matter = 'negative_comments' and (select count(*) from meeting) = 1
        and not (select is_withdrawn from standing)
        and exists (
            select from meeting where (meeting.content ->> 'is_settled')::boolean is false)
    union all
    select 'direct_route_missing', '/acts' from kept
    where kept.kind = 'parent'
        and (kept.matter = 'negative_comments' or kept.received_by = 'social_media')
        and not exists (select from act where act.act = 'direct_route_offered');
end;

-- Complaints that no longer say what their entry in the audit covers.
create view complaint_unlike_its_entry with (security_invoker = true) as
select * from unlike_their_entries(array['complaint', 'complaint_act']);


-- What is due: of whoever has it. It is in no figure, as what is of an incident is in none, so that
-- no number tells whom it is about that there is one.

insert into setting_default (name, value, stronger, words) values
    ('complaint_acknowledgement_days', '5', 'less_but_not_none', null),
    ('complaint_answer_days', '20', 'less_but_not_none', null);

create view complaint_duty with (security_invoker = true) as
select complaint.school_id, due.kind, complaint.id as record_id, null::uuid as person_id,
    array[complaint.handler] as roles, due.on_day as due_on, complaint.received_on as since,
    due.label, 'CMP-02' as source, complaint.id as incident_id
from complaint_shown as complaint
cross join lateral (values
    ('complaint_to_acknowledge', complaint.acknowledge_by, 'A complaint is to be acknowledged'),
    ('complaint_to_answer', complaint.answer_by, 'A complaint is to be answered')
) as due (kind, on_day, label)
where due.on_day is not null and complaint.handler is not null;

insert into duty_source (name, is_view) values ('complaint_duty', true);


-- Walls.

alter table complaint enable row level security, force row level security;
alter table complaint_subject enable row level security, force row level security;
alter table complaint_reporter enable row level security, force row level security;
alter table complaint_act enable row level security, force row level security;

create policy of_those_who_have_it on complaint for select to rowan_service using (
    (select caller_seats()) ? school_id::text and caller_at_complaint(complaint) is not null
);
create policy by_those_who_take_it on complaint for insert to rowan_service with check (
    put_down_by = (select caller_account())
    and caller_holds(school_id, array[
        'staff', 'office', 'dsl', 'deputy_dsl', 'headteacher', 'senior_leader',
        'chair_of_governors'])
);
create policy of_those_who_have_it on complaint_act for select to rowan_service using (
    (select caller_seats()) ? school_id::text and caller_at(school_id, complaint_id) = 'handles'
    or done_by = (select caller_account()) and caller_at(school_id, complaint_id) is not null
);
create policy by_those_who_have_it on complaint_act for insert to rowan_service with check (
    done_by = (select caller_account())
    and done_as = callers_post_at(school_id, complaint_id)
);
create policy of_the_receiver on complaint_reporter to rowan_service using (
    receiver = (select caller_account()) and (select caller_seats()) ? school_id::text
);

create policy settling on complaint for select to rowan_owner using (true);
create policy settling on complaint_subject to rowan_owner using (true);
create policy settling on complaint_act for select to rowan_owner using (true);

create policy maintenance on complaint to rowan_maintenance using (true);
create policy maintenance on complaint_subject to rowan_maintenance using (true);
create policy maintenance on complaint_reporter to rowan_maintenance using (true);
create policy maintenance on complaint_act to rowan_maintenance using (true);

grant select, insert, update on
    complaint, complaint_subject, complaint_reporter, complaint_act
to rowan_maintenance;
grant select on complaint_unlike_its_entry to rowan_maintenance;
grant select on complaint, complaint_reporter, complaint_act, complaint_shown, complaint_duty
to rowan_service;
grant insert (
    school_id, id, reference, matter, subject, words, complainant, complainant_id, about,
    received_on, received_by, incident_ids, put_down_by_name)
on complaint to rowan_service;
grant insert (school_id, complaint_id, sealed) on complaint_reporter to rowan_service;
grant insert (
    school_id, id, complaint_id, place, act, on_day, content, incident_id, done_as, done_by_name)
on complaint_act to rowan_service;
grant execute on function
    caller_at_complaint(complaint), caller_at(uuid, uuid), callers_post_at(uuid, uuid),
    complaints_open_to_caller(uuid, uuid[]), complaints_about_caller(uuid, uuid[]),
    complaint_can_go_to(uuid, uuid, text), settle_complaint(uuid, uuid, uuid[]),
    complaint_stands(complaint), people_complained_of(uuid, uuid)
to rowan_service;
grant execute on function
    concern_of_a_complaint(text), subjects_of_a_complaint(uuid, text, jsonb),
    complaint_due(uuid, date, text), acts_on_a_complaint(uuid, uuid),
    incidents_of_a_complaint(uuid, uuid, uuid[]), missing_of_a_complaint(uuid, uuid),
    acts_open_on_a_complaint(text, text, boolean)
to rowan_service, rowan_maintenance;
