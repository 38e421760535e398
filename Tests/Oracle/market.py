"""A whole log recomputed from the definitions (analytics.md, sections 1 to 3 and 5): classes, bars, rules, episodes.

A ticker's engine time moves from event to event; what happens at the turn of one of its seconds (bars become final,
the rules' means are taken, a second's feature vector is stored, episodes close) happens at the first event that
brings engine time into a later second, before that event itself is counted.
"""
import bisect
import datetime
from fractions import Fraction

from definitions import (
    BINANCE, DEMO, INTERVALS, MASSIVE, RETRY, SECOND, Calendar, kept_conditions, market_of, new_york_date,
)  # fmt: skip
from figures import Trade, Windows
from news import Article, News
from signals import ClosedBars

LOW, MEDIUM, HIGH, CRITICAL = 1, 2, 3, 4
AHEAD_MAX, BEHIND_MAX = 5 * SECOND, 86_400 * SECOND
QUIET_MAX, AGE_MAX = 60 * SECOND, 900 * SECOND
NEVER = -(10**30)
NOTIONAL_MAX = 2**127 - 1  # A bar's money stops here.


class Settings:
    lateness = 2 * SECOND
    symbols_max = 20_000
    price_spike, volume_spike, velocity = 5, 3, Fraction(1, 2)
    crossed_after = SECOND


class Bar:
    def __init__(self, start, end):
        self.start, self.end, self.trades, self.revision = start, end, [], 0
        self.remembered = None  # Close and volume of these trades; asked for again and again.

    def add(self, trade, final_second):
        if self.trades and self.end <= final_second:
            self.revision += 1
        self.trades.append(trade)
        self.remembered = None

    def close_and_volume(self):
        if self.remembered is None:
            row = self.row(60)
            self.remembered = row["close"], row["volume"]
        return self.remembered

    def row(self, length):
        """As it is stored: open, high, low, close, volume, notional, count."""
        daily = length == 86400
        regular = [t for t in self.trades if not t.flags.extended]
        if daily:
            sets = [t for t in regular if t.flags.open_close]
            ranged = [t.price for t in regular if t.flags.high_low]
        else:
            sets = [t for t in self.trades if t.flags.intraday_open_close]
            ranged = [t.price for t in self.trades if t.flags.intraday_high_low]
        counted = [t for t in self.trades if t.flags.volume]
        return {
            "open": min(sets, key=lambda t: t.key).price if sets else None,
            "high": max(ranged, default=None),
            "low": min(ranged, default=None),
            "close": max(sets, key=lambda t: t.key).price if sets else None,
            "volume": sum(t.size for t in counted),
            "notional": min(NOTIONAL_MAX, sum(t.size * t.price for t in counted)),
            "trade_count": len(counted),
            "revision": self.revision,
        }


class Hit:
    def __init__(self, kind, severity, score):
        self.kind, self.severity, self.score = kind, severity, float(score)
        # How bad it is: an RSI is as extreme as it is far from 50.
        self.exact = Fraction(score) - 50 if kind == "rsi_extreme" else Fraction(score)


class Episode:
    def __init__(self, hit, symbol, time, event, vector):
        self.id = f"{hit.kind}-{symbol}-{event.epoch}.{event.offset}.{event.index}"
        self.kind, self.symbol, self.severity = hit.kind, symbol, hit.severity
        self.first, self.last, self.hits, self.is_open = time, time, 1, True
        self.worst, self.vectors = hit, [vector]
        self.position = event.position

    def is_over(self, time):
        return time - self.last > QUIET_MAX or time - self.first >= AGE_MAX

    def add(self, hit, time, event, vector):
        self.hits += 1
        self.last = max(self.last, time)
        self.position = event.position
        # Doubles of scores that are nearly equal may stand either way round: either vector is right then.
        more = abs(hit.exact) - abs(self.worst.exact)
        near = (more != 0 or hit.kind == "rsi_extreme") and abs(more) <= 1e-12 * abs(hit.exact)
        if near:
            self.vectors.append(vector())
        if more > 0 or hit.severity > self.worst.severity:
            self.vectors = self.vectors if near else [vector()]
            self.worst = hit
        self.severity = max(self.severity, hit.severity)


