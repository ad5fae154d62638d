-- Access: to which systems a school gives access and by which rules; who was given it, at whose
-- word, from when to when; and what a technician has to do because somebody came, went or changed
-- class (ACC-01 to ACC-09, ACC-14, ACC-22; 24.7). A log-in's password is never held.

set local role rowan_owner;

-- From the weakest to the strongest (S-25).
insert into setting_default (name, value, stronger, words) values
    ('pupil_accounts', '"some"', 'later', '{each,some,school_approved,none}');

insert into register_kind (kind, readers, writers) values
    ('guest_log_in_use',
        '{online_safety_coordinator,dsl,deputy_dsl,headteacher,senior_leader,office,dpo,technician,school_administrator}',
        '{headteacher,senior_leader,office,technician,school_administrator}');

-- A system to which access is given.
create table access_system (
    school_id    uuid not null references school,
    id           uuid not null,
    kind         text not null,
    name         text not null,
    made_by      uuid not null references account default caller_account(),
    made_by_name text not null,
    made_at      timestamptz(3) not null default rowan_now(),
    salt         bytea not null default uuid_send(gen_random_uuid()),
    primary key (school_id, id),
    constraint access_system_name_is_unique unique (school_id, name)
);

-- By which rules: the latest hold.
create table access_system_rule (
    school_id   uuid not null references school,
    id          uuid not null,
    version     integer not null,
    rules       jsonb not null,
    set_by      uuid not null references account default caller_account(),
    set_by_name text not null,
    set_at      timestamptz(3) not null default rowan_now(),
    salt        bytea not null default uuid_send(gen_random_uuid()),
    constraint access_system_is_set_once_at_a_time primary key (school_id, id, version),
    foreign key (school_id, id) references access_system (school_id, id)
);

-- That somebody asked for access for a person; never altered. `rule_version`: it was given on
-- joining, as the rules of that version say, and so at the word of whoever set them.
create table access_grant (
    school_id         uuid not null references school,
    id                uuid not null,
    system_id         uuid not null,
    person_id         uuid not null,
    level             text,
    from_on           date not null,
    until_on          date,
    is_temporary      boolean not null,
    why               text,
    rule_version      integer,
    requested_by      uuid not null references account default caller_account(),
    requested_by_name text not null,
    requested_at      timestamptz(3) not null default rowan_now(),
    salt              bytea not null default uuid_send(gen_random_uuid()),
    primary key (school_id, id),
    foreign key (school_id, system_id) references access_system (school_id, id),
    foreign key (school_id, person_id) references person (school_id, id),
    constraint access_grant_ends_after_it_begins check (until_on >= from_on),
    constraint access_grant_that_is_temporary_ends check (not is_temporary or until_on is not null)
);
create index access_grant_of_a_system on access_grant (school_id, system_id, person_id);
create index access_grant_of_a_person on access_grant (school_id, person_id);

-- What became of it, an act after the other. `task`: of which task it was the end. `class_name`: in
-- which class the account was put with it.
create table access_act (
    school_id    uuid not null references school,
    id           uuid not null,
    grant_id     uuid not null,
    place        integer not null,
    act          text not null,
    task         text,
    from_on      date not null default london_today(),
    until_on     date,
    class_name   text,
    done_by      uuid not null references account default caller_account(),
    done_by_name text not null,
    done_at      timestamptz(3) not null default rowan_now(),
    salt         bytea not null default uuid_send(gen_random_uuid()),
    constraint access_task_is_completed_once primary key (school_id, id),
    constraint access_grant_is_acted_on_once_at_a_time unique (school_id, grant_id, place),
    foreign key (school_id, grant_id) references access_grant (school_id, id),
    constraint access_act_is_known check (
        act in ('approved', 'refused', 'withdrawn', 'activated', 'suspended', 'reinstated',
            'frozen', 'deleted', 'revoked', 'placed')),
    constraint access_task_is_known check (task in ('give', 'close', 'move')),
    constraint access_act_ends_after_it_begins check (until_on >= from_on)
);
create index access_act_of_a_task on access_act (school_id, done_at, id) where task is not null;
create index access_act_that_suspends on access_act (school_id, grant_id) where act = 'suspended';

