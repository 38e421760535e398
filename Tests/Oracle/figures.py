"""Every rolling figure of one ticker (analytics.md, section 2), recomputed from its trades whenever it is asked for.

The only thing kept besides the trades is what each second sums up to: a second is the definition's resolution.
Integers and fractions are exact; a float is made at the very end.
"""
import bisect
import math
from fractions import Fraction

from definitions import SECOND, new_york_date, updates

EMPTY = (0, 0, 0, 0, 0)


class Trade:
    __slots__ = ("event", "slot", "key", "price", "size", "flags", "final")

    def __init__(self, event, order, market):
        self.event, self.price, self.size = event, event.price, event.size
        self.slot = event.time // SECOND
        self.key = (event.time, event.sequence or 0, order)
        self.flags = updates(event.ids, market)


class Slot:
    """One second: its trades, and sums of them."""

    def __init__(self):
        self.trades, self.volume, self.notional, self.count, self.prices, self.priced = [], 0, 0, 0, 0, 0

    def add(self, trade):
        self.trades.append(trade)
        if trade.flags.volume:
            self.volume += trade.size
            self.notional += trade.size * trade.price
            self.count += 1
        if trade.flags.eligible:
            self.prices += trade.price
            self.priced += 1

    def newest(self):
        return max((t for t in self.trades if t.flags.eligible), key=lambda t: t.key)


