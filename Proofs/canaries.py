"""Tokens, passwords, names and stories are planted, and looked for wherever they must not be."""

import os
import resource
import signal
import subprocess
import time

from client import Client
from cluster import tied
from service import House, PROGRAM, ROOT, environment, free_port

WORD = "Qanary"


class Planted:
    """What is told, and the secrets that come back."""

    def __init__(self, house):
        self.house, self.port = house, house.service.port
        self.words = [f"{WORD}{kind}" for kind in (
            "Story", "Child", "Reporter", "Query", "Path", "Body", "Agent", "Password", "Email",
            "Cookie", "Key", "Reason", "Evidence", "Person", "Setting", "Client", "Broken")]
        self.refusals, self.secrets = [], []

    def plant(self):
        cluster = self.house.cluster
        cluster.ask(f"update account set name = '{WORD}Reporter'")
        cluster.ask(f"update person set given_name = '{WORD}Person'")
        cluster.ask("alter table report add constraint breaks "
                    f"check (evidence <> '{WORD}Evidence')")
        head, lead, staff = (self.house.tokens(r)[0] for r in ("headteacher", "dsl", "staff"))
        cluster.ask("update session set stepped_up_until = ends_at")
        self.secrets += [head, lead, staff]
        self.log_in(lead[12:])
        for _ in range(20):
            self.write(staff, lead)
        self.keep(head)
        self.refuse(staff, lead)

    def log_in(self, email):
        told = Client(self.port).post(
            "/v1/sessions", {"email": email, "password": "hedgerow-in-november"})
        assert told[0] == 201, told
        self.secrets += [told[2]["token"], told[2].get("device_token"), "hedgerow-in-november"]

    def write(self, staff, lead):
        told = Client(self.port, staff).post("/v1/incidents", {
            "concerns": "child", "description": f"{WORD}Story", "is_child_at_risk": True,
            "people": [{"group": "child", "name": f"{WORD}Child"}]},
            {"User-Agent": f"{WORD}Agent", "Cookie": f"a={WORD}Cookie",
             "Idempotency-Key": f"{WORD}Key{len(self.secrets)}{time.monotonic_ns()}"})
        assert told[0] == 201, told
        reader = Client(self.port, lead)
        reader.get(f"/v1/incidents/{told[2]['id']}")
        reader.get(f"/v1/incidents?q={WORD}Query")
        reader.get(f"/v1/people?q={WORD}Child")

    def keep(self, head):
        """Keys and clients: each secret is shown once."""
        console = self.house.cluster
        school, day = console.ask(f"""
            select school_id, london_today() + 30 from seat join account on account.id = account_id
            where email = '{head[12:]}' and role = 'headteacher' limit 1""").split("|")
        keeper = Client(self.port, head)
        made = keeper.post(f"/v1/schools/{school}/intake-keys", {"label": "Door"})
        assert made[0] == 201, made
        self.secrets.append(made[2]["key"])
        made = keeper.post("/v1/clients", {
            "school_id": school, "name": f"{WORD}Client", "purpose": "To try", "ends_on": day,
            "scopes": ["people.read"]})
        assert made[0] == 201, made
        self.secrets.append(made[2]["client_secret"])
        token = Client(self.port).ask("POST", "/v1/oauth/token", {
            "grant_type": "client_credentials", "client_id": made[2]["id"],
            "client_secret": made[2]["client_secret"]})
        self.secrets.append((token[2] or {}).get("access_token"))

    def refuse(self, staff, lead):
        reader, nobody = Client(self.port, lead), Client(self.port)
        asked = [
            lambda: reader.get(f"/v1/incidents?mood={WORD}Query"),
            lambda: reader.get(f"/v1/people/{WORD}Path"),
            lambda: reader.get(f"/{WORD}Path?token={lead}"),
            lambda: reader.post("/v1/incidents", {f"{WORD}Body": f"{WORD}Body"}),
            lambda: nobody.post("/v1/sessions", {"email": f"{WORD}Email@x.example",
                                                 "password": f"{WORD}Password"}),
            lambda: Client(self.port, f"rwn_session_{WORD}").get("/v1/me"),
            lambda: Client(self.port, staff).post("/v1/incidents", {
                "concerns": "child", "description": f"{WORD}Story",
                "evidence": f"{WORD}Evidence"}),
            lambda: reader.post("/v1/break-glass", {"reference": "x", "words": f"{WORD}Reason"}),
        ]
        for ask in asked:
            status, _, body = ask()
            assert status >= 400, status
            self.refusals.append(str(body))

    @property
    def all(self):
        ring = open(self.house.cluster.folder + "/keys").read().split()[1]
        return [one.encode() for one in self.words + self.secrets + [ring] if one]

    def found(self, data):
        return [one for one in self.all if one in data]


