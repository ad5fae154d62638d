"""What the process uses does not grow with what it has done."""

import time

from client import Client, Crowd, report, request
from service import House


def slope(samples):
    """MiB a minute, by least squares."""
    count = len(samples)
    times, sizes = [t for t, _ in samples], [s for _, s in samples]
    middle, mean = sum(times) / count, sum(sizes) / count
    spread = sum((t - middle) ** 2 for t in times)
    return 60 * sum((t - middle) * (s - mean) for t, s in samples) / spread


def mixed(house):
    tokens = house.tokens("staff", "dsl", "deputy_dsl", "headteacher")
    paths = ["/v1/me", "/v1/people?limit=20", "/v1/incidents?limit=20", "/v1/notices?limit=50",
             "/v1/openapi.json", "/v1/nowhere", "/v1/incidents?cursor=none"]

    def ask(number):
        token = tokens[number % len(tokens)]
        if number % 8 == 7:
            return request("POST", "/v1/incidents", token, report("Memory " + "m" * number))
        return request("GET", paths[number % 8 % len(paths)], token)

    return ask


def prove(quick):
    seconds = 15 if quick else 60
    with House() as house:
        service, ask = house.service, mixed(house)
        at_start = service.rss
        Crowd(service.port, 64, ask).run(seconds / 3)
        for token in house.tokens("staff"):
            Client(service.port).post("/v1/sessions", {
                "email": token[12:], "password": "hedgerow-in-november"})
        settle(service)
        before = service.open_files, service.threads
        samples, begin = [], time.monotonic()

        def sample():
            now = time.monotonic() - begin
            if not samples or now > samples[-1][0] + 0.5:
                samples.append((now, service.rss))

        crowd = Crowd(service.port, 64, ask).run(seconds, sample)
        settle(service)
        after = service.open_files, service.threads
    grown = slope(samples[len(samples) // 4:])
    told = (f"{sum(crowd.statuses.values())} requests in {seconds} s: RSS {at_start:.0f} MiB at "
            f"start, {samples[0][1]:.0f} then {samples[-1][1]:.0f} MiB, {grown:+.2f} MiB a "
            f"minute; descriptors {before[0]} then {after[0]}, threads {before[1]} then {after[1]}")
    assert grown < 4, told
    assert after[0] <= before[0] and after[1] <= before[1], told
    assert not [s for s in crowd.statuses if s >= 500], f"{told}, {dict(crowd.statuses)}"
    return told


def settle(service):
    """The threads that the system keeps for a while have gone, and so have the connections."""
    end = time.monotonic() + 15
    while service.threads > 5 and time.monotonic() < end:
        time.sleep(0.2)
