-- Who decides what becomes of an incident, where triage sends it, and who may open one by name.

set local role rowan_owner;

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
    constraint incident_access_basis_is_known check (
        basis in ('lead', 'named', 'broken_glass'))
);

-- Whether an account may not see an incident because it is about them, or, `even_possibly`, may be.
create function is_subject(
    of_school uuid, of_incident uuid, of_account uuid, even_possibly boolean default true
) returns boolean
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    return (
        select caller_seats() ? of_school::text and exists (
            select from incident_subject as subject
            where subject.school_id = of_school and subject.incident_id = of_incident
                and subject.account_id = of_account
                and (even_possibly or subject.basis <> 'possible')));
end $$;

-- Which posts decide what becomes of an incident: triage, closing, reopening (sections 24.1 and
-- 25).
create function posts_in_charge(treated_as text, child_at_risk boolean) returns text[]
language plpgsql immutable as $$
begin
    return array(
        select rule.role from (values
            ('child', false, 'online_safety_coordinator'), ('child', false, 'dsl'),
            ('child', false, 'deputy_dsl'), ('child', false, 'headteacher'),
            ('child', true, 'dsl'), ('child', true, 'deputy_dsl'),
            ('staff', false, 'headteacher'), ('staff', true, 'headteacher'),
            ('headteacher', false, 'chair_of_governors'),
            ('headteacher', true, 'chair_of_governors'),
            ('dsl', false, 'headteacher'), ('dsl', true, 'headteacher'),
            ('deputy_dsl', false, 'headteacher'), ('deputy_dsl', false, 'dsl'),
            ('deputy_dsl', true, 'headteacher'), ('deputy_dsl', true, 'dsl'),
            ('governor', false, 'headteacher'), ('governor', false, 'dsl'),
            ('governor', true, 'headteacher'), ('governor', true, 'dsl'),
            ('unsure', false, 'deputy_dsl'), ('unsure', false, 'chair_of_governors'),
            ('unsure', true, 'deputy_dsl'), ('unsure', true, 'chair_of_governors')
        ) as rule (concerns, at_risk, role)
        where rule.concerns = treated_as and rule.at_risk = child_at_risk);
end $$;

-- Which posts can lead: those that such an incident is open to, and a senior leader where no child
-- is at risk and it is not about somebody who leads the school.
create function leading_posts(treated_as text, child_at_risk boolean) returns text[]
language plpgsql immutable as $$
begin
    return posts_that_may_read(
            treated_as, child_at_risk, '{}', restriction_of(treated_as, child_at_risk))
        || case
            when treated_as in ('child', 'staff') and not child_at_risk
                then array['senior_leader']
            else '{}'
        end;
end $$;

-- Whether nothing opens an incident to the caller but the glass that they have broken: they read it,
-- and put down what they did, and decide nothing.
create function has_only_broken_glass(of_incident incident) returns boolean
language plpgsql stable as $$
begin
    return not coalesce(
            (caller_seats() -> of_incident.school_id::text) ?| of_incident.readers, false)
        and not exists (
            select from incident_access as access
            where access.school_id = of_incident.school_id and access.incident_id = of_incident.id
                and access.account_id = caller_account() and access.basis <> 'broken_glass'
                and (access.until_at is null or access.until_at > rowan_now()))
        and exists (
            select from incident_access as access
            where access.school_id = of_incident.school_id and access.incident_id = of_incident.id
                and access.account_id = caller_account() and access.basis = 'broken_glass');
end $$;

