"""Measures what the dashboard costs at 200x50: bytes, CPU of the screen, and how soon it answers a key.

Usage: screen.py --program .build-release/release/ticktop [--seconds 20]

btop and htop run at the same time where they are installed, so that all are disturbed alike. CPU and times belong to
the machine and its load; read them against the peers'. Bytes are the program's own. The terminal answers what it is
asked (`ESC [ 5 n`), as terminals do.
"""
import argparse
import fcntl
import glob
import json
import os
import pty
import select
import shutil
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time

COLUMNS, ROWS = 200, 50
GAP = 0.02  # Silence that ends a frame.


class Terminal:
    """A program in a terminal of its own; notes when which bytes came."""

    def __init__(self, command, environment, directory):
        self.started = time.monotonic()
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
            os.chdir(directory)
            os.execvpe(command[0], command, environment)

    def take(self):
        """What is there, as (moment, bytes); `None` when nothing is."""
        if not select.select([self.master], [], [], 0)[0]:
            return None
        try:
            data = os.read(self.master, 65536)
        except OSError:
            return None
        questions = data.count(b"\x1b[5n")
        if questions:
            os.write(self.master, b"\x1b[0n" * questions)
        # The question itself is counted: it is sent.
        return (time.monotonic(), len(data), data) if data else None

    def read(self, seconds):
        return read_all([self], seconds)[0]

    def press(self, key):
        os.write(self.master, key)
        return time.monotonic()

    def cpu(self, thread_only):
        """Seconds on a CPU: of the first thread, which is the screen's, or of all."""
        threads = [self.pid] if thread_only else [int(p.split("/")[4]) for p in glob.glob(f"/proc/{self.pid}/task/*")]
        total = 0
        for thread in threads:
            try:
                total += int(open(f"/proc/{self.pid}/task/{thread}/schedstat").read().split()[0])
            except FileNotFoundError:
                pass
        return total / 1e9

    def end(self):
        try:
            os.kill(self.pid, signal.SIGTERM)
            self.read(2)
            os.waitpid(self.pid, 0)
        except (ProcessLookupError, ChildProcessError):
            pass
        os.close(self.master)


def read_all(terminals, seconds):
    """For each terminal what comes within the time."""
    chunks = [[] for _ in terminals]
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        ready = select.select([t.master for t in terminals], [], [], left)[0]
        for terminal, found in zip(terminals, chunks):
            if terminal.master in ready and (chunk := terminal.take()):
                found.append(chunk)
            elif terminal.master in ready:
                return chunks
    return chunks


def frames(chunks):
    sizes, last = [], None
    for moment, count, _ in chunks:
        if last is None or moment - last > GAP:
            sizes.append(0)
        sizes[-1] += count
        last = moment
    return sizes


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] if values else None


def latencies(terminal, keys, count=150):
    """Milliseconds from a key to the first byte after it, pressed at uneven moments."""
    found = []
    for index in range(count):
        terminal.read(0.05 + index % 7 * 0.01)
        while terminal.take():
            pass
        pressed = terminal.press(keys[index % len(keys)])
        deadline = pressed + 0.5
        while time.monotonic() < deadline:
            if select.select([terminal.master], [], [], deadline - time.monotonic())[0]:
                found.append((time.monotonic() - pressed) * 1000)
                break
    return found


def moves(terminal, keys, count=40):
    """Bytes that follow each press within 60 ms."""
    sizes = []
    for index in range(count):
        terminal.read(0.11)
        terminal.press(keys[index % len(keys)])
        sizes.append(sum(size for _, size, _ in terminal.read(0.06)))
    return sizes


def measure_together(programs, seconds):
    """(name, terminal, whether the screen has a thread of its own) -> CPU and bytes of each, over the same time."""
    terminals = [terminal for _, terminal, _ in programs]
    read_all(terminals, 5)
    before = [terminal.cpu(own) for _, terminal, own in programs]
    at = time.monotonic()
    chunks = read_all(terminals, seconds)
    span = time.monotonic() - at
    results = {}
    for (name, terminal, own), first, found in zip(programs, before, chunks):
        sizes = frames(found)
        results[name] = {
            "cpu_percent": round(100 * (terminal.cpu(own) - first) / span, 3),
            "frames_per_second": round(len(sizes) / span, 1),
            "bytes_per_frame": percentile(sizes, 0.5),
            "bytes_per_second": round(sum(sizes) / span),
        }
    return results


def first_paints(command, environment, directory, count=7):
    """Milliseconds from exec to the first byte, and to a screen with its header on it."""
    first, painted = [], []
    for turn in range(count):
        terminal = Terminal(command + ["--store", f"{directory}/start-{turn}"], environment, directory)
        data, moments = b"", []
        while b"DEMO" not in data and time.monotonic() - terminal.started < 5:
            for moment, _, chunk in terminal.read(0.02):
                moments.append(moment)
                data += chunk
        first.append((moments[0] - terminal.started) * 1000)
        painted.append((moments[-1] - terminal.started) * 1000)
        terminal.end()
    return round(statistics.median(first), 1), round(statistics.median(painted), 1)


