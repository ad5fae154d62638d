-- Reviews of every kind, and the actions that follow from them: what is held, how often and by
-- whom; each review from when it is scheduled until it is signed off; who does what by when
-- (REV-05, REV-10 to REV-15, REV-17 to REV-19; 24.5).
--
-- A review and an action are written once, and what became of them an act after the other; where
-- they stand is worked out of that and the day.

set local role rowan_owner;

insert into register_kind (kind, readers, writers) values
    ('stakeholder_input',
        '{online_safety_coordinator,dsl,deputy_dsl,headteacher,senior_leader,office,dpo,governor,link_governor,chair_of_governors}',
        '{online_safety_coordinator,dsl,deputy_dsl,headteacher,office}'),
    ('oversight_record',
        '{online_safety_coordinator,dsl,deputy_dsl,headteacher,senior_leader}',
        '{online_safety_coordinator,dsl,deputy_dsl,headteacher,senior_leader}');

-- The kinds; `source` is the line of the duty.
create table review_kind (
    kind   text primary key,
    place  integer not null,
    words  text not null,
    source text not null
);

-- What a school says of a kind, and what the policies usually have: whether it is held, how often,
-- by whom. A kind that has a duty "regularly" has no usual period: the school must give one.
with usual as (
    select row_number() over () as place, known.*
    from (
        select '{dsl,deputy_dsl,online_safety_coordinator}'::text[] as leads,
            '{governor,link_governor,chair_of_governors}'::text[] as governors
    ) as those
    cross join lateral (values
        ('policy', 'Review of a policy document', 'T-03', 'as_needed', null::integer,
            leads || '{headteacher}'::text[], '{}'::text[], '{summary}'::text[]),
        ('fitness_judgement', 'The governors judge whether the policy is fit for purpose', 'T-02',
            'months', 12, governors, governors, '{is_fit_for_purpose,evidence}'),
        ('incident_log', 'The incident log is looked through, and reported on', 'T-05', 'termly',
            null, leads, '{}', '{summary,reported_to}'),
        ('dsl_governor_meeting', 'The DSL and the link governor meet', 'T-06', 'termly', null,
            '{dsl,deputy_dsl,link_governor}', '{dsl,link_governor}', '{attendees,matters}'),
        ('governing_body_report', 'The link governor reports to the governing body', 'T-07', null,
            null, '{link_governor}', '{}', '{reported_to}'),
        ('slt_report', 'The online safety lead reports to the leadership team', 'T-08', null, null,
            leads, '{}', '{reported_to}'),
        ('training_needs_audit', 'Audit of what training is needed', 'T-19', null, null, leads,
            '{}', '{summary}'),
        ('monitoring_check', 'Check of what staff and pupils search for', 'T-24', null, null,
            leads || '{senior_leader,technician}'::text[], '{headteacher}', '{summary}'),
        ('filtering_effectiveness', 'Whether filtering and monitoring work, and are reasonable',
            'T-25', null, null, '{senior_leader,headteacher,office,dsl,deputy_dsl}', '{}',
            '{summary}'),
        ('system_security', 'Review of the security of the school''s systems', 'T-27', null, null,
            leads || '{technician}'::text[], '{senior_leader,headteacher}', '{attendees,summary}'),
        ('security_strategy', 'The security strategies, against the guidelines of the trust',
            'T-27', null, null, leads || '{senior_leader,headteacher,technician}'::text[], '{}',
            '{guidelines,summary}'),
        ('ict_use_audit', 'Audit of how ICT is used, against the policy', 'T-29', null, null,
            leads || '{senior_leader,headteacher}'::text[], '{}', '{summary}'),
        ('practice_audit', 'Audit of online safety practice', 'T-29', null, null,
            leads || '{senior_leader,headteacher}'::text[], '{}', '{strengths,improvements}'),
        ('access_list', 'Who has access to the safeguarding records', 'T-30', null, null,
            '{headteacher,dsl,deputy_dsl}', '{}', '{summary}'),
        ('risk_methods', 'How the school finds, weighs and reduces online risks', 'T-31', null,
            null, '{senior_leader,headteacher,dsl}', '{}', '{summary}'),
        ('permission_list', 'The list of who may be shown is circulated', 'T-46', null, null,
            '{office}', '{}', '{reported_to}'),
        ('monitoring_supervision', 'Those who monitor are supervised and supported', 'T-58', null,
            null, '{senior_leader,headteacher,dsl}', '{}', '{summary}'),
        ('filtering_provision', 'Filtering is gone through with its provider, or the trust',
            'T-54', null, null, '{senior_leader,headteacher,technician}', '{}', '{summary}'),
        ('post_incident', 'What is learnt of an incident', 'T-42', 'as_needed', null,
            leads || '{headteacher}'::text[], '{}', '{summary}'),
        ('wider', 'Another review, of the school''s own', 'REV-18', 'as_needed', null,
            leads || '{headteacher,senior_leader}'::text[], '{}', '{summary}')
    ) as known (kind, words, source, period, months, responsible, sign_off, required)
), kinds as (
    insert into review_kind (kind, place, words, source)
    select kind, place, words, source from usual
)
insert into rule_kind (kind, subject, rulers, usual)
select 'review', kind, '{headteacher,dsl,deputy_dsl}', jsonb_strip_nulls(jsonb_build_object(
    'is_held', true, 'period', period, 'months', months, 'responsible', to_jsonb(responsible),
    'sign_off', to_jsonb(sign_off), 'required', to_jsonb(required), 'notice_days', 28,
    'sign_days', 14,
    -- Source 000 has these two hold it together.
    'together', case kind when 'system_security'
        then '["safeguarding_lead", "computing_lead"]'::jsonb end))
