-- Policy documents: each in versions that go through the school's own chain of approval before
-- they are in force, and are read by anybody (REV-01 to REV-04, REV-06, REV-08, REV-09, REV-20;
-- 24.5).

set local role rowan_owner;

insert into register_kind (kind, readers, writers) values
    ('policy_announcement',
        '{staff,online_safety_coordinator,dsl,deputy_dsl,headteacher,senior_leader,office,dpo,governor,link_governor,chair_of_governors,technician,school_administrator}',
        '{online_safety_coordinator,dsl,deputy_dsl,headteacher,office,school_administrator}');

-- The editions of the guidance that policies rely on; an operator adds the next. A policy that
-- relies on an earlier one than the newest relies on what is out of date (REV-06).
create table guidance_edition (
    code  text not null,
    name  text not null,
    year  integer not null,
    primary key (code, year)
);

insert into guidance_edition (code, name, year) values
    ('keeping_children_safe', 'Keeping Children Safe in Education', 2018),
    ('keeping_children_safe', 'Keeping Children Safe in Education', 2019),
    ('keeping_children_safe', 'Keeping Children Safe in Education', 2020),
    ('keeping_children_safe', 'Keeping Children Safe in Education', 2023),
    ('keeping_children_safe', 'Keeping Children Safe in Education', 2025),
    ('keeping_children_safe', 'Keeping Children Safe in Education', 2026),
    ('working_together', 'Working Together to Safeguard Children', 2018),
    ('working_together', 'Working Together to Safeguard Children', 2026),
    ('teaching_online_safety', 'Teaching Online Safety in Schools', 2024),
    ('early_years', 'Early Years Foundation Stage', 2017),
    ('nudes_advice', 'Sharing nudes and semi-nudes: advice for education settings', 2024),
    ('sexual_violence_advice', 'Sexual violence and sexual harassment between children', 2018),
    ('data_protection_act', 'Data Protection Act', 1998),
    ('data_protection_act', 'Data Protection Act', 2018);

-- A policy document, which lives on through its versions.
create table policy (
    school_id    uuid not null references school,
    id           uuid not null,
    made_by      uuid not null references account default caller_account(),
    made_by_name text not null,
    made_at      timestamptz(3) not null default rowan_now(),
    salt         bytea not null default uuid_send(gen_random_uuid()),
    primary key (school_id, id)
);

-- What it says, at each version: never altered.
create table policy_version (
    school_id       uuid not null references school,
    id              uuid not null,
    policy_id       uuid not null,
    number          integer not null,
    content         jsonb not null,
    written_by      uuid not null references account default caller_account(),
    written_by_name text not null,
    written_at      timestamptz(3) not null default rowan_now(),
    salt            bytea not null default uuid_send(gen_random_uuid()),
    primary key (school_id, id),
    foreign key (school_id, policy_id) references policy (school_id, id),
    constraint policy_version_is_written_once_at_a_time unique (school_id, policy_id, number)
);

-- A version on its way through the chain: a new one to be adopted, or one in force under review, to
-- be confirmed as it is. `steps` is the chain as it was when the way began. The latest counts.
create table policy_round (
    school_id     uuid not null references school,
    id            uuid not null,
    policy_id     uuid not null,
    version_id    uuid not null,
    number        integer not null,
    kind          text not null,
    steps         jsonb not null,
    reason        text,
    review_id     uuid,
    begun_as      text,
    begun_by      uuid not null references account default caller_account(),
    begun_by_name text not null,
    begun_at      timestamptz(3) not null default rowan_now(),
    salt          bytea not null default uuid_send(gen_random_uuid()),
    primary key (school_id, id),
    foreign key (school_id, policy_id) references policy (school_id, id),
    foreign key (school_id, version_id) references policy_version (school_id, id),
    foreign key (school_id, review_id) references review (school_id, id),
    constraint policy_round_is_begun_once_at_a_time unique (school_id, policy_id, number),
    constraint policy_round_is_known check (kind in ('adoption', 'confirmation')),
    constraint policy_is_under_review_for_a_reason check (
        kind = 'adoption' or reason is not null)
);

