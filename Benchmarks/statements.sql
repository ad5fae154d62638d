-- What the service really sends, off the log of the server, and made into scripts for pgbench: so
-- they cannot drift from the source. Run once, before anything is captured.

set client_min_messages = warning;

create table bench.log (
    log_time timestamptz, user_name text, database_name text, process_id integer,
    connection_from text, session_id text, session_line_num bigint, command_tag text,
    session_start_time timestamptz, virtual_transaction_id text, transaction_id bigint,
    error_severity text, sql_state_code text, message text, detail text, hint text,
    internal_query text, internal_query_pos integer, context text, query text,
    query_pos integer, location text, application_name text, backend_type text,
    leader_pid integer, query_id bigint
);

-- One request of each sort: its statements with their values, and their plans.
create table bench.statement (what text, place bigint, sql text, given text[]);
create table bench.plan (what text, is_own boolean, plan jsonb);

-- Values that are the same in every request.
create table bench.constant (what text, number bigint, value text);
grant select on bench.constant to rowan_service;

-- `$1 = 'it''s', $2 = NULL` as an array.
create function bench.given(detail text) returns text[]
language sql immutable
return array(
    select case when found[2] = 'NULL' then null else replace(found[3], '''''', '''') end
    from regexp_matches(detail, '\$(\d+) = (NULL|''((?:[^'']|'''')*)'')', 'g') as found
    order by found[1]::integer);

-- Takes the last whole request that was logged since then.
create procedure bench.capture(of_what text, began timestamptz)
language sql as $$
    with logged as (
        select log_time, session_id, session_line_num as line, message, detail,
            substring(message from '^execute [^:]*: (.*)$') as sql
        from bench.log where user_name = 'rowan_service' and log_time >= began
    ), executed as (
        select *, lag(sql) over session as before,
            coalesce(lead(line) over session, 9223372036854775807) as next_line
        from logged where sql is not null
        window session as (partition by session_id order by line)
    ), numbered as (
        select *, count(*) filter (
            where sql ~ '^(begin|select \* from identify)'
                or sql ~ '^select enter' and before is distinct from 'begin read write'
        ) over (partition by session_id order by line) as request
        from executed
    ), last as (
        select session_id, request from numbered
        group by session_id, request
        having bool_or(sql ~ '^select enter')
            and (bool_or(sql = 'commit') or not bool_or(sql ~ '^begin'))
        order by max(log_time) desc
        offset 1 limit 1
    ), kept as (
        insert into bench.statement
        select of_what, line, sql, bench.given(detail)
        from numbered natural join last
    )
    insert into bench.plan
    select of_what, plan ->> 'Query Text' = numbered.sql, plan
    from numbered natural join last
    join logged on logged.session_id = numbered.session_id
        and logged.line > numbered.line and logged.line < numbered.next_line
    cross join lateral (
        select substring(logged.message from 'plan:\n(.*)$')::jsonb as plan
    ) as explained
    where logged.message ~ '^duration: .* plan:'
$$;

-- The scripts' variable for a value. What the service makes anew for each request pgbench counts;
-- what belongs to the turn is fetched with it; the rest stays as it was.
create function bench.variable(of_what text, value text, turn bench.turn) returns text
language sql stable
return case
    when value is null then ':none'
    when value = turn.token_hash then ':token_hash'
    when value = turn.seats then ':seats'
    when value = turn.schools then ':schools'
    when value = turn.school::text then ':school'
    when value = turn.account::text then ':account'
    when value = turn.person::text then ':person'
    when value = '{' || turn.person || '}' then '(''{'' || :person || ''}'')'
    when value = turn.incident::text then ':incident'
    when value ~ '^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f-]{17}$'
        then 'bench.fresh(:fresh::text)'
    when value ~ '^[2-9A-Z]{4}-[2-9A-Z]{4}$' then ':fresh'
    else ':c' || (select number from bench.constant as c
        where c.what = of_what and c.value = variable.value)
end;

