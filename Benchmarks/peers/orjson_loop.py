"""The tight Python loop: orjson and running sums, exact time windows, no sale conditions.

Usage: orjson_loop.py FILE. FILE holds one Massive event a line. Prints one JSON line.
"""
import math
import sys
import time
from collections import deque

import orjson

MINUTE, FIVE_MINUTES = 60_000, 300_000


class Ticker:
    """Running sums over two exact windows; what leaves a window is subtracted."""

    __slots__ = (
        "five", "one", "pv5", "v5", "vv5", "pv1", "v1", "bid", "ask", "last", "volume", "trades", "figures",
    )

    def __init__(self):
        self.five, self.one = deque(), deque()
        self.pv5 = self.v5 = self.vv5 = self.pv1 = self.v1 = 0.0
        self.bid = self.ask = self.last = self.volume = 0.0
        self.trades = 0
        self.figures = None


def windows(lines):
    """The figures after every trade; returns how many events there were, and the tickers."""
    tickers = {}
    loads = orjson.loads
    sqrt = math.sqrt
    events = 0
    for line in lines:
        event = loads(line)
        events += 1
        symbol = event["sym"]
        ticker = tickers.get(symbol)
        if ticker is None:
            ticker = tickers[symbol] = Ticker()
        if event["ev"] == "T":
            at, price, size = event["t"], event["p"], event["s"]
            five, one = ticker.five, ticker.one
            value = price * size
            trade = (at, price, size, value)
            five.append(trade)
            one.append(trade)
            ticker.pv5 += value
            ticker.v5 += size
            ticker.vv5 += size * size
            ticker.pv1 += value
            ticker.v1 += size
            edge = at - FIVE_MINUTES
            while five[0][0] <= edge:
                _, _, old, worth = five.popleft()
                ticker.pv5 -= worth
                ticker.v5 -= old
                ticker.vv5 -= old * old
            edge = at - MINUTE
            while one[0][0] <= edge:
                _, _, old, worth = one.popleft()
                ticker.pv1 -= worth
                ticker.v1 -= old
            count = len(five)
            mean = ticker.v5 / count
            ticker.last = price
            ticker.volume += size
            ticker.trades += 1
            ticker.figures = (
                ticker.pv1 / ticker.v1 if ticker.v1 else None,
                ticker.pv5 / ticker.v5 if ticker.v5 else None,
                mean,
                sqrt(max(0.0, ticker.vv5 / count - mean * mean)),
                price - five[0][1],
                len(one),
                ticker.ask - ticker.bid,
            )
        else:
            ticker.bid, ticker.ask = event["bp"], event["ap"]
    return events, tickers


def report(peer, events, tickers, times):
    counts = {name: {"volume": t.volume, "last": t.last, "trades": t.trades} for name, t in sorted(tickers.items())}
    print(orjson.dumps({"peer": peer, "events": events, **times, "tickers": counts}).decode())


if __name__ == "__main__":
    started = time.perf_counter()
    with open(sys.argv[1], "rb") as file:
        count, found = windows(file)
    report("python+orjson", count, found, {"seconds": time.perf_counter() - started})
