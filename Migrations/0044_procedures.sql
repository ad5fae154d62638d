-- Procedures: what a school does of which kind of incident, step by step; attached to an incident as
-- they are on that day, ticked off with who and when, each step by a clock of its own (PRC-01 to
-- PRC-28). What is attached, and every act on a step, is a part of the incident's record
-- (incident_part): a step that nobody has acted on stands nowhere, and where each stands, until when
-- and what is missing for it, is worked out here.

set local role rowan_owner;

insert into incident_part_kind (kind) values ('procedure'), ('procedure_step');

-- Whether every image of a child is of the gravest kind: at schools with very young pupils (PRC-10).
insert into setting_default (name, value, stronger, words) values
    ('imagery_is_always_grave', 'false', 'true', null);


-- What a school says. What holds where it says nothing is no rule of its own, but the usual.

insert into rule_kind (kind, subject, rulers)
select 'procedure', code, '{online_safety_coordinator,dsl,deputy_dsl,headteacher}'
from usual_procedure where version = 1
union all
values ('procedure_map', '', '{online_safety_coordinator,dsl,deputy_dsl,headteacher}'::text[]);

-- The procedures of a school on a day: its own steps and references where it has said so by then,
-- else the usual ones.
create function procedures_on(of_school uuid, on_day date)
returns table (
    code text, place integer, title text, source text, jurisdiction text, version integer,
    is_own boolean, is_used boolean, content jsonb, usual_version integer, usual jsonb,
    from_on date, set_by_name text, set_at timestamptz
)
language plpgsql stable as $$
begin
    return query
    select usual.code, usual.place, usual.title, usual.source, usual.jurisdiction,
        coalesce(own.version, usual.version), coalesce(own.content ? 'steps', false),
        coalesce((own.content ->> 'is_used')::boolean, true),
        usual.content || coalesce(jsonb_strip_nulls(own.content) - 'is_used', '{}'),
        usual.version, usual.content, own.from_on, own.set_by_name, own.set_at
    from usual_procedure as usual
    left join lateral rule_said_on(of_school, 'procedure', usual.code, on_day) as own on true
    where not exists (
        select from usual_procedure as later
        where later.code = usual.code and later.version > usual.version)
    order by usual.place;
end $$;

-- Whether a school uses a procedure on a day.
create function procedure_is_used(of_school uuid, code text, on_day date) returns boolean
language sql stable
return coalesce((
    select (own.content ->> 'is_used')::boolean
    from rule_said_on(of_school, 'procedure', code, on_day) as own
), true);

-- Which procedures belong to which type of incident at a school on a day; of some types alone, where
-- any are named.
create function procedure_map_on(of_school uuid, on_day date, of_types text[] default null)
returns table (type text, attached text[], choose text[], offered text[], is_own boolean)
language plpgsql stable as $$
begin
    return query
    select usual.type,
        coalesce(said.attached, usual.attached), coalesce(said.choose, usual.choose),
        coalesce(said.offered, usual.offered), said.type is not null
    from usual_procedure_map as usual
    left join lateral rule_said_on(of_school, 'procedure_map', '', on_day) as own on true
    left join lateral jsonb_to_recordset(own.content -> 'types') as said (
        type text, attached text[], choose text[], offered text[]) on said.type = usual.type
    where not exists (
        select from usual_procedure_map as later
        where later.type = usual.type and later.version > usual.version)
        and (of_types is null or usual.type = any (of_types));
end $$;

