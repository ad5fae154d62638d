-- Duties: whatever recurs or falls due in any area, as one list: what, whose, due when, by which
-- rule (section 26 of the matrix, NOT-05). Nothing of it is stored: each area works its own out of
-- its rules and facts, in a function that `duty_source` names. Of whole trusts the figures are kept.

set local role rowan_owner;

-- Something that is to be done. It is a person's (`person_id`), or that of whoever holds one of some
-- posts (`roles`), also in place of a person who is not there to do it; it may be about somebody
-- (`about_id`). `record_id` is what it is done to, and `source` the row or line of the matrix that
-- asks for it. The label names nobody. `code` tells it from others of its kind where no record does,
-- and `incident_id` is the incident, or the complaint, of which it came: to whom that is not open, or
-- whom it is about, nothing is told of it, not even its number.
create type duty as (
    kind      text,
    record_id uuid,
    person_id uuid,
    about_id  uuid,
    roles     text[],
    due_on    date,
    since     date,
    label     text,
    source    text,
    code      text,
    incident_id uuid
);

-- What knows of duties. A function is given a school and the people whose duties are asked for, all
-- of them where none are named, and works them out; a view tells those of all schools, with
-- `school_id` and all columns of a duty but whom it is about and its code. What is a post's they tell
-- in any case.
create table duty_source (
    name    text primary key,
    is_view boolean not null
);

-- Which line of the matrix asks that an agreement is signed: on entering Nursery or Reception, on a
-- change of phase, on a new version, each year, at registration, or before work begins.
create function agreement_line(
    kind text, state text, since date, went_up_on date, renewal jsonb, year_group text
) returns text
language plpgsql stable as $$
declare
    entered constant text := (
        select listed.year
        from jsonb_array_elements_text(renewal -> 'on_entering') as listed (year)
        where state = 'expired' and year_entered_on(listed.year, year_group, london_today()) = since
        limit 1);
begin
    return case
        when kind = 'pupil' and (entered in ('n1', 'n2', 'r')
            or state <> 'superseded' and year_group in ('n1', 'n2', 'r')
                and renewal -> 'on_entering' ? year_group) then 'T-10'
        when kind = 'pupil' and (since = went_up_on or phase_of(entered)
                <> phase_of((years_in_order())[place_of_year(entered) - 1])) then 'T-15'
        when state = 'superseded' then 'T-13'
        when kind = 'pupil' and state = 'expired' then 'T-09'
        when kind in ('pupil', 'parent') then 'T-11'
        when state = 'expired' then 'T-12'
        else 'T-14'
    end;
end $$;

-- What somebody has still to sign.
create function duties_of_agreements(of_school uuid, of_people uuid[]) returns setof duty
language plpgsql stable as $$
begin
    return query
    select 'agreement_to_sign', standing.agreement_id, standing.person_id, null::uuid, null::text[],
        coalesce(standing.due_on, standing.since), standing.since, template.name,
        agreement_line(
            person.kind, standing.state, standing.since, standing.went_up_on,
            standing.rules -> 'renewal', person.year_group),
        standing.template_id::text, null::uuid
    from agreements_on(of_school, of_people, london_today()) as standing
    join agreement_template as template
        on template.school_id = of_school and template.id = standing.template_id
    join person on person.school_id = of_school and person.id = standing.person_id
    where is_still_to_sign(of_school, standing.person_id, standing.agreement_id, standing.state,
        standing.rules);
end $$;

-- What somebody is to be trained in, from the day on which the school warns.
create function duties_of_training(of_school uuid, of_people uuid[]) returns setof duty
language plpgsql stable as $$
begin
    return query
    select 'training_due', standing.record_id, standing.person_id, null::uuid, null::text[],
        standing.due_on, standing.began_on, standing.label,
        case when standing.rule = 'dsl' then 'T-17' else 'T-16' end, standing.rule, null::uuid
    from training_of(array[of_school], of_people) as standing
    where standing.due_on is not null and standing.state <> 'current';
end $$;

