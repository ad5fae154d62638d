-- What is owed goes out of itself, where a school chooses so (AGR-11): when what was signed lapses,
-- when a newer version is in force, when somebody joins, or comes into another phase. The worker does
-- it by functions alone, as one more campaign, which nobody ran: so it is listed, followed up and
-- reminded of like any other.

set local role rowan_owner;

insert into setting_default (name, value, stronger, words) values
    ('agreement_issuing_pupils', '"by_hand"', 'later', '{by_itself,by_hand}'),
    ('agreement_issuing_parents', '"by_hand"', 'later', '{by_itself,by_hand}'),
    ('agreement_issuing_staff', '"by_hand"', 'later', '{by_itself,by_hand}'),
    ('agreement_issuing_others', '"by_hand"', 'later', '{by_itself,by_hand}'),
    ('agreement_issuing_most', '500', 'less', null),
    ('agreement_issuing_due_days', '14', 'less', null),
    ('agreement_lapse_notice_days', '14', 'more', null);

-- When the clock last looked at a school, and on which day it had last reminded all whom what was
-- put before them alone waits for.
create table agreement_clock (
    school_id   uuid primary key references school,
    looked_at   timestamptz(3),
    reminded_on date
);

-- Of which agreements it was told, once, that they will lapse.
create table agreement_lapse_notice (
    school_id    uuid not null,
    agreement_id uuid not null,
    told_at      timestamptz(3) not null default rowan_now(),
    primary key (school_id, agreement_id),
    foreign key (school_id, agreement_id) references agreement (school_id, id)
);


-- Whether what people of a kind owe goes out of itself on a day; and since when that holds.
create function agreement_issuing(of_school uuid, of_kind text, on_day date)
returns effective_setting
language plpgsql stable as $$
begin
    return setting_on(
        of_school,
        'agreement_issuing_' || case
            when of_kind = 'pupil' then 'pupils'
            when of_kind = 'parent' then 'parents'
            when of_kind in ('teacher', 'support_staff', 'student_teacher', 'governor') then 'staff'
            else 'others' end,
        on_day);
end $$;

-- What the people of a school owe and nobody has put before them. `arose_on`: since when it is known
-- that they owe it; not before they were on the roster.
create function agreements_to_issue(of_school uuid)
returns table (
    person_id uuid, kind text, template_id uuid, version_id uuid, due_days integer, due_on date,
    since date, arose_on date
)
language plpgsql stable as $$
begin
    return query
    select standing.person_id, person.kind, standing.template_id, standing.version_id,
        (standing.rules ->> 'due_days')::integer, standing.due_on, standing.since,
        greatest(standing.since, london_day(person.created_at))
    from agreements_on(of_school, null, london_today()) as standing
    join person on person.school_id = of_school and person.id = standing.person_id
    where standing.state in ('owed', 'expired', 'superseded');
end $$;

-- The campaign of this day that nobody ran, by which a version goes out of itself.
create function campaign_of_itself(
    of_school uuid, of_template uuid, of_version uuid, due date
) returns uuid
language plpgsql as $$
declare
    campaign constant uuid := (
        select known.id from agreement_campaign as known
        where known.school_id = of_school and known.version_id = of_version
            and known.due_on = due and known.made_by is null
            and known.made_at >= london_today()::timestamp at time zone 'Europe/London'
        order by known.made_at
        limit 1);
    fresh constant uuid := gen_random_uuid();
begin
    if campaign is not null then
        return campaign;
    end if;
    with written as (
        insert into agreement_campaign (
            school_id, id, template_id, version_id, name, due_on, made_by, made_by_name)
        values (
            of_school, fresh, of_template, of_version, 'Of itself, ' || london_today(), due, null,
            null)
        returning *
    )
    insert into event (organisation_id, chain, deed, record_kind, record_ids, request_id, digest)
    select of_school, 'changes', 'agreement_campaign_run', 'agreement_campaign', array[written.id],
        '', digest_of(written.salt, to_jsonb(written) - 'salt')
    from written;
    return fresh;
