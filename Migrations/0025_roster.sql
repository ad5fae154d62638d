-- The roster: who is at a school, as its MIS tells it and as the school adds to it; who is whose
-- parent; and what each person was before (ORG-14, API-02, USR-01).

set local role rowan_owner;

-- `external_id`: whoever has one is kept by the MIS under it, nobody else is. `left_on` is the last
-- day. `roster_batch_id`: the batch that made them what they are now; none where a person did.
alter table person
    add column external_id text,
    add column upn text,
    add column date_of_birth date,
    add column class_name text,
    add column email text,
    add column joined_on date,
    add column left_on date,
    add column changed_at timestamptz(3) not null default rowan_now(),
    add column changed_by uuid,
    add column roster_batch_id uuid,
    -- Somebody who left before they came was never there.
    add constraint person_leaves_after_joining check (left_on >= joined_on - 1);
create unique index person_has_one_external_id on person (school_id, external_id)
where external_id is not null;

-- What somebody was, until something else was told of them; what they are now lies in `person`.
create table person_version (
    school_id       uuid not null,
    person_id       uuid not null,
    version         integer not null,
    kind            text not null,
    given_name      text not null,
    family_name     text not null,
    year_group      text,
    external_id     text,
    upn             text,
    date_of_birth   date,
    class_name      text,
    email           text,
    joined_on       date,
    left_on         date,
    changed_at      timestamptz(3) not null,
    changed_by      uuid,
    roster_batch_id uuid,
    until_at        timestamptz(3) not null default rowan_now(),
    primary key (school_id, person_id, version),
    foreign key (school_id, person_id) references person
);

-- Whatever alters a fact about somebody keeps what it was, whoever does it.
create function person_keeps_what_it_was() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    insert into person_version (
        school_id, person_id, version, kind, given_name, family_name, year_group, external_id, upn,
        date_of_birth, class_name, email, joined_on, left_on, changed_at, changed_by,
        roster_batch_id)
    values (
        old.school_id, old.id, old.version, old.kind, old.given_name, old.family_name,
        old.year_group, old.external_id, old.upn, old.date_of_birth, old.class_name, old.email,
        old.joined_on, old.left_on, old.changed_at, old.changed_by, old.roster_batch_id);
    new.version := old.version + 1;
    new.changed_at := rowan_now();
    new.changed_by := caller_account();
    new.roster_batch_id := nullif(current_setting('rowan.roster_batch', true), '')::uuid;
    return new;
end $$;

create trigger person_keeps_what_it_was before update on person
for each row when (
    (old.kind, old.given_name, old.family_name, old.year_group, old.external_id, old.upn,
        old.date_of_birth, old.class_name, old.email, old.joined_on, old.left_on)
    is distinct from
    (new.kind, new.given_name, new.family_name, new.year_group, new.external_id, new.upn,
        new.date_of_birth, new.class_name, new.email, new.joined_on, new.left_on))
execute function person_keeps_what_it_was();


-- Who is whose parent or carer, from when to when. What changes about it ends one and begins
-- another; one that ended before it began never held.
create table parent_link (
    school_id          uuid not null references school,
    id                 uuid not null,
    parent_id          uuid not null,
    child_id           uuid not null,
    relationship       text,
    has_responsibility boolean not null default false,
    no_contact         boolean not null default false,
    from_on            date not null,
    until_on           date,
    roster_batch_id    uuid,
    ended_by_batch_id  uuid,
    made_at            timestamptz(3) not null default rowan_now(),
    primary key (school_id, id),
    foreign key (school_id, parent_id) references person,
    foreign key (school_id, child_id) references person,
    constraint parent_link_is_of_two check (parent_id <> child_id),
    constraint parent_link_ends_after_it_begins check (until_on >= from_on - 1)
);
create unique index parent_link_is_made_once on parent_link (school_id, child_id, parent_id)
where until_on is null;
create index parent_link_of_a_parent on parent_link (school_id, parent_id);

create view parent_link_shown with (security_invoker = true) as
select
    link.school_id,
    link.id,
    link.parent_id,
    parent.given_name || ' ' || parent.family_name as parent,
    link.child_id,
    child.given_name || ' ' || child.family_name as child,
    link.relationship,
    link.has_responsibility,
    link.no_contact,
    link.from_on,
    link.until_on
from parent_link as link
join person as parent on parent.school_id = link.school_id and parent.id = link.parent_id
join person as child on child.school_id = link.school_id and child.id = link.child_id
where link.until_on is null or link.until_on >= link.from_on;


-- The persons of a roster, as staff may know them.
create or replace view person_listed with (security_invoker = true) as
select
    person.id,
    person.school_id,
    person.kind,
    person.given_name,
    person.family_name,
    person.year_group,
    person.account_id as _account_id,
    '"' || person.version || coalesce('.' || array_to_string(shown.effects, '-'), '') || '"'
        as etag,
    shown.effects,
    person.class_name,
    person.external_id,
    person.joined_on,
    person.left_on
from person
cross join lateral (
    select nullif(array(
        select known.effect from person_effect as known
        where known.school_id = person.school_id and known.person_id = person.id
        order by known.effect
    ), '{}') as effects
) as shown;

-- The classes of those who are pupils today.
create view class_shown with (security_invoker = true) as
select
    person.school_id,
    person.class_name as name,
    array_agg(distinct person.year_group) filter (where person.year_group is not null)
        as year_groups,
    count(*)::integer as pupils
from person
where person.kind = 'pupil' and person.class_name is not null
    and coalesce(person.joined_on <= london_today(), true)
    and coalesce(person.left_on >= london_today(), true)
group by person.school_id, person.class_name;

-- What not all staff know of somebody: for the office and those who lead safeguarding.
create function person_private(of_school uuid, of_person uuid)
returns table (upn text, date_of_birth date, email text)
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    return query
    select person.upn, person.date_of_birth, person.email from person
    where person.school_id = of_school and person.id = of_person
        and caller_holds(of_school, array['office', 'dsl', 'deputy_dsl', 'headteacher']);
end $$;


-- Leaving is of the roster too: whoever is recorded to leave has left it, until they come back.
create function leaving_is_of_the_roster() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    update person
    set left_on = case when new.returned_on is null
        then greatest(new.left_on, person.joined_on - 1) end
    where school_id = new.school_id and id = new.person_id;
    return null;
end $$;

-- A leaving that the roster tells of, the roster may alter; what somebody recorded by hand, it does
-- not.
alter table leaving add column is_of_roster boolean not null
default coalesce(current_setting('rowan.roster_batch', true), '') <> '';

create trigger leaving_is_of_the_roster after insert or update of returned_on on leaving
for each row execute function leaving_is_of_the_roster();

-- That somebody leaves on the day that the roster tells, unless that they leave is recorded already.
create function leave_with_the_roster(
    of_school uuid, of_person uuid, last_day date, by_name text
) returns void
language plpgsql as $$
begin
    insert into leaving (
        school_id, id, person_id, account_id, left_on, recorded_by_name, is_of_roster)
    select of_school, gen_random_uuid(), person.id, person.account_id, last_day, by_name, true
    from person
    where person.school_id = of_school and person.id = of_person
        and not exists (
            select from leaving
            where leaving.school_id = of_school and leaving.person_id = of_person
                and leaving.returned_on is null);
end $$;

-- A post ends with the last day that the roster tells of whoever is appointed, however it came to be
-- (USR-11). Of whom somebody recorded by hand that they leave, whoever appoints them knows it.
create function seat_ends_with_the_roster() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    last constant date := (
        select person.left_on from person
        where person.school_id = new.school_id and person.id = new.person_id
            and person.left_on >= new.from_on
            and not exists (
                select from leaving
                where leaving.school_id = new.school_id and leaving.person_id = new.person_id
                    and leaving.returned_on is null and not leaving.is_of_roster));
begin
    if last is null then
        return new;
    end if;
    perform leave_with_the_roster(
        new.school_id, new.person_id, last, coalesce(new.appointed_by_name, ''));
    if last < coalesce(new.until_on, 'infinity') then
        new.until_on := last;
        new.ends_at := least(
            new.ends_at, case when new.ends_at is not null then day_begins_at(last + 1) end);
    end if;
    return new;
end $$;

create trigger seat_ends_with_the_roster before insert on seat
for each row execute function seat_ends_with_the_roster();

-- Whether somebody of a school of the caller's has left it, and has not come back.
create or replace function has_left(of_school uuid, of_person uuid) returns boolean
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    return caller_seats() ? of_school::text and (
        exists (
            select from leaving
            where leaving.school_id = of_school and leaving.person_id = of_person
                and leaving.left_on < london_today()
                and (leaving.returned_on is null or leaving.returned_on > london_today()))
        or exists (
            select from person
            where person.school_id = of_school and person.id = of_person
                and person.left_on < london_today()));
end $$;


-- Batches.

-- What a batch of a roster did, told in numbers. `issues` name rows, fields and codes, and never
-- values.
create table roster_batch (
    school_id      uuid not null references school,
    id             uuid not null,
    mode           text not null,
    form           text not null,
    is_partial     boolean not null,
    as_of          date not null,
    rows           integer not null,
    added          integer not null,
    changed        integer not null,
    unchanged      integer not null,
    leavers        integer not null,
    returned       integer not null,
    missing        integer not null,
    expected       integer not null,
    links_added    integer not null,
    links_changed  integer not null,
    links_ended    integer not null,
    refused        integer not null,
    warned         integer not null,
    issues         jsonb not null,
    account_id     uuid references account,
    client_id      uuid,
    applied_by     text not null,
    applied_at     timestamptz(3) not null default rowan_now(),
    -- Of all that it made of persons and links.
    content_digest bytea not null,
    salt           bytea not null default uuid_send(gen_random_uuid()),
    primary key (school_id, id),
    constraint roster_batch_mode_is_known check (mode in ('upsert', 'full')),
    constraint roster_batch_form_is_known check (form in ('json', 'ndjson', 'csv'))
);

