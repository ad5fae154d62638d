-- Agreements: the rules to which people agree, in versions that never change once published; to
-- whom each is put; and who agreed to what, when and how (AGR-01 to AGR-27).

set local role rowan_owner;

insert into setting_default (name, value, stronger, words) values
    ('agreement_grace_days', '14', 'less', null),
    ('parents_sign_alone', '"nobody"', 'later', '{key_stage_2,key_stage_1,eyfs,nobody}'),
    ('agreement_contact', '["online_safety_coordinator"]', null, null);

-- A set of rules that lives on through its versions, such as the staff's.
create table agreement_template (
    school_id    uuid not null references school,
    id           uuid not null,
    name         text not null,
    made_by      uuid not null references account default caller_account(),
    made_by_name text not null,
    made_at      timestamptz(3) not null default rowan_now(),
    salt         bytea not null default uuid_send(gen_random_uuid()),
    primary key (school_id, id),
    constraint agreement_template_name_is_unique unique (school_id, name)
);

-- What a version says, at each writing of its draft: the latest stands.
create table agreement_version (
    school_id       uuid not null references school,
    id              uuid not null,
    template_id     uuid not null,
    number          integer not null,
    version         integer not null,
    content         jsonb not null,
    written_by      uuid not null references account default caller_account(),
    written_by_name text not null,
    written_at      timestamptz(3) not null default rowan_now(),
    salt            bytea not null default uuid_send(gen_random_uuid()),
    constraint agreement_draft_is_written_once_at_a_time primary key (school_id, id, version),
    foreign key (school_id, template_id) references agreement_template (school_id, id)
);
create unique index agreement_version_has_a_number on agreement_version (
    school_id, template_id, number
) where version = 1;

-- What was decided of a version (24.2). What is superseded follows from the next publication.
-- `paper_from_on`: since when the same words were signed on paper, before they were published here.
create table agreement_decision (
    school_id       uuid not null references school,
    id              uuid not null,
    act             text not null,
    effective_on    date,
    paper_from_on   date,
    reason          text,
    decided_by      uuid not null references account default caller_account(),
    decided_by_name text not null,
    decided_at      timestamptz(3) not null default rowan_now(),
    salt            bytea not null default uuid_send(gen_random_uuid()),
    constraint agreement_version_is_decided_once primary key (school_id, id, act),
    constraint agreement_decision_is_known check (act in ('approved', 'published', 'withdrawn')),
    constraint agreement_is_published_from_a_day check (
        (act = 'published') = (effective_on is not null)),
    constraint agreement_was_on_paper_before check (
        paper_from_on is null or act = 'published' and paper_from_on <= effective_on),
    constraint agreement_is_withdrawn_for_a_reason check (act <> 'withdrawn' or reason is not null)
);

-- To whom a template is put, by kind of person and phase, from a day on; nobody where the list is
-- empty (AGR-02, AGR-26).
create table agreement_audience (
    school_id   uuid not null references school,
    id          uuid not null,
    version     integer not null,
    from_on     date not null,
    entries     jsonb not null,
    set_by      uuid not null references account default caller_account(),
    set_by_name text not null,
    set_at      timestamptz(3) not null default rowan_now(),
    salt        bytea not null default uuid_send(gen_random_uuid()),
    constraint agreement_audience_is_set_once_at_a_time primary key (school_id, id, version),
    foreign key (school_id, id) references agreement_template (school_id, id)
);

-- A version put before all of a group who owe it, to be signed by a day (AGR-22): by somebody, or
-- of itself, by nobody (AGR-11).
create table agreement_campaign (
    school_id    uuid not null references school,
    id           uuid not null,
    template_id  uuid not null,
    version_id   uuid not null,
    name         text not null,
    due_on       date not null,
    kinds        text[],
    year_groups  text[],
    class_names  text[],
    made_by      uuid references account default caller_account(),
    made_by_name text,
    made_at      timestamptz(3) not null default rowan_now(),
    salt         bytea not null default uuid_send(gen_random_uuid()),
    primary key (school_id, id),
    foreign key (school_id, template_id) references agreement_template (school_id, id),
    constraint agreement_campaign_is_run_by_somebody_or_itself check (
        (made_by is null) = (made_by_name is null))
);

-- That those were told who had not signed: by somebody of the school, or of itself as the day came
-- near (AGR-22). `waiting`: how many were left for the next time, because there were so many.
create table agreement_campaign_reminder (
    school_id        uuid not null,
    id               uuid not null,
    campaign_id      uuid not null,
    mails            integer not null,
    notices          integer not null,
    told_today       integer not null,
    unreachable      integer not null,
    waiting          integer not null,
    reminded_by      uuid references account,
    reminded_by_name text,
    reminded_on      date not null default london_today(),
    reminded_at      timestamptz(3) not null default rowan_now(),
    primary key (school_id, id),
    foreign key (school_id, campaign_id) references agreement_campaign (school_id, id)
);
create index agreement_campaign_reminder_of_it on agreement_campaign_reminder (
    school_id, campaign_id, reminded_on);
create index agreement_campaign_by_its_day on agreement_campaign (due_on);
create index agreement_campaign_run_by_itself on agreement_campaign (made_at)
where made_by is null;

-- The exact text that was put before people, with the names filled in. One row serves all who were
-- given the same.
create table agreement_copy (
    school_id uuid not null references school,
    hash      bytea not null,
    words     text not null,
    primary key (school_id, hash),
    constraint agreement_copy_has_its_hash check (hash = sha256(convert_to(words, 'UTF8')))
);

-- A version put before somebody. Whoever must agree again is given another.
create table agreement (
    school_id      uuid not null references school,
    id             uuid not null,
    person_id      uuid not null,
    template_id    uuid not null,
    version_id     uuid not null,
    place          integer not null,
    copy_hash      bytea not null,
    issued_on      date not null default london_today(),
    due_on         date not null,
    issued_by      uuid references account default caller_account(),
    issued_by_name text,
    issued_at      timestamptz(3) not null default rowan_now(),
    campaign_id    uuid,
    salt           bytea not null default uuid_send(gen_random_uuid()),
    primary key (school_id, id),
    constraint agreement_is_issued_once_at_a_time unique (
        school_id, person_id, version_id, place),
    foreign key (school_id, person_id) references person (school_id, id),
    foreign key (school_id, template_id) references agreement_template (school_id, id),
    foreign key (school_id, copy_hash) references agreement_copy (school_id, hash),
    foreign key (school_id, campaign_id) references agreement_campaign (school_id, id),
    constraint agreement_is_issued_by_somebody_or_itself check (
        (issued_by is null) = (issued_by_name is null)
        and (issued_by is not null or campaign_id is not null))
);
create index agreement_of_a_campaign on agreement (school_id, campaign_id)
where campaign_id is not null;
create index agreement_of_no_campaign_by_its_day on agreement (due_on) where campaign_id is null;
create index agreement_of_a_person on agreement (school_id, person_id, template_id, place);

