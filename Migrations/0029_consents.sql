-- Consents: what each parent has said about each child and purpose, when and how, and what follows
-- from it on a day (CON-01 to CON-16). Adults answer for themselves. It is no unless it is yes.

set local role rowan_owner;

insert into setting_default (name, value, stronger, words) values
    ('vulnerable_off_platform', 'true', 'true', null),
    ('image_removal_days', '5', 'less', null),
    ('identification_in_images', '"no_names_in_groups"', 'later',
        '{staff_judge,no_names,no_names_in_groups,not_identifiable}'),
    ('pupils_upload_photographs', '"no"', 'later', '{yes,with_permission,no}'),
    ('gate_consent_missing', '"enforce"', 'later', '{off,advise,enforce}'),
    ('gate_consent_missing_days', '0', 'less', null),
    ('gate_consent_refused', '"enforce"', 'later', '{off,advise,enforce}');

-- Where images lie, what parents are told, and what was recorded (CON-09, CON-13, CON-16).
insert into register_kind (kind, readers, writers) values
    ('secure_store',
        '{staff,online_safety_coordinator,dsl,deputy_dsl,headteacher,senior_leader,office,dpo,technician,school_administrator}',
        '{dsl,deputy_dsl,headteacher,technician,school_administrator}'),
    ('image_approval',
        '{staff,online_safety_coordinator,dsl,deputy_dsl,headteacher,senior_leader,office,dpo,technician,school_administrator}',
        '{dsl,deputy_dsl,headteacher}'),
    ('image_guidance',
        '{staff,online_safety_coordinator,dsl,deputy_dsl,headteacher,senior_leader,office,dpo,governor,link_governor,chair_of_governors,technician,school_administrator}',
        '{online_safety_coordinator,dsl,deputy_dsl,headteacher,senior_leader,office}'),
    ('photography_event',
        '{staff,online_safety_coordinator,dsl,deputy_dsl,headteacher,senior_leader,office,dpo,governor,link_governor,chair_of_governors,technician,school_administrator}',
        '{online_safety_coordinator,dsl,deputy_dsl,headteacher,senior_leader,office}'),
    ('videoconference_recording',
        '{online_safety_coordinator,dsl,deputy_dsl,headteacher,senior_leader,office,dpo}',
        '{online_safety_coordinator,dsl,deputy_dsl,headteacher,senior_leader,office}');

-- The purposes that there are: those for which adults are asked too; those by which images come to
-- lie somewhere, so that they are removed when a consent is withdrawn; those by which an image
-- leaves the school's own stores, so that nobody at risk is shown; what else each needs; and whether
-- a school asks for it that has said nothing (CON-02, CON-08).
create function consent_purposes()
returns table (
    purpose text, of_adults boolean, keeps_images boolean, goes_out boolean, needs text[],
    is_asked boolean
)
language sql immutable parallel safe
begin atomic
    select * from (values
        ('images', true, true, false, '{}'::text[], true),
        ('school_website', true, true, true, '{}', true),
        ('school_literature', true, true, true, '{}', true),
        ('press', true, true, true, '{}', true),
        ('learning_platform', true, true, true, '{}', true),
        ('social_media', true, true, true, '{}', true),
        ('outside_network', true, true, true, '{}', true),
        ('videoconference', false, false, true, '{images}', false),
        ('videoconference_recording', true, true, true, '{images,videoconference}', false),
        ('tuition_recording', true, true, true, '{}', false),
        ('progress_app', false, true, true, '{}', false),
        ('pupil_email', false, false, false, '{}', false),
        ('online_service', false, false, false, '{}', false)
    ) as known;
end;

-- What a school says of a purpose: whether it asks for it, and how long a yes holds; a no never
-- lapses.
insert into rule_kind (kind, subject, rulers, usual)
select 'consent', known.purpose, '{headteacher,dsl,deputy_dsl}', jsonb_build_object(
    'is_asked', known.is_asked, 'each_school_year', false, 'each_key_stage', false)
from consent_purposes() as known;

create function consent_rules_on(of_school uuid, on_day date)
returns table (
    purpose text, is_asked boolean, after_months integer, each_school_year boolean,
    each_key_stage boolean, lapses_on date
)
language sql stable
begin atomic
    select rule.subject, said.*
    from rules_on(on_day) as rule
    cross join lateral jsonb_to_record(rule.content) as said (
        is_asked boolean, after_months integer, each_school_year boolean,
        each_key_stage boolean, lapses_on date)
    where rule.school_id = of_school and rule.kind = 'consent';
end;