-- What was done on that way: a step, in its turn, or the publication. A step that is signed by
-- several posts is done once each has signed; nobody signs for two, nor takes two steps of one way,
-- whatever posts they hold.
create table policy_act (
    school_id    uuid not null references school,
    id           uuid not null,
    policy_id    uuid not null,
    round_id     uuid not null,
    place        integer not null,
    act          text not null,
    step         integer,
    on_day       date not null,
    link         text,
    words        text,
    done_as      text not null,
    done_by      uuid not null references account default caller_account(),
    done_by_name text not null,
    done_at      timestamptz(3) not null default rowan_now(),
    salt         bytea not null default uuid_send(gen_random_uuid()),
    primary key (school_id, id),
    foreign key (school_id, policy_id) references policy (school_id, id),
    foreign key (school_id, round_id) references policy_round (school_id, id),
    constraint policy_is_acted_on_once_at_a_time unique (school_id, round_id, place),
    constraint policy_act_is_known check (act in ('approved', 'published')),
    constraint policy_is_approved_by_a_step check ((act = 'approved') = (step is not null))
);
create unique index policy_is_published_once on policy_act (school_id, round_id)
    where act = 'published';
create unique index policy_is_signed_by_different_people
    on policy_act (school_id, round_id, done_by) where act = 'approved';

-- What was done with a policy before the register knew it, or beside it (REV-02).
create table policy_entry (
    school_id       uuid not null references school,
    id              uuid not null,
    policy_id       uuid not null,
    on_day          date not null,
    action          text not null,
    responsible     text not null,
    entered_by      uuid not null references account default caller_account(),
    entered_by_name text not null,
    entered_at      timestamptz(3) not null default rowan_now(),
    salt            bytea not null default uuid_send(gen_random_uuid()),
    primary key (school_id, id),
    foreign key (school_id, policy_id) references policy (school_id, id)
);

-- Who was given a version, and who acknowledged it as read and understood (REV-09).
create table policy_receipt (
    school_id       uuid not null references school,
    id              uuid not null,
    policy_id       uuid not null,
    version_id      uuid not null,
    person_id       uuid not null,
    act             text not null,
    on_day          date not null,
    entered_by      uuid not null references account default caller_account(),
    entered_by_name text not null,
    entered_at      timestamptz(3) not null default rowan_now(),
    salt            bytea not null default uuid_send(gen_random_uuid()),
    primary key (school_id, id),
    foreign key (school_id, policy_id) references policy (school_id, id),
    foreign key (school_id, version_id) references policy_version (school_id, id),
    foreign key (school_id, person_id) references person (school_id, id),
    constraint policy_is_received_once unique (school_id, version_id, person_id, act),
    constraint policy_receipt_is_known check (act in ('given', 'acknowledged'))
);
create index policy_receipt_of_a_person on policy_receipt (school_id, person_id);


-- Who reads and writes.

-- Who prepares policies; others of the school read what is in force (section 25).
create function caller_writes_policies(of_school uuid) returns boolean
language sql stable parallel safe
return caller_holds(of_school, array[
    'online_safety_coordinator', 'dsl', 'deputy_dsl', 'headteacher', 'office']);

-- Who reads them before they are in force, too.
create function caller_reads_drafts(of_school uuid) returns boolean
language sql stable parallel safe
return caller_writes_policies(of_school) or caller_holds(of_school, array[
    'senior_leader', 'dpo', 'governor', 'link_governor', 'chair_of_governors', 'technician']);

-- The schools in which they do, those in which the caller knows of everybody's receipts, and who
-- they are themselves among the people of each: for a policy to ask once for all rows.
create function schools_of_drafts() returns uuid[]
language sql stable parallel safe
return array(
    select own.id::uuid from jsonb_object_keys(caller_seats()) as own (id)
    where caller_reads_drafts(own.id::uuid));

create function schools_of_receipts() returns uuid[]
language sql stable parallel safe
return array(
    select own.id::uuid from jsonb_object_keys(caller_seats()) as own (id)
    where caller_writes_policies(own.id::uuid)
        or caller_holds(own.id::uuid, array['senior_leader', 'dpo']));

create function callers_own_persons() returns uuid[]
language sql stable parallel safe
return array(select person.id from person where person.account_id = caller_account());

