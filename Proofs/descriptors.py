"""The process may open no more files, for a while."""

import socket
import time

from client import Client, report
from service import House


def prove(quick):
    seconds = 3 if quick else 10
    with House(descriptors=96) as house:
        service, token = house.service, house.tokens("staff")[0]
        before = service.open_files
        crowd = [socket.create_connection(("127.0.0.1", service.port), 5) for _ in range(300)]
        time.sleep(1)
        held, used = service.open_files, service.cpu
        time.sleep(seconds)
        cpu = 100 * (service.cpu - used) / seconds
        assert service.process.poll() is None, "it crashed"
        for client in crowd:
            client.close()
        begin = time.monotonic()
        service.well()
        status = Client(service.port, token).post("/v1/incidents", report("Again"))[0]
        well = time.monotonic() - begin
        time.sleep(1)
        after = service.open_files
    told = (f"96 descriptors, 300 clients: {held} open, crashes 0, CPU {cpu:.1f} %, then well in "
            f"{1000 * well:.0f} ms (a report: {status}), open before {before}, after {after}")
    assert held >= 90 and cpu < 20 and status == 201 and well < 3, told
    return told
