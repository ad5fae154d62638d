-- Devices: what a school permits to which class of device and to whose phone, where and when; which
-- devices there are, who has them, and what was done with each (DEV; 24.4).

set local role rowan_owner;

-- From the weakest to the strongest (S-37).
insert into setting_default (name, value, stronger, words) values
    ('school_data_on_personal_devices', '"forbidden"', 'later',
        '{allowed,with_second_factor,closed_system,forbidden}'),
    ('device_lock_minutes', '60', 'less_but_not_none', null),
    ('device_lock_minutes_staff', '90', 'less_but_not_none', null),
    ('device_lock_minutes_pupils', '15', 'less_but_not_none', null),
    ('device_posture_days', '0', 'less_but_not_none', null),
    ('device_connect_days', '1', 'less_but_not_none', null),
    ('device_off_site_approvers',
        '["headteacher", "senior_leader", "online_safety_coordinator"]', null, null),
    ('device_video_off_site_approvers', '["dsl", "deputy_dsl"]', null, null),
    ('device_standing_off_site', 'false', 'false', null),
    ('device_hand_in_year', '0', null, null);

-- Staff who take a phone from a pupil say so, and know no more of others than before (section 25).
insert into register_kind (kind, readers, writers, recorders) values
    ('confiscation',
        '{online_safety_coordinator,dsl,deputy_dsl,headteacher,senior_leader,office}',
        '{dsl,deputy_dsl,office}', '{staff}');
insert into register_kind (kind, readers, writers) values
    ('wireless_key_issue',
        '{online_safety_coordinator,dsl,deputy_dsl,headteacher,senior_leader,office,technician,school_administrator}',
        '{office,technician,school_administrator}'),
    ('device_app',
        '{staff,online_safety_coordinator,dsl,deputy_dsl,headteacher,senior_leader,office,technician,school_administrator}',
        '{headteacher,senior_leader,office,technician,school_administrator}'),
    ('device_exception',
        '{staff,online_safety_coordinator,dsl,deputy_dsl,headteacher,senior_leader,office,technician,school_administrator}',
        '{headteacher,senior_leader}'),
    ('trip_phone',
        '{staff,online_safety_coordinator,dsl,deputy_dsl,headteacher,senior_leader,office,technician,school_administrator}',
        '{staff,online_safety_coordinator,dsl,deputy_dsl,headteacher,senior_leader,office,technician,school_administrator}'),
    ('contractor_device',
        '{online_safety_coordinator,dsl,deputy_dsl,headteacher,senior_leader,office,technician,school_administrator}',
        '{headteacher,senior_leader,office,technician,school_administrator}'),
    ('equipment_check',
        '{online_safety_coordinator,dsl,deputy_dsl,headteacher,senior_leader,office,technician,school_administrator}',
        '{online_safety_coordinator,dsl,deputy_dsl,office,technician,school_administrator}'),
    ('temporary_image',
        '{staff,online_safety_coordinator,dsl,deputy_dsl,headteacher,senior_leader,office,technician,school_administrator}',
        '{staff,online_safety_coordinator,dsl,deputy_dsl,headteacher,senior_leader,office,technician,school_administrator}'),
    ('contact_phone',
        '{staff,online_safety_coordinator,dsl,deputy_dsl,headteacher,senior_leader,office,technician,school_administrator}',
        '{headteacher,senior_leader,office,technician,school_administrator}');

-- What a school permits; where it has set nothing, nobody has decided anything.
--   device_matrix  the cells of the device matrix on which it has decided; the others are blank
--   device_use     whose own devices may be used where and when, the first rule that fits; and what
--                  whoever brings one is told
insert into rule_kind (kind, rulers) values
    ('device_matrix', '{headteacher,senior_leader}'),
    ('device_use', '{headteacher,senior_leader}');

-- A device: the school's, or somebody's own, with what its owner was told (DEV-34).
create table device (
    school_id          uuid not null references school,
    id                 uuid not null,
    is_personal        boolean not null,
    owner_id           uuid,
    statement          text,
    registered_by      uuid not null references account default caller_account(),
    registered_by_name text not null,
    registered_at      timestamptz(3) not null default rowan_now(),
    salt               bytea not null default uuid_send(gen_random_uuid()),
    primary key (school_id, id),
    foreign key (school_id, owner_id) references person (school_id, id),
    constraint device_of_ones_own_has_an_owner check (is_personal = (owner_id is not null))
);
create index device_by_time on device (school_id, registered_at, id);
create index device_of_an_owner on device (school_id, owner_id) where owner_id is not null;
create index device_declared_by on device (registered_by, school_id) where is_personal;

