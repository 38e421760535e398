"""Scores each line of the input (a JSON array of texts) with vaderSentiment: [compound, pos, neu, neg] each.

With the argument "time", prints the seconds one pass over the texts took instead.
"""
import json
import sys
import time

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

analyzer = SentimentIntensityAnalyzer()
texts = json.load(sys.stdin)
started = time.perf_counter()
scores = [analyzer.polarity_scores(text) for text in texts]
seconds = time.perf_counter() - started
if sys.argv[1:] == ["time"]:
    print(json.dumps(seconds))
else:
    print(json.dumps([[s["compound"], s["pos"], s["neu"], s["neg"]] for s in scores]))