create view roster_batch_shown with (security_invoker = true) as
select
    id, school_id, 'applied' as outcome, mode, form, is_partial, as_of, rows, added, changed,
    unchanged, leavers, returned, missing, expected, links_added, links_changed, links_ended,
    refused, warned, issues, applied_by,
    client_id is not null as is_by_client, applied_at
from roster_batch;

-- The rows of a batch that is being read, until it is applied or given up. Not written ahead: what
-- a crash takes of it was never promised. `given` says of which facts a row speaks: 1 year_group,
-- 2 class_name, 4 upn, 8 date_of_birth, 16 email, 32 joined_on, 64 left_on, 128 parents.
create unlogged table roster_row (
    school_id     uuid not null,
    batch_id      uuid not null,
    number        integer not null,
    -- That of the person, should they be new.
    id            uuid not null,
    external_id   text not null,
    kind          text not null,
    given_name    text not null,
    family_name   text not null,
    year_group    text,
    class_name    text,
    upn           text,
    date_of_birth date,
    email         text,
    joined_on     date,
    left_on       date,
    given         integer not null,
    -- Of the row as it was sent; none of one that must be read each time.
    digest        bytea,
    staged_at     timestamptz(3) not null default rowan_now()
);
create unlogged table roster_link (
    school_id          uuid not null,
    batch_id           uuid not null,
    number             integer not null,
    child              text not null,
    is_by_upn          boolean not null,
    parent             text not null,
    relationship       text,
    has_responsibility boolean,
    no_contact         boolean,
    staged_at          timestamptz(3) not null default rowan_now()
);
create unlogged table roster_fault (
    school_id uuid not null,
    batch_id  uuid not null,
    number    integer not null,
    severity  text not null,
    code      text not null,
    pointer   text not null,
    staged_at timestamptz(3) not null default rowan_now()
);

create index roster_row_by_age on roster_row (staged_at);
create index roster_link_by_age on roster_link (staged_at);
create index roster_fault_by_age on roster_fault (staged_at);

-- What a batch makes of those who are on the roster already, and of those who are missing from it.
create unlogged table roster_change (
    school_id     uuid not null,
    batch_id      uuid not null,
    person_id     uuid not null,
    number        integer,
    kind          text not null,
    given_name    text not null,
    family_name   text not null,
    year_group    text,
    class_name    text,
    upn           text,
    date_of_birth date,
    email         text,
    joined_on     date,
    left_on       date,
    left_before   date,
    primary key (school_id, batch_id, person_id)
);

-- The same of links: `link_id` ends, the others begin.
create unlogged table roster_link_change (
    school_id          uuid not null,
    batch_id           uuid not null,
    link_id            uuid,
    parent_id          uuid not null,
    child_id           uuid not null,
    relationship       text,
    has_responsibility boolean,
    no_contact         boolean,
    begins             boolean not null
);

-- By what a row of a file is known again without being read: the digest of its bytes, and at which
-- version somebody was just as it says, in all facts that it gives (`given`). Two thousand rows to
-- a part; of row n behind `first`, the n-th of each list, and 16 bytes of `digests`. A row of which
-- anything was wrong, or that tells of families, is not kept.
create table roster_kept (
    school_id uuid not null references school,
    batch_id  uuid not null,
    first     integer not null,
    persons   uuid[] not null,
    versions  integer[] not null,
    givens    integer[] not null,
    digests   bytea not null,
    primary key (school_id, batch_id, first)
);
-- Digests cannot be compressed: nobody tries.
alter table roster_kept
    alter digests set storage external,
    alter persons set storage external;

-- Refuses whoever keeps no roster there: office, administrator, headteacher; a client that may
-- write it; and whoever operates the database.
create function require_roster_keeper(of_school uuid) returns void
language plpgsql stable as $$
begin
    if not (
        caller_holds(of_school, array['office', 'school_administrator', 'headteacher'])
        or coalesce(caller_scopes() -> 'roster.write' ? of_school::text, false)
        or pg_has_role(session_user, 'rowan_maintenance', 'member'))
    then
        raise exception 'not the caller''s roster' using errcode = 'RW404';
    end if;
end $$;

-- Puts rows of a batch aside, column by column.
create function stage_roster(
    of_school uuid, of_batch uuid, numbers integer[], ids uuid[], external_ids text[], kinds text[],
    given_names text[], family_names text[], year_groups text[], class_names text[], upns text[],
    dates_of_birth date[], emails text[], joined date[], lefts date[], givens integer[],
    digests bytea[]
) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform require_roster_keeper(of_school);
    insert into roster_row (
        school_id, batch_id, number, id, external_id, kind, given_name, family_name, year_group,
        class_name, upn, date_of_birth, email, joined_on, left_on, given, digest)
    select of_school, of_batch, row.*
    from unnest(
        numbers, ids, external_ids, kinds, given_names, family_names, year_groups, class_names,
        upns, dates_of_birth, emails, joined, lefts, givens, digests) as row;
end $$;

create function stage_roster_links(
    of_school uuid, of_batch uuid, numbers integer[], children text[], by_upn boolean[],
    parents text[], relationships text[], responsibilities boolean[], no_contacts boolean[]
) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform require_roster_keeper(of_school);
    insert into roster_link (
        school_id, batch_id, number, child, is_by_upn, parent, relationship, has_responsibility,
        no_contact)
    select of_school, of_batch, row.*
    from unnest(
        numbers, children, by_upn, parents, relationships, responsibilities, no_contacts) as row;
end $$;

-- What is wrong with rows, as far as whoever read them could tell.
create function stage_roster_faults(
    of_school uuid, of_batch uuid, numbers integer[], severities text[], codes text[],
    pointers text[]
) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform require_roster_keeper(of_school);
    insert into roster_fault (school_id, batch_id, number, severity, code, pointer)
    select of_school, of_batch, row.* from unnest(numbers, severities, codes, pointers) as row;
end $$;

-- Gives up what was put aside for a batch.
create function discard_roster(of_school uuid, of_batch uuid) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform require_roster_keeper(of_school);
    delete from roster_row where school_id = of_school and batch_id = of_batch;
    delete from roster_link where school_id = of_school and batch_id = of_batch;
    delete from roster_fault where school_id = of_school and batch_id = of_batch;
end $$;

-- The digests by which rows are known again, and the batch that kept them; no row where there are
-- none.
create function roster_digests(of_school uuid)
returns table (batch_id uuid, digests bytea)
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    perform require_roster_keeper(of_school);
    return query
    select kept.batch_id, string_agg(kept.digests, '' order by kept.first) from roster_kept as kept
    where kept.school_id = of_school group by kept.batch_id;
end $$;

-- The rows that were known again: `seen` has the number of each at the place of its digest, and
-- nought where there is none.
create function roster_seen(of_school uuid, seen integer[])
returns table (
    person_id uuid, version integer, given integer, digest bytea, place integer, number integer
) language sql stable as $$
    select row.person_id, row.version, row.given,
        substring(kept.digests from row.n::integer * 16 - 15 for 16),
        kept.first + row.n::integer, seen[kept.first + row.n::integer]
    from roster_kept as kept
    cross join lateral unnest(kept.persons, kept.versions, kept.givens)
        with ordinality as row (person_id, version, given, n)
    where kept.school_id = of_school and seen[kept.first + row.n::integer] > 0
$$;

-- One look at everybody, for a file of which every row was known again: how many are missing of the
-- groups in it, of whom something was altered since, and how many have a UPN. Raises RW001 where
-- the digests were not those of `known_by`.
create function look_over_roster(
    of_school uuid, known_by uuid, on_day date, seen integer[], out missing integer,
    out altered integer, out upns integer
) language plpgsql set enable_nestloop = off set work_mem = '16MB' as $$
begin
    if known_by is distinct from (
        select kept.batch_id from roster_kept as kept where kept.school_id = of_school limit 1)
    then
        raise exception 'another batch was applied meanwhile' using errcode = 'RW001';
    end if;
    with told as (
        select person.kind,
            count(row.person_id) as seen,
            count(*) filter (where row.version = person.version) as same,
            count(*) filter (
                where row.person_id is null
                    and (person.left_on is null or person.left_on >= on_day)) as missing,
            count(person.upn) as upns
        from person
        left join roster_seen(of_school, look_over_roster.seen) as row on row.person_id = person.id
        where person.school_id = of_school and person.external_id is not null
        group by 1
    ), by_group as (
        select sum(told.seen) as seen, sum(told.same) as same,
            sum(told.missing) as missing, sum(told.upns) as upns
        from told group by roster_group(told.kind)
    )
    select sum(told.missing) filter (where told.seen > 0),
        cardinality(array_remove(look_over_roster.seen, 0)) - sum(told.same), sum(told.upns)
    into missing, altered, upns
    from by_group as told;
end $$;

-- Writes out in full, as they were sent, those of the rows known again that say something new: of
-- somebody who was altered since, or of whom another row speaks as well. The others are answered.
create function read_again(of_school uuid, of_batch uuid, seen integer[]) returns integer[]
language plpgsql set enable_nestloop = off set work_mem = '16MB' as $$
declare
    again integer[];
    found record;
    wanted integer := 0;
    written integer;
