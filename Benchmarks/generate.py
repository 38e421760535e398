#!/usr/bin/env python3
"""Writes the benchmarks' input: Massive JSON, one event a line, 80 % trades and 20 % quotes.

    generate.py --events 1000000 --tickers 5|8000 --seed 1 --out FILE

About 15 000 events a second of event time from 09:30 New York time on 2026-01-02. Up to ten tickers share the events
evenly; more share them by a Zipf law. Prices walk at random in cents, `q` rises per ticker, a third of the trades
carry conditions. Only Python's own generator is used, so that the same seed makes the same file everywhere.
"""
import argparse
import bisect
import itertools
import random

OPEN_MS = 1_767_364_200_000
EVENTS_PER_SECOND = 15_000
CONDITIONS = ["", "", "", "", "", "", "[37]", "[14]", "[14,41]", "[14,37,41]"]
NAMED = ["AAPL", "NVDA", "MSFT", "AMZN", "TSLA", "META", "GOOGL", "AMD", "NFLX", "INTC"]


def tickers(count):
    """The well-known names, then AAAA, AAAB and so on."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    rest = ("".join(name) for name in itertools.product(letters, repeat=4))
    unused = (name for name in rest if name not in NAMED)
    return list(itertools.islice(itertools.chain(NAMED, unused), count))


def write(out, events, count, seed):
    chance = random.Random(seed)
    names = tickers(count)
    weights = [1.0] * count if count <= len(NAMED) else [1 / rank for rank in range(1, count + 1)]
    cumulative = list(itertools.accumulate(weights))
    cents = [chance.randrange(2_000, 60_000) for _ in names]
    sequences = [chance.randrange(1_000, 100_000) for _ in names]
    exchanges = [4, 8, 10, 11, 12, 19, 20]
    lines = []
    for number in range(events):
        i = bisect.bisect_left(cumulative, chance.random() * cumulative[-1])
        cents[i] = max(100, cents[i] + chance.choice((-1, 0, 0, 0, 1)))
        sequences[i] += chance.randrange(1, 5)
        time = OPEN_MS + number * 1000 // EVENTS_PER_SECOND
        price = f"{cents[i] // 100}.{cents[i] % 100:02d}"
        exchange = chance.choice(exchanges)
        if chance.random() < 0.8:
            if chance.random() < 0.1:
                price += f"{chance.randrange(1, 100):02d}"
            size = chance.choice((1, 5, 10, 25, 50, 100, 100, 100, 200, 300, 500, 1000))
            listed = chance.choice(CONDITIONS)
            conditions = f'"c":{listed},' if listed else ""
            lines.append(
                f'{{"ev":"T","sym":"{names[i]}","i":"{number + 1}","x":{exchange},"p":{price},'
                f'"s":{size},{conditions}"t":{time},"q":{sequences[i]},"z":3}}\n'
            )
        else:
            ask = cents[i] + chance.randrange(1, 4)
            lines.append(
                f'{{"ev":"Q","sym":"{names[i]}","bx":{exchange},"bp":{price},"bs":{chance.randrange(1, 20)},'
                f'"ax":{chance.choice(exchanges)},"ap":{ask // 100}.{ask % 100:02d},"as":{chance.randrange(1, 20)},'
                f'"c":1,"t":{time},"q":{sequences[i]},"z":3}}\n'
            )
        if len(lines) == 10_000:
            out.writelines(lines)
            lines.clear()
    out.writelines(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--tickers", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    with open(options.out, "w", encoding="ascii", newline="\n") as out:
        write(out, options.events, options.tickers, options.seed)


if __name__ == "__main__":
    main()