class Windows:
    def __init__(self, calendar, market):
        self.calendar, self.market = calendar, market
        self.slots = {}
        self.priced_slots = []  # Seconds with an eligible price, ascending.
        self.first_counted = None  # The first second with a trade that counts.
        self.first_eligible = None  # By arrival.
        self.opens = {}  # Session opens as the provider tells them, by date.
        self.closes = {}  # Closes as the provider tells them, by date.

    def add(self, trade):
        slot = self.slots.get(trade.slot)
        if slot is None:
            slot = self.slots[trade.slot] = Slot()
        if trade.flags.eligible and not slot.priced:
            bisect.insort(self.priced_slots, trade.slot)
        slot.add(trade)
        if trade.flags.volume:
            self.first_counted = trade.slot if self.first_counted is None else min(self.first_counted, trade.slot)
        if trade.flags.eligible and self.first_eligible is None:
            self.first_eligible = trade

    def within(self, now, seconds):
        slots = self.slots
        return [slots[second] for second in range(now - seconds + 1, now + 1) if second in slots]

    def newest_until(self, second):
        """The eligible trade with the largest key in the latest second up to this one."""
        place = bisect.bisect_right(self.priced_slots, second)
        return self.slots[self.priced_slots[place - 1]].newest() if place else None

    def price(self):
        return self.newest_until(10**12)

    def vwap(self, now, seconds):
        slots = self.within(now, seconds)
        volume = sum(slot.volume for slot in slots)
        return Fraction(sum(slot.notional for slot in slots), volume) if volume else None

    def session_vwap(self, now):
        start = self.calendar.session_start(now, self.market)
        slots = [slot for second, slot in self.slots.items() if second >= start]
        volume, notional = sum(slot.volume for slot in slots), sum(slot.notional for slot in slots)
        return Fraction(notional, volume) if volume and notional < 2**127 - 1 else None

    def session_volume(self, now):
        start = self.calendar.session_start(now, self.market)
        return sum(slot.volume for second, slot in self.slots.items() if second >= start)

    def average(self, now):
        slots = self.within(now, 300)
        priced = sum(slot.priced for slot in slots)
        return Fraction(sum(slot.prices for slot in slots), priced) if priced else None

    def volume_zscore(self, now):
        if self.first_counted is None:
            return None
        blocks = []
        for number in range(21):
            last = now - 10 * number
            if number and last - 9 < self.first_counted:
                break
            blocks.append(sum(slot.volume for slot in self.within(last, 10)))
        value, baseline = blocks[0], blocks[1:]
        count, total = len(baseline), sum(baseline)
        if count < 5:
            return None
        if total == 0:
            return 10.0 if value > 0 else 0.0
        variance = Fraction(count * sum(v * v for v in baseline) - total * total, count * count)
        spread = max(math.sqrt(variance), 0.05 * total / count)
        return min(max((value * count - total) / count / spread, -10.0), 10.0)

    def momentum(self, now):
        old = self.newest_until(now - 60)
        if old is None or old.slot < self.calendar.session_start(now, self.market):
            return None
        return float(Fraction(100 * (self.price().price - old.price), old.price))

    def frequency(self, now):
        if self.first_counted is None:
            return 0.0
        count = sum(slot.count for slot in self.within(now, 60))
        return float(Fraction(60 * count, min(60, now - self.first_counted + 1)))

    def reference(self, now):
        """What change and velocity are measured against: its name and its price."""
        day = self.calendar.day(now, self.market)
        known = [(date, 1, price) for date, price in self.closes.items() if date < day.date]
        traded = self.newest_until(day.starts - 1)
        if traded is not None:
            known.append((self.calendar.day(traded.slot, self.market).date, 0, traded.price))
        if known:
            return "previous_close", max(known)[2]
        if day.date in self.opens:
            return "session_open", self.opens[day.date]
        return ("first_seen", self.first_eligible.price) if self.first_eligible else (None, None)

    def velocity(self, now):
        """Exact percentage, the trade it moved from and the one it moved to; None without a price."""
        trades = [t for slot in self.within(now, 5) for t in slot.trades if t.flags.eligible]
        _, reference = self.reference(now)
        if not trades or reference is None:
            return None
        high = min(trades, key=lambda t: (-t.price, t.key))
        low = min(trades, key=lambda t: (t.price, t.key))
        size = Fraction(100 * (high.price - low.price), reference)
        return -size if low.key > high.key else size

    def figures(self, now, quote):
        """All of them, by name."""
        newest = self.price()
        price = newest and newest.price
        vwap = self.vwap(now, 300)
        deviation = Fraction(price) - vwap if price is not None and vwap is not None else None
        basis, reference = self.reference(now)
        change = price - reference if price is not None and reference is not None else None
        velocity = self.velocity(now)
        spread = spread_of(quote)
        return {
            "price": price,
            "vwap_1min": rounded(self.vwap(now, 60)),
            "vwap_5min": rounded(vwap),
            "vwap_session": rounded(self.session_vwap(now)),
            "rolling_avg_5min": rounded(self.average(now)),
            "volume_zscore": self.volume_zscore(now),
            "price_momentum": self.momentum(now),
            "trade_frequency": self.frequency(now),
            "bid_ask_spread": spread,
            "bid_ask_spread_bps": None if spread is None else spread * 20_000 / (quote.bid + quote.ask),
            "vwap_deviation": None if deviation is None else float(deviation / SECOND),
            "vwap_deviation_pct": None if deviation is None else float(100 * deviation / vwap),
            "velocity_5s": None if velocity is None else float(velocity),
            "change": change,
            "change_pct": None if change is None else float(Fraction(100 * change, reference)),
            "change_basis": basis if change is not None else None,
            "session_volume": self.session_volume(now),
        }

    def vector(self, now, quote):
        """The feature vector: what is stored of a second."""
        newest = self.price()
        vwap = self.vwap(now, 300)
        deviation = None if vwap is None else float((newest.price - vwap) / SECOND)
        event = newest.event
        return {
            "nanosecond": event.time,
            "position": event.position,
            "price": newest.price,
            "size": newest.size,
            "volume_zscore": self.volume_zscore(now),
            "price_momentum": self.momentum(now),
            "vwap_deviation": deviation,
            "trade_frequency": self.frequency(now),
            "vwap_1min": rounded(self.vwap(now, 60)),
            "vwap_5min": rounded(vwap),
            "spread": spread_of(quote),
        }


def spread_of(quote):
    return quote.ask - quote.bid if quote is not None and quote.bid > 0 and quote.ask > 0 else None


def rounded(value):
    """Half up, to a whole unit."""
    return None if value is None else math.floor(value + Fraction(1, 2))