end $$;

-- Puts before people what they came to owe since their school chose that it goes out of itself, and
-- tells those who must sign. What they had owed before stays for somebody to issue; and so does what
-- more would owe at once, of one template in one day, than the school lets go out. The caller holds
-- the school.
create function issue_what_is_owed(of_school uuid) returns void
language plpgsql as $$
declare
    most constant integer := setting_now(of_school, 'agreement_issuing_most')::integer;
    usual_days constant integer :=
        setting_now(of_school, 'agreement_issuing_due_days')::integer;
    owed record;
    campaign uuid;
begin
    for owed in
        select one.template_id, one.version_id,
            london_today() + coalesce(one.due_days, usual_days) as due_on,
            array_agg(one.person_id) as people
        from agreements_to_issue(of_school) as one
        join (
            select known.kind, chosen.effective_on
            from (
                select distinct person.kind from person where person.school_id = of_school
            ) as known
            cross join lateral agreement_issuing(of_school, known.kind, london_today()) as chosen
            where chosen.value = '"by_itself"'
        ) as chosen on chosen.kind = one.kind and chosen.effective_on <= one.arose_on
        -- Whoever is still to come, when it is due on their first day at the latest.
        where one.since <= london_today() + coalesce(one.due_days, usual_days)
        group by one.template_id, one.version_id, one.due_days
        having count(*) + (
            select count(*) from agreement
            where agreement.school_id = of_school and agreement.template_id = one.template_id
                and agreement.issued_by is null and agreement.issued_on = london_today()) <= most
        order by one.template_id
    loop
        campaign := campaign_of_itself(
            of_school, owed.template_id, owed.version_id, owed.due_on);
        perform issue_to_group(
            of_school, campaign, owed.template_id, owed.people, null, null, null, owed.due_on,
            null);
        perform remind_campaign(of_school, campaign, gen_random_uuid(), null, null, 200);
    end loop;
end $$;

-- Tells those who sign in, once, that what they signed will lapse, so many days before as the school
-- has set, where the next goes out of itself; two hundred at once.
create function tell_of_lapses(of_school uuid) returns void
language plpgsql as $$
declare
    days constant integer := setting_now(of_school, 'agreement_lapse_notice_days')::integer;
    signer record;
begin
    for signer in with lapsing as materialized (
        select standing.person_id, standing.agreement_id, standing.current_until
        from agreements_on(of_school, null, london_today()) as standing
        where standing.state = 'signed' and standing.is_current
            and standing.current_until < london_today() + days
    ), told as (
        insert into agreement_lapse_notice (school_id, agreement_id)
        select of_school, standing.agreement_id
        from lapsing as standing
        join person on person.school_id = of_school and person.id = standing.person_id
        where (agreement_issuing(of_school, person.kind, london_today())).value = '"by_itself"'
            and exists (
                select from post
                where post.school_id = of_school and post._account_id = person.account_id)
            and not exists (
                select from agreement_lapse_notice as before
                where before.school_id = of_school
                    and before.agreement_id = standing.agreement_id)
        order by standing.current_until, standing.agreement_id
        limit 200
        returning agreement_id
    )
    select person.account_id, held.role, told.agreement_id
    from told
    join agreement on agreement.school_id = of_school and agreement.id = told.agreement_id
    join person on person.school_id = of_school and person.id = agreement.person_id
    cross join lateral (
        select post.role from post
        where post.school_id = of_school and post._account_id = person.account_id
        order by post.role
        limit 1
    ) as held
    loop
        perform send_notice(
            of_school, signer.account_id, signer.role, 'agreement_lapses', 'normal',
            upper(right(signer.agreement_id::text, 8)), null, rowan_now());
    end loop;
end $$;

