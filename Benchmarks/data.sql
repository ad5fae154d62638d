-- The register that is measured: so many schools with so many incidents each, and in each school
-- somebody who has logged in. Given: `schools`, `incidents`. Run by whoever owns the cluster.
--
-- Two years of a school: its roster, its posts, incidents with all that belongs to them, and the
-- entries of the audit. Ids are of version 7, as the service makes them.

set client_min_messages = warning;

-- Rows are consistent as they are made: no trigger and no foreign key needs to look at each.
set session_replication_role = replica;

create schema bench;

create function bench.id(kind text, number bigint) returns uuid
language sql immutable
return (
    lpad(to_hex(1740000000000 + number * 7), 12, '0') || '7' || substr(md5(kind || number), 1, 3)
    || 'a' || substr(md5(kind || number), 4, 15))::uuid;

insert into school (id, name, urn)
select bench.id('school', s), 'School ' || s, (100000 + s)::text
from generate_series(1, :schools) as s;

-- Five adults with accounts, the first of whom asks: the DSL, who also teaches.
create table bench.post as
select s as school, p as post, bench.id('school', s) as school_id,
    bench.id('account', s * 10 + p) as account_id, bench.id('person', s * 1000 + p) as person_id,
    (array['dsl', 'deputy_dsl', 'online_safety_coordinator', 'headteacher', 'staff'])[p] as role
from generate_series(1, :schools) as s, generate_series(1, 5) as p;

insert into account (id, name, email)
select account_id, 'Grace Okafor', role || school || '@school.example' from bench.post;

insert into person (school_id, id, kind, given_name, family_name, year_group, account_id)
select bench.id('school', s), bench.id('person', s * 1000 + p),
    case when p <= 5 then 'teacher' else 'pupil' end,
    (array['Robin', 'Amina', 'Ben', 'Iris', 'Jomo', 'Kay', 'Lena', 'Tom'])[1 + p % 8],
    (array['Ash', 'Birch', 'Carver', 'Dell', 'Elm', 'Ford', 'Grove', 'Heath', 'Ives', 'Jay'])
        [1 + p % 10] || chr(97 + p % 13) || chr(97 + p % 17),
    case when p > 5 then (1 + p % 6)::text end,
    case when p <= 5 then bench.id('account', s * 10 + p) end
from generate_series(1, :schools) as s, generate_series(1, 200) as p;

insert into seat (school_id, id, account_id, person_id, role, telephone, from_on)
select school_id, bench.id('seat' || role, school), account_id, person_id, role, '01632 960101',
    date '2025-09-01'
from bench.post
union all
select school_id, bench.id('teaches', school), account_id, person_id, 'staff', null,
    date '2025-09-01'
from bench.post where post = 1;

-- One in fifty is about the headteacher, and not open to the DSL.
create table bench.incident as
select s as school, i as place, s * 10000 + i as number, bench.id('school', s) as school_id,
    bench.id('incident', s * 10000 + i) as id, bench.id('report', s * 10000 + i) as report_id,
    upper(substr(md5('reference' || i), 1, 4) || '-' || substr(md5('reference' || i), 5, 4))
        as reference,
    case
        when i % 50 = 0 then 'headteacher' when i % 20 = 1 then 'staff' else 'child'
    end as concerns,
    i % 10 = 3 as is_child_at_risk,
    rowan_now() - (i * (730.0 / :incidents) + s % 24 / 24.0) * interval '1 day' as reported_at
from generate_series(1, :schools) as s, generate_series(1, :incidents) as i;

insert into incident (school_id, id, reference, concerns, is_child_at_risk, urgency, types,
    occurred_on, occurred_time, known_at, reported_at, treated_as, readers)
select school_id, id, reference, concerns, is_child_at_risk,
    case when is_child_at_risk then 'urgent' else 'normal' end,
    array['age_inappropriate', 'cyberbullying'], reported_at::date - 1, '10:35',
    reported_at - interval '3 hours', reported_at, concerns,
    case concerns
        when 'headteacher' then array['chair_of_governors']
        when 'staff' then array['deputy_dsl', 'dsl', 'headteacher']
        else array['deputy_dsl', 'dsl', 'headteacher', 'online_safety_coordinator']
    end
