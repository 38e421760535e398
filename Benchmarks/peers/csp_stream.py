"""The same figures as a csp graph (Point72's stream processor), fed by orjson, in simulation mode.

Usage: csp_stream.py FILE. Prints one JSON line.
"""
import sys
import time
from collections import defaultdict
from datetime import datetime, timedelta

import csp
import orjson
from csp import stats

MINUTE, FIVE_MINUTES = timedelta(minutes=1), timedelta(minutes=5)


def read(path):
    trades = defaultdict(lambda: ([], [], []))
    quotes = defaultdict(lambda: ([], []))
    events = 0
    loads = orjson.loads
    with open(path, "rb") as lines:
        for line in lines:
            event = loads(line)
            events += 1
            at = datetime.utcfromtimestamp(event["t"] / 1000)
            if event["ev"] == "T":
                times, prices, sizes = trades[event["sym"]]
                times.append(at)
                prices.append(float(event["p"]))
                sizes.append(float(event["s"]))
            else:
                times, spreads = quotes[event["sym"]]
                times.append(at)
                spreads.append(float(event["ap"]) - float(event["bp"]))
    return events, trades, quotes


@csp.graph
def market(trades: object, quotes: object):
    for symbol, (times, prices, sizes) in trades.items():
        price = csp.curve(float, list(zip(times, prices)), push_mode=csp.PushMode.NON_COLLAPSING)
        size = csp.curve(float, list(zip(times, sizes)), push_mode=csp.PushMode.NON_COLLAPSING)
        value = price * size
        volume_one = stats.sum(size, MINUTE)
        volume_five = stats.sum(size, FIVE_MINUTES)
        csp.add_graph_output(f"{symbol}.vwap1", csp.sample(size, stats.sum(value, MINUTE) / volume_one), tick_count=1)
        csp.add_graph_output(f"{symbol}.vwap5", stats.sum(value, FIVE_MINUTES) / volume_five, tick_count=1)
        csp.add_graph_output(f"{symbol}.mean", stats.mean(size, FIVE_MINUTES), tick_count=1)
        csp.add_graph_output(f"{symbol}.deviation", stats.stddev(size, FIVE_MINUTES, ddof=0), tick_count=1)
        csp.add_graph_output(f"{symbol}.change", price - stats.first(price, FIVE_MINUTES), tick_count=1)
        csp.add_graph_output(f"{symbol}.trades", stats.count(price, MINUTE), tick_count=1)
        csp.add_graph_output(f"{symbol}.volume", stats.sum(size), tick_count=1)
        csp.add_graph_output(f"{symbol}.last", price, tick_count=1)
    for symbol, (times, spreads) in quotes.items():
        spread = csp.curve(float, list(zip(times, spreads)), push_mode=csp.PushMode.NON_COLLAPSING)
        csp.add_graph_output(f"{symbol}.spread", spread, tick_count=1)


def main(path):
    started = time.perf_counter()
    events, trades, quotes = read(path)
    begin = min(times[0] for times, *_ in trades.values()) - timedelta(seconds=1)
    end = max(times[-1] for times, *_ in trades.values()) + timedelta(seconds=1)
    out = csp.run(market, trades, quotes, starttime=begin, endtime=end)
    seconds = time.perf_counter() - started
    tickers = {
        symbol: {
            "volume": out[f"{symbol}.volume"][-1][1],
            "last": out[f"{symbol}.last"][-1][1],
            "trades": len(trades[symbol][0]),
        }
        for symbol in sorted(trades)
    }
    print(orjson.dumps({"peer": "csp", "events": events, "seconds": seconds, "tickers": tickers}).decode())


main(sys.argv[1])
