"""Schemathesis over the contract that is served, as three posts and as whoever has no account."""

import re
import subprocess
import sys
import tempfile

from client import Client
from service import House

# What the contract cannot say, and a generator therefore cannot know.
SETTINGS = """
[checks]
# A cursor must have been given out, a school must be one's own, a key must be new.
positive_data_acceptance.enabled = false
# RFC 9110, 15.5.14: what is far too long is refused before it is read.
negative_data_rejection.expected-statuses = [
    400, 401, 403, 404, 405, 406, 409, 413, 415, 422, 428, 429]
# RFC 6585, 3: 428.
missing_required_header.expected-statuses = [400, 401, 403, 406, 415, 422, 428]
# RFC 9110, 15.6.2: a method that the server implements nowhere is answered 501, and not 405.
not_a_server_error.expected-statuses = ["2xx", "3xx", "4xx", 501]
unsupported_method.enabled = false

# A report never bounces: what is wrong with it is set aside, and its author is told.
[[operations]]
include-operation-id = ["report_an_incident", "report_without_an_account"]
checks.negative_data_rejection.enabled = false
"""


def install(folder):
    """Into a place of its own, which goes with the folder."""
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    subprocess.run([f"{folder}/bin/pip", "install", "-q", "--disable-pip-version-check",
                    "schemathesis==4.*"], check=True)
    return f"{folder}/bin/schemathesis"


INTAKE = "rwn_intake_demonstration_of_rosehip"


def known(house, token):
    """Ids that there are, for whoever has this token."""
    email = token.removeprefix("rwn_session_")
    found = house.cluster.ask(f"""
        select school_id, (select incident_id from notice where account_id = account.id limit 1),
            (select id from notice where account_id = account.id limit 1),
            -- Not their own: whoever leaves is logged out.
            (select id from person where person.school_id = seat.school_id
                and person.account_id is distinct from account.id order by id limit 1)
        from account join seat on account_id = account.id where email = '{email}' limit 1""")
    values = dict(zip(("school", "incident", "notice", "person"), found.split("|")))
    return "[parameters]\n" + "\n".join(f'"path.{k}" = "{v}"' for k, v in values.items() if v)


# Here an id stands in the place of whatever was made up for it, wrong ids among them.
REPLACED = SETTINGS.replace("[checks]", "[checks]\nnegative_data_rejection.enabled = false")

# Sessions end by these, and by wrong proofs of who is there, one after the other: they come last,
# because the token is dead afterwards.
ENDINGS = ["log_out", "end_all_my_sessions", "end_one_of_my_sessions",
           "end_the_sessions_of_a_person", "step_up", "change_my_password",
           "begin_a_second_factor", "confirm_a_second_factor", "remove_my_second_factor",
           "make_recovery_codes"]


def rounds(house, token):
    """What is asked how; following never ends."""
    def operations(verb, ids):
        return [word for name in ids for word in (f"--{verb}-operation-id", name)]
    if token == INTAKE:
        return [(SETTINGS, operations("include", ["report_without_an_account"]))]
    most = operations("exclude", ENDINGS + ["follow_notices"])
    return [(SETTINGS, most), (known(house, token) + REPLACED, most),
            (SETTINGS, operations("include", ENDINGS))]


def run(program, house, token, examples, folder):
    """Cases, failures, operations."""
    cases = failures = 0
    tested = []
    for settings, choice in rounds(house, token):
        if token != INTAKE:
            status = Client(house.service.port, token).get("/v1/me")[0]
            assert status == 200, (
                f"the session ended on the way ({status}), and all after it shows nothing")
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
    # The second round asks what the first did, about other records.
    return cases, failures, sum(tested[:1] + tested[2:])


def prove(quick):
    examples = 1 if quick else 50
    parts, failed = [], 0
    with tempfile.TemporaryDirectory(prefix="rowan-prove.") as folder, House() as house:
        try:
            program = install(folder + "/venv")
        except subprocess.CalledProcessError as reason:
            return f"not possible here: schemathesis cannot be installed ({reason})"
        roles = ("staff", "dsl") if quick else ("staff", "dsl", "headteacher")
        for role in (*roles, "nobody"):
            token = INTAKE if role == "nobody" else house.tokens(role)[0]
            cases, failures, operations = run(program, house, token, examples, folder)
            parts.append(f"as {role} {cases} cases, {operations} operations, failures {failures}")
            failed += failures
        log = open(house.service.log, "rb").read().split(b"\n")
    errors = sum(1 for line in log if b'"status":5' in line and b'"status":501' not in line)
    told = f"schemathesis: {'; '.join(parts)}; answers of 500 and above {errors}"
    assert failed == 0 and errors == 0, told
    return told
