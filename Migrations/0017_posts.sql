-- Posts: who is appointed and whose post ends, so that somebody always answers (ORG-04, ORG-05);
-- what needs a second person; delegation and leaving (USR-04, USR-11).

set local role rowan_owner;

alter table seat
    add column appointed_by_name text,
    add column appointed_at timestamptz(3),
    add column ended_by_name text,
    add column ended_at timestamptz(3);

alter table trust_seat
    add column appointed_by_name text,
    add column appointed_at timestamptz(3),
    add column ended_by_name text,
    add column ended_at timestamptz(3);

-- The post of temporary staff ends by itself within so many days (S-27).
insert into setting_default (name, value, stronger) values ('temporary_post_days', '28', 'less');

-- Posts that were held, are held and will be held.
create view post_ever with (security_invoker = true) as
select
    seat.school_id,
    seat.id,
    seat.role,
    person.given_name || ' ' || person.family_name as who,
    seat.person_id,
    seat.telephone,
    seat.from_on,
    seat.until_on,
    seat.ends_at,
    seat.appointed_by_name as appointed_by,
    seat.appointed_at,
    seat.ended_by_name as ended_by,
    seat.ended_at,
    seat.account_id as _account_id
from seat
join person on person.school_id = seat.school_id and person.id = seat.person_id;


-- Leaving: from the day after, nothing is open any more; the person and their history stay.
create table leaving (
    school_id         uuid not null references school,
    id                uuid not null,
    person_id         uuid not null,
    account_id        uuid references account,
    left_on           date not null,
    recorded_by_name  text not null,
    recorded_at       timestamptz(3) not null default rowan_now(),
    reminded_on       date,
    reminded_by_name  text,
    returned_on       date,
    sessions_ended_at timestamptz(3),
    primary key (school_id, id),
    foreign key (school_id, person_id) references person
);
create index leaving_of_a_person on leaving (school_id, person_id);
create index leaving_with_sessions on leaving (left_on) where sessions_ended_at is null;

create view leaving_shown with (security_invoker = true) as
select
    id, school_id, person_id, left_on, recorded_by_name as recorded_by, recorded_at, reminded_on,
    reminded_by_name as reminded_by, returned_on
from leaving;

-- Ends the sessions of those who left before today; the worker asks each second, so that it happens
-- when nobody else does. Their posts have ended by their dates already.
create function end_sessions_of_leavers() returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    ended integer;
begin
    with left_now as (
        update leaving set sessions_ended_at = rowan_now()
        where sessions_ended_at is null and left_on < london_today() and returned_on is null
        returning school_id, person_id
    )
    update session set ended_at = rowan_now()
    from left_now
    join person on person.school_id = left_now.school_id and person.id = left_now.person_id
    where session.account_id = person.account_id and session.ended_at is null;
    get diagnostics ended = row_count;
    return ended;
end $$;


-- A change of a school: of a setting, or of its posts. `change` says which, by its `kind`:
--   setting      name, version, value, effective_on
--   appointment  id, person_id, role, from_on, until_on, ends_at, telephone
--   ending       post_id, until_on
--   leaving      id, person_id, left_on, reminded_on
-- What was confirmed late begins, or ends, no earlier than it was. Who is appointed beyond the day on
-- which they leave has come back; but a last day to come that the roster tells ends the post with it.
create function make_change(of_school uuid, change jsonb, author uuid, author_name text)
returns void
language plpgsql as $$
declare
    first constant date := greatest((change ->> 'from_on')::date, london_today());
    last date;
    holder uuid;