-- What somebody said about one person at one time, of one purpose or several: a form that came
-- back, a word before somebody of the school, or what they said by a link of their own, which nobody
-- entered for them. It is never altered; what was put down wrongly is corrected by another, and
-- counts no more. Without answers a correction only strikes it out.
create table consent (
    school_id       uuid not null references school,
    id              uuid not null,
    person_id       uuid not null,
    given_by_id     uuid not null,
    answers         jsonb not null,
    given_on        date not null,
    how             text not null,
    kept_at         text,
    corrects_id     uuid,
    reason          text,
    entered_by      uuid references account default caller_account(),
    entered_by_name text,
    entered_at      timestamptz(3) not null default rowan_now(),
    salt            bytea not null default uuid_send(gen_random_uuid()),
    primary key (school_id, id),
    foreign key (school_id, person_id) references person (school_id, id),
    foreign key (school_id, given_by_id) references person (school_id, id),
    foreign key (school_id, corrects_id) references consent (school_id, id),
    constraint consent_is_corrected_once unique (school_id, corrects_id),
    constraint consent_is_given_in_a_known_way check (
        how in ('session', 'link', 'in_person', 'paper', 'email')),
    constraint consent_is_entered_by_somebody check (
        how = 'link' and corrects_id is null
        or entered_by is not null and entered_by_name is not null),
    constraint consent_in_writing_is_kept_somewhere check (
        how not in ('paper', 'email') or kept_at is not null),
    constraint consent_says_something check (
        jsonb_typeof(answers) = 'array'
        and (jsonb_array_length(answers) > 0 or corrects_id is not null)),
    constraint consent_is_corrected_for_a_reason check ((corrects_id is null) = (reason is null))
);
create index consent_of_a_person on consent (school_id, person_id, given_by_id);
create index consent_by_entry on consent (school_id, entered_at, id);

-- That images of somebody are to be removed from where they were published or stored, because it is
-- allowed no more; and that they were (CON-10).
create table image_removal (
    school_id  uuid not null references school,
    id         uuid not null,
    person_id  uuid not null,
    purpose    text not null,
    consent_id uuid not null,
    opened_on  date not null default london_today(),
    due_on     date not null,
    salt       bytea not null default uuid_send(gen_random_uuid()),
    primary key (school_id, id),
    foreign key (school_id, person_id) references person (school_id, id),
    foreign key (school_id, consent_id) references consent (school_id, id)
);
create index image_removal_of_a_person on image_removal (school_id, person_id, purpose);

create table image_removal_end (
    school_id     uuid not null references school,
    id            uuid not null,
    outcome       text not null,
    note          text,
    ended_by      uuid not null references account default caller_account(),
    ended_by_name text not null,
    ended_at      timestamptz(3) not null default rowan_now(),
    salt          bytea not null default uuid_send(gen_random_uuid()),
    constraint image_removal_is_completed_once primary key (school_id, id),
    foreign key (school_id, id) references image_removal (school_id, id),
    constraint image_removal_outcome_is_known check (
        outcome in ('removed', 'partly_removed', 'nothing_found', 'allowed_again')),
    constraint image_removal_in_part_says_what_is_left check (
        outcome <> 'partly_removed' or note is not null)
);

create view image_removal_shown with (security_invoker = true) as
select
    removal.id,
    removal.school_id,
    removal.person_id,
    person.given_name || ' ' || person.family_name as who,
    person.class_name,
    removal.purpose,
    removal.consent_id,
    removal.opened_on,
    removal.due_on,
    ended.id is null as is_open,
    ended.id is null and removal.due_on < london_today() as is_overdue,
    ended.outcome,
    ended.note,
    ended.ended_by_name as completed_by,
    ended.ended_at as completed_at
from image_removal as removal
join person on person.school_id = removal.school_id and person.id = removal.person_id
left join image_removal_end as ended
    on ended.school_id = removal.school_id and ended.id = removal.id;

create view consent_shown with (security_invoker = true) as
select
    consent.id,
    consent.school_id,
    consent.person_id,
    person.given_name || ' ' || person.family_name as who,
    consent.given_by_id,
    giver.given_name || ' ' || giver.family_name as given_by,
    consent.answers,
    consent.given_on,
    consent.how,
    consent.kept_at,
    consent.corrects_id,
    consent.reason,
    later.id as corrected_by_id,
    consent.entered_by_name as entered_by,
    consent.entered_at
from consent
join person on person.school_id = consent.school_id and person.id = consent.person_id
join person as giver on giver.school_id = consent.school_id and giver.id = consent.given_by_id
left join consent as later
    on later.school_id = consent.school_id and later.corrects_id = consent.id;


-- What is decided.

-- From which day on a yes no longer holds; null while it goes on. The year group is that of today.
create function consent_runs_out_on(
    given_on date, after_months integer, each_school_year boolean, each_key_stage boolean,
    lapses_on date, year_group text
) returns date
language sql stable parallel safe
return least(
    (given_on + make_interval(months => after_months))::date,
    case when each_school_year then make_date(academic_year_begins(given_on) + 1, 9, 1) end,
    case when each_key_stage then (
        select min(entering.day)
        from unnest(array['1', '3', '7', '10', '12']) as first_year (name)
        cross join lateral make_date(
            academic_year_begins(london_today())
                + place_of_year(first_year.name) - place_of_year(year_group), 9, 1)
            as entering (day)
        where entering.day > given_on
    ) end,
    case when given_on < lapses_on then lapses_on end);

