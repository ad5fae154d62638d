-- Outside organisations that have access to the school's network or equipment, or are there in
-- school time or with pupils, sign the school's agreement: as an organisation, by whoever represents
-- it, and each of their people for themselves (AGR-15, ORG-11).

set local role rowan_owner;

insert into setting_default (name, value, stronger, words) values
    ('gate_organisation_unsigned', '"enforce"', 'later', '{off,advise,enforce}'),
    ('gate_organisation_unsigned_days', '0', 'less', null);

-- To which organisation somebody of the roster belongs, or that they belong to none any more: the
-- latest holds.
create table organisation_member (
    school_id       uuid not null references school,
    id              uuid not null,
    person_id       uuid not null,
    number          integer not null,
    organisation_id uuid,
    from_on         date not null default london_today(),
    set_by          uuid not null references account default caller_account(),
    set_by_name     text not null,
    set_at          timestamptz(3) not null default rowan_now(),
    salt            bytea not null default uuid_send(gen_random_uuid()),
    primary key (school_id, id),
    constraint organisation_of_a_person_is_said_once_at_a_time unique (
        school_id, person_id, number),
    foreign key (school_id, person_id) references person
);
create index organisation_member_of_one on organisation_member (school_id, organisation_id);

-- A version put before an organisation.
create table organisation_agreement (
    school_id       uuid not null references school,
    id              uuid not null,
    organisation_id uuid not null,
    template_id     uuid not null,
    version_id      uuid not null,
    copy_hash       bytea not null,
    issued_on       date not null default london_today(),
    due_on          date not null,
    issued_by       uuid not null references account default caller_account(),
    issued_by_name  text not null,
    issued_at       timestamptz(3) not null default rowan_now(),
    salt            bytea not null default uuid_send(gen_random_uuid()),
    primary key (school_id, id),
    foreign key (school_id, template_id) references agreement_template (school_id, id),
    foreign key (school_id, copy_hash) references agreement_copy (school_id, hash)
);
create index agreement_of_an_organisation on organisation_agreement (school_id, organisation_id);

-- Who signed it for the organisation, and as what.
create table organisation_signature (
    school_id       uuid not null,
    id              uuid not null,
    full_name       text not null,
    job_title       text not null,
    attestations    text[] not null default '{}',
    signed_on       date not null default london_today(),
    how             text not null,
    kept_at         text,
    entered_by      uuid references account default caller_account(),
    entered_by_name text,
    entered_at      timestamptz(3) not null default rowan_now(),
    salt            bytea not null default uuid_send(gen_random_uuid()),
    constraint organisation_signs_once primary key (school_id, id),
    foreign key (school_id, id) references organisation_agreement (school_id, id),
    constraint organisation_signs_on_paper_or_by_link check (
        how = 'paper' and num_nulls(kept_at, entered_by, entered_by_name) = 0
        or how = 'link' and num_nonnulls(kept_at, entered_by, entered_by_name) = 0)
);

-- That what it signed, or was to sign, no longer holds.
create table organisation_agreement_end (
    school_id     uuid not null,
    id            uuid not null,
    reason        text not null,
    ended_on      date not null default london_today(),
    ended_by      uuid not null references account default caller_account(),
    ended_by_name text not null,
    ended_at      timestamptz(3) not null default rowan_now(),
    salt          bytea not null default uuid_send(gen_random_uuid()),
    constraint agreement_of_an_organisation_ends_once primary key (school_id, id),
    foreign key (school_id, id) references organisation_agreement (school_id, id)
);

-- A link to it, which opens this one agreement and nothing else. Its secret and its address lie with
-- its mail, and go when that does.
create table organisation_link (
    school_id    uuid not null,
    id           uuid not null,
    agreement_id uuid not null,
    link_id      uuid references sign_in_link on delete set null,
    sent_at      timestamptz(3) not null default rowan_now(),
    primary key (school_id, id),
    foreign key (school_id, agreement_id) references organisation_agreement (school_id, id)
);
create index organisation_link_by_its_mail on organisation_link (link_id);
create index organisation_link_of_an_agreement on organisation_link (school_id, agreement_id);

-- Whoever is to sign is told for which school, for an organisation too.
create or replace function school_of_link(of_link uuid) returns text
language plpgsql stable as $$
begin
    return (
        select school.name from (
            select link.school_id from signing_link as link where link.link_id = of_link
            union all
            select link.school_id from organisation_link as link where link.link_id = of_link
        ) as whose
        join school on school.id = whose.school_id);
end $$;