begin
    case change ->> 'kind'
    when 'setting' then
        insert into setting (
            school_id, name, version, value, effective_on, set_by, set_by_name)
        values (
            of_school, change ->> 'name', (change ->> 'version')::integer, change -> 'value',
            greatest((change ->> 'effective_on')::date, london_today()), author, author_name);
    when 'appointment' then
        insert into seat (
            school_id, id, account_id, person_id, role, telephone, from_on, until_on, ends_at,
            appointed_by_name, appointed_at)
        select
            of_school, (change ->> 'id')::uuid, person.account_id, person.id, change ->> 'role',
            change ->> 'telephone', first, (change ->> 'until_on')::date,
            (change ->> 'ends_at')::timestamptz, author_name, rowan_now()
        from person
        where person.school_id = of_school and person.id = (change ->> 'person_id')::uuid
        returning until_on into last;
        update leaving set returned_on = greatest(first, left_on + 1)
        where school_id = of_school and person_id = (change ->> 'person_id')::uuid
            and returned_on is null and left_on < coalesce(last, 'infinity');
        update person set left_on = null
        where school_id = of_school and id = (change ->> 'person_id')::uuid and left_on < first;
    when 'ending' then
        -- What ends at a moment ends at this one, on the day that it is.
        update seat
        set until_on = greatest(
                from_on - 1,
                least(
                    until_on,
                    greatest(
                        (change ->> 'until_on')::date,
                        london_today() - case when ends_at is null then 1 else 0 end))),
            ends_at = case when ends_at is not null then least(
                ends_at,
                greatest(rowan_now(), day_begins_at((change ->> 'until_on')::date + 1))) end,
            ended_by_name = author_name, ended_at = rowan_now()
        where school_id = of_school and id = (change ->> 'post_id')::uuid
        returning account_id into holder;
        perform tell_of_clients_known_to(of_school, holder);
    when 'leaving' then
        update seat
        set until_on = greatest(from_on - 1, (change ->> 'left_on')::date),
            ends_at = case when ends_at is not null
                then least(ends_at, day_begins_at((change ->> 'left_on')::date + 1)) end,
            ended_by_name = author_name, ended_at = rowan_now()
        where school_id = of_school and person_id = (change ->> 'person_id')::uuid
            and (until_on is null or until_on > (change ->> 'left_on')::date);
        insert into leaving (
            school_id, id, person_id, account_id, left_on, recorded_by_name, reminded_on,
            reminded_by_name)
        select
            of_school, (change ->> 'id')::uuid, person.id, person.account_id,
            (change ->> 'left_on')::date, author_name, (change ->> 'reminded_on')::date,
            case when change ->> 'reminded_on' is not null then author_name end
        from person
        where person.school_id = of_school and person.id = (change ->> 'person_id')::uuid;
        perform end_sessions_of_leavers();
        perform tell_of_clients_known_to(of_school, (
            select person.account_id from person
            where person.school_id = of_school and person.id = (change ->> 'person_id')::uuid));
    end case;
end $$;

-- Who else would receive whichever report about somebody: of each, the accounts that are told. Reports
-- that name them, and those that name only a post that they hold, or may concern one.
create function routing_about(of_school uuid, of_account uuid) returns jsonb
language plpgsql stable as $$
declare
    own constant uuid[] := array(
        select id from person where school_id = of_school and account_id = of_account);
begin
    return (
        select coalesce(
            jsonb_object_agg(
                concat_ws(' ', told.about, told.at_risk, told.matter, told.by_name),
                to_jsonb(array(
                    select recipient.account_id
                    from recipients_of_a_report(
                        of_school, told.about, told.at_risk,
                        case when told.by_name then own else '{}' end, null, told.matter)
                        as recipient
                    where recipient.account_id <> of_account
                    order by 1))),
            '{}')
        from (
            select about, at_risk, matter, by_name
            from unnest(array[
                'child', 'staff', 'headteacher', 'dsl', 'deputy_dsl', 'governor', 'unsure'
            ]) as about
            cross join unnest(array[false, true]) as at_risk
            cross join unnest(array[
                'event', 'communication', 'visitor_breach', 'outside_school']) as matter
            cross join unnest(array[false, true]) as by_name
            where by_name or exists (
                select from subjects_of_a_report(of_school, about, '{}') as subject
                where subject.account_id = of_account)
        ) as told);
end $$;

-- The first day from today on which nobody is a DSL contact, or nobody takes incident reports; null
-- where there always is somebody.
create function unheld_from(of_school uuid, by_reports boolean) returns date
language plpgsql stable as $$
begin
    return (
        select min(edge.day)
        from (
            select london_today() as day
            union
            select seat.until_on + 1 from seat
            where seat.school_id = of_school and seat.until_on >= london_today()
            union
            select setting.effective_on from setting
            where setting.school_id = of_school and setting.name = 'incident_recipients'
                and setting.effective_on > london_today()
        ) as edge
        where not exists (
            select from seat join account on account.id = seat.account_id
            where seat.school_id = of_school and account.disabled_at is null
                and seat.from_on <= edge.day
                and (seat.until_on is null or seat.until_on >= edge.day)
                and case
                    when by_reports then place_on_the_ladder(seat.role) is not null
                        and (setting_on(of_school, 'incident_recipients', edge.day)).value
                            ? seat.role
                    else seat.role in ('dsl', 'deputy_dsl')
                end));
end $$;

-- The days on which a change may alter who is told of what: its first, and each later one, while it
-- holds, on which a post that counts begins or has ended, or a planned setting begins. One more than
-- are looked at.
create function days_to_look_at(of_school uuid, change jsonb) returns date[]
language plpgsql stable as $$
declare
    first constant date := greatest(
        london_today(),
        case change ->> 'kind'
            when 'setting' then (change ->> 'effective_on')::date
            when 'appointment' then (change ->> 'from_on')::date
            when 'ending' then (change ->> 'until_on')::date + 1
            else (change ->> 'left_on')::date + 1
        end);