-- What a step of an induction is, as a person reads it.
create function induction_step_words(step text) returns text
language sql immutable parallel safe
return case step
    when 'policy_given' then 'A copy of the online safety policy was given to them'
    when 'policy_explained' then 'Its importance was explained, or it was discussed with them'
    when 'agreement_signed' then 'They have signed the acceptable use agreement'
    when 'training_done' then 'They were trained in online safety'
    when 'image_permission_sought' then 'Their permission to use images of them was sought'
    else step
end;

-- What is to be done with each new adult, by those who keep inductions; what they sign is theirs.
create function duties_of_inductions(of_school uuid, of_people uuid[]) returns setof duty
language plpgsql stable as $$
declare
    -- Those whose duties are asked for; of whoever sees only their own, a post's are all of it.
    named constant uuid[] := case when caller_oversees_duties(of_school) then of_people end;
begin
    if of_people = '{}' then
        return;
    end if;
    return query
    select 'induction_step', null::uuid, null::uuid, step.person_id,
        array['office', 'school_administrator', 'headteacher', 'dsl', 'deputy_dsl'],
        step.due_on, step.began_on, coalesce(step.words, induction_step_words(step.step)),
        case step.step when 'image_permission_sought' then 'T-45' else 'T-18' end,
        step.step, null::uuid
    from induction_steps(array[of_school], named) as step
    where step.is_there and step.outcome is null
        and not (step.step = 'agreement_signed' and step.is_known);
end $$;

-- Accounts to give, to move and to close.
create function duties_of_access(of_school uuid, of_people uuid[]) returns setof duty
language plpgsql stable as $$
declare
    named constant uuid[] := case when caller_oversees_duties(of_school) then of_people end;
begin
    if of_people = '{}' then
        return;
    end if;
    return query
    select 'access_task', task.id, null::uuid, task.person_id,
        array['office', 'technician', 'school_administrator'], task.since, task.since,
        task.system || ': ' || case task.task
            when 'give' then 'an account is to be made'
            when 'close' then 'an account is to be closed'
            else 'an account is to be put into another class' end,
        case
            when task.task = 'move' then 'T-49'
            when task.task = 'close' and given.is_temporary then 'T-53'
            else 'T-48'
        end,
        null, null::uuid
    from unnest(coalesce(named, array[null::uuid])) as one (id)
    cross join lateral access_tasks(of_school, null, one.id) as task
    left join access_grant as given
        on given.school_id = of_school and given.id = task.grant_id
    where coalesce(task.since <= london_today(), true);
end $$;

-- Images that are to be removed; and pupils of whom an answer is wanted, as `consents_sought` has
-- them: since they came, or the register knew them, or the school has asked for it; and where an
-- answer has lapsed since then (T-44).
create function duties_of_consents(of_school uuid, of_people uuid[]) returns setof duty
language plpgsql stable as $$
declare
    asked text[];
    pupils uuid[];
begin
    return query
    select 'image_removal', removal.id, null::uuid, removal.person_id,
        array['online_safety_coordinator', 'dsl', 'deputy_dsl', 'headteacher', 'senior_leader',
            'office'],
        removal.due_on, removal.opened_on, removal.purpose, 'CON-10', null, null::uuid
    from image_removal_shown as removal
    where removal.school_id = of_school and removal.is_open;
    asked := array(
        select rule.purpose from consent_rules_on(of_school, london_today()) as rule
        where rule.is_asked);
    if not caller_oversees_duties(of_school) or asked = '{}' then
        return;
    end if;
    pupils := array(
        select pupil.id from person as pupil
        where pupil.school_id = of_school and pupil.kind = 'pupil'
            and (of_people is null or pupil.id = any (of_people))
            and coalesce(pupil.left_on >= london_today(), true));
    return query
    with begun as materialized (
        select rule.subject as purpose, min(rule.from_on) as asked_on
        from school_rule as rule
        where rule.school_id = of_school and rule.kind = 'consent'
            and (rule.content -> 'is_asked')::boolean
        group by rule.subject
    ), wanted as (
        select stands.person_id, min(
            case when 'lapsed' = any (stands.codes) then stands.since
                else greatest(
                    pupil.joined_on, london_day(pupil.created_at), begun.asked_on) end) as due_on
        from consent_standings(of_school, pupils, asked, london_today()) as stands
        join person as pupil on pupil.school_id = of_school and pupil.id = stands.person_id
        left join begun on begun.purpose = stands.purpose
        where stands.codes && array['no_answer', 'lapsed']
        group by stands.person_id
    )
    select 'consent_to_seek', null::uuid, null::uuid, wanted.person_id, array['office'],
        wanted.due_on, least(wanted.due_on, london_today()),
        'What may be done with a pupil is to be asked', 'T-44', null, null::uuid
    from wanted;
