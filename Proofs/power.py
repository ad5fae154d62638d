"""kill -9 of the service, of a backend and of the postmaster, under load.

Everybody asks again with the same key until the answer is 201. Afterwards every report that was
acknowledged is there, once and whole.
"""

import os
import random
import signal
import threading
import time

import whole
from client import Client, report
from service import House


class Load:
    """People who report, one thing after another, on a thread each."""

    def __init__(self, house, mark, people, has_keys=True):
        self.house, self.mark, self.has_keys = house, mark, has_keys
        self.acknowledged = {}
        self.answers = set()
        self.interrupted = 0
        self.gaps = []
        self.is_over = False
        tokens = house.tokens("staff", "dsl", "deputy_dsl", "technician")
        self.threads = [
            threading.Thread(target=self.live, args=(n, tokens[n % len(tokens)]), daemon=True)
            for n in range(people)]

    def live(self, number, token):
        client = Client(self.house.service.port, token, timeout=15)
        count = 0
        while not self.is_over:
            count += 1
            self.tell(client, f"{self.mark} {number} {count}")

    def tell(self, client, words):
        begin = time.monotonic()
        headers = {"Idempotency-Key": words.replace(" ", "-")} if self.has_keys else {}
        while time.monotonic() < begin + 60:
            try:
                status, _, body = client.post("/v1/incidents", report(words), headers)
            except OSError:
                status = 0
            self.answers.add(status)
            if status == 201:
                self.acknowledged[words] = body["id"]
                self.gaps.append(time.monotonic() - begin)
                return
            self.interrupted += 1
            time.sleep(random.uniform(0.01, 0.05))

    def run(self, kill, times, pause=1.0):
        """Kills so often; each time some answers must have come since."""
        for thread in self.threads:
            thread.start()
        for _ in range(times):
            self.wait_for(len(self.acknowledged) + 20, 60)
            time.sleep(random.uniform(0.2, pause))
            kill()
        self.wait_for(len(self.acknowledged) + 20, 60)
        self.is_over = True
        for thread in self.threads:
            thread.join(75)
        return self

    def wait_for(self, count, seconds):
        end = time.monotonic() + seconds
        while len(self.acknowledged) < count:
            assert time.monotonic() < end, "no more answers come"
            time.sleep(0.01)

    def judge(self):
        """How many of those that were acknowledged are lost, and how many are there twice."""
        there = whole.kept(self.house.cluster, self.mark)
        lost = sum(1 for words in self.acknowledged if words not in there)
        return lost, sum(count - 1 for count in there.values())


def kill_service(house):
    house.service.kill()
    house.service.start()


def kill_backend(house):
    """Of those that serve the register: PostgreSQL then restarts itself."""
    found = house.cluster.ask("""
        select pid from pg_stat_activity where usename = 'rowan_service'
        order by state = 'active' desc, random() limit 1""")
    if found and int(found) in house.cluster.processes():
        os.kill(int(found), signal.SIGKILL)


def kill_postmaster(house):
    house.cluster.kill()
    house.cluster.start()


KILLS = [("the service", kill_service), ("a backend", kill_backend),
         ("the postmaster", kill_postmaster)]


def prove(quick):
    times = 2 if quick else 8
    parts = []
    with House(["max_wal_size=128MB"]) as house:
        old = whole.demo(house.cluster)
        for name, kill in KILLS:
            load = Load(house, "Report " + name, 24).run(lambda: kill(house), times)
            house.service.well()
            lost, doubled = load.judge()
            half = whole.faults(house.cluster, old)
            assert (lost, doubled, half) == (0, 0, 0), (name, lost, doubled, half)
            assert load.interrupted > 0, "the kills met nobody"
            unforeseen = load.answers - {0, 201, 409, 503}
            assert not unforeseen, f"answers {unforeseen}"
            parts.append(
                f"{name} {times} times: acknowledged {len(load.acknowledged)}, lost {lost}, "
                f"doubled {doubled}, longest wait {max(load.gaps):.1f} s")
        parts.append(control(house, times))
    return "kill -9 of " + "; of ".join(parts)


def control(house, times):
    """That the check can fail: without keys reports are doubled, and without the flush at commit,
    which the service refuses to start with, they are lost."""
    without_keys = Load(house, "Keyless", 24, has_keys=False)
    without_keys.run(lambda: kill_service(house), times)
    house.service.well()
    for setting in ("synchronous_commit = off", "wal_writer_delay = '10s'",
                    "wal_writer_flush_after = '1GB'"):
        house.cluster.ask(f"alter system set {setting}")
    house.cluster.ask("select pg_reload_conf()")
    unsafe = Load(house, "Unsafe", 24).run(lambda: kill_postmaster(house), 2)
    house.service.well()
    doubled, lost = without_keys.judge()[1], unsafe.judge()[0]
    assert lost > 0 and doubled > 0, f"the control finds nothing: lost {lost}, doubled {doubled}"
    return f"the postmaster, unsafely (control): lost {lost}, without keys doubled {doubled}"