-- What is to be attached to an incident of some types, with what was chosen besides: whatever the
-- types bring with them and the incident never had, what was chosen and it has not, and what belongs
-- with those.
create function procedures_to_attach(
    of_school uuid, of_incident uuid, types text[], chosen text[]
) returns setof text
language plpgsql stable as $$
begin
    return query
    with known as materialized (
        select * from procedures_on(of_school, london_today()) as known where known.is_used
    ), attached as materialized (
        select part._content ->> 'code' as code from incident_part_shown as part
        where part.school_id = of_school and part._incident_id = of_incident
            and part._kind = 'procedure'
    ), wanted as (
        select mapped.code
        from procedure_map_on(of_school, london_today(), types) as map
        cross join lateral unnest(map.attached) as mapped (code)
        where not exists (
            select from incident_part as part
            where part.school_id = of_school and part.incident_id = of_incident
                and part.kind = 'procedure' and part.content ->> 'code' = mapped.code)
        union
        select unnest(chosen)
    ), whole as (
        select wanted.code from wanted
        union
        select jsonb_array_elements_text(known.content -> 'with')
        from wanted join known on known.code = wanted.code
    )
    select known.code from known
    where known.code in (select whole.code from whole)
        and known.code not in (select attached.code from attached)
    order by known.place;
end $$;

-- Those of the types of which somebody must say which procedure it is, and nobody has.
create function types_without_procedure(
    of_school uuid, of_incident uuid, types text[], chosen text[]
) returns setof text
language plpgsql stable as $$
begin
    return query
    select map.type from procedure_map_on(of_school, london_today(), types) as map
    where not map.choose && chosen
        and exists (
            select from unnest(map.choose) as known (code)
            where procedure_is_used(of_school, known.code, london_today()))
        and not exists (
            select from incident_part_shown as part
            where part.school_id = of_school and part._incident_id = of_incident
                and part._kind = 'procedure' and part._content ->> 'code' = any (map.choose));
end $$;

-- Whether somebody holds one of the posts that lead a procedure. Where none of those can lead an
-- incident of the kind, because it is about them, whoever leads it leads the procedure.
create function leads_a_procedure(
    of_school uuid, of_person uuid, led_by jsonb, concerns text, is_child_at_risk boolean
) returns boolean
language plpgsql stable as $$
begin
    return led_by is null
        or not to_jsonb(leading_posts(concerns, is_child_at_risk)) ?| array(
            select jsonb_array_elements_text(led_by))
        or exists (
            select from post
            join person_listed as lead
                on lead.school_id = post.school_id and lead._account_id = post._account_id
            where post.school_id = of_school and lead.id = of_person and led_by ? post.role);
end $$;

-- Which posts are meant by whoever is to take a step.
create function posts_of_an_actor(actor text) returns text[]
language sql immutable parallel safe
return case actor
    when 'dsl' then array['dsl', 'deputy_dsl']
    when 'headteacher' then array['headteacher']
    when 'senior_leader' then array['senior_leader', 'headteacher', 'dsl', 'deputy_dsl']
    when 'second_senior_leader' then array['senior_leader', 'headteacher']
    when 'technician' then array['technician', 'online_safety_coordinator', 'dsl', 'deputy_dsl']
    when 'online_safety_coordinator'
        then array['online_safety_coordinator', 'dsl', 'deputy_dsl']
    when 'chair_of_governors' then array['chair_of_governors']
    else array['online_safety_coordinator', 'dsl', 'deputy_dsl', 'headteacher']
end;


-- What is attached to an incident.

create view incident_procedure with (security_invoker = true) as
select
    part.id, part.school_id,
    part._content ->> 'code' as code,
    part._content ->> 'title' as title,
    part._content ->> 'source' as source,
    part._content ->> 'jurisdiction' as jurisdiction,
    (part._content ->> 'version')::integer as version,
    (part._content ->> 'is_own')::boolean as is_own,
    part._content -> 'references' as "references",
    part.recorded_at as attached_at, part.recorded_by as attached_by,
    part.recorded_by_role as attached_by_role,
    part.etag, part._incident_id, part._version,
    part._content -> 'steps' as _steps,
    coalesce((part._content ->> 'is_of_imagery')::boolean, false) as _is_of_imagery
from incident_part_shown as part
where part._kind = 'procedure';

-- The latest act on a step of a procedure, whose id is made of both.
create function id_of_a_step(of_procedure uuid, step text) returns uuid
language sql immutable parallel safe
return md5(of_procedure::text || ' ' || step)::uuid;