-- Whose answer about whom counts on a day: that of a parent with parental responsibility whose
-- contact is not barred, and of each adult their own.
create function consent_givers(of_school uuid, of_people uuid[], on_day date)
returns table (person_id uuid, given_by_id uuid)
language sql stable
begin atomic
    select link.child_id, link.parent_id
    from parent_link as link
    join person on person.school_id = of_school and person.id = link.child_id
    where link.school_id = of_school and link.child_id = any (of_people)
        and person.kind = 'pupil' and link.has_responsibility and not link.no_contact
        and link.from_on <= on_day and (link.until_on is null or link.until_on >= on_day)
    union
    select person.id, person.id from person
    where person.school_id = of_school and person.id = any (of_people)
        and person.kind <> 'pupil';
end;

-- The latest answer of each whose answer counts, as it stands on a day. Of one day a no goes before
-- a yes that somebody entered for them, whichever was entered later: no form says at what hour it
-- was signed. What they say themselves, by session or by link, goes by the moment.
create function consents_given(of_school uuid, of_people uuid[], on_day date)
returns table (
    person_id uuid, purpose text, given_by_id uuid, answer text, scope text, given_on date
)
language plpgsql stable set plan_cache_mode = force_custom_plan as $$
begin
    return query
    select distinct on (consent.person_id, said.purpose, consent.given_by_id)
        consent.person_id, said.purpose, consent.given_by_id, said.answer, said.scope,
        consent.given_on
    from consent_givers(of_school, of_people, on_day) as giver
    join consent
        on consent.school_id = of_school and consent.person_id = giver.person_id
        and consent.given_by_id = giver.given_by_id
    cross join lateral jsonb_to_recordset(consent.answers)
        as said (purpose text, answer text, scope text)
    where consent.given_on <= on_day
        and not exists (
            select from consent as later
            where later.school_id = of_school and later.corrects_id = consent.id)
    order by consent.person_id, said.purpose, consent.given_by_id, consent.given_on desc,
        said.answer = 'consent' and consent.how not in ('session', 'link'),
        consent.entered_at desc, said.answer = 'consent', consent.id desc;
end $$;

-- What may be done with persons of a school on a day: a row for each person and purpose. It is no
-- unless somebody whose answer counts says yes and none of them says anything else; `codes` says
-- what stands against it, for those who may know. Planned at each call, as `agreements_on` is.
create function consents_on(of_school uuid, of_people uuid[], of_purposes text[], on_day date)
returns table (
    person_id uuid, purpose text, is_asked boolean, codes text[], since date, until date,
    scope text, given jsonb
)
language plpgsql stable set plan_cache_mode = force_custom_plan as $$
declare
    bars_vulnerable constant boolean :=
        (setting_on(of_school, 'vulnerable_off_platform', on_day)).value::boolean;
