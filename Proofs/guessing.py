"""Log-in under attack, beside other requests: with and without, in turn."""

import random
import statistics

from client import Client, Crowd, request
from service import House

PASSWORD = "hedgerow-in-november"


def guess(chance, names):
    """Each from a network of its own, so that no count of one network shuts them out."""
    address = ".".join(str(chance.randrange(1, 255)) for _ in range(4))
    name = chance.choice(names) if chance.random() < 0.5 else f"nobody{chance.random()}@x.example"
    return request("POST", "/v1/sessions", None, {"email": name, "password": "wrong"},
                   {"X-Forwarded-For": address})


def percentile(times, share):
    return 1000 * sorted(times)[int((len(times) - 1) * share)]


class Round:
    """Others ask at a steady pace, so that a slow answer does not hide the next."""

    def __init__(self, house, seconds, names, attackers, log_in=None):
        tokens = house.tokens("staff", "dsl", "headteacher")
        paths = ["/v1/me", "/v1/people?limit=20", "/v1/incidents?limit=10", "/v1/notices"]
        chance = random.Random(7)

        def ask(number):
            return request("GET", chance.choice(paths), chance.choice(tokens))

        port = house.service.port
        self.others = Crowd(port, 64, ask, rate=200)
        self.attack = Crowd(port, attackers, lambda _: guess(chance, names), pause=0.02)
        self.owner = Crowd(port, 2, lambda _: log_in, rate=0.5)
        steps = [self.others.steps(seconds)]
        if attackers:
            steps += [self.attack.steps(seconds), self.owner.steps(seconds)]
        while steps:
            steps = [one for one in steps if next(one, "over") != "over"]

    @property
    def times(self):
        return [t for times in self.others.times.values() for t in times]


def prove(quick):
    seconds, rounds = (3, 2) if quick else (8, 5)
    # Every address is believed, so that each guess comes from somewhere else.
    with House(variables={"ROWAN_PROXIES": "any"}) as house:
        owner = house.tokens("dsl")[0][12:]
        names = [t[12:] for t in house.tokens("staff", "dsl", "headteacher")]
        known = Client(house.service.port)
        home = {"X-Forwarded-For": "192.0.2.7"}
        told = known.post("/v1/sessions", {"email": owner, "password": PASSWORD}, home)
        assert told[0] == 201, told
        Round(house, 2, names, 0)
        log_in = request("POST", "/v1/sessions", None, {"email": owner, "password": PASSWORD}, home)
        calm, stormy, guesses = [], [], {}
        for _ in range(rounds):
            calm.append(Round(house, seconds, names, 0))
            stormy.append(Round(house, seconds, names, 32, log_in))
            for status, count in stormy[-1].attack.statuses.items():
                guesses[status] = guesses.get(status, 0) + count
    figures = [[statistics.median(percentile(r.times, share) for r in some) for share in (.5, .99)]
               for some in (calm, stormy)]
    statuses = {}
    for one in calm + stormy:
        for status, count in one.others.statuses.items():
            statuses[status] = statuses.get(status, 0) + count
    owners = 1000 * statistics.median(
        [t for r in stormy for t in r.owner.times[201]] or [float("inf")])
    tried = sum(guesses.values())
    words = (f"{tried} guesses in {rounds * seconds} s ({dict(sorted(guesses.items()))}) beside 200 "
             f"other requests a second: these took p50 {figures[0][0]:.1f} and p99 "
             f"{figures[0][1]:.1f} ms without, {figures[1][0]:.1f} and {figures[1][1]:.1f} ms with "
             f"them, refused {sum(c for s, c in statuses.items() if s >= 400)}, lost "
             f"{sum(r.others.lost + r.others.unsent for r in calm + stormy)}; the owner, from a "
             f"network that is known, logged in {sum(r.owner.statuses[201] for r in stormy)} of "
             f"{sum(r.owner.begun for r in stormy)} times, half within {owners:.0f} ms")
    assert set(statuses) == {200}, words
    assert set(guesses) <= {401, 429, 503} and guesses.get(401, 0) > 0, words
    assert figures[1][1] < max(100, 3 * figures[0][1]), words
    assert all(set(r.owner.statuses) == {201} for r in stormy), words
    return words