-- What a record does not hold of what is asked for: a list like the one that asks, empty where
-- nothing is missing. Evidence and decisions about parents have tables of their own; all else is a
-- part of the kind that is named, of which fields may have to say one of some words, or all of
-- them; `times` asks for as many such parts. It answers whoever the incident is open to, of parts too
-- that are not theirs to read: that there is a referral, and nothing of what it says.
create function missing_of(of_school uuid, of_incident uuid, asked jsonb) returns jsonb
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
    missing jsonb := '[]';
    one jsonb;
    is_there boolean;
begin
    if not incident_is_open(of_school, of_incident) then
        return null;
    end if;
    if jsonb_typeof(asked) is distinct from 'array' then
        return missing;
    end if;
    for one in select * from jsonb_array_elements(asked) loop
        case one ->> 'part'
        when 'evidence' then
            is_there := exists (
                select from evidence_shown
                where school_id = of_school and _incident_id = of_incident);
        when 'parents_decision' then
            is_there := exists (
                select from parents_decision_shown as decision
                where decision.school_id = of_school and decision._incident_id = of_incident
                    and decision.is_current
            ) and not exists (
                select from involvement_shown as child
                where child.school_id = of_school and child._incident_id = of_incident
                    and child."group" = 'child' and not exists (
                        select from parents_decision_shown as decision
                        where decision.school_id = of_school
                            and decision._incident_id = of_incident
                            and decision.child_id = child.id and decision.is_current
                            and decision.decision <> 'not_yet'));
        else
            is_there := coalesce((one ->> 'times')::integer, 1) <= (
                select count(*) from incident_part_shown as part
                where part.school_id = of_school and part._incident_id = of_incident
                    and part._kind = one ->> 'part'
                    -- Advice to go there oneself is no contact.
                    and part._content ->> 'route' is distinct from 'advised_to_call'
                    and not exists (
                        select from jsonb_to_recordset(one -> 'fields') as wanted (
                            field text, one_of jsonb, all_of jsonb)
                        where not coalesce(
                            case
                                when wanted.all_of is not null
                                    then part._content -> wanted.field @> wanted.all_of
                                else wanted.one_of @> (part._content -> wanted.field)
                            end, false)));
        end case;
        if not is_there then
            missing := missing || jsonb_build_array(one);
        end if;
    end loop;
    return missing;
end $$;

-- Until when a step is to be taken whose clock began at a moment: so many minutes or hours later, or
-- the end of the school day that lies so many after it.
create function due_after(of_school uuid, began timestamptz, within jsonb) returns timestamptz
language sql stable
return case within ->> 'unit'
    when 'minutes' then began + (within ->> 'amount')::integer * interval '1 minute'
    when 'hours' then began + (within ->> 'amount')::integer * interval '1 hour'
    when 'school_days' then (
        add_school_days(of_school, london_day(began), (within ->> 'amount')::integer) + 1
    )::timestamp at time zone 'Europe/London'
end;

