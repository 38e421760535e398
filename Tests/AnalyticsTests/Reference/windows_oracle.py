"""Every figure of analytics.md sections 2 and 3, recomputed from the raw trades each time it is asked for.

Nothing is kept but the list of trades. Integers and fractions are exact; a float is made at the very end.

Reads lines:  market us|continuous / lateness NS / T NS SEQ PRICE SIZE IDS (a trade; ids `1,2` or `-`) /
C NS (engine time is at least this) / F (print the figures) / M (print the minute means) / B (print the bars).
Prices count 1e-9, sizes 1e-8, times are Unix nanoseconds. A missing value prints as `none`.
"""

import datetime
import math
import sys
from fractions import Fraction
from zoneinfo import ZoneInfo

SECOND = 10**9
NEW_YORK = ZoneInfo("America/New_York")
UTC = datetime.timezone.utc

# id: high-low, open-close, volume (trade-conditions.md); `-` takes nothing away.
CONDITIONS = {0: "YYY", 2: "NNY", 10: "YNY", 12: "NNY", 13: "NNY", 14: "YYY", 15: "NNN", 32: "YNY", 37: "NNY"}
CONDITIONS |= {38: "YYN", 40: "---", 41: "YYY"}


class Trade:
    def __init__(self, order, ns, sequence, price, size, ids, market):
        self.ns, self.price, self.size = ns, price, size
        self.key = (ns, sequence, order)
        self.slot = ns // SECOND
        ids = [] if market == "continuous" else ids
        rows = [CONDITIONS.get(i, "NNY") for i in ids]
        plain = [CONDITIONS.get(i, "NNY") for i in ids if i != 12]
        self.extended = 12 in ids or 13 in ids
        self.high_low, self.open_close, self.counts = (all(r[k] != "N" for r in rows) for k in range(3))
        self.intraday_high_low, self.intraday_open_close = (all(r[k] != "N" for r in plain) for k in range(2))
        self.eligible = self.open_close and self.counts


class Calendar:
    """Trading days as (date, start, open, end) in whole seconds; a night belongs to the day before it."""

    def __init__(self, market):
        self.market = market
        self.sessions = []
        if market == "us":
            import exchange_calendars

            calendar = exchange_calendars.get_calendar("XNYS", start="2025-12-01", end="2026-12-31")
            for session, row in calendar.schedule.iterrows():
                date = session.date()
                half = row["close"].astimezone(NEW_YORK).hour == 13
                at = lambda hour, minute=0: int(
                    datetime.datetime(date.year, date.month, date.day, hour, minute, tzinfo=NEW_YORK).timestamp()
                )
                self.sessions.append((date, at(4), at(9, 30), at(17 if half else 20)))

    def day(self, second):
        if self.market == "us":
            return max(session for session in self.sessions if session[1] <= second)
        date = datetime.datetime.fromtimestamp(second, UTC).date()
        start = second - second % 86400
        return (date, start, start, start + 86400)

    def session_start(self, second):
        _, start, opens, _ = self.day(second)
        return start if second < opens else opens