-- Who signed it, as what: the person, or of a pupil the pupil and a parent. It is evidence, and is
-- never altered (AGR-24).
create table agreement_signature (
    school_id       uuid not null references school,
    id              uuid not null,
    agreement_id    uuid not null,
    part            text not null,
    signer_id       uuid not null,
    full_name       text not null,
    job_title       text,
    class_name      text,
    attestations    text[] not null default '{}',
    signed_on       date not null default london_today(),
    how             text not null,
    kept_at         text,
    exceptions      text,
    entered_by      uuid references account default caller_account(),
    entered_by_name text,
    entered_at      timestamptz(3) not null default rowan_now(),
    salt            bytea not null default uuid_send(gen_random_uuid()),
    primary key (school_id, id),
    constraint agreement_is_signed_once_by_each unique (
        school_id, agreement_id, part, signer_id),
    foreign key (school_id, agreement_id) references agreement (school_id, id),
    foreign key (school_id, signer_id) references person (school_id, id),
    constraint agreement_part_is_known check (part in ('oneself', 'pupil', 'parent')),
    constraint agreement_signing_is_known check (
        how in ('session', 'in_person', 'paper', 'link', 'delivery')),
    constraint agreement_on_paper_is_kept_somewhere check (how <> 'paper' or kept_at is not null),
    constraint agreement_is_entered_by_somebody check (
        how = 'link' or num_nulls(entered_by, entered_by_name) = 0)
);

-- Where somebody refused to sign, or what was signed no longer holds (AGR-18).
create table agreement_end (
    school_id     uuid not null references school,
    id            uuid not null,
    act           text not null,
    reason        text not null,
    ended_on      date not null default london_today(),
    ended_by      uuid references account default caller_account(),
    ended_by_name text,
    ended_at      timestamptz(3) not null default rowan_now(),
    salt          bytea not null default uuid_send(gen_random_uuid()),
    constraint agreement_ends_once primary key (school_id, id),
    foreign key (school_id, id) references agreement (school_id, id),
    constraint agreement_end_is_known check (act in ('refused', 'withdrawn', 'revoked'))
);


-- Each version that comes into force, or did. What was withdrawn before it had been in force for a
-- day replaced nothing.
create view agreement_version_in_time with (security_invoker = true) as
select version.school_id, version.template_id, version.id, version.number,
    published.effective_on as from_on, london_day(withdrawn.decided_at) as withdrawn_on
from agreement_version as version
join agreement_decision as published
    on published.school_id = version.school_id and published.id = version.id
    and published.act = 'published'
left join agreement_decision as withdrawn
    on withdrawn.school_id = version.school_id and withdrawn.id = version.id
    and withdrawn.act = 'withdrawn'
where version.version = 1
    and coalesce(london_day(withdrawn.decided_at) > published.effective_on, true);

-- The versions, as they stand.
create view agreement_version_shown with (security_invoker = true) as
select
    version.id,
    version.school_id,
    version.template_id,
    template.name as template,
    version.number,
    case
        when withdrawn.id is not null then 'withdrawn'
        when published.id is null and approved.id is null then 'draft'
        when published.id is null then 'approved'
        when exists (
            select from agreement_version_in_time as next
            where next.school_id = version.school_id and next.template_id = version.template_id
                and next.number > version.number and next.from_on <= london_today()
        ) then 'superseded'
        else 'published'
    end as state,
    version.content as _content,
    version.version as _version,
    version.written_by_name as written_by,
    version.written_at,
    approved.decided_by_name as approved_by,
    approved.decided_at as approved_at,
    published.effective_on,
    published.paper_from_on,
    published.decided_by_name as published_by,
    published.decided_at as published_at,
    withdrawn.reason as withdrawn_because,
    withdrawn.decided_by_name as withdrawn_by,
    withdrawn.decided_at as withdrawn_at,
    '"' || version.version || case
        when withdrawn.id is not null then '-withdrawn'
        when published.id is not null then '-published'
        when approved.id is not null then '-approved'
        else ''
    end || '"' as etag
from agreement_version as version
join agreement_template as template
    on template.school_id = version.school_id and template.id = version.template_id
left join agreement_decision as approved
    on approved.school_id = version.school_id and approved.id = version.id
    and approved.act = 'approved'
left join agreement_decision as published
    on published.school_id = version.school_id and published.id = version.id
    and published.act = 'published'
left join agreement_decision as withdrawn
    on withdrawn.school_id = version.school_id and withdrawn.id = version.id
    and withdrawn.act = 'withdrawn'
where not exists (
    select from agreement_version as later
    where later.school_id = version.school_id and later.id = version.id
        and later.version = version.version + 1);

-- The templates, each with its version in force and to whom it is put.
create view agreement_template_shown with (security_invoker = true) as
with latest as (
    select distinct on (version.school_id, version.template_id) version.*
    from agreement_version_shown as version
    join agreement_version_in_time as in_time
        on in_time.school_id = version.school_id and in_time.id = version.id
    where in_time.from_on <= london_today()
    order by version.school_id, version.template_id, version.number desc
), draft as (
    select distinct on (version.school_id, version.template_id) version.*
    from agreement_version_shown as version
    where version.state in ('draft', 'approved')
    order by version.school_id, version.template_id, version.number desc
), audience as (
    select distinct on (audience.school_id, audience.id) audience.*
    from agreement_audience as audience
    order by audience.school_id, audience.id, audience.version desc
)
select
    template.id,
    template.school_id,
    template.name,
    in_force.id as version_id,
    in_force.number,
    in_force._content ->> 'title' as title,
    in_force.effective_on,
    draft.id as draft_id,
    coalesce(audience.entries, '[]') as audience,
    audience.from_on as audience_from_on,
    '"' || coalesce(audience.version, 0) || '"' as etag,
    coalesce(audience.version, 0) as _version
from agreement_template as template
left join latest as in_force
    on in_force.school_id = template.school_id and in_force.template_id = template.id
    and in_force.state = 'published'
left join draft on draft.school_id = template.school_id and draft.template_id = template.id
left join audience on audience.school_id = template.school_id and audience.id = template.id;


-- Who owes what.

-- On which 1 September a pupil of a year group enters another, or did, going up by one each
-- year.
create function year_entered_on(year text, from_year text, on_day date) returns date
language sql immutable parallel safe
return make_date(
    academic_year_begins(on_day) + place_of_year(year) - place_of_year(from_year), 9, 1);

-- From which day on what was signed no longer holds; null while it goes on, and while nothing was.
-- What was signed before somebody came counts from the day they came (AGR-11).
create function agreement_runs_out_on(
    renewal jsonb, signed_on date, joined_on date, year_group text, on_day date
) returns date
language plpgsql stable parallel safe as $$
declare
    counts_from constant date := greatest(signed_on, joined_on);
    runs_out_on date;
begin
    if signed_on is null then
        return null;
    end if;
    runs_out_on := least(
        counts_from + make_interval(months => (renewal ->> 'after_months')::integer),
        case when (renewal ->> 'each_school_year')::boolean then
            make_date(academic_year_begins(counts_from) + 1, 9, 1)
        end);
    if renewal ? 'on_entering' then
        runs_out_on := least(runs_out_on, (
            select min(entering.day)
            from jsonb_array_elements_text(renewal -> 'on_entering') as listed (year)
            cross join lateral year_entered_on(listed.year, year_group, on_day) as entering (day)
            where entering.day > counts_from));
    end if;
    return runs_out_on;
end $$;