begin
    return array(
        select edge.day
        from (
            select first as day
            union
            select edge_of_seat.day from seat
            cross join lateral (values (seat.from_on), (seat.until_on + 1)) as edge_of_seat (day)
            where seat.school_id = of_school and counts_in_routing(seat.role)
            union
            select setting.effective_on from setting where setting.school_id = of_school
        ) as edge
        where edge.day = first or edge.day > first and (
            change ->> 'kind' <> 'appointment'
            or edge.day <= coalesce((change ->> 'until_on')::date, 'infinity'))
        order by edge.day
        limit 51);
end $$;

-- Whether a post is told of reports, or is what one may be about.
create function counts_in_routing(role text) returns boolean
language sql immutable
return place_on_the_ladder(role) is not null or role in ('governor', 'link_governor');

-- By day, who else would receive whichever report about somebody, and whether anybody could be told
-- of one about the headteacher. Each day is looked at by making it today: what the school has
-- planned is moved to and fro, and nothing of that is kept.
create function routing_on_days(of_school uuid, of_account uuid, days date[]) returns jsonb
language plpgsql as $$
declare
    told jsonb := '{}';
    day date;
    ahead integer := 0;
begin
    begin
        foreach day in array days loop
            update seat
            set from_on = from_on - (day - london_today() - ahead),
                until_on = until_on - (day - london_today() - ahead)
            where school_id = of_school and counts_in_routing(role) and day - london_today() > ahead;
            update setting set effective_on = effective_on - (day - london_today() - ahead)
            where school_id = of_school and day - london_today() > ahead;
            ahead := day - london_today();
            told := told || jsonb_build_object(day, jsonb_build_object(
                'about', routing_about(of_school, of_account),
                'of_the_head', exists (
                    select from recipients_of_a_report(
                        of_school, 'headteacher', false, '{}', null))));
        end loop;
        raise exception 'only a trial' using errcode = 'RW002';
    exception when sqlstate 'RW002' then
        null;
    end;
    return told;
end $$;

-- Why a change does not fit a school as it stands now, whatever stood when it was written down.
create function out_of_date(of_school uuid, change jsonb) returns text
language plpgsql stable as $$
declare
    last constant date := (change ->> 'until_on')::date;
    ends date;
    is_over boolean;
begin
    case change ->> 'kind'
    when 'setting' then
        return (
            select 'changed_meanwhile' from setting
            where setting.school_id = of_school and setting.name = change ->> 'name'
            having coalesce(max(setting.version), 0) + 1 <> (change ->> 'version')::integer);
    when 'appointment' then
        return case
            when last < london_today() or (change ->> 'ends_at')::timestamptz <= rowan_now()
                then 'ended_already'
            when exists (
                select from seat
                where seat.school_id = of_school and seat.role = change ->> 'role'
                    and seat.person_id = (change ->> 'person_id')::uuid
                    and daterange(seat.from_on, seat.until_on + 1) && daterange(
                        greatest((change ->> 'from_on')::date, london_today()), last + 1)
                    and coalesce(seat.ends_at > rowan_now(), true))
                then 'held_already'
        end;
    when 'ending' then
        select seat.until_on, seat.until_on < london_today() or seat.ends_at <= rowan_now()
        into ends, is_over
        from seat
        where seat.school_id = of_school and seat.id = (change ->> 'post_id')::uuid;
        return case when is_over then 'ended_already' when ends <= last then 'ends_before' end;
    when 'leaving' then
        return (
            select 'left_already' from leaving
            where leaving.school_id = of_school and leaving.returned_on is null
                and leaving.person_id = (change ->> 'person_id')::uuid
                and leaving.left_on <= (change ->> 'left_on')::date
            limit 1);
    end case;
end $$;

-- Who can confirm what somebody proposes: the chair of governors and the headteacher, but for the
-- author; where neither is somebody else, a DSL; else a deputy; else a governor.
create function second_persons(of_school uuid, author uuid) returns setof uuid
language plpgsql stable as $$
declare
    roles text[];
begin
    foreach roles slice 1 in array array[
        ['chair_of_governors', 'headteacher'], ['dsl', 'dsl'], ['deputy_dsl', 'deputy_dsl'],
        ['link_governor', 'governor']
    ] loop
        return query
        select distinct post._account_id from post
        where post.school_id = of_school and post.role = any (roles)
            and post._account_id <> author;
        if found then
            return;
        end if;
    end loop;