begin
    return query
    with asked as materialized (
        select known.*, rule.is_asked as is_wanted, rule.after_months, rule.each_school_year,
            rule.each_key_stage, rule.lapses_on
        from consent_purposes() as known
        join consent_rules_on(of_school, on_day) as rule on rule.purpose = known.purpose
        where known.purpose = any (of_purposes) or exists (
            select from consent_purposes() as other
            where other.purpose = any (of_purposes) and known.purpose = any (other.needs))
    ), marked as materialized (
        select marker.person_id, bool_or(effect_of_marker(marker.kind) is not null) as is_at_risk
        from vulnerability_marker_shown as marker
        where marker.school_id = of_school and marker.person_id = any (of_people)
            and marker.ended_at is null
        group by marker.person_id
    ), said as materialized (
        select person.id as person_id, person.kind = 'pupil' as is_child, asked.purpose,
            asked.is_wanted and (person.kind = 'pupil' or asked.of_adults) as is_asked,
            asked.goes_out, asked.needs, said.given_by_id, said.answer, said.scope, said.given_on,
            case when said.answer = 'consent' then consent_runs_out_on(
                said.given_on, asked.after_months, asked.each_school_year, asked.each_key_stage,
                asked.lapses_on, person.year_group) end as runs_out_on
        from person
        cross join asked
        left join consents_given(of_school, of_people, on_day) as said
            on said.person_id = person.id and said.purpose = asked.purpose
        where person.school_id = of_school and person.id = any (of_people)
    ), stands as materialized (
        select said.person_id, said.is_child, said.purpose, said.is_asked, said.goes_out,
            said.needs,
            coalesce(bool_or(said.answer = 'refuse'), false) as is_refused,
            coalesce(bool_or(said.answer = 'withdraw'), false) as is_withdrawn,
            coalesce(bool_or(said.answer = 'consent'), false) as was_given,
            coalesce(bool_or(
                said.answer = 'consent' and coalesce(said.runs_out_on > on_day, true)), false)
                as is_given,
            coalesce(
                min(said.given_on) filter (where said.answer <> 'consent'),
                min(said.given_on) filter (where coalesce(said.runs_out_on > on_day, true)),
                max(said.runs_out_on)) as since,
            max(coalesce(said.runs_out_on - 1, 'infinity')) filter (
                where said.answer = 'consent') as until,
            string_agg(distinct said.scope, ' ') filter (
                where said.answer = 'consent' and coalesce(said.runs_out_on > on_day, true))
                as scope,
            jsonb_agg(
                jsonb_strip_nulls(jsonb_build_object(
                    'given_by_id', said.given_by_id,
                    'given_by', giver.given_name || ' ' || giver.family_name,
                    'answer', said.answer, 'given_on', said.given_on, 'scope', said.scope,
                    'lapsed_on', case when said.runs_out_on <= on_day then said.runs_out_on end))
                order by said.given_on, said.given_by_id)
                filter (where said.answer is not null) as given
        from said
        left join person as giver on giver.school_id = of_school and giver.id = said.given_by_id
        group by said.person_id, said.is_child, said.purpose, said.is_asked, said.goes_out,
            said.needs
    ), allowed as materialized (
        select stands.*,
            stands.is_asked and stands.is_given and not stands.is_refused
                and not stands.is_withdrawn as is_yes
        from stands
    ), wants as materialized (
        select one.person_id, one.purpose, need.purpose as needs
        from allowed as one cross join lateral unnest(one.needs) as need (purpose)
        where one.is_child
    ), needed as (
        select wants.person_id, wants.purpose, bool_and(other.is_yes) as is_met,
            min(other.until) as until
        from wants
        join allowed as other
            on other.person_id = wants.person_id and other.purpose = wants.needs
        group by wants.person_id, wants.purpose
    )
    select allowed.person_id, allowed.purpose, allowed.is_asked,
        array_remove(array[
            case when not allowed.is_asked then 'not_asked' end,
            case when allowed.is_refused then 'refused' end,
            case when allowed.is_withdrawn then 'withdrawn' end,
            case when allowed.is_asked and not allowed.is_given and not allowed.is_refused
                and not allowed.is_withdrawn
                then case when allowed.was_given then 'lapsed' else 'no_answer' end end,
            case when not needed.is_met then 'needs_another' end,
            case when marked.is_at_risk and allowed.goes_out then 'at_risk' end,
            case when allowed.purpose = 'learning_platform' and bars_vulnerable
                and marked.person_id is not null then 'vulnerable' end
        ], null),
        allowed.since, nullif(least(allowed.until, needed.until), 'infinity'), allowed.scope,
        coalesce(allowed.given, '[]')
    from allowed
    left join needed
        on needed.person_id = allowed.person_id and needed.purpose = allowed.purpose
    left join marked on marked.person_id = allowed.person_id
    where allowed.purpose = any (of_purposes);
end $$;


-- What is told.

-- Who is told what may be done: all who work with pupils, and machines that were given that.
create function caller_asks_consents(of_school uuid) returns boolean
language sql stable
return coalesce((caller_scopes() -> 'consents.read') ? of_school::text, false)
    or caller_holds(
        of_school,
        array['staff', 'online_safety_coordinator', 'dsl', 'deputy_dsl', 'headteacher',
            'senior_leader', 'office']);

-- How pupils may be known in images on a day, as the school has set it, for those who are answered
-- what may be done with them: whoever publishes a photograph sees both at once (CON-12).
create function identification_in_images(of_school uuid, on_day date) returns text
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    if caller_asks_consents(of_school) then
        return (setting_on(of_school, 'identification_in_images', on_day)).value #>> '{}';
    end if;
    return null;
end $$;

-- Whether they may, for those who must obey it. Never why.
create function consent_answers(of_school uuid, of_people uuid[], of_purposes text[], on_day date)
returns table (person_id uuid, purpose text, is_allowed boolean, until date, scope text)
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    if not caller_asks_consents(of_school) then
        return;
    end if;
    return query
    select stands.person_id, stands.purpose, stands.codes = '{}',
        case when stands.codes = '{}' then stands.until end,
        case when stands.codes = '{}' then stands.scope end
    from consents_on(of_school, of_people, of_purposes, on_day) as stands;
end $$;

-- Who may know what was answered, and why not: those who keep and oversee it.
create function caller_reads_consents(of_school uuid) returns boolean
language sql stable parallel safe
return caller_holds(
    of_school,
    array['online_safety_coordinator', 'dsl', 'deputy_dsl', 'headteacher', 'senior_leader',
        'office', 'dpo']);