-- The post in which the caller prepares them: the first of those that they hold.
create function post_that_prepares(of_school uuid) returns text
language sql stable
return (
    select post.role
    from unnest(array[
        'online_safety_coordinator', 'dsl', 'deputy_dsl', 'headteacher', 'office', 'senior_leader',
        'technician', 'link_governor', 'chair_of_governors', 'governor'
    ]) with ordinality as post (role, place)
    where caller_holds(of_school, array[post.role])
    order by post.place
    limit 1);

-- The post in which the caller publishes them and puts them under review (24.5).
create function post_that_leads(of_school uuid) returns text
language sql stable
return (
    select post.role
    from unnest(array['headteacher', 'online_safety_coordinator', 'dsl', 'deputy_dsl'])
        with ordinality as post (role, place)
    where caller_holds(of_school, array[post.role])
    order by post.place
    limit 1);

-- How a school holds its policies: by which chain they are approved, how often each is reviewed,
-- and, where it has no separate one, which policies hold online safety (REV-20). Where it has set
-- nothing: agreed by the leadership team, approved by the governors, each year (24.5).
insert into rule_kind (kind, rulers, usual) values ('policy', '{headteacher,dsl,deputy_dsl}', '{
    "months": 12, "notice_days": 28, "acknowledge_days": 14, "steps": [
        {"name": "Agreed by the leadership team", "roles": ["headteacher", "senior_leader"],
            "signatures": []},
        {"name": "Approved by the governors",
            "roles": ["chair_of_governors", "link_governor", "governor"], "signatures": []}]}');

create view policy_rule_now with (security_invoker = true) as
select rule.school_id, said.*
from rule_now as rule
cross join lateral jsonb_to_record(rule.content) as said (
    months integer, notice_days integer, acknowledge_days integer, steps jsonb, held_in jsonb,
    reporting text)
where rule.kind = 'policy';

-- How far each way through the chain has come; `completed_on` is the day of its last step.
create view policy_round_shown with (security_invoker = true) as
select
    round.*,
    way.steps_done,
    way.is_complete,
    way.completed_on,
    way.chain
from policy_round as round
cross join lateral (
    select
        count(*) filter (where step.is_done)::integer as steps_done,
        bool_and(step.is_done) as is_complete,
        case when bool_and(step.is_done) then max(step.done_on) end as completed_on,
        jsonb_agg(
            jsonb_strip_nulls(jsonb_build_object(
                'name', step.said -> 'name', 'roles', step.said -> 'roles',
                'committee', step.said -> 'committee', 'signatures', step.said -> 'signatures',
                'is_done', step.is_done, 'approvals', step.approvals))
            order by step.place) as chain
    from (
        select said.step as said, said.place,
            count(act.id) >= greatest(1, jsonb_array_length(said.step -> 'signatures')) as is_done,
            max(act.on_day) as done_on,
            jsonb_agg(
                jsonb_strip_nulls(jsonb_build_object(
                    'done_as', act.done_as, 'on', act.on_day, 'words', act.words,
                    'done_at', instant(act.done_at),
                    'done_by', case when caller_reads_names(round.school_id)
                        or act.done_by = caller_account() then act.done_by_name end))
                order by act.place) filter (where act.id is not null) as approvals
        from jsonb_array_elements(round.steps) with ordinality as said (step, place)
        left join policy_act as act
            on act.school_id = round.school_id and act.round_id = round.id
            and act.act = 'approved' and act.step = said.place
        group by said.step, said.place
    ) as step
) as way;

-- The post in which the caller can take the next step of a way: for one that is signed by several
-- posts, one of those that have not signed.
create function post_for_a_step(of_school uuid, of_round uuid) returns text
language sql stable
return (
    select post.role
    from policy_round_shown as round
    cross join lateral (
        select round.chain -> round.steps_done as said
    ) as step
    cross join lateral jsonb_array_elements_text(
        case when jsonb_array_length(step.said -> 'signatures') > 0
            then step.said -> 'signatures' else step.said -> 'roles' end
    ) with ordinality as post (role, place)
    where round.school_id = of_school and round.id = of_round and not round.is_complete
        and caller_holds(of_school, array[post.role])
        and not exists (
            select from policy_act as act
            where act.school_id = of_school and act.round_id = of_round
                and act.act = 'approved'
                and (act.step = round.steps_done + 1 and act.done_as = post.role
                    or act.done_by = caller_account()))
    order by post.place
    limit 1);

