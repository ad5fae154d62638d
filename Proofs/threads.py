"""The thread sanitizer over the whole suite."""

import os
import re
import subprocess
import tempfile

from service import ROOT


def prove(quick):
    """Only the reports are counted: whether the tests pass is for Scripts/test to say, and some
    measure times, which are longer here."""
    with tempfile.NamedTemporaryFile("w+", prefix="rowan-prove.", errors="replace") as log:
        environment = os.environ | {
            "SWIFT_BACKTRACE": "enable=no",
            "TSAN_OPTIONS": f"suppressions={ROOT}/Proofs/threads.suppressions"}
        words = [ROOT + "/Scripts/test", "--sanitize=thread", "--scratch-path", ".build/thread"]
        if quick:
            words += ["--filter", "EventLoopTests|HTTPTests|PostgresTests"]
        subprocess.run(words, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT,
                       timeout=3000)
        log.seek(0)
        output = log.read()
    tests = re.findall(r"Test run with (\d+) tests", output)
    reports = output.count("WARNING: ThreadSanitizer")
    assert tests, "the tests did not run: " + output[-1500:]
    told = f"thread sanitizer: {tests[-1]} tests, reports {reports}"
    assert reports == 0, told + "\n" + output[output.index("WARNING: ThreadSanitizer"):][:3000]
    return told
