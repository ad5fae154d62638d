"""A calendar program's own library, icalendar, against an address that somebody gave it."""

import json
import re
import subprocess
import sys
import tempfile
import urllib.request

from client import Client
from service import House

# Run with the library, in a place of its own: what it reads is told as JSON.
READ = """
import json, sys
from icalendar import Calendar
calendar = Calendar.from_ical(sys.stdin.buffer.read())
assert not calendar.errors, calendar.errors
events = [part for part in calendar.walk("VEVENT")]
for event in events:
    assert not event.errors, event.errors
print(json.dumps([
    {"uid": str(event["UID"]), "on": event.decoded("DTSTART").isoformat(),
     "words": str(event["SUMMARY"])} for event in events]))
"""


def install(folder):
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    subprocess.run([f"{folder}/bin/pip", "install", "-q", "--disable-pip-version-check",
                    "icalendar==6.*"], check=True)
    return f"{folder}/bin/python"


def read(program, text):
    visit = subprocess.run([program, "-c", READ], capture_output=True, input=text, timeout=60)
    assert visit.returncode == 0, visit.stderr.decode()[-1000:]
    return json.loads(visit.stdout)


def number(words):
    """How many things an event counts: `A review is to be held (3)`."""
    counted = re.search(r" \((\d+)\)$", words)
    return int(counted.group(1)) if counted else 1


def prove(quick):
    with tempfile.TemporaryDirectory(prefix="rowan-prove.") as folder, House() as house:
        try:
            program = install(folder + "/venv")
        except subprocess.CalledProcessError as reason:
            return f"not possible here: the library cannot be installed ({reason})"
        base, told = f"http://127.0.0.1:{house.service.port}", []
        for token in house.tokens("dsl", "technician", "headteacher"):
            client = Client(house.service.port, token)
            status, _, made = client.post("/v1/me/calendar-links", {"label": "Proof"})
            assert status == 201, (status, made)

            def fetch():
                with urllib.request.urlopen(base + made["path"]) as answer:
                    assert answer.headers["content-type"].startswith("text/calendar")
                    return answer.read()

            first = read(program, fetch())
            assert read(program, fetch()) == first, "another look tells something else"
            events = [event for event in first if not event["words"].startswith("The address")]
            assert len(first) == len(events) + 1 and len({e["uid"] for e in first}) == len(first)
            mine, cursor = [], ""
            while cursor is not None:
                status, _, page = client.get(
                    f"/v1/duties?is_mine=true&limit=1000{cursor and '&cursor=' + cursor}")
                assert status == 200, page
                mine, cursor = mine + page["data"], page["next_cursor"]
            due = [duty["due_on"] for duty in mine if duty.get("due_on")]
            last = max((event["on"] for event in first), default="")
            counted = sum(number(event["words"]) for event in events)
            assert counted == len([day for day in due if day <= last]), (counted, len(due))
            log = open(house.service.log).read()
            assert made["path"].split("/")[-1][:-4] not in log, "an address is in the log"
            told.append((len(events), counted))
    assert any(counted for _, counted in told), told
    return (f"icalendar reads {len(told)} calendars without a fault: "
            f"{sum(events for events, _ in told)} events of {sum(n for _, n in told)} duties, "
            "as the list of duties counts them; no address in the log")
