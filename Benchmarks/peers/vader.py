"""vaderSentiment over the same headlines, one a line, one core.

Usage: vader.py FILE. Prints one JSON line.
"""
import json
import statistics
import sys
import time

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

PASSES = 3


def main(path):
    with open(path, encoding="utf-8") as file:
        texts = file.read().split("\n")[:-1]
    analyzer = SentimentIntensityAnalyzer()
    spent = []
    for _ in range(PASSES):
        started = time.perf_counter()
        total = 0.0
        for text in texts:
            total += analyzer.polarity_scores(text)["compound"]
        spent.append(time.perf_counter() - started)
    print(json.dumps({
        "peer": "vaderSentiment", "texts": len(texts), "seconds": statistics.median(spent), "compound_sum": total,
    }))


main(sys.argv[1])
