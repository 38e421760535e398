"""Reads a raw log, a file of provider frames or a journal, into events (feeds.md, sections 1.5, 9.3 and 14).

Numbers are read as exact decimals. One fault an object is expected: the reason and the field are those of the first.
"""
import json
import os
import struct
import zlib
from decimal import Decimal

from definitions import BINANCE, DEMO, FINNHUB, MASSIVE, PRICE, RETRY, SECOND, SIZE, TICKTOP, UNITS_MAX

EARLIEST, LATEST = 946_684_800 * SECOND, 4_102_444_800 * SECOND
LEGAL = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-/:_^=")
ROUND_LOT = 100


class Event:
    """`kind`: trade, quote, bar, band, clock, refused, ignored, notice, article, nothing."""

    __slots__ = (
        "kind", "source", "received", "epoch", "offset", "index", "raw", "symbol", "time", "price", "size", "sequence",
        "ids", "exchange", "bid", "ask", "has_time", "reason", "field", "body", "checks_time", "trade_id", "aggressor",
    )  # fmt: skip

    def __init__(self, kind, **fields):
        self.kind = kind
        self.symbol = self.time = self.sequence = None
        for name, value in fields.items():
            setattr(self, name, value)

    @property
    def position(self):
        return self.epoch, self.offset, self.index


class Refused(Exception):
    def __init__(self, reason, field="", symbol=None):
        self.reason, self.field, self.symbol = reason, field, symbol


def no_constant(text):
    raise ValueError(text)  # NaN and the infinities are no JSON.


DECODER = json.JSONDecoder(parse_float=Decimal, parse_int=Decimal, parse_constant=no_constant)


def units(value, scale, field, symbol):
    """An exact decimal in units; refused when it has more digits or is larger than fixed point holds."""
    if not isinstance(value, Decimal):
        raise Refused("malformed", field, symbol)
    if value.adjusted() > 40 or value.adjusted() < -400 or (value and value.as_tuple().exponent < -400):
        raise Refused("range", field, symbol)
    sign, digits, exponent = value.as_tuple()
    whole = int("".join(map(str, digits))) * (-1 if sign else 1)
    shift = exponent + len(str(scale)) - 1
    if shift < 0:
        whole, rest = divmod(whole, 10**-shift)
        if rest:
            raise Refused("range", field, symbol)
    else:
        whole *= 10**shift
    if abs(whole) > UNITS_MAX:
        raise Refused("range", field, symbol)
    return whole


def text_units(value, scale, field, symbol):
    if not isinstance(value, str):
        raise Refused("malformed", field, symbol)
    try:
        return units(DECODER.decode(value), scale, field, symbol)
    except ValueError:
        raise Refused("malformed", field, symbol) from None


def whole(value, field, symbol):
    number = units(value, 1, field, symbol)
    if number < 0:
        raise Refused("malformed", field, symbol)
    return number


def moment(value, field, symbol, by_magnitude=False):
    count = whole(value, field, symbol)
    each = 10**6
    if by_magnitude:
        each = SECOND if count < 10**11 else 10**6 if count < 10**14 else 10**3 if count < 10**17 else 1
    if not EARLIEST <= count * each < LATEST:
        raise Refused("time", field, symbol)
    return count * each


def ticker(value, field):
    if value is not None and not isinstance(value, str):
        raise Refused("malformed", field)
    if value is not None and not (0 < len(value) <= 16 and set(value) <= LEGAL):
        raise Refused("symbol", field)
    return value


def require(fields, symbol):
    for name, value in fields:
        if value is None:
            raise Refused("missing_field", name, symbol)


def trade_id(text):
    """Its value when it is a decimal number below 2^63; else only that it is none."""
    return int(text) if isinstance(text, str) and text.isdigit() and len(text) < 19 else None


def massive_trade(body):
    symbol = ticker(body.get("sym"), "sym")
    price = None if body.get("p") is None else units(body["p"], PRICE, "p", symbol)
    size_field = "s" if body.get("ds") is None else "ds"
    size = None
    if body.get("s") is not None:
        size = units(body["s"], SIZE, "s", symbol)
    if body.get("ds") is not None:
        size = text_units(body["ds"], SIZE, "ds", symbol)
    time = None if body.get("t") is None else moment(body["t"], "t", symbol)
    sequence = None if body.get("q") is None else whole(body["q"], "q", symbol)
    require([("sym", symbol), ("p", price), ("t", time), ("s", size)], symbol)
    if price <= 0 or size <= 0:
        raise Refused("size" if price > 0 else "price", size_field if price > 0 else "p", symbol)
    ids = tuple(int(number) for number in body.get("c") or ())
    return Event(
        "trade", symbol=symbol, price=price, size=size, time=time, sequence=sequence, ids=ids,
        exchange=int(body.get("x") or 0), trade_id=trade_id(body.get("i")), aggressor=0,
    )  # fmt: skip