-- On which 1 September the pupils of a year group came into the phases to which something is put,
-- out of one to which it is not; null where there is none before.
create function phases_entered_on(phases jsonb, year_group text, on_day date) returns date
language plpgsql stable parallel safe as $$
begin
    return (
        select year_entered_on(below.year, year_group, on_day) + interval '1 year'
        from unnest(years_in_order()) with ordinality as below (year, place)
        where below.place < place_of_year(year_group) and not phases ? phase_of(below.year)
        order by below.place desc
        limit 1);
end $$;

-- On which day all who must sign had signed; null until then. `alone_on`: when a parent signed whose
-- signature sufficed without the pupil's.
create function agreement_complete_on(
    signers text, alone_on date, self_on date, pupil_on date, parent_on date
) returns date
language sql immutable parallel safe
return case
    when signers = 'pupil_and_parent' then
        least(alone_on, case when pupil_on is not null and parent_on is not null then
            greatest(pupil_on, parent_on)
        end)
    when signers = 'parent' then parent_on
    when signers = 'pupil' then pupil_on
    else self_on
end;

-- In which year a pupil was on a day, as far as it is known.
create function year_group_on(of_school uuid, of_person uuid, of_day date) returns text
language plpgsql stable as $$
declare
    before record;
begin
    select version.year_group into before
    from person_version as version
    where version.school_id = of_school and version.person_id = of_person
        and london_day(version.until_at) > of_day
    order by version.version
    limit 1;
    if found then
        return before.year_group;
    end if;
    return (
        select person.year_group from person
        where person.school_id = of_school and person.id = of_person);
end $$;

-- On which of some days a parent's signature sufficed first for a pupil: by the phase in which they
-- were on that day, and by what the school had set for it. So nothing that was whole falls apart
-- when they go up, or when the school sets something else.
create function parent_signed_alone_on(of_school uuid, of_person uuid, of_days date[]) returns date
language plpgsql stable as $$
begin
    return (
        select min(signed.day)
        from unnest(of_days) as signed (day)
        where phase_of(year_group_on(of_school, of_person, signed.day))
            = any (phases_for_parents_alone(of_school, signed.day)));
end $$;

-- What is put to a school's people on a day, and since when: one row for each person and template
-- (AGR-02). Whoever joins within a year is told before they come, from the day they come (T-14). To
-- a pupil who went up into the phase it was put then, and not before (T-15).
create function agreements_put(of_school uuid, of_people uuid[], on_day date)
returns table (
    person_id uuid, joined_on date, year_group text, template_id uuid, version_id uuid,
    rules jsonb, from_on date, went_up_on date
)
language plpgsql stable as $$
declare
    named uuid[] := of_people;
begin
    -- So a plan that is kept finds them by their ids.
    if named is null then
        named := array(select person.id from person where person.school_id = of_school);
    end if;
    return query
    with audience as (
        select distinct on (audience.id) audience.id, audience.entries, audience.from_on
        from agreement_audience as audience
        where audience.school_id = of_school and audience.from_on <= on_day
        order by audience.id, audience.version desc
    ), meant as materialized (
        select audience.id, audience.from_on, entry ->> 'kind' as kind, year.name as year_group,
            entry -> 'phases' as phases,
            phases_entered_on(entry -> 'phases', year.name, on_day) as went_up_on
        from audience
        cross join jsonb_array_elements(audience.entries) as entry
        left join unnest(years_in_order()) as year (name)
            on entry -> 'phases' ? phase_of(year.name)
        where year.name is not null or entry -> 'phases' is null
    ), latest as (
        select distinct on (version.template_id) version.*
        from agreement_version_in_time as version
        where version.school_id = of_school and version.from_on <= on_day
        order by version.template_id, version.number desc
    ), in_force as materialized (
        select latest.template_id, latest.id, latest.from_on, (
                select text.content - array['headings', 'variants', 'attestations']
                from agreement_version as text
                where text.school_id = of_school and text.id = latest.id
                order by text.version desc
                limit 1
            ) as rules
        from latest
        where latest.withdrawn_on is null or latest.withdrawn_on > on_day
    )
    select person.id, person.joined_on, was.year_group, in_force.template_id, in_force.id,
        in_force.rules,
        -- Of whom no day is told on which they joined, from the day the register has known them.
        greatest(
            in_force.from_on, meant.from_on,
            coalesce(person.joined_on, least(on_day, london_day(person.created_at))),
            meant.went_up_on, came.came_on),
        case when greatest(meant.went_up_on, came.came_on)
                > greatest(in_force.from_on, meant.from_on, person.joined_on)
            and meant.year_group is not null
        then greatest(meant.went_up_on, came.came_on) end
    from person
    -- On a day that is over they are what they were then.
    left join lateral (
        select version.kind, version.year_group
        from person_version as version
        where on_day < london_today() and version.school_id = of_school
            and version.person_id = person.id and london_day(version.until_at) > on_day
        order by version.version
        limit 1
    ) as before on true
    cross join lateral (
        select coalesce(before.kind, person.kind),
            case when before.kind is null then person.year_group else before.year_group end
    ) as was (kind, year_group)
    join meant on meant.kind = was.kind
        and (meant.year_group is null or meant.year_group = was.year_group)
    join in_force on in_force.template_id = meant.id
    -- When they were last told to be of another kind or phase, to which it is not put.
    left join lateral (
        select max(london_day(version.until_at)) as came_on
        from person_version as version
        where version.school_id = of_school and version.person_id = person.id
            and london_day(version.until_at) <= on_day
            and (version.kind <> was.kind
                or meant.phases is not null
                    and not meant.phases ? coalesce(phase_of(version.year_group), ''))
    ) as came on true
    where person.school_id = of_school
        and person.id = any (named)
        and (person.joined_on is null or person.joined_on <= on_day + 366)
        and (person.left_on is null or person.left_on >= on_day);
end $$;

create type agreement_held as (
    person_id uuid, template_id uuid, version_id uuid, rules jsonb, from_on date,
    went_up_on date, agreement_id uuid, state text, is_of_version_in_force boolean,
    signed_on date, runs_out_on date, due_on date, until date, is_newest boolean,
    is_longest boolean, is_broken boolean
);

-- What is put to them with all that was ever issued to them of it (no agreement where nothing was),
-- how each stands on that day, and until when it would hold: also an older version in its grace
-- (24.3). What was signed before it was refused, withdrawn or revoked counts no more.
create function agreements_held(of_school uuid, of_people uuid[], on_day date)
returns setof agreement_held
language plpgsql stable as $$
declare
    grace constant integer := (setting_on(of_school, 'agreement_grace_days', on_day)).value;
