-- Makes heavy incidents of those that are asked for: twelve people, six of them children of the
-- school, all lines answered, three procedures with half of their steps taken, ten pieces of
-- evidence and sixty entries of the work on it. Run after data.sql, by whoever owns the cluster.

set client_min_messages = warning;
set session_replication_role = replica;

create table bench.heavy as
select distinct turn.school as school_id, turn.incident as id, turn.account
from bench.turn;

update incident set status = 'triaged', types = array['sexting_iioc', 'cyberbullying'], version = 2
from bench.heavy where incident.school_id = heavy.school_id and incident.id = heavy.id;

insert into involvement (
    school_id, incident_id, id, version, person_id, name, "group", parts, account_id, role)
select heavy.school_id, heavy.id, md5('involved' || heavy.id || n)::uuid, 1, child.id,
    'Robin Ash ' || n, case when n <= 6 then 'child' else 'staff' end,
    array[(array['target', 'alleged', 'witness'])[1 + n % 3]], heavy.account, 'dsl'
from bench.heavy
cross join generate_series(1, 12) as n
left join lateral (
    select person.id from person
    where person.school_id = heavy.school_id and person.kind = 'pupil' and n <= 6
    order by person.id offset n limit 1
) as child on true;

insert into action_answer (
    school_id, incident_id, line, version, answer, words, account_id, role)
select heavy.school_id, heavy.id, line, version,
    case version when 1 then 'pending' else 'done' end, repeat('What was done. ', 8),
    heavy.account, 'dsl'
from bench.heavy, unnest(array['reported_to_lead', 'advice_sought', 'referred_to_local_authority',
    'reported_to_police_or_ceop', 'policy_reviewed', 'parents_informed', 'reported_to_network',
    'other_actions', 'wider_community']) as line, generate_series(1, 2) as version;

insert into parents_decision (
    school_id, incident_id, id, child_id, decision, reason, account_id, role)
select heavy.school_id, heavy.id, md5('decision' || heavy.id || n)::uuid,
    md5('involved' || heavy.id || n)::uuid, 'not_yet', 'The police are asked first', heavy.account,
    'dsl'
from bench.heavy, generate_series(1, 6) as n;

insert into evidence (
    school_id, incident_id, id, version, kind, description, holder, was_forwarded, account_id, role)
select heavy.school_id, heavy.id, md5('evidence' || heavy.id || n)::uuid, 1, 'screenshot',
    repeat('A message of that evening. ', 4), 'The DSL', false, heavy.account, 'dsl'
from bench.heavy, generate_series(1, 10) as n;

-- The three procedures of which there are most steps.
create table bench.procedure as
select heavy.*, md5('procedure' || heavy.id || usual.code)::uuid as procedure_id, usual.code,
    usual.title, usual.source, usual.jurisdiction, usual.version, usual.content
from bench.heavy
cross join (
    select * from usual_procedure
    order by jsonb_array_length(content -> 'steps') desc, code
    limit 3
) as usual;

insert into incident_part (
    school_id, incident_id, id, version, kind, content, people, account_id, role)
select school_id, id, procedure_id, 1, 'procedure', jsonb_build_object(
        'code', code, 'title', title, 'source', source, 'jurisdiction', jurisdiction,
        'version', version, 'is_own', false, 'steps', content -> 'steps',
        'references', content -> 'references'),
    '{}'::uuid[], account, 'dsl'
from bench.procedure
union all
select school_id, id, md5(procedure_id::text || ' ' || (step ->> 'code'))::uuid, 1,
    'procedure_step', jsonb_build_object(
        'procedure_id', procedure_id, 'step', step ->> 'code', 'answer', 'done',
        'words', repeat('It was done. ', 6), 'done_by', 'Grace Okafor'),
    '{}'::uuid[], account, 'dsl'
from bench.procedure, jsonb_array_elements(content -> 'steps') with ordinality as steps (step, place)
where place % 2 = 0;

insert into incident_part (
    school_id, incident_id, id, version, kind, content, people, happened_at, account_id, role)
select heavy.school_id, heavy.id, md5('part' || heavy.id || n)::uuid, 1,
    (array['support', 'case_meeting', 'risk_assessment', 'sanction', 'device_action', 'lesson'])
        [1 + n % 6],
    jsonb_build_object(
        'for_id', md5('involved' || heavy.id || n % 6)::uuid,
        'of_id', md5('involved' || heavy.id || n % 6)::uuid, 'what', 'warning',
        'words', repeat('What was said and done that day. ', 10)),
    '{}', rowan_now(), heavy.account, 'dsl'
from bench.heavy, generate_series(1, 60) as n;

drop table bench.heavy, bench.procedure;
set session_replication_role = default;
