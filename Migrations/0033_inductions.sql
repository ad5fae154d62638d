-- Inductions: what is done with each new adult before and after they begin, when, and who told it
-- (USR-14). Whose induction there is, and what of it is done, is computed; what is stored is what
-- a school asks, and what somebody told that the register does not know otherwise.

set local role rowan_owner;

-- What somebody told of a step with somebody: that it was done, that they do not need it, or, as a
-- correction, that it was not done after all. None is ever altered: the latest of a step stands.
create table induction_act (
    school_id    uuid not null references school,
    id           uuid not null,
    person_id    uuid not null,
    step         text not null,
    place        integer not null,
    outcome      text not null,
    done_on      date,
    note         text,
    told_by      uuid not null references account default caller_account(),
    told_by_name text not null,
    told_at      timestamptz(3) not null default rowan_now(),
    salt         bytea not null default uuid_send(gen_random_uuid()),
    primary key (school_id, id),
    foreign key (school_id, person_id) references person (school_id, id),
    constraint induction_step_is_told_of_once_at_a_time unique (
        school_id, person_id, step, place),
    constraint induction_step_is_known check (step in (
        'policy_given', 'policy_explained', 'agreement_signed', 'training_done',
        'image_permission_sought')),
    constraint induction_outcome_is_known check (outcome in ('done', 'not_needed', 'not_done')),
    constraint induction_step_is_done_on_a_day check ((outcome = 'done') = (done_on is not null)),
    constraint induction_step_is_left_out_for_a_reason check (
        outcome = 'done' or note is not null)
);

-- What a school asks of whoever begins on a day or later: which steps, of which kinds of persons,
-- within how many days, in the school's own words. Nobody is asked anything who began before the
-- first day that it set. Where it has said nothing, as the policies have it: a copy of the policy
-- and the agreement before somebody has contact with pupils; that its importance is explained,
-- training, and permission for images, in the first weeks.
insert into rule_kind (kind, rulers, usual)
select 'induction', '{headteacher,dsl,deputy_dsl,school_administrator}', jsonb_build_object(
    'steps', jsonb_agg(
        jsonb_build_object('step', step, 'kinds', to_jsonb(kinds), 'due_days', due_days)
        order by place))
from (
    select array['teacher', 'support_staff', 'student_teacher', 'peripatetic', 'supply']
        as staff
) as those
cross join lateral (values
    (1, 'policy_given', staff || array['governor', 'regular_visitor', 'volunteer'], 0),
    (2, 'policy_explained', staff, 28),
    (3, 'agreement_signed', staff || array['governor', 'regular_visitor', 'volunteer'], 0),
    (4, 'training_done', staff || array['governor', 'volunteer'], 28),
    (5, 'image_permission_sought', staff, 28)
) as usual (place, step, kinds, due_days);

-- Who keeps the inductions of a school; everybody else knows their own.
create function caller_keeps_inductions(of_school uuid) returns boolean
language sql stable parallel safe
return caller_holds(
    of_school, array['office', 'school_administrator', 'headteacher', 'dsl', 'deputy_dsl']);

