"""Compares the recomputation with what the product stored or answered."""
import json
import re
import sqlite3

from definitions import CONDITIONS_MAX, INTERVALS, SECOND
import wire
from market import World

SHOWN = 6


class Report:
    """What differs, by subject; a few examples of each."""

    def __init__(self):
        self.compared, self.wrong = {}, {}

    def rows(self, subject, wanted, found, describe=repr):
        """Two tables by key; values are dictionaries or tuples."""
        self.compared[subject] = len(wanted)
        for key in wanted.keys() | found.keys():
            if key not in found:
                self.note(subject, f"{describe(key)}: missing; wanted {wanted[key]}")
            elif key not in wanted:
                self.note(subject, f"{describe(key)}: not wanted; found {found[key]}")
            else:
                for name, one, other in unlike(wanted[key], found[key]):
                    self.note(subject, f"{describe(key)}: {name} wanted {one!r}, found {other!r}")

    def note(self, subject, text):
        self.wrong.setdefault(subject, []).append(text)

    def close(self):
        for subject, texts in self.wrong.items():
            for text in sorted(texts)[:SHOWN]:
                print(f"{subject}: {text}")
            if len(texts) > SHOWN:
                print(f"{subject}: {len(texts)} differences in all")
        counts = ", ".join(f"{subject} {count}" for subject, count in self.compared.items())
        print(("differ: " if self.wrong else "agree: ") + counts)


def agrees(wanted, found):
    if isinstance(wanted, float) and isinstance(found, (int, float)):
        return abs(wanted - found) <= max(1e-9 * abs(wanted), 1e-12)
    return wanted == found


def unlike(wanted, found):
    if not isinstance(wanted, dict):
        return [] if wanted == found else [("row", wanted, found)]
    return [(n, wanted[n], found.get(n)) for n in wanted if not agrees(wanted[n], found.get(n))]


# The store.


def store(log, path):
    world = World().run(wire.read(log), again=wire.read(log))
    report = Report()
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    database.row_factory = sqlite3.Row
    symbols = {row["id"]: row["name"] for row in database.execute("select * from symbols")}
    compare_counts(world, database, report)
    compare_trades(world, database, report, symbols)
    compare_bars(world, database, report, symbols)
    compare_vectors(world, database, report, symbols)
    compare_quotes(world, database, report, symbols)
    compare_signals(world, database, report)
    compare_letters(world, database, report)
    compare_gaps(world, database, report)
    compare_episodes(world, database, report)
    compare_news(world, database, report)
    report.compared |= {f"hits of {kind}": count for kind, count in sorted(world.hits.items())}
    report.close()


def compare_counts(world, database, report):
    names = ("received", "applied", "duplicate", "late", "dead_lettered", "shed")
    found = {row["source"]: {n: row[n] for n in names} for row in database.execute("select * from source_counts")}
    report.rows("counts", world.counts, found)
    for source, counts in found.items():
        if counts["received"] != sum(counts[name] for name in names[1:]):
            report.note("counts", f"source {source} is not conserved: {counts}")
    ignored = {row["type"]: row["count"] for row in database.execute("select * from ignored_types")}
    report.rows("ignored", world.ignored, ignored)
    report.compared["received"] = sum(counts["received"] for counts in world.counts.values())


def position(row):
    return row["epoch"], row["byte_offset"], row["event_index"]


def packed(ids):
    value = sum((number + 1) << (8 * place) for place, number in enumerate(ids))
    return value - (1 << 64) if value >> 63 else value


def compare_trades(world, database, report, symbols):
    wanted = {}
    for event, late in world.trades:
        wanted[event.position] = {
            "symbol": event.symbol, "sequence": event.sequence or 0, "source": event.source, "time": event.time,
            "price": event.price, "size": event.size, "conditions": packed(event.ids), "is_late": int(late),
            "exchange": event.exchange, "aggressor": event.aggressor, "received_at": event.received,
        }  # fmt: skip
        if event.trade_id is not None:
            wanted[event.position]["trade_id"] = event.trade_id
    found = {}
    for row in database.execute("select * from trades"):
        found[position(row)] = dict(row) | {
            "symbol": symbols[row["symbol_id"]], "time": row["second"] * SECOND + row["nanosecond"]
        }  # fmt: skip
    report.rows("trades", wanted, found)
    report.compared["late"] = sum(late for _, late in world.trades)