-- How each of some purposes (of all, where none are named) stands with persons, and why, for those
-- who may know that, and for an adult of themselves. What follows from a marker is told to those who
-- read markers, after a fresh proof; to the others who must obey it only that the school withholds
-- it, where nothing else stands against it (X-10). Whoever only protects data is told what the answers allow, as if there were no marker:
-- they have no part even in what follows from one (section 25).
create function consent_standings(
    of_school uuid, of_people uuid[], of_purposes text[], on_day date
)
returns table (
    person_id uuid, purpose text, is_asked boolean, is_allowed boolean, codes text[], since date,
    until date, scope text, given jsonb
)
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
    theirs constant uuid[] := case when caller_reads_consents(of_school) then of_people else array(
        select person.id from person
        where person.school_id = of_school and person.id = any (of_people)
            and person.account_id = caller_account()) end;
    knows_markers constant boolean := caller_reads_markers(of_school) and caller_stepped_up();
    obeys constant boolean := caller_holds(
        of_school,
        array['online_safety_coordinator', 'dsl', 'deputy_dsl', 'headteacher', 'senior_leader',
            'office']);
begin
    if theirs = '{}' then
        return;
    end if;
    return query
    select stands.person_id, stands.purpose, stands.is_asked, told.is_allowed,
        case
            when knows_markers then stands.codes
            when told.by_answers = '{}' and not told.is_allowed then array['withheld']
            else told.by_answers
        end,
        case when told.by_answers <> '{}' or told.is_allowed then stands.since end,
        case when told.is_allowed then stands.until end,
        case when told.is_allowed then stands.scope end,
        stands.given
    from consents_on(
        of_school, theirs,
        coalesce(of_purposes, array(select known.purpose from consent_purposes() as known)), on_day
    ) as stands
    cross join lateral (
        select array_remove(array_remove(stands.codes, 'at_risk'), 'vulnerable') as by_answers
    ) as said
    cross join lateral (
        select said.by_answers,
            case when obeys then stands.codes else said.by_answers end = '{}' as is_allowed
    ) as told;
end $$;

-- Of whom an answer is wanted, and of which purposes, of some persons in the order in which they are
-- named: two hundred at a time, until so many are found. So a page of them costs what it shows, and
-- not what its schools have. What it tells is what `consent_standings` tells the caller.
create function consents_sought(of_people uuid[], of_purposes text[], at_least integer)
returns table (person_id uuid, no_answer text[], lapsed text[])
language plpgsql stable as $$
declare
    taken integer := 0;
    found_now integer;
begin
    while taken < cardinality(of_people) and at_least > 0 loop
        return query
        select told.person_id,
            array_agg(told.purpose order by known.place)
                filter (where 'no_answer' = any (told.codes)),
            array_agg(told.purpose order by known.place)
                filter (where 'lapsed' = any (told.codes))
        from (
            select person.school_id, array_agg(person.id) as people
            from person
            where person.id = any (of_people[taken + 1:taken + 200])
            group by person.school_id
        ) as own
        cross join lateral consent_standings(
            own.school_id, own.people, of_purposes, london_today()) as told
        join consent_purposes() with ordinality
            as known (purpose, of_adults, keeps_images, goes_out, needs, is_usual, place)
            on known.purpose = told.purpose
        where told.codes && array['no_answer', 'lapsed']
        group by told.person_id;
        get diagnostics found_now = row_count;
        at_least := at_least - found_now;
        taken := taken + 200;
    end loop;
end $$;

-- What stands against a pupil's having what needs a consent: an e-mail address or an account where
-- the school asks for it (ACC-10); a videoconference unless it is allowed, as `consent_answers`
-- says, whatever the school makes of the others (CON-06, CON-08). What stands against that is told
-- as one thing, and since no day, so that neither its name nor what the school has set tells of a
-- marker. Whoever only protects data reads the answers, beside which a no would tell of one: to
-- them every videoconference is shut. The images of pupils that are stored are shut to all but those
-- who were approved (ACC-12).
create function consents_at_the_gate(of_school uuid, of_people uuid[], to_have text, on_day date)
returns table (person_id uuid, code text, since date, until date, about jsonb)
language plpgsql stable security definer set search_path = public, pg_temp rows 10 as $$
declare
    is_conference constant boolean := to_have = 'videoconference';
    wanted constant text := case to_have
        when 'email' then 'pupil_email'
        when 'online_service' then 'online_service'
        when 'videoconference' then 'videoconference'
    end;
    asked constant uuid[] := array(
        select asked.person_id from gate_asked(of_school, of_people) as asked
        join person on person.school_id = of_school and person.id = asked.person_id
        where wanted is not null and person.kind = 'pupil');
    asked_since constant date := (
        select min(rule.from_on) from school_rule as rule
        where rule.school_id = of_school and rule.kind = 'consent' and rule.subject = wanted
            and (rule.content -> 'is_asked')::boolean);
    obeys constant boolean := coalesce((caller_scopes() -> 'gate.read') ? of_school::text, false)
        or caller_holds(
            of_school,
            array['staff', 'online_safety_coordinator', 'dsl', 'deputy_dsl', 'headteacher',
                'senior_leader', 'office', 'technician', 'school_administrator']);
