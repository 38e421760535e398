"""Indicators and candlestick patterns of TA-Lib over runs of bars.

Usage: talib_oracle.py SETTINGS_JSON COUNTS < BARS. BARS: open, high, low, close as int64 in 1e-9, bar after bar; COUNTS:
how many bars each run has, parted by commas. Writes float64, run after run: one column after the other, in the order
of `columns`; nan where TA-Lib gives no value.
"""
import json
import sys

import numpy as np
import talib


def columns(s, o, h, l, c):
    for period in s["averagePeriods"]:
        yield talib.SMA(c, period)
        yield talib.EMA(c, period)
        yield talib.WMA(c, period)
    yield talib.RSI(c, s["rsiPeriod"])
    yield from talib.MACD(c, s["macdFastPeriod"], s["macdSlowPeriod"], s["macdSignalPeriod"])
    deviations = s["bollingerDeviations"]
    yield from talib.BBANDS(c, s["bollingerPeriod"], deviations, deviations)
    yield from talib.STOCH(
        h, l, c, s["stochasticPeriod"], s["stochasticSlowK"], 0, s["stochasticSlowD"], 0
    )
    yield talib.ATR(h, l, c, s["atrPeriod"])
    yield talib.STDDEV(c, s["standardDeviationPeriod"])
    for name in ("DOJI", "HAMMER", "SHOOTINGSTAR", "ENGULFING", "HARAMI", "MORNINGSTAR", "EVENINGSTAR"):
        yield getattr(talib, "CDL" + name)(o, h, l, c).astype(float)


def main():
    settings = json.loads(sys.argv[1])
    bars = np.frombuffer(sys.stdin.buffer.read(), dtype="<i8").reshape(-1, 4)
    # The nearest binary number of each decimal price.
    prices = bars.astype(float) / 1e9
    start = 0
    for count in map(int, sys.argv[2].split(",")):
        run = prices[start : start + count]
        start += count
        o, h, l, c = (np.ascontiguousarray(run[:, column]) for column in range(4))
        for column in columns(settings, o, h, l, c):
            sys.stdout.buffer.write(column.astype("<f8").tobytes())


main()
