-- The words of incidents, to be searched within what the caller may see (INC-45).

set local role rowan_owner;

-- English by its stems, and no word left out: Will and May are names.
create text search dictionary english_stem_of_all (template = snowball, language = english);
create text search configuration incident_search (copy = pg_catalog.english);
alter text search configuration incident_search
    alter mapping for asciiword, word, asciihword, hword, hword_asciipart, hword_part
    with english_stem_of_all;

-- Words without accents, and nothing in them that keeps two of them together. Plain letters, which
-- most are, take the short way.
create function plain_words(words text) returns text
language sql immutable
return regexp_replace(
    case
        when octet_length(words) = length(words) then lower(words)
        else regexp_replace(
            translate(
                replace(replace(normalize(lower(words), nfd), 'ß', 'ss'), 'æ', 'ae'),
                'øłđ’', 'old '),
            '[\u0300-\u036f]', '', 'g')
    end,
    '[-./@_'']', ' ', 'g');

-- What somebody looks for, in the same plain words: a minus before a word still leaves it out, and
-- quotes still keep a phrase together.
create function words_sought(sought text) returns tsquery
language sql immutable
return websearch_to_tsquery(
    'public.incident_search',
    replace(plain_words(regexp_replace(sought, '(^|\s)-(?=\S)', '\1−', 'g')), '−', '-'));

-- The words of one record: its reports, what it says now, those involved, its evidence, the rules
-- that were broken, how it ended. Of names the beginnings as well, from three letters. A lexeme of the school leads into the
-- index; nobody can type it, because a hyphen parts words.
--
-- Who blew the whistle is found by nobody, because not every reader of the record is shown it
-- (CMP-07). What is longer than the bounds is searched as far as they reach: an index holds no novel.
create function words_of_an_incident(of_school uuid, of_incident uuid) returns tsvector
language plpgsql stable as $$
declare
    names text := plain_words(left((
        select string_agg(named.words, ' ') from (
            select involved.name as words from person_involved as involved
            where involved.school_id = of_school and involved._incident_id = of_incident
            union
            select unnest(array[report.reporter_name, report.signed_name, report.spoken_for])
            from report
            where report.school_id = of_school and report.incident_id = of_incident
                and report.matter <> 'whistleblowing'
            union
            select person ->> 'name' from report
            cross join lateral jsonb_array_elements(report.people) as person
            where report.school_id = of_school and report.incident_id = of_incident
        ) as named), 4000));
    told text := plain_words(left((
        select string_agg(left(said.words, 40000), ' ' order by said.place) from (
            select 0 as place,
                concat_ws(' ', incident.reference, replace(incident.reference, '-', '')) as words
            from incident
            where incident.school_id = of_school and incident.id = of_incident
            union all
            select 1, closure.outcome from closure
            where closure.school_id = of_school and closure.incident_id = of_incident
            union all
            select 2, concat_ws(' ',
                content.other_type, content.other_breach, content.occurred_note,
                content.location_detail, content.social_media::text, content.summary,
                content.description)
            from incident_version as written
            cross join lateral jsonb_populate_record(
                null::incident_content, written.content) as content
            where written.school_id = of_school and written.incident_id = of_incident
                and not exists (
                    select from incident_version as later
                    where later.school_id = of_school and later.incident_id = of_incident
                        and later.version > written.version)
            union all
            select 3, concat_ws(' ', held.description, held.holder, held.place)
            from evidence_shown as held
            where held.school_id = of_school and held._incident_id = of_incident
            union all
            select 3, concat_ws(' ', broken.template, broken.words)
            from agreement_breach_shown as broken
            where broken.school_id = of_school and broken._incident_id = of_incident
            union all
            select 4, concat_ws(' ',
                report.evidence, report.other_breach, report.occurred_note,
                report.location_detail, report.social_media::text, report.description)
            from report
            where report.school_id = of_school and report.incident_id = of_incident
        ) as said), 100000));
begin
    return to_tsvector('public.incident_search', coalesce(names, ''))
        || to_tsvector('public.incident_search', coalesce(told, ''))
        || strip(to_tsvector('public.incident_search', coalesce((
            select string_agg(distinct left(word, size), ' ')
            from regexp_split_to_table(names, '\s+') as word
            cross join lateral generate_series(3, least(length(word) - 1, 15)) as size), '')))
        || array_to_tsvector(array[of_school::text]);
