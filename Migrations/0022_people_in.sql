-- Getting in, and back in: links by which somebody chooses a password. Whoever helps them causes a
-- mail; the secret of its link is made by the worker when the mail goes, and only its hash is kept.

set local role rowan_owner;

-- A link, and its mail. Each time that the mail is tried the secret is a new one, and the one before
-- is dead. It ends when it is used, revoked, or has become too old.
create table sign_in_link (
    id          uuid primary key,
    purpose     text not null,
    -- Of a recovery, where somebody has that name. Both are answered alike, and written alike.
    account_id  uuid references account,
    address     text,
    is_helped   boolean not null default false,
    secret_hash bytea,
    made_at     timestamptz(3) not null default rowan_now(),
    lasts_until timestamptz(3) not null,
    ended_at    timestamptz(3),
    due_at      timestamptz(3) not null default rowan_now(),
    attempts    integer not null default 0,
    fault       text,
    sent_at     timestamptz(3),
    parked_at   timestamptz(3),
    needless_at timestamptz(3),
    constraint link_is_found_by_its_secret unique (secret_hash),
    constraint link_purpose_is_known check (
        purpose in ('invitation', 'recovery', 'signing', 'organisation')),
    constraint link_mail_ends_once check (num_nonnulls(sent_at, parked_at, needless_at) <= 1),
    constraint link_mail_fault_is_known check (
        fault in ('not_started', 'refused', 'timed_out', 'no_address'))
);
create index link_by_when_due on sign_in_link (due_at, id)
where sent_at is null and parked_at is null and needless_at is null;
create index link_of_an_account on sign_in_link (account_id, made_at);

-- A link whose mail waits to be sent.
create function keep_link(
    link_id uuid, for_purpose text, of_account uuid, to_address text, lasting interval,
    by_helper boolean default false
) returns void
language plpgsql as $$
begin
    insert into sign_in_link (
        id, purpose, account_id, address, is_helped, lasts_until, needless_at)
    values (
        link_id, for_purpose, of_account, to_address, by_helper, rowan_now() + lasting,
        case when is_mail_address(to_address) then null else rowan_now() end);
end $$;


-- What the worker does with their mail.

-- The school for which something is to be signed by a link, as it calls itself; of any other link
-- null. The areas that have such links add theirs.
create function school_of_link(of_link uuid) returns text
language sql stable
return null;

-- Takes some in hand, and says what each needs to be written.
create function lease_links(most integer, lasting interval)
returns table (
    link_id uuid, attempt integer, address text, purpose text, is_helped boolean, school text,
    until text, dated text
)
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    return query
    with due as (
        select waiting.id from sign_in_link as waiting
        where waiting.sent_at is null and waiting.parked_at is null
            and waiting.needless_at is null and waiting.ended_at is null
            and waiting.due_at <= rowan_now() and waiting.attempts < 12
            and waiting.lasts_until > rowan_now()
        order by waiting.due_at, waiting.id
        limit most
        for update skip locked
    )
    update sign_in_link as link
    set attempts = link.attempts + 1, due_at = rowan_now() + lasting
    from due
    where link.id = due.id
    returning link.id, link.attempts, link.address, link.purpose, link.is_helped,
        school_of_link(link.id),
        to_char(link.lasts_until at time zone 'Europe/London', 'FMDD FMMonth YYYY, HH24:MI'),
        to_char(rowan_now() at time zone 'UTC', 'Dy, DD Mon YYYY HH24:MI:SS "+0000"');
end $$;

-- The secret of a link, made for this attempt to send it.
create function link_has_secret(of_link uuid, of_attempt integer, hash bytea) returns void
language sql security definer set search_path = public, pg_temp
begin atomic
    update sign_in_link set secret_hash = hash
    where id = of_link and attempts = of_attempt and sent_at is null and parked_at is null
        and needless_at is null and ended_at is null;
end;

create function link_was_sent(of_link uuid, of_attempt integer) returns void
language sql security definer set search_path = public, pg_temp
begin atomic
    update sign_in_link set sent_at = rowan_now(), parked_at = null, needless_at = null, fault = null
    where id = of_link and attempts = of_attempt and sent_at is null;