-- Why, and what it goes back to. Why somebody was suspended or lost access may be somebody's story:
-- it is for those who lead, and never for whom it concerns (section 25).
create table access_reason (
    school_id       uuid not null references school,
    id              uuid not null,
    grant_id        uuid not null,
    reason          text not null,
    incident_id     uuid,
    agreement_id    uuid,
    is_confidential boolean not null,
    salt            bytea not null default uuid_send(gen_random_uuid()),
    primary key (school_id, id),
    foreign key (school_id, id) references access_act (school_id, id)
);


-- Who reads, asks and acts.

-- Who may know who has access to what; everybody else knows their own.
create function caller_reads_access(of_school uuid) returns boolean
language sql stable parallel safe
return caller_holds(
        of_school,
        array['online_safety_coordinator', 'dsl', 'deputy_dsl', 'headteacher', 'senior_leader',
            'office', 'dpo', 'technician', 'school_administrator'])
    or coalesce(caller_scopes() -> 'access.read' ? of_school::text, false);

-- The schools in which they may, for a policy to ask once for all rows.
create function schools_of_access() returns uuid[]
language sql stable parallel safe
return array(
    select known.id::uuid
    from (
        select jsonb_object_keys(caller_seats())
        union all
        select jsonb_array_elements_text(caller_scopes() -> 'access.read')
    ) as known (id)
    where caller_reads_access(known.id::uuid));

-- Those who look after accounts: they ask for others and give. Only those of them who have the
-- account itself in hand freeze and delete it (24.7).
create function caller_keeps_access(of_school uuid) returns boolean
language sql stable parallel safe
return caller_holds(of_school, array['office', 'technician', 'school_administrator']);

-- Whether the caller may do this with a grant of such a person, that somebody asked for. Nobody
-- decides of their own.
create function caller_may_act_on_access(
    of_school uuid, of_person uuid, asked_by uuid, approvers jsonb, with_act text
) returns boolean
language plpgsql stable as $$
declare
    is_own constant boolean := caller_is(of_school, of_person);
begin
    return case
        when with_act in ('approved', 'refused') then
            not is_own and asked_by <> caller_account() and caller_holds(
                of_school, array(select jsonb_array_elements_text(approvers)))
        when with_act = 'withdrawn' then
            is_own or asked_by = caller_account() or caller_keeps_access(of_school)
        when with_act in ('suspended', 'reinstated') then
            not is_own and caller_holds(of_school, array['headteacher', 'dsl', 'deputy_dsl'])
        when with_act = 'revoked' then
            not is_own and caller_holds(of_school, array['headteacher', 'senior_leader'])
        when with_act in ('frozen', 'deleted') then
            caller_holds(of_school, array['technician', 'school_administrator'])
        else caller_keeps_access(of_school)
    end;
end $$;

-- The last day of somebody who had left by a day, as is known now or was known at its end. For
-- those who may read the register of access; of oneself, for everybody.
create function person_away(of_school uuid, of_person uuid, on_day date) returns date
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    return (
        select coalesce(
            case when person.left_on < on_day then person.left_on end, (
                select version.left_on from person_version as version
                where on_day < london_today()
                    and version.school_id = of_school and version.person_id = of_person
                    and version.left_on < on_day
                    and version.changed_at < day_begins_at(on_day + 1)
                    and version.until_at >= day_begins_at(on_day + 1)
                limit 1))
        from person
        where person.school_id = of_school and person.id = of_person
            and (caller_reads_access(of_school) or person.account_id = caller_account()));
end $$;


-- The systems, each with the rules that hold.
create view access_system_shown with (security_invoker = true) as
select
    system.id,
    system.school_id,
    system.kind,
    system.name,
    rule.rules,
    rule.set_by_name as set_by,
    rule.set_at,
    '"' || rule.version || '"' as etag,
    rule.version as _version,
    rule.set_by as _set_by
from access_system as system
join access_system_rule as rule on rule.school_id = system.school_id and rule.id = system.id
where not exists (
    select from access_system_rule as later
    where later.school_id = rule.school_id and later.id = rule.id
        and later.version = rule.version + 1);

-- Whether pupils have accounts of their own in a system: what the school says of all and what it
-- says of this one, whichever is the stronger (ACC-07).
create function pupil_accounts_of(of_school uuid, rules jsonb) returns text
language plpgsql stable as $$
declare
    words constant text[] := '{each,some,school_approved,none}';