begin
    for found in
        select row.place from roster_seen(of_school, seen) as row
        left join person on person.school_id = of_school and person.id = row.person_id
        left join (
            select distinct external_id from roster_row
            where school_id = of_school and batch_id = of_batch
        ) as other using (external_id)
        where person.version is distinct from row.version or other.external_id is not null
    loop
        again := coalesce(again, array_fill(0, array[cardinality(seen)]));
        again[found.place] := seen[found.place];
        seen[found.place] := 0;
        wanted := wanted + 1;
    end loop;
    if wanted = 0 then
        return seen;
    end if;
    insert into roster_row (
        school_id, batch_id, number, id, external_id, kind, given_name, family_name, year_group,
        class_name, upn, date_of_birth, email, joined_on, left_on, given, digest)
    select of_school, of_batch, row.number, gen_random_uuid(), was.external_id, was.kind,
        was.given_name, was.family_name,
        case when row.given & 1 <> 0 then was.year_group end,
        case when row.given & 2 <> 0 then was.class_name end,
        case when row.given & 4 <> 0 then was.upn end,
        case when row.given & 8 <> 0 then was.date_of_birth end,
        case when row.given & 16 <> 0 then was.email end,
        case when row.given & 32 <> 0 then was.joined_on end,
        case when row.given & 64 <> 0 then was.left_on end,
        row.given, row.digest
    from roster_seen(of_school, again) as row
    join (
        select id as person_id, version, kind, given_name, family_name, year_group, external_id,
            upn, date_of_birth, class_name, email, joined_on, left_on
        from person where school_id = of_school
        union all
        select person_id, version, kind, given_name, family_name, year_group, external_id, upn,
            date_of_birth, class_name, email, joined_on, left_on
        from person_version where school_id = of_school
    ) as was on was.person_id = row.person_id and was.version = row.version;
    get diagnostics written = row_count;
    if written <> wanted then
        raise exception 'what somebody was is not known' using errcode = 'RW001';
    end if;
    return seen;
end $$;

-- Keeps by what the rows of this batch are known again, with those of others that nothing is said
-- of in it. `are_all_new`: every row made somebody, as it says.
create function keep_digests(of_school uuid, of_batch uuid, are_all_new boolean) returns void
language plpgsql set enable_nestloop = off set work_mem = '16MB' as $$
begin
    if not exists (
        select from roster_row
        where school_id = of_school and batch_id = of_batch and digest is not null)
    then
        return;
    end if;
    with doubtful as (
        select number from roster_fault where school_id = of_school and batch_id = of_batch
    ), good as not materialized (
        select row.* from roster_row as row
        where row.school_id = of_school and row.batch_id = of_batch and row.digest is not null
            and not exists (select from doubtful where doubtful.number = row.number)
    ), told as (
        select row.id as person_id, 1 as version, row.given, row.digest from good as row
        where are_all_new
        union all
        select person.id, person.version, row.given, row.digest from good as row
        join person on person.school_id = of_school and person.external_id = row.external_id
        where not are_all_new and (
                row.kind, row.given_name, row.family_name, row.left_on,
                case when row.given & 1 <> 0 then row.year_group end,
                case when row.given & 2 <> 0 then row.class_name end,
                case when row.given & 4 <> 0 then row.upn end,
                case when row.given & 8 <> 0 then row.date_of_birth end,
                case when row.given & 16 <> 0 then row.email end,
                case when row.given & 32 <> 0 then row.joined_on end)
            is not distinct from (
                person.kind, person.given_name, person.family_name, person.left_on,
                case when row.given & 1 <> 0 then person.year_group end,
                case when row.given & 2 <> 0 then person.class_name end,
                case when row.given & 4 <> 0 then person.upn end,
                case when row.given & 8 <> 0 then person.date_of_birth end,
                case when row.given & 16 <> 0 then person.email end,
                case when row.given & 32 <> 0 then person.joined_on end)
    ), before as (
        delete from roster_kept where school_id = of_school
        returning persons, versions, givens, digests
    ), kept as (
        select * from told
        union all
        select row.person_id, row.version, row.given,
            substring(before.digests from row.n::integer * 16 - 15 for 16)
        from before
        cross join lateral unnest(before.persons, before.versions, before.givens)
            with ordinality as row (person_id, version, given, n)
        where not exists (select from told where told.person_id = row.person_id)
        limit 250000
    )
    insert into roster_kept (school_id, batch_id, first, persons, versions, givens, digests)
    select of_school, of_batch, part * 2000, array_agg(person_id), array_agg(version),
        array_agg(given), string_agg(digest, '')
    from (select kept.*, (row_number() over () - 1) / 2000 as part from kept) as row
    group by part;
end $$;

-- Knows again whom the school had entered by hand before the MIS told of them. A pupil of the same
-- UPN is the same, and the MIS's from now on: the row says what else is another. Who has the same
-- name and day of birth only may be the same: that is told, and for people to settle.
create function know_by_hand(of_school uuid, of_batch uuid) returns void
language plpgsql as $$
begin
    if not exists (
        select from person
        where person.school_id = of_school and person.external_id is null
            and num_nonnulls(person.upn, person.date_of_birth) > 0)
    then
        return;
    end if;
    with known as (
        select person.* from person
        where person.school_id = of_school and person.external_id is null
            and coalesce(person.left_on >= london_today(), true)
    ), told as (
        select row.* from roster_row as row
        where row.school_id = of_school and row.batch_id = of_batch
            and not exists (
                select from person
                where person.school_id = of_school and person.external_id = row.external_id)
            and not exists (
                select from roster_fault as fault
                where fault.school_id = of_school and fault.batch_id = of_batch
                    and fault.number = row.number and fault.severity = 'error')
    ), same as (
        select known.upn, min(told.number) as number, min(told.external_id) as external_id,
            (array_agg(known.id))[1] as person_id
        from told
        join known on known.upn = told.upn and known.kind = 'pupil' and told.kind = 'pupil'
        group by known.upn having count(*) = 1
    ), noted as (
        insert into roster_fault (school_id, batch_id, number, severity, code, pointer)
        select of_school, of_batch, same.number, 'warning', 'taken_over', '/upn' from same
        union all
        select distinct of_school, of_batch, told.number, 'warning', 'probably_known',
            '/external_id'
        from told
        join known on (known.kind = 'pupil') = (told.kind = 'pupil')
            and lower(known.given_name) = lower(told.given_name)
            and lower(known.family_name) = lower(told.family_name)
            and known.date_of_birth = told.date_of_birth
        where not exists (
            select from same where same.number = told.number or same.person_id = known.id)
    )
    update person set external_id = same.external_id
    from same where person.school_id = of_school and person.id = same.person_id;
end $$;

-- Whose UPN somebody else has as well: one of the two is somebody else's. It is told, and stays.
create function check_roster_upns(of_school uuid, of_batch uuid, seen integer[]) returns void
language plpgsql set enable_nestloop = off set work_mem = '16MB' as $$
declare
    twice text[];
begin
    twice := array(
        select upn from (
            select row.upn, row.external_id from roster_row as row
            where row.school_id = of_school and row.batch_id = of_batch and row.upn is not null
            union
            select person.upn, coalesce(person.external_id, person.id::text) from person
            where person.school_id = of_school and person.upn is not null
                and person.left_on is null
                and not exists (
                    select from roster_row as row
                    where row.school_id = of_school and row.batch_id = of_batch
                        and row.external_id = person.external_id and row.given & 4 <> 0)
            union
            select person.upn, person.external_id
            from roster_seen(of_school, seen) as row
            join person on person.school_id = of_school and person.id = row.person_id
            where row.given & 4 <> 0 and person.upn is not null and person.left_on is not null
        ) as held
        group by upn having count(*) > 1);
    if cardinality(twice) = 0 then
        return;
    end if;
    insert into roster_fault (school_id, batch_id, number, severity, code, pointer)
    select of_school, of_batch, row.number, 'warning', 'upn_twice', '/upn'
    from (
        select number, upn from roster_row
        where school_id = of_school and batch_id = of_batch
        union all
        select row.number, person.upn from roster_seen(of_school, seen) as row
        join person on person.school_id = of_school and person.id = row.person_id
        where row.given & 4 <> 0
    ) as row
    join unnest(twice) as held (upn) on held.upn = row.upn;
end $$;