end;

-- Tries again after a pause that doubles from half a minute, as the mail of a notice does.
create function link_has_failed(of_link uuid, of_attempt integer, why text) returns void
language sql security definer set search_path = public, pg_temp
begin atomic
    update sign_in_link
    set fault = why,
        due_at = rowan_now() + make_interval(
            secs => least(30 * 2 ^ (attempts - 1), 14400) * (0.75 + random() / 2)),
        parked_at = case when why = 'no_address' or attempts >= 12 then rowan_now() end
    where id = of_link and attempts = of_attempt
        and sent_at is null and parked_at is null and needless_at is null;
end;

-- Lets go of what can be sent no more.
create function park_links(most integer) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    update sign_in_link set parked_at = rowan_now()
    from (
        select id from sign_in_link
        where sent_at is null and parked_at is null and needless_at is null
            and due_at <= rowan_now()
            and (attempts >= 12 or lasts_until <= rowan_now() or ended_at is not null)
        order by due_at, id
        limit most
        for update skip locked
    ) as hopeless
    where sign_in_link.id = hopeless.id;
end $$;

create function link_figures(out waiting bigint, out due bigint, out parked bigint)
language sql stable security definer set search_path = public, pg_temp
begin atomic
    select
        count(*) filter (where parked_at is null),
        count(*) filter (where parked_at is null and due_at <= rowan_now()),
        count(*) filter (where parked_at is not null)
    from sign_in_link where sent_at is null and needless_at is null;
end;

-- What became of the mail of a link, in a word; null where there is none.
create function mail_of_link(of_link uuid) returns text
language sql stable security definer set search_path = public, pg_temp
begin atomic
    select case
        when sent_at is not null then 'sent'
        when parked_at is not null then 'failed'
        when needless_at is not null then 'not_needed'
        else 'waiting'
    end
    from sign_in_link where id = of_link;
end;


-- Invitations. Somebody who may appoint invites a person of the roster to a post, or somebody to a
-- post of a trust; the account and the post are made when it is accepted, by whoever has the mail.
-- `change` is the appointment, as `make_change` takes it; a trust's has role and until_on.
create table invitation (
    organisation_id uuid not null,
    id              uuid not null,
    is_of_trust     boolean not null default false,
    person_id       uuid,
    name            text,
    email           text not null,
    change          jsonb not null,
    -- Its mail; null when that is over for long.
    link_id         uuid references sign_in_link on delete set null,
    -- Null where the operator did, who lets the first ones in.
    invited_by      uuid references account,
    invited_by_name text not null,
    invited_at      timestamptz(3) not null default rowan_now(),
    lasts_until     timestamptz(3) not null,
    sent            integer not null default 1,
    accepted_at     timestamptz(3),
    outcome         text,
    revoked_at      timestamptz(3),
    revoked_by_name text,
    primary key (organisation_id, id),
    foreign key (organisation_id, person_id) references person,
    constraint invitation_is_to_a_person_or_of_a_trust check (
        is_of_trust = (person_id is null) and is_of_trust = (name is not null)),
    constraint invitation_outcome_is_known check (
        outcome in ('appointed', 'proposed', 'account_only')
        and (outcome is null) = (accepted_at is null)),
    constraint invitation_ends_once check (num_nonnulls(accepted_at, revoked_at) <= 1)
);
create index invitation_newest on invitation (organisation_id, invited_at);
create index invitation_of_a_link on invitation (link_id);
create index invitation_that_waits on invitation (organisation_id, person_id)
where accepted_at is null and revoked_at is null;