def worker(house):
    return subprocess.Popen(
        tied([PROGRAM, "worker"]), cwd=ROOT, stdin=subprocess.DEVNULL,
        stdout=open(house.cluster.folder + "/worker.log", "ab"), stderr=subprocess.STDOUT,
        env=environment() | {
            "ROWAN_WORKER_DATABASE_URL": house.cluster.url("rowan_worker"),
            "ROWAN_WORKER_PORT": str(free_port())})


def raw(port, path):
    import urllib.request
    return urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10).read()


def core(process, folder, private):
    """What the process leaves when it crashes though somebody has allowed cores; with `private`
    false, what it would leave if it did not keep its memory out of them."""
    resource.prlimit(process.pid, resource.RLIMIT_CORE, (resource.RLIM_INFINITY,) * 2)
    if not private:
        with open(f"/proc/{process.pid}/coredump_filter", "w") as filter:
            filter.write("0x33")
    process.send_signal(signal.SIGABRT)
    process.wait()
    for name in os.listdir(folder):
        if name.startswith("core"):
            path = os.path.join(folder, name)
            data = open(path, "rb").read()
            os.unlink(path)
            return data
    return None


def prove(quick):
    with House(settings=["log_statement=none"]) as house:
        planted, carrier = Planted(house), worker(house)
        try:
            planted.plant()
            time.sleep(2)
            places = {f"refusal {n}": text.encode() for n, text in enumerate(planted.refusals)}
            for name in ("service.log", "worker.log", "log"):
                places[name] = open(f"{house.cluster.folder}/{name}", "rb").read()
            places["metrics"] = raw(house.service.admin, "/metrics")
            pids = [house.service.process.pid, carrier.pid] + house.cluster.processes()
            for pid in pids:
                for name in ("cmdline", "environ"):
                    places[f"{name} of {pid}"] = open(f"/proc/{pid}/{name}", "rb").read()
        finally:
            carrier.kill()
            carrier.wait()
        # A refusal says which address it is of (RFC 9457, `instance`), to whoever asked for that.
        found = {
            place: [word for word in planted.found(data)
                    if not (place.startswith("refusal") and word.endswith(b"Path"))]
            for place, data in places.items()}
        found = {place: what for place, what in found.items() if what}
        limits = open(f"/proc/{house.service.process.pid}/limits").read()
        limit = next(line for line in limits.split("\n") if line.startswith("Max core"))
        with open("/proc/sys/kernel/core_pattern") as pattern:
            looks = pattern.read().strip() == "core"
        cores = []
        if looks:
            for private in (True, False):
                data = core(house.service.process, ROOT, private)
                cores.append(None if data is None else len(planted.found(data)))
                house.service.start().well()
                planted.log_in(house.tokens("dsl")[0][12:])
                planted.write(house.tokens("staff")[0], house.tokens("dsl")[0])
        number = len(planted.all)
    count = sum(len(what) for what in found.values())
    told = (f"{number} secrets, names and stories in {len(places)} places (refusals, logs "
            f"of service, worker and PostgreSQL, metrics, arguments and environments of "
            f"{len(pids)} processes): found {count}; core limit {limit.split()[4]}; in a core that "
            f"was forced: {cores[0] if cores else 'not possible here'}, with the memory let into "
            f"it: {cores[1] if cores else '-'}")
    assert not found, f"{told}: {found}"
    assert limit.split()[4] == "0", told
    if looks:
        assert not cores[0] and cores[1], told
    return told
