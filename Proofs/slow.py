"""Slow readers and writers by the thousand; meanwhile good clients are served."""

import multiprocessing
import random
import resource
import socket
import time

from client import Crowd, report, request
from service import House


class Slow:
    """All the slow ones: every few seconds each sends a byte more, or nothing."""

    def __init__(self, port, heads, bodies, deaf, token):
        self.port, self.sockets, self.ended = port, [], 0
        head = b"GET /v1/me HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
        body = request("POST", "/v1/incidents", token, report("x" * 200_000))
        large = request("GET", "/v1/openapi.json") * 40
        self.kinds = ([(head, b"a")] * heads + [(body[:400], b"x" * 1500)] * bodies
                      + [(large, b"")] * deaf)
        random.Random(1).shuffle(self.kinds)

    def live(self, end, most, ended):
        """In a process of their own, so that they take no time of the clock of the good ones."""
        while time.monotonic() < end:
            self.tick()
            most.value, ended.value = max(most.value, self.open()), self.ended
            time.sleep(0.1)

    def open_some(self):
        for kind in self.kinds[len(self.sockets):len(self.sockets) + 150]:
            self.sockets.append((self.connect(kind), kind))

    def connect(self, kind):
        try:
            client = socket.create_connection(("127.0.0.1", self.port), 2)
            if not kind[1]:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.setblocking(False)
            client.send(kind[0])
            return client
        except OSError:
            return None

    def tick(self):
        """Opens the next few, and lets one in twenty send."""
        self.open_some()
        for index in range(random.randrange(20), len(self.sockets), 20):
            client, kind = self.sockets[index]
            if client is None or self.is_ended(client, kind):
                if client:
                    client.close()
                self.ended += 1
                # Whoever is turned away comes again.
                self.sockets[index] = (self.connect(kind), kind)

    def is_ended(self, client, kind):
        try:
            if kind[1]:
                client.send(kind[1])
            return bool(kind[1]) and client.recv(1 << 16) is not None
        except BlockingIOError:
            return False
        except OSError:
            return True

    def open(self):
        return sum(1 for client, _ in self.sockets if client)


class Newcomers(Crowd):
    """Each request on a connection of its own."""

    def answered(self, member, found):
        status = super().answered(member, found)
        self.drop(member)
        return status


def prove(quick):
    share, seconds = (4, 10) if quick else (1, 40)
    resource.setrlimit(
        resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    with House() as house:
        tokens = house.tokens("staff", "dsl", "deputy_dsl")

        def ask(number):
            token = tokens[number % len(tokens)]
            if number % 4 == 0:
                return request("POST", "/v1/incidents", token, report("Meanwhile"))
            return request("GET", "/v1/me", token)

        port = house.service.port
        alone = Crowd(port, 8, ask, rate=100).run(5)
        slow = Slow(port, 2600 // share, 300 // share, 300 // share, tokens[0])
        kept = Crowd(port, 8, ask, rate=60)
        new = Newcomers(port, 8, ask, rate=40)
        most, ended = multiprocessing.Value("i"), multiprocessing.Value("i")
        process = multiprocessing.Process(
            target=slow.live, args=(time.monotonic() + seconds, most, ended), daemon=True)
        process.start()
        rss = [0.0]

        def act():
            rss[0] = max(rss[0], house.service.rss)

        both(kept, new, seconds, act)
        process.join(20)
        house.service.well()
    statuses = kept.statuses + new.statuses
    worst = max(kept.percentile(0.99), new.percentile(0.99))
    told = (f"{most.value} slow clients at once, {ended.value} given up and come again: "
            f"{sum(statuses.values())} good requests {dict(sorted(statuses.items()))}, lost "
            f"{kept.lost + new.lost}, p99 {kept.percentile(0.99):.0f} ms kept and "
            f"{new.percentile(0.99):.0f} ms on new connections (alone "
            f"{alone.percentile(0.99):.0f} ms), RSS at most {rss[0]:.0f} MiB")
    assert worst < 250 and set(statuses) <= {200, 201} and not kept.lost + new.lost, told
    return told


def both(first, second, seconds, act):
    """Two crowds at once: the one is moved on by the other."""
    turn = second.steps(seconds)
    first.run(seconds, lambda: (act(), next(turn, None)))
    for _ in turn:
        pass