end $$;

-- What stands against a change that somebody makes alone, as codes; nothing, and it may be made.
--
-- What would alter, on any day to come, who receives a report about its author needs a second
-- person. Where there is none, as in a school that is being set up, it may be made if nobody ceases
-- to receive any. Of more days than are looked at, one may.
create function stands_against(
    of_school uuid, change jsonb, author uuid, author_name text, is_confirmed boolean
) returns text[]
language plpgsql as $$
declare
    stale constant text := out_of_date(of_school, change);
    days constant date[] := days_to_look_at(of_school, change);
    before jsonb;
    dsl_before constant date := unheld_from(of_school, false);
    taker_before constant date := unheld_from(of_school, true);
    later jsonb;
    dsl_later date;
    taker_later date;
    against text[] := '{}';
begin
    if stale is not null then
        return array[stale];
    end if;
    if change ->> 'kind' = 'appointment' and training_is_wanting(
        of_school, (change ->> 'person_id')::uuid, change ->> 'role',
        (change ->> 'from_on')::date)
    then
        return array['training_wanting'];
    end if;
    before := routing_on_days(of_school, author, days[1:50]);
    begin
        perform make_change(of_school, change, author, author_name);
        later := routing_on_days(of_school, author, days[1:50]);
        dsl_later := unheld_from(of_school, false);
        taker_later := unheld_from(of_school, true);
        raise exception 'only a trial' using errcode = 'RW002';
    exception when sqlstate 'RW002' then
        null;
    end;
    if dsl_later < coalesce(dsl_before, 'infinity') then
        against := array_append(against, 'last_dsl');
    end if;
    if taker_later < coalesce(taker_before, 'infinity') then
        against := array_append(against, 'last_report_taker');
    end if;
    if exists (
        select from jsonb_each(before) as told
        where (told.value -> 'of_the_head')::boolean
            and not (later -> told.key -> 'of_the_head')::boolean)
    then
        against := array_append(against, 'last_of_the_head');
    end if;
    if not is_confirmed and (cardinality(days) > 50 or exists (
        select from jsonb_each(before) as told
        where told.value -> 'about' <> later -> told.key -> 'about'))
    then
        if exists (select from second_persons(of_school, author)) then
            against := array_append(against, 'second_person_needed');
        elsif exists (
            select from jsonb_each(before) as of_day
            cross join jsonb_each(of_day.value -> 'about') as told
            where not coalesce(later -> of_day.key -> 'about' -> told.key @> told.value, false))
        then
            against := array_append(against, 'nobody_to_confirm');
        end if;
    end if;
    return against;
end $$;

-- Whether somebody with these posts at a school may make, or propose, such a change: the headteacher
-- any; the chair of governors appoints headteachers and governors, and ends their posts, because the
-- governing body does (School Staffing (England) Regulations 2009); the administrator, who lets people
-- in, temporary staff, to whom no record is open (SEC-08).
create function may_change(of_school uuid, change jsonb, own jsonb) returns boolean
language plpgsql stable as $$
declare
    roles text[];
begin
    if own ? 'headteacher' then
        return true;
    end if;
    if own is null or change ->> 'kind' = 'setting' then
        return false;
    end if;
    roles := case change ->> 'kind'
        when 'appointment' then array[change ->> 'role']
        else array(
            select seat.role from seat
            where seat.school_id = of_school and (
                    seat.id = (change ->> 'post_id')::uuid
                    or seat.person_id = (change ->> 'person_id')::uuid)
                and (seat.until_on is null or seat.until_on >= london_today()))
    end;
    return cardinality(roles) > 0 and (
        own ? 'chair_of_governors'
            and roles <@ array['headteacher', 'governor', 'link_governor', 'chair_of_governors']
        or own ? 'school_administrator' and change ->> 'kind' <> 'leaving'
            and roles = array['temporary_staff']);
end $$;

-- The same of the caller.
create function caller_may_change(of_school uuid, change jsonb) returns boolean
language plpgsql stable as $$
begin
    return may_change(of_school, change, caller_seats() -> of_school::text);
end $$;

-- The same of the author of a proposal, as they stand now: they might not only change it, but have
-- invited to that post.
create function author_may_still(of_school uuid, change jsonb, author uuid) returns boolean
language plpgsql stable as $$
declare
    own constant jsonb := (
        select jsonb_agg(post.role) from posts_of_an_account(author) as post
        where post.school_id = of_school);
begin
    return may_change(of_school, change, own)
        or change ->> 'kind' = 'appointment' and may_invite(own, change ->> 'role');
end $$;

