"""Every kind of agreement of five schools' policies, taken out of the policies themselves, put in
force, issued, signed, and compared with them: no sentence is lost, and the gate goes by it.
"""

import collections
import hashlib
import os
import re

import kinds
from client import Client
from policies import LABELS, plain, templated, words
from service import ROOT, House

FOLDER = os.environ.get("PROVED_POLICIES", os.path.join(ROOT, "..", "shared", "sources"))

# What every adult confirms who signs, whatever the policy says (24.3).
READ = [{"code": "policy_read", "words": "I have read the online safety policy."},
        {"code": "data_policy_read", "words": "I have read the data protection policy."}]
PARTS = {"oneself": ["oneself"], "pupil": ["pupil"], "parent": ["parent"],
         "pupil_and_parent": ["pupil", "parent"]}


class Written:
    """An agreement as it is sent to the service."""

    def __init__(self, kind, number, known):
        """`known`: templates by the names of their kinds."""
        self.kind, self.taken = kind, set()
        found = kind.agreement
        self.headings = [self.heading(*heading) for heading in found.headings]
        self.asked = {LABELS[label] for label in found.fields}
        text = {"title": found.title, "policy": f"Policy {number}", "form": kind.form,
                "headings": self.headings}
        self.attestations = []
        if kind.is_signed:
            self.attestations = (READ if kind.signers == "oneself" else []) + [
                {"code": f"confirmed.{place}", "words": said}
                | ({"by": who} if who in ("pupil", "parent") else {})
                for place, (who, said) in enumerate(found.confirmed, 1)]
            text |= {"signers": kind.signers, "attestations": self.attestations}
        only = self.headings[0]["clauses"][:1]
        more = {
            "fields": sorted(self.asked & {"job_title", "class_name"}), "opens": kind.opens,
            "part_of": next((said[len("I understand this forms part of "):-1]
                             for _, said in found.confirmed
                             if said.startswith("I understand this forms part of ")), None),
            "variants": [
                {"code": code, "name": code, "kind": code,
                 "clauses": [only[0] | {"words": templated(plain(line))}]}
                for code, (line,) in kind.variants.items()],
            "renewal": kind.renewal, "needs": [known[name] for name in kind.needs]}
        self.text = text | {name: value for name, value in more.items() if value}

    def heading(self, above, clauses):
        usual = code = re.sub(r"[^a-z]+", "_", (above or "before").lower()).strip("_")[:40]
        while code in self.taken:
            code = f"{usual}_{len(self.taken)}"
        self.taken.add(code)
        rules = [{"code": f"{code}.{place}", "words": said} | ({"symbol": sign} if sign else {})
                 for place, (sign, said) in enumerate(clauses, 1)]
        return {"code": code, "clauses": rules} | ({"words": above} if above else {})

    def signature(self, part, name):
        """As the signer fills it in, and the same without what the agreement asks for."""
        whole = {"part": part, "full_name": name, "attestations": [
            one["code"] for one in self.attestations if one.get("by", part) == part]}
        lacking = {"part": part, "full_name": name}
        if part == "oneself" and "job_title" in self.asked:
            whole["job_title"] = "Helper"
        if part == "pupil" and "class_name" in self.asked:
            whole["class_name"] = "Kites"
        return whole, lacking if whole.keys() != lacking.keys() and (
            whole["attestations"] or len(whole) > 3) else None


def lost(sentences, text):
    """Which of them are not in it, each behind the one before."""
    text, place, missing = f" {words(text)} ", 0, []
    for one in sentences:
        found = text.find(f" {one} ", place)
        if found < 0:
            missing.append(one)
        else:
            place = found + len(one)
    return missing