-- Whether a way has come to this step; to none, where all are taken: what the database asks again
-- before it is written that somebody took it, or published what all have approved.
create function step_is_next(of_school uuid, of_round uuid, this_step integer) returns boolean
language plpgsql stable as $$
begin
    return exists (
        select from policy_round_shown as way
        where way.school_id = of_school and way.id = of_round
            and this_step is not distinct from
                case when not way.is_complete then way.steps_done + 1 end);
end $$;

-- The guidance that a version relies on, with what is out of date of it.
create function guidance_relied_on(said jsonb) returns jsonb
language sql stable
return (
    select jsonb_agg(
        jsonb_strip_nulls(jsonb_build_object(
            'code', guidance.said -> 'code', 'year', guidance.said -> 'year',
            'name', known.name, 'newest_year', known.year,
            'is_out_of_date', coalesce((guidance.said ->> 'year')::integer < known.year, false)))
        order by guidance.place)
    from jsonb_array_elements(said) with ordinality as guidance (said, place)
    left join lateral (
        select edition.name, edition.year from guidance_edition as edition
        where edition.code = guidance.said ->> 'code'
        order by edition.year desc
        limit 1
    ) as known on true);

-- Who held posts on a day, by name, for those who may know names.
create function holders_on(of_school uuid, of_role text[], on_day date) returns text[]
language sql stable
return case when caller_reads_names(of_school) then array(
    select distinct person.given_name || ' ' || person.family_name
    from post_ever as post
    join person on person.school_id = post.school_id and person.id = post.person_id
    where post.school_id = of_school and post.role = any (of_role)
        and post.from_on <= on_day and coalesce(post.until_on >= on_day, true)
    order by 1) end;

-- Which version of each policy is in force today, and since when: what duties ask for.
create view policy_in_force with (security_invoker = true) as
select act.school_id, act.policy_id, round.id as round_id, round.version_id, version.number,
    version.content, act.on_day as from_on, act.link
from policy_act as act
join policy_round as round on round.school_id = act.school_id and round.id = act.round_id
join policy_version as version
    on version.school_id = round.school_id and version.id = round.version_id
where act.act = 'published' and act.on_day <= london_today() and not exists (
    select from policy_act as later
    join policy_round as newer on newer.school_id = later.school_id and newer.id = later.round_id
    where later.school_id = act.school_id and later.policy_id = act.policy_id
        and later.act = 'published' and later.on_day <= london_today()
        and newer.number > round.number);

-- The policies, as they stand today. One that is due or overdue for review stays in force.
create view policy_shown with (security_invoker = true) as
select
    policy.id,
    policy.school_id,
    said.content ->> 'name' as name,
    said.content ->> 'owner_role' as owner_role,
    said.content ->> 'authors' as authors,
    said.content ->> 'template' as template,
    said.content ->> 'scope' as scope,
    case
        when held.version_id is null then
            case when latest.published_on is not null then 'published'
                when latest.is_complete then 'approved'
                when latest.steps_done > 0 then 'in_approval' else 'draft' end
        when latest.kind = 'confirmation' and not latest.is_complete then 'under_review'
        when due.review_on < london_today() then 'review_overdue'
        when due.review_on - rule.notice_days <= london_today() then 'review_due'
        else 'in_force'
    end as state,
    coalesce(due.review_on < london_today(), false) as is_overdue,
    held.number as version,
    held.from_on as in_force_from,
    case when open.is_told and latest.published_on > london_today()
        then latest.published_on end as comes_in_force_on,
    held.approved_on,
    reviewed.on_day as last_reviewed_on,
    rule.months as review_months,
    due.review_on,
    held.link,
    case when held.version_id is not null then held.chain end as approved_by,
    holders_on(policy.school_id, '{headteacher}', day.on_day) as headteacher,
    holders_on(policy.school_id, '{link_governor}', day.on_day) as link_governor,
    holders_on(policy.school_id, '{dsl,deputy_dsl}', day.on_day) as dsls,
    guidance_relied_on(said.content -> 'guidance') as guidance,
    said.content -> 'linked' as linked,
    case when open.is_told then latest.kind end as way,
    case when open.is_told then latest.chain end as way_steps,
    case when open.is_told then latest.reason end as way_reason,
    case when open.is_told then latest.review_id end as way_review_id,
    case when open.is_told and latest.kind = 'adoption' then latest.version_number end
        as way_version,
    held.version_id as _version_id,
    held.content as _content,
    latest.id as _round_id,
    latest.is_complete as _is_approved,
    latest.kind as _way,
    latest.version_number as _way_version,
    open.is_open as _is_open,
    rule.notice_days as _notice_days,
    rule.acknowledge_days as _acknowledge_days