-- Puts something on record as somebody's deed, in the posts that they hold now. Whoever lets it
-- happen, the second person or the invited, is on record beside it, under the same request.
create function put_on_record(
    author uuid, of_organisation uuid, as_deed text, kind text, record uuid, version integer
) returns void
language plpgsql as $$
declare
    account constant text := coalesce(current_setting('rowan.account', true), '');
    session constant text := coalesce(current_setting('rowan.session', true), '');
    seats constant text := coalesce(current_setting('rowan.seats', true), '');
begin
    if author is distinct from caller_account() then
        perform set_config('rowan.account', coalesce(author::text, ''), true);
        perform set_config('rowan.session', '', true);
        perform set_config(
            'rowan.seats', (jsonb_build_object(of_organisation, '[]'::jsonb) || held_seats())::text,
            true);
    end if;
    insert into event (
        organisation_id, chain, deed, record_kind, record_ids, version, request_id)
    values (of_organisation, 'changes', as_deed, kind, array[record], version, '');
    perform set_config('rowan.account', account, true);
    perform set_config('rowan.session', session, true);
    perform set_config('rowan.seats', seats, true);
end $$;

create function change_on_record(of_school uuid, change jsonb, author uuid) returns void
language plpgsql as $$
begin
    case change ->> 'kind'
    when 'setting' then
        perform put_on_record(
            author, of_school, 'setting_changed', 'school', of_school,
            (change ->> 'version')::integer);
    when 'appointment' then
        perform put_on_record(
            author, of_school, 'appointed', 'seat', (change ->> 'id')::uuid, null);
    when 'ending' then
        perform put_on_record(
            author, of_school, 'post_ended', 'seat', (change ->> 'post_id')::uuid, null);
    when 'leaving' then
        perform put_on_record(
            author, of_school, 'left', 'person', (change ->> 'person_id')::uuid, null);
    end case;
end $$;

-- Makes a change for the caller, one at a time in a school, and on record; or says what stands
-- against it, and makes none.
create function change_school(of_school uuid, change jsonb, by_name text) returns text[]
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    against text[];
begin
    perform from school where id = of_school for no key update;
    if not caller_may_change(of_school, change) then
        raise exception 'not the caller''s to change' using errcode = 'RW403';
    end if;
    against := stands_against(of_school, change, caller_account(), by_name, false);
    if cardinality(against) = 0 then
        perform make_change(of_school, change, caller_account(), by_name);
        perform change_on_record(of_school, change, caller_account());
    end if;
    return against;
end $$;


-- What a trust changes for its schools is on record in each of them, and their headteacher and chair
-- are told: they answer for who is told of what.
create function trust_setting_reaches_schools() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    own constant text := current_setting('rowan.seats', true);
    of_school uuid;
begin
    for of_school in
        select distinct membership.school_id from membership
        where membership.trust_id = new.trust_id
            and (membership.until_on is null or membership.until_on >= london_today())
        order by 1
    loop
        -- As somebody who holds no post in that school, and in no other.
        perform set_config(
            'rowan.seats', jsonb_build_object(of_school, '[]'::jsonb)::text, true);
        insert into event (
            organisation_id, chain, deed, record_kind, record_ids, version, request_id)
        values (
            of_school, 'changes', 'trust_setting_changed', 'school', array[of_school], new.version,
            '');
        perform send_notice(
            of_school, told.account_id, told.role, 'trust_setting_changed', 'normal', new.name, null,
            rowan_now())
        from (
            select distinct on (seat.account_id) seat.account_id, seat.role from seat
            where seat.school_id = of_school and holds_today(seat.from_on, seat.until_on)
                and seat.role in ('headteacher', 'chair_of_governors')
            order by seat.account_id, seat.role desc
        ) as told;
    end loop;
    perform set_config('rowan.seats', coalesce(own, ''), true);
    return null;
end $$;

create trigger trust_setting_reaches_schools after insert on trust_setting
for each row execute function trust_setting_reaches_schools();


-- A change that waits for a second person.
create table proposal (
    school_id        uuid not null references school,
    id               uuid not null,
    change           jsonb not null,
    proposed_by      uuid not null references account,
    proposed_by_name text not null,
    proposed_at      timestamptz(3) not null default rowan_now(),
    expires_at       timestamptz(3) not null,
    decision         text,
    decided_by       uuid references account,
    decided_by_name  text,
    decided_at       timestamptz(3),
    primary key (school_id, id),
    constraint proposal_decision_is_known check (
        decision in ('confirmed', 'refused', 'withdrawn')),
    constraint proposal_is_decided_by_somebody check ((decision is null) = (decided_by is null))
);
create index proposal_newest on proposal (school_id, proposed_at);

