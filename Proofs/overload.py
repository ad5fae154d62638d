"""Three times the load that saturates it."""

from client import Crowd, report, request
from service import House


def prove(quick):
    seconds = 4 if quick else 12
    with House() as house:
        tokens = house.tokens("staff", "dsl", "deputy_dsl", "technician")
        port = house.service.port

        def ask(number):
            return request(
                "POST", "/v1/incidents", tokens[number % len(tokens)], report("Overload"))

        Crowd(port, 32, ask).run(3)
        peak, size = 0, 0
        for count in (16, 32, 64, 128):
            goodput = Crowd(port, count, ask).run(seconds / 2).statuses[201] / (seconds / 2)
            peak, size = max((peak, size), (goodput, count))
        # As many as could ever be waited for, and more; none waits for another's answer.
        crowd = Crowd(port, 3000, ask, rate=3 * peak, patience=12).run(seconds)
        house.service.well()
        # The same by clients who come again at once, and never rest.
        closed = Crowd(port, 3 * size, ask).run(seconds)
    within = sum(1 for t in crowd.times[201])
    goodput, offered = within / seconds, (crowd.begun + crowd.unsent) / seconds
    refused = {s: n for s, n in sorted(crowd.statuses.items()) if s != 201}
    told = (f"peak {peak:.0f} reports/s with {size} clients; offered {offered:.0f}/s "
            f"({offered / peak:.1f} times): goodput {goodput:.0f}/s "
            f"({100 * goodput / peak:.0f} %), p99 {crowd.percentile(0.99, 201):.0f} ms; refused "
            f"{refused}, half of them within {crowd.percentile(0.5, 503):.0f} ms, "
            f"{crowd.without_retry_after} without Retry-After; lost {crowd.lost}; not sent "
            f"{crowd.unsent}; {3 * size} clients without rest "
            f"{100 * closed.statuses[201] / seconds / peak:.0f} %")
    assert set(crowd.statuses) <= {201, 503, 429} and not crowd.without_retry_after, told
    assert goodput >= 0.9 * peak, told
    return told