-- What was done with it, an act after the other. What it is and what it is called is the content of
-- the latest act by which it was registered, declared or described. `is_of_batch`: the management of
-- the school's devices told it, and nobody looked.
create table device_act (
    school_id    uuid not null references school,
    id           uuid not null,
    device_id    uuid not null,
    place        integer not null,
    act          text not null,
    person_id    uuid,
    from_on      date not null default london_today(),
    until_on     date,
    content      jsonb not null default '{}',
    incident_id  uuid,
    is_of_batch  boolean not null default false,
    done_by      uuid not null references account default caller_account(),
    done_by_name text not null,
    done_at      timestamptz(3) not null default rowan_now(),
    salt         bytea not null default uuid_send(gen_random_uuid()),
    primary key (school_id, id),
    constraint device_is_acted_on_once_at_a_time unique (school_id, device_id, place),
    foreign key (school_id, device_id) references device (school_id, id),
    foreign key (school_id, person_id) references person (school_id, id),
    constraint device_act_is_known check (
        act in ('registered', 'declared', 'described', 'assigned', 'taken_off_site',
            'brought_back', 'returned', 'wiped', 'lost', 'stolen', 'damaged', 'recovered',
            'retired', 'permitted', 'refused', 'withdrawn', 'scanned', 'profiled', 'read',
            'doubted', 'handed_in', 'collected')),
    constraint device_act_ends_after_it_begins check (until_on >= from_on)
);
create index device_act_of_a_person on device_act (school_id, person_id)
where person_id is not null;

-- That a device is kept as evidence, where and by whom, and the agency's advice on which it was let
-- go of (DEV-25). `subject_id`: whose it was or who had it last, who never knows of it by this. The
-- incident to which it belongs is every act's, as it was the order's: what is done follows it.
create table device_hold_act (
    school_id    uuid not null references school,
    id           uuid not null,
    device_id    uuid not null,
    place        integer not null,
    act          text not null,
    subject_id   uuid,
    custodian    text,
    kept_at      text,
    reason       text not null,
    agency       text,
    incident_id  uuid,
    done_by      uuid not null references account default caller_account(),
    done_by_name text not null,
    done_at      timestamptz(3) not null default rowan_now(),
    salt         bytea not null default uuid_send(gen_random_uuid()),
    primary key (school_id, id),
    constraint device_hold_is_acted_on_once_at_a_time unique (school_id, device_id, place),
    foreign key (school_id, device_id) references device (school_id, id),
    foreign key (school_id, subject_id) references person (school_id, id),
    constraint device_hold_act_is_known check (act in ('ordered', 'moved', 'released')),
    constraint device_hold_says_who_keeps_it_where check (
        act = 'released' or custodian is not null and kept_at is not null),
    constraint device_hold_is_released_on_advice check (act <> 'released' or agency is not null)
);


-- Who knows of which devices, and what they may do.

-- Who may know of all devices of a school; everybody else knows their own (section 25).
create function caller_reads_devices(of_school uuid) returns boolean
language sql stable parallel safe
return caller_holds(
    of_school,
    array['online_safety_coordinator', 'dsl', 'deputy_dsl', 'headteacher', 'senior_leader',
        'office', 'technician', 'school_administrator']);

-- The schools in which they may, for a policy to ask once for all rows; and those of them in which
-- they may know which child hands in a phone and walks home alone, which a technician need not.
create function schools_of_devices() returns uuid[]
language sql stable parallel safe
return array(
    select known.id::uuid from jsonb_object_keys(caller_seats()) as known (id)
    where caller_reads_devices(known.id::uuid));

create function schools_of_hand_ins() returns uuid[]
language sql stable parallel safe
return array(
    select known.id::uuid from jsonb_object_keys(caller_seats()) as known (id)
    where caller_holds(known.id::uuid, array['online_safety_coordinator', 'dsl', 'deputy_dsl',
        'headteacher', 'senior_leader', 'office', 'school_administrator']));

-- The caller's own: what is theirs, what they declared for somebody, and what they have now; from
-- which of its acts on they may know what was done with it.
create function devices_of_the_caller() returns table (school_id uuid, id uuid, since integer)
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    return query
    select device.school_id, device.id, 0
    from person
    join device on device.school_id = person.school_id and device.owner_id = person.id
    where person.account_id = caller_account() and caller_seats() ? person.school_id::text
    union all
    select device.school_id, device.id, 0 from device
    where device.is_personal and device.registered_by = caller_account()
        and caller_seats() ? device.school_id::text
    union all
    select given.school_id, given.device_id, given.place
    from person
    join device_act as given
        on given.school_id = person.school_id and given.person_id = person.id
        and given.act = 'assigned'
    where person.account_id = caller_account() and caller_seats() ? person.school_id::text
        and not exists (
            select from device_act as later
            where later.school_id = given.school_id and later.device_id = given.device_id
                and later.place > given.place
                and later.act in ('assigned', 'returned', 'wiped', 'recovered', 'retired'));
end $$;

-- The same as one value, for a policy to ask once: the first act by the device.
create function own_devices() returns jsonb
language sql stable
return (
    select coalesce(jsonb_object_agg(own.id, own.since), '{}')
    from (
        select known.id, min(known.since) as since
        from devices_of_the_caller() as known
        group by known.id
    ) as own);

-- Whether those who can order a hold may know of this one: not whose device it is, nor whom its
-- incident is about, nor to whom that is not open.
create function hold_may_be_known(of_school uuid, of_subject uuid, of_incident uuid)
returns boolean
language sql stable
return not coalesce(caller_is(of_school, of_subject), false)
    and incident_may_be_named(of_school, of_incident);

-- What is held as evidence in the schools of the caller, and whether they may know why. Everybody
-- else learns that it is held, and no more.
create function held_devices() returns table (school_id uuid, id uuid, is_open boolean)
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
    theirs constant uuid[] := array(
        select known.id::uuid from jsonb_object_keys(caller_seats()) as known (id));