from policy
join policy_rule_now as rule on rule.school_id = policy.school_id
left join lateral (
    select round.*, version.number as version_number, version.content,
        published.on_day as published_on
    from policy_round_shown as round
    join policy_version as version
        on version.school_id = round.school_id and version.id = round.version_id
    left join policy_act as published
        on published.school_id = round.school_id and published.round_id = round.id
        and published.act = 'published'
    where round.school_id = policy.school_id and round.policy_id = policy.id
    order by round.number desc
    limit 1
) as latest on true
left join lateral (
    select version.id as version_id, version.number, version.content, act.on_day as from_on,
        act.link, round.completed_on as approved_on, round.chain
    from policy_act as act
    join policy_round_shown as round
        on round.school_id = act.school_id and round.id = act.round_id
    join policy_version as version
        on version.school_id = round.school_id and version.id = round.version_id
    where act.school_id = policy.school_id and act.policy_id = policy.id
        and act.act = 'published' and act.on_day <= london_today()
    order by round.number desc
    limit 1
) as held on true
cross join lateral (
    select coalesce(held.content, latest.content) as content
) as said
left join lateral (
    select greatest(held.from_on, max(round.completed_on)) as on_day
    from policy_round_shown as round
    where round.school_id = policy.school_id and round.policy_id = policy.id
        and round.version_id = held.version_id and round.kind = 'confirmation'
) as reviewed on true
cross join lateral (
    select (reviewed.on_day + make_interval(months => rule.months))::date as review_on
) as due
cross join lateral (
    select coalesce(held.from_on, london_today()) as on_day
) as day
cross join lateral (
    select way.is_open, way.is_open and caller_reads_drafts(policy.school_id) as is_told
    from (
        select not coalesce(latest.is_complete, true)
            or latest.kind = 'adoption' and latest.version_id is distinct from held.version_id
            as is_open
    ) as way
) as open;

-- The versions of the policies, with what became of each.
create view policy_version_shown with (security_invoker = true) as
select
    version.id,
    version.school_id,
    version.policy_id,
    version.number,
    case
        when version.id = policy._version_id then 'in_force'
        when published.on_day <= london_today() then 'superseded'
        when round.id <> policy._round_id and policy._way = 'adoption' then 'set_aside'
        when published.on_day is not null then 'published'
        when round.is_complete then 'approved'
        when round.steps_done > 0 then 'in_approval'
        else 'draft'
    end as state,
    published.on_day as in_force_from,
    version.content as text,
    case when caller_reads_names(version.school_id) or version.written_by = caller_account()
        then version.written_by_name end as written_by,
    version.written_at
from policy_version as version
join policy_shown as policy
    on policy.school_id = version.school_id and policy.id = version.policy_id
join policy_round_shown as round on round.school_id = version.school_id
    and round.version_id = version.id and round.kind = 'adoption'
left join policy_act as published on published.school_id = round.school_id
    and published.round_id = round.id and published.act = 'published';

-- What the caller may do with a policy as it stands.
create function acts_open_on_a_policy(
    of_school uuid, of_round uuid, way text, is_open boolean, is_approved boolean, is_held boolean
) returns text[]
language sql stable
return array(
    select open.act
    from (values
        ('approved', is_open and not is_approved
            and post_for_a_step(of_school, of_round) is not null),
        ('published', is_open and is_approved and way = 'adoption'
            and not exists (
                select from policy_act as act
                where act.school_id = of_school and act.round_id = of_round
                    and act.act = 'published')
            and post_that_leads(of_school) is not null),
        ('under_review', is_held and not is_open and post_that_leads(of_school) is not null)
    ) as open (act, is_so)
    where open.is_so);