create view invitation_shown with (security_invoker = true) as
select
    invitation.id,
    case when not invitation.is_of_trust then invitation.organisation_id end as school_id,
    case when invitation.is_of_trust then invitation.organisation_id end as trust_id,
    invitation.person_id,
    coalesce(invitation.name, person.given_name || ' ' || person.family_name) as who,
    invitation.email,
    invitation.change ->> 'role' as role,
    (invitation.change ->> 'from_on')::date as from_on,
    (invitation.change ->> 'until_on')::date as until_on,
    (invitation.change ->> 'ends_at')::timestamptz as ends_at,
    invitation.invited_by_name as invited_by,
    invitation.invited_at,
    invitation.lasts_until,
    mail_of_link(invitation.link_id) as mail,
    case
        when invitation.accepted_at is not null then 'accepted'
        when invitation.revoked_at is not null then 'revoked'
        when invitation.lasts_until <= rowan_now() then 'expired'
        else 'waiting'
    end as status,
    invitation.outcome,
    coalesce(invitation.accepted_at, invitation.revoked_at) as decided_at,
    invitation.organisation_id as _organisation_id
from invitation
left join person
    on person.school_id = invitation.organisation_id and person.id = invitation.person_id;

-- Whether somebody with these posts in an organisation may invite to such a post there: the
-- headteacher to any; the chair to those that the governing body fills; the administrator to those
-- that open no record, because it is they who let new staff in. A trust's to the trust's own.
create function may_invite(own jsonb, to_role text) returns boolean
language sql immutable parallel safe
return coalesce(
    own ? 'headteacher' and to_role not in ('trust_viewer', 'trust_administrator')
    or own ? 'chair_of_governors'
        and to_role in ('headteacher', 'governor', 'link_governor', 'chair_of_governors')
    or own ? 'school_administrator'
        and to_role in ('staff', 'temporary_staff', 'office', 'technician')
    or own ? 'trust_administrator' and to_role in ('trust_viewer', 'trust_administrator'), false);

-- Invites, for the caller. Says what stands against it; that somebody has an account elsewhere does
-- not, and alters nothing of the answer; that somebody else of this roster has that address does,
-- because a log-in is one person's (USR-10). No link outlasts the post to which it leads.
create function invite(
    of_organisation uuid, invitation_id uuid, to_link uuid, to_person uuid, to_name text,
    to_email text, wanted jsonb, lasting interval, by_name text
) returns text[]
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    invited person;
    until constant timestamptz := least(
        rowan_now() + lasting, (wanted ->> 'ends_at')::timestamptz);
begin
    if not may_invite(caller_seats() -> of_organisation::text, wanted ->> 'role') then
        raise exception 'not the caller''s to invite' using errcode = 'RW403';
    end if;
    if to_person is not null then
        perform from school where id = of_organisation for no key update;
        select * into invited from person
        where school_id = of_organisation and id = to_person;
        if invited.account_id is not null then
            return array['has_account'];
        end if;
        if invited.kind = 'pupil' then
            return array['pupil'];
        end if;
        if exists (
            select from person join account on account.id = person.account_id
            where person.school_id = of_organisation and account.email = lower(to_email))
            or exists (
                select from invitation
                where organisation_id = of_organisation and email = lower(to_email)
                    and person_id <> to_person and accepted_at is null and revoked_at is null
                    and lasts_until > rowan_now())
        then
            return array['address_is_anothers'];
        end if;
    else
        perform from trust where id = of_organisation for no key update;
    end if;
    if 500 <= (
        select count(*) from invitation
        where organisation_id = of_organisation and accepted_at is null and revoked_at is null
            and lasts_until > rowan_now())
    then
        return array['too_many_invitations'];
    end if;
    perform keep_link(
        to_link, 'invitation', null, lower(to_email), until - rowan_now());
    insert into invitation (
        organisation_id, id, is_of_trust, person_id, name, email, change, link_id, invited_by,
        invited_by_name, lasts_until)
    values (
        of_organisation, invitation_id, to_person is null, to_person, to_name, lower(to_email),
        wanted, to_link, caller_account(), by_name, until);
    insert into event (organisation_id, chain, deed, record_kind, record_ids, request_id)
    values (
        of_organisation, 'changes', 'invited', 'invitation', array[invitation_id], '');
    return '{}';
end $$;

-- The invitation that waits, for an act upon it; RW404 where the caller may not invite to its post.
create function waiting_invitation(of_organisation uuid, invitation_id uuid) returns invitation
language plpgsql as $$
declare
    waiting invitation;