def compare_bars(world, database, report, symbols):
    wanted, revised = {}, 0
    for symbol, ticker in world.tickers.items():
        for length in INTERVALS:
            for start, bar in ticker.bars[length].items():
                if bar.end <= ticker.final:
                    row = bar.row(length) | {"is_final": 1, "is_reference": 0}
                    wanted[symbol, length, start] = row
                    revised += row["revision"] > 0
    found = {}
    for row in database.execute("select * from bars"):
        bar = dict(row) | {"volume": int(row["volume"]), "notional": int(row["notional"])}
        found[symbols[row["symbol_id"]], row["seconds"], row["start"] // SECOND] = bar
    report.rows("bars", wanted, found)
    report.compared["bars revised"] = revised


def compare_vectors(world, database, report, symbols):
    found = {}
    for row in database.execute("select * from features"):
        vector = dict(row) | {"nanosecond": row["second"] * SECOND + row["nanosecond"], "position": position(row)}
        found[row["second"], symbols[row["symbol_id"]]] = vector
    report.rows("vectors", world.vectors, found)


def compare_quotes(world, database, report, symbols):
    wanted = {}
    for key, quote in world.quotes.items():
        wanted[key] = {
            "time": quote.time, "bid": quote.bid, "ask": quote.ask, "sequence": quote.sequence or 0,
            "has_exchange_time": int(quote.has_time), "received_at": quote.received, "position": quote.position,
        }  # fmt: skip
    found = {}
    for row in database.execute("select * from quotes"):
        found[row["second"], symbols[row["symbol_id"]], row["source"]] = dict(row) | {
            "time": row["second"] * SECOND + row["nanosecond"], "position": position(row)
        }  # fmt: skip
    report.rows("quotes a second", wanted, found)


def compare_signals(world, database, report):
    found = {}
    for row in database.execute("select * from signals"):
        found[row["symbol"], row["seconds"], row["bar_start"] // SECOND, row["kind"]] = dict(row) | {"position": position(row)}
    wanted = {}
    for symbol, ticker in world.tickers.items():
        for length, closed in ticker.closed.items():
            for (start, end, close, place), kind, value, reference in closed.signals():
                key = symbol, length, start, kind
                wanted[key] = {"at": end * SECOND, "close": close, "position": place, "value": value, "reference": reference}
                for name in ("value", "reference"):  # Small differences of prices are as exact as these.
                    row = found.get(key)
                    if row and abs(row[name] - wanted[key][name]) <= 1e-9 * close / SECOND:
                        row[name] = wanted[key][name]
    report.rows("signals", wanted, found)


def compare_letters(world, database, report):
    wanted = {}
    for *place, source, received, reason, field, symbol, raw in world.letters:
        letter = {"source": source, "received_at": received, "reason": reason, "raw": raw}
        if reason != "malformed":  # What is no JSON at all has no field to name, or any.
            letter |= {"field": field, "symbol": symbol}
        wanted[tuple(place)] = letter
    found = {}
    for row in database.execute("select * from dead_letters"):
        found[position(row)] = dict(row) | {"raw": bytes(row["raw"]).decode("utf-8", "replace")}
    report.rows("dead letters", wanted, found)


def compare_gaps(world, database, report):
    names = ("kind", "source", "symbol", "from_at", "to_at", "first_missing", "last_missing")
    found = {(*position(row), *(row[n] for n in names)): () for row in database.execute("select * from gaps")}
    report.rows("gaps", {gap: () for gap in world.gaps}, found)


VECTOR_NAMES = {
    "nanosecond": "updatedAt", "position": "position", "price": "price", "size": "size", "volume_zscore": "volumeZScore",
    "price_momentum": "priceMomentum", "vwap_deviation": "vwapDeviation", "trade_frequency": "tradeFrequency",
    "vwap_1min": "vwapOneMinute", "vwap_5min": "vwapFiveMinutes", "spread": "spread",
}  # fmt: skip
NUMBERS = re.compile(r"\d+(?:\.\d+)?")


def compare_episodes(world, database, report):
    still_open = [episode for ticker in world.tickers.values() for episode in ticker.episodes.values()]
    wanted, episodes = {}, {}
    for episode in world.episodes + still_open:
        episodes[episode.id] = episode
        wanted[episode.id] = {
            "kind": episode.kind, "symbol": episode.symbol, "severity": episode.severity, "first_at": episode.first,
            "last_at": episode.last, "hits": episode.hits, "worst_score": episode.worst.score,
            "is_open": int(episode.is_open), "position": episode.position,
        }  # fmt: skip
    found = {}
    for row in database.execute("select * from episodes where kind not in ('latency', 'stale_feed', 'isolation_forest')"):
        found[row["id"]] = dict(row) | {"position": position(row)}
    report.rows("episodes", wanted, found)
    for key in wanted.keys() & found.keys():
        compare_worst(episodes[key], found[key], report)


def compare_worst(episode, row, report):
    """The vector at the worst moment, and that the explanation names the score."""
    stored = json.loads(row["features"]) if row["features"] else None
    if stored is not None:
        stored["position"] = tuple(map(int, stored["position"].split(".")))
        stored = {name: stored.get(theirs) for name, theirs in VECTOR_NAMES.items()}
    options = episode.vectors
    if not any(same_vector(vector, stored) for vector in options):
        detail = unlike(options[-1], stored) if options[-1] and stored else (options[-1], stored)
        report.note("episodes", f"{episode.id}: vector {detail}")
    if episode.kind in ("sequence_gap", "news_correlation"):
        return
    named = [float(number) for number in NUMBERS.findall(row["explanation"])]
    if not any(abs(number - abs(episode.worst.score)) <= 0.0051 for number in named):
        report.note("episodes", f"{episode.id}: {row['explanation']!r} does not name {episode.worst.score}")


def same_vector(wanted, found):
    if wanted is None or found is None:
        return wanted is found
    return not unlike(wanted, found)


def compare_news(world, database, report):
    wanted = {}
    for (source, number, symbol), article in world.articles.items():
        wanted[source, number, symbol] = {
            "position": article.event.position, "published_at": article.event.time, "compound": article.compound,
            "correlation_strength": article.strength, "volume_zscore": article.score,
        }  # fmt: skip
    found = {}
    for row in database.execute("select * from news"):
        found[row["source"], row["article_id"], row["symbol"]] = dict(row) | {"position": position(row)}
    report.rows("news", wanted, found)
    strengths = [article.strength for article in world.articles.values()]
    report.compared |= {f"news {name}": strengths.count(name) for name in sorted(set(map(str, strengths)))}


# Figures.


def print_events(events):
    """One event a line, for a caller that applies them without decoding: kind, source, receive time, position, rest."""
    for event in events:
        ids = getattr(event, "ids", ()) if event.kind == "trade" else ()
        head = [event.kind, event.source, event.received, *event.position, event.symbol or "-"]
        if event.kind == "trade":
            head += [event.time, event.price, event.size, event.sequence or 0, ",".join(map(str, ids)) or "-"]
        elif event.kind == "quote":
            head += [event.time, event.bid, event.ask, event.sequence or 0, int(event.has_time)]
        elif event.kind == "bar":
            head += [event.time, event.body[0], event.body[1] or 0]
        elif event.kind == "notice" and event.body["type"] == "previous_close":
            head[0], head[6] = "close", event.body["symbol"]
            head += [event.body["price"], event.body["date"]]
        elif event.kind != "clock":
            continue
        print(*head)


def figures(events, every, answers):
    """`answers`: a line for each n-th applied trade, its ticker and the figures in the order of their names below."""
    report = Report()
    lines = iter(answers)
    counted = {"trades": 0, "figures": 0}

    def witness(ticker, event):
        counted["trades"] += 1
        if counted["trades"] % every:
            return
        wanted = ticker.windows.figures(ticker.now, ticker.quote)
        symbol, *texts = next(lines, "nothing").split()
        found = dict(zip(wanted, map(value_of, texts)))
        counted["figures"] += len(wanted)
        if symbol != ticker.symbol:
            report.note("figures", f"trade {counted['trades']} of {ticker.symbol}: answered for {symbol}")
            return
        for name, one, other in unlike(wanted, found):
            report.note("figures", f"trade {counted['trades']} of {symbol} at {event.position}: {name} {one!r}, found {other!r}")

    World(witness).run(events, again=())
    for line in lines:
        report.note("figures", f"one answer too many: {line.strip()}")
    report.compared = counted
    report.close()


def value_of(text):
    if text == "none":
        return None
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        return text