begin
    return query
    select last.school_id, last.device_id,
        caller_holds(last.school_id, array['dsl', 'deputy_dsl', 'headteacher'])
            and hold_may_be_known(last.school_id, last.subject_id, last.incident_id)
    from (
        select distinct on (hold.school_id, hold.device_id)
            hold.school_id, hold.device_id, hold.act, hold.subject_id, hold.incident_id
        from device_hold_act as hold
        where hold.school_id = any (theirs)
        order by hold.school_id, hold.device_id, hold.place desc
    ) as last
    where last.act <> 'released';
end $$;

-- All of them, and those of which the caller learns no more than that: for a policy to ask once.
create function devices_held() returns uuid[]
language sql stable
return array(select held.id from held_devices() as held);

create function devices_not_to_touch() returns uuid[]
language sql stable
return array(select held.id from held_devices() as held where not held.is_open);

-- The places of what is done next with a device of the caller's schools, and with its hold: after
-- what they may not know of, too.
create function next_place_of_device(of_school uuid, of_device uuid) returns integer
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    return 1 + coalesce(
        (
            select max(act.place) from device_act as act
            where act.school_id = of_school and act.device_id = of_device
                and caller_seats() ? of_school::text
        ), 0);
end $$;

create function next_place_of_hold(of_school uuid, of_device uuid) returns integer
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    return 1 + coalesce(
        (
            select max(hold.place) from device_hold_act as hold
            where hold.school_id = of_school and hold.device_id = of_device
                and caller_seats() ? of_school::text
        ), 0);
end $$;

-- As whose a person's own device counts where rules of use tell them apart (DEV-18).
create function device_audience(kind text) returns text
language sql immutable parallel safe
return case
    when kind = 'pupil' then 'pupil'
    when kind in ('contractor', 'outsourced_ict') then 'contractor'
    when kind in ('teacher', 'support_staff', 'governor', 'student_teacher', 'peripatetic', 'supply')
        then 'staff'
    when kind is not null then 'visitor'
end;

-- Whether staff may take a laptop of the school's off the site without being asked each time
-- (DEV-08): where the school says so, and not one that holds personal data and is not known to be
-- encrypted (DEV-09).
create function may_leave_the_site(
    of_school uuid, facts jsonb, reading jsonb, is_personal boolean, audience text
) returns boolean
language plpgsql stable as $$
begin
    return facts ->> 'kind' = 'laptop' and not is_personal and audience = 'staff'
        and setting_now(of_school, 'device_standing_off_site')::boolean
        and (reading -> 'is_encrypted' is not distinct from 'true'
            or not coalesce((facts -> 'holds_personal_data')::boolean, false)
                and not coalesce((facts -> 'records_learners')::boolean, false));
end $$;

-- Whether the caller may do this with a device (24.4). Nobody decides about their own.
create function caller_may_act_on_device(of_school uuid, of_device uuid, with_act text)
returns boolean
language plpgsql stable as $$
declare
    whose device;
    is_held_by_them constant boolean :=
        coalesce((own_devices() ->> of_device::text)::integer > 0, false);
    is_theirs boolean;
    keepers constant text[] := '{technician,office,school_administrator}';
    technicians constant text[] := '{technician,school_administrator}';
    leaders text[] := '{headteacher,senior_leader}';
begin
    select * into whose from device where device.school_id = of_school and device.id = of_device;
    is_theirs := coalesce(caller_is(of_school, whose.owner_id), false);
    if with_act in ('permitted', 'refused') and exists (
        select from person_listed as owner
        where owner.school_id = of_school and owner.id = whose.owner_id and owner.kind = 'pupil')
    then
        leaders := '{headteacher}';
    end if;
    return case
        when whose.id is null then false
        when with_act in ('registered', 'declared') then whose.registered_by = caller_account()
        when with_act in ('described', 'retired', 'recovered', 'read') then
            caller_holds(of_school, keepers)
        when with_act = 'assigned' then
            caller_holds(of_school, technicians || array['senior_leader'])
        when with_act = 'taken_off_site' then
            is_held_by_them and exists (
                select from device_shown as device
                where device.school_id = of_school and device.id = of_device
                    and device.has_standing_permission)
            or not is_held_by_them and caller_holds(of_school, array(
                select jsonb_array_elements_text(setting_now(of_school,
                    case when exists (
                            select from device_act as act
                            where act.school_id = of_school and act.device_id = of_device
                                and act.content ->> 'kind' = 'videoconference')
                        then 'device_video_off_site_approvers'
                        else 'device_off_site_approvers' end))))
        when with_act = 'brought_back' then
            is_held_by_them or caller_holds(of_school, technicians)
        when with_act in ('lost', 'stolen', 'damaged') then
            is_held_by_them or caller_holds(of_school, keepers)
        when with_act in ('returned', 'wiped', 'profiled') then
            caller_holds(of_school, technicians)
        when with_act = 'doubted' then true
        when with_act = 'scanned' then
            not is_theirs and caller_holds(of_school, technicians || array['staff'])
        when with_act in ('permitted', 'refused') then
            not is_theirs and caller_holds(of_school, leaders)
        when with_act = 'withdrawn' then is_theirs or caller_holds(of_school, leaders)
        when with_act in ('handed_in', 'collected') then
            caller_holds(of_school, array['office', 'school_administrator'])
        else false
    end;