-- How what was put before organisations stands on a day, as what is put before people does (24.3):
-- what was signed of an older version holds through the school's grace, and what was put before it
-- of the same template counts no more once it was revoked. `fell_on`: the day on which it ceased to
-- hold.
create function organisation_agreements_on(
    of_school uuid, of_organisations uuid[], on_day date
) returns table (
    organisation_id uuid, agreement_id uuid, state text, is_current boolean, current_until date,
    fell_on date
)
language plpgsql stable as $$
declare
    grace constant integer := (setting_on(of_school, 'agreement_grace_days', on_day)).value;
begin
    return query
    with version as materialized (
        select version.id, version.template_id, version.number, version.from_on,
            case when version.withdrawn_on <= on_day then version.withdrawn_on end as withdrawn_on
        from agreement_version_in_time as version
        where version.school_id = of_school and version.from_on <= on_day
    ), held as (
        select agreement.organisation_id, agreement.id, signature.signed_on, (
                select min(ended.ended_on)
                from organisation_agreement as other
                join organisation_agreement_end as ended
                    on ended.school_id = of_school and ended.id = other.id
                    and ended.ended_on <= on_day
                where other.school_id = of_school and other.template_id = agreement.template_id
                    and other.organisation_id = agreement.organisation_id
                    and (other.issued_at, other.id) >= (agreement.issued_at, agreement.id)
            ) as ended_on,
            agreement_runs_out_on(
                text._content -> 'renewal', signature.signed_on, null, null, on_day)
                as runs_out_on,
            followed.superseded_on,
            case when followed.superseded_on is null then version.withdrawn_on
                else followed.superseded_on + grace end as outlived_on
        from organisation_agreement as agreement
        join agreement_version_shown as text
            on text.school_id = of_school and text.id = agreement.version_id
        left join version on version.id = agreement.version_id
        left join lateral (
            select min(next.from_on) as superseded_on from version as next
            where next.template_id = agreement.template_id and next.number > text.number
        ) as followed on true
        left join organisation_signature as signature
            on signature.school_id = of_school and signature.id = agreement.id
            and signature.signed_on <= on_day
        where agreement.school_id = of_school and agreement.issued_on <= on_day
            and (of_organisations is null or agreement.organisation_id = any (of_organisations))
    ), judged as (
        select held.*,
            case
                when held.ended_on is not null then 'revoked'
                when held.runs_out_on <= least(on_day, held.superseded_on) then 'expired'
                when least(held.superseded_on, held.outlived_on) <= on_day then 'superseded'
                when held.signed_on is null then 'issued'
                else 'signed'
            end as stands,
            least(held.ended_on, held.runs_out_on, held.outlived_on) as falls_on
        from held
    )
    select judged.organisation_id, judged.id, judged.stands,
        judged.signed_on is not null and coalesce(judged.falls_on > on_day, true),
        case when judged.signed_on is not null and judged.falls_on > on_day then
            judged.falls_on - 1 end,
        case when judged.signed_on is not null and judged.falls_on <= on_day then
            judged.falls_on end
    from judged;
end $$;

-- The organisations that a school ever had in its register: whether the agreements are mandatory for
-- each, whether one holds on a day, until when, and since when none does. One that is not in force on
-- that day is there no more, or not yet, and nothing holds that it signed.
create function organisations_ever(of_school uuid, of_organisations uuid[], on_day date)
returns table (
    organisation_id uuid, name text, is_mandatory boolean, is_in_force boolean, is_signed boolean,
    since date, current_until date
)
language plpgsql stable as $$
begin
    return query
    with told as materialized (
        select entry.*, coalesce((entry.content ->> 'has_access')::boolean, false)
            or coalesce((entry.content ->> 'is_there_with_pupils')::boolean, false) as is_bound
        from register_entry as entry
        where entry.school_id = of_school and entry.kind = 'outside_organisation'
            and (of_organisations is null or entry.id = any (of_organisations))
    ), now as (
        select distinct on (told.id) told.*, (
                select min(london_day(bound.written_at))
                from told as bound
                where bound.id = told.id and bound.is_bound and bound.version > coalesce((
                    select max(free.version) from told as free
                    where free.id = told.id and not free.is_bound), 0)
            ) as bound_since
        from told
        order by told.id, told.version desc
    ), signed as (
        select standing.organisation_id, bool_or(standing.is_current) as is_signed,
            max(coalesce(standing.current_until, 'infinity'))
                filter (where standing.is_current) as until,
            max(standing.fell_on) as fell_on
        from organisation_agreements_on(of_school, of_organisations, on_day) as standing
        group by standing.organisation_id
    )
    select now.id, now.content ->> 'name', now.is_bound, here.is_so,
        here.is_so and coalesce(signed.is_signed, false),
        case when now.is_bound and not (here.is_so and coalesce(signed.is_signed, false)) then
            least(
                on_day,
                case
                    when now.act = 'withdrawn' then london_day(now.written_at)
                    when now.until_on < on_day then now.until_on + 1
                end,
                case when signed.is_signed is not true then
                    greatest(now.from_on, now.bound_since, signed.fell_on)
                end)
        end,
        case when here.is_so and signed.is_signed then
            least(nullif(signed.until, 'infinity'), now.until_on) end
    from now
    cross join lateral (
        select now.act <> 'withdrawn' and now.from_on <= on_day
            and coalesce(now.until_on >= on_day, true) as is_so
    ) as here
    left join signed on signed.organisation_id = now.id;
