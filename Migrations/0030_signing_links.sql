-- Links by which parents, pupils and whoever else has no log-in sign what was put before them, and
-- say what may be done with their children and themselves (AGR-07, CON-04, section 25). A link is one
-- person's, in one school. It opens the agreements for which that person may sign on the day and the
-- consents that are theirs to give, and nothing else; to open it changes nothing.

set local role rowan_owner;

insert into setting_default (name, value, stronger, words) values
    ('signing_link_days', '30', 'less', null),
    ('agreement_reminder_days', '3', 'more', null);

-- A link that was sent to somebody, by somebody of the school or because they asked for one. Its
-- secret and its address lie with its mail, and go when that does.
create table signing_link (
    school_id     uuid not null,
    id            uuid not null,
    person_id     uuid not null,
    link_id       uuid references sign_in_link on delete set null,
    sent_by       uuid references account,
    sent_by_name  text,
    is_asked_for  boolean not null default false,
    sent_at       timestamptz(3) not null default rowan_now(),
    lasts_until   timestamptz(3) not null,
    ended_at      timestamptz(3),
    ended_because text,
    ended_by_name text,
    primary key (school_id, id),
    foreign key (school_id, person_id) references person,
    constraint signing_link_ends_for_a_reason check (
        (ended_at is null) = (ended_because is null)
        and ended_because in ('revoked', 'address_changed', 'left', 'no_longer_a_parent', 'newer'))
);
create index signing_link_of_a_person on signing_link (school_id, person_id, sent_at);
create index signing_link_by_its_mail on signing_link (link_id);
create index signing_link_by_its_end on signing_link (least(lasts_until, ended_at));
create index person_by_their_address on person (lower(email)) where email is not null;

-- That somebody asked for a fresh link by an address. What it leads to is found out later, by the
-- worker: so whoever asks is answered alike, and as quickly, whether or not anybody has it.
create table signing_ask (
    id       uuid primary key,
    address  text not null,
    asked_at timestamptz(3) not null default rowan_now(),
    constraint signing_ask_is_made_once unique (address)
);
create index signing_ask_by_age on signing_ask (asked_at);

-- The links of a school, as it may know them.
create view signing_link_shown with (security_invoker = true) as
select
    link.id,
    link.school_id,
    link.person_id,
    person.given_name || ' ' || person.family_name as who,
    link.sent_by_name as sent_by,
    link.sent_at,
    link.lasts_until,
    mail_of_link(link.link_id) as mail,
    case
        when link.ended_at is not null then 'ended'
        when link.lasts_until <= rowan_now() then 'expired'
        else 'live'
    end as status,
    link.ended_because,
    link.ended_by_name as ended_by,
    link.ended_at
from signing_link as link
join person on person.school_id = link.school_id and person.id = link.person_id;


-- For whom somebody may sign by a link: as a parent for each child for whom they have parental
-- responsibility and may be in touch, and for themselves where they have no log-in. Not where the
-- address is also that of somebody who may not be in touch with the child, or of a pupil where it is
-- their parent's: what goes there is in another's hands.
create function signed_for_by(of_school uuid, of_signer uuid)
returns table (person_id uuid, is_as_parent boolean)
language plpgsql stable as $$
declare
    address constant text := (
        select lower(person.email) from person
        where person.school_id = of_school and person.id = of_signer
            and coalesce(person.left_on >= london_today(), true));
begin
    return query
    select child.id, true
    from parent_link as link
    join person as child on child.school_id = of_school and child.id = link.child_id
    where address is not null
        and link.school_id = of_school and link.parent_id = of_signer
        and link.has_responsibility and not link.no_contact
        and holds_today(link.from_on, link.until_on)
        and coalesce(child.left_on >= london_today(), true)
        and not exists (
            select from parent_link as other
            join person as barred
                on barred.school_id = of_school and barred.id = other.parent_id
            where other.school_id = of_school and other.child_id = link.child_id
                and other.no_contact and holds_today(other.from_on, other.until_on)
                and lower(barred.email) = address)
    union all
    select signer.id, false
    from person as signer
    where address is not null and signer.school_id = of_school and signer.id = of_signer
        and signer.account_id is null
        and not exists (
            select from parent_link as link
            join person as parent
                on parent.school_id = of_school and parent.id = link.parent_id
            where signer.kind = 'pupil'
                and link.school_id = of_school and link.child_id = of_signer
                and holds_today(link.from_on, link.until_on)
                and lower(parent.email) = address);
end $$;