-- Looks at one of the schools that chose it, each four times an hour from eight to eight:
-- false where none waits. What one worker has in hand the others pass over, and what they do
-- besides finds it done.
create function issue_by_the_clock() returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    whose uuid;
begin
    if extract(hour from rowan_now() at time zone 'Europe/London') not between 8 and 19 then
        return false;
    end if;
    select school.id into whose from school
    where school.id in (
            select setting.school_id from setting
            where starts_with(setting.name, 'agreement_issuing_')
                and setting.value = '"by_itself"'
            union all
            select membership.school_id from membership
            join trust_setting as said on said.trust_id = membership.trust_id
            where starts_with(said.name, 'agreement_issuing_') and said.value = '"by_itself"')
        and not exists (
            select from agreement_clock as clock
            where clock.school_id = school.id
                and clock.looked_at > rowan_now() - interval '15 minutes')
    order by school.id
    limit 1
    for no key update skip locked;
    if whose is null then
        return false;
    end if;
    insert into agreement_clock (school_id, looked_at) values (whose, rowan_now())
    on conflict (school_id) do update set looked_at = excluded.looked_at;
    perform enter_organisation(whose);
    perform issue_what_is_owed(whose);
    perform tell_of_lapses(whose);
    perform set_config('rowan.seats', '', true);
    return true;
end $$;

-- Reminds of what was put before people one by one, by no campaign: so many days before it is due as
-- the school has set for campaigns, and the day after; two hundred of a school at a time. False
-- where none waits.
create function remind_one_by_one() returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    whose uuid;
    near uuid[];
    told record;
begin
    if extract(hour from rowan_now() at time zone 'Europe/London') not between 8 and 19 then
        return false;
    end if;
    select school.id, one.agreements into whose, near
    from school
    join lateral (
        select array_agg(agreement.id) as agreements from agreement
        where agreement.school_id = school.id and agreement.campaign_id is null
            and agreement.due_on in (
                london_today() - 1,
                london_today()
                    + nullif(setting_now(school.id, 'agreement_reminder_days')::integer, 0))
    ) as one on one.agreements is not null
    where school.id in (
            select agreement.school_id from agreement
            where agreement.campaign_id is null
                and agreement.due_on between london_today() - 1 and london_today() + 30)
        and setting_now(school.id, 'agreement_reminder_days')::integer > 0
        and not exists (
            select from agreement_clock as clock
            where clock.school_id = school.id and clock.reminded_on = london_today())
    order by school.id
    limit 1
    for no key update of school skip locked;
    if whose is null then
        return false;
    end if;
    perform enter_organisation(whose);
    select * into told from tell_signers(whose, near, null, null, null, 200);
    if told.left_over = 0 then
        insert into agreement_clock (school_id, reminded_on) values (whose, london_today())
        on conflict (school_id) do update set reminded_on = excluded.reminded_on;
    end if;
    if told.told_of <> '{}' then
        insert into event (
            organisation_id, chain, deed, record_kind, record_ids, request_id)
        values (whose, 'changes', 'agreement_reminded', 'agreement', told.told_of, '');
    end if;
    perform set_config('rowan.seats', '', true);
    return true;
end $$;


-- Walls.

alter table agreement_clock enable row level security, force row level security;
alter table agreement_lapse_notice enable row level security, force row level security;

create policy keeping on agreement_clock to rowan_owner using (true);
create policy keeping on agreement_lapse_notice to rowan_owner using (true);
create policy maintenance on agreement_clock to rowan_maintenance using (true);
create policy maintenance on agreement_lapse_notice to rowan_maintenance using (true);
create policy of_itself on agreement_campaign for insert to rowan_owner
with check (made_by is null);
create policy of_itself on agreement for insert to rowan_owner with check (issued_by is null);
create policy of_itself on agreement_copy for insert to rowan_owner with check (true);

grant select, insert, update on agreement_clock, agreement_lapse_notice to rowan_maintenance;
grant execute on function agreements_to_issue(uuid) to rowan_service;
grant execute on function issue_by_the_clock(), remind_one_by_one() to rowan_worker;