-- A script: in one pipeline, or a round trip for each statement with begin and commit around all.
-- Every 25th time a client takes another turn, which costs it a look-up.
create function bench.script(of_what text, is_pipelined boolean) returns text
language plpgsql as $$
declare
    turn bench.turn;
    statement bench.statement;
    text text := '';
    constants text;
begin
    select t.* into strict turn from bench.turn as t join bench.statement as s
        on s.what = of_what and s.sql ~ '^select enter' and s.given[1] = t.token_hash
    order by exists (
        select from bench.statement as o
        where o.what = of_what and array[t.person, t.incident]::text[] && o.given
    ) desc limit 1;
    insert into bench.constant
    select of_what, row_number() over (), value
    from (select distinct unnest(given) as value from bench.statement where what = of_what) as known
    where value is not null
        and not exists (select from bench.constant as c where c.what = of_what);
    -- Else pgbench would ask for another school's records, and find nothing.
    if exists (
        select from bench.constant as c where c.what = of_what
            and bench.variable(of_what, c.value, turn) like ':c%'
            and c.value ~ concat_ws('|', turn.school, turn.account, turn.person, turn.incident))
    then
        raise 'part of the turn is not recognised among what % binds', of_what;
    end if;
    if exists (
        select from bench.constant as c where c.what = of_what and c.value ~ '"pointer"')
    then
        raise 'the service sets a part of % aside: mend what is asked', of_what;
    end if;
    select string_agg(format('max(value) filter (where number = %s) as c%s', number, number), ', ')
    into constants from bench.constant where what = of_what;
    for statement in select * from bench.statement as s where s.what = of_what order by place loop
        if statement.sql ~ '[^:]:[A-Za-z0-9_]' then
            raise 'pgbench would take part of this for a variable: %', statement.sql;
        end if;
        for number in reverse coalesce(cardinality(statement.given), 0) .. 1 loop
            statement.sql := regexp_replace(statement.sql, '\$' || number || '(?!\d)',
                bench.variable(of_what, statement.given[number], turn));
        end loop;
        text := text || statement.sql || e';\n';
    end loop;
    if is_pipelined then
        text := e'\\startpipeline\n' || text || e'\\endpipeline\n';
    elsif text !~ '^begin' then
        text := e'begin;\n' || text || e'commit;\n';
    end if;
    return format(e'\\if :rest = 0\n\\set n random(1, :turns)\n'
        || e'select token_hash, seats, account, school, schools, person, incident, k.*\n'
        || e'from bench.turn, (select %s from bench.constant where what = ''%s'') as k\n'
        || e'where number = :n \\gset\n\\set rest 25\n\\endif\n\\set rest :rest - 1\n'
        || e'\\set count :count + 1\n'
        || e'\\set fresh (:run * 1000 + :client_id) * 1000000 + :count\n', constants, of_what)
        || text;
end $$;

-- The indexes that plans go by, and the tables that they read from end to end.
create function bench.indexes(of_what text, only_own boolean) returns text
language sql stable
return (
    select string_agg(distinct found, ' ' order by found) from bench.plan,
        lateral (
            select jsonb_path_query(plan,
                'strict $.** ? (exists (@."Index Name"))."Index Name"') #>> '{}'
            union all
            select 'all of ' || (jsonb_path_query(plan,
                'strict $.** ? (@."Node Type" == "Seq Scan")."Relation Name"') #>> '{}')
        ) as name (found)
    where what = of_what and (is_own or not only_own));

-- Shared buffers touched, and what the plans go by: those of the request's own statements, or, where
-- these only call a function, those within it. Plans of other statements lie within those that call
-- them, except where a foreign key is looked at after a statement.
create view bench.cost as
select what,
    sum(coalesce((plan #>> '{Plan,Shared Hit Blocks}')::integer, 0)
        + coalesce((plan #>> '{Plan,Shared Read Blocks}')::integer, 0)
    ) filter (where is_own or plan ->> 'Query Text' like 'SELECT 1 FROM ONLY%') as buffers,
    coalesce(bench.indexes(what, true), bench.indexes(what, false)) as indexes
from bench.plan
group by what;