from usual;

-- A review that is to be held. `trigger`: of its cycle, or because of something that happened. What
-- the register planned of itself was opened by nobody.
create table review (
    school_id      uuid not null references school,
    id             uuid not null,
    kind           text not null references review_kind,
    title          text,
    trigger        text not null,
    due_on         date not null,
    words          text,
    incident_id    uuid,
    policy_id      uuid,
    opened_by      uuid references account default caller_account(),
    opened_by_name text,
    opened_at      timestamptz(3) not null default rowan_now(),
    salt           bytea not null default uuid_send(gen_random_uuid()),
    primary key (school_id, id),
    constraint review_is_of_one_kind unique (school_id, id, kind),
    constraint review_of_a_cycle_alone_is_opened_by_nobody check (
        num_nulls(opened_by, opened_by_name) in (0, 2)
        and (opened_by is not null or trigger = 'cycle')),
    constraint review_trigger_is_known check (trigger in (
        'cycle', 'by_hand', 'debrief', 'incident', 'child_protection_concern', 'guidance',
        'infrastructure_change', 'monitoring_finding'))
);
create index review_of_a_kind on review (school_id, kind, due_on);

-- What became of it, an act after the other. What was completed is never altered, and whoever
-- completed it does not sign it off. Those who hold one together sign that they did (`joined`), each
-- as one of the two (`party`) and nobody as both. By which version of the rule it was completed is
-- kept: that says who signs it, whatever the school says later; 0 is the usual.
create table review_act (
    school_id    uuid not null references school,
    id           uuid not null,
    review_id    uuid not null,
    kind         text not null,
    place        integer not null,
    act          text not null,
    held_on      date,
    due_on       date,
    record       jsonb,
    rule_version integer,
    reason       text,
    party        text,
    done_as      text not null,
    done_by      uuid not null references account default caller_account(),
    done_by_name text not null,
    done_at      timestamptz(3) not null default rowan_now(),
    salt         bytea not null default uuid_send(gen_random_uuid()),
    primary key (school_id, id),
    foreign key (school_id, review_id, kind) references review (school_id, id, kind),
    constraint review_is_acted_on_once_at_a_time unique (school_id, review_id, place),
    constraint review_act_is_known check (
        act in ('started', 'completed', 'joined', 'signed_off', 'moved', 'cancelled')),
    constraint review_is_joined_as_one_of_two check ((act = 'joined') = (party is not null)),
    constraint review_is_completed_on_a_day check (
        (act = 'completed') = (held_on is not null) and (act = 'completed') = (record is not null)),
    constraint review_is_completed_by_a_rule check (
        (act = 'completed') = (rule_version is not null)),
    constraint review_is_moved_to_a_day check ((act = 'moved') = (due_on is not null)),
    constraint review_is_cancelled_for_a_reason check (
        act not in ('moved', 'cancelled') or reason is not null)
);
create unique index review_is_signed_by_somebody_else
    on review_act (school_id, review_id, done_by) where act in ('completed', 'signed_off');
create unique index review_is_joined_once_as_each
    on review_act (school_id, review_id, party) where act = 'joined';
create unique index review_is_joined_by_two
    on review_act (school_id, review_id, done_by) where act = 'joined';
create unique index review_is_done_with_once
    on review_act (school_id, review_id, act) where act in ('completed', 'signed_off', 'cancelled');

-- What is to be done because of something that was found, by a person or a post. What a review of an
-- incident found goes back to that incident as well, and is no more open than the review.
create table planned_action (
    school_id      uuid not null references school,
    id             uuid not null,
    words          text not null,
    owner_id       uuid,
    owner_role     text,
    due_on         date not null,
    review_id      uuid,
    incident_id    uuid,
    made_by        uuid not null references account default caller_account(),
    made_by_name   text not null,
    made_at        timestamptz(3) not null default rowan_now(),
    salt           bytea not null default uuid_send(gen_random_uuid()),
    primary key (school_id, id),
    foreign key (school_id, owner_id) references person (school_id, id),
    foreign key (school_id, review_id) references review (school_id, id),
    constraint action_is_somebodys check (num_nonnulls(owner_id, owner_role) = 1)
);
create index planned_action_of_a_review on planned_action (school_id, review_id);
create index planned_action_of_a_person on planned_action (school_id, owner_id);

-- What became of it, an act after the other. Whose it is, is never altered: what passes to another
-- is dropped, and planned anew.
create table planned_action_act (
    school_id    uuid not null references school,
    id           uuid not null,
    action_id    uuid not null,
    place        integer not null,
    act          text not null,
    due_on       date,
    words        text,
    done_by      uuid not null references account default caller_account(),
    done_by_name text not null,
    done_at      timestamptz(3) not null default rowan_now(),
    salt         bytea not null default uuid_send(gen_random_uuid()),
    primary key (school_id, id),
    foreign key (school_id, action_id) references planned_action (school_id, id),
    constraint action_is_acted_on_once_at_a_time unique (school_id, action_id, place),
    constraint action_act_is_known check (act in ('done', 'dropped', 'reopened', 'moved')),
    constraint action_is_moved_to_a_day check ((act = 'moved') = (due_on is not null)),
    constraint action_is_not_done_for_a_reason check (act = 'done' or words is not null)
);


