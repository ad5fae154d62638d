"""libFuzzer with the address sanitizer, on everything that reads what strangers send."""

import glob
import os
import re
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor

from service import ROOT

FOLDER = ROOT + "/.build/fuzz"
SANITIZED = ["-sanitize=fuzzer,address", "-parse-as-library"]
MODULES = ["OnlineSafety", "HTTP", "Postgres", "OpenAPI", "JSON", "Crypto", "EventLoop", "Bytes"]
ENVIRONMENT = os.environ | {"SWIFT_BACKTRACE": "enable=no"}

SEEDS = {
    "Head": [
        b"GET /a%20b?c=%C3%A9 HTTP/1.1\r\nHost: [::1]:80\r\nA: b, \tc\r\n\r\n",
        b"POST http://a:8/b HTTP/1.1\r\nhost: a\r\nContent-Length: 5\r\n\r\nhello",
        b"PUT /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"3;a=\"b\";c\r\nabc\r\nA\r\n0123456789\r\n0\r\nA: b\r\n\r\n",
        b"OPTIONS * HTTP/1.0\r\nHost: a\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n",
    ],
    "Chunks": [b"!3;a=\"b\";c\r\nabc\r\nA\r\n0123456789\r\n0\r\nA: b\r\n\r\n", b"x0\r\n\r\n"],
    "Documents": [
        b'{"a":[1,-2.5e10,true,null,"\\u00e9\\ud83d\\ude00\\n"],"b":{"c":{}}}', b'[[[]],"",0]',
    ],
    "Cursors": [b"AQIDBAUGBwgJCgsMDQ4PEBESExQV", b"cursor=a%20b&sort=-id&x=%C3%A9"],
    "Reports": [
        b'{"matter":"event","is_child_at_risk":true,"types":["grooming"],"intent":"unknown",'
        b'"channel":"verbal","locations":["outside_school"],"location_detail":"a",'
        b'"occurred_on":"2026-11-20","occurred_time":"12:30","occurred_until":"2026-11-21",'
        b'"occurred_note":"b","is_approximate":true,"known_at":"2026-11-20T12:30:00Z"}',
        b'{"people":[{"group":"child","name":"Robin","contact":"c","detail":"d","part":"target",'
        b'"person_id":"0197a1b2-0000-7000-8000-000000000001"}],"social_media":["e"],'
        b'"evidence":"data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAUAAAAF","spoken_for":"f",'
        b'"signed_name":"g","completed_on":"2026-02-29","other_breach":"h","x~1/y":[null],'
        b'"\xcc\x81z":0}',
    ],
}


def build(folder):
    """The libraries once, with the sanitizers in them, and a program for each reader."""
    words = ["swift", "build", "-c", "release", "--scratch-path", FOLDER, "--target",
             "OnlineSafety", "-Xswiftc", "-enable-testing"]
    for option in SANITIZED:
        words += ["-Xswiftc", option]
    subprocess.run(words, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    built = FOLDER + "/release"
    # Those of a file that is gone stay behind.
    objects = [f"{built}/{module}.build/{os.path.basename(file)}.o" for module in MODULES
               for file in glob.glob(f"{ROOT}/Sources/{module}/**/*.swift", recursive=True)]
    maps = [f"-fmodule-map-file={ROOT}/Sources/{name}/module.modulemap"
            for name in ("CLibpq", "CCrypto", "CLinux")]
    for name in SEEDS:
        done = subprocess.run(
            ["swiftc", "-O", *SANITIZED, "-swift-version", "6", "-I", built + "/Modules",
             *[w for m in maps for w in ("-Xcc", m)],
             f"{ROOT}/Proofs/Fuzz/{name}.swift", *objects, "-lpq", "-lcrypto",
             "-o", f"{folder}/{name}"], cwd=ROOT, capture_output=True, text=True)
        # The linker warns of every symbol of the sanitizer's.
        told = [line for line in (done.stdout + done.stderr).split("\n") if "warning" not in line]
        assert done.returncode == 0, "\n".join(told)[:3000]


def run(folder, name, seconds):
    """Executions, edges, and whether it crashed."""
    corpus = f"{folder}/{name}.corpus"
    os.mkdir(corpus)
    for number, seed in enumerate(SEEDS[name]):
        with open(f"{corpus}/{number}", "wb") as file:
            file.write(seed)
    done = subprocess.run(
        [f"{folder}/{name}", corpus, f"-max_total_time={seconds}", "-max_len=1500", "-timeout=5",
         "-rss_limit_mb=1024", "-print_final_stats=1", "-seed=1", f"-artifact_prefix={folder}/"],
        capture_output=True, text=True, errors="replace", timeout=seconds + 120, env=ENVIRONMENT)
    executions = re.search(r"stat::number_of_executed_units:\s*(\d+)", done.stderr)
    edges = re.findall(r"cov: (\d+)", done.stderr)
    if done.returncode != 0 or not executions or not edges:
        # What it says of its way is long.
        told = [line for line in done.stderr.split("\n") if not re.match(r"#\d+\t|\t", line)]
        inputs = [repr(open(path, "rb").read()) for path in glob.glob(f"{folder}/*-" + "?" * 40)]
        raise AssertionError("\n".join([name, *inputs, *told])[:8000])
    return int(executions[1]), int(edges[-1])


def prove(quick):
    seconds = 20 if quick else 300
    words = {"Head": "head reader", "Chunks": "chunk decoder", "Documents": "JSON reader",
             "Cursors": "cursor reader", "Reports": "report reader"}
    with tempfile.TemporaryDirectory(prefix="rowan-prove.") as folder:
        build(folder)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            found = pool.map(lambda name: run(folder, name, seconds), words)
            parts = [f"{words[name]} {executions} executions, {edges} edges"
                     for name, (executions, edges) in zip(words, found)]
    return f"libFuzzer, {seconds} s each: {'; '.join(parts)}; crashes 0"
