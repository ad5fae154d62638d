-- Breaches of personal data: a small register with a clock of 72 hours, and a wall of its own.

set local role rowan_owner;

insert into register_kind (kind, readers, writers, recorders) values
    ('data_breach', '{dsl,deputy_dsl,headteacher,dpo}', '{dsl,deputy_dsl,headteacher,dpo}',
        '{staff,online_safety_coordinator,senior_leader,office,technician,school_administrator}');

-- Breaches that nobody has answered for: to the Information Commissioner within 72 hours of when the
-- school knew, or with why not; and, where the risk is high, to the people concerned, without undue
-- delay, so by the same hour. What came of an incident carries that, so that its subject is neither
-- told nor reminded; the officer, to whom no incident is open, is.
create function duties_of_breaches(of_school uuid, of_people uuid[]) returns setof duty
language plpgsql stable as $$
begin
    return query
    select due.kind, breach.id, null::uuid, null::uuid, array['dpo', 'headteacher'],
        london_day(known.at + interval '72 hours' - interval '1 millisecond'), london_day(known.at),
        due.label, 'AUD-06', null, (breach._content ->> 'incident_id')::uuid
    from register_entry_shown as breach
    cross join lateral (select (breach._content ->> 'known_at')::timestamptz as at) as known
    cross join lateral (
        select 'breach_to_report' as kind,
            'A breach of personal data is to be reported, or decided not to be' as label
        where not breach._content ?| array['reported_at', 'unreported_because']
        union all
        select 'breach_to_tell', 'The people concerned by a breach of high risk are to be told'
        where breach._content ->> 'risk' = 'high'
            and not breach._content ?| array['people_told_at', 'people_untold_because']
    ) as due
    where breach.school_id = of_school and breach._kind = 'data_breach'
        and not breach.is_withdrawn;
end $$;

insert into duty_source (name, is_view) values ('duties_of_breaches', false);


-- Walls.

-- Whether a breach, at any of its versions, came of an incident that is about the caller.
create function breach_is_the_callers(of_school uuid, of_entry uuid) returns boolean
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    return exists (
        select from register_entry as said
        where said.school_id = of_school and said.id = of_entry and said.kind = 'data_breach'
            and incident_is_the_callers(of_school, (said.content ->> 'incident_id')::uuid));
end $$;

-- Nobody is shown a breach that came of an incident which is about them: nothing of it, whichever
-- version named the incident.
create policy of_no_subject on register_entry
as restrictive for select to rowan_service using (
    kind <> 'data_breach' or not breach_is_the_callers(school_id, id)
);
create policy of_breaches on register_entry for select to rowan_owner using (
    kind = 'data_breach'
);

grant execute on function duties_of_breaches(uuid, uuid[]), breach_is_the_callers(uuid, uuid)
to rowan_service;
