-- Notices: that there is something to look at. A reference, a kind, an urgency, a link; never a name
-- or a detail (NOT-02). A notice belongs to one account in one school.

set local role rowan_owner;

create table notice (
    school_id   uuid not null references school,
    id          uuid not null default gen_random_uuid(),
    account_id  uuid not null references account,
    role        text not null,
    kind        text not null,
    urgency     text not null,
    reference   text not null,
    incident_id uuid,
    created_at  timestamptz(3) not null default rowan_now(),
    written_by  xid8 not null default pg_current_xact_id(),
    number      bigint not null generated always as identity,
    primary key (school_id, id),
    constraint notice_kind_is_known check (
        kind in (
            'incident_reported', 'incident_sent_on', 'notice_unanswered',
            'communication_reported', 'attack_suspected', 'confirmation_wanted',
            'restricted_reported', 'glass_broken', 'misuse_suspected',
            'second_factor_changed', 'trust_setting_changed', 'sign_in_changed',
            'rotation_wanted', 'agreement_awaited', 'agreement_lapses', 'duties_due',
            'duties_overdue', 'device_held', 'device_released', 'emergency_called',
            'complaint_routed')),
    constraint notice_urgency_is_known check (urgency in ('urgent', 'normal'))
);
create index notice_of_an_account on notice (school_id, account_id, created_at, id);
create index notice_as_it_was_written on notice (account_id, written_by, number);

-- A notice is acknowledged because this row exists.
create table notice_acknowledgement (
    school_id       uuid not null,
    notice_id       uuid not null,
    account_id      uuid not null references account,
    acknowledged_at timestamptz(3) not null default rowan_now(),
    constraint notice_is_acknowledged_once primary key (school_id, notice_id),
    foreign key (school_id, notice_id) references notice on delete cascade
);

-- Sends a notice to one account: for the functions of the areas that have something to tell, which
-- act with the owner's rights.
create function send_notice(
    of_school uuid, to_account uuid, as_role text, of_kind text, how_urgent text, named text,
    of_incident uuid, at timestamptz
) returns void
language plpgsql as $$
begin
    insert into notice (
        school_id, account_id, role, kind, urgency, reference, incident_id, created_at)
    values (of_school, to_account, as_role, of_kind, how_urgent, named, of_incident, at);
end $$;

-- For those who follow their notices as they come: which of them, counted from one, must look,
-- because something was written to them since then, or because their session is over (to follow is
-- not to use it); and until where all has been written. What a transaction wrote comes after what any that ended before it
-- began: a number alone would pass over what is committed late.
create function followers_to_wake(
    to_accounts uuid[], of_sessions uuid[], since xid8,
    out places integer[], out written_until xid8
)
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    written_until := pg_snapshot_xmin(pg_current_snapshot());
    places := array(
        select follower.place::integer
        from unnest(to_accounts, of_sessions) with ordinality
            as follower (account_id, session_id, place)
        where exists (
                select from notice
                where notice.account_id = follower.account_id
                    and notice.written_by >= since and notice.written_by < written_until)
            or not exists (
                select from session join account on account.id = session.account_id
                where session.id = follower.session_id and session.ended_at is null
                    and session.ends_at > rowan_now()
                    and (session.idle_ends_at is null or session.idle_ends_at > rowan_now())
                    and account.disabled_at is null));
end $$;

alter table notice enable row level security, force row level security;
alter table notice_acknowledgement enable row level security, force row level security;

create policy sending on notice to rowan_owner using (true);
create policy sending on notice_acknowledgement to rowan_owner using (true);
create policy of_its_recipient on notice for select to rowan_service using (
    account_id = (select caller_account()) and (select caller_seats()) ? school_id::text
);
create policy of_its_recipient on notice_acknowledgement to rowan_service using (
    account_id = (select caller_account()) and (select caller_seats()) ? school_id::text
);
create policy maintenance on notice to rowan_maintenance using (true);
create policy maintenance on notice_acknowledgement to rowan_maintenance using (true);

grant select on notice to rowan_service;
grant execute on function followers_to_wake(uuid[], uuid[], xid8) to rowan_service;
grant select, insert on notice_acknowledgement to rowan_service;
grant select, insert on notice, notice_acknowledgement to rowan_maintenance;