end $$;

-- Passwords, where the school says after how many days they are changed (T-21): of whoever holds a
-- post there today, for themselves and for those who oversee duties.
create function duties_of_passwords(of_school uuid, of_people uuid[]) returns setof duty
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    if not coalesce(caller_seats() ? of_school::text, false)
        or setting_now(of_school, 'password_days') = '0'
    then
        return;
    end if;
    return query
    select 'password_to_change', null::uuid, person.id, null::uuid, null::text[],
        london_day(expires.at), london_day(account.password_set_at),
        'A password is to be changed', 'T-21', null, null::uuid
    from person
    join account on account.id = person.account_id and account.disabled_at is null
        and account.password_hash is not null
    cross join lateral (select password_expires_at(account) as at) as expires
    where person.school_id = of_school and expires.at is not null
        and (of_people is null or person.id = any (of_people))
        and (caller_oversees_duties(of_school) or person.account_id = caller_account())
        and exists (
            select from seat
            where seat.school_id = of_school and seat.person_id = person.id
                and holds_today(seat.from_on, seat.until_on));
end $$;

-- Parents who are to be told of an incident, and not yet: without a day, since the policies give
-- none. It is of the incident, so it is told to those alone to whom that is open.
create view incident_duty with (security_invoker = true) as
select decision.school_id, 'parents_to_tell' as kind, decision.incident_id as record_id,
    null::uuid as person_id,
    posts_in_charge(incident.treated_as, incident.is_child_at_risk) as roles,
    null::date as due_on, london_day(decision.at) as since,
    'Parents are still to be told' as label, 'INC-32' as source, decision.incident_id
from parents_decision as decision
join incident on incident.school_id = decision.school_id and incident.id = decision.incident_id
where decision.decision = 'not_yet' and incident.status <> 'closed'
    and incident_may_be_named(decision.school_id, decision.incident_id)
    and not exists (
        select from parents_decision as later
        where later.school_id = decision.school_id
            and later.incident_id = decision.incident_id and later.supersedes = decision.id);

insert into duty_source (name, is_view) values
    ('duties_of_agreements', false), ('duties_of_training', false),
    ('duties_of_inductions', false), ('duties_of_access', false), ('duties_of_consents', false),
    ('duties_of_passwords', false), ('incident_duty', true),
    ('review_duty', true), ('action_duty', true), ('policy_duty', true), ('device_duty', true);

-- Who may know everybody's duties in a school; everybody else knows their own, and those of the
-- posts that they hold.
create function caller_oversees_duties(of_school uuid) returns boolean
language sql stable parallel safe
return caller_holds(
    of_school, array['online_safety_coordinator', 'dsl', 'deputy_dsl', 'headteacher',
        'senior_leader', 'office']);

-- The duties that the caller may know of in some schools: all of them, or of some people.
create function duties_of(of_schools uuid[], of_people uuid[])
returns table (
    school_id uuid, id uuid, kind text, record_id uuid, person_id uuid, about_id uuid,
    roles text[], due_on date, since date, label text, source text, incident_id uuid
)
language plpgsql stable set plan_cache_mode = force_custom_plan as $$
declare
    sources constant text := (
        select string_agg(
            format(
                case when is_view
                    then 'select own.*, told.kind, told.record_id, told.person_id, null::uuid as about_id,
                            told.roles, told.due_on, told.since, told.label, told.source,
                            null as code, told.incident_id
                        from own join %I as told on told.school_id = own.school_id
                            and (own.people is null or told.person_id is null
                                or own.held ?| told.roles
                                or told.person_id = any (own.people))'
                    else 'select own.*, told.*
                        from own cross join lateral %I(own.school_id, own.people) as told'
                end, name),
            ' union all ' order by name)
        from duty_source);