begin
    if to_have = 'pupil_images' then
        return query
        select whose.person_id,
            case when approved.until is null then 'not_approved_for_images' end, on_day,
            nullif(approved.until, 'infinity'), null::jsonb
        from gate_asked(of_school, of_people) as whose
        cross join lateral (
            select max(coalesce(entry._until_on, 'infinity')) as until
            from register_entry_shown as entry
            where entry.school_id = of_school and entry._kind = 'image_approval'
                and not entry.is_withdrawn and entry._people @> array[whose.person_id]
                and entry._content ->> 'person_id' = whose.person_id::text
                and entry._from_on <= on_day
                and coalesce(entry._until_on >= on_day, true)
        ) as approved;
        return;
    end if;
    if asked = '{}' then
        return;
    end if;
    return query
    select stands.person_id,
        case
            when is_conference and not obeys then 'videoconference_not_allowed'
            when stands.codes = '{}' then null
            when is_conference then 'videoconference_not_allowed'
            when stands.codes && array['refused', 'withdrawn'] then 'consent_refused'
            else 'consent_missing'
        end,
        case when is_conference then on_day else greatest(stands.since, asked_since) end,
        stands.until, jsonb_build_object('purpose', stands.purpose)
    from consents_on(of_school, asked, array[wanted], on_day) as stands
    where stands.is_asked or is_conference;
end $$;


-- What follows.

-- Whether what was answered leaves nothing of somebody to be put online: somebody whose answer
-- counts says no to where the school shows itself, and none of it is allowed. Of most nobody ever
-- said no, which is soon seen.
create function answers_keep_offline(of_school uuid, of_person uuid) returns boolean
language plpgsql stable as $$
begin
    return exists (
        select from consent
        cross join lateral jsonb_to_recordset(consent.answers) as said (purpose text, answer text)
        where consent.school_id = of_school and consent.person_id = of_person
            and said.purpose in ('school_website', 'social_media') and said.answer <> 'consent'
    ) and coalesce((
        select bool_or(of_purpose.is_no) and not bool_or(not of_purpose.is_no)
        from (
            select bool_or(said.answer <> 'consent') as is_no
            -- Whoever counts for the last day today counts no more: nobody comes tomorrow to ask.
            from consents_given(of_school, array[of_person], london_today() + 1) as said
            where said.purpose in ('school_website', 'social_media')
            group by said.purpose
        ) as of_purpose), false);
end $$;

-- Works out what follows for somebody: everything from which an effect follows has a line here. That
-- both lead to the same is what lets it tell of neither.
create or replace function settle_effects(of_school uuid, of_person uuid) returns void
language plpgsql as $$
begin
    delete from person_effect where school_id = of_school and person_id = of_person;
    insert into person_effect (school_id, person_id, effect)
    select distinct of_school, of_person, effect_of_marker(marker.kind)
    from vulnerability_marker_shown as marker
    where marker.school_id = of_school and marker.person_id = of_person
        and marker.ended_at is null and effect_of_marker(marker.kind) is not null
    union
    select of_school, of_person, 'no_image_online'
    where answers_keep_offline(of_school, of_person);
end $$;

-- Whose answer counts follows the roster.
create function a_link_settles_effects() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform settle_effects(child.school_id, child.child_id)
    from (
        select distinct school_id, child_id from changed
        where exists (
            select from consent
            where consent.school_id = changed.school_id
                and consent.person_id = changed.child_id)
    ) as child;
    return null;
end $$;

create trigger a_new_link_settles_effects after insert on parent_link
referencing new table as changed
for each statement execute function a_link_settles_effects();
create trigger a_changed_link_settles_effects after update on parent_link
referencing new table as changed
for each statement execute function a_link_settles_effects();


-- Recording.

-- What is wrong with a form, by where it is wrong; nothing where it can be kept. What only strikes
-- out leaves who said it, and how, as they were put down. A no that somebody said themselves nobody
-- else corrects: it was not put down wrongly, and they can say otherwise.
create function consent_faults(of_school uuid, form jsonb)
returns table (pointer text, code text)
language plpgsql stable as $$
declare
    whose person;
    corrected consent;
    struck consent;
    giver constant uuid := (form ->> 'given_by_id')::uuid;
    way constant text := form ->> 'how';
    is_written constant boolean := way in ('paper', 'email');
    is_keeper constant boolean := caller_holds(of_school, array['dsl', 'deputy_dsl', 'office']);