-- Checks what only all rows together, and the roster, can tell.
create function check_roster(of_school uuid, of_batch uuid) returns void
language plpgsql set enable_nestloop = off as $$
begin
    -- Rows that say the same of somebody are one; the others contradict each other.
    with repeated as (
        select external_id, min(number) as first from roster_row
        where school_id = of_school and batch_id = of_batch
        group by external_id having count(*) > 1
    ), family as (
        select link.number, jsonb_agg(link.says order by link.says) as parents
        from (
            select number, jsonb_build_array(
                    parent, relationship, has_responsibility, no_contact) as says
            from roster_link where school_id = of_school and batch_id = of_batch
        ) as link
        group by link.number
    ), row as (
        select row.number, row.external_id, repeated.first, (
                row.kind, row.given_name, row.family_name, row.year_group, row.class_name, row.upn,
                row.date_of_birth, row.email, row.joined_on, row.left_on, row.given,
                case when row.given & 128 <> 0 then family.parents end)::text as says
        from repeated join roster_row as row using (external_id)
        left join family using (number)
        where row.school_id = of_school and row.batch_id = of_batch
    ), contradicted as (
        select external_id from row group by external_id having count(distinct says) > 1
    ), noted as (
        insert into roster_fault (school_id, batch_id, number, severity, code, pointer)
        select of_school, of_batch, row.number, 'error', 'duplicate_external_id', '/external_id'
        from row join contradicted using (external_id)
    )
    delete from roster_row as later using row
    where later.school_id = of_school and later.batch_id = of_batch
        and later.number = row.number and row.number > row.first;
    -- A pupil does not become an adult, nor an adult a pupil: an id was used again.
    insert into roster_fault (school_id, batch_id, number, severity, code, pointer)
    select of_school, of_batch, row.number, 'error', 'kind_changed', '/kind'
    from roster_row as row
    join person on person.school_id = of_school and person.external_id = row.external_id
    where row.school_id = of_school and row.batch_id = of_batch
        and (person.kind = 'pupil') <> (row.kind = 'pupil');
    -- Nobody who is there has left so long ago, and nobody at all on the day that stands for none
    -- (1 January 1900). Who left long ago may be told of; a day that is far ahead is doubtful.
    insert into roster_fault (school_id, batch_id, number, severity, code, pointer)
    select of_school, of_batch, row.number,
        case when row.left_on < london_today() then 'error' else 'warning' end,
        'out_of_range', '/left_on'
    from roster_row as row
    left join person on person.school_id = of_school and person.external_id = row.external_id
    where row.school_id = of_school and row.batch_id = of_batch and row.left_on is not null and (
        row.left_on < '1950-01-01' or row.left_on > london_today() + 731
        or row.left_on < london_today() - 366 and person.id is not null
            and coalesce(person.left_on >= london_today(), true));
end $$;

-- Finds both ends of each link, by the external id of the rows and of the roster, or by the UPN.
create function roster_links_found(of_school uuid, of_batch uuid)
returns table (
    number integer, child_id text, child_kind text, parent_id text, parent_kind text,
    relationship text, has_responsibility boolean, no_contact boolean
) language sql stable as $$
    with known as (
        select external_id, kind, upn from roster_row
        where school_id = of_school and batch_id = of_batch
        union all
        select external_id, kind, upn from person
        where person.school_id = of_school and external_id is not null and not exists (
            select from roster_row as row
            where row.school_id = of_school and row.batch_id = of_batch
                and row.external_id = person.external_id)
    ), pupil as (
        select upn, min(external_id) as external_id from known
        where kind = 'pupil' and upn is not null
        group by upn having count(*) = 1
    )
    select link.number,
        case when link.is_by_upn then pupil.external_id else child.external_id end,
        case when link.is_by_upn then 'pupil' else child.kind end,
        parent.external_id, parent.kind,
        link.relationship, link.has_responsibility, link.no_contact
    from roster_link as link
    left join known as child on not link.is_by_upn and child.external_id = link.child
    left join pupil on link.is_by_upn and pupil.upn = link.child
    left join known as parent on parent.external_id = link.parent
    where link.school_id = of_school and link.batch_id = of_batch
$$;

-- Checks the links of the rows that are left.
create function check_roster_links(of_school uuid, of_batch uuid) returns void
language plpgsql set enable_nestloop = off as $$
begin
    if not exists (
        select from roster_link where school_id = of_school and batch_id = of_batch)
    then
        return;
    end if;
    insert into roster_fault (school_id, batch_id, number, severity, code, pointer)
    select of_school, of_batch, found.number, 'error', fault.code, fault.pointer
    from roster_links_found(of_school, of_batch) as found
    cross join lateral (
        select 'unknown_child' as code, '/child' as pointer
        where found.child_kind is distinct from 'pupil'
        union all
        select 'unknown_parent', '/parents'
        where found.parent_id is null or found.parent_kind = 'pupil'
    ) as fault;
    insert into roster_fault (school_id, batch_id, number, severity, code, pointer)
    select of_school, of_batch, found.number, 'error', 'duplicate_link', '/parents'
    from roster_links_found(of_school, of_batch) as found
    join (
        select child_id, parent_id from roster_links_found(of_school, of_batch)
        where child_id is not null and parent_id is not null
        group by 1, 2
        having count(distinct (relationship, has_responsibility, no_contact)::text) > 1
    ) as twice using (child_id, parent_id);
end $$;

-- Whether a batch that is to hold all of a group would have them: pupils, parents, everybody else.
create function roster_group(kind text) returns text
language sql immutable parallel safe
return case when kind in ('pupil', 'parent') then kind else 'adult' end;

-- Finds those whom a full batch does not have, though it has others of their group: who is kept by
-- the MIS and has not left. Of those, `known_to_leave` are who have a last day already.
create function miss_from_roster(
    of_school uuid, of_batch uuid, on_day date, seen integer[], out missing integer,
    out known_to_leave integer
) language plpgsql set enable_nestloop = off set work_mem = '16MB' as $$
declare
    groups text[];
begin
    with told as (
        select roster_group(person.kind) as of_group, count(row.person_id) as seen,
            count(*) filter (
                where row.person_id is null and other.external_id is null
                    and (person.left_on is null or person.left_on >= on_day)) as missing
        from person
        left join roster_seen(of_school, miss_from_roster.seen) as row on row.person_id = person.id
        left join roster_row as other
            on other.school_id = of_school and other.batch_id = of_batch
                and other.external_id = person.external_id
        where person.school_id = of_school and person.external_id is not null
        group by 1
    ), named as (
        select distinct roster_group(row.kind) as of_group from roster_row as row
        where row.school_id = of_school and row.batch_id = of_batch
        union
        select told.of_group from told where told.seen > 0
    )
    select coalesce(sum(told.missing), 0), (select array_agg(named.of_group) from named)
    into missing, groups
    from told join named using (of_group);
    known_to_leave := 0;
    if missing = 0 then
        return;
    end if;
    with gone as (
        select person.* from person
        where person.school_id = of_school and person.external_id is not null
            and roster_group(person.kind) = any (groups)
            and (person.left_on is null or person.left_on >= on_day)
            and not exists (
                select from roster_row as row
                where row.school_id = of_school and row.batch_id = of_batch
                    and row.external_id = person.external_id)
            and not exists (
                select from roster_seen(of_school, miss_from_roster.seen) as row
                where row.person_id = person.id)
    ), told as (
        insert into roster_change (
            school_id, batch_id, person_id, kind, given_name, family_name, year_group, class_name,
            upn, date_of_birth, email, joined_on, left_on, left_before)
        select of_school, of_batch, id, kind, given_name, family_name, year_group, class_name, upn,
            date_of_birth, email, joined_on, greatest(on_day - 1, joined_on - 1), left_on
        from gone where left_on is null
    )
    select count(*) filter (where left_on is not null) into known_to_leave from gone;
end $$;

-- How many a batch marks as left, because it does not have them or because a row says that they have
-- left or will within a fortnight, and how many of those were expected to leave: the top year in the
-- summer, and parents of whose children none is left. Whose last day was known before is not among
-- them. `is_mass`: of a group more than were expected to, and a tenth, or two of a small one.
create function leavers_of_roster(
    of_school uuid, of_batch uuid, on_day date, out leavers integer, out expected integer,
    out is_mass boolean
) language plpgsql set enable_nestloop = off as $$
declare
    years constant text[] := array['pre_school', 'n1', 'n2', 'r', '1', '2', '3', '4', '5', '6',
        '7', '8', '9', '10', '11', '12', '13'];
    top integer;
begin
    leavers := 0;
    expected := 0;
    is_mass := false;
    if not exists (
        select from roster_change as told
        where told.school_id = of_school and told.batch_id = of_batch
            and told.left_before is null and told.left_on is not null)
    then
        return;
    end if;
    if extract(month from on_day) between 7 and 9 then
        top := coalesce(
            (
                select max(array_position(years, year)) from year_group
                where school_id = of_school
            ), (
                select max(array_position(years, year_group)) from person
                where school_id = of_school and external_id is not null and kind = 'pupil'
                    and left_on is null
            ));
    end if;
    with family as (
        select link.parent_id,
            bool_and(child.left_on is not null or told.left_on is not null) as is_gone
        from parent_link as link
        join person as child on child.school_id = of_school and child.id = link.child_id
        left join roster_change as told
            on told.school_id = of_school and told.batch_id = of_batch
                and told.person_id = child.id
        where link.school_id = of_school and link.until_on is null
        group by link.parent_id
    ), gone as (
        select roster_group(person.kind) as of_group, count(*) as size,
            count(*) filter (
                where person.kind = 'pupil' and array_position(years, person.year_group) = top
                    or person.kind = 'parent' and family.is_gone) as expected
        from roster_change as told
        join person on person.school_id = of_school and person.id = told.person_id
        left join family on family.parent_id = person.id
        where told.school_id = of_school and told.batch_id = of_batch
            and told.left_before is null
            and (told.number is null or told.left_on <= london_today() + 14)
            and told.left_on is not null
        group by 1
    ), whole as (
        select roster_group(person.kind) as of_group, count(*) as size from person
        where person.school_id = of_school and person.external_id is not null
            and person.left_on is null
        group by 1
    )
    select coalesce(sum(gone.size), 0), coalesce(sum(gone.expected), 0),
        coalesce(
            bool_or(gone.size > gone.expected + greatest(2, ceil(whole.size * 0.1))), false)
    into leavers, expected, is_mass
    from gone join whole using (of_group);
end $$;

