"""Scores rows with scikit-learn's IsolationForest: what ours has to agree with.

Input, one JSON line: {"train": [[6 numbers], ...], "test": [[6 numbers], ...], "trees": 100, "samples": 256,
"seeds": [1, 2, ...]}. The rows are standardised by the training rows' mean and population deviation; a feature
without deviation becomes 0. Output: one line of score_samples of the test rows for each seed.
"""
import json
import sys

import numpy as np
from sklearn.ensemble import IsolationForest


def standardised(train, rows):
    mean, deviation = train.mean(axis=0), train.std(axis=0)
    varies = train.min(axis=0) < train.max(axis=0)
    return np.where(varies, (rows - mean) / np.where(varies, deviation, 1), 0)


def main():
    task = json.load(sys.stdin)
    train, test = np.array(task["train"]), np.array(task["test"])
    for seed in task["seeds"]:
        forest = IsolationForest(
            n_estimators=task["trees"], max_samples=task["samples"], random_state=seed
        ).fit(standardised(train, train))
        print(json.dumps(forest.score_samples(standardised(train, test)).tolist()))


main()