-- Who reads and acts.

-- Who may know of a school's reviews and actions; all others know their own actions (section 25).
create function caller_reads_reviews(of_school uuid) returns boolean
language sql stable parallel safe
return caller_holds(of_school, array[
    'online_safety_coordinator', 'dsl', 'deputy_dsl', 'headteacher', 'senior_leader', 'office',
    'dpo', 'governor', 'link_governor', 'chair_of_governors', 'technician']);

-- The schools in which they may, for a policy to ask once for all rows.
create function schools_of_reviews() returns uuid[]
language sql stable parallel safe
return array(
    select own.id::uuid from jsonb_object_keys(caller_seats()) as own (id)
    where caller_reads_reviews(own.id::uuid));

-- Who plans reviews and actions.
create function caller_plans_reviews(of_school uuid) returns boolean
language sql stable parallel safe
return caller_holds(
    of_school, array['online_safety_coordinator', 'dsl', 'deputy_dsl', 'headteacher']);

-- Whether names of the school's people may be told to the caller: governors know posts, and their
-- own name (X-08).
create function caller_reads_names(of_school uuid) returns boolean
language sql stable parallel safe
return caller_holds(of_school, array[
    'staff', 'online_safety_coordinator', 'dsl', 'deputy_dsl', 'headteacher', 'senior_leader',
    'office', 'dpo', 'technician', 'school_administrator']);

-- Whether something that names an incident may be shown to the caller: where that is open to them,
-- and not about them. What names none may.
create function incident_may_be_named(of_school uuid, of_incident uuid) returns boolean
language sql stable
return of_incident is null
    or (of_incident = any (those_open_to_caller(of_school, array[of_incident]))
        and of_incident <> all (those_about_caller(of_school, array[of_incident])));

-- Whether something is about the caller, because the incident is which it came of.
create function incident_is_the_callers(of_school uuid, of_incident uuid) returns boolean
language sql stable
return of_incident is not null
    and of_incident = any (those_about_caller(of_school, array[of_incident]));

-- What holds of each kind in each school.
create view review_rule_now with (security_invoker = true) as
select rule.school_id, known.kind, known.place, known.words, known.source, rule.content as rule,
    rule.version, rule.set_by_name, rule.set_at, london_day(school.created_at) as known_on
from rule_now as rule
join review_kind as known on known.kind = rule.subject
join school on school.id = rule.school_id
where rule.kind = 'review';

-- What a version of a school's rule says of a kind; 0 is the usual.
create function review_rule_at(of_school uuid, of_kind text, at_version integer)
returns table (rule jsonb, words text, source text)
language sql stable
begin atomic
    select coalesce(said.content, usual.usual), known.words, known.source
    from review_kind as known
    join rule_kind as usual on usual.kind = 'review' and usual.subject = known.kind
    left join school_rule as said
        on said.school_id = of_school and said.kind = usual.kind and said.subject = usual.subject
        and said.version = at_version
    where known.kind = of_kind;
end;

-- By which version something is completed is the database's to say.
create function review_keeps_its_rule() returns trigger
language plpgsql as $$
begin
    new.rule_version := (
        select coalesce(max(rule.version), 0) from school_rule as rule
        where rule.school_id = new.school_id and rule.kind = 'review'
            and rule.subject = new.kind and rule.from_on <= london_today());
    return new;
end $$;
create trigger review_keeps_its_rule before insert on review_act
for each row when (new.act = 'completed')
execute function review_keeps_its_rule();

-- Whether the caller is one of the two who hold a review together (REV-12): who leads safeguarding;
-- whoever is named as the computing lead, which opens nothing else here.
create function caller_is_party(of_school uuid, party text) returns boolean
language plpgsql stable as $$
begin
    return case party
        when 'safeguarding_lead' then caller_holds(of_school, array['dsl', 'deputy_dsl'])
        when 'computing_lead' then exists (
            select from register_in_force as named
            where named.school_id = of_school and named.kind = 'named_post'
                and named.content ->> 'kind' = 'computing_lead'
                and caller_is(of_school, (named.content ->> 'person_id')::uuid))
    end;
end $$;

-- The first of some parties that the caller is.
create function party_of_the_caller(of_school uuid, parties text[]) returns text
language sql stable
return (
    select party.name from unnest(parties) with ordinality as party (name, place)
    where caller_is_party(of_school, party.name)
    order by party.place
    limit 1);

-- The kinds that the caller holds with another, each after its school: for a policy to ask once.
create function reviews_held_together() returns text[]
language plpgsql stable as $$
begin
    return array(
        select rule.school_id || ' ' || rule.kind
        from review_rule_now as rule
        where caller_seats() ? rule.school_id::text and rule.rule ? 'together'
            and party_of_the_caller(
                rule.school_id,
                array(select jsonb_array_elements_text(rule.rule -> 'together'))) is not null);
end $$;