begin
    return query execute format($query$
        with own as materialized (
            select school.id as school_id, caller_oversees_duties(school.id) as is_overseer,
                caller_seats() -> school.id::text as held,
                case
                    when caller_oversees_duties(school.id) then $2
                    else array(
                        select person.id from person
                        where person.school_id = school.id
                            and person.account_id = caller_account()
                            and ($2 is null or person.id = any ($2)))
                end as people
            from school
            where school.id = any ($1) and caller_seats() ? school.id::text
        ), told as (%s)
        select told.school_id,
            md5(concat_ws(
                ' ', told.school_id, told.kind, told.person_id, told.about_id,
                coalesce(told.code, told.record_id::text, told.label)))::uuid,
            told.kind, told.record_id, told.person_id, told.about_id, told.roles, told.due_on,
            told.since, told.label, told.source, told.incident_id
        from told
        where (told.is_overseer or told.person_id = any (told.people)
                or told.held ?| told.roles)
            and ($2 is null or told.person_id = any ($2))
        $query$, sources)
    using of_schools, of_people;
end $$;


-- Figures: how many duties of each kind are open, due and overdue in each school, for a trust. They
-- are counted by the clock, and told with the moment at which they were.

create table duty_figure (
    school_id  uuid not null references school,
    kind       text not null,
    open       integer not null,
    due        integer not null,
    overdue    integer not null,
    oldest_on  date,
    primary key (school_id, kind)
);
create table duty_figures_counted (
    school_id  uuid primary key references school,
    -- Up to which change of the school's it was counted.
    number     bigint not null,
    counted_at timestamptz(3) not null
);

-- Of how many something is wanted, and how many have agreed, of each agreement, training and consent
-- of a school, counted with its duties. What is small is not kept, so that nobody is told of it.
create table summary_figure (
    school_id uuid not null references school,
    id        uuid not null,
    measure   text not null,
    name      text not null,
    kind      text not null,
    asked     integer,
    agreed    integer,
    waiting   integer,
    refused   integer,
    primary key (school_id, id),
    constraint summary_figure_measure_is_known check (
        measure in ('agreement', 'consent', 'training')),
    constraint summary_figure_tells_nothing_small check (
        coalesce(asked > 4, true)
        and num_nulls(agreed, waiting, refused) in (0, 3)
        and (asked is not null or agreed is null)
        and coalesce(
            agreed not between 1 and 4 and waiting not between 1 and 4
                and refused not between 1 and 4, true))
);

-- Counts those of one school: what is put to those who are here, of whatever is signed or delivered;
-- what training is asked of them, and whether theirs counts today; and what is asked of the pupils
-- who are, by what was answered alone, so that no figure tells of a vulnerability marker.
create function count_summary_figures(of_school uuid) returns void
language plpgsql as $$
begin
    delete from summary_figure where school_id = of_school;
    insert into summary_figure (
        school_id, id, measure, name, kind, asked, agreed, waiting, refused)
    with stands as (
        select 'agreement' as measure, standing.template_id::text as about, template.name,
            person.kind,
            case when standing.is_current then 'agreed'
                when standing.state in ('refused', 'withdrawn', 'revoked') then 'refused'
                else 'waiting' end as answer
        from agreements_on(of_school, null, london_today()) as standing
        join agreement_template as template
            on template.school_id = of_school and template.id = standing.template_id
        join person on person.school_id = of_school and person.id = standing.person_id
        where standing.since <= london_today() and standing.rules ->> 'form' <> 'information'
        union all
        select 'training', standing.rule, standing.label, standing.kind,
            case when standing.record_id is not null and standing.state <> 'overdue' then 'agreed'
                else 'waiting' end
        from training_standing(of_school, null, london_today()) as standing
        where standing.began_on <= london_today()
        union all
        select 'consent', stands.purpose, stands.purpose, 'pupil',
            case when stands.codes && array['refused', 'withdrawn'] then 'refused'
                when stands.codes && array['no_answer', 'lapsed'] then 'waiting'
                else 'agreed' end
        from consents_on(
            of_school, array(
                select person.id from person
                where person.school_id = of_school and person.kind = 'pupil'
                    and coalesce(person.joined_on <= london_today(), true)
                    and coalesce(person.left_on >= london_today(), true)
            ), array(select known.purpose from consent_purposes() as known), london_today()
        ) as stands
        where stands.is_asked
    ), counted as (
        select stands.measure, stands.about, stands.name, stands.kind, count(*) as asked,
            count(*) filter (where stands.answer = 'agreed') as agreed,
            count(*) filter (where stands.answer = 'waiting') as waiting,
            count(*) filter (where stands.answer = 'refused') as refused
        from stands
        group by 1, 2, 3, 4
    ), judged as (
        select counted.*, counted.agreed between 1 and 4 or counted.waiting between 1 and 4
                or counted.refused between 1 and 4 as is_small
        from counted
    )
    select of_school, md5(of_school || measure || about || kind)::uuid, measure, name, kind,
        case when asked > 4 then asked end,
        case when not is_small then agreed end,
        case when not is_small then waiting end,
        case when not is_small then refused end
    from judged;
