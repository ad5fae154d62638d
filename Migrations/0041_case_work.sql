-- The work on an incident: which kinds of parts its record has, what stands against closing it and
-- looking back upon it, and what of it shuts the gate.

set local role rowan_owner;

-- Trends that were seen in what is reported, and what they changed.
insert into register_kind (kind, readers, writers) values
    ('trend',
        '{online_safety_coordinator,dsl,deputy_dsl,headteacher,senior_leader,link_governor,chair_of_governors}',
        '{online_safety_coordinator,dsl,deputy_dsl,headteacher}');

insert into incident_part_kind (kind, writers, readers, is_final) values
    ('case_decision', '{dsl,deputy_dsl,headteacher,chair_of_governors}',
        '{dsl,deputy_dsl,headteacher,chair_of_governors}', true),
    ('investigation', '{}', '{}', true),
    ('findings', '{}', '{}', true),
    ('case_meeting', '{}', '{}', false),
    ('prohibited_behaviour', '{}', '{}', false),
    ('discrimination', '{}', '{}', false),
    ('sanction',
        '{online_safety_coordinator,dsl,deputy_dsl,headteacher,senior_leader,chair_of_governors}',
        '{}', false),
    ('support', '{}', '{}', false),
    ('learners_voice', '{}', '{}', false),
    ('image_viewing', '{dsl,deputy_dsl}', '{dsl,deputy_dsl,headteacher}', true),
    ('deletion_clearance', '{dsl,deputy_dsl}', '{dsl,deputy_dsl,headteacher}', true),
    ('image_deletion', '{dsl,deputy_dsl}', '{dsl,deputy_dsl,headteacher}', true),
    ('device_action', '{}', '{}', false),
    ('headteacher_informed', '{}', '{}', true),
    ('legal_advice', '{dsl,deputy_dsl,headteacher,chair_of_governors}',
        '{dsl,deputy_dsl,headteacher,chair_of_governors}', false),
    ('external_case', '{}', '{}', false),
    ('risk_assessment', '{dsl,deputy_dsl,headteacher,chair_of_governors}',
        '{dsl,deputy_dsl,headteacher,chair_of_governors}', false),
    ('debrief', '{}', '{}', true),
    ('lesson', '{}', '{}', true);

-- The children who had one of these parts in an incident, of whom no part of a kind is put down that
-- names them by a field.
create function unsettled_involvement(
    of_school uuid, of_incident uuid, had text[], of_kind text, by_name text
) returns setof uuid
language plpgsql stable as $$
begin
    return query
    select involved.id from involvement_shown as involved
    where involved.school_id = of_school and involved._incident_id = of_incident
        and involved."group" = 'child' and involved.parts && had and not exists (
            select from incident_part_shown as part
            where part.school_id = of_school and part._incident_id = of_incident
                and part._kind = of_kind and part._content ->> by_name = involved.id::text);
end $$;

-- What stands against looking back upon an incident, and against closing it, in the work on it. The
-- service has words for each code.
--   support_missing, sanction_missing  for a child whom it happened to or who did it nothing is put
--                                      down; that nothing was wanted, or follows, is put down too
--   debrief_missing                    it was investigated, and nobody looked back upon it
--   police_undecided                   a prohibited behaviour obliges a decision (INC-27)
--   image_unsecured                    an indecent image is printed, passed on, or held by
--                                      somebody whom the police did not direct (INC-34)
-- It counts what the caller may not read, and tells where something is wanting and no more.
create function work_stands_against(of_school uuid, of_incident uuid, act text)
returns table (code text, pointer text)
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
    -- What was investigated is looked back upon.
    awaits_debrief boolean;
begin
    if act not in ('debrief', 'closure') or not incident_is_open(of_school, of_incident) then
        return;
    end if;
    if act = 'debrief' then
        return query
        select 'support_missing', '/people/' || involved.id
        from unsettled_involvement(
            of_school, of_incident, array['target', 'alleged'], 'support', 'for_id') as involved (id)
        union all
        select 'sanction_missing', '/people/' || involved.id
        from unsettled_involvement(
            of_school, of_incident, array['alleged'], 'sanction', 'of_id') as involved (id);
        return;
    end if;
    select coalesce(
        bool_or(part._kind = 'investigation') and not bool_or(part._kind = 'debrief'), false)
    into awaits_debrief
    from incident_part_shown as part
    where part.school_id = of_school and part._incident_id = of_incident
        and part._kind in ('investigation', 'debrief');
    if awaits_debrief then
        return query values ('debrief_missing', '/debriefs');
        -- What it waits for itself: whoever wants to close the incident is told of all at once.
        return query select * from work_stands_against(of_school, of_incident, 'debrief');
    end if;
    return query
    select 'police_undecided', '/prohibited_behaviours/' || part.id
    from incident_part_shown as part
    where part.school_id = of_school and part._incident_id = of_incident
        and part._kind = 'prohibited_behaviour'
        and coalesce(decision_on(of_school, of_incident, 'police'), 'not_yet') = 'not_yet'
    union all
    select 'image_unsecured', '/evidence/' || evidence.id from evidence_shown as evidence
    where evidence.school_id = of_school and evidence._incident_id = of_incident
        and evidence.is_indecent_image
        and (evidence.was_printed or evidence.was_forwarded or not evidence.is_held_for_police)
        and not exists (
            select from incident_part_shown as deletion
            where deletion.school_id = of_school and deletion._incident_id = of_incident
                and deletion._kind = 'image_deletion'
                and deletion._content ->> 'evidence_id' = evidence.id::text);
