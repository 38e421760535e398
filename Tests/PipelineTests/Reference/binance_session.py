"""Recomputes the figures of a Binance frame file, by the definitions, with exact decimals.

Reads the path of the file as its argument; prints volume, last price and session VWAP as one JSON object.
"""
import json
import sys
from decimal import ROUND_HALF_UP, Decimal


def main(path):
    volume = notional = Decimal(0)
    last = None
    trades = quotes = 0
    with open(path) as lines:
        for line in lines:
            frame = json.loads(line)
            event = frame["data"]
            if frame["stream"].endswith("@trade"):
                trades += 1
                price, size = Decimal(event["p"]), Decimal(event["q"])
                volume += size
                notional += price * size
                order = (event["T"], event["t"])
                if last is None or order > last[0]:
                    last = (order, price)
            else:
                quotes += 1
    vwap = (notional / volume).quantize(Decimal("1e-9"), rounding=ROUND_HALF_UP)
    print(json.dumps({
        "trades": trades, "quotes": quotes, "volume": str(volume.normalize()),
        "last": str(last[1].normalize()), "vwap": str(vwap.normalize()),
    }))


main(sys.argv[1])
