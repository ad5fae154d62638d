-- What each school says of something in versions, each from a day on: which training it asks, by
-- which chain its policies are approved, what it permits to which device. An area that has such
-- rules adds a line to `rule_kind`, and no table.

set local role rowan_owner;

-- The kinds of rules, and of what there is one each (`subject`: a purpose, a kind of review; '' for
-- those of which a school has one): who sets them, and what holds where a school has set nothing;
-- null where nobody has decided anything then.
create table rule_kind (
    kind    text not null,
    subject text not null default '',
    rulers  text[] not null,
    usual   jsonb,
    primary key (kind, subject)
);

-- Never altered. The latest version that has begun holds, also where one before begins later.
create table school_rule (
    school_id   uuid not null references school,
    kind        text not null,
    subject     text not null default '',
    version     integer not null,
    id          uuid not null,
    from_on     date not null,
    content     jsonb not null,
    set_by      uuid not null references account default caller_account(),
    set_by_name text not null,
    set_at      timestamptz(3) not null default rowan_now(),
    salt        bytea not null default uuid_send(gen_random_uuid()),
    constraint rule_is_set_once_at_a_time primary key (school_id, kind, subject, version),
    foreign key (kind, subject) references rule_kind
);

-- What a school has said that holds on a day, by one probe of the key; no row where it had said
-- nothing by then.
create function rule_said_on(of_school uuid, of_kind text, of_subject text, on_day date)
returns setof school_rule
language sql stable
begin atomic
    select rule.* from school_rule as rule
    where rule.school_id = of_school and rule.kind = of_kind and rule.subject = of_subject
        and rule.from_on <= on_day
    order by rule.version desc
    limit 1;
end;

-- What holds on a day, of every kind in every school: what was said, or else the usual since the
-- register has known the school. `in_force` is the version that holds, 0 of the usual; `version` the
-- latest that was set, whether or not it has begun. To be asked of a school and a kind.
create function rules_on(on_day date)
returns table (
    school_id uuid, kind text, subject text, from_on date, content jsonb, set_by_name text,
    set_at timestamptz, in_force integer, version integer
)
language sql stable
begin atomic
    select school.id, known.kind, known.subject,
        coalesce(
            said.from_on,
            case when known.usual is not null then london_day(school.created_at) end),
        coalesce(said.content, known.usual), said.set_by_name, said.set_at,
        coalesce(said.version, 0), (
            select coalesce(max(rule.version), 0) from school_rule as rule
            where rule.school_id = school.id and rule.kind = known.kind
                and rule.subject = known.subject
        )
    from school
    cross join rule_kind as known
    left join lateral rule_said_on(school.id, known.kind, known.subject, on_day) as said on true;
end;

create view rule_now with (security_invoker = true) as
select * from rules_on(london_today());

-- What no longer says what its entry in the audit covers, or is gone.
create view rule_unlike_its_entry with (security_invoker = true) as
select * from unlike_their_entries(array['school_rule']);


-- Walls. By which rules a school goes, everybody of it may know.

alter table school_rule enable row level security, force row level security;

create policy of_the_callers_schools on school_rule for select to rowan_service using (
    (select caller_seats()) ? school_id::text
);
create policy by_those_who_set_the_kind on school_rule for insert to rowan_service with check (
    set_by = (select caller_account())
    and caller_holds(school_id, (
        select known.rulers from rule_kind as known
        where known.kind = school_rule.kind and known.subject = school_rule.subject))
);
create policy asking on school_rule for select to rowan_owner using (true);
create policy maintenance on school_rule to rowan_maintenance using (true);

grant select on rule_kind to rowan_service, rowan_maintenance;
grant select, insert, update on school_rule to rowan_maintenance;
grant select on rule_unlike_its_entry to rowan_maintenance;
grant select on school_rule, rule_now to rowan_service;
grant insert (school_id, kind, subject, version, id, from_on, content, set_by_name)
on school_rule to rowan_service;
grant execute on function rule_said_on(uuid, text, text, date), rules_on(date) to rowan_service;
