"""Measures ticktop against its peers on the same files in one run, and prints medians and ratios.

Usage: bench.py --program .build-release/release/ticktop-bench [--events N] [--runs N]

Every figure is a ratio taken in this run: absolute numbers belong to the machine, ratios to the program. It ends with a
table of what the issues ask and what was measured.
"""
import argparse
import json
import pathlib
import socket
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).parent
PEERS = {
    "python+orjson": ("peers/orjson_loop.py", 10),
    "csp": ("peers/csp_stream.py", 16),
    "polars": ("peers/polars_batch.py", 6),
}


VERDICTS = []
# Every ticker of any activity has come by then, and the first forests have been grown.
WARM_MINUTES = 3


def judge(what, measured, asked, at_most=False):
    """Keeps a figure for the table at the end."""
    VERDICTS.append((what, measured, asked, at_most))


def print_verdicts():
    print(f"\n{'':62} {'measured':>9}  asked")
    for what, measured, asked, at_most in VERDICTS:
        holds = round(measured, 3) <= asked if at_most else measured >= asked
        bound = f"at {'most' if at_most else 'least'} {asked}"
        print(f"{what:62} {measured:9.4g}  {bound}{'' if holds else '   MISSED'}")


def last_json(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def pinned(command):
    """On one core, so that nobody gains from a second."""
    return ["taskset", "-c", "0", *command]


def check_agreement(name, peer, ours):
    """Event counts, and per ticker the volume, the last price and the number of trades."""
    if peer["events"] != ours["events"]:
        sys.exit(f"{name} counts {peer['events']} events, ticktop {ours['events']}")
    if set(peer["tickers"]) != set(ours["tickers"]):
        sys.exit(f"{name} and ticktop name different tickers")
    for ticker, theirs in peer["tickers"].items():
        mine = ours["tickers"][ticker]
        for figure in ("volume", "last", "trades"):
            if abs(theirs[figure] - mine[figure]) > 1e-9 * max(1, abs(mine[figure])):
                sys.exit(f"{name}: {ticker} {figure} is {theirs[figure]}, ticktop says {mine[figure]}")


def compare(program, path, runs, peers, tickers):
    seconds = {name: [] for name in ["ticktop", *peers]}
    whole = []
    for turn in range(runs):
        ours = last_json(pinned([program, "windows", path]))
        seconds["ticktop"].append(ours["seconds"])
        whole.append(last_json(pinned([program, "engine", path]))["seconds"])
        for name in peers:
            peer = last_json(pinned([sys.executable, HERE / PEERS[name][0], path]))
            check_agreement(name, peer, ours)
            seconds[name].append(peer["seconds"])
    mine = statistics.median(seconds["ticktop"])
    events = ours["events"]
    print(f"  ticktop        {mine / events * 1e9:8.1f} ns/event")
    for name in peers:
        theirs = statistics.median(seconds[name])
        ratios = sorted(a / b for a, b in zip(seconds[name], seconds["ticktop"]))
        print(
            f"  {name:14} {theirs / events * 1e9:8.1f} ns/event   "
            f"{statistics.median(ratios):5.1f} times slower "
            f"({ratios[0]:.1f} to {ratios[-1]:.1f}; asked: {PEERS[name][1]})"
        )
        judge(f"windows, {tickers} tickers: times {name}", statistics.median(ratios), PEERS[name][1])
    loop = [a / b for a, b in zip(seconds["python+orjson"], whole)]
    print(
        f"  with bars, indicators, rules, feature rows and the join on, which no peer has: "
        f"{statistics.median(whole) / events * 1e9:.1f} ns/event, python+orjson {statistics.median(loop):.1f} times slower"
    )


def split(program, path, tickers):
    """Where an event's time goes as the product runs it, and what a ticker takes of memory."""
    found = last_json(pinned([program, "split", path]))
    parts = ", ".join(f"{name} {spent:.0f}" for name, spent in found["nanoseconds_per_event"].items())
    print(
        f"  ns/event by part: {parts}\n"
        f"  memory per ticker: {found['windows_bytes_per_ticker'] / 1024:.1f} KiB with windows alone, "
        f"{found['bytes_per_ticker'] / 1024:.1f} KiB with all but forests ({found['tickers']} tickers)\n"
        f"  snapshot {found['snapshot_milliseconds']:.1f} ms, again {found['snapshot_again_milliseconds']:.2f} ms; "
        f"copy of the state {found['copy_milliseconds']:.0f} ms, {found['copy_bytes'] / 2**20:.1f} MiB"
    )


def count_allocations(program, scratch, tickers):
    """Calls of malloc and its kin, from any code on the engine's thread, by minute of the file's time."""
    path = f"{scratch}/allocations.ndjson"
    subprocess.run(
        [sys.executable, HERE / "generate.py", "--events", "4500000", "--tickers", str(tickers), "--seed", "1",
         "--out", path],
        check=True,
    )
    found = last_json([program, "allocations", path])
    print(f"allocations an event, {tickers} tickers: in the first {WARM_MINUTES} minutes, and in those after them")
    for part, minutes in found.items():
        spans = minutes[:WARM_MINUTES], minutes[WARM_MINUTES:]
        warming, warm = (
            sum(minute["allocations"] for minute in span) / sum(minute["events"] for minute in span) for span in spans
        )
        episodes = sum(minute["episodes"] for minute in spans[1])
        print(f"  {part.replace('_', ' '):16} {warming:.5f} and {warm:.5f}, {episodes} rows of episodes among the latter")
        judge(f"{part.replace('_', ' ')}, {tickers} tickers: allocations an event", warm, 0, at_most=True)


def compare_sentiment(program, scratch, runs):
    """Both score the same headlines; the compounds have to add up to the same."""
    path = f"{scratch}/headlines.txt"
    subprocess.run(
        [sys.executable, HERE / "headlines.py", "--count", "10000", "--seed", "1", "--out", path], check=True)
    ours, ratios = [], []
    for _ in range(runs):
        mine = last_json(pinned([program, "sentiment", path]))
        theirs = last_json(pinned([sys.executable, HERE / "peers/vader.py", path]))
        if mine["texts"] != theirs["texts"] or abs(mine["compound_sum"] - theirs["compound_sum"]) > 1e-6:
            sys.exit(f"vaderSentiment and ticktop disagree: {theirs} {mine}")
        ours.append(mine["seconds"])
        ratios.append(theirs["seconds"] / mine["seconds"])
    print(
        f"sentiment: {statistics.median(ours) / mine['texts'] * 1e6:.2f} us a headline, "
        f"{statistics.median(ratios):.0f} times as fast as vaderSentiment "
        f"({min(ratios):.0f} to {max(ratios):.0f}; asked: 20)"
    )
    judge("sentiment: times vaderSentiment", statistics.median(ratios), 20)


def compare_indicators(program, scratch, runs):
    path = f"{scratch}/bars.bin"
    peer = HERE / "peers/talib_batch.py"
    subprocess.run([sys.executable, peer, "--make", path, "200000"], check=True)
    ours, closing, ratios = [], [], []
    for _ in range(runs):
        mine = last_json(pinned([program, "indicators", path]))
        theirs = last_json(pinned([sys.executable, peer, path]))
        if mine["bars"] != theirs["bars"] or set(mine["last"]) != set(theirs["last"]):
            sys.exit(f"TA-Lib and ticktop do not measure the same: {theirs} {mine}")
        for name, value in theirs["last"].items():
            if abs(mine["last"][name] - value) > 1e-9 * max(1, abs(value)):
                sys.exit(f"{name} is {value} in TA-Lib, ticktop says {mine['last'][name]}")
        closing.append(mine["close_nanoseconds_per_bar"])
        ours.append(mine["close_and_values_nanoseconds_per_bar"])
        ratios.append(mine["close_and_values_nanoseconds_per_bar"] / theirs["nanoseconds_per_bar"])
    print(
        f"indicators: {statistics.median(ours):.0f} ns a closed bar with all its values, "
        f"{statistics.median(ratios):.1f} times TA-Lib's batch ({min(ratios):.1f} to {max(ratios):.1f}; "
        f"asked: at most 3), {statistics.median(closing):.0f} ns to close it alone, "
        f"{mine['allocations_per_bar']:.4f} allocations a bar, "
        f"{mine['bytes_per_ticker']} bytes a ticker with all six intervals warm"
    )
    judge("indicators: of TA-Lib's time a point", statistics.median(ratios), 3, at_most=True)
    judge("indicators: allocations a bar", mine["allocations_per_bar"], 0, at_most=True)


def everything_on(program, scratch):
    """Forests on every trade, too, against the same loop on the same file, both past the first minutes' warm-up."""
    path = f"{scratch}/events-long.ndjson"
    subprocess.run(
        [sys.executable, HERE / "generate.py", "--events", "2400000", "--tickers", "5", "--seed", "1", "--out", path],
        check=True,
    )
    ratios = []
    for _ in range(3):
        ours = last_json(pinned([program, "everything", path]))
        theirs = last_json(pinned([sys.executable, HERE / "peers/orjson_loop.py", path]))
        mine = ours["seconds"] / ours["events"] * 1e9
        ratios.append(theirs["seconds"] / theirs["events"] * 1e9 / mine)
    print(
        f"everything on: {mine:.1f} ns/event, {100 * ours['judged_share']:.0f} % of the trades judged, "
        f"{ours['trainings']} trainings; python+orjson (windows alone) {statistics.median(ratios):.1f} times slower "
        f"({min(ratios):.1f} to {max(ratios):.1f}; asked: 2.5)"
    )
    judge("everything on: times python+orjson", statistics.median(ratios), 2.5)


def compare_forest(program):
    """Ours and scikit-learn's, both of 100 trees of 256 rows, in this run on one core."""
    forest = last_json(pinned([program, "forest"]))
    peer = last_json(pinned([sys.executable, HERE / "peers/sklearn_forest.py"]))
    print(
        f"forest: {forest['nanoseconds_per_score']:.0f} ns/score, {forest['nanoseconds_per_judgement']:.0f} "
        f"ns/judgement (with 500 forests, out of the cache, {forest['nanoseconds_per_score_of_many']:.0f} and "
        f"{forest['nanoseconds_per_judgement_of_many']:.0f} ns), {forest['nanoseconds_per_training'] / 1e6:.2f} ms/training, "
        f"{forest['allocations_per_event']:.4f} allocations; scikit-learn one by one "
        f"{peer['single'] / forest['nanoseconds_per_score']:.0f} times slower (asked: 1000), by thousands "
        f"{peer['batch'] / forest['nanoseconds_per_score']:.1f} times (asked: 4), fit "
        f"{peer['fit'] / forest['nanoseconds_per_training']:.0f} times"
    )
    judge("forest: times scikit-learn, one by one", peer["single"] / forest["nanoseconds_per_score"], 1000)
    judge("forest: times scikit-learn, by thousands", peer["batch"] / forest["nanoseconds_per_score"], 4)
    judge("forest: allocations an event", forest["allocations_per_event"], 0, at_most=True)


def compare_kafka(program, scratch, runs, events):
    """Consume, decode, windows, nothing stored, from the same topic: the rate per second of processor time."""
    path = f"{scratch}/kafka.ndjson"
    subprocess.run(
        [sys.executable, HERE / "generate.py", "--events", str(events), "--tickers", "50", "--seed", "1",
         "--out", path],
        check=True,
    )
    broker = next(pathlib.Path(sys.prefix).glob("lib/python3*/site-packages/noida_db/noida-db"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"127.0.0.1:{port}"
    running = subprocess.Popen(
        [broker, "start", "--data-dir", f"{scratch}/broker", "--only", "kafka", "--kafka-port", str(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        filled = last_json([program, "kafka-fill", path, address])
        measured = {"one core": [], "two cores": []}
        for _ in range(runs):
            for cores, pairs in measured.items():
                on = pinned if cores == "one core" else list
                mine = last_json(on([program, "kafka", address, str(filled["events"])]))
                peer = last_json(
                    on([sys.executable, HERE / "peers/kafka_consumer.py", address, str(filled["events"])]))
                check_agreement("confluent-kafka", peer, mine)
                pairs.append((mine["events"] / mine["cpu_seconds"], peer["events"] / peer["cpu_seconds"]))
    finally:
        running.terminate()
        running.wait()
    print(f"kafka: both took {mine['events']} events, and agree on volume and last price of each ticker:")
    figures = [f"{name} {known['volume']:.0f} {known['last']:.2f}" for name, known in sorted(peer["tickers"].items())]
    for first in range(0, len(figures), 5):
        print("  " + "; ".join(figures[first:first + 5]))
    for cores, pairs in measured.items():
        ratios = [ours / theirs for ours, theirs in pairs]
        print(
            f"kafka, each on {cores}: {statistics.median(ours for ours, _ in pairs):.0f} events a second of processor time "
            f"from the topic to the figures, {statistics.median(ratios):.1f} times confluent-kafka with the Python loop's "
            f"{statistics.median(theirs for _, theirs in pairs):.0f} ({min(ratios):.1f} to {max(ratios):.1f}; asked: 5, aim 10)"
        )
        judge(f"kafka: times confluent-kafka with the Python loop, {cores}", statistics.median(ratios), 5)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", choices=["kafka"])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        if options.only == "kafka":
            return compare_kafka(options.program, scratch, options.runs, 1_000_000)
        for tickers in (5, 8000):
            path = f"{scratch}/events-{tickers}.ndjson"
            subprocess.run(
                [sys.executable, HERE / "generate.py", "--events", str(options.events),
                 "--tickers", str(tickers), "--seed", "1", "--out", path],
                check=True,
            )
            print(
                f"parse, validate, windows (analytics.md section 2 in full after every trade; what lies beyond it "
                f"is off): {options.events} events, {tickers} tickers, one core"
            )
            peers = list(PEERS) if tickers == 5 else ["python+orjson", "polars"]
            compare(options.program, path, options.runs, peers, tickers)
            split(options.program, path, tickers)
            if tickers == 5:
                decode = last_json(pinned([options.program, "decode", path]))
                print(
                    f"decode: {decode['nanoseconds_per_event']:.1f} ns/event, "
                    f"{decode['ratio']:.0f} times as fast as JSONDecoder (asked: 25), "
                    f"{decode['allocations_per_event']:.4f} allocations an event"
                )
                judge("decode: times JSONDecoder", decode["ratio"], 25)
                judge("decode: allocations an event", decode["allocations_per_event"], 0, at_most=True)
        compare_sentiment(options.program, scratch, options.runs)
        compare_indicators(options.program, scratch, options.runs)
        everything_on(options.program, scratch)
        compare_forest(options.program)
        for tickers in (5, 8000):
            count_allocations(options.program, scratch, tickers)
        compare_kafka(options.program, scratch, options.runs, 1_000_000)
        durable = last_json([options.program, "store"])
        print(
            f"store: {durable['trades_per_second']:.0f} durable trades/s, "
            f"{durable['ratio']:.2f} of a bare sqlite3 insert loop (asked: 0.8)"
        )
        judge("store: durable trades, of a bare sqlite3 loop's rate", durable["ratio"], 0.8)
    print_verdicts()


main()