def keys_of(terminal, keys):
    found = latencies(terminal, keys)
    return {"key_ms_p50": round(percentile(found, 0.5), 2), "key_ms_p99": round(percentile(found, 0.99), 2)}


def frozen_moves(terminal):
    """Frozen, so that only the key changes the screen; in the list of anomalies, then in the quotes, whose chart and
    figures follow the cursor."""
    results = {}
    for name, pane in (("bytes_per_move", b"5"), ("bytes_per_ticker", b"1")):
        terminal.press(b" ")
        terminal.press(pane)
        terminal.read(1)
        results[name] = percentile(moves(terminal, [b"j", b"k"]), 0.5)
        terminal.press(b" ")
    return results


def closed_market(program, environment, directory, seconds):
    """Bytes a second of a screen on whose market nothing happens: a provider that sends next to nothing."""
    provider = subprocess.Popen(
        [program, "simulate", "--rate", "0.001", "--tickers", "5"], env=environment, cwd=directory,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    address = None
    for line in provider.stdout:
        words = [word.strip("\",") for word in line.replace('"', " ").split() if word.startswith("ws://")]
        if words:
            address = words[0]
            break
    if address is None:
        provider.kill()
        return None
    terminal = Terminal(
        [program, "--feed", "massive", "--url", address, "--port", "0", "--store", directory + "/closed"],
        environment | {"MASSIVE_API_KEY": "any", "TICKTOP_NEWS_PROVIDER": "off"}, directory)
    terminal.read(8)
    rate = sum(size for _, size, _ in terminal.read(seconds)) / seconds
    terminal.end()
    provider.terminate()
    provider.wait()
    return round(rate)


def judge(results):
    """Each budget with its figure; times and CPU also pass against the peers of the same run."""
    ours, busy = results["ticktop"], results["ticktop at 10 000/s"]
    btop, htop = results.get("btop", {}), results.get("htop", {})
    rows = [
        ("CPU %, 1 000/s, 10 frames/s", ours["cpu_percent"], 1.5),
        ("  times btop's", round(ours["cpu_percent"] / btop["cpu_percent"], 2) if btop else None, 2.5),
        ("bytes a frame", ours["bytes_per_frame"], 3500),
        ("bytes of a cursor's move", ours["bytes_per_move"], 600),
        ("key to byte p50 ms, 10 000/s", busy["key_ms_p50"], 5),
        ("key to byte p99 ms, 10 000/s", busy["key_ms_p99"], max(20, 2 * htop.get("key_ms_p99", 0))),
        ("first paint ms", ours["first_paint_ms"], 150),
        ("bytes/s, closed market", ours["closed_bytes_per_second"], 200),
    ]
    missed = False
    for name, value, most in rows:
        isMissed = value is None or value > most
        missed |= isMissed and "bytes" in name
        print(f"  {name:32} {value!s:>8}   at most {most:g}{'   MISSED' if isMissed else ''}")
    return missed


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--program", required=True)
    arguments.add_argument("--seconds", type=float, default=20)
    arguments.add_argument("--json", action="store_true", help="print every figure as JSON, too")
    arguments = arguments.parse_args()
    program = os.path.abspath(arguments.program)
    with tempfile.TemporaryDirectory() as directory:
        environment = {
            "HOME": directory, "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "TERM": "xterm-256color",
            "TICKTOP_FEED_EVENTS_PER_SECOND": "1000",
            # So that there are anomalies to walk through.
            "TICKTOP_RULES_VELOCITY_PERCENT": "0.01",
        }
        ours = Terminal([program, "--port", "0"], environment, directory)
        peers = [(name, Terminal([name], environment, directory), False) for name in ("btop", "htop") if shutil.which(name)]
        results = measure_together([("ticktop", ours, True)] + peers, arguments.seconds)
        for name, terminal, _ in peers:
            results[name] |= keys_of(terminal, [b"\x1b[B", b"\x1b[A"])
            results[name]["bytes_per_move"] = percentile(moves(terminal, [b"\x1b[B", b"\x1b[A"]), 0.5)
            terminal.end()
        results["ticktop"] |= keys_of(ours, [b"j", b"k"]) | frozen_moves(ours)
        ours.end()
        busy = Terminal(
            [program, "--port", "0", "--store", directory + "/busy"],
            environment | {"TICKTOP_FEED_EVENTS_PER_SECOND": "10000"}, directory)
        results |= measure_together([("ticktop at 10 000/s", busy, True)], 5)
        results["ticktop at 10 000/s"] |= keys_of(busy, [b"j", b"k"])
        busy.end()
        first, painted = first_paints([program, "--port", "0"], environment, directory)
        results["ticktop"] |= {"first_byte_ms": first, "first_paint_ms": painted}
        results["ticktop"]["closed_bytes_per_second"] = closed_market(
            program, environment, directory, arguments.seconds)
    for name, result in results.items():
        print(f"{name}: " + ", ".join(f"{key} {value}" for key, value in result.items()))
    if arguments.json:
        print(json.dumps(results))
    # Only bytes are the same on every machine.
    sys.exit(judge(results))


if __name__ == "__main__":
    main()