begin
    select * into whose from person
    where school_id = of_school and id = (form ->> 'person_id')::uuid
        and (is_keeper or account_id = caller_account());
    if whose.id is null then
        return query values ('/person_id', 'unknown_person');
        return;
    end if;
    if form ->> 'corrects_id' is not null then
        select * into corrected from consent
        where school_id = of_school and id = (form ->> 'corrects_id')::uuid;
    end if;
    if form -> 'answers' = '[]' then
        struck := corrected;
    end if;
    if whose.kind = 'pupil' and giver is null then
        return query values ('/given_by_id', 'required');
    elsif giver is distinct from struck.given_by_id and not exists (
        select from consent_givers(of_school, array[whose.id], london_today()) as known
        where known.given_by_id = coalesce(giver, whose.id))
    then
        return query values ('/given_by_id', 'may_not_consent');
    end if;
    if is_written and form ->> 'kept_at' is null then
        return query values ('/kept_at', 'required');
    end if;
    -- A form lies for days until it is entered: that of today would count from today on.
    if is_written and form ->> 'given_on' is null then
        return query values ('/given_on', 'required');
    elsif (form ->> 'given_on')::date > london_today() then
        return query values ('/given_on', 'in_the_future');
    end if;
    if way is distinct from struck.how and (
        way = 'link'
        or way = 'session' and whose.account_id is distinct from caller_account()
        or way <> 'session' and not is_keeper)
        or (corrected.how = 'link'
            or corrected.how = 'session' and whose.account_id is distinct from caller_account())
        and exists (
            select from jsonb_array_elements(corrected.answers) as said
            where said ->> 'answer' <> 'consent')
    then
        return query values ('/how', 'not_so');
    end if;
    return query
    select '/answers/' || said.place - 1 || '/purpose', 'not_of_adults'
    from jsonb_array_elements(form -> 'answers') with ordinality as said (answer, place)
    join consent_purposes() as known on known.purpose = said.answer ->> 'purpose'
    where whose.kind <> 'pupil' and not known.of_adults;
end $$;

-- For which purposes those whose answers count say yes, and none of them anything else; whether or
-- not it has lapsed.
create function purposes_allowed(of_school uuid, of_person uuid) returns text[]
language plpgsql stable as $$
begin
    return array(
        select said.purpose
        from consents_given(of_school, array[of_person], london_today()) as said
        group by said.purpose
        having bool_and(said.answer = 'consent'));
end $$;

-- Tasks the removal of what was allowed before and is no more, or was withdrawn, unless that is under
-- way.
create function open_removals(of_consent consent, before text[]) returns void
language plpgsql as $$
declare
    days constant integer := (setting_now(of_consent.school_id, 'image_removal_days'))::integer;
    now_allowed constant text[] :=
        purposes_allowed(of_consent.school_id, of_consent.person_id);
begin
    with opened as (
        insert into image_removal (school_id, id, person_id, purpose, consent_id, due_on)
        select of_consent.school_id, gen_random_uuid(), of_consent.person_id, known.purpose,
            of_consent.id, london_today() + days
        from consent_purposes() as known
        where known.keeps_images and known.purpose <> all (now_allowed)
            and (
                known.purpose = any (before)
                -- Of what nobody ever allowed there is nothing.
                or of_consent.answers @> jsonb_build_array(
                        jsonb_build_object('purpose', known.purpose, 'answer', 'withdraw'))
                    and exists (
                        select from consent as once
                        where once.school_id = of_consent.school_id
                            and once.person_id = of_consent.person_id
                            and once.answers @> jsonb_build_array(
                                jsonb_build_object(
                                    'purpose', known.purpose, 'answer', 'consent'))))
            and not exists (
                select from image_removal_shown as removal
                where removal.school_id = of_consent.school_id
                    and removal.person_id = of_consent.person_id
                    and removal.purpose = known.purpose and removal.is_open)
        returning *
    )
    insert into event (
        organisation_id, chain, deed, record_kind, record_ids, request_id, digest)
    select opened.school_id, 'changes', 'image_removal_opened', 'image_removal',
        array[opened.id], '', digest_of(opened.salt, to_jsonb(opened) - 'salt')
    from opened;
end $$;

-- Keeps one form, with its entry in the audit and the tasks that follow from it.
create function keep_consent(of_school uuid, form jsonb, by_name text) returns void
language plpgsql as $$
declare
    kept consent;
    before text[] := '{}';
