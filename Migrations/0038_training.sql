-- Training: who was trained in what and when is a small register; who is due follows from it and
-- from what each school asks (TRN-01 to TRN-11).

set local role rowan_owner;

insert into register_kind (kind, readers, writers) values
    ('training_record',
        '{online_safety_coordinator,dsl,deputy_dsl,headteacher,senior_leader,office,dpo,school_administrator}',
        '{online_safety_coordinator,dsl,deputy_dsl,headteacher,office,school_administrator}'),
    ('professional_update',
        '{online_safety_coordinator,dsl,deputy_dsl,headteacher,senior_leader,link_governor,chair_of_governors,technician}',
        '{online_safety_coordinator,dsl,deputy_dsl,headteacher,technician}');
insert into setting_default (name, value, stronger, words) values
    ('gate_training_wanting', '"enforce"', 'later', '{off,advise,enforce}'),
    ('gate_training_wanting_days', '0', 'less', null);

-- What a school asks from a day on: of whom, which training satisfies it, how often. Where it has
-- said nothing: of all who work there once a year (003, 004), of the DSLs every two years (003), and
-- of governors once a year (001, 003). Whoever was never trained has a term for it, and three months
-- from the day on which the register knew the school.
insert into rule_kind (kind, rulers, usual)
values ('training', '{headteacher,dsl,deputy_dsl,school_administrator}', '{"rules": [
    {"code": "staff_update", "label": "Online safety update", "every_months": 12,
        "within_days": 90, "warn_days": 30,
        "satisfied_by": ["annual_update", "refresher", "induction", "dsl", "coordinator"],
        "kinds": ["teacher", "support_staff", "student_teacher", "peripatetic", "supply"]},
    {"code": "dsl", "label": "DSL training", "every_months": 24, "within_days": 90,
        "warn_days": 60, "satisfied_by": ["dsl"], "posts": ["dsl", "deputy_dsl"]},
    {"code": "governors", "label": "Safeguarding training of governors", "every_months": 12,
        "within_days": 90, "warn_days": 30,
        "satisfied_by": ["governor", "annual_update", "refresher"],
        "kinds": ["governor"], "posts": ["governor", "link_governor", "chair_of_governors"]}
]}');

-- What is asked of people on a day.
create function training_asked(of_school uuid, on_day date) returns jsonb
language plpgsql stable as $$
begin
    return (
        select rule.content -> 'rules' from rules_on(on_day) as rule
        where rule.school_id = of_school and rule.kind = 'training');
end $$;

-- Of whom each is asked on a day, by what they are to the school or by the post that they hold, and
-- since when without a gap: whoever says the same anew gives nobody more time. A version is part of
-- that while whatever satisfied it then satisfies it now.
create function training_asked_of(of_school uuid, on_day date)
returns table (code text, kind text, post text, since date)
language sql stable as $$
    with version as (
        select 0 as version, london_day(school.created_at) as from_on,
            known.usual -> 'rules' as rules
        from school
        join rule_kind as known on known.kind = 'training'
        where school.id = of_school
        union all
        select rule.version, rule.from_on, rule.content -> 'rules'
        from school_rule as rule
        where rule.school_id = of_school and rule.kind = 'training' and rule.from_on <= on_day
    ), in_force as materialized (
        select version.* from version
        where not exists (
            select from version as later
            where later.version > version.version and later.from_on <= version.from_on)
    ), said as materialized (
        select in_force.version, one.code, one.satisfied_by, whose.kind, whose.post
        from in_force
        cross join lateral jsonb_to_recordset(in_force.rules) as one (
            code text, satisfied_by jsonb, kinds jsonb, posts jsonb)
        cross join lateral (
            select named.kind, null as post
            from jsonb_array_elements_text(coalesce(one.kinds, '[]')) as named (kind)
            union all
            select null, named.post
            from jsonb_array_elements_text(coalesce(one.posts, '[]')) as named (post)
        ) as whose
    )
    select now.code, now.kind, now.post, (
            select min(same.from_on) from in_force as same
            where same.version > coalesce((
                select max(other.version) from in_force as other
                where not exists (
                    select from said
                    where said.version = other.version and said.code = now.code
                        and (said.kind, said.post) is not distinct from (now.kind, now.post)
                        and said.satisfied_by <@ now.satisfied_by)), -1))
    from said as now
    where now.version = (select max(in_force.version) from in_force)
$$;

