"""The n-th call to the database fails, for every n, in every operation that writes.

Whatever there is afterwards is all or nothing; what the answer says of it is so; asked again it
comes to be once; and the service is well by itself.
"""

import time

import whole
from client import Client, report
from proxy import Proxy
from service import House, Service

TABLES = ["incident", "report", "receipt", "incident_subject", "notice", "notice_acknowledgement",
          "setting", "session", "idempotency", "incident_version", "incident_move", "involvement",
          "action_answer", "parents_decision", "evidence", "incident_entry", "incident_link",
          "closure", "reopening", "incident_access", "unanswered"]
COUNTS = "select concat_ws(' ', " + ", ".join(
    [f"(select count(*) from {table})" for table in TABLES]
    + ["(select count(*) from session where ended_at is not null)"]
    + [f"(select count(*) from event where chain {sign} 'reads')" for sign in ("=", "<>")]) + ")"
BACKENDS = """
    select count(*) || ' ' || count(*) filter (where state <> 'idle') from pg_stat_activity
    where usename = 'rowan_service'"""


class Operation:
    """`prepare` makes what a trial needs; `ask(client, number)` makes the request."""

    def __init__(self, name, ask, prepare=lambda number: None, has_key=True, is_silent=True):
        self.name, self.ask, self.prepare = name, ask, prepare
        # Asked again it does nothing more.
        self.has_key = has_key
        # A refusal leaves nothing: not so for a log-in, of which even failures are on record.
        self.is_silent = is_silent
        self.whole = None


class Trials:
    def __init__(self, house, proxy):
        self.house, self.proxy = house, proxy
        self.console = house.cluster.console()
        self.service = Service(house.cluster, {"ROWAN_LOOPS": "1"}, socket_folder=proxy.folder)
        self.count = self.number = 0
        self.slowest = 0.0

    def counts(self):
        """Once the database has finished whatever it was left with: a backend whose connection was
        cut may yet have to read what came before that."""
        end = time.monotonic() + 10
        while self.console.ask(BACKENDS) != f"{self.proxy.open} 0":
            assert time.monotonic() < end, "a transaction is left open"
            time.sleep(0.002)
        return [int(word) for word in self.console.ask(COUNTS).split()]

    def grown(self, before):
        return [after - was for after, was in zip(self.counts(), before)]

    def ask(self, operation, number):
        client = Client(self.service.port, timeout=15)
        try:
            return operation.ask(client, number)
        except OSError:
            return 0, {}, None
        finally:
            client.close()

    def learn(self, operation):
        """What it writes when nothing fails."""
        self.number += 1
        operation.prepare(self.number)
        before = self.counts()
        status = self.ask(operation, self.number)[0]
        assert 200 <= status < 300, f"{operation.name}: {status}"
        operation.whole = self.grown(before)
        assert any(operation.whole), f"{operation.name} writes nothing"

    def fail(self, operation, mode, n):
        """One trial; `False` when there was no n-th call."""
        self.number += 1
        operation.prepare(self.number)
        before = self.counts()
        self.proxy.arm(mode, n)
        status, _, body = self.ask(operation, self.number)
        fired = self.proxy.disarm()
        self.judge(operation, (mode, n), status, body, self.grown(before))
        self.recover(operation, (mode, n), before)
        self.count += 1
        return fired

    def judge(self, operation, trial, status, body, grown):
        told = f"{operation.name} {trial}: {status} {(body or {}).get('code')}, {grown}"
        assert grown in (operation.whole, [0] * len(grown)), f"half-written: {told}"
        assert status not in (0, 500), f"no clear answer: {told}"
        if 200 <= status < 300:
            assert grown == operation.whole, f"acknowledged and not kept: {told}"
        elif body["code"] != "outcome_unknown":
            assert not any(grown), f"refused and kept: {told}"

    def recover(self, operation, trial, before):
        """Well by itself; and asking again ends in what was wanted, once."""
        begin = time.monotonic()
        while True:
            status, _, body = self.ask(operation, self.number)
            # What had been done, and has no key, says so in its own way.
            if 200 <= status < 300 or status in (401, 412):
                break
            assert time.monotonic() < begin + 5, f"{operation.name}: not well again, {status}"
            time.sleep(0.005)
        self.slowest = max(self.slowest, time.monotonic() - begin)
        if operation.has_key:
            grown = self.grown(before)
            assert grown == operation.whole, f"{operation.name} {trial}: {status}, {grown}"


