"""The indicators' signals (analytics.md, section 4) of one ticker and interval, from its bars as they closed.

RSI and MACD are TA-Lib's. Simple averages and the Bollinger bands are made from whole numbers, so that a close on a
band, or two averages that touch, are on neither side. A signal is raised when a line changes its side, not at first.
"""
import math

import numpy as np
import talib

FAST, SLOW, BAND, FLAT = 50, 200, 20, 14
UNIT = 1e9  # Prices count 1e-9.
NEARNESS = 1e-12  # Lines nearer to each other than this part of the price are one.


class ClosedBars:
    """The bars of one interval that have closed, in the order of time, as they stood then."""

    def __init__(self):
        self.last = -math.inf
        self.bars = []  # start, end, close, position of the event that closed it

    def close(self, start, end, close, position):
        self.bars.append((start, end, close, position))

    def signals(self):
        """(bar, kind, value, reference) of every signal."""
        closes = [bar[2] for bar in self.bars]
        if len(closes) < 2:
            return
        prices = np.array([close / UNIT for close in closes])
        for found in (cross(closes), macd(prices), rsi(prices, closes), bands(closes)):
            for place, kind, value, reference in found:
                yield self.bars[place], kind, value, reference


def cross(closes):
    side = 0
    for end in range(SLOW, len(closes) + 1):
        fast, slow = sum(closes[end - FAST : end]), sum(closes[end - SLOW : end])
        now = sign(fast * SLOW - slow * FAST)
        if now and side and now != side:
            yield end - 1, "golden_cross" if now > 0 else "death_cross", fast / FAST / UNIT, slow / SLOW / UNIT
        side = now or side


def macd(prices):
    line, average, _ = talib.MACD(prices, 12, 26, 9)
    side = 0
    for place in range(len(prices)):
        difference = line[place] - average[place]
        if math.isnan(difference) or abs(difference) <= NEARNESS * abs(prices[place]):
            continue
        now = sign(difference)
        if side and now != side:
            yield place, "macd_cross_up" if now > 0 else "macd_cross_down", line[place], average[place]
        side = now


def rsi(prices, closes):
    values = talib.RSI(prices, 14)
    side = 0
    for place in range(14, len(prices)):
        value = values[place]
        is_flat = len(set(closes[place + 1 - FLAT : place + 1])) == 1
        now = 0 if is_flat else 1 if value > 70 else -1 if value < 30 else 0
        if now and now != side:
            yield place, "rsi_overbought" if now > 0 else "rsi_oversold", value, 70.0 if now > 0 else 30.0
        side = now


def bands(closes):
    side = 0
    for place in range(BAND - 1, len(closes)):
        window = closes[place + 1 - BAND : place + 1]
        above = BAND * window[-1] - sum(window)
        spread = BAND * sum(close * close for close in window) - sum(window) ** 2
        now = sign(above) if above * above > 4 * spread else 0
        if now and now != side:
            edge = (sum(window) + now * 2 * math.sqrt(spread)) / BAND / UNIT
            yield place, "close_above_band" if now > 0 else "close_below_band", window[-1] / UNIT, edge
        side = now


def sign(number):
    return int(number > 0) - int(number < 0)