begin
    select * into waiting from invitation
    where organisation_id = of_organisation and id = invitation_id
        and may_invite(caller_seats() -> of_organisation::text, change ->> 'role')
    for update;
    if waiting.id is null then
        raise exception 'no such invitation' using errcode = 'RW404';
    end if;
    return waiting;
end $$;

-- Revokes it: its link is dead at once.
create function revoke_invitation(of_organisation uuid, invitation_id uuid, by_name text)
returns text[]
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    waiting invitation := waiting_invitation(of_organisation, invitation_id);
begin
    if waiting.accepted_at is not null then
        return array['accepted_already'];
    end if;
    update invitation set revoked_at = coalesce(revoked_at, rowan_now()),
        revoked_by_name = coalesce(revoked_by_name, by_name)
    where organisation_id = of_organisation and id = invitation_id;
    update sign_in_link set ended_at = coalesce(ended_at, rowan_now()), secret_hash = null
    where id = waiting.link_id;
    insert into event (organisation_id, chain, deed, record_kind, record_ids, request_id)
    values (
        of_organisation, 'changes', 'invitation_revoked', 'invitation', array[invitation_id], '');
    return '{}';
end $$;

-- Whoever leaves is invited no more, or its acceptance would undo the leaving unseen: what waits is
-- revoked, and what has expired too, which could be sent again. Who comes back is invited anew.
create function leaving_revokes_invitations() returns trigger
language plpgsql as $$
begin
    with revoked as (
        update invitation set revoked_at = rowan_now(), revoked_by_name = new.recorded_by_name
        where organisation_id = new.school_id and person_id = new.person_id
            and accepted_at is null and revoked_at is null
        returning id, link_id
    ), dead as (
        update sign_in_link
        set ended_at = coalesce(sign_in_link.ended_at, rowan_now()), secret_hash = null
        from revoked where sign_in_link.id = revoked.link_id
    )
    insert into event (organisation_id, chain, deed, record_kind, record_ids, request_id)
    select new.school_id, 'changes', 'invitation_revoked', 'invitation', array[revoked.id], ''
    from revoked;
    return null;
end $$;

create trigger leaving_revokes_invitations after insert or update of left_on on leaving
for each row when (new.returned_on is null) execute function leaving_revokes_invitations();

-- Sends it again, by a link of its own: the one before is dead at once.
create function send_invitation_again(
    of_organisation uuid, invitation_id uuid, by_link uuid
) returns text[]
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    waiting invitation := waiting_invitation(of_organisation, invitation_id);
    ends constant timestamptz := (waiting.change ->> 'ends_at')::timestamptz;
    until constant timestamptz := least(
        rowan_now() + (waiting.lasts_until - waiting.invited_at), ends);
begin
    if waiting.accepted_at is not null then
        return array['accepted_already'];
    elsif waiting.revoked_at is not null then
        return array['revoked_already'];
    elsif ends <= rowan_now() then
        return array['ended_already'];
    elsif waiting.sent >= 10 then
        return array['sent_too_often'];
    end if;
    update sign_in_link set ended_at = rowan_now(), secret_hash = null where id = waiting.link_id;
    perform keep_link(by_link, 'invitation', null, waiting.email, until - rowan_now());
    update invitation
    set link_id = by_link, sent = sent + 1, invited_at = rowan_now(), lasts_until = until
    where organisation_id = of_organisation and id = invitation_id;
    insert into event (organisation_id, chain, deed, record_kind, record_ids, request_id)
    values (
        of_organisation, 'changes', 'invitation_sent_again', 'invitation', array[invitation_id],
        '');
    return '{}';
end $$;