-- Who may know how everybody of a school is trained; everybody else knows their own.
create function caller_reads_training(of_school uuid) returns boolean
language sql stable parallel safe
return caller_holds(
        of_school, array['online_safety_coordinator', 'dsl', 'deputy_dsl', 'headteacher',
            'senior_leader', 'office', 'dpo', 'school_administrator'])
    or coalesce((caller_scopes() -> 'training.read') ? of_school::text, false);

-- How everybody stands to what is asked of them on a day: of all adults who are there, or of those
-- who are named. What is due is due when the last that satisfies it is so many months old, or runs
-- out; of whoever has none, so many days after they began, or were appointed, or it was first asked
-- of such as they are.
--   current  it is in order
--   awaited  they were never trained, and have time yet
--   due      it will be due within the days of which the school warns
--   overdue  that day has passed
create function training_standing(of_school uuid, of_people uuid[], on_day date)
returns table (
    school_id uuid, person_id uuid, kind text, rule text, label text, needed_for jsonb,
    needed_for_posts jsonb, began_on date, record_id uuid, last_on date, due_on date, state text
)
language plpgsql stable set plan_cache_mode = force_custom_plan as $$
begin
    return query
    with asked as materialized (
        select said.*
        from jsonb_to_recordset(training_asked(of_school, on_day)) as said (
            code text, label text, satisfied_by jsonb, kinds jsonb, posts jsonb,
            every_months integer, within_days integer, warn_days integer, needed_for jsonb,
            is_needed_for_post boolean)
    ), whose as materialized (
        select * from training_asked_of(of_school, on_day)
    ), adult as materialized (
        select person.id, person.kind, london_day(person.created_at) as known_on,
            person.joined_on
        from person
        where person.school_id = of_school and person.kind <> 'pupil'
            and (of_people is null or person.id = any (of_people))
            and coalesce(person.joined_on <= on_day, true)
            and coalesce(person.left_on >= on_day, true)
    ), held as materialized (
        select seat.person_id, seat.role, min(seat.from_on) as from_on
        from seat
        where seat.school_id = of_school
            and on_day between seat.from_on and coalesce(seat.until_on, 'infinity')
        group by seat.person_id, seat.role
    ), owes as materialized (
        select began.id, began.kind, began.code, min(began.from_on) as began_on
        from (
            select adult.id, adult.kind, whose.code,
                greatest(coalesce(adult.joined_on, adult.known_on), whose.since) as from_on
            from adult join whose on whose.kind = adult.kind
            union all
            select adult.id, adult.kind, whose.code, greatest(held.from_on, whose.since)
            from whose
            join held on held.role = whose.post
            join adult on adult.id = held.person_id
        ) as began
        group by began.id, began.kind, began.code
    ), record as materialized (
        -- What was recorded of those who owe something, of a kind that anything is satisfied by.
        select named.id as person_id, entry.id, entry._from_on as happened_on,
            entry._content ->> 'kind' as kind,
            (entry._content ->> 'expires_on')::date as expires_on
        from register_entry_shown as entry
        cross join lateral unnest(entry._people) as named (id)
        where entry.school_id = of_school and entry._kind = 'training_record'
            and not entry.is_withdrawn and entry._from_on <= on_day
            and (of_people is null or entry._people && of_people)
            and entry._content ->> 'kind' in (
                select jsonb_array_elements_text(asked.satisfied_by) from asked)
            and named.id in (select owes.id from owes)
    ), trained as materialized (
        -- The latest of each kind; and of what runs out by itself, what came after it.
        select distinct on (record.person_id, record.kind, record.expires_on) record.*
        from (
            select record.*, max(record.happened_on) filter (where record.expires_on is null)
                over (partition by record.person_id, record.kind) as latest_on
            from record
        ) as record
        where coalesce(record.happened_on >= record.latest_on, true)
        order by record.person_id, record.kind, record.expires_on, record.happened_on desc,
            record.id
    ), last as materialized (
        select distinct on (owes.id, owes.code) owes.id as person_id, owes.code, trained.id,
            trained.happened_on, good.until
        from owes
        join asked on asked.code = owes.code
        join trained on trained.person_id = owes.id and asked.satisfied_by ? trained.kind
        cross join lateral (
            select least(
                trained.expires_on,
                (trained.happened_on + make_interval(months => asked.every_months))::date
            ) as until
        ) as good
        order by owes.id, owes.code, good.until desc nulls first, trained.happened_on desc,
            trained.id
    )
    select of_school, owes.id, owes.kind, asked.code, asked.label,
        coalesce(asked.needed_for, '[]'),
        case when asked.is_needed_for_post then asked.posts else '[]' end,
        owes.began_on, last.id, last.happened_on, due.falls_on,
        case
            when due.falls_on < on_day then 'overdue'
            when due.falls_on <= on_day + asked.warn_days then 'due'
            when last.id is null then 'awaited'
            else 'current'
        end
    from owes
    join asked on asked.code = owes.code
    left join last on last.person_id = owes.id and last.code = owes.code
    cross join lateral (
        select case
            when last.id is not null then last.until
            else owes.began_on + asked.within_days
        end as falls_on
    ) as due;