end $$;

-- When the clock looked at a school last, and when that failed: so none holds up another.
create table duty_clock (
    school_id   uuid primary key references school,
    reminded_on date not null default '-infinity',
    failed_at   timestamptz(3)
);

-- That the duties of a school could not be worked out.
create function duties_failed(of_school uuid) returns void
language sql
begin atomic
    insert into duty_clock (school_id, failed_at) values (of_school, rowan_now())
    on conflict (school_id) do update set failed_at = excluded.failed_at;
end;

-- Counts those of one school of which something was changed since, at most every five minutes, or
-- of which it was not counted today: false where none waits. What came of an incident is not among
-- them: its number would tell of it those from whom it is kept.
create function count_duties() returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    whose uuid;
    changes bigint;
begin
    if not pg_try_advisory_xact_lock(hashtextextended('count_duties', 0)) then
        return false;
    end if;
    select school.id, coalesce(head.number, 0) into whose, changes
    from school
    left join event_head as head
        on head.organisation_id = school.id and head.chain = 'changes'
    left join duty_figures_counted as counted on counted.school_id = school.id
    left join duty_clock as clock on clock.school_id = school.id
    where coalesce(clock.failed_at < rowan_now() - interval '1 hour', true)
        and (counted.school_id is null
            or london_day(counted.counted_at) < london_today()
            or counted.number <> coalesce(head.number, 0)
                and counted.counted_at < rowan_now() - interval '5 minutes')
    order by counted.counted_at nulls first, school.id
    limit 1;
    if whose is null then
        return false;
    end if;
    perform set_config(
        'rowan.seats',
        jsonb_build_object(
            whose, '["headteacher", "office", "technician", "dsl"]'::jsonb)::text,
        true);
    with counted as (
        select duty.kind, count(*) as open,
            count(*) filter (where duty.due_on = london_today()) as due,
            count(*) filter (where duty.due_on < london_today()) as overdue,
            min(duty.due_on) as oldest_on
        from duties_of(array[whose], null) as duty
        where duty.incident_id is null
        group by duty.kind
    ), gone as (
        delete from duty_figure
        where school_id = whose and kind not in (select counted.kind from counted)
    )
    insert into duty_figure as known (school_id, kind, open, due, overdue, oldest_on)
    select whose, counted.kind, counted.open, counted.due, counted.overdue, counted.oldest_on
    from counted
    on conflict (school_id, kind) do update
    set open = excluded.open, due = excluded.due, overdue = excluded.overdue,
        oldest_on = excluded.oldest_on;
    perform count_summary_figures(whose);
    insert into duty_figures_counted (school_id, number, counted_at)
    values (whose, changes, rowan_now())
    on conflict (school_id) do update
    set number = excluded.number, counted_at = excluded.counted_at;
    perform set_config('rowan.seats', '', true);
    return true;
exception when query_canceled or others then
    perform duties_failed(whose);
    raise warning 'the duties of a school were not counted: %', sqlstate;
    return true;
end $$;

