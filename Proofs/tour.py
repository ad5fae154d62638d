"""The tour that README names, beside a demonstration of its own."""

import os
import pathlib
import subprocess
import sys
import tempfile

from service import House, rowan


def prove(quick):
    with House() as house, tempfile.TemporaryDirectory() as folder:
        sheet = os.path.join(folder, "demo.json")
        rowan(
            ["demo", "--output", sheet, "--base-url", f"http://127.0.0.1:{house.service.port}"],
            {"ROWAN_OWNER_DATABASE_URL": house.cluster.url("postgres")})
        tour = pathlib.Path(__file__).resolve().parent.parent / "Scripts" / "tour"
        told = subprocess.run(
            [sys.executable, "-B", tour, sheet], capture_output=True, text=True, timeout=120)
        assert told.returncode == 0, told.stderr or told.stdout
        requests = sum(" → " in line for line in told.stdout.splitlines())
        closed = house.cluster.ask("select count(*) from incident where status = 'closed'")
        assert closed == "1", f"{closed} incidents are closed"
    return f"{requests} requests, and a case is closed that nobody had triaged"
