"""scikit-learn's IsolationForest on the rows of `ticktop-bench forest`: one row at a time, and a thousand at once.

Usage: sklearn_forest.py. Prints one JSON line: nanoseconds a score, single and in a batch of 1000, and of a fit.
"""
import json
import time

import numpy as np
from sklearn.ensemble import IsolationForest


def timed(repeats, body):
    best = float("inf")
    for _ in range(3):
        started = time.perf_counter()
        for _ in range(repeats):
            body()
        best = min(best, (time.perf_counter() - started) / repeats)
    return best * 1e9


def main():
    chance = np.random.default_rng(1)
    train, test = chance.normal(size=(1000, 6)), chance.normal(size=(1000, 6))
    fit = timed(2, lambda: IsolationForest(n_estimators=100, max_samples=256, random_state=1).fit(train))
    forest = IsolationForest(n_estimators=100, max_samples=256, random_state=1).fit(train)
    row = test[:1]
    print(
        json.dumps(
            {
                "single": timed(40, lambda: forest.score_samples(row)),
                "batch": timed(10, lambda: forest.score_samples(test)) / len(test),
                "fit": fit,
            }
        )
    )


main()