-- Whom it would mark as left, by their ids: whoever keeps the roster can look them up. A hundred at
-- most.
create function who_would_leave(of_school uuid, of_batch uuid) returns jsonb
language plpgsql stable as $$
begin
    return (
        select coalesce(
            jsonb_agg(
                jsonb_build_object(
                    'person_id', gone.person_id, 'external_id', gone.external_id)
                order by gone.external_id),
            '[]')
        from (
            select told.person_id, person.external_id
            from roster_change as told
            join person on person.school_id = of_school and person.id = told.person_id
            where told.school_id = of_school and told.batch_id = of_batch
                and told.left_before is null and told.left_on is not null
                and (told.number is null or told.left_on <= london_today() + 14)
            order by person.external_id
            limit 100
        ) as gone);
end $$;

-- Works out what the rows make of those who are on the roster already. Of whose leaving somebody
-- recorded by hand, a batch says nothing else; what a row does not speak of stays.
create function compare_roster(of_school uuid, of_batch uuid, is_full boolean) returns void
language plpgsql set enable_nestloop = off as $$
begin
    insert into roster_change (
        school_id, batch_id, person_id, number, kind, given_name, family_name, year_group,
        class_name, upn, date_of_birth, email, joined_on, left_on, left_before)
    select of_school, of_batch, person.id, row.number, row.kind, row.given_name, row.family_name,
        told.year_group, told.class_name, told.upn, told.date_of_birth, told.email,
        told.joined_on, told.left_on, person.left_on
    from roster_row as row
    join person on person.school_id = of_school and person.external_id = row.external_id
    cross join lateral (
        select
            case when row.given & 1 <> 0 then row.year_group else person.year_group end
                as year_group,
            case when row.given & 2 <> 0 then row.class_name else person.class_name end
                as class_name,
            case when row.given & 4 <> 0 then row.upn else person.upn end as upn,
            case when row.given & 8 <> 0 then row.date_of_birth else person.date_of_birth end
                as date_of_birth,
            case when row.given & 16 <> 0 then row.email else person.email end as email,
            case when row.given & 32 <> 0 then row.joined_on else person.joined_on end
                as joined_on,
            case
                when person.left_on is not null and exists (
                    select from leaving
                    where leaving.school_id = of_school and leaving.person_id = person.id
                        and leaving.returned_on is null and not leaving.is_of_roster)
                    then person.left_on
                when row.left_on is not null or person.left_on is null then row.left_on
                when row.given & 64 = 0 and not is_full then person.left_on
            end as left_on
    ) as told
    where row.school_id = of_school and row.batch_id = of_batch
        and (row.kind, row.given_name, row.family_name, told.year_group, told.class_name,
            told.upn, told.date_of_birth, told.email, told.joined_on, told.left_on)
        is distinct from (
            person.kind, person.given_name, person.family_name, person.year_group,
            person.class_name, person.upn, person.date_of_birth, person.email, person.joined_on,
            person.left_on);
    -- Whoever would have left before they joined keeps both days, and all else is as the row says.
    with turned as (
        update roster_change as told
        set joined_on = person.joined_on, left_on = person.left_on
        from person
        where told.school_id = of_school and told.batch_id = of_batch
            and told.left_on < told.joined_on - 1
            and person.school_id = of_school and person.id = told.person_id
        returning told.number
    )
    insert into roster_fault (school_id, batch_id, number, severity, code, pointer)
    select of_school, of_batch, number, 'warning', 'left_before_joining', '/left_on' from turned;
    delete from roster_change as told using roster_fault as fault, person
    where told.school_id = of_school and told.batch_id = of_batch
        and fault.school_id = of_school and fault.batch_id = of_batch
        and fault.number = told.number and fault.code = 'left_before_joining'
        and person.school_id = of_school and person.id = told.person_id
        and (told.kind, told.given_name, told.family_name, told.year_group, told.class_name,
            told.upn, told.date_of_birth, told.email, told.joined_on, told.left_on)
        is not distinct from (
            person.kind, person.given_name, person.family_name, person.year_group,
            person.class_name, person.upn, person.date_of_birth, person.email, person.joined_on,
            person.left_on);
end $$;

-- Holds those whom a batch alters, in one order, before anything is put on record: whoever holds
-- somebody as they put something on record never waits for whoever waits for them.
create function hold_changed_people(of_school uuid, of_batch uuid) returns void
language plpgsql set enable_nestloop = off as $$
begin
    perform from person
    where person.school_id = of_school and person.id in (
        select told.person_id from roster_change as told
        where told.school_id = of_school and told.batch_id = of_batch)
    order by person.id
    for no key update;
end $$;

-- Lets adults leave whose last day a batch tells, with their posts and sessions (USR-11), by the
-- rules that hold for whoever records it by hand. Against whom something stands, stays: without
-- them nobody would take reports, or a second person must confirm it (ORG-05). Of more than fifty such
-- posts at once the others stay for the next batch.
create function leave_by_roster(of_school uuid, of_batch uuid, by_name text) returns void
language plpgsql as $$
declare
    leader record;
    change jsonb;
    against text[];
    seen integer := 0;
begin
    for leader in
        select told.person_id, told.number, told.left_on, told.left_before
        from roster_change as told
        where told.school_id = of_school and told.batch_id = of_batch
            and told.left_on is distinct from told.left_before and told.left_on is not null
            and exists (
                select from seat
                where seat.school_id = of_school and seat.person_id = told.person_id
                    and counts_in_routing(seat.role)
                    and (seat.until_on is null or seat.until_on > told.left_on))
        order by told.person_id
        limit 1000
    loop
        seen := seen + 1;
        change := jsonb_build_object(
            'kind', 'leaving', 'id', gen_random_uuid(), 'person_id', leader.person_id,
            'left_on', leader.left_on);
        against := case
            when seen > 50 then array['too_many_leaders']
            else stands_against(of_school, change, caller_account(), by_name, false)
        end;
        continue when against = array['left_already'];
        if cardinality(against) = 0 then
            perform make_change(of_school, change, caller_account(), by_name);
            -- Whom a batch let leave already, leaves once, on another day.
            update leaving set left_on = leader.left_on, sessions_ended_at = null
            where leaving.school_id = of_school and leaving.person_id = leader.person_id
                and leaving.returned_on is null and leaving.is_of_roster
                and leaving.id <> (change ->> 'id')::uuid;
            if found then
                delete from leaving where school_id = of_school and id = (change ->> 'id')::uuid;
            end if;
            perform change_on_record(of_school, change, caller_account());
            continue;
        end if;
        insert into roster_fault (school_id, batch_id, number, severity, code, pointer)
        select of_school, of_batch, coalesce(leader.number, 0), 'warning', code, '/left_on'
        from unnest(against) as code;
        update roster_change set left_on = left_before
        where school_id = of_school and batch_id = of_batch and person_id = leader.person_id;
        delete from roster_change
        where school_id = of_school and batch_id = of_batch and person_id = leader.person_id
            and number is null;
    end loop;
    perform leave_quietly(of_school, of_batch, by_name);
end $$;

-- The leaving of those who hold no post that is told of reports, and the return of whoever is back.
create function leave_quietly(of_school uuid, of_batch uuid, by_name text) returns void
language plpgsql as $$
begin
    update leaving set returned_on = greatest(london_today(), leaving.left_on + 1)
    from roster_change as told
    where told.school_id = of_school and told.batch_id = of_batch
        and told.left_on is null and told.left_before is not null
        and leaving.school_id = of_school and leaving.person_id = told.person_id
        and leaving.returned_on is null;
    update leaving set left_on = told.left_on, sessions_ended_at = null
    from roster_change as told
    where told.school_id = of_school and told.batch_id = of_batch and told.left_on is not null
        and leaving.school_id = of_school and leaving.person_id = told.person_id
        and leaving.returned_on is null and leaving.is_of_roster
        and leaving.left_on is distinct from told.left_on;
    with ended as (
        update seat
        set until_on = greatest(seat.from_on - 1, told.left_on),
            ends_at = case when seat.ends_at is not null
                then least(seat.ends_at, day_begins_at(told.left_on + 1)) end,
            ended_by_name = by_name, ended_at = rowan_now()
        from roster_change as told
        where told.school_id = of_school and told.batch_id = of_batch
            and told.left_on is not null and told.left_on is distinct from told.left_before
            and seat.school_id = of_school and seat.person_id = told.person_id
            and (seat.until_on is null or seat.until_on > told.left_on)
        returning seat.person_id
    )
    insert into event (organisation_id, chain, deed, record_kind, record_ids, request_id)
    select of_school, 'changes', 'left', 'person', array[person_id], ''
    from (select distinct person_id from ended) as somebody;
    insert into leaving (school_id, id, person_id, account_id, left_on, recorded_by_name)
    select of_school, gen_random_uuid(), person.id, person.account_id, told.left_on, by_name
    from roster_change as told
    join person on person.school_id = of_school and person.id = told.person_id
    where told.school_id = of_school and told.batch_id = of_batch
        and told.left_on is distinct from told.left_before and told.left_on is not null
        and (roster_group(told.kind) = 'adult' or person.account_id is not null)
        and not exists (
            select from leaving
            where leaving.school_id = of_school and leaving.person_id = told.person_id
                and leaving.returned_on is null);
    perform end_sessions_of_leavers();
end $$;

-- Changes persons as the comparison says.
create function change_people(of_school uuid, of_batch uuid) returns void
language plpgsql set enable_nestloop = off as $$
begin
    update person
    set kind = told.kind, given_name = told.given_name, family_name = told.family_name,
        year_group = told.year_group, class_name = told.class_name, upn = told.upn,
        date_of_birth = told.date_of_birth, email = told.email, joined_on = told.joined_on,
        left_on = told.left_on
    from roster_change as told
    where told.school_id = of_school and told.batch_id = of_batch
        and person.school_id = of_school and person.id = told.person_id;