begin
    return query
    with version as materialized (
        select version.id, version.template_id, version.number, version.from_on
        from agreement_version_in_time as version
        where version.school_id = of_school and version.from_on <= on_day
    ), followed as materialized (
        select version.id, version.number, min(next.from_on) as superseded_on
        from version
        left join version as next
            on next.template_id = version.template_id and next.number > version.number
        group by version.id, version.number
    ), issued as materialized (
        select put.*, agreement.id as agreement_id, agreement.version_id as issued_version,
            agreement.issued_at, agreement.place, agreement.due_on, ended.act as ended,
            signed.self_on, signed.pupil_on, signed.parent_days
        from agreements_put(of_school, of_people, on_day) as put
        left join agreement on agreement.school_id = of_school
            and agreement.person_id = put.person_id and agreement.template_id = put.template_id
            and (
                agreement.issued_on <= on_day
                -- What came back on paper was put before them when they signed it, at the latest.
                or exists (
                    select from agreement_signature as paper
                    where paper.school_id = of_school and paper.agreement_id = agreement.id
                        and paper.how = 'paper' and paper.signed_on <= on_day))
        left join agreement_end as ended on ended.school_id = of_school
            and ended.id = agreement.id and ended.ended_on <= on_day
        left join lateral (
            select
                min(signature.signed_on) filter (where part = 'oneself') as self_on,
                min(signature.signed_on) filter (where part = 'pupil') as pupil_on,
                array_agg(signature.signed_on order by signature.signed_on)
                    filter (where part = 'parent') as parent_days
            from agreement_signature as signature
            where signature.school_id = of_school and signature.agreement_id = agreement.id
                and signature.signed_on <= on_day
        ) as signed on true
    ), older as materialized (
        -- What was signed of another version is judged by the rules that stood in it.
        select named.id, (
                select text.content - array['headings', 'variants', 'attestations']
                from agreement_version as text
                where text.school_id = of_school and text.id = named.id
                order by text.version desc
                limit 1
            ) as rules
        from (
            select distinct issued.issued_version as id from issued
            where issued.issued_version <> issued.version_id
        ) as named
    ), judged as materialized (
        select issued.*, coalesce(older.rules, issued.rules) as own_rules,
            num_nonnulls(issued.self_on, issued.pupil_on, issued.parent_days) > 0 as is_begun
        from issued left join older on older.id = issued.issued_version
    ), by_parents as materialized (
        select judged.agreement_id, judged.person_id, signed.day
        from judged cross join lateral unnest(judged.parent_days) as signed (day)
        where judged.own_rules ->> 'signers' = 'pupil_and_parent'
    ), set_on as materialized (
        select signed.day, phases_for_parents_alone(of_school, signed.day) as phases
        from (select distinct by_parents.day from by_parents) as signed
    ), alone as materialized (
        -- As parent_signed_alone_on has it, but each day's setting is looked up once for all.
        select by_parents.agreement_id, min(by_parents.day) as alone_on
        from by_parents join set_on on set_on.day = by_parents.day
        where set_on.phases <> '{}' and phase_of(
                year_group_on(of_school, by_parents.person_id, by_parents.day)
            ) = any (set_on.phases)
        group by by_parents.agreement_id
    ), complete as (
        select judged.*,
            agreement_complete_on(
                judged.own_rules ->> 'signers', alone.alone_on, judged.self_on, judged.pupil_on,
                judged.parent_days[1]) as signed_on
        from judged left join alone on alone.agreement_id = judged.agreement_id
    ), dated as (
        select complete.*,
            agreement_runs_out_on(
                complete.own_rules -> 'renewal', complete.signed_on, complete.joined_on,
                complete.year_group, on_day) as runs_out_on,
            -- One that was taken back at once never was.
            followed.id is not null as was_in_force, followed.superseded_on,
            row_number() over (
                partition by complete.person_id, complete.template_id
                order by complete.issued_at, followed.number, complete.place) as turn
        from complete left join followed on followed.id = complete.issued_version
    ), broken as (
        select dated.*,
            max(dated.turn) over whole as last_turn,
            max(dated.turn) filter (where dated.ended is not null) over whole as broken_turn
        from dated
        window whole as (partition by dated.person_id, dated.template_id)
    ), worth as (
        select broken.*,
            case
                when broken.rules ->> 'form' = 'information' then 'infinity'
                when broken.signed_on is not null and broken.was_in_force
                    and coalesce(broken.turn > broken.broken_turn, true)
                then coalesce(
                    least(broken.runs_out_on, broken.superseded_on + grace) - 1, 'infinity')
            end as until
        from broken
    )
    select worth.person_id, worth.template_id, worth.version_id, worth.rules, worth.from_on,
        worth.went_up_on, worth.agreement_id,
        case
            when worth.agreement_id is null then 'owed'
            when worth.ended is not null then worth.ended
            when worth.was_in_force
                and worth.runs_out_on <= least(on_day, worth.superseded_on) then 'expired'
            when worth.issued_version <> worth.version_id then 'superseded'
            when worth.rules ->> 'form' = 'information' then 'issued'
            when worth.signed_on is not null then 'signed'
            when worth.is_begun then 'part_signed'
            else 'issued'
        end,
        coalesce(worth.issued_version = worth.version_id, false), worth.signed_on,
        worth.runs_out_on, worth.due_on, worth.until,
        worth.turn = worth.last_turn,
        row_number() over (
            partition by worth.person_id, worth.template_id
            order by worth.until desc nulls last, worth.turn desc) = 1,
        worth.broken_turn is not null
    from worth;
end $$;

-- The same of many, planned at each call: a plan kept from when the tables were empty took seconds
-- once they had filled. To plan it takes longer than to ask it of one.
create function agreements_held_by_many(of_school uuid, of_people uuid[], on_day date)
returns setof agreement_held
language plpgsql stable set plan_cache_mode = force_custom_plan as $$
begin
    return query select * from agreements_held(of_school, of_people, on_day);
end $$;

-- Whether a pupil who went up had agreed to something that is put to them no more: that holds
-- through the grace of what is put to them now (24.3).
create function agreed_before_going_up(
    of_school uuid, of_person uuid, went_up_on date, put_now uuid[]
) returns boolean
language plpgsql stable as $$
begin
    return exists (
        select from agreement
        join person on person.school_id = of_school and person.id = agreement.person_id
        join agreement_version_shown as version
            on version.school_id = of_school and version.id = agreement.version_id
        join agreement_signature as signature
            on signature.school_id = of_school and signature.agreement_id = agreement.id
            and signature.signed_on < went_up_on
        where agreement.school_id = of_school and agreement.person_id = of_person
            and agreement.template_id <> all (put_now)
            and not exists (
                select from agreement_end as ended
                where ended.school_id = of_school and ended.id = agreement.id)
        group by agreement.id, version._content, person.joined_on, person.year_group
        having coalesce(
            agreement_runs_out_on(
                version._content -> 'renewal', min(signature.signed_on), person.joined_on,
                person.year_group, went_up_on) >= went_up_on, true)
            and (version._content ->> 'signers' is distinct from 'pupil_and_parent'
                or count(distinct signature.part) = 2
                or parent_signed_alone_on(
                    of_school, of_person,
                    array_agg(signature.signed_on) filter (where signature.part = 'parent'))
                    is not null));
end $$;

-- In which phases a parent's signature suffices: up to the one that the school has set.
create function phases_for_parents_alone(of_school uuid, on_day date) returns text[]
language plpgsql stable as $$
declare
    youngest constant text[] := array['nobody', 'eyfs', 'key_stage_1', 'key_stage_2'];