-- Every step of what is attached to an incident, and where it stands, for whoever may know. A
-- conditional step is undecided until its question is answered, and one that has to be taken once an
-- answer asks for it (`required_by`), whatever was said of it before. Its clock begins when the
-- procedure is attached or, where it comes `after` another step, when that one is settled.
create function every_step_of(of_school uuid, of_incident uuid)
returns table (
    procedure_id uuid, procedure text, id uuid, number integer, code text, words text, actor text,
    need text, question text, within jsonb, after text, record text, tells text, asks_for jsonb,
    is_by_post boolean, is_kept boolean, required_by text[], is_required boolean, state text,
    began timestamptz, due_at timestamptz, answer text, said text, done_at timestamptz,
    done_by text, answered_at timestamptz, answered_by uuid, answered_by_role text, version integer
)
language plpgsql stable as $$
begin
    return query
    with written as (
        select part.*,
            first_value(part.at) over (partition by part.id order by part.version) as first_at,
            row_number() over (partition by part.id order by part.version desc) as place
        from incident_part as part
        where part.school_id = of_school and part.incident_id = of_incident
            and part.kind in ('procedure', 'procedure_step')
    ), act as materialized (
        select act.id, act.content ->> 'answer' as answer, act.content ->> 'words' as words,
            (act.content ->> 'done_at')::timestamptz as done_at,
            act.content ->> 'done_by' as done_by, act.at, act.account_id, act.role, act.version
        from written as act
        where act.kind = 'procedure_step' and act.place = 1
    ), attached as materialized (
        select written.id, written.content ->> 'code' as code, written.content -> 'steps' as steps,
            written.first_at
        from written
        where written.kind = 'procedure' and written.place = 1 and not written.is_withdrawn
    ), step as (
        select attached.id as procedure_id, attached.code as procedure,
            attached.first_at as attached_at, id_of_a_step(attached.id, told.code) as id, told.*
        from attached
        cross join lateral rows from (
            jsonb_to_recordset(attached.steps) as (
                code text, words text, actor text, need text, question text, within jsonb,
                after text, record text, tells text, asks_for jsonb, is_by_post boolean,
                is_kept boolean, required_by text[])
        ) with ordinality as told (
            code, words, actor, need, question, within, after, record, tells, asks_for, is_by_post,
            is_kept, required_by, number)
    ), clock as materialized (
        select step.*, act.answer, act.words as said, act.done_at, act.done_by,
            act.at as answered_at, act.account_id as answered_by, act.role as answered_by_role,
            coalesce(act.version, 0) as version,
            step.required_by is not null and exists (
                select from unnest(step.required_by) as asked (code)
                join act as answered
                    on answered.id = id_of_a_step(step.procedure_id, asked.code)
                where answered.answer = 'yes'
            ) as is_required,
            case when step.after is null then step.attached_at
                else coalesce(earlier.done_at, earlier.at)
            end as began
        from step
        left join act on act.id = step.id
        left join act as earlier
            on earlier.id = id_of_a_step(step.procedure_id, step.after)
            and earlier.answer in ('done', 'waived', 'does_not_apply')
    ), due as materialized (
        -- Steps that begin together and have the same time are due together.
        select timed.began, timed.within, due_after(of_school, timed.began, timed.within) as at
        from (select distinct clock.began, clock.within from clock) as timed
    )
    select clock.procedure_id, clock.procedure, clock.id, clock.number::integer, clock.code,
        clock.words, clock.actor, clock.need, clock.question, clock.within, clock.after,
        clock.record, clock.tells, clock.asks_for, coalesce(clock.is_by_post, false),
        coalesce(clock.is_kept, false), clock.required_by, clock.is_required,
        case
            when clock.answer in ('done', 'yes', 'no') then 'done'
            when clock.is_required then 'open'
            when clock.answer in ('waived', 'does_not_apply') then clock.answer
            when clock.need = 'mandatory' or clock.answer = 'applies' then 'open'
            else 'undecided'
        end,
        clock.began, due.at, clock.answer, clock.said, clock.done_at, clock.done_by,
        clock.answered_at, clock.answered_by, clock.answered_by_role, clock.version
    from clock
    left join due on due.began = clock.began and due.within = clock.within;
end $$;

-- The same for a caller to whom the incident is open, and who has shown afresh who they are where it
-- is restricted. That is asked once, and not of each row again: row by row it cost ten times what
-- the steps do.
create function steps_of(of_school uuid, of_incident uuid)
returns table (
    procedure_id uuid, procedure text, id uuid, number integer, code text, words text, actor text,
    need text, question text, within jsonb, after text, record text, tells text, asks_for jsonb,
    is_by_post boolean, is_kept boolean, required_by text[], is_required boolean, state text,
    began timestamptz, due_at timestamptz, answer text, said text, done_at timestamptz,
    done_by text, answered_at timestamptz, answered_by uuid, answered_by_role text, version integer
)
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    if exists (
        select from incident
        where incident.school_id = of_school and incident.id = of_incident
            and is_open_to_caller(incident) and can_be_opened_now(incident.restricted_as))
    then
        return query select * from every_step_of(of_school, of_incident);
    end if;