end $$;

-- Whether an incident is open to the caller, for functions that count more of it than the caller reads.
create function incident_is_open(of_school uuid, of_incident uuid) returns boolean
language plpgsql stable as $$
begin
    return exists (
        select from incident
        where incident.school_id = of_school and incident.id = of_incident
            and is_open_to_caller(incident));
end $$;

-- What was decided last on a matter of an incident; null where nothing was.
create function decision_on(of_school uuid, of_incident uuid, matter text) returns text
language plpgsql stable as $$
begin
    return (
        select part._content ->> 'outcome' from incident_part_shown as part
        where part.school_id = of_school and part._incident_id = of_incident
            and part._kind = 'case_decision' and part._content ->> 'about' = matter
        order by part.recorded_at desc, part.id desc
        limit 1);
end $$;

-- What an incident came to, as reports count it: the police were involved by what was decided last, it
-- was referred, a sanction followed, access was withdrawn, somebody was supported; or none of these.
-- Of all of them, whoever asks: for functions that tell figures.
create function what_it_came_to(of_school uuid, of_incident uuid) returns text[]
language plpgsql stable as $$
declare
    found constant text[] := array(
        select distinct case part._kind
            when 'referral' then 'referred'
            when 'support' then 'supported'
            else case part._content ->> 'what'
                when 'access_withdrawn' then 'access_withdrawn' else 'sanctioned' end end
        from incident_part_shown as part
        where part.school_id = of_school and part._incident_id = of_incident
            and (part._kind = 'referral' and part._content ->> 'route' <> 'advised_to_call'
                or part._kind = 'support' and part._content -> 'what' <> '["not_wanted"]'
                or part._kind = 'sanction' and part._content ->> 'what' <> 'none')
    ) || case when decision_on(of_school, of_incident, 'police') = 'yes'
        then array['police_involved'] else '{}' end;
begin
    return case when found = '{}' then array['nothing'] else found end;
end $$;

-- Whose access a sanction has withdrawn (INC-30). It answers of those of whom the caller may ask,
-- whether or not the incident is open to them: the gate tells few of them why. To whom it is not
-- open, of somebody else, the reason has a code that the gate has no words for, so that it says no
-- more than that the school is to be asked.
create function sanctions_at_the_gate(of_school uuid, of_people uuid[], to_have text, on_day date)
returns table (person_id uuid, code text, since date, until date, about jsonb)
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    return query
    select asked.person_id,
        case
            when caller_is(of_school, asked.person_id)
                or incident_may_be_named(of_school, sanction.incident_id)
                then 'access_withdrawn'
            else 'access_withdrawn_unseen'
        end,
        (sanction.content ->> 'from_on')::date, null::date, null::jsonb
    from incident_part as sanction
    join gate_asked(of_school, of_people) as asked on asked.person_id = any (sanction.people)
    where sanction.school_id = of_school and sanction.kind = 'sanction'
        and sanction.content ->> 'what' = 'access_withdrawn'
        and sanction.content -> 'from' ? to_have and not sanction.is_withdrawn
        and on_day between (sanction.content ->> 'from_on')::date
            and coalesce((sanction.content ->> 'until_on')::date, 'infinity')
        and not exists (
            select from incident_part as later
            where later.school_id = of_school and later.incident_id = sanction.incident_id
                and later.id = sanction.id and later.version > sanction.version);
end $$;

-- What was investigated is looked back upon, by those in charge (T-42): the policies give no time, so
-- within ten school days of what was found. It is told to those alone to whom the incident is open;
-- the clock, which is nobody, asks of all.
create view case_duty with (security_invoker = true) as
select incident.school_id, 'debrief_to_hold' as kind, incident.id as record_id,
    null::uuid as person_id,
    posts_in_charge(incident.treated_as, incident.is_child_at_risk) as roles,
    add_school_days(incident.school_id, london_day(found.recorded_at), 10) as due_on,
    london_day(found.recorded_at) as since,
    'An incident is to be looked back upon' as label, 'T-42' as source,
    incident.id as incident_id
from incident
join incident_part_shown as found
    on found.school_id = incident.school_id and found._incident_id = incident.id
    and found._kind = 'findings'
where incident.status <> 'closed'
    and (caller_account() is null or incident_may_be_named(incident.school_id, incident.id))
    and not exists (
        select from incident_part_shown as part
        where part.school_id = incident.school_id and part._incident_id = incident.id
            and part._kind = 'debrief');
insert into duty_source (name, is_view) values ('case_duty', true);

grant select on case_duty to rowan_service;
grant execute on function
    work_stands_against(uuid, uuid, text), sanctions_at_the_gate(uuid, uuid[], text, date)
to rowan_service;