-- What whoever opens a link may know: their own account, where they have one, and what their
-- password must be. No row where the link has ended.
create function link_presented(presented bytea)
returns table (
    purpose text, account_id uuid, password_hash text, sealed bytea, seconds bigint, name text,
    email text, schools text[], length integer, is_mixed boolean
)
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    return query
    select link.purpose, known.id,
        case when link.purpose = 'invitation' then known.password_hash end,
        case when link.purpose = 'invitation' then factor.sealed end,
        floor(extract(epoch from rowan_now()))::bigint,
        coalesce(known.name, invited.who), link.address,
        array_remove(array(
            select school.name from posts_of_an_account(known.id) as post
            join school on school.id = post.school_id
        ) || invited.school, null),
        case when has_second_factor(known.id) then 12
            else greatest(
                setting_of_an_account(known.id, 'password_length')::integer,
                (invited.settings ->> 'length')::integer)
        end,
        setting_of_an_account(known.id, 'password_composition')::boolean
            or coalesce((invited.settings ->> 'is_mixed')::boolean, false)
    from sign_in_link as link
    left join lateral (
        select school.name as school,
            coalesce(
                invitation.name, person.given_name || ' ' || person.family_name) as who,
            case when school.id is not null then jsonb_build_object(
                'length', setting_now(school.id, 'password_length'),
                'is_mixed', setting_now(school.id, 'password_composition'))
            end as settings
        from invitation
        left join school on school.id = invitation.organisation_id
        left join person
            on person.school_id = invitation.organisation_id and person.id = invitation.person_id
        where invitation.link_id = link.id
    ) as invited on true
    left join account as known
        on known.disabled_at is null and (
            known.id = link.account_id
            or link.purpose = 'invitation' and known.email = link.address)
    left join second_factor as factor on factor.account_id = known.id
    where link.secret_hash = presented and link.ended_at is null
        and link.lasts_until > rowan_now()
        and (link.purpose = 'invitation' or known.id is not null);
end $$;

-- The account with which an invitation can be accepted by this link; null where there is none.
create function account_of_link(presented bytea) returns uuid
language plpgsql stable as $$
begin
    return (select account_id from link_presented(presented) where purpose = 'invitation');
end $$;

-- Counts that a link is presented, or a proof by whoever opened one: how many seconds they must wait.
create function try_link(kinds text[], subjects bytea[]) returns integer
language sql security definer set search_path = public, pg_temp
begin atomic
    select count_guess(kinds, subjects, kinds);
end;

-- Takes a link, once: null where it has ended, or is for something else.
create function take_link(presented bytea, for_purpose text) returns uuid
language plpgsql as $$
declare
    taken uuid;
begin
    update sign_in_link set ended_at = rowan_now(), secret_hash = null
    where secret_hash = presented and purpose = for_purpose and ended_at is null
        and lasts_until > rowan_now()
    returning id into taken;
    return taken;
end $$;

-- As a school to which nobody belongs: what is done there is nobody's deed but the record's.
create function enter_organisation(id uuid) returns void
language plpgsql as $$
begin
    perform set_config('rowan.seats', jsonb_build_object(id, '[]'::jsonb)::text, true);
end $$;

-- The invited accept: false where the link has ended. `new_hash` is the hash of the password that
-- they chose, null where they have an account already and have proved that it is theirs. What was
-- theirs to give when they invited must be so still; what alters who receives a report about whoever
-- invited waits for a second person.
create function accept_invitation(
    presented bytea, new_account uuid, new_hash text, proposal_id uuid
) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    link constant uuid := take_link(presented, 'invitation');
    accepted invitation;
    theirs uuid;
    became text := 'account_only';
begin
    select * into accepted from invitation
    where link_id = link and accepted_at is null and revoked_at is null
    for update;
    if accepted.id is null or accepted.invited_by is not null and not may_invite(
        (
            select jsonb_agg(post.role) from posts_of_an_account(accepted.invited_by) as post
            where coalesce(post.school_id, post.trust_id) = accepted.organisation_id),
        accepted.change ->> 'role')
    then
        return false;
    end if;
    perform enter_organisation(accepted.organisation_id);
    perform from school where id = accepted.organisation_id for no key update;
    select id into theirs from account where email = accepted.email;
    if (theirs is null) <> (new_hash is not null) then
        return false;
    end if;
    if theirs is null then
        theirs := new_account;
        insert into account (id, name, email, password_hash)
        select theirs, coalesce(
            accepted.name,
            (
                select given_name || ' ' || family_name from person
                where school_id = accepted.organisation_id and id = accepted.person_id)),
            accepted.email, new_hash;
    end if;
    -- Accepted from here on, so that nothing that it brings about revokes it.
    update invitation set accepted_at = rowan_now(), outcome = became
    where organisation_id = accepted.organisation_id and id = accepted.id;
    if accepted.is_of_trust then
        became := take_trust_post(accepted, theirs);
    else
        became := take_post(accepted, theirs, proposal_id);
    end if;
    update invitation set outcome = became
    where organisation_id = accepted.organisation_id and id = accepted.id;
    insert into event (
        organisation_id, chain, account_id, deed, record_kind, record_ids, request_id)
    values (
        accepted.organisation_id, 'changes', theirs, 'invitation_accepted', 'invitation',
        array[accepted.id], '');
    return true;