end $$;


-- How often each school has the security of its devices read, and within how many school days a
-- personal device that is permitted joins the wireless; 0 where it gives no time.
create view device_asked with (security_invoker = true) as
select school.id as school_id, said.posture_days, said.connect_days
from school
cross join lateral (
    select setting_now(school.id, 'device_posture_days')::integer as posture_days,
        setting_now(school.id, 'device_connect_days')::integer as connect_days
    offset 0
) as said;

-- What was read of the security of a device: each fact as it was read last, and the day of that one
-- which was read longest ago (DEV-11).
create function security_read(of_school uuid, of_device uuid)
returns table (content jsonb, from_on date)
language sql stable
begin atomic
    select jsonb_object_agg(fact.name, fact.value), min(fact.from_on)
    from (
        select distinct on (said.name) said.name, said.value, act.from_on
        from device_act as act
        cross join lateral jsonb_each(act.content) as said (name, value)
        where act.school_id = of_school and act.device_id = of_device and act.act = 'read'
        order by said.name, act.place desc
    ) as fact;
end;

-- The devices as they stand by what was done with them and by the day. Of one that is held as
-- evidence only those who may know why learn more than what it is and that it is held.
create view device_shown with (security_invoker = true) as
select
    device.id,
    device.school_id,
    facts.content ->> 'kind' as kind,
    facts.content ->> 'ownership' as ownership,
    facts.content ->> 'name' as name,
    facts.content ->> 'tag' as tag,
    facts.content ->> 'serial' as serial,
    case when told.is_open then facts.content ->> 'model' end as model,
    case when told.is_open then (facts.content -> 'holds_personal_data')::boolean
        end as holds_personal_data,
    case when told.is_open then facts.content ->> 'data_safeguard' end as data_safeguard,
    case when told.is_open then (facts.content -> 'records_learners')::boolean
        end as records_learners,
    case when told.is_open then (facts.content -> 'is_monitored')::boolean end as is_monitored,
    case when told.is_open then facts.content ->> 'monitored_by' end as monitored_by,
    case when told.is_open then (facts.content -> 'is_new_technology')::boolean
        end as is_new_technology,
    case when told.is_open then facts.content ->> 'risk_assessment' end as risk_assessment,
    case when told.of_hand_ins then facts.content ->> 'may_walk_alone' end as may_walk_alone,
    case when held.id is not null then 'held' else stands.state end as state,
    case when held.id is null then stands.since end as since,
    held.id is not null as is_held,
    case when told.is_open then device.owner_id end as owner_id,
    case when told.is_open then owner.given_name || ' ' || owner.family_name end as owner,
    given.person_id as holder_id,
    holder.given_name || ' ' || holder.family_name as holder,
    given.content ->> 'room' as room,
    given.content ->> 'kept_where' as kept_where,
    (given.content -> 'duties_confirmed')::boolean as duties_confirmed,
    given.until_on,
    case when stands.state = 'off_site' then last.until_on end as off_site_until,
    case when stands.state in ('assigned', 'off_site') then may_leave_the_site(
            device.school_id, facts.content, reading.content, device.is_personal, whose.audience)
        end as has_standing_permission,
    case when stands.state = 'permitted' then last.until_on end as permitted_until,
    case when stands.state = 'permitted' then last.content ->> 'network' end as network,
    case when told.is_open then device.statement end as statement,
    case
        when not told.is_open then null
        when whose.audience = 'staff' and profile.content ->> 'filter_profile' = 'staff'
            and (not device.is_personal
                or stands.state = 'permitted' and last.content ->> 'network' <> 'none')
            then 'staff'
        when profile.content is null and not device.is_personal and whose.audience = 'staff'
            then 'staff'
        else 'pupil'
    end as filter_profile,
    case when reading.content is not null then
        reading.content || jsonb_build_object('age_days', london_today() - reading.from_on)
    end as reading,
    nullif(asked.minutes, 0) as lock_minutes_asked,
    case when told.is_open and not device.is_personal and stands.state <> 'retired'
        then array_remove(array[
            case when reading.content -> 'has_anti_virus' = 'false' then 'no_anti_virus' end,
            case when reading.content -> 'is_updated' = 'false' then 'not_updated' end,
            case when reading.content -> 'is_encrypted' = 'false'
                    or reading.content is not null and ((facts.content -> 'holds_personal_data')::boolean
                        or (facts.content -> 'records_learners')::boolean)
                        and reading.content -> 'is_encrypted' is distinct from 'true'
                then 'not_encrypted' end,
            case when reading.content -> 'has_passcode' = 'false' then 'no_passcode' end,
            case when asked.minutes > 0
                    and (reading.content -> 'lock_minutes')::integer
                        not between 1 and asked.minutes
                then 'locks_late' end,
            case when asked.posture_days > 0
                    and reading.from_on < london_today() - asked.posture_days
                then 'read_long_ago' end,
            case when reading.content is null
                    and (asked.posture_days > 0
                        or (facts.content -> 'holds_personal_data')::boolean
                        or (facts.content -> 'records_learners')::boolean)
                then 'never_read' end
        ], null) end as failing,
    case when scan.content is not null then (scan.content -> 'is_clean')::boolean end as is_clean,
    scan.from_on as scanned_on,
    doubt.content ->> 'reason' as doubt,
    case when told.of_hand_ins and device.is_personal
        then coalesce(hand.act = 'handed_in', false) end as is_handed_in,
    device.registered_at,
    device.is_personal,
    whose.audience as _audience,
    told.is_open as _is_open,
    coalesce(last.place, 0) as _place