create view proposal_shown with (security_invoker = true) as
select
    proposal.id,
    proposal.school_id,
    proposal.change ->> 'kind' as kind,
    proposal.change ->> 'name' as setting,
    proposal.change -> 'value' as value,
    coalesce(proposal.change ->> 'role', seat.role) as role,
    coalesce(
        proposal.change ->> 'person_id', seat.person_id::text)::uuid as person_id,
    person.given_name || ' ' || person.family_name as who,
    (proposal.change ->> 'post_id')::uuid as post_id,
    coalesce(proposal.change ->> 'effective_on', proposal.change ->> 'from_on')::date as from_on,
    coalesce(proposal.change ->> 'until_on', proposal.change ->> 'left_on')::date as until_on,
    proposal.proposed_by_name as proposed_by,
    proposal.proposed_at,
    proposal.expires_at,
    case
        when proposal.decision is not null then proposal.decision
        when proposal.expires_at <= rowan_now() then 'expired'
        else 'waiting'
    end as status,
    proposal.decided_by_name as decided_by,
    proposal.decided_at,
    proposal.proposed_by as _proposed_by
from proposal
left join seat
    on seat.school_id = proposal.school_id and seat.id = (proposal.change ->> 'post_id')::uuid
left join person
    on person.school_id = proposal.school_id
    and person.id = coalesce(proposal.change ->> 'person_id', seat.person_id::text)::uuid;

-- Keeps a change of somebody's that waits, and tells those who can confirm it.
create function keep_proposal(
    of_school uuid, proposal_id uuid, change jsonb, author uuid, by_name text
) returns void
language plpgsql as $$
begin
    insert into proposal (
        school_id, id, change, proposed_by, proposed_by_name, expires_at)
    values (
        of_school, proposal_id, change, author, by_name,
        rowan_now() + interval '14 days');
    perform send_notice(
        of_school, post._account_id, post.role, 'confirmation_wanted', 'normal',
        upper(substr(proposal_id::text, 25, 4) || '-' || substr(proposal_id::text, 29, 4)), null,
        rowan_now())
    from (
        select distinct on (post._account_id) post._account_id, post.role from post
        where post.school_id = of_school
            and post._account_id in (select second_persons(of_school, author))
        order by post._account_id, place_on_the_ladder(post.role)
    ) as post;
    insert into event (organisation_id, chain, deed, record_kind, record_ids, request_id)
    values (of_school, 'changes', 'change_proposed', 'proposal', array[proposal_id], '');
end $$;

-- Proposes a change, and tells those who can confirm it. What stands against it but that a second
-- person is needed stands against proposing it too; and where none is needed, there is nothing to
-- propose. At most twenty wait.
create function propose_change(of_school uuid, proposal_id uuid, change jsonb, by_name text)
returns text[]
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    against text[];
begin
    perform from school where id = of_school for no key update;
    if not caller_may_change(of_school, change) then
        raise exception 'not the caller''s to change' using errcode = 'RW403';
    end if;
    against := stands_against(of_school, change, caller_account(), by_name, false);
    if not 'second_person_needed' = any (against) then
        return case cardinality(against) when 0 then array['no_second_person_needed'] else against end;
    end if;
    against := array_remove(against, 'second_person_needed');
    if 20 <= (
        select count(*) from proposal
        where proposal.school_id = of_school and decision is null and expires_at > rowan_now())
    then
        against := array_append(against, 'too_many_proposals');
    end if;
    if cardinality(against) > 0 then
        return against;
    end if;
    perform keep_proposal(of_school, proposal_id, change, caller_account(), by_name);
    return against;
end $$;

-- Decides a proposal for the caller: `confirmed` makes the change, as its author's; `withdrawn` is
-- the author's own. Says what stands against it; RW404 where it is not the caller's to decide.
create function decide_proposal(
    of_school uuid, proposal_id uuid, as_decided text, by_name text
) returns text[]
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    waiting proposal;
    against text[] := '{}';
