"""The volume of the data, then that of the write-ahead log, is full, under load."""

import errno
import os
import shutil
import subprocess
import tempfile
import time

import whole
from power import Load
from service import House


class Volume:
    """A file system of so many MiB."""

    def __init__(self, size):
        self.path = tempfile.mkdtemp(prefix="rowan-volume.")
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={size}m", "rowan-proof", self.path],
            check=True, capture_output=True)

    def fill(self):
        """Takes what is left, but for some pages. PostgreSQL may take them at the same moment."""
        with open(self.path + "/ballast", "wb") as file:
            for _ in range(100):
                left = shutil.disk_usage(self.path).free - (256 << 10)
                try:
                    return os.posix_fallocate(file.fileno(), 0, max(1, left))
                except OSError as failure:
                    if failure.errno != errno.ENOSPC:
                        raise
        raise RuntimeError("the volume fills faster than it can be filled")

    def relieve(self):
        os.unlink(self.path + "/ballast")

    def remove(self):
        subprocess.run(["umount", self.path], check=False)
        os.rmdir(self.path)


class Supervised(Load):
    """PostgreSQL may end itself when it cannot write its log; whoever runs it starts it again."""

    starts = 0

    def supervise(self, is_enough, seconds):
        end = time.monotonic() + seconds
        while not is_enough() and time.monotonic() < end:
            if self.house.cluster.server.poll() is not None:
                self.starts += 1
                self.house.cluster.server = self.house.cluster.launch()
                time.sleep(0.5)
            time.sleep(0.05)

    def supervise_until(self, count):
        self.supervise(lambda: len(self.acknowledged) >= count, 60)
        assert len(self.acknowledged) >= count, "no more answers come"


def full(name, seconds):
    """The volume holds the data, or the log; the other is elsewhere."""
    volume, elsewhere = Volume(220), tempfile.mkdtemp(prefix="rowan-prove.")
    data, wal = (volume.path, elsewhere) if name == "data" else (elsewhere, volume.path)
    os.chmod(elsewhere, 0o755)
    settings = ["max_wal_size=64MB", "min_wal_size=32MB"]
    try:
        with House(settings, data + "/data", wal) as house:
            return f"of the {name}: {meanwhile(house, volume, name, seconds)}"
    finally:
        volume.remove()
        shutil.rmtree(elsewhere, ignore_errors=True)


def meanwhile(house, volume, name, seconds):
    old = whole.demo(house.cluster)
    load = Supervised(house, name, 16)
    for thread in load.threads:
        thread.start()
    load.supervise_until(200)
    before, load.answers = len(load.acknowledged), set()
    volume.fill()
    load.supervise(lambda: False, seconds)
    while_full, during = len(load.acknowledged) - before, load.answers
    volume.relieve()
    begin = time.monotonic()
    load.supervise_until(before + while_full + 50)
    well = time.monotonic() - begin
    load.is_over = True
    for thread in load.threads:
        thread.join(75)
    house.service.well()
    (lost, doubled), half = load.judge(), whole.faults(house.cluster, old)
    told = (f"acknowledged {len(load.acknowledged)} ({while_full} while full), lost {lost}, "
            f"doubled {doubled}, half-written {half}, answers while full {sorted(during)}, well "
            f"again in {well:.1f} s, PostgreSQL started again {load.starts} times")
    assert (lost, doubled, half) == (0, 0, 0), told
    assert 503 in during and during <= {201, 409, 503}, told
    return told


def prove(quick):
    try:
        Volume(1).remove()
    except (subprocess.CalledProcessError, OSError) as reason:
        return f"not possible here: a small volume cannot be mounted ({reason})"
    seconds = 4 if quick else 12
    return f"full disk {full('data', seconds)}; {full('log', seconds)}"