-- Ends the live links of somebody, but for so many of the newest.
create function end_signing_links(
    of_school uuid, of_person uuid, why text, by_name text, besides integer,
    asked_for boolean[] default '{true,false}'
) returns void
language plpgsql as $$
begin
    with ended as (
        update signing_link set ended_at = rowan_now(), ended_because = why,
            ended_by_name = by_name
        where school_id = of_school and id = any (array(
            select link.id from signing_link as link
            where link.school_id = of_school and link.person_id = of_person
                and link.ended_at is null and link.lasts_until > rowan_now()
                and link.is_asked_for = any (asked_for)
            order by link.sent_at desc, link.id desc
            offset besides))
        returning link_id
    )
    update sign_in_link
    set ended_at = coalesce(sign_in_link.ended_at, rowan_now()), secret_hash = null
    from ended where sign_in_link.id = ended.link_id;
end $$;

-- Whoever is to sign is told for which school.
create or replace function school_of_link(of_link uuid) returns text
language plpgsql stable as $$
begin
    return (
        select school.name from signing_link as link
        join school on school.id = link.school_id
        where link.link_id = of_link);
end $$;

-- Makes a link for somebody, and its mail. At most five are live of those that they asked for, and
-- five of the others: so an earlier mail opens, too, and nobody who asks for one shuts out whoever
-- reads one that the school sent.
create function make_signing_link(
    of_school uuid, link_id uuid, to_person uuid, by_account uuid, by_name text, asked_for boolean
) returns void
language plpgsql as $$
declare
    mail constant uuid := gen_random_uuid();
    lasting constant interval := make_interval(
        days => setting_now(of_school, 'signing_link_days')::integer);
begin
    perform keep_link(mail, 'signing', null, lower(person.email), lasting)
    from person where person.school_id = of_school and person.id = to_person;
    insert into signing_link (
        school_id, id, person_id, link_id, sent_by, sent_by_name, is_asked_for, lasts_until)
    values (
        of_school, link_id, to_person, mail, by_account, by_name, asked_for,
        rowan_now() + lasting);
    perform end_signing_links(of_school, to_person, 'newer', null, 5, array[asked_for]);
    insert into event (organisation_id, chain, deed, record_kind, record_ids, request_id)
    values (of_school, 'changes', 'signing_link_sent', 'signing_link', array[link_id], '');
end $$;

-- Sends one, for the caller. Says what stands against it.
create function send_signing_link(
    of_school uuid, link_id uuid, to_person uuid, by_name text
) returns text[]
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if not caller_holds(of_school, array['online_safety_coordinator', 'office']) then
        raise exception 'not the caller''s to send' using errcode = 'RW404';
    end if;
    perform from school where id = of_school for no key update;
    if not exists (
        select from person
        where school_id = of_school and id = to_person and is_mail_address(lower(email)))
    then
        return array['no_address'];
    elsif not exists (select from signed_for_by(of_school, to_person)) then
        return array['signs_for_nobody'];
    elsif 5 <= (
        select count(*) from signing_link
        where school_id = of_school and person_id = to_person
            and sent_at > rowan_now() - interval '1 day' and sent_by is not null)
    then
        return array['sent_too_often'];
    end if;
    perform make_signing_link(of_school, link_id, to_person, caller_account(), by_name, false);
    return '{}';
end $$;

-- Revokes one, for the caller: it is dead at once. RW404 where it is not theirs to revoke.
create function revoke_signing_link(of_school uuid, of_link uuid, by_name text) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    its_mail uuid;
begin
    if not caller_holds(of_school, array['online_safety_coordinator', 'office']) then
        raise exception 'not the caller''s to revoke' using errcode = 'RW404';
    end if;
    update signing_link
    set ended_at = rowan_now(), ended_because = 'revoked', ended_by_name = by_name
    where school_id = of_school and id = of_link and ended_at is null
    returning link_id into its_mail;
    if found then
        update sign_in_link set ended_at = coalesce(ended_at, rowan_now()), secret_hash = null
        where id = its_mail;
        insert into event (organisation_id, chain, deed, record_kind, record_ids, request_id)
        values (of_school, 'changes', 'signing_link_revoked', 'signing_link', array[of_link], '');
    end if;
end $$;

-- A link is for whoever has this address and is here: with either of them it ends.
create function person_ends_signing_links() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform end_signing_links(
        new.school_id, new.id,
        case when lower(old.email) is distinct from lower(new.email) then 'address_changed'
            else 'left' end,
        null, 0);
    return null;
end $$;

create trigger person_ends_signing_links after update on person
for each row when (
    lower(old.email) is distinct from lower(new.email)
    or old.left_on is distinct from new.left_on and new.left_on < london_today())
execute function person_ends_signing_links();