from device
left join held_devices() as held
    on held.school_id = device.school_id and held.id = device.id
cross join lateral (
    select held.id is null or held.is_open as is_open,
        (held.id is null or held.is_open) and (
            device.school_id = any ((select schools_of_hand_ins())::uuid[])
            or (select own_devices()) ? device.id::text) as of_hand_ins
) as told
join lateral (
    select act.content from device_act as act
    where act.school_id = device.school_id and act.device_id = device.id
        and act.act in ('registered', 'declared', 'described')
    order by act.place desc
    limit 1
) as facts on true
left join lateral (
    select act.* from device_act as act
    where told.is_open and act.school_id = device.school_id and act.device_id = device.id
        and act.act not in ('described', 'read', 'doubted', 'scanned', 'profiled', 'handed_in',
            'collected')
    order by act.place desc
    limit 1
) as last on true
left join lateral (
    select act.* from device_act as act
    where last.act in ('assigned', 'taken_off_site', 'brought_back', 'lost', 'stolen', 'damaged')
        and act.school_id = device.school_id and act.device_id = device.id
        and act.act in ('assigned', 'returned', 'wiped', 'recovered')
    order by act.place desc
    limit 1
) as given on given.act = 'assigned'
left join lateral security_read(device.school_id, device.id) as reading on told.is_open
left join lateral (
    select act.* from device_act as act
    where told.is_open and act.school_id = device.school_id and act.device_id = device.id
        and act.act in ('doubted', 'read') and not act.is_of_batch
    order by act.place desc
    limit 1
) as doubt on doubt.act = 'doubted'
left join lateral (
    select act.* from device_act as act
    where told.is_open and act.school_id = device.school_id and act.device_id = device.id
        and act.act = 'profiled'
    order by act.place desc
    limit 1
) as profile on true
left join lateral (
    select act.* from device_act as act
    where told.is_open and act.school_id = device.school_id and act.device_id = device.id
        and act.act = 'scanned'
    order by act.place desc
    limit 1
) as scan on true
left join lateral (
    select act.act from device_act as act
    where device.is_personal and told.of_hand_ins and act.school_id = device.school_id
        and act.device_id = device.id and act.act in ('handed_in', 'collected')
    order by act.place desc
    limit 1
) as hand on true
left join person as owner
    on owner.school_id = device.school_id and owner.id = device.owner_id
left join person as holder
    on holder.school_id = given.school_id and holder.id = given.person_id
cross join lateral (
    select case when told.is_open then device_audience(coalesce(owner.kind, holder.kind)) end
        as audience
) as whose
cross join lateral (
    select
        case when told.is_open then setting_now(device.school_id, case whose.audience
            when 'staff' then 'device_lock_minutes_staff'
            when 'pupil' then 'device_lock_minutes_pupils'
            else 'device_lock_minutes' end)::integer end as minutes,
        case when told.is_open and not device.is_personal then
            setting_now(device.school_id, 'device_posture_days')::integer end as posture_days
    offset 0
) as asked
cross join lateral (
    select
        case
            when last.act in ('taken_off_site') then 'off_site'
            when last.act = 'brought_back' then 'assigned'
            when last.act = 'wiped' then 'registered'
            when last.act = 'recovered' then 'returned'
            when last.act = 'permitted'
                and (last.until_on < london_today() or owner.left_on < london_today())
                then 'withdrawn'
            else last.act
        end as state,
        case
            when last.act = 'permitted' and last.until_on < london_today()
                then last.until_on + 1
            when last.act = 'permitted' and owner.left_on < london_today()
                then owner.left_on + 1
            else last.from_on
        end as since
) as stands;

-- By what each device of a school is known, of those that the caller may know.
create function devices_known_by(of_school uuid)
returns table (
    id uuid, tag text, serial text, is_personal boolean, content jsonb, is_retired boolean
)
language sql stable
begin atomic
    select device.id, facts.content ->> 'tag', facts.content ->> 'serial', device.is_personal,
        facts.content, device.id in (
            select act.device_id from device_act as act
            where act.school_id = of_school and act.act = 'retired')
    from device
    join (
        select distinct on (act.device_id) act.device_id, act.content
        from device_act as act
        where act.school_id = of_school and act.act in ('registered', 'declared', 'described')
        order by act.device_id, act.place desc
    ) as facts on facts.device_id = device.id
    where device.school_id = of_school;
end;

-- What a device is said to be, by whoever may not know who permits a child to walk alone: that stays
-- as it was.
create function facts_said(of_school uuid, of_device uuid, said jsonb) returns jsonb
language sql stable
return case
    when of_school = any (schools_of_hand_ins()) then said
    else (said - 'may_walk_alone') || coalesce((
        select jsonb_strip_nulls(jsonb_build_object(
            'may_walk_alone', act.content -> 'may_walk_alone'))
        from device_act as act
        where act.school_id = of_school and act.device_id = of_device
            and act.act in ('registered', 'declared', 'described')
        order by act.place desc
        limit 1), '{}')
