"""Measures the side port while a provider sends 50 000 events a second, beside a bare Hummingbird route under the same load.

Usage: api.py --ticktop .build-release/release/ticktop --bare .build-release/release/ticktop-bare-route [--rate N] [--seconds N]
              [--rounds N]

A run starts `ticktop simulate`, `ticktop serve` on its feed and `ticktop-bare-route`. Then, round by round:
  1. wrk on the bare route and on /quotes/AAPL, one after the other (which goes first alternates): requests a second;
  2. wrk at half of what /quotes/AAPL took, its clients pausing between requests: the 99th percentile of its latency;
  3. four clients that read the longest lists of the history without a pause, alone and then beside wrk on /quotes/AAPL;
  4. an empty loop of another program, at nice 19, which asks for nothing: what any use of a processor costs on this machine;
  5. the engine's receive to applied and the store's commits, from the histograms of /metrics, over each of these spans and over
     one with no request; 99th percentiles of all rounds together, interpolated within a bucket as Prometheus does.

Requests a second are compared within a round: on a machine with other work a round is the smallest fair unit. `--only history` leaves
out 1, 2 and the last part of 3, and makes 4; `--rounds 2 --seconds 5` takes a minute and a half."""

import argparse
import json
import os
import pathlib
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

SCAN = """
local paths = {"/api/v1/ticks/AAPL?limit=1000", "/anomalies?hours=168", "/api/v1/aggregated/NVDA?window=1s&limit=1000",
  "/api/v1/indicators/MSFT?interval=1m&limit=1000", "/api/v1/ticks/TSLA?limit=1000", "/api/v1/predictions/AMZN"}
local turn = 0
function request()
  turn = turn + 1
  local path = paths[turn % #paths + 1]
  -- A parameter that nobody knows keeps the answer from being one that is kept.
  return wrk.format("GET", path .. (path:find("?") and "&" or "?") .. "turn=" .. turn)
end
"""