end $$;

-- Those that are in the register on a day.
create function organisations_on(of_school uuid, of_organisations uuid[], on_day date)
returns table (
    organisation_id uuid, name text, is_mandatory boolean, is_signed boolean, since date,
    current_until date
)
language sql stable as $$
    select ever.organisation_id, ever.name, ever.is_mandatory, ever.is_signed, ever.since,
        ever.current_until
    from organisations_ever(of_school, of_organisations, on_day) as ever
    where ever.is_in_force
$$;

-- To which organisation each belongs on a day.
create function organisations_of_people(of_school uuid, on_day date)
returns table (person_id uuid, organisation_id uuid)
language sql stable
begin atomic
    select latest.person_id, latest.organisation_id
    from (
        select distinct on (member.person_id) member.person_id, member.organisation_id
        from organisation_member as member
        where member.school_id = of_school and member.from_on <= on_day
        order by member.person_id, member.number desc
    ) as latest
    where latest.organisation_id is not null;
end;

-- Whose organisation has not signed, or is there no more, of those for whom the agreements are
-- mandatory: whoever belongs to one that is over is held until it is said to which they belong now.
create function organisations_at_the_gate(
    of_school uuid, of_people uuid[], to_have text, on_day date
) returns table (person_id uuid, code text, since date, until date, about jsonb)
language plpgsql stable security definer set search_path = public, pg_temp rows 10 as $$
begin
    if to_have not in ('internet', 'network') then
        return;
    end if;
    return query
    select asked.person_id, case when not standing.is_signed then 'organisation_unsigned' end,
        standing.since, standing.current_until, null::jsonb
    from gate_asked(of_school, of_people) as asked
    join organisations_of_people(of_school, on_day) as member
        on member.person_id = asked.person_id
    join organisations_ever(of_school, null, on_day) as standing
        on standing.organisation_id = member.organisation_id and standing.is_mandatory;
end $$;


-- What was put before organisations, as the school reads it.
create view organisation_agreement_shown with (security_invoker = true) as
select
    agreement.id,
    agreement.school_id,
    agreement.organisation_id,
    agreement.template_id,
    version.template,
    agreement.version_id,
    version.number,
    split_part(copy.words, e'\n\n', 1) as title,
    standing.state,
    standing.is_current,
    standing.current_until,
    agreement.issued_on,
    agreement.issued_by_name as issued_by,
    agreement.due_on,
    signature.full_name as representative,
    signature.job_title,
    signature.attestations,
    signature.signed_on,
    signature.how,
    signature.kept_at,
    signature.entered_by_name as entered_by,
    (
        select mail_of_link(link.link_id) from organisation_link as link
        where link.school_id = agreement.school_id and link.agreement_id = agreement.id
        order by link.sent_at desc
        limit 1
    ) as mail,
    ended.reason as ended_because,
    ended.ended_by_name as ended_by,
    ended.ended_at,
    version._content
from organisation_agreement as agreement
join agreement_version_shown as version
    on version.school_id = agreement.school_id and version.id = agreement.version_id
join agreement_copy as copy
    on copy.school_id = agreement.school_id and copy.hash = agreement.copy_hash
left join organisation_signature as signature
    on signature.school_id = agreement.school_id and signature.id = agreement.id
left join organisation_agreement_end as ended
    on ended.school_id = agreement.school_id and ended.id = agreement.id
cross join lateral organisation_agreements_on(
    agreement.school_id, array[agreement.organisation_id], london_today()) as standing
where standing.agreement_id = agreement.id;

