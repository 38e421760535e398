"""Seeded raw logs with everything that goes wrong in them: duplicates, reorders, late events, odd conditions, gaps.

A course is a list of stretches of market time. Frames of Massive are written one a line; `binance` writes Binance's;
the journal mixes both with clock records, reference data, articles, outages and retried letters.
"""
import datetime
import json
import random
import struct
from zoneinfo import ZoneInfo

from definitions import BINANCE, CONDITIONS, FINNHUB, MASSIVE, NEW_YORK, SECOND, TICKTOP
from wire import ARTICLE, CLOCK, CONNECTION, FRAME, REFERENCE, RETRIED, SHED, write_journal

# Stretches: New York time at the start, and their share of the events.
COURSES = {
    # Pre-market into the open, the evening, New York midnight, and the Monday after clocks went forward.
    "spring": [
        ("2026-03-06 09:20", 5), ("2026-03-06 19:54", 3), ("2026-03-06 23:58", 1), ("2026-03-09 03:55", 2),
        ("2026-03-09 09:24", 4),
    ],
    # Clocks go back on a Sunday, with the night's stray trades before it.
    "autumn": [("2026-10-30 15:50", 5), ("2026-11-01 01:30", 1), ("2026-11-02 03:56", 3), ("2026-11-02 09:22", 4)],
    # The day before Thanksgiving, the holiday, and the half day after it: 13:00 and 17:00 are its closes.
    "half day": [("2026-11-25 15:52", 4), ("2026-11-26 11:00", 1), ("2026-11-27 12:50", 4), ("2026-11-27 16:54", 3)],
    # An ordinary morning, and midnight in UTC.
    "ordinary": [("2026-01-02 09:15", 6), ("2026-01-02 18:52", 3)],
}  # fmt: skip
ODD = [(12,), (37,), (2,), (32,), (15,), (16,), (38,), (10,), (14, 41), (14, 37), (250,), (12, 37), (13,), (40,)]
ODD += [(12, 41), (12, 15), (0,), (26,), (300,), (12, 38), (1, 3, 4, 6, 8, 9, 11, 14), (1, 3, 4, 6, 8, 9, 11, 14, 2)]
ODD += [(number,) for number in CONDITIONS]


HEADLINES = ("Profit soars, great win for happy holders", "Shares fall on terrible fraud losses", "Board meets on Monday")
HEADLINES += ("Results a little better than feared", "Results good", "Outlook not good")


class Name:
    """A ticker of the stream: how busy it is, and what its prices are like."""

    def __init__(self, symbol, weight, price, step, sizes, since=0.0, decimals=2):
        self.symbol, self.weight, self.price, self.step, self.sizes = symbol, weight, price, step, sizes
        self.since, self.decimals, self.sequence, self.quote_sequence = since, decimals, 1000, 1000
        self.home = price
        self.spare = []  # Sequence numbers that were jumped over.

    def next(self):
        step = random_step(self)
        self.spare = (self.spare + list(range(self.sequence + 1, self.sequence + step)))[-20:]
        self.sequence += step
        return self.sequence


def random_step(name):
    return name.chance.choice((1, 1, 1, 2, 4))


def names(chance):
    lots = (1, 5, 10, 50, 100, 100, 100, 200, 300, 500)
    made = [Name(s, w, p, 1, lots) for s, w, p in (("AAPL", 30, 23144), ("NVDA", 25, 13877), ("TSLA", 12, 44000))]
    made += [Name("MSFT", 6, 41050, 2, lots), Name("BRK.B", 2, 48801, 5, lots), Name("BACpC", 1, 2510, 1, lots)]
    # Prices on round numbers and one size: thresholds are met exactly.
    made += [Name("EXACT", 14, 10000, 50, (100,)), Name("ROUND", 6, 20000, 1000, (100,))]
    made += [Name("STILL", 7, 10000, 0, (1, 1, 2)), Name("SLOW", 1, 5000, 0, (1, 2))]
    made += [Name("PENNY", 4, 1234, 3, lots, decimals=6)]
    made += [Name("HUGE", 2, 99_999_999_000, 100_000_000, (10**9, 10**9, 1, 2 * 10**9))]
    made += [Name("QUIET", 0.3, 5000, 5, lots), Name("SPARSE", 0.05, 7000, 20, lots)]
    made += [Name("LATER", 8, 3000, 1, lots, since=0.35), Name("FRESH", 3, 1500, 2, lots, since=0.7)]
    for name in made:
        name.chance = chance
    return made