end;

-- What was done with a device, as the caller may know it; the incident only where it is open to them
-- and not about them. Of what is done day by day the latest four hundred, which is a school year of
-- handing in and collecting; of all else the latest thousand. Whoever has it is told nothing of the
-- time before, also where how it stands is worked out from that.
create function acts_on_device(of_school uuid, of_device uuid) returns jsonb
language sql stable as $$
    select coalesce(jsonb_agg(
        jsonb_strip_nulls(jsonb_build_object(
            'act', act.act, 'from_on', act.from_on, 'until_on', act.until_on,
            'person_id', act.person_id, 'done_by', act.done_by_name,
            'done_at', instant(act.done_at),
            'is_of_batch', nullif(act.is_of_batch, false),
            'incident_id', (
                select open.id
                from unnest(those_open_to_caller(of_school, array[act.incident_id]))
                    as open (id)
                where open.id <> all (
                    those_about_caller(of_school, array[act.incident_id])))))
            || case when act.act in ('registered', 'declared', 'described')
                then jsonb_build_object('facts', case when told.of_hand_ins then act.content
                    else act.content - 'may_walk_alone' end)
                else act.content end
        order by act.place), '[]')
    from (
        select known.*, row_number() over (
                partition by known.is_daily order by known.place desc) as age
        from (
            select act.*, act.act in ('read', 'scanned', 'handed_in', 'collected') as is_daily
            from device_act as act
            where act.school_id = of_school and act.device_id = of_device
        ) as known
    ) as act
    cross join (
        select of_school = any (schools_of_hand_ins())
                or own_devices() ? of_device::text as of_hand_ins,
            case when of_school = any (schools_of_devices()) then 0
                else (own_devices() ->> of_device::text)::integer end as since
    ) as told
    where act.age <= case when act.is_daily then 400 else 1000 end
        and (told.of_hand_ins or act.act not in ('handed_in', 'collected'))
        and (act.act in ('registered', 'declared', 'described') or act.place >= told.since)
$$;

-- The chain of custody of a device that is or was held, as far as the caller may know of it.
create function acts_of_hold(of_school uuid, of_device uuid) returns jsonb
language sql stable as $$
    select jsonb_agg(
        jsonb_strip_nulls(jsonb_build_object(
            'act', hold.act, 'custodian', hold.custodian, 'kept_at', hold.kept_at,
            'reason', hold.reason, 'agency', hold.agency, 'done_by', hold.done_by_name,
            'done_at', instant(hold.done_at), 'incident_id', hold.incident_id))
        order by hold.place)
    from device_hold_act as hold
    where hold.school_id = of_school and hold.device_id = of_device
        and hold_may_be_known(of_school, hold.subject_id, hold.incident_id)
$$;


-- Tells the technicians of a school that a device is held, and that it is held no more: which one, by
-- its tag or serial number, and nothing else; of somebody's own, which may be called after them, by
-- the beginning of its id (NOT-02, NOT-08). Whom it is about is not told (NOT-04).
create function hold_tells_technicians() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform send_notice(
        new.school_id, told.account_id, 'technician',
        case new.act when 'ordered' then 'device_held' else 'device_released' end,
        case new.act when 'ordered' then 'urgent' else 'normal' end,
        coalesce(known.name, upper(right(new.device_id::text, 8))), null, rowan_now())
    from (
        select distinct post._account_id as account_id from post
        where post.school_id = new.school_id and post.role = 'technician'
            and post._account_id is not null and not exists (
                select from person
                where person.school_id = new.school_id and person.id = new.subject_id
                    and person.account_id = post._account_id)
            and not is_subject(new.school_id, new.incident_id, post._account_id)
    ) as told
    left join lateral (
        select coalesce(facts.content ->> 'tag', facts.content ->> 'serial') as name
        from device
        join device_act as facts
            on facts.school_id = device.school_id and facts.device_id = device.id
            and facts.act in ('registered', 'described')
        where device.school_id = new.school_id and device.id = new.device_id
            and not device.is_personal
        order by facts.place desc
        limit 1
    ) as known on true;
    return null;
end $$;
create trigger hold_tells_technicians after insert on device_hold_act
for each row when (new.act in ('ordered', 'released'))
execute function hold_tells_technicians();