from bench.incident order by incident.reported_at;

insert into report (school_id, incident_id, id, reported_by, reporter_name, completed_on, channel,
    locations, occurred_on, occurred_time, known_at, reported_at, concerns, is_child_at_risk,
    types, intent, description, social_media, people, salt)
select school_id, id, report_id, bench.id('account', school * 10 + 5), 'Ben Carver',
    reported_at::date, 'form', array['inside_school'], reported_at::date - 1, '10:35',
    reported_at - interval '3 hours', reported_at, concerns, is_child_at_risk,
    array['age_inappropriate', 'cyberbullying'], 'unknown',
    'A pupil told me at the end of the lesson that messages had been sent round in a game''s chat '
        || 'since Saturday. ' || repeat('Three of the class have seen them and one was upset. ', 5),
    array['Roblox'],
    '[{"group": "child", "name": "Robin Ash", "detail": "Year 5", "part": "target"}]',
    decode(md5('salt' || number), 'hex')
from bench.incident order by incident.reported_at;

insert into receipt (school_id, incident_id, report_id, account_id, reference, status, reported_at,
    seen_at, seen_by_role)
select school_id, id, report_id, bench.id('account', school * 10 + 5), reference, 'seen',
    reported_at, reported_at + interval '1 hour', 'dsl'
from bench.incident order by incident.reported_at;

insert into incident_subject (school_id, incident_id, account_id, basis)
select school_id, id, bench.id('account', school * 10 + 4),
    case concerns when 'headteacher' then 'concerns' else 'alleged' end
from bench.incident where concerns = 'headteacher' or place % 10 = 7;

insert into notice (school_id, id, account_id, role, kind, urgency, reference, incident_id,
    created_at)
select school_id, bench.id('notice' || post, number), bench.id('account', school * 10 + post),
    (array['dsl', 'deputy_dsl', 'online_safety_coordinator'])[post], 'incident_reported', 'normal',
    reference, id, reported_at
from bench.incident, generate_series(1, 3) as post order by incident.reported_at;

-- Entries as there would be; their hashes are not genuine, and nobody verifies them here.
insert into event (organisation_id, chain, number, at, account_id, roles, deed, record_kind,
    record_ids, version, request_id, digest, hash)
select school_id, chain, place, reported_at, bench.id('account', school * 10 + 1),
    array['dsl', 'staff'], case chain when 'reads' then 'opened' else 'reported' end, 'incident',
    array[id], 1, 'req_0123456789abcdef', decode(md5(id::text) || md5(chain), 'hex'),
    decode(md5(chain) || md5(id::text), 'hex')
from bench.incident, unnest(array['changes', 'reads']) as chain order by incident.reported_at;

insert into event_head (organisation_id, chain, number, hash)
select bench.id('school', s), chain, :incidents, decode(md5('head') || md5(s || chain), 'hex')
from generate_series(1, :schools) as s, unnest(array['changes', 'reads']) as chain;

-- Two agreements that open a device, which nearly all have signed.
create table bench.agreement as
select s as school, t as place, bench.id('school', s) as school_id,
    bench.id('template', s * 10 + t) as template_id, bench.id('version', s * 10 + t) as version_id,
    bench.id('account', s * 10 + 4) as by_id, (array['teacher', 'pupil'])[t] as kind
from generate_series(1, :schools) as s, generate_series(1, 2) as t;

insert into agreement_template (school_id, id, name, made_by, made_by_name)
select school_id, template_id, 'Acceptable use of ' || kind || 's', by_id, 'Maya Lewis'
from bench.agreement;

insert into agreement_version (
    school_id, id, template_id, number, version, content, written_by, written_by_name)
select school_id, version_id, template_id, 1, 1, jsonb_build_object(
        'title', 'Acceptable use', 'form', 'signature', 'opens', array['device', 'network'],
        'signers', case kind when 'pupil' then 'pupil_and_parent' else 'oneself' end,
        'attestations', array[]::text[], 'headings', (
            select jsonb_agg(jsonb_build_object('code', 'part' || h, 'words', 'Part ' || h,
                'clauses', (
                    select jsonb_agg(jsonb_build_object(
                        'code', 'part' || h || '.' || c, 'words', repeat('I keep to it. ', 8)))
                    from generate_series(1, 6) as c)))
            from generate_series(1, 4) as h)),
    by_id, 'Maya Lewis'