begin
    return words[greatest(
        array_position(words, setting_now(of_school, 'pupil_accounts') #>> '{}'),
        array_position(words, rules ->> 'pupil_accounts'))];
end $$;

-- What a system says of pupils of a phase (ACC-05).
create function level_of_phase(rules jsonb, phase text) returns jsonb
language sql immutable parallel safe
return (
    select level from jsonb_array_elements(rules -> 'levels') as level
    where level ->> 'phase' = phase);

-- What stands against somebody's having access to a system, besides what the gate asks, by codes.
create function stands_against_access(of_school uuid, of_system uuid, of_person uuid)
returns text[]
language plpgsql stable as $$
declare
    rules constant jsonb := (
        select system.rules from access_system_shown as system
        where system.school_id = of_school and system.id = of_system);
    whose person_listed;
begin
    select * into whose from person_listed as person
    where person.school_id = of_school and person.id = of_person;
    return array_remove(array[
        case when not (rules -> 'is_in_use')::boolean then 'not_in_use' end,
        case when not rules -> 'kinds' ? whose.kind then 'not_for_this_kind' end,
        case when whose.kind = 'pupil' and pupil_accounts_of(of_school, rules) = 'none'
            then 'pupils_have_none' end,
        case when whose.kind = 'pupil'
            and level_of_phase(rules, phase_of(whose.year_group)) ->> 'level' = 'none'
            then 'not_in_this_phase' end,
        case when rules ? 'posts' and not exists (
                select from seat
                where seat.school_id = of_school and seat.person_id = of_person
                    and rules -> 'posts' ? seat.role
                    and holds_now(seat.from_on, seat.until_on, seat.ends_at))
            then 'post_not_held' end
    ], null);
end $$;


-- Who has access, or had it, on a day: what was done by its end, by whom; and what time does by
-- itself (`_stands`). Somebody who has left holds nothing, from the day after their last (USR-11).
-- Persons and rules are as they were at the end of that day. `_shut_as` is how it stands where the
-- gate is shut on that day: that is asked by whoever asks this, for each area tells the gate itself.
--
-- A client learns who has what, and no more: no words, no names of staff, and that something is not
-- active without why or since when, for a sanction is nothing for another system (section 25).
create function access_grants_on(of_school uuid, on_day date)
returns table (
    id uuid, school_id uuid, system_id uuid, system text, system_kind text, person_id uuid,
    who text, person_kind text, class_name text, level text, pupil_level text, material text,
    school_devices_only boolean, is_temporary boolean, from_on date, until_on date, why text, requested_by text, requested_at timestamptz,
    is_by_roster boolean, granted_by text, granted_at timestamptz, _requested_by uuid,
    _rules jsonb, _opens text, _stands text, _since date, _shut_as text
)
language sql stable as $$
    select
        given.id, given.school_id, given.system_id, system.name, system.kind, given.person_id,
        whose.name, whose.kind, whose.class_name,
        case when not told.to_a_client then given.level end,
        level.said ->> 'level', level.said ->> 'material',
        case when whose.kind = 'pupil' then (held.rules -> 'school_devices_only')::boolean end,
        given.is_temporary, given.from_on, given.until_on,
        case when not told.to_a_client then given.why end,
        case when not told.to_a_client then given.requested_by_name end,
        given.requested_at, given.rule_version is not null,
        case when not told.to_a_client then coalesce(approval.done_by_name, rule.set_by_name) end,
        coalesce(approval.done_at, rule.set_at), given.requested_by, held.rules,
        held.rules ->> 'opens',
        case when told.as_inactive then 'inactive' else stands.state end,
        case when not told.as_inactive then
            case
                when is_over.by_act then last.from_on
                when stands.state = 'ended' then away.left_on + 1
                when stands.state = 'expired' then given.until_on + 1
                when last.act = 'suspended' and last.until_on < on_day then last.until_on + 1
                else coalesce(last.from_on, london_day(given.requested_at))
            end
        end,
        case
            when told.to_a_client then case when stands.state = 'active' then 'inactive' end
            when stands.state = 'active' then 'suspended'
            when stands.state = 'approved' then 'waiting'
            when stands.state = 'requested' then 'requested'
        end
    from access_grant as given
    join access_system as system
        on system.school_id = given.school_id and system.id = given.system_id
    cross join lateral (
        select known.rules from access_system_rule as known
        where known.school_id = given.school_id and known.id = given.system_id
            and known.set_at < day_begins_at(on_day + 1)
        order by known.version desc
        limit 1
    ) as held
    left join access_system_rule as rule
        on rule.school_id = given.school_id and rule.id = given.system_id
        and rule.version = given.rule_version
    left join person on person.school_id = given.school_id and person.id = given.person_id
    left join lateral (
        select version.version, version.kind, version.given_name, version.family_name,
            version.class_name, version.year_group
        from person_version as version
        where on_day < london_today()
            and version.school_id = given.school_id and version.person_id = given.person_id
            and version.until_at >= day_begins_at(on_day + 1)
        order by version.version
        limit 1
    ) as was on true
    cross join lateral (
        select
            case when was.version is null then person.given_name || ' ' || person.family_name
                else was.given_name || ' ' || was.family_name end as name,
            case when was.version is null then person.kind else was.kind end as kind,
            case when was.version is null then person.class_name else was.class_name
                end as class_name,
            case when was.version is null then person.year_group else was.year_group
                end as year_group
    ) as whose
    cross join lateral (
        select person_away(given.school_id, given.person_id, on_day) as left_on offset 0
    ) as away
    left join lateral (
        select act.* from access_act as act
        where act.school_id = given.school_id and act.grant_id = given.id
            and act.act <> 'placed' and act.from_on <= on_day
        order by act.place desc
        limit 1
    ) as last on true
    left join lateral (
        select act.* from access_act as act
        where act.school_id = given.school_id and act.grant_id = given.id
            and act.act = 'approved'
    ) as approval on true
    cross join lateral (
        select coalesce(
            last.act in ('refused', 'withdrawn', 'frozen', 'deleted', 'revoked'), false) as by_act
    ) as is_over
    cross join lateral (
        select case
            when is_over.by_act then last.act
            when away.left_on is not null then 'ended'
            when given.until_on < on_day then 'expired'
            when last.act is null then
                case when given.rule_version is null then 'requested' else 'approved' end
            when last.act in ('activated', 'reinstated')
                or last.act = 'suspended' and last.until_on < on_day then 'active'
            else last.act
        end as state
    ) as stands
    cross join lateral (
        select (select caller_scopes()) is not null as to_a_client,
            (select caller_scopes()) is not null and stands.state in ('suspended', 'revoked')
                as as_inactive
    ) as told
    left join lateral (
        select level_of_phase(held.rules, phase_of(whose.year_group)) as said
        where whose.kind = 'pupil'
    ) as level on true
    where given.school_id = of_school and given.requested_at < day_begins_at(on_day + 1)
$$;

-- What was done with a grant, as the caller may know it. The incident only where it is open to them
-- and not about them.
create function acts_on_access(of_school uuid, of_grant uuid) returns jsonb
language sql stable as $$
    select coalesce(jsonb_agg(
        jsonb_strip_nulls(jsonb_build_object(
            'act', act.act, 'from_on', act.from_on, 'until_on', act.until_on,
            'class_name', act.class_name, 'done_by', act.done_by_name,
            'done_at', instant(act.done_at), 'reason', said.reason,
            'agreement_id', said.agreement_id,
            'incident_id', (
                select open.id
                from unnest(those_open_to_caller(of_school, array[said.incident_id]))
                    as open (id)
                where open.id <> all (
                    those_about_caller(of_school, array[said.incident_id])))))
        order by act.place), '[]')
    from access_act as act
    left join access_reason as said on said.school_id = act.school_id and said.id = act.id
    where act.school_id = of_school and act.grant_id = of_grant
$$;


-- Whom a school lets use nothing that opens this, because all of theirs is suspended: what was
-- suspended of one system leaves another as it is.
create function access_at_the_gate(of_school uuid, of_people uuid[], to_have text, on_day date)
returns table (person_id uuid, code text, since date, until date, about jsonb)
language plpgsql stable security definer set search_path = public, pg_temp rows 10 as $$
declare
    suspended constant uuid[] := array(
        select given.person_id
        from access_act as act
        join access_grant as given
            on given.school_id = of_school and given.id = act.grant_id
        where act.school_id = of_school and act.act = 'suspended'
            and given.person_id = any (of_people));
begin
    if suspended = '{}' then
        return;
    end if;
    return query
    select stands.person_id, 'access_suspended', max(stands.from_on), null::date, null::jsonb
    from (
        select given.person_id, last.act, last.from_on,
            last.act = 'suspended' and coalesce(last.until_on >= on_day, true) as is_suspended
        from gate_asked(of_school, suspended) as asked
        join access_grant as given
            on given.school_id = of_school and given.person_id = asked.person_id
        join access_system_shown as system
            on system.school_id = of_school and system.id = given.system_id
            and system.rules ->> 'opens' = to_have
        cross join lateral (
            select act.act, act.from_on, act.until_on from access_act as act
            where act.school_id = of_school and act.grant_id = given.id
                and act.act <> 'placed' and act.from_on <= on_day
            order by act.place desc
            limit 1
        ) as last
        where last.act in ('activated', 'suspended', 'reinstated')
            and coalesce(given.until_on >= on_day, true)
    ) as stands
    group by stands.person_id
    having bool_and(stands.is_suspended);
end $$;

-- Since when a school has said, without a gap, that no pupil has an account, or that some may have;
-- null where it was always so.
create function pupil_accounts_said_since(of_school uuid, on_day date) returns date
language plpgsql stable as $$
declare
    said effective_setting := setting_on(of_school, 'pupil_accounts', on_day);
    before effective_setting;
begin
    for step in 1..50 loop
        exit when said.effective_on is null;
        before := setting_on(of_school, 'pupil_accounts', said.effective_on - 1);
        exit when (before.value = '"none"') is distinct from (said.value = '"none"');
        said := before;
    end loop;
    return said.effective_on;
end $$;

-- What a technician has to do, worked out of who is there and who has what: nothing has to be
-- noticed when it happens. Each has an id by which it is completed, once; should the same arise
-- again, it has another. All of a school at once, by hashes: how many there are of anything cannot
-- be estimated here, and a loop for each takes half a minute where this takes a quarter of one
-- second. Of one system and one person only where they are named.
--   give   somebody is there of a kind that is given access on joining, and has no account or one
--          that was closed (ACC-08); what they lost by a decision they are not given
--   close  whoever had it has left, its time is over, or the rules no longer let them have it
--          (ACC-08); `because` says which
--   move   the class of whoever has it is another than that of the account (ACC-09)
-- `since`: the day on which the last of the facts came about that make it one. Rules that were set
-- anew and say the same of somebody are none of those, nor is a name that was corrected.
create function access_tasks(
    of_school uuid, of_system uuid default null, of_person uuid default null
)
returns table (
    id uuid, school_id uuid, task text, system_id uuid, system text, person_id uuid, who text,
    class_name text, class_before text, grant_id uuid, wanted text, because text, since date
)
language plpgsql stable security definer set search_path = public, pg_temp
set enable_nestloop = off set plan_cache_mode = force_custom_plan as $$
declare
    today constant date := london_today();
    said_of_pupils constant date := pupil_accounts_said_since(of_school, today);
    theirs constant uuid[] := array(
        select asked.id from access_grant as asked
        where asked.school_id = of_school and asked.person_id = of_person);
begin
    if not caller_reads_access(of_school) then
        return;
    end if;
    return query
    with system as materialized (
        select known.id, known.name, known.rules,
            pupil_accounts_of(of_school, known.rules) = 'none' as pupils_have_none
        from access_system_shown as known
        where known.school_id = of_school and (of_system is null or known.id = of_system)
    ), posted as materialized (
        select system.id as system_id, seat.person_id,
            min(seat.from_on) filter (where held.is_so) as held_since,
            max(coalesce(london_day(seat.ends_at), seat.until_on + 1)) as over_since
        from system
        join seat on seat.school_id = of_school and system.rules -> 'posts' ? seat.role
            and seat.from_on <= today
        cross join lateral (
            select holds_now(seat.from_on, seat.until_on, seat.ends_at) as is_so
        ) as held
        where coalesce(seat.until_on >= seat.from_on, true)
        group by system.id, seat.person_id
    ), whose as materialized (
        select person.id as person_id, person.kind,
            coalesce(phase_of(person.year_group), '') as phase, person.class_name, person.left_on,
            person.given_name || ' ' || person.family_name as who,
            coalesce(person.joined_on, london_day(person.created_at)) as came_on,
            coalesce(person.joined_on <= today, true)
                and coalesce(person.left_on >= today, true) as is_there
        from person
        where person.school_id = of_school and (of_person is null or person.id = of_person)
    ), became as materialized (
        -- When somebody became what they are: of their kind and phase, of their class, back here.
        select whose.person_id,
            london_day(max(was.until_at) filter (
                where was.kind <> whose.kind
                    or coalesce(phase_of(was.year_group), '') <> whose.phase)) as kind_since,
            london_day(max(was.until_at) filter (
                where was.class_name is distinct from whose.class_name)) as class_since,
            london_day(max(was.until_at) filter (
                where was.left_on < london_day(was.until_at))) as back_since
        from whose
        join person_version as was
            on was.school_id = of_school and was.person_id = whose.person_id
        group by whose.person_id
    ), version as materialized (
        select rule.id as system_id, rule.version, rule.rules, london_day(rule.set_at) as set_on,
            lag(rule.rules) over (partition by rule.id order by rule.version) as before
        from access_system_rule as rule
        where rule.school_id = of_school and (of_system is null or rule.id = of_system)
    ), system_since as materialized (
        select version.system_id,
            max(version.set_on) filter (
                where version.rules -> 'posts' is distinct from version.before -> 'posts')
                as posts_since,
            max(version.set_on) filter (
                where version.rules -> 'follows_classes'
                    is distinct from version.before -> 'follows_classes') as follows_since
        from version
        group by version.system_id
    ), said as materialized (
        -- What each version says of those of a kind and phase.
        select version.system_id, version.version, version.set_on, of_them.kind, of_them.phase,
            case
                when not (version.rules -> 'is_in_use')::boolean
                    or not version.rules -> 'kinds' ? of_them.kind
                    or of_them.kind = 'pupil' and (
                        version.rules ->> 'pupil_accounts' = 'none'
                        or coalesce(
                            level_of_phase(version.rules, of_them.phase) ->> 'level' = 'none',
                            false))
                    then 'none'
                when version.rules -> 'roster_kinds' ? of_them.kind then 'given'
                else 'asked'
            end as says
        from version
        cross join (select distinct whose.kind, whose.phase from whose) as of_them
    ), ruled as materialized (
        select told.system_id, told.kind, told.phase,
            max(told.set_on) filter (where told.says is distinct from told.before) as since
        from (
            select said.*, lag(said.says) over (
                partition by said.system_id, said.kind, said.phase order by said.version) as before
            from said
        ) as told
        group by told.system_id, told.kind, told.phase
    ), may as materialized (
        -- Whom the rules let have it, of all who were ever here; what stands against the others.
        select system.id as system_id, system.name as system, system.rules, whose.*,
            case
                when not (system.rules -> 'is_in_use')::boolean then 'not_in_use'
                when not system.rules -> 'kinds' ? whose.kind then 'not_for_this_kind'
                when whose.kind = 'pupil' and system.pupils_have_none then 'pupils_have_none'
                when whose.kind = 'pupil'
                    and level_of_phase(system.rules, whose.phase) ->> 'level' = 'none'
                    then 'not_in_this_phase'
                when system.rules ? 'posts' and posted.held_since is null then 'post_not_held'
            end as against,
            greatest(ruled.since, became.kind_since) as ruled_since,
            posted.held_since, posted.over_since, system_since.posts_since,
            system_since.follows_since, became.class_since, became.back_since
        from system
        cross join whose
        join system_since on system_since.system_id = system.id
        join ruled on ruled.system_id = system.id and ruled.kind = whose.kind
            and ruled.phase = whose.phase
        left join became on became.person_id = whose.person_id
        left join posted
            on posted.system_id = system.id and posted.person_id = whose.person_id
    ), last as materialized (
        select distinct on (act.grant_id) act.grant_id, act.id, act.act, act.from_on
        from access_act as act
        where act.school_id = of_school and act.act <> 'placed'
            and (of_person is null or act.grant_id = any (theirs))
        order by act.grant_id, act.place desc
    ), given as materialized (
        select asked.id, asked.system_id, asked.person_id, asked.until_on, asked.rule_version,
            last.id as last_act, last.act, last.from_on as acted_on,
            row_number() over (
                partition by asked.system_id, asked.person_id
                order by asked.requested_at desc, asked.id desc) as age
        from access_grant as asked
        left join last on last.grant_id = asked.id
        where asked.school_id = of_school
            and (of_person is null or asked.person_id = of_person)
            and (of_system is null or asked.system_id = of_system)
    ), held as materialized (
        select given.id, given.last_act, may.*,
            case
                when may.left_on < today then 'left'
                when given.until_on < today then 'over'
                else may.against
            end as because,
            coalesce(
                case when least(may.left_on, given.until_on) < today then
                    least(may.left_on, given.until_on) + 1
                end,
                case
                    when may.against = 'post_not_held' then
                        greatest(may.posts_since, may.over_since)
                    when may.against = 'pupils_have_none'
                        and may.rules ->> 'pupil_accounts' is distinct from 'none'
                        then said_of_pupils
                end,
                may.ruled_since) as closed_since
        from given
        join may on may.system_id = given.system_id and may.person_id = given.person_id
        where given.act in ('activated', 'reinstated', 'suspended')
    ), placed as materialized (
        select distinct on (act.grant_id) act.grant_id, act.id, act.class_name
        from access_act as act
        where act.school_id = of_school and act.act in ('activated', 'placed')
            and (of_person is null or act.grant_id = any (theirs))
        order by act.grant_id, act.place desc
    )
    select
        md5(concat_ws(' ', 'close', held.id, held.last_act))::uuid, of_school, 'close',
        held.system_id, held.system, held.person_id, held.who, held.class_name, null::text,
        held.id, case when held.rules ->> 'on_leaving' = 'delete' then 'deleted' else 'frozen' end,
        held.because, held.closed_since
    from held
    where held.because is not null
    union all
    select
        md5(concat_ws(' ', 'move', held.id, placed.id, held.class_name))::uuid, of_school,
        'move', held.system_id, held.system, held.person_id, held.who, held.class_name,
        placed.class_name, held.id, 'placed', null,
        greatest(coalesce(held.class_since, held.came_on), held.follows_since)
    from held
    join placed on placed.grant_id = held.id
    where held.because is null
        and (held.rules -> 'follows_classes')::boolean
        and held.class_name is distinct from placed.class_name
    union all
    select
        md5(concat_ws(' ', 'give', may.system_id, may.person_id, before.id))::uuid, of_school,
        'give', may.system_id, may.system, may.person_id, may.who, may.class_name, null, null,
        'activated', null,
        greatest(
            may.came_on, may.back_since, may.ruled_since, may.posts_since, may.held_since,
            case when may.kind = 'pupil' then said_of_pupils end,
            case
                when before.act in ('deleted', 'frozen') then before.acted_on
                when before.until_on < today then before.until_on + 1
            end)
    from may
    left join given as before
        on before.system_id = may.system_id and before.person_id = may.person_id
        and before.age = 1
    where may.is_there and may.against is null and may.rules -> 'roster_kinds' ? may.kind
        and (before.id is null
            or before.act in ('deleted', 'frozen', 'refused')
            -- A task that ended so said that none is needed; a request, that nobody asks any more.
            or before.act = 'withdrawn' and before.rule_version is null
            or coalesce(before.act, 'approved') = 'approved' and before.until_on < today);
end $$;

-- Those that were completed, by whom and when.
create view access_task_done with (security_invoker = true) as
select
    act.id,
    act.school_id,
    act.task,
    given.system_id,
    system.name as system,
    given.person_id,
    person.given_name || ' ' || person.family_name as who,
    act.class_name,
    given.id as grant_id,
    act.act as outcome,
    said.reason as note,
    act.done_by_name as done_by,
    act.done_at
from access_act as act
join access_grant as given on given.school_id = act.school_id and given.id = act.grant_id
join access_system as system
    on system.school_id = given.school_id and system.id = given.system_id
left join person on person.school_id = given.school_id and person.id = given.person_id
left join access_reason as said on said.school_id = act.school_id and said.id = act.id
where act.task is not null;

-- What no longer says what its entry in the audit covers, or is gone.
create view access_unlike_its_entry with (security_invoker = true) as
select * from unlike_their_entries(array[
    'access_system', 'access_system_rule', 'access_grant', 'access_act', 'access_reason']);


-- Walls.

alter table access_system enable row level security, force row level security;
alter table access_system_rule enable row level security, force row level security;
alter table access_grant enable row level security, force row level security;
alter table access_act enable row level security, force row level security;
alter table access_reason enable row level security, force row level security;

create policy of_the_callers_schools on access_system for select to rowan_service using (
    (select caller_seats()) ? school_id::text or caller_reads_access(school_id)
);
create policy by_those_who_lead on access_system for insert to rowan_service with check (
    caller_holds(school_id, array['headteacher', 'senior_leader'])
    and made_by = (select caller_account())
);
create policy of_the_callers_schools on access_system_rule for select to rowan_service using (
    (select caller_seats()) ? school_id::text or caller_reads_access(school_id)
);
create policy by_those_who_lead on access_system_rule for insert to rowan_service with check (
    caller_holds(school_id, array['headteacher', 'senior_leader'])
    and set_by = (select caller_account())
);
create policy of_the_readers on access_grant for select to rowan_service using (
    school_id = any ((select schools_of_access())::uuid[])
    or (school_id, person_id) in (
        select whose.school_id, whose.id from person as whose
        where whose.account_id = (select caller_account()))
);
create policy by_those_who_ask on access_grant for insert to rowan_service with check (
    requested_by = (select caller_account())
    and (caller_keeps_access(school_id)
        or rule_version is null and (
            caller_is(school_id, person_id)
            or caller_holds(school_id, array['headteacher', 'senior_leader'])))
);
create policy of_a_grant on access_act for select to rowan_service using (
    school_id = any ((select schools_of_access())::uuid[])
    or (school_id, grant_id) in (
        select given.school_id, given.id
        from person as whose
        join access_grant as given
            on given.school_id = whose.school_id and given.person_id = whose.id
        where whose.account_id = (select caller_account()))
);
create policy by_those_who_act on access_act for insert to rowan_service with check (
    done_by = (select caller_account())
    and exists (
        select from access_grant as given
        join access_system_shown as system
            on system.school_id = given.school_id and system.id = given.system_id
        where given.school_id = access_act.school_id and given.id = access_act.grant_id
            and caller_may_act_on_access(
                given.school_id, given.person_id, given.requested_by,
                system.rules -> 'approvers', access_act.act))
);
create policy of_a_grant on access_reason for select to rowan_service using (
    exists (
        select from access_grant as given
        where given.school_id = access_reason.school_id and given.id = access_reason.grant_id
            and (not access_reason.is_confidential
                or caller_holds(
                    given.school_id,
                    array['headteacher', 'senior_leader', 'dsl', 'deputy_dsl'])
                    and not caller_is(given.school_id, given.person_id)))
);
create policy by_those_who_act on access_reason for insert to rowan_service with check (
    exists (
        select from access_act as act
        where act.school_id = access_reason.school_id and act.id = access_reason.id
            and act.grant_id = access_reason.grant_id
            and act.done_by = (select caller_account()))
);

create policy asking on access_system for select to rowan_owner using (true);
create policy asking on access_system_rule for select to rowan_owner using (true);
create policy asking on access_grant for select to rowan_owner using (true);
create policy asking on access_act for select to rowan_owner using (true);
create policy maintenance on access_system to rowan_maintenance using (true);
create policy maintenance on access_system_rule to rowan_maintenance using (true);
create policy maintenance on access_grant to rowan_maintenance using (true);
create policy maintenance on access_act to rowan_maintenance using (true);
create policy maintenance on access_reason to rowan_maintenance using (true);

grant select, insert, update on
    access_system, access_system_rule, access_grant, access_act, access_reason
to rowan_maintenance;
grant select on access_unlike_its_entry to rowan_maintenance;
grant select on
    access_system, access_system_rule, access_grant, access_act, access_reason,
    access_system_shown, access_task_done
to rowan_service;
grant insert (school_id, id, kind, name, made_by_name) on access_system to rowan_service;
grant insert (school_id, id, version, rules, set_by_name) on access_system_rule to rowan_service;
grant insert (
    school_id, id, system_id, person_id, level, from_on, until_on, is_temporary, why,
    rule_version, requested_by_name)
on access_grant to rowan_service;
grant insert (
    school_id, id, grant_id, place, act, task, from_on, until_on, class_name, done_by_name)
on access_act to rowan_service;
grant insert (school_id, id, grant_id, reason, incident_id, agreement_id, is_confidential)
on access_reason to rowan_service;
grant execute on function
    caller_reads_access(uuid), caller_keeps_access(uuid),
    caller_may_act_on_access(uuid, uuid, uuid, jsonb, text), person_away(uuid, uuid, date),
    pupil_accounts_of(uuid, jsonb),
    level_of_phase(jsonb, text), stands_against_access(uuid, uuid, uuid),
    access_grants_on(uuid, date), acts_on_access(uuid, uuid), access_tasks(uuid, uuid, uuid),
    access_at_the_gate(uuid, uuid[], text, date), schools_of_access()
to rowan_service;