end $$;

-- Adds and changes persons, as the rows and the comparison say; how many were added.
create function merge_people(of_school uuid, of_batch uuid) returns integer
language plpgsql set enable_nestloop = off as $$
declare
    added integer;
begin
    if exists (select from roster_change where school_id = of_school and batch_id = of_batch) then
        perform change_people(of_school, of_batch);
    end if;
    if not exists (select from roster_row where school_id = of_school and batch_id = of_batch) then
        return 0;
    end if;
    insert into person (
        school_id, id, kind, given_name, family_name, year_group, external_id, upn,
        date_of_birth, class_name, email, joined_on, left_on, changed_by, roster_batch_id)
    select of_school, row.id, row.kind, row.given_name, row.family_name, row.year_group,
        row.external_id, row.upn, row.date_of_birth, row.class_name, row.email, row.joined_on,
        row.left_on,
        caller_account(), of_batch
    from roster_row as row
    where row.school_id = of_school and row.batch_id = of_batch and not exists (
        select from person
        where person.school_id = of_school and person.external_id = row.external_id);
    get diagnostics added = row_count;
    return added;
end $$;

-- Records that adults leave who are new and have a last day to come. Who left before the register
-- knew them never had anything here.
create function expect_new_leavers(of_school uuid, of_batch uuid, by_name text) returns void
language plpgsql set enable_nestloop = off as $$
begin
    insert into leaving (school_id, id, person_id, left_on, recorded_by_name)
    select of_school, gen_random_uuid(), person.id, person.left_on, by_name
    from roster_row as row
    join person on person.school_id = of_school and person.id = row.id
    where row.school_id = of_school and row.batch_id = of_batch
        and row.left_on >= london_today() and roster_group(row.kind) = 'adult';
end $$;

-- Makes, alters and ends links, as the rows say. A child whose row names its parents has those and
-- no others, and so has one that stands in a full table of contacts; whoever a full batch with
-- links does not have is nobody's parent any more. Of whose parents nothing is said, nothing is
-- altered.
create function merge_links(
    of_school uuid, of_batch uuid, is_full boolean, out added integer, out changed integer,
    out ended integer
) language plpgsql set enable_nestloop = off as $$
declare
    speaks_of_all constant boolean := is_full and exists (
        select from roster_link where school_id = of_school and batch_id = of_batch);
begin
    added := 0;
    changed := 0;
    ended := 0;
    if not exists (
        select from roster_link where school_id = of_school and batch_id = of_batch
        union all
        select from roster_row
        where school_id = of_school and batch_id = of_batch and given & 128 <> 0)
    then
        return;
    end if;
    insert into roster_link_change (
        school_id, batch_id, link_id, parent_id, child_id, relationship, has_responsibility,
        no_contact, begins)
    with wanted as (
        select distinct child.id as child_id, parent.id as parent_id, found.relationship,
            found.has_responsibility, found.no_contact
        from roster_links_found(of_school, of_batch) as found
        join person as child
            on child.school_id = of_school and child.external_id = found.child_id
        join person as parent
            on parent.school_id = of_school and parent.external_id = found.parent_id
    ), known as (
        select link.*, speaks_of_all and parent.external_id is not null and (
                link.child_id in (select wanted.child_id from wanted)
                or link.parent_id in (
                    select told.person_id from roster_change as told
                    where told.school_id = of_school and told.batch_id = of_batch
                        and told.number is null and told.left_on is not null))
            or exists (
                select from roster_row as row
                where row.school_id = of_school and row.batch_id = of_batch
                    and row.external_id = child.external_id and row.given & 128 <> 0) as is_meant
        from parent_link as link
        join person as child on child.school_id = of_school and child.id = link.child_id
        join person as parent on parent.school_id = of_school and parent.id = link.parent_id
        where link.school_id = of_school and link.until_on is null
    )
    select of_school, of_batch, known.id, coalesce(wanted.parent_id, known.parent_id),
        coalesce(wanted.child_id, known.child_id),
        coalesce(wanted.relationship, known.relationship),
        coalesce(wanted.has_responsibility, known.has_responsibility, false),
        coalesce(wanted.no_contact, known.no_contact, false), wanted.child_id is not null
    from wanted
    full join known on known.child_id = wanted.child_id and known.parent_id = wanted.parent_id
    where known.id is null
        or wanted.child_id is null and known.is_meant
        or wanted.relationship <> coalesce(known.relationship, '')
        or wanted.has_responsibility <> known.has_responsibility
        or wanted.no_contact <> known.no_contact;
    update parent_link as link
    set until_on = greatest(link.from_on - 1, london_today() - 1), ended_by_batch_id = of_batch
    from roster_link_change as told
    where told.school_id = of_school and told.batch_id = of_batch
        and link.school_id = of_school and link.id = told.link_id;
    insert into parent_link (
        school_id, id, parent_id, child_id, relationship, has_responsibility, no_contact, from_on,
        roster_batch_id)
    select of_school, gen_random_uuid(), told.parent_id, told.child_id, told.relationship,
        told.has_responsibility, told.no_contact, london_today(), of_batch
    from roster_link_change as told
    where told.school_id = of_school and told.batch_id = of_batch and told.begins;
    select count(*) filter (where begins and link_id is null),
        count(*) filter (where begins and link_id is not null),
        count(*) filter (where not begins)
    into added, changed, ended
    from roster_link_change where school_id = of_school and batch_id = of_batch;
end $$;

-- How many links between a parent and a child who stays it has ended. `is_mass`: more than a tenth
-- of those that there were, or two of few: a table without its parents says nothing of a family.
create function families_ended_by_roster(
    of_school uuid, of_batch uuid, out ended integer, out is_mass boolean
) language plpgsql stable set enable_nestloop = off as $$
begin
    select count(told.link_id), count(told.link_id) > greatest(2, ceil(count(*) * 0.1))
    into ended, is_mass
    from parent_link as link
    join person as child on child.school_id = of_school and child.id = link.child_id
        and child.external_id is not null and child.left_on is null
    left join roster_link_change as told
        on told.school_id = of_school and told.batch_id = of_batch and told.link_id = link.id
            and not told.begins
    where link.school_id = of_school
        and (link.ended_by_batch_id = of_batch
            or link.until_on is null and link.roster_batch_id is distinct from of_batch);
end $$;

-- A digest of all that a batch made: persons as it left them, links that it began and ended.
create function roster_content(of_school uuid, of_batch uuid) returns bytea
language plpgsql stable as $$
begin
    return sha256(convert_to(
        coalesce((
            select string_agg(made::text, e'\n' order by made.person_id, made.version)
            from (
                select id as person_id, version, kind, given_name, family_name, year_group,
                    external_id, upn, date_of_birth, class_name, email, joined_on, left_on
                from person where school_id = of_school and roster_batch_id = of_batch
                union all
                select person_id, version, kind, given_name, family_name, year_group, external_id,
                    upn, date_of_birth, class_name, email, joined_on, left_on
                from person_version
                where school_id = of_school and roster_batch_id = of_batch
            ) as made), '')
        || e'\n--\n'
        || coalesce((
            select string_agg(made::text, e'\n' order by made.id, made.until_on nulls first)
            from (
                select id, parent_id, child_id, relationship, has_responsibility, no_contact,
                    from_on, null::date as until_on
                from parent_link where school_id = of_school and roster_batch_id = of_batch
                union all
                select id, parent_id, child_id, relationship, has_responsibility, no_contact,
                    from_on, until_on
                from parent_link where school_id = of_school and ended_by_batch_id = of_batch
            ) as made), ''),
        'UTF8'));
end $$;

-- What is wrong with the rows, the errors first; a thousand at most.
create function roster_issues(of_school uuid, of_batch uuid) returns jsonb
language plpgsql stable as $$
begin
    return (
        select coalesce(
            jsonb_agg(
                jsonb_strip_nulls(jsonb_build_object(
                    'row', nullif(fault.number, 0), 'severity', fault.severity,
                    'code', fault.code, 'pointer', fault.pointer))
                order by fault.severity, fault.number, fault.pointer, fault.code),
            '[]')
        from (
            select distinct number, severity, code, pointer from roster_fault
            where school_id = of_school and batch_id = of_batch
            order by severity, number, pointer, code
            limit 1000
        ) as fault);
end $$;

-- Lets go of the rows that are refused; how many rows those are.
create function refuse_roster_rows(of_school uuid, of_batch uuid) returns integer
language plpgsql set enable_nestloop = off as $$
begin
    delete from roster_row as row
    using roster_fault as fault
    where row.school_id = of_school and row.batch_id = of_batch and fault.school_id = of_school
        and fault.batch_id = of_batch and fault.number = row.number and fault.severity = 'error';
    delete from roster_link as link
    using roster_fault as fault
    where link.school_id = of_school and link.batch_id = of_batch and fault.school_id = of_school
        and fault.batch_id = of_batch and fault.number = link.number
        and fault.severity = 'error';
    return (
        select count(distinct number) from roster_fault
        where school_id = of_school and batch_id = of_batch and severity = 'error');
end $$;