end $$;

create view incident_step with (security_invoker = true) as
select
    incident.school_id, incident.id as _incident_id, step.procedure_id as _procedure_id,
    step.procedure as _procedure, step.id, step.number, step.code, step.words, step.actor,
    step.need, step.question, step.within, step.after, step.record, step.tells, step.asks_for,
    step.is_by_post, step.is_kept, step.is_required, step.state,
    step.state in ('open', 'undecided') and coalesce(step.due_at < rowan_now(), false)
        as is_overdue,
    step.due_at, step.answer, step.said, step.done_at, step.done_by, step.answered_at,
    name_of(incident.school_id, step.answered_by) as answered_by, step.answered_by_role,
    '"' || step.version || '"' as etag, step.version as _version, step.began as _began,
    step.required_by as _required_by
from incident
cross join lateral steps_of(incident.school_id, incident.id) as step;

-- A step with what the record does not hold yet of what it asks for.
create view incident_step_shown with (security_invoker = true) as
select step.*,
    case when step.state in ('open', 'undecided')
        then missing_of(step.school_id, step._incident_id, step.asks_for) else '[]' end as missing
from incident_step as step;

-- A procedure with all its steps.
create view incident_procedure_shown with (security_invoker = true) as
select attached.*,
    (
        select jsonb_agg(
            shown_part(to_jsonb(step))
            order by step.number)
        from incident_step_shown as step
        where step.school_id = attached.school_id
            and step._incident_id = attached._incident_id and step._procedure_id = attached.id
    ) as steps
from incident_procedure as attached;


-- What is forced, and what stands against closing.

-- What a record says, with what its procedures leave to nobody's judgement: where a school has it
-- so, every image of a child is of the gravest kind.
create function as_procedures_want_it(of_school uuid, of_incident uuid, said jsonb) returns jsonb
language plpgsql stable as $$
begin
    if said ->> 'severity' <> 'high'
        and setting_now(of_school, 'imagery_is_always_grave')::boolean
        and (said -> 'types' ? 'sexting_iioc' or exists (
            select from incident_procedure as attached
            where attached.school_id = of_school and attached._incident_id = of_incident
                and attached._is_of_imagery))
    then
        return said || '{"severity": "high"}';
    end if;
    return said;
end $$;

-- What of the procedures stands against closing: each step that is neither done nor waived, each
-- question without its yes or no, each procedure that a type of the incident asks for and nobody
-- has attached.
create function procedures_stand_against(of_school uuid, of_incident uuid, act text)
returns table (code text, pointer text)
language plpgsql stable as $$
declare
    kept incident;
begin
    if act <> 'closure' then
        return;
    end if;
    return query
    with step as materialized (
        select * from steps_of(of_school, of_incident)
    )
    select 'step_open', '/procedures/' || step.procedure || '/steps/' || step.code
    from step where step.state = 'open'
    union all
    select 'step_undecided', '/procedures/' || step.procedure || '/steps/' || step.code
    from step where step.state = 'undecided' and step.need = 'conditional'
    union all
    -- Without the referral that they may ask for, all of the questions are answered.
    select 'referral_unanswered', '/procedures/' || asked.procedure || '/steps/' || asked.code
    from step as asked
    where asked.state = 'undecided' and asked.need = 'question' and not exists (
        select from step
        where step.procedure_id = asked.procedure_id and asked.code = any (step.required_by)
            and step.state = 'done');
    select * into kept from incident where school_id = of_school and id = of_incident;
    if kept.status in ('reported', 'logged_only') then
        return;
    end if;
    return query
    select distinct 'procedure_missing', '/procedures/' || wanted.code
    from procedure_map_on(of_school, london_today(), kept.types) as map
    cross join lateral unnest(map.attached) as wanted (code)
    where procedure_is_used(of_school, wanted.code, london_today()) and not exists (
        select from incident_part as part
        where part.school_id = of_school and part.incident_id = of_incident
            and part.kind = 'procedure' and part.content ->> 'code' = wanted.code);
    return query
    select 'procedure_undecided', '/types/' || undecided
    from types_without_procedure(of_school, of_incident, kept.types, '{}') as undecided;