-- Whoever loses what let them sign for a child loses their links: a fresh one shows what is left.
-- Looked at in the end, because what changes about a parent is told as one that ends and another.
create function parent_link_ends_signing_links() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if exists (
        select from parent_link as link
        where link.school_id = new.school_id and link.parent_id = new.parent_id
            and link.child_id = new.child_id and link.has_responsibility and not link.no_contact
            and holds_today(link.from_on, link.until_on))
    then
        return null;
    end if;
    perform end_signing_links(new.school_id, new.parent_id, 'no_longer_a_parent', null, 0);
    return null;
end $$;

create constraint trigger parent_link_ends_signing_links after update on parent_link
deferrable initially deferred
for each row when (
    old.has_responsibility and not old.no_contact
    and (not new.has_responsibility or new.no_contact
        or old.until_on is distinct from new.until_on and new.until_on is not null))
execute function parent_link_ends_signing_links();


-- Asking for a fresh one, without a credential.

-- Puts down that somebody asked: false where too many wait. By the same statements whoever it is.
create function ask_for_signing_link(of_email text, ask_id uuid, request text) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if 10000 <= (select count(*) from (select from signing_ask limit 10000) as waiting) then
        return false;
    end if;
    insert into signing_ask (id, address) values (ask_id, lower(of_email)) on conflict do nothing;
    insert into event (organisation_id, chain, deed, record_kind, record_ids, request_id)
    values (service_organisation(), 'changes', 'signing_link_asked', 'signing_ask', '{}', request);
    return true;
end $$;

-- Answers whoever asked first: false where nobody waits. Each person of that address who may sign
-- for somebody is sent a link of their own, ten at most: two parents who share an address have one
-- each, and so has each school in which somebody is known by it. To nobody goes more than one in
-- ten minutes that was asked for, or five in a day, and none an hour late, when a worker comes back:
-- they asked again.
create function answer_signing_ask() returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    asked text;
    since timestamptz;
    signer record;
begin
    delete from signing_ask where id = (
        select id from signing_ask order by asked_at, id limit 1 for update skip locked)
    returning address, asked_at into asked, since;
    if asked is null then
        return false;
    elsif since < rowan_now() - interval '1 hour' then
        return true;
    end if;
    for signer in
        select known.school_id, known.id
        from (
            select person.school_id, person.id from person
            where lower(person.email) = asked and is_mail_address(asked)
            order by person.school_id, person.id
            limit 50
        ) as known
        where exists (select from signed_for_by(known.school_id, known.id))
            and not exists (
                select from signing_link as link
                where link.school_id = known.school_id and link.person_id = known.id
                    and link.is_asked_for
                    and link.sent_at > rowan_now() - interval '10 minutes')
            and 5 > (
                select count(*) from signing_link as link
                where link.school_id = known.school_id and link.person_id = known.id
                    and link.is_asked_for
                    and link.sent_at > rowan_now() - interval '1 day')
        order by known.school_id, known.id
        limit 10
    loop
        perform enter_organisation(signer.school_id);
        perform make_signing_link(
            signer.school_id, gen_random_uuid(), signer.id, null, null, true);
    end loop;
    perform set_config('rowan.seats', '', true);
    return true;
end $$;


-- Reminding those who have not signed (AGR-22).

-- That somebody was reminded on a day, of whatever they owe: once, however many ask for it.
create table agreement_reminder (
    school_id   uuid not null,
    person_id   uuid not null,
    reminded_on date not null default london_today(),
    reminded_at timestamptz(3) not null default rowan_now(),
    primary key (school_id, person_id, reminded_on),
    foreign key (school_id, person_id) references person
);
create index agreement_reminder_by_age on agreement_reminder (reminded_at);