-- What falls due of devices, and whose it is. Of what is held as evidence nothing does.
--   device_return_due            what somebody has, by the day it is due back or they leave; of whoever
--                                has left, or never signs in, and of a room, those see to it who
--                                keep the register
--   device_off_site_ends         the permission to have it off the site; likewise
--   device_to_read               its security, as often as the school has set, from the day of that
--                                fact which was read longest ago
--   device_doubted               somebody has doubted its security
--   personal_device_to_decide    declared, and neither permitted nor refused
--   device_to_connect            permitted on a network, and not given its filter profile since
--   phone_to_collect             handed in for the day
--   confiscated_device_to_return and temporary_images_to_move: of the small registers
create view device_duty with (security_invoker = true) as
with last as not materialized (
    select distinct on (act.school_id, act.device_id) act.*
    from device_act as act
    where act.act in ('registered', 'declared', 'assigned', 'taken_off_site', 'brought_back',
        'returned', 'wiped', 'lost', 'stolen', 'damaged', 'recovered', 'retired', 'permitted',
        'refused', 'withdrawn')
        and act.device_id <> all ((select devices_held())::uuid[])
    order by act.school_id, act.device_id, act.place desc
), given as not materialized (
    select distinct on (act.school_id, act.device_id) act.*
    from device_act as act
    where act.act in ('assigned', 'returned', 'wiped', 'lost', 'stolen', 'damaged', 'recovered',
        'retired')
        and act.device_id <> all ((select devices_held())::uuid[])
    order by act.school_id, act.device_id, act.place desc
), lent as not materialized (
    select given.*, holder.left_on,
        case when holder.account_id is null or holder.left_on < london_today()
            then array['technician', 'office', 'school_administrator'] end as roles
    from given
    left join person as holder
        on holder.school_id = given.school_id and holder.id = given.person_id
    where given.act = 'assigned'
), looked as (
    select fact.school_id, fact.device_id, bool_or(fact.act = 'retired') as is_retired,
        coalesce(min(fact.from_on) filter (where fact.name is not null), min(fact.from_on))
            as from_on
    from (
        select distinct on (act.school_id, act.device_id, said.name)
            act.school_id, act.device_id, act.act, act.from_on, said.name
        from device_act as act
        left join lateral jsonb_object_keys(act.content) as said (name) on act.act = 'read'
        where act.act in ('registered', 'read', 'retired')
            and act.device_id <> all ((select devices_held())::uuid[])
        order by act.school_id, act.device_id, said.name, act.place desc
    ) as fact
    group by fact.school_id, fact.device_id
)
select lent.school_id, 'device_return_due' as kind, lent.device_id as record_id,
    lent.person_id, lent.roles, least(lent.until_on, lent.left_on) as due_on,
    lent.from_on as since, 'A device is to be given back' as label, 'DEV-08' as source,
    null::uuid as incident_id
from lent
where least(lent.until_on, lent.left_on) is not null
union all
select last.school_id, 'device_off_site_ends', last.device_id, lent.person_id, lent.roles,
    last.until_on, last.from_on, 'A device is to be back on the site', 'DEV-08', null
from last
join lent on lent.school_id = last.school_id and lent.device_id = last.device_id
where last.act = 'taken_off_site'
union all
select looked.school_id, 'device_to_read', looked.device_id, null,
    array['technician', 'school_administrator'], looked.from_on + asked.posture_days,
    looked.from_on, 'The security of a device is to be read', 'T-28', null
from device_asked as asked
join looked on looked.school_id = asked.school_id
where asked.posture_days > 0 and not looked.is_retired
union all
select doubt.school_id, 'device_doubted', doubt.device_id, null,
    array['technician', 'school_administrator'],
    add_school_days(doubt.school_id, doubt.from_on, 1), doubt.from_on,
    'Somebody doubts the security of a device', 'DEV-11', null
from (
    select distinct on (act.school_id, act.device_id) act.*
    from device_act as act
    where act.act in ('doubted', 'read', 'retired') and not act.is_of_batch
        and act.device_id <> all ((select devices_held())::uuid[])
    order by act.school_id, act.device_id, act.place desc
) as doubt
where doubt.act = 'doubted'
union all
select last.school_id, 'personal_device_to_decide', last.device_id, null,
    case when owner.kind = 'pupil' then array['headteacher']
        else array['headteacher', 'senior_leader'] end,
    add_school_days(last.school_id, last.from_on, 5), last.from_on,
    'A personal device awaits a decision', 'DEV-03', null
from last
join device on device.school_id = last.school_id and device.id = last.device_id
left join person as owner
    on owner.school_id = device.school_id and owner.id = device.owner_id
where last.act = 'declared' and coalesce(owner.left_on >= london_today(), true)
union all
select last.school_id, 'device_to_connect', last.device_id, null,
    array['technician', 'school_administrator'],
    add_school_days(last.school_id, last.from_on, asked.connect_days), last.from_on,
    'A personal device is to be registered for the wireless', 'DEV-03', null
from last
join device_asked as asked on asked.school_id = last.school_id
where asked.connect_days > 0
    and last.act = 'permitted' and last.content ->> 'network' <> 'none'
    and coalesce(last.until_on >= london_today(), true)
    and not exists (
        select from device_act as act
        where act.school_id = last.school_id and act.device_id = last.device_id
            and act.act = 'profiled' and act.place > last.place)
union all
select hand.school_id, 'phone_to_collect', hand.device_id, null, array['office'], hand.from_on,
    hand.from_on, 'A phone is to be collected at the end of the day', 'T-50', null
from (
    select distinct on (act.school_id, act.device_id) act.*
    from device_act as act
    where act.act in ('handed_in', 'collected') and act.from_on >= london_today() - 400
        and act.device_id <> all ((select devices_held())::uuid[])
    order by act.school_id, act.device_id, act.place desc
) as hand
where hand.act = 'handed_in'
union all
select entry.school_id, 'confiscated_device_to_return', entry.id, null,
    array['dsl', 'deputy_dsl', 'office'],
    coalesce((entry._content ->> 'return_by')::date, entry._from_on), entry._from_on,
    'A confiscated device is to be returned', 'DEV-24', null