end $$;

-- Gives the post of a school to whoever accepted it, unless they are somebody else of its roster.
create function take_post(accepted invitation, theirs uuid, proposal_id uuid) returns text
language plpgsql as $$
declare
    of_school constant uuid := accepted.organisation_id;
    wanted constant jsonb := accepted.change || jsonb_build_object(
        'from_on', greatest((accepted.change ->> 'from_on')::date, london_today()));
    against text[];
begin
    update person set account_id = theirs
    where school_id = of_school and id = accepted.person_id and account_id is null
        and not exists (
            select from person as other
            where other.school_id = of_school and other.account_id = theirs);
    if not found or (wanted ->> 'until_on')::date < (wanted ->> 'from_on')::date then
        return 'account_only';
    end if;
    against := stands_against(
        of_school, wanted, accepted.invited_by, accepted.invited_by_name,
        accepted.invited_by is null);
    if 'second_person_needed' = any (against) then
        perform keep_proposal(
            of_school, proposal_id, wanted, accepted.invited_by, accepted.invited_by_name);
        return 'proposed';
    elsif cardinality(against) > 0 then
        return 'account_only';
    end if;
    perform make_change(
        of_school, wanted, accepted.invited_by, accepted.invited_by_name);
    perform change_on_record(of_school, wanted, accepted.invited_by);
    return 'appointed';
end $$;

create function take_trust_post(accepted invitation, theirs uuid) returns text
language plpgsql as $$
begin
    insert into trust_seat (
        trust_id, id, account_id, role, from_on, until_on, appointed_by_name, appointed_at)
    values (
        accepted.organisation_id, (accepted.change ->> 'id')::uuid, theirs,
        accepted.change ->> 'role', london_today(),
        greatest((accepted.change ->> 'until_on')::date, london_today()),
        accepted.invited_by_name, rowan_now());
    perform put_on_record(
        accepted.invited_by, accepted.organisation_id, 'appointed', 'trust_seat',
        (accepted.change ->> 'id')::uuid, null);
    return 'appointed';
end $$;


-- Recovery of a forgotten password.

-- Somebody asks for a link by their e-mail address: how many seconds the network must wait. Whoever
-- has an account is answered like whoever has none, by the same statements. To one address goes one
-- mail in ten minutes at most; a link lives for an hour, so that whoever asks has a live one, or is
-- sent one: nobody shuts the owner out by asking. `kinds` are `recovery_network` and `recovery`.
create function ask_for_recovery(
    of_email text, link_id uuid, kinds text[], subjects bytea[], request text
) returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    waits constant integer := count_guess(kinds[1:1], subjects[1:1], kinds[1:1]);
    known account;
begin
    if waits = 0 and count_guess(kinds[2:2], subjects[2:2], kinds[2:2]) = 0 then
        select * into known from account
        where email = lower(of_email) and disabled_at is null;
        perform keep_link(link_id, 'recovery', known.id, known.email, '1 hour');
        insert into event (
            organisation_id, chain, account_id, deed, record_kind, record_ids, request_id)
        values (
            service_organisation(), 'changes', null, 'recovery_asked', 'account',
            array_remove(array[known.id], null), request);
    end if;
    return waits;
end $$;

-- The account of somebody on the roster whom the caller may help: with a post there today, and not
-- the caller's own. Null where there is none.
create function account_to_help(of_school uuid, of_person uuid, helpers text[]) returns uuid
language plpgsql stable as $$
begin
    if not coalesce((caller_seats() -> of_school::text) ?| helpers, false) then
        raise exception 'nobody of the school' using errcode = 'RW404';
    end if;
    return (
        select person.account_id from person
        where person.school_id = of_school and person.id = of_person
            and person.account_id <> caller_account()
            and exists (
                select from posts_of_an_account(person.account_id) as post
                where post.school_id = of_school));