-- Whom some agreements wait for, and how each can be told: by a notice who has a post here, by a
-- link who may sign by one; null where neither is so.
create function signers_awaited(of_school uuid, of_agreements uuid[])
returns table (agreement_id uuid, signer_id uuid, account_id uuid, role text, how text)
language plpgsql stable as $$
begin
    return query
    with waiting as materialized (
        select agreement.id, agreement.person_id,
            coalesce(standing.rules ->> 'signers', 'oneself') as signers
        from agreement
        join agreements_on(of_school, array(
                select of_it.person_id from agreement as of_it
                where of_it.school_id = of_school and of_it.id = any (of_agreements)
            ), london_today()) as standing on standing.agreement_id = agreement.id
        where agreement.school_id = of_school and agreement.id = any (of_agreements)
            and standing.state in ('issued', 'part_signed')
            and standing.rules ->> 'form' in ('signature', 'agreement')
    ), awaited as (
        select waiting.id, waiting.person_id, waiting.person_id as signer_id, false as is_as_parent
        from waiting
        where waiting.signers <> 'parent'
            and not exists (
                select from agreement_signature as signature
                where signature.school_id = of_school and signature.agreement_id = waiting.id
                    and signature.part <> 'parent')
        union
        select waiting.id, waiting.person_id, link.parent_id, true
        from waiting
        join parent_link as link
            on link.school_id = of_school and link.child_id = waiting.person_id
            and holds_today(link.from_on, link.until_on)
        where waiting.signers in ('parent', 'pupil_and_parent')
            and not exists (
                select from agreement_signature as signature
                where signature.school_id = of_school and signature.agreement_id = waiting.id
                    and signature.part = 'parent')
    )
    select awaited.id, awaited.signer_id, person.account_id, held.role,
        case
            when held.role is not null then 'notice'
            when is_mail_address(lower(person.email)) and exists (
                select from signed_for_by(of_school, awaited.signer_id) as signed_for
                where signed_for.person_id = awaited.person_id
                    and signed_for.is_as_parent = awaited.is_as_parent) then 'mail'
        end
    from awaited
    join person on person.school_id = of_school and person.id = awaited.signer_id
    left join lateral (
        select post.role from post
        where post.school_id = of_school and post._account_id = person.account_id
            and not awaited.is_as_parent
        order by post.role
        limit 1
    ) as held on true;
end $$;

-- Tells at most so many of those for whom some agreements wait, nobody twice in a day; how many
-- they were by notice and by mail, told today already, reached by nothing, and left for next time.
-- `reference`: what a notice names; the agreement itself, where nothing is given. The caller holds
-- the school.
create function tell_signers(
    of_school uuid, of_agreements uuid[], reference text, by_account uuid, by_name text,
    most integer, out notices integer, out mails integer, out before integer,
    out unreached integer, out left_over integer, out told_of uuid[]
)
language plpgsql as $$
declare
    told record;
begin
    notices := 0;
    mails := 0;
    before := 0;
    left_over := 0;
    told_of := '{}';
    select count(*) into unreached from (
        select from signers_awaited(of_school, of_agreements) as awaited
        group by awaited.agreement_id
        having count(awaited.how) = 0
    ) as nobody;
    for told in
        select distinct on (awaited.signer_id) awaited.*, exists (
                select from agreement_reminder as reminder
                where reminder.school_id = of_school and reminder.person_id = awaited.signer_id
                    and reminder.reminded_on = london_today()
            ) as is_told
        from signers_awaited(of_school, of_agreements) as awaited
        where awaited.how is not null
        order by awaited.signer_id, awaited.how
    loop
        if told.is_told then
            before := before + 1;
            continue;
        elsif notices + mails >= most then
            left_over := left_over + 1;
            continue;
        end if;
        insert into agreement_reminder (school_id, person_id) values (of_school, told.signer_id);
        told_of := told_of || told.agreement_id;
        if told.how = 'notice' then
            notices := notices + 1;
            perform send_notice(
                of_school, told.account_id, told.role, 'agreement_awaited', 'normal',
                coalesce(reference, upper(right(told.agreement_id::text, 8))), null, rowan_now());
        else
            mails := mails + 1;
            perform make_signing_link(
                of_school, gen_random_uuid(), told.signer_id, by_account, by_name, false);
        end if;
    end loop;
end $$;

-- Tells those whom a campaign waits for, and puts down how many they were.
create function remind_campaign(
    of_school uuid, of_campaign uuid, reminder_id uuid, by_account uuid, by_name text, most integer
) returns void
language plpgsql as $$
begin
    perform from school where id = of_school for no key update;
    insert into agreement_campaign_reminder (
        school_id, id, campaign_id, mails, notices, told_today, unreachable, waiting, reminded_by,
        reminded_by_name)
    select of_school, reminder_id, of_campaign, told.mails, told.notices, told.before,
        told.unreached, told.left_over, by_account, by_name
    from tell_signers(
        of_school, array(
            select agreement.id from agreement
            where agreement.school_id = of_school and agreement.campaign_id = of_campaign),
        upper(right(of_campaign::text, 8)), by_account, by_name, most) as told;
    insert into event (organisation_id, chain, deed, record_kind, record_ids, request_id)
    values (
        of_school, 'changes', 'agreement_campaign_reminded', 'agreement_campaign_reminder',
        array[reminder_id], '');
end $$;