-- Sends a link to whoever represents an organisation, for the caller, who keeps agreements here.
create function send_organisation_link(of_school uuid, of_agreement uuid, to_address text)
returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    mail constant uuid := gen_random_uuid();
    fresh constant uuid := gen_random_uuid();
begin
    if not caller_holds(of_school, array['online_safety_coordinator', 'office'])
        or not exists (
            select from organisation_agreement where school_id = of_school and id = of_agreement)
    then
        raise exception 'not the caller''s to send' using errcode = 'RW404';
    end if;
    perform keep_link(
        mail, 'organisation', null, lower(to_address),
        make_interval(days => setting_now(of_school, 'signing_link_days')::integer));
    insert into organisation_link (school_id, id, agreement_id, link_id)
    values (of_school, fresh, of_agreement, mail);
    insert into event (organisation_id, chain, deed, record_kind, record_ids, request_id)
    values (
        of_school, 'changes', 'organisation_link_sent', 'organisation_agreement',
        array[of_agreement], '');
end $$;

-- The link that a secret opens: somebody's, or an organisation's.
create or replace function identify_signing_link(presented bytea)
returns table (id uuid, school_id uuid, person_id uuid)
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    return query
    select link.id, link.school_id, link.person_id
    from sign_in_link as mail
    join signing_link as link on link.link_id = mail.id
    join person on person.school_id = link.school_id and person.id = link.person_id
    where mail.secret_hash = presented and mail.purpose = 'signing' and mail.ended_at is null
        and mail.lasts_until > rowan_now() and link.ended_at is null
        and lower(person.email) = mail.address
        and exists (select from signed_for_by(link.school_id, link.person_id))
    union all
    select link.id, link.school_id, null
    from sign_in_link as mail
    join organisation_link as link on link.link_id = mail.id
    where mail.secret_hash = presented and mail.purpose = 'organisation'
        and mail.ended_at is null and mail.lasts_until > rowan_now()
        and not exists (
            select from organisation_agreement_end as ended
            where ended.school_id = link.school_id and ended.id = link.agreement_id);
end $$;

-- The link of this context; RW403 in any other, also by a person's link.
create function link_of_the_organisation() returns organisation_link
language plpgsql stable as $$
declare
    known organisation_link;
begin
    if caller_account() is null then
        select * into known from organisation_link as link
        where link.school_id = nullif(current_setting('rowan.signing', true), '')::uuid
            and link.id = caller_client();
    end if;
    if known.id is null then
        raise exception 'not by the link of an organisation' using errcode = 'RW403';
    end if;
    return known;
end $$;

-- What the link of an organisation opens.
create function opened_for_organisation()
returns table (
    id uuid, school text, organisation text, title text, number integer, words text, sha256 text,
    attestations jsonb, state text, due_on date, representative text, job_title text,
    signed_on date, _content jsonb
)
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
    link constant organisation_link := link_of_the_organisation();
begin
    return query
    select agreement.id, school.name, entry.content ->> 'name',
        split_part(copy.words, e'\n\n', 1), version.number, copy.words, encode(copy.hash, 'hex'), (
            select coalesce(jsonb_agg(
                jsonb_build_object('code', one -> 'code', 'words', one -> 'words')), '[]')
            from jsonb_array_elements(version._content -> 'attestations') as one
            where coalesce(one ->> 'by', 'oneself') = 'oneself'),
        standing.state, agreement.due_on, signature.full_name, signature.job_title,
        signature.signed_on, version._content
    from organisation_agreement as agreement
    join school on school.id = agreement.school_id
    join agreement_version_shown as version
        on version.school_id = agreement.school_id and version.id = agreement.version_id
    join agreement_copy as copy
        on copy.school_id = agreement.school_id and copy.hash = agreement.copy_hash
    join lateral (
        select told.content from register_entry as told
        where told.school_id = agreement.school_id and told.id = agreement.organisation_id
        order by told.version desc
        limit 1
    ) as entry on true
    join lateral organisation_agreements_on(
        agreement.school_id, array[agreement.organisation_id], london_today()) as standing
        on standing.agreement_id = agreement.id
    left join organisation_signature as signature
        on signature.school_id = agreement.school_id and signature.id = agreement.id
    where agreement.school_id = link.school_id and agreement.id = link.agreement_id;
end $$;