from bench.agreement;

insert into agreement_decision (school_id, id, act, effective_on, decided_by, decided_by_name)
select school_id, version_id, act, case act when 'published' then london_today() - 60 end, by_id,
    'Maya Lewis'
from bench.agreement, unnest(array['approved', 'published']) as act;

insert into agreement_audience (
    school_id, id, version, from_on, entries, set_by, set_by_name)
select school_id, template_id, 1, london_today() - 60,
    jsonb_build_array(jsonb_build_object('kind', kind)), by_id, 'Maya Lewis'
from bench.agreement;

insert into agreement_copy (school_id, hash, words)
select bench.id('school', s), sha256('Rules'), 'Rules' from generate_series(1, :schools) as s;

insert into agreement (
    school_id, id, person_id, template_id, version_id, place, copy_hash, issued_on, due_on,
    issued_by, issued_by_name)
select put.school_id, bench.id('agreement', put.school * 1000 + p),
    bench.id('person', put.school * 1000 + p), put.template_id, put.version_id, 1, sha256('Rules'),
    london_today() - 40, london_today() - 10, put.by_id, 'Maya Lewis'
from bench.agreement as put join generate_series(1, 200) as p
    on put.kind = case when p <= 5 then 'teacher' else 'pupil' end
where p % 20 <> 7;

insert into agreement_signature (
    school_id, id, agreement_id, part, signer_id, full_name, signed_on, how, kept_at, entered_by,
    entered_by_name)
select agreement.school_id, gen_random_uuid(), agreement.id, part, agreement.person_id, 'Robin Ash',
    london_today() - 20, 'paper', 'Office', agreement.issued_by, 'Maya Lewis'
from agreement join bench.agreement as put using (school_id, template_id)
cross join lateral unnest(
    case put.kind when 'pupil' then array['pupil', 'parent'] else array['oneself'] end) as part;

-- What each school permits of which devices, cell by cell.
insert into school_rule (school_id, id, kind, version, from_on, content, set_by, set_by_name)
select school_id, bench.id('matrix', school), 'device_matrix', 1, london_today() - 60, (
        select jsonb_build_object('cells', jsonb_agg(jsonb_build_object(
            'ownership', ownership, 'permission', permission, 'answer', 'yes')))
        from unnest(array['staff_owned', 'student_owned']) as ownership,
            unnest(array['in_school', 'internet_only']) as permission),
    account_id, 'Maya Lewis'
from bench.post where role = 'headteacher';

-- Who asks: one live session for each school.
create table bench.asker as
select school, school_id, account_id, person_id, 'rwn_session_' || md5('token' || school) as token,
    ''::text as seats
from bench.post where post = 1;

insert into session (token_hash, id, account_id, ends_at)
select sha256(convert_to(token, 'UTF8')), bench.id('session', school), account_id,
    rowan_now() + interval '10 hours'
from bench.asker;

update bench.asker
set seats = (select known.seats from identify(sha256(convert_to(token, 'UTF8'))) as known);

-- What is asked for, turn by turn: eight records of each school, all over the tables.
create table bench.turn as
select
    row_number() over (order by md5(asker.school::text || k))::integer as number,
    asker.token, asker.account_id as account, asker.school_id as school, asker.seats,
    '\x' || encode(sha256(convert_to(asker.token, 'UTF8')), 'hex') as token_hash,
    '{' || asker.school_id || '}' as schools,
    bench.id('person', asker.school * 1000 + 1 + (asker.school + k * 23) % 200) as person,
    bench.id('incident', asker.school * 10000 + 2 + 50 * (k % (:incidents / 50))) as incident
from bench.asker, generate_series(0, 7) as k;
alter table bench.turn add primary key (number);
grant usage on schema bench to rowan_service;
grant select on bench.turn to rowan_service;

-- A new id for each report: pgbench can count, but not make a UUID.
create function bench.fresh(number text) returns uuid
language sql immutable
return lpad(number, 32, '0')::uuid;
grant execute on function bench.fresh to rowan_service;

set session_replication_role = default;
drop table bench.incident, bench.post, bench.agreement;