-- The same for the caller, who keeps agreements here; RW404 for all others.
create function remind_signers(
    of_school uuid, of_campaign uuid, reminder_id uuid, by_name text
) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if not caller_holds(of_school, array['online_safety_coordinator', 'office'])
        or not exists (
            select from agreement_campaign where school_id = of_school and id = of_campaign)
    then
        raise exception 'not the caller''s to remind' using errcode = 'RW404';
    end if;
    perform remind_campaign(
        of_school, of_campaign, reminder_id, caller_account(), by_name, 200);
end $$;

-- The same by the clock, from eight to eight: so many days before a campaign is due as its
-- school has set, and the day after; and where it went out of itself the rest of those whom one time
-- could not tell. One campaign at a time: false where none waits.
create function remind_by_the_clock() returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    due agreement_campaign;
begin
    if extract(hour from rowan_now() at time zone 'Europe/London') not between 8 and 19 then
        return false;
    end if;
    select campaign.* into due
    from agreement_campaign as campaign
    where campaign.id in (
            select near.id from agreement_campaign as near
            cross join lateral (
                select setting_now(near.school_id, 'agreement_reminder_days')::integer as days
            ) as told
            where near.due_on between london_today() - 1 and london_today() + 30
                and told.days > 0
                and near.due_on in (london_today() + told.days, london_today() - 1)
                and not exists (
                    select from agreement_campaign_reminder as reminder
                    where reminder.school_id = near.school_id and reminder.campaign_id = near.id
                        and reminder.reminded_on = london_today() and reminder.reminded_by is null
                        and reminder.waiting = 0)
            union all
            select fresh.id from agreement_campaign as fresh
            where fresh.made_by is null and fresh.made_at > rowan_now() - interval '7 days'
                and 0 < (
                    select reminder.waiting from agreement_campaign_reminder as reminder
                    where reminder.school_id = fresh.school_id
                        and reminder.campaign_id = fresh.id
                    order by reminder.reminded_at desc, reminder.waiting
                    limit 1))
    order by campaign.school_id, campaign.id
    limit 1
    for update of campaign skip locked;
    if due.id is null then
        return false;
    end if;
    perform enter_organisation(due.school_id);
    perform remind_campaign(due.school_id, due.id, gen_random_uuid(), null, null, 200);
    perform set_config('rowan.seats', '', true);
    return true;
end $$;


-- What whoever opens a link may see and do.

-- The link that a secret opens; no row for one that has ended, or whose owner has gone, has another
-- address, or may sign for nobody any more.
create function identify_signing_link(presented bytea)
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
        and exists (select from signed_for_by(link.school_id, link.person_id));
end $$;

-- Enters the context of a link for this transaction: RW401 when it is not live. It has neither
-- account nor seats, so that row-level security shows it nothing at all.
create function enter_signing_link(presented bytea, request text) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    known record;
begin
    select * into known from identify_signing_link(presented);
    if known.id is null then
        raise exception 'no live signing link' using errcode = 'RW401';
    end if;
    perform set_config('rowan.client', known.id::text, true),
        set_config('rowan.signing', known.school_id::text, true),
        set_config('rowan.request', request, true);
end $$;

-- The link of this context; RW403 in any other.
create function link_of_the_signer() returns signing_link
language plpgsql stable as $$
declare
    known signing_link;
begin
    if caller_account() is null then
        select * into known from signing_link as link
        where link.school_id = nullif(current_setting('rowan.signing', true), '')::uuid
            and link.id = caller_client();
    end if;
    if known.id is null then
        raise exception 'not by a signing link' using errcode = 'RW403';
    end if;
    return known;
end $$;

