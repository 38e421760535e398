"""What the definitions fix: units, sale conditions (trade-conditions.md), sessions (analytics.md, section 2).

Prices count 1e-9, sizes 1e-8, times are Unix nanoseconds, all whole numbers. Nothing here is taken from the product.
"""
import bisect
import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

SECOND = 10**9
PRICE = 10**9
SIZE = 10**8
UNITS_MAX = 2**63 - 1
INTERVALS = (1, 60, 300, 900, 3600, 86400)
NEW_YORK = ZoneInfo("America/New_York")
UTC = datetime.timezone.utc

# Where a record came from, as the store writes it.
DEMO, MASSIVE, BINANCE, FINNHUB, RETRY, TICKTOP = range(1, 7)

# id: may update high-low, open-close, volume. "-": no rule, takes nothing away.
CONDITIONS = {
    0: "YYY", 1: "YYY", 2: "NNY", 3: "YYY", 4: "YYY", 5: "YNY", 6: "YYY", 7: "NNY", 8: "YYY", 9: "YYY", 10: "YNY",
    11: "YYY", 12: "NNY", 13: "NNY", 14: "YYY", 15: "NNN", 16: "NNN", 17: "YYY", 18: "YYY", 19: "YYY", 20: "NNY",
    21: "NNY", 22: "YNY", 23: "YYY", 24: "YYY", 25: "YYY", 27: "YYY", 28: "YYY", 29: "NNY", 30: "YYY", 31: "YYY",
    32: "YNY", 33: "YNY", 34: "YYY", 35: "YYY", 36: "YYY", 37: "NNY", 38: "YYN", 40: "---", 41: "YYY", 52: "NNY",
    53: "NNY", 55: "YYY",
}  # fmt: skip
CONDITIONS |= {number: "---" for number in [*range(57, 61), *range(62, 72)]}
UNKNOWN = "NNY"
# A trade is stored with at most eight ids; a ninth, or one beyond a byte, is an unknown one.
CONDITIONS_MAX, CONDITION_BEYOND = 8, 254


def kept_conditions(ids):
    """The ids as the store can hold them."""
    kept = [number if 0 <= number < CONDITION_BEYOND else CONDITION_BEYOND for number in ids]
    return kept if len(kept) <= CONDITIONS_MAX else kept[: CONDITIONS_MAX - 1] + [CONDITION_BEYOND]


class Updates:
    """What a trade with these conditions may move."""

    def __init__(self, ids, market):
        if market == "continuous":
            ids = ()
        rows = [CONDITIONS.get(number, UNKNOWN) for number in ids]
        inside = [row for number, row in zip(ids, rows) if number != 12]
        self.high_low, self.open_close, self.volume = (all(row[k] != "N" for row in rows) for k in range(3))
        self.intraday_high_low, self.intraday_open_close = (all(row[k] != "N" for row in inside) for k in range(2))
        self.extended = 12 in ids or 13 in ids
        self.eligible = self.open_close and self.volume
        self.makes_bar = self.volume or self.intraday_high_low or self.intraday_open_close


@lru_cache(maxsize=None)
def updates(ids, market):
    return Updates(ids, market)


def market_of(source):
    return "continuous" if source in (DEMO, BINANCE) else "us"


class Day:
    """A trading day: from its pre-market to the next day's, in whole seconds."""

    def __init__(self, date, starts, opens, ends, next_starts):
        self.date, self.starts, self.opens, self.ends, self.next_starts = date, starts, opens, ends, next_starts


class Calendar:
    """04:00, 09:30 and 20:00 New York time (17:00 on half days); the UTC day where nothing ever closes.

    What happens in the night or on a holiday belongs to the trading day before.
    """

    def __init__(self):
        import exchange_calendars

        calendar = exchange_calendars.get_calendar("XNYS", start="2025-11-01", end="2027-01-31")
        self.days = []
        for session, row in calendar.schedule.iterrows():
            date = session.date()
            half = row["close"].astimezone(NEW_YORK).hour == 13
            self.days.append(Day(date, *(clock(date, *at) for at in ((4, 0), (9, 30), (17 if half else 20, 0))), 0))
        for day, following in zip(self.days, self.days[1:]):
            day.next_starts = following.starts
        self.starts = [day.starts for day in self.days]
        self.latest = {}

    def day(self, second, market):
        latest = self.latest.get(market)
        if latest is None or not latest.starts <= second < latest.next_starts:
            latest = self.latest[market] = self.find(second, market)
        return latest

    def find(self, second, market):
        if market == "us":
            return self.days[bisect.bisect_right(self.starts, second) - 1]
        start = second - second % 86400
        date = datetime.datetime.fromtimestamp(start, UTC).date()
        return Day(date, start, start, start + 86400, start + 86400)

    def session_start(self, second, market):
        day = self.day(second, market)
        return day.starts if second < day.opens else day.opens

    def span(self, second, length, market):
        """First second and end of the bar that a second lies in."""
        if length == 86400:
            day = self.day(second, market)
            return day.starts, day.ends
        return second - second % length, second - second % length + length


def clock(date, hour, minute):
    return int(datetime.datetime(date.year, date.month, date.day, hour, minute, tzinfo=NEW_YORK).timestamp())


@lru_cache(maxsize=4096)
def new_york_date_of_hour(hour):
    return datetime.datetime.fromtimestamp(hour * 3600, NEW_YORK).date()


def new_york_date(ns):
    return new_york_date_of_hour(ns // (3600 * SECOND))
