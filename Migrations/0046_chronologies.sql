-- The chronology of a child: all that the areas know of them, put together by the service; here is
-- what that needs of the database, and that it was handed over (INC-44, AUD-02).

set local role rowan_owner;

create index report_of_people on report using gin (people jsonb_path_ops);

-- The incidents that a child is involved in, with the parts that they had and their places in the
-- record; by the reports where the record names nobody yet. Of those alone that are open to the
-- caller, and can be opened now: of others not even that there is one (INC-47). It finds them by
-- index, which row-level security would not let be used.
create function incidents_with_child(of_school uuid, of_child uuid)
returns table (incident_id uuid, reference text, parts text[], places text[])
language plpgsql stable security definer set search_path = public, pg_temp rows 10 as $$
begin
    if not caller_holds(of_school, array['dsl', 'deputy_dsl', 'headteacher']) then
        return;
    end if;
    return query
    with involved as (
        select known._incident_id as incident_id, known.parts, known.id::text as place
        from involvement_shown as known
        where known.school_id = of_school and known.person_id = of_child
        union all
        select report.incident_id, array[coalesce(told.part, 'other')], null
        from report
        cross join lateral jsonb_to_recordset(report.people) as told (person_id uuid, part text)
        where report.school_id = of_school
            and report.people @> jsonb_build_array(jsonb_build_object('person_id', of_child))
            and told.person_id = of_child
            and not exists (
                select from involvement
                where involvement.school_id = of_school
                    and involvement.incident_id = report.incident_id)
    )
    select incident.id, incident.reference, array_agg(distinct part.name order by part.name),
        array_remove(array_agg(distinct involved.place), null)
    from involved
    cross join lateral unnest(involved.parts) as part (name)
    join incident on incident.school_id = of_school and incident.id = involved.incident_id
    where is_open_to_caller(incident) and can_be_opened_now(incident.restricted_as)
    group by incident.id, incident.reference;
end $$;

-- What some fields of a record say, one after the other, as people read it.
create function words_of(content jsonb, names jsonb) returns text
language sql immutable parallel safe
return (
    select string_agg(said.words, '; ' order by told.place)
    from jsonb_array_elements_text(names) with ordinality as told (name, place)
    cross join lateral (
        select case
            when jsonb_typeof(content -> told.name) = 'array' then (
                select string_agg(replace(one, '_', ' '), ', ')
                from jsonb_array_elements_text(content -> told.name) as one)
            when content ->> told.name ~ '^[a-z]+(_[a-z]+)*$'
                then replace(content ->> told.name, '_', ' ')
            else content ->> told.name
        end as words
    ) as said
);

-- The other children whom some words may name: those on the roster whose name stands in them in full,
-- and those who are, were or were told to be involved in the incidents told of.
create function other_children(of_school uuid, of_child uuid, incidents uuid[], words text)
returns setof text
language plpgsql stable as $$
declare
    small constant text := lower(words);
begin
    return query
    select known.given_name || ' ' || known.family_name from person as known
    where known.school_id = of_school and known.kind = 'pupil' and known.id <> of_child
        and position(lower(known.given_name || ' ' || known.family_name) in small) > 0
    union
    select involved.name from unnest(incidents) as told (id)
    join person_involved as involved
        on involved.school_id = of_school and involved._incident_id = told.id
    where involved."group" = 'child' and involved.name is not null
        and involved.person_id is distinct from of_child
    union
    select coalesce(was.name, known.given_name || ' ' || known.family_name)
    from involvement as was
    left join person as known on known.school_id = was.school_id and known.id = was.person_id
    where was.school_id = of_school and was.incident_id = any (incidents)
        and was."group" = 'child' and was.person_id is distinct from of_child
        and num_nonnulls(was.name, known.id) > 0
    union
    select coalesce(told.name, known.given_name || ' ' || known.family_name)
    from report
    cross join lateral jsonb_to_recordset(report.people) as told (
        person_id uuid, name text, "group" text)
    left join person as known on known.school_id = of_school and known.id = told.person_id
    where report.school_id = of_school and report.incident_id = any (incidents)
        and coalesce(told."group", group_of_a_person(known.kind), 'child') = 'child'
        and told.person_id is distinct from of_child and num_nonnulls(told.name, known.id) > 0
        and lower(told.name) is distinct from (
            select lower(own.given_name || ' ' || own.family_name) from person as own
            where own.school_id = of_school and own.id = of_child);
