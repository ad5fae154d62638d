"""Three times the load that saturates it."""

from collections import Counter

from client import Crowd, report, request
from service import House


def prove(quick):
    seconds = 2 if quick else 4
    with House() as house:
        tokens = house.tokens("staff", "dsl", "deputy_dsl", "technician")
        port = house.service.port

        # Made once: who asks shares the processors with who is asked.
        requests = [request("POST", "/v1/incidents", t, report("Overload")) for t in tokens]

        def ask(number):
            return requests[number % len(requests)]

        def goodput(size):
            return Crowd(port, size, ask).run(seconds).statuses[201] / seconds

        goodput(32)
        size = max((16, 32, 64, 128), key=goodput)
        rounds = []
        for _ in range(1 if quick else 3):
            # As many as could ever be waited for, and more; none waits for another's answer.
            peak = goodput(size)
            crowd = Crowd(port, 3000, ask, rate=3 * peak, patience=12).run(2 * seconds)
            rounds.append((crowd.statuses[201] / (2 * seconds) / peak, peak, crowd))
        house.service.well()
    share, peak, crowd = sorted(rounds, key=lambda r: r[0])[len(rounds) // 2]
    statuses = sum((r[2].statuses for r in rounds), Counter())
    told = (f"peak {peak:.0f} reports/s with {size} clients; offered "
            f"{(crowd.begun + crowd.unsent) / 2 / seconds:.0f}/s: goodput {100 * share:.0f} % of "
            f"the peak (rounds {', '.join(f'{100 * r[0]:.0f} %' for r in rounds)}), p99 of what "
            f"is kept {crowd.percentile(0.99, 201):.0f} ms; answers "
            f"{dict(sorted(statuses.items()))}, refusals half within "
            f"{crowd.percentile(0.5, 503):.0f} ms and p99 {crowd.percentile(0.99, 503):.0f} ms, "
            f"without Retry-After {crowd.without_retry_after}, lost {crowd.lost}")
    assert set(statuses) <= {201, 503, 429} and not crowd.without_retry_after, told
    assert share >= 0.9 and crowd.percentile(0.99, 503) < 50, told
    return told