-- Whether all is there that was put aside for a batch. What a crash, or the sweep, took of it would
-- else be taken for people who have left.
create function roster_is_whole(of_school uuid, of_batch uuid, wish jsonb) returns boolean
language plpgsql stable as $$
begin
    return (
        (
            select count(*) from roster_row
            where school_id = of_school and batch_id = of_batch
        ), (
            select count(*) from roster_link
            where school_id = of_school and batch_id = of_batch
        ), (
            select count(*) from roster_fault
            where school_id = of_school and batch_id = of_batch
        )
    ) is not distinct from (
        (wish ->> 'rows_kept')::bigint, (wish ->> 'links_kept')::bigint,
        (wish ->> 'faults_kept')::bigint);
end $$;

-- Applies the rows that were put aside, as `wish` says, and answers how it went, in numbers:
--   mode, form, is_partial, is_trial, as_of, confirm_leavers, confirm_links_ended; and of what
--   whoever read the rows found: rows, and more_refused: how many of whose faults nothing was put aside; and how many
--   rows, links and faults were: rows_kept, links_kept, faults_kept
-- `seen`: the numbers of the rows that were known again by the digests of `known_by`.
-- `outcome`: applied; tried, where it was a trial and nothing was kept; refused, where rows are
-- faulty; blocked, where more would leave, or more families end, than is likely; overtaken, where the digests by which rows
-- were known again are gone; lost, where something is that was put aside; out_of_range, where
-- `as_of` is too far away. One at a time in a school, whole or not at all.
create function apply_roster(
    of_school uuid, of_batch uuid, wish jsonb, by_name text, known_by uuid, seen integer[]
) returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    told jsonb;
    seats constant text := coalesce(current_setting('rowan.seats', true), '');
begin
    perform require_roster_keeper(of_school);
    perform from school where id = of_school for no key update;
    if not found then
        raise exception 'no such school' using errcode = 'RW404';
    end if;
    if not roster_is_whole(of_school, of_batch, wish) then
        perform discard_roster(of_school, of_batch);
        return '{"outcome": "lost"}';
    elsif (wish ->> 'as_of')::date not between london_today() - 366 and london_today() + 731 then
        perform discard_roster(of_school, of_batch);
        return '{"outcome": "out_of_range"}';
    end if;
    perform set_config('rowan.roster_batch', of_batch::text, true);
    -- A machine, and whoever operates the database, hold no post here: they act on this school's
    -- posts, as nobody who holds one.
    if seats = '' then
        perform set_config(
            'rowan.seats', jsonb_build_object(of_school, '[]'::jsonb)::text, true);
    end if;
    begin
        told := merge_roster(of_school, of_batch, wish, by_name, known_by, seen);
        if told ->> 'outcome' <> 'applied' or (wish ->> 'is_trial')::boolean then
            -- Not RW000, which a handler takes for all of its class.
            raise exception 'only a trial' using errcode = 'RW002';
        end if;
    exception
        when sqlstate 'RW002' then
            null;
        when sqlstate 'RW001' then
            told := '{"outcome": "overtaken"}';
            delete from roster_kept where school_id = of_school;
    end;
    perform set_config('rowan.roster_batch', '', true);
    perform set_config('rowan.seats', seats, true);
    perform discard_roster(of_school, of_batch);
    delete from roster_change where school_id = of_school and batch_id = of_batch;
    delete from roster_link_change where school_id = of_school and batch_id = of_batch;
    told := told || jsonb_build_object('is_trial', wish -> 'is_trial');
    if told ->> 'outcome' = 'applied' and (wish ->> 'is_trial')::boolean then
        told := told || '{"outcome": "tried"}';
    end if;
    return case
        when told ->> 'outcome' = 'applied' then told
        else told - array['id', 'applied_by', 'applied_at', 'is_by_client']
    end;
end $$;

create function merge_roster(
    of_school uuid, of_batch uuid, wish jsonb, by_name text, known_by uuid, seen integer[]
) returns jsonb
language plpgsql as $$
declare
    is_full constant boolean := wish ->> 'mode' = 'full';
    done roster_batch := jsonb_populate_record(
        null::roster_batch,
        '{"added": 0, "changed": 0, "unchanged": 0, "leavers": 0, "returned": 0, "missing": 0,
            "expected": 0, "links_added": 0, "links_changed": 0, "links_ended": 0, "warned": 0}'
        || wish);
    gone record;
    links record;
    families record;
    has_rows boolean;
    rows_left integer;
    look record;
    -- Every row was known again, of nobody was anything altered since, and nobody is missing.
    is_same boolean;
begin
    done.school_id := of_school;
    done.id := of_batch;
    done.as_of := coalesce(done.as_of, london_today());
    has_rows := exists (select from roster_row where school_id = of_school and batch_id = of_batch);
    select 0 as missing, 0 as altered, 0 as upns into look;
    if cardinality(seen) > 0 then
        look := look_over_roster(of_school, known_by, done.as_of, seen);
        if has_rows or look.altered > 0 then
            seen := read_again(of_school, of_batch, seen);
            has_rows := true;
        end if;
    end if;
    is_same := cardinality(seen) > 0 and not has_rows and look.missing = 0;
    if has_rows then
        perform check_roster(of_school, of_batch);
        perform know_by_hand(of_school, of_batch);
    end if;
    if has_rows or look.upns > 0 then
        perform check_roster_upns(of_school, of_batch, seen);
    end if;
    perform refuse_roster_rows(of_school, of_batch);
    perform check_roster_links(of_school, of_batch);
    done.refused := coalesce((wish ->> 'more_refused')::integer, 0)
        + refuse_roster_rows(of_school, of_batch);
    if done.refused > 0 and not done.is_partial then
        return roster_told(done, 'refused');
    end if;
    -- Whose row is refused is not missing: where any is, nobody is.
    if is_full and done.refused = 0 and not is_same then
        select missing, known_to_leave into done.missing, done.expected
        from miss_from_roster(of_school, of_batch, done.as_of, seen);
    end if;
    if has_rows then
        perform compare_roster(of_school, of_batch, is_full);
    end if;
    gone := leavers_of_roster(of_school, of_batch, done.as_of);
    done.expected := done.expected + gone.expected;
    if gone.is_mass and gone.leavers is distinct from (wish ->> 'confirm_leavers')::integer then
        done.leavers := gone.leavers;
        return roster_told(done, 'blocked')
            || jsonb_build_object('would_leave', who_would_leave(of_school, of_batch));
    end if;
    perform hold_changed_people(of_school, of_batch);
    perform leave_by_roster(of_school, of_batch, by_name);
    done.added := merge_people(of_school, of_batch);
    perform expect_new_leavers(of_school, of_batch, by_name);
    links := merge_links(of_school, of_batch, is_full and done.refused = 0);
    done.links_added := links.added;
    done.links_changed := links.changed;
    done.links_ended := links.ended;
    if links.ended > 2 then
        families := families_ended_by_roster(of_school, of_batch);
        if families.is_mass
            and families.ended is distinct from (wish ->> 'confirm_links_ended')::integer
        then
            done.links_ended := families.ended;
            return roster_told(done, 'blocked');
        end if;
    end if;
    select count(*) filter (where left_on is not null and left_before is null),
        count(*) filter (where left_on is null and left_before is not null),
        count(*) filter (where (left_on is null) = (left_before is null))
    into done.leavers, done.returned, done.changed
    from roster_change where school_id = of_school and batch_id = of_batch;
    rows_left := (
        select count(*) from roster_row where school_id = of_school and batch_id = of_batch);
    done.unchanged := rows_left - done.added
        + cardinality(array_remove(seen, 0))
        - (
            select count(*) from roster_change
            where school_id = of_school and batch_id = of_batch and number is not null);
    perform keep_digests(of_school, of_batch, done.added = rows_left);
    done.applied_by := by_name;
    done.applied_at := rowan_now();
    done.account_id := caller_account();
    done.client_id := caller_client();
    return roster_told(keep_roster_batch(done), 'applied');
end $$;

-- A batch that was applied, with its entry in the audit.
create function keep_roster_batch(done roster_batch) returns roster_batch
language plpgsql as $$
begin
    done.warned := rows_warned_of(done.school_id, done.id);
    done.issues := roster_issues(done.school_id, done.id);
    done.content_digest := case
        when done.added = 0 and done.links_added + done.links_changed + done.links_ended = 0
            and not exists (
                select from roster_change where school_id = done.school_id and batch_id = done.id)
            and not exists (
                select from roster_fault
                where school_id = done.school_id and batch_id = done.id and code = 'taken_over')
            then sha256(e'\n--\n')
        else roster_content(done.school_id, done.id)
    end;
    done.salt := uuid_send(gen_random_uuid());
    insert into roster_batch select done.*;
    insert into event (
        organisation_id, chain, deed, record_kind, record_ids, request_id, digest)
    values (
        done.school_id, 'changes', 'roster_applied', 'roster_batch', array[done.id], '',
        digest_of(done.salt, to_jsonb(done) - 'salt'));
    return done;
end $$;

-- How many rows are doubtful.
create function rows_warned_of(of_school uuid, of_batch uuid) returns integer
language plpgsql stable as $$
begin
    return (
        select count(distinct number) from roster_fault
        where school_id = of_school and batch_id = of_batch and severity = 'warning');
end $$;

-- How a batch went, as it is told to whoever sent it.
create function roster_told(done roster_batch, outcome text) returns jsonb
language plpgsql stable as $$
begin
    return jsonb_strip_nulls(
        to_jsonb(done) - array['account_id', 'client_id', 'content_digest', 'salt', 'applied_at']
        || jsonb_build_object(
            'outcome', outcome,
            'warned', rows_warned_of(done.school_id, done.id),
            'issues', roster_issues(done.school_id, done.id),
            'is_by_client', case when outcome = 'applied' then done.client_id is not null end,
            'applied_at', instant(done.applied_at)));