-- The schools whose figures the caller may see: of a client those of its scope, of a trust viewer
-- those that belong to the trust today, of those who oversee a school that one.
create function schools_of_duty_figures() returns uuid[]
language sql stable as $$
    select array(
        select jsonb_array_elements_text(caller_scopes() -> 'duty-figures.read')::uuid
        union
        select school_id from membership
        where caller_holds(trust_id, array['trust_viewer']) and holds_today(from_on, until_on)
        union
        select seat.school::uuid from jsonb_object_keys(caller_seats()) as seat (school)
        where caller_oversees_duties(seat.school::uuid))
$$;

-- Those of them whose figures the caller may see of everything: of their own school.
create function schools_of_all_duty_figures() returns uuid[]
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    if caller_client() is not null then
        return case
            when exists (
                select from client where client.id = caller_client() and not client.is_of_trust)
            then schools_of_duty_figures()
            else '{}'
        end;
    end if;
    return array(
        select seat.school::uuid from jsonb_object_keys(caller_seats()) as seat (school)
        where caller_oversees_duties(seat.school::uuid));
end $$;

-- What a trust is told of: nothing that says of some child that something was taken from them, or
-- that their pictures are to go (section 25).
create function duty_is_told_to_trusts(kind text) returns boolean
language sql immutable parallel safe
return kind <> all (array[
    'image_removal', 'confiscated_device_to_return', 'personal_device_to_decide',
    'phone_to_collect', 'temporary_images_to_move']);

create view duty_figure_shown with (security_invoker = true) as
select figure.school_id, figure.kind, figure.open, figure.due, figure.overdue, figure.oldest_on,
    counted.counted_at
from duty_figure as figure
join duty_figures_counted as counted on counted.school_id = figure.school_id;

create view summary_figure_shown with (security_invoker = true) as
select figure.school_id, figure.id, figure.measure, figure.name, figure.kind, figure.asked,
    figure.agreed, figure.waiting, figure.refused,
    num_nulls(figure.asked, figure.agreed) > 0 as is_suppressed, counted.counted_at
from summary_figure as figure
join duty_figures_counted as counted on counted.school_id = figure.school_id;


-- Reminders: so many days before something is due, on the day after, and then no more; one notice a
-- day for whoever has an account, however much it is (NOT-05, NOT-08).

insert into setting_default (name, value, stronger, words) values
    ('duty_reminder_days', '7', 'more', null);

create table duty_reminded (
    school_id uuid not null references school,
    duty_id   uuid not null,
    due_on    date not null,
    stage     text not null,
    told_on   date not null default london_today(),
    primary key (school_id, duty_id, due_on, stage),
    constraint duty_reminded_stage_is_known check (stage in ('before', 'after'))
);

-- Whether somebody may know that there is something to do about an incident, or a complaint: it is
-- open to them, or the action is theirs, or a breach of data that came of it, and it is not about
-- them. For the reminding, which leaves their context
-- behind.
create function may_be_reminded_of(
    of_school uuid, duty_kind text, of_incident uuid, whom uuid
) returns boolean
language plpgsql as $$
begin
    perform set_config('rowan.account', whom::text, true);
    perform set_config('rowan.seats', held_seats()::text, true);
    return case
        when duty_kind in ('action_due', 'breach_to_report', 'breach_to_tell')
            then not incident_is_the_callers(of_school, of_incident)
        when duty_kind in ('complaint_to_acknowledge', 'complaint_to_answer')
            then of_incident = any (complaints_open_to_caller(of_school, array[of_incident]))
        else incident_may_be_named(of_school, of_incident) end;
end $$;

-- Reminds those of one school, once a day from eight to eight, and plans what is to be held there
-- for the first time: false where none waits.
create function remind_of_duties() returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    whose uuid;
    days integer;
    one record;
    told uuid;