-- The posts in which somebody may do this with a review of a kind: those that the rule names hold
-- and sign it, those who hold it together sign in whichever they have, those who set the rules move
-- it, the headteacher cancels it. The rule is today's where none is given.
create function posts_for_reviews(
    of_school uuid, of_kind text, to_act text, by_rule jsonb default null
) returns text[]
language plpgsql stable as $$
begin
    return case
        when to_act = 'cancelled' then array['headteacher']
        when to_act = 'moved' then array['headteacher', 'dsl', 'deputy_dsl']
        when to_act = 'joined' then array['dsl', 'deputy_dsl', 'headteacher', 'senior_leader',
            'online_safety_coordinator', 'technician', 'office', 'staff']
        else (
            select array(select jsonb_array_elements_text(
                coalesce(by_rule, now.rule)
                    -> case to_act when 'signed_off' then 'sign_off' else 'responsible' end))
            from review_rule_now as now
            where now.school_id = of_school and now.kind = of_kind)
    end;
end $$;

-- The post in which the caller does it: the first of those that they hold.
create function post_for_a_review(
    of_school uuid, of_kind text, to_act text, by_rule jsonb default null
) returns text
language sql stable
return (
    select post.role
    from unnest(posts_for_reviews(of_school, of_kind, to_act, by_rule)) with ordinality
        as post (role, place)
    where caller_holds(of_school, array[post.role])
    order by post.place
    limit 1);


-- Terms, and when what is held once in each is due.

-- The term of a day, until the next begins; of the holidays before one of which nothing else is
-- known, that one. Where a school has said nothing of it, the year has three: what is due is due
-- rather than never.
create function term_of(of_school uuid, of_day date)
returns table (name text, starts_on date, ends_on date)
language plpgsql stable as $$
declare
    year constant integer := academic_year_begins(of_day);
begin
    return query
    select known.name, known.starts_on, known.ends_on
    from (
        select term.name, term.starts_on, term.ends_on, 1 as place
        from term
        where term.school_id = of_school and term.starts_on <= of_day
            and term.ends_on + 60 >= of_day
        union all
        select term.name, term.starts_on, term.ends_on, 2
        from term
        where term.school_id = of_school and term.starts_on between of_day and of_day + 45
        union all
        select usual.name, usual.starts_on, usual.ends_on, 3
        from (values
            ('Autumn', make_date(year, 9, 1), make_date(year, 12, 31)),
            ('Spring', make_date(year + 1, 1, 1), make_date(year + 1, 4, 30)),
            ('Summer', make_date(year + 1, 5, 1), make_date(year + 1, 8, 31))
        ) as usual (name, starts_on, ends_on)
        where of_day between usual.starts_on and usual.ends_on
    ) as known
    order by known.place, abs(known.starts_on - of_day)
    limit 1;
end $$;

-- The last day of the term after that of a day.
create function next_term_ends(of_school uuid, of_day date) returns date
language plpgsql stable as $$
declare
    now record;
begin
    select * into now from term_of(of_school, of_day);
    return coalesce(
        (
            select term.ends_on from term
            where term.school_id = of_school and term.starts_on > now.starts_on
                and term.starts_on <= now.ends_on + 60
            order by term.starts_on
            limit 1
        ), (select later.ends_on from term_of(of_school, now.ends_on + 75) as later));
end $$;

-- When a kind is next due, after one that was due on a day and held on another; null where it has
-- no period. One that is late is followed in the rhythm of the days due, as far as that leaves a
-- day to come; one that is early, a period after it was held, so that no two lie further apart.
create function review_due_after(of_school uuid, rule jsonb, due_on date, held_on date)
returns date
language plpgsql stable as $$
declare
    period constant interval := make_interval(months => (rule ->> 'months')::integer);
begin
    return case
        when rule ->> 'period' = 'termly' then next_term_ends(of_school, held_on)
        when rule ->> 'period' = 'months' then (
            case when least(due_on, held_on) + period > held_on then least(due_on, held_on)
                else held_on end + period)::date
    end;
end $$;

-- When a kind is first due, reckoned from a day.
create function review_first_due(of_school uuid, rule jsonb, from_day date) returns date
language plpgsql stable as $$
begin
    return case
        when rule ->> 'period' = 'termly' then (
            select term.ends_on from term_of(of_school, from_day) as term)
        when rule ->> 'period' = 'months' then
            (from_day + make_interval(months => (rule ->> 'months')::integer))::date
    end;
end $$;


-- The reviews, as they stand today: what is completed, by the rule of that day.
create view review_shown with (security_invoker = true) as
select
    review.id,
    review.school_id,
    review.kind,
    review.title,
    review.trigger,
    review.incident_id,
    review.policy_id,
    coalesce(moved.due_on, review.due_on) as due_on,
    stands.state,
    stands.state in ('scheduled', 'due', 'overdue', 'in_progress')
        and coalesce(moved.due_on, review.due_on) < london_today() as is_overdue,
    array(select jsonb_array_elements_text(rule.rule -> 'responsible')) as responsible,
    array(select jsonb_array_elements_text(rule.rule -> 'sign_off')) as sign_off,
    array(select jsonb_array_elements_text(rule.rule -> 'together')) as together,
    joining.awaits,
    array(select jsonb_array_elements_text(rule.rule -> 'required')) as required,
    completed.held_on,
    case when completed.held_on is not null then (
        select term.name from term_of(review.school_id, completed.held_on) as term) end as term,
    (completed.record -> 'is_fit_for_purpose')::boolean as is_fit_for_purpose,
    completed.done_as as completed_as,
    case when named.are_told or completed.done_by = caller_account()
        then completed.done_by_name end as completed_by,
    completed.done_at as completed_at,
    signed.done_as as signed_as,
    case when named.are_told or signed.done_by = caller_account()
        then signed.done_by_name end as signed_by,
    signed.done_at as signed_at,
    case when named.are_told or review.opened_by = caller_account()
        then review.opened_by_name end as opened_by,
    review.opened_at,
    review.words as _words,
    rule.rule as _rule,
    rule.words as _kind_words,
    rule.source as _source,
    completed.record as _record,
    completed.done_by as _completed_by,
    joining.has_joined as _has_joined