from register_entry_shown as entry
where entry._kind = 'confiscation' and not entry.is_withdrawn
    and not entry._content ? 'returned_on'
    and coalesce((entry._content ->> 'device_id')::uuid
        <> all ((select devices_held())::uuid[]), true)
union all
select entry.school_id, 'temporary_images_to_move', entry.id,
    (entry._content ->> 'keeper_id')::uuid, null,
    add_school_days(entry.school_id, entry._from_on, 1), entry._from_on,
    'Images are to be moved off a class''s device, or deleted', 'T-41', null
from register_entry_shown as entry
where entry._kind = 'temporary_image' and not entry.is_withdrawn
    and not entry._content ? 'gone_on';


-- What no longer says what its entry in the audit covers, or is gone.
create view device_unlike_its_entry with (security_invoker = true) as
select * from unlike_their_entries(array[
    'device', 'device_act', 'device_hold_act']);


-- Walls.

alter table device enable row level security, force row level security;
alter table device_act enable row level security, force row level security;
alter table device_hold_act enable row level security, force row level security;

create policy of_the_readers on device for select to rowan_service using (
    school_id = any ((select schools_of_devices())::uuid[])
    or (select own_devices()) ? id::text
    -- What is being declared is not among them yet.
    or is_personal and registered_by = (select caller_account())
        and (select caller_seats()) ? school_id::text
);
create policy by_those_who_keep_it on device for insert to rowan_service with check (
    registered_by = (select caller_account())
    and case when is_personal
        then caller_is(school_id, owner_id)
            or caller_holds(
                school_id,
                array['staff', 'online_safety_coordinator', 'dsl', 'deputy_dsl', 'headteacher',
                    'senior_leader', 'office', 'technician', 'school_administrator'])
        else caller_holds(school_id, array['technician', 'office', 'school_administrator']) end
);
-- How it stands must be the same for everybody: what was read of it, its scan and its profile are
-- open to whoever has it now, though they came before.
create policy of_a_device on device_act for select to rowan_service using (
    (school_id = any ((select schools_of_devices())::uuid[])
        or (select own_devices()) ? device_id::text
            and (act in ('registered', 'declared', 'described', 'read', 'scanned', 'profiled')
                or place >= ((select own_devices()) ->> device_id::text)::integer))
    and (act in ('registered', 'declared', 'described')
        or device_id <> all ((select devices_not_to_touch())::uuid[]))
    and (act not in ('handed_in', 'collected')
        or school_id = any ((select schools_of_hand_ins())::uuid[])
        or (select own_devices()) ? device_id::text)
);
create policy by_those_who_act on device_act for insert to rowan_service with check (
    done_by = (select caller_account())
    and device_id <> all ((select devices_held())::uuid[])
    and caller_may_act_on_device(school_id, device_id, act)
);
create policy of_those_who_hold on device_hold_act for select to rowan_service using (
    caller_holds(school_id, array['dsl', 'deputy_dsl', 'headteacher'])
    and hold_may_be_known(school_id, subject_id, incident_id)
);
create policy by_those_who_hold on device_hold_act for insert to rowan_service with check (
    caller_holds(school_id, array['dsl', 'deputy_dsl', 'headteacher'])
    and hold_may_be_known(school_id, subject_id, incident_id)
    and done_by = (select caller_account())
);

create policy asking on device for select to rowan_owner using (true);
create policy asking on device_act for select to rowan_owner using (true);
create policy asking on device_hold_act for select to rowan_owner using (true);
create policy maintenance on device to rowan_maintenance using (true);
create policy maintenance on device_act to rowan_maintenance using (true);
create policy maintenance on device_hold_act to rowan_maintenance using (true);

grant select, insert, update on device, device_act, device_hold_act
to rowan_maintenance;
grant select on device_unlike_its_entry to rowan_maintenance;
grant select on
    device, device_act, device_hold_act, device_asked, device_shown,
    device_duty
to rowan_service;
grant insert (
    school_id, id, is_personal, owner_id, statement, registered_by_name) on device
to rowan_service;
grant insert (
    school_id, id, device_id, place, act, person_id, until_on, content, incident_id, done_by_name,
    from_on, is_of_batch) on device_act to rowan_service;
grant insert (
    school_id, id, device_id, place, act, subject_id, custodian, kept_at, reason, agency,
    incident_id, done_by_name) on device_hold_act to rowan_service;
grant execute on function
    caller_reads_devices(uuid), schools_of_devices(), schools_of_hand_ins(),
    devices_of_the_caller(), own_devices(), facts_said(uuid, uuid, jsonb),
    hold_may_be_known(uuid, uuid, uuid), held_devices(), devices_held(), devices_not_to_touch(),
    may_leave_the_site(uuid, jsonb, jsonb, boolean, text), security_read(uuid, uuid),
    next_place_of_device(uuid, uuid), next_place_of_hold(uuid, uuid), device_audience(text),
    caller_may_act_on_device(uuid, uuid, text), acts_on_device(uuid, uuid),
    devices_known_by(uuid), acts_of_hold(uuid, uuid)
to rowan_service;