def operations(house, service):
    console = house.cluster.console()
    staff, lead, head = (house.tokens(role)[0] for role in ("staff", "dsl", "headteacher"))
    school = console.ask(
        "select school_id from seat join account on account.id = account_id "
        f"where email = '{head[12:]}' and role = 'headteacher'")

    def told(client, number):
        client.token = staff
        return client.post(
            "/v1/incidents", report(f"Call {number}"), {"Idempotency-Key": f"call-{number}"})

    def new_notice(number):
        """One that nobody has acknowledged yet."""
        made = Client(service.port, staff).post("/v1/incidents", report(f"Notice {number}"))
        notices[number] = console.ask(f"""
            select notice.id from notice join account on account.id = account_id
            where incident_id = '{made[2]['id']}' and email = '{lead[12:]}'""")

    def acknowledged(client, number):
        client.token = lead
        return client.post(f"/v1/notices/{notices[number]}/acknowledgement", None,
                           {"Idempotency-Key": f"seen-{number}"})

    def etag(number):
        etags[number] = '"' + console.ask(f"""
            select coalesce(max(version), 0) from setting
            where school_id = '{school}' and name = 'incident_recipients'""") + '"'

    def set_recipients(client, number):
        client.token = head
        # The usual ones, so that earlier reports have gone to whom they should.
        return client.ask(
            "PUT", f"/v1/schools/{school}/settings/incident-recipients",
            {"value": ["dsl", "deputy_dsl", "online_safety_coordinator"]},
            {"If-Match": etags[number]})

    def log_in(client, number):
        return client.post(
            "/v1/sessions", {"email": staff[12:], "password": "hedgerow-in-november"})

    def new_session(number):
        console.ask(f"""
            insert into session (token_hash, id, account_id, ends_at)
            select sha256('rwn_session_{number:08}'), gen_random_uuid(), id,
                rowan_now() + interval '1 hour'
            from account where email = '{staff[12:]}'""")

    def log_out(client, number):
        client.token = f"rwn_session_{number:08}"
        return client.ask("DELETE", "/v1/sessions/current")

    def read(client, number):
        client.token = lead
        return client.get("/v1/incidents?limit=5")

    def new_incident(number):
        made = Client(service.port, staff).post("/v1/incidents", report(f"Case {number}"))
        cases[number] = made[2]["id"]

    def act(part, body, method="POST"):
        """Something done with an incident of which nothing more than its report is known."""
        def asked(client, number):
            client.token = lead
            header = {"Idempotency-Key": f"{part}-{number}"} if method == "POST" else {
                "If-Match": '"0"' if method == "PUT" else '"1"'}
            return client.ask(method, f"/v1/incidents/{cases[number]}{part}", body, header)
        name = f"{method.lower()} {part}".strip()
        return Operation(name, asked, new_incident, has_key=method == "POST")

    leader = console.ask(
        "select person_id from seat join account on account.id = account_id "
        f"where email = '{lead[12:]}' and role = 'dsl'")
    child = {"group": "child", "name": "Somebody", "parts": ["target"]}
    finding = {
        "types": ["gambling"], "risk_categories": ["commerce"], "severity": "low",
        "is_child_at_risk": False, "legality": "no", "concerns": "child", "lead_id": leader,
        "people": [child]}
    parents = {"decision": "not_to_be", "reason": "A trial"}

    notices, etags, cases = {}, {}, {}
    return [
        act("/triage", finding),
        act("/logging", {"types": ["gambling"], "summary": "A trial", "parents": parents}),
        act("/people", child),
        act("/action-lines/policy_reviewed", {"answer": "done"}, "PUT"),
        act("", {"summary": "A trial"}, "PATCH"),
        act("/evidence", {"kind": "paper", "description": "A note", "holder": "The office",
                          "was_forwarded": False}),
        act("/closure", {"kind": "mistaken", "outcome": "A trial"}),
        Operation("report", told),
        Operation("acknowledge", acknowledged, new_notice),
        Operation("set", set_recipients, etag),
        Operation("log in", log_in, has_key=False),
        Operation("log out", log_out, new_session),
        Operation("read on record", read, has_key=False),
    ]


def prove(quick):
    modes = ["question", "answer", "53100", "40001", "57014"]
    with House() as house:
        # Another takes its place, which comes by way of the proxy.
        house.service.kill()
        proxy = Proxy(house.cluster)
        trials = Trials(house, proxy)
        old = whole.demo(house.cluster)
        try:
            trials.service.start().well()
            tested = operations(house, trials.service)
            for operation in tested:
                trials.learn(operation)
                for mode in modes:
                    n = 1
                    while trials.fail(operation, mode, n):
                        n += 1
                        assert n < 400, "it has no end"
            trials.service.well()
            half = whole.faults(house.cluster, old)
        finally:
            trials.service.kill()
            proxy.close()
    assert half == 0, f"half-written {half}"
    return (f"{trials.count} calls failed, each in turn, in {len(tested)} operations that write, "
            f"in {len(modes)} ways: half-written 0, wrong answers 0, well again within "
            f"{1000 * trials.slowest:.0f} ms")