class School:
    """A school of the demonstration that has somebody in each post that is needed."""

    def __init__(self, house):
        self.ask_database, port = house.cluster.ask, house.service.port
        self.id, self.name = self.ask_database("""
            select school.id, school.name from school join seat on seat.school_id = school.id
            where role = 'office' limit 1""").split("|")
        self.names = {"school": self.name}
        self.clients = {}
        for role in ("online_safety_coordinator", "headteacher", "office", "staff", "dsl"):
            email, name, person = self.ask_database(f"""
                select email, account.name, person_id
                from seat join account on account.id = seat.account_id
                where school_id = '{self.id}' and role = '{role}' limit 1""").split("|")
            self.clients[role] = Client(port, "rwn_session_" + email)
            self.names[role] = name
            if role == "staff":
                self.teacher = person, name
        self.names["coordinator"] = self.names["contact"] = self.names["online_safety_coordinator"]
        self.counts, self.templates = collections.Counter(), {}

    def post(self, role, path, body=None, status=201):
        answer = self.clients[role].post(path, body)
        assert answer[0] == status, f"{path}: {answer[0]} {answer[2]}"
        return answer[2]

    def get(self, path):
        status, _, body = self.clients["online_safety_coordinator"].get(path)
        assert status == 200, f"{path}: {status} {body}"
        return body

    def person(self, kind, year=None):
        """Somebody new: their id and name."""
        self.counts["people"] += 1
        family = f"{kind} {self.counts['people']}".replace("_", " ").title()
        more = {"year_group": year, "class_name": "Kites"} if year else {}
        made = self.post("office", "/v1/people", {
            "school_id": self.id, "kind": kind, "given_name": "Alex", "family_name": family} | more)
        return made["id"], f"Alex {family}"

    def parent(self, child):
        parent = self.person("parent")
        self.ask_database(f"""
            insert into parent_link (
                school_id, id, parent_id, child_id, has_responsibility, no_contact, from_on)
            values ('{self.id}', gen_random_uuid(), '{parent[0]}', '{child}', true, false,
                london_today())""")
        return parent

    def is_allowed(self, person, access, template):
        """What the gate says; when it is shut, this agreement must be among the reasons."""
        self.counts["answers of the gate"] += 1
        told = self.get(f"/v1/gate?person_id={person}&for={access}")
        reasons = [(one["code"], one.get("template_id")) for one in told["reasons"]]
        assert told["is_allowed"] or ("agreement_unsigned", template) in reasons, told
        return told["is_allowed"]

    def set_audience(self, template, entries):
        path = f"/v1/agreement-templates/{template}/audience"
        told = self.clients["online_safety_coordinator"].ask(
            "PUT", path, {"entries": entries}, {"If-Match": "*"})
        assert told[0] == 200, told

    def put_in_force(self, kind, number):
        """Written, approved, published, and put to those for whom it is."""
        role = "online_safety_coordinator"
        made = self.post(role, "/v1/agreement-templates", {"name": f"{number}: {kind.name}"})["id"]
        self.templates[kind.name] = made
        agreement = Written(kind, number, self.templates)
        version = self.post(
            role, f"/v1/agreement-templates/{made}/versions", agreement.text)["id"]
        self.post("headteacher", f"/v1/agreement-versions/{version}/approval")
        self.post(role, f"/v1/agreement-versions/{version}/publication", {})
        self.set_audience(
            made, [{"kind": "pupil", "phases": kind.audience}] if kind.is_of_pupils
            else [{"kind": one} for one in kind.audience])
        shown = self.get(f"/v1/agreement-versions/{version}")["text"]
        assert shown["headings"] == agreement.headings, f"{kind.name}: shown otherwise"
        return agreement

    # One agreement, before one person.

    def issue(self, agreement, person, name, variant=None):
        """The copy, compared with the policy."""
        kind, more = agreement.kind, {"variant": variant} if variant else {}
        by = "staff" if person == self.teacher[0] else "office"
        made = self.post(by, "/v1/agreements", {
            "person_id": person, "template_id": self.templates[kind.name]} | more)["id"]
        copy = self.get(f"/v1/agreements/{made}/copy")
        names = self.names | {"person": name}
        said = list(kind.agreement.sentences(names))
        if variant:
            said = [words(templated(plain(line), names)) for line in kind.variants[variant]]
        missing = lost(said, copy["words"])
        assert not missing, f"{kind.name}: lost {len(missing)} of {len(said)}: {missing[:3]}"
        self.counts["copies"] += 1
        for heading in [] if variant else agreement.headings:
            for place, one in enumerate(heading["clauses"], 1):
                line = " ".join(filter(None, [f"{place}.", one.get("symbol"), one["words"]]))
                for placeholder, value in names.items():
                    line = line.replace("{{" + placeholder + "}}", value)
                assert line in copy["words"].split("\n"), f"{kind.name}: {one['code']} is not there"
        if part := agreement.text.get("part_of"):
            assert f"It forms part of {part}." in copy["words"], f"{kind.name}: of what it is part"
        assert "{{" not in copy["words"], f"{kind.name}: a name is not filled in"
        assert hashlib.sha256(copy["words"].encode()).hexdigest() == copy["sha256"]
        return made, copy

    def sign(self, agreement, made, part, signer, how):
        """Once without what is asked for, which is refused, and then whole."""
        person, name = signer
        whole, lacking = agreement.signature(part, name)
        path, more = f"/v1/agreements/{made}/signatures", {"how": how}
        by = "staff" if how == "session" else "office"
        more |= {"kept_at": "Office, green folder"} if how == "paper" else {}
        more |= {"signer_id": person} if part == "parent" else {}
        if lacking:
            self.post(by, path, lacking | more, 422)
            self.counts["refused"] += 1
        self.post(by, path, whole | more)
        self.counts["signatures"] += 1

    def settle(self, agreement, person, name, place):
        """Issues it, and gets whatever it needs so that it holds."""
        kind = agreement.kind
        made, copy = self.issue(agreement, person, name)
        path = f"/v1/agreements/{made}"
        if kind.form == "information":
            assert self.get(path)["is_current"], f"{kind.name}: something is owed"
            self.post("office", path + "/signatures", {"full_name": name}, 422)
            return
        if kind.form == "delivery":
            self.post("office", path + "/signatures", {
                "full_name": name, "exceptions": "May telephone at the gate"})
            self.counts["handed over"] += 1
        for number, part in enumerate(PARTS[kind.signers] if kind.is_signed else []):
            assert not self.get(path)["is_current"], f"{kind.name}: holds with a half alone"
            how = "session" if person == self.teacher[0] else ("in_person", "paper")[
                (place + number) % 2]
            signer = self.parent(person) if part == "parent" else (person, name)
            self.sign(agreement, made, part, signer, how)
        after = self.get(path + "/copy")
        assert after["words"] == copy["words"], f"{kind.name}: the copy has changed"
        assert all(one["full_name"] and one["signed_on"] for one in after["signatures"])