begin
    if extract(hour from rowan_now() at time zone 'Europe/London') not between 8 and 19 then
        return false;
    end if;
    if not pg_try_advisory_xact_lock(hashtextextended('remind_of_duties', 0)) then
        return false;
    end if;
    select school.id into whose from school
    where not exists (
        select from duty_clock as clock
        where clock.school_id = school.id
            and (clock.reminded_on = london_today()
                or clock.failed_at > rowan_now() - interval '1 hour'))
    order by school.id
    limit 1;
    if whose is null then
        return false;
    end if;
    days := setting_now(whose, 'duty_reminder_days')::integer;
    perform set_config(
        'rowan.seats',
        jsonb_build_object(
            whose, '["headteacher", "office", "technician", "dsl", "deputy_dsl", "senior_leader",
                "chair_of_governors"]'::jsonb)::text,
        true);
    perform plan_first_reviews(whose);
    for one in with near as materialized (
        select duty.id, duty.kind, duty.due_on, duty.person_id, duty.roles, duty.incident_id,
            case when duty.due_on < london_today() then 'after' else 'before' end as stage
        from duties_of(array[whose], null) as duty
        where duty.due_on <= london_today() + days
            -- What is put before people to sign reminds by itself.
            and duty.kind <> 'agreement_to_sign' and days > 0
    ), noted as (
        insert into duty_reminded (school_id, duty_id, due_on, stage)
        select whose, near.id, near.due_on, near.stage from near
        on conflict do nothing
        returning duty_id, stage
    )
    select distinct on (post._account_id, noted.stage, near.incident_id, near.kind)
        post._account_id as account_id, post.role, noted.stage, near.incident_id, near.kind
    from noted
    join near on near.id = noted.duty_id and near.stage = noted.stage
    left join person on person.school_id = whose and person.id = near.person_id
    join post on post.school_id = whose
        and (post._account_id = person.account_id or post.role = any (near.roles))
    order by post._account_id, noted.stage, near.incident_id nulls first, near.kind, post.role
    loop
        continue when one.account_id = told
            or one.incident_id is not null
                and not may_be_reminded_of(
                    whose, one.kind, one.incident_id, one.account_id);
        told := one.account_id;
        perform send_notice(
            whose, one.account_id, one.role,
            case one.stage when 'after' then 'duties_overdue' else 'duties_due' end, 'normal',
            to_char(london_today(), 'YYYY-MM-DD'), null, rowan_now());
    end loop;
    delete from duty_reminded where school_id = whose and told_on < london_today() - 400;
    insert into duty_clock (school_id, reminded_on) values (whose, london_today())
    on conflict (school_id) do update set reminded_on = excluded.reminded_on;
    perform set_config('rowan.account', '', true);
    perform set_config('rowan.seats', '', true);
    return true;
exception when query_canceled or others then
    perform duties_failed(whose);
    raise warning 'nobody was reminded of the duties of a school: %', sqlstate;
    return true;
end $$;


-- Calendars: an address that tells its owner's days to whoever has it. The secret is nowhere but in
-- the address; here is its hash.

create table calendar_link (
    id          uuid primary key,
    account_id  uuid not null references account,
    secret_hash bytea not null,
    label       text not null,
    made_at     timestamptz(3) not null default rowan_now(),
    ends_at     timestamptz(3) not null default rowan_now() + interval '400 days',
    constraint calendar_link_is_found_by_its_secret unique (secret_hash)
);
create index calendar_link_of_an_account on calendar_link (account_id, made_at);
create index calendar_link_by_its_end on calendar_link (ends_at);

create function calendar_links_of_the_caller()
returns table (id uuid, label text, made_at timestamptz, ends_on date)
language sql stable security definer set search_path = public, pg_temp
begin atomic
    select id, label, made_at, london_day(ends_at) from calendar_link
    where account_id = caller_account() and ends_at > rowan_now()
    order by made_at desc, id;
end;

-- One more of the caller's: nulls where five live. Each waits for the one before.
create function make_calendar_link(said text, hash bytea, out made_id uuid, out made_until date)
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform from account where id = caller_account() for no key update;
    if (select count(*) from calendar_links_of_the_caller()) >= 5 then
        return;
    end if;
    insert into calendar_link (id, account_id, secret_hash, label)
    values (gen_random_uuid(), caller_account(), hash, said)
    returning id, london_day(ends_at) into made_id, made_until;
end $$;

create function end_calendar_link(which uuid) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    update calendar_link set ends_at = rowan_now()
    where account_id = caller_account() and id = which and ends_at > rowan_now();
    return found;
end $$;

