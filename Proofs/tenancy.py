"""Two schools at random through few connections, with errors, time-outs and cancels in between.

Whatever is told of a person, an incident or an account must be of the one who asked. The control
plants the fault that the service must never have, and must find it.
"""

import random
import signal
import threading
import time

from client import Crowd, request
from service import House

SCHOOLS = ("Rosehip", "Hawthorn")

# Everything that a school has to hide says whose it is.
MARK = """
    update person set family_name = 'Of' || split_part(school.name, ' ', 1)
    from school where school.id = person.school_id;
    update account set name = email"""

# The context stays on its connection, and is not set again: as if it were remembered there.
PLANT = """
    alter function enter(bytea, text, text) rename to enter_truly;
    create function enter(presented bytea, known_seats text, request text) returns void
    language plpgsql security definer set search_path = public, pg_temp as $$
    declare
        name text;
    begin
        if coalesce(current_setting('rowan.account', true), '') <> '' then
            perform set_config('rowan.request', request, true);
            return;
        end if;
        perform enter_truly(presented, known_seats, request);
        foreach name in array array['rowan.account', 'rowan.session', 'rowan.seats'] loop
            perform set_config(name, current_setting(name), false);
        end loop;
    end $$;
    grant execute on function enter(bytea, text, text) to rowan_service, rowan_reader"""


class Asker:
    """Somebody at a school: what they may be told, and what not."""

    def __init__(self, email):
        self.email, self.token = email, "rwn_session_" + email
        domain = email.split("@")[1].split(".")[0]
        self.school = next(s for s in SCHOOLS if s.lower() == domain)
        self.own = f"Of{self.school}".encode()
        self.foreign = [f"Of{s}".encode() for s in SCHOOLS if s != self.school]


class Mixed(Crowd):
    """Each asks as somebody else each time; the answers are looked through."""

    def __init__(self, port, askers, incidents, size):
        super().__init__(port, size, self.make, patience=15)
        self.askers, self.incidents = askers, incidents
        self.asked, self.crossings, self.shown, self.hung_up = {}, 0, 0, 0
        self.count = 0
        self.random = random.Random(41)

    def make(self, number):
        asker = self.random.choice(self.askers)
        self.asked[number] = asker
        self.count += 1
        name = {"X-Request-Id": f"tenancy-{self.askers.index(asker)}-{self.count}"}
        method, path, body = self.choose(asker, self.random.randrange(12))
        return request(method, path, asker.token, body, name)

    def choose(self, asker, kind):
        if kind == 0:
            return "POST", "/v1/incidents", {
                "concerns": "child", "description": f"Of{asker.school}"}
        if kind == 1:
            return "POST", "/v1/incidents", {"concerns": "nobody"}
        if kind in (2, 3):
            school = asker.school
            if kind == 2:
                school = self.random.choice([s for s in SCHOOLS if s != school])
            return "GET", f"/v1/incidents/{self.random.choice(self.incidents[school])}", None
        paths = ["/v1/me", "/v1/people?limit=20", "/v1/incidents?limit=10", "/v1/posts",
                 "/v1/people?limit=1&cursor=none", "/v1/notices?limit=5"]
        return "GET", paths[kind % len(paths)], None

    def answered(self, member, found):
        asker, body = self.asked[member.number], found[2]
        if any(mark in body for mark in asker.foreign):
            self.crossings += 1
        if found[0] == 200 and b'"email"' in body and asker.email.encode() not in body:
            self.crossings += 1
        self.shown += asker.own in body
        return super().answered(member, found)

    def hang_up(self, share):
        """Some of those who wait go away without having been answered."""
        waiting = [m for m in self.members if m.begun is not None and m.socket]
        for member in self.random.sample(waiting, int(len(waiting) * share)):
            self.hung_up += 1
            self.lost -= 1
            self.lose(member)
            self.failed.append(member)
            self.lost -= 1