-- What the register knows of a step without being told: a row where it knows whether it was done.
-- What was done more than a year before somebody began was done for another time. An area that
-- comes to know of another step adds it here.
--   agreement_signed         the agreements that were put to them by the day on which they had
--                            settled in; what is put to them later is no part of the induction
--   image_permission_sought  they have answered, yes or no, whether images of them may be used
--   training_done            the record of an induction training names them
create function induction_facts(
    of_school uuid, of_people uuid[], began_on date[], settled_on date[]
)
returns table (person_id uuid, step text, source text, done_on date)
language plpgsql stable set plan_cache_mode = force_custom_plan as $$
begin
    return query
    with joiner as materialized (
        select person.id, person.kind, said.began_on - 366 as not_before, said.settled_on
        from unnest(of_people, began_on, settled_on) as said (id, began_on, settled_on)
        join person on person.school_id = of_school and person.id = said.id
    ), published as materialized (
        select version.template_id, version.number, in_time.from_on, in_time.withdrawn_on,
            version._content ->> 'form' as form
        from agreement_version_in_time as in_time
        join agreement_version_shown as version
            on version.school_id = of_school and version.id = in_time.id
        where in_time.school_id = of_school
    ), settled as materialized (
        -- What was put to whom on a day is the same for all who had settled in by then.
        select distinct joiner.settled_on, joiner.kind from joiner
    ), put_to as materialized (
        select settled.settled_on, settled.kind, template.id as template_id
        from settled
        join agreement_template as template on template.school_id = of_school
        join lateral (
            select audience.entries from agreement_audience as audience
            where audience.school_id = of_school and audience.id = template.id
                and audience.from_on <= settled.settled_on
            order by audience.version desc
            limit 1
        ) as audience on exists (
            select from jsonb_to_recordset(audience.entries) as entry (kind text, phases jsonb)
            where entry.kind = settled.kind and entry.phases is null)
        join lateral (
            select published.form, published.withdrawn_on
            from published
            where published.template_id = template.id
                and published.from_on <= settled.settled_on
            order by published.number desc
            limit 1
        ) as in_force on in_force.form <> 'information'
            and coalesce(in_force.withdrawn_on > settled.settled_on, true)
    ), put as materialized (
        select joiner.id, joiner.not_before, put_to.template_id
        from joiner
        join put_to on put_to.settled_on = joiner.settled_on and put_to.kind = joiner.kind
    ), signed as (
        select put.id, put.template_id, min(signature.signed_on) as signed_on
        from put
        join agreement on agreement.school_id = of_school and agreement.person_id = put.id
            and agreement.template_id = put.template_id
            and not exists (
                select from agreement_end as ended
                where ended.school_id = of_school and ended.id = agreement.id)
        join agreement_signature as signature
            on signature.school_id = of_school and signature.agreement_id = agreement.id
            and signature.part = 'oneself' and signature.signed_on >= put.not_before
        group by put.id, put.template_id
    )
    select put.id, 'agreement_signed', 'agreement',
        case when bool_and(signed.signed_on is not null) then max(signed.signed_on) end
    from put
    left join signed on signed.id = put.id and signed.template_id = put.template_id
    group by put.id
    union all
    select joiner.id, 'image_permission_sought', 'consent', min(consent.given_on)
    from joiner
    join consent on consent.school_id = of_school and consent.person_id = joiner.id
        and consent.given_by_id = joiner.id and consent.given_on >= joiner.not_before
        and not exists (
            select from consent as later
            where later.school_id = of_school and later.corrects_id = consent.id)
    join lateral jsonb_to_recordset(consent.answers) as said (purpose text) on true
    join consent_purposes() as known on known.purpose = said.purpose and known.of_adults
    group by joiner.id
    union all
    select joiner.id, 'training_done', 'training', min(record._from_on)
    from joiner
    join register_entry_shown as record
        on record.school_id = of_school and record._kind = 'training_record'
        and not record.is_withdrawn and record._content ->> 'kind' = 'induction'
        and joiner.id = any (record._people) and record._from_on >= joiner.not_before
    group by joiner.id;
end $$;

-- The steps of inductions, as they stand today: of all adults who are there or will be, for those
-- who keep them, and for everybody of their own; of persons who are named, also after they left.
-- Somebody begins on the day on which the roster says that they join. Of whom it does not say,
-- they begin with the first post or when the register first knew them, whichever was earlier; but
-- whoever came with the first roster was there before, and when is not known. A parent begins with
-- a post, as a governor. `is_there`: they have not left, nor is the post over.
create function induction_steps(of_schools uuid[], of_people uuid[])
returns table (
    school_id uuid, person_id uuid, kind text, began_on date, step text, words text,
    due_on date, is_known boolean, outcome text, done_on date, source text, note text,
    told_by text, told_at timestamptz, place integer, is_there boolean
)
language plpgsql stable security definer set search_path = public, pg_temp
set plan_cache_mode = force_custom_plan as $$
declare
    today constant date := london_today();
