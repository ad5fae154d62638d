"""A search and a page of the log stay quick, however much the register and the school hold."""

import time

from client import Client
from service import House

# Of each thousand words of a description most are a few hundred common ones, as in English.
FILL = """
set session_replication_role = replica;

create temp table told as
select school.id as school_id, gen_random_uuid() as id, upper(substr(md5(random()::text), 1, 9))
        as reference, rowan_now() - random() * interval '700 days' as reported_at,
    'Robin Ash ' || case when random() < 0.001 then 'zebra ' else '' end || (
        select string_agg(translate(floor(3000 * power(random(), 3))::int::text, '0123456789',
            'aeioubdgln') || 'w', ' ')
        from generate_series(1, 70) where school.id is not null and number > 0) as description
from (
    select id, {large} as size from school where id = '{largest}'
    union all
    select id, 400 from school where id <> '{largest}'
    union all
    select gen_random_uuid(), 400 from generate_series(1, {schools})
) as school
cross join lateral generate_series(1, school.size) as number;

insert into school (id, name) select distinct school_id, 'School' from told
on conflict do nothing;

insert into incident (school_id, id, reference, concerns, urgency, reported_at, treated_as, readers)
select school_id, id, reference, 'child', 'normal', reported_at, 'child',
    array['deputy_dsl', 'dsl', 'headteacher', 'online_safety_coordinator']
from told;

insert into report (school_id, incident_id, id, reported_by, reporter_name, completed_on, channel,
    reported_at, concerns, intent, description, people, salt)
select school_id, id, id, (select min(id::text)::uuid from account), 'Ben Carver',
    reported_at::date, 'form', reported_at, 'child', 'unknown', description,
    '[{{"group": "child", "name": "Robin Ash", "part": "target"}}]', '\\x00'
from told;

insert into incident_words
select school_id, id, to_tsvector('incident_search', description || ' ben carver')
    || array_to_tsvector(array[school_id::text])
from told;
"""


def middle(client, path, times=15):
    """The median of so many times that it is asked, in milliseconds, and how many came."""
    spent = []
    for _ in range(times + 3):
        begin = time.monotonic()
        status, _, body = client.get(path)
        spent.append(1000 * (time.monotonic() - begin))
        assert status == 200, f"{path}: {status}"
    return sorted(spent[3:])[times // 2], len(body["data"])


def prove(quick):
    schools, large = (40, 20_000) if quick else (500, 20_000)
    with House() as house:
        ask = house.cluster.ask
        seats = [line.split("|") for line in ask("""
            select seat.school_id, email from seat join account on account.id = account_id
            where role = 'dsl' order by 1, 2""").split("\n")]
        (largest, first), (_, second) = seats[0], next(s for s in seats if s[0] != seats[0][0])
        ask(FILL.format(schools=schools, large=large, largest=largest))
        ask("vacuum (analyze)")
        told, slow = [], []
        for name, email, bounds in (
                (f"a school of {large:,}", first, (60, 500, 250)),
                ("one of 400", second, (60, 60, 250))):
            client = Client(house.service.port, "rwn_session_" + email)
            asked = ("incidents?limit=50&q=zebra", "incidents?limit=50&q=robin",
                     "incident-log?limit=50")
            found = [middle(client, "/v1/" + path) for path in asked]
            assert all(count > 0 for _, count in found[1:]), found
            told.append(f"{name}: {found[0][0]:.1f} ms for a rare word, {found[1][0]:.1f} ms for "
                        f"one that all hold, {found[2][0]:.1f} ms for a page of the log")
            slow += [path for (spent, _), bound, path in zip(found, bounds, asked)
                     if spent > bound]
        whole = ask("select count(*) from incident")
    told = f"of {int(whole):,} incidents, in " + "; in ".join(told)
    assert not slow, f"{told}: too slow {slow}"
    return told