end $$;

-- Causes such a mail for somebody of the caller's school: false where they have no post there, or
-- it is the caller. Whoever helps learns nothing by it, and ends nothing.
create function send_recovery(of_school uuid, of_person uuid, link_id uuid) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    helped constant uuid := account_to_help(
        of_school, of_person, array['headteacher', 'school_administrator']);
begin
    if helped is null then
        return false;
    end if;
    perform from account where id = helped for no key update;
    if not exists (
        select from sign_in_link as link
        where link.account_id = helped and link.purpose = 'recovery' and link.is_helped
            and link.made_at > rowan_now() - interval '1 minute')
    then
        perform keep_link(link_id, 'recovery', helped, account.email, '1 hour', true)
        from account where account.id = helped;
    end if;
    insert into event (organisation_id, chain, deed, record_kind, record_ids, request_id)
    values (of_school, 'changes', 'recovery_caused', 'person', array[of_person], '');
    return true;
end $$;

-- Tells an account, in each school in which it holds a post, that how it signs in was changed.
create function tell_of_sign_in(of_account uuid) returns void
language plpgsql as $$
declare
    told record;
    seats text := current_setting('rowan.seats', true);
begin
    for told in
        select distinct on (post.school_id) post.school_id, post.role
        from posts_of_an_account(of_account) as post
        where post.school_id is not null
        order by post.school_id, post.role
    loop
        perform enter_organisation(told.school_id);
        perform send_notice(
            told.school_id, of_account, told.role, 'sign_in_changed', 'urgent',
            upper(substr(encode(sha256(uuid_send(gen_random_uuid())), 'hex'), 1, 8)), null,
            rowan_now());
    end loop;
    perform set_config('rowan.seats', coalesce(seats, ''), true);
end $$;

-- The owner of an account has chosen a new password by its link: their account, and all its
-- sessions and links have ended. Null where the link has.
create function recover_account(presented bytea, new_hash text) returns uuid
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    owner uuid;
begin
    select account.id into owner
    from sign_in_link as link join account on account.id = link.account_id
    where link.id = take_link(presented, 'recovery') and account.disabled_at is null;
    if owner is null then
        return null;
    end if;
    update account set password_hash = new_hash, password_set_at = rowan_now() where id = owner;
    update session set ended_at = rowan_now() where account_id = owner and ended_at is null;
    update sign_in_link set ended_at = rowan_now(), secret_hash = null
    where account_id = owner and ended_at is null;
    insert into event (
        organisation_id, chain, account_id, deed, record_kind, record_ids, request_id)
    values (
        service_organisation(), 'changes', owner, 'password_recovered', 'account', array[owner],
        '');
    perform tell_of_sign_in(owner);
    return owner;
end $$;

-- Takes a lost second factor away from somebody of the caller's school, with all their sessions:
-- false where there is none, or it is the caller's own. The owner is told, and sets up another where
-- a school asks for one.
create function reset_second_factor(of_school uuid, of_person uuid) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    helped constant uuid := account_to_help(
        of_school, of_person, array['headteacher', 'school_administrator', 'dsl', 'deputy_dsl']);
begin
    delete from second_factor where account_id = helped and sealed is not null;
    if not found then
        return false;
    end if;
    delete from recovery_code where account_id = helped;
    update session set ended_at = rowan_now() where account_id = helped and ended_at is null;
    insert into event (organisation_id, chain, deed, record_kind, record_ids, request_id)
    values (of_school, 'changes', 'second_factor_reset', 'person', array[of_person], '');
    perform tell_of_sign_in(helped);
    return true;
end $$;