begin
    return query
    with own as materialized (
        select school.id, caller_keeps_inductions(school.id) as is_keepers,
            london_day(school.created_at) as known_on,
            (
                select min(london_day(batch.applied_at))
                from roster_batch as batch where batch.school_id = school.id
            ) as first_roster_on,
            exists (
                select from school_rule as rule
                where rule.school_id = school.id and rule.kind = 'induction'
            ) as has_rules
        from school
        where school.id = any (of_schools) and coalesce(caller_seats() ? school.id::text, false)
    ), posted as materialized (
        -- A post that is over counts as one who has left does: of whoever is named.
        select seat.school_id, seat.person_id,
            coalesce(
                min(seat.from_on) filter (where coalesce(seat.until_on >= today, true)),
                max(seat.from_on) filter (where seat.person_id = any (of_people))) as from_on,
            bool_or(coalesce(seat.until_on >= today, true)) as is_there
        from own join seat on seat.school_id = own.id
        where coalesce(seat.until_on >= seat.from_on, true)
        group by seat.school_id, seat.person_id
    ), adult as materialized (
        select person.school_id, person.id, own.known_on, own.has_rules,
            case person.kind when 'parent' then 'governor' else person.kind end as inducted_as,
            case
                when person.kind = 'parent' then posted.from_on
                when person.joined_on is not null then person.joined_on
                when first.known_on <= own.first_roster_on then null
                else least(first.known_on, posted.from_on)
            end as began_on,
            coalesce(person.left_on >= today, true)
                and (person.kind <> 'parent' or coalesce(posted.is_there, false)) as is_there
        from own
        join person on person.school_id = own.id and person.kind <> 'pupil'
        cross join lateral (
            select london_day(person.created_at) as known_on
        ) as first
        left join posted
            on posted.school_id = person.school_id and posted.person_id = person.id
        where (of_people is null and coalesce(person.left_on >= today, true)
                or person.id = any (of_people))
            and (own.is_keepers or person.account_id = caller_account())
    ), asked as materialized (
        select adult.*, said.step, said.words, adult.began_on + said.due_days as due_on,
            said.place::integer as place
        from adult
        join rule_kind as known on known.kind = 'induction'
        left join lateral rule_said_on(adult.school_id, 'induction', '', adult.began_on) as rule
            on adult.has_rules
        cross join lateral rows from (
            jsonb_to_recordset(coalesce(
                rule.content,
                case when not adult.has_rules and adult.began_on >= adult.known_on
                    then known.usual end,
                '{"steps": []}') -> 'steps')
                as (step text, kinds jsonb, words text, due_days integer)
        ) with ordinality as said (step, kinds, words, due_days, place)
        where adult.began_on is not null and said.kinds ? adult.inducted_as
    ), joiner as (
        select each.school_id, array_agg(each.id order by each.id) as people,
            array_agg(each.began_on order by each.id) as began_on,
            array_agg(least(today, greatest(each.began_on, each.known_on) + 28) order by each.id)
                as settled_on
        from (
            select distinct asked.school_id, asked.id, asked.began_on, asked.known_on from asked
        ) as each
        group by each.school_id
    ), fact as materialized (
        select joiner.school_id, known.*
        from joiner
        cross join lateral induction_facts(
            joiner.school_id, joiner.people, joiner.began_on, joiner.settled_on) as known
    ), told as materialized (
        select distinct on (act.school_id, act.person_id, act.step) act.*
        from induction_act as act
        join (select distinct asked.school_id, asked.id, asked.began_on from asked) as joiner
            on joiner.school_id = act.school_id and joiner.id = act.person_id
            and coalesce(act.done_on, london_day(act.told_at))
                >= joiner.began_on - 366
        order by act.school_id, act.person_id, act.step, act.place desc
    )
    select asked.school_id, asked.id, asked.inducted_as, asked.began_on, asked.step,
        asked.words, asked.due_on, fact.source is not null,
        case when stands.is_told then told.outcome
            when fact.done_on is not null then 'done' end,
        case when stands.is_told then told.done_on else fact.done_on end,
        case when stands.is_told then 'told'
            when fact.done_on is not null then fact.source end,
        case when stands.is_told then told.note end,
        case when stands.is_told then told.told_by_name end,
        case when stands.is_told then told.told_at end,
        asked.place, asked.is_there
    from asked
    left join fact on fact.school_id = asked.school_id and fact.person_id = asked.id
        and fact.step = asked.step
    left join told on told.school_id = asked.school_id and told.person_id = asked.id
        and told.step = asked.step
    cross join lateral (
        select coalesce(
            told.outcome = 'done' or told.outcome = 'not_needed' and fact.done_on is null,
            false) as is_told
    ) as stands;
end $$;

-- The latest that an adult has said of each use of images of them, for those who may know it.
create function images_answered(of_school uuid, of_person uuid) returns jsonb
language sql stable as $$
    select jsonb_agg(
        jsonb_build_object(
            'purpose', latest.purpose, 'answer', latest.answer, 'given_on', latest.given_on)
        order by latest.purpose)
    from (
        select distinct on (said.purpose) said.purpose, said.answer, consent.given_on
        from consent_shown as consent
        cross join lateral jsonb_to_recordset(consent.answers) as said (purpose text, answer text)
        join consent_purposes() as known on known.purpose = said.purpose and known.of_adults
        where consent.school_id = of_school and consent.person_id = of_person
            and consent.given_by_id = of_person and consent.corrected_by_id is null
        order by said.purpose, consent.given_on desc,
            said.answer = 'consent' and consent.how not in ('session', 'link'),
            consent.entered_at desc, said.answer = 'consent', consent.id desc
    ) as latest
$$;

-- What no longer says what its entry in the audit covers, or is gone.
create view induction_unlike_its_entry with (security_invoker = true) as
select * from unlike_their_entries(array['induction_act']);


-- Walls.

alter table induction_act enable row level security, force row level security;

create policy of_the_keepers on induction_act for select to rowan_service using (
    caller_keeps_inductions(school_id) or caller_is(school_id, person_id)
);
create policy by_the_keepers on induction_act for insert to rowan_service with check (
    caller_keeps_inductions(school_id) and told_by = (select caller_account())
);

create policy asking on induction_act for select to rowan_owner using (true);
create policy maintenance on induction_act to rowan_maintenance using (true);

grant select, insert, update on induction_act to rowan_maintenance;
grant select on induction_unlike_its_entry to rowan_maintenance;
grant select on induction_act to rowan_service;
grant insert (school_id, id, person_id, step, place, outcome, done_on, note, told_by_name)
on induction_act to rowan_service;
grant execute on function
    caller_keeps_inductions(uuid), induction_steps(uuid[], uuid[]),
    images_answered(uuid, uuid)
to rowan_service;