begin
    if exists (
        select from consent
        where school_id = of_school and person_id = (form ->> 'person_id')::uuid)
    then
        before := purposes_allowed(of_school, (form ->> 'person_id')::uuid);
    end if;
    insert into consent (
        school_id, id, person_id, given_by_id, answers, given_on, how, kept_at, corrects_id,
        reason, entered_by_name)
    values (
        of_school, (form ->> 'id')::uuid, (form ->> 'person_id')::uuid,
        coalesce(form ->> 'given_by_id', form ->> 'person_id')::uuid, form -> 'answers',
        coalesce((form ->> 'given_on')::date, london_today()), form ->> 'how', form ->> 'kept_at',
        (form ->> 'corrects_id')::uuid, form ->> 'reason', by_name)
    returning * into kept;
    insert into event (
        organisation_id, chain, deed, record_kind, record_ids, request_id, digest)
    values (
        of_school, 'changes',
        case when kept.corrects_id is null then 'consent_recorded' else 'consent_corrected' end,
        'consent', array[kept.id], '', digest_of(kept.salt, to_jsonb(kept) - 'salt'));
    if before <> '{}' or kept.answers @> '[{"answer": "withdraw"}]' then
        perform open_removals(kept, before);
    end if;
end $$;

-- Keeps those of some forms that can be kept, one after the other; of each of the others what is
-- wrong. The school is held, and then all persons, so that whatever follows from what is said of
-- them is worked out once at a time.
create function record_consents(of_school uuid, forms jsonb, by_name text)
returns table (place integer, pointer text, code text)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    form record;
    is_faulty boolean;
    about uuid[] := '{}';
begin
    if not coalesce(caller_seats() ? of_school::text, false) then
        raise exception 'the caller holds no post there' using errcode = 'RW404';
    end if;
    perform from school where id = of_school for no key update;
    perform from person
    where school_id = of_school and id in (
        select (one ->> 'person_id')::uuid from jsonb_array_elements(forms) as one)
    order by id
    for no key update;
    for form in
        select one.said, one.number::integer - 1 as place
        from jsonb_array_elements(forms) with ordinality as one (said, number)
    loop
        is_faulty := false;
        for record_consents.pointer, record_consents.code in
            select * from consent_faults(of_school, form.said)
        loop
            is_faulty := true;
            record_consents.place := form.place;
            return next;
        end loop;
        if not is_faulty then
            perform keep_consent(of_school, form.said, by_name);
            about := about || (form.said ->> 'person_id')::uuid;
        end if;
    end loop;
    perform settle_effects(of_school, known.id)
    from (select distinct id from unnest(about) as id) as known;
end $$;

-- What no longer says what its entry in the audit covers, or is gone.
create view consent_unlike_its_entry with (security_invoker = true) as
select * from unlike_their_entries(array[
    'consent', 'image_removal', 'image_removal_end']);


-- Walls. What was answered is for those who keep and oversee it, and an adult's for themselves; the
-- answer is told by `consent_answers` alone. What a school asks for, everybody of it may know.

alter table consent enable row level security, force row level security;
alter table image_removal enable row level security, force row level security;
alter table image_removal_end enable row level security, force row level security;

create policy of_the_readers on consent for select to rowan_service using (
    caller_reads_consents(school_id) or caller_is(school_id, person_id)
);

create policy of_the_readers on image_removal for select to rowan_service using (
    caller_reads_consents(school_id)
);
create policy of_the_readers on image_removal_end for select to rowan_service using (
    caller_reads_consents(school_id)
);
create policy by_those_who_remove on image_removal_end for insert to rowan_service with check (
    caller_holds(
        school_id,
        array['online_safety_coordinator', 'dsl', 'deputy_dsl', 'headteacher', 'senior_leader',
            'office'])
    and ended_by = (select caller_account())
);

create policy keeping on consent to rowan_owner using (true);
create policy keeping on image_removal to rowan_owner using (true);
create policy keeping on image_removal_end to rowan_owner using (true);
create policy approved on register_entry for select to rowan_owner using (
    kind = 'image_approval'
);
create policy maintenance on consent to rowan_maintenance using (true);
create policy maintenance on image_removal to rowan_maintenance using (true);
create policy maintenance on image_removal_end to rowan_maintenance using (true);

grant select, insert, update on consent, image_removal, image_removal_end
to rowan_maintenance;
grant select on
    consent, consent_shown, image_removal, image_removal_end, image_removal_shown
to rowan_service;
grant insert (school_id, id, outcome, note, ended_by_name) on image_removal_end to rowan_service;
grant select on consent_unlike_its_entry to rowan_maintenance;
grant execute on function
    caller_asks_consents(uuid), identification_in_images(uuid, date),
    consent_purposes(), consent_rules_on(uuid, date),
    consent_answers(uuid, uuid[], text[], date),
    consent_standings(uuid, uuid[], text[], date), consents_sought(uuid[], text[], integer),
    consents_at_the_gate(uuid, uuid[], text, date),
    caller_reads_consents(uuid),
    record_consents(uuid, jsonb, text)
to rowan_service;
-- The demonstration's.
grant execute on function record_consents(uuid, jsonb, text) to rowan_maintenance;