-- What was put before those for whom a person signs. Of what others signed only that, and when. As
-- long as it is not ended a second parent may sign what the first has (AGR-09).
create function agreements_of_the_signer(of_school uuid, of_signer uuid)
returns table (
    id uuid, person_id uuid, who text, title text, number integer, form text, part text,
    state text, may_sign boolean, has_signed boolean, issued_on date, due_on date,
    is_current boolean, current_until date, content jsonb, copy_hash bytea, signatures jsonb
)
language plpgsql stable as $$
begin
    return query
    with signed_for as materialized (
        select * from signed_for_by(of_school, of_signer)
    )
    select shown.id, shown.person_id, shown.who, shown.title, shown.number,
        shown._content ->> 'form', told.part, shown.state,
        told.part is not null and not told.has_signed
            and (shown.state in ('issued', 'part_signed')
                or shown.state = 'signed' and told.part = 'parent'),
        told.has_signed, shown.issued_on, shown.due_on, shown.is_current, shown.current_until,
        shown._content, shown._copy_hash, (
            select coalesce(jsonb_agg(
                jsonb_strip_nulls(jsonb_build_object(
                    'part', signature ->> 'part', 'signed_on', signature ->> 'signed_on',
                    'is_mine', signature ->> 'signer_id' = of_signer::text,
                    'full_name', case when signature ->> 'signer_id' = of_signer::text
                        then signature ->> 'full_name' end,
                    'attestations', case when signature ->> 'signer_id' = of_signer::text
                        then signature -> 'attestations' end))
                order by place), '[]')
            from jsonb_array_elements(shown.signatures) with ordinality
                as signatures (signature, place))
    from agreements_shown_of(
        of_school, array(select signed_for.person_id from signed_for)) as shown
    join signed_for on signed_for.person_id = shown.person_id
    cross join lateral (
        select
            case
                when shown._content ->> 'form' not in ('signature', 'agreement') then null
                when signed_for.is_as_parent
                    then case when coalesce(shown._content ->> 'signers', 'oneself')
                        in ('parent', 'pupil_and_parent') then 'parent' end
                when shown._content ->> 'signers' in ('pupil', 'pupil_and_parent') then 'pupil'
                when coalesce(shown._content ->> 'signers', 'oneself') = 'oneself' then 'oneself'
            end as part,
            shown.signatures @> jsonb_build_array(
                jsonb_build_object('signer_id', of_signer)) as has_signed
    ) as told;
end $$;

-- About whom somebody answers by a link: of those for whom they may sign the pupils of whom their
-- word counts, and an adult of themselves. A pupil's consent is their parents' to give.
create function answered_for_by(of_school uuid, of_signer uuid) returns uuid[]
language plpgsql stable as $$
begin
    return array(
        select giver.person_id
        from consent_givers(
            of_school,
            array(select known.person_id from signed_for_by(of_school, of_signer) as known),
            london_today()) as giver
        where giver.given_by_id = of_signer);
end $$;

-- What the school asks of each of them, and what the signer themselves has said of it, also where
-- the school asks no more: nobody else's word, and nothing of whether it may be done.
create function consents_of_the_signer(of_school uuid, of_signer uuid)
returns table (
    person_id uuid, who text, purpose text, place bigint, is_asked boolean, answer text,
    scope text, given_on date, lapsed_on date
)
language plpgsql stable as $$
declare
    theirs constant uuid[] := answered_for_by(of_school, of_signer);
begin
    return query
    select person.id, person.given_name || ' ' || person.family_name, known.purpose, known.place,
        asked.is_asked, said.answer, said.scope, said.given_on,
        case when said.answer = 'consent' and runs_out.on_day <= london_today()
            then runs_out.on_day end
    from person
    cross join consent_purposes() with ordinality
        as known (purpose, of_adults, keeps_images, goes_out, needs, is_usual, place)
    join consent_rules_on(of_school, london_today()) as rule on rule.purpose = known.purpose
    cross join lateral (
        select rule.is_asked and (person.kind = 'pupil' or known.of_adults) as is_asked
    ) as asked
    left join consents_given(of_school, theirs, london_today()) as said
        on said.person_id = person.id and said.purpose = known.purpose
        and said.given_by_id = of_signer
    cross join lateral consent_runs_out_on(
        said.given_on, rule.after_months, rule.each_school_year, rule.each_key_stage,
        rule.lapses_on, person.year_group) as runs_out (on_day)
    where person.school_id = of_school and person.id = any (theirs)
        and (asked.is_asked or said.answer is not null);
end $$;

-- The same as a link shows it, of all of them or of one.
create function consents_shown_to(of_school uuid, of_signer uuid, of_person uuid)
returns table (person_id uuid, who text, purposes jsonb)
language sql stable
begin atomic
    select said.person_id, said.who,
        jsonb_agg(
            jsonb_strip_nulls(jsonb_build_object(
                'purpose', said.purpose, 'is_asked', said.is_asked,
                'is_awaited',
                    said.is_asked and (said.answer is null or said.lapsed_on is not null),
                'answer', said.answer, 'scope', said.scope, 'given_on', said.given_on,
                'lapsed_on', said.lapsed_on))
            order by said.place)
    from consents_of_the_signer(of_school, of_signer) as said
    where of_person is null or said.person_id = of_person
    group by said.person_id, said.who;
end;

-- All that a link opens: what stands today, what its owner signed, and what they said.
create function opened_by_link()
returns table (
    school text, signer text, lasts_until timestamptz, agreements jsonb, consents jsonb
)
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
    link constant signing_link := link_of_the_signer();
