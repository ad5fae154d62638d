-- Whom a school can turn to, and what was put down of turning to them.

set local role rowan_owner;

insert into register_kind (kind, readers, writers) values
    ('agency',
        '{staff,online_safety_coordinator,dsl,deputy_dsl,headteacher,senior_leader,office,dpo,governor,link_governor,chair_of_governors,technician,school_administrator}',
        '{online_safety_coordinator,dsl,deputy_dsl,headteacher,office,school_administrator}');

insert into incident_part_kind (kind, writers, readers, is_final) values
    ('referral', '{dsl,deputy_dsl,headteacher,chair_of_governors}',
        '{dsl,deputy_dsl,headteacher,chair_of_governors}', false),
    ('illegal_address', '{dsl,deputy_dsl}', '{dsl,deputy_dsl}', true);

-- Puts down a call for help that the caller made at once, who only reported the incident: as a
-- referral, for those to whom the incident is open. The DSLs are told of it, never its subject; how
-- many were is answered (AGY-07).
create function put_down_a_call(
    of_school uuid, of_incident uuid, own uuid, by_route text, happened timestamptz, words text,
    reference text
) returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    called incident;
    put incident_part;
    told recipient[];
begin
    select * into called from incident where school_id = of_school and id = of_incident for update;
    if called.id is null or not exists (
        select from report
        where report.school_id = of_school and report.incident_id = of_incident
            and report.reported_by = caller_account())
    then
        raise exception 'not the caller''s report' using errcode = 'RW404';
    end if;
    insert into incident_part (
        school_id, incident_id, id, version, kind, content, happened_at, role)
    values (
        of_school, of_incident, own, 1, 'referral', jsonb_strip_nulls(jsonb_build_object(
            'agency', 'police', 'happened_at', instant(happened), 'words', words,
            'reference', reference,
            -- Who blew the whistle is known to those alone whom it was first sent to (CMP-07).
            'made_by', case when called.matter = 'whistleblowing' then 'The reporter'
                else coalesce(name_of(of_school, caller_account()), 'The reporter') end,
            'route', by_route,
            'route_reason', case
                when by_route <> 'advised_to_call' then 'The reporter called at once' end)),
        happened, 'staff')
    returning * into put;
    insert into event (
        organisation_id, chain, deed, record_kind, record_ids, version, request_id, digest)
    values (
        of_school, 'changes', 'call_put_down', 'incident_part', array[own], 1, '',
        digest_of(put.salt, to_jsonb(put) - 'salt'));
    told := array(
        select row(post._account_id, post.role, post.who, post.telephone)::recipient from post
        where post.school_id = of_school and post.role in ('dsl', 'deputy_dsl')
            and post._account_id <> caller_account() and not exists (
                select from incident_subject as subject
                where subject.school_id = of_school and subject.incident_id = of_incident
                    and subject.account_id = post._account_id));
    perform send_notice(
        of_school, next.account_id, next.role, 'emergency_called', 'urgent', called.reference,
        case when next.role = any (called.readers) then of_incident end, rowan_now())
    from unnest(told) as next;
    return cardinality(told);
end $$;

-- What is to be asked of an agency again, for those to whom the incident is open.
create view referral_to_chase with (security_invoker = true) as
select
    referral.school_id, referral._incident_id as incident_id, referral.id,
    (referral._content ->> 'chase_on')::date as due_on
from incident_part_shown as referral
where referral._kind = 'referral' and referral._content ? 'chase_on'
    and not referral._content ? 'closed_on';

