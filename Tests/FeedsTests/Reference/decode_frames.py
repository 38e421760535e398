"""Decodes frames, one a line, with Python's own JSON and exact decimals: what the Swift decoders have to agree with."""
import json
import sys
from decimal import Decimal

LOT = 100


def text(number):
    shown = f"{Decimal(number):f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def lines(element):
    element = element.get("data", element)
    kind = element.get("ev") or element.get("e")
    get = element.get
    if kind == "T":
        yield "T", get("sym"), text(get("p")), text(get("ds", get("s"))), get("t"), get("q"), get("c", [])
    elif kind == "Q":
        sizes = [text(get(side, 0) * LOT) for side in ("bs", "as")]
        yield "Q", get("sym"), text(get("bp", 0)), text(get("ap", 0)), *sizes, get("t"), get("q")
    elif kind == "trade":
        yield "T", get("s"), text(get("p")), text(get("q")), get("T"), get("t"), []
    elif kind is None:
        yield "Q", get("s"), text(get("b")), text(get("a")), text(get("B")), text(get("A")), get("E"), get("u")


for line in sys.stdin:
    frame = json.loads(line, parse_float=Decimal)
    for element in frame if isinstance(frame, list) else [frame]:
        for fields in lines(element):
            print(*(str(field).replace(" ", "") for field in fields))