begin
    return youngest[2:array_position(
        youngest, (setting_on(of_school, 'parents_sign_alone', on_day)).value #>> '{}')];
end $$;

-- Which templates each asserts were signed too, itself or through another, given what the rules of
-- each need. Of most that is nothing, which is soon seen.
create function agreements_asserted(of_templates jsonb)
returns table (template_id uuid, needs text)
language plpgsql immutable rows 10 as $$
begin
    if of_templates is null then
        return;
    end if;
    return query
    with recursive asserted as materialized (
        select one.template, needed.template as needs
        from jsonb_each(of_templates) as one (template, needs)
        cross join jsonb_array_elements_text(one.needs) as needed (template)
    ), reached as (
        select asserted.template, asserted.needs from asserted
        union
        select reached.template, asserted.needs
        from reached join asserted on asserted.template = reached.needs
    )
    select reached.template::uuid, reached.needs from reached;
end $$;

-- The same, with what follows for all that is put to them: `is_current` says whether anything holds
-- on that day, `rests_on` by which agreement, `current_until` the last day on which it will, as far
-- as is known.
create function agreements_of(of_school uuid, of_people uuid[], on_day date)
returns table (
    person_id uuid, template_id uuid, version_id uuid, rules jsonb, agreement_id uuid,
    state text, since date, due_on date, is_current boolean, current_until date,
    signed_on date, rests_on uuid, until date, is_newest boolean,
    is_of_version_in_force boolean, went_up_on date
)
language plpgsql stable as $$
declare
    grace constant integer := (setting_on(of_school, 'agreement_grace_days', on_day)).value;
    are_few constant boolean := coalesce(cardinality(of_people) <= 10, false);
begin
    return query
    with held as materialized (
        select * from agreements_held(of_school, of_people, on_day) where are_few
        union all
        select * from agreements_held_by_many(of_school, of_people, on_day) where not are_few
    ), rested as (
        select held.person_id, held.template_id,
            case when held.until >= on_day then held.agreement_id end as rests_on,
            case
                when held.until >= on_day then held.until
                when coalesce(held.went_up_on + grace > on_day, false) and not held.is_broken
                    and agreed_before_going_up(
                        of_school, held.person_id, held.went_up_on, array(
                            select other.template_id from held as other
                            where other.person_id = held.person_id))
                then held.went_up_on + grace - 1
                else held.until
            end as until
        from held
        where held.is_longest
    ), waiting as (
        -- What it asserts was signed too must hold, where it is put to them (AGR-14).
        select distinct rested.person_id, needed.template_id
        from agreements_asserted((
            select jsonb_object_agg(held.template_id, held.rules -> 'needs') from held
            where held.rules ? 'needs'
        )) as needed
        join rested on rested.template_id::text = needed.needs
        where coalesce(rested.until < on_day, true)
    ), standing as (
        select held.*, rested.rests_on, rested.until as holds_until,
            waiting.person_id is not null as is_waiting,
            greatest(
                held.from_on, case when held.runs_out_on <= on_day then held.runs_out_on end)
                as owed_since
        from held
        join rested using (person_id, template_id)
        left join waiting using (person_id, template_id)
    )
    select standing.person_id, standing.template_id, standing.version_id, standing.rules,
        standing.agreement_id,
        case
            when standing.state = 'signed' and standing.is_waiting then 'part_signed'
            else standing.state
        end,
        standing.owed_since,
        case
            when standing.is_of_version_in_force
                and coalesce(standing.runs_out_on > on_day, true) then standing.due_on
            else standing.owed_since + coalesce((standing.rules ->> 'due_days')::integer, 0)
        end,
        coalesce(standing.holds_until >= on_day, false) and not standing.is_waiting,
        nullif(standing.holds_until, 'infinity'), standing.signed_on, standing.rests_on,
        nullif(standing.until, 'infinity'), standing.is_newest, standing.is_of_version_in_force,
        standing.went_up_on
    from standing;
end $$;

-- The agreements of a school's people on a day: one row for each person and each template that is
-- put to them, whether or not anything was signed, with the newest that was issued of the version
-- in force.
create function agreements_on(of_school uuid, of_people uuid[], on_day date)
returns table (
    school_id uuid, person_id uuid, template_id uuid, version_id uuid, rules jsonb,
    agreement_id uuid, state text, since date, due_on date, is_current boolean,
    current_until date, signed_on date, went_up_on date
)
language plpgsql stable as $$
begin
    return query
    select of_school, held.person_id, held.template_id, held.version_id, held.rules,
        case when held.is_of_version_in_force then held.agreement_id end, held.state, held.since,
        held.due_on, held.is_current, held.current_until, held.signed_on, held.went_up_on
    from agreements_of(of_school, of_people, on_day) as held
    where held.is_newest;
end $$;

-- By what somebody who is named in an incident was bound on its day, of the rules that are asked for
-- (AGR-25): by the version to which they had agreed, where that held; else by the one in force. How
-- it stood for them then, and the clauses of that version. For those who are in charge of the
-- incident, who need not be those who may read who agreed to what.
create function bound_in_incident(
    of_school uuid, of_incident uuid, of_person uuid, of_template uuid
) returns table (
    template text, version_id uuid, number integer, agreement_id uuid, sha256 text, clauses jsonb,
    breached_on date, state text, was_current boolean, signed_on date
)
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
    on_day constant date := (
        select kept.logged_on from incident as kept
        where kept.school_id = of_school and kept.id = of_incident
            and is_open_to_caller(kept) and caller_decides(kept)
            and exists (
                select from person_involved as involved
                where involved.school_id = of_school and involved._incident_id = of_incident
                    and involved.person_id = of_person));
begin
    if on_day is null then
        return;
    end if;
    return query
    with held as materialized (
        select * from agreements_of(of_school, array[of_person], on_day) as put
        where put.template_id = of_template
    ), bound as (
        select coalesce(resting.agreement_id, case
                when newest.is_of_version_in_force then newest.agreement_id
            end) as agreement_id,
            newest.version_id, coalesce(resting.state, newest.state) as state,
            newest.is_current,
            case when resting.agreement_id is not null or newest.is_of_version_in_force
                then coalesce(resting.signed_on, newest.signed_on) end as signed_on
        from held as newest
        left join held as resting
            on newest.is_current and resting.agreement_id = newest.rests_on
        where newest.is_newest
    )
    select version.template, version.id, version.number, bound.agreement_id,
        encode(agreement.copy_hash, 'hex'), (
            select jsonb_agg(
                jsonb_build_object('code', clause.said ->> 'code', 'words', clause.said ->> 'words')
                order by heading.place, clause.place)
            from jsonb_array_elements(version._content -> 'headings') with ordinality
                as heading (said, place)
            cross join jsonb_array_elements(heading.said -> 'clauses') with ordinality
                as clause (said, place)
        ), on_day, bound.state, bound.is_current, bound.signed_on
    from bound
    left join agreement
        on agreement.school_id = of_school and agreement.id = bound.agreement_id
    join agreement_version_shown as version on version.school_id = of_school
        and version.id = coalesce(agreement.version_id, bound.version_id);
end $$;

alter table agreement_breach
    add foreign key (school_id, template_id) references agreement_template (school_id, id),
    add foreign key (school_id, agreement_id) references agreement (school_id, id);

-- Whether that is still to be signed by the person: not what was only told or delivered to them, nor
-- where their own part is done and another's is awaited.
create function is_still_to_sign(
    of_school uuid, of_person uuid, of_agreement uuid, state text, rules jsonb
) returns boolean
language sql stable
return state in ('owed', 'issued', 'part_signed', 'expired', 'superseded')
    and rules ->> 'form' in ('signature', 'agreement')
    and not (state = 'part_signed' and exists (
        select from agreement_signature as signature
        where signature.school_id = of_school and signature.agreement_id = of_agreement
            and signature.signer_id = of_person));

-- The text of a version as it is put before somebody: in a variant where one is asked for, and with
-- the names filled in that stand for it today (AGR-04, AGR-05). A post that nobody holds is called
-- by its name.
create function agreement_words(
    of_school uuid, of_version uuid, of_person uuid, in_variant text
) returns text
language plpgsql stable as $$
declare
    content constant jsonb := (
        select version._content from agreement_version_shown as version
        where version.school_id = of_school and version.id = of_version);
    variant constant jsonb := (
        select one from jsonb_array_elements(content -> 'variants') as one
        where one ->> 'code' = in_variant);
    words text := concat_ws(
        e'\n\n', content ->> 'title', (
            select string_agg(
                concat_ws(e'\n', heading ->> 'words', (
                    select string_agg(
                        concat_ws(
                            ' ', said.number || '.', said.clause ->> 'symbol',
                            said.clause ->> 'words'),
                        e'\n' order by said.number)
                    from (
                        select clause.number, coalesce((
                                select other
                                from jsonb_array_elements(variant -> 'clauses') as other
                                where other ->> 'code' = clause.said ->> 'code'
                            ), clause.said) as clause
                        from jsonb_array_elements(heading -> 'clauses') with ordinality
                            as clause (said, number)
                    ) as said)),
                e'\n\n' order by place)
            from jsonb_array_elements(content -> 'headings') with ordinality
                as headings (heading, place)
        ), (
            select string_agg(
                concat_ws(
                    ' ', '-', attestation ->> 'words', '(' || (attestation ->> 'by') || ')'),
                e'\n' order by place)
            from jsonb_array_elements(content -> 'attestations') with ordinality
                as attestations (attestation, place)
        ), 'It forms part of ' || (content ->> 'part_of') || '.',
        'It supports: ' || (content ->> 'policy'));
    filled record;
begin
    for filled in
        select placeholder, coalesce(value, usual) as value
        from (
            select 'school', school.name, 'the school' from school where school.id = of_school
            union all
            select 'person', person.given_name || ' ' || person.family_name, 'the signer'
            from person where person.school_id = of_school and person.id = of_person
            union all
            select 'class', person.class_name, 'the class'
            from person where person.school_id = of_school and person.id = of_person
            union all
            select 'contact', string_agg(distinct post.who, ', ' order by post.who),
                'the school office'
            from post
            where post.school_id = of_school
                and setting_now(of_school, 'agreement_contact') ? post.role
            union all
            select asked.placeholder, string_agg(post.who, ', ' order by post.who), asked.usual
            from (
                values ('headteacher', 'headteacher', 'the headteacher'),
                    ('dsl', 'dsl', 'the designated safeguarding lead'),
                    ('coordinator', 'online_safety_coordinator', 'the online safety coordinator')
            ) as asked (placeholder, role, usual)
            left join post on post.school_id = of_school and post.role = asked.role
            group by asked.placeholder, asked.usual
        ) as known (placeholder, value, usual)
    loop
        words := replace(words, '{{' || filled.placeholder || '}}', filled.value);
    end loop;
    return words;
end $$;

-- Whether a person of a school is the caller.
create function caller_is(of_school uuid, of_person uuid) returns boolean
language plpgsql stable as $$
begin
    return exists (
        select from person
        where person.school_id = of_school and person.id = of_person
            and person.account_id = caller_account());
end $$;

-- What was put before people, and what became of each.
create view agreement_kept with (security_invoker = true) as
select
    agreement.id,
    agreement.school_id,
    agreement.person_id,
    person.given_name || ' ' || person.family_name as who,
    agreement.template_id,
    version.template,
    agreement.version_id,
    version.number,
    -- As it was put before them, with the names filled in: the first of its words.
    split_part(copy.words, e'\n\n', 1) as title,
    version._content ->> 'form' as form,
    agreement.issued_on,
    agreement.issued_by_name as issued_by,
    agreement.due_on,
    (
        select coalesce(jsonb_agg(
            jsonb_strip_nulls(jsonb_build_object(
                'id', signature.id, 'part', signature.part, 'signer_id', signature.signer_id,
                'full_name', signature.full_name, 'job_title', signature.job_title,
                'class_name', signature.class_name, 'attestations', signature.attestations,
                'signed_on', signature.signed_on, 'how', signature.how,
                'kept_at', signature.kept_at, 'exceptions', signature.exceptions,
                'entered_by', signature.entered_by_name,
                'entered_at', instant(signature.entered_at)))
            order by signature.entered_at, signature.id), '[]')
        from agreement_signature as signature
        where signature.school_id = agreement.school_id
            and signature.agreement_id = agreement.id
    ) as signatures,
    -- Why it was revoked is between those who may and whoever it is about.
    case when ended.act <> 'revoked'
            or caller_holds(agreement.school_id, array['dsl', 'deputy_dsl', 'headteacher'])
            or caller_is(agreement.school_id, agreement.person_id)
        then ended.reason end as ended_because,
    ended.ended_by_name as ended_by,
    ended.ended_at,
    agreement.copy_hash as _copy_hash,
    version._content,
    agreement.place as _place,
    ended.act as _ended,
    -- Of what is put to them no more.
    case
        when person.left_on < london_today() or version.state = 'withdrawn' then 'ended'
        else 'superseded'
    end as _else
from agreement
join person on person.school_id = agreement.school_id and person.id = agreement.person_id
join agreement_version_shown as version
    on version.school_id = agreement.school_id and version.id = agreement.version_id
join agreement_copy as copy
    on copy.school_id = agreement.school_id and copy.hash = agreement.copy_hash
left join agreement_end as ended
    on ended.school_id = agreement.school_id and ended.id = agreement.id;

-- With where it stands today.
create view agreement_shown with (security_invoker = true) as
select kept.*,
    coalesce(kept._ended, held.state, kept._else) as state,
    held.until as current_until,
    coalesce(held.is_current and held.rests_on = kept.id, false) as is_current
from agreement_kept as kept
left join lateral agreements_of(
    kept.school_id, array[kept.person_id], london_today()) as held
    on held.agreement_id = kept.id;

-- The same of some people, worked out once for all that was ever put before them.
create function agreements_shown_of(of_school uuid, of_people uuid[]) returns setof agreement_shown
language plpgsql stable as $$
begin
    return query
    with held as materialized (
        select * from agreements_of(of_school, of_people, london_today())
    )
    select kept.*, coalesce(kept._ended, held.state, kept._else), held.until,
        coalesce(held.is_current and held.rests_on = kept.id, false)
    from agreement_kept as kept
    left join held on held.agreement_id = kept.id
    where kept.school_id = of_school and kept.person_id = any (of_people);
end $$;

-- How far each campaign has come.
create view agreement_campaign_shown with (security_invoker = true) as
select
    campaign.id,
    campaign.school_id,
    campaign.template_id,
    template.name as template,
    campaign.version_id,
    campaign.name,
    campaign.due_on,
    campaign.kinds,
    campaign.year_groups,
    campaign.class_names,
    count(agreement.id)::integer as issued,
    (count(*) filter (where standing.is_current))::integer as current,
    (count(*) filter (
        where standing.state in ('issued', 'part_signed')
            and standing.rules ->> 'form' <> 'information'))::integer as outstanding,
    (count(*) filter (
        where standing.state in ('issued', 'part_signed')
            and standing.rules ->> 'form' <> 'information'
            and campaign.due_on < london_today()))::integer as overdue,
    campaign.made_by_name as made_by,
    campaign.made_at,
    (
        select max(reminder.reminded_at) from agreement_campaign_reminder as reminder
        where reminder.school_id = campaign.school_id and reminder.campaign_id = campaign.id
    ) as reminded_at
from agreement_campaign as campaign
join agreement_template as template
    on template.school_id = campaign.school_id and template.id = campaign.template_id
left join agreement
    on agreement.school_id = campaign.school_id and agreement.campaign_id = campaign.id
left join lateral agreements_on(campaign.school_id, array(
        select of_it.person_id from agreement as of_it
        where of_it.school_id = campaign.school_id and of_it.campaign_id = campaign.id
    ), london_today()) as standing on standing.agreement_id = agreement.id
group by campaign.school_id, campaign.id, template.name;

-- Puts the version in force before all of a group who owe it by the day on which it is due, each
-- with the names filled in; how many they are. What is the same for all is filled in once. With
-- whose agreement was revoked the head or a DSL speaks first. `of_people`: only before these.
create function issue_to_group(
    of_school uuid, of_campaign uuid, of_template uuid, of_people uuid[], in_kinds text[],
    in_years text[], in_classes text[], due date, by_name text
) returns integer
language plpgsql as $$
declare
    issued integer;
begin
    with owing as materialized (
        select standing.person_id, standing.version_id
        from agreements_on(of_school, of_people, london_today()) as standing
        join person on person.school_id = of_school and person.id = standing.person_id
        where standing.template_id = of_template
            and standing.state not in ('issued', 'part_signed', 'signed', 'revoked')
            and standing.since <= due
            and (in_kinds is null or person.kind = any (in_kinds))
            and (in_years is null or person.year_group = any (in_years))
            and (in_classes is null or person.class_name = any (in_classes))
    ), said as materialized (
        select version.id, version._content::text ~ '\{\{(person|class)\}\}' as is_personal,
            agreement_words(of_school, version.id, null, null) as words
        from agreement_version_shown as version
        where version.school_id = of_school
            and version.id = (select owing.version_id from owing limit 1)
    ), put as materialized (
        select owing.person_id, owing.version_id, case when said.is_personal
            then agreement_words(of_school, said.id, owing.person_id, null)
            else said.words end as words
        from owing cross join said
    ), copied as (
        insert into agreement_copy (school_id, hash, words)
        select distinct of_school, sha256(convert_to(put.words, 'UTF8')), put.words from put
        on conflict do nothing
    ), written as (
        insert into agreement (
            school_id, id, person_id, template_id, version_id, place, copy_hash, due_on,
            issued_by_name, campaign_id)
        select of_school, gen_random_uuid(), put.person_id, of_template, put.version_id, (
                select coalesce(max(before.place), 0) + 1 from agreement as before
                where before.school_id = of_school and before.person_id = put.person_id
                    and before.version_id = put.version_id
            ), sha256(convert_to(put.words, 'UTF8')), due, by_name, of_campaign
        from put
        returning *
    ), recorded as (
        insert into event (
            organisation_id, chain, deed, record_kind, record_ids, request_id, digest)
        select of_school, 'changes', 'agreement_issued', 'agreement', array[written.id], '',
            digest_of(written.salt, to_jsonb(written) - 'salt')
        from written
    )
    select count(*) into issued from written;
    return issued;
end $$;

-- Whether somebody may sign for a child: a parent or carer of theirs who may be in touch. Whoever
-- enters what was signed may ask it, though not all of them may read whose child is whose.
create function is_parent_of(of_school uuid, of_parent uuid, of_child uuid) returns boolean
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    return caller_holds(of_school, array['online_safety_coordinator', 'office']) and exists (
        select from parent_link as link
        where link.school_id = of_school and link.parent_id = of_parent
            and link.child_id = of_child and not link.no_contact
            and holds_today(link.from_on, link.until_on));
end $$;

-- What no longer says what its entry in the audit covers, or is gone.
create view agreement_unlike_its_entry with (security_invoker = true) as
select * from unlike_their_entries(array[
    'agreement_template', 'agreement_version', 'agreement_decision', 'agreement_audience',
    'agreement_campaign', 'agreement', 'agreement_signature', 'agreement_end']);


-- Walls. What is published anybody of the school may know; drafts are for those who write them, and
-- who agreed to what for those who keep it, and for oneself (section 25).

create function caller_writes_agreements(of_school uuid) returns boolean
language sql stable parallel safe
return caller_holds(
    of_school, array['online_safety_coordinator', 'dsl', 'deputy_dsl', 'headteacher']);

create function caller_reads_agreements_of(of_school uuid, of_person uuid) returns boolean
language plpgsql stable as $$
begin
    return caller_holds(
            of_school,
            array['online_safety_coordinator', 'dsl', 'deputy_dsl', 'headteacher',
                'senior_leader', 'office', 'dpo'])
        or caller_is(of_school, of_person);
end $$;

-- Whether the caller may put an agreement before somebody, or enter what was signed.
create function caller_keeps_agreements_of(of_school uuid, of_person uuid) returns boolean
language plpgsql stable as $$
begin
    return caller_holds(of_school, array['online_safety_coordinator', 'office'])
        or caller_is(of_school, of_person);
end $$;

alter table agreement_template enable row level security, force row level security;
alter table agreement_version enable row level security, force row level security;
alter table agreement_decision enable row level security, force row level security;
alter table agreement_audience enable row level security, force row level security;
alter table agreement_campaign enable row level security, force row level security;
alter table agreement_campaign_reminder
    enable row level security, force row level security;
alter table agreement_copy enable row level security, force row level security;
alter table agreement enable row level security, force row level security;
alter table agreement_signature enable row level security, force row level security;
alter table agreement_end enable row level security, force row level security;

create policy of_the_callers_schools on agreement_template for select to rowan_service using (
    (select caller_seats()) ? school_id::text
    or ((select caller_scopes()) -> 'agreements.read') ? school_id::text
);
create policy by_the_writers on agreement_template for insert to rowan_service with check (
    caller_writes_agreements(school_id) and made_by = (select caller_account())
);
create policy of_the_callers_schools on agreement_decision for select to rowan_service using (
    (select caller_seats()) ? school_id::text
    or ((select caller_scopes()) -> 'agreements.read') ? school_id::text
);
create policy by_those_who_decide on agreement_decision for insert to rowan_service with check (
    decided_by = (select caller_account())
    and caller_holds(
        school_id,
        case when act = 'published' then array['headteacher', 'online_safety_coordinator']
            else array['headteacher'] end)
);
create policy of_the_callers_schools on agreement_audience for select to rowan_service using (
    (select caller_seats()) ? school_id::text
    or ((select caller_scopes()) -> 'agreements.read') ? school_id::text
);
create policy by_the_writers on agreement_audience for insert to rowan_service with check (
    caller_writes_agreements(school_id) and set_by = (select caller_account())
);
create policy published_or_for_writers on agreement_version for select to rowan_service using (
    caller_writes_agreements(school_id)
    or exists (
        select from agreement_decision as decision
        where decision.school_id = agreement_version.school_id
            and decision.id = agreement_version.id and decision.act = 'published')
);
create policy by_the_writers on agreement_version for insert to rowan_service with check (
    caller_writes_agreements(school_id) and written_by = (select caller_account())
);

create policy of_the_readers on agreement for select to rowan_service using (
    caller_reads_agreements_of(school_id, person_id)
);
-- What was revoked, those issue anew who may revoke it.
create policy by_the_keepers on agreement for insert to rowan_service with check (
    issued_by = (select caller_account())
    and (caller_keeps_agreements_of(school_id, person_id)
        or caller_holds(school_id, array['dsl', 'deputy_dsl', 'headteacher']))
);
create policy of_the_readers on agreement_campaign for select to rowan_service using (
    caller_holds(
        school_id,
        array['online_safety_coordinator', 'dsl', 'deputy_dsl', 'headteacher', 'senior_leader',
            'office', 'dpo'])
);
create policy of_the_readers on agreement_campaign_reminder for select to rowan_service using (
    caller_holds(
        school_id,
        array['online_safety_coordinator', 'dsl', 'deputy_dsl', 'headteacher', 'senior_leader',
            'office', 'dpo'])
);
create policy by_the_keepers on agreement_campaign for insert to rowan_service with check (
    caller_holds(school_id, array['online_safety_coordinator', 'office'])
    and made_by = (select caller_account())
);
create policy of_an_agreement on agreement_copy for select to rowan_service using (
    exists (
        select from agreement
        where agreement.school_id = agreement_copy.school_id
            and agreement.copy_hash = agreement_copy.hash)
);
create policy of_the_callers_schools on agreement_copy for insert to rowan_service with check (
    (select caller_seats()) ? school_id::text
);
create policy of_the_readers on agreement_signature for select to rowan_service using (
    exists (
        select from agreement
        where agreement.school_id = agreement_signature.school_id
            and agreement.id = agreement_signature.agreement_id)
);
create policy by_the_keepers on agreement_signature for insert to rowan_service with check (
    entered_by = (select caller_account())
    and exists (
        select from agreement
        where agreement.school_id = agreement_signature.school_id
            and agreement.id = agreement_signature.agreement_id
            and caller_keeps_agreements_of(agreement.school_id, agreement.person_id))
);
create policy of_the_readers on agreement_end for select to rowan_service using (
    exists (
        select from agreement
        where agreement.school_id = agreement_end.school_id and agreement.id = agreement_end.id)
);
create policy by_the_keepers on agreement_end for insert to rowan_service with check (
    ended_by = (select caller_account())
    and exists (
        select from agreement
        where agreement.school_id = agreement_end.school_id and agreement.id = agreement_end.id
            and case when agreement_end.act = 'revoked' then
                    caller_holds(school_id, array['dsl', 'deputy_dsl', 'headteacher'])
                else caller_keeps_agreements_of(agreement.school_id, agreement.person_id) end)
);

create policy asking on agreement_template for select to rowan_owner using (true);
create policy asking on agreement_version for select to rowan_owner using (true);
create policy asking on agreement_decision for select to rowan_owner using (true);
create policy asking on agreement_audience for select to rowan_owner using (true);
create policy asking on agreement for select to rowan_owner using (true);
create policy asking on agreement_signature for select to rowan_owner using (true);
create policy asking on agreement_end for select to rowan_owner using (true);
create policy maintenance on agreement_template to rowan_maintenance using (true);
create policy maintenance on agreement_version to rowan_maintenance using (true);
create policy maintenance on agreement_decision to rowan_maintenance using (true);
create policy maintenance on agreement_audience to rowan_maintenance using (true);
create policy maintenance on agreement_campaign to rowan_maintenance using (true);
create policy asking on agreement_campaign to rowan_owner using (true);
create policy reminding on agreement_campaign_reminder to rowan_owner using (true);
create policy maintenance on agreement_campaign_reminder to rowan_maintenance using (true);
create policy maintenance on agreement_copy to rowan_maintenance using (true);
create policy maintenance on agreement to rowan_maintenance using (true);
create policy maintenance on agreement_signature to rowan_maintenance using (true);
create policy maintenance on agreement_end to rowan_maintenance using (true);

grant select, insert, update on
    agreement_template, agreement_version, agreement_decision, agreement_audience,
    agreement_campaign, agreement_campaign_reminder, agreement_copy, agreement,
    agreement_signature, agreement_end
to rowan_maintenance;
grant select on
    agreement_template, agreement_version, agreement_decision, agreement_audience,
    agreement_campaign, agreement_campaign_reminder, agreement_copy, agreement,
    agreement_signature, agreement_end, agreement_version_in_time,
    agreement_version_shown, agreement_template_shown, agreement_kept, agreement_shown,
    agreement_campaign_shown
to rowan_service;
grant insert (school_id, id, name, made_by_name) on agreement_template to rowan_service;
grant insert (school_id, id, template_id, number, version, content, written_by_name)
on agreement_version to rowan_service;
grant insert (school_id, id, act, effective_on, paper_from_on, reason, decided_by_name)
on agreement_decision to rowan_service;
grant insert (school_id, id, version, from_on, entries, set_by_name)
on agreement_audience to rowan_service;
grant insert (
    school_id, id, template_id, version_id, name, due_on, kinds, year_groups, class_names,
    made_by_name) on agreement_campaign to rowan_service;
grant insert (school_id, hash, words) on agreement_copy to rowan_service;
grant insert (
    school_id, id, person_id, template_id, version_id, place, copy_hash, due_on, issued_by_name,
    campaign_id)
on agreement to rowan_service;
grant insert (
    school_id, id, agreement_id, part, signer_id, full_name, job_title, class_name, attestations,
    signed_on, how, kept_at, exceptions, entered_by_name)
on agreement_signature to rowan_service;
grant insert (school_id, id, act, reason, ended_by_name) on agreement_end to rowan_service;
grant select on agreement_unlike_its_entry, agreement_version_in_time, agreement_version_shown
to rowan_maintenance;
grant execute on function
    agreement_runs_out_on(jsonb, date, date, text, date),
    agreement_complete_on(text, date, date, date, date),
    year_group_on(uuid, uuid, date), parent_signed_alone_on(uuid, uuid, date[]),
    phases_entered_on(jsonb, text, date), phases_for_parents_alone(uuid, date),
    year_entered_on(text, text, date), agreed_before_going_up(uuid, uuid, date, uuid[]),
    agreements_put(uuid, uuid[], date), agreements_held(uuid, uuid[], date),
    agreements_held_by_many(uuid, uuid[], date), agreements_asserted(jsonb),
    agreements_of(uuid, uuid[], date), agreements_on(uuid, uuid[], date),
    is_still_to_sign(uuid, uuid, uuid, text, jsonb),
    agreements_shown_of(uuid, uuid[]), bound_in_incident(uuid, uuid, uuid, uuid),
    agreement_words(uuid, uuid, uuid, text), is_parent_of(uuid, uuid, uuid),
    issue_to_group(uuid, uuid, uuid, uuid[], text[], text[], text[], date, text),
    caller_writes_agreements(uuid),
    caller_reads_agreements_of(uuid, uuid), caller_is(uuid, uuid),
    caller_keeps_agreements_of(uuid, uuid)
to rowan_service;
