-- The gate: may this person have this access on this day, and if not, why not (AGR-12, AGR-13,
-- AGR-21, ACC-04). Each area finds what it has against it in a function of its own; what a school
-- makes of each reason is a setting.

set local role rowan_owner;

-- `off`: as if it were not there; `advise`: told, and in nobody's way; `enforce`: shut, so many days
-- after the reason arose.
insert into setting_default (name, value, stronger, words) values
    ('gate_agreement_unsigned', '"enforce"', 'later', '{off,advise,enforce}'),
    ('gate_agreement_unsigned_days', '0', 'less', null),
    ('gate_agreement_lapsed', '"enforce"', 'later', '{off,advise,enforce}'),
    ('gate_agreement_lapsed_days', '0', 'less', null),
    ('gate_agreement_wanting', '"enforce"', 'later', '{off,advise,enforce}'),
    ('gate_agreement_wanting_days', '0', 'less', null),
    ('gate_agreement_refused', '"enforce"', 'later', '{off,advise,enforce}');

-- Those of some persons of a school about whom the caller may ask: those who answer for access, and
-- a client that reads who has it or asks the gate, about everybody; all other staff about pupils;
-- whoever holds a post there about themselves.
create function gate_asked(of_school uuid, of_people uuid[])
returns table (person_id uuid, joined_on date, left_on date)
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
    of_everybody constant boolean :=
        coalesce((caller_scopes() -> 'gate.read') ? of_school::text, false)
        or coalesce((caller_scopes() -> 'access.read') ? of_school::text, false)
        or caller_holds(
            of_school,
            array['online_safety_coordinator', 'dsl', 'deputy_dsl', 'headteacher',
                'senior_leader', 'office', 'dpo', 'technician', 'school_administrator']);
    of_pupils constant boolean := caller_holds(of_school, array['staff']);
begin
    if not of_everybody and not coalesce(caller_seats() ? of_school::text, false) then
        return;
    end if;
    return query
    select person.id, person.joined_on, person.left_on from person
    where person.school_id = of_school and person.id = any (of_people)
        and (of_everybody or of_pupils and person.kind = 'pupil'
            or person.account_id = caller_account());
end $$;

-- Who is not at the school on that day.
create function roster_at_the_gate(of_school uuid, of_people uuid[], to_have text, on_day date)
returns table (person_id uuid, code text, since date, until date, about jsonb)
language plpgsql stable security definer set search_path = public, pg_temp rows 10 as $$
begin
    return query
    select asked.person_id,
        case when asked.joined_on > on_day or asked.left_on < on_day then 'not_on_roll' end,
        on_day, asked.left_on, null::jsonb
    from gate_asked(of_school, of_people) as asked
    where asked.joined_on > on_day or asked.left_on is not null;
end $$;

-- What is not agreed to of all that must be; and until when what is holds.
create function agreements_at_the_gate(of_school uuid, of_people uuid[], to_have text, on_day date)
returns table (person_id uuid, code text, since date, until date, about jsonb)
language plpgsql stable security definer set search_path = public, pg_temp rows 10 as $$
declare
    asked constant uuid[] := array(
        select asked.person_id from gate_asked(of_school, of_people) as asked);
begin
    if asked = '{}' then
        return;
    end if;
    return query
    select standing.person_id,
        case
            when standing.is_current then null
            when standing.state in ('refused', 'withdrawn', 'revoked') then 'agreement_refused'
            when standing.state in ('expired', 'superseded') then 'agreement_lapsed'
            else 'agreement_unsigned'
        end,
        -- What held on, in a grace, has shut with its last day.
        greatest(standing.since, standing.current_until + 1), standing.current_until,
        jsonb_build_object(
            'template_id', standing.template_id, 'template', template.name,
            'version_id', standing.version_id, 'agreement_id', standing.agreement_id)
    from agreements_on(of_school, asked, on_day) as standing
    join agreement_template as template
        on template.school_id = of_school and template.id = standing.template_id
    where standing.rules -> 'opens' ? to_have;
    -- Nobody whom the school does not employ has the internet without having signed (AGR-15).
    if to_have = 'internet' then
        return query
        select person.id, 'agreement_wanting',
            least(
                on_day, coalesce(person.joined_on, london_day(person.created_at))),
            null::date, null::jsonb
        from person
        where person.school_id = of_school and person.id = any (asked)
            and person.kind not in ('pupil', 'parent', 'teacher', 'support_staff', 'governor')
            and not exists (
                select from agreements_on(of_school, asked, on_day) as standing
                where standing.person_id = person.id and standing.rules -> 'opens' ? to_have);
    end if;
end $$;

-- Whether what is put to people holds on a day, by which version and until when: of those about whom
-- the caller may ask the gate, and never why not (AGR-21).
create function agreement_checks(of_school uuid, of_people uuid[], on_day date)
returns table (
    person_id uuid, template_id uuid, template text, version_id uuid, number integer,
    is_current boolean, until date
)
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
    asked constant uuid[] := array(
        select asked.person_id from gate_asked(of_school, of_people) as asked);
begin
    if asked = '{}' then
        return;
    end if;
    return query
    select held.person_id, held.template_id, template.name, version.id, version.number,
        held.is_current, case when held.is_current then held.current_until end
    from agreements_of(of_school, asked, on_day) as held
    join agreement_template as template
        on template.school_id = of_school and template.id = held.template_id
    left join agreement as by_this on held.is_current
        and by_this.school_id = of_school and by_this.id = held.rests_on
    join agreement_version_in_time as version
        on version.school_id = of_school
        and version.id = coalesce(by_this.version_id, held.version_id)
    where held.is_newest;
end $$;

-- What a school makes of a reason on a day; a reason that no setting names always shuts.
create function gate_mode(
    of_school uuid, of_code text, on_day date, out mode text, out days integer
)
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    mode := 'enforce';
    days := 0;
    if exists (select from setting_default where name = 'gate_' || of_code) then
        mode := (setting_on(of_school, 'gate_' || of_code, on_day)).value #>> '{}';
    end if;
    if exists (select from setting_default where name = 'gate_' || of_code || '_days') then
        days := (setting_on(of_school, 'gate_' || of_code || '_days', on_day)).value;
    end if;
end $$;

grant execute on function
    gate_asked(uuid, uuid[]), roster_at_the_gate(uuid, uuid[], text, date),
    agreements_at_the_gate(uuid, uuid[], text, date), agreement_checks(uuid, uuid[], date),
    gate_mode(uuid, text, date)
to rowan_service;