end $$;

-- As sensitive as the records, so the service itself reads nothing of it.
create table incident_words (
    school_id   uuid not null,
    incident_id uuid not null,
    words       tsvector not null,
    primary key (school_id, incident_id),
    foreign key (school_id, incident_id) references incident on delete cascade
);
create index incident_by_its_words on incident_words using gin (words)
with (gin_pending_list_limit = 512);

alter table incident_words enable row level security, force row level security;
create policy filing on incident_words to rowan_owner using (true);
create policy maintenance on incident_words to rowan_maintenance using (true);
grant select, insert, update on incident_words to rowan_maintenance;

-- The names of a roster, whoever it is that changes something: also where nobody has logged in.
create policy filing on person for select to rowan_owner using (true);

create function keep_words(of_school uuid, of_incident uuid) returns void
language plpgsql as $$
begin
    insert into incident_words as kept (school_id, incident_id, words)
    values (of_school, of_incident, words_of_an_incident(of_school, of_incident))
    on conflict (school_id, incident_id) do update set words = excluded.words
    where kept.words is distinct from excluded.words;
end $$;

-- What changes in a source, or is erased from it, changes in its words at once.
create function words_follow_their_source() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if tg_op = 'DELETE' then
        perform keep_words(old.school_id, old.incident_id);
    else
        perform keep_words(new.school_id, new.incident_id);
    end if;
    return null;
end $$;

do $$
declare
    source text;
begin
    foreach source in array array[
        'report', 'incident_version', 'involvement', 'evidence', 'agreement_breach', 'closure']
    loop
        execute format(
            'create trigger words_follow_their_source after insert or update or delete on %I
            for each row execute function words_follow_their_source()', source);
    end loop;
end $$;

-- Somebody on the roster who is named anew is found by the new name.
create function words_follow_a_name() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform keep_words(named.school_id, named.incident_id) from (
        select distinct school_id, incident_id from involvement
        where school_id = new.school_id and person_id = new.id
        union
        select report.school_id, report.incident_id from report
        where report.school_id = new.school_id
            and report.people @> jsonb_build_array(jsonb_build_object('person_id', new.id))
    ) as named;
    return null;
end $$;

create trigger words_follow_a_name after update of given_name, family_name on person
for each row when (
    (old.given_name, old.family_name) is distinct from (new.given_name, new.family_name))
execute function words_follow_a_name();

-- Searching.
--
-- Row-level security would keep the index from being used, because the search operator is not
-- leakproof. So these act with the owner's rights, and show only what is open to the caller: what
-- the policy asks stands here once more. What they find still passes the policy as well.

create view incident_open_to_caller with (security_invoker = true) as
select incident.school_id, incident.id from incident
where can_be_opened_now(incident.restricted_as) and (
        (select caller_seats()) -> incident.school_id::text ?| incident.readers
        or (select caller_seats()) ? incident.school_id::text and exists (
            select from incident_access as access
            where access.school_id = incident.school_id and access.incident_id = incident.id
                and access.account_id = (select caller_account())
                and (access.until_at is null or access.until_at > rowan_now())))
    and not exists (
        select from incident_subject as subject
        where subject.school_id = incident.school_id and subject.incident_id = incident.id
            and subject.account_id = (select caller_account()));

-- What is sought, in one school; nothing at all when there is no word in it.
create function words_sought_in(of_school uuid, sought text) returns tsquery
language sql immutable
return case
    when numnode(words_sought(sought)) > 0
    then quote_literal(of_school)::tsquery && words_sought(sought) end;

create function incidents_with_words(of_school uuid, sought text) returns setof uuid
language plpgsql stable security definer set search_path = public, pg_temp
-- By the words, whichever they are: a plan for any words would walk through the school.
set plan_cache_mode = force_custom_plan rows 100 as $$
begin
    return query
    select own.id from incident_words as kept
    join incident_open_to_caller as own
        on own.school_id = kept.school_id and own.id = kept.incident_id
    where kept.words @@ words_sought_in(of_school, sought) and kept.school_id = of_school;
end $$;

grant execute on function incidents_with_words(uuid, text) to rowan_service;
