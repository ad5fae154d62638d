-- Mail: that there is a notice, for whoever has a mail address. A row of this outbox is written
-- with the notice itself, so that one exists if and only if the other does; the worker delivers it
-- by the host's `sendmail`. A mail tells what the notice tells, and no more (NOT-02).

set local role rowan_owner;

-- Waits until `due_at`; whoever takes it in hand moves that on by a lease, after which it is due
-- again should they have been killed. It ends sent, parked, or not needed: its notice was
-- acknowledged before it went, or mail was switched on only when it was a day old.
create table mail (
    school_id   uuid not null,
    notice_id   uuid not null,
    account_id  uuid not null references account,
    written_at  timestamptz(3) not null default rowan_now(),
    due_at      timestamptz(3) not null default rowan_now(),
    attempts    integer not null default 0,
    fault       text,
    sent_at     timestamptz(3),
    parked_at   timestamptz(3),
    needless_at timestamptz(3),
    primary key (school_id, notice_id),
    foreign key (school_id, notice_id) references notice on delete cascade,
    constraint mail_ends_once check (num_nonnulls(sent_at, parked_at, needless_at) <= 1),
    constraint mail_fault_is_known check (
        fault in ('not_started', 'refused', 'timed_out', 'no_address', 'too_old'))
);
create index mail_by_when_due on mail (due_at, school_id, notice_id)
where sent_at is null and parked_at is null and needless_at is null;
create index mail_that_is_parked on mail (school_id, notice_id) where parked_at is not null;

-- Whether mail can be sent there: a plain address, of which no character means anything to a mail
-- header, a shell or a mail program. Accounts may have another, or none that is one.
create function is_mail_address(text) returns boolean
language sql immutable parallel safe
return length($1) <= 254
    and $1 ~ '^[a-z0-9_][a-z0-9_+''-]*(\.[a-z0-9_+''-]+)*@[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$';

create function notice_goes_by_mail() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    insert into mail (school_id, notice_id, account_id)
    select new.school_id, new.id, new.account_id
    from account
    where account.id = new.account_id and is_mail_address(account.email);
    return null;
end $$;

create trigger notice_goes_by_mail after insert on notice
for each row execute function notice_goes_by_mail();


-- Whoever has seen a notice needs no mail about it.
create function acknowledged_needs_no_mail() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    update mail set needless_at = rowan_now()
    where school_id = new.school_id and notice_id = new.notice_id
        and sent_at is null and parked_at is null and needless_at is null;
    return null;
end $$;

create trigger acknowledged_needs_no_mail after insert on notice_acknowledgement
for each row execute function acknowledged_needs_no_mail();


-- What the worker does with it.

-- Parks what has been tried twelve times, or has become too old to be of use: three days. What was
-- never tried within a day is not needed any more: mail was not switched on, and whoever it is for
-- has looked since, or was passed over.
create function park_mail(most integer) returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    parked integer;
begin
    update mail set needless_at = rowan_now()
    from (
        select school_id, notice_id from mail
        where sent_at is null and parked_at is null and needless_at is null and attempts = 0
            and due_at <= rowan_now() and written_at <= rowan_now() - interval '1 day'
        order by due_at, school_id, notice_id
        limit most
        for update skip locked
    ) as stale
    where mail.school_id = stale.school_id and mail.notice_id = stale.notice_id;
    update mail
    set parked_at = rowan_now(),
        fault = case when mail.attempts >= 12 then coalesce(mail.fault, 'timed_out')
            else 'too_old' end
    from (
        select school_id, notice_id from mail
        where sent_at is null and parked_at is null and needless_at is null
            and due_at <= rowan_now()
            and (attempts >= 12 or written_at <= rowan_now() - interval '3 days')
        order by due_at, school_id, notice_id
        limit most
        for update skip locked
    ) as hopeless
    where mail.school_id = hopeless.school_id and mail.notice_id = hopeless.notice_id;
    get diagnostics parked = row_count;
    return parked;
end $$;