end $$;


-- By hand, for those whom the MIS does not know.

-- Who told it, with the salt of its entry in the audit.
create table person_edit (
    school_id uuid not null,
    person_id uuid not null,
    version   integer not null,
    by_name   text not null,
    salt      bytea not null default uuid_send(gen_random_uuid()),
    primary key (school_id, person_id, version),
    foreign key (school_id, person_id) references person
);

-- What an entry covers of somebody at one version, wherever it lies by now.
create function person_facts(of_school uuid, of_person uuid, of_version integer) returns jsonb
language plpgsql stable as $$
begin
    return (
        select to_jsonb(facts) from (
            select kind, given_name, family_name, year_group, external_id, upn, date_of_birth,
                class_name, email, joined_on, left_on
            from person
            where school_id = of_school and id = of_person and version = of_version
            union all
            select kind, given_name, family_name, year_group, external_id, upn, date_of_birth,
                class_name, email, joined_on, left_on
            from person_version
            where school_id = of_school and person_id = of_person and version = of_version
        ) as facts);
end $$;

-- That somebody leaves on the day that was said of them, or does not leave after all, as a batch
-- would tell it.
create function leave_by_hand(of_school uuid, of_person uuid, last_day date, by_name text)
returns void
language plpgsql as $$
begin
    update leaving
    set left_on = coalesce(last_day, left_on), sessions_ended_at = null,
        returned_on = case when last_day is null then greatest(london_today(), left_on + 1) end
    where school_id = of_school and person_id = of_person and returned_on is null
        and is_of_roster;
    perform leave_with_the_roster(of_school, of_person, last_day, by_name)
    from person
    where person.school_id = of_school and person.id = of_person and last_day is not null
        and (person.account_id is not null
            or roster_group(person.kind) = 'adult' and last_day >= london_today());
    perform end_sessions_of_leavers();
end $$;

-- Adds somebody, or alters them, to be as `facts` says as a whole; as the caller, on record.
create function save_person(
    of_school uuid, of_person uuid, facts jsonb, is_new boolean, by_name text
) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    said person;
    edited person_edit;
    deed constant text := case when is_new then 'person_added' else 'person_changed' end;
    left_before date;
begin
    perform require_seat(of_school, array['office', 'school_administrator', 'headteacher']);
    perform hold_school(of_school);
    said := jsonb_populate_record(null::person, facts);
    select person.left_on into left_before from person
    where person.school_id = of_school and person.id = of_person;
    if is_new then
        insert into person (
            school_id, id, kind, given_name, family_name, year_group, external_id, upn,
            date_of_birth, class_name, email, joined_on, left_on, changed_by)
        values (
            of_school, of_person, said.kind, said.given_name, said.family_name, said.year_group,
            said.external_id, said.upn, said.date_of_birth, said.class_name, said.email,
            said.joined_on, said.left_on, caller_account());
    else
        update person
        set kind = said.kind, given_name = said.given_name, family_name = said.family_name,
            year_group = said.year_group, external_id = said.external_id, upn = said.upn,
            date_of_birth = said.date_of_birth, class_name = said.class_name, email = said.email,
            joined_on = said.joined_on, left_on = said.left_on
        where school_id = of_school and id = of_person;
    end if;
    if said.left_on is distinct from left_before then
        perform leave_by_hand(of_school, of_person, said.left_on, by_name);
    end if;
    select person.school_id, person.id, person.version into edited from person
    where person.school_id = of_school and person.id = of_person;
    -- Nothing was altered, or the last change was recorded already.
    if exists (
        select from person_edit
        where school_id = of_school and person_id = of_person and version = edited.version)
    then
        return;
    end if;
    edited.by_name := by_name;
    edited.salt := uuid_send(gen_random_uuid());
    insert into person_edit select edited.*;
    insert into event (
        organisation_id, chain, deed, record_kind, record_ids, version, request_id, digest)
    values (
        of_school, 'changes', deed, 'person', array[of_person], edited.version, '',
        digest_of(edited.salt, person_facts(of_school, of_person, edited.version)));
end $$;

-- All that is known of somebody, to be changed by whoever may; and whether they hold a post, or are
-- invited to one. While a batch is applied it waits: whose id is taken is known then.
create function person_to_change(of_school uuid, of_person uuid) returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform require_seat(of_school, array['office', 'school_administrator', 'headteacher']);
    perform hold_school(of_school);
    perform from person where school_id = of_school and id = of_person for no key update;
    return (
        select person_facts(of_school, of_person, person.version) || jsonb_build_object(
            'has_post', exists (
                select from seat
                where seat.school_id = of_school and seat.person_id = of_person
                    and (seat.until_on is null or seat.until_on >= london_today())
            ) or exists (
                select from invitation
                where invitation.organisation_id = of_school and invitation.person_id = of_person
                    and invitation.accepted_at is null and invitation.revoked_at is null
                    and invitation.lasts_until > rowan_now()))
        from person where person.school_id = of_school and person.id = of_person);
end $$;

-- What no longer says what its entry in the audit covers.
create view roster_unlike_its_entry with (security_invoker = true) as
select batch.school_id, batch.id from roster_batch as batch
where batch.content_digest <> roster_content(batch.school_id, batch.id) or not exists (
    select from event
    where event.organisation_id = batch.school_id and event.chain = 'changes'
        and event.record_ids = array[batch.id]
        and event.digest = digest_of(batch.salt, to_jsonb(batch) - 'salt'))
union all
select edit.school_id, edit.person_id from person_edit as edit
where not exists (
    select from event
    where event.organisation_id = edit.school_id and event.chain = 'changes'
        and event.record_ids = array[edit.person_id] and event.version = edit.version
        and event.digest = digest_of(
            edit.salt, person_facts(edit.school_id, edit.person_id, edit.version)));


-- Walls.

alter table person_version enable row level security, force row level security;
alter table person_edit enable row level security, force row level security;
alter table parent_link enable row level security, force row level security;
alter table roster_batch enable row level security, force row level security;
alter table roster_kept enable row level security, force row level security;
alter table roster_row enable row level security, force row level security;
alter table roster_link enable row level security, force row level security;
alter table roster_fault enable row level security, force row level security;
alter table roster_change enable row level security, force row level security;
alter table roster_link_change enable row level security, force row level security;

do $$
declare
    kept text;
begin
    foreach kept in array array[
        'person', 'person_version', 'person_edit', 'parent_link', 'roster_batch', 'roster_kept',
        'roster_row', 'roster_link', 'roster_fault', 'roster_change', 'roster_link_change']
    loop
        execute format('create policy keeping on %I to rowan_owner using (true)', kept);
        continue when kept = 'person';
        execute format('create policy maintenance on %I to rowan_maintenance using (true)', kept);
        execute format('grant select on %I to rowan_maintenance', kept);
    end loop;
end $$;

create policy of_the_callers_schools on person_version for select to rowan_service using (
    (select caller_seats()) ? school_id::text
);
create policy of_those_who_look_after_children on parent_link for select to rowan_service using (
    ((select caller_seats()) -> school_id::text) ?| array[
        'office', 'dsl', 'deputy_dsl', 'headteacher']
);
create policy of_its_keepers on roster_batch for select to rowan_service using (
    ((select caller_seats()) -> school_id::text) ?| array[
        'office', 'school_administrator', 'headteacher']
    or coalesce((select caller_scopes()) -> 'roster.write' ? school_id::text, false)
);

-- What not all staff know of somebody, the service reads by `person_private` alone.
revoke select on person from rowan_service;
grant select (
    school_id, id, kind, given_name, family_name, year_group, account_id, created_at, version,
    external_id, class_name, joined_on, left_on, changed_at, changed_by, roster_batch_id)
on person to rowan_service;
grant select (
    school_id, person_id, version, kind, given_name, family_name, year_group, external_id,
    class_name, joined_on, left_on, changed_at, changed_by, roster_batch_id, until_at)
on person_version to rowan_service;
grant select on parent_link, parent_link_shown, class_shown, roster_batch_shown to rowan_service;
grant select (
    school_id, id, mode, form, is_partial, as_of, rows, added, changed, unchanged, leavers,
    returned, missing, expected, links_added, links_changed, links_ended, refused, warned,
    issues, client_id,
    applied_by, applied_at)
on roster_batch to rowan_service;
grant select on parent_link_shown, class_shown, roster_batch_shown, roster_unlike_its_entry
to rowan_maintenance;
-- The demonstration's.
grant insert on parent_link to rowan_maintenance;
grant execute on function
    roster_content(uuid, uuid), person_facts(uuid, uuid, integer)
to rowan_maintenance;
grant execute on function
    person_private(uuid, uuid), person_to_change(uuid, uuid),
    save_person(uuid, uuid, jsonb, boolean, text)
to rowan_service;
grant execute on function
    stage_roster(
        uuid, uuid, integer[], uuid[], text[], text[], text[], text[], text[], text[], text[],
        date[], text[], date[], date[], integer[], bytea[]),
    stage_roster_links(
        uuid, uuid, integer[], text[], boolean[], text[], text[], boolean[], boolean[]),
    stage_roster_faults(uuid, uuid, integer[], text[], text[], text[]),
    roster_digests(uuid), discard_roster(uuid, uuid),
    apply_roster(uuid, uuid, jsonb, text, uuid, integer[])
to rowan_service, rowan_maintenance;