end $$;

-- Words without the names of other children, in full or by one of them: not by one that is the
-- child's own, as a brother's may be.
create function without_children(words text, names text[], own text) returns text
language plpgsql immutable parallel safe as $$
declare
    one text;
begin
    foreach one in array names loop
        words := regexp_replace(
            words, '\m' || regexp_replace(one, '(\W)', '\\\1', 'g') || '\M', '[another child]',
            'gi');
    end loop;
    for one in
        select distinct single.name from unnest(names) as name
        cross join lateral regexp_split_to_table(name, '\s+') as single (name)
        where single.name ~ '^[[:upper:]].'
            and single.name <> all (regexp_split_to_array(own, '\s+'))
        order by 1
    loop
        words := regexp_replace(
            words, '\m' || regexp_replace(one, '(\W)', '\\\1', 'g') || '\M', '[another child]',
            'g');
    end loop;
    return words;
end $$;

-- That a child's chronology was handed over: to whom, why, and how much. What it said is in the
-- records themselves.
create table chronology_handover (
    school_id      uuid not null references school,
    id             uuid not null,
    person_id      uuid not null,
    to_school      text not null,
    to_name        text not null,
    reason         text not null,
    form           text not null,
    from_on        date,
    until_on       date,
    entries        integer not null,
    withheld       integer not null,
    handed_by      uuid not null references account default caller_account(),
    handed_by_name text not null,
    handed_at      timestamptz(3) not null default rowan_now(),
    salt           bytea not null default uuid_send(gen_random_uuid()),
    primary key (school_id, id),
    foreign key (school_id, person_id) references person (school_id, id),
    constraint chronology_handover_form_is_known check (form in ('withheld', 'internal')),
    constraint chronology_handover_ends_after_it_begins check (until_on >= from_on)
);
create index chronology_handover_of_a_person on chronology_handover (
    school_id, person_id, handed_at);

create view chronology_handover_shown with (security_invoker = true) as
select
    handover.id, handover.school_id, handover.person_id,
    person.given_name || ' ' || person.family_name as who,
    handover.to_school, handover.to_name, handover.reason, handover.form, handover.from_on,
    handover.until_on, handover.entries as entries_number, handover.withheld as withheld_number,
    handover.handed_by_name as handed_by, handover.handed_at
from chronology_handover as handover
join person on person.school_id = handover.school_id and person.id = handover.person_id;

create view chronology_handover_unlike_its_entry with (security_invoker = true) as
select * from unlike_their_entries(array['chronology_handover']);


-- Walls. Those who lead safeguarding, and the headteacher, who hands none over; never oneself.

alter table chronology_handover enable row level security, force row level security;

create policy of_those_who_lead on chronology_handover for select to rowan_service using (
    caller_holds(school_id, array['dsl', 'deputy_dsl', 'headteacher'])
    and not caller_is(school_id, person_id)
);
create policy by_a_dsl on chronology_handover for insert to rowan_service with check (
    caller_holds(school_id, array['dsl', 'deputy_dsl'])
    and not caller_is(school_id, person_id)
    and handed_by = (select caller_account())
    and caller_stepped_up()
);
create policy maintenance on chronology_handover to rowan_maintenance using (true);

grant select, insert, update on chronology_handover to rowan_maintenance;
grant select on chronology_handover_unlike_its_entry to rowan_maintenance;
grant select on chronology_handover, chronology_handover_shown to rowan_service;
grant insert (
    school_id, id, person_id, to_school, to_name, reason, form, from_on, until_on, entries,
    withheld, handed_by_name) on chronology_handover to rowan_service;
grant execute on function
    incidents_with_child(uuid, uuid), words_of(jsonb, jsonb),
    other_children(uuid, uuid, uuid[], text), without_children(text, text[], text)
to rowan_service;