class Stream:
    """Emits (kind, text of the element, event time in ms, receive time in ns), in the order of arrival."""

    def __init__(self, seed, course, events):
        self.chance = random.Random(f"{course} {seed}")
        self.names = names(self.chance)
        self.course, self.events = COURSES[course], events
        self.recent = []

    def share(self, one_in):
        return self.chance.random() * one_in < 1

    def elements(self):
        total = sum(share for _, share in self.course)
        done = 0
        for text, share in self.course:
            start = datetime.datetime.fromisoformat(text).replace(tzinfo=NEW_YORK).timestamp()
            self.ms = int(start * 1000)
            count = self.events * share // total
            for _ in range(count):
                self.ms += self.pause(self.events)
                done += 1
                yield self.element(done / self.events)
        self.ms += 30 * 3600 * 1000
        yield self.quote(self.names[0]) | {"bp": 1, "ap": 2}

    def pause(self, events):
        """Milliseconds to the next event: a sample is quieter, so that its stretches last for minutes as well."""
        mean = max(30, min(600, 2_400_000 // events))
        draw = self.chance.random()
        if draw < 0.45:
            return 0
        if draw < 0.9995:
            return int(self.chance.expovariate(1 / (mean * 1.7)))
        return self.chance.choice((3_000, 12_000, 61_000, 130_000))

    def element(self, progress):
        alive = [name for name in self.names if name.since <= progress]
        name = self.chance.choices(alive, [n.weight for n in alive])[0]
        held = [n for n in alive if n.since and n.sequence < 1010 and n.sequence > 1000]
        if held and self.share(2):  # A ticker that begins does so with a burst.
            return self.trade(held[0])
        draw = self.chance.random()
        if draw < 0.02 and self.recent:
            # Quotes are remembered by the thousand only, trades for as long as they are stored.
            old = [body for body in self.recent if body["ev"] == "T"]
            return self.chance.choice(old if old and self.share(2) else self.recent[-400:])
        if draw < 0.19:
            made = self.quote(name)
        elif draw < 0.195:
            made = self.bar(name)
        elif draw < 0.198:
            made = self.band(name)
        elif draw < 0.203:
            return self.other()
        elif draw < 0.210:
            return self.wrong(name)
        else:
            made = self.trade(name)
        if self.share(20):
            self.recent = (self.recent + [made])[-2000:]
        return made

    # Elements.

    def walk(self, name):
        draw = self.chance.random()
        if not name.step or (name.since and name.sequence < 1010):  # Still, or a burst: exact shares of one price.
            share = self.chance.choice((1000, 1000, 1000, 1000, 1005, 995, 1010, 990)) if self.share(9) else 1000
            share = self.chance.choice((1050, 950, 1100, 900)) if self.share(150) else share
            return name.home * share // 1000
        if draw < 0.0012:  # A jump, and now and then back home.
            name.price = self.chance.choice((name.home, name.home * 11 // 10, name.home * 9 // 10, name.home * 21 // 20,
                                             name.home * 19 // 20, name.price * 201 // 200, name.price * 99 // 100))
        elif draw < 0.4:
            name.price += self.chance.choice((-1, 1)) * name.step
        name.price = min(max(name.price, name.home * 8 // 10), name.home * 12 // 10)
        return name.price

    def delay(self):
        """How long an event was under way: mostly not at all, sometimes exactly lateness, sometimes too long."""
        draw = self.chance.random()
        if draw < 0.85:
            return 0
        if draw < 0.975:
            return self.chance.choice((1, 5, 300, 1000, 1999, self.chance.randrange(2000)))
        if draw < 0.985:
            return self.chance.choice((2000, 2001))
        return self.chance.randrange(2001, 40_000)

    def trade(self, name):
        price = self.walk(name)
        burst = 12 if (self.ms // 1000) % 421 < 9 and name.symbol != "HUGE" else 1
        size = self.chance.choice(name.sizes) * burst
        late = self.delay()
        time = self.ms - late
        sequence = name.next()
        if late and name.spare and self.share(2):
            sequence = name.spare.pop()
        body = {"ev": "T", "sym": name.symbol, "i": str(self.chance.randrange(10**9)), "x": self.chance.randrange(1, 22)}
        body["p"] = Number(price, name.decimals)
        body["s"] = size
        if self.share(9):
            body["ds"] = f"{size}.{self.chance.choice(('5', '25', '00000001', '75'))}"
        ids = self.conditions(time)
        if ids or self.share(9):
            body["c"] = list(ids)
        body["t"], body["q"], body["z"] = time, sequence, 3
        if self.share(700):
            del body["q"]
        return body

    def conditions(self, time):
        clock = datetime.datetime.fromtimestamp(time / 1000, NEW_YORK)
        inside = (9, 30) <= (clock.hour, clock.minute) < (16, 0)
        odd = self.chance.choice(ODD) if self.share(4) else ()
        return odd if inside or self.share(12) or 12 in odd else (12, *odd)

    def quote(self, name):
        width = self.chance.choice((1, 1, 2, 3, 5, 5, 0, -1)) if not self.share(3) else name.chance.choice((-2, 1))
        bid = max(1, name.price - self.chance.randrange(3))
        body = {"ev": "Q", "sym": name.symbol, "bx": 11, "ax": 12}
        body["bp"], body["bs"] = Number(bid, name.decimals), self.chance.randrange(1, 30)
        body["ap"], body["as"] = Number(max(0, bid + width), name.decimals), self.chance.randrange(1, 30)
        if self.share(60):
            body[self.chance.choice(("bp", "ap"))] = 0
        name.quote_sequence += self.chance.choice((1, 2, 3))
        delay = 0 if self.share(2) else self.chance.choice((0, 0, 0, 20, 900, 5000))
        body["t"], body["q"], body["z"] = self.ms - delay, name.quote_sequence, 3
        return body

    def bar(self, name):
        price = Number(name.price, name.decimals)
        start = self.ms // 60_000 * 60_000 - 60_000
        body = {"ev": "AM", "sym": name.symbol, "v": 1000, "o": price, "c": price, "h": price, "l": price}
        if self.share(2):
            body["op"] = Number(name.home, name.decimals)
        return body | {"vw": price, "s": start, "e": start + 60_000}

    def band(self, name):
        upper, lower = (Number(name.home * share // 10, name.decimals) for share in (11, 9))
        return {"ev": "LULD", "T": name.symbol, "h": upper, "l": lower, "i": [17], "t": self.ms * 1000, "q": 1}

    def other(self):
        return self.chance.choice(
            ({"ev": "status", "status": "success", "message": "subscribed to: T.AAPL"}, {"ev": "NOI", "T": "AAPL"},
             {"ev": "FMV", "sym": "AAPL", "fmv": 1.5, "t": self.ms})
        )  # fmt: skip

    def wrong(self, name):
        """One fault an object, or text that is no JSON at all."""
        body = self.trade(name)
        body["q"] = name.sequence
        kind = self.chance.randrange(16)
        if kind == 0:
            body["p"] = 0
        elif kind == 1:
            body["p"] = -1
        elif kind == 2:
            del body["p"]
        elif kind == 3:
            body["s"] = 0
            body.pop("ds", None)
        elif kind == 4:
            body["p"] = Literal("9223372037")
        elif kind == 5:
            body["p"] = Literal("1.0000000001")
        elif kind == 6:
            body["sym"] = self.chance.choice(("", "TOO LONG A TICKER", "SP ACE", "ÄÖ"))
        elif kind == 7:
            body["t"] = self.chance.choice((0, 1, 99_999_999_999_999))
        elif kind == 8:
            del body["t"]
        elif kind == 9:
            body["p"] = Literal(self.chance.choice(("NaN", "Infinity", "-Infinity", "1e400", '"1.5"', "true")))
        elif kind == 10:
            body["s"] = Literal("92233720369")
            body.pop("ds", None)
        elif kind == 11:
            del body["ev"]
        elif kind == 12:
            body = self.quote(name)
            body["bp"] = -1
        elif kind == 13:
            body["ds"] = self.chance.choice(("abc", "1.123456789", "-1", "0"))
        elif kind == 14:
            body = {"ev": "LULD", "T": name.symbol, "h": 1, "l": 2, "t": self.ms}
        else:
            return Garbage(self.chance.choice(("garbage", "42", '"T"', '[{"ev":"T","sym":"AAPL","p":1', "[1]", "[{]", "null")))
        return body


class Number:
    """Printed with its decimals, as providers print prices."""

    def __init__(self, count, decimals):
        self.text = f"{count // 10**decimals}.{count % 10**decimals:0{decimals}d}"


class Literal(Number):
    def __init__(self, text):
        self.text = text


class Garbage:
    def __init__(self, text):
        self.text = text


def dump(body):
    """Compact JSON; some objects are spelled with spaces, which is the same object."""
    fields = ",".join(
        f"{json.dumps(key)}:{value.text if isinstance(value, Number) else json.dumps(value, separators=(',', ':'))}"
        for key, value in body.items()
    )
    return "{" + fields + "}"


def frames(stream):
    """Lines: an element alone or in an array, or several in one."""
    chance, held = random.Random(stream.chance.random()), []
    for body in stream.elements():
        if isinstance(body, Garbage):
            yield "[" + ",".join(held) + "]" if held else None
            held = []
            yield body.text
            continue
        held.append(dump(body))
        if chance.random() < 0.6:
            yield held[0] if len(held) == 1 and chance.random() < 0.3 else "[" + ",".join(held) + "]"
            held = []
    if held:
        yield "[" + ",".join(held) + "]"


def write_frames(path, seed, course, events):
    with open(path, "w", encoding="utf-8", newline="\n") as out:
        for line in frames(Stream(seed, course, events)):
            if line is not None:
                out.write(line + "\n")


class Pair:
    def __init__(self, symbol, price):
        self.symbol, self.price, self.id, self.update = symbol, price, 700_000, 400_000


def binance_frames(stream, chance, pairs):
    """Frames of Binance beside the stream's: contiguous ids, some of them lost, some late, some twice."""
    pair = chance.choice(pairs)
    pair.price += chance.choice((-1, 0, 0, 1)) * pair.price // 4000
    price = f"{pair.price // 100}.{pair.price % 100:02d}000000"
    if chance.random() < 0.25:
        pair.update += chance.randrange(1, 4)
        ask = pair.price + chance.choice((1, 1, 2, 0, -1))
        body = {"u": pair.update, "s": pair.symbol, "b": price, "B": "1.00000000"}
        body |= {"a": f"{ask // 100}.{ask % 100:02d}000000", "A": "0.50000000"}
        return [json.dumps(body, separators=(",", ":"))]
    made = []
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        pair.id += 1 if chance.random() < 0.985 else chance.choice((2, 3, 9))
        time = stream.ms - chance.choice((0, 0, 0, 3, 500))
        body = {"e": "trade", "E": time, "s": pair.symbol, "t": pair.id, "p": price}
        body |= {"q": f"{chance.randrange(1, 999999) / 1000:.8f}", "T": time, "m": chance.random() < 0.5, "M": True}
        made.append(json.dumps(body, separators=(",", ":")))
    if len(made) > 1 and chance.random() < 0.5:
        made.reverse()
    if chance.random() < 0.02:
        made.append(made[0])
    return made


def records(seed, course, events):
    stream = Stream(seed, course, events)
    chance = random.Random(f"journal {seed}")
    pairs = [Pair("BTCUSDT", 8_812_000), Pair("ETHUSDT", 312_000)]
    second, last, letters = None, None, 0
    notices = notice_records(stream)
    for body in stream.elements():
        received = stream.ms * 10**6 + chance.randrange(40) * 10**6
        received = max(received, last or 0)
        last = received
        if received // SECOND != second:
            second = received // SECOND
            yield CLOCK, TICKTOP, second * SECOND + chance.choice((0, 250_000_000)), b""
        text = body.text if isinstance(body, Garbage) else dump(body)
        yield FRAME, MASSIVE, received, text.encode()
        if not isinstance(body, Garbage) and chance.random() < 0.002 and body.get("ev") == "T":
            letters += 1
            head = struct.pack("<BBqiqi", 1, MASSIVE, received, 0, letters, 0)
            yield RETRIED, 5, received, head + text.encode()
        if chance.random() < 0.3:
            for frame in binance_frames(stream, chance, pairs):
                yield FRAME, BINANCE, received, frame.encode()
        if chance.random() < 0.012:
            yield notices(chance, received)


def notice_records(stream):
    articles = []

    def make(chance, received):
        name = chance.choice(stream.names)
        kind = min(chance.randrange(8), 4)
        if kind == 0:
            day = received // (86_400 * SECOND) - chance.randrange(0, 4)
            price = name.home * 10**9 // 10**name.decimals
            body = {"type": "previous_close", "symbol": name.symbol, "price": price, "date": day}
            return REFERENCE, MASSIVE, received, json.dumps(body).encode()
        if kind == 1:
            body = {"type": "shed", "source": MASSIVE, "trades": 1, "quotes": chance.randrange(9), "other": 0}
            return SHED, MASSIVE, received, json.dumps(body).encode()
        if kind == 2:
            body = {"type": chance.choice(("connected", "disconnected")), "source": MASSIVE, "reason": "test"}
            return CONNECTION, MASSIVE, received, json.dumps(body).encode()
        if kind == 3:
            body = {"type": "outage", "source": BINANCE, "from": received - SECOND, "to": received}
            return CONNECTION, TICKTOP, received, json.dumps(body).encode()
        if articles and chance.random() < 0.3:
            return ARTICLE, FINNHUB, received, chance.choice(articles)
        age = chance.choice((0, 5, 30, 59, 60, 61, 120, 900, 1799, 1800, 4000))
        body = {"id": str(len(articles) + 1), "symbol": name.symbol, "datetime": received // SECOND - age}
        body |= {"headline": chance.choice(HEADLINES), "summary": "", "source": "Wire", "url": "https://example.com"}
        articles.append(json.dumps(body).encode())
        return ARTICLE, FINNHUB, received, articles[-1]

    return make


def write_recording(path, seed, course, events):
    write_journal(path, records(seed, course, events))