begin
    perform from school where id = of_school for no key update;
    select * into waiting from proposal
    where proposal.school_id = of_school and proposal.id = proposal_id
        and coalesce(caller_seats() ? of_school::text, false);
    if waiting.id is null then
        raise exception 'no such proposal' using errcode = 'RW404';
    end if;
    if as_decided = 'withdrawn' and waiting.proposed_by <> caller_account()
        or as_decided <> 'withdrawn' and not exists (
            select from second_persons(of_school, waiting.proposed_by) as second
            where second = caller_account())
    then
        return array['not_yours_to_decide'];
    end if;
    if waiting.decision is not null then
        return array['decided_already'];
    end if;
    if waiting.expires_at <= rowan_now() then
        return array['expired'];
    end if;
    if as_decided = 'confirmed' then
        if not author_may_still(of_school, waiting.change, waiting.proposed_by) then
            return array['author_may_not'];
        end if;
        if waiting.change ->> 'kind' = 'appointment' and exists (
            select from leaving
            where leaving.school_id = of_school and leaving.returned_on is null
                and leaving.person_id = (waiting.change ->> 'person_id')::uuid
                and leaving.recorded_at >= waiting.proposed_at)
        then
            return array['changed_meanwhile'];
        end if;
        against := stands_against(
            of_school, waiting.change, waiting.proposed_by, waiting.proposed_by_name, true);
        if cardinality(against) > 0 then
            return against;
        end if;
        perform make_change(
            of_school, waiting.change, waiting.proposed_by, waiting.proposed_by_name);
        perform change_on_record(of_school, waiting.change, waiting.proposed_by);
    end if;
    update proposal
    set decision = as_decided, decided_by = caller_account(), decided_by_name = by_name,
        decided_at = rowan_now()
    where proposal.school_id = of_school and proposal.id = proposal_id;
    insert into event (organisation_id, chain, deed, record_kind, record_ids, request_id)
    values (
        of_school, 'changes', 'proposal_' || as_decided, 'proposal', array[proposal_id], '');
    return against;
end $$;


-- The headteacher leaves day-to-day online safety to a coordinator, and remains an overseer
-- (USR-04): a record; the coordinator's post opens what it opens.
create table delegation (
    school_id     uuid not null references school,
    id            uuid not null,
    person_id     uuid not null,
    words         text,
    from_on       date not null,
    until_on      date,
    made_by       uuid not null references account default caller_account(),
    made_by_name  text not null,
    made_at       timestamptz(3) not null default rowan_now(),
    ended_by_name text,
    ended_at      timestamptz(3),
    primary key (school_id, id),
    foreign key (school_id, person_id) references person,
    constraint delegation_ends_after_it_begins check (until_on >= from_on - 1)
);
create index delegation_of_a_school on delegation (school_id, from_on);

create view delegation_shown with (security_invoker = true) as
select
    delegation.id,
    delegation.school_id,
    delegation.person_id,
    person.given_name || ' ' || person.family_name as who,
    delegation.words,
    delegation.from_on,
    delegation.until_on,
    delegation.made_by_name as made_by,
    delegation.made_at,
    delegation.ended_by_name as ended_by,
    delegation.ended_at
from delegation
join person on person.school_id = delegation.school_id and person.id = delegation.person_id;


-- Reviews of who may see safeguarding records (USR-12): the reviewer names every post to which an
-- incident can be open that is still warranted; those that ended since the review before were
-- removed.
create table access_review (
    school_id        uuid not null references school,
    id               uuid not null,
    kept             uuid[] not null,
    removed          uuid[] not null,
    words            text,
    reviewed_by      uuid not null references account default caller_account(),
    reviewed_by_name text not null,
    reviewed_at      timestamptz(3) not null default rowan_now(),
    primary key (school_id, id)
);
create index access_review_newest on access_review (school_id, reviewed_at);

-- The posts of a review, as they are shown.
create function posts_named(of_school uuid, posts uuid[]) returns jsonb
language plpgsql stable as $$
begin
    return (
        select coalesce(
            jsonb_agg(
                jsonb_build_object('post_id', post.id, 'who', post.who, 'role', post.role)
                order by place_on_the_ladder(post.role), post.who, post.id),
            '[]')
        from post_ever as post
        where post.school_id = of_school and post.id = any (posts));
end $$;

create view access_review_shown with (security_invoker = true) as
select
    review.id,
    review.school_id,
    posts_named(review.school_id, review.kept) as kept,
    posts_named(review.school_id, review.removed) as removed,
    review.words,
    review.reviewed_by_name as reviewed_by,
    review.reviewed_at
from access_review as review;

-- That a leader knows the procedure for a serious allegation against staff (USR-05): said by
-- themselves, and current for a year while they hold such a post.
create table procedure_known (
    school_id  uuid not null references school,
    id         uuid not null,
    account_id uuid not null references account default caller_account(),
    role       text not null,
    known_at   timestamptz(3) not null default rowan_now(),
    primary key (school_id, id),
    constraint procedure_is_known_by_a_leader check (role in ('headteacher', 'senior_leader'))
);
create index procedure_known_of_an_account on procedure_known (school_id, account_id, known_at);