from review
join review_rule_now as now on now.school_id = review.school_id and now.kind = review.kind
left join lateral (
    select act.due_on from review_act as act
    where act.school_id = review.school_id and act.review_id = review.id and act.act = 'moved'
    order by act.place desc
    limit 1
) as moved on true
left join review_act as completed on completed.school_id = review.school_id
    and completed.review_id = review.id and completed.act = 'completed'
left join lateral review_rule_at(review.school_id, review.kind, completed.rule_version) as before
    on completed.rule_version is not null
cross join lateral (
    select coalesce(before.rule, now.rule) as rule, now.words, now.source
) as rule
left join review_act as signed on signed.school_id = review.school_id
    and signed.review_id = review.id and signed.act = 'signed_off'
cross join lateral (
    select array(
            select jsonb_array_elements_text(rule.rule -> 'together')
            except
            select joined.party from review_act as joined
            where joined.school_id = review.school_id and joined.review_id = review.id
                and joined.act = 'joined'
            order by 1 desc
        ) as awaits,
        exists (
            select from review_act as joined
            where joined.school_id = review.school_id and joined.review_id = review.id
                and joined.act = 'joined' and joined.done_by = caller_account()) as has_joined
) as joining
cross join lateral (
    select case
        when signed.act is not null then 'signed_off'
        when completed.act is not null and joining.awaits <> '{}' then 'to_join'
        when completed.act is not null then 'completed'
        when exists (
            select from review_act as act
            where act.school_id = review.school_id and act.review_id = review.id
                and act.act = 'cancelled') then 'cancelled'
        when review.trigger = 'cycle' and not (rule.rule ->> 'is_held')::boolean then 'set_aside'
        when exists (
            select from review_act as act
            where act.school_id = review.school_id and act.review_id = review.id
                and act.act = 'started') then 'in_progress'
        when coalesce(moved.due_on, review.due_on) < london_today() then 'overdue'
        when coalesce(moved.due_on, review.due_on) - (rule.rule ->> 'notice_days')::integer
            <= london_today() then 'due'
        else 'scheduled'
    end as state
) as stands
cross join lateral (
    select caller_reads_names(review.school_id) as are_told
) as named;

-- Who was at a review: by name only where the caller may know names, or is one of them.
create function attendees_of_a_review(of_school uuid, record jsonb) returns jsonb
language sql stable
return (
    select jsonb_agg(
        jsonb_strip_nulls(jsonb_build_object(
            'role', there.said -> 'role', 'words', there.said -> 'words',
            'person_id', case when known.is_told then there.said -> 'person_id' end,
            'name', case when known.is_told
                then person.given_name || ' ' || person.family_name end))
        order by there.place)
    from jsonb_array_elements(record -> 'attendees') with ordinality as there (said, place)
    left join person on person.school_id = of_school
        and person.id = (there.said ->> 'person_id')::uuid
    cross join lateral (
        select caller_reads_names(of_school)
            or coalesce(person.account_id = caller_account(), false) as is_told
    ) as known);

-- What the caller may do with a review as it stands: an act's post must be theirs, and nobody signs
-- off what they completed, or hold together with another.
create function acts_open_on_a_review(
    of_school uuid, of_kind text, state text, completed_by uuid, by_rule jsonb, awaits text[],
    has_joined boolean
) returns text[]
language sql stable
return array(
    select open.act
    from (values
        ('started', state in ('scheduled', 'due', 'overdue')),
        ('completed', state in ('scheduled', 'due', 'overdue', 'in_progress')),
        ('joined', state = 'to_join' and not has_joined
            and party_of_the_caller(of_school, awaits) is not null),
        ('signed_off', state = 'completed' and completed_by <> caller_account()
            and not has_joined),
        ('moved', state in ('scheduled', 'due', 'overdue', 'in_progress')),
        ('cancelled', state in ('scheduled', 'due', 'overdue', 'in_progress'))
    ) as open (act, is_so)
    where open.is_so and post_for_a_review(of_school, of_kind, open.act, by_rule) is not null);

-- Whether this is one of them: what the database asks again before it is written.
create function act_is_open_on_a_review(of_school uuid, of_review uuid, to_act text)
returns boolean
language plpgsql stable as $$
begin
    return exists (
        select from review_shown as review
        where review.school_id = of_school and review.id = of_review
            and to_act = any (acts_open_on_a_review(
                review.school_id, review.kind, review.state, review._completed_by,
                review._rule, review.awaits, review._has_joined)));
end $$;

-- What was done with it.
create function acts_on_a_review(of_school uuid, of_review uuid) returns jsonb
language sql stable
return (
    select coalesce(jsonb_agg(
        jsonb_strip_nulls(jsonb_build_object(
            'act', act.act, 'held_on', act.held_on, 'due_on', act.due_on, 'reason', act.reason,
            'party', act.party, 'done_as', act.done_as, 'done_at', instant(act.done_at),
            'done_by', case when caller_reads_names(of_school) or act.done_by = caller_account()
                then act.done_by_name end))
        order by act.place), '[]')
    from review_act as act
    where act.school_id = of_school and act.review_id = of_review);