end $$;

-- Whether the caller may waive a step: a DSL, a deputy, the headteacher or, of what is about the
-- headteacher, the chair of governors; not whoever has but broken the glass (PRC-03).
create function caller_may_waive(of_incident incident) returns boolean
language plpgsql stable as $$
begin
    return is_open_to_caller(of_incident)
        and not has_only_broken_glass(of_incident)
        and (caller_seats() -> of_incident.school_id::text)
            ?| array['dsl', 'deputy_dsl', 'headteacher', 'chair_of_governors'];
end $$;


-- Whose a step of an incident is: what is for posts to which it is not open is for those in charge.
create function posts_for_a_step(of_incident incident, actor text) returns text[]
language sql immutable parallel safe
return case
    when posts_of_an_actor(actor) && of_incident.readers then posts_of_an_actor(actor)
    else posts_in_charge(of_incident.treated_as, coalesce(of_incident.is_child_at_risk, false))
end;

-- What is due. A step is told to those to whom its incident is open and nobody else, in words that
-- say nothing of it; so also without the fresh proof that opening it asks for. The clock, which is
-- nobody, asks of all.
create function duties_of_procedures(of_school uuid, of_people uuid[]) returns setof duty
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    if not caller_seats() ? of_school::text then
        return;
    end if;
    return query
    select 'step_due', incident.id, null::uuid, null::uuid, posts_for_a_step(incident, step.actor),
        london_day(step.due_at - interval '1 millisecond'), london_day(step.began),
        'A step of a procedure', 'PRC-01', step.id::text, incident.id
    from incident
    cross join lateral every_step_of(incident.school_id, incident.id) as step
    where incident.school_id = of_school and incident.status <> 'closed'
        and exists (
            select from incident_part as part
            where part.school_id = of_school and part.incident_id = incident.id
                and part.kind = 'procedure')
        and step.state in ('open', 'undecided') and step.due_at is not null
        and (caller_account() is null or incident_may_be_named(of_school, incident.id));
end $$;

insert into duty_source (name, is_view) values ('duties_of_procedures', false);

-- When the next step of an incident is over whose time is counted in minutes or hours: the reminder
-- of duties, once a day, would come too late for it. Null while there is none. `told`: the steps of
-- which somebody was told already.
create table step_clock (
    school_id   uuid not null,
    incident_id uuid not null,
    rings_at    timestamptz(3),
    told        uuid[] not null default '{}',
    primary key (school_id, incident_id),
    foreign key (school_id, incident_id) references incident
);
create index step_clock_rings on step_clock (rings_at) where rings_at is not null;

-- The steps that such a clock is for, and of which nobody was told yet.
create function steps_on_the_clock(of_school uuid, of_incident uuid, told uuid[])
returns table (id uuid, actor text, due_at timestamptz)
language plpgsql stable as $$
begin
    return query
    select step.id, step.actor, step.due_at from every_step_of(of_school, of_incident) as step
    where step.state in ('open', 'undecided') and step.within ->> 'unit' in ('minutes', 'hours')
        and step.due_at is not null and step.id <> all (told);
end $$;

-- Sets it anew, once somebody was told of some steps, or an answer was given.
create function wind_step_clock(of_school uuid, of_incident uuid, telling uuid[]) returns void
language plpgsql as $$
begin
    insert into step_clock as clock (school_id, incident_id, rings_at)
    values (of_school, of_incident, null)
    on conflict (school_id, incident_id) do update set told = clock.told || telling;
    update step_clock as clock
    set rings_at = (
        select min(step.due_at)
        from steps_on_the_clock(of_school, of_incident, clock.told) as step)
    where clock.school_id = of_school and clock.incident_id = of_incident;
