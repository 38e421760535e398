"""The same forecast by scikit-learn: input is JSON {"minutes": [...], "closes": [...]}, one entry a bar; prints what
`RidgeForecaster` should say."""

import json
import sys

import numpy as np
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

LAGS, HORIZON, PENALTY, TRAINED_MIN, SCORED_MIN, SCORED_MAX, REFIT_EVERY = 10, 5, 100.0, 120, 30, 390, 30

given = json.load(sys.stdin)
closes = dict(zip(given["minutes"], given["closes"]))
last = given["minutes"][-1]


def lagged(minute):
    if all(minute - lag in closes for lag in range(LAGS + 1)):
        return [np.log(closes[minute - lag] / closes[minute - lag - 1]) for lag in range(LAGS)]


examples = [
    (minute, lagged(minute), np.log(closes[minute + HORIZON] / closes[minute]))
    for minute in given["minutes"]
    if lagged(minute) and all(minute + ahead in closes for ahead in range(1, HORIZON + 1))
]


def fit(rows):
    model = make_pipeline(StandardScaler(), Ridge(PENALTY))
    return model.fit(np.array([row[1] for row in rows]), np.array([row[2] for row in rows]))


scored = min(SCORED_MAX, len(examples) - TRAINED_MIN)
if scored < SCORED_MIN or not lagged(last):
    print("null")
    sys.exit()
begin = len(examples) - scored
errors, naive = [], []
for block in range(begin, len(examples), REFIT_EVERY):
    known = [row for row in examples[:block] if row[0] + HORIZON <= examples[block][0]]
    model = fit(known)
    for minute, row, _ in examples[block : block + REFIT_EVERY]:
        outcome = closes[minute + HORIZON]
        errors.append(abs(closes[minute] * np.exp(model.predict([row])[0]) - outcome))
        naive.append(abs(closes[minute] - outcome))
print(json.dumps({
    "forecast": closes[last] * np.exp(fit(examples).predict([lagged(last)])[0]),
    "trained": len(examples),
    "scored": scored,
    "error": np.mean(errors),
    "naive": np.mean(naive),
}))