-- The posts of a trust: who holds them, for its own administrators; those that are over for a year.
create function posts_of_a_trust(of_trust uuid)
returns table (
    id uuid, trust_id uuid, who text, email text, role text, from_on date, until_on date,
    appointed_by text, appointed_at timestamptz, ended_by text, ended_at timestamptz, clients jsonb
)
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    return query
    select held.id, held.trust_id, account.name, account.email, held.role, held.from_on,
        held.until_on, held.appointed_by_name, held.appointed_at, held.ended_by_name, held.ended_at,
        clients_left_behind(held.trust_id, held.account_id)
    from trust_seat as held join account on account.id = held.account_id
    where held.trust_id = of_trust
        and (caller_seats() -> of_trust::text) ? 'trust_administrator'
        and (held.until_on is null or held.until_on > london_today() - 366)
    order by held.until_on is not null, held.role, account.name, held.id
    limit 1000;
end $$;

-- The first day from today on which a trust has no administrator; null where it always has one.
create function unadministered_from(of_trust uuid) returns date
language plpgsql stable as $$
begin
    return (
        select min(edge.day)
        from (
            select london_today() as day
            union
            select held.until_on + 1 from trust_seat as held
            where held.trust_id = of_trust and held.until_on >= london_today()
        ) as edge
        where not exists (
            select from trust_seat as held join account on account.id = held.account_id
            where held.trust_id = of_trust and held.role = 'trust_administrator'
                and account.disabled_at is null and held.from_on <= edge.day
                and (held.until_on is null or held.until_on >= edge.day)));
end $$;

-- Ends a post of a trust for its administrator, but never so that it has none. What stands against
-- it; RW404 where the post is none of theirs to end.
create function end_trust_post(of_post uuid, last_day date, by_name text) returns text[]
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    held trust_seat;
    before date;
begin
    select * into held from trust_seat
    where trust_seat.id = of_post
        and (caller_seats() -> trust_seat.trust_id::text) ? 'trust_administrator';
    if held.id is null then
        raise exception 'no such post' using errcode = 'RW404';
    end if;
    perform from trust where trust.id = held.trust_id for no key update;
    if held.until_on < london_today() then
        return array['ended_already'];
    end if;
    before := unadministered_from(held.trust_id);
    begin
        update trust_seat
        set until_on = greatest(from_on - 1, last_day), ended_by_name = by_name,
            ended_at = rowan_now()
        where trust_seat.trust_id = held.trust_id and trust_seat.id = of_post;
        if unadministered_from(held.trust_id) < coalesce(before, 'infinity') then
            raise exception 'nobody is left' using errcode = 'RW003';
        end if;
    exception when sqlstate 'RW003' then
        return array['last_trust_administrator'];
    end;
    insert into event (organisation_id, chain, deed, record_kind, record_ids, request_id)
    values (held.trust_id, 'changes', 'post_ended', 'trust_seat', array[of_post], '');
    return '{}';
end $$;


-- Walls.

alter table invitation enable row level security, force row level security;
create policy inviting on invitation to rowan_owner using (true);
create policy of_those_who_invite on invitation for select to rowan_service using (
    ((select caller_seats()) -> organisation_id::text) ?| array[
        'headteacher', 'chair_of_governors', 'school_administrator', 'trust_administrator']
);
create policy maintenance on invitation to rowan_maintenance using (true);
create policy changing on trust_seat to rowan_owner using (true);

grant select on invitation, invitation_shown to rowan_service;
grant select, insert, update on sign_in_link, invitation to rowan_maintenance;
grant execute on function
    mail_of_link(uuid), invite(uuid, uuid, uuid, uuid, text, text, jsonb, interval, text),
    revoke_invitation(uuid, uuid, text), send_invitation_again(uuid, uuid, uuid),
    link_presented(bytea), try_link(text[], bytea[]), accept_invitation(bytea, uuid, text, uuid),
    ask_for_recovery(text, uuid, text[], bytea[], text), send_recovery(uuid, uuid, uuid),
    recover_account(bytea, text), reset_second_factor(uuid, uuid), posts_of_a_trust(uuid),
    end_trust_post(uuid, date, text)
to rowan_service;
grant execute on function
    lease_links(integer, interval), link_has_secret(uuid, integer, bytea),
    link_was_sent(uuid, integer), link_has_failed(uuid, integer, text), park_links(integer),
    link_figures()
to rowan_worker;