begin
    return query
    select school.name, person.given_name || ' ' || person.family_name, link.lasts_until, (
            select coalesce(jsonb_agg(
                jsonb_strip_nulls(jsonb_build_object(
                    'id', of_it.id, 'person_id', of_it.person_id, 'who', of_it.who,
                    'title', of_it.title, 'number', of_it.number, 'form', of_it.form,
                    'part', of_it.part, 'state', of_it.state, 'may_sign', of_it.may_sign,
                    'issued_on', of_it.issued_on, 'due_on', of_it.due_on,
                    'is_current', of_it.is_current, 'current_until', of_it.current_until,
                    'fields', coalesce(of_it.content -> 'fields', '[]'),
                    'attestations', (
                        select coalesce(jsonb_agg(
                            jsonb_build_object('code', one -> 'code', 'words', one -> 'words')),
                            '[]')
                        from jsonb_array_elements(of_it.content -> 'attestations') as one
                        where coalesce(one ->> 'by', of_it.part) = of_it.part),
                    'signatures', of_it.signatures))
                order by of_it.who, of_it.issued_on desc, of_it.id), '[]')
            from (
                select * from agreements_of_the_signer(link.school_id, link.person_id) as every
                where every.has_signed or every.state not in ('superseded', 'ended')
                order by every.issued_on desc, every.id
                limit 200
            ) as of_it), (
            select coalesce(jsonb_agg(to_jsonb(told) order by told.who, told.person_id), '[]')
            from consents_shown_to(link.school_id, link.person_id, null) as told)
    from school
    join person on person.school_id = school.id and person.id = link.person_id
    where school.id = link.school_id;
end $$;

-- One of them, with its school held, so that nobody signs or ends it meanwhile.
create function open_by_link(of_agreement uuid)
returns table (
    state text, part text, may_sign boolean, has_signed boolean, content text
)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    link constant signing_link := link_of_the_signer();
begin
    perform from school where school.id = link.school_id for no key update;
    return query
    select of_it.state, of_it.part, of_it.may_sign, of_it.has_signed, of_it.content::text
    from agreements_of_the_signer(link.school_id, link.person_id) as of_it
    where of_it.id = of_agreement;
end $$;

-- The exact words of one of them (AGR-19).
create function copy_by_link(of_agreement uuid)
returns table (
    id uuid, who text, title text, number integer, words text, sha256 text, issued_on date,
    signatures jsonb
)
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
    link constant signing_link := link_of_the_signer();
begin
    return query
    select of_it.id, of_it.who, of_it.title, of_it.number, copy.words, encode(copy.hash, 'hex'),
        of_it.issued_on, of_it.signatures
    from agreements_of_the_signer(link.school_id, link.person_id) as of_it
    join agreement_copy as copy
        on copy.school_id = link.school_id and copy.hash = of_it.copy_hash
    where of_it.id = of_agreement;
end $$;

-- Signs one of them. What was looked at before is looked at again: RW404 where it may not be signed.
create function sign_by_link(
    of_agreement uuid, signature_id uuid, by_name text, with_title text, in_class text,
    confirmed text[]
) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    link constant signing_link := link_of_the_signer();
    as_part text;
begin
    select of_it.part into as_part
    from agreements_of_the_signer(link.school_id, link.person_id) as of_it
    where of_it.id = of_agreement and of_it.may_sign;
    if as_part is null then
        raise exception 'not the signer''s to sign' using errcode = 'RW404';
    end if;
    perform enter_organisation(link.school_id);
    with written as (
        insert into agreement_signature (
            school_id, id, agreement_id, part, signer_id, full_name, job_title, class_name,
            attestations, how)
        values (
            link.school_id, signature_id, of_agreement, as_part, link.person_id, by_name,
            with_title, in_class, confirmed, 'link')
        returning *
    )
    insert into event (organisation_id, chain, deed, record_kind, record_ids, request_id, digest)
    select link.school_id, 'changes', 'agreement_signed', 'agreement_signature',
        array[written.id], '', digest_of(written.salt, to_jsonb(written) - 'salt')
    from written;
    perform set_config('rowan.seats', '', true);
end $$;

-- Puts down that the signer refuses one of them, with the name by which the school knows them.
create function refuse_by_link(of_agreement uuid, why text) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    link constant signing_link := link_of_the_signer();
begin
    if not exists (
        select from agreements_of_the_signer(link.school_id, link.person_id) as of_it
        where of_it.id = of_agreement and of_it.may_sign
            and of_it.state in ('issued', 'part_signed'))
    then
        raise exception 'not the signer''s to refuse' using errcode = 'RW404';
    end if;
    perform enter_organisation(link.school_id);
    with written as (
        insert into agreement_end (school_id, id, act, reason, ended_by_name)
        select link.school_id, of_agreement, 'refused', why,
            person.given_name || ' ' || person.family_name
        from person where person.school_id = link.school_id and person.id = link.person_id
        returning *
    )
    insert into event (organisation_id, chain, deed, record_kind, record_ids, request_id, digest)
    select link.school_id, 'changes', 'agreement_refused', 'agreement', array[written.id], '',
        digest_of(written.salt, to_jsonb(written) - 'salt')
    from written;
    perform set_config('rowan.seats', '', true);