-- The rules, with what is next of each kind; of one that is held each term, which of the terms
-- since the register has known the school have had none, for a year back (REV-14).
create view review_rule_shown with (security_invoker = true) as
select
    rule.school_id,
    rule.kind,
    (rule.rule ->> 'is_held')::boolean as is_held,
    rule.rule ->> 'period' as period,
    (rule.rule ->> 'months')::integer as months,
    (rule.rule ->> 'is_held')::boolean and not rule.rule ? 'period' as lacks_period,
    array(select jsonb_array_elements_text(rule.rule -> 'responsible')) as responsible,
    array(select jsonb_array_elements_text(rule.rule -> 'sign_off')) as sign_off,
    array(select jsonb_array_elements_text(rule.rule -> 'together')) as together,
    array(select jsonb_array_elements_text(rule.rule -> 'required')) as required,
    (rule.rule ->> 'notice_days')::integer as notice_days,
    (rule.rule ->> 'sign_days')::integer as sign_days,
    rule.source,
    next.id as next_review_id,
    case when (rule.rule ->> 'is_held')::boolean then
        coalesce(next.due_on, review_first_due(rule.school_id, rule.rule, rule.known_on))
    end as next_due_on,
    case when (rule.rule ->> 'is_held')::boolean and rule.rule ->> 'period' = 'termly' then (
        select coalesce(jsonb_agg(
            jsonb_strip_nulls(jsonb_build_object(
                'name', term.name, 'starts_on', term.starts_on, 'ends_on', term.ends_on,
                'review_id', held.id,
                'is_missed', held.id is null and term.ends_on < london_today()))
            order by term.starts_on), '[]')
        from (
            select distinct lately.*
            from (
                select london_today() as day
                union all
                select generate_series(
                    greatest(rule.known_on, london_today() - 365), london_today(),
                    interval '14 days')::date
            ) as asked
            cross join lateral term_of(rule.school_id, asked.day) as lately
            where lately.starts_on <= london_today()
        ) as term
        left join lateral (
            select act.review_id as id from review_act as act
            where act.school_id = rule.school_id and act.kind = rule.kind
                and act.act = 'completed' and act.held_on >= term.starts_on
                and (select there.starts_on from term_of(rule.school_id, act.held_on) as there)
                    = term.starts_on
            limit 1
        ) as held on true
    ) end as terms,
    rule.set_by_name as set_by,
    rule.set_at,
    '"' || rule.version || '"' as etag,
    rule.version as _version,
    rule.place as _place,
    rule.rule as _rule
from review_rule_now as rule
left join lateral (
    select review.id, review.due_on from review_shown as review
    where review.school_id = rule.school_id and review.kind = rule.kind
        and review.trigger = 'cycle'
        and review.state in ('scheduled', 'due', 'overdue', 'in_progress')
    order by review.due_on
    limit 1
) as next on true;


-- Whether an action is the caller's, as a person's or a post's.
create function caller_owns_action(of_school uuid, owner_id uuid, owner_role text)
returns boolean
language sql stable
return coalesce(caller_holds(of_school, array[owner_role]), false)
    or coalesce(caller_is(of_school, owner_id), false);

-- The actions, as they stand today.
create view planned_action_shown with (security_invoker = true) as
select
    action.id,
    action.school_id,
    action.words,
    case when told.of_owner then action.owner_id end as owner_id,
    case when told.of_owner then person.given_name || ' ' || person.family_name end as owner,
    action.owner_role,
    told.is_own,
    due.due_on,
    coalesce(ended.act, 'open') as state,
    ended.act is null and due.due_on < london_today() as is_overdue,
    action.review_id,
    case when incident_may_be_named(action.school_id, action.incident_id)
        then action.incident_id end as incident_id,
    case when told.of_names or action.made_by = caller_account()
        then action.made_by_name end as made_by,
    action.made_at,
    ended.done_at as ended_at,
    action.owner_id as _owner_id,
    action.incident_id as _incident_id
from planned_action as action
left join person on person.school_id = action.school_id and person.id = action.owner_id
left join lateral (
    select act.due_on from planned_action_act as act
    where act.school_id = action.school_id and act.action_id = action.id and act.act = 'moved'
    order by act.place desc
    limit 1
) as moved on true
left join lateral (
    select last.act, last.done_at
    from (
        select act.act, act.done_at from planned_action_act as act
        where act.school_id = action.school_id and act.action_id = action.id
            and act.act <> 'moved'
        order by act.place desc
        limit 1
    ) as last
    where last.act <> 'reopened'
) as ended on true
cross join lateral (select coalesce(moved.due_on, action.due_on) as due_on) as due
cross join lateral (
    select known.of_names, known.is_own, known.of_names or known.is_own as of_owner
    from (
        select caller_reads_names(action.school_id) as of_names,
            caller_owns_action(action.school_id, action.owner_id, action.owner_role) as is_own
    ) as known
) as told;

-- What was done with one.
create function acts_on_an_action(of_school uuid, of_action uuid) returns jsonb
language sql stable
return (
    select coalesce(jsonb_agg(
        jsonb_strip_nulls(jsonb_build_object(
            'act', act.act, 'due_on', act.due_on, 'words', act.words,
            'done_at', instant(act.done_at),
            'done_by', case when caller_reads_names(of_school) or act.done_by = caller_account()
                then act.done_by_name end))
        order by act.place), '[]')
    from planned_action_act as act
    where act.school_id = of_school and act.action_id = of_action);