def massive_quote(body):
    symbol = ticker(body.get("sym"), "sym")
    bid, ask = (None if body.get(n) is None else units(body[n], PRICE, n, symbol) for n in ("bp", "ap"))
    sizes = [0 if body.get(n) is None else units(body[n], SIZE, n, symbol) for n in ("bs", "as")]
    time = None if body.get("t") is None else moment(body["t"], "t", symbol)
    sequence = None if body.get("q") is None else whole(body["q"], "q", symbol)
    require([("sym", symbol), ("t", time), ("bp", bid if ask is None else ask)], symbol)
    for name, value in (("bp", bid or 0), ("ap", ask or 0), ("bs", sizes[0]), ("as", sizes[1])):
        if value < 0:
            raise Refused("quote", name, symbol)
    for name, value in zip(("bs", "as"), sizes):
        if value * ROUND_LOT > UNITS_MAX:
            raise Refused("range", name, symbol)
    return Event("quote", symbol=symbol, bid=bid or 0, ask=ask or 0, time=time, sequence=sequence, has_time=True)


def massive_bar(body, length):
    symbol = ticker(body.get("sym"), "sym")
    prices = {n: None if body.get(n) is None else units(body[n], PRICE, n, symbol) for n in "ohlc"}
    volume = None if body.get("v") is None else units(body["v"], SIZE, "v", symbol)
    start = None if body.get("s") is None else moment(body["s"], "s", symbol)
    opened = None if body.get("op") is None else units(body["op"], PRICE, "op", symbol)
    require([("sym", symbol), *prices.items(), ("s", start), ("v", volume)], symbol)
    end = start + length * SECOND if body.get("e") is None else moment(body["e"], "e", symbol)
    for name in "olch":
        if prices[name] <= 0 or (name == "h" and prices["h"] < prices["l"]):
            raise Refused("price", name, symbol)
    if end <= start:
        raise Refused("time", "e", symbol)
    return Event("bar", symbol=symbol, time=end, body=(start, opened if opened and opened > 0 else None))


def massive_band(body):
    symbol = ticker(body.get("T"), "T")
    upper, lower = (None if body.get(n) is None else units(body[n], PRICE, n, symbol) for n in "hl")
    time = None if body.get("t") is None else moment(body["t"], "t", symbol, by_magnitude=True)
    require([("T", symbol), ("h", upper), ("l", lower), ("t", time)], symbol)
    if lower <= 0 or upper < lower:
        raise Refused("price", "h" if lower > 0 else "l", symbol)
    return Event("band", symbol=symbol, time=time)


def massive(body, received):
    kind = body.get("ev")
    if kind is None:
        raise Refused("missing_field", "ev")
    if kind == "T":
        return massive_trade(body)
    if kind == "Q":
        return massive_quote(body)
    if kind in ("A", "AM"):
        return massive_bar(body, 1 if kind == "A" else 60)
    if kind == "LULD":
        return massive_band(body)
    return Event("ignored", body=kind)


def binance(body, received):
    body = body.get("data", body)
    symbol = ticker(body.get("s"), "s")
    if body.get("e") == "trade":
        price = text_units(body["p"], PRICE, "p", symbol)
        size = text_units(body["q"], SIZE, "q", symbol)
        time = moment(body["T"], "T", symbol, by_magnitude=True)
        if price <= 0 or size <= 0:
            raise Refused("size" if price > 0 else "price", "q" if price > 0 else "p", symbol)
        number = whole(body["t"], "t", symbol)
        return Event(
            "trade", symbol=symbol, price=price, size=size, time=time, sequence=number, ids=(), exchange=0,
            trade_id=number, aggressor=2 if body.get("m") else 1,
        )  # fmt: skip
    if "e" in body:
        return Event("ignored", body=body["e"])
    has_time = "E" in body
    return Event(
        "quote", symbol=symbol, bid=text_units(body["b"], PRICE, "b", symbol),
        ask=text_units(body["a"], PRICE, "a", symbol), sequence=whole(body["u"], "u", symbol),
        time=moment(body["E"], "E", symbol, by_magnitude=True) if has_time else received, has_time=has_time,
    )  # fmt: skip


def element(provider, body, received):
    if not isinstance(body, dict):
        raise Refused("malformed")
    return (binance if provider == BINANCE else massive)(body, received)


def pieces(text):
    """The elements of a frame as (text, value); value None where the rest cannot be followed."""
    start = len(text) - len(text.lstrip())
    many = text[start : start + 1] == "["
    at = start + 1 if many else start
    if many and text[at:].lstrip().startswith("]"):
        return
    while True:
        at += len(text[at:]) - len(text[at:].lstrip())
        try:
            if not many and text[at : at + 1] != "{":
                raise ValueError
            value, end = DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            end = end_of_broken(text, at)
            if end is None:
                yield text[at:] or text, None
                return
            value = None
        yield text[at:end], value
        rest = text[end:].lstrip()
        if not rest.startswith(",") or not many:
            expected = "]" if many else ""
            if rest != expected:
                yield text[end:].lstrip() or text, None
            return
        at = len(text) - len(rest) + 1