-- Signs it for the organisation, with its school held, so that nobody signs or revokes it meanwhile.
-- What was looked at before is looked at again: RW404 where it may not be signed.
create function sign_for_organisation(by_name text, as_what text, confirmed text[]) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    link constant organisation_link := link_of_the_organisation();
begin
    perform from school where school.id = link.school_id for no key update;
    if not exists (select from opened_for_organisation() as opened where opened.state = 'issued')
    then
        raise exception 'not to be signed' using errcode = 'RW404';
    end if;
    perform enter_organisation(link.school_id);
    with written as (
        insert into organisation_signature (
            school_id, id, full_name, job_title, attestations, how)
        values (link.school_id, link.agreement_id, by_name, as_what, confirmed, 'link')
        returning *
    )
    insert into event (organisation_id, chain, deed, record_kind, record_ids, request_id, digest)
    select link.school_id, 'changes', 'organisation_signed', 'organisation_agreement',
        array[written.id], '', digest_of(written.salt, to_jsonb(written) - 'salt')
    from written;
    perform set_config('rowan.seats', '', true);
end $$;

-- What no longer says what its entry in the audit covers, or is gone.
create view organisation_unlike_its_entry with (security_invoker = true) as
select * from unlike_their_entries(array[
    'organisation_member', 'organisation_agreement', 'organisation_signature',
    'organisation_agreement_end']);


-- Walls: as of other agreements. Whose the people are, those know who keep and oversee them.

create function caller_oversees_agreements(of_school uuid) returns boolean
language sql stable parallel safe
return caller_holds(
    of_school,
    array['online_safety_coordinator', 'dsl', 'deputy_dsl', 'headteacher', 'senior_leader', 'office',
        'dpo']);

do $$
declare
    kept text;
begin
    foreach kept in array array[
        'organisation_member', 'organisation_agreement', 'organisation_signature',
        'organisation_agreement_end', 'organisation_link']
    loop
        execute format(
            'alter table %I enable row level security, force row level security', kept);
        execute format('create policy keeping on %I to rowan_owner using (true)', kept);
        execute format('create policy maintenance on %I to rowan_maintenance using (true)', kept);
        execute format(
            'create policy of_the_readers on %I for select to rowan_service
                using (caller_oversees_agreements(school_id))', kept);
        execute format('grant select, insert, update on %I to rowan_maintenance', kept);
        execute format('grant select on %I to rowan_service', kept);
    end loop;
end $$;

create policy of_organisations on register_entry for select to rowan_owner using (
    kind = 'outside_organisation'
);
create policy by_the_keepers on organisation_member for insert to rowan_service with check (
    caller_holds(school_id, array['online_safety_coordinator', 'office'])
    and set_by = (select caller_account())
);
create policy by_the_keepers on organisation_agreement for insert to rowan_service with check (
    caller_holds(school_id, array['online_safety_coordinator', 'office'])
    and issued_by = (select caller_account())
);
create policy by_the_keepers on organisation_signature for insert to rowan_service with check (
    caller_holds(school_id, array['online_safety_coordinator', 'office'])
    and entered_by = (select caller_account()) and how = 'paper'
);
create policy by_the_keepers on organisation_agreement_end for insert to rowan_service with check (
    caller_holds(
        school_id,
        array['online_safety_coordinator', 'office', 'headteacher', 'dsl', 'deputy_dsl'])
    and ended_by = (select caller_account())
);
create policy of_an_organisation on agreement_copy for select to rowan_service using (
    exists (
        select from organisation_agreement as agreement
        where agreement.school_id = agreement_copy.school_id
            and agreement.copy_hash = agreement_copy.hash)
);

grant insert (school_id, id, person_id, number, organisation_id, set_by_name)
on organisation_member to rowan_service;
grant insert (
    school_id, id, organisation_id, template_id, version_id, copy_hash, due_on, issued_by_name)
on organisation_agreement to rowan_service;
grant insert (
    school_id, id, full_name, job_title, attestations, signed_on, how, kept_at, entered_by_name)
on organisation_signature to rowan_service;
grant insert (school_id, id, reason, ended_by_name) on organisation_agreement_end to rowan_service;
grant select on organisation_agreement_shown to rowan_service;
grant select on organisation_unlike_its_entry to rowan_maintenance;
grant execute on function
    organisation_agreements_on(uuid, uuid[], date), organisations_ever(uuid, uuid[], date),
    organisations_on(uuid, uuid[], date),
    organisations_of_people(uuid, date), organisations_at_the_gate(uuid, uuid[], text, date),
    send_organisation_link(uuid, uuid, text), opened_for_organisation(),
    sign_for_organisation(text, text, text[]), caller_oversees_agreements(uuid)
to rowan_service;