-- What is due, for whom.

-- The cycles of which the first review is not planned yet, and when it is due.
create view review_to_plan with (security_invoker = true) as
select rule.school_id, rule.kind, rule.words, rule.source, rule.rule,
    review_first_due(rule.school_id, rule.rule, rule.known_on) as due_on
from review_rule_now as rule
where (rule.rule ->> 'is_held')::boolean and rule.rule ->> 'period' in ('months', 'termly')
    and not exists (
        select from review
        where review.school_id = rule.school_id and review.kind = rule.kind
            and review.trigger = 'cycle');

create view review_duty with (security_invoker = true) as
select review.school_id, 'review_due' as kind, review.id as record_id, null::uuid as person_id,
    array(select jsonb_array_elements_text(rule.rule -> 'responsible')) as roles, due.due_on,
    due.due_on - (rule.rule ->> 'notice_days')::integer as since, rule.words as label,
    rule.source, review.incident_id
from review
join review_rule_now as rule on rule.school_id = review.school_id and rule.kind = review.kind
left join lateral (
    select act.due_on from review_act as act
    where act.school_id = review.school_id and act.review_id = review.id and act.act = 'moved'
    order by act.place desc
    limit 1
) as moved on true
cross join lateral (select coalesce(moved.due_on, review.due_on) as due_on) as due
where (review.trigger <> 'cycle' or (rule.rule ->> 'is_held')::boolean)
    and not exists (
        select from review_act as act
        where act.school_id = review.school_id and act.review_id = review.id
            and act.act in ('completed', 'cancelled'))
union all
-- Who leads safeguarding; the computing lead, or the headteacher where none is named.
select completed.school_id, 'review_to_join', completed.review_id, lead.person_id,
    case when party.name = 'safeguarding_lead' then array['dsl', 'deputy_dsl']
        when lead.person_id is null then array['headteacher'] end,
    london_day(completed.done_at) + (rule.rule ->> 'sign_days')::integer,
    london_day(completed.done_at), 'To be signed as held together: ' || rule.words, rule.source,
    review.incident_id
from review_act as completed
join review
    on review.school_id = completed.school_id and review.id = completed.review_id
cross join lateral review_rule_at(
    completed.school_id, completed.kind, completed.rule_version) as rule
cross join lateral jsonb_array_elements_text(rule.rule -> 'together') as party (name)
left join lateral (
    select (named.content ->> 'person_id')::uuid as person_id
    from register_in_force as named
    where party.name = 'computing_lead' and named.school_id = completed.school_id
        and named.kind = 'named_post' and named.content ->> 'kind' = 'computing_lead'
    order by named.from_on desc, named.id
    limit 1
) as lead on true
where completed.act = 'completed'
    and not exists (
        select from review_act as joined
        where joined.school_id = completed.school_id and joined.review_id = completed.review_id
            and (joined.act = 'signed_off' or joined.party = party.name))
union all
select completed.school_id, 'review_to_sign', completed.review_id, null,
    array(select jsonb_array_elements_text(rule.rule -> 'sign_off')),
    london_day(completed.done_at) + (rule.rule ->> 'sign_days')::integer,
    london_day(completed.done_at), 'To be signed: ' || rule.words, rule.source, review.incident_id
from review_act as completed
join review
    on review.school_id = completed.school_id and review.id = completed.review_id
cross join lateral review_rule_at(
    completed.school_id, completed.kind, completed.rule_version) as rule
where completed.act = 'completed' and rule.rule -> 'sign_off' <> '[]'
    and not exists (
        select from jsonb_array_elements_text(rule.rule -> 'together') as party (name)
        where not exists (
            select from review_act as joined
            where joined.school_id = completed.school_id
                and joined.review_id = completed.review_id and joined.party = party.name))
    and not exists (
        select from review_act as act
        where act.school_id = completed.school_id and act.review_id = completed.review_id
            and act.act = 'signed_off')
union all
select first.school_id, 'review_to_plan', null, null,
    array(select jsonb_array_elements_text(first.rule -> 'responsible')), first.due_on,
    first.due_on - (first.rule ->> 'notice_days')::integer, first.words, first.source, null
from review_to_plan as first;

-- Plans the first review of each cycle of a school in which none was ever planned: its day is known
-- as soon as it is known how often. For the clock; it is nobody's deed.
create function plan_first_reviews(of_school uuid) returns void
language plpgsql as $$
begin
    with planned as (
        insert into review (school_id, id, kind, trigger, due_on, opened_by)
        select first.school_id, gen_random_uuid(), first.kind, 'cycle', first.due_on, null
        from review_to_plan as first
        where first.school_id = of_school
        returning *
    )
    insert into event (
        organisation_id, chain, deed, record_kind, record_ids, version, request_id, digest)
    select planned.school_id, 'changes', 'review_planned', 'review', array[planned.id], null, '',
        digest_of(planned.salt, to_jsonb(planned) - 'salt')
    from planned
    order by planned.kind;
end $$;

create view action_duty with (security_invoker = true) as
select action.school_id, 'action_due' as kind, action.id as record_id,
    action._owner_id as person_id,
    case when action.owner_role is not null then array[action.owner_role] end as roles,
    action.due_on, london_day(action.made_at) as since,
    'An action of the action plan' as label, 'REV-17' as source,
    action._incident_id as incident_id
