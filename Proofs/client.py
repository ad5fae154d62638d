"""Clients: one that asks and waits, and a crowd of them on one thread."""

import collections
import heapq
import json
import select
import socket
import time

JSON = "application/json"


def request(method, path, token=None, body=None, headers=()):
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost"]
    if token:
        lines.append(f"Authorization: Bearer {token}")
    lines += [f"{name}: {value}" for name, value in dict(headers).items()]
    data = b""
    if body is not None:
        data = json.dumps(body).encode()
        lines.append(f"Content-Type: {JSON}")
    if method not in ("GET", "DELETE"):
        lines.append(f"Content-Length: {len(data)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + data


def report(words):
    return {"concerns": "child", "description": words}


def answer(data):
    """Status, headers, body and what is left; `None` while it is not whole."""
    end = data.find(b"\r\n\r\n")
    if end < 0:
        return None
    lines = data[:end].decode("latin-1").split("\r\n")
    headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines[1:])}
    status, end = int(lines[0].split()[1]), end + 4
    length = 0 if status in (204, 304) else int(headers.get("content-length", 0))
    if len(data) < end + length:
        return None
    return status, headers, data[end:end + length], data[end + length:]


class Client:
    """One connection, kept while it can be. Raises OSError when there is no answer."""

    def __init__(self, port, token=None, timeout=30):
        self.port, self.token, self.timeout = port, token, timeout
        self.socket = None

    def ask(self, method, path, body=None, headers=()):
        message = request(method, path, self.token, body, headers)
        try:
            if self.socket is None:
                self.socket = socket.create_connection(("127.0.0.1", self.port), self.timeout)
            self.socket.sendall(message)
            return self.read()
        except OSError:
            self.close()
            raise

    def read(self):
        data = b""
        while (found := answer(data)) is None:
            more = self.socket.recv(1 << 18)
            if not more:
                raise ConnectionResetError("no answer")
            data += more
        status, headers, body, _ = found
        if headers.get("connection") == "close":
            self.close()
        return status, headers, json.loads(body) if body else None

    def get(self, path):
        return self.ask("GET", path)

    def post(self, path, body=None, headers=()):
        return self.ask("POST", path, body, headers)

    def close(self):
        if self.socket:
            self.socket.close()
        self.socket = None


class Member:
    """One connection of a crowd."""

    def __init__(self, number):
        self.number = number
        self.socket, self.data, self.begun = None, b"", None


class Crowd:
    """Many connections on one thread. Each asks again as soon as it is answered, or, with `rate`,
    requests begin so many a second whether or not others have been answered: what finds no
    connection free is counted as `unsent`.

    `ask(number)` gives the bytes of a request; `pause` is how long one who was refused waits.
    """

    def __init__(self, port, size, ask, rate=None, pause=0.0, patience=15.0):
        self.port, self.ask, self.rate, self.pause = port, ask, rate, pause
        self.patience = patience
        self.poll = select.epoll()
        self.members = [Member(number) for number in range(size)]
        self.by_descriptor = {}
        self.statuses = collections.Counter()
        self.times = collections.defaultdict(list)
        self.without_retry_after = 0
        self.lost = self.unsent = self.begun = 0
        self.failed = []

    def run(self, seconds, each=lambda: None):
        for _ in self.steps(seconds):
            each()
        return self

    def steps(self, seconds):
        """A little at a time, so that others may do something in between."""
        free = collections.deque(self.members)
        begin = time.monotonic()
        resting, end, count = [], begin + seconds, 0
        while (now := time.monotonic()) < end:
            yield
            while resting and resting[0][0] <= now:
                free.append(heapq.heappop(resting)[2])
            due = len(free) if self.rate is None else int((now - begin) * self.rate) - count
            for _ in range(due):
                count += 1
                if not free:
                    self.unsent += 1
                    continue
                self.send(free.popleft(), now)
            for member, status in self.ready(0.001):
                if self.pause and status in (0, 429, 503):
                    heapq.heappush(
                        resting, (time.monotonic() + self.pause, member.number, member))
                else:
                    free.append(member)
        self.finish()

    def finish(self):
        """Those who are still waiting may have their answer."""
        end = time.monotonic() + self.patience
        while any(m.begun for m in self.members) and time.monotonic() < end:
            list(self.ready(0.01))
        for member in self.members:
            if member.begun:
                self.lose(member)
            self.drop(member)
        self.poll.close()

    def send(self, member, now):
        member.begun = now
        self.begun += 1
        try:
            if member.socket is None:
                self.open(member)
            member.socket.send(self.ask(member.number))
        except OSError:
            self.failed.append(member)

    def open(self, member):
        member.socket = socket.create_connection(("127.0.0.1", self.port), 5)
        member.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        member.socket.setblocking(False)
        member.data = b""
        self.by_descriptor[member.socket.fileno()] = member
        self.poll.register(member.socket, select.EPOLLIN)

    def ready(self, timeout):
        """Those who have been answered, or have lost their connection (status 0)."""
        failed, self.failed = self.failed, []
        for member in failed:
            self.lose(member)
            yield member, 0
        for descriptor, _ in self.poll.poll(timeout):
            member = self.by_descriptor[descriptor]
            try:
                more = member.socket.recv(1 << 18)
            except BlockingIOError:
                continue
            except OSError:
                more = b""
            if not more:
                was_asking = member.begun is not None
                self.lose(member)
                if was_asking:
                    yield member, 0
                continue
            member.data += more
            found = answer(member.data)
            if found and member.begun is not None:
                yield member, self.answered(member, found)

    def answered(self, member, found):
        status, headers, _, member.data = found
        self.statuses[status] += 1
        self.times[status].append(time.monotonic() - member.begun)
        if status in (429, 503) and "retry-after" not in headers:
            self.without_retry_after += 1
        member.begun = None
        if headers.get("connection") == "close":
            self.drop(member)
        return status

    def lose(self, member):
        if member.begun is not None:
            self.lost += 1
        member.begun = None
        self.drop(member)

    def drop(self, member):
        if member.socket is None:
            return
        self.by_descriptor.pop(member.socket.fileno(), None)
        self.poll.unregister(member.socket)
        member.socket.close()
        member.socket = None

    def percentile(self, share, *statuses):
        """Of the times of these answers, in milliseconds."""
        times = sorted(t for s in statuses or self.times for t in self.times[s])
        return 1000 * times[min(len(times) - 1, int(len(times) * share))] if times else 0.0