end $$;

create function step_winds_the_clock() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform wind_step_clock(new.school_id, new.incident_id, '{}');
    return null;
end $$;
create trigger step_winds_the_clock after insert on incident_part
for each row when (new.kind in ('procedure', 'procedure_step'))
execute function step_winds_the_clock();

-- Tells of the steps of one incident whose minutes or hours are over those whose they are and to
-- whom it is open, once of each; the worker asks each minute. False where no clock rings.
create function ring_step_clock() returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    rung step_clock;
    kept incident;
    overdue uuid[];
    roles text[];
    one record;
begin
    select * into rung from step_clock where rings_at <= rowan_now()
    order by rings_at limit 1
    for update skip locked;
    if rung.school_id is null then
        return false;
    end if;
    select * into kept from incident
    where school_id = rung.school_id and id = rung.incident_id;
    select array_agg(distinct step.id), array_agg(distinct post.role) into overdue, roles
    from steps_on_the_clock(rung.school_id, rung.incident_id, rung.told) as step
    cross join lateral unnest(posts_for_a_step(kept, step.actor)) as post (role)
    where step.due_at <= rowan_now() and kept.status <> 'closed';
    for one in
        select distinct on (post._account_id) post._account_id as account_id, post.role from post
        where post.school_id = rung.school_id and post.role = any (roles)
        order by post._account_id, post.role
    loop
        continue when not may_be_reminded_of(
            rung.school_id, 'step_due', rung.incident_id, one.account_id);
        perform send_notice(
            rung.school_id, one.account_id, one.role, 'duties_overdue', 'normal',
            to_char(london_today(), 'YYYY-MM-DD'), null, rowan_now());
    end loop;
    perform set_config('rowan.account', '', true);
    perform set_config('rowan.seats', '', true);
    if kept.status = 'closed' then
        update step_clock set rings_at = null
        where school_id = rung.school_id and incident_id = rung.incident_id;
    else
        perform wind_step_clock(rung.school_id, rung.incident_id, coalesce(overdue, '{}'));
    end if;
    return true;
end $$;


-- Walls.

-- A procedure is attached, and detached, by those in charge; a step is waived by those who may.
create policy by_those_in_charge_of_procedures on incident_part
as restrictive for insert to rowan_service with check (
    case
        when kind = 'procedure' then exists (
            select from incident
            where incident.school_id = incident_part.school_id
                and incident.id = incident_part.incident_id and caller_decides(incident))
        when kind = 'procedure_step' and content ->> 'answer' = 'waived' then exists (
            select from incident
            where incident.school_id = incident_part.school_id
                and incident.id = incident_part.incident_id and caller_may_waive(incident))
        else true
    end
);

alter table step_clock enable row level security, force row level security;
create policy ringing on step_clock to rowan_owner using (true);
create policy maintenance on step_clock to rowan_maintenance using (true);
grant select, insert, update, delete on step_clock to rowan_maintenance;
grant execute on function ring_step_clock() to rowan_worker;

grant select on incident_procedure, incident_step, incident_step_shown, incident_procedure_shown
to rowan_service, rowan_maintenance;
grant execute on function
    procedures_on(uuid, date), procedure_is_used(uuid, text, date),
    procedure_map_on(uuid, date, text[]),
    procedures_to_attach(uuid, uuid, text[], text[]),
    types_without_procedure(uuid, uuid, text[], text[]),
    leads_a_procedure(uuid, uuid, jsonb, text, boolean), posts_of_an_actor(text),
    posts_for_a_step(incident, text),
    id_of_a_step(uuid, text), missing_of(uuid, uuid, jsonb), due_after(uuid, timestamptz, jsonb),
    steps_of(uuid, uuid),
    as_procedures_want_it(uuid, uuid, jsonb), procedures_stand_against(uuid, uuid, text),
    caller_may_waive(incident), duties_of_procedures(uuid, uuid[])
to rowan_service;
