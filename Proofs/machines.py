"""Other people's OAuth clients against the service: Authlib, requests-oauthlib, and Basic."""

import json
import subprocess
import sys
import tempfile

from client import Client
from service import House

# Run with the libraries, in a place of their own: what they say goes through them.
VISIT = """
import json, os, sys
os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session as Authlib
from oauthlib.oauth2 import BackendApplicationClient
from oauthlib.oauth2.rfc6749.errors import OAuth2Error
from requests_oauthlib import OAuth2Session

base, client, secret, token = json.load(sys.stdin)
address, figures = base + "/v1/oauth/token", base + "/v1/incident-figures?limit=1000"
told = {}

for method in ("client_secret_basic", "client_secret_post"):
    session = Authlib(client, secret, token_endpoint_auth_method=method)
    got = session.fetch_token(address, grant_type="client_credentials")
    assert got["token_type"] == "Bearer" and 0 < got["expires_in"] <= 3600, got.keys()
    rows, link, pages = [], figures, 0
    while link:
        page = session.get(link)
        assert page.status_code == 200, page.status_code
        rows, pages = rows + page.json()["data"], pages + 1
        link = page.links.get("next", {}).get("url")
        link = link and base + link
    told["authlib " + method] = [len(rows), pages]
    assert session.get(base + "/v1/incidents").status_code == 403

session = OAuth2Session(client=BackendApplicationClient(client_id=client, scope="schools.read"))
session.fetch_token(address, client_secret=secret, include_client_id=True)
told["requests-oauthlib"] = len(session.get(base + "/v1/schools").json()["data"])
assert session.get(figures).status_code == 403

refused = 0
for wrong, scope in ((secret + "x", None), (secret, "people.read")):
    try:
        Authlib(client, wrong, scope=scope).fetch_token(address, grant_type="client_credentials")
    except OAuthError as error:
        assert error.error == ("invalid_scope" if scope else "invalid_client"), error.error
        refused += 1
    try:
        OAuth2Session(client=BackendApplicationClient(client_id=client, scope=scope)).fetch_token(
            address, client_secret=wrong, include_client_id=True)
    except OAuth2Error as error:
        assert error.error == ("invalid_scope" if scope else "invalid_client"), error.error
        refused += 1
told["refused"] = refused

table = requests.get(base + "/v1/incident-figures?format=csv", auth=(client, token))
assert table.status_code == 200 and table.headers["content-type"].startswith("text/csv")
told["basic"] = table.text.count("\\r\\n") - 1
assert requests.get(base + "/v1/schools", auth=(client, token)).status_code == 401
print(json.dumps(told))
"""


def install(folder):
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    subprocess.run([f"{folder}/bin/pip", "install", "-q", "--disable-pip-version-check",
                    "authlib==1.*", "requests==2.*", "requests-oauthlib==2.*"], check=True)
    return f"{folder}/bin/python"


def make(house):
    """A client of the demonstration's trust, as its administrator makes one: id, secret, token."""
    house.cluster.ask("""
        insert into account (id, name, email)
        values (gen_random_uuid(), 'Administrator', 'administrator@trust.example');
        insert into trust_seat (trust_id, id, account_id, role, from_on)
        select trust.id, gen_random_uuid(), account.id, 'trust_administrator', london_today()
        from trust, account where email = 'administrator@trust.example';
        insert into session (token_hash, id, account_id, ends_at, stepped_up_until)
        select sha256('rwn_session_administrator'), gen_random_uuid(), id,
            rowan_now() + interval '1 hour', rowan_now() + interval '1 hour'
        from account where email = 'administrator@trust.example'""")
    keeper = Client(house.service.port, "rwn_session_administrator")
    trust, day = house.cluster.ask("select id, london_today() + 30 from trust limit 1").split("|")
    made = keeper.post("/v1/clients", {
        "trust_id": trust, "name": "Dashboard", "purpose": "Figures of all schools",
        "scopes": ["incident-figures.read", "schools.read"], "ends_on": day})
    assert made[0] == 201, made
    made = made[2]
    token = keeper.post(f"/v1/clients/{made['id']}/reporting-tokens",
                        {"label": "Workbook", "ends_on": day})
    assert token[0] == 201, token
    return made["id"], made["client_secret"], token[2]["token"]


def prove(quick):
    with tempfile.TemporaryDirectory(prefix="rowan-prove.") as folder, House() as house:
        try:
            program = install(folder + "/venv")
        except subprocess.CalledProcessError as reason:
            return f"not possible here: the libraries cannot be installed ({reason})"
        given = make(house)
        visit = subprocess.run(
            [program, "-c", VISIT], capture_output=True, text=True, timeout=120,
            input=json.dumps((f"http://127.0.0.1:{house.service.port}",) + given))
        assert visit.returncode == 0, visit.stderr[-1000:]
        told = json.loads(visit.stdout)
        log = open(house.service.log).read()
        assert not any(secret in log for secret in given[1:]), "a secret is in the log"
    (rows, pages) = told["authlib client_secret_basic"]
    assert rows > 0 and told["authlib client_secret_post"] == [rows, pages], told
    assert told["basic"] == rows and told["refused"] == 4, told
    return (f"Authlib by Basic and by form: {rows} figures in {pages} pages each; "
            f"requests-oauthlib: {told['requests-oauthlib']} schools; refusals understood "
            f"{told['refused']} of 4; as a table by Basic {told['basic']} figures")
