"""Schemathesis over the contract that is served, as two posts."""

import re
import subprocess
import sys
import tempfile

from service import House

# What the contract cannot say, and a generator therefore cannot know.
SETTINGS = """
[checks]
# A cursor must have been given out, a school must be one's own, a key must be new.
positive_data_acceptance.enabled = false
# RFC 6585, 3: 428.
missing_required_header.expected-statuses = [400, 401, 403, 406, 415, 422, 428]
# RFC 9110, 15.6.2: a method that the server implements nowhere is answered 501, and not 405.
not_a_server_error.expected-statuses = ["2xx", "3xx", "4xx", 501]
unsupported_method.enabled = false

# A report never bounces: what is wrong with it is set aside, and its author is told.
[[operations]]
include-operation-id = "report_an_incident"
checks.negative_data_rejection.enabled = false
"""


def install(folder):
    """Into a place of its own, which goes with the folder."""
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    subprocess.run([f"{folder}/bin/pip", "install", "-q", "--disable-pip-version-check",
                    "schemathesis==4.*"], check=True)
    return f"{folder}/bin/schemathesis"


def run(program, house, role, examples, folder):
    """Cases, failures, operations. Logging out comes last: its token is dead after it."""
    token = house.tokens(role)[0]
    email = token[12:]
    found = house.cluster.ask(f"""
        select school_id, (select incident_id from notice where account_id = account.id limit 1),
            (select id from notice where account_id = account.id limit 1),
            (select id from person where person.school_id = seat.school_id limit 1)
        from account join seat on account_id = account.id where email = '{email}' limit 1""")
    values = dict(zip(("school", "incident", "notice", "person"), found.split("|")))
    known = "\n".join(f'"path.{k}" = "{v}"' for k, v in values.items() if v)
    cases = failures = 0
    tested = []
    for settings, choice in [
            (SETTINGS, ["--exclude-operation-id", "log_out"]),
            (f"[parameters]\n{known}\n" + SETTINGS, ["--exclude-operation-id", "log_out"]),
            (SETTINGS, ["--include-operation-id", "log_out"])]:
        with open(folder + "/settings.toml", "w") as file:
            file.write(settings)
        output = subprocess.run(
            [program, "--config-file", folder + "/settings.toml", "run",
             f"http://127.0.0.1:{house.service.port}/v1/openapi.json",
             "-H", f"Authorization: Bearer {token}", "--max-examples", str(examples),
             "--no-color", "--seed", "1", "--phases", "examples,coverage,fuzzing", *choice],
            capture_output=True, text=True, timeout=900, cwd=folder).stdout
        total = re.search(r"(\d+) generated", output)
        selected = re.search(r"Selected: (\d+)", output)
        if not total or not selected:
            raise AssertionError(output[-2000:])
        cases += int(total[1])
        found = sum(int(n) for n in re.findall(r"(\d+) unique failures?", output))
        if found:
            print(output, file=sys.stderr)
        failures += found
        tested.append(int(selected[1]))
    return cases, failures, tested[0] + tested[-1]


def prove(quick):
    examples = 1 if quick else 50
    parts, failed = [], 0
    with tempfile.TemporaryDirectory(prefix="rowan-prove.") as folder, House() as house:
        try:
            program = install(folder + "/venv")
        except subprocess.CalledProcessError as reason:
            return f"not possible here: schemathesis cannot be installed ({reason})"
        for role in ("staff", "dsl") if quick else ("staff", "dsl", "headteacher"):
            cases, failures, operations = run(program, house, role, examples, folder)
            parts.append(f"as {role} {cases} cases, {operations} operations, failures {failures}")
            failed += failures
        log = open(house.service.log, "rb").read().split(b"\n")
    errors = sum(1 for line in log if b'"status":5' in line and b'"status":501' not in line)
    told = f"schemathesis: {'; '.join(parts)}; answers of 500 and above {errors}"
    assert failed == 0 and errors == 0, told
    return told