-- Takes mail in hand for so long, and says what it needs to be written. An attempt counts from
-- here, so that a mail which ends whoever sends it is parked as well.
create function lease_mail(most integer, lasting interval)
returns table (
    school_id   uuid, notice_id uuid, attempt integer, address text, kind text, urgency text,
    reference text, incident_id uuid, dated text
)
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    return query
    with due as (
        select waiting.school_id, waiting.notice_id from mail as waiting
        where waiting.sent_at is null and waiting.parked_at is null
            and waiting.needless_at is null
            and waiting.due_at <= rowan_now() and waiting.attempts < 12
            and waiting.written_at > rowan_now() - case
                when waiting.attempts = 0 then interval '1 day' else interval '3 days' end
            and not exists (
                select from notice
                join incident_subject as subject
                    on subject.school_id = notice.school_id
                    and subject.incident_id = notice.incident_id
                    and subject.account_id = notice.account_id
                where notice.school_id = waiting.school_id and notice.id = waiting.notice_id)
        order by waiting.due_at, waiting.school_id, waiting.notice_id
        limit most
        for update skip locked
    ), leased as (
        update mail
        set attempts = mail.attempts + 1, due_at = rowan_now() + lasting
        from due
        where mail.school_id = due.school_id and mail.notice_id = due.notice_id
        returning mail.*
    )
    select leased.school_id, leased.notice_id, leased.attempts, account.email, notice.kind,
        notice.urgency, notice.reference, notice.incident_id,
        to_char(leased.written_at at time zone 'UTC', 'Dy, DD Mon YYYY HH24:MI:SS "+0000"')
    from leased
    join notice on notice.school_id = leased.school_id and notice.id = leased.notice_id
    join account on account.id = leased.account_id;
end $$;

-- What was sent is sent, whoever says so and however late.
create function mail_was_sent(of_school uuid, of_notice uuid) returns void
language sql security definer set search_path = public, pg_temp
begin atomic
    update mail set sent_at = rowan_now(), parked_at = null, needless_at = null, fault = null
    where school_id = of_school and notice_id = of_notice and sent_at is null;
end;

-- Tries again after a pause that doubles from half a minute to four hours, give or take a quarter,
-- so that what failed together does not come back together. Only the attempt that is under way can
-- fail. Where there is no address to send it to, no pause helps.
create function mail_has_failed(of_school uuid, of_notice uuid, of_attempt integer, why text)
returns void
language sql security definer set search_path = public, pg_temp
begin atomic
    update mail
    set fault = why,
        due_at = rowan_now() + make_interval(
            secs => least(30 * 2 ^ (attempts - 1), 14400) * (0.75 + random() / 2)),
        parked_at = case when why = 'no_address' or attempts >= 12 then rowan_now() end
    where school_id = of_school and notice_id = of_notice and attempts = of_attempt
        and sent_at is null and parked_at is null and needless_at is null;
end;

create function mail_figures(out waiting bigint, out due bigint, out parked bigint)
language sql stable security definer set search_path = public, pg_temp
begin atomic
    select
        (
            select count(*) from mail
            where sent_at is null and parked_at is null and needless_at is null
        ),
        (
            select count(*) from mail
            where sent_at is null and parked_at is null and needless_at is null
                and due_at <= rowan_now()
        ),
        (select count(*) from mail where parked_at is not null);
end;


-- What became of a mail, in a word; null where there is none.
create function state_of_mail(kept mail) returns text
language sql immutable
return case
    when kept.sent_at is not null then 'sent'
    when kept.parked_at is not null then 'failed'
    when kept.needless_at is not null then 'not_needed'
    when kept.notice_id is not null then 'waiting'
end;

-- A notice as its recipient is shown it, with whether it went by mail.
create view notice_shown with (security_invoker = true) as
select
    notice.id,
    notice.school_id,
    notice.account_id as _account_id,
    notice.incident_id as _incident_id,
    notice.kind,
    notice.urgency,
    notice.reference,
    notice.role,
    '/v1/incidents/' || notice.incident_id as link,
    notice.created_at,
    acknowledgement.acknowledged_at,
    '"' || 1 + (acknowledgement.notice_id is not null)::integer
        + 2 * (mail.sent_at is not null)::integer + 4 * (mail.parked_at is not null)::integer
        + 8 * (mail.needless_at is not null)::integer || '"' as etag,
    state_of_mail(mail) as mail,
    mail.sent_at as mailed_at
from notice
left join notice_acknowledgement as acknowledgement
    on acknowledgement.school_id = notice.school_id and acknowledgement.notice_id = notice.id
left join mail on mail.school_id = notice.school_id and mail.notice_id = notice.id;


-- Walls.

alter table mail enable row level security, force row level security;
create policy sending on mail to rowan_owner using (true);
create policy of_its_recipient on mail for select to rowan_service using (
    account_id = (select caller_account()) and (select caller_seats()) ? school_id::text
);
create policy maintenance on mail to rowan_maintenance using (true);

grant select on mail to rowan_service;
grant select on notice_shown to rowan_service, rowan_maintenance;
grant select, insert, update on mail to rowan_maintenance;
grant execute on function state_of_mail(mail) to rowan_service, rowan_maintenance;
grant execute on function
    park_mail(integer), lease_mail(integer, interval), mail_was_sent(uuid, uuid),
    mail_has_failed(uuid, uuid, integer, text), mail_figures()
to rowan_worker;