-- The history of a policy, as its table has it: what was done, when, by which post or committee;
-- and what was done before the register knew it (REV-02).
create function history_of_a_policy(of_school uuid, of_policy uuid) returns jsonb
language sql stable
return (
    select coalesce(jsonb_agg(
        jsonb_strip_nulls(jsonb_build_object(
            'on', past.on_day, 'action', past.action, 'responsible', past.responsible,
            'version', past.version, 'is_by_hand', past.is_by_hand))
        order by past.on_day, past.at), '[]')
    from (
        select entry.on_day, entry.action, entry.responsible, null::integer as version,
            true as is_by_hand, entry.entered_at as at
        from policy_entry as entry
        where entry.school_id = of_school and entry.policy_id = of_policy
        union all
        select london_day(round.begun_at),
            case round.kind when 'adoption' then 'Updated' else 'Put under review' end,
            round.begun_as, version.number, false, round.begun_at
        from policy_round as round
        join policy_version as version
            on version.school_id = round.school_id and version.id = round.version_id
        where round.school_id = of_school and round.policy_id = of_policy
        union all
        select act.on_day,
            case act.act when 'published' then 'Published'
                else round.steps -> (act.step - 1) ->> 'name' end
                || case when round.kind = 'confirmation' then ', without change' else '' end,
            coalesce(round.steps -> (act.step - 1) ->> 'committee', act.done_as),
            version.number, false, act.done_at
        from policy_act as act
        join policy_round as round
            on round.school_id = act.school_id and round.id = act.round_id
        join policy_version as version
            on version.school_id = round.school_id and version.id = round.version_id
        where act.school_id = of_school and act.policy_id = of_policy
    ) as past);

-- What anybody may read of a school's policies, without log-in: which are in force, at most five
-- hundred; or which others hold online safety, and where it is said how to report (REV-08, REV-20).
create function published_policies(of_school uuid)
returns table (school_id uuid, name text, policies jsonb, held_in jsonb, reporting text, etag text)
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    return query
    with published as (
        select school.id, school.name, rule.held_in, rule.reporting, coalesce(
            (
                select jsonb_agg(
                    jsonb_strip_nulls(jsonb_build_object(
                        'id', policy.id, 'name', policy.name, 'version', policy.version,
                        'in_force_from', policy.in_force_from, 'review_on', policy.review_on,
                        'link', policy.link))
                    order by policy.name, policy.id)
                from (
                    select shown.* from policy_shown as shown
                    where shown.school_id = school.id and shown._version_id is not null
                    order by shown.name, shown.id
                    limit 500
                ) as policy
            ), '[]') as policies
        from school
        join policy_rule_now as rule on rule.school_id = school.id
        where school.id = of_school
    )
    select published.id, published.name, published.policies, published.held_in,
        published.reporting,
        '"' || left(encode(sha256(convert_to(
            published.name || published.policies::text || coalesce(published.held_in::text, '')
                || coalesce(published.reporting, ''), 'UTF8')), 'hex'), 32) || '"'
    from published;
end $$;

-- And one of them, whole: by itself, since each may be long.
create function published_policy(of_school uuid, of_policy uuid)
returns table (
    school_id uuid, id uuid, name text, version integer, in_force_from date, review_on date,
    link text, text_link text, sections jsonb, appendices jsonb, etag text
)
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    return query
    select policy.school_id, policy.id, policy.name, policy.version, policy.in_force_from,
        policy.review_on, policy.link, policy._content ->> 'text_link',
        policy._content -> 'sections', policy._content -> 'appendices',
        '"' || left(encode(sha256(convert_to(
            concat_ws(' ', policy._version_id, policy.in_force_from, policy.review_on,
                policy.link), 'UTF8')), 'hex'), 32) || '"'
    from policy_shown as policy
    where policy.school_id = of_school and policy.id = of_policy
        and policy._version_id is not null;
end $$;