-- What stands against closing an incident, in what was decided about turning to somebody. That
-- somebody was advised to go to the police is put down, and is no contact with them.
--   referral_missing     it was decided to refer it, and nothing is put down of that
--   referral_undecided   it was put off, and never decided; or never spoken of, though a child may be
--                        at risk (AGY-04)
--   police_not_told      it was decided to involve the police, and nothing is put down of that
create function agencies_stand_against(of_school uuid, of_incident uuid, act text)
returns table (code text, pointer text)
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    if act <> 'closure' or not incident_is_open(of_school, of_incident) then
        return;
    end if;
    return query
    with referral as (
        select part._content ->> 'agency' as agency from incident_part_shown as part
        where part.school_id = of_school and part._incident_id = of_incident
            and part._kind = 'referral' and part._content ->> 'route' <> 'advised_to_call'
    )
    select 'referral_undecided', '/decisions'
    where coalesce(
        decision_on(of_school, of_incident, 'referral') = 'not_yet',
        not exists (select from referral) and exists (
            select from incident
            where incident.school_id = of_school and incident.id = of_incident
                and incident.is_child_at_risk and incident.treated_as = 'child'))
    union all
    select 'referral_missing', '/referrals'
    where decision_on(of_school, of_incident, 'referral') = 'yes'
        and not exists (select from referral)
    union all
    select 'police_not_told', '/referrals'
    where decision_on(of_school, of_incident, 'police') = 'yes'
        and not exists (select from referral where agency = 'police');
end $$;

-- Where children, parents and staff find help, besides what a school has of its own: the national
-- ones that the policies name, for everybody (AGY-08).
create function usual_signposts()
returns table (name text, "for" text[], what text, website text, telephone text)
language sql immutable parallel safe
begin atomic
    select * from (values
        ('Childline', array['pupils', 'parents'], 'A child can talk, by telephone or chat', 'https://www.childline.org.uk', '0800 1111'),
        ('CEOP Safety Centre', array['pupils', 'parents', 'staff'], 'Report grooming and sexual exploitation online', 'https://www.ceop.police.uk/safety-centre/', null),
        ('Report Remove', array['pupils', 'parents', 'staff'], 'Have a sexual image of a child taken down', 'https://www.childline.org.uk/remove', null),
        ('Internet Watch Foundation', array['parents', 'staff'], 'Report images of child sexual abuse', 'https://www.iwf.org.uk', null),
        ('Thinkuknow', array['pupils', 'parents', 'staff'], 'Learning about exploitation online', 'https://www.thinkuknow.co.uk', null),
        ('Childnet', array['pupils', 'parents', 'staff'], 'Learning about the internet', 'https://www.childnet.com', null),
        ('Internet Matters', array['parents', 'staff'], 'Settings, ages and advice', 'https://www.internetmatters.org', null),
        ('Lucy Faithfull Foundation', array['parents', 'staff'], 'Worried about somebody''s thoughts or behaviour towards children', 'https://www.lucyfaithfull.org.uk', null),
        ('NSPCC', array['parents', 'staff'], 'Online safety, and a helpline for adults', 'https://www.nspcc.org.uk/online-safety', '0808 800 5000'),
        ('Net Aware', array['parents'], 'What the sites are that children use', 'https://www.net-aware.org.uk', null),
        ('Marie Collins Foundation', array['parents', 'staff'], 'Recovery after abuse online', 'https://www.mariecollinsfoundation.org.uk', null),
        ('UK Safer Internet Centre', array['parents', 'staff'], 'Advice, and Safer Internet Day', 'https://www.saferinternet.org.uk', null),
        ('Professionals Online Safety Helpline', array['staff'], 'For those who work with children', 'https://www.saferinternet.org.uk/about/helpline', '0344 381 4772'),
        ('360 Degree Safe', array['staff'], 'How a school stands', 'https://www.360safe.org.uk', null),
        ('Action Fraud', array['parents', 'staff'], 'Report fraud', 'https://www.actionfraud.police.uk', '0300 123 2040'),
        ('Get Safe Online', array['parents', 'staff'], 'Safe use for everybody', 'https://www.getsafeonline.org', null)
    ) as known (name, "for", what, website, telephone);
end;

grant select on referral_to_chase to rowan_service, rowan_maintenance;
grant execute on function usual_signposts() to rowan_service, rowan_maintenance;
grant execute on function
    agencies_stand_against(uuid, uuid, text),
    put_down_a_call(uuid, uuid, uuid, text, timestamptz, text, text)
to rowan_service;