class Ticker:
    def __init__(self, symbol, market, world):
        self.symbol, self.market, self.world = symbol, market, world
        self.windows = Windows(world.calendar, market)
        self.watermark = NEVER
        self.time = world.clock_floor
        self.turned = NEVER  # The last second whose turn has been.
        self.final = NEVER  # Bars that end by this second are final.
        self.bars = {length: {} for length in INTERVALS}
        self.starts = {length: [] for length in INTERVALS}  # Of the bars, ascending.
        self.minutes = self.starts[60]
        self.first_second = None
        self.quote = None
        self.quote_end = NEVER  # Of the newest second that has had a quote.
        self.quote_waits = False  # Its last quote is not stored yet.
        self.crossed_since = None
        self.crossed_hit = NEVER
        self.identities = {}  # (source, kind): newest date, ids seen.
        self.contiguous = {}  # source: newest id, time of the newest trade, ranges of missing ids.
        self.unsent = False
        self.vector_second = NEVER
        self.price_mean = self.volume_mean = None
        self.episodes = {}
        self.news = News()
        self.rsi = RSI()  # Of the closed one-minute bars, as they stood then.
        self.closed = {length: ClosedBars() for length in INTERVALS if length > 1}

    @property
    def now(self):
        return self.time // SECOND

    def vector(self):
        if not self.windows.priced_slots:
            return None
        return self.windows.vector(max(self.turned, NEVER), self.quote)

    # The turn of a second.

    def move(self, time, event):
        self.time = max(self.time, time)
        if self.time == NEVER or self.now <= self.turned:
            return
        self.send_vector()
        self.turned = self.now
        self.final = max(self.final, (self.time - Settings.lateness) // SECOND)
        self.close_bars(event)
        if self.quote_waits and self.time - Settings.lateness >= self.quote_end:
            self.sample_quote()
        self.raise_gaps(event)
        self.measure()
        self.check_crossed(self.time, event)
        for article in self.news.turn(self.now):
            self.hit(Hit("news_correlation", HIGH, article.score), event)
        for kind, episode in list(self.episodes.items()):
            if episode.is_over(self.time):
                self.close(kind, event)

    def send_vector(self):
        if not self.unsent:
            return
        self.unsent = False
        vector = self.windows.vector(self.turned, self.quote)
        second = vector["nanosecond"] // SECOND
        if second > self.vector_second:
            self.vector_second = second
            self.world.vectors[second, self.symbol] = vector

    def measure(self):
        """The means that prices and volumes are measured against: (sum, count), or None with fewer than five."""
        start = self.world.calendar.session_start(self.now, self.market)
        closes = []
        for minute in reversed(self.minutes):
            if minute < start or len(closes) == 20:
                break
            bar = self.bars[60][minute]
            close = bar.close_and_volume()[0]
            if bar.end <= self.final and close is not None:
                closes.append(close)
        self.price_mean = (sum(closes), len(closes)) if len(closes) >= 5 else None
        volumes = []
        last = (self.now - 60) // 60 * 60 - 60
        while self.first_second is not None and len(volumes) < 20 and last >= self.first_second:
            bar = self.bars[60].get(last)
            volumes.append(bar.close_and_volume()[1] if bar else 0)
            last -= 60
        self.volume_mean = (sum(volumes), len(volumes)) if len(volumes) >= 5 and sum(volumes) else None

    def close_bars(self, event):
        """Those that are over now; a bar counts once, in the order of time, and for the indicators with all prices."""
        for length, closed in self.closed.items():
            starts = self.starts[length]
            for start in starts[bisect.bisect_right(starts, closed.last) :]:
                bar = self.bars[length][start]
                if bar.end > self.final:
                    break
                closed.last = start
                row = bar.row(length)
                if row["close"] is None or row["high"] is None:
                    continue
                closed.close(start, bar.end, row["close"], event.position)
                if length == 60:
                    self.check_rsi(row["close"], event)

    def check_rsi(self, close, event):
        score = self.rsi.close(close)
        if score is not None and (score > 70 or score < 30) and not self.rsi.is_flat():
            self.hit(Hit("rsi_extreme", LOW, score), event)

    def sample_quote(self):
        """The last of its second, once that is over; what is older and comes later is not stored."""
        self.quote_waits = False
        self.world.quotes[self.quote.time // SECOND, self.symbol, self.quote.source] = self.quote

    def raise_gaps(self, event):
        for source, state in self.contiguous.items():
            due = [r for r in state["ranges"] if self.time - r["noticed"] > Settings.lateness]
            state["ranges"] = [r for r in state["ranges"] if r not in due]
            for missing in due:
                for first, last in runs(sorted(missing["ids"])):
                    self.world.gaps.append(
                        (*missing["position"], "sequence", source, self.symbol, missing["from"], missing["to"], first, last)
                    )
                    self.hit(Hit("sequence_gap", MEDIUM, last - first + 1), event)

    # Trades.

    def apply(self, event):
        self.watermark = max(self.watermark, event.time)
        self.move(event.time, event)
        trade = Trade(event, self.world.applied, self.market)
        flags = trade.flags
        self.windows.add(trade)
        if self.world.joins_news(self.symbol, trade.slot):
            self.news.note(trade.slot, self.windows.volume_zscore(self.now))
        elif self.news.first is None:
            self.news.first = trade.slot
        if flags.makes_bar:
            self.add_to_bars(trade)
        if flags.eligible and self.windows.price() is trade:
            self.unsent = True
        if flags.eligible:
            self.check_price(trade, event)
            self.check_velocity(event)
        if flags.volume:
            self.check_volume(event)

    def add_to_bars(self, trade):
        if self.first_second is None or trade.slot < self.first_second:
            self.first_second = trade.slot
        for length, bars in self.bars.items():
            start, end = self.world.calendar.span(trade.slot, length, self.market)
            if start not in bars:
                bars[start] = Bar(start, end)
                bisect.insort(self.starts[length], start)
            bars[start].add(trade, self.final)

    # Rules.

    def check_price(self, trade, event):
        if self.price_mean is None:
            return
        total, count = self.price_mean
        score = Fraction(100 * (trade.price * count - total), total)
        if abs(score) > Settings.price_spike:
            self.hit(Hit("price_spike", CRITICAL if abs(score) >= 2 * Settings.price_spike else HIGH, score), event)

    def check_velocity(self, event):
        velocity = self.windows.velocity(self.now)
        if velocity is not None and abs(velocity) >= Settings.velocity:
            severity = CRITICAL if abs(velocity) >= 2 * Settings.velocity else HIGH
            self.hit(Hit("velocity", severity, velocity), event)

    def check_volume(self, event):
        if self.volume_mean is None:
            return
        total, count = self.volume_mean
        score = Fraction(sum(slot.volume for slot in self.windows.within(self.now, 60)) * count, total)
        if score > Settings.volume_spike:
            self.hit(Hit("volume_spike", HIGH if score >= 2 * Settings.volume_spike else MEDIUM, score), event)

    def check_crossed(self, time, event):
        quote = self.quote
        if quote is None or not quote.bid > quote.ask > 0:
            self.crossed_since = None
        elif self.crossed_since is None:
            self.crossed_since = quote.time
        elif time - self.crossed_since > Settings.crossed_after and time // SECOND > self.crossed_hit:
            self.crossed_hit = time // SECOND
            self.hit(Hit("crossed_market", MEDIUM, Fraction(time - self.crossed_since, SECOND)), event)

    # Episodes.

    def hit(self, hit, event):
        self.world.hits[hit.kind] = self.world.hits.get(hit.kind, 0) + 1
        time = self.quote.time if self.time == NEVER else self.time
        episode = self.episodes.get(hit.kind)
        if episode is not None and episode.is_over(time):
            self.close(hit.kind, event)
            episode = None
        if episode is None:
            self.episodes[hit.kind] = Episode(hit, self.symbol, time, event, self.vector())
        else:
            episode.add(hit, time, event, self.vector)

    def close(self, kind, event):
        episode = self.episodes.pop(kind)
        episode.is_open, episode.position = False, event.position
        self.world.episodes.append(episode)

    # Identities.

    def seen(self, kind, event):
        """new, seen, or old: of a trading date before the newest, of which only the store knows."""
        if event.sequence is None or event.source not in (MASSIVE, DEMO, BINANCE):
            return "new"
        date = new_york_date(event.time) if event.source == MASSIVE else datetime.date.min
        state = self.identities.setdefault((event.source, kind), {"newest": date, "ids": set()})
        identity = (date, event.sequence)
        known = identity in state["ids"]
        state["ids"].add(identity)
        if known and (kind == "trade" or date == state["newest"]):  # Quotes are not stored one by one.
            return "seen"
        if date < state["newest"]:
            return "old"
        state["newest"] = date
        return "new"

    def watch_gaps(self, event):
        """Ids that count 1, 2, 3: a jump opens a range of missing ones, an id that comes later leaves it."""
        state = self.contiguous.get(event.source)
        if state is None:
            self.contiguous[event.source] = {"newest": event.sequence, "time": event.time, "ranges": []}
            return
        if event.sequence > state["newest"] + 1:
            missing = range(state["newest"] + 1, event.sequence)
            noticed = max(self.time, event.time)
            state["ranges"].append(
                {"ids": set(missing), "from": state["time"], "to": event.time, "noticed": noticed, "position": event.position}
            )
        for missing in state["ranges"]:
            missing["ids"].discard(event.sequence)
        state["ranges"] = [missing for missing in state["ranges"] if missing["ids"]]
        state["newest"] = max(state["newest"], event.sequence)
        state["time"] = event.time


class RSI:
    """Wilder's, exact: the mean of the first 14 changes, then smoothed. Gain and loss are kept as whole numbers times
    a power of 14 that their ratio does not see."""

    PERIOD = 14

    def __init__(self):
        self.closes, self.gain, self.loss, self.power = [], 0, 0, 1

    def close(self, price):
        self.closes.append(price)
        if len(self.closes) == 1:
            return None
        change = price - self.closes[-2]
        if len(self.closes) <= self.PERIOD + 1:
            self.gain, self.loss = self.gain + max(change, 0), self.loss + max(-change, 0)
        else:
            # Now they are sums of 14; from here on, 13 parts of the old and one of the new.
            self.power *= self.PERIOD
            self.gain = self.gain * (self.PERIOD - 1) + max(change, 0) * self.power
            self.loss = self.loss * (self.PERIOD - 1) + max(-change, 0) * self.power
        if len(self.closes) <= self.PERIOD:
            return None
        return Fraction(100 * self.gain, self.gain + self.loss) if self.gain + self.loss else Fraction(0)

    def is_flat(self):
        return len(set(self.closes[-self.PERIOD :])) == 1


def runs(ids):
    """Ascending ids as first and last of each unbroken run."""
    start = previous = ids[0]
    for number in ids[1:] + [None]:
        if number is None or number != previous + 1:
            yield start, previous
            start = number
        previous = number


class World:
    """The whole log's answer."""

    def __init__(self, witness=None):
        self.calendar = Calendar()
        self.tickers = {}
        self.clock_floor = self.newest_clock = NEVER
        self.applied = 0
        self.trades, self.vectors, self.episodes, self.gaps, self.letters = [], {}, [], [], []
        self.counts, self.ignored, self.articles, self.disconnected = {}, {}, {}, {}
        self.quotes = {}
        self.hits = {}
        self.witness = witness

    def count(self, source, name, number=1):
        counts = self.counts.setdefault(
            source, dict.fromkeys(("received", "applied", "duplicate", "late", "dead_lettered", "shed"), 0)
        )
        counts["received"] += number
        counts[name] += number

    def joins_news(self, symbol, second):
        """Whether an article will ask for the score of this second; without knowing, every one might."""
        return self.wanted is None or second in self.wanted.get(symbol, ())

    def run(self, events, again=None):
        """`again` reads the same log a second time: scores that no article asks for are left out then."""
        self.wanted = None
        if again is not None:
            self.wanted = {}
            for event in again:
                if event.kind == "article":
                    second = event.time // SECOND
                    self.wanted.setdefault(event.symbol, set()).update(range(second - 60, second + 61))
        for event in events:
            getattr(self, "on_" + event.kind)(event)
        return self

    def open(self, event):
        """The ticker an event is about; None when the event is refused."""
        ahead = event.time - event.received
        if event.checks_time and not -BEHIND_MAX <= ahead <= AHEAD_MAX:
            return self.refuse(event, "event_time", "T" if event.source == BINANCE else "t")
        if event.symbol not in self.tickers and len(self.tickers) >= Settings.symbols_max:
            return self.refuse(event, "too_many_symbols", "s" if event.source == BINANCE else "sym")
        return self.ticker(event.symbol, event.source)

    def ticker(self, symbol, source):
        if symbol not in self.tickers:
            self.tickers[symbol] = Ticker(symbol, market_of(source), self)
        return self.tickers[symbol]

    def refuse(self, event, reason, field):
        self.count(event.source, "dead_lettered")
        if event.source == RETRY:  # Its letter is there already.
            return
        self.letters.append((*event.position, event.source, event.received, reason, field, event.symbol, event.raw))

    def on_refused(self, event):
        self.refuse(event, event.reason, event.field)

    def on_ignored(self, event):
        self.ignored[event.body] = self.ignored.get(event.body, 0) + 1

    def on_trade(self, event):
        ticker = self.open(event)
        if ticker is None:
            return
        event.ids = tuple(kept_conditions(event.ids))
        memory = ticker.seen("trade", event)
        if event.source == BINANCE:
            ticker.watch_gaps(event)
        if memory == "seen":
            return self.count(event.source, "duplicate")
        late = memory == "old" or ticker.watermark - event.time > Settings.lateness
        self.count(event.source, "late" if late else "applied")
        self.trades.append((event, late))
        if not late:
            self.applied += 1
            ticker.apply(event)
            if self.witness:
                self.witness(ticker, event)

    def on_quote(self, event):
        ticker = self.open(event)
        if ticker is None:
            return
        if ticker.seen("quote", event) == "seen":
            return self.count(event.source, "duplicate")
        self.count(event.source, "applied")
        current = ticker.quote
        if current is not None and (event.time, event.sequence or 0) < (current.time, current.sequence or 0):
            return
        if ticker.quote_waits and event.time >= ticker.quote_end:
            ticker.sample_quote()
        ticker.quote = event
        if event.time >= ticker.quote_end:
            ticker.quote_end = (event.time // SECOND + 1) * SECOND
            ticker.quote_waits = True
        ticker.check_crossed(event.time, event)

    def on_bar(self, event):
        ticker = self.open(event)
        if ticker is None:
            return
        self.count(event.source, "applied")
        start, opened = event.body
        if opened is not None:
            date = self.calendar.day(start // SECOND, ticker.market).date
            ticker.windows.opens[date] = opened

    def on_band(self, event):
        if self.open(event) is not None:
            self.count(event.source, "applied")

    def on_article(self, event):
        identity = event.body["identity"]
        if identity in self.articles:
            return self.count(event.source, "duplicate")
        self.count(event.source, "applied")
        article = self.articles[identity] = Article(event)
        ticker = self.ticker(event.symbol, event.source)
        now = None if ticker.time == NEVER else ticker.now
        if ticker.news.take(article, now):
            ticker.hit(Hit("news_correlation", HIGH, article.score), event)

    def on_clock(self, event):
        if event.received <= self.newest_clock:
            return
        self.newest_clock = event.received
        self.clock_floor = max(self.clock_floor, event.received - Settings.lateness)
        for ticker in self.tickers.values():
            ticker.move(self.clock_floor, event)

    def on_notice(self, event):
        body = event.body
        kind = body["type"]
        if kind == "previous_close":
            ticker = self.ticker(body["symbol"], event.source)
            date = datetime.date(1970, 1, 1) + datetime.timedelta(days=body["date"])
            ticker.windows.closes[date] = body["price"]
        elif kind == "disconnected":
            self.disconnected.setdefault(body["source"], event.received)
        elif kind == "connected" and body["source"] in self.disconnected:
            self.outage(event, body["source"], self.disconnected.pop(body["source"]), event.received)
        elif kind == "outage":
            self.outage(event, body["source"], body["from"], body["to"])
        elif kind == "shed":
            self.count(body["source"], "shed", body["trades"] + body["quotes"] + body["other"])

    def outage(self, event, source, start, end):
        self.gaps.append((*event.position, "outage", source, "", start, end, 0, 0))
