"""PostgreSQL is stopped by SIGSTOP for a while, under load."""

import os
import signal
import threading
import time

from client import Client, Crowd, report, request
from service import House

DEADLINE = 10.0


class Watch:
    """Asks for health all the while, on every port, and looks at the threads."""

    def __init__(self, service):
        self.service = service
        self.slowest = {"/livez": 0.0, "/readyz": 0.0}
        self.threads = set()
        self.is_over = False
        self.watchers = [
            threading.Thread(target=self.look, args=(port, path), daemon=True)
            for port in (service.port, service.admin) for path in self.slowest]
        for watcher in self.watchers:
            watcher.start()

    def look(self, port, path):
        while not self.is_over:
            begin = time.monotonic()
            status = Client(port, timeout=30).get(path)[0]
            assert status in (200, 503)
            self.slowest[path] = max(self.slowest[path], time.monotonic() - begin)
            self.threads.add(self.service.threads)
            time.sleep(0.1)

    def end(self):
        self.is_over = True
        for watcher in self.watchers:
            watcher.join(60)


def mixed(house):
    """One in three reports, the others read."""
    tokens = house.tokens("staff", "dsl", "deputy_dsl")
    paths = ["/v1/me", "/v1/people?limit=20"]

    def ask(number):
        token = tokens[number % len(tokens)]
        if number % 3 == 0:
            return request("POST", "/v1/incidents", token, report("Stall"))
        return request("GET", paths[number % 2], token)

    return ask


def prove(quick):
    seconds = 8 if quick else 15
    with House() as house:
        Crowd(house.service.port, 60, mixed(house)).run(2)
        crowd = Crowd(house.service.port, 60, mixed(house), pause=0.2, patience=20)
        threads = house.service.threads
        watch = Watch(house.service)
        stopped, resumed, begin = [], [], time.monotonic()

        def act():
            now = time.monotonic() - begin
            if not stopped and now > 1:
                stopped.extend(house.cluster.processes())
                for pid in stopped:
                    os.kill(pid, signal.SIGSTOP)
            if stopped and not resumed and now > 1 + seconds:
                for pid in stopped:
                    os.kill(pid, signal.SIGCONT)
                resumed.append(time.monotonic())
                watch.end()

        crowd.run(seconds + 4, act)
        house.service.well()
        # The crowd has gone on asking: when the last of those that had to wait was answered.
        after = Crowd(house.service.port, 30, mixed(house)).run(2)
        assert set(after.statuses) <= {200, 201}, f"not well again: {dict(after.statuses)}"
    slowest = max(t for times in crowd.times.values() for t in times)
    told = (f"PostgreSQL stopped for {seconds} s: /livez within "
            f"{1000 * watch.slowest['/livez']:.0f} ms, /readyz within "
            f"{1000 * watch.slowest['/readyz']:.0f} ms, threads {threads}, then at most "
            f"{max(watch.threads)}, answers {dict(sorted(crowd.statuses.items()))}, "
            f"longest request {slowest:.2f} s, lost {crowd.lost}")
    assert max(watch.slowest.values()) < 1, told
    assert max(watch.threads) <= threads + 1, told
    assert slowest <= DEADLINE + 0.5 and crowd.lost == 0, told
    assert set(crowd.statuses) <= {200, 201, 409, 503}, told
    assert crowd.without_retry_after == 0, told
    return told
