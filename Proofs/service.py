"""`rowan serve` as an operator runs it, with a database that holds the demonstration."""

import os
import resource
import secrets
import signal
import socket
import subprocess
import time

from client import Client
from cluster import Cluster, environment, tied

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PROGRAM = os.environ.get("PROVED_PROGRAM", ROOT + "/.build/release/rowan")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def rowan(words, variables):
    subprocess.run([PROGRAM] + words, env=environment() | variables, check=True, cwd=ROOT,
                   stdout=subprocess.DEVNULL)


class Service:
    def __init__(self, cluster, variables=None, descriptors=None, socket_folder=None):
        self.cluster = cluster
        self.port, self.admin = free_port(), free_port()
        self.descriptors = descriptors
        keys = cluster.folder + "/keys"
        if not os.path.exists(keys):
            with open(os.open(keys, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
                file.write(f"1 {secrets.token_hex(32)}\n")
        self.variables = environment() | {
            "DATABASE_URL": cluster.url("rowan_service", socket_folder), "ROWAN_KEYS_FILE": keys,
            "ROWAN_PORT": str(self.port), "ROWAN_ADMIN_PORT": str(self.admin), "ROWAN_LOOPS": "2",
            "ROWAN_ACCOUNT_REQUESTS": "60000",
        } | (variables or {})
        self.log = cluster.folder + "/service.log"

    def start(self):
        def limit():
            if self.descriptors:
                resource.setrlimit(resource.RLIMIT_NOFILE, (self.descriptors,) * 2)
        self.process = subprocess.Popen(
            tied([PROGRAM, "serve"]), env=self.variables, cwd=ROOT, preexec_fn=limit,
            stdin=subprocess.DEVNULL, stdout=open(self.log, "ab"), stderr=subprocess.STDOUT)
        return self

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        """As an operator ends it: its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=60)

    def is_ready(self, port=None):
        try:
            return Client(port or self.port, timeout=2).get("/readyz")[0] == 200
        except OSError:
            return False

    def well(self, seconds=30):
        """How long it took to be ready on every port; fails when that is too long."""
        begin = time.monotonic()
        while time.monotonic() < begin + seconds:
            if self.process.poll() is not None:
                raise AssertionError(f"the service ended with {self.process.returncode}")
            if self.is_ready() and self.is_ready(self.admin):
                return time.monotonic() - begin
            time.sleep(0.02)
        raise AssertionError(f"not well again within {seconds} s")

    # What it uses.

    def status(self, name):
        for line in open(f"/proc/{self.process.pid}/status"):
            if line.startswith(name + ":"):
                return int(line.split()[1])

    @property
    def rss(self):
        """In MiB."""
        return self.status("VmRSS") / 1024

    @property
    def threads(self):
        return self.status("Threads")

    @property
    def open_files(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    @property
    def cpu(self):
        """Seconds of processor time so far."""
        fields = open(f"/proc/{self.process.pid}/stat").read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class House:
    """A cluster with the demonstration in it, and a service; gone afterwards."""

    def __init__(self, settings=(), data=None, wal=None, **service):
        self.cluster = Cluster(settings, data, wal)
        self.given = service
        self.service = None

    def __enter__(self):
        try:
            self.cluster.start()
            owner = {"ROWAN_OWNER_DATABASE_URL": self.cluster.url("postgres")}
            rowan(["migrate"], owner)
            rowan(["demo"], owner)
            self.cluster.ask("""
                insert into session (token_hash, id, account_id, ends_at)
                select sha256(convert_to('rwn_session_' || email, 'UTF8')), gen_random_uuid(), id,
                    rowan_now() + interval '1 year'
                from account""")
            self.service = Service(self.cluster, **self.given).start()
            self.service.well()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.service:
            self.service.kill()
        self.cluster.remove()

    def tokens(self, *roles):
        """Of those who hold one of these posts, in every school."""
        words = ", ".join(f"'{role}'" for role in roles)
        emails = self.cluster.ask(f"""
            select distinct email from account join seat on seat.account_id = account.id
            where role in ({words}) order by email""")
        return ["rwn_session_" + email for email in emails.split("\n")]