-- Enters the context of whose calendar it is, for this transaction: their seats as they are now.
-- Nulls where the address has ended, or is none.
create function enter_calendar(
    presented bytea, request text, out moment text, out ends_on text
)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    whose uuid;
begin
    select link.account_id, to_char(rowan_now() at time zone 'UTC', 'YYYYMMDD"T"HH24MISS"Z"'),
        to_char(london_day(link.ends_at), 'YYYYMMDD')
    into whose, moment, enter_calendar.ends_on
    from calendar_link as link
    join account on account.id = link.account_id
    where link.secret_hash = presented and link.ends_at > rowan_now()
        and account.disabled_at is null;
    if whose is not null then
        perform set_config('rowan.account', whose::text, true);
        perform set_config('rowan.seats', held_seats()::text, true);
        perform set_config('rowan.request', request, true);
    end if;
end $$;


-- Walls.

alter table calendar_link enable row level security, force row level security;
alter table duty_figure enable row level security, force row level security;
alter table summary_figure enable row level security, force row level security;
alter table duty_figures_counted enable row level security, force row level security;
alter table duty_reminded enable row level security, force row level security;
alter table duty_clock enable row level security, force row level security;

create policy of_those_who_oversee on duty_figure for select to rowan_service using (
    school_id = any ((select schools_of_duty_figures())::uuid[])
    and (duty_is_told_to_trusts(kind)
        or school_id = any ((select schools_of_all_duty_figures())::uuid[]))
);
create policy of_those_who_oversee on summary_figure for select to rowan_service using (
    school_id = any ((select schools_of_duty_figures())::uuid[])
);
create policy of_those_who_oversee on duty_figures_counted for select to rowan_service using (
    school_id = any ((select schools_of_duty_figures())::uuid[])
);
create policy of_duty_figures on event for insert to rowan_service with check (
    chain = 'reads' and deed = 'exported'
    and record_kind in ('duty_figure', 'summary_figure')
    and organisation_id = any ((select schools_of_duty_figures())::uuid[])
);
create policy of_the_owner on calendar_link to rowan_owner using (true);
create policy maintenance on calendar_link to rowan_maintenance using (true);
create policy counting on duty_figure to rowan_owner using (true);
create policy counting on summary_figure to rowan_owner using (true);
create policy counting on register_entry for select to rowan_owner using (
    kind in ('confiscation', 'temporary_image', 'named_post')
);
create policy counting on review for select to rowan_owner using (true);
create policy counting on review_act for select to rowan_owner using (true);
create policy counting on planned_action for select to rowan_owner using (true);
create policy counting on planned_action_act for select to rowan_owner using (true);
create policy counting on duty_figures_counted to rowan_owner using (true);
create policy reminding on duty_reminded to rowan_owner using (true);
create policy reminding on duty_clock to rowan_owner using (true);
create policy maintenance on duty_figure to rowan_maintenance using (true);
create policy maintenance on summary_figure to rowan_maintenance using (true);
create policy maintenance on duty_figures_counted to rowan_maintenance using (true);
create policy maintenance on duty_reminded to rowan_maintenance using (true);
create policy maintenance on duty_clock to rowan_maintenance using (true);

grant select, insert, update on calendar_link to rowan_maintenance;
grant execute on function
    calendar_links_of_the_caller(), make_calendar_link(text, bytea), end_calendar_link(uuid),
    enter_calendar(bytea, text)
to rowan_service;
grant select, insert, update on
    duty_figure, summary_figure, duty_figures_counted, duty_reminded, duty_clock
to rowan_maintenance;
grant select on
    incident_duty, duty_source, duty_figure, summary_figure, duty_figures_counted,
    duty_figure_shown,
    summary_figure_shown
to rowan_service;
grant execute on function
    caller_oversees_duties(uuid), agreement_line(text, text, date, date, jsonb, text),
    duties_of_agreements(uuid, uuid[]),
    duties_of_training(uuid, uuid[]), duties_of_inductions(uuid, uuid[]),
    duties_of_access(uuid, uuid[]), duties_of_consents(uuid, uuid[]),
    duties_of_passwords(uuid, uuid[]), induction_step_words(text),
    duties_of(uuid[], uuid[]),
    schools_of_duty_figures(), schools_of_all_duty_figures(), duty_is_told_to_trusts(text)
to rowan_service;
grant execute on function count_duties(), remind_of_duties() to rowan_worker;