-- Who of a school's leaders knows it, and whether that is enough: the headteacher, and at least one
-- more.
create view readiness_shown with (security_invoker = true) as
select
    school.id as school_id,
    count(leader.known_at) filter (where leader.is_head) > 0
        and count(leader.known_at) > 1 as is_enough,
    coalesce(
        jsonb_agg(
            jsonb_strip_nulls(jsonb_build_object(
                'who', leader.who, 'role', leader.role, 'known_at', instant(leader.known_at)))
            order by not leader.is_head, leader.who)
        filter (where leader.who is not null),
        '[]') as leaders
from school
left join lateral (
    select distinct on (post._account_id)
        post.who, post.role, post.role = 'headteacher' as is_head, (
            select max(known.known_at) from procedure_known as known
            where known.school_id = post.school_id and known.account_id = post._account_id
                and known.known_at > rowan_now() - interval '1 year'
        ) as known_at
    from post
    where post.school_id = school.id and post.role in ('headteacher', 'senior_leader')
    order by post._account_id, post.role
) as leader on true
group by school.id;


-- Walls. Posts and settings change by the functions above alone.

alter table leaving enable row level security, force row level security;
alter table proposal enable row level security, force row level security;
alter table delegation enable row level security, force row level security;

create policy of_those_who_lead on leaving for select to rowan_service using (
    ((select caller_seats()) -> school_id::text) ?| array[
        'headteacher', 'chair_of_governors', 'dsl', 'deputy_dsl', 'school_administrator', 'dpo']
);
create policy of_those_who_decide on proposal for select to rowan_service using (
    ((select caller_seats()) -> school_id::text) ?| array[
        'headteacher', 'chair_of_governors', 'dsl', 'deputy_dsl', 'link_governor', 'governor']
);
create policy of_the_callers_schools on delegation for select to rowan_service using (
    (select caller_seats()) ? school_id::text
);
create policy made_by_the_headteacher on delegation for insert to rowan_service with check (
    ((select caller_seats()) -> school_id::text) ? 'headteacher'
    and made_by = (select caller_account())
);
create policy ended_by_the_headteacher on delegation for update to rowan_service using (
    ((select caller_seats()) -> school_id::text) ? 'headteacher'
);
create policy reminded_by_those_who_lead on leaving for update to rowan_service using (
    ((select caller_seats()) -> school_id::text) ?| array['headteacher', 'school_administrator']
);
create policy changing on leaving to rowan_owner using (true);
create policy changing on proposal to rowan_owner using (true);
create policy maintenance on leaving to rowan_maintenance using (true);
create policy maintenance on proposal to rowan_maintenance using (true);
create policy maintenance on delegation to rowan_maintenance using (true);

alter table access_review enable row level security, force row level security;
alter table procedure_known enable row level security, force row level security;
create policy of_the_callers_schools on access_review for select to rowan_service using (
    (select caller_seats()) ? school_id::text
);
create policy made_by_those_who_lead on access_review for insert to rowan_service with check (
    ((select caller_seats()) -> school_id::text) ?| array['headteacher', 'chair_of_governors']
    and reviewed_by = (select caller_account())
);
create policy of_the_callers_schools on procedure_known for select to rowan_service using (
    (select caller_seats()) ? school_id::text
);
create policy said_by_oneself on procedure_known for insert to rowan_service with check (
    ((select caller_seats()) -> school_id::text) ? role
    and account_id = (select caller_account())
);
create policy maintenance on access_review to rowan_maintenance using (true);
create policy maintenance on procedure_known to rowan_maintenance using (true);
grant select on access_review, procedure_known, access_review_shown, readiness_shown
to rowan_service, rowan_maintenance;
grant insert (school_id, id, kept, removed, words, reviewed_by_name) on access_review
to rowan_service;
grant insert (school_id, id, role) on procedure_known to rowan_service;
grant execute on function posts_named(uuid, uuid[]) to rowan_service, rowan_maintenance;

grant select on leaving, proposal, delegation to rowan_service;
grant update (reminded_on, reminded_by_name) on leaving to rowan_service;
grant insert (school_id, id, person_id, words, from_on, until_on, made_by_name) on delegation
to rowan_service;
grant update (until_on, ended_by_name, ended_at) on delegation to rowan_service;
grant select on post_ever, leaving_shown, proposal_shown, delegation_shown
to rowan_service, rowan_maintenance;
grant select, insert, update on leaving, proposal, delegation to rowan_maintenance;
grant execute on function
    change_school(uuid, jsonb, text), propose_change(uuid, uuid, jsonb, text),
    decide_proposal(uuid, uuid, text, text), second_persons(uuid, uuid),
    concern_of_a_report(text, text)
to rowan_service;
grant execute on function end_sessions_of_leavers() to rowan_worker;
