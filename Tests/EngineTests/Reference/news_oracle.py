"""Joins articles with volume scores by brute force, from the definitions of analytics.md alone.

Input: {"lateness": ns, "log": [...]} in log order, of
  ["clock", receive_ns], ["trade", ticker, executed_ns, size, counts_for_volume],
  ["article", ticker, id, published_ns, compound].
Prints {id: [[strength, z], ...]}: what each article was said to be, whenever that changed; null for not joined.
"""
import json
import sys

SECOND = 1_000_000_000


class Ticker:
    def __init__(self, floor):
        self.time = floor
        self.watermark = None
        self.volume = {}
        self.first = None
        self.first_trade = None
        self.scores = {}
        self.waiting = []


def zscore(ticker):
    """Of engine time, by adding up every slot again."""
    now = ticker.time // SECOND
    if ticker.first is None:
        return None
    blocks = min(20, (now - ticker.first + 1 - 10) // 10)
    if blocks < 5:
        return None

    def block(index):
        newest = now - 10 * index
        return float(sum(ticker.volume.get(slot, 0) for slot in range(newest - 9, newest + 1)))

    baseline = [block(index) for index in range(1, blocks + 1)]
    mean = sum(baseline) / blocks
    deviation = (sum((value - mean) ** 2 for value in baseline) / blocks) ** 0.5
    if mean == 0:
        return 10.0 if block(0) > 0 else 0.0
    return max(-10.0, min(10.0, (block(0) - mean) / max(deviation, 0.05 * mean)))


def strength(compound, z):
    if z is None or z < 2:
        return "none"
    if abs(compound) >= 0.5 and z >= 3:
        return "strong"
    return "moderate" if abs(compound) >= 0.2 else "weak"


def joined(ticker, published, compound):
    second = published // SECOND
    scores = [ticker.scores[s] for s in range(second - 60, second + 61) if s in ticker.scores]
    z = max(scores) if scores else None
    return [strength(compound, z), z]


def main():
    given = json.load(sys.stdin)
    lateness = given["lateness"]
    tickers, floor, versions = {}, None, {}

    def turn(ticker, time):
        """Engine time moves on: articles whose last second is over are joined once more."""
        if ticker.time is not None and time <= ticker.time:
            return
        ticker.time = time
        for article in list(ticker.waiting):
            _, published, compound = article
            if time // SECOND <= published // SECOND + 60:
                continue
            ticker.waiting.remove(article)
            if ticker.first_trade is not None and published // SECOND + 60 >= ticker.first_trade // SECOND:
                say(article, joined(ticker, published, compound))

    def say(article, verdict):
        said = versions.setdefault(article[0], [])
        if not said or said[-1] != verdict:
            said.append(verdict)

    for entry in given["log"]:
        if entry[0] == "clock":
            floor = max(floor or 0, entry[1] - lateness)
            for ticker in tickers.values():
                turn(ticker, floor)
            continue
        ticker = tickers.setdefault(entry[1], Ticker(floor))
        if entry[0] == "trade":
            _, _, executed, size, counts = entry
            if ticker.watermark is not None and ticker.watermark - executed > lateness:
                continue
            ticker.watermark = max(ticker.watermark or 0, executed)
            turn(ticker, max(ticker.time or 0, executed))
            ticker.first_trade = ticker.first_trade or executed
            slot = executed // SECOND
            if counts:
                ticker.volume[slot] = ticker.volume.get(slot, 0) + size
                ticker.first = min(slot, ticker.first if ticker.first is not None else slot)
            z = zscore(ticker)
            if z is not None:
                ticker.scores[slot] = max(z, ticker.scores.get(slot, z))
        else:
            _, _, name, published, compound = entry
            article = (name, published, compound)
            time = ticker.time
            is_kept = (
                ticker.first_trade is not None
                and published // SECOND > time // SECOND - 1800
                and published // SECOND + 60 >= ticker.first_trade // SECOND
            )
            say(article, joined(ticker, published, compound) if is_kept else None)
            if time is None or time // SECOND <= published // SECOND + 60:
                ticker.waiting.append(article)
    print(json.dumps(versions))


main()