def put_to_all(school, agreement, needed):
    """To somebody of each group for which it is; `needed` are those that it needs."""
    kind = agreement.kind
    template = school.templates[kind.name]
    for place, group in enumerate(kind.audience):
        if group == "teacher":
            person, name = school.teacher
        else:
            person, name = school.person(
                "pupil" if kind.is_of_pupils else group, kinds.YEARS.get(group))
        accesses = kind.opens or ("internet",)
        is_owed = kind.form != "information"
        before = [school.is_allowed(person, access, template) for access in accesses]
        assert before == [not is_owed] * len(accesses), f"{kind.name}: {group} before: {before}"
        school.settle(agreement, person, name, place)
        others = [one for one in needed if group in one.kind.audience and group != "teacher"]
        for other in others:
            path = f"/v1/agreements?person_id={person}&template_id={template}"
            assert not school.get(path)["data"][0]["is_current"], f"{kind.name}: needs nothing"
            school.settle(other, person, name, place)
        after = [school.is_allowed(person, access, template) for access in accesses]
        assert all(after), f"{kind.name}: {group} after: {after}"
    for variant in kind.variants:
        school.issue(agreement, *school.person("pupil", "2"), variant=variant)


def prove(quick):
    if not os.path.isdir(FOLDER):
        return "not possible here: the policies are not there; PROVED_POLICIES says where they are"
    by_policy = kinds.read(FOLDER)
    counts = collections.Counter(documents=len(by_policy))
    with House() as house:
        school = School(house)
        for number, found in by_policy.items():
            in_force = {}
            for kind in found:
                agreement = school.put_in_force(kind, number)
                in_force[kind.name] = agreement
                put_to_all(school, agreement, [in_force[name] for name in kind.needs])
                counts["kinds"] += 1
                counts["given"] += kind.agreement.is_given
                counts["headings"] += sum("words" in one for one in agreement.headings)
                counts["clauses"] += sum(len(one["clauses"]) for one in agreement.headings)
                counts["sentences"] += len(list(kind.agreement.sentences()))
                # Whoever is before the gate for one kind owes no other than those that it needs.
                if not any(kind.name in other.needs for other in found):
                    school.set_audience(school.templates[kind.name], [])
            for name in in_force:
                school.set_audience(school.templates[name], [])
    counts += school.counts
    return (f"{counts['kinds']} kinds of {counts['documents']} policies, {counts['given']} given "
            f"in full: {counts['headings']} headings, {counts['clauses']} clauses, "
            f"{counts['sentences']} sentences, lost 0 in {counts['copies']} copies; "
            f"{counts['signatures']} signatures, {counts['refused']} refused for want of what is "
            f"asked, {counts['handed over']} handed over; the gate answered "
            f"{counts['answers of the gate']} times as it must")
