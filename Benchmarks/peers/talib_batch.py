"""The same indicators and candlestick patterns by TA-Lib, each over the whole run of bars at once.

Usage: talib_batch.py FILE (open, high, low, close of each bar as int64 in 1e-9), or --make FILE BARS.
Prints one JSON line. Batch, not a stream: TA-Lib sees all bars at once, and makes one indicator after the other.
"""
import json
import sys
import time

import numpy as np
import talib

PERIODS = (10, 12, 20, 26, 50, 100, 200)
PATTERNS = ("DOJI", "HAMMER", "SHOOTINGSTAR", "ENGULFING", "HARAMI", "MORNINGSTAR", "EVENINGSTAR")
PASSES = 5


def make(path, count):
    """A walk in cents."""
    random = np.random.default_rng(1)
    close = 20_000 + np.cumsum(random.integers(-8, 9, count))
    close += max(0, 100 - int(close.min()))
    start = close + random.integers(-3, 4, count)
    high = np.maximum(start, close) + random.integers(0, 9, count)
    low = np.minimum(start, close) - random.integers(0, 9, count)
    (np.stack([start, high, low, close], axis=1).astype("<i8") * 10_000_000).tofile(path)


def indicators(o, h, l, c):
    last = {}
    for period in PERIODS:
        last["sma"] = talib.SMA(c, period)[-1]
        last["ema"] = talib.EMA(c, period)[-1]
        last["wma"] = talib.WMA(c, period)[-1]
    last["rsi"] = talib.RSI(c, 14)[-1]
    last["macd_signal"] = talib.MACD(c, 12, 26, 9)[1][-1]
    last["upper"] = talib.BBANDS(c, 20, 2.0, 2.0)[0][-1]
    last["slow_d"] = talib.STOCH(h, l, c, 14, 3, 0, 3, 0)[1][-1]
    last["atr"] = talib.ATR(h, l, c, 14)[-1]
    last["stddev"] = talib.STDDEV(c, 20)[-1]
    for name in PATTERNS:
        getattr(talib, "CDL" + name)(o, h, l, c)
    return {name: float(value) for name, value in last.items()}


def main(path):
    bars = np.fromfile(path, dtype="<i8").reshape(-1, 4).astype(float) / 1e9
    o, h, l, c = (np.ascontiguousarray(bars[:, column]) for column in range(4))
    seconds = []
    for _ in range(PASSES):
        started = time.perf_counter()
        last = indicators(o, h, l, c)
        seconds.append(time.perf_counter() - started)
    print(json.dumps({
        "peer": "talib", "bars": len(c), "nanoseconds_per_bar": sorted(seconds)[PASSES // 2] / len(c) * 1e9,
        "last": last,
    }))


if sys.argv[1] == "--make":
    make(sys.argv[2], int(sys.argv[3]))
else:
    main(sys.argv[1])
