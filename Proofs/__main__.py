"""Runs one proof and prints its line; see Docs/Proofs.md."""

import importlib
import signal
import sys
import time
import traceback


def main(name, quick):
    begin = time.monotonic()
    try:
        words, status = importlib.import_module(name).prove(quick), 0
    except AssertionError as failure:
        words, status = f"FAILED: {failure}", 1
    except Exception as failure:
        traceback.print_exc()
        words, status = f"NOT DONE: {failure}", 1
    print(f"{name:<12}{words}  ({time.monotonic() - begin:.0f} s)", flush=True)
    return status


# As an exception, so that what was started ends and what was made is removed.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
sys.exit(main(sys.argv[1], "quick" in sys.argv[2:]))