-- Who was given the version in force of a policy, who acknowledged it, and which adults of the
-- school have not been given it. For those who keep it; of themselves, for everybody.
create view policy_receipt_shown with (security_invoker = true) as
with held as materialized (
    select policy.school_id, policy.policy_id, policy.version_id, policy.number,
        rule.acknowledge_days
    from policy_in_force as policy
    join policy_rule_now as rule on rule.school_id = policy.school_id
)
select
    person.id,
    person.id as person_id,
    held.school_id,
    held.policy_id,
    held.number as version,
    person.given_name || ' ' || person.family_name as who,
    person.kind,
    given.on_day as given_on,
    acknowledged.on_day as acknowledged_on,
    given.on_day + held.acknowledge_days as due_on,
    case when acknowledged.entered_by is not null
        then coalesce(acknowledged.entered_by = person.account_id, false) end as is_by_themselves,
    coalesce(person.account_id = caller_account(), false) as _is_own,
    coalesce(person.left_on < london_today(), false) as _has_left
from held
join person on person.school_id = held.school_id
left join policy_receipt as given on given.school_id = held.school_id
    and given.version_id = held.version_id and given.act = 'given'
    and given.person_id = person.id
left join policy_receipt as acknowledged on acknowledged.school_id = given.school_id
    and acknowledged.version_id = given.version_id and acknowledged.person_id = given.person_id
    and acknowledged.act = 'acknowledged'
where given.person_id is not null
    or person.kind not in ('pupil', 'parent') and coalesce(person.left_on >= london_today(), true)
        and coalesce(person.joined_on <= london_today(), true);

-- What falls due of policies. A review that has begun is due until the approval chain has ended.
create view policy_duty with (security_invoker = true) as
select policy.school_id, 'policy_review_due' as kind, policy.policy_id as record_id,
    null::uuid as person_id,
    array(
        select distinct role
        from unnest(array[
            policy.content ->> 'owner_role', 'online_safety_coordinator', 'dsl',
            'deputy_dsl']) as role
        where role is not null
        order by role) as roles,
    due.review_on as due_on, due.review_on - rule.notice_days as since,
    'Review of a policy document' as label, 'T-01' as source, null::uuid as incident_id
from policy_in_force as policy
join policy_rule_now as rule on rule.school_id = policy.school_id
cross join lateral (
    select max(round.completed_on) as confirmed_on
    from policy_round_shown as round
    where round.school_id = policy.school_id and round.policy_id = policy.policy_id
        and round.version_id = policy.version_id and round.kind = 'confirmation'
) as confirmed
cross join lateral (
    select (greatest(policy.from_on, confirmed.confirmed_on)
        + make_interval(months => rule.months))::date as review_on
) as due
union all
select receipt.school_id, 'policy_to_acknowledge', receipt.policy_id, receipt.id, null,
    receipt.due_on, receipt.given_on, 'A policy to be read and acknowledged', 'REV-09', null
from policy_receipt_shown as receipt
where receipt.given_on is not null and receipt.acknowledged_on is null
    and not receipt._has_left;

create view policy_unlike_its_entry with (security_invoker = true) as
select * from unlike_their_entries(array[
    'policy', 'policy_version', 'policy_round', 'policy_act', 'policy_entry', 'policy_receipt']);


-- Walls. What is in force, everybody of the school reads; the way there, those who prepare and
-- approve it.

alter table policy enable row level security, force row level security;
alter table policy_version enable row level security, force row level security;
alter table policy_round enable row level security, force row level security;
alter table policy_act enable row level security, force row level security;
alter table policy_entry enable row level security, force row level security;
alter table policy_receipt enable row level security, force row level security;