def end_of_broken(text, at):
    """Behind the closing brace of an object that is no JSON; None when it has none."""
    depth, quoted = 0, False
    for place in range(at, len(text)):
        letter = text[place]
        if letter == '"' and text[place - 1] != "\\":
            quoted = not quoted
        elif not quoted and letter in "{}":
            depth += 1 if letter == "{" else -1
            if depth == 0:
                return place + 1
        if depth == 0:
            return None
    return None


def frame_events(text, provider, source, received):
    for raw, value in pieces(text):
        try:
            if value is None:
                raise Refused("malformed")
            event = element(provider, value, received)
        except Refused as refusal:
            event = Event("refused", reason=refusal.reason, field=refusal.field, symbol=refusal.symbol)
        event.raw, event.source, event.received = raw, source, received
        yield event


def recognise(text):
    try:
        value = DECODER.decode(text)
    except ValueError:
        return None
    value = value[0] if isinstance(value, list) and value else value
    if not isinstance(value, dict):
        return None
    for name in value:
        if name == "ev":
            return MASSIVE
        if name in ("stream", "e", "u"):
            return BINANCE
    return None


def frame_file(path):
    """Receive time is the largest event time so far, and each new second of it a clock event (analytics.md, 1)."""
    provider, newest, second, offset = None, 0, None, 0
    with open(path, "rb") as file:
        for line in file:
            text = line.decode("utf-8", "replace").rstrip("\n").rstrip("\r")
            provider = provider or recognise(text)
            index = 0
            for event in frame_events(text, provider or MASSIVE, provider or MASSIVE, newest):
                has_time = event.kind in ("trade", "bar", "band") or (event.kind == "quote" and event.has_time)
                if has_time and event.time > newest:
                    newest = event.time
                    if newest // SECOND != second:
                        if second is not None:
                            yield Event(
                                "clock", source=TICKTOP, received=newest // SECOND * SECOND, epoch=0, offset=offset,
                                index=index, checks_time=False,
                            )  # fmt: skip
                            index += 1
                        second = newest // SECOND
                event.received, event.epoch, event.offset, event.index = newest, 0, offset, index
                event.checks_time = False
                yield event
                index += 1
            offset += len(line)


HEADER = struct.Struct("<QIIQI")
RECORD = struct.Struct("<IIBBq")
MAGIC = 0x4C4E524A50545454
FRAME, ARTICLE, CLOCK, REFERENCE, SETTINGS, CONNECTION, SHED, RETRIED = range(1, 9)


def checksum(count, kind, source, received, payload):
    return zlib.crc32(struct.pack("<BBq", kind, source, received) + payload, zlib.crc32(struct.pack("<I", count)))


def write_journal(path, records, epoch=1):
    """`records`: (kind, source, received, payload)."""
    head = struct.pack("<QIIQ", MAGIC, 1, epoch, 0)
    with open(path, "wb") as file:
        file.write(head + struct.pack("<I", zlib.crc32(head)))
        for kind, source, received, payload in records:
            check = checksum(len(payload), kind, source, received, payload)
            file.write(RECORD.pack(len(payload), check, kind, source, received) + payload)


def journal(path):
    with open(path, "rb") as file:
        magic, version, epoch, base, _ = HEADER.unpack(file.read(HEADER.size))
        assert (magic, version) == (MAGIC, 1), path
        offset = base
        while head := file.read(RECORD.size):
            count, check, kind, source, received = RECORD.unpack(head)
            payload = file.read(count)
            assert check == checksum(count, kind, source, received, payload), (path, offset)
            for index, event in enumerate(record_events(kind, source, received, payload)):
                event.epoch, event.offset, event.index, event.checks_time = epoch, offset, index, True
                yield event
            offset += RECORD.size + count


def record_events(kind, source, received, payload):
    if kind == CLOCK:
        return [Event("clock", source=source, received=received)]
    if kind == FRAME:
        provider = MASSIVE if source == DEMO else source
        return frame_events(payload.decode(), provider, source, received)
    if kind == RETRIED:
        # A version, the source, when it was received at first, and the letter's place in the log.
        _, provider, at_first, _, _, _ = struct.unpack("<BBqiqi", payload[:26])
        return frame_events(payload[26:].decode(), provider, source, at_first)
    text = payload.decode()
    body = json.loads(text)
    if kind == ARTICLE:
        identity = (source, body["id"], body["symbol"])
        # Finnhub's datetime counts seconds; 0 stands for the receive time.
        time = body["datetime"] * SECOND or received
        article = {"identity": identity, "headline": body["headline"], "summary": body["summary"]}
        return [Event("article", source=source, received=received, raw=text, symbol=body["symbol"], time=time, body=article)]
    return [Event("notice", source=source, received=received, raw=text, body=body)]


def read(path):
    """The events of a log in order, with their positions."""
    return journal(path) if path.endswith(".journal") or os.path.isdir(path) else frame_file(path)