end $$;

-- What its owner has said about one of those for whom they answer; no row of anybody else.
create function consents_by_link(of_person uuid)
returns table (person_id uuid, who text, purposes jsonb)
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
    link constant signing_link := link_of_the_signer();
begin
    return query select * from consents_shown_to(link.school_id, link.person_id, of_person);
end $$;

-- Keeps what the owner of a link says about one of them, by the rules of any other form, or tells
-- what is wrong with it: RW404 where they answer for nobody of that id. What they have said already
-- today is not kept again, so that asking again changes nothing.
create function answer_by_link(of_person uuid, consent_id uuid, said jsonb)
returns table (pointer text, code text)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    link constant signing_link := link_of_the_signer();
    fresh jsonb;
begin
    perform enter_organisation(link.school_id);
    perform from school where id = link.school_id for no key update;
    perform from person where school_id = link.school_id and id = of_person for no key update;
    if of_person <> all (answered_for_by(link.school_id, link.person_id)) then
        raise exception 'not the signer''s to answer' using errcode = 'RW404';
    end if;
    return query
    select '/answers/' || one.place - 1 || '/purpose', 'not_asked'
    from jsonb_array_elements(said) with ordinality as one (answer, place)
    where one.answer ->> 'purpose' not in (
        select known.purpose from consents_of_the_signer(link.school_id, link.person_id) as known
        where known.person_id = of_person);
    if not found then
        select jsonb_agg(one.answer order by one.place) into fresh
        from jsonb_array_elements(said) with ordinality as one (answer, place)
        where not exists (
            select from consents_of_the_signer(link.school_id, link.person_id) as known
            where known.person_id = of_person and known.purpose = one.answer ->> 'purpose'
                and known.answer = one.answer ->> 'answer' and known.given_on = london_today()
                and known.scope is not distinct from one.answer ->> 'scope');
        if 200 <= (
            select count(*) from consent
            where school_id = link.school_id and person_id = of_person
                and given_by_id = link.person_id and how = 'link' and given_on = london_today())
        then
            return query values ('/answers', 'too_often');
        elsif fresh is not null then
            perform keep_consent(
                link.school_id,
                jsonb_build_object(
                    'id', consent_id, 'person_id', of_person, 'given_by_id', link.person_id,
                    'answers', fresh, 'how', 'link'),
                null);
            perform settle_effects(link.school_id, of_person);
        end if;
    end if;
    perform set_config('rowan.seats', '', true);
end $$;


-- Walls.

alter table signing_link enable row level security, force row level security;
alter table agreement_reminder enable row level security, force row level security;

create policy sending on signing_link to rowan_owner using (true);
create policy of_the_readers on signing_link for select to rowan_service using (
    caller_holds(
        school_id,
        array['online_safety_coordinator', 'dsl', 'deputy_dsl', 'headteacher', 'senior_leader',
            'office', 'dpo'])
);
create policy maintenance on signing_link to rowan_maintenance using (true);
create policy reminding on agreement_reminder to rowan_owner using (true);
create policy maintenance on agreement_reminder to rowan_maintenance using (true);
create policy by_a_link on agreement_signature for insert to rowan_owner with check (how = 'link');
create policy by_a_link on agreement_end for insert to rowan_owner with check (act = 'refused');
create policy by_a_link on agreement_copy for select to rowan_owner using (true);

grant select on signing_link, signing_link_shown to rowan_service;
grant select, insert, update on signing_link, signing_ask, agreement_reminder
to rowan_maintenance;
grant execute on function
    send_signing_link(uuid, uuid, uuid, text), revoke_signing_link(uuid, uuid, text),
    ask_for_signing_link(text, uuid, text), remind_signers(uuid, uuid, uuid, text),
    identify_signing_link(bytea),
    enter_signing_link(bytea, text), opened_by_link(), open_by_link(uuid), copy_by_link(uuid),
    sign_by_link(uuid, uuid, text, text, text, text[]), refuse_by_link(uuid, text),
    consents_by_link(uuid), answer_by_link(uuid, uuid, jsonb)
to rowan_service;
grant execute on function answer_signing_ask(), remind_by_the_clock() to rowan_worker;
