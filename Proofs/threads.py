"""The thread sanitizer over the whole suite, and over every process that it starts."""

import glob
import os
import re
import shutil
import signal
import subprocess
import tempfile

from service import ROOT

TOO_LONG = 25 * 60


def run(words, environment, output):
    """In a session of its own, which is ended as a whole when it takes too long."""
    process = subprocess.Popen(words, cwd=ROOT, env=environment, stdout=output,
                               stderr=subprocess.STDOUT, start_new_session=True)
    try:
        process.wait(timeout=TOO_LONG)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait()


def prove(quick):
    """Only the reports are counted: whether the tests pass is for Scripts/test to say, and some
    measure times, which are longer here. They lie beside the output, because a service that is
    tested writes its log there, and its exit status stays its own. Where the symbolizer is must be
    said, because it has no PATH either, and what is left out is left out by its name."""
    symbolizer = shutil.which("llvm-symbolizer")
    assert symbolizer, "llvm-symbolizer is missing: it comes with Swift"
    with tempfile.TemporaryDirectory(prefix="rowan-prove.") as folder:
        environment = os.environ | {
            "SWIFT_BACKTRACE": "enable=no",
            "TSAN_OPTIONS": f"suppressions={ROOT}/Proofs/threads.suppressions:exitcode=0:"
                            f"log_path={folder}/report:external_symbolizer_path={symbolizer}"}
        words = [ROOT + "/Scripts/test", "--sanitize=thread", "--scratch-path", ".build/thread"]
        if quick:
            words += ["--filter", "EventLoopTests|HTTPTests|PostgresTests"]
        with open(folder + "/output", "w+", errors="replace") as log:
            run(words, environment, log)
            log.seek(0)
            output = log.read()
        reports = "".join(open(path, errors="replace").read()
                          for path in glob.glob(folder + "/report.*"))
    tests = re.findall(r"Test run with (\d+) tests", output)
    count = reports.count("WARNING: ThreadSanitizer")
    assert tests, "the tests did not run: " + output[-1500:]
    told = f"thread sanitizer: {tests[-1]} tests, reports {count}"
    assert count == 0, told + "\n" + reports[:3000]
    return told