from planned_action_shown as action
where action.state = 'open';

-- What no longer says what its entry in the audit covers, or is gone.
create view review_unlike_its_entry with (security_invoker = true) as
select * from unlike_their_entries(array[
    'review', 'review_act', 'planned_action', 'planned_action_act']);


-- Walls. What is about an incident follows it: to whom that is not open, and whom it is about, the
-- review is not there.

alter table review enable row level security, force row level security;
alter table review_act enable row level security, force row level security;
alter table planned_action enable row level security, force row level security;
alter table planned_action_act enable row level security, force row level security;

create policy of_the_readers on review for select to rowan_service using (
    (school_id = any ((select schools_of_reviews())::uuid[])
        or school_id || ' ' || kind = any ((select reviews_held_together())::text[]))
    and incident_may_be_named(school_id, incident_id)
);
create policy by_those_who_hold_it on review for insert to rowan_service with check (
    opened_by = (select caller_account())
    and (caller_plans_reviews(school_id)
        or post_for_a_review(school_id, kind, 'completed') is not null
        -- Whoever works on an incident opens by that what it calls for (REV-05).
        or kind = 'policy' and trigger in ('incident', 'debrief') and incident_id is not null)
    and incident_may_be_named(school_id, incident_id)
);
create policy of_the_readers on review_act for select to rowan_service using (
    exists (
        select from review
        where review.school_id = review_act.school_id and review.id = review_act.review_id)
);
create policy by_the_post on review_act for insert to rowan_service with check (
    done_by = (select caller_account())
    and act_is_open_on_a_review(school_id, review_id, act)
);
create policy of_the_readers_and_owners on planned_action for select to rowan_service using (
    (
        school_id = any ((select schools_of_reviews())::uuid[])
        and incident_may_be_named(school_id, incident_id)
        or caller_owns_action(school_id, owner_id, owner_role)
    )
    and not incident_is_the_callers(school_id, incident_id)
);
create policy by_those_who_plan_or_hold_it on planned_action for insert to rowan_service
with check (
    made_by = (select caller_account())
    and (caller_plans_reviews(school_id)
        or caller_reads_reviews(school_id) and review_id is not null)
    and incident_may_be_named(school_id, incident_id)
    and (review_id is null or exists (
        select from review
        where review.school_id = planned_action.school_id
            and review.id = planned_action.review_id
            and coalesce(review.incident_id = planned_action.incident_id,
                review.incident_id is null)))
);
create policy of_the_action on planned_action_act for select to rowan_service using (
    exists (
        select from planned_action as action
        where action.school_id = planned_action_act.school_id
            and action.id = planned_action_act.action_id)
);
create policy by_those_who_plan_and_owners on planned_action_act for insert to rowan_service
with check (
    done_by = (select caller_account())
    and exists (
        select from planned_action as action
        where action.school_id = planned_action_act.school_id
            and action.id = planned_action_act.action_id
            and (caller_plans_reviews(action.school_id)
                or planned_action_act.act = 'done' and caller_owns_action(
                    action.school_id, action.owner_id, action.owner_role)))
);

create policy of_itself on review for insert to rowan_owner with check (opened_by is null);
create policy maintenance on review to rowan_maintenance using (true);
create policy maintenance on review_act to rowan_maintenance using (true);
create policy maintenance on planned_action to rowan_maintenance using (true);
create policy maintenance on planned_action_act to rowan_maintenance using (true);

grant select on review_kind to rowan_service, rowan_maintenance;
grant select, insert, update on
    review, review_act, planned_action, planned_action_act
to rowan_maintenance;
grant select on review_unlike_its_entry to rowan_maintenance;
grant select on
    review, review_act, planned_action, planned_action_act, review_rule_now, review_rule_shown,
    review_shown, planned_action_shown, review_to_plan, review_duty, action_duty
to rowan_service;
grant insert (
    school_id, id, kind, title, trigger, due_on, words, incident_id, policy_id, opened_by_name)
on review to rowan_service;
grant insert (
    school_id, id, review_id, kind, place, act, held_on, due_on, record, reason, party, done_as,
    done_by_name)
on review_act to rowan_service;
grant insert (
    school_id, id, words, owner_id, owner_role, due_on, review_id, incident_id, made_by_name)
on planned_action to rowan_service;
grant insert (school_id, id, action_id, place, act, due_on, words, done_by_name)
on planned_action_act to rowan_service;
grant execute on function
    caller_reads_reviews(uuid), schools_of_reviews(), caller_plans_reviews(uuid),
    caller_reads_names(uuid), incident_may_be_named(uuid, uuid),
    incident_is_the_callers(uuid, uuid), posts_for_reviews(uuid, text, text, jsonb),
    post_for_a_review(uuid, text, text, jsonb), review_rule_at(uuid, text, integer),
    term_of(uuid, date), next_term_ends(uuid, date),
    review_due_after(uuid, jsonb, date, date), review_first_due(uuid, jsonb, date),
    attendees_of_a_review(uuid, jsonb),
    acts_open_on_a_review(uuid, text, text, uuid, jsonb, text[], boolean),
    caller_is_party(uuid, text), party_of_the_caller(uuid, text[]), reviews_held_together(),
    act_is_open_on_a_review(uuid, uuid, text), acts_on_a_review(uuid, uuid),
    caller_owns_action(uuid, uuid, text),
    acts_on_an_action(uuid, uuid)
to rowan_service;