create policy of_the_callers_schools on policy for select to rowan_service using (
    (select caller_seats()) ? school_id::text
);
create policy by_those_who_prepare_it on policy for insert to rowan_service with check (
    caller_writes_policies(school_id) and made_by = (select caller_account())
);
create policy of_the_callers_schools on policy_version for select to rowan_service using (
    (select caller_seats()) ? school_id::text and (
        school_id = any ((select schools_of_drafts())::uuid[]) or exists (
            select from policy_round as round
            join policy_act as act
                on act.school_id = round.school_id and act.round_id = round.id
            where round.school_id = policy_version.school_id
                and round.version_id = policy_version.id
                and act.act = 'published' and act.on_day <= london_today()))
);
create policy by_those_who_prepare_it on policy_version for insert to rowan_service with check (
    caller_writes_policies(school_id) and written_by = (select caller_account())
);
create policy of_the_callers_schools on policy_round for select to rowan_service using (
    (select caller_seats()) ? school_id::text
);
create policy by_those_who_prepare_it on policy_round for insert to rowan_service with check (
    caller_reads_reviews(school_id) and begun_by = (select caller_account())
    and (caller_writes_policies(school_id) or review_id is not null)
);
create policy of_the_callers_schools on policy_act for select to rowan_service using (
    (select caller_seats()) ? school_id::text
);
create policy by_their_post on policy_act for insert to rowan_service with check (
    done_by = (select caller_account())
    and done_as = case act when 'approved' then post_for_a_step(school_id, round_id)
        else post_that_leads(school_id) end
    and step_is_next(school_id, round_id, step)
);
create policy of_those_who_read_drafts on policy_entry for select to rowan_service using (
    (select caller_seats()) ? school_id::text
);
create policy by_those_who_prepare_it on policy_entry for insert to rowan_service with check (
    caller_writes_policies(school_id) and entered_by = (select caller_account())
);
create policy of_those_who_keep_it_and_oneself on policy_receipt for select to rowan_service using (
    school_id = any ((select schools_of_receipts())::uuid[])
    or person_id = any ((select callers_own_persons())::uuid[])
);
create policy by_those_who_keep_it_and_oneself on policy_receipt for insert to rowan_service
with check (
    entered_by = (select caller_account())
    and (caller_writes_policies(school_id) or caller_is(school_id, person_id))
);

create policy asking on policy for select to rowan_owner using (true);
create policy asking on policy_version for select to rowan_owner using (true);
create policy asking on policy_round for select to rowan_owner using (true);
create policy asking on policy_act for select to rowan_owner using (true);
create policy asking on policy_receipt for select to rowan_owner using (true);
create policy maintenance on policy to rowan_maintenance using (true);
create policy maintenance on policy_version to rowan_maintenance using (true);
create policy maintenance on policy_round to rowan_maintenance using (true);
create policy maintenance on policy_act to rowan_maintenance using (true);
create policy maintenance on policy_entry to rowan_maintenance using (true);
create policy maintenance on policy_receipt to rowan_maintenance using (true);

grant select on guidance_edition to rowan_service, rowan_maintenance;
grant insert, update on guidance_edition to rowan_maintenance;
grant select, insert, update on
    policy, policy_version, policy_round, policy_act, policy_entry, policy_receipt
to rowan_maintenance;
grant select on policy_unlike_its_entry to rowan_maintenance;
grant select on
    policy, policy_version, policy_round, policy_act, policy_entry, policy_receipt,
    policy_rule_now, policy_round_shown, policy_shown, policy_version_shown,
    policy_in_force, policy_receipt_shown, policy_duty
to rowan_service;
grant insert (school_id, id, made_by_name) on policy to rowan_service;
grant insert (school_id, id, policy_id, number, content, written_by_name)
on policy_version to rowan_service;
grant insert (
    school_id, id, policy_id, version_id, number, kind, steps, reason, review_id, begun_as,
    begun_by_name)
on policy_round to rowan_service;
grant insert (
    school_id, id, policy_id, round_id, place, act, step, on_day, link, words, done_as,
    done_by_name)
on policy_act to rowan_service;
grant insert (school_id, id, policy_id, on_day, action, responsible, entered_by_name)
on policy_entry to rowan_service;
grant insert (school_id, id, policy_id, version_id, person_id, act, on_day, entered_by_name)
on policy_receipt to rowan_service;
grant execute on function
    caller_writes_policies(uuid), caller_reads_drafts(uuid), post_that_prepares(uuid),
    post_that_leads(uuid), post_for_a_step(uuid, uuid),
    step_is_next(uuid, uuid, integer),
    schools_of_drafts(), schools_of_receipts(), callers_own_persons(),
    guidance_relied_on(jsonb), holders_on(uuid, text[], date),
    acts_open_on_a_policy(uuid, uuid, text, boolean, boolean, boolean),
    history_of_a_policy(uuid, uuid), published_policies(uuid), published_policy(uuid, uuid)
to rowan_service;