-- Whether the caller decides: by their post; because the school has such reports sent to their post
-- (not of a child at risk, who is a DSL's); because it climbed to them, when nobody answered; or
-- because nobody who is not its subject holds a post in charge. Whoever was in charge when they
-- took it in hand may finish what they do.
create function caller_decides(of_incident incident) returns boolean
language plpgsql stable as $$
declare
    own jsonb := caller_seats() -> of_incident.school_id::text;
    at_risk boolean := coalesce(of_incident.is_child_at_risk, false);
    in_charge text[] := posts_in_charge(of_incident.treated_as, at_risk);
begin
    if of_incident.restricted_as is not null and has_only_broken_glass(of_incident) then
        return false;
    end if;
    if own ?| in_charge or of_incident.id::text = any (
        string_to_array(current_setting('rowan.in_charge', true), ','))
    then
        return true;
    end if;
    if not at_risk and own ?| array(
        select unnest(of_incident.readers)
        except select unnest(posts_that_may_read(
            of_incident.treated_as, at_risk, '{}', of_incident.restricted_as)))
    then
        return true;
    end if;
    return exists (
        select from notice
        where notice.school_id = of_incident.school_id and notice.account_id = caller_account()
            and notice.incident_id = of_incident.id and notice.kind = 'notice_unanswered'
    ) or coalesce(own ?| of_incident.readers, false) and not exists (
        select from post
        where post.school_id = of_incident.school_id and post.role = any (in_charge)
            and not is_subject(of_incident.school_id, of_incident.id, post._account_id));
end $$;

-- Whether the caller leads it, as triage named them.
create function caller_leads(of_incident incident) returns boolean
language plpgsql stable as $$
begin
    return exists (
        select from incident_access as access
        where access.school_id = of_incident.school_id and access.incident_id = of_incident.id
            and access.account_id = caller_account() and access.basis = 'lead');
end $$;

-- Whether an incident is open to the caller: by a post of theirs, or by name; never to its subject.
create function is_open_to_caller(of_incident incident) returns boolean
language plpgsql stable as $$
declare
    own jsonb := caller_seats() -> of_incident.school_id::text;
begin
    if own is null
        or is_subject(of_incident.school_id, of_incident.id, caller_account())
    then
        return false;
    end if;
    return own ?| of_incident.readers or exists (
        select from incident_access as access
        where access.school_id = of_incident.school_id and access.incident_id = of_incident.id
            and access.account_id = caller_account()
            and (access.until_at is null or access.until_at > rowan_now()));
end $$;

-- Whether a record can be opened now: a restricted one only with a fresh proof of who is there
-- (SEC-06).
create function can_be_opened_now(restricted_as text) returns boolean
language plpgsql stable as $$
begin
    return restricted_as is null or caller_stepped_up();
end $$;

-- Whether row-level security shows the caller an incident: for the policies of its parts. Written
-- out in each of them it would be planned, and begun, as often as a statement names a part.
create function incident_is_shown(of_school uuid, of_incident uuid) returns boolean
language plpgsql stable as $$
begin
    return exists (
        select from incident
        where school_id = of_school and id = of_incident and can_be_opened_now(restricted_as));
end $$;

-- Takes incidents in hand for the rest of a transaction, those that are open to the caller: first
-- what waits for an answer, as everybody does, then the records, in one order.
create function hold_incidents(of_incidents uuid[]) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    of_schools uuid[] := array(select jsonb_object_keys(caller_seats())::uuid);
begin
    perform from unanswered
    where school_id = any (of_schools) and incident_id = any (of_incidents)
    order by school_id, incident_id for update;
    perform from incident
    where school_id = any (of_schools) and id = any (of_incidents) and is_open_to_caller(incident)
    order by school_id, id for no key update;
    perform set_config(
        'rowan.in_charge',
        (
            select coalesce(string_agg(incident.id::text, ','), '') from incident
            where school_id = any (of_schools) and id = any (of_incidents)
                and is_open_to_caller(incident) and caller_decides(incident)
        ), true);
end $$;

-- The reports and the persons of an incident, with those of its duplicates.
create function incident_and_duplicates(of_school uuid, of_incident uuid) returns setof uuid
language plpgsql stable as $$
begin
    return query
    select of_incident
    union
    select closure._incident_id from closure_standing as closure
    where closure.school_id = of_school and closure.duplicate_of = of_incident;
end $$;

-- Whom an incident may be about, by its reports, and of whom the record does not say anything yet.
-- That they had another part it has of itself, where the report did not say which.
create function people_in_doubt(of_school uuid, of_incident uuid) returns table (person_id uuid)
language plpgsql stable as $$
begin
    return query
    select doubt.person_id from report
    cross join lateral unnest(report.possibly_about) as doubt (person_id)
    where report.school_id = of_school
        and report.incident_id in (
            select one from incident_and_duplicates(of_school, of_incident) as one)
        and not exists (
            select from involvement
            where involvement.school_id = of_school
                and involvement.incident_id in (report.incident_id, of_incident)
                and involvement.person_id = doubt.person_id
                and (involvement.version > 1 or involvement.parts <> '{other}'));
end $$;

-- Who is said to have done it: as the record has them, and of whom it says nothing, as the reports
-- do; and who may have.
create function alleged_of(of_school uuid, of_incident uuid) returns uuid[]
language plpgsql stable as $$
begin
    return array(
        select (person ->> 'person_id')::uuid
        from report cross join jsonb_array_elements(report.people) as person
        where report.school_id = of_school
            and report.incident_id in (
                select one from incident_and_duplicates(of_school, of_incident) as one)
            and person ->> 'part' = 'alleged' and person ? 'person_id'
            and not exists (
                select from involvement
                where involvement.school_id = of_school
                    and involvement.incident_id = report.incident_id
                    and involvement.person_id = (person ->> 'person_id')::uuid)
        union
        select doubt.person_id from people_in_doubt(of_school, of_incident) as doubt
        union
        select involved.person_id from involvement_shown as involved
        where involved.school_id = of_school
            and involved._incident_id in (
                select one from incident_and_duplicates(of_school, of_incident) as one)
            and 'alleged' = any (involved.parts) and involved.person_id is not null);
end $$;

-- Hides an incident from those whom it is about, and shows it to those whom it is not.
create function settle_subjects(of_school uuid, of_incident uuid, about text, alleged uuid[])
returns void
language plpgsql as $$
begin
    delete from incident_subject as known
    where known.school_id = of_school and known.incident_id = of_incident
        and (about <> 'unsure' or known.basis <> 'possible')
        and not exists (
            select from subjects_of_a_report(of_school, about, alleged) as subject
            where subject.person_id is not distinct from known.person_id
                and subject.basis = known.basis
                and (subject.person_id is not null or subject.account_id = known.account_id));
    insert into incident_subject (school_id, incident_id, person_id, account_id, basis)
    select of_school, of_incident, subject.person_id, subject.account_id, subject.basis
    from subjects_of_a_report(of_school, about, alleged) as subject
    where (about <> 'unsure' or subject.basis = 'alleged') and not exists (
        select from incident_subject as known
        where known.school_id = of_school and known.incident_id = of_incident
            and known.person_id is not distinct from subject.person_id
            and known.account_id is not distinct from subject.account_id);
end $$;

-- Sends an incident where it belongs: settles whom it concerns, hides it from its subjects, opens
-- it to the posts of its kind and to its lead, and tells those who were not told before; and says
-- who they are. Where it has become other posts' business, it waits for their answer. It acts for a
-- caller who is in charge.
create function send_incident_on(of_school uuid, of_incident uuid, about text)
returns setof recipient
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    sent incident;
    alleged uuid[] := alleged_of(of_school, of_incident);
    treated text;
    was_treated text;
    at_risk boolean;
    recipients recipient[];
    told recipient[];
    openers text[];
begin
    select * into sent from incident where school_id = of_school and id = of_incident;
    if not is_open_to_caller(sent) then
        raise exception 'not open to the caller' using errcode = 'RW404';
    end if;
    if not caller_decides(sent) then
        raise exception 'not in charge' using errcode = 'RW403';
    end if;
    was_treated := sent.treated_as;
    at_risk := coalesce(sent.is_child_at_risk, false);
    treated := treatment_of_a_report(of_school, about, alleged);
    recipients := array(
        select recipient
        from recipients_of_a_report(
            of_school, about, at_risk, alleged, null, sent.matter) as recipient);
    sent.restricted_as := restriction_now(sent, treated);
    sent.is_by_name := sent.is_by_name and treated = was_treated;
    openers := posts_that_open(recipients, sent.restricted_as);

    perform settle_subjects(of_school, of_incident, about, alleged);

    update incident
    set concerns = about,
        treated_as = treated,
        urgency = case when at_risk or treated <> 'child' then 'urgent' else urgency end,
        restricted_as = sent.restricted_as,
        is_by_name = sent.is_by_name,
        readers = array(
            select post from (
                select unnest(posts_that_may_read(treated, at_risk, openers, sent.restricted_as))
                union
                select before from unnest(sent.readers) as before
                where treated = was_treated
                    and not has_only_word_of_it(before, sent.restricted_as)
            ) as reader (post)
            where not sent.is_by_name
            order by post)
    where school_id = of_school and id = of_incident
    returning * into sent;

    delete from incident_access
    where school_id = of_school and incident_id = of_incident
        and (basis = 'lead' or basis = 'named' and not sent.is_by_name);
    insert into incident_access (school_id, incident_id, account_id, basis)
    select of_school, of_incident, lead._account_id, 'lead' from person_listed as lead
    where lead.school_id = of_school and lead.id = sent.lead_id and lead._account_id is not null;

    told := array(
        select next from unnest(recipients) as next
        where not exists (
            select from notice
            where notice.school_id = of_school and notice.incident_id = of_incident
                and notice.account_id = next.account_id));
    perform tell_of_an_incident(told, openers, 'incident_sent_on', sent, rowan_now());
    if treated <> was_treated and not exists (
        select from unanswered where school_id = of_school and incident_id = of_incident)
    then
        perform await_acknowledgement(
            of_school, of_incident, sent.urgency, cardinality(recipients) > 0);
    end if;
    return query select next.* from unnest(told) as next;
end $$;

-- The report's receipts say how far it has come, those of its duplicates as well (INC-14).
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
        and incident_id in (
            select one from incident_and_duplicates(of_school, of_incident) as one)
        and (
            recorded_at is null
            or step <> 'recorded' and acted_on_at is null
            or step = 'passed_on' and passed_on_at is null);
end $$;

-- From now on the receipts of a duplicate go with those of the one that is kept: what came of that
-- so far, came of them.
create function receipts_follow(of_school uuid, of_incident uuid, kept uuid) returns void
language plpgsql as $$
begin
    update receipt
    set seen_at = greatest(told.seen_at, receipt.reported_at), seen_by_role = told.seen_by_role,
        version = receipt.version + 1
    from (
        select acknowledged_at as seen_at, role as seen_by_role from notices_of(of_school, kept)
        where acknowledged_at is not null
        order by acknowledged_at
        limit 1
    ) as told
    where receipt.school_id = of_school and receipt.incident_id = of_incident
        and receipt.seen_at is null;
end $$;


-- Walls.

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

alter policy read_with_its_incident on report using (incident_is_shown(school_id, incident_id));

-- A subject is not told, and answers for nobody: not even of what they had a notice of before.
alter policy of_its_recipient on notice using (
    account_id = (select caller_account()) and (select caller_seats()) ? school_id::text
    and not is_subject(school_id, incident_id, account_id)
);
alter policy of_its_recipient on notice_acknowledgement using (
    account_id = (select caller_account()) and exists (
        select from notice
        where notice.school_id = notice_acknowledgement.school_id
            and notice.id = notice_acknowledgement.notice_id)
);

alter table incident_access enable row level security, force row level security;
create policy seen_by_whoever_has_it on incident_access for select to rowan_service using (
    account_id = (select caller_account())
);
create policy filing on incident_access to rowan_owner using (true);
create policy maintenance on incident_access to rowan_maintenance using (true);
grant select on incident_access to rowan_service;

grant execute on function
    posts_in_charge(text, boolean), leading_posts(text, boolean), caller_decides(incident), caller_leads(incident),
    has_only_broken_glass(incident), can_be_opened_now(text), incident_is_shown(uuid, uuid), is_open_to_caller(incident),
    incident_and_duplicates(uuid, uuid), people_in_doubt(uuid, uuid),
    receipt_moves_on(uuid, uuid, text), receipts_follow(uuid, uuid, uuid)
to rowan_service, rowan_maintenance;
grant execute on function
    is_subject(uuid, uuid, uuid, boolean), hold_incidents(uuid[]),
    send_incident_on(uuid, uuid, text)
to rowan_service;