HALF = """
local pause = tonumber(os.getenv("PAUSE"))
function delay() return pause end
"""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--ticktop", required=True, type=os.path.abspath)
    parser.add_argument("--bare", required=True, type=os.path.abspath)
    parser.add_argument("--rate", type=int, default=50_000)
    parser.add_argument("--seconds", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", choices=["history"])
    options = parser.parse_args()
    for path in (options.ticktop, options.bare):
        if not os.access(path, os.X_OK):
            sys.exit(f"{path} is not there: build it first")
    with tempfile.TemporaryDirectory() as scratch, Instance(options, pathlib.Path(scratch)) as instance:
        measure(instance, options)


class Instance:
    """The provider, ticktop on its feed, and the bare route."""

    def __init__(self, options, scratch):
        self.options, self.scratch, self.processes = options, scratch, []

    def __enter__(self):
        try:
            return self.start()
        except BaseException:
            self.__exit__()
            raise

    def start(self):
        options = self.options
        provider = self.run([options.ticktop, "simulate", "--rate", options.rate, "--tickers", 5, "--seed", 1])
        feed = json.loads(provider.stdout.readline())["port"]
        self.serve = self.run(
            [options.ticktop, "serve", "--feed", "massive", "--url", f"ws://127.0.0.1:{feed}/stocks", "--port", 0,
             "--store", self.scratch / "store"],
            MASSIVE_API_KEY="any", TICKTOP_NEWS_PROVIDER="off", TICKTOP_API_REQUESTS_PER_MINUTE_MAX="0")
        self.address = self.wait_for_address()
        self.bare = f"http://127.0.0.1:{free_port()}"
        self.run([options.bare, self.bare.rsplit(":")[-1]])
        for url in (f"{self.bare}/quotes/AAPL", f"{self.address}/quotes/AAPL"):
            wait(lambda: b'"price":2' in get(url) or b'"price":1' in get(url), url)
        return self

    def run(self, command, **environment):
        process = subprocess.Popen(
            [str(part) for part in command], cwd=self.scratch, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            env={"HOME": str(self.scratch), "PATH": os.environ["PATH"], "SWIFT_BACKTRACE": "enable=no", **environment})
        self.processes.append(process)
        return process

    def wait_for_address(self):
        lock = self.scratch / "store/lock"
        wait(lambda: lock.exists() and b"apiAddress" in lock.read_bytes(), "the side port")
        return json.loads(lock.read_text())["apiAddress"]

    def resident_mib(self):
        return int(pathlib.Path(f"/proc/{self.serve.pid}/statm").read_text().split()[1]) * 4096 / 2**20

    def __exit__(self, *_):
        for process in reversed(self.processes):
            process.send_signal(signal.SIGTERM)
        for process in self.processes:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def free_port():
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def get(url, timeout=10):
    try:
        with urllib.request.urlopen(url, timeout=timeout) as answer:
            return answer.read()
    except OSError:
        return b""


def wait(condition, what, seconds=120):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            sys.exit(f"waited {seconds} s for {what}")
        time.sleep(0.2)


class Applied:
    """Receive to applied over a span: the difference of two readings of the histogram."""

    def __init__(self, address):
        self.address = address
        self.before = self.read()

    def read(self):
        text = get(f"{self.address}/metrics").decode()
        edges = lambda name: [(float(edge), float(count)) for edge, count in re.findall(
            r'ticktop_%s_seconds_bucket\{le="([^"]+)"\} (\S+)' % name, text)]
        received = re.findall(r"ticktop_tick_messages_received_total\{[^}]*\} (\S+)", text)
        shed = re.findall(r'ticktop_tick_messages_total\{source="[a-z]+",class="shed"\} (\S+)', text)
        return {
            "at": time.monotonic(),
            "applied": edges("processing_latency"),
            "commits": edges("storage_write_latency"),
            "received": sum(map(float, received)),
            "shed": sum(map(float, shed)),
            "wal": float(re.search(r"^ticktop_store_wal_bytes (\S+)", text, re.MULTILINE)[1]),
        }

    def since(self):
        now = self.read()
        counts = self.counts("applied", now)
        return {
            "applied": counts,
            "commits": self.counts("commits", now),
            "walMiB": now["wal"] / 2**20,
            "events_per_second": (now["received"] - self.before["received"]) / (now["at"] - self.before["at"]),
            "shed": now["shed"] - self.before["shed"],
        }


    def counts(self, name, now):
        return [(edge, count - old) for (edge, count), (_, old) in zip(now[name], self.before[name])]


def p99(counts):
    """In milliseconds, interpolated between the edges of its bucket."""
    wanted, below, last = 0.99 * counts[-1][1], 0, 0.0
    for edge, count in counts:
        if count >= wanted:
            share = (wanted - below) / (count - below) if count > below else 1
            return (last + (edge - last) * share if edge != float("inf") else last) * 1000
        below, last = count, edge


def summed(histograms):
    return [(rows[0][0], sum(count for _, count in rows)) for rows in zip(*histograms)]


def wrk(url, seconds, connections=32, pause=None, scratch=None, script=None, threads=2):
    command = ["wrk", "-t", str(threads), "-c", str(connections), "-d", f"{seconds}s", "--latency"]
    environment = dict(os.environ)
    if pause is not None:
        script = HALF
        environment["PAUSE"] = str(pause)
    if script is not None:
        path = scratch / f"{hash(script)}.lua"
        path.write_text(script)
        command += ["-s", str(path)]
    done = subprocess.run([*command, url], capture_output=True, text=True, env=environment, check=True)
    errors = re.search(r"Non-2xx or 3xx responses: (\d+)", done.stdout)
    if errors:
        sys.exit(f"{url}: {errors[1]} refused")
    spans = {name: value for name, value in re.findall(r"^\s+(50|75|90|99)%\s+(\S+)", done.stdout, re.MULTILINE)}
    return {
        "per_second": float(re.search(r"Requests/sec:\s+(\S+)", done.stdout)[1]),
        "p50_ms": milliseconds(spans["50"]),
        "p99_ms": milliseconds(spans["99"]),
    }


def milliseconds(text):
    for unit, factor in (("us", 1e-3), ("ms", 1), ("s", 1e3)):
        if text.endswith(unit):
            return float(text[: -len(unit)]) * factor
    raise ValueError(text)


def engine_line(name, spans):
    applied, commits = summed([span["applied"] for span in spans]), summed([span["commits"] for span in spans])
    within = next(count for limit, count in applied if limit == 0.01) / max(1, applied[-1][1])
    print(f"  {name:22} applied p99 {p99(applied):.2f} ms, {within:.4%} within 10 ms; {commits[-1][1]:.0f} commits, p99 {p99(commits):.1f} ms; "
          f"{statistics.median(span['events_per_second'] for span in spans):.0f} events/s, {sum(span['shed'] for span in spans):.0f} shed, "
          f"WAL at most {max(span['walMiB'] for span in spans):.0f} MiB", flush=True)
    return p99(applied), p99(commits)


def measure(instance, options):
    quote, bare = f"{instance.address}/quotes/AAPL", f"{instance.bare}/quotes/AAPL"
    time.sleep(5)
    ratios, ours, halves, scans, beside, spans = [], [], [], [], [], {}

    def watched(name, body):
        applied = Applied(instance.address)
        result = body()
        spans.setdefault(name, []).append(applied.since())
        return result

    def beside_loop():
        loop = subprocess.Popen(["nice", "-n", "19", sys.executable, "-c", "while True: pass"])
        try:
            time.sleep(options.seconds)
        finally:
            loop.kill()
            loop.wait()

    def scanning(seconds):
        return wrk(instance.address, seconds, 4, scratch=instance.scratch, script=SCAN, threads=1)

    for turn in range(options.rounds):
        watched("no requests", lambda: time.sleep(options.seconds))
        scans.append(watched("history reads", lambda: scanning(options.seconds)))
        if options.only == "history":
            watched("an empty loop beside", beside_loop)
            continue
        names = ["bare", "ticktop"] if turn % 2 == 0 else ["ticktop", "bare"]
        taken = {}
        for name in names:
            url = bare if name == "bare" else quote
            taken[name] = watched(f"wrk on {name}", lambda: wrk(url, options.seconds))
        most = taken["ticktop"]["per_second"]
        connections = 32
        pause = max(1, round(1000 * connections / (most / 2) - taken["ticktop"]["p50_ms"] / 4))
        half = watched("wrk at half load", lambda: wrk(quote, options.seconds, connections, pause, instance.scratch))
        reader = threading.Thread(target=scanning, args=(options.seconds + 1,))
        reader.start()
        beside.append(watched("history reads and wrk", lambda: wrk(quote, options.seconds)))
        reader.join()
        ratios.append(most / taken["bare"]["per_second"])
        ours.append(most)
        halves.append(half)
        print(f"round {turn + 1}: {most:.0f} requests/s, bare {taken['bare']['per_second']:.0f}, ratio {ratios[-1]:.2f}; "
              f"at {half['per_second']:.0f}/s p99 {half['p99_ms']:.2f} ms", flush=True)
    if ratios:
        print(f"requests a second: {statistics.median(ours):.0f}, {statistics.median(ratios):.2f} of a bare route "
              f"({min(ratios):.2f} to {max(ratios):.2f}; asked: 0.8)")
        print(f"at half load ({statistics.median(h['per_second'] for h in halves):.0f}/s): p99 "
              f"{statistics.median(h['p99_ms'] for h in halves):.2f} ms "
              f"({min(h['p99_ms'] for h in halves):.2f} to {max(h['p99_ms'] for h in halves):.2f}; asked: below 5)")
        print(f"beside scans of the history: {statistics.median(s['per_second'] for s in beside):.0f} requests/s")
    print(f"four clients read {statistics.median(s['per_second'] for s in scans):.0f} long lists a second")
    figures = {name: engine_line(name, found) for name, found in spans.items()}
    for name in ("history reads", "an empty loop beside"):
        if name in figures:
            applied, commits = (after / before for after, before in zip(figures[name], figures["no requests"]))
            print(f"{name}: applied p99 {applied:.2f} times as without, commit p99 {commits:.2f} times (asked of reads: unchanged, at most 1.5)")
    print(f"memory: {instance.resident_mib():.0f} MiB")


main()