class Log:
    def __init__(self):
        self.market, self.lateness, self.trades = "us", 2 * SECOND, []
        self.time = None
        self.turned = None
        self.final = -(10**18)

    def move(self, ns):
        self.time = ns if self.time is None else max(self.time, ns)
        if self.turned is None or self.time // SECOND > self.turned:
            self.turned = self.time // SECOND
            self.final = max(self.final, (self.time - self.lateness) // SECOND)

    # Section 2.

    def within(self, seconds):
        now = self.time // SECOND
        return [t for t in self.trades if now - seconds < t.slot <= now]

    def figures(self):
        now = self.time // SECOND
        start = self.calendar.session_start(now)
        day = self.calendar.day(now)
        eligible = [t for t in self.trades if t.eligible]
        price = max(eligible, key=lambda t: t.key).price if eligible else None
        vwap = vwap_of(self.within(300))
        session = [t for t in self.trades if t.slot >= start]
        prices = [t.price for t in self.within(300) if t.eligible]
        basis, reference = self.reference(day, eligible)
        change = price - reference if price is not None and reference is not None else None
        ranged = [t.price for t in session if (t.intraday_high_low if now < day[2] else t.high_low)]
        counted = [t for t in session if t.counts]
        deviation = Fraction(price) - vwap if price is not None and vwap is not None else None
        return [
            price,
            rounded(vwap_of(self.within(60))),
            rounded(vwap),
            rounded(vwap_of(session)),
            rounded(Fraction(sum(prices), len(prices))) if prices else None,
            self.volume_zscore(now),
            self.momentum(now, start, price),
            self.frequency(now),
            None if deviation is None else float(deviation / SECOND),
            None if deviation is None else float(100 * deviation / vwap),
            self.velocity(reference),
            change,
            None if change is None else float(Fraction(100 * change, reference)),
            basis if change is not None else None,
            sum(t.size for t in counted),
            max(ranged, default=None),
            min(ranged, default=None),
            len(counted),
            sum(t.size for t in self.within(60) if t.counts),
        ]

    def reference(self, day, eligible):
        earlier = [t for t in eligible if t.slot < day[1]]
        if earlier:
            return "previous_close", max(earlier, key=lambda t: t.key).price
        return ("first_seen", eligible[0].price) if eligible else (None, None)

    def volume_zscore(self, now):
        seen = [t.slot for t in self.trades if t.counts]
        if not seen:
            return None
        blocks = []
        for number in range(21):
            last = now - 10 * number
            if number > 0 and last - 9 < min(seen):
                break
            blocks.append(sum(t.size for t in self.trades if last - 10 < t.slot <= last and t.counts))
        value, baseline = blocks[0], blocks[1:]
        if len(baseline) < 5:
            return None
        mean = Fraction(sum(baseline), len(baseline))
        if mean == 0:
            return 10.0 if value > 0 else 0.0
        variance = sum((v - mean) ** 2 for v in baseline) / len(baseline)
        spread = max(math.sqrt(variance), 0.05 * float(mean))
        return min(max(float(value - mean) / spread, -10.0), 10.0)

    def momentum(self, now, start, price):
        old = [t for t in self.trades if t.eligible and start <= t.slot <= now - 60]
        if not old:
            return None
        reference = max(old, key=lambda t: t.key).price
        return float(Fraction(100 * (price - reference), reference))

    def frequency(self, now):
        slots = [t.slot for t in self.trades if t.counts]
        if not slots:
            return 0.0
        count = len([s for s in slots if s > now - 60])
        elapsed = now - min(slots) + 1
        return float(Fraction(60 * count, min(60, elapsed)))

    def velocity(self, reference):
        window = [t for t in self.within(5) if t.eligible]
        if not window or reference is None:
            return None
        high = min(window, key=lambda t: (-t.price, t.key))
        low = min(window, key=lambda t: (t.price, t.key))
        size = float(Fraction(100 * (high.price - low.price), reference))
        return -size if low.key > high.key else size

    # Section 3.

    def span(self, second, length):
        if length == 86400:
            _, start, _, end = self.calendar.day(second)
            return start, end
        start = second - second % length
        return start, start + length

    def bars(self, length):
        groups = {}
        for trade in self.trades:
            if trade.counts or trade.intraday_high_low or trade.intraday_open_close:
                groups.setdefault(self.span(trade.slot, length), []).append(trade)
        for (start, end), trades in sorted(groups.items()):
            daily = length == 86400
            moves = lambda t, name: getattr(t, name) and not t.extended if daily else getattr(t, "intraday_" + name)
            sets = sorted((t for t in trades if moves(t, "open_close")), key=lambda t: t.key)
            ranged = [t.price for t in trades if moves(t, "high_low")]
            counted = [t for t in trades if t.counts]
            amended = len([t for t in trades[1:] if end <= t.final])
            yield (start, end), [
                sets[0].price if sets else None,
                max(ranged, default=None),
                min(ranged, default=None),
                sets[-1].price if sets else None,
                sum(t.size for t in counted),
                sum(t.size * t.price for t in counted),
                len(counted),
                amended,
                int(end <= self.final),
            ]

    def minute_means(self):
        now = self.time // SECOND
        start = self.calendar.session_start(now)
        minutes = list(self.bars(60))
        closes = [bar[3] for (first, end), bar in minutes if end <= self.final and first >= start and bar[3] is not None]
        closes = closes[-20:]
        used = [t.slot for t in self.trades if t.counts or t.intraday_high_low or t.intraday_open_close]
        volumes = []
        last = (now - 60) // 60 - 1
        by_minute = {first // 60: bar[4] for (first, _), bar in minutes}
        while used and len(volumes) < 20 and last * 60 >= min(used):
            volumes.append(by_minute.get(last, 0))
            last -= 1
        return [*mean(closes), *mean(volumes)]


def vwap_of(trades):
    volume = sum(t.size for t in trades if t.counts)
    return Fraction(sum(t.size * t.price for t in trades if t.counts), volume) if volume else None


def rounded(value):
    return None if value is None else math.floor(value + Fraction(1, 2))


def mean(values):
    return (float(Fraction(sum(values), len(values))), len(values)) if values else (0.0, 0)


def show(*fields):
    print(*("none" if field is None else repr(field) if isinstance(field, float) else field for field in fields))


def main():
    log = Log()
    for line in sys.stdin:
        kind, *fields = line.split()
        if kind == "market":
            log.market = fields[0]
            log.calendar = Calendar(log.market)
        elif kind == "lateness":
            log.lateness = int(fields[0])
        elif kind == "T":
            ns, sequence, price, size = map(int, fields[:4])
            ids = [] if fields[4] == "-" else [int(i) for i in fields[4].split(",")]
            log.move(ns)
            trade = Trade(len(log.trades), ns, sequence, price, size, ids, log.market)
            trade.final = log.final
            log.trades.append(trade)
        elif kind == "C":
            log.move(int(fields[0]))
        elif kind == "F":
            show("F", *log.figures())
        elif kind == "M":
            show("M", *log.minute_means())
        elif kind == "B":
            for length in (1, 60, 300, 900, 3600, 86400):
                for (start, _), bar in log.bars(length):
                    show("B", length, start, *bar)


main()
