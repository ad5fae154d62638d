"""Mail goes through a real mail program to a real SMTP server, while workers are killed, the server
refuses, hangs and is away.

Every mail arrives; one that arrives twice is the same to the last byte; what can never be delivered
is parked and nothing else is; no word of a report is in any; and reports are not slower for it.
"""

import collections
import shutil
import signal
import socketserver
import subprocess
import threading
import time

from client import Client, report
from service import House, PROGRAM, ROOT, environment, free_port, tied

WAITING = "select count(*) from mail where sent_at is null and parked_at is null"
# What failed, or was in hand when its worker was killed, need not wait out its pause here.
HURRY = """update mail set due_at = rowan_now()
    where sent_at is null and parked_at is null and due_at > rowan_now()"""


class Sink(socketserver.ThreadingTCPServer):
    """An SMTP server that keeps what it takes. `mood`: takes, refuses for now, or says nothing."""

    allow_reuse_address = daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Talk)
        self.mood, self.mails, self.never = "takes", [], None
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Talk(socketserver.StreamRequestHandler):
    def say(self, words):
        self.wfile.write(words.encode() + b"\r\n")

    def handle(self):
        if self.server.mood == "hangs":
            return time.sleep(60)
        self.say("220 sink")
        to = []
        for line in self.rfile:
            word = line[:4].upper()
            if word == b"RCPT":
                to.append(line.split(b"<")[1].split(b">")[0].decode())
            if self.server.mood == "refuses" and word == b"MAIL":
                self.say("451 not now")
            elif word == b"RCPT" and to[-1] == self.server.never:
                self.say("550 nobody of that name")
            elif word == b"DATA":
                self.say("354 go on")
                lines = iter(self.rfile.readline, b".\r\n")
                self.server.mails.append((tuple(to), b"".join(lines)))
                self.say("250 taken")
            elif word == b"QUIT":
                return self.say("221 bye")
            else:
                self.say("250 sink")


class Worker:
    def __init__(self, cluster, sink):
        port = free_port()
        self.process = subprocess.Popen(
            tied([PROGRAM, "worker"]), cwd=ROOT, stdin=subprocess.DEVNULL,
            stdout=open(cluster.folder + "/worker.log", "ab"), stderr=subprocess.STDOUT,
            env=environment() | {
                "ROWAN_WORKER_DATABASE_URL": cluster.url("rowan_worker"),
                "ROWAN_WORKER_PORT": str(port), "ROWAN_MAIL_FROM": "register@school.example",
                "ROWAN_PUBLIC_URL": "https://front.example", "ROWAN_MAIL_SECONDS": "2",
                "ROWAN_SENDMAIL": f"{shutil.which('msmtp')} --host=127.0.0.1 --tls=off --auth=off "
                f"--port={sink.server_address[1]}"})

    def end(self, number):
        self.process.send_signal(number)
        return self.process.wait(timeout=60)


def reports(house, count):
    """Files so many: the seconds that the slowest hundredth took."""
    client, times = Client(house.service.port, house.tokens("staff")[0]), []
    for _ in range(count):
        begin = time.monotonic()
        status = client.post("/v1/incidents", report("A canary in a coal mine"))[0]
        times.append(time.monotonic() - begin)
        assert status == 201, f"a report was answered {status}"
    client.close()
    return sorted(times)[int(count * 0.99)]


def until(house, seconds, words, is_so, hurries=True):
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, words
        if hurries:
            house.cluster.ask(HURRY)
        time.sleep(0.5)


def prove(quick):
    assert shutil.which("msmtp"), "msmtp is missing: apt-get install msmtp"
    with House() as house, Sink() as sink:
        ask = house.cluster.ask
        sink.never = ask("select email from account join seat on seat.account_id = account.id "
                         "where role = 'online_safety_coordinator' order by email limit 1")
        # Killed while others report, with a server that now takes and now refuses.
        kills = 3 if quick else 12
        for turn in range(kills):
            sink.mood = ["takes", "refuses"][turn % 2]
            worker = Worker(house.cluster, sink)
            reports(house, 10)
            time.sleep(1)
            worker.end(signal.SIGKILL)
        sink.mood = "takes"
        workers = [Worker(house.cluster, sink) for _ in range(2)]
        until(house, 300, "mail still waits", lambda: ask(WAITING) == "0")

        count = 200 if quick else 1000
        well = reports(house, count)
        sink.mood = "hangs"
        hung = reports(house, count)
        sink.mood = "takes"
        until(house, 600, "mail still waits", lambda: ask(WAITING) == "0")
        for worker in workers:
            assert worker.end(signal.SIGTERM) == 0, "a worker did not leave in peace"
        return check(house, sink, kills, well, hung)


def check(house, sink, kills, well, hung):
    ask = house.cluster.ask
    rows = dict(line.split("|") for line in ask(
        "select notice_id || '|' || email || case when sent_at is null then ' parked' else '' end "
        "from mail join account on account.id = account_id").split("\n"))
    come = collections.defaultdict(list)
    for to, text in sink.mails:
        head = text.split(b"\r\n\r\n")[0].decode()
        name = head.split("Message-ID: <")[1].split("@")[0]
        assert name in rows and list(to) == [rows[name].split()[0]], "a mail went astray"
        assert b"canary" not in text, "a mail tells of a report"
        come[name].append(text)
    lost = [name for name, to in rows.items() if " parked" not in to and name not in come]
    assert not lost, f"{len(lost)} mails were lost"
    assert all(len(set(texts)) == 1 for texts in come.values()), "doubles differ"
    parked = {to for to in rows.values() if " parked" in to}
    assert parked == {sink.never + " parked"}, f"parked: {parked}"
    assert int(ask("select count(*) from notice")) == len(rows), "notices and mails differ"
    doubles = sum(len(texts) - 1 for texts in come.values())
    assert hung <= max(well * 1.1, well + 0.005), f"reports took {hung:.4f} s instead of {well:.4f}"
    given_up = sum(" parked" in to for to in rows.values())
    return (f"lost 0 of {len(rows)} after {kills} kills, {doubles} doubles, all alike; {given_up} "
            f"parked, to the one who cannot be reached; p99 of a report {well * 1000:.1f} ms, "
            f"{hung * 1000:.1f} ms while the mail server hangs")