class Trouble:
    """Cancels, ends and holds up what the service asks of the database, until it is told to end."""

    def __init__(self, house):
        self.house, self.over = house, threading.Event()
        self.cancels = self.ends = self.waits = 0
        self.thread = threading.Thread(target=self.run)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()

    def run(self):
        console, holder = self.house.cluster.console(), self.house.cluster.console()
        at_work = """from (select pid from pg_stat_activity
            where usename = 'rowan_service' and state <> 'idle' order by random() limit 1) as one"""
        for count in range(10**9):
            if self.over.wait(0.02):
                break
            self.cancels += console.ask(f"select pg_cancel_backend(pid) {at_work}") == "t"
            if count % 50 == 49:
                self.ends += console.ask(f"select pg_terminate_backend(pid) {at_work}") == "t"
            if count == 100:
                # Longer than any request may take.
                holder.ask("begin; select from event_head for update")
                self.over.wait(11)
                holder.ask("rollback")
                self.waits += 1


def run(house, total, with_trouble):
    tokens = house.tokens("dsl", "deputy_dsl", "headteacher", "staff")
    askers = [Asker(t[12:]) for t in tokens if any(s.lower() in t for s in SCHOOLS)]
    incidents = {}
    for school in SCHOOLS:
        incidents[school] = house.cluster.ask(f"""
            select incident.id from incident join school on school.id = school_id
            where school.name like '{school}%' order by incident.id limit 50""").split("\n")
    crowd = Mixed(house.service.port, askers, incidents, 24)
    with Trouble(house) if with_trouble else nothing() as trouble:
        begin = last = time.monotonic()
        for _ in crowd.steps(1200):
            now = time.monotonic()
            if with_trouble and now > last + 0.25:
                last = now
                crowd.hang_up(0.2)
            if sum(crowd.statuses.values()) + crowd.hung_up >= total:
                break
        crowd.finish()
    crowd.crossings += recorded(house, askers)
    return crowd, trouble, time.monotonic() - begin


def recorded(house, askers):
    """Entries of the audit that name another than the one who asked: the database's own word for
    whose the context was, whatever the walls before it let through."""
    wrong = 0
    for index, asker in enumerate(askers):
        wrong += int(house.cluster.ask(f"""
            select count(*) from event left join account on account.id = account_id
            where request_id like 'tenancy-{index}-%' and email is distinct from '{asker.email}'"""))
    return wrong


class nothing:
    def __enter__(self):
        return None

    def __exit__(self, *_):
        pass


def prepare(house):
    house.cluster.ask(MARK)
    for school in SCHOOLS:
        house.cluster.ask(f"""
            update report set description = 'Of{school}' from school
            where school.id = report.school_id and school.name like '{school}%'""")


def prove(quick):
    signal.alarm(1500)
    few = {"ROWAN_CONNECTIONS": "2", "ROWAN_LOOPS": "2"}
    with House(variables=few) as house:
        prepare(house)
        crowd, trouble, seconds = run(house, 10_000 if quick else 100_000, True)
        house.service.well()
    with House(variables=few) as house:
        prepare(house)
        house.cluster.ask(PLANT)
        # What is prepared knows the function that was.
        house.service.kill()
        house.service.start().well()
        planted, _, _ = run(house, 2_000, False)
    statuses = dict(sorted(crowd.statuses.items()))
    told = (f"{sum(statuses.values()):,} requests of two schools in {seconds:.0f} s through 12 "
            f"connections, {crowd.hung_up} left unanswered, {trouble.cancels} statements cancelled, "
            f"{trouble.ends} connections ended, {trouble.waits} time held up beyond the deadline: "
            f"crossings {crowd.crossings}, where {crowd.shown:,} showed what was theirs; answers "
            f"{statuses}. With the context left on its connection: {planted.crossings}")
    assert crowd.crossings == 0 and crowd.shown > 1000, told
    assert trouble.cancels > 10 and trouble.ends > 0 and crowd.hung_up > 100, told
    assert statuses.get(500, 0) == 0, told
    assert planted.crossings > 0, told
    return told