end $$;

-- The same today, for those who may know it: of everybody of a school, or of oneself.
create function training_of(of_schools uuid[], of_people uuid[])
returns table (
    school_id uuid, person_id uuid, kind text, rule text, label text, needed_for jsonb,
    needed_for_posts jsonb, began_on date, record_id uuid, last_on date, due_on date, state text
)
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    return query
    select standing.*
    from school
    cross join lateral (
        select case
            when caller_reads_training(school.id) then of_people
            else array(
                select person.id from person
                where person.school_id = school.id and person.account_id = caller_account()
                    and (of_people is null or person.id = any (of_people)))
        end as people
    ) as own
    cross join lateral training_standing(school.id, own.people, london_today()) as standing
    where school.id = any (of_schools)
        and (caller_reads_training(school.id)
            or coalesce(caller_seats() ? school.id::text, false))
        and coalesce(own.people <> '{}', true);
end $$;

-- Who may not have something because training that is asked for it is not current (ACC-04, TRN-11).
create function training_at_the_gate(of_school uuid, of_people uuid[], to_have text, on_day date)
returns table (person_id uuid, code text, since date, until date, about jsonb)
language plpgsql stable security definer set search_path = public, pg_temp rows 10 as $$
begin
    -- Worked out of nobody where no training is asked for it.
    if not exists (
        select from jsonb_array_elements(training_asked(of_school, on_day)) as one (said)
        where one.said -> 'needed_for' ? to_have)
    then
        return;
    end if;
    return query
    select standing.person_id,
        case when standing.state = 'overdue' or standing.record_id is null
            then 'training_wanting' end,
        case when standing.record_id is null then standing.began_on else standing.due_on + 1 end,
        case when standing.record_id is not null then standing.due_on end,
        jsonb_build_object('label', standing.label)
    from gate_asked(of_school, of_people) as asked
    join training_standing(of_school, of_people, on_day) as standing
        on standing.person_id = asked.person_id
    where standing.needed_for ? to_have;
end $$;

-- Whether training is needed for a post from a day on that somebody does not have, or that has run
-- out by then: asked of the post, so of whoever is to hold it too.
create function training_is_wanting(of_school uuid, of_person uuid, of_role text, from_on date)
returns boolean
language plpgsql stable as $$
declare
    first constant date := greatest(from_on, london_today());
begin
    return exists (
        select from jsonb_to_recordset(training_asked(of_school, first)) as asked (
            satisfied_by jsonb, posts jsonb, every_months integer, is_needed_for_post boolean)
        where asked.is_needed_for_post and asked.posts ? of_role
            and not exists (
                select from register_entry_shown as entry
                where entry.school_id = of_school and entry._kind = 'training_record'
                    and not entry.is_withdrawn and entry._from_on <= first
                    and entry._people @> array[of_person]
                    and asked.satisfied_by ? (entry._content ->> 'kind')
                    and coalesce(
                        least(
                            (entry._content ->> 'expires_on')::date,
                            (entry._from_on
                                + make_interval(months => asked.every_months))::date)
                        >= first, true)));
end $$;

-- Nobody is appointed to a post for which training is needed that they do not have, or that has
-- run out (TRN-11), whatever looked at it before.
create function post_needs_training() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if training_is_wanting(new.school_id, new.person_id, new.role, new.from_on) then
        raise exception 'the post needs training' using errcode = '23514', constraint = tg_name;
    end if;
    return null;
end $$;
create constraint trigger post_is_held_by_the_trained after insert on seat
for each row execute function post_needs_training();


-- Walls.

create policy of_training on register_entry for select to rowan_owner using (
    kind = 'training_record'
);

grant execute on function
    caller_reads_training(uuid), training_of(uuid[], uuid[]),
    training_at_the_gate(uuid, uuid[], text, date)
to rowan_service;
