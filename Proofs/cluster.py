"""A throw-away PostgreSQL: its own folder, its own socket, everything on that makes a commit safe.

Only processes that were started here are signalled, each by its number.
"""

import getpass
import glob
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time


def programs():
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda p: int(p.split("/")[4]))
    return found[-1] if found else os.path.dirname(shutil.which("initdb"))


def server_user():
    """PostgreSQL refuses to be root."""
    if os.getuid() != 0:
        return getpass.getuser(), []
    name = next(n for n in ("postgres", "nobody") if n in {e.pw_name for e in pwd.getpwall()})
    return name, ["setpriv", f"--reuid={name}", f"--regid={name}", "--init-groups"]


def environment():
    """Without what would lead libpq, or the service, elsewhere."""
    return {k: v for k, v in os.environ.items() if not k.startswith(("PG", "ROWAN_"))}


def tied(words):
    """Ended by the kernel when this program ends, however it does."""
    return ["setpriv", "--pdeathsig", "KILL"] + words


class Cluster:
    def __init__(self, settings=(), data=None, wal=None):
        self.folder = tempfile.mkdtemp(prefix="rowan-prove.")
        self.data = data or self.folder + "/data"
        self.settings = list(settings)
        user, self.as_user = server_user()
        for path in {self.folder, data, wal} - {None}:
            os.makedirs(path, exist_ok=True)
            shutil.chown(path, user)
            os.chmod(path, 0o755)
        words = ["initdb", "--pgdata", self.data, "--username=postgres", "--encoding=UTF8",
                 "--locale=C.UTF-8", "--data-checksums", "--auth-local=trust",
                 "--auth-host=reject", "--no-instructions"]
        self.run(words + ([f"--waldir={wal}/wal"] if wal else []))
        self.server = None
        self.consoles = []

    def run(self, words):
        subprocess.run(
            self.as_user + [f"{programs()}/{words[0]}"] + words[1:], check=True, cwd="/",
            env=environment(), stdout=subprocess.DEVNULL, stderr=open(self.folder + "/log", "a"))

    def start(self, seconds=60):
        """After a kill its children take a moment to leave; until then it refuses."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.server = self.launch()
            while self.server.poll() is None and time.monotonic() < end:
                if self.is_ready():
                    return self
                time.sleep(0.02)
            time.sleep(0.05)
        raise RuntimeError("PostgreSQL did not start: " + open(self.folder + "/log").read()[-2000:])

    def launch(self):
        words = self.as_user + tied([
            f"{programs()}/postgres", "-D", self.data, "-k", self.folder,
            "-c", "listen_addresses=", "-c", "timezone=UTC", "-c", "max_connections=200"])
        for setting in self.settings:
            words += ["-c", setting]
        return subprocess.Popen(
            words, cwd="/", env=environment(), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=open(self.folder + "/log", "a"))

    def is_ready(self):
        words = [f"{programs()}/pg_isready", "-q", "-h", self.folder, "-U", "postgres"]
        return subprocess.run(words, env=environment()).returncode == 0

    def url(self, user, folder=None):
        return f"host={folder or self.folder} dbname=postgres user={user}"

    def console(self):
        console = Console(self.url("postgres"))
        self.consoles.append(console)
        return console

    def ask(self, sql):
        """One question on a connection of its own."""
        words = ["psql", self.url("postgres"), "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", sql]
        return subprocess.run(
            words, env=environment(), check=True, capture_output=True, text=True).stdout.strip()

    def processes(self):
        """The postmaster and its children."""
        path = f"/proc/{self.server.pid}/task/{self.server.pid}/children"
        return [self.server.pid] + [int(p) for p in open(path).read().split()]

    def kill(self, number=signal.SIGKILL):
        self.server.send_signal(number)
        self.server.wait()

    def remove(self):
        for console in self.consoles:
            console.close()
        if self.server and self.server.poll() is None:
            self.server.send_signal(signal.SIGCONT)
            self.kill(signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)


class Console:
    """A psql that is asked many things."""

    def __init__(self, url):
        self.process = subprocess.Popen(
            tied(["psql", url, "-XAtq", "-v", "ON_ERROR_STOP=1"]), env=environment(), text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def ask(self, sql):
        self.process.stdin.write(sql + ";\n\\echo <end>\n")
        self.process.stdin.flush()
        lines = []
        while (line := self.process.stdout.readline()) != "<end>\n":
            if not line:
                raise RuntimeError("PostgreSQL went away")
            lines.append(line.rstrip("\n"))
        return "\n".join(lines)

    def close(self):
        self.process.kill()
        self.process.wait()
